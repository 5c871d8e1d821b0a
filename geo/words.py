"""How a report in another language falls into words, with the small words that its writing glues to a name cut off.

French elisions (d'Alep), Turkish endings after an apostrophe (Halep'te) and hyphens part words; the letters stay where they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from geo.languages import key, vocabulary
from geo.records import Document
from geo.sentences import sentences

__all__ = ["Word", "beside", "lead_in", "position_of", "words"]

_LETTERS = r"[^\W\d_](?:[^\W_]|[\u064b-\u0652\u0670\u0301])*"  # with the vowel signs of Arabic and the stress mark of Cyrillic
_WORD = re.compile(rf"{_LETTERS}(?:['’ʼ`]{_LETTERS})*['’]?")
_ELIDED = re.compile(r"(?:[dlqnsjcmt]|qu|jusqu|lorsqu|puisqu|presqu)['’]", re.IGNORECASE)
_ENDING = re.compile(r"['’][a-zçğıöşü]+$")
GAP = 1  # characters between two words of one phrase
LONGEST_LEAD = 3  # words of a preposition such as "au nord de"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a report: where it stands, as written, as it is looked up in lists, and whether it begins a sentence."""

    start: int
    end: int
    text: str
    key: str
    first: bool
    sentence: int

    @property
    def capital(self) -> bool:
        """Whether it begins with a capital letter; scripts without capitals have none."""
        return self.text[:1].isupper()


def words(document: Document) -> tuple[Word, ...]:
    """Return the words of a document, in order.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Les habitants d'Alep et de Deir ez-Zor ont fui la ville.", language="fr")
    >>> [word.text for word in words(report)][2:8]
    ["d'", 'Alep', 'et', 'de', 'Deir', 'ez']
    """
    return _words(document)


def position_of(found: tuple[Word, ...], start: int, end: int) -> tuple[int, int] | None:
    """Return which words (first, last exclusive) the characters `start` to `end` of the text cover, or None.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Les habitants d'Alep ont fui la ville et la région avec des enfants.", language="fr")
    >>> position_of(words(report), 16, 20)
    (3, 4)
    """
    covered = [number for number, word in enumerate(found) if word.start < end and start < word.end]
    return (covered[0], covered[-1] + 1) if covered else None


def lead_in(found: tuple[Word, ...], first: int, language: str, *lists: str) -> bool:
    """Say whether the words right before a name, up to three of them, stand in one of the lists of its language.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Des combats ont lieu au nord de Gao.", language="fr")
    >>> lead_in(words(report), 7, "fr", "lead", "lead2")
    True
    """
    for count in range(1, LONGEST_LEAD + 1):
        if first < count or not beside(found, first - count):
            return False
        before = " ".join(word.key for word in found[first - count : first])
        forms = {before, before.removeprefix("و")} if language == "ar" else {before}  # "and in" is one word in Arabic
        if any(form in vocabulary(language, name) for name in lists for form in forms):
            return True
    return False


def beside(found: tuple[Word, ...], position: int) -> bool:
    """Say whether nothing but a blank or a hyphen stands between a word and the next one, in one sentence.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> found = words(from_text("Dans la capitale, Gao est calme.", language="fr"))
    >>> beside(found, 1), beside(found, 2)
    (True, False)
    """
    word, following = found[position], found[position + 1]
    return word.sentence == following.sentence and following.start - word.end <= GAP


@lru_cache(maxsize=16)
def _words(document: Document) -> tuple[Word, ...]:
    return tuple(_read(document))


def _read(document: Document) -> Iterator[Word]:
    text, language = document.reading, document.language
    for number, sentence in enumerate(sentences(document)):
        first = True
        for match in _WORD.finditer(text, sentence.start, sentence.end):
            for start, end in _parts(text, match.start(), match.end(), language):
                yield Word(start, end, text[start:end], key(text[start:end], language), first, number)
                first = False


def _parts(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    """A word without the quotation mark after it, with elided articles parted (French) or endings cut off (Turkish)."""
    if language == "fr":
        while elided := _ELIDED.match(text, start, end):
            if text[start].isupper() and elided.group()[0] in "NSTM" and elided.end() < end and text[elided.end()].isupper():
                break  # N'Djamena
            yield start, elided.end()
            start = elided.end()
    if language == "tr" and (ending := _ENDING.search(text[start:end])):
        end = start + ending.start()
    while end > start and text[end - 1] in "'’`":
        end -= 1
    if end > start:
        yield start, end
