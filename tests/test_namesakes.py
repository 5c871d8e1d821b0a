"""Laws for places of one name, 40 to 160 km apart in one country: what is named beside them decides, in any country."""

from __future__ import annotations

import re

import pytest

from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.records import Mention, Place
from geo.resolution import candidates, resolve

# A name, and for each of its two places a town within 20 km and the id; found in the index by distance, so that no war is favoured.
NAMESAKES = [
    ("Suran", ("Tall Rifat", "geonames:163913"), ("Tayyibat al Imam", "geonames:163915")),
    ("Zarichchia", ("Deliatyn", "geonames:687645"), ("Irshava", "geonames:687646")),
    ("Kamra", ("Pallandri", "geonames:1175082"), ("Attock City", "geonames:1340665")),
    ("Timul", ("Motul", "geonames:3515566"), ("Peto", "geonames:8862756")),
    ("Qoroq", ("Sari", "geonames:1594"), ("Fazelabad", "geonames:119171")),
    ("Karahamzali", ("Polatli", "geonames:309816"), ("Kulu", "geonames:309817")),
    ("Yermolino", ("Nekrasovskiy", "geonames:467235"), ("Balabanovo", "geonames:467238")),
    ("Urakam", ("Vallachira", "geonames:1253705"), ("Vengara", "geonames:13353547")),
    ("Wajak", ("Dampit", "geonames:1622272"), ("Boyolangu", "geonames:7579706")),
    ("Sirisia", ("Chwele", "geonames:180085"), ("Port Victoria", "geonames:180087")),
]
BESIDE = [
    "Fighting reached [{0}] near [{1}].",
    "[{1}] fell in the night. By noon the fighting had reached [{0}], local people said.",
    "Shells fell on [{0}], on the outskirts of [{1}], the army said.",
]
COUNTED = [(name, *place, words) for name, *places in NAMESAKES for place in places for words in BESIDE]


def resolved(marked: str) -> dict[int, Place]:
    """Read a text whose names stand in brackets: start of the name -> place."""
    mentions, text = [], ""
    for part in re.split(r"(\[[^\]]+\])", marked):
        if part.startswith("["):
            mentions.append(Mention(document_id="d", start=len(text), end=len(text) + len(part) - 2, text=part[1:-1], kind="other"))
        text += part.strip("[]")
    gazetteer = open_gazetteer()
    found = resolve(from_text(text), candidates(mentions, gazetteer=gazetteer), mentions=mentions, gazetteer=gazetteer)
    return {mention.start: place for place in found for mention in place.mentions}


@pytest.mark.parametrize(("name", "town", "feature", "words"), COUNTED)
def test_the_place_near_the_town_named_with_it_is_meant(name: str, town: str, feature: str, words: str) -> None:
    marked = words.format(name, town)
    start = re.sub(r"[\[\]]", "", marked).index(name)
    assert resolved(marked)[start].feature.id == feature


@pytest.mark.parametrize(
    ("marked", "countries"),
    [
        ("[Dover] is a small town in [Arkansas]. It was named after [Dover], [Kent].", ("AR", "KEN")),
        ("The family moved from [Springfield], [Missouri], to [Springfield], [Illinois].", ("MO", "IL")),
        ("[Alexandria] is the seat of [Douglas County], [Minnesota]. It is not [Alexandria], [Virginia].", ("MN", "VA")),
    ],
)
def test_one_name_is_two_places_where_the_text_says_so(marked: str, countries: tuple[str, str]) -> None:
    name = marked[marked.index("[") + 1 : marked.index("]")]
    found = resolved(marked)
    units = [found[start].feature.admin1.split("-")[-1] for start in sorted(found) if found[start].feature.name == name]
    assert units == list(countries)


@pytest.mark.parametrize(
    ("marked", "unit"),
    [
        ("[Miami] is a town in [Gila County], [Arizona], [United States].", "US-AZ"),
        ("[Alexandria] is a city in [Campbell County], [Kentucky], in the [United States].", "US-KY"),
        ("Gunmen came to [Florida], a town in [Valle del Cauca], [Colombia].", "CO-VAC"),
    ],
)
def test_the_smallest_parent_that_is_named_decides(marked: str, unit: str) -> None:
    assert resolved(marked)[marked.index("[")].feature.admin1 == unit


@pytest.mark.parametrize(
    "marked",
    ["[Kirkuk] is a village in [Zaporizhzhia Oblast], [Ukraine].", "Troops left [Dresden], a village in [Tombouctou Region], [Mali].",
     "[Lahore] is an unincorporated community in [Tunica County], [Mississippi], [United States]."],
)
def test_a_place_that_the_text_puts_where_none_is_known_is_no_namesake_elsewhere(marked: str) -> None:
    assert marked.index("[") not in resolved(marked)


def test_the_towns_of_a_list_do_not_lie_in_each_other() -> None:
    found = resolved("Six safe areas: [Sarajevo], [Tuzla], [Bihac], [Srebrenica], [Zepa] and [Gorazde], all in [Bosnia].")
    assert {place.feature.country for place in found.values()} == {"BA"}
    assert len(found) == 7


def test_a_name_that_the_text_places_once_is_one_place() -> None:
    found = resolved("Police in [Bangor] made an arrest. The man from [Bangor], [Maine], was held in [Bangor].")
    assert {place.feature.id for place in found.values() if place.feature.name == "Bangor"} == {"geonames:4957280"}
