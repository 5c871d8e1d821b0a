"""Tables: what crosses between records and frames keeps its meaning."""

from __future__ import annotations

import json
from typing import Any

import geopandas as gpd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import GeometryError
from geo.tables import SCHEMAS, check, claim_rows, frame, geometry_json, place_rows, situation_json
from tests import hostile_report as hostile

FIELDS = {
    "mentions": {"document", "start", "end", "text", "kind", "use", "place"},
    "places": {"id", "name", "kind", "country", "lat", "lon", "precision", "confidence", "reason", "rivals"},
    "claims": {"id", "predicate", "actor", "target", "status", "speaker", "when", "where", "evidence", "confidence", "limits"},
    "zones": {"actor", "status", "claims", "km2", "geometry"},
    "phrases": {"document", "start", "end", "words", "recipe", "geometry"},
}


@pytest.fixture(scope="module")
def reading(idlib: Any) -> dict[str, Any]:
    return json.loads(json.dumps(situation_json(idlib, "seeds/idlib-2020.md"), allow_nan=False))


def test_the_reading_has_every_field_of_the_published_format(reading: dict[str, Any]) -> None:
    assert {"file", "documents", "mentions", "places", "claims", "zones", "phrases", "unresolved"} <= set(reading)
    for key, fields in FIELDS.items():
        assert reading[key], f"the briefing gives no {key}"
        for row in reading[key]:
            assert fields <= set(row)
    for claim in reading["claims"]:
        assert set(claim["where"]) == {"recipe", "words", "geometry"}
        assert claim["limits"]


def test_every_offset_leads_to_the_words_quoted(reading: dict[str, Any], idlib: Any) -> None:
    text = {document.id: document.text for document in idlib.documents}
    for mention in [*reading["mentions"], *reading["unresolved"]]:
        assert text[mention["document"]][mention["start"] : mention["end"]] == mention["text"]
    for claim in reading["claims"]:
        for span in claim["evidence"]:
            assert text[span["document"]][span["start"] : span["end"]] == span["quote"]


def test_every_place_of_a_mention_is_among_the_places(reading: dict[str, Any]) -> None:
    known = {place["id"] for place in reading["places"]}
    assert {mention["place"] for mention in reading["mentions"]} - {None} <= known


def test_every_claim_of_a_zone_is_among_the_claims(reading: dict[str, Any]) -> None:
    known = {claim["id"] for claim in reading["claims"]}
    for zone in reading["zones"]:
        assert zone["claims"]
        assert set(zone["claims"]) <= known


def test_every_geometry_is_valid_geojson_in_degrees_with_outer_rings_anticlockwise(reading: dict[str, Any]) -> None:
    shapes = [claim["where"]["geometry"] for claim in reading["claims"]]
    shapes += [row["geometry"] for row in [*reading["zones"], *reading["phrases"]]]
    drawn = [shapely.from_geojson(json.dumps(shape)) for shape in shapes if shape]
    assert drawn
    for shape in drawn:
        assert shape.is_valid
        assert not shape.is_empty
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw


@given(st.floats(-179, 179), st.floats(-89, 89), st.floats(1e-7, 10))
def test_geometry_in_json_is_valid_and_within_a_few_metres(lon: float, lat: float, size: float) -> None:
    shape = shapely.box(lon, lat, min(180, lon + size), min(90, lat + size))
    made = shapely.from_geojson(json.dumps(geometry_json(shape)))
    assert made.is_valid
    assert not made.is_empty
    assert shapely.hausdorff_distance(made, shape) < 5e-5


def test_hostile_strings_pass_through_as_written() -> None:
    situation = hostile.situation()
    made = json.loads(json.dumps(situation_json(situation, hostile.ALL)))
    assert made["title"] == made["documents"][0]["source"] == made["places"][0]["name"] == made["claims"][0]["speaker"] == hostile.ALL
    assert made["claims"][0]["evidence"][0]["quote"] == made["phrases"][0]["text"] == made["unresolved"][0]["text"] == hostile.ALL


def good() -> gpd.GeoDataFrame:
    return frame(place_rows(hostile.situation()), schema="places")


def test_a_frame_keeps_the_rows_that_have_a_shape() -> None:
    rows = claim_rows(hostile.situation())
    assert len(frame(rows, schema="claims")) == 1
    assert frame([{**rows[0], "geometry": None}], schema="claims").empty
    assert list(frame([], schema="zones").columns) == list(SCHEMAS["zones"])


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda layer: layer.drop(columns="reason"), "has no column reason; it must have id, name"),
        (lambda layer: layer.set_crs(None, allow_override=True), r"is in no CRS; transform it with \.to_crs"),
        (lambda layer: layer.to_crs(3857), "transform it with"),
        (lambda layer: layer.set_geometry([shapely.Point()], crs=4326), "empty or invalid"),
        (lambda layer: layer.set_geometry([shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], crs=4326), "empty or invalid"),
        (lambda layer: layer.set_geometry([shapely.Point(361, 0)], crs=4326), "degrees end at 180"),
    ],
)
def test_a_frame_that_breaks_its_schema_is_an_error(spoil: Any, message: str) -> None:
    assert len(check(good(), schema="places")) == 1
    with pytest.raises(GeometryError, match=message):
        check(spoil(good()), schema="places")
