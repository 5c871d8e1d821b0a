"""Metres are metres anywhere on the globe."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, Polygon, box

from geo import projections
from geo.errors import GeometryError

LON = st.floats(-179.9, 179.9)
LAT = st.floats(-75, 75)
SHORT_KM = st.floats(0.5, 300)


@given(LON, LAT, SHORT_KM)
def test_the_edge_of_a_buffer_lies_at_its_distance(lon: float, lat: float, km: float) -> None:
    edge = projections.buffer_km(Point(lon, lat), km)
    assert edge.is_valid
    for x, y in shapely.get_coordinates(edge)[::7]:
        if abs(abs(x) - 180) > 1e-6:
            assert projections.GEOD.inv(lon, lat, x, y)[2] / 1000 == pytest.approx(km, rel=0.005)


@given(LON, LAT, SHORT_KM)
def test_the_area_of_a_disc_is_pi_r_squared(lon: float, lat: float, km: float) -> None:
    assert projections.area_km2(projections.buffer_km(Point(lon, lat), km)) == pytest.approx(math.pi * km**2, rel=0.005)


@given(LON, LAT, st.floats(0, 359), st.floats(0.1, 2000))
def test_a_destination_is_as_far_as_asked(lon: float, lat: float, bearing: float, km: float) -> None:
    assert projections.distance_km(Point(lon, lat), Point(projections.destination(lon, lat, bearing, km))) == pytest.approx(km, rel=1e-6)


@given(LON, LAT, st.floats(1, 60))
def test_both_sides_of_a_line_make_up_its_buffer(lon: float, lat: float, km: float) -> None:
    east = min(lon, 175.0)
    line = LineString([(east, lat), (east + 1.5, lat + 0.7), (east + 3, lat + 0.6)])
    left, right = (projections.buffer_km(line, km, side=side) for side in ("left", "right"))  # type: ignore[arg-type]
    whole = projections.buffer_km(line, km, cap="flat")
    assert projections.area_km2(left.intersection(right)) < 0.01 * projections.area_km2(whole)
    assert projections.area_km2(left.union(right)) == pytest.approx(projections.area_km2(whole), rel=0.02)
    assert left.centroid.y > right.centroid.y


def test_a_flat_end_stops_where_the_line_stops() -> None:
    line = LineString([(36, 35), (37, 35)])
    assert projections.buffer_km(line, 10, cap="flat").bounds[2] == pytest.approx(37, abs=0.001)
    assert projections.buffer_km(line, 10).bounds[2] > 37.1


@pytest.mark.parametrize("shape", [Point(179.95, -17), LineString([(179.5, -17), (180, -17.2)]), box(178, -18, 180, -17)])
def test_a_buffer_over_the_antimeridian_is_cut_there(shape: shapely.Geometry) -> None:
    grown = projections.buffer_km(shape, 50)
    assert grown.is_valid
    assert grown.geom_type == "MultiPolygon"
    assert shapely.get_coordinates(grown)[:, 0].min() == pytest.approx(-180)
    assert shapely.get_coordinates(grown)[:, 0].max() == pytest.approx(180)
    assert all(part.bounds[2] - part.bounds[0] < 5 for part in shapely.get_parts(grown))


def test_a_shape_cut_at_the_antimeridian_is_grown_as_one() -> None:
    halves = shapely.union_all([box(179, -18, 180, -17), box(-180, -18, -179, -17)])
    whole = projections.area_km2(projections.buffer_km(halves, 20))
    assert whole == pytest.approx(projections.area_km2(projections.buffer_km(box(9, -18, 11, -17), 20)), rel=0.01)


def test_a_continent_is_grown_by_the_right_distance_at_its_far_edge() -> None:
    grown = projections.buffer_km(box(20, 40, 90, 70), 100)
    for x, y in ((20, 40), (90, 70), (90, 40), (20, 70)):
        corner = Point(x, y)
        far = min((Point(xy) for xy in shapely.get_coordinates(grown.boundary)), key=corner.distance)
        assert projections.distance_km(corner, far) == pytest.approx(100, rel=0.02)


def test_a_negative_buffer_shrinks() -> None:
    area = box(30, 40, 31, 41)
    smaller = projections.buffer_km(area, -10)
    assert area.contains(smaller)
    assert projections.distance_km(smaller, area.boundary) == pytest.approx(10, rel=0.01)


def test_an_area_shrunk_to_nothing_is_an_error() -> None:
    with pytest.raises(GeometryError, match="shrinking by 100 km"):
        projections.buffer_km(box(30, 40, 30.1, 40.1), -100)


@pytest.mark.parametrize(
    "measure",
    [
        lambda: projections.buffer_km(Polygon(), 1),
        lambda: projections.local(Polygon()),
        lambda: projections.distance_km(Polygon(), Point(0, 0)),
    ],
)
def test_an_empty_shape_is_an_error(measure) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(GeometryError, match="shape is empty"):
        measure()


def test_a_point_has_no_side() -> None:
    with pytest.raises(GeometryError, match="no left side"):
        projections.buffer_km(Point(0, 0), 1, side="left")


@given(LON, LAT)
def test_there_and_back_is_the_same_place(lon: float, lat: float) -> None:
    shape = box(lon - 0.05, lat - 0.05, min(lon + 0.05, 180), lat + 0.05)
    plane = projections.local(shape)
    again = plane.back(plane.to(shape))
    assert shapely.hausdorff_distance(projections.unwrap(again), projections.unwrap(shape)) < 1e-6 or abs(abs(lon) - 180) < 0.06


def test_lengths_and_areas_are_geodesic() -> None:
    assert projections.length_km(LineString([(0, 60), (1, 60)])) == pytest.approx(55.8, abs=0.01)
    assert projections.area_km2(box(0, 60, 1, 61)) == pytest.approx(6123, rel=0.002)
    assert projections.area_km2(Point(0, 0)) == 0
