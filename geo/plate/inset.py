"""Where in the world the frame lies: a small map beside the large one."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import basemap
from geo.lettering import width
from geo.plate import shapes
from geo.plate.corners import apart
from geo.plate.items import Area, Box, Fill, Item, Line, Ring, Stroke, Words
from geo.plate.swatches import rectangle

if TYPE_CHECKING:
    from geo.plate.scene import Scene

__all__ = ["draw_inset", "inset_is_of_use"]

TIMES = 7.0  # how much wider than the frame the small map is, and its bounds in degrees: set by eye, so that a country and its
LEAST, MOST = 22.0, 110.0  # neighbours are there to recognise
WIDEST = 100.0  # degrees of a frame that needs no inset: whoever sees it knows where it is
THIN, SPECK = 0.5, 2.0  # points that its lines may be off, and square points of the least island
MARK = 5.0  # points: a frame that is smaller on the inset gets a square of this size
NAMES = 4  # countries named on it
LEAST_RANK = 3.0  # of the basemap's names: what is smaller helps nobody to find the place
_TURNS = (-360.0, 0.0, 360.0)


@dataclass(frozen=True, slots=True)
class _Small:
    """Degrees to the points of the inset: plain degrees, the width shrunk by the cosine of the middle latitude."""

    box: Box
    west: float
    north: float
    across: float
    up: float

    def at(self, points: NDArray[np.float64]) -> Ring:
        x = self.box.x + (points[:, 0] - self.west) * self.across
        y = self.box.y + (self.north - points[:, 1]) * self.up
        return np.column_stack((x, y))

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        return self.west, self.north - self.box.height / self.up, self.west + self.box.width / self.across, self.north


def inset_is_of_use(scene: Scene) -> bool:
    """Say whether a small map would tell a reader anything: not of a map that shows half the world."""
    west, _, east, _ = scene.bounds
    return bool(scene.preset["inset"]) and east - west < WIDEST


def draw_inset(scene: Scene, box: Box, *, letters: float) -> Iterator[Item]:
    """Yield the items of the inset in a box of the page.

    Parameters
    ----------
    scene
        The large map.
    box
        Where the small one stands.
    letters
        Size of the names on it, in points.
    """
    small = _framed(scene, box)
    colours = scene.preset["base"]
    window = shapely.box(box.x, box.y, box.x + box.width, box.y + box.height)
    yield Area(role="inset", name="Inset: sea", polygons=((rectangle(box),),), fill=Fill(colour=colours["sea"]))
    land, lines = _ground(small, window)
    if land:
        yield Area(role="inset", name="Inset: land", polygons=tuple(land), fill=Fill(colour=colours["land"]),
                   stroke=Stroke(colour=colours["coast"], width=0.35))
    if lines:
        yield Line(role="inset", name="Inset: borders", paths=tuple(lines), strokes=(Stroke(colour=colours["country_line"], width=0.4),))
    mark = _mark(scene, small, window)
    yield from _names(scene, small, letters, mark)
    yield Area(role="inset", name="Inset: what the map shows", polygons=((mark,),), fill=Fill(colour="#b3261e", opacity=0.18),
               stroke=Stroke(colour="#b3261e", width=1.1))
    yield Area(role="inset", name="Inset: edge", polygons=((rectangle(box),),), stroke=Stroke(colour=colours["country_line"], width=0.6))


def _framed(scene: Scene, box: Box) -> _Small:
    west, south, east, north = scene.bounds
    middle, centre = (south + north) / 2, (west + east) / 2
    shrunk = max(0.25, math.cos(math.radians(middle)))
    high = max((north - south) * TIMES, (east - west) * shrunk * TIMES * box.height / box.width)
    high = min(max(high, LEAST * box.height / box.width), MOST * box.height / box.width, 150.0)
    up = box.height / high
    across = up * shrunk
    top = min(max(middle + high / 2, high - 84.0), 84.0) if high < 168 else 84.0
    return _Small(box, centre - box.width / across / 2, top, across, up)


def _ground(small: _Small, window: shapely.Polygon) -> tuple[list[tuple[Ring, ...]], list[Ring]]:
    """Land as (outer ring, holes) and the borders between countries, on the page; the date line is no edge."""
    land: list[tuple[Ring, ...]] = []
    lines: list[Ring] = []
    west, south, east, north = small.bounds
    for turn in _TURNS:
        box = max(west - turn, -180.0), max(south, -84.0), min(east - turn, 180.0), min(north, 84.0)
        if box[0] >= box[2] or box[1] >= box[3]:
            continue
        drawn = basemap.outlines(box, tolerance=THIN / small.up)
        shift = np.array([turn, 0.0])
        for _, rings in drawn["land"]:
            if len(rings[0]) > 3:
                placed = shapely.make_valid(shapely.Polygon(small.at(rings[0] + shift), [small.at(ring + shift) for ring in rings[1:]]))
                parts = [part for part in shapes.areas(shapely.intersection(placed, window)) if part.area > SPECK]
                land += [polygon for part in parts for polygon in shapes.polygons(part)]
        lines += [small.at(ring + shift) for kind, rings in drawn["lines"] if kind in (0, 3) for ring in rings if len(ring) > 1]
    return land, lines


def _mark(scene: Scene, small: _Small, window: shapely.Polygon) -> Ring:
    """The frame's outline on the inset; a square where that would be too small to see."""
    frame, steps = scene.frame, np.linspace(0.0, 1.0, 9)[:-1]
    x = np.r_[steps, np.ones(8), 1 - steps, np.zeros(8)] * frame.width + frame.x
    y = np.r_[np.zeros(8), steps, np.ones(8), 1 - steps] * frame.height + frame.y
    lon, lat = scene.inverse(x, y)
    good = np.isfinite(lon) & np.isfinite(lat)
    ring = small.at(np.column_stack((lon[good], lat[good])))
    low, high = ring.min(axis=0), ring.max(axis=0)
    if max(high - low) < MARK:
        middle = (low + high) / 2
        return rectangle(Box(x=float(middle[0]) - MARK / 2, y=float(middle[1]) - MARK / 2, width=MARK, height=MARK))
    cut = shapely.intersection(shapely.make_valid(shapely.polygons(ring)), window)
    return shapely.get_coordinates(cut.exterior)[:-1] if cut.geom_type == "Polygon" else ring


def _names(scene: Scene, small: _Small, letters: float, mark: Ring) -> Iterator[Item]:
    """The largest countries whose names fit beside one another and clear of the mark."""
    west, south, east, north = small.bounds
    low, high = mark.min(axis=0), mark.max(axis=0)
    taken = [Box(x=float(low[0]), y=float(low[1]), width=float(high[0] - low[0]), height=float(high[1] - low[1]))]
    made = 0
    for name, lon, lat in _countries(scene):
        turn = next((turn for turn in _TURNS if west <= lon + turn <= east and south <= lat <= north), None)
        if turn is None or made >= NAMES:
            continue
        x, y = small.at(np.array([[lon + turn, lat]]))[0]
        long = width(name, letters)
        box = Box(x=float(x) - long / 2, y=float(y) - letters * 0.5, width=long, height=letters)
        inside = small.box.x + 2 < box.x < small.box.x + small.box.width - long - 2
        inside = inside and small.box.y + 2 < box.y < small.box.y + small.box.height - letters - 2
        if inside and all(apart(box, other, 3.0) for other in taken):
            taken.append(box)
            made += 1
            yield Words(role="inset", name=name, x=float(x), y=float(y) + letters * 0.35, lines=(name,), size=letters, align="middle",
                        colour=scene.preset["base"]["country_label"], halo=scene.preset["base"]["halo"], halo_width=letters * 0.25)


def _countries(scene: Scene) -> Sequence[tuple[str, float, float]]:
    view = scene.situation.view
    large = [row for row in basemap.names() if float(row["rank"]) >= LEAST_RANK]
    rows = [row for row in large if row["kind"] == "country" and view in (row["views"] or view).split("|")]
    return [(row["name"], float(row["lon"]), float(row["lat"])) for row in sorted(rows, key=lambda row: -float(row["rank"]))]
