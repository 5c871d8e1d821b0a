"""What the files of GeoNames hold: rows of places, and their names by language.

A dump has 19 columns, a file of alternate names 10; both are UTF-8, tab-separated, without a header, packed or plain
(https://download.geonames.org/export/dump/readme.txt). data/feature_codes.csv says which features are kept, and as what.
"""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO

from geo import archives, datafiles
from geo.errors import DataError
from geo.index_writing import BATCH, NewPlace, kept_names

__all__ = ["AlternateNames", "Skipped", "feature_kinds", "read_alternates", "read_dump"]

_COLUMNS = 19
_NO_NAMES = frozenset({"link", "post", "iata", "icao", "faac", "tcid", "unlc", "wkdt", "phon", "nuts", "lauc", "piny"})  # codes, no names
_BARE_CODES = {"P": "PPL", "A": "ADMD"}  # rows without a feature code
_LONGEST_LINE = 1 << 20
_MISPLACED = 0.5  # a file of which more than this share cannot be read is another file
_SHOWN = 5
_LOG = logging.getLogger(__name__)

Unit = Callable[[Sequence[tuple[float, float, str]]], Sequence[str]]
Names = tuple[list[str], list[str]]


class Skipped:
    """How many rows could not be read, and the numbers of the first of them.

    Examples
    --------
    >>> skipped = Skipped(); skipped.add(3, "no name"); skipped.count, skipped.words()
    (1, 'line 3: no name')
    """

    def __init__(self) -> None:
        self.count = 0
        self.read = 0
        self.first: list[tuple[int, str]] = []

    def add(self, line: int, what: str) -> None:
        """Count a row; what is wrong is kept for the first few."""
        self.count += 1
        if len(self.first) < _SHOWN:
            self.first.append((line, what))

    def words(self) -> str:
        """Return the first rows in words."""
        more = f" and {self.count - len(self.first)} more" if self.count > len(self.first) else ""
        return "; ".join(f"line {line}: {what}" for line, what in self.first) + more


class AlternateNames:
    """The names of one file by geonameid, on disk; `of` returns (names, former names) for some ids."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def of(self, keys: Sequence[int]) -> dict[int, Names]:
        """Return the names of those ids that have any."""
        found: dict[int, Names] = {}
        for start in range(0, len(keys), 900):
            some = keys[start : start + 900]
            query = f"SELECT key, name, former FROM other WHERE key IN ({','.join('?' * len(some))}) ORDER BY rowid"
            for key, name, former in self._connection.execute(query, some):
                found.setdefault(key, ([], []))[former].append(name)
        return found


@lru_cache(maxsize=1)
def feature_kinds() -> dict[str, str]:
    """Return the kind of each feature code that is kept.

    Examples
    --------
    >>> feature_kinds()["PPLA"], feature_kinds()["CMPRF"], "HTL" in feature_kinds()
    ('populated', 'other', False)
    """
    return {row["code"]: row["kind"] for _, row in datafiles.rows("feature_codes.csv", required=("code", "kind", "source"))}


@contextmanager
def read_alternates(file: Path, member: str, beside: Path, *, skipped: Skipped) -> Iterator[AlternateNames]:
    """Keep a file of alternate names in a temporary table beside an index, and yield its look-up.

    Raises
    ------
    DataError
        The file is no table of alternate names.
    """
    staged = beside.with_name(f"{beside.name}-alternates")
    connection = sqlite3.connect(staged, isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; CREATE TABLE other(key, name, former)")
        connection.execute("BEGIN")
        with _lines(file, member) as lines:
            rows = _alternates(lines, skipped)
            while batch := list(islice(rows, 10 * BATCH)):
                connection.executemany("INSERT INTO other VALUES (?, ?, ?)", batch)
        _check(skipped, file)
        connection.execute("COMMIT")
        connection.execute("CREATE INDEX other_key ON other(key)")
        yield AlternateNames(connection)
    finally:
        connection.close()
        staged.unlink(missing_ok=True)


def read_dump(
    file: Path, member: str, *, unit: Unit, skipped: Skipped, alternates: AlternateNames | None = None, country: str = "",
    progress: Callable[[int], None] | None = None,
) -> Iterator[NewPlace]:
    """Yield the places of a dump that are kept; broken rows are left out and counted.

    Parameters
    ----------
    file, member
        The archive and the name of the table in it; or the plain table.
    unit
        From (lon, lat, country) of some places to the codes of their first-level units ("SY-ID").
    country
        The ISO 3166-1 alpha-2 code that the rows must have, if any.
    progress
        Called now and then with the number of rows read.

    Raises
    ------
    DataError
        The file is no dump of GeoNames.
    """
    with _lines(file, member) as lines:
        rows = _rows(lines, skipped, country)
        while batch := list(islice(rows, BATCH)):
            known = alternates.of([row[0] for row in batch]) if alternates else {}
            units = unit([(row[4], row[5], row[3]) for row in batch])
            for row, code in zip(batch, units, strict=True):
                yield _place(row, code, known.get(row[0]))
            if progress:
                progress(skipped.read)
    _check(skipped, file)


_Row = tuple[int, str, str, str, float, float, int, str]


def _place(row: _Row, unit: str, known: Names | None) -> NewPlace:
    key, name, code, country, lon, lat, population, others = row
    listed = others.split(",") if others else []
    former: tuple[str, ...] = ()
    if known:
        now, gone = known
        former = tuple(other for other in kept_names(name, gone) if other not in now)
        listed = [other for other in (*listed, *now) if other not in gone]
    return NewPlace(key, "", name, feature_kinds()[code], code, country, unit, population, lon, lat, kept_names(name, listed), former)


def _rows(lines: Iterable[bytes], skipped: Skipped, country: str) -> Iterator[_Row]:
    """Yield (geonameid, name, code, country, lon, lat, population, other names) of the rows that are kept."""
    kinds = feature_kinds()
    for number, line in enumerate(lines, start=1):
        skipped.read = number
        try:
            cells = line.decode("utf-8").rstrip("\r\n").split("\t")
            if len(cells) != _COLUMNS:
                skipped.add(number, f"{len(cells)} columns, not {_COLUMNS}")
                continue
            code = cells[7] or _BARE_CODES.get(cells[6], "")
            if code not in kinds or (country and cells[8] != country):
                continue
            key, lat, lon = int(cells[0]), float(cells[4]), float(cells[5])
            population = int(cells[14] or 0)
        except ValueError as error:
            skipped.add(number, str(error).split(" in position")[0])
            continue
        if not (-90 <= lat <= 90 and -180 <= lon <= 180) or key <= 0 or key >= 1 << 62:
            skipped.add(number, f"{lat}, {lon} with id {key} is no place on the globe")
        elif not (name := cells[1].strip()):
            skipped.add(number, "no name")
        else:
            yield key, name, code, cells[8], lon, lat, max(population, 0), cells[3]


def _alternates(lines: Iterable[bytes], skipped: Skipped) -> Iterator[tuple[int, str, int]]:
    """Yield (geonameid, name, 1 if it is borne no more) of a file of alternate names."""
    for number, line in enumerate(lines, start=1):
        skipped.read = number
        try:
            cells = line.decode("utf-8").rstrip("\r\n").split("\t")
            if not 8 <= len(cells) <= 10:
                skipped.add(number, f"{len(cells)} columns, not 8 to 10")
                continue
            key = int(cells[1])
        except ValueError as error:
            skipped.add(number, str(error).split(" in position")[0])
            continue
        if cells[2] not in _NO_NAMES and cells[3]:
            yield key, cells[3], int(cells[7] == "1" or (len(cells) == 10 and cells[9] != ""))


@contextmanager
def _lines(file: Path, member: str) -> Iterator[Iterator[bytes]]:
    if archives.is_zip(file):
        with archives.member(file, member) as stream:
            yield _split(stream)
    else:
        with file.open("rb") as plain:
            yield _split(plain)


def _split(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield lines; one of absurd length ends the reading, since a table has none."""
    while line := stream.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise DataError(f"A line of the table is longer than {_LONGEST_LINE >> 20} MB; this is no file of GeoNames.")
        yield line


def _check(skipped: Skipped, file: Path) -> None:
    if skipped.count > _MISPLACED * skipped.read or not skipped.read:
        what = skipped.words() or "it is empty"
        raise DataError(f"{file.name} is no file of GeoNames ({what}); give one from download.geonames.org/export/dump.")
    if skipped.count:
        _LOG.info("%s: %d rows cannot be read (%s)", file.name, skipped.count, skipped.words())
