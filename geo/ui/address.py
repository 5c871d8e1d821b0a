"""The address of the page as a link to what it shows: borders, day, language, look and filters; whatever else it holds is left alone.

Streamlit can bind a widget to the address by itself, but writes there what the reader sees, in the reader's language; here stand ids.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, get_args

import streamlit as st

from geo import messages, symbology
from geo.choices import NAMES
from geo.records import Status
from geo.settings import SETTINGS
from geo.ui.words import guessed

__all__ = ["read", "write"]

MOST = 60  # values of one parameter
LONGEST = 80  # characters of a value
VIEWS = next(setting.choices for setting in SETTINGS if setting.name == "view")


def read() -> None:
    """Take what the address asks for into the session, once; what is not well formed is left out."""
    if st.session_state.get("_address_read"):
        return
    st.session_state["_address_read"] = True
    for name, take in _parameters().items():
        values = [value for value in st.query_params.get_all(name)[:MOST] if len(value) <= LONGEST]
        taken = take(values)
        if taken is not None:
            st.session_state[name] = taken


def write() -> None:
    """Put what is chosen into the address; what is as it was at first stays out of it."""
    known = _parameters()
    wanted = {name: words for name in known if (words := _words(st.session_state.get(name), name))}
    others = {name: st.query_params.get_all(name) for name in st.query_params if name not in known}
    if {name: st.query_params.get_all(name) for name in st.query_params} != others | wanted:
        st.query_params.from_dict(others | wanted)


def _parameters() -> Mapping[str, Callable[[list[str]], Any]]:
    """Each parameter, which is the key of its widget too, and how its values are read."""
    style = symbology.style()
    return {
        "lang": _one_of(messages.LANGUAGES), "briefing": _name, "view": _one_of(VIEWS), "as_of": _day,
        "look_preset": _one_of(style["presets"]), "look_names": _one_of(NAMES),
        "layers": _some_of(symbology.LAYER_KEYS), "parties": lambda values: values or None, "statuses": _some_of(get_args(Status)),
        "since": _day, "until": _day, "least": _share, "find": lambda values: values[0] if values else None,
    }


# What the page opens with: it needs no place in the address.
_FIRST = {"view": "de_jure", "look_preset": "control", "look_names": NAMES[0], "briefing": "idlib-2020", "least": 0.0}


def _words(value: Any, name: str) -> list[str]:
    if value is None or value == "" or value == (guessed() if name == "lang" else _FIRST.get(name)):
        return []
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [value.isoformat() if isinstance(value, dt.date) else f"{value:g}" if isinstance(value, float) else str(value)]


def _one_of(known: Any) -> Callable[[list[str]], str | None]:
    return lambda values: values[0] if values and values[0] in known else None


def _some_of(known: Any) -> Callable[[list[str]], list[str] | None]:
    return lambda values: [value for value in values if value in known] or None


def _name(values: list[str]) -> str | None:
    return values[0] if values and values[0].replace("-", "").isalnum() else None


def _day(values: list[str]) -> dt.date | None:
    try:
        return dt.date.fromisoformat(values[0]) if values else None
    except ValueError:
        return None


def _share(values: list[str]) -> float | None:
    try:
        share = float(values[0]) if values else -1.0
    except ValueError:
        return None
    return round(share / 0.05) * 0.05 if 0.0 <= share <= 1.0 else None
