"""The app, served on this machine for browser tests, and pages of it that note what must not happen."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
FRAME = "[class*=st-key-frame_map] iframe"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(desk: Path, environment: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of the app, which keeps its work in a folder."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONWARNINGS": "ignore", "SALIENT_DESK": str(desk), **(environment or {})},
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        break
            except OSError:
                time.sleep(0.5)
        else:
            pytest.fail("The app did not answer within a minute.")
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


@contextmanager
def visiting(browser: Any, served: str, **context: Any) -> Iterator[Any]:
    """A page of the app; every request that leaves this machine, and every error of a script, is noted on it."""
    opened = browser.new_context(**{"viewport": {"width": 1400, "height": 1000}, "accept_downloads": True, **context})
    page = opened.new_page()
    page.abroad, page.faults = [], []
    page.on("request", lambda request: page.abroad.append(request.url) if not local(request.url, served) else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    try:
        yield page
    finally:
        opened.close()


def local(url: str, served: str) -> bool:
    return url.startswith((served, served.replace("http", "ws"), "data:", "blob:", "about:"))


def the_map(page: Any) -> Any:
    """The frame of text and map, once a situation is drawn in it."""
    frame = page.frame_locator(FRAME)
    frame.locator("[data-ready=true]").first.wait_for(timeout=120_000)
    return frame


def inside(page: Any) -> Any:
    """The frame itself, to run a script in it."""
    return next(found for found in page.frames if found.parent_frame is page.main_frame)


def settled(page: Any) -> None:
    """Wait until the app has run to its end."""
    page.wait_for_timeout(150)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=120_000)
    page.wait_for_timeout(100)


def paste(page: Any, text: str, published: str = "") -> None:
    """Give the desk a text of one's own."""
    page.locator(".st-key-source").get_by_text("Pasted text", exact=True).click()
    page.get_by_label("Text of the report").fill(text)
    if published:
        page.locator(".st-key-published input").fill(published)
    page.get_by_role("button", name="Map it").click()
