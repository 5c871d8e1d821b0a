"""Which name the text says another one lies in or near: "X, Y", "X in Y", "Y's X", "a town in X County, Y", "X, near Y".

Only the words between two neighbouring names speak here, never the gazetteer; a comma may as well join two towns of a list, so that a
binding is an offer, which counts where a candidate of the one lies in a candidate of the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.records import Mention

__all__ = ["Binding", "bindings"]

_REACH = 130  # characters between two names that are looked at; the longest definition in the development corpora has 118
_HEADS = (
    "city|town|village|hamlet|suburb|settlement|municipality|province|governorate|oblast|krai|raion|region|district|county|parish|state|"
    "capital|port|area|neighbou?rhood|quarter|department|prefecture|canton|republic|territory|enclave|township|borough|commune|"
    "community|countryside|outskirts|island|isle|peninsula|camp|sub-?district|division|wilaya|woreda|emirate|valley|kingdom|"
    "governorates|provinces|oblasts|districts|cities|towns|villages|counties|states|regions|suburbs|Co\\."
)
_SIDE = r"(?:(?:north|south|east|west|central|mid|upper|lower|far|coastal|rural|mainland)\w*(?:[ -](?:north|south|east|west|central)\w*)?)"
# Words that may stand before the word for the kind: "Syria's rebel-held second city, Aleppo".
_EPITHET = (
    rf"(?:{_SIDE}|[a-z]+-[a-z]+|border|port|besieged|strategic|ancient|historic|old|small|tiny|large|key|main|major|remote|mountain|desert|"
    r"oil|mining|farming|fishing|resort|frontier|garrison|flashpoint|restive|largest|biggest|second|third|former|holy|divided|disputed|"
    r"capital|neighbou?ring|nearby|first-class|unincorporated|federal|autonomous|U\.?S\.?|English|British)"
)
_OF = rf"(?:(?:the )?(?:{_EPITHET} ){{0,3}}(?:{_HEADS}) of )"
_THE = rf"(?:the )?(?:{_SIDE} (?:part of |half of |corner of )?(?:the )?)?"
_OWN = rf"(?:\s(?:{_HEADS}))?"  # the word for the kind that follows the first name: "Ariha district, Idlib"
_PLACED = r"(?:in|of|on|within|inside|from|across)"
# The name, then what it lies in. Weights: how often the second contained the first, on the development corpora.
_INSIDE_AFTER = (
    (re.compile(rf"{_OWN}\s?,\s*(?:in )?{_OF}?|{_OWN}\s?\(\s*(?:in )?{_OF}?", re.IGNORECASE), 1.0),
    (re.compile(rf"{_OWN},? {_PLACED} {_THE}{_OF}?", re.IGNORECASE), 1.0),
    (re.compile(rf",? (?:is |was |lies |are )?(?:a|an|the|one of)\b[^.;:!?]{{0,80}}?\b{_PLACED} {_THE}{_OF}?", re.IGNORECASE), 0.9),
    (re.compile(rf"(?:\s?\([^)]{{0,80}}\))?,? (?:is|was|lies|are)\b[^.;:!?]{{0,80}}?\b{_PLACED} {_THE}{_OF}?", re.IGNORECASE), 0.9),
    (re.compile(rf",? (?:the|a|an) (?:[\w-]+ ){{0,4}}(?:{_HEADS}) {_PLACED} {_THE}{_OF}?", re.IGNORECASE), 1.0),
)
# What contains it, then the name: "Syria's northern city of Aleppo", "the Syrian town of Ariha".
_INSIDE_BEFORE = (
    (re.compile(rf"['’]s? (?:{_EPITHET},? ){{0,3}}(?:(?:{_HEADS}),? (?:of |called )?)?(?:the )?", re.IGNORECASE), 1.0),
    (re.compile(rf"\s(?:{_EPITHET},? ){{0,3}}(?:{_HEADS}),? (?:of |called )?", re.IGNORECASE), 1.0),
)
_NEAR = re.compile(
    r",? (?:[\w.()-]+ ){0,6}?(?:near|outside|close to|beside|nearby|from|"
    rf"{_SIDE}(?: edge| outskirts| bank| side)? of|outskirts of|suburbs? of|(?:kilomet\w+|km|miles?)(?: away)? from) {_THE}{_OF}?",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s?,\s*(?:and |or )?|\s(?:and|or|&) (?:the )?", re.IGNORECASE)
_OFFERED = 0.7  # weight of a parent that stands behind the last name of a list only
_LEAST = 0.3  # weight below which a parent is let go; without it every name of a long list would be offered every later one
_CHAINED = 0.95  # weight that a further parent keeps for each name between: "X, Y County, Z"


@dataclass(frozen=True, slots=True)
class Binding:
    """The name at `parent` is said to contain the name bound to it, or (`near`) to lie close to it; numbers of mentions."""

    parent: int
    weight: float
    near: bool = False


def bindings(text: str, mentions: Sequence[Mention]) -> dict[int, list[Binding]]:
    """Return, for the number of each mention that has any, the mentions that the text says it lies in or near.

    Parameters
    ----------
    text
        `Document.reading`.
    mentions
        In the order of the text.

    Examples
    --------
    >>> words = "Ariha is a town in Idlib province, Syria."
    >>> named = [Mention(document_id="d", start=words.index(n), end=words.index(n) + len(n), text=n, kind="other")
    ...          for n in ("Ariha", "Idlib", "Syria")]
    >>> [(bound.parent, bound.near) for bound in bindings(words, named)[0]]
    [(1, False), (2, False)]
    """
    found: dict[int, list[Binding]] = {}
    lists: list[tuple[int, int]] = []
    for here in range(len(mentions) - 1):
        there = _next(mentions, here)
        if there is None:
            continue
        gap = text[mentions[here].end : mentions[there].start].replace("\n", " ")
        for child, bound in _between(gap, here, there):
            if mentions[child].use != "demonym":
                found.setdefault(child, []).append(bound)
        if _LIST.fullmatch(gap):
            lists.append((here, there))
    _share(found, lists)
    return {child: _chained(found, child) for child in found}


def _next(mentions: Sequence[Mention], here: int) -> int | None:
    """The next mention that does not overlap this one and is not too far."""
    for there in range(here + 1, min(here + 4, len(mentions))):
        if mentions[there].start >= mentions[here].end:
            return there if mentions[there].start - mentions[here].end <= _REACH else None
    return None


def _between(gap: str, here: int, there: int) -> list[tuple[int, Binding]]:
    made = []
    before = max((weight for pattern, weight in _INSIDE_BEFORE if pattern.fullmatch(gap)), default=0.0)
    if before:
        made.append((there, Binding(here, before)))
    after = max((weight for pattern, weight in _INSIDE_AFTER if pattern.fullmatch(gap)), default=0.0)
    if after:
        made.append((here, Binding(there, after)))
    if _NEAR.fullmatch(gap):
        made += [(here, Binding(there, 1.0, near=True)), (there, Binding(here, 1.0, near=True))]
    return made


def _share(found: dict[int, list[Binding]], lists: Sequence[tuple[int, int]]) -> None:
    """Let the names of a list share a parent: "A, B and C, in Y", "the Syrian towns of A, B and C"."""
    for here, there in reversed(lists):
        _add(found, here, [_offer(bound) for bound in found.get(there, ()) if bound.parent > there])
    for here, there in lists:
        _add(found, there, [_offer(bound) for bound in found.get(here, ()) if bound.parent < here])


def _offer(bound: Binding) -> Binding:
    return Binding(bound.parent, bound.weight * _OFFERED, bound.near)


def _add(found: dict[int, list[Binding]], child: int, offered: Sequence[Binding]) -> None:
    known = {bound.parent for bound in found.get(child, ())}
    fresh = [bound for bound in offered if bound.parent not in known and bound.parent != child and bound.weight >= _LEAST]
    if fresh:
        found.setdefault(child, []).extend(fresh)


def _chained(found: dict[int, list[Binding]], child: int) -> list[Binding]:
    """The parents of a name and theirs: "X, Y County, Z" puts X in Z too."""
    made: dict[int, Binding] = {}
    open_ends = list(found[child])
    while open_ends:
        bound = open_ends.pop(0)
        if bound.parent == child or (bound.parent in made and made[bound.parent].weight >= bound.weight) or bound.weight < _LEAST:
            continue
        made[bound.parent] = bound
        if not bound.near:
            further = (up for up in found.get(bound.parent, ()) if not up.near)
            open_ends += [Binding(up.parent, bound.weight * up.weight * _CHAINED) for up in further]
    return list(made.values())
