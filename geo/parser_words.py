"""The words that the parser reads: those of the Penn and Universal Dependencies treebanks.

Signs are words of their own. Hyphens part words ("rebel", "-", "held"), contractions and possessives are cut ("do", "n't"; "Syria", "'s"),
and a stop that belongs to an abbreviation stays with it ("Gen.", "U.S.").
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from geo.abbreviations import ABBREVIATIONS, BEFORE_NUMBER, STATES

__all__ = ["words_of"]

_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f\u2060])"
_WORD = re.compile(
    rf"(?P<address>(?:https?://|www\.)[^\s<>()\[\]\"“”]*[\w/]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
    rf"|(?P<abbreviation>(?:{_LETTER}\.){{2,}})"
    rf"|(?P<word>[ʿʾ]?{_LETTER}+(?:['’`ʼʿʾ‘]{_LETTER}+)*\d{{0,4}}\b|[ʿʾ]?{_LETTER}+)"
    rf"|(?P<number>\d+(?:[.,:/]\d+)*(?:st|nd|rd|th|s)?\b|\d+(?:[.,]\d+)*)"
    rf"|(?P<contraction>['’](?:s|S|re|ve|ll)\b)"
    rf"|(?P<signs>\.{{2,}}|-{{2,}}|[!?]{{2,}}|''|``)|(?P<sign>[^\w\s]|_)"
)
_CUT = re.compile(r"(?:n['’]t|['’](?:s|re|ve|ll))$", re.IGNORECASE)
_CUT_PRONOUN = re.compile(r"^(?:i|you|he|she|it|we|they|who|that|there|what)(['’](?:d|m))$", re.IGNORECASE)
_MORE = re.compile(r"[^\s\"'”’»)\]]")
_DIGIT = re.compile(r"\s*\d")


def words_of(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """Return where the words of ``text[start:end]``, a sentence, begin and end.

    Examples
    --------
    >>> text = "Gen. Haftar's rebel-held U.S. base didn't fall."
    >>> [text[first:last] for first, last in words_of(text, 0, len(text))]
    ['Gen.', 'Haftar', "'s", 'rebel', '-', 'held', 'U.S.', 'base', 'did', "n't", 'fall', '.']
    """
    return tuple(_words(text, start, end))


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    position = start
    while (match := _WORD.search(text, position, end)) is not None:
        first, last = match.span()
        if match.lastgroup == "word":
            if last < end and text[last] == "." and _keeps_stop(text, first, last, end):
                last += 1
            else:
                cut = _cut(match.group())
                if cut:
                    yield first, first + cut
                    first += cut
        yield first, last
        position = last


def _cut(word: str) -> int:
    """Where a contraction or a possessive is cut, or 0."""
    if word.lower() == "cannot":
        return 3
    found = _CUT.search(word)
    if found is not None:
        return found.start()
    pronoun = _CUT_PRONOUN.match(word)
    return pronoun.start(1) if pronoun else 0


def _keeps_stop(text: str, first: int, last: int, end: int) -> bool:
    """Whether the stop after a word is its own: the word is an abbreviation or an initial, and the sentence goes on."""
    word = text[first:last]
    if _MORE.search(text, last + 1, end) is None:
        return False
    if len(word) == 1:
        return word.isupper()
    lower = word.lower()
    if lower not in ABBREVIATIONS:
        return word in STATES
    return lower not in BEFORE_NUMBER or word[0].isupper() or _DIGIT.match(text, last + 1, end) is not None
