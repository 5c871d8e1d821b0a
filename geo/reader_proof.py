"""Which claims of a service the report bears out: each must pass every check before it may draw anything.

The words must stand in the text (`geo.reader_quotes`), the gates and the grammar of the sentence must leave something of it
(`geo.reader_gates`). What is then drawn is made of the report's words and of this project's tables alone: of the service's own words
nothing is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast, get_args

from geo.claims import Context, claim_of
from geo.clauses import gap_is_partial
from geo.placed import PART_OF_IT, UNKNOWN, Placed
from geo.reader_answer import MALFORMED, Answer
from geo.reader_gates import FIRMNESS, Gated, gated
from geo.reader_grammar import NO_PARTY
from geo.reader_question import Passage
from geo.reader_quotes import Found, Named, Unproved, found
from geo.records import Claim, Document, Predicate, Role, Span, Status
from geo.slots import NEEDS_ACTOR, Filled
from geo.where import Described
from geo.where import Named as NamedPlace
from geo.where import text as where_text

__all__ = ["Desk", "proved"]

NO_PLACE = "it has no place"
ONE_PARTY = "the two parties are one"
PLACELESS: frozenset[Predicate] = frozenset({"supports"})
JOINED = "actor, act and place were joined by {made_by} and checked against the sentence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What all claims of one document share; `made_by` names the reader and its model."""

    context: Context
    made_by: str


def proved(answer: Answer, passage: Passage, desk: Desk) -> Claim:
    """Return the claim that an answer makes, as far as the report bears it out.

    Raises
    ------
    Unproved
        It does not; the text of the error says why.
    """
    if answer.predicate not in get_args(Predicate) or answer.status not in get_args(Status):
        raise Unproved(MALFORMED)
    predicate, status = cast(Predicate, answer.predicate), cast(Status, answer.status)
    first: Unproved | None = None
    document, actors, countries = desk.context.document, desk.context.actors, desk.context.countries
    for one in found(answer, passage, document, actors=actors, countries=countries):
        try:
            _check_slots(one, predicate)
            left = gated(one, predicate, status, document=document, parts=passage.parts, actors=actors, countries=countries)
            return _claim(one, predicate, left, desk)
        except Unproved as error:
            first = first or error
    raise first or Unproved(MALFORMED)


def _check_slots(one: Found, predicate: Predicate) -> None:
    """Refuse a claim that lacks what it cannot do without."""
    if (one.actor is None and predicate in NEEDS_ACTOR) or (one.target is None and predicate in PLACELESS):
        raise Unproved(NO_PARTY)
    if one.actor and one.target and one.actor.actor and one.actor.actor == one.target.actor:
        raise Unproved(ONE_PARTY)
    if one.place is None and predicate not in PLACELESS:
        raise Unproved(NO_PLACE)


def _claim(one: Found, told: Predicate, left: Gated, desk: Desk) -> Claim:
    """The claim as the rules would make it of these slots, never firmer than they do; what it is made of stands in the evidence."""
    document, place = desk.context.document, _placed(one, desk.context.document) if told not in PLACELESS else None
    filled = Filled(
        actor=left.actor, target=left.target if left.target != left.actor else None,
        places=(place,) if place else (), inferred=JOINED.format(made_by=desk.made_by),
    )
    claim = claim_of(desk.context, left.part, left.match, filled, place, left.judgement, left.present)
    status = left.judgement.status or claim.status
    if FIRMNESS[claim.status] > FIRMNESS[status]:
        claim = replace(claim, status=status)
    dated = one.when if one.when is not None and not claim.when.words else claim.when
    key = "|".join((
        "reader", document.id, str(one.act[0]), claim.predicate, claim.status, claim.actor.id if claim.actor else "",
        claim.target.id if claim.target else "", where_text(claim.where) if claim.where else "",
    ))
    return replace(
        claim, id="c" + hashlib.sha256(key.encode()).hexdigest()[:10], when=dated, speaker=_speaker(one, left, claim, document),
        evidence=_evidence(one, document), reason="; ".join(filter(None, (claim.reason, left.lowered))), made_by=desk.made_by,
        confidence=min(claim.confidence, left.match.cue.confidence),
    )


def _placed(one: Found, document: Document) -> Placed | None:
    """The place, or a part of it where the words before it say so ("several villages in X")."""
    if one.place is None:
        return None
    before = document.reading[max(one.sentence.start, one.place.span[0] - 40) : one.place.span[0]]
    if isinstance(one.place.where, NamedPlace) and gap_is_partial(before):
        return Placed(where=Described("part", one.place.where), limits=(PART_OF_IT,), span=one.place.span)
    return Placed(where=one.place.where, limits=() if one.place.where is not None else (UNKNOWN,), span=one.place.span)


def _speaker(one: Found, left: Gated, claim: Claim, document: Document) -> str:
    """The speaker that the gates find; else, where somebody must have spoken, the one whose words the answer points to."""
    if left.judgement.speaker or one.speaker is None or claim.status in ("reported", "past"):
        return claim.speaker
    return " ".join(document.reading[slice(*one.speaker)].split())


def _evidence(one: Found, document: Document) -> tuple[Span, ...]:
    """The sentence, then the words in it for each part of the claim."""
    named: Sequence[tuple[Role, Named | None]] = (("actor", one.actor), ("target", one.target), ("place", one.place))
    spans: list[tuple[Role, tuple[int, int]]] = [("sentence", (one.sentence.start, one.sentence.end)), ("act", one.act)]
    spans += [(role, name.span) for role, name in named if name is not None]
    return tuple(Span(document_id=document.id, start=a, end=b, quote=document.text[a:b], role=role) for role, (a, b) in spans)
