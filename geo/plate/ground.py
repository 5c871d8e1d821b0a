"""What lies under the marks: sea, land, relief, waters and lines between states, quiet enough to be drawn over."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo import basemap
from geo.plate import shapes
from geo.plate.items import Area, Box, Fill, Item, Line, Picture, Stroke
from geo.plate.view import THIN, View

__all__ = ["ground", "zoom_of"]

MOST_CORNERS = 8_000  # of the whole ground: two fifths of what a slide may have
_THINNEST = 4.8  # points: beyond this the ground stays as it is, however many corners it has
_SMALLEST = 0.5  # square points: a smaller island or lake is a speck
_PIXEL = 1.2  # points to a pixel of the relief at most; its own pixels are larger on every map of a war
_SHARP, _FADE, _FAINTEST = 5.8, 0.3, 0.3  # from this zoom on the shading's pixels become blots: each step nearer makes it so much fainter
_MOST_PIXELS = 700  # of the relief's width: what it shows is soft, and a slide carries it
_FRAME_LINE = 0.9  # points wide
_RIVERS_LATER = 1.0  # zooms: a printed point holds less than a pixel of a screen that the rivers' classes are made for


def ground(view: View, preset: Mapping[str, Any], unit: float, districts: BaseGeometry | None = None) -> tuple[Item, ...]:
    """Return the ground of a map, in drawing order, cut to the frame.

    Parameters
    ----------
    preset
        Of `geo.symbology.preset`: its `base` colours, `relief` (0 to 1) and `admin` (lowest level of lines drawn).
    unit
        How many times as wide as on an article's page lines are.
    districts
        Lines of second-level units (EPSG:4326), if there are any.
    """
    thin = THIN * unit
    while True:
        found = _Ground(view, preset, unit, thin, districts)
        items = found.items()
        count = shapes.corners(items)
        if count <= MOST_CORNERS or thin >= _THINNEST:
            return items
        thin *= max((count / MOST_CORNERS) ** 1.5, 1.4)  # corners grow less than in step with fineness


def zoom_of(view: View) -> float:
    """Return the zoom of a web map at which things look as large as on this page.

    Examples
    --------
    >>> from geo.plate.items import Box
    >>> from geo.plate.view import fitted
    >>> round(zoom_of(fitted((35, 34, 39, 37), Box(x=0, y=0, width=700, height=500))), 1)
    7.4
    """
    _, lat = view.centre
    around = 40_075 * max(math.cos(math.radians(lat)), 0.1)
    return math.log2(around / 256 / max(view.km_per_point, 1e-6))


class _Ground:
    """The ground at one fineness."""

    def __init__(self, view: View, preset: Mapping[str, Any], unit: float, thin: float, districts: BaseGeometry | None) -> None:
        self.districts = districts
        self.view, self.preset, self.unit, self.thin = view, preset, unit, thin
        self.base: Mapping[str, str] = preset["base"]
        self.zoom = zoom_of(view)
        self.found = _outlines(view, thin)
        self.land, self.lakes = self._area("land"), self._area("lakes")

    def items(self) -> tuple[Item, ...]:
        made = [
            Area(role="sea", polygons=self._sea(), fill=Fill(colour=self.base["sea"])),
            Area(role="land", polygons=shapes.polygons(self.land), fill=Fill(colour=self.base["land"])),
            self._relief(),
            Area(role="lake", polygons=shapes.polygons(self.lakes), fill=Fill(colour=self.base["lake"])),
            self._line("river", self._rivers(), Stroke(colour=self.base["river"], width=0.75 * self.unit)),
            self._line("coast", self._shores(), Stroke(colour=self.base["coast"], width=0.6 * self.unit)),
            *self._borders(),
        ]
        return tuple(item for item in made if item is not None and _holds(item))

    def _sea(self) -> tuple[tuple[NDArray[np.float64], ...], ...]:
        """The frame; of the whole world, what of it the projection shows."""
        box = self.view.frame
        frame = shapely.box(box.x, box.y, box.x + box.width, box.y + box.height)
        if not self.view.whole:
            return shapes.polygons(frame)
        lon, up = self.view.chart.lon, np.linspace(-90, 90, 60)
        rim = np.vstack([np.column_stack([np.full(60, lon - 180 + 1e-6), up]), np.column_stack([np.full(60, lon + 180 - 1e-6), up[::-1]])])
        globe = shapely.Polygon(np.column_stack(self.view.project(rim[:, 0], rim[:, 1])))
        return shapes.polygons(shapely.intersection(globe, frame))

    def _area(self, kind: str) -> BaseGeometry:
        least = _SMALLEST * (self.view.km_per_point / 111.2) ** 2 / 4  # square degrees; the middle of the map may be the smallest of it
        large = [rings for _, rings in self.found.get(kind, ()) if len(rings[0]) > 3 and abs(_square_degrees(rings[0])) >= least]
        placed = self.view.to_page(shapely.MultiPolygon([shapely.Polygon(rings[0], rings[1:]) for rings in large]), thin=self.thin)
        return shapely.MultiPolygon([part for part in shapes.areas(placed) if part.area >= _SMALLEST])

    def _shores(self) -> BaseGeometry:
        """Shores, without the edges at which areas were cut."""
        box = self.view.frame
        rings = [ring for area in (self.land, self.lakes) for part in area.geoms for ring in (part.exterior, *part.interiors)]
        lines = shapely.MultiLineString([shapely.LineString(ring) for ring in rings])
        return shapely.clip_by_rect(lines, box.x + 0.2, box.y + 0.2, box.x + box.width - 0.2, box.y + box.height - 0.2)

    def _rivers(self) -> BaseGeometry:
        return self._lines("rivers", lambda kind: kind <= self.zoom + _RIVERS_LATER)

    def _lines(self, name: str, wanted: Any) -> BaseGeometry:
        lines = [ring for kind, rings in self.found.get(name, ()) if wanted(kind) for ring in rings]
        placed = self.view.to_page(shapely.MultiLineString(lines), thin=self.thin)
        return placed

    def _borders(self) -> Iterable[Line | None]:
        """Lines between districts, states and what is disputed, the strongest last."""
        unit, base = self.unit * min(max(0.35 + 0.13 * self.zoom, 0.5), 1.0), self.base  # finer where a continent is a hand wide
        states = self._lines("lines", lambda kind: kind == basemap.COUNTRY)
        level = int(self.preset.get("admin", 1))
        yield from self._districts(level)
        yield self._line("border", states, Stroke(colour="#ffffff", width=2.6 * unit, opacity=0.5),
                         Stroke(colour=base["country_line"], width=1.1 * unit), name="Borders of states")
        yield self._line("border", self._lines("lines", lambda kind: kind == basemap.DISPUTED),
                         Stroke(colour=base["disputed_line"], width=1.1 * unit, dash=(4.5 * unit, 3.5 * unit)), name="Disputed lines")

    def _districts(self, level: int) -> Iterable[Line | None]:
        """Lines of second-level units, then those of the first, which are drawn sooner where districts come first."""
        kinds = [kind for kind, zoom in ((basemap.ADMIN, 4.6), (basemap.ADMIN_FINE, 6.2)) if self.zoom >= zoom - (level > 1) and level]
        unit, colour = self.unit, self.base["admin_line"]
        if self.districts is not None:
            fine = self.view.to_page(self.districts, thin=self.thin)
            yield self._line("border", fine, Stroke(colour=colour, width=0.35 * unit), name="Districts of the second level")
        lines = self._lines("lines", lambda kind: kind in kinds)
        dash = () if level > 1 else (3.2 * unit, 2.2 * unit)
        yield self._line("border", lines, Stroke(colour=colour, width=(0.9 if level > 1 else 0.6) * unit, dash=dash), name="Districts")

    @staticmethod
    def _line(role: str, shape: BaseGeometry, *strokes: Stroke, name: str = "") -> Line | None:
        paths = shapes.paths(shape)
        return Line(role=role, paths=paths, strokes=strokes, name=name) if paths else None

    def _relief(self) -> Picture | None:
        """Shade in the land's own hue: dark by opacity, light by white, and nothing over water."""
        box = self.view.frame
        strength = float(self.preset.get("relief", 0)) * min(max(1 - (self.zoom - _SHARP) * _FADE, _FAINTEST), 1.0)
        west, south, east, north = self.view.bounds
        if not strength or east - west > 180:
            return None
        shaded = basemap.shading((max(west, -540), max(south, -84.0), east, min(north, 84.0)))
        if shaded is None:
            return None
        columns = round(min(max(box.width / _PIXEL, 2), _MOST_PIXELS))
        rows = max(round(columns * box.height / box.width), 2)
        x, y = np.meshgrid(box.x + (np.arange(columns) + 0.5) * box.width / columns, box.y + (np.arange(rows) + 0.5) * box.height / rows)
        shade = shaded.at(*self.view.degrees(x, y)) * strength
        opacity = np.clip(np.where(shade < 0, -shade, shade * 0.9), 0, 1) * _mask(self.land, self.lakes, box, columns, rows)
        pixels = np.zeros((rows, columns, 4), dtype=np.uint8)
        pixels[..., :3] = np.where(shade[..., None] < 0, np.array([84, 74, 60]), 255)
        pixels[..., 3] = np.rint(opacity * 255)
        return Picture(role="relief", box=box, pixels=pixels)


def _outlines(view: View, thin: float) -> dict[str, list[tuple[int, list[NDArray[np.float64]]]]]:
    """The basemap under the frame, longitudes running on across the antimeridian."""
    west, south, east, north = view.bounds
    pad = 0.0 if view.whole else 0.03 * (east - west) + 0.02
    west, east, south, north = west - pad, east + pad, max(south - pad, -90.0), min(north + pad, 90.0)
    found: dict[str, list[tuple[int, list[NDArray[np.float64]]]]] = {}
    tolerance = thin * view.km_per_point / 111.2 / 2
    coarse = east - west > basemap.COARSE_DEGREES
    for turn in (-360.0, 0.0, 360.0):
        left, right = max(west - turn, -180.0), min(east - turn, 180.0)
        if left >= right:
            continue
        for kind, shapes_of in basemap.outlines((left, south, right, north), tolerance=tolerance, coarse=coarse).items():
            found.setdefault(kind, []).extend((number, [ring + np.array([turn, 0.0]) for ring in rings]) for number, rings in shapes_of)
    return found


def _mask(land: BaseGeometry, lakes: BaseGeometry, box: Box, columns: int, rows: int) -> NDArray[np.float64]:
    from PIL import Image, ImageDraw

    image = Image.new("L", (columns, rows), 0)
    pen = ImageDraw.Draw(image)
    scale = np.array([columns / box.width, rows / box.height])
    for area, outer, inner in ((land, 255, 0), (lakes, 0, 255)):
        for part in shapely.get_parts(area):
            for number, ring in enumerate((part.exterior, *part.interiors)):
                points = (shapely.get_coordinates(ring) - (box.x, box.y)) * scale
                pen.polygon([tuple(point) for point in points.tolist()], fill=inner if number else outer)
    return np.asarray(image, dtype=float) / 255


def _square_degrees(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def _holds(item: Item) -> bool:
    return bool(getattr(item, "polygons", True)) and bool(getattr(item, "paths", True))
