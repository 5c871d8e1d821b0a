"""Earlier maps: whom their words mean, what is repaired, what is refused, and what reports make of them."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import mapping

from geo.__main__ import main
from geo.earlier import read_actor_map, read_earlier
from geo.errors import InputError
from geo.gazetteer import open_gazetteer
from geo.layers import layers, unsourced
from geo.projections import area_km2
from geo.records import Document, document_id
from geo.situation import Situation, read

WEST = shapely.Polygon([(36.1, 35.4), (36.9, 35.4), (36.9, 36.3), (36.1, 36.3)])  # Idlib, Saraqib, Ariha and Maarat al-Numan lie in it
EAST = shapely.Polygon([(36.9, 35.4), (37.6, 35.4), (37.6, 36.3), (36.9, 36.3)])


def base(folder: Path, *areas: tuple[str, Any], column: str = "actor") -> Path:
    features = [{"type": "Feature", "properties": {column: name}, "geometry": mapping(shape)} for name, shape in areas]
    (folder / "base.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return folder / "base.geojson"


def test_the_words_of_a_map_are_looked_up_as_those_of_its_country(tmp_path: Path) -> None:
    earlier = read_earlier(base(tmp_path, ("Rebels", WEST), ("the regime", EAST)), gazetteer=open_gazetteer())
    assert dict(zip(earlier.zones.value, earlier.zones.actor, strict=True)) == {
        "Rebels": "syrian-opposition", "the regime": "syria-government",
    }


@pytest.mark.parametrize(("words", "actor"), [("RU", "russia"), ("russia", "russia"), ("Russian forces", "russia"), ("HTS", "hts")])
def test_a_holder_is_known_by_id_name_alias_or_code_of_its_country(words: str, actor: str, tmp_path: Path) -> None:
    assert read_earlier(base(tmp_path, (words, WEST))).zones.actor.tolist() == [actor]


def test_a_holder_that_no_table_knows_keeps_its_name_and_that_is_told(tmp_path: Path) -> None:
    earlier = read_earlier(base(tmp_path, ("Zorbian League", WEST), ("Russia", EAST)), gazetteer=open_gazetteer())
    assert set(earlier.zones.actor) == {"base:zorbian-league", "russia"}
    assert any("Zorbian League" in note for note in earlier.notes)


def test_codes_in_a_column_of_numbers_are_written_without_a_point(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"actor": [1.0, 2.0]}, geometry=[WEST, EAST], crs=4326).to_file(tmp_path / "base.shp")
    earlier = read_earlier(tmp_path / "base.shp", actor_map={"1": "russia", "2": "turkey"})
    assert set(earlier.zones.actor) == {"russia", "turkey"}


def test_a_table_of_actors_decides(tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text("value,actor\n1,russia\n2,contested\n3,none\n4,russia\n", encoding="utf-8-sig")
    file = base(tmp_path, ("1", WEST), ("2", EAST), ("3", shapely.box(38, 35, 39, 36)), ("4", shapely.box(39, 35, 40, 36)), column="code")
    earlier = read_earlier(file, actor_column="CODE", actor_map=read_actor_map(tmp_path / "actors.csv"))
    assert earlier.zones.actor.tolist() == ["russia"]
    assert earlier.zones.geometry.iloc[0].area == pytest.approx(WEST.area + 1)
    assert earlier.contested.area == pytest.approx(EAST.area)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("who,what\n1,2\n", "needs the columns value"), ("", "needs the columns value"),
        ("value,actor\na,russia\na,turkey\n", "row 3: 'a' means 'turkey'"),
    ],
)
def test_a_table_of_actors_that_cannot_be_used_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "actors.csv").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_actor_map(tmp_path / "actors.csv")


def test_a_map_without_a_known_column_lists_what_it_has(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"--actor-column: its columns are wer \(A, B\)"):
        read_earlier(base(tmp_path, ("A", WEST), ("B", EAST), column="wer"))


BOW = shapely.Polygon([(36, 35), (37, 36), (37, 35), (36, 36)])
TALL = shapely.force_3d(EAST, 12.0)
SLIP = shapely.Polygon([(36.899, 35.4), (37.6, 35.4), (37.6, 36.3), (36.899, 36.3)])  # 90 m over the line
TOWN = shapely.box(36.4, 35.8, 36.5, 35.9)


@pytest.mark.parametrize(
    ("areas", "words", "actors"),
    [
        ([("Russia", BOW)], "not valid and repaired", {"russia"}),
        ([("Russia", WEST), ("Turkey", TALL)], "had heights", {"russia", "turkey"}),
        ([("Russia", WEST), ("Turkey", SLIP)], "thin overlaps of two holders", {"russia", "turkey"}),
        ([("Russia", WEST), ("Turkey", TOWN)], "lie on top", {"russia", "turkey"}),
        ([("Russia", WEST), ("x", shapely.Point(36, 35))], "no area and left away", {"russia"}),
        ([("Russia", WEST), ("", EAST)], "name no actor", {"russia"}),
    ],
)
def test_each_repair_is_told_and_what_is_left_is_disjoint(
    areas: list[tuple[str, Any]], words: str, actors: set[str], tmp_path: Path
) -> None:
    earlier = read_earlier(base(tmp_path, *areas))
    assert any(words in note for note in earlier.notes)
    assert set(earlier.zones.actor) == actors
    shapes = earlier.zones.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    assert not shapely.has_z(shapes).any()
    assert shapely.area(shapes).sum() == pytest.approx(shapely.union_all(shapes).area)


def test_two_holders_of_the_same_ground_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"areas of 'Turkey' and 'Russia' overlap by .* km2; cut one"):
        read_earlier(base(tmp_path, ("Russia", WEST), ("Turkey", shapely.box(36.5, 35.5, 37.5, 36.0))))


def test_contested_ground_lies_on_top_of_whoever_holds_it(tmp_path: Path) -> None:
    earlier = read_earlier(base(tmp_path, ("Russia", WEST), ("Contested", shapely.box(36.5, 35.5, 37.5, 36.0))))
    assert earlier.contested.area == pytest.approx(0.5)
    assert earlier.zones.geometry.iloc[0].intersection(earlier.contested).area == pytest.approx(0)


TEXT = "Syrian government forces captured Saraqib on Saturday. Rebels still hold Ariha and Idlib."


def report(text: str, published: dt.date) -> Document:
    return Document(id=document_id(text), text=text, reading=text, title="A report", source="Desk", published=published)


def updated(folder: Path, text: str = TEXT, **options: Any) -> Situation:
    areas = (("Rebels", WEST), ("Syrian government", EAST))
    gazetteer = open_gazetteer()
    earlier = read_earlier(base(folder, *areas), gazetteer=gazetteer, credit="Made-up Maps", day=dt.date(2020, 1, 10), **options)
    return read([report(text, dt.date(2020, 2, 8))], gazetteer=gazetteer, base=earlier)


def control(situation: Situation) -> gpd.GeoDataFrame:
    return situation.zones[situation.zones.layer == "control"]


def test_a_report_changes_the_ground_around_it_and_no_other(tmp_path: Path) -> None:
    zones = control(updated(tmp_path))
    changed = zones[zones.words.str.contains("changed since")]
    assert changed.actor.tolist() == ["syria-government"]
    saraqib, idlib, ariha, far = (shapely.Point(*spot) for spot in ((36.8, 35.86), (36.63, 35.93), (36.61, 35.81), (36.3, 36.2)))
    assert changed.geometry.iloc[0].covers(saraqib)
    rebels = zones[zones.actor == "syrian-opposition"].geometry.union_all()
    assert all(rebels.covers(spot) for spot in (idlib, ariha, far))
    assert area_km2(zones.geometry.union_all()) == pytest.approx(area_km2(WEST.union(EAST)), rel=1e-3)
    assert shapely.area(zones.geometry.to_numpy()).sum() == pytest.approx(zones.geometry.union_all().area, rel=1e-6)


def test_every_piece_leads_to_the_base_map_or_to_claims(tmp_path: Path) -> None:
    situation = updated(tmp_path)
    assert unsourced(layers(situation)) == ()
    known = {claim.id for claim in situation.claims}
    for row in control(situation).itertuples():
        assert set(row.claims) <= known | {"base:base.geojson"}
        assert ("base:base.geojson" in row.claims) == ("as on the base map" in row.words)
    drawn = next(layer for layer in layers(situation) if layer.key == "control").frame
    from_base = drawn[drawn.words.str.contains("as on the base map")]
    assert all(("base.geojson", "Made-up Maps", "2020-01-10") in sources for sources in from_base.sources)


def test_a_report_older_than_the_base_map_changes_nothing(tmp_path: Path) -> None:
    zones = control(updated(tmp_path, "Syrian government forces captured Saraqib on 20 December 2019."))
    assert not zones.words.str.contains("changed since").any()


def test_a_report_that_agrees_changes_nothing_and_is_named_as_a_source(tmp_path: Path) -> None:
    situation = updated(tmp_path, "Rebels hold Idlib.")
    zones = control(situation)
    assert not zones.words.str.contains("changed since").any()
    rebels = zones[zones.actor == "syrian-opposition"].iloc[0]
    assert set(rebels.claims) == {"base:base.geojson", *(claim.id for claim in situation.claims if claim.predicate == "controls")}


def test_ground_that_its_holder_has_left_is_uncertain(tmp_path: Path) -> None:
    situation = updated(tmp_path, "Rebels withdrew from Saraqib on Friday.")
    unsure = situation.zones[situation.zones.layer == "uncertain"]
    assert "has left" in unsure.words.iloc[0]
    assert not control(situation).geometry.intersects(shapely.Point(36.8, 35.86)).any()


def test_the_page_names_the_base_map_and_its_repairs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = base(tmp_path, ("Rebels", WEST), ("Zorbian League", EAST))
    (tmp_path / "r.md").write_text(f"---\ndate: 2020-02-08\n---\n{TEXT}", encoding="utf-8")
    options = ["--base-credit", "Made-up Maps", "--base-date", "2020-01-10"]
    assert main(["map", str(tmp_path / "r.md"), "--base", str(file), *options, "-o", str(tmp_path / "map.html")]) == 0
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert "base map: base.geojson, Made-up Maps, 2020-01-10" in page
    assert "Not in the table of actors" in page
    assert "Not in the table of actors" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--actor-column", "x"], ["--base-date", "2020-01-01"], ["--base-layer", "x"]])
def test_options_of_a_base_map_without_one_are_refused(option: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "r.txt").write_text(TEXT, encoding="utf-8")
    assert main(["map", str(tmp_path / "r.txt"), *option, "-o", str(tmp_path / "m.html")]) == 2
    assert "name it with --base" in capsys.readouterr().err


def test_zones_take_a_map_of_any_format_with_its_own_names(tmp_path: Path) -> None:
    gpd.GeoDataFrame({"who": ["a", "b"]}, geometry=[WEST, EAST], crs=4326).to_crs(32637).to_file(tmp_path / "base.shp")
    gpd.GeoDataFrame(geometry=[WEST.union(EAST)], crs=4326).to_file(tmp_path / "area.geojson", driver="GeoJSON")
    (tmp_path / "e.csv").write_text("name,lat,lon,actor,status,date,confidence\nx,35.86,36.8,b,control,2020-02-08,0.9\n", encoding="utf-8")
    made = main([
        "zones", str(tmp_path / "e.csv"), "--area", str(tmp_path / "area.geojson"), "--base", str(tmp_path / "base.shp"),
        "--actor-column", "who", "--as-of", "2020-02-09", "-o", str(tmp_path / "z.gpkg"),
    ])
    assert made == 0
    zones = gpd.read_file(tmp_path / "z.gpkg", layer="zones")
    assert set(zones.actor) == {"a", "b"}
    assert zones[zones.actor == "b"].covers(shapely.Point(36.8, 35.86)).all()
