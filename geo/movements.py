"""What line shows a movement, a direction of fire or a siege: arrows and toothed rings from the course that a sentence tells.

An arrow runs in a gentle curve from where the act comes from to where it goes, or along the road that the text names, and stops short of
its goal. Where the text gives only a bearing it is a stub of a set length. Where it says neither there is none. The shapes are
conventions, not traces: nobody claims that the troops took that curve. Everything is EPSG:4326; lengths are geodesic kilometres.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry import LineString, MultiLineString, MultiPoint, Point
from shapely.geometry.base import BaseGeometry
from shapely.ops import nearest_points, substring

from geo import lines, where
from geo.errors import GeometryError, UnknownPlace
from geo.projections import area_km2, bearing, buffer_km, destination, local, unwrap
from geo.recipes import Union, Where
from geo.records import Claim, Course

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["AREA_ORIGIN", "DIRECTION_ONLY", "SCHEMATIC", "Arrow", "arrow", "arrows", "is_ringed", "siege_arc"]

SCHEMATIC = "The line joins the places that the text names; it does not show the way that was taken."
AREA_ORIGIN = "The text names an area as the origin; the arrow begins at its nearest edge."
DIRECTION_ONLY = "Direction only: the text says from which side or which way, not from where or how far."

# Conventions of drawing, set by eye on the briefings and on test maps of 50 to 1,500 km.
BEND = 0.11  # how far the curve stands off the straight line, as a share of its length
STEPS = 24  # corners of a curve
SHORT = 0.08  # how far before its goal an arrow ends, as a share of its length
STUB_KM, STUB_RADII = 12.0, 0.8  # length of a stub: this far, and this many radii of its place
WIDEST_KM2 = 60_000.0  # "attacked the country from the north" has no place for a stub
SPOT_KM2 = 3_000.0  # a larger origin is an area, of which no one place is meant
INSIDE = 0.08  # how far inside such an area the arrow begins, as a share of its length
LEAST_KM = 1.0  # shorter arrows show nothing
FARTHEST_KM, FARTHEST_FIRE_KM = 2_000.0, 4_000.0  # farther is more likely a wrong place than a march or a missile
AGAINST = 100.0  # degrees by which the way may differ from the bearing that the text gives; beyond it one of the two is misread
MOST = 6  # arrows of one claim: lists of more places are no movement
ROAD_REACH_KM = 60.0  # as for sections of roads (geo.distances)
RING_KM = 2.5  # how far outside the besieged place the ring stands: the middle of the zone that geo.zones draws
TOOTH, TOOTH_WIDTH = 0.16, 0.5  # length of a tooth as a share of the ring's radius, and its width as a share of its length
TEETH, TEETH_APART = 14, 0.45  # least number round a ring; their distance as a share of the radius
ARC = 120.0  # degrees of the ring that "from the south" shows

_PARTIAL = re.compile(
    r"\b(?:almost|nearly|virtually|all but|partly|partially|half|semi|"
    r"(?:on|from) (?:two|three|several|both|most|many|some) (?:\w+ )?sides?)\b",
    re.IGNORECASE,
)
_AROUND = 40  # characters on either side of the act in which such a word belongs to it

Shapes = Callable[[Where], BaseGeometry | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """A line (tail first) with its kind ("arrow", "fire" or "stub") and what has to be said of it."""

    line: BaseGeometry
    kind: str
    limits: tuple[str, ...]


def arrow(claim: Claim, gazetteer: Gazetteer) -> LineString | None:
    """Return the arrow of a claim, the first of several, from tail to tip; None where its sentence tells no course that can be drawn.

    Parameters
    ----------
    claim
        An advance, attack or withdrawal.
    gazetteer
        Gives the shapes of its places.
    """
    def shape(place: Where) -> BaseGeometry | None:
        try:
            return where.geometry(place, gazetteer)
        except (GeometryError, UnknownPlace):
            return None

    found = arrows(claim.course, shape) if claim.course is not None else ()
    return next((one.line for one in found if isinstance(one.line, LineString)), None)


def arrows(course: Course, shape: Shapes) -> tuple[Arrow, ...]:
    """Return the arrows of a course: one for each origin and goal, or a stub for each bearing; none where its places do not bear them out.

    Parameters
    ----------
    course
        What a sentence tells.
    shape
        Gives the shape of a recipe in degrees, or None where it has none.

    Returns
    -------
    tuple of Arrow
        Lines in EPSG:4326, cut at the antimeridian, at most six.
    """
    origins, goals = _shapes(course.origin, shape), _shapes(course.goal, shape)
    road = shape(course.along) if course.along is not None else None
    if origins and goals:
        found = [_arrow(origin, goal, road, course) for origin in origins for goal in goals]
    elif goals and course.bearings and course.origin is None:
        found = [_stub(goal, (way + 180) % 360, arriving=True) for goal in goals for way in course.bearings]
    elif origins and course.bearings and course.goal is None:
        found = [_on_road(road, origin, way) or _stub(origin, way, arriving=False) for origin in origins for way in course.bearings]
    else:
        found = []
    kept = tuple(one for one in found if one is not None)
    return kept if len(kept) <= MOST else ()


def siege_arc(shape: BaseGeometry, *, sides: Iterable[float] = ()) -> MultiLineString:
    """Return the sign of a siege: a ring round a place with teeth that point inwards, or the arcs of it on some sides.

    Parameters
    ----------
    shape
        The besieged place in degrees; a point stands for a place without extent.
    sides
        Bearings from the place to the besiegers, in degrees clockwise from north; none is all round.

    Returns
    -------
    MultiLineString
        The ring (closed) or the arcs first, then the teeth, each of three points.

    Examples
    --------
    >>> ring = siege_arc(Point(18.41, 43.86))
    >>> ring.geoms[0].is_closed, len(ring.geoms) > 12
    (True, True)
    """
    around = buffer_km(unwrap(shape).convex_hull, RING_KM)
    plane = local(around)
    flat = plane.to(around)
    flat = max(shapely.get_parts(flat), key=lambda part: part.area)
    ring = np.asarray(flat.exterior.coords)
    centre = np.asarray(flat.centroid.coords[0])
    arcs = [LineString(ring)] if not (wanted := tuple(sides)) else _arcs(ring, centre, wanted)
    radius = math.sqrt(flat.area / math.pi)
    teeth = [tooth for arc in arcs for tooth in _teeth(arc, centre, radius)]
    back = [plane.back(line) for line in (*arcs, *teeth)]
    return MultiLineString([part for line in back for part in shapely.get_parts(line) if part.geom_type == "LineString"])


def is_ringed(claim: Claim) -> bool:
    """Return whether a claim tells of a siege that closes a place in: neither "nearly surrounded" nor "on three sides"."""
    if claim.predicate != "besieges" or claim.status not in ("reported", "claimed", "assessed", "past"):
        return False
    sentence = claim.evidence[0]
    act = next((span for span in claim.evidence if span.role == "act"), None)
    if act is None:
        return True
    begin, end = act.start - sentence.start, act.end - sentence.start
    return _PARTIAL.search(sentence.quote[max(0, begin - _AROUND // 2) : end + _AROUND]) is None


def _shapes(place: Where | None, shape: Shapes) -> list[BaseGeometry]:
    """The shapes of a place, or of each of several; none if one of them has none."""
    if place is None:
        return []
    parts = [part for part in place.parts if isinstance(part, Where)] if isinstance(place, Union) else [place]
    found = [shape(part) for part in parts]
    return [one for one in found if one is not None and not one.is_empty] if all(one is not None for one in found) else []


def _arrow(origin: BaseGeometry, goal: BaseGeometry, road: BaseGeometry | None, course: Course) -> Arrow | None:
    """The arrow between two shapes; None where they meet, lie too far apart, or lie another way than the text says."""
    if origin.intersects(goal):
        return None
    wide = area_km2(origin) > SPOT_KM2 or "Line" in origin.geom_type
    target = goal.representative_point() if area_km2(goal) > SPOT_KM2 else goal.centroid
    plane = local(target if wide else MultiPoint([origin.centroid, target]))
    a, b = plane.to(origin), plane.to(goal)
    tail = np.asarray(nearest_points(a, b)[0].coords[0] if wide else a.centroid.coords[0])
    tip = np.asarray((nearest_points(b, Point(tail))[0] if area_km2(goal) > SPOT_KM2 else b.centroid).coords[0])
    far = float(np.hypot(*(tip - tail)))
    if not LEAST_KM * 1000 < far < (FARTHEST_FIRE_KM if course.fire else FARTHEST_KM) * 1000:
        return None
    if wide:
        tail = tail + (tail - tip) * INSIDE
    way = bearing(plane.degrees(*tail), plane.degrees(*tip))
    if course.bearings and all(_apart(way, one) > AGAINST for one in course.bearings):
        return None
    on_road = _along(road, origin, goal)
    curve = plane.to(on_road) if on_road is not None else _curve(tail, tip)
    line = _cut(curve, None if wide else a, b)
    if line is None:
        return None
    limits = (SCHEMATIC, AREA_ORIGIN) if wide else () if on_road is not None else (SCHEMATIC,)
    return Arrow(line=plane.back(line), kind="fire" if course.fire else "arrow", limits=limits)


def _stub(place: BaseGeometry, side: float, *, arriving: bool) -> Arrow | None:
    """The stub of a bearing: outside a place on the side whence they come, or away from the place that they leave."""
    if area_km2(place) > WIDEST_KM2:
        return None
    plane, centre = local(place), place.centroid
    radius = math.sqrt(area_km2(place) / math.pi)
    length = STUB_KM + STUB_RADII * radius
    lon, lat = destination(centre.x, centre.y, side, 6 * radius + length)
    lon = centre.x + (lon - centre.x + 540) % 360 - 180  # the short way, also across the antimeridian
    ray = plane.to(LineString([centre.coords[0], (lon, lat)]))
    inside = shapely.intersection(ray, plane.to(place))
    edge = 0.0 if inside.is_empty else shapely.hausdorff_distance(inside, Point(ray.coords[0]))
    stub = substring(ray, edge + length * SHORT * 1000, edge + length * 1000)
    return Arrow(line=plane.back(stub.reverse() if arriving else stub), kind="stub", limits=(DIRECTION_ONLY,))


def _on_road(road: BaseGeometry | None, origin: BaseGeometry, way: float) -> Arrow | None:
    """The stub along a road that leads the way the text says; None where it does not."""
    if road is None or "Line" not in road.geom_type:
        return None
    whole, plane = lines.one_line(road), local(origin)
    flat, place = plane.to(whole), plane.to(origin)
    at, length = flat.project(place.centroid), STUB_KM * 1000
    if flat.distance(place) > ROAD_REACH_KM * 1000:
        return None
    ends = [substring(flat, at, at + length), substring(flat, at, max(at - length, 0.0))]
    for part in ends:
        cut = _cut(part, None, place) if part.length > LEAST_KM * 1000 else None
        if cut is not None and _apart(bearing(plane.degrees(*cut.coords[0]), plane.degrees(*cut.coords[-1])), way) < AGAINST / 2:
            return Arrow(line=plane.back(cut), kind="stub", limits=(DIRECTION_ONLY,))
    return None


def _curve(tail: NDArray[np.float64], tip: NDArray[np.float64]) -> LineString:
    """A quadratic Bezier curve between two points of the plane that bends to the left of its way."""
    across = np.array([-(tip - tail)[1], (tip - tail)[0]])
    middle = (tail + tip) / 2 + across * 2 * BEND
    share = np.linspace(0, 1, STEPS + 1)[:, None]
    return LineString((1 - share) ** 2 * tail + 2 * share * (1 - share) * middle + share**2 * tip)


def _cut(curve: BaseGeometry, origin: BaseGeometry | None, goal: BaseGeometry) -> LineString | None:
    """The part of a line of the plane between the edges of two shapes, which ends short of the second."""
    free = shapely.difference(curve, goal)
    first = min(shapely.get_parts(free), key=lambda part: part.distance(Point(curve.coords[0])), default=None)
    if first is None or first.is_empty:
        return None
    if origin is not None:
        rest = [part for part in shapely.get_parts(shapely.difference(first, origin)) if not part.is_empty]
        first = rest[-1] if rest else first
    length = first.length
    return substring(first, 0, length * (1 - SHORT)) if length > LEAST_KM * 1000 else None


def _along(road: BaseGeometry | None, origin: BaseGeometry, goal: BaseGeometry) -> LineString | None:
    """The stretch of a road between two shapes, from the first to the second; None where it does not join them."""
    if road is None or "Line" not in road.geom_type:
        return None
    try:
        part = lines.one_line(lines.section(road, origin, goal, reach_km=ROAD_REACH_KM))
    except GeometryError:
        return None
    begin, end = Point(part.coords[0]), Point(part.coords[-1])
    return part if begin.distance(origin) + end.distance(goal) <= begin.distance(goal) + end.distance(origin) else part.reverse()


def _apart(one: float, other: float) -> float:
    """The angle between two bearings, 0 to 180."""
    return abs((one - other + 180) % 360 - 180)


def _arcs(ring: NDArray[np.float64], centre: NDArray[np.float64], sides: tuple[float, ...]) -> list[LineString]:
    """The stretches of a ring of the plane that lie on some sides of its centre."""
    ways = np.degrees(np.arctan2(*(ring - centre).T)) % 360
    found = []
    for side in sides:
        turned = (ways - side + 180) % 360 - 180
        order = np.argsort(turned[:-1])
        chosen = order[np.abs(turned[:-1][order]) <= ARC / 2]
        if len(chosen) > 1:
            found.append(LineString(ring[chosen]))
    return found


def _teeth(arc: LineString, centre: NDArray[np.float64], radius: float) -> list[LineString]:
    """Small open triangles along a line of the plane, pointing to a centre."""
    whole = 2 * math.pi * radius
    number = max(3, round(arc.length / min(TEETH_APART * radius, whole / TEETH)))
    tall, half = TOOTH * radius, TOOTH * radius * TOOTH_WIDTH
    found = []
    for place in (np.arange(number) + 0.5) * arc.length / number:
        left, foot, right = (np.asarray(arc.interpolate(at).coords[0]) for at in (max(place - half, 0), place, place + half))
        inwards = (centre - foot) / max(float(np.hypot(*(centre - foot))), 1.0)
        found.append(LineString([left, foot + inwards * tall, right]))
    return found
