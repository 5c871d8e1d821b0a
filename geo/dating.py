"""Which date of a report belongs to an act and its place: the nearest of its sentence, a heading's, or in a story the one before.

A date behind the act belongs to it only where no new clause begins between them; "since" and "until" begin none.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from geo.records import Document, When
from geo.times import Dated, dates_of, read_dates

__all__ = ["date_of", "heading_dates"]

# Characters that a new clause between a date and an act counts for, and one between a date behind and the act: set over own sentences.
BREAK_COSTS = 120
FARTHEST = 400  # characters from an act to its date
_BREAK = re.compile(
    r"[;:]|,?\s\b(?:while|whereas|but|although|though|because|after|before|when|where|as|unless|despite|whose|who|which)\b"
    r"|,\s(?:saying|leaving|forcing|according)\b|\band (?=(?:then|later|has|had|have|was|were|is|are|by|on|in|at|they|it|he|she)\b)"
    r"|\band (?=\w+(?:ed|ew|ook|ent|eld|ell|eft|ought|ave|un|ut off)\b)",
    re.IGNORECASE,
)
_HEADING_REST = re.compile(
    r"[\W\d]*(?:(?:day|week|update|situation|report|as of|mon|tues?|wed(?:nes)?|thurs?|fri|sat(?:ur)?|sun)(?:day)?[\W\d]*)*", re.IGNORECASE
)
_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Heading:
    """A line that is only a date, and where it stands."""

    start: int
    when: When


def date_of(
    document: Document, *, sentence: tuple[int, int], act: tuple[int, int], place: tuple[int, int] | None = None, ahead: bool = False,
) -> When:
    """Return when the fact of an act is dated: in its sentence, in the heading above it, else the day of publication.

    Parameters
    ----------
    sentence, act, place
        Where they begin and end in the report; the place of this fact, where several share the act.
    ahead
        Whether the fact lies in the future.

    Examples
    --------
    >>> import datetime as dt
    >>> from geo.documents import from_text
    >>> report = from_text("They took Nyala on 26 October and Zalingei five days later.", published=dt.date(2023, 11, 4))
    >>> date_of(report, sentence=(0, 59), act=(5, 9), place=(34, 42)).start
    datetime.date(2023, 10, 31)
    """
    told = dates_of(document)
    first, last = (bisect_left(told, at, key=lambda found: found.start) for at in sentence)
    inside = list(told[first:last])
    if ahead and inside:
        text = document.reading[sentence[0] : sentence[1]]
        read = read_dates(text, published=document.published, ahead=True)
        inside = [Dated(start=one.start + sentence[0], end=one.end + sentence[0], when=one.when) for one in read]
    near = [(cost, found) for found in inside if (cost := _cost(document, found, act, place)) <= FARTHEST]
    if near:
        return min(near, key=lambda pair: pair[0])[1].when
    if re.search(r"\bin the past\b", document.reading[sentence[0] : sentence[1]], re.IGNORECASE):
        return When(end=document.published, precision="unknown", words="in the past")
    if not ahead and (above := _above(heading_dates(document), sentence[0])):
        return above.when
    return When(start=document.published, precision="publication" if document.published else "unknown")


@lru_cache(maxsize=64)
def heading_dates(document: Document) -> tuple[_Heading, ...]:
    """Return the lines of a report that are only a date, as diaries and daily summaries have them."""
    dated = dates_of(document)
    starts = [found.start for found in dated]
    found = []
    for line in _LINE.finditer(document.reading):
        first = bisect_left(starts, line.start())
        if first < len(dated) and dated[first].end <= line.end() and dated[first].when.precision == "day":
            rest = line.group()[: dated[first].start - line.start()] + line.group()[dated[first].end - line.start() :]
            if len(rest) < 40 and _HEADING_REST.fullmatch(rest):
                found.append(_Heading(start=line.start(), when=dated[first].when))
    return tuple(found) if len(found) > 1 else ()


def _above(headings: Sequence[_Heading], position: int) -> _Heading | None:
    before = [heading for heading in headings if heading.start <= position]
    return before[-1] if before else None


def _cost(document: Document, found: Dated, act: tuple[int, int], place: tuple[int, int] | None) -> float:
    """How far a date is from an act or its place, in characters, each new clause between them counting for many."""
    ends = [act] if place is None else [place, act]
    return min(_distance(document.reading, found, end) + (number * 20) for number, end in enumerate(ends))


def _distance(text: str, found: Dated, end: tuple[int, int]) -> float:
    if found.end <= end[0]:
        between = text[found.end : end[0]]
        return len(between) + BREAK_COSTS * len(_BREAK.findall(between))
    if found.start >= end[1]:
        between = text[end[1] : found.start]
        joined = re.search(r"\band\s+$", between) and re.match(r"\s[a-z]", text[found.end : found.end + 2])  # "and a month later took"
        return len(between) + (FARTHEST + 1) * bool(_BREAK.search(between) or joined)
    return 0.0
