"""Who backs whom: told in words with its sentences, never drawn."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import actors
from geo.documents import from_text
from geo.layers import layers
from geo.payload import payload
from geo.records import Claim, Span, When
from geo.relations import bond_of, relations
from geo.situation import read

WHO = actors.shipped()
TEXT = (
    "Rwanda-backed M23 rebels took Goma on Monday. Iran-backed Hezbollah fired rockets from Tyre. "
    "Wagner fighters allied with the Malian army entered Kidal."
)


def support(first: str, second: str, words: str, *, status: Any = "reported", confidence: float = 0.75, at: int = 0) -> Claim:
    return Claim(
        id=f"{first}-{second}-{words}-{status}-{at}", predicate="supports", actor=WHO.get(first), target=WHO.get(second), where=None,
        when=When(), status=status, speaker="Paper", evidence=(Span(document_id="d", start=at, end=at + 5, quote="words"),),
        confidence=confidence, reason=f"“{words}” (support)", limits=("A relation between actors; it holds no territory.",), made_by="test",
    )


@pytest.mark.parametrize(
    ("words", "bond"),
    [
        ("-backed", "backs"), ("-led", "leads"), ("trained and armed by", "arms"), ("-trained", "trains"), ("financed by", "funds"),
        ("allied with", "is allied with"), ("alongside", "fights beside"), ("loyal to", "has the loyalty of"),
        ("under Turkish protection", "protects"), ("supports", "backs"),
    ],
)
def test_the_words_of_the_act_say_what_the_bond_is(words: str, bond: str) -> None:
    assert bond_of(support("iran", "houthis", words)) == bond


def test_all_that_is_said_of_two_parties_is_one_line_with_every_sentence() -> None:
    (one,) = relations([support("iran", "houthis", "armed by"), support("iran", "houthis", "funded by", confidence=0.9, at=9)])
    assert one.words == "Iran arms and funds Houthis"
    assert len(one.claims) == 2
    assert one.confidence == 0.9


def test_who_fights_beside_whom_is_the_same_both_ways() -> None:
    (one,) = relations([support("wagner", "mali", "allied with"), support("mali", "wagner", "allied with", at=9)])
    assert one.mutual
    assert {one.first.id, one.second.id} == {"wagner", "mali"}


def test_what_is_denied_is_a_line_of_its_own_and_comes_last() -> None:
    told = [support("rwanda", "m23", "backed by", status="denied"), support("rwanda", "m23", "backed by", at=9)]
    assert [one.status for one in relations(told)] == ["reported", "denied"]


PAIRS = (("iran", "houthis"), ("rwanda", "m23"), ("iran", "hamas"))


@given(st.permutations([support(a, b, "backed by", at=n) for n, (a, b) in enumerate(PAIRS)]))
def test_the_order_of_the_claims_does_not_matter(told: list[Claim]) -> None:
    assert [(one.first.id, one.second.id) for one in relations(told)] == [("iran", "hamas"), ("iran", "houthis"), ("rwanda", "m23")]


def test_relations_are_listed_beside_the_map_with_their_sentences_and_never_drawn(gazetteer: Any) -> None:
    situation = read([from_text(TEXT, source="Paper", published=dt.date(2025, 1, 30))], gazetteer=gazetteer)
    drawn = layers(situation)
    listed = payload(situation, drawn, basemap=False)["relations"]
    found = {(one["first"], one["second"]) for one in listed}
    assert {("Rwanda", "March 23 Movement"), ("Iran", "Hezbollah")} <= found
    said = "".join(piece[0] for one in listed for quote in one["quotes"] for piece in quote)
    assert "Rwanda-backed M23 rebels took Goma on Monday." in said
    bonds = {claim.id for one in relations(situation.claims) for claim in one.claims}
    assert not bonds & {name for layer in drawn for row in layer.frame.itertuples() for name in row.claims}
