"""Who is meant by a noun that does or suffers something: a known party, one that its words describe ("tribal fighters"), one named before.

A noun that is no party ("the storm", "residents") is nobody. A party that only its own words describe is kept under them; it has no
side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo import roles
from geo.clauses import Unit
from geo.cued import Cued
from geo.names import fold
from geo.records import Actor
from geo.syntax import Tree

__all__ = ["FIGHTERS", "THEIR_STATE", "party"]

NAMED_BEFORE = "the actor is named in the sentence before"
THEIR_STATE = frozenset(
    """
    army troops soldiers forces force units unit navy jets jet aircraft warplanes warplane planes plane bombers bomber helicopters
    helicopter gunships gunship warships warship ships artillery gunners commandos paratroopers marines police officers guards tanks
    armour armor gendarmes gendarmerie conscripts infantry cavalry regiment regiments battalion battalions brigade brigades division
    divisions drones drone missiles missile rockets rocket batteries military government authorities commanders generals airmen
    pilots crews staff ministry command commands commander leadership cabinet parliament officials spokesman spokesmen fleet fleets
    squadron squadrons wing flotilla submarine submarines frigate frigates destroyer destroyers corps regime carrier aviation
    peacekeepers contingent contingents servicemen personnel reservists advisers advisors engineers sappers garrison garrisons
    """.split()
)
"""Nouns that, behind the name of a people, mean the forces of its state ("Iraqi counter-terrorism units")."""
FIGHTERS = frozenset(
    """
    occupiers invaders aggressors expansionists garrison garrisons
    fighters fighter gunmen gunman militants militant rebels rebel insurgents insurgent guerrillas guerrilla guerillas militiamen
    militia militias separatists separatist jihadists jihadist extremists terrorists attackers assailants raiders bandits
    mercenaries volunteers partisans irregulars paramilitaries paramilitary mutineers defenders loyalists tribesmen clansmen
    warlords faction factions group groups alliance coalition column columns patrol patrols convoy convoys snipers mutineer
    dissidents vigilantes pirates dissident combatants combatant gang gangs men youths forces
    """.split()
)
THINGS = frozenset(
    """
    ship ships vessel vessels boat boats jet jets aircraft plane planes warplane warplanes guns gun missiles missile rockets rocket
    drones drone artillery batteries tanks armour armor helicopter helicopters
    """.split()
)
"""Weapons and craft, which are no party by themselves."""
AGAIN = frozenset(
    """
    group movement militia organisation organization army rebels insurgents militants fighters troops forces men alliance faction
    brigades units columns
    """.split()
)
MEMBERS = frozenset(
    """
    remnants members elements men columns fighters units parts survivors detachments hundreds thousands dozens scores groups bands
    """.split()
)
PRONOUNS = frozenset("they he she it we them him who which that both these those its their his her our".split())
MOST_WORDS = 6  # of a description; what is longer is no name for anybody


def party(s: Cued, tree: Tree, noun: int, earlier: Sequence[Unit]) -> tuple[Actor | None, str]:
    """Return the party that a noun means, and from where that is inferred ("" where its own words say it).

    Parameters
    ----------
    s, tree, noun
        The act in its sentence, the sentence's tree, and the word of it that heads the noun.
    earlier
        The actors of the sentence before, for a pronoun and for "the group".
    """
    unit = roles.name_in(s, tree, noun)
    if unit is not None and unit.actor is not None:
        common = s.between(unit.start, unit.end).islower()
        more = _owned(s, tree, noun, earlier) if common or unit.actor.kind == "generic" else None
        return more or (unit.actor, "")
    low = tree.low(noun)
    owner = tree.kin(noun, "nmod:poss")
    if s.voice is not None and (low in ("we", "us") or any(tree.low(each) == "our" for each in owner)):
        return s.voice, ""
    if low in PRONOUNS:
        own = _own_sentence(s, tree, noun, earlier)
        if own is not None:
            return own, "the actor is the one named before in the sentence"
        return (earlier[0].actor, NAMED_BEFORE) if earlier else (None, "")
    if owner and (low in THEIR_STATE or low in FIGHTERS) and (owned := _owned(s, tree, noun, earlier)) is not None:
        return owned
    words = _words(s, tree, noun)
    if s.actors is not None:
        known = s.actors.named(words, countries=s.countries, on=s.document.published) or s.actors.by_form(words)
        if known is not None and known.kind != "people":
            return known, ""
    whole = next((each for each in tree.kin(noun, "nmod") if tree.case(each).startswith(("of", "from"))), None)
    if low in MEMBERS and whole is not None:
        return party(s, tree, whole, earlier)
    if low in THEIR_STATE and (state := _state(s, tree, noun)) is not None:
        return state, ""
    if (
        low in AGAIN
        and earlier
        and re.match(r"(?:the|its|their|these|those|this|that)\b", words, re.IGNORECASE)
        and len(words.split()) <= 2
    ):
        return earlier[0].actor, NAMED_BEFORE
    if (low in THEIR_STATE and low not in THINGS) or low in FIGHTERS or _is_name(s, tree, noun):
        return _described(words), ""
    named = next((child for child in tree.kin(noun, "appos", "nmod:desc") if _is_name(s, tree, child)), None)
    return party(s, tree, named, earlier) if named is not None else (None, "")


def _owned(s: Cued, tree: Tree, noun: int, earlier: Sequence[Unit]) -> tuple[Actor | None, str] | None:
    """Whose "fighters" or "troops" are meant, where the words say so: "its fighters", "our troops", "whose men"."""
    owner = next(iter(tree.kin(noun, "nmod:poss")), None)
    if s.voice is not None and any(tree.low(child) == "our" for child in tree.children[noun]):
        return s.voice, ""
    if owner is None:
        state = _state(s, tree, noun)
        return (state, "") if state is not None and tree.low(noun) in THEIR_STATE else None
    if tree.low(owner) == "whose":
        node = tree.words[noun].head
        for _ in range(6):
            if node < 0 or tree.is_relation(node, "acl:relcl"):
                break
            node = tree.words[node].head
        head = tree.words[node].head if node >= 0 else -1
        found = party(s, tree, head, earlier) if head >= 0 else (None, "")
    else:
        found = party(s, tree, owner, earlier)
    return found if found[0] is not None else None


def _is_name(s: Cued, tree: Tree, noun: int) -> bool:
    """Whether a noun is a proper name that is no place: a person, or a party that no table knows."""
    word = tree.words[noun]
    placed = any(unit.where is not None and unit.start <= word.start < unit.end for unit in s.units)
    return word.tag in ("NNP", "NNPS") and word.text[:1].isupper() and not placed


def _own_sentence(s: Cued, tree: Tree, noun: int, earlier: Sequence[Unit]) -> Actor | None:
    """The subject of the clause above, for a pronoun in a clause below it ("The army said it had taken")."""
    node = tree.words[noun].head
    for _ in range(6):
        if node < 0:
            return None
        head = tree.words[node].head
        for subject in (*tree.kin(node, "nsubj"), tree.subject(head) if head >= 0 else None):
            if subject is None or subject >= noun or tree.low(subject) in PRONOUNS:
                continue
            found = party(s, tree, subject, earlier)[0]
            if found is not None:
                return found
        node = head
    return None


def _state(s: Cued, tree: Tree, noun: int) -> Actor | None:
    for child in tree.kin(noun, "amod", "compound"):
        word = tree.words[child]
        for unit in s.units:
            if unit.state is not None and unit.start <= word.start < unit.end:
                return unit.state
    return None


def _words(s: Cued, tree: Tree, noun: int) -> str:
    """The noun with what stands before it in its own words ("Iraqi counter-terrorism units")."""
    inside = list(tree.below(noun, without=("acl", "appos", "conj", "cc", "case", "nmod", "punct", "obl", "advmod")))
    last = max((word for word in inside if tree.is_relation(word, "flat")), default=noun)
    words = s.document.reading[tree.words[min(*inside, noun)].start : tree.words[max(last, noun)].end]
    return " ".join(words.split())


def _described(words: str) -> Actor | None:
    name = re.sub(
        r"^(?:the|an?|some|many|several|its|their|his|more|these|those|this|that|other|another|\d+)\s+", "", words, flags=re.IGNORECASE
    )
    if not name or len(name.split()) > MOST_WORDS:
        return None
    return Actor(
        id="described:" + re.sub(r"\W+", "-", fold(name)).strip("-"), name=name, kind="described", source="the words of the report"
    )
