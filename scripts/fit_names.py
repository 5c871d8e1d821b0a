"""Fit data/name_weights.csv: how much each sign of geo.name_features counts, by logistic regression on tagged corpora.

    python -m scripts.fit_names --corpus lgl_train.jsonl trnews_train.jsonl gwn_train.jsonl conflict_dev.jsonl gmb.jsonl \\
        -o data/name_weights.csv

A corpus holds one document a line, {"id", "text", "toponyms": [{"start", "end", "demonym"?}], "tagger"?}. Only weights leave the
corpora. `--folds` prints the F1 of exact spans on documents that were left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from geo import tagger
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.name_candidates import gather
from geo.name_features import features
from geo.name_rules import KEPT_TAGGED
from geo.recogniser_gazetteer import span_of

PENALTY = 1.0  # of squared weights; swept over 0.1 to 10 by folds
RARE = 4  # features seen less often are left out

SILVER = 0.5  # weight of a name in a corpus that a machine tagged ("silver": true); its untagged countries and parts of names do not count

Row = tuple[list[str], bool, tuple[int, int], float]


def main() -> None:
    """Read the corpora, print the scores by folds, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    documents = [json.loads(line) for path in options.corpus for line in path.open(encoding="utf-8")]
    rows = [described(document) for document in documents]
    if options.folds:
        print_folds(documents, rows, options.folds)
    if options.output:
        weights = fit([row for found in rows for row in found])
        with options.output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("feature", "weight"))
            writer.writerows((name, f"{value:.3f}") for name, value in sorted(weights.items()))


def described(document: dict) -> list[Row]:
    """Return features and label of every name of a document."""
    gazetteer = open_gazetteer()
    read_with(document)
    report = from_text(document["text"], title=document.get("title") or "")
    names, about = gather(report, gazetteer)
    read = about.scene
    wanted = {(t["start"], t["end"]) for t in document["toponyms"] if not t.get("demonym")}
    rows = []
    for name in names:
        span = span_of(name, read, report.reading)
        weight = SILVER if document.get("silver") else 1.0
        nested = "country" in name.info.kinds or read.label(name.first, name.last) == "organisation"
        if document.get("silver") and span not in wanted and nested:
            continue
        rows.append((list(features(name, about)), span in wanted, span, weight))
    return rows


def read_with(document: dict) -> None:
    """Use the tagger that a document names, one that has not seen it (see scripts/cross_validate.py); else the shipped one."""
    tagger.use_file(Path(document["tagger"]) if "tagger" in document else None)


def fit(rows: list[Row]) -> dict[str, float]:
    """Return the weights of the features."""
    counts: dict[str, int] = {}
    for active, *_ in rows:
        for feature in active:
            counts[feature] = counts.get(feature, 0) + 1
    columns = {feature: position for position, feature in enumerate(f for f, n in counts.items() if n >= RARE)}
    cells = [(i, columns[f]) for i, (active, *_) in enumerate(rows) for f in active if f in columns]
    matrix = csr_matrix((np.ones(len(cells)), tuple(np.array(cells).T)), shape=(len(rows), len(columns)))
    labels = np.array([1.0 if label else -1.0 for _, label, *_ in rows])

    share = np.array([weight for *_, weight in rows])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        margin = labels * (matrix @ weights)
        pull = -labels * share / (1 + np.exp(margin))
        return float((share * np.logaddexp(0, -margin)).sum() + PENALTY / 2 * weights @ weights), matrix.T @ pull + PENALTY * weights

    found = minimize(loss, np.zeros(len(columns)), jac=True, method="L-BFGS-B", options={"maxiter": 200})
    return {feature: float(found.x[position]) for feature, position in columns.items() if abs(found.x[position]) >= 0.005}


def print_folds(documents: list[dict], rows: list[list[Row]], folds: int) -> None:
    """Print precision, recall and F1 of exact spans on left-out documents, by source."""
    order = list(range(len(documents)))
    random.Random(1).shuffle(order)
    tally: dict[str, list[int]] = {}
    for fold in range(folds):
        held = set(order[fold::folds])
        weights = fit([row for i in order if i not in held for row in rows[i]])
        for i in held:
            counted = tally.setdefault(documents[i].get("source", "?"), [0, 0, 0])
            wanted = {(t["start"], t["end"]) for t in documents[i]["toponyms"] if not t.get("demonym")}
            chosen = select(rows[i], weights)
            counted[0] += len(wanted & chosen)
            counted[1] += len(chosen)
            counted[2] += len(wanted)
    for source, (right, found, wanted_all) in tally.items():
        precision, recall = right / max(1, found), right / max(1, wanted_all)
        print(f"{source:16s} P {precision:.3f} R {recall:.3f} F1 {2 * precision * recall / max(1e-9, precision + recall):.3f}")


def select(rows: list[Row], weights: dict[str, float]) -> set[tuple[int, int]]:
    """Return the spans kept: those probable enough, the longest first, without overlaps."""
    scored = [(sum(weights.get(f, 0.0) for f in active), span) for active, _, span, _ in rows]
    limit = np.log(KEPT_TAGGED / (1 - KEPT_TAGGED))
    kept: set[tuple[int, int]] = set()
    for score, span in sorted(scored, key=lambda pair: (pair[1][0] - pair[1][1], -pair[0])):
        if score >= limit and not any(span[0] < end and start < span[1] for start, end in kept):
            kept.add(span)
    return kept


if __name__ == "__main__":
    main()
