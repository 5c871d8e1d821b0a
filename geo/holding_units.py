"""Which first-level unit holds each of many points: the shipped boundaries, asked for thousands of points at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
import shapely

from geo.gazetteer import OfflineGazetteer

__all__ = ["Finder", "shipped", "unit_finder"]

Finder = Callable[[Sequence[tuple[float, float, str]]], Sequence[str]]

_COAST_DEGREES = 1.0  # a place off the simplified coast belongs to the nearest unit of its country within this distance


@lru_cache(maxsize=1)
def shipped() -> OfflineGazetteer:
    """Return the shipped gazetteer alone, without what is installed.

    Examples
    --------
    >>> shipped().get("admin1:SY-ID").name
    'Idlib'
    """
    return OfflineGazetteer()


@lru_cache(maxsize=1)
def unit_finder() -> Finder:
    """Return a callable from places (lon, lat in degrees, ISO 3166-1 alpha-2 code or "") to the codes of their units ("SY-ID" or "").

    A unit of the place's own country stands before another that holds the point too.

    Examples
    --------
    >>> unit_finder()([(36.63, 35.93, "SY"), (0.0, 0.0, "")])
    ['SY-ID', '']
    """
    gazetteer = shipped()
    ids, shapes = gazetteer.territory.grounds()
    tree = shapely.STRtree(shapes)
    codes = [unit.removeprefix("admin1:") for unit in ids]
    lands = [gazetteer.get(unit).country for unit in ids]
    grounds = np.asarray(shapes)
    shapely.prepare(grounds)

    def find(places: Sequence[tuple[float, float, str]]) -> Sequence[str]:
        points = shapely.points([(lon, lat) for lon, lat, _ in places]) if places else np.empty(0, dtype=object)
        found = [""] * len(places)
        own = [False] * len(places)
        boxed, units = tree.query(points)
        inside = shapely.intersects(grounds[units], points[boxed])
        for place, unit in zip(boxed[inside], units[inside], strict=True):
            home = lands[unit] == places[place][2]
            if not found[place] or (home and not own[place]):
                found[place], own[place] = codes[unit], home
        lost = [place for place, code in enumerate(found) if not code and places[place][2]]
        near, units = tree.query(points[lost], predicate="dwithin", distance=_COAST_DEGREES)
        apart = shapely.distance(grounds[units], points[lost][near])
        for at in np.argsort(-apart):
            if lands[units[at]] == places[lost[near[at]]][2]:
                found[lost[near[at]]] = codes[units[at]]
        return found

    return find
