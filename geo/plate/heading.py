"""What stands above a map: its title, and a line that says of when it is, who says so and whose borders it shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo.lettering import is_rtl
from geo.plate.items import Area, Box, Fill, Item, Line, Stroke, Words
from geo.plate.small_print import day_words
from geo.plate.swatches import rectangle
from geo.plate.typography import Type
from geo.plate.wrapping import clean, wrap

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.situation import Situation

__all__ = ["Heading", "draw_heading", "heading_of"]

INK, QUIET, BAND, PAPER = "#1d1b18", "#5b554d", "#33475b", "#ffffff"
RULE = "#1d1b18"
MOST_LINES = {"social": 3}  # of a title; two elsewhere
SMALLEST = 0.72  # of a title's size: a long one is set smaller before it is cut
MOST_PUBLISHERS = 3

_LEADS = {
    "locator": "Where the places are that the report names",
    "control": "Who is said to hold, claim or contest what",
    "dots": "Settlements, in the colour of who is said to hold them",
    "humanitarian": "Areas and incidents reported",
    "military": "Reported positions and movements",
}
_SHORT_VIEWS = {"de_facto": "borders: de facto view", "de_jure": "borders: de jure view", "neutral": "borders: neutral view"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Title and subtitle in lines.

    Attributes
    ----------
    title, subtitle
        Their lines.
    title_size, subtitle_size
        Of their letters, in points.
    height
        Of the whole head from the page's upper edge, in points.
    band
        Whether it stands on a band of colour.
    kicker
        A short line over the title, or empty.
    """

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    title_size: float
    subtitle_size: float
    height: float
    band: bool = False
    kicker: str = ""


def heading_of(situation: Situation, choices: Choices, letters: Type, page: Box) -> Heading:
    """Break title and subtitle to the page: a long title is set smaller, and what is still too long ends in an ellipsis."""
    across = page.width - 2 * letters.margin
    most = MOST_LINES.get(choices.size, 2)
    title = clean(situation.title) or "Untitled map"
    size = letters.title
    face = _face(choices)
    while size > SMALLEST * letters.title:
        count = len(wrap(title, across, size, face=face, weight=600))
        if count <= (1 if size > 0.88 * letters.title else most):
            break
        size -= 0.04 * letters.title
    lines = wrap(title, across, size, face=face, weight=600, lines=most, balanced=True)
    below = wrap(_subtitle(situation, choices), across, letters.subtitle, lines=2 if choices.size != "social" else 3)
    kicker = _group(situation) if choices.preset == "military" else ""
    over = letters.small * 1.5 if kicker else 0.0
    band = choices.preset == "humanitarian"
    top = letters.margin * (0.62 if band else 0.8)
    height = top + over + len(lines) * size * 1.14 + letters.subtitle * 0.3 + len(below) * letters.subtitle * 1.24 + (letters.margin * 0.3)
    return Heading(
        title=lines, subtitle=below, title_size=size, subtitle_size=letters.subtitle, height=height, band=band, kicker=kicker,
    )


def draw_heading(heading: Heading, choices: Choices, letters: Type, page: Box) -> Iterator[Item]:
    """Yield the items of a head."""
    ink, quiet = (PAPER, "#dfe6ec") if heading.band else (INK, QUIET)
    if heading.band:
        yield Area(role="title", name="Band", polygons=((rectangle(Box(x=0.0, y=0.0, width=page.width, height=heading.height)),),),
                   fill=Fill(colour=BAND))
    y = letters.margin * (0.62 if heading.band else 0.8)
    if heading.kicker:
        y += letters.small
        yield Words(role="subtitle", name="Over the title", x=letters.margin, y=y, lines=(heading.kicker,), size=letters.small, weight=600,
                    colour=quiet, spacing=letters.small * 0.08)
        y += letters.small * 0.5
    rtl = is_rtl(heading.title[0])
    x, align = (page.width - letters.margin, "right") if rtl else (letters.margin, "left")
    size = heading.title_size
    yield Words(role="title", name="Title", x=x, y=y + size * 0.86, lines=heading.title, size=size, face=_face(choices), weight=600,
                colour=ink, leading=size * 1.14, align=align, rtl=rtl)
    y += len(heading.title) * size * 1.14 + heading.subtitle_size * 1.2
    if heading.subtitle:
        yield Words(role="subtitle", name="Subtitle", x=letters.margin, y=y, lines=heading.subtitle, size=heading.subtitle_size,
                    colour=quiet, leading=heading.subtitle_size * 1.24)
    if not heading.band:
        y, short = letters.margin * 0.55, heading.title_size * 2.2
        yield Line(role="title", name="Rule", paths=(np.array([[letters.margin, y], [letters.margin + short, y]]),),
                   strokes=(Stroke(colour=RULE, width=letters.title * 0.11),))


def _face(choices: Choices) -> str:
    return "sans" if choices.preset in ("humanitarian", "military") else "serif"


def _subtitle(situation: Situation, choices: Choices) -> str:
    day = f", as of {day_words(situation.as_of)}" if situation.as_of else ", undated"
    names = list(dict.fromkeys(clean(document.source) for document in situation.documents if document.source))
    more = f" and {len(names) - MOST_PUBLISHERS} more" if len(names) > MOST_PUBLISHERS else ""
    by = f"{', '.join(names[:MOST_PUBLISHERS])}{more}" if names else ""
    lead = _LEADS.get(choices.preset, "What the report says")
    if len(situation.documents) > 1:
        lead = lead.replace("the report names", "the reports name")
    view = _SHORT_VIEWS.get(situation.view, f"borders: {situation.view}")
    return "\u00a0· ".join(filter(None, (f"{lead}{_held_together(day)}", by, _held_together(view))))


def _held_together(words: str) -> str:
    """Words that stay on one line."""
    return words.replace(" ", "\u00a0").replace(",\u00a0", ", ", 1)


def _group(situation: Situation) -> str:
    """The day as a date-time group has it, without an hour, for reports give a day; and what the grid is. No classification is claimed."""
    day = f"AS OF {situation.as_of:%d%b%y}".upper() if situation.as_of else "UNDATED"
    return f"{day} · GRID: MGRS, WGS 84 · FROM OPEN REPORTS"
