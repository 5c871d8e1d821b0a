"""From the description of candidates to their chances: a conditional logit over named columns, whose weights are a table.

The score of a row is the weighted sum of its columns; the rows of one name, with "none of these", share a probability of one (McFadden
1974). scripts/fit_ranking.py fits data/rank_weights.csv. A small network and boosted trees were no better on corpora left out.
"""

from __future__ import annotations

import csv
import itertools
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from geo import datafiles

__all__ = ["AROUND", "COLUMNS", "NONE", "OWN", "Weights", "chances", "prior", "weights"]

OWN = (
    "kind populated", "kind admin1", "kind admin2", "kind country", "kind region", "kind water", "kind road", "kind base",
    "size populated", "size admin", "size other", "size against the largest", "largest", "no population", "rank log", "names log",
    "candidates log", "alone in country", "has country", "match exact", "match alias", "match fuzzy", "similarity", "sounds alike",
    "other spelling", "named less exactly", "short alias", "capital", "by hand", "seat of its namesake", "unit with a namesake seat",
    "asked and is", "asked and is not", "asked admin is populated", "asked admin is admin1", "asked admin is admin2",
    "asked populated is admin1", "metonym capital", "metonym country", "metonym populated", "metonym other",
)
_DISTANCES = ("12 km", "30 km", "100 km", "300 km", "1000 km")
AROUND = (
    "country share", "country log", "strange land", "unit share", "unit log", "country named", "unit named", "country in sentence",
    "unit in sentence", "land near", *(f"{word} {step}" for step in _DISTANCES for word in ("near", "near log", "beside")),
    "nearest log km", "third nearest log km", "parent", "parent missed", "parent land",
    "parent land missed", "district", "near as told",
)
NONE = ("none", "none: candidates log", "none: other spelling", "none: largest", "none: no town", "none: not of the kind",
        "none: no parent")
COLUMNS = OWN + AROUND + NONE


class Weights(NamedTuple):
    """One weight a column: with the whole document in view, and `alone`, before anything but the name is known (AROUND does not count)."""

    seen: np.ndarray
    alone: np.ndarray


def chances(rows: np.ndarray, owner: np.ndarray, names: int) -> list[list[float]]:
    """Return the chances of the candidates of each name; what is missing to one is the chance of "none of these".

    Parameters
    ----------
    rows
        Shape (candidates + names, columns): the candidates in the order of the names, then "none of these" of each name.
    owner
        Shape (candidates,): the number of the name of each candidate, ascending.
    """
    return _shares(rows @ weights().seen, owner, names)


def prior(own: np.ndarray, none: np.ndarray, owner: np.ndarray) -> list[list[float]]:
    """Return the chances of candidates that are described by themselves only (the columns OWN, and NONE)."""
    alone = weights().alone
    return _shares(np.concatenate((own @ alone[: len(OWN)], none @ alone[-len(NONE) :])), owner, len(none))


@lru_cache(maxsize=1)
def weights() -> Weights:
    """Return the weights of data/rank_weights.csv; a column that it lacks counts nothing."""
    with datafiles.path("rank_weights.csv").open(encoding="utf-8", newline="") as file:
        found = {row["column"]: (float(row["weight"]), float(row["alone"])) for row in csv.DictReader(file)}
    table = np.array([found.get(name, (0.0, 0.0)) for name in COLUMNS])
    return Weights(seen=table[:, 0], alone=table[:, 1])


def _shares(scores: np.ndarray, owner: np.ndarray, names: int) -> list[list[float]]:
    """Probabilities in proportion to the exponentials of scores, for each name without its last row, "none of these"."""
    groups = np.concatenate((owner, np.arange(names)))
    top = np.full(names, -np.inf)
    np.maximum.at(top, groups, scores)
    powers = np.exp(scores - top[groups])
    shares = (powers / np.bincount(groups, powers, minlength=names)[groups])[: len(owner)]
    ends = np.searchsorted(owner, np.arange(names + 1))
    return [shares[start:end].tolist() for start, end in itertools.pairwise(ends)]
