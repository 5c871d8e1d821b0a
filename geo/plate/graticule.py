"""The military grid on a map: lines of MGRS squares, as fine as the scale bears, and the letters of those of 100 km.

Lines keep to the zones of six degrees; the exceptions of Norway and Svalbard are in the letters, not in the lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.grid import to_mgrs
from geo.lettering import width
from geo.plate import shapes
from geo.plate.items import Box, Item, Line, Stroke, Words
from geo.plate.view import View
from geo.projections import utm_degrees, utm_metres

__all__ = ["graticule", "lettered", "spacing_km"]

SIDES_KM = (1, 10, 100)  # of squares that MGRS has names for
LEAST_SIDE = 44.0  # points: closer lines would be a texture
LETTERS = 6.4  # points: size of the squares' letters on an article's page
MOST_DEGREES = 30.0  # wider views have no grid: its lines would bend, and its zones be slivers
_POINTS = 16  # of a line in a square's row; a line of 600 km sags less than a tenth of a point between them
_ZONE = 6


def spacing_km(view: View, unit: float = 1.0) -> int:
    """Return the side, in kilometres, of the squares whose lines a view bears; 0 for none.

    Examples
    --------
    >>> from geo.plate.items import Box
    >>> from geo.plate.view import fitted
    >>> spacing_km(fitted((35, 34, 39, 37), Box(x=0, y=0, width=700, height=500)))
    100
    """
    west, _, east, _ = view.bounds
    if east - west > MOST_DEGREES:
        return 0
    return next((side for side in SIDES_KM if side / view.km_per_point >= LEAST_SIDE * unit), 0)


def graticule(view: View, colours: Mapping[str, str], unit: float, reserved: Sequence[Box] = ()) -> tuple[Item, ...]:
    """Return the grid's lines, and the letters of its squares of 100 km at their lower left corners.

    Parameters
    ----------
    view
        Where the map lies.
    colours
        Of the base: `grid`, the lines, and `halo` behind the letters.
    unit
        How many times as large as on an article's page things are drawn.
    reserved
        Boxes in which no letters may stand.
    """
    side = spacing_km(view, unit)
    if not side:
        return ()
    weights = {side: 0.35, 100: 0.75}  # of lines, in points; where the squares are those of 100 km, they alone are drawn
    lines = [_drawn(view, step, Stroke(colour=colours["grid"], width=width * unit, opacity=0.5)) for step, width in weights.items()]
    letters = [words for words in _letters(view, colours, unit) if not any(_touch(_box(words), box) for box in reserved)]
    return (*filter(None, lines), *letters)


def lettered(items: Iterable[Item]) -> tuple[Box, ...]:
    """Return the boxes of a grid's letters."""
    return tuple(_box(item) for item in items if isinstance(item, Words))


def _box(words: Words) -> Box:
    wide = width(words.lines[0], words.size, weight=words.weight)
    return Box(x=words.x, y=words.y - 0.75 * words.size, width=wide, height=words.size)


def _touch(one: Box, two: Box) -> bool:
    return (one.x < two.x + two.width and two.x < one.x + one.width) and (one.y < two.y + two.height and two.y < one.y + one.height)


def _drawn(view: View, step: int, stroke: Stroke) -> Line | None:
    placed = [view.to_page(line) for zone in _zones(view) for line in _lines(view, zone, step)]
    paths = shapes.paths(shapely.GeometryCollection([line for line in placed if not line.is_empty]))
    return Line(role="graticule", name=f"Grid of {step} km", paths=paths, strokes=(stroke,)) if paths else None


def _zones(view: View) -> range:
    west, _, east, _ = view.bounds
    return range(math.floor((west + 180) / _ZONE), math.floor((east + 180) / _ZONE) + 1)


def _window(view: View, zone: int) -> tuple[float, float, float, float]:
    """What of a zone the view shows, in degrees; zones are counted from 0 and on past the antimeridian."""
    west, south, east, north = view.bounds
    left = zone * _ZONE - 180.0
    return max(west, left), max(south, -80.0), min(east, left + _ZONE), min(north, 84.0)


def _extent(window: tuple[float, float, float, float], zone: int) -> tuple[float, float, float, float]:
    """Eastings and northings (km, from the equator) that a window spans in a zone."""
    west, south, east, north = window
    spots = [utm_metres(lon, lat, zone=zone % 60 + 1, south=False)
             for lon in np.linspace(west, east, 4) for lat in (*np.linspace(south, north, 4), min(max(0.0, south), north))]
    eastings, northings = (np.array(part) / 1000 for part in zip(*spots, strict=True))
    return float(eastings.min()), float(northings.min()), float(eastings.max()), float(northings.max())


def _lines(view: View, zone: int, step: int) -> Iterator[BaseGeometry]:
    window = _window(view, zone)
    if window[0] >= window[2] or window[1] >= window[3]:
        return
    left, low, right, high = _extent(window, zone)
    across, up = np.linspace(left, right, _POINTS), np.linspace(low, high, _POINTS)
    for easting in _multiples(left, right, step):
        yield _line([(easting, northing) for northing in up], zone, window)
    for northing in _multiples(low, high, step):
        yield _line([(easting, northing) for easting in across], zone, window)
    if window[0] > view.bounds[0]:
        yield shapely.LineString([(window[0], window[1]), (window[0], window[3])])


def _multiples(first: float, last: float, step: int) -> Iterator[float]:
    for number in range(math.ceil(first / step), math.floor(last / step) + 1):
        yield float(number * step)


def _line(spots: list[tuple[float, float]], zone: int, window: tuple[float, float, float, float]) -> BaseGeometry:
    return shapely.clip_by_rect(shapely.LineString([_degrees(easting, northing, zone) for easting, northing in spots]), *window)


def _degrees(easting: float, northing: float, zone: int) -> tuple[float, float]:
    """Where a point of a zone lies, its longitude running on past the antimeridian as the zone's number does."""
    lon, lat = utm_degrees(easting * 1000, northing * 1000, zone=zone % 60 + 1, south=False)
    middle = zone * _ZONE - 177.0
    return (lon - middle + 180) % 360 - 180 + middle, lat


def _letters(view: View, colours: Mapping[str, str], unit: float) -> Iterator[Words]:
    """The two letters of each square of 100 km; the first of a row in its zone has the zone's own name before them."""
    size = LETTERS * unit
    for zone in _zones(view):
        named: set[float] = set()
        for northing, lon, lat in _corners(view, zone, 3 * view.km_per_point * unit):
            x, y = (round(float(value), 2) for value in view.project(lon, lat))
            square = to_mgrs((lon + 180) % 360 - 180, lat, digits=0)
            if not _holds(view, x, y, size):
                continue
            words = square[-2:] if northing in named else square
            named.add(northing)
            yield Words(
                role="graticule", name=square, x=x, y=y, lines=(words,), size=size, colour=colours["grid"], weight=600,
                halo=colours["halo"], halo_width=1.2 * unit,
            )


def _corners(view: View, zone: int, inset: float) -> Iterator[tuple[float, float, float]]:
    """Northing of the lower left corner of each square of 100 km in a zone, and the (lon, lat) a little inside it (`inset`, km)."""
    window = _window(view, zone)
    if window[0] >= window[2] or window[1] >= window[3]:
        return
    left, low, right, high = _extent(window, zone)
    for easting in _multiples(left - 100, right, 100):
        for northing in _multiples(low - 100, high, 100):
            lon, lat = _degrees(easting + inset, northing + inset, zone)
            if window[0] <= lon <= window[2] and window[1] <= lat <= window[3]:
                yield northing, lon, lat


def _holds(view: View, x: float, y: float, size: float) -> bool:
    """Whether the frame holds five letters of a size from a point on."""
    frame = view.frame
    return frame.x < x < frame.x + frame.width - 5 * size and frame.y + 1.5 * size < y < frame.y + frame.height - 2
