"""The table of outlets: each has hosts of its own and a home that exists, and only those of a town or region speak for a town."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from geo import datafiles
from geo.gazetteer import OfflineGazetteer, open_gazetteer
from scripts import check_tables

COLUMNS = ("name", "aliases", "hosts", "place", "home", "scope", "source")
GOOD = {"name": "Bangor Daily News", "aliases": "", "hosts": "bangordailynews.com", "place": "geonames:4957280", "home": "Bangor, US-ME",
        "scope": "local", "source": "the outlet's own site: bangordailynews.com"}


@pytest.fixture(scope="module")
def gazetteer() -> OfflineGazetteer:
    return open_gazetteer()


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    return [row for _, row in datafiles.rows("outlets.csv", required=COLUMNS)]


def faults(monkeypatch: pytest.MonkeyPatch, gazetteer: OfflineGazetteer, *rows: dict[str, str]) -> list[str]:
    def read(name: str, **_: Any) -> Iterator[tuple[int, dict[str, str]]]:
        assert name == "outlets.csv"
        return enumerate(rows, start=2)

    monkeypatch.setattr(datafiles, "rows", read)
    return list(check_tables.check_outlets(gazetteer))


def test_the_table_has_no_fault(gazetteer: OfflineGazetteer) -> None:
    assert list(check_tables.check_outlets(gazetteer)) == []


def test_the_table_holds_many_outlets_of_many_countries(table: list[dict[str, str]]) -> None:
    assert len(table) >= 3000
    assert len({row["home"].rpartition(", ")[2][:2] for row in table}) >= 150


def test_every_state_of_the_united_states_has_eight_outlets_or_more(table: list[dict[str, str]]) -> None:
    units = [row["home"].rpartition(", ")[2] for row in table if row["scope"] in {"local", "regional"}]
    states = {unit for unit in units if unit.startswith("US-")} - {"US-DC"}
    assert len(states) == 50
    assert min(units.count(state) for state in states) >= 8


def test_only_outlets_of_a_town_or_region_speak_for_a_town(table: list[dict[str, str]]) -> None:
    towns = [row for row in table if row["place"].startswith("geonames:")]
    assert len(towns) > 2000
    assert {row["scope"] for row in towns} == {"local", "regional"}


@pytest.mark.parametrize("host", ["reuters.com", "apnews.com", "afp.com", "bbc.co.uk", "aljazeera.com", "aa.com.tr", "tass.ru"])
def test_what_reports_on_the_whole_world_speaks_for_no_place(host: str, table: list[dict[str, str]]) -> None:
    (row,) = [row for row in table if host in row["hosts"].split("|")]
    assert (row["scope"], row["place"]) == ("world", "")


@pytest.mark.parametrize("name", ["The Herald", "The Times", "The Daily News", "The Courier", "The Gazette", "Correo", "The Star"])
def test_a_name_that_many_papers_bear_names_none_of_them(name: str, table: list[dict[str, str]]) -> None:
    assert name not in {other for row in table for other in (row["name"], *row["aliases"].split("|"))}


def test_a_good_row_has_no_fault(monkeypatch: pytest.MonkeyPatch, gazetteer: OfflineGazetteer) -> None:
    assert faults(monkeypatch, gazetteer, GOOD) == []


@pytest.mark.parametrize(("change", "message"), [
    ({"hosts": ""}, "must be given"),
    ({"source": ""}, "must be given"),
    ({"hosts": "https://bangordailynews.com"}, "is not the host"),
    ({"hosts": "www.bangordailynews.com"}, "is not the host"),
    ({"hosts": "Bangordailynews.com"}, "is not the host"),
    ({"scope": "village"}, "unknown scope"),
    ({"home": "Bangor"}, "is not a town and the code"),
    ({"home": "Bangor, US-PA"}, "does not lie in US-PA"),
    ({"home": "Brewer, US-ME"}, "not the town Brewer"),
    ({"place": "admin1:US-ME"}, "not the town Bangor"),
    ({"place": "geonames:1"}, "no feature"),
    ({"scope": "national"}, "for which an outlet of scope national speaks"),
    ({"scope": "national", "home": "Bangor, ZZ", "place": "country:ZZ"}, "no feature"),
    ({"scope": "world"}, "for which an outlet of scope world speaks"),
])
def test_a_bad_row_is_found(change: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch, gazetteer: OfflineGazetteer) -> None:
    found = faults(monkeypatch, gazetteer, {**GOOD, **change})
    assert any(message in fault for fault in found), found


@pytest.mark.parametrize(("change", "message"), [
    ({"name": "Another Name"}, "the host 'bangordailynews.com' stands 2 times"),
    ({"hosts": "example.com", "name": "The Bangor Daily News"}, "the name 'bangor daily news' stands 2 times"),
])
def test_a_host_and_a_name_belong_to_one_outlet(
    change: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch, gazetteer: OfflineGazetteer
) -> None:
    assert any(message in fault for fault in faults(monkeypatch, gazetteer, GOOD, {**GOOD, **change}))
