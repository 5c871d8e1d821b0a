"""Which part of a described area lies on land, or in the one country that its words are about.

A strip, a disc or a corridor is drawn as a plane figure and runs out over the sea; what it says is said of land. Shapes are EPSG:4326.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo.neighbours import Atlas
from geo.projections import buffer_km, valid

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["downstream", "land_round", "on_land", "on_other_land", "within"]

LEAST_SHARE = 0.1  # a figure with less of its area on land is said of the sea ("40 km south of Odesa") and kept whole; by hand
NEAR_DEGREES, SAME_DEGREES = 0.02, 0.005  # round a town that is asked for; outlines of two sources are that far apart
MOUTH_KM = 20.0  # a river whose end lies this near to the sea ends there
ROUND_DEGREES = 0.2
WHOLE = 0.999
SLIVER_SHARE = 1e-4  # parts smaller than this share of the whole are left by outlines that do not quite meet


def on_land(shape: BaseGeometry, gazetteer: Gazetteer) -> BaseGeometry:
    """Return the part of an area that lies on land; all of it where hardly any does, or where the gazetteer knows no ground.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> on_land(shapely.box(35.0, 34.0, 37.0, 34.2), open_gazetteer()).bounds[0] > 35.5
    True
    """
    if not isinstance(gazetteer, Atlas) or not shape.geom_type.endswith("Polygon"):
        return shape
    parts = [shapely.intersection(part, gazetteer.territory.land(*part.bounds)) for part in shapely.get_parts(shape)]
    return _enough(shapely.union_all(parts), shape)


def downstream(line: BaseGeometry, gazetteer: Gazetteer) -> BaseGeometry:
    """Return a river as it flows: toward its one end by the sea; without one, as its source drew it, which is from the spring."""
    wet = []
    for end in (shapely.get_point(line, 0), shapely.get_point(line, -1)):
        around = buffer_km(end, MOUTH_KM)
        wet.append(on_land(around, gazetteer).area < WHOLE * around.area)
    return shapely.reverse(line) if wet == [True, False] else line


def land_round(area: BaseGeometry, gazetteer: Gazetteer) -> BaseGeometry:
    """Return the land beside an area, empty where the gazetteer knows none."""
    if not isinstance(gazetteer, Atlas):
        return shapely.Polygon()
    west, south, east, north = area.bounds
    land = gazetteer.territory.land(west - ROUND_DEGREES, south - ROUND_DEGREES, east + ROUND_DEGREES, north + ROUND_DEGREES)
    return valid(shapely.difference(land, shapely.buffer(area, SAME_DEGREES)))


def on_other_land(point: BaseGeometry, country: BaseGeometry, gazetteer: Gazetteer) -> bool:
    """Say whether a point outside a country's ground stands on land that is held by another: a town of a breakaway republic."""
    if not isinstance(gazetteer, Atlas):
        return False
    land = gazetteer.territory.land(*point.buffer(NEAR_DEGREES).bounds)
    return bool(shapely.difference(land, shapely.buffer(country, SAME_DEGREES)).intersects(point))


def within(shape: BaseGeometry, country: BaseGeometry) -> BaseGeometry:
    """Return the part of an area that lies in a country; all of it where hardly any does."""
    return _enough(shapely.intersection(shape, country), shape) if shape.geom_type.endswith("Polygon") else shape


def _enough(kept: BaseGeometry, whole: BaseGeometry) -> BaseGeometry:
    parts = [part for piece in shapely.get_parts(valid(kept)) for part in shapely.get_parts(piece)]
    parts = [part for part in parts if part.geom_type == "Polygon" and part.area > SLIVER_SHARE * whole.area]
    return shapely.union_all(parts) if sum(part.area for part in parts) >= LEAST_SHARE * whole.area else whole
