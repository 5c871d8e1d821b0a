"""What coordinates mean, and what they say of the name beside them: "Kafr Nabl (35.614, 36.561)".

Passes like those of `geo.passes`, asked before them: numbers leave no doubt.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from geo.coordinate_words import beside_pattern, says_where
from geo.coordinates import fix_of
from geo.passes import Choice, Evidence, Pass, Question
from geo.points import extent_km, good_to, is_point
from geo.projections import great_circle_km
from geo.ranking import unit_of
from geo.records import Candidate, Feature, Mention
from geo.tokens import cues

__all__ = ["COORDINATE_PASSES", "by_coordinates", "by_coordinates_beside"]

NEAR_KM = 25.0  # a place of the name this near to the coordinates is the one meant; UCDP's "near", and the reach of a large city
BESIDE = 40  # characters between a name and its coordinates, such as " (coordinates: "
_BRACKET = re.compile(r"\s?[(\[]\s?")
_REWRITTEN = re.compile(r"\s?[(\[/;,=]?\s?")
_PARENT = re.compile(r",\s?(?:in\s)?")
LONGEST = 60  # characters of coordinates, or of a name
_SPOTS = frozenset({"populated", "base", "other", "admin"})
_Written = list[tuple[Mention, Question]]


def by_coordinates(question: Question, evidence: Evidence) -> Choice | None:
    """The place that the text writes as coordinates."""
    spot = _spot(question)
    fix = fix_of(question.mentions[0].text) if spot is not None else None
    if spot is None or fix is None:
        return None
    spot = _finest(question, spot, evidence)
    name = next((name for name, beside in _names_beside(question, evidence) if _takes(beside, spot)), "")
    exact = f"good to about {good_to(1000 * extent_km(spot.id))}"
    if name:
        return Choice(replace(spot, name=name), f"no {name} is known there; placed by the coordinates beside it, {exact}", 0.95)
    return Choice(spot, f"written as {fix.form}; {exact}", 0.97)


def by_coordinates_beside(question: Question, evidence: Evidence) -> Choice | None:
    """The place of that name where the coordinates written beside it lie, or those coordinates themselves."""
    if _spot(question) is not None or not _SPOTS.intersection(mention.kind for mention in question.mentions):
        return None
    for mention in question.mentions:
        for spot, explains in _spots_beside(mention, evidence):
            if (near := _nearest(question, spot)) is not None:
                km = _km(near, spot)
                where = "round" if near.kind == "admin" else "at" if km < 1 else f"{km:.0f} km from"
                return Choice(near, f"{where} the coordinates beside the name", 0.97)
            if explains and _takes(question, spot):
                reason = f"no {mention.text} is known there; placed by the coordinates beside it"
                return Choice(replace(spot, name=mention.text), reason, 0.9)
    return None


COORDINATE_PASSES: tuple[Pass, ...] = (by_coordinates, by_coordinates_beside)


def _spot(question: Question) -> Feature | None:
    found = question.candidates[0].feature if question.candidates else None
    return found if found is not None and is_point(found.id) else None


@lru_cache(maxsize=2)
def _layout(questions: tuple[Question, ...]) -> tuple[_Written, _Written]:
    """The mentions of a document that are coordinates, and those that are names, each in the order of the text."""
    every = sorted(((mention, question) for question in questions for mention in question.mentions), key=lambda pair: pair[0].start)
    return [pair for pair in every if _spot(pair[1]) is not None], [pair for pair in every if _spot(pair[1]) is None]


def _around(written: _Written, mention: Mention) -> _Written:
    """The mentions within reach of another."""
    first = bisect_left(written, mention.start - BESIDE - LONGEST, key=lambda pair: pair[0].start)
    last = bisect_left(written, mention.end + BESIDE, key=lambda pair: pair[0].start)
    return written[first:last]


def _spots_beside(mention: Mention, evidence: Evidence) -> Iterator[tuple[Feature, bool]]:
    """Coordinates right after a name, or in brackets after them the name; true where they explain it and nothing else."""
    text, (spots, names) = evidence.document.reading, _layout(tuple(evidence.questions))
    for written, question in _around(spots, mention):
        spot = _spot(question)
        gap = text[mention.end : written.start] if 0 <= written.start - mention.end <= BESIDE else ""
        if spot is not None and gap and beside_pattern().fullmatch(gap):
            yield spot, bool(_BRACKET.match(gap)) or _located(mention, gap, text)
        elif spot is not None and gap and any(_between(mention, parent, written, text) for parent, _ in _around(names, mention)):
            yield spot, False
        elif spot is not None and 0 < mention.start - written.end <= 3 and _BRACKET.fullmatch(text, written.end, mention.start):
            yield spot, True


def _located(mention: Mention, gap: str, text: str) -> bool:
    """Whether the words say that the name itself lies there ("Lima is located at"), and not something in or near it."""
    before = re.search(r"(\w+) (?:the )?$", text[max(0, mention.start - BESIDE) : mention.start])
    return says_where(gap) and not (before and before[1].lower() in cues("locative"))


def _between(mention: Mention, parent: Mention, written: Mention, text: str) -> bool:
    """Whether only the parent of a name stands between it and coordinates: "Kafr Nabl, Idlib (35.614, 36.561)"."""
    return bool(
        mention.end < parent.start < parent.end < written.start
        and _PARENT.fullmatch(text, mention.end, parent.start) and beside_pattern().fullmatch(text, parent.end, written.start)
    )


def _names_beside(question: Question, evidence: Evidence) -> Iterator[tuple[str, Question]]:
    """The names that some coordinates explain."""
    spot, (_, names) = _spot(question), _layout(tuple(evidence.questions))
    for written in question.mentions:
        for mention, other in _around(names, written):
            if any(found is spot and explains for found, explains in _spots_beside(mention, evidence)):
                yield mention.text, other


def _finest(question: Question, spot: Feature, evidence: Evidence) -> Feature:
    """The finest of several ways in which one place is written side by side: 35°10′24″N 96°35′54″W (35.173362, -96.598337)."""
    text, (spots, _) = evidence.document.reading, _layout(tuple(evidence.questions))
    same = [spot]
    for written in question.mentions:
        for mention, other in _around(spots, written):
            found = _spot(other)
            first, second = sorted((mention, written), key=lambda one: one.start)
            beside = other is not question and _REWRITTEN.fullmatch(text, first.end, second.start)
            if found is not None and beside and _km(found, spot) <= extent_km(found.id) + extent_km(spot.id):
                same.append(found)
    return min(same, key=lambda found: extent_km(found.id))


def _takes(question: Question, spot: Feature) -> bool:
    """Whether a name with no place near the coordinates is a name for them: not the name of an area, a river or a road."""
    wide = {"country", "water", "region", "road"}
    kinds = {mention.kind for mention in question.mentions} | {c.feature.kind for c in question.candidates if c.similarity >= 0.9}
    return question.asked not in wide | {"admin"} and not kinds & wide and _nearest(question, spot) is None


def _nearest(question: Question, spot: Feature) -> Feature | None:
    """The best place of the name near the coordinates: a town or a base, else the unit that holds them."""
    named = [c for c in (*question.candidates, *question.others) if c.match != "fuzzy"]
    reach = NEAR_KM + extent_km(spot.id)
    near = [c for c in named if c.feature.kind in _SPOTS and not _unit(c) and _km(c.feature, spot) <= reach]
    near = [c for c in near if c.feature.kind == question.asked] or near
    holding = [c for c in named if _unit(c) and unit_of(c.feature) == spot.admin1 and spot.admin1]
    if question.asked == "admin" or not near:
        near = holding or near
    return min(near, key=lambda c: (c.feature.kind == "admin", -round(c.similarity, 1), _km(c.feature, spot))).feature if near else None


def _unit(candidate: Candidate) -> bool:
    return candidate.feature.id.startswith("admin1:")


def _km(one: Feature, two: Feature) -> float:
    return float(great_circle_km(one.lon, one.lat, two.lon, two.lat))
