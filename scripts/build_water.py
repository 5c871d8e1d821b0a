"""Build data/water.sqlite.xz: named rivers and lakes with their shapes, and the shapes of the seas of data/seas.csv.

Sources: Natural Earth 10m rivers and lakes (public domain) from the Debian package libmagics++-data (its file ne_10m_ocean holds the
lakes too). A sea is the part of its box, less its `minus` boxes and the land of data/boundaries.sqlite.xz, that holds its seed point.
Run after `build_boundaries.py`.

    apt-get download libmagics++-data
    python -m scripts.build_water --natural-earth usr/share/magics/10m
"""

from __future__ import annotations

import argparse
import csv
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from geo.names import fold
from scripts.build_gazetteer import read_units
from scripts.indexing import Entry, rounded, write_index

DATA = Path(__file__).parents[1] / "data"
TOLERANCE = 0.004  # degrees, for rivers and lakes
OCEAN_TOLERANCE = 0.05  # degrees, for seas wider than OCEAN_DEGREES
OCEAN_DEGREES = 35.0
JOIN_DEGREES = 0.35  # pieces of one name this close are one river (gaps where it runs through a lake)
_BOX = re.compile(r"Box\(([^)]*)\)")


def main() -> None:
    """Read the sources and write the index."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--natural-earth", type=Path, required=True)
    folder = parser.parse_args().natural_earth
    units, polygons, _ = read_units(DATA / "boundaries.sqlite.xz")
    entries, shapes = [], []
    with (DATA / "seas.csv").open(encoding="utf-8", newline="") as handle:
        sea_names = {fold(row["name"]) for row in csv.DictReader(handle)}
    for kind, named in (("river", rivers(folder)), ("lake", lakes(folder))):
        for entry, shape in features(kind, named, units, polygons):
            shapes.append((entry.id, shape))
            if fold(entry.name) not in sea_names:  # the Dead Sea is one feature
                entries.append(entry)
    shapes += seas(polygons, np.array([shape for key, shape in shapes if key.startswith("lake:")]))
    held = {entry.id for entry in entries}
    shapes = [pair for pair in shapes if pair[0] in held or pair[0].startswith("sea:")]
    print(write_index(DATA / "water.sqlite.xz", entries, shapes=shapes, first_key=-100_000))


def rivers(folder: Path) -> Iterable[tuple[tuple[str, ...], BaseGeometry]]:
    """Yield (names, line) of the named rivers; pieces of one name that (nearly) touch are one."""
    frame = pyogrio.read_dataframe(folder / "ne_10m_rivers_lake_centerlines.shp")
    with (Path(__file__).parent / "river_names.csv").open(encoding="utf-8", newline="") as handle:
        usual = {row["name"]: row["river"] for row in csv.DictReader(handle)}
    pieces = defaultdict(list)
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for name, other, line in zip(frame["name"], frame["name_alt"], frame.geometry, strict=True):
        if isinstance(name, str) and name.strip():
            own = spellings(name, other)
            own = tuple(dict.fromkeys([usual.get(own[0], own[0]), *own]))
            pieces[own[0]] += list(shapely.get_parts(line))
            names[own[0]].update(dict.fromkeys(own))
    for name, lines in pieces.items():
        for cluster in clusters(lines):
            yield tuple(names[name]), shapely.simplify(shapely.line_merge(shapely.union_all(cluster)), TOLERANCE)


def lakes(folder: Path) -> Iterable[tuple[tuple[str, ...], BaseGeometry]]:
    """Yield (names, area) of the named lakes."""
    frame = pyogrio.read_dataframe(folder / "ne_10m_ocean.shp")
    pieces = defaultdict(list)
    names: dict[str, dict[str, None]] = defaultdict(dict)
    for feature, name, other, area in zip(frame["featurecla"], frame["name"], frame["name_alt"], frame.geometry, strict=True):
        if feature != "Ocean" and isinstance(name, str) and name.strip() and not area.is_empty:
            own = spellings(name, other)
            pieces[own[0]].append(shapely.make_valid(area))
            names[own[0]].update(dict.fromkeys(own))
    for name, areas in pieces.items():
        for cluster in clusters(areas):
            merged = shapely.union_all(cluster)
            thin = shapely.simplify(merged, TOLERANCE)
            yield tuple(names[name]), thin if thin.is_valid and not thin.is_empty else merged


def spellings(name: str, other: object) -> tuple[str, ...]:
    """Return the names of a water, the English one first: "Dnipro (Dnieper)" is the Dnieper, also the Dnipro."""
    outer, _, inner = name.partition("(")
    found = [inner.rstrip(") ").strip(), outer.strip()]
    found += [part.strip() for part in str(other).replace(";", ",").split(",")] if isinstance(other, str) else []
    kept = [part for part in dict.fromkeys(found) if part]
    lake = next((part for part in kept if part.startswith("Lake ") or part.endswith(" Lake")), kept[0])
    return tuple(dict.fromkeys([lake if lake.startswith("Lake ") else kept[0], *kept]))


def clusters(parts: list[BaseGeometry]) -> list[list[BaseGeometry]]:
    """Return the parts grouped so that parts within JOIN_DEGREES of each other are together."""
    left = list(range(len(parts)))
    tree = shapely.STRtree(parts)
    groups = []
    while left:
        group, frontier = set(), {left[0]}
        while frontier:
            group |= frontier
            near = {int(j) for i in frontier for j in tree.query(parts[i], predicate="dwithin", distance=JOIN_DEGREES)}
            frontier = near - group
        groups.append([parts[i] for i in sorted(group)])
        left = [i for i in left if i not in group]
    return groups


def features(
    kind: str, named: Iterable[tuple[tuple[str, ...], BaseGeometry]], units: list[tuple[str, str]], polygons: np.ndarray
) -> Iterable[tuple[Entry, BaseGeometry]]:
    """Yield the entry and shape of each water; the largest of a name has the plain slug, the others add their country."""
    tree = shapely.STRtree(polygons)
    seen: set[str] = set()
    for names, shape in sorted(named, key=lambda pair: -(pair[1].length if kind == "river" else pair[1].area)):
        final = rounded(shape)
        if final.is_empty:
            continue
        point = shape.interpolate(0.5, normalized=True) if kind == "river" else shape.representative_point()
        country = units[int(tree.nearest(point))][1]
        base = f"{kind}:{slug(names[0])}"
        identity = next(
            offer
            for offer in (base, f"{base}-{country.lower()}", *(f"{base}-{country.lower()}-{n}" for n in range(2, 99)))
            if offer not in seen
        )
        seen.add(identity)
        yield (
            Entry(
                id=identity,
                name=names[0],
                kind="water",
                code="STM" if kind == "river" else "LK",
                lon=point.x,
                lat=point.y,
                country=country,
                names=also_called(kind, names),
            ),
            final,
        )


def also_called(kind: str, names: tuple[str, ...]) -> list[str]:
    """Return the other names of a water, with and without the generic word."""
    found = list(names[1:])
    for name in names:
        if kind == "river" and not re.search(r"\b(river|rio|río|delta|canal|creek)\b", name, re.IGNORECASE):
            found += [f"{name} River", f"River {name}"]
        if kind == "lake" and not re.search(r"\b(lake|sea|reservoir|lago|lac|dam|ozero|bahía|lagoon)\b", name, re.IGNORECASE):
            found += [f"Lake {name}", f"{name} Lake"]
    return found


def slug(name: str) -> str:
    """Return a name in the letters of an id."""
    ascii_name = unicodedata.normalize("NFKD", fold(name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-") or "unnamed"


def seas(polygons: np.ndarray, lake_shapes: np.ndarray) -> list[tuple[str, BaseGeometry]]:
    """Return (id, area) of each row of data/seas.csv."""
    file = DATA / "seas.csv"
    if not file.is_file():
        return []
    tree = shapely.STRtree(polygons)
    with file.open(encoding="utf-8", newline="") as handle:
        return [(row["id"], sea(row, tree, polygons, lake_shapes)) for row in csv.DictReader(handle)]


def sea(row: dict[str, str], tree: shapely.STRtree, polygons: np.ndarray, lake_shapes: np.ndarray) -> BaseGeometry:
    """Return the part of a sea's box that is water and holds its seed; an inland sea is made of Natural Earth's lakes."""
    west, south, east, north = (float(row[side]) for side in ("west", "south", "east", "north"))
    frames = (
        [shapely.box(west, south, east, north)]
        if west < east
        else [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
    )
    water = shapely.union_all(frames)
    for numbers in _BOX.findall(row.get("minus") or ""):
        water = water.difference(shapely.box(*(float(number) for number in numbers.split(","))))
    land = polygons[tree.query(water, predicate="intersects")]
    wide = (east - west) % 360 > OCEAN_DEGREES
    clipped = [shapely.intersection(piece, water) for piece in land]
    union = shapely.union_all(clipped)
    if wide:
        union = shapely.make_valid(shapely.simplify(union, OCEAN_TOLERANCE))
    open_water = water.difference(union)
    seed = shapely.Point(float(row["seed_lon"]), float(row["seed_lat"]))
    parts = list(shapely.get_parts(open_water))
    held = [part for part in parts if part.covers(seed)]
    if not held:
        inland = [shape for shape in lake_shapes if shape.intersects(water) and shape.distance(seed) < JOIN_DEGREES]
        if not inland:
            raise ValueError(f"The seed of {row['id']} lies on land; move it.")
        return rounded(shapely.union_all(inland))
    if west >= east:  # both sides of the antimeridian
        held += [
            max(
                (part for part in parts if part not in held and (part.centroid.x > 0) != (held[0].centroid.x > 0)),
                key=lambda part: part.area,
            )
        ]
    return rounded(shapely.union_all(held))


if __name__ == "__main__":
    main()
