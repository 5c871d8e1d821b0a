"""The page of the app, from top to bottom: reports, reading, map, corrections, tables."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from geo.errors import SalientError
from geo.filters import Seen
from geo.situation import Situation
from geo.ui import (
    about,
    address,
    compare,
    correct,
    direction,
    filtering,
    frame,
    identity,
    keeping,
    library,
    publish,
    reading,
    sources,
    tables,
)
from geo.ui.state import desk, redo, refuse, undo
from geo.ui.words import choose_language, plain, say, told

__all__ = ["main"]

# A picture of our own: Streamlit would fetch an emoji or a named icon from another host.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><path d='M3 7l8-4 10 4 8-4v22l-8 4-10-4-8 4z' fill='#9a3412'/>"
    "<path d='M11 3v22M21 7v22' stroke='#fefdf8' stroke-width='2'/></svg>"
)
# The bar of Streamlit's own buttons takes no room of its own, so that the map begins at the top.
CSS = """<style>
.stMainBlockContainer { padding: 0.7rem 1.4rem 4rem; }
.stAppHeader { background: none; pointer-events: none; }
.stAppHeader :is(button, a) { pointer-events: auto; }
.st-key-toolbar { padding-inline: 2.4rem 3rem; min-height: 2.6rem; }
[data-testid="stSidebarHeader"] { height: 2.6rem; margin-bottom: 0; padding-bottom: 0; }
[data-testid="stSidebarUserContent"] { padding-top: 0; }
:is(.st-key-tongue, .st-key-frame_shell, .st-key-frame_ground, .st-key-frame_feed) { position: absolute; }
[data-testid="stBaseButton-primary"] { color: light-dark(#fefdf8, #16171a); }
@media (max-width: 640px) { .stMainBlockContainer { padding-inline: 0.6rem; } }
</style>"""


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Salient", page_icon=ICON, layout="wide")
    st.html(CSS)
    address.read()
    owner = identity.owner()
    keeping.restore(owner)
    drawn = _drawn()
    direction.apply()
    if drawn is None:
        st.caption(say("Choose reports at the side; they are read here, and nothing leaves this computer."))
        library.library(None)
        return
    seen = _toolbar(drawn)
    address.write()
    _map(drawn, seen)
    keeping.keep(owner)
    _below(drawn, seen)


def _drawn() -> Situation | None:
    """Ask for reports and read them; where that fails, one sentence says why, and what was there stays and can be worked on."""
    with st.sidebar:
        st.title("Salient")
        st.caption(say("From reports to a sourced map. Nothing leaves this computer."))
        choose_language()
        if trouble := st.session_state.pop("_trouble", ""):
            _sorry(trouble)
    try:
        sources.ask()
    except SalientError as error:
        _sorry(str(error))
    with st.sidebar:
        identity.account()
    try:
        return reading.situation() if desk().reports is not None else None
    except SalientError as error:
        refuse(str(error))
        _sorry(str(error))
        return desk().drawn


def _toolbar(drawn: Situation) -> Seen:
    """Above the map: filters, look, and the way back."""
    here = desk()
    with st.container(horizontal=True, vertical_alignment="center", key="toolbar"):
        seen = filtering.ask(drawn)
        publish.look_popover()
        st.button(say("Undo"), key="undo", icon=":material/undo:", on_click=undo, disabled=not here.history.steps)
        st.button(say("Redo"), key="redo", icon=":material/redo:", on_click=redo, disabled=not here.history.undone)
    return seen


def _map(drawn: Situation, seen: Seen) -> None:
    """Text and map in one frame that stays, and the drawer over it."""
    here = desk()
    theme = str(st.context.theme.type or "light")
    told = frame.show(drawn, key=here.key, choices=publish.look(), seen=seen, mode=here.mode, select=here.picked, theme=theme)
    if told is not None:
        correct.hear(told)
    correct.drawer(drawn)


def _below(drawn: Situation, seen: Seen) -> None:
    """The tabs below the map; only the open one is worked out."""
    here = desk()
    titles = {
        "places": say("Places ({count})", count=len(drawn.places)), "claims": say("Claims ({count})", count=len(drawn.claims)),
        "unresolved": say("Not resolved ({count})", count=len(drawn.unresolved)),
        "corrections": say("Corrections ({count})", count=len(here.history.decisions)),
        "compare": say("Compare"), "publish": say("Take away"), "library": say("Library"), "about": say("About"),
    }
    opened = dict(zip(titles, st.tabs(list(titles.values()), key="tab", on_change="rerun"), strict=True))
    fill: dict[str, Callable[[], object]] = {
        "places": lambda: tables.places(drawn),
        "claims": lambda: tables.claims(drawn, seen),
        "unresolved": lambda: tables.unresolved(drawn),
        "corrections": lambda: correct.decisions_list(drawn),
        "compare": lambda: compare.show(drawn, key=here.key, again=reading.part),
        "publish": lambda: publish.show(drawn, key=here.key),
        "library": lambda: library.library(drawn),
        "about": lambda: about.show(drawn),
    }
    for name, tab in opened.items():
        if tab.open:
            with tab:
                _guarded(fill[name])


def _guarded(fill: Callable[[], object]) -> None:
    try:
        fill()
    except SalientError as error:
        _sorry(str(error))


def _sorry(why: str) -> None:
    st.error(plain(told(why)), icon=":material/error:")
