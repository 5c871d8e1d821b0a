"""All corrections of the desk, in words: each removable, all as a file to take away and to bring."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo import decision_files, symbology
from geo.errors import SalientError
from geo.records import Decision
from geo.situation import Situation
from geo.ui.place_words import KIND_WORDS, USE_WORDS
from geo.ui.state import decide, desk, redo, remove, undo
from geo.ui.words import plain, say, told

__all__ = ["decisions_list", "in_words"]

SCOPE_WORDS = {"here": "only here", "document": "in one report", "desk": "in every report"}
SHOWN = 100  # corrections listed with a button each; the file holds all


def decisions_list(drawn: Situation) -> None:
    """List the corrections of the desk; take them away as a file, or bring one."""
    history = desk().history
    made = history.decisions
    with st.container(horizontal=True, gap="small"):
        st.button(say("Undo"), key="decisions_undo", on_click=undo, disabled=not history.steps)
        st.button(say("Redo"), key="decisions_redo", on_click=redo, disabled=not history.undone)
        st.download_button(
            say("Save the corrections"), data=lambda: decision_files.dumps(made).encode(), file_name="decisions.yaml",
            mime="application/yaml", key="decisions_file", on_click="ignore", icon=":material/download:", disabled=not made,
        )
    st.caption(say("The file serves the next report, here or on the command line: --decisions decisions.yaml"))
    if not made:
        st.caption(say("Nothing is corrected yet. Click a name in the text or a mark on the map, or select words that were missed."))
    for number in reversed(range(max(0, len(made) - SHOWN), len(made))):
        _row(drawn, made, number)
    if len(made) > SHOWN:
        st.caption(say("The latest {shown} of {count} corrections are listed; the file holds all.", shown=SHOWN, count=len(made)))
    _bring(drawn)


def _row(drawn: Situation, made: Sequence[Decision], number: int) -> None:
    one = made[number]
    with st.container(horizontal=True, vertical_alignment="top", gap="small", wrap=False):
        with st.container(gap=None):
            st.markdown(plain(in_words(drawn, one)))
            st.caption(plain(" · ".join(filter(None, (_where(drawn, one), one.note, one.by, one.made.replace("T", " ")[:16])))))
        st.button(say("Remove"), key=f"decisions_remove_{number}", on_click=remove, args=(number,), type="tertiary")


def _bring(drawn: Situation) -> None:
    """Take corrections from a file, once for each file that is brought."""
    if said := st.session_state.pop("_decisions_told", ""):
        st.info(said)
    file = st.file_uploader(say("Corrections from a file"), type=["yaml", "yml"], key="decisions_bring")
    taken: set[Any] = st.session_state.setdefault("_decisions_taken", set())
    if file is None or file.file_id in taken:
        return
    taken.add(file.file_id)
    if len(file.getvalue()) > decision_files.MAX_BYTES:
        st.error(say("The file of corrections is too large."))
        return
    try:
        brought = decision_files.loads(file.getvalue().decode("utf-8"), name=file.name)
    except UnicodeDecodeError:
        st.error(say("The file is not UTF-8 text; give a file of decisions such as decisions.yaml."))
        return
    except SalientError as error:
        st.error(plain(told(str(error))))
        return
    known, unknown = decision_files.placeable(brought, drawn.gazetteer)
    new = tuple(one for one in known if one not in desk().history.decisions)
    said = say("{count} correction was taken from the file. | {count} corrections were taken from the file.", count=len(new))
    if unknown:
        left = say(
            "{count} was left out: it names a place that is not installed here. | {count} were left out: they name places that are not "
            "installed here.", count=len(unknown),
        )
        said = f"{said} {left}"
    st.session_state["_decisions_told"] = said
    if new:
        decide(*new)
    st.rerun()


def in_words(drawn: Situation, one: Decision) -> str:
    """Return a correction in words."""
    name = one.target
    if one.action == "place" or (one.action == "add" and one.value):
        return say("“{name}” is {place}", name=name, place=_place(drawn, one.value))
    if one.action == "add":
        return say("“{name}” is a place", name=name)
    if one.action == "drop":
        return say("“{name}” is not a place", name=name)
    if one.action == "kind":
        return say("“{name}” names: {what}", name=name, what=say(KIND_WORDS.get(one.value, one.value)))
    if one.action == "use":
        return say("“{name}” stands for: {what}", name=name, what=say(USE_WORDS.get(one.value, one.value)))
    return _of_claim(one)


def _of_claim(one: Decision) -> str:
    name = one.target
    if one.action == "reject":
        return say("The text does not say: “{name}”", name=name)
    if one.action == "actor":
        return say("“{name}”: done by {who}", name=name, who=one.value)
    if one.action == "target":
        return say("“{name}”: done to {who}", name=name, who=one.value or say("nobody"))
    if one.action == "status":
        return say("“{name}”: {status}", name=name, status=told(symbology.status_words(one.value)))
    if one.action == "dates":
        return say("“{name}”: dated {dates}", name=name, dates=one.value.replace("/", " – "))
    return say("“{name}”: another area", name=name)


def _place(drawn: Situation, feature_id: str) -> str:
    try:
        feature = drawn.gazetteer.get(feature_id)
    except SalientError:
        return feature_id
    land = feature.country and feature.kind != "country"
    return f"{feature.name}, {_place(drawn, f'country:{feature.country}')}" if land else feature.name


def _where(drawn: Situation, one: Decision) -> str:
    scope = say(SCOPE_WORDS[one.scope])
    title = next((document.title for document in drawn.documents if one.document and document.id == one.document), "")
    return f"{scope}: {title}" if title else scope
