"""Which military symbol stands for a unit or an installation: frames, icons and size marks after NATO APP-6(D).

The geometry is that of the published standard (frames and icons inside an octagon whose sides lie one unit apart), drawn for this project.
The frame says whose side a party is on, and is "unknown" as long as the reader takes no side; colour stays the party's. A frame in dashes
says that something is only planned. The same symbols come as shapes for plates and as SVG paths for pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.errors import InputError
from geo.plate.items import Area, Fill, Line, Stroke

__all__ = ["AFFILIATIONS", "ECHELONS", "KINDS", "STATUSES", "Piece", "path_of", "pieces", "symbol"]

KINDS: dict[str, str] = {
    "unit": "unit", "infantry": "infantry", "mechanised": "mechanised infantry", "motorised": "motorised infantry",
    "airborne": "airborne infantry", "armour": "armour", "reconnaissance": "reconnaissance or cavalry", "artillery": "artillery",
    "missile": "rockets or missiles", "air_defence": "air defence", "engineer": "engineers", "special_forces": "special forces",
    "air": "air force", "helicopter": "helicopters", "uav": "drones", "naval": "navy", "base": "base or other installation",
    "airfield": "airfield", "port": "port",
}
"""The symbols by key, with their names for a legend."""

AFFILIATIONS = ("unknown", "friend", "hostile", "neutral")
STATUSES = ("present", "anticipated")
ECHELONS = ("", "platoon", "company", "battalion", "regiment", "brigade", "division", "corps", "army")

INK = "#1d1b18"
TINT = 0.52  # how far the party's colour goes towards white inside a frame, so that black icons stay readable on it
STROKE = 0.065  # width of lines in units of the octagon
SPAN = 1.66  # units that the widest frame takes with its lines
GRID = 24.0  # side of the square in which SVG paths are drawn, as of the icons of data/symbology.json
DASH = (0.17, 0.11)  # of a planned frame, in units
STEPS = 12  # corners of each curve

_INSTALLATIONS = frozenset({"base", "airfield", "port"})
_BAR = 0.11  # height of the bar that marks an installation
# Half the width and height of the box that full-frame icons fill, by frame.
_BOX = {"friend": (0.75, 0.5), "neutral": (0.55, 0.55), "hostile": (0.4, 0.3), "unknown": (0.5, 0.35), "vessel": (0.42, 0.42)}
_MARKS = {
    "platoon": "***", "company": "I", "battalion": "II", "regiment": "III", "brigade": "X", "division": "XX", "corps": "XXX",
    "army": "XXXX",
}

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """A line or a ring of a symbol in units of its octagon, centre 0, y down; `paint` is "frame", "solid" or "line"."""

    points: Points
    paint: str
    closed: bool = False


def symbol(
    kind: str, *, affiliation: str = "unknown", status: str = "present", colour: str = "#ffffff", size: float = 26.0, echelon: str = "",
    role: str = "event", layer: str = "",
) -> tuple[Area | Line, ...]:
    """Return a symbol as shapes in points around its centre, y down, in drawing order.

    Parameters
    ----------
    kind
        One of `KINDS`.
    affiliation
        Whose side: one of `AFFILIATIONS`; it decides the frame.
    status
        "present", or "anticipated" for what is planned or proposed: a dashed frame.
    colour
        The party's colour (#rrggbb), of which the frame takes a tint.
    size
        Width of the widest frame in points.
    echelon
        The size of the unit: one of `ECHELONS`.

    Raises
    ------
    InputError
        If one of them is not known.

    Examples
    --------
    >>> [type(shape).__name__ for shape in symbol("infantry", affiliation="friend")]
    ['Area', 'Line', 'Line']
    """
    unit = size / SPAN
    dash = tuple(part * unit for part in DASH) if status == "anticipated" else ()
    shapes: list[Area | Line] = []
    for piece in pieces(kind, affiliation, status, echelon):
        points = piece.points * unit
        if piece.paint == "line":
            path = np.vstack((points, points[:1])) if piece.closed else points
            shapes.append(Line(role=role, layer=layer, paths=(path,), strokes=(Stroke(colour=INK, width=STROKE * unit),)))
            continue
        fill = Fill(colour=_tint(colour) if piece.paint == "frame" else INK)
        stroke = Stroke(colour=INK, width=STROKE * unit, dash=dash) if piece.paint == "frame" else None
        shapes.append(Area(role=role, layer=layer, polygons=((points,),), fill=fill, stroke=stroke))
    return tuple(shapes)


def path_of(kind: str, affiliation: str = "unknown", status: str = "present", echelon: str = "") -> tuple[tuple[str, str, bool], ...]:
    """Return a symbol as SVG paths on a grid of 24 by 24: (d, paint, dashed) each, in drawing order.

    `paint` is "frame" (filled with a tint of the party's colour, with a dark line round it), "solid" (dark) or "line" (a dark line).

    Raises
    ------
    InputError
        If one of the arguments is not known.

    Examples
    --------
    >>> path_of("unit", "friend")[0]
    ('M1.16 4.77L22.84 4.77L22.84 19.23L1.16 19.23Z', 'frame', False)
    """
    found = []
    for piece in pieces(kind, affiliation, status, echelon):
        spots = (f"{x:.2f} {y:.2f}" for x, y in piece.points * (GRID / SPAN) + GRID / 2)
        drawn = "M" + "L".join(spots) + ("Z" if piece.closed else "")
        found.append((drawn, piece.paint, piece.paint == "frame" and status == "anticipated"))
    return tuple(found)


@lru_cache(maxsize=512)
def pieces(kind: str, affiliation: str = "unknown", status: str = "present", echelon: str = "") -> tuple[Piece, ...]:
    """Return the lines and rings of a symbol in units of its octagon: the frame, its icon, the marks above it.

    Raises
    ------
    InputError
        If one of the arguments is not known.
    """
    for what, given, allowed in (
        ("kind of symbol", kind, tuple(KINDS)), ("affiliation", affiliation, AFFILIATIONS), ("status of a symbol", status, STATUSES),
        ("size of a unit", echelon, ECHELONS),
    ):
        if given not in allowed:
            raise InputError(f"There is no {what} {given!r}; choose {', '.join(filter(None, allowed))}.")
    frame = _frame(kind, affiliation)
    box = _BOX["vessel" if kind == "naval" and affiliation == "friend" else affiliation]
    found = [Piece(points=frame, paint="frame", closed=True), *_icon(kind, box)]
    top = float(frame[:, 1].min())
    if kind in _INSTALLATIONS:
        bar = _ring((-0.25, top - _BAR), (0.25, top - _BAR), (0.25, top), (-0.25, top))
        found.append(Piece(points=bar, paint="solid", closed=True))
        top -= _BAR
    return (*found, *_echelon(echelon, top - 0.09))


def _frame(kind: str, affiliation: str) -> Points:
    """The outline that says whose side: rectangle (a ship: circle), diamond, square or quatrefoil."""
    if affiliation == "friend":
        return _arc(0, 0, 0.6, 0.6, 0, 360)[:-1] if kind == "naval" else _box(0.75, 0.5)
    if affiliation == "hostile":
        return _ring((0, -0.72), (0.72, 0), (0, 0.72), (-0.72, 0))
    if affiliation == "neutral":
        return _box(0.55, 0.55)
    a, out = 0.37, 0.8
    lobes = (
        ((-a, -a), (-a, -out), (a, -out), (a, -a)), ((a, -a), (out, -a), (out, a), (a, a)),
        ((a, a), (a, out), (-a, out), (-a, a)), ((-a, a), (-out, a), (-out, -a), (-a, -a)),
    )
    return np.vstack([_bezier(*lobe)[:-1] for lobe in lobes])


def _icon(kind: str, box: tuple[float, float]) -> tuple[Piece, ...]:
    """The icon of a kind in its frame; `box` is half the width and height that a full-frame icon fills."""
    x, y = box
    cross = (_line((-x, -y), (x, y)), _line((-x, y), (x, -y)))
    oval = Piece(points=np.vstack((_arc(0.26, 0, 0.17, 0.17, -90, 90), _arc(-0.26, 0, 0.17, 0.17, 90, 270))), paint="line", closed=True)
    drawn: dict[str, tuple[Piece, ...]] = {
        "infantry": cross, "mechanised": (*cross, oval), "motorised": (*cross, _line((0, -y), (0, y))), "armour": (oval,),
        "airborne": (*cross, *(_curved(_arc(side * 0.09, y - 0.05, 0.09, 0.1, 180, 360)) for side in (-1, 1))),
        "reconnaissance": (_line((-x, y), (x, -y)),),
        "artillery": (_solid(_arc(0, 0, 0.16, 0.16, 0, 360)[:-1]),),
        "missile": (_curved(_missile()), _line((-0.22, 0.32), (0.22, 0.32))),
        "air_defence": (_curved(_arc(0, y, x * 0.98, y * 0.75, 180, 360)),),
        "engineer": (_line((-0.3, 0.16), (-0.3, -0.16), (0.3, -0.16), (0.3, 0.16)), _line((0, -0.16), (0, 0.16))),
        "special_forces": _letters(),
        "air": tuple(_solid(_bezier((0, 0), (s * 0.2, -0.24), (s * 0.46, -0.24), (s * 0.46, 0), (s * 0.46, 0.24), (s * 0.2, 0.24), (0, 0)))
                     for s in (-1, 1)),
        "helicopter": (_solid(_ring((-0.42, -0.2), (0, 0), (-0.42, 0.2))), _solid(_ring((0.42, -0.2), (0, 0), (0.42, 0.2)))),
        "uav": (_solid(_ring((-0.46, -0.16), (0, 0.0), (0.46, -0.16), (0.46, -0.04), (0, 0.17), (-0.46, -0.04))),),
        "naval": _anchor(), "port": _anchor(), "airfield": (_aircraft(),),
    }
    return drawn.get(kind, ())


def _anchor() -> tuple[Piece, ...]:
    arms = _arc(0, 0.02, 0.26, 0.28, 160, 20)
    return (
        _line((0, -0.16), (0, 0.3)), _line((-0.16, -0.08), (0.16, -0.08)), _curved(arms),
        Piece(points=_arc(0, -0.23, 0.07, 0.07, 0, 360)[:-1], paint="line", closed=True),
    )


def _missile() -> Points:
    return np.vstack(((-0.1, 0.32), *_arc(0, -0.2, 0.1, 0.14, 180, 360), (0.1, 0.32)))


def _aircraft() -> Piece:
    half = [
        (0.0, -0.34), (0.05, -0.27), (0.05, -0.1), (0.36, 0.1), (0.36, 0.17), (0.05, 0.08), (0.04, 0.23), (0.15, 0.31), (0.15, 0.36),
        (0.0, 0.32),
    ]
    return _solid(np.array([*half, *((-x, y) for x, y in half[-2:0:-1])]))


def _letters() -> tuple[Piece, ...]:
    """S and F, in lines."""
    s = np.vstack((_arc(-0.2, -0.09, 0.11, 0.1, -30, -270), _arc(-0.2, 0.11, 0.11, 0.1, -90, 150)))
    return _curved(s), _line((0.28, -0.19), (0.08, -0.19), (0.08, 0.21)), _line((0.08, 0.0), (0.23, 0.0))


def _echelon(echelon: str, foot: float) -> tuple[Piece, ...]:
    """The marks of a unit's size, above its frame."""
    marks, tall = _MARKS.get(echelon, ""), 0.2
    found: list[Piece] = []
    for number, mark in enumerate(marks):
        middle = (number - (len(marks) - 1) / 2) * (0.24 if mark != "I" else 0.14)
        if mark == "*":
            found.append(_solid(_arc(middle, foot - 0.06, 0.07, 0.07, 0, 360)[:-1]))
        elif mark == "I":
            found.append(_line((middle, foot), (middle, foot - tall)))
        else:
            found += [_line((middle - side, foot), (middle + side, foot - tall)) for side in (0.08, -0.08)]
    return tuple(found)


def _ring(*points: tuple[float, float]) -> Points:
    return np.array(points, dtype=np.float64)


def _box(x: float, y: float) -> Points:
    return _ring((-x, -y), (x, -y), (x, y), (-x, y))


def _line(*points: tuple[float, float]) -> Piece:
    return Piece(points=_ring(*points), paint="line")


def _curved(points: Points) -> Piece:
    return Piece(points=points, paint="line")


def _solid(points: Points) -> Piece:
    return Piece(points=points, paint="solid", closed=True)


def _arc(x: float, y: float, wide: float, tall: float, begin: float, end: float) -> Points:
    """Points of an ellipse between two angles, in degrees clockwise from the right."""
    turns = np.radians(np.linspace(begin, end, max(STEPS, round(abs(end - begin) / 360 * STEPS * 3)) + 1))
    return np.column_stack((x + wide * np.cos(turns), y + tall * np.sin(turns)))


def _bezier(*points: tuple[float, float]) -> Points:
    """Points of one or more cubic curves, each beginning where the last ends."""
    share = np.linspace(0, 1, STEPS + 1)[:, None]
    found: list[Points] = []
    for first in range(0, len(points) - 1, 3):
        a, b, c, d = (np.array(point) for point in points[first : first + 4])
        curve = (1 - share) ** 3 * a + 3 * share * (1 - share) ** 2 * b + 3 * share**2 * (1 - share) * c + share**3 * d
        found.append(curve if not found else curve[1:])
    return np.vstack(found)


def _tint(colour: str) -> str:
    """A lighter colour (#rrggbb)."""
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return "#" + "".join(f"{round(part + (255 - part) * TINT):02x}" for part in parts)
