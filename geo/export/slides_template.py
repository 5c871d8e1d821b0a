"""A user's own presentation: whether it can be used, and where in its layouts a map goes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PythonPptxError

from geo.errors import InputError
from geo.plate.items import Box

__all__ = ["Stand", "opened", "stand_of"]

_EMU = 12700
_UNPACKED_MB = 500  # a deck of 50 MB of pictures unpacks to little more; far more is a zip bomb
_MARGIN = 0.035  # of the slide's shorter side, kept free round a map below a title
_OTHER_KINDS = re.compile(rb"presentationml\.(template|slideshow)\.main\+xml")
_TITLES = (KIND.TITLE, KIND.CENTER_TITLE, KIND.VERTICAL_TITLE)
_ROOMS = (KIND.OBJECT, KIND.PICTURE)
_MARGINALIA = (KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER, KIND.HEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where a map goes in a template: the layout, the area in points, and the kind of the title that the layout has ("" for none)."""

    layout: Any
    area: Box
    title: str


def opened(path: Path) -> Any:
    """Return a user's presentation, or one like a user's template (.potx) or show (.ppsx), read from its file, which is never written to.

    Raises
    ------
    InputError
        If there is no such file, it is no presentation, it holds macros, or it unpacks to more than 500 MB.
    """
    if not path.is_file():
        raise InputError(f"There is no template {path.name}; give the path of a .pptx file.")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"The template {path.name} cannot be read ({error.strerror}); give another.") from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if sum(entry.file_size for entry in entries) > _UNPACKED_MB * 1_000_000:
                raise InputError(f"The template {path.name} unpacks to more than {_UNPACKED_MB} MB; give one without its pictures.")
            if any("vbaProject" in entry.filename for entry in entries) or b"macroEnabled" in package.read("[Content_Types].xml"):
                raise InputError(f"The template {path.name} holds macros; save it as a .pptx, which has none, and give that.")
        deck = Presentation(io.BytesIO(_as_presentation(data)))
        layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
        _check([*layouts, *(slide.slide_layout for slide in deck.slides)])
    except (zipfile.BadZipFile, PythonPptxError, SyntaxError, KeyError, ValueError, AttributeError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"The template {path.name} is no PowerPoint presentation; open it there and save it as a .pptx.") from error
    if not layouts or not deck.slide_width or not deck.slide_height:
        raise InputError(f"The template {path.name} has no slide layout; give one that has.")
    return deck


def stand_of(deck: Any) -> Stand:
    """Return where a map goes: the layout named "Map", else the plainest with room for a picture or any content, else one with a title."""
    layouts = [layout for master in deck.slide_masters for layout in master.slide_layouts]
    layout = min(layouts, key=lambda one: (one.name.strip().lower() != "map", *_unfit(one)))
    wide, high = deck.slide_width / _EMU, deck.slide_height / _EMU
    titles = [holder for holder in layout.placeholders if holder.placeholder_format.type in _TITLES]
    kind = ("ctrTitle" if titles[0].placeholder_format.type == KIND.CENTER_TITLE else "title") if titles else ""
    rooms = sorted((_box(holder) for holder in _rooms(layout)), key=lambda box: -box.width * box.height)
    if rooms and rooms[0].width > 0 and rooms[0].height > 0:
        return Stand(layout=layout, area=rooms[0], title=kind)
    margin = _MARGIN * min(wide, high)
    under = [_box(holder) for holder in titles]
    top = max((box.y + box.height for box in under if box.y + box.height < high / 2), default=margin)
    feet = [_box(holder).y for holder in layout.placeholders if holder.placeholder_format.type in _MARGINALIA]
    bottom = min((y for y in feet if y > high / 2), default=high - margin)
    return Stand(layout=layout, area=Box(x=margin, y=top, width=wide - 2 * margin, height=bottom - top), title=kind)


def _as_presentation(data: bytes) -> bytes:
    """The octets of a template or a show as those of the presentation that it would open as; its file stays what it is."""
    with zipfile.ZipFile(io.BytesIO(data)) as read:
        types = read.read("[Content_Types].xml")
        if not _OTHER_KINDS.search(types):
            return data
        made, mended = io.BytesIO(), _OTHER_KINDS.sub(b"presentationml.presentation.main+xml", types)
        with zipfile.ZipFile(made, "w") as written:
            for entry in read.infolist():
                written.writestr(entry.filename, mended if entry.filename == "[Content_Types].xml" else read.read(entry))
    return made.getvalue()


def _check(layouts: Iterable[Any]) -> None:
    """Follow what a slide will need, so that a damaged file is found before anything is made of it."""
    for layout in layouts:
        for holder in (*layout.placeholders, *layout.slide_master.placeholders):
            _box(holder)


def _rooms(layout: Any) -> list[Any]:
    return [holder for holder in layout.placeholders if holder.placeholder_format.type in _ROOMS]


def _unfit(layout: Any) -> tuple[bool, bool, int, float]:
    """What counts against a layout, the gravest first."""
    kinds = [holder.placeholder_format.type for holder in layout.placeholders]
    others = sum(kind not in (*_TITLES, *_MARGINALIA) for kind in kinds)
    rooms = [_box(holder) for holder in _rooms(layout)]
    largest = max((box.width * box.height for box in rooms), default=0.0)
    return not any(kind in _TITLES for kind in kinds), not largest, others, -largest


def _box(holder: Any) -> Box:
    """The place of a placeholder in points; one that neither it nor its master places has none."""
    return Box(**{key: (getattr(holder, side) or 0) / _EMU for key, side in zip(("x", "y", "width", "height"), _SIDES, strict=True)})


_SIDES = ("left", "top", "width", "height")
