"""How good a geoparser is on annotated texts: recognition, resolution and both together, with intervals.

The figures, all from one `geo.matching.Ledger`:

recognition
    precision, recall and F1 of the spans, exact and overlapping.
acc@K
    the share of gold names with coordinates whose answer lies within K km (Leidner 2007: K = 161, a hundred miles): strict over all of
    them, answered over those that got coordinates.
auc
    the area under the sorted ln(error + 1), by trapezoids, as a share of the worst possible: 0 best, 1 worst (Gritta et al. 2018).
end to end (e2e)
    a prediction with coordinates is right if it matches a gold name and lies within K km of it: precision over such predictions, recall
    over gold names with coordinates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.figures import Columns, columns, intervals, told
from geo.gold import GoldText, Named, Predicted
from geo.matching import Ledger, ledger

__all__ = ["BINS", "LEADING", "Bin", "Calibration", "Evaluation", "Uses", "calibration", "evaluate", "uses"]

BINS = 10
"""Bins of equal width in which confidence is compared with outcome (Naeini et al. 2015; Guo et al. 2017)."""

COUNTRIES = 15  # countries with a row of their own, those with most gold names; the rest share one

LEADING = {
    "rec_F1_exact": ("recognition_exact", "F1"), "rec_F1_overlap": ("recognition_overlap", "F1"),
    "acc@161_strict": ("resolution_strict", "acc@161"), "acc@25_strict": ("resolution_strict", "acc@25"),
    "e2e_F1_exact@161": ("e2e_exact@161", "F1"), "e2e_F1_overlap@161": ("e2e_overlap@161", "F1"),
}
"""The figures that are averaged over corpora (macro), by the path to them."""

_Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Predictions whose confidence lies in [low, high): how many, how sure they were on average, what share was right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Whether confidence means what it says: `error` is the expected calibration error, the mean gap of the bins by their counts."""

    km: int
    count: int
    error: float
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Uses:
    """Literal or not: how often ours and gold's class agree, over names found whose class and use are told.

    `table` counts (gold, ours); `named` is the same share without gold demonyms, None where there are no others.
    """

    count: int
    accuracy: float
    named: float | None
    table: Mapping[tuple[str, str], int]

    def as_json(self) -> dict[str, Any]:
        """The same as values that JSON can carry."""
        table = [{"gold": gold, "ours": ours, "n": count} for (gold, ours), count in sorted(self.table.items())]
        named = None if self.named is None else round(self.named, 4)
        return {"n": self.count, "accuracy": round(self.accuracy, 4), "accuracy_without_demonyms": named, "table": table}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """The figures of one run: as a whole, by group, over corpora, and their 95 % intervals by "figure.part".

    `uses` is over all gold names that tell their class, neutral or not.
    """

    ledger: Ledger
    whole: Mapping[str, Any]
    groups: Mapping[str, Mapping[str, Mapping[str, Any]]]
    macro: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    calibration: tuple[Calibration, ...]
    uses: Uses | None
    unknown_texts: int = 0

    def as_json(self) -> dict[str, Any]:
        """All of it but the ledger, as values that JSON can carry."""
        return {
            "all": self.whole, **{f"by_{name}": rows for name, rows in self.groups.items()}, "macro": self.macro,
            "ci95": {name: list(ends) for name, ends in self.intervals.items()},
            "calibration": [
                {"km": found.km, "n": found.count, "ece": round(found.error, 4), "bins": [
                    {"from": b.low, "to": b.high, "n": b.count, "confidence": round(b.confidence, 4), "right": round(b.right, 4)}
                    for b in found.bins
                ]} for found in self.calibration
            ],
            "use": self.uses and self.uses.as_json(),
            "ignored_pred_docs": self.unknown_texts,
        }


def evaluate(
    gold: Sequence[GoldText],
    predicted: Predicted,
    *,
    neutral: Collection[str] = (),
    area: bool = False,
    literal: bool = False,
    resamples: int = 0,
    seed: int = 1,
    country_at: Callable[[float, float], str | None] | None = None,
) -> Evaluation:
    """Compare what a geoparser found with what is true.

    Parameters
    ----------
    gold, predicted, neutral, area, country_at
        See `geo.matching.ledger`.
    literal
        Keep only the predictions that mean the place itself.
    resamples
        Of the bootstrap over documents; 0: no intervals. 1,000 take under a second.
    seed
        Of the resampling; the same seed gives the same intervals.

    Examples
    --------
    >>> gold = [GoldText(id=1, text="In Rome.", given={}, names=(Named(start=3, end=7, surface="Rome", lat=41.9, lon=12.5),))]
    >>> found = evaluate(gold, {1: (Named(start=3, end=7, lat=41.8, lon=12.5),)})
    >>> found.whole["recognition_exact"]["F1"], found.whole["resolution_strict"]["acc@10"], found.whole["resolution_strict"]["acc@25"]
    (1.0, 0.0, 1.0)
    """
    kept = {key: tuple(name for name in names if not literal or _is_literal(name)) for key, names in predicted.items()}
    book = ledger(gold, kept, neutral=neutral, area=area, country_at=country_at)
    counted = columns(book)
    groups = {name: rows for name, labels in _labels(book).items() if (rows := _grouped(book, counted, *labels))}
    sources = groups.get("source", {})
    groups = {name: rows for name, rows in groups.items() if len(rows) > 1}
    macro = {
        name: round(sum(values) / len(values), 4) for name, (figure, part) in LEADING.items()
        if len(sources) > 1 and (values := [row[figure][part] for row in sources.values() if row[figure] is not None])
    }
    everything = np.ones(len(book.gold), dtype=bool), np.ones(len(book.found), dtype=bool)
    return Evaluation(
        ledger=book, whole=told(book, counted, *everything, texts=len(gold)), groups=groups, macro=macro,
        intervals=intervals(book, counted, resamples=resamples, seed=seed),
        calibration=tuple(found for km in (161, 25) if (found := calibration(book, km=km))), uses=uses(ledger(gold, predicted)),
        unknown_texts=len(set(predicted) - {text.id for text in gold}),
    )


def calibration(book: Ledger, *, km: int = 161, bins: int = BINS) -> Calibration | None:
    """Return how well confidence foretells an answer within `km`, over gold names that were answered; None where no confidence is told.

    Names are weighed alike: the error is the sum over bins of count / n x |mean confidence - share right| (Naeini et al. 2015).
    """
    rows = [row for row in np.flatnonzero(book.answered).tolist() if book.found[book.answer[row]].confidence is not None]
    if not rows:
        return None
    sure = np.array([min(1.0, book.found[book.answer[row]].confidence or 0.0) for row in rows])
    right = book.km[rows] <= km
    which = np.minimum((sure * bins).astype(np.int64), bins - 1)
    made = []
    for number in range(bins):
        inside = which == number
        if inside.any():
            made.append(Bin(low=number / bins, high=(number + 1) / bins, count=int(inside.sum()),
                            confidence=float(sure[inside].mean()), right=float(right[inside].mean())))
    error = sum(found.count * abs(found.confidence - found.right) for found in made) / len(rows)
    return Calibration(km=km, count=len(rows), error=error, bins=tuple(made))


def uses(book: Ledger) -> Uses | None:
    """Return how often literal and associative uses are told apart, over gold names that were found; None where no class is told."""
    pairs = [
        (name, "literal" if _is_literal(mine) else "associative")
        for name, answer in zip(book.gold, book.answer.tolist(), strict=True)
        if answer >= 0 and name.use and ((mine := book.found[answer]).use or mine.demonym)
    ]
    if not pairs:
        return None
    right = [name.use == ours for name, ours in pairs]
    plain = [name.use == ours for name, ours in pairs if not name.demonym]
    return Uses(
        count=len(pairs), accuracy=sum(right) / len(right), named=sum(plain) / len(plain) if plain else None,
        table=Counter((name.use, ours) for name, ours in pairs),
    )


def _is_literal(name: Named) -> bool:
    return name.use == "literal" and not name.demonym


def _labels(book: Ledger) -> dict[str, tuple[list[str], list[str]]]:
    """For each way to group, the group of every gold row and of every prediction row.

    A prediction that matches a gold name belongs to the group of that name; a spurious one to the group that it says itself.
    """
    texts = book.texts
    ways: dict[str, tuple[Callable[[Named], str], Callable[[Named], str]] | Callable[[GoldText], str]] = {
        "source": lambda text: text.source, "language": lambda text: text.language or "not told",
        "kind": (_kind, _kind), "use": (_use, _use if any(name.use for name in book.gold) else _demonym),
        "country": (_country, _country),
    }
    made: dict[str, tuple[list[str], list[str]]] = {}
    for name, way in ways.items():
        if isinstance(way, tuple):
            gold = [way[0](named) for named in book.gold]
            found = [gold[m] if m >= 0 else way[1](named) for named, m in zip(book.found, book.match.tolist(), strict=True)]
        else:
            gold = [way(texts[row]) for row in book.text]
            found = [way(texts[row]) for row in book.found_text]
        made[name] = gold, found
    made["country"] = _with_rest(*made["country"])
    return made


def _grouped(book: Ledger, counted: Columns, gold: Sequence[str], found: Sequence[str]) -> dict[str, _Figures]:
    count = Counter(gold)
    count.update(dict.fromkeys(found, 0))
    one, two = np.array(gold, dtype=object), np.array(found, dtype=object)
    made = {}
    for label, _ in sorted(count.items(), key=lambda item: (item[0] in _LAST, -item[1], item[0])):
        rows, theirs = np.asarray(one == label, dtype=bool), np.asarray(two == label, dtype=bool)
        texts = set(book.text[rows].tolist()) | set(book.found_text[theirs & book.counted].tolist())
        if texts:
            made[label] = told(book, counted, rows, theirs, texts=len(texts))
    return made


_LAST = ("other countries", "no country", "not told")


def _kind(name: Named) -> str:
    return name.kind or "not told"


def _use(name: Named) -> str:
    return "demonym" if name.demonym else name.use or "not told"


def _demonym(name: Named) -> str:
    return "demonym" if name.demonym else "not told"


def _country(name: Named) -> str:
    return name.country or "no country"


def _with_rest(gold: list[str], found: list[str]) -> tuple[list[str], list[str]]:
    ranked = [label for labels in (gold, found) for label, _ in Counter(labels).most_common() if label != "no country"]
    most = {"no country", *list(dict.fromkeys(ranked))[:COUNTRIES]}
    return tuple([label if label in most else "other countries" for label in labels] for labels in (gold, found))  # type: ignore[return-value]
