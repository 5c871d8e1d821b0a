"""Which long readings are under way: reports read in processes of their own, so that the app stays responsive.

A few processes serve all jobs in turn, report by report: a short job does not wait for a long one, and what is read is kept at once.
Cancelling ends the processes of a job on the spot. One that dies takes its job with it and nothing else.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.errors import InputError, SalientError, WorkerLost
from geo.reading_process import MEMORY, ReadingProcess
from geo.workers import cores

if TYPE_CHECKING:
    from geo.records import Decision, Document
    from geo.rereading import Said

__all__ = ["DOING", "Earlier", "Job", "JobState", "Jobs", "Keep"]

_LOG = logging.getLogger(__name__)

Keep = Callable[["Document", "Said"], None]
"""Told each document and what it says (`geo.rereading.Said`, which `Kept.put` takes) as soon as it is read, in a thread of the job."""

Earlier = Callable[["Document"], "Said | None"]
"""Asked what is known of a document (`Kept.earlier` gives it)."""

MOST_PROCESSES = 4  # started unasked; each takes 400 MB at rest
MOST_JOBS = 50  # under way or waiting; more than a team starts
IDLE = 120.0  # seconds that a process stays warm: opening the gazetteer takes two
FORSAKEN = 600.0  # seconds after which a job that nobody asks about any more is given up


DOING = {
    "names": "Looking for names.", "places": "Finding the places.", "areas": "Reading the areas that are described.",
    "claims": "Reading who does what.",
}
"""What a reading of one report does, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How far a job is.

    Attributes
    ----------
    done, total
        Reports.
    share
        Of all characters, 0 to 1.
    doing, values
        What it is doing, in English, with what stands in braces.
    finished
        Whether it is over: done, cancelled or failed.
    failed
        Why it could not be finished, in one sentence; "" if it could.
    """

    done: int
    total: int
    share: float
    doing: str
    values: Mapping[str, object] = field(default_factory=dict)
    finished: bool = False
    cancelled: bool = False
    failed: str = ""

    @property
    def words(self) -> str:
        """What it is doing, in English."""
        return self.doing.format(**self.values)


class Job:
    """One job; made by `Jobs.start`."""

    def __init__(self, documents: tuple[Document, ...], *, arguments: dict[str, object], keep: Keep, earlier: Earlier, jobs: Jobs) -> None:
        self._jobs, self._keep, self._earlier, self._arguments = jobs, keep, earlier, arguments
        self._waiting = deque(documents)
        self._running: dict[str, tuple[Document, ReadingProcess, float, str]] = {}
        self._total, self._done = len(documents), 0
        self._size, self._read = sum(len(one.text) for one in documents) or 1, 0
        self._doing = ""
        self._cancelled, self._failed = False, ""
        self._asked = time.monotonic()

    def state(self) -> JobState:
        """Return how far it is."""
        with self._jobs._turn:
            self._asked = time.monotonic()
            partly = sum(len(document.text) * share for document, _, share, _ in self._running.values())
            doing, values = self._words()
            return JobState(
                done=self._done, total=self._total, share=min(1.0, (self._read + partly) / self._size), doing=doing, values=values,
                finished=self._over(), cancelled=self._cancelled, failed=self._failed,
            )

    def cancel(self) -> None:
        """End it at once; what was read is kept."""
        with self._jobs._turn:
            if not self._over():
                self._cancelled = True
                self._end()

    def wait(self, seconds: float) -> bool:
        """Wait until it is over, or so many seconds; say whether it is."""
        with self._jobs._turn:
            return self._jobs._turn.wait_for(self._over, seconds)

    def _over(self) -> bool:
        return self._cancelled or bool(self._failed) or self._done == self._total

    def _end(self) -> None:
        self._waiting.clear()
        for _, process, _, _ in self._running.values():
            process.kill()
        self._jobs._leave(self)

    def _words(self) -> tuple[str, dict[str, object]]:
        counts: dict[str, object] = {"done": self._done, "total": self._total}
        if self._cancelled:
            return "Cancelled: {done} of {total} reports were read and are kept.", counts
        if self._over():
            return "Read: {done} of {total} reports.", counts
        doing = next((doing for _, _, _, doing in self._running.values()), "")
        if doing and self._total == 1:
            return DOING.get(doing, doing), {}
        if self._running or self._done:
            return "Reading: {done} of {total} reports.", counts
        before = self._jobs._before(self)
        return ("Waiting: {before} before this one.", {"before": before}) if before else ("Getting ready.", {})


class Jobs:
    """All jobs of an app, and the processes that serve them.

    Parameters
    ----------
    at_once
        How many processes there are at most; by default one for each processor, two to four.
    idle
        How many seconds a process is kept that has nothing to do.
    memory
        How many bytes a process may take.

    Notes
    -----
    Each process is fed by a thread of its own. The next report is always of the job for which the fewest are being read.
    """

    def __init__(self, *, at_once: int = 0, idle: float = IDLE, forsaken: float = FORSAKEN, memory: int = MEMORY) -> None:
        self._most = at_once or min(max(2, cores()), MOST_PROCESSES)
        self._idle, self._forsaken, self._memory = idle, forsaken, memory
        self._turn = threading.Condition(threading.RLock())
        self._live: list[Job] = []
        self._threads: set[threading.Thread] = set()
        self._resting = 0
        self._closed = False

    def start(
        self, documents: Iterable[Document], *, keep: Keep, view: str, decisions: Iterable[Decision] = (),
        settings: Mapping[str, object] | None = None, earlier: Earlier | None = None,
    ) -> Job:
        """Start to read documents and return the job at once.

        Parameters
        ----------
        documents
            What is to be read, in this order.
        keep
            Called with each document and its reading, from another thread.
        view, decisions, settings
            As for `geo.rereading.reread`.
        earlier
            Gives what is known of a document, so that no name is looked for again; called from another thread.

        Raises
        ------
        InputError
            Too many jobs are waiting already.
        """
        arguments: dict[str, object] = {"view": view, "decisions": tuple(decisions), "settings": dict(settings or {})}
        known = earlier or _nothing
        distinct = tuple({document.id: document for document in documents}.values())
        job = Job(distinct, arguments=arguments, keep=keep, earlier=known, jobs=self)
        with self._turn:
            self._give_up_forsaken()
            if len(self._live) >= MOST_JOBS:
                raise InputError(f"{MOST_JOBS} readings are under way or waiting on this computer; try again when one of them is done.")
            if job._waiting:
                self._live.append(job)
                self._have_enough_threads()
        return job

    def close(self) -> None:
        """Cancel all jobs, and return when no process is left."""
        with self._turn:
            self._closed = True
            for job in list(self._live):
                job.cancel()
            self._turn.notify_all()
            threads = list(self._threads)
        for thread in threads:
            thread.join()

    def _have_enough_threads(self) -> None:
        wanted = min(sum(len(job._waiting) for job in self._live) - self._resting, self._most - len(self._threads))
        for _ in range(0 if self._closed else max(0, wanted)):
            thread = threading.Thread(target=self._work, daemon=True, name="salient-reading")
            self._threads.add(thread)
            thread.start()
        self._turn.notify_all()

    def _leave(self, job: Job) -> None:
        """Take a job that is over off the list, once nothing of it is being read."""
        if not job._running and job in self._live:
            self._live.remove(job)
        self._turn.notify_all()

    def _before(self, job: Job) -> int:
        """How many jobs are served while this one waits."""
        return sum(bool(one._running) for one in self._live if one is not job)

    def _give_up_forsaken(self) -> None:
        for job in [one for one in self._live if time.monotonic() - one._asked > self._forsaken]:
            job.cancel()

    def _work(self) -> None:
        """What a thread does: feed one process until there was nothing to do for a while."""
        process: ReadingProcess | None = None
        try:
            while (found := self._next()) is not None:
                if process is not None and not process.alive():
                    process.stop()
                    process = None
                try:
                    process = process or ReadingProcess(memory=self._memory)
                except OSError as error:
                    self._told(*found, f"No process could be started to read {_named(found[1])} ({error.strerror}); close other programs.")
                    continue
                self._serve(*found, process)
        finally:
            if process is not None:
                process.stop()
            with self._turn:
                self._threads.discard(threading.current_thread())
                self._have_enough_threads()  # for what came while it ended

    def _next(self) -> tuple[Job, Document] | None:
        """The report to be read next; None if none came for a while."""
        with self._turn:
            self._resting += 1
            since = time.monotonic()
            try:
                while not self._closed:
                    self._give_up_forsaken()
                    able = [job for job in self._live if job._waiting]
                    if able:
                        job = min(able, key=lambda one: len(one._running))
                        self._live.remove(job)
                        self._live.append(job)  # it was its turn
                        return job, job._waiting.popleft()
                    self._turn.wait(max(0.0, since + self._idle - time.monotonic()))
                    if time.monotonic() >= since + self._idle and not any(job._waiting for job in self._live):
                        return None
                return None
            finally:
                self._resting -= 1

    def _serve(self, job: Job, document: Document, process: ReadingProcess) -> None:
        """Have one report read and kept."""

        def tell(share: float, doing: str) -> None:
            with self._turn:
                job._running[document.id] = (document, process, min(1.0, max(0.0, share)), doing)

        with self._turn:
            if job._over():
                return
            job._running[document.id] = (document, process, 0.0, "")
        failed = ""
        try:
            said = process.read(document, earlier=job._earlier(document), progress=tell, **job._arguments)  # type: ignore[arg-type]
            job._keep(document, said)
        except WorkerLost as error:
            failed = f"The process that read {_named(document)} {error}; what was read before is kept; try again, or leave that report out."
        except SalientError as error:
            failed = str(error)
        except Exception:  # noqa: BLE001 - a fault fails one job: the thread serves the others
            failed = f"{_named(document)} could not be read or kept; the log of the app says why."
            _LOG.exception(failed)
            process.kill()  # nobody knows what it was at
        self._told(job, document, failed)

    def _told(self, job: Job, document: Document, failed: str) -> None:
        with self._turn:
            job._running.pop(document.id, None)
            if not failed:
                job._done += 1
                job._read += len(document.text)
            elif not job._cancelled:
                job._failed = job._failed or failed
                job._waiting.clear()
            if job._over():
                self._leave(job)
            self._turn.notify_all()


def _named(document: Document) -> str:
    return repr(document.title[:60]) if document.title else "a report"


def _nothing(_: Document) -> None:
    """Know nothing of a document."""
