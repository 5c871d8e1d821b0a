"""What other languages call places and their people: Londres, البحر الأحمر, українські.

The tables are data/exonyms.csv (names) and data/language_demonyms.csv (words for people and things, with the endings of the language).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from geo import datafiles
from geo.demonyms import demonyms
from geo.languages import key
from geo.names import fold

__all__ = ["demonym_of", "english_demonym", "exonyms"]

# Endings of adjectives and nouns of peoples, by language; what comes after a stem of the table.
_ENDINGS = {
    "fr": r"(?:e|ne|s|es|nes)?",
    "es": r"(?:s|es|a|as)?",
    "ar": r"(?:ي|يه|يين|يون|يان|يات|يتين|يا)",
    "ru": r"(?:ий|ого|ому|им|ом|ая|ой|ую|ое|ие|их|ими|о)",
    "uk": r"(?:ий|ого|ому|им|ім|а|ої|ій|у|ою|е|і|их|ими|о)",
    "tr": r"(?:l[ae]r\w*)?",
}
_TO_THE = re.compile(r"^[وف]?لل")  # "to the" in Arabic: the article loses its first letter
_ATTACHED = {"ar": r"(?:و|ف)?(?:ب|ل|ك)?(?:ال)?"}  # what may stand before, written together


@lru_cache(maxsize=8)
def exonyms(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return what a language calls places: folded name -> feature ids.

    Examples
    --------
    >>> exonyms("fr")["mer noire"], exonyms("tr")["sam"]
    (('sea:black-sea',), ('geonames:170654',))
    """
    found: dict[str, list[str]] = defaultdict(list)
    for _, row in datafiles.rows("exonyms.csv", required=("language", "exonym", "feature", "everywhere")):
        if row["language"] == language:
            found[fold(row["exonym"])].append(row["feature"])
    return {name: tuple(dict.fromkeys(features)) for name, features in found.items()}


def demonym_of(word: str, language: str) -> str:
    """Return the feature whose people or things a word names in a language, or nothing.

    Examples
    --------
    >>> demonym_of("syriennes", "fr"), demonym_of("والسورية", "ar"), demonym_of("українських", "uk"), demonym_of("ville", "fr")
    ('country:SY', 'country:SY', 'country:UA', '')
    """
    if language == "ar" and word.endswith("ى"):  # اليمنى is "right", اليمني is "Yemeni"
        return ""
    pattern, features = _pattern(language)
    written = _TO_THE.sub("ال", word) if language == "ar" else word
    match = pattern.fullmatch(key(written, language))
    return features[match.lastindex - 1] if match and match.lastindex else ""


@lru_cache(maxsize=1)
def english_demonym() -> Mapping[str, str]:
    """Return one word of data/demonyms.csv for each feature that has one: the name under which the resolver knows it.

    Examples
    --------
    >>> english_demonym()["country:SY"]
    'syrian'
    """
    found: dict[str, str] = {}
    for word, feature in demonyms().items():
        found.setdefault(feature, word)
    return found


@lru_cache(maxsize=8)
def _pattern(language: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    """One pattern with a group for each feature, and the features in the order of the groups."""
    forms: dict[str, list[str]] = defaultdict(list)
    for _, row in datafiles.rows("language_demonyms.csv", required=("language", "word", "form", "feature")):
        if row["language"] == language:
            word = key(row["word"], language)
            if row["form"] == "whole":
                forms[row["feature"]].append(re.escape(word.removesuffix("*")) + (r"\w{0,3}" if word.endswith("*") else ""))
            else:
                forms[row["feature"]].append(_stem(word, language))
    groups = "|".join(f"({'|'.join(words)})" for words in forms.values())
    return re.compile(rf"(?:{_ATTACHED.get(language, '')})(?:{groups or '(?!)'})"), tuple(forms)


def _stem(word: str, language: str) -> str:
    """The pattern of a stem with the endings of its language; a Spanish -o changes its vowel."""
    if language == "es" and word.endswith("o"):
        return re.escape(word[:-1]) + "(?:o|a|os|as)"
    return re.escape(word) + _ENDINGS.get(language, "")
