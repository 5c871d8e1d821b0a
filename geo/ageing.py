"""How fast what was reported grows old: by its distance to the front and the pace of the war, and slower under a ceasefire.

A report loses half its weight in a half-life. How long that is follows from where the report stands (near a front things change, far behind
it they do not), from how often places have changed hands in the reports at hand, and from ceasefires, under which time runs slower.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from shapely import contains_xy
from shapely.geometry.base import BaseGeometry

from geo.projections import Local

__all__ = ["CEASEFIRE", "KM_PER_HALF_LIFE", "Ceasefire", "aged_km", "calm_days", "front_km", "half_life_days", "pace", "reach"]

# Half-lives of a report in days, by distance to the front in km: design of zones, from how long settlements of a reference map of
# Ukraine (2022-2024) kept their holder. `pace` moves them for other wars, from those wars' own reports.
_FRONT_KM = (5.0, 20.0)
_HALF_LIVES = (120.0, 365.0, 5 * 365.0)
CEASEFIRE = 5.0  # under a ceasefire a day ages a report by a fifth of a day (design of zones)

# Of `pace`; set by judgement and tested on made-up wars of a known tempo.
_USUAL_FLIPS = 3.0  # changes of hands that the usual pace is worth before any is seen
_SLOWEST, _FASTEST = 1 / 5, 4.0
_FRONT_ZONE_KM = 20.0  # beyond it places do not change hands, whatever the tempo

# Of `reach`: solid to 10 km, faded to the distance beyond which there is no evidence (design of zones: right in 94-98 % of cases within
# 5 km of a report, 80-93 % at 10-20 km, 57-77 % beyond 50 km, near the front).
_SOLID_KM = 10.0
_AT_THE_END = 0.9
KM_PER_HALF_LIFE = 10.0  # a report one half-life old says as much as a new one this much further away


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ceasefire:
    """Ground (EPSG:4326) where fire is said to have ceased, from `start` to before `end`; None is open."""

    ground: BaseGeometry
    start: dt.date | None = None
    end: dt.date | None = None


def half_life_days(front: NDArray[np.float64], *, pace: float = 1.0, ceasefire: bool = False) -> NDArray[np.float64]:
    """Return in how many days a report loses half its weight, by its distance to the front in km.

    Parameters
    ----------
    front
        Distances to the front, km.
    pace
        How often places change hands, against the usual (1): at 2 half-lives are half as long.
    ceasefire
        Whether fire has ceased for all of the time.

    Examples
    --------
    >>> half_life_days(np.array([2.0, 10.0, 50.0])).tolist()
    [120.0, 365.0, 1825.0]
    >>> half_life_days(np.array([2.0]), pace=2.0).tolist()
    [60.0]
    """
    days = np.array(_HALF_LIVES)[np.searchsorted(_FRONT_KM, front, side="right")] / pace
    return np.asarray(days * CEASEFIRE if ceasefire else days)


def pace(between_days: NDArray[np.float64], changed: NDArray[np.bool_], front: NDArray[np.float64]) -> float:
    """Return how often places near the front change hands, against the usual (1), from successive reports on one place.

    A rate with a Gamma prior: changes of hands over the days between the reports.

    Parameters
    ----------
    between_days
        The days between two successive reports on one place.
    changed
        Whether they name different holders.
    front
        The distance of each place to the front, km; far behind it no pace is seen.

    Examples
    --------
    >>> pace(np.zeros(0), np.zeros(0, bool), np.zeros(0))
    1.0
    >>> pace(np.full(20, 30.0), np.ones(20, bool), np.zeros(20)) > 2
    True
    """
    near = front <= _FRONT_ZONE_KM
    usual = np.log(2) / _HALF_LIVES[0]
    rate = (float(changed[near].sum()) + _USUAL_FLIPS) / (float(between_days[near].sum()) + _USUAL_FLIPS / usual)
    return float(np.clip(rate / usual, _SLOWEST, _FASTEST))


def calm_days(
    xy: NDArray[np.float64], age_days: NDArray[np.float64], ceasefires: Sequence[Ceasefire], *, as_of: dt.date | None, plane: Local,
) -> NDArray[np.float64]:
    """Return how many days of their age reports have spent under a ceasefire.

    Parameters
    ----------
    xy
        Points (n, 2) on the plane, metres.
    age_days
        Their ages on the day `as_of`.
    ceasefires
        Where and when fire has ceased; one that begins on no known day counts for all of the time.
    """
    calm = np.zeros(len(xy))
    if as_of is None:
        return calm
    for ceasefire in ceasefires:
        since = np.inf if ceasefire.start is None else max((as_of - ceasefire.start).days, 0)
        until = 0 if ceasefire.end is None else max((as_of - ceasefire.end).days, 0)
        inside = contains_xy(plane.to(ceasefire.ground), xy[:, 0], xy[:, 1])
        calm = np.maximum(calm, np.where(inside, np.clip(np.minimum(age_days, since) - until, 0, None), 0.0))
    return calm


def front_km(holder: NDArray[np.intp], *, cell_m: float) -> NDArray[np.float64]:
    """Return the distance of each cell of a raster to the nearest change of holder in km; infinite where nothing changes."""
    quiet = np.ones(holder.shape, bool)
    quiet[:, 1:] &= holder[:, 1:] == holder[:, :-1]
    quiet[1:] &= holder[1:] == holder[:-1]
    if quiet.all():
        return np.full(holder.shape, np.inf)
    return np.asarray(ndimage.distance_transform_edt(quiet) * cell_m / 1000)


def aged_km(rows: NDArray[np.intp], columns: NDArray[np.intp], half_lives: NDArray[np.float64], *, shape: tuple[int, int],
            cell_m: float) -> NDArray[np.float64]:
    """Return how far each cell lies from evidence: km to the nearest report, 10 km further for each half-life of its age.

    Parameters
    ----------
    rows, columns
        The cell of each report.
    half_lives
        The age of each report in half-lives.
    shape
        Rows and columns of the raster.
    """
    away = np.full(shape, np.inf)
    whole = np.floor(half_lives + 0.5).astype(np.intp)
    for age in np.unique(whole).tolist():
        empty = np.ones(shape, bool)
        empty[rows[whole == age], columns[whole == age]] = False
        np.minimum(away, ndimage.distance_transform_edt(empty) * cell_m / 1000 + KM_PER_HALF_LIFE * age, out=away)
    return away


def reach(away_km: NDArray[np.float64], *, near_km: float) -> NDArray[np.float64]:
    """Return how far evidence carries (1 fully), by the distance to it; the rest of the chance is that nobody can tell.

    Examples
    --------
    >>> [round(float(part), 2) for part in reach(np.array([5.0, 20.0, 30.0, 60.0]), near_km=30)]
    [1.0, 0.95, 0.9, 0.45]
    """
    solid = min(_SOLID_KM, near_km)
    within = np.interp(away_km, (solid, near_km), (1.0, _AT_THE_END)) if near_km > solid else np.full(np.shape(away_km), 1.0)
    return np.asarray(np.where(away_km <= near_km, within, _AT_THE_END * near_km / np.maximum(away_km, near_km)))
