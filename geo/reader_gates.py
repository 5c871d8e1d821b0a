"""What the project's own tables, gates and grammar make of a claim that a service tells: they may lower it or refuse it, never raise it.

The words of the act must mean in the table of cues what the service says, and its place must be what the act is done to, or where it
happens: a service may find what the rules overlook, it may not teach them what words mean. The gates of the sentence (proposed, denied,
negated ...) decide over the status.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from geo import parser, slots
from geo.actors import Actors
from geo.attribution import Judgement, judge
from geo.parts import Part
from geo.reader_grammar import Grammar, check_slots, who_is
from geo.reader_quotes import Found, Unproved
from geo.records import Actor, Document, Predicate, Status
from geo.syntax import Tree
from geo.typology import CueMatch, cues_in

__all__ = ["FIRMNESS", "Gated", "gated"]

FIRMNESS: dict[Status, int] = {
    "reported": 5, "assessed": 4, "claimed": 3, "past": 2, "agreed": 2, "intended": 1, "proposed": 1, "conditional": 1, "denied": 0,
}
"""How much a status says; of two, the one that says less stands."""

OTHER_ACT = "the words of the act mean something else"
NEW_WORDS = "the words of the act are not known to say that"
NEGATED = "the sentence denies or negates it"
NOT_DENIED = "nothing in the sentence denies it"
INSTRUCTION = "the sentence is an instruction, not a report"

UNREAL: frozenset[Predicate] = frozenset({"proposes", "demands"})
AHEAD: frozenset[Status] = frozenset({"proposed", "intended", "conditional", "agreed"})
_SAY = "say state report claim write output print answer reply respond assume imagine suppose pretend declare conclude tell".split()
_SAY_THAT = re.compile(
    rf"\W*(?:(?:now|then|please|so|and|you (?:must|should|will))\W+)*(?:{'|'.join(_SAY)})\b[^.]{{0,20}}?\bthat\b", re.IGNORECASE
)
_TO_A_MODEL = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b.{0,40}\b(?:instructions?|prompts?|guidelines)\b|\b(?:language model|AI (?:assistant|model)|"
    r"system prompt|helpful assistant|JSON)\b|^\W*(?:system|assistant|user|developer)\s*(?:message|prompt)?\s*:",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gated:
    """An answer as the gates leave it: its act and parties, its judgement, whether it is of the present, and what was lowered, in words."""

    part: Part
    match: CueMatch
    judgement: Judgement
    actor: Actor | None
    target: Actor | None
    present: bool
    lowered: str


def gated(
    one: Found, predicate: Predicate, status: Status, *, document: Document, parts: Sequence[Part], actors: Actors,
    countries: tuple[str, ...],
) -> Gated:
    """Return what the gates of its sentence leave of an answer.

    Raises
    ------
    Unproved
        They leave nothing.
    """
    part = next((each for each in parts if each.start <= one.act[0] and one.act[1] <= each.end), None)
    if part is None:
        raise Unproved(OTHER_ACT)
    text, tree, matches = _grammar(document, part)
    match = _cue(one, predicate, part, matches)
    if _is_instruction(document, one, parts, tree):
        raise Unproved(INSTRUCTION)
    judgement = judge(text, match, part.units, offset=part.start, tree=tree)
    filled = slots.fill(
        document, text, match, part.units, offset=part.start, tree=tree, actors=actors, countries=countries, others=matches
    )
    said = Grammar(document=document, part=part, text=text, tree=tree, match=match, filled=filled, actors=actors, countries=countries)
    actor, target = (who_is(each, said) if each is not None else None for each in (one.actor, one.target))
    check_slots(one, said)
    lower, why = _lowered(status, judgement)
    if predicate in UNREAL and match.cue.predicate != predicate and lower not in AHEAD:
        raise Unproved(OTHER_ACT)
    at = part.start + match.start
    present = tree is not None and tree.is_present(at, part.start + match.end)
    return Gated(
        part=part, match=match, judgement=replace(judgement, status=lower), actor=actor, target=target, present=present, lowered=why
    )


@lru_cache(maxsize=128)
def _grammar(document: Document, part: Part) -> tuple[str, Tree | None, tuple[CueMatch, ...]]:
    """The text of a part, its tree where there is a parser, and its cues; kept, for a passage is proved claim by claim."""
    text = document.reading[part.start : part.end]
    parsed = parser.parse(document, part.extent)
    return text, Tree(parsed) if parsed else None, cues_in(text)


def _cue(one: Found, predicate: Predicate, part: Part, matches: Sequence[CueMatch]) -> CueMatch:
    """The cue of the table that the words of the act are; what is proposed or demanded may be any act."""
    start, end = one.act[0] - part.start, one.act[1] - part.start
    known = [match for match in matches if match.start < end and start < match.end]
    fitting = [match for match in known if match.cue.predicate == predicate or predicate in UNREAL]
    if not fitting:
        raise Unproved(OTHER_ACT if known else NEW_WORDS)
    return min(fitting, key=lambda match: abs(match.start - start))


def _lowered(status: Status, judgement: Judgement) -> tuple[Status, str]:
    """The status that says less: the answer's or that of the sentence's gates."""
    if judgement.status is None:
        raise Unproved(NEGATED)
    if status == "denied" and judgement.status != "denied":
        raise Unproved(NOT_DENIED)
    if FIRMNESS[judgement.status] <= FIRMNESS[status]:
        words = f"the sentence makes it {judgement.status}, the reader said {status}" if judgement.status != status else ""
        return judgement.status, words
    return status, ""


def _is_instruction(document: Document, one: Found, parts: Sequence[Part], tree: Tree | None) -> bool:
    """Whether a sentence tells its reader what to say: its paragraph speaks to a model, or the act hangs on an imperative ("say that")."""
    beside = [part.sentence for part in parts if part.sentence.paragraph == one.sentence.paragraph]
    if _TO_A_MODEL.search(document.reading, beside[0].start, beside[-1].end) or _SAY_THAT.match(document.reading, one.sentence.start):
        return True
    top = tree.top(*one.act) if tree is not None else None
    if tree is None or top is None:
        return False
    orders = [index for index in tree.governors(top) if tree.words[index].tag in ("VB", "VBP") and tree.low(index) in _SAY]
    return any(tree.subject(index) is None and not tree.kin(index, "aux", "mark") for index in orders)

