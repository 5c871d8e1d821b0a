"""The command line: ``python -m geo COMMAND ...``; ``python -m geo --help`` shows what there is.

Exit code 0: done; 2: something given cannot be used, said in one sentence; 1: a fault of Salient itself; 130: stopped with Ctrl-C.
"""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from geo.arguments import parser
from geo.errors import SalientError
from geo.terminal import printable

__all__ = ["main"]

_FAULT, _BAD_INPUT, _STOPPED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code.

    Examples
    --------
    >>> main(["settings"])  # doctest: +SKIP
    0
    """
    _speak_utf8()
    given = parser().parse_args(arguments)
    logging.basicConfig(level=logging.DEBUG if given.debug else logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        from geo import commands

        code: int = getattr(commands, given.run)(given)
        sys.stdout.flush()
    except SalientError as error:
        return _say(str(error), given.debug, _BAD_INPUT)
    except BrokenPipeError:
        _close_stdout()
        return 0
    except KeyboardInterrupt:
        return _say("Stopped.", False, _STOPPED)
    except Exception as error:  # noqa: BLE001 - the last resort of a command line: a sentence, and the traceback on request
        what = f"{type(error).__name__}: {error}".splitlines()[0][:300]
        return _say(f"Salient failed on this input ({what}); run it again with --debug and report what it prints.", given.debug, _FAULT)
    return code


def _say(sentence: str, debug: bool, code: int) -> int:
    if debug:
        traceback.print_exc()
    print(printable(" ".join(sentence.split())), file=sys.stderr)
    return code


def _speak_utf8() -> None:
    """Write UTF-8 wherever the output goes: a report may hold any script."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _close_stdout() -> None:
    """Whoever read the output has gone; keep the interpreter from complaining about it on its way out."""
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, sys.stdout.fileno())


def _run() -> NoReturn:
    sys.exit(main())


if __name__ == "__main__":
    _run()
