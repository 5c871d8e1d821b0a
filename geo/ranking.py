"""How well each candidate fits its name and its document: the features of the last pass, and their weighing.

A conditional logit: the score of a candidate is a weighted sum, and the candidates of one name, with "none of these", share a
probability of one. The weights are in data/rank_weights.csv; scripts/fit_ranking.py fits them on the development corpora.
"""

from __future__ import annotations

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from geo import datafiles
from geo.names import skeleton
from geo.records import Candidate, Feature

__all__ = ["Surroundings", "probabilities", "rank_features", "surroundings", "unit_of", "unit_vectors"]

# How near is near, as the cosine of the angle on the globe: about 30, 100, 300 and 1,000 km. Steps of the news: town, county, state, land.
_RINGS = ((1 - 1.1e-5, "30 km"), (1 - 1.23e-4, "100 km"), (1 - 1.1e-3, "300 km"), (1 - 1.23e-2, "1000 km"))

_LAND = 1 - 3.1e-3  # about 500 km: the middle of a neighbouring country


@dataclass(slots=True)
class Surroundings:
    """What the other names of a document say: weights of countries and first-level units, and where they lie."""

    countries: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    units: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    named_units: frozenset[str] = frozenset()
    named_countries: frozenset[str] = frozenset()
    points: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    weights: np.ndarray = field(default_factory=lambda: np.empty(0))
    lands: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    land_weights: np.ndarray = field(default_factory=lambda: np.empty(0))


def surroundings(beliefs: Sequence[tuple[Feature, float]]) -> Surroundings:
    """Gather (feature, belief) of the other names of a document."""
    made = Surroundings()
    for feature, belief in beliefs:
        if feature.country:
            made.countries[feature.country] += belief
        if unit := unit_of(feature):
            made.units[unit] += belief
    made.named_units = frozenset(unit_of(f) for f, belief in beliefs if f.id.startswith("admin1:") and belief > 0.3)
    made.named_countries = frozenset(f.country for f, belief in beliefs if f.kind == "country" and belief > 0.3)
    near = [(f, belief) for f, belief in beliefs if f.kind in {"populated", "base", "other", "admin"} and not f.id.startswith("admin1:")]
    made.points = unit_vectors([f for f, _ in near])
    made.weights = np.array([belief for _, belief in near])
    far = [(f, belief) for f, belief in beliefs if f.kind == "country" or f.id.startswith("admin1:")]
    made.lands = unit_vectors([f for f, _ in far])
    made.land_weights = np.array([belief for _, belief in far])
    return made


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


def rank_features(
    candidates: Sequence[Candidate], around: Surroundings, *, asked: str, use: str, parents: Mapping[str, float]
) -> list[dict[str, float]]:
    """Return the features of each candidate of one name.

    Parameters
    ----------
    parents
        Units and countries named right after the name or around it ("X, Y"), with their weight.
    """
    most = max((c.feature.population for c in candidates), default=0)
    exact = max((c.similarity for c in candidates), default=0.0) >= 0.97
    total = sum(around.countries.values()) or 1.0
    units = sum(around.units.values()) or 1.0
    vectors = unit_vectors([c.feature for c in candidates])
    closeness = vectors @ around.points.T if len(around.points) else np.empty((len(candidates), 0))
    closeness[closeness > 1 - 1e-12] = -1.0  # another name of the very same place is no neighbour
    reach = vectors @ around.lands.T if len(around.lands) else np.empty((len(candidates), 0))
    by_country = Counter(c.feature.country for c in candidates)
    units_named = {unit_of(c.feature) for c in candidates if c.feature.id.startswith("admin1:")}
    seats = {unit_of(c.feature) for c in candidates if c.feature.kind == "populated"}
    made = []
    for position, candidate in enumerate(candidates):
        feature = candidate.feature
        found = _own(candidate, most, asked, use)
        found["country share"] = around.countries[feature.country] / total if feature.country else 0.0
        found["named less exactly"] = float(exact and candidate.similarity < 0.97)
        found["strange land"] = float(bool(feature.country) and total > 2 and not around.countries[feature.country])
        found["country log"] = math.log1p(around.countries[feature.country]) if feature.country else 0.0
        unit = unit_of(feature)
        found["unit share"] = around.units[unit] / units if unit else 0.0
        found["unit log"] = math.log1p(around.units[unit]) if unit else 0.0
        found["unit named"] = float(unit in around.named_units and not feature.id.startswith("admin1:"))
        found["country named"] = float(feature.country in around.named_countries and feature.kind != "country")
        found["land near"] = min(1.0, float(around.land_weights[reach[position] > _LAND].sum())) if reach.shape[1] else 0.0
        found["parent"] = max(parents.get(unit, 0.0), parents.get(feature.country, 0.0) * (feature.kind != "country"))
        if unit in units_named & seats and not asked:
            found["seat of its namesake" if feature.kind == "populated" else "unit with a namesake seat"] = 1.0
        found["alone in country"] = float(by_country[feature.country] == 1)
        for cosine, name in _RINGS:
            near = float(around.weights[closeness[position] > cosine].sum()) if closeness.shape[1] else 0.0
            found[f"near {name}"] = min(1.0, near)
            found[f"near log {name}"] = math.log1p(near)
        made.append(found)
    return made


def probabilities(features: Sequence[Mapping[str, float]]) -> list[float]:
    """Return the probability of each candidate; what is missing to one is that of "none of these"."""
    weights = _weights()
    scores = [sum(weights.get(name, 0.0) * value for name, value in found.items()) for found in features]
    scores.append(weights.get("none", 0.0))
    top = max(scores)
    powers = [math.exp(score - top) for score in scores]
    return [power / sum(powers) for power in powers[:-1]]


def _own(candidate: Candidate, most: int, asked: str, use: str) -> dict[str, float]:
    """Features of a candidate by itself."""
    feature = candidate.feature
    size = math.log10(feature.population + 1)
    kind = feature.kind
    unit = "admin1" if feature.id.startswith("admin1:") else "admin2" if kind == "admin" else kind
    found = {
        f"kind {unit}": 1.0,
        f"size {unit if kind in ('populated', 'admin') else 'other'}": size,
        "size against the largest": size - math.log10(most + 1),
        "largest": float(feature.population == most and most > 0),
        "no population": float(feature.population == 0),
        f"match {candidate.match}": 1.0,
        "similarity": candidate.similarity,
        "sounds alike": float(skeleton(feature.name) == skeleton(candidate.mention.text)),
        "other spelling": float(candidate.similarity < 0.9),
        "capital": float(feature.code == "PPLC"),
        f"asked {asked or 'nothing'} is {unit}": 1.0,
    }
    if use == "metonym":
        found[f"metonym {'capital' if feature.code == 'PPLC' else unit}"] = 1.0
    return found


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    with datafiles.path("rank_weights.csv").open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}
