"""When a fact holds: the dates that a text names, resolved against the day on which it was published.

Relative words count from the publication: "on Thursday" is the Thursday nearest to it (the coming one where the sentence looks ahead),
"last month" the month before it. A document without a date gives no relative dates, only those that name a year.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator

from geo.records import When

__all__ = ["DATE_PATTERN", "dates_in", "resolve_date"]

MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
MONTHS |= {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): number for number, name in enumerate(calendar.day_name)}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
_WEEKDAY = "(?P<weekday>" + "|".join(WEEKDAYS) + ")"
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(NUMBERS) + ")"
_FORMS: tuple[str, ...] = (
    r"(?P<iso>\d{4}-\d{2}-\d{2})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH},? (?P<year>(?:1[89]|20)\d{{2}})",
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>(?:1[89]|20)\d{{2}})",
    rf"(?:(?P<part>early|mid|late)[- ])?{_MONTH},? (?P<year>(?:1[89]|20)\d{{2}})",
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\b",
    rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?! ?(?:%|per|people))",
    r"(?:the )?(?P<season>spring|summer|autumn|fall|winter) of (?P<year>(?:1[89]|20)\d{2})",
    rf"(?:(?P<which>last|next|this|on|since|by|late|early) )?{_WEEKDAY}\b",
    r"(?P<which>last|next|this|past) (?P<unit>week|month|year|weekend)",
    rf"{_COUNT} (?P<unit>day|week|month|year)s? (?P<ago>ago)",
    r"(?P<near>yesterday|today|tonight|tomorrow)",
    rf"(?:in|since|until|by|during|of) (?P<bare>early |mid-|late )?{_MONTH}(?!,? \d)",
    r"(?:in|since|of|from|by|during|until|between|late|early|and|to) (?P<year>(?:1[89]|20)\d{2})\b",
)
DATE_PATTERN = re.compile("|".join(f"(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', form)})" for form in _FORMS), re.IGNORECASE)
"""Finds the words of one date in a text; `resolve_date` reads them."""
_READERS = tuple(re.compile(rf"(?:{form})$", re.IGNORECASE) for form in _FORMS)
# Every form holds a digit or one of these words, at most so many characters after its beginning ("during early March").
_LEAD = 14
_SIGNS = (*MONTHS, *WEEKDAYS, *SEASONS, *"day week month year yesterday today tonight tomorrow".split())
_ALSO = {"i": "İı", "k": "\u212a", "s": "ſ"}  # letters that are these in another case


def _in_any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}{_ALSO.get(letter, '')}]" for letter in word)


_SIGN = re.compile(r"\d|" + "|".join(
    f"{_in_any_case(first)}(?={'|'.join(_in_any_case(word[1:]) for word in sorted(set(_SIGNS)) if word[0] == first)})"
    for first in sorted({word[0] for word in _SIGNS})
))


def dates_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what `DATE_PATTERN` finds in a text, looking only where a digit or a word that belongs to a date is near.

    Examples
    --------
    >>> [match.group() for match in dates_in("They left in early March 2022; on Monday they were back.")]
    ['early March 2022', 'on Monday']
    """
    tried = 0
    for sign in _SIGN.finditer(text):
        for start in range(max(tried, sign.start() - _LEAD), sign.start() + 1):
            if match := DATE_PATTERN.match(text, start):
                tried = match.end()
                yield match
                break
        tried = max(tried, sign.start() + 1)


def resolve_date(words: str, *, published: dt.date | None, ahead: bool = False) -> When | None:
    """Return the span of days that some words mean, or None where they mean none.

    Parameters
    ----------
    words
        As found by `DATE_PATTERN`, for example "on Thursday" or "September 2018".
    published
        The day from which relative words count.
    ahead
        Whether the sentence looks into the future, so that "Thursday" is the coming one.

    Examples
    --------
    >>> resolve_date("Thursday", published=dt.date(2020, 3, 5)).start
    datetime.date(2020, 3, 5)
    >>> resolve_date("September 2018", published=None).end
    datetime.date(2018, 9, 30)
    """
    text = re.sub(r"\s+", " ", words.strip())
    for reader in _READERS:
        match = reader.match(text)
        if match:
            parts = {key: value.lower() for key, value in match.groupdict().items() if value}
            found = _read(parts, published, ahead)
            if found is None:
                return None
            return When(start=found[0], end=found[1], precision=found[2], words=words.strip())
    return None


_Days = tuple[dt.date, dt.date, str]


def _read(parts: dict[str, str], published: dt.date | None, ahead: bool) -> _Days | None:
    try:
        if "iso" in parts:
            return _day(dt.date.fromisoformat(parts["iso"]))
        if "season" in parts:
            return _season(parts["season"], int(parts["year"]))
        if "year" in parts:
            return _calendar(parts, int(parts["year"]))
        return None if published is None else _relative(parts, published, ahead)
    except (ValueError, OverflowError):
        return None


def _day(day: dt.date) -> _Days:
    return day, day, "day"


def _calendar(parts: dict[str, str], year: int) -> _Days:
    if "month" not in parts:
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    month = MONTHS[parts["month"]]
    if "day" in parts:
        return _day(dt.date(year, month, int(parts["day"])))
    return _month(year, month)


def _month(year: int, month: int) -> _Days:
    return dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]), "month"


def _season(season: str, year: int) -> _Days:
    first, last = SEASONS[season]
    end_year = year + (last < first)
    return dt.date(year, first, 1), _month(end_year, last)[1], "season"


def _relative(parts: dict[str, str], published: dt.date, ahead: bool) -> _Days:
    readers: dict[str, Callable[[], _Days]] = {
        "month": lambda: _named_month(parts, published, ahead),
        "weekday": lambda: _day(_weekday(parts, published, ahead)),
        "near": lambda: _day(published + dt.timedelta(days={"yesterday": -1, "tomorrow": 1}.get(parts["near"], 0))),
        "ago": lambda: _ago(parts, published),
        "unit": lambda: _unit(parts["unit"], {"last": -1, "past": -1, "next": 1}.get(parts["which"], 0), published),
    }
    return next(reader for key, reader in readers.items() if key in parts)()


def _named_month(parts: dict[str, str], published: dt.date, ahead: bool) -> _Days:
    """A month without a year is the nearest one behind the publication, or ahead of it."""
    month = MONTHS[parts["month"]]
    year = published.year + (ahead and month < published.month) - (not ahead and month > published.month)
    return _calendar(parts, year) if "day" not in parts else _day(dt.date(year, month, int(parts["day"])))


def _weekday(parts: dict[str, str], published: dt.date, ahead: bool) -> dt.date:
    back = (published.weekday() - WEEKDAYS[parts["weekday"]]) % 7
    forward = (-back) % 7
    if parts.get("which") == "next" or (ahead and back):
        return published + dt.timedelta(days=forward or 7)
    return published - dt.timedelta(days=back)


def _ago(parts: dict[str, str], published: dt.date) -> _Days:
    count = NUMBERS[parts["count"]] if parts["count"] in NUMBERS else int(parts["count"])
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[parts["unit"]]
    if parts["unit"] == "year":
        year = published.year - count
        return dt.date(year, 1, 1), dt.date(year, 12, 31), "year"
    middle = published + dt.timedelta(days=-count * days)
    return _day(middle) if parts["unit"] == "day" else _unit(parts["unit"], 0, middle)


def _unit(unit: str, step: int, published: dt.date) -> _Days:
    if unit == "year":
        return dt.date(published.year + step, 1, 1), dt.date(published.year + step, 12, 31), "year"
    if unit == "month":
        index = published.year * 12 + published.month - 1 + step
        return _month(index // 12, index % 12 + 1)
    monday = published - dt.timedelta(days=published.weekday()) + dt.timedelta(weeks=step)
    return monday + dt.timedelta(days=5 if unit == "weekend" else 0), monday + dt.timedelta(days=6), "week"
