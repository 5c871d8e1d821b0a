"""Who is said to do what, where, when, by whom, and with which status.

A claim needs an actor or a target, an act and a place (a support between actors needs no place); where they do not stand in one clause, it
says so. Every claim keeps the sentence that makes it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo import slots
from geo.attribution import Judgement, judge, speaker_of
from geo.clauses import Unit, asides, clause, units_by_sentence
from geo.documents import sentences
from geo.records import Actor, Claim, Document, Mention, Phrase, Place, Predicate, Sentence, Span, Status, When
from geo.times import dates_in, resolve_date
from geo.typology import CueMatch, cues_in
from geo.where import Named, Where
from geo.where import text as where_text

if TYPE_CHECKING:
    from geo.actors import Actors
    from geo.gazetteer import Gazetteer

__all__ = ["corroborate", "read_claims"]

MADE_BY = "rules 1"
PAST_DAYS = 180  # a fact dated this long before the report is past; two seasons of a war, set by judgement
CLAIMED_FACTOR = 0.5  # a party's word for its own gain counts half (design: claimed .30-.40 of a gain's .80)
HEDGED_FACTOR = 0.6
INFERRED_FACTOR = 0.8  # actor and act do not stand in one clause
LONGEST_SENTENCE = 3_000  # characters; what is longer is a table or a broken file, not a sentence that claims something
HIGHEST = 0.97  # no number of reports makes a claim certain

IN_PLACE = re.compile(
    r"\b(?:in|inside|across|into|from|over|throughout|near)\s+(?:(?:the|northern|southern|eastern|western|central)\s+)*$", re.IGNORECASE
)

LASTED = re.compile(r"[^,;]{0,60}?\bfor\s+(?:[\w-]+\s+){0,4}?(?:hours|days|weeks|months|years|a (?:day|week|month|year))\b", re.IGNORECASE)

LIMITS: dict[Predicate, str] = {
    "controls": "The text does not say how far beyond the named place the control reaches.",
    "contests": "The text says that there is fighting or dispute, not who holds the place.",
    "besieges": "The text says who is besieged or besieging, not where the lines run.",
    "attacks": "An attack does not show who holds the place.",
    "advances": "An advance does not show what is held.",
    "withdraws": "The text says who leaves, not who takes over.",
    "hands_over": "The text does not date every step of the handover.",
    "proposes": "A proposal, plan or intention changes nothing on the ground.",
    "demands": "A demand changes nothing on the ground.",
    "meets": "A meeting is an event; it says nothing of control.",
    "bases": "A presence at a base or post, not control of the town or area.",
    "patrols": "A patrol passes; it says nothing of control.",
    "supports": "A relation between actors; it holds no territory.",
    "agrees": "An agreement on an area; the text does not say that it is kept.",
    "located": "A location only.",
}
STATE_CHANGES = frozenset({"controls", "besieges", "contests", "agrees"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What the sentences of one document share."""

    document: Document
    actors: Actors
    countries: tuple[str, ...]
    war: str


def read_claims(
    document: Document,
    *,
    mentions: Iterable[Mention],
    places: Iterable[Place],
    phrases: Iterable[Phrase],
    gazetteer: Gazetteer,
    actors: Actors,
) -> tuple[Claim, ...]:
    """Read the claims of a document, in the order of its sentences.

    Parameters
    ----------
    document
        The report; quotes are taken from its unchanged text.
    mentions, places, phrases
        What the earlier stages found in it.
    gazetteer
        The gazetteer of `places`, for the countries of features.
    actors
        Who is who.
    """
    mentions, phrases = sorted(mentions, key=lambda one: one.start), sorted(phrases, key=lambda one: one.start)
    places = tuple(places)
    countries = _countries(document, places)
    readable = [sentence for sentence in sentences(document) if sentence.end - sentence.start <= LONGEST_SENTENCE]
    by_sentence = units_by_sentence(
        document, readable, mentions=mentions, places=places, phrases=phrases, actors=actors, countries=countries
    )
    war = actors.war_of({unit.actor.id: unit.actor for _, units in by_sentence for unit in units if unit.actor}.values())
    context = _Context(document=document, actors=actors, countries=countries, war=war)
    claims: list[Claim] = []
    earlier: tuple[Unit, ...] = ()
    last_place: Where | None = None
    for sentence, units in by_sentence:
        claims += _sentence_claims(context, sentence, units, earlier, last_place)
        earlier = tuple(unit for unit in units if unit.actor) or earlier
        last_place = next((unit.where for unit in reversed(units) if isinstance(unit.where, Named) and unit.kind != "country"), last_place)
    return _ended(tuple({claim.id: claim for claim in claims}.values()))


def corroborate(claims: tuple[Claim, ...], documents: Iterable[Document]) -> tuple[Claim, ...]:
    """Raise the confidence of claims that independent publishers make alike; copies of one text count once.

    The chances that each is wrong are multiplied, as for independent witnesses.
    """
    publishers = {document.id: document.source or document.id for document in documents}
    alike: dict[tuple[object, ...], list[Claim]] = {}
    for claim in claims:
        alike.setdefault(_sameness(claim), []).append(claim)
    return tuple(_corroborated(claim, alike[_sameness(claim)], publishers) for claim in claims)


def _ended(claims: tuple[Claim, ...]) -> tuple[Claim, ...]:
    """A gain is past where the same document says that the hold which followed is over ("They held it for three weeks")."""
    over = {id(gain) for hold in claims if _is_over(hold) for gain in claims if _precedes(gain, hold, claims)}
    return tuple(replace(claim, status="past") if id(claim) in over else claim for claim in claims)


def _is_over(claim: Claim) -> bool:
    return claim.predicate == "controls" and claim.status == "past" and not claim.when.words


def _precedes(gain: Claim, hold: Claim, claims: tuple[Claim, ...]) -> bool:
    """Whether a gain is the one that a hold followed: of the same place, or, where the hold says "it", of the sentence before."""
    if gain.predicate != "controls" or gain.status != "reported" or gain.actor != hold.actor:
        return False
    before = [claim.evidence[0].start for claim in claims if claim.evidence[0].start < hold.evidence[0].start]
    says_it = any("“it”" in limit for limit in hold.limits)
    return gain.where == hold.where or (says_it and bool(before) and gain.evidence[0].start == max(before))


def _corroborated(claim: Claim, alike: list[Claim], publishers: dict[str, str]) -> Claim:
    own = publishers[claim.evidence[0].document_id]
    best: dict[str, float] = {}
    for other in alike:
        family = publishers[other.evidence[0].document_id]
        best[family] = max(best.get(family, 0.0), other.confidence)
    others = [confidence for family, confidence in best.items() if family != own]
    if not others:
        return claim
    doubt = 1 - claim.confidence
    for confidence in others:
        doubt *= 1 - confidence
    return replace(
        claim, confidence=round(min(1 - doubt, HIGHEST), 2), reason=f"{claim.reason}; {len(others)} other publisher(s) say the same"
    )


def _sameness(claim: Claim) -> tuple[object, ...]:
    actor, target = claim.actor.id if claim.actor else "", claim.target.id if claim.target else ""
    return claim.predicate, actor, target, claim.status, where_text(claim.where) if claim.where else ""


def _sentence_claims(
    context: _Context, sentence: Sentence, units: Sequence[Unit], earlier: Sequence[Unit], last_place: Where | None
) -> list[Claim]:
    text = context.document.reading[sentence.start : sentence.end]
    claims: list[Claim] = []
    previous: Actor | None = None
    for match in cues_in(text):
        voice = speaker_of(text, match, units, offset=sentence.start)[1]
        filled = slots.fill(
            context.document,
            text,
            match,
            units,
            offset=sentence.start,
            earlier=earlier,
            previous=previous,
            voice=voice,
            last_place=last_place,
        )
        if filled is None:
            continue
        previous = filled.actor or previous
        judgement = judge(text, match, units, offset=sentence.start)
        if judgement.status is None:
            continue
        for place in filled.places or (None,):
            claims.append(_claim(context, sentence, match, filled, place, judgement))
            if place and filled.target and match.cue.family in ("handover", "withdrawal", "expulsion"):
                gain = replace(match, cue=replace(match.cue, predicate="controls"))
                claims.append(_claim(context, sentence, gain, replace(filled, actor=filled.target, target=None), place, judgement))
    return claims


def _claim(
    context: _Context,
    sentence: Sentence,
    match: CueMatch,
    filled: slots.Filled,
    place: slots.Placed | None,
    judgement: Judgement,
) -> Claim:
    document, where = context.document, place.where if place else None
    status = judgement.status or "reported"
    predicate = _predicate(match.cue.predicate, judgement)
    actor, target = _parties(context, filled, judgement, predicate)
    ahead = status in ("proposed", "intended", "conditional")
    when = _when(document, sentence, match, beside=place.at if place else None, ahead=ahead)
    over = _is_past(when, document.published) or _lasted(document, sentence, match)
    if status in ("reported", "claimed", "assessed") and over:
        status = "past"
    confidence, reasons = _confidence(context, match, filled, judgement, status, actor)
    limits = [
        LIMITS[predicate],
        *filled.limits,
        *judgement.notes,
        *([match.cue.note] if match.cue.note else []),
        *(place.limits if place else ()),
    ]
    quote = document.text[sentence.start : sentence.end]
    key = "|".join(
        (document.id, str(sentence.start + match.start), predicate, actor.id if actor else "", where_text(where) if where else "")
    )
    return Claim(
        id="c" + hashlib.sha256(key.encode()).hexdigest()[:10],
        predicate=predicate,
        actor=actor,
        target=target,
        where=where,
        when=when,
        status=status,
        speaker=judgement.speaker or document.source or "the report",
        evidence=(Span(document_id=document.id, start=sentence.start, end=sentence.end, quote=quote),),
        confidence=confidence,
        reason="; ".join(reasons),
        limits=tuple(dict.fromkeys(limits)),
        made_by=MADE_BY,
    )


def _parties(context: _Context, filled: slots.Filled, judgement: Judgement, predicate: Predicate) -> tuple[Actor | None, Actor | None]:
    """The actor and the target: who proposes is the actor of a proposal, and who would act its target."""
    acts_for = context.actors.acts_for
    actor, target = filled.actor and acts_for(filled.actor), filled.target and acts_for(filled.target)
    speaking = judgement.speaking and acts_for(judgement.speaking)
    if judgement.gate in ("proposed", "demanded") and predicate in ("proposes", "demands"):
        actor, target = speaking, actor
    elif predicate == "proposes" and actor is None:
        actor = speaking
    return actor, None if actor and target and actor.id == target.id else target


def _predicate(predicate: Predicate, judgement: Judgement) -> Predicate:
    """A hold that is not a fact is a proposal or a demand; what else is proposed keeps its act, and its status says that it is no fact."""
    if predicate == "agrees" and judgement.status == "agreed":
        return predicate
    if predicate not in STATE_CHANGES or judgement.status not in ("proposed", "intended", "conditional", "agreed"):
        return predicate
    return "demands" if judgement.gate == "demanded" else "proposes"


def _confidence(
    context: _Context, match: CueMatch, filled: slots.Filled, judgement: Judgement, status: Status, actor: Actor | None
) -> tuple[float, list[str]]:
    confidence, reasons = match.cue.confidence, [f"“{' '.join(match.words.split())}” ({match.cue.family})"]
    if status == "denied":
        confidence *= CLAIMED_FACTOR
        reasons.append("denied, so it counts half")
    elif (
        status in ("reported", "claimed", "past")
        and judgement.speaking
        and actor
        and match.cue.predicate in ("controls", "withdraws", "advances", "hands_over")
    ):
        own = context.actors.same_side(judgement.speaking, actor, war=context.war)
        against = own if match.cue.predicate == "withdraws" else own is False
        if judgement.admitted or against:
            reasons.append("said against the speaker's own side, so it counts in full")
        else:
            confidence *= CLAIMED_FACTOR
            reasons.append("a party's word in its own cause, so it counts half")
    elif status == "claimed":
        confidence *= CLAIMED_FACTOR
        reasons.append("a party's word, so it counts half")
    if judgement.hedged:
        confidence *= HEDGED_FACTOR
        reasons.append("hedged by the text")
    if filled.inferred:
        confidence *= INFERRED_FACTOR
        reasons.append(filled.inferred)
    return round(confidence, 2), reasons


def _when(document: Document, sentence: Sentence, match: CueMatch, *, beside: int | None, ahead: bool) -> When:
    """The date of the fact: the one beside the place in the clause of the cue, else one before the cue, else the day of publication."""
    text = document.reading[sentence.start : sentence.end]
    first, last = clause(text, match.start)
    at = match.start if beside is None else beside - sentence.start
    dates = [
        (found.start(), _since(text, found.start(), when))
        for found in dates_in(text)
        if (when := resolve_date(found.group(), published=document.published, ahead=ahead)) is not None
    ]
    near = [dated for dated in dates if first <= dated[0] < last] or [
        dated for dated in dates if dated[0] < match.start and not any(start <= dated[0] < end for start, end in asides(text))
    ]
    if near:
        return min(near, key=lambda dated: abs(dated[0] - at))[1]
    if re.search(r"\bin the past\b", text, re.IGNORECASE):
        return When(end=document.published, precision="unknown", words="in the past")
    return When(start=document.published, precision="publication" if document.published else "unknown")


def _lasted(document: Document, sentence: Sentence, match: CueMatch) -> bool:
    """Whether a hold is said to have lasted for a while, and so to be over ("held it for three weeks"; not "have held")."""
    before, after = (
        document.reading[sentence.start : sentence.start + match.start],
        document.reading[sentence.start + match.end : sentence.end],
    )
    held = match.cue.family == "hold" and match.words.lower() == "held" and not re.search(r"\b(?:ha[sv]e?|is|are)\s+(?:\w+\s+)?$", before)
    return held and LASTED.match(after) is not None


def _since(text: str, at: int, when: When) -> When:
    """A fact "since" a date goes on."""
    return replace(when, end=None) if re.search(r"\bsince\b", text[max(0, at - 60) : at + 6], re.IGNORECASE) else when


def _is_past(when: When, published: dt.date | None) -> bool:
    return bool(published and when.end and when.words and (published - when.end).days > PAST_DAYS)


def _countries(document: Document, places: Sequence[Place]) -> tuple[str, ...]:
    """The countries in which a document's places lie, the most named first; a country that only acts does not count."""
    counts: Counter[str] = Counter()
    for place in places:
        for mention in place.mentions:
            located = IN_PLACE.search(document.reading[max(0, mention.start - 30) : mention.start]) is not None
            if place.feature.country and mention.use == "literal" and (place.feature.kind != "country" or located):
                counts[place.feature.country] += 1 + located
    return tuple(country for country, _ in counts.most_common())
