"""Build data/words.csv: plain words and personal names that a report may spell like a place.

    python scripts/build_words.py --tagged gmb_ner_dataset.csv.zip --treebank en_ewt-ud-train.conllu.gz [...] -o data/words.csv

Only counts of single words are kept, never a sentence. `common`: words that are written in lower case at least three
times and mostly so. `given`, `surname`: first and last words of names of persons in the tagged news (public domain), kept
where they are persons at least as often as places. Lists that were written by hand are in data/cues.csv.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

LEAST_COMMON, LEAST_NAME = 3, 2
TITLES = frozenset(
    "president mr. mrs. ms. prime minister general gen. senator sen. secretary judge pope king queen dr. prince sheikh ayatollah".split()
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tagged", type=Path, required=True, help="the zip of the GMB named-entity table")
    parser.add_argument("--treebank", type=Path, nargs="*", default=[], help="CoNLL-U files, gzipped")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    lower, upper = Counter[str](), Counter[str]()
    given, surname, places = Counter[str](), Counter[str](), Counter[str]()
    for words, tags in tagged(options.tagged):
        count_case(words, lower, upper)
        for kind, span in spans(words, tags):
            if kind == "per":
                name = [word for word in span if word.lower() not in TITLES and word[:1].isupper()]
                if len(name) >= 2:
                    given[name[0]] += 1
                if name:
                    surname[name[-1]] += 1
            elif kind in {"geo", "gpe"}:
                places.update(span)
    for path in options.treebank:
        for words in treebank(path):
            count_case(words, lower, upper)
    rows = [("common", word, n) for word, n in lower.items() if n >= LEAST_COMMON and n > upper[word] and word.isalpha() and len(word) > 1]
    rows += [("given", word, n) for word, n in given.items() if usable(word, n, places, lower)]
    rows += [("surname", word, n) for word, n in surname.items() if usable(word, n, places, lower)]
    write(rows, options.output)


def usable(word: str, count: int, places: Counter[str], lower: Counter[str]) -> bool:
    spelt = len(word) > 1 and word.replace("-", "").isalpha()
    return spelt and count >= LEAST_NAME and count >= places[word] and lower[word.lower()] < count


def count_case(words: list[str], lower: Counter[str], upper: Counter[str]) -> None:
    for position, word in enumerate(words):
        if word.islower():
            lower[word] += 1
        elif position and word[:1].isupper() and not word.isupper():
            upper[word.lower()] += 1


def spans(words: list[str], tags: list[str]) -> Iterator[tuple[str, list[str]]]:
    current: list[str] = []
    kind = ""
    for word, tag in [*zip(words, tags, strict=True), ("", "O")]:
        if tag.startswith("I-") and tag[2:] == kind:
            current.append(word)
            continue
        if current:
            yield kind, current
        current, kind = ([], "") if tag == "O" else ([word], tag[2:])


def tagged(path: Path) -> Iterator[tuple[list[str], list[str]]]:
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as raw:
        words: list[str] = []
        tags: list[str] = []
        for row in csv.DictReader(io.TextIOWrapper(raw, encoding="latin-1")):
            if row["Sentence #"] and words:
                yield words, tags
                words, tags = [], []
            words.append(row["Word"])
            tags.append(row["Tag"])
        yield words, tags


def treebank(path: Path) -> Iterator[list[str]]:
    words: list[str] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip() and not line.startswith("#"):
                words.append(line.split("\t")[1])
            elif words and not line.strip():
                yield words
                words = []


def write(rows: list[tuple[str, str, int]], path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("list", "word", "count", "source"))
        for name, word, count in sorted(rows):
            source = "GMB" + (", UD EWT, UD GUM" if name == "common" else "")
            writer.writerow((name, word, count, source))


if __name__ == "__main__":
    main()
