"""How text breaks into lines of a width: balanced, no word left alone, nothing wider than its column.

Text of reports is hostile: a word of a thousand letters is cut, control characters become spaces, and a text longer than its lines ends
in an ellipsis.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from geo.lettering import width

__all__ = ["clean", "widest", "wrap"]

ELLIPSIS = "…"
LONE_SHARE = 0.28  # a last line shorter than this share of the column, and of one word, stands forlorn: set by eye on the titles
_SPACES = re.compile(r"[^\S\u00a0\u202f]+")  # not those that hold words together
_BLANK = ("Cc", "Cs", "Zl", "Zp")
MOST_LETTERS = 4000  # of one text: no page holds more in small type


def clean(text: str) -> str:
    """Return a text on one line: every run of spaces, line ends and control characters becomes one space.

    Examples
    --------
    >>> clean("Idlib\\n\\x07  report ")
    'Idlib report'
    """
    shown = "".join(" " if unicodedata.category(sign) in _BLANK else sign for sign in text[:MOST_LETTERS])
    return _SPACES.sub(" ", shown).strip()


def wrap(
    text: str, across: float, size: float, *, face: str = "sans", weight: int = 400, italic: bool = False, lines: int = 0,
    balanced: bool = False,
) -> tuple[str, ...]:
    """Break a text into lines no wider than a column.

    Parameters
    ----------
    text
        What is written; it is cleaned first.
    across, size
        Width of the column and size of the letters, in points.
    lines
        At most so many, the last ending in an ellipsis if more is to be said; 0 sets no limit.
    balanced
        Whether all lines are about equally long, as a title wants, instead of full ones with the rest below.

    Returns
    -------
    tuple of str
        The lines; none for an empty text.

    Examples
    --------
    >>> wrap("one two three", 1000, 10)
    ('one two three',)
    """

    def wide(words: str) -> float:
        return _width(words, size, face, weight, italic)

    words = [piece for word in clean(text).split(" ") if word for piece in _cut(word, across, wide)]
    if not words:
        return ()
    made = _filled(words, across, wide)
    if lines and len(made) > lines:
        whole = (" ".join(line) for line in made[: lines - 1])
        return (*whole, _shortened(" ".join(made[lines - 1]), across, wide))
    if len(made) > 1 and (balanced or _forlorn(made, across, wide)):
        made = _balanced(words, across, len(made), wide) if balanced else _mended(made, across, wide)
    return tuple(" ".join(line) for line in made)


def widest(lines: tuple[str, ...], size: float, *, face: str = "sans", weight: int = 400, italic: bool = False) -> float:
    """Return the width of the widest of some lines, in points."""
    return max((_width(line, size, face, weight, italic) for line in lines), default=0.0)


@lru_cache(maxsize=20_000)
def _width(words: str, size: float, face: str, weight: int, italic: bool) -> float:
    return width(words, size, face=face, weight=weight, italic=italic)


def _cut(word: str, across: float, wide: Callable[[str], float]) -> list[str]:
    """A word in pieces that fit the column; most words are one piece."""
    if wide(word) <= across:
        return [word]
    pieces, rest = [], word
    while rest and wide(rest) > across:
        low, high = 1, len(rest)
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            low, high = (middle, high) if wide(rest[:middle]) <= across else (low, middle - 1)
        pieces.append(rest[:low])
        rest = rest[low:]
    return [*pieces, rest] if rest else pieces


def _filled(words: list[str], across: float, wide: Callable[[str], float]) -> list[list[str]]:
    made, room, space = [[words[0]]], across - wide(words[0]), wide("a b") - wide("ab")
    for word in words[1:]:
        need = wide(word) + space
        if need <= room:
            made[-1].append(word)
            room -= need
        else:
            made.append([word])
            room = across - wide(word)
    return made


def _forlorn(made: list[list[str]], across: float, wide: Callable[[str], float]) -> bool:
    return len(made[-1]) == 1 and len(made[-2]) > 2 and wide(made[-1][0]) < LONE_SHARE * across


def _mended(made: list[list[str]], across: float, wide: Callable[[str], float]) -> list[list[str]]:
    """The last word gets company from the line above."""
    last = [made[-2][-1], *made[-1]]
    return [*made[:-2], made[-2][:-1], last] if wide(" ".join(last)) <= across else made


def _balanced(words: list[str], across: float, count: int, wide: Callable[[str], float]) -> list[list[str]]:
    """The narrowest column that still takes the words in as many lines: each line is about as long as the next."""
    low, high = max(wide(word) for word in words), across
    for _ in range(12):
        middle = (low + high) / 2
        low, high = (low, middle) if len(_filled(words, middle, wide)) <= count else (middle, high)
    return _filled(words, high, wide)


def _shortened(line: str, across: float, wide: Callable[[str], float]) -> str:
    """A line that ends in an ellipsis because more is to be said."""
    words = line.split(" ")
    while len(words) > 1 and wide(" ".join(words) + ELLIPSIS) > across:
        words.pop()
    kept = " ".join(words)
    while len(kept) > 1 and wide(kept + ELLIPSIS) > across:
        kept = kept[:-1]
    return kept.rstrip(" ,.;:") + ELLIPSIS
