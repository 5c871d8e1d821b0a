"""What the hand-written tables of data/ add to the indexes: lines, seas, regions, bases, states that are gone, other names, views.

A row becomes a `Feature`. A broken row is an error that names its file and line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from geo import datafiles
from geo.errors import DataError
from geo.names import fold, skeleton
from geo.records import Feature, Kind

__all__ = ["VIEWS", "HandTables", "Holdings", "holdings", "read_hand_tables"]

VIEWS = ("de_facto", "de_jure", "neutral")

_ID = re.compile(r"[\"']([a-z0-9_]+:[^\"']+)[\"']")
_NUMBERS = re.compile(r"(Point|Box)\(([-\d., ]+)\)")
_GAP = "/"  # in `waypoints`: the line is broken here
_LINES: dict[str, tuple[Kind, str]] = {"roads.csv": ("road", "RD"), "rivers.csv": ("water", "STM")}
Routes = tuple[tuple[tuple[float, float], ...], ...]
_SETTLEMENTS = ("village", "town", "city")  # kinds of regions.csv that are places too small for the index
Position = tuple[float, float]
Lookup = Callable[[Iterable[str]], Mapping[str, Position]]


@dataclass
class HandTables:
    """The features of the tables by id, the ids by folded name, and the waypoints of lines (lon, lat in degrees)."""

    features: dict[str, Feature] = field(default_factory=dict)
    names: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    routes: dict[str, Routes] = field(default_factory=dict)

    @cached_property
    def sounds(self) -> dict[str, set[str]]:
        """The folded names by skeleton; made on first use, when the tables are complete."""
        found: dict[str, set[str]] = {}
        for folded in self.names:
            if len(sound := skeleton(folded)) > 2:
                found.setdefault(sound, set()).add(folded)
        return found

    def add(self, feature: Feature) -> None:
        """Add a feature under all its names."""
        self.features[feature.id] = feature
        for rank, name in enumerate((feature.name, *feature.names)):
            self.add_name(name, feature.id, rank=min(rank, 1))

    def add_name(self, name: str, feature_id: str, *, rank: int) -> None:
        """Add a name of a feature; the feature may live in an index."""
        folded = fold(name)
        held = self.names.setdefault(folded, [])
        if not folded or any(feature_id == other for other, _ in held):
            return
        held.append((feature_id, rank))


@dataclass(frozen=True, slots=True)
class Holdings:
    """Which state a view gives a disputed feature to: by first-level unit and by country code; an empty code is no state.

    `claims` holds, for each of these codes, every state that some view gives it to.
    """

    units: Mapping[str, str]
    countries: Mapping[str, str]
    claims: Mapping[str, frozenset[str]]


def holdings(view: str) -> Holdings:
    """Return what a border view changes, from data/views.csv.

    Raises
    ------
    DataError
        A row names an unknown view, or a feature that is neither a country nor a first-level unit.

    Examples
    --------
    >>> holdings("de_jure").units["UA-43"]
    'UA'
    """
    units: dict[str, str] = {}
    countries: dict[str, str] = {}
    claims: dict[str, frozenset[str]] = {}
    for line, row in datafiles.rows("views.csv", required=("view", "feature", "country", "source")):
        prefix, _, code = row["feature"].partition(":")
        if row["view"] not in VIEWS or prefix not in ("admin1", "country") or not code:
            raise DataError(f"views.csv, line {line}: a row needs a view ({', '.join(VIEWS)}) and an admin1: or country: feature.")
        claims[code] = claims.get(code, frozenset()) | {row["country"]} - {""}
        if row["view"] == view:
            (units if prefix == "admin1" else countries)[code] = row["country"]
    return Holdings(units, countries, claims)


def read_hand_tables(lookup: Lookup) -> HandTables:
    """Return what data/{seas,bases,roads,rivers,regions,historic,aliases,exonyms}.csv hold; a folder under construction may lack some.

    `lookup` gives (lon, lat) of those ids that an index holds.

    Raises
    ------
    DataError
        A row lacks a name, repeats an id, has numbers that are none, or names a place that does not exist.
    """
    tables = HandTables()
    for name, read in (("seas.csv", _sea), ("bases.csv", _base)):
        for line, row in _rows(name):
            _add(tables, name, line, read(name, line, row))
    _add_lines(tables, lookup)
    _add_recipes(tables, lookup)
    _add_aliases(tables, lookup, "aliases.csv", "alias")
    _add_aliases(tables, lookup, "exonyms.csv", "exonym")
    return tables


def _rows(name: str) -> Iterator[tuple[int, dict[str, str]]]:
    if datafiles.complete() or (datafiles.DATA / name).is_file():
        yield from datafiles.rows(name)


def _add(tables: HandTables, name: str, line: int, feature: Feature) -> None:
    if not feature.id or ":" not in feature.id or not feature.name:
        raise DataError(f"{name}, line {line}: a row needs an id such as 'road:sy-m5' and a name.")
    if feature.id in tables.features:
        raise DataError(f"{name}, line {line}: the id {feature.id} is used twice.")
    tables.add(feature)


def _feature(row: dict[str, str], *, kind: Kind, code: str, lon: float, lat: float, recipe: str = "") -> Feature:
    return Feature(
        id=row.get("id", ""), name=row.get("name", ""), kind=kind, lon=lon, lat=lat, names=_list(row.get("aliases", "")), code=code,
        country=_list(row.get("country", ""))[0] if "|" not in row.get("country", "") and row.get("country") else "", recipe=recipe,
        vague=row.get("vague", "") == "1", start=row.get("start", ""), end=row.get("end", ""), source=row.get("source", ""),
        note=row.get("note", "") or row.get("limits", ""),
    )


def _sea(name: str, line: int, row: dict[str, str]) -> Feature:
    lon, lat = _position(name, line, row.get("seed_lon", ""), row.get("seed_lat", ""))
    return _feature(row, kind="water", code=row.get("kind", "sea").upper(), lon=lon, lat=lat)


def _base(name: str, line: int, row: dict[str, str]) -> Feature:
    lon, lat = _position(name, line, row.get("lon", ""), row.get("lat", ""))
    return _feature(row, kind="base", code=row.get("kind", "").upper(), lon=lon, lat=lat)


def _add_lines(tables: HandTables, lookup: Lookup) -> None:
    rows = [(name, line, row) for name in _LINES for line, row in _rows(name)]
    wanted = {point for *_, row in rows for point in _list(row.get("waypoints", "")) if ":" in point}
    found = {**lookup(wanted), **{key: _place(tables.features[key]) for key in wanted if key in tables.features}}
    for name, line, row in rows:
        routes = _routes(name, line, row.get("waypoints", ""), found)
        if not routes:
            raise DataError(f"{name}, line {line}: a line needs at least two waypoints.")
        longest = max(routes, key=len)
        lon, lat = longest[len(longest) // 2]
        kind, code = _LINES[name]
        _add(tables, name, line, _feature(row, kind=kind, code=code, lon=lon, lat=lat))
        tables.routes[row["id"]] = routes


def _routes(name: str, line: int, waypoints: str, found: Mapping[str, Position]) -> Routes:
    """Return the parts of a line between its gaps, as positions (lon, lat)."""
    parts: list[list[Position]] = [[]]
    for point in _list(waypoints):
        if point == _GAP:
            parts.append([])
        elif ":" not in point:
            parts[-1].append(_position(name, line, *_pair(point)))
        elif point in found:
            parts[-1].append(found[point])
        else:
            raise DataError(f"{name}, line {line}: the gazetteer has no {point}; give a known id, or 'lon lat'.")
    return tuple(tuple(part) for part in parts if len(part) > 1)


def _add_recipes(tables: HandTables, lookup: Lookup) -> None:
    waiting = [(name, line, row) for name in ("regions.csv", "historic.csv") for line, row in _rows(name)]
    found = dict(lookup({key for _, _, row in waiting for key in _ID.findall(row.get("recipe", ""))}))
    while waiting:
        later = []
        for name, line, row in waiting:
            if not row.get("recipe"):
                raise DataError(f"{name}, line {line}: a row needs a recipe, such as Union(\"admin1:SY-ID\", ...).")
            own = (row.get("lon", ""), row.get("lat", ""))
            point = _position(name, line, *own) if all(own) else _guess(row["recipe"], found, tables)
            if point is None:
                later.append((name, line, row))
                continue
            kind, code = _kind_of(name, row)
            _add(tables, name, line, _feature(row, kind=kind, code=code, lon=point[0], lat=point[1], recipe=row["recipe"]))
        if len(later) == len(waiting):
            name, line, row = later[0]
            raise DataError(f"{name}, line {line}: the recipe {row.get('recipe', '')!r} names no place that the gazetteer holds.")
        waiting = later


def _kind_of(name: str, row: dict[str, str]) -> tuple[Kind, str]:
    if name == "historic.csv":
        return "country", "PCLH"
    kind = row.get("kind") or "region"
    return ("populated", "PPL") if kind in _SETTLEMENTS else ("region", kind.upper())


def _guess(recipe: str, found: Mapping[str, Position], tables: HandTables) -> Position | None:
    """Return a cheap point of a recipe: its first named part, its first point, or the middle of its first box (degrees)."""
    for key in _ID.findall(recipe):
        if key in found:
            return found[key]
        if key in tables.features:
            return _place(tables.features[key])
    for word, numbers in _NUMBERS.findall(recipe):
        values = [float(number) for number in numbers.split(",") if re.fullmatch(r"\s*-?\d+(\.\d*)?\s*", number)]
        if word == "Point" and len(values) == 2:
            return values[0], values[1]
        if word == "Box" and len(values) == 4:
            return (values[0] + values[2]) / 2, (values[1] + values[3]) / 2
    return None


def _add_aliases(tables: HandTables, lookup: Lookup, name: str, column: str) -> None:
    """Other names of places; an exonym that would be another word in English (`everywhere` is 0) is kept for reports in its language."""
    rows = [(line, row) for line, row in _rows(name) if row.get("everywhere") != "0"]
    found = lookup({row.get("feature", "") for _, row in rows} - set(tables.features))
    for line, row in rows:
        alias, feature_id = row.get(column, ""), row.get("feature", "")
        if not alias or (feature_id not in found and feature_id not in tables.features):
            raise DataError(f"{name}, line {line}: {alias!r} needs a feature that the gazetteer holds, not {feature_id!r}.")
        tables.add_name(alias, feature_id, rank=1)


def _place(feature: Feature) -> Position:
    return feature.lon, feature.lat


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split("|") if part.strip())


def _pair(cell: str) -> tuple[str, str]:
    lon, _, lat = cell.partition(" ")
    return lon, lat


def _position(name: str, line: int, lon: str, lat: str) -> Position:
    try:
        x, y = float(lon), float(lat)
    except ValueError as error:
        raise DataError(f"{name}, line {line}: {lon!r}, {lat!r} is no position; give longitude and latitude in degrees.") from error
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise DataError(f"{name}, line {line}: {lon}, {lat} lies off the globe; longitude comes first, in degrees.")
    return x, y
