"""What changed: laws that hold for any two maps, and what a reader is told of a timeline."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import mapping

from geo.__main__ import main
from geo.changes import CHANGES, Changes, changes
from geo.claim_changes import claim_changes
from geo.errors import InputError
from geo.gazetteer import open_gazetteer
from geo.holdings import Holdings, of_file
from geo.overlay import is_sliver, pieces
from geo.projections import area_km2

# Corners on a coarse grid, so that areas share edges and corners; some a few metres off it, so that there are slivers.
_STEPS = st.sampled_from([0.0, 0.2, 0.4, 0.4003, 0.6, 0.8, 1.0])
BOXES = st.tuples(_STEPS, _STEPS, _STEPS, _STEPS).map(lambda c: shapely.box(*map(min, c[::2], c[1::2]), *map(max, c[::2], c[1::2])))
AREAS = st.lists(st.tuples(st.sampled_from(["red", "blue", "green", ""]), BOXES.filter(lambda box: box.area > 0)), max_size=5)


def side(*areas: tuple[str, Any], **values: Any) -> Holdings:
    """A map of areas; an area of nobody is contested."""
    rows = [
        {"actor": actor, "actor_name": actor.title(), "layer": "control" if actor else "contested", "claims": (f"c{n}",), "geometry": shape}
        for n, (actor, shape) in enumerate(areas)
    ]
    zones = gpd.GeoDataFrame(rows, columns=["actor", "actor_name", "layer", "claims", "geometry"], geometry="geometry", crs=4326)
    return Holdings(**{"title": "a map", "zones": zones} | values)


def moved(found: Changes, *, swapped: bool = False) -> list[tuple[str, str, float]]:
    """Who lost what to whom, in km2."""
    ends = ("to_actor", "from_actor") if swapped else ("from_actor", "to_actor")
    return sorted((getattr(row, ends[0]), getattr(row, ends[1]), round(row.km2, 3)) for row in found.areas.itertuples())


@settings(max_examples=15)
@given(areas=AREAS)
def test_nothing_changes_between_a_map_and_itself(areas: list[tuple[str, Any]]) -> None:
    found = changes(side(*areas), side(*areas))
    assert found.areas.empty
    assert (found.totals.gained_km2 == 0).all()


@settings(max_examples=15)
@given(before=AREAS, after=AREAS)
def test_what_one_way_is_gained_is_lost_the_other_way(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> None:
    there, back = changes(side(*before), side(*after)), changes(side(*after), side(*before))
    assert moved(there) == moved(back, swapped=True)
    a, b = there.totals.set_index("actor"), back.totals.set_index("actor")
    for actor in a.index:
        assert a.gained_km2[actor] == pytest.approx(b.lost_km2[actor])
        assert a.lost_km2[actor] == pytest.approx(b.gained_km2[actor])


@settings(max_examples=15)
@given(before=AREAS, after=AREAS)
def test_areas_add_up_and_no_change_is_a_sliver(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> None:
    found = changes(side(*before), side(*after))
    for row in found.totals.itertuples():
        assert row.after_km2 == pytest.approx(row.before_km2 + row.gained_km2 - row.lost_km2 + row.slivers_km2)
        assert abs(row.slivers_km2) < 200  # at most a few strips of 33 m by 111 km
    parts = found.areas.geometry.to_list()
    assert not any(is_sliver(part) for part in parts)
    assert shapely.is_valid(parts).all()
    assert sum(map(area_km2, parts)) == pytest.approx(area_km2(shapely.union_all(parts)), rel=1e-6)
    assert set(found.areas.change) <= set(CHANGES)


@settings(max_examples=15)
@given(before=AREAS, after=AREAS)
def test_pieces_tile_what_either_map_covers(before: list[tuple[str, Any]], after: list[tuple[str, Any]]) -> None:
    areas = [shape for _, shape in (*before, *after)]
    found = pieces([shape for _, shape in before], [shape for _, shape in after])
    assert sum(piece.geometry.area for piece in found) == pytest.approx(shapely.union_all(areas).area, abs=1e-6)


WEST, EAST, TOWN = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1), shapely.box(0.4, 0.4, 0.5, 0.5)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([("red", WEST)], [("blue", WEST)], [("changed hands", "red", "blue")]),
        ([], [("blue", WEST)], [("newly reported", "", "blue")]),
        ([("red", WEST)], [], [("no longer reported", "red", "")]),
        ([("red", WEST)], [("", WEST)], [("newly contested", "red", "contested")]),
        ([("", WEST)], [("red", WEST)], [("no longer contested", "contested", "red")]),
        ([("red", WEST), ("blue", EAST)], [("red", WEST.union(EAST))], [("changed hands", "blue", "red")]),
        ([("red", WEST)], [("red", WEST), ("", TOWN)], [("newly contested", "red", "contested")]),
        ([("red", WEST)], [("red", WEST.difference(TOWN)), ("blue", TOWN)], [("changed hands", "red", "blue")]),
        ([("red", WEST)], [("red", shapely.box(0, 0, 1.0003, 1))], []),
    ],
)
def test_each_change_has_its_name(before: Any, after: Any, told: list[tuple[str, str, str]]) -> None:
    found = changes(side(*before), side(*after))
    assert [(row.change, row.from_actor, row.to_actor) for row in found.areas.itertuples()] == told


def test_slivers_are_left_out_and_told() -> None:
    found = changes(side(("red", WEST)), side(("red", shapely.box(0, 0, 1.0003, 1))))
    assert any("thinner than 100 m" in note for note in found.notes)


def test_maps_of_two_publishers_come_with_a_warning_and_those_of_one_do_not() -> None:
    moved_line = shapely.box(0, 0, 1.01, 1)
    one, other = side(("red", WEST), drawn_by="Here"), side(("red", moved_line), drawn_by="There")
    assert any("maps of two publishers (Here; There): such maps differ by about 1 km" in note for note in changes(one, other).notes)
    assert not any("publishers" in note for note in changes(one, replace(other, drawn_by="Here")).notes)


def test_maps_with_different_border_views_are_not_compared() -> None:
    with pytest.raises(InputError, match="border view de_jure and the other de_facto; draw both with the same --view"):
        changes(side(view="de_jure"), side(view="de_facto"))


def test_only_what_lies_in_the_area_is_compared() -> None:
    found = changes(side(("red", WEST.union(EAST))), side(("blue", WEST.union(EAST))), within=EAST)
    assert found.areas.km2.sum() == pytest.approx(area_km2(EAST), rel=1e-6)


def test_settlements_and_roads_of_a_change_are_counted() -> None:
    idlib = shapely.box(36.4, 35.7, 36.9, 36.1)
    found = changes(side(("red", idlib)), side(("blue", idlib)), gazetteer=open_gazetteer())
    row = found.areas.iloc[0]
    assert row.largest[0] == "Idlib"
    assert row.settlements > 5
    assert row.road_km > 30


def claim(number: int, place: str, actor: str, status: str = "reported", predicate: str = "controls") -> dict[str, Any]:
    return {
        "id": f"c{number}", "predicate": predicate, "actor": actor, "actor_name": actor.title(), "target": None, "target_name": None,
        "status": status, "words": place.title(), "recipe": f'Named("{place}")', "quote": f"{actor} {predicate} {place}.", "source": "Wire",
        "document": "d", "confidence": 0.8, "reason": "", "when_start": "2020-01-01", "geometry": shapely.Point(1, 1),
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([claim(1, "t", "red")], [claim(2, "t", "red")], []),
        ([claim(1, "t", "red")], [claim(2, "t", "blue")], [("changed actor", "red", "blue")]),
        ([claim(1, "t", "red", "claimed")], [claim(2, "t", "red")], [("changed status", "red", "red")]),
        ([], [claim(2, "t", "red")], [("new", "", "red")]),
        ([claim(1, "t", "red")], [], [("gone", "red", "")]),
        ([claim(1, "t", "red")], [claim(2, "t", "red", "past"), claim(3, "t", "blue")], [("changed actor", "red", "blue")]),
        ([claim(1, "t", "red")], [claim(2, "t", "red"), claim(3, "t", "blue", predicate="attacks")], []),
        ([claim(1, "t", "red")], [claim(2, "t", "red", predicate="withdraws")], [("changed status", "red", "red")]),
        (
            [claim(1, "t", "red")], [claim(2, "t", "red", predicate="withdraws"), claim(3, "t", "blue")],
            [("changed actor", "red", "blue")],
        ),
        (
            [claim(1, "t", "red"), claim(2, "t", "red", "claimed")], [claim(3, "t", "blue")],
            [("changed actor", "red", "blue"), ("gone", "red", "")],
        ),
        ([claim(1, "t", "red")], [claim(2, "u", "blue")], [("new", "", "blue"), ("gone", "red", "")]),
    ],
)
def test_what_is_said_differently_of_a_place(before: Any, after: Any, told: list[tuple[str, str, str]]) -> None:
    found = claim_changes(before, after)
    assert [(row.change, row.from_actor, row.to_actor) for row in found.itertuples()] == told


_SAID = st.lists(
    st.builds(
        claim, st.integers(0, 99), st.sampled_from(["t", "u"]), st.sampled_from(["red", "blue"]),
        st.sampled_from(["reported", "claimed", "past"]), st.sampled_from(["controls", "contests", "meets", "withdraws"]),
    ), max_size=6,
)


@settings(max_examples=40)
@given(before=_SAID, after=_SAID)
def test_what_is_said_differently_is_the_same_both_ways(before: list[Any], after: list[Any]) -> None:
    there, back = claim_changes(before, after), claim_changes(after, before)
    turned = {"new": "gone", "gone": "new"}
    one = sorted((row.change, row.place, row.from_actor, row.from_status, row.to_actor, row.to_status) for row in there.itertuples())
    other = sorted(
        (turned.get(row.change, row.change), row.place, row.to_actor, row.to_status, row.from_actor, row.from_status)
        for row in back.itertuples()
    )
    assert one == other
    assert claim_changes(before, before).empty


REPORTS = {
    "1.md": ("2020-01-10", "Wire One", "Rebels hold Saraqib and Ariha."),
    "2.md": ("2020-01-29", "Wire One", "Syrian government forces captured Ariha on Tuesday."),
    "3.md": ("2020-02-03", "Wire Two", "Rebels hold Ariha. Clashes continued in Saraqib on Monday."),
}


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    for name, (date, source, text) in REPORTS.items():
        front = f'---\ntitle: "Report <b>{name[0]}</b>"\ndate: {date}\npublisher: "{source}"\n---\n\n'
        (folder / name).write_text(f"{front}{text}\n", encoding="utf-8")
    return folder


def test_two_days_of_a_corpus_are_compared_in_every_format(corpus: Path, tmp_path: Path) -> None:
    outs = [str(tmp_path / f"out.{suffix}") for suffix in ("html", "gpkg", "csv", "json")]
    options = [option for out in outs for option in ("-o", out)]
    assert main(["diff", str(corpus), "--from", "2020-01-15", "--to", "2020-01-30", *options]) == 0
    made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    change = next(row for row in made["claims"] if row["change"] == "changed actor")
    assert (change["from_actor"], change["to_actor"]) == ("syrian-opposition", "syria-government")
    assert change["before_quotes"] == [["Rebels hold Saraqib and Ariha.", "Wire One", "2020-01-10"]]
    assert change["after_quotes"][0][0] == "Syrian government forces captured Ariha on Tuesday."
    area = next(row for row in made["areas"] if row["change"] == "changed hands")
    assert area["largest"] == ["Arīḩā"]
    assert area["geometry"]["type"] == "Polygon"
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(made["areas"]) + len(made["claims"])
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")} == {"areas", "claims", "totals", "about"}
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "What changed from 2020-01-15 to 2020-01-30" in page
    assert "<b>1</b>" not in page


def test_the_sources_of_a_corpus_are_compared(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(corpus), "--by", "source"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("What Wire One and Wire Two say differently: ")
    assert "other actor: " in told
    assert "told by Wire One only: " in told
    assert "Syrian government (reported) -> Syrian opposition (reported)" in told
    assert "“Rebels hold Ariha.”" in told


def test_a_report_against_itself_has_no_changes(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(corpus / "1.md"), str(corpus / "1.md")]) == 0
    assert ": 0 of ground, 0 of claims" in capsys.readouterr().out


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_maps_that_salient_wrote_are_compared_with_their_sentences(suffix: str, corpus: Path, tmp_path: Path) -> None:
    for name in ("1", "2"):
        assert main(["map", str(corpus / f"{name}.md"), "-o", str(tmp_path / f"{name}.{suffix}")]) == 0
    files = [str(tmp_path / f"{name}.{suffix}") for name in ("1", "2")]
    assert main(["diff", *files, "-o", str(tmp_path / "out.json")]) == 0
    made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert {row["change"] for row in made["claims"]} == {"changed actor", "gone"}
    assert any("captured Ariha" in quote for row in made["areas"] for quote, _, _ in row["after_quotes"])
    assert made["before"]["as_of"] == "2020-01-10"
    back = of_file(tmp_path / f"1.{suffix}")
    assert changes(back, back).areas.empty


def test_maps_of_other_publishers_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, holder in (("april", "Russia"), ("may", "Ukraine")):
        feature = {"type": "Feature", "properties": {"who": holder}, "geometry": mapping(shapely.box(37, 47, 37.5, 47.5))}
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    files = [str(tmp_path / "april.geojson"), str(tmp_path / "may.geojson")]
    assert main(["diff", *files, "--actor-column", "who"]) == 0
    told = capsys.readouterr().out
    assert "changed hands: Russia -> Ukraine, 2," in told
    assert "maps of two publishers" in told


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["{c}/1.md"], "1 files are given; give two"),
        (["{c}/1.md", "{c}/2.md", "{c}/3.md"], "3 files are given; give two"),
        (["{c}", "--from", "2020-01-15"], "needs both --from and --to"),
        (["{c}", "--from", "2020-02-15", "--to", "2020-01-15"], "is not before --to"),
        (["{c}", "--from", "2019-01-15", "--to", "2020-01-15"], "No report names a place as of 2019-01-15"),
        (["{c}", "--from", "soon", "--to", "2020-01-15"], "The date 'soon' cannot be read"),
        (["{c}", "--from", "2020-01-15", "--to", "2020-02-15", "--by", "source"], "give one or the other"),
        (["{c}/1.md", "--by", "source"], "The reports are of 1 publishers"),
        (["{c}", "--by", "source", "--source", "Wire Nine", "--source", "Wire One"], "name the two to compare with --source"),
        (["{c}", "{c}", "--source", "Wire One"], "give it with --by source"),
        (["{c}/x.gpkg", "--by", "source"], "is a map and no report"),
        (["{c}/1.md", "{c}/none.md"], "There is no file"),
        (["{c}/1.md", "{c}/none.kmz"], "There is no file"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(
    options: list[str], words: str, corpus: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", *(option.format(c=corpus) for option in options), "-o", str(corpus / "out.json")]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert not (corpus / "out.json").exists()


def test_maps_without_reports_have_a_page_too(corpus: Path, tmp_path: Path) -> None:
    for name, holder in (("a", "Russia"), ("b", "{{7*7}}<script>")):
        feature = {"type": "Feature", "properties": {"actor": holder}, "geometry": mapping(WEST)}
        (tmp_path / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    assert main(["diff", str(tmp_path / "a.geojson"), str(tmp_path / "b.geojson"), "-o", str(tmp_path / "out.html")]) == 0
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert "Before: a.geojson." in page
    assert "{{7*7}}" not in page
    assert main(["map", str(corpus / "1.md"), "-o", str(tmp_path / "1.gpkg")]) == 0
    assert main(["diff", str(tmp_path / "1.gpkg"), str(corpus / "2.md"), "-o", str(tmp_path / "out.html")]) == 0
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert all(text in page for text in ("Saraqib", "captured", "Before: Report", "What changed from 2020-01-10 to 2020-01-29"))


def test_ground_that_its_holder_has_left_is_lost_and_other_ground_is_not(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (corpus / "4.md").write_text("---\ndate: 2020-02-20\n---\n\nRebels withdrew from Saraqib on Tuesday.\n", encoding="utf-8")
    assert main(["diff", str(corpus / "1.md"), str(corpus / "4.md")]) == 0
    told = capsys.readouterr().out
    lost = told.partition("no longer reported")[0]
    assert "lost: Syrian opposition -> nobody" in lost
    assert "“Rebels withdrew from Saraqib on Tuesday.”" in lost
    assert "no longer reported: Syrian opposition -> nobody" in told


def test_a_place_that_changed_hands_and_back_is_told(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "---\ndate: 2020-02-20\n---\n\nRebels recaptured Ariha on Tuesday.\n"
    (corpus / "4.md").write_text(text, encoding="utf-8")
    assert main(["diff", str(corpus), "--from", "2020-01-15", "--to", "2020-02-25"]) == 0
    assert "Changed hands in between, and back by the later day: Arīḩā." in capsys.readouterr().out


def test_maps_of_unnamed_publishers_are_warned_of_until_they_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    feature = {"type": "Feature", "properties": {"actor": "Russia"}, "geometry": mapping(WEST)}
    (tmp_path / "a.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8")
    files = [str(tmp_path / "a.geojson")] * 2
    assert main(["diff", *files]) == 0
    assert "If these are maps of two publishers" in capsys.readouterr().out
    assert main(["diff", *files, "--base-credit", "Here"]) == 0
    assert "publishers" not in capsys.readouterr().out
    assert main(["diff", *files, "--base-credit", "Here", "--base-credit", "There"]) == 0
    assert "These are maps of two publishers (Here; There)" in capsys.readouterr().out


def test_zones_of_two_days_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gpd.GeoDataFrame(geometry=[shapely.box(36, 35, 37, 36)], crs=4326).to_file(tmp_path / "area.geojson", driver="GeoJSON")
    for name, middle in (("a", "red"), ("b", "blue")):
        rows = ["name,lat,lon,actor", "w,35.5,36.1,red", "e,35.5,36.9,blue", f"m,35.5,36.5,{middle}"]
        (tmp_path / "e.csv").write_text("\n".join(rows), encoding="utf-8")
        options = ["--area", str(tmp_path / "area.geojson"), "--as-of", "2020-01-01", "-o", str(tmp_path / f"{name}.gpkg")]
        assert main(["zones", str(tmp_path / "e.csv"), *options]) == 0
    assert main(["diff", str(tmp_path / "a.gpkg"), str(tmp_path / "b.gpkg"), "-o", str(tmp_path / "out.json")]) == 0
    made = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))
    assert [(row["from_actor"], row["to_actor"]) for row in made["areas"]] == [("red", "blue")]
    assert not any("publishers" in note for note in made["notes"])
    blue, red = made["totals"]
    assert blue["gained_km2"] == pytest.approx(red["lost_km2"])
    assert blue["before_km2"] + red["before_km2"] == pytest.approx(blue["after_km2"] + red["after_km2"], rel=1e-3)
