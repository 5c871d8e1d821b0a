"""The map as a file, a picture, slides, a page to embed, or data: looked at first, then taken away."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from geo import symbology
from geo.choices import STEPS, Choices
from geo.compared_maps import picture_of
from geo.embed import oembed, snippet
from geo.errors import SalientError
from geo.export import EXPORTERS
from geo.export.slides_steps import steps
from geo.method_card import caption, card_text
from geo.plate.compose import compose
from geo.previews import first_rows
from geo.situation import Situation
from geo.ui.look import (
    BLUR_WORDS,
    STEP_WORDS,
    blur,
    file,
    known_parties,
    look,
    look_popover,
    mirrored,
    name_of,
    shown_as_blurred,
    template_upload,
)
from geo.ui.taking import file_name, framed, once, take
from geo.ui.words import plain, say, told

__all__ = ["blur", "look", "look_popover", "show"]

FORMAT_WORDS = {
    ".png": "Picture (PNG)", ".svg": "Drawing (SVG)", ".pdf": "Page to print (PDF)", ".pptx": "Slides for PowerPoint, editable",
    ".html": "Web page, for any browser", ".gpkg": "GeoPackage: the project, for QGIS and to open again", ".geojson": "GeoJSON",
    ".kml": "KML, for Google Earth", ".kmz": "KMZ, the same with its signs", ".parquet": "GeoParquet", ".json": "JSON, everything read",
    ".csv": "CSV, for a spreadsheet", ".acled.csv": "CSV with the columns of ACLED", ".ucdp.csv": "CSV with the columns of UCDP",
    ".jsonld": "Annotations of the text (W3C)",
}
VIEW_TITLES = {"de_jure": "International law", "de_facto": "Who holds the land", "neutral": "Neutral: both dashed"}
PICTURES = (".png", ".svg", ".pdf")
SLIDE_WIDE = 1000  # pixels of a slide's preview
MOST_SLIDES = 6  # shown as a preview


@st.fragment
def show(drawn: Situation, *, key: str) -> None:
    """Show what leaves the house: the file chosen, as it will be, with what goes with it.

    Parameters
    ----------
    drawn
        What was read.
    key
        Names the situation; another key is another situation.
    """
    try:
        left, right = st.columns([1, 2.4], gap="large")
        with left:
            suffix = _format()
            _choices(drawn, suffix)
        with right:
            name, leaving = shown_as_blurred(drawn, key)
            choices = look()
            _preview(leaving, name, suffix, choices)
        with left:
            _download(leaving, name, suffix, choices)
        if blur():
            st.caption(say("Places are rounded in every file; the map above stays exact, so that you can correct it."))
        _beside(leaving, name, suffix, choices)
        _all_files(leaving, name, choices)
    except SalientError as error:
        st.error(plain(told(str(error))), icon=":material/error:")


def _format() -> str:
    found = st.selectbox(
        say("File"), list(FORMAT_WORDS), key="look_format", format_func=lambda one: say(FORMAT_WORDS[one]), persist_state="session",
    )
    return found or ".png"


def _choices(drawn: Situation, suffix: str) -> None:
    """What can be chosen of this kind of file."""
    sizes = symbology.style()["sizes"]
    if suffix in (*PICTURES, ".pptx", ".html"):
        mirrored((st.container(), st.container()))
    if suffix in (*PICTURES, ".pptx"):
        usual = {"article": say("As wide as a screen")} if suffix == ".pptx" else {}  # what slides take where no size was chosen
        st.selectbox(
            say("Size"), list(sizes), key="look_size", persist_state="session",
            format_func=lambda name: usual.get(name) or f"{told(sizes[name]['title'])} ({told(sizes[name]['help'])})",
        )
    if suffix == ".pptx":
        st.selectbox(say("Slides"), STEPS, key="look_steps", format_func=lambda one: say(STEP_WORDS[one]), persist_state="session")
        template_upload()
    _own(drawn, suffix)
    st.selectbox(
        say("Places"), list(BLUR_WORDS), key="look_blur", format_func=lambda one: say(BLUR_WORDS[one]), persist_state="session",
        help=say("For what may do harm: rounds or lifts every place, and takes its name out of the text, in every file."),
    )
    _borders(drawn)


def _own(drawn: Situation, suffix: str) -> None:
    """On whose side the reader of a military map stands."""
    known = {actor.id: actor.name for actor in drawn.actors if actor.id in known_parties()}
    if look().preset != "military" or suffix not in (*PICTURES, ".pptx") or not known:
        return
    st.session_state["look_own"] = [one for one in st.session_state.get("look_own") or () if one in known]
    st.multiselect(
        say("Own side"), list(known), key="look_own", format_func=known.__getitem__, persist_state="session", placeholder=say("No side"),
        help=say("With none, no party is friend or foe."),
    )


def _borders(drawn: Situation) -> None:
    """Whose borders: the choice of the sidebar, once more; the reports are drawn anew."""
    st.session_state["publish_view"] = drawn.view if drawn.view in VIEW_TITLES else "de_jure"

    def changed() -> None:
        st.session_state["view"] = st.session_state["publish_view"]
        st.session_state["_view_changed"] = True

    st.selectbox(say("Borders"), list(VIEW_TITLES), key="publish_view", format_func=lambda one: say(VIEW_TITLES[one]), on_change=changed)
    if st.session_state.pop("_view_changed", False):
        st.rerun(scope="app")


def _preview(drawn: Situation, name: str, suffix: str, choices: Choices) -> None:
    """The file as it will be: the picture, the slides, the page, or the first rows."""
    if suffix in PICTURES:
        _pictures(drawn, name, choices)
    elif suffix == ".pptx":
        _slides(drawn, name, choices)
    else:
        with st.spinner(say("Making the file")):
            data = once(name_of(name, choices, suffix), file(drawn, suffix, choices))
        if suffix == ".html":
            framed(data.decode("utf-8"), key="publish_page", name=f"{name} {choices.preset} {choices.names}")
            return
        rows = once(("rows", name, suffix), lambda: first_rows(data, suffix), size=lambda made: 4_000 * len(made))
        st.caption(say("The first rows of the file ({kb} kB)", kb=max(1, round(len(data) / 1000))))
        st.dataframe(rows, hide_index=True, width="stretch", height=520)


def _pictures(drawn: Situation, name: str, choices: Choices) -> None:
    with st.spinner(say("Drawing the picture")):
        picture, alt = once(
            ("preview", name, choices), lambda: _drawn(drawn, choices), size=lambda made: len(made[0]),
        )
    st.image(picture, width="stretch", alt=alt, output_format="PNG")
    with st.expander(say("Description of the picture, for those who cannot see it"), key="publish_alt"):
        st.code(alt, language=None, wrap_lines=True)


def _drawn(drawn: Situation, choices: Choices) -> tuple[bytes, str]:
    plate = compose(drawn, choices)
    return picture_of(plate), plate.alt


def _slides(drawn: Situation, name: str, choices: Choices) -> None:
    """The slides without the template, whose layout only PowerPoint draws."""
    sized = choices if choices.size != "article" else Choices(preset=choices.preset, size="slide", names=choices.names, steps=choices.steps)

    def draw() -> list[bytes]:
        return [picture_of(step.plate, wide=SLIDE_WIDE) for step in steps(drawn, sized)[:MOST_SLIDES + 1]]

    with st.spinner(say("Drawing the slides")):
        made = once(("slides", name, sized), draw, size=lambda many: sum(map(len, many)))
    columns = st.columns(1 if len(made) == 1 else 2)
    for number, picture in enumerate(made[:MOST_SLIDES]):
        columns[number % len(columns)].image(
            picture, width="stretch", alt=say("Slide {number}", number=number + 1), output_format="PNG"
        )
    if len(made) > MOST_SLIDES:
        st.caption(say("The first {count} slides are shown; the file has all.", count=MOST_SLIDES))


def _download(drawn: Situation, name: str, suffix: str, choices: Choices) -> None:
    take(
        say("Download"), name_of(name, choices, suffix), file(drawn, suffix, choices), file=file_name(drawn.title, suffix),
        key="publish_download", primary=True,
    )


def _beside(drawn: Situation, name: str, suffix: str, choices: Choices) -> None:
    """What goes with the file: the line under a picture, the card, the frame to embed, the address of this page."""
    with st.expander(say("The line to set under the picture"), expanded=suffix in PICTURES, key="publish_caption"):
        st.code(
            once(("caption", name, choices.preset), lambda: caption(drawn, choices)), language=None, wrap_lines=True,
        )
    with st.expander(say("Method and limits: the card that goes with the map"), key="publish_card"):
        text = once(("card", name, choices.preset), lambda: card_text(drawn, choices))
        st.code(text, language=None, wrap_lines=True)
        take(say("Download the card"), ("card file", name, choices.preset), text.encode, file=file_name(drawn.title, ".txt"),
             key="publish_card_file")
    with st.expander(say("Embed the map in a page of yours"), expanded=suffix == ".html", key="publish_embed"):
        _embed(drawn)
    with st.expander(say("The address of this page"), key="publish_link"):
        _link()


def _embed(drawn: Situation) -> None:
    address = st.text_input(
        say("Address that the page will have"), key="publish_address", placeholder="https://example.org/map.html", persist_state="session",
        help=say("Download the web page, put it there, and paste these lines where the map shall stand."),
    )
    wanted = (address or "").strip() or file_name(drawn.title, ".html")
    st.code(snippet(wanted, title=drawn.title), language="html", wrap_lines=True)
    st.caption(say("The answer of oEmbed, for a site that asks for one:"))
    st.code(oembed(wanted, title=drawn.title), language="json", wrap_lines=True)


def _link() -> None:
    st.caption(say(
        "It holds the briefing, the filters and the look. Texts that you pasted or uploaded are in no address: take the GeoPackage instead."
    ))
    asked = urlencode(st.query_params.to_dict())
    st.code(f"{(st.context.url or '').partition('?')[0]}{f'?{asked}' if asked else ''}", language=None, wrap_lines=True)


def _all_files(drawn: Situation, name: str, choices: Choices) -> None:
    """Every kind of file, without a preview."""
    with st.expander(say("All files"), key="publish_all"):
        columns = st.columns(3)
        for number, suffix in enumerate(EXPORTERS):
            with columns[number % len(columns)]:
                take(
                    say(FORMAT_WORDS.get(suffix, suffix)), name_of(name, choices, suffix), file(drawn, suffix, choices),
                    file=file_name(drawn.title, suffix), key=f"file{suffix}",
                )
