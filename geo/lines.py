"""Where a line runs: sections of roads, borders shared by two areas, coasts, and what lies on one side of a line.

Everything here takes and returns shapes in EPSG:4326; metres come from `geo.projections`.
"""

from __future__ import annotations

import math

import numpy as np
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, substring

from geo.errors import GeometryError
from geo.projections import Local, buffer_km, distance_km, local, unwrap, valid

__all__ = [
    "bank", "coast", "far_end", "left_of", "one_line", "open_edge", "outline", "section", "shared_border", "side_of_line",
    "without_neighbours",
]

BORDER_TOLERANCES_KM = (1.0, 4.0, 12.0)  # gaps between neighbours: none in one coverage, some km between two sources
SHORTEST_BORDER_KM = 0.5  # shorter shared stretches are touching corners or slivers
ALONG_SHARE = 0.12  # of a line's length: its direction at an end is taken over this stretch
SLIVER_SHARE = 0.02  # shorter parts of a river are loops round islands (set over the Dnieper, Niger and Nile of Natural Earth)
GAP_DEGREES = 1.0  # a lake or reservoir between two parts of one river; Lake Assad is 0.6 degrees long
BRAID_DEGREES = 0.05  # a part that ends this near to the river so far is a side channel of it
PARALLEL = 0.15  # |cosine| below which a line runs along the asked direction and has no such side


def section(line: BaseGeometry, start: BaseGeometry | None, end: BaseGeometry | None, *, reach_km: float) -> BaseGeometry:
    """Return the part of a line between the places nearest to two shapes; a missing end is the line's own.

    Raises
    ------
    GeometryError
        An end lies farther than `reach_km` from the line, or both ends fall on one place.
    """
    whole = one_line(line)
    for shape in (start, end):
        if shape is not None and (away := distance_km(shape, whole)) > reach_km:
            raise GeometryError(f"The road passes {away:.0f} km from the named end; at most {reach_km:.0f} km is taken as on the road.")
    plane = local(whole)
    flat = plane.to(whole)
    cuts = [_along(flat, plane, shape) for shape in (start, end)]
    first = 0.0 if cuts[0] is None else cuts[0]
    last = flat.length if cuts[1] is None else cuts[1]
    part = substring(flat, min(first, last), max(first, last))
    if part.length < 1:
        raise GeometryError("Both named ends fall on the same place of the road; give two different ends.")
    return plane.back(part)


def far_end(line: BaseGeometry, bearing: float) -> Point:
    """Return the end of a line that lies farthest toward a bearing in degrees."""
    coordinates = shapely.get_coordinates(one_line(line))
    toward = np.array([math.sin(math.radians(bearing)) * math.cos(math.radians(coordinates[0][1])), math.cos(math.radians(bearing))])
    ends = (coordinates[0], coordinates[-1])
    return Point(max(ends, key=lambda xy: float(xy @ toward)))


def one_line(line: BaseGeometry) -> LineString:
    """Return a line of several parts as one: the longest part, continued at both ends by the nearest others; side channels are left out."""
    merged = shapely.line_merge(line) if line.geom_type == "MultiLineString" else line
    parts = [part for part in shapely.get_parts(merged) if part.geom_type == "LineString" and part.length > 0]
    if not parts:
        raise GeometryError(f"A {line.geom_type} is not a road, river or border; give a line.")
    least = min(SLIVER_SHARE * sum(part.length for part in parts), max(part.length for part in parts))
    parts = sorted((part for part in parts if part.length >= least), key=lambda part: -part.length)
    chain = shapely.get_coordinates(parts.pop(0))
    while parts:
        gap, index, head, turn = min(_gaps(chain, parts))
        if gap > GAP_DEGREES:
            break
        piece = shapely.get_coordinates(parts.pop(index))
        piece = piece[::-1] if turn else piece
        far = Point(piece[0] if head else piece[-1])
        if far.distance(LineString(chain)) > BRAID_DEGREES:
            chain = np.vstack((piece, chain) if head else (chain, piece))
    return LineString(chain)


def shared_border(a: BaseGeometry, b: BaseGeometry) -> BaseGeometry | None:
    """Return the line that two areas share, tolerating small gaps between their outlines; None where they do not touch."""
    window = shapely.box(*b.bounds).buffer(0.3)
    edge = shapely.intersection(outline(a), window)
    if edge.is_empty:
        return None
    exact = _lines(shapely.intersection(edge, shapely.intersection(outline(b), shapely.box(*a.bounds).buffer(0.3))))
    if exact is not None and _km(exact) >= SHORTEST_BORDER_KM:
        return exact
    near_b = shapely.intersection(b, shapely.box(*edge.bounds).buffer(0.3))
    if near_b.is_empty:
        return None
    for tolerance in BORDER_TOLERANCES_KM:
        found = _lines(shapely.intersection(edge, buffer_km(near_b, tolerance)))
        if found is not None and _km(found) >= max(SHORTEST_BORDER_KM, tolerance * 2.5):
            return found
    return None


def without_neighbours(area: BaseGeometry, neighbours: list[BaseGeometry], *, tolerance_km: float) -> BaseGeometry | None:
    """Return the part of an area's outline that lies farther than a tolerance from every neighbour: its coast; None if none is left."""
    edge = outline(area)
    window = shapely.box(*area.bounds).buffer(0.5)
    for neighbour in neighbours:
        near = shapely.intersection(neighbour, window)
        if not near.is_empty:
            edge = shapely.difference(edge, buffer_km(near, tolerance_km))
    return _lines(edge)


def coast(edge: BaseGeometry, sea: BaseGeometry, *, tolerance_km: float) -> BaseGeometry | None:
    """Return the stretches of an outline that lie within a tolerance of a sea; None where the sea is elsewhere."""
    water = shapely.intersection(sea, shapely.box(*edge.bounds).buffer(1.0))
    return None if water.is_empty else _lines(shapely.intersection(edge, buffer_km(water, tolerance_km)))


def open_edge(area: BaseGeometry) -> BaseGeometry:
    """Return the outline of a sea without the straight edges of the box that it was cut from: its shores."""
    west, south, east, north = area.bounds
    inner = shapely.box(west + 0.01, south + 0.01, east - 0.01, north - 0.01)
    shore = _lines(shapely.intersection(outline(area), inner))
    if shore is None:
        raise GeometryError("The sea has no shore within its box; name the country whose coast is meant.")
    return shore


def outline(area: BaseGeometry) -> BaseGeometry:
    """Return the outer rings of an area as lines, without its holes; lines are returned as they are."""
    rings = [part.exterior for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
    return shapely.union_all(rings) if rings else area


def side_of_line(area: BaseGeometry, line: BaseGeometry, bearing: float) -> BaseGeometry:
    """Return the part of an area that lies on one side of a line (a river, road or border), toward a bearing.

    The line is continued straight where it ends inside the area. The side follows the course of the line: "east of the
    Euphrates" is its left bank all along, though the river turns.

    Raises
    ------
    GeometryError
        The line runs along the bearing, or leaves nothing of the area on that side.
    """
    plane = local(area)
    ground = valid(plane.to(area))
    if not shapely.box(*ground.bounds).intersects(plane.to(unwrap(line))):
        raise GeometryError("The line does not pass that area, so it has no sides there; name a line that crosses it.")
    course = _near_course(plane.to(unwrap(one_line(line))), ground)
    toward = np.array([math.sin(math.radians(bearing)), math.cos(math.radians(bearing))])
    left = _lies_left(course, toward)
    reach = float(np.hypot(ground.bounds[2] - ground.bounds[0], ground.bounds[3] - ground.bounds[1])) + course.length
    long = _continued(shapely.simplify(course, max(course.length * 0.001, 50.0)), reach)
    edges = shapely.union_all([outline(ground), long])
    kept = [face for face in polygonize(shapely.get_parts(edges)) if left == left_of(long, face.representative_point())]
    part = shapely.intersection(valid(shapely.union_all(kept)), ground) if kept else None
    if part is None or part.is_empty:
        raise GeometryError("The line leaves nothing of the area on that side; name another side or a larger area.")
    return plane.back(part)


def bank(strip: BaseGeometry, river: BaseGeometry, *, left: bool) -> BaseGeometry:
    """Return the part of a strip along a river that lies on its left (or right) bank, looking the way that the line runs.

    Raises
    ------
    GeometryError
        The line leaves nothing of the strip on that side.
    """
    plane = local(strip)
    ground, course = valid(plane.to(unwrap(strip))), plane.to(unwrap(one_line(river)))
    long = _continued(shapely.simplify(course, max(course.length * 0.0002, 50.0)), math.sqrt(ground.area))
    faces = polygonize(shapely.get_parts(shapely.union_all([outline(ground), long])))
    kept = [face for face in faces if left == left_of(long, face.representative_point())]
    part = shapely.intersection(valid(shapely.union_all(kept)), ground) if kept else None
    if part is None or part.is_empty:
        raise GeometryError("The river leaves nothing of the strip on that bank; name the other bank.")
    return plane.back(part)


def left_of(line: LineString, point: BaseGeometry) -> bool:
    """Say whether a point of the same plane lies left of a line, judged where the line is nearest to it."""
    along = line.project(point)
    step = max(line.distance(point) * 0.05, line.length * 1e-6)
    start, end = line.interpolate(max(along - step, 0.0)), line.interpolate(min(along + step, line.length))
    return bool((end.x - start.x) * (point.y - start.y) - (end.y - start.y) * (point.x - start.x) > 0)


def _along(flat: LineString, plane: Local, shape: BaseGeometry | None) -> float | None:
    if shape is None:
        return None
    centre = plane.to(shape)
    target = centre.centroid if centre.geom_type.endswith("Polygon") and not centre.intersects(flat) else centre
    if target.geom_type.endswith("Polygon"):
        target = target.centroid if target.area < flat.length**2 / 50 else target
    return float(flat.project(shapely.shortest_line(flat, target).interpolate(0)))


def _gaps(chain: np.ndarray, parts: list[LineString]) -> list[tuple[float, int, bool, bool]]:
    """Return the gap from either end of a chain to either end of each part: (degrees, part, joins the head, must be turned)."""
    found = []
    for index, part in enumerate(parts):
        first, last = np.asarray(part.coords[0]), np.asarray(part.coords[-1])
        for head, end in ((True, chain[0]), (False, chain[-1])):
            found.append((float(np.hypot(*(end - first))), index, head, head))
            found.append((float(np.hypot(*(end - last))), index, head, not head))
    return found


def _lines(geometry: BaseGeometry) -> BaseGeometry | None:
    """Return the lines among the parts of a geometry, merged; None where there are none."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type in ("LineString", "LinearRing") and part.length > 0]
    if not parts:
        nested = [part for part in shapely.get_parts(geometry) if part.geom_type == "MultiLineString"]
        parts = [line for part in nested for line in shapely.get_parts(part)]
    return shapely.line_merge(shapely.multilinestrings(parts)) if parts else None


def _km(line: BaseGeometry) -> float:
    return float(line.length) * 111


def _near_course(course: LineString, ground: BaseGeometry) -> LineString:
    """Return the stretch of a line from where it first comes near an area to where it last leaves it."""
    west, south, east, north = ground.bounds
    margin = 0.15 * max(east - west, north - south)
    near = shapely.clip_by_rect(course, west - margin, south - margin, east + margin, north + margin)
    if near.is_empty or near.length == 0:
        return course
    places = [course.project(Point(xy)) for xy in shapely.get_coordinates(near)]
    cut = substring(course, min(places), max(places))
    return cut if cut.geom_type == "LineString" and cut.length > 0 else course


def _lies_left(course: LineString, toward: np.ndarray) -> bool:
    ends = shapely.get_coordinates(course)[[0, -1]]
    chord = ends[1] - ends[0]
    normal = np.array([-chord[1], chord[0]]) / max(float(np.hypot(*chord)), 1.0)
    cosine = float(normal @ toward)
    if abs(cosine) < PARALLEL:
        raise GeometryError("The line runs along that direction and has no such side; name the side across it.")
    return cosine > 0


def _continued(course: LineString, reach: float) -> LineString:
    """Return a line continued straight at both ends, each in its direction over the last stretch."""
    stretch = course.length * ALONG_SHARE
    coordinates = shapely.get_coordinates(course)
    inner = [np.asarray(course.interpolate(place).coords[0]) for place in (stretch, course.length - stretch)]
    first, last = coordinates[0] - inner[0], coordinates[-1] - inner[1]
    return LineString([
        coordinates[0] + first / max(np.hypot(*first), 1.0) * reach, *coordinates,
        coordinates[-1] + last / max(np.hypot(*last), 1.0) * reach,
    ])
