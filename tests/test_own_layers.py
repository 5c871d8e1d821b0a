"""Layers of a user's own: grey, named as not from the reports, on the page and in every file, and never a claim."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
from shapely import LineString, Point, box

from geo import own_layers as module
from geo import situation
from geo.autosave import Autosave, Work, new_id
from geo.blur import blurred
from geo.coarse import blur_of
from geo.documents import from_text
from geo.errors import InputError
from geo.export import export
from geo.gazetteer import open_gazetteer
from geo.layers import layers
from geo.own_layers import OwnLayer, beside, read_own_layer
from geo.project import reopen
from geo.situation import Situation

HOSTILE = "<script>alert(1)</script>.geojson"
SHAPES = [("Camp <b>", Point(36.6, 35.9)), ("", LineString([(36.5, 35.8), (36.9, 36.0)])), ("District", box(36.4, 35.7, 36.7, 36.0))]


@pytest.fixture(scope="module")
def drawn() -> Situation:
    return situation.read([from_text("Rebels hold Idlib and Saraqib.")], gazetteer=open_gazetteer())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    frame = gpd.GeoDataFrame({"Name": [name for name, _ in SHAPES]}, geometry=[shape for _, shape in SHAPES], crs=4326)
    path = tmp_path / "mine.geojson"
    path.write_text(frame.to_json())
    return path


def own_rows(one: Situation) -> list[Any]:
    return [row for layer in layers(one) for row in layer.rows if row.predicate == "own"]


def test_every_shape_is_drawn_grey_and_said_to_be_from_no_report(drawn: Situation, file: Path) -> None:
    shown = beside(drawn, [read_own_layer(file, name=HOSTILE)])
    rows = own_rows(shown)
    assert [row.title for row in rows] == ["Camp <b>", HOSTILE, "District"]
    assert {row.layer for row in rows} == {"reference"}
    assert {row.status_words for row in rows} == {"not from the reports"}
    assert not any(row.claims or row.quotes or row.mentions for row in rows)
    legend = [entry.label for layer in layers(shown) for entry in layer.legend]
    assert f"{HOSTILE}, not from the reports" in legend


def test_nothing_that_the_reports_say_is_drawn_otherwise(drawn: Situation, file: Path) -> None:
    before = [row for layer in layers(drawn) for row in layer.rows]
    after = [row for layer in layers(beside(drawn, [read_own_layer(file)])) for row in layer.rows if row.predicate != "own"]
    assert after == before


@pytest.mark.parametrize("suffix", [".html", ".svg", ".kml"])
def test_it_stands_on_every_drawn_map_with_its_name(drawn: Situation, file: Path, tmp_path: Path, suffix: str) -> None:
    shown = beside(drawn, [read_own_layer(file, name="mine & theirs.geojson")])
    data = export(shown, tmp_path / f"map{suffix}").read_text(encoding="utf-8")
    assert any(f"mine {sign} theirs.geojson" in data for sign in ("&amp;", "&", "\\u0026"))
    assert "not from the reports" in data


@pytest.mark.parametrize("suffix", [".geojson", ".json", ".csv"])
def test_what_is_data_holds_what_the_reports_say_alone(drawn: Situation, file: Path, tmp_path: Path, suffix: str) -> None:
    shown = beside(drawn, [read_own_layer(file)])
    assert export(shown, tmp_path / f"own{suffix}").read_bytes() == export(drawn, tmp_path / f"map{suffix}").read_bytes()


def test_a_hostile_name_is_no_script(drawn: Situation, file: Path, tmp_path: Path) -> None:
    data = export(beside(drawn, [read_own_layer(file, name=HOSTILE)]), tmp_path / "map.html").read_text(encoding="utf-8")
    assert "<script>alert(1)" not in data


def test_it_is_opened_again_with_the_project_and_with_the_work(drawn: Situation, file: Path, tmp_path: Path) -> None:
    mine = read_own_layer(file)
    again = reopen(export(beside(drawn, [mine]), tmp_path / "map.gpkg"))
    work = Work(id=new_id(), title="x", documents=drawn.documents, own=(mine,))
    Autosave(tmp_path / "desk").save(work)
    restored = Autosave(tmp_path / "desk").restore(work.id)
    for own in (again.own, restored.own):
        assert [(one.name, one.notes) for one in own] == [(mine.name, mine.notes)]
        assert own[0].frame.equals(mine.frame)


def test_blurring_leaves_it_out(drawn: Situation, file: Path) -> None:
    assert not own_rows(blurred(beside(drawn, [read_own_layer(file)]), blur_of("5km")))


@pytest.mark.parametrize(("suffix", "driver"), [(".gpkg", "GPKG"), (".kml", "KML")])
def test_the_formats_of_maps_are_read(tmp_path: Path, suffix: str, driver: str) -> None:
    path = tmp_path / f"mine{suffix}"
    gpd.GeoDataFrame({"Name": ["a", "b"]}, geometry=[Point(36, 35), Point(37, 35)], crs=4326).to_file(path, driver=driver)
    assert list(read_own_layer(path).frame.label) == ["a", "b"]


def test_shapes_are_mended_and_what_is_none_is_told(tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[36, 35], [37, 36], [37, 35], [36, 36], [36, 35]]]}
    features = [{"type": "Feature", "properties": {"name": 7}, "geometry": shape} for shape in (bow, None)]
    path = tmp_path / "x.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    mine = read_own_layer(path)
    assert mine.frame.geometry.is_valid.all()
    assert list(mine.frame.label) == [""]
    assert "1 features without a shape" in mine.notes[-1]


def test_it_is_bounded(tmp_path: Path, file: Path, drawn: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = read_own_layer(file)
    with pytest.raises(InputError, match="up to 5 can lie beside a text"):
        beside(drawn, [mine] * 6)
    monkeypatch.setattr(module, "MOST_SHAPES", 2)
    with pytest.raises(InputError, match="has up to 2 with 200,000: cut it"):
        read_own_layer(file)
    monkeypatch.setattr(module, "MOST_SHAPES", 9)
    monkeypatch.setattr(module, "MOST_CORNERS", 5)
    with pytest.raises(InputError, match="cut it to the area that you need, or simplify it"):
        read_own_layer(file)


def test_a_name_that_is_too_long_is_cut(file: Path) -> None:
    assert len(read_own_layer(file, name="x" * 500).name) == 80
    assert isinstance(replace(read_own_layer(file), name="y"), OwnLayer)
