"""A cue in its sentence: the clause around it, and the names on either side; positions are offsets into the document."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.actors import Actors
from geo.clauses import PLACE_NOUNS, PREPOSITIONS, Unit, asides
from geo.records import Actor, Document
from geo.syntax import Tree
from geo.typology import CueMatch
from geo.where import Where

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Cued"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cued:
    """A cue in its sentence, in document offsets, with the units on either side of it."""

    document: Document
    text: str
    offset: int
    match: CueMatch
    start: int
    end: int
    first: int
    last: int
    units: tuple[Unit, ...]
    last_place: Where | None
    tree: Tree | None = None
    top: int | None = None
    """The word of the cue that governs its others, in `tree`."""
    actors: Actors | None = None
    countries: tuple[str, ...] = ()
    gazetteer: Gazetteer | None = None
    """Where a name is looked up that only the claim sees."""
    voice: Actor | None = None
    """Who "we" are."""

    def between(self, start: int, end: int) -> str:
        return self.document.reading[start:end]

    def left(self) -> list[Unit]:
        return [unit for unit in reversed(self.units) if unit.end <= self.start + 1]

    def aside(self, unit: Unit) -> bool:
        """Whether a unit stands in a relative clause or an apposition that is over before the cue."""
        return any(start <= unit.start - self.offset < end <= self.match.start for start, end in asides(self.text))

    def right(self) -> list[Unit]:
        return [unit for unit in self.units if unit.start >= self.end - 1]

    def is_oblique(self, unit: Unit) -> bool:
        """Whether a preposition stands before a name, so that it is not the subject ("forces in Idlib were captured")."""
        words = re.findall(
            r"[\w'’-]+|[,;:()]",
            self.between(max(self.first if unit.start >= self.first else self.offset, unit.start - 60), unit.start).lower(),
        )
        while words and words[-1] in (
            "the",
            "a",
            "an",
            "its",
            "their",
            "his",
            "both",
            "all",
            "northern",
            "southern",
            "eastern",
            "western",
            "former",
        ):
            words.pop()
        if not words or words[-1] not in PREPOSITIONS | {"of"}:
            return False
        return len(words) < 2 or words[-2] not in PLACE_NOUNS
