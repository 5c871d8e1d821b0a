"""How the weights of geo.rank_model are learned: a conditional logit, by L-BFGS; used by scripts.fit_ranking."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from geo.rank_model import AROUND, COLUMNS, NONE, OWN, Weights

__all__ = ["Cases", "joined", "learned", "rising"]

PENALTY = 10.0  # of squared weights of columns brought to one scale; swept over 1 to 10 by leaving out corpora
LEAST_SCALE = 0.05  # a column that hardly varies is not blown up
# What can only speak for a candidate, and what only against it: no fit to few documents may turn these round.
FOR = frozenset({
    "size populated", "size admin", "size other", "size against the largest", "largest", "similarity", "sounds alike", "capital",
    "seat of its namesake", "asked and is", "country share", "country log", "unit share", "unit log", "country named", "unit named",
    "country in sentence", "unit in sentence", "land near", "parent", "parent land", "district", "near as told",
    *(name for name in AROUND if name.startswith(("near ", "beside "))),
})
AGAINST = frozenset({"rank log", "other spelling", "named less exactly", "match fuzzy", "asked and is not", "strange land", "parent missed",
                     "parent land missed", "nearest log km", "third nearest log km"})
KNOTS, LEAST_BIN = 12, 25  # points of a curve of confidence, and outcomes that each needs
CLEARANCE = 1e-300  # keeps the logarithm of no chance finite


@dataclass(slots=True)
class Cases:
    """Names with their candidates: `rows` as geo.ranking describes them, "none of these" last; `owner` numbers the names.

    `right` marks the rows that are right, `weight` says how much each name counts.
    """

    rows: np.ndarray
    owner: np.ndarray
    right: np.ndarray
    weight: np.ndarray


def joined(cases: Sequence[Cases]) -> Cases:
    """Return the names of several documents as one table."""
    starts = np.cumsum([0, *(len(case.weight) for case in cases)])[:-1]

    def ordered(parts: Sequence[np.ndarray]) -> np.ndarray:
        """The candidates of all documents, then "none of these" of all."""
        counts = [len(case.owner) for case in cases]
        pairs = list(zip(parts, counts, strict=True))
        return np.concatenate([part[:n] for part, n in pairs] + [part[n:] for part, n in pairs])

    return Cases(
        rows=ordered([case.rows for case in cases]), right=ordered([case.right for case in cases]),
        owner=np.concatenate([case.owner + start for case, start in zip(cases, starts, strict=True)]),
        weight=np.concatenate([case.weight for case in cases]),
    )


def learned(cases: Cases) -> Weights:
    """Return the weights under which the right candidates, or "none of these", are most likely."""
    candidates, shown = len(cases.owner), len(OWN) + len(AROUND)
    scale, middle = np.ones(len(COLUMNS)), np.zeros(len(COLUMNS))
    scale[:shown] = np.maximum(cases.rows[:candidates, :shown].std(0), LEAST_SCALE)
    middle[:shown] = cases.rows[:candidates, :shown].mean(0)
    level = (cases.rows - middle) / scale
    level[candidates:, :shown] = 0.0
    seen = _fit(level, cases, COLUMNS) / scale
    seen[COLUMNS.index("none")] += float(middle @ seen)
    alone = np.zeros(len(COLUMNS))
    known = np.r_[0 : len(OWN), shown : len(COLUMNS)]
    alone[known] = _fit(level[:, known], cases, [COLUMNS[column] for column in known]) / scale[known]
    alone[COLUMNS.index("none")] += float(middle[: len(OWN)] @ alone[: len(OWN)])
    assert len(NONE) == len(COLUMNS) - shown
    return Weights(seen=seen, alone=alone)


def rising(found: np.ndarray) -> list[tuple[float, float]]:
    """Return a rising curve of (raw, share right) through weighted outcomes, shape (n, 3): raw, right, weight.

    Bins of equal weight are pooled until they rise (pool adjacent violators, Ayer et al. 1955).
    """
    found = found[np.argsort(found[:, 0], kind="stable")]
    share = np.cumsum(found[:, 2]) / found[:, 2].sum()
    count = max(1, min(KNOTS, len(found) // LEAST_BIN, len(np.unique(found[:, 0]))))
    pools: list[list[float]] = []
    for part in (found[(share > low) & (share <= high)] for low, high in itertools.pairwise(np.linspace(0, 1 + 1e-9, count + 1))):
        if len(part):
            pools.append([*np.average(part[:, :2], axis=0, weights=part[:, 2]), part[:, 2].sum()])
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            (x1, y1, w1), (x2, y2, w2) = pools[-2:]
            pools[-2:] = [[(x1 * w1 + x2 * w2) / (w1 + w2), (y1 * w1 + y2 * w2) / (w1 + w2), w1 + w2]]
    return [(float(raw), float(right)) for raw, right, _ in pools]


def _fit(level: np.ndarray, cases: Cases, columns: Sequence[str]) -> np.ndarray:
    names, groups = len(cases.weight), np.concatenate((cases.owner, np.arange(len(cases.weight))))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = level @ weights
        top = np.full(names, -np.inf)
        np.maximum.at(top, groups, scores)
        powers = np.exp(scores - top[groups])
        whole, good = np.bincount(groups, powers), np.bincount(groups, powers * cases.right) + CLEARANCE
        slope = cases.weight[groups] * (powers / whole[groups] - powers * cases.right / good[groups])
        value = float((cases.weight * (np.log(whole) - np.log(good))).sum())
        return value + PENALTY / 2 * float(weights @ weights), level.T @ slope + PENALTY * weights

    bounds = [(0.0 if name in FOR else None, 0.0 if name in AGAINST else None) for name in columns]
    found = minimize(loss, np.zeros(level.shape[1]), jac=True, method="L-BFGS-B", bounds=bounds, options={"maxiter": 300})
    return np.asarray(found.x)
