"""Check the hand-written tables of data/ against the gazetteer: ids, names, sources, recipes, roads, seas and bases.

    python -m scripts.check_tables

Each problem is one line that names the table and the row; the exit code is 1 when there is one. Changes nothing.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise

import shapely
from shapely.geometry.base import BaseGeometry

from geo import datafiles, where
from geo.errors import SalientError
from geo.gazetteer import OfflineGazetteer, open_gazetteer
from geo.names import fold
from geo.projections import area_km2, distance_km

__all__ = ["CHECKS", "check_aliases", "check_bases", "check_ids", "check_outlets", "check_recipes", "check_roads", "check_seas", "main",
           "problems"]

TABLES = ("seas.csv", "roads.csv", "regions.csv", "bases.csv", "historic.csv", "aliases.csv")
BASE_KINDS = {"air_base", "naval_base", "military_base", "port", "crossing", "dam", "power_plant", "camp", "airport", "prison", "oilfield",
              "outpost"}
OUTLET_SCOPES = {"local", "regional", "national", "world"}
ALIAS_KINDS = {"exonym", "abbreviation", "metonym", "transliteration", "old_name"}
SEA_KINDS = {"ocean", "sea", "gulf", "strait", "bay", "channel"}
MAX_LEG_KM = 600.0  # the longest stretch between two waypoints in the table is Los Angeles - Phoenix, 575 km
MIN_AREA_KM2 = 0.5  # Pointe du Hoc and Snake Island have about 1 km2
MAX_AREA_KM2 = 30_000_000.0  # Africa and sub-Saharan Africa have 24 to 30 million km2
WHOLE_GLOBE = 359.0  # degrees of longitude: an area round the pole, whose geodesic size has no meaning as one ring
BASE_TOLERANCE_DEGREES = 0.15  # crossings, ports and islands lie on or off the simplified outline of their country
OFF_SHORE = {"base:fiery-cross", "base:mischief-reef", "base:subi-reef", "base:woody-island", "base:al-basra-terminal"}
UNIT_TOLERANCE_DEGREES = 0.1  # St. Louis lies on the river that is the border of its state, and off the simplified outline of it
HOST = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*(?:\.[a-z0-9]+(?:-+[a-z0-9]+)*)+")
UNIT = re.compile(r"([A-Z]{2})(?:-[A-Z0-9]{1,3})?")
LEASED = {"country:CY": "country:GB", "country:CU": "country:US"}  # sovereign or leased base areas, drawn with their holder

Check = Callable[[OfflineGazetteer], Iterator[str]]


def main() -> int:
    """Print each problem and return the exit code."""
    found = list(problems())
    sys.stdout.write("".join(f"{line}\n" for line in found) or "All tables agree with the gazetteer.\n")
    return 1 if found else 0


def problems() -> Iterator[str]:
    """Yield what is wrong in the tables, one sentence each."""
    gazetteer = open_gazetteer()
    for check in CHECKS:
        yield from check(gazetteer)


def check_ids(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield ids used twice or with the wrong prefix, and rows without a name or a source."""
    prefixes = {"seas.csv": "sea:", "roads.csv": "road:", "regions.csv": "region:", "bases.csv": "base:", "historic.csv": "historic:"}
    for name in TABLES:
        counts = Counter(row.get("id") or f"{row['alias']} = {row['feature']}" for _, row in datafiles.rows(name))
        yield from (f"{name}: {key} stands {times} times." for key, times in counts.items() if times > 1)
        for line, row in datafiles.rows(name):
            if not row["source"].strip():
                yield f"{name}, line {line}: no source."
            if name in prefixes and not re.fullmatch(prefixes[name] + r"[a-z0-9][a-z0-9-]*", row["id"]):
                yield f"{name}, line {line}: the id {row['id']!r} is not {prefixes[name]} and a slug."
            if name != "aliases.csv" and not row["name"].strip():
                yield f"{name}, line {line}: no name."


def check_recipes(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield recipes that do not parse, make no valid area, or make one of an unlikely size; and points outside their area."""
    for name in ("regions.csv", "historic.csv"):
        for line, row in datafiles.rows(name):
            try:
                recipe = where.parse(row["recipe"])
                shape = where.geometry(recipe, gazetteer)
            except SalientError as error:
                yield f"{name}, line {line}, {row['id']}: {error}"
                continue
            if where.parse(where.text(recipe)) != recipe:
                yield f"{name}, line {line}, {row['id']}: the recipe changes when it is written and read again."
            yield from (f"{name}, line {line}, {row['id']}: {fault}" for fault in _shape_faults(shape, row))


def check_roads(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield waypoints that the gazetteer lacks, and legs longer than 600 km."""
    for line, row in datafiles.rows("roads.csv"):
        points = []
        for point in row["waypoints"].split("|"):
            try:
                points.append(_waypoint(point, gazetteer))
            except (SalientError, ValueError) as error:
                yield f"roads.csv, line {line}, {row['id']}: {point!r}: {error}"
        if len(points) < 2:
            yield f"roads.csv, line {line}, {row['id']}: a road needs two waypoints."
        for a, b in pairwise(points):
            if not 0.2 < (km := distance_km(a, b)) < MAX_LEG_KM:
                yield f"roads.csv, line {line}, {row['id']}: a leg of {km:.0f} km from {a.wkt} to {b.wkt}."


def check_seas(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield seas of unknown kind, with an empty box, with the seed outside the box or inside what is cut away, or without water."""
    for line, row in datafiles.rows("seas.csv"):
        west, south, east, north = (float(row[key]) for key in ("west", "south", "east", "north"))
        x, y = float(row["seed_lon"]), float(row["seed_lat"])
        inside = west <= x <= east if west < east else x >= west or x <= east
        label = f"seas.csv, line {line}, {row['id']}"
        if row["kind"] not in SEA_KINDS:
            yield f"{label}: unknown kind {row['kind']!r}."
        if not (south < north and inside and south <= y <= north):
            yield f"{label}: the seed {x}, {y} lies outside the box."
        for cut in filter(None, row["minus"].split("|")):
            if where.geometry(where.parse(cut), gazetteer).contains(shapely.Point(x, y)):
                yield f"{label}: the seed lies in {cut}, which is cut away."
        try:
            if gazetteer.shape(row["id"]).area <= 0:
                yield f"{label}: the gazetteer has no water for it; rebuild data/water.sqlite.xz."
        except SalientError as error:
            yield f"{label}: {error}"


def check_bases(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield bases of unknown kind, actor or precision, and bases that lie outside the country that they are said to be in."""
    actors = {row["id"] for _, row in datafiles.rows("actors.csv")}
    de_jure = open_gazetteer(view="de_jure")
    for line, row in datafiles.rows("bases.csv"):
        label = f"bases.csv, line {line}, {row['id']}"
        if row["kind"] not in BASE_KINDS:
            yield f"{label}: unknown kind {row['kind']!r}."
        if row["operator"] and row["operator"] not in actors:
            yield f"{label}: actors.csv has no {row['operator']!r}."
        if not 0 < float(row["precision_km"]) <= 50:
            yield f"{label}: a precision of {row['precision_km']} km."
        point = shapely.Point(float(row["lon"]), float(row["lat"]))
        if row["id"] not in OFF_SHORE and not _lies_in(point, row["country"], de_jure):
            yield f"{label}: {point.wkt} lies outside {row['country']}."


def check_aliases(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield aliases of unknown kind, of features that do not exist, or that a search does not find."""
    for line, row in datafiles.rows("aliases.csv"):
        label = f"aliases.csv, line {line}, {row['alias']!r}"
        if row["kind"] not in ALIAS_KINDS:
            yield f"{label}: unknown kind {row['kind']!r}."
        try:
            gazetteer.get(row["feature"])
        except SalientError as error:
            yield f"{label}: {error}"
            continue
        if row["feature"] not in {hit.feature.id for hit in gazetteer.search(row["alias"], limit=100)}:
            yield f"{label}: a search does not find {row['feature']}."


def check_outlets(gazetteer: OfflineGazetteer) -> Iterator[str]:
    """Yield outlets without a host or a source, hosts and names used twice, and homes that are not where the row says."""
    hosts, names = Counter[str](), Counter[str]()
    for line, row in datafiles.rows("outlets.csv"):
        label = f"outlets.csv, line {line}, {row['name']!r}"
        hosts.update(row["hosts"].split("|"))
        names.update({fold(name) for name in (row["name"], *filter(None, row["aliases"].split("|")))})
        if not all((row["name"], row["hosts"], row["home"], row["source"])):
            yield f"{label}: name, hosts, home and source must be given."
        if row["scope"] not in OUTLET_SCOPES:
            yield f"{label}: unknown scope {row['scope']!r}."
        yield from (f"{label}: {host!r} is not the host of an address, in small letters and without www."
                    for host in row["hosts"].split("|") if not HOST.fullmatch(host) or host.startswith("www."))
        yield from (f"{label}: {fault}" for fault in _home_faults(row, gazetteer))
    yield from (f"outlets.csv: the {what} {value!r} stands {times} times."
                for what, counts in (("host", hosts), ("name", names)) for value, times in counts.items() if times > 1)


CHECKS: tuple[Check, ...] = (check_ids, check_roads, check_seas, check_bases, check_recipes, check_aliases, check_outlets)


def _home_faults(row: dict[str, str], gazetteer: OfflineGazetteer) -> Iterator[str]:
    """An outlet of a town or region speaks for its town, a national one for its country, one of the world for no place."""
    town, _, unit = row["home"].rpartition(", ")
    if not town or not UNIT.fullmatch(unit):
        yield f"the home {row['home']!r} is not a town and the code of its country or unit."
        return
    expected = {"national": f"country:{unit}", "world": ""}.get(row["scope"], row["place"])
    if row["place"] != expected:
        yield f"{row['place']!r} is not {expected!r}, for which an outlet of scope {row['scope']} speaks."
    if row["scope"] == "world":
        return
    try:
        feature = gazetteer.get(row["place"])
        if row["scope"] == "national":
            return
        area = gazetteer.shape(f"admin1:{unit}" if "-" in unit else f"country:{unit}")
    except SalientError as error:
        yield str(error)
        return
    if feature.kind != "populated" or feature.name != town:
        yield f"{row['place']} is {feature.name} ({feature.kind}), not the town {town}."
    if area.distance(shapely.Point(feature.lon, feature.lat)) > UNIT_TOLERANCE_DEGREES:
        yield f"{feature.name} ({row['place']}) does not lie in {unit}."


def _shape_faults(shape: BaseGeometry, row: dict[str, str]) -> Iterator[str]:
    if shape.is_empty or not shape.is_valid:
        yield "the recipe makes an empty or invalid area."
        return
    west, _, east, _ = shape.bounds
    if east - west < WHOLE_GLOBE and not MIN_AREA_KM2 < (km2 := area_km2(shape)) < MAX_AREA_KM2:
        yield f"the recipe makes {km2:,.1f} km2."
    if row.get("lon") and shape.distance(shapely.Point(float(row["lon"]), float(row["lat"]))) > 0.05:
        yield f"the point {row['lon']}, {row['lat']} lies outside the area."


def _waypoint(point: str, gazetteer: OfflineGazetteer) -> shapely.Point:
    if ":" in point:
        feature = gazetteer.get(point)
        return shapely.Point(feature.lon, feature.lat)
    lon, lat = point.split()
    return shapely.Point(float(lon), float(lat))


def _lies_in(point: shapely.Point, country: str, gazetteer: OfflineGazetteer) -> bool:
    own = f"country:{country}"
    return any(gazetteer.shape(place).distance(point) <= BASE_TOLERANCE_DEGREES for place in {own, LEASED.get(own, own)})


if __name__ == "__main__":
    sys.exit(main())
