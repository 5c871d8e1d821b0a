"""How dates are written: the words of days, months and seasons, and the forms in which they make a date."""

from __future__ import annotations

import calendar
from typing import Final

__all__ = ["DAYS_IN_WORDS", "FEASTS", "FEW", "FORMS", "MONTHS", "NUMBERS", "ORDINALS", "SEASONS", "SIGNS", "WEEKDAYS"]

MONTHS: Final = {name.lower(): number for number, name in enumerate(calendar.month_name) if name} | {
    name.lower(): number for number, name in enumerate(calendar.month_abbr) if name
} | {"sept": 9}
WEEKDAYS: Final = {name.lower(): number for number, name in enumerate(calendar.day_name)}
NUMBERS: Final = {
    word: number for number, word in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "a couple of": 2}
FEW: Final = {"several": 0, "a few": 0, "some": 0, "many": 0}
SEASONS: Final = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
FEASTS: Final = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "new year's eve": (12, 31), "new year's day": (1, 1),
}
DAYS_IN_WORDS: Final = {
    word: number for number, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
        "seventeenth eighteenth nineteenth twentieth".split(), start=1,
    )
}
ORDINALS: Final = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "final": -1}
SIGNS: Final = (
    *MONTHS, *WEEKDAYS, *SEASONS, "christmas", "new year", "overnight", "yesterday", "today", "tonight", "tomorrow", "hour", "day", "week",
    "month", "year", "decade", "morning", "afternoon", "evening", "night",
)
"""Every date holds a digit or one of these."""

_YEAR = r"(?P<year>(?:1[89]|20)\d{2})"
_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b(?:(?<=\b\w{3})(?<!May)\.|(?<=Sept)\.)?"
_WEEKDAY = "(?P<weekday>" + "|".join(WEEKDAYS) + r")\b"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b"
_ANY_COUNT = "|".join(sorted((*NUMBERS, *FEW), key=len, reverse=True))
_COUNT = rf"(?P<count>\d{{1,3}}|{_ANY_COUNT})"
_UNIT = "(?P<unit>hour|day|week|month|year|decade)s?"
_PART = (
    r"(?:(?:the )?(?P<part>early|earlier|later|late|mid|beginning of|start of|middle of|end of|first half of|second half of|"
    r"(?:first|second|third|fourth|last) quarter of)[- ])"
)
_TIME = (
    r"(?:(?:on |at |in |by )?(?P<time>(?:dawn|dusk|nightfall|daybreak|sunrise|sunset|noon|midday|midnight|first light)|"
    r"(?:the )?(?:early |late )?(?:hours|morning|afternoon|evening|night|eve))(?:,? (?:of|on))? (?:the )?)"
)
_PREPOSITION = "(?:in|since|until|till|by|during|of|from|between|before|after|around|about|towards?|to|through|and|throughout)"
_OF_YEARS = _PREPOSITION.replace("|around|about", "")  # "about 1994 people"
_NO_DAY = (
    r"(?! ?(?-i:[A-Z])|-| of (?-i:[A-Z])| (?:century|day|time|year|month|week|anniversary|parallel|floor|attack|attempt|round|meeting|"
    r"summit|session|person|largest|consecutive|straight|brigade|division|battalion|regiment|corps|infantry|armoured|airborne|"
    r"district|kilometre|mile)s?\b)"
)
_ENDS = r"(?=[,.;]|$| (?:and|when|but|they|the)\b)"
_NAMED_AFTER = r"(?! (?:revolution|movement|uprising|brigades?|agreement|prayers?)\b)(?!(?:,\d)|\d)"
_DAYTIME = "(?: (?:morning|afternoon|evening|night|dawn))?"
_POINTED = "(?P<unit>day|week|month|year|morning|afternoon|evening|night)"

_FEAST = "|".join(FEASTS).replace("'", "['’]")

FORMS: Final[tuple[tuple[str, str], ...]] = (
    (r"(?P<iso>\d{4}-\d{2}-\d{2})", "iso"),
    (r"(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<anyyear>(?:19|20)\d{2}|\d{2})(?!\d|[./]\d)", "in_figures"),
    (rf"{_TIME}?(?:(?:on )?{_WEEKDAY},? (?:the )?)?{_DAY}(?: of)? {_MONTH},? {_YEAR}", "of_month"),
    (rf"{_TIME}?(?:(?:on )?{_WEEKDAY},? )?{_MONTH} {_DAY},? {_YEAR}", "of_month"),
    (rf"{_TIME}?{_DAY}(?: ?[-–/] ?| to | and | until | through )(?P<until>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}(?:,? {_YEAR})?", "of_month"),
    (rf"{_MONTH} {_DAY}(?: ?[-–/] ?| to | and | until | through )(?P<until>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,? {_YEAR})?", "of_month"),
    (rf"the (?P<week>week ending|week|weekend)(?: on| of)? {_DAY}(?: of)? {_MONTH}(?:,? {_YEAR})?", "week_of"),
    (rf"the (?P<week>week ending|week|weekend)(?: on| of)? {_MONTH} {_DAY}(?:,? {_YEAR})?", "week_of"),
    (rf"(?:(?:in|during|over|by) )?the (?P<ordinal>first|second|third|fourth|last|final) (?P<few>week|days) of {_MONTH}(?:,? {_YEAR})?",
     "of_month"),
    (rf"{_PART}?{_MONTH},? {_YEAR}", "of_month"),
    (rf"{_TIME}?(?:(?:on )?{_WEEKDAY},? (?:the )?)?{_DAY}(?: of)? {_MONTH}(?!\w){_NAMED_AFTER}", "of_month"),
    (rf"{_TIME}?(?:(?:on )?{_WEEKDAY},? )?{_MONTH} {_DAY}(?! ?(?:%|per|people)){_NAMED_AFTER}", "of_month"),
    (rf"(?:{_PREPOSITION} )?(?:the )?(?P<season>spring|summer|autumn|fall|winter)(?: of)? "
     rf"(?:{_YEAR}|(?P<which>last|this|next) (?P<of>year))(?:[-–/]\d{{2,4}})?", "season"),
    (rf"(?:(?P<which>last|next|this) |{_PREPOSITION} the )(?P<season>spring|summer|autumn|winter)\b", "season"),
    (rf"(?P<feast>{_FEAST})\b(?:,? {_YEAR})?", "feast"),
    (rf"(?P<over>overnight (?:on|into|to)) {_WEEKDAY}", "of_week"),
    (rf"{_TIME}?(?:(?P<which>last|next|this|on|since|by|late|early) )?{_WEEKDAY}{_DAYTIME}{_NAMED_AFTER}", "of_week"),
    (rf"{_PART}?(?P<which>last|next|this|past) (?P<unit>week|month|year|weekend|decade)\b", "this_unit"),
    (rf"{_PART}(?P<which>the) (?P<unit>week|month|year)\b", "this_unit"),
    (r"(?:over|at|during|on) (?P<which>the) (?P<unit>weekend)\b", "this_unit"),
    (rf"{_COUNT} {_UNIT} ago\b", "ago"),
    (r"(?P<near>yesterday|today|tonight|tomorrow|overnight|last night|this (?:morning|afternoon|evening))\b", "near"),
    (rf"(?:in|over|during|within|for|throughout) (?:the )?(?P<which>past|last|recent) (?:{_COUNT} )?{_UNIT}\b(?! of\b)", "lately"),
    (r"(?:in|over|during|within) the (?:coming|next few|next several) (?P<unit>day|week|month|year)s\b", "soon"),
    (rf"in {_COUNT} {_UNIT}\b(?:['’]s?)?(?: time)?", "coming"),
    (rf"(?:(?:the )?(?P<way>next|following|previous|preceding)|(?:the )?(?P<same>same)|that) {_POINTED}\b", "pointing"),
    (rf"the {_POINTED} (?P<way>before|after)\b(?! (?:the|yesterday|tomorrow)\b)", "pointing"),
    (rf"{_COUNT} (?P<unit>night|morning|evening)s? (?P<way>later|earlier)\b", "pointing"),
    (r"(?:(?:some|a few|several) )?(?:hours|minutes) (?P<way>later|earlier|afterwards)\b", "pointing"),
    (rf"{_COUNT} {_UNIT} (?P<way>later|earlier|afterwards)\b", "pointing"),
    (rf"(?:on|by|until|till|since|from) the (?:(?P<day>\d{{1,2}})(?:st|nd|rd|th){_NO_DAY}|(?P<ordinal>{'|'.join(DAYS_IN_WORDS)}){_ENDS})",
     "numbered"),
    (rf"on this day in {_YEAR}", "anniversary"),
    (rf"(?:{_PREPOSITION}|the|its|their|his|last|next|this|that) {_PART}?{_MONTH}(?!\w)(?!,? \d)", "of_month"),
    (rf"{_OF_YEARS} (?:the )?(?:years )?{_YEAR}\b(?: ?[-–/] ?| to | until )(?P<until>\d{{4}}|\d{{2}})(?!\d)", "of_year"),
    (rf"(?:{_PREPOSITION} (?:the )?)?{_PART}?(?P<decade>(?:1[89]|20)\d0)s\b", "of_decade"),
    (rf"{_OF_YEARS} {_YEAR}\b(?!s\b)", "of_year"),
    (rf"(?:{_PREPOSITION} )?{_PART}{_YEAR}\b", "of_year"),
)
"""The forms of a date, each with the name of what reads it in `geo.days`; the first that fits counts."""
