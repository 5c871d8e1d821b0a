"""Into which pieces two maps cut the ground: each piece with who holds it on the one and on the other.

All lines of both maps are noded together, so the pieces neither overlap nor leave gaps, and swapping the maps gives the same pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.projections import area_km2, length_km, valid

__all__ = ["LEAST_KM2", "THIN_KM", "Piece", "is_sliver", "pieces"]

GRID = 1e-7  # degrees to which corners are rounded before the lines are noded: a centimetre
THIN_KM = 0.1  # mean width below which a piece is a difference of drawing (design of zones, 6)
LEAST_KM2 = 0.1  # and the area below which it is


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Piece:
    """A connected piece of ground (EPSG:4326), and which areas of the first and of the second map cover it (their numbers)."""

    before: tuple[int, ...]
    after: tuple[int, ...]
    geometry: BaseGeometry


def pieces(before: Sequence[BaseGeometry], after: Sequence[BaseGeometry]) -> list[Piece]:
    """Return the pieces that the areas of two maps cut the ground into; ground on neither map is none.

    Areas of one map may overlap: a piece then lies in several of them.

    Examples
    --------
    >>> one, other = shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)
    >>> sorted((piece.before, piece.after, piece.geometry.area) for piece in pieces([one], [other]))
    [((), (0,), 1.0), ((0,), (), 1.0), ((0,), (0,), 1.0)]
    """
    areas = [*before, *after]
    if not areas:
        return []
    edges = shapely.union_all(shapely.boundary(np.array(areas, dtype=object)), grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(edges)))
    covers = [_covering(faces, list(side)) for side in (before, after)]
    groups: dict[tuple[tuple[int, ...], tuple[int, ...]], list[BaseGeometry]] = {}
    for face, first, second in zip(faces, *covers, strict=True):
        if first or second:
            groups.setdefault((first, second), []).append(face)
    return [
        Piece(before=first, after=second, geometry=part)
        for (first, second), found in groups.items()
        for part in shapely.get_parts(valid(shapely.union_all(found)))
        if part.geom_type == "Polygon"
    ]


def is_sliver(part: BaseGeometry) -> bool:
    """Say whether a piece is so thin (mean width under 100 m) or small (under 0.1 km2) that it is a difference of drawing.

    Examples
    --------
    >>> is_sliver(shapely.box(0, 0, 1, 0.0005)), is_sliver(shapely.box(0, 0, 1, 0.01))
    (True, False)
    """
    km2 = area_km2(part)
    return km2 < LEAST_KM2 or 2 * km2 / length_km(part.boundary) < THIN_KM


def _covering(faces: NDArray[np.object_], areas: list[BaseGeometry]) -> list[tuple[int, ...]]:
    """Return for each face which of the areas cover it."""
    found: list[list[int]] = [[] for _ in faces]
    if areas and len(faces):
        inner = shapely.point_on_surface(faces)
        for face, area in shapely.STRtree(areas).query(inner, predicate="within").T.tolist():
            found[face].append(area)
    return [tuple(sorted(numbers)) for numbers in found]
