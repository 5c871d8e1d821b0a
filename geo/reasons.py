"""Why a place was chosen, in one sentence that a reader of the map understands."""

from __future__ import annotations

import math
from heapq import nsmallest
from itertools import islice
from typing import TYPE_CHECKING

import shapely

from geo import projections
from geo.records import Feature

if TYPE_CHECKING:
    from geo.questions import Evidence, Question

__all__ = ["reason"]

TOWNS = 60  # other places among which the nearest are looked for, to be named in the reason
NEAR_KM = 100  # a town within this distance is worth naming in a reason
LIKELY = 0.5  # belief from which another name counts as a place of the report
INSIDE = 0.7  # similarity of a place that a longer name carries inside it, as in geo.nested_names
_AREAS = {"admin": "an area", "populated": "a town", "water": "a water", "country": "a country"}


def reason(question: Question, feature: Feature, evidence: Evidence) -> str:
    """Return the strongest plain reason for a choice: what the text says first, then its neighbours, then its size.

    `evidence.belief` of the other names decides which of them count as places of the report.
    """
    name = question.mentions[0].text
    named = [c for c in question.candidates if c.match != "fuzzy"] or list(question.candidates)
    if any(c.feature is feature and c.match == "fuzzy" and c.similarity <= INSIDE for c in question.candidates):
        return f"no {name} is known; {feature.name} is named in it"
    if feature.code == "PPLC" and any(mention.use == "metonym" for mention in question.mentions):
        return "the capital, for its government"
    if parent := evidence.parent_name(question, feature):
        return f"named with its parent: {name}, {parent}"
    if len({c.feature.id for c in named}) == 1:
        return f"the only {name}"
    asked = f"the text asks for {_AREAS.get(feature.kind, f'a {feature.kind}')}; " if question.asked == feature.kind else ""
    if told := _told_near(question, feature, evidence):
        return f"{asked}{told}"
    if near := _neighbours(question, feature, evidence):
        return f"{asked}{near}"
    same, in_unit = evidence.alike(question, feature)
    abroad = any(c.feature.country != feature.country for c in named)
    if in_unit > 1 and not abroad:
        return f"{asked}same province or state as {in_unit} other names in the report"
    if same and feature.country and abroad:
        return f"{asked}same country as {same} other name{'s' if same > 1 else ''} in the report"
    if feature.population and feature.population == max(c.feature.population for c in named):
        return f"{asked}the most populous of {len(named)}"
    return asked.removesuffix("; ") or f"the best fit of {len(named)} places of that name"


def _told_near(question: Question, feature: Feature, evidence: Evidence) -> str:
    """The district or town that the text names together with this place."""
    for other, binding in evidence.bound(question):
        for place, belief in evidence.belief(other):
            if belief > LIKELY and place.kind in {"populated", "admin"} and place.id != feature.id and other.key != question.key:
                km = _km(feature, place)
                if km < NEAR_KM / 2 and (binding.near or place.kind == "admin"):
                    return f"the text puts it near {place.name}, and it lies {km:.0f} km from there"
    return ""


def _neighbours(question: Question, feature: Feature, evidence: Evidence) -> str:
    others = (place for other in evidence.questions if other.key != question.key for place in evidence.likely(other))
    towns = (other for other in others if feature.kind == other.kind == "populated" and other.id != feature.id)
    wide = math.cos(math.radians(feature.lat))
    closest = nsmallest(3, islice(towns, TOWNS), key=lambda other: math.hypot((other.lon - feature.lon) * wide, other.lat - feature.lat))
    near = sorted((_km(feature, other), other.name) for other in closest)
    names = list(dict.fromkeys(name for km, name in near if km < NEAR_KM))[:2]
    return f"near {' and '.join(names)} ({near[0][0]:.0f} km)" if names else ""


def _km(one: Feature, two: Feature) -> float:
    return projections.distance_km(shapely.Point(one.lon, one.lat), shapely.Point(two.lon, two.lat))
