"""Who published a report and when, as its first lines say.

Reads datelines ("BEIRUT, Lebanon, March 5 (Reuters) -"), lines that hold only a date, "Published:" and "Source:" lines, and a first
line that looks like a headline. Only the head of the text is looked at, so that a date in the story is not taken for its own.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

__all__ = ["Head", "dateline_length", "read_date", "read_head"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the first lines of a report say about it."""

    title: str = ""
    source: str = ""
    published: dt.date | None = None


# The head: the first lines that hold words, and no more than this many characters. Set over wire copy, where the date stands within 300.
_HEAD_LINES, _HEAD_CHARACTERS = 6, 700
_TITLE_LONGEST = 140
_SHORT_TITLE = 80

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep",
         "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}
_MONTH = "(?:" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DATES = (
    re.compile(r"(?<![\d-])(?P<y>(?:1[6-9]|20)\d\d)(?P<s>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=s)(?P<d>3[01]|[12]\d|0?[1-9])(?=\D|$)"),
    re.compile(
        rf"\b(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:\s+of)?[\s-]+(?P<n>{_MONTH}),?[\s-]+(?P<y>(?:1[6-9]|20)\d\d)\b",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?P<n>{_MONTH})\s+(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?,?\s+(?P<y>(?:1[6-9]|20)\d\d)\b", re.IGNORECASE),
    re.compile(r"(?<![\d.])(?P<d>3[01]|[12]\d|0?[1-9])\.(?P<m>0?[1-9]|1[0-2])\.(?P<y>(?:1[6-9]|20)\d\d)\b"),
    re.compile(r"(?<![\d/])(?P<d>3[01]|2\d|1[3-9])/(?P<m>0?[1-9]|1[0-2])/(?P<y>(?:1[6-9]|20)\d\d)\b"),
    re.compile(r"(?<![\d/])(?P<m>0?[1-9]|1[0-2])/(?P<d>3[01]|2\d|1[3-9])/(?P<y>(?:1[6-9]|20)\d\d)\b"),
    re.compile(r"\b(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>3[01]|[12]\d|0[1-9])\b"),
)
_FIELD = re.compile(
    r"^\s*(?P<key>title|headline|date|dated|published(?: on)?|publication date|posted(?: on)?|updated(?: on)?|issued"
    r"|source|publisher|agency|outlet)"
    r"(?:\s*[:=]\s*|\s+(?=\d))(?P<value>\S.*)$", re.IGNORECASE,
)
_WHEN_KEYS = ("date", "dated", "published", "publication date", "posted", "updated", "issued")
# A place in capitals or capitalised, then perhaps a date and an agency, then a dash.
_NAME = r"[A-Z][\w.’'/-]*"
_PARTICLES = ("al", "el", "de", "du", "la", "of", "and", "date")
_PLACE = rf"{_NAME}(?: (?:{_NAME}|{'|'.join(_PARTICLES)})){{0,4}}"
_DATELINE = re.compile(
    rf"^\s*(?P<lead>(?:date\b[\s:]*)?[\d\s,.:/-]{{0,25}}?)(?P<place>{_PLACE}(?:, ?{_PLACE}){{0,2}})"
    r"(?P<middle>,?\s*[^\n–—]{0,60}?)\s*(?:[–—]|\s--?)\s*(?=\S)"
)
_DAY = re.compile(rf"\b(?:{_MONTH}\s+\d{{1,2}}|\d{{1,2}}\s+{_MONTH})\b", re.IGNORECASE)
_AGENCY = re.compile(r"\((?P<name>[A-Z][\w.&’' /-]{1,40})\)")
_NOT_DATE = re.compile(
    r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?|\d{1,2}:\d\d(?::\d\d)?"
    r"|\b(?:am|pm|gmt|utc|et|est|edt|bst|at|on|updated|published|date)\b|[\s,.|:;()\[\]/–—-]+",
    re.IGNORECASE,
)


def read_date(words: str) -> dt.date | None:
    """Return the first full date that the words hold, or None.

    A numeric date is read only where day and month cannot be confused (2020-03-05, 05.03.2020, 25/03/2020).

    Examples
    --------
    >>> read_date("Thursday, March 5, 2020")
    datetime.date(2020, 3, 5)
    >>> read_date("04/05/2020") is None
    True
    """
    found = [(match.start(), date) for pattern in _DATES for match in [pattern.search(words)] if match and (date := _date(match))]
    return min(found)[1] if found else None


def read_head(text: str) -> Head:
    """Return the title, publisher and date that the first lines of a text give; what they do not give is empty.

    A text without a headline is named after its first words.

    Examples
    --------
    >>> read_head("date 2020-03-05 MOSCOW – President Putin has met the Turkish leader.").published
    datetime.date(2020, 3, 5)
    """
    lines = [line.strip() for line in text[: 20 * _HEAD_CHARACTERS].splitlines() if line.strip()][:_HEAD_LINES]
    title, source, published = "", "", None
    body = ""
    for number, line in enumerate(lines):
        short = line[:_HEAD_CHARACTERS]
        field = _FIELD.match(short[:300])
        if field and len(line) < 300 and not _dateline(short):
            key, value = field["key"].lower().removesuffix(" on"), field["value"].strip()
            published = published or (read_date(value) if key in _WHEN_KEYS else None)
            title = title or (value if key in ("title", "headline") else "")
            source = source or (value if key in ("source", "publisher", "agency", "outlet") else "")
            continue
        dateline = _dateline(short)
        if dateline:
            published = published or dateline[1]
            source, body = source or dateline[0], dateline[2] + line[_HEAD_CHARACTERS:]
            break
        date = _only_date(short)
        if date or (number and _byline(short)):
            published = published or date or read_date(short)
            continue
        published = published or _leading_date(short)
        if not title and _headline(line, number, len(lines)):
            title = line.lstrip("# ").strip("*_ ")
        elif not body:
            body = line
    return Head(title=title or _first_words(body), source=source, published=published or read_date(title))


def dateline_length(sentence: str) -> int:
    """Return how many characters of a sentence are its dateline, 0 if it has none; the story after it begins as a sentence does.

    Examples
    --------
    >>> dateline_length("BEIRUT, Lebanon (Reuters) - Rebels left Homs.")
    28
    """
    found = _dateline(sentence)
    if found is None or not re.match(r"[\"'“‘(]*[A-Z0-9]", found[2]):
        return 0
    return len(sentence) - len(found[2])


def _date(match: re.Match[str]) -> dt.date | None:
    fields = match.groupdict()
    month = _MONTHS[fields["n"].rstrip(".").lower()] if fields.get("n") else int(fields["m"])
    try:
        return dt.date(int(fields["y"]), month, int(fields["d"]))
    except ValueError:
        return None


def _dateline(line: str) -> tuple[str, dt.date | None, str] | None:
    """The agency, the date and the rest of a line that begins with a dateline."""
    credit = re.match(r"\s*\((?P<name>[A-Z][\w.&’' /-]{1,40})\)\s*[–—-]+\s*(?=\S)", line)
    if credit:
        return credit["name"], None, line[credit.end() :]
    match = _DATELINE.match(line)
    if not match:
        return None
    start = line[: match.end()]
    agency = _AGENCY.search(start)
    date = read_date(start)
    place = match["place"].split(",")[0].strip()
    shouted = place.upper() == place and len(place) > 2
    if not (agency or date or shouted) or _leftover(match["lead"]) or _story(start[len(match["lead"]) :]):
        return None
    return (agency["name"] if agency else ""), date, line[match.end() :]


def _story(start: str) -> bool:
    """Whether a would-be dateline holds words of a story besides names, a date and an agency."""
    start = _AGENCY.sub(" ", start)
    for pattern in (*_DATES, _DAY):
        start = pattern.sub(" ", start)
    return any(word[0].isdigit() or (word[0].islower() and word not in _PARTICLES) for word in re.findall(r"[^\W_][\w’'-]*", start))


def _leftover(lead: str) -> str:
    """What stands around the place of a dateline and is neither a date nor a time."""
    for pattern in (*_DATES, _DAY):
        lead = pattern.sub(" ", lead)
    return _NOT_DATE.sub("", lead)


def _only_date(line: str) -> dt.date | None:
    if len(line) > 80:
        return None
    date = read_date(line)
    return date if date and not _leftover(line) else None


def _leading_date(line: str) -> dt.date | None:
    """A date at the very start of a line, before the story: "5 March 2020. Fighting ..."."""
    date = read_date(line[:40])
    if date is None:
        return None
    for pattern in _DATES:
        match = pattern.search(line[:40])
        if match and not _leftover(line[: match.start()]) and re.match(r"\s*(?:[.:,;|–—-]|$|[A-Z])", line[match.end() :]):
            return date
    return None


def _byline(line: str) -> bool:
    return len(line) < 160 and bool(re.match(r"by\s+[A-Z]", line, re.IGNORECASE)) and not line.endswith(".")


def _headline(line: str, number: int, lines: int) -> bool:
    """Whether a line is a headline: short, first, with a story after it, and not a sentence with its stop."""
    return number <= 1 and lines > 1 and 3 < len(line) <= _TITLE_LONGEST and not line.endswith((".", ":", ";", ",", ".”", '."'))


def _first_words(body: str) -> str:
    words = " ".join(body[:400].split())
    for pattern in _DATES:
        match = pattern.search(words[:40])
        words = words[match.end() :].lstrip(" .,:;|–—-") if match and not _leftover(words[: match.start()]) else words
    sentence = re.split(r"(?<=[a-z0-9]{3}[.!?])\s", words, maxsplit=1)[0].rstrip(".")
    if len(sentence) <= _SHORT_TITLE:
        return sentence
    return sentence[:_SHORT_TITLE].rpartition(" ")[0].rstrip(",;:") + "…"
