"""Which first-level unit a place near a border belongs to."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.gazetteer import open_gazetteer
from scripts.border_towns import ABROAD_KM, REACH_KM, settle
from scripts.indexing import Entry

GAZETTEER = open_gazetteer()
KM = 1 / 111.32  # degrees of longitude per kilometre at the equator
# Two states side by side on the equator: A with the units A-W and A-E, which meet at 1 degree east, and B with B-1 from 2 degrees on.
UNITS = [("A-W", "AA"), ("A-E", "AA"), ("B-1", "BB")]
POLYGONS = np.array([shapely.box(0, -1, 1, 1), shapely.box(1, -1, 2, 1), shapely.box(2, -1, 3, 1)])


@pytest.mark.parametrize(
    ("town", "geonameid", "unit"),
    [
        ("St. Louis", 4407066, "US-MO"),
        ("Cape Girardeau", 4379966, "US-MO"),
        ("Columbus", 4188985, "US-GA"),
        ("East Liverpool", 5152709, "US-OH"),
        ("Martins Ferry", 5162044, "US-OH"),
        ("Yankton", 5233053, "US-SD"),
        ("Irpin", 707565, "UA-32"),
        ("Hostomel", 708251, "UA-32"),
        ("Milove", 701104, "UA-09"),
        ("Seredyna-Buda", 694491, "UA-59"),
        ("'Ayn al-'Arab", 172256, "SY-HL"),
        ("Tall Abyad", 163750, "SY-RA"),
        ("Abu Ghraib", 100077, "IQ-BG"),
        ("Goma", 216281, "CD-NK"),
        ("Myawaddy", 1308052, "MM-13"),
        ("Moreh", 11072202, "IN-MN"),
        ("Julfa", 148251, "AZ-CUL"),
        ("Kfar Kila", 272849, "LB-NA"),
        ("Khuza'a", 281119, "PS-GZZ"),
        ("Kurmuk", 371827, "SD-NB"),
        ("Mali Zvornik", 3195591, "RS-08"),
        ("Corabia", 680897, "RO-OT"),
        ("Udbina", 3188554, "HR-09"),
    ],
)
def test_a_town_at_a_border_lies_in_the_unit_that_geonames_gives(town: str, geonameid: int, unit: str) -> None:
    assert GAZETTEER.get(f"geonames:{geonameid}").admin1 == unit, town


@pytest.mark.parametrize(
    ("town", "geonameid", "unit"),
    [
        ("Simferopol", 693805, "UA-43"),
        ("Buq'ata", 171200, "IL-Z-GOLAN"),
        ("Mas'ada", 167167, "IL-Z-GOLAN"),
        ("Tskhinvali", 611403, "GE-X01"),
        ("Akhalgori", 615914, "GE-X01"),
        ("Laayoune", 2462881, "EH-X02"),
        ("Kyrenia", 146412, "-99-X04~"),
        ("Hargeisa", 57289, "-99-X11~"),
        ("Ariel", 8199394, "PS-WBK"),
    ],
)
def test_a_town_of_a_contested_unit_stays_in_it(town: str, geonameid: int, unit: str) -> None:
    assert GAZETTEER.get(f"geonames:{geonameid}").admin1 == unit, town


def _town(name: str, lon: float, unit: str, country: str = "AA", *, kind: str = "populated") -> Entry:
    return Entry(id=name, name=name, kind=kind, code="PPL", lon=lon, lat=0.0, country=country, admin1=unit)


def _world() -> tuple[list[Entry], dict[str, str]]:
    """Ten towns deep inside each unit, with the source's codes 1, 2 and 1."""
    entries, codes = [], {}
    for (unit, country), west, code in zip(UNITS, (0, 1, 2), ("1", "2", "1"), strict=True):
        for i in range(10):
            entries.append(_town(f"{unit} {i}", west + 0.3 + i / 25, unit, country))
            codes[f"{unit} {i}"] = code
    return entries, codes


def _settled(town: Entry, code: str = "", *, contested: frozenset[str] = frozenset()) -> str:
    entries, codes = _world()
    before = [entry.admin1 for entry in entries]
    moves = settle([*entries, town], {**codes, town.id: code}, UNITS, POLYGONS, contested=contested)
    assert [entry.admin1 for entry in entries] == before
    assert {move.entry.id for move in moves} <= {town.id}
    return town.admin1


def test_the_code_of_the_source_decides_near_a_border() -> None:
    assert _settled(_town("x", 1 + 3 * KM, "A-E"), "1") == "A-W"
    assert _settled(_town("x", 1 + 3 * KM, "A-E"), "2") == "A-E"


@pytest.mark.parametrize(("km", "unit"), [(REACH_KM - 0.1, "A-W"), (REACH_KM + 0.1, "A-E")])
def test_a_place_far_from_the_unit_of_its_code_stays(km: float, unit: str) -> None:
    assert _settled(_town("x", 1 + km * KM, "A-E"), "1") == unit


@pytest.mark.parametrize("code", ["", "00", "7"])
def test_a_code_that_stands_for_no_unit_leaves_a_place_in_its_state(code: str) -> None:
    assert _settled(_town("x", 1 + 3 * KM, "A-E"), code) == "A-E"


@pytest.mark.parametrize("code", ["", "00", "7", "2"])
@pytest.mark.parametrize(("km", "unit"), [(ABROAD_KM - 0.1, "A-E"), (ABROAD_KM + 0.1, "B-1")])
def test_a_place_just_across_the_border_of_its_state_goes_home(code: str, km: float, unit: str) -> None:
    assert _settled(_town("x", 2 + km * KM, "B-1"), code) == unit


def test_a_contested_unit_loses_no_place_to_another_state() -> None:
    assert _settled(_town("x", 2 + KM, "B-1"), "2", contested=frozenset({"B-1"})) == "B-1"


def test_a_code_that_covers_two_units_tells_nothing_between_them() -> None:
    entries, codes = _world()
    town = _town("x", 1 + 3 * KM, "A-E")
    assert settle([*entries, town], dict.fromkeys([*codes, "x"], "1"), UNITS, POLYGONS) == []


def test_a_region_belongs_where_its_point_lies() -> None:
    assert _settled(_town("x", 1 + 3 * KM, "A-E", kind="region"), "1") == "A-E"


def test_a_place_off_every_outline_goes_to_the_unit_of_its_code() -> None:
    assert _settled(_town("x", -KM, ""), "1") == "A-W"
