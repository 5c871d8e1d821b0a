"""Replay of human corrections, one function per stage.

A `Decision` names its target by what the text says, not by a number that a re-read would change:

========  =======================  =============================================================================================
action    target                   value
========  =======================  =============================================================================================
place     the mention's words      the id of the feature that is meant; ``point:36.2,37.16;u=100`` for a spot, good to 100 m
drop      the mention's words      (none): it is not a place
kind      the mention's words      what kind of thing it names: one of `geo.records.Kind`
use       the mention's words      "literal", "metonym" or "demonym"
add       words that were missed   the id of the feature, or none: it is then looked up like any other name
reject    the claim (see below)    (none): the text does not say so
actor     the claim                the id of an actor in data/actors.csv, or any name
target    the claim                the same, for whom it is done to; none for nobody
status    the claim                one of `geo.records.Status`
dates     the claim                a day, or two with a slash between them ("2020-03-01/2020-03-05")
where     the claim                a recipe, as `geo.where` writes it
========  =======================  =============================================================================================

A claim is named by `claim_name`: its document, where its act stands, and the words of act and place; its id serves too. Where one act
makes two claims ("drove the rebels out of: Gao"), the kind of claim in brackets tells them apart ("... Gao [withdraws]"). The scope says
how far a decision reaches: "here" is one place in one text, "document" all places in it that use the words, "desk" every text. One that
names no document counts everywhere. Decisions are applied in order, and applying one twice is applying it once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast, get_args

from geo import actors, where
from geo.errors import InputError, UnknownPlace
from geo.hand_drawn import check as check_drawn
from geo.hand_drawn import limit_of
from geo.names import fold
from geo.points import is_point, named_point, point
from geo.records import Actor, Candidate, Claim, Decision, Document, Feature, Kind, Mention, Place, Status, Use, When
from geo.resolution import precision_of

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = [
    "ACTIONS", "check", "claim_name", "correct_candidates", "correct_claims", "correct_mentions", "correct_places", "is_in", "is_of_claim",
    "of_claim", "touching",
]

ACTIONS = ("place", "drop", "kind", "use", "add", "reject", "actor", "target", "status", "dates", "where")
SCOPES = ("here", "document", "desk")
_ALLOWED: dict[str, tuple[str, ...]] = {"kind": get_args(Kind), "use": get_args(Use), "status": get_args(Status)}
_OF_CLAIMS = frozenset({"reject", "actor", "target", "status", "dates", "where"})
_NEEDS_VALUE = frozenset({"place", "kind", "use", "actor", "status", "dates", "where"})


def check(decision: Decision) -> Decision:
    """Return a decision that can be applied.

    Raises
    ------
    InputError
        If its action, scope, target or value is none that is known.
    """
    name = f"The decision on {decision.target[:60]!r}"
    if decision.action not in ACTIONS:
        raise InputError(f"{name} has the action {decision.action!r}; choose {', '.join(ACTIONS)}.")
    if decision.scope not in SCOPES:
        raise InputError(f"{name} has the scope {decision.scope!r}; choose {', '.join(SCOPES)}.")
    if not decision.target.strip():
        raise InputError(f"A decision of the action {decision.action!r} names no target; give the words of the text that it is about.")
    if decision.action in _NEEDS_VALUE and not decision.value.strip():
        raise InputError(f"{name} has no value, which {decision.action!r} needs; see the actions in geo/decisions.py.")
    allowed = _ALLOWED.get(decision.action)
    if allowed and decision.value not in allowed:
        raise InputError(f"{name} has the value {decision.value!r}; choose {', '.join(allowed)}.")
    if decision.scope == "here" and decision.document and decision.start < 0:
        raise InputError(f"{name} has the scope 'here' and does not say where it stands; give `start`, or the scope 'document' or 'desk'.")
    if decision.action == "dates":
        _when(decision.value)
    if decision.action == "where":
        check_drawn(where.parse(decision.value))
    if decision.action in ("place", "add") and is_point(decision.value):
        _spot(decision.value)
    return decision


def correct_mentions(
    mentions: Iterable[Mention], document: Document, decisions: Iterable[Decision], *, gazetteer: Gazetteer | None = None
) -> tuple[Mention, ...]:
    """Drop what is no place, change kinds and uses, and add the names that were missed.

    Raises
    ------
    UnknownPlace
        If a missed name is said to be a feature that the gazetteer does not hold.
    """
    found = tuple(mentions)
    for decision in decisions:
        if decision.action == "drop":
            found = tuple(mention for mention in found if not _meant(decision, mention))
        elif decision.action == "kind":
            found = tuple(replace(m, kind=cast(Kind, decision.value)) if _meant(decision, m) else m for m in found)
        elif decision.action == "use":
            found = tuple(replace(m, use=cast(Use, decision.value)) if _meant(decision, m) else m for m in found)
        elif decision.action == "place":  # a name that stands for a place is meant as one
            found = tuple(replace(m, use="literal") if _meant(decision, m) and m.use == "metonym" else m for m in found)
        elif decision.action == "add":
            found = _added(found, document, decision, gazetteer)
    return found


def correct_candidates(candidates: Iterable[Candidate], decisions: Iterable[Decision], *, gazetteer: Gazetteer) -> tuple[Candidate, ...]:
    """Leave a name that a reader settled for a whole text nothing to mean but that, so that the other names are read beside it.

    Raises
    ------
    UnknownPlace
        If a decision names a feature that the gazetteer does not hold.
    """
    found = tuple(candidates)
    for decision in decisions:
        if decision.action not in ("place", "add") or not decision.value or (decision.scope == "here" and decision.document):
            continue
        name = fold(decision.target)
        meant = next((c for c in found if fold(c.mention.text) == name and is_in(decision, c.mention.document_id)), None)
        if meant is not None:
            only = Candidate(mention=meant.mention, feature=_feature(decision, (meant.mention,), gazetteer), match="exact", similarity=1.0)
            found = (*(c for c in found if fold(c.mention.text) != name), only)
    return found


def correct_places(
    places: Iterable[Place], mentions: Iterable[Mention], document: Document, decisions: Iterable[Decision], *, gazetteer: Gazetteer
) -> tuple[Place, ...]:
    """Move mentions to the feature that a reader chose.

    Raises
    ------
    UnknownPlace
        If a decision names a feature that the gazetteer does not hold.
    """
    places, named = tuple(places), tuple(mentions)
    for decision in decisions:
        if decision.action in ("place", "add") and decision.value:
            places = _moved(places, tuple(m for m in named if _meant(decision, m)), decision, gazetteer)
    return places


def correct_claims(claims: Iterable[Claim], decisions: Iterable[Decision]) -> tuple[Claim, ...]:
    """Drop the claims that a reader rejected, and change what they said otherwise of the rest."""
    named: dict[str, list[tuple[int, Decision]]] = {}
    for number, decision in enumerate(decisions):
        if is_of_claim(decision):
            named.setdefault(decision.target, []).append((number, decision))
    found = (_corrected(claim, named) for claim in claims) if named else claims
    return tuple(claim for claim in found if claim is not None)


def touching(document: Document, names: Iterable[str], decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions about names that can change what a document says.

    Parameters
    ----------
    document
        Whose text and id count.
    names
        What was recognised in it, folded (`geo.names.fold`). A decision acts on mentions whose words are its own, or fold to the same;
        those that an earlier decision added are known by its words.
    decisions
        All of a desk.
    """
    known, found = set(names), []
    for one in decisions:
        if is_of_claim(one) or not is_in(one, document.id):
            continue
        if one.target in document.text or fold(one.target) in known:
            found.append(one)
            known.add(fold(one.target))
    return tuple(found)


def claim_name(claim: Claim) -> tuple[str, str, int]:
    """Return what names a claim in a decision: the words of its act and place, its document, and where the act stands.

    The words stay when the reading of another name changes, so that a correction survives.
    """
    act = next((span for span in claim.evidence if span.role == "act"), claim.evidence[0])
    place = next((span.quote for span in claim.evidence if span.role == "place"), "")
    words = " ".join(act.quote.split())[:120]
    return f"{words}: {' '.join(place.split())}" if place else words, act.document_id, act.start


def of_claim(decision: Decision, claim: Claim) -> bool:
    """Say whether a decision is about a claim."""
    if decision.target == claim.id:
        return True
    _, document, start = claim_name(claim)
    if decision.target not in _targets(claim) or not is_in(decision, document):
        return False
    return decision.scope != "here" or not decision.document or decision.start == start


def is_of_claim(decision: Decision) -> bool:
    """Say whether a decision is about a claim; the others are about names."""
    return decision.action in _OF_CLAIMS


def is_in(decision: Decision, document_id: str) -> bool:
    """Say whether the scope of a decision reaches a document."""
    return decision.scope == "desk" or not decision.document or decision.document == document_id


def _targets(claim: Claim) -> tuple[str, str, str]:
    """What a decision may call a claim."""
    words = claim_name(claim)[0]
    return claim.id, words, f"{words} [{claim.predicate}]"


def _meant(decision: Decision, mention: Mention) -> bool:
    """Say whether a decision is about a mention: "here" the one that it names, else all of that name, however it is set ("TRIPOLI")."""
    if not is_in(decision, mention.document_id):
        return False
    if decision.scope == "here" and decision.document:
        return mention.text == decision.target and mention.start == decision.start
    return mention.text == decision.target or fold(mention.text) == fold(decision.target)


def _added(
    mentions: Sequence[Mention], document: Document, decision: Decision, gazetteer: Gazetteer | None
) -> tuple[Mention, ...]:
    """The mentions with those of the missed words; what was read at the same place gives way."""
    if not is_in(decision, document.id):
        return tuple(mentions)
    spans = [(m.start(), m.end()) for m in re.finditer(rf"(?<!\w){re.escape(decision.target)}(?!\w)", document.text)]
    if decision.scope == "here" and decision.document:
        spans = [span for span in spans if span[0] == decision.start]
    if not spans:
        return tuple(mentions)
    named = decision.value and gazetteer is not None and not is_point(decision.value)
    kind: Kind = gazetteer.get(decision.value).kind if named and gazetteer is not None else "populated"
    kept = tuple(m for m in mentions if not any(m.start < end and start < m.end for start, end in spans))
    new = (
        Mention(document_id=document.id, start=start, end=end, text=document.text[start:end], kind=kind, recogniser="a reader")
        for start, end in spans
    )
    return tuple(sorted((*kept, *new), key=lambda mention: mention.start))


def _moved(places: tuple[Place, ...], moved: tuple[Mention, ...], decision: Decision, gazetteer: Gazetteer) -> tuple[Place, ...]:
    if not moved:
        return places
    former = tuple(place for place in places if set(place.mentions) & set(moved))
    kept = [replace(place, mentions=tuple(m for m in place.mentions if m not in moved)) for place in places]
    feature = _feature(decision, moved, gazetteer)
    target = next((place for place in kept if place.feature.id == feature.id), None)
    if target is not None:
        kept.remove(target)
        moved = tuple(sorted({*target.mentions, *moved}, key=lambda mention: mention.start))
    rivals = tuple(rival for place in former for rival in place.rivals if rival.feature.id != feature.id)
    chosen = Place(
        id=feature.id,
        feature=feature,
        mentions=moved,
        confidence=1.0,
        precision=precision_of(feature),
        reason=f"chosen by {decision.by or 'a reader'}" + (f": {decision.note}" if decision.note else ""),
        rivals=rivals if target is None else target.rivals,
    )
    return (*(place for place in kept if place.mentions), chosen)


def _corrected(claim: Claim, named: Mapping[str, Sequence[tuple[int, Decision]]]) -> Claim | None:
    """A claim with the decisions about it in their order, by their target; None where it is rejected."""
    about = {number: one for target in _targets(claim) for number, one in named.get(target, ()) if of_claim(one, claim)}
    for number in sorted(about):
        if about[number].action == "reject":
            return None
        claim = _changed(claim, about[number])
    return claim


def _feature(decision: Decision, mentions: Sequence[Mention], gazetteer: Gazetteer) -> Feature:
    """What a decision says that a name means; a spot on the map bears the name, and is of its kind."""
    if not is_point(decision.value) or ";n=" in decision.value:
        return gazetteer.get(decision.value)
    return gazetteer.get(named_point(decision.value, name=decision.target, kind=mentions[0].kind))


def _spot(value: str) -> None:
    try:
        point(value)
    except UnknownPlace as error:
        raise InputError(str(error)) from error


def _changed(claim: Claim, decision: Decision) -> Claim:
    """A claim as a reader corrected it; its reason says so, and its words stay what they are."""
    reason = f"{decision.action} corrected by {decision.by or 'a reader'}" + (f": {decision.note}" if decision.note else "")
    told = claim.reason if reason in claim.reason else "; ".join(filter(None, (claim.reason, reason)))
    value = decision.value
    if decision.action == "actor":
        return replace(claim, actor=_actor(value), reason=told)
    if decision.action == "target":
        return replace(claim, target=_actor(value) if value else None, reason=told)
    if decision.action == "status":
        return replace(claim, status=cast(Status, value), reason=told)
    if decision.action == "dates":
        return replace(claim, when=_when(value), reason=told)
    ground = where.parse(value)
    limits = (*filter(None, (limit_of(ground),)), *claim.limits)
    return replace(claim, where=ground, reason=told, limits=tuple(dict.fromkeys(limits)))


def _actor(value: str) -> Actor:
    """The actor of an id or of a name; one that no table knows is kept by its name."""
    who = actors.shipped()
    try:
        return who.get(value)
    except LookupError:
        found = who.named(value) or who.by_form(value)
    return found or Actor(id="named:" + re.sub(r"\W+", "-", fold(value)).strip("-"), name=value, source="named by a reader")


def _when(value: str) -> When:
    first, _, last = (part.strip() for part in value.partition("/"))
    try:
        start, end = dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)
    except ValueError as error:
        raise InputError(f"The dates {value!r} cannot be read; write a day as 2020-03-05, or two as 2020-03-01/2020-03-05.") from error
    if end < start:
        raise InputError(f"The dates {value!r} end before they begin; write the earlier day first.")
    return When(start=start, end=end, words=value, precision="day")
