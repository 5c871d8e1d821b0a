"""How sure a claim is once all reports are read: witnesses that agree raise it, those that contradict or deny it lower it.

Confidence is added up in log-odds. A witness adds what it says beyond what would be believed without any; the second of them counts half,
the third a quarter, for reporters read one another. `geo.witnesses` says what is one witness: copies never raise a claim. A contradiction
is kept: both claims stay, both are lowered, and each says by whom it is contradicted.

References
----------
Good (1950), Probability and the Weighing of Evidence: the weight of evidence is a sum of log-odds.
"""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geo import actors
from geo.actors import Actors
from geo.records import Actor, Claim, Document
from geo.where import text as where_text
from geo.witnesses import Statement, copies, families, statement

__all__ = ["HIGHEST", "corroborate"]

HIGHEST = 0.97  # no number of reports makes a claim certain
OWN_CAUSE = 0.60  # nor does any number of parties that speak in their own cause make it more than likely
UNTOLD = 0.10  # what is believed of a claim that nobody makes; with it a party's word (.35) and a paper's (.80) make .90 together
DEPENDENCE = 0.5  # each further witness adds this share of the one before: three papers' .80 make .98 before the limit, not .999
OPPOSED = 0.5  # share of the witnesses for a rival claim that counts against this one: .80 against .80 leaves .40 each
DENIED = 0.5  # a denial halves what it denies
STATE_DAYS = 30  # reports that a place is held agree over this time; reports of an event agree on its day
LISTED = 3  # contradictions that a claim names

_FACTS = frozenset({"reported", "claimed", "assessed"})
_STATES = frozenset({"holds", "bases", "besieges", "contests", "supports", "located"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What is claimed, apart from who says so: two claims of the same content agree."""

    kind: str
    actor: Actor | None
    target: Actor | None
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Weighed:
    """A claim as evidence, with its content, its days and whether it is the word of a party in its own cause."""

    said: Statement
    content: _Content
    first: dt.date | None
    last: dt.date | None
    own_cause: bool

    @property
    def claim(self) -> Claim:
        return self.said.claim


def corroborate(claims: tuple[Claim, ...], documents: Iterable[Document]) -> tuple[Claim, ...]:
    """Return the claims with the confidence that all reports together give them, in the same order.

    Independent witnesses that agree raise a claim (never above `HIGHEST`); another holder of the same place at the same time lowers both
    and is named among the limits; a denial halves what it denies. The result does not depend on the order of claims or documents.
    """
    in_order = sorted(documents, key=lambda document: (document.published or dt.date.max, document.source), reverse=True)
    who, told = actors.shipped(), {document.id: document for document in in_order}  # of one text from two sources, the first
    at_place: dict[str, list[int]] = defaultdict(list)
    for number, claim in enumerate(claims):
        # a place that is not known is none in common
        if claim.where is not None or not any(span.role == "place" for span in claim.evidence):
            at_place[where_text(claim.where) if claim.where else ""].append(number)
    shared = [numbers for place, numbers in at_place.items() if len(numbers) > 1]
    met = {claims[number].evidence[0].document_id for numbers in shared for number in numbers}
    copy_of = copies(told[name] for name in met if name in told)
    found = [_capped(claim) for claim in claims]
    for numbers in shared:
        sources = [(claims[number], told.get(claims[number].evidence[0].document_id)) for number in numbers]
        weighed = [_weigh(statement(claim, document, who=who, copy_of=copy_of), who) for claim, document in sources]
        for number, claim in zip(numbers, _compared(weighed, who), strict=True):
            found[number] = claim
    return tuple(found)


def _weigh(said: Statement, who: Actors) -> _Weighed:
    claim = said.claim
    kind, actor, target = claim.predicate, claim.actor, claim.target
    content = _Content(kind=kind, actor=actor, target=target, mode="fact" if claim.status in _FACTS else claim.status)
    if kind in ("controls", "hands_over"):
        content = replace(content, kind="holds", actor=target if kind == "hands_over" and target else actor, target=None)
    first, last = claim.when.start, claim.when.end
    if claim.when.precision == "publication" and first:
        first, last = first - dt.timedelta(days=1), first
    elif first and last is None:
        last = max(first, said.day) if said.day else None
    own = said.voice is not None and said.voice.kind != "organisation" and not _against_interest(said.voice, content, who)
    return _Weighed(said=said, content=content, first=first, last=last, own_cause=own)


def _against_interest(voice: Actor, content: _Content, who: Actors) -> bool:
    """Whether a party tells of its own side's loss, or of its enemy's gain."""
    if content.actor is None:
        return False
    same = who.same_side(voice, content.actor)
    return bool(same) if content.kind == "withdraws" else same is False


def _compared(weighed: Sequence[_Weighed], who: Actors) -> list[Claim]:
    """The claims about one place, each weighed against all others."""
    war = who.war_of({a.id: a for one in weighed for a in (one.content.actor, one.content.target) if a}.values())
    family = families([one.said for one in weighed], who=who, war=war)
    alike: dict[_Content, list[int]] = defaultdict(list)
    for number in sorted(range(len(weighed)), key=lambda at: weighed[at].first or dt.date.min):
        alike[weighed[number].content].append(number)
    found = {}
    for content, numbers in alike.items():
        related = [
            (said, others, {_teller(at, said, weighed, family) for at in others})
            for other, others in alike.items() if (said := _relation(content, other, who, war))
        ]
        for number in numbers:
            said_of: dict[str, list[int]] = {"agrees": [], "contradicts": [], "denies": []}
            for said, others, tellers in related:
                if tellers != {_teller(number, said, weighed, family)}:
                    said_of[said] += _witnesses(number, said, others, weighed, family)
            found[number] = _revised(number, weighed, family, **said_of) if any(said_of.values()) else _capped(weighed[number].claim)
    return [found[number] for number in range(len(weighed))]


def _teller(number: int, said: str, weighed: Sequence[_Weighed], family: Sequence[int]) -> object:
    """Who makes a claim, as far as `_can_tell` tells witnesses apart: where all are one, none is a witness for another."""
    return family[number] if said == "agrees" else (weighed[number].said.text, weighed[number].said.voice)


def _witnesses(number: int, said: str, others: Sequence[int], weighed: Sequence[_Weighed], family: Sequence[int]) -> list[int]:
    """Those of some claims, sorted by their first day, that speak of the same time as this one and are fit to witness."""
    one = weighed[number]
    end = len(others)
    if one.first is not None and one.last is not None:
        latest = one.last + dt.timedelta(days=STATE_DAYS)
        end = bisect_right(others, latest, key=lambda at: weighed[at].first or dt.date.min)
    return [
        at for at in others[:end]
        if at != number and _meet(one, weighed[at], said) and _can_tell(one, weighed[at], said, apart=family[at] != family[number])
    ]


def _relation(one: _Content, other: _Content, who: Actors, war: str) -> str:
    """What another claim of the same place says of this one: it agrees, contradicts, denies or (empty) neither."""
    if other.mode == "denied" and one.mode == "fact":
        return "denies" if replace(other, mode="fact") == one else ""
    if one == other:
        return "agrees"
    if one.mode != "fact" or other.mode != "fact" or one.actor is None or other.actor is None:
        return ""
    if one.kind == other.kind == "holds":
        return "contradicts" if _apart(one.actor, other.actor, who, war) else ""
    if {one.kind, other.kind} == {"holds", "withdraws"}:
        if one.actor.id == other.actor.id:
            return "contradicts"
        return "agrees" if who.enemy(one.actor, other.actor, war=war) else ""
    return ""


def _apart(a: Actor, b: Actor, who: Actors, war: str) -> bool:
    """Whether two holders cannot be one party or allies; of a common word ("rebels") only an enemy is surely another."""
    same = who.same_side(a, b, war=war)
    return not same if same is not None else not {a.kind, b.kind} & {"generic", "people"}


def _meet(one: _Weighed, other: _Weighed, said: str) -> bool:
    """Whether two claims speak of the same time; what has no date may."""
    if one.first is None or other.first is None:
        return True
    slack = dt.timedelta(days=0)
    if said == "agrees":
        slack = dt.timedelta(days=STATE_DAYS if {one.content.kind, other.content.kind} & _STATES else 1)
    return one.first - slack <= (other.last or dt.date.max) and other.first - slack <= (one.last or dt.date.max)


def _can_tell(one: _Weighed, other: _Weighed, said: str, *, apart: bool) -> bool:
    """Whether another claim is a witness: of another family; a report that tells first one and then the other holder tells a story."""
    if said == "agrees":
        return apart
    return not (one.said.text == other.said.text and one.said.voice == other.said.voice)


def _revised(
    number: int, weighed: Sequence[_Weighed], family: Sequence[int], *, agrees: list[int], contradicts: list[int], denies: list[int]
) -> Claim:
    """One claim, with the weight of those that agree, contradict and deny."""
    claim = weighed[number].claim
    agreeing, rivals = _best(agrees, weighed, family), _best(contradicts, weighed, family)
    odds = _logit(min(claim.confidence, HIGHEST)) + DEPENDENCE * _pooled(agreeing) - OPPOSED * _pooled(rivals)
    limit = max(claim.confidence, OWN_CAUSE) if all(weighed[at].own_cause for at in (number, *agrees)) else HIGHEST
    sure = min(1 / (1 + math.exp(-odds)), limit, HIGHEST) * (DENIED if denies else 1.0)
    reasons = [claim.reason]
    if agreeing:
        reasons.append(f"{len(agreeing)} other independent source{'s' * (len(agreeing) > 1)} say{'s' * (len(agreeing) == 1)} the same")
    if rivals:
        reasons.append("contradicted, so it counts less")
    if denies:
        reasons.append("denied, so it counts half")
    notes = [*_notes("Contradicted by", contradicts, weighed), *_notes("Denied by", denies, weighed)]
    return replace(
        claim, confidence=round(sure, 2), reason="; ".join(reasons), limits=tuple(dict.fromkeys((*claim.limits, *notes)))
    )


def _capped(claim: Claim) -> Claim:
    return claim if claim.confidence <= HIGHEST else replace(claim, confidence=HIGHEST)


def _best(numbers: Iterable[int], weighed: Sequence[_Weighed], family: Sequence[int]) -> list[float]:
    """The confidence of the surest claim of each family, the surest family first."""
    best: dict[int, float] = {}
    for at in numbers:
        best[family[at]] = max(best.get(family[at], 0.0), weighed[at].claim.confidence)
    return sorted(best.values(), reverse=True)


def _pooled(confidences: Iterable[float]) -> float:
    """The log-odds that witnesses add, the surest first, each further one discounted."""
    gains = (max(0.0, _logit(min(sure, HIGHEST)) - _logit(UNTOLD)) for sure in confidences)
    return sum(gain * DEPENDENCE**rank for rank, gain in enumerate(gains))


def _logit(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(share / (1 - share))


def _notes(words: str, numbers: Iterable[int], weighed: Sequence[_Weighed]) -> list[str]:
    """Who contradicts or denies, in words, by name of speaker."""
    said = sorted({_note(words, weighed[at]) for at in numbers})
    more = [f"{words} {len(said) - LISTED} more."] if len(said) > LISTED else []
    return [*said[:LISTED], *more]


def _note(words: str, other: _Weighed) -> str:
    claim, holder = other.claim, other.content.actor
    day = claim.when.start or other.said.day
    says = {"holds": "holds the place", "withdraws": "has left the place"}.get(other.content.kind, "")
    what = f": {holder.name} {says}" if holder and says and words.startswith("Contra") else ""
    return f"{words} {claim.speaker}{f' ({day.isoformat()})' if day else ''}{what}."
