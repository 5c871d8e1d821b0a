"""Which symbol a claim or a sign gets: what kind of unit its words name, how large, whose side, planned or there.

Only what the words say: "tanks" is armour, "drones" are drones, "troops" are a unit of no kind. Without a side of the reader's own every
party's frame is "unknown".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.actors import FORCE_WORDS
from geo.parties import FIGHTERS, THEIR_STATE
from geo.records import Claim
from geo.symbology import UNREAL

if TYPE_CHECKING:
    from geo.actors import Actors
    from geo.records import Actor

__all__ = ["affiliation_of", "echelon_of", "kind_of", "kind_of_icon", "status_of"]

# What words name which arm; the first that stands there. General knowledge of English.
_ARMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple((kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for kind, words in (
    ("air_defence", r"air[- ]defen[cs]es?|anti-?aircraft|surface-to-air"),
    ("uav", r"drones?|UAVs?|unmanned aerial vehicles?|quadcopters?"),
    ("helicopter", r"helicopters?|(?:helicopter )?gunships?|air cavalry"),
    ("special_forces", r"special(?:-|\s)(?:forces|operations)|commandos?|spetsnaz|rangers"),
    ("airborne", r"paratroop(?:er)?s?|paratroops|airborne|parachutists?"),
    ("missile", r"(?:cruise |ballistic )?missiles?|rockets?|rocket (?:artillery|launchers?|systems?)"),
    ("air", r"air ?force|warplanes?|(?:fighter )?jets?|aircraft|bombers?|planes|air[ -]?strikes?|air raids?|sorties|fighter-bombers?"),
    ("naval", r"navy|naval (?!infantry|base)\w+|warships?|frigates?|destroyers|submarines?|fleet|gunboats?|patrol boats?|corvettes?"),
    ("artillery", r"artillery(?:men)?|gunners|howitzers?|mortars?|guns|shell(?:ed|s|ing)|bombarded"),
    ("mechanised", r"mechani[sz]ed|armou?red personnel carriers?|APCs"),
    ("motorised", r"motori[sz]ed|motor rifle"),
    ("armour", r"tanks?|armou?r|armou?red (?:brigades?|divisions?|columns?|forces|units?|vehicles?|battalions?|corps)"),
    ("reconnaissance", r"cavalry|reconnaissance|scouts"),
    ("engineer", r"engineers|sappers"),
    ("infantry", r"infantry(?:men)?|riflemen|marines|grenadiers"),
))
_SIZES = re.compile(r"\b(platoon|company|battalion|regiment|brigade|division|corps)\b", re.IGNORECASE)
_NOT_SIZES = re.compile(r"\b(?:marine|army|air|peace) corps\b|\b(?:oil|security|private|mining) company\b", re.IGNORECASE)
_BEHIND = 60  # characters behind a party's name in which its nouns are looked for
_OWNED = re.compile(r"([\w-]+(?: [\w-]+)?) (?:of|from) (?:the )?$")
_NOUNS = FORCE_WORDS | FIGHTERS | THEIR_STATE | frozenset(
    """
    air anti-aircraft surface-to-air unmanned cruise ballistic fighter naval fighter-bombers paratroops parachutists airborne armoured
    armored mechanised mechanized motorised motorized motor rifle infantry infantrymen cavalry riflemen rangers spetsnaz drone drones
    uavs missile missiles rocket rockets howitzers mortars mortar bombers planes gunboats submarines corvettes fleet column columns
    tank tanks artillery guns gunners warships patrol boats platoon company sappers
    """.split()
)

# Signs of data/symbology.json that are installations.
_SITES = {"air_base": "airfield", "airport": "airfield", "naval_base": "port", "port": "port", "base": "base", "outpost": "base"}


def kind_of(claim: Claim) -> str:
    """Return the kind of symbol for those who act in a claim, by the words round their name and, where they fire, of the act.

    Examples are "armour" for "Russian tanks entered", "artillery" for "shelled", "unit" for "government troops captured".
    """
    words = _words(claim)
    act = next((span.quote for span in claim.evidence if span.role == "act"), "") if claim.predicate == "attacks" else ""
    for kind, pattern in _ARMS:
        if pattern.search(words) or pattern.search(act):
            return kind
    return "unit"


def echelon_of(claim: Claim) -> str:
    """Return the size of the unit that acts, if the words give it ("the 4th Brigade"), else ""."""
    words = _NOT_SIZES.sub("", _words(claim))
    found = _SIZES.search(words)
    return found.group(1).lower() if found else ""


def kind_of_icon(icon: str) -> str:
    """Return the kind of installation for an icon of the style sheet ("air_base" -> "airfield"); "" for what is none."""
    return _SITES.get(icon, "")


def status_of(status: str) -> str:
    """Return "anticipated" for what is only proposed, intended, conditional or agreed, else "present"."""
    return "anticipated" if status in UNREAL or status == "agreed" else "present"


def affiliation_of(actor: Actor | None, own: Sequence[str], actors: Actors, *, war: str = "") -> str:
    """Return the frame of a party: "friend", "hostile" or "neutral" as seen from the reader's own side, "unknown" where he takes none.

    Parameters
    ----------
    actor
        The party; None is nobody named.
    own
        Ids of the actors on whose side the reader stands.
    actors
        Who stands with whom.
    war
        The war in which they are asked about (`Actors.war_of`).
    """
    if not own or actor is None:
        return "unknown"
    mine = [actors.get(name) for name in own]
    if any(actor.id == one.id or actors.same_side(one, actor, war=war) for one in mine):
        return "friend"
    return "hostile" if any(actors.enemy(one, actor, war=war) for one in mine) else "neutral"


def _words(claim: Claim) -> str:
    """The party's name with the nouns round it: "Russian | tanks", "warplanes of the | Syrian army"; no verb and nobody else."""
    sentence = claim.evidence[0]
    name = next((span for span in claim.evidence if span.role == "actor" and span.document_id == sentence.document_id), None)
    if name is None:
        return _subject(claim)
    before, behind = sentence.quote[: name.start - sentence.start], sentence.quote[name.end - sentence.start :]
    owned = _OWNED.search(before)
    nouns = []
    for word in re.findall(r"[ -]+([\w-]+|$)|.", behind[:_BEHIND]):
        if word.lower() not in _NOUNS and not re.fullmatch(r"\d+(?:st|nd|rd|th)", word):
            break
        nouns.append(word)
    return " ".join(((owned.group(1) if owned else ""), name.quote, *nouns))


def _subject(claim: Claim) -> str:
    """The nouns right before the act, where no name is marked as the party's ("The Ukrainian 47th Mechanised Brigade | entered")."""
    sentence = claim.evidence[0]
    act = next((span.start for span in claim.evidence if span.role == "act"), sentence.start)
    words = re.split(r"[\s-]+", re.split(r"[,;:.()]", sentence.quote[: max(act - sentence.start, 0)])[-1].strip())
    nouns: list[str] = []
    while words and (words[-1].lower() in _NOUNS or (nouns and re.match(r"[A-Z]|\d+(?:st|nd|rd|th)$", words[-1]))):
        nouns.insert(0, words.pop())
    return " ".join(nouns) if claim.actor is not None else ""
