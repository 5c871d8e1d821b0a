"""Long readings in processes of their own: all is read, one falls without the others, a cancelled one ends at once, none is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from geo import jobs as jobs_module
from geo.documents import from_text
from geo.errors import InputError
from geo.gazetteer import open_gazetteer
from geo.jobs import Job, Jobs
from geo.reading_process import ReadingProcess
from geo.records import Decision, Document
from geo.rereading import Said, read_said

ROOT = Path(__file__).parents[1]
SOON = 60.0  # seconds: far beyond what any of this takes
LONG = "Government forces took Saraqib in Idlib province on 5 March 2020, and shelled Ariha from Maarat al-Numan. "


@pytest.fixture(scope="module")
def jobs() -> Iterator[Jobs]:
    made = Jobs(at_once=2)
    yield made
    made.close()


def report(number: int, times: int = 1) -> Document:
    return from_text(f"Report {number}. " + LONG * times, title=f"Report {number}")


def kept() -> tuple[dict[str, Said], jobs_module.Keep]:
    found: dict[str, Said] = {}
    return found, lambda document, said: found.update({document.id: said})


def busy(job: Job) -> ReadingProcess:
    """The process that reads a job's report, once it does."""
    until = time.monotonic() + SOON
    while time.monotonic() < until:
        if job._running:
            return next(iter(job._running.values()))[1]
        time.sleep(0.01)
    raise AssertionError("the job was never begun")


def gone(pid: int, seconds: float = 5.0) -> bool:
    """Whether a process is no more, or soon is."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_job_reads_what_the_line_reads(jobs: Jobs) -> None:
    documents = [report(number) for number in range(3)]
    drop = Decision(target="Ariha", action="drop", scope="desk")
    found, keep = kept()
    job = jobs.start([*documents, documents[0]], keep=keep, view="de_jure", decisions=[drop])
    assert job.wait(SOON)
    state = job.state()
    assert (state.done, state.total, state.share, state.finished, state.failed) == (3, 3, 1.0, True, "")
    gazetteer = open_gazetteer(view="de_jure")
    assert {name: said.reading for name, said in found.items()} == {
        one.id: read_said(one, gazetteer=gazetteer, decisions=(drop,)).reading for one in documents
    }


def test_what_is_known_of_a_text_is_not_looked_for_again(jobs: Jobs) -> None:
    document, (found, keep) = report(20), kept()
    drop = Decision(target="Ariha", action="drop", scope="desk")
    assert jobs.start([document], keep=keep, view="de_jure").wait(SOON)
    before = found[document.id]
    fewer = replace(before, recognised=tuple(one for one in before.recognised if one.text != "Saraqib"))
    assert jobs.start([document], keep=keep, view="de_jure", decisions=[drop], earlier=lambda _: fewer).wait(SOON)
    assert {one.text for one in found[document.id].reading.mentions} == {one.text for one in before.reading.mentions} - {"Ariha", "Saraqib"}


def test_a_short_job_does_not_wait_for_a_long_one() -> None:
    one_process = Jobs(at_once=1)
    keep = kept()[1]
    long = one_process.start([report(number) for number in range(30)], keep=keep, view="de_jure")
    short = one_process.start([report(99)], keep=keep, view="de_jure")
    assert short.wait(SOON)
    assert not long.state().finished
    one_process.close()
    assert long.state().cancelled


def test_one_that_waits_says_how_many_are_before_it() -> None:
    one_process = Jobs(at_once=1)
    keep = kept()[1]
    first = one_process.start([report(1, 2_000)], keep=keep, view="de_jure")
    busy(first)
    second = one_process.start([report(2)], keep=keep, view="de_jure")
    assert second.state().words == "Waiting: 1 before this one."
    one_process.close()


def test_a_cancelled_job_ends_at_once_and_keeps_what_it_read(jobs: Jobs) -> None:
    found, keep = kept()
    first, second = report(1), report(2, 4_000)
    job = jobs.start([first], keep=keep, view="de_jure")
    assert job.wait(SOON)
    job = jobs.start([report(3), second], keep=keep, view="de_jure")
    until = time.monotonic() + SOON
    while not (job.state().done == 1 and job._running) and time.monotonic() < until:
        time.sleep(0.01)
    process = busy(job)
    started = time.monotonic()
    job.cancel()
    assert job.state().cancelled
    assert job.state().finished
    assert gone(process.pid)
    assert time.monotonic() - started < 2
    assert len(found) == 2
    after = jobs.start([report(4)], keep=keep, view="de_jure")
    assert after.wait(SOON)
    assert after.state().failed == ""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal")
def test_a_process_that_dies_fails_its_job_in_a_sentence_and_no_other(jobs: Jobs) -> None:
    found, keep = kept()
    job = jobs.start([report(5, 4_000)], keep=keep, view="de_jure")
    other = jobs.start([report(number) for number in (6, 7)], keep=keep, view="de_jure")
    os.kill(busy(job).pid, signal.SIGKILL)
    assert job.wait(SOON)
    assert job.state().failed == (
        "The process that read 'Report 5' was ended by the system (signal 9), most often for want of memory; what was read before is "
        "kept; try again, or leave that report out."
    )
    assert other.wait(SOON)
    assert other.state().failed == ""
    assert len(found) == 2


def test_a_decision_that_cannot_be_used_is_told_in_its_own_words(jobs: Jobs) -> None:
    wrong = Decision(target="Ariha", action="place", value="geonames:0", scope="desk")
    job = jobs.start([report(8)], keep=kept()[1], view="de_jure", decisions=[wrong])
    assert job.wait(SOON)
    assert "geonames:0" in job.state().failed
    assert job.state().finished


def test_a_report_that_wants_too_much_memory_fails_alone() -> None:
    small = Jobs(at_once=1, memory=120 << 20)
    job = small.start([report(1)], keep=kept()[1], view="de_jure")
    assert job.wait(SOON)
    assert "Report 1" in job.state().failed
    small.close()


def test_a_job_that_nobody_asks_about_is_given_up() -> None:
    hasty = Jobs(at_once=1, forsaken=0.0)
    job = hasty.start([report(1, 2_000)], keep=kept()[1], view="de_jure")
    hasty.start([], keep=kept()[1], view="de_jure")
    assert job.state().cancelled
    hasty.close()


def test_a_fault_in_keeping_fails_one_job_and_the_next_is_read(jobs: Jobs, caplog: pytest.LogCaptureFixture) -> None:
    def broken(document: Document, said: Said) -> None:
        raise RuntimeError(document.id)

    job = jobs.start([report(41), report(42)], keep=broken, view="de_jure")
    assert job.wait(SOON)
    assert "could not be read or kept" in job.state().failed
    assert "raise RuntimeError" in caplog.text
    found, keep = kept()
    assert jobs.start([report(43), report(44)], keep=keep, view="de_jure").wait(SOON)
    assert len(found) == 2


def test_what_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(jobs_module, "ReadingProcess", refused)
    full = Jobs(at_once=1)
    job = full.start([report(1), report(2)], keep=kept()[1], view="de_jure")
    assert job.wait(SOON)
    assert job.state().failed == "No process could be started to read 'Report 1' (Cannot allocate memory); close other programs."
    full.close()
    assert not full._live


def test_too_many_jobs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs_module, "MOST_JOBS", 1)
    one_process = Jobs(at_once=1)
    one_process.start([report(1, 2_000)], keep=kept()[1], view="de_jure")
    with pytest.raises(InputError, match="try again when one of them is done"):
        one_process.start([report(2)], keep=kept()[1], view="de_jure")
    one_process.close()


def test_idle_processes_are_not_kept_for_ever(jobs: Jobs) -> None:
    job = jobs.start([report(30, 20)], keep=kept()[1], view="de_jure")
    process = busy(job)
    assert job.wait(SOON)
    assert not gone(process.pid, 0.1)
    jobs._idle = 0.0
    assert jobs.start([report(31)], keep=kept()[1], view="de_jure").wait(SOON)
    with jobs._turn:
        jobs._turn.notify_all()
    assert gone(process.pid)


@pytest.mark.skipif(sys.platform == "win32", reason="asks /proc and kill")
def test_no_process_outlives_the_app_that_is_killed() -> None:
    script = (
        "import sys, time; from geo.jobs import Jobs; from geo.documents import from_text\n"
        f"job = Jobs(at_once=1).start([from_text({LONG!r} * 4000)], keep=print, view='de_jure')\n"
        "while not job._running: time.sleep(.01)\n"
        "time.sleep(3)\n"
        "print(next(iter(job._running.values()))[1].pid, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdout=subprocess.PIPE, text=True) as app:
        assert app.stdout is not None
        pid = int(app.stdout.readline())
        assert not gone(pid, 0.1)
        app.kill()
    assert gone(pid)
