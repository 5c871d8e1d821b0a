"""The one schema of the shipped indexes, and the writer that the build scripts share.

An index is an SQLite file compressed with xz. `feature` holds what is known of a place, `name` leads from a folded name to
features, `sound` from the skeleton of a name to its folded forms, `shape` from a feature id to its geometry.
"""

from __future__ import annotations

import lzma
import re
import sqlite3
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geo.index_writing import TABLES
from geo.names import fold, skeleton

INDEXES = "CREATE INDEX feature_id ON feature(id) WHERE id IS NOT NULL; CREATE INDEX feature_cell ON feature(cell);"
SCRIPTS = ("LATIN", "CYRILLIC", "ARABIC", "HEBREW", "GREEK")
# Coordinates are rounded to 2^-14 of a degree (7 m): exact in binary, so that neighbours keep their common border and xz its grip.
GRID = 2.0**14
_ARTICLE = re.compile(r"(?:al|el|an|ar|as|at|ad|az|ash|'s|d'|l'|de|la|le|oz)[- ’'`‘ʿ]|'s-", re.IGNORECASE)
_CODE = re.compile(r"[A-Z]{2,5}")


@dataclass(slots=True)
class Entry:
    """One feature on its way into an index."""

    id: str
    name: str
    kind: str
    code: str
    lon: float
    lat: float
    country: str = ""
    admin1: str = ""
    population: int = 0
    geonameid: int | None = None
    names: list[str] = field(default_factory=list)


@lru_cache(maxsize=20_000)
def script(character: str) -> str:
    """Return the script of a letter, as the first word of its Unicode name."""
    return unicodedata.name(character, "").split(" ")[0]


def kept_names(name: str, others: Iterable[str], *, codes: bool = False) -> tuple[str, ...]:
    """Return the other names that a reader may write: no machine romanisation, no airport code, no script that nobody searches here."""
    seen = {name}
    kept = []
    for other in others:
        other = other.strip()
        if other in seen or not other or len(other) > 60:
            continue
        seen.add(other)
        letters = [c for c in other if c.isalpha()]
        if not letters or script(letters[0]) not in SCRIPTS:
            continue
        if not codes and _CODE.fullmatch(other) and len(other) < 6:
            continue
        if other[0].isascii() and other[0].islower() and not _ARTICLE.match(other):
            continue
        if other[0] in "ʿʾ`'" and other[1:2].islower() and not _ARTICLE.match(other):
            continue
        kept.append(other)
    return tuple(kept)


def cell(lon: float, lat: float) -> int:
    """Return the number of the one-degree cell of a point; `geo.gazetteer` counts cells in the same way."""
    return int((lat + 90) // 1) * 360 + int((lon + 180) // 1) % 360


def rounded(geometry: BaseGeometry) -> BaseGeometry:
    """Return a geometry on the binary grid, valid."""
    snapped = shapely.transform(geometry, lambda xy: (xy * GRID).round() / GRID)
    return snapped if snapped.is_valid else shapely.make_valid(snapped, method="structure", keep_collapsed=False)


def write_index(
    path: Path, entries: Iterable[Entry], *, shapes: Iterable[tuple[str, BaseGeometry]] = (), first_key: int = 0
) -> dict[str, int]:
    """Write an index to `path` (an .sqlite.xz) and return the number of its rows by table.

    Features whose id is ``geonames:N`` have N as their key; the others count up from `first_key`, which differs by index.
    """
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "index.sqlite"
        connection = sqlite3.connect(plain)
        connection.executescript("PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;" + TABLES)
        _write_features(connection, entries, first_key)
        connection.executemany("INSERT INTO shape VALUES (?, ?, ?, ?, ?, ?)", _shape_rows(shapes))
        connection.execute("INSERT INTO meta VALUES ('schema', '1')")
        connection.executescript(INDEXES)
        connection.commit()
        connection.execute("VACUUM")
        counts = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("feature", "name", "sound", "shape")
        }
        connection.close()
        packed = path.with_name(f".{path.name}.part")
        packed.write_bytes(lzma.compress(plain.read_bytes(), preset=9 | lzma.PRESET_EXTREME if plain.stat().st_size < 2**24 else 6))
        packed.replace(path)
        counts["bytes"], counts["compressed"] = plain.stat().st_size, path.stat().st_size
    return counts


def _write_features(connection: sqlite3.Connection, entries: Iterable[Entry], first_key: int) -> None:
    names: dict[tuple[str, int], int] = {}
    rows = []
    for number, entry in enumerate(entries):
        own = entry.id.startswith("geonames:")
        key = int(entry.id.split(":")[1]) if own else first_key + number
        others = [name for name in entry.names if name != entry.name]
        rows.append(
            (
                key,
                None if own else entry.id,
                entry.name,
                entry.kind,
                entry.code,
                entry.country,
                entry.admin1,
                entry.population,
                round(entry.lon * 1e5),
                round(entry.lat * 1e5),
                cell(entry.lon, entry.lat),
                None if own else entry.geonameid,
                "|".join(others),
            )
        )
        for rank, name in enumerate([entry.name, *others]):
            names.setdefault((fold(name), key), min(rank, 1))
    connection.executemany("INSERT INTO feature VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", sorted(rows, key=lambda row: row[0]))
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted((f, key, rank) for (f, key), rank in names.items() if f))
    sounds = {(s, f) for f, _ in names if (s := skeleton(f)) and s != f and len(s) > 2}
    connection.executemany("INSERT INTO sound VALUES (?, ?)", sorted(sounds))


def _shape_rows(shapes: Iterable[tuple[str, BaseGeometry]]) -> Iterator[tuple[str, float, float, float, float, bytes]]:
    for identity, geometry in sorted(shapes, key=lambda pair: pair[0]):
        if geometry.is_empty or not geometry.is_valid:
            raise ValueError(f"The shape of {identity} is empty or invalid.")
        yield identity, *geometry.bounds, shapely.to_wkb(geometry)
