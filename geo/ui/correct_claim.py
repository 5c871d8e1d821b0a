"""A claim in the drawer: its sentence, who is said to do what, and what a person says otherwise."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import cast, get_args

import streamlit as st

from geo import claim_edits, symbology
from geo.decisions import claim_name
from geo.errors import InputError, SalientError
from geo.records import Claim, Status
from geo.rivals import Scope
from geo.situation import Situation
from geo.ui import correct_zone, draft
from geo.ui.drawer_parts import answers, head, in_reports, note, scope, share
from geo.ui.linked_claims import said
from geo.ui.told import Told
from geo.ui.words import plain, say, told

__all__ = ["reset", "show"]

FIELDS = ("correct_actor", "correct_target", "correct_status", "correct_from", "correct_to")
EARLIEST = dt.date(1800, 1, 1)


def reset() -> None:
    """Forget what was chosen for another claim."""
    for name in FIELDS:
        st.session_state.pop(name, None)
    correct_zone.reset()


def show(drawn: Situation, picked: Told) -> None:
    """Show a claim and what can be corrected of it.

    Raises
    ------
    InputError
        If the situation holds the claim no more.
    """
    names = st.session_state.setdefault("_claim_names", {})
    claim = claim_edits.find(drawn, picked.id, names.get(picked.id))
    if claim is None:
        raise InputError(say("This claim is made no more."))
    names[picked.id] = claim_name(claim)
    head(said(claim))
    _sentence(drawn, claim)
    drew = draft.draft().ring is not None
    if drew:  # what was drawn just now is shown first
        correct_zone.show(drawn, claim)
    _parties(drawn, claim)
    _status_and_dates(claim)
    if not drew:
        correct_zone.show(drawn, claim)
    scope(partial(_reach_words, drawn, claim))
    note()
    with st.container(key="drawer_foot", horizontal=True, gap="small"):
        st.button(say("Apply"), key="correct_choose", type="primary", on_click=_apply, args=(drawn, claim))
        st.button(say("The text does not say so"), key="correct_reject", on_click=_reject, args=(claim,))


def _sentence(drawn: Situation, claim: Claim) -> None:
    """The sentence with the words that make the claim, who says so, how sure it is, and what it does not show."""
    st.markdown("> " + _marked(claim))
    status = told(symbology.status_words(claim.status))
    if claim.speaker and claim.speaker != "the report":
        st.markdown(plain(say("{status}; said by {speaker}", status=status, speaker=claim.speaker)))
    st.caption(plain(say("{share} sure: {reason}", share=share(claim.confidence), reason=told(claim.reason))))
    for limit in claim.limits:
        st.caption(plain(told(limit)))
    others = len({(span.document_id, span.start) for span in claim.evidence if span.role == "sentence"}) - 1
    if others > 0:
        st.caption(say("{count} other sentence says it too | {count} other sentences say it too", count=others))


def _marked(claim: Claim) -> str:
    made = ""
    for words, role in claim_edits.marked(claim):
        before = " " if words[:1].isspace() else ""
        after = " " if words[-1:].isspace() and words.strip() else ""
        shown = plain(words)
        made += f"{before}**{shown}**{after}" if role and shown else f"{before}{shown}{after}"
    return made


def _parties(drawn: Situation, claim: Claim) -> None:
    """Ask who does it and to whom: one of the actors of the situation, any that is known, or a name."""
    known = claim_edits.parties(drawn)
    named = {one: actor.name for one, actor in known.items()}
    for key, label, actor, nobody in (
        ("correct_actor", say("Who does it"), claim.actor, claim.actor is None), ("correct_target", say("To whom"), claim.target, True),
    ):
        st.session_state.setdefault(key, actor.id if actor else "")
        options = ([""] if nobody else []) + list(dict.fromkeys([*([actor.id] if actor else []), *known]))
        st.selectbox(
            label, options, key=key, accept_new_options=True,
            format_func=partial(_party, {**named, **({actor.id: actor.name} if actor else {})}),
        )


def _party(named: dict[str, str], one: str) -> str:
    return named.get(one, one) if one else say("nobody is named")


def _status_and_dates(claim: Claim) -> None:
    st.session_state.setdefault("correct_status", claim.status)
    st.session_state.setdefault("correct_from", claim.when.start)
    st.session_state.setdefault("correct_to", claim.when.end)
    st.selectbox(say("Status"), get_args(Status), key="correct_status", format_func=lambda one: told(symbology.status_words(one)))
    first, last = st.columns(2)
    first.date_input(say("From"), key="correct_from", min_value=EARLIEST)
    last.date_input(say("To"), key="correct_to", min_value=EARLIEST)
    if claim.when.words:
        st.caption(plain(say("In the text: “{phrase}”", phrase=claim.when.words)))


def _reach_words(drawn: Situation, claim: Claim, how_far: Scope) -> str:
    claims, reports = claim_edits.reach(drawn, claim, how_far)
    if how_far == "here":
        return say("this claim alone")
    if how_far == "document":
        return say("{count} claim of the same words | {count} claims of the same words", count=max(1, claims))
    number = say("{count} claim of the same words now | {count} claims of the same words now", count=max(1, claims))
    return f"{number}, {in_reports(reports)}"


def _apply(drawn: Situation, claim: Claim) -> None:
    chosen = st.session_state
    try:
        made = claim_edits.edits(
            claim, actor=str(chosen["correct_actor"] or ""), target=str(chosen["correct_target"] or ""),
            status=cast(Status, chosen["correct_status"]), start=chosen["correct_from"], end=chosen["correct_to"],
            place=correct_zone.made(drawn, claim), **answers(),
        )
    except SalientError as error:
        draft.draft().trouble = str(error)
        return
    draft.act(*made)


def _reject(claim: Claim) -> None:
    draft.act(claim_edits.about(claim, "reject", **answers()))
