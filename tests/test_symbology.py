"""Colour is a party, pattern is a status; never colour alone."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import symbology
from geo.errors import InputError
from geo.records import Actor


def test_every_layer_has_a_style_and_words() -> None:
    for key in symbology.LAYER_KEYS:
        style = symbology.layer_style(key)
        assert style["title"]
        assert style["legend"]
        assert 0 <= style["fill"] <= 0.5
    assert tuple(symbology.style()["layers"]) == symbology.LAYER_KEYS


def test_statuses_differ_by_more_than_colour() -> None:
    keys = ("control", "claimed", "contested", "influence", "overlay", "proposed", "past", "uncertain")
    drawn = {key: symbology.layer_style(key) for key in keys}
    signs = {key: (s["pattern"], s["dash"], s["width"], s.get("angle"), s["fill"]) for key, s in drawn.items()}
    assert len(set(signs.values())) == len(keys)
    assert len({s["pattern"] for key, s in drawn.items() if key != "past"}) == len(keys) - 1


def test_an_unknown_layer_is_named_with_those_that_exist() -> None:
    with pytest.raises(InputError, match=r"no layer 'nosuch'; the layers are reference, places"):
        symbology.layer_style("nosuch")


def test_palette_colours_can_be_told_apart_without_red_or_green_cones() -> None:
    def seen(colour: str, *, kind: str) -> tuple[float, float, float]:
        red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        if kind == "deutan":  # Vienot, Brettel and Mollon (1999), simplified
            return 0.29 * red + 0.71 * green, 0.29 * red + 0.71 * green, 0.02 * green + 0.98 * blue - 0.02 * red
        return 0.11 * red + 0.89 * green, 0.11 * red + 0.89 * green, 0.004 * red - 0.004 * green + blue

    for kind in ("deutan", "protan"):
        for a, b in itertools.combinations(symbology.style()["palette"][:4], 2):
            apart = sum((x - y) ** 2 for x, y in zip(seen(a, kind=kind), seen(b, kind=kind), strict=True)) ** 0.5
            assert apart > 30, (kind, a, b)


def test_an_actor_keeps_its_own_colour_and_others_get_free_ones() -> None:
    first = symbology.style()["palette"][0]
    chosen = symbology.colours([Actor(id="a", name="A", colour=first), Actor(id="b", name="B"), Actor(id="c", name="C")])
    assert chosen["a"] == first
    assert len(set(chosen.values())) == 3


@given(st.lists(st.text(min_size=1, max_size=4), unique=True, max_size=30))
def test_every_actor_gets_a_colour(names: list[str]) -> None:
    chosen = symbology.colours([Actor(id=name, name=name) for name in names])
    assert set(chosen) == set(names)
    assert all(re.fullmatch(r"#[0-9a-f]{6}", colour) for colour in chosen.values())


@pytest.mark.parametrize(
    ("status", "speaker", "words"),
    [
        ("reported", "Russia", "reported"),
        ("claimed", "Ankara", "claimed by Ankara"),
        ("proposed", "", "proposed"),
        ("past", "A monitor", "past, says A monitor"),
    ],
)
def test_a_status_says_who_says_so(status: str, speaker: str, words: str) -> None:
    assert symbology.status_words(status, speaker) == words


def test_every_icon_named_for_a_predicate_is_drawn_and_titled() -> None:
    style = symbology.style()
    for name in set(style["icon_of"].values()):
        assert re.fullmatch(r"[MmLlHhVvCcSsQqTtAaZz0-9 .,-]+", style["icons"][name])
        assert style["icon_titles"][name]


def test_control_is_darker_than_what_is_only_said() -> None:
    assert symbology.layer_style("control")["fill"] > 3 * max(
        symbology.layer_style(key)["fill"] for key in ("claimed", "proposed", "contested")
    )
    assert symbology.luminance("#000000") < symbology.luminance("#808080") < symbology.luminance("#ffffff")


def test_a_ring_is_never_finer_than_the_evidence() -> None:
    assert symbology.ring_km(1) == 0
    assert symbology.ring_km(2) >= 10
    assert symbology.ring_km(3) > symbology.ring_km(2)
