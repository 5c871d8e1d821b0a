"""Which known place a name carries inside it, where the gazetteer does not know the whole: "Karak district", "Manila Cathedral".

Two cases, and no more: an area that is known without the word for its kind, which is that area; and a building, school, event or park
that is named after its town, which lies somewhere in it and becomes a point of its own with the town's uncertainty.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.points import point_id
from geo.records import Hit
from geo.tokens import cues

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["hits_inside"]

KNOWN, KNOWN_HERE = 50_000, 8_000  # inhabitants of a town that names a building, in a report about other lands and about its own
WRITTEN = 0.95  # similarity of a name that stands inside another as the gazetteer writes it
LIKENESS = 0.7, 0.6  # similarity of an area without its word, and of a town inside the name of something else
SPREAD_M = 10_000.0  # how far from the middle of its town a building may stand
LONGEST = 7  # words of a name that is looked into
_SPELT_OUT = {"w": "West", "e": "East", "n": "North", "s": "South", "co": "County", "twp": "Township", "mts": "Mountains"}
_AREAS = frozenset({"township", "co", "twp", "estate", "metro", "area"})
_SIDES = frozenset({"north", "south", "east", "west", "greater", "central", "upper", "lower", "old", "downtown", "northern", "southern",
                    "eastern", "western", "upstate", "metro"})


def hits_inside(name: str, *, anything: bool, lands: Collection[str], gazetteer: Gazetteer) -> list[Hit]:
    """Return what a name that is not known may mean by a name inside it, the surest case only; empty where there is none.

    Parameters
    ----------
    anything
        Whether the name may be that of a building, a school or an event, so that a town inside it only says where it lies.
    lands
        Countries of the report, in which a town may be of any size.

    Examples
    --------
    >>> from geo.gazetteer import open_gazetteer
    >>> found = hits_inside("Karak district", anything=False, lands=("JO",), gazetteer=open_gazetteer())
    >>> sorted({hit.feature.country for hit in found if hit.feature.kind == "admin"})
    ['JO']
    """
    words = [word.strip(".,") for word in name.split()]
    if not 1 < len(words) <= LONGEST:
        return []
    for shorter in _without_kind(words):
        found = [hit for hit in gazetteer.search(shorter, limit=20) if hit.similarity >= WRITTEN]
        if found:
            return [replace(hit, match="fuzzy", similarity=LIKENESS[0]) for hit in found]
    for inner in _inner(words) if anything else ():
        told = [hit for hit in gazetteer.search(inner, limit=20) if hit.match == "exact" and _telling(hit, lands)]
        towns = [hit for hit in told if hit.feature.kind == "populated"]
        if told:
            return [_somewhere(hit) for hit in towns or told]
    return []


def _without_kind(words: Sequence[str]) -> Iterator[str]:
    """A name spelt out, then without the word for its kind, then without its side: "Loudon Co.", "W. Columbia", "Greater Toronto Area"."""
    whole = [_SPELT_OUT.get(word.lower(), word) for word in words]
    if whole != list(words):
        yield " ".join(whole)
    heads = cues("head_admin") | {head.title() for head in cues("head_admin")} | {head.title() for head in _AREAS}
    bare = whole[:-1] if whole[-1] in heads or words[-1].lower() in _AREAS else whole
    if len(bare) < len(whole):
        yield " ".join(bare)
    if len(bare) > 1 and bare[0].lower() in _SIDES:
        yield " ".join(bare[1:])


def _inner(words: Sequence[str]) -> Iterator[str]:
    """The names inside a name: what stands behind "of", then the longest beginning, then the longest end."""
    if "of" in words[1:-1]:
        yield " ".join(words[words.index("of", 1) + 1 :]).removeprefix("the ")
    for count in range(len(words) - 1, 0, -1):
        yield " ".join(words[:count])
    for first in range(1, len(words)):
        yield " ".join(words[first:])


def _telling(hit: Hit, lands: Collection[str]) -> bool:
    feature = hit.feature
    if feature.kind == "country" or feature.id.startswith("admin1:"):
        return True
    return feature.kind == "populated" and (feature.population >= KNOWN or (feature.country in lands and feature.population >= KNOWN_HERE))


def _somewhere(hit: Hit) -> Hit:
    """A point of its own in a town; an area or a country stays what it is."""
    feature = hit.feature
    if feature.kind == "populated":
        spot = point_id(feature.lon, feature.lat, radius_m=SPREAD_M)
        feature = replace(feature, id=spot, kind="other", geonameid=None, code="", names=())
    return Hit(feature=feature, match="fuzzy", similarity=LIKENESS[1])
