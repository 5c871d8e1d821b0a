"""The drawer in which a reading is corrected: a name, missed words, a claim or its area; and the list of all corrections."""

from __future__ import annotations

import streamlit as st

from geo.errors import SalientError
from geo.situation import Situation
from geo.ui import change_card, correct_claim, correct_mention, draft
from geo.ui.decisions_tab import decisions_list
from geo.ui.drawer_keys import drawer_keys
from geo.ui.drawer_parts import close, usual_scope
from geo.ui.state import ask_map, desk, pick
from geo.ui.told import Told
from geo.ui.words import plain, say, told

__all__ = ["decisions_list", "drawer", "hear"]

WIDTH = "25rem"
STYLE = f"""<style>
.st-key-drawer, .st-key-change_card, .st-key-drawer_asks {{
  position: fixed; z-index: 990; box-sizing: border-box; color: light-dark(#1f1d1a, #ebe8e1); background: light-dark(#fefdf8, #1b1c20);
  border: 0 solid light-dark(#ddd7c6, #3a3c41); box-shadow: 0 0 18px rgb(0 0 0 / .16);
}}
.st-key-drawer {{
  inset-block: 3.75rem 0; inset-inline-end: 0; width: min({WIDTH}, 100vw); padding: .9rem 1.1rem 0; overflow-y: auto;
  border-inline-start-width: 1px; gap: .8rem; overscroll-behavior: contain; flex-wrap: nowrap;
}}
.st-key-drawer > :has(> .st-key-drawer_keys), .st-key-drawer > .st-key-drawer_keys {{ position: absolute; }}
:is(.st-key-drawer, .st-key-change_card) [data-testid=stBaseButton-primary] {{ color: light-dark(#fefdf8, #16171a); }}
.st-key-correct_close button {{ padding-inline: .5rem; }}
.st-key-drawer h3 {{ padding: 0; font-size: 1.3rem; overflow-wrap: anywhere; }}
.st-key-drawer blockquote {{
  margin: 0; padding-inline-start: .7rem; border-inline-start: 3px solid light-dark(#9a3412, #e8a27c); opacity: 1;
}}
.st-key-drawer [data-testid=stRadio] p {{ overflow-wrap: anywhere; }}
[data-testid=stLayoutWrapper]:has(> .st-key-drawer_foot) {{
  position: sticky; bottom: 0; margin-top: auto; padding: .7rem 0 .9rem; border-top: 1px solid light-dark(#ddd7c6, #3a3c41);
  background: light-dark(#fefdf8, #1b1c20); z-index: 2;
}}
.st-key-drawer .st-key-change_card {{ position: static; box-shadow: none; width: auto; }}
.st-key-change_card, .st-key-drawer_asks {{
  inset-block-end: 1.2rem; inset-inline-end: 1.2rem; width: min(24rem, calc(100vw - 2.4rem)); padding: .8rem 1rem; border-width: 1px;
  border-radius: 8px; border-inline-start: 4px solid light-dark(#9a3412, #e8a27c); gap: .5rem; max-height: 60vh; overflow-y: auto;
}}
.st-key-change_card li p {{ margin: 0; }}
.st-key-drawer_asks {{ width: auto; padding: .4rem; }}
@media (max-width: 640px) {{
  .st-key-drawer {{ inset-block-start: 0; width: 100vw; z-index: 999991; }}
}}
</style>"""
# While the map is asked for a spot or an area, the drawer leaves it free; its widgets stay, with what was typed into them.
ASIDE = "<style>.st-key-drawer, .st-key-drawer * { visibility: hidden !important; }</style>"


def hear(told: Told) -> None:
    """Take what the frame told: a spot or an area goes to what is open in the drawer, anything else is opened in it."""
    if told.kind == "spot":
        draft.draft().spot = told
    elif told.kind == "ring":
        draft.draft().ring = told
    else:
        pick(told)
        draft.draft().away = False
        return
    ask_map("")


def drawer(drawn: Situation) -> None:
    """Show the drawer where something is picked, and the card of the last change."""
    draft.draft().acted = False
    st.html(STYLE)
    if draft.renewed():
        correct_mention.reset()
        correct_claim.reset()
        st.session_state["correct_scope"] = usual_scope(desk().picked)
    if desk().picked is None or draft.draft().away:
        change_card.card(drawn)
    else:
        _drawer(drawn)


@st.fragment
def _drawer(drawn: Situation) -> None:
    """The drawer runs alone; what it decides draws the whole page again."""
    draft.rerun_if_acted()
    picked = desk().picked
    if picked is None:
        return
    if desk().mode:
        st.html(ASIDE)
        with st.container(key="drawer_asks"):  # the map itself says what to do
            st.button(say("Back to the correction"), key="correct_stop", on_click=_stop)
    with st.container(key="drawer"):
        opened = f"{picked.kind} {picked.document} {picked.start} {picked.id}"
        drawer_keys(label=say("Correct the reading"), opened=opened, drawn=desk().key)
        change_card.card(drawn)
        begun = draft.draft()
        if begun.trouble:
            st.warning(plain(told(begun.trouble)))
            begun.trouble = ""
        try:
            if picked.kind == "claim":
                correct_claim.show(drawn, picked)
            else:
                correct_mention.show(drawn, picked)
        except SalientError as error:
            st.warning(plain(told(str(error))))
            st.button(say("Close"), key="correct_close", on_click=close)


def _stop() -> None:
    ask_map("")
    draft.acted()
