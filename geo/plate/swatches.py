"""The sample beside a line of the legend: painted with the very fills, strokes and signs of what it stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from geo.plate.items import Area, Box, Item, Line, Ring, Sign, Stroke

__all__ = ["rectangle", "swatch"]

_LEAST_OPACITY = 0.16  # of a sample without an outline: a large area shows in a fainter fill than a small one
_MOST_SOFT = 0.3  # of a sample's height: a faded edge must leave a core
_MOST_STROKE = 0.22  # of a sample's height: a wide outline must leave the fill to be seen
_MOST_GAP = 0.62  # of a sample's height between the lines of a pattern, so that more than one is seen


def swatch(items: Iterable[Item], box: Box, *, sign: str = "", name: str = "", layer: str = "") -> tuple[Item, ...]:
    """Return a sample in a box of how some items are drawn on the map: areas as a rectangle, lines as a level line, signs as they are.

    Parameters
    ----------
    items
        Those of one feature of the map.
    box
        Where the sample stands.
    sign
        What the legend says that it is (see `geo.layers.LegendEntry`): of an "icon" or "point" only the sign is shown.
    name, layer
        What it stands for, and the layer of that.
    """
    made = [piece for item in items for piece in _sample(item, box)]
    kinds = {type(piece) for piece in made}
    if Sign in kinds and (sign in ("icon", "point") or Area not in kinds):  # not its ring or its course
        made = [piece for piece in made if isinstance(piece, Sign)]
    first_sign = next((piece for piece in made if isinstance(piece, Sign)), None)
    kept = [piece for piece in made if not isinstance(piece, Sign) or piece is first_sign]
    return tuple(replace(piece, role="legend", name=name, note="", layer=layer) for piece in kept)


def rectangle(box: Box) -> Ring:
    """Return the ring of a box, from its upper left corner clockwise."""
    return np.array([[box.x, box.y], [box.x + box.width, box.y], [box.x + box.width, box.y + box.height], [box.x, box.y + box.height]])


def _sample(item: Item, box: Box) -> Iterator[Item]:
    if isinstance(item, Area):
        yield _area(item, box)
    elif isinstance(item, Line):
        yield _line(item, box)
    elif isinstance(item, Sign):
        yield _sign(item, box)


def _area(item: Area, box: Box) -> Area:
    fill, stroke = item.fill, item.stroke
    if fill is not None and fill.gap > _MOST_GAP * box.height:
        share = _MOST_GAP * box.height / fill.gap
        fill = replace(fill, gap=fill.gap * share, line=fill.line * max(share, 0.7))
    if fill is not None and stroke is None:
        fill = replace(fill, opacity=max(fill.opacity, _LEAST_OPACITY))
    if stroke is not None:
        stroke = replace(stroke, width=min(stroke.width, _MOST_STROKE * box.height))
    return replace(item, polygons=((rectangle(box),),), fill=fill, stroke=stroke, soft=min(item.soft, _MOST_SOFT * box.height))


def _line(item: Line, box: Box) -> Line:
    if item.role == "siege":
        return replace(item, paths=_toothed(box), strokes=_thinner(item.strokes, box.height * 0.3), head=0.0)
    middle = box.y + box.height / 2
    path = np.array([[box.x, middle], [box.x + box.width, middle]])
    return replace(item, paths=(path,), strokes=_thinner(item.strokes, box.height), head=min(item.head, box.height * 0.9))


def _toothed(box: Box) -> tuple[Ring, ...]:
    """A small ring with teeth that point inwards."""
    middle, radius = np.array([box.x + box.width / 2, box.y + box.height / 2]), box.height * 0.6
    turns = np.linspace(0, 2 * np.pi, 25)
    rim = np.column_stack([np.cos(turns), np.sin(turns)])
    return (middle + rim * radius, *(middle + np.array([radius, radius * 0.6])[:, None] * one for one in rim[:-1:4]))


def _thinner(strokes: Sequence[Stroke], high: float) -> tuple[Stroke, ...]:
    """Strokes no wider than their box; all by the same share, so that a casing stays one."""
    share = min(1.0, 0.8 * high / max((stroke.width for stroke in strokes), default=1.0))
    return tuple(replace(stroke, width=stroke.width * share) for stroke in strokes)


def _sign(item: Sign, box: Box) -> Sign:
    largest = box.height * 1.25
    item = replace(item, shapes=tuple(replace(shape, role="legend") for shape in item.shapes if shape.role != "leader"))
    shrunk = _scaled(item, largest / item.size) if item.size > largest else item
    return replace(shrunk, x=box.x + box.width / 2, y=box.y + box.height / 2)


def _scaled(sign: Sign, share: float) -> Sign:
    shapes: list[Area | Line] = []
    for shape in sign.shapes:
        if isinstance(shape, Area):
            stroke = replace(shape.stroke, width=shape.stroke.width * share) if shape.stroke else None
            polygons = tuple(tuple(ring * share for ring in polygon) for polygon in shape.polygons)
            shapes.append(replace(shape, polygons=polygons, stroke=stroke))
        else:
            strokes = tuple(replace(stroke, width=stroke.width * share) for stroke in shape.strokes)
            shapes.append(replace(shape, paths=tuple(path * share for path in shape.paths), strokes=strokes, head=shape.head * share))
    return replace(sign, size=sign.size * share, shapes=tuple(shapes))
