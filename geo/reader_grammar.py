"""Whether the grammar of a sentence lets a party do an act, and a place be what it is done to.

What the rules fill the slots of an act with is asked first. Where they find nothing, a party must be the subject, the agent or the owner of
the act in the tree of the sentence, and a place its object or where it happens; where there is no tree, the rules have the last word.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo import slots
from geo.actors import Actors
from geo.clauses import PLACE_NOUNS, clause
from geo.cued import Cued
from geo.parties import party
from geo.parts import Part
from geo.placed import Placed
from geo.reader_quotes import Found, Unproved
from geo.reader_quotes import Named as NamedParty
from geo.records import Actor, Document
from geo.roles import EVENT_LOCATIVE
from geo.syntax import Tree
from geo.typology import CueMatch
from geo.where import Named

__all__ = ["Grammar", "check_slots", "who_is"]

Extent = tuple[int, int]

NOT_ITS_PLACE = "the place is not what the act is done to"
OTHER_PARTY = "the sentence does not give the act to that party"
NO_PARTY = "no party does it"
UNKNOWN_ACTOR = "a party is none that the text names"
TOO_WIDE = "a whole country is too wide for it"

LEAVING = frozenset({"withdrawal", "expulsion"})  # families of cues whose place is left
# Families whose place is where it happens, not what it is done to.
HAPPENING = frozenset({"advance", "contest", "hit", "siege", "repel", "meeting", "presence", "freeze", "overlay"})
CLIMB = 4  # nouns between a name and the act ("the eastern part of the old town of X")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """A part of a sentence, the cue of an act in it, the tree where there is one, and what the rules fill the cue's slots with."""

    document: Document
    part: Part
    text: str
    tree: Tree | None
    match: CueMatch
    filled: slots.Filled | None
    actors: Actors
    countries: tuple[str, ...]

    @property
    def cue(self) -> Extent:
        """Where the cue stands in the document."""
        return self.part.start + self.match.start, self.part.start + self.match.end


def who_is(named: NamedParty, said: Grammar) -> Actor:
    """Return the party that some words of the sentence mean, as the rules read them: "his men", "tribal fighters", "they".

    Raises
    ------
    Unproved
        They mean none.
    """
    if named.actor is not None:
        return named.actor
    state = next((unit.state for unit in said.part.units if unit.state and _overlap((unit.start, unit.end), named.span)), None)
    noun = said.tree.top(*named.span) if said.tree is not None else None
    meant = party(_cued(said), said.tree, noun, ())[0] if said.tree is not None and noun is not None else None
    who = meant or state
    if who is None:
        raise Unproved(UNKNOWN_ACTOR)
    return who


def _cued(said: Grammar) -> Cued:
    first, last = clause(said.text, said.match.start)
    return Cued(
        document=said.document, text=said.text, offset=said.part.start, match=said.match, start=said.cue[0], end=said.cue[1],
        first=said.part.start + first, last=said.part.start + last, units=said.part.units, last_place=None, tree=said.tree,
        top=said.tree.top(*said.cue) if said.tree is not None else None, actors=said.actors, countries=said.countries,
    )


def check_slots(one: Found, said: Grammar) -> None:
    """Refuse a place or a party that the grammar does not give to the act.

    Raises
    ------
    Unproved
        It does not; the text of the error says which.
    """
    filled, place = said.filled, one.place
    wide = place is not None and isinstance(place.where, Named) and place.where.feature.startswith("country:")
    if wide and said.match.cue.family in slots.COUNTRY_IS_TOO_WIDE:
        raise Unproved(TOO_WIDE)
    ruled = filled is not None and (place is None or any(_is_same(each, place) for each in filled.places))
    if place is not None and not ruled and not _is_done_to(said, place.span):
        raise Unproved(NOT_ITS_PLACE)
    if one.actor is not None and not said.part.start <= one.actor.span[0] < said.part.end:
        raise Unproved(OTHER_PARTY)
    told_by_rules = ruled and filled is not None and filled.actor is not None
    if one.actor is not None and not told_by_rules and not _does(said, one.actor.span):
        raise Unproved(OTHER_PARTY)
    unsaid = one.target is not None or ruled or _goes_unsaid(said)
    if one.actor is None and (told_by_rules or not unsaid):
        raise Unproved(NO_PARTY)


def _is_same(ruled: Placed, place: NamedParty) -> bool:
    """Whether the rules put an act at the same place."""
    return ruled.span == place.span or (place.where is not None and ruled.where == place.where)


def _goes_unsaid(said: Grammar) -> bool:
    """Whether a sentence leaves out who does it ("the town was shelled", "the city fell")."""
    tree = said.tree
    top = tree.top(*said.cue) if tree is not None else None
    return said.match.cue.actor == "none" or (tree is not None and top is not None and tree.is_passive(top) and tree.agent(top) is None)


def _is_done_to(said: Grammar, span: Extent) -> bool:
    """Whether the tree makes a name the object of a cue, the subject of a passive one, or where it happens."""
    tree, family = said.tree, said.match.cue.family
    top = tree.top(*said.cue) if tree is not None else None
    if tree is None or top is None or (said.filled is None and not tree.is_verb(top)):
        return False
    if tree.is_relation(top, "acl") and tree.words[top].head in tree.within(*span) and tree.kin(top, "obj", "nsubj:pass"):
        return True  # "the islands, which they hold"
    subject = "nsubj" if said.match.cue.place == "subject" else "nsubj:pass"
    for node, head in _chain(tree, span):
        if head in tree.within(*said.cue):
            case = tree.case(node)
            joined = case in ("of", "over") or (family in LEAVING and case in ("from", "out of")) or (
                family in HAPPENING and set(case.split()) <= EVENT_LOCATIVE and bool(case) and not (said.filled and said.filled.places)
            )
            return tree.is_relation(node, "obj", subject) or (joined and tree.is_relation(node, "nmod", "obl"))
    return False


def _chain(tree: Tree, span: Extent) -> Iterator[tuple[int, int]]:
    """A name's word and its head, then up through nouns of which the name is a part."""
    node = tree.top(*span)
    for _ in range(CLIMB if node is not None else 0):
        assert node is not None
        head = tree.words[node].head
        if head < 0:
            return
        yield node, head
        of_a_place = tree.is_relation(node, "nmod") and tree.case(node) == "of" and tree.low(head) in PLACE_NOUNS
        if not (of_a_place or tree.is_relation(node, "appos", "conj", "flat", "compound")):
            return
        node = head


def _does(said: Grammar, span: Extent) -> bool:
    """Whether a party stands where the table of cues looks for the one that does it."""
    tree, slot = said.tree, said.match.cue.actor
    if slot == "none":
        return True
    if slot == "inside":
        return _overlap(span, said.cue)
    if slot == "before":
        between = said.text[span[1] - said.part.start : said.match.start] if span[1] >= said.part.start else "?"
        return span[1] <= said.cue[0] + 1 and not between.strip(" -")
    top = tree.top(*said.cue) if tree is not None else None
    if tree is None or top is None or slot in ("voice", "defender"):
        return False
    if slot in ("object", "to"):
        return any(head in tree.within(*said.cue) and tree.is_relation(node, "obl", "nmod") for node, head in _chain(tree, span))
    doers = _doers_of_verb(tree, top) if tree.is_verb(top) else _doers_of_noun(tree, top)
    words = [tree.words[index] for doer in doers for index in tree.below(doer, without=("acl",))]
    return any(_overlap(span, (word.start, word.end)) for word in words)


def _doers_of_verb(tree: Tree, verb: int) -> list[int]:
    perfect = bool(tree.kin(verb, "aux")) and not tree.kin(verb, "aux:pass")  # "have withdrawn", taken for a passive
    doer = tree.agent(verb) if tree.is_passive(verb) and not perfect else tree.subject(verb)
    return [] if doer is None else [doer]


def _doers_of_noun(tree: Tree, noun: int) -> list[int]:
    """Who owns what a noun says ("the army's offensive", "air strikes by"), else who does the verb that it belongs to ("launched an")."""
    agent = tree.agent(noun)
    own = [*([agent] if agent is not None else []), *tree.kin(noun, "nmod:poss", "compound", "amod")]
    head = tree.words[noun].head
    if own or head < 0 or not tree.is_verb(head):
        return own
    return _doers_of_verb(tree, head) if not tree.is_passive(head) and tree.is_relation(noun, "obj") else []


def _overlap(a: Extent, b: Extent) -> bool:
    return a[0] < b[1] and b[0] < a[1]
