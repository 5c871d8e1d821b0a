"""One list of claims out of two readings: what the rules read and what a service read and the report bears out.

Where both say the same, it is one claim, the rules' with both named as its makers: two readings of one sentence are no two witnesses. Where
they contradict each other about the same words, both stay and each says so; the rules' is drawn, the other is listed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from geo.records import Claim, Role
from geo.where import text as where_text

__all__ = ["merged"]

DOUBTED = 0.5  # a service that the rules contradict counts half; the rules count as before
NOT_DRAWN = "It is listed, not drawn: two readings of one sentence differ."


def merged(rules: Sequence[Claim], service: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the claims of both readings, in the order of the text.

    Parameters
    ----------
    rules
        What the rules read.
    service
        What a service read, every claim proved.
    """
    kept = list(rules)
    for claim in service:
        same = next((number for number, other in enumerate(kept) if _agree(other, claim)), None)
        against = [number for number, other in enumerate(kept) if other.made_by != claim.made_by and _conflict(other, claim)]
        if same is not None:
            kept[same] = _joined(kept[same], claim)
        elif against:
            doubted = _doubted(claim, [kept[number] for number in against])
            for number in against:
                kept[number] = _marked(kept[number], claim)
            kept.append(doubted)
        else:
            kept.append(claim)
    return tuple(sorted(kept, key=lambda claim: claim.evidence[0].start))


def _place(claim: Claim) -> str:
    return where_text(claim.where) if claim.where else ""


def _meet(one: Claim, other: Claim) -> bool:
    """Whether two claims stand on the same sentence."""
    a, b = one.evidence[0], other.evidence[0]
    return a.document_id == b.document_id and a.start < b.end and b.start < a.end


def _same_act(one: Claim, other: Claim) -> bool:
    return _share("act", one, other) is not False


def _same_place(one: Claim, other: Claim) -> bool:
    """Whether two claims are of one place: the same recipe, or the same words."""
    return _place(one) == _place(other) or _share("place", one, other) is True


def _share(role: Role, one: Claim, other: Claim) -> bool | None:
    """Whether the words for a part of two claims overlap; None where one of them has no such words."""
    spans = [[span for span in claim.evidence if span.role == role] for claim in (one, other)]
    return any(a.start < b.end and b.start < a.end for a in spans[0] for b in spans[1]) if all(spans) else None


def _agree(one: Claim, other: Claim) -> bool:
    """Whether two claims of one sentence say the same; a party that one of them does not name is no difference."""
    if not _meet(one, other) or (one.predicate, one.status) != (other.predicate, other.status) or not _same_place(one, other):
        return False
    actors, targets = (one.actor, other.actor), (one.target, other.target)
    return all(a is None or b is None or a.id == b.id for a, b in (actors, targets)) and (actors[0] is None) == (actors[1] is None)


def _conflict(one: Claim, other: Claim) -> bool:
    """Whether two claims make different things of the same act at the same place."""
    return _meet(one, other) and _same_act(one, other) and _same_place(one, other)


def _joined(rules: Claim, service: Claim) -> Claim:
    makers = dict.fromkeys((*rules.made_by.split(" + "), *service.made_by.split(" + ")))
    return replace(rules, target=rules.target or service.target, made_by=" + ".join(makers))


def _marked(claim: Claim, other: Claim) -> Claim:
    """A claim with a limit that says how the other reading has it."""
    limit = f"Read otherwise by {other.made_by}: {_said(other)}."
    return replace(claim, limits=tuple(dict.fromkeys((*claim.limits, limit))))


def _doubted(claim: Claim, others: Iterable[Claim]) -> Claim:
    """What a service reads otherwise than the rules: it keeps its words and its quote, and draws nothing."""
    for other in others:
        claim = _marked(claim, other)
    return replace(
        claim, where=None, confidence=round(claim.confidence * DOUBTED, 2), limits=(*claim.limits, NOT_DRAWN),
        reason=f"{claim.reason}; the rules read it otherwise, so it counts half",
    )


def _said(claim: Claim) -> str:
    who = claim.actor.name if claim.actor else "nobody named"
    whom = f", {claim.target.name}" if claim.target else ""
    return f"{who} {claim.predicate.replace('_', ' ')}{whom} ({claim.status})"
