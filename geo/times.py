"""When a fact holds: the dates that a text names, resolved against the day on which it was published.

Relative words count from the publication: "on Thursday" is the Thursday nearest to it (the coming one where the sentence looks ahead),
"last month" the month before it. A document without a date gives no relative dates, only those that name a year. Two dates joined
("between 28 February and 3 March", "from Monday to Wednesday") are one span; "since May" has no end and "until May" no beginning.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from geo.date_words import FORMS, SIGNS
from geo.days import Days, Standing, days_meant
from geo.records import Document, When

__all__ = ["DATE_PATTERN", "Dated", "dates_in", "dates_of", "read_dates", "resolve_date"]

DATE_PATTERN = re.compile(
    r"(?<![\w.])(?:" + "|".join(f"(?:{re.sub(r'[(][?]P<[a-z]+>', '(?:', form)})" for form, _ in FORMS) + ")", re.IGNORECASE
)
"""Finds the words of one date in a text; `resolve_date` reads them."""
# Every form holds a digit or one of these words, at most so many characters after its beginning ("shortly before the early hours of").
_LEAD = 40
_ALSO = {"i": "İı", "k": "\u212a", "s": "ſ"}  # letters that are these in another case


def _in_any_case(word: str) -> str:
    return "".join(f"[{letter}{letter.upper()}{_ALSO.get(letter, '')}]" for letter in word)


_SIGN = re.compile(r"\d|" + "|".join(
    f"{_in_any_case(first)}(?={'|'.join(_in_any_case(word[1:]) for word in sorted(set(SIGNS)) if word[0] == first)})"
    for first in sorted({word[0] for word in SIGNS})
))
# A text of whose written years so many lie so long before its publication, and that tells of no day by its name from there ("on Monday"),
# is about a time that is over; set over the development claims.
OLD_SHARE, OLD_DAYS, NEWS_DAYS = 0.5, 800, 10
_WRITTEN = re.compile(r"(?:1[89]|20)\d{2}")
_START = re.compile(r"(?<![\w.])\w")
_JOINED = re.compile(r"\s*(?:[-–—]|and|to|until|till|through|up to)\s*(?:the\s+)?", re.IGNORECASE)
_LEADS = re.compile(
    r"(?:^|\W)(between|from|in|during|since|until|till|before|after|starting|beginning|prior to|up to)(?: on| from)?\s*$", re.IGNORECASE
)
_FIRST_WORD = re.compile(r"(between|from|in|during|since|until|till|before|after|and|to|through)\s+(?=\S)", re.IGNORECASE)
_OPENS = frozenset({"since", "from", "starting", "beginning", "after"})
_CLOSES = frozenset({"until", "till", "up to"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date in a text, from character `start` to `end`, and when it is."""

    start: int
    end: int
    when: When


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """One date as found: its days, and the word that leads it ("since", "between")."""

    start: int
    end: int
    lead: str
    days: Days


def dates_in(text: str) -> Iterator[re.Match[str]]:
    """Yield what `DATE_PATTERN` finds in a text, looking only where a digit or a word that belongs to a date is near.

    Examples
    --------
    >>> [match.group() for match in dates_in("They left in early March 2022; on Monday they were back.")]
    ['early March 2022', 'on Monday']
    """
    tried = 0
    for sign in _SIGN.finditer(text):
        if sign.start() < tried:
            continue
        for start in _START.finditer(text, max(tried, sign.start() - _LEAD), sign.start() + 1):
            if match := DATE_PATTERN.match(text, start.start()):
                tried = match.end()
                yield match
                break


def read_dates(
    text: str, *, published: dt.date | None, ahead: bool = False, anchor: When | None = None, history: bool = False,
) -> tuple[Dated, ...]:
    """Return the dates of a text, from left to right; words that mean no day are left out.

    Parameters
    ----------
    text
        A sentence or more; "the following day" counts from the date before it.
    published
        The day from which other relative words count.
    ahead
        Whether the text looks into the future, so that "Thursday" is the coming one.
    anchor
        The date named last before the text.
    history
        Whether the text is about a time that is over, so that months without a year follow the dates before them.

    Examples
    --------
    >>> [(found.when.start.day, found.when.end.day) for found in read_dates(
    ...     "It fell between 3 and 7 March 2022. The next day they left.", published=None)]
    [(3, 7), (8, 8)]
    """
    before = _as_days(anchor)
    found: list[_Read] = []
    for match in dates_in(text):
        standing = Standing(published=published, ahead=ahead, before=before, history=history)
        days = days_meant(match.group(), standing)
        if days is not None:
            found.append(_Read(start=match.start(), end=match.end(), lead=_lead(text, match), days=days))
            before = days
    return tuple(_dated(text, one) for one in _joined(text, found))


@lru_cache(maxsize=64)
def dates_of(document: Document) -> tuple[Dated, ...]:
    """Return the dates of a report, from its beginning to its end, each read with those before it.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("It began in 1991. In May 1992 it spread. In June it was over.", published=dt.date(2014, 5, 1))
    >>> [found.when.start.year for found in dates_of(report)]
    [1991, 1992, 1992]
    """
    published = document.published
    plain = read_dates(document.reading, published=published)
    if published is None:
        return plain
    written = [found.when for found in plain if found.when.end and _WRITTEN.search(found.when.words)]
    old = [when for when in written if (when.end or when.start or published) < published - dt.timedelta(days=OLD_DAYS)]
    news = any(_of_today(found.when, published) for found in plain)
    enough = len(written) > 1 or any(when.precision == "day" for when in written)
    history = enough and len(old) >= OLD_SHARE * len(written) and not news
    return read_dates(document.reading, published=published, history=True) if history else plain


def _of_today(when: When, published: dt.date) -> bool:
    """Whether a date counts from the day of publication ("yesterday", "on Monday"), as those of news do."""
    near = when.start is not None and abs((published - when.start).days) <= NEWS_DAYS
    return near and (re.search(r"\d", when.words) is None or re.search(r"day\b", when.words, re.IGNORECASE) is not None)


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
    days = days_meant(words, Standing(published=published, ahead=ahead))
    return When(start=days.first, end=days.last, precision=days.precision, words=words.strip()) if days else None


def _as_days(when: When | None) -> Days | None:
    if when is None or when.start is None or when.precision in ("publication", "unknown"):
        return None
    return Days(first=when.start, last=when.end or when.start, precision=when.precision, dated=re.search(r"\d{4}", when.words) is not None)


def _lead(text: str, match: re.Match[str]) -> str:
    """The word that leads a date, inside its words or before them."""
    if inside := _FIRST_WORD.match(match.group()):
        return inside[1].lower()
    before = _LEADS.search(text[max(0, match.start() - 16) : match.start()])
    return before[1].lower() if before else ""


def _joined(text: str, found: list[_Read]) -> Iterator[_Read]:
    """Join the two ends of a span to one date."""
    at = 0
    while at < len(found):
        one = found[at]
        if at + 1 < len(found) and (span := _span(text, one, found[at + 1])):
            one, at = span, at + 1
        yield one
        at += 1


def _span(text: str, one: _Read, other: _Read) -> _Read | None:
    inside = _FIRST_WORD.match(text, other.start, other.end)
    joint = text[one.end : inside.end() if inside else other.start]
    if not _JOINED.fullmatch(joint):
        return None
    word, first, last = joint.strip().lower(), one.days, other.days
    if last.dated and not first.dated:
        years = last.first.year - first.first.year
        first = _in_year(first, years if (first.first.month, first.first.day) <= (last.first.month, last.first.day) else years - 1)
    years_on = first.precision == last.precision == "year" and last.first.year - first.first.year == 1
    paired = one.lead == "between" or (one.lead in ("in", "during") and years_on) if word == "and" else one.lead == "from" or word in "-–—"
    if not paired or last.first < first.first:
        return None
    precision = first.precision if first.precision == last.precision != "day" else "days"
    days = Days(first=first.first, last=last.last, precision=precision, dated=last.dated)
    return replace(one, end=other.end, lead="between", days=days)


def _in_year(days: Days, step: int) -> Days:
    return replace(days, first=days.first.replace(year=days.first.year + step), last=days.last.replace(year=days.last.year + step))


def _dated(text: str, one: _Read) -> Dated:
    first: dt.date | None = one.days.first
    last: dt.date | None = one.days.last
    belongs = re.match(r"['’]s\b", text[one.end : one.end + 2]) is not None  # "after Monday's attack"
    if one.lead in _OPENS and not belongs and one.days.precision not in ("days", "years"):
        last = None
    elif one.lead in _CLOSES:
        first = None
    elif one.lead in ("before", "prior to") and not belongs:
        ends = re.search(r"\bend of\b", text[one.start : one.end], re.IGNORECASE)  # "before the end of June"
        first, last = None, one.days.last if ends else one.days.first - dt.timedelta(days=1)
    words = text[one.start : one.end].strip()
    return Dated(start=one.start, end=one.end, when=When(start=first, end=last, precision=one.days.precision, words=words))
