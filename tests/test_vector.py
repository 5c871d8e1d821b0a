"""Files to take away: every format holds the same facts, as written, whole or not at all."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
import zipfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import InputError
from geo.export import EXPORTERS, check_target, export, replacing
from geo.export.antimeridian import bbox, uncrossed
from geo.export.vector import CSV_COLUMNS
from tests import hostile_report as hostile
from tests.hostile import HOSTILE

DATA = (".gpkg", ".geojson", ".json", ".csv", ".parquet", ".kml", ".kmz", ".acled.csv", ".ucdp.csv", ".jsonld")


def strings(value: Any) -> set[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {word for item in inner for word in strings(item)}


def literal(situation: Any) -> list[Any]:
    """The places that stand on the map: Ankara for its government is none of them."""
    return [place for place in situation.places if any(mention.use == "literal" for mention in place.mentions)]


def geojson(situation: Any, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(export(situation, folder / "map.geojson").read_text(encoding="utf-8"))
    return made


def positions(shape: Any) -> list[Any]:
    """Every position of a GeoJSON geometry."""
    if shape is None:
        return []
    if shape["type"] == "GeometryCollection":
        return [at for part in shape["geometries"] for at in positions(part)]
    found = [shape["coordinates"]]
    while not isinstance(found[0], int | float) and found and not isinstance(found[0][0], int | float):
        found = [inner for outer in found for inner in outer]
    return found


def test_a_geojson_file_follows_the_standard(idlib: Any, tmp_path: Path) -> None:
    made = geojson(idlib, tmp_path)
    assert made["type"] == "FeatureCollection"
    assert not {"crs", "geometry", "properties", "coordinates", "geometries"} & set(made)
    for feature in made["features"]:
        assert set(feature) == {"type", "id", "geometry", "properties"}
        assert feature["type"] == "Feature"
        assert feature["properties"]["table"] in ("places", "claims", "areas", "zones", "front_lines", "settlements")
        assert not {"geometry", "coordinates"} & set(feature["properties"])
    ids = [feature["id"] for feature in made["features"]]
    assert len(set(ids)) == len(ids)


def test_shapes_in_geojson_are_valid_wind_to_the_left_and_have_no_false_precision(idlib: Any, tmp_path: Path) -> None:
    for feature in geojson(idlib, tmp_path)["features"]:
        if feature["geometry"] is None:
            continue
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        assert shape.is_valid
        for part in shapely.get_parts(shape):
            if part.geom_type == "Polygon":
                assert part.exterior.is_ccw
                assert not any(hole.is_ccw for hole in part.interiors)
        for lon, lat, *more in positions(feature["geometry"]):
            assert not more
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
            assert round(lon, 7) == lon
            assert round(lat, 7) == lat


def test_a_claim_without_a_place_is_kept_without_a_shape(idlib: Any, tmp_path: Path) -> None:
    claims = [feature for feature in geojson(idlib, tmp_path)["features"] if feature["properties"]["table"] == "claims"]
    assert [feature["properties"]["id"] for feature in claims] == [claim.id for claim in idlib.claims]
    assert [feature["geometry"] is None for feature in claims] == [idlib.geometry(claim) is None for claim in idlib.claims]
    assert any(feature["geometry"] is None for feature in claims)


def test_the_box_of_a_geojson_holds_all_its_shapes(idlib: Any, tmp_path: Path) -> None:
    made = geojson(idlib, tmp_path)
    west, south, east, north = made["bbox"]
    for feature in made["features"]:
        for lon, lat in positions(feature["geometry"]):
            assert south <= lat <= north
            assert (west <= lon <= east) if west <= east else (lon >= west or lon <= east)


@given(st.lists(st.tuples(st.integers(-179, 179), st.integers(-85, 85)), min_size=2, max_size=8, unique_by=lambda point: point[1]))
def test_a_line_that_leaps_over_the_antimeridian_is_cut_there_and_no_shorter(points: list[tuple[int, int]]) -> None:
    points = sorted(points, key=lambda point: point[1])
    cut = uncrossed(shapely.LineString(points))
    steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(points)]
    wanted = sum(math.hypot(min(abs(dx), 360 - abs(dx)), dy) for dx, dy in steps)
    pieces = shapely.get_parts(cut)
    assert all(piece.bounds[0] >= -180 and piece.bounds[2] <= 180 for piece in pieces)
    assert sum(piece.length for piece in pieces) == pytest.approx(wanted, abs=1e-6)
    for piece in pieces:
        assert all(abs(b[0] - a[0]) <= 180 for a, b in pairwise(piece.coords))


def test_an_area_that_leaps_over_the_antimeridian_keeps_its_size_and_its_hole() -> None:
    area = shapely.Polygon([(170, 0), (-170, 0), (-170, 10), (170, 10)], [[(178, 4), (-178, 4), (-178, 6), (178, 6)]])
    cut = uncrossed(area)
    assert cut.is_valid
    assert cut.area == pytest.approx(20 * 10 - 4 * 2)
    assert cut.bounds == (-180, 0, 180, 10)


@pytest.mark.parametrize(
    ("shapes", "box"),
    [
        ([shapely.Point(1, 2)], [1, 2, 1, 2]),
        ([shapely.Point(-170, 0), shapely.Point(170, 5)], [170, 0, -170, 5]),
        ([shapely.Point(-80, 0), shapely.Point(80, 5)], [-80, 0, 80, 5]),
        ([shapely.box(-180, 0, 180, 1)], [-180, 0, 180, 1]),
        ([], []),
    ],
)
def test_a_box_leaves_out_the_widest_gap_between_longitudes(shapes: Any, box: list[float]) -> None:
    assert bbox(shapes) == box


def test_geoparquet_has_claims_and_zones_with_typed_columns(idlib: Any, tmp_path: Path) -> None:
    table = gpd.read_parquet(export(idlib, tmp_path / "map.parquet"))
    assert table.crs.to_epsg() == 4326
    assert list(table.loc[table.table == "claim", "id"]) == [claim.id for claim in idlib.claims]
    assert list(table.loc[table.table == "zone", "id"]) == list(idlib.zones["id"])
    dated = table[table.when_start.notna()]
    assert {type(day) for day in dated.when_start} == {dt.date}
    assert table.confidence.dtype == float
    assert list(table.limits.dropna().iloc[0]) == list(idlib.claims[0].limits)
    assert "border_view" in table.attrs


def test_geoparquet_says_what_to_install_where_pyarrow_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.export.vector.find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install pyarrow"):
        export(hostile.situation(), tmp_path / "map.parquet")
    assert not list(tmp_path.iterdir())


def test_json_is_what_read_prints(idlib: Any, tmp_path: Path) -> None:
    from geo.tables import situation_json

    made = json.loads(export(idlib, tmp_path / "map.json").read_text(encoding="utf-8"))
    printed = json.loads(json.dumps(situation_json(idlib, made["file"])))
    assert {key: made[key] for key in printed} == printed


def test_csv_has_a_row_for_each_place_claim_area_and_unresolved_name(idlib: Any, tmp_path: Path) -> None:
    with export(idlib, tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    counts = {kind: sum(row["row"] == kind for row in rows) for kind in ("place", "claim", "area", "unresolved")}
    assert counts == {
        "place": len(literal(idlib)), "claim": len(idlib.claims), "area": len(idlib.phrases), "unresolved": len(idlib.unresolved),
    }
    assert tuple(rows[0]) == CSV_COLUMNS


def words_of(path: Path, suffix: str) -> set[str]:
    """Every text of a file, as a program that reads its format sees it."""
    if suffix == ".gpkg":
        tables = [pyogrio.read_dataframe(path, layer=name) for name, _ in pyogrio.list_layers(path)]
        return {str(value) for table in tables for value in table.astype(object).to_numpy().ravel()}
    if suffix == ".parquet":
        table = gpd.read_parquet(path)
        return {str(value) for value in table.drop(columns="geometry").astype(object).to_numpy().ravel()}
    if suffix.endswith("csv"):
        with path.open(encoding="utf-8", newline="") as file:
            return {value for row in csv.DictReader(file) for value in row.values()}
    if suffix in (".kml", ".kmz"):
        data = path.read_bytes() if suffix == ".kml" else zipfile.ZipFile(path).read("doc.kml")
        return {element.text or "" for element in Xml.fromstring(data).iter()}
    return strings(json.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("suffix", DATA)
def test_hostile_strings_come_out_as_written(suffix: str, tmp_path: Path) -> None:
    situation = hostile.situation()
    attack = replace(situation.claims[0], predicate="attacks")  # what is held is no event
    assert hostile.ALL in words_of(export(replace(situation, claims=(attack,)), tmp_path / f"map{suffix}"), suffix)


# 200 strings: every hostile one alone, doubled, cut, and with what quotes, ends or opens things round it.
MANY = tuple(dict.fromkeys(
    made for words in HOSTILE
    for made in (words, words * 2, f"'{words}'", f'"{words}"', f"\\{words}", f"<!--{words}-->", words[1:], f"\u202b{words}") if made.strip()
))[:200]


@pytest.mark.parametrize("suffix", DATA)
def test_two_hundred_hostile_strings_come_out_as_written(suffix: str, tmp_path: Path) -> None:
    situation = hostile.situation()
    attack = replace(situation.claims[0], predicate="attacks")
    claims = tuple(replace(attack, id=f"x{n}", actor=replace(attack.actor, id=f"a{n}", name=words)) for n, words in enumerate(MANY))
    path = export(replace(situation, claims=claims, actors=tuple(claim.actor for claim in claims)), tmp_path / f"map{suffix}")
    written = {words.removeprefix("'") if suffix.endswith("csv") else words for words in words_of(path, suffix)}
    wanted = {words.removeprefix("'") if suffix.endswith("csv") else words for words in MANY}
    assert len(MANY) == 200
    assert wanted <= written


def test_a_csv_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path: Path) -> None:
    situation = hostile.situation()
    claims = tuple(replace(situation.claims[0], id=str(number), speaker=words) for number, words in enumerate(hostile.STRINGS))
    with export(replace(situation, claims=claims), tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        speakers = [row["speaker"] for row in csv.DictReader(file) if row["row"] == "claim"]
    assert speakers == ["'" + words if words[0] in "=+-@" else words for words in hostile.STRINGS]


@pytest.mark.parametrize("suffix", DATA)
def test_two_writes_of_one_situation_are_the_same(suffix: str, idlib: Any, tmp_path: Path) -> None:
    for situation in (idlib, hostile.situation()):
        first = export(situation, tmp_path / f"a{suffix}").read_bytes()
        assert first == export(replace(situation), tmp_path / f"b{suffix}").read_bytes()


def test_a_writer_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "map.html"
    target.write_text("old")

    def fails(path: Path) -> None:
        path.write_text("half")
        raise InputError("No.")

    with pytest.raises(InputError, match="No"):
        replacing(target, fails)
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_folder_that_does_not_exist_is_made(tmp_path: Path) -> None:
    assert export(hostile.situation(), tmp_path / "new" / "folder" / "map.csv").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [("map.xyz", r"map\.xyz cannot be written: its suffix must be one of \.html"), ("map", "its suffix must"), (".", "is a directory")],
)
def test_a_target_that_cannot_be_written_is_named(name: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=message):
        check_target(tmp_path / name)


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError, match="is not a folder that can be written to"):
        check_target(tmp_path / "file" / "map.html")


def test_every_data_format_has_its_writer() -> None:
    assert set(DATA) <= set(EXPORTERS)
