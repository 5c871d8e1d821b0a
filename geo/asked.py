"""Which kind of place the words around a name ask for: "the city of Idlib", "Idlib province", "the Euphrates River".

Only the text speaks here, never the gazetteer.
"""

from __future__ import annotations

from collections.abc import Sequence

from geo.records import Kind
from geo.tokens import Token, cues

__all__ = ["asked_kind", "has_article"]

# Heads that stand for an administrative area after a name, but for a stretch of land before it ("the region of").
_SHORES = frozenset({"bank", "banks", "tributary", "tributaries", "mouth", "estuary", "riverbank", "shore", "shores"})
_SETTLED = frozenset({"capital", "stronghold", "hometown"})


def asked_kind(found: Sequence[Token], first: int, last: int) -> Kind | None:
    """Return the kind that the words around the tokens `first` to `last` (exclusive) ask for, or None.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.tokens import tokens
    >>> asked_kind(tokens(from_text("the city of Idlib")), 3, 4), asked_kind(tokens(from_text("in Idlib province")), 1, 2)
    ('populated', 'admin')
    """
    words = [found[position].text for position in range(first, last)]
    return _by_name(words) or _by_head_after(found, first, last, words) or _by_head_before(found, first)


def has_article(found: Sequence[Token], first: int, last: int) -> bool:
    """Say whether "the" belongs to the name itself: "the Dnipro" is a river, "the Idlib offensive" is no article of Idlib.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.tokens import tokens
    >>> has_article(tokens(from_text("They crossed the Dnipro in boats.")), 3, 4)
    True
    """
    if not first or found[first - 1].lower != "the" or found[first].text.isupper():
        return False
    following = found[last] if last < len(found) else None
    return following is None or (not following.word and following.text not in _HYPHENS) or following.lower in _AFTER


_HYPHENS = frozenset("-‐‑")  # "the Albany-based firm" is no river


_AFTER = frozenset(
    "in at near from into to of and or but as by for on with is was are were has had have will would which who that where "
    "while when until after before since than also into toward towards through across along between about against during over under".split()
)


def _by_name(words: Sequence[str]) -> Kind | None:
    if len(words) < 2:
        return None
    heads = {words[0], words[-1]}
    if words[-1] in {"City", "Town", "Village", "Township"}:
        return "populated"
    if words[-1].lower() in cues("head_admin") and words[-1][0].isupper():
        return "admin"
    if heads & cues("head_water") and words[-1] not in {"Bay", "Creek", "Sound", "Lake"}:
        return "water"
    if words[-1] in {"Airport", "Airfield", "Airbase", "Base", "Dam", "Crossing"}:
        return "base"
    if heads & {"Mountains", "Mountain", "Mount", "Peninsula", "Valley", "Desert", "Plateau", "Basin", "Highlands", "Islands", "Steppe"}:
        return "region"
    return None


def _by_head_after(found: Sequence[Token], first: int, last: int, words: Sequence[str]) -> Kind | None:
    if last >= len(found):
        return None
    head = found[last].text
    if head == "'s" or not head[:1].isalpha():
        return None
    if head.endswith(("ies", "ns", "ces", "ts", "es", "ds")) and not (first and found[first - 1].text in {",", "and", "&", "/"}):
        return None  # "U.S. cities", "Iraq provinces": the towns are inside
    if head in cues("head_water"):
        return "water"
    if head in {"Governorate", "Province", "Oblast", "District", "Region"} or head in cues("head_admin"):
        return None if head in {"state", "department", "division", "territory", "zone", "republic"} and words[0].islower() else "admin"
    if head.lower() in cues("head_populated") - _SETTLED and head not in {"port", "camp"}:
        return "populated"
    return {"river": "water", "lake": "water", "sea": "water", "airport": "base", "airbase": "base", "dam": "base", "crossing": "base",
            "mountains": "region", "valley": "region", "peninsula": "region", "desert": "region"}.get(head)  # type: ignore[return-value]


def _by_head_before(found: Sequence[Token], first: int) -> Kind | None:
    if not first:
        return None
    previous = found[first - 1].text
    if previous == "of" and first >= 2:
        head = found[first - 2].text.lower()
        if head in cues("head_populated"):
            return None if head in {"capital", "port", "camp", "community", "quarter"} else "populated"
        if head in cues("head_admin"):
            return "admin" if head not in {"state", "department", "division", "zone"} else None
        if found[first - 2].text in _SHORES:
            return "water"
        return {"sea": "water", "gulf": "water", "strait": "water"}.get(head)  # type: ignore[return-value]
    lower = previous.lower()
    if lower in {"city", "town", "village", "hamlet", "suburb", "capital", "hometown"} and previous.islower():
        return "populated"
    if previous in {"River", "Lake"}:
        return "water"
    return None
