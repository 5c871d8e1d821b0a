"""The features of the layers as marks on the page: areas, lines, discs, dots and icons, each with the words behind it.

Nothing is drawn that is not in the layers. A feature is one area or one line, with one sign where it has an icon.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import symbology
from geo.plate import paint, shapes, signs
from geo.plate.app6_lines import axis_of_advance
from geo.plate.items import Area, Box, Fill, Item, Line, Sign, Stroke
from geo.plate.military import WIDER, Symbols
from geo.plate.placing import spread
from geo.plate.scene import Mark
from geo.plate.view import THIN, View

if TYPE_CHECKING:
    from geo.layers import Layer

__all__ = ["PLANES", "Look", "marks", "plane_of"]

DOT, DISC, ICON, PAST_ICON = 2.6, 5.2, 13.5, 10.5  # radius of dots and discs, width of icons, in points on an article's page
AXIS = 8.0  # points: width of an axis of advance
SPECK = 11.0  # points: an area narrower than this is drawn as a disc
CASING, ROAD, FRONT = 1.3, 2.8, 2.4  # points: the light edge on each side of a line, a road, a front line
VAGUE_EVENT = 0.09  # opacity of the ground somewhere on which something is said to have happened
WIDE_SHARE = 0.04  # of the frame
WIDE_KM2 = 4_000  # vague areas above this fade over twice the width

_SAME_SPOT = 2.0  # points

PLANES = ("area", "line", "front", "course", "spot", "sign")
"""What lies over what, from below, whatever the layer."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a map is drawn: its view and preset, how many times as large as on an article's page things are, and military symbols if any."""

    view: View
    preset: Mapping[str, Any]
    unit: float
    symbols: Symbols | None = None

    def colour(self, row: Any, layer: str) -> str:
        """Return the colour of a feature: ink for places; the party's own for signs and lines; for areas, muted as the preset has it."""
        if layer == "places":
            return signs.INK
        return paint.muted(row.colour, self.preset) if "Polygon" in row.geometry.geom_type and not row.icon else str(row.colour)


def marks(drawn: Iterable[Layer], look: Look) -> tuple[tuple[Mark, ...], tuple[Any, ...]]:
    """Return the marks inside the frame in drawing order, and the rows of what lies outside it.

    Parameters
    ----------
    drawn
        Layers in EPSG:4326, in drawing order.
    look
        How the map is drawn.
    """
    found: list[Mark] = []
    outside: list[Any] = []
    for layer in drawn:
        for row in layer.rows:
            if row.quiet or row.geometry is None:
                continue
            placed = look.view.to_page(row.geometry, thin=THIN * look.unit)
            made = None if placed.is_empty else _mark(row, layer, placed, look)
            if made is None:
                outside.append(row)
            else:
                found.append(made)
    order = {layer: number for number, layer in enumerate(symbology.LAYER_KEYS)}
    found.sort(key=lambda mark: (order[mark.layer], -mark.shape.area if mark.kind == "area" else 0.0))
    return spread(_once(found), look.view.frame, look.unit), tuple(outside)


def plane_of(item: Item) -> int:
    """Return on which of the planes an item lies."""
    if isinstance(item, Sign):
        return PLANES.index("sign" if item.role in ("event", "base") else "spot")
    if isinstance(item, Line):
        return PLANES.index({"front": "front", "arrow": "course", "siege": "course"}.get(item.role, "line"))
    return PLANES.index("spot" if item.role == "ring" else "area")


def _mark(row: Any, layer: Layer, placed: BaseGeometry, look: Look) -> Mark | None:
    key = f"{layer.key}:{row.id}"
    name = f"{layer.title}: {', '.join(dict.fromkeys(filter(None, (row.actor_name, row.title))))}"
    told: dict[str, Any] = {"name": name, "note": key, "layer": layer.key}
    areas, lines = shapes.areas(placed), shapes.lines(placed)
    blank = Mark(
        key=key, row=row, layer=layer.key, kind="point", label=row.label, colour=look.colour(row, layer.key), anchor=(0.0, 0.0), radius=0.0,
        shape=placed,
    )
    if areas:
        return _area(blank, shapely.MultiPolygon(_with_lines(areas, lines, look.unit)), look, told)
    if lines:
        return _line(blank, shapely.MultiLineString(lines), look, told)
    inside = [xy for xy in shapely.get_coordinates(placed) if _clear(xy, look)]  # a dot that the frame would cut is beyond it
    return _spots(blank, np.array(inside), look, told) if inside else None


def _clear(xy: NDArray[np.float64], look: Look) -> bool:
    box, edge = look.view.frame, 1.4 * DOT * look.unit
    return bool(box.x + edge <= xy[0] <= box.x + box.width - edge and box.y + edge <= xy[1] <= box.y + box.height - edge)


def _with_lines(areas: list[BaseGeometry], lines: list[BaseGeometry], unit: float) -> list[BaseGeometry]:
    """Areas, and lines as wide as a road, as areas: a feature is one shape."""
    roads = [shapely.buffer(line, ROAD * unit / 2, cap_style="flat") for line in lines]
    return shapes.areas(shapely.union_all([*areas, *roads])) if roads else areas


def _spots(mark: Mark, points: NDArray[np.float64], look: Look, told: Mapping[str, Any]) -> Mark:
    """A sign at a point; of several points, one sign whose shapes stand at each."""
    made = _spot(replace(mark, anchor=_xy(points[0])), look, told)
    more = [xy - points[0] for xy in points[1:]]
    if not more:
        return made
    items = tuple(signs.repeated(item, more) if isinstance(item, Sign) else item for item in made.items)
    boxes = tuple(_box(float(x), float(y), made.radius) for x, y in points)
    return replace(made, items=items, boxes=boxes)


def _area(mark: Mark, shape: BaseGeometry, look: Look, told: Mapping[str, Any]) -> Mark:
    row, unit = mark.row, look.unit
    west, north, east, south = shape.bounds
    anchor = _inmost(shape)
    if max(east - west, south - north) < SPECK * unit:
        if row.icon:
            return _spot(replace(mark, anchor=anchor, shape=shape), look, told)
        return _disc(replace(mark, anchor=anchor), look, told)
    area = _zone(replace(mark, shape=shape), look, told)
    made = replace(mark, kind="area", shape=shape, anchor=anchor, items=(area,))
    if not row.icon:
        return made
    sign = _icon(made, look, told)
    return replace(made, radius=sign.size / 2, boxes=(_around(sign),), items=(area, sign))


def _zone(mark: Mark, look: Look, told: Mapping[str, Any]) -> Area:
    """One area in its layer's fill and outline; what is vague fades and has no outline."""
    row, shape, unit = mark.row, mark.shape, look.unit
    fill, stroke = paint.fill(mark.layer, mark.colour, unit), paint.stroke(mark.layer, mark.colour, unit)
    soft = 0.0
    if row.predicate == "water":
        fill, stroke = None, Stroke(colour=look.preset["base"]["river"], width=1.4 * unit)
    elif mark.layer == "reference" and shape.area > WIDE_SHARE * look.view.frame.width * look.view.frame.height:
        fill, stroke = None, paint.stroke("reference", mark.colour, 0.7 * unit)  # a wide tint would read as a haze of the ground
    elif row.vague:
        if fill is None and mark.layer == "events":  # "somewhere there": a grey tint, for a party's would read as its control
            fill, stroke = Fill(colour=symbology.style()["neutral"], opacity=VAGUE_EVENT), None
        stroke = stroke if stroke is not None and stroke.dash and mark.layer != "reference" else None
        soft = min(paint.SOFT * unit * (2 if row.km2 > WIDE_KM2 else 1), 0.2 * math.sqrt(shape.area))
    if look.preset["zones"] == "dots":
        fill, soft = None, 0.0
    if fill is not None and look.preset.get("fill", 1.0) != 1.0:
        fill = replace(fill, opacity=fill.opacity * float(look.preset["fill"]))
    if stroke is not None and symbology.layer_style(mark.layer)["grey"]:
        stroke = None if row.predicate == "phrase" and fill is not None else replace(stroke, opacity=0.55)
    if symbology.layer_style(mark.layer)["pattern"] == "inline" and stroke is not None:
        inner = shapely.buffer(shape, -stroke.width / 2)
        shape = inner if not inner.is_empty else shape
    return Area(role="zone", polygons=shapes.polygons(shape), fill=fill, stroke=stroke, soft=round(soft, 2), **told)


def _line(mark: Mark, shape: BaseGeometry, look: Look, told: Mapping[str, Any]) -> Mark:
    row, unit = mark.row, look.unit
    role, strokes, head = _strokes(mark, look)
    paths = shapes.paths(shape)
    if look.symbols is not None and getattr(row, "course", "") == "arrow":
        paths, head = tuple(axis_of_advance(path, width=AXIS * unit) for path in paths), 0.0
    line = Line(role=role, paths=paths, strokes=strokes, head=head * unit, **told)
    longest = max(shapely.get_parts(shape), key=lambda part: part.length)
    anchor = _xy(shapely.get_coordinates(longest.interpolate(0.5, normalized=True))[0])
    made = replace(mark, kind="line", shape=shape, anchor=anchor, paths=paths, items=(line,))
    if not row.icon or role != "road":
        return made
    sign = _icon(made, look, told)
    return replace(made, radius=sign.size / 2, boxes=(_around(sign),), items=(line, sign))


def _strokes(mark: Mark, look: Look) -> tuple[str, tuple[Stroke, ...], float]:
    """The role, the strokes from below, and the length of an arrow's head, of a line."""
    row, unit, colour = mark.row, look.unit, paint.edge(mark.colour)
    style, course = symbology.layer_style(mark.layer), getattr(row, "course", "")

    def cased(width: float, dash: Sequence[float] = (), casing: float = CASING) -> tuple[Stroke, ...]:
        under = Stroke(colour=signs.RIM, width=(width + 2 * casing) * unit, opacity=0.9)
        return under, Stroke(colour=colour, width=width * unit, dash=tuple(step * unit for step in dash))

    if row.predicate == "front_line":
        return "front", cased(FRONT), 0.0
    if course == "siege":
        return "siege", cased(1.7, _course_dash(row.status), 0.8), 0.0
    if course:
        thin = course in ("stub", "fire")
        return "arrow", cased(1.4 if thin else 2.6, _course_dash(row.status), 0.8), paint.ARROW_HEAD * (0.75 if thin else 1.0)
    if row.predicate == "water":
        return "river", (Stroke(colour=look.preset["base"]["river"], width=1.8 * unit),), 0.0
    if style["grey"]:
        return "road", cased(1.1, (4.0, 2.4), 0.8), 0.0
    dashes = {"dashes": (7.0, 4.0), "hatch": (11.0, 2.4), "cross": (2.6, 2.6), "dots": (1.2, 3.0)}
    return "road", cased(ROAD, dashes.get(style["pattern"], ())), 0.0


def _course_dash(status: str) -> tuple[float, ...]:
    return (4.0, 2.6) if status in symbology.UNREAL or status == "agreed" else (9.0, 2.6) if status == "claimed" else ()


def _spot(mark: Mark, look: Look, told: Mapping[str, Any]) -> Mark:
    """A sign at a point, with the ring that says how precisely it is known."""
    row, unit, (x, y) = mark.row, look.unit, mark.anchor
    sign = _icon(mark, look, told) if row.icon else _dot(mark, look, told)
    around = _ring(mark, look, told)
    made = replace(mark, radius=sign.size / 2, boxes=(_around(sign),), items=(*around, sign))
    return made if row.icon else replace(made, boxes=(_box(x, y, sign.size / 2 + 0.5 * unit),))


def _ring(mark: Mark, look: Look, told: Mapping[str, Any]) -> tuple[Area, ...]:
    """The halo of precision, cut to the frame."""
    radius = float(mark.row.ring_km) / look.view.km_per_point
    if radius <= 2 * DOT * look.unit:
        return ()
    box = look.view.frame
    ring = shapely.Polygon(signs.circle(radius, corners=72) + mark.anchor)
    inside = shapely.intersection(ring, shapely.box(box.x, box.y, box.x + box.width, box.y + box.height))
    stroke = Stroke(colour="#3d3933", width=0.7 * look.unit, opacity=0.7, dash=(1.8 * look.unit, 2.4 * look.unit))
    return (Area(role="ring", polygons=shapes.polygons(inside), stroke=stroke, fill=Fill(colour="#3d3933", opacity=0.03), **told),)


def _dot(mark: Mark, look: Look, told: Mapping[str, Any]) -> Sign:
    """A town's dot; that of a settlement is as large as its people are many, and hollow where nothing is sure of it."""
    box, (x, y) = look.view.frame, mark.anchor
    edge = min(x - box.x, y - box.y, box.x + box.width - x, box.y + box.height - y)
    radius = min(float(getattr(mark.row, "radius", 0.0)) * look.unit, edge / 1.4)
    if not radius:
        return signs.dot(*mark.anchor, radius=DOT * look.unit, colour=mark.colour, role="place", **told)
    face = "hollow" if mark.row.unsure else {"claimed": "target", "contested": "cross"}.get(mark.layer, "full")
    return signs.dot(*mark.anchor, radius=radius, colour=mark.colour, face=face, role="place", **told)


def _disc(mark: Mark, look: Look, told: Mapping[str, Any]) -> Mark:
    unit, box, reach = look.unit, look.view.frame, DISC * 1.2 * look.unit
    x = min(max(mark.anchor[0], box.x + reach), box.x + box.width - reach)
    y = min(max(mark.anchor[1], box.y + reach), box.y + box.height - reach)
    mark = replace(mark, anchor=(round(x, 2), round(y, 2)))
    fill, stroke = paint.fill(mark.layer, mark.colour, unit * 0.6), paint.stroke(mark.layer, mark.colour, unit)
    if fill is not None and fill.pattern == "solid":
        fill = replace(fill, opacity=min(fill.opacity * 1.5, 1.0))
    radius = DISC * unit
    sign = signs.disc(x, y, radius=radius, fill=fill, stroke=stroke, role="zone", **told)
    return replace(mark, kind="point", radius=radius, boxes=(_box(x, y, radius + unit),), items=(sign,), shape=shapely.Point(x, y))


def _icon(mark: Mark, look: Look, told: Mapping[str, Any]) -> Sign:
    row = mark.row
    size = (PAST_ICON if mark.layer == "past" else ICON) * look.unit
    drawn = look.symbols(row, mark.colour, size) if look.symbols is not None else None
    if drawn is not None:
        return Sign(role="event", x=mark.anchor[0], y=mark.anchor[1], size=size * WIDER, shapes=drawn, **told)
    return signs.icon(row.icon, *mark.anchor, size=size, colour=mark.colour, hollow=row.status in symbology.UNREAL, role="event", **told)


def _once(found: Sequence[Mark]) -> list[Mark]:
    """Of signs alike on one spot, one, which stands for the rows of all; a claim's sign stands for the place's own."""
    kept: dict[tuple[Any, ...], Mark] = {}
    for number, mark in enumerate(found):
        alike: tuple[Any, ...] = (number,)
        if mark.kind == "point" and mark.row.icon:
            alike = (*_spot_of(mark), mark.layer, mark.row.icon, mark.colour, mark.row.status in symbology.UNREAL)
        kept[alike] = replace(kept[alike], also=(*kept[alike].also, mark.row)) if alike in kept else mark
    said = {(*_spot_of(mark), mark.row.icon): key for key, mark in kept.items() if mark.row.icon and mark.layer != "places"}
    for key, mark in list(kept.items()):
        over = said.get((*_spot_of(mark), mark.row.icon)) if mark.layer == "places" and mark.row.icon else None
        if over is not None:
            kept[over] = replace(kept[over], also=(*kept[over].also, mark.row, *mark.also), label=kept[over].label or mark.label)
            del kept[key]
    return list(kept.values())


def _spot_of(mark: Mark) -> tuple[int, int]:
    return round(mark.anchor[0] / _SAME_SPOT), round(mark.anchor[1] / _SAME_SPOT)


def _inmost(shape: BaseGeometry) -> tuple[float, float]:
    """The middle of the largest circle inside an area."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    wide = math.sqrt(largest.area)
    circle = shapely.maximum_inscribed_circle(largest, tolerance=max(wide / 20, 0.05))
    return _xy(shapely.get_coordinates(circle)[0])


def _around(sign: Sign) -> Box:
    return _box(sign.x, sign.y, sign.size / 2)


def _box(x: float, y: float, half: float) -> Box:
    return Box(x=x - half, y=y - half, width=2 * half, height=2 * half)


def _xy(point: Any) -> tuple[float, float]:
    return round(float(point[0]), 2), round(float(point[1]), 2)
