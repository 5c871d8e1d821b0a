"""Fit data/rank_weights.csv: the weights of geo.ranking, by a conditional logit on corpora with resolved places.

    python -m scripts.fit_ranking --corpus lgl_train.jsonl trnews_train.jsonl gwn_train.jsonl conflict_dev.jsonl -o data/rank_weights.csv

What the other names of a document mean is itself uncertain, so that the fit is repeated: each round sees the beliefs of the round before.
A candidate is right within 25 km of the gold point, within the radius of a gold area, or with its geonameid. `--folds` prints the share of
names placed within 161 km on documents that were left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path

import numpy as np
import shapely
from scipy.optimize import minimize

from geo import corpus, passes, ranking
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.projections import distance_km
from geo.resolution import candidates, questions_of

ROUNDS = 3
PENALTY = 0.5  # of squared weights; swept over 0.1 to 5 by folds
START = {"size populated": 1.0, "size admin": 0.9, "size other": 0.8, "kind country": 3.0, "kind admin1": 1.0, "similarity": 3.0,
         "country share": 3.0, "unit share": 3.0, "parent": 4.0, "none": 3.0}

Case = tuple[list[dict[str, float]], list[bool], list[float]]  # features, right within 25 km, distance to the gold point


def main() -> None:
    """Read the corpora, print the scores by folds, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    documents = [json.loads(line) for path in options.corpus for line in path.open(encoding="utf-8")]
    if options.folds:
        order = list(range(len(documents)))
        random.Random(1).shuffle(order)
        tally: dict[str, list[int]] = {}
        for fold in range(options.folds):
            held = set(order[fold :: options.folds])
            fitted([documents[i] for i in order if i not in held])
            for i in held:
                for found, _, distances in cases(documents[i]):
                    counted = tally.setdefault(documents[i].get("source", "?"), [0, 0])
                    chances = ranking.probabilities(found)
                    counted[0] += bool(found) and distances[int(np.argmax(chances))] <= 161
                    counted[1] += 1
        print({source: (round(right / n, 3), n) for source, (right, n) in tally.items()})
    if options.output:
        weights = fitted(documents)
        with options.output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("feature", "weight"))
            writer.writerows((name, f"{value:.4f}") for name, value in sorted(weights.items()))


def fitted(documents: list[dict]) -> dict[str, float]:
    """Return weights after a few rounds of fitting, and leave them in use."""
    weights = dict(START)
    for _ in range(ROUNDS):
        use(weights)
        weights = fit([case for document in documents for case in cases(document)])
    use(weights)
    return weights


def use(weights: dict[str, float]) -> None:
    """Let geo.ranking use these weights in this process."""
    ranking._weights = lambda: weights  # type: ignore[assignment]


def cases(document: dict) -> list[Case]:
    """Return one case for every name of a document that has a gold point."""
    gazetteer = open_gazetteer()
    report = from_text(document["text"], title=document.get("title") or "")
    gold = [t for t in document["toponyms"] if t.get("lat") is not None and not t.get("demonym")]
    points = {(t["start"], t["end"]): t for t in gold}
    mentions = corpus.given_mentions(report, {"toponyms": document["toponyms"]})
    questions = questions_of(report, candidates(mentions, gazetteer=gazetteer), mentions)
    evidence = passes.Evidence(document=report, questions=questions, gazetteer=gazetteer)
    for question in questions:
        choice = passes.by_demonym(question, evidence) or passes.country_by_name(question, evidence)
        if choice is not None:
            evidence.settle(question, choice)
    passes.rank_all(evidence)
    made = []
    for question in questions:
        wanted = [points[m.start, m.end] for m in question.mentions if (m.start, m.end) in points]
        if not wanted or question in evidence.settled:
            continue
        found = evidence.described(question)
        away = [min(away_km(c.feature, t) for t in wanted) for c in question.candidates]
        made.append((found, [km <= 25 for km in away], away))
    return made


def away_km(feature, gold: dict) -> float:  # type: ignore[no-untyped-def]
    """The distance of a feature to a gold point; 0 within the radius of a gold area."""
    if feature.geonameid is not None and feature.geonameid == gold.get("geonameid"):
        return 0.0
    if abs(feature.lat - gold["lat"]) > 3 and not gold.get("radius_km"):
        return 20_000.0
    away = distance_km(shapely.Point(feature.lon, feature.lat), shapely.Point(gold["lon"], gold["lat"]))
    return 0.0 if away <= (gold.get("radius_km") or 0) else away


def fit(found: list[Case]) -> dict[str, float]:
    """Return the weights that make the right candidates, or none of them, most likely."""
    names = sorted({name for features, _, _ in found for f in features for name in f} | {"none"})
    columns = {name: position for position, name in enumerate(names)}
    rows, owner, right = [], [], []
    for number, (features, is_right, _) in enumerate(found):
        for described, correct in [*zip(features, is_right, strict=True), ({"none": 1.0}, not any(is_right))]:
            row = np.zeros(len(names))
            for name, value in described.items():
                row[columns[name]] = value
            rows.append(row)
            owner.append(number)
            right.append(correct)
    matrix, groups, correct = np.array(rows), np.array(owner), np.array(right)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        top = np.full(len(found), -np.inf)
        np.maximum.at(top, groups, scores)
        powers = np.exp(scores - top[groups])
        all_of = np.bincount(groups, powers)
        good = np.bincount(groups, powers * correct) + 1e-300
        slope = matrix.T @ (powers / all_of[groups] - powers * correct / good[groups])
        return float((np.log(all_of) - np.log(good)).sum() + PENALTY / 2 * weights @ weights), slope + PENALTY * weights

    result = minimize(loss, np.zeros(len(names)), jac=True, method="L-BFGS-B", options={"maxiter": 300})
    return {name: float(result.x[position]) for name, position in columns.items() if abs(result.x[position]) > 0.002}


if __name__ == "__main__":
    main()
