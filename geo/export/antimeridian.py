"""Where a shape leaps over the antimeridian, and which box holds shapes on a round world: two rules of RFC 7946."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

__all__ = ["bbox", "uncrossed"]

_HALF, _WHOLE = 180.0, 360.0


def uncrossed(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape cut in two where a line or ring of it leaps over the antimeridian (RFC 7946, section 3.1.9).

    A step of more than 180 degrees of longitude goes the short way round, over the antimeridian.

    Examples
    --------
    >>> uncrossed(shapely.LineString([(179, 0), (-179, 0)])).wkt
    'MULTILINESTRING ((179 0, 180 0), (-180 0, -179 0))'
    """
    if not _leaps(shape):
        return shape
    kind = shapely.get_parts(shape)[0].geom_type
    halves: list[BaseGeometry] = []
    for piece in map(_unrolled, shapely.get_parts(shape)):
        west, _, east, _ = piece.bounds
        for turn in range(int(np.floor((west + _HALF) / _WHOLE)), int(np.ceil((east + _HALF) / _WHOLE))):
            start = turn * _WHOLE
            part = shapely.intersection(piece, shapely.box(start - _HALF, -90, start + _HALF, 90))
            halves += shapely.get_parts(shapely.transform(part, lambda at, start=start: at - [start, 0])).tolist()
    kept = [half for half in halves if half.geom_type == kind and not half.is_empty]
    joined: BaseGeometry = shapely.union_all(kept) if kind == "Polygon" else shapely.multilinestrings(kept)
    return joined


def bbox(shapes: Iterable[BaseGeometry]) -> list[float]:
    """Return [west, south, east, north] of shapes (EPSG:4326); west exceeds east where they lie across the antimeridian.

    The widest gap between longitudes is left out (RFC 7946, section 5.2); no shapes have no box.

    Examples
    --------
    >>> bbox([shapely.box(178, -18, 180, -16), shapely.box(-180, -18, -179, -16)])
    [178.0, -18.0, -179.0, -16.0]
    """
    pieces = [part.bounds for shape in shapes for part in shapely.get_parts(shape) if not part.is_empty]
    if not pieces:
        return []
    south, north = min(piece[1] for piece in pieces), max(piece[3] for piece in pieces)
    runs: list[list[float]] = []
    for west, _, east, _ in sorted(pieces):
        if runs and west <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], east)
        else:
            runs.append([west, east])
    gaps = [(after[0] - before[1], after[0], before[1]) for before, after in pairwise(runs)]
    outer = runs[0][0] + _WHOLE - runs[-1][1]
    if gaps and max(gaps)[0] > outer:
        _, west, east = max(gaps)
        return [float(west), float(south), float(east), float(north)]
    return [float(runs[0][0]), float(south), float(runs[-1][1]), float(north)]


def _leaps(shape: BaseGeometry) -> bool:
    west, _, east, _ = shape.bounds
    if east - west <= _HALF:
        return False
    rings = shapely.get_parts(shape)
    lines = [line for part in rings for line in ([part.exterior, *part.interiors] if part.geom_type == "Polygon" else [part])]
    return any(bool((np.abs(np.diff(shapely.get_coordinates(line)[:, 0])) > _HALF).any()) for line in lines)


def _unrolled(piece: BaseGeometry) -> BaseGeometry:
    """A line or area whose longitudes go on past 180, each step the short way; one round a pole, which has no such form, stays as it is."""
    if piece.geom_type != "Polygon":
        return shapely.LineString(_steps(piece)) if piece.geom_type == "LineString" else piece
    outer = _steps(piece.exterior)
    if outer[0, 0] != outer[-1, 0]:
        return piece
    middle = (outer[:, 0].min() + outer[:, 0].max()) / 2
    holes = [_steps(hole) for hole in piece.interiors]
    return shapely.Polygon(outer, [hole + np.array([np.round((middle - hole[:, 0].mean()) / _WHOLE) * _WHOLE, 0]) for hole in holes])


def _steps(line: BaseGeometry) -> NDArray[np.float64]:
    at = shapely.get_coordinates(line)
    step = np.diff(at[:, 0])
    turns = np.cumsum(np.where(np.abs(step) > _HALF, -np.sign(step), 0.0), dtype=float)
    moved: NDArray[np.float64] = at.copy()
    moved[1:, 0] += turns * _WHOLE
    return moved
