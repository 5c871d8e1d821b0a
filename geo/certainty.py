"""How often a choice of a pass was right: the confidence that is shown.

What a pass or the ranking says of itself (`raw`) is turned into the share of such choices that were right within 25 km, by a rising
curve for each pass. scripts/fit_ranking.py fits the curves of data/certainty.csv on documents that the weights were not fitted on.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import numpy as np

from geo import datafiles

__all__ = ["certain", "curves"]

MOST = 0.99  # no choice is beyond doubt


def certain(pass_name: str, raw: float) -> float:
    """Return the confidence of a choice of a pass; a pass without a curve is taken at its word.

    Examples
    --------
    >>> certain("a pass of my own", 0.5)
    0.5
    >>> certain("by_rank", 0.3) < certain("by_rank", 0.9)
    True
    """
    curve = curves().get(pass_name)
    return raw if curve is None else min(MOST, float(np.interp(raw, curve[0], curve[1])))


@lru_cache(maxsize=1)
def curves() -> dict[str, tuple[tuple[float, ...], tuple[float, ...]]]:
    """Return the curves of data/certainty.csv: pass -> (raw values, confidences), both rising."""
    found: dict[str, list[tuple[float, float]]] = {}
    with datafiles.path("certainty.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["pass"], []).append((float(row["raw"]), float(row["certain"])))
    return {name: (tuple(raw for raw, _ in sorted(knots)), tuple(value for _, value in sorted(knots))) for name, knots in found.items()}
