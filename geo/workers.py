"""Processes that answer lines beside this one: started when they are needed, asked in batches, gone at once when the run ends.

Each is a fresh Python process (spawned, as on every platform) that opens the gazetteer for itself. It listens to its pipe alone: it does
not hear Ctrl-C, and ends when the pipe does, so that none outlives the process that started it, however that one ends.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from geo.corpus import Answer, answers
from geo.errors import SalientError, WorkerLost
from geo.jsonlines import Line

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Worker", "cores"]

_LOG = logging.getLogger(__name__)
_MOST = 8  # processes started unasked; each takes a few hundred MB
_PATIENCE = 2.0  # seconds for a process to end after it was told to


def cores() -> int:
    """Return how many processes suit this machine: one for each processor that may be used, at most eight.

    Examples
    --------
    >>> 1 <= cores() <= 8
    True
    """
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, _MOST)


class Worker:
    """One such process.

    A script that uses it directly must start its work under ``if __name__ == "__main__":``, as with every spawned process.
    """

    def __init__(self, *, gazetteer: Gazetteer, gold_spans: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, gazetteer, gold_spans), daemon=True, name="salient-worker")
        with _without_interrupts():
            self._process.start()
        theirs.close()

    def ask(self, lines: Sequence[Line]) -> list[Answer]:
        """Return the answers to a batch of lines, in order.

        Raises
        ------
        WorkerLost
            The process has ended, most often because the system ran out of memory.
        SalientError
            What the process itself reported, such as a damaged data file.
        """
        try:
            self._pipe.send(list(lines))
            told: list[Answer] | SalientError = self._pipe.recv()
        except (EOFError, OSError) as error:
            self._process.join(_PATIENCE)
            raise WorkerLost(_obituary(self._process.exitcode)) from error
        if isinstance(told, SalientError):
            raise told
        return told

    def stop(self) -> None:
        """End the process at once, whatever it is doing."""
        self._process.terminate()
        self._process.join(_PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join(_PATIENCE)


def _serve(pipe: Connection, gazetteer: Gazetteer, gold_spans: bool) -> None:
    """What the process does: answer batches until the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        while True:
            lines = pipe.recv()
            try:
                pipe.send(list(answers(lines, gazetteer=gazetteer, gold_spans=gold_spans)))
            except SalientError as error:
                pipe.send(error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        _LOG.debug("The run has ended")


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Let a process that starts here be deaf to Ctrl-C from its first moment; one that comes meanwhile is heard here afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _obituary(code: int | None) -> str:
    if code is not None and code < 0:
        how = f"was ended by the system (signal {-code}), most often for want of memory"
    else:
        how = "ended" if code is None else f"ended with exit code {code}"
    return f"A process that read texts {how}; what is done is kept; go on with fewer --jobs"
