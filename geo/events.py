"""A user's own table of events, as ACLED or the UCDP GED publishes it: verified, and read as typed rows. It is never passed on.

ACLED: Raleigh, Kishi and Linke (2023), Humanities and Social Sciences Communications 10:74. UCDP GED: Sundberg and Melander (2013),
Journal of Peace Research 50(4):523-532. What a row says is what its publisher says; nothing here makes a claim of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DataError
from geo.geonames_dump import Skipped

__all__ = ["Event", "kind_of_table", "read_events"]

_CELL = 1 << 20  # characters of one cell; the notes of ACLED have some thousands
_WORST = 0.5  # a table of which more than this share cannot be read is another table
# Which columns hold what, by publisher; the first name is that of today, the others are of earlier releases.
_COLUMNS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ACLED": {
        "id": ("event_id_cnty", "data_id"), "start": ("event_date",), "end": ("event_date",), "lat": ("latitude",), "lon": ("longitude",),
        "place": ("location",), "country": ("country",), "kind": ("sub_event_type",), "actor": ("actor1",), "target": ("actor2",),
        "deaths": ("fatalities",), "exact": ("geo_precision",), "source": ("source",), "note": ("notes",),
    },
    "UCDP GED": {
        "id": ("id",), "start": ("date_start",), "end": ("date_end",), "lat": ("latitude",), "lon": ("longitude",),
        "place": ("where_coordinates",), "country": ("country",), "kind": ("type_of_violence",), "actor": ("side_a",),
        "target": ("side_b",), "deaths": ("best", "best_est"), "exact": ("where_prec",), "source": ("source_article",),
        "note": ("where_description", "source_headline"),
    },
}
_NEEDED = ("id", "start", "lat", "lon", "actor", "exact")
_DATES = ("%Y-%m-%d", "%d %B %Y", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "%d-%b-%Y")
_VIOLENCE = {"1": "state-based conflict", "2": "non-state conflict", "3": "one-sided violence"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A row: `precision` is that of its publisher (ACLED 1 to 3, UCDP 1 to 7); deaths are its best estimate, None where it has none."""

    id: str
    publisher: str
    start: dt.date
    end: dt.date
    lon: float
    lat: float
    place: str
    country: str
    kind: str
    actor: str
    target: str
    deaths: int | None
    precision: int
    source: str
    note: str


def kind_of_table(file: Path) -> str:
    """Return the publisher of a table, by its columns.

    Raises
    ------
    DataError
        The table is of neither, or no table in UTF-8.
    """
    return _opened(file)[0]


def read_events(file: Path, *, skipped: Skipped | None = None) -> Iterator[Event]:
    """Yield the events of a table, one row at a time; rows that cannot be read are left out and counted in `skipped`.

    Raises
    ------
    DataError
        The table is of neither publisher, not UTF-8, or most of its rows cannot be read.
    """
    publisher, columns, delimiter = _opened(file)
    told = Skipped() if skipped is None else skipped
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle, delimiter=delimiter):
                told.read += 1
                try:
                    yield _event(publisher, columns, row)
                except (ValueError, TypeError) as error:
                    told.add(told.read + 1, str(error))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{file.name} cannot be read as a UTF-8 CSV table ({error}); save it as UTF-8.") from error
    if told.count > _WORST * told.read:
        raise DataError(f"{file.name} cannot be used: {told.count} of its {told.read} rows cannot be read ({told.words()}).")


def _opened(file: Path) -> tuple[str, dict[str, str], str]:
    """Return (publisher, column by field, delimiter) of a table."""
    csv.field_size_limit(_CELL)
    try:
        with file.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline(_CELL)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{file.name} cannot be read as a UTF-8 CSV table ({error}); save it as UTF-8.") from error
    delimiter = ";" if first.count(";") > first.count(",") else ","
    header = [name.strip().lower() for name in next(csv.reader([first], delimiter=delimiter), [])]
    written = dict(zip(header, next(csv.reader([first.rstrip("\r\n")], delimiter=delimiter), []), strict=False))
    for publisher, fields in _COLUMNS.items():
        columns = {field: written[name] for field, names in fields.items() for name in reversed(names) if name in written}
        if all(field in columns for field in _NEEDED):
            return publisher, columns, delimiter
    known = "; ".join(f"{publisher} has {', '.join(fields[field][0] for field in _NEEDED)}" for publisher, fields in _COLUMNS.items())
    raise DataError(f"{file.name} is no table of events that Salient knows ({known}); give the file as its publisher offers it.")


def _event(publisher: str, columns: Mapping[str, str], row: Mapping[str, str | None]) -> Event:
    cells = {field: (row.get(column) or "").strip() for field, column in columns.items()}
    lat, lon = float(cells["lat"]), float(cells["lon"])
    if not (math.isfinite(lat) and math.isfinite(lon) and -90 <= lat <= 90 and -180 <= lon <= 180):
        raise ValueError(f"{lat}, {lon} lies off the globe")
    if not cells["id"]:
        raise ValueError("no id")
    start = _day(cells["start"])
    end = _day(cells["end"]) if cells.get("end") else start
    deaths, kind = cells.get("deaths", ""), cells.get("kind", "")
    return Event(
        id=cells["id"], publisher=publisher, start=start, end=end, lon=lon, lat=lat, place=cells.get("place", ""),
        country=cells.get("country", ""), kind=_VIOLENCE.get(kind, kind) if publisher == "UCDP GED" else kind, actor=cells["actor"],
        target=cells.get("target", ""), deaths=int(float(deaths)) if deaths else None, precision=int(float(cells["exact"])),
        source=cells.get("source", ""), note=cells.get("note", ""),
    )


def _day(words: str) -> dt.date:
    for form in _DATES:
        try:
            return dt.datetime.strptime(words, form).date()
        except ValueError:
            continue
    raise ValueError(f"{words!r} is no date such as 2020-03-05")
