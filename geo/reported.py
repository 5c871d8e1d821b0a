"""Which reports of a table count, where they lie in the area, and what follows one another on one place."""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import ndimage

from geo.errors import InputError
from geo.evidence import weight
from geo.raster import Raster

__all__ = ["Reports", "no_reports", "reports"]

SNAP_CELLS = 2.0  # a report this near to the area counts as inside
SAME_M = 100.0  # reports with the same coordinates, rounded to this, are of one place, where the later one stands
TOO_WEAK = 0.3  # a report of less weight (doubtful) does not put an earlier one aside

_NOBODY = "No report within the area says who holds a place; give reports of control inside the area, not later than the day of the map."

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Reports:
    """Reports in the area: points `xy` (n, 2) on the plane, `share` (n, k) of each actor, `weight`, `contested`, rows of the table.

    `turns` (m, 4) are successive reports on one place: x, y, days between, and 1 where they name different holders.
    """

    actors: tuple[str, ...]
    xy: NDArray[np.float64]
    share: NDArray[np.float64]
    weight: NDArray[np.float64]
    age_days: NDArray[np.float64]
    contested: NDArray[np.bool_]
    rows: NDArray[np.intp]
    turns: NDArray[np.float64]


def reports(evidence: pd.DataFrame, *, on: Raster, as_of: dt.date | None = None, window_days: float | None = None) -> Reports:
    """Return the reports of a table that lie in the area, are not later than `as_of` and no older than the window.

    Of reports on one place the later stands. A contested report counts for the actors that it names (separated by ``|``), or else for the
    two whose reports are nearest.

    Raises
    ------
    InputError
        None is left, or none says who holds its place.
    """
    xy = on.project(evidence.lon.to_numpy(float), evidence.lat.to_numpy(float))
    age = np.array([(as_of - day).days if as_of and day else 0 for day in evidence.date], dtype=float)
    near = ndimage.distance_transform_edt(~on.inside)[on.cells(xy)] if len(xy) else np.empty(0)
    beyond = (np.abs(xy[:, 0] - _middle(on)[0]) > _middle(on)[2]) | (np.abs(xy[:, 1] - _middle(on)[1]) > _middle(on)[3])
    inside = (near <= SNAP_CELLS) & ~beyond
    known = (age >= 0) & (age <= (np.inf if window_days is None else window_days))
    kept = np.flatnonzero(inside & known)
    if left := int(known.sum()) - len(kept):
        _log.warning("%d of %d reports lie outside the area and are left out.", left, len(evidence))
    order = kept[np.lexsort((evidence.actor.to_numpy(str)[kept], xy[kept, 1], xy[kept, 0]))]  # so that the order of the rows is all one
    old, turns = _succession(evidence.iloc[order], xy[order])
    order = order[~old]
    table, xy = evidence.iloc[order], xy[order]
    contested = (table.status == "contested").to_numpy(bool)
    actors = tuple(sorted({name for text in table.actor.unique() for name in str(text).split("|") if name}))
    if not actors:
        raise InputError(_NOBODY)
    return Reports(
        actors=actors, xy=xy, share=_named(table.actor, actors, xy, contested), weight=weight(table.confidence.to_numpy(float)),
        age_days=age[order], contested=contested, rows=order, turns=turns,
    )


def no_reports() -> Reports:
    """Return reports of nothing, for a map that nobody contradicts."""
    none = np.empty(0)
    return Reports(
        actors=(), xy=np.empty((0, 2)), share=np.empty((0, 1)), weight=none, age_days=none, contested=np.empty(0, bool),
        rows=np.empty(0, dtype=np.intp), turns=np.empty((0, 4)),
    )


def _succession(table: pd.DataFrame, xy: NDArray[np.float64]) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Tell the reports of a place of which a later one, no doubtful one, says something else; and return the turns (see `Reports`)."""
    day = np.array([one.toordinal() if one else 0 for one in table.date])
    old = np.zeros(len(day), bool)
    turns: list[tuple[float, float, float, float]] = []
    firm = np.flatnonzero((weight(table.confidence.to_numpy(float)) >= TOO_WEAK) & (day > 0))
    says = (table.status + " " + table.actor).to_numpy(str)
    _, place = np.unique(np.round(xy / SAME_M), axis=0, return_inverse=True)
    order = firm[np.lexsort((day[firm], place[firm]))]
    again = np.flatnonzero((place[order][1:] == place[order][:-1]) & (day[order][1:] > day[order][:-1]))
    for first, second in zip(order[again].tolist(), order[again + 1].tolist(), strict=True):
        turns.append((*xy[first].tolist(), float(day[second] - day[first]), float(says[first] != says[second])))
    last = np.full(place.max(initial=-1) + 1, -1)
    ends = np.append(place[order][1:] != place[order][:-1], True)[: len(order)]
    last[place[order][ends]] = order[ends]
    told = np.flatnonzero((day > 0) & (last[place] >= 0))
    final = last[place[told]]
    old[told] = (day[told] < day[final]) & (says[told] != says[final])
    return old, np.array(turns).reshape(-1, 4)


def _named(names: pd.Series, actors: tuple[str, ...], xy: NDArray[np.float64], contested: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return the share (n, k) that each report gives each actor."""
    words, which = np.unique(names.to_numpy(str), return_inverse=True)
    share = np.array([[float(actor in text.split("|")) for actor in actors] for text in words.tolist()])[which]
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


def _middle(on: Raster) -> tuple[float, float, float, float]:
    rows, columns = on.inside.shape
    return on.west + columns * on.cell_m / 2, on.south + rows * on.cell_m / 2, columns * on.cell_m / 2, rows * on.cell_m / 2
