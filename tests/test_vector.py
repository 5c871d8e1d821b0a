"""Files to take away: every format holds the same facts, as written, whole or not at all."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyogrio
import pytest
import shapely

from geo.errors import InputError
from geo.export import EXPORTERS, check_target, export, replacing
from geo.export.vector import CSV_COLUMNS
from tests import hostile_report as hostile

DATA = (".gpkg", ".geojson", ".json", ".csv")


def strings(value: Any) -> set[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return {value}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {word for item in inner for word in strings(item)}


def literal(situation: Any) -> list[Any]:
    """The places that stand on the map: Ankara for its government is none of them."""
    return [place for place in situation.places if any(mention.use == "literal" for mention in place.mentions)]


def test_a_geopackage_has_its_layers_and_tables_in_degrees(idlib: Any, tmp_path: Path) -> None:
    path = export(idlib, tmp_path / "map.gpkg")
    assert {"places", "claims", "areas", "zones", "documents", "about"} <= {name for name, _ in pyogrio.list_layers(path)}
    places = pyogrio.read_dataframe(path, layer="places")
    assert places.crs.to_epsg() == 4326
    assert len(places) == len(literal(idlib))
    assert set(pyogrio.read_dataframe(path, layer="zones")["id"]) == set(idlib.zones["id"])
    assert pyogrio.read_dataframe(path, layer="documents")["text"][0] == idlib.documents[0].text


def test_a_geojson_file_follows_the_standard(idlib: Any, tmp_path: Path) -> None:
    made = json.loads(export(idlib, tmp_path / "map.geojson").read_text(encoding="utf-8"))
    assert made["type"] == "FeatureCollection"
    assert "crs" not in made
    for feature in made["features"]:
        assert feature["type"] == "Feature"
        assert shapely.from_geojson(json.dumps(feature["geometry"])).is_valid
        assert feature["properties"]["table"] in ("places", "claims", "areas", "zones", "front_lines", "settlements")


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


@pytest.mark.parametrize("suffix", DATA)
def test_hostile_strings_come_out_as_written(suffix: str, tmp_path: Path) -> None:
    path = export(hostile.situation(), tmp_path / f"map{suffix}")
    if suffix == ".gpkg":
        words = {
            str(value) for name, _ in pyogrio.list_layers(path)
            for column in [pyogrio.read_dataframe(path, layer=name)] for value in column.astype(object).to_numpy().ravel()
        }
    elif suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            words = {value for row in csv.DictReader(file) for value in row.values()}
    else:
        words = strings(json.loads(path.read_text(encoding="utf-8")))
    assert hostile.ALL in words


def test_a_csv_cell_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path: Path) -> None:
    from dataclasses import replace

    situation = hostile.situation()
    claims = tuple(replace(situation.claims[0], id=str(number), speaker=words) for number, words in enumerate(hostile.STRINGS))
    with export(replace(situation, claims=claims), tmp_path / "map.csv").open(encoding="utf-8", newline="") as file:
        speakers = [row["speaker"] for row in csv.DictReader(file) if row["row"] == "claim"]
    assert speakers == ["'" + words if words[0] in "=+-@" else words for words in hostile.STRINGS]


def test_two_writes_of_one_situation_are_the_same(tmp_path: Path) -> None:
    for suffix in (".geojson", ".json", ".csv", ".gpkg"):
        first = export(hostile.situation(), tmp_path / f"a{suffix}").read_bytes()
        assert first == export(hostile.situation(), tmp_path / f"b{suffix}").read_bytes()


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


def test_every_format_is_loaded_only_when_used() -> None:
    assert set(EXPORTERS) == {".html", *DATA}
