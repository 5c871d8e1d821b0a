"""Which words of a report in another language are the name of a person: after a title, after a given name, by their ending.

A surname that stands with a given name or a title once is a surname in all of the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from geo.exonyms import exonyms
from geo.inflection import adjective_stems, forms
from geo.languages import vocabulary
from geo.names import fold
from geo.records import Document
from geo.tokens import cues, word_list
from geo.words import Word, words

__all__ = ["persons"]

STEM = 4  # letters that two forms of one surname share at least
_LATIN = frozenset({"fr", "es", "tr"})
_PARTICLES = frozenset("al el ben bin ibn ould ag abou abu de del la von van der ould i y".split())


def persons(document: Document) -> frozenset[int]:
    """Return the positions of the words (see `geo.words.words`) that belong to names of people.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Le président Bachar al-Assad a quitté Damas. Assad était à Homs.", language="fr")
    >>> [words(report)[position].text for position in sorted(persons(report))]
    ['Bachar', 'al', 'Assad', 'Assad']
    """
    return _persons(document)


@lru_cache(maxsize=16)
def _persons(document: Document) -> frozenset[int]:
    found, language = words(document), document.language
    spans = list(_arabic(found) if language == "ar" else _cased(found, document.reading, language))
    taken = {position for first, last in spans for position in range(first, last)}
    surnames = {found[last - 1].key[: max(STEM, len(found[last - 1].key) - 2)] for first, last in spans if last - first > 1}
    if language != "ar" and surnames:
        again = tuple(surnames)
        taken |= {
            number for number, word in enumerate(found)
            if word.capital and word.key.startswith(again) and any(len(word.key) - len(s) <= 4 and word.key.startswith(s) for s in again)
        }
    return frozenset(taken)


def _cased(found: Sequence[Word], text: str, language: str) -> Iterator[tuple[int, int]]:
    """Names of people in a script that has capitals: runs of capitalised words after a title or from a given name on."""
    position = 0
    while position < len(found):
        end = _run(found, text, position)
        if end == position:
            position += 1
            continue
        begin = _begins(found, text, position, end, language)
        if begin is not None:
            yield begin, _ends(found, begin, end, language)
        position = end


def _ends(found: Sequence[Word], begin: int, end: int, language: str) -> int:
    """Where the name of a person ends in a run: given names, one more name, and what a particle adds: Abdel Fattah al-Burhan."""
    given = vocabulary(language, "given")
    position = begin
    while position < end - 1 and _given(found[position], given, language):
        position += 1
    position += 1
    while position < end and not (found[position - 1].capital and found[position].capital):
        position += 1
    return min(position, end)


def _run(found: Sequence[Word], text: str, first: int) -> int:
    """The end of the run of capitalised words that begins here; particles and hyphens may stand inside."""
    if not found[first].capital:
        return first
    end = position = first + 1
    while position < len(found) and found[position].sentence == found[first].sentence:
        gap = text[found[position - 1].end : found[position].start]
        if gap not in {" ", "-", "\u00a0", "\u2019", "'", "\u202f"}:
            break
        if found[position].capital:
            end = position + 1
        elif found[position].key not in _PARTICLES:
            break
        position += 1
    return end


def _begins(found: Sequence[Word], text: str, first: int, end: int, language: str) -> int | None:
    """Where a person begins in a run: after a title, past the land that he is of, or at a given name."""
    titles, given = vocabulary(language, "title"), vocabulary(language, "given")
    if language == "tr":
        last = max((p for p in range(first, end) if found[p].text in titles.whole or found[p].key in titles), default=None)
        if last is not None and last + 1 < end:
            return last + 1
    before = found[first - 1] if first and found[first - 1].sentence == found[first].sentence else None
    if before is not None and before.key in titles and text[before.end : found[first].start] in {" ", ". ", "\u00a0"}:
        begin = first
        while begin < end and (_land(found[begin], language) or _unit(found, begin, language)):
            begin += 1
        if begin < end:
            return begin
        return None
    for position in range(first, end - 1):
        if _given(found[position], given, language):
            return position
    return None


def _given(word: Word, given: object, language: str) -> bool:
    if word.key in vocabulary(language, "stop"):
        return False
    if word.key in given:  # type: ignore[operator]
        return True
    return language in _LATIN and (word.text in cues("given") or word.text in word_list("given"))


def _land(word: Word, language: str) -> bool:
    return any(fold(form) in exonyms(language) for form in forms([word.text], language))


def _unit(found: Sequence[Word], position: int, language: str) -> bool:
    """Whether a word is the adjective of a unit: the head of the Kharkiv oblast is called otherwise."""
    following = found[position + 1].key if position + 1 < len(found) else ""
    return bool(adjective_stems(found[position].text, language)) and following in vocabulary(language, "tail_admin")


def _arabic(found: Sequence[Word]) -> Iterator[tuple[int, int]]:
    """Names of people in Arabic: given names, and what follows a given name or a title."""
    titles, given = vocabulary("ar", "title"), vocabulary("ar", "given")
    stop = vocabulary("ar", "stop")
    for position, word in enumerate(found):
        if word.text.endswith("ى"):  # على is "on", علي is Ali
            continue
        if word.key in given or (word.key[:1] in "ولب" and word.key[1:] in given):
            end = position + 1
            while end < min(len(found), position + 3) and found[end].sentence == word.sentence and found[end].key not in stop:
                if found[end].start - found[end - 1].end > 1 or not (found[end].key in given or end == position + 1):
                    break
                end += 1
            titled = position > 0 and found[position - 1].key in titles
            yield position, end if end - position > 1 or titled else position + 1
