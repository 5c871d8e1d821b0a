"""What a place is called where it lies: إدلب, Київ, Θεσσαλονίκη.

The gazetteer keeps the names of a place in many languages without saying which name is of which. The language of the country tells the
script and its letters (data/place_languages.csv); of the names that are written in these, the one that sounds most like the place's
English and other Latin names is the local one (data/script_letters.csv says how letters sound). Where data/local_names.csv has the name,
or data/exonyms.csv has it in that language, that is taken.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from geo import datafiles
from geo.names import fold, skeleton

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Feature

__all__ = ["local_name", "local_town"]

# How much it counts that a name sounds like the English one, like all Latin ones together, and like the nearest of them; and the least
# of all that is believed. Set over the capitals and the twenty largest towns of Syria, Ukraine, Russia, Iran, Israel and Greece.
_ENGLISH, _ALL, _NEAREST, _LEAST = 0.5, 0.3, 0.2, 0.5
_NEAR_KM = 15.0  # between a town of the basemap and the gazetteer's of that name
_CONSONANTS = ("ARABIC", "HEBREW")  # scripts that write no short vowels
_VOWELS = re.compile("[aeiou]")
_ARTICLE = re.compile(r"^(?:al|el|ad|an|ar|as|ash|at|az)[ -]", re.IGNORECASE)
# Letters that speak for a spelling of the language, and against it.
_OWN = {"ar": ("أإآةئؤءطصضظحع", "ّ"), "fa": ("", "أإآةطصضظثعيك"), "ru": ("ё", "ъ"), "uk": ("іїєґ", ""), "be": ("ў", "ь")}
_FOREIGN = re.compile(r"(?:^| )ئ")  # no Arabic, Persian or Urdu word begins with it; Uyghur words do
_OLD = re.compile(r"ъ\b")  # Russian spelling before 1918
_MARKS = "'’ʼ- "


@dataclass(frozen=True, slots=True)
class _Language:
    name: str
    script: str
    letters: frozenset[str]


def local_name(feature: Feature, gazetteer: Gazetteer | None = None) -> str:
    """Return a place's name in the language of its country; empty where it is not known, or is the English name.

    Parameters
    ----------
    feature
        Of the gazetteer; its `country` decides the language.
    gazetteer
        Asked for the names of a feature that comes without any, as one of the text's own coordinates.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> gazetteer = open_gazetteer()
    >>> [local_name(gazetteer.get(name)) for name in ("geonames:169389", "geonames:706483", "geonames:2950159")]
    ['إدلب', 'Харків', '']
    """
    language = _languages().get(feature.country)
    if language is None:
        return ""
    known = _by_hand().get(feature.id) or _listed(language.name).get(feature.id, "")
    found = known or (_best(feature, language) if language.letters else "")
    return "" if fold(found) == fold(feature.name) else found


def local_town(name: str, lon: float, lat: float, gazetteer: Gazetteer) -> str:
    """Return the local name of a town that is known by its English name and position (degrees); empty where it is not known.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> local_town("Aleppo", 37.16, 36.2, open_gazetteer())
    'حلب'
    """
    wanted = fold(name)
    near = gazetteer.near(lon, lat, radius_km=_NEAR_KM, kinds={"populated"}, limit=40)
    same = [feature for feature, _ in near if fold(feature.name) == wanted] or [
        feature for feature, _ in near if any(fold(other) == wanted for other in feature.names)
    ]
    best = max(same, key=lambda feature: feature.population, default=None)
    return local_name(best, gazetteer) if best is not None else ""


def _best(feature: Feature, language: _Language) -> str:
    """Of the names in a language's letters, the one that sounds most like the Latin ones."""
    every = [name for name in feature.names if _is_in(name, language)]
    spelt = [name for name in every if not _OLD.search(name)] or every
    latin = [sound for name in (feature.name, *feature.names) if (sound := _latin_sound(name, language.script))]
    if not spelt or not latin:
        return ""
    scored = {name: _score(_sound(name, language.script), latin) for name in spelt}
    english = skeleton(_ARTICLE.sub("", feature.name)).replace("u", "")

    def worth(name: str) -> tuple[float, ...]:
        sound = _sound(name, language.script, whole=True).replace("u", "") if language.name == "ar" else english
        vowels = fuzz.ratio(sound, english) / 100
        return -scored[name], len(re.split("[ -]", name)), -round(vowels, 2), -_care(name, language.name), len(name)

    best = min(spelt, key=lambda name: (worth(name), name))
    return best if scored[best] >= _LEAST else ""


def _score(sound: str, latin: list[str]) -> float:
    likeness = [fuzz.ratio(sound, other) / 100 for other in latin]
    return round(_ENGLISH * likeness[0] + _ALL * sum(likeness) / len(likeness) + _NEAREST * max(likeness), 3)


def _care(name: str, language: str) -> int:
    """Of spellings that sound alike, how much one looks like the language's own: with the signs and the article that careless spelling
    leaves out, without the letters of its neighbours."""
    good, bad = _OWN.get(language, ("", ""))
    article = 2 if language == "ar" and name.startswith("ال") else 0
    soft = int(language in ("ru", "uk") and name.endswith("ь")) + (name.count("ьк") if language == "uk" else 0)
    return article + soft + sum(sign in good for sign in name) - sum(sign in bad for sign in name)


def _is_in(name: str, language: _Language) -> bool:
    bare = _without_accents(name.lower()) if language.script == "GREEK" else name.lower()
    if _FOREIGN.search(name):
        return False
    return all(sign in language.letters or sign in _MARKS for sign in bare) and any(sign.isalpha() for sign in name)


def _without_accents(name: str) -> str:
    return "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))


def _sound(name: str, script: str, *, whole: bool = False) -> str:
    letters = _letters(script)
    bare = name.removeprefix("ال") if script == "ARABIC" else name
    plain = _without_accents(bare.lower()) if script == "GREEK" else bare.lower()
    spoken = "".join(letters.get(sign, sign if sign.isalpha() else "") for sign in plain)
    return skeleton(spoken) if whole else _plain(spoken, script)


def _latin_sound(name: str, script: str) -> str:
    return _plain(skeleton(_ARTICLE.sub("", name)) if name.isascii() or skeleton(name) else "", script)


def _plain(words: str, script: str) -> str:
    sound = skeleton(words)
    return _VOWELS.sub("", sound).replace("f", "p") or sound if script in _CONSONANTS else sound


@lru_cache(maxsize=1)
def _languages() -> Mapping[str, _Language]:
    rows = (row for _, row in datafiles.rows("place_languages.csv", required=("country", "language", "script", "letters")))
    return {row["country"]: _Language(row["language"], row["script"], frozenset(row["letters"])) for row in rows}


@lru_cache(maxsize=8)
def _letters(script: str) -> Mapping[str, str]:
    return {row["letter"]: row["latin"] for _, row in datafiles.rows("script_letters.csv") if row["script"] == script}


@lru_cache(maxsize=1)
def _by_hand() -> Mapping[str, str]:
    """Feature ids with the name of data/local_names.csv: places of which another country's name sounds more like the English one."""
    return {row["feature"]: row["name"] for _, row in datafiles.rows("local_names.csv", required=("feature", "name"))}


@lru_cache(maxsize=16)
def _listed(language: str) -> Mapping[str, str]:
    """Feature ids with their first name in a language, of data/exonyms.csv."""
    found: dict[str, str] = {}
    for _, row in datafiles.rows("exonyms.csv", required=("language", "exonym", "feature")):
        if row["language"] == language:
            found.setdefault(row["feature"], row["exonym"])
    return found
