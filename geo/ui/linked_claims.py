"""The claims that stand on a name: listed in the drawer, each a way to its own correction."""

from __future__ import annotations

import streamlit as st

from geo import symbology
from geo.records import Claim, Mention
from geo.situation import Situation
from geo.ui import draft
from geo.ui.state import pick
from geo.ui.told import Told
from geo.ui.words import plain, say, told

__all__ = ["linked_claims", "said"]

MOST = 6  # listed; a capital in fifty reports may stand in a hundred claims, which the table of claims holds


def linked_claims(drawn: Situation, mention: Mention) -> None:
    """List the claims of which this name is part of the evidence."""
    found = [claim for claim in drawn.claims if any(_covers(claim, number, mention) for number in range(len(claim.evidence)))]
    if not found:
        return
    with st.expander(say("{count} claim stands on it | {count} claims stand on it", count=len(found))):
        for number, claim in enumerate(found[:MOST]):
            st.button(plain(said(claim)), key=f"correct_claim_{number}", on_click=_open, args=(claim.id,), type="tertiary", width="stretch")


def said(claim: Claim) -> str:
    """Return a claim in a few words: who does what to whom, in the words of the text where it has them."""
    parts = {span.role: span.quote for span in claim.evidence}
    who = claim.actor.name if claim.actor else say("someone")
    act = symbology.predicate_words(claim.predicate)
    whom = claim.target.name if claim.target else ""
    return " · ".join(filter(None, (who, told(act), whom, " ".join(parts.get("place", "").split()))))


def _covers(claim: Claim, number: int, mention: Mention) -> bool:
    span = claim.evidence[number]
    return span.role != "sentence" and span.document_id == mention.document_id and span.start < mention.end and mention.start < span.end


def _open(claim_id: str) -> None:
    pick(Told(kind="claim", id=claim_id))
    draft.acted()
