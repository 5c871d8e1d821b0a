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
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage, sparse
from scipy.sparse import csgraph
from shapely.geometry.base import BaseGeometry

from geo.ageing import CEASEFIRE, Ceasefire, aged_km, calm_days, front_km, half_life_days, pace, reach
from geo.raster import Raster, conductance, laplacian, raster, spread
from geo.reported import Reports, reports
from geo.solver import Solver

__all__ = ["Field", "control_field", "sharpened"]

# Swept over the 11 cases without a base map of the development bench (Ukraine, 2022), 4 km cells, mean IoU of the kinds of case.
ACROSS_WATER = 1 / 12  # 1/4 ... 1/50: town table .900 (1/4), .945 (1/12); flat beyond
OBSERVATION = 30.0  # weight of a usual report; .3 ... 100: 154 places .868 (.3), .953 (10), .954 (30), .955; noise .943 (10), .941, .938
DOUBTING = 1.0  # weight of a report while wrong ones are looked for; .3 ... 3: noise .932, .944, .941
SHARPNESS = 3.0  # the field's shares understate how sure it is: exponent; 1 ... 6: noise .840, .944 (3), 20 places .528 (2), .304 (6)
ERROR, ERROR_REPORTS = 0.05, 20.0  # share of wrong reports expected beforehand, and how many reports that is worth; .02 ... .1: flat
FEW = 4  # an actor with fewer reports is not doubted: nothing could speak for it
ROUNDS = 4  # of doubting; 3 ... 8: flat
DOUBT_CELLS = 12_000  # doubting works on cells made as much larger as needed to have no more
FRONT_CELLS = 40_000  # and the front by whose distance reports age on cells with no more
PROBES = 16  # right-hand sides that estimate the leverage of all reports at once
FRESH_DAYS = 45  # a table no older than this needs no decay




@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Field:
    """The field on its raster: `share` (k, rows, columns) of each actor, 0 to 1 and 1 in sum, also filled in around the area.

    `probability` is `share` sharpened to the chance of being right; `distance_km` is that to the nearest report, `away_km` the same with 10
    km more for each half-life of its age; `trust` (n) is how far each report is believed (1 fully).
    """

    raster: Raster
    reports: Reports
    share: NDArray[np.float64]
    distance_km: NDArray[np.float64]
    away_km: NDArray[np.float64]
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
        """The chance that each actor holds each cell, were the evidence as good everywhere as it is near reports."""
        return sharpened(self.share)

    def chance(self, *, near_km: float) -> NDArray[np.float64]:
        """Return the chance that each actor holds each cell; what is left of 1 is that nobody can tell, which grows away from reports."""
        return np.asarray(self.probability * reach(self.away_km, near_km=near_km))


def control_field(
    evidence: pd.DataFrame, *, area: BaseGeometry, as_of: dt.date | None = None, cell_km: float = 4.0,
    barriers: Sequence[BaseGeometry] = (), ceasefires: Sequence[Ceasefire] = (), window_days: float | None = None,
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
    ceasefires
        Where reports age more slowly.
    window_days
        Reports older than this are left out.

    Raises
    ------
    InputError
        No report lies in the area, or there would be too many cells.
    """
    cells = raster(area, cell_km=cell_km)
    found = reports(evidence, on=cells, as_of=as_of, window_days=window_days)
    aged = found.age_days.max(initial=0) > FRESH_DAYS
    half_lives = _half_lives(_net(cells, found, barriers, most=FRONT_CELLS), found, ceasefires, as_of) if aged else np.zeros(len(found.xy))
    weights, trust = found.weight * 0.5**half_lives, np.ones(len(found.xy))
    if len(found.actors) > 1 and len(weights) > 2:
        trust = _trust(_net(cells, found, barriers, most=DOUBT_CELLS), found, weights)
    share = _shares(_net(cells, found, barriers), found, weights * trust * OBSERVATION)
    row, column = cells.cells(found.xy)
    shape = (cells.inside.shape[0], cells.inside.shape[1])
    away = aged_km(row, column, half_lives, shape=shape, cell_m=cells.cell_m)
    distance = aged_km(row, column, half_lives * 0, shape=shape, cell_m=cells.cell_m) if half_lives.any() else away
    return Field(raster=cells, reports=found, share=share, distance_km=distance, away_km=away, trust=trust)


def sharpened(share: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares of actors (along the first axis) sharpened to probabilities."""
    raised = np.clip(share, 1e-6, 1.0) ** SHARPNESS
    return np.asarray(raised / raised.sum(axis=0))


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Net:
    """The cells that any report reaches (`lit`) with their numbers and links, and the number of the cell of each report."""

    on: Raster
    lit: NDArray[np.bool_]
    number: NDArray[np.intp]
    links: sparse.csr_array
    nodes: NDArray[np.intp]

    def solver(self, weights: NDArray[np.float64]) -> Solver:
        """Return the system of the field for weights of the reports."""
        rows, columns = np.nonzero(self.lit)
        return Solver(self.links, self.sums(weights[:, None])[:, 0], rows=rows, columns=columns)

    def sums(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the sums over the reports of each cell, for each column of values."""
        return np.column_stack([np.bincount(self.nodes, column, self.links.shape[0]) for column in values.T])


def _net(on: Raster, found: Reports, barriers: Sequence[BaseGeometry], *, most: int | None = None) -> _Net:
    """Return the net of a raster, or of one coarser that has no more cells than `most`."""
    size = int(on.inside.sum())
    if most is not None and size > most:
        on = raster(on.plane.back(on.area), cell_km=on.cell_m / 1000 * float(np.sqrt(size / most)) * 1.05)
    east, north = conductance(on, barriers, across=ACROSS_WATER)
    number, links = laplacian(on.inside, east, north)
    row, column = on.cells(found.xy)
    nearest = ndimage.distance_transform_edt(~on.inside, return_distances=False, return_indices=True)
    home = nearest[0][row, column], nearest[1][row, column]
    part = csgraph.connected_components(links, directed=False)[1]
    reached = np.isin(part, part[number[home]])
    lit = on.inside.copy()
    lit[on.inside] = reached
    if not reached.all():
        number, links = laplacian(lit, east * (lit[:, :-1] & lit[:, 1:]), north * (lit[:-1] & lit[1:]))
    return _Net(on=on, lit=lit, number=number, links=links, nodes=number[home])


def _half_lives(net: _Net, found: Reports, ceasefires: Sequence[Ceasefire], as_of: dt.date | None) -> NDArray[np.float64]:
    """Return the age of each report in half-lives, by its distance to the front that all reports make together."""
    on = net.on
    distance = front_km(np.argmax(_shares(net, found, found.weight * OBSERVATION), axis=0), cell_m=on.cell_m)
    quick = pace(found.turns[:, 2], found.turns[:, 3] > 0, distance[on.cells(found.turns[:, :2])])
    calm = calm_days(found.xy, found.age_days, ceasefires, as_of=as_of, plane=on.plane)
    return np.asarray((found.age_days - calm * (1 - 1 / CEASEFIRE)) / half_life_days(distance[on.cells(found.xy)], pace=quick))


def _shares(net: _Net, found: Reports, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares (k, rows, columns) of the actors; cells cut off from every report take those of the nearest cell that is not."""
    share = np.zeros((len(found.actors), *net.lit.shape))
    if len(found.actors) == 1:
        return share + 1.0
    solved = net.solver(weights).solve(net.sums(found.share[:, :-1] * weights[:, None]))
    share[:-1, net.lit] = np.clip(solved.T, 0.0, 1.0)
    share[-1] = np.clip(1.0 - share[:-1].sum(axis=0), 0.0, 1.0)
    return spread(share, net.lit)


def _trust(net: _Net, found: Reports, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far each report of control is believed, given what all others say of its place.

    Expectation maximisation: the chance that a label is right follows from the leave-one-out field; the share of wrong labels from those.
    """
    trust = np.ones(len(weights))
    voices = (found.share[~found.contested] > 0).sum(axis=0)
    judged = ~found.contested & (voices[np.argmax(found.share, axis=1)] >= FEW)
    if not judged.any():
        return trust
    error = ERROR
    for _ in range(ROUNDS):
        agreeing = (sharpened(_left_out(net, found, DOUBTING * weights * trust).T).T * found.share).sum(axis=1)
        before = trust
        trust = np.where(judged, (1 - error) * agreeing / ((1 - error) * agreeing + error * (1 - agreeing)), 1.0)
        error = float(((1 - trust[judged]).sum() + ERROR_REPORTS * ERROR) / (judged.sum() + ERROR_REPORTS))
        if np.abs(trust - before).max() < 0.05:
            break
    return trust


def _left_out(net: _Net, found: Reports, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the shares (n, k) that the other reports give at the place of each report."""
    solver, actors = net.solver(weights), len(found.actors)
    there, back = np.unique(net.nodes, return_inverse=True)
    probe = _probes(there, net.number, min(PROBES, len(there)))
    sign = np.random.default_rng(0).choice((-1.0, 1.0), len(there))
    right = np.zeros((solver.size, actors + probe.max() + 1))
    right[:, :actors] = net.sums(found.share * weights[:, None])
    right[there, actors + probe] = sign
    solved = solver.solve(right)
    leverage = np.clip(solved[there, actors + probe] * sign, 1e-9, None)[back] * weights
    leverage = np.clip(leverage, 0.0, 0.999)[:, None]
    others = (solved[net.nodes, :actors] - leverage * found.share) / (1 - leverage)
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
