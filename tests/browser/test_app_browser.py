"""The app in a real browser: it opens with a map, runs nothing hostile, asks nobody else for anything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import hostile_report as hostile

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.browser


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The address of the app, served on this machine."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.address", "127.0.0.1"],
        cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONWARNINGS": "ignore"},
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


@pytest.fixture
def page(browser: Any, served: str) -> Iterator[Any]:
    """A page of the app; every request that leaves this machine, and every error of a script, is noted on it."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000})
    opened = context.new_page()
    opened.abroad, opened.faults, opened.frames_loaded = [], [], []
    opened.on("request", lambda request: opened.abroad.append(request.url) if not local(request.url, served) else None)
    opened.on("pageerror", lambda error: opened.faults.append(str(error)))
    yield opened
    context.close()


def local(url: str, served: str) -> bool:
    return url.startswith((served, served.replace("http", "ws"), "data:", "blob:", "about:"))


def the_map(page: Any) -> Any:
    """The frame of the map, once it is drawn."""
    frame = page.frame_locator("iframe[title='Map of what the reports say']")
    frame.locator(".leaflet-container").wait_for(timeout=120_000)
    return frame


def test_it_opens_with_a_map_and_asks_nobody_else(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    assert "Idlib" in frame.locator("body").inner_text()
    box = page.locator("iframe[title='Map of what the reports say']").bounding_box()
    assert box["width"] > 700
    assert box["height"] > 500
    scale = frame.locator(".leaflet-control-scale-line").first.inner_text()
    assert int(scale.removesuffix(" km")) >= 20, "the view was fitted before the frame had its size"
    page.get_by_role("tab", name="Claims").click()
    page.wait_for_timeout(1000)
    assert page.abroad == []
    assert page.faults == []


def test_a_tab_and_a_pan_leave_the_map_as_it_is(page: Any, served: str) -> None:
    page.goto(served)
    the_map(page)
    frame = next(found for found in page.frames if found.parent_frame is page.main_frame)
    frame.evaluate("window.stillHere = true")
    page.get_by_role("tab", name="Places").click()
    frame.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(1500)
    assert frame.evaluate("window.stillHere") is True


def test_the_frame_cannot_reach_the_app(page: Any, served: str) -> None:
    page.goto(served)
    the_map(page)
    frame = next(found for found in page.frames if found.parent_frame is page.main_frame)
    assert frame.evaluate("(() => { try { return window.parent.document.title } catch { return 'closed' } })()") == "closed"


def test_a_hostile_report_runs_nothing_and_is_shown_as_written(page: Any, served: str) -> None:
    page.goto(served)
    the_map(page)
    page.get_by_text("Pasted text", exact=True).click()
    page.get_by_label("Text of the report").fill(hostile.document().text)
    page.get_by_role("button", name="Map it").click()
    frame = the_map(page)
    frame.get_by_text("window.hacked").first.wait_for(timeout=120_000)
    shown = " ".join(frame.locator("body").inner_text().split())
    for words in ("{{7*7}}", "{% x %}", "<script>window.hacked=1</script>", "`${window.hacked=1}`", "${1}"):
        assert words in shown
    for found in page.frames:
        assert found.evaluate("window.hacked") is None
    assert page.abroad == []
