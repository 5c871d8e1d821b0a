"""Which part of the ground: halves, sectors, corridors, rings and swept land, from shapes to shapes.

Everything here takes and returns EPSG:4326; metres come from `geo.projections`.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry import Point as Dot
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geo.errors import GeometryError
from geo.lines import one_line
from geo.projections import buffer_km, destination, distance_km, local, nearest, unwrap, valid

__all__ = ["ahead", "band", "between", "disc", "hull", "inner", "part", "ring", "sector", "swept"]

SECTOR_DEGREES = 45.0  # half-opening of "north of X"
BISECTIONS = 24  # halvings when a share of an area is sought: better than a millionth of its extent
LEAST_LEFT = 0.5  # a diagonal part that would lose more than this share of its ground is kept whole
BESIDE = 0.31  # of the extent of a line: another runs beside it as far as this beyond its ends (Litani and border, Don and Volga)
MAIN_SHARE = 0.6  # a part of an area with this share of the whole decides alone where "northern" begins (Alaska does not)


def disc(point: BaseGeometry, km: float) -> BaseGeometry:
    """Return the disc of a radius in km around the centre of a shape."""
    return buffer_km(point if point.geom_type == "Point" else point.centroid, km)


def part(area: BaseGeometry, bearing: float, *, share: float, extent: float) -> BaseGeometry:
    """Return the part of an area that lies farthest toward a bearing, cut straight across it.

    The cut lies half-way between the one that leaves `share` of the ground and the one that leaves all beyond `extent` of its length.
    Between two of the four winds, what the parts opposite to both of them hold is left out: nothing in south-eastern Finland lies in
    northern or western Finland.

    Examples
    --------
    >>> part(shapely.box(0, 0, 10, 10), 0.0, share=0.4, extent=0.6).bounds[1] > 5.9
    True
    """
    found = _cut_across(area, bearing, share=share, extent=extent)
    for away in (bearing + 135, bearing - 135) if bearing % 90 else ():
        left = valid(shapely.difference(found, _cut_across(area, away, share=share, extent=extent)))
        found = left if left.area >= LEAST_LEFT * found.area else found
    return found


def _cut_across(area: BaseGeometry, bearing: float, *, share: float, extent: float) -> BaseGeometry:
    plane = local(area, kind="cea")
    flat = affinity.rotate(valid(plane.to(unwrap(area))), bearing, origin=(0, 0))
    pieces = sorted(shapely.get_parts(flat), key=lambda piece: -piece.area)
    main = pieces[0] if pieces[0].area > MAIN_SHARE * flat.area else flat
    _, south, _, north = main.bounds
    at = (_area_cut(main, share) + south + extent * (north - south)) / 2
    west, _, east, north = flat.bounds
    cut = shapely.intersection(flat, shapely.box(west - 1, at, east + 1, north + 1))
    return plane.back(affinity.rotate(cut, -bearing, origin=(0, 0)))


def inner(area: BaseGeometry, *, share: float) -> BaseGeometry:
    """Return the inner part of an area: its outline drawn smaller about its centre to about the given share, within the area."""
    plane = local(area)
    flat = valid(plane.to(unwrap(area)))
    pieces = sorted(shapely.get_parts(flat), key=lambda piece: -piece.area)
    main = pieces[0] if pieces[0].area > MAIN_SHARE * flat.area else flat
    centre = main.centroid if main.contains(main.centroid) else main.representative_point()
    factor = math.sqrt(share)
    core = shapely.intersection(valid(affinity.scale(main, factor, factor, origin=centre)), flat)
    if core.area < 0.3 * share * flat.area:
        core = shapely.intersection(centre.buffer(math.sqrt(share * main.area / math.pi)), flat)
    return plane.back(core)


def sector(area: BaseGeometry, bearing: float, *, km: float) -> BaseGeometry:
    """Return the ground within `km` of an area on its side toward a bearing, without the area itself."""
    grown = buffer_km(area, km)
    plane = local(area)
    flat = plane.to(unwrap(area))
    reach = 2 * (km * 1000 + float(np.hypot(*(np.subtract(flat.bounds[2:], flat.bounds[:2])))))
    width = flat.minimum_rotated_rectangle.length / 4 if flat.area else 0.0
    back = _step((flat.centroid.x, flat.centroid.y), bearing + 180, min(width, reach / 4) * 0.35)
    corners = [_step(back, bearing + turn, reach) for turn in (-SECTOR_DEGREES, -15, 15, SECTOR_DEGREES)]
    wedge = plane.back(Polygon([back, *corners]))
    outside = shapely.difference(shapely.intersection(grown, wedge), area)
    return _filled(valid(outside), "on that side of the place")


def band(shape: BaseGeometry, bearing: float, *, km: float, share: float) -> BaseGeometry:
    """Return the ground about `km` from an area or line, give or take a share, on its side toward a bearing."""
    ring = shapely.difference(buffer_km(shape, km * (1 + share)), buffer_km(shape, km * (1 - share)))
    if shape.geom_type.endswith("Polygon"):
        return _filled(shapely.intersection(ring, sector(shape, bearing, km=km * (1 + share) * 1.1)), "at that distance on that side")
    plane = local(shape)
    flat = plane.to(unwrap(shape))
    kept = []
    for piece in shapely.get_parts(plane.to(unwrap(ring))):
        away = affinity.translate(flat, *_step((0.0, 0.0), bearing, km * 1000))
        kept.append(shapely.intersection(piece, away.buffer(km * 1000 * 0.9)))
    return _filled(plane.back(shapely.union_all(kept)), "at that distance on that side")


def between(shapes: list[BaseGeometry], *, share: float, least_km: float) -> BaseGeometry:
    """Return the land between two shapes (a corridor without them), or the hull of three and more."""
    if len(shapes) > 2:
        return hull(shapes)
    a, b = shapes
    if all(shape.geom_type.endswith("LineString") for shape in shapes):
        return _between_lines(a, b)
    (lon_a, lat_a), (lon_b, lat_b) = nearest(a, b)
    gap = distance_km(Dot(lon_a, lat_a), Dot(lon_b, lat_b))
    if gap < 0.5:
        joint = shapely.intersection(a, b)
        if joint.is_empty:
            return buffer_km(Dot(lon_a, lat_a), least_km)
        return buffer_km(joint, least_km) if not joint.geom_type.endswith("Polygon") else joint
    if max(_extent_km(a), _extent_km(b)) > 0.75 * gap:
        swathe = shapely.difference(shapely.difference(hull([a, b]), a), b)
        if not swathe.is_empty:
            return _filled(valid(_largest_near(swathe, LineString([(lon_a, lat_a), (lon_b, lat_b)]))), "between those places")
    plane = local(MultiPoint([a.centroid, b.centroid]))
    axis = plane.to(LineString([a.centroid, b.centroid]))
    corridor = plane.back(axis.buffer(max(least_km * 1000, share * axis.length)))
    return _filled(valid(shapely.difference(shapely.difference(corridor, a), b)), "between those places")


def _between_lines(a: BaseGeometry, b: BaseGeometry) -> BaseGeometry:
    """Return the land between two lines: their facing stretches joined end to end."""
    whole = shapely.union_all([unwrap(a), unwrap(b)])
    plane = local(whole)
    first, second = (plane.to(one_line(unwrap(line))) for line in (a, b))
    first, second = _facing(first, second), _facing(second, first)
    head, tail = shapely.get_coordinates(first), shapely.get_coordinates(second)
    straight = np.hypot(*(head[0] - tail[0])) + np.hypot(*(head[-1] - tail[-1]))
    crossed = np.hypot(*(head[0] - tail[-1])) + np.hypot(*(head[-1] - tail[0]))
    ring = np.vstack((head, tail[::-1] if straight <= crossed else tail))
    return _filled(plane.back(valid(Polygon(ring))), "between those lines")


def _facing(line: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Return the stretch of a line that lies beside another: within its box, grown by `BESIDE`."""
    west, south, east, north = other.bounds
    margin = BESIDE * max(east - west, north - south)
    near = shapely.intersection(line, shapely.box(west - margin, south - margin, east + margin, north + margin))
    places = [line.project(Dot(xy)) for xy in shapely.get_coordinates(near)] if near.length else []
    return substring(line, min(places), max(places)) if places and max(places) > min(places) else line


def hull(shapes: list[BaseGeometry]) -> BaseGeometry:
    """Return the convex hull of shapes, taken in the local plane."""
    together = shapely.geometrycollections(shapes) if len(shapes) > 1 else shapes[0]
    whole = shapely.union_all([unwrap(shape) for shape in shapes]) if len(shapes) > 1 else unwrap(together)
    plane = local(whole)
    return plane.back(plane.to(whole).convex_hull)


def swept(area: BaseGeometry, line: BaseGeometry, *, reach: float, margin: float) -> BaseGeometry:
    """Return the hull of an area and the nearest stretch of a line, which lies within `reach` times the shortest way.

    The hull is widened by a share of the shortest way: words such as "the territory to the border" have no sharp flanks.
    """
    shortest = max(distance_km(area.centroid, line), 0.1)
    stretch = shapely.intersection(line, disc(area, shortest * reach))
    return buffer_km(hull([area, _filled(stretch, "of the line near the place")]), shortest * margin)


def ring(area: BaseGeometry, *, inside: float, beyond_km: float, bearing: float | None) -> BaseGeometry:
    """Return the edge of a town: from a share of its radius to some km beyond, all round or toward a bearing."""
    grown = buffer_km(area, beyond_km)
    plane = local(area)
    flat = plane.to(area)
    core = plane.back(affinity.scale(flat, inside, inside, origin=flat.centroid))
    edge = valid(shapely.difference(grown, core))
    if bearing is None:
        return edge
    reach = 3 * (beyond_km * 1000 + math.sqrt(flat.area))
    centre = (flat.centroid.x, flat.centroid.y)
    wedge = Polygon([centre, *(_step(centre, bearing + turn, reach) for turn in (-SECTOR_DEGREES, 0, SECTOR_DEGREES))])
    return _filled(valid(shapely.intersection(edge, plane.back(wedge))), "on that side of the town")


def ahead(shape: BaseGeometry, bearing: float, *, km: float, share: float) -> BaseGeometry:
    """Return the disc around the point `km` from the centre of a town along a bearing; its radius is a share of the way."""
    centre = shape.centroid
    return buffer_km(Dot(*destination(centre.x, centre.y, bearing, km)), max(km * share, 0.5))


def _area_cut(main: BaseGeometry, share: float) -> float:
    """Return the height above which a share of a flat area lies."""
    west, low, east, high = main.bounds
    north = high
    simple = valid(shapely.simplify(main, (high - low) / 1000))
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if shapely.clip_by_rect(simple, west, middle, east, north).area > share * simple.area:
            low = middle
        else:
            high = middle
    return float(low)


def _step(start: tuple[float, float], bearing: float, metres: float) -> tuple[float, float]:
    angle = math.radians(bearing)
    return start[0] + math.sin(angle) * metres, start[1] + math.cos(angle) * metres


def _extent_km(shape: BaseGeometry) -> float:
    west, south, east, north = shape.bounds
    return distance_km(Dot(west, south), Dot(east, north))


def _largest_near(shape: BaseGeometry, line: BaseGeometry) -> BaseGeometry:
    """Return the parts of a shape that a line touches; all of them where it touches none."""
    touched = [piece for piece in shapely.get_parts(shape) if piece.intersects(line)]
    return shapely.union_all(touched) if touched else shape


def _filled(shape: BaseGeometry, place: str) -> BaseGeometry:
    if shape.is_empty:
        raise GeometryError(f"There is nothing {place}; name a larger area or another direction.")
    return shape
