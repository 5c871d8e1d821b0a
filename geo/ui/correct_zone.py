"""The area of a claim in the drawer: its recipe in words, what of it can be turned, and drawing it by hand."""

from __future__ import annotations

import streamlit as st

from geo import where
from geo.errors import InputError, SalientError
from geo.hand_drawn import drawn as drawn_by_hand
from geo.projections import area_km2
from geo.recipe_edits import Knob, knobs, turned
from geo.records import Claim
from geo.situation import Situation
from geo.ui import draft
from geo.ui.state import ask_map
from geo.ui.words import plain, say, told
from geo.where import Where

__all__ = ["made", "reset", "show"]

KNOB = "correct_knob_"
MOST_KNOBS = 12  # asked for in the drawer; a recipe with more is drawn by hand sooner
CHOICE_WORDS = {
    "": "both sides", "north": "north", "northeast": "north-east", "east": "east", "southeast": "south-east", "south": "south",
    "southwest": "south-west", "west": "west", "northwest": "north-west", "central": "centre", "left": "left bank", "right": "right bank",
    "sea": "at sea",
}


def reset() -> None:
    """Forget what was begun for another area."""
    for name in [str(key) for key in st.session_state if str(key).startswith(KNOB)]:
        del st.session_state[name]


def show(drawn: Situation, claim: Claim) -> None:
    """Show the area of a claim, what of it can be changed, and what it becomes."""
    if claim.where is None:
        return
    ring = draft.draft().ring
    with st.expander(say("Where it is"), expanded=ring is not None, key="correct_area"):
        st.markdown(plain(_told(drawn, claim.where)))
        if ring is None:
            for knob in _knobs(drawn, claim.where):
                _ask(drawn, knob)
        try:
            if (becomes := made(drawn, claim)) is not None:
                st.markdown(say("It becomes: {area}", area=f"**{plain(_told(drawn, becomes))}**"))
        except SalientError as error:
            st.warning(plain(told(str(error))))
        with st.container(horizontal=True, gap="small"):
            st.button(say("Draw it again") if ring else say("Draw it"), key="correct_draw", on_click=_draw)
            if ring is not None:
                st.button(say("Forget the drawing"), key="correct_forget", on_click=_forget)


def made(drawn: Situation, claim: Claim) -> Where | None:
    """Return the area that was made of a claim's: drawn by hand, or by what was asked for; None where it is left.

    Raises
    ------
    InputError
        If what was drawn is no area, or what was asked for makes none.
    """
    if claim.where is None:
        return None
    ring, recipe = draft.draft().ring, claim.where
    if ring is not None:
        return drawn_by_hand(ring.ring, by=draft.by())
    for knob in _knobs(drawn, claim.where):
        recipe = turned(recipe, knob, _answer(drawn, knob))
    return None if recipe == claim.where else recipe


def _knobs(drawn: Situation, recipe: Where) -> tuple[Knob, ...]:
    return knobs(recipe, drawn.gazetteer)[:MOST_KNOBS]


def _told(drawn: Situation, recipe: Where) -> str:
    """An area in words, with its size where it has one."""
    shape = drawn.geometry(recipe)
    area = told(where.words(recipe, drawn.gazetteer), named=True)
    if shape is None:
        return say("{area}, which the gazetteer cannot draw", area=area)
    km2 = area_km2(shape) if "Polygon" in shape.geom_type else 0.0
    return say("{area}, {size} km²", area=area, size=round(km2)) if km2 >= 1 else area


def _ask(drawn: Situation, knob: Knob) -> None:
    """Ask for the value of one knob."""
    key, label = KNOB + knob.key, say(knob.label)
    st.session_state.setdefault(key, knob.value)
    if knob.kind == "place":
        _ask_place(drawn, knob, key, label)
    elif knob.kind == "choice":
        st.selectbox(label, knob.allowed, key=key, format_func=_choice)
    elif knob.kind == "km":
        st.number_input(label, knob.least, knob.most, key=key, step=1.0, format="%.1f")
    else:
        st.slider(label, knob.least, knob.most, key=key, step=0.01)


def _answer(drawn: Situation, knob: Knob) -> str | float:
    """What was answered; a place that is no id is looked up by its name."""
    value: str | float | None = st.session_state.get(KNOB + knob.key)
    if value is None or knob.kind != "place" or value == knob.value or value in _named(drawn):
        return knob.value if value is None else value
    hits = drawn.gazetteer.search(str(value), limit=1)
    if not hits:
        raise InputError(say("The gazetteer holds no place of that name."))
    return hits[0].feature.id


def _choice(one: str) -> str:
    return say(CHOICE_WORDS.get(one, one))


def _ask_place(drawn: Situation, knob: Knob, key: str, label: str) -> None:
    """Ask for a place: one of the situation's, or any that the gazetteer finds by name."""
    names = _named(drawn) | {str(knob.value): knob.shown}
    st.selectbox(
        label, [str(knob.value), *(one for one in names if one != knob.value)], key=key, accept_new_options=True,
        format_func=lambda one: names.get(one, one), help=say("Choose a place of the map, or type the name of another."),
    )


def _named(drawn: Situation) -> dict[str, str]:
    return {place.feature.id: place.feature.name for place in drawn.places}


def _draw() -> None:
    ask_map("draw")
    draft.acted()


def _forget() -> None:
    draft.draft().ring = None
