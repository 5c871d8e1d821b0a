"""Laws of the hand-written tables in data/: every row can be used, says where it comes from, and lies where it says."""

from __future__ import annotations

import pytest
import shapely

from geo import datafiles, where
from geo.gazetteer import OfflineGazetteer, open_gazetteer
from geo.projections import area_km2, length_km
from scripts import check_tables


@pytest.fixture(scope="module")
def gazetteer() -> OfflineGazetteer:
    return open_gazetteer()


@pytest.mark.parametrize("check", check_tables.CHECKS, ids=lambda check: check.__name__)
def test_a_check_of_the_tables_finds_nothing(check: check_tables.Check, gazetteer: OfflineGazetteer) -> None:
    assert list(check(gazetteer)) == []


@pytest.mark.parametrize(("name", "least"), [
    ("roads.csv", 47), ("seas.csv", 40), ("regions.csv", 100), ("bases.csv", 150), ("historic.csv", 25), ("aliases.csv", 300),
])
def test_a_table_is_as_long_as_promised(name: str, least: int) -> None:
    assert len(list(datafiles.rows(name))) >= least


@pytest.mark.parametrize(("number", "countries"), [
    ("M4", {"SY", "RU", "AM", "GB", "PK"}), ("M5", {"SY", "RU", "GB", "PK", "BA"}), ("Highway 1", {"IQ", "AF", "VN", "IL"}),
])
def test_a_road_number_is_offered_for_each_of_its_countries(number: str, countries: set[str], gazetteer: OfflineGazetteer) -> None:
    found = {hit.feature.country for hit in gazetteer.search(number, kinds=("road",), limit=50)}
    assert countries <= found


@pytest.mark.parametrize(("road", "stops"), [
    ("road:sy-m5", ["Damascus", "Homs", "Khān Shaykhūn", "Saraqib", "Aleppo"]),
    ("road:sy-m4", ["Latakia", "Jisr ash Shughūr", "Saraqib", "Aleppo", "Manbij", "Al Qāmishlī"]),
])
def test_the_syrian_motorways_pass_their_towns_in_order(road: str, stops: list[str], gazetteer: OfflineGazetteer) -> None:
    line = gazetteer.shape(road)
    along = []
    for name in stops:
        town = gazetteer.search(name, country="SY", kinds=("populated",), limit=1)[0].feature
        point = shapely.Point(town.lon, town.lat)
        assert line.distance(point) < 0.01
        along.append(line.project(point))
    assert along == sorted(along)
    assert 300 < length_km(line) < 800


@pytest.mark.parametrize(("sea", "low", "high"), [
    ("sea:black-sea", 400_000, 440_000), ("sea:mediterranean", 2_400_000, 2_600_000),
    ("sea:sea-of-azov", 35_000, 40_000),
    ("sea:marmara", 10_500, 12_000), ("sea:red-sea", 430_000, 480_000),
    ("sea:persian-gulf", 220_000, 255_000), ("sea:caspian", 360_000, 400_000),
])
def test_a_sea_has_its_known_size(sea: str, low: float, high: float, gazetteer: OfflineGazetteer) -> None:
    assert low < area_km2(gazetteer.shape(sea)) < high


@pytest.mark.parametrize(("region", "lon", "lat"), [
    ("region:donbas", 37.80, 48.00), ("region:jabal-al-zawiya", 36.55, 35.70), ("region:golan", 35.78, 32.98),
    ("region:south-ossetia", 43.97, 42.23), ("region:darfur", 25.35, 13.63), ("region:gaza-strip", 34.45, 31.50),
    ("region:north-caucasus", 45.7, 43.3), ("region:sahel", -3.0, 14.5),
])
def test_a_region_holds_a_place_known_to_lie_in_it(region: str, lon: float, lat: float, gazetteer: OfflineGazetteer) -> None:
    area = where.geometry(where.parse(gazetteer.get(region).recipe), gazetteer)
    assert area.contains(shapely.Point(lon, lat))


def test_east_germany_says_that_east_berlin_is_missing(gazetteer: OfflineGazetteer) -> None:
    state = gazetteer.get("historic:east-germany")
    assert "East Berlin is missing" in state.note
    assert not where.geometry(where.parse(state.recipe), gazetteer).contains(shapely.Point(13.405, 52.52))


@pytest.mark.parametrize(("name", "base"), [
    ("Hmeimim", "base:hmeimim"), ("Khmeimim", "base:hmeimim"), ("Humaymim", "base:hmeimim"), ("Bab al-Hawa", "base:bab-al-hawa"),
    ("Bagram", "base:bagram"), ("Khe Sanh", "base:khe-sanh"), ("Zaporizhzhia nuclear plant", "base:zaporizhzhia-npp"),
])
def test_a_base_is_found_under_the_names_that_reports_use(name: str, base: str, gazetteer: OfflineGazetteer) -> None:
    assert base in {hit.feature.id for hit in gazetteer.search(name, limit=10)}


def test_a_broken_recipe_is_a_fault_of_its_row(monkeypatch: pytest.MonkeyPatch, gazetteer: OfflineGazetteer) -> None:
    row = {"id": "region:nowhere", "recipe": 'Named("admin1:XX-YY")', "lon": "", "lat": ""}
    monkeypatch.setattr(check_tables.datafiles, "rows", lambda name: iter([(2, row)]))
    assert [line for line in check_tables.check_recipes(gazetteer) if "region:nowhere" in line]
