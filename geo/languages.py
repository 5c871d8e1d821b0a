"""Which language a text is in, and the words of that language that a reader of names needs.

Counts of function words decide, after the script of the letters: no model, no download. The words are rows of data/language_cues.csv.
A text that is mixed, too short, or in a language that is not known here counts as English, unless its script says otherwise.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache

from geo import datafiles
from geo.names import plain

__all__ = ["READ", "Words", "detect", "key", "limit", "vocabulary"]

READ = frozenset({"fr", "es", "ar", "ru", "uk", "tr"})
"""The languages whose names are read by their own rules; English has its own recognisers, other languages are read as English."""

_NAMES = {
    "fr": "French", "es": "Spanish", "ar": "Arabic", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "de": "German", "it": "Italian",
    "pt": "Portuguese", "bg": "Bulgarian", "sr": "Serbian", "fa": "Persian", "he": "Hebrew", "el": "Greek",
}

LOOKED_AT = 20_000  # characters of a text that are counted; a report says in its first pages which language it is in
SCRIPT_SHARE = 0.5  # share of letters that makes a script that of the text
# Share of words that are function words of the language, against English, and how many at least; set over the development corpora,
# in which no text may leave English, and over tests/gold/languages.jsonl.
LEAST_SHARE, LEAST_WORDS, AHEAD = 0.10, 4, 1.3
LETTER_WEIGHT = 0.5  # what one letter that only this language writes adds, in function words
_BY_SCRIPT = {"CYRILLIC": ("ru", "uk", "bg", "sr"), "ARABIC": ("ar", "fa")}
_LATIN = ("en", "fr", "es", "tr", "de", "it", "pt")
_ALONE = {"HEBREW": "he", "GREEK": "el"}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*['’]?")
_TURKISH = str.maketrans({"İ": "i", "I": "ı"})


class Words:
    """A list of words of a language; an entry that ends in ``*`` stands for all words that begin so."""

    def __init__(self, entries: frozenset[str], language: str) -> None:
        folded = {key(entry, language) for entry in entries}
        self.whole = frozenset(word for word in folded if not word.endswith("*"))
        self.stems = tuple(sorted(word[:-1] for word in folded if word.endswith("*")))

    def __contains__(self, word: str) -> bool:
        return word in self.whole or (bool(self.stems) and word.startswith(self.stems))


def detect(text: str) -> str:
    """Return the language of a text as an ISO 639-1 code; "en" where it cannot be told.

    Examples
    --------
    >>> detect("Les forces du régime ont repris la ville et les villages qui sont près de la route, selon une source.")
    'fr'
    >>> detect("وقالت وكالة الأنباء إن القوات دخلت المدينة")
    'ar'
    >>> detect("Kherson"), detect("Херсон")
    ('en', 'ru')
    """
    sample = text[:LOOKED_AT]
    script = _script(sample)
    if script in _ALONE:
        return _ALONE[script]
    if script in _BY_SCRIPT:
        scores = _scores(sample, _BY_SCRIPT[script])
        return max(_BY_SCRIPT[script], key=lambda language: scores[language])
    scores = _scores(sample, _LATIN)
    best = max(_LATIN, key=lambda language: scores[language])
    words = max(1, len(_WORD.findall(sample)))
    sure = scores[best] >= max(LEAST_WORDS, LEAST_SHARE * words) and scores[best] >= AHEAD * scores["en"]
    return best if sure else "en"


def key(word: str, language: str) -> str:
    """Return the form under which a word of a language is compared with a list: small letters, one apostrophe, one alef.

    Examples
    --------
    >>> key("ISPARTA", "tr"), key("Сёла", "ru"), key("إلى", "ar") == key("الى", "ar")
    ('ısparta', 'села', True)
    """
    if language == "ar":
        return plain(word)
    if language == "tr":
        word = word.translate(_TURKISH)
    return word.lower().replace("’", "'").replace("ʼ", "'").replace("ё", "е")


def limit(language: str) -> str:
    """Return what is not read of a report in a language, as one sentence; empty for English.

    Examples
    --------
    >>> limit("fr")
    'A report is in French: its places are shown, but who holds or attacks what is read in English only.'
    """
    if language == "en":
        return ""
    name = _NAMES.get(language, language)
    if language in READ:
        return f"A report is in {name}: its places are shown, but who holds or attacks what is read in English only."
    return f"A report seems to be in {name}, which is not read here: it was read as if it were English, and most of it is missed."


@lru_cache(maxsize=256)
def vocabulary(language: str, name: str) -> Words:
    """Return one list of data/language_cues.csv or language_common.csv, such as ``vocabulary("fr", "lead")``; empty where there is none.

    Examples
    --------
    >>> "городе" in vocabulary("ru", "head_populated"), "ilinde" in vocabulary("tr", "tail_admin")
    (True, True)
    """
    return Words(_table().get((language, name), frozenset()), language)


@lru_cache(maxsize=1)
def _table() -> dict[tuple[str, str], frozenset[str]]:
    required = ("language", "list", "words", "source")
    rows = [row for name in ("language_cues.csv", "language_common.csv") for _, row in datafiles.rows(name, required=required)]
    return {(row["language"], row["list"]): frozenset(row["words"].split("|")) for row in rows}


def _script(sample: str) -> str:
    """The script of most letters, as the first word of their Unicode names; Latin where none has the half."""
    letters = Counter(character for character in sample if character.isalpha())
    scripts: Counter[str] = Counter()
    for character, count in letters.items():
        scripts["LATIN" if character.isascii() else unicodedata.name(character, "?").split(" ")[0]] += count
    script, count = scripts.most_common(1)[0] if scripts else ("LATIN", 0)
    return script if count > SCRIPT_SHARE * letters.total() else "LATIN"


def _scores(sample: str, languages: tuple[str, ...]) -> dict[str, float]:
    """How many function words and own letters of each language a text has."""
    words = Counter(word.replace("’", "'") for word in _WORD.findall(sample))
    letters = Counter(sample)
    return {language: _score(language, words, letters) for language in languages}


def _score(language: str, words: Counter[str], letters: Counter[str]) -> float:
    stop, own = vocabulary(language, "stop"), _table().get((language, "letters"), frozenset())
    counted = 0.0
    for word, count in words.items():
        folded = key(word, language)
        elided = folded.split("'")[0] + "'" if "'" in folded else folded
        counted += count * (folded in stop or elided in stop)
    return counted + LETTER_WEIGHT * sum(count for letter, count in letters.items() if letter in own)
