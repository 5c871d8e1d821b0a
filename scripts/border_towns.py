"""Which first-level unit a place near a border belongs to: the one that its own source names, where the simplified outline disagrees.

An outline simplified to 500 m puts St. Louis into Illinois and 'Ayn al-'Arab into Turkey. GeoNames gives each place a code of its
first-level unit, but not ours. Which of our units a code stands for is learned from the places that lie deep inside one: nearly all of
those with (US, "MO") lie in US-MO, so St. Louis with "MO" belongs there. A code may stand for several of our units (a French region) and
several codes for one (a unit that was split since); a code that stands for none changes nothing. The state that GeoNames gives counts
too: a place without a usable code that the outline puts just across the border of its state goes to the nearest unit of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geo.projections import distance_km
from scripts.indexing import Entry

__all__ = ["Move", "settle"]

# A place counts with its depth in degrees up to this one, so that the misplaced ones, all near borders, count next to nothing.
FULL_DEPTH = 0.1
# A code stands for a unit if so much of the depth of either is the other's: of 6,438 pairs in all countries 4,799 lie above .8 and 1,339
# below .1; between them are mostly units whose borders were redrawn since.
SHARE = 0.2
# Read by eye, of 20 places at 5 to 10 km from the unit that their code names 17 belong there (redrawn borders), of 9 at 10 to 15 km 4.
REACH_KM = 10.0
# Across a state's border: 'Ayn al-'Arab .5 km, Myawaddy 1.8, Hekou 2.4; farther in lie settlements on land that another state claims.
ABROAD_KM = 3.0
NO_UNIT = ("", "00")  # GeoNames: no first-level unit is known
CANDIDATES = 3  # nearest by degrees, of which the nearest by kilometres is taken


@dataclass(frozen=True, slots=True)
class Move:
    """A place that goes from the unit of the outline to the one its source names, `km` away."""

    entry: Entry
    old: str
    new: str
    km: float


def settle(
    entries: Sequence[Entry],
    codes: Mapping[str, str],
    units: Sequence[tuple[str, str]],
    polygons: np.ndarray,
    *,
    contested: frozenset[str] = frozenset(),
) -> list[Move]:
    """Give the entries near a border the unit that their own source names, and return what was changed.

    Parameters
    ----------
    entries
        Places that bear the unit of the outline that holds them; their `admin1` is changed.
    codes
        The source's code of the first-level unit by the id of an entry; many have none.
    units, polygons
        Our units as (code, country) and their outlines, EPSG:4326.
    contested
        Units that the border views give to different states: no entry leaves one for another state's unit, and a code of any state may
        stand for one.
    """
    number = {unit: i for i, (unit, _) in enumerate(units)}
    at = np.array([number.get(entry.admin1, -1) for entry in entries])
    meant = _meant(entries, codes, at, units, polygons, contested)
    own = defaultdict(list)
    for i, (_, country) in enumerate(units):
        own[country].append(i)
    moves = []
    for entry, here in zip(entries, at, strict=True):
        abroad = here >= 0 and units[here][1] != entry.country and entry.admin1 not in contested
        choice = meant.get((entry.country, codes.get(entry.id, "")), own[entry.country] if abroad else [])
        if not entry.country or entry.kind == "region" or not choice or here in choice:
            continue
        km, unit = _nearest(entry, choice, polygons)
        other_state = here >= 0 and units[here][1] != units[unit][1]
        if km > (ABROAD_KM if other_state else REACH_KM) or (other_state and entry.admin1 in contested):
            continue
        moves.append(Move(entry, entry.admin1, units[unit][0], km))
        entry.admin1 = units[unit][0]
    return moves


def _meant(
    entries: Sequence[Entry],
    codes: Mapping[str, str],
    at: np.ndarray,
    units: Sequence[tuple[str, str]],
    polygons: np.ndarray,
    contested: frozenset[str],
) -> dict[tuple[str, str], list[int]]:
    """Return the numbers of the units that each (country, code) stands for."""
    depths = _depths(entries, at, polygons)
    shared: dict[tuple[int, tuple[str, str]], float] = defaultdict(float)
    of_unit: dict[int, float] = defaultdict(float)
    of_code: dict[tuple[str, str], float] = defaultdict(float)
    for entry, unit, depth in zip(entries, at.tolist(), depths.tolist(), strict=True):
        code = codes.get(entry.id, "")
        if unit < 0 or code in NO_UNIT or (units[unit][1] != entry.country and units[unit][0] not in contested):
            continue
        key = (entry.country, code)
        shared[unit, key] += depth
        of_unit[unit] += depth
        of_code[key] += depth
    meant = defaultdict(list)
    for (unit, key), depth in shared.items():
        if depth >= SHARE * of_unit[unit] or depth >= SHARE * of_code[key]:
            meant[key].append(unit)
    return dict(meant)


def _depths(entries: Sequence[Entry], at: np.ndarray, polygons: np.ndarray) -> np.ndarray:
    """Return how far each entry lies from the border of its unit, in degrees, at most FULL_DEPTH; a weight, not a distance."""
    points = shapely.points([(entry.lon, entry.lat) for entry in entries])
    borders = shapely.boundary(polygons)
    shapely.prepare(borders)
    order = np.argsort(at)
    depths = np.zeros(len(entries))
    depths[order] = shapely.distance(points[order], borders[at[order]])
    return np.where(at < 0, 0.0, np.minimum(depths, FULL_DEPTH))


def _nearest(entry: Entry, choice: list[int], polygons: np.ndarray) -> tuple[float, int]:
    """Return the distance in km to the nearest of some units, and its number."""
    point = shapely.Point(entry.lon, entry.lat)
    near = np.argsort(shapely.distance(point, polygons[choice]), kind="stable")[:CANDIDATES]
    return min((distance_km(point, polygons[choice[i]]), choice[i]) for i in near)
