"""Which claims a reader wants to see: by layer, party, status, day, confidence and words. What is hidden is not gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo import symbology
from geo.names import fold
from geo.playback import began

if TYPE_CHECKING:
    from geo.records import Claim
    from geo.situation import Situation

__all__ = ["ALL", "Offered", "Seen", "offered"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A choice of what is shown; an empty part leaves all in.

    Parameters
    ----------
    layers
        Keys of `geo.symbology.LAYER_KEYS`.
    parties
        Ids of actors, of whom one must be the claim's actor or target.
    statuses
        Of `geo.records.Status`.
    since, until
        The first and last day on which a claim began; undated ones stay in.
    least
        Confidence, 0 to 1, below which a claim is left out.
    words
        Words that the sentence, the parties or the speaker must hold, letters and accents folded.
    """

    layers: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    least: float = 0.0
    words: str = ""

    def __bool__(self) -> bool:
        return self != ALL

    def to_json(self) -> dict[str, Any]:
        """What the frame needs, as a value that JSON can carry."""
        return {
            "layers": list(self.layers), "parties": list(self.parties), "statuses": list(self.statuses), "least": self.least,
            "from": self.since.isoformat() if self.since else "", "to": self.until.isoformat() if self.until else "",
            "words": fold(self.words),
        }

    def claims(self, situation: Situation) -> tuple[Claim, ...]:
        """Return the claims of a situation that are shown; of `layers` the frame takes care."""
        days = began(situation) if self.since or self.until else {}
        return tuple(claim for claim in situation.claims if self._shows(claim, days.get(claim.id)))

    def _shows(self, claim: Claim, day: dt.date | None) -> bool:
        named = {actor.id for actor in (claim.actor, claim.target) if actor}
        return (
            claim.confidence >= self.least
            and (not self.statuses or claim.status in self.statuses)
            and (not self.parties or not named.isdisjoint(self.parties))
            and (day is None or ((self.since is None or day >= self.since) and (self.until is None or day <= self.until)))
            and (not self.words or fold(self.words) in fold(_said(claim)))
        )


ALL = Seen()
"""Everything is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What can be chosen among in a situation, in the order in which it is offered: (id, name) of parties, statuses, layers, days."""

    layers: tuple[tuple[str, str], ...]
    parties: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...]
    first: dt.date | None
    last: dt.date | None


def offered(situation: Situation) -> Offered:
    """Return what the claims of a situation can be chosen by."""
    actors = [actor for claim in situation.claims for actor in (claim.actor, claim.target) if actor]
    names = {actor.id: actor.name for actor in sorted(actors, key=lambda actor: fold(actor.name))}
    days = [day for day in began(situation).values() if day is not None]
    titles = symbology.style()["layers"]
    return Offered(
        layers=tuple((key, str(titles[key]["title"])) for key in symbology.LAYER_KEYS if key in titles),
        parties=tuple(names.items()),
        statuses=_in_order(claim.status for claim in situation.claims),
        first=min(days, default=None),
        last=max(days, default=None),
    )


def _in_order(found: Iterable[str]) -> tuple[str, ...]:
    there = set(found)
    return tuple(status for status in symbology.style()["status"] if status in there)


def _said(claim: Claim) -> str:
    return " ".join([claim.speaker, *(actor.name for actor in (claim.actor, claim.target) if actor), *(s.quote for s in claim.evidence)])
