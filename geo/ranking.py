"""How well each candidate fits its name and its document: the features of the learned pass.

The candidates of all open names of a document are the rows of one table. `Slate.of` describes them by themselves (how the name matches,
size, kind asked for), `surroundings_of` with the other names (countries and units they speak for, distances, what the text says a name
lies in). `geo.rank_model` makes chances of the rows; the candidates of one name, with "none of these", share a probability of one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo import rank_model
from geo.names import skeleton
from geo.prominence import importance
from geo.rank_model import COLUMNS, NONE, OWN
from geo.records import Candidate, Feature

__all__ = ["Belief", "Bound", "Slate", "Together", "chances", "prior", "surroundings_of", "unit_of", "unit_vectors"]

# How near is near, as the cosine of the angle on the globe. Steps of the news: suburb, town, county, state, land.
_RINGS = ((1 - 1.97e-6, "12 km"), (1 - 1.1e-5, "30 km"), (1 - 1.23e-4, "100 km"), (1 - 1.1e-3, "300 km"), (1 - 1.23e-2, "1000 km"))
_COUNTY, _BESIDE = 1 - 4.5e-5, 1 - 2.5e-5  # about 60 km: within a county of its point; about 45 km: near a town
_LAND = 1 - 3.1e-3  # about 500 km: the middle of a neighbouring country
_ITSELF = 1 - 1e-12  # another name of the very same place is no neighbour
_EXACT, _SPELT = 0.97, 0.9  # least similarity of the very name, and of a name that is not spelt otherwise
_SHORT = 3  # letters of a name that may be an abbreviation
_LIKELY = 0.3
HEARD = 500  # beliefs of a document against which candidates are weighed, the strongest; so that long reports take linear time
BLOCK = 1_500  # candidates described at once, so that a long report takes no more memory than a short one
_FAR_KM = 20_015.0

_OWN_AT = {name: position for position, name in enumerate(OWN)}
_AT = {name: position for position, name in enumerate(COLUMNS)}


@dataclass(frozen=True, slots=True)
class Belief:
    """What a name of the document may mean: how loudly it speaks, how likely it is, and the numbers of its question and key."""

    feature: Feature
    weight: float
    chance: float
    question: int
    key: int


@dataclass(frozen=True, slots=True)
class Together:
    """In which sentences and in which paragraphs each name stands: matrices of ones, a row a name; sparse in a long report."""

    sentences: Any
    paragraphs: Any

    def of(self, names: np.ndarray, others: np.ndarray) -> np.ndarray:
        """Return 1 where two names share a sentence, 0.5 where a paragraph, else 0; shape (names, others)."""
        products = (matrix[names] @ matrix[others].T for matrix in (self.sentences, self.paragraphs))
        same, near = (found if isinstance(found, np.ndarray) else found.toarray() for found in products)
        shared: np.ndarray = np.maximum(np.minimum(1.0, same), 0.5 * np.minimum(1.0, near))
        return shared


@dataclass(frozen=True, slots=True)
class Bound:
    """The name with this number is said to lie in (or near) a feature, with a weight."""

    name: int
    feature: Feature
    weight: float
    near: bool


@dataclass(frozen=True, slots=True, eq=False)
class Slate:
    """The candidates of some names, one row each; `owner` numbers the names from 0 and `none` describes "none of these" of each."""

    candidates: tuple[Candidate, ...]
    owner: np.ndarray
    own: np.ndarray
    none: np.ndarray

    @classmethod
    def of(cls, names: Sequence[tuple[Sequence[Candidate], str, str]]) -> Slate:
        """Describe the candidates of (candidates, kind asked for, use) by themselves."""
        own = [row for candidates, asked, use in names for row in _own(candidates, asked, use)]
        return cls(
            candidates=tuple(candidate for candidates, _, _ in names for candidate in candidates),
            owner=np.repeat(np.arange(len(names)), [len(candidates) for candidates, _, _ in names]),
            own=np.array(own, dtype=np.float64).reshape(-1, len(OWN)),
            none=np.array([_none(candidates, asked) for candidates, asked, _ in names], dtype=np.float64).reshape(-1, len(NONE)),
        )

    def part(self, names: Sequence[int]) -> Slate:
        """Return the slate of some of the names, in this order."""
        ends = np.searchsorted(self.owner, np.arange(len(self.none) + 1))
        rows = [row for name in names for row in range(ends[name], ends[name + 1])]
        return Slate(
            candidates=tuple(self.candidates[row] for row in rows), own=self.own[rows], none=self.none[list(names)],
            owner=np.repeat(np.arange(len(names)), [ends[name + 1] - ends[name] for name in names]),
        )


def unit_of(feature: Feature) -> str:
    """The first-level unit of a feature, as in the ids of units."""
    if feature.id.startswith("admin1:"):
        return feature.id.removeprefix("admin1:")
    return feature.admin1 if feature.kind in {"populated", "admin", "base", "other"} else ""


def unit_vectors(features: Sequence[Feature]) -> np.ndarray:
    """Points on the unit sphere, shape (n, 3)."""
    if not features:
        return np.empty((0, 3))
    lon, lat = np.radians([f.lon for f in features]), np.radians([f.lat for f in features])
    return np.column_stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))


def prior(slate: Slate) -> list[list[float]]:
    """Return how likely each candidate of each name is before anything else of the document is known."""
    return rank_model.prior(slate.own, slate.none, slate.owner) if len(slate.none) else []


def chances(slate: Slate, rows: np.ndarray) -> list[list[float]]:
    """Return the chances of the candidates of each name; what is missing to one is the chance of "none of these"."""
    return rank_model.chances(rows, slate.owner, len(slate.none))


def surroundings_of(
    slate: Slate, *, asked: Sequence[tuple[int, int]], said: Sequence[Belief], bound: Sequence[Bound], together: Together
) -> np.ndarray:
    """Return the full description of the candidates and, in the last rows, of "none of these" of each name.

    Parameters
    ----------
    asked
        The numbers of question and key of each name of the slate, as in `said`.
    said
        What all names of the document may mean.
    bound
        What the text says the names of the slate lie in or near.
    together
        Which names share a sentence or a paragraph.
    """
    rows = np.zeros((len(slate.candidates) + len(slate.none), len(COLUMNS)))
    rows[: len(slate.candidates), : len(OWN)] = slate.own
    rows[len(slate.candidates) :, _AT[NONE[0]] : _AT[NONE[-1]] + 1] = slate.none
    features = [candidate.feature for candidate in slate.candidates]
    vectors = unit_vectors(features)
    if len(said) > HEARD:
        said = sorted(said, key=lambda belief: -belief.weight)[:HEARD]
    question, key = (np.array([pair[side] for pair in asked], dtype=int)[slate.owner] for side in (0, 1))
    for start in range(0, len(features) if said else 0, BLOCK):
        here = slice(start, min(start + BLOCK, len(features)))
        _speak(rows[here], features[here], vectors[here], question[here], key[here], said, together)
    _bind(rows, slate, features, vectors, bound)
    return rows


def _speak(rows: np.ndarray, features: Sequence[Feature], vectors: np.ndarray, question: np.ndarray, key: np.ndarray,
           said: Sequence[Belief], together: Together) -> None:
    """Write what the other names say into the rows of some candidates."""
    numbers = _numbers([feature.country for feature in features], [belief.feature.country for belief in said])
    units = _numbers([unit_of(feature) for feature in features], [unit_of(belief.feature) for belief in said])
    weight, chance = np.array([b.weight for b in said]), np.array([b.chance for b in said])
    is_country = np.array([b.feature.kind == "country" for b in said])
    is_unit = np.array([b.feature.id.startswith("admin1:") for b in said])
    is_point = np.array([b.feature.kind in {"populated", "base", "other", "admin"} for b in said]) & ~is_unit
    other = key[:, None] != np.array([b.key for b in said])[None, :]
    loud = other * weight
    beside = together.of(question, np.array([b.question for b in said])) * loud
    country, unit = _equal(*numbers), _equal(*units)
    put = _Writer(rows)
    _put_lands(put, loud, country, numbers[1] >= 0, unit, units[1] >= 0)
    likely = other & (chance > _LIKELY)
    not_country = np.array([feature.kind != "country" for feature in features])
    not_unit = np.array([not feature.id.startswith("admin1:") for feature in features])
    put("country named", (likely & country & is_country).any(1) & not_country)
    put("unit named", (likely & unit & is_unit).any(1) & not_unit)
    put("country in sentence", np.minimum(1.0, (beside * (country & is_country)).max(1)) * not_country)
    put("unit in sentence", np.minimum(1.0, (beside * (unit & is_unit)).max(1)) * not_unit)
    far = unit_vectors([b.feature for b in said])
    close = np.clip(vectors @ far.T, -1.0, 1.0)
    put("land near", np.minimum(1.0, (loud * (close > _LAND) * (is_country | is_unit)).sum(1)))
    close = np.where(is_point[None, :] & (close < _ITSELF), close, -1.0)
    for cosine, name in _RINGS:
        within = close > cosine
        near = (loud * within).sum(1)
        put(f"near {name}", np.minimum(1.0, near))
        put(f"near log {name}", np.log1p(near))
        put(f"beside {name}", np.minimum(1.0, (beside * within).max(1)))
    nearest = np.where(likely, close, -1.0)
    nearest = np.sort(np.partition(nearest, -3, axis=1)[:, -3:] if nearest.shape[1] > 3 else nearest, axis=1)
    for rank, name in ((1, "nearest log km"), (3, "third nearest log km")):
        angle = nearest[:, -rank] if nearest.shape[1] >= rank else np.full(len(nearest), -1.0)
        put(name, np.log1p(np.where(angle > -1.0, 6371.0 * np.arccos(angle), _FAR_KM)))


def _put_lands(
    put: _Writer, loud: np.ndarray, country: np.ndarray, has_country: np.ndarray, unit: np.ndarray, has_unit: np.ndarray
) -> None:
    here, total = (loud * country).sum(1), (loud * has_country).sum(1)
    put("country share", here / np.where(total, total, 1.0))
    put("country log", np.log1p(here))
    put("strange land", (total > 2) & (here == 0) & put.has_country)
    here, total = (loud * unit).sum(1), (loud * has_unit).sum(1)
    put("unit share", here / np.where(total, total, 1.0))
    put("unit log", np.log1p(here))


def _bind(rows: np.ndarray, slate: Slate, features: Sequence[Feature], vectors: np.ndarray, bound: Sequence[Bound]) -> None:
    """Write what the text says that a name lies in or near."""
    most = {name: np.zeros(len(slate.none)) for name in ("parent", "parent land")}
    for said in bound:
        mine = np.flatnonzero(slate.owner == said.name)
        name = _column(said)
        if name in most:
            if said.near:
                continue
            fits = [_inside(features[int(row)], said.feature) for row in mine]
            most[name][said.name] = max(most[name][said.name], said.weight)
        else:
            least = _COUNTY if said.feature.kind == "admin" else _BESIDE
            cosine = vectors[mine] @ unit_vectors([said.feature])[0]
            fits = [bool(c > least) and features[int(row)].id != said.feature.id for c, row in zip(cosine, mine, strict=True)]
        rows[mine, _AT[name]] = np.maximum(rows[mine, _AT[name]], said.weight * np.array(fits))
    count = len(features)
    for name, told in most.items():
        rows[:count, _AT[f"{name} missed"]] = told[slate.owner] - rows[:count, _AT[name]]
        best = np.zeros(len(slate.none))
        np.maximum.at(best, slate.owner, rows[:count, _AT[name]])
        rows[count:, _AT["none: no parent"]] = np.maximum(rows[count:, _AT["none: no parent"]], told - best)


def _column(said: Bound) -> str:
    """Which column a place that a name is bound to speaks in."""
    if said.feature.kind == "country":
        return "parent land"
    if said.feature.id.startswith("admin1:"):
        return "parent"
    return "district" if said.feature.kind == "admin" and not said.near else "near as told"


def _inside(feature: Feature, parent: Feature) -> bool:
    if parent.kind == "country":
        return feature.country == parent.country and feature.kind != "country"
    return unit_of(feature) == unit_of(parent) != "" and feature.id != parent.id


class _Writer:
    """Writes columns of the candidates' rows."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self.has_country = rows[:, _OWN_AT["has country"]] > 0

    def __call__(self, name: str, values: np.ndarray) -> None:
        self.rows[:, _AT[name]] = values


def _numbers(mine: Sequence[str], theirs: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    codes: dict[str, int] = {"": -1}
    for code in (*mine, *theirs):
        codes.setdefault(code, len(codes))
    return np.array([codes[code] for code in mine]), np.array([codes[code] for code in theirs])


def _equal(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    same: np.ndarray = (mine[:, None] == theirs[None, :]) & (mine[:, None] >= 0)
    return same


def _kind_of(feature: Feature) -> str:
    return "admin1" if feature.id.startswith("admin1:") else "admin2" if feature.kind == "admin" else feature.kind


def _own(candidates: Sequence[Candidate], asked: str, use: str) -> list[list[float]]:
    """The candidates of one name by themselves, in the order of OWN."""
    if not candidates:
        return []
    most = max(c.feature.population for c in candidates)
    exact = max(c.similarity for c in candidates) >= _EXACT
    by_country = Counter(c.feature.country for c in candidates)
    ranks = {id(c): rank for rank, c in enumerate(sorted(candidates, key=lambda c: -importance(c.feature)))}
    shared = {unit_of(c.feature) for c in candidates if c.feature.id.startswith("admin1:")}
    shared &= {unit_of(c.feature) for c in candidates if c.feature.kind == "populated"}
    sound = skeleton(candidates[0].mention.text)
    made = []
    for candidate in candidates:
        feature = candidate.feature
        kind, size = _kind_of(feature), math.log10(feature.population + 1)
        found = {
            f"kind {kind}": 1.0,
            "size populated" if kind == "populated" else "size admin" if kind.startswith("admin") else "size other": size,
            "size against the largest": size - math.log10(most + 1),
            "largest": float(feature.population == most > 0),
            "no population": float(feature.population == 0),
            "rank log": math.log1p(ranks[id(candidate)]),
            "names log": math.log1p(len(feature.names)),
            "candidates log": math.log(len(candidates)),
            "alone in country": float(by_country[feature.country] == 1),
            "has country": float(bool(feature.country)),
            "sounds alike": float(skeleton(feature.name) == sound),
            "named less exactly": float(exact and candidate.similarity < _EXACT),
            "capital": float(feature.code == "PPLC"),
            "by hand": float(feature.id.startswith(("region:", "base:", "sea:"))),
            **_asked_and_used(candidate, kind, asked, use),
        }
        if not asked and unit_of(feature) in shared:
            found["seat of its namesake" if kind == "populated" else "unit with a namesake seat"] = 1.0
        row = [0.0] * len(OWN)
        for name, value in found.items():
            if name in _OWN_AT:
                row[_OWN_AT[name]] = value
        made.append(row)
    return made


def _asked_and_used(candidate: Candidate, kind: str, asked: str, use: str) -> dict[str, float]:
    """How a candidate matches the name as it is written, the kind that the text asks for, and the use."""
    found = {
        f"match {candidate.match}": 1.0,
        "similarity": candidate.similarity,
        "other spelling": float(candidate.similarity < _SPELT),
        "short alias": float(candidate.match != "exact" and len(candidate.mention.text) <= _SHORT),
    }
    if asked:
        found["asked and is" if asked == candidate.feature.kind else "asked and is not"] = 1.0
        found[f"asked {asked} is {kind}"] = 1.0
    if use == "metonym":
        capital = candidate.feature.code == "PPLC"
        found[f"metonym {'capital' if capital else kind if kind in {'country', 'populated'} else 'other'}"] = 1.0
    return found


def _none(candidates: Sequence[Candidate], asked: str) -> list[float]:
    """What speaks for "none of these", in the order of NONE; the last is written when the document is known."""
    best = max((c.similarity for c in candidates), default=0.0)
    largest = max((c.feature.population for c in candidates), default=0)
    kinds = {c.feature.kind for c in candidates}
    return [1.0, math.log(len(candidates) + 1), float(best < _SPELT), math.log10(largest + 1),
            float(bool(kinds & {"country", "region", "water"})), float(bool(asked) and asked not in kinds), 0.0]

