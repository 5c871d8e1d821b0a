"""Names in a report that the gazetteer has only in another spelling: Эль-Баб, Maaret el Numan.

The name is written in Latin letters as English would write its sounds, and looked for by sound in the countries of the report.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from geo import datafiles
from geo.asked_languages import asked_around
from geo.inflection import forms
from geo.language_names import Report
from geo.language_signs import AND, ARTICLES, NO_NAMES, is_placed
from geo.languages import key, vocabulary
from geo.records import Kind

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Hit

__all__ = ["Spelling", "in_latin", "respelt", "spelt_otherwise"]

LONG_ENOUGH = 4  # letters of a name that is looked for by its sound
ALIKE = 0.7  # least similarity of a spelling; a likeness of .78 in letters
LANDS, LANDS_BY_LIKENESS = 5, 2  # countries of the report in which a place is looked for, by its sound or by mere likeness
ALONE = 6  # letters from which a single word with no other sign is looked for
SPELT, KNOWN_BY_SOUND = 0.8, 10_000  # similarity and inhabitants of a place found by its sound alone, with no other sign
FORMS = 8  # forms of the name that are tried
# Arabic does not write short vowels: "a" is the likeliest; a long "i" before a vowel is a consonant.
_CONSONANT = re.compile(r"(i)([au])")
_UNVOWELLED = re.compile(r"(kh|sh|gh|th|dh|[bcdfghjklmnpqrstwyz])(?=[bcdfghjklmnpqrstwyz])")
_KINDS = frozenset({"populated", "admin", "base", "region", "water"})


class Spelling(NamedTuple):
    """Characters `start` to `end` of a report, and the name and kind of the place that they spell otherwise."""

    start: int
    end: int
    name: str
    kind: Kind


def spelt_otherwise(report: Report, taken: set[int], peoples: set[int]) -> Iterator[Spelling]:
    """Yield the names that the gazetteer has in another spelling, or not at all, after "in", "near" or "the town of".

    Parameters
    ----------
    taken, peoples
        Positions of the words that are names already, and of those for the people of a place.
    """
    lands = [land for land, _ in report.home.most_common(LANDS_BY_LIKENESS if report.language == "ar" else LANDS)]
    yield from (_unvowelled(report, taken | peoples, lands) if report.language == "ar" else _capitalised(report, taken, peoples, lands))


def respelt(words: Sequence[str], language: str, lands: Sequence[str], gazetteer: Gazetteer) -> Hit | None:
    """Return the place of some countries (ISO 3166-1 alpha-2) whose name sounds like some words, or None.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> found = respelt(["Эль", "Баб"], "ru", ["SY"], open_gazetteer())
    >>> found.feature.name if found else None
    'Al Bāb'
    """
    best: Hit | None = None
    for form in forms(words, language)[:FORMS]:
        latin = in_latin(form, language)
        if len(latin.replace(" ", "")) < LONG_ENOUGH:
            continue
        for land in lands:
            for hit in gazetteer.search(latin, country=land, kinds=_KINDS, fuzzy=language == "ar", limit=1):
                if hit.similarity >= ALIKE and (best is None or hit.similarity > best.similarity):
                    best = hit
    return best


def in_latin(name: str, language: str) -> str:
    """Return a name in the Latin letters that English would use for its sounds.

    Examples
    --------
    >>> in_latin("Гарьян", "ru"), in_latin("Münbiç", "tr"), in_latin("Jersón", "es"), in_latin("Gao", "fr")
    ('Garyan', 'Munbich', 'Khersón', 'Gao')
    """
    letters = _letters().get(language)
    if not letters:
        return name
    pattern = "|".join(sorted(map(re.escape, letters), key=len, reverse=True))
    written = re.sub(pattern, lambda found: letters[found[0]], key(name, language))
    if language == "ar":
        written = _UNVOWELLED.sub(r"\1a", _CONSONANT.sub(r"\1y\2", written.removeprefix("al")))
    return " ".join(word[:1].upper() + word[1:] for word in written.split(" "))


def _unvowelled(report: Report, taken: set[int], lands: Sequence[str]) -> Iterator[Spelling]:
    """The word after "the town of" in Arabic, where a place of a country of the report sounds like it."""
    found = report.words
    for first, word in enumerate(found):
        settled = first and found[first - 1].key in vocabulary("ar", "head_populated") and found[first - 1].sentence == word.sentence
        if not settled or first in taken or first in report.people or word.key in vocabulary("ar", "stop"):
            continue
        if hit := respelt([word.text], "ar", lands, report.gazetteer):
            yield Spelling(word.start, word.end, hit.feature.name, hit.feature.kind)


def _capitalised(report: Report, taken: set[int], peoples: set[int], lands: Sequence[str]) -> Iterator[Spelling]:
    """Runs of capitalised words that nobody has taken."""
    found, text, position = report.words, report.document.reading, 0
    while position < len(found):
        last = _run_end(report, position, taken | peoples | report.people) if found[position].capital else position
        first, position = position, max(last, position + 1)
        if last == first:
            continue
        start, end = found[first].start, found[last - 1].end
        plain = last - first == 1 and any(found[first].key in vocabulary(report.language, listed) for listed in NO_NAMES)
        if plain or end - start < LONG_ENOUGH:
            continue
        asked = asked_around(found, first, last, report.language)
        expected = asked is not None or _is_among(first, last, end, taken, report)
        if not expected and (found[first].first or (last - first == 1 and end - start < ALONE)):
            continue
        hit = respelt([word.text for word in found[first:last]], report.language, lands, report.gazetteer)
        unknown = asked in ("populated", "water") and not text[start:end].isupper()
        if unknown or (hit and (expected or _is_sure(hit, first, last))):
            taken.update(range(first, last))
            name, kind = (hit.feature.name, hit.feature.kind) if hit else (text[start:end], asked or "populated")
            yield Spelling(start, end, name, kind)


def _is_sure(hit: Hit, first: int, last: int) -> bool:
    """Whether a place sounds so much alike, and is so well known or so fully named, that it needs no other sign."""
    return hit.similarity >= SPELT and (hit.feature.population >= KNOWN_BY_SOUND or last - first > 1)


def _is_among(first: int, last: int, end: int, taken: set[int], report: Report) -> bool:
    """Whether the words stand after a name of a list, or after "in" or "near"."""
    before = first - 1
    if before > 0 and report.words[before].key in AND:
        before -= 1
    listed = before in taken and report.words[before].sentence == report.words[first].sentence
    return listed or is_placed(report, first, last, end)


def _run_end(report: Report, first: int, taken: set[int]) -> int:
    """The end of the run of capitalised words that nobody has taken; Arabic articles and hyphens may stand inside."""
    found, text = report.words, report.document.reading
    end = position = first
    while position < len(found) and position not in taken and found[position].sentence == found[first].sentence:
        if position > first and text[found[position - 1].end : found[position].start] not in {" ", "-", "’", "'"}:
            break
        if found[position].capital:
            end = position + 1
        elif found[position].key not in ARTICLES:
            break
        position += 1
    broken = end < len(found) and end in taken and text[found[end - 1].end : found[end].start] == "-"
    return first if broken else end


@lru_cache(maxsize=1)
def _letters() -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for _, row in datafiles.rows("language_letters.csv", required=("language", "letter", "latin")):
        found[row["language"]][row["letter"]] = "" if row["latin"] == "-" else row["latin"]
    return found
