"""Which claims hold on the day of the map: not those of later days, not those too old, not those that a later report has overtaken.

The day of a claim is that of its fact where the text dates it, else that on which the report was published. What is only proposed,
intended or agreed was said on the day of publication, whatever day it is meant for.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from geo import where
from geo.records import Actor, Claim, Document
from geo.theatre import opposed

__all__ = ["OVERTAKEN", "OnTheDay", "days_of", "notes", "on_the_day", "reports_in_view"]

OVERTAKEN = "overtaken since"
"""Ends the reason of a claim that has given way."""

_ONLY_SAID = frozenset({"proposed", "intended", "conditional", "agreed", "denied"})
_UNDATED = frozenset({"unknown", "publication"})
_TOLD = frozenset({"reported", "assessed"})
_HELD = frozenset({"controls", "contests", "besieges"})

_Days = tuple[dt.date | None, dt.date | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTheDay:
    """The claims of a day; `overtaken` leads from the id of each claim that gave way to that of the later one."""

    claims: tuple[Claim, ...]
    overtaken: Mapping[str, str]
    later: int
    older: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dated:
    """A claim with the days of its fact, and the last day of which its report can tell."""

    claim: Claim
    first: dt.date | None
    last: dt.date | None
    known: dt.date | None


def days_of(claim: Claim, printed: dt.date | None) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of a claim's fact; both are None where neither the text nor the report is dated.

    `printed` is when the report was published. What goes on ("since May") lasts until then.
    """
    when = claim.when
    if claim.status in _ONLY_SAID or when.precision in _UNDATED or when.start is None:
        day = printed or when.start
        return day, day
    return when.start, when.end or max(when.start, printed or when.start)


def reports_in_view(documents: Iterable[Document], *, as_of: dt.date | None, window_days: float | None) -> tuple[Document, ...]:
    """Return the reports published by the day of the map and, with a window, not too long before it; undated ones always."""
    return tuple(d for d in documents if not _out(d.published, d.published, as_of, window_days))


def on_the_day(
    claims: Iterable[Claim], documents: Iterable[Document], *, as_of: dt.date | None, window_days: float | None = None,
) -> OnTheDay:
    """Return the claims that hold on a day.

    A hold, a fight or a siege of a place that a later report says is held by another side has given way: it stays, as past, and says by
    what. Undated claims always count, and overtake nothing.

    Parameters
    ----------
    claims, documents
        What was read, and the reports that it was read from.
    as_of
        The day; without it nothing is too late or too old.
    window_days
        How old a claim may be, in days.
    """
    published = {document.id: document.published for document in documents}
    dated = [_dated(claim, published.get(claim.evidence[0].document_id), as_of) for claim in claims]
    judged = [(one, _out(one.first, one.last, as_of, window_days)) for one in dated]
    kept = [one for one, out in judged if not out]
    found = _overtaken(kept)
    return OnTheDay(
        claims=tuple(_past(one.claim, found[one.claim.id]) if one.claim.id in found else one.claim for one in kept),
        overtaken={old: new.claim.id for old, new in found.items()},
        later=sum(out > 0 for _, out in judged), older=sum(out < 0 for _, out in judged),
    )


def notes(held: OnTheDay, *, left_out: int = 0, as_of: dt.date | None = None, window_days: float | None = None) -> list[str]:
    """Return what was left out of a day's map, in sentences for its readers.

    Examples
    --------
    >>> notes(OnTheDay(claims=(), overtaken={}, later=2, older=0), as_of=dt.date(2020, 3, 5))
    ['2 claims of later days than 2020-03-05 are left out.']
    """
    told = []
    if held.later:
        told.append(f"{_count(held.later, 'claim')} of later days than {as_of} {_are(held.later)} left out.")
    if held.older:
        told.append(f"{_count(held.older, 'claim')} more than {window_days:g} days older than {as_of} {_are(held.older)} left out.")
    if left_out:
        told.append(f"{_count(left_out, 'report')} of other days {_are(left_out)} left out.")
    if held.overtaken:
        told.append(f"{_count(len(held.overtaken), 'claim')} gave way to later reports on the same place.")
    return told


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _are(number: int) -> str:
    return "is" if number == 1 else "are"


def _dated(claim: Claim, printed: dt.date | None, as_of: dt.date | None) -> _Dated:
    first, last = days_of(claim, printed)
    known = max((day for day in (last, printed) if day), default=None)  # what was taken and is told without an end was held until then
    return _Dated(claim=claim, first=first, last=last, known=min(known, as_of) if known and as_of else known)


def _out(first: dt.date | None, last: dt.date | None, as_of: dt.date | None, window_days: float | None) -> int:
    """Return 1 for what begins after the day of the map, -1 for what ended before its window, else 0."""
    if as_of is None or first is None or last is None:
        return 0
    if first > as_of:
        return 1
    return -1 if window_days is not None and (as_of - last).days > window_days else 0


def _overtaken(dated: list[_Dated]) -> dict[str, _Dated]:
    """Return, by the id of a claim that gave way, the latest that it gave way to."""
    places: dict[str, list[_Dated]] = {}
    for one in dated:
        if one.claim.where is not None and one.known is not None:
            places.setdefault(where.text(one.claim.where), []).append(one)
    found: dict[str, _Dated] = {}
    for group in places.values():
        news = sorted((one for one in group if one.claim.status in _TOLD), key=lambda one: (one.known, one.claim.id))
        for old in group:
            after = itertools.takewhile(lambda new, old=old: new.known > old.known, reversed(news))  # type: ignore[misc]
            new = next((new for new in after if _gives_way(old.claim, new.claim)), None)
            if new is not None:
                found[old.claim.id] = new
    return found


def _gives_way(old: Claim, new: Claim) -> bool:
    """Say whether a claim of a place is over once a later one of the same place is true."""
    if old.predicate not in _HELD or old.status not in (*_TOLD, "claimed"):
        return False
    holder = _holder(new)
    if new.predicate in ("withdraws", "hands_over") and old.predicate == "controls" and _same(old.actor, new.actor):
        return True
    if holder is None or (new.predicate not in ("controls", "hands_over", "besieges")):
        return False
    if old.predicate == "besieges":
        return new.predicate == "controls"
    if old.predicate == "contests":
        return new.predicate != "besieges"
    return old.actor is not None and opposed(old.actor, holder)


def _holder(claim: Claim) -> Actor | None:
    """Return who holds the place if the claim is true."""
    return claim.target if claim.predicate in ("hands_over", "besieges") else claim.actor


def _same(a: Actor | None, b: Actor | None) -> bool:
    return a is not None and b is not None and a.id == b.id


def _past(claim: Claim, by: _Dated) -> Claim:
    """Return a claim that has given way, as past, with what it gave way to."""
    new, holder = by.claim, _holder(by.claim)
    told = "it is over"
    if new.actor is not None and new.predicate == "withdraws":
        told = f"{new.actor.name} has left"
    elif holder is not None:
        told = f"{holder.name} holds it"
    limit = f"Overtaken: a later report ({by.known}) says that {told}."
    return replace(claim, status="past", limits=tuple(dict.fromkeys((*claim.limits, limit))), reason=f"{claim.reason}; {OVERTAKEN}")
