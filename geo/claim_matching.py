"""Which claim that was read stands for which claim of gold: one to one, as many and as much alike as can be.

Two claims can be one where their sentences or acts overlap, the predicate agrees, and the place or the actor agrees (or gold and claim
have neither). Among the ways to pair them, the one with the most agreement is taken (Kuhn 1955, as scipy solves it).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from geo.claim_agreement import Told, Way, date_agrees, meets, overlap, parties_agree, place_agrees, predicate_agrees, speaker_agrees
from geo.gold_claims import GoldClaim

__all__ = ["Pair", "agreement", "pairs"]

# What a pair is worth: any pair more than the best agreement that another could add, so that few claims are left over; then place and actor
# before the words of the act, those before the rest, and of equals the claim that is asked for.
_PAIRED, _PARTY, _ACT, _STATUS, _LESSER, _ASKED = 20, 4, 3, 2, 1, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A gold claim and the claim that stands for it, by their numbers, and what of it is right; `dated` is None where gold has no date."""

    gold: int
    found: int
    status: bool
    actor: bool
    place: Way
    speaker: bool
    dated: bool | None

    @property
    def complete(self) -> bool:
        """Whether status, actor and place are all right: what a map needs."""
        return self.status and self.actor and bool(self.place)


def pairs(gold: Sequence[GoldClaim], found: Sequence[Told], *, on: dt.date | None = None) -> tuple[Pair, ...]:
    """Pair the claims of one report with those of gold; `on` is its day. The order of either does not matter.

    Examples
    --------
    >>> wanted = GoldClaim(sentence=(0, 20), act=(5, 9), predicate="controls")
    >>> [pair.status for pair in pairs([wanted], [Told(predicate="controls", sentence=(0, 20))])]
    [True]
    """
    if not gold or not found:
        return ()
    made: dict[tuple[int, int], Pair] = {}
    worth = np.zeros((len(gold), len(found)))
    wanted = sorted(range(len(gold)), key=lambda row: repr(gold[row]))  # so that ties fall the same way in any order
    read = sorted(range(len(found)), key=lambda column: repr(found[column]))
    for at, row in enumerate(wanted):
        for beside, column in enumerate(read):
            pair = agreement(gold[row], found[column], row, column, on=on)
            if pair is not None:
                made[at, beside] = pair
                worth[at, beside] = _worth(gold[row], found[column], pair)
    rows, columns = linear_sum_assignment(worth, maximize=True)
    chosen = zip(rows.tolist(), columns.tolist(), strict=True)
    return tuple(sorted((made[at] for at in chosen if at in made), key=lambda pair: pair.gold))


def agreement(gold: GoldClaim, found: Told, row: int = 0, column: int = 0, *, on: dt.date | None = None) -> Pair | None:
    """Return what of a claim is right, or None where it cannot stand for that claim of gold."""
    if not meets(gold, found) or not predicate_agrees(gold, found):
        return None
    place, actor = place_agrees(gold.place, found), parties_agree(gold, found, on=on)
    bare = place == "none" and gold.actor is None and found.actor is None
    if not (bare or (actor and gold.actor is not None) or place not in ("", "none")):
        return None
    return Pair(
        gold=row, found=column, status=gold.status == found.status, actor=actor, place=place,
        speaker=speaker_agrees(gold.speaker, found.speaker), dated=date_agrees(gold, found) if gold.start or gold.end else None,
    )


def _worth(gold: GoldClaim, found: Told, pair: Pair) -> float:
    lesser = (found.predicate == gold.predicate) + pair.speaker + (pair.dated is True) + (pair.place == "span")
    return (
        _PAIRED + _PARTY * (bool(pair.place) + pair.actor) + _ACT * overlap(gold.act, found.act) + _STATUS * pair.status
        + _LESSER * lesser + _ASKED * (not gold.optional)
    )
