"""The app under a long reading, in real browsers: others go on, stopping ends it at once, a process that dies takes nothing with it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import paste, serving, settled, the_map, visiting

pytestmark = [pytest.mark.browser, pytest.mark.skipif(not Path("/proc").is_dir(), reason="asks the system for its processes")]
LONG = "Government forces took Saraqib in Idlib province on 5 March 2020, and shelled Ariha from Maarat al-Numan. "
LONG *= 40_000  # 4 MB: minutes of reading


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("desk")) as address:
        yield address


def reading_processes(served: str) -> list[int]:
    """The processes that read for the app at an address."""
    port = served.rpartition(":")[2]
    table = subprocess.run(["ps", "-eww", "-o", "pid,ppid,args"], capture_output=True, text=True, check=True).stdout.splitlines()
    rows = [line.split(None, 2) for line in table[1:]]
    servers = {pid for pid, _, command in rows if f"--server.port {port}" in command}
    return [int(pid) for pid, parent, command in rows if parent in servers and "geo.reading_process" in command]


def arrive(page: Any, served: str) -> None:
    page.goto(served, timeout=120_000)
    the_map(page)
    settled(page)


def begin(page: Any, served: str) -> None:
    page.locator(".st-key-source").get_by_text("Files", exact=True).click()
    settled(page)
    page.locator(".st-key-files input[type=file]").set_input_files({"name": "long.txt", "mimeType": "text/plain", "buffer": LONG.encode()})
    page.locator(".st-key-job").wait_for(timeout=60_000)
    until = time.monotonic() + 60
    while not reading_processes(served) and time.monotonic() < until:
        page.wait_for_timeout(100)
    assert reading_processes(served)


def test_another_session_goes_on_and_stopping_ends_the_reading_at_once(browser: Any, served: str) -> None:
    with visiting(browser, served) as page, visiting(browser, served) as other:
        arrive(page, served)
        arrive(other, served)
        begin(page, served)
        for name in ("Claims", "Places"):
            other.get_by_role("tab", name=name).first.click()
            settled(other)
            other.get_by_role("tab", name=name, selected=True).first.wait_for()
        assert other.locator(".st-key-job").count() == 0
        assert page.locator(".st-key-job").count() == 1
        before = reading_processes(served)
        started = time.perf_counter()
        page.locator(".st-key-job_cancel button").click()
        page.locator(".st-key-stopped").wait_for()
        assert time.perf_counter() - started < 10
        assert not set(before) & set(reading_processes(served))
        the_map(page)
        assert not page.faults + other.faults + page.abroad + other.abroad


def test_a_process_that_is_killed_is_told_in_a_sentence_and_the_app_goes_on(browser: Any, served: str) -> None:
    with visiting(browser, served) as page:
        arrive(page, served)
        begin(page, served)
        for process in reading_processes(served):
            os.kill(process, signal.SIGKILL)
        page.get_by_text("was ended by the system").wait_for(timeout=30_000)
        the_map(page)
        paste(page, "Rebels hold Saraqib.")
        settled(page)
        page.get_by_text("was ended by the system").wait_for(state="detached")
        assert "Saraqib" in the_map(page).locator("body").inner_text()
        assert not page.faults + page.abroad
