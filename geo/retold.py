"""What the engine says of its own in English - a status, a reason, a limit, an area in words - said in another language of the interface.

The records and the files keep the English. A sentence is found in data/messages.csv, whole, or as one with braces where names and numbers
stand, or in pieces between semicolons. What is a name is left as it is; what no table holds stays English.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from geo import messages

__all__ = ["retold"]

LONGEST = 600  # characters: beyond that no sentence of ours is, and a pattern is not tried
_KEPT = 20_000  # sentences kept: those of a hundred reports are about half as many

# Braces whose words are sentences again; the others hold names and numbers.
_AGAIN = frozenset({"label", "more", "reason", "act", "note", "rest"})
_AREA = "area"  # how the names of braces end that hold an area in words, or a name alone
_ARTICLE = "the "  # of a name inside an area, in English alone
_PAIRS = {"; ": "{first}; {rest}", ". ": "{first} {rest}"}  # how two pieces, and two sentences, are set together
_NUMBER = frozenset({"count", "km", "share", "others"})
_SLOT = re.compile(r"\{(\w+)\}")


def retold(words: str, language: str, *, named: bool = False) -> str:
    """Return words that the engine said, in a language of the interface; those that no table knows as they are.

    Parameters
    ----------
    words, language
        English, and a code of `geo.messages.LANGUAGES`.
    named
        Whether the words may be nothing but a name ("Port"): single words of the data files are then left as they are.

    Examples
    --------
    >>> retold("claimed by Wagner Group", "fr")
    'revendiqué par Wagner Group'
    >>> retold("near Idlib (56 km); something else", "es")
    'cerca de Idlib (56 km); something else'
    >>> retold("Idlib", "ar")
    'Idlib'
    """
    if language == messages.DEFAULT or language not in messages.LANGUAGES or not words or len(words) > LONGEST:
        return words
    return _retold(words, language, named)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with braces: the longest words in it, whether it begins with a small letter, what finds it, and its cell."""

    anchor: str
    lower: bool
    form: re.Pattern[str]
    cell: str


@functools.lru_cache(maxsize=_KEPT)
def _retold(words: str, language: str, named: bool = False) -> str:
    whole = _whole(words, language, named)
    if whole is not None:
        return whole
    if not named:
        for gap, pair in _PAIRS.items():
            first, found, rest = words.partition(gap)
            if found and first and rest:
                halves = {"first": _half(first + gap[:-1].strip(";"), language), "rest": _half(rest, language)}
                return messages.filled(messages.known(pair, language), language, halves)
    return words


def _half(words: str, language: str) -> str:
    said = _retold(words, language)
    return messages.Said(said) if said != words else words


def _whole(words: str, language: str, named: bool) -> str | None:
    """The words found as one: as they stand, or by a pattern: those that begin with words first, and of these the longer.

    A title begins with a capital that its sentence has not.
    """
    lowered = words[:1].lower() + words[1:]
    cells = _plain(language, named)
    if words in cells:
        return cells[words]
    if lowered in cells:
        return _capital(cells[lowered])
    for pattern in _patterns(language):
        said = lowered if pattern.lower else words
        found = pattern.form.fullmatch(said) if pattern.anchor in said else None
        if found is not None:
            values = {name: _value(name, value, language) for name, value in found.groupdict().items()}
            told = messages.filled(pattern.cell, language, values)
            return told if said == words else _capital(told)
    return None


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _value(name: str, value: str, language: str) -> object:
    """What fills the braces: a number, words said again, or a name."""
    if name in _NUMBER:
        return int(value) if value.isdecimal() else value
    area = name.endswith(_AREA)
    if name not in _AGAIN and not area:
        return value
    again = _retold(value, language, area)
    if again != value:
        return messages.Said(again)
    return value.removeprefix(_ARTICLE) if area else value


@functools.cache
def _plain(language: str, named: bool) -> Mapping[str, str]:
    """Sentences without braces; where no name can stand, also words of data files, and those that the page says itself."""
    kinds = ("sentence",) if named else ("sentence", "data", "page", "both")
    return {row["en"]: row[language] for row in messages.rows() if row["where"] in kinds and "{" not in row["en"]}


@functools.cache
def _patterns(language: str) -> tuple[_Pattern, ...]:
    found = [row for row in messages.rows() if row["where"] == "sentence" and "{" in row["en"]]
    found.sort(key=lambda row: (row["en"].startswith("{"), -len(_SLOT.sub("", row["en"]))))
    return tuple(_pattern(row["en"], row[language]) for row in found)


def _pattern(english: str, cell: str) -> _Pattern:
    parts = _SLOT.split(english)
    several = sum(name.endswith(_AREA) for name in parts[1::2]) > 1
    forms = [re.escape(part) if number % 2 == 0 else _slot(part, several) for number, part in enumerate(parts)]
    return _Pattern(max(parts[::2], key=len), english[:1].islower(), re.compile("".join(forms), re.DOTALL), cell)


def _slot(name: str, several: bool) -> str:
    """What the braces hold; one of several areas has no ends of its own ("the M5 from Damascus to Aleppo")."""
    if name in _NUMBER:
        return rf"(?P<{name}>\d[\d,.]*)"
    return rf"(?P<{name}>(?:(?! from | to ).)+?)" if several and name.endswith(_AREA) else rf"(?P<{name}>.+?)"
