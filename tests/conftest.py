"""What every test runs under: no network, a cache folder of its own, and the shipped gazetteer opened once."""

from __future__ import annotations

import ipaddress
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parents[1]

# What is installed on a machine decides no test.
os.environ["SALIENT_DATA"] = str(Path(tempfile.gettempdir()) / "salient-tests-with-nothing-installed")
# Nor is what a desk keeps by itself left on the machine.
_DESK = tempfile.TemporaryDirectory(prefix="salient-tests-desk-")
os.environ["SALIENT_DESK"] = _DESK.name

# The first draw of a run may be slow on a busy machine; that says nothing about the code under test.
settings.register_profile("salient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("salient")


# A browser that asks nobody for anything of its own accord.
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--disable-component-update", "--disable-sync",
)


class NetworkUsed(AssertionError):
    """A test tried to leave this machine."""


def _guarded(real: Any) -> Any:
    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise NetworkUsed(f"A test tried to reach {address!r}; tests run without a network.")
        return real(self, address)

    return connect


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.split("%")[0]).is_loopback
    except ValueError:
        return host == "localhost"


def _lookup(real: Any) -> Any:
    def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in (None, "", "localhost", socket.gethostname()) and not _is_address(name):
            raise NetworkUsed(f"A test tried to look up {name!r}; tests run without a network.")
        return real(host, *arguments, **options)

    return getaddrinfo


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.split("%")[0])
    except ValueError:
        return False
    return True


@pytest.fixture(autouse=True)
def main_stays() -> Iterator[None]:
    """A page that runs in a test is `__main__` to Streamlit; what comes after would start processes with it that is gone."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Any connection to another machine, and any look-up of a name, fails the test that makes it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
        patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
        patch.setattr(socket, "getaddrinfo", _lookup(socket.getaddrinfo))
        yield


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture(scope="session")
def gazetteer() -> Any:
    """The shipped gazetteer, in the view that is the default."""
    from geo.gazetteer import open_gazetteer

    return open_gazetteer()


@pytest.fixture(scope="session")
def idlib(gazetteer: Any) -> Any:
    """The situation of the briefing that the app opens with; read once for all tests."""
    from geo import situation
    from geo.documents import load

    return situation.read([load(ROOT / "seeds" / "idlib-2020.md")], gazetteer=gazetteer)


def chromium() -> str | None:
    """The system's Chromium, or None."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A headless Chromium; a test that needs it is skipped where there is none, but fails where CI requires one."""
    program = chromium()
    if program is None:
        if os.environ.get("SALIENT_REQUIRE_BROWSER"):
            pytest.fail("This run requires a browser and there is no Chromium; install the package chromium.")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=list(QUIET))
        yield running
        running.close()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Where a run requires a browser, a browser test that would be skipped has failed."""
    report: Any = yield
    if report.skipped and item.get_closest_marker("browser") and os.environ.get("SALIENT_REQUIRE_BROWSER"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped, and this run requires a browser: {report.longrepr}"
    return report
