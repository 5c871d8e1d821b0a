"""An evaluation as tables: every figure with its interval, then by group, then what confidence is worth; and as words for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.evaluation import Calibration, Evaluation, Uses
from geo.figures import KM

__all__ = ["Table", "headline", "percent", "plain", "tables", "words"]

_GROUPS = {"source": "corpus", "language": "language", "kind": "kind", "use": "use", "country": "country"}
_MATCHES = {
    "recognition_exact": "names found, exact span", "recognition_overlap": "names found, overlapping",
    "e2e_exact@161": "exact and within 161 km", "e2e_overlap@161": "overlapping and within 161 km",
    "e2e_exact@25": "exact and within 25 km", "e2e_overlap@25": "overlapping and within 25 km",
}
_RESOLUTION = {"resolution_strict": "all gold names", "resolution_answered": "those answered"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of words: the first column is what a row is about, the others are figures. `above` and `below` are lines of words."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    above: str = ""
    below: tuple[str, ...] = ()


def words(found: Evaluation, title: str) -> str:
    """Return the headline and the tables as text of even columns.

    Examples
    --------
    >>> from geo.evaluation import evaluate
    >>> from geo.gold import GoldText
    >>> words(evaluate([GoldText(id=1, text="He left.", given={}, names=())], {}), "none.jsonl").splitlines()[0]
    'none.jsonl: 1 text, 0 gold names (0 with coordinates), 0 names found'
    """
    return "\n\n".join([headline(found, title), *("\n".join(plain(table)) for table in tables(found))]) + "\n"


def headline(found: Evaluation, title: str) -> str:
    """Return what was compared, in one line."""
    whole = found.whole
    line = (
        f"{title}: {_count(whole['docs'], 'text')}, {_count(whole['gold'], 'gold name')} ({whole['gold_with_coords']:,} with coordinates), "
        f"{_count(whole['pred'], 'name')} found"
    )
    return line + (f"; {_count(found.unknown_texts, 'predicted text')} not in gold, passed over" if found.unknown_texts else "")


def tables(found: Evaluation) -> Iterator[Table]:
    """Yield the tables, the most general first."""
    yield _matches(found)
    if found.whole["resolution_strict"]:
        yield _resolution(found)
    for name, rows in found.groups.items():
        yield _group(name, rows)
    if found.macro:
        yield Table(head=("mean over corpora", *found.macro), rows=(("per cent", *(percent(value) for value in found.macro.values())),))
    if found.uses:
        yield _uses(found.uses)
    if found.calibration:
        yield _calibration(found.calibration)


def percent(value: float | None) -> str:
    """Return a share as a percentage, "-" where there is none.

    Examples
    --------
    >>> percent(0.8124)
    '81.2'
    """
    return "-" if value is None else f"{100 * value:.1f}"


def plain(table: Table) -> Iterator[str]:
    """Yield a table as lines of even columns, the first to the left and the others to the right."""
    if table.above:
        yield table.above
    cells = [table.head, *table.rows]
    widths = [max(len(row[number]) for row in cells) for number in range(len(table.head))]
    for row in cells:
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        yield "  ".join([row[0].ljust(widths[0]), *rest])
    yield from table.below


def _matches(found: Evaluation) -> Table:
    return Table(
        head=("per cent" + (" (95 % interval)" if found.intervals else ""), "precision", "recall", "F1"),
        rows=tuple(
            (title, *(_with(found, f"{name}.{part}", found.whole[name][part]) for part in ("P", "R", "F1")))
            for name, title in _MATCHES.items()
        ),
    )


def _resolution(found: Evaluation) -> Table:
    parts = tuple(f"acc@{km}" for km in KM)
    rows = tuple(
        (
            f"{title} ({told['n']:,})", *(_with(found, f"{name}.{part}", told[part]) for part in parts),
            f"{told['auc']:.3f}", f"{told['mean_km']:,.0f}", f"{told['median_km']:,.1f}",
        )
        for name, title in _RESOLUTION.items() if (told := found.whole[name])
    )
    shares = {"answered_share": "answered", "country_acc": "country right", "exact_id": "same GeoNames id"}
    below = "; ".join(
        f"{title} {_with(found, name, found.whole[name])}" for name, title in shares.items() if found.whole[name] is not None
    )
    return Table(head=("places right", *parts, "AUC", "mean km", "median km"), rows=rows, below=(below,))


def _group(name: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    cells = []
    for label, row in rows.items():
        strict = row["resolution_strict"] or {}
        cells.append((
            label, f"{row['docs']:,}", f"{row['gold']:,}", f"{row['pred']:,}", percent(row["recognition_exact"]["F1"]),
            percent(row["recognition_overlap"]["F1"]), percent(strict.get("acc@25")), percent(strict.get("acc@161")),
            percent(row["e2e_overlap@25"]["F1"]), percent(row["e2e_overlap@161"]["F1"]),
        ))
    figures = ("texts", "gold", "found", "F1 exact", "F1 overlap", "acc@25", "acc@161", "placed F1@25", "placed F1@161")
    return Table(head=(f"by {_GROUPS[name]}", *figures), rows=tuple(cells))


def _uses(found: Uses) -> Table:
    sides = ("literal", "associative")
    return Table(
        above=f"literal or not: {percent(found.accuracy)} of {_count(found.count, 'name')} found; without demonyms {percent(found.named)}",
        head=("gold \\ found", *sides),
        rows=tuple((gold, *(f"{found.table.get((gold, ours), 0):,}" for ours in sides)) for gold in sides),
    )


def _calibration(found: Sequence[Calibration]) -> Table:
    errors = " and ".join(f"{calibrated.error:.3f} within {calibrated.km} km" for calibrated in found)
    return Table(
        above=f"confidence of {_count(found[0].count, 'name')} placed: expected calibration error {errors}",
        head=("confidence", "names", "mean", *(f"right @{calibrated.km}" for calibrated in found)),
        rows=tuple(
            (f"{one[0].low:.1f}-{one[0].high:.1f}", f"{one[0].count:,}", percent(one[0].confidence), *(percent(b.right) for b in one))
            for one in zip(*(calibrated.bins for calibrated in found), strict=True)
        ),
    )


def _with(found: Evaluation, name: str, value: float) -> str:
    ends = found.intervals.get(name)
    return percent(value) + (f" ({percent(ends[0])}-{percent(ends[1])})" if ends else "")


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
