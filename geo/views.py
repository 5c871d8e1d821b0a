"""What a map shows first: the bounds of what its reports are mainly about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

if TYPE_CHECKING:
    from geo.layers import Layer

__all__ = ["LEADING", "first_view"]

LEADING = ("control", "claimed", "contested", "influence", "overlay", "proposed")
"""Layers that decide what the first view shows, before all others."""

# Features nearer to each other than this belong to one cluster of the first view: set over the seed report and the five briefings'
# places so that a theatre of war stays together and a foreign capital falls away.
CLUSTER_KM = 450.0

SAME_SPOT_DEGREES = 0.25  # points within such a square are asked for their neighbours once
LEADING_WEIGHT = 6.0

# Wider areas (a sea, a quarter of a country) do not decide the first view where anything narrower is drawn (square kilometres).
WIDE_KM2 = 90_000.0

LEAST_VIEW_DEGREES = 0.9
PACIFIC_EDGE = -100.0  # degrees: what lies west of it is nearer to Asia by sea than to Europe
ANYWHERE = (-20.0, -30.0, 60.0, 60.0)  # where nothing is drawn


def first_view(drawn: Sequence[Layer], *, turn: bool = False) -> tuple[float, float, float, float]:
    """Return west, south, east, north, in degrees, of what the reports are mainly about: the heaviest cluster of claims, else of places.

    Parameters
    ----------
    drawn
        Layers in EPSG:4326.
    turn
        Whether a view may go on across the antimeridian, its east then above 180, where that makes it narrower.
    """
    rows = [(layer.key, row, _turned(row.geometry) if turn else row.geometry)
            for layer in drawn if layer.key != "uncertain" for row in layer.rows if not row.quiet]
    close = [each for each in rows if each[1].km2 < WIDE_KM2 and each[0] != "reference"] or rows
    leads = [key in LEADING or (key == "events" and bool(getattr(row, "course", ""))) for key, row, _ in close]  # movements lead too
    weights = [LEADING_WEIGHT if lead else 1.0 + len(row.mentions) for (_, row, _), lead in zip(close, leads, strict=True)]
    cluster = _heaviest([(shape, weight) for (_, _, shape), weight in zip(close, weights, strict=True)])
    near = {id(shape) for shape in cluster}
    leading = [shape for (_, _, shape), lead in zip(close, leads, strict=True) if lead and id(shape) in near]
    # of one spot alone no map is made: its events lie about it
    if leading and np.ptp(shapely.total_bounds(leading).reshape(2, 2), axis=0).max() < LEAST_VIEW_DEGREES:
        leading += [shape for key, _, shape in close if key == "events" and id(shape) in near]
    chosen = leading or cluster or [row.geometry for layer in drawn for row in layer.rows]
    if not chosen:
        return _widened(ANYWHERE)
    west, south, east, north = shapely.total_bounds(chosen)
    back = 360.0 if west >= 180 else 0.0
    return _widened((west - back, south, east - back, north), most_east=540.0 if turn else 180.0)


def _turned(shape: BaseGeometry) -> BaseGeometry:
    """The same shape with the Americas east of Asia, so that the Pacific is one piece."""
    if shape.bounds[0] >= PACIFIC_EDGE:
        return shape
    return shapely.transform(shape, lambda xy: np.column_stack((np.where(xy[:, 0] < PACIFIC_EDGE, xy[:, 0] + 360, xy[:, 0]), xy[:, 1])))


def _heaviest(weighed: Sequence[tuple[BaseGeometry, float]]) -> list[BaseGeometry]:
    """The heaviest group of shapes that stand within `CLUSTER_KM` of one another; points of one spot are asked as one."""
    if not weighed:
        return []
    shapes = [shape for shape, _ in weighed]
    middles = shapely.get_coordinates(shapely.centroid(shapes))
    squares = np.round(middles / SAME_SPOT_DEGREES).astype(int).tolist()
    spots: dict[tuple[int, ...], int] = {}
    spot_of = [
        spots.setdefault((*square,) if shape.geom_type == "Point" else (*square, number), len(spots))
        for number, (shape, square) in enumerate(zip(shapes, squares, strict=True))
    ]
    firsts = np.unique(spot_of, return_index=True)[1]
    asked = np.array(shapes, dtype=object)[firsts]
    degrees = CLUSTER_KM / 111.2 / np.maximum(np.cos(np.radians(middles[firsts, 1])), 0.2)
    one, other = shapely.STRtree(asked).query(asked, predicate="dwithin", distance=degrees)
    near = coo_array((np.ones(len(one), dtype=np.int8), (one, other)), shape=(len(asked), len(asked)))
    group = connected_components(near, directed=False)[1][spot_of]
    best = np.argmax(np.bincount(group, weights=[weight for _, weight in weighed]))
    return [shapes[index] for index in np.flatnonzero(group == best)]


def _widened(bounds: Sequence[float], *, most_east: float = 180.0) -> tuple[float, float, float, float]:
    west, south, east, north = (float(edge) for edge in bounds)
    x, y, across, up = (
        (west + east) / 2,
        (south + north) / 2,
        max(east - west, LEAST_VIEW_DEGREES * 1.4),
        max(north - south, LEAST_VIEW_DEGREES),
    )
    return max(x - across / 2, -180.0), max(y - up / 2, -84.0), min(x + across / 2, most_east), min(y + up / 2, 84.0)
