"""A small map of two places and the way between them, as one piece of SVG: no script, nothing fetched."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from geo import basemap
from geo.hand_map import HandMap, touch
from geo.markup import Markup, join, tag
from geo.projections import bearing, destination, distance_km

__all__ = ["locator"]

WIDTH, HEIGHT = 360, 230  # pixels
MARGIN = 1.7  # how much wider than the two places the map is; set by eye, so that markers and their labels stay inside
LEAST_DEGREES = 1.6  # width of the closest map in degrees of latitude, so that something is there to recognise
TOWNS = 7  # lettered on one map
STEPS = 40  # pieces of the way between the two places
_LETTER = 5.6  # mean width of a letter in pixels, to keep names apart
_ROUND_KM = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_LINES = {0: "country", 1: "unit", 3: "disputed"}  # classes of lines in the basemap

Point = tuple[float, float]


def locator(gold: Point, ours: Point) -> Markup:
    """Return the map of where a name is (a ring) and where it was put (a cross); points are (lon, lat) in degrees."""
    frame = _framed(gold, ours)
    ends = frame.at(*gold), frame.at(*ours)
    way = "".join(frame.path(np.array(piece), closed=False) for piece in _way(gold, ours))
    return tag(
        "svg", _ground(frame), _towns(frame, ends), tag("path", class_="way", d=way), _marks(*ends), _scale(frame, (gold[1] + ours[1]) / 2),
        viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label="Map of the gold place and the place found",
    )


def _framed(one: Point, two: Point) -> HandMap:
    """The frame round two places; the whole world where they lie on both sides of the antimeridian."""
    middle = (one[1] + two[1]) / 2
    shrunk = max(0.2, math.cos(math.radians(middle)))
    degrees = max(abs(one[0] - two[0]) * shrunk, abs(one[1] - two[1]) * WIDTH / HEIGHT) * MARGIN
    degrees = max(degrees, LEAST_DEGREES)
    if abs(one[0] - two[0]) > 180 or degrees / shrunk >= 300:
        return HandMap(-180.0, 62.0 + 90.0 * HEIGHT / WIDTH, WIDTH / 360, WIDTH / 360, WIDTH, HEIGHT)
    up = WIDTH / degrees
    west = (one[0] + two[0]) / 2 - degrees / shrunk / 2
    return HandMap(west, middle + HEIGHT / up / 2, up * shrunk, up, WIDTH, HEIGHT)


def _ground(frame: HandMap) -> Markup:
    drawn = frame.outlines()
    parts = [tag("rect", class_="sea", width=WIDTH, height=HEIGHT)]
    for name in ("land", "lakes"):
        parts.append(tag("path", class_=name, d="".join(frame.path(ring) for _, rings in drawn[name] for ring in rings)))
    for kind, name in _LINES.items():
        lines = "".join(frame.path(ring, closed=False) for found, rings in drawn["lines"] if found == kind for ring in rings)
        parts.append(tag("path", class_=name, d=lines))
    return join(parts)


def _way(one: Point, two: Point) -> Iterator[list[Point]]:
    """The shortest way between two places, cut where it crosses the antimeridian."""
    km, course = distance_km(shapely.Point(one), shapely.Point(two)), bearing(one, two)
    points = [one, *(destination(*one, course, km * step / STEPS) for step in range(1, STEPS)), two]
    piece: list[Point] = []
    for point in points:
        if piece and abs(point[0] - piece[-1][0]) > 180:
            yield piece
            piece = []
        piece.append(point)
    yield piece


def _towns(frame: HandMap, ends: Sequence[Point]) -> Markup:
    """The largest towns whose names fit beside each other and clear of the two places."""
    west, south, east, north = frame.box
    taken = [(x - 34, y - 18, x + 34, y + 18) for x, y in ends] + [(0.0, HEIGHT - 22.0, 120.0, float(HEIGHT))]
    made: list[Markup] = []
    for name, lon, lat in basemap.towns((west, south, east, north)):
        x, y = frame.at(lon, lat)
        label = (x - 4, y - 8, x + 6 + _LETTER * len(name), y + 6)
        if label[2] < WIDTH and label[0] > 0 and 8 < y < HEIGHT - 8 and not any(touch(label, other) for other in taken):
            taken.append(label)
            made += [tag("circle", class_="town", cx=f"{x:.1f}", cy=f"{y:.1f}", r=1.6), _text(name, x + 4.5, y + 3.5, "town")]
        if len(made) >= 2 * TOWNS:
            break
    return join(made)


def _marks(gold: Point, ours: Point) -> Markup:
    (x, y), (u, v) = gold, ours
    beside = 1 if x >= u else -1  # the labels stand on the far sides, so that they keep clear of the way
    cross = f"M{u - 5:.1f} {v - 5:.1f}l10 10M{u - 5:.1f} {v + 5:.1f}l10 -10"
    return join([
        tag("circle", class_="halo", cx=f"{x:.1f}", cy=f"{y:.1f}", r=6), tag("circle", class_="gold", cx=f"{x:.1f}", cy=f"{y:.1f}", r=6),
        tag("path", class_="halo", d=cross), tag("path", class_="ours", d=cross),
        _text("gold", x + 11 * beside, y + 4, "gold", end=beside < 0), _text("found", u - 11 * beside, v + 4, "ours", end=beside > 0),
    ])


def _scale(frame: HandMap, latitude: float) -> Markup:
    """A bar of a round length, true at a latitude; none on a map of the world, where no one length is true."""
    km_a_pixel = 111.32 * math.cos(math.radians(latitude)) / frame.across
    fitting = [km for km in _ROUND_KM if 30 <= km / km_a_pixel <= 110]
    if not fitting or frame.box[2] - frame.box[0] > 100:
        return Markup("")
    long, y = fitting[-1] / km_a_pixel, HEIGHT - 10
    bar = tag("path", class_="bar", d=f"M10 {y - 4}V{y}H{10 + long:.1f}V{y - 4}")
    return join([bar, _text(f"{fitting[-1]:,} km", 14 + long, y, "bar")])


def _text(words: str, x: float, y: float, kind: str, *, end: bool = False) -> Markup:
    anchor = "end" if end else None
    return tag("text", words, class_=kind, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor)
