"""The figures of a ledger, as functions of counts that add up over documents, and their intervals.

So one function serves a whole corpus, each group in it, and at once all the resamples of the bootstrap over documents (Efron &
Tibshirani 1993), which are rows of a matrix of counts. `geo.evaluation` says what each figure means.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.matching import FURTHEST_KM, Column, Flags, Ledger

__all__ = ["KM", "Columns", "columns", "intervals", "told"]

KM = (1, 10, 25, 161)
"""The distances in km at which accuracy is told."""

Columns = tuple[dict[str, Column], dict[str, Column]]

_MATCHES = ("recognition_exact", "recognition_overlap", "e2e_exact@161", "e2e_overlap@161", "e2e_exact@25", "e2e_overlap@25")


def columns(book: Ledger) -> Columns:
    """Return what is added up: by name, the columns of the gold rows and those of the prediction rows."""
    known = np.array([bool(name.country) for name in book.gold], dtype=bool) & book.located
    listed = np.array([bool(name.geonameid) for name in book.gold], dtype=bool) & book.located
    ours = [book.found[row].geonameid if row >= 0 else None for row in book.answer.tolist()]
    same = np.array([bool(mine) and mine == name.geonameid for name, mine in zip(book.gold, ours, strict=True)], dtype=bool)
    ln = np.log(book.km + 1)
    flags: dict[str, NDArray[Any]] = {
        "gold": np.ones(len(book.gold)), "exact": book.exact, "overlap": book.overlap, "located": book.located, "answered": book.answered,
        "cc_gold": known, "cc_known": known & (book.country >= 0), "cc_ok": known & (book.country == 1),
        "id_gold": listed, "id_ok": listed & same & book.answered,
        "km_strict": np.where(book.located, book.km, 0), "km_answered": np.where(book.answered, book.km, 0),
        "ln_strict": np.where(book.located, ln, 0), "ln_answered": np.where(book.answered, ln, 0),
    }
    for km in KM:
        near = book.answered & (book.km <= km)
        flags |= {f"within@{km}": near, f"exact@{km}": near & book.exact, f"overlap@{km}": near & book.overlap}
    placed = np.array([name.located for name in book.found], dtype=bool)
    found = {"pred": book.counted, "res_pred": book.counted & placed}
    return {name: np.asarray(column, dtype=np.float64) for name, column in flags.items()}, {
        name: np.asarray(column, dtype=np.float64) for name, column in found.items()
    }


def told(book: Ledger, counted: Columns, rows: Flags, found: Flags, *, texts: int) -> dict[str, Any]:
    """Return the figures of some gold rows and prediction rows of a ledger that stand in `texts` texts, rounded as they are published.

    `counted` is `columns(book)`.

    Recognition and end to end: {"P", "R", "F1"}; resolution: {"n", "median_km", "mean_km", "auc", "acc@1", ...}, None where there is
    nothing to resolve; shares are None where they have no denominator.
    """
    one, two = counted
    counts = {name: np.array(column[rows].sum()) for name, column in one.items()}
    counts |= {name: np.array(column[found].sum()) for name, column in two.items()}
    flat = {name: float(value) for name, value in _figures(counts | _ends(book, rows)).items()}
    made: dict[str, Any] = {
        "docs": texts, "gold": int(counts["gold"]), "gold_with_coords": int(counts["located"]), "pred": int(counts["pred"]),
    }
    for name in _MATCHES:
        made[name] = {part: round(flat[f"{name}.{part}"], 4) for part in ("P", "R", "F1")}
    for kind, flags in (("strict", book.located), ("answered", book.answered)):
        km = book.km[flags & rows]
        digits_of = {"mean_km": 1, "auc": 4, **{f"acc@{at}": 4 for at in KM}}
        made[f"resolution_{kind}"] = {"n": len(km), "median_km": round(float(np.median(km)), 2)} | {
            part: round(flat[f"resolution_{kind}.{part}"], digits) for part, digits in digits_of.items()
        } if len(km) else None
    for name in ("answered_share", "country_acc", "exact_id"):
        made[name] = None if math.isnan(flat[name]) else round(flat[name], 4)
    return made


def intervals(book: Ledger, counted: Columns, *, resamples: int, seed: int) -> dict[str, tuple[float, float]]:
    """Return the 2.5th and 97.5th percentile of every figure, by "figure.part", over resamples of the texts drawn with replacement."""
    if not resamples:
        return {}
    one, two = counted
    size = len(book.texts)
    by_text = {name: np.bincount(book.text, weights=column, minlength=size) for name, column in one.items()}
    by_text |= {name: np.bincount(book.found_text, weights=column, minlength=size) for name, column in two.items()}
    drawn = np.random.RandomState([seed])  # a list, so that the draws are those of `random.Random(seed)`, as in other scorers
    weights = np.stack([np.bincount((drawn.random_sample(size) * size).astype(np.int64), minlength=size) for _ in range(resamples)])
    counts = dict(zip(by_text, (weights @ np.stack(list(by_text.values()), axis=1)).T, strict=True))
    for kind, flags in (("strict", book.located), ("answered", book.answered)):
        ln = np.log(book.km[flags] + 1)
        least, most = np.full(size, np.inf), np.full(size, -np.inf)
        np.minimum.at(least, book.text[flags], ln)
        np.maximum.at(most, book.text[flags], ln)
        with np.errstate(invalid="ignore"):
            counts[f"least_{kind}"] = np.where(weights > 0, least, np.inf).min(axis=1)
            counts[f"most_{kind}"] = np.where(weights > 0, most, -np.inf).max(axis=1)
    made = {}
    with np.errstate(invalid="ignore"):
        figures = _figures(counts)
    for name, column in figures.items():
        digits = 1 if name.endswith("mean_km") else 4
        told = np.sort(column[~np.isnan(column)])
        if len(told):
            ends = told[int(0.025 * len(told))], told[min(len(told) - 1, int(0.975 * len(told)))]
            made[name] = round(float(ends[0]), digits), round(float(ends[1]), digits)
    return made


def _share(part: Column, whole: Column, empty: float = math.nan) -> Column:
    return np.asarray(np.divide(part, whole, out=np.full(np.shape(whole), empty), where=whole > 0), dtype=np.float64)


def _figures(n: Mapping[str, Column]) -> dict[str, Column]:
    """The figures by "figure.part", from counts that are arrays of one shape: a number each, or one for each resample."""
    made: dict[str, Column] = {}
    for span in ("exact", "overlap"):
        made |= _prf(f"recognition_{span}", n[span], n["pred"], n["gold"])
        for km in (161, 25):
            made |= _prf(f"e2e_{span}@{km}", n[f"{span}@{km}"], n["res_pred"], n["located"])
    for kind, size in (("strict", n["located"]), ("answered", n["answered"])):
        name = f"resolution_{kind}"
        made[f"{name}.mean_km"] = _share(n[f"km_{kind}"], size)
        made |= {f"{name}.acc@{km}": _share(n[f"within@{km}"], size) for km in KM}
        trapezoids = n[f"ln_{kind}"] - (n[f"least_{kind}"] + n[f"most_{kind}"]) / 2
        height = np.where(size == 1, n[f"ln_{kind}"], _share(trapezoids, size - 1)) / math.log(FURTHEST_KM)
        made[f"{name}.auc"] = np.where(size > 0, np.minimum(height, 1.0), math.nan)
    made["answered_share"] = _share(n["answered"], n["located"])
    told = (n["cc_known"] > 0) | (n["answered"] == 0)
    made["country_acc"] = np.where(told, _share(n["cc_ok"], n["cc_gold"]), math.nan)
    made["exact_id"] = _share(n["id_ok"], n["id_gold"])
    return made


def _prf(name: str, right: Column, found: Column, wanted: Column) -> dict[str, Column]:
    precision, recall = _share(right, found, 0.0), _share(right, wanted, 0.0)
    return {f"{name}.P": precision, f"{name}.R": recall, f"{name}.F1": _share(2 * precision * recall, precision + recall, 0.0)}


def _ends(book: Ledger, rows: Flags) -> dict[str, Column]:
    """The least and the greatest ln(error + 1), which the trapezoids count by half."""
    made: dict[str, Column] = {}
    for kind, flags in (("strict", book.located), ("answered", book.answered)):
        ln = np.log(book.km[flags & rows] + 1)
        made |= {f"least_{kind}": np.array(ln.min() if len(ln) else 0.0), f"most_{kind}": np.array(ln.max() if len(ln) else 0.0)}
    return made
