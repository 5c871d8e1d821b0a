"""Which polygons tile the area: labelled cells to smooth zones without gaps or overlaps, and the fronts between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.raster import Raster

__all__ = ["away_from", "finer", "near_to", "outlines", "shared_lines", "tile", "zones_of"]

Labeller = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.intp]]
"""Given x and y of points (metres), the label of each."""

SMOOTH = 0.5  # of a (fine) cell: the area below which coverage_simplify drops a corner of the staircase; 0 ... 2: IoU +- .001
GRID_M = 1.0  # corners are rounded to this, so that no sliver is so thin that another projection would fold it
LONGEST_M = 5_000.0  # straight edges are cut no longer than this, so that both neighbours bend alike when they are projected back
FINE_CELLS = 2_500_000  # the field is drawn up to FINEST times finer, while the cells of the rectangle stay below this
FINEST = 4


def finer(share: NDArray[np.float64], on: Raster) -> tuple[NDArray[np.intp], float]:
    """Return the number of the strongest of the shares (k, rows, columns), on cells up to four times finer, and their size in metres.

    Between the centres of cells the shares are interpolated, so that a front runs where they are equal and not along the cells.
    """
    layers, rows, columns = share.shape
    times = max(1, min(FINEST, int(np.sqrt(FINE_CELLS / (rows * columns)))))
    if times == 1 or layers == 1:
        return np.argmax(share, axis=0), on.cell_m
    best = np.full((rows * times, columns * times), -1.0, dtype=np.float32)
    label = np.zeros(best.shape, dtype=np.intp)
    for number in range(layers):
        values = _between(_between(share[number].astype(np.float32), times).T, times).T
        stronger = values > best
        np.copyto(best, values, where=stronger)
        label[stronger] = number
    return label, on.cell_m / times


def outlines(label: NDArray[np.intp], on: Raster, cell_m: float, *, smooth: bool = True) -> tuple[list[BaseGeometry], NDArray[np.intp]]:
    """Return polygons on the plane that tile the rectangle of a raster, and the label of each; staircases are smoothed."""
    rows, columns = label.shape
    edges = [shapely.linestrings(_steps(label)), shapely.linestrings([[[0, 0], [columns, 0], [columns, rows], [0, rows], [0, 0]]])]
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.union_all(np.concatenate(edges)))))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    found = label[np.clip(inner[:, 1].astype(np.intp), 0, rows - 1), np.clip(inner[:, 0].astype(np.intp), 0, columns - 1)]
    if smooth:
        faces = shapely.coverage_simplify(faces, SMOOTH, simplify_boundary=False)
    placed = shapely.transform(faces, lambda xy: xy * cell_m + np.array([on.west, on.south]))
    return list(placed), found


def tile(lines: Sequence[BaseGeometry], on: Raster, labels: Labeller) -> dict[int, BaseGeometry]:
    """Return the area cut along lines, as one (multi)polygon for each label, a valid coverage on the plane."""
    noded = shapely.union_all([on.area.boundary, *lines], grid_size=GRID_M)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(shapely.segmentize(noded, LONGEST_M))))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(on.area)
    kept = shapely.contains_xy(on.area, inner[:, 0], inner[:, 1])
    faces, inner = faces[kept], inner[kept]
    label = labels(inner[:, 0], inner[:, 1])
    return {int(name): shapely.coverage_union_all(faces[label == name]) for name in np.unique(label)}


def zones_of(label: NDArray[np.intp], on: Raster, cell_m: float) -> dict[int, BaseGeometry]:
    """Return the area of a raster tiled by the labels of its cells: one (multi)polygon on the plane for each label."""
    shapes, names = outlines(label, on, cell_m)
    tree = shapely.STRtree(shapes)

    def named(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        point, shape = tree.query(shapely.points(x, y), predicate="intersects")
        found = np.zeros(len(x), dtype=np.intp)
        found[point] = names[shape]
        return found

    return tile([shape.boundary for shape in shapes], on, named)


def shared_lines(zones: Mapping[int, BaseGeometry]) -> dict[tuple[int, int], BaseGeometry]:
    """Return the lines that each pair of zones of a coverage shares; pairs that share none are left out."""
    edges = {name: _edges(zone) for name, zone in zones.items()}
    found = {}
    for a, b in combinations(sorted(zones), 2):
        common = edges[a][np.isin(edges[a], edges[b])]
        if len(common):
            pieces = common.view(np.float64).reshape(-1, 2, 2)
            found[a, b] = shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces)))
    return found


def away_from(line: BaseGeometry, other: BaseGeometry, metres: float) -> BaseGeometry:
    """Return the stretches of a line that lie further than that from another line, to a sixth of the distance."""
    pieces, walls = (shapely.linestrings(_pairs(shape)) for shape in (shapely.segmentize(line, metres / 6), other))
    near = np.unique(shapely.STRtree(walls).query(pieces, predicate="dwithin", distance=metres)[0])
    return shapely.line_merge(shapely.multilinestrings(np.delete(pieces, near)))


def near_to(line: BaseGeometry, points: NDArray[np.float64], metres: float) -> BaseGeometry:
    """Return the stretches of a line within that distance of any of some points (n, 2)."""
    pieces = _pairs(line)
    near = cKDTree(points).query(pieces.mean(axis=1), distance_upper_bound=metres)[0] <= metres
    return shapely.line_merge(shapely.multilinestrings(shapely.linestrings(pieces[near])))


def _between(values: NDArray[np.float32], times: int) -> NDArray[np.float32]:
    """Return rows interpolated to that many times as many; beyond the middle of the first and the last row nothing changes."""
    at = np.clip((np.arange(len(values) * times) + 0.5) / times - 0.5, 0, len(values) - 1)
    low = np.minimum(at.astype(np.intp), max(len(values) - 2, 0))
    part = (at - low).astype(np.float32)[:, None]
    high = np.minimum(low + 1, len(values) - 1)
    return np.asarray(values[low] + part * (values[high] - values[low]))


def _pairs(line: BaseGeometry) -> NDArray[np.float64]:
    """Return the straight pieces (n, 2, 2) of lines."""
    xy, part = shapely.get_coordinates(shapely.get_parts(line), return_index=True)
    joined = part[1:] == part[:-1]
    return np.stack((xy[:-1][joined], xy[1:][joined]), axis=1)


def _steps(label: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the sides (n, 2, 2) of cells that part two labels, in cells from the corner."""
    row, column = np.nonzero(label[:, 1:] != label[:, :-1])
    upright = np.stack([np.column_stack((column + 1, row)), np.column_stack((column + 1, row + 1))], axis=1)
    row, column = np.nonzero(label[1:] != label[:-1])
    level = np.stack([np.column_stack((column, row + 1)), np.column_stack((column + 1, row + 1))], axis=1)
    return np.concatenate((upright, level)).astype(float)


def _edges(zone: BaseGeometry) -> NDArray[np.void]:
    """Return the straight edges of a polygon, each in one direction, as records that compare equal when they are the same."""
    found = []
    for ring in shapely.get_rings(shapely.get_parts(zone)):
        xy = shapely.get_coordinates(ring)
        found.append(np.hstack((xy[:-1], xy[1:])))
    edges = np.concatenate(found)
    swap = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    edges[swap] = edges[swap][:, [2, 3, 0, 1]]
    return np.ascontiguousarray(edges).view(np.dtype((np.void, edges.dtype.itemsize * 4))).ravel()
