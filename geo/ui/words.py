"""The words of the desk, in the language of the session; and words of others, made safe for Streamlit's Markdown."""

from __future__ import annotations

import re

import streamlit as st

from geo import messages
from geo.retold import retold

__all__ = ["choose_language", "guessed", "language", "plain", "say", "told"]


def language() -> str:
    """Return the language of this session's interface, as a code such as "en"."""
    return str(st.session_state.get("lang") or messages.DEFAULT)


def choose_language() -> None:
    """Let the reader choose the language of the interface; the first guess is what the browser asks for."""
    st.session_state.setdefault("lang", guessed())
    st.selectbox(
        say("Language"), list(messages.LANGUAGES), key="lang", format_func=messages.LANGUAGES.__getitem__,
        persist_state="session",
    )


def guessed() -> str:
    """Return the language that the browser asks for, where the interface has it; else English."""
    asked = (st.context.locale or "")[:2].lower()
    return asked if asked in messages.LANGUAGES else messages.DEFAULT


def say(words: str, **values: object) -> str:
    """Return words of the interface in the session's language; `values` fill what stands in braces."""
    return messages.say(words, language=language(), **values)


def told(words: str, *, named: bool = False) -> str:
    """Return what the engine says in English (a status, a reason, a limit, an area) in the session's language; see `geo.retold`."""
    return retold(words, language(), named=named)


def plain(words: str) -> str:
    """Return words that Streamlit's Markdown shows as they are.

    Examples
    --------
    >>> plain("![x](y)")
    '\\\\!\\\\[x\\\\]\\\\(y\\\\)'
    """
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])", r"\\\1", " ".join(words.split()))
