"""The command ``diff``: what changed between two days, or what two sources say differently."""

from __future__ import annotations

import argparse
import sys
from functools import partial
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.options import chosen_settings, day, gazetteer
from geo.terminal import Bar, printable

if TYPE_CHECKING:
    from geo.changes import Changes
    from geo.gazetteer import OfflineGazetteer
    from geo.holdings import Holdings
    from geo.settings import Value

__all__ = ["diff", "in_words"]

_MOST_LINES = 20  # changes told on the terminal


def diff(given: argparse.Namespace) -> int:
    """``diff BEFORE AFTER`` or ``diff REPORT... --from DATE --to DATE`` or ``--by source``: what is different."""
    from geo.changes import changes
    from geo.export import check_target, replacing
    from geo.export.changes import WRITERS

    targets = [check_target(out, allowed=tuple(WRITERS)) for out in given.out or []]
    _check(given)
    chosen = chosen_settings(given)
    places = gazetteer(chosen)
    bar = Bar()
    try:
        before, after = _sides(given, chosen, places, bar)
        found = changes(before, after, gazetteer=places, within=_area(given.area))
    finally:
        bar.clear()
    for target in targets:
        replacing(target, partial(WRITERS[target.suffix.lower()], found))
    if not targets:
        sys.stdout.write(printable(in_words(found)))
    return 0


def in_words(found: Changes) -> str:
    """Return what changed as a page of words: the largest changes, each with its first sentence."""
    from geo.changes_drawn import title_of
    from geo.claim_changes import state_words

    lines = [f"{title_of(found)}: {len(found.areas)} of ground, {len(found.claims)} of claims", ""]
    for row in found.areas.head(_MOST_LINES).itertuples():
        who = " -> ".join((row.from_name or "nobody", row.to_name or "nobody"))
        near = f", {', '.join(row.largest)}" if row.largest else ""
        size = f"{row.km2:,.1f} km2, {row.road_km:,.0f} km of roads, settlements: {row.settlements}"
        lines.append(f"{found.words(row.change)}: {who}, {size}{near}")
        lines += [f"    “{quote}”" for quote, _, _ in (row.after_quotes or row.before_quotes)[:1]]
    for row in found.claims.head(_MOST_LINES).itertuples():
        was, now = state_words(row.from_name, row.from_status, row.from_predicate), state_words(row.to_name, row.to_status, row.predicate)
        lines.append(f"{found.words(row.change)}: {row.place}: {' -> '.join(filter(None, (was, now)))}")
        lines += [f"    “{quote}”" for quote, _, _ in (row.after_quotes or row.before_quotes)[:1]]
    return "\n".join([*lines, "", *found.notes]).strip() + "\n"


def _check(given: argparse.Namespace) -> None:
    if bool(given.first) != bool(given.last):
        raise InputError("A comparison of two days needs both --from and --to.")
    if given.first and given.by:
        raise InputError("--from and --to compare two days and --by source two publishers; give one or the other.")
    if given.source and not given.by:
        raise InputError("--source names a publisher to compare; give it with --by source.")
    if not given.first and not given.by and len(given.sides) != 2:
        raise InputError(f"{len(given.sides)} files are given; give two (before, after), or --from and --to, or --by source.")


def _sides(given: argparse.Namespace, chosen: dict[str, Value], places: OfflineGazetteer, bar: Bar) -> tuple[Holdings, Holdings]:
    from geo import sides
    from geo.earlier import read_actor_map

    if not given.first and not given.by:
        table = read_actor_map(given.actor_map) if given.actor_map else None
        columns, credits = _each(given.actor_column, "--actor-column"), _each(given.base_credit, "--base-credit")
        first, last = (
            sides.of_path(
                path, gazetteer=places, settings=chosen, encoding=given.encoding, actor_column=column, actor_map=table,
                layer=given.base_layer, credit=credit,
            )
            for path, column, credit in zip(given.sides, columns, credits, strict=True)
        )
        return first, last
    documents = sides.reports_of(given.sides, encoding=given.encoding, max_mb=float(str(chosen["max_mb"])))
    readings = sides.read_all(documents, gazetteer=places, settings=chosen, progress=bar)
    if given.by:
        as_of = day(str(chosen["as_of"])) if chosen["as_of"] else None
        return sides.of_sources(readings, given.source or [], gazetteer=places, settings=chosen, as_of=as_of)
    return sides.of_days(readings, day(given.first), day(given.last), gazetteer=places, settings=chosen)


def _each(words: list[str] | None, option: str) -> tuple[str, str]:
    """What an option says of either side: once for both, or twice."""
    found = words or [""]
    if len(found) > 2:
        raise InputError(f"{option} is given {len(found)} times; give it once for both sides, or once for each.")
    return found[0], found[-1]


def _area(path: str | None) -> object:
    if not path:
        return None
    from geo.zones import read_area

    return read_area(path)
