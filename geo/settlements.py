"""Which settlements are whose: the chance of each, how it is known, and the reports nearest to it.

The settlement is the atom of control: an area is held because its places are. Places come from the gazetteer; what is left of 1 after the
chances of all actors is the chance that nobody can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.distances import town_radius_km
from geo.frames import frame
from geo.projections import great_circle_km, local, unwrap
from geo.raster import Raster
from geo.records import Feature

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["MOST", "NEAREST", "SETTLEMENT_COLUMNS", "SURE", "Ground", "Settled", "places_within", "settled", "settlement_rows"]

SETTLEMENT_COLUMNS = (
    "id", "name", "country", "population", "status", "basis", "actor", "actor_name", "probability", "distance_km", "evidence", "geometry",
)
MOST = 2_000  # rows of a table of settlements; those that reports name come first, then the largest
SURE = 0.8  # below this chance a settlement is uncertain
SAME_KM = 2.0  # a report this near to a settlement is a report on it
LARGE = 50_000  # inhabitants of a city whose quarters may be listed beside it
NEAREST = 3  # reports named as evidence
_ASKED = 1_000_000  # places asked of the gazetteer: all of them


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Ground:
    """Who may hold each cell: `chance` (k, rows, columns) of each actor; `away_km` (rows, columns) to evidence, 0 where a map tells."""

    actors: tuple[str, ...]
    on: Raster
    chance: NDArray[np.float64]
    away_km: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Settled:
    """Places with the `chance` (n, k) that each actor holds them, `status` and `basis` in words, and the evidence nearest to each.

    `leans` (n) numbers the report that each place leans on: those of one number stand or fall together.
    """

    places: tuple[Feature, ...]
    actors: tuple[str, ...]
    chance: NDArray[np.float64]
    status: tuple[str, ...]
    basis: tuple[str, ...]
    distance_km: NDArray[np.float64]
    evidence: tuple[str, ...]
    leans: NDArray[np.intp]


def places_within(area: BaseGeometry, gazetteer: Gazetteer) -> tuple[Feature, ...]:
    """Return the populated places of the gazetteer inside an area (EPSG:4326), the largest first.

    Quarters within the built-up ground of a larger place are left out, for its people are counted with it.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> places_within(shapely.box(36.5, 35.8, 36.8, 36.0), open_gazetteer())[0].name
    'Idlib'
    """
    west, south, east, north = unwrap(area).bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    corners = great_circle_km(np.full(6, lon), np.full(6, lat), np.array([west, east, west, east, west, lon]),
                              np.array([south, south, north, north, lat, north]))
    middle = (lon + 180) % 360 - 180
    near = gazetteer.near(middle, lat, radius_km=float(corners.max()) + 1, kinds={"populated"}, limit=_ASKED)
    found = [feature for feature, _ in near]
    shapely.prepare(area)
    inside = shapely.contains_xy(area, [place.lon for place in found], [place.lat for place in found])
    kept = sorted((place for place, at in zip(found, inside, strict=True) if at), key=lambda place: (-place.population, place.id))
    return _apart(kept)


def settled(
    places: Sequence[Feature], ground: Ground, evidence: pd.DataFrame, *, near_km: float, contested: BaseGeometry | None = None,
    earlier: bool = False,
) -> Settled:
    """Return who holds each place on some ground.

    Parameters
    ----------
    places
        Populated places inside the area.
    ground
        Who may hold each cell.
    evidence
        The reports: name, lat, lon, actor, date (see `geo.evidence`).
    near_km
        Beyond this distance there is no evidence.
    contested
        Where places are contested (EPSG:4326).
    earlier
        Whether an earlier map tells of places without a report.
    """
    lon, lat = (np.array([getattr(place, axis) for place in places], dtype=float) for axis in ("lon", "lat"))
    row, column = ground.on.cells(ground.on.project(lon, lat))
    chance = ground.chance[:, row, column].T.reshape(len(places), len(ground.actors))
    km, words, leans = _nearest(lon, lat, evidence, ground.on, near_km)
    fought = np.zeros(len(places), bool) if contested is None else shapely.intersects_xy(contested, lon, lat)
    status = np.where(chance.max(axis=1, initial=0) < SURE, "uncertain", "control")
    status = np.where(ground.away_km[row, column] > near_km, "no evidence", status)
    return Settled(
        places=tuple(places), actors=ground.actors, chance=chance, status=tuple(np.where(fought, "contested", status).tolist()),
        basis=tuple(np.where(km <= SAME_KM, "reported", "earlier map" if earlier else "inferred").tolist()), distance_km=km, evidence=words,
        leans=leans,
    )


def settlement_rows(found: Settled, *, names: dict[str, str] | None = None, most: int = MOST) -> gpd.GeoDataFrame:
    """Return the table of settlements: at most `most` rows, those on which there are reports first, then the largest.

    `probability` is the chance that `actor`, the likeliest, holds the place; `population` is as registered before the war.
    """
    order = sorted(range(len(found.places)), key=lambda n: (found.basis[n] != "reported", -found.places[n].population, found.places[n].id))
    return frame([_row(found, number, names or {}) for number in order[:most]], SETTLEMENT_COLUMNS)


def _apart(places: Sequence[Feature]) -> tuple[Feature, ...]:
    """Return places, the largest first, without those that lie within the disc of a larger one."""
    if len(places) < 2:
        return tuple(places)
    points = shapely.multipoints([(place.lon, place.lat) for place in places])
    xy = shapely.get_coordinates(local(points).to(points))
    tree, gone = cKDTree(xy), np.zeros(len(places), bool)
    for number, place in enumerate(places):
        if place.population < LARGE:
            break
        if not gone[number]:
            radius = town_radius_km(place.population) * 1000
            gone[[other for other in tree.query_ball_point(xy[number], radius) if other > number]] = True
    return tuple(place for place, out in zip(places, gone, strict=True) if not out)


def _row(found: Settled, number: int, names: dict[str, str]) -> dict[str, Any]:
    place, chances = found.places[number], found.chance[number]
    best = int(np.argmax(chances)) if len(chances) else 0
    sure = float(chances[best]) if len(chances) else 0.0
    actor = found.actors[best] if sure > 0 else ""
    return {
        "id": place.id, "name": place.name, "country": place.country, "population": place.population, "status": found.status[number],
        "basis": found.basis[number], "actor": actor, "actor_name": names.get(actor, actor), "probability": round(sure, 3),
        "distance_km": round(float(found.distance_km[number]), 1), "evidence": found.evidence[number],
        "geometry": shapely.Point(place.lon, place.lat),
    }


def _nearest(
    lon: NDArray[np.float64], lat: NDArray[np.float64], evidence: pd.DataFrame, on: Raster, near_km: float,
) -> tuple[NDArray[np.float64], tuple[str, ...], NDArray[np.intp]]:
    """Return the distance to the nearest report, km, the nearest reports within `near_km` in words, and the number of the nearest."""
    if evidence.empty or not len(lon):
        return np.full(len(lon), np.inf), ("",) * len(lon), np.zeros(len(lon), dtype=np.intp)
    reports = on.project(evidence.lon.to_numpy(float), evidence.lat.to_numpy(float))
    count = min(NEAREST, len(reports))
    away, which = cKDTree(reports).query(on.project(lon, lat), k=range(1, count + 1))
    said = [
        f"{name or f'row {number + 2}'} ({', '.join(filter(None, (actor or status, day.isoformat() if day else '')))}"
        for number, (name, actor, status, day) in enumerate(zip(evidence.name, evidence.actor, evidence.status, evidence.date, strict=True))
    ]
    words = tuple(
        "; ".join(f"{said[n]}, {m / 1000:.0f} km)" for n, m in zip(row.tolist(), metres.tolist(), strict=True) if m <= near_km * 1000)
        for row, metres in zip(which, away, strict=True)
    )
    return np.asarray(away[:, 0] / 1000), words, np.asarray(which[:, 0], dtype=np.intp)
