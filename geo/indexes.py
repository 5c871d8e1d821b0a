"""What one expanded index holds: rows of places by name, id, cell and country, and shapes by id.

The schema is written by ``scripts/indexing.py`` and, for what a user installs, by `geo.index_writing`. An index is opened
read-only and unchanging, so threads may share it.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from geo.errors import DataError

__all__ = ["PlaceIndex", "PlaceRow", "cell_of", "cells_within"]

_BATCH = 900  # parameters of one statement; SQLite allows at least 999
_COLUMNS = "f.key, f.id, f.name, f.kind, f.code, f.country, f.admin1, f.population, f.lon, f.lat, f.geonameid, f.names"


class PlaceRow(NamedTuple):
    """A place as the index stores it: `lon` and `lat` in 1e-5 degrees, `names` separated by ``|``, `id` empty for a GeoNames place;
    `note` and `source` only where a user gave them."""

    key: int
    id: str | None
    name: str
    kind: str
    code: str
    country: str
    admin1: str
    population: int
    lon: int
    lat: int
    geonameid: int | None
    names: str
    note: str = ""
    source: str = ""


class PlaceIndex:
    """One index file, opened for reading.

    Raises
    ------
    DataError
        The file is not an index of this version.

    Examples
    --------
    >>> from geo import datafiles
    >>> PlaceIndex(datafiles.index("boundaries"), source="Natural Earth").get("country:SY").name
    'Syria'
    """

    def __init__(self, file: Path, *, source: str) -> None:
        self.source = source
        try:
            self._connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            self._connection.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone()
        except sqlite3.DatabaseError as error:
            raise DataError(f"{file} is not an index of places ({error}); delete it, and it will be expanded again.") from error

    def named(self, folded: str) -> list[tuple[int, PlaceRow]]:
        """Return (rank, place) for a folded name; rank 0 is the place's own name, 1 another name."""
        query = f"SELECT n.rank, {_COLUMNS} FROM name n JOIN feature f ON f.key = n.key WHERE n.fold = ?"
        return [(row[0], PlaceRow(*row[1:])) for row in self._connection.execute(query, (folded,))]

    def known(self, folded: Iterable[str]) -> Iterator[tuple[str, int, str, str, int, str | int]]:
        """Yield (folded name, rank, kind, country, population, id or key) for each place that bears one of the names."""
        columns = "n.fold, n.rank, f.kind, f.country, f.population, coalesce(f.id, f.key)"
        query = f"SELECT {columns} FROM name n JOIN feature f ON f.key = n.key WHERE n.fold IN ({{}})"
        yield from self._batched(query, folded)

    def folds(self, skeleton: str) -> list[str]:
        """Return the folded names that have a skeleton."""
        return [row[0] for row in self._connection.execute("SELECT fold FROM sound WHERE skeleton = ?", (skeleton,))]

    def get(self, feature_id: str) -> PlaceRow | None:
        """Return the place of an id, if this index holds it."""
        return next(iter(self.many((feature_id,))), None)

    def many(self, feature_ids: Iterable[str]) -> list[PlaceRow]:
        """Return the places of those ids that this index holds."""
        return [PlaceRow(*row) for row in self._of_ids(_COLUMNS, feature_ids)]

    def positions(self, feature_ids: Iterable[str]) -> dict[str, tuple[float, float]]:
        """Return (lon, lat) in degrees of those ids that this index holds."""
        rows = self._of_ids("f.key, f.id, f.lon, f.lat", feature_ids)
        return {own or f"geonames:{key}": (lon / 1e5, lat / 1e5) for key, own, lon, lat in rows}

    def second_ids(self) -> list[tuple[int, str]]:
        """Return (geonameid, id) of the places that have an id of another kind besides."""
        return self._connection.execute("SELECT geonameid, id FROM feature WHERE id IS NOT NULL AND geonameid IS NOT NULL").fetchall()

    def geonameids(self) -> Iterator[int]:
        """Yield the geonameids of the places that have no other id."""
        for row in self._connection.execute("SELECT key FROM feature WHERE id IS NULL"):
            yield row[0]

    def all(self) -> list[PlaceRow]:
        """Return every place, of an index that is small."""
        return [PlaceRow(*row) for row in self._connection.execute(f"SELECT {_COLUMNS} FROM feature f ORDER BY f.key DESC")]

    def remarks(self) -> dict[int, tuple[str, str]]:
        """Return (note, source) by key, of an index that keeps them."""
        return {row[0]: (row[1], row[2]) for row in self._connection.execute("SELECT key, note, source FROM remark")}

    def in_cells(self, cells: Iterable[int], kinds: Iterable[str] | None = None) -> list[PlaceRow]:
        """Return the places of one-degree cells (see `cell_of`), of some kinds or of all."""
        wanted = ", ".join(f"'{kind}'" for kind in kinds or () if kind.isalpha())
        only = f" AND f.kind IN ({wanted})" if kinds is not None else ""
        return [PlaceRow(*row) for row in self._batched(f"SELECT {_COLUMNS} FROM feature f WHERE f.cell IN ({{}}){only}", cells)]

    def names_in(self, country: str) -> Iterator[str]:
        """Yield all names of the places in a country."""
        for name, names in self._connection.execute("SELECT name, names FROM feature WHERE country = ?", (country,)):
            yield name
            yield from names.split("|") if names else ()

    def units(self, *, country: str = "", admin1: str = "") -> list[PlaceRow]:
        """Return the administrative units of a country (first level) or of a first-level unit (what lies below)."""
        if admin1:
            query, value = f"SELECT {_COLUMNS} FROM feature f WHERE f.admin1 = ? AND f.kind = 'admin' AND f.code != 'ADM1'", admin1
        else:
            query, value = f"SELECT {_COLUMNS} FROM feature f WHERE f.country = ? AND f.code = 'ADM1' AND f.id IS NOT NULL", country
        return [PlaceRow(*row) for row in self._connection.execute(query, (value,))]

    def wkb(self, feature_id: str) -> bytes | None:
        """Return the shape of an id as WKB, if this index holds one."""
        row = self._connection.execute("SELECT wkb FROM shape WHERE id = ?", (feature_id,)).fetchone()
        return row[0] if row else None

    def boxes(self, prefix: str) -> list[tuple[str, float, float, float, float]]:
        """Return (id, west, south, east, north) of the shapes whose id begins with a prefix."""
        query = "SELECT id, west, south, east, north FROM shape WHERE id >= ? AND id < ?"
        return self._connection.execute(query, (prefix, prefix + "\uffff")).fetchall()

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _of_ids(self, columns: str, feature_ids: Iterable[str]) -> Iterator[tuple]:  # type: ignore[type-arg]
        keys: list[int] = []
        others: list[str] = []
        for feature_id in feature_ids:
            prefix, _, number = feature_id.partition(":")
            if prefix != "geonames":
                others.append(feature_id)
            elif number.isdecimal() and len(number) < 19:  # SQLite's integers
                keys.append(int(number))
        yield from self._batched(f"SELECT {columns} FROM feature f WHERE f.key IN ({{}}) AND f.id IS NULL", keys)
        yield from self._batched(f"SELECT {columns} FROM feature f WHERE f.id IN ({{}})", others)

    def _batched(self, query: str, values: Iterable[str] | Iterable[int]) -> Iterator[tuple]:  # type: ignore[type-arg]
        remaining: Iterator[str | int] = iter(values)
        while batch := tuple(islice(remaining, _BATCH)):
            yield from self._connection.execute(query.format(_marks(batch)), batch)


def cell_of(lon: float, lat: float) -> int:
    """Return the number of the one-degree cell that holds a point.

    Examples
    --------
    >>> cell_of(36.6, 35.9)
    45216
    """
    return int((lat + 90) // 1) * 360 + int((lon + 180) // 1) % 360


def cells_within(lon: float, lat: float, dx: float, dy: float) -> set[int]:
    """Return the one-degree cells that a box round a point touches; `dx` and `dy` are half its sides in degrees.

    Examples
    --------
    >>> cells_within(36.5, 35.5, 0.2, 0.2)
    {45216}
    """
    xs = range(math.floor(lon - dx), math.floor(lon + dx) + 1)
    ys = range(max(math.floor(lat - dy), -90), min(math.floor(lat + dy), 89) + 1)
    return {cell_of(x, y) for x in xs for y in ys}


def _marks(batch: Sequence[object]) -> str:
    return ",".join("?" * len(batch))
