"""Turn the GMB named-entity table into a silver corpus for scripts/fit_names.py (kept outside the repository).

    python -m scripts.build_silver --tagged gmb_ner_dataset.csv.zip -o gmb.jsonl

Sentences are joined by twelves into documents; `geo` and `gpe` spans become toponyms, those that are demonyms are marked so.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from geo.datafiles import rows
from scripts.build_words import tagged

SENTENCES, DOCUMENTS, SEED = 12, 1800, 3
GLUED = frozenset({",", ".", "'s", ")", ";", ":", "?", "!", "%", "'", "-"})


def main() -> None:
    """Read the table and write one document a line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tagged", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    demonyms = {row["demonym"] for _, row in rows("demonyms.csv")}
    sentences = list(tagged(options.tagged))
    starts = list(range(0, len(sentences) - SENTENCES, SENTENCES))
    random.Random(SEED).shuffle(starts)
    with options.output.open("w", encoding="utf-8") as file:
        for start in starts[:DOCUMENTS]:
            file.write(json.dumps(document(f"gmb{start}", sentences[start : start + SENTENCES], demonyms)) + "\n")


def document(name: str, sentences: list[tuple[list[str], list[str]]], demonyms: set[str]) -> dict[str, object]:
    """Return one document with its toponyms."""
    text, spans, is_open = "", list[list[int]](), False
    for words, tags in sentences:
        for number, (word, tag) in enumerate(zip(words, tags, strict=True)):
            glued = not text or (number and (word in GLUED or text[-1] in "($-"))
            text += ("" if glued else " ") + word
            inside = tag[2:] in {"geo", "gpe"}
            if inside and (tag[0] == "B" or not is_open):
                spans.append([len(text) - len(word), len(text)])
            elif inside:
                spans[-1][1] = len(text)
            is_open = inside
        is_open = False
    toponyms = [{"start": a, "end": b, "surface": text[a:b], "demonym": text[a:b] in demonyms} for a, b in spans]
    return {"id": name, "source": "gmb", "silver": True, "text": text, "toponyms": toponyms}


if __name__ == "__main__":
    main()
