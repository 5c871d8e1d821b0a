"""Quality that must not fall: pinned floors on corpora whose content is pinned too, and confidences that mean what they say.

The development corpora stand beside the project and may be absent; our own reports in tests/gold are always there. Each is parsed once.
A floor stands a little below what was measured when it was set; raise it when the figure has risen for good.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from shapely import Point

from geo.evaluation import Evaluation, evaluate
from geo.gazetteer import open_gazetteer
from geo.gold import GoldText, Named, read_gold
from geo.predictions import predict
from geo.projections import distance_km

ROOT = Path(__file__).parents[1]
BENCH = ROOT.parent / "shared" / "bench" / "geoparsing"


@dataclass(frozen=True)
class Corpus:
    """A file, the SHA-256 of what the floors were set on, and how many texts are skipped after each one that is read."""

    path: Path
    sha256: str
    step: int = 1


CORPORA = {
    "own": Corpus(ROOT / "tests" / "gold" / "geoparsing.jsonl", "09af8b1d93aaf8c04c3a8e80c2e85c1ae969519107f84630dcb037a58faa4a6d"),
    "conflict": Corpus(BENCH / "conflict_dev.jsonl", "95884e43675b50662f9d6012f9b5075856046a51898ab5687a4a3f95e6921b4a"),
    "lgl": Corpus(BENCH / "lgl_train.jsonl", "3b9f4aeb5bfee952ebbbe0c59326cdf600389d661a2a0b2d6e7625cdb16ef214", 4),
    "trnews": Corpus(BENCH / "trnews_train.jsonl", "a15afef663a8b76a0cee72396262bb192e58519e7254dd419ce5dd270601cbc8"),
    "gwn": Corpus(BENCH / "gwn_train.jsonl", "bcdc5d52b10c3d0ab63c85342bb68c584f86f7205f3167b5a3c80cf01e718c47", 2),
    "tud": Corpus(BENCH / "tud.jsonl", "6ebd7fbf321cccc895d097d06f17a0f112955fa5c271faf347efbabbaa5ce1eb", 4),
    "wiktor": Corpus(BENCH / "wiktor.jsonl.gz", "e26b1000e4c82a3756388eb37bb3e8da12e29d2befdac4300daeef0f7d6f8185", 50),
}
HERE = [name for name, corpus in CORPORA.items() if corpus.path.is_file()]
NEWS = ("demonym", "nocoord")

# Corpus, how it is scored (see `geo.evaluation.evaluate`; gold_spans resolves the names that gold gives), figure, part, floor.
FLOORS: list[tuple[str, dict[str, Any], str, str, float]] = [
    ("own", {"area": True}, "recognition_exact", "F1", 0.955),
    ("own", {"area": True}, "e2e_overlap@25", "F1", 0.905),
    ("own", {"area": True}, "e2e_overlap@25", "P", 0.965),
    ("own", {"area": True, "gold_spans": True}, "resolution_strict", "acc@25", 0.93),
    ("conflict", {"area": True, "neutral": ("associative",)}, "e2e_overlap@25", "F1", 0.955),
    ("conflict", {"area": True, "neutral": ("associative",), "literal": True}, "e2e_overlap@25", "F1", 0.89),
    ("lgl", {"neutral": NEWS}, "recognition_exact", "F1", 0.88),
    ("lgl", {"neutral": NEWS}, "e2e_overlap@25", "F1", 0.79),
    ("lgl", {"gold_spans": True}, "resolution_strict", "acc@161", 0.87),
    ("trnews", {"neutral": NEWS}, "recognition_exact", "F1", 0.905),
    ("trnews", {"neutral": NEWS}, "e2e_overlap@25", "F1", 0.895),
    ("trnews", {"gold_spans": True}, "resolution_strict", "acc@161", 0.93),
    ("gwn", {"neutral": NEWS}, "recognition_exact", "F1", 0.84),
    ("gwn", {"neutral": NEWS}, "e2e_overlap@25", "F1", 0.77),
    ("gwn", {"gold_spans": True}, "resolution_strict", "acc@161", 0.79),
    ("tud", {"neutral": ("m3",)}, "e2e_overlap@161", "F1", 0.86),
    ("tud", {"gold_spans": True}, "resolution_strict", "acc@161", 0.805),
    ("wiktor", {"gold_spans": True}, "resolution_strict", "acc@161", 0.73),
]

# Corpus, the least share of names whose use (literal or not) is told as gold tells it, over names found.
USES = [("own", 0.94), ("gwn", 0.87), ("conflict", 0.88)]

# Corpus, the greatest expected calibration error within 161 km over names placed.
CALIBRATION = [("own", 0.07), ("lgl", 0.05), ("trnews", 0.02), ("gwn", 0.04), ("conflict", 0.03)]


def at(name: str, *rest: Any) -> Any:
    """A case about a corpus: one beside the project is marked as such, and skipped where it is absent."""
    absent = pytest.mark.skipif(name not in HERE, reason=f"the corpus {name} is not here")
    return pytest.param(name, *rest, marks=() if name == "own" else (pytest.mark.bench, absent))


@cache
def gold(name: str) -> tuple[GoldText, ...]:
    corpus = CORPORA[name]
    found = hashlib.sha256(corpus.path.read_bytes()).hexdigest()
    assert found == corpus.sha256, f"{corpus.path.name} has changed (SHA-256 {found}); measure anew and set its floors and its hash"
    return read_gold(corpus.path)[:: corpus.step]


@cache
def parsed(name: str, gold_spans: bool) -> dict[str | int, tuple[Named, ...]]:
    return predict(gold(name), gazetteer=open_gazetteer(), gold_spans=gold_spans)


def figures(name: str, *, gold_spans: bool = False, **options: Any) -> Evaluation:
    return evaluate(gold(name), parsed(name, gold_spans), **options)


@pytest.mark.parametrize(("name", "options", "figure", "part", "floor"), [at(*case) for case in FLOORS])
def test_quality_does_not_fall(name: str, options: dict[str, Any], figure: str, part: str, floor: float) -> None:
    assert figures(name, **options).whole[figure][part] >= floor


@pytest.mark.bench
@pytest.mark.skipif(not {"lgl", "trnews", "gwn"} <= set(HERE), reason="the news corpora are not here")
@pytest.mark.parametrize(("part", "floor"), [("P", 0.82), ("R", 0.80)])
def test_pooled_news_is_found_exactly_and_placed_within_161_km_as_mordecai_counts_it(part: str, floor: float) -> None:
    texts = [text for name in ("lgl", "trnews", "gwn") for text in gold(name)]
    predicted = {key: names for name in ("lgl", "trnews", "gwn") for key, names in parsed(name, False).items()}
    assert evaluate(texts, predicted, neutral=("m3",)).whole["e2e_exact@161"][part] >= floor


@pytest.mark.parametrize(("name", "floor"), [at(*case) for case in USES])
def test_literal_use_is_told_from_the_others(name: str, floor: float) -> None:
    found = figures(name).uses
    assert found is not None
    assert found.accuracy >= floor


@pytest.mark.parametrize(("name", "ceiling"), [at(*case) for case in CALIBRATION])
def test_confidence_means_what_it_says(name: str, ceiling: float) -> None:
    assert figures(name).calibration[0].error <= ceiling


@pytest.mark.parametrize("name", [at(name) for name in ("lgl", "gwn")])
def test_confidence_grows_with_being_right(name: str) -> None:
    bins = figures(name, gold_spans=True).calibration[0].bins
    shares = []
    for low, high in ((0.0, 0.5), (0.5, 0.9), (0.9, 1.0)):
        inside = [found for found in bins if low <= found.low < high]
        shares.append(sum(found.right * found.count for found in inside) / sum(found.count for found in inside))
    assert shares[0] < shares[1] < shares[2]


def test_our_own_reports_cover_the_world_and_the_century() -> None:
    texts = gold("own")
    names = [name for text in texts for name in text.names]
    assert len(texts) >= 30
    assert len({name.country for name in names if name.country}) >= 40
    assert {str(text.given["date"])[:3] for text in texts} >= {"191", "194", "196", "199", "201", "202"}
    assert {name.use for name in names} == {"literal", "associative"}


def test_our_own_coordinates_lie_in_the_country_that_gold_tells() -> None:
    """Each point is in its country, or as near to it as an island or a harbour may be to a coarse outline."""
    gazetteer = open_gazetteer()
    for name in (name for text in gold("own") for name in text.names if name.country and name.kind not in ("water", "country")):
        assert name.lon is not None
        assert name.lat is not None
        country = gazetteer.shape(f"country:{name.country}")
        assert distance_km(Point(name.lon, name.lat), country) < 15, name
