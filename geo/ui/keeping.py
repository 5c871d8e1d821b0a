"""What the desk keeps by itself: the work of this session after each reading and correction, and corrections that count for every text."""

from __future__ import annotations

import streamlit as st

from geo import decision_files
from geo.autosave import Autosave, Work, new_id
from geo.errors import InputError, SalientError
from geo.records import Decision
from geo.ui.reading import gazetteer
from geo.ui.state import Reports, desk, put
from geo.ui.words import plain, say, told

__all__ = ["keep", "offer", "restore"]

PARAMETER = "desk"  # of the page's address: the name of the work, which nobody can guess
DESK_FILE = "desk.yaml"
MOST_OFFERED = 12  # works listed in the sidebar


def restore(owner: str) -> None:
    """Open what the page's address names, once a session; and the corrections that count for every text."""
    if st.session_state.get("_restored"):
        return
    st.session_state["_restored"], st.session_state["_owner"] = True, owner
    try:
        desk().opened_with = _lasting(owner)
        wanted = st.query_params.get(PARAMETER, "")
        if wanted:
            _open(wanted, owner)
    except SalientError as error:
        st.query_params.pop(PARAMETER, None)
        st.warning(plain(told(str(error))))


def keep(owner: str) -> None:
    """Keep the work of this session on disk; nothing is written where nothing changed, and a mere look at a briefing is no work."""
    here = desk()
    reports = here.reports
    if reports is None or here.drawn is None:
        return
    ids: dict[str, str] = st.session_state.setdefault("_works", {})
    mine = any(one.scope != "desk" for one in here.history.decisions) or here.history.steps or not reports.key.startswith("briefing ")
    try:
        _keep_lasting(owner, here.lasting())
        if not mine and reports.key not in ids:
            st.query_params.pop(PARAMETER, None)
            return
        name = ids.setdefault(reports.key, new_id())
        _autosave().save(Work(
            id=name, owner=owner, title=here.drawn.title, documents=reports.documents, further=reports.further,
            base=reports.base, own=reports.own,
            view=reports.view, as_of=reports.as_of, settings=reports.settings, key=reports.key, history=here.history,
        ))
    except SalientError as error:
        st.warning(plain(told(str(error))))
        return
    if _autosave().folder is not None and st.query_params.get(PARAMETER) != name:
        st.query_params[PARAMETER] = name


def offer() -> None:
    """List the work that was kept, to be opened again."""
    owner = str(st.session_state.get("_owner", "local"))
    works, damaged = _autosave().saved(owner)
    if not works:
        st.caption(say("Nothing is kept yet. What you read and correct is kept by itself; the library below the map holds what you name."))
    for work in works[:MOST_OFFERED]:
        with st.container(horizontal=True, vertical_alignment="center", key=f"work_{work.id}"):
            told = say("{when}, reports: {reports}, corrections: {corrections}", when=f"{work.when:%Y-%m-%d %H:%M}", reports=work.reports,
                       corrections=work.corrections)
            st.button(
                plain(work.title)[:120], help=plain(told), key=f"open_{work.id}", on_click=_opened, args=(work.id, owner), type="tertiary",
                width="stretch",
            )
            st.button(
                say("Forget"), key=f"forget_{work.id}", on_click=_autosave().forget, args=(work.id, owner), icon=":material/delete:",
                type="tertiary",
            )
    for words in damaged:
        st.caption(plain(words))


def _opened(name: str, owner: str) -> None:
    try:
        _open(name, owner)
    except SalientError as error:
        st.session_state["_trouble"] = str(error)


def _open(name: str, owner: str) -> None:
    work = _autosave().restore(name, owner)
    st.session_state.setdefault("_works", {})[work.key] = work.id
    places = gazetteer(work.view)
    history = work.history.where(lambda one: bool(decision_files.placeable((one,), places)[0]))
    put(
        Reports(
            key=work.key, documents=work.documents, further=work.further, base=work.base, own=work.own, view=work.view, as_of=work.as_of,
            settings=work.settings,
        ),
        history,
    )


def _lasting(owner: str) -> tuple[Decision, ...]:
    """The corrections for every text that this owner has made."""
    folder = _autosave().folder
    file = folder / owner / DESK_FILE if folder is not None else None
    found = decision_files.load(file) if file is not None and file.is_file() else ()
    found, others = decision_files.placeable(found, gazetteer(str(st.session_state.get("view") or "de_jure")))
    if others:
        told_of = ", ".join(dict.fromkeys(one.target for one in others))
        st.warning(plain(say("Left out, since their places are not installed here: {names}", names=told_of)))
    st.session_state["_lasting"], st.session_state["_unplaced"] = found, others
    return found


def _keep_lasting(owner: str, lasting: tuple[Decision, ...]) -> None:
    """Write them where they changed; the file appears whole or not at all."""
    folder = _autosave().folder
    if folder is None or lasting == st.session_state.get("_lasting", ()):
        return
    file = folder / owner / DESK_FILE
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = file.with_suffix(".part")
        part.write_text(decision_files.dumps((*lasting, *st.session_state.get("_unplaced", ()))), encoding="utf-8")
        part.replace(file)
    except OSError as error:
        raise InputError(f"The corrections cannot be kept in {file.parent} ({error.strerror}); make room there.") from error
    st.session_state["_lasting"] = lasting


@st.cache_resource(show_spinner=False)
def _autosave() -> Autosave:
    return Autosave()
