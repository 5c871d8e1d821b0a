"""How a name is folded, so that one spelling of a place finds another.

`fold` is the one normal form on which the index is built and every look-up is made: case, accents, apostrophes, dots, hyphens,
zero-width characters and Arabic articles do not count. `skeleton` goes further: spellings that differ only by the habits of
transliteration (q/k, sh/ch, ou/u, ay/ei, -iyah/-ia, double letters) share one skeleton. No skeleton is ever shown to a reader.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["fold", "is_searchable", "plain", "skeleton", "usable", "variants"]

# Letters that NFKD does not take apart, and signs that do not count. Facts of Unicode; written for the scripts that the index holds.
_DROPPED = (
    ".'’‘`´ʼʻʿʾ′‛ʹʺ\"“”„*\u00ad\u061c\u0640\ufeff"
    + "".join(map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A))))  # zero-width and direction marks
)
_SPACED = "-‐‑‒–—―−_/\\,;:()[]{}&+|·•"
_LETTERS = {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a", "ħ": "h", "ŧ": "t", "ŋ": "ng",
            "ɓ": "b", "ɗ": "d", "ƙ": "k", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك", "ё": "е", "ґ": "г"}
_TABLE = str.maketrans({**dict.fromkeys(_DROPPED), **dict.fromkeys(_SPACED, " "), **_LETTERS})

# Words written in more than one way, whatever the language of the report.
_WORDS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
# Arabic articles: the first set counts before any word; the others only before their own letter ("ar-Rastan", not "An Giang").
_ARTICLES = frozenset({"al", "el", "il", "ul"})
_SUN_ARTICLES = {f"{vowel}{letter}": letter for vowel in "aeiu" for letter in ("n", "r", "s", "sh", "d", "dh", "t", "th", "z")}

# Generic words of place names in Arabic and Hebrew, whose vowels change with the writer.
_GENERIC = {"tel": "tal", "tell": "tal", "tall": "tal", "tull": "tal", "jebel": "jabal", "djebel": "jabal", "gebel": "jabal",
            "jabel": "jabal", "jebal": "jabal", "kefr": "kafr", "kfar": "kafr", "kfr": "kafr", "kafar": "kafr", "kufr": "kafr",
            "kefar": "kafr", "oued": "wadi", "ouadi": "wadi", "vadi": "wadi", "wad": "wadi", "oum": "um", "umm": "um", "abou": "abu",
            "bou": "abu", "khirbat": "hirbat", "khirbet": "hirbat", "kherbet": "hirbat", "kalaat": "qalat", "qalaat": "qalat",
            "kalat": "qalat", "qalah": "qalat", "ain": "ayn", "ein": "ayn", "maaret": "maarat", "marat": "maarat", "maara": "maarat",
            "jisser": "jisr", "jeser": "jisr", "sheik": "shaykh", "cheikh": "shaykh", "chaykh": "shaykh", "shekh": "shaykh"}
# Sounds, longest first. Found on the spellings of Arabic, Persian, Turkish, Russian and Ukrainian names in reports.
_SOUNDS = (
    ("tsch", "s"), ("sch", "s"), ("tch", "s"), ("dzh", "j"), ("zh", "j"), ("dj", "j"), ("sh", "s"), ("ch", "s"), ("kh", "h"),
    ("gh", "g"), ("dh", "d"), ("th", "t"), ("ph", "f"), ("ck", "k"), ("ou", "u"), ("oo", "u"), ("ow", "u"), ("aw", "u"), ("au", "u"),
    ("ee", "i"), ("ea", "i"), ("ay", "i"), ("ai", "i"), ("ey", "i"), ("ei", "i"), ("iy", "i"), ("yi", "i"), ("ij", "i"), ("yj", "i"),
    ("ue", "u"), ("oe", "u"), ("ae", "a"), ("q", "k"), ("c", "k"), ("x", "ks"), ("v", "w"), ("y", "i"), ("e", "i"), ("o", "u"),
)
_SOUND = dict(_SOUNDS)
_SOUND_PATTERN = re.compile("|".join(sound for sound, _ in _SOUNDS))
_DOUBLED = re.compile(r"(.)\1+")
_ENDING = re.compile(r"(?:ah|eh|at|et)\b(?=$| )")


_UNUSABLE = re.compile("[\x00\ud800-\udfff]")


def usable(text: str) -> str:
    """Return text without NUL and halves of characters, which no file in UTF-8 and no database holds.

    Examples
    --------
    >>> usable("Id\\udcfflib\\x00")
    'Idlib'
    """
    return _UNUSABLE.sub("", text)


@lru_cache(maxsize=40_000)
def fold(name: str) -> str:
    """Return the form of a name under which the gazetteer keeps it.

    Case, accents, dots, apostrophes, hyphens, zero-width characters, a leading "the" and Arabic articles do not count.

    Examples
    --------
    >>> fold("Ma‘arrat an-Nu‘mān"), fold("B.C."), fold("St. Petersburg"), fold("The Hague")
    ('maarrat numan', 'bc', 'saint petersburg', 'hague')
    """
    words = plain(name).split(" ")
    kept = words[-1:]
    for word in reversed(words[:-1]):
        if not _is_article(word, kept[-1]):
            kept.append(word)
    while len(kept) > 1 and kept[-1] == "the":
        kept.pop()
    return " ".join(reversed(kept))


@lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """Return a name without case, accents and signs, but with its articles: closer to what was written than `fold`.

    Examples
    --------
    >>> plain("Ash-Shadādah")
    'ash shadadah'
    """
    if name.isascii():
        text = name.lower().translate(_TABLE)
    else:
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
        text = "".join([character for character in text if not unicodedata.combining(character)]).translate(_TABLE)
    return " ".join([_WORDS.get(word, word) for word in text.split()])


@lru_cache(maxsize=20_000)
def skeleton(name: str) -> str:
    """Return the form that transliterations of one name share; empty for a name that is not in Latin letters.

    Examples
    --------
    >>> skeleton("Khan Sheikhoun") == skeleton("Khān Shaykhūn")
    True
    >>> skeleton("Tall Rif‘at") == skeleton("Tel Rifaat")
    True
    """
    folded = fold(name)
    if not folded.isascii():
        return ""
    text = " ".join(_GENERIC.get(word, word) for word in folded.split(" "))
    text = _ENDING.sub("a", text)
    text = _SOUND_PATTERN.sub(lambda match: _SOUND[match[0]], text).replace("iia", "ia")
    return _DOUBLED.sub(r"\1", text).replace("w", "u").replace(" ", "")


def variants(name: str) -> tuple[str, ...]:
    """Return the folded forms under which a name may stand in the index: itself, as one word, and its skeleton.

    Examples
    --------
    >>> variants("Deir al-Zour")
    ('deir zour', 'deirzour', 'dirzur')
    """
    folded = fold(name)
    return tuple(form for form in dict.fromkeys((folded, folded.replace(" ", ""), skeleton(name))) if form)


def is_searchable(name: str) -> bool:
    """Say whether a name can be looked up: it has a letter, or a letter-like sign of another script.

    Examples
    --------
    >>> is_searchable("M4"), is_searchable("…")
    (True, False)
    """
    return any(character.isalpha() for character in fold(name))


def _is_article(word: str, following: str) -> bool:
    if word in _ARTICLES:
        return True
    letter = _SUN_ARTICLES.get(word)
    return letter is not None and following.startswith(letter)
