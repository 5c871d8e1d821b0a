"""How the map looks and how it leaves the house: chosen once, for the map on the page and for every file."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import streamlit as st

from geo import actors, symbology
from geo.blur import blurred
from geo.choices import NAMES, STEPS, Choices
from geo.coarse import blur_of
from geo.errors import SalientError
from geo.export import export
from geo.export.slides_template import opened
from geo.situation import Situation
from geo.ui.taking import once
from geo.ui.words import language, plain, say, told

__all__ = [
    "blur", "file", "known_parties", "look", "look_popover", "mirrored", "name_of", "shown_as_blurred", "template_upload",
]

NAME_WORDS = {"en": "English", "local": "As the place writes them", "both": "Both"}
STEP_WORDS = {"": "One slide", "layers": "One more for each layer", "dates": "One for each day"}
BLUR_WORDS = {"": "Exact", "5km": "Rounded to 5 km", "20km": "Rounded to 20 km", "district": "Districts only"}
PRESET_FIRST = "control"
LONGEST_NAME = 120
BLURRED_BYTES = 3_000_000  # of a rounded situation that is kept, about


def look() -> Choices:
    """Return how the map looks, as it was chosen above the map and in the tab where files are taken away."""
    return Choices(
        preset=_known("look_preset", symbology.style()["presets"], PRESET_FIRST), names=_known("look_names", NAMES, NAMES[0]),
        size=_known("look_size", symbology.style()["sizes"], "article"), steps=_known("look_steps", STEPS, ""),
        own=tuple(name for name in st.session_state.get("look_own") or () if name in known_parties()),
        language=language(),
    )


def known_parties() -> dict[str, str]:
    """Return the names of the parties that the table of actors knows, by id: of them alone it is known who is whose ally."""
    return {actor.id: actor.name for actor in actors.shipped()}


def look_popover() -> None:
    """Draw the button above the map behind which the kind of map and the language of names are chosen."""
    with st.popover(say("Look"), icon=":material/palette:", key="look"):
        _preset("look_preset")
        _names("look_names")
        st.caption(say("Size, blur, slides and files are in the tab Take away."))


def mirrored(columns: Sequence[Any]) -> None:
    """Draw the same two choices once more, in two columns; a change there changes the map too."""
    for column, key, ask in zip(columns, ("look_preset", "look_names"), (_preset, _names), strict=True):
        mirror = key.replace("look", "publish")
        st.session_state[mirror] = st.session_state.get(key) or (PRESET_FIRST if ask is _preset else NAMES[0])
        with column:
            ask(mirror, changed=_copy(mirror, key))
    if st.session_state.pop("_look_changed", False):
        st.rerun(scope="app")


def blur() -> str:
    """Return how far the places of files are rounded, "" for not at all; the map on the page, on which names are corrected, stays exact."""
    return _known("look_blur", BLUR_WORDS, "")


def shown_as_blurred(drawn: Situation, key: str) -> tuple[str, Situation]:
    """Return a situation as it leaves the house, with what names it: rounded where that was chosen, worked out once."""
    how = blur()
    if not how:
        return key, drawn
    with st.spinner(say("Rounding the places")):
        return f"{key} {how}", once(("blurred", key, how), lambda: blurred(drawn, blur_of(how)), size=lambda _: BLURRED_BYTES)


def template_upload() -> None:
    """Ask for a presentation whose layout the slides take."""
    given = st.file_uploader(say("Your own slides as a template"), type=["pptx", "potx"], key="look_template")
    st.session_state["_template"] = None
    if given is None:
        st.caption(say("Without a template the slides are plain white."))
        return
    taken = (given.name[-LONGEST_NAME:], given.getvalue())
    try:
        with _as_file(taken) as path:
            if path is not None:
                opened(path)
    except SalientError as error:
        st.error(plain(told(str(error))), icon=":material/error:")
    else:
        st.session_state["_template"] = taken


def name_of(key: str, choices: Choices, suffix: str) -> tuple[Hashable, ...]:
    """Name a file among all: the situation, what was chosen, and the template."""
    template = _template(suffix)
    return ("file", key, choices, suffix, sha256(template[1]).hexdigest() if template else "")


def file(drawn: Situation, suffix: str, choices: Choices) -> Callable[[], bytes]:
    """Return what makes a file of a situation; the template is taken down now, since a download is made outside this session."""
    template = _template(suffix)

    def make() -> bytes:
        with tempfile.TemporaryDirectory() as folder, _as_file(template) as path:
            return export(drawn, Path(folder) / f"map{suffix}", replace(choices, template=path)).read_bytes()

    return make


@contextmanager
def _as_file(template: tuple[str, bytes] | None) -> Iterator[Path | None]:
    """A template as a file, for as long as it is needed; its name is that of the upload, which a message may tell."""
    if template is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / re.sub(r"[^\w .-]", "_", template[0])
        path.write_bytes(template[1])
        yield path


def _template(suffix: str) -> tuple[str, bytes] | None:
    found: tuple[str, bytes] | None = st.session_state.get("_template") if suffix == ".pptx" else None
    return found


def _preset(key: str, changed: Callable[[], None] | None = None) -> None:
    presets = symbology.style()["presets"]
    st.selectbox(
        say("Kind of map"), sorted(presets, key=lambda name: name != PRESET_FIRST), key=key, on_change=changed or "rerun",
        format_func=lambda name: told(presets[name]["title"]),
        persist_state="session" if changed is None else None,
        help=" ".join(plain(f"{told(one['title'])}: {told(one['help'])}.") for one in presets.values()),
    )


def _names(key: str, changed: Callable[[], None] | None = None) -> None:
    st.selectbox(
        say("Names"), NAMES, key=key, format_func=lambda name: say(NAME_WORDS[name]), on_change=changed or "rerun",
        persist_state="session" if changed is None else None,
    )


def _copy(mirror: str, key: str) -> Callable[[], None]:
    def changed() -> None:
        st.session_state[key] = st.session_state[mirror]
        st.session_state["_look_changed"] = True

    return changed


def _known(key: str, allowed: Any, usual: str) -> str:
    """A choice, if it is one of those allowed: what an address of a page holds may be anything."""
    value = st.session_state.get(key)
    return value if isinstance(value, str) and value in allowed else usual
