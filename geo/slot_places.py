"""Which places fill the place's slot of a cue: the verb's object, its subject, where an event happens, the area that is declared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo.clauses import gap_is_partial, gap_reaches, linked
from geo.cued import Cued
from geo.placed import PART_OF_IT, SOMEWHERE_ALONG, Placed, joined, placed, whole
from geo.role_places import EVENTS, antecedent, located_by_tree, places_by_tree
from geo.where import Described, Named, RoadSection

__all__ = ["ORIGIN", "Placed", "places_of"]

LIST_HEAD = re.compile(
    r"\s*(?:the\s+)?(?:\w+\s+){0,3}(?:roads?|highways?|motorways?|towns|cities|villages|provinces|districts|areas|regions|bases|"
    r"routes)\s*(?:[:—–]|,|in\s)\s*",
    re.IGNORECASE,
)
ORIGIN = "The place named is where the attack came from."
MAX_EVENT_GAP = 15  # words between an event and its place in one clause; read off the development reports


def places_of(s: Cued, passive: bool) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """Return the places of a cue, and what has to be said of all of them."""
    places, limits = _by_slot(s, passive)
    places = tuple(_cut(s, place) for place in places)
    return (tuple(_narrowed(s, place) for place in places), limits) if s.match.cue.family in EVENTS else (places, limits)


def _by_slot(s: Cued, passive: bool) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    slot = s.match.cue.place
    if slot.startswith("target"):
        return (), ()
    if passive and slot in ("object", "hit"):
        slot = "subject"
    told = places_by_tree(s, slot)
    if told is not None:
        return told, ((ORIGIN,) if s.match.cue.place == "hit" and _is_origin(s, told) else ())
    if slot == "object":
        return _object(s), ()
    if slot == "subject":
        return _subject_place(s) or (_location(s) if s.match.cue.place == "hit" else ()), ()
    if slot == "any":
        return _object(s) or _subject_place(s), ()
    if slot == "area":
        return _overlay(s), ()
    found = _object(s) or _location(s)
    return found, ((ORIGIN,) if slot == "hit" and _is_origin(s, found) else ())


def _is_origin(s: Cued, places: Sequence[Placed]) -> bool:
    """Whether an attack came from the place that is named with it."""
    if not places or places[0].span is None:
        return False
    return re.search(r"\bfrom\s+(?:\w+\s+){0,2}$", s.between(s.end, places[0].span[0])) is not None


def _object(s: Cued) -> tuple[Placed, ...]:
    """The places that are the verb's object, with those listed beside them."""
    head = LIST_HEAD.match(s.document.reading, s.end, s.offset + len(s.text))
    if head and ":" in head.group():
        return tuple(placed(unit) for unit in s.right() if unit.where is not None and unit.start >= head.end() - 1)
    containing = [u for u in s.units if u.where is not None and u.start < s.end and u.end > s.end and u.start >= s.start - 40]
    if containing:
        return (placed(containing[0]),)
    for unit in s.right():
        if unit.where is None:
            continue
        gap = s.between(s.end, unit.start)
        if not gap_reaches(gap):
            return ()
        if gap_is_partial(gap) and isinstance(unit.where, Named):
            rest = linked(s.document, unit, s.units)[1:]
            return (Placed(where=Described("part", unit.where), limits=(PART_OF_IT,), span=(unit.start, unit.end)), *joined(rest))
        return joined(linked(s.document, unit, s.units))
    return _antecedent(s)


def _antecedent(s: Cued) -> tuple[Placed, ...]:
    """The place of a relative clause ("Glamoc, which Serb forces still hold") or of a pronoun ("encircled it")."""
    before = [unit for unit in s.left() if unit.where is not None]
    if before and re.match(r",?\s*(?:which|that)\b[^,;]*$", s.between(before[0].end, s.start)):
        return _subject_place(s)
    return antecedent(s)


def _subject_place(s: Cued) -> tuple[Placed, ...]:
    """The place that stands before the verb ("Saraqib fell to")."""
    for unit in s.left():
        if unit.where is None or (unit.actor is not None and unit.kind == "actor"):
            continue
        gap = s.between(unit.end, s.start)
        if len(gap.split()) > 12 or ";" in gap or s.is_oblique(unit):
            return ()
        chain = [unit]
        for other in s.left():
            beside = other.where is not None and other.end <= chain[0].start and chain[0] in linked(s.document, other, [chain[0]])
            if beside and not s.is_oblique(other):  # "In Darfur, El Fasher remains under siege" says nothing of Darfur
                chain.insert(0, other)
        before = s.between(max(s.offset, chain[0].start - 40), chain[0].start)
        if gap_is_partial(before) and isinstance(unit.where, Named):
            return (Placed(where=Described("part", unit.where), limits=(PART_OF_IT,), span=(unit.start, unit.end)),)
        return joined(tuple(chain))
    return ()


def _location(s: Cued) -> tuple[Placed, ...]:
    """Where an event happens: the first place behind it in the clause, else the nearest before it."""
    if found := located_by_tree(s):
        return found
    near = [unit for unit in s.right() if unit.where is not None and unit.start < s.last]
    near = [unit for unit in near if len(s.between(s.end, unit.start).split()) <= MAX_EVENT_GAP]
    aimed = [unit for unit in near if s.match.cue.family == "hit" and re.search(r"\bat\s+$", s.between(s.end, unit.start))]
    for unit in aimed[:1] or near[:1]:  # "launched drones from Nyala at Port Sudan" hits what stands behind "at"
        return joined(linked(s.document, unit, s.units))
    for unit in s.left():
        if (
            unit.where is not None
            and unit.start >= s.first
            and not s.aside(unit)
            and len(s.between(unit.end, s.start).split()) <= MAX_EVENT_GAP
        ):
            return (placed(unit),)
    return ()


def _overlay(s: Cued) -> tuple[Placed, ...]:
    """The area that is declared a zone: "a buffer zone in northern Syria", "Srebrenica, a safe area", "the Lachin corridor"."""
    if re.search(r"\b(?:of|from|to|outside|into|across)\s+(?:the\s+)?(?:\w+\s+)?$", s.between(s.offset, s.start)):
        return ()
    head = re.match(r"\s*:\s*", s.between(s.end, s.end + 4))
    if head:
        return tuple(placed(unit) for unit in s.right() if unit.where is not None)
    for unit in s.right():
        gap = s.between(s.end, unit.start)
        if unit.where is not None and re.fullmatch(
            r"\s+(?:[\w-]+\s+){0,3}(?:in|around|along|across|between|of|from|near|through|for|inside)?\s*(?:the\s+)?", gap
        ):
            if re.search(r"\b(?:across|through|from)\s+(?:the\s+)?$", gap):
                return (Placed(where=Described("corridor", whole(unit)), limits=(SOMEWHERE_ALONG,), span=(unit.start, unit.end)),)
            return joined(linked(s.document, unit, s.units))
    for unit in s.left():
        if unit.where is not None:
            near = re.fullmatch(r"\s*(?:,\s*)?(?:(?:as|to be|is|was|a|an|the|declared|UN|U\.N\.)\s+)*", s.between(unit.end, s.start))
            return (placed(unit),) if near else ()
    return ()


def _cut(s: Cued, place: Placed) -> Placed:
    """A road of which the sentence names the stretch: "Route 9 is in American hands from Dong Ha to Camp Carroll"."""
    for unit in s.units:
        if isinstance(unit.where, RoadSection) and Named(unit.where.road or "?") == place.where:
            return Placed(where=unit.where, limits=place.limits, span=place.span)
    return place


def _narrowed(s: Cued, place: Placed) -> Placed:
    """An event on a whole sea or river is somewhere on it."""
    if place.where is not None and any(
        unit.where == place.where and isinstance(unit.where, Named) and unit.feature and unit.feature.kind == "water" for unit in s.units
    ):
        return Placed(where=Described("place", place.where), limits=(*place.limits, SOMEWHERE_ALONG), span=place.span)
    return place
