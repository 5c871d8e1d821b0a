"""Which settlements the zones of a situation hold, on whose word, and what each actor holds by district.

A settlement is whose zone it lies in, as sure as that zone, less as its claims grow old; where several say so, the surest does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.ageing import KM_PER_HALF_LIFE, half_life_days, reach
from geo.held import FAR_KM
from geo.projections import Local, local, valid
from geo.records import Claim, Feature
from geo.settlements import NEAREST, SURE, Settled, places_within, settlement_rows
from geo.tallies import districts_of, roads_within, tallies

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["held_settlements", "numbers_of", "settlements_of"]

FRESH_DAYS = 45  # a claim no older than this is as good as new, as in geo.control
DOUBTED = 0.65  # chance of who is likelier on ground that is said to be uncertain: the middle of what counts as that
_AREAS = ("contested", "control", "claimed")  # layers that say who holds a place; the first that covers it counts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Plane:
    """The zones that say who holds ground, and the middles of their claims, on one plane in metres."""

    zones: gpd.GeoDataFrame
    shapes: NDArray[np.object_]
    spots: Mapping[str, BaseGeometry]
    plane: Local


def settlements_of(situation: Situation) -> gpd.GeoDataFrame:
    """Return the table of settlements inside the zones of a situation (see `geo.settlements`); `evidence` are ids of claims."""
    return settlement_rows(held_settlements(situation), names={actor.id: actor.name for actor in situation.actors})


def numbers_of(situation: Situation) -> pd.DataFrame:
    """Return what each actor holds, in all and by district (see `geo.tallies`)."""
    zones = _held(situation.zones)
    zones = zones[zones["layer"] == "control"]
    found = held_settlements(situation)
    ground = valid(shapely.union_all(zones.geometry.to_numpy())) if len(zones) else shapely.Polygon()
    names = {actor.id: actor.name for actor in situation.actors}
    if ground.is_empty:
        return tallies(zones, found, names=names)
    unsure = situation.zones[situation.zones["layer"] == "uncertain"]
    districts, roads = districts_of(ground, situation.gazetteer), roads_within(ground, situation.gazetteer)
    return tallies(zones, found, uncertain=unsure, districts=districts, roads=roads, names=names)


def held_settlements(situation: Situation) -> Settled:
    """Return the settlements inside the zones of a situation, with the chance that each actor holds them."""
    zones = _held(situation.zones)
    actors = tuple(sorted({str(actor) for actor in zones["actor"] if actor}))
    places = _places(zones, situation)
    if not places:
        return _settled((), actors, [])
    on = _on_plane(zones, situation)
    points = shapely.points([(place.lon, place.lat) for place in places])
    covering: dict[int, list[int]] = {}
    for number, row in shapely.STRtree(zones.geometry.to_numpy()).query(points, predicate="intersects").T.tolist():
        covering.setdefault(number, []).append(row)
    spots = shapely.points(shapely.get_coordinates(on.plane.to(shapely.multipoints(points))))
    band = shapely.union_all(situation.zones[situation.zones["layer"] == "uncertain"].geometry.to_numpy())
    doubted = shapely.intersects(band, points)
    found = [(n, _standing(places[n], spots[n], rows, on, situation, bool(doubted[n]))) for n, rows in sorted(covering.items())]
    return _settled(tuple(places[number] for number, _ in found), actors, [row for _, row in found])


def _held(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    areas = zones.geometry.geom_type.isin(("Polygon", "MultiPolygon")) if len(zones) else zones["layer"].astype(bool)
    somewhere = (zones["layer"] == "contested") & zones["vague"].astype(bool)  # fighting "in the province" is not in each of its towns
    return zones[zones["layer"].isin(_AREAS) & areas & ~somewhere].reset_index(drop=True)


def _places(zones: gpd.GeoDataFrame, situation: Situation) -> tuple[Feature, ...]:
    """Return the settlements in the zones, asked for by groups of zones near each other (a report may tell of two continents)."""
    if zones.empty:
        return ()
    ground = shapely.get_parts(shapely.union_all([shapely.box(*shape.bounds) for shape in zones.geometry]))
    found = {place.id: place for part in ground for place in places_within(part, situation.gazetteer)}
    return tuple(sorted(found.values(), key=lambda place: (-place.population, place.id)))


def _on_plane(zones: gpd.GeoDataFrame, situation: Situation) -> _Plane:
    plane = local(shapely.multipoints(shapely.centroid(zones.geometry.to_numpy())))
    wanted = {claim for claims in zones["claims"] for claim in claims}
    spots = {}
    for claim in situation.claims:
        shape = situation.geometry(claim) if claim.id in wanted else None
        if shape is not None:
            spots[claim.id] = plane.to(shape.centroid)
    return _Plane(zones=zones, shapes=np.array([plane.to(shape) for shape in zones.geometry], dtype=object), spots=spots, plane=plane)


def _standing(
    place: Feature, spot: BaseGeometry, rows: Sequence[int], on: _Plane, situation: Situation, doubted: bool,
) -> dict[str, Any]:
    """Return what the zones over a place say of it; `doubted` tells whether it lies on uncertain ground."""
    best = min(rows, key=lambda number: (_AREAS.index(on.zones["layer"][number]), -on.zones["confidence"][number]))
    says = [row for row in rows if on.zones["layer"][row] in ("control", "claimed")]
    holding = min(says, key=lambda number: (_AREAS.index(on.zones["layer"][number]), -on.zones["confidence"][number]), default=None)
    near = sorted((spot.distance(on.spots[claim]) / 1000, claim) for claim in on.zones["claims"][best] if claim in on.spots)[:NEAREST]
    told = {claim.id: claim for claim in situation.claims}
    named = any(told[claim].where == where.Named(place.id) for _, claim in near)
    layer = on.zones["layer"][best]
    chance = 0.0
    if holding is not None:
        chance = float(on.zones["confidence"][holding]) * _fresh(spot, holding, on, told, situation.as_of)
        chance = min(chance, DOUBTED) if doubted and not named else chance
    status = layer if layer != "control" else "control" if chance >= SURE else "uncertain"
    return {
        "actor": on.zones["actor"][holding] if holding is not None else "", "chance": chance, "status": status,
        "basis": "reported" if named else "inferred", "km": near[0][0] if near else float("inf"),
        "evidence": "; ".join(claim for _, claim in near) or "; ".join(map(str, on.zones["claims"][best][:NEAREST])),
    }


def _fresh(spot: BaseGeometry, row: int, on: _Plane, told: Mapping[str, Claim], as_of: dt.date | None) -> float:
    """Return what is left of what a zone says, by the age of its latest claim and the distance to the nearest ground of another actor."""
    days = [told[claim].when.start for claim in on.zones["claims"][row] if claim in told]
    dated = [day for day in days if day is not None]
    if as_of is None or not dated or (as_of - max(dated)).days <= FRESH_DAYS:
        return 1.0
    others = on.shapes[(on.zones["actor"] != on.zones["actor"][row]).to_numpy()]
    front = min((float(spot.distance(shape)) / 1000 for shape in others), default=np.inf)
    half_lives = (as_of - max(dated)).days / half_life_days(np.array([front]))
    return float(reach(KM_PER_HALF_LIFE * half_lives, near_km=FAR_KM)[0])


def _settled(places: tuple[Feature, ...], actors: tuple[str, ...], rows: Sequence[Mapping[str, Any]]) -> Settled:
    chance = np.zeros((len(places), len(actors)))
    for number, row in enumerate(rows):
        if row["actor"] in actors:
            chance[number, actors.index(row["actor"])] = row["chance"]
    return Settled(
        places=places, actors=actors, chance=chance, status=tuple(row["status"] for row in rows), basis=tuple(row["basis"] for row in rows),
        distance_km=np.array([row["km"] for row in rows], dtype=float), evidence=tuple(row["evidence"] for row in rows),
        leans=np.unique([row["evidence"].split("; ")[0] for row in rows], return_inverse=True)[1].astype(np.intp),
    )
