"""What stands in a sentence: its actors and places, the clause around a cue, and who does it to what.

This is the grammar of the claim reader: it works on the words between a cue and the names around it, without a full parse. Positions are
offsets into the document.
"""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from geo.actors import FORCE_WORDS, Actors
from geo.records import Actor, Document, Feature, Mention, Phrase, Place, Sentence
from geo.times import DATE_PATTERN
from geo.where import Named, Where

__all__ = ["Unit", "asides", "clause", "gap_is_partial", "gap_reaches", "is_bearing", "is_passive", "linked", "units_by_sentence"]

Spanned = TypeVar("Spanned", Mention, Phrase)

PLACE_NOUNS = frozenset(
    """
    town towns city cities village villages hamlet hamlets district districts province provinces governorate governorates region
    regions area areas territory territories land ground swathe swathes swath stretch stretches part parts half much most all some
    rest crossing crossings base bases airport airfield capital suburb suburbs neighbourhood neighbourhoods neighborhood neighborhoods
    outskirts stronghold strongholds port ports road roads highway highways bridge bridges island islands peninsula valley heights
    hills hill mountain mountains countryside quarter centre center side bank banks coast border pocket enclave settlement settlements
    locality localities corridor front cities state states junction crossroads hub quarters entirety whole majority third thirds
    quarter portions sections section north south east west northeast northwest southeast southwest airbase camp dam plant oilfield
    oilfields field fields county counties oblast siege control edge edges vicinity south-east north-east south-west north-west km
    kilometres kilometers miles direction approaches gates positions ridges ridge peaks
    """.split()
)
PARTIAL_NOUNS = re.compile(
    r"\b(?:parts?|several|some|areas?|territor(?:y|ies)|villages|settlements|localities|swathes?|swaths?|stretch(?:es)?|half|portions?|"
    r"sections?|pockets?|land|ground|positions?|neighbou?rhoods|districts|suburbs|towns|hills?|ridges?|heights|peaks|trenches|outskirts|"
    r"quarters?|third) (?:of|in|near|around|"
    r"along|inside|across|to)\b",
    re.IGNORECASE,
)
PREPOSITIONS = frozenset(
    """
    in at near from with on to for by into against over around inside outside toward towards after before during under as between
    along through than about across off
    """.split()
)
LOCATIVES = (PREPOSITIONS | {"of", "northern", "southern", "eastern", "western", "central"}) - {"by", "between", "against"}
CLAUSE_BREAK = re.compile(
    r"[;:()–—]|\s-\s|,?\s\b(?:while|whereas|but|although|though|because|after|before|when|where|since|until|as|unless|despite|that)\b"
    r"|,\s(?:which|who|whose|and|saying|leaving|forcing|a|an|the)\b|,\s(?=\w+ing\b)|\band (?=(?:then|later|has|had|have|was|were|is|"
    r"are)\b)",
    re.IGNORECASE,
)
ADJECTIVES = frozenset("air led backed held controlled state special ground armed security".split())
IRREGULARS = frozenset("separatists secessionists jihadists islamists extremists nationalists volunteers loyalists".split())
ACTS = re.compile(
    r"\s+(?:\w+\s)?(?:air ?strikes?|strikes?|shelling|bombardment|bombing|(?:counter-?)?offensives?|(?:counter-?)?attacks?|assaults?|"
    r"invasion|"
    r"withdrawal|retreat|advance|occupation|siege|blockade|victory|control|hands|rule|protection|bases?|checkpoints?|observation|"
    r"outposts?|intervention|"
    r"operation|campaign|positions|artillery|rockets?|missiles?|shells?|guns?|gunners|ships?|planes?|bombs?|drones?|bombers?|"
    r"fighter jets?|gunships?|warships?|patrols?|garrisons?)\b"
    r"|[\s]*(?:[,.;:)-]|$)|\s+(?:and|or|in|who|have|has|had|were|was|are|is|to|from|on|by|did|do|will|would|could|also|still|then|later)\b",
    re.IGNORECASE,
)
THOSE_OF = re.compile(
    r"\b(?:presidents?|leaders?|ministers?|governments?|arm(?:y|ies)|forces|troops|rulers?|delegations?|"
    r"chiefs?)\s+of\s+(?:\w+\s+and\s+)?(?:the\s+)?$",
    re.IGNORECASE,
)
ASIDE = re.compile(r",\s(?:which|who|whose|whom|where|an?|the)\s[^,;:]*,", re.IGNORECASE)
EXTENSION = re.compile(
    r"(?:[\s-]+(?:government|regime|armed|security|special|ground|air|opposition|rebel|separatist|army|military|loyalist|naval|proxy|"
    r"allied|"
    r"state|federal|national|local|militia|tribal|Kurdish|Shia|Sunni|Islamist|jihadist|paramilitary|mercenary|border|coast|cavalry|"
    r"infantry|armoured|armored|mechani[sz]ed|airborne|marine|commando|tank|artillery|"
    r"riot|peacekeeping|elite|regular|mountain|parachute|engineer|coalition|expeditionary|interior|volunteer|conscript|reserve|defence|"
    r"defense))*"
    r"\s+(?:" + "|".join(sorted((FORCE_WORDS | IRREGULARS) - ADJECTIVES, key=len, reverse=True)) + r")\b",
    re.IGNORECASE,
)
PASSIVE = re.compile(
    r"\b(?:was|were|is|are|been|being|be|got|gets|remains?|remained)\s+(?:\w+ly\s+|still\s+|now\s+|again\s+|also\s+|largely\s+|later\s+|"
    r"not\s+|since\s+)*$",
    re.IGNORECASE,
)
HOLDER = re.compile(
    r"\b[A-Za-z][\w.'’]*(?=-(?:held|controlled|occupied|ruled|administered|backed|led)\b|\s+(?:hands|control|rule|occupation|administration)\b)"
)
DATED = re.compile(r"\s+(?:(?:on|by|until|since)\s+)?(?:the\s+)?(?:" + DATE_PATTERN.pattern + ")", re.IGNORECASE)
LINK = re.compile(
    r"\s*(?:(?:further )?in the (?:far )?(?:north|south|east|west|centre|center)[\w-]*)?(?:under [\w\s]{1,30}?(?:protection|control))?"
    r"\s*,?\s*(?:and|as well as|along with|together with|including|plus|or|,|"
    r"&)\s*(?:also|then|with|from|in|at|near|around)?\s*"
    r"(?:(?:the|its|nearby|both|neighbouring|neighboring|surrounding|(?:most|all|much|the (?:whole|"
    r"rest)) of)\s+)*(?:(?:\w+\s+)?(?:towns?|cit(?:y|ies)|villages?|districts?|provinces?|areas?|"
    r"regions?|suburbs?|ports?)\s+of\s+)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A name, or a phrase, that can fill a slot of a claim: an actor, a place, or both ("Turkey")."""

    start: int
    end: int
    actor: Actor | None = None
    where: Where | None = None
    feature: Feature | None = None
    kind: str = ""
    state: Actor | None = None
    """Whose people a demonym names, where it stands for no actor by itself ("Iraqi")."""
    unplaced: bool = False
    """Whether this is the name of a place that no gazetteer knows."""


def units_by_sentence(
    document: Document,
    sentences: Sequence[Sentence],
    *,
    mentions: Sequence[Mention],
    places: Iterable[Place],
    phrases: Sequence[Phrase],
    actors: Actors,
    countries: Sequence[str],
) -> tuple[tuple[Sentence, tuple[Unit, ...]], ...]:
    """Return each sentence with its actors and places, from left to right; a described area hides the names inside it as places.

    Mentions and phrases are sorted by where they begin.
    """
    features = {mention: place.feature for place in places for mention in place.mentions}
    known = {feature.id: feature for feature in features.values()}
    found = []
    for sentence in sentences:
        inside, areas = _within(sentence, mentions), _within(sentence, phrases)
        units = [Unit(start=p.start, end=p.end, where=p.where, feature=_named(p.where, known), kind=type(p.where).__name__) for p in areas]
        units += [
            unit for mention in inside if (unit := _unit(document, mention, features.get(mention), areas, actors, countries)) is not None
        ]
        units += _holders(document, sentence, units, actors, countries)
        found.append((sentence, _modified(document, _distinct(units), actors, countries)))
    return tuple(found)


def _holders(
    document: Document, sentence: Sentence, units: Sequence[Unit], actors: Actors, countries: Sequence[str]
) -> list[Unit]:
    """Actors that stand as adjectives, without an article: "in army hands", "under UN administration", "rebel-held"."""
    taken = [(unit.start, unit.end) for unit in units if unit.actor is not None]
    found = []
    for match in HOLDER.finditer(document.reading, sentence.start, sentence.end):
        free = all(match.end() <= start or end <= match.start() for start, end in taken)
        actor = actors.named(match.group(), countries=countries, on=document.published) if free else None
        if actor is not None and actor.kind != "people":
            found.append(Unit(start=match.start(), end=match.end(), actor=actor, kind="actor"))
    return found


def clause(text: str, position: int) -> tuple[int, int]:
    """Return where the clause around a position of a sentence begins and ends."""
    start, end = 0, len(text)
    for match in CLAUSE_BREAK.finditer(text):
        if match.end() <= position:
            start = match.end()
        elif match.start() >= position:
            end = match.start()
            break
    return start, end


def asides(text: str) -> tuple[tuple[int, int], ...]:
    """Return the relative clauses and appositions between two commas of a sentence ("Snihurivka, a rail junction, ...")."""
    return tuple(match.span() for match in ASIDE.finditer(text))


OPENINGS = frozenset({("", "of"), ("", "over"), ("", "by")})


def gap_reaches(gap: str) -> bool:
    """Return whether the words between a verb and a name leave the name the verb's object ("the strategic town of", not "a helicopter in").

    Examples
    --------
    >>> gap_reaches(" the strategic town of "), gap_reaches(" a helicopter in "), gap_reaches(" the leader of ")
    (True, False, False)
    """
    words = re.findall(r"[\w'’-]+|[,;:()]", re.sub(r",\s*(?:including|such as|among them|notably)\b", "", gap.lower()))
    if len(words) > 12 or any(word in ",;:()" for word in words):
        return False
    for previous, word in zip(["", *words], words, strict=False):
        if word in PREPOSITIONS | {"of"} and previous not in PLACE_NOUNS | {"control"} and (previous, word) not in OPENINGS:
            return False
    joins = [previous for previous, word in zip(["", *words], words, strict=False) if word == "and"]
    return "who" not in words and "which" not in words and all(previous in PLACE_NOUNS for previous in joins)


def gap_is_partial(gap: str) -> bool:
    """Return whether the words before a name say that only a part of it is meant ("several villages in")."""
    return PARTIAL_NOUNS.search(gap + " ") is not None


def is_passive(text: str, start: int, end: int) -> bool:
    """Return whether the verb at these offsets of a sentence is passive ("was captured", "captured by")."""
    if text[start:end].split()[0].lower().endswith("ing"):
        return False
    if re.search(r",\s+(?:long\s+|once\s+|still\s+)?$", text[:start]) and text[start:end].lower().endswith("ed"):
        return True
    return bool(PASSIVE.search(text[:start])) or bool(re.match(r"\s+(?:\w+\s+){0,6}?by\s+(?!\w+ing\b)", text[end : end + 60]))


def linked(document: Document, first: Unit, units: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return a place and those that are listed with it ("Homs, Hama and the town of Idlib")."""
    chain = [first]
    for unit in units:
        gap = document.reading[chain[-1].end : unit.start] if unit.start >= chain[-1].end else ";"
        gap = DATED.sub("", gap, count=1)
        if unit.where is not None and LINK.fullmatch(gap) and not (is_bearing(document, unit) or is_bearing(document, chain[-1])):
            chain.append(unit)
    return tuple(chain)


def is_bearing(document: Document, unit: Unit) -> bool:
    """Return whether a phrase behind a comma tells where the name before it lies (", west of Donetsk city"), and is no place of a list."""
    before = document.reading[max(0, unit.start - 12) : unit.start]
    return not isinstance(unit.where, Named) and re.search(r",\s*(?:just\s+|near\s+)?$", before) is not None


def _actor(
    document: Document, mention: Mention, feature: Feature | None, actors: Actors, countries: Sequence[str]
) -> tuple[Actor | None, int]:
    """The actor that a mention stands for, and where its words end ("Syrian" reaches over "government forces")."""
    reading, on = document.reading, document.published
    if mention.kind in ("date", "border"):
        return None, mention.end
    extension = EXTENSION.match(reading, mention.end)
    if mention.kind == "actor":
        words = re.sub(r"\s+(?:allies|proxies|clients|partners|surrogates)$", "", mention.name or mention.text)
        named = actors.named(words, countries=countries, on=on) or actors.by_form(words, on=on, surely=mention.recogniser == "groups")
        owned = re.search(r"\b(?:its|their|his|her|own)\s+(?:\w+\s+)?$", reading[max(0, mention.start - 20) : mention.start], re.IGNORECASE)
        unable = (named is not None and named.kind == "people") or (owned and mention.text.islower() and words == mention.text)
        return (None if unable else named), mention.end
    if mention.use == "demonym":
        if extension:
            named = actors.named(reading[mention.start : extension.end()], countries=countries, on=on)
            return named or _state(actors, feature, mention, on), extension.end()
        acts = ACTS.match(reading, mention.end) or (mention.text.endswith("s") and not mention.text.endswith("ss"))
        return (_state(actors, feature, mention, on) if acts else None), mention.end
    if mention.use == "metonym":
        return _state(actors, feature, mention, on), mention.end
    before = re.search(r"([\w’'-]+)\s+(?:the\s+)?$", reading[max(0, mention.start - 40) : mention.start])
    is_subject = mention.kind == "country" and (before is None or before.group(1).lower() not in LOCATIVES)
    return (_state(actors, feature, mention, on) if is_subject else None), mention.end


def _encloses(phrase: Phrase, mention: Mention) -> bool:
    """Whether a phrase says more than the name in it ("northern Syria")."""
    return phrase.start <= mention.start and mention.end <= phrase.end and phrase.end - phrase.start > mention.end - mention.start


def _state(actors: Actors, feature: Feature | None, mention: Mention, on: dt.date | None) -> Actor | None:
    return (actors.of_place(feature.id, on=on) if feature else None) or actors.named(mention.text, on=on)


def _named(where: Where, known: Mapping[str, Feature]) -> Feature | None:
    return known.get(where.feature) if isinstance(where, Named) else None


def _within(sentence: Sentence, spans: Sequence[Spanned]) -> Sequence[Spanned]:
    """The spans of a sentence, out of all that are sorted by where they begin."""
    first = bisect_left(spans, sentence.start, key=lambda span: span.start)
    last = bisect_left(spans, sentence.end, key=lambda span: span.start)
    return [span for span in spans[first:last] if span.end <= sentence.end]


def _unit(
    document: Document, mention: Mention, feature: Feature | None, areas: Sequence[Phrase], actors: Actors, countries: Sequence[str]
) -> Unit | None:
    """What a mention is in its sentence: an actor, a place, both or (a date, a border) neither."""
    actor, end = _actor(document, mention, feature, actors, countries)
    covered = any(area.start <= mention.start and mention.end <= area.end for area in areas)
    acts = mention.use == "demonym" or (mention.use == "metonym" and actor is not None)
    is_place = mention.kind not in ("actor", "date", "border") and feature is not None and not acts and not covered
    if actor is not None and mention.use == "literal" and any(_encloses(area, mention) for area in areas):
        actor = None
    state = _state(actors, feature, mention, document.published) if actor is None and mention.use == "demonym" else None
    unplaced = mention.kind not in ("actor", "date", "border") and mention.use == "literal" and feature is None and not covered
    if actor is None and not is_place and state is None and not unplaced:
        return None
    where = Named(feature.id) if feature is not None and is_place else None
    last = max(end, mention.end)
    return Unit(
        start=mention.start, end=last, actor=actor, where=where, feature=feature, kind=mention.kind, state=state, unplaced=unplaced
    )


def _distinct(units: list[Unit]) -> tuple[Unit, ...]:
    """Drop an actor that another one's words contain ("Syrian" and "Syrian forces"); the longer one stays."""
    actors = [unit for unit in units if unit.actor is not None]
    swallowed = {
        id(unit)
        for unit in actors
        for other in actors
        if unit is not other and other.start <= unit.start and unit.end <= other.end and (other.end - other.start) > (unit.end - unit.start)
    }
    return tuple(sorted((unit for unit in units if id(unit) not in swallowed), key=lambda unit: (unit.start, -unit.end)))


def _modified(document: Document, units: Sequence[Unit], actors: Actors, countries: Sequence[str]) -> tuple[Unit, ...]:
    """Join a demonym to the actor that it stands before: "Syrian" and "rebels" are one party."""
    joined: list[Unit] = []
    for unit in units:
        last = joined[-1] if joined else None
        if last and unit.actor and last.actor and last.where is None and not document.reading[last.end : unit.start].strip():
            both = actors.named(document.reading[last.start : unit.end], countries=countries, on=document.published)
            joined[-1] = replace(unit, start=last.start, actor=both or unit.actor)
        else:
            joined.append(unit)
    return tuple(joined)
