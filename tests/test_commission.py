"""The report that the project was commissioned with, row by row of the design's first table.

The report is somebody's article and is not part of the project: it is read where a checkout has ../shared beside it.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path

import pytest
from shapely import Point

from geo import documents, situation, where
from geo.gazetteer import open_gazetteer
from geo.layers import layers
from geo.records import Claim
from geo.situation import Situation

REPORTS = sorted((Path(__file__).parents[1].parent / "shared" / "seeds").glob("*.txt"))
pytestmark = [pytest.mark.bench, pytest.mark.skipif(not REPORTS, reason="the commissioned report is not beside this checkout")]


@lru_cache(maxsize=1)
def read() -> Situation:
    return situation.read([documents.load(REPORTS[0])], gazetteer=open_gazetteer())


def claims(predicate: str, words: str) -> list[Claim]:
    return [c for c in read().claims if c.predicate == predicate and words in " ".join(c.evidence[0].quote.split())]


def one(predicate: str, words: str) -> Claim:
    found = claims(predicate, words)
    assert len(found) == 1, f"{predicate}: {[(c.predicate, where.text(c.where) if c.where else '') for c in read().claims]}"
    return found[0]


def uses(text: str) -> set[str]:
    return {m.use for m in read().mentions if m.text == text and m.kind not in ("actor", "date")}


def drawn_titles() -> set[str]:
    return {str(title) for layer in layers(read()) if layer.key != "reference" for title in layer.frame["title"]}


def test_nobody_is_said_to_control_anything() -> None:
    assert not [c for c in read().claims if c.predicate == "controls"]
    assert read().zones[read().zones["layer"].isin(["control", "claimed"])].empty


def test_the_proposal_is_one_area_between_the_city_and_the_border() -> None:
    claim = next(c for c in claims("proposes", "the idea of letting the rebels") if "Until" in where.text(c.where))  # type: ignore[arg-type]
    assert (claim.status, claim.speaker, claim.when.words) == ("proposed", "Russia", "in the past")
    area = read().geometry(claim)
    assert area is not None
    assert area.covers(Point(36.6339, 35.9306)), "the city of Idlib is in it"
    assert not area.covers(Point(37.16, 36.20)), "Aleppo is not"
    border = read().geometry(where.Border("country:SY", "country:TR"))
    assert border is not None
    assert area.distance(border) < 0.01, "it reaches the border with Turkey"
    turkey = open_gazetteer().shape("country:TR")
    assert area.intersection(turkey).area < 0.01 * area.area, "and does not cross it"


def test_the_proposal_names_two_road_sections() -> None:
    said = claims("withdraws", "the idea of letting the rebels")
    sections = {where.text(c.where): c for c in said if isinstance(c.where, where.RoadSection)}
    assert {section.split('"')[1] for section in sections} == {"road:sy-m5", "road:sy-m4"}
    for claim in sections.values():
        assert (claim.status, claim.speaker, claim.actor.name) == ("proposed", "Russia", "Turkey")  # type: ignore[union-attr]
    m4 = next(read().geometry(c) for text, c in sections.items() if "m4" in text)
    assert m4 is not None
    west, _, east, _ = m4.bounds
    assert west < 36.0, "the M4 begins at the coast"
    assert east > 41.5, "and ends at the border with Iraq"


@pytest.mark.parametrize("name", ["Ankara", "Washington"])
def test_governments_are_not_drawn_on_their_capitals(name: str) -> None:
    assert uses(name) == {"metonym"}
    assert not any(name in title for title in drawn_titles())


@pytest.mark.parametrize("word", ["Russian", "Turkish", "Syrian"])
def test_demonyms_are_actors_never_places(word: str) -> None:
    assert uses(word) == {"demonym"}


def test_moscow_is_a_place_in_the_dateline_and_for_the_meeting_of_5_march() -> None:
    assert "literal" in uses("Moscow")
    assert "metonym" in uses("Moscow")
    claim = one("meets", "The two leaders meet in Moscow")
    assert claim.when.start == dt.date(2020, 3, 5)
    assert {claim.actor.name, claim.target.name} == {"Russia", "Turkey"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "recipe"),
    [
        ("northern Syria", 'Part("country:SY", "north")'),
        ("Idlib region", 'Named("admin1:SY-ID")'),
        ("Turkish side of the border", 'Strip(Border("country:SY", "country:TR")'),
        ("naval base on the Mediterranean coast", 'Described("naval_base"'),
        ("Black Sea", "sea:black-sea"),
        ("East Germany", 'Named("historic:east-germany")'),
        ("Hmeimim", 'Named("base:hmeimim")'),
    ],
)
def test_words_that_describe_an_area_become_that_area(words: str, recipe: str) -> None:
    found = [where.text(phrase.where) for phrase in read().phrases if words in " ".join(phrase.text.split())]
    assert any(recipe in text for text in found), f"{words}: {found}"


def test_the_strip_lies_in_turkey() -> None:
    strip = next(p for p in read().phrases if "side of the border" in p.text)
    area = read().geometry(strip)
    assert area is not None
    assert area.intersection(open_gazetteer().shape("country:TR")).area > 0.98 * area.area


def test_sochi_is_in_russia_and_its_meeting_is_past() -> None:
    assert next(p for p in read().places if p.feature.name == "Sochi").feature.country == "RU"
    claim = one("meets", "in Sochi on the Black Sea")
    assert (claim.status, claim.when.start) == ("past", dt.date(2018, 9, 1))


def test_the_bases_are_a_presence_and_the_unnamed_one_is_inferred() -> None:
    named, unnamed = sorted(claims("bases", "military air base in Hmeimim"), key=lambda c: "Described" in where.text(c.where))  # type: ignore[arg-type]
    assert (named.actor.name, named.status) == ("Russia", "reported")  # type: ignore[union-attr]
    assert "tartus" in where.text(unnamed.where)  # type: ignore[arg-type]
    shown = next(row for layer in layers(read()) for row in layer.frame.to_dict("records") if unnamed.id in row.get("claims", ()))
    assert "inferred" in str(shown).lower()


def test_the_fight_is_contested_now_and_the_halted_offensive_past() -> None:
    assert one("contests", "fight for control of Idlib").status == "reported"
    assert one("attacks", "long-planned offensive in Idlib").status == "past"


def test_the_attack_names_its_origin_and_its_target() -> None:
    claim = one("attacks", "artillery and drones from the Turkish side")
    assert (claim.actor.name, claim.target.name) == ("Turkey", "Syrian government")  # type: ignore[union-attr]
    assert any("came from" in limit for limit in claim.limits)


@pytest.mark.parametrize(("who", "whom"), [("Russia", "Syrian government"), ("Turkey", "Syrian opposition")])
def test_alignments_relate_actors_and_draw_nothing(who: str, whom: str) -> None:
    supports = [c for c in read().claims if c.predicate == "supports"]
    found = [c for c in supports if c.actor and c.target and (c.actor.name, c.target.name) == (who, whom)]
    assert found
    assert all(c.where is None for c in found)


def test_the_analyst_s_institute_is_no_place_and_moscow_is() -> None:
    assert not any("Carnegie" in title for title in drawn_titles())


def test_damaged_words_are_quoted_as_they_stand() -> None:
    text = read().documents[0].text
    assert ",quot;" in text
    for claim in read().claims:
        for span in claim.evidence:
            assert text[span.start : span.end] == span.quote
