"""A user's own places: added one by one or from a table, found like any other, taken out again.

A table is CSV in UTF-8 with the columns name, lat, lon (degrees), and if wanted kind, country (ISO 3166-1 alpha-2), aliases (separated by
``|``) and note. They live in one data set beside those that are installed.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.added import OWN
from geo.errors import DataError, InputError
from geo.holding_units import shipped, unit_finder
from geo.index_writing import NewPlace, write_places
from geo.indexes import PlaceIndex, PlaceRow
from geo.installed import Installed, data_dir, installed, locked, remove, swap_in
from geo.names import fold, is_searchable, usable

__all__ = ["KINDS", "OwnPlace", "add_places", "own_place", "own_places", "read_own_table", "remove_place"]

KINDS = ("populated", "base", "other", "admin", "region", "water")
COLUMNS = ("name", "lat", "lon", "kind", "country", "aliases", "note")
MOST = 200_000  # places of one newsroom; a gazetteer of more is for data install
_LONGEST = 120  # characters of a name; 1,000 of a note
_CODES = {"populated": "PPL"}
_SAME = 3  # decimals of degrees (100 m): a place of one name here is the same place, told anew


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPlace:
    """A place as its user gave it; `lon` and `lat` in degrees."""

    name: str
    lon: float
    lat: float
    kind: str = "populated"
    country: str = ""
    aliases: tuple[str, ...] = ()
    note: str = ""


def own_place(
    name: str, lat: float | str, lon: float | str, *, kind: str = "", country: str = "", aliases: Iterable[str] = (), note: str = "",
) -> OwnPlace:
    """Return a place after checking what was given.

    Raises
    ------
    InputError
        The name is empty or too long, the position off the globe, or kind or country unknown.

    Examples
    --------
    >>> own_place("Camp Nine", 35.9, "36.6", kind="base").lon
    36.6
    """
    name = " ".join(name.split())
    others = tuple(dict.fromkeys(filter(None, (" ".join(alias.split()) for alias in aliases))))
    for written in (name, *others):
        if not is_searchable(written) or len(written) > _LONGEST or "|" in written or not written.isprintable():
            raise InputError(f"The name {written[:40]!r} cannot be used; give one with letters, of up to {_LONGEST} characters, without |.")
    kind, country = kind.strip().lower() or "populated", country.strip().upper()
    if kind not in KINDS:
        raise InputError(f"{kind[:40]!r} is no kind of place; choose one of {', '.join(KINDS)}.")
    if country and not re.fullmatch("[A-Z]{2}", country):
        raise InputError(f"{country[:40]!r} is no country; give a two-letter code such as SY, or none.")
    y, x = _degrees(lat, 90, "latitude"), _degrees(lon, 180, "longitude")
    return OwnPlace(name=name, lon=x, lat=y, kind=kind, country=country, aliases=others, note=" ".join(usable(note).split())[:1000])


def read_own_table(file: str | Path) -> tuple[tuple[OwnPlace, ...], tuple[str, ...]]:
    """Return the places of a table, and what is wrong with each row that cannot be used, with its line.

    Raises
    ------
    InputError
        The file is missing, no CSV table in UTF-8, lacks a column, or holds no row that can be used.
    """
    path = Path(file).expanduser()
    places: list[OwnPlace] = []
    wrong: list[str] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            header = [(name or "").strip().lower() for name in reader.fieldnames or ()]
            if missing := [column for column in COLUMNS[:3] if column not in header]:
                raise InputError(f"{path.name} lacks the column {missing[0]!r}; a table of places has {', '.join(COLUMNS)}.")
            reader.fieldnames = header
            for row in reader:
                if len(places) >= MOST:
                    raise InputError(f"{path.name} has more than {MOST} places; give fewer.")
                _read_row(reader.line_num, row, places, wrong)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}; give a table of places with the columns {', '.join(COLUMNS)}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{path.name} cannot be read as a UTF-8 CSV table ({error}); save it as UTF-8.") from error
    if not places:
        raise InputError(f"{path.name} holds no place that can be used{': ' + wrong[0] if wrong else '; it has no rows.'}")
    return tuple(places), tuple(wrong)


def add_places(places: Sequence[OwnPlace], *, into: Path | None = None, origin: str = "") -> tuple[str, ...]:
    """Add places and return their ids; a place of the same name and position replaces the former.

    Country and first-level unit are taken from the position where they are not given.

    Raises
    ------
    InputError
        Another run is writing.
    DataError
        The folder cannot be written.
    """
    folder = (data_dir() if into is None else into).absolute()
    units = unit_finder()([(place.lon, place.lat, place.country) for place in places])
    lands = {unit: shipped().get(f"admin1:{unit}").country for unit in set(units) if unit}
    with locked(folder) as making:
        held = {_key(row.name, row.lon / 1e5, row.lat / 1e5): row for row in _rows(folder)}
        taken = {row.id or "": key for key, row in held.items()}
        added: dict[str, NewPlace] = {}
        day = dt.datetime.now(tz=dt.UTC).date().isoformat()
        source = f"added {day}{f' from {origin}' if origin else ''}"
        for place, unit in zip(places, units, strict=True):
            own = _new_id(place, taken)
            added[own] = _new(place, own, unit, place.country or lands.get(unit, ""), source)
        kept = [_old(row) for row in held.values() if row.id not in added]
        _write([*kept, *added.values()], folder, making)
    return tuple(added)


def remove_place(name: str, *, into: Path | None = None) -> tuple[str, ...]:
    """Take out the own places of an id ("own:camp-nine") or name, and return their names.

    Raises
    ------
    InputError
        No own place bears the name.
    """
    folder = (data_dir() if into is None else into).absolute()
    if not folder.is_dir():
        raise InputError(f"There is no place of your own named {name!r}: none has been added.")
    with locked(folder) as making:
        rows = _rows(folder)
        gone = [row for row in rows if row.id == name] or [row for row in rows if fold(row.name) == fold(name)]
        if not gone:
            few = ", ".join(row.name for row in rows[:5]) or "none"
            raise InputError(f"There is no place of your own named {name!r}; there is {few}{' and more' if len(rows) > 5 else ''}.")
        kept = [_old(row) for row in rows if row not in gone]
        if kept:
            _write(kept, folder, making)
        else:
            remove(OWN, folder)
    return tuple(row.name for row in gone)


def own_places(*, into: Path | None = None) -> tuple[PlaceRow, ...]:
    """Return what has been added, as the index stores it, with its note and source."""
    return tuple(_rows((data_dir() if into is None else into).absolute()))


def _read_row(line: int, row: dict[str, str], places: list[OwnPlace], wrong: list[str]) -> None:
    try:
        if None in row:
            raise InputError("There are more cells than columns; quote a cell that holds a comma.")
        cells = {key: (value or "").strip() for key, value in row.items()}
        aliases = cells.get("aliases", "").split("|")
        places.append(own_place(
            cells["name"], cells["lat"], cells["lon"], kind=cells.get("kind", ""), country=cells.get("country", ""), aliases=aliases,
            note=cells.get("note", ""),
        ))
    except InputError as error:
        wrong.append(f"line {line}: {error}")


def _degrees(value: float | str, most: int, word: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = math.nan
    if not abs(number) <= most:
        raise InputError(f"{str(value)[:40]!r} is no {word}; give degrees from -{most} to {most}, such as 35.93.")
    return number


def _key(name: str, lon: float, lat: float) -> tuple[str, float, float]:
    return fold(name), round(lon, _SAME), round(lat, _SAME)


def _new_id(place: OwnPlace, taken: dict[str, tuple[str, float, float]]) -> str:
    """The id of the same place told before, or the first that is free: own:camp-nine, own:camp-nine-2."""
    mine, stem = _key(place.name, place.lon, place.lat), f"{OWN}:{fold(place.name).replace(' ', '-')}"
    number, own = 1, stem
    while own in taken and taken[own] != mine:
        number += 1
        own = f"{stem}-{number}"
    taken[own] = mine
    return own


def _new(place: OwnPlace, own: str, unit: str, country: str, source: str) -> NewPlace:
    code = _CODES.get(place.kind, "")
    return NewPlace(
        0, own, place.name, place.kind, code, country, unit, 0, place.lon, place.lat, place.aliases, note=place.note, source=source,
    )


def _old(row: PlaceRow) -> NewPlace:
    return NewPlace(
        0, row.id or "", row.name, row.kind, row.code, row.country, row.admin1, row.population, row.lon / 1e5, row.lat / 1e5,
        tuple(row.names.split("|")) if row.names else (), (), row.note, row.source,
    )


def _rows(folder: Path) -> list[PlaceRow]:
    held = next((one for one in installed(folder) if one.name == OWN), None)
    if held is None:
        return []
    index = PlaceIndex(folder / held.file, source=OWN)
    try:
        remarks = index.remarks()
        return [row._replace(note=note, source=source) for row in index.all() for note, source in [remarks.get(row.key, ("", ""))]]
    finally:
        index.close()


def _write(places: Sequence[NewPlace], folder: Path, making: Path) -> None:
    if len(places) > MOST:
        raise DataError(f"There would be {len(places)} places of your own; up to {MOST} are kept.")
    made = making / "own.sqlite"
    rows = write_places(made, (place._replace(key=-number) for number, place in enumerate(places, start=1)))
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    described = Installed(name=OWN, holds=OWN, file="", origin="own places", licence="yours", date=today, sha256="", rows=rows)
    swap_in(made, described, folder)
