"""How a report is read in a process of its own: what the process does, and the handle that the app has of it.

The process is a fresh Python that runs this module alone: nothing of the app is run in it (Streamlit's main module is the app itself,
which spawning would run again). The two talk through its standard input and output. It ends when its input does, whatever it is doing,
so that none outlives the app, however that ends.
"""

from __future__ import annotations

import logging
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from geo.errors import SalientError, WorkerLost

if TYPE_CHECKING:
    from geo.records import Decision, Document
    from geo.rereading import Said

__all__ = ["ReadingProcess"]

_Tell = Callable[[str, Any], None]

_LOG = logging.getLogger(__name__)
_ROOT = Path(__file__).parents[1]
_PATIENCE = 5.0  # seconds for a process to be gone after it was ended
_TOLD_EVERY = 0.2  # seconds between two words of progress
_NICENESS = 10  # the page comes first, where the system knows of such
_APART: dict[str, Any] = {"process_group": 0} if os.name == "posix" else {"creationflags": 0x200}  # CREATE_NEW_PROCESS_GROUP
# Of private memory, in bytes. A text of 1.25 MB took .65 GB, of which .37 are there at rest; what wants more than this fails alone, and not
# the machine.
MEMORY = 4 << 30


class ReadingProcess:
    """One process that reads reports, one after the other; it keeps its gazetteer open between them."""

    def __init__(self, *, memory: int = MEMORY) -> None:
        paths = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        environment = {"OMP_NUM_THREADS": "1", **os.environ, "PYTHONPATH": os.pathsep.join(paths)}
        # Safe in a server of many threads: no Python code runs between fork and exec, and no other pipe is handed down. A group of its
        # own keeps Ctrl-C from it; in a session of its own it would get as much of the processor as the app, however low its priority.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", __name__, str(memory)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, **_APART,
        )
        self._killed = False

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    def read(
        self, document: Document, *, view: str, decisions: tuple[Decision, ...] = (), settings: Mapping[str, object] | None = None,
        earlier: Said | None = None, progress: Callable[[float, str], None] | None = None,
    ) -> Said:
        """Return what a document says; the arguments are those of `geo.rereading.read_said`, with the view of the gazetteer.

        Raises
        ------
        WorkerLost
            The process has ended: by `stop`, for want of memory, or by a fault.
        SalientError
            What the reading itself reports.
        """
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            pickle.dump((document, view, decisions, dict(settings or {}), earlier), self._process.stdin, pickle.HIGHEST_PROTOCOL)
            self._process.stdin.flush()
            while True:
                what, value = pickle.load(self._process.stdout)
                if what == "share" and progress is not None:
                    progress(*value)
                elif what == "error":
                    raise value
                elif what == "said":
                    return value  # type: ignore[no-any-return]
        except (EOFError, OSError, pickle.UnpicklingError) as error:
            if isinstance(error, SalientError):
                raise
            self.kill()
            raise WorkerLost(_obituary(self._process.wait(_PATIENCE))) from error

    def alive(self) -> bool:
        """Say whether it can be asked."""
        return not self._killed and self._process.poll() is None

    def kill(self) -> None:
        """End the process at once; safe to call from another thread, which then meets `WorkerLost`."""
        self._killed = True
        self._process.kill()

    def stop(self) -> None:
        """End the process and wait until it is gone."""
        self.kill()
        with suppress(BrokenPipeError), self._process:  # closes the pipes, be there words in them or not, and waits
            pass


def _obituary(code: int) -> str:
    if code < 0:
        return f"was ended by the system (signal {-code}), most often for want of memory"
    return f"ended by itself (exit code {code})"


def _serve(memory: int) -> None:
    """What the process does: read what comes, until its input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else is printed does not come between
    _bound(memory)
    asked: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()

    def tell(what: str, value: Any) -> None:
        pickle.dump((what, value), answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()

    with closing(answers):
        while True:
            _answer(tell, *asked.get())


def _listen(given: IO[bytes], asked: queue.SimpleQueue[Any]) -> None:
    """Take what is asked; at the end of the input the process is over, in the middle of a reading too."""
    try:
        while True:
            asked.put(pickle.load(given))
    except (EOFError, OSError, pickle.UnpicklingError):
        os._exit(0)


def _answer(
    tell: _Tell, document: Document, view: str, decisions: tuple[Decision, ...], settings: dict[str, object], earlier: Said | None
) -> None:
    from geo.gazetteer import open_gazetteer  # the process listens before it loads what takes seconds
    from geo.rereading import read_said

    try:
        gazetteer = open_gazetteer(view=view)
        tell("said", read_said(
            document, gazetteer=gazetteer, decisions=decisions, settings=settings, earlier=earlier, progress=_seldom(tell),
        ))
    except SalientError as error:
        tell("error", error)
    except MemoryError:
        tell("error", WorkerLost("needs more memory than one report may have"))


def _seldom(tell: _Tell) -> Callable[[float, str], None]:
    """Progress a few times a second at most."""
    last, before = 0.0, ""

    def progress(share: float, doing: str) -> None:
        nonlocal last, before
        if doing != before or time.monotonic() - last >= _TOLD_EVERY:
            last, before = time.monotonic(), doing
            tell("share", (share, doing))

    return progress


def _bound(memory: int) -> None:
    """Give the rest of the machine the way, where the system knows of priorities and limits."""
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    try:
        import resource
    except ImportError:  # not on Windows
        return
    try:
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    except (ValueError, OSError) as error:
        _LOG.debug("No limit of memory: %s", error)


if __name__ == "__main__":
    _serve(int(sys.argv[1]))
