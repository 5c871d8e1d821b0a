"""Which actor, target and place fill the slots of a cue.

The table of cues says where each stands: before the verb, behind it, after "by", joined by a hyphen, inside the cue itself. A slot that is
filled from outside the clause makes the claim *inferred*; a slot that a claim cannot do without, left empty, makes none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.actors import Actors
from geo.clauses import Unit, clause, is_passive
from geo.courses import Way, ways_of
from geo.cued import Cued
from geo.parties import party
from geo.records import Actor, Document
from geo.slot_actors import actor_of, actor_of_the_offensive, target_of, those_who_meet
from geo.slot_places import Placed, places_of
from geo.syntax import Tree
from geo.typology import CueMatch
from geo.vetoes import NEEDS_ACTOR, NOUN_BEFORE, is_no_act, lacks
from geo.where import Named, Where

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["COUNTRY_IS_TOO_WIDE", "NEEDS_ACTOR", "Filled", "Placed", "fill"]

LEFT = re.compile(r"(?:left|abandon|evacuat|vacat|g[ai]v|lost|relinquish|yield|ced|conced|surrender)", re.IGNORECASE)
COUNTRY_IS_TOO_WIDE = frozenset(
    {"proposal", "contest", "hit", "siege", "advance", "presence", "overlay", "freeze", "meeting", "repel", "withdrawal"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The slots of a claim; `inferred` is empty where all stand in one clause, else the reason in words."""

    actor: Actor | None
    target: Actor | None
    places: tuple[Placed, ...]
    limits: tuple[str, ...] = ()
    inferred: str = ""
    ways: tuple[tuple[Placed, Way], ...] = ()
    """For a place to or from which the act moves, on which course."""


def fill(
    document: Document,
    text: str,
    match: CueMatch,
    units: Sequence[Unit],
    *,
    offset: int,
    earlier: Sequence[Unit] = (),
    previous: Actor | None = None,
    voice: Actor | None = None,
    last_place: Where | None = None,
    tree: Tree | None = None,
    actors: Actors | None = None,
    countries: tuple[str, ...] = (),
    others: Sequence[CueMatch] = (),
    gazetteer: Gazetteer | None = None,
) -> Filled | None:
    """Fill the slots of a cue, or return None where it makes no claim.

    Parameters
    ----------
    text, offset
        The sentence, and where it begins in the document.
    units
        The actors and places of the sentence.
    earlier
        The actors of the sentence before, for a pronoun.
    previous
        The actor of the cue before in this sentence, for "and a naval base".
    voice
        The party that speaks, for "we".
    last_place
        The place named last before the sentence, for "it".
    tree
        The sentence parsed, where a parser is at hand.
    actors, countries
        Who is who, and the countries of the report, for parties that no mention marks.
    gazetteer
        Where a name is looked up that no mention marks.
    others
        The cues of the sentence: a post that another act befalls ("overran the outpost") is no presence.
    """
    first, last = clause(text, match.start)
    s = Cued(
        document=document,
        text=text,
        offset=offset,
        match=match,
        start=offset + match.start,
        end=offset + match.end,
        first=offset + first,
        last=offset + last,
        units=tuple(units),
        last_place=last_place,
        tree=tree,
        top=tree.top(offset + match.start, offset + match.end) if tree else None,
        actors=actors,
        countries=countries,
        gazetteer=gazetteer,
        voice=voice,
    )
    if is_no_act(s, others):
        return None
    passive = (match.cue.actor == "subject" or _is_left(s)) and _is_passive(s)
    actor, target, inferred = _parties(s, passive, earlier, previous)
    places, limits = places_of(s, passive)
    if match.cue.family in COUNTRY_IS_TOO_WIDE:
        places = tuple(place for place in places if not _is_wide(place.where, units))
    if lacks(s, actor, target, placed=bool(places), origin=bool(limits), passive=passive):
        return None
    if match.cue.family == "hold" and match.cue.actor == "inside" and actor and target:
        limits, target = (*limits, f"The text names {target.name} beside {actor.name}."), None
    return Filled(actor=actor, target=target, places=places, limits=limits, inferred=inferred, ways=ways_of(s, places))


def _parties(s: Cued, passive: bool, earlier: Sequence[Unit], previous: Actor | None) -> tuple[Actor | None, Actor | None, str]:
    """Who does it, to whom, and from where that is inferred."""
    family = s.match.cue.family
    if family == "meeting":
        return those_who_meet(s, earlier)
    actor, inferred = _doer(s, passive, earlier, previous, s.voice)
    target = target_of(s, passive, actor, earlier)
    if family == "freeze" or (family == "contest" and actor is None):
        actor, target = _sides(s, earlier) or (actor, target)
    return actor, target, inferred


def _is_left(s: Cued) -> bool:
    """Whether a place is said to be left or given up, so that the passive names the place first ("Gijón was given up")."""
    return s.match.cue.family == "withdrawal" and s.tree is not None and LEFT.match(s.match.words) is not None


def _is_passive(s: Cued) -> bool:
    if s.tree is not None and s.top is not None:
        return s.tree.is_verb(s.top) and s.tree.is_passive(s.top)
    return is_passive(s.text, s.match.start, s.match.end)


def _doer(s: Cued, passive: bool, earlier: Sequence[Unit], previous: Actor | None, voice: Actor | None) -> tuple[Actor | None, str]:
    """Who does it, and from where that is inferred."""
    if s.match.cue.actor == "voice":
        return (voice, "") if voice or not earlier else (earlier[0].actor, "the actor is named in the sentence before")
    actor, inferred = actor_of(s, passive, earlier, previous)
    if voice and (actor is None or inferred) and re.search(r"\bwe\b", s.between(s.first, s.start), re.IGNORECASE):
        return voice, ""
    if s.match.cue.family == "advance" and NOUN_BEFORE.search(s.between(s.offset, s.start)):
        return actor_of_the_offensive(s), ""
    if s.match.cue.family == "contest" and inferred:
        return None, ""
    return actor, inferred


def _sides(s: Cued, earlier: Sequence[Unit]) -> tuple[Actor | None, Actor | None] | None:
    """The two between whom a ceasefire is made."""
    if s.tree is None or s.top is None:
        return None
    first = next((child for child in s.tree.kin(s.top, "nmod", "obl") if s.tree.case(child) == "between"), None)
    if first is None:
        return None
    second = next(iter(s.tree.kin(first, "conj")), None)
    return party(s, s.tree, first, earlier)[0], party(s, s.tree, second, earlier)[0] if second is not None else None


def _is_wide(where: Where | None, units: Sequence[Unit]) -> bool:
    """Whether a place is a whole country or more, too wide for an event."""
    if not isinstance(where, Named):
        return False
    feature = next((unit.feature for unit in units if unit.where == where and unit.feature), None)
    return where.feature.startswith("country:") or (feature is not None and feature.code in ("CONT", "PCLI"))
