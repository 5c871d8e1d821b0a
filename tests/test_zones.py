"""Zones: from evidence and from claims to areas that tile, meet at fronts and never say more than they were told."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import where, zones
from geo.errors import InputError
from geo.frames import ZONE_COLUMNS
from geo.projections import area_km2, buffer_km, distance_km, length_km
from geo.records import Actor, Claim, Span, When

AREA = shapely.Polygon([(30, 45), (33, 45.2), (33.4, 47), (31.5, 47.6), (30.2, 46.8)])
DAY = dt.date(2022, 11, 20)


def table(*rows: tuple[float, float, str], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["lon", "lat", "actor"]).assign(**more)


def made(evidence: pd.DataFrame, **more: Any) -> zones.Drawn:
    return zones.from_evidence(evidence, **{"area": AREA, "cell_km": 8.0, "barriers": ()} | more)


def held(drawn: zones.Drawn) -> gpd.GeoDataFrame:
    return drawn.zones[drawn.zones.status == "control"]


REPORTS = table((30.6, 45.5, "A"), (30.9, 46.4, "A"), (32.4, 45.6, "B"), (32.6, 46.8, "B"), (31.6, 47.2, "C"))
BASE = gpd.GeoDataFrame(
    {"actor": ["A", "B"]},
    geometry=[AREA.intersection(shapely.box(29, 44, 31.5, 48)), AREA.intersection(shapely.box(31.5, 44, 34, 48))], crs=4326,
)
points = st.tuples(st.floats(30.3, 32.9), st.floats(45.3, 46.7), st.sampled_from("ABC"))


# ---- from evidence


@given(st.lists(points, min_size=1, max_size=12))
@settings(max_examples=25)
def test_held_zones_tile_the_area(rows: list[tuple[float, float, str]]) -> None:
    drawn = held(made(table(*rows)))
    assert shapely.coverage_is_valid(drawn.geometry.values)
    assert drawn.geometry.is_valid.all()
    assert area_km2(shapely.difference(AREA, drawn.union_all())) < 0.5
    assert drawn.km2.sum() == pytest.approx(area_km2(shapely.segmentize(AREA, 0.02)), rel=1e-5)


def test_held_zones_are_a_valid_coverage_in_another_projection_too() -> None:
    drawn = held(made(REPORTS)).to_crs("+proj=laea +lat_0=46 +lon_0=31 +units=m")
    assert shapely.coverage_is_valid(drawn.geometry.values)


def test_the_order_of_the_evidence_does_not_matter() -> None:
    first, other = made(REPORTS), made(REPORTS.iloc[::-1])
    assert first.zones.geometry.geom_equals(other.zones.geometry).all()


def test_each_report_lies_in_its_actors_zone() -> None:
    drawn = held(made(REPORTS)).set_index("actor")
    for report in REPORTS.itertuples():
        assert drawn.geometry[report.actor].covers(shapely.Point(report.lon, report.lat))


def test_one_actor_holds_the_whole_area_and_has_no_front() -> None:
    drawn = made(table((31.0, 46.0, "A")))
    assert held(drawn).actor.tolist() == ["A"]
    assert drawn.front_lines.empty


def test_a_front_is_the_shared_edge_of_its_two_zones_inside_the_country() -> None:
    drawn = made(REPORTS, near_km=500)
    areas = held(drawn).set_index("actor").geometry
    assert len(drawn.front_lines) >= 2
    for front in drawn.front_lines.itertuples():
        for actor in (front.a, front.b):
            assert areas[actor].boundary.buffer(1e-4).covers(front.geometry)
        assert front.length_km == pytest.approx(length_km(front.geometry))
        assert distance_km(front.geometry, AREA.boundary) > 2.4


def test_beyond_the_reach_of_reports_there_is_no_evidence_and_no_front() -> None:
    drawn = made(table((30.6, 45.6, "A"), (32.8, 46.8, "B")), near_km=20)
    unknown = drawn.uncertain.set_index("status").geometry["no evidence"]
    assert unknown.contains(shapely.Point(31.7, 46.3))
    assert not unknown.contains(shapely.Point(30.6, 45.6))
    assert drawn.front_lines.empty


def test_contested_is_not_uncertain() -> None:
    evidence = table((30.6, 46.0, "A"), (32.6, 46.0, "B"), (30.9, 46.0, ""), status=["control", "control", "contested"])
    drawn = made(evidence, near_km=500)
    contested = drawn.zones[drawn.zones.status == "contested"]
    assert len(contested) == 1
    assert contested.actor.tolist() == ["A|B"]
    assert contested.geometry.iloc[0].contains(shapely.Point(30.9, 46.0))
    assert contested.km2.iloc[0] < 90
    assert "contested" not in set(drawn.uncertain.status)
    assert area_km2(shapely.difference(AREA, held(drawn).union_all())) < 0.5


def test_a_base_map_without_contradicting_reports_comes_back_unchanged() -> None:
    drawn = held(made(table((30.6, 46.0, "A"), (32.6, 46.0, "B")), base=BASE)).set_index("actor")
    for zone in BASE.itertuples():
        assert area_km2(shapely.symmetric_difference(drawn.geometry[zone.actor], zone.geometry)) < 1.0


def test_a_report_that_contradicts_the_base_map_changes_only_the_ground_around_it() -> None:
    evidence = table((32.0, 46.0, "A"), (32.6, 46.0, "B"))
    drawn = held(made(evidence, base=BASE, cell_km=4.0)).set_index("actor")
    assert shapely.coverage_is_valid(drawn.geometry.values)
    gained = shapely.difference(drawn.geometry["A"], BASE.geometry[0])
    assert gained.contains(shapely.Point(32.0, 46.0))
    assert 300 < area_km2(gained) < 4000
    assert distance_km(gained, shapely.Point(32.6, 46.0)) > 15
    assert area_km2(shapely.difference(BASE.geometry[0], drawn.geometry["A"])) < 1.0


def test_a_doubtful_report_does_not_change_the_base_map() -> None:
    drawn = held(made(table((32.0, 46.0, "A"), confidence=[0.2]), base=BASE)).set_index("actor")
    assert area_km2(shapely.difference(drawn.geometry["A"], BASE.geometry[0])) < 1.0


def test_an_area_across_the_antimeridian_is_tiled_on_both_sides() -> None:
    area = shapely.union_all([shapely.box(178.5, -18, 180, -16), shapely.box(-180, -18, -178.5, -16)])
    drawn = held(made(table((179.0, -17.0, "A"), (-179.0, -17.0, "B")), area=area))
    west, _, east, _ = drawn.total_bounds
    assert (west, east) == (-180, 180)
    assert drawn.km2.sum() == pytest.approx(area_km2(area), rel=1e-3)


@pytest.mark.parametrize("area", [shapely.Point(31, 46), shapely.Polygon()])
def test_an_area_without_ground_is_an_error(area: Any) -> None:
    with pytest.raises(InputError, match="give a polygon"):
        made(REPORTS, area=area)


def test_an_area_in_another_crs_is_an_error_not_a_reprojection() -> None:
    with pytest.raises(InputError, match="give it in EPSG:4326"):
        made(REPORTS, area=gpd.GeoDataFrame(geometry=[AREA], crs=4326).to_crs(3857))


# ---- files

GOOD = "name,lat,lon,actor,status,date,confidence\nHere,46.0,31.0,A,control,2022-11-20,0.9\n"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("name,lat,actor\nx,1,A\n", "no column lon"),
        ("name,lat,lon,actor\n", "no rows"),
        (GOOD.replace("46.0", "north"), "row 2: lat is 'north'; give a number from -90 to 90"),
        (GOOD.replace("46.0", "146"), "row 2: lat is '146'"),
        (GOOD.replace("31.0", "nan"), "row 2: lon is 'nan'"),
        (GOOD.replace("control", "held"), "row 2: status is 'held'; give control or contested"),
        (GOOD.replace("2022-11-20", "20/11/22"), "row 2: date is '20/11/22'; give a date such as 2022-11-20"),
        (GOOD.replace("0.9", "9"), "row 2: confidence is '9'; give a number from 0 to 1"),
        (GOOD.replace(",A,", ",,"), "row 2: actor is ''"),
    ],
)
def test_evidence_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "evidence.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=words) as caught:
        zones.read_evidence(file)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"\x00\x01\xff\xfe" * 50, "ü,ß\n".encode("latin-1")])
def test_evidence_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "evidence.csv"
    file.write_bytes(content)
    with pytest.raises(InputError):
        zones.read_evidence(file)


@pytest.mark.parametrize("reader", [zones.read_evidence, zones.read_area, zones.read_base])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, reader: Any) -> None:
    with pytest.raises(InputError, match="There is no file"):
        reader(tmp_path / "none")
    with pytest.raises(InputError, match="is a directory"):
        reader(tmp_path)


@pytest.mark.parametrize("reader", [zones.read_area, zones.read_base])
@pytest.mark.parametrize("text", ["{", "not a map", '{"type": "FeatureCollection", "features": []}'])
def test_a_map_that_cannot_be_read_is_refused(tmp_path: Path, reader: Any, text: str) -> None:
    file = tmp_path / "map.geojson"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"map\.geojson"):
        reader(file)


def test_a_base_map_needs_its_actors(tmp_path: Path) -> None:
    BASE.rename(columns={"actor": "who"}).to_file(tmp_path / "base.geojson")
    with pytest.raises(InputError, match=r"no property actor.*who"):
        zones.read_base(tmp_path / "base.geojson")


def test_shapes_that_are_not_valid_or_have_heights_are_repaired_and_said_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    bow = shapely.Polygon([(0, 0, 5), (2, 2, 5), (2, 0, 5), (0, 2, 5)])
    gpd.GeoDataFrame({"actor": ["A"]}, geometry=[bow], crs=4326).to_file(tmp_path / "base.geojson")
    base = zones.read_base(tmp_path / "base.geojson")
    assert base.geometry.is_valid.all()
    assert not base.geometry.has_z.any()
    assert "1 of 1 shapes were not valid" in caplog.text


def test_what_is_written_is_what_was_drawn(tmp_path: Path) -> None:
    drawn = made(REPORTS, near_km=500)
    zones.write(drawn, tmp_path / "out.gpkg")
    assert {name for name, _ in pyogrio.list_layers(tmp_path / "out.gpkg")} >= {"zones", "front_lines", "uncertain"}
    read = gpd.read_file(tmp_path / "out.gpkg", layer="zones")
    assert read.crs.to_epsg() == 4326
    assert {"actor", "status", "confidence", "km2"} <= set(read.columns)
    assert shapely.coverage_is_valid(read.geometry.values)
    assert read.geometry.geom_equals(drawn.zones.geometry).all()


def test_a_drawing_without_fronts_is_written_with_empty_layers(tmp_path: Path) -> None:
    zones.write(made(table((31.0, 46.0, "A")), near_km=1000), tmp_path / "out.gpkg")
    assert gpd.read_file(tmp_path / "out.gpkg", layer="front_lines").empty


def test_nothing_is_left_where_a_file_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        zones.write(made(REPORTS), tmp_path / "missing" / "out.gpkg")
    assert list(tmp_path.iterdir()) == []


# ---- from claims


def actor(name: str, side: str, allies: tuple[str, ...] = ()) -> Actor:
    return Actor(id=name, name=name.title(), side=side, colour="#0077bb", allies=allies)


GOVERNMENT, REBELS, RUSSIA = actor("government", "sy:g"), actor("rebels", "sy:r"), actor("russia", "sy:g", ("government",))
SARAQIB, IDLIB, MAARAT, ARIHA = (35.864, 36.806), (35.931, 36.634), (35.648, 36.677), (35.813, 36.610)


def claim(number: int, predicate: Any, who: Actor | None, recipe: str | where.Where, **more: Any) -> Claim:
    day = more.pop("day", "2020-03-01")
    standing: dict[str, Any] = {
        "id": f"claim:{number}", "predicate": predicate, "actor": who, "target": None, "status": "reported", "speaker": "the report",
        "where": where.parse(recipe) if isinstance(recipe, str) else recipe, "confidence": 0.8, "reason": "r", "limits": ("l",),
        "when": When(start=dt.date.fromisoformat(day) if day else None), "made_by": "test",
        "evidence": (Span(document_id="d", start=0, end=1, quote="x"),),
    }
    return Claim(**standing | more)


@pytest.fixture(scope="module")
def town(gazetteer: Any) -> Any:
    def find(name: str) -> where.Where:
        return where.Named(gazetteer.search(name, country="SY", kinds={"populated"})[0].feature.id)

    return find


@pytest.fixture(scope="module")
def draw(gazetteer: Any) -> Any:
    def drawn(*claims: Claim, **more: Any) -> zones.Drawn:
        return zones.draw(claims, gazetteer=gazetteer, **{"as_of": dt.date(2020, 3, 5)} | more)

    return drawn


PROVINCE = 'Named("admin1:SY-ID")'


def test_nothing_said_is_nothing_drawn(draw: Any) -> None:
    drawn = draw()
    assert drawn.zones.columns.tolist() == list(ZONE_COLUMNS)
    assert len(drawn.zones) == len(drawn.front_lines) == len(drawn.uncertain) == 0
    assert drawn.zones.crs.to_epsg() == 4326


@pytest.mark.parametrize(
    ("predicate", "status", "layer"),
    [
        ("controls", "reported", "control"), ("controls", "assessed", "control"), ("controls", "claimed", "claimed"),
        ("controls", "past", "past"),
        ("controls", "proposed", "proposed"), ("controls", "intended", "proposed"), ("controls", "conditional", "proposed"),
        ("controls", "denied", ""), ("contests", "reported", "contested"), ("besieges", "reported", "contested"),
        ("bases", "reported", "influence"), ("patrols", "reported", "influence"), ("agrees", "agreed", "overlay"),
        ("proposes", "proposed", "proposed"), ("demands", "proposed", "proposed"),
        ("withdraws", "agreed", "proposed"), ("withdraws", "reported", ""), ("attacks", "reported", ""), ("meets", "reported", ""),
        ("located", "reported", ""), ("agrees", "past", "past"), ("advances", "reported", ""), ("attacks", "past", ""),
    ],
)
def test_predicate_and_status_choose_the_layer(predicate: Any, status: Any, layer: str) -> None:
    assert zones.layer_of(claim(1, predicate, GOVERNMENT, PROVINCE, status=status)) == layer


def test_every_zone_has_a_claim(draw: Any, town: Any) -> None:
    drawn = draw(
        claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Idlib")),
        claim(3, "contests", REBELS, town("Binnish")),
        claim(4, "bases", RUSSIA, 'Named("base:hmeimim")'), claim(5, "controls", GOVERNMENT, 'Named("admin1:SY-RA")'),
        claim(6, "controls", REBELS, 'Named("admin1:SY-RA")'), claim(7, "agrees", None, 'Strip(Named("road:sy-m4"), 6)', status="agreed"),
    )
    known = {f"claim:{number}" for number in range(1, 8)}
    assert drawn.zones.claims.map(len).min() >= 1
    assert set().union(*drawn.zones.claims) == known
    assert drawn.zones.geometry.is_valid.all()
    assert not drawn.zones.geometry.is_empty.any()
    assert drawn.zones.id.is_unique


def test_control_of_one_town_is_the_town_and_no_more(draw: Any, town: Any, gazetteer: Any) -> None:
    drawn = draw(claim(1, "controls", GOVERNMENT, town("Saraqib")))
    assert drawn.zones.layer.tolist() == ["control"]
    assert drawn.zones.geometry[0].equals(where.geometry(town("Saraqib"), gazetteer))
    assert drawn.front_lines.empty


def test_towns_of_one_side_only_make_no_field(draw: Any, town: Any) -> None:
    drawn = draw(claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", RUSSIA, town("Binnish")))
    assert drawn.zones.km2.max() < 50
    assert drawn.front_lines.empty


def front(town: Any) -> tuple[Claim, ...]:
    """Two towns a side, the least from which a front can be told."""
    return (
        claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Idlib")),
        claim(3, "controls", GOVERNMENT, town("Maarat al-Numan")), claim(4, "controls", REBELS, town("Binnish")),
    )


def test_one_town_against_one_makes_no_field(draw: Any, town: Any) -> None:
    drawn = draw(claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Idlib")))
    assert drawn.front_lines.empty
    assert drawn.zones.km2.max() < 50


def test_towns_of_two_sides_make_a_field_that_ends_where_the_evidence_ends(draw: Any, town: Any, gazetteer: Any) -> None:
    drawn = draw(*front(town))
    control = drawn.zones[drawn.zones.layer == "control"]
    assert shapely.coverage_is_valid(control.geometry.values) or control.geometry.is_valid.all()
    everything = control.union_all()
    reach = shapely.union_all([buffer_km(where.geometry(one.where, gazetteer).centroid, 31.5) for one in front(town)])
    assert reach.covers(everything)
    assert control[~control.vague].union_all().contains(shapely.Point(SARAQIB[::-1]))
    assert set(drawn.front_lines.iloc[0][["a", "b"]]) == {"government", "rebels"}
    assert set(drawn.uncertain.layer) == {"uncertain"}
    for row in control.itertuples():
        assert row.claims == (("claim:1", "claim:3") if row.actor == "government" else ("claim:2", "claim:4"))


def test_allies_in_a_field_have_no_front_between_them(draw: Any, town: Any) -> None:
    wide = actor("russia", "other:war|sy:g")
    drawn = draw(
        claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Idlib")),
        claim(3, "controls", wide, town("Maarat al-Numan")), claim(4, "controls", GOVERNMENT, town("Khan Shaykhun")),
        claim(5, "controls", REBELS, town("Binnish")),
    )
    assert set(drawn.zones.actor[drawn.zones.layer == "control"]) == {"government", "rebels"}
    assert len(drawn.front_lines) == 1
    assert {"claim:1", "claim:3", "claim:4"} in [set(claims) for claims in drawn.zones.claims]


def test_opposed_towns_out_of_each_others_reach_make_no_field(draw: Any, town: Any) -> None:
    drawn = draw(claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Aleppo")))
    assert drawn.front_lines.empty
    assert len(drawn.zones) == 2


def test_a_field_is_faded_beyond_ten_kilometres_of_a_report(draw: Any, town: Any, gazetteer: Any) -> None:
    drawn = draw(*front(town))
    control = drawn.zones[drawn.zones.layer == "control"]
    solid = shapely.union_all([buffer_km(where.geometry(one.where, gazetteer).centroid, 10.2) for one in front(town)])
    assert solid.covers(control[~control.vague].union_all())
    assert control.vague.any()


def test_a_province_less_the_town_that_the_other_side_holds(draw: Any, town: Any, gazetteer: Any) -> None:
    drawn = draw(claim(1, "controls", REBELS, PROVINCE), claim(2, "controls", GOVERNMENT, town("Saraqib"))).zones.set_index("actor")
    saraqib = where.geometry(town("Saraqib"), gazetteer)
    assert drawn.geometry["government"].equals(saraqib)
    assert area_km2(shapely.intersection(drawn.geometry["rebels"], saraqib)) < 0.01
    whole = area_km2(where.geometry(where.parse(PROVINCE), gazetteer))
    assert drawn.km2["rebels"] == pytest.approx(whole - area_km2(saraqib), rel=1e-3)


def test_a_province_keeps_the_town_that_an_ally_holds(draw: Any, town: Any, gazetteer: Any) -> None:
    drawn = draw(claim(1, "controls", GOVERNMENT, PROVINCE), claim(2, "controls", RUSSIA, town("Saraqib"))).zones.set_index("actor")
    assert drawn.geometry["government"].equals(where.geometry(where.parse(PROVINCE), gazetteer))


@pytest.mark.parametrize("name", ["Saraqib", "province"])
def test_reports_that_contradict_each_other_are_drawn_as_contested_with_both(draw: Any, town: Any, name: str) -> None:
    place = PROVINCE if name == "province" else town(name)
    zone = draw(claim(1, "controls", GOVERNMENT, place), claim(2, "controls", REBELS, place)).zones
    assert zone.layer.tolist() == ["contested"]
    assert set(zone.claims[0]) == {"claim:1", "claim:2"}
    assert zone.actor_name[0] == "Government or Rebels"


def test_the_later_of_two_contradicting_reports_stands(draw: Any, town: Any) -> None:
    place = town("Saraqib")
    zone = draw(claim(1, "controls", REBELS, place, day="2020-01-01"), claim(2, "controls", GOVERNMENT, place, day="2020-03-02")).zones
    assert zone[["layer", "actor"]].values.tolist() == [["control", "government"]]


def test_who_withdrew_no_longer_holds_the_place(draw: Any, town: Any) -> None:
    place = town("Saraqib")
    zone = draw(claim(1, "controls", REBELS, place, day="2020-01-01"), claim(2, "withdraws", REBELS, place, day="2020-02-01")).zones
    assert zone.empty


def test_a_withdrawal_that_is_only_proposed_changes_nothing(draw: Any, town: Any) -> None:
    place = town("Saraqib")
    zone = draw(claim(1, "controls", REBELS, place), claim(2, "withdraws", REBELS, place, status="proposed")).zones
    assert sorted(zone.layer) == ["control", "proposed"]


def test_what_happens_after_the_day_of_the_map_is_not_on_it(draw: Any, town: Any) -> None:
    later = claim(1, "controls", REBELS, town("Idlib"), day="2020-03-06")
    assert draw(later).zones.empty
    assert len(draw(later, as_of=dt.date(2020, 3, 6)).zones) == 1


def test_corroborating_claims_are_one_zone_with_all_their_sources(draw: Any, town: Any) -> None:
    first = claim(1, "controls", REBELS, town("Idlib"))
    zone = draw(first, replace(first, id="claim:2", speaker="another report", confidence=0.9)).zones
    assert zone.claims.tolist() == [("claim:1", "claim:2")]
    assert zone.speaker[0] == "the report, another report"
    assert zone.confidence[0] == 0.9


def test_a_presence_in_a_town_is_never_the_town(draw: Any, town: Any) -> None:
    zone = draw(claim(1, "bases", RUSSIA, town("Aleppo"))).zones
    assert zone.layer.tolist() == ["influence"]
    assert zone.km2[0] < np.pi * 5**2


def test_a_presence_somewhere_in_a_province_is_no_area(draw: Any) -> None:
    assert draw(claim(1, "bases", RUSSIA, PROVINCE)).zones.empty


def test_a_besieged_town_is_its_defenders_with_a_contested_ring(draw: Any, town: Any, gazetteer: Any) -> None:
    zone = draw(claim(1, "besieges", GOVERNMENT, town("Idlib"), target=REBELS)).zones.set_index("layer")
    assert zone.actor["control"] == "rebels"
    assert not shapely.intersects(zone.geometry["contested"], where.geometry(town("Idlib"), gazetteer).buffer(-1e-6))


def test_lines_stay_lines_with_a_length(draw: Any) -> None:
    recipe = 'RoadSection("road:sy-m5", "geonames:170654", "geonames:170063")'
    zone = draw(claim(1, "proposes", RUSSIA, recipe, status="proposed")).zones
    assert "Line" in zone.geometry[0].geom_type
    assert 300 < zone.length_km[0] < 450
    assert zone.km2[0] == 0


def test_fighting_in_a_province_has_a_vague_edge(draw: Any, town: Any) -> None:
    zone = draw(claim(1, "contests", None, PROVINCE), claim(2, "contests", None, town("Idlib"))).zones
    assert dict(zip(zone.km2 > 500, zone.vague, strict=True)) == {True: True, False: False}


def test_a_place_that_cannot_be_drawn_is_left_out(draw: Any) -> None:
    assert draw(claim(1, "controls", REBELS, 'Named("geonames:999999999999")')).zones.empty


def test_the_order_of_the_claims_does_not_change_the_areas(draw: Any, town: Any) -> None:
    claims = [
        claim(1, "controls", GOVERNMENT, town("Saraqib")), claim(2, "controls", REBELS, town("Idlib")),
        claim(3, "controls", GOVERNMENT, 'Named("admin1:SY-RA")'), claim(4, "controls", REBELS, 'Named("admin1:SY-RA")'),
    ]
    one, other = (draw(*order).zones.sort_values(["layer", "actor", "km2"]) for order in (claims, claims[::-1]))
    assert one.km2.tolist() == pytest.approx(other.km2.tolist())
    assert one.layer.tolist() == other.layer.tolist()
