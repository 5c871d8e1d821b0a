"""The situation as tables below the map: places, claims, and names that stand nowhere."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import streamlit as st

from geo.filters import Seen
from geo.records import Mention
from geo.situation import Situation
from geo.tables import claim_rows, place_rows
from geo.ui.state import desk, pick
from geo.ui.told import Told
from geo.ui.words import say, told

__all__ = ["claims", "places", "table", "unresolved"]

PLACE_COLUMNS = ("name", "kind", "country", "precision", "confidence", "reason", "mentions", "rivals", "lat", "lon", "id")
CLAIM_COLUMNS = (
    "status", "actor_name", "predicate", "target_name", "words", "speaker", "when_words", "quote", "confidence", "reason", "limits",
)
OURS = frozenset({"kind", "precision", "reason", "status", "predicate", "words", "limits"})  # columns in Salient's own words
TITLES = {
    "name": "Name", "kind": "Kind", "country": "Country", "precision": "Precision", "confidence": "Confidence", "reason": "Reason",
    "mentions": "Times named", "rivals": "Not chosen", "lat": "Latitude", "lon": "Longitude", "id": "Id", "status": "Status",
    "actor_name": "Who", "predicate": "Does what", "target_name": "To whom", "words": "Where", "speaker": "Speaker", "when_words": "When",
    "quote": "Quote", "limits": "What it does not show", "context": "In the text",
}


def places(drawn: Situation) -> None:
    """Every place that was found; choosing one opens it in the drawer."""
    rows = [{**row, "rivals": len(row["rivals"])} for row in place_rows(drawn)]
    told = [Told(kind="place", id=place.id) for place in drawn.places]
    _chosen("places", rows, PLACE_COLUMNS, told, say("No place was found."))


def claims(drawn: Situation, seen: Seen) -> None:
    """The claims that the filters leave; choosing one opens it in the drawer."""
    shown = seen.claims(drawn)
    ids = {claim.id for claim in shown}
    rows = [row for claim, row in zip(drawn.claims, claim_rows(drawn), strict=True) if claim.id in ids]
    empty = say("The text says of no one that they hold, attack, propose or agree to anything at a place.")
    _chosen("claims", rows, CLAIM_COLUMNS, [Told(kind="claim", id=claim.id) for claim in shown], empty)


def unresolved(drawn: Situation) -> None:
    """Names that look like places and that nothing was found for; choosing one opens it in the drawer."""
    st.caption(say("Names that look like places and that no entry of the gazetteer fits well enough. They are on no map."))
    named = drawn.unresolved
    rows = [{"name": mention.text, "kind": mention.kind, "context": _around(drawn, mention)} for mention in named]
    told = [Told(kind="mention", document=m.document_id, start=m.start, end=m.end, text=m.text[:200]) for m in named]
    _chosen("unresolved", rows, ("name", "kind", "context"), told, say("Every name was resolved."))


def table(rows: Iterable[dict[str, Any]], columns: Sequence[str], empty: str) -> None:
    """Rows as a table that can be sorted and copied."""
    shown = _cells(rows, columns)
    if not shown:
        st.caption(empty)
        return
    st.dataframe(shown, hide_index=True, width="stretch", column_config=_titles(columns))


def _chosen(name: str, rows: Sequence[dict[str, Any]], columns: Sequence[str], told: Sequence[Told], empty: str) -> None:
    """The same; a row that is chosen goes into the drawer."""
    shown = _cells(rows, columns)
    if not shown:
        st.caption(empty)
        return

    def take() -> None:
        chosen = st.session_state[key].selection.rows
        pick(told[chosen[0]] if chosen and chosen[0] < len(told) else None)

    key = f"table_{name}_{desk().key}"
    st.dataframe(
        shown, hide_index=True, width="stretch", column_config=_titles(columns), key=key, on_select=take, selection_mode="single-row"
    )


def _titles(columns: Sequence[str]) -> dict[str, str]:
    return {name: say(TITLES[name]) if name in TITLES else name.capitalize() for name in columns}


def _cells(rows: Iterable[dict[str, Any]], columns: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: _cell(row[name], name) for name in columns} for row in rows]


def _cell(value: Any, column: str) -> Any:
    """A cell; what Salient itself says in it stands in the language of the interface, what a report says as it is written."""
    if value is None:
        return ""
    if isinstance(value, list):
        return " ".join(_cell(one, column) for one in value)
    if column in OURS:
        return told(str(value), named=column == "words")
    return value


def _around(drawn: Situation, mention: Mention) -> str:
    text = drawn.document(mention.document_id).text
    return " ".join(text[max(0, mention.start - 80) : mention.end + 80].split())
