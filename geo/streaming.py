"""Many lines, on several processors, in constant memory: how `python -m geo parse --jsonl` runs.

A thread reads lines into a bounded queue. This process takes batches of them and answers them itself, so that the first answer comes at
once; when more lines wait than it can soon answer, it starts worker processes that do the same. Answers are given out in the order of
the lines, whoever made them. An endless pipe needs no more memory than a short file.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.corpus import Answer, answers
from geo.errors import InputError
from geo.jsonlines import Line
from geo.workers import Worker

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["stream"]

TOGETHER = 16  # lines in a batch; the tagger gains nothing from more
TOGETHER_SIZE = 200_000  # characters from which a batch is closed before it has so many lines
LINES, SIZE = 64, 8_000_000  # lines and characters that wait for each process, at most
AHEAD = 4  # batches for each process that may be answered before their turn
PRESSED = 2 * TOGETHER  # waiting lines from which another process is worth its start, which takes about as long as answering so many
_TICK = 0.2  # seconds after which a wait looks up, so that Ctrl-C is heard on every platform


def stream(
    lines: Iterable[Line], *, gazetteer: Gazetteer, gold_spans: bool = False, jobs: int = 1
) -> Generator[Answer, None, None]:
    """Yield the answer to each line, in the order of the lines, each as soon as it and those before it are made.

    Parameters
    ----------
    lines
        Numbered lines, read by a thread of their own and only as fast as they are answered.
    jobs
        How many processes answer, this one included. The others are started when lines wait, and end with the iterator.

    Raises
    ------
    WorkerLost
        A process was ended by the system. The answers before its batch have been given.
    DataError
        A data file is missing or damaged.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> lines = [(1, '{"id": "a", "text": "He left."}'), (2, '{"id": "b", "text": "She stayed."}')]
    >>> [answer.line for answer in stream(lines, gazetteer=open_gazetteer())]
    ['{"id": "a", "toponyms": []}', '{"id": "b", "toponyms": []}']
    """
    if jobs < 1:
        raise InputError(f"{jobs} jobs can answer nothing; give 1 or more.")
    desk = _Desk(jobs)
    workers: list[Worker] = []
    threading.Thread(target=_read, args=(lines, desk), daemon=True, name="salient-reader").start()
    try:
        while not desk.over():
            yield from desk.due()
            if len(workers) < jobs - 1 and desk.pressed():
                workers.append(Worker(gazetteer=gazetteer, gold_spans=gold_spans))
                threading.Thread(target=_employ, args=(workers[-1], desk), daemon=True, name="salient-asker").start()
            batch = desk.take(_TICK)
            if batch is not None:
                for answer in answers(batch.lines, gazetteer=gazetteer, gold_spans=gold_spans):
                    desk.put(batch, [answer])
                    yield from desk.due()
                desk.close(batch)
    finally:
        desk.end()
        for worker in workers:
            worker.stop()


@dataclass(slots=True, eq=False)
class _Batch:
    """Some lines that are answered together, and the answers that have been made and not yet given out."""

    lines: list[Line]
    answers: deque[Answer] = field(default_factory=deque)
    closed: bool = False


class _Desk:
    """What passes between the threads, under one lock: lines that wait, and batches in the order in which they were taken."""

    def __init__(self, jobs: int) -> None:
        self._jobs = jobs
        self._changed = threading.Condition()
        self._waiting: deque[Line] = deque()
        self._size = 0
        self._taken: deque[_Batch] = deque()
        self._batches = 0
        self._read_all = False
        self._ended = False
        self._failure: Exception | None = None

    def add(self, line: Line) -> bool:
        """Put a line into the queue when there is room; false when nobody wants lines any more."""
        with self._changed:
            while not self._ended and (len(self._waiting) >= LINES * self._jobs or self._size >= SIZE * self._jobs):
                self._changed.wait()
            self._waiting.append(line)
            self._size += _length(line)
            self._changed.notify_all()
            return not self._ended

    def no_more(self) -> None:
        """There are no lines after those in the queue."""
        with self._changed:
            self._read_all = True
            self._changed.notify_all()

    def take(self, seconds: float | None = None) -> _Batch | None:
        """Return the next batch, waiting for one; None after so many seconds, or when there is none any more."""
        with self._changed:
            while not self._ended and self._failure is None:
                if self._waiting and len(self._taken) < AHEAD * self._jobs:
                    return self._batch()
                if (self._read_all and not self._waiting and seconds is None) or (seconds is not None and self._is_due()):
                    return None
                if not self._changed.wait(seconds) and seconds is not None:
                    return None
            return None

    def put(self, batch: _Batch, made: Iterable[Answer]) -> None:
        """Hand in answers to lines of a batch."""
        with self._changed:
            batch.answers.extend(made)
            self._changed.notify_all()

    def close(self, batch: _Batch) -> None:
        """All lines of a batch are answered."""
        with self._changed:
            batch.closed = True
            self._changed.notify_all()

    def due(self) -> Iterator[Answer]:
        """Yield the answers whose turn has come."""
        while True:
            with self._changed:
                if not self._taken:
                    return
                first = self._taken[0]
                made = list(first.answers)
                first.answers.clear()
                if first.closed:
                    self._taken.popleft()
                    self._changed.notify_all()
                elif not made:
                    return
            yield from made

    def pressed(self) -> bool:
        """Say whether so many lines wait that another process should help."""
        with self._changed:
            return len(self._waiting) >= PRESSED

    def over(self) -> bool:
        """Say whether every line has been answered and every answer given out.

        Raises
        ------
        Exception
            What made a worker or the reader give up, once the answers before it are given out.
        """
        with self._changed:
            if self._failure is not None and not self._is_due():
                raise self._failure
            return self._read_all and not self._waiting and not self._taken

    def fail(self, error: Exception) -> None:
        """Somebody cannot go on."""
        with self._changed:
            self._failure = self._failure or error
            self._changed.notify_all()

    def end(self) -> None:
        """Nobody waits for answers any more."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def _is_due(self) -> bool:
        return bool(self._taken) and (self._taken[0].closed or bool(self._taken[0].answers))

    def _batch(self) -> _Batch:
        """The first lines of the queue: one at the very start, more by and by, fewer again towards the end, so that all have work."""
        wanted = min(TOGETHER, 1 << min(self._batches, TOGETHER), -(-len(self._waiting) // (2 * self._jobs)))
        lines: list[Line] = []
        size = 0
        while self._waiting and len(lines) < wanted and (not lines or size < TOGETHER_SIZE):
            lines.append(self._waiting.popleft())
            size += _length(lines[-1])
        self._size -= size
        self._batches += 1
        made = _Batch(lines)
        self._taken.append(made)
        self._changed.notify_all()
        return made


def _length(line: Line) -> int:
    return len(line[1]) if isinstance(line[1], str) else 0


def _read(lines: Iterable[Line], desk: _Desk) -> None:
    try:
        for line in lines:
            if not desk.add(line):
                return
        desk.no_more()
    except OSError as error:
        desk.fail(InputError(f"The input cannot be read on ({error.strerror or error}); check it, and go on with --resume."))
    except Exception as error:  # noqa: BLE001 - raised again in the thread that gives the answers out
        desk.fail(error)


def _employ(worker: Worker, desk: _Desk) -> None:
    try:
        while (batch := desk.take()) is not None:
            desk.put(batch, worker.ask(batch.lines))
            desk.close(batch)
    except Exception as error:  # noqa: BLE001 - raised again in the thread that gives the answers out
        desk.fail(error)
