"""The card after a correction: what moved, with keep and undo; after an undo, redo."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo import symbology
from geo.moves import Moves, moves
from geo.situation import Situation
from geo.ui import draft
from geo.ui.place_words import kind_of
from geo.ui.state import desk, keep, redo, undo
from geo.ui.words import plain, say, told

__all__ = ["card"]

MOST = 30  # rows of each kind in the details


def card(drawn: Situation) -> None:
    """Show what the last correction changed, where it was not kept yet."""
    before = desk().before
    if before is None or before is drawn:  # the correction is still being read
        return
    changed = _moves(before, drawn)
    with st.container(key="change_card"):
        st.markdown(f"**{plain('; '.join(say(words, **values) for words, values in changed.told()))}**")
        if changed:
            with st.expander(say("Details"), key="change_details"):
                _details(changed)
        history = desk().history
        with st.container(horizontal=True, gap="small"):
            st.button(say("Keep"), key="change_keep", type="primary", on_click=_then, args=(keep,))
            st.button(say("Undo"), key="change_undo", on_click=_then, args=(_undo,), disabled=not history.steps)
            if history.undone:
                st.button(say("Redo"), key="change_redo", on_click=_then, args=(redo,))


def _moves(before: Situation, drawn: Situation) -> Moves:
    """What moved, worked out once for a pair of situations."""
    kept = st.session_state.get("_moves")
    if kept is None or kept[0] is not before or kept[1] is not drawn:
        kept = st.session_state["_moves"] = (before, drawn, moves(before, drawn))
    found: Moves = kept[2]
    return found


def _details(changed: Moves) -> None:
    nowhere, nobody, layers = say("no place"), say("no party"), symbology.style()["layers"]
    rows = []
    for (name, old, new), spots in zip(changed.marks[:MOST], changed.spots, strict=False):
        if old == new:  # a town and the province of its name
            old, new = (f"{one} ({kind_of(spot)})" if spot else one for one, spot in zip((old, new), spots, strict=True))
        rows.append(say("{name}: from {old} to {new}", name=name, old=old or nowhere, new=new or nowhere))
    rows += [say(CLAIM_WORDS[how], claim=claim) for claim, how in changed.claims[:MOST]]
    for layer, party, old_km2, new_km2 in changed.areas[:MOST]:
        title = told(str(layers.get(layer, {}).get("title", layer)))
        sizes = {"old": round(old_km2), "new": round(new_km2)}
        rows.append(say("{layer}, {party}: {old} km² before, {new} km² now", layer=title, party=party or nobody, **sizes))
    st.markdown("\n".join(f"- {plain(row)}" for row in rows))


CLAIM_WORDS = {"new": "new claim: {claim}", "gone": "claim gone: {claim}", "changed": "claim changed: {claim}"}


def _undo() -> None:
    """Take the correction back; where it was made in the drawer, that opens again for another answer."""
    undo()
    draft.draft().away = False


def _then(action: Callable[[], None]) -> None:
    action()
    draft.acted()
