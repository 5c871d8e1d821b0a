"""The signs of the military preset: a unit's symbol for who acts, with the event's own sign at its corner; installations by theirs.

A frame says friend or foe only where the reader has chosen a side; without one, every party's is "unknown".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from geo import actors
from geo.plate import app6, app6_choice, signs
from geo.plate.items import Area, Line

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.situation import Situation

__all__ = ["ACTS", "WIDER", "Shapes", "Symbols", "symbols_of"]

Shapes = tuple[Area | Line, ...]

Symbols = Callable[[Any, str, float], Shapes | None]
"""From a row, its colour and the width of an icon (points) to the shapes of its symbol; None where the icon itself serves."""

ACTS = ("attacks", "advances", "withdraws", "besieges", "contests", "patrols")
"""What units do: the acts whose sign is a unit's."""

WIDER = 1.6  # times as wide as an icon: a symbol holds a frame and what stands in it
_BADGE = 0.78  # of an icon's width: the event's sign at the symbol's corner


def symbols_of(situation: Situation, choices: Choices) -> Symbols:
    """Return how signs of a situation are drawn after APP-6.

    Parameters
    ----------
    situation
        Whose claims say what kind of unit acts.
    choices
        Whose `own` are the actors on whose side the reader stands.
    """
    table = actors.shipped()
    war = table.war_of(situation.actors)
    claims = {claim.id: claim for claim in situation.claims}

    def symbol(row: Any, colour: str, size: float) -> Shapes | None:
        claim = next((claims[name] for name in row.claims if name in claims), None)
        actor = claim.actor if claim is not None else None
        side = app6_choice.affiliation_of(actor, choices.own, table, war=war)
        draw = partial(app6.symbol, affiliation=side, status=app6_choice.status_of(row.status), size=size * WIDER)
        site = app6_choice.kind_of_icon(row.icon)
        if site:
            return draw(site, colour=colour if actor is not None else "#ffffff")
        if claim is None or actor is None or claim.predicate not in ACTS:
            return None
        frame = draw(app6_choice.kind_of(claim), echelon=app6_choice.echelon_of(claim), colour=colour)
        return (*frame, *_badge(row, colour, size))

    return symbol


def _badge(row: Any, colour: str, size: float) -> Shapes:
    """The event's sign, small, at the lower right corner of a symbol."""
    hollow = app6_choice.status_of(row.status) != "present"
    sign = signs.icon(row.icon, 0.0, 0.0, size=size * _BADGE, colour=colour, hollow=hollow, role="event")
    by = size * WIDER * 0.42, size * WIDER * 0.32
    return tuple(
        replace(shape, polygons=tuple(tuple(ring + by for ring in polygon) for polygon in shape.polygons))
        for shape in sign.shapes if isinstance(shape, Area)
    )
