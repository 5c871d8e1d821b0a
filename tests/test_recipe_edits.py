"""Areas that a person changes: by form, knob by knob, and by drawing them on the map."""

from __future__ import annotations

import datetime as dt
import math
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import layers, situation, where
from geo.blur import blurred
from geo.coarse import blur_of
from geo.decisions import check, claim_name
from geo.documents import from_text
from geo.errors import GeometryError, InputError
from geo.export import export
from geo.gazetteer import open_gazetteer
from geo.hand_drawn import MOST_CORNERS, drawn, limit_of, polygon
from geo.payload import payload
from geo.project import reopen
from geo.projections import area_km2
from geo.recipe_edits import Knob, knobs, turned
from geo.records import Decision
from geo.situation import Situation

IDLIB, ALEPPO, M5 = "geonames:169389", "geonames:170063", "road:sy-m5"
RECIPES = (
    f'RoadSection("{M5}", "{IDLIB}", "north")', f'Section(Coast("sea:black-sea", "country:UA"), "north", "{IDLIB}")',
    'Border("country:SY", "country:TR")', 'Border("country:SY")', 'Coast("sea:mediterranean-sea")', f'Buffer("{IDLIB}", 12.5)',
    f'Strip("{M5}", 6, "country:SY")', 'Strip(Border("country:SY", "country:TR"), 30, "south")', f'Strip("{M5}", 6)',
    'Part("country:SY", "central")', 'Part("country:SY", "north", 0.3)', f'Direction("{IDLIB}", "southeast")',
    f'Direction("{IDLIB}", "south", 20)', f'Between("{IDLIB}", "{ALEPPO}")', f'Until("{IDLIB}", Border("country:SY", "country:TR"))',
    f'Side("{M5}", "admin1:SY-ID", "west")', f'Around("{IDLIB}")', f'Outskirts("{IDLIB}", "east")',
    f'Union("{IDLIB}", Buffer("{ALEPPO}", 3))',
    f'Difference("admin1:SY-ID", Buffer("{IDLIB}", 5))', f'Intersection("admin1:SY-ID", Buffer("{M5}", 10))', f'Named("{IDLIB}")',
)
OTHER: dict[str, str | float] = {"place": "admin1:SY-HL", "km": 7.5, "share": 0.5}
SQUARE = ((36.3, 35.5), (36.9, 35.5), (36.9, 36.1), (36.3, 36.1))


def another(knob: Knob) -> str | float:
    return OTHER[knob.kind] if knob.kind in OTHER else next(word for word in knob.allowed if word != knob.value)


# ---------------------------------------------------------------- by form


@pytest.mark.parametrize("recipe", RECIPES)
def test_each_knob_turns_one_value_and_can_be_turned_back(recipe: str) -> None:
    tree = where.parse(recipe)
    found = knobs(tree, None)
    assert found
    assert len({knob.key for knob in found}) == len(found)
    for knob in found:
        assert turned(tree, knob, knob.value) == tree
        other = turned(tree, knob, another(knob))
        assert other != tree
        assert where.parse(where.text(other)) == other
        told = {one.key: one.value for one in knobs(other, None)}
        assert told == {one.key: one.value for one in found} | {knob.key: another(knob)}
        if not knob.open:
            assert turned(other, knob, knob.value) == tree


@pytest.mark.parametrize(
    ("recipe", "labels"),
    [
        (f'Direction("{IDLIB}", "south", 20)', ["Place", "Direction", "Distance (km)"]),
        ('Strip(Border("country:SY", "country:TR"), 30, "country:SY")', ["Border of", "Border with", "Distance (km)", "Side"]),
        ('Part("country:SY", "north")', ["Place", "Part", "Share of the area"]),
    ],
)
def test_knobs_come_in_the_order_of_the_words(recipe: str, labels: list[str]) -> None:
    assert [knob.label for knob in knobs(where.parse(recipe), None)] == labels


def test_a_place_is_shown_by_its_name_and_one_that_nobody_knows_by_its_id() -> None:
    found = knobs(where.parse(f'Between("{IDLIB}", "geonames:99999999999")'), open_gazetteer())
    assert [knob.shown for knob in found] == ["Idlib, SY", "geonames:99999999999"]


@pytest.mark.parametrize(
    ("recipe", "number", "value", "sentence"),
    [
        (f'Buffer("{IDLIB}", 12)', 1, 0, "takes a number from 0.1 to 1000"), (f'Buffer("{IDLIB}", 12)', 1, math.nan, "takes a number"),
        (f'Buffer("{IDLIB}", 12)', 1, "12", "takes a number"), (f'Buffer("{IDLIB}", 12)', 0, " ", "needs the id of a place"),
        ('Part("country:SY", "north")', 1, "up", "cannot be 'up'; choose north"), ('Part("country:SY", "north")', 2, 1.0, "0.05 to 0.95"),
    ],
)
def test_a_value_that_does_not_fit_is_told(recipe: str, number: int, value: Any, sentence: str) -> None:
    tree = where.parse(recipe)
    with pytest.raises(InputError, match=sentence):
        turned(tree, knobs(tree, None)[number], value)


def test_a_knob_of_another_recipe_is_told() -> None:
    with pytest.raises(InputError, match="nothing called 'km'"):
        turned(where.parse(f'Named("{IDLIB}")'), knobs(where.parse(f'Buffer("{IDLIB}", 1)'), None)[1], 2.0)


@pytest.mark.parametrize("direction", ["north", "southwest", "central"])
def test_a_greater_share_is_a_greater_part(direction: str) -> None:
    sizes = [
        area_km2(where.geometry(where.parse(f'Part("admin1:SY-ID", "{direction}", {share})'), open_gazetteer()))
        for share in (0.2, 0.4, 0.6, 0.8)
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1]


# ---------------------------------------------------------------- by drawing

CORNERS = st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), max_size=12)


@given(CORNERS)
def test_what_is_drawn_is_an_area_that_comes_back_from_its_text_or_one_sentence(ring: list[tuple[float, float]]) -> None:
    try:
        area = drawn(ring, by="Ada")
    except InputError:
        return  # the sentences have tests of their own
    assert where.parse(where.text(area)) == area
    assert check(Decision(target="x", action="where", value=where.text(area)))
    shape = where.geometry(area, open_gazetteer())
    assert shape.is_valid
    assert -180 <= shape.bounds[0] <= shape.bounds[2] <= 180
    assert area_km2(shape) > 0


@given(st.integers(0, 3), st.booleans(), st.booleans())
def test_the_area_does_not_depend_on_where_and_which_way_it_was_drawn(first: int, back: bool, closed: bool) -> None:
    ring = [*SQUARE[first:], *SQUARE[:first]][:: -1 if back else 1]
    area = drawn([*ring, ring[0]] if closed else ring)
    assert len(area.ring) == 4
    assert polygon(area).equals(polygon(drawn(SQUARE)))


def test_an_area_across_the_antimeridian_is_not_the_rest_of_the_world() -> None:
    area = drawn([(179.0, -1.0), (-179.0, -1.0), (-179.0, 1.0), (179.0, 1.0)])
    shape = where.geometry(area, open_gazetteer())
    assert shape.geom_type == "MultiPolygon"
    assert area_km2(shape) == pytest.approx(49_230, rel=0.01)


def test_a_hand_that_slips_is_forgiven_and_one_that_crosses_is_told() -> None:
    slipped = drawn([*SQUARE, (36.3, 35.6), (36.28, 35.56), (36.32, 35.56)])
    assert polygon(slipped).is_valid
    with pytest.raises(InputError, match="crosses itself"):
        drawn([SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]])


@pytest.mark.parametrize(
    ("ring", "sentence"),
    [
        ([], "at least three corners, and 0 were drawn"), ([(36.0, 35.0)] * 5, "and 1 were drawn"),
        ([(36.0, 35.0), (36.1, 35.0), (36.2, 35.0)], "enclose nothing"),
        ([(36.0, 35.0), (36.00001, 35.0), (36.0, 35.00001)], r"0.00 km²; draw one of at least 0.01"),
        ([(-60.0, -60.0), (60.0, -60.0), (60.0, 60.0), (-60.0, 60.0)], "at most 5 million"),
    ],
)
def test_what_is_no_area_is_told_in_one_sentence(ring: list[tuple[float, float]], sentence: str) -> None:
    with pytest.raises(InputError, match=sentence):
        drawn(ring)


def test_many_corners_are_thinned_to_what_a_recipe_holds() -> None:
    ring = [(36 + math.cos(turn / 300), 35 + math.sin(turn / 300)) for turn in range(1884)]
    area = drawn(ring)
    assert len(area.ring) < MOST_CORNERS
    assert area_km2(polygon(area)) == pytest.approx(area_km2(polygon(where.Drawn(tuple(ring)))), rel=0.01)
    assert len(where.text(area)) < 6_000


@pytest.mark.parametrize(
    "recipe",
    [
        "Drawn(())", "Drawn(((1, 2), (3, 4)))", "Drawn(((1, 2), (3, 4), (5, 200)))", 'Drawn("abc")', "Drawn(((1, 2), (3, 4), (5, 6)), 7)",
    ],
)
def test_a_ring_that_is_none_is_no_recipe(recipe: str) -> None:
    with pytest.raises(InputError):
        where.parse(recipe)


def test_a_recipe_that_crosses_itself_has_no_shape() -> None:
    crossed = where.Drawn(((0, 0), (9, 9), (9, 0), (0, 9)))
    with pytest.raises(GeometryError, match="crosses itself"):
        where.geometry(crossed, open_gazetteer())


# ---------------------------------------------------------------- a situation with a drawn area

BY, NAME = 'Ada: "x"<b>', "the hills, “north”"


@cache
def corrected() -> Situation:
    report = from_text("Rebels control Idlib province. The army held Saraqib.", title="One", published=dt.date(2020, 3, 3))
    plain = situation.read([report], gazetteer=open_gazetteer())
    words, document, start = next(claim_name(claim) for claim in plain.claims if "Idlib" in claim_name(claim)[0])
    made = Decision(
        target=words, action="where", value=where.text(drawn(SQUARE, by=BY, name=NAME)), document=document, start=start, by=BY
    )
    return situation.read([report], gazetteer=open_gazetteer(), decisions=[check(made)])


def test_a_drawn_area_keeps_its_evidence_and_says_that_it_was_drawn() -> None:
    claim = next(claim for claim in corrected().claims if isinstance(claim.where, where.Drawn))
    assert claim.evidence[0].quote == "Rebels control Idlib province."
    assert claim.limits[0] == f"The area was drawn by hand by {BY}; it is not in the text."
    features = [one for layer in payload(corrected(), layers.layers(corrected()))["layers"] for one in layer["features"]]
    (shown,) = [one for one in features if one["limits"][:1] == [claim.limits[0]]]
    assert shown["title"] == f"The hills, “north” (drawn by hand by {BY})"
    assert shown["km2"] == pytest.approx(area_km2(polygon(claim.where)), rel=0.05)  # type: ignore[arg-type]


def test_a_drawn_area_survives_the_project_file(tmp_path: Path) -> None:
    again = reopen(export(corrected(), tmp_path / "map.gpkg"))
    assert [claim.where for claim in again.claims] == [claim.where for claim in corrected().claims]
    assert again.decisions == corrected().decisions


@pytest.mark.parametrize("how", ["5km", "district", "100km"])
def test_a_blurred_area_says_no_corner_and_no_name(how: str) -> None:
    recipes = [claim.where for claim in blurred(corrected(), blur_of(how)).claims if claim.where is not None]
    text = " ".join(where.text(recipe) for recipe in recipes)
    assert "hills" not in text
    for recipe in recipes:
        if isinstance(recipe, where.Drawn):
            assert not set(recipe.ring) & set(SQUARE)
    assert how == "5km" or not any(isinstance(recipe, where.Drawn) for recipe in recipes)


def test_only_a_drawn_area_is_called_so() -> None:
    assert limit_of(where.parse(f'Buffer("{IDLIB}", 5)')) == ""
    assert limit_of(None) == ""
    assert limit_of(where.Union(where.Named(IDLIB), drawn(SQUARE))) == "The area was drawn by hand; it is not in the text."
