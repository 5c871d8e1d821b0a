"""What stands on and round a map besides the map: title, legend, scale, inset, north arrow and small print."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from geo import layers as drawing
from geo.plate import scale_bar
from geo.plate.corners import SPOTS, quietest
from geo.plate.heading import draw_heading
from geo.plate.inset import draw_inset, inset_is_of_use
from geo.plate.items import Area, Box, Fill, Item, Line, Stroke, Words
from geo.plate.layout import WIDEST_LEGEND, foot_columns, set_text
from geo.plate.legend import Legend, columns_of, draw, entries_of, legend_of, narrow
from geo.plate.small_print import Paragraph, paragraphs
from geo.plate.swatches import rectangle

if TYPE_CHECKING:
    from geo.plate.scene import Scene

__all__ = ["Furniture", "furniture"]

QUIET = "#5b554d"
PANEL_OPACITY = 0.93
NORTH_IS_UP = 2.0  # degrees: a map turned by less needs no arrow
BAR = {"social": 0.24}  # longest scale bar as a share of the frame's width
INSET = {"article": (0.19, 0.78), "social": (0.22, 0.78), "slide": (0.15, 0.72), "a4": (0.16, 0.72), "a3": (0.15, 0.72)}
"""Width of an inset on the map as a share of the frame's, and its height as a share of its width."""
_CORNERS = ("top right", "top left", "bottom right", "bottom left")
CROWD = 14  # names of the report above which a square page keeps its room for them
TOO_DEAR = 7.0  # what an inset may cost of what the map shows (see geo.plate.corners); a dearer one is left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """Items, the boxes of the frame in which nothing may be lettered, and where the legend stands."""

    items: tuple[Item, ...]
    reserved: tuple[Box, ...]
    legend_box: Box | None


def furniture(scene: Scene) -> Furniture:
    """Return the furniture of a map; little where the text says little."""
    made: list[Item] = [*draw_heading(scene.layout.heading, scene.choices, scene.layout.letters, scene.layout.page)]
    reserved: list[Box] = []
    samples, legend = _legend(scene)
    legend_box = _stand_legend(scene, legend, reserved) if legend.rows else None
    if legend_box is not None:
        made += _panel(scene, legend_box, "legend") if _on_map(scene, legend_box) else ()
        pad = _pad(scene) if _on_map(scene, legend_box) else 0.0
        made += draw(legend, (legend_box.x + pad, legend_box.y + pad), samples)
    made += _scale(scene, reserved)
    inset = _stand_inset(scene, legend_box, reserved)
    if inset is not None:
        made += draw_inset(scene, inset, letters=scene.layout.letters.small)
    made += _north(scene, reserved)
    made += _side_text(scene, legend_box, inset) if scene.layout.beside else ()
    made += _foot(scene)
    return Furniture(items=tuple(made), reserved=tuple(reserved), legend_box=legend_box)


def _legend(scene: Scene) -> tuple[Mapping[tuple[str, ...], Sequence[Item]], Legend]:
    """The legend of what the frame shows, and the items of the first feature of each kind as its samples."""
    letters, layout = scene.layout.letters, scene.layout
    samples: dict[tuple[str, ...], Sequence[Item]] = {}
    for mark in sorted(scene.marks, key=lambda mark: not _shows(mark.items)):
        samples.setdefault((mark.layer, *drawing.legend_key(mark.row, mark.layer)), mark.items)
    shown = [(mark.layer, mark.row) for mark in scene.marks if mark.items]
    entries = entries_of(scene.layers, shown) if scene.preset["legend"] else ()
    if not entries:
        return samples, legend_of((), letters, across=1.0)
    if layout.strip is not None:
        return samples, columns_of(entries, letters, width=layout.strip.width, tall=layout.strip.height)
    if layout.side is not None:
        return samples, legend_of(entries, letters, across=layout.side.width)
    return samples, narrow(entries, letters, most=letters.legend * WIDEST_LEGEND)


def _shows(items: Sequence[Item]) -> bool:
    """Whether some items are seen as a sample: an area has a fill or an outline, and is no river's bank."""
    areas = [item for item in items if isinstance(item, Area)]
    return len(areas) < len(items) or any(item.fill is not None for item in areas)


def _stand_legend(scene: Scene, legend: Legend, reserved: list[Box]) -> Box | None:
    layout = scene.layout
    if layout.strip is not None:
        return Box(x=layout.strip.x, y=layout.strip.y, width=layout.strip.width, height=legend.height)
    if layout.side is not None:
        return Box(x=layout.side.x, y=layout.side.y, width=layout.side.width, height=legend.height)
    pad = _pad(scene)
    found = quietest(scene, (legend.width + 2 * pad, legend.height + 2 * pad), inset=pad, spots=SPOTS[:4])
    if found is None:
        return None
    reserved.append(found[0])
    return found[0]


def _stand_inset(scene: Scene, legend_box: Box | None, reserved: list[Box]) -> Box | None:
    """Beside the map under the legend; else on the map in a quiet corner; nowhere where it would hide what the map is about."""
    crowded = scene.layout.size == "social" and sum(bool(mark.label and mark.radius) for mark in scene.marks) > CROWD
    if crowded or not inset_is_of_use(scene):
        return None
    side = scene.layout.side
    if side is not None:
        letters = scene.layout.letters
        top = (legend_box.y + legend_box.height + letters.legend * 1.2) if legend_box else side.y
        below = 0.0
        if scene.layout.beside:
            below = set_text(_told(scene)[:-2], letters, across=side.width, tall=math.inf).height + letters.legend
        high = min(side.width * 0.66, side.y + side.height - top - below)
        if high > side.width * 0.42:
            return Box(x=side.x, y=side.y + side.height - high - below, width=side.width, height=high)
    share, flat = INSET.get(scene.layout.size, (0.19, 0.78))
    wide = share * scene.frame.width
    found = quietest(scene, (wide, wide * flat), taken=reserved, inset=_pad(scene), spots=_CORNERS)
    if found is None or found[1] > TOO_DEAR:
        return None
    reserved.append(found[0])
    return found[0]


def _scale(scene: Scene, reserved: list[Box]) -> Iterator[Item]:
    """The scale bar, at the foot of the map; a map of half the world has no one scale."""
    if scene.view.whole:
        return
    letters, most = scene.layout.letters.small, BAR.get(scene.layout.size, 0.17) * scene.frame.width
    size = scale_bar.scale_size(scene.km_per_point, most, letters)
    spots = ("bottom right", "bottom left", "bottom", "top right", "top left", "right", "left")
    found = quietest(scene, size, taken=reserved, inset=_pad(scene), spots=spots)
    if found is None:
        return
    box = found[0]
    reserved.append(box)
    yield from scale_bar.draw_scale(scene.km_per_point, most, letters, (box.x, box.y), halo=scene.preset["base"]["halo"])


def _north(scene: Scene, reserved: list[Box]) -> Iterator[Item]:
    """An arrow, where north is not up."""
    if abs(scene.north) < NORTH_IS_UP or scene.view.whole:
        return
    size = scene.layout.letters.place * 2.4
    found = quietest(scene, (size, size), taken=reserved, inset=_pad(scene), spots=_CORNERS)
    if found is None:
        return
    reserved.append(found[0])
    x, y = found[0].x + size / 2, found[0].y + size / 2
    turn = np.radians(scene.north)
    along = np.array([np.sin(turn), -np.cos(turn)])
    tail, tip = np.array([x, y]) - along * size * 0.4, np.array([x, y]) + along * size * 0.3
    yield Line(role="scale", name="North", paths=(np.array([tail, tip]),), head=size * 0.28,
               strokes=(Stroke(colour="#3d3933", width=size * 0.05),))
    end = tip + along * size * 0.28
    yield Words(role="scale", name="North", x=float(end[0]), y=float(end[1] + size * 0.12),
                lines=("N",), size=size * 0.34, weight=600, align="middle", halo=scene.preset["base"]["halo"], halo_width=size * 0.08)


def _panel(scene: Scene, box: Box, role: str) -> Iterator[Item]:
    colours = scene.preset["base"]
    yield Area(role=role, name="Panel", polygons=((rectangle(box),),), fill=Fill(colour=colours["halo"], opacity=PANEL_OPACITY),
               stroke=Stroke(colour=colours["country_line"], width=0.5, opacity=0.6))


def _pad(scene: Scene) -> float:
    return scene.layout.letters.legend * 0.8


def _on_map(scene: Scene, box: Box) -> bool:
    return box.y < scene.frame.y + scene.frame.height and box.x < scene.frame.x + scene.frame.width


def _told(scene: Scene) -> tuple[Paragraph, ...]:
    outside = [row.label or row.title for row in scene.outside]
    return paragraphs(scene.situation, scene.layers, scene.choices, sources=scene.sources, outside=outside)


def _side_text(scene: Scene, legend_box: Box | None, inset: Box | None) -> Iterator[Item]:
    """Sources and limits at the foot of the column beside the map."""
    side, letters = scene.layout.side, scene.layout.letters
    if side is None:
        return
    top = max((box.y + box.height for box in (legend_box, inset) if box is not None), default=side.y) + letters.legend
    room = side.y + side.height - top
    set_ = set_text(_told(scene)[:-2], letters, across=side.width, tall=room)
    yield from _set(set_.pieces, set_.size, letters.lead, (side.x, side.y + side.height - set_.height))


def _foot(scene: Scene) -> Iterator[Item]:
    layout, letters = scene.layout, scene.layout.letters
    told = _told(scene)
    columns = foot_columns(told[-2:] if layout.beside else told, layout.size)
    across = (layout.foot.width - (len(columns) - 1) * letters.margin) / len(columns)
    for number, column in enumerate(columns):
        found = set_text(column, letters, across=across, tall=layout.foot.height)
        yield from _set(found.pieces, found.size, letters.lead, (layout.foot.x + number * (across + letters.margin), layout.foot.y))


def _set(
    pieces: Sequence[tuple[str, tuple[str, ...], str]], size: float, lead: float, at: tuple[float, float]
) -> Iterator[Item]:
    x, y = at
    for heading, lines, role in pieces:
        yield Words(role=role, name=heading, x=x, y=y + size * 0.86, lines=lines, size=size, colour=QUIET, leading=size * lead)
        y += len(lines) * size * lead + size * 0.3
