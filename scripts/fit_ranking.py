"""Fit data/rank_weights.csv (the weights of geo.rank_model) and data/certainty.csv (the curves of geo.certainty) on resolved corpora.

    python -m scripts.fit_ranking --corpus lgl_train.jsonl trnews_train.jsonl gwn_train.jsonl conflict_dev.jsonl wiktor.jsonl.gz --write
    python -m scripts.fit_ranking --corpus ... --test tud.jsonl --tables          (prints the tables of held-out figures)

What the other names of a document mean is itself uncertain, so that the fit is repeated: each round sees the beliefs of the round before.
A candidate is right within 25 km of the gold point, within the radius of a gold area, or with its geonameid. Every corpus counts about
the same, so that small towns of local papers do not teach what a report of a war means. The curves are fitted on choices for documents
that were left out of the weights (FOLDS), and show how often such a choice was right within 25 km (half) and 161 km (half).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geo import certainty, corpus, datafiles, passes, rank_model
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.projections import distance_km
from geo.questions import Evidence, Question
from geo.rank_model import COLUMNS, OWN, Weights
from geo.records import Document, Feature
from geo.resolution import candidates, questions_of
from scripts.rank_learning import Cases, joined, learned, rising

FITS = 2  # fits in turn, each with the beliefs of the one before
FOLDS = 3  # parts of the documents for the curves of confidence
# Of a corpus of thousands (WikToR: openings of Wikipedia pages, all of one kind) so many are drawn by seed, so that news decide.
LARGE, DRAWN = 1000, 60
FIRST_ROUND = 0.4  # weight of the description that is made before the other names are weighed
NEAR_KM, FAR_KM = 25, 161
STRETCH_KM = 300  # a river or a region is right when its point, which stands for all of it, lies this near to the gold point
MIRRORED_DEGREES = 0.3  # a gold point on the wrong side of Greenwich, as WikToR has many, teaches nothing
START = {"size populated": 1.0, "size admin": 0.9, "size other": 0.8, "kind country": 3.0, "kind admin1": 1.0, "similarity": 3.0,
         "none": 3.0}
_BEFORE_RANK = tuple(step for step in passes.PASSES if step not in (passes.by_rank, passes.by_parent))


@dataclass(slots=True)
class Report:
    """A document with its questions, and for each question the gold points of its mentions."""

    corpus: str
    document: Document
    questions: tuple[Question, ...]
    gold: dict[Question, list[Mapping[str, Any]]]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the chain chose for a gold name: pass, its own confidence, and how far off; `km` is 20,039 for no choice.

    `stretch` is true for a water, region or road, whose one point says little.
    """

    step: str
    raw: float
    km: float
    stretch: bool = False


def main() -> None:
    """Read the corpora; print the tables of held-out figures, or write the two data files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="corpora to fit on")
    parser.add_argument("--test", type=Path, nargs="*", default=[], help="corpora to score only")
    parser.add_argument("--tables", action="store_true", help="print figures by folds of documents and with each corpus left out")
    parser.add_argument("--write", action="store_true", help="write the data files")
    options = parser.parse_args()
    found = {path.name.split(".")[0]: list(reports(path)) for path in options.corpus}
    tests = {path.name.split(".")[0]: list(reports(path)) for path in options.test}
    held = by_folds(found)
    curves = curves_of(held)
    weights = fitted([report for name in found for report in found[name]])
    if options.write:
        write_weights(weights, datafiles.DATA / "rank_weights.csv")
        write_curves(curves, datafiles.DATA / "certainty.csv")
    for name, documents in tests.items():
        show(f"{name} (test)", chosen(documents), curves)
    if options.tables:
        print("Documents left out, by folds; confidence by curves fitted on the other corpora", flush=True)
        for name, outcomes in held.items():
            show(name, outcomes, curves_of({other: held[other] for other in held if other != name}))
        print("Corpora left out", flush=True)
        for name in found:
            fitted([report for other in found if other != name for report in found[other]])
            show(name, chosen(found[name]), curves_of({other: held[other] for other in held if other != name}))


def reports(path: Path) -> Iterable[Report]:
    """Yield the documents of a corpus with their questions: the gold names, and what else the recogniser finds."""
    gazetteer = open_gazetteer()
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    if len(lines) > LARGE:
        lines = random.Random(8).sample(lines, DRAWN)
    for given in lines:
        document = from_text(given["text"], title=given.get("title") or "")
        named = corpus.with_overheard(document, corpus.given_mentions(document, given), gazetteer=gazetteer)
        questions = questions_of(document, candidates(named, gazetteer=gazetteer), named)
        points = {(t["start"], t["end"]): t for t in given["toponyms"] if t.get("lat") is not None and not t.get("demonym")}
        gold = {q: [points[m.start, m.end] for m in q.mentions if (m.start, m.end) in points] for q in questions}
        yield Report(path.name.split(".")[0], document, questions, gold)


def by_folds(found: Mapping[str, Sequence[Report]]) -> dict[str, list[Outcome]]:
    """Return the outcomes of every corpus for documents that were left out of the weights."""
    everything = [report for name in found for report in found[name]]
    order = list(range(len(everything)))
    random.Random(1).shuffle(order)
    outcomes: dict[str, list[Outcome]] = {name: [] for name in found}
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        use(fitted([everything[i] for i in order if i not in held]))
        for i in sorted(held):
            outcomes[everything[i].corpus] += chosen([everything[i]])
    return outcomes


def fitted(documents: Sequence[Report]) -> Weights:
    """Return weights after a few fits, and leave them in use."""
    weights = Weights(seen=np.array([START.get(name, 0.0) for name in COLUMNS]), alone=np.array([START.get(name, 0.0) for name in COLUMNS]))
    counts = Counter(report.corpus for report in documents for gold in report.gold.values() if gold)
    even = np.mean(list(counts.values()))
    for _ in range(FITS):
        use(weights)
        made = [(case, (even / counts[report.corpus]) ** 0.5) for report in documents for case in cases(report)]
        weights = learned(joined([replace(case, weight=case.weight * factor) for case, factor in made]))
    use(weights)
    return weights


def use(weights: Weights) -> None:
    """Let geo.rank_model use these weights in this process."""
    rank_model.weights = lambda: weights  # type: ignore[assignment]


def cases(report: Report) -> Iterable[Cases]:
    """Yield the names of a document that the ranking decides and that have gold points, once for each round of weighing."""
    evidence = Evidence(document=report.document, questions=report.questions, gazetteer=open_gazetteer())
    for step in _BEFORE_RANK:
        for question in report.questions:
            if question not in evidence.settled and (choice := step(question, evidence)) is not None:
                evidence.settle(question, choice)
    names = [q for q in report.questions if q not in evidence.settled and q.candidates]
    taught = np.array([bool(report.gold[q]) and not mirrored(q, report.gold[q]) for q in names], dtype=bool)
    if not taught.any():
        return
    slate = evidence.slate(names)
    right = np.array([away_km(c.feature, report.gold[q]) <= NEAR_KM for q in names for c in q.candidates])
    hit = np.zeros(len(names), dtype=bool)
    np.logical_or.at(hit, slate.owner, right)
    shown = taught[slate.owner]
    loud = np.array([len(report.gold[q]) ** 0.5 for q in names])[taught]
    for weight in (FIRST_ROUND, 1 - FIRST_ROUND):
        rows = evidence.describe(slate, names)
        yield Cases(
            rows=np.concatenate((rows[: len(shown)][shown], rows[len(shown) :][taught])), owner=(np.cumsum(taught) - 1)[slate.owner[shown]],
            right=np.concatenate((right[shown], ~hit[taught])).astype(float), weight=loud * weight,
        )
        evidence.weigh(slate, names, rows)


def chosen(documents: Sequence[Report]) -> list[Outcome]:
    """Return what the chain of passes chooses for each gold name, with the weights in use."""
    made = []
    for report in documents:
        evidence = Evidence(document=report.document, questions=report.questions, gazetteer=open_gazetteer())
        by: dict[Question, str] = {}
        for step in passes.PASSES:
            for question in report.questions:
                if question not in evidence.settled and (choice := step(question, evidence)) is not None:
                    evidence.settle(question, choice)
                    by[question] = step.__name__
        for question, gold in report.gold.items():
            choice = evidence.settled.get(question)
            if mirrored(question, gold):
                continue
            for point in gold:
                if choice is None or choice.feature is None:
                    made.append(Outcome("", 0.0, 20_039.0))
                else:
                    stretch = choice.feature.kind in {"water", "region", "road"}
                    made.append(Outcome(by[question], choice.confidence, away_km(choice.feature, [point]), stretch))
    return made


def mirrored(question: Question, gold: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a candidate lies where the gold point would lie with the other sign of its longitude."""
    return any(
        abs(t["lon"]) > 1 and abs(c.feature.lat - t["lat"]) + abs(c.feature.lon + t["lon"]) < MIRRORED_DEGREES
        for c in question.candidates for t in gold
    )


def away_km(feature: Feature, gold: Sequence[Mapping[str, Any]]) -> float:
    """The distance of a feature to the nearest gold point; 0 within the radius of a gold area or with its geonameid."""
    return min((_away_km(feature, point) for point in gold), default=20_039.0)


def _away_km(feature: Feature, gold: Mapping[str, Any]) -> float:
    if feature.geonameid is not None and feature.geonameid == gold.get("geonameid"):
        return 0.0
    if abs(feature.lat - gold["lat"]) > 3 and not gold.get("radius_km"):
        return 20_000.0
    away = distance_km(shapely.Point(feature.lon, feature.lat), shapely.Point(gold["lon"], gold["lat"]))
    return 0.0 if away <= (gold.get("radius_km") or 0) else away


Curves = dict[str, list[tuple[float, float]]]


def curves_of(outcomes: Mapping[str, Sequence[Outcome]]) -> Curves:
    """Return a rising curve for each pass; every corpus counts the same."""
    pooled: dict[str, list[tuple[float, float, float]]] = {}
    for found in outcomes.values():
        for outcome in found:
            if outcome.step:
                right = float(outcome.km <= STRETCH_KM) if outcome.stretch else ((outcome.km <= NEAR_KM) + (outcome.km <= FAR_KM)) / 2
                pooled.setdefault(outcome.step, []).append((outcome.raw, right, len(found) ** -0.5))
    return {name: rising(np.array(found)) for name, found in sorted(pooled.items())}


def show(name: str, outcomes: Sequence[Outcome], curves: Curves) -> None:
    """Print the accuracy and the calibration of a corpus, and how the bins match."""
    km = np.array([outcome.km for outcome in outcomes])
    answered = np.array([bool(outcome.step) for outcome in outcomes])
    sure = np.array([_certain(outcome, curves) for outcome in outcomes])
    print(f"  {name}: {len(km)} names, @161 {np.mean(km <= FAR_KM):.3f}, @25 {np.mean(km <= NEAR_KM):.3f}", end="")
    bins = np.minimum(9, (sure * 10).astype(int))
    for limit in (FAR_KM, NEAR_KM):
        gaps = [(bins == b).sum() * abs(sure[bins == b].mean() - (km[bins == b] <= limit).mean()) for b in np.unique(bins[answered])]
        print(f", calibration error @{limit} {sum(gaps) / max(1, answered.sum()):.3f}", end="")
    print()
    for step in sorted({outcome.step for outcome in outcomes}):
        of = np.array([outcome.step == step for outcome in outcomes])
        right = f"@161 {np.mean(km[of] <= FAR_KM):.3f}, @25 {np.mean(km[of] <= NEAR_KM):.3f}"
        print(f"      {step or 'nothing chosen'}: {of.sum()} names, {right}")
    for b in np.unique(bins[answered]):
        mine = answered & (bins == b)
        right = f"{np.mean(km[mine] <= FAR_KM):.2f} right @161, {np.mean(km[mine] <= NEAR_KM):.2f} @25"
        print(f"      {sure[mine].mean():.2f} said, {right}, {mine.sum()} names", flush=True)


def _certain(outcome: Outcome, curves: Curves) -> float:
    knots = curves.get(outcome.step)
    return outcome.raw if not knots else float(np.interp(outcome.raw, [x for x, _ in knots], [y for _, y in knots]))


def write_weights(weights: Weights, path: Path) -> None:
    """Write the weights that are not nothing."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("column", "weight", "alone"))
        writer.writerows((name, f"{a:.4f}", f"{b:.4f}") for name, a, b in zip(COLUMNS, *weights, strict=True) if abs(a) + abs(b) > 0.001)


def write_curves(curves: Curves, path: Path) -> None:
    """Write the curves of confidence."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("pass", "raw", "certain"))
        writer.writerows((name, f"{raw:.3f}", f"{value:.3f}") for name, knots in curves.items() for raw, value in knots)
    certainty.curves.cache_clear()


assert set(START) <= {*OWN, "none"}

if __name__ == "__main__":
    main()
