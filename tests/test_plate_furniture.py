"""What stands round a map: it says what is drawn and no more, in the room that it has."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point

from geo import layers as drawing
from geo import projections
from geo.choices import Choices
from geo.payload_features import _LEGEND_ORDER
from geo.plate import small_print
from geo.plate.compose import compose, plate_of, scene
from geo.plate.furniture import NORTH_IS_UP
from geo.plate.items import Area, Box, Line, Plate, Sign, Words
from geo.plate.legend import ORDER, columns_of, entries_of, legend_of
from geo.plate.scale_bar import MILE_KM, draw_scale, round_length
from geo.plate.typography import type_of
from geo.plate.wrapping import clean, widest, wrap
from tests.hostile import HOSTILE
from tests.test_plate_compose import VIEWS, in_layer

SIZES = ("article", "social", "slide", "a4")
HERE = (35.0, 34.0, 38.0, 37.0)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=120)


def said(plate: Plate, *roles: str) -> str:
    """The words of some roles, on one line."""
    return " ".join(" ".join(item.lines) for item in plate.items if isinstance(item, Words) and item.role in roles)


def corners(plate: Plate, role: str) -> np.ndarray:
    """All corners of the areas, lines and signs of a role."""
    found = [ring for item in plate.items if item.role == role for ring in _rings(item)]
    return np.vstack(found)


def _rings(item: Any) -> list[np.ndarray]:
    if isinstance(item, Area):
        return [ring for polygon in item.polygons for ring in polygon]
    if isinstance(item, Line):
        return list(item.paths)
    return [ring + np.array([item.x, item.y]) for shape in item.shapes for ring in _rings(shape)] if isinstance(item, Sign) else []


@pytest.fixture(scope="module")
def shown(idlib: Any) -> dict[str, Any]:
    """The briefing on Idlib as a scene in each size."""
    return {size: scene(idlib, Choices(size=size)) for size in SIZES}


@pytest.fixture(scope="module")
def plates(shown: dict[str, Any]) -> dict[str, Plate]:
    return {size: plate_of(one) for size, one in shown.items()}


@pytest.mark.parametrize("size", SIZES)
def test_the_legend_names_exactly_the_kinds_drawn(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    drawn = {(mark.layer, *drawing.legend_key(mark.row, mark.layer)) for mark in shown[size].marks}
    wanted = {entry.label for one in shown[size].layers for entry in one.legend if (one.key, *entry.key) in drawn}
    found = {item.name for item in plates[size].items if isinstance(item, Words) and item.role == "legend" and item.weight == 400}
    assert wanted
    assert found == wanted


def test_a_kind_beyond_the_frame_is_not_in_the_legend(idlib: Any) -> None:
    near, far = (in_layer("control", Point(*at).buffer(0.3), actor_name=who) for at, who in (((36, 35), "Near"), ((70, 35), "Far")))
    rows = drawing.layer("control", [*near.frame.to_dict("records"), *far.frame.to_dict("records")])
    words = said(compose(idlib, layers=[rows], bounds=(34, 34, 38, 37)), "legend")
    assert "Near" in words
    assert "Far" not in words


@pytest.mark.parametrize("size", SIZES)
def test_a_sample_is_painted_as_the_map_is(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    samples = {item.name: item for item in plates[size].items if isinstance(item, Area) and item.role == "legend" and item.fill is not None}
    for mark in shown[size].marks:
        area = mark.items[0]
        sample = samples.get(mark.row.actor_name)
        if sample is not None and isinstance(area, Area) and area.fill is not None:
            assert (sample.fill.colour, sample.fill.pattern) == (area.fill.colour, area.fill.pattern)


def test_every_line_of_the_legend_has_a_sample(plates: dict[str, Plate]) -> None:
    for plate in plates.values():
        words = [item.name for item in plate.items if isinstance(item, Words) and item.role == "legend" and item.weight == 400]
        assert set(words) <= {item.name for item in plate.items if not isinstance(item, Words) and item.role == "legend"}


def test_the_legend_knows_its_layers(plates: dict[str, Plate]) -> None:
    lines = [item for item in plates["slide"].items if isinstance(item, Words) and item.role == "legend"]
    assert all(item.layer for item in lines)


def test_the_legend_has_the_order_of_the_page() -> None:
    assert ORDER == _LEGEND_ORDER


def test_an_empty_map_has_no_legend_and_says_so(idlib: Any) -> None:
    plate = compose(idlib, layers=[], bounds=HERE)
    assert plate.legend_box is None
    assert not [item for item in plate.items if item.role == "legend"]
    assert "Nothing that the text says is drawn" in plate.alt


@pytest.mark.parametrize("size", SIZES)
def test_furniture_stays_on_the_page(plates: dict[str, Plate], size: str) -> None:
    plate = plates[size]
    for role in ("legend", "scale", "inset"):
        points = corners(plate, role)
        assert points.min() >= -0.5, role
        assert (points <= (plate.width + 0.5, plate.height + 0.5)).all(), role
    roles = ("title", "subtitle", "legend", "source", "note")
    for words in (item for item in plate.items if isinstance(item, Words) and item.role in roles):
        long = widest(words.lines, words.size, face=words.face, weight=words.weight, italic=words.italic)
        assert words.x + long <= plate.width, words.lines
        assert words.y + words.leading * (len(words.lines) - 1) <= plate.height, words.lines


@pytest.mark.parametrize("size", SIZES)
def test_no_two_pieces_of_furniture_share_their_ground(shown: dict[str, Any], plates: dict[str, Plate], size: str) -> None:
    plate, boxes = plates[size], []
    for role in ("legend", "inset", "scale"):
        low, high = corners(plate, role).min(axis=0), corners(plate, role).max(axis=0)
        boxes.append(shapely.box(*low, *high))
    assert all(a.intersection(b).area < 1 for number, a in enumerate(boxes) for b in boxes[:number])


@pytest.mark.parametrize("size", SIZES)
def test_the_map_gets_most_of_the_page(plates: dict[str, Plate], size: str) -> None:
    plate = plates[size]
    assert plate.frame.width * plate.frame.height > (0.4 if size == "social" else 0.5) * plate.width * plate.height


@pytest.mark.parametrize("window", ["a town", "a country", "a continent", "the far north", "the equator", "the date line"])
def test_the_scale_bar_is_true_at_the_middle(idlib: Any, window: str) -> None:
    one = scene(idlib, layers=[], bounds=VIEWS[window])
    bars = list(draw_scale(one.km_per_point, 150.0, 8.0, (0.0, 20.0), halo="#ffffff"))
    ends = [item.paths[0] for item in bars if isinstance(item, Line)]
    words = [item.lines[0] for item in bars if isinstance(item, Words) and item.lines != ("0",)]
    x, y = one.frame.x + one.frame.width / 2, one.frame.y + one.frame.height / 2
    for path, text in zip(ends, words, strict=True):
        long = float(np.ptp(path[:, 0]))
        lon, lat = one.inverse(np.array([x - long / 2, x + long / 2]), np.array([y, y]))
        points = [Point((float(a) + 180) % 360 - 180, float(b)) for a, b in zip(lon, lat, strict=True)]
        number, unit = text.replace(",", "").split(" ")
        assert projections.distance_km(*points) == pytest.approx(float(number) * (1 if unit == "km" else MILE_KM), rel=0.02)


@given(st.floats(0.05, 20_000))
def test_a_length_of_the_scale_is_round_and_no_longer_than_it_may_be(most: float) -> None:
    found = round_length(most)
    assert found <= most * (1 + 1e-9) < found * 2.5 * (1 + 1e-6)
    assert f"{found:e}"[0] in "125"


def test_the_world_has_no_scale_and_no_inset(idlib: Any) -> None:
    plate = compose(idlib, layers=[], bounds=VIEWS["the world"])
    assert not [item for item in plate.items if item.role in ("scale", "inset")]


def test_the_inset_marks_where_the_frame_lies(plates: dict[str, Plate]) -> None:
    marks = [item for item in plates["article"].items if item.name == "Inset: what the map shows"]
    edges = next(item for item in plates["article"].items if item.name == "Inset: edge").polygons[0][0]
    assert len(marks) == 1
    assert shapely.Polygon(edges).buffer(0.5).contains(shapely.Polygon(marks[0].polygons[0][0]))


def test_a_north_arrow_stands_only_where_north_is_not_up(idlib: Any) -> None:
    for window in ("a country", "a pole"):
        one = scene(idlib, layers=[], bounds=VIEWS[window])
        arrows = [item for item in plate_of(one).items if item.name == "North"]
        assert bool(arrows) == (abs(one.north) >= NORTH_IS_UP and not one.view.whole)


@pytest.mark.parametrize("view", small_print.VIEW_WORDS)
def test_the_border_view_is_named(idlib: Any, view: str) -> None:
    plate = compose(replace(idlib, view=view), layers=[], bounds=HERE)
    assert view.replace("_", " ") in said(plate, "note").lower()
    assert view.replace("_", " ") in clean(said(plate, "subtitle")).replace("\u00a0", " ")


@pytest.mark.parametrize("size", SIZES)
def test_every_page_says_its_day_its_source_and_what_it_does_not_say(plates: dict[str, Plate], size: str) -> None:
    plate = plates[size]
    assert "5\u00a0March\u00a02020" in said(plate, "subtitle")
    assert "[1] Idlib: a Thursday in Moscow" in said(plate, "source")
    assert "not what is so" in said(plate, "note")
    assert "Natural Earth" in said(plate, "source", "note")


def test_what_the_situation_notes_is_on_the_map(idlib: Any) -> None:
    plate = compose(replace(idlib, notes=("Places are rounded to 5 km.",)), Choices(size="social"), layers=[], bounds=HERE)
    assert "Places are rounded to 5 km." in said(plate, "note")


def test_many_sources_are_cut_with_an_ellipsis_and_the_map_keeps_its_room(idlib: Any) -> None:
    first = idlib.documents[0]
    many = tuple(replace(first, id=f"{number:012x}", title=f"Report number {number} of a long war") for number in range(60))
    plate = compose(replace(idlib, documents=many), layers=[], bounds=HERE)
    assert "…" in said(plate, "source")
    assert plate.frame.height > plate.height / 2
    assert len(plate.sources) == 60


def test_an_undated_report_is_called_undated(idlib: Any) -> None:
    assert "undated" in said(compose(replace(idlib, as_of=None), layers=[], bounds=HERE), "subtitle")


def test_the_humanitarian_head_is_a_band_and_the_military_one_names_day_and_grid(idlib: Any) -> None:
    relief, army = (compose(idlib, Choices(preset=name), layers=[], bounds=HERE) for name in ("humanitarian", "military"))
    assert [item for item in relief.items if isinstance(item, Area) and item.role == "title"]
    assert "AS OF 05MAR20 · GRID: MGRS" in said(army, "subtitle")


@pytest.mark.parametrize("title", [*HOSTILE[::3], "إدلب وحلب", "A" * 900, "long " * 300, "", "تقرير عن معركة إدلب"])
def test_a_title_is_shown_as_written_and_never_leaves_the_page(idlib: Any, title: str) -> None:
    plate = compose(replace(idlib, title=title), Choices(basemap="none"), layers=[], bounds=HERE)
    words = next(item for item in plate.items if isinstance(item, Words) and item.role == "title")
    assert widest(words.lines, words.size, face=words.face, weight=words.weight) <= plate.width
    if len(title) < 100 and title:
        assert "".join("".join(words.lines).split()) == "".join(title.split())
    assert words.rtl == (title.startswith("ت") or title.startswith("إ"))


@given(WORDS, st.floats(20, 400), st.floats(6, 30))
@settings(max_examples=60, deadline=None)
def test_wrapped_lines_fit_and_lose_nothing(text: str, across: float, size: float) -> None:
    lines = wrap(text, across, size)
    assert "".join("".join(lines).split()) == "".join(clean(text).split())
    assert all(widest((line,), size) <= across + 0.5 or len(line) == 1 for line in lines)


def test_no_word_is_left_alone_on_the_last_line() -> None:
    text = "A report of several words that ends with one that is short on"
    for across in range(120, 300, 4):
        lines = wrap(text, across, 10)
        if len(lines) > 1 and len(lines[-2].split()) > 2:
            assert len(lines[-1].split()) > 1 or widest(lines[-1:], 10) > 0.2 * across


def test_a_text_cut_to_its_lines_says_so() -> None:
    lines = wrap("word " * 50, 100, 10, lines=2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")


@pytest.mark.parametrize("width", [250.0, 504.0, 900.0])
def test_a_strip_holds_its_legend(shown: dict[str, Any], width: float) -> None:
    entries = entries_of(shown["article"].layers)
    made = columns_of(entries, type_of("social"), width=width, tall=130.0)
    assert made.width <= width + 0.01
    assert sorted(row for column in made.columns for row in column) == list(range(len(made.rows)))
    assert all(made.rows[column[-1]][0] is not None for column in made.columns), "a heading stands alone at the foot of a column"


def test_a_legend_of_one_column_is_as_tall_as_its_rows(shown: dict[str, Any]) -> None:
    made = legend_of(entries_of(shown["article"].layers), type_of("article"), across=150.0)
    assert made.height == pytest.approx(sum(made.heights) + sum(made.above))


def test_the_alt_text_tells_day_holders_events_and_source(plates: dict[str, Plate]) -> None:
    alt = plates["article"].alt
    for words in ("as of 5 March 2020", "Syrian opposition", "place", "Source: Idlib: a Thursday in Moscow"):
        assert words in alt
    assert len(alt) <= 1600


def test_days_are_written_out() -> None:
    assert small_print.day_words(dt.date(1995, 6, 9)) == "9 June 1995"


def test_a_page_is_laid_out_the_same_twice(idlib: Any) -> None:
    first, second = (compose(idlib, Choices(size="slide"), layers=[], bounds=HERE) for _ in range(2))
    assert repr(first.items) == repr(second.items)
    assert first.frame == second.frame
    assert isinstance(first.frame, Box)
