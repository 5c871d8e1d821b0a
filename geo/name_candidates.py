"""Which stretches of words of a report may be names of places: those that the gazetteer knows, and those that the tagger reads.

What stands around them in the whole report, its `Setting`, is gathered here once for all who ask.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import tagger
from geo.demonyms import demonym_pattern, demonyms
from geo.name_features import Name, Setting, add_tags, setting
from geo.names import fold
from geo.records import Document
from geo.runs import Scene, scene
from geo.tokens import Token, cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer, NameInfo

__all__ = ["gather", "home_countries", "names_in", "untagged"]

LONGEST = 6  # words in a name of the gazetteer
_CONTRACTION = re.compile(r"['’](?:ll|ve|re|d|m|t)$")
_ABBREVIATION = re.compile(r"(?:[A-Z]\.)+[A-Z]?|[A-Z]{2,3}")


@lru_cache(maxsize=4)
def gather(document: Document, gazetteer: Gazetteer) -> tuple[tuple[Name, ...], Setting]:
    """Return the names that a document may hold, and their setting with the tags of its words."""
    names, about = untagged(document, gazetteer)
    found = tagger.tags(about)
    if found is not None:
        names = (*names, *tagger.proposed(about, found, text=document.reading))
        add_tags(about, found, names)
    return names, about


def untagged(document: Document, gazetteer: Gazetteer) -> tuple[tuple[Name, ...], Setting]:
    """Return the names that the gazetteer knows, and their setting without the tagger: what the tagger itself is given."""
    read = scene(document)
    names = names_in(read, document.reading, gazetteer)
    return names, setting(read, names, home=home_countries(document))


def names_in(read: Scene, text: str, gazetteer: Gazetteer) -> tuple[Name, ...]:
    """Return every stretch of words in the runs of a document that the gazetteer knows, long and short."""
    spans: dict[tuple[int, int], str] = {}
    for run in read.runs:
        for first in range(run.first, run.last):
            if read.tokens[first].lower == "the" or not read.tokens[first].word or not (read.tokens[first].capital or first == run.first):
                continue
            for last in range(first + 1, min(run.last, first + 2 * LONGEST) + 1):
                if read.tokens[last - 1].word and (read.tokens[last - 1].capital or read.tokens[last - 1].text.isdigit()):
                    spans[first, last] = fold(text[read.tokens[first].start : read.tokens[last - 1].end])
    known = gazetteer.known(set(spans.values()))
    return tuple(
        Name(first, last, key, known[key])
        for (first, last), key in spans.items()
        if key in known and _plausible(read.tokens, first, last, known[key])
    )


def home_countries(document: Document) -> Counter[str]:
    """The countries whose people or things a document names, and how often: "Syrian forces"."""
    words = (fold(match.group()) for match in demonym_pattern().finditer(document.reading))
    found = [demonyms().get(word, "") for word in words]
    return Counter(feature_id.removeprefix("country:") for feature_id in found if feature_id.startswith("country:"))


def _plausible(found: Sequence[Token], first: int, last: int, info: NameInfo) -> bool:
    """Codes of two or three letters count in capitals and for countries and states only; plain words not at all."""
    word = found[first].text
    if last - first > 1:
        return True
    if word in cues("never") or word in cues("month") or word in cues("weekday") or _CONTRACTION.search(word):
        return False
    if len(fold(word)) <= 2:
        dotted = _ABBREVIATION.fullmatch(word) or found[min(last, len(found) - 1)].text == "."
        before = found[first - 1].lower if first else ""
        placed = before == "," or before in cues("locative") | cues("directional")
        return bool(dotted) and ("country" in info.kinds or ("admin" in info.kinds and placed))
    return len(word) > 1
