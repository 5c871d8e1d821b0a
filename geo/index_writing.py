"""How an index of places is written: from a stream of rows, in bounded memory, into one SQLite file.

The schema is that of the shipped indexes. Names are kept aside while the rows come in and sorted by SQLite at the end, outside of
memory, so that the trees grow at one edge only.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from geo.errors import DataError
from geo.indexes import cell_of
from geo.names import fold, skeleton

__all__ = ["SCHEMA", "TABLES", "NewPlace", "NewShape", "kept_names", "write_places"]

TABLES = """
CREATE TABLE feature(key INTEGER PRIMARY KEY, id TEXT, name TEXT NOT NULL, kind TEXT NOT NULL, code TEXT NOT NULL, country TEXT NOT NULL,
    admin1 TEXT NOT NULL, population INTEGER NOT NULL, lon INTEGER NOT NULL, lat INTEGER NOT NULL, cell INTEGER NOT NULL,
    geonameid INTEGER, names TEXT NOT NULL);
CREATE TABLE name(fold TEXT NOT NULL, key INTEGER NOT NULL, rank INTEGER NOT NULL, PRIMARY KEY(fold, key)) WITHOUT ROWID;
CREATE TABLE sound(skeleton TEXT NOT NULL, fold TEXT NOT NULL, PRIMARY KEY(skeleton, fold)) WITHOUT ROWID;
CREATE TABLE shape(id TEXT PRIMARY KEY, west REAL, south REAL, east REAL, north REAL, wkb BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
"""
# The tables of every index, and a note that what a user adds may carry.
SCHEMA = TABLES + "CREATE TABLE remark(key INTEGER PRIMARY KEY, note TEXT NOT NULL, source TEXT NOT NULL);"
BATCH = 2_000  # rows handed to SQLite at once
_CACHE_KB = 32_768  # memory of SQLite while it writes and sorts; what does not fit goes to a temporary file beside the index
_INDEXES = """
CREATE INDEX feature_id ON feature(id) WHERE id IS NOT NULL;
CREATE INDEX feature_cell ON feature(cell);
CREATE INDEX feature_unit ON feature(admin1) WHERE kind = 'admin';
"""
_LONGEST = 60  # characters of a name that anybody writes; longer ones are descriptions
_CODE = re.compile(r"[A-Z]{2,5}|[A-Z]*\d[A-Z\d]*")
_ARTICLE = re.compile(r"(?:al|el|an|ar|as|at|ad|az|ash|'s|d'|l'|de|la|le|oz)[- ’'`‘ʿ]|'s-", re.IGNORECASE)


class NewPlace(NamedTuple):
    """A place on its way into an index: `lon`, `lat` in degrees; `former` are names that it bears no more; an empty `id` is GeoNames'."""

    key: int
    id: str
    name: str
    kind: str
    code: str
    country: str
    admin1: str
    population: int
    lon: float
    lat: float
    names: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    note: str = ""
    source: str = ""


class NewShape(NamedTuple):
    """A shape on its way into an index: WKB and bounds in degrees (EPSG:4326)."""

    id: str
    west: float
    south: float
    east: float
    north: float
    wkb: bytes


def kept_names(name: str, others: Iterable[str]) -> tuple[str, ...]:
    """Return the other names that a reader may write: no machine romanisation, no code of an airport, no web address.

    Examples
    --------
    >>> kept_names("Damascus", ["DAM", "dmshq", "Dimashq", "https://example.org", "al-Sham", "دمشق", "Damascus"])
    ('Dimashq', 'al-Sham', 'دمشق')
    """
    kept: dict[str, None] = {}
    for other in others:
        other = other.strip()
        if not other or other == name or len(other) > _LONGEST or "://" in other or "|" in other or _CODE.fullmatch(other):
            continue
        first = other[0]
        lower = (first.isascii() and first.islower()) or (first in "ʿʾ`'" and other[1:2].islower())
        if not (lower and not _ARTICLE.match(other)) and any(letter.isalpha() for letter in other):
            kept[other] = None
    return tuple(kept)


def write_places(file: Path, places: Iterable[NewPlace], *, shapes: Iterable[NewShape] = ()) -> int:
    """Write an index to a new file and return how many places it holds; of two places with one key the first stays.

    Memory stays bounded whatever the number of rows; while it sorts, up to twice the size of the index is needed on disk beside it.

    Raises
    ------
    DataError
        There is no room to write.
    """
    staged = file.with_name(f"{file.name}-names")
    try:
        with _sorting_in(file.parent):
            connection = sqlite3.connect(file, isolation_level=None)
            try:
                return _write(connection, staged, places, shapes)
            finally:
                connection.close()
    except sqlite3.OperationalError as error:
        raise DataError(f"The index cannot be written into {file.parent} ({error}); free some space, or set SALIENT_DATA.") from error
    finally:
        staged.unlink(missing_ok=True)


def _write(connection: sqlite3.Connection, staged: Path, places: Iterable[NewPlace], shapes: Iterable[NewShape]) -> int:
    connection.executescript(
        f"PRAGMA page_size = 4096; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
        f"PRAGMA cache_size = -{_CACHE_KB}; PRAGMA threads = 0; {SCHEMA}"
    )
    connection.execute("ATTACH ? AS staged", (str(staged),))
    connection.executescript("PRAGMA staged.journal_mode = OFF; PRAGMA staged.synchronous = OFF; CREATE TABLE staged.name(fold, key, rank)")
    connection.execute("BEGIN")
    remaining = iter(places)
    while batch := list(islice(remaining, BATCH)):
        _insert(connection, batch)
    connection.executemany("INSERT OR REPLACE INTO shape VALUES (?, ?, ?, ?, ?, ?)", shapes)
    connection.create_function("sound_of", 1, _sound_of, deterministic=True)
    connection.execute("INSERT INTO name SELECT fold, key, min(rank) FROM staged.name GROUP BY fold, key ORDER BY fold, key")
    # The limit, which is none, keeps SQLite from asking for each sound three times.
    sounds = "SELECT sound_of(fold) AS sound, fold FROM (SELECT DISTINCT fold FROM name) LIMIT -1 OFFSET 0"
    connection.execute(f"INSERT INTO sound SELECT sound, fold FROM ({sounds}) WHERE sound IS NOT NULL ORDER BY sound, fold")
    connection.execute("INSERT INTO meta VALUES ('schema', '1')")
    connection.execute("COMMIT")
    connection.executescript(_INDEXES)
    return int(connection.execute("SELECT count(*) FROM feature").fetchone()[0])


def _insert(connection: sqlite3.Connection, batch: list[NewPlace]) -> None:
    connection.executemany(
        "INSERT OR IGNORE INTO feature VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
        (
            (
                place.key, place.id or None, place.name, place.kind, place.code, place.country, place.admin1, place.population,
                round(place.lon * 1e5), round(place.lat * 1e5), cell_of(place.lon, place.lat), None,
                "|".join(dict.fromkeys((*place.names, *place.former))),
            )
            for place in batch
        ),
    )
    connection.executemany("INSERT INTO staged.name VALUES (?, ?, ?)", _folded(batch))
    remarks = [(place.key, place.note, place.source) for place in batch if place.note or place.source]
    if remarks:
        connection.executemany("INSERT OR IGNORE INTO remark VALUES (?, ?, ?)", remarks)


def _folded(batch: Iterable[NewPlace]) -> Iterator[tuple[str, int, int]]:
    """Yield (folded name, key, rank): 0 the own name, 1 another name, 2 a former one."""
    for place in batch:
        for rank, names in enumerate(((place.name,), place.names, place.former)):
            for name in names:
                if folded := fold.__wrapped__(name):
                    yield folded, place.key, rank


def _sound_of(folded: str) -> str | None:
    """The skeleton under which a folded name is also looked for, if it is long enough and another word."""
    sound = skeleton.__wrapped__(folded) if folded.isascii() else ""
    return sound if len(sound) > 2 and sound != folded else None


@contextmanager
def _sorting_in(folder: Path) -> Iterator[None]:
    """Have SQLite sort in the folder of the index: the system's folder for temporary files is often small, or memory."""
    before = os.environ.get("SQLITE_TMPDIR")
    os.environ["SQLITE_TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SQLITE_TMPDIR"]
        else:
            os.environ["SQLITE_TMPDIR"] = before
