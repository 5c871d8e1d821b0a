"""How sure a claim is once all reports are read: the laws of agreement, copies, contradiction and denial."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import actors, datafiles
from geo.corroboration import HIGHEST, OWN_CAUSE, corroborate
from geo.documents import from_text
from geo.outlets import publisher
from geo.records import Claim, Document, Span, When
from geo.where import Named
from geo.witnesses import copies, families, statement

WHO = actors.shipped()
DAY = dt.date(2023, 1, 12)
_WORDS = "river market bridge column shells night convoy drone school mine hill engineer winter radio mayor bakery".split()


def report(seed: int, *, source: str, day: dt.date | None = DAY, text: str = "") -> Document:
    """A report whose words nobody else prints, unless its text is given."""
    own = " ".join(f"{word}{seed}" for word in _WORDS)
    return from_text(text or f"Report {seed}: {own}.", source=source, published=day)


def claim(
    document: Document, *, holder: str = "russia", predicate: Any = "controls", confidence: float = 0.8, speaker: str = "",
    status: Any = "reported", place: str = "geonames:1", when: When | None = None,
) -> Claim:
    return Claim(
        id=f"{document.id}-{holder}-{predicate}-{status}", predicate=predicate, actor=WHO.get(holder), target=None, where=Named(place),
        when=when or When(start=document.published, precision="publication"), status=status, speaker=speaker or document.source,
        evidence=(Span(document_id=document.id, start=0, end=10, quote=document.text),), confidence=confidence, reason="said",
        limits=("No more.",), made_by="test",
    )


def sure(*told: tuple[Claim, Document]) -> list[float]:
    return [one.confidence for one in corroborate(tuple(c for c, _ in told), [d for _, d in told])]


def by(seed: int, source: str, *, day: dt.date = DAY, text: str = "", **values: Any) -> tuple[Claim, Document]:
    document = report(seed, source=source, day=day, text=text)
    return claim(document, **values), document


# ---------------------------------------------------------------- agreement


def test_two_independent_publishers_are_surer_than_one_and_three_than_two() -> None:
    one, two, three = by(1, "Reuters"), by(2, "BBC"), by(3, "Le Monde")
    assert sure(one)[0] < sure(one, two)[0] < sure(one, two, three)[0] <= HIGHEST


def test_a_lone_claim_keeps_its_confidence() -> None:
    assert sure(by(1, "Reuters", confidence=0.66)) == [0.66]


@pytest.mark.parametrize(
    "other",
    [
        by(2, "Reuters"),
        by(2, "https://www.reuters.com/world/2"),
        by(2, "Daily Planet", text=report(1, source="Reuters").text),
        by(2, "Daily Planet", text="SOLEDAR (Reuters) - " + report(7, source="").text),
        by(2, "Daily Planet", text="A fight for salt\n\nSOLEDAR, Ukraine (Reuters) - " + report(7, source="").text),
    ],
    ids=["same publisher", "its address", "the same text", "credited to the agency", "credited below its title"],
)
def test_a_copy_never_raises_a_claim(other: tuple[Claim, Document]) -> None:
    assert sure(by(1, "Reuters"), other) == [0.8, 0.8]


def test_a_sentence_that_two_texts_share_is_one_witness() -> None:
    line = "Wagner fighters raised a flag over the salt mine shortly before noon, a witness said by telephone."
    (one, first), (two, second) = by(1, "Reuters"), by(2, "BBC")
    alike = [replace(c, evidence=(replace(c.evidence[0], quote=line),)) for c in (one, two)]
    assert [c.confidence for c in corroborate(tuple(alike), (first, second))] == [0.8, 0.8]


@pytest.mark.parametrize(
    ("first", "second"),
    [("Russian defence ministry", "Russian defence ministry"), ("Russian defence ministry", "the Kremlin"), ("TASS", "the Kremlin")],
)
def test_a_party_and_its_mouthpiece_are_one_witness_whoever_prints_them(first: str, second: str) -> None:
    one = by(1, "Reuters", speaker=first, status="claimed", confidence=0.4)
    two = by(2, "BBC", speaker=second, status="claimed", confidence=0.4)
    assert sure(one, two) == [0.4, 0.4]
    assert sure(one, by(3, "TASS", confidence=0.4)) == [0.4, 0.4]


@pytest.mark.parametrize(("speaker", "rises"), [("Reuters", False), ("Institute for the Study of War", False), ("residents", True)])
def test_whoever_is_quoted_by_name_is_one_witness_in_all_papers(speaker: str, rises: bool) -> None:
    found = sure(by(1, "BBC", speaker=speaker), by(2, "Le Monde", speaker=speaker))
    assert (found[0] > 0.8) is rises


def test_parties_of_one_side_are_one_witness() -> None:
    one = by(1, "Reuters", holder="syria-government", speaker="Russia", status="claimed", confidence=0.4)
    two = by(2, "BBC", holder="syria-government", speaker="the Syrian government", status="claimed", confidence=0.4)
    assert sure(one, two) == [0.4, 0.4]


def test_parties_in_their_own_cause_never_make_a_claim_more_than_likely() -> None:
    speakers = ("M23", "Hamas", "ELN", "the Taliban", "Fretilin")
    told = [by(n, "Reuters", holder="m23", speaker=name, status="claimed", confidence=0.5) for n, name in enumerate(speakers)]
    assert 0.5 < max(sure(*told)) <= OWN_CAUSE


def test_what_a_party_admits_against_its_own_side_counts_as_a_witness_of_its_own() -> None:
    gain = by(1, "Reuters", speaker="Russian defence ministry", status="claimed", confidence=0.4)
    loss = by(2, "BBC", holder="ukraine", predicate="withdraws", speaker="Ukraine", status="claimed")
    assert sure(gain, loss)[0] > OWN_CAUSE


def test_a_hold_told_a_season_later_is_another_fact() -> None:
    assert sure(by(1, "Reuters"), by(2, "BBC", day=DAY + dt.timedelta(days=120))) == [0.8, 0.8]


def test_a_claim_of_another_place_or_status_is_no_witness() -> None:
    one = by(1, "Reuters")
    assert sure(one, by(2, "BBC", place="geonames:2"))[0] == 0.8
    assert sure(one, by(2, "BBC", status="proposed"))[0] == 0.8


# ---------------------------------------------------------------- contradiction


def test_a_contradiction_is_kept_marked_and_lowers_both() -> None:
    (one, first), (two, second) = by(1, "Reuters"), by(2, "BBC", holder="ukraine")
    a, b = corroborate((one, two), (first, second))
    assert a.confidence < 0.8 > b.confidence
    assert any(limit.startswith("Contradicted by BBC (2023-01-12): Ukraine holds") for limit in a.limits)
    assert any(limit.startswith("Contradicted by Reuters") for limit in b.limits)
    assert (a.status, a.actor, b.actor) == (one.status, one.actor, two.actor)


def test_a_partys_word_lowers_a_report_less_than_another_report_does() -> None:
    one = by(1, "Reuters")
    word = by(2, "BBC", holder="ukraine", speaker="Ukraine", status="claimed", confidence=0.4)
    assert sure(one, by(2, "BBC", holder="ukraine"))[0] < sure(one, word)[0] < 0.8


@pytest.mark.parametrize("days", [3, 30])
def test_a_place_that_changes_hands_later_is_no_contradiction(days: int) -> None:
    later = by(2, "BBC", holder="ukraine", day=DAY + dt.timedelta(days=days))
    assert sure(by(1, "Reuters"), later) == [0.8, 0.8]


def test_one_report_that_tells_of_two_holders_tells_a_story() -> None:
    document = report(1, source="Reuters")
    told = (claim(document), claim(document, holder="ukraine"))
    assert [one.confidence for one in corroborate(told, (document,))] == [0.8, 0.8]


def test_one_report_that_quotes_both_sides_contradicts_itself() -> None:
    document = report(1, source="Reuters")
    told = (
        claim(document, speaker="Russia", status="claimed", confidence=0.4),
        claim(document, holder="ukraine", speaker="Ukraine", status="claimed", confidence=0.4),
    )
    assert all(one.confidence < 0.4 for one in corroborate(told, (document,)))


@pytest.mark.parametrize("other", ["wagner", "donbas-separatists", "rebels"])
def test_allies_and_common_words_contradict_nobody(other: str) -> None:
    assert sure(by(1, "Reuters"), by(2, "BBC", holder=other))[0] == 0.8


def test_a_denial_halves_what_it_denies_once() -> None:
    gain = by(1, "Reuters", speaker="Russia", status="claimed", confidence=0.4)
    denial = by(2, "BBC", speaker="Ukraine", status="denied", confidence=0.4)
    again = by(3, "AFP", speaker="Zelensky", status="denied", confidence=0.4)
    assert sure(gain, denial)[0] == sure(gain, denial, again)[0] == 0.2
    (told, _) = corroborate((gain[0], denial[0]), (gain[1], denial[1]))
    assert "Denied by Ukraine (2023-01-12)." in told.limits


# ---------------------------------------------------------------- laws

_SOURCES = ("Reuters", "BBC", "TASS", "Le Monde", "")
_SPEAKERS = ("", "Russia", "Ukraine", "the United Nations", "residents")
_HOLDERS = ("russia", "ukraine", "wagner", "rebels")


def _told(seed: int, source: str, speaker: str, holder: str, status: str, predicate: str, confidence: float, days: int) -> Any:
    """A claim in a text of its own: of one text a situation holds one document."""
    own = 1000 * _SOURCES.index(source) + 50 * seed + days
    return by(
        own, source, day=DAY + dt.timedelta(days=days), speaker=speaker, holder=holder, status=status, predicate=predicate,
        confidence=confidence,
    )


_CLAIMS = st.builds(
    _told,
    st.integers(0, 15), st.sampled_from(_SOURCES), st.sampled_from(_SPEAKERS), st.sampled_from(_HOLDERS),
    st.sampled_from(("reported", "claimed", "denied", "past")), st.sampled_from(("controls", "withdraws", "attacks")),
    st.floats(0.05, 1.0), st.integers(0, 40),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_CLAIMS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_does_not_matter_and_nothing_is_certain(told: list[tuple[Claim, Document]], random: Any) -> None:
    claims, documents = [c for c, _ in told], [d for _, d in told]
    found = {id(c): r for c, r in zip(claims, corroborate(tuple(claims), documents), strict=True)}
    shuffled, others = random.sample(claims, len(claims)), random.sample(documents, len(documents))
    again = {id(c): r for c, r in zip(shuffled, corroborate(tuple(shuffled), others), strict=True)}
    assert found == again
    assert all(0 < one.confidence <= HIGHEST or one.confidence == 0 for one in found.values())


@settings(max_examples=60, deadline=None)
@given(st.lists(_CLAIMS, max_size=6), st.floats(0.05, 0.97))
def test_one_more_independent_witness_never_lowers_a_claim_and_one_more_rival_never_raises_it(
    told: list[tuple[Claim, Document]], confidence: float
) -> None:
    first = by(99, "Reuters")
    before = sure(first, *told)[0]
    assert sure(first, *told, by(98, "The Novel Herald", confidence=confidence))[0] >= before
    assert sure(first, *told, by(98, "The Novel Herald", holder="ukraine", confidence=confidence))[0] <= before


@settings(max_examples=40, deadline=None)
@given(st.lists(_CLAIMS, min_size=1, max_size=6), st.integers(0, 5))
def test_printing_a_report_again_changes_nothing(told: list[tuple[Claim, Document]], which: int) -> None:
    one, document = told[which % len(told)]
    copy = from_text(document.text + "\n", source=document.source, published=document.published)
    printed = replace(one, id="copy", evidence=(replace(one.evidence[0], document_id=copy.id),))
    assert sure(*told, (printed, copy))[: len(told)] == sure(*told)


# ---------------------------------------------------------------- witnesses


def test_texts_that_share_most_of_their_words_are_copies_and_others_are_not() -> None:
    first = report(1, source="A")
    cut = report(0, source="B", text=first.text[: len(first.text) * 2 // 3])
    other = report(3, source="C")
    found = copies([first, cut, other])
    assert found[first.id] == found[cut.id] != found[other.id] == other.id


def test_many_copies_are_one_family() -> None:
    told = [by(n, f"Paper {n}", text=report(1, source="").text + f" Edition {n}.") for n in range(60)]
    copy_of = copies([d for _, d in told])
    said = [statement(c, d, who=WHO, copy_of=copy_of) for c, d in told]
    assert set(families(said, who=WHO)) == {0}


def test_every_mouthpiece_speaks_for_a_party_of_the_table_and_its_years_run_forwards() -> None:
    for line, row in datafiles.rows("mouthpieces.csv", required=("name", "actor", "aliases", "start", "end", "source")):
        assert WHO.get(row["actor"]).id == row["actor"], line
        assert row["source"], line
        assert not row["end"] or row["start"] <= row["end"], line


@pytest.mark.parametrize(("day", "party"), [(dt.date(2015, 1, 1), "syria-government"), (dt.date(2025, 6, 1), "syria-transition")])
def test_a_mouthpiece_speaks_for_whoever_holds_it_on_the_day(day: dt.date, party: str) -> None:
    one, document = by(1, "SANA", day=day)
    voice = statement(one, document, who=WHO, copy_of={}).voice
    assert voice is not None
    assert voice.id == party


@pytest.mark.parametrize("written", ["Reuters", "reuters", "https://www.reuters.com/world/x", "www.reuters.com"])
def test_a_publisher_has_one_name_however_it_is_written(written: str) -> None:
    assert publisher(written) == "Reuters"
