"""The names of what the report speaks of: its places first, then areas that it names; where each may stand."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.plate.items import Box
from geo.plate.label_text import Block, Manner, block
from geo.plate.room import Candidate

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.plate.scene import Mark, Scene

__all__ = ["Named", "beside", "leaders", "named", "settings_of", "within_area"]

# Where a name may stand about a sign: right first, above before below, left of it last; after Imhof (1975), Positioning names on maps.
# (towards x, towards y, what it costs)
_SIDES = (
    (1.0, 0.0, 0.0), (1.0, -0.75, 0.1), (1.0, 0.75, 0.14), (-1.0, 0.0, 0.22), (-1.0, -0.75, 0.28), (-1.0, 0.75, 0.32),
    (0.0, -1.0, 0.18), (0.0, 1.0, 0.26), (0.45, -1.0, 0.2), (-0.45, -1.0, 0.3), (0.45, 1.0, 0.28), (-0.45, 1.0, 0.34),
)
_FARTHER = (0.0, 0.75, 1.6)  # further from the sign, in shares of the letters; each step costs more
_FARTHER_COST, _BROKEN_COST = 0.35, 0.12
_TIED = 1.0  # a name further from its sign, in letters, is tied to it by a thin line
_LEADER_STEPS, _LEADER_ANGLES, _LEADER_COST = (2.2, 3.4, 4.8, 6.6, 9.0), 16, 2.0  # distances in shares of the letters
SAME_SPOT = 80.0  # points: marks of one name nearer than this bear it once
OUTSIDE_COST = 1.6  # of a name that lies wholly outside its area
_GRID = 9  # places tried along and across an area


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name of the report with where it belongs: the sign's centre and radius, and the mark that bears it."""

    label: str
    anchor: tuple[float, float]
    radius: float
    mark: Mark
    rank: float


def named(scene: Scene) -> tuple[Named, ...]:
    """Return the names of the report's signs, each once for a spot; first those that a claim is about."""
    found: list[Named] = []
    signs = [mark for mark in scene.marks if mark.radius > 0 and (mark.label or "").strip()]
    for mark in sorted(signs, key=_rank):
        same = next((one for one in found if one.label == mark.label and math.dist(one.anchor, mark.anchor) < SAME_SPOT * scene.unit), None)
        if same is None:
            found.append(Named(label=mark.label, anchor=mark.anchor, radius=mark.radius, mark=mark, rank=_rank(mark)))
        elif _is_dot(mark) and not _is_dot(same.mark):  # the name belongs to the town, not to a sign that stands beside it
            radius = max(mark.radius, same.radius) if math.dist(same.anchor, mark.anchor) < same.radius else mark.radius
            found[found.index(same)] = Named(label=mark.label, anchor=mark.anchor, radius=radius, mark=same.mark, rank=same.rank)
        elif math.dist(same.anchor, mark.anchor) < mark.radius > same.radius:
            found[found.index(same)] = Named(label=same.label, anchor=same.anchor, radius=mark.radius, mark=same.mark, rank=same.rank)
    return tuple(found)


def beside(blocks: Sequence[Block | None], anchor: tuple[float, float], radius: float) -> tuple[Candidate, ...]:
    """Return where a name may stand about a sign; `blocks` are its settings, the preferred first."""
    made = []
    for setting, text in enumerate(blocks):
        if text is None:
            continue
        size = text.manner.size
        for step, farther in enumerate(_FARTHER):
            gap = radius + size * (0.3 + farther)
            for dx, dy, cost in _SIDES:
                if abs(dx) == 1.0:
                    left = anchor[0] + gap if dx > 0 else anchor[0] - gap - text.width
                    top, align = anchor[1] + dy * (radius + size * (0.1 + farther)) - text.height / 2, "left" if dx > 0 else "right"
                else:
                    left, align = anchor[0] + dx * text.width - text.width / 2, "middle"
                    top = anchor[1] - gap * 0.9 - text.height if dy < 0 else anchor[1] + gap * 0.9
                whole = cost + step * _FARTHER_COST + (_BROKEN_COST if setting else 0.0)
                end = _nearest(anchor, left, top, text) if farther > _TIED else None
                made.append(Candidate(left=left, top=top, align=align, setting=setting, cost=whole, width=text.width, height=text.height,
                                      leader=end))
    return tuple(made)


def leaders(text: Block, anchor: tuple[float, float], radius: float) -> tuple[Candidate, ...]:
    """Return places further off, which a thin line ties to the sign."""
    made = []
    for step in _LEADER_STEPS:
        for turn in range(_LEADER_ANGLES):
            angle = 2 * math.pi * (turn + 0.5) / _LEADER_ANGLES
            x = anchor[0] + math.cos(angle) * (radius + step * text.manner.size * 1.5)
            y = anchor[1] + math.sin(angle) * (radius + step * text.manner.size)
            right = math.cos(angle) >= 0
            left, top = (x if right else x - text.width), y - text.height / 2
            end = (left - 1.0 if right else left + text.width + 1.0, y)
            made.append(Candidate(
                left=left, top=top, align="left" if right else "right", setting=0, cost=_LEADER_COST + step * 0.2, width=text.width,
                height=text.height, leader=end,
            ))
    return tuple(made)


def within_area(
    blocks: Sequence[Block | None], area: BaseGeometry, frame: Box, *, avoid: BaseGeometry | None = None,
    prefer: tuple[float, float] | None = None,
) -> tuple[Candidate, ...]:
    """Return where a name may stand in an area: near its middle, inside it rather than across its edge, off what is to be avoided."""
    window = shapely.box(frame.x, frame.y, frame.x + frame.width, frame.y + frame.height)
    seen = shapely.intersection(area, window)
    if seen.is_empty:
        return ()
    largest = max(shapely.get_parts(seen), key=lambda part: part.area)
    middle = prefer or _inmost(largest)
    west, north, east, south = seen.bounds
    x, y = np.meshgrid(np.linspace(west, east, 2 * _GRID + 1)[1::2], np.linspace(north, south, 2 * _GRID + 1)[1::2])
    points = np.vstack([[middle], np.column_stack([x.ravel(), y.ravel()])])
    points = points[shapely.intersects_xy(seen, points[:, 0], points[:, 1])]
    far = np.hypot(points[:, 0] - middle[0], points[:, 1] - middle[1]) / max(math.hypot(east - west, south - north), 1.0)
    made: list[Candidate] = []
    for setting, text in enumerate(blocks):
        if text is not None and len(points):
            made += _in_area(text, setting, points, far, seen, avoid)
    return tuple(made)


def settings_of(label: str, manner: Manner, second: str = "") -> tuple[Block | None, ...]:
    """Return a name on one line and, where it has several words, on two."""
    return block(label, manner, second=second), block(label, manner, second=second, broken=True)


def _in_area(
    text: Block, setting: int, points: np.ndarray, far: np.ndarray, seen: BaseGeometry, avoid: BaseGeometry | None
) -> Iterator[Candidate]:
    left, top = points[:, 0] - text.width / 2, points[:, 1] - text.height / 2
    boxes = shapely.box(left, top, left + text.width, top + text.height)
    whole = max(text.width * text.height, 1e-6)
    outside = 1 - shapely.area(shapely.intersection(boxes, seen)) / whole
    hidden = shapely.area(shapely.intersection(boxes, avoid)) / whole if avoid is not None and not avoid.is_empty else np.zeros(len(points))
    costs = far * 1.2 + outside * OUTSIDE_COST + hidden * 0.7 + setting * 0.3
    for number in range(len(points)):
        yield Candidate(left=float(left[number]), top=float(top[number]), align="middle", setting=setting, cost=float(costs[number]),
                        width=text.width, height=text.height, pad=text.manner.size * 0.4)


def _nearest(anchor: tuple[float, float], left: float, top: float, text: Block) -> tuple[float, float]:
    """The point of a name's box that is nearest to its sign."""
    return min(max(anchor[0], left), left + text.width), min(max(anchor[1], top), top + text.height)


def _rank(mark: Mark) -> float:
    """Which names come first: towns that a claim is about, then what is only named, then what is past; a sign speaks for itself."""
    first = {"places": 2.0, "past": 3.0, "reference": 3.0, "events": 1.0}.get(mark.layer, 0.0)
    return first + (1.5 if mark.row.icon and mark.layer not in ("events", "past") else 0.0)


def _is_dot(mark: Mark) -> bool:
    return mark.kind == "point" and not mark.row.icon


def _inmost(area: BaseGeometry) -> tuple[float, float]:
    circle = shapely.maximum_inscribed_circle(area, tolerance=max(math.sqrt(area.area) / 25, 0.2))
    x, y = shapely.get_coordinates(circle)[0]
    return float(x), float(y)
