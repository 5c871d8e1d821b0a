"""Quality that must not fall: scores on the development corpora, and confidences that mean what they say."""

from __future__ import annotations

import importlib.util
import json
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from geo.corpus import parse_lines
from geo.gazetteer import open_gazetteer

BENCH = Path(__file__).parents[1].parent / "shared" / "bench" / "geoparsing"
pytestmark = [pytest.mark.bench, pytest.mark.skipif(not BENCH.is_dir(), reason="the development corpora are not here")]


@lru_cache(maxsize=1)
def scorer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", BENCH / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@lru_cache(maxsize=8)
def parsed(corpus: str, gold_spans: bool) -> dict[str, Any]:
    with (BENCH / f"{corpus}.jsonl").open(encoding="utf-8") as lines:
        return {found["id"]: found for found in parse_lines(lines, gazetteer=open_gazetteer(), gold_spans=gold_spans)}


def score(corpus: str, *, gold_spans: bool = False, literal: bool = False, options: frozenset[str] = frozenset()) -> dict[str, Any]:
    found = parsed(corpus, gold_spans)
    if literal:
        found = {key: {**value, "toponyms": [t for t in value["toponyms"] if t["use"] == "literal"]} for key, value in found.items()}
    return scorer().score(scorer().load(BENCH / f"{corpus}.jsonl"), found, options)["all"]


@pytest.mark.parametrize(("literal", "floor"), [(False, 0.95), (True, 0.87)])
def test_war_reports_are_placed_within_25_km(literal: bool, floor: float) -> None:
    found = score("conflict_dev", literal=literal, options=frozenset({"associative", "area"}))
    assert found["e2e_overlap@25"]["F1"] >= floor


@pytest.mark.parametrize(("corpus", "floor"), [("lgl_train", 0.80), ("trnews_train", 0.92), ("gwn_train", 0.78)])
def test_given_names_are_placed_within_161_km(corpus: str, floor: float) -> None:
    assert score(corpus, gold_spans=True)["resolution_strict"]["acc@161"] >= floor


@pytest.mark.parametrize(
    ("corpus", "exact", "placed"), [("trnews_train", 0.865, 0.835), ("lgl_train", 0.82, 0.675), ("gwn_train", 0.80, 0.755)]
)
def test_names_in_the_news_are_found_and_placed(corpus: str, exact: float, placed: float) -> None:
    found = score(corpus, options=frozenset({"demonym", "nocoord"}))
    assert found["recognition_exact"]["F1"] >= exact
    assert found["e2e_overlap@25"]["F1"] >= placed


def test_confidence_grows_with_being_right() -> None:
    gold = scorer().load(BENCH / "lgl_train.jsonl")
    bins: dict[int, list[bool]] = {0: [], 1: [], 2: []}
    for key, document in parsed("lgl_train", True).items():
        truth = {(t["start"], t["end"]): t for t in gold[key]["toponyms"] if t.get("lat") is not None}
        for found in document["toponyms"]:
            wanted = truth.get((found["start"], found["end"]))
            if wanted and found["lat"] is not None:
                right = scorer().hav(wanted["lat"], wanted["lon"], found["lat"], found["lon"]) <= 161
                bins[0 if found["confidence"] < 0.5 else 1 if found["confidence"] < 0.9 else 2].append(right)
    shares = [sum(right) / len(right) for right in bins.values()]
    assert shares[0] < shares[1] < shares[2]


def test_bad_lines_are_reported_with_their_number_and_the_rest_is_done() -> None:
    complaints: list[tuple[int, str]] = []
    lines = ["{", '{"id": 1}', json.dumps({"id": "a", "text": "He is in Aleppo, Syria."}), "", json.dumps({"id": "b", "text": " "})]
    found = list(parse_lines(lines, gazetteer=open_gazetteer(), on_error=lambda number, message: complaints.append((number, message))))
    assert [number for number, _ in complaints] == [1, 2]
    assert [document["id"] for document in found] == ["a", "b"]
    assert [toponym["surface"] for toponym in found[0]["toponyms"]] == ["Aleppo", "Syria"]
