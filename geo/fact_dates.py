"""Whether a claimed fact is over: dated long ago, said to have lasted, or followed by something else.

A fact dated long before the report is past. A text about a war that is over is read from its end: its events are past, and who held a
place last is reported.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from geo.parts import Part
from geo.records import Claim, Document, Predicate, When
from geo.times import dates_of
from geo.typology import CueMatch

__all__ = ["EVENTS", "PAST_DAYS", "ended", "has_lasted", "is_history", "is_past"]

PAST_DAYS = 180  # a fact dated this long before the report is past; two seasons of a war, set by judgement
HISTORY_DATES = 3  # a text with at least so many dates, most of them past, is about a time that is over
HISTORY_SHARE = 0.6
RECENT_DAYS = 60  # a text that tells of these last days is no history
LASTED = re.compile(r"[^,;]{0,60}?\bfor\s+(?:[\w-]+\s+){0,4}?(?:hours|days|weeks|months|years|a (?:day|week|month|year))\b", re.IGNORECASE)
SIMPLE = re.compile(r"(?:held|ruled|\w+ed|fought|kept|struck|hit)\b", re.IGNORECASE)
EVENTS: frozenset[Predicate] = frozenset(
    {"attacks", "contests", "besieges", "advances", "meets", "patrols", "bases", "supports", "hands_over"}
)


def has_lasted(document: Document, part: Part, match: CueMatch) -> bool:
    """Return whether a hold is said to have lasted for a while, and so to be over ("held it for three weeks"; not "have held")."""
    before = document.reading[part.start : part.start + match.start]
    after = document.reading[part.start + match.end : part.end]
    lasting = match.cue.family in ("hold", "siege", "hit", "contest") or match.words.lower().startswith("occupied")
    simple = SIMPLE.match(match.words) is not None and not re.search(r"\b(?:ha[sv]e?|is|are|been)\s+(?:\w+\s+)?$", before)
    return lasting and simple and LASTED.match(after) is not None


def is_past(when: When, published: dt.date | None) -> bool:
    """Return whether a dated fact lies long before the report."""
    return bool(published and when.end and when.words and (published - when.end).days > PAST_DAYS)


def is_history(document: Document) -> bool:
    """Return whether a document tells of a time that is over: most of its dates lie long before its publication."""
    if document.published is None:
        return False
    dated = [found.when.end for found in dates_of(document) if found.when.end]
    if any((document.published - day).days <= RECENT_DAYS for day in dated):
        return False
    old = [day for day in dated if (document.published - day).days > PAST_DAYS]
    return len(dated) >= HISTORY_DATES and len(old) >= HISTORY_SHARE * len(dated)


def ended(claims: tuple[Claim, ...], *, history: bool) -> tuple[Claim, ...]:
    """Return the claims with those marked past that the document itself says are over.

    A gain is over where the hold that followed it is ("They held it for three weeks"); in a text about a time that is over, also where
    another party takes the place later in the text.
    """
    over = {id(gain) for hold in claims if _is_over(hold) for gain in claims if _precedes(gain, hold, claims)}
    if history:
        over |= {id(claim) for number, claim in enumerate(claims) if any(_supersedes(later, claim) for later in claims[number + 1 :])}
    return tuple(replace(claim, status="past") if id(claim) in over else claim for claim in claims)


def _supersedes(later: Claim, claim: Claim) -> bool:
    if claim.status != "reported" or claim.where is None or later.where != claim.where:
        return False
    if claim.predicate == "withdraws":
        return later.predicate == "controls" and later.actor is not None and later.actor == claim.actor
    if claim.predicate != "controls":
        return False
    if later.status not in ("reported", "past"):
        return False
    taken = later.predicate == "controls" and later.actor is not None and later.actor != claim.actor
    return taken or (later.predicate == "withdraws" and later.actor == claim.actor)


def _is_over(claim: Claim) -> bool:
    return claim.predicate == "controls" and claim.status == "past" and not claim.when.words


def _precedes(gain: Claim, hold: Claim, claims: Sequence[Claim]) -> bool:
    """Whether a gain is the one that a hold followed: of the same place, or, where the hold says "it", of the sentence before."""
    if gain.predicate != "controls" or gain.status != "reported" or gain.actor != hold.actor:
        return False
    before = [claim.evidence[0].start for claim in claims if claim.evidence[0].start < hold.evidence[0].start]
    says_it = any("“it”" in limit for limit in hold.limits)
    return gain.where == hold.where or (says_it and bool(before) and gain.evidence[0].start == max(before))
