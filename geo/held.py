"""Which zones follow from a table of evidence: who holds which part of an area, with the fronts and the ground that nobody can tell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.ageing import Ceasefire
from geo.barriers import waters
from geo.control import Field, control_field
from geo.coverage import away_from, finer, near_to, shared_lines, zones_of
from geo.errors import InputError
from geo.evidence import check_evidence
from geo.frames import FRONT_COLUMNS, UNCERTAIN_COLUMNS, Drawn, frame
from geo.override import Overridden, override
from geo.projections import Local, area_km2, length_km
from geo.raster import Raster, cell_that_fits, raster
from geo.reported import Reports, no_reports, reports
from geo.settlements import MOST, Ground, Settled, places_within, settled, settlement_rows
from geo.tallies import districts_of, roads_within, tallies

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["COAST_M", "ControlModel", "FAR_KM", "HELD_COLUMNS", "OLD", "faded", "from_evidence", "front_rows", "uncertain_rows"]

ControlModel = Callable[..., Field]
"""Makes the field of control of an area from a checked table of evidence; called as `geo.control.control_field` is."""

HELD_COLUMNS = ("id", "layer", "actor", "actor_name", "status", "confidence", "km2", "reports", "geometry")
FAR_KM = 30.0  # beyond it from any report there is no evidence: there a cell is right in 57-80 % of cases only (design of zones)
UNSURE = (0.2, 0.8)  # between these chances a cell is uncertain
COAST_M = 3000.0  # front lines are drawn this far inside the outline of the area, and nearer where the area is narrow
NARROW = 0.25  # of its mean breadth (area by length of outline)
CONTESTED_KM = 5.0  # around a contested place, at most; half way to the next place that is held


OLD = "the earlier map is old here, so near to its front"
_FAR = "more than {0:g} km from any report, or less from old ones"


def from_evidence(
    evidence: pd.DataFrame, *, area: BaseGeometry | gpd.GeoDataFrame, base: gpd.GeoDataFrame | None = None, as_of: dt.date | None = None,
    cell_km: float = 4.0, near_km: float = FAR_KM, barriers: Sequence[BaseGeometry] | None = None, window_days: float | None = None,
    ceasefires: Sequence[Ceasefire] = (), gazetteer: Gazetteer | None = None, numbers: bool = False,
    most: int = MOST, model: ControlModel = control_field,
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
        An earlier map: polygons with `actor` (EPSG:4326), and `date` where it is known. Then only the ground around reports that contradict
        it changes, and it grows old.
    as_of
        The day of the map: later reports are left out, older ones count less.
    cell_km
        Largest side of a cell in km; a small area gets smaller ones.
    near_km
        Beyond this distance from any report (and sooner from an old one) the frame `uncertain` says: no evidence.
    barriers
        Lines that control crosses with difficulty; without it the shipped rivers and lakes.
    window_days
        Reports older than this are left out.
    ceasefires
        Where reports age more slowly.
    gazetteer
        Gives the `settlements` of the drawing; without it there are none.
    numbers
        Whether `numbers` are worked out too; they need the gazetteer.
    most
        Rows of `settlements`, at most.
    model
        What makes the field of control where there is no earlier map.

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
    cell_km = cell_that_fits(outline, cell_km)
    if base is None:
        lines = tuple(waters(outline) if barriers is None else barriers)
        field = model(
            table, area=outline, as_of=as_of, cell_km=cell_km, barriers=lines, ceasefires=ceasefires, window_days=window_days,
        )
        on, told, unsure = field.raster, field.reports, uncertain_rows(field, near_km=near_km)
        label, cell = finer(field.share, on)
        zones = zones_of(label, on, cell)
        ground = Ground(actors=field.actors, on=on, chance=field.chance(near_km=near_km), away_km=field.away_km)
    else:
        on = raster(outline, cell_km=cell_km)
        told = reports(table, on=on, as_of=as_of, window_days=window_days)
        changed = override(base, told, on=on, as_of=as_of, ceasefires=ceasefires)
        zones, ground, unsure = changed.zones, _ground(changed), _changed_rows(changed)
    holder = np.argmax(ground.chance, axis=0)
    rows = [_held_row(name, shape, ground, told, ground.on.inside & (holder == name)) for name, shape in zones.items()]
    rows += _contested_rows(told, on)
    fronts = front_rows(zones, ground.actors, on, seen=told.xy if base is None else None, near_km=near_km)
    drawn = Drawn(zones=frame(rows, HELD_COLUMNS), front_lines=frame(fronts, FRONT_COLUMNS), uncertain=frame(unsure, UNCERTAIN_COLUMNS))
    if gazetteer is None:
        return drawn
    fought = drawn.zones[drawn.zones["layer"] == "contested"].union_all()
    places, seen = places_within(outline, gazetteer), table.iloc[told.rows]
    found = settled(places, ground, seen, near_km=near_km, contested=fought, earlier=base is not None)
    counted = _numbers(drawn, found, outline, gazetteer) if numbers else None
    return replace(drawn, settlements=settlement_rows(found, most=most), numbers=counted)


def faded(
    base: gpd.GeoDataFrame, *, area: BaseGeometry, as_of: dt.date | None, cell_km: float = 4.0, ceasefires: Sequence[Ceasefire] = (),
) -> tuple[BaseGeometry, dict[str, float]]:
    """Return where an earlier map is too old to tell who holds the ground (EPSG:4326), and how sure the ground of each actor still is.

    The arguments are those of `from_evidence`. A map of no known day does not fade.
    """
    changed = override(base, no_reports(), on=raster(area, cell_km=cell_that_fits(area, cell_km)), as_of=as_of, ceasefires=ceasefires)
    inside = changed.on.inside
    sure = {
        name: float(changed.sure[mine].mean())
        for number, name in enumerate(changed.actors) if (mine := inside & (changed.holder == number)).any()
    }
    zones = zones_of((changed.sure < UNSURE[1]).astype(np.intp), changed.on, changed.on.cell_m)
    return changed.on.plane.back(zones[1]) if 1 in zones else shapely.Polygon(), sure


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
        inner = away_from(line, on.area.boundary, min(COAST_M, NARROW * on.area.area / on.area.length))
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
    band = np.where(field.away_km > near_km, 2, np.where((best < UNSURE[1]) & (len(field.actors) > 1), 1, 0))
    zones = zones_of(band, field.raster, field.raster.cell_m)
    said = {
        1: ("uncertain", "reports nearby disagree, or the front runs here"),
        2: ("no evidence", _FAR.format(near_km)),
    }
    return [_uncertain_row(zones[name], field.raster.plane, *said[name]) for name in (1, 2) if name in zones]


def _numbers(drawn: Drawn, found: Settled, area: BaseGeometry, gazetteer: Gazetteer) -> pd.DataFrame:
    districts, roads = districts_of(area, gazetteer), roads_within(area, gazetteer)
    return tallies(drawn.zones, found, uncertain=drawn.uncertain, districts=districts, roads=roads)


def _ground(changed: Overridden) -> Ground:
    """Return who may hold the cells of a changed map: its holder by the chance that it is right; the rest, nobody can tell."""
    chance = np.zeros((len(changed.actors), *changed.holder.shape))
    np.put_along_axis(chance, changed.holder[None], changed.sure[None], axis=0)
    return Ground(actors=changed.actors, on=changed.on, chance=chance, away_km=np.zeros(changed.holder.shape))


def _outline(area: BaseGeometry | gpd.GeoDataFrame) -> BaseGeometry:
    if isinstance(area, gpd.GeoDataFrame | gpd.GeoSeries):
        if area.crs is not None and area.crs.to_epsg() != 4326:
            raise InputError(f"The area is in {area.crs.to_string()}; give it in EPSG:4326 (to_crs(4326)).")
        area = area.union_all()
    if area.is_empty or area.area == 0:
        raise InputError(f"The area is {'empty' if area.is_empty else 'a ' + area.geom_type}; give a polygon.")
    return area if area.is_valid else shapely.make_valid(area)


def _held_row(name: int, shape: BaseGeometry, on: Ground, found: Reports, mine: NDArray[np.bool_]) -> dict[str, Any]:
    ground, actor = on.on.plane.back(shape), on.actors[name]
    count = int(found.share[~found.contested, found.actors.index(actor)].sum()) if actor in found.actors else 0
    sure = float(on.chance[name][mine].mean()) if mine.any() else UNSURE[1]
    return {
        "id": f"control:{actor}", "layer": "control", "actor": actor, "actor_name": actor, "status": "control",
        "confidence": round(sure, 3), "km2": area_km2(ground), "reports": count, "geometry": ground,
    }


def _contested_rows(found: Reports, on: Raster) -> list[dict[str, Any]]:
    """Return one row for each set of actors that contest places: discs that end half way to the next held place."""
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


def _changed_rows(changed: Overridden) -> list[dict[str, Any]]:
    old = ~changed.changed & (changed.sure < UNSURE[1])
    zones = zones_of(np.where(changed.uncertain, 1, np.where(old, 2, 0)), changed.on, changed.on.cell_m)
    words = {1: "at the edge of ground that a report has changed", 2: OLD}
    rows = [_uncertain_row(zones[name], changed.on.plane, "uncertain", words[name]) for name in (1, 2) if name in zones]
    return [row | {"id": f"uncertain:{number}"} for number, row in enumerate(rows, start=1)]


def _uncertain_row(shape: BaseGeometry, plane: Local, status: str, words: str) -> dict[str, Any]:
    ground = plane.back(shape)
    name = status.replace(" ", "-")
    return {"id": name, "layer": "uncertain", "status": status, "words": words, "km2": area_km2(ground), "geometry": ground}

