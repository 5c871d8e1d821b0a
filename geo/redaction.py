"""What a report says without some of its words: names and coordinates replaced, and every offset into the text moved along."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from geo.coordinates import fixes
from geo.records import Document, document_id

__all__ = ["COORDINATES", "Cut", "Moved", "Names", "disjoint", "redacted"]

COORDINATES = "[coordinates]"
_SHORTEST = 3  # letters of a name that is looked for where nobody has read it as a name


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """Characters of a text (half-open) and what stands there instead."""

    start: int
    end: int
    words: str


class Moved:
    """Where the characters of a text are once some of it is replaced."""

    def __init__(self, cuts: tuple[Cut, ...]) -> None:
        self._starts = [cut.start for cut in cuts]
        self._cuts = cuts
        self._shifts = [0]
        for cut in cuts:
            self._shifts.append(self._shifts[-1] + len(cut.words) - (cut.end - cut.start))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where characters stand now; what was cut into is as long as all of its replacement.

        Examples
        --------
        >>> Moved((Cut(3, 10, "[a place]"),)).span(3, 10), Moved((Cut(3, 10, "[a place]"),)).span(12, 14)
        ((3, 12), (14, 16))
        """
        return self._at(start, after=False), self._at(end, after=True)

    def _at(self, offset: int, *, after: bool) -> int:
        number = bisect_right(self._starts, offset - after) - 1  # the last cut that begins before what ends here, or where this begins
        if number >= 0 and offset < self._cuts[number].end:
            begin = self._cuts[number].start + self._shifts[number]
            return begin + len(self._cuts[number].words) if after else begin
        return offset + self._shifts[number + 1]


class Names:
    """Names to be replaced wherever they stand: longer ones first, as whole words, as written or in capitals.

    Coordinates are replaced as well.
    """

    def __init__(self, words: Mapping[str, str]) -> None:
        told = {name: word for name, word in words.items() if len(name) >= _SHORTEST}
        self._words = {form: word for name, word in told.items() for form in (name, name.upper())}
        listed = "|".join(re.escape(form) for form in sorted(self._words, key=lambda form: (-len(form), form)))
        self._pattern = re.compile(rf"(?<!\w)(?:{listed})(?!\w)") if listed else None

    def cuts(self, text: str) -> tuple[Cut, ...]:
        """Return where the names and coordinates stand in a text."""
        named = [Cut(*match.span(), f"[{self._words[match[0]]}]") for match in self._pattern.finditer(text)] if self._pattern else []
        return (*named, *(Cut(fix.start, fix.end, COORDINATES) for fix in fixes(text)))

    def out_of(self, text: str) -> str:
        """Return a text without the names and coordinates.

        Examples
        --------
        >>> Names({"Saraqib": "place A"}).out_of("The battle of Saraqib, SARAQIB and Saraqibi")
        'The battle of [place A], [place A] and Saraqibi'
        """
        return _without(text, disjoint(self.cuts(text)))


def disjoint(cuts: Iterable[Cut]) -> tuple[Cut, ...]:
    """Return cuts in order without overlaps; of two that overlap, the one that begins first and of these the longest counts."""
    kept: list[Cut] = []
    for cut in sorted(cuts, key=lambda cut: (cut.start, -cut.end)):
        if not kept or cut.start >= kept[-1].end:
            kept.append(cut)
        elif cut.end > kept[-1].end:  # what sticks out goes too
            kept[-1] = replace(kept[-1], end=cut.end)
    return tuple(kept)


def redacted(document: Document, cuts: Iterable[Cut], *, title: str) -> tuple[Document, Moved]:
    """Return a document with its cuts made, and where its characters stand now.

    Its id is that of the new text, and the path goes, because the name of a file or an address often holds the name of a place.
    """
    chosen = disjoint(cuts)
    text = _without(document.text, chosen)
    reading = _without(document.reading, chosen)
    return replace(document, id=document_id(text), text=text, reading=reading, title=title, path=""), Moved(chosen)


def _without(text: str, cuts: tuple[Cut, ...]) -> str:
    parts, last = [], 0
    for cut in cuts:
        parts += [text[last : cut.start], cut.words]
        last = cut.end
    return "".join((*parts, text[last:]))
