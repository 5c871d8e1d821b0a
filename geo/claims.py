"""Who is said to do what, where, when, by whom, and with which status.

A claim needs an actor or a target, an act and a place (a support between actors needs no place); where they do not stand in one clause, it
says so. Every claim keeps the sentence that makes it.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from geo import parser, slots
from geo.attribution import Judgement, judge, speaker_of
from geo.clauses import Unit, units_by_sentence
from geo.corroboration import corroborate
from geo.courses import COURSED, Way
from geo.dating import date_of
from geo.documents import sentences
from geo.fact_dates import EVENTS, ended, has_lasted, is_history, is_past
from geo.parts import Part, parts_of
from geo.progress import tell
from geo.records import Actor, Claim, Document, Mention, Phrase, Place, Predicate, Role, Sentence, Span, Status, When
from geo.referents import with_referents
from geo.syntax import Tree
from geo.typology import CueMatch, cues_in
from geo.voices import Voices
from geo.where import Named, Where
from geo.where import text as where_text

if TYPE_CHECKING:
    from geo.actors import Actors
    from geo.gazetteer import Gazetteer

__all__ = ["Context", "claim_of", "context_of", "corroborate", "read_claims"]

MADE_BY = "rules 1"
CLAIMED_FACTOR = 0.5  # a party's word for its own gain counts half (design: claimed .30-.40 of a gain's .80)
HEDGED_FACTOR = 0.6
INFERRED_FACTOR = 0.8  # actor and act do not stand in one clause
LONGEST_SENTENCE = 3_000  # characters; what is longer is a table or a broken file, not a sentence that claims something

IN_PLACE = re.compile(
    r"\b(?:in|inside|across|into|from|over|throughout|near)\s+(?:(?:the|northern|southern|eastern|western|central)\s+)*$", re.IGNORECASE
)

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
STATES: frozenset[Predicate] = frozenset({"controls", "bases", "contests", "besieges"})
STATE_CHANGES = frozenset({"controls", "besieges", "contests", "agrees"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What the sentences of one document share."""

    document: Document
    actors: Actors
    countries: tuple[str, ...]
    war: str
    voices: Voices
    history: bool
    by_sentence: tuple[tuple[Sentence, tuple[Unit, ...]], ...]
    gazetteer: Gazetteer | None
    notes: Mapping[int, str]
    """For a common noun that stands for a party ("the rebels"), by where it begins: why that party."""


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
    context = context_of(document, mentions=mentions, places=places, phrases=phrases, actors=actors, gazetteer=gazetteer)
    claims: list[Claim] = []
    earlier: tuple[Unit, ...] = ()
    last_place: Where | None = None
    for number, (sentence, units) in enumerate(context.by_sentence):
        tell("claims", number / len(context.by_sentence))
        for part in parts_of(document, sentence, units):
            found = _part_claims(context, part, earlier, part.label or last_place)
            earlier = tuple(unit for unit in part.units if unit.actor) or _described(found) or earlier
            claims += found
            last_place = next((unit.where for unit in reversed(part.units) if _is_spot(unit)), part.label or last_place)
    return ended(tuple({claim.id: claim for claim in claims}.values()), history=context.history)


def context_of(
    document: Document,
    *,
    mentions: Iterable[Mention],
    places: Iterable[Place],
    phrases: Iterable[Phrase],
    actors: Actors,
    gazetteer: Gazetteer | None = None,
) -> Context:
    """Return what the sentences of a document share, with the sentences and the names in them; the arguments are those of `read_claims`."""
    mentions, phrases = sorted(mentions, key=lambda one: one.start), sorted(phrases, key=lambda one: one.start)
    places = tuple(places)
    countries = _countries(document, places)
    readable = [sentence for sentence in sentences(document) if sentence.end - sentence.start <= LONGEST_SENTENCE]
    found = units_by_sentence(document, readable, mentions=mentions, places=places, phrases=phrases, actors=actors, countries=countries)
    by_sentence, notes = with_referents(document, found, actors=actors, countries=countries)
    parties = Counter(unit.actor for _, units in by_sentence for unit in units if unit.actor)
    return Context(
        document=document,
        actors=actors,
        countries=countries,
        war=actors.war_of({unit.actor.id: unit.actor for _, units in by_sentence for unit in units if unit.actor}.values()),
        voices=Voices(document, actors, (actor for actor, _ in parties.most_common(1))),
        history=is_history(document),
        by_sentence=by_sentence,
        notes=notes,
        gazetteer=gazetteer,
    )


def _described(claims: Sequence[Claim]) -> tuple[Unit, ...]:
    """The parties that only the words of a claim name, for a pronoun after it."""
    return tuple(Unit(start=0, end=0, actor=claim.actor) for claim in claims if claim.actor is not None)


def _is_spot(unit: Unit) -> bool:
    """Whether "it" in the next sentence may mean this place."""
    return isinstance(unit.where, Named) and unit.kind != "country"


def _part_claims(context: Context, part: Part, earlier: Sequence[Unit], last_place: Where | None) -> list[Claim]:
    document = context.document
    text = document.reading[part.start : part.end]
    claims: list[Claim] = []
    previous: Actor | None = None
    matches = cues_in(text)
    parsed = parser.parse(document, part.extent) if matches else None
    tree = Tree(parsed) if parsed else None
    for match in matches:
        speaking = speaker_of(text, match, part.units, offset=part.start, tree=tree)
        filled = slots.fill(
            document,
            text,
            match,
            part.units,
            offset=part.start,
            earlier=earlier,
            previous=previous,
            voice=context.voices.we(speaking[1]),
            last_place=last_place,
            tree=tree,
            actors=context.actors,
            countries=context.countries,
            others=matches,
            gazetteer=context.gazetteer,
        )
        judgement = judge(text, match, part.units, offset=part.start, tree=tree)
        context.voices.heard(judgement)
        if filled is None or judgement.status is None or _is_vague(match, filled, judgement):
            continue
        previous = filled.actor or previous
        claims += _cue_claims(context, part, match, filled, judgement, tree, claims)
    return claims


def _cue_claims(
    context: Context,
    part: Part,
    match: CueMatch,
    filled: slots.Filled,
    judgement: Judgement,
    tree: Tree | None,
    told: Sequence[Claim],
) -> list[Claim]:
    """The claims of one cue, one for each place; those of the part so far are `told`."""
    claims: list[Claim] = []
    span = part.start + match.start, part.start + match.end
    judgement = context.voices.meant(judgement, part.sentence, span[0])
    present = tree is not None and tree.is_present(*span)
    if tree is not None and match.cue.predicate in EVENTS and judgement.status == "reported" and not judgement.speaker:
        judgement = replace(judgement, status="past") if tree.is_pluperfect(*span) else judgement
    for place in filled.places or (None,):
        if _is_told(told, match, filled, place):
            continue
        claims.append(claim_of(context, part, match, filled, place, judgement, present))
        if place and filled.target and match.cue.family in ("withdrawal", "expulsion"):
            gain = replace(match, cue=replace(match.cue, predicate="controls"))
            claims.append(claim_of(context, part, gain, replace(filled, actor=filled.target, target=None), place, judgement, present))
    return claims


def _is_told(claims: Sequence[Claim], match: CueMatch, filled: slots.Filled, place: slots.Placed | None) -> bool:
    """Whether other words of the part already claim the same ("checkpoints remain at")."""
    where = place.where if place else None
    return where is not None and any(
        claim.predicate == match.cue.predicate == "bases" and claim.where == where and claim.actor == filled.actor for claim in claims
    )


def _is_vague(match: CueMatch, filled: slots.Filled, judgement: Judgement) -> bool:
    """Whether nobody in particular would do what is only planned ("after the liberation of Mosul", "calls for a return to")."""
    return (
        filled.actor is None and judgement.status in ("proposed", "intended", "conditional", "agreed") and match.cue.predicate != "agrees"
    )


def claim_of(
    context: Context,
    part: Part,
    match: CueMatch,
    filled: slots.Filled,
    place: slots.Placed | None,
    judgement: Judgement,
    part_is_present: bool,
) -> Claim:
    """Return the claim of a cue whose slots are filled and whose sentence has been judged; `part_is_present` is its tense."""
    document, where = context.document, place.where if place else None
    status = judgement.status or "reported"
    predicate = _predicate(match.cue.predicate, judgement)
    actor, target = _parties(context, filled, judgement, predicate) if match.cue.family != "proposal" else (filled.actor, filled.target)
    ahead = status in ("proposed", "intended", "conditional")
    sentence, act = part.sentence, (part.start + match.start, part.start + match.end)
    dated = date_of(document, sentence=(sentence.start, sentence.end), act=act, place=place.span if place else None, ahead=ahead)
    if part_is_present and predicate in STATES and is_past(dated, document.published):  # "which Serb forces still hold"
        dated = When(start=document.published, precision="publication")
    status = _status(context, part, match, predicate, status, dated, part_is_present)
    confidence, reasons = _confidence(context, match, filled, judgement, status, actor)
    limits = [
        LIMITS[predicate],
        *filled.limits,
        *judgement.notes,
        *([match.cue.note] if match.cue.note else []),
        *(place.limits if place else ()),
    ]
    spot = where_text(where) if where else str(place.span) if place else ""
    key = "|".join((document.id, str(part.start + match.start), predicate, actor.id if actor else "", spot))
    way = next((way for one, way in filled.ways if one == place and predicate in COURSED), None)
    evidence = _evidence(document, part, match, filled, place, way)
    limits += [context.notes[span.start] + "." for span in evidence if span.role == "actor" and span.start in context.notes]
    return Claim(
        id="c" + hashlib.sha256(key.encode()).hexdigest()[:10],
        predicate=predicate,
        actor=actor,
        target=target,
        where=where,
        when=dated,
        status=status,
        speaker=judgement.speaker or document.source or "the report",
        evidence=evidence,
        confidence=confidence,
        reason="; ".join(reasons),
        limits=tuple(dict.fromkeys(limits)),
        made_by=MADE_BY,
        course=way.course if way else None,
    )


def _status(
    context: Context, part: Part, match: CueMatch, predicate: Predicate, status: Status, dated: When, part_is_present: bool
) -> Status:
    """The status of a claim, once its date and its tense are known: what is over is past."""
    if match.cue.family == "proposal":
        return "proposed"
    if predicate == "agrees" and status == "reported":
        return "agreed"
    if context.history and predicate in EVENTS and status in ("reported", "assessed") and not part_is_present:
        return "past"
    long_ago = is_past(dated, context.document.published) and not (context.history and predicate in ("controls", "withdraws"))
    over = (long_ago and not part_is_present) or has_lasted(context.document, part, match)
    return "past" if over and status in ("reported", "claimed", "assessed") else status


def _evidence(
    document: Document, part: Part, match: CueMatch, filled: slots.Filled, place: slots.Placed | None, way: Way | None
) -> tuple[Span, ...]:
    """The sentence, then the words in it for the act, the actor, the target, the place and the course."""
    at, sentence = part.start + match.start, part.sentence
    found: list[tuple[Role, tuple[int, int]]] = [("sentence", (sentence.start, sentence.end)), ("act", (at, at + len(match.words)))]
    for role, who in (("actor", filled.actor), ("target", filled.target)):
        named = [unit for unit in part.units if who is not None and unit.actor is not None and unit.actor.id == who.id]
        if named:
            nearest = min(named, key=lambda unit: min(abs(unit.end - at), abs(unit.start - at)))
            found.append((cast(Role, role), (nearest.start, nearest.end)))
    if place is not None and place.span is not None:
        found.append(("place", place.span))
    found += way.spans if way else ()
    return tuple(Span(document_id=document.id, start=a, end=b, quote=document.text[a:b], role=role) for role, (a, b) in found)


def _parties(context: Context, filled: slots.Filled, judgement: Judgement, predicate: Predicate) -> tuple[Actor | None, Actor | None]:
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
    if predicate == "agrees" and judgement.status in ("intended", "conditional"):
        return "proposes"
    if (
        predicate not in (STATE_CHANGES if judgement.gate != "demanded" else STATE_CHANGES | {"withdraws"})
        or judgement.status != "proposed"
    ):
        return predicate
    return "demands" if judgement.gate == "demanded" else "proposes"


def _confidence(
    context: Context, match: CueMatch, filled: slots.Filled, judgement: Judgement, status: Status, actor: Actor | None
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


def _countries(document: Document, places: Sequence[Place]) -> tuple[str, ...]:
    """The countries in which a document's places lie, the most named first; a country that only acts does not count."""
    counts: Counter[str] = Counter()
    for place in places:
        for mention in place.mentions:
            located = IN_PLACE.search(document.reading[max(0, mention.start - 30) : mention.start]) is not None
            if place.feature.country and mention.use == "literal" and (place.feature.kind != "country" or located):
                counts[place.feature.country] += 1 + located
    return tuple(country for country, _ in counts.most_common())
