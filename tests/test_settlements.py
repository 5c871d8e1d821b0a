"""Settlements and numbers: whose each place is, on whose word, and what adds up to what."""

from __future__ import annotations

import datetime as dt
import math
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

from geo import zones
from geo.census import held_settlements, numbers_of, settlements_of
from geo.documents import from_text
from geo.evidence import check_evidence
from geo.gazetteer import open_gazetteer
from geo.projections import area_km2
from geo.records import Feature
from geo.settlements import MOST, SETTLEMENT_COLUMNS, Settled, places_within, settlement_rows
from geo.situation import read
from geo.tallies import NUMBER_COLUMNS, District, districts_of, roads_within, tallies

IDLIB = shapely.box(36.0, 35.3, 37.2, 36.4)
DAY = dt.date(2020, 3, 5)


def place(number: int, lon: float, lat: float, population: int) -> Feature:
    return Feature(id=f"geonames:{number}", name=f"Town {number}", kind="populated", lon=lon, lat=lat, population=population, country="XX")


def settled(*chances: tuple[float, ...], people: tuple[int, ...], lons: tuple[float, ...], leans: tuple[int, ...] | None = None) -> Settled:
    places = tuple(place(number, lon, 0.5, count) for number, (lon, count) in enumerate(zip(lons, people, strict=True)))
    words = ("control",) * len(places)
    return Settled(
        places=places, actors=("A", "B"), chance=np.array(chances).reshape(-1, 2), status=words, basis=("inferred",) * len(places),
        distance_km=np.zeros(len(places)), evidence=("",) * len(places),
        leans=np.array(leans if leans is not None else range(len(places)), dtype=np.intp),
    )


HALVES = gpd.GeoDataFrame(
    {"actor": ["A", "B"], "layer": ["control", "control"]}, geometry=[shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)], crs=4326,
)
WEST = District(level="admin1", id="admin1:XX-W", name="West", shape=shapely.box(0, 0, 0.5, 1))
EAST = District(level="admin1", id="admin1:XX-E", name="East", shape=shapely.box(0.5, 0, 2, 1))
ROAD = shapely.LineString([(0.25, 0.5), (1.25, 0.5)])
TOWNS = settled((0.97, 0.0), (0.5, 0.4), (0.02, 0.96), people=(1000, 2000, 4000), lons=(0.2, 0.8, 1.5))


def row(table: pd.DataFrame, actor: str, district: str = "") -> dict[str, Any]:
    found = table[(table.actor == actor) & (table.district == district)]
    assert len(found) == 1
    return dict(found.iloc[0])


# ---- numbers, by hand


def test_numbers_are_those_worked_out_by_hand() -> None:
    table = tallies(HALVES, TOWNS, districts=[WEST, EAST], roads=ROAD)
    assert table.columns.tolist() == list(NUMBER_COLUMNS)
    a, b, nobody = row(table, "A"), row(table, "B"), row(table, "")
    assert a["km2"] == pytest.approx(12_308.8, abs=0.1)  # one degree square at the equator on the WGS84 ellipsoid
    assert a["road_km"] == pytest.approx(0.75 * 111.32, abs=0.1)
    assert b["road_km"] == pytest.approx(0.25 * 111.32, abs=0.1)
    deviation = math.sqrt((1000**2 * 0.97 * 0.03) + (2000**2 * 0.5 * 0.5) + (4000**2 * 0.02 * 0.98))
    assert a["population"] == 970 + 1000 + 80
    assert a["population_low"] == round(2050 - 1.645 * deviation)
    assert a["population_high"] == round(2050 + 1.645 * deviation)
    assert b["population"] == 800 + 3840
    assert nobody["population"] == 30 + 200 + 80
    assert a["settlements"] == 1
    west = row(table, "A", "admin1:XX-W")
    assert west["km2"] == pytest.approx(a["km2"] / 2, abs=0.1)
    assert west["population"] == 970
    assert west["district_name"] == "West"


def test_places_that_lean_on_one_report_go_together() -> None:
    """Two towns of 1,000 at .5: 2,000 or nothing where they lean on one report, most likely one of them where on two."""
    both = [settled((0.5, 0.5), (0.5, 0.5), people=(1000, 1000), lons=(0.2, 0.4), leans=leans) for leans in ((7, 7), (7, 8))]
    one, two = (row(tallies(HALVES, found), "A") for found in both)
    assert one["population"] == two["population"] == 1000
    assert (one["population_low"], one["population_high"]) == (0, 2000)
    assert (two["population_low"], two["population_high"]) == (0, 2000)
    many = settled(*[(0.5, 0.5)] * 100, people=(1000,) * 100, lons=(0.2,) * 100)
    assert row(tallies(HALVES, many), "A")["population_low"] == round(50_000 - 1.645 * 5_000)


@given(st.integers(1, 60), st.floats(0.05, 0.95))
@settings(max_examples=15)
def test_the_interval_holds_nine_outcomes_in_ten(count: int, chance: float) -> None:
    rng = np.random.default_rng(count)
    people = rng.integers(500, 5000, count * 5)
    found = settled(*[(chance, 0.0)] * len(people), people=tuple(people.tolist()), lons=(0.2,) * len(people))
    table = row(tallies(HALVES, found), "A")
    drawn = (rng.random((4000, len(people))) < chance) @ people
    assert ((drawn >= table["population_low"]) & (drawn <= table["population_high"])).mean() > 0.86


def test_districts_and_actors_add_up_to_the_whole() -> None:
    table = tallies(HALVES, TOWNS, districts=[WEST, EAST], roads=ROAD)
    whole, parts = table[table.level == "all"], table[table.level == "admin1"]
    for name in ("km2", "road_km", "population"):
        assert parts[name].sum() == pytest.approx(whole[name].sum(), abs=3)
    assert whole.population.sum() == pytest.approx(7000, abs=3)
    assert whole.km2.sum() == pytest.approx(area_km2(shapely.box(0, 0, 2, 1)), rel=1e-4)


def test_ground_that_nobody_can_tell_is_counted_apart() -> None:
    bands = gpd.GeoDataFrame(
        {"status": ["uncertain", "no evidence"]}, geometry=[shapely.box(0.9, 0, 1.1, 1), shapely.box(1.5, 0, 2, 1)], crs=4326,
    )
    table = tallies(HALVES, TOWNS, uncertain=bands)
    assert row(table, "A")["km2_uncertain"] == pytest.approx(1231, abs=2)
    assert row(table, "B")["km2_no_evidence"] == pytest.approx(6154, abs=2)
    assert row(table, "A")["km2_no_evidence"] == 0


def test_places_of_no_known_population_are_counted_as_such() -> None:
    found = settled((1.0, 0.0), (1.0, 0.0), people=(0, 500), lons=(0.2, 0.4))
    assert row(tallies(HALVES, found), "A")["unregistered"] == 1


def test_population_is_said_to_be_registered_before_the_war() -> None:
    assert "registered before the war" in tallies(HALVES, TOWNS).population_is.iloc[0]


chances = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(lambda pair: (pair[0], pair[1] * (1 - pair[0])))


@given(st.lists(st.tuples(chances, st.integers(0, 10**6)), min_size=1, max_size=8))
@settings(max_examples=25)
def test_an_expectation_lies_in_its_interval_and_all_people_are_somebodys(rows: list[tuple[tuple[float, float], int]]) -> None:
    found = settled(*(pair for pair, _ in rows), people=tuple(count for _, count in rows), lons=(0.5,) * len(rows))
    table = tallies(HALVES, found)
    assert (table.population_low <= table.population).all()
    assert (table.population <= table.population_high).all()
    assert table.population.sum() == pytest.approx(sum(count for _, count in rows), abs=3)


def test_nothing_held_gives_no_numbers() -> None:
    table = tallies(HALVES.iloc[:0], settled(people=(), lons=()))
    assert table.empty
    assert table.columns.tolist() == list(NUMBER_COLUMNS)


# ---- settlements of a field


@pytest.fixture(scope="module")
def drawn() -> zones.Drawn:
    rows = [("Saraqib", 35.86, 36.8, "A"), ("Idlib", 35.93, 36.63, "B"), ("Jisr", 35.81, 36.32, "B"), ("Khan", 35.44, 36.65, "A")]
    evidence = pd.DataFrame(rows, columns=["name", "lat", "lon", "actor"]).assign(date="2020-03-01")
    return zones.from_evidence(evidence, area=IDLIB, as_of=DAY, near_km=20, barriers=(), gazetteer=open_gazetteer(), numbers=True)


def test_settlements_lie_in_the_area_and_in_the_zone_of_their_actor(drawn: zones.Drawn) -> None:
    table = drawn.settlements
    assert table is not None
    assert table.columns.tolist() == list(SETTLEMENT_COLUMNS)
    assert len(table) > 20
    assert table.within(IDLIB).all()
    sure = table[table.probability > 0.8]
    held = drawn.zones[drawn.zones.status == "control"].set_index("actor").geometry
    assert len(sure) > 5
    assert all(held[actor].buffer(0.02).covers(point) for actor, point in zip(sure.actor, sure.geometry, strict=True))


def test_a_settlement_names_the_reports_nearest_to_it(drawn: zones.Drawn) -> None:
    assert drawn.settlements is not None
    idlib = drawn.settlements[drawn.settlements.name == "Idlib"].iloc[0]
    assert (idlib.status, idlib.basis, idlib.actor) == ("control", "reported", "B")
    assert idlib.evidence.startswith("Idlib (B, 2020-03-01, 0 km)")
    assert idlib.probability > 0.9


def test_beyond_the_reach_of_reports_a_settlement_has_no_evidence(drawn: zones.Drawn) -> None:
    table = drawn.settlements
    assert table is not None
    assert (table[table.distance_km > 21].status == "no evidence").all()
    assert table[table.status == "no evidence"].probability.max() < 0.9
    assert (table[table.distance_km > 21].evidence == "").all()


def test_the_table_is_bounded_and_reported_places_come_first() -> None:
    found = settled(*[(1.0, 0.0)] * 50, people=tuple(range(50)), lons=(0.1,) * 50)
    told = replace(found, basis=("reported", *("inferred",) * 49))
    table = settlement_rows(told, most=10)
    assert len(table) == 10 <= MOST
    assert table.population.tolist() == [0, *range(49, 40, -1)]


def test_quarters_of_a_city_are_not_counted_beside_it() -> None:
    names = {place.name for place in places_within(shapely.box(30.2, 50.2, 30.9, 50.7), open_gazetteer())}
    assert "Kyiv" in names
    people = sum(place.population for place in places_within(shapely.box(30.2, 50.2, 30.9, 50.7), open_gazetteer()))
    assert people < 3_600_000


def test_districts_are_those_of_the_area_without_slivers() -> None:
    ids = {district.id for district in districts_of(IDLIB, open_gazetteer())}
    assert {"admin1:SY-ID", "admin1:SY-HL"} <= ids
    assert not any(name.startswith("admin1:LB") for name in ids)


def test_roads_end_at_the_edge_of_the_area() -> None:
    roads = roads_within(IDLIB, open_gazetteer())
    assert roads.length > 0.5
    assert IDLIB.buffer(1e-9).covers(roads)


def test_places_across_the_date_line_are_found_on_both_sides() -> None:
    area = shapely.union_all([shapely.box(177, -19, 180, -15), shapely.box(-180, -19, -178, -15)])
    found = places_within(area, open_gazetteer())
    assert found
    assert all(area.covers(shapely.Point(one.lon, one.lat)) for one in found)


def test_settlements_and_numbers_are_written_and_read_again(drawn: zones.Drawn, tmp_path: Path) -> None:
    zones.write(drawn, tmp_path / "out.gpkg")
    assert drawn.settlements is not None
    assert drawn.numbers is not None
    again = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="settlements")
    assert again.id.tolist() == drawn.settlements.id.tolist()
    numbers = pyogrio.read_dataframe(tmp_path / "out.gpkg", layer="numbers")
    assert numbers.population.sum() == drawn.numbers.population.sum()


# ---- of a situation


@pytest.fixture(scope="module")
def situation() -> Any:
    text = "Government forces control Saraqib and Maarat al-Numan. Rebels control Idlib and Ariha. Fighting was reported in Kafr Nabl."
    return read([from_text(text, title="t", source="s", published=DAY)], gazetteer=open_gazetteer())


def test_settlements_of_a_situation_lead_to_their_claims(situation: Any) -> None:
    table = settlements_of(situation).set_index("name")
    claims = {claim.id for claim in situation.claims}
    assert {"Saraqib", "Idlib"} <= set(table.index)
    assert table.loc["Saraqib", "actor"] == "syria-government"
    assert table.loc["Saraqib", "basis"] == "reported"
    assert all(one in claims for cell in table.evidence for one in cell.split("; "))


def test_a_settlement_is_no_surer_than_the_claim_and_less_as_it_ages(situation: Any) -> None:
    best = max(claim.confidence for claim in situation.claims)
    fresh = held_settlements(situation)
    old = held_settlements(replace(situation, as_of=DAY + dt.timedelta(days=700)))
    assert fresh.chance.max() <= best
    assert old.chance.max() < fresh.chance.max()


def test_a_settlement_on_uncertain_ground_is_uncertain_unless_a_claim_names_it(situation: Any) -> None:
    control = situation.zones[situation.zones.layer == "control"]
    wide = control.assign(geometry=shapely.buffer(control.geometry.values, 0.05), confidence=0.95)
    band = wide.iloc[:1].assign(layer="uncertain", geometry=[IDLIB])
    both = gpd.GeoDataFrame(pd.concat([wide, band], ignore_index=True), crs=4326)
    told = {unsure: settlements_of(replace(situation, zones=ground)) for unsure, ground in ((False, wide), (True, both))}
    for unsure, table in told.items():
        inferred = table[table.basis == "inferred"]
        assert len(inferred)
        assert (inferred.status == "uncertain").all() == unsure
        assert (table[table.basis == "reported"].status == "control").all()


def test_fighting_somewhere_in_a_province_makes_no_town_contested() -> None:
    text = "Heavy fighting was reported in Idlib province."
    told = read([from_text(text, title="t", source="s", published=DAY)], gazetteer=open_gazetteer())
    assert (told.zones.layer == "contested").any()
    assert settlements_of(told).empty


def test_numbers_of_a_situation_are_those_of_its_control(situation: Any) -> None:
    table = numbers_of(situation)
    held = situation.zones[situation.zones.layer == "control"]
    whole = table[table.level == "all"].set_index("actor")
    for actor, zone in held.groupby("actor"):
        assert whole.km2[actor] == pytest.approx(area_km2(zone.union_all()), abs=0.1)
    assert "admin1:SY-ID" in set(table.district)


def test_a_situation_without_zones_has_no_settlements() -> None:
    text = "A delegation met in Damascus on Tuesday."
    empty = read([from_text(text, title="t", source="s", published=DAY)], gazetteer=open_gazetteer())
    assert settlements_of(empty).empty
    assert numbers_of(empty).empty


def test_the_command_writes_numbers_beside_the_map(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from geo.__main__ import main

    evidence, area = tmp_path / "e.csv", tmp_path / "a.geojson"
    check_evidence(pd.DataFrame({"lon": [36.4, 36.9], "lat": [35.9, 35.9], "actor": ["A", "B"]})).to_csv(evidence, index=False)
    gpd.GeoSeries([IDLIB], crs=4326).to_file(area)
    out, numbers = tmp_path / "o.gpkg", tmp_path / "n.csv"
    given = ["zones", str(evidence), "--area", str(area), "--as-of", "2020-03-05", "-o", str(out), "--numbers", str(numbers)]
    assert main(given) == 0
    table = pd.read_csv(numbers)
    assert table.columns.tolist() == list(NUMBER_COLUMNS)
    assert {"settlements", "numbers"} <= {name for name, _ in pyogrio.list_layers(out)}
    assert main([*given[:-1], str(tmp_path / "n.txt")]) == 2
    assert "its suffix must be one of .csv" in capsys.readouterr().err


def test_a_road_shares_nothing_with_ground_of_several_kinds_whose_box_alone_it_meets() -> None:
    from geo.tallies import _common

    ground = shapely.GeometryCollection([shapely.box(0, 0, 1, 1), shapely.LineString([(2, 2), (3, 2)])])
    road = shapely.MultiLineString([[(-1, 1), (2, 4)], [(-1, 3), (-1, 1)]])
    assert shapely.box(*road.bounds).intersects(shapely.box(*ground.bounds))
    assert _common(road, ground).is_empty
