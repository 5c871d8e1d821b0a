"""What a word of a report looks like: tokens, runs of capitalised words, and the shipped word lists.

A *run* is what English writes as one name: capitalised words, with the small words that may stand inside ("Gulf of Aden",
"Bashar al-Assad"). Recognisers look for places inside runs and ask what else the run may be.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from geo import datafiles
from geo.records import Document
from geo.sentences import sentences

__all__ = ["Run", "Token", "cues", "runs", "tokens", "word_list"]

_MARKS = "\u0300-\u036f\u2060"
_LETTER = rf"(?:[^\W\d_]|[{_MARKS}])"
_TOKEN = re.compile(
    rf"(?P<abbreviation>(?:[A-Z]\.){{2,}}(?:[A-Z](?![a-z]))?|W\.Va\.)"
    rf"|(?P<word>[ʿʾ]?{_LETTER}+(?:['’`ʼʿʾ‘]{_LETTER}+)*\d{{0,4}})"
    rf"|(?P<number>\d[\d,.]*\d|\d)|(?P<sign>[^\w\s])"
)
_POSSESSIVE = re.compile(r"['’]s?$", re.IGNORECASE)
# Small words that may stand inside a name, and articles that may begin one.
INSIDE = frozenset(
    "of the de la del al el ul ad an ar as ash at az upon sur le les da do dos du den der am und and e y bin ibn "
    "des di ed ez es nad".split()
)
ARTICLES = frozenset("al el ad an ar as ash at az".split())
_JOINS = {" ", "-", "\u00a0", "", " - ", "–"}


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign; `first` where it begins a sentence (or what may be one, such as a quotation)."""

    start: int
    end: int
    text: str
    first: bool
    sentence: int
    word: bool

    @property
    def lower(self) -> str:
        return self.text.lower()

    @property
    def capital(self) -> bool:
        return self.word and self.text.lstrip("'’‘ʿʾ")[:1].isupper()


@dataclass(frozen=True, slots=True)
class Run:
    """The tokens `first` to `last` (exclusive) of a document, written as one name."""

    first: int
    last: int


def tokens(document: Document) -> tuple[Token, ...]:
    """Return the tokens of the reading text; a possessive 's is a token of its own.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> [token.text for token in tokens(from_text("U.S.-led forces in Ma'arrat, Syria's north."))]
    ['U.S.', '-', 'led', 'forces', 'in', "Ma'arrat", ',', 'Syria', "'s", 'north', '.']
    """
    return _tokens(document)


@lru_cache(maxsize=16)
def _tokens(document: Document) -> tuple[Token, ...]:
    return tuple(_read(document))


def runs(found: tuple[Token, ...], text: str) -> tuple[Run, ...]:
    """Return the runs of capitalised words, in order.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Bashar al-Assad flew from Saudi Arabia to the Gulf of Aden.")
    >>> found = tokens(report)
    >>> [report.text[found[run.first].start:found[run.last - 1].end] for run in runs(found, report.text)]
    ['Bashar al-Assad', 'Saudi Arabia', 'Gulf of Aden']
    """
    made: list[Run] = []
    position = 0
    while position < len(found):
        end = _run_end(found, text, position)
        if end > position:
            made.append(Run(position, end))
            position = end
        else:
            position += 1
    return tuple(made)


@lru_cache(maxsize=1)
def _cue_table() -> dict[str, frozenset[str]]:
    with datafiles.path("cues.csv").open(encoding="utf-8", newline="") as file:
        return {row["list"]: frozenset(row["words"].split("|")) for row in csv.DictReader(file)}


def cues(name: str) -> frozenset[str]:
    """Return one hand-written list of data/cues.csv, such as ``cues("title")``."""
    return _cue_table()[name]


@lru_cache(maxsize=8)
def word_list(name: str) -> dict[str, int]:
    """Return one counted list of data/words.csv (`common`, `given`, `surname`): word -> count."""
    with datafiles.path("words.csv").open(encoding="utf-8", newline="") as file:
        return {row["word"]: int(row["count"]) for row in csv.DictReader(file) if row["list"] == name}


def _read(document: Document) -> Iterator[Token]:
    text = document.reading
    for number, sentence in enumerate(sentences(document)):
        first = True
        for match in _TOKEN.finditer(text, sentence.start, sentence.end):
            start, end, written = match.start(), match.end(), match.group()
            is_word = match.lastgroup in {"word", "abbreviation"}
            owner = _POSSESSIVE.search(written) if is_word and not written.endswith(".") else None
            cut = owner.start() + start if owner and owner.start() > 0 else end
            yield Token(start, cut, text[start:cut], first, number, is_word)
            if cut < end:
                yield Token(cut, end, text[cut:end], False, number, False)
            first = written in "\"“‘«:[(•-–—*" if first or not is_word else False


def _run_end(found: tuple[Token, ...], text: str, start: int) -> int:
    """The end of the run that begins at `start`, or `start` itself."""
    token = found[start]
    if not token.capital and not _opens(found, text, start):
        return start
    end, position = start + 1, start + 1
    while position < len(found) and found[position].sentence == token.sentence:
        gap = text[found[position - 1].end : found[position].start]
        following = found[position]
        if gap.strip() or len(gap) > 2:
            break
        if following.capital:
            end = position + 1
        elif not _may_continue(found[position - 1], following) or position - end >= 3:
            break
        position += 1
    return end


def _may_continue(previous: Token, token: Token) -> bool:
    """Whether a small word, a sign or a number may stand inside a name here; a full stop only after an abbreviation."""
    if token.text == ".":
        return previous.capital and len(previous.text) <= 3
    return token.lower in INSIDE or token.text in "-–&'’" or token.text.isdigit()


def _opens(found: tuple[Token, ...], text: str, start: int) -> bool:
    """An Arabic article in lower case that begins a name: al-Hilla."""
    if found[start].text not in ARTICLES or start + 2 >= len(found):
        return False
    dash, name = found[start + 1], found[start + 2]
    return dash.text in "-‐–" and dash.start == found[start].end and name.start <= dash.end + 1 and name.capital
