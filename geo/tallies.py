"""How much each actor holds, by district: ground, roads, settlements, and the people registered there, with an interval.

Population is that of settlements times the chance that the actor holds them, never of areas. The interval (nine chances in ten) takes
places that lean on the same report as standing or falling together, and places that lean on different ones as independent.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.neighbours import Atlas
from geo.projections import area_km2, great_circle_km, length_km, unwrap, valid
from geo.settlements import Settled

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["NUMBER_COLUMNS", "District", "districts_of", "roads_within", "tallies"]

NUMBER_COLUMNS = (
    "level", "district", "district_name", "actor", "actor_name", "km2", "km2_uncertain", "km2_no_evidence", "road_km", "settlements",
    "settlements_low", "settlements_high", "unregistered", "population", "population_low", "population_high", "population_is",
)
POPULATION_IS = "registered before the war (GeoNames), times the chance that the actor holds the place"
WIDTH = 1.645  # standard deviations on either side within which nine in ten of a normal distribution lie
_SLACK_DEGREES = 0.05  # a place this close to the edge of a district still lies in it: coasts are drawn coarsely
SLIVER = 0.05  # of the smaller of unit and area: less in common is no part of it
_ROADS_REACH_KM = 300.0  # a road whose own point lies this far beyond an area may still run through it
_ASKED = 100_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class District:
    """A unit that figures are given for: its level (admin1, admin2), id, name and shape (EPSG:4326)."""

    level: str
    id: str
    name: str
    shape: BaseGeometry


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Holdings:
    """What each actor holds anywhere: shapes in EPSG:4326, and the roads there are."""

    zones: Mapping[str, BaseGeometry]
    uncertain: BaseGeometry
    unknown: BaseGeometry
    roads: BaseGeometry


def districts_of(area: BaseGeometry, gazetteer: Gazetteer) -> tuple[District, ...]:
    """Return the first-level units that meet an area, and those units below them whose shape is known (installed)."""
    if not isinstance(gazetteer, Atlas):
        return ()
    west, south, east, north = area.bounds
    inside = [*_grid(west, south, east, north, area), area.representative_point()]
    shapely.prepare(area)
    countries = {unit.partition(":")[2][:2] for point in inside for unit in gazetteer.territory.units_at(point.x, point.y)}
    found = []
    for country in sorted(filter(str.isalpha, countries)):  # some ground (Northern Cyprus, a buffer zone) is no country's of the gazetteer
        for unit in gazetteer.children(f"country:{country}"):
            shape = gazetteer.shape(unit)
            if _shares(shape, area):
                found.append(District(level="admin1", id=unit.id, name=unit.name, shape=shape))
                found += _below(unit.id, area, gazetteer)
    return tuple(found)


def roads_within(area: BaseGeometry, gazetteer: Gazetteer) -> BaseGeometry:
    """Return the numbered roads inside an area, as known to the gazetteer (installed lines, else schematic ones), as one shape."""
    west, south, east, north = unwrap(area).bounds
    lon, lat = (west + east) / 2, (south + north) / 2
    reach = float(great_circle_km(np.full(4, lon), np.full(4, lat), np.array([west, east, west, east]),
                                  np.array([south, south, north, north])).max())
    near = gazetteer.near((lon + 180) % 360 - 180, lat, radius_km=reach + _ROADS_REACH_KM, kinds={"road"}, limit=_ASKED)
    lines = [gazetteer.shape(road) for road, _ in near]
    return shapely.intersection(shapely.union_all([line for line in lines if line.length > 0]), area)


def tallies(
    zones: gpd.GeoDataFrame, found: Settled, *, uncertain: gpd.GeoDataFrame | None = None, districts: Sequence[District] = (),
    roads: BaseGeometry | None = None, names: Mapping[str, str] | None = None,
) -> pd.DataFrame:
    """Return one row for each actor in all and in each district; an empty actor is what nobody can tell.

    Parameters
    ----------
    zones
        Held ground: `actor`, `layer` (only rows that say control count) and geometry in EPSG:4326.
    found
        The settlements of the ground with their chances.
    uncertain
        Ground of too little knowledge, with `status` uncertain or no evidence.
    districts
        The units that figures are given for, besides those for all together (level ``all``).
    roads
        Lines of roads.
    names
        The names of the actors.

    Returns
    -------
    pandas.DataFrame
        The columns `NUMBER_COLUMNS`; km2 geodesic, of which uncertain and without evidence; kilometres of road; numbers of settlements
        and people with the low and high ends of their intervals; `unregistered` settlements have no population on record.
    """
    held = zones[zones["layer"] == "control"] if "layer" in zones else zones
    rest = uncertain if uncertain is not None else gpd.GeoDataFrame({"status": []}, geometry=[], crs=4326)
    holdings = _Holdings(
        zones={str(actor): valid(shapely.union_all(rows.geometry.to_numpy())) for actor, rows in held.groupby("actor")},
        uncertain=_of(rest, "uncertain"), unknown=_of(rest, "no evidence"), roads=roads if roads is not None else shapely.LineString(),
    )
    lon, lat = (np.array([getattr(place, axis) for place in found.places], dtype=float) for axis in ("lon", "lat"))
    rows = list(_rows(None, holdings, found, np.ones(len(lon), bool), names or {}))
    for level in dict.fromkeys(district.level for district in districts):
        mine = [district for district in districts if district.level == level]
        home = _homes(lon, lat, mine)
        for number, district in enumerate(mine):
            rows += _rows(district, holdings, found, home == number, names or {})
    return pd.DataFrame(rows, columns=list(NUMBER_COLUMNS))


def _rows(
    district: District | None, holdings: _Holdings, found: Settled, inside: NDArray[np.bool_], names: Mapping[str, str],
) -> Iterator[dict[str, Any]]:
    people = np.array([place.population for place in found.places], dtype=float)[inside]
    actors = sorted({*holdings.zones, *found.actors})
    labels = {"level": "all", "district": "", "district_name": ""}
    if district is not None:
        labels = {"level": district.level, "district": district.id, "district_name": district.name}
    for actor in [*actors, ""]:
        row: dict[str, Any] = labels | {"actor": actor, "actor_name": names.get(actor, actor)} | _extent(holdings, actor, district)
        counts = _counts(people, _chances(found, actor)[inside], found.leans[inside])
        if row["km2"] or counts["settlements_high"] or counts["population"]:
            yield row | counts


def _extent(holdings: _Holdings, actor: str, district: District | None) -> dict[str, float]:
    ground = holdings.zones.get(actor, shapely.Polygon())
    if district is not None:
        ground = _common(ground, district.shape)
    if ground.is_empty:
        return dict.fromkeys(("km2", "km2_uncertain", "km2_no_evidence", "road_km"), 0.0)
    roads = _common(holdings.roads, ground)
    return {
        "km2": round(area_km2(ground), 1), "km2_uncertain": round(area_km2(_common(holdings.uncertain, ground)), 1),
        "km2_no_evidence": round(area_km2(_common(holdings.unknown, ground)), 1), "road_km": round(length_km(roads), 1),
    }


def _counts(people: NDArray[np.float64], chance: NDArray[np.float64], leans: NDArray[np.intp]) -> dict[str, Any]:
    """Return the numbers expected with their intervals, for places that lean on reports of these numbers."""
    made: dict[str, Any] = {"population_is": POPULATION_IS, "unregistered": round(float(chance[people == 0].sum()))}
    group = np.unique(leans, return_inverse=True)[1]
    for name, each in (("settlements", np.ones(len(people))), ("population", people)):
        expected = float(each @ chance)
        spread = np.bincount(group, each * np.sqrt(np.clip(chance * (1 - chance), 0, None))) if len(group) else np.zeros(1)
        reach = WIDTH * float(np.sqrt((spread**2).sum()))
        low, high = max(expected - reach, 0.0), min(expected + reach, float(each[chance > 0].sum()))
        made |= {name: round(expected), f"{name}_low": round(low), f"{name}_high": round(high)}
    return made


def _chances(found: Settled, actor: str) -> NDArray[np.float64]:
    """Return the chance that an actor holds each place; for no actor, that nobody can tell."""
    if not actor:
        return np.asarray(np.clip(1 - found.chance.sum(axis=1), 0.0, 1.0))
    return found.chance[:, found.actors.index(actor)] if actor in found.actors else np.zeros(len(found.places))


def _homes(lon: NDArray[np.float64], lat: NDArray[np.float64], districts: Sequence[District]) -> NDArray[np.intp]:
    """Return the number of the district of each place, -1 for none."""
    home = np.full(len(lon), -1, dtype=np.intp)
    if len(lon) and districts:
        tree = shapely.STRtree([district.shape for district in districts])
        place, district = tree.query_nearest(shapely.points(lon, lat), max_distance=_SLACK_DEGREES, all_matches=False)
        home[place] = district
    return home


def _common(shape: BaseGeometry, ground: BaseGeometry) -> BaseGeometry:
    """Return what two shapes share, of the kind (lines, areas) of the first."""
    if shape.is_empty or ground.is_empty or not shapely.box(*shape.bounds).intersects(shapely.box(*ground.bounds)):
        return shapely.Polygon()
    clipped = shapely.clip_by_rect(shape, *ground.bounds)
    if shape.area > 0:
        return valid(shapely.intersection(clipped if clipped.is_valid else valid(clipped), ground))
    # A line that only touches the box leaves nothing, as a collection of which GEOS cannot tell what it shares with another.
    return shapely.Polygon() if clipped.is_empty else shapely.intersection(clipped, ground)


def _of(frame: gpd.GeoDataFrame, status: str) -> BaseGeometry:
    return valid(shapely.union_all(frame[frame["status"] == status].geometry.to_numpy()))


def _below(unit: str, area: BaseGeometry, gazetteer: Gazetteer) -> list[District]:
    """Return the units below a first-level unit that have a shape of their own."""
    found = []
    for feature in gazetteer.children(unit) if isinstance(gazetteer, Atlas) else ():
        shape = gazetteer.shape(feature)
        if feature.id.startswith("boundary:") and _shares(shape, area):
            found.append(District(level="admin2", id=feature.id, name=feature.name, shape=shape))
    return found


def _shares(shape: BaseGeometry, area: BaseGeometry) -> bool:
    """Say whether a unit meets an area in more than a sliver along a border that two sources draw differently."""
    if shape.area == 0 or not shape.intersects(area):
        return False
    near = shapely.clip_by_rect(area, *shape.bounds)
    common = shapely.intersection(shape, near if near.is_valid and "Polygon" in near.geom_type else area).area
    return bool(common >= SLIVER * min(shape.area, area.area))


def _grid(west: float, south: float, east: float, north: float, area: BaseGeometry) -> list[shapely.Point]:
    """Return points spread over an area, to ask in which countries it lies."""
    xs, ys = np.linspace(west, east, 12), np.linspace(south, north, 12)
    points = [shapely.Point(x, y) for x in xs for y in ys]
    shapely.prepare(area)
    return [point for point in points if area.covers(point)]
