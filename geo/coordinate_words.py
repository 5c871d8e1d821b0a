"""The words of coordinates, and the patterns made of them: the compass, latitude and longitude, cues and units.

The words are rows of data/coordinate_words.csv, in the languages that reports are read in.
"""

from __future__ import annotations

import re
from functools import lru_cache

from geo import datafiles

__all__ = [
    "AFTER", "BEFORE", "PLAIN", "SIGN", "angle_patterns", "beside_pattern", "compass", "cue", "cue_before", "cues", "join", "labels",
    "measured", "says_where", "unit_before",
]

PLAIN = r"\d{1,3}(?:\.\d{1,12})?"  # degrees with or without decimals
SIGN = r"[-+−–]"
BEFORE, AFTER = r"(?<![\w.,$€£¥₹#°])(?<!\d[:/-])", r"(?!\w|[.:/]\d)"  # what a number of degrees may not be a part of


@lru_cache(maxsize=1)
def beside_pattern() -> re.Pattern[str]:
    """Return the pattern of what may stand between a name and its coordinates: a bracket, a comma, "at coordinates".

    Examples
    --------
    >>> [bool(beside_pattern().fullmatch(gap)) for gap in (" (", " at ", ": ", " and later ")]
    [True, True, True, False]
    """
    return re.compile(rf"[\s,:(\[–—-]{{1,3}}(?:(?:{_any_of('cue', 'between', 'lat', 'lon')})[\s,:(=\[]{{1,3}}){{0,4}}", re.IGNORECASE)


def says_where(words: str) -> bool:
    """Say whether words between a name and its coordinates hold a cue: "is located at".

    Examples
    --------
    >>> says_where(" is located at "), says_where(" at ")
    (True, False)
    """
    return cue().search(words) is not None


@lru_cache(maxsize=1)
def compass() -> dict[str, str]:
    """Return the words and letters of the compass, in small letters, with the direction that each means."""
    return {word.lower(): meaning for meaning in ("north", "south", "east", "west") for word in _words()[meaning]}


@lru_cache(maxsize=1)
def angle_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of one angle: with a degree sign; its parts joined by a dash, colon or space; a decimal number with a letter."""
    letters = "|".join(re.escape(word) for meaning in ("north", "south", "east", "west") for word in _words()[meaning] if len(word) == 1)
    words = "|".join(re.escape(word) for meaning in ("north", "south", "east", "west") for word in _words()[meaning] if len(word) > 1)
    compass = rf"(?:{letters}|(?i:{words}))(?!\w)"
    before = rf"(?:(?P<before>{letters})\.?\s{{0,2}})"
    after = rf"(?:\s{{0,2}}(?P<after>{compass}))"
    degree = r"\s?Â?(?:[°º˚]|(?i:deg(?:rees?)?\b\.?)|d(?=\s?\d))"
    tick = rf"(?:['′’‘´ʹ`]|m(?:in(?:utes?)?\.?)?(?![a-z])|(?=\s{{0,2}}{compass}))"
    minute = rf"\s{{0,2}}(?P<min>\d{{1,2}}(?:[.,]\d{{1,8}})?)\s?{tick}"
    second = r"\s{0,2}(?P<sec>\d{1,2}(?:[.,]\d{1,6})?)\s?(?:[\"″”“]|''|′′|’’|s(?:ec(?:onds?)?\.?)?(?![a-z]))"
    sign = rf"(?P<sign>{SIGN})?"
    number = r"(?P<deg>\d{1,3}(?:[.,٫]\d{1,12})?)"
    joined = r"(?P<deg>\d{1,3})(?P<by>[-: ])(?P<min>\d{1,2}(?:\.\d{1,6})?)(?:(?P=by)(?P<sec>\d{1,2}(?:\.\d{1,4})?))?"
    decimal = r"(?P<deg>\d{1,3}[.,٫]\d{1,12})"
    return tuple(re.compile(BEFORE + pattern) for pattern in (
        rf"{before}?{sign}{number}{degree}(?:{minute}(?:{second})?)?(?(before)|{after}?)",
        rf"{before}?{sign}{joined}(?(before)(?!\w)|{after})",
        rf"{before}?{sign}{decimal}(?(before)(?!\w)|{after})",
    ))


@lru_cache(maxsize=1)
def cue() -> re.Pattern[str]:
    """Return the pattern of a word that says that coordinates follow, or what they are."""
    return re.compile(rf"(?<!\w)(?:{_any_of('cue', 'lat', 'lon')})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def cues() -> tuple[str, ...]:
    """Return the cues in small letters."""
    return tuple(word.lower() for word in _words()["cue"])


@lru_cache(maxsize=1)
def cue_before() -> re.Pattern[str]:
    """Return the pattern of a cue, and a few small words, at the end of what stands before a pair of numbers."""
    between = rf"(?:(?:{_any_of('between')})[\s:=(\[]{{1,3}}){{0,2}}"
    return re.compile(rf"(?<!\w)(?:{_any_of('cue')})[\s:=(\[,]{{1,4}}{between}$", re.IGNORECASE)


@lru_cache(maxsize=1)
def measured() -> re.Pattern[str]:
    """Return the pattern of what follows a quantity: a unit, a currency, a percentage."""
    return re.compile(rf"\s{{0,2}}(?:[%‰€$£₽°]|(?:{_any_of('unit')})(?!\w))", re.IGNORECASE)


@lru_cache(maxsize=1)
def unit_before() -> re.Pattern[str]:
    """Return the pattern of a unit or currency at the end of what stands before a number."""
    return re.compile(rf"(?<!\w)(?:{_any_of('unit')})\s{{1,2}}$")


@lru_cache(maxsize=1)
def join() -> re.Pattern[str]:
    """Return the pattern of what may stand between two angles: a comma, "and", the word longitude."""
    label, sign = rf"(?:{_any_of('lat', 'lon')})\.?", rf"(?:[,;/|&،]|(?:{_any_of('join')})\b)"
    return re.compile(rf"\.?\s{{0,3}}(?:{label})?\s{{0,2}}{sign}?\s{{0,3}}(?:{label}\s?[:=]?\s{{0,2}})?", re.IGNORECASE)


@lru_cache(maxsize=1)
def labels() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of a pair with the words latitude and longitude, before each or before both."""
    lat, lon = (rf"(?:{_any_of(axis)})\.?" for axis in ("lat", "lon"))
    first, second = rf"(?P<lat>{SIGN}?{PLAIN})°?", rf"(?P<lon>{SIGN}?{PLAIN})°?"
    gap, both, colon = r"\s{0,2}[:=]?\s{0,2}", rf"\s{{0,2}}(?:[,;/|،]|(?:{_any_of('join')})\b)?\s{{0,2}}", r"\)?\s{0,2}[:=]?\s{0,2}[(\[]?"
    return tuple(re.compile(rf"(?<!\w){pattern}{AFTER}", re.IGNORECASE) for pattern in (
        rf"{lat}{gap}{first}{both}{lon}{gap}{second}",
        rf"{lon}{gap}{second}{both}{lat}{gap}{first}",
        rf"\(?{lat}\s?[,/]\s?{lon}{colon}{first}\s?[,;/ ]\s?{second}",
        rf"\(?{lon}\s?[,/]\s?{lat}{colon}{second}\s?[,;/ ]\s?{first}",
    ))


@lru_cache(maxsize=1)
def _words() -> dict[str, tuple[str, ...]]:
    table: dict[str, list[str]] = {}
    for _, row in datafiles.rows("coordinate_words.csv", required=("word", "meaning", "language", "source")):
        table.setdefault(row["meaning"], []).append(row["word"])
    return {meaning: tuple(sorted(words, key=len, reverse=True)) for meaning, words in table.items()}


def _any_of(*meanings: str) -> str:
    return "|".join(re.escape(word) for meaning in meanings for word in _words()[meaning])
