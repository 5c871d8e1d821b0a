"""The passes that settle what a name means, from the surest to the last resort.

A pass is a callable of a question (one name with its candidates) and the evidence of the document. It returns a choice with its
reason, or None to leave the name to the next pass. The first line of a pass's docstring says what it goes by.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import shapely

from geo import projections
from geo.demonyms import demonyms
from geo.errors import UnknownPlace
from geo.names import fold, skeleton
from geo.ranking import Surroundings, probabilities, rank_features, surroundings, unit_of, unit_vectors
from geo.records import Candidate, Document, Feature, Mention

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["PASSES", "Choice", "Evidence", "Pass", "Question", "by_common_noun", "by_demonym", "by_government", "by_hand_table",
           "by_parent", "by_rank", "by_roadside", "by_water", "country_by_name", "only_one", "rank_all"]

# What a choice must reach, or the name stays unresolved; swept over .05 to .4 on the development corpora (F1 at 25 km).
LEAST = 0.12
MANY = 400  # names in a report from which they are weighed against one common picture, so that the time stays linear
BESIDE = 24  # characters between a name and its parent, such as " in the southern "
SLACK = 0.04  # similarity by which a country may be written less exactly than its namesake
TOWNS = 60  # other places among which the nearest are looked for, to be named in the reason
_AREAS = {"admin": "an area", "populated": "a town"}
MAIN_TOWN = 0.05  # share of the people of a unit; Idlib has 9 %, Hasakah 12 %, Kherson 28 %
BY_HAND = 0.97  # similarity of a name that is written exactly so in a hand-written table
HALF = 0.5  # chance of the other half of a divided town against the better one, from which the bigger half is taken
MAIN_LAND = 0.5  # weight of a main country of the report against that of the first
SURE = 0.9  # similarity of a name that is written as the gazetteer writes it, up to articles and accents
FAMOUS = 500_000  # the same, in a report that is about other countries
KNOWN = 15_000  # inhabitants from which the only place of a name needs no neighbour; the smallest that reports abroad tend to name alone
SAME_PLACE = 1 - 7.7e-6  # cosine of the angle that 25 km make on the globe
ROADSIDE_KM = 15  # a schematic road passes a town within this distance
KEPT_BELIEFS = 12  # candidates of one unsettled name that speak for their country
_JOINED = re.compile(r"\s*,\s*|\s*\(\s*|,? in (?:the )?(?:\w+ern )?|, the \w+ of ")
_HEADS = "city|town|village|province|district|capital|port|state|region|suburb"
_BEFORE = re.compile(rf"['’]s (?:\w+ern )?|\s(?:\w+ern )?(?:{_HEADS})s?(?: of)?,? ")


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """One name of a document: its folded form, the kind that the text asks for, its mentions and candidates of that kind.

    `others` are places of the name that are not of the kind asked for; they can only be rivals.
    """

    key: str
    asked: str
    mentions: tuple[Mention, ...]
    candidates: tuple[Candidate, ...]
    others: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """A feature for a name, or None for "none of these", with the reason in words and a confidence between 0 and 1."""

    feature: Feature | None
    reason: str
    confidence: float


@dataclass(slots=True)
class Evidence:
    """What a document says about all of its names, and what has been settled so far."""

    document: Document
    questions: Sequence[Question]
    gazetteer: Gazetteer
    settled: dict[Question, Choice] = field(default_factory=dict)
    beliefs: dict[Question, list[tuple[Feature, float]]] = field(default_factory=dict)
    ranked: dict[Question, list[float]] = field(default_factory=dict)
    common: Surroundings | None = None
    places: list[tuple[int, Mention, Question]] = field(default_factory=list)

    def settle(self, question: Question, choice: Choice) -> None:
        """Take note of a choice; later passes build on it."""
        self.settled[question] = choice
        self.beliefs[question] = [(choice.feature, 1.0)] if choice.feature is not None else []

    def belief(self, question: Question) -> list[tuple[Feature, float]]:
        """What a name may mean, with weights: its choice, or its candidates by themselves."""
        if question not in self.beliefs:
            own = rank_features(question.candidates, Surroundings(), asked=question.asked, use=question.mentions[0].use, parents={})
            self.beliefs[question] = _best(question.candidates, probabilities(own))
        return self.beliefs[question]

    def around(self, question: Question) -> Surroundings:
        """What the other names of the document say; in a very long report, what all of its names say."""
        if len(self.questions) > MANY:
            self.common = self.common or surroundings([pair for other in self.questions for pair in self.belief(other)])
            return self.common
        others = [
            (feature, belief * min(3, len(other.mentions)) ** 0.5)
            for other in self.questions
            if other is not question and other.key != question.key
            for feature, belief in self.belief(other)
        ]
        return surroundings(others)

    def described(self, question: Question) -> list[dict[str, float]]:
        """The features of the candidates of a name, seen with the other names."""
        use = question.mentions[0].use
        return rank_features(question.candidates, self.around(question), asked=question.asked, use=use, parents=self.parents(question))

    def parents(self, question: Question) -> dict[str, float]:
        """Units and countries that the text names together with this name, with weights."""
        found: dict[str, float] = {}
        for mention in question.mentions:
            for other in self._beside(mention):
                for feature, belief in self.belief(other):
                    if feature.kind == "country":
                        found[feature.country] = max(found.get(feature.country, 0.0), belief)
                    elif feature.kind == "admin" and unit_of(feature):
                        found[unit_of(feature)] = max(found.get(unit_of(feature), 0.0), belief)
        return found

    def parent_name(self, question: Question, feature: Feature) -> str:
        """The name of the unit or country that the text names together with this place, the nearest first; empty if none."""
        beside = [other for mention in question.mentions for other in self._beside(mention)]
        named = [parent for other in beside for parent, _ in self.belief(other)]
        unit = unit_of(feature)
        units = [parent.name for parent in named if unit and parent.kind == "admin" and unit_of(parent) == unit and parent.id != feature.id]
        lands = [parent.name for parent in named if parent.kind == "country" and parent.country == feature.country]
        return next(iter(units + lands), "")

    def _beside(self, mention: Mention) -> Iterator[Question]:
        text = self.document.reading
        if not self.places:
            self.places = sorted(((m.start, m, q) for q in self.questions for m in q.mentions), key=lambda place: place[0])
        here = bisect.bisect_left(self.places, mention.start, key=lambda place: place[0])
        for _, neighbour, other in self.places[max(0, here - 2) : here + 3]:
            after = mention.end <= neighbour.start <= mention.end + BESIDE and _JOINED.fullmatch(text, mention.end, neighbour.start)
            before = neighbour.end <= mention.start <= neighbour.end + BESIDE and _BEFORE.fullmatch(text, neighbour.end, mention.start)
            if after or before:
                yield other


Pass = Callable[[Question, Evidence], Choice | None]


def by_demonym(question: Question, evidence: Evidence) -> Choice | None:
    """The word for the people or things of a place."""
    if question.mentions[0].use != "demonym":
        return None
    for written in (question.mentions[0].text, question.mentions[0].text.title()):
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


def only_one(question: Question, evidence: Evidence) -> Choice | None:
    """The only place of that name."""
    if len(question.candidates) != 1 or question.others or question.candidates[0].similarity < SURE:
        return None
    feature = question.candidates[0].feature
    around = evidence.around(question)
    abroad = not around.countries[feature.country] and feature.kind == "populated"
    if abroad and feature.population < (FAMOUS if sum(around.countries.values()) > 2 else KNOWN):
        return None
    return Choice(feature, f"the only {question.mentions[0].text}", 0.93)


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


def by_government(question: Question, evidence: Evidence) -> Choice | None:
    """The capital, for the government that sits there: "Moscow agreed"."""
    capitals = [c for c in question.candidates if c.feature.code == "PPLC" and c.similarity >= SURE]
    if len(capitals) != 1 or all(mention.use != "metonym" for mention in question.mentions):
        return None
    if _namesake_at_home(question, capitals[0].feature, evidence):
        return None
    return Choice(capitals[0].feature, "the capital, for its government", 0.95)


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
    parents = {code for code, weight in evidence.parents(question).items() if weight > 0.5}
    if not parents:
        return None
    inside = [c for c in (*question.candidates, *question.others) if c.match != "fuzzy" and c.feature.kind in {"populated", "admin", "base"}
              and parents & {unit_of(c.feature), c.feature.country} and c.feature.id.removeprefix("admin1:") not in parents]
    best = max((c.similarity for c in inside), default=0.0)
    inside = [c for c in inside if c.similarity >= best - SLACK]
    inside = [c for c in inside if not question.asked or c.feature.kind == question.asked] or inside
    towns = [c for c in inside if c.feature.kind == "populated"] or inside
    if not towns or (len(towns) > 1 and sorted(c.feature.population for c in towns)[-2] * 3 > max(c.feature.population for c in towns)):
        return None
    chosen = max(towns, key=lambda c: c.feature.population).feature
    return Choice(chosen, f"named with its parent: {question.mentions[0].text}, {evidence.parent_name(question, chosen)}", 0.95)


def by_rank(question: Question, evidence: Evidence) -> Choice | None:
    """The best fit to the other names of the report, to the words around it and to the size of the places."""
    if not question.candidates:
        return None
    if not evidence.ranked:
        rank_all(evidence)
    chances = evidence.ranked[question]
    best = max(range(len(chances)), key=chances.__getitem__)
    if chances[best] < LEAST:
        return Choice(None, "no candidate fits the report", 1 - sum(chances))
    feature = _bigger_half(question.candidates, chances, best)
    town = _main_town(question, feature)
    same = _same_place(question.candidates, town)
    shares = zip(chances, question.candidates, same, strict=True)
    confidence = sum(chance for chance, c, here in shares if here or c.feature.id == feature.id or _main_town(question, c.feature) is town)
    feature = town
    return Choice(feature, _reason(question, feature, evidence), min(0.99, confidence))


PASSES: tuple[Pass, ...] = (
    by_demonym, country_by_name, by_common_noun, by_hand_table, by_water, by_government, by_parent, only_one, by_roadside, by_rank,
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


def rank_all(evidence: Evidence) -> None:
    """Weigh every open name twice: the second time with what the first time made likely."""
    for _ in range(2):
        evidence.common = None
        fresh: dict[Question, list[float]] = {}
        for question in evidence.questions:
            if question not in evidence.settled and question.candidates:
                fresh[question] = probabilities(evidence.described(question))
        evidence.ranked = fresh
        for question, chances in fresh.items():
            evidence.beliefs[question] = _best(question.candidates, chances)


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


def _best(found: Sequence[Candidate], chances: Sequence[float]) -> list[tuple[Feature, float]]:
    ordered = sorted(zip(found, chances, strict=True), key=lambda pair: -pair[1])[:KEPT_BELIEFS]
    return [(candidate.feature, chance) for candidate, chance in ordered if chance > 0.01]


def _reason(question: Question, feature: Feature, evidence: Evidence) -> str:
    """The strongest plain reason for a ranked choice."""
    named = [c for c in question.candidates if c.match != "fuzzy"] or list(question.candidates)
    if len({c.feature.id for c in named}) == 1:
        return f"the only {question.mentions[0].text}"
    if parent := evidence.parent_name(question, feature):
        return f"named with its parent: {question.mentions[0].text}, {parent}"
    if question.asked == feature.kind:
        asked = f"the text asks for {_AREAS.get(feature.kind, f'a {feature.kind}')}; "
    else:
        asked = ""
    chosen = [other for q, found in evidence.beliefs.items() if q.key != question.key for other, belief in found if belief > 0.5]
    towns = [other for other in chosen if feature.kind == other.kind == "populated" and other.id != feature.id][:TOWNS]
    near = sorted((_km(feature, other), other.name) for other in towns)
    if near and near[0][0] < 100:
        names = list(dict.fromkeys(name for km, name in near[:3] if km < 100))[:2]
        return f"{asked}near {' and '.join(names)} ({near[0][0]:.0f} km)"
    same = sum(other.country == feature.country for other in chosen)
    if same and feature.country and any(c.feature.country != feature.country for c in named):
        return f"{asked}same country as {same} other name{'s' if same > 1 else ''} in the report"
    if feature.population and feature.population == max(c.feature.population for c in named):
        return f"{asked}the most populous of {len(named)}"
    return asked.removesuffix("; ") or f"the best fit of {len(named)} places of that name"


def _km(one: Feature, two: Feature) -> float:
    return projections.distance_km(shapely.Point(one.lon, one.lat), shapely.Point(two.lon, two.lat))
