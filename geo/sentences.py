"""Where the sentences of a document begin and end.

Works on `Document.reading`; offsets are those of `Document.text`. A line break ends a paragraph, unless the text is wrapped at a
fixed width. Every character that is not a blank lies in exactly one sentence.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterator
from functools import lru_cache

from geo.abbreviations import ABBREVIATIONS, BEFORE_NAME, BEFORE_NUMBER, STARTERS, STATES
from geo.records import Document, Sentence

__all__ = ["sentences"]

_CLOSING = "\"'”’»)\\]"
_OPENING = "\"'“‘«(\\["
_STOP = re.compile(rf"(?P<stop>[.!?…。؟۔]+)(?P<closing>[{_CLOSING}]*)(?P<gap>\s*)(?P<opening>[{_OPENING}]*)")
_WORD_BEFORE = re.compile(r"[^\W_](?:[\w.’'-]*\w)?$")
_WORD_AFTER = re.compile(r"[\w’'-]+")
_NAME_PARTICLE = re.compile(r"(?:al|el|ad|an|ar|as|ash|at|az|ul)[-’'][A-Z]|(?:d|l)[’'][A-Z]|e-|i[A-Z]")
_RUN_ON = re.compile(r"[A-Z][a-z]*(?:\s|[a-z]+[,.’'])|[A-Z]\.")
_BULLET = re.compile(r"[ \t]*(?:[-*•‣·–—]|\(?\d{1,3}[.)]|[a-z][.)])[ \t]+\S")
_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
# Lines of 45 to 100 characters, most of them near the longest, are a wrapped text (mail, telegram); set over plain-text wire copy.
_WRAP_SHORTEST, _WRAP_LONGEST = 45, 100
_LOOK_BACK = 40
_WORD = re.compile(r"\w")
# A text in which so many lines go on in small letters is wrapped, however short its lines; set over indented press releases.
_GOES_ON = 0.25


@lru_cache(maxsize=64)
def sentences(document: Document) -> tuple[Sentence, ...]:
    """Return the sentences of a document in order, each with the number of its paragraph.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Gen. Mark A. Milley flew to the U.S. on Monday. He spoke.")
    >>> [report.text[s.start:s.end] for s in sentences(report)]
    ['Gen. Mark A. Milley flew to the U.S. on Monday.', 'He spoke.']
    """
    text = document.reading
    found: list[Sentence] = []
    for number, (start, end) in enumerate(_paragraphs(text)):
        for first, last in _split(text, start, end):
            found.append(Sentence(document_id=document.id, start=first, end=last, paragraph=number))
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    lines = _lines(text)
    wrapped = _is_wrapped([text[start:end] for start, end in lines])
    begin: int | None = None
    last = 0
    for start, end in lines:
        line = text[start:end]
        if begin is not None and (not wrapped or not line.strip() or _BULLET.match(line)):
            yield begin, last
            begin = None
        if line.strip():
            begin, last = (start if begin is None else begin), end
    if begin is not None:
        yield begin, last


def _lines(text: str) -> list[tuple[int, int]]:
    spans, start = [], 0
    for match in _BREAK.finditer(text):
        spans.append((start, match.start()))
        start = match.end()
    spans.append((start, len(text)))
    return spans


def _is_wrapped(lines: list[str]) -> bool:
    stripped = [line.strip() for line in lines if line.strip()]
    widths = [len(line.rstrip()) for line in lines if line.strip()]
    if sum(line[:1].islower() for line in stripped[1:]) > _GOES_ON * max(8, len(stripped)):
        return True
    if len(widths) < 4 or max(widths) > _WRAP_LONGEST or statistics.median(widths) < _WRAP_SHORTEST:
        return False
    inner = [line.rstrip() for line in lines[:-1] if line.strip()]
    unfinished = sum(line[-1] not in ".!?:\"”’)" for line in inner)
    return unfinished > len(inner) / 2


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    bullet = _BULLET.match(text, start, end)
    begin, position = start, (bullet.end() - 1 if bullet else start)
    while match := _STOP.search(text, position, end):
        position = max(match.end("closing"), match.end("stop"))
        if _WORD.search(text, position, end) and _WORD.search(text, begin, position) and _ends(text, match, begin, end):
            yield from _trimmed(text, begin, position)
            begin = position
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    if piece.strip():
        yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _ends(text: str, match: re.Match[str], begin: int, end: int) -> bool:
    """Whether the stop that matched ends its sentence."""
    following = text[match.end() : min(end, match.end() + _LOOK_BACK)]
    before = _WORD_BEFORE.search(text[max(begin, match.start() - _LOOK_BACK) : match.start()])
    word = before[0] if before else ""
    if not match["gap"]:
        return _run_on(word, match, following)
    if following[:1] in (".", "…") or (following[:1].islower() and not _NAME_PARTICLE.match(following)):
        return False
    if match["stop"] != "." or match["closing"]:
        return not (match["stop"].startswith("..") and following[:1].islower())
    return not _inside(word, following, text[begin : match.start()])


def _run_on(word: str, match: re.Match[str], following: str) -> bool:
    """Whether the blank after a stop is missing: "said.She", "war.”The"."""
    if match["closing"] and not match["opening"]:
        return following[:1].isupper() and word[-1:].islower() and match["closing"] != "'"
    tail = word.rpartition(".")[2]
    return not word.startswith("www") and len(tail) > 2 and tail[-1].islower() and tail.isalpha() and bool(_RUN_ON.match(following))


def _inside(word: str, following: str, so_far: str) -> bool:
    """Whether a stop with a blank after it belongs to an abbreviation, an initial or a number in the middle of a sentence."""
    after = _WORD_AFTER.match(following)
    following_word = after[0].lower() if after else ""
    lower = word.lower()
    if lower in BEFORE_NAME:
        return bool(following_word)
    if lower in BEFORE_NUMBER:
        return following_word[:1].isdigit()
    if len(word) == 1 and word.isalpha():
        return following_word not in STARTERS or not word.isupper() or bool(re.search(r"[A-Z][\w’'-]*\.?\s+\w$", so_far))
    if lower in ABBREVIATIONS or word in STATES or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return bool(following_word) and following_word not in STARTERS
    return False
