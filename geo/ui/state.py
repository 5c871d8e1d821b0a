"""The state of one browser session's desk: what is read, which corrections were made, what is picked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

import streamlit as st

from geo.earlier import EarlierMap
from geo.history import History
from geo.own_layers import OwnLayer
from geo.records import Decision, Document
from geo.situation import Reading, Situation
from geo.ui.told import Told

__all__ = [
    "Desk", "Reports", "again", "ask_map", "decide", "desk", "drawn_anew", "keep", "narrow", "narrowed", "open_reports", "pick", "put",
    "redo", "refuse", "refused", "remove", "undo",
]


MOST_HISTORIES = 50  # works whose corrections a session remembers


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reports:
    """What is to be read: reports, tables of events that were read already, an earlier map, layers of one's own beside the text, and the
    borders and day asked for.

    `key` names the source among all, such as "briefing idlib-2020"; another key is another piece of work.
    """

    key: str
    documents: tuple[Document, ...]
    further: tuple[Reading, ...] = ()
    base: EarlierMap | None = None
    view: str = "de_jure"
    as_of: dt.date | None = None
    settings: dict[str, object] = field(default_factory=dict)
    own: tuple[OwnLayer, ...] = ()


@dataclass(slots=True)
class Desk:
    """The desk of one session; it lives in Streamlit's session state and is written by the functions of this module alone."""

    reports: Reports | None = None
    history: History = field(default_factory=History)
    drawn: Situation | None = None
    key: str = ""
    drawn_of: Reports | None = None
    refused: tuple[Reports, str] | None = None
    before: Situation | None = None
    picked: Told | None = None
    mode: str = ""
    only: tuple[str, frozenset[str]] = ("", frozenset())
    histories: dict[str, History] = field(default_factory=dict)
    opened_with: tuple[Decision, ...] = ()

    def lasting(self) -> tuple[Decision, ...]:
        """The corrections that count for every text: those that the desk opened with, until the first work is on it."""
        if self.reports is None:
            return self.opened_with
        return tuple(one for one in self.history.decisions if one.scope == "desk")


def desk() -> Desk:
    """Return the desk of this session."""
    found: Desk = st.session_state.setdefault("_desk", Desk())
    return found


def open_reports(reports: Reports, history: History | None = None) -> None:
    """Put another piece of work on the desk, with its corrections; those of the scope "desk" count for it too.

    Work that was on this desk before comes back with what was corrected then, unless a `history` is given.
    """
    here = desk()
    lasting = here.lasting()
    if here.reports is not None:
        here.histories[here.reports.key] = here.history
        while len(here.histories) > MOST_HISTORIES:
            here.histories.pop(next(iter(here.histories)))
    earlier = here.histories.get(reports.key)
    if history is not None:
        here.history = history.with_lasting(lasting)
    elif earlier is not None:
        here.history = earlier.without_other(lasting).with_lasting(lasting)
    else:
        here.history = History(done=lasting)
    here.reports, here.before, here.picked, here.mode = reports, None, None, ""


def put(reports: Reports, history: History | None = None) -> None:
    """Open work that was kept, with its corrections; to be called before the page is drawn, as from a button's `on_click`."""
    st.session_state["_kept_work"] = reports
    st.session_state["source"] = "kept"
    st.session_state["view"], st.session_state["as_of"] = reports.view, reports.as_of
    open_reports(reports, history or History())


def again(reports: Reports) -> None:
    """Read the same work with other borders, another day or other settings."""
    desk().reports = reports


def narrow(reports: Reports, read: tuple[Document, ...]) -> None:
    """From now on only these of the reports count, as after a reading that was stopped."""
    desk().only = (reports.key, frozenset(document.id for document in read))
    again(narrowed(reports))


def narrowed(reports: Reports) -> Reports:
    """Return the reports without those that do not count for this work."""
    key, ids = desk().only
    return replace(reports, documents=tuple(one for one in reports.documents if one.id in ids)) if key == reports.key else reports


def drawn_anew(situation: Situation, key: str) -> None:
    """Keep what the reports on the desk were read into; `key` names it among all."""
    here = desk()
    here.drawn, here.key, here.drawn_of = situation, key, here.reports


def refuse(why: str) -> None:
    """Go back to the work that is drawn, where other reports were asked for and cannot be read; why is told until others are asked for."""
    here = desk()
    if here.drawn_of is not None and here.reports is not None and here.reports.key != here.drawn_of.key:
        here.refused = here.reports, why
        open_reports(here.drawn_of)


def refused(wanted: Reports | None) -> str:
    """Return why the same reports, with the same borders, day and settings, could not be read when they were asked for last; else ""."""
    here = desk()
    if here.refused is None or wanted is None or _asked(here.refused[0]) != _asked(wanted):
        here.refused = None
    return here.refused[1] if here.refused else ""


def _asked(reports: Reports) -> tuple[object, ...]:
    return reports.key, reports.view, reports.as_of, tuple(sorted(reports.settings.items()))


def decide(*decisions: Decision) -> None:
    """Make corrections; the change card then tells what moved."""
    _turn(desk().history.added(*decisions))


def undo() -> None:
    """Take the last correction back."""
    _turn(desk().history.back())


def redo() -> None:
    """Make the correction again that was taken back last."""
    _turn(desk().history.forward())


def remove(number: int) -> None:
    """Take one correction back, the `number`-th of `History.decisions`; redo makes it again."""
    _turn(desk().history.without(number))


def keep() -> None:
    """Keep the last correction: the change card goes."""
    desk().before = None


def pick(told: Told | None) -> None:
    """Put words, a claim or a place into the drawer, or close it."""
    here = desk()
    here.picked, here.mode = told, ""


def ask_map(mode: str) -> None:
    """Have the next click on the map give a spot ("spot") or clicks an area ("draw"); "" gives the map back."""
    desk().mode = mode


def _turn(history: History) -> None:
    here = desk()
    here.before, here.history, here.mode = here.drawn, history, ""
