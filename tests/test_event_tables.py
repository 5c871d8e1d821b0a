"""Events in the columns of ACLED and UCDP: what claims say and no more; no plan is an event and no silence a zero."""

from __future__ import annotations

import csv
import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import pytest

from geo import datafiles
from geo.events import kind_of_table, read_events
from geo.export import export
from geo.export.event_tables import ACLED, UCDP
from geo.geonames_dump import Skipped
from geo.records import Actor, Predicate, Span, Status, When
from geo.where import parse
from tests import hostile_report as hostile

STATE = Actor(id="syria-government", name="Syrian government", kind="state", country="SY")
ABROAD = Actor(id="turkey", name="Turkey", kind="state", country="TR")
GROUP = Actor(id="syrian-opposition", name="Syrian opposition", kind="armed_group")


def rows(situation: Any, folder: Path, suffix: str = ".acled.csv") -> list[dict[str, str]]:
    with export(situation, folder / f"events{suffix}").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def told(idlib: Any, act: str = "", **values: Any) -> Any:
    """The briefing with one claim, on Idlib, as a test wants it."""
    claim = idlib.claims[0]
    document = idlib.documents[0]
    evidence = (claim.evidence[0], *((Span(document_id=document.id, start=0, end=len(act), quote=act, role="act"),) if act else ()))
    usual = {"predicate": "attacks", "actor": GROUP, "target": STATE, "where": parse('"geonames:169389"'), "status": "reported"}
    return replace(idlib, claims=(replace(claim, evidence=evidence, **usual | values),))


@pytest.mark.parametrize(("suffix", "columns"), [(".acled.csv", ACLED), (".ucdp.csv", UCDP)])
def test_the_columns_are_those_of_the_publisher(suffix: str, columns: tuple[str, ...], idlib: Any, tmp_path: Path) -> None:
    with export(idlib, tmp_path / f"events{suffix}").open(encoding="utf-8", newline="") as file:
        assert tuple(next(csv.reader(file))) == columns


@pytest.mark.parametrize("status", get_args(Status))
def test_what_has_not_happened_is_no_event(status: str, idlib: Any, tmp_path: Path) -> None:
    assert len(rows(told(idlib, status=status), tmp_path)) == (1 if status in ("reported", "claimed", "assessed", "past") else 0)


def test_an_agreement_is_an_event_and_what_was_agreed_is_none(idlib: Any, tmp_path: Path) -> None:
    assert rows(told(idlib, predicate="agrees", status="agreed"), tmp_path)[0]["sub_event_type"] == "Agreement"
    assert rows(told(idlib, predicate="withdraws", status="agreed"), tmp_path) == []


@pytest.mark.parametrize("predicate", ["controls", "bases", "supports", "located", "meets", "proposes", "demands"])
def test_a_state_of_things_is_no_event(predicate: str, idlib: Any, tmp_path: Path) -> None:
    assert rows(told(idlib, "holds", predicate=predicate), tmp_path) == []


@pytest.mark.parametrize("suffix", [".acled.csv", ".ucdp.csv"])
def test_nobody_is_said_to_have_died_or_not(suffix: str, idlib: Any, tmp_path: Path) -> None:
    deaths = ("fatalities", "best", "high", "low", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
    found = rows(told(idlib), tmp_path, suffix)
    assert found
    assert {row.get(name, "") for row in found for name in deaths} == {""}


@pytest.mark.parametrize(
    ("act", "values", "kind"),
    [
        ("captured", {"predicate": "controls"}, ("Battles", "Non-state actor overtakes territory")),
        ("captured", {"predicate": "controls", "actor": STATE}, ("Battles", "Government regains territory")),
        ("captured", {"predicate": "controls", "actor": STATE, "where": None}, ("Battles", "")),
        ("captured", {"predicate": "controls", "actor": ABROAD}, ("Battles", "Non-state actor overtakes territory")),
        ("took", {"predicate": "controls"}, ("", "")),
        ("fighting in", {"predicate": "contests", "actor": None, "target": None}, ("Battles", "Armed clash")),
        ("shelled", {}, ("Explosions/Remote violence", "Shelling/artillery/missile attack")),
        ("air strikes on", {"target": None}, ("Explosions/Remote violence", "Air/drone strike")),
        ("bombed", {}, ("Explosions/Remote violence", "")),
        ("attacked", {}, ("Battles", "Armed clash")),
        ("attacked", {"target": None}, ("", "")),
        ("entered", {"predicate": "advances"}, ("Strategic developments", "Change to group/activity")),
        ("handed over", {"predicate": "hands_over"}, ("Strategic developments", "Non-violent transfer of territory")),
    ],
)
def test_the_type_is_what_the_words_bear_out(act: str, values: Any, kind: tuple[str, str], idlib: Any, tmp_path: Path) -> None:
    row = rows(told(idlib, act, **values), tmp_path)[0]
    assert (row["event_type"], row["sub_event_type"]) == kind


@pytest.mark.parametrize(
    ("when", "date", "year", "acled", "ucdp"),
    [
        (("2020-03-05", "2020-03-05", "day"), "2020-03-05", "2020", "1", "1"),
        (("2020-03-02", "2020-03-08", "week"), "2020-03-02", "2020", "2", "3"),
        (("2020-03-01", "2020-03-31", "month"), "2020-03-01", "2020", "3", "4"),
        (("2014-01-01", "2014-12-31", "year"), "", "2014", "", "5"),
        (("2010-01-01", "2019-12-31", "decade"), "", "", "", ""),
        (("2020-03-05", None, "publication"), "", "", "", ""),
        ((None, None, "unknown"), "", "", "", ""),
    ],
)
def test_a_day_is_as_exact_as_the_words(when: Any, date: str, year: str, acled: str, ucdp: str, idlib: Any, tmp_path: Path) -> None:
    start, end = (dt.date.fromisoformat(day) if day else None for day in when[:2])
    situation = told(idlib, when=When(start=start, end=end, precision=when[2], words="then"))
    row = rows(situation, tmp_path)[0]
    assert (row["event_date"], row["year"], row["time_precision"]) == (date, year, acled)
    assert "when=then" in row["tags"]
    assert rows(situation, tmp_path, ".ucdp.csv")[0]["date_prec"] == ucdp


@pytest.mark.parametrize(
    ("recipe", "country", "admin1", "acled", "ucdp"),
    [
        ('"geonames:169389"', "Syria", "Idlib", "1", "1"),
        ('"admin1:SY-ID"', "Syria", "Idlib", "3", "4"),
        ('Around("geonames:169389", 10)', "Syria", "Idlib", "2", "2"),
        ('Part("country:SY", "north")', "Syria", "", "3", "5"),
        ('Border("country:SY", "country:TR")', None, "", "3", "5"),
    ],
)
def test_a_place_is_as_exact_as_the_words(
    recipe: str, country: str, admin1: str, acled: str, ucdp: str, idlib: Any, tmp_path: Path,
) -> None:
    situation = told(idlib, where=parse(recipe))
    row = rows(situation, tmp_path)[0]
    assert row["admin1"] == admin1
    assert country is None or row["country"] == country
    assert row["geo_precision"] == acled
    assert rows(situation, tmp_path, ".ucdp.csv")[0]["where_prec"] == ucdp
    assert 30 < float(row["latitude"]) < 40


def test_without_a_place_no_place_is_made_up(idlib: Any, tmp_path: Path) -> None:
    row = rows(told(idlib, where=None), tmp_path)[0]
    assert {row[name] for name in ("country", "admin1", "location", "latitude", "longitude", "geo_precision")} == {""}


@pytest.mark.parametrize(
    ("actor", "target", "sides", "violence"),
    [
        (GROUP, STATE, ("Syrian government", "Syrian opposition"), "1"),
        (GROUP, GROUP, ("Syrian opposition", "Syrian opposition"), "2"),
        (GROUP, None, ("Syrian opposition", ""), ""),
        (None, None, ("", ""), ""),
    ],
)
def test_the_type_of_violence_needs_two_sides(actor: Any, target: Any, sides: Any, violence: str, idlib: Any, tmp_path: Path) -> None:
    row = rows(told(idlib, "shelled", actor=actor, target=target), tmp_path, ".ucdp.csv")[0]
    assert (row["side_a"], row["side_b"]) == sides
    assert row["type_of_violence"] == violence


@pytest.mark.parametrize(("actor", "kind"), [(STATE, "State Forces"), (ABROAD, "External/Other Forces"), (GROUP, "")])
def test_the_kind_of_a_party_is_said_only_where_it_is_known(actor: Actor, kind: str, idlib: Any, tmp_path: Path) -> None:
    assert rows(told(idlib, actor=actor), tmp_path)[0]["inter1"] == kind


def test_who_says_so_and_how_stands_in_the_tags(idlib: Any, tmp_path: Path) -> None:
    tags = rows(told(idlib, status="claimed", speaker="Turkey"), tmp_path)[0]["tags"].split("; ")
    assert {"status=claimed", "speaker=Turkey", "made with=Salient", "predicate=attacks"} <= set(tags)


def test_a_withdrawal_is_no_row_of_violence(idlib: Any, tmp_path: Path) -> None:
    assert rows(told(idlib, predicate="withdraws"), tmp_path, ".ucdp.csv") == []


@pytest.mark.parametrize(("suffix", "publisher"), [(".acled.csv", "ACLED"), (".ucdp.csv", "UCDP GED")])
def test_our_reader_of_such_tables_reads_ours(suffix: str, publisher: str, idlib: Any, tmp_path: Path) -> None:
    situation = told(idlib, "shelled", when=When(start=dt.date(2020, 3, 5), end=dt.date(2020, 3, 5), precision="day", words="today"))
    path = export(situation, tmp_path / f"events{suffix}")
    assert kind_of_table(path) == publisher
    (event,) = read_events(path, skipped=Skipped())
    assert (event.deaths, event.start, event.country) == (None, dt.date(2020, 3, 5), "Syria")
    assert event.precision == 1


@pytest.mark.parametrize("suffix", [".acled.csv", ".ucdp.csv"])
@pytest.mark.parametrize("words", hostile.STRINGS)
def test_no_cell_runs_in_a_spreadsheet(words: str, suffix: str, idlib: Any, tmp_path: Path) -> None:
    actor = replace(GROUP, name=words)
    for row in rows(told(idlib, "shelled", actor=actor, target=actor, speaker=words), tmp_path, suffix):
        assert not any(value.startswith(("=", "+", "@", "\t", "\r")) for value in row.values())
        assert ("'" + words if words[0] in "=+-@" else words) in row.values()


def test_every_row_of_the_table_of_types_can_be_met_and_names_its_source() -> None:
    found = list(datafiles.rows("event_types.csv", required=("predicate", "act", "source", "violent")))
    for _, row in found:
        assert row["predicate"] in get_args(Predicate)
        assert row["source"]
        assert row["violent"] in ("yes", "no")
        assert row["actor"] in ("", "known", "state_at_home", "other")
        assert row["target"] in ("", "known")
        re.compile(row["act"])
    # The first row that fits counts, so none may stand behind one that takes all of its predicate.
    open_to_all = set()
    for _, row in found:
        assert row["predicate"] not in open_to_all
        if not (row["act"] or row["actor"] or row["target"]):
            open_to_all.add(row["predicate"])
