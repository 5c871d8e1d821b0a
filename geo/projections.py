"""How far, how long, how large: the only place that measures or buffers in metres.

Lengths, areas and distances are geodesic on WGS84 (Karney 2013, through `pyproj.Geod`). Buffers are made in an azimuthal equidistant
projection centred on the data; its error grows with the square of the distance from the centre (0.4 % at 1,000 km), so larger
shapes are buffered piece by piece. Everything returned is EPSG:4326 and cut at the antimeridian (RFC 7946).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import pyproj
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry import LineString, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize

from geo.errors import GeometryError

__all__ = [
    "Local", "area_km2", "bearing", "buffer_km", "destination", "distance_km", "great_circle_km", "length_km", "local", "nearest",
    "split_at_180", "unwrap", "utm_degrees", "utm_metres", "valid",
]

GEOD = pyproj.Geod(ellps="WGS84")

MEAN_RADIUS_KM = 6371.0088  # of the Earth (IUGG 1980, R1)
PIECE_KM = 900.0  # radius of a shape buffered in one projection; AEQD stretches by 0.33 % at that distance from its centre
STEP_DEGREES = 1.0  # longest straight edge in degrees before projecting; a 1 degree edge at 70 N sags 0.7 km
QUAD_SEGS = 16  # corners per quarter circle; the circle is then 0.12 % short at worst
COARSEST = 0.002  # shapes are simplified to this share of the buffer distance before buffering
CENTRE_GRID = 0.5  # degrees to which centres are rounded, so that neighbouring shapes share a projection


def length_km(geometry: BaseGeometry) -> float:
    """Return the geodesic length of lines in km; of areas, that of their edges.

    Examples
    --------
    >>> round(length_km(LineString([(0, 0), (1, 0)])), 2)
    111.32
    """
    return float(abs(GEOD.geometry_length(geometry))) / 1000 if not geometry.is_empty else 0.0


def area_km2(geometry: BaseGeometry) -> float:
    """Return the geodesic area in km2; 0 for points and lines.

    Examples
    --------
    >>> round(area_km2(box(0, 0, 1, 1)))
    12309
    """
    known = _areas.get(id(geometry))
    if known is None or known[0] is not geometry:
        known = geometry, _area(geometry)
        if len(_areas) >= _KEPT_AREAS:
            _areas.clear()
        _areas[id(geometry)] = known
    return known[1]


_KEPT_AREAS = 1024  # shapes whose areas are kept; a map of 50 reports asks for those of 150 again and again
_areas: dict[int, tuple[BaseGeometry, float]] = {}  # by id, with the shape, so that no other gets its id


def _area(geometry: BaseGeometry) -> float:
    total = 0.0
    for part in shapely.get_parts(geometry):
        if part.geom_type == "GeometryCollection":
            total += _area(part)
        elif part.geom_type == "Polygon" and not part.is_empty:
            whole = shapely.orient_polygons(part)
            rings = (shapely.get_coordinates(ring) for ring in (whole.exterior, *whole.interiors))
            total += abs(sum(GEOD.polygon_area_perimeter(ring[:, 0], ring[:, 1])[0] for ring in rings)) / 1e6
    return total


def distance_km(a: BaseGeometry, b: BaseGeometry) -> float:
    """Return the geodesic distance in km between the nearest points of two shapes; 0 where they touch.

    Examples
    --------
    >>> round(distance_km(shapely.Point(0, 0), shapely.Point(0, 1)), 2)
    110.57
    """
    (lon_a, lat_a), (lon_b, lat_b) = nearest(a, b)
    return float(GEOD.inv(lon_a, lat_a, lon_b, lat_b)[2]) / 1000


def great_circle_km(lon_a: ArrayLike, lat_a: ArrayLike, lon_b: ArrayLike, lat_b: ArrayLike) -> NDArray[np.float64]:
    """Return the distances in km on a sphere of the Earth's mean radius (haversine), point by point, for arrays of degrees.

    For scores that must compare with published ones, which use a sphere; it is up to 0.5 % off the geodesic of `distance_km`.

    Examples
    --------
    >>> great_circle_km([0.0], [0.0], [0.0], [1.0]).round(2).tolist()
    [111.2]
    """
    x_a, y_a, x_b, y_b = (np.radians(np.asarray(degrees, dtype=np.float64)) for degrees in (lon_a, lat_a, lon_b, lat_b))
    square = np.sin((y_b - y_a) / 2) ** 2 + np.cos(y_a) * np.cos(y_b) * np.sin((x_b - x_a) / 2) ** 2
    return np.asarray(2 * MEAN_RADIUS_KM * np.arcsin(np.minimum(1.0, np.sqrt(square))), dtype=np.float64)


def nearest(a: BaseGeometry, b: BaseGeometry) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the point of `a` and the point of `b` that are nearest to each other, as (lon, lat) degrees."""
    _filled(a, "measure a distance from")
    _filled(b, "measure a distance to")
    if a.geom_type == b.geom_type == "Point":
        return (a.x, a.y), (b.x, b.y)
    plane = local(a if a.geom_type == "Point" else b)
    for _ in range(2):  # the second time centred on the first answer, where the plane is true
        line = shapely.shortest_line(plane.to(a), plane.to(b))
        ends = np.array([plane.degrees(x, y) for x, y in shapely.get_coordinates(line)])
        plane = Local(float(ends[0][0]), float(ends[0][1]))
    return (float(ends[0][0]), float(ends[0][1])), (float(ends[-1][0]), float(ends[-1][1]))


def bearing(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Return the initial bearing in degrees, 0 to 360 clockwise from north, from (lon, lat) `a` to `b`."""
    return float(GEOD.inv(*a, *b)[0]) % 360


def destination(lon: float, lat: float, bearing: float, km: float) -> tuple[float, float]:
    """Return the (lon, lat) that lies `km` from a point along a bearing in degrees.

    Examples
    --------
    >>> tuple(round(value, 3) for value in destination(0.0, 0.0, 90.0, 111.32))
    (1.0, 0.0)
    """
    x, y, _ = GEOD.fwd(lon, lat, bearing, km * 1000)
    return float(x), float(y)


@dataclass(frozen=True, slots=True)
class Local:
    """A plane in metres around a centre: azimuthal equidistant ("aeqd"), or equal-area with straight parallels ("cea")."""

    lon: float
    lat: float
    kind: str = "aeqd"

    def to(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project from degrees to metres; straight edges longer than a degree are bent first."""
        dense = _dense(geometry, STEP_DEGREES)
        return shapely.transform(dense, self._forward)

    def back(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project from metres to valid degrees, cut at the antimeridian."""
        dense = _dense(geometry, STEP_DEGREES * 111_000)
        return split_at_180(valid(shapely.transform(dense, self._inverse)))

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Return the (lon, lat) of a point of the plane, in degrees."""
        lon, lat = _plane(self.kind, self.lon, self.lat)(x, y, inverse=True)
        return float(lon), float(lat)

    def _forward(self, coordinates: np.ndarray) -> np.ndarray:
        return np.column_stack(_plane(self.kind, self.lon, self.lat)(coordinates[:, 0], coordinates[:, 1]))

    def _inverse(self, coordinates: np.ndarray) -> np.ndarray:
        lon, lat = _plane(self.kind, self.lon, self.lat)(coordinates[:, 0], coordinates[:, 1], inverse=True)
        return np.column_stack(((np.asarray(lon) - self.lon + 180) % 360 - 180 + self.lon, lat))


def local(geometry: BaseGeometry, *, kind: Literal["aeqd", "cea"] = "aeqd") -> Local:
    """Return the local plane centred on a shape, also where it crosses the antimeridian.

    Examples
    --------
    >>> local(box(10, 0, 12, 2))
    Local(lon=11.0, lat=1.0, kind='aeqd')
    """
    _filled(geometry, "project")
    west, south, east, north = unwrap(geometry).bounds
    lon = round((west + east) / 2 / CENTRE_GRID) * CENTRE_GRID
    return Local((lon + 180) % 360 - 180, round((south + north) / 2 / CENTRE_GRID) * CENTRE_GRID, kind)


def buffer_km(
    geometry: BaseGeometry, km: float, *, cap: Literal["round", "flat"] = "round", side: Literal["left", "right"] | None = None,
) -> BaseGeometry:
    """Return everything within `km` of a shape, within 0.5 % of the geodesic distance.

    A negative `km` shrinks an area. `cap="flat"` ends the buffer of a line where the line ends; `side` keeps only what lies left
    or right of it, seen along the line (which then always gets flat ends).

    Raises
    ------
    GeometryError
        The shape is empty, or shrinks to nothing.

    Examples
    --------
    >>> round(area_km2(buffer_km(shapely.Point(36.6, 35.9), 10)))
    314
    """
    _filled(geometry, "buffer")
    if km < 0:
        shrunk = valid(shapely.difference(geometry, buffer_km(geometry.boundary, -km)))
        return _filled(shrunk, f"use, after shrinking by {-km} km,")
    if side is not None:
        plane = local(geometry)
        return plane.back(_one_side(plane.to(geometry), km * 1000, side))
    grown = [local(part).back(_buffered(local(part).to(part), km * 1000, cap)) for part in _pieces(geometry)]
    return grown[0] if len(grown) == 1 else valid(shapely.union_all(grown))


def split_at_180(geometry: BaseGeometry) -> BaseGeometry:
    """Return a shape whose longitudes may run past 180 (or -180) cut there, with all longitudes within -180 to 180."""
    west, _, east, _ = geometry.bounds
    if geometry.is_empty or (west >= -180 and east <= 180):
        return geometry
    parts = []
    for turn in range(math.floor((west + 180) / 360), math.floor((east + 180) / 360) + 1):
        inside = shapely.intersection(geometry, box(-180 + 360 * turn, -90, 180 + 360 * turn, 90))
        if not inside.is_empty:
            parts.append(shapely.transform(inside, lambda xy, turn=turn: xy - np.array([360 * turn, 0])))
    return valid(shapely.union_all(parts))


def unwrap(geometry: BaseGeometry) -> BaseGeometry:
    """Return a shape that is cut at the antimeridian as one run of longitudes (west of 0 becomes east of 180)."""
    west, _, east, _ = geometry.bounds
    if east - west <= 180:
        return geometry
    longitudes = np.sort(np.unique(np.round(shapely.get_coordinates(geometry)[:, 0] % 360, 6)))
    gaps = np.diff(np.append(longitudes, longitudes[0] + 360))
    if gaps.max() <= 360 - (east - west):
        return geometry
    start = longitudes[(int(gaps.argmax()) + 1) % len(longitudes)] - 1e-6
    moved = [_turned(part, start) for part in shapely.get_parts(geometry)]
    return shapely.union_all(moved) if len(moved) > 1 else moved[0]


def valid(geometry: BaseGeometry) -> BaseGeometry:
    """Return the same shape, repaired where it is not valid."""
    return geometry if geometry.is_valid else shapely.make_valid(geometry, method="structure", keep_collapsed=False)


def utm_degrees(easting_m: float, northing_m: float, *, zone: int, south: bool) -> tuple[float, float]:
    """Return the (lon, lat) in degrees of a point of a UTM zone (WGS84); `south` says that northings count from 10,000 km.

    Examples
    --------
    >>> tuple(round(value, 6) for value in utm_degrees(500_000, 0, zone=31, south=False))
    (3.0, 0.0)
    """
    lon, lat = _utm(zone, south)(easting_m, northing_m, inverse=True)
    return (float(lon) + 180) % 360 - 180, float(lat)


def utm_metres(lon: float, lat: float, *, zone: int, south: bool) -> tuple[float, float]:
    """Return the (easting, northing) in metres of a point in a UTM zone (WGS84), the inverse of `utm_degrees`.

    Examples
    --------
    >>> tuple(round(value, 3) for value in utm_metres(3.0, 0.0, zone=31, south=False))
    (500000.0, 0.0)
    """
    easting, northing = _utm(zone, south)(lon, lat)
    return float(easting), float(northing)


@lru_cache(maxsize=128)
def _utm(zone: int, south: bool) -> pyproj.Proj:
    return pyproj.Proj(proj="utm", zone=zone, south=south, ellps="WGS84")


@lru_cache(maxsize=512)
def _plane(kind: str, lon: float, lat: float) -> pyproj.Proj:
    if kind == "cea":
        return pyproj.Proj(proj="cea", lon_0=lon, lat_ts=max(min(lat, 80.0), -80.0), ellps="WGS84")
    return pyproj.Proj(proj="aeqd", lon_0=lon, lat_0=lat, ellps="WGS84")


def _filled(geometry: BaseGeometry, act: str) -> BaseGeometry:
    if geometry is None or geometry.is_empty:
        raise GeometryError(f"There is nothing to {act}: the shape is empty; give a shape with coordinates.")
    return geometry


def _dense(geometry: BaseGeometry, step: float) -> BaseGeometry:
    west, south, east, north = geometry.bounds
    if geometry.geom_type in ("Point", "MultiPoint") or max(east - west, north - south) <= step:
        return geometry
    return shapely.segmentize(geometry, step)


def _turned(part: BaseGeometry, start: float) -> BaseGeometry:
    """Shift one part by whole turns so that it begins at or east of `start`."""
    centre = (part.bounds[0] + part.bounds[2]) / 2
    return shapely.transform(part, lambda xy: xy + np.array([360 * math.ceil((start - centre) / 360), 0]))


def _radius_km(geometry: BaseGeometry) -> float:
    west, south, east, north = unwrap(geometry).bounds
    flattest = math.cos(math.radians(0 if south < 0 < north else min(abs(south), abs(north))))
    return math.hypot((north - south) * 111.2, (east - west) * 111.3 * flattest) / 2


def _pieces(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return the shape itself, or where it is too large for one plane, its parts in boxes small enough."""
    if _radius_km(geometry) <= PIECE_KM:
        return [geometry]
    whole = unwrap(geometry)
    west, south, east, north = whole.bounds
    if east - west > north - south:
        middle = (west + east) / 2
        halves = (box(west - 1, south - 1, middle, north + 1), box(middle, south - 1, east + 1, north + 1))
    else:
        middle = (south + north) / 2
        halves = (box(west - 1, south - 1, east + 1, middle), box(west - 1, middle, east + 1, north + 1))
    dense = _dense(whole, STEP_DEGREES)
    found = [shapely.intersection(dense, half) for half in halves]
    return [piece for half in found if not half.is_empty for piece in _pieces(half)]


def _buffered(plane: BaseGeometry, metres: float, cap: Literal["round", "flat"]) -> BaseGeometry:
    simple = shapely.simplify(plane, metres * COARSEST) if shapely.get_num_coordinates(plane) > 50 else plane
    style = "flat" if cap == "flat" and simple.geom_type in ("LineString", "MultiLineString") else "round"
    return shapely.buffer(simple, metres, quad_segs=QUAD_SEGS, cap_style=style)


def _one_side(plane: BaseGeometry, metres: float, side: Literal["left", "right"]) -> BaseGeometry:
    """Return the half of a line's flat-ended buffer on one side: cut by the line itself, each face judged by its nearest stretch."""
    lines = [part for part in shapely.get_parts(shapely.line_merge(plane) if plane.geom_type == "MultiLineString" else plane)
             if part.geom_type == "LineString" and part.length > 0]
    if not lines:
        raise GeometryError(f"A {plane.geom_type} has no {side} side; give a line.")
    kept = []
    for line in lines:
        simple = shapely.simplify(line, metres * COARSEST)
        whole = shapely.buffer(simple, metres, quad_segs=QUAD_SEGS, cap_style="flat")
        edges = shapely.union_all([whole.boundary, _lengthened(simple, metres * 0.01)])
        for face in polygonize(shapely.get_parts(edges)):
            if whole.contains(face.representative_point()) and _is_left(simple, face.representative_point()) == (side == "left"):
                kept.append(face)
    return _filled(shapely.union_all(kept), "keep on that side of the line")


def _lengthened(line: LineString, metres: float) -> LineString:
    coordinates = shapely.get_coordinates(line)
    first, last = coordinates[0] - coordinates[1], coordinates[-1] - coordinates[-2]
    return LineString([
        coordinates[0] + first / np.hypot(*first) * metres, *coordinates, coordinates[-1] + last / np.hypot(*last) * metres,
    ])


def _is_left(line: LineString, point: BaseGeometry) -> bool:
    """Say whether a point lies left of a line, judged over a short stretch around the nearest place on it."""
    along, reach = line.project(point), max(line.distance(point) * 0.1, 1.0)
    start = line.interpolate(max(along - reach, 0.0))
    end = line.interpolate(min(along + reach, line.length))
    return bool((end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x) > 0)


