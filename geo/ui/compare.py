"""Two days, two publishers, two sets of reports or two situations side by side, with the exact list of what is different."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any

import streamlit as st

from geo import comparing
from geo.changes import Changes, changes
from geo.choices import Choices
from geo.comparing import Again
from geo.errors import SalientError
from geo.holdings import Holdings, of_situation
from geo.situation import Situation
from geo.ui.compared import Compared, result
from geo.ui.look import look
from geo.ui.taking import once
from geo.ui.words import plain, say, told

__all__ = ["show", "two"]

KIND_WORDS = {"days": "Two days", "publishers": "Two sources", "reports": "Two sets of reports"}
COMPARED_BYTES = 400_000  # of a comparison that is kept, about; its pictures and files are kept by themselves


@st.fragment
def show(drawn: Situation, *, key: str, again: Again | None = None) -> None:
    """Ask which two sides of a situation to compare, and show what is different.

    Parameters
    ----------
    drawn
        What was read.
    key
        Names the situation; another key is another situation.
    again
        Reads some of its reports again, as of a day, as if there were no others.
    """
    kinds = _kinds(drawn)
    if not kinds:
        st.caption(say("These reports tell of one day and are of one source. Add reports of another day or publisher to compare them."))
        return
    _only("compare_kind", kinds)
    kind = st.segmented_control(
        say("Compare"), kinds, key="compare_kind", default=kinds[0], required=True, format_func=lambda one: say(KIND_WORDS[one]),
        persist_state="session",
    ) or kinds[0]
    try:
        asked, sides = {"days": _days, "publishers": _publishers, "reports": _reports}[kind](drawn, again)
        if sides is not None:
            _compared((key, kind, *asked), sides, look())
    except SalientError as error:
        st.error(plain(told(str(error))), icon=":material/error:")


@st.fragment
def two(before: Situation, after: Situation, *, key: str, titles: tuple[str, str] = ("", "")) -> None:
    """Show what is different between two situations, such as two of the library."""
    try:
        _compared((key, "two", *titles), lambda: _named(before, after, titles), look())
    except SalientError as error:
        st.error(plain(told(str(error))), icon=":material/error:")


def _compared(name: tuple[Hashable, ...], sides: Callable[[], tuple[Holdings, Holdings]], choices: Choices) -> None:
    """Work a comparison out, with progress, and show it; the same again is at hand."""
    found = once(("comparison", *name), lambda: _worked_out(sides), size=lambda _: COMPARED_BYTES)
    result(Compared(name=name, found=found, rows=comparing.differences(found)), choices)


def _worked_out(sides: Callable[[], tuple[Holdings, Holdings]]) -> Changes:
    place = st.empty()
    bar = place.progress(0.05, text=say("Reading both sides"))
    try:
        before, after = sides()
        bar.progress(0.6, text=say("Comparing the ground"))
        return changes(before, after)
    finally:
        place.empty()


def _kinds(drawn: Situation) -> list[str]:
    """Which comparisons the reports allow."""
    allowed = {
        "days": len(comparing.step_days(drawn)) > 1, "publishers": len(comparing.publishers_of(drawn)) > 1,
        "reports": len(drawn.documents) > 1,
    }
    return [kind for kind, there in allowed.items() if there]


_Sides = Callable[[], tuple[Holdings, Holdings]]


def _days(drawn: Situation, again: Again | None) -> tuple[tuple[Hashable, ...], _Sides | None]:
    days = list(comparing.step_days(drawn))
    _only("compare_days", days)
    first, last = st.select_slider(
        say("From and to"), days, value=(days[0], days[-1]), key="compare_days", format_func=lambda day: say("{day}", day=day),
        persist_state="session",
    )
    if first == last:
        st.caption(say("Choose two different days."))
        return (), None
    return (first, last), lambda: comparing.of_days(drawn, first, last, again=again)


def _publishers(drawn: Situation, again: Again | None) -> tuple[tuple[Hashable, ...], _Sides | None]:
    by = comparing.publishers_of(drawn)
    names = list(by)
    chosen = []
    for column, number, label in zip(st.columns(2), (0, 1), (say("First source"), say("Second source")), strict=True):
        key = f"compare_source_{number + 1}"
        _only(key, names)
        chosen.append(column.selectbox(
            label, names, index=number, key=key, format_func=lambda one: f"{one} ({len(by[one])})",
            persist_state="session",
        ))
    if chosen[0] == chosen[1]:
        st.caption(say("Choose two different sources."))
        return (), None
    return tuple(chosen), lambda: comparing.of_publishers(drawn, chosen[0], chosen[1], again=again)


def _reports(drawn: Situation, again: Again | None) -> tuple[tuple[Hashable, ...], _Sides | None]:
    ids = [document.id for document in drawn.documents]
    titles = {
        d.id: ", ".join(filter(None, (d.title or say("Untitled report"), d.source, d.published.isoformat() if d.published else "")))
        for d in drawn.documents
    }
    half = (len(ids) + 1) // 2
    chosen = []
    for column, number, label in zip(st.columns(2), (1, 2), (say("First set"), say("Second set")), strict=True):
        key = f"compare_reports_{number}"
        _only(key, ids)
        chosen.append(column.multiselect(
            label, ids, default=ids[:half] if number == 1 else ids[half:], key=key, format_func=lambda one: titles.get(one, one),
            persist_state="session", placeholder=say("Choose reports"),
        ))
    first, second = (tuple(one) for one in chosen)
    if not first or not second or set(first) == set(second):
        st.caption(say("Choose at least one report for each side, and not the same ones."))
        return (), None
    return (first, second), lambda: comparing.of_parts(drawn, first, second, again=again)


def _named(before: Situation, after: Situation, titles: tuple[str, str]) -> tuple[Holdings, Holdings]:
    names = [title or one.title for title, one in zip(titles, (before, after), strict=True)]
    if names[0] == names[1] and before.as_of == after.as_of:
        names = [f"{names[0]} (1)", f"{names[1]} (2)"]
    return of_situation(before, title=names[0]), of_situation(after, title=names[1])


def _only(key: str, options: Sequence[Any]) -> None:
    """Forget a choice that is none of another situation's."""
    value = st.session_state.get(key)
    chosen = value if isinstance(value, tuple | list) else () if value is None else (value,)
    if any(one not in options for one in chosen):
        del st.session_state[key]
