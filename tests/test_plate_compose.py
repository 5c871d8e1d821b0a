"""A map on a page: what it holds, where, and what it never does."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, Point, Polygon, box

from geo import layers as drawing
from geo import symbology
from geo.charts import chart
from geo.choices import Choices
from geo.errors import DataError, InputError
from geo.plate import paint, shapes, signs
from geo.plate.behind import note_of, numbers_of
from geo.plate.compose import compose, plate_of, scene
from geo.plate.graticule import graticule, spacing_km
from geo.plate.ground import ground, zoom_of
from geo.plate.items import Area, Box, Item, Line, Picture, Plate, Sign, Words
from geo.plate.marks import Look, marks
from geo.plate.scene import Scene
from geo.plate.svg_path import rings
from geo.plate.view import View, fitted
from geo.views import first_view
from tests import fake_situation
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile

PRESETS = tuple(symbology.style()["presets"])
MARKS = ("zone", "front", "road", "arrow", "siege", "ring", "place", "event")
FRAME = Box(x=20, y=60, width=600, height=400)
VIEWS = {
    "a town": (36.0, 35.5, 37.0, 36.2), "a country": (35, 32, 43, 38), "the far north": (15, 66, 35, 71), "a continent": (-10, 35, 45, 65),
    "the equator": (10, -12, 40, 12), "the date line": (172, -20, 190, -10), "the world": (-170, -55, 170, 75), "a pole": (-60, 72, 60, 84),
    "the south": (110, -42, 155, -12),
}


def row(**values: Any) -> dict[str, Any]:
    """A row of a layer, with a quote."""
    blank: dict[str, Any] = dict.fromkeys(drawing.COLUMNS, "")
    blank |= dict.fromkeys(("sources", "limits", "mentions", "decisions"), ())
    blank |= {"quotes": (("d", 0, 4, "They hold it."),), "claims": ("c",), "confidence": 0.7, "km2": 9000.0, "length_km": 0.0}
    blank |= {"ring_km": 0.0, "precision": 1}
    blank |= {"vague": False, "quiet": False, "colour": "#c0453b", "status": "reported", "status_words": "reported"}
    return blank | {"predicate": "controls", "title": "Somewhere", "actor_name": "Army"} | values


def layer(key: str, *rows: dict[str, Any]) -> drawing.Layer:
    """A layer of rows numbered in their order."""
    return drawing.layer(key, [{**each, "id": f"{key}-{number}"} for number, each in enumerate(rows)])


def in_layer(key: str, *geometries: Any, **values: Any) -> drawing.Layer:
    """A layer of shapes."""
    return layer(key, *(row(geometry=shape, **values) for shape in geometries))


@pytest.fixture(scope="module")
def situation(gazetteer: Any) -> Any:
    return replace(fake_situation.idlib(), gazetteer=gazetteer)


@pytest.fixture(scope="module")
def scenes(idlib: Any) -> dict[str, Scene]:
    """The briefing on Idlib in every preset, before its words."""
    drawn = drawing.layers(idlib)
    return {name: scene(idlib, Choices(preset=name), layers=drawn) for name in PRESETS}


@pytest.fixture(scope="module")
def plates(scenes: dict[str, Scene]) -> dict[str, Plate]:
    """The briefing on Idlib in every preset."""
    return {name: plate_of(shown) for name, shown in scenes.items()}


def drawn(plate: Plate) -> Iterator[Item]:
    """What stands for a feature."""
    return (item for item in plate.items if item.role in MARKS)


def extent(item: Item) -> tuple[float, float, float, float] | None:
    """The box of what is drawn, lines without their width."""
    if isinstance(item, Area):
        points = [ring for polygon in item.polygons for ring in polygon]
    elif isinstance(item, Line):
        points = list(item.paths)
    elif isinstance(item, Sign):
        return item.x - item.size / 2, item.y - item.size / 2, item.x + item.size / 2, item.y + item.size / 2
    else:
        return None
    corners = np.vstack(points)
    return tuple(float(edge) for edge in (*corners.min(axis=0), *corners.max(axis=0)))  # type: ignore[return-value]


def items_of(situation: Any, *layers: drawing.Layer) -> list[Item]:
    """What stands for the features of some layers."""
    return [item for mark in scene(situation, layers=layers).marks for item in mark.items]


def inside(item: Item, frame: Box, slack: float = 0.02) -> bool:
    found = extent(item)
    return found is None or (
        found[0] >= frame.x - slack and found[1] >= frame.y - slack
        and found[2] <= frame.x + frame.width + slack and found[3] <= frame.y + frame.height + slack
    )


@pytest.mark.parametrize("preset", PRESETS)
def test_everything_of_the_map_lies_in_the_frame(plates: dict[str, Plate], preset: str) -> None:
    plate = plates[preset]
    names = ("sea", "land", "lake", "river", "coast", "border", "graticule", *MARKS)
    ours = [item for item in plate.items if item.role in names and not isinstance(item, Words)]
    assert ours
    assert [item.role for item in ours if not inside(item, plate.frame)] == []


@pytest.mark.parametrize("preset", PRESETS)
def test_a_feature_is_one_shape_and_at_most_one_sign(plates: dict[str, Plate], preset: str) -> None:
    count = Counter((item.note, type(item)) for item in drawn(plates[preset]) if item.role != "ring" and item.note)
    assert count
    assert set(count.values()) == {1}


@pytest.mark.parametrize("preset", PRESETS)
def test_nothing_is_drawn_that_is_not_in_the_layers(scenes: dict[str, Scene], plates: dict[str, Plate], preset: str) -> None:
    shown, plate = scenes[preset], plates[preset]
    ids = {f"{one.key}:{row.id}" for one in shown.layers for row in one.frame.itertuples() if not row.quiet}
    assert {item.note for item in drawn(plate) if item.note} <= ids
    assert {mark.key for mark in shown.marks} == set(plate.notes)
    told = {row.id for mark in shown.marks for row in (mark.row, *mark.also)} | {row.id for row in shown.outside}
    assert {row.id for one in shown.layers for row in one.frame.itertuples() if not row.quiet} == told


@pytest.mark.parametrize("preset", PRESETS)
def test_every_mark_has_a_note_with_a_quote_and_a_source_or_is_reference(plates: dict[str, Plate], preset: str) -> None:
    plate = plates[preset]
    for key, note in plate.notes.items():
        assert note.title
        assert note.alt.endswith(".")
        assert key.startswith("reference:") or (note.quotes and note.sources), key
        assert all(1 <= number <= len(plate.sources) for number in note.sources)
    assert all(item.note in plate.notes and item.name for item in drawn(plate))


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_draws_only_its_layers(plates: dict[str, Plate], preset: str) -> None:
    layers = {item.layer for item in drawn(plates[preset])}
    assert layers
    assert layers <= set(symbology.preset(preset)["layers"])


def test_a_locator_claims_nothing(plates: dict[str, Plate]) -> None:
    neutral = {signs.INK, signs.RIM, symbology.style()["neutral"], symbology.style()["base"]["river"], "#3d3933"}

    def colours(item: Item) -> Iterator[str]:
        if isinstance(item, Area):
            yield from (made.colour for made in (item.fill, item.stroke) if made is not None)
        elif isinstance(item, Line):
            yield from (stroke.colour for stroke in item.strokes)
        elif isinstance(item, Sign):
            yield from itertools.chain.from_iterable(map(colours, item.shapes))

    assert {colour for item in drawn(plates["locator"]) for colour in colours(item)} <= neutral


def test_a_locator_shows_places_that_lie_under_a_claims_sign_elsewhere(idlib: Any, scenes: dict[str, Scene]) -> None:
    quiet = {row.id for one in drawing.layers(idlib) if one.key == "places" for row in one.frame.itertuples() if row.quiet}
    shown = scenes["locator"]
    assert quiet <= {row.id for mark in shown.marks for row in (mark.row, *mark.also)} | {row.id for row in shown.outside}


def test_dots_fill_no_area_and_stand_for_settlements(gazetteer: Any) -> None:
    shown = scene(replace(fake_situation.control_map(), gazetteer=gazetteer), Choices(preset="dots"))
    areas = [item for mark in shown.marks for item in mark.items if isinstance(item, Area) and item.role == "zone"]
    assert all(area.fill is None for area in areas)
    held = [item for mark in shown.marks if getattr(mark.row, "radius", 0) for item in mark.items]
    assert held
    assert all(isinstance(item, Sign) for item in held)


def test_same_input_same_plate(idlib: Any, plates: dict[str, Plate]) -> None:
    assert repr(compose(idlib, Choices(preset="military"))) == repr(plates["military"])


@pytest.mark.parametrize("size", ["social", "a3"])
def test_a_plate_has_the_size_asked_and_few_corners(idlib: Any, size: str) -> None:
    plate = compose(idlib, Choices(size=size))
    assert (plate.width, plate.height) == (symbology.size(size)["width"], symbology.size(size)["height"])
    assert shapes.corners(plate.items) <= 20_000


def test_zones_of_many_corners_are_thinned_to_the_page(situation: Any) -> None:
    turn = np.linspace(0, 2 * np.pi, 30_000)
    jagged = Polygon(np.column_stack([37 + np.cos(turn) * (1 + 0.001 * np.sin(turn * 900)), 35.5 + np.sin(turn)]))
    (mark,) = scene(situation, layers=[in_layer("control", jagged)]).marks
    assert 40 < shapes.corners(mark.items) < 3_000


def test_an_area_of_many_islands_is_one_item(situation: Any) -> None:
    islands = shapely.MultiPolygon([box(36 + x, 35 + y, 36.4 + x, 35.4 + y) for x in range(3) for y in range(2)])
    zones = items_of(situation, in_layer("control", islands))
    assert len(zones) == 1
    assert len(zones[0].polygons) == 6  # type: ignore[attr-defined]


def test_holes_stay_holes(situation: Any) -> None:
    ring = Polygon(box(36, 35, 38, 37).exterior, [box(36.8, 35.8, 37.2, 36.2).exterior])
    (zone,) = items_of(situation, in_layer("control", ring))
    assert isinstance(zone, Area)
    assert [len(polygon) for polygon in zone.polygons] == [2]


def test_what_lies_across_the_date_line_is_shown_whole(situation: Any) -> None:
    both = shapely.MultiPolygon([box(177, -19, 180, -16), box(-180, -19, -178, -16)])
    shown = scene(situation, layers=[in_layer("control", both)])
    assert shown.bounds[2] - shown.bounds[0] < 40
    (zone,) = [item for mark in shown.marks for item in mark.items]
    assert isinstance(zone, Area)
    assert len(zone.polygons) == 1, "no seam at the antimeridian"
    found = extent(zone)
    assert found is not None
    assert found[2] - found[0] > 0.4 * shown.frame.width


def test_a_single_point_is_seen_with_its_surroundings(situation: Any) -> None:
    west, south, east, north = scene(situation, layers=[in_layer("places", Point(36.63, 35.93), icon="")]).bounds
    assert 1 < east - west < 5
    assert west < 36.63 < east
    assert south < 35.93 < north


def test_an_empty_situation_is_a_map_without_marks(situation: Any) -> None:
    shown = scene(situation, layers=[])
    assert shown.marks == ()
    items = ground(shown.view, shown.preset, shown.unit)
    assert {"sea", "land"} <= {item.role for item in items}


@pytest.mark.parametrize("preset", PRESETS)
def test_one_shape_of_each_kind_in_every_layer_is_drawn(idlib: Any, preset: str) -> None:
    situation = replace(idlib, zones=idlib.zones.iloc[:0])
    everything = [
        in_layer(key, box(36, 35, 37, 36), LineString([(36, 36), (38, 37)]), Point(37.5, 35.5), vague=number % 2 == 0, icon="")
        for number, key in enumerate(symbology.LAYER_KEYS)
    ]
    if preset == "dots":  # its control is told by settlements
        everything = [one for one in everything if one.key not in ("control", "claimed", "contested")]
    chosen = [one for one in everything if one.key in symbology.preset(preset)["layers"]]
    shown = scene(situation, Choices(preset=preset), layers=everything)
    assert len({item.note for mark in shown.marks for item in mark.items}) == 3 * len(chosen)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_names_pass_through_as_text(words: str) -> None:
    situation = hostile(words)
    shown = scene(situation)
    assert any(words in item.name for mark in shown.marks for item in mark.items)
    notes = [note_of((mark.row,), situation, numbers_of(situation)) for mark in shown.marks]
    assert any(" ".join(words.split()) in quote for note in notes for quote in note.quotes)


def test_a_hostile_title_is_the_plates_title() -> None:
    assert compose(hostile(HOSTILE[6]), Choices(preset="military", basemap="none")).title == HOSTILE[6]


def test_signs_do_not_hide_one_another(situation: Any) -> None:
    spots = [Point(37 + 0.004 * number, 36) for number in range(7)]
    wide = in_layer("places", Point(35, 34), Point(39, 38), icon="")
    kinds = list(symbology.style()["icons"])[:7]
    events = layer("events", *(row(geometry=spot, icon=icon) for spot, icon in zip(spots, kinds, strict=True)))
    found = [item for item in items_of(situation, wide, events) if isinstance(item, Sign) and item.role == "event"]
    assert len(found) == 7
    for one, two in itertools.combinations(found, 2):
        assert np.hypot(one.x - two.x, one.y - two.y) > 0.7 * (one.size + two.size) / 2


def test_signs_alike_on_one_spot_are_drawn_once_and_tell_of_all(situation: Any) -> None:
    told = [row(geometry=Point(37, 36), icon="attack", title=f"Attack {n}", quotes=(("d", n, n + 4, f"Quote {n}."),)) for n in range(3)]
    plate = compose(situation, layers=[layer("events", *told)])
    (sign,) = [item for item in plate.items if isinstance(item, Sign) and item.role == "event"]
    assert plate.notes[sign.note].quotes == ("Quote 0.", "Quote 1.", "Quote 2.")


def test_bounds_given_are_bounds_shown(situation: Any) -> None:
    west, south, east, north = scene(situation, bounds=(30, 30, 40, 36)).bounds
    assert west <= 30
    assert south <= 30
    assert east >= 40
    assert north >= 36
    assert east - west < 16


def test_an_unknown_preset_is_refused(situation: Any) -> None:
    with pytest.raises(InputError, match="There is no preset 'treasure'; choose locator"):
        compose(situation, Choices(preset="treasure"))


def test_a_feature_of_several_points_is_one_sign_that_stands_at_each(situation: Any) -> None:
    (sign,) = items_of(situation, in_layer("events", shapely.MultiPoint([(36, 36), (37, 36)]), icon="attack"))
    assert isinstance(sign, Sign)
    middles = {round(float(shape.polygons[0][0][:, 0].mean())) for shape in sign.shapes if isinstance(shape, Area)}
    assert len(middles) == 2


@given(st.floats(30, 40), st.floats(30, 36), st.sampled_from(["control", "events", "places"]))
@settings(max_examples=25)
def test_no_sign_leaves_the_frame(lon: float, lat: float, key: str) -> None:
    view = fitted((31, 31, 39, 35), FRAME)
    look = Look(view=view, preset=symbology.preset("control"), unit=1.0)
    icon = "attack" if key == "events" else ""
    found, outside = marks([in_layer(key, Point(lon, lat), Point(lon, lat).buffer(0.01), icon=icon)], look)
    assert len(found) + len(outside) + sum(len(mark.also) for mark in found) == 2
    assert all(inside(item, FRAME) for mark in found for item in mark.items)


def test_a_shape_that_crosses_itself_is_drawn(situation: Any) -> None:
    (zone,) = items_of(situation, in_layer("control", Polygon([(36, 35), (38, 37), (38, 35), (36, 37)])))
    assert isinstance(zone, Area)
    assert len(zone.polygons) == 2


def test_the_halo_of_precision_is_as_wide_as_the_place_is_vague(situation: Any) -> None:
    shown = scene(situation, layers=[in_layer("places", Point(37, 36), Point(38, 37), icon="", ring_km=25.0)])
    ring = next(item for mark in shown.marks for item in mark.items if item.role == "ring")
    found = extent(ring)
    assert found is not None
    assert (found[2] - found[0]) * shown.km_per_point == pytest.approx(50, rel=0.02)


def test_an_area_with_a_road_is_one_area(situation: Any) -> None:
    both = shapely.GeometryCollection([box(36, 35, 37, 36), LineString([(37, 35.5), (39, 35.5)])])
    (zone,) = items_of(situation, in_layer("control", both))
    found = extent(zone)
    assert found is not None
    assert found[2] - found[0] > 2 * (found[3] - found[1])


# How it looks.

def test_any_two_layers_of_areas_differ_without_colour() -> None:
    """In grey, by pattern, by lightness over the land, by the outline's dashes or by its width."""
    land = symbology.luminance(symbology.style()["base"]["land"])

    def look(key: str) -> tuple[Any, ...]:
        fill, stroke = paint.fill(key, "#808080"), paint.stroke(key, "#808080")
        pattern = ("none",) if fill is None else (fill.pattern, round(fill.angle) if fill.pattern in ("hatch", "dashes") else 0)
        grey = land if fill is None else land + (symbology.luminance("#808080") - land) * fill.opacity
        return pattern, round(grey * 12), bool(stroke and stroke.dash), round(stroke.width) if stroke else 0

    areas = [key for key in symbology.LAYER_KEYS if key not in ("places", "events")]
    for one, two in itertools.combinations(areas, 2):
        assert look(one) != look(two), f"{one} and {two} look alike in grey"


def test_statuses_of_control_differ_by_pattern_alone() -> None:
    said = ("control", "claimed", "contested", "influence", "overlay", "proposed", "uncertain")
    patterns = [symbology.layer_style(key)["pattern"] for key in said]
    assert len(set(patterns)) == len(patterns)


@pytest.mark.parametrize("kind", ["deuteranopia", "protanopia"])
def test_the_parties_colours_differ_for_the_colour_blind(kind: str) -> None:
    """Simulated after Viénot, Brettel and Mollon (1999): what a dichromat sees of the palette stays apart, in hue or in lightness."""
    matrix = {
        "deuteranopia": ((0.292, 0.708, 0.0), (0.292, 0.708, 0.0), (-0.022, 0.022, 1.0)),
        "protanopia": ((0.112, 0.888, 0.0), (0.112, 0.888, 0.0), (0.004, -0.004, 1.0)),
    }[kind]
    palette = symbology.style()["palette"][:4]
    seen = [np.array(matrix) @ ((np.array([int(one[at : at + 2], 16) for at in (1, 3, 5)]) / 255) ** 2.2) for one in palette]
    for one, two in itertools.combinations(seen, 2):
        assert np.abs(np.clip(one, 0, 1) ** (1 / 2.2) - np.clip(two, 0, 1) ** (1 / 2.2)).max() > 0.1


def test_what_is_vague_fades_and_has_no_hard_edge(situation: Any) -> None:
    sharp, soft = in_layer("control", box(36, 35, 38, 37)), in_layer("claimed", box(38, 35, 40, 37), vague=True)
    zones = {item.layer: item for item in items_of(situation, sharp, soft) if isinstance(item, Area)}
    assert zones["control"].soft == 0
    assert zones["control"].stroke is not None
    assert zones["claimed"].soft > 3
    assert zones["claimed"].stroke is None


def test_smaller_zones_lie_over_larger_ones_of_their_layer(situation: Any) -> None:
    both = in_layer("control", box(36.5, 35.5, 37, 36), box(36, 35, 38, 37))
    notes = [item.note for item in items_of(situation, both)]
    assert notes == ["control:control-1", "control:control-0"]


def test_areas_lie_below_lines_and_lines_below_signs(plates: dict[str, Plate]) -> None:
    order = {"land": 0, "relief": 1, "zone": 3, "road": 4, "front": 5, "arrow": 6, "event": 8, "frame": 9}
    discs = [item for item in plates["control"].items if item.role == "zone" and isinstance(item, Sign)]
    found = [order[item.role] for item in plates["control"].items if item.role in order and item not in discs]
    assert found == sorted(found)


def test_a_front_is_a_strong_line_with_a_casing() -> None:
    (front,) = [item for mark in scene(fake_situation.control_map()).marks for item in mark.items if item.role == "front"]
    assert isinstance(front, Line)
    casing, line = front.strokes
    assert casing.width > line.width + 1
    assert symbology.luminance(casing.colour) > 0.9 > 0.4 > symbology.luminance(line.colour)


# The ground and the view.

@pytest.mark.parametrize("name", VIEWS)
def test_the_ground_is_cut_to_the_frame_and_within_its_budget(name: str) -> None:
    view = fitted(VIEWS[name], FRAME)
    items = ground(view, symbology.preset("control"), 1.0)
    assert {"sea", "land"} <= {item.role for item in items}
    assert all(inside(item, FRAME) for item in items)
    assert shapes.corners(items) <= 12_000
    pictures = [item for item in items if isinstance(item, Picture)]
    assert all(picture.box == FRAME and picture.pixels.shape[2] == 4 for picture in pictures)


LAND = ((36.3, 33.6), (129.7, 62.0), (-42, 72), (24, 0.5), (-100, 40), (134, -25), (37.6, 55.7), (178.0, -17.8), (-75, -10), (105, 70))
SEA = ((-30, 30), (-150, 10), (75, -30), (5, 66.5), (33, 34.5), (175, -35), (0, -20), (-40, 55), (190, -15), (34, 43))


@pytest.mark.parametrize("bounds", [*VIEWS.values(), (-175, -55, 175, 75), (-10, -55, 350, 75), (20, 40, 190, 80), (100, -60, 280, 60)])
def test_land_is_land_and_sea_is_sea(bounds: tuple[float, float, float, float]) -> None:
    view = fitted(bounds, FRAME)
    (land,) = [item for item in ground(view, symbology.preset("control"), 1.0) if item.role == "land"]
    assert isinstance(land, Area)
    shape = shapely.union_all([shapely.make_valid(Polygon(rings[0], rings[1:])) for rings in land.polygons])
    for place, dry in (*((place, True) for place in LAND), *((place, False) for place in SEA)):
        x, y = (float(value) for value in view.project(*place))
        if FRAME.x < x < FRAME.x + FRAME.width and FRAME.y < y < FRAME.y + FRAME.height:
            assert shape.contains(Point(x, y)) == dry, place


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_shows_the_bounds_that_it_was_made_for(name: str) -> None:
    west, south, east, north = VIEWS[name]
    view = fitted(VIEWS[name], FRAME)
    x, y = view.project(np.array([west, west, east, east]), np.array([south, north, south, north]))
    assert (x > FRAME.x).all()
    assert (x < FRAME.x + FRAME.width).all()
    assert (y > FRAME.y).all()
    assert (y < FRAME.y + FRAME.height).all()


@given(st.sampled_from(sorted(VIEWS)), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_the_page_and_the_earth_answer_to_each_other(name: str, across: float, up: float) -> None:
    view = fitted(VIEWS[name], FRAME)
    west, south, east, north = VIEWS[name]
    lon, lat = west + (east - west) * across, south + (north - south) * up
    back = view.degrees(*view.project(lon, lat))
    assert float(back[0]) == pytest.approx(lon, abs=1e-4)
    assert float(back[1]) == pytest.approx(lat, abs=1e-4)


@pytest.mark.parametrize("name", [name for name in VIEWS if name != "the world"])
def test_shapes_keep_their_shape_on_paper(name: str) -> None:
    """A conformal map: a small square stays a square, wherever it lies."""
    view = fitted(VIEWS[name], FRAME)
    west, south, east, north = VIEWS[name]
    for lon, lat in ((west, south), ((west + east) / 2, (south + north) / 2), (east, north)):
        slim = 0.001 / np.cos(np.radians(lat))
        x, y = view.project(np.array([lon, lon + slim, lon]), np.array([lat, lat, lat + 0.001]))
        across, up = np.hypot(x[1] - x[0], y[1] - y[0]), np.hypot(x[2] - x[0], y[2] - y[0])
        assert across / up == pytest.approx(1, abs=0.012)  # the Earth is 0.3 % flatter than a ball


@settings(max_examples=40)
@given(st.lists(st.tuples(st.floats(-179, 179), st.floats(-80, 80)), min_size=3, max_size=8), st.sampled_from(sorted(VIEWS)))
def test_any_shape_is_cut_to_the_frame(points: list[tuple[float, float]], name: str) -> None:
    placed = fitted(VIEWS[name], FRAME).to_page(shapely.make_valid(Polygon(points)))
    if not placed.is_empty:
        west, north, east, south = placed.bounds
        assert west >= FRAME.x - 0.02
        assert north >= FRAME.y - 0.02
        assert east <= FRAME.x + FRAME.width + 0.02
        assert south <= FRAME.y + FRAME.height + 0.02


@pytest.mark.parametrize(("name", "kind"), [
    ("a town", "tmerc"), ("a country", "tmerc"), ("a continent", "lcc"), ("the equator", "merc"), ("the world", "eqearth"),
    ("a pole", "stere"),
])
def test_each_view_has_the_projection_that_suits_it(name: str, kind: str) -> None:
    assert chart(VIEWS[name]).words.startswith(f"proj={kind} ")


@pytest.mark.parametrize("name", ["a town", "a continent", "the date line"])
def test_the_scale_is_true_at_the_middle(name: str) -> None:
    from geo.projections import distance_km

    view = fitted(VIEWS[name], FRAME)
    x, y = FRAME.x + FRAME.width / 2, FRAME.y + FRAME.height / 2
    lon, lat = view.degrees(np.array([x - 10, x + 10]), np.array([y, y]))
    ends = [Point((float(a) + 180) % 360 - 180, float(b)) for a, b in zip(lon, lat, strict=True)]
    assert view.km_per_point * 20 == pytest.approx(distance_km(*ends), rel=0.01)


def test_a_closer_view_has_a_higher_zoom() -> None:
    far, near = (zoom_of(fitted(VIEWS[name], FRAME)) for name in ("a continent", "a town"))
    assert near > far + 3


def test_the_first_view_is_narrow_across_the_date_line_only_if_asked() -> None:
    both = [in_layer("control", box(178, -18, 179.5, -17), box(-179.5, -18, -178, -17))]
    assert first_view(both)[2] <= 180
    west, _, east, _ = first_view(both, turn=True)
    assert west <= 178
    assert 3 < east - west < 20


@pytest.mark.parametrize(
    ("bounds", "side"), [((37, 35.5, 37.1, 35.56), 1), ((36, 35, 37, 35.7), 10), ((33, 33, 41, 37), 100), ((-10, 30, 50, 60), 0)],
)
def test_the_grid_is_as_fine_as_the_scale_bears(bounds: tuple[float, ...], side: int) -> None:
    view = fitted(bounds, FRAME)
    assert spacing_km(view) == side
    assert bool(graticule(view, symbology.preset("military")["base"], 1.0)) == bool(side)


def test_grid_lines_stand_where_the_squares_end() -> None:
    from geo.grid import to_mgrs

    view = fitted((36, 35, 37, 35.7), FRAME)
    (fine, *_) = [item for item in graticule(view, symbology.preset("military")["base"], 1.0) if isinstance(item, Line)]
    path = max(fine.paths, key=len)
    x, y = path[len(path) // 2]
    squares = {to_mgrs(*(float(value) for value in view.degrees(x + dx, y + dy)), digits=2) for dx in (-2, 2) for dy in (-2, 2)}
    assert len(squares) > 1


# Icons.

@pytest.mark.parametrize("name", symbology.style()["icons"])
def test_every_icon_is_a_shape_on_its_grid(name: str) -> None:
    found = rings(symbology.style()["icons"][name])
    assert found
    for ring in found:
        assert ring.min() >= 0
        assert ring.max() <= 24
        assert Polygon(ring).area > 1


def test_a_ring_within_a_ring_is_a_hole() -> None:
    (polygon,) = signs.icon("siege", 0, 0, size=24, colour="#000000", role="event").shapes[1].polygons  # type: ignore[union-attr]
    assert len(polygon) == 2


@pytest.mark.parametrize(("data", "length"), [
    ("M0 0 3 0 3 4Z", 12.0), ("m0,0h3v4z", 12.0), ("M0 0A5 5 0 0 1 10 0", 5 * np.pi + 10), ("M0 0a5 5 0 1110 0", 5 * np.pi + 10),
    ("M0 0C0 0 10 0 10 0", 20.0), ("M1e1 0L.5.5-1-1", 22.7),
])
def test_paths_are_read_as_svg_has_them(data: str, length: float) -> None:
    assert Polygon(rings(data)[0]).length == pytest.approx(length, rel=0.06)


@pytest.mark.parametrize("data", ["12 3", "M1", "M1 2 L3", "M0 0 X", "M0 0 zz 4", "M0 0 S1 2 3 4"])
def test_what_is_no_path_is_refused(data: str) -> None:
    with pytest.raises(DataError, match="SVG path data"):
        rings(data)


def test_a_dot_says_how_sure_it_is_without_colour() -> None:
    faces = {face: signs.dot(0, 0, radius=4, colour="#555555", face=face, role="place") for face in ("full", "hollow", "target", "cross")}
    looks = {repr([replace(shape, role="x") for shape in sign.shapes]) for sign in faces.values()}
    assert len(looks) == 4


def test_a_view_is_a_value_of_its_frame() -> None:
    view = fitted(VIEWS["a town"], FRAME)
    assert isinstance(view, View)
    assert view.frame == FRAME
