"""What a person says otherwise of a claim: only what differs becomes a decision, and the decisions make the claim say it."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import claim_edits, situation, where
from geo.decisions import claim_name, correct_claims
from geo.documents import from_text
from geo.errors import InputError
from geo.records import Claim, Status
from geo.situation import Situation

TEXTS = (
    "Hezbollah took control of Zliten on Tuesday, the army said. Turkish troops attacked Afrin on Monday.",
    "Hezbollah took control of Zliten on Tuesday, witnesses said.",
)
DAYS = st.none() | st.dates(dt.date(1990, 1, 1), dt.date(2030, 1, 1))


@pytest.fixture(scope="module")
def drawn(gazetteer: Any) -> Situation:
    return situation.read([from_text(text, published=dt.date(2014, 10, 27)) for text in TEXTS], gazetteer=gazetteer)


@pytest.fixture(scope="module")
def claim(drawn: Situation) -> Claim:
    return next(one for one in drawn.claims if one.predicate == "controls")


def as_it_is(claim: Claim) -> dict[str, Any]:
    return {
        "actor": claim.actor.id if claim.actor else "", "target": claim.target.id if claim.target else "", "status": claim.status,
        "start": claim.when.start, "end": claim.when.end, "place": claim.where,
    }


def test_a_claim_left_as_it_is_needs_no_decision(drawn: Situation) -> None:
    assert drawn.claims
    for one in drawn.claims:
        assert claim_edits.edits(one, **as_it_is(one)) == ()


@given(
    actor=st.sampled_from(["", "turkey", "isis", "Lions of Nowhere"]), target=st.sampled_from(["", "turkey", "Nobody at all"]),
    status=st.sampled_from(get_args(Status)), start=DAYS, days=st.none() | st.integers(0, 400),
)
def test_the_decisions_make_the_claim_say_it_and_saying_it_twice_is_saying_it_once(
    claim: Claim, actor: str, target: str, status: Status, start: dt.date | None, days: int | None
) -> None:
    end = None if start is None or days is None else start + dt.timedelta(days)
    if start is None:
        start, end = claim.when.start, claim.when.end
    asked = {**as_it_is(claim), "actor": actor, "target": target, "status": status, "start": start, "end": end}
    made = claim_edits.edits(claim, **asked)
    (after,) = correct_claims([claim], made)
    assert not actor or actor in (after.actor.id, after.actor.name)  # type: ignore[union-attr]
    assert (after.target is None) == (not target)
    assert after.status == status
    assert after.when.start == start
    assert correct_claims([after], made) == (after,)
    assert after.evidence == claim.evidence


def test_another_area_becomes_a_decision_that_reads_back(claim: Claim) -> None:
    area = where.parse('Buffer("geonames:169389", 20)')
    (made,) = claim_edits.edits(claim, **{**as_it_is(claim), "place": area})
    assert where.parse(made.value) == area


def test_nothing_asked_of_the_area_leaves_it(claim: Claim) -> None:
    assert claim_edits.edits(claim, **{**as_it_is(claim), "place": None}) == ()


@pytest.mark.parametrize(("start", "end", "said"), [(None, dt.date(2020, 1, 1), "no beginning"), (None, None, "no beginning"),
                                                    (dt.date(2020, 1, 2), dt.date(2020, 1, 1), "end before they begin")])
def test_dates_that_cannot_be_are_refused(claim: Claim, start: Any, end: Any, said: str) -> None:
    with pytest.raises(InputError, match=said):
        claim_edits.edits(claim, **{**as_it_is(claim), "start": start, "end": end})


@pytest.mark.parametrize("scope", ["here", "document", "desk"])
def test_a_decision_on_a_claim_reaches_as_far_as_is_said(drawn: Situation, claim: Claim, scope: Any, gazetteer: Any) -> None:
    claims, reports = claim_edits.reach(drawn, claim, scope)
    rejected = [one for one in drawn.claims if not correct_claims([one], [claim_edits.about(claim, "reject", scope=scope)])]
    assert len(rejected) == claims >= 1
    assert len({one.evidence[0].document_id for one in rejected}) == reports


def test_a_claim_is_found_again_by_its_words_when_its_id_is_another(drawn: Situation, claim: Claim) -> None:
    assert claim_edits.find(drawn, claim.id) is claim
    assert claim_edits.find(drawn, "c0", claim_name(claim)) is not None
    assert claim_edits.find(drawn, "c0", ("no such words", "", 0)) is None


def test_the_marked_sentence_is_the_sentence(drawn: Situation) -> None:
    for one in drawn.claims:
        pieces = claim_edits.marked(one)
        assert "".join(words for words, _ in pieces) == one.evidence[0].quote
        assert any(role == "act" for _, role in pieces)


def test_the_parties_of_the_situation_are_offered_first(drawn: Situation) -> None:
    offered = list(claim_edits.parties(drawn))
    own = [actor.id for actor in drawn.actors]
    assert own
    assert offered[: len(own)] == own
    assert "turkey" in offered
