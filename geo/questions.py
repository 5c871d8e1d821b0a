"""What is asked of each name of a document, and what the document says about it: the evidence that the passes weigh.

A question is one name (with the kind of place that the text asks for) and its candidates. The evidence holds all questions of a
document, what has been settled, and what each open name is believed to mean so far.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.binding import Binding, bindings
from geo.ranking import Belief, Bound, Slate, Together, chances, prior, surroundings_of, unit_of
from geo.records import Candidate, Document, Feature, Mention
from geo.sentences import sentences

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["Choice", "Evidence", "Surroundings", "Question"]

DENSE = 4_000_000  # cells of a table of names by sentences that is kept whole (16 MB); a larger one is kept sparse
KEPT_BELIEFS = 12  # candidates of one unsettled name that speak for their country
HALF = 0.5  # a binding of at least this weight is one that the words state
ROUNDS = 2  # times that the open names are weighed: the second time with what the first time made likely


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
class Surroundings:
    """How much the other names of a document speak for each country and each first-level unit."""

    countries: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    units: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(slots=True)
class Evidence:
    """What a document says about all of its names, and what has been settled so far.

    `home` is where its outlet is at home, with weights, which counts as one more name of the report.
    """

    document: Document
    questions: Sequence[Question]
    gazetteer: Gazetteer
    home: tuple[tuple[Feature, float], ...] = ()
    settled: dict[Question, Choice] = field(default_factory=dict)
    beliefs: dict[Question, list[tuple[Feature, float]]] = field(default_factory=dict)
    ranked: dict[Question, list[float]] = field(default_factory=dict)
    _bound: dict[Question, list[tuple[Question, Binding]]] | None = None
    _total: Surroundings | None = None
    _of_key: defaultdict[str, list[Question]] = field(default_factory=lambda: defaultdict(list))
    _lands: Counter[str] | None = None
    _together: Together | None = None
    _whole: Slate | None = None
    _row: dict[Question, int] = field(default_factory=dict)

    def settle(self, question: Question, choice: Choice) -> None:
        """Take note of a choice; later passes build on it."""
        self.settled[question] = choice
        self._believe(question, [(choice.feature, 1.0)] if choice.feature is not None else [])

    def belief(self, question: Question) -> list[tuple[Feature, float]]:
        """What a name may mean, with weights: its choice, or its candidates by themselves."""
        if question not in self.beliefs:
            self._weigh_alone()
        return self.beliefs.setdefault(question, [])

    def around(self, question: Question) -> Surroundings:
        """Which countries and units the other names of the document speak for."""
        if self._total is None:
            self._total = Surroundings()
            for other in self.questions:
                self._speak(other, self._total, 1.0)
            for feature, belief in self.home:
                self._total.countries[feature.country] += belief
                if unit := unit_of(feature):
                    self._total.units[unit] += belief
        made = Surroundings(self._total.countries.copy(), self._total.units.copy())
        for same in self._same_name(question):
            self._speak(same, made, -1.0)
        for weights in (made.countries, made.units):
            for code in [code for code, weight in weights.items() if weight < 1e-9]:
                del weights[code]
        return made

    def likely(self, question: Question) -> list[Feature]:
        """What a name more likely means than not."""
        return [feature for feature, belief in self.belief(question) if belief > HALF]

    def alike(self, question: Question, feature: Feature) -> tuple[int, int]:
        """How many likely places of the other names lie in the country, and how many in the first-level unit, of a feature."""
        if self._lands is None:
            self._lands = Counter()
            for other in self.questions:
                self._count(other, 1)
        own = [place for same in self._same_name(question) for place in self.likely(same)]
        unit = unit_of(feature)
        same = self._lands[feature.country] - sum(place.country == feature.country for place in own)
        return same, self._lands[f"{unit}/"] - sum(unit_of(place) == unit for place in own) if unit else 0

    def places(self, question: Question, *, least: float) -> list[Feature]:
        """What the other names of the report mean with at least this belief, countries and first-level units left out."""
        return [
            feature for other in self.questions if other.key != question.key for feature, belief in self.belief(other)
            if belief >= least and feature.kind in {"populated", "base", "other", "admin"} and not feature.id.startswith("admin1:")
        ]

    def bound(self, question: Question) -> list[tuple[Question, Binding]]:
        """The names that the text says this one lies in or near."""
        if self._bound is None:
            self._bound = _bindings(self.document, self.questions)
        return self._bound.get(question, [])

    def parents(self, question: Question) -> dict[str, float]:
        """Units and countries that the text says this name lies in, with weights."""
        found: dict[str, float] = {}
        for other, binding in self.bound(question):
            if not binding.near and other.key != question.key:
                for feature, belief in self.belief(other):
                    code = feature.country if feature.kind == "country" else unit_of(feature) if feature.kind == "admin" else ""
                    if code:
                        found[code] = max(found.get(code, 0.0), belief * binding.weight)
        return found

    def parent_name(self, question: Question, feature: Feature) -> str:
        """The name of the unit or country that the text names together with this place, the smallest first; empty if none."""
        told = (other for other, binding in self.bound(question) if not binding.near and binding.weight >= HALF)
        named = [parent for other in told if other.key != question.key for parent, belief in self.belief(other) if belief > HALF]
        unit = unit_of(feature)
        units = [parent.name for parent in named if unit and parent.kind == "admin" and unit_of(parent) == unit and parent.id != feature.id]
        lands = [parent.name for parent in named if parent.kind == "country" and parent.country == feature.country]
        return next(iter(units + lands), "")

    def rank(self) -> None:
        """Weigh every open name, the second time with what the first time made likely."""
        open_names = [question for question in self.questions if question not in self.settled and question.candidates]
        if not open_names:
            return
        slate = self.slate(open_names)
        for _ in range(ROUNDS):
            self.weigh(slate, open_names, self.describe(slate, open_names))

    def weigh(self, slate: Slate, open_names: Sequence[Question], rows: np.ndarray) -> None:
        """Believe of each name what its description makes likely."""
        for question, found in zip(open_names, chances(slate, rows), strict=True):
            self.ranked[question] = found
            self._believe(question, _best(question.candidates, found))

    def slate(self, open_names: Sequence[Question]) -> Slate:
        """The candidates of some names, by themselves."""
        whole = self._weigh_alone()
        return whole.part([self._row[question] for question in open_names])

    def describe(self, slate: Slate, open_names: Sequence[Question]) -> np.ndarray:
        """The candidates of some names, seen with the other names of the document; see `geo.ranking`."""
        number = {question: position for position, question in enumerate(self.questions)}
        keys: dict[str, int] = {}
        for question in self.questions:
            keys.setdefault(question.key, len(keys))
        said = [
            Belief(feature, belief * min(3, len(question.mentions)) ** 0.5, belief, number[question], keys[question.key])
            for question in self.questions for feature, belief in self.belief(question)
        ]
        said += [Belief(feature, belief, belief, len(self.questions), -1) for feature, belief in self.home]
        bound = []
        for position, question in enumerate(open_names):
            for other, binding in self.bound(question):
                if other.key != question.key:
                    bound += [Bound(position, feature, belief * binding.weight, binding.near) for feature, belief in self.belief(other)]
        if self._together is None:
            self._together = _together(self.document, self.questions)
        asked = [(number[question], keys[question.key]) for question in open_names]
        return surroundings_of(slate, asked=asked, said=said, bound=bound, together=self._together)

    def _weigh_alone(self) -> Slate:
        """Describe the candidates of all names by themselves, once, and believe what that makes likely."""
        if self._whole is None:
            names = [question for question in self.questions if question.candidates]
            self._row = {question: position for position, question in enumerate(names)}
            self._whole = Slate.of([(question.candidates, question.asked, question.mentions[0].use) for question in names])
            for question, found in zip(names, prior(self._whole), strict=True):
                self.beliefs.setdefault(question, _best(question.candidates, found))
        return self._whole

    def _believe(self, question: Question, found: list[tuple[Feature, float]]) -> None:
        if self._total is not None:
            self._speak(question, self._total, -1.0)
        self._count(question, -1)
        self.beliefs[question] = found
        self._count(question, 1)
        if self._total is not None:
            self._speak(question, self._total, 1.0)

    def _count(self, question: Question, step: int) -> None:
        """Count the likely places of a name under their countries and (with a stroke) their units."""
        if self._lands is not None:
            for place in self.likely(question):
                self._lands[place.country] += step
                if unit := unit_of(place):
                    self._lands[f"{unit}/"] += step

    def _same_name(self, question: Question) -> list[Question]:
        """The names that are written as this one, itself among them."""
        if not self._of_key:
            for other in self.questions:
                self._of_key[other.key].append(other)
        return self._of_key[question.key]

    def _speak(self, question: Question, lands: Surroundings, sign: float) -> None:
        loud = sign * min(3, len(question.mentions)) ** 0.5
        for feature, belief in self.belief(question):
            if feature.country:
                lands.countries[feature.country] += loud * belief
            if unit := unit_of(feature):
                lands.units[unit] += loud * belief


def _bindings(document: Document, questions: Sequence[Question]) -> dict[Question, list[tuple[Question, Binding]]]:
    named = sorted(((mention, question) for question in questions for mention in question.mentions), key=lambda pair: pair[0].start)
    made: dict[Question, list[tuple[Question, Binding]]] = defaultdict(list)
    for child, found in bindings(document.reading, [mention for mention, _ in named]).items():
        made[named[child][1]] += [(named[binding.parent][1], binding) for binding in found]
    return made


def _together(document: Document, questions: Sequence[Question]) -> Together:
    """Which sentences and paragraphs the names stand in; a last row is for the home of the outlet, which stands in none."""
    read = sentences(document)
    starts = np.array([sentence.start for sentence in read] or [0])
    paragraphs = np.array([sentence.paragraph for sentence in read] or [0])
    found = {(row, column) for row, question in enumerate(questions) for column in _columns(starts, question.mentions)}
    within = {(row, int(paragraphs[column])) for row, column in found}
    count = len(questions) + 1
    return Together(_incidence(found, (count, len(starts))), _incidence(within, (count, int(paragraphs.max(initial=0)) + 1)))


def _incidence(found: Collection[tuple[int, int]], shape: tuple[int, int]) -> Any:
    rows, columns = np.array(sorted(found), dtype=int).reshape(-1, 2).T
    if shape[0] * shape[1] <= DENSE:
        dense = np.zeros(shape, dtype=np.float32)
        dense[rows, columns] = 1
        return dense
    from scipy import sparse  # only a long report needs it

    return sparse.csr_array((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)


def _columns(starts: np.ndarray, mentions: Sequence[Mention]) -> Iterator[int]:
    for place in np.searchsorted(starts, [mention.start for mention in mentions], side="right"):
        yield max(0, int(place) - 1)


def _best(found: Sequence[Candidate], weights: Sequence[float]) -> list[tuple[Feature, float]]:
    ordered = sorted(zip(found, weights, strict=True), key=lambda pair: -pair[1])[:KEPT_BELIEFS]
    return [(candidate.feature, weight) for candidate, weight in ordered if weight > 0.01]
