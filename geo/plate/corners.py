"""Which corner of the map is quietest: where a legend or an inset hides least of what the reports say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import shapely

from geo.lettering import width
from geo.plate.items import Box

if TYPE_CHECKING:
    from geo.plate.scene import Mark, Scene

__all__ = ["apart", "grown", "quietest"]

# What it costs to cover a sign, a whole box of an area, a line across the box, and an area that is only mentioned: set by eye.
_SIGN, _AREA, _LINE, _MENTIONED = 8.0, 4.0, 4.0, 0.6
_LATER = 0.25  # for each place further down the list of preferences
SPOTS = ("bottom left", "bottom right", "top left", "top right", "left", "right", "bottom", "top")
"""Where furniture may stand, by name."""


def quietest(
    scene: Scene, size: tuple[float, float], *, spots: Sequence[str] = SPOTS, taken: Iterable[Box] = (), inset: float = 6.0
) -> tuple[Box, float] | None:
    """Return the box of a size in the frame that hides least, and what it costs; None where no spot is free.

    Parameters
    ----------
    scene
        What is drawn.
    size
        Width and height in points.
    spots
        Names of `SPOTS`, the preferred first.
    taken
        Boxes that stand there already.
    inset
        Distance from the frame, in points.
    """
    frame, others = scene.frame, tuple(taken)
    if size[0] > frame.width - 2 * inset or size[1] > frame.height - 2 * inset:
        return None
    found = []
    for number, spot in enumerate(spots):
        box = _at(spot, frame, size, inset)
        if all(apart(box, other) for other in others):
            found.append((_cost(box, scene.marks, scene.layout.letters.place) + _LATER * number, number, box))
    if not found:
        return None
    cost, _, best = min(found, key=lambda one: one[:2])
    return best, cost


def apart(one: Box, other: Box, gap: float = 0.0) -> bool:
    """Say whether two boxes stand at least a gap (points) apart."""
    return (
        one.x + one.width + gap <= other.x or other.x + other.width + gap <= one.x
        or one.y + one.height + gap <= other.y or other.y + other.height + gap <= one.y
    )


def grown(box: Box, by: float) -> Box:
    """Return a box with more room on all sides, in points."""
    return Box(x=box.x - by, y=box.y - by, width=box.width + 2 * by, height=box.height + 2 * by)


def _at(spot: str, frame: Box, size: tuple[float, float], inset: float) -> Box:
    left, right = frame.x + inset, frame.x + frame.width - size[0] - inset
    top, bottom = frame.y + inset, frame.y + frame.height - size[1] - inset
    x = left if "left" in spot else right if "right" in spot else (left + right) / 2
    y = top if "top" in spot else bottom if "bottom" in spot else (top + bottom) / 2
    return Box(x=x, y=y, width=size[0], height=size[1])


def _cost(box: Box, marks: Iterable[Mark], letters: float) -> float:
    window = shapely.box(box.x, box.y, box.x + box.width, box.y + box.height)
    return sum(_of(mark, box, window, letters) for mark in marks)


def _of(mark: Mark, box: Box, window: shapely.Polygon, letters: float) -> float:
    if mark.kind == "point":
        long = width(mark.label, letters, weight=600) if mark.label else 0.0
        x, y = mark.anchor
        sign = Box(x=x - mark.radius, y=y - mark.radius, width=2 * mark.radius, height=2 * mark.radius)
        beside = Box(x=x, y=y - letters / 2, width=mark.radius + long, height=letters)
        return (0.0 if apart(sign, box) else _SIGN) + (0.0 if apart(beside, box) else _SIGN / 4)
    signs: float = _SIGN * sum(not apart(sign, box) for sign in mark.boxes)
    if mark.shape.is_empty or not mark.shape.intersects(window):
        return signs
    hidden = shapely.intersection(mark.shape if mark.shape.is_valid else shapely.make_valid(mark.shape), window)
    if mark.kind == "line":
        return signs + _LINE * (0.3 + float(hidden.length) / (box.width + box.height))
    whole = float(hidden.area) / max(float(mark.shape.area), 1.0)  # one that vanishes is worse than one that loses a corner
    weight = _MENTIONED if mark.layer == "reference" else _AREA
    return signs + weight * (float(hidden.area) / float(window.area) + whole)
