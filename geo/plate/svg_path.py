"""The path data of SVG, as rings: what the style sheet's icons are drawn in, with curves followed by short straight steps.

All of the grammar is read (SVG 1.1, 8.3) but smooth curves' shorthands "S" and "T", which no icon uses.
"""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.errors import DataError
from geo.plate.items import Ring

__all__ = ["rings"]

CURVE_STEPS = 8  # to a curve; on a sign of 20 points a step is under a point long
ARC_STEP = math.pi / 10
_TOKEN = re.compile(r"([MmLlHhVvCcQqAaZz])|([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FLAG = re.compile(r"[\s,]*([01])")
_TAKES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}

Point = tuple[float, float]


@functools.cache
def rings(data: str) -> tuple[Ring, ...]:
    """Return each closed or open run of a path as an array (n, 2), its first point not repeated.

    Raises
    ------
    DataError
        If the data are no path.

    Examples
    --------
    >>> [ring.tolist() for ring in rings("M0 0h2v2z")]
    [[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0]]]
    """
    made: list[list[Point]] = []
    at = start = (0.0, 0.0)
    for letter, numbers in _commands(data):
        if letter in "Mm":
            at = start = _target(letter, numbers, at)
            made.append([at])
        elif letter in "Zz":
            at = start
        else:
            if not made or (len(made[-1]) > 1 and at == start and made[-1][-1] != at):
                made.append([at])
            made[-1].extend(_steps(letter, numbers, at))
            at = made[-1][-1]
    return tuple(_array(run) for run in made if len(run) > 1)


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Each command with its numbers; a letter's repeated sets are commands of their own, and a moveto's further ones are lines."""
    place, letter = 0, ""
    while place < len(data.rstrip()):
        found = _TOKEN.search(data, place)
        if found is None or data[place : found.start()].strip(" \t\r\n,"):
            raise DataError(f"The path {data[:40]!r} cannot be read at its character {place}; write SVG path data.")
        if found[1]:
            letter, place = found[1], found.end()
        elif letter in "Zz" or not letter:
            raise DataError(f"The path {data[:40]!r} has a number without a command at its character {place}; write SVG path data.")
        numbers, place = _numbers(data, place, letter)
        yield letter, numbers
        letter = {"M": "L", "m": "l"}.get(letter, letter)


def _numbers(data: str, place: int, letter: str) -> tuple[list[float], int]:
    numbers: list[float] = []
    for number in range(_TAKES[letter.upper()]):
        found = (_FLAG if letter in "Aa" and number in (3, 4) else _TOKEN).match(data, _skip(data, place))
        text = found[found.lastindex or 0] if found else ""
        if found is None or text.isalpha():
            raise DataError(f"The path {data[:40]!r} lacks a number at its character {place}; write SVG path data.")
        numbers.append(float(text))
        place = found.end()
    return numbers, place


def _skip(data: str, place: int) -> int:
    while place < len(data) and data[place] in " \t\r\n,":
        place += 1
    return place


def _target(letter: str, numbers: list[float], at: Point) -> Point:
    x, y = numbers[-2:] if letter in "MmLlCcQqAa" else (numbers[0], at[1]) if letter == "H" else (at[0], numbers[0])
    if letter == "h":
        return at[0] + numbers[0], at[1]
    if letter == "v":
        return at[0], at[1] + numbers[0]
    return (at[0] + x, at[1] + y) if letter.islower() else (x, y)


def _steps(letter: str, numbers: list[float], at: Point) -> list[Point]:
    """Where a command's line runs from `at`, without `at`."""
    end = _target(letter, numbers, at)
    kind = letter.upper()
    if kind in ("C", "Q"):
        shift = at if letter.islower() else (0.0, 0.0)
        inner = [(numbers[i] + shift[0], numbers[i + 1] + shift[1]) for i in range(0, len(numbers) - 2, 2)]
        return _bezier([at, *inner, end])
    return _arc(at, end, numbers) if kind == "A" else [end]


def _bezier(points: list[Point]) -> list[Point]:
    """Follow a Bézier curve (de Casteljau)."""
    made = []
    for step in range(1, CURVE_STEPS + 1):
        share, left = step / CURVE_STEPS, points
        while len(left) > 1:
            left = [(a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share) for a, b in pairwise(left)]
        made.append(left[0])
    return made


def _arc(start: Point, end: Point, numbers: list[float]) -> list[Point]:
    """Follow an elliptical arc, from its ends to its centre (SVG 1.1, F.6.5)."""
    wide, high, turn, large, sweep = abs(numbers[0]), abs(numbers[1]), math.radians(numbers[2]), bool(numbers[3]), bool(numbers[4])
    if not wide or not high or start == end:
        return [end]
    cos, sin = math.cos(turn), math.sin(turn)
    dx, dy = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * dx + sin * dy, cos * dy - sin * dx
    reach = (x / wide) ** 2 + (y / high) ** 2
    if reach > 1:
        wide, high = wide * math.sqrt(reach), high * math.sqrt(reach)
    square = (wide * high) ** 2 - (wide * y) ** 2 - (high * x) ** 2
    share = math.sqrt(max(square, 0.0) / ((wide * y) ** 2 + (high * x) ** 2)) * (-1 if large == sweep else 1)
    cx, cy = share * wide * y / high, -share * high * x / wide
    first, last = math.atan2((y - cy) / high, (x - cx) / wide), math.atan2((-y - cy) / high, (-x - cx) / wide)
    sweep_by = (last - first) % (2 * math.pi) - (0 if sweep else 2 * math.pi)
    steps = max(math.ceil(abs(sweep_by) / ARC_STEP), 1)
    middle = (cos * cx - sin * cy + (start[0] + end[0]) / 2, sin * cx + cos * cy + (start[1] + end[1]) / 2)
    angles = [first + sweep_by * step / steps for step in range(1, steps)]
    return [
        (middle[0] + cos * wide * math.cos(a) - sin * high * math.sin(a), middle[1] + sin * wide * math.cos(a) + cos * high * math.sin(a))
        for a in angles
    ] + [end]


def _array(run: list[Point]) -> NDArray[np.float64]:
    points = np.round(np.array(run), 4)
    return points[:-1] if len(points) > 2 and np.allclose(points[0], points[-1]) else points
