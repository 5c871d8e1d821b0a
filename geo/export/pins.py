"""The signs of a map as small pictures (PNG), for files that cannot draw: the icons and dots of the style sheet, in a party's colour."""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from PIL import Image, ImageChops, ImageDraw

from geo import symbology
from geo.plate.svg_path import rings

__all__ = ["PIXELS", "pin"]

PIXELS = 64
"""Width and height of a sign."""

_FINE = 4  # drawn this much larger, then reduced, for smooth edges
_GRID = 24.0  # of the icons of the style sheet
_ROOM = 0.84  # of the picture that the sign takes; its light rim needs the rest
_RIM, _HOLLOW = 0.09, 0.06  # widths of the light rim and of a hollow sign's line, in widths of the picture
_PAPER = "#fffdf8"
_DOT = 4.5  # radius of a dot on the grid


@lru_cache(maxsize=256)
def pin(icon: str, colour: str, *, hollow: bool = False) -> bytes:
    """Return the picture of an icon of the style sheet in a colour (#rrggbb), or of a dot where the icon has no name.

    Examples
    --------
    >>> pin("attack", "#c0453b")[:4]
    b'\\x89PNG'
    """
    side = PIXELS * _FINE
    outline = [_placed(ring, side) for ring in _outline(icon)]
    mask = Image.new("L", (side, side), 0)
    for ring in outline:  # a ring inside another is a hole
        part = Image.new("L", (side, side), 0)
        ImageDraw.Draw(part).polygon(ring, fill=255)
        mask = ImageChops.difference(mask, part)
    picture = Image.new("RGBA", (side, side), (255, 253, 248, 0))
    _trace(picture, outline, _PAPER, _RIM * side)
    picture.paste(Image.new("RGBA", (side, side), _PAPER if hollow else colour), (0, 0), mask)
    if hollow:
        _trace(picture, outline, colour, _HOLLOW * side)
    out = io.BytesIO()
    picture.resize((PIXELS, PIXELS), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


def _outline(icon: str) -> list[np.ndarray]:
    """The rings of an icon, or of a dot, on the grid."""
    if icon:
        drawn: dict[str, str] = symbology.style()["icons"]
        return [np.asarray(ring, dtype=float) for ring in rings(drawn.get(icon, drawn["event"]))]
    angles = np.linspace(0, 2 * np.pi, 49)
    return [_GRID / 2 + _DOT * np.column_stack([np.cos(angles), np.sin(angles)])]


def _placed(ring: np.ndarray, side: int) -> list[tuple[float, float]]:
    moved = (ring - _GRID / 2) / _GRID * side * _ROOM + side / 2
    return [(float(x), float(y)) for x, y in moved]


def _trace(picture: Image.Image, outline: list[list[tuple[float, float]]], colour: str, width: float) -> None:
    pen = ImageDraw.Draw(picture)
    for ring in outline:
        pen.line([*ring, *ring[:2]], fill=colour, width=round(width), joint="curve")
