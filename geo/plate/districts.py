"""Lines between second-level units, where a user has installed their outlines; the shipped basemap has those of the first level."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import shapely
from shapely.geometry.base import BaseGeometry

from geo.installed import installed
from geo.plate.view import View

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["district_lines"]

MOST_KM = 900.0  # half the diagonal of a map: on a wider one, districts would be a texture
_ASKED = 4_000


def district_lines(situation: Situation, view: View) -> BaseGeometry:
    """Return the outlines of the installed second-level units in a view (EPSG:4326), as one shape; empty where there are none."""
    lon, lat = view.centre
    reach = math.hypot(view.frame.width, view.frame.height) / 2 * view.km_per_point
    if reach > MOST_KM or not any(one.holds == "areas" for one in installed()):
        return shapely.GeometryCollection()
    near = situation.gazetteer.near((lon + 180) % 360 - 180, lat, radius_km=reach, kinds={"admin"}, limit=_ASKED)
    shapes = [situation.gazetteer.shape(unit) for unit, _ in near if unit.id.startswith("boundary:")]
    edges = [shapely.boundary(shape) for shape in shapes if "Polygon" in shape.geom_type]
    return shapely.union_all(edges) if edges else shapely.GeometryCollection()
