"""A situation as a GeoPackage: layers that open styled in QGIS, every reading in tables, and the project that opens again.

Layers hold one kind of shape each: areas, lines and points of one thing are layers beside one another (zones, zone_lines, zone_points),
and every layer has its spatial index. Lists are kept as JSON. The table `project` is for `geo.project`; the others are for eyes.
"""

from __future__ import annotations

import json
import platform
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import fields
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry.base import BaseGeometry

from geo import __version__, datafiles, symbology
from geo import project as reopened
from geo.census import numbers_of, settlements_of
from geo.choices import DEFAULT, Choices
from geo.export.geopackage import Style, Table, stamp, write_tables
from geo.export.qgis_styles import Label, Rule, style
from geo.export.vector import about
from geo.records import Decision
from geo.tables import SCHEMAS, claim_rows, document_rows, mention_rows, phrase_rows, place_rows

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["TYPED", "tables", "write"]

TYPED: Mapping[str, str] = {
    "lat": "REAL", "lon": "REAL", "confidence": "REAL", "km2": "REAL", "length_km": "REAL", "probability": "REAL", "distance_km": "REAL",
    "road_km": "REAL", "score": "REAL", "km2_uncertain": "REAL", "km2_no_evidence": "REAL", "precision": "INTEGER", "geonameid": "INTEGER",
    "population": "INTEGER", "population_low": "INTEGER", "population_high": "INTEGER", "settlements": "INTEGER",
    "settlements_low": "INTEGER", "settlements_high": "INTEGER", "unregistered": "INTEGER", "start": "INTEGER", "end": "INTEGER",
    "mentions": "INTEGER", "number": "INTEGER", "vague": "BOOLEAN", "resolved": "BOOLEAN", "course_fire": "BOOLEAN",
    "published": "DATE", "when_start": "DATE", "when_end": "DATE",
}
"""The type of the columns that hold no text, by name; all others are TEXT."""

_WITH = ("geopandas", "shapely", "pyproj", "numpy", "scipy", "onnxruntime", "tokenizers", "rapidfuzz")
_ENDS = (("MULTIPOLYGON", "", "areas"), ("MULTILINESTRING", "_lines", "lines"), ("POINT", "_points", "points"))
_ACTOR = "actor_name"
_SPOTS = ("populated", "base", "other")  # kinds of places that a dot stands for; a country or a sea shows its name alone
_Rules = Callable[[Sequence[Mapping[str, Any]]], list[Rule]]


def write(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as a GeoPackage that `geo.project.reopen` opens again; the same situation gives the same bytes.

    The time of change that it states is that of OGR_CURRENT_DATE where it is set, else the day of the map.

    Raises
    ------
    InputError
        If the situation holds what no file can keep, or OGR_CURRENT_DATE is no time.
    """
    write_tables(tables(situation, choices), path, last_change=stamp(situation.as_of))


def tables(situation: Situation, choices: Choices = DEFAULT) -> tuple[Table, ...]:
    """Return the layers, lowest last as QGIS lists them, and the tables of a situation."""
    colours = symbology.colours(situation.actors)
    places, claims, phrases = place_rows(situation), claim_rows(situation), phrase_rows(situation)
    drawn = [{**row, "colour": colours.get(row["actor"]) or row["colour"]} for row in situation.zones.to_dict("records")]
    fronts = situation.front_lines.to_dict("records")
    spots = [{**row, "geometry": _spot(row["geometry"])} for row in claims]
    held = settlements_of(situation).to_dict("records")
    words = Label(column="words", size=8)
    made = [
        _layer("places", "Places", "Places that the reports name and mean literally", places, "POINT", SCHEMAS["places"],
               style("places", _place_rules(places), shape="POINT", label=Label(column="name", size=9))),
        _layer("claims", "Claims", "What the reports claim, each at a point of its place; without shape where no place is known", spots,
               "POINT", SCHEMAS["claims"], style("claims", _claim_rules(claims, colours), shape="POINT")),
        _layer("settlements", "Settlements", "Settlements inside the zones, and who is said to hold them", held, "POINT",
               SCHEMAS["settlements"], style("settlements", _held_rules(held, colours), shape="POINT")),
        *_split("front_lines", "Front lines", "Lines between areas held by two parties; inferred, not quoted", fronts,
                SCHEMAS["front_lines"], _front_rules, None),
        *_split("zones", "Zones", "Who is said to hold, claim, contest or propose what", drawn, SCHEMAS["zones"], _zone_rules, words),
        *_split("areas", "Described areas", "Areas that the reports describe in words", phrases, SCHEMAS["phrases"],
                _area_rules, None),
        *_split("claim_shapes", "Claims, their whole places", "What the reports claim, each with the whole shape of its place", claims,
                SCHEMAS["claims"], lambda rows: _claim_rules(rows, colours), None),
    ]
    return (*made, *_reading_tables(situation), *_other_tables(situation, choices))


def _layer(
    name: str, title: str, description: str, rows: Sequence[Mapping[str, Any]], shape: str, schema: Sequence[str],
    look: Style | None = None,
) -> Table:
    known = list(dict.fromkeys([*(key for row in rows[:1] for key in row), *(() if rows else schema)]))
    columns = tuple((key, TYPED.get(key, "TEXT")) for key in known if key != "geometry")
    return Table(name=name, title=title, description=description, columns=columns, rows=rows, shape=shape, style=look)


def _split(
    name: str, title: str, description: str, rows: Sequence[Mapping[str, Any]], schema: Sequence[str], rules: _Rules,
    label: Label | None,
) -> list[Table]:
    """Rows as layers of one kind of shape each; areas stand under the plain name, and a layer that would be empty is left out."""
    found = []
    for shape, suffix, said in _ENDS:
        parts = [{**row, "geometry": part} for row in rows for part in _parts(row["geometry"], shape)]
        main = shape == ("MULTILINESTRING" if name == "front_lines" else "MULTIPOLYGON")
        if parts or (main and name in SCHEMAS):
            called = name if main else f"{name.removesuffix('s')}{suffix}"
            headed = title if main else f"{title}: {said}"
            found.append(_layer(called, headed, description, parts, shape, schema, style(called, rules(parts), shape=shape, label=label)))
    return found


def _parts(shape: BaseGeometry | None, kind: str) -> list[BaseGeometry]:
    """What of a shape a layer of a kind can hold; of a mixed one, its part."""
    if shape is None or shape.is_empty:
        return []
    pieces = [piece for piece in shapely.get_parts(shape) for piece in shapely.get_parts(piece)]
    wanted = {"MULTIPOLYGON": "Polygon", "MULTILINESTRING": "LineString", "POINT": "Point"}[kind]
    kept = [shapely.LineString(piece) if piece.geom_type == "LinearRing" else piece for piece in pieces]
    kept = [piece for piece in kept if piece.geom_type == wanted]
    if not kept or kind == "POINT":
        return kept
    return [shapely.MultiPolygon(kept) if kind == "MULTIPOLYGON" else shapely.MultiLineString(kept)]


def _spot(shape: BaseGeometry | None) -> BaseGeometry | None:
    return None if shape is None or shape.is_empty else shape.representative_point()


def _front_rules(_: object) -> list[Rule]:
    return [Rule(label="front line, inferred", where=(), layer="control", colour="#2b2824")]


def _area_rules(_: object) -> list[Rule]:
    return [Rule(label="described in the text", where=(), layer="reference", colour=symbology.style()["neutral"])]


def _zone_rules(rows: Iterable[Mapping[str, Any]]) -> list[Rule]:
    found: dict[tuple[tuple[str, str], ...], Rule] = {}
    for row in rows:
        words = symbology.heading(row["layer"], status=row["status"], predicate=row["predicate"] or "")
        where = (("layer", row["layer"]), ("status", row["status"]), ("actor", row["actor"] or ""))
        grey = symbology.layer_style(row["layer"])["grey"]
        colour = symbology.style()["neutral"] if grey or not row["colour"] else row["colour"]
        label = f"{row[_ACTOR] or 'no party named'}: {words}"
        found.setdefault(where, Rule(label=label, where=where, layer=row["layer"], colour=colour))
    order = symbology.LAYER_KEYS
    return sorted(found.values(), key=lambda rule: (-order.index(rule.layer), rule.label))


def _claim_rules(rows: Iterable[Mapping[str, Any]], colours: Mapping[str, str]) -> list[Rule]:
    found: dict[tuple[tuple[str, str], ...], Rule] = {}
    for row in rows:
        unreal = row["status"] in symbology.UNREAL
        where = (("status", row["status"]), ("actor", row["actor"] or ""))
        layer = "past" if row["status"] == "past" else "proposed" if unreal else "claimed" if row["status"] == "claimed" else "control"
        colour = symbology.style()["neutral"] if row["status"] == "past" else colours.get(row["actor"] or "", symbology.style()["neutral"])
        label = f"{row[_ACTOR] or 'no party named'}: {symbology.status_words(row['status'])}"
        found.setdefault(where, Rule(label=label, where=where, layer=layer, colour=colour))
    return list(found.values())


def _held_rules(rows: Iterable[Mapping[str, Any]], colours: Mapping[str, str]) -> list[Rule]:
    found: dict[tuple[tuple[str, str], ...], Rule] = {}
    for row in rows:
        where = (("actor", row["actor"] or ""), ("status", row["status"]))
        colour = colours.get(row["actor"] or "", symbology.style()["neutral"])
        label = f"{row[_ACTOR] or 'nobody can tell'}: {row['status']}"
        found.setdefault(where, Rule(label=label, where=where, layer="control", colour=colour, radius=1.3))
    return list(found.values())


def _place_rules(rows: Iterable[Mapping[str, Any]]) -> list[Rule]:
    colour = symbology.style()["base"]["town_label"]
    kinds = dict.fromkeys(str(row["kind"]) for row in rows)
    return [Rule(label=kind, where=(("kind", kind),), layer="places", colour=colour, radius=1.8 * (kind in _SPOTS)) for kind in kinds]


def _reading_tables(situation: Situation) -> list[Table]:
    """What was read: the reports with their words, every name, the words of evidence, corrections, what was not placed."""
    texts = [{**row, "text": one.text} for row, one in zip(document_rows(situation), situation.documents, strict=True)]
    lost = set(situation.unresolved)
    named = [
        {**row, "recogniser": one.recogniser, "score": one.score, "resolved": one not in lost}
        for row, one in zip(mention_rows(situation), situation.mentions, strict=True)
    ]
    evidence = [
        {"claim": claim.id, "number": number, "role": span.role, "document": span.document_id, "start": span.start, "end": span.end,
         "quote": span.quote}
        for claim in situation.claims for number, span in enumerate(claim.evidence)
    ]
    decided = [{field.name: getattr(one, field.name) for field in fields(one)} for one in situation.decisions]
    unplaced = [{"document": m.document_id, "start": m.start, "end": m.end, "text": m.text, "kind": m.kind} for m in situation.unresolved]
    return [
        _layer("documents", "Reports", "The reports, with their words as they were written", texts, "",
               ("id", "title", "source", "published", "text")),
        _layer("mentions", "Names", "Every name in the reports: where it stands and which place it means", named, "",
               ("document", "start", "end", "text", "kind", "use", "place")),
        _layer("evidence", "Evidence", "The words that each claim stands on, with their place in the report", evidence, "",
               ("claim", "number", "role", "document", "start", "end", "quote")),
        _layer("decisions", "Corrections", "What people corrected", decided, "",
               [field.name for field in fields(Decision)]),
        _layer("unresolved", "Not placed", "Names that no place was found for", unplaced, "", ("document", "start", "end", "text", "kind")),
    ]


def _other_tables(situation: Situation, choices: Choices) -> list[Table]:
    """What each party holds, how the file came about, and the project itself."""
    numbers = [{str(key): value for key, value in row.items()} for row in numbers_of(situation).to_dict("records")]
    told = [{"name": name, "value": value} for name, value in about(situation).items()]
    rows = [dict(zip(("part", "number", "value"), row, strict=True)) for row in reopened.kept(situation)]
    made = [
        _layer("made_by", "Made by", "Versions, settings, data and choices that this file was made with", _made_by(situation, choices), "",
               ("kind", "name", "value")),
        _layer("about", "About", "What this file shows, and its credits", told, "", ("name", "value")),
        Table(name=reopened.TABLE, title="Project", description="The situation, for Salient to open again; not to be edited",
              columns=reopened.COLUMNS, rows=rows),
    ]
    return [_layer("numbers", "Numbers", "What each party holds, in all and by district", numbers, "", ()), *made] if numbers else made


def _made_by(situation: Situation, choices: Choices) -> list[dict[str, str]]:
    versions = {"Salient": __version__, "Python": platform.python_version(), "SQLite": sqlite3.sqlite_version}
    for name in _WITH:
        try:
            versions[name] = version(name)
        except PackageNotFoundError:
            continue
    chosen = {field.name: getattr(choices, field.name) for field in fields(choices)}
    chosen["template"] = choices.template.name if choices.template else None
    readers = sorted({claim.made_by for claim in situation.claims})
    rows = [("version", name, value) for name, value in versions.items()]
    rows += [("reader", name, "") for name in readers]
    rows += [("setting", name, _plain(value)) for name, value in situation.settings.items()]
    rows += [("choice", name, _plain(value)) for name, value in chosen.items()]
    rows += [("data", source.file, f"sha256:{source.sha256}") for source in datafiles.sources()]
    return [{"kind": kind, "name": name, "value": value} for kind, name, value in rows]


def _plain(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
