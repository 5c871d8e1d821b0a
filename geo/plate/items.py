"""What a plate is made of: areas, lines, signs, words and pictures at their place on a page.

Lengths are points (1/72 inch); x runs right and y runs down from the upper left corner of the page. Everything is cut to the map's
frame and thinned already; a renderer draws the items in their order and decides nothing. Text is plain text as the report has it:
each writer escapes it in its own format.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

__all__ = ["Area", "Box", "Fill", "Item", "Line", "Note", "Picture", "Plate", "Ring", "Sign", "Stroke", "Words"]

Ring = NDArray[np.float64]
"""Points (n, 2) on the page; the ring of an area is not closed by repeating its first point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle on the page, its upper left corner first."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """What fills an area: a colour (#rrggbb) at some opacity, and over it a pattern of the same colour.

    `pattern` is "solid", "hatch", "cross", "dots", "stipple", "dashes" or "none"; `angle` is in degrees clockwise from upright lines, `gap`
    the distance of its lines or dots and `line` their width, in points.
    """

    colour: str
    opacity: float = 1.0
    pattern: str = "solid"
    angle: float = 45.0
    gap: float = 6.0
    line: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line's colour (#rrggbb), width in points, opacity, and dashes (on, off, ...) in points."""

    colour: str
    width: float
    opacity: float = 1.0
    dash: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What all items have.

    Attributes
    ----------
    role
        What it is: "sea", "land", "lake", "river", "border", "relief", "graticule", "zone", "front", "road", "arrow", "siege", "ring",
        "place", "event", "label", "shield", "town", "title", "subtitle", "legend", "scale", "inset", "source", "note" or "frame".
    name
        Its name for a list of shapes, such as "Reported control: Russia, Kherson"; empty for the ground.
    note
        The key of its `Note` in the plate, empty where it stands for nothing that a report says.
    layer
        The layer of `geo.layers` that it belongs to, or empty.
    """

    role: str
    name: str = ""
    note: str = ""
    layer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area(Item):
    """Polygons as one shape: each an outer ring and its holes; `soft` is the width over which its edge fades inwards, in points."""

    polygons: tuple[tuple[Ring, ...], ...]
    fill: Fill | None = None
    stroke: Stroke | None = None
    soft: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(Item):
    """Lines as one shape, drawn with each stroke in turn (the casing first); `head` is the length of an arrow's head at their end."""

    paths: tuple[Ring, ...]
    strokes: tuple[Stroke, ...]
    head: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Item):
    """A symbol centred on a point: shapes as in `Area`, in points from that centre, each with its paint, drawn in order."""

    x: float
    y: float
    size: float
    shapes: tuple[Area | Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words(Item):
    """Lines of text in one manner.

    (x, y) is the left, middle or right end (`align`) of the first line's baseline; further lines follow `leading` points below each
    other. `face` is "sans" or "serif"; `weight` 400, 600 or 700; `angle` in degrees clockwise; `rtl` says that the text runs from the right
    (an `align` stays what it says). The halo is drawn behind the letters.
    """

    x: float
    y: float
    lines: tuple[str, ...]
    size: float
    face: str = "sans"
    weight: int = 400
    italic: bool = False
    colour: str = "#1d1b18"
    halo: str = ""
    halo_width: float = 0.0
    align: str = "left"
    leading: float = 0.0
    spacing: float = 0.0
    angle: float = 0.0
    rtl: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture(Item):
    """A raster: RGBA octets (rows, columns, 4) that fill a box."""

    box: Box
    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What stands behind a mark: its title, status, the sentences with their numbered sources, and a sentence for who cannot see it.

    `sources` are numbers from 1 into the plate's list; `link` is an address of the first source, where it has one, else empty.
    """

    title: str
    status: str
    alt: str
    quotes: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()
    confidence: float = 0.0
    limits: tuple[str, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plate:
    """A laid-out page.

    Attributes
    ----------
    width, height
        Of the page in points.
    dpi
        Pixels to the inch of a picture of it, unless the user chooses.
    frame
        The window through which the map is seen.
    bounds
        West, south, east, north of what the window shows, in degrees.
    paper
        The colour of the page (#rrggbb).
    items
        In drawing order: ground, marks, labels, furniture.
    notes
        What stands behind the marks, by key.
    sources
        "title, publisher, date" of each numbered source.
    title, alt
        The map's title, and the map told in a few sentences.
    legend_box
        Where the legend stands, if there is one.
    """

    width: float
    height: float
    dpi: int
    frame: Box
    bounds: tuple[float, float, float, float]
    paper: str
    items: tuple[Item, ...]
    title: str
    alt: str
    sources: tuple[str, ...] = ()
    notes: Mapping[str, Note] = field(default_factory=lambda: MappingProxyType({}))
    legend_box: Box | None = None
