"""Which kind of place the words around a name ask for in the languages other than English: "ville d'Alep", "Херсонская область".

Only the text speaks here, never the gazetteer; the generic words are lists of data/language_cues.csv.
"""

from __future__ import annotations

from geo.inflection import adjective_stems
from geo.languages import vocabulary
from geo.records import Document, Kind
from geo.words import Word, beside, lead_in, position_of, words

__all__ = ["asked_around", "asked_in"]

_KINDS: tuple[Kind, ...] = ("populated", "admin", "water", "region", "base")
_AND = frozenset({"и", "та", "і", "й"})
_SHARED = 4  # words within which a generic word may be shared
_LINKS = 2  # small words between a generic word and its name: "departamento del Cauca", "ville de la Rochelle"


def asked_in(document: Document, start: int, end: int) -> Kind | None:
    """Return the kind that the words around the characters `start` to `end` of a document ask for, or None.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> asked_in(from_text("Бои идут в Харьковской области.", language="ru"), 11, 22)
    'admin'
    >>> asked_in(from_text("La ville d'Alep est calme.", language="fr"), 11, 15)
    'populated'
    """
    found = words(document)
    position = position_of(found, start, end)
    return asked_around(found, *position, document.language) if position else None


def asked_around(found: tuple[Word, ...], first: int, last: int, language: str) -> Kind | None:
    """Return the kind that the words around the words `first` to `last` (exclusive) ask for, or None.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> asked_around(words(from_text("Hatay ilinde", language="tr")), 0, 1, "tr")
    'admin'
    """
    return _by_name(found, first, last, language) or _after(found, last, language) or _before(found, first, language)


def _by_name(found: tuple[Word, ...], first: int, last: int, language: str) -> Kind | None:
    """The kind that a generic word inside the name tells: "mer Noire", "Азовское море"."""
    if last - first < 2:
        return None
    for kind in ("water", "region"):
        if found[first].key in vocabulary(language, f"head_{kind}") or found[last - 1].key in vocabulary(language, f"tail_{kind}"):
            return "water" if kind == "water" else "region"
    return None


def _after(found: tuple[Word, ...], last: int, language: str) -> Kind | None:
    if last >= len(found) or found[last].sentence != found[last - 1].sentence or (language != "tr" and not beside(found, last - 1)):
        return None
    if language in ("ru", "uk") and adjective_stems(found[last - 1].text, language):
        last = _past_others(found, last, language)
    for count in (1, 2):
        following = " ".join(word.key for word in found[last : last + count])
        for kind in _KINDS:
            if following in vocabulary(language, f"tail_{kind}"):
                return kind
    return None


def _past_others(found: tuple[Word, ...], last: int, language: str) -> int:
    """Past the other adjectives that share a generic word: "в Донецкой и Луганской областях"."""
    here = last
    while here < min(len(found), last + _SHARED) and found[here].sentence == found[last].sentence:
        if found[here].key not in _AND and not (found[here].capital and adjective_stems(found[here].text, language)):
            return here
        here += 1
    return last


def _before(found: tuple[Word, ...], first: int, language: str) -> Kind | None:
    if lead_in(found, first, language, "shore"):
        return "water"
    links = vocabulary(language, "link")
    for count in range(_LINKS + 2):
        position = first - 1 - count
        if position < 0 or not beside(found, position):
            return None
        word = found[position]
        for kind in _KINDS:
            # a generic word stands beside its name, or has "of" between: "la ville d'Alep", but not "la ville, Alep"
            if word.key in vocabulary(language, f"head_{kind}") and (count or language not in ("fr", "es") or word.key in _bare(language)):
                return kind
        if word.key not in links:
            return None
    return None


def _bare(language: str) -> frozenset[str]:
    """Generic words that stand right before a name, without "of": "le fleuve Niger", "el río Cauca"."""
    return vocabulary(language, "bare").whole
