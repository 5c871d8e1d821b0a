"""What a name means that a user has given to a place of their own.

A pass like those of `geo.passes`, asked before them: whoever adds a place expects to meet it, so it has a head start over its namesakes.
It gives way to evidence: to another parent named beside it, to a country of that name, to namesakes in the lands of the report where it
has none, to a great city, and to a namesake of its own land that lies much nearer to the other places named.
"""

from __future__ import annotations

import math

from geo.added import OWN
from geo.passes import FAMOUS, Choice, Evidence, Pass, Question
from geo.ranking import unit_of, unit_vectors
from geo.records import Candidate, Feature

__all__ = ["OWN_PASSES", "by_own_place"]

SURE = 0.9  # similarity of a name that is written as its user writes it, up to articles and accents
NEARER = 3.0  # how much nearer to the other places a namesake must lie than the own place, and
FAR_KM = 25.0  # how far the own place must lie from them all, for the ranker to decide
_EARTH_KM = 6371.0
LIKELY = 0.5  # belief from which another place counts
SURER_LAND = 3.0  # how much more a report must speak of the land of a namesake than of the own place's, for the ranker to decide


def by_own_place(question: Question, evidence: Evidence) -> Choice | None:
    """A place of your own."""
    own = [c.feature for c in question.candidates if c.feature.id.startswith(f"{OWN}:") and c.similarity >= SURE]
    if len(own) != 1 or question.mentions[0].use == "demonym" or question.asked not in {"", own[0].kind}:
        return None
    feature = own[0]
    parents = {code for code, weight in evidence.parents(question).items() if weight > 0.5}
    rivals = [c for c in (*question.candidates, *question.others) if c.feature.id != feature.id and c.similarity >= SURE]
    if (parents and not parents & {unit_of(feature), feature.country}) or _outweighed(feature, rivals, evidence, question):
        return None
    note = f"; {feature.note}" if feature.note else ""
    return Choice(feature, f"your own place of that name ({feature.source}{note})", 0.93)


def _outweighed(feature: Feature, rivals: list[Candidate], evidence: Evidence, question: Question) -> bool:
    """Whether the report speaks for a namesake."""
    lands, spoken = evidence.around(question).countries, evidence.places(question, least=LIKELY)
    here = lands[feature.country] if feature.country else 0.0
    for rival in (candidate.feature for candidate in rivals):
        there = lands[rival.country] if rival.country != feature.country else 0.0
        if rival.kind == "country" or (not here and there) or there > SURER_LAND * here > 0:
            return True
        if not here and rival.population >= FAMOUS:
            return True
        apart = _nearest_km(feature, spoken)
        if apart > FAR_KM and apart > NEARER * _nearest_km(rival, spoken):
            return True
    return False


def _nearest_km(feature: Feature, spoken: list[Feature]) -> float:
    """How far the nearest other place of the report is, 0 where there is none."""
    if not spoken:
        return 0.0
    return _EARTH_KM * math.acos(min(1.0, float((unit_vectors(spoken) @ unit_vectors([feature])[0]).max())))


OWN_PASSES: tuple[Pass, ...] = (by_own_place,)
