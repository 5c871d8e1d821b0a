"""Who holds the ground between the reports: the probability of control in each cell.

Each actor has a Gaussian Markov random field on the raster: neighbouring cells are alike (less so across rivers and lakes), and a cell
with a report is like that report. One factorisation serves all actors. Reports that disagree with what all other reports say of their place
count less (the share of wrong labels is estimated from the table itself), and so do old ones.

References
----------
Rue and Held (2005), Gaussian Markov Random Fields; leave-one-out prediction from the hat matrix as in Craven and Wahba (1979).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import csgraph
from shapely.geometry.base import BaseGeometry

from geo.errors import InputError
from geo.evidence import half_life_days, weight
from geo.raster import Raster, conductance, laplacian, raster, spread
from geo.solver import Solver

__all__ = ["Field", "Reports", "control_field", "reports", "sharpened"]

# Swept over the 11 cases without a base map of the development bench (Ukraine, 2022), 4 km cells, mean IoU of the kinds of case.
ACROSS_WATER = 1 / 12  # 1/4 ... 1/50: town table .900 (1/4), .945 (1/12); flat beyond
OBSERVATION = 30.0  # weight of a usual report; .3 ... 100: 154 places .868 (.3), .953 (10), .954 (30), .955; noise .943 (10), .941, .938
DOUBTING = 1.0  # weight of a report while wrong ones are looked for; .3 ... 3: noise .932, .944, .941
SHARPNESS = 3.0  # the field's shares understate how sure it is: exponent; 1 ... 6: noise .840, .944 (3), 20 places .528 (2), .304 (6)
ERROR, ERROR_REPORTS = 0.05, 20.0  # share of wrong reports expected beforehand, and how many reports that is worth; .02 ... .1: flat
FEW = 4  # an actor with fewer reports is not doubted: nothing could speak for it
ROUNDS = 4  # of doubting; 3 ... 8: flat
DOUBT_CELLS = 12_000  # doubting works on cells made as much larger as needed to have no more
PROBES = 16  # right-hand sides that estimate the leverage of all reports at once
SNAP_CELLS = 2.0  # a report this near to the area counts as inside
FRESH_DAYS = 45  # a table no older than this needs no decay

_NOBODY = "No report within the area says who holds a place; give reports of control inside the area, not later than the day of the map."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reports:
    """Reports in the area: points `xy` (n, 2) on the plane, `share` (n, k) of each actor, `weight`, `contested`, rows of the table."""

    actors: tuple[str, ...]
    xy: NDArray[np.float64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]
    age_days: NDArray[np.float64]
    contested: NDArray[np.bool_]
    rows: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """The field on its raster: `share` (k, rows, columns) of each actor, 0 to 1 and 1 in sum, also filled in around the area.

    `probability` is `share` sharpened to the chance of being right; `distance_km` is that to the nearest report; `trust` (n) is how far
    each report is believed (1 fully).
    """

    raster: Raster
    reports: Reports
    share: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    trust: NDArray[np.float64]

    @property
    def actors(self) -> tuple[str, ...]:
        """The actors, in the order of `share`."""
        return self.reports.actors

    @property
    def holder(self) -> NDArray[np.intp]:
        """The number of the likeliest actor of each cell."""
        return np.asarray(np.argmax(self.share, axis=0), dtype=np.intp)

    @property
    def probability(self) -> NDArray[np.float64]:
        """The chance that each actor holds each cell."""
        return sharpened(self.share)


def control_field(
    evidence: pd.DataFrame, *, area: BaseGeometry, as_of: dt.date | None = None, cell_km: float = 4.0,
    barriers: Sequence[BaseGeometry] = (), ceasefire: bool = False,
) -> Field:
    """Return the field of control that reports make over an area.

    Parameters
    ----------
    evidence
        A table as `geo.evidence.check_evidence` returns it.
    area
        The area to fill, in EPSG:4326.
    as_of
        Older reports count less, later ones are left out; without it age does not matter.
    cell_km
        Side of a cell in km.
    barriers
        Lines (rivers, shores of lakes) that control crosses with difficulty, in EPSG:4326.

    Raises
    ------
    InputError
        No report lies in the area, or there would be too many cells.
    """
    cells = raster(area, cell_km=cell_km)
    found = reports(evidence, on=cells, as_of=as_of)
    weights = found.weight.copy()
    if found.age_days.max(initial=0) > FRESH_DAYS:
        front = _front_km(_shares(cells, found, weights * OBSERVATION, barriers), cells)
        weights *= 0.5 ** (found.age_days / half_life_days(front[cells.cells(found.xy)], ceasefire=ceasefire))
    trust = _trust(cells, found, weights, barriers)
    share = _shares(cells, found, weights * trust * OBSERVATION, barriers)
    return Field(raster=cells, reports=found, share=share, distance_km=_distance_km(cells, found.xy), trust=trust)


def reports(evidence: pd.DataFrame, *, on: Raster, as_of: dt.date | None = None) -> Reports:
    """Return the reports of a table that lie in the area and are not later than `as_of`.

    A contested report counts for the actors that it names (separated by ``|``), or else for the two whose reports are nearest.

    Raises
    ------
    InputError
        None is left, or none says who holds its place.
    """
    xy = on.project(evidence.lon.to_numpy(float), evidence.lat.to_numpy(float))
    age = np.array([(as_of - day).days if as_of and day else 0 for day in evidence.date], dtype=float)
    near = ndimage.distance_transform_edt(~on.inside)[on.cells(xy)] if len(xy) else np.empty(0)
    beyond = (np.abs(xy[:, 0] - _middle(on)[0]) > _middle(on)[2]) | (np.abs(xy[:, 1] - _middle(on)[1]) > _middle(on)[3])
    kept = np.flatnonzero((near <= SNAP_CELLS) & ~beyond & (age >= 0))
    if left := int((age >= 0).sum()) - len(kept):
        _log.warning("%d of %d reports lie outside the area and are left out.", left, len(evidence))
    order = kept[np.lexsort((evidence.actor.to_numpy(str)[kept], xy[kept, 1], xy[kept, 0]))]  # so that the order of the rows is all one
    table, xy = evidence.iloc[order], xy[order]
    contested = (table.status == "contested").to_numpy(bool)
    actors = tuple(sorted({name for text in table.actor for name in str(text).split("|") if name}))
    if not actors:
        raise InputError(_NOBODY)
    return Reports(
        actors=actors, xy=xy, share=_named(table.actor, actors, xy, contested), weight=weight(table.confidence.to_numpy(float)),
        age_days=age[order], contested=contested, rows=order,
    )


def sharpened(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares of actors (along the first axis) sharpened to probabilities."""
    raised = np.clip(share, 1e-6, 1.0) ** SHARPNESS
    return np.asarray(raised / raised.sum(axis=0))


def _named(names: pd.Series, actors: tuple[str, ...], xy: NDArray[np.float64], contested: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share (n, k) that each report gives each actor."""
    share = np.zeros((len(names), len(actors)))
    for row, text in enumerate(names):
        for name in str(text).split("|"):
            if name:
                share[row, actors.index(name)] = 1.0
    for row in np.flatnonzero(contested & (share.sum(axis=1) < 2)).tolist():
        share[row] = np.maximum(share[row], _neighbours(share, xy, contested, row))
    empty = share.sum(axis=1) == 0
    share[empty] = 1.0
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _neighbours(share: NDArray[np.float64], xy: NDArray[np.float64], contested: NDArray[np.bool_], row: int) -> NDArray[np.float64]:
    """Return 1 for the two actors whose reports of control are nearest to a report."""
    held = np.flatnonzero(~contested)
    distance = np.hypot(*(xy[held] - xy[row]).T)
    both = np.zeros(share.shape[1])
    for at in np.argsort(distance, kind="stable"):
        both[share[held[at]] > 0] = 1.0
        if both.sum() >= 2:
            break
    return both


def _shares(on: Raster, found: Reports, weights: NDArray[np.float64], barriers: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return the shares (k, rows, columns) of the actors; cells cut off from every report take those of the nearest cell that is not."""
    number, solver, lit = _system(on, found, weights, barriers)
    nodes = number[_home(on, found.xy)]
    share = np.zeros((len(found.actors), *on.inside.shape))
    if len(found.actors) == 1:
        return share + 1.0
    solved = solver.solve(_sums(found.share[:, :-1] * weights[:, None], nodes, solver.size))
    share[:-1, lit] = np.clip(solved[number[lit]].T, 0.0, 1.0)
    share[-1] = np.clip(1.0 - share[:-1].sum(axis=0), 0.0, 1.0)
    return spread(share, lit)


def _system(
    on: Raster, found: Reports, weights: NDArray[np.float64], barriers: Sequence[BaseGeometry],
) -> tuple[NDArray[np.intp], Solver, NDArray[np.bool_]]:
    east, north = conductance(on, barriers, across=ACROSS_WATER)
    number, links = laplacian(on.inside, east, north)
    part = csgraph.connected_components(links, directed=False)[1]
    reached = np.isin(part, part[number[_home(on, found.xy)]])
    lit = on.inside.copy()
    lit[on.inside] = reached
    if not reached.all():
        number, links = laplacian(lit, east * (lit[:, :-1] & lit[:, 1:]), north * (lit[:-1] & lit[1:]))
    nodes = number[_home(on, found.xy)]
    rows, columns = np.nonzero(lit)
    diagonal = np.bincount(nodes, weights, links.shape[0]).astype(float)
    return number, Solver(links, diagonal, rows=rows, columns=columns), lit


def _home(on: Raster, xy: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the cell of each report, or the nearest cell of the area for those just outside."""
    row, column = on.cells(xy)
    nearest = ndimage.distance_transform_edt(~on.inside, return_distances=False, return_indices=True)
    return nearest[0][row, column], nearest[1][row, column]


def _trust(on: Raster, found: Reports, weights: NDArray[np.float64], barriers: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return how far each report of control is believed, given what all others say of its place.

    Expectation maximisation: the chance that a label is right follows from the leave-one-out field; the share of wrong labels from those.
    """
    trust = np.ones(len(weights))
    if len(found.actors) < 2 or len(weights) < 3:
        return trust
    size = int(on.inside.sum())
    larger = float(np.sqrt(size / DOUBT_CELLS)) * 1.05
    coarse = on if size <= DOUBT_CELLS else raster(on.plane.back(on.area), cell_km=on.cell_m / 1000 * larger)
    voices = (found.share[~found.contested] > 0).sum(axis=0)
    judged = ~found.contested & (voices[np.argmax(found.share, axis=1)] >= FEW)
    if not judged.any():
        return trust
    error = ERROR
    for _ in range(ROUNDS):
        agreeing = (sharpened(_left_out(coarse, found, DOUBTING * weights * trust, barriers).T).T * found.share).sum(axis=1)
        before = trust
        trust = np.where(judged, (1 - error) * agreeing / ((1 - error) * agreeing + error * (1 - agreeing)), 1.0)
        error = float(((1 - trust[judged]).sum() + ERROR_REPORTS * ERROR) / (judged.sum() + ERROR_REPORTS))
        if np.abs(trust - before).max() < 0.05:
            break
    return trust


def _left_out(on: Raster, found: Reports, weights: NDArray[np.float64], barriers: Sequence[BaseGeometry]) -> NDArray[np.float64]:
    """Return the shares (n, k) that the other reports give at the place of each report."""
    number, solver, _ = _system(on, found, weights, barriers)
    nodes = number[_home(on, found.xy)]
    there, back = np.unique(nodes, return_inverse=True)
    probe = _probes(there, number, min(PROBES, len(there)))
    sign = np.random.default_rng(0).choice((-1.0, 1.0), len(there))
    right = np.zeros((solver.size, len(found.actors) + probe.max() + 1))
    right[:, : len(found.actors)] = _sums(found.share * weights[:, None], nodes, solver.size)
    right[there, len(found.actors) + probe] = sign
    solved = solver.solve(right)
    leverage = np.clip(solved[there, len(found.actors) + probe] * sign, 1e-9, None)[back] * weights
    leverage = np.clip(leverage, 0.0, 0.999)[:, None]
    others = (solved[nodes, : len(found.actors)] - leverage * found.share) / (1 - leverage)
    return np.asarray(np.clip(others, 1e-3, 1.0))


def _probes(there: NDArray[np.intp], number: NDArray[np.intp], count: int) -> NDArray[np.intp]:
    """Share cells out among probes so that those of one probe lie far apart: in turn along a Z-order curve."""
    row, column = np.nonzero(number >= 0)
    row, column = row[there].astype(np.uint64), column[there].astype(np.uint64)
    key = np.zeros(len(there), dtype=np.uint64)
    for bit in range(16):
        at = np.uint64(bit)
        key |= ((row >> at) & np.uint64(1)) << np.uint64(2 * bit + 1) | ((column >> at) & np.uint64(1)) << np.uint64(2 * bit)
    probe = np.empty(len(there), dtype=np.intp)
    probe[np.argsort(key, kind="stable")] = np.arange(len(there)) % count
    return probe


def _sums(values: NDArray[np.float64], nodes: NDArray[np.intp], size: int) -> NDArray[np.float64]:
    return np.column_stack([np.bincount(nodes, column, size) for column in values.T])


def _front_km(share: NDArray[np.float64], on: Raster) -> NDArray[np.float64]:
    """Return the distance of each cell to the nearest change of holder, in km."""
    holder = np.argmax(share, axis=0)
    quiet = np.ones(holder.shape, bool)
    quiet[:, 1:] &= holder[:, 1:] == holder[:, :-1]
    quiet[1:] &= holder[1:] == holder[:-1]
    if quiet.all():
        return np.full(holder.shape, np.inf)
    return np.asarray(ndimage.distance_transform_edt(quiet) * on.cell_m / 1000)


def _distance_km(on: Raster, xy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the distance of each cell to the nearest cell with a report, in km."""
    empty = np.ones(on.inside.shape, bool)
    empty[on.cells(xy)] = False
    return np.asarray(ndimage.distance_transform_edt(empty) * on.cell_m / 1000)


def _middle(on: Raster) -> tuple[float, float, float, float]:
    rows, columns = on.inside.shape
    return on.west + columns * on.cell_m / 2, on.south + rows * on.cell_m / 2, columns * on.cell_m / 2, rows * on.cell_m / 2
