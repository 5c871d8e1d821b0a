"""Which actor, target and place fill the slots of a cue.

The table of cues says where each stands: before the verb, behind it, after "by", joined by a hyphen, inside the cue itself. A slot that is
filled from outside the clause makes the claim *inferred*; a slot that a claim cannot do without, left empty, makes none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from geo.clauses import Unit, clause, is_passive
from geo.cued import Cued
from geo.records import Actor, Document, Predicate
from geo.slot_actors import actor_of, actor_of_the_offensive, target_of, those_who_meet
from geo.slot_places import Placed, places_of
from geo.typology import CueMatch
from geo.where import Named, Where

__all__ = ["Filled", "Placed", "fill"]

NEEDS_ACTOR: frozenset[Predicate] = frozenset({"controls", "withdraws", "hands_over", "supports", "bases", "patrols"})
COUNTRY_IS_TOO_WIDE = frozenset({"contest", "hit", "siege", "advance", "presence", "overlay", "freeze", "meeting", "repel", "withdrawal"})
NOUN_BEFORE = re.compile(
    r"\b(?:the|an?|its|their|his|this|that|these|those|any|no|more|new|air|rocket|missile|drone|artillery|of|for|major|heavy|latest)\s+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The slots of a claim; `inferred` is empty where all stand in one clause, else the reason in words."""

    actor: Actor | None
    target: Actor | None
    places: tuple[Placed, ...]
    limits: tuple[str, ...] = ()
    inferred: str = ""


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
    )
    if _is_bare_noun(s):
        return None
    cue = match.cue
    passive = cue.actor == "subject" and is_passive(text, match.start, match.end)
    actor, inferred = _doer(s, passive, earlier, previous, voice)
    target = target_of(s, passive, actor)
    if cue.family == "meeting":
        actor, target, inferred = those_who_meet(s, earlier)
    places, limits = places_of(s, passive)
    if cue.family == "hold" and cue.actor == "inside" and actor and target:
        limits, target = (*limits, f"The text names {target.name} beside {actor.name}."), None
    if cue.family in COUNTRY_IS_TOO_WIDE:
        places = tuple(place for place in places if not _is_wide(place.where, units))
    if cue.predicate in NEEDS_ACTOR and actor is None:
        return None
    if cue.predicate == "supports":
        return Filled(actor=actor, target=target, places=places, inferred=inferred) if target and actor and target.id != actor.id else None
    if not places or (
        cue.predicate == "attacks" and actor is None and target is None and cue.place == "hit" and not limits and not passive
    ):
        return None
    return Filled(actor=actor, target=target, places=places, limits=limits, inferred=inferred)


def _doer(s: Cued, passive: bool, earlier: Sequence[Unit], previous: Actor | None, voice: Actor | None) -> tuple[Actor | None, str]:
    """Who does it, and from where that is inferred."""
    actor, inferred = actor_of(s, passive, earlier, previous)
    if voice and (actor is None or inferred) and re.search(r"\bwe\b", s.between(s.first, s.start), re.IGNORECASE):
        return voice, ""
    if s.match.cue.family == "advance" and NOUN_BEFORE.search(s.between(s.offset, s.start)):
        return actor_of_the_offensive(s), ""
    if s.match.cue.family == "contest" and inferred:
        return None, ""
    return actor, inferred


def _is_bare_noun(s: Cued) -> bool:
    """Whether a cue that may be a verb is a noun here, with nothing that says where ("the air strikes")."""
    return (
        s.match.cue.place in ("hit", "object", "target")
        and " " not in s.match.words.strip()
        and bool(NOUN_BEFORE.search(s.between(s.offset, s.start)))
        and s.match.cue.actor in ("subject", "loser", "defender")
    )


def _is_wide(where: Where, units: Sequence[Unit]) -> bool:
    """Whether a place is a whole country or more, too wide for an event."""
    if not isinstance(where, Named):
        return False
    feature = next((unit.feature for unit in units if unit.where == where and unit.feature), None)
    return where.feature.startswith("country:") or (feature is not None and feature.code in ("CONT", "PCLI"))
