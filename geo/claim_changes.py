"""What is said differently of a place: claims that are new, gone, or of another actor or status, also where they have no area."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
from shapely.geometry.base import BaseGeometry

__all__ = ["CLAIM_CHANGES", "CLAIM_COLUMNS", "claim_changes", "quotes_of", "state_words"]

CLAIM_CHANGES = ("changed actor", "changed status", "new", "gone")
"""What may have happened to a claim, in the order in which they are told."""

CLAIM_COLUMNS = (
    "change", "place", "recipe", "predicate", "from_predicate", "from_actor", "from_name", "to_actor", "to_name",
    "from_status", "to_status", "before_claims", "after_claims", "before_quotes", "after_quotes", "geometry",
)

# What tells who holds a place; events and plans are no state that could change.
_STATES = frozenset({"controls", "contests", "besieges", "hands_over", "withdraws", "bases"})
_ACTS = {"contests": "contested", "besieges": "besieged", "withdraws": "left", "bases": "used as a base"}
_SURE = ("reported", "assessed", "claimed")
_OVER = frozenset({"past", "denied"})

Row = Mapping[str, Any]
_State = tuple[str, str, str]


def claim_changes(before: Iterable[Row], after: Iterable[Row]) -> gpd.GeoDataFrame:
    """Return what is said differently of each place; one row for each change, with the sentences of both sides.

    Parameters
    ----------
    before, after
        Rows of claims (see `geo.tables.claim_rows`). Places are the same where their recipes are.
    """
    sides = (_by_place(before), _by_place(after))
    rows = []
    for place in sorted({*sides[0], *sides[1]}):
        old, new = (side.get(place, {}) for side in sides)
        gone, come = sorted(old.keys() - new.keys(), key=_rank), sorted(new.keys() - old.keys(), key=_rank)
        pairs = [
            *_paired(gone, come, "changed status", _same_actor), *_paired(gone, come, "changed actor", _same_act),
            *_paired(gone, come, "changed status", _same_holder),
        ]
        rows += [_row(change, place, (a, old[a]), (b, new[b])) for a, b, change in pairs]
        moved = {(a[1], b[1]) for a, b, change in pairs if change == "changed actor"}
        come = [state for state in come if not (state[0] == "withdraws" and state[1] in {actor for actor, _ in moved})]
        gone = [state for state in gone if not (state[0] == "withdraws" and state[1] in {actor for _, actor in moved})]
        rows += [_row("gone", place, (state, old[state]), None) for state in gone]
        rows += [_row("new", place, None, (state, new[state])) for state in come]
    rows.sort(key=lambda row: (CLAIM_CHANGES.index(row["change"]), row["place"], row["predicate"]))
    return gpd.GeoDataFrame(rows, columns=list(CLAIM_COLUMNS), geometry="geometry", crs=4326)


def quotes_of(rows: Iterable[Row]) -> tuple[tuple[str, str, str], ...]:
    """Return the sentences of some claims, once each: (quote, publisher, the day of the fact)."""
    return tuple(dict.fromkeys((_words(row["quote"]), str(row["source"] or ""), str(row["when_start"] or "")) for row in rows))


def state_words(name: str, status: str, predicate: str) -> str:
    """Return what one side says of a place in words, "" where it says nothing.

    Examples
    --------
    >>> state_words("Rebels", "claimed", "controls"), state_words("", "reported", "contests")
    ('Rebels (claimed)', 'contested (reported)')
    """
    if not status:
        return ""
    said = _ACTS.get(predicate, "")
    who = f"{said} by {name}" if said and name else said or name or "nobody named"
    return f"{who} ({status})"


def _by_place(rows: Iterable[Row]) -> dict[str, dict[_State, list[Row]]]:
    """Return by recipe what is said of a place: (predicate, actor, status) -> its claims."""
    found: dict[str, dict[_State, list[Row]]] = {}
    for row in rows:
        if row["recipe"] and row["predicate"] in _STATES and row["status"] not in _OVER:
            handed = row["predicate"] == "hands_over" and row["target"]
            state = (str(row["predicate"]), str((row["target"] if handed else row["actor"]) or ""), str(row["status"]))
            found.setdefault(str(row["recipe"]), {}).setdefault(state, []).append(row)
    return found


def _paired(gone: list[_State], come: list[_State], change: str, alike: Any) -> list[tuple[_State, _State, str]]:
    """Take pairs that are alike out of what is gone and what has come; in order, so that swapping the sides pairs the same."""
    found = []
    for kind in sorted({alike(state) for state in gone} & {alike(state) for state in come}):
        for a, b in zip([s for s in gone if alike(s) == kind], [s for s in come if alike(s) == kind], strict=False):
            found.append((a, b, change))
    for a, b, _ in found:
        gone.remove(a)
        come.remove(b)
    return found


def _rank(state: _State) -> tuple[int, _State]:
    """Facts before a party's word, and that before plans, so that what is surest is paired first."""
    return (_SURE.index(state[2]) if state[2] in _SURE else len(_SURE)), state


def _same_actor(state: _State) -> tuple[str, str]:
    return state[0], state[1]


def _same_act(state: _State) -> tuple[str, str]:
    return ("holds" if state[0] in ("controls", "hands_over") else state[0]), ""


def _same_holder(state: _State) -> tuple[str, str]:
    return ("holds" if state[0] in ("controls", "hands_over", "withdraws") else state[0]), state[1]


def _row(
    change: str, place: str, before: tuple[_State, Sequence[Row]] | None, after: tuple[_State, Sequence[Row]] | None
) -> dict[str, Any]:
    told = [*(before[1] if before else ()), *(after[1] if after else ())]
    predicate = (after or before or (("", "", ""), ()))[0][0]
    made: dict[str, Any] = {
        "change": change, "recipe": place, "place": str(told[0]["words"] or place), "predicate": predicate,
        "from_predicate": before[0][0] if before else "",
        "geometry": next((shape for row in told if isinstance(shape := row["geometry"], BaseGeometry)), None),
    }
    for side, found in (("from", before), ("to", after)):
        state, rows = found or (("", "", ""), ())
        words = "before" if side == "from" else "after"
        made |= {
            f"{side}_actor": state[1], f"{side}_status": state[2], f"{side}_name": _name(rows, state[1]),
            f"{words}_claims": tuple(str(row["id"]) for row in rows), f"{words}_quotes": quotes_of(rows),
        }
    return made


def _name(rows: Sequence[Row], actor: str) -> str:
    for row in rows:
        for role in ("actor", "target"):
            if row[role] == actor and row[f"{role}_name"]:
                return str(row[f"{role}_name"])
    return actor


def _words(quote: object) -> str:
    return " ".join(str(quote or "").split())
