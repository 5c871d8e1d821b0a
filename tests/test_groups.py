"""Groups that no table knows, their acronyms, and the nouns that mean a party named before."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import actors
from geo.clauses import units_by_sentence
from geo.documents import from_text
from geo.groups import acronyms, groups_in, owner_of
from geo.recogniser_groups import group_recogniser
from geo.referents import referent, with_referents
from geo.sentences import sentences

GOLD = Path(__file__).parent / "gold"
WHO = actors.shipped()
NOT_YET = {"Serbia and the Kosovo Liberation Army fought in Drenica. Security forces shelled villages."}  # Kosovo had no state then


def rows(name: str) -> list[dict[str, str]]:
    with (GOLD / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def longest(text: str) -> list[str]:
    """The groups of a text as mentions are settled: of those that overlap the longest."""
    found = list(groups_in(text))
    found += acronyms(text, found)
    kept: list[tuple[int, int]] = []
    for start, end in sorted({(group.start, group.end) for group in found}, key=lambda span: (span[0] - span[1], span[0])):
        if all(end <= first or last <= start for first, last in kept):
            kept.append((start, end))
    return [text[start:end] for start, end in sorted(kept)]


@pytest.mark.parametrize("case", rows("groups.csv"), ids=lambda case: case["text"][:50])
def test_a_group_is_told_by_the_form_of_its_name_and_what_is_none_is_left(case: dict[str, str]) -> None:
    assert longest(case["text"]) == [name for name in case["groups"].split("|") if name]


def test_every_group_found_is_an_actor() -> None:
    for case in rows("groups.csv"):
        for group in groups_in(case["text"]):
            found = WHO.named(group.name) or WHO.by_form(group.name, surely=True)
            assert found is not None, group


@given(st.text(alphabet="ABCabc 'softhe-()1279.", max_size=80))
def test_no_text_breaks_the_search_and_what_is_found_stands_in_it(text: str) -> None:
    for group in groups_in(text):
        assert 0 <= group.start < group.end <= len(text)


def test_a_hostile_run_of_capitals_is_read_quickly() -> None:
    assert list(groups_in("Al " * 20_000)) == []


@pytest.mark.parametrize(("name", "owner"), [("Ukraine's 47th Brigade", "ukraine"), ("Russian 76th Air Assault Division", "russia")])
def test_a_numbered_unit_of_a_state_is_the_state(name: str, owner: str) -> None:
    found = WHO.by_form(name, on=dt.date(2023, 1, 1))
    assert found is not None
    assert found.id == owner
    assert owner_of(name)[1][0].isdigit()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The Volta Liberation Front (VLF) left. The VLF denied it.", {"Volta Liberation Front"}),
        ("Fighters of the VLF denied it.", set()),
        ("The Arakan Army (AA) left. The AA denied it.", {"Arakan Army"}),
        ("The 47th Brigade held on. Ukraine's 47th Brigade is tired.", {"Ukraine's 47th Brigade"}),
        ("The Taliban's leader (Kabul) spoke.", set()),
    ],
)
def test_an_acronym_or_a_number_means_what_the_report_itself_explains(gazetteer: Any, text: str, names: set[str]) -> None:
    assert {mention.name for mention in group_recogniser(gazetteer)(from_text(text))} == names


@pytest.mark.parametrize("case", rows("referents.csv"), ids=lambda case: case["text"][:50])
def test_a_common_noun_is_the_one_fitting_party_of_its_report(gazetteer: Any, case: dict[str, str]) -> None:
    if case["text"] in NOT_YET:
        pytest.xfail("the state of the country then is not the one of today")
    from geo.recognition import recognise

    document = from_text(case["text"])
    mentions = recognise(document, gazetteer=gazetteer)
    told = units_by_sentence(
        document, sentences(document), mentions=mentions, places=(), phrases=(), actors=WHO, countries=[case["country"]]
    )
    resolved, notes = with_referents(document, told, actors=WHO, countries=[case["country"]])
    at = case["text"].rindex(case["noun"])
    unit = next((one for _, units in resolved for one in units if one.start <= at < one.end and one.actor), None)
    meant = WHO.acts_for(unit.actor) if unit and unit.actor else None
    if not case["actor"]:
        assert meant is None or meant.kind in ("generic", "people")
    else:
        assert meant is not None
        assert meant.id == case["actor"]
        assert unit is not None
        assert not notes.get(unit.start) or meant.name in notes[unit.start]


def test_a_noun_never_means_a_party_that_only_another_report_names() -> None:
    assert referent("the rebels", [], actors=WHO, countries=["CD"]) == (None, "")


@pytest.mark.parametrize("words", ["a militia", "its troops", "gunmen", "the river", "the Toyota", ""])
def test_what_is_new_or_no_party_means_nobody(words: str) -> None:
    assert referent(words, [WHO.get("m23")], actors=WHO, countries=["CD"])[0] is None


def test_two_parties_that_fit_alike_leave_a_noun_unresolved() -> None:
    both = [WHO.get("adf"), WHO.get("codeco")]
    assert referent("the militants", both, actors=WHO, countries=["CD"])[0] is None
    assert referent("the militants", both[:1], actors=WHO, countries=["CD"])[0] == both[0]
