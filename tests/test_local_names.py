"""Names in the language of the place: from the country's script, never a guess that sounds like something else."""

from __future__ import annotations

import unicodedata
from typing import Any

import pytest

from geo import datafiles
from geo.lettering import is_rtl
from geo.local_names import local_name, local_town
from geo.records import Feature

# Public facts: the names of these places in their country's language, by their GeoNames ids.
KNOWN = {
    "geonames:169389": "إدلب", "geonames:170063": "حلب", "geonames:170654": "دمشق", "geonames:170017": "حماة", "geonames:169577": "حمص",
    "geonames:379252": "الخرطوم", "geonames:703448": "Київ", "geonames:706483": "Харків", "geonames:698740": "Одеса",
    "geonames:524901": "Москва", "geonames:112931": "تهران", "geonames:734077": "Θεσσαλονίκη", "geonames:98182": "بغداد",
    "geonames:792680": "Београд",
}
SCRIPTS = {"ARABIC", "CYRILLIC", "GREEK", "HEBREW", "LATIN"}


def feature(name: str, country: str, *names: str) -> Feature:
    return Feature(id="test:1", name=name, kind="populated", lon=0, lat=0, country=country, names=names)


@pytest.mark.parametrize(("place", "name"), KNOWN.items())
def test_a_known_place_has_its_own_name(gazetteer: Any, place: str, name: str) -> None:
    assert local_name(gazetteer.get(place), gazetteer) == name


def test_an_arabic_name_runs_from_the_right(gazetteer: Any) -> None:
    assert is_rtl(local_name(gazetteer.get("geonames:169389")))


@pytest.mark.parametrize("country", ["DE", "GB", "PL", "KE", "", "XX"])
def test_where_the_country_writes_no_other_script_there_is_no_other_name(country: str) -> None:
    assert local_name(feature("Town", country, "Город", "مدينة", "Πόλη")) == ""


@pytest.mark.parametrize(("country", "names", "expected"), [
    ("UA", ("Харьков", "Харків", "خاركوف"), "Харків"),
    ("SY", ("ادلب", "إدلب", "محافظة إدلب", "Идлиб"), "إدلب"),
    ("IR", ("طهران", "تهران", "Тегеран"), "تهران"),
    ("RU", ("Казань", "Къазан", "Казан", "Казанъ"), "Казань"),
])
def test_of_many_names_the_one_of_the_countrys_letters_that_sounds_most_alike_is_taken(
    country: str, names: tuple[str, ...], expected: str
) -> None:
    english = {"UA": "Kharkiv", "SY": "Idlib", "IR": "Tehran", "RU": "Kazan"}[country]
    assert local_name(feature(english, country, *names)) == expected


def test_a_name_that_sounds_like_something_else_is_not_taken() -> None:
    assert local_name(feature("Idlib", "SY", "قرطبة")) == ""


def test_a_place_without_further_names_has_none() -> None:
    assert local_name(feature("Idlib", "SY")) == ""


def test_a_town_of_the_basemap_is_found_by_name_and_place(gazetteer: Any) -> None:
    assert local_town("Homs", 36.72, 34.73, gazetteer) == "حمص"
    assert local_town("Homs", 10.0, 50.0, gazetteer) == ""
    assert local_town("No such town", 36.72, 34.73, gazetteer) == ""


def test_most_large_towns_of_a_country_with_its_own_script_have_a_name_in_it(gazetteer: Any) -> None:
    for lon, lat, script in ((36.6, 35.4, "ARABIC"), (35.0, 48.5, "CYRILLIC"), (23.7, 38.0, "GREEK")):
        near = [one for one, _ in gazetteer.near(lon, lat, radius_km=120, kinds={"populated"}, limit=4000) if one.population > 30_000]
        names = [local_name(one) for one in near]
        assert len(near) > 8
        assert sum(map(bool, names)) > 0.8 * len(near), [one.name for one, name in zip(near, names, strict=True) if not name]
        assert all(script in unicodedata.name(sign) for name in names for sign in name if sign.isalpha())


def test_the_names_written_by_hand_are_of_places_in_the_gazetteer(gazetteer: Any) -> None:
    for _, row in datafiles.rows("local_names.csv", required=("feature", "name", "source")):
        assert local_name(gazetteer.get(row["feature"])) == row["name"]


def test_the_tables_name_known_scripts_and_single_letters() -> None:
    letters = {(row["script"], row["letter"]) for _, row in datafiles.rows("script_letters.csv")}
    assert {script for script, _ in letters} == SCRIPTS - {"LATIN"}
    assert all(len(letter) == 1 for _, letter in letters)
    for _, row in datafiles.rows("place_languages.csv"):
        assert row["script"] in SCRIPTS
        plain = unicodedata.normalize("NFC", row["letters"]).replace("'", "").replace("’", "").replace("ّ", "")
        assert not {(row["script"], letter) for letter in plain} - letters or row["script"] == "LATIN"
