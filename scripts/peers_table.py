"""Score the answers of several geoparsers and lay them side by side, for `scripts.compare_peers`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from geo.errors import UnknownPlace
from geo.evaluation import evaluate
from geo.gazetteer import Gazetteer
from geo.gold import GoldText, Named, Predicted, read_predictions

RESAMPLES = 1000
"""Of the bootstrap over documents that gives the intervals of the pooled figure."""

POOLED = ("lgl_train", "trnews_train", "gwn_train")
"""The news corpora that are pooled, as in the comparison of Mordecai 3."""

WAR = "conflict_dev"
LITERAL = "Salient, literal names only"
STATES = frozenset({"country", "admin", "region"})
"""What a peer may call a country: Abkhazia is one for flashgeotext."""

ABSENT = "–"

Table = tuple[str, list[str], list[list[str]]]
"""The name of a table (see the captions of `scripts.peers_page`), its heads and its lines."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Annotated texts: `parse` is false where only some of the names are annotated, so that precision means nothing."""

    name: str
    title: str
    texts: tuple[GoldText, ...]
    parse: bool = True
    note: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A system: what it answered by corpus, found in the text or for given names, and what that cost."""

    title: str
    parsed: Mapping[str, Predicted] = field(default_factory=dict)
    given: Mapping[str, Predicted] = field(default_factory=dict)
    stats: dict[str, Any] = field(default_factory=dict)


def read_row(title: str, folder: Path, corpora: Sequence[Corpus], gazetteer: Gazetteer) -> Row:
    """Read what `scripts.peers_run` wrote into a folder; countries are put on the points of the gazetteer.

    Raises
    ------
    SystemExit
        The answers are not those to the documents of the corpora.
    """

    def read(corpus: Corpus, kind: str) -> Predicted:
        path = folder / f"{corpus.name}.{kind}.jsonl"
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        placed = [{**line, "toponyms": [with_country(toponym, gazetteer) for toponym in line["toponyms"]]} for line in lines]
        path.write_text("".join(json.dumps(line) + "\n" for line in placed), encoding="utf-8")
        found = read_predictions(path, corpus.texts)
        if found.keys() != {text.id for text in corpus.texts}:
            raise SystemExit(f"{path} answers other documents than are scored; remove {folder} and run {title} again.")
        return found

    return Row(
        title=title,
        parsed={corpus.name: read(corpus, "parsed") for corpus in corpora if corpus.parse},
        given={corpus.name: read(corpus, "given") for corpus in corpora},
        stats=json.loads((folder / "stats.json").read_text(encoding="utf-8")),
    )


def with_country(toponym: dict[str, Any], gazetteer: Gazetteer) -> dict[str, Any]:
    """Return a toponym with the point of its country, told by code or name, if it means one and has none."""
    told = toponym.get("country")
    if toponym.get("lat") is not None or not told:
        return toponym
    try:
        country = gazetteer.get(f"country:{told}")
    except UnknownPlace:
        hits = gazetteer.search(told, kinds=STATES, limit=1)
        if not hits:
            return {**toponym, "country": None}
        country = hits[0].feature
    return {**toponym, "lat": country.lat, "lon": country.lon, "country": country.country}


def from_file(title: str, path: Path, corpora: Sequence[Corpus], *, given: bool = False) -> Row:
    """Return a row from a file of predictions; a corpus none of whose documents it holds is left out.

    Raises
    ------
    SystemExit
        It holds no document of any corpus, or some but not all of one: its figures would be too low.
    """
    found = read_predictions(path, [text for corpus in corpora for text in corpus.texts])
    answers: dict[str, Predicted] = {}
    for corpus in corpora:
        held = sum(text.id in found for text in corpus.texts)
        if 0 < held < len(corpus.texts):
            raise SystemExit(f"{path} answers {held} of the {len(corpus.texts)} documents of {corpus.name}; give all of them, or none.")
        if held and (corpus.parse or given):
            answers[corpus.name] = found
    if not answers:
        raise SystemExit(f"{path} answers no document of {', '.join(corpus.name for corpus in corpora)}.")
    return Row(title=title, given=answers) if given else Row(title=title, parsed=answers)


def merged(rows: Iterable[Row]) -> list[Row]:
    """Join the rows of one title, so that names found and names given of one system stand in one line."""
    made: dict[str, Row] = {}
    for row in rows:
        before = made.get(row.title, Row(title=row.title))
        made[row.title] = Row(
            title=row.title, parsed={**before.parsed, **row.parsed}, given={**before.given, **row.given}, stats=before.stats | row.stats
        )
    return list(made.values())


def tables(rows: Sequence[Row], corpora: Sequence[Corpus]) -> list[Table]:
    """Return every table; the first row is ours, to which the others are compared."""
    parsed = [corpus for corpus in corpora if corpus.parse]
    made = [_table("found", parsed, rows, _recognition), _placed_table(rows, parsed)]
    made += [_war_table(rows, corpus) for corpus in parsed if corpus.name == WAR]
    made.append(_table("given", corpora, rows, _given))
    timed = [row for row in rows if row.stats]
    heads = ["400-word texts a second", "to Salient", "first text, s", "memory, MB"]
    made.append(("speed", ["system", *heads], [[row.title, *_speed(row, timed[0])] for row in timed]))
    return made


def nouns(found: Predicted) -> Predicted:
    """Return predictions without the names that the system itself calls adjectives: the figures are about nouns."""
    return {key: tuple(one for one in names if not one.demonym) for key, names in found.items()}


def with_literal(rows: Sequence[Row]) -> list[Row]:
    """Return the rows, and after the first what it says with names that stand for a place itself alone."""
    ours, *others = rows
    kept = {
        name: {key: tuple(one for one in found if one.use == "literal") for key, found in answers.items()}
        for name, answers in ours.parsed.items()
    }
    return [ours, Row(title=LITERAL, parsed=kept), *others]


def score(row: Row, corpora: Sequence[Corpus], *, given: bool = False, resamples: int = 0, **options: Any) -> Any:
    """Return the evaluation of a row over corpora taken together; None where it has no answers for one of them."""
    answers = row.given if given else row.parsed
    if any(corpus.name not in answers for corpus in corpora):
        return None
    found: dict[str | int, tuple[Named, ...]] = {key: names for corpus in corpora for key, names in answers[corpus.name].items()}
    found = found if given else dict(nouns(found))
    texts = [text for corpus in corpora for text in corpus.texts]
    return evaluate(texts, found, resamples=resamples, **options)


def figure(value: float | None) -> str:
    """Return a share as two or three digits without the leading nought.

    Examples
    --------
    >>> figure(0.8474), figure(1.0), figure(None)
    ('.847', '1.000', '–')
    """
    return ABSENT if value is None else f"{value:.3f}".removeprefix("0")


def _table(name: str, corpora: Sequence[Corpus], rows: Sequence[Row], cell: Callable[[Row, Corpus], str]) -> Table:
    lines = [[row.title, *(cell(row, corpus) for corpus in corpora)] for row in rows]
    return name, ["system", *(corpus.title for corpus in corpora)], lines


def _placed_table(rows: Sequence[Row], parsed: Sequence[Corpus]) -> Table:
    groups = [(corpus.title, [corpus]) for corpus in parsed if corpus.name != WAR]
    pooled = [corpus for corpus in parsed if corpus.name in POOLED]
    groups += [(f"{len(pooled)} pooled", pooled)] if len(pooled) > 1 else []
    lines = []
    for row in rows:
        scores = [score(row, group, neutral=("m3",), resamples=RESAMPLES if group is pooled else 0) for _, group in groups]
        ends = _ends(scores[-1], "e2e_exact@161.F1") if scores else ABSENT
        lines.append([row.title, *(_parts(found, "e2e_exact@161") for found in scores), ends])
    return "placed", ["system", *(title for title, _ in groups), "95 %"], lines


def _war_table(rows: Sequence[Row], corpus: Corpus) -> Table:
    lines = []
    for row in with_literal(rows):
        found = score(row, [corpus], neutral=("associative",), area=True, resamples=RESAMPLES)
        exact = ABSENT if found is None else figure(found.whole["e2e_exact@25"]["F1"])
        lines.append([row.title, _parts(found, "e2e_overlap@25"), _ends(found, "e2e_overlap@25.F1"), exact])
    return "war", ["system", "overlap", "95 %", "exact F1"], lines


def _parts(found: Any, name: str) -> str:
    return ABSENT if found is None else " / ".join(figure(found.whole[name][part]) for part in ("P", "R", "F1"))


def _ends(found: Any, name: str) -> str:
    ends = found.intervals.get(name) if found is not None else None
    return f"{figure(ends[0])} to {figure(ends[1])}" if ends else ABSENT


def _recognition(row: Row, corpus: Corpus) -> str:
    found = score(row, [corpus], neutral=("demonym", "nocoord"))
    if found is None:
        return ABSENT
    return f"{figure(found.whole['recognition_exact']['F1'])} ({figure(found.whole['recognition_overlap']['F1'])})"


def _given(row: Row, corpus: Corpus) -> str:
    found = score(row, [corpus], given=True)
    return ABSENT if found is None else figure(found.whole["resolution_strict"]["acc@161"])


def _speed(row: Row, ours: Row) -> list[str]:
    rate, first = speed(row.stats), speed(ours.stats)
    shown = f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
    ratio = ABSENT if row is ours else f"{rate / first:.1f} times" if rate < 10 * first else f"{rate / first:.0f} times"
    return [shown, ratio, f"{row.stats['first_s']:.1f}", f"{row.stats['peak_mb']:.0f}"]


def speed(stats: dict[str, Any]) -> float:
    """Return texts of 400 words a second of one core, over all corpora that were parsed.

    Examples
    --------
    >>> speed({"speed": {"a": {"words": 4000, "cpu_s": 0.5}, "b": {"words": 4000, "cpu_s": 0.5}}})
    20.0
    """
    parts = stats["speed"].values()
    return float(sum(part["words"] for part in parts) / 400 / max(sum(part["cpu_s"] for part in parts), 1e-9))
