"""What a terminal is told: how far a long run has come, and words without the codes that would steer it."""

from __future__ import annotations

import sys
import unicodedata
from typing import TextIO

__all__ = ["Bar", "printable"]

_WIDTH = 24


class Bar:
    """A progress bar on standard error; called with (reports done, reports in all, what is being done)."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = sys.stderr if stream is None else stream
        self.shown = self.stream.isatty()
        self._at = 0, 1

    def __call__(self, done: int, total: int, doing: str) -> None:
        self._at = done, total
        if self.shown:
            filled = _WIDTH * done // max(1, total)
            self.stream.write(f"\r\x1b[K[{'#' * filled}{'.' * (_WIDTH - filled)}] {done}/{total} {doing}")
            self.stream.flush()

    def say(self, doing: str) -> None:
        """Say what is being done now, where the bar stands."""
        self(*self._at, doing)

    def clear(self) -> None:
        """Take the bar away, so that what follows starts on a clean line."""
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()


def printable(words: str) -> str:
    """Return words with control characters, which a terminal would obey, written out; line breaks and tabs stay.

    Examples
    --------
    >>> printable("red\\x1b[31m")
    'red\\\\x1b[31m'
    """
    if words.isprintable():
        return words
    return "".join(
        repr(character)[1:-1] if unicodedata.category(character) == "Cc" and character not in "\n\t" else character for character in words
    )
