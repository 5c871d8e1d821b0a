"""What new reports change on an earlier map: the ground around each report that contradicts it, and nothing else.

A report flips the ground within a radius that grows with its depth behind the old line; ground less deep than the report flips from further
away, for an advance has passed over it; ground nearer to another report follows that one.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.ageing import CEASEFIRE, Ceasefire, calm_days, front_km, half_life_days, pace
from geo.coverage import outlines, tile
from geo.raster import STEP_DEGREES, Raster, spread
from geo.reported import Reports

__all__ = ["Overridden", "override"]

# Swept over the two base-map cases of the development bench and 15 made alike between its three maps (Ukraine, April, September and
# November 2022), with six maps wrong by 3 km on average as a check that a static front is not harmed.
NEAR_KM = 6.0  # radius for a report on the old line; 8 km for every report: mean IoU .879; this: .904, static -.0007 ... +.0021
PER_DEPTH = 2.0  # km of radius for each km of depth behind the old line; 1 ... 3: .902, .904, .905 (but static -.0009)
FAR_KM = 16.0  # largest radius; 15 flat: .896, static -.004
SHALLOW = 1.0  # km further for each km that the ground is less deep than the report; 0 ... 1: .898, .904
REACH_KM = 40.0  # beyond it nothing flips
WIDE_KM = 150.0  # side of an area below which the radii shrink with it; by argument: they are a tenth of it, as in a large one
TOO_WEAK = 0.3  # a report of less weight (doubtful) does not change a fresh map
SURE = 0.98  # that a map of the day is right; with half-lives .70 (.78), .86 (.88) and .95 (1.0) of places within 5 km of its front, within
# 20 and beyond should still be right after 148 days (and are: Ukraine, April to September 2022), .81 (.72), .92 (.86), .97 (.98) after 76
REPORTED, HALF_KM = 0.97, 5.0  # chance of being right at a report; what it adds to even halves with this distance
EDGE = 0.75  # chance of being right of changed ground, at the edge of what a report has changed
FINE, FINE_CELLS = 2, 1_500_000  # the change is drawn on cells this much finer than the raster, where they are no more than so many


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Overridden:
    """The new map: zones on the plane by number of actor; `holder`, `sure`, `uncertain` and `changed` cells of `on`; `flipped` reports.

    `sure` is the chance that whoever holds a cell on the new map does hold it.
    """

    actors: tuple[str, ...]
    zones: dict[int, BaseGeometry]
    on: Raster
    holder: NDArray[np.intp]
    sure: NDArray[np.float64]
    uncertain: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    flipped: NDArray[np.bool_]


def override(
    base: gpd.GeoDataFrame, found: Reports, *, on: Raster, as_of: dt.date | None = None, ceasefires: Sequence[Ceasefire] = (),
) -> Overridden:
    """Return a base map changed where reports contradict it.

    Parameters
    ----------
    base
        Polygons with `actor` (EPSG:4326), and `date` (the day that each shows, or None) where it is known.
    found
        The reports; those older than the map change nothing.
    on
        The raster of the area.
    as_of
        The day of the new map; without it the base map does not age.
    ceasefires
        Where it ages more slowly.
    """
    actors = tuple(sorted({*base.actor, *found.actors}))
    shapes = [on.plane.to(shapely.segmentize(shape, STEP_DEGREES)) for shape in base.geometry]
    base_map = _BaseMap(shapes, np.array([actors.index(name) for name in base.actor]), _ages(base, as_of))
    cells = _Cells.of(base_map, on)
    fresh = _fresh(cells, found, ceasefires, as_of, on)
    held = ~found.contested
    held[held] &= found.weight[held] >= TOO_WEAK * fresh[cells.at(found.xy[held])]
    held[held] &= ~(found.age_days[held] > cells.age[cells.at(found.xy[held])])  # where no day of the map is known, all are later
    xy = found.xy[held]
    says = np.array([actors.index(found.actors[number]) for number in np.argmax(found.share[held], axis=1)], dtype=np.intp)
    contradicts = base_map.holder(xy[:, 0], xy[:, 1]) != says if len(xy) else np.zeros(0, bool)
    label, margin = _flips(cells, xy, says, contradicts, on)
    pieces, names = outlines(label, on, cells.raster.cell_m) if contradicts.any() else ([], np.zeros(0, np.intp))
    tree = shapely.STRtree(pieces)

    def named(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        new = np.zeros(len(x), dtype=np.intp)
        if len(pieces):
            point, piece = tree.query(shapely.points(x, y), predicate="intersects")
            new[point] = names[piece]
        return np.where(new > 0, new - 1, base_map.holder(x, y))

    flipped = np.zeros(len(held), bool)
    flipped[np.flatnonzero(held)[contradicts]] = True
    lines = [shape.boundary for shape in shapes]
    return Overridden(
        actors=actors, zones=tile([*lines, *(piece.boundary for piece in pieces)], on, named), on=cells.raster,
        holder=np.where(label > 0, label - 1, cells.holder),
        sure=_sure(cells, fresh, label, margin, xy[~contradicts], len(actors)), uncertain=np.abs(margin) < NEAR_KM * 1000 / 2,
        changed=label > 0, flipped=flipped,
    )


def _ages(base: gpd.GeoDataFrame, as_of: dt.date | None) -> NDArray[np.float64]:
    """Return how many days old each polygon is; NaN where no day is known."""
    days = base["date"] if as_of is not None and "date" in base else [None] * len(base)
    return np.array([max((as_of - day).days, 0) if as_of and isinstance(day, dt.date) else np.nan for day in days], dtype=float)


class _BaseMap:
    """Who holds a point of the plane on the base map; beyond it, who holds the nearest ground."""

    def __init__(self, shapes: list[BaseGeometry], holders: NDArray[np.intp], age_days: NDArray[np.float64]) -> None:
        count = shapely.get_num_geometries(shapes)
        self.parts = shapely.get_parts(shapes)
        self.holders = np.repeat(holders, count)
        self.age_days = np.repeat(age_days, count)
        shapely.prepare(self.parts)

    def holder(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        found = self.within(x, y)[0]
        lost = np.flatnonzero(found < 0)
        if len(lost):
            nearest = shapely.STRtree(self.parts).nearest(shapely.points(x[lost], y[lost]))
            found[lost] = self.holders[nearest]
        return found

    def within(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return who holds each point (-1 beyond the map) and how many days ago."""
        found, age = np.full(len(x), -1, dtype=np.intp), np.zeros(len(x))
        for part, holder, days in zip(self.parts, self.holders, self.age_days, strict=True):
            west, south, east, north = part.bounds
            near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
            inside = near[shapely.intersects_xy(part, x[near], y[near])]
            found[inside], age[inside] = holder, days
        return found, age


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Cells:
    """The base map on a finer raster: who held each cell, how many days ago, and the middle of the cells."""

    raster: Raster
    holder: NDArray[np.intp]
    age: NDArray[np.float64]
    x: NDArray[np.float64]
    y: NDArray[np.float64]

    @classmethod
    def of(cls, base_map: _BaseMap, on: Raster) -> _Cells:
        times = FINE if on.inside.size * FINE**2 <= FINE_CELLS else 1
        inside = np.repeat(np.repeat(on.inside, times, 0), times, 1)
        fine = replace(on, cell_m=on.cell_m / times, inside=inside)
        x, y = np.meshgrid(*fine.centres())
        holder, age = np.full(inside.shape, -1, dtype=np.intp), np.zeros(inside.shape)
        holder[inside], age[inside] = base_map.within(x[inside], y[inside])
        known = holder >= 0
        return cls(raster=fine, holder=spread(holder, known), age=spread(age, known), x=x, y=y)

    def at(self, xy: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the row and column of points."""
        return self.raster.cells(xy)


def _fresh(
    cells: _Cells, found: Reports, ceasefires: Sequence[Ceasefire], as_of: dt.date | None, on: Raster,
) -> NDArray[np.float64]:
    """Return what part of its weight the base map still has in each cell."""
    days = np.nan_to_num(cells.age)
    if not days.any():
        return np.ones(days.shape)
    front = front_km(cells.holder, cell_m=cells.raster.cell_m)
    quick = pace(found.turns[:, 2], found.turns[:, 3] > 0, front[cells.at(found.turns[:, :2])])
    if ceasefires:
        points = np.column_stack((cells.x.ravel(), cells.y.ravel()))
        calm = calm_days(points, days.ravel(), ceasefires, as_of=as_of, plane=on.plane)
        days -= calm.reshape(days.shape) * (1 - 1 / CEASEFIRE)
    return np.asarray(0.5 ** (days / half_life_days(front, pace=quick)))


def _sure(
    cells: _Cells, fresh: NDArray[np.float64], label: NDArray[np.intp], margin: NDArray[np.float64], agreeing: NDArray[np.float64],
    actors: int,
) -> NDArray[np.float64]:
    """Return the chance that who holds a cell on the new map does: less as the base map ages, more near reports that agree."""
    even = 1 / max(actors, 2)
    sure = even + (SURE - even) * fresh
    if len(agreeing):
        empty = np.ones(label.shape, bool)
        empty[cells.at(agreeing)] = False
        away = ndimage.distance_transform_edt(empty) * cells.raster.cell_m / 1000
        sure = np.maximum(sure, even + (REPORTED - even) * 0.5 ** (away / HALF_KM))
    changed = EDGE + (REPORTED - EDGE) * np.clip(margin / (NEAR_KM * 1000), 0, 1)
    return np.asarray(np.where(label > 0, changed, sure))


def _flips(
    cells: _Cells, xy: NDArray[np.float64], says: NDArray[np.intp], contradicts: NDArray[np.bool_], on: Raster,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return for each of the cells 1 + the new holder (0: as before), and how far inside the flipped ground it is, in metres."""
    label = np.zeros(cells.holder.shape, dtype=np.intp)
    margin = np.full(label.shape, np.inf)
    if not contradicts.any():
        return label, margin
    away, nearest = cKDTree(xy).query(np.column_stack((cells.x.ravel(), cells.y.ravel())), distance_upper_bound=REACH_KM * 1000)
    near = np.flatnonzero((nearest < len(xy)) & np.r_[contradicts, False][nearest])
    depth = {actor: _depth(cells.holder == actor, cells.raster.cell_m) for actor in sorted(set(says.tolist()))}
    report, part = nearest[near], _part(on)
    for actor, deep in depth.items():
        mine = says[report] == actor
        ground, origin = near[mine], report[mine]
        own = deep[cells.at(xy)][origin]
        radius = np.minimum(NEAR_KM * 1000 + PER_DEPTH * own, FAR_KM * 1000) + SHALLOW * (own - deep.ravel()[ground])
        margin.ravel()[ground] = radius * part - away[ground]
        label.ravel()[ground[away[ground] <= radius * part]] = actor + 1
    label[cells.holder == label - 1] = 0
    return label, margin


def _part(on: Raster) -> float:
    """Return what part of the usual radius fits the area: a small theatre is told in smaller distances."""
    return min(1.0, float(np.sqrt(on.area.area)) / (WIDE_KM * 1000))


def _depth(held: NDArray[np.bool_], cell_m: float) -> NDArray[np.float64]:
    """Return how far each cell lies from ground that an actor held, in metres; 0 everywhere where it held none."""
    return np.asarray(ndimage.distance_transform_edt(~held) * cell_m) if held.any() else np.zeros(held.shape)
