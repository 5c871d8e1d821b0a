"""From the reports on the desk to a situation: at once where that is short, else beside the page, with progress and a way to stop."""

from __future__ import annotations

import datetime as dt
import gc
import hashlib
from collections import OrderedDict
from collections.abc import Collection
from threading import Lock
from typing import Any, cast

import streamlit as st

from geo import decision_files, own_layers, rereading
from geo.earlier import EarlierMap
from geo.gazetteer import Gazetteer, open_gazetteer
from geo.jobs import Job, Jobs
from geo.records import Document
from geo.situation import Situation
from geo.ui.state import Reports, desk, drawn_anew, narrow
from geo.ui.words import plain, say, told

__all__ = ["at_hand", "gazetteer", "part", "situation"]

INLINE = 30_000
"""Characters that are read within a run of the page, some two seconds; more are read in a process of their own."""

KEPT = 24  # situations that stay drawn, for undo and for other sessions that read the same
LOOK_EVERY_S = 1.0  # at the progress of a long reading


def situation() -> Situation | None:
    """Return the situation of the reports on the desk; while a long reading is under way, that of before, or None.

    Raises
    ------
    SalientError
        If the reports cannot be read; what was drawn before stays on the desk.
    """
    here = desk()
    reports = cast("Reports", here.reports)
    key = _key(reports)
    found = here.drawn if key == here.key else _drawn().get(key)
    if found is None and _all_read(key, reports):
        with st.spinner(say("Reading and drawing")):
            found = rereading.reread(
                reports.documents, kept=_kept(), gazetteer=gazetteer(reports.view), as_of=reports.as_of,
                decisions=here.history.decisions, settings=reports.settings, base=reports.base, further=reports.further,
                allow_empty=bool(here.history.decisions),
            )
        found = own_layers.beside(found, reports.own)
        _drawn().put(key, found)
    if found is None:
        return here.drawn
    drawn_anew(found, key)
    return found


def at_hand(found: Situation) -> None:
    """Have the reports that were just put on the desk drawn as this situation, which was made of them before: nothing is read again."""
    _drawn().put(_key(cast("Reports", desk().reports)), found)


def part(documents: Collection[str], as_of: dt.date | None) -> Situation:
    """Return what some of the reports on the desk say of a day: those whose ids are given, with the corrections of the desk.

    Raises
    ------
    SalientError
        If they cannot be read.
    """
    here = desk()
    reports = cast("Reports", here.reports)
    return rereading.reread(
        (one for one in reports.documents if one.id in documents), kept=_kept(), gazetteer=gazetteer(reports.view), as_of=as_of,
        decisions=here.history.decisions, settings=reports.settings, base=reports.base, allow_empty=True,
        further=tuple(reading for reading in reports.further if reading.document.id in documents),
    )


@st.cache_resource(show_spinner=False, max_entries=4)
def gazetteer(view: str) -> Gazetteer:
    """Return the gazetteer with a view of borders, opened once for all sessions."""
    opened = open_gazetteer(view=view)
    gc.freeze()  # what was loaded stays: without this a round of the collector takes a quarter of a second of a run
    return opened


def _all_read(key: str, reports: Reports) -> bool:
    """Whether nothing long is left to be read; else the job that reads it is started or watched."""
    decisions = desk().history.decisions
    lacking = rereading.missing(
        reports.documents, kept=_kept(), gazetteer=gazetteer(reports.view), decisions=decisions, settings=reports.settings
    )
    job: Job | None = st.session_state.get("_job") if st.session_state.get("_job_key") == key else None
    if job is None and sum(_work(document, reports) for document in lacking) <= INLINE:
        return True
    if job is None and st.session_state.get("_stopped") == key:
        _stopped(reports, lacking)
        return False
    if job is None:
        job = _start(key, lacking, reports)
    state = job.state()
    if state.finished:
        del st.session_state["_job"], st.session_state["_job_key"]
        if not (state.failed or state.cancelled):
            return True
        st.session_state["_stopped"], st.session_state["_stopped_why"] = key, state.failed
        _stopped(reports, lacking)
        return False
    _watch(job)
    return False


def _work(document: Document, reports: Reports) -> float:
    """Characters to be read: of a document that was read before without a correction, a tenth, since its grammar is kept."""
    before = _kept().earlier(document, gazetteer=gazetteer(reports.view), settings=reports.settings)
    return len(document.text) * (0.1 if before is not None else 1.0)


def _start(key: str, lacking: tuple[Document, ...], reports: Reports) -> Job:
    """Begin a long reading; one that this session had begun before ends."""
    before = st.session_state.get("_job")
    if before is not None:
        before.cancel()
    kept, places, decisions = _kept(), gazetteer(reports.view), desk().history.decisions

    def keep(_: Document, said: rereading.Said) -> None:
        kept.put(said, gazetteer=places, decisions=decisions, settings=reports.settings)

    def earlier(document: Document) -> rereading.Said | None:
        return kept.earlier(document, gazetteer=places, settings=reports.settings)

    job = _jobs().start(lacking, view=reports.view, decisions=decisions, settings=reports.settings, keep=keep, earlier=earlier)
    st.session_state["_job"], st.session_state["_job_key"] = job, key
    return job


@st.fragment(run_every=LOOK_EVERY_S)
def _watch(job: Job) -> None:
    """How far a long reading is; the page runs anew when it ends."""
    state = job.state()
    if state.finished:
        st.rerun(scope="app")
    with st.container(border=True, key="job"):
        st.progress(min(1.0, state.share), text=plain(say(state.doing, **state.values)))
        st.button(say("Cancel"), key="job_cancel", on_click=_cancel, icon=":material/close:")


def _cancel() -> None:
    """Stop a long reading; what it has read stays, so that going on later costs only the rest."""
    job: Job | None = st.session_state.pop("_job", None)
    st.session_state["_stopped"], st.session_state["_stopped_why"] = st.session_state.pop("_job_key", ""), ""
    if job is not None:
        job.cancel()


def _stopped(reports: Reports, lacking: tuple[Document, ...]) -> None:
    """What can be done after a reading was stopped."""
    read = tuple(document for document in reports.documents if document not in lacking)
    with st.container(border=True, key="stopped"):
        if why := st.session_state.get("_stopped_why"):
            st.error(plain(told(why)), icon=":material/error:")
        st.markdown(plain(say("Stopped: {read} of {total} reports were read.", read=len(read), total=len(reports.documents))))
        with st.container(horizontal=True):
            st.button(say("Go on"), key="stopped_go_on", type="primary", on_click=st.session_state.pop, args=("_stopped", None))
            if read:
                st.button(say("Map what was read"), key="stopped_map", on_click=narrow, args=(reports, read))


def _key(reports: Reports) -> str:
    """Name a situation among all: what is read, with which corrections and settings."""
    parts = [
        reports.key, reports.view, str(reports.as_of), repr(sorted(reports.settings.items())),
        decision_files.dumps(desk().history.decisions),
        *(f"{one.id} {one.title} {one.source} {one.published}" for one in reports.documents),
        *(f"further {reading.document.id}" for reading in reports.further),
        f"base {_number(reports.base)}" if reports.base is not None else "",
        *(f"own {layer.name} {_digest(layer.frame)}" for layer in reports.own),
    ]
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:20]


def _number(base: EarlierMap) -> str:
    """What tells one earlier map from another: who made it, of which day, and its areas."""
    return f"{base.title} {base.credit} {base.day} {_digest(base.zones)}"


def _digest(shapes: Any) -> str:
    return hashlib.sha256(b"".join(shapes.geometry.to_wkb())).hexdigest()[:16]


class _Drawn:
    """The latest situations, shared by all sessions; the one not asked for longest goes first."""

    def __init__(self) -> None:
        self._lock, self._kept = Lock(), OrderedDict[str, Situation]()

    def get(self, key: str) -> Situation | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: str, drawn: Situation) -> None:
        with self._lock:
            self._kept[key] = drawn
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _drawn() -> _Drawn:
    return _Drawn()


@st.cache_resource(show_spinner=False)
def _kept() -> rereading.Kept:
    return rereading.Kept()


@st.cache_resource(show_spinner=False)
def _jobs() -> Jobs:
    return Jobs()
