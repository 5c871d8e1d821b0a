"""Which marks are shown: chosen above the map, kept in the page's address, applied by the map itself."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from geo import symbology
from geo.filters import ALL, Seen, offered
from geo.situation import Situation
from geo.ui.words import say, told

__all__ = ["ask"]

KEYS = ("layers", "parties", "statuses", "since", "until", "least", "find")


def ask(drawn: Situation) -> Seen:
    """Draw the filters of a situation in a popover and return what was chosen."""
    there = offered(drawn)
    names, titles = dict(there.parties), dict(there.layers)
    _forget("parties", names)
    _forget("statuses", there.statuses)
    with st.popover(_label(), icon=":material/filter_alt:", key="filter"):
        parties = st.multiselect(
            say("Parties"), list(names), key="parties", placeholder=say("All"), format_func=names.__getitem__,
            persist_state="session",
        )
        statuses = st.multiselect(
            say("Status"), list(there.statuses), key="statuses", placeholder=say("All"),
            format_func=lambda one: told(symbology.status_words(one)),
            persist_state="session",
        )
        layers = st.multiselect(
            say("Layers"), list(titles), key="layers", placeholder=say("All"), format_func=lambda one: told(titles[one]),
            persist_state="session",
        )
        first, last = st.columns(2)
        since = first.date_input(say("From"), value=None, key="since", persist_state="session")
        until = last.date_input(say("Until"), value=None, key="until", persist_state="session")
        least = st.slider(say("Confidence at least"), 0.0, 1.0, 0.0, 0.05, key="least", persist_state="session")
        words = st.text_input(say("Words in the sentence"), key="find", persist_state="session", max_chars=80)
        st.button(say("Show all"), key="filter_all", on_click=_all)
    return Seen(
        layers=tuple(layers), parties=tuple(parties), statuses=tuple(statuses), since=_day(since), until=_day(until), least=least,
        words=words.strip(),
    )


def _label() -> str:
    """The button says how many filters are at work."""
    blank: tuple[object, ...] = (None, "", 0.0, [])
    count = sum(st.session_state.get(key) not in blank for key in KEYS)
    return say("Filter ({count})", count=count) if count else say("Filter")


def _forget(key: str, known: object) -> None:
    """Drop what another situation offered and this one does not."""
    chosen = st.session_state.get(key)
    if chosen:
        st.session_state[key] = [one for one in chosen if one in known]  # type: ignore[operator]


def _all() -> None:
    for key in KEYS:
        st.session_state[key] = {"since": None, "until": None, "least": ALL.least, "find": ""}.get(key, [])


def _day(value: object) -> dt.date | None:
    return value if isinstance(value, dt.date) else None
