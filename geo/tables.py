"""Where records become rows, frames and JSON: the one crossing between the text side and the map side.

Frames are in EPSG:4326 with x = longitude, and every one of them passes the schema of its layer (`SCHEMAS`, `check`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from geo import where as recipes
from geo.errors import GeometryError
from geo.records import Candidate, Claim, Course, Mention, Phrase, Place, When

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = [
    "CRS", "SCHEMAS", "check", "claim_rows", "document_rows", "frame", "geometry_json", "mention_rows", "phrase_rows", "place_rows",
    "situation_json",
]

CRS = "EPSG:4326"

# 1e-5 degree is about a metre: finer than any report, and half the size of full precision.
_GRID = 1e-5
# Shapes of more corners than this (countries, seas) go into JSON with a slack of 1/5,000 of their extent, at most about 3 km:
# set so that the reading of one report stays well under a megabyte while no town changes its country.
_MANY, _SLACK, _COARSEST = 1000, 1 / 5_000, 0.03

SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "places": ("id", "name", "kind", "country", "lat", "lon", "precision", "confidence", "reason", "geometry"),
    "claims": ("id", "predicate", "actor", "target", "status", "speaker", "words", "recipe", "quote", "confidence", "limits", "geometry"),
    "phrases": ("document", "start", "end", "words", "recipe", "geometry"),
    "zones": ("id", "layer", "actor", "status", "claims", "km2", "geometry"),
    "front_lines": ("id", "a", "b", "length_km", "geometry"),
    "settlements": ("id", "name", "status", "basis", "actor", "probability", "evidence", "geometry"),
}
"""The columns that each layer must have."""


def check(layer: gpd.GeoDataFrame, *, schema: str) -> gpd.GeoDataFrame:
    """Return the frame if it fits the schema of its layer.

    Raises
    ------
    GeometryError
        If a column is missing, the CRS is not EPSG:4326, or a shape is empty, invalid or off the globe.

    Examples
    --------
    >>> check(frame([], schema="front_lines"), schema="front_lines").empty
    True
    """
    missing = [column for column in SCHEMAS[schema] if column not in layer.columns]
    if missing:
        raise GeometryError(f"The layer {schema} has no column {', '.join(missing)}; it must have {', '.join(SCHEMAS[schema])}.")
    if layer.crs is None or layer.crs.to_epsg() != 4326:
        raise GeometryError(f"The layer {schema} is in {layer.crs or 'no CRS'}; transform it with .to_crs({CRS!r}).")
    for row, shape in enumerate(layer.geometry):
        if shape is None or shape.is_empty or not shape.is_valid:
            raise GeometryError(f"Row {row} of the layer {schema} has an empty or invalid shape; mend it with shapely.make_valid.")
    if len(layer):
        west, south, east, north = layer.total_bounds
        if west < -180.001 or east > 180.001 or south < -90.001 or north > 90.001:
            raise GeometryError(f"The layer {schema} reaches {west:g}, {south:g}, {east:g}, {north:g}; degrees end at 180 and 90.")
    return layer


def frame(rows: Iterable[Mapping[str, Any]], *, schema: str) -> gpd.GeoDataFrame:
    """Return the rows that have a shape as a frame of that layer, checked."""
    kept = [dict(row) for row in rows if row["geometry"] is not None]
    columns = None if kept else SCHEMAS[schema]
    return check(gpd.GeoDataFrame(kept, columns=columns, geometry="geometry", crs=CRS), schema=schema)


def document_rows(situation: Situation) -> list[dict[str, Any]]:
    """One row per report: what is known of it, without its text."""
    return [
        {"id": document.id, "title": document.title, "source": document.source, "published": _day(document.published),
         "language": document.language, "path": document.path}
        for document in situation.documents
    ]


def mention_rows(situation: Situation) -> list[dict[str, Any]]:
    """One row per mention, with the id of the place that it puts on the map; None for a metonym, a demonym and what is unresolved."""
    chosen = {mention: place.id for place in situation.places for mention in place.mentions if mention.use == "literal"}
    return [{**_mention(mention), "place": chosen.get(mention)} for mention in situation.mentions]


def place_rows(situation: Situation) -> list[dict[str, Any]]:
    """One row per place that is meant literally (no government or people), with a point and the candidates that were not chosen."""
    return [_place(place) for place in situation.places if any(mention.use == "literal" for mention in place.mentions)]


def claim_rows(situation: Situation) -> list[dict[str, Any]]:
    """One row per claim, with the first quote and, where the words fix one, its shape."""
    return [_claim(claim, situation) for claim in situation.claims]


def phrase_rows(situation: Situation) -> list[dict[str, Any]]:
    """One row per phrase that describes a place or an area, with its shape."""
    return [_phrase(phrase, situation) for phrase in situation.phrases]


def situation_json(situation: Situation, file: str) -> dict[str, Any]:
    """Return a situation as one JSON-ready object: the line that ``python -m geo read --json`` prints.

    Offsets are half-open, in characters of the document's text; geometry is GeoJSON in EPSG:4326 or None.

    Parameters
    ----------
    situation : Situation
        What was read.
    file : str
        The path of the report, as it was given.
    """
    return {
        "file": file,
        "documents": document_rows(situation),
        "mentions": mention_rows(situation),
        "places": [_without(row, "geometry") | {"geometry": geometry_json(row["geometry"])} for row in place_rows(situation)],
        "claims": [_claim_json(claim, row) for claim, row in zip(situation.claims, claim_rows(situation), strict=True)],
        "zones": [_zone_json(row) for row in situation.zones.to_dict("records")],
        "front_lines": [row | {"geometry": geometry_json(row["geometry"])} for row in situation.front_lines.to_dict("records")],
        "phrases": [row | {"geometry": geometry_json(row["geometry"])} for row in phrase_rows(situation)],
        "unresolved": [_mention(mention) for mention in situation.unresolved],
        "as_of": _day(situation.as_of),
        "view": situation.view,
        "title": situation.title,
    }


def geometry_json(shape: BaseGeometry | None) -> dict[str, Any] | None:
    """Return a shape as GeoJSON, to about a metre, with outer rings anticlockwise (RFC 7946); None where there is none.

    Examples
    --------
    >>> geometry_json(shapely.Point(36.6339123, 35.9306))
    {'type': 'Point', 'coordinates': [36.63391, 35.9306]}
    """
    return None if shape is None or shape.is_empty else _geometry_json(shape)


@lru_cache(maxsize=256)
def _geometry_json(shape: BaseGeometry) -> dict[str, Any]:
    west, south, east, north = shape.bounds
    if shapely.get_num_coordinates(shape) > _MANY:
        slack = min(_COARSEST, max(east - west, north - south) * _SLACK)
        shape = shapely.make_valid(shapely.simplify(shape, slack))
    rounded = shapely.set_precision(shape, _GRID)
    kept = shapely.orient_polygons(shape if rounded.is_empty else rounded)
    made: dict[str, Any] = json.loads(shapely.to_geojson(kept))
    return made


def _without(row: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


def _mention(mention: Mention) -> dict[str, Any]:
    return {
        "document": mention.document_id, "start": mention.start, "end": mention.end, "text": mention.text,
        "kind": mention.kind, "use": mention.use,
    }


def _place(place: Place) -> dict[str, Any]:
    feature = place.feature
    return {
        "id": place.id, "name": feature.name, "kind": feature.kind, "country": feature.country, "lat": round(feature.lat, 5),
        "lon": round(feature.lon, 5), "precision": place.precision, "confidence": round(place.confidence, 3), "reason": place.reason,
        "mentions": len(place.mentions), "geonameid": feature.geonameid, "source": feature.source,
        "rivals": [_rival(rival) for rival in place.rivals], "geometry": shapely.Point(feature.lon, feature.lat),
    }


def _rival(rival: Candidate) -> dict[str, Any]:
    feature = rival.feature
    return {
        "id": feature.id, "name": feature.name, "kind": feature.kind, "country": feature.country, "lat": round(feature.lat, 5),
        "lon": round(feature.lon, 5), "match": rival.match, "similarity": round(rival.similarity, 3),
    }


def _claim(claim: Claim, situation: Situation) -> dict[str, Any]:
    first = claim.evidence[0]
    document = situation.document(first.document_id)
    return {
        "id": claim.id, "predicate": claim.predicate,
        "actor": claim.actor.id if claim.actor else None, "actor_name": claim.actor.name if claim.actor else None,
        "target": claim.target.id if claim.target else None, "target_name": claim.target.name if claim.target else None,
        "status": claim.status, "speaker": claim.speaker, **{f"when_{name}": value for name, value in _when(claim.when).items()},
        **_where(claim.where, situation), "quote": first.quote, "document": document.id, "source": document.source,
        "confidence": round(claim.confidence, 3), "reason": claim.reason, "limits": list(claim.limits), "made_by": claim.made_by,
        **_course(claim.course), "geometry": situation.geometry(claim),
    }


def _course(course: Course | None) -> dict[str, Any]:
    """Where an act comes from and goes, as recipes and bearings; None for what the text does not say."""
    def text(place: recipes.Where | None) -> str | None:
        return recipes.text(place) if place is not None else None

    if course is None:
        return dict.fromkeys(("course_origin", "course_goal", "course_bearings", "course_along", "course_fire"))
    return {
        "course_origin": text(course.origin), "course_goal": text(course.goal),
        "course_bearings": " ".join(f"{bearing:g}" for bearing in course.bearings) or None, "course_along": text(course.along),
        "course_fire": course.fire,
    }


def _where(where: recipes.Where | None, situation: Situation) -> dict[str, str | None]:
    if where is None:
        return {"recipe": None, "words": None}
    return {"recipe": recipes.text(where), "words": recipes.words(where, situation.gazetteer)}


def _when(when: When) -> dict[str, str | None]:
    return {"start": _day(when.start), "end": _day(when.end), "precision": when.precision, "words": when.words}


def _claim_json(claim: Claim, row: Mapping[str, Any]) -> dict[str, Any]:
    flat = ("recipe", "words", "geometry", "quote", "document", "source", *(n for n in row if n.startswith(("when_", "course_"))))
    course = {name.removeprefix("course_"): value for name, value in row.items() if name.startswith("course_")}
    return {
        **_named(_without(row, *flat), "actor", "target"), "when": _when(claim.when),
        "course": course if claim.course is not None else None,
        "where": {"recipe": row["recipe"], "words": row["words"], "geometry": geometry_json(row["geometry"])},
        "evidence": [
            {"document": span.document_id, "role": span.role, "start": span.start, "end": span.end, "quote": span.quote}
            for span in claim.evidence
        ],
    }


def _phrase(phrase: Phrase, situation: Situation) -> dict[str, Any]:
    return {
        "document": phrase.document_id, "start": phrase.start, "end": phrase.end, "text": phrase.text,
        **_where(phrase.where, situation), "reason": phrase.reason, "geometry": situation.geometry(phrase),
    }


def _zone_json(row: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: _plain(value) for name, value in row.items() if name != "geometry"}
    return _named(plain, "actor") | {"geometry": geometry_json(row["geometry"])}


def _named(row: Mapping[str, Any], *roles: str) -> dict[str, Any]:
    """JSON says who by name and keeps the id beside it: "actor" and "actor_id"."""
    said = {role: row[f"{role}_name"] or None for role in roles} | {f"{role}_id": row[role] or None for role in roles}
    return {name: value for name, value in row.items() if name not in {f"{role}_name" for role in roles}} | said


def _plain(value: Any) -> Any:
    """A value of a frame as JSON has it: no numpy number, no NaN, no tuple."""
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if hasattr(value, "item"):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
