"""What a name stands for: the place itself (literal), those who act from it (metonym), or its people (demonym).

"in Moscow" is a city; "Moscow agreed" is a government; "Moscow-based", "control of Idlib" and datelines are the place again. Names that
are joined ("between Moscow and Ankara") share a use.
"""

from __future__ import annotations

import bisect
import csv
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from geo import datafiles
from geo.coordinates import fix_of
from geo.name_rules import capitals
from geo.names import fold
from geo.records import Document, Kind, Mention, Use
from geo.runs import Scene, scene
from geo.tokens import cues
from geo.use_features import Words, use_features

if TYPE_CHECKING:
    from geo.tagger import Tags

__all__ = ["with_use"]

ACTING = 0.5  # probability from which a name stands for those who act; the value of best accuracy by document folds
TOWN_ACTING = 0.6  # for a town that is no capital: no government sits there; swept from .5 to .9
_LITERAL_LEADS = frozenset(
    "in at near from into inside outside across around through throughout via toward towards within beyond over off "
    "surrounding northern southern eastern western central downtown nearby northeast northwest southeast southwest "
    "northeastern northwestern southeastern southwestern besieged".split()
)
_BASED = frozenset({"based", "born", "area", "held", "controlled"})
_NUMBERED = frozenset({"populated", "admin", "country", "region", "other"})
_JOIN = re.compile(r"\s*(?:,\s*)?(?:and|or|&|nor|versus|vs\.?)\s+(?:the\s+)?")


def with_use(document: Document, mentions: Sequence[Mention], *, tags: Tags | None = None) -> tuple[Mention, ...]:
    """Return the mentions with their use; demonyms, roads and waters keep theirs. `tags` are those of the neural tagger, if it is used.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> report = from_text("Moscow said it would free Idlib.")
    >>> named = [Mention(document_id=report.id, start=0, end=6, text="Moscow", kind="populated"),
    ...          Mention(document_id=report.id, start=26, end=31, text="Idlib", kind="populated")]
    >>> [mention.use for mention in with_use(report, named)]
    ['metonym', 'literal']
    """
    read = scene(document)
    starts = [token.start for token in read.tokens]
    names = [m.use != "demonym" and m.kind in _NUMBERED and fix_of(m.text) is None for m in mentions]
    judged = [replace(m, use=_use(read, starts, m, tags)) if name else m for m, name in zip(mentions, names, strict=True)]
    return _shared(document, judged)


def _use(read: Scene, starts: Sequence[int], mention: Mention, tags: Tags | None) -> Use:
    first = max(0, bisect.bisect_right(starts, mention.start) - 1)
    last = max(first + 1, bisect.bisect_left(starts, mention.end))
    words = Words(read, first, last)
    for rule in (_as_ground, _in_organisation):
        use = rule(words)
        if use:
            return use
    town = mention.kind == "populated" and fold(mention.text) not in capitals()
    if not town and (use := _as_power(words)):
        return use
    acting = None if tags is None else float(tags.uses[first:last, 1].mean())
    return "metonym" if _chance(words, mention.kind, acting) > (TOWN_ACTING if town else ACTING) else "literal"


def _chance(words: Words, kind: Kind, acting: float | None) -> float:
    """The probability that a name does not stand for the place itself."""
    weights = _weights()
    return 1 / (1 + math.exp(-sum(weights.get(feature, 0.0) for feature in use_features(words, kind, acting=acting))))


@lru_cache(maxsize=1)
def _weights() -> dict[str, float]:
    with datafiles.path("use_weights.csv").open(encoding="utf-8", newline="") as file:
        return {row["feature"]: float(row["weight"]) for row in csv.DictReader(file)}


def _in_organisation(words: Words) -> Use | None:
    """A name inside the name of an organisation stands for no place; after "in" or "at" it does."""
    before = words.before()
    if before is not None and before.lower in {"in", "at", "near"}:
        return "literal"
    if words.scene.label(words.first, words.last) == "organisation":
        return "metonym"
    after = words.after()
    if after is not None and after.text in cues("head_org") and after.text not in {"Airport", "War"}:
        return "metonym"
    return None


def _as_ground(words: Words) -> Use | None:
    """Places are what one is in, goes to, fights for, takes and leaves."""
    before, second, after, next_ = words.before(), words.before(2), words.after(), words.after(2)
    if before is None:
        return "literal" if _dateline(words) or _lies(words) else None
    lead = second if before.lower == "the" and second is not None else before
    if after is not None and after.text == "-" and next_ is not None and next_.lower in _BASED:
        return "literal"
    if lead.lower in _LITERAL_LEADS and words.scene.label(words.first, words.last) != "organisation":
        return "literal"
    if lead.lower in cues("object_verbs") and lead.lower not in cues("object_states"):
        return "literal"
    if lead.lower == "of" and _of_what(words, lead is before) in _GROUND_NOUNS:
        return "literal"
    return "literal" if lead.lower in _PROPOSED or _lies(words) else None


def _lies(words: Words) -> bool:
    """Whether the name is what is held, lost or lies somewhere: "Kupres fell", "Lyman was captured", "Sarajevo has been under siege"."""
    after, following = words.after(), words.after(2)
    if after is None or after.lower in _FALLS:
        return after is not None
    if after.lower in {"has", "have", "had"} and following is not None and following.lower == "been":
        following = words.after(3)
    elif after.lower not in {"is", "are", "was", "were", "remains", "remained", "stays", "stayed"}:
        return False
    return following is not None and following.lower in _HELD


_PROPOSED = frozenset({"proposed", "suggested", "chose", "preferred", "proposing", "suggesting"})
_FALLS = frozenset({"fell", "falls", "lies", "lay"})
_HELD = frozenset(
    "captured seized retaken recaptured taken overrun liberated besieged shelled bombed attacked held controlled occupied surrounded "
    "encircled lost abandoned defended evacuated cleared secured destroyed divided annexed cut part under near home".split()
)


_GROUND_NOUNS = frozenset(
    "control siege capture fall liberation city town village province region area outskirts north south east west parts part people "
    "population residents streets centre center bombardment shelling invasion occupation territory suburb suburbs border countryside "
    "side coast rest most half all defence defense recapture seizure districts district governorate edge heart republic state ruins".split()
)


def _of_what(words: Words, near: bool) -> str:
    token = words.before(2 if near else 3)
    return token.lower if token is not None else ""


def _as_power(words: Words) -> Use | None:
    """Governments speak, decide, have allies and ties."""
    before, second, after, next_ = words.before(), words.before(2), words.after(), words.after(2)
    if after is not None and after.lower in cues("speech_verbs") | cues("dealing_verbs"):
        return "metonym"
    if after is not None and after.lower in {"has", "had", "have", "will", "would", "also", "is", "was"} and next_ is not None:
        third = words.after(3)
        spoken = {next_.lower, third.lower if third is not None and next_.lower in {"also", "been", "not", "long", "never", "now"} else ""}
        if spoken & cues("speech_verbs"):
            return "metonym"
    if after is not None and after.text in {"'s", "’s"} and next_ is not None and _owns_power(words):
        return "metonym"
    lead = second if before is not None and before.lower == "the" else before
    if lead is None:
        return None
    if lead.lower in cues("object_states"):
        return "metonym"
    noun = words.before(3) if lead is second else second
    if lead.lower == "with" and {token.lower for token in (second, words.before(3), words.before(4)) if token} & cues("dealing_verbs"):
        return "metonym"
    if lead.lower in {"with", "between", "against", "to", "on", "from", "by", "for"} and noun and noun.lower in cues("relation_nouns"):
        return "metonym"
    return "metonym" if lead.lower in {"between"} and _pair(words) else None


def _owns_power(words: Words) -> bool:
    return any(token is not None and token.lower in cues("power_nouns") for token in (words.after(2), words.after(3)))


def _pair(words: Words) -> bool:
    """Two powers that have something between them: "the crisis between Moscow and Ankara"."""
    found = words.scene.tokens
    back = [found[p].lower for p in range(max(0, words.first - 4), words.first)]
    return bool(set(back) & (cues("relation_nouns") | {"crisis", "meeting", "border"} - {"border"}))


def _dateline(words: Words) -> bool:
    after = words.after()
    return after is not None and (after.text in "–—-(," and words.scene.tokens[words.first].text.isupper())


def _shared(document: Document, mentions: Sequence[Mention]) -> tuple[Mention, ...]:
    """Names joined by "and" or a comma take the use of the metonym among them, unless both have words of their own."""
    settled = list(mentions)
    for position in range(len(settled) - 1):
        one, two = settled[position], settled[position + 1]
        joined = _JOIN.fullmatch(document.reading, one.end, two.start)
        if joined and one.kind in _NUMBERED and two.kind in _NUMBERED and "demonym" not in {one.use, two.use}:
            settled[position + 1] = replace(two, use=one.use) if one.use == "metonym" else two
            if one.use == "literal" and two.use == "metonym":
                settled[position] = replace(one, use="metonym")
    return tuple(settled)
