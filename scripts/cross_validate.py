"""Measure Salient on corpora that no part of it was fitted on: the tagger, the weights of names and uses, and the ranker.

    python -m scripts.cross_validate --corpora DIR --held lgl_train=no_lgl.onnx gwn_train=no_gwn.onnx \\
        trnews_train,conflict_dev=no_trc.onnx -o OUT
    python -m scripts.cross_validate --corpora DIR --folds fold0.onnx fold1.onnx fold2.onnx -o OUT
    python -m scripts.cross_validate --corpora DIR --held ... --only-corpora -o OUT

The taggers are those of scripts/train_tagger.py, each trained without the corpora (or documents) it is named with. For each, the weights
are fitted on the other documents, tagged by taggers that have not seen *them*, and the documents left out are parsed with all of it:
OUT/pred_CORPUS.jsonl, to be scored with `python -m geo evaluate --pred`. `--only-corpora` stops after writing OUT/corpora, on which
the weights that ship are fitted.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from geo import datafiles
from scripts.train_tagger import TUNED, held_out

# Runs a module (the first argument but one) with another folder of data (the first).
_RUN = """
import runpy, sys
from pathlib import Path
from geo import datafiles
datafiles.DATA = Path(sys.argv[1])
sys.argv = sys.argv[2:]
runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
FITTED = ("name_weights.csv", "use_weights.csv", "rank_weights.csv", "certainty.csv")
WITH_USES = frozenset({"gwn_train", "conflict_dev"})


def main() -> None:
    """Run every part that is left out in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--held", nargs="*", default=[], metavar="CORPUS[,CORPUS]=TAGGER")
    parser.add_argument("--folds", nargs="*", default=[], metavar="TAGGER")
    parser.add_argument("--ranking", type=Path, nargs="*", default=[], help="corpora on which the ranker alone is fitted too")
    parser.add_argument("--only-corpora", action="store_true")
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    documents = {name: [json.loads(line) for line in (options.corpora / f"{name}.jsonl").open(encoding="utf-8")] for name in TUNED}
    parts = parted(documents, options)
    for _, members, tagger in parts:
        for document in members:
            document["tagger"] = str(Path(tagger).resolve())
    options.output.mkdir(parents=True, exist_ok=True)
    if options.only_corpora:
        write(documents, options.output / "corpora")
        return
    for name, members, tagger in parts:
        out = {document["id"] for document in members}
        rest = {corpus: [d for d in found if d["id"] not in out] for corpus, found in documents.items()}
        folder = options.output / name
        paths = write(rest, folder / "corpora")
        data = overlay(folder, Path(tagger))
        fit_all(data, paths, options.ranking)
        for corpus, found in documents.items():
            left = [{k: v for k, v in d.items() if k not in {"toponyms", "tagger"}} for d in found if d["id"] in out]
            if left:
                parse(data, left, options.output / f"pred_{corpus}.jsonl")
        print(name, "done", flush=True)


def parted(documents: dict[str, list[dict]], options: argparse.Namespace) -> list[tuple[str, list[dict], str]]:
    """Return (name, documents left out, tagger that has not seen them) of every part."""
    parts = []
    for held in options.held:
        names, _, tagger = held.partition("=")
        parts.append((names.replace(",", "+"), [d for name in names.split(",") for d in documents[name]], tagger))
    for number, tagger in enumerate(options.folds):
        fold = f"{number}/{len(options.folds)}"
        parts.append((f"fold{number}", [d for found in documents.values() for d in found if held_out(d["id"], fold)], tagger))
    return parts


def write(documents: dict[str, list[dict]], folder: Path) -> dict[str, Path]:
    """Write corpora and return their paths; empty ones are left out."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.jsonl" for name, found in documents.items() if found}
    for name, path in paths.items():
        path.write_text("".join(json.dumps(document) + "\n" for document in documents[name]), encoding="utf-8")
    return paths


def overlay(folder: Path, tagger: Path) -> Path:
    """Return a folder of links to the shipped data, but with this tagger."""
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    for path in datafiles.DATA.iterdir():
        link = data / path.name
        link.unlink(missing_ok=True)
        link.symlink_to(tagger.resolve() if path.name == "tagger.onnx.gz" else path)
    if not (data / "tagger.onnx.gz").exists():
        (data / "tagger.onnx.gz").symlink_to(tagger.resolve())
    return data


def fit_all(data: Path, paths: dict[str, Path], more: list[Path]) -> None:
    """Fit the weights on the corpora of these paths, into a folder of data; `more` are corpora for the ranker only."""
    for file in FITTED:
        (data / file).unlink()
        (data / file).write_bytes((datafiles.DATA / file).read_bytes())
    corpora = [str(path) for path in paths.values()]
    with_uses = [str(path) for name, path in paths.items() if name in WITH_USES]
    run(data, "scripts.fit_names", "--corpus", *corpora, "-o", str(data / "name_weights.csv"))
    run(data, "scripts.fit_use", "--corpus", *with_uses, "-o", str(data / "use_weights.csv"))
    run(data, "scripts.fit_ranking", "--corpus", *corpora, *map(str, more), "--write")


def run(data: Path, module: str, *arguments: str, given: str | None = None) -> str:
    """Run a module with a folder of data and return what it prints."""
    command = [sys.executable, "-c", _RUN, str(data.resolve()), module, *arguments]
    alone = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, check=True, env=alone).stdout


def parse(data: Path, documents: list[dict], output: Path) -> None:
    """Append the toponyms that Salient reads, with a folder of data, to a file."""
    lines = "".join(json.dumps(document) + "\n" for document in documents)
    with output.open("a", encoding="utf-8") as file:
        file.write(run(data, "geo", "parse", "--jsonl", "--jobs", "1", "-", given=lines))


if __name__ == "__main__":
    main()
