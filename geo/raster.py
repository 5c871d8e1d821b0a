"""Which cells tile an area, and how easily control spreads from one to the next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage, sparse
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError
from geo.projections import Local, area_km2, local, valid

__all__ = ["STEP_DEGREES", "Cells", "Raster", "cell_that_fits", "conductance", "laplacian", "raster", "spread"]

Scalar = TypeVar("Scalar", np.float64, np.intp)
Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns, counted from the south-west corner."""

LARGEST_CELLS = 4_000_000  # of the rectangle around an area; beyond it memory passes 2 GB
LEAST_CELLS = 10_000  # that an area is told in; the field knows no scale in the plane, so that the side of a cell is a matter of detail
STEP_DEGREES = 0.02  # straight edges of the area are cut to this before they are bent onto the plane: they stay true to half a metre
MARGIN = 2  # cells around the area, so that smoothed edges of zones never fall inside it


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Raster:
    """Square cells on a local plane: `west` and `south` in metres, `inside` (rows from the south) tells which meet the area."""

    plane: Local
    area: BaseGeometry
    west: float
    south: float
    cell_m: float
    inside: NDArray[np.bool_]

    def cells(self, xy: NDArray[np.float64]) -> Cells:
        """Return the row and column of points (n, 2) of the plane, moved into the rectangle where they lie beyond it."""
        rows, columns = self.inside.shape
        column = np.floor((xy[:, 0] - self.west) / self.cell_m).astype(np.intp)
        row = np.floor((xy[:, 1] - self.south) / self.cell_m).astype(np.intp)
        return np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)

    def centres(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return x of each column and y of each row, at the middle of the cells, in metres."""
        rows, columns = self.inside.shape
        across, up = np.arange(columns, dtype=float), np.arange(rows, dtype=float)
        return self.west + self.cell_m * (across + 0.5), self.south + self.cell_m * (up + 0.5)

    def project(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points in degrees as (n, 2) metres of the plane."""
        if len(lon) == 0:
            return np.empty((0, 2))
        return np.asarray(shapely.get_coordinates(self.plane.to(shapely.multipoints(np.column_stack((lon, lat))))))


def cell_that_fits(area: BaseGeometry, cell_km: float) -> float:
    """Return the side of cells for an area (EPSG:4326): as given, or smaller where the area would have too few cells.

    Examples
    --------
    >>> cell_that_fits(shapely.box(30, 45, 36, 50), 4.0)
    4.0
    >>> round(cell_that_fits(shapely.box(34.2, 31.2, 34.6, 31.6), 4.0), 2)
    0.41
    """
    return min(cell_km, float(np.sqrt(area_km2(area) / LEAST_CELLS)))


def raster(area: BaseGeometry, *, cell_km: float) -> Raster:
    """Return the cells of `cell_km` that meet an area (EPSG:4326), on the local plane of the area.

    Raises
    ------
    InputError
        The cells would be too many; the message says which size fits.
    """
    plane = local(area)
    flat = valid(plane.to(shapely.segmentize(area, STEP_DEGREES)))
    west, south, east, north = flat.bounds
    cell = cell_km * 1000
    columns, rows = (int(np.ceil(span / cell)) + 2 * MARGIN for span in (east - west, north - south))
    if columns * rows > LARGEST_CELLS:
        fitting = cell_km * float(np.sqrt(columns * rows / LARGEST_CELLS))
        least = np.ceil(fitting * 10) / 10
        raise InputError(f"Cells of {cell_km:g} km would be {columns * rows:,} in number; choose at least {least:g} km.")
    inside, margin = np.zeros((rows, columns), bool), MARGIN * cell
    made = Raster(plane=plane, area=flat, west=west - margin, south=south - margin, cell_m=cell, inside=inside)
    made.inside[...] = _inside(made)
    return made


def conductance(on: Raster, barriers: Iterable[BaseGeometry], *, across: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how easily control passes between neighbours: 1, or `across` where a barrier (EPSG:4326 lines) parts them, 0 off the area.

    The first array (rows, columns - 1) is between a cell and its neighbour to the east, the second (rows - 1, columns) to the north.
    """
    rows, columns = on.inside.shape
    east, north = np.ones((rows, columns - 1)), np.ones((rows - 1, columns))
    segments = _segments(on, barriers)
    if len(segments):
        x1, y1, x2, y2 = segments.T
        east[_crossed(x1, y1, x2, y2, east.shape)] = across
        step_row, step_column = _crossed(y1, x1, y2, x2, (columns, rows - 1))
        north[step_column, step_row] = across
    east *= on.inside[:, :-1] & on.inside[:, 1:]
    north *= on.inside[:-1] & on.inside[1:]
    return east, north


def laplacian(
    inside: NDArray[np.bool_], east: NDArray[np.float64], north: NDArray[np.float64],
) -> tuple[NDArray[np.intp], sparse.csr_array]:
    """Return the number of each cell (-1 outside) and the graph Laplacian of the cells inside."""
    number = np.full(inside.shape, -1, dtype=np.intp)
    number[inside] = np.arange(int(inside.sum()))
    pairs = [(number[:, :-1], number[:, 1:], east), (number[:-1], number[1:], north)]
    kept = [(a[link > 0], b[link > 0], link[link > 0]) for a, b, link in pairs]
    first, second, link = (np.concatenate(part) for part in zip(*kept, strict=True))
    size = int(inside.sum())
    links = sparse.coo_array((np.r_[link, link], (np.r_[first, second], np.r_[second, first])), shape=(size, size)).tocsr()
    return number, sparse.csr_array(sparse.diags_array(links.sum(axis=1)) - links)


def _inside(on: Raster) -> NDArray[np.bool_]:
    """Tell the cells whose centre lies in the area, and those that its outline passes."""
    x, y = on.centres()
    shapely.prepare(on.area)
    inside = np.zeros((len(y), len(x)), bool)
    for row, at in enumerate(y):
        inside[row] = shapely.contains_xy(on.area, x, np.full(len(x), at))
    edge = shapely.get_coordinates(shapely.segmentize(on.area.boundary, on.cell_m / 4))
    inside[on.cells(edge)] = True
    return inside


def _segments(on: Raster, barriers: Iterable[BaseGeometry]) -> NDArray[np.float64]:
    """Return the straight pieces (n, 4) of barriers in units of cells, the centre of the first cell at 0, 0."""
    found = []
    rows, columns = on.inside.shape
    for barrier in barriers:
        for line in shapely.get_parts(on.plane.to(barrier)):
            points = (shapely.get_coordinates(line) - (on.west, on.south)) / on.cell_m - 0.5
            found.append(np.hstack((points[:-1], points[1:])))
    segments = np.vstack(found) if found else np.empty((0, 4))
    far = (
        (np.maximum(segments[:, 0], segments[:, 2]) < 0) | (np.minimum(segments[:, 0], segments[:, 2]) > columns)
        | (np.maximum(segments[:, 1], segments[:, 3]) < 0) | (np.minimum(segments[:, 1], segments[:, 3]) > rows)
    )
    return np.asarray(segments[~far & np.isfinite(segments).all(axis=1)])


def _crossed(
    x1: NDArray[np.float64], y1: NDArray[np.float64], x2: NDArray[np.float64], y2: NDArray[np.float64], shape: tuple[int, int],
) -> Cells:
    """Return (row, column) of the steps east, from one centre to the next in the same row, that the segments cross."""
    low = np.ceil(np.minimum(y1, y2)).astype(np.intp)
    high = np.floor(np.maximum(y1, y2)).astype(np.intp)
    count = np.maximum(high - low + 1, 0)
    which = np.repeat(np.arange(len(count)), count)
    row = low[which] + np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    rise = np.where(y2 == y1, 1.0, y2 - y1)[which]
    column = np.floor(x1[which] + (row - y1[which]) / rise * (x2 - x1)[which]).astype(np.intp)
    kept = (row >= 0) & (row < shape[0]) & (column >= 0) & (column < shape[1])
    return row[kept], column[kept]


def spread(values: NDArray[Scalar], known: NDArray[np.bool_]) -> NDArray[Scalar]:
    """Return rasters (..., rows, columns) whose unknown cells take the value of the nearest known cell."""
    if known.all() or not known.any():
        return values
    nearest = ndimage.distance_transform_edt(~known, return_distances=False, return_indices=True)
    return values[..., nearest[0], nearest[1]]
