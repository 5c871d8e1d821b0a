"""How a situation is kept as rows of JSON, and how it comes back: exactly, and with nothing run.

`to_rows` writes each record once, numbered within its part; others name it by that number. `from_rows` reads them back and takes every
value for what the record's own type says, so that a file from elsewhere can bring a wrong value in but no code. Recipes are their text
form (`geo.recipe_text`), shapes are well-known binary as hex digits, days are ISO dates.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

import geopandas as gpd
import pandas as pd
import shapely

from geo import records
from geo.earlier import EarlierMap
from geo.errors import InputError, UnknownPlace
from geo.own_layers import OwnLayer
from geo.recipe_text import parse, text
from geo.recipes import Where, walk
from geo.records import Actor, Claim, Decision, Document, Feature, Mention, Phrase, Place
from geo.situation import Reading, Situation

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Row", "features", "from_rows", "inputs_from_rows", "inputs_to_rows", "to_rows"]

Row = tuple[str, int, str]
"""The part, the number within it, and the record as JSON."""

_PARTS: Mapping[str, type] = {
    "actor": Actor, "feature": Feature, "mention": Mention, "document": Document, "place": Place, "phrase": Phrase, "claim": Claim,
    "decision": Decision,
}
# Records that others hold: they stand once, and the others name their number.
_SHARED: Mapping[type, str] = {Actor: "actor", Feature: "feature", Mention: "mention"}
_DTYPES = ("object", "str", "string", "float64", "int64", "bool")
# What goes wrong where a value is not what its place asks for.
_NO_RECORD = (
    KeyError, IndexError, TypeError, AttributeError, ValueError, OverflowError, RecursionError, shapely.errors.ShapelyError,
)
_FRAMES = ("zones", "front_lines")


def to_rows(situation: Situation) -> tuple[Row, ...]:
    """Return a situation as rows.

    Raises
    ------
    InputError
        If it holds a value that JSON has no form for (a setting of a kind of its own, a number that is none).
    """
    writer = _Writer()
    head: dict[str, Any] = {
        "view": situation.view, "title": situation.title, "as_of": situation.as_of.isoformat() if situation.as_of else None,
        "settings": dict(situation.settings), "notes": list(situation.notes),
        "mentions": [writer.number(mention) for mention in situation.mentions],
        "unresolved": [writer.number(mention) for mention in situation.unresolved],
        "actors": [writer.number(actor) for actor in situation.actors],
        "known": [writer.number(feature) for feature in _known(situation)],
    }
    kept: dict[str, list[Any]] = {
        name: [writer.record(one) for one in many]
        for name, many in (
            ("document", situation.documents), ("place", situation.places), ("phrase", situation.phrases), ("claim", situation.claims),
            ("decision", situation.decisions),
        )
    }
    for name in _FRAMES:
        head[name], kept[name] = _frame_out(getattr(situation, name))
    if situation.base is not None:
        head["base"], kept["base"] = writer.earlier(situation.base)
    _own_out(situation.own, head, kept)
    parts = {"head": [head], **{name: list(many.values()) for name, many in writer.shared.items()}, **kept}
    return tuple((part, number, _dumped(value)) for part, values in parts.items() for number, value in enumerate(values))


def features(rows: Iterable[Row]) -> tuple[Feature, ...]:
    """Return the features that the situation's own gazetteer had under the ids that its places and recipes name.

    Raises
    ------
    InputError
        If a row is missing, twice there, or no such record.
    """
    reader = _Reader(_parted(row for row in rows if row[0] in ("head", "feature")))
    try:
        return tuple(reader.value(Feature, number) for number in reader.head.get("known", ()))
    except _NO_RECORD as error:
        raise _damage(error) from error


def from_rows(rows: Iterable[Row], *, gazetteer: Gazetteer) -> Situation:
    """Return the situation that rows hold; the shapes of recipes are those of the gazetteer.

    Raises
    ------
    InputError
        If a row is missing, twice there, or no such record.
    """
    reader = _Reader(_parted(rows))
    head = reader.head
    try:
        return Situation(
            documents=reader.all("document"), places=reader.all("place"), phrases=reader.all("phrase"), claims=reader.all("claim"),
            decisions=reader.all("decision"), mentions=reader.listed("mentions", Mention), unresolved=reader.listed("unresolved", Mention),
            actors=reader.listed("actors", Actor), zones=_frame_in(head["zones"], reader.parts.get("zones", [])),
            front_lines=_frame_in(head["front_lines"], reader.parts.get("front_lines", [])),
            as_of=reader.value(dt.date | None, head["as_of"]), view=reader.value(str, head["view"]), title=reader.value(str,
            head["title"]), gazetteer=gazetteer,
            settings=reader.value(dict, head["settings"]), notes=reader.value(tuple[str, ...], head["notes"]),
            base=reader.earlier(head["base"]) if "base" in head else None, own=_own_in(reader),
        )
    except _NO_RECORD as error:
        raise _damage(error) from error


def inputs_to_rows(readings: Iterable[Reading], base: EarlierMap | None, own: Iterable[OwnLayer] = ()) -> tuple[Row, ...]:
    """Return what a situation is made from besides its reports, as rows: readings of tables of events, an earlier map, and
    layers of the reader's own.

    Raises
    ------
    InputError
        If a record holds a value that JSON has no form for.
    """
    writer = _Writer()
    kept: dict[str, list[Any]] = {"reading": [writer.record(one) for one in readings]}
    head: dict[str, Any] = {}
    if base is not None:
        head["base"], kept["base"] = writer.earlier(base)
    _own_out(own, head, kept)
    parts = {"head": [head], **{name: list(many.values()) for name, many in writer.shared.items()}, **kept}
    return tuple((part, number, _dumped(value)) for part, values in parts.items() for number, value in enumerate(values))


def inputs_from_rows(rows: Iterable[Row]) -> tuple[tuple[Reading, ...], EarlierMap | None, tuple[OwnLayer, ...]]:
    """Return the readings, the earlier map and the layers of the reader's own that rows hold.

    Raises
    ------
    InputError
        If a row is missing, twice there, or no such record.
    """
    reader = _Reader(_parted(rows))
    try:
        readings = tuple(reader.record(Reading, row) for row in reader.parts.get("reading", []))
        return readings, reader.earlier(reader.head["base"]) if "base" in reader.head else None, _own_in(reader)
    except _NO_RECORD as error:
        raise _damage(error) from error


def _damage(error: Exception) -> InputError:
    if isinstance(error, InputError):
        return error
    return InputError(f"a record is not as it should be ({' '.join(str(error).split())[:80] or type(error).__name__})")


def _known(situation: Situation) -> tuple[Feature, ...]:
    """What the gazetteer of a situation says of every id that it names; it may call a place otherwise than another does."""
    recipes = (*(claim.where for claim in situation.claims), *(phrase.where for phrase in situation.phrases))
    named = [name for recipe in recipes if recipe is not None for node in walk(recipe) for name in _ids(node)]
    found: dict[str, Feature] = {}
    for name in dict.fromkeys([*(place.feature.id for place in situation.places), *named]):
        try:
            feature = situation.gazetteer.get(name)
        except UnknownPlace:
            continue
        if feature.id == name:
            found[name] = feature
    return tuple(found.values())


def _ids(node: Where) -> Iterator[str]:
    """The ids of features that stand in the fields of a recipe's node."""
    for each in fields(node):
        value = getattr(node, each.name)
        yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str) and ":" in one)


@dataclass(slots=True)
class _Writer:
    """Writes records; `shared` has those that others name, by part."""

    shared: dict[str, dict[Any, Any]] = field(default_factory=lambda: {name: {} for name in _SHARED.values()})
    numbers: dict[Any, int] = field(default_factory=dict)

    def number(self, one: Any) -> int:
        """The number of a record that others hold, written when it is first met."""
        if one not in self.numbers:
            many = self.shared[_SHARED[type(one)]]
            self.numbers[one] = len(many)
            many[one] = self.record(one)
        return self.numbers[one]

    def record(self, one: Any) -> dict[str, Any]:
        return {each.name: self.plain(getattr(one, each.name)) for each in fields(one)}

    def plain(self, value: Any) -> Any:
        if isinstance(value, Where):
            return text(value)
        if type(value) in _SHARED:
            return self.number(value)
        if is_dataclass(value) and not isinstance(value, type):
            return self.record(value)
        if isinstance(value, tuple | list):
            return [self.plain(one) for one in value]
        return value.isoformat() if isinstance(value, dt.date) else value

    def earlier(self, base: EarlierMap) -> tuple[dict[str, Any], list[Any]]:
        frame, rows = _frame_out(base.zones)
        return {
            "title": base.title, "credit": base.credit, "day": base.day.isoformat() if base.day else None, "zones": frame,
            "contested": base.contested.wkb_hex, "actors": [self.number(actor) for actor in base.actors], "notes": list(base.notes),
        }, rows


class _Reader:
    """Reads records back; each value is taken for what the type of its field says."""

    def __init__(self, parts: Mapping[str, list[Any]]) -> None:
        self.parts = parts
        self.head: dict[str, Any] = parts["head"][0]
        self.known: dict[tuple[str, int], Any] = {}

    def all(self, part: str) -> tuple[Any, ...]:
        return tuple(self.record(_PARTS[part], row) for row in self.parts.get(part, []))

    def listed(self, name: str, kind: type) -> tuple[Any, ...]:
        return tuple(self.value(kind, number) for number in self.head[name])

    def record(self, kind: type, row: Any) -> Any:
        wanted = _types(kind)
        if not isinstance(row, dict) or set(row) != set(wanted):
            raise InputError(f"a {kind.__name__.lower()} does not have exactly the fields {', '.join(wanted)}")
        return kind(**{name: self.value(one, row[name]) for name, one in wanted.items()})

    def value(self, kind: Any, given: Any) -> Any:
        origin, inner = get_origin(kind), get_args(kind)
        if origin in (Union, UnionType):
            return None if given is None else self.value(next(one for one in inner if one is not NoneType), given)
        if origin is Literal and given in inner:
            return given
        if origin is tuple and isinstance(given, list):
            return tuple(self.value(inner[0], one) for one in given)
        if kind is Where and isinstance(given, str):
            return parse(given)
        if kind is dt.date and isinstance(given, str):
            return dt.date.fromisoformat(given)
        if kind in _SHARED and type(given) is int and given >= 0:
            return self.shared(kind, given)
        if is_dataclass(kind) and isinstance(kind, type):
            return self.record(kind, given)
        if kind is float and type(given) in (int, float) and math.isfinite(given):
            return given
        if kind in (str, int, bool, dict) and type(given) is kind:
            return given
        raise InputError(f"{str(given)[:60]!r} stands where a {getattr(kind, '__name__', 'value')} should")

    def shared(self, kind: type, number: int) -> Any:
        key = (_SHARED[kind], number)
        if key not in self.known:
            self.known[key] = self.record(kind, self.parts[key[0]][number])
        return self.known[key]

    def earlier(self, head: Mapping[str, Any]) -> EarlierMap:
        return EarlierMap(
            title=self.value(str, head["title"]), credit=self.value(str, head["credit"]), day=self.value(dt.date | None, head["day"]),
            zones=_frame_in(head["zones"], self.parts.get("base", [])), contested=shapely.from_wkb(bytes.fromhex(head["contested"])),
            actors=tuple(self.value(Actor, number) for number in head["actors"]), notes=self.value(tuple[str, ...], head["notes"]),
        )


@cache
def _types(kind: type) -> dict[str, Any]:
    """The type of each field of a record."""
    return get_type_hints(kind, globalns=vars(records), localns={"Where": Where})


def _frame_out(frame: gpd.GeoDataFrame) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A frame as its columns with their types, and its rows."""
    table = {str(name): str(frame[name].dtype) for name in frame.columns}
    rows = [
        {name: value.wkb_hex if name == "geometry" else _cell(value) for name, value in zip(table, row, strict=True)}
        for row in frame.itertuples(index=False, name=None)
    ]
    return {"columns": list(table.items())}, rows


def _cell(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_cell(one) for one in value]
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _frame_in(head: Mapping[str, Any], rows: list[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    columns = {str(name): str(kind) for name, kind in head["columns"]}
    if any(kind not in _DTYPES for name, kind in columns.items() if name != "geometry") or "geometry" not in columns:
        raise InputError("a table of areas has columns of unknown types")
    shapes = shapely.from_wkb([bytes.fromhex(row["geometry"]) for row in rows])
    if any(shape is None or shape.is_empty or not shape.is_valid for shape in shapes):
        raise InputError("an area is empty or not valid")
    made = {
        name: pd.Series([tuple(v) if isinstance(v := row[name], list) else v for row in rows], dtype=kind)
        for name, kind in columns.items() if name != "geometry"
    }
    return gpd.GeoDataFrame({**made, "geometry": shapes}, columns=list(columns), geometry="geometry", crs="EPSG:4326")


def _own_out(layers: Iterable[OwnLayer], head: dict[str, Any], kept: dict[str, list[Any]]) -> None:
    """Write layers of the reader's own, each a part of its own; nothing where there are none."""
    for number, layer in enumerate(layers):
        frame, kept[f"own{number}"] = _frame_out(layer.frame)
        head.setdefault("own", []).append({"name": layer.name, "notes": list(layer.notes), "frame": frame})


def _own_in(reader: _Reader) -> tuple[OwnLayer, ...]:
    return tuple(
        OwnLayer(
            name=reader.value(str, told["name"]), notes=reader.value(tuple[str, ...], told["notes"]),
            frame=_frame_in(told["frame"], reader.parts.get(f"own{number}", [])),
        )
        for number, told in enumerate(reader.head.get("own", ()))
    )


def _dumped(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        raise InputError(f"The situation holds a value that cannot be kept in a file ({error}); settings are numbers and words.") from error


def _parted(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """The rows by part, in the order of their numbers, none missing or twice there."""
    parts: dict[str, dict[int, Any]] = {}
    for part, number, value in rows:
        many = parts.setdefault(part, {})
        if number in many:
            raise InputError(f"record {number} of {part[:20]!r} is there twice")
        many[number] = _loaded(value)
    for part, many in parts.items():
        if sorted(many) != list(range(len(many))):
            raise InputError(f"records of {part[:20]!r} are missing")
    if "head" not in parts:
        raise InputError("its first record is missing")
    return {part: [many[number] for number in range(len(many))] for part, many in parts.items()}


def _loaded(value: str) -> Any:
    try:
        return json.loads(value, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise InputError("a record is no JSON") from error


def _no_number(word: str) -> Iterator[None]:
    raise ValueError(word)
