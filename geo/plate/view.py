"""Where on the page a place lies: the projection, the window, and shapes cut to it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo import charts, projections
from geo.plate.items import Box

__all__ = ["THIN", "View", "fitted"]

THIN = 0.3  # points that a line may be off: a quarter of a pixel of a screen, under a printer's dot at 200 to the inch

ROOM = 0.07  # of the frame's width and height left free round what the map shows, for its signs and names
WORLD_ROOM = 0.02
_STEPS = 24  # edges of the window are followed in so many steps
_FURTHEST = 84.0  # degrees of latitude: where the basemap ends


@dataclass(frozen=True, eq=False)
class View:
    """A window of the page onto the Earth.

    `metres` is what a point of the page stands for in the projection, `middle` where the frame's centre lies in it, in metres.
    """

    chart: charts.Chart
    frame: Box
    metres: float
    middle: tuple[float, float]

    def project(self, lon: ArrayLike, lat: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return where points (degrees) lie on the page; NaN where the projection does not reach."""
        x, y = self.chart.forward(lon, lat)
        across = self.frame.x + self.frame.width / 2 + (x - self.middle[0]) / self.metres
        down = self.frame.y + self.frame.height / 2 - (y - self.middle[1]) / self.metres
        return np.where(np.isfinite(across), across, np.nan), np.where(np.isfinite(down), down, np.nan)

    def degrees(self, x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the (lon, lat) of points of the page; NaN off the world."""
        across = self.middle[0] + (np.asarray(x, dtype=float) - self.frame.x - self.frame.width / 2) * self.metres
        up = self.middle[1] - (np.asarray(y, dtype=float) - self.frame.y - self.frame.height / 2) * self.metres
        lon, lat = self.chart.back(across, up)
        return np.where(np.isfinite(lon), lon, np.nan), np.where(np.isfinite(lat), lat, np.nan)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of what the frame shows; west may be below -180 or east above 180 at the date line."""
        box = self.frame
        x, y = np.meshgrid(np.linspace(box.x, box.x + box.width, _STEPS), np.linspace(box.y, box.y + box.height, _STEPS))
        lon, lat = self.degrees(x.ravel(), y.ravel())
        there = np.isfinite(lon) & np.isfinite(lat)
        lon, lat = lon[there], np.clip(lat[there], -90, 90)
        if self.whole or not len(lon) or np.abs(lat).max() > 88:  # a pole in view shows every meridian
            south, north = (-90.0, 90.0) if self.whole or not len(lon) else (float(lat.min()), float(lat.max()))
            return self.chart.lon - 180, south if south > -80 else -90.0, self.chart.lon + 180, north if north < 80 else 90.0
        return float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())

    @property
    def whole(self) -> bool:
        """Whether the projection shows the whole world, whose edge may lie inside the frame."""
        return "eqearth" in self.chart.words

    @property
    def centre(self) -> tuple[float, float]:
        """The (lon, lat) at the middle of the frame."""
        lon, lat = self.degrees(self.frame.x + self.frame.width / 2, self.frame.y + self.frame.height / 2)
        return float(lon), float(lat)

    @cached_property
    def km_per_point(self) -> float:
        """Kilometres that a point of the page stands for, across the middle of the frame."""
        x, y = self.frame.x + self.frame.width / 2, self.frame.y + self.frame.height / 2
        half = self.frame.width / 20
        lon, lat = self.degrees(np.array([x - half, x + half]), np.array([y, y]))
        ends = [shapely.Point((float(a) + 180) % 360 - 180, float(b)) for a, b in zip(lon, lat, strict=True)]
        return projections.distance_km(*ends) / (2 * half)

    @cached_property
    def north(self) -> float:
        """Where north is at the middle of the frame, in degrees clockwise from up."""
        lon, lat = self.centre
        x, y = self.project(np.array([lon, lon]), np.array([lat, min(lat + 0.01, 90.0)]))
        return round(math.degrees(math.atan2(float(x[1] - x[0]), float(y[0] - y[1]))), 3) + 0.0

    def to_page(self, geometry: BaseGeometry, *, margin: float = 0.0, thin: float = THIN) -> BaseGeometry:
        """Return a shape (EPSG:4326) on the page in points: cut to the frame and `margin` beyond, thinned to `thin` points."""
        west, south, east, north = self.bounds
        pad = 0.02 * (east - west) + 0.01
        window = (max(west - pad, self.chart.lon - 180), south - pad, min(east + pad, self.chart.lon + 180), north + pad)
        sound = projections.valid(geometry)  # before its edges are bent: a corner put on a crossing would hide it
        pieces = [self._piece(sound, turn, window, margin) for turn in _turns(sound, window)]
        found = [piece for piece in pieces if not piece.is_empty]
        if not found:
            return shapely.GeometryCollection()
        whole = found[0] if len(found) == 1 else shapely.union_all([projections.valid(piece) for piece in found], grid_size=0.01)
        return whole if "Point" in whole.geom_type else projections.valid(shapely.simplify(projections.valid(whole), thin))

    def _piece(self, geometry: BaseGeometry, turn: float, window: Sequence[float], margin: float) -> BaseGeometry:
        """What of a shape lies in the window, whole turns of the globe added to its longitudes."""
        moved = shapely.transform(geometry, lambda xy: xy + np.array([turn, 0.0])) if turn else geometry
        west, south, east, north = moved.bounds
        if west < window[0] or south < window[1] or east > window[2] or north > window[3]:
            moved = _cut(moved, window)
        if moved.is_empty or "Point" in moved.geom_type:
            return _inside(shapely.transform(moved, self._page), self.frame, margin)
        bent = shapely.segmentize(moved, max((window[2] - window[0]) / 40, 0.01))
        placed = shapely.transform(bent, self._page)
        if not np.isfinite(shapely.get_coordinates(placed)).all():
            return shapely.GeometryCollection()
        return _inside(placed, self.frame, margin)

    def _page(self, coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.column_stack(self.project(coordinates[:, 0], np.clip(coordinates[:, 1], -90, 90)))


def fitted(bounds: Sequence[float], frame: Box, *, room: float = ROOM) -> View:
    """Return the view in which a frame shows some bounds (west, south, east, north, in degrees) and a little more all round.

    Examples
    --------
    >>> view = fitted((35, 34, 39, 37), Box(x=0, y=0, width=400, height=300))
    >>> [round(float(value), -1) for value in view.project(37.0, 35.5)]
    [200.0, 150.0]
    """
    west, south, east, north = bounds
    lon = np.r_[np.linspace(west, east, _STEPS), np.linspace(west, east, _STEPS), np.full(_STEPS, west), np.full(_STEPS, east)]
    lat = np.r_[np.full(_STEPS, south), np.full(_STEPS, north), np.linspace(south, north, _STEPS), np.linspace(south, north, _STEPS)]
    chart = charts.chart((west, max(south, -_FURTHEST), east, min(north, _FURTHEST)))
    x, y = chart.forward(lon, lat)
    x, y = x[np.isfinite(x)], y[np.isfinite(y)]
    across, up = float(x.max() - x.min()), float(y.max() - y.min())
    room = WORLD_ROOM if "eqearth" in chart.words else room
    metres = max(across / (frame.width * (1 - 2 * room)), up / (frame.height * (1 - 2 * room)))
    return View(chart, frame, metres, (float(x.max() + x.min()) / 2, float(y.max() + y.min()) / 2))


def _turns(geometry: BaseGeometry, window: Sequence[float]) -> list[float]:
    """Whole turns of the globe, in degrees, after which a shape meets the window."""
    west, _, east, _ = geometry.bounds
    slim = 1e-9 if west == east else 0.0  # a point on the very edge is in the window; an area that only touches it is not
    return [turn for turn in (-360.0, 0.0, 360.0) if west + turn < window[2] + slim and east + turn > window[0] - slim]


def _inside(shape: BaseGeometry, frame: Box, margin: float) -> BaseGeometry:
    edges = frame.x - margin, frame.y - margin, frame.x + frame.width + margin, frame.y + frame.height + margin
    west, north, east, south = shape.bounds if not shape.is_empty else (0.0, 0.0, 0.0, 0.0)
    if shape.is_empty or (west >= edges[0] and north >= edges[1] and east <= edges[2] and south <= edges[3]):
        return shape
    if shape.geom_type == "Point":
        return shapely.GeometryCollection()
    return _cut(shape, edges)


def _cut(shape: BaseGeometry, edges: Sequence[float]) -> BaseGeometry:
    if "Polygon" in shape.geom_type:  # GEOS's quick cut fails where a shape touches itself
        return shapely.intersection(projections.valid(shape), shapely.box(*edges))
    return shapely.clip_by_rect(shape, *edges)
