"""Signs that would lie on one another, moved aside, each with a thin line to where it belongs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from geo.plate import shapes, signs
from geo.plate.items import Box, Sign
from geo.plate.scene import Mark

__all__ = ["spread"]

TIGHT = 0.8  # of two signs' half widths: nearer than this they hide each other
_RINGS = (0.95, 1.6, 2.3)  # how far a sign may move, in its own widths: set by eye on five reports with up to nine events on one town
_TURNS = tuple(math.radians(turn) for turn in (-45, 45, -135, 135, -90, 90, 0, 180))  # up and to the right first
_ARROWS, TIP = ("arrow", "stub", "fire"), 5.0  # points round an arrow's tip that no sign may hide
_LEADER = 0.55  # widths: a sign moved less than this needs no line

Spot = tuple[float, float, float]


def spread(marks: Sequence[Mark], frame: Box, unit: float) -> tuple[Mark, ...]:
    """Return the marks with their icons moved off dots and off one another; what has no room anywhere stays where it is.

    Parameters
    ----------
    marks
        In drawing order; the later ones keep their place.
    frame
        Which no sign may leave.
    unit
        How many times as large as on an article's page things are drawn.
    """
    taken: list[Spot] = [(*mark.anchor, mark.radius) for mark in marks if mark.kind == "point" and not _sign(mark)]
    arrows = (line for mark in marks if getattr(mark.row, "course", "") in _ARROWS for line in shapes.lines(mark.shape))
    tips = (line.coords[-1] for line in arrows)
    taken.extend((float(x), float(y), TIP * unit) for x, y in tips)
    moved: dict[str, Mark] = {}
    for mark in reversed(marks):
        if (sign := _sign(mark)) is None:
            continue
        x, y = _place((sign.x, sign.y, sign.size / 2), taken, frame)
        taken.append((x, y, sign.size / 2))
        moved[mark.key] = _moved(mark, sign, (x, y), unit)
    return tuple(moved.get(mark.key, mark) for mark in marks)


def _sign(mark: Mark) -> Sign | None:
    return next((item for item in mark.items if isinstance(item, Sign) and item.role == "event"), None)


def _place(spot: Spot, taken: Sequence[Spot], frame: Box) -> tuple[float, float]:
    x, y, radius = spot
    ways = [(0.0, 0.0), *((math.cos(turn) * ring, math.sin(turn) * ring) for ring in _RINGS for turn in _TURNS)]
    best = (math.inf, x, y)
    for dx, dy in ways:
        at = (_within(x + dx * 2 * radius, frame.x, frame.width, radius), _within(y + dy * 2 * radius, frame.y, frame.height, radius))
        hidden = sum(max(0.0, TIGHT * (radius + other[2]) - math.dist(at, other[:2])) for other in taken)
        if hidden <= 0:
            return at
        best = min(best, (hidden, *at))
    return best[1], best[2]


def _within(value: float, start: float, length: float, radius: float) -> float:
    return min(max(value, start + radius), start + length - radius) if length > 2 * radius else value


def _moved(mark: Mark, sign: Sign, to: tuple[float, float], unit: float) -> Mark:
    dx, dy = sign.x - to[0], sign.y - to[1]
    if not dx and not dy:
        return mark
    x, y = round(to[0], 2), round(to[1], 2)
    line = (signs.leader(dx, dy, width=0.7 * unit),) if math.hypot(dx, dy) > _LEADER * sign.size else ()
    drawn = replace(sign, x=x, y=y, shapes=(*line, *sign.shapes))
    half = sign.size / 2
    box = Box(x=x - half, y=y - half, width=sign.size, height=sign.size)
    items = tuple(drawn if item is sign else item for item in mark.items)
    anchor = (x, y) if mark.kind == "point" else mark.anchor
    return replace(mark, items=items, boxes=(box,), anchor=anchor)
