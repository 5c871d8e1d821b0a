"""The laws of described areas hold anywhere on earth: high latitudes, small islands, the antimeridian, real coasts and rivers."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.distances import DEFAULTS, chosen
from geo.errors import GeometryError
from geo.gazetteer import open_gazetteer
from geo.phrase_needs import letters_needed, stretches
from geo.projections import area_km2, destination, distance_km, length_km

COMPASS = [word for word in where.DIRECTIONS if word != "central"]
# Compact, long, leaning, of many islands, across the antimeridian, far north, tiny.
LANDS = ["SY", "VN", "CL", "PH", "FJ", "NO", "SJ", "MV", "MT", "GA", "KI"]
EVERYWHERE = st.tuples(st.floats(-180, 180), st.floats(-84, 84)).map(lambda place: where.Point(*place))


def drawn(recipe: str | where.Where, **defaults: float) -> BaseGeometry:
    return where.geometry(where.parse(recipe) if isinstance(recipe, str) else recipe, open_gazetteer(), defaults=defaults)


def turn(one: Point, other: Point) -> float:
    """Return the bearing from one point to another in degrees, on a sphere."""
    lon, lat, to_lon, to_lat = map(math.radians, (one.x, one.y, other.x, other.y))
    east = math.sin(to_lon - lon) * math.cos(to_lat)
    north = math.cos(lat) * math.sin(to_lat) - math.sin(lat) * math.cos(to_lat) * math.cos(to_lon - lon)
    return math.degrees(math.atan2(east, north)) % 360


@given(EVERYWHERE, st.sampled_from(COMPASS), st.floats(1, 400))
@settings(max_examples=60)
def test_a_direction_lies_at_its_geodesic_distance_and_bearing(place: where.Point, direction: str, km: float) -> None:
    shape = drawn(where.Direction(place, direction, km), distance_share=0.01)
    assert shape.is_valid
    bearing = where.DIRECTIONS[direction]
    assert bearing is not None
    aim = Point(*destination(place.lon, place.lat, bearing, km))
    assume(abs(aim.y) < 85)
    assume(area_km2(shape) > 0.95 * math.pi * max(km * 0.01, 0.5) ** 2)  # no coast cuts it
    assert distance_km(shape, aim) == 0
    assert distance_km(Point(place.lon, place.lat), shape) == pytest.approx(km - max(km * 0.01, 0.5), abs=0.005 * km + 0.05)


@given(EVERYWHERE, st.floats(0.5, 300))
@settings(max_examples=60)
def test_a_distance_is_geodesic_within_half_a_percent_anywhere(place: where.Point, km: float) -> None:
    shape = where.geometry(where.Difference(where.Buffer(place, km), where.Buffer(place, km * 0.5)), open_gazetteer())
    assert shape.is_valid
    uncut = area_km2(shape) > 0.99 * math.pi * km**2 * 0.75  # no sea was cut off
    for bearing in (0, 77, 180, 283):
        hole, within, beyond = (Point(*destination(place.lon, place.lat, bearing, km * share)) for share in (0.49, 0.994, 1.006))
        assume(abs(beyond.y) < 85)
        assert not shape.intersects(beyond)
        assert not shape.intersects(hole)
        assert not uncut or shape.intersects(within)


@pytest.mark.parametrize("code", LANDS)
@pytest.mark.parametrize("direction", ["north", "southeast", "west", "central"])
def test_a_part_of_a_country_lies_in_it_and_on_its_side(code: str, direction: str) -> None:
    whole, part = drawn(f'Named("country:{code}")'), drawn(f'Part("country:{code}", "{direction}")')
    assert part.is_valid
    assert part.geom_type.endswith("Polygon")
    assert 0 < area_km2(part) < 0.75 * area_km2(whole)
    assert area_km2(shapely.difference(part, whole)) < 0.005 * area_km2(part)
    if direction in ("north", "west"):
        opposite = drawn(f'Part("country:{code}", "{"south" if direction == "north" else "east"}")')
        assert area_km2(shapely.intersection(part, opposite)) < 0.02 * area_km2(part)


@pytest.mark.parametrize(
    "recipe",
    [
        'Around("geonames:2198148")',  # Suva, Fiji
        'Buffer("geonames:2204582", 100)',  # Labasa, across the antimeridian
        'Direction("geonames:2204582", "east", 70)',
        'Between("geonames:2729907", Point(11.93, 78.93))',  # Longyearbyen and Ny-Alesund
        'Outskirts("geonames:2729907", "west")',
        'Part("country:SJ", "north")',
        'Strip(Coast("", "country:FJ"), 30, "sea")',
        'Strip(Part(Coast("", "country:MT"), "south"), 3, "country:MT")',
        "Around(Point(179.99, 65.0), 40)",
        "Box(170, 60, -170, 68)",
    ],
)
def test_an_area_is_valid_in_degrees_and_never_a_point(recipe: str) -> None:
    shape = drawn(recipe)
    assert shape.is_valid
    assert shape.geom_type.endswith("Polygon")
    west, south, east, north = shape.bounds
    assert -180 <= west < east <= 180
    assert -90 <= south < north <= 90
    assert area_km2(shape) < 2_000_000


@given(st.permutations(["country:MT", "country:FJ", "geonames:2729907", "river:dnieper"]))
@settings(max_examples=8)
def test_the_order_of_a_union_does_not_matter_anywhere(names: list[str]) -> None:
    parts = [where.Buffer(name, 3) for name in names]
    assert drawn(where.Union(*parts)).equals_exact(drawn(where.Union(*reversed(parts))), 1e-9)


@pytest.mark.parametrize(
    ("code", "direction", "near", "far"),
    [
        ("KR", "west", (126.7, 37.4), (129.1, 35.1)),
        ("KP", "east", (127.5, 39.2), (125.2, 38.7)),
        ("ES", "north", (-5.7, 43.55), (2.2, 41.4)),
        ("IT", "west", (10.3, 43.55), (16.9, 41.1)),
        ("LK", "east", (81.7, 7.7), (79.85, 6.9)),
    ],
)
def test_a_side_of_a_coast_is_part_of_it_and_faces_that_way(
    code: str, direction: str, near: tuple[float, float], far: tuple[float, float]
) -> None:
    coast, side = drawn(f'Coast("", "country:{code}")'), drawn(f'Part(Coast("", "country:{code}"), "{direction}")')
    assert 0 < length_km(side) < length_km(coast)
    assert side.hausdorff_distance(shapely.intersection(side, shapely.buffer(coast, 0.02))) < 0.1
    assert distance_km(side, Point(near)) < 15
    assert distance_km(side, Point(far)) > 15


def test_an_inland_country_has_no_side_of_a_coast() -> None:
    with pytest.raises(GeometryError, match="no coast"):
        drawn('Part(Coast("", "country:TD"), "west")')


@pytest.mark.parametrize(
    ("river", "left", "right"),
    [
        ("river:dnieper", (32.72, 46.62), (32.6, 46.66)),  # Oleshky's and Kherson's bank
        ("river:don", (39.6, 47.05), (39.6, 47.35)),
        ("river:nile", (31.1, 29.5), (31.4, 29.5)),
    ],
)
def test_the_two_banks_make_up_the_strip(river: str, left: tuple[float, float], right: tuple[float, float]) -> None:
    whole = drawn(f'Strip("{river}", 25)')
    banks = {side: drawn(f'Strip("{river}", 25, "{side}")') for side in ("left", "right")}
    assert distance_km(banks["left"], Point(left)) < distance_km(banks["right"], Point(left))
    assert distance_km(banks["right"], Point(right)) < distance_km(banks["left"], Point(right))
    for bank in banks.values():
        assert area_km2(shapely.difference(bank, whole)) < 0.02 * area_km2(bank)
    assert area_km2(shapely.intersection(*banks.values())) < 0.02 * area_km2(whole)


def test_a_stretch_of_a_coast_ends_near_its_ends_and_comes_back_from_its_text() -> None:
    recipe = where.Section(where.Coast("", "country:LY"), "geonames:2208425", "geonames:2210247")
    assert where.parse(where.text(recipe)) == recipe
    line = drawn(recipe)
    assert 80 < length_km(line) < 220
    assert distance_km(line, Point(12.48, 32.79)) < 5  # Sabratha
    assert distance_km(line, Point(15.1, 32.4)) > 100  # Misrata


def test_the_shore_of_a_lake_has_sides() -> None:
    west = drawn('Strip("lake:lake-tanganyika", 5, "west")')
    assert distance_km(west, Point(29.19, -5.93)) < 5  # Kalemie
    assert distance_km(west, Point(29.65, -4.88)) > 15  # Kigoma


@pytest.mark.parametrize("name", sorted(set(DEFAULTS) & {"around_km", "along_km", "coast_km", "offshore_km", "border_side_km"}))
def test_a_distance_that_is_set_is_chosen(name: str) -> None:
    assert chosen({name: 7, "view": "de_jure", "as_of": None}) == {name: 7.0}


@given(st.text("abcdef |", max_size=60), st.sets(st.text("abcdef", min_size=1, max_size=3), max_size=3))
def test_what_a_rule_needs_lies_in_its_stretches(text: str, words: set[str]) -> None:
    found = list(stretches(text, sorted(words)))
    places = [at for word in words for at in range(len(text)) if text.startswith(word, at)]
    assert all(any(first <= at < last for first, last in found) for at in places)
    assert all(one[1] <= other[0] for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        (r"(?:the )?north of <P>", ("north of",)),
        (r"<P>|the coast", ()),
        (r"(?:a|b)<W:sea>", ("<W>",)),
        (r"road(?:s)?", ("road",)),
        (r"roads?", ("road",)),
        (r"(?P<noun>city|town)\b", ("city", "town")),
        (r"<PA:x>", ()),
        (r"(?!border)<L:x> (?:long )?line", ("<L>",)),
    ],
)
def test_the_letters_that_a_rule_needs_are_read_off_its_pattern(pattern: str, needed: tuple[str, ...]) -> None:
    assert letters_needed(pattern) == needed
