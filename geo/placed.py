"""A place of a claim as the words give it: where it is, what has to be said of it, and the words that name it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.clauses import Unit, gap_is_partial
from geo.cued import Cued
from geo.where import Described, Named, Strip, Union, Until, Where

__all__ = ["AT_A_SITE", "PART_OF_IT", "SOMEWHERE_ALONG", "UNKNOWN", "UNPLACED", "Placed", "each_of", "joined", "partly", "placed", "whole"]

SOMEWHERE_ALONG = "The text does not say where on it."
UNKNOWN = "The gazetteer does not know this place; it is listed, not drawn."
UNPLACED = "The text gives the place no name; it is listed, not drawn."
AT_A_SITE = "The text names a site there that has no name of its own, not the place as a whole."
PART_OF_IT = "Only a part of the named place is meant; the text does not say which."


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A place of a claim, and what has to be said of it."""

    where: Where | None
    limits: tuple[str, ...] = ()
    span: tuple[int, int] | None = None
    """Where its words stand in the document; None where it is named elsewhere."""


def each_of(place: Placed) -> tuple[Placed, ...]:
    """Return the places of a list that one phrase joins ("near Opytne, Vodiane and Pavlivka"), each for itself."""
    if isinstance(place.where, Union) and not any(isinstance(part, Until) for part in place.where.parts):
        return tuple(replace(place, where=part) for part in place.where.parts if not isinstance(part, str))
    return (place,)


def partly(s: Cued, unit: Unit) -> Placed:
    """Return the place of a unit, or that it is a part of it ("several villages in X"), or that nothing knows it."""
    if unit.where is None:
        return Placed(where=None, limits=(UNKNOWN,), span=(unit.start, unit.end))
    before = s.between(max(s.offset, unit.start - 40), unit.start)
    if gap_is_partial(before) and isinstance(unit.where, Named):
        return Placed(where=Described("part", unit.where), limits=(PART_OF_IT,), span=(unit.start, unit.end))
    return placed(unit)


def joined(chain: Sequence[Unit]) -> tuple[Placed, ...]:
    """Return one place each, but a place and the land that depends on it ("the city and the territory to the border") are one area."""
    if len(chain) > 1 and any(isinstance(unit.where, Until) for unit in chain[1:]):
        return (Placed(where=Union(*(whole(unit) for unit in chain)), span=(chain[0].start, chain[-1].end)),)
    return tuple(placed(unit) for unit in chain)


def placed(unit: Unit) -> Placed:
    """Return the place of a unit; the bank of a whole river is somewhere on it."""
    where = whole(unit)
    if isinstance(where, Strip) and isinstance(where.line, Named) and where.line.feature.startswith("river:"):
        return Placed(where=Described("bank", where.line), limits=(SOMEWHERE_ALONG,), span=(unit.start, unit.end))
    return Placed(where=where, span=(unit.start, unit.end))


def whole(unit: Unit) -> Where:
    """Return where a unit is."""
    assert unit.where is not None
    return unit.where
