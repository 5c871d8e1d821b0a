"""Names on a map: none over another, none over a sign, none lost without a word."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point

from geo import lettering
from geo.choices import Choices
from geo.plate import label_ground
from geo.plate.compose import compose, plate_of, scene
from geo.plate.furniture import furniture
from geo.plate.items import Area, Box, Line, Plate, Sign, Words
from geo.plate.label_text import Manner, block
from geo.plate.labels import labels
from geo.plate.room import Candidate, Room, Want, settle
from tests import fake_situation
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile
from tests.test_plate_compose import VIEWS, in_layer, layer, row

SIZES = ("article", "social", "slide", "a4")
NAMES = ("label", "town", "shield")
LEAST = {"article": 7.5, "social": 7.5, "slide": 7.5, "a4": 6.5}  # points


def outline(words: Words) -> shapely.Polygon:
    """What some words cover on the page: from their capitals' tops to their feet, turned as they are."""
    wide = max(lettering.width(line, words.size, face=words.face, weight=words.weight, italic=words.italic) for line in words.lines)
    wide += words.spacing * max(len(lettering.clusters(line)) - 1 for line in words.lines)
    left = {"left": 0.0, "middle": -wide / 2, "right": -wide}[words.align]
    low = words.leading * (len(words.lines) - 1) + words.size * 0.05
    flat = shapely.box(words.x + left, words.y - words.size * 0.7, words.x + left + wide, words.y + low)
    return shapely.affinity.rotate(flat, words.angle, origin=(words.x, words.y))


def lettered(plate: Plate) -> list[Words]:
    """The names on the map itself."""
    return [item for item in plate.items if isinstance(item, Words) and item.role in NAMES]


def box(one: Box) -> shapely.Polygon:
    return shapely.box(one.x, one.y, one.x + one.width, one.y + one.height)


def told(plate: Plate) -> str:
    """All that is lettered on the map, on one line."""
    return " ".join(" ".join(words.lines) for words in lettered(plate))


@pytest.fixture(scope="module")
def shown(idlib: Any) -> dict[str, Any]:
    """The briefing on Idlib as a scene in each size."""
    return {size: scene(idlib, Choices(size=size, names="both" if size == "a4" else "en")) for size in SIZES}


@pytest.fixture(scope="module")
def plates(shown: dict[str, Any]) -> dict[str, Plate]:
    return {size: plate_of(one) for size, one in shown.items()}


@pytest.fixture(scope="module")
def crowd(idlib: Any) -> tuple[Any, Plate]:
    """A hundred and twenty places with long names in a small province, besides one far away that keeps the map wide."""
    points = [(36.0 + 0.05 * (number % 12), 35.5 + 0.04 * (number // 12)) for number in range(120)]
    rows = [row(geometry=Point(*at), label=f"Kafr Sheikh Number {number}", icon="", predicate="") for number, at in enumerate(points)]
    far = row(geometry=Point(44.0, 33.0), label="Far away", icon="", predicate="")
    one = scene(idlib, Choices(size="slide"), layers=[layer("places", *rows, far)], bounds=(35.0, 32.0, 45.0, 37.0))
    return one, plate_of(one)


@pytest.mark.parametrize("size", SIZES)
def test_no_two_names_overlap(plates: dict[str, Plate], size: str) -> None:
    found = [(words, outline(words)) for words in lettered(plates[size])]
    assert len(found) > 15
    for (one, a), (two, b) in itertools.combinations(found, 2):
        assert a.intersection(b).area < 0.5, f"{one.lines} and {two.lines}"


@pytest.mark.parametrize("size", SIZES)
def test_no_name_leaves_the_frame(plates: dict[str, Plate], size: str) -> None:
    frame = box(plates[size].frame)
    assert [words.lines for words in lettered(plates[size]) if not frame.contains(outline(words))] == []


@pytest.mark.parametrize("size", SIZES)
def test_no_name_stands_under_furniture(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    taken = furniture(shown[size]).reserved
    assert taken
    assert [words.lines for words in lettered(plates[size]) for one in taken if outline(words).intersects(box(one))] == []


@pytest.mark.parametrize("size", SIZES)
def test_no_name_covers_a_sign_of_the_report(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    signs = [one for mark in shown[size].marks for one in mark.boxes]
    names = [words for words in lettered(plates[size]) if words.role != "shield"]
    assert signs
    assert [words.lines for words in names for one in signs if outline(words).intersection(box(one)).area > 0.3] == []


@pytest.mark.parametrize("size", SIZES)
def test_every_place_of_the_report_is_named(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    wanted = {mark.label for mark in shown[size].marks if mark.radius and mark.label}
    assert wanted >= {"Idlib", "Damascus"}
    assert {name for name in wanted if name not in told(plates[size])} == set()


def test_places_without_room_get_a_leader_or_a_number_and_none_is_lost(crowd: tuple[Any, Plate]) -> None:
    one, plate = crowd
    key = next(words for words in lettered(plate) if words.name.startswith("Key:"))
    names = " ".join(words.name for words in lettered(plate))
    names = names.replace("\u00a0", " ")
    lost = [mark.label for mark in one.marks if f"{mark.label} " not in f"{names} ".replace(",", " ").replace(";", " ")]
    assert not lost or f"{len(lost)} more places are drawn without a name" in key.name
    assert sum(isinstance(item, Line) and item.role == "label" for item in plate.items) > 3


@pytest.mark.parametrize("size", ["social", "slide"])
def test_a_key_of_very_long_names_stays_in_the_frame_and_off_the_furniture(idlib: Any, size: str) -> None:
    rows = [row(geometry=Point(36 + number % 5 * 0.2, 35 + number // 5 * 0.2), label=f"{number} " + "very long name " * 12, icon="",
                predicate="") for number in range(40)]
    one = scene(idlib, Choices(size=size), layers=[layer("places", *rows)])
    plate = plate_of(one)
    key = next(item for item in plate.items if isinstance(item, Area) and item.name == "Key")
    ground = shapely.Polygon(key.polygons[0][0])
    words = next(words for words in lettered(plate) if words.name.startswith("Key:"))
    assert box(plate.frame).contains(ground)
    assert ground.buffer(0.5).contains(outline(words))
    assert all(ground.intersection(box(taken)).area < 0.1 for taken in furniture(one).reserved)


def test_a_key_stands_clear_of_the_furniture(crowd: tuple[Any, Plate]) -> None:
    key = next(item for item in crowd[1].items if isinstance(item, Area) and item.name == "Key")
    taken = furniture(crowd[0]).reserved
    assert taken
    assert not [one for one in taken if shapely.Polygon(key.polygons[0][0]).intersection(box(one)).area > 0]


@pytest.mark.parametrize(("window", "preset"), [
    ("a continent", "control"), ("the equator", "humanitarian"), ("the south", "military"),
])
def test_no_country_that_shows_much_goes_without_its_name(idlib: Any, window: str, preset: str) -> None:
    one = scene(idlib, Choices(preset=preset), bounds=VIEWS[window])
    hidden, whole = shapely.union_all([box(taken) for taken in furniture(one).reserved]), one.frame.width * one.frame.height
    shapes = {name: shapely.difference(shape, hidden) for name, shape in label_ground._countries(one).items()}
    large = [name for name, shape in shapes.items() if shape.area > label_ground.NAMED_SHARE * whole]
    assert large
    words = told(plate_of(one))
    assert [name for name in large if name.upper() not in words and label_ground._in_full(one, name).upper() not in words] == []


@pytest.mark.parametrize("size", SIZES)
def test_nothing_is_set_too_small_to_read(plates: dict[str, Plate], size: str) -> None:
    assert min(words.size for words in plates[size].items if isinstance(words, Words)) >= LEAST[size]


def test_the_same_map_is_lettered_the_same_twice(shown: dict[str, Any]) -> None:
    reserved = furniture(shown["article"]).reserved
    assert repr(labels(shown["article"], reserved)) == repr(labels(shown["article"], reserved))


def test_what_the_report_names_is_bold_and_towns_of_the_basemap_are_not(plates: dict[str, Plate]) -> None:
    weights = {words.lines[0]: words.weight for words in lettered(plates["article"])}
    assert weights["Idlib"] == 600 > weights["Homs"]


def test_a_name_in_arabic_stands_under_the_english_one_and_runs_from_the_right(plates: dict[str, Plate]) -> None:
    english = next(words for words in lettered(plates["a4"]) if words.lines == ("Aleppo",))
    arabic = next(words for words in lettered(plates["a4"]) if words.lines == ("حلب",))
    assert (arabic.rtl, english.rtl) == (True, False)
    assert arabic.y > english.y
    assert arabic.size < english.size
    assert not [words for words in lettered(plates["article"]) if words.rtl]


def test_in_local_names_the_english_one_goes(idlib: Any) -> None:
    words = told(compose(idlib, Choices(names="local")))
    assert "إدلب" in words
    assert "Damascus" not in words


def test_roads_bear_their_numbers_in_shields_on_the_line(shown: dict[str, Any], plates: dict[str, Plate]) -> None:
    shields = [words for words in lettered(plates["article"]) if words.role == "shield"]
    assert {words.lines[0] for words in shields} == {"M4", "M5"}
    lines = {mark.label: mark.shape for mark in shown["article"].marks if mark.kind == "line" and mark.label}
    assert all(lines[words.lines[0]].distance(Point(words.x, words.y)) < words.size for words in shields)


def test_a_long_name_of_a_line_runs_along_it_right_way_up(idlib: Any) -> None:
    road = LineString([(36.0, 33.0), (40.0, 36.0)])
    plate = compose(idlib, layers=[in_layer("reference", road, label="Road of the Kings", predicate="")], bounds=(35, 32, 43, 37))
    words = next(words for words in lettered(plate) if words.lines == ("Road of the Kings",))
    assert -90 <= words.angle < -20


def test_a_town_that_the_report_names_is_not_lettered_twice(plates: dict[str, Plate]) -> None:
    for plate in plates.values():
        assert sum(words.lines == ("Damascus",) for words in lettered(plate)) == 1


def test_without_a_basemap_only_the_report_is_lettered(idlib: Any) -> None:
    plate = compose(idlib, Choices(basemap="none"))
    assert not [item for item in plate.items if item.role == "town"]
    assert "Idlib" in told(plate)
    assert "SYRIA" not in told(plate)


def test_each_town_has_its_dot(plates: dict[str, Plate]) -> None:
    towns = [item.name for item in plates["slide"].items if isinstance(item, Sign) and item.role == "town"]
    assert len(towns) > 5
    assert set(towns) == {words.name for words in lettered(plates["slide"]) if words.role == "town"}


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_are_plain_text(text: str, gazetteer: Any) -> None:
    known = replace(fake_situation.idlib(), gazetteer=gazetteer, title=text)
    spot = in_layer("places", Point(36.6, 35.9), label=text, icon="", predicate="")
    plate = compose(known, Choices(basemap="none"), layers=[spot], bounds=(35, 34, 38, 37))
    shown = "".join("".join(words.lines) for words in lettered(plate) if words.note)
    assert "".join(shown.split()) == "".join(text.split())


def test_a_report_that_is_hostile_in_every_field_is_laid_out() -> None:
    assert lettered(compose(hostile(HOSTILE[0])))


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(0, 300), st.floats(5, 120), st.booleans()), max_size=40))
@settings(max_examples=40, deadline=None)
def test_what_is_settled_never_overlaps_and_stays_inside(spots: list[tuple[float, float, float, bool]]) -> None:
    frame, taken = Box(x=0, y=0, width=400, height=300), Box(x=150, y=100, width=60, height=60)
    wants = [
        Want(name=str(number), rank=number % 3, must=must, candidates=tuple(
            Candidate(left=x + dx * wide, top=y + dy * 12, align="left", setting=0, cost=abs(dx) + abs(dy), width=wide, height=10)
            for dx in (0, -1) for dy in (0, -1, 1)
        ))
        for number, (x, y, wide, must) in enumerate(spots)
    ]
    found = settle(wants, Room(frame, taken=[taken]))
    boxes = [shapely.box(*candidate.edges) for candidate in found.values()]
    assert all(shapely.box(0, 0, 400, 300).contains(one) and one.intersection(box(taken)).area == 0 for one in boxes)
    assert all(a.intersection(b).area == 0 for a, b in itertools.combinations(boxes, 2))


def test_a_name_in_the_way_moves_aside() -> None:
    def at(left: float, cost: float) -> Candidate:
        return Candidate(left=left, top=50, align="left", setting=0, cost=cost, width=40, height=10)

    first = Want(name="first", rank=0, candidates=(at(50, 0), at(150, 1)))
    second = Want(name="second", rank=1, candidates=(at(50, 0),))
    found = settle([first, second], Room(Box(x=0, y=0, width=300, height=100)))
    assert (found[0].left, found[1].left) == (150, 50)


def test_a_name_that_must_stand_drops_one_that_need_not() -> None:
    only = (Candidate(left=50, top=50, align="left", setting=0, cost=0, width=40, height=10),)
    found = settle([Want(name="may", rank=0, candidates=only), Want(name="must", rank=1, candidates=only, must=True)],
                   Room(Box(x=0, y=0, width=300, height=100)))
    assert list(found) == [1]


def test_a_name_keeps_off_lines_where_it_can() -> None:
    line = np.array([[0.0, 55.0], [300.0, 55.0]])
    on, off = (Candidate(left=50, top=top, align="left", setting=0, cost=cost, width=40, height=10) for top, cost in ((50, 0), (70, 0.4)))
    found = settle([Want(name="a", rank=0, candidates=(on, off))], Room(Box(x=0, y=0, width=300, height=100), lines=[line]))
    assert found[0].top == 70


def test_a_name_of_one_word_is_not_broken_and_one_of_two_is_broken_in_the_middle() -> None:
    manner = Manner(size=10, colour="#000000", halo="", halo_width=0)
    assert block("Constantinople", manner, broken=True) is None
    halves = block("Vietnamese Demilitarized Zone", manner, broken=True)
    assert halves is not None
    assert [text for text, _, _ in halves.rows] == ["Vietnamese", "Demilitarized Zone"]
    assert math.isclose(halves.width, max(wide for _, _, wide in halves.rows))


def test_long_rivers_of_the_basemap_are_named_along_their_course(plates: dict[str, Plate]) -> None:
    names = {words.lines[0]: words for words in lettered(plates["slide"]) if words.face == "serif" and words.angle}
    assert "Euphrates" in names
    assert -90 <= names["Euphrates"].angle <= 90
