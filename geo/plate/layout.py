"""Where on the page the map stands, and where its title, legend and small print: the plan that is made before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely

from geo import symbology
from geo.plate.heading import Heading, heading_of
from geo.plate.items import Box
from geo.plate.legend import columns_of, entries_of, legend_of, narrow
from geo.plate.small_print import Paragraph, paragraphs, sources_of
from geo.plate.typography import Type, type_of
from geo.plate.view import ROOM
from geo.plate.wrapping import wrap

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.layers import Layer, LegendEntry
    from geo.plate.legend import Legend
    from geo.situation import Situation

__all__ = ["Layout", "SetText", "foot_columns", "layout", "set_text"]

WIDE = ("slide", "a4", "a3")  # pages with room for a column beside the map
SIDE = 0.225  # of such a page's width
MOST_FOOT = 0.135, 0.16  # of the page's height, and of a square one's; what is more is cut, and says so
MOST_LEGEND = 0.4, 0.7  # of the map's width and height that a legend on it may take
MOST_STRIP = 0.22, 0.13  # of the page's height, and of a square one's, for a legend below the map; its letters shrink until it fits
WIDEST_LEGEND = 17.0  # of a legend on the map, in its letters
HIDDEN = 0.12  # of a corner that a legend may cover of what the map shows; above, it stands beside or below the map


@dataclass(frozen=True, slots=True, kw_only=True)
class SetText:
    """Paragraphs broken to a column: (heading, lines, role) each; `height` in points."""

    pieces: tuple[tuple[str, tuple[str, ...], str], ...]
    size: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The plan of a page.

    Attributes
    ----------
    page, frame, head, foot
        Boxes in points: the page, the map's window, title and subtitle above it, the small print below.
    side
        The column beside the map, if there is one.
    strip
        The band below the map for the legend, if there is one.
    size
        Of data/symbology.json: "article", "slide" ...
    unit
        How many times as large as on an article's page things are drawn.
    letters
        The sizes of letters.
    heading
        Title and subtitle, broken to the head's width.
    beside
        Whether sources and limits stand beside the map, under the legend, and not below it.
    """

    page: Box
    frame: Box
    head: Box
    foot: Box
    side: Box | None
    strip: Box | None
    size: str
    unit: float
    letters: Type
    heading: Heading
    beside: bool = False


def layout(situation: Situation, layers: Sequence[Layer], choices: Choices, bounds: Sequence[float] | None = None) -> Layout:
    """Plan a page.

    Parameters
    ----------
    situation, layers, choices
        What some reports say, the layers that the preset draws, and how the user wants the map.
    bounds
        West, south, east and north (degrees) of what the map will show; decides whether a legend would hide marks.
    """
    asked = symbology.size(choices.size)
    page = Box(x=0.0, y=0.0, width=float(asked["width"]), height=float(asked["height"]))
    letters = type_of(choices.size)
    heading = heading_of(situation, choices, letters, page)
    margin, gap = letters.margin, letters.margin * 0.5
    entries = entries_of(layers) if symbology.preset(choices.preset)["legend"] else ()
    within = Box(x=margin, y=heading.height + gap * 0.6, width=page.width - 2 * margin, height=0.0)
    place = _legend_place(entries, layers, letters, within, page, choices.size, bounds)
    side = page.width * SIDE if place == "side" else 0.0
    told = paragraphs(situation, layers, choices, sources=sources_of(situation), outside=_outside(layers, within, page, bounds))
    beside = side > 0 and _fit_beside(told, entries, letters, side, page.height - within.y - letters.margin * 2.5)
    low = _foot_height(told[-2:] if beside else told, choices, letters, page)
    foot = Box(x=margin, y=page.height - margin * 0.6 - low, width=page.width - 2 * margin, height=low)
    strip = None
    bottom = foot.y - gap * 0.6
    if place == "strip":
        band = columns_of(entries, letters, width=within.width, tall=MOST_STRIP[choices.size == "social"] * page.height)
        strip = Box(x=margin, y=bottom - band.height, width=within.width, height=band.height)
        bottom = strip.y - gap * 0.7
    wide = within.width - (side + gap if side else 0.0)
    frame = Box(x=margin, y=within.y, width=wide, height=bottom - within.y)
    column = Box(x=frame.x + wide + gap, y=frame.y, width=side, height=frame.height) if side else None
    head = Box(x=0.0, y=0.0, width=page.width, height=heading.height)
    return Layout(
        page=page, frame=frame, head=head, foot=foot, side=column, strip=strip, size=choices.size, unit=letters.place / 10.0,
        letters=letters, heading=heading, beside=beside,
    )


def set_text(told: Sequence[Paragraph], letters: Type, *, across: float, tall: float, size: float = 0.0) -> SetText:
    """Break paragraphs to a column of a height; where they do not fit, the longest of the least weight is cut, and ends in an ellipsis."""
    size = size or letters.small
    allowed = [0] * len(told)  # lines of each paragraph; 0 is all
    while True:
        pieces = tuple(
            (paragraph.heading, wrap(f"{paragraph.heading}: {paragraph.text}", across, size, lines=allowed[number]), paragraph.role)
            for number, paragraph in enumerate(told)
        )
        height = sum(len(lines) for _, lines, _ in pieces) * size * letters.lead + max(len(pieces) - 1, 0) * size * 0.3
        longer = [number for number, (_, lines, _) in enumerate(pieces) if len(lines) > 1]
        if height <= tall + 0.01 or not longer:
            return SetText(pieces=pieces, size=size, height=height)
        number = min(longer, key=lambda number: (told[number].weight, -len(pieces[number][1])))
        allowed[number] = len(pieces[number][1]) - 1


def foot_columns(told: Sequence[Paragraph], size: str) -> tuple[tuple[Paragraph, ...], ...]:
    """Return the small print below a map in its columns: two on all but the square page."""
    if size == "social" or len(told) < 2:
        return (tuple(told),)
    half = (len(told) + 1) // 2
    return tuple(told[:half]), tuple(told[half:])


def _outside(layers: Sequence[Layer], within: Box, page: Box, bounds: Sequence[float] | None) -> tuple[str, ...]:
    """About what the map will not show, so that the line that says so has its room."""
    if bounds is None:
        return ()
    window = shapely.box(*_as_wide_as(bounds, (within.width, page.height * 0.7)))
    rows = (row for one in layers for row in one.rows if not row.quiet)
    return tuple(row.label or row.title for row in rows if not row.geometry.intersects(window))


def _fit_beside(told: Sequence[Paragraph], entries: Sequence[LegendEntry], letters: Type, across: float, tall: float) -> bool:
    """Whether sources and limits find room whole under the legend beside the map."""
    legend = legend_of(entries, letters, across=across)
    return legend.height + letters.legend * 2 + set_text(told[:-2], letters, across=across, tall=math.inf).height <= tall


def _foot_height(kept: Sequence[Paragraph], choices: Choices, letters: Type, page: Box) -> float:
    most = MOST_FOOT[choices.size == "social"] * page.height
    columns = foot_columns(kept, choices.size)
    across = (page.width - 2 * letters.margin - (len(columns) - 1) * letters.margin) / len(columns)
    return max(set_text(column, letters, across=across, tall=most).height for column in columns)


def _legend_place(
    entries: Sequence[LegendEntry], layers: Sequence[Layer], letters: Type, within: Box, page: Box, size: str,
    bounds: Sequence[float] | None,
) -> str:
    """Where the legend stands: on the map if it is small and a corner is empty, else beside it, or below it where the page is narrow."""
    if not entries:
        return "none"
    tall = page.height - within.y - letters.margin - 0.1 * page.height
    legend = narrow(entries, letters, most=letters.legend * WIDEST_LEGEND)
    fits = legend.width <= MOST_LEGEND[0] * within.width and legend.height <= MOST_LEGEND[1] * tall
    if fits and _has_quiet_corner(legend, layers, (within.width, tall), bounds):
        return "map"
    return "side" if size in WIDE else "strip"


def _has_quiet_corner(legend: Legend, layers: Sequence[Layer], room: tuple[float, float], bounds: Sequence[float] | None) -> bool:
    if bounds is None:
        return True
    west, south, east, north = _as_wide_as(bounds, room)
    wide, high = (east - west) * legend.width / room[0], (north - south) * legend.height / room[1]
    corners = [shapely.box(x, y, x + wide, y + high) for x in (west, east - wide) for y in (south, north - high)]
    shapes = [row.geometry for layer in layers for row in layer.rows if not row.quiet and layer.key != "reference"]
    return any(all(_hidden(corner, shape) <= HIDDEN for shape in shapes) for corner in corners)


def _as_wide_as(bounds: Sequence[float], room: tuple[float, float]) -> tuple[float, float, float, float]:
    """Some bounds widened to the proportions of the map, with the room that it leaves round what it shows."""
    west, south, east, north = bounds
    shrunk = max(math.cos(math.radians((south + north) / 2)), 0.2)
    degrees = max((east - west) * shrunk / room[0], (north - south) / room[1]) / (1 - 2 * ROOM)
    across, up, x, y = degrees * room[0] / shrunk / 2, degrees * room[1] / 2, (west + east) / 2, (south + north) / 2
    return x - across, y - up, x + across, y + up


def _hidden(corner: shapely.Polygon, shape: shapely.geometry.base.BaseGeometry) -> float:
    """The share of a corner that a shape fills; any line or point in it fills it."""
    if not shape.intersects(corner):
        return 0.0
    if "Polygon" not in shape.geom_type:
        return 1.0
    return float(shapely.area(shapely.intersection(shapely.make_valid(shape), corner)) / corner.area)
