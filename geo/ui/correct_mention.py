"""A name in the drawer: what it is read as and why, what else it may mean, and the corrections that follow."""

from __future__ import annotations

from functools import partial

import streamlit as st

from geo.errors import InputError
from geo.records import Feature, Mention, Place
from geo.rivals import SPOTS, Rival, Scope, around, context, decision, found, mention_at, missed, reach, rivals, spot
from geo.situation import Situation
from geo.ui import draft
from geo.ui.drawer_parts import answers, excerpt, head, in_reports, note, scope, share
from geo.ui.linked_claims import linked_claims
from geo.ui.place_words import KIND_WORDS, USE_WORDS, described, labels, named, speaks_for
from geo.ui.small_map import small_map
from geo.ui.state import ask_map
from geo.ui.told import Told
from geo.ui.words import plain, say, told

__all__ = ["reset", "show"]

RADII_KM = (0.1, 1.0, 5.0, 25.0)  # how far a spot picked on the map may be off: a house, a village, a district, a province's part
USUAL_KM = 1.0
LOOK_UP = ""  # the answer that leaves the choice of the place to the reading


def reset() -> None:
    """Forget what was chosen for another name."""
    st.session_state.update(correct_note="", correct_search="", correct_radius=USUAL_KM)
    for name in ("correct_rival", "correct_kind", "correct_use"):
        st.session_state.pop(name, None)


def show(drawn: Situation, picked: Told) -> None:
    """Show a name, or words that were missed, and what can be corrected of them.

    Raises
    ------
    InputError
        If what was picked is not in the situation.
    """
    mention, known = _meant(drawn, picked)
    place = next((place for place in drawn.places if mention in place.mentions), None)
    head(say("“{name}”", name=mention.text))
    excerpt(*context(drawn, mention))
    _reading(drawn, mention, place, known)
    if not known or mention.kind not in ("date", "border"):
        _where(drawn, mention, place)
    if known:
        _kind_and_use(mention)
    scope(partial(_reach_words, drawn, mention))
    note()
    linked_claims(drawn, mention)
    with st.container(key="drawer_foot", horizontal=True, gap="small"):
        adds = not known or mention.kind == "actor"
        st.button(
            say("Add this place") if adds else say("Apply"), key="correct_choose", type="primary", on_click=_apply, args=(mention, place),
            kwargs={"adds": adds},
        )
        if known:
            st.button(say("Not a place"), key="correct_drop", on_click=_drop, args=(mention,))


def _meant(drawn: Situation, picked: Told) -> tuple[Mention, bool]:
    """The mention that was picked, and whether the reading took it for a name; what it did not is made one."""
    if picked.kind == "place":
        place = next((place for place in drawn.places if picked.id in (place.id, place.feature.id)), None)
        if place is None:
            raise InputError(say("This place is on the map no more."))
        return place.mentions[0], True
    mention = mention_at(drawn, picked.document, picked.start, picked.end)
    if mention is not None and (picked.kind == "mention" or (mention.start, mention.end) == (picked.start, picked.end)):
        return mention, True
    return missed(drawn, picked.document, picked.start, picked.end), False


def _reading(drawn: Situation, mention: Mention, place: Place | None, known: bool) -> None:
    """What the words are read as now, and why."""
    if not known:
        st.markdown(say("These words are read as no name."))
    elif place is not None:
        now = rivals(drawn, mention)[0]
        st.markdown(
            say("Read as {place} ({what}), {share} sure: {reason}.", place=f"**{plain(named(now))}**", what=plain(described(now)),
                share=share(place.confidence), reason=plain(told(place.reason)))
        )
        if mention.use != "literal":
            st.caption(say("Here the name stands for {use}.", use=say(USE_WORDS[mention.use])))
    elif mention.kind == "actor":
        st.markdown(say("Read as a party, not as a place."))
    elif mention.kind == "date":
        st.markdown(say("Read as a date."))
    else:
        st.markdown(say("No place of this name fits the text well enough. It is on no map."))


def _where(drawn: Situation, mention: Mention, place: Place | None) -> None:
    """Ask which place is meant: the id of its feature, or `LOOK_UP`."""
    st.text_input(say("Look for another place"), key="correct_search", max_chars=120, placeholder=say("A name or coordinates"))
    offered = _offered(drawn, mention)
    options = [*offered, *([] if place else [LOOK_UP])]
    if st.session_state.get("correct_rival") not in options:
        st.session_state["correct_rival"] = options[0]
    features, names = [rival.feature for rival in offered.values()], labels(tuple(offered.values()))
    if features:
        chosen = st.session_state["correct_rival"]
        small_map(
            features, names, others=_spots(drawn, mention), key="correct_map",
            chosen=options.index(chosen) if chosen in offered else -1, on_pick=lambda number: _pick(list(offered)[number]),
        )
    st.radio(
        say("What is meant?"), options, key="correct_rival", format_func=partial(_label, list(offered), names),
        captions=[_caption(offered.get(one)) for one in options],
    )
    _ask_spot()


def _spots(drawn: Situation, mention: Mention) -> list[Feature]:
    return [one for one in around(drawn, mention) if one.kind in SPOTS]


def _offered(drawn: Situation, mention: Mention) -> dict[str, Rival]:
    """What can be chosen, by the id of its feature: the spot picked on the map, what was looked for, and the rivals."""
    begun, rows = draft.draft(), []
    if begun.spot is not None:
        radius = st.session_state.get("correct_radius") or USUAL_KM
        rows.append(spot(drawn, mention, lon=begun.spot.lon, lat=begun.spot.lat, radius_km=radius))
    words = str(st.session_state.get("correct_search") or "").strip()
    if words:
        searched = found(drawn, mention, words)
        rows += searched
        if not searched:
            st.caption(say("The gazetteer holds no place of that name."))
    if rows and begun.offered != (newest := f"{words} {rows[0].feature.id}"):  # what was just asked for is chosen at once
        begun.offered = newest
        st.session_state["correct_rival"] = rows[0].feature.id
    own = rivals(drawn, mention)
    rows = [*own[:1], *rows, *own[1:]] if own and own[0].chosen else [*rows, *own]
    return {rival.feature.id: rival for rival in rows}


def _pick(feature_id: str) -> None:
    st.session_state["correct_rival"] = feature_id


def _label(ids: list[str], names: list[str], one: str) -> str:
    if one not in ids:
        return say("Look it up like any other name")
    number = ids.index(one)
    return plain(say("{number}. {name}", number=str(number + 1), name=names[number]))


def _caption(rival: Rival | None) -> str:
    if rival is None:
        return ""
    shown = f"{described(rival)}: {speaks_for(rival)}"
    return plain(say("as read now: {what}", what=shown) if rival.chosen else shown)


def _ask_spot() -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.button(say("Place by a click on the map"), key="correct_spot", on_click=_listen)
        if draft.draft().spot is not None:
            st.selectbox(say("Good to"), RADII_KM, key="correct_radius", format_func=_radius, width=110)


def _radius(km: float) -> str:
    return say("{km} km", km=int(km)) if km >= 1 else say("{metres} m", metres=round(1000 * km))


def _listen() -> None:
    ask_map("spot")
    draft.acted()


def _kind_and_use(mention: Mention) -> None:
    """Ask what kind of thing the words name and how the name is used."""
    st.session_state.setdefault("correct_kind", mention.kind)
    st.session_state.setdefault("correct_use", mention.use)
    with st.expander(say("What kind of name it is")):
        st.selectbox(say("It names"), list(KIND_WORDS), key="correct_kind", format_func=lambda one: say(KIND_WORDS[one]))
        st.selectbox(say("The name stands for"), list(USE_WORDS), key="correct_use", format_func=lambda one: say(USE_WORDS[one]))


def _reach_words(drawn: Situation, mention: Mention, how_far: Scope) -> str:
    names, reports = reach(drawn, mention.text, how_far, document=mention.document_id)
    if how_far == "here":
        return say("this mention alone")
    if how_far == "document":
        return say("{count} mention | {count} mentions", count=max(1, names))
    return f"{say('{count} mention now | {count} mentions now', count=max(1, names))}, {in_reports(reports)}"


def _apply(mention: Mention, place: Place | None, *, adds: bool) -> None:
    chosen = str(st.session_state.get("correct_rival") or LOOK_UP)
    kind, use = (str(st.session_state.get(key) or now) for key, now in (("correct_kind", mention.kind), ("correct_use", mention.use)))
    made = partial(decision, mention, **answers())
    if adds and kind == mention.kind:
        draft.act(made("add", chosen))
        return
    changed = [made("kind", kind)] if kind != mention.kind else []
    changed += [made("use", use)] if use != mention.use else []
    if chosen and (not changed or place is None or chosen != place.feature.id):
        changed.append(made("place", chosen))
    draft.act(*changed)


def _drop(mention: Mention) -> None:
    draft.act(decision(mention, "drop", **answers()))
