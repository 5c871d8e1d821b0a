"""What every kind of correction shows in the drawer: its head with the button that closes it, how far it reaches, a note."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import streamlit as st

from geo.rivals import Scope
from geo.ui import draft
from geo.ui.state import pick
from geo.ui.told import Told
from geo.ui.words import plain, say

__all__ = ["Answers", "answers", "close", "excerpt", "head", "in_reports", "note", "scope", "usual_scope", "share"]

SCOPES: tuple[Scope, ...] = ("here", "document", "desk")
SCOPE_WORDS = {"here": "Only here", "document": "In this report", "desk": "In every report, and in those read later"}


class Answers(TypedDict):
    """What every decision says of itself."""

    scope: Scope
    note: str
    by: str
    made: str


def close() -> None:
    """Close the drawer."""
    pick(None)
    draft.acted()


def head(title: str) -> None:
    """Show the title of the drawer, words of a report, and the button that closes it."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", gap="small"):
        st.markdown(f"### {plain(title)}")
        st.button(say("Close"), key="correct_close", on_click=close, type="tertiary")


def excerpt(before: str, words: str, after: str) -> None:
    """Show words of a report in their sentence."""
    spaces = (" " if before[-1:].isspace() else "", " " if after[:1].isspace() else "")
    st.markdown(f"> {plain(before)}{spaces[0]}**{plain(words)}**{spaces[1]}{plain(after)}")


def usual_scope(picked: Told | None) -> Scope:
    """Return how far a correction reaches unless the reader says otherwise: a name mostly means one place in a whole report."""
    return "here" if picked is None or picked.kind == "claim" else "document"


def scope(reach: Callable[[Scope], str]) -> None:
    """Ask how far the correction reaches; `reach` says of each answer what it would touch. See `answers`."""
    st.radio(
        say("Where does this count?"), SCOPES, key="correct_scope", format_func=lambda name: say(SCOPE_WORDS[name]),
        captions=[plain(reach(name)) for name in SCOPES],
    )


def in_reports(number: int) -> str:
    """Return in how many reports something stands, in words."""
    return say("in {count} report | in {count} reports", count=max(1, number))


def note() -> None:
    """Ask for a word on why. See `answers`."""
    st.text_input(say("Note for those who read the file of corrections"), key="correct_note", max_chars=300)


def answers() -> Answers:
    """Return how far a correction reaches and who makes it when and why.

    For a button's callback: what is typed just before the button is pressed comes with it, and is not yet known when it is drawn.
    """
    reaches: Scope = st.session_state.get("correct_scope") or "here"
    return Answers(scope=reaches, note=str(st.session_state.get("correct_note") or ""), by=draft.by(), made=draft.now())


def share(confidence: float) -> str:
    """Return how sure a reading is, as a percentage."""
    return say("{count} %", count=round(100 * confidence))
