"""Whose voice a sentence is in, where the sentence does not say: a quotation that goes on, a party that publishes the text itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from geo.actors import Actors
from geo.attribution import ANALYST, Judgement
from geo.records import Actor, Document, Sentence

__all__ = ["Voices"]

PARTY_SOURCE = re.compile(
    r"\b(?:ministry|ministries|general staff|armed forces|army|military|high command|command|embassy|press (?:office|service|bureau)|"
    r"information (?:bureau|office|service|department)|government|presidency|politburo|front|movement|emirate|bureau|brigades?|division|"
    r"spokes\w+|defen[cs]e forces?|liberation|directorate|headquarters|council)\b",
    re.IGNORECASE,
)
"""Words in a publisher's name that make it a party's own office."""
OUR_FORCES = re.compile(
    r"\bour (?:\w+ ){0,2}?(?:forces|troops|fighters|units|army|soldiers|men|heroes|mujahideen|brigades|guns|artillery|aircraft|pilots|"
    r"comrades|columns|lines|positions)\b",
    re.IGNORECASE,
)
WE = re.compile(r"\b(?:we|our)\b", re.IGNORECASE)
ASSESSING = re.compile(r"\bwe (?:\w+ )?(?:assess|judge|estimate|believe)\b", re.IGNORECASE)
BACK = 700  # characters before a quotation in which the one who speaks has been introduced, if nobody is named with it


class Voices:
    """Who speaks in a document, sentence by sentence; sentences are told to it in their order."""

    def __init__(self, document: Document, actors: Actors, parties: Iterable[Actor]) -> None:
        self._document = document
        self._last: Judgement | None = None
        self.publisher = _publisher(document, actors, tuple(parties))

    def heard(self, judgement: Judgement) -> None:
        """Note who speaks in a sentence, for the quotation that goes on after it."""
        if judgement.speaker and judgement.speaker.lower() not in ("he", "she", "they", "it", "who", "we"):
            self._last = judgement

    def meant(self, judgement: Judgement, sentence: Sentence, at: int) -> Judgement:
        """Return the judgement of an act at an offset of the document with the voice that the sentence leaves out."""
        if judgement.status not in ("reported", "claimed") or (judgement.speaker and judgement.status == "reported"):
            return judgement
        text = self._document.reading
        if ASSESSING.search(text, sentence.start, sentence.end):
            return replace(judgement, status="assessed", speaker="", speaking=None)
        pronoun = judgement.speaker.lower() in ("we", "he", "she", "they", "it")
        if judgement.speaker and not pronoun:
            return judgement
        if _is_quoted(text, sentence, at) or (judgement.speaker and pronoun):
            spoken = self._spoken(sentence)
            return (
                judgement if spoken is None else replace(judgement, status=spoken.status, speaker=spoken.speaker, speaking=spoken.speaking)
            )
        if self.publisher is not None and not judgement.speaker:
            return replace(judgement, status="claimed", speaking=self.publisher)
        return judgement

    def we(self, speaking: Actor | None) -> Actor | None:
        """Return who "we" are: the party that speaks in the sentence, else the one whose text it is, else the last that spoke."""
        return speaking or self.publisher or (self._last.speaking if self._last else None)

    def _spoken(self, sentence: Sentence) -> Judgement | None:
        if self._last is not None:
            return self._last
        before = self._document.reading[max(0, sentence.start - BACK) : sentence.start]
        return Judgement(status="assessed", speaker="the analyst quoted") if ANALYST.search(before) else None


def _publisher(document: Document, actors: Actors, parties: tuple[Actor, ...]) -> Actor | None:
    """The party whose own statement a document is, or None for a paper."""
    unquoted = re.sub(r"[“\"][^”\"]{0,2000}[”\"]", " ", document.reading)
    ours = len(OUR_FORCES.findall(unquoted))
    if not (PARTY_SOURCE.search(document.source) or ours >= 2):
        return None
    named = actors.named(document.source, on=document.published)
    if named is not None and named.kind != "people":
        return actors.acts_for(named)
    words = re.findall(r"[A-Z][\w'’-]+", document.source)
    for size in (3, 2, 1):
        for first in range(len(words) - size + 1):
            found = actors.named(" ".join(words[first : first + size]), on=document.published)
            if found is not None and found.kind not in ("people", "generic"):
                return actors.acts_for(found)
    if ours >= 2 and parties:
        return parties[0]
    return Actor(id="described:publisher", name=document.source, kind="described", source="the publisher of the report")


def _is_quoted(text: str, sentence: Sentence, at: int) -> bool:
    """Whether an offset lies inside a quotation, counted from the beginning of its paragraph."""
    begin = text.rfind("\n", 0, sentence.start) + 1
    before = text[begin:at]
    return before.count("“") > before.count("”") or before.count('"') % 2 == 1
