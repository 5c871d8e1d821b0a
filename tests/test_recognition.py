"""Laws of recognition: spans, overlaps, what is a place and what only looks like one."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.recognition import RECOGNISERS, is_toponym, recognise, settle
from geo.records import Document, Mention


def mentions(text: str) -> tuple[Mention, ...]:
    return recognise(from_text(text), gazetteer=open_gazetteer())


def toponyms(text: str) -> dict[str, Mention]:
    return {mention.text: mention for mention in mentions(text) if is_toponym(mention)}


WORDS = st.sampled_from(
    ["Idlib", "Moscow", "the", "M5", "highway", "Turkish", "said", "in", "border", "St.", "Petersburg", "U.S.", "-", "’s", ",", ".", "\n",
     "Mr.", "al-Hilla", "Gulf of Aden", "5 March 2020", "Университет", "حلب", "\u2060", "“",
     "Paris", "Hilton", "rebels", "NATO", "County"]
)


@pytest.mark.parametrize("name", RECOGNISERS)
@settings(max_examples=25, deadline=None)
@given(words=st.lists(WORDS, max_size=25))
def test_every_recogniser_gives_mentions_of_the_text(name: str, words: list[str]) -> None:
    report = from_text("x " + " ".join(words))
    for mention in RECOGNISERS[name](open_gazetteer())(report):
        assert report.text[mention.start : mention.end] == mention.text
        assert mention.document_id == report.id
        assert 0 <= mention.score <= 1
        assert mention.text == mention.text.strip()


@settings(max_examples=40, deadline=None)
@given(words=st.lists(WORDS, max_size=30))
def test_mentions_are_sorted_and_never_overlap(words: list[str]) -> None:
    found = mentions("x " + " ".join(words))
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))


def test_recognition_is_a_function_of_the_text() -> None:
    text = "Russian jets struck Saraqib in Syria, 20 km from Idlib."
    assert mentions(text) == mentions(text)


def test_of_overlapping_mentions_the_longest_stays_then_the_first_in_priority() -> None:
    def named(start: int, end: int, by: str) -> Mention:
        return Mention(document_id="d", start=start, end=end, text="x" * (end - start), kind="other", recogniser=by)

    assert settle([named(0, 4, "a"), named(2, 9, "b")], order=("a", "b")) == (named(2, 9, "b"),)
    assert settle([named(0, 4, "b"), named(0, 4, "a")], order=("a", "b")) == (named(0, 4, "a"),)
    assert settle([named(5, 9, "a"), named(0, 4, "b")], order=("a", "b")) == (named(0, 4, "b"), named(5, 9, "a"))


def test_a_recogniser_is_any_callable() -> None:
    def everything(gazetteer: object) -> object:
        def recogniser(report: Document) -> list[Mention]:
            return [Mention(document_id=report.id, start=0, end=5, text=report.text[:5], kind="other", recogniser="all")]

        return recogniser

    found = recognise(from_text("Xyzzy fell."), gazetteer=open_gazetteer(), recognisers={"all": everything})  # type: ignore[dict-item]
    assert [mention.text for mention in found] == ["Xyzzy"]


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("Troops withdrew from the city of Idlib.", "Idlib", "populated"),
        ("Fighting spread across Idlib province.", "Idlib", "admin"),
        ("Clashes in Syria’s north went on.", "Syria", "country"),
        ("Ships crossed the Black Sea.", "Black Sea", "water"),
        ("Rebels cut the M5 highway to Damascus.", "M5", "road"),
        ("Militants fled to the village of Xyzovka.", "Xyzovka", "populated"),
        ("The U.S. Embassy in Kabul closed.", "Kabul", "populated"),
        ("MOSCOW – The talks in Syria failed.", "MOSCOW", "populated"),
        ("Militants attacked al-Hilla, Iraq.", "al-Hilla", "populated"),
        ("Leaders of Western Europe met in Paris.", "Western Europe", "region"),
        ("Russian troops hold the Zaporizhzhia nuclear power plant.", "Zaporizhzhia nuclear power plant", "base"),
        ("Croat troops pushed along the Livno valley.", "Livno valley", "region"),
        ("Russia left the region west of the Dnipro.", "Dnipro", "water"),
        ("Shells fell on the north bank of the Ben Hai River.", "Ben Hai River", "water"),
        ("Russia still controls Skadovsk, Ukrainian officials said.", "Skadovsk", "populated"),
        ("Kupres fell to Bosnian troops.", "Kupres", "populated"),
        ("Islamist fighters overran Xyzovka in Mali.", "Xyzovka", "populated"),
        ("A woman of Fresno, Calif., was there.", "Calif.", "admin"),
        ("Fighters withdrew to the Adrar des Ifoghas in Mali.", "Adrar des Ifoghas", "region"),
    ],
)
def test_what_the_text_names_is_found_with_the_kind_it_asks_for(text: str, name: str, kind: str) -> None:
    assert toponyms(text)[name].kind == kind


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mr. Jordan spoke for an hour. Jordan then left.", "Jordan"),
        ("Paris Hilton sang.", "Paris"),
        ("Paris Hilton sang.", "Hilton"),
        ("President Erdogan said so. Erdogan left.", "Erdogan"),
        ("Most of them will be nice in March.", "March"),
        ("Reading is a nice thing. Of course it is.", "Reading"),
        ("They carried M4 rifles and AK-47s.", "M4"),
        ("She holds an M.S. degree.", "M.S."),
        ("I’ll call the police.", "I’ll"),
        ("Kati Mather lives in the United States. Mather had hoped to rest.", "Mather"),
        ("“I can barely rest,” said Walsh. Walsh had hoped to live in the United States.", "Walsh"),
        ("Dmitri Trenin directs the Carnegie Center in Moscow.", "Carnegie"),
    ],
)
def test_what_only_looks_like_a_place_is_not_one(text: str, name: str) -> None:
    assert name not in toponyms(text)


@pytest.mark.parametrize(
    ("text", "name", "use"),
    [
        ("Ties between Moscow and Ankara cooled.", "Moscow", "metonym"),
        ("Ties between Moscow and Ankara cooled.", "Ankara", "metonym"),
        ("He delighted Moscow by openly confronting Washington.", "Washington", "metonym"),
        ("He praised Moscow's previous support.", "Moscow", "metonym"),
        ("Moscow said it would wait.", "Moscow", "metonym"),
        ("They meet in Moscow on Thursday.", "Moscow", "literal"),
        ("Hanoi replied on 3 April.", "Hanoi", "metonym"),
        ("He quarrelled openly with Washington.", "Washington", "metonym"),
        ("Ankara quarrelled with the rebels.", "Ankara", "metonym"),
        ("Bakhmut remains under Ukrainian control.", "Bakhmut", "literal"),
        ("Kupres fell to Bosnian troops.", "Kupres", "literal"),
        ("The United States has proposed Geneva for the talks.", "Geneva", "literal"),
        ("MOSCOW – They met.", "MOSCOW", "literal"),
        ("Dmitri Trenin directs the Carnegie Center in Moscow.", "Moscow", "literal"),
        ("The Syrian fight for control of Idlib went on.", "Idlib", "literal"),
        ("Syrian forces should free Idlib.", "Idlib", "literal"),
        ("The Aleppo Media Centre in Syria reported strikes.", "Aleppo", "metonym"),
        ("Turkish drones hit Syrian forces.", "Turkish", "demonym"),
        ("Turkish drones hit Syrian forces.", "Syrian", "demonym"),
    ],
)
def test_use_tells_the_place_from_its_government_and_people(text: str, name: str, use: str) -> None:
    assert toponyms(text)[name].use == use


def test_spans_carry_no_article_and_no_possessive() -> None:
    assert {"Euphrates", "Syria"} <= set(toponyms("They crossed the Euphrates in Syria's north."))


def test_parties_and_dates_and_borders_are_mentions_but_no_toponyms() -> None:
    found = {mention.text: mention.kind for mention in mentions("On 5 March 2020 NATO watched the Syria-Turkey border in Syria.")}
    assert found["NATO"] == "actor"
    assert found["border"] == "border"
    assert any(kind == "date" for kind in found.values())
    assert found["Syria"] == found["Turkey"] == "country"
