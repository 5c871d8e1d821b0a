"""Where towns on both sides of a front make a field: the ground between them, as far as the evidence reaches.

Reported control of one town is the town and no more. Where towns of two sides lie within reach of each other, the field of `geo.control`
says which side the ground between them is likelier to be on: solid near a report, faded further away, nothing beyond.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from scipy.cluster.hierarchy import fcluster, linkage
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.ageing import Ceasefire
from geo.barriers import waters
from geo.control import Field, control_field
from geo.coverage import finer, zones_of
from geo.errors import SalientError
from geo.evidence import check_evidence
from geo.held import front_rows, uncertain_rows
from geo.projections import area_km2, buffer_km, local, valid
from geo.records import Actor, Claim

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["SOLID_KM", "Theatre", "opposed", "theatres"]

SOLID_KM = 10.0  # from a report a cell is right in 94-98 % (5 km) to 80-93 % (20 km) of cases: solid up to here (design of zones)
TOWNS_A_SIDE = 2  # one town against one says nothing of where a front runs; set by judgement on the briefings
CELLS = 20.0  # cells from a report to where the evidence ends, at least: a field of few towns is drawn finer than that of a country


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Theatre:
    """The field of some towns: the claims it draws, rows for zones and fronts, and the `grounds` (actor, claims, shape) of each side."""

    claims: tuple[Claim, ...]
    rows: tuple[dict[str, Any], ...]
    fronts: tuple[dict[str, Any], ...]
    grounds: tuple[tuple[Actor, tuple[Claim, ...], BaseGeometry], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Town:
    """A town of which some claims say who holds it, or (contested) who fights for it."""

    claims: tuple[Claim, ...]
    lon: float
    lat: float
    country: str
    name: str
    holder: Actor | None


def opposed(a: Actor, b: Actor) -> bool:
    """Say whether two holders cannot hold the same ground: they are not the same, share no side and are not allied.

    Examples
    --------
    >>> opposed(Actor(id="a", name="A", side="war:one"), Actor(id="b", name="B", side="war:one|other:two"))
    False
    """
    if a.id == b.id or set(filter(None, a.side.split("|"))) & set(filter(None, b.side.split("|"))):
        return False
    return a.id not in b.allies and b.id not in a.allies


def theatres(
    control: Sequence[tuple[Claim, ...]], contested: Sequence[tuple[Claim, ...]], *, gazetteer: Gazetteer, areas: Sequence[BaseGeometry],
    as_of: dt.date | None = None, cell_km: float = 4.0, near_km: float = 30.0, calm: Sequence[Ceasefire] = (),
) -> tuple[Theatre, ...]:
    """Return the theatres that groups of claims (each about one place and holder) make.

    At least two towns a side are needed. Towns of which two sides claim control at once, and towns within `areas` whose control is told
    as a whole, make no field. Under a ceasefire (`calm`) what they say grows old more slowly.
    """
    towns = [_town(claims, gazetteer, contested=False) for claims in control]
    towns += [_town(claims, gazetteer, contested=True) for claims in contested]
    found = [town for town in towns if town is not None and not any(area.covers(shapely.Point(town.lon, town.lat)) for area in areas)]
    agreed = [town for town in found if not any(_disagree(town, other) for other in found)]
    groups = [group for group in _groups(agreed, near_km) if _has_two_sides(group)]
    return tuple(_theatre(group, gazetteer, as_of, (min(cell_km, near_km / CELLS), near_km), calm) for group in groups)


def _town(claims: tuple[Claim, ...], gazetteer: Gazetteer, *, contested: bool) -> _Town | None:
    first = claims[0]
    if not isinstance(first.where, where.Named):
        return None
    try:
        feature = gazetteer.get(first.where.feature)
    except SalientError:
        return None
    holder = first.target if first.predicate in ("hands_over", "besieges") else first.actor
    if feature.kind != "populated" or (holder is None and not contested) or (contested and first.predicate == "besieges"):
        return None
    return _Town(
        claims=claims, lon=feature.lon, lat=feature.lat, country=feature.country, name=feature.name, holder=None if contested else holder,
    )


def _disagree(a: _Town, b: _Town) -> bool:
    """Say whether two sides are told to hold one town."""
    return a.holder is not None and b.holder is not None and (a.lon, a.lat) == (b.lon, b.lat) and opposed(a.holder, b.holder)


def _leaders(towns: Sequence[_Town]) -> dict[str, Actor]:
    """Return for each holder the one of its side that holds most towns; what allies hold has no front between them."""
    held = [town.holder for town in towns if town.holder]
    count = Counter(holder.id for holder in held)
    leaders: list[Actor] = []
    found = {}
    for holder in sorted({holder.id: holder for holder in held}.values(), key=lambda one: (-count[one.id], one.id)):
        leader = next((one for one in leaders if not opposed(one, holder)), None)
        if leader is None:
            leaders.append(leader := holder)
        found[holder.id] = leader
    return found


def _has_two_sides(towns: Sequence[_Town]) -> bool:
    """Say whether at least two sides hold enough of the towns for a front to be told from them."""
    leaders = _leaders(towns)
    held = Counter(leaders[town.holder.id].id for town in towns if town.holder)
    return sum(count >= TOWNS_A_SIDE for count in held.values()) > 1


def _groups(towns: Sequence[_Town], reach_km: float) -> list[list[_Town]]:
    """Return the towns in groups, each town within reach of another of its group."""
    if len(towns) < 2:
        return []
    plane = local(shapely.MultiPoint([(town.lon, town.lat) for town in towns]))
    points = shapely.get_coordinates(plane.to(shapely.MultiPoint([(town.lon, town.lat) for town in towns]))) / 1000
    number = fcluster(linkage(points, method="single"), reach_km, criterion="distance")
    return [[towns[i] for i in np.flatnonzero(number == name).tolist()] for name in np.unique(number)]


def _theatre(
    towns: Sequence[_Town], gazetteer: Gazetteer, as_of: dt.date | None, sizes: tuple[float, float], calm: Sequence[Ceasefire],
) -> Theatre:
    cell_km, near_km = sizes
    leaders = _leaders(towns)
    holders = {leader.id: leader for leader in leaders.values()}
    area = _land(towns, gazetteer, near_km)
    field = control_field(_table(towns, leaders), area=area, as_of=as_of, cell_km=cell_km, barriers=waters(area), ceasefires=calm)
    label, cell = finer(field.share, field.raster)
    zones = zones_of(label, field.raster, cell)
    solid = valid(shapely.union_all([buffer_km(shapely.Point(town.lon, town.lat), SOLID_KM) for town in towns]))
    rows, grounds = [], []
    for number, shape in zones.items():
        actor = holders[field.actors[number]]
        mine = [town for town in towns if town.holder and leaders[town.holder.id] == actor]
        ground = field.raster.plane.back(shape)
        grounds.append((actor, _claims(mine), ground))
        rows += _rows(actor, mine, ground, solid, _confidence(field, number, near_km))
    names = {actor.id: actor.name for actor in holders.values()}
    unsure = [_uncertain(row, towns) for row in uncertain_rows(field, near_km=near_km) if row["status"] == "uncertain"]
    return Theatre(
        claims=_claims(towns), rows=(*rows, *unsure), grounds=tuple(grounds),
        fronts=tuple(front_rows(zones, field.actors, field.raster, names=names)),
    )


def _land(towns: Sequence[_Town], gazetteer: Gazetteer, near_km: float) -> BaseGeometry:
    """Return the ground within reach of the towns, in their own countries."""
    reach = valid(shapely.union_all([buffer_km(shapely.Point(town.lon, town.lat), near_km) for town in towns]))
    shapes = []
    for code in sorted({town.country for town in towns if town.country}):
        try:
            shapes.append(where.geometry(where.Named(f"country:{code}"), gazetteer))
        except SalientError:
            return reach
    land = valid(shapely.intersection(reach, valid(shapely.union_all(shapes)))) if shapes else reach
    return land if land.area > 0 else reach


def _table(towns: Sequence[_Town], leaders: Mapping[str, Actor]) -> pd.DataFrame:
    return check_evidence(pd.DataFrame([
        {
            "name": town.name, "lat": town.lat, "lon": town.lon, "actor": leaders[town.holder.id].id if town.holder else "",
            "status": "control" if town.holder else "contested", "confidence": max(claim.confidence for claim in town.claims),
            "date": max((claim.when.start.isoformat() for claim in town.claims if claim.when.start), default=""),
        }
        for town in towns
    ]))


def _rows(actor: Actor, towns: Sequence[_Town], ground: BaseGeometry, solid: BaseGeometry, sure: float) -> list[dict[str, Any]]:
    """Return the solid ground of one side and the faded ground around it."""
    listed = ", ".join(dict.fromkeys(town.name for town in towns))
    near, far = valid(shapely.intersection(ground, solid)), valid(shapely.difference(ground, solid))
    return [
        _row(
            towns, shape, actor=actor, layer="control", status=towns[0].claims[0].status, vague=vague, words=words,
            confidence=round(sure * part, 2),
        )
        for shape, vague, words, part in (
            (near, False, f"ground around {listed}", 1.0),
            (far, True, f"ground further from {listed}, inferred from the nearest reports", 0.8),
        ) if shape.area > 0
    ]


def _uncertain(row: dict[str, Any], towns: Sequence[_Town]) -> dict[str, Any]:
    values = {"status": "uncertain", "vague": True, "words": row["words"], "confidence": 0.5}
    return _row(towns, row["geometry"], actor=None, layer="uncertain", **values)


def _row(towns: Sequence[_Town], shape: BaseGeometry, *, actor: Actor | None, layer: str, **values: Any) -> dict[str, Any]:
    claims = _claims(towns)
    return {
        "layer": layer, "actor": actor.id if actor else "", "actor_name": actor.name if actor else "", "side": actor.side if actor else "",
        "colour": actor.colour if actor else "", "predicate": "controls", "claims": tuple(claim.id for claim in claims),
        "speaker": ", ".join(dict.fromkeys(claim.speaker for claim in claims if claim.speaker)), "km2": area_km2(shape),
        "geometry": shape, **values,
    }


def _claims(towns: Sequence[_Town]) -> tuple[Claim, ...]:
    return tuple(dict.fromkeys(claim for town in towns for claim in town.claims))


def _confidence(field: Field, number: int, near_km: float) -> float:
    """Return how sure the ground of one side is on the whole: less between the sides, away from towns, and where reports are old."""
    mine = field.raster.inside & (field.holder == number)
    return float(field.chance(near_km=near_km)[number][mine].mean()) if mine.any() else 0.5
