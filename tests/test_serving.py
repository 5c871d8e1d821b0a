"""How the app is served: to this computer alone unless it is told otherwise, as docs/serving.md says, and asking nobody for anything."""

from __future__ import annotations

import base64
import os
import re
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config, net_util
from streamlit.testing.v1 import AppTest
from streamlit.web.server import server_util

ROOT = Path(__file__).parents[1]
DOC = (ROOT / "docs" / "serving.md").read_text(encoding="utf-8")
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
NAMED = sorted(set(re.findall(r"\b(?:server|browser|client)\.[a-z][A-Za-z]+", DOC)))
SET = [f"{section}.{name}" for section in ("server", "browser", "client") for name in CONFIG[section]]


def known() -> set[str]:
    config.get_config_options()
    return set(config._config_options_template)


@pytest.mark.parametrize("option", [*NAMED, *SET])
def test_every_setting_that_is_named_is_one_of_streamlit(option: str) -> None:
    assert option in known()


def test_it_serves_this_computer_alone_and_reports_to_nobody() -> None:
    server, browser, client = CONFIG["server"], CONFIG["browser"], CONFIG["client"]
    assert server["address"] == "127.0.0.1"
    assert server["headless"] is True
    assert set(server["allowedHosts"]) == {"localhost", "127.0.0.1", "::1"}
    assert server["enableXsrfProtection"] is True
    assert server["enableCORS"] is True
    assert browser["gatherUsageStats"] is False
    assert client["showErrorDetails"] == "none"


def test_the_limits_that_are_told_are_those_that_hold() -> None:
    from geo import autosave, jobs, library, reading_process

    assert f"| {CONFIG['server']['maxUploadSize']} MB |" in DOC
    assert f"the latest {autosave.MOST_WORKS}, up to {autosave.MOST_DAYS} days and {autosave.MOST_BYTES // 1_000_000} MB" in DOC
    assert f"the latest {library.MOST_REMOVED} that were removed" in DOC
    assert f"beyond {reading_process.MEMORY >> 30} GB" in DOC
    assert jobs.MOST_PROCESSES == 4
    assert jobs.MOST_JOBS == 50


def test_the_folder_of_a_person_is_found_as_it_is_told() -> None:
    import hashlib

    line = next(line for line in DOC.splitlines() if line.strip().startswith("python -c"))
    script = line.split('"')[1]
    told = subprocess.run([sys.executable, "-c", script, "https://id", "42"], capture_output=True, text=True, check=True).stdout.strip()
    assert told == hashlib.sha256(b"https://id\x1f42").hexdigest()[:32]


def test_it_asks_nobody_for_its_own_address(monkeypatch: pytest.MonkeyPatch) -> None:
    def page() -> None:
        from geo.ui import identity

        identity.owner()

    monkeypatch.setattr(net_util, "_external_ip", None)
    monkeypatch.setattr(net_util, "_make_blocking_http_get", lambda *_, **__: pytest.fail("it asked"))
    AppTest.from_function(page).run()
    assert not server_util.is_url_from_allowed_origins("https://evil.example")


@pytest.fixture(scope="module")
def served() -> Iterator[int]:
    """The app behind a proxy's name and path, started as docs/serving.md says; its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    words = re.search(r"streamlit run app\.py \\\n(.*?)\n\n", DOC, re.DOTALL)
    assert words is not None
    given = words[1].replace("\\\n", " ").split()
    given[given.index("--server.port") + 1] = str(port)
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", *given, "--server.baseUrlPath", "maps"], cwd=ROOT,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"},
    )
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/maps/_stcore/health", timeout=2) as answer:
                    assert answer.read() == b"ok"
                    break
            except OSError:
                time.sleep(0.2)
        else:
            pytest.fail("The app did not answer.")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


@pytest.mark.parametrize(("host", "origin", "answer"), [
    ("maps.example.org", "https://maps.example.org", 101), ("maps.example.org", "https://evil.example", 403),
    ("evil.example", "https://evil.example", 403), ("127.0.0.1", "http://127.0.0.1", 403),
])
def test_only_the_name_that_it_is_given_is_answered(served: int, host: str, origin: str, answer: int) -> None:
    with socket.create_connection(("127.0.0.1", served), timeout=10) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        line.sendall(
            f"GET /maps/_stcore/stream HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: streamlit\r\n\r\n".encode()
        )
        assert int(line.recv(200).split()[1]) == answer


def test_nothing_is_served_beside_its_path(served: int) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{served}/_stcore/health", timeout=5)


@pytest.mark.skipif(not Path("/proc/net/tcp").is_file(), reason="asks the system's table of connections")
def test_it_listens_to_the_loopback_alone(served: int) -> None:
    lines = [line.split() for name in ("tcp", "tcp6") for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]]
    listening = {local for _, local, _, state, *_ in lines if state == "0A" and local.endswith(f":{served:04X}")}
    assert listening == {f"0100007F:{served:04X}"}
