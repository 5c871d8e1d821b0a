"""Corrections: each action does what its row says, once, as far as its scope reaches, and survives a file and a re-read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import decision_files, situation
from geo.decisions import ACTIONS, check, claim_name
from geo.documents import from_text
from geo.errors import InputError, SalientError
from geo.gazetteer import open_gazetteer
from geo.moves import Moves, moves
from geo.records import Decision, Document
from geo.situation import Situation

TRIPOLI_LB, TRIPOLI_LY = "geonames:266826", "geonames:2210247"
TEXT = (
    "Fighters held the port of Tripoli on Monday. Shelling was heard near Tripoli through the night. "
    "The army said that its troops control Mansoura. A convoy reached Deir al-Nowhere."
)


def report(text: str = TEXT) -> Document:
    return from_text(text, title="A report", source="Reuters", published=dt.date(2014, 10, 27))


def read(*decisions: Decision, text: str = TEXT) -> Situation:
    return situation.read([report(text)], gazetteer=open_gazetteer(), decisions=decisions)


def feature_of(read_: Situation, words: str) -> set[str]:
    return {place.feature.id for place in read_.places for mention in place.mentions if mention.text == words}


def decided(target: str, action: str, value: str = "", **more: Any) -> Decision:
    return Decision(target=target, action=action, value=value, **more)


# ---------------------------------------------------------------- names


@pytest.mark.parametrize("meant", [TRIPOLI_LB, TRIPOLI_LY])
def test_a_name_means_what_a_reader_chose(meant: str) -> None:
    found = read(decided("Tripoli", "place", meant, scope="desk", by="Ada"))
    assert feature_of(found, "Tripoli") == {meant}
    assert next(place for place in found.places if place.feature.id == meant).reason.startswith("chosen by Ada")


def test_what_stands_on_a_name_moves_with_it() -> None:
    one, two = (read(decided("Tripoli", "place", meant)) for meant in (TRIPOLI_LB, TRIPOLI_LY))
    found = [{str(c.where) for c in side.claims if c.where is not None and meant in str(c.where)}
             for side, meant in ((one, TRIPOLI_LB), (two, TRIPOLI_LY))]
    assert found[0]
    assert found[1]
    card = moves(one, two)
    assert ("Tripoli", "Tripoli, LB", "Tripoli, LY") in card.marks
    assert "1 mark moved" in card.words()


def test_a_decision_here_reaches_one_mention_and_one_on_the_document_all() -> None:
    start = report().text.rindex("Tripoli")
    here = read(
        decided("Tripoli", "place", TRIPOLI_LY, document=report().id),
        decided("Tripoli", "place", TRIPOLI_LB, scope="here", document=report().id, start=start),
    )
    assert {m.start for p in here.places if p.feature.id == TRIPOLI_LB for m in p.mentions} == {start}
    every = read(decided("Tripoli", "place", TRIPOLI_LB, scope="document", document=report().id))
    assert feature_of(every, "Tripoli") == {TRIPOLI_LB}


def test_a_decision_on_another_document_changes_nothing_here() -> None:
    plain, other = read(), read(decided("Tripoli", "drop", scope="document", document="0" * 12))
    assert not moves(plain, other)
    assert not feature_of(read(decided("Tripoli", "drop", scope="desk", document="0" * 12)), "Tripoli")


def test_a_missed_name_is_added_and_a_spot_on_the_map_is_a_place() -> None:
    found = read(decided("Deir al-Nowhere", "add", "point:34.5,36.1;u=500"))
    (place,) = [place for place in found.places if place.feature.id.startswith("point:34.5,36.1;u=500")]
    assert (place.feature.name, place.feature.kind, place.feature.country) == ("Deir al-Nowhere", "populated", "LB")
    assert (place.precision, place.feature.note) == (1, "good to about 500 m")
    coarse = read(decided("Mansoura", "place", "point:34.5,36.1;u=20000"))
    assert {(p.precision, p.feature.name) for p in coarse.places if p.feature.id.startswith("point:")} == {(2, "Mansoura")}


def test_a_decision_on_a_text_or_the_desk_counts_for_its_name_in_capitals_too() -> None:
    text = "TRIPOLI, Monday (Reuters) - Fighters held the port of Tripoli."
    found = read(decided("Tripoli", "place", TRIPOLI_LB, scope="desk"), text=text)
    assert feature_of(found, "TRIPOLI") == feature_of(found, "Tripoli") == {TRIPOLI_LB}
    start = text.index("Tripoli")
    here = decided("Tripoli", "drop", document=report(text).id, start=start)
    assert {m.start for m in read(here, text=text).mentions if m.text.lower() == "tripoli"} == {0}


def test_a_use_changes_and_with_it_what_is_drawn() -> None:
    found = read(decided("Tripoli", "use", "metonym"))
    assert {m.use for m in found.mentions if m.text == "Tripoli"} == {"metonym"}


# ---------------------------------------------------------------- claims


def test_a_claim_is_named_by_its_words_and_corrected_by_them() -> None:
    claim = next(c for c in read().claims if c.predicate == "controls" and "Mansoura" in claim_name(c)[0])
    words, document, start = claim_name(claim)
    for decision in (decided(words, "status", "claimed", document=document, start=start), decided(claim.id, "status", "claimed")):
        found = next(c for c in read(decision).claims if claim_name(c)[0] == words)
        assert found.status == "claimed"
        assert "status corrected by a reader" in found.reason
    assert words not in {claim_name(c)[0] for c in read(decided(words, "reject", scope="desk")).claims}


@pytest.mark.parametrize(
    ("action", "value", "holds"),
    [
        ("actor", "russia", lambda claim: claim.actor.id == "russia"),
        ("actor", "The Band of Nobody", lambda claim: claim.actor.name == "The Band of Nobody"),
        ("target", "ukraine", lambda claim: claim.target.id == "ukraine"),
        ("dates", "2014-10-01/2014-10-03", lambda claim: (claim.when.start.day, claim.when.end.day) == (1, 3)),
        ("where", f'Buffer("{TRIPOLI_LB}", 5.0)', lambda claim: "Buffer" in str(claim.where)),
    ],
)
def test_each_part_of_a_claim_can_be_corrected(action: str, value: str, holds: Any) -> None:
    words = next(claim_name(c)[0] for c in read().claims if c.predicate == "controls")
    found = next(c for c in read(decided(words, action, value)).claims if claim_name(c)[0] == words)
    assert holds(found)


def test_a_correction_of_a_claim_survives_that_of_its_place() -> None:
    words = next(claim_name(c)[0] for c in read().claims if "Tripoli" in claim_name(c)[0])
    found = read(decided("Tripoli", "place", TRIPOLI_LB), decided(words, "status", "denied"))
    assert {c.status for c in found.claims if claim_name(c)[0] == words} == {"denied"}


# ---------------------------------------------------------------- laws


@pytest.mark.parametrize(
    "decision",
    [
        decided("Tripoli", "place", TRIPOLI_LB), decided("Tripoli", "drop"), decided("Deir al-Nowhere", "add", "point:34.5,36.1"),
        decided("Tripoli", "use", "metonym"), decided("Mansoura", "kind", "region"),
    ],
    ids=lambda decision: decision.action,
)
def test_twice_is_once(decision: Decision) -> None:
    assert not moves(read(decision), read(decision, decision))


_WORDS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)
_DECISIONS = st.builds(
    Decision, target=_WORDS, action=st.sampled_from(["place", "drop", "add", "reject", "actor"]), value=_WORDS,
    scope=st.sampled_from(["document", "desk"]), document=st.sampled_from(["", "abcdef012345"]), start=st.integers(-1, 500),
    note=st.just("") | _WORDS, by=st.just("") | _WORDS, made=st.sampled_from(["", "2026-11-22"]),
)


@given(st.lists(_DECISIONS, max_size=6))
def test_a_file_gives_back_what_was_put_into_it(decisions: list[Decision]) -> None:
    assert decision_files.loads(decision_files.dumps(decisions)) == tuple(decisions)


def test_one_more_decision_is_a_few_more_lines() -> None:
    first = [decided("Tripoli", "place", TRIPOLI_LB, scope="desk"), decided("Homs", "drop")]
    one, two = (decision_files.dumps(many).splitlines() for many in (first, [*first, decided("Hama", "drop")]))
    assert two[: len(one)] == one
    assert two[len(one) :] == ["- target: Hama", "  action: drop"]


def test_of_two_decisions_on_one_target_the_later_counts() -> None:
    old, new = decided("Tripoli", "place", TRIPOLI_LY), decided("Tripoli", "place", TRIPOLI_LB)
    assert decision_files.merged([old], [new]) == (new,)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("decisions: [", "is not YAML"),
        ("- a\n- b", "holds no list under 'decisions:'"),
        ("version: 7\ndecisions: []", "of version 7"),
        ("decisions:\n- target: Homs", "Decision 1 of .* needs the fields target and action"),
        ("decisions:\n- {target: Homs, action: move}", "has the action 'move'; choose place"),
        ("decisions:\n- {target: Homs, action: place}", "has no value"),
        ("decisions:\n- {target: Homs, action: use, value: poetic}", "choose literal, metonym, demonym"),
        ("decisions:\n- {target: Homs, action: drop, scope: world}", "the scope 'world'"),
        ("decisions:\n- {target: Homs, action: drop, colour: red}", "has the field 'colour'"),
        ("decisions:\n- {target: Homs, action: dates, value: soon}", "write a day as 2020-03-05"),
        ("decisions:\n- {target: Homs, action: drop, start: x}", "is a whole number"),
        ("decisions:\n- {target: Homs, action: where, value: '__import__(1)'}", "is not part of a recipe"),
        ("decisions:\n- {target: Homs, action: place, value: 'point:95,10'}", "is no point; write point:LATITUDE"),
        ("decisions:\n- {target: Homs, action: where, value: 'Drawn(((0,0),(9,9),(9,0),(0,9)))'}", "crosses itself"),
    ],
)
def test_a_file_that_cannot_be_used_is_told_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        decision_files.loads(text)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        decision_files.load(tmp_path / "none.yaml")
    (tmp_path / "binary.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="is not UTF-8 text"):
        decision_files.load(tmp_path / "binary.yaml")


def test_an_unknown_feature_is_told() -> None:
    with pytest.raises(SalientError, match="geonames:99999999999"):
        read(decided("Tripoli", "place", "geonames:99999999999"))


def test_every_action_is_checked() -> None:
    for action in ACTIONS:
        with pytest.raises(InputError):
            check(Decision(target=" ", action=action))


def test_ground_that_two_claims_give_to_one_party_counts_once() -> None:
    one = "Rebels control Idlib province. "
    before, after = read(text=one), read(text=one + "Rebels control the city of Idlib.")
    assert len(after.claims) > len(before.claims)
    assert {area for area in moves(before, after).areas if area[0] == "control"} == set()


def test_a_card_tells_what_is_lost_and_gained() -> None:
    card = Moves(claims=(("a", "new"), ("b", "gone")), areas=(("control", "A", 10.0, 2.0), ("claimed", "B", 0.0, 1200.4)))
    assert card.words() == "1 new claim; 1 claim gone; 1 area lost 8 km²; 1 area gained 1,200 km²"
    assert Moves().words() == "nothing moved"
