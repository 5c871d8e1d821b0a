"""Which zones follow from a table of evidence: who holds which part of an area, with the fronts and the ground that nobody can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.barriers import waters
from geo.control import Field, control_field
from geo.coverage import away_from, finer, near_to, shared_lines, zones_of
from geo.errors import InputError
from geo.evidence import check_evidence
from geo.frames import FRONT_COLUMNS, UNCERTAIN_COLUMNS, Drawn, frame
from geo.override import Overridden, override
from geo.projections import Local, area_km2, length_km
from geo.raster import Raster

__all__ = ["FAR_KM", "HELD_COLUMNS", "from_evidence", "front_rows", "uncertain_rows"]

HELD_COLUMNS = ("id", "layer", "actor", "actor_name", "status", "confidence", "km2", "reports", "geometry")
FAR_KM = 30.0  # beyond it from any report there is no evidence: there a cell is right in 57-80 % of cases only (design of zones)
UNSURE = (0.2, 0.8)  # between these chances a cell is uncertain
COAST_M = 3000.0  # front lines are drawn this far inside the outline of the area
CONTESTED_KM = 5.0  # around a contested place, at most; half way to the next place that is held
BASE_SURE = 0.9  # confidence of ground that an earlier map shows and no report contradicts
FLIPPED_SURE = 0.75  # and of ground that a report has changed


def from_evidence(
    evidence: pd.DataFrame, *, area: BaseGeometry | gpd.GeoDataFrame, base: gpd.GeoDataFrame | None = None, as_of: dt.date | None = None,
    cell_km: float = 4.0, near_km: float = FAR_KM, barriers: Sequence[BaseGeometry] | None = None,
) -> Drawn:
    """Return the zones, front lines and uncertain ground that a table of evidence makes of an area.

    The held zones are a valid coverage of the whole area. Contested places are rows of their own, over the zones.

    Parameters
    ----------
    evidence
        Reports: name, lat, lon, actor, status, date, confidence (see `geo.evidence`).
    area
        The area to divide (EPSG:4326).
    base
        An earlier map: polygons with `actor` (EPSG:4326). Then only the ground around reports that contradict it changes.
    as_of
        The day of the map: later reports are left out, older ones count less.
    cell_km
        Side of a cell in km.
    near_km
        Beyond this distance from any report the frame `uncertain` says: no evidence.
    barriers
        Lines that control crosses with difficulty; without it the shipped rivers and lakes.

    Raises
    ------
    InputError
        The table or the area cannot be used, or no report lies in the area.

    Examples
    --------
    >>> table = pd.DataFrame({"lat": [1.0, 1.0], "lon": [0.5, 1.5], "actor": ["north", "south"]})
    >>> drawn = from_evidence(table, area=shapely.box(0, 0, 2, 2), barriers=())
    >>> drawn.zones.actor.tolist()
    ['north', 'south']
    """
    outline = _outline(area)
    table = check_evidence(evidence)
    lines = tuple(waters(outline) if barriers is None else barriers)
    field = control_field(table, area=outline, as_of=as_of, cell_km=cell_km, barriers=lines)
    if base is None:
        label, cell = finer(field.share, field.raster)
        zones = zones_of(label, field.raster, cell)
        actors, sure = field.actors, _sure(field, zones)
        unsure = uncertain_rows(field, near_km=near_km)
    else:
        changed = override(base, field.reports, on=field.raster)
        zones, actors, unsure = changed.zones, changed.actors, _changed_rows(changed, field.raster)
        sure = dict.fromkeys(zones, BASE_SURE)
    rows = [_held_row(name, shape, actors, sure[name], field) for name, shape in zones.items()]
    rows += _contested_rows(field)
    fronts = front_rows(zones, actors, field.raster, seen=field.reports.xy if base is None else None, near_km=near_km)
    return Drawn(zones=frame(rows, HELD_COLUMNS), front_lines=frame(fronts, FRONT_COLUMNS), uncertain=frame(unsure, UNCERTAIN_COLUMNS))


def front_rows(
    zones: Mapping[int, BaseGeometry], actors: Sequence[str], on: Raster, *, seen: NDArray[np.float64] | None = None,
    near_km: float = FAR_KM, names: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """Return one row for each pair of actors whose zones (on the plane) meet.

    With `seen`, the points (n, 2) of reports, only stretches within `near_km` of one are fronts.
    """
    shown = names or {}
    rows = []
    for (a, b), line in shared_lines(zones).items():
        inner = away_from(line, on.area.boundary, COAST_M)
        inner = inner if seen is None or inner.is_empty else near_to(inner, seen, near_km * 1000)
        if not inner.is_empty:
            shape = on.plane.back(inner)
            first, second = actors[a], actors[b]
            rows.append({
                "id": f"front:{first}:{second}", "a": first, "b": second, "a_name": shown.get(first, first),
                "b_name": shown.get(second, second), "length_km": length_km(shape), "geometry": shape,
            })
    return rows


def uncertain_rows(field: Field, *, near_km: float) -> list[dict[str, Any]]:
    """Return the ground where no actor is likely enough, and that too far from any report."""
    best = field.probability.max(axis=0)
    band = np.where(field.distance_km > near_km, 2, np.where((best < UNSURE[1]) & (len(field.actors) > 1), 1, 0))
    zones = zones_of(band, field.raster, field.raster.cell_m)
    said = {
        1: ("uncertain", "reports nearby disagree, or the front runs here"),
        2: ("no evidence", f"more than {near_km:g} km from any report"),
    }
    return [_uncertain_row(zones[name], field.raster.plane, *said[name]) for name in (1, 2) if name in zones]


def _outline(area: BaseGeometry | gpd.GeoDataFrame) -> BaseGeometry:
    if isinstance(area, gpd.GeoDataFrame | gpd.GeoSeries):
        if area.crs is not None and area.crs.to_epsg() != 4326:
            raise InputError(f"The area is in {area.crs.to_string()}; give it in EPSG:4326 (to_crs(4326)).")
        area = area.union_all()
    if area.is_empty or area.area == 0:
        raise InputError(f"The area is {'empty' if area.is_empty else 'a ' + area.geom_type}; give a polygon.")
    return area if area.is_valid else shapely.make_valid(area)


def _sure(field: Field, zones: Mapping[int, BaseGeometry]) -> dict[int, float]:
    """Return the mean chance of each holder over its cells."""
    holder, inside, chance = field.holder, field.raster.inside, field.probability
    means = {name: chance[name][inside & (holder == name)] for name in zones}
    return {name: float(values.mean()) if values.size else UNSURE[1] for name, values in means.items()}


def _held_row(name: int, shape: BaseGeometry, actors: Sequence[str], sure: float, field: Field) -> dict[str, Any]:
    ground = field.raster.plane.back(shape)
    found = field.reports
    count = int(found.share[~found.contested, found.actors.index(actors[name])].sum()) if actors[name] in found.actors else 0
    return {
        "id": f"control:{actors[name]}", "layer": "control", "actor": actors[name], "actor_name": actors[name], "status": "control",
        "confidence": round(sure, 3), "km2": area_km2(ground), "reports": count, "geometry": ground,
    }


def _contested_rows(field: Field) -> list[dict[str, Any]]:
    """Return one row for each set of actors that contest places: discs that end half way to the next held place."""
    found, on = field.reports, field.raster
    if not found.contested.any():
        return []
    held = found.xy[~found.contested]
    places = found.xy[found.contested]
    gap = cKDTree(held).query(places)[0] / 2 if len(held) else np.full(len(places), np.inf)
    discs = shapely.intersection(shapely.buffer(shapely.points(places), np.clip(gap, 1000, CONTESTED_KM * 1000)), on.area)
    parties = np.array(["|".join(np.array(found.actors)[share > 0]) for share in found.share[found.contested]])
    rows = []
    for names in np.unique(parties):
        ground = shapely.union_all(discs[parties == names])
        if ground.area > 0:
            shape = on.plane.back(ground)
            rows.append({
                "id": f"contested:{names}", "layer": "contested", "status": "contested",
                "actor": names, "actor_name": names.replace("|", ", "), "confidence": UNSURE[1], "km2": area_km2(shape),
                "reports": int((parties == names).sum()), "geometry": shape,
            })
    return rows


def _changed_rows(changed: Overridden, on: Raster) -> list[dict[str, Any]]:
    fine = zones_of(changed.uncertain.astype(np.intp), on, changed.cell_m)
    words = "at the edge of ground that a report has changed"
    return [_uncertain_row(fine[1], on.plane, "uncertain", words)] if 1 in fine else []


def _uncertain_row(shape: BaseGeometry, plane: Local, status: str, words: str) -> dict[str, Any]:
    ground = plane.back(shape)
    name = status.replace(" ", "-")
    return {"id": name, "layer": "uncertain", "status": status, "words": words, "km2": area_km2(ground), "geometry": ground}

