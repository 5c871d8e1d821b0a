"""What reports make of an earlier map: it stays as it is but around the reports that contradict it.

Each piece leads to its source: ground that no report changes to the file of the map, changed ground to the claims that changed it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.ageing import Ceasefire
from geo.coverage import away_from
from geo.earlier import CONTESTED, EarlierMap
from geo.errors import GeometryError, UnknownPlace
from geo.held import COAST_M, OLD, faded, from_evidence
from geo.projections import area_km2, buffer_km, length_km, local, valid
from geo.records import Actor, Claim, Feature
from geo.theatre import opposed

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["SOURCE", "Ground", "Updated", "update"]

SOURCE = "base:"  # before the file of the base map, where a row lists the claims that it stands on

BASE_SURE = 0.9  # confidence of ground that the base map shows and no report contradicts, as in geo.held
THIN_KM = 0.1  # mean width below which a piece is a difference of drawing, not of the ground
LEAST_KM2 = 0.1
CRUMB = 0.6  # of a cell: a flipped piece is drawn in half cells, which leave crumbs up to about this size along the old line
LEFT_KM = 6.0  # around a town that its holder has left, with nobody named who took it: as far as a report on the line flips ground
CONFIRMED_KM = 5.0  # around a report: ground that is not old there, whatever the day of the base map
LARGEST_SHARE = 0.5  # a claim on more of the base map than this ("most of the country") is not precise enough to change it

Ground = tuple[Actor, tuple[Claim, ...], BaseGeometry]
"""A holder, the claims that say so, and the area that they mean (EPSG:4326)."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Updated:
    """Rows for zones and front lines; ids of the claims used, and of those that replace what the map showed; its outline."""

    rows: tuple[dict[str, Any], ...]
    fronts: tuple[dict[str, Any], ...]
    used: frozenset[str]
    replacing: frozenset[str]
    outline: BaseGeometry


@dataclass(slots=True, eq=False, kw_only=True)
class _Work:
    """An update in progress: the pieces of ground by holder, with the claims behind each."""

    base: EarlierMap
    outline: BaseGeometry
    actors: dict[str, Actor]
    used: set[str] = field(default_factory=set)
    calm: tuple[Ceasefire, ...] = ()
    rows: list[dict[str, Any]] = field(default_factory=list)


def update(
    base: EarlierMap, towns: Iterable[tuple[Claim, ...]], areas: Iterable[Ground], left: Iterable[Claim] = (), *, gazetteer: Gazetteer,
    as_of: dt.date | None = None, cell_km: float = 4.0, calm: Sequence[Ceasefire] = (),
) -> Updated:
    """Return an earlier map as some reports have it now.

    Parameters
    ----------
    base
        The earlier map.
    towns
        Groups of claims, each about who holds one place; those outside the map are not used.
    areas
        Areas whose control is told as a whole, with exact edges; they replace what the map shows there.
    left
        Claims that somebody has left a place, with nobody named who took it.
    gazetteer
        Where the places are.
    as_of, cell_km
        The day of the map, and the side of the cells in which ground is flipped.
    calm
        The ceasefires, under which the earlier map grows old more slowly.
    """
    pieces = [*base.zones.geometry, *([] if base.contested.is_empty else [base.contested])]
    work = _Work(base=base, outline=valid(shapely.union_all(pieces)), actors={actor.id: actor for actor in base.actors}, calm=tuple(calm))
    whole = [ground for ground in areas if _is_fine(ground, work) and _is_newer(ground[1], base)]
    taken = valid(shapely.union_all([shape for _, _, shape in whole])) if whole else shapely.Polygon()
    reports = [(claims, feature) for claims in towns if (feature := _town(claims, gazetteer)) is not None and _is_newer(claims, base)]
    inside = [(claims, spot) for claims, spot in reports if _covers(work.outline, spot) and not _covers(taken, spot)]
    held = base.frame()
    flipped = _flipped(held, inside, work, as_of, cell_km)
    kept = {actor: valid(shapely.difference(shape, taken)) if whole else shape for actor, shape in flipped.items()}
    for claim in left:
        _leave(claim, kept, work, gazetteer)
    was = dict(zip(held.actor, held.geometry, strict=True))
    old, sure = faded(held, area=work.outline, as_of=as_of, cell_km=cell_km, ceasefires=calm) if _ages(base, as_of) else (None, {})
    for actor, shape in kept.items():
        _draw(actor, shape, was.get(actor, shapely.Polygon()), inside, work, sure.get(actor, BASE_SURE))
    if old is not None:
        _fade(old, kept, was, inside, work)
    return Updated(
        rows=tuple(work.rows), fronts=tuple(_fronts(kept, work)), used=frozenset(work.used), outline=work.outline,
        replacing=frozenset(claim.id for _, claims, _ in whole for claim in claims),
    )


def _ages(base: EarlierMap, as_of: dt.date | None) -> bool:
    return base.day is not None and as_of is not None and as_of > base.day


def _fade(
    old: BaseGeometry, kept: Mapping[str, BaseGeometry], was: Mapping[str, BaseGeometry],
    inside: Sequence[tuple[tuple[Claim, ...], Feature]], work: _Work,
) -> None:
    """Add where the base map is too old to tell who holds the ground: not where reports have changed or confirmed it."""
    same = [valid(shapely.intersection(shape, was[actor])) for actor, shape in kept.items() if actor in was and actor != CONTESTED]
    seen = [buffer_km(shapely.Point(spot.lon, spot.lat), CONFIRMED_KM) for _, spot in inside]
    ground = valid(shapely.difference(shapely.intersection(old, shapely.union_all(same)), shapely.union_all(seen)))
    if area_km2(ground) > LEAST_KM2:
        values = {"layer": "uncertain", "status": "uncertain", "vague": True, "confidence": 0.5}
        work.rows.append(_row(None, ground, [f"{SOURCE}{work.base.title}"], words=OLD, **values))


def _is_fine(ground: Ground, work: _Work) -> bool:
    common = shapely.intersection(ground[2], work.outline) if "Polygon" in ground[2].geom_type else shapely.Polygon()
    return 0 < area_km2(common) < LARGEST_SHARE * area_km2(work.outline)


def _is_newer(claims: Sequence[Claim], base: EarlierMap) -> bool:
    """Say whether some claim of a group is not older than the base map; undated ones, and what goes on, are not."""
    if base.day is None:
        return True
    ends = [claim.when.end or (claim.when.start if claim.when.precision == "publication" else None) for claim in claims]
    return any(end is None or end >= base.day for end in ends)


def _town(claims: tuple[Claim, ...], gazetteer: Gazetteer) -> Feature | None:
    place = claims[0].where
    if not isinstance(place, where.Named):
        return None
    try:
        feature = gazetteer.get(place.feature)
    except UnknownPlace:
        return None
    return feature if feature.kind in ("populated", "base") else None


def _covers(area: BaseGeometry, spot: Feature) -> bool:
    return bool(shapely.intersects_xy(area, spot.lon, spot.lat))


def _holder(claims: tuple[Claim, ...]) -> Actor | None:
    first = claims[0]
    return first.target if first.predicate in ("hands_over", "besieges") else first.actor


def _flipped(
    held: gpd.GeoDataFrame, inside: Sequence[tuple[tuple[Claim, ...], Feature]], work: _Work, as_of: dt.date | None, cell_km: float,
) -> dict[str, BaseGeometry]:
    """Return the ground of each holder once the reports have flipped what they contradict."""
    table = [row for claims, spot in inside if (row := _report(claims, spot, held, work)) is not None]
    before = dict(zip(held.actor, held.geometry, strict=True))
    if not table:
        return before
    drawn = from_evidence(
        pd.DataFrame(table), area=work.outline, base=held, as_of=as_of, cell_km=cell_km, barriers=(), ceasefires=work.calm,
    )
    zones = drawn.zones[drawn.zones.layer == "control"]
    return _without_crumbs(before, dict(zip(zones.actor, zones.geometry, strict=True)), (cell_km * CRUMB) ** 2)


def _without_crumbs(before: Mapping[str, BaseGeometry], after: Mapping[str, BaseGeometry], least_km2: float) -> dict[str, BaseGeometry]:
    """Return the ground with the crumbs that cells leave along the old line given to the neighbour; small areas of the base map stay."""
    kept = {name: [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"] for name, shape in after.items()}
    for name, parts in kept.items():
        old = list(shapely.get_parts(before.get(name, shapely.Polygon())))
        for part in [part for part in parts if area_km2(part) < least_km2 and not any(_alike(part, other) for other in old)]:
            near = {other: shapely.intersection(part.boundary, after[other].boundary).length for other in after if other != name}
            best = max(near, key=near.__getitem__, default=name)
            if near.get(best, 0) > 0:
                parts.remove(part)
                kept[best].append(part)
    return {name: valid(shapely.union_all(parts, grid_size=1e-7)) for name, parts in kept.items() if parts}


def _alike(part: BaseGeometry, old: BaseGeometry) -> bool:
    """Say whether a part is still the part that the base map has there."""
    return bool(old.area < 1.5 * part.area and shapely.intersects(old, part))


def _report(claims: tuple[Claim, ...], spot: Feature, held: gpd.GeoDataFrame, work: _Work) -> dict[str, Any] | None:
    """Return the row of a table of evidence; an ally's hold of ground confirms whose it is on the map."""
    holder = _holder(claims)
    if holder is None:
        return None
    here = [str(name) for name, shape in zip(held.actor, held.geometry, strict=True) if _covers(shape, spot)]
    known = [*here, *(name for name in work.actors if name not in here)]
    same = holder.id if holder.id in work.actors else None
    allied = next((name for name in known if name in work.actors and not opposed(work.actors[name], holder)), None)
    actor = same or allied or holder.id
    if here and here[0] in work.actors and not opposed(work.actors[here[0]], holder):
        actor = here[0]
    work.actors.setdefault(actor, holder)
    work.used.update(claim.id for claim in claims)
    days = [claim.when.start.isoformat() for claim in claims if claim.when.start]
    sure = max(claim.confidence for claim in claims)
    return {"name": spot.name, "lat": spot.lat, "lon": spot.lon, "actor": actor, "confidence": sure, "date": max(days, default="")}


def _leave(claim: Claim, kept: dict[str, BaseGeometry], work: _Work, gazetteer: Gazetteer) -> None:
    """Take the ground that somebody has left from the map; who holds it is not known."""
    if claim.where is None or claim.actor is None or claim.status not in ("reported", "assessed") or not _is_newer([claim], work.base):
        return
    try:
        shape = where.geometry(claim.where, gazetteer)
        words = where.words(claim.where, gazetteer)
    except (GeometryError, UnknownPlace):
        return
    spot = _town((claim,), gazetteer)
    ground = buffer_km(shapely.Point(spot.lon, spot.lat), LEFT_KM) if spot is not None else shape
    for name, mine in kept.items():
        actor = work.actors.get(name)
        common = valid(shapely.intersection(mine, ground)) if actor and not opposed(actor, claim.actor) else shapely.Polygon()
        if area_km2(common) > LEAST_KM2:
            kept[name] = valid(shapely.difference(mine, common))
            work.used.add(claim.id)
            told = f"{words}: {claim.actor.name} has left, and the report names nobody who holds it"
            work.rows.append(_row(None, common, [claim.id], words=told, layer="uncertain", status="uncertain", vague=True, confidence=0.5))


def _draw(
    name: str, shape: BaseGeometry, before: BaseGeometry, inside: Sequence[tuple[tuple[Claim, ...], Feature]], work: _Work, sure: float,
) -> None:
    """Add the rows of one holder's ground: what the base map shows, and each piece that reports have changed."""
    actor = work.actors.get(name)
    new = [part for part in shapely.get_parts(valid(shapely.difference(shape, before))) if not _is_thin(part)]
    rest = valid(shapely.difference(shape, shapely.union_all(new))) if new else shape
    mine = [(claims, spot) for claims, spot in inside if actor and (holder := _holder(claims)) and not opposed(actor, holder)]
    base, layer = f"{SOURCE}{work.base.title}", CONTESTED if name == CONTESTED else "control"
    if area_km2(rest) > LEAST_KM2:
        confirming = [claim.id for claims, spot in mine if _covers(rest, spot) for claim in claims]
        day = f" of {work.base.day.isoformat()}" if work.base.day else ""
        known = round(min(sure, BASE_SURE), 2)
        work.rows.append(_row(actor, rest, [base, *confirming], words=f"as on the base map{day}", layer=layer, confidence=known))
    for part in new:
        behind = [(claims, spot) for claims, spot in mine if _covers(part, spot)] or _nearest(mine, part)
        names = ", ".join(dict.fromkeys(spot.name for _, spot in behind))
        told = [claim for claims, _ in behind for claim in claims]
        sure = max((claim.confidence for claim in told), default=0.5)
        words = f"ground around {names}, changed since the base map"
        work.rows.append(_row(actor, part, [claim.id for claim in told] or [base], words=words, layer=layer, confidence=sure, vague=True))


def _nearest(
    mine: Sequence[tuple[tuple[Claim, ...], Feature]], part: BaseGeometry
) -> list[tuple[tuple[Claim, ...], Feature]]:
    return sorted(mine, key=lambda pair: shapely.distance(part, shapely.Point(pair[1].lon, pair[1].lat)))[:1]


def _is_thin(part: BaseGeometry) -> bool:
    if "Polygon" not in part.geom_type:
        return True
    km2 = area_km2(part)
    return km2 < LEAST_KM2 or 2 * km2 / length_km(part.boundary) < THIN_KM


def _row(actor: Actor | None, shape: BaseGeometry, claims: list[str], **values: Any) -> dict[str, Any]:
    return {
        "status": "reported", "predicate": "contests" if values["layer"] == CONTESTED else "controls", "vague": False,
        "actor": actor.id if actor else "", "actor_name": actor.name if actor else "", "side": actor.side if actor else "",
        "colour": actor.colour if actor else "", "claims": tuple(dict.fromkeys(claims)), "km2": area_km2(shape),
        "geometry": shape, **values,
    }


def _fronts(zones: Mapping[str, BaseGeometry], work: _Work) -> list[dict[str, Any]]:
    """Return the lines where the ground of two holders meets, but for those along the edge of the map (coasts, borders)."""
    plane = local(work.outline)
    edge = plane.to(work.outline).boundary
    names = sorted(name for name in zones if name != CONTESTED)
    rows = []
    for number, a in enumerate(names):
        for b in names[number + 1 :]:
            met = shapely.intersection(zones[a].boundary, zones[b].boundary, grid_size=1e-6)
            lines = [part for part in shapely.get_parts(met) if part.geom_type == "LineString" and part.length > 0]
            inner = away_from(plane.to(shapely.union_all(lines)), edge, COAST_M) if lines else shapely.LineString()
            if not inner.is_empty:
                line = plane.back(shapely.line_merge(inner))
                rows.append({
                    "id": f"front:{a}:{b}", "a": a, "b": b, "a_name": work.actors[a].name, "b_name": work.actors[b].name,
                    "length_km": length_km(line), "geometry": line,
                })
    return rows
