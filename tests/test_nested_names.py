"""Laws for names that the gazetteer does not know but that carry a known place inside them."""

from __future__ import annotations

import pytest

from geo.gazetteer import open_gazetteer
from geo.nested_names import hits_inside
from geo.points import is_point


@pytest.mark.parametrize(
    ("name", "inside"),
    [("Karak district", "Karak"), ("Oaxaca State", "Oaxaca"), ("Loudon Co.", "Loudon County"), ("W. Columbia", "West Columbia"),
     ("Greater Toronto Area", "Toronto")],
)
def test_an_area_is_known_without_the_word_for_its_kind(name: str, inside: str) -> None:
    found = hits_inside(name, anything=False, lands=(), gazetteer=open_gazetteer())
    assert inside in {hit.feature.name for hit in found}


@pytest.mark.parametrize(
    ("name", "town"), [("Manila Cathedral", "Manila"), ("University of Oxford", "Oxford"), ("Kharkiv Tank Works", "Kharkiv")]
)
def test_a_building_stands_somewhere_in_its_town_and_is_not_the_town(name: str, town: str) -> None:
    found = hits_inside(name, anything=True, lands=(), gazetteer=open_gazetteer())
    assert {hit.feature.name for hit in found} == {town}
    assert all(is_point(hit.feature.id) and hit.feature.kind == "other" for hit in found)
    assert hits_inside(name, anything=False, lands=(), gazetteer=open_gazetteer()) == []


@pytest.mark.parametrize("name", ["Xqzwvk", "Xqzwvk Qrtpl", "the", "", "Golden Gate Bridge", "one two three four five six seven Manila"])
def test_nothing_is_found_inside_other_names(name: str) -> None:
    assert hits_inside(name, anything=True, lands=(), gazetteer=open_gazetteer()) == []
