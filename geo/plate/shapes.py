"""Shapes of shapely as rings and paths of a plate, and how many corners they have."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.plate.items import Area, Item, Line, Ring, Sign

__all__ = ["areas", "corners", "lines", "paths", "polygons"]

_LEAST = 0.05  # square points: less is no area
_DIGITS = 2  # of coordinates on the page: a hundredth of a point


def polygons(shape: BaseGeometry) -> tuple[tuple[Ring, ...], ...]:
    """Return the polygons of a shape, each its outer ring and its holes, none closed by repeating its first point."""
    return tuple(
        (_ring(part.exterior), *(_ring(hole) for hole in part.interiors if shapely.Polygon(hole).area >= _LEAST)) for part in areas(shape)
    )


def paths(shape: BaseGeometry) -> tuple[Ring, ...]:
    """Return the lines of a shape, joined where they meet end to end."""
    return tuple(_rounded(line) for line in lines(shape))


def areas(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the polygons of a shape, whatever else it holds."""
    return [part for part in _parts(shape) if part.geom_type == "Polygon" and part.area >= _LEAST]


def lines(shape: BaseGeometry) -> list[BaseGeometry]:
    """Return the lines of a shape, joined where they meet end to end."""
    found = [part for part in _parts(shape) if part.geom_type in ("LineString", "LinearRing") and part.length > 0]
    if len(found) < 2:
        return found
    return [part for part in shapely.get_parts(shapely.line_merge(shapely.multilinestrings(found))) if part.length > 0]


def corners(items: Iterable[Item]) -> int:
    """Return how many corners some items have in all.

    Examples
    --------
    >>> corners([Area(role="sea", polygons=polygons(shapely.box(0, 0, 1, 1)))])
    4
    """
    return sum(_corners(item) for item in items)


def _corners(item: Item) -> int:
    if isinstance(item, Area):
        return sum(len(ring) for rings in item.polygons for ring in rings)
    if isinstance(item, Line):
        return sum(len(path) for path in item.paths)
    return corners(item.shapes) if isinstance(item, Sign) else 0


def _parts(shape: BaseGeometry) -> list[BaseGeometry]:
    found = []
    for part in shapely.get_parts(shape):
        found.extend(_parts(part) if part.geom_type in ("GeometryCollection", "MultiPolygon", "MultiLineString") else [part])
    return [part for part in found if not part.is_empty]


def _ring(ring: BaseGeometry) -> Ring:
    return _rounded(ring)[:-1]


def _rounded(line: BaseGeometry) -> NDArray[np.float64]:
    points: NDArray[np.float64] = np.round(shapely.get_coordinates(line), _DIGITS) + 0.0
    return points
