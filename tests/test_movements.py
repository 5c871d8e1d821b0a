"""An arrow begins where the text says, ends short of where it says, and is drawn for nothing else; a siege is a ring with teeth inwards."""

from __future__ import annotations

import math

import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from geo import layers, situation, symbology
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.movements import AREA_ORIGIN, DIRECTION_ONLY, arrow, arrows, is_ringed, siege_arc
from geo.projections import area_km2, bearing, buffer_km, destination, distance_km, length_km
from geo.records import Course
from geo.situation import Situation
from geo.tables import situation_json
from geo.where import Named, Union, Where
from tests.marked import claims_in

SHAPES: dict[str, BaseGeometry] = {
    "izium": buffer_km(Point(37.28, 49.21), 3), "sloviansk": buffer_km(Point(37.61, 48.85), 4), "kyiv": buffer_km(Point(30.52, 50.45), 13),
    "belarus": box(23.5, 51.4, 32.0, 56.0), "road": LineString([(37.28, 49.21), (37.1, 48.95), (37.61, 48.85)]),
    "lima": buffer_km(Point(-77.0, -12.0), 10), "suburb": buffer_km(Point(37.30, 49.21), 3),
}


def shape(place: Where) -> BaseGeometry | None:
    return SHAPES.get(place.feature) if isinstance(place, Named) else None


def course(origin: str = "", goal: str = "", *bearings: float, along: str = "", fire: bool = False) -> Course:
    ends = [Named(name) if name else None for name in (origin, goal, along)]
    return Course(origin=ends[0], goal=ends[1], bearings=bearings, along=ends[2], fire=fire)


def ends(line: BaseGeometry) -> tuple[Point, Point]:
    spots = shapely.get_coordinates(line)
    return Point(spots[0]), Point(spots[-1])


SPOTS = st.tuples(st.floats(-179, 179), st.floats(-65, 65))


@given(SPOTS, st.floats(0, 359), st.floats(25, 900), st.floats(1, 10))
@settings(max_examples=40)
def test_an_arrow_leads_from_its_origin_to_short_of_its_goal(start: tuple[float, float], way: float, km: float, radius: float) -> None:
    end = destination(*start, way, km)
    assume(abs(end[0] - start[0]) < 180)  # across the antimeridian it comes in two parts
    places = {"a": buffer_km(Point(start), radius), "b": buffer_km(Point(end), radius)}
    (drawn,) = arrows(course("a", "b"), lambda place: places[place.feature] if isinstance(place, Named) else None)
    assume(drawn.line.geom_type == "LineString")
    tail, tip = ends(drawn.line)
    assert distance_km(tail, places["a"]) < 0.2
    assert 0 < distance_km(tip, places["b"]) < 0.1 * km + 1
    assert not drawn.line.intersects(shapely.buffer(places["b"], -0.001))
    assert length_km(drawn.line) < 1.1 * km


@given(SPOTS, st.sampled_from([0.0, 45.0, 90.0, 135.0, 180.0, 225.0, 270.0, 315.0]), st.floats(1, 60))
@settings(max_examples=40)
def test_a_stub_comes_from_the_side_that_the_text_names(spot: tuple[float, float], way: float, radius: float) -> None:
    place = buffer_km(Point(spot), radius)
    assume(place.geom_type == "Polygon")
    (drawn,) = arrows(course("", "b", way), lambda _: place)
    assume(drawn.line.geom_type == "LineString")
    tail, tip = ends(drawn.line)
    assert drawn.kind == "stub"
    assert drawn.limits == (DIRECTION_ONLY,)
    assert not drawn.line.intersects(place)
    assert distance_km(tail, place) > distance_km(tip, place) > 0
    assert abs((bearing((tail.x, tail.y), (tip.x, tip.y)) - way + 180) % 360 - 180) < 8


def test_who_leaves_without_a_goal_leaves_the_way_the_text_says() -> None:
    (drawn,) = arrows(course("izium", "", 90.0), shape)
    tail, tip = ends(drawn.line)
    assert tip.x > tail.x > 37.28


@pytest.mark.parametrize(
    "given_course",
    [
        pytest.param(course("izium", ""), id="no goal and no way"), pytest.param(course("", "sloviansk", along="road"), id="no origin"),
        pytest.param(course("izium", "nowhere"), id="a place that nobody knows"),
        pytest.param(course("izium", "suburb"), id="places that touch"),
        pytest.param(course("izium", "lima"), id="too far for a march"),
        pytest.param(course("izium", "sloviansk", 0.0), id="the other way"),
        pytest.param(course("", "belarus", 90.0), id="a whole country"),
    ],
)
def test_what_the_text_does_not_bear_out_has_no_arrow(given_course: Course) -> None:
    assert arrows(given_course, shape) == ()


def test_the_arrow_of_an_area_begins_at_its_edge_and_says_so() -> None:
    (drawn,) = arrows(course("belarus", "kyiv"), shape)
    tail, tip = ends(drawn.line)
    assert distance_km(tail, SHAPES["belarus"].exterior) < 20
    assert AREA_ORIGIN in drawn.limits
    assert distance_km(tip, SHAPES["kyiv"]) < 20


def test_a_road_is_followed() -> None:
    (straight,) = arrows(course("izium", "sloviansk"), shape)
    (on_road,) = arrows(course("izium", "sloviansk", along="road"), shape)
    tail, tip = ends(on_road.line)
    assert on_road.line.distance(Point(37.1, 48.95)) < 0.01 < straight.line.distance(Point(37.1, 48.95))
    assert distance_km(tail, SHAPES["izium"]) < distance_km(tip, SHAPES["izium"])


def test_each_of_several_origins_has_its_arrow() -> None:
    several = Course(origin=Union("izium", "kyiv"), goal=Named("sloviansk"))
    assert len(arrows(several, shape)) == 2


def test_fire_reaches_farther_than_a_march_and_says_what_it_is() -> None:
    far = {"a": buffer_km(Point(44.4, 33.3), 10), "b": buffer_km(Point(14.0, 33.3), 10)}
    there = lambda place: far[place.feature] if isinstance(place, Named) else None  # noqa: E731
    assert [one.kind for one in arrows(course("a", "b", fire=True), there)] == ["fire"]
    assert arrows(course("a", "b"), there) == ()


@given(SPOTS, st.floats(1, 25))
@settings(max_examples=25)
def test_a_siege_is_a_closed_ring_with_teeth_inside(spot: tuple[float, float], radius: float) -> None:
    place = buffer_km(Point(spot), radius)
    assume(place.geom_type == "Polygon")
    ring, *teeth = siege_arc(place).geoms
    inside = shapely.Polygon(ring)
    assert ring.is_closed
    assert inside.covers(place)
    assert len(teeth) >= 12
    assert all(inside.buffer(1e-6 + 0.002 / math.cos(math.radians(spot[1]))).covers(Point(tooth.coords[1])) for tooth in teeth)


@pytest.mark.parametrize(("side", "dx", "dy"), [(0.0, 0, 1), (90.0, 1, 0), (180.0, 0, -1), (270.0, -1, 0)])
def test_a_siege_from_one_side_is_an_arc_on_that_side(side: float, dx: int, dy: int) -> None:
    arc = siege_arc(Point(18.4, 43.9), sides=(side,)).geoms[0]
    assert not arc.is_closed
    assert all((x - 18.4) * dx + (y - 43.9) * dy > 0 for x, y in arc.coords)


def test_a_siege_at_the_antimeridian_keeps_its_ring() -> None:
    west, south, east, north = siege_arc(buffer_km(Point(179.99, 0.0), 5)).bounds
    assert (west >= -180.0001, east <= 180.0001, south < north) == (True, True, True)


@pytest.mark.parametrize(
    ("marked", "ringed"),
    [
        ("<Bosnian Serb> forces besieged [Sarajevo BA].", True), ("[Sarajevo BA] is surrounded by <Bosnian Serb> forces.", True),
        ("[Sarajevo BA] is almost surrounded by <Bosnian Serb> forces.", False),
        ("<Bosnian Serb> forces surrounded [Sarajevo BA] on three sides.", False),
        ("<Bosnian Serb> forces plan to besiege [Sarajevo BA].", False),
    ],
)
def test_only_a_siege_that_closes_has_a_ring(marked: str, ringed: bool) -> None:
    assert any(is_ringed(claim) for claim in claims_in(marked)) == ringed


REPORT = """On Monday Russian troops advanced from Izium towards Sloviansk. Russian forces shelled Nikopol from Enerhodar.
Ukrainian forces withdrew from Lysychansk to Siversk.
Ukrainian officials denied that their troops had withdrawn from Bakhmut to Kostiantynivka.
Russian forces plan to advance from Vuhledar to Kurakhove. Russian troops have besieged Mariupol.
Russian troops attacked Avdiivka from the north.
"""


@pytest.fixture(scope="module")
def read() -> Situation:
    import datetime as dt

    document = from_text(REPORT, title="Ukraine", source="The Paper", published=dt.date(2022, 6, 20))
    return situation.read([document], gazetteer=open_gazetteer())


@pytest.fixture(scope="module")
def drawn(read: Situation) -> dict[str, object]:
    return {row.title: row for layer in layers.layers(read) for row in layer.frame.itertuples() if row.course}


def test_arrows_and_rings_are_rows_beside_the_signs(drawn: dict[str, object]) -> None:
    assert {title: row.course for title, row in drawn.items()} == {  # type: ignore[attr-defined]
        "Advance from Izyum towards Slovyansk": "arrow", "Fire from Enerhodar at Nikopol": "fire",
        "Withdrawal from Lysychansk to Siversk": "arrow", "Advance from Vuhledar towards Kurakhove": "arrow",
        "Attack on Avdiyivka from the north": "stub", "Siege of Mariupol": "siege",
    }


def test_every_line_of_a_course_leads_to_its_sentence(read: Situation, drawn: dict[str, object]) -> None:
    text = read.documents[0].text
    for row in drawn.values():
        assert row.quotes  # type: ignore[attr-defined]
        assert all(text[start:end] == quote for _, start, end, quote in row.quotes)  # type: ignore[attr-defined]
        assert set(row.claims) <= {claim.id for claim in read.claims}  # type: ignore[attr-defined]
    assert layers.unsourced(layers.layers(read)) == ()


def test_what_is_denied_has_no_arrow(drawn: dict[str, object]) -> None:
    assert not [title for title in drawn if "Bakhmut" in title]


def test_what_is_planned_is_marked_so(drawn: dict[str, object]) -> None:
    (row,) = (row for title, row in drawn.items() if "Kurakhov" in title)
    assert row.status in symbology.UNREAL  # type: ignore[attr-defined]


def test_the_sign_of_the_act_stays(read: Situation, drawn: dict[str, object]) -> None:
    ids = [row.id for layer in layers.layers(read) for row in layer.frame.itertuples()]
    arrows_of = {row.id.removesuffix("-course") for row in drawn.values() if row.course in ("arrow", "fire")}  # type: ignore[attr-defined]
    assert arrows_of & set(ids)
    assert len(ids) == len(set(ids))


def test_the_legend_tells_arrows_and_sieges(read: Situation) -> None:
    signs = {entry.sign: entry.label for layer in layers.layers(read) for entry in layer.legend if entry.sign in ("arrow", "siege")}
    assert set(signs) == {"arrow", "siege"}


def test_a_course_is_in_the_data(read: Situation) -> None:
    told = [claim["course"] for claim in situation_json(read, "report.txt")["claims"] if claim["course"]]
    assert any(one["origin"] and one["goal"] for one in told)
    assert {"origin", "goal", "bearings", "along", "fire"} == set(told[0])


def test_the_arrow_of_a_claim_is_one_line(read: Situation) -> None:
    claim = next(claim for claim in read.claims if claim.course is not None and claim.course.origin and claim.course.goal)
    line = arrow(claim, read.gazetteer)
    assert line is not None
    assert length_km(line) > 5
    assert area_km2(line) == 0
    without = next(claim for claim in read.claims if claim.course is None)
    assert arrow(without, read.gazetteer) is None
