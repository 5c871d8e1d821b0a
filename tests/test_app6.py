"""Military symbols say what the words say: whose side only for those who choose one, what arm only where it is named, planned in dashes."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.actors import shipped
from geo.errors import InputError
from geo.plate.app6 import AFFILIATIONS, ECHELONS, KINDS, STATUSES, path_of, pieces, symbol
from geo.plate.app6_choice import affiliation_of, echelon_of, kind_of, kind_of_icon, status_of
from geo.plate.app6_lines import axis_of_advance, forward_line
from geo.plate.items import Area, Line
from geo.symbology import UNREAL, style
from tests.marked import claims_in

EVERY = [(kind, affiliation) for kind in KINDS for affiliation in AFFILIATIONS]


@pytest.mark.parametrize(("kind", "affiliation"), EVERY)
def test_an_icon_stays_in_its_frame(kind: str, affiliation: str) -> None:
    frame, *rest = pieces(kind, affiliation)
    low, high = frame.points.min(axis=0), frame.points.max(axis=0)
    for piece in rest:
        assert np.isfinite(piece.points).all()
        inside = (piece.points >= low - 0.12).all() and (piece.points <= high + 1e-6).all()
        assert inside, f"{kind} of {affiliation}"


def test_every_kind_looks_otherwise() -> None:
    drawn = {kind: path_of(kind, "unknown") for kind in KINDS}
    assert len(set(drawn.values())) == len(KINDS)


def test_every_side_has_its_frame() -> None:
    assert len({path_of("unit", affiliation)[0][0] for affiliation in AFFILIATIONS}) == len(AFFILIATIONS)


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("kind", ["unit", "naval", "airfield"])
def test_only_what_is_planned_has_a_dashed_frame(kind: str, status: str) -> None:
    planned = status == "anticipated"
    frame = symbol(kind, status=status)[0]
    assert isinstance(frame, Area)
    assert frame.stroke is not None
    assert bool(frame.stroke.dash) == planned
    assert path_of(kind, status=status)[0][2] == planned


@pytest.mark.parametrize("echelon", ECHELONS[1:])
def test_the_size_stands_above_the_frame(echelon: str) -> None:
    frame, *marks = pieces("unit", "friend", "present", echelon)
    assert marks
    assert all(mark.points[:, 1].max() < frame.points[:, 1].min() for mark in marks)


@given(st.sampled_from(EVERY), st.floats(6, 60))
@settings(max_examples=30)
def test_shapes_and_paths_are_one_symbol(which: tuple[str, str], size: float) -> None:
    shapes, paths = symbol(which[0], affiliation=which[1], size=size), path_of(*which)
    assert len(shapes) == len(paths)
    for shape, (drawn, paint, _) in zip(shapes, paths, strict=True):
        assert isinstance(shape, Line) == (paint == "line")
        assert re.fullmatch(r"M-?[\d.]+ -?[\d.]+(?:L-?[\d.]+ -?[\d.]+)+Z?", drawn)
        points = shape.paths[0] if isinstance(shape, Line) else shape.polygons[0][0]
        assert np.abs(points).max() <= size * 0.6


def test_a_frame_has_a_tint_of_its_partys_colour_and_dark_icons() -> None:
    frame, icon, *_ = symbol("armour", colour="#0000ff")
    assert isinstance(frame, Area)
    assert isinstance(icon, Line)
    assert frame.fill is not None
    assert frame.fill.colour.endswith("ff")
    assert frame.fill.colour != "#0000ff"
    assert icon.strokes[0].colour == "#1d1b18"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"kind": "dragon"}, "no kind of symbol 'dragon'; choose unit, infantry"),
        ({"kind": "unit", "affiliation": "foe"}, "no affiliation 'foe'"),
        ({"kind": "unit", "status": "gone"}, "no status of a symbol 'gone'"),
        ({"kind": "unit", "echelon": "horde"}, "no size of a unit 'horde'"),
    ],
)
def test_an_unknown_symbol_is_refused_in_one_sentence(arguments: dict[str, str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        pieces(**arguments)


@pytest.mark.parametrize(
    ("marked", "kind", "echelon"),
    [
        ("(Russian RU) tanks entered [Kherson UA].", "armour", ""), ("(Russian RU) troops entered [Kherson UA].", "unit", ""),
        ("(Russian RU) drones struck [Odesa UA].", "uav", ""), ("The <army> shelled [Homs SY].", "artillery", ""),
        ("Warplanes of the (Syrian SY) army bombed [Idlib SY].", "air", ""), ("The (Turkish TR) navy shelled [Misrata LY].", "naval", ""),
        ("(Israeli IL) special forces raided [Jenin PS].", "special_forces", ""), ("<Marines> entered [Hue VN].", "infantry", ""),
        ("The (Ukrainian UA) 47th Mechanised Brigade entered [Robotyne UA].", "mechanised", "brigade"),
        ("The <4th Armoured Division> entered [Daraya SY].", "armour", "division"),
        ("(Russian RU) missiles struck [Kyiv UA].", "missile", ""), ("(French FR) paratroopers entered [Timbuktu ML].", "airborne", ""),
        ("The (Serbian RS) army answered the air strikes by shelling [Tuzla BA].", "artillery", ""),
        ("<Rebels> entered [Saraqib SY] after (Syrian SY) tanks had left.", "unit", ""),
    ],
)
def test_the_words_decide_the_arm(marked: str, kind: str, echelon: str) -> None:
    claim = claims_in(marked)[0]
    assert (kind_of(claim), echelon_of(claim)) == (kind, echelon)


def test_without_a_side_of_ones_own_nobody_is_friend_or_foe() -> None:
    actors = shipped()
    assert {affiliation_of(actors.get(name), (), actors) for name in ("russia", "ukraine", "turkey")} == {"unknown"}


@pytest.mark.parametrize(
    ("name", "side"), [("ukraine", "friend"), ("russia", "hostile"), ("wagner", "hostile"), ("turkey", "neutral")],
)
def test_a_side_of_ones_own_makes_friends_and_foes(name: str, side: str) -> None:
    actors = shipped()
    assert affiliation_of(actors.get(name), ("ukraine",), actors, war="ukraine") == side
    assert affiliation_of(None, ("ukraine",), actors) == "unknown"


@pytest.mark.parametrize("status", [*UNREAL, "agreed"])
def test_what_has_not_come_about_is_anticipated(status: str) -> None:
    assert status_of(status) == "anticipated"
    assert status_of("reported") == "present"


def test_installations_have_symbols_and_events_have_none() -> None:
    found = {icon: kind_of_icon(icon) for icon in style()["icons"]}
    assert {found[icon] for icon in ("air_base", "airport", "naval_base", "port", "base")} == {"airfield", "port", "base"}
    assert found["meeting"] == ""
    assert set(found.values()) - {""} <= set(KINDS)


PATHS = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400)), min_size=2, max_size=6, unique=True).map(np.array)


@given(PATHS.filter(lambda path: np.hypot(*np.diff(path, axis=0).T).min() > 5), st.floats(4, 14))
@settings(max_examples=40)
def test_lines_of_control_measures_keep_to_their_path(path: np.ndarray, width: float) -> None:
    front, axis = forward_line(path, width=width), axis_of_advance(path, width=width)
    assert np.allclose(front[[0, -1]], path[[0, -1]], atol=1e-6)
    assert (axis == path[-1]).all(axis=1).sum() == 1
    assert np.isfinite(front).all()
    assert np.isfinite(axis).all()


def test_scallops_stand_on_the_side_that_is_asked() -> None:
    path = np.array([[0.0, 0.0], [90.0, 0.0]])
    assert forward_line(path)[:, 1].min() < -2
    assert forward_line(path, towards_left=False)[:, 1].max() > 2
