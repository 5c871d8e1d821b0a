"""Where a report has the words that an answer gives: its quote, its act, its parties, its place, its date.

Words count as found where they stand letter for letter, but for the width of blanks and the shape of quotation marks and dashes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.actors import Actors
from geo.reader_answer import Answer
from geo.reader_question import Offer, Passage
from geo.records import Actor, Document, Sentence, When
from geo.times import dates_in, resolve_date
from geo.where import Where

__all__ = ["Found", "Named", "Unproved", "found"]

Extent = tuple[int, int]

FEWEST_WORDS = 3  # a quote of two words makes no claim
MOST_SEEN = 3  # times that a quote is looked for in a passage; what a report says more often than that is a refrain
LONGEST_ACT = 8  # words
LONGEST_SPEAKER = 120  # characters

NOT_QUOTED = "the quote is not in the text"
SEVERAL = "the quote is not of one sentence"
NO_ACT = "the act is not in the quote"
NO_PLACE = "the place is not in the quote"
NO_ACTOR = "a party is not in the quote"
NO_DATE = "the date is not in the quote"

_ALIKE = str.maketrans("‘’‚‛“”„‟«»–—‑‐−", "''''\"\"\"\"\"\"-----")


class Unproved(Exception):
    """An answer is not borne out by the report; the text of the error is the reason, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party or a place of an answer, and where the quote names it.

    `actor` is None where it takes grammar to say who is meant, `where` where no gazetteer knows the place.
    """

    span: Extent
    actor: Actor | None = None
    where: Where | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The words of an answer in the report, as offsets into the document; `when` is the date that its words give."""

    sentence: Sentence
    quote: Extent
    act: Extent
    actor: Named | None
    target: Named | None
    place: Named | None
    speaker: Extent | None
    when: When | None


def found(
    answer: Answer, passage: Passage, document: Document, *, actors: Actors, countries: Sequence[str]
) -> Iterator[Found]:
    """Yield the places of the text that have all the words of an answer, the first of them first; there is at least one.

    Raises
    ------
    Unproved
        No sentence of the passage has them.
    """
    quotes = list(_quotes(answer.quote, passage, document))
    unproved: Unproved | None = None
    seen = False
    for sentence, quote in quotes:
        for act in _spans(document, answer.act, quote)[:MOST_SEEN] if len(answer.act.split()) <= LONGEST_ACT else ():
            try:
                one = _found(answer, passage, document, sentence, quote, act, actors, countries)
            except Unproved as error:
                unproved = unproved or error
                continue
            seen = True
            yield one
    if not seen:
        raise unproved or Unproved(NO_ACT)


def _found(
    answer: Answer, passage: Passage, document: Document, sentence: Sentence, quote: Extent, act: Extent, actors: Actors,
    countries: Sequence[str],
) -> Found:
    def party(words: str) -> Named | None:
        return _party(words, passage, document, quote, act, actors, countries) if words else None

    speakers = _spans(document, answer.speaker, (sentence.start, sentence.end)) if len(answer.speaker) <= LONGEST_SPEAKER else []
    return Found(
        sentence=sentence, quote=quote, act=act, actor=party(answer.actor), target=party(answer.target),
        place=_place(answer.place, passage, document, quote, act) if answer.place else None,
        speaker=speakers[0] if speakers else None,
        when=_when(answer.when, document, quote) if answer.when else None,
    )


def _quotes(words: str, passage: Passage, document: Document) -> Iterator[tuple[Sentence, Extent]]:
    """Where a quote stands, with the sentence around it."""
    if len(words.split()) < FEWEST_WORDS:
        raise Unproved(NOT_QUOTED)
    spans = _spans(document, words, (passage.start, passage.end))
    if not spans:
        raise Unproved(NOT_QUOTED)
    sentences = tuple(dict.fromkeys(part.sentence for part in passage.parts))
    inside = [(each, span) for span in spans[:MOST_SEEN] for each in sentences if each.start <= span[0] and span[1] <= each.end]
    if not inside:
        raise Unproved(SEVERAL)
    yield from inside


def _spans(document: Document, words: str, within: Extent) -> list[Extent]:
    """Where some words stand in a stretch of the document."""
    pieces = words.translate(_ALIKE).split()
    if not pieces:
        return []
    pattern = r"\s+".join(re.escape(piece) for piece in pieces)
    start = r"(?<!\w)" if pieces[0][0].isalnum() else ""
    end = r"(?!\w)" if pieces[-1][-1].isalnum() else ""
    text = document.reading[within[0] : within[1]].translate(_ALIKE)
    return [(within[0] + match.start(), within[0] + match.end()) for match in re.finditer(start + pattern + end, text)]


def _inside(spans: Sequence[Extent], quote: Extent) -> list[Extent]:
    return [span for span in spans if quote[0] <= span[0] and span[1] <= quote[1]]


def _nearest(spans: Sequence[Extent], act: Extent) -> Extent:
    return min(spans, key=lambda span: max(span[0] - act[1], act[0] - span[1]))


def _of(offers: Sequence[Offer], spans: Sequence[Extent]) -> Named | None:
    """The offer whose words are, hold or are held by words of the quote."""
    for offer in offers:
        for start, end in offer.spans:
            if any((start <= a and b <= end) or (a <= start and end <= b) for a, b in spans):
                return Named(span=(start, end), actor=offer.actor, where=offer.where, kind=offer.kind)
    return None


def _party(
    words: str, passage: Passage, document: Document, quote: Extent, act: Extent, actors: Actors, countries: Sequence[str]
) -> Named:
    offered = next((offer for offer in passage.parties if offer.key == words), None)
    spans = _inside(offered.spans, quote) if offered else _spans(document, words, quote)
    if not spans:
        raise Unproved(NO_ACTOR)
    span = _nearest(spans, act)
    if offered:
        return Named(span=span, actor=offered.actor, kind=offered.kind)
    if named := _of([_only(offer, quote) for offer in passage.parties], spans):
        return named
    actor = actors.named(words, countries=countries, on=document.published) or actors.by_form(words)
    return Named(span=span, actor=None if actor is None or actor.kind == "people" else actor, kind="actor")


def _place(words: str, passage: Passage, document: Document, quote: Extent, act: Extent) -> Named:
    offered = next((offer for offer in passage.places if offer.key == words), None)
    if offered is None:
        there = _spans(document, words, quote)
        named = _of([_only(offer, quote) for offer in passage.places], there)
        if named is None and there and re.search(r"\b[^\W\d_a-z]\w", words):  # a name that the gazetteer does not know
            return Named(span=_nearest(there, act), kind="unknown")
        if named is None:
            raise Unproved(NO_PLACE)
        return named
    spans = _inside(offered.spans, quote)
    if not spans:
        raise Unproved(NO_PLACE)
    return Named(span=_nearest(spans, act), where=offered.where, kind=offered.kind)


def _only(offer: Offer, quote: Extent) -> Offer:
    return replace(offer, spans=tuple(_inside(offer.spans, quote)))


def _when(words: str, document: Document, quote: Extent) -> When | None:
    """The date that words of the quote give; None where they name one that a report without a date leaves open ("on Monday")."""
    spans = _spans(document, words, quote)
    resolved = resolve_date(words, published=document.published) if spans else None
    if resolved is None and spans and words.lower().strip(" ,.") == "in the past":
        return When(end=document.published, precision="unknown", words=words)
    if resolved is None and not (spans and any(dates_in(words))):
        raise Unproved(NO_DATE)
    return resolved
