"""The words of the interface in its languages: English in the code is the key, the others stand in data/messages.csv.

A cell holds one form, or one for each kind of number that its language tells apart, set apart by " | ": one and more than one in English,
French and Spanish; one, two, few (3 to 10), many (11 to 99) and the rest in Arabic. Names put into a sentence keep their own direction.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping

from geo import datafiles

__all__ = [
    "DEFAULT", "FORMS", "LANGUAGES", "RTL", "WHERE", "Said", "chosen", "date_words", "filled", "known", "number_words", "rows", "say",
    "table",
]

DEFAULT = "en"
LANGUAGES = {"en": "English", "fr": "Français", "es": "Español", "ar": "العربية"}
"""Languages of the interface, each by its own name."""

RTL = frozenset({"ar"})
"""Languages that are written from right to left."""

FORMS = {"en": 2, "fr": 2, "es": 2, "ar": 5}
"""How many forms a cell of each language has where it tells numbers apart."""

WHERE = ("glossary", "form", "page", "frame", "both", "data", "sentence")
"""Who uses a row: nobody (it fixes a translation), dates and numbers, the page, the frame, both, words of data files and of the engine,
and its composed sentences."""

_IN_FRAME = ("form", "frame", "both")
_GAP = " | "
_SLOT = re.compile(r"\{(\w+)\}")
_UNBROKEN = re.compile(" (?=[:;?!»%])|(?<=«) ")  # the spaces at which French breaks no line; the table has plain ones
_NUMBER = "1,234.5"  # the row that shows how a language writes numbers
_DATE = "{day} {month} {year}"
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
# Characters that turn the direction of what follows them; none comes into a sentence of ours with a name of others.
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_ISOLATE = "\u2068{}\u2069"
_APART = re.compile("\u2068[^\u2069]*\u2069")
_FROM_RIGHT = "\u200f"  # before a sentence that begins with a name in other letters, by which a browser would take its direction


class Said(str):
    """Words that are in the language of the sentence already, and run with it."""

    __slots__ = ()


def say(words: str, *, language: str = DEFAULT, **values: object) -> str:
    """Return words in a language, with what stands in braces filled; words that no table knows stay English.

    Parameters
    ----------
    words
        English, as in the first column of data/messages.csv.
    language
        A code of `LANGUAGES`; another is taken as English.
    values
        Numbers and dates are written as the language writes them, so that a year or a coordinate is given as text. The first whole
        number picks the form. A text keeps its own direction.

    Examples
    --------
    >>> say("{count} report | {count} reports", count=3)
    '3 reports'
    >>> say("Undo", language="es")
    'Deshacer'
    """
    return filled(known(words, language), language, values)


def table(language: str) -> dict[str, object]:
    """Return what the frame's script needs to speak a language: its code, whether it runs right to left, and its words by the English.

    Examples
    --------
    >>> table("ar")["rtl"], table("en")["words"]
    (True, {})
    """
    used = {row["en"]: row[language] for row in rows() if row["where"] in _IN_FRAME} if language in _others() else {}
    return {"code": language if used else DEFAULT, "rtl": bool(used) and language in RTL, "words": used}


def filled(cell: str, language: str, values: Mapping[str, object]) -> str:
    """Return the form of a cell that some values ask for, with its braces filled; braces that nothing fills stay.

    Examples
    --------
    >>> filled("{count} report | {count} reports", "en", {"count": 1})
    '1 report'
    """
    forms = cell.split(_GAP)
    count = next((value for value in values.values() if isinstance(value, int) and not isinstance(value, bool)), 1)
    form = forms[min(_PLURAL.get(language, _one)(count), len(forms) - 1)]
    if not values:
        return form
    told = _SLOT.sub(lambda slot: _shown(values[slot[1]], language) if slot[1] in values else slot[0], form)
    turned = language in RTL and _first_strong(told) == "L" and _against(_APART.sub("", told), DEFAULT)
    return _FROM_RIGHT + told if turned else told


def known(words: str, language: str) -> str:
    """Return the cell of a language for some English words, all its forms and braces as they stand; the words where there is none."""
    return _cells(language).get(words, words) if language in _others() else words


def chosen(*wanted: str | None) -> str:
    """Return the first language of the interface among those wanted, a code or a browser's tag such as "fr-CA"; else English.

    Examples
    --------
    >>> chosen(None, "xx", "ar-LB")
    'ar'
    """
    codes = (re.split(r"[-_]", tag.strip().lower())[0] for tag in wanted if isinstance(tag, str))
    return next((code for code in codes if code in LANGUAGES), DEFAULT)


def date_words(day: dt.date, *, language: str = DEFAULT) -> str:
    """Return a day in words.

    Months in Arabic have the names that most of its newsrooms share (يناير, فبراير), not those of the Levant or the Maghreb.

    Examples
    --------
    >>> date_words(dt.date(2020, 3, 5)), date_words(dt.date(2020, 3, 1), language="fr")
    ('5 March 2020', '1er mars 2020')
    """
    return say(_DATE, language=language, day=day.day, month=known(_MONTHS[day.month - 1], language), year=str(day.year))


def number_words(number: float, *, language: str = DEFAULT) -> str:
    """Return a number as a language writes it, with Western digits in each.

    Examples
    --------
    >>> number_words(12345.5), number_words(3, language="ar")
    ('12,345.5', '3')
    """
    sample = known(_NUMBER, language)
    thousands, point = sample[1:-5], sample[-2]
    return f"{number:,}".translate({ord(","): thousands, ord("."): point})


@functools.cache
def rows() -> tuple[dict[str, str], ...]:
    """Return the rows of data/messages.csv.

    Raises
    ------
    DataError
        The table is missing, damaged or lacks a language.
    """
    found = (row for _, row in datafiles.rows("messages.csv", required=("where", *LANGUAGES)))
    return tuple(row | {"fr": _UNBROKEN.sub("\u00a0", row["fr"])} for row in found)


def _others() -> Iterable[str]:
    return LANGUAGES.keys() - {DEFAULT}


@functools.cache
def _cells(language: str) -> Mapping[str, str]:
    return {row["en"]: row[language] for row in rows() if row["where"] != "glossary"}


def _shown(value: object, language: str) -> str:
    if isinstance(value, dt.date):
        return date_words(value, language=language)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return number_words(value, language=language)
    if isinstance(value, Said):
        return value
    words = str(value).translate(_TURNS)
    return _ISOLATE.format(words) if _against(words, language) else words


def _against(words: str, language: str) -> bool:
    """Whether words hold letters or digits that could take those round them along into another direction."""
    kinds = {unicodedata.bidirectional(sign) for sign in words}
    return bool(kinds & {"L", "EN"}) if language in RTL else bool(kinds & {"R", "AL"})


def _first_strong(words: str) -> str:
    """The direction of the first letter; "" where there is none."""
    return next((kind for sign in words if (kind := unicodedata.bidirectional(sign)) in ("L", "R", "AL")), "")


def _one(count: int) -> int:
    return 0 if abs(count) == 1 else 1


def _none_or_one(count: int) -> int:
    return 0 if abs(count) < 2 else 1


def _arabic(count: int) -> int:
    if abs(count) in (1, 2):
        return abs(count) - 1
    rest = abs(count) % 100
    return 2 if 3 <= rest <= 10 else 3 if rest >= 11 else 4


# Kinds of numbers after the plural rules of CLDR; "none" is left out, since a page says in words of its own that there is nothing.
_PLURAL: Mapping[str, Callable[[int], int]] = {"en": _one, "fr": _none_or_one, "es": _one, "ar": _arabic}
