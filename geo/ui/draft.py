"""What is begun in the drawer and not decided yet: a spot or an area picked on the map, and how a correction is made from it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import streamlit as st

from geo.records import Decision
from geo.ui.identity import owner
from geo.ui.state import decide, desk
from geo.ui.told import Told
from geo.ui.words import say

__all__ = ["Draft", "act", "acted", "by", "draft", "now", "renewed", "rerun_if_acted"]

LOCAL = "local"  # the owner of a desk on which nobody signs in


@dataclass(slots=True)
class Draft:
    """Of what is open in the drawer (`of`, as read under `key`): `spot` and `ring` were picked on the map for it.

    `offered` names what was searched for or picked last, so that it is chosen once, when it comes. `away` says that the drawer is closed
    after a correction, while what was picked stays picked, so that the map goes where its mark is now; `trouble` why none was made.
    """

    of: Told | None = None
    key: str = ""
    spot: Told | None = None
    ring: Told | None = None
    offered: str = ""
    acted: bool = False
    away: bool = False
    trouble: str = ""


def draft() -> Draft:
    """Return what is begun in this session's drawer."""
    found: Draft = st.session_state.setdefault("_draft", Draft())
    return found


def renewed() -> bool:
    """Say whether something else is open than when this was asked last, or it was read anew; the draft is then empty."""
    here, begun = desk(), draft()
    if begun.of == here.picked and begun.key == here.key:
        return False
    st.session_state["_draft"] = Draft(of=here.picked, key=here.key, away=begun.away and begun.of == here.picked)
    return True


def act(*decisions: Decision) -> None:
    """Make corrections as one step and close the drawer: the map then shows what moved, and the change card tells it."""
    if not decisions:
        draft().trouble = say("Nothing is changed yet.")
        return
    decide(*decisions)
    draft().acted = draft().away = True


def acted() -> None:
    """Have the whole page drawn again after this run of the drawer."""
    draft().acted = True


def rerun_if_acted() -> None:
    """Draw the whole page where a button in the drawer, which runs alone, changed it."""
    if draft().acted:
        draft().acted = False
        st.rerun()


def by() -> str:
    """Return who decides, as it stands in the file of decisions; nobody's name on a desk without signing in."""
    who = owner()
    return "" if who == LOCAL else who


def now() -> str:
    """Return the time at which a decision is made, as it stands in its file."""
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
