"""Whether a name that a text repeats means more than one place: "Dover is a town in Arkansas, named after Dover, Kent".

A repeated name is one place unless the text puts its mentions into different countries or first-level units, and the gazetteer knows a
place of that name in each.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from geo.binding import bindings
from geo.ranking import unit_of
from geo.records import Candidate, Document, Mention

__all__ = ["told_apart"]

STATED = 0.8  # weight of a binding that the words state; further parents of a chain of three weigh .81
SURE = 0.9  # similarity of a parent that is written as the gazetteer writes it

Codes = tuple[frozenset[str], frozenset[str]]  # units and countries


def told_apart(document: Document, mentions: Sequence[Mention], found: Mapping[int, Sequence[Candidate]]) -> dict[int, int]:
    """Return, for the start of each mention that means another place than the first of its name, the number of that place (from 1).

    Parameters
    ----------
    mentions
        All mentions of the document that may be places.
    found
        The candidates of each mention, by its start.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> told_apart(from_text("Nothing is named here."), [], {})
    {}
    """
    ordered = sorted((mention for mention in mentions if mention.start in found), key=lambda mention: mention.start)
    repeated = _repeated(ordered, found)
    if not repeated:
        return {}
    parents = bindings(document.reading, ordered)
    apart: dict[int, int] = {}
    for same in repeated:
        groups: list[Codes] = []
        for number in same:
            codes = _codes([ordered[bound.parent] for bound in parents.get(number, ()) if not bound.near and bound.weight >= STATED], found)
            if not _known(found[ordered[number].start], codes):
                continue
            group = next((place for place, other in enumerate(groups) if _agree(codes, other)), len(groups))
            if group == len(groups):
                groups.append(codes)
            if group:
                apart[ordered[number].start] = group
    return apart


def _repeated(ordered: Sequence[Mention], found: Mapping[int, Sequence[Candidate]]) -> list[list[int]]:
    """The numbers of the mentions of each name that occurs more than once and has more than one candidate."""
    by_name: dict[str, list[int]] = defaultdict(list)
    for number, mention in enumerate(ordered):
        if mention.use != "demonym" and len(found[mention.start]) > 1:
            by_name[mention.text.casefold()].append(number)
    return [numbers for numbers in by_name.values() if len(numbers) > 1]


def _codes(parents: Sequence[Mention], found: Mapping[int, Sequence[Candidate]]) -> Codes:
    """The first-level units and the countries that the parents of a mention may mean."""
    features = [c.feature for parent in parents for c in found[parent.start] if c.similarity >= SURE]
    units = frozenset(unit_of(feature) for feature in features if feature.id.startswith("admin1:"))
    return units, frozenset(feature.country for feature in features if feature.kind == "country")


def _known(candidates: Sequence[Candidate], codes: Codes) -> bool:
    """Whether a place of the name lies where the text puts it."""
    units, lands = codes
    inside = (c.feature for c in candidates if c.similarity >= SURE and c.feature.kind in {"populated", "admin", "base"})
    return any(unit_of(feature) in units if units else feature.country in lands for feature in inside)


def _agree(one: Codes, other: Codes) -> bool:
    """Whether two mentions may lie in one place; where one names its unit and the other its country, they may."""
    if one[0] and other[0]:
        return bool(one[0] & other[0])
    return not (one[1] and other[1]) or bool(one[1] & other[1])
