"""What a person says otherwise of a claim, as decisions: only what differs from the claim becomes one."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geo import actors, where
from geo.decisions import claim_name, of_claim
from geo.errors import InputError
from geo.records import Actor, Claim, Decision, Span, Status
from geo.rivals import Scope
from geo.where import Where

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["about", "edits", "find", "marked", "parties", "reach"]


def about(claim: Claim, action: str, value: str = "", *, scope: Scope = "here", note: str = "", by: str = "", made: str = "") -> Decision:
    """Return the decision on a claim that reaches as far as `scope` says: this claim, its report, every report with such a claim."""
    words, document, start = claim_name(claim)
    return Decision(
        target=f"{words} [{claim.predicate}]", action=action, value=value, scope=scope, document="" if scope == "desk" else document,
        start=start if scope == "here" else -1, note=note, by=by, made=made,
    )


def edits(
    claim: Claim, *, actor: str, target: str, status: Status, start: dt.date | None, end: dt.date | None, place: Where | None = None,
    scope: Scope = "here", note: str = "", by: str = "", made: str = "",
) -> tuple[Decision, ...]:
    """Return the decisions that make a claim say this; none where it says so already.

    Parameters
    ----------
    claim
        As it is read now.
    actor, target
        The id of an actor, or any name; an empty one is nobody, which only a target can become.
    status
        The new status.
    start, end
        The first and the last day; without a last day it is the first alone.
    place
        The area, or None to leave it.
    scope, note, by, made
        As in `geo.records.Decision`.

    Raises
    ------
    InputError
        If the dates end before they begin, or an end has no beginning.
    """
    changes: list[tuple[str, str]] = []
    if actor.strip() and actor != (claim.actor.id if claim.actor else ""):
        changes.append(("actor", actor.strip()))
    if target.strip() != (claim.target.id if claim.target else ""):
        changes.append(("target", target.strip()))
    if status != claim.status:
        changes.append(("status", status))
    if (start, end) != (claim.when.start, claim.when.end):
        changes.append(("dates", _dates(start, end)))
    if place is not None and place != claim.where:
        changes.append(("where", where.text(place)))
    return tuple(about(claim, action, value, scope=scope, note=note, by=by, made=made) for action, value in changes)


def find(drawn: Situation, claim_id: str, name: tuple[str, str, int] | None = None) -> Claim | None:
    """Return the claim of an id; where a correction gave it another, the one that stands on the same words (see `claim_name`)."""
    found = next((claim for claim in drawn.claims if claim.id == claim_id), None)
    return found or next((claim for claim in drawn.claims if name is not None and claim_name(claim) == name), None)


def reach(drawn: Situation, claim: Claim, scope: Scope) -> tuple[int, int]:
    """Return how many claims of a situation a decision on a claim would touch, and in how many reports."""
    meant = [one for one in drawn.claims if of_claim(about(claim, "reject", scope=scope), one)]
    return len(meant), len({one.evidence[0].document_id for one in meant})


def marked(claim: Claim) -> tuple[tuple[str, str], ...]:
    """Return the sentence of a claim as (words, role) in order; the role is empty where the words are no part of the claim."""
    sentence = claim.evidence[0]
    inside = [span for span in claim.evidence[1:] if _inside(span, sentence)]
    pieces: list[tuple[str, str]] = []
    at = sentence.start
    for span in sorted(inside, key=lambda span: (span.start, -span.end)):
        if span.start < at:
            continue
        pieces += [(sentence.quote[at - sentence.start : span.start - sentence.start], ""), (span.quote, span.role)]
        at = span.end
    pieces.append((sentence.quote[at - sentence.start :], ""))
    return tuple(piece for piece in pieces if piece[0])


def parties(drawn: Situation) -> dict[str, Actor]:
    """Return the actors to choose among, by id: those of the situation first, then all that the project knows, by name."""
    known = sorted(actors.shipped(), key=lambda actor: actor.name.casefold())
    return {actor.id: actor for actor in (*drawn.actors, *known)}


def _dates(start: dt.date | None, end: dt.date | None) -> str:
    if start is None:
        raise InputError("The dates have no beginning; give the first day.")
    if end is not None and end < start:
        raise InputError("The dates end before they begin; give the earlier day first.")
    return f"{start.isoformat()}/{end.isoformat()}" if end else start.isoformat()


def _inside(span: Span, sentence: Span) -> bool:
    return span.document_id == sentence.document_id and sentence.start <= span.start and span.end <= sentence.end
