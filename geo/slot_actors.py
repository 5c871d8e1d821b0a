"""Who fills the actor's and the target's slot of a cue: the subject, the one behind "by" or "to", the owner, those who meet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo import roles
from geo.clauses import Unit
from geo.cued import Cued
from geo.parties import party
from geo.records import Actor
from geo.syntax import Tree

__all__ = ["actor_of", "actor_of_the_offensive", "target_of", "those_who_meet"]

OWNED = re.compile(r"\b(?:its|their|his|her)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
BACKER = re.compile(
    r"-(?:backed|led|supported|aligned|allied|trained|armed|funded|sponsored|held|controlled|occupied|ruled|administered|dominated|run|"
    r"made)"
)
BY_DOING = re.compile(r"\b(?:by|after|before|without|and)\s+(?:\w+ly\s+)?$", re.IGNORECASE)
TO_TARGET = re.compile(
    r"\s*(?:(?:the|an?|its|their|his|both|some|many|all|local|several|armed|rebel|government|allied|of|against|on|more|than|\d+|[\w]+-\w+|[A-Z]\w+)\s+)*"
)
ABSTRACT = frozenset("idea plan proposal fact effort attempt decision offer possibility prospect notion scheme hope aim goal bid".split())
"""Nouns that do nothing: a tree that makes one the subject of an act is wrong."""
PRONOUN = re.compile(r"\b(?:they|he|she|it|who|which|both|the two|the group|its|their)\b", re.IGNORECASE)


def actor_of(s: Cued, passive: bool, earlier: Sequence[Unit], previous: Actor | None) -> tuple[Actor | None, str]:
    """Return who does it, and the reason in words where that is inferred from outside the clause."""
    slot = "by" if passive else s.match.cue.actor
    told = _by_tree(s, slot, earlier)
    if told is not None:
        return told
    if slot in ("subject", "defender", "loser"):
        return _subject(s, earlier)
    if slot in ("by", "to"):
        return _after(s, slot) or _possessor(s), ""
    if slot == "object":
        return next((unit.actor for unit in s.right() if unit.actor and len(s.between(s.end, unit.start).split()) <= 6), None), ""
    if slot == "inside" and s.match.cue.family == "expulsion" and s.tree is not None and s.top is not None:
        driven = next(iter(s.tree.kin(s.top, "obj", "nsubj:pass")), None)
        found = party(s, s.tree, driven, earlier) if driven is not None else (None, "")
        if found[0] is not None:
            return found
    if slot == "inside":
        inside = next((unit.actor for unit in s.units if unit.actor and s.start <= unit.start < s.end), None)
        if inside is None and s.tree is not None:
            owners = [child for word in s.tree.within(s.start, s.end) for child in s.tree.kin(word, "nmod:poss")]
            owners = owners or [child for word in s.tree.within(s.start, s.end) for child in s.tree.kin(word, "compound")]
            return party(s, s.tree, owners[0], earlier) if owners else (None, "")
        return inside, ""
    if slot == "before":
        near = [unit for unit in s.units if unit.actor and unit.start < s.start and len(s.between(unit.end, s.start).split()) <= 2]
        return (near[-1].actor if near else None), ""
    if slot == "owner":
        return _owner(s, earlier, previous)
    return None, ""


def _by_tree(s: Cued, slot: str, earlier: Sequence[Unit]) -> tuple[Actor | None, str] | None:
    """What the tree of the sentence says of a slot; None where it does not tell."""
    tree, top = s.tree, s.top
    if tree is None or top is None or slot not in ("subject", "defender", "loser", "by", "to", "object", "owner"):
        return None
    if slot == "owner":
        noun = roles.owner_noun(s, tree, top)
    elif slot == "object":
        noun = next(iter(roles.complements(s, tree) or ()), None)
    elif slot == "to":
        noun = roles.receiver(tree, top)
    elif slot == "by":
        noun = roles.agent_noun(tree, top)
        if noun is None:
            return None if s.match.cue.actor != "subject" else (None, "")
    else:
        noun = roles.subject_noun(s, tree, top)
    if noun is None:
        return (None, "") if tree.words[top].tag.startswith("NN") and s.match.cue.family in ("hit", "contest", "siege", "gain") else None
    return None if tree.low(noun) in ABSTRACT else party(s, tree, noun, earlier)


def _subject(s: Cued, earlier: Sequence[Unit]) -> tuple[Actor | None, str]:
    """The nearest actor before the verb that is no object of a preposition; of "Turkey and its allies", the first."""
    left = [unit for unit in s.left() if unit.actor and not BACKER.match(s.document.reading, unit.end)]
    plain = [unit for unit in left if not s.is_oblique(unit) and not s.aside(unit)]
    if plain and BY_DOING.search(s.between(s.first, s.start)) and s.match.words.lower().split()[0].endswith("ing"):
        return plain[-1].actor, ""
    inside = [unit for unit in plain if unit.start >= s.first]
    if inside:
        chosen = inside[0]
        for unit in inside[1:]:
            if re.fullmatch(r",?\s*and\s+(?:(?:its|their|the|his)\s+)?(?:\w+\s+){0,2}", s.between(unit.end, chosen.start)):
                chosen = unit
        return chosen.actor, ""
    if plain:
        return plain[0].actor, "the actor and the act do not stand in one clause"
    if earlier and PRONOUN.search(s.between(s.first, s.start)):
        return earlier[0].actor, "the actor is named in the sentence before"
    return None, ""


def actor_of_the_offensive(s: Cued) -> Actor | None:
    """Whose offensive it is: "the army's offensive", "stop the army from an offensive", "an offensive that the army had planned"."""
    before = s.between(s.offset, s.start)
    if re.search(r"\b(?:launch|began|beg[iu]n|start|mount|open|plan|prepar|conduct|wag)\w*\s+(?:\w+\s+){0,4}$", before):
        return _subject(s, ())[0]
    near = next(
        (u.actor for u in s.left() if u.actor and re.fullmatch(r"(?:['’]s?)?(?:\s+from)?\s+(?:[\w-]+\s+){0,3}", s.between(u.end, s.start))),
        None,
    )
    relative = re.search(
        r"\b(?:that|which|by)\s+(?:the\s+)?(?:\w+\s+)?$", s.between(s.end, next((u.start for u in s.right() if u.actor), s.end))
    )
    return near or (next(u.actor for u in s.right() if u.actor) if relative else None)


def those_who_meet(s: Cued, earlier: Sequence[Unit]) -> tuple[Actor | None, Actor | None, str]:
    """The first two parties of the sentence, or of the one before for "the two leaders"."""
    here = {unit.actor.id: unit.actor for unit in s.units if unit.actor}
    both = list(here.values())
    if s.tree is not None and s.top is not None and s.tree.is_verb(s.top) and s.match.words.lower().startswith(("met", "meet")):
        subject, whom = roles.subject_noun(s, s.tree, s.top), next(iter(s.tree.kin(s.top, "obj", "obl")), None)
        first = party(s, s.tree, subject, earlier)[0] if subject is not None else None
        second = party(s, s.tree, whom, earlier)[0] if whom is not None else None
        if first is not None:
            return first, second, ""
    if len(both) < 2 and re.search(r"\b(?:two|both|leaders|presidents|sides|they)\b", s.text, re.IGNORECASE):
        before = {unit.actor.id: unit.actor for unit in earlier if unit.actor}
        return (*([*before.values(), None, None][:2]), "those who meet are named in the sentence before")  # type: ignore[return-value]
    return (*([*both, None, None][:2]), "")  # type: ignore[return-value]


def _after(s: Cued, word: str) -> Actor | None:
    """The actor after "by" or "to"."""
    for unit in s.right():
        gap = s.between(s.end, unit.start)
        if unit.actor and re.search(rf"\b{word}\s+(?:[\w-]+\s+){{0,3}}$", gap) and len(gap.split()) <= 20:
            return unit.actor
    return None


def _possessor(s: Cued) -> Actor | None:
    """ "The army's capture of"."""
    return next((u.actor for u in s.left() if u.actor and re.fullmatch(r"['’]s?\s+(?:\w+\s+){0,2}", s.between(u.end, s.start))), None)


def _owner(s: Cued, earlier: Sequence[Unit], previous: Actor | None) -> tuple[Actor | None, str]:
    """Whose base it is: "Russia's", "Russian", "its"; "and a naval base" goes on from the base before."""
    before = s.between(s.first, s.start)
    near = [u for u in s.left() if u.actor and re.fullmatch(r"(?:['’]s?)?\s*(?:(?!and\b|,)[\w-]+\s+){0,3}", s.between(u.end, s.start))]
    if near:
        return near[0].actor, ""
    if OWNED.search(before):
        return _subject(s, earlier)
    if previous and re.search(r"\band\s+(?:an?\s+|the\s+)?(?:\w+\s+){0,1}$", before):
        return previous, ""
    subject = (
        _subject(s, ())
        if re.search(
            r"\b(?:has|have|had|keeps?|kept|maintains?|maintained|operates?|operated|runs?|ran|built|set up|established|"
            r"manned|is|are|was|were|its|protect\w*|troops?|forces?|soldiers?|opened)\b",
            before,
        )
        else (None, "")
    )
    return subject if subject[0] else (_after(s, "by"), "")


def _supported(s: Cued, tree: Tree, top: int, slot: str) -> int | None:
    """The noun that is backed: what a verb's subject or object is, or the noun behind "Turkish-backed"."""
    if s.match.cue.actor == "before":
        head = tree.words[top].head
        return head if tree.is_relation(top, "amod", "compound") else None
    if slot == "targetleft" or tree.is_passive(top):
        return roles.patient(s, tree, top)
    return next(iter(roles.complements(s, tree) or ()), None)


def target_of(s: Cued, passive: bool, actor: Actor | None, earlier: Sequence[Unit] = ()) -> Actor | None:
    """Return to whom it is done: the one attacked or supported, the one that receives, the other party of a fight."""
    slot = s.match.cue.place
    if s.tree is not None and s.top is not None and s.match.cue.family == "support" and s.match.cue.actor != "inside":
        noun = _supported(s, s.tree, s.top, slot)
        found = party(s, s.tree, noun, earlier)[0] if noun is not None else None
        if found is not None:
            return found
    if s.match.cue.family in ("handover", "withdrawal"):
        return _after(s, "to")
    if s.match.cue.family == "expulsion":
        return _subject(s, ())[0]
    if s.match.cue.actor == "inside" or slot == "targetinside":
        return next((unit.actor for unit in s.units if unit.actor and s.start <= unit.start < s.end and unit.actor != actor), None)
    if slot == "targetleft" or (passive and slot in ("target", "hit")):
        left = [unit for unit in s.left() if unit.actor and unit.start >= s.first and unit.actor != actor]
        return left[0].actor if left else None
    if slot in ("target", "hit"):
        for unit in s.right():
            gap = s.between(s.end, unit.start)
            if unit.actor and unit.start < s.last and len(gap.split()) <= 5 and not BACKER.match(s.document.reading, unit.end):
                return unit.actor if unit.actor != actor and TO_TARGET.fullmatch(gap) else None
    return None
