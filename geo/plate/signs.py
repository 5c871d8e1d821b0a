"""Signs centred on a point: dots of towns, discs of small areas, icons of the style sheet."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import symbology
from geo.plate import paint
from geo.plate.items import Area, Fill, Line, Ring, Sign, Stroke
from geo.plate.svg_path import rings

__all__ = ["INK", "RIM", "circle", "disc", "dot", "icon", "leader", "repeated"]

INK, RIM = "#1d1b18", "#fffdf8"  # of a town's dot, and of the light edge that lifts a sign off the ground
_GRID = 24.0  # of the icons
_CORNERS = 28
_RIM_SHARE, _HOLLOW_SHARE = 2.6 / _GRID, 1.7 / _GRID


def circle(radius: float, *, corners: int = _CORNERS) -> Ring:
    """Return a circle of a radius about (0, 0)."""
    angles = np.arange(corners) * 2 * math.pi / corners
    return np.round(np.column_stack([np.cos(angles), np.sin(angles)]) * radius, 3) + 0.0


def dot(x: float, y: float, /, *, radius: float, colour: str = INK, face: str = "full", **item: Any) -> Sign:
    """Return the dot of a town, with a light rim.

    `face` is "full"; "hollow" where nothing is sure of it; "target", a dot in a ring, for what a party claims; "cross" for what is fought
    for: told apart without colour.

    Examples
    --------
    >>> dot(3, 4, radius=2.5, role="place").size
    5.0
    """
    corners = 10 if radius < 2.4 else 14 if radius < 4 else _CORNERS
    ring, edge, dark = circle(radius, corners=corners), 0.4 * radius, paint.edge(colour)
    if face == "full":
        rim = Stroke(colour=RIM, width=0.32 * radius) if dark == colour else Stroke(colour=dark, width=0.25 * radius)
        shapes: tuple[Area | Line, ...] = (_area(ring, colour, rim),)
    else:
        colour = dark
        shapes = (_area(ring, RIM, Stroke(colour=colour, width=edge)),)
    if face == "target":
        shapes += (_area(circle(radius * 0.42, corners=corners), colour, None),)
    if face == "cross":
        reach = radius * 0.6
        paths = (np.array([[-reach, -reach], [reach, reach]]), np.array([[-reach, reach], [reach, -reach]]))
        shapes += (Line(role="place", paths=paths, strokes=(Stroke(colour=colour, width=edge * 0.8),)),)
    return Sign(x=x, y=y, size=2 * radius, shapes=shapes, **item)


def disc(x: float, y: float, /, *, radius: float, fill: Fill | None, stroke: Stroke | None, **item: Any) -> Sign:
    """Return what stands for an area that would be a speck: a disc with its fill and outline on a light ground."""
    ring = circle(radius)
    ground = Area(role="zone", polygons=((circle(radius * 1.12),),), fill=Fill(colour=RIM, opacity=0.85))
    return Sign(x=x, y=y, size=2 * radius, shapes=(ground, Area(role="zone", polygons=((ring,),), fill=fill, stroke=stroke)), **item)


def icon(name: str, x: float, y: float, /, *, size: float, colour: str, hollow: bool = False, **item: Any) -> Sign:
    """Return an icon of the style sheet; hollow where what it stands for is said and has not come about."""
    drawn: dict[str, str] = symbology.style()["icons"]
    polygons = tuple(tuple(ring * size for ring in polygon) for polygon in _polygons(drawn.get(name, drawn["event"])))
    rim = Area(role="event", polygons=polygons, fill=Fill(colour=RIM), stroke=Stroke(colour=RIM, width=_RIM_SHARE * size))
    colour = paint.edge(colour)
    edge = Stroke(colour=colour, width=_HOLLOW_SHARE * size) if hollow else None
    shape = Area(role="event", polygons=polygons, fill=Fill(colour=RIM if hollow else colour), stroke=edge)
    return Sign(x=x, y=y, size=size, shapes=(rim, shape), **item)


def _area(ring: Ring, colour: str, stroke: Stroke | None) -> Area:
    return Area(role="place", polygons=((ring,),), fill=Fill(colour=colour), stroke=stroke)


@functools.cache
def _polygons(data: str) -> tuple[tuple[Ring, ...], ...]:
    """An icon's polygons about (0, 0), one unit wide, each with the rings inside it as holes."""
    found = [shapely.Polygon((ring - _GRID / 2) / _GRID) for ring in rings(data)]
    inner = {number: next((other for other, outer in enumerate(found) if other != number and outer.contains(ring)), None)
             for number, ring in enumerate(found)}
    nested = ([outer, *(number for number in inner if inner[number] == outer)] for outer in inner if inner[outer] is None)
    return tuple(tuple(shapely.get_coordinates(found[number].exterior)[:-1] for number in numbers) for numbers in nested)


def repeated(sign: Sign, offsets: Sequence[NDArray[np.float64]]) -> Sign:
    """Return a sign whose shapes stand once more at each offset (dx, dy) from its centre."""
    more: list[Area | Line] = []
    for by in offsets:
        for shape in sign.shapes:
            if isinstance(shape, Area):
                more.append(replace(shape, polygons=tuple(tuple(ring + by for ring in polygon) for polygon in shape.polygons)))
            else:
                more.append(replace(shape, paths=tuple(path + by for path in shape.paths)))
    return replace(sign, shapes=(*sign.shapes, *more))


def leader(dx: float, dy: float, *, width: float, colour: str = INK) -> Line:
    """Return the thin line from a sign that had to move aside to where it belongs, (dx, dy) from its centre."""
    return Line(role="leader", paths=(np.array([[dx, dy], [0.0, 0.0]]),), strokes=(Stroke(colour=RIM, width=width * 2.6, opacity=0.8),
                                                                                Stroke(colour=colour, width=width)))
