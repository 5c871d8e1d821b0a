"""Which reports are on the desk: a briefing, pasted text, files, an address of the web, or work that was kept."""

from __future__ import annotations

import datetime as dt
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import streamlit as st

from geo import event_import
from geo.documents import from_text, load
from geo.earlier import EarlierMap, read_earlier
from geo.errors import InputError
from geo.intake import KINDS, Intake, intake, intake_bytes
from geo.own_layers import MOST_LAYERS, OwnLayer, read_own_layer
from geo.settings import DEFAULTS, SETTINGS
from geo.situation import Reading
from geo.ui import identity, keeping
from geo.ui.reading import gazetteer
from geo.ui.state import Reports, again, desk, narrowed, open_reports, refused
from geo.ui.words import plain, say, told

if TYPE_CHECKING:
    from geo.gazetteer import OfflineGazetteer

__all__ = ["ask"]

BRIEFINGS = Path(__file__).parents[2] / "seeds"
OPENS_WITH = "idlib-2020"
SOURCES = {
    "briefing": "A briefing", "text": "Pasted text", "files": "Files", "address": "An address of the web", "kept": "Kept work",
}
VIEWS = {"de_jure": "International law", "de_facto": "Who holds the land", "neutral": "Neutral: both dashed"}
FIRST_DAY = dt.date(1800, 1, 1)
MAPS = ("geojson", "json", "gpkg", "kml", "kmz", "zip")


def ask() -> None:
    """Draw the sidebar and put what was chosen on the desk; nothing else on the desk changes where the choice is the same."""
    with st.sidebar:
        st.radio(
            say("Map"), list(SOURCES), key="source", format_func=lambda name: say(SOURCES[name]),
            persist_state="session",
        )
        chosen = {
            "briefing": _briefing, "text": _pasted, "files": _uploaded, "address": _address, "kept": _opened,
        }[st.session_state.get("source") or "briefing"]()
        view, as_of, window = _borders(), _day(), _window()
        base, own = (_base(view), _own()) if chosen is not None else (None, ())
    if chosen is None:
        refused(None)
        return
    settings: dict[str, object] = {"window": window} if window else {}
    wanted = replace(
        chosen, view=view, as_of=as_of, settings={**chosen.settings, **settings}, base=base or chosen.base,
        own=own or chosen.own,
    )
    wanted = narrowed(wanted)
    if why := refused(wanted):
        raise InputError(why)
    before = desk().reports
    if before is None or before.key != wanted.key:
        open_reports(wanted)
    else:
        again(wanted)


def _opened() -> Reports | None:
    found: Reports | None = st.session_state.get("_kept_work")
    keeping.offer()
    return found


def _briefing() -> Reports:
    names = sorted(path.stem for path in BRIEFINGS.glob("*.md"))
    if st.session_state.get("briefing") not in names:
        st.session_state.pop("briefing", None)
    st.session_state.setdefault("briefing", OPENS_WITH if OPENS_WITH in names else names[0])
    name = st.selectbox(
        say("Briefing"), names, key="briefing", format_func=lambda stem: stem.replace("-", " ").capitalize(),
        persist_state="session",
    )
    return Reports(key=f"briefing {name}", documents=(load(BRIEFINGS / f"{name}.md"),))


def _pasted() -> Reports | None:
    with st.form("paste", border=False):
        text = st.text_area(
            say("Text of the report"), height=260, key="text", placeholder="MOSCOW, 5 March 2020 – ...", persist_state="session"
        )
        published = st.date_input(say("Published"), value=None, min_value=FIRST_DAY, key="published", persist_state="session")
        pressed = st.form_submit_button(say("Map it"), type="primary")
    if not text.strip():
        if pressed:
            st.info(say("Paste a report first."))
        return None
    document = from_text(text, published=published if isinstance(published, dt.date) else None)
    return Reports(key=f"text {document.id} {document.published}", documents=(document,))


def _uploaded() -> Reports | None:
    files = st.file_uploader(
        say("Reports"), type=[suffix.lstrip(".") for suffix in KINDS], accept_multiple_files=True, key="files",
        help=say(
            "Up to {size} MB each; several make one map. A .zip, a .csv with a column text, or a feed holds many. "
            "A .csv of ACLED or UCDP is read as claims.", size=f"{DEFAULTS['max_mb']:g}",
        ),
    )
    folder = st.text_input(say("Or a folder on this computer"), key="folder", persist_state="session") if identity.is_alone() else ""
    if not files and not folder.strip():
        st.info(say("Choose one or more reports."))
        return None
    taken = [_taken(file.getvalue(), file.name) for file in files or ()]
    if folder.strip():
        taken.append(_whole(lambda: (intake(folder.strip()), ()), f"folder {folder}"))
    documents = tuple({document.id: document for one, _ in taken for document in one.documents}.values())
    further = tuple(reading for _, readings in taken for reading in readings)
    for words in (words for one, _ in taken for words in one.left_out):
        st.caption(plain(say("Left out: {what}", what=told(words))))
    names = " ".join([*(document.id for document in documents), *(reading.document.id for reading in further)])
    return Reports(key=f"files {_short(names.encode())}", documents=documents, further=further)


def _address() -> Reports | None:
    with st.form("fetch", border=False):
        address = st.text_input(say("Address"), key="address", placeholder="https://...", persist_state="session")
        pressed = st.form_submit_button(say("Fetch and map it"), type="primary")
        st.caption(say("This alone uses the network: the page is fetched once, and its text is kept here."))
    kept = st.session_state.setdefault("_fetched", {})
    if pressed and address.strip():
        with st.spinner(say("Fetching")):
            kept.clear()
            kept[address] = intake(address.strip(), max_mb=float(str(DEFAULTS["max_mb"])))
    found: Intake | None = kept.get(address)
    if found is None:
        return None
    for words in found.left_out:
        st.caption(plain(say("Left out: {what}", what=told(words))))
    return Reports(key=f"address {_short(' '.join(d.id for d in found.documents).encode())}", documents=found.documents)


def _taken(data: bytes, name: str) -> tuple[Intake, tuple[Reading, ...]]:
    """The reports of an uploaded file; a table of events as a reading of its own."""

    def take() -> tuple[Intake, tuple[Reading, ...]]:
        if not name.lower().endswith(".csv"):
            return intake_bytes(data, name), ()
        with _as_file(data, name) as path:
            if not event_import.is_events(path):
                return intake_bytes(data, name), ()
            reading, left_out = event_import.events(path, gazetteer=gazetteer(str(st.session_state.get("view") or "de_jure")))
            return Intake(documents=(), left_out=left_out), (reading,)

    return _whole(take, f"{name} {_short(data)}")


def _whole(take: Callable[[], tuple[Intake, tuple[Reading, ...]]], name: str) -> tuple[Intake, tuple[Reading, ...]]:
    """What a file holds, worked out once while the session has it."""
    kept: dict[str, tuple[Intake, tuple[Reading, ...]]] = st.session_state.setdefault("_taken", {})
    if name not in kept:
        while len(kept) >= MOST_TAKEN:
            kept.pop(next(iter(kept)))
        kept[name] = take()
    return kept[name]


MOST_TAKEN = 50  # files whose contents a session keeps unpacked


def _borders() -> str:
    helps = {setting.name: setting.help for setting in SETTINGS}
    view = st.selectbox(
        say("Borders"), list(VIEWS), format_func=lambda name: say(VIEWS[name]), key="view", help=told(helps["view"]),
        persist_state="session",
    )
    return str(view or "de_jure")


def _day() -> dt.date | None:
    helps = {setting.name: setting.help for setting in SETTINGS}
    day = st.date_input(
        say("As of"), value=None, min_value=FIRST_DAY, key="as_of", help=told(helps["as_of"]), persist_state="session"
    )
    return day if isinstance(day, dt.date) else None


def _window() -> float | None:
    with st.expander(say("More"), key="more"):
        days = st.number_input(
            say("Days before that count"), min_value=1, max_value=3650, value=None, key="window", persist_state="session",
            help=say("Reports and claims older than this are left out. Empty: all count."),
        )
    return float(days) if days else None


def _base(view: str) -> EarlierMap | None:
    """An earlier map that the reports bring up to date, if one was given."""
    with st.expander(say("An earlier map to bring up to date"), key="earlier"):
        file = st.file_uploader(say("Map"), type=list(MAPS), key="base", help=say("Areas with a column that says who holds them."))
        credit = st.text_input(say("Who made it"), key="base_credit", persist_state="session")
        day = st.date_input(say("Of which day"), value=None, min_value=FIRST_DAY, key="base_day", persist_state="session")
        if file is None:
            return None
        base = _read_base(file.getvalue(), file.name, credit, day if isinstance(day, dt.date) else None, view)
        for note in base.notes:
            st.caption(plain(told(note)))
    return base


def _read_base(data: bytes, name: str, credit: str, day: dt.date | None, view: str) -> EarlierMap:
    """An earlier map, read once while it is the one that is given."""
    asked = f"{name} {_short(data)} {credit} {day} {view}"
    kept: tuple[str, EarlierMap] | None = st.session_state.get("_base")
    if kept is None or kept[0] != asked:
        places = cast("OfflineGazetteer", gazetteer(view))
        with _as_file(data, name) as path:
            kept = asked, read_earlier(path, credit=credit, day=day, gazetteer=places)
        st.session_state["_base"] = kept
    return kept[1]


def _own() -> tuple[OwnLayer, ...]:
    """Layers of the reader's own beside the text, read once while they are given."""
    with st.expander(say("Layers of your own beside the text"), key="own_layers"):
        files = st.file_uploader(
            say("Maps"), type=list(MAPS), accept_multiple_files=True, key="own",
            help=say("Up to {count}. They are drawn in grey and named as not from the reports.", count=MOST_LAYERS),
        )
        kept: dict[str, OwnLayer] = st.session_state.get("_own", {})
        given = {f"{file.name} {_short(file.getvalue())}": file for file in (files or ())[:MOST_LAYERS]}
        for name, file in given.items():
            if name not in kept:
                with _as_file(file.getvalue(), file.name) as path:
                    kept[name] = read_own_layer(path, name=file.name)
        st.session_state["_own"] = {name: kept[name] for name in given}
        for note in (note for name in given for note in kept[name].notes):
            st.caption(plain(told(note)))
    return tuple(kept[name] for name in given)


class _as_file:
    """An uploaded file under its own suffix, while it is read; its name is not used as a path."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._suffix = data, "".join(c for c in Path(name).suffix.lower() if c.isalnum() or c == ".")[:12]
        self._stem = "".join(c if c.isalnum() or c in "-_ " else "_" for c in Path(name).stem)[:80] or "file"

    def __enter__(self) -> Path:
        self._folder = tempfile.TemporaryDirectory()
        path = Path(self._folder.name) / f"{self._stem}{self._suffix}"
        path.write_bytes(self._data)
        return path

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


