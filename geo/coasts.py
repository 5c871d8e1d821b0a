"""Which stretches of a coast face a direction: "the west coast of Korea".

Everything here takes and returns shapes in EPSG:4326; metres come from `geo.projections`.
"""

from __future__ import annotations

import itertools

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from geo.errors import GeometryError
from geo.projections import local, unwrap, valid

__all__ = ["facing"]

# All by hand, checked on a dozen coasts (Spain, Italy, both Koreas, Vietnam, Sri Lanka ...).
STEPS = 400  # places asked along the extent of the land
SMOOTHED = 0.04  # of the extent: a bay shorter than this does not change which way the coast faces
FACING = 0.45  # cosine: a coast faces all that lies within 63 degrees of its outward side
CLEAR = 0.015  # of the extent: land nearer than this before the coast (a spit, an islet) does not hide it
LEAST_PIECE = 0.02  # of the land: smaller islands hide nothing


def facing(edge: BaseGeometry, area: BaseGeometry, bearing: float) -> BaseGeometry:
    """Return the stretches of an area's coast that look toward a bearing in degrees, with none of its own land in the way.

    Raises
    ------
    GeometryError
        No stretch looks that way.

    Examples
    --------
    >>> island = shapely.box(0, 0, 10, 10)
    >>> facing(island.exterior, island, 0.0).bounds[1] > 9
    True
    """
    plane = local(area)
    land, line = (affinity.rotate(valid(plane.to(unwrap(shape))), bearing, origin=(0, 0)) for shape in (area, edge))
    pieces = [part for part in shapely.get_parts(land) if part.area >= LEAST_PIECE * land.area]
    extent = max(land.bounds[2] - land.bounds[0], land.bounds[3] - land.bounds[1])
    ground = shapely.union_all([shapely.simplify(part, extent / STEPS) for part in pieces])
    shapely.prepare(ground)
    kept = [stretch for part in shapely.get_parts(shapely.line_merge(line)) for stretch in _stretches(part, ground, extent)]
    long = [stretch for stretch in kept if stretch.length >= extent * SMOOTHED]
    kept = long or kept  # a cape of another coast turns this way for a short stretch
    if not kept:
        raise GeometryError("No part of that coast faces that way; name another side.")
    return plane.back(affinity.rotate(shapely.line_merge(shapely.multilinestrings(kept)), -bearing, origin=(0, 0)))


def _stretches(part: BaseGeometry, ground: BaseGeometry, extent: float) -> list[BaseGeometry]:
    """Return the stretches of one line, in a plane whose y axis is the bearing, that look up it."""
    places = shapely.get_coordinates(shapely.segmentize(part, extent / STEPS))
    if len(places) < 2:
        return []
    along = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))))
    middles, at = (places[:-1] + places[1:]) / 2, (along[:-1] + along[1:]) / 2
    ahead, behind = (shapely.get_coordinates(shapely.line_interpolate_point(part, at + way)) for way in _ways(part, at, extent))
    chord = ahead - behind
    length = np.maximum(np.hypot(chord[:, 0], chord[:, 1]), 1.0)
    sideways = chord[:, 0] / length  # how far one of the two normals points up; its sign is that of the side where the land is not
    left = np.column_stack((-chord[:, 1], chord[:, 0])) / length[:, None] * extent * CLEAR / 3
    wet = np.where(shapely.contains_xy(ground, *(middles + left).T), -1.0, 1.0)
    tops = np.column_stack((middles[:, 0], np.full(len(middles), ground.bounds[3] + extent)))
    rays = shapely.linestrings(np.stack((middles + np.array([0, extent * CLEAR]), tops), axis=1))
    looks = (sideways * wet >= FACING) & ~shapely.intersects(ground, rays)
    looks = _closed(looks, at, extent * SMOOTHED)
    return [shapely.linestrings(places[first : last + 1]) for first, last in _runs(looks)]


def _ways(part: BaseGeometry, at: np.ndarray, extent: float) -> tuple[np.ndarray, np.ndarray]:
    reach = extent * SMOOTHED
    return np.minimum(reach, part.length - at), -np.minimum(reach, at)


def _closed(looks: np.ndarray, at: np.ndarray, gap: float) -> np.ndarray:
    """Return the same answers with gaps shorter than a length filled."""
    filled = looks.copy()
    yes = np.flatnonzero(looks)
    for one, other in itertools.pairwise(yes):
        if other - one > 1 and at[other] - at[one] < gap:
            filled[one:other] = True
    return filled


def _runs(looks: np.ndarray) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate(([0], looks.astype(int), [0]))))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]
