"""The days of a situation: what its reports, as they stand, say of earlier days than the last.

A map of an earlier day is drawn by the same stages from the claims that had begun by then; what has been overtaken since stands as it was.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from geo import window, zones

if TYPE_CHECKING:
    from geo.records import Claim, Status
    from geo.situation import Situation

__all__ = ["MOST", "began", "days_of", "on_the_day"]

MOST = 12
"""Days that a map steps through at most: more are no longer told apart on a slider, and each carries its own zones."""

_EXACT = frozenset({"day", "days", "publication"})  # "in 2014" and "that spring" are no days to step to
_SAID_BY_NOBODY = ("", "the report", "report")


def days_of(situation: Situation, *, most: int = MOST) -> tuple[dt.date, ...]:
    """Return the days on which something began that the map shows, in order, the last one that of the map; empty where there is but one.

    Where there are more than `most`, those on which most began are kept, and the last.

    Parameters
    ----------
    situation
        What some reports say; only claims with an exact day of their own, or undated ones of the day of their report, make a day.
    """
    last = situation.as_of
    if last is None:
        return ()
    days, earliest = began(situation), _first_day(situation)
    exact = (days[claim.id] for claim in situation.claims if claim.where is not None and claim.when.precision in _EXACT)
    counted = Counter(day for day in exact if day is not None and earliest <= day < last)
    kept = sorted(counted, key=lambda day: (-counted[day], -day.toordinal()))[: most - 1]
    return (*sorted(kept), last) if kept else ()


def began(situation: Situation) -> dict[str, dt.date | None]:
    """Return, by the id of each claim, the day on which what it says began; None where nothing dates it."""
    printed = {document.id: document.published for document in situation.documents}
    return {claim.id: window.days_of(claim, printed.get(claim.evidence[0].document_id))[0] for claim in situation.claims}


def on_the_day(situation: Situation, day: dt.date) -> Situation:
    """Return the situation as its reports tell it of a day; its last day gives the situation itself."""
    if day == situation.as_of:
        return situation
    printed_by = {document.id: document.source.lower() for document in situation.documents}
    claims = [_as_it_was(claim, printed_by.get(claim.evidence[0].document_id, "")) for claim in situation.claims]
    days = float(str(situation.settings["window"])) if situation.settings.get("window") else None
    held = window.on_the_day(claims, situation.documents, as_of=day, window_days=days)
    base = getattr(situation, "base", None)
    drawn = zones.draw(held.claims, gazetteer=situation.gazetteer, as_of=day, settings=situation.settings, base=base)
    return replace(situation, claims=held.claims, zones=drawn.zones, front_lines=drawn.front_lines, as_of=day)


def _first_day(situation: Situation) -> dt.date:
    """The base map tells of its own day and what came after."""
    base = getattr(situation, "base", None)
    return base.day if base is not None and base.day is not None else dt.date.min


def _as_it_was(claim: Claim, publisher: str) -> Claim:
    """A claim before it was overtaken; whether it was reported or only claimed follows from whose word it is, the lesser if in doubt."""
    reasons = claim.reason.split("; ")  # what was weighed afterwards stands behind it
    if window.OVERTAKEN not in reasons:
        return claim
    status: Status = "reported" if claim.speaker.lower() in (*_SAID_BY_NOBODY, publisher) else "claimed"
    limits = tuple(limit for limit in claim.limits if not limit.startswith("Overtaken: "))
    return replace(claim, status=status, limits=limits or claim.limits, reason="; ".join(one for one in reasons if one != window.OVERTAKEN))
