"""How well claims are read must not fall: pinned floors on gold, development and held-out sets apart.

Held-out gold is about texts that nobody who works on the reader has looked at; its errors are never printed, here or elsewhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from geo.claims_scoring import ClaimsScore, read_claims_of, score
from geo.gazetteer import open_gazetteer
from geo.gold_claims import read_gold_claims

# Each set with its floors (at least) and ceilings (at most) by "figure.part": a little below and above what was measured when set.
SETS: dict[str, tuple[str, ...]] = {
    "development": ("dev_a", "dev_b", "dev_c", "dev_d"), "briefings": ("briefings",), "conflict": ("conflict_dev",),
    "held-out": ("held_b", "held_c"),
}
FLOORS: dict[str, dict[str, float]] = {
    "development": {"found.F1": 0.66, "complete.F1": 0.385, "status.share": 0.83, "actor.share": 0.70, "place.share": 0.95},
    "briefings": {"found.F1": 0.82, "complete.F1": 0.64, "status.share": 0.92},
    "conflict": {"found.F1": 0.57},
    "held-out": {"found.F1": 0.59, "complete.F1": 0.23, "place.share": 0.93},
}
CEILINGS: dict[str, dict[str, float]] = {"development": {"nonclaims.share": 0.08}, "held-out": {"nonclaims.share": 0.16}}

GOLD = Path(__file__).parent / "gold" / "claims"
CORPORA = GOLD.parents[3] / "shared" / "bench" / "geoparsing"


@cache
def scored(name: str) -> ClaimsScore:
    asked = read_gold_claims(*(GOLD / f"{part}.jsonl" for part in SETS[name]), corpora=CORPORA)
    return score(asked.reports, read_claims_of(asked.reports, gazetteer=open_gazetteer()))


def cases(limits: dict[str, dict[str, float]]) -> list[object]:
    absent = pytest.mark.skipif(not (CORPORA / "conflict_dev.jsonl").is_file(), reason="the corpus is not here")
    return [
        pytest.param(name, figure, limit, id=f"{name}-{figure}", marks=(pytest.mark.bench, absent) if name == "conflict" else ())
        for name, figures in limits.items() for figure, limit in figures.items()
    ]


def figure_of(name: str, figure: str) -> float:
    group, part = figure.split(".")
    value: float = scored(name).whole[group][part]
    return value


@pytest.mark.parametrize(("name", "figure", "floor"), cases(FLOORS))
def test_the_reading_of_claims_does_not_get_worse(name: str, figure: str, floor: float) -> None:
    assert figure_of(name, figure) >= floor


@pytest.mark.parametrize(("name", "figure", "ceiling"), cases(CEILINGS))
def test_no_more_claims_are_made_up_from_words_that_make_none(name: str, figure: str, ceiling: float) -> None:
    assert figure_of(name, figure) <= ceiling
