"""Places by their coordinates, and the name that coordinates in brackets explain: "Kafr Nabl (35.614, 36.561)"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from geo.coordinates import Fix, fixes
from geo.records import Document, Mention
from geo.runs import Scene, scene
from geo.tokens import cues, word_list

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["coordinate_recogniser"]

# A bare pair of numbers, with nothing to say what they are, must fall this near to a known place: most pairs of numbers lie at sea.
LAND_KM = 60.0
LONGEST, SHORTEST = 5, 3  # words, and letters of a word, in a name that coordinates explain
_OPENS = re.compile(r"\s?[(\[]\s?(?:\w+[:.]?\s?){0,2}$")
_OPENED = re.compile(r"\s?[(\[]\s?")


def coordinate_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of coordinates, grid references and links to a map, and of the names before them that no gazetteer knows."""

    def recognise(document: Document) -> Iterator[Mention]:
        for fix in fixes(document.reading):
            if fix.sure or gazetteer.near(fix.lon, fix.lat, radius_km=LAND_KM, limit=1):
                yield Mention(
                    document_id=document.id, start=fix.start, end=fix.end, text=document.text[fix.start : fix.end], kind="other",
                    recogniser="coordinates",
                )
                yield from _explained(document, fix, scene(document))

    return recognise


def _explained(document: Document, fix: Fix, read: Scene) -> Iterator[Mention]:
    """The name right before coordinates in brackets, or in brackets after them."""
    lead = _OPENS.search(document.reading, max(0, fix.start - 40), fix.start)
    last = bisect_left(read.tokens, lead.start(), key=lambda token: token.end) if lead else 0
    if lead and last in read.run_of and read.tokens[last].end == lead.start():
        yield from _named(document, read, read.run_of[last].first, last + 1)
    follow = _OPENED.match(document.reading, fix.end)
    first = bisect_left(read.tokens, follow.end(), key=lambda token: token.start) if follow else 0
    if follow and first in read.run_of and document.reading.startswith((")", "]", ","), read.tokens[read.run_of[first].last - 1].end):
        yield from _named(document, read, first, read.run_of[first].last)


def _named(document: Document, read: Scene, first: int, last: int) -> Iterator[Mention]:
    """The tokens `first` to `last` (exclusive) as a name, unless it is that of a person, an organisation or a thing."""
    first += read.tokens[first].lower == "the"
    words = [token.text for token in read.tokens[first:last] if token.word]
    plain = all(word.lower() in word_list("common") or word in cues("never") or len(word) < SHORTEST for word in words)
    if len(words) > LONGEST or plain or read.label(first, last) != "plain":
        return
    start, end = read.tokens[first].start, read.tokens[last - 1].end
    yield Mention(
        document_id=document.id, start=start, end=end, text=document.text[start:end], kind="populated", recogniser="coordinates", score=0.6,
    )
