"""A score of claims as tables: every figure with its interval, then by predicate, status, war and kind of text; and as words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from geo.claims_scoring import GROUPS, SHARES, ClaimsScore
from geo.scoreboard import Table, percent, plain

__all__ = ["headline", "tables", "words"]

_MATCHES = {"found": "claims found", "complete": "and status, actor, place right", "mapped": "and drawn within 25 km"}
_SHARES = {
    "status": "status right", "actor": "actor right", "place": "place right", "speaker": "speaker right", "date": "date right",
    "located": "within 25 km", "asserted": "no fact, told as one", "nonclaims": "false on a nonclaim",
}
_WAYS = {"span": "by their words", "name": "by their names", "near": "by where they lie", "none": "neither has one", "not": "not at all"}


def words(found: ClaimsScore, title: str) -> str:
    """Return the headline and the tables as text of even columns.

    Examples
    --------
    >>> from geo.claims_scoring import score
    >>> words(score([], []), "none.jsonl").splitlines()[0]
    'none.jsonl: 0 reports, 0 gold claims, 0 claims read'
    """
    return "\n\n".join([headline(found, title), *("\n".join(plain(table)) for table in tables(found))]) + "\n"


def headline(found: ClaimsScore, title: str) -> str:
    """Return what was compared, in one line."""
    gold, pred = found.whole["gold"], found.whole["pred"]
    return f"{title}: {_count(found.reports, 'report')}, {_count(gold, 'gold claim')}, {_count(pred, 'claim')} read"


def tables(found: ClaimsScore) -> Iterator[Table]:
    """Yield the tables, the most general first."""
    whole = found.whole
    yield Table(
        head=("per cent" + (" (95 % interval)" if found.intervals else ""), "precision", "recall", "F1"),
        rows=tuple(
            (title, *(_with(found, f"{name}.{part}", whole[name][part]) for part in ("P", "R", "F1"))) for name, title in _MATCHES.items()
        ),
    )
    yield Table(
        head=("of the claims found", "n", "per cent"),
        rows=tuple(
            (title, f"{whole[name]['n']:,}", _with(found, f"{name}.share", whole[name]["share"])) for name, title in _SHARES.items()
        ),
        below=("places agree " + ", ".join(f"{_WAYS[way]} {count:,}" for way, count in sorted(found.ways.items())),) if found.ways else (),
    )
    for name in GROUPS:
        rows = found.groups[name]
        if len(rows) > 1 or name in ("predicate", "status"):
            yield _group(name, rows)
    if found.statuses:
        yield _statuses(found.statuses)


def _group(name: str, rows: Mapping[str, Mapping[str, Any]]) -> Table:
    head = (f"by {name}", "gold", "read", "P", "R", "F1", "complete F1", "mapped F1", *SHARES[:4])
    return Table(head=head, rows=tuple(
        (
            label, f"{row['gold']:,}", f"{row['pred']:,}", *(percent(row["found"][part]) for part in ("P", "R", "F1")),
            *(percent(row[name]["F1"]) for name in ("complete", "mapped")), *(percent(row[share]["share"]) for share in SHARES[:4]),
        )
        for label, row in rows.items()
    ))


def _statuses(table: Mapping[tuple[str, str], int]) -> Table:
    told = sorted({status for pair in table for status in pair})
    rows = tuple((gold, *(f"{table.get((gold, ours), 0):,}" for ours in told)) for gold in told)
    return Table(head=("status: gold \\ ours", *told), rows=rows)


def _with(found: ClaimsScore, name: str, value: float | None) -> str:
    ends = found.intervals.get(name)
    return percent(value) + (f" ({percent(ends[0])}-{percent(ends[1])})" if ends else "")


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
