"""How fast `python -m geo parse --jsonl` is, and how much memory it takes: a small table for the README.

    python -m scripts.measure_speed CORPUS.jsonl... [--documents 200] [--words 400] [--jobs 1,2]

The texts are the first WORDS words of those documents of the corpora that have so many. For each number of processes the command runs
once from a cold start on all of them; one more run answers a single line. Memory is the proportional set size (PSS) of all processes
together, sampled 20 times a second, so that what they share counts once; it is read from /proc and left out where there is none. Seconds of
processor time tell what a busy machine hides.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SAMPLED = 0.05  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the command: seconds to the first answer and to the last, seconds of processor time, peak megabytes, answers."""

    first: float
    last: float
    processor: float
    megabytes: float
    answers: int


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="+", type=Path, metavar="CORPUS.jsonl")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--words", type=int, default=400)
    parser.add_argument("--jobs", default="1,2", help="numbers of processes, by commas")
    given = parser.parse_args()
    lines = list(texts(given.corpora, given.documents, given.words))
    if not lines:
        sys.exit(f"No document of the corpora has {given.words} words.")
    with tempfile.TemporaryDirectory() as folder:
        file, single = Path(folder) / "corpus.jsonl", Path(folder) / "single.jsonl"
        file.write_text("".join(lines), encoding="utf-8")
        single.write_text(lines[0], encoding="utf-8")
        measure(single, 1)  # expands the indexes and warms the file cache
        cold = min(measure(single, 1).first for _ in range(3))
        print(f"{len(lines)} texts of {given.words} words; {os.cpu_count()} processors; first answer from a cold start {cold:.2f} s\n")
        print("| processes | texts a second | after the first answer | processor seconds a text | memory of all, MB |")
        print("|---|---|---|---|---|")
        for jobs in map(int, given.jobs.split(",")):
            run = measure(file, jobs)
            steady = (run.answers - 1) / (run.last - run.first) if run.answers > 1 else 0.0
            each = run.processor / run.answers
            print(f"| {jobs} | {run.answers / run.last:.1f} | {steady:.1f} | {each:.3f} | {run.megabytes:.0f} |", flush=True)


def texts(corpora: list[Path], most: int, words: int) -> Iterator[str]:
    """Yield JSON lines: the first `words` words of the documents that have so many."""
    made = 0
    for corpus in corpora:
        with corpus.open(encoding="utf-8") as file:
            for line in file:
                document = json.loads(line)
                cut = document["text"].split(" ")[:words]
                if len(cut) == words and made < most:
                    made += 1
                    yield json.dumps(document | {"id": made, "text": " ".join(cut), "toponyms": []}) + "\n"


def measure(file: Path, jobs: int) -> Run:
    """Run the command on a file."""
    command = [sys.executable, "-m", "geo", "parse", "--jsonl", "--jobs", str(jobs), str(file)]
    before, start = sum(os.times()[2:4]), time.perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as running:
        peaks = [0.0]
        threading.Thread(target=_watch, args=(running, peaks), daemon=True).start()
        assert running.stdout is not None
        first, answers = 0.0, 0
        for _ in running.stdout:
            first, answers = first or time.perf_counter() - start, answers + 1
    last = time.perf_counter() - start
    return Run(first, last, sum(os.times()[2:4]) - before, max(peaks), answers)


def _watch(running: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while running.poll() is None:
        peaks.append(sum(map(_pss, _family(running.pid))))
        time.sleep(SAMPLED)


def _family(pid: int) -> list[int]:
    """A process and those that it started."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            try:
                found += [int(child) for child in children.read_text(encoding="ascii").split()]
            except OSError:  # it has ended meanwhile
                continue
    return found


def _pss(pid: int) -> float:
    """Megabytes of a process, what it shares divided by those that share it; 0 where the system does not tell."""
    try:
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in rollup.splitlines() if line.startswith("Pss:")), 0.0)


if __name__ == "__main__":
    main()
