"""How long a kilometre is on the map: two bars of a round length, in kilometres and in miles, true at the middle of the frame."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from geo.lettering import width
from geo.plate.items import Item, Line, Ring, Stroke, Words

__all__ = ["MILE_KM", "draw_scale", "round_length", "scale_size"]

MILE_KM = 1.609344
INK = "#3d3933"


def round_length(most: float) -> float:
    """Return the longest of 1, 2 or 5 times a power of ten that is no longer than `most`.

    Examples
    --------
    >>> round_length(73), round_length(0.3), round_length(2)
    (50.0, 0.2, 2.0)
    """
    power = 10.0 ** math.floor(math.log10(most) + 1e-9)
    return next(step * power for step in (5.0, 2.0, 1.0) if step * power <= most * (1 + 1e-9))


def scale_size(km_per_point: float, most: float, letters: float) -> tuple[float, float]:
    """Return width and height of a scale bar in points, its longer bar no longer than `most`."""
    return max(points + width(words, letters) / 2 for words, points in _bars(km_per_point, most)) + letters * 0.6, letters * 3.1


def draw_scale(km_per_point: float, most: float, letters: float, at: tuple[float, float], *, halo: str) -> Iterator[Item]:
    """Yield the two bars, their upper left corner at a point of the page.

    Parameters
    ----------
    km_per_point
        The scale at the middle of the frame.
    most
        The longest that a bar may be, in points.
    letters
        Size of the letters, in points.
    at
        Where it stands.
    halo
        The colour behind the letters.
    """
    (km, first), (miles, second) = _bars(km_per_point, most)
    x, y = at[0] + width("0", letters) / 2, at[1] + letters * 1.55
    tick = letters * 0.42
    names = f"Scale: {km}, {miles}"
    for points, up in ((first, -1), (second, 1)):
        path = np.array([[x, y + up * tick], [x, y], [x + points, y], [x + points, y + up * tick]])
        yield from _bar(path, halo, letters, names)
    for words, points, down in ((km, first, -tick - letters * 0.28), (miles, second, tick + letters * 0.95)):
        for text, right in (("0", x), (words, x + points)):
            if text == "0" and down > 0:
                continue
            yield Words(role="scale", name=names, x=right, y=y + down, lines=(text,), size=letters, align="middle", colour=INK, halo=halo,
                        halo_width=letters * 0.28)


def _bars(km_per_point: float, most: float) -> tuple[tuple[str, float], tuple[str, float]]:
    """(words, points) of the bar of kilometres and of that of miles."""
    km = round_length(most * km_per_point)
    miles = round_length(most * km_per_point / MILE_KM)
    return (f"{_number(km)} km", km / km_per_point), (f"{_number(miles)} mi", miles * MILE_KM / km_per_point)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1 else f"{value:g}"


def _bar(path: Ring, halo: str, letters: float, name: str) -> Iterator[Item]:
    strokes = (Stroke(colour=halo, width=letters * 0.34, opacity=0.85), Stroke(colour=INK, width=letters * 0.12))
    yield Line(role="scale", name=name, paths=(path,), strokes=strokes)
