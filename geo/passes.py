"""The passes that settle what a name means, from the surest to the last resort.

A pass is a callable of a question (one name with its candidates) and the evidence of the document. It returns a choice with its
reason, or None to leave the name to the next pass. The first line of a pass's docstring says what it goes by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import shapely

from geo import projections
from geo.demonyms import demonyms
from geo.errors import UnknownPlace
from geo.foreign import looked_up
from geo.names import fold, skeleton
from geo.questions import Choice, Evidence, Question
from geo.ranking import unit_of, unit_vectors
from geo.reasons import reason
from geo.records import Candidate, Feature

__all__ = ["FAMOUS", "PASSES", "Choice", "Evidence", "Pass", "Question", "by_common_noun", "by_demonym", "by_hand_table", "by_parent",
           "by_rank", "by_roadside", "by_water", "country_by_name"]

# What a choice must reach, or the name stays unresolved; swept over .04 to .4 on corpora left out of the weights.
LEAST = 0.06
SLACK = 0.04  # similarity by which a country may be written less exactly than its namesake
MAIN_TOWN = 0.05  # share of the people of a unit; Idlib has 9 %, Hasakah 12 %, Kherson 28 %
BY_HAND = 0.97  # similarity of a name that is written exactly so in a hand-written table
ABOUT = 0.15  # weight by which two bindings of a name differ and still count the same
HALF = 0.5  # chance of the other half of a divided town against the better one, from which the bigger half is taken; a likely parent
MAIN_LAND = 0.5  # weight of a main country of the report against that of the first
SURE = 0.9  # similarity of a name that is written as the gazetteer writes it, up to articles and accents
STATED = 0.7  # weight of a binding that the words state, over two names between
TOGETHER = 2  # names that must agree on where a name lies before the place chosen elsewhere is left out
ELSEWHERE_KM = 250  # from the middle of the unit that is named; most units of the first level are smaller, and codes may differ
FAMOUS = 500_000  # inhabitants from which a place is meant by its bare name in reports about other lands too
SAME_PLACE = 1 - 7.7e-6  # cosine of the angle that 25 km make on the globe
ROADSIDE_KM = 15  # a schematic road passes a town within this distance

Pass = Callable[[Question, Evidence], Choice | None]


def by_demonym(question: Question, evidence: Evidence) -> Choice | None:
    """The word for the people or things of a place."""
    if question.mentions[0].use != "demonym":
        return None
    for written in (looked_up(question.mentions[0]), looked_up(question.mentions[0]).title()):
        feature_id = demonyms().get(fold(written))
        if feature_id:
            try:
                feature = evidence.gazetteer.get(feature_id)
            except UnknownPlace:
                continue
            return Choice(feature, f"“{question.mentions[0].text}” means of {feature.name}", 0.97)
    return Choice(None, "no place is known for this word", 0.5)


def country_by_name(question: Question, evidence: Evidence) -> Choice | None:
    """The country of that name."""
    if question.asked not in {"", "country", "admin"}:
        return None
    best = max((c.similarity for c in question.candidates), default=0.0)
    least = 0.0 if _code(question) else best - SLACK
    found = [c for c in question.candidates if c.feature.kind == "country" and c.match != "fuzzy" and c.similarity >= least]
    namesakes = [c for c in question.candidates if c.feature.id.startswith("admin1:") and fold(c.feature.name) == question.key]
    if len(found) != 1 or any(c.feature.country != found[0].feature.country for c in namesakes):
        return None
    if _namesake_at_home(question, found[0].feature, evidence):
        return None
    return Choice(found[0].feature, "the country of that name", 0.97)


def by_common_noun(question: Question, evidence: Evidence) -> Choice | None:
    """What the lands of the report call "the demilitarised zone"; in another land there is none."""
    if not all(mention.text.islower() and mention.use == "literal" for mention in question.mentions):
        return None
    lands = evidence.around(question).countries
    found = max(question.candidates, key=lambda candidate: lands[candidate.feature.country], default=None)
    if found is None or not lands[found.feature.country]:
        return Choice(None, f"no {question.mentions[0].text} is known where the report takes place", 0.7)
    return Choice(found.feature, f"the {question.mentions[0].text} of the land of the report", 0.85)


def by_hand_table(question: Question, evidence: Evidence) -> Choice | None:
    """A place of the hand-written tables in a main country of the report, where no other place there bears the name."""
    exact = [candidate.feature for candidate in question.candidates if candidate.similarity >= BY_HAND]
    found = [feature for feature in exact if feature.id.startswith(("region:", "base:"))]
    lands = evidence.around(question).countries
    if len(found) != 1 or question.asked not in {"", found[0].kind} or not found[0].country:
        return None
    namesakes = [feature for feature in exact if feature.country == found[0].country and feature.kind != "admin"]
    if len(namesakes) > 1 or lands[found[0].country] < MAIN_LAND * max(lands.values(), default=1.0):
        return None
    return Choice(found[0], f"the {question.mentions[0].text} of a country of the report", 0.9)


def by_water(question: Question, evidence: Evidence) -> Choice | None:
    """The only water of that name, where the text asks for one: "west of the Dnipro"."""
    found = [candidate.feature for candidate in question.candidates if candidate.feature.kind == "water"]
    if question.asked != "water" or len(found) != 1:
        return None
    return Choice(found[0], f"the only water named {question.mentions[0].text}", 0.93)


def by_roadside(question: Question, evidence: Evidence) -> Choice | None:
    """The road of that number that passes the places named in the report."""
    roads = [c.feature for c in question.candidates if c.feature.kind == "road"]
    if not roads or (len(roads) < len(question.candidates) and question.mentions[0].kind != "road"):
        return None
    literal = [other for other in evidence.questions if any(mention.use == "literal" for mention in other.mentions)]
    towns = [(f, belief) for other in literal for f, belief in evidence.belief(other) if f.kind == "populated" and belief > 0.3]
    lands = evidence.around(question).countries
    scores = [(sum(belief for town, belief in towns if _beside_road(road, town, evidence)), lands[road.country], road) for road in roads]
    scores.sort(key=lambda score: score[:2], reverse=True)
    passed, named, best = scores[0]
    if not named and not passed:
        return Choice(None, "no road of that number where the report takes place", 0.6)
    if passed:
        return Choice(best, f"the {best.name} that passes {max(1, round(passed))} of the places named", 0.93)
    return Choice(best, f"the {question.mentions[0].text} of the country of the report", 0.7)


def by_parent(question: Question, evidence: Evidence) -> Choice | None:
    """Named with its parent: "Bangor, Maine"."""
    inside = _in_parent(question, evidence.parents(question))
    best = max((c.similarity for c in inside), default=0.0)
    inside = [c for c in inside if c.similarity >= best - SLACK]
    inside = [c for c in inside if not question.asked or c.feature.kind == question.asked] or inside
    towns = [c for c in inside if c.feature.kind == "populated"] or inside
    if not towns or (len(towns) > 1 and sorted(c.feature.population for c in towns)[-2] * 3 > max(c.feature.population for c in towns)):
        return None
    chosen = max(towns, key=lambda c: c.feature.population).feature
    return Choice(chosen, f"named with its parent: {question.mentions[0].text}, {evidence.parent_name(question, chosen)}", 0.95)


def _in_parent(question: Question, parents: Mapping[str, float]) -> list[Candidate]:
    """The candidates in the unit that the text names with this name; in its country, where it names no unit."""
    told = {code: weight for code, weight in parents.items() if weight > HALF}
    units = {code: weight for code, weight in told.items() if len(code) != 2}
    codes = {code for code, weight in units.items() if weight > max(units.values()) - ABOUT} or set(told)
    named = [c for c in (*question.candidates, *question.others) if c.match != "fuzzy" and c.feature.kind in {"populated", "admin", "base"}]
    return [
        c for c in named
        if (unit_of(c.feature) if units else c.feature.country) in codes and c.feature.id.removeprefix("admin1:") not in codes
    ]


def by_rank(question: Question, evidence: Evidence) -> Choice | None:
    """The best fit to the other names of the report, to the words around it and to the size of the places."""
    if not question.candidates:
        return None
    if question not in evidence.ranked:
        evidence.rank()
    chances = evidence.ranked[question]
    best = max(range(len(chances)), key=chances.__getitem__)
    if chances[best] < LEAST:
        return Choice(None, "no candidate fits the report", 1 - sum(chances))
    feature = _bigger_half(question.candidates, chances, best)
    town = _main_town(question, feature)
    same = _same_place(question.candidates, town)
    shares = zip(chances, question.candidates, same, strict=True)
    confidence = sum(chance for chance, c, here in shares if here or c.feature.id == feature.id or _main_town(question, c.feature) is town)
    if place := _told_elsewhere(question, town, evidence):
        return Choice(None, f"the text puts it in {place}, where no {question.mentions[0].text} is known", confidence)
    return Choice(town, reason(question, town, evidence), min(0.99, confidence))


PASSES: tuple[Pass, ...] = (
    by_demonym, country_by_name, by_common_noun, by_hand_table, by_water, by_parent, by_roadside, by_rank,
)


def _code(question: Question) -> bool:
    """Whether the name is written as a code is: US, U.K."""
    return all(mention.text.replace(".", "").isupper() and len(question.key) <= 3 for mention in question.mentions)


def _namesake_at_home(question: Question, feature: Feature, evidence: Evidence) -> bool:
    """Whether the report is about the land of another place of this name: Lebanon, Ohio; Paris, Texas."""
    parents, around = evidence.parents(question), evidence.around(question)
    for rival in (*question.candidates, *question.others):
        other = rival.feature
        if other.country == feature.country or other.kind not in {"populated", "admin"} or rival.similarity < SURE:
            continue
        at_home = around.units[unit_of(other)] > 1 and around.countries[other.country] > around.countries[feature.country]
        if unit_of(other) in parents or at_home:
            return True
    return False


def _beside_road(road: Feature, town: Feature, evidence: Evidence) -> bool:
    if road.country != town.country:
        return False
    return projections.distance_km(shapely.Point(town.lon, town.lat), evidence.gazetteer.shape(road)) <= ROADSIDE_KM


def _told_elsewhere(question: Question, chosen: Feature, evidence: Evidence) -> str:
    """The unit that the text puts a name in, county and state or state and country together, where the place chosen lies far from it."""
    stated = [other for other, binding in evidence.bound(question) if not binding.near and binding.weight >= STATED]
    places = [place for other in stated if other.key != question.key for place, belief in evidence.belief(other) if belief > HALF]
    told = {place.id: place for place in places if place.kind in {"country", "admin"}}
    units = [place for place in told.values() if unit_of(place)]
    if len(told) < TOGETHER or len({place.country for place in told.values()}) != 1 or len({unit_of(place) for place in units}) != 1:
        return ""
    if chosen.kind not in {"populated", "admin", "base"} or unit_of(chosen) == unit_of(units[0]):
        return ""
    away = min(projections.distance_km(shapely.Point(chosen.lon, chosen.lat), shapely.Point(unit.lon, unit.lat)) for unit in units)
    return units[-1].name if away > ELSEWHERE_KM else ""


def _main_town(question: Question, unit: Feature) -> Feature:
    """The town that a bare name means, where a unit bears the name of its main town or of its capital; else the feature itself."""
    if question.asked or not unit.id.startswith("admin1:"):
        return unit
    written = max(c.similarity for c in question.candidates if c.feature.id == unit.id)
    towns = [
        c.feature for c in question.candidates
        if c.feature.kind == "populated" and c.feature.country == unit.country and c.similarity >= SURE
        and (c.similarity >= written - 2 * SLACK or skeleton(c.feature.name) == skeleton(unit.name))
    ]
    speaking = [t for t in towns if t.code == "PPLC" or (t.admin1 == unit.admin1 and t.population >= MAIN_TOWN * unit.population)]
    return max(speaking, key=lambda town: town.population, default=unit)


def _same_place(found: Sequence[Candidate], feature: Feature) -> list[bool]:
    """Which candidates lie where the chosen one lies: a city and its own district are one answer."""
    vectors = unit_vectors([candidate.feature for candidate in found])
    here = unit_vectors([feature])[0]
    return [bool(near) for near in vectors @ here > SAME_PLACE]


def _bigger_half(found: Sequence[Candidate], chances: Sequence[float], best: int) -> Feature:
    """The more populous half of a town that a border divides, where the report leaves open which is meant: Rafah."""
    one = found[best].feature
    beside = _same_place(found, one)
    halves = [
        c.feature for c, chance, near in zip(found, chances, beside, strict=True)
        if near and chance >= HALF * chances[best] and c.feature.kind == one.kind == "populated" and c.feature.country != one.country
    ]
    return max([one, *halves], key=lambda feature: feature.population)
