"""Laws of resolution: the peers' mistakes, the reasons shown, rivals, and "none of these"."""

from __future__ import annotations

import pytest

from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.passes import PASSES, Choice, Evidence, Question
from geo.recognition import recognise
from geo.records import Mention, Place
from geo.resolution import RIVALS, candidates, precision_of, resolve


def places(text: str) -> dict[str, Place]:
    gazetteer, report = open_gazetteer(), from_text(text)
    named = recognise(report, gazetteer=gazetteer)
    found = resolve(report, candidates(named, gazetteer=gazetteer), mentions=named, gazetteer=gazetteer)
    return {mention.text: place for place in found for mention in place.mentions}


@pytest.mark.parametrize(
    ("text", "name", "feature"),
    [
        ("He flew to Bangor, Maine.", "Bangor", "geonames:4957280"),
        ("China said nothing in Geneva.", "China", "country:CN"),
        ("Lawmakers in Albany, New York, met.", "Albany", "geonames:5106834"),
        ("Police in Columbia, South Carolina, met.", "Columbia", "geonames:4575352"),
        ("Officials in Oklahoma and Texas agreed.", "Oklahoma", "admin1:US-OK"),
        ("Rockets were fired at Israel from Gaza, the Israeli army said.", "Gaza", "geonames:281133"),
        ("Syrian government forces entered Ariha and Saraqib in Idlib province.", "Ariha", "geonames:172994"),
        ("Clashes in Tripoli, Libya, spread toward Misrata.", "Tripoli", "geonames:2210247"),
        ("Gunmen fought in Tripoli as Lebanese troops deployed near Beirut.", "Tripoli", "geonames:266826"),
        ("He is in Washington for talks on Syria.", "Washington", "geonames:4140963"),
        ("Syrian forces fought for Idlib.", "Idlib", "geonames:169389"),
        ("Syrian forces shelled Idlib province.", "Idlib", "admin1:SY-ID"),
        ("Syrian forces took the city of Idlib.", "Idlib", "geonames:169389"),
        ("Turkish troops left.", "Turkish", "country:TR"),
        ("The firm trades with the USA and with Peru.", "USA", "country:US"),
        ("The Columbia-based firm left South Carolina.", "Columbia", "geonames:4575352"),
    ],
)
def test_names_that_mislead_others_are_placed(text: str, name: str, feature: str) -> None:
    assert places(text)[name].feature.id == feature


def test_a_continent_and_its_adjective_are_never_a_town_or_a_mine() -> None:
    found = places("European leaders of Western Europe met in Europe.")
    assert {found[name].feature.kind for name in ("European", "Western Europe", "Europe")} == {"region"}


def test_gao_is_in_mali_when_the_report_is() -> None:
    found = places("In northern Mali the town of Gao and Timbuktu changed hands.")
    assert found["Gao"].feature.country == "ML"


def test_roads_of_one_number_are_told_apart_by_the_places_on_them() -> None:
    syria = places("The M5 highway runs from Damascus to Aleppo in Syria.")
    assert syria["M5"].feature.country == "SY"


def test_a_name_is_not_an_old_name_of_another_town() -> None:
    found = places("Ukrainian forces held Sloviansk and shells hit Nikopol, near Enerhodar.")
    assert found["Sloviansk"].feature.id != found["Nikopol"].feature.id


def test_the_article_tells_a_river_from_a_town() -> None:
    assert places("Ukrainian forces crossed the Dnipro in boats.")["Dnipro"].feature.kind == "water"
    assert places("Ukrainian officials met in Dnipro.")["Dnipro"].feature.kind == "populated"


@pytest.mark.parametrize(
    ("text", "name", "feature"),
    [
        ("Russian forces left the Kherson region west of the Dnipro.", "Dnipro", "river:dnieper"),
        ("Malian troops and MNLA rebels fought in Mali for Kidal, Tessalit and Lere.", "Lere", "region:ml-lere"),
        ("Azerbaijani forces shelled Stepanakert and Shusha.", "Stepanakert", "region:az-stepanakert"),
        ("Israeli tanks pushed into Rafah. Residents fled to Khan Younis and Jabalia, near Egypt.", "Rafah", "geonames:281102"),
        ("The marines hold Gio Linh and Dong Ha, south of the demilitarised zone.", "demilitarised zone", "region:dmz-vietnam"),
    ],
)
def test_places_of_the_war_come_before_their_namesakes(text: str, name: str, feature: str) -> None:
    assert places(text)[name].feature.id == feature


def test_a_common_noun_means_no_place_of_another_land() -> None:
    assert "demilitarised zone" not in places("Turkish and Russian troops patrol the demilitarised zone around Idlib in Syria.")


def test_a_repeated_name_is_one_place_and_every_mention_is_kept() -> None:
    found = places("Aleppo burned. The Syrian army entered Aleppo. In Aleppo people fled.")
    assert len(found["Aleppo"].mentions) == 3


def test_every_place_has_a_reason_and_rivals_that_were_not_chosen() -> None:
    for place in places("Lebanese troops left Tripoli for Beirut and Paris, and met in London, Ontario.").values():
        assert place.reason
        assert 0 < place.confidence <= 1
        assert len(place.rivals) <= RIVALS
        assert place.feature.id not in {rival.feature.id for rival in place.rivals}


def test_an_unknown_name_stays_unresolved_and_empties_nothing() -> None:
    found = places("Militants in Syria fled the village of Xqzwvk for Aleppo.")
    assert "Xqzwvk" not in found
    assert found["Aleppo"].feature.country == "SY"


def test_a_parent_named_after_the_place_is_the_reason() -> None:
    assert places("He flew to Bangor, Maine.")["Bangor"].reason == "named with its parent: Bangor, Maine"


@pytest.mark.parametrize(
    ("feature", "precision"),
    [("geonames:169389", 1), ("admin1:SY-ID", 4), ("country:SY", 6), ("sea:black-sea", 7), ("road:sy-m5", 5)],
)
def test_precision_follows_ucdp(feature: str, precision: int) -> None:
    assert precision_of(open_gazetteer().get(feature)) == precision


def test_a_name_is_searched_once() -> None:
    named = [Mention(document_id="d", start=n * 10, end=n * 10 + 6, text="Aleppo", kind="populated") for n in range(3)]
    found = candidates(named, gazetteer=open_gazetteer())
    assert found
    assert {candidate.mention.start for candidate in found} == {0}


def test_every_pass_says_what_it_goes_by() -> None:
    assert all((step.__doc__ or "").strip() for step in PASSES)


def test_the_chain_can_be_replaced() -> None:
    def none_of_these(question: Question, evidence: Evidence) -> Choice:
        """Nothing is known."""
        return Choice(None, "nothing is known", 1.0)

    gazetteer, report = open_gazetteer(), from_text("He is in Aleppo.")
    named = recognise(report, gazetteer=gazetteer)
    assert resolve(report, candidates(named, gazetteer=gazetteer), mentions=named, gazetteer=gazetteer, passes=(none_of_these,)) == ()
