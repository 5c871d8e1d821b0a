"""Which control measures the military preset draws along a line: the forward line of troops and the axis of advance, after NATO APP-6(D).

Paths are points on the page, y down, in the order in which they run.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import LineString, Point

__all__ = ["axis_of_advance", "forward_line"]

Points = NDArray[np.float64]

SAG = 0.5  # height of a scallop of the forward line as a share of its width
STEPS = 8  # corners of a scallop
HEAD_LONG, HEAD_WIDE = 2.2, 2.1  # length and width of the head of an axis, as shares of its width
TAIL = 1.25  # how much wider an axis is at its tail


def forward_line(path: Points, *, width: float = 9.0, towards_left: bool = True) -> Points:
    """Return the forward line of own troops along a path: a row of half circles that bulge to one side.

    Parameters
    ----------
    path
        At least two points (n, 2).
    width
        Of a half circle, in points; the row is stretched to end where the path ends.
    towards_left
        The side on which the circles stand, seen along the path on the page.

    Examples
    --------
    >>> forward_line(np.array([[0.0, 0.0], [18.0, 0.0]]), width=9).shape
    (17, 2)
    """
    line = LineString(path)
    number = max(1, round(line.length / width))
    turns = np.linspace(0, np.pi, STEPS + 1)
    rows = []
    for first in range(number):
        a, b = (np.asarray(line.interpolate(at / number, normalized=True).coords[0]) for at in (first, first + 1))
        along, across = (b - a) / 2, np.array([(b - a)[1], -(b - a)[0]]) * SAG * (1 if towards_left else -1)
        rows.append((a + b) / 2 - np.cos(turns)[:, None] * along + np.sin(turns)[:, None] * across)
    return np.vstack([rows[0], *(row[1:] for row in rows[1:])])


def axis_of_advance(path: Points, *, width: float = 9.0) -> Points:
    """Return the outline of an axis of advance along a path: a hollow arrow whose tip is the path's end; its tail stays open.

    Parameters
    ----------
    path
        At least two points (n, 2), the tail first; shorter paths get a smaller head.
    width
        Of the shaft, in points.

    Examples
    --------
    >>> axis_of_advance(np.array([[0.0, 0.0], [60.0, 0.0]]))[3].tolist()
    [60.0, 0.0]
    """
    line = LineString(path)
    width = min(width, line.length / (HEAD_LONG * 1.6))
    neck = max(line.length - HEAD_LONG * width, 0.0)
    places = [0.0, *(at for at in (line.project(point) for point in map(Point, path[1:-1])) if 0 < at < neck), neck]
    sides: list[list[Points]] = [[], []]
    for at in places:
        spot, across = _across(line, at)
        half = width / 2 * (TAIL + (1 - TAIL) * at / max(neck, 1e-9))
        sides[0].append(spot + across * half)
        sides[1].append(spot - across * half)
    foot, across = _across(line, neck)
    barb = across * width * HEAD_WIDE / 2
    return np.vstack((*sides[0], foot + barb, path[-1], foot - barb, *sides[1][::-1]))


def _across(line: LineString, at: float) -> tuple[Points, Points]:
    """A place on a line, and the unit vector to the left of its course on the page."""
    spot = np.asarray(line.interpolate(at).coords[0])
    step = max(line.length * 0.01, 1e-6)
    ahead = np.asarray(line.interpolate(min(at + step, line.length)).coords[0])
    behind = np.asarray(line.interpolate(max(at - step, 0.0)).coords[0])
    along = (ahead - behind) / max(float(np.hypot(*(ahead - behind))), 1e-12)
    return spot, np.array([along[1], -along[0]])
