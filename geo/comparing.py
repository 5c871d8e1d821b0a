"""Which two sides of one situation are compared, and the exact list of what is different, each line with its sentences.

What is different is worked out by `geo.changes`; this module cuts a situation that has been read already into sides: two days, two
publishers, or two sets of its reports.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geo import playback, zones
from geo.changes import Changes
from geo.claim_changes import state_words
from geo.errors import InputError, NothingToMap
from geo.holdings import Holdings, of_situation

if TYPE_CHECKING:
    from geo.records import Document
    from geo.situation import Situation

__all__ = ["MOST_DAYS", "Again", "Difference", "differences", "of_days", "of_parts", "of_publishers", "part", "publishers_of", "step_days"]

Again = Callable[[Collection[str], dt.date | None], "Situation"]
"""Reads some reports of a situation again (their ids), as of a day: as exact as if the others had never been there."""

Quote = tuple[str, str, str]
"""A sentence, its publisher, and the day of the fact."""

MOST_DAYS = 60
"""Days that are offered for comparing: a slider with more can no longer be aimed at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One line of a comparison: a connected piece of ground, or what is said of a place (`place`; then nothing is measured).

    `change` is one of `geo.changes.CHANGES` or `geo.claim_changes.CLAIM_CHANGES`; `before` and `after` are the states in words, "" where
    nobody is said to hold it. `bounds` are west, south, east, north in degrees, None where it has no shape.
    """

    id: str
    change: str
    place: str
    before: str
    after: str
    km2: float | None
    road_km: float | None
    settlements: int | None
    largest: tuple[str, ...]
    before_quotes: tuple[Quote, ...]
    after_quotes: tuple[Quote, ...]
    bounds: tuple[float, float, float, float] | None


def step_days(situation: Situation) -> tuple[dt.date, ...]:
    """Return the days that can be compared, in order: those on which something began, those of its reports, and that of the map."""
    last = situation.as_of
    if last is None:
        return ()
    printed = {document.published for document in situation.documents if document.published is not None and document.published <= last}
    days = sorted({*playback.days_of(situation, most=MOST_DAYS), *printed, last})
    return tuple(days[-MOST_DAYS:])


def publishers_of(situation: Situation) -> dict[str, tuple[str, ...]]:
    """Return the ids of the reports of each publisher that is named, the one with most reports first."""
    count = Counter(document.source for document in situation.documents if document.source)
    return {name: tuple(d.id for d in situation.documents if d.source == name) for name, _ in count.most_common()}


def part(situation: Situation, documents: Collection[str], as_of: dt.date | None) -> Situation:
    """Return what some reports of a situation say as of a day, from its claims as they stand.

    Confidence stays that which all reports together gave; where the reports can be read again (`Again`), that is more exact.

    Parameters
    ----------
    situation
        What was read.
    documents
        Ids of the reports that count.
    as_of
        The day, at most that of the situation; None is its own.
    """
    wanted = set(documents)
    if wanted >= {document.id for document in situation.documents}:
        return situation if as_of is None else playback.on_the_day(situation, as_of)
    kept = tuple(document for document in situation.documents if document.id in wanted)
    claims = tuple(claim for claim in situation.claims if claim.evidence[0].document_id in wanted)
    places = (replace(one, mentions=tuple(m for m in one.mentions if m.document_id in wanted)) for one in situation.places)
    drawn = zones.draw(claims, gazetteer=situation.gazetteer, as_of=situation.as_of, settings=situation.settings, base=None)
    cut = replace(
        situation, documents=kept, claims=claims, zones=drawn.zones, front_lines=drawn.front_lines, base=None, notes=(),
        mentions=_of(situation.mentions, wanted), phrases=_of(situation.phrases, wanted), unresolved=_of(situation.unresolved, wanted),
        places=tuple(place for place in places if place.mentions), title=_title(kept),
    )
    return cut if as_of is None else playback.on_the_day(cut, as_of)


def of_days(situation: Situation, first: dt.date, last: dt.date, *, again: Again | None = None) -> tuple[Holdings, Holdings]:
    """Return what the reports of a situation say of two days, each as far as they had come by then.

    Raises
    ------
    InputError
        The days are in the wrong order.
    NothingToMap
        No report tells of one of the days.
    """
    if first >= last:
        raise InputError(f"{first} is not before {last}; choose the earlier day first.")
    every = [document.id for document in situation.documents]
    read = again or _cutter(situation)
    sides = []
    for day in (first, last):
        try:
            shown = read(every, day)
        except NothingToMap as error:
            raise NothingToMap(f"No report names a place as of {day}; choose another day.") from error
        sides.append(replace(of_situation(shown, title=f"as of {day}"), notes=()))
    return sides[0], sides[1]


def of_publishers(situation: Situation, first: str, second: str, *, again: Again | None = None) -> tuple[Holdings, Holdings]:
    """Return what two publishers of one situation say, both as of its day.

    Raises
    ------
    InputError
        One of them published none of its reports, or both are the same.
    """
    by = publishers_of(situation)
    for name in (first, second):
        if name not in by:
            raise InputError(f"No report is of {name!r}; the publishers are {'; '.join(by) or 'not named'}.")
    if first == second:
        raise InputError(f"Both sides are {first}; choose two publishers.")
    return of_parts(situation, by[first], by[second], titles=(first, second), again=again)


def of_parts(
    situation: Situation, first: Collection[str], second: Collection[str], *, titles: tuple[str, str] = ("", ""),
    again: Again | None = None,
) -> tuple[Holdings, Holdings]:
    """Return what two sets of the reports of a situation say (their ids), both as of its day.

    Raises
    ------
    InputError
        One of them holds no report of the situation, or both are the same.
    """
    known = {document.id for document in situation.documents}
    if not set(first) & known or not set(second) & known:
        raise InputError("One side holds no report; choose at least one for each.")
    if set(first) == set(second):
        raise InputError("Both sides hold the same reports; choose others for one of them.")
    read = again or _cutter(situation)
    shown = [read(ids, situation.as_of) for ids in (first, second)]
    names = [title or one.title for title, one in zip(titles, shown, strict=True)]
    if names[0] == names[1]:
        names = [f"{names[0]} (first)", f"{names[1]} (second)"]
    before, after = (of_situation(one, title=name) for one, name in zip(shown, names, strict=True))
    return before, after


def differences(found: Changes) -> tuple[Difference, ...]:
    """Return the exact list of a comparison: the ground, the largest first within each kind of change, then what is said of places."""
    return (*_of_ground(found), *_of_places(found))


def _of_ground(found: Changes) -> Iterable[Difference]:
    for row in found.areas.itertuples():
        yield Difference(
            id=str(row.id), change=str(row.change), place="", before=str(row.from_name), after=str(row.to_name), km2=float(row.km2),
            road_km=float(row.road_km), settlements=int(row.settlements), largest=tuple(row.largest), bounds=_bounds(row.geometry),
            before_quotes=tuple(row.before_quotes), after_quotes=tuple(row.after_quotes),
        )


def _of_places(found: Changes) -> Iterable[Difference]:
    for number, row in enumerate(found.claims.itertuples()):
        yield Difference(
            id=f"said:{number}", change=str(row.change), place=str(row.place), km2=None, road_km=None, settlements=None, largest=(),
            before=state_words(row.from_name, row.from_status, row.from_predicate),
            after=state_words(row.to_name, row.to_status, row.predicate), before_quotes=tuple(row.before_quotes),
            after_quotes=tuple(row.after_quotes), bounds=_bounds(row.geometry),
        )


def _bounds(shape: BaseGeometry | None) -> tuple[float, float, float, float] | None:
    return None if shape is None or shape.is_empty else tuple(map(float, shape.bounds))  # type: ignore[return-value]


def _cutter(situation: Situation) -> Again:
    return lambda documents, as_of: part(situation, documents, as_of)


def _of(found: Iterable[Any], wanted: Collection[str]) -> tuple[Any, ...]:
    return tuple(one for one in found if one.document_id in wanted)


def _title(documents: tuple[Document, ...]) -> str:
    return (documents[0].title or "One report") if len(documents) == 1 else f"{len(documents)} reports"
