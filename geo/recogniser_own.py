"""The names of a user's own places, wherever a text writes them: no gazetteer and no tagger knows them better than their user.

Only names that nothing but own places bear are looked for here; a namesake of another place is left to the other recognisers, which
weigh it. A single word that is also a word or a name of a person is left to them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.added import OWN, State, state
from geo.names import fold
from geo.own_places import own_places
from geo.records import Document, Kind, Mention
from geo.tokens import Token, cues, tokens, word_list

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["own_recogniser"]

_LONGEST = 8  # tokens of a name, hyphens and apostrophes included
_SHORTEST = 3  # letters of a name of one word


def own_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of the names of own places that the gazetteer holds; without own places it finds nothing."""

    def recognise(document: Document) -> Iterable[Mention]:
        names = _names(state())
        if not names:
            return
        taken = 0
        found = tokens(document)
        for first, token in enumerate(found):
            if first < taken or not token.word or token.text[0].islower():
                continue
            for last, key in _stretches(found, first, document.reading, names):
                written = document.reading[token.start : found[last - 1].end]
                if (kind := _own_kind(written, gazetteer)) and not (" " not in key and _ordinary(token.text)):
                    taken = last
                    yield Mention(
                        document_id=document.id, start=token.start, end=found[last - 1].end, kind=kind, recogniser=OWN,
                        text=document.text[token.start : found[last - 1].end],
                    )
                    break

    return recognise


@lru_cache(maxsize=2)
def _names(installed: State) -> Mapping[str, frozenset[str]]:
    """The folded names of own places by their first word."""
    found: dict[str, set[str]] = {}
    if any(one.name == OWN for _, one in installed):
        for row in own_places():
            for name in (row.name, *filter(None, row.names.split("|"))):
                key = fold(name)
                if len(key) >= _SHORTEST:
                    found.setdefault(key.split(" ")[0], set()).add(key)
    return {first: frozenset(keys) for first, keys in found.items()}


def _stretches(found: Sequence[Token], first: int, text: str, names: Mapping[str, frozenset[str]]) -> Iterator[tuple[int, str]]:
    """Yield (end, folded name) of the stretches that begin here and are names, the longest first."""
    end = min(first + _LONGEST, len(found))
    begun = {fold(text[found[first].start : found[last - 1].end]).split(" ")[0] for last in range(first + 1, min(first + 4, end) + 1)}
    known = frozenset().union(*(names.get(word, frozenset()) for word in begun))
    if not known:
        return
    for last in range(end, first, -1):
        if found[last - 1].word and (key := fold(text[found[first].start : found[last - 1].end])) in known:
            yield last, key


def _own_kind(written: str, gazetteer: Gazetteer) -> Kind | None:
    """The kind of the own place of a name, or None where another place bears it too."""
    hits = [hit for hit in gazetteer.search(written, limit=20) if hit.similarity >= 0.9]
    others = [hit for hit in hits if not hit.feature.id.startswith(f"{OWN}:")]
    return hits[0].feature.kind if hits and not others else None


def _ordinary(word: str) -> bool:
    """Whether a word alone is a word of the language or of a person's name."""
    return word.lower() in word_list("common") or word in cues("given") or word in word_list("given") or word in word_list("surname")
