"""Replay of human corrections, one function per stage.

A `Decision` names its target by what the text says, not by a number that a re-read would change:

========  ==================================  ==========================================
action    target                              value
========  ==================================  ==========================================
place     the mention's words                 the id of the feature that is meant
drop      the mention's words                 (none): it is not a place
reject    the claim's id                      (none): the text does not say so
========  ==================================  ==========================================

Decisions are applied in order, and applying one twice is applying it once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.records import Claim, Decision, Document, Mention, Place

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["correct_claims", "correct_mentions", "correct_places"]


def correct_mentions(mentions: Iterable[Mention], document: Document, decisions: Iterable[Decision]) -> tuple[Mention, ...]:
    """Drop the mentions that a reader said are not places."""
    dropped = {decision.target for decision in decisions if decision.action == "drop"}
    return tuple(mention for mention in mentions if mention.text not in dropped)


def correct_places(
    places: Iterable[Place], mentions: Iterable[Mention], document: Document, decisions: Iterable[Decision], *, gazetteer: Gazetteer
) -> tuple[Place, ...]:
    """Move mentions to the feature that a reader chose.

    Raises
    ------
    UnknownPlace
        If a decision names a feature that the gazetteer does not hold.
    """
    places = tuple(places)
    for decision in decisions:
        if decision.action == "place":
            places = _moved(places, tuple(m for m in mentions if m.text == decision.target), decision, gazetteer)
    return places


def correct_claims(claims: Iterable[Claim], decisions: Iterable[Decision]) -> tuple[Claim, ...]:
    """Drop the claims that a reader rejected."""
    rejected = {decision.target for decision in decisions if decision.action == "reject"}
    return tuple(claim for claim in claims if claim.id not in rejected)


def _moved(places: tuple[Place, ...], moved: tuple[Mention, ...], decision: Decision, gazetteer: Gazetteer) -> tuple[Place, ...]:
    if not moved:
        return places
    kept = [replace(place, mentions=tuple(m for m in place.mentions if m not in moved)) for place in places]
    target = next((place for place in kept if place.feature.id == decision.value), None)
    if target is not None:
        kept.remove(target)
        moved = tuple(sorted({*target.mentions, *moved}, key=lambda mention: mention.start))
    feature = gazetteer.get(decision.value)
    chosen = Place(
        id=feature.id,
        feature=feature,
        mentions=moved,
        confidence=1.0,
        precision=1 if feature.kind in ("populated", "base") else 4,
        reason=f"chosen by {decision.by or 'a reader'}" + (f": {decision.note}" if decision.note else ""),
        rivals=() if target is None else target.rivals,
    )
    return (*(place for place in kept if place.mentions), chosen)
