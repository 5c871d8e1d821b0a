"""Where fire is said to have ceased, and until when: there what is held stays held for longer.

A claim of a ceasefire, truce or armistice counts from its day until a later claim tells of fighting on the same ground.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from shapely.geometry.base import BaseGeometry

from geo import where
from geo.ageing import Ceasefire
from geo.errors import GeometryError, UnknownPlace
from geo.projections import area_km2, buffer_km
from geo.records import Claim
from geo.typology import cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["ceasefires", "freezes"]

AROUND_KM = 10.0  # a ceasefire "in" a town or along a road holds for the ground around it too; set by judgement
SMALL_KM2 = 500.0  # ground smaller than this is such a town or road
_TOLD = frozenset({"reported", "assessed"})
_FIGHTING = frozenset({"contests", "attacks", "advances"})

_log = logging.getLogger(__name__)


def ceasefires(claims: Iterable[Claim], *, gazetteer: Gazetteer) -> tuple[Ceasefire, ...]:
    """Return the ceasefires that claims tell of, each until the first later claim of fighting on its ground."""
    told = [claim for claim in claims if claim.status in _TOLD and claim.where is not None]
    fights = [claim for claim in told if claim.predicate in _FIGHTING and claim.when.start is not None]
    found = []
    for claim in told:
        ground = _ground(claim, gazetteer) if freezes(claim) else None
        if ground is not None:
            found.append(Ceasefire(ground=ground, start=claim.when.start, end=_broken(claim, ground, fights, gazetteer)))
    return tuple(found)


def freezes(claim: Claim) -> bool:
    """Say whether a claim tells of a ceasefire: it was made by such words of the typology, and says so among its limits."""
    return claim.predicate == "agrees" and any(limit in _notes() for limit in claim.limits)


def _broken(claim: Claim, ground: BaseGeometry, fights: Iterable[Claim], gazetteer: Gazetteer) -> dt.date | None:
    """Return the first day after the ceasefire of which fighting on its ground is told."""
    days = []
    for fight in fights:
        day = fight.when.start
        if day is not None and (claim.when.start is None or day > claim.when.start):
            place = _ground(fight, gazetteer)
            if place is not None and place.intersects(ground):
                days.append(day)
    return min(days, default=None)


def _ground(claim: Claim, gazetteer: Gazetteer) -> BaseGeometry | None:
    if claim.where is None:
        return None
    try:
        ground = where.geometry(claim.where, gazetteer)
    except (GeometryError, UnknownPlace) as error:
        _log.info("Claim %s tells of no ground for a ceasefire: %s", claim.id, error)
        return None
    return buffer_km(ground, AROUND_KM) if ground.area == 0 or area_km2(ground) < SMALL_KM2 else ground


@lru_cache(maxsize=1)
def _notes() -> frozenset[str]:
    return frozenset(cue.note for cue in cues() if cue.family == "freeze")
