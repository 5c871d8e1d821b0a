"""The library on the page: situations kept under a name, opened, merged and compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import streamlit as st

from geo.errors import SalientError
from geo.library import LONGEST_NAME, Kept, Library, as_work, file_name, library_dir, merged
from geo.project import reopen
from geo.situation import Situation
from geo.ui import compare, reading
from geo.ui.identity import owner
from geo.ui.state import Reports, put
from geo.ui.words import plain, say, told
from geo.works import Work

__all__ = ["library"]

SHOWN = 30  # files listed; a word narrows them
MOST_OPENED = 6  # kept in memory for comparisons and merging


@st.fragment
def library(drawn: Situation | None) -> None:
    """Draw the library; `drawn` is the situation on the desk, if there is one. What is ticked here runs nothing else of the page."""
    if st.session_state.pop("_library_opened", False):
        st.rerun(scope="app")
    shelf = Library(library_dir(owner()))
    _say_what_happened()
    if drawn is not None:
        _keep(shelf, drawn)
    files = shelf.files()
    if files:
        chosen = _list(files)
        _act(shelf, chosen)
    else:
        st.caption(say("Nothing is kept under a name yet."))
    with st.expander(say("Files"), key="library_files"):
        st.caption(say("The library is this folder of GeoPackages; files that Salient wrote can be put there by hand."))
        st.code(str(shelf.folder), language=None)
        st.file_uploader(
            say("Add a GeoPackage that Salient wrote"), type=["gpkg"], key="library_add", on_change=_add, args=(shelf,),
        )
    _compared(shelf)


def _keep(shelf: Library, drawn: Situation) -> None:
    """Keep what is on the desk."""
    if st.session_state.get("_library_named") != drawn.title:  # another situation: another name is offered
        st.session_state["_library_named"], st.session_state["library_name"] = drawn.title, _called(drawn.title)
    with st.form("library_keep", border=False):
        with st.container(horizontal=True, vertical_alignment="bottom"):
            name = st.text_input(say("Keep this situation as"), max_chars=LONGEST_NAME, key="library_name")
            pressed = st.form_submit_button(say("Keep"), icon=":material/bookmark_add:")
        again = st.checkbox(say("Replace what bears this name"), key="library_replace")
    if not pressed:
        return
    try:
        with st.spinner(say("Keeping")):
            kept = shelf.keep(drawn, name, replace=again)
        st.toast(plain(say("Kept as {name}.", name=kept.stem)))
    except SalientError as error:
        st.error(plain(told(str(error))), icon=":material/error:")


def _list(files: Sequence[Kept]) -> tuple[Kept, ...]:
    """List what there is, and return what is ticked."""
    words = st.text_input(say("Find in the library"), key="library_find", persist_state="session") if len(files) > SHOWN else ""
    found = [one for one in files if words.casefold() in f"{one.name} {one.title}".casefold()]
    chosen = []
    for one in found[:SHOWN]:
        with st.container(gap=None, key=f"library_row_{one.name}"):
            ticked = st.checkbox(plain(one.name), key=f"library_pick_{one.name}", disabled=bool(one.refused))
            st.caption(plain(told(one.refused) or _about(one)))
        if ticked:
            chosen.append(one)
    if len(found) > SHOWN:
        st.caption(say("The latest {shown} of {count} are listed; find the others by a word.", shown=SHOWN, count=len(found)))
    return tuple(chosen)


def _about(one: Kept) -> str:
    day = say("as of {day}", day=one.as_of) if one.as_of else ""
    counts = say("reports: {reports}, corrections: {corrections}", reports=one.reports, corrections=one.corrections)
    size = say("{size} MB, kept {when} UTC", size=f"{one.size / 1e6:.1f}", when=f"{one.when:%Y-%m-%d %H:%M}")
    return " · ".join(filter(None, (one.title if _called(one.title) != one.name else "", day, counts, size)))


def _called(title: str) -> str:
    """A title as the name of a file, as far as one can be made of it."""
    try:
        return file_name(title)
    except SalientError:
        return ""


def _act(shelf: Library, chosen: tuple[Kept, ...]) -> None:
    """What can be done with what is ticked."""
    names = tuple(one.name for one in chosen)
    with st.container(horizontal=True):
        st.button(say("Open"), key="library_open", on_click=_open, args=(shelf, names), disabled=len(names) != 1, type="primary")
        st.button(
            say("Merge"), key="library_merge", on_click=_merge, args=(shelf, names), disabled=len(names) < 2,
            help=say("The reports and the corrections of those ticked, read as one."),
        )
        st.button(
            say("Compare"), key="library_compare", on_click=_compare, args=(names,), disabled=len(names) != 2,
            help=say("What is different between the two that are ticked."),
        )
        with st.popover(say("Rename"), disabled=len(names) != 1):
            name = names[0] if names else ""
            new = st.text_input(say("New name"), value=name[:LONGEST_NAME], max_chars=LONGEST_NAME, key=f"library_new_{name}")
            st.button(say("Rename"), key="library_rename", on_click=_rename, args=(shelf, names, new), disabled=len(names) != 1)
        st.download_button(
            say("Take away"), data=partial(_bytes, chosen[0].file if chosen else None), key="library_take", on_click="ignore",
            file_name=f"{names[0] if names else 'situation'}.gpkg", disabled=len(names) != 1, icon=":material/download:",
        )
        st.button(
            say("Remove"), key="library_remove", on_click=_remove, args=(shelf, names), disabled=not names, icon=":material/delete:",
            help=say("Moved to the folder “removed” beside them; the latest 20 stay there."),
        )


def _open(shelf: Library, names: tuple[str, ...]) -> None:
    def act() -> None:
        found = _opened(shelf, names[0])
        _put(as_work(found, key=f"library {names[0]}"))
        reading.at_hand(found)

    _guarded(act)


def _merge(shelf: Library, names: tuple[str, ...]) -> None:
    _guarded(lambda: _put(merged((_opened(shelf, name) for name in names), key=f"library {' + '.join(names)}")))


def _put(work: Work) -> None:
    put(
        Reports(
            key=work.key, documents=work.documents, further=work.further, base=work.base, own=work.own, view=work.view,
            as_of=work.as_of, settings=work.settings,
        ),
        work.history,
    )
    st.session_state["_library_opened"] = True


def _compare(names: tuple[str, ...]) -> None:
    st.session_state["_library_compared"] = names


def _compared(shelf: Library) -> None:
    """The comparison of two situations that was asked for; the earlier day comes first."""
    names: tuple[str, ...] = st.session_state.get("_library_compared", ())
    if len(names) != 2:
        return
    try:
        with st.spinner(say("Opening")):
            two = sorted(((_opened(shelf, name), name) for name in names), key=lambda one: (str(one[0].as_of or ""), one[1]))
        files = " ".join(str((shelf.folder / f"{name}.gpkg").stat().st_mtime_ns) for name in names)
        compare.two(two[0][0], two[1][0], key=f"library {files}", titles=(two[0][1], two[1][1]))
    except (SalientError, OSError) as error:
        del st.session_state["_library_compared"]
        st.error(plain(told(str(error))), icon=":material/error:")


def _rename(shelf: Library, names: tuple[str, ...], new: str) -> None:
    _guarded(lambda: shelf.rename(names[0], new))


def _remove(shelf: Library, names: tuple[str, ...]) -> None:
    def act() -> None:
        for name in names:
            shelf.remove(name)
        st.session_state.pop("_library_compared", None)

    _guarded(act)


def _add(shelf: Library) -> None:
    file = st.session_state.get("library_add")
    if file is not None:
        _guarded(lambda: shelf.take(file.getvalue(), file.name))


def _guarded(act: Callable[[], object]) -> None:
    """Do something before the page is drawn; what goes wrong is told in the library."""
    try:
        act()
    except SalientError as error:
        st.session_state["_library_trouble"] = str(error)


def _say_what_happened() -> None:
    trouble = st.session_state.pop("_library_trouble", "")
    if trouble:
        st.error(plain(told(trouble)), icon=":material/error:")


def _opened(shelf: Library, name: str) -> Situation:
    file = shelf.file(name)
    return _reopened(str(file), file.stat().st_mtime_ns)


@st.cache_resource(show_spinner=False, max_entries=MOST_OPENED)
def _reopened(path: str, changed: int) -> Situation:
    """A file opened whole, once as long as it stays the same."""
    return reopen(path)


def _bytes(file: Path | None) -> bytes:
    return file.read_bytes() if file is not None else b""
