"""Who witnesses a claim: reports that rest on one source are one witness, however often it is printed.

A party's word is that party's, whichever paper carries it, and so is that of its mouthpiece (``data/mouthpieces.csv``); parties of one side
are one witness. Papers that print the same text, or the same sentence, are one witness; so are all reports of one publisher, and those
credited to one agency.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from geo import datafiles
from geo.actors import Actors
from geo.names import fold
from geo.outlets import is_outlet, publisher
from geo.records import Actor, Claim, Document

__all__ = ["Statement", "copies", "families", "statement"]

SHINGLE = 5  # words; shorter runs are phrases of the trade ("said in a statement on"), set by judgement
COPIED = 0.5  # share of the shorter text's shingles in the longer one that makes it a copy; a rewritten wire story keeps most of its quotes
SAID_ALIKE = 0.8  # the same for two sentences
LONG_ENOUGH = 8  # words of a sentence that two writers do not hit on alike
OPENING = 400  # characters in which a report credits an agency, below its title
NEIGHBOURS = 20  # texts that share a shingle are compared with so many of the next by name, so that many copies stay quick
_NAMED = re.compile(r"\w\W+[A-Z]")  # "Institute for the Study of War", not "residents": whoever quotes it, it is one witness
_CREDIT = re.compile(r"^[^\n]{0,80}?\(([A-Z][\w .'’-]{1,24})\)\s*[-–—:]", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One claim as evidence: the text that makes it (copies are one), who speaks (None: the publisher), and the signs of its family."""

    claim: Claim
    text: str
    voice: Actor | None
    signs: frozenset[str]
    day: dt.date | None


def statement(claim: Claim, document: Document | None, *, who: Actors, copy_of: Mapping[str, str]) -> Statement:
    """Return a claim as evidence.

    Parameters
    ----------
    claim, document
        The claim, and the report that makes it.
    who
        Who is who.
    copy_of
        Of documents, as `copies` returns it.
    """
    source, day = (document.source, document.published) if document else ("", None)
    voice = _voice(claim, source, day, who)
    name = claim.evidence[0].document_id
    text = copy_of.get(name, name)
    if voice is not None:
        return Statement(claim=claim, text=text, voice=voice, signs=frozenset({f"party {voice.id}"}), day=day)
    signs = {f"publisher {fold(publisher(source))}" if source.strip() else f"report {name}", f"text {text}"}
    if _spoken(claim, source) and is_outlet(claim.speaker):
        signs = {f"publisher {fold(publisher(claim.speaker))}"}
    elif _NAMED.search(claim.speaker):
        signs.add(f"speaker {fold(claim.speaker)}")
    if document and (credit := _CREDIT.search(document.reading[:OPENING])) and is_outlet(credit[1]):
        signs.add(f"publisher {fold(publisher(credit[1]))}")
    return Statement(claim=claim, text=text, voice=None, signs=frozenset(signs), day=day)


def families(said: Sequence[Statement], *, who: Actors, war: str = "") -> tuple[int, ...]:
    """Return the number of the family of each statement; what shares a sign, a sentence or a side shares the number.

    The families do not depend on the order; their numbers do.
    """
    root: dict[str, str] = {}

    def find(sign: str) -> str:
        while root.setdefault(sign, sign) != sign:
            root[sign] = sign = root[root[sign]]
        return sign

    voices = {one.voice.id: one.voice for one in said if one.voice}
    groups: list[frozenset[str]] = [one.signs for one in said]
    pairs = combinations(voices.values(), 2)
    groups += [frozenset({f"party {a.id}", f"party {b.id}"}) for a, b in pairs if who.same_side(a, b, war=war)]
    quotes = {quote: f"sentence {quote}" for quote in {one.claim.evidence[0].quote for one in said if one.voice is None}}
    alike = _clusters({quote: _shingles(quote) for quote in quotes if len(fold(quote).split()) >= LONG_ENOUGH}, SAID_ALIKE)
    groups += [one.signs | {f"sentence {alike[q]}"} for one in said if not one.voice and (q := one.claim.evidence[0].quote) in alike]
    for signs in groups:
        first, *others = sorted(find(sign) for sign in signs)
        for other in others:
            root[find(other)] = find(first)
    numbers: dict[str, int] = {}
    return tuple(numbers.setdefault(find(min(one.signs)), len(numbers)) for one in said)


def copies(documents: Iterable[Document]) -> dict[str, str]:
    """Return for each document the id of the first of those that print the same text, or most of it (by order of id).

    References
    ----------
    Broder (1997), On the resemblance and containment of documents.
    """
    return dict(_copies(frozenset((document.id, document.reading) for document in documents)))


@lru_cache(maxsize=32)
def _copies(texts: frozenset[tuple[str, str]]) -> Mapping[str, str]:
    return _clusters({name: _shingles(text) for name, text in texts}, COPIED)


def _clusters(sets: Mapping[str, frozenset[int]], share: float) -> dict[str, str]:
    """Join what shares so much of the smaller set."""
    holders: dict[int, list[str]] = defaultdict(list)
    for name in sorted(sets):
        for shingle in sets[name]:
            holders[shingle].append(name)
    common: dict[tuple[str, str], int] = defaultdict(int)
    for names in holders.values():
        for number, name in enumerate(names if len(names) > 1 else ()):
            for other in names[number + 1 : number + 1 + NEIGHBOURS]:
                common[name, other] += 1
    first = {name: name for name in sets}
    for (a, b), count in sorted(common.items()):
        if count >= share * min(len(sets[a]), len(sets[b])):
            low, high = sorted((first[a], first[b]))
            first = {name: low if at == high else at for name, at in first.items()} if low != high else first
    return first


@lru_cache(maxsize=4096)
def _shingles(text: str) -> frozenset[int]:
    words = fold(text).split()
    if not words:
        return frozenset()
    return frozenset(hash(tuple(words[at : at + SHINGLE])) for at in range(max(1, len(words) - SHINGLE + 1)))


def _voice(claim: Claim, source: str, day: dt.date | None, who: Actors) -> Actor | None:
    """The party whose word a claim is: the speaker's, or the publisher's where it is a party's mouthpiece; None for an onlooker."""
    spoken = _spoken(claim, source)
    speaker = who.named(claim.speaker, on=day) or who.by_form(claim.speaker) if spoken else None
    if speaker is not None and speaker.kind not in ("generic", "people"):
        return who.acts_for(speaker)
    name = claim.speaker if spoken and is_outlet(claim.speaker) else source
    owner = _owners().get(fold(claim.speaker)) or _owners().get(fold(publisher(name))) or _owners().get(fold(name))
    party = next((actor for actor, start, end in owner or () if _lives(start, end, day)), None)
    return who.acts_for(who.get(party)) if party else None


def _spoken(claim: Claim, source: str) -> bool:
    """Whether somebody else than the publisher says it."""
    return fold(claim.speaker) not in ("", "the report", "report", fold(source))


def _lives(start: str, end: str, day: dt.date | None) -> bool:
    on = day.isoformat() if day else ""
    return not on or (start <= on and (not end or on[: len(end)] <= end))


@lru_cache(maxsize=1)
def _owners() -> dict[str, list[tuple[str, str, str]]]:
    """The party behind each mouthpiece, by its folded names: (actor, start, end)."""
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for _, row in datafiles.rows("mouthpieces.csv", required=("name", "actor", "aliases", "start", "end", "source")):
        for name in (row["name"], *filter(None, row["aliases"].split("|"))):
            found[fold(name)].append((row["actor"], row["start"], row["end"]))
    return dict(found)
