"""Filters of a situation: what they leave, and what a browser may tell the desk."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import situation
from geo.documents import load
from geo.filters import ALL, Seen, offered
from geo.gazetteer import open_gazetteer
from geo.playback import began
from geo.situation import Situation
from geo.ui.told import LONGEST, MOST_CORNERS, Told, read_told
from tests.test_shape_of_code import ROOT


@pytest.fixture(scope="module")
def kherson() -> Situation:
    return situation.read([load(ROOT / "seeds" / "kherson-2022.md")], gazetteer=open_gazetteer())


def test_everything_is_shown_without_a_filter(kherson: Situation) -> None:
    assert ALL.claims(kherson) == kherson.claims
    assert not ALL


def test_each_filter_leaves_exactly_what_it_names(kherson: Situation) -> None:
    there = offered(kherson)
    for party, _ in there.parties:
        left = Seen(parties=(party,)).claims(kherson)
        assert left == tuple(c for c in kherson.claims if party in {actor.id for actor in (c.actor, c.target) if actor})
        assert left
    for status in there.statuses:
        assert {claim.status for claim in Seen(statuses=(status,)).claims(kherson)} == {status}
    assert all(claim.confidence >= 0.6 for claim in Seen(least=0.6).claims(kherson))
    assert set(there.statuses) == {claim.status for claim in kherson.claims}


def test_days_leave_what_began_then_and_what_nothing_dates(kherson: Situation) -> None:
    days = began(kherson)
    first, last = offered(kherson).first, offered(kherson).last
    assert first is not None
    assert last is not None
    middle = first + (last - first) / 2
    kept = Seen(since=middle).claims(kherson)
    assert {claim.id for claim in kept} == {name for name, day in days.items() if day is None or day >= middle}
    assert Seen(since=first, until=last).claims(kherson) == kherson.claims


def test_filters_together_leave_what_each_leaves(kherson: Situation) -> None:
    there = offered(kherson)
    party, status = there.parties[0][0], there.statuses[0]
    both = Seen(parties=(party,), statuses=(status,)).claims(kherson)
    assert set(both) == set(Seen(parties=(party,)).claims(kherson)) & set(Seen(statuses=(status,)).claims(kherson))


def test_words_are_found_whatever_their_case_and_accents(kherson: Situation) -> None:
    word = kherson.claims[0].evidence[0].quote.split()[0]
    assert kherson.claims[0] in Seen(words=word.upper()).claims(kherson)
    assert Seen(words="no sentence says this").claims(kherson) == ()


def test_the_map_gets_a_filter_as_json() -> None:
    seen = Seen(layers=("control",), since=dt.date(2022, 3, 1), least=0.5, words="Ĺviv")
    told = json.loads(json.dumps(seen.to_json()))
    assert told["layers"] == ["control"]
    assert told["from"] == "2022-03-01"
    assert told["to"] == ""
    assert told["words"] == "lviv"


GOOD: list[tuple[dict[str, Any], Told]] = [
    ({"kind": "mention", "document": "abc", "start": 3, "end": 9, "text": "Aleppo"},
     Told(kind="mention", document="abc", start=3, end=9, text="Aleppo")),
    ({"kind": "claim", "id": "c1"}, Told(kind="claim", id="c1")),
    ({"kind": "spot", "lat": 36.2, "lon": 197.0}, Told(kind="spot", lat=36.2, lon=-163.0)),
    ({"kind": "ring", "ring": [[1, 2], [3, 4], [5, 6]]}, Told(kind="ring", ring=((1.0, 2.0), (3.0, 4.0), (5.0, 6.0)))),
]


@pytest.mark.parametrize(("value", "told"), GOOD)
def test_what_is_well_formed_is_taken(value: dict[str, Any], told: Told) -> None:
    found = read_told(value)
    assert found is not None
    for name in ("kind", "document", "start", "end", "text", "id", "ring"):
        assert getattr(found, name) == getattr(told, name)
    assert math.isnan(told.lat) or (found.lat, found.lon) == pytest.approx((told.lat, told.lon))


@pytest.mark.parametrize("value", [
    None, "mention", [], {"kind": "script"}, {"kind": ["claim"]}, {"kind": "claim"}, {"kind": "claim", "id": 3},
    {"kind": "claim", "id": "x" * (LONGEST + 1)},
    {"kind": "mention", "start": 5, "end": 5}, {"kind": "mention", "start": -1, "end": 5}, {"kind": "mention", "start": True, "end": 5},
    {"kind": "spot", "lat": 91, "lon": 0}, {"kind": "spot", "lat": math.nan, "lon": 0}, {"kind": "spot", "lat": "1", "lon": 0},
    {"kind": "ring", "ring": [[1, 2], [3, 4]]}, {"kind": "ring", "ring": [[1, 2], [3, 4], [5]]},
    {"kind": "ring", "ring": [[1, 2]] * (MOST_CORNERS + 1)},
])
def test_whatever_else_a_browser_tells_is_nothing(value: Any) -> None:
    assert read_told(value) is None


NAMES = st.sampled_from(["kind", "document", "start", "end", "text", "id", "lat", "lon", "ring"])
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8) | st.sampled_from(["mention", "claim", "spot", "ring"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=12,
)


@given(ANYTHING)
def test_nothing_that_a_browser_tells_fails(value: Any) -> None:
    found = read_told(value)
    assert found is None or isinstance(found, Told)
