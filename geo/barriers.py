"""What hinders an advance: the rivers and lakes that cross an area."""

from __future__ import annotations

from functools import lru_cache

import shapely
from shapely.geometry.base import BaseGeometry

from geo import datafiles
from geo.indexes import PlaceIndex
from geo.projections import unwrap

__all__ = ["waters"]


def waters(area: BaseGeometry) -> tuple[BaseGeometry, ...]:
    """Return the larger rivers (lines) and the shores of lakes (lines) near an area, in EPSG:4326.

    They come from the shipped index of waters (Natural Earth 10m), which holds the rivers that shape a front on the scale of a country.

    Examples
    --------
    >>> len(waters(shapely.box(32, 46, 36, 49))) > 0
    True
    """
    west, south, east, north = unwrap(area).bounds
    frames = [shapely.box(west + turn, south, east + turn, north) for turn in (-360, 0, 360)]
    index = _index()
    found = []
    for prefix in ("river:", "lake:"):
        for name, *bounds in index.boxes(prefix):
            if any(frame.intersects(shapely.box(*bounds)) for frame in frames) and (stored := index.wkb(name)):
                shape = shapely.from_wkb(stored)
                found.append(shape.boundary if shape.area > 0 else shape)
    return tuple(found)


@lru_cache(maxsize=1)
def _index() -> PlaceIndex:
    return PlaceIndex(datafiles.index("water"), source="Natural Earth")
