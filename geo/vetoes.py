"""Which acts are no claims: a word that is no act here, an act without the party or the place that it needs.

`is_no_act` looks at the word in its sentence before the slots are filled, `lacks` at what filled them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from geo import roles
from geo.cued import Cued
from geo.parties import FIGHTERS, THEIR_STATE
from geo.records import Actor, Predicate
from geo.typology import CueMatch

__all__ = ["NEEDS_ACTOR", "NOUN_BEFORE", "is_no_act", "lacks"]

NEEDS_ACTOR: frozenset[Predicate] = frozenset({"withdraws", "supports", "bases", "patrols", "advances"})
MAKING = re.compile(
    r"announc|agre|sign|declar|broker|enter|took|tak|came|com(?:e|ing)|reach|hold|held|begin|beg[au]n|accept|conclud|start|propos|demand|"
    r"call|negotiat|order|offer|violat|br(?:oke|eak)",
    re.IGNORECASE,
)
"""Verbs of which a ceasefire is the object or the subject where it is made, kept or broken."""
FIGHTING = re.compile(
    r"fight|clash|battl|combat|skirmish|firefight|gun|hostilit|violence|shooting|duel|both|sides?$|they|front|line|village|town|city|area|place",
    re.IGNORECASE,
)
"""Nouns that are the fighting itself, or where it is."""
WEAPONS = frozenset(
    """
    rounds round cannon sniper snipers shrapnel
    bomb bombs bomber bombers mortar mortars rocket rockets missile missiles shell shells shellfire fire drone drones artillery
    grenade grenades jet jets aircraft warplane warplanes plane planes helicopter helicopters gunship gunships strike strikes
    airstrike airstrikes raid raids barrage salvo explosion explosions blast blasts attack attacks attacker bombardment shelling
    projectile projectiles munition munitions mine mines torpedo torpedoes gun guns howitzers tank tanks gunfire bombing bombings
    volley volleys gunmen vehicle
    """.split()
)
"""Nouns that strike: general knowledge of English."""
NOUN_BEFORE = re.compile(
    r"\b(?:the|an?|its|their|his|this|that|these|those|any|no|more|new|air|rocket|missile|drone|artillery|of|for|major|heavy|latest)\s+$",
    re.IGNORECASE,
)


def is_no_act(s: Cued, others: Sequence[CueMatch]) -> bool:
    """Return whether the words of a cue do not say what the cue stands for ("bombed buildings", "the outpost was overrun" for a base)."""
    family = s.match.cue.family
    if s.match.words.lower() in ("guard", "guards") and s.tree is not None and s.top is not None and not s.tree.is_verb(s.top):
        return True  # "the Welsh Guards"
    if s.match.cue.actor == "before" and re.search(r"\bnon-[\w-]*$", s.between(s.offset, s.start), re.IGNORECASE):
        return True  # "non-government-controlled"
    if _is_bare_noun(s) or _is_adjective(s) or _is_part_of_a_name(s) or _is_weapon(s):
        return True
    if family == "proposal" and (s.tree is None or s.top is None or _speaks_of_others(s, others)):
        return True
    return family in ("presence", "hold") and (_is_undergoing(s, others) or not _is_presence(s))


def lacks(s: Cued, actor: Actor | None, target: Actor | None, *, placed: bool, origin: bool, passive: bool) -> bool:
    """Return whether an act has not what its claim needs: a party that can do it, somebody to do it to, a place.

    Parameters
    ----------
    placed
        Whether it has a place.
    origin
        Whether that is where it came from.
    passive
        Whether the act is passive.
    """
    cue = s.match.cue
    nominal = s.tree is not None and s.top is not None and s.tree.words[s.top].tag.startswith("NN") and cue.actor not in ("before", "owner")
    if actor is None and (
        (cue.predicate in NEEDS_ACTOR and not nominal and not (passive and cue.predicate == "withdraws"))
        or (cue.predicate == "controls" and not _goes_unsaid(s, passive))
    ):
        return True
    if actor is None and (cue.family == "proposal" or (cue.family == "contest" and cue.actor != "none" and _has_other_subject(s))):
        return True
    if cue.predicate in ("advances", "bases", "patrols", "supports") and actor is not None and _is_mere_name(actor):
        return True
    if cue.predicate == "supports":
        return actor is None or target is None or target.id == actor.id
    if not placed:
        return cue.family != "freeze" or not _is_made(s)
    return (
        cue.predicate == "attacks"
        and cue.place == "hit"
        and not (actor or target or origin or passive or cue.actor == "by" or _is_armed(s))
    )


def _has_other_subject(s: Cued) -> bool:
    """Whether somebody who is no party is said to fight ("the mayor is fighting for his political life")."""
    if s.tree is None or s.top is None or not s.tree.is_verb(s.top) or s.tree.is_passive(s.top):
        return False
    subject = s.tree.subject(s.top)
    inside = subject is not None and s.start <= s.tree.words[subject].start < s.end
    return subject is not None and not inside and FIGHTING.match(s.tree.low(subject)) is None


def _goes_unsaid(s: Cued, passive: bool) -> bool:
    """Whether the sentence leaves out who takes a place: "was captured", "the capture of", "fell"; a hold has a holder."""
    if s.match.cue.family == "hold":
        return False
    if passive and s.tree is not None and s.top is not None and s.tree.agent(s.top) is not None:
        return False
    return passive or s.match.cue.family == "fall" or (s.tree is not None and s.top is not None and not s.tree.is_verb(s.top))


def _is_undergoing(s: Cued, others: Sequence[CueMatch]) -> bool:
    """Whether a base or post is what another act of the sentence is done to."""
    if s.tree is None or s.top is None or s.tree.is_verb(s.top):
        return False
    head = s.tree.words[s.top].head
    if head < 0 or not s.tree.is_relation(s.top, "obj", "obl", "nsubj:pass", "nmod", "conj"):
        return False
    while s.tree.is_relation(head, "conj") and not s.tree.is_verb(head):
        head = s.tree.words[head].head
    word = s.tree.words[head]
    return any(
        s.offset + other.start < word.end and word.start < s.offset + other.end and other.cue.family not in ("presence", "support")
        for other in others
    )


def _speaks_of_others(s: Cued, others: Sequence[CueMatch]) -> bool:
    """Whether what is proposed or demanded is told by another act of the sentence ("demands that they leave Sirte")."""
    assert s.tree is not None
    assert s.top is not None
    under = set(s.tree.below(s.top))
    return any(
        other is not s.match and other.cue.family != "proposal" and under & set(s.tree.within(s.offset + other.start, s.offset + other.end))
        for other in others
    )


def _is_part_of_a_name(s: Cued) -> bool:
    """Whether the cue is a noun that only describes another ("combat positions")."""
    return (
        s.tree is not None
        and s.top is not None
        and s.match.cue.actor not in ("before", "inside", "none")
        and s.tree.is_relation(s.top, "compound", "flat")
        and s.tree.words[s.top].tag.startswith("NN")
    )


def _is_adjective(s: Cued) -> bool:
    """Whether an attack only describes a thing ("bombed buildings")."""
    return s.tree is not None and s.top is not None and s.match.cue.family == "hit" and s.tree.is_relation(s.top, "amod")


def _is_weapon(s: Cued) -> bool:
    """Whether a word that may be a verb is the weapon itself ("rockets", "mortar rounds")."""
    return (
        s.tree is not None
        and s.top is not None
        and s.tree.words[s.top].tag.startswith("NN")
        and re.fullmatch(r"(?:shell|mortar|rocket|bomb|mine|raid)s?(?: (?:on|into|against))?", s.match.words, re.IGNORECASE) is not None
        and not s.match.words.lower().startswith("raid")
    )


def _is_presence(s: Cued) -> bool:
    """Whether a noun that names a camp or post is said to be kept, manned or left standing by somebody, or is a base of somebody's."""
    if s.match.cue.family != "presence" or s.tree is None or s.top is None or s.tree.is_verb(s.top):
        return True
    if re.match(
        r"(?:(?:military|naval|air|army|helicopter|drone|main) ?)*(?:bases?|garrisons?|checkpoints?|road ?blocks?|observation)",
        s.match.words,
        re.IGNORECASE,
    ):
        return True
    head = s.tree.words[s.top].head
    return (
        head < 0
        or (s.tree.is_verb(head) and s.tree.is_relation(s.top, "obj", "nsubj", "conj", "xcomp"))
        or not s.tree.is_relation(s.top, "nmod", "obl")
    )


def _is_mere_name(actor: Actor) -> bool:
    """Whether a party is only a name that no table knows, perhaps a person's ("Karim Wasifi")."""
    last = actor.name.split()[-1].lower()
    several = " " not in actor.name and last.endswith("s")
    return actor.id.startswith("described:") and actor.name[:1].isupper() and not several and last not in FIGHTERS | THEIR_STATE


def _is_made(s: Cued) -> bool:
    """Whether a ceasefire is said to be made or to begin, not only mentioned ("after the truce")."""
    if s.tree is None or s.top is None:
        return True
    head = s.tree.words[s.top].head
    words = [s.tree.low(each) for each in (head, *s.tree.kin(s.top, "acl")) if each >= 0]
    return any(MAKING.match(word) for word in words)


def _is_armed(s: Cued) -> bool:
    """Whether an attack that nobody is said to make is one: a weapon strikes, or the word itself is a noun ("shelling of the market")."""
    if s.tree is None or s.top is None:
        return False
    if not s.tree.is_verb(s.top):
        return True
    subject = s.tree.subject(s.top)
    return subject is not None and any(s.tree.low(word) in WEAPONS for word in s.tree.below(subject, without=("acl", "conj")))


def _is_bare_noun(s: Cued) -> bool:
    """Whether a cue that may be a verb is a noun here, with nothing that says where ("the air strikes")."""
    if s.tree is not None and s.top is not None and s.match.cue.family == "hit":
        return s.tree.words[s.top].tag.startswith("NN") and not (roles.complements(s, s.tree) or roles.located(s.tree, s.top))
    if s.tree is not None and s.top is not None and (s.tree.is_verb(s.top) or s.match.cue.family in ("contest", "siege")):
        return False
    return (
        s.match.cue.place in ("hit", "object", "target")
        and " " not in s.match.words.strip()
        and bool(NOUN_BEFORE.search(s.between(s.offset, s.start)))
        and s.match.cue.actor in ("subject", "loser", "defender")
    )
