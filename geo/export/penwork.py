"""Pen work that pictures share: the strokes of a pattern, the bands of an edge that fades, the head of an arrow. All in points, y down."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.plate.items import Area, Box, Fill, Ring

__all__ = ["PATTERN_OPACITY", "PATTERN_STEP", "PLAIN", "TINT_STEP", "WITHIN", "Band", "Hatching", "Strokes", "arrow", "bands", "hatching"]

Strokes = NDArray[np.float64]
"""Straight strokes (n, 2, 2): from and to, x and y."""

WITHIN = frozenset(("zone", "front", "road", "river", "border", "arrow", "siege", "ring", "graticule"))
"""Roles whose lines are cut at the frame again, because half of a wide line would stand out of it."""

PLAIN = ("solid", "none")
"""Patterns that have no strokes."""

PATTERN_OPACITY = 0.9  # of a pattern's strokes over an area's tint: the ground stays to be seen under them

# Points between two bands of an edge that fades: a wash shows its steps sooner than strokes do. With bands closer than this, the
# rounding of opacities to 255 steps adds up to a shade that is seen beside the legend.
TINT_STEP, PATTERN_STEP = 0.8, 2.0
_FEWEST = 5
_DOT = 0.01  # points; a stroke so short with round ends is a dot
_ON_FRAME = 0.05  # points; an edge no farther from the frame was cut by it and is no edge of the area


@dataclass(frozen=True, slots=True, eq=False)
class Hatching:
    """Strokes that make a pattern, all alike: their dashes in points (on, off), and whether their ends are round."""

    strokes: Strokes
    dash: tuple[float, ...] = ()
    round: bool = False


def hatching(fill: Fill, bounds: tuple[float, float, float, float]) -> Hatching | None:
    """Return the strokes of a fill's pattern over a box (left, top, right, bottom), to be cut to the area; None for "solid" and "none".

    All are laid from the page's corner, so that areas beside each other match.

    Examples
    --------
    >>> hatching(Fill(colour="#000000", pattern="hatch", angle=0.0, gap=6.0), (0, 0, 6, 9)).strokes.tolist()
    [[[3.0, 9.0], [3.0, 0.0]]]
    """
    gap = fill.gap
    if gap <= 0:
        return None
    if fill.pattern in ("hatch", "cross"):
        turns = (fill.angle, fill.angle + 90)[: 2 if fill.pattern == "cross" else 1]
        return Hatching(np.concatenate([_ruled(bounds, turn, gap) for turn in turns]))
    if fill.pattern == "dashes":
        return Hatching(_ruled(bounds, fill.angle, gap, period=2 * gap), dash=(1.1 * gap, 0.9 * gap))
    if fill.pattern == "dots":
        side = gap * 2**0.5
        return Hatching(_ruled(bounds, 90.0, side / 2, period=side), dash=(_DOT, side - _DOT), round=True)
    if fill.pattern == "stipple":
        return Hatching(_stippled(bounds, gap), round=True)
    return None


def _ruled(bounds: tuple[float, float, float, float], angle: float, gap: float, period: float = 0.0) -> Strokes:
    """Lines at an angle (degrees clockwise from upright) across a box; with a period, every other one starts half of it later."""
    turn = np.radians(angle)
    along, across = np.array([np.sin(turn), -np.cos(turn)]), np.array([np.cos(turn), np.sin(turn)])
    left, top, right, bottom = bounds
    corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)])
    ends, spans = corners @ along, corners @ across
    numbers = np.arange(np.floor(spans.min() / gap), np.ceil(spans.max() / gap))
    first = np.full(len(numbers), float(ends.min()))
    if period:
        first = (np.floor(ends.min() / period) - 1 + np.where(numbers % 2, 0.5, 0.0)) * period
    offsets = ((numbers + 0.5) * gap)[:, None] * across
    strokes: Strokes = np.stack([offsets + np.outer(first, along), offsets + float(ends.max()) * along], axis=1)
    return strokes


def _stippled(bounds: tuple[float, float, float, float], gap: float) -> Strokes:
    """Dots without an order to be seen, one in each cell of a grid."""
    left, top, right, bottom = (int(np.floor(bound / gap)) for bound in bounds)
    rows, columns = (part.ravel() for part in np.mgrid[top : bottom + 1, left : right + 1])
    spots = (np.column_stack([columns, rows]) + 0.2 + 0.6 * np.column_stack([_noise(rows, columns), _noise(columns + 31, rows)])) * gap
    return np.stack([spots, spots + np.array((_DOT, 0.0))], axis=1)


@dataclass(frozen=True, slots=True, eq=False)
class Band:
    """Polygons on which paint that lay at one share of its opacity is brought to the next, both from 0 to 1."""

    polygons: tuple[tuple[Ring, ...], ...]
    before: float
    after: float

    def opacity(self, full: float) -> float:
        """Return the opacity to lay on here so that in all it is `after` of `full`.

        Examples
        --------
        >>> round(Band((), 0.5, 1.0).opacity(0.8), 3)  # over 0.4 there: 1 - (1 - 0.4) * (1 - 0.667) = 0.8
        0.667
        """
        under = 1 - full * self.before
        return 1 - (1 - full * self.after) / under if under > 0 else 1.0


def bands(area: Area, frame: Box, *, step: float = TINT_STEP) -> tuple[Band, ...]:
    """Return the polygons of an area, each within the one before, and how much of its paint each brings.

    One over the other they give nothing at the edge and all of it `soft` points inwards, or at half the width of what is narrow. An edge
    that the frame has cut does not fade. An area that is not soft is one band. `step` is the distance of two edges, in points.
    """
    if area.soft <= 0:
        return (Band(area.polygons, 0.0, 1.0),)
    whole = shapely.union_all([_polygon(polygon) for polygon in area.polygons])
    cut = shapely.box(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height).exterior.buffer(_ON_FRAME)
    parts = [(part, part.boundary.difference(cut), _reach(part, area.soft)) for part in _polygons(whole)]
    found: list[Band] = []
    before = 0.0
    count = max(_FEWEST, round(area.soft / step))
    for number in range(count):
        share = (number + 1) / count
        full = share * share * (3 - 2 * share)
        inner = [part.difference(edge.buffer(reach * number / count, quad_segs=4)) if number else part for part, edge, reach in parts]
        rings = tuple(_rings(polygon) for shape in inner for polygon in _polygons(shape))
        if rings:
            found.append(Band(rings, before, full))
        before = full
    return tuple(found)


def arrow(path: Ring, head: float) -> tuple[Ring, Ring | None]:
    """Return a path shortened to make room for its head, and the head (4 points, tip first); None where the path is no longer than that.

    Examples
    --------
    >>> shaft, tip = arrow(np.array([(0.0, 0.0), (20.0, 0.0)]), 6.0)
    >>> shaft[-1].tolist(), tip[0].tolist()
    ([15.5, 0.0], [20.0, 0.0])
    """
    steps = np.hypot(*np.diff(path, axis=0).T)
    length = float(steps.sum())
    if head <= 0 or length <= head:
        return path, None
    base = _at(path, steps, length - head)
    aim = (path[-1] - base) / max(float(np.hypot(*(path[-1] - base))), 1e-9)
    side = np.array([-aim[1], aim[0]]) * 0.42 * head
    notch = path[-1] - aim * 0.75 * head
    kept = path[: int(np.searchsorted(np.cumsum(steps), length - head) + 1)]
    return np.vstack([kept, notch]), np.array([path[-1], base + side, notch, base - side])


def _at(path: Ring, steps: NDArray[np.float64], distance: float) -> NDArray[np.float64]:
    """The point of a path at a distance along it."""
    ends = np.concatenate([[0.0], np.cumsum(steps)])
    return np.array([np.interp(distance, ends, path[:, axis]) for axis in (0, 1)])


def _reach(part: BaseGeometry, soft: float) -> float:
    """Over how many points a polygon fades: as asked, but no more than half of a half of its usual width."""
    return min(soft, 0.9 * float(part.area) / max(float(part.length), 1e-9))


def _noise(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers from 0 to 1 without an order to be seen, the same every time."""
    return ((one * 7919 + other * 104729 + one * other * 1299709) % 997) / 997


def _polygon(rings: tuple[Ring, ...]) -> BaseGeometry:
    return shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))


def _polygons(shape: BaseGeometry) -> Iterable[BaseGeometry]:
    return (part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty)


def _rings(polygon: BaseGeometry) -> tuple[Ring, ...]:
    return tuple(shapely.get_coordinates(ring)[:-1] for ring in (polygon.exterior, *polygon.interiors))
