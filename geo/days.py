"""Which days the words of one date mean: "9 May", "early last month", "two weeks ago", "the following day".

Relative words count from the day of publication, and those that point back in the text ("the next day") from the date named before.
Dates in figures are read in European order, day before month, unless only the other order is a date.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from geo.date_words import DAYS_IN_WORDS, FEASTS, FEW, FORMS, MONTHS, NUMBERS, ORDINALS, SEASONS, WEEKDAYS

__all__ = ["Days", "Standing", "days_meant", "shifted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that some words mean; `dated` says that a year was written, so that later words can lean on it."""

    first: dt.date
    last: dt.date
    precision: str
    dated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a reader stands: the day of publication, whether the sentence looks ahead, and the date named before.

    In a text about a time that is over (`history`) a month without a year is of the year of the date before; elsewhere only where that date
    gives a month too.
    """

    published: dt.date | None
    ahead: bool = False
    before: Days | None = None
    history: bool = False


FRESH_DAYS = 45  # a day of so short a time ago is of this year, unless the date before is as near; set over the development claims
_WAYS: Final = dict.fromkeys(("next", "following", "after", "later", "afterwards"), 1) | dict.fromkeys(
    ("previous", "preceding", "before", "earlier"), -1
)

Reader = Callable[[dict[str, str], Standing], "Days | None"]


def days_meant(words: str, standing: Standing) -> Days | None:
    """Return the days that the words of one date mean, or None where they mean none.

    Examples
    --------
    >>> days_meant("late last year", Standing(published=dt.date(2020, 3, 5))).first
    datetime.date(2019, 9, 1)
    """
    text = re.sub(r"\s+", " ", words.strip().replace("’", "'"))
    for form, reader in _READERS:
        if match := form.fullmatch(text):
            parts = {key: value.lower() for key, value in match.groupdict().items() if value}
            if match.groupdict().get("month", "").islower() and not {"day", "year"} & parts.keys():
                return None  # "their march"
            try:
                return reader(parts, standing)
            except (ValueError, OverflowError):
                return None
    return None


def shifted(day: dt.date, months: int) -> dt.date:
    """Return the day so many months later, or the last of that month."""
    index = day.year * 12 + day.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _day(day: dt.date, *, dated: bool = False) -> Days:
    return Days(first=day, last=day, precision="day", dated=dated)


def _month(year: int, month: int, *, dated: bool = False) -> Days:
    last = calendar.monthrange(year, month)[1]
    return Days(first=dt.date(year, month, 1), last=dt.date(year, month, last), precision="month", dated=dated)


def _year(year: int, *, dated: bool = True) -> Days:
    return Days(first=dt.date(year, 1, 1), last=dt.date(year, 12, 31), precision="year", dated=dated)


def _span(first: dt.date, last: dt.date, precision: str) -> Days:
    return Days(first=first, last=last, precision=precision)


def _part(days: Days, part: str) -> Days:
    """Narrow a week, month, year or decade to its part."""
    if not part:
        return days
    if "half" in part or "quarter" in part:
        number, count = ORDINALS[part.split()[0]], 2 if "half" in part else 4
        at = (number if number > 0 else count) - 1
        first = shifted(days.first, at * 12 // count)
        return replace(days, first=first, last=shifted(first, 12 // count) - dt.timedelta(days=1), precision="part of year")
    third = 0 if part.split()[0] in ("early", "beginning", "start") else 1 if part.startswith("mid") else 2
    if days.precision == "year":
        first = dt.date(days.first.year, 1 + 4 * third, 1)
        return replace(days, first=first, last=shifted(first, 4) - dt.timedelta(days=1), precision="part of year")
    if days.precision == "decade":
        start, end = days.first.year + (0, 4, 7)[third], days.first.year + (3, 6, 9)[third]
        return replace(days, first=dt.date(start, 1, 1), last=dt.date(end, 12, 31))
    if days.precision == "month":
        last = days.last if third == 2 else days.first.replace(day=10 * (third + 1))
        return replace(days, first=days.first.replace(day=1 + 10 * third), last=last, precision="part of month")
    if days.precision == "week":
        return replace(days, first=days.first + dt.timedelta(days=(0, 2, 3)[third]), last=days.first + dt.timedelta(days=(2, 4, 6)[third]))
    return days


def _at_night(days: Days, time: str) -> Days:
    """The night of a day ends on the next; the eve of a day is the one before."""
    if time.endswith(("night of", "night on", "night")) and not time.endswith("midnight"):
        return replace(days, last=days.last + dt.timedelta(days=1))
    if "eve " in f"{time} " and "evening" not in time:
        return _day(days.first - dt.timedelta(days=1), dated=days.dated)
    return days


def _in_figures(parts: dict[str, str], standing: Standing) -> Days:
    day, month, year = (int(parts[name]) for name in ("day", "number", "anyyear"))
    year += 0 if year > 99 else 2000 if year < 70 else 1900
    if month > 12 >= day:
        day, month = month, day
    return _day(dt.date(year, month, day), dated=True)


def _iso(parts: dict[str, str], standing: Standing) -> Days:
    return _day(dt.date.fromisoformat(parts["iso"]), dated=True)


def _of_month(parts: dict[str, str], standing: Standing) -> Days | None:
    """A day, several days or a part of a month, or all of it; without a year the month nearest behind, or ahead."""
    found = _month_of(MONTHS[parts["month"]], int(parts.get("day", 1)), int(parts.get("year", 0)), standing)
    if found is None:
        return None
    if "day" in parts:
        first = found.first.replace(day=int(parts["day"]))
        last = found.first.replace(day=int(parts["until"])) if "until" in parts else first
        days = replace(found, first=first, last=last, precision="day" if first == last else "days")
        return _at_night(days, parts.get("time", "")) if first == last else days
    return _weeks(found, parts) if "ordinal" in parts else _part(found, parts.get("part", ""))


def _weeks(month: Days, parts: dict[str, str]) -> Days:
    """The first week or the last days of a month."""
    number = ORDINALS[parts["ordinal"]]
    if parts["few"].startswith("day"):
        return _part(month, "late" if number < 0 else "early")
    first = month.last - dt.timedelta(days=6) if number < 0 else month.first + dt.timedelta(days=7 * (number - 1))
    return replace(month, first=first, last=first + dt.timedelta(days=6), precision="week")


def _month_of(month: int, day: int, year: int, standing: Standing) -> Days | None:
    if year:
        return _month(year, month, dated=True)
    published, before = standing.published, standing.before
    if before and before.dated and not standing.ahead and (standing.history or before.precision != "year"):
        near = _month(before.first.year + (month < before.first.month), month, dated=True)
        fresh = published is not None and _days_since(published, month, day) <= FRESH_DAYS
        near_publication = fresh and (not standing.history or (near.first - before.last).days > FRESH_DAYS)
        if (published is None or near.first <= published) and not near_publication:
            return near
    if published is None:
        return None
    later, earlier = (month, day) > (published.month, published.day), month < published.month
    return _month(published.year + (standing.ahead and earlier) - (not standing.ahead and later and month != published.month), month)


def _days_since(published: dt.date, month: int, day: int) -> int:
    """How long before the publication that day was last."""
    year = published.year - ((month, day) > (published.month, published.day))
    return (published - dt.date(year, month, min(day, 28))).days


def _week_of(parts: dict[str, str], standing: Standing) -> Days | None:
    found = _of_month({key: value for key, value in parts.items() if key != "week"}, standing)
    if found is None:
        return None
    if parts["week"] == "week ending":
        return replace(found, first=found.first - dt.timedelta(days=6), precision="week")
    start = found.first if parts["week"] == "week" else found.first + dt.timedelta(days=(5 - found.first.weekday()) % 7)
    return replace(found, first=start, last=start + dt.timedelta(days=6 if parts["week"] == "week" else 1), precision="week")


def _of_year(parts: dict[str, str], standing: Standing) -> Days:
    found = _year(int(parts["year"]))
    if "until" in parts:
        last = int(parts["until"]) if len(parts["until"]) == 4 else found.first.year // 100 * 100 + int(parts["until"])
        return replace(found, last=dt.date(last, 12, 31), precision="years")
    if "decade" in parts:
        found = replace(found, last=dt.date(found.first.year + 9, 12, 31), precision="decade")
    return _part(found, parts.get("part", ""))


def _season(parts: dict[str, str], standing: Standing) -> Days | None:
    first, last = SEASONS[parts["season"]]
    which, published = parts.get("which", ""), standing.published

    def of(year: int) -> Days:
        end = _month(year + (last < first), last).last
        return Days(first=dt.date(year, first, 1), last=end, precision="season", dated="year" in parts)

    if "year" in parts:
        return of(int(parts["year"]))
    if published is None:
        return None
    if parts.get("of"):
        return of(published.year + {"last": -1, "next": 1}.get(which, 0))
    latest = max((of(published.year - back) for back in (0, 1) if of(published.year - back).first <= published), key=lambda d: d.first)
    if which == "next" or (standing.ahead and latest.last < published):
        return of(latest.first.year + 1)
    return of(latest.first.year - 1) if which == "last" and latest.last >= published else latest


def _of_week(parts: dict[str, str], standing: Standing) -> Days | None:
    """A day of the week: the nearest behind, or ahead where the sentence looks ahead."""
    published, which = standing.published, parts.get("which", "")
    if published is None:
        return None
    back = (published.weekday() - WEEKDAYS[parts["weekday"]]) % 7
    if which == "next" or (standing.ahead and back) or (which == "this" and back > published.weekday()):
        return _day(published + dt.timedelta(days=(7 - back) or 7))
    day = published - dt.timedelta(days=7 if which == "last" and not back else back)
    if "over" in parts:
        return _span(day - dt.timedelta(days=1), day, "days") if "into" in parts["over"] else _span(day, day + dt.timedelta(days=1), "days")
    return _day(day)


def _near(parts: dict[str, str], standing: Standing) -> Days | None:
    if standing.published is None:
        return None
    if parts["near"] == "overnight":
        return _span(standing.published - dt.timedelta(days=1), standing.published, "days")
    step = {"yesterday": -1, "tomorrow": 1, "last night": -1}.get(parts["near"], 0)
    return _day(standing.published + dt.timedelta(days=step))


def _this_unit(parts: dict[str, str], standing: Standing) -> Days | None:
    """Last week, earlier this month, the end of the year."""
    published, part, which = standing.published, parts.get("part", ""), parts.get("which", "this")
    if which == "the" and standing.before and parts["unit"] != "weekend":
        published = standing.before.first
    if published is None:
        return None
    found = _unit(parts["unit"], {"last": -1, "next": 1}.get(which, 0), published)
    if parts["unit"] == "weekend" and which == "the" and found.first > published and not standing.ahead:
        found = _unit("weekend", -1, published)
    if which in ("this", "the") and part == "earlier":
        return replace(found, last=published)
    if which in ("this", "the") and part == "later":
        return replace(found, first=published)
    return _part(found, part)


def _unit(unit: str, step: int, day: dt.date) -> Days:
    if unit == "year":
        return _year(day.year + step, dated=False)
    if unit == "month":
        month = shifted(day.replace(day=1), step)
        return _month(month.year, month.month)
    if unit == "decade":
        return _span(dt.date(day.year // 10 * 10 + 10 * step, 1, 1), dt.date(day.year // 10 * 10 + 10 * step + 9, 12, 31), "decade")
    monday = day - dt.timedelta(days=day.weekday()) + dt.timedelta(weeks=step)
    return _span(monday + dt.timedelta(days=5 if unit == "weekend" else 0), monday + dt.timedelta(days=6), "week")


def _number(count: str) -> int:
    return NUMBERS[count] if count in NUMBERS else int(count)


def _moved(day: dt.date, unit: str, count: int) -> dt.date:
    """The day so many hours, days ... years later."""
    if unit in ("month", "year", "decade"):
        return shifted(day, count * {"month": 1, "year": 12, "decade": 120}[unit])
    hours = count * {"hour": 1, "day": 24, "week": 168}[unit]
    return day + dt.timedelta(days=int(hours / 24))


def _ago(parts: dict[str, str], standing: Standing) -> Days | None:
    published, unit = standing.published, parts["unit"]
    if published is None:
        return None
    if parts["count"] in FEW:
        most = 7 if unit == "day" else 6
        return _span(_moved(published, unit, -most), _moved(published, unit, -2), "days")
    middle = _moved(published, unit, -_number(parts["count"]))
    return _day(middle) if unit in ("day", "hour") else _unit("year" if unit == "decade" else unit, 0, middle)


def _lately(parts: dict[str, str], standing: Standing) -> Days | None:
    """In recent weeks, over the past three days: up to the day of publication."""
    published, unit = standing.published, parts["unit"]
    if published is None:
        return None
    count = parts.get("count", "few" if parts["which"] == "recent" else "one")
    if count == "few" or count in FEW:
        back, most = {"day": ("day", 7), "week": ("month", 1), "month": ("month", 6)}.get(unit, (unit, 5))
        return _span(_moved(published, back, -most), published, "days")
    return _span(_moved(published, unit, -_number(count)), published, "days")


def _soon(parts: dict[str, str], standing: Standing) -> Days | None:
    """In the coming days."""
    published = standing.published
    if published is None:
        return None
    unit, most = {"day": ("day", 7), "week": ("month", 1), "month": ("month", 6)}.get(parts["unit"], (parts["unit"], 5))
    return _span(published, _moved(published, unit, most), "days")


def _coming(parts: dict[str, str], standing: Standing) -> Days | None:
    """In two weeks: only where the sentence looks ahead; else it tells how long something took."""
    if standing.published is None or not standing.ahead or parts["count"] in FEW:
        return None
    return _day(_moved(standing.published, parts["unit"], _number(parts["count"])))


def _pointing(parts: dict[str, str], standing: Standing) -> Days | None:
    """The next day, that evening, the same week, two days later: from the date named before."""
    before = standing.before
    if before is None:
        return None
    way = _WAYS.get(parts.get("way", ""), 0)
    if "unit" not in parts:  # hours later
        return _day(before.last, dated=before.dated)
    unit = parts["unit"] if parts["unit"] in ("hour", "week", "month", "year", "decade") else "day"
    if parts.get("count") in FEW:
        return None
    count = way * _number(parts.get("count", "one"))
    if unit in ("week", "month", "year") and "count" not in parts:
        return replace(_unit(unit, way, before.first), dated=before.dated)
    moved = _moved(before.last if way > 0 and before.precision == "days" else before.first, unit, count)
    if unit in ("month", "year") and before.precision in ("day", "days", "month", "year", "part of month"):
        found = _unit("year" if before.precision == "year" else "month", 0, moved)
        return replace(found, dated=before.dated)
    return Days(first=moved, last=moved, precision="day", dated=before.dated)


def _numbered(parts: dict[str, str], standing: Standing) -> Days | None:
    """On the 13th: of the month named before, else of this one or the last."""
    day = int(parts["day"]) if "day" in parts else DAYS_IN_WORDS[parts["ordinal"]]
    start = standing.before.first if standing.before else standing.published
    if start is None:
        return None
    month = shifted(start.replace(day=1), (day < start.day) if standing.before else -(day > start.day))
    return replace(_day(month.replace(day=day)), dated=bool(standing.before and standing.before.dated))


def _anniversary(parts: dict[str, str], standing: Standing) -> Days | None:
    """On this day in 1983."""
    return _day(standing.published.replace(year=int(parts["year"])), dated=True) if standing.published else None


def _feast(parts: dict[str, str], standing: Standing) -> Days | None:
    month, day = FEASTS[parts["feast"]]
    found = _month_of(month, day, int(parts.get("year", 0)), standing)
    return _day(found.first.replace(day=day), dated=found.dated) if found else None


def _of_decade(parts: dict[str, str], standing: Standing) -> Days:
    return _of_year(parts | {"year": parts["decade"]}, standing)


_BY_NAME: Final[dict[str, Reader]] = {
    "iso": _iso,
    "in_figures": _in_figures,
    "of_month": _of_month,
    "week_of": _week_of,
    "season": _season,
    "feast": _feast,
    "of_week": _of_week,
    "this_unit": _this_unit,
    "ago": _ago,
    "near": _near,
    "lately": _lately,
    "soon": _soon,
    "coming": _coming,
    "pointing": _pointing,
    "numbered": _numbered,
    "anniversary": _anniversary,
    "of_year": _of_year,
    "of_decade": _of_decade,
}
_READERS: Final = tuple((re.compile(form, re.IGNORECASE), _BY_NAME[name]) for form, name in FORMS)
