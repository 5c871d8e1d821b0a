"""Fit data/use_weights.csv: what tells a place from those who act from it, by logistic regression.

    python -m scripts.fit_use --corpus gwn_train.jsonl conflict_dev.jsonl -o data/use_weights.csv

Each toponym of the corpora has a "class", literal or associative; demonyms are left out, they are known by their form. `--folds` prints the
accuracy on documents that were left out.
"""

from __future__ import annotations

import argparse
import bisect
import csv
import json
import random
from pathlib import Path

from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.name_candidates import gather
from geo.use_features import Words, use_features
from scripts.fit_names import Row, fit, read_with


def main() -> None:
    """Read the corpora, print the accuracy by folds, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, nargs="+", required=True)
    parser.add_argument("--folds", type=int, default=0)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    documents = [json.loads(line) for path in options.corpus for line in path.open(encoding="utf-8")]
    rows = [described(document) for document in documents]
    order = list(range(len(documents)))
    random.Random(1).shuffle(order)
    right = counted = 0
    for fold in range(options.folds):
        held = set(order[fold :: options.folds])
        weights = fit([row for i in order if i not in held for row in rows[i]])
        for active, label, *_ in (row for i in held for row in rows[i]):
            right += (sum(weights.get(feature, 0.0) for feature in active) > 0) == label
            counted += 1
    if counted:
        print(f"accuracy {right / counted:.3f} of {counted}")
    if options.output:
        weights = fit([row for found in rows for row in found])
        with options.output.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("feature", "weight"))
            writer.writerows((name, f"{value:.3f}") for name, value in sorted(weights.items()))


def described(document: dict) -> list[Row]:
    """Return features and label of every name of a document."""
    read_with(document)
    report = from_text(document["text"])
    about = gather(report, open_gazetteer())[1]
    read, tags = about.scene, about.tags
    starts = [token.start for token in read.tokens]
    rows = []
    for toponym in document["toponyms"]:
        if toponym.get("demonym") or toponym.get("type") in {"Homonym", "Language", "Coercion"}:
            continue
        first = max(0, bisect.bisect_right(starts, toponym["start"]) - 1)
        last = max(first + 1, bisect.bisect_left(starts, toponym["end"]))
        hits = open_gazetteer().search(toponym["surface"], limit=1)
        acting = None if tags is None else float(tags.uses[first:last, 1].mean())
        active = list(use_features(Words(read, first, last), hits[0].feature.kind if hits else "other", acting=acting))
        rows.append((active, toponym["class"] != "literal", (toponym["start"], toponym["end"]), 1.0))
    return rows


if __name__ == "__main__":
    main()
