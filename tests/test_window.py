"""The day of the map: what is too late, too old or overtaken is not drawn; and a timeline of six reports."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import NothingToMap
from geo.gazetteer import open_gazetteer
from geo.records import Actor, Claim, Document, Span, When, document_id
from geo.situation import Reading, Situation, gather, read_document
from geo.where import Named
from geo.window import days_of, on_the_day, reports_in_view

RED, BLUE = Actor(id="red", name="Red", side="war:red"), Actor(id="blue", name="Blue", side="war:blue")
PINK = Actor(id="pink", name="Pink", side="war:red")
PLACES = [Named("geonames:1"), Named("geonames:2")]
START = dt.date(2020, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


def told(number: int, published: int, **values: Any) -> tuple[Claim, Document]:
    """A claim of the only sentence of a report."""
    text = f"Report {number}."
    document = Document(id=document_id(text), text=text, reading=text, published=day(published))
    usual: dict[str, Any] = {
        "predicate": "controls", "actor": RED, "target": None, "where": PLACES[0], "status": "reported", "speaker": "", "confidence": 0.8,
        "when": When(start=day(published), precision="publication"), "reason": "“held” (hold)", "limits": ("One.",), "made_by": "test",
    }
    span = Span(document_id=document.id, start=0, end=len(text), quote=text)
    return Claim(id=f"c{number}", evidence=(span,), **usual | values), document


def held(*pairs: tuple[Claim, Document], as_of: int, window: float | None = None) -> dict[str, str]:
    """The status of each claim that counts on a day."""
    claims, documents = zip(*pairs, strict=True)
    return {claim.id: claim.status for claim in on_the_day(claims, documents, as_of=day(as_of), window_days=window).claims}


def test_a_later_report_is_not_known_yet_and_one_that_is_too_old_no_more() -> None:
    pairs = [told(number, number * 10, where=Named(f"geonames:{number}")) for number in range(6)]
    assert held(*pairs, as_of=25) == dict.fromkeys(("c0", "c1", "c2"), "reported")
    assert held(*pairs, as_of=25, window=10) == {"c2": "reported"}
    assert held(*pairs, as_of=25, window=15) == dict.fromkeys(("c1", "c2"), "reported")


def test_a_fact_counts_for_its_own_day_and_not_for_that_of_the_report() -> None:
    pair = told(1, 30, when=When(start=day(5), end=day(5), precision="day"))
    assert held(pair, as_of=10) == {"c1": "reported"}
    assert held(pair, as_of=4) == {}
    assert held(pair, as_of=30, window=10) == {}


def test_what_goes_on_is_as_fresh_as_its_report() -> None:
    pair = told(1, 30, when=When(start=day(0), precision="day"))
    assert held(pair, as_of=30, window=10) == {"c1": "reported"}


@pytest.mark.parametrize("status", ["proposed", "intended", "agreed", "conditional"])
def test_a_plan_for_a_later_day_counts_from_the_day_on_which_it_is_told(status: Any) -> None:
    pair = told(1, 5, status=status, when=When(start=day(60), end=day(60), precision="day"))
    assert held(pair, as_of=5) == {"c1": status}
    assert held(pair, as_of=4) == {}


def test_a_hold_gives_way_to_a_later_gain_of_the_other_side_and_says_so() -> None:
    old, new = told(1, 1), told(2, 9, actor=BLUE)
    claims, documents = zip(old, new, strict=True)
    found = on_the_day(claims, documents, as_of=day(9))
    assert [claim.status for claim in found.claims] == ["past", "reported"]
    assert found.claims[0].limits[-1] == "Overtaken: a later report (2020-01-10) says that Blue holds it."
    assert found.overtaken == {"c1": "c2"}
    assert held(old, new, as_of=8) == {"c1": "reported"}


@pytest.mark.parametrize(
    ("old", "new", "over"),
    [
        ({}, {"actor": PINK}, False),  # an ally
        ({}, {"where": PLACES[1]}, False),  # another place
        ({}, {"actor": BLUE, "status": "claimed"}, False),  # a party's word
        ({}, {"actor": BLUE, "status": "denied"}, False),
        ({}, {"actor": BLUE, "status": "proposed"}, False),
        ({"status": "proposed"}, {"actor": BLUE}, False),
        ({"status": "claimed"}, {"actor": BLUE}, True),
        ({}, {"actor": RED, "predicate": "withdraws"}, True),
        ({}, {"actor": BLUE, "predicate": "withdraws"}, False),
        ({}, {"actor": RED, "target": BLUE, "predicate": "hands_over"}, True),
        ({}, {"actor": RED, "target": BLUE, "predicate": "besieges"}, True),  # the besieged hold it
        ({}, {"actor": BLUE, "predicate": "contests"}, False),  # the old holder is kept while there is fighting
        ({"predicate": "contests"}, {}, True),
        ({"predicate": "contests"}, {"predicate": "contests"}, False),
        ({"predicate": "besieges", "target": BLUE}, {"actor": BLUE}, True),
        ({"predicate": "attacks"}, {"actor": BLUE}, False),
    ],
)
def test_what_ends_a_claim(old: dict[str, Any], new: dict[str, Any], over: bool) -> None:
    found = held(told(1, 1, **old), told(2, 9, **new), as_of=9)
    assert (found["c1"] == "past") is over


def test_a_capture_told_late_is_later_than_a_hold_told_in_between() -> None:
    hold, capture = told(1, 5, actor=BLUE), told(2, 10, when=When(start=day(2), end=day(2), precision="day"))
    assert held(hold, capture, as_of=10) == {"c1": "past", "c2": "reported"}


STORIES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from([RED, BLUE, PINK]), st.sampled_from(PLACES)), min_size=1, max_size=8,
)


@settings(max_examples=40)
@given(story=STORIES, as_of=st.integers(0, 45), window=st.one_of(st.none(), st.integers(1, 40)))
def test_of_one_day_nothing_is_late_old_or_overtaken_by_what_counts(story: list[Any], as_of: int, window: int | None) -> None:
    pairs = [told(number, when, actor=actor, where=place) for number, (when, actor, place) in enumerate(story)]
    found = held(*pairs, as_of=as_of, window=window)
    in_time = {n for n, (when, _, _) in enumerate(story) if when <= as_of and (window is None or as_of - when <= window)}
    assert set(found) == {f"c{n}" for n in in_time}
    for n in in_time:
        when, actor, place = story[n]
        beaten = any(story[m][0] > when and story[m][2] == place and (story[m][1] is BLUE) != (actor is BLUE) for m in in_time)
        assert (found[f"c{n}"] == "past") is beaten


@settings(max_examples=40)
@given(story=STORIES, order=st.randoms())
def test_the_order_of_the_reports_does_not_matter(story: list[Any], order: Any) -> None:
    pairs = [told(number, when, actor=actor, where=place) for number, (when, actor, place) in enumerate(story)]
    mixed = order.sample(pairs, len(pairs))
    assert held(*pairs, as_of=45) == held(*mixed, as_of=45)


def test_undated_reports_always_count_and_overtake_nothing() -> None:
    old, (claim, document) = told(1, 1), told(2, 9, actor=BLUE, when=When())
    undated = replace(document, published=None)
    found = on_the_day([old[0], claim], [old[1], undated], as_of=day(1))
    assert [claim.status for claim in found.claims] == ["reported", "reported"]
    assert days_of(claim, None) == (None, None)
    assert reports_in_view([undated], as_of=day(0), window_days=1) == (undated,)


TIMELINE = (
    ("2020-01-10", "Rebels hold Saraqib, Maarat al-Numan, Ariha and Idlib. Government forces control Abu al-Duhur and Khan Sheikhoun."),
    ("2020-01-29", "Syrian government forces captured Maarat al-Numan on Tuesday. Rebels still hold Saraqib."),
    ("2020-02-03", "Clashes continued in Saraqib on Monday between rebels and government troops."),
    ("2020-02-08", "Syrian government forces captured Saraqib on Saturday."),
    ("2020-02-27", "Turkish-backed rebels recaptured Saraqib on Thursday."),
    ("2020-03-03", "Syrian government forces retook Saraqib on Monday."),
)
SARAQIB, MAARAT = "geonames:164816", "geonames:167611"


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    gazetteer = open_gazetteer()
    documents = [
        Document(id=document_id(text), text=text, reading=text, source="Wire", published=dt.date.fromisoformat(date))
        for date, text in TIMELINE
    ]
    return [read_document(document, gazetteer=gazetteer) for document in documents]


def on(readings: list[Reading], date: str, **settings: object) -> Situation:
    return gather(readings, gazetteer=open_gazetteer(), as_of=dt.date.fromisoformat(date), settings=settings)


def holder(situation: Situation, place: str) -> str | None:
    """Who is told to hold a place, by the claims that are not past."""
    found = {
        claim.actor.id for claim in situation.claims
        if claim.where == Named(place) and claim.predicate == "controls" and claim.status == "reported" and claim.actor
    }
    assert len(found) < 2
    return next(iter(found), None)


@pytest.mark.parametrize(
    ("date", "saraqib", "maarat"),
    [
        ("2020-01-15", "syrian-opposition", "syrian-opposition"),
        ("2020-01-30", "syrian-opposition", "syria-government"),
        ("2020-02-10", "syria-government", "syria-government"),
        ("2020-02-28", "syrian-opposition", "syria-government"),
        ("2020-03-05", "syria-government", "syria-government"),
    ],
)
def test_a_timeline_is_told_as_of_each_day(readings: list[Reading], date: str, saraqib: str, maarat: str) -> None:
    situation = on(readings, date)
    assert (holder(situation, SARAQIB), holder(situation, MAARAT)) == (saraqib, maarat)
    assert all(document.published <= situation.as_of for document in situation.documents if document.published and situation.as_of)
    drawn = {name for claims in situation.zones.claims for name in claims}
    assert drawn <= {claim.id for claim in situation.claims}


def test_fighting_is_over_once_the_place_is_taken(readings: list[Reading]) -> None:
    def fought(date: str) -> bool:
        return any(c.predicate == "contests" and c.status == "reported" and c.where == Named(SARAQIB) for c in on(readings, date).claims)

    assert fought("2020-02-04")
    assert not fought("2020-02-10")


def test_a_window_forgets_what_is_old_and_says_so(readings: list[Reading]) -> None:
    situation = on(readings, "2020-03-05", window=10)
    assert holder(situation, SARAQIB) == "syria-government"
    assert holder(situation, MAARAT) is None
    assert len(situation.documents) == 2
    assert any("more than 10 days older" in note for note in situation.notes)


def test_a_day_before_all_reports_has_nothing_to_map(readings: list[Reading]) -> None:
    with pytest.raises(NothingToMap, match="All 6 reports are of other days"):
        on(readings, "2019-12-31")
