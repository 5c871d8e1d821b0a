"""What new reports change on an earlier map: the ground around each report that contradicts it, and nothing else.

A report flips the ground within a radius that grows with its depth behind the old line; ground less deep than the report flips from further
away, for an advance has passed over it; ground nearer to another report follows that one.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import ndimage
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.control import Reports
from geo.coverage import outlines, tile
from geo.raster import STEP_DEGREES, Raster, spread

__all__ = ["Overridden", "override"]

# Swept over the two base-map cases of the development bench and 15 made alike between its three maps (Ukraine, April, September and
# November 2022), with six maps wrong by 3 km on average as a check that a static front is not harmed.
NEAR_KM = 6.0  # radius for a report on the old line; 8 km for every report: mean IoU .879; this: .904, static -.0007 ... +.0021
PER_DEPTH = 2.0  # km of radius for each km of depth behind the old line; 1 ... 3: .902, .904, .905 (but static -.0009)
FAR_KM = 16.0  # largest radius; 15 flat: .896, static -.004
SHALLOW = 1.0  # km further for each km that the ground is less deep than the report; 0 ... 1: .898, .904
REACH_KM = 40.0  # beyond it nothing flips
TOO_WEAK = 0.3  # a report of less weight (doubtful, or old) changes nothing
FINE = 2  # the change is drawn on cells this much finer than the raster


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Overridden:
    """The new map: zones on the plane by number of actor; `uncertain` and `changed` cells of the raster, `flipped` reports."""

    actors: tuple[str, ...]
    zones: dict[int, BaseGeometry]
    uncertain: NDArray[np.bool_]
    changed: NDArray[np.bool_]
    flipped: NDArray[np.bool_]
    cell_m: float


def override(base: gpd.GeoDataFrame, found: Reports, *, on: Raster) -> Overridden:
    """Return a base map (polygons with `actor`, EPSG:4326) changed where reports contradict it."""
    actors = tuple(sorted({*base.actor, *found.actors}))
    shapes = [on.plane.to(shapely.segmentize(shape, STEP_DEGREES)) for shape in base.geometry]
    holders = np.array([actors.index(name) for name in base.actor])
    base_map = _BaseMap(shapes, holders)
    held = ~found.contested & (found.weight >= TOO_WEAK)
    xy = found.xy[held]
    says = np.array([actors.index(found.actors[number]) for number in np.argmax(found.share[held], axis=1)], dtype=np.intp)
    contradicts = base_map.holder(xy[:, 0], xy[:, 1]) != says if len(xy) else np.zeros(0, bool)
    label, margin = _flips(base_map, xy, says, contradicts, len(actors), on)
    lines = [shape.boundary for shape in shapes]
    pieces, names = outlines(label, on, on.cell_m / FINE) if contradicts.any() else ([], np.zeros(0, np.intp))
    tree = shapely.STRtree(pieces)

    def named(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        new = np.zeros(len(x), dtype=np.intp)
        if len(pieces):
            point, piece = tree.query(shapely.points(x, y), predicate="intersects")
            new[point] = names[piece]
        return np.where(new > 0, new - 1, base_map.holder(x, y))

    flipped = np.zeros(len(held), bool)
    flipped[np.flatnonzero(held)[contradicts]] = True
    return Overridden(
        actors=actors, zones=tile([*lines, *(piece.boundary for piece in pieces)], on, named),
        uncertain=np.abs(margin) < NEAR_KM * 1000 / 2, changed=label > 0, flipped=flipped, cell_m=on.cell_m / FINE,
    )


class _BaseMap:
    """Who holds a point of the plane on the base map; beyond it, who holds the nearest ground."""

    def __init__(self, shapes: list[BaseGeometry], holders: NDArray[np.intp]) -> None:
        parts = [(part, holder) for shape, holder in zip(shapes, holders, strict=True) for part in shapely.get_parts(shape)]
        self.parts = [part for part, _ in parts]
        self.holders = np.array([holder for _, holder in parts], dtype=np.intp)
        shapely.prepare(self.parts)

    def holder(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        found = self.within(x, y)
        lost = np.flatnonzero(found < 0)
        if len(lost):
            nearest = shapely.STRtree(self.parts).nearest(shapely.points(x[lost], y[lost]))
            found[lost] = self.holders[nearest]
        return found

    def within(self, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.intp]:
        """Return who holds each point, -1 beyond the map."""
        found = np.full(len(x), -1, dtype=np.intp)
        for part, holder in zip(self.parts, self.holders, strict=True):
            west, south, east, north = part.bounds
            near = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
            found[near[shapely.intersects_xy(part, x[near], y[near])]] = holder
        return found


def _flips(
    base_map: _BaseMap, xy: NDArray[np.float64], says: NDArray[np.intp], contradicts: NDArray[np.bool_], actors: int, on: Raster,
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return, on cells `FINE` times finer, 1 + the new holder (0: as before), and how far inside the flipped ground each is, in metres."""
    rows, columns = (count * FINE for count in on.inside.shape)
    cell = on.cell_m / FINE
    label = np.zeros((rows, columns), dtype=np.intp)
    margin = np.full(label.shape, np.inf)
    if not contradicts.any():
        return label, margin
    x, y = np.meshgrid(on.west + cell * (np.arange(columns) + 0.5), on.south + cell * (np.arange(rows) + 0.5))
    away, nearest = cKDTree(xy).query(np.column_stack((x.ravel(), y.ravel())), distance_upper_bound=REACH_KM * 1000)
    near = np.flatnonzero((nearest < len(xy)) & np.r_[contradicts, False][nearest])
    inside = np.repeat(np.repeat(on.inside, FINE, 0), FINE, 1)
    before = np.full(label.shape, -1, dtype=np.intp)
    before[inside] = base_map.within(x[inside], y[inside])
    before = spread(before, before >= 0)
    depth = {actor: _depth(before == actor, cell) for actor in sorted(set(says.tolist()))}
    report = nearest[near]
    for actor, deep in depth.items():
        mine = says[report] == actor
        ground, origin = near[mine], report[mine]
        row = ((xy[:, 1] - on.south) // cell).astype(np.intp).clip(0, rows - 1)
        column = ((xy[:, 0] - on.west) // cell).astype(np.intp).clip(0, columns - 1)
        own = deep[row, column][origin]
        radius = np.minimum(NEAR_KM * 1000 + PER_DEPTH * own, FAR_KM * 1000) + SHALLOW * (own - deep.ravel()[ground])
        margin.ravel()[ground] = radius - away[ground]
        label.ravel()[ground[away[ground] <= radius]] = actor + 1
    label[before == label - 1] = 0
    return label, margin


def _depth(held: NDArray[np.bool_], cell_m: float) -> NDArray[np.float64]:
    """Return how far each cell lies from ground that an actor held, in metres; 0 everywhere where it held none."""
    return np.asarray(ndimage.distance_transform_edt(~held) * cell_m) if held.any() else np.zeros(held.shape)
