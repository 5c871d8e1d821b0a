"""Recipes: their text, their words and the laws of their geometry."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box
from shapely.geometry.base import BaseGeometry

from geo import where
from geo.errors import GeometryError, InputError, UnknownPlace
from geo.gazetteer import open_gazetteer
from geo.projections import area_km2, distance_km, length_km
from geo.records import Feature, Kind

COMPASS = [word for word in where.DIRECTIONS if word != "central"]
AWAY = {
    "north": (0, 1),
    "south": (0, -1),
    "east": (1, 0),
    "west": (-1, 0),
    "northeast": (1, 1),
    "northwest": (-1, 1),
    "southeast": (1, -1),
    "southwest": (-1, -1),
}
LAND = box(30, 40, 34, 43)
DAMASCUS, ALEPPO, IDLIB = "geonames:170654", "geonames:170063", "geonames:169389"


class Atlas:
    """A gazetteer of a square country with a town, a road, a river and a province that is made of a recipe."""

    view = "de_facto"

    def __init__(self) -> None:
        self.shapes: dict[str, BaseGeometry] = {
            "country:AA": LAND,
            "town:x": Point(32, 41.5),
            "town:y": Point(33, 41.5),
            "town:far": Point(60, 10),
            "road:r": LineString([(30, 41), (34, 41.2)]),
            "river:v": LineString([(31, 43.5), (31.5, 42), (32.4, 41), (32.6, 39.5)]),
            "region:point": Point(33, 42),
            "town:empty": shapely.Polygon(),
        }
        self.recipes = {"region:r": 'Part("country:AA", "north")', "region:loop": 'Union("region:loop", "country:AA")'}

    def get(self, feature_id: str) -> Feature:
        if feature_id not in self.shapes and feature_id not in self.recipes:
            raise UnknownPlace(f"no {feature_id}")
        kinds: dict[str, Kind] = {"town": "populated", "road": "road", "river": "water", "region": "region", "country": "country"}
        return Feature(
            id=feature_id,
            name=feature_id.partition(":")[2].upper(),
            kind=kinds[feature_id.partition(":")[0]],
            lon=0,
            lat=0,
            country="AA",
            population=100_000,
            recipe=self.recipes.get(feature_id, ""),
        )

    def shape(self, feature: Feature | str) -> BaseGeometry:
        return self.shapes[feature if isinstance(feature, str) else feature.id]


ATLAS = Atlas()


def drawn(recipe: where.Where | str) -> BaseGeometry:
    """Return the shape of a recipe in the square country."""
    return where.geometry(where.parse(recipe) if isinstance(recipe, str) else recipe, ATLAS)  # type: ignore[arg-type]


def real(recipe: str) -> BaseGeometry:
    """Return the shape of a recipe in the shipped gazetteer."""
    return where.geometry(where.parse(recipe), open_gazetteer())


IDS = st.sampled_from(["country:AA", "town:x", "town:y", "road:r"]).map(where.Named)
NAMES = st.text(min_size=1, max_size=12).filter(lambda name: name.strip() and name not in where.DIRECTIONS).map(where.Named)
KM = st.floats(0.1, 500)
TREES = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        st.builds(where.Buffer, inner, KM),
        st.builds(where.Part, inner, st.sampled_from(list(where.DIRECTIONS))),
        st.builds(where.Direction, inner, st.sampled_from(COMPASS), st.none() | KM),
        st.builds(where.Until, inner, inner),
        st.builds(where.Side, inner, inner, st.sampled_from(COMPASS)),
        st.builds(where.Around, inner, st.none() | KM),
        st.builds(where.Outskirts, inner, st.sampled_from(["", *COMPASS])),
        st.builds(where.Difference, inner, inner),
        st.builds(where.Drawn, st.just(((36.0, 35.0), (36.5, 35.0), (36.5, -35.25))), st.text(max_size=5), st.text(max_size=5)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: where.Union(*parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: where.Between(*parts)),
        st.builds(where.Strip, inner, KM, st.text(max_size=5)),
        st.builds(where.RoadSection, st.just("road:r"), inner, st.sampled_from(["", "north"])),
        st.builds(where.Described, st.text(max_size=5), inner, st.lists(st.text(max_size=4), max_size=2).map(tuple)),
    ),
    max_leaves=6,
)


@given(TREES)
def test_a_recipe_comes_back_from_its_text(tree: where.Where) -> None:
    assert where.parse(where.text(tree)) == tree


@given(TREES)
def test_a_recipe_is_plain_json(tree: where.Where) -> None:
    value = where.to_json(tree)
    assert json.loads(json.dumps(value)) == value
    assert value["type"] == type(tree).__name__


@given(TREES)
def test_every_recipe_can_be_said(tree: where.Where) -> None:
    assert where.words(tree, None).strip()


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ("", "not a recipe"),
        ("Part(", "not a recipe"),
        ("42", "not a recipe"),
        ("__import__('os').system('true')", "not part of a recipe"),
        ("Named(open('x'))", "not part of a recipe"),
        ("Nowhere('x')", "not part of a recipe"),
        ('Part("a", "up")', "direction 'up'"),
        ('Part("a")', "wrong fields"),
        ('Buffer("a", "b")', "a number for km"),
        ('Buffer("a", -3)', "more than 0 km"),
        ("Point(200, 0)", "degrees must lie"),
        ("Box(1, 5, 2, 4)", "is empty"),
        ("Union()", "at least 1"),
        ('Between("a")', "at least 2"),
        ("Coast()", "needs a sea"),
        ('Named("")', "needs the id"),
        ("Named(" * 30 + '"a"' + ")" * 30, "nested"),
        ("x" * 30_000, "too long"),
        ('RoadSection("", "a", "north")', "both of its ends"),
        ('Named(["a"])', "needs the id"),
    ],
)
def test_a_bad_recipe_is_refused_in_one_sentence(recipe: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        where.parse(recipe)


@given(st.sampled_from(COMPASS))
def test_a_part_is_inside_and_on_its_side(direction: str) -> None:
    part = drawn(where.Part("country:AA", direction))
    assert LAND.buffer(1e-6).contains(part)
    dx, dy = AWAY[direction]
    assert (part.centroid.x - LAND.centroid.x) * dx + (part.centroid.y - LAND.centroid.y) * dy > 0
    assert 0.2 < area_km2(part) / area_km2(LAND) < 0.5


def test_the_central_part_is_inside() -> None:
    middle = drawn('Part("country:AA", "central")')
    assert LAND.contains(middle)
    assert middle.contains(LAND.centroid)
    assert area_km2(middle) == pytest.approx(where.DEFAULTS["central_share"] * area_km2(LAND), rel=0.05)


@given(st.sampled_from(COMPASS), st.floats(1, 300))
def test_a_direction_lies_at_its_distance_and_bearing(direction: str, km: float) -> None:
    place = drawn(where.Direction("town:x", direction, km))
    centre = place.centroid
    assert distance_km(Point(32, 41.5), centre) == pytest.approx(km, rel=0.005)
    dx, dy = AWAY[direction]
    assert (centre.x - 32) * dx > 0 or dx == 0
    assert (centre.y - 41.5) * dy > 0 or dy == 0


@given(st.sampled_from(COMPASS))
def test_a_sector_begins_outside_the_town(direction: str) -> None:
    sector, town = drawn(where.Direction("town:x", direction)), drawn(where.Named("town:x"))
    assert area_km2(sector.intersection(town)) < 0.01
    dx, dy = AWAY[direction]
    assert (sector.centroid.x - 32) * dx + (sector.centroid.y - 41.5) * dy > 0


@given(KM)
def test_a_buffer_reaches_its_distance(km: float) -> None:
    edge = drawn(where.Buffer("town:x", km)).boundary
    assert distance_km(Point(32, 41.5), edge) == pytest.approx(km, rel=0.005)


@pytest.mark.parametrize(("direction", "inside", "outside"), [("east", (33.5, 41), (30.5, 41)), ("west", (30.5, 41), (33.5, 41))])
def test_a_side_of_a_river_is_the_right_one(direction: str, inside: tuple[float, float], outside: tuple[float, float]) -> None:
    side = drawn(where.Side("river:v", "country:AA", direction))
    assert side.contains(Point(inside))
    assert not side.intersects(Point(outside))
    assert LAND.buffer(1e-3).contains(side)


def test_the_two_sides_make_up_the_whole() -> None:
    east, west = (drawn(where.Side("river:v", "country:AA", side)) for side in ("east", "west"))
    assert area_km2(east) + area_km2(west) == pytest.approx(area_km2(LAND), rel=0.001)
    assert area_km2(east.intersection(west)) < 1


def test_a_line_has_no_side_along_itself() -> None:
    with pytest.raises(GeometryError, match="runs along that direction"):
        drawn(where.Side("road:r", "country:AA", "east"))


@given(st.permutations(["town:x", "town:y", "road:r", "country:AA"]))
def test_the_order_of_a_union_does_not_matter(names: list[str]) -> None:
    first = drawn(where.Union(*(where.Buffer(name, 10) for name in names)))
    second = drawn(where.Union(*(where.Buffer(name, 10) for name in reversed(names))))
    assert first.equals_exact(second, 1e-9)


@given(
    st.sampled_from(["Between", "Until", "Around", "Outskirts", "Part", "Strip", "Direction", "Buffer"]),
    st.sampled_from(COMPASS),
    st.floats(1, 50),
)
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_an_area_is_valid_and_never_a_point(node: str, direction: str, km: float) -> None:
    made: dict[str, where.Where] = {
        "Between": where.Between("town:x", "town:y"),
        "Until": where.Until("town:x", "river:v"),
        "Around": where.Around("town:x"),
        "Outskirts": where.Outskirts("town:x", direction),
        "Part": where.Part("town:x", direction),
        "Strip": where.Strip("river:v", km, "east"),
        "Direction": where.Direction("country:AA", direction, km),
        "Buffer": where.Buffer("road:r", km),
    }
    shape = drawn(made[node])
    assert shape.is_valid
    assert shape.geom_type.endswith("Polygon")
    assert area_km2(shape) > 0


@pytest.mark.parametrize("place", ["town:x", "region:point"])
def test_a_place_that_is_known_by_a_point_is_an_area(place: str) -> None:
    assert drawn(where.Named(place)).geom_type == "Polygon"


def test_a_feature_is_drawn_from_its_recipe() -> None:
    assert drawn(where.Named("region:r")).equals(drawn('Part("country:AA", "north")'))


@pytest.mark.parametrize(
    ("recipe", "message"),
    [
        ('Named("region:loop")', "made of each other"),
        ('Intersection(Buffer("town:x", 1), Buffer("town:y", 1))', "do not meet"),
        ('Described("naval_base", "town:x")', "names no naval base"),
        ('RoadSection("road:r", "town:x", "town:far")', "at most 60 km"),
        ('RoadSection("road:r", "town:x", "town:x")', "same place of the road"),
        ('Named("town:empty")', "no shape"),
    ],
)
def test_what_cannot_be_drawn_says_why(recipe: str, message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        drawn(recipe)


def test_an_unknown_place_is_an_error() -> None:
    with pytest.raises(UnknownPlace, match="no town:z"):
        drawn(where.Named("town:z"))


def test_defaults_can_be_overridden() -> None:
    wide = where.geometry(where.Around("town:x"), ATLAS, defaults={"around_km": 50})  # type: ignore[arg-type]
    assert area_km2(wide) > 3 * area_km2(drawn(where.Around("town:x")))
    with pytest.raises(InputError, match="no distance called 'nearly'"):
        where.geometry(where.Around("town:x"), ATLAS, defaults={"nearly": 50})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        ('Named("town:x")', False),
        ('Part("country:AA", "north")', True),
        ('Buffer("town:x", 5)', False),
        ('Named("region:r")', True),
        ('Until("town:x", "road:r")', True),
        ('Strip("road:r", 6)', False),
    ],
)
def test_vague_edges_are_known(recipe: str, expected: bool) -> None:
    assert where.vague(where.parse(recipe), ATLAS) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (f'RoadSection("road:sy-m5", "{DAMASCUS}", "{ALEPPO}")', "the M5 from Damascus to Aleppo"),
        (
            'RoadSection("road:sy-m4", Coast("", "country:SY"), Border("country:SY", "country:IQ"))',
            "the M4 from the coast to the Syria-Iraq border",
        ),
        ('Part("country:SY", "north")', "northern Syria"),
        ('Named("admin1:SY-ID")', "Idlib province"),
        ('Named("sea:black-sea")', "the Black Sea"),
        ('Strip(Border("country:SY", "country:TR"), 15, "country:TR")', "a 15 km strip along the Syria-Turkey border, inside Turkey"),
        (f'Direction("{IDLIB}", "southwest", 20)', "20 km south-west of Idlib"),
        (f'Outskirts("{IDLIB}", "east")', "the eastern outskirts of Idlib"),
        ('Side("road:sy-m4", "admin1:SY-ID", "north")', "Idlib province north of the M4"),
        (f'Between("{IDLIB}", "{ALEPPO}")', "between Idlib and Aleppo"),
    ],
)
def test_a_recipe_reads_like_english(recipe: str, words: str) -> None:
    assert where.words(where.parse(recipe), open_gazetteer()) == words


def test_the_proposal_of_the_idlib_report_is_drawn() -> None:
    land = real(f'Union("{IDLIB}", Until("{IDLIB}", Border("country:SY", "country:TR")))')
    syria = real('Named("country:SY")')
    assert area_km2(land.difference(syria)) < 0.01 * area_km2(land)
    assert land.contains(Point(36.63, 35.93))
    assert distance_km(land, real('Border("country:SY", "country:TR")')) < 0.1
    assert 300 < area_km2(land) < 3000
    m5 = real(f'RoadSection("road:sy-m5", "{DAMASCUS}", "{ALEPPO}")')
    assert length_km(m5) == pytest.approx(340, rel=0.1)
    m4 = real('RoadSection("road:sy-m4", Coast("", "country:SY"), Border("country:SY", "country:IQ"))')
    assert distance_km(m4, real('Border("country:SY", "country:IQ")')) < 10
    assert distance_km(m4, real('Coast("sea:mediterranean", "country:SY")')) < 10


@pytest.mark.parametrize(("a", "b", "km"), [("SY", "TR", 850), ("ES", "PT", 1100), ("KP", "KR", 240)])
def test_a_border_is_shared_and_has_about_its_known_length(a: str, b: str, km: float) -> None:
    line = real(f'Border("country:{a}", "country:{b}")')
    assert line.geom_type.endswith("LineString")
    assert length_km(line) == pytest.approx(km, rel=0.2)
    assert distance_km(line.centroid, real(f'Border("country:{b}", "country:{a}")')) < 40


def test_countries_that_do_not_touch_share_no_border() -> None:
    with pytest.raises(GeometryError, match="share no border"):
        real('Border("country:SY", "country:UA")')


def test_a_coast_touches_no_neighbour() -> None:
    coast = real('Coast("", "country:SY")')
    assert distance_km(coast, real('Named("country:IQ")')) > 100
    assert 120 < length_km(coast) < 260
    assert area_km2(real('Strip(Coast("", "country:SY"), 40, "sea")').intersection(real('Named("country:SY")'))) < 1


def test_a_strip_on_a_side_stays_in_that_country() -> None:
    strip = real('Strip(Border("country:SY", "country:TR"), 15, "country:TR")')
    assert real('Named("country:TR")').buffer(1e-6).contains(strip)
    assert strip.contains(Point(36.57, 36.27))


@pytest.mark.parametrize(
    "recipe",
    [
        'Part("country:AA", "north")',
        'Part("country:AA", "central")',
        'Around("town:x")',
        'Direction("town:x", "east")',
        'Outskirts("town:x")',
        'Direction("town:x", "east", 20)',
        'Between("town:x", "town:y")',
        'Until("town:x", "river:v")',
    ],
)
def test_the_bands_of_a_vague_area_lie_inside_one_another(recipe: str) -> None:
    names, shapes = zip(*where.bands(where.parse(recipe), ATLAS), strict=True)  # type: ignore[arg-type]
    assert names == ("core", "likely", "possible")
    assert area_km2(shapes[0]) < area_km2(shapes[1]) < area_km2(shapes[2])
    for inner, outer in pairwise(shapes):
        assert area_km2(inner.difference(outer)) < 0.02 * area_km2(inner)
    assert shapes[1].equals(drawn(recipe))


def test_a_sharp_area_has_one_band() -> None:
    assert [name for name, _ in where.bands(where.parse('Buffer("town:x", 5)'), ATLAS)] == ["likely"]  # type: ignore[arg-type]


ODESA, BATUMI = "geonames:698740", "geonames:615532"


@pytest.mark.parametrize(
    "recipe",
    [
        f'Around("{ODESA}")',
        f'Buffer("{ODESA}", 30)',
        f'Direction("{ODESA}", "east")',
        f'Outskirts("{ODESA}")',
        f'Part("{ODESA}", "south")',
        f'Named("{ODESA}")',
        'Strip(RoadSection("road:sy-m4", "", ""), 5)',
        "Box(29, 44, 33, 47)",
        'Between("geonames:698740", "geonames:706448")',
    ],
)
def test_a_figure_by_the_sea_covers_only_land(recipe: str) -> None:
    shape = real(recipe)
    land = open_gazetteer().land(*shape.bounds)
    assert area_km2(shapely.difference(shape, land)) < 0.01 * area_km2(shape)


@pytest.mark.parametrize(
    ("recipe", "country"),
    [
        (f'Around("{BATUMI}")', "country:GE"),
        (f'Outskirts("{BATUMI}")', "country:GE"),
        (f'Between("{BATUMI}", "geonames:614455")', "country:GE"),
        ('Strip(Border("country:SY", "country:TR"), 15, "country:TR")', "country:TR"),
    ],
)
def test_what_lies_round_the_places_of_one_country_stays_in_it(recipe: str, country: str) -> None:
    shape = real(recipe)
    assert area_km2(shapely.difference(shape, real(f'Named("{country}")'))) < 0.01 * area_km2(shape)


@pytest.mark.parametrize(
    "recipe",
    [
        'Strip(Coast("", "country:UA"), 40, "sea")',
        f'Difference(Buffer("{ODESA}", 40), "country:UA")',
        f'Direction("{ODESA}", "southeast", 60)',
        'Buffer("sea:black-sea", 10)',
    ],
)
def test_what_is_said_of_the_sea_stays_at_sea(recipe: str) -> None:
    shape = real(recipe)
    assert area_km2(shapely.difference(shape, open_gazetteer().land(*shape.bounds))) > 0.2 * area_km2(shape)


def test_a_gazetteer_that_knows_no_ground_still_draws() -> None:
    assert drawn(where.Around("town:x")).contains(Point(32, 41.5))
    with pytest.raises(GeometryError, match="has no land border"):
        where.geometry(where.Border("country:AA"), ATLAS)  # type: ignore[arg-type]
