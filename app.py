"""The app: a report in, a sourced map out, in a browser and without a network. Start it with ``make app``.

The page opens with a briefing that is already mapped. Reading is done once for a set of texts and settings; a pan, a click or
another tab never does it again. The map is the same self-contained page that ``python -m geo map`` writes, the marked text
beside it, kept mounted in a sandboxed frame. No text of a report is ever shown as Markdown or as HTML of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tempfile
from collections import OrderedDict
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

import streamlit as st

from geo import datafiles, installed, situation, symbology
from geo.blur import blurred
from geo.choices import NAMES, Choices
from geo.coarse import blur_of
from geo.documents import from_text, load
from geo.errors import SalientError
from geo.export import EXPORTERS, export
from geo.export.html import page
from geo.gazetteer import Gazetteer, open_gazetteer
from geo.intake import KINDS, intake_bytes
from geo.records import Document, Mention
from geo.settings import DEFAULTS, SETTINGS
from geo.situation import Situation
from geo.tables import claim_rows, place_rows

__all__ = ["main"]

BRIEFINGS = Path(__file__).parent / "seeds"
OPENS_WITH = "idlib-2020"
SOURCES = ("A briefing", "Pasted text", "Uploaded files")
VIEWS = {"de_jure": "International law", "de_facto": "Who holds the land", "neutral": "Neutral: both dashed"}
FORMATS = {
    ".html": "Web page, for any browser", ".png": "Picture (PNG)", ".svg": "Drawing (SVG)", ".pdf": "Page to print (PDF)",
    ".pptx": "Slide for PowerPoint, editable", ".gpkg": "GeoPackage: the project, for QGIS and to open again", ".geojson": "GeoJSON",
    ".kml": "KML, for Google Earth", ".kmz": "KMZ, the same with its signs", ".parquet": "GeoParquet", ".json": "JSON, everything read",
    ".csv": "CSV, for a spreadsheet", ".acled.csv": "CSV with the columns of ACLED", ".ucdp.csv": "CSV with the columns of UCDP",
    ".jsonld": "Annotations of the text (W3C)",
}
BLURS = {"": "Exact", "5km": "Rounded to 5 km", "district": "Districts only"}
NAME_WORDS = {"en": "English", "local": "As the place writes them", "both": "Both"}
PLACE_COLUMNS = ("name", "kind", "country", "precision", "confidence", "reason", "mentions", "rivals", "lat", "lon", "id")
TITLES = {
    "actor_name": "Who", "predicate": "Does what", "target_name": "To whom", "words": "Where", "when_words": "When", "lat": "Latitude",
    "lon": "Longitude", "context": "In the text", "limits": "What it does not show", "mentions": "Times named", "rivals": "Not chosen",
}
CLAIM_COLUMNS = (
    "status", "actor_name", "predicate", "target_name", "words", "speaker", "when_words", "quote", "confidence", "reason", "limits",
)
# A picture of our own: Streamlit would fetch an emoji or a named icon from another host.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><path d='M3 7l8-4 10 4 8-4v22l-8 4-10-4-8 4z' fill='#9a3412'/>"
    "<path d='M11 3v22M21 7v22' stroke='#fefdf8' stroke-width='2'/></svg>"
)
READINGS_KEPT = 12
MAP_HEIGHT = 760

FRAME_CSS = f"""
.map, .map iframe {{ width: 100%; height: {MAP_HEIGHT}px; display: block; }}
.map iframe {{ border: 1px solid color-mix(in srgb, currentcolor 18%, transparent); border-radius: 6px; box-sizing: border-box; }}"""
PAGE_CSS = "<style>.stMainBlockContainer { padding: 2.2rem 2rem 4rem; }</style>"
# The frame may run its own script and nothing else: it has no origin, so it cannot reach the app. It is filled only when the page changed,
# and once it has its size, because the map fits its view to the frame.
FRAME_JS = """export default function ({ data, parentElement }) {
  let frame = parentElement.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts allow-popups allow-downloads");
    frame.title = "Map of what the reports say";
    parentElement.querySelector(".map").append(frame);
  }
  if (frame.dataset.key === data.key) return;
  frame.dataset.key = data.key;
  const fill = () => { if (frame.clientHeight > 300) frame.srcdoc = data.page; else requestAnimationFrame(fill); };
  fill();
}"""
FRAME = st.components.v2.component("salient_map", html="<section class='map'></section>", css=FRAME_CSS, js=FRAME_JS)


def main() -> None:
    """Draw the page."""
    st.set_page_config(page_title="Salient", page_icon=ICON, layout="wide")
    st.html(PAGE_CSS)
    try:
        documents, chosen = _ask()
        if documents:
            _show(*_reading(documents, chosen))
    except SalientError as error:
        st.error(_plain(str(error)), icon=":material/error:")


def _ask() -> tuple[tuple[Document, ...], dict[str, Any]]:
    """The sidebar: which reports, which borders, which day."""
    with st.sidebar:
        st.title("Salient")
        st.caption("From reports to a sourced map. Nothing leaves this computer.")
        source = st.radio("Map", SOURCES, key="source")
        documents = {SOURCES[0]: _briefing, SOURCES[1]: _pasted, SOURCES[2]: _uploaded}[source or SOURCES[0]]()
        help_lines = {setting.name: setting.help for setting in SETTINGS}
        view = st.selectbox("Borders", list(VIEWS), format_func=VIEWS.__getitem__, key="view", help=help_lines["view"])
        as_of = st.date_input("As of", value=None, min_value=dt.date(1800, 1, 1), key="as_of", help=help_lines["as_of"])
    return documents, {"view": view, "as_of": as_of if isinstance(as_of, dt.date) else None}


def _briefing() -> tuple[Document, ...]:
    names = sorted(path.stem for path in BRIEFINGS.glob("*.md"))
    first = names.index(OPENS_WITH) if OPENS_WITH in names else 0
    name = st.selectbox("Briefing", names, index=first, key="briefing", format_func=lambda stem: stem.replace("-", " ").capitalize())
    return (load(BRIEFINGS / f"{name}.md"),)


def _pasted() -> tuple[Document, ...]:
    with st.form("paste", border=False):
        text = st.text_area("Text of the report", height=260, key="text", placeholder="MOSCOW, 5 March 2020 – ...")
        published = st.date_input("Published", value=None, min_value=dt.date(1800, 1, 1), key="published")
        pressed = st.form_submit_button("Map it", type="primary")
    if pressed and not text.strip():
        st.info("Paste a report first.")
    return (from_text(text, published=published if isinstance(published, dt.date) else None),) if text.strip() else ()


def _uploaded() -> tuple[Document, ...]:
    files = st.file_uploader(
        "Reports", type=[suffix.lstrip(".") for suffix in KINDS], accept_multiple_files=True, key="files",
        help=f"Up to {DEFAULTS['max_mb']:g} MB each; several make one map. A .zip, a .csv with a column text, or a feed holds many.",
    )
    if not files:
        st.info("Choose one or more reports.")
    taken = [intake_bytes(file.getvalue(), file.name) for file in files or ()]
    for words in (words for one in taken for words in one.left_out):
        st.caption(f"Left out: {_plain(words)}")
    return tuple(document for one in taken for document in one.documents)


def _reading(documents: tuple[Document, ...], chosen: dict[str, Any]) -> tuple[str, Situation]:
    """The situation of these reports and its key; read once, then kept."""
    parts = (*(document.id + document.title + str(document.published) for document in documents), *map(str, chosen.values()))
    key = hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
    kept = _kept()
    if key not in kept:
        kept[key] = _read(documents, chosen)
        while len(kept) > READINGS_KEPT:
            kept.popitem(last=False)
    return key, kept[key]


def _read(documents: tuple[Document, ...], chosen: dict[str, Any]) -> Situation:
    place = st.empty()
    bar = place.progress(0.0, text="Opening the gazetteer")

    def tell(done: int, total: int, doing: str) -> None:
        bar.progress(min(1.0, (done + 0.3) / (total + 0.5)), text=f"{doing.capitalize()}: {done} of {total} reports")

    try:
        return situation.read(documents, gazetteer=_gazetteer(chosen["view"]), as_of=chosen["as_of"], progress=tell)
    finally:
        place.empty()


@st.cache_resource(show_spinner=False)
def _kept() -> OrderedDict[str, Situation]:
    """The latest readings, shared by all pages of this app."""
    return OrderedDict()


@st.cache_resource(show_spinner=False)
def _gazetteer(view: str) -> Gazetteer:
    return open_gazetteer(view=view)


@st.cache_data(show_spinner="Drawing the map", max_entries=READINGS_KEPT)
def _drawn_page(key: str, preset: str, names: str, _drawn: Situation) -> str:
    """The map as a self-contained page, drawn once for a reading and a look."""
    return page(_drawn, choices=Choices(preset=preset, names=names))


@st.cache_resource(show_spinner="Rounding the places", max_entries=READINGS_KEPT)
def _blurred(key: str, how: str, _drawn: Situation) -> Situation:
    """A situation with its places rounded, made once."""
    return blurred(_drawn, blur_of(how))


def _file(drawn: Situation, suffix: str, choices: Choices) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return export(drawn, Path(folder) / f"map{suffix}", choices).read_bytes()


def _look() -> Choices:
    """How the map looks: asked in the sidebar, used by the map and by every file."""
    presets, sizes = symbology.style()["presets"], symbology.style()["sizes"]
    with st.sidebar:
        preset = st.selectbox(
            "Kind of map", list(presets), index=list(presets).index("control"), key="preset",
            format_func=lambda name: presets[name]["title"],
            help=" ".join(f"{one['title']}: {one['help']}." for one in presets.values()),
        )
        names = st.selectbox("Names", NAMES, key="names", format_func=NAME_WORDS.__getitem__)
        size = st.selectbox(
            "Size of pictures", list(sizes), key="size", format_func=lambda name: f"{sizes[name]['title']}, {sizes[name]['help']}"
        )
    return Choices(preset=preset or "control", names=names or "en", size=size or "article")


def _show(key: str, drawn: Situation) -> None:
    """A situation: the map with the marked text beside it, and the tables below."""
    with st.sidebar:
        blur = st.selectbox(
            "Places", list(BLURS), key="blur", format_func=BLURS.__getitem__,
            help="For what may do harm: rounds or lifts every place, and takes its name out of the text, in the map and in every file.",
        )
    if blur:
        key, drawn = f"{key}-{blur}", _blurred(key, blur, drawn)
    look = _look()
    FRAME(key="map", data={"key": f"{key} {look.preset} {look.names}", "page": _drawn_page(key, look.preset, look.names, drawn)})
    _tables(key, drawn, look)


@st.fragment
def _tables(key: str, drawn: Situation, look: Choices) -> None:
    """The tabs below the map; what happens in them stays in them."""
    names = [f"Places ({len(drawn.places)})", f"Claims ({len(drawn.claims)})", f"Not resolved ({len(drawn.unresolved)})"]
    places, claims, unresolved, files, about = st.tabs([*names, "Take away", "About"])
    with places:
        _table([{**row, "rivals": len(row["rivals"])} for row in place_rows(drawn)], PLACE_COLUMNS, "No place was found.")
    with claims:
        _table(claim_rows(drawn), CLAIM_COLUMNS, "The text says of no one that they hold, attack, propose or agree to anything at a place.")
    with unresolved:
        st.caption("Names that look like places and that no entry of the gazetteer fits well enough. They are on no map.")
        rows = [{"name": mention.text, "kind": mention.kind, "context": _around(drawn, mention)} for mention in drawn.unresolved]
        _table(rows, ("name", "kind", "context"), "Every name was resolved.")
    with files:
        st.caption("Each file has the kind of map, the names and the size that are chosen at the left, and its sources.")
        columns = st.columns(3)
        for number, suffix in enumerate(EXPORTERS):
            columns[number % len(columns)].download_button(
                FORMATS.get(suffix, suffix), data=partial(_file, drawn, suffix, look), file_name=f"{_slug(drawn.title)}{suffix}",
                key=f"file{suffix}", on_click="ignore", icon=":material/download:", width="stretch",
            )
    with about:
        _about(drawn)


def _table(rows: Iterable[dict[str, Any]], columns: tuple[str, ...], empty: str) -> None:
    shown = [{name: _cell(row[name]) for name in columns} for row in rows]
    if not shown:
        st.caption(empty)
        return
    st.dataframe(shown, hide_index=True, width="stretch", column_config={name: TITLES.get(name, name.capitalize()) for name in columns})


def _cell(value: Any) -> Any:
    return " ".join(value) if isinstance(value, list) else "" if value is None else value


def _around(drawn: Situation, mention: Mention) -> str:
    text = drawn.document(mention.document_id).text
    return " ".join(text[max(0, mention.start - 80) : mention.end + 80].split())


def _about(drawn: Situation) -> None:
    view = VIEWS.get(drawn.view, drawn.view)
    st.markdown(
        "A mark on the map says what a report *says*: who, where, when, and who says so. Colour is a party, pattern is a status. "
        "A proposal is never drawn as control, a rumour never as fact, a province never as a point. The map knows only these texts.\n\n"
        f"Borders: {_plain(view)}. They are no statement about whose land it is."
    )
    credits = dict.fromkeys([*((source.origin, source.licence) for source in datafiles.sources()), *installed.credits()])
    _table([{"data": origin, "licence": licence} for origin, licence in credits], ("data", "licence"), "")


def _plain(words: str) -> str:
    """Words that Streamlit's Markdown shows as they are."""
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|~<>$:&])", r"\\\1", " ".join(words.split()))


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "map"


main()
