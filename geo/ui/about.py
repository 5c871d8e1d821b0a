"""What the map is, what it does not say, and whose data it stands on."""

from __future__ import annotations

import streamlit as st

from geo import __version__, datafiles, installed
from geo.method_card import data_version
from geo.situation import Situation
from geo.ui.words import plain, say, told

__all__ = ["show"]

IS_WORDS = (
    "A mark on the map says what a report says: who, where, when, and who says so.",
    "Colour is a party, pattern is a status. Filled is reported as held, hatched is claimed or proposed, crossed is fought over.",
    "Every mark has its sentence: click it. The words in the text are marked in the same places.",
    "Nothing leaves this computer: no text, no name, no click.",
)
IS_NOT_WORDS = (
    "It does not know what is so. It says what these texts say, and checks no facts.",
    "It knows only these texts. An area without colour is one of which no report says who holds it; it is not empty and not safe.",
    "A proposal is never drawn as control, a rumour never as fact, a province never as a point.",
    "An edge is no finer than the words. Faded edges and inferred front lines are not surveyed lines.",
    "It misses claims, and it can take one place for another of the same name. Click a name to see what else it may mean.",
    "Borders follow one of three views, and are no statement about whose land it is.",
    "It reads claims in English only; of other languages it shows the places that are named.",
    "It is not for finding targets, and not for deciding alone who is where.",
)


def show(drawn: Situation) -> None:
    """Show what the map says and does not say, what was left out of this one, and the credits."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{plain(say('What this map says'))}**")
        _listed(tuple(say(words) for words in IS_WORDS))
    with right:
        st.markdown(f"**{plain(say('What this map does not say'))}**")
        _listed(tuple(say(words) for words in IS_NOT_WORDS))
    st.caption(plain(say("More of this is told in {file}.", file="docs/what-the-map-does-not-say.md")))
    if drawn.notes:
        st.markdown(f"**{plain(say('Of this map'))}**")
        _listed(tuple(map(told, drawn.notes)))
    st.caption(plain(say("Salient {version}, data {data}", version=__version__, data=data_version())))
    credits = dict.fromkeys([*((source.origin, source.licence) for source in datafiles.sources()), *installed.credits()])
    st.dataframe(
        [{"data": origin, "licence": licence} for origin, licence in credits], hide_index=True, width="stretch",
        column_config={"data": say("Data from"), "licence": say("Licence")},
    )


def _listed(sentences: tuple[str, ...]) -> None:
    st.markdown("\n".join(f"- {plain(words)}" for words in sentences))
