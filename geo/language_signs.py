"""What speaks for a place and what against it, where the report is in another language: a sum of plain signs.

Nothing is fitted, as there are too few texts: how big the place is, whether it lies in a country of the report, whether a word such as
"in", "near" or "the town of" stands beside it, whether it may be a person or a plain word. The lists are in data/language_cues.csv.
"""

from __future__ import annotations

from geo.exonyms import demonym_of
from geo.inflection import adjective_stems
from geo.language_names import Name, Report
from geo.languages import key, vocabulary
from geo.names import fold
from geo.words import Word, lead_in

__all__ = ["AND", "ARTICLES", "BESIDE", "KEPT", "NEVER", "NO_NAMES", "is_led", "is_placed", "is_plain", "score"]

# Least sum of signs of a name that is kept, and the weights of the signs; set by hand over the first half of tests/gold/languages.jsonl.
KEPT = 2.0
KNOWN, BIG, TOWN, SMALL, UNKNOWN = 3.0, 2.0, 1.2, 0.6, 0.3
LEAD, HEAD, HOME, ONLY, ABROAD, BESIDE, CAPITAL = 1.2, 3.0, 1.0, 0.4, -1.2, 0.8, 0.5
BENT, FIRST, PART, PERSON, PLAIN, NEVER, SHORT, NAMESAKES = -0.2, -0.6, -1.2, -4.0, -5.0, -2.5, -1.0, -0.8
CITY, SETTLED, FAMOUS = 100_000, 20_000, 500_000  # inhabitants: of a city, of a town, of a city that is named abroad alone
ARTICLES = frozenset("al el ez es az as ash ad an ar эль аль эш эз эн эс эт ас ан ар ад ель аш ен ес ез ет уль".split())
AND = frozenset({"et", "y", "e", "و", "и", "та", "і", "й", "ve", "ile", "ou", "o", "أو", "или", "або"})
_GENERIC = tuple(f"{place}_{kind}" for place in ("head", "tail") for kind in ("populated", "admin", "water", "region", "base"))
_WORDS = ("stop", "common", "org", "title", "lead", "tail", *_GENERIC)
NO_NAMES = ("never", "seldom", "speech", *_WORDS)
_BESIDE_NAMES = ("org", "title", "common", "lead", *_GENERIC)
_APOSTROPHES = ("'", "’")
_PLACE_CASES = frozenset({"de", "da", "te", "ta", "e", "a", "e ", "a ", "ye", "ya"})  # in, from, to: -de, -dan, -e
_LATIN = frozenset({"fr", "es", "tr"})


def score(name: Name, report: Report) -> float:
    """Return the sum of the signs of a name; from `KEPT` on it is a place."""
    return _standing(name, report) + _surroundings(name, report) + _wording(name, report)


def is_led(name: Name, report: Report) -> bool:
    """Say whether a word that goes with places stands beside the name; in Arabic it may be a letter written together with it."""
    word = report.words[name.first]
    if report.language == "ar" and name.start > word.start and word.text[name.start - word.start - 1] in "بل":
        return True
    return is_placed(report, name.first, name.last, name.end)


def is_placed(report: Report, first: int, last: int, end: int) -> bool:
    """Say whether a word such as "in" or "near" stands before some words, or after them, or a case of place, as in Turkish."""
    found, language = report.words, report.language
    if language == "tr":
        ending = report.document.reading[end : end + 5].lower()
        placed = ending[:1] in _APOSTROPHES and ending[1:].lstrip("yn")[:2] in _PLACE_CASES
        return placed or (last < len(found) and found[last].key in vocabulary("tr", "tail"))
    return lead_in(found, first, language, "lead", "lead2")


def is_plain(name: Name, report: Report) -> bool:
    """Say whether the words are plain words of the language: function words, titles, generic words, organisations, peoples."""
    if name.foreign or (name.asked and name.name != report.document.reading[name.start : name.end]):
        return False
    language, parts = report.language, report.words[name.first : name.last]
    lists = ("stop", "lead", "common") if len(parts) > 1 else _WORDS
    cut = name.start - parts[0].start
    for part in parts:
        written = key(part.text[cut:], language)
        cut = 0
        forms = {part.key, written, written.removeprefix("ال") if language == "ar" else written}
        listed = part.key in ARTICLES or any(form in vocabulary(language, listed) for listed in lists for form in forms)
        if not listed and not (len(parts) == 1 and demonym_of(part.text, language)):
            return False
    return True


def _standing(name: Name, report: Report) -> float:
    """Signs of the place itself: its size, and whether it lies where the report takes place."""
    info, home = name.info, report.home.keys()
    total = _size(name) + BENT * name.bent + ONLY * (len(info.countries) == 1 and info.countries <= home)
    if (set(name.lands) or info.countries) & home:
        total += HOME
    elif home and info.population < FAMOUS and not name.foreign and info.countries:
        total += ABROAD
    if report.language in _LATIN and not info.own and not name.foreign and len(info.countries) > 2:
        total += NAMESAKES
    return total + (SHORT if len(fold(name.name)) < 3 and not name.foreign else 0.0)


def _size(name: Name) -> float:
    info = name.info
    if name.foreign or "country" in info.kinds:
        return KNOWN
    if info.population >= CITY or "admin" in info.kinds:
        return BIG
    if info.population >= SETTLED:
        return TOWN
    return SMALL if info.population or info.kinds & {"region", "water"} else UNKNOWN


def _surroundings(name: Name, report: Report) -> float:
    """Signs of the words around the name, and of the people of the report."""
    found = report.words
    total = HEAD * (name.asked is not None) + LEAD * is_led(name, report) + PART * _is_part(name, report)
    if name.info.kinds <= {"water", "region"} and _is_in_organisation(name, report):
        return PERSON
    several = name.last - name.first > 1
    if not report.people.isdisjoint(range(name.first, name.last)) and not (name.asked and several):
        total += SHORT if name.info.own and several and found[name.last - 1].capital else PERSON
    titled = name.first and found[name.first - 1].key in vocabulary(report.language, "title")
    return total + (PERSON if titled and report.language != "tr" and not name.foreign else 0.0)


def _is_in_organisation(name: Name, report: Report) -> bool:
    """Whether a sea or region only stands in the name of an alliance or operation: "حلف الأطلسي", "Avrupa Topluluğu"."""
    found, organisations = report.words, vocabulary(report.language, "org")
    if report.language == "tr":
        return any(word.key in organisations for word in found[name.last : name.last + 2] if word.sentence == found[name.first].sentence)
    return bool(name.first) and found[name.first - 1].key in organisations


def _wording(name: Name, report: Report) -> float:
    """Signs of the words of the name: capitals, and whether they are plain words as well."""
    language, word = report.language, report.words[name.first]
    single = name.last - name.first == 1 and name.asked is None and not name.foreign
    written = word.key[name.start - word.start :]
    never = single and written in vocabulary(language, "never")
    seldom = never or (single and written in vocabulary(language, "seldom"))
    total = 0.0
    if language != "ar":
        opens = word.first and not name.foreign and name.info.population < FAMOUS
        total = (FIRST if seldom else 0.0) if opens else CAPITAL
    if is_plain(name, report):
        return total + PLAIN
    if never:
        return total + (NEVER if language == "ar" or word.first else SHORT)
    return total + (NAMESAKES if seldom and language == "ar" else 0.0)


def _is_part(name: Name, report: Report) -> bool:
    """Whether the name is only a piece of a longer run of capitalised words, or of a word with hyphens."""
    found, text = report.words, report.document.reading
    if name.foreign:
        before = found[name.first - 1] if name.first else None  # "Ашраф Гани" is no Ghana
        beside = before is not None and before.capital and not before.first and report.language in ("ru", "uk")
        return beside and before is not None and _is_stranger(before, report)
    for other in (name.first - 1, name.last):
        if not 0 <= other < len(found) or found[other].sentence != found[name.first].sentence or found[other].key in ARTICLES:
            continue
        between = text[found[other].end : name.start] if other < name.first else text[name.end : found[other].start]
        stranger = found[other].capital and not found[other].first and _is_stranger(found[other], report)
        if between == "-" or (between == " " and stranger):
            return True
    return False


def _is_stranger(word: Word, report: Report) -> bool:
    """Whether a capitalised word beside a name is no title, generic word or adjective, so that both may be the name of somebody."""
    return not any(word.key in vocabulary(report.language, listed) for listed in _BESIDE_NAMES) and not (
        adjective_stems(word.text, report.language) or demonym_of(word.text, report.language)
    )
