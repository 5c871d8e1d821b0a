"""The reports as the page shows them: cut into pieces that lead to what is drawn, and what is told in words alone."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from geo import annotate, symbology
from geo.relations import relations

if TYPE_CHECKING:
    from geo.records import Document, Mention
    from geo.situation import Situation

__all__ = ["Texts", "listed", "told_relations"]


class Texts:
    """The reports cut into pieces; each piece leads to the features that were told of by `leads`.

    For the desk a piece also has the claims that it tells, as numbers among those of the situation (`k`), and one of a name its span
    (`r`), a party's too; each paragraph has the character at which it begins (`starts`).
    """

    def __init__(self, situation: Situation, *, desk: bool = False) -> None:
        self.situation = situation
        self.desk = desk
        self.numbers = {claim.id: number for number, claim in enumerate(situation.claims)} if desk else {}
        self.by_mention: dict[str, list[str]] = {}
        self.by_claim: dict[str, list[str]] = {}
        self.cut: dict[tuple[str, int, int, str], list[list[Any]]] = {}
        self.documents = {document.id: document for document in situation.documents}
        self.evidence = annotate.evidence_by_document(situation)
        self.named: dict[str, list[Mention]] = {}
        for mention in sorted(situation.mentions, key=lambda mention: mention.start):
            self.named.setdefault(mention.document_id, []).append(mention)

    def leads(self, row: Any, feature_id: str) -> None:
        """Have the words on which a layer's row stands lead to a feature."""
        for mention in row.mentions:
            self.by_mention.setdefault(mention, []).append(feature_id)
        for claim in row.claims:
            self.by_claim.setdefault(claim, []).append(feature_id)

    def all(self) -> list[dict[str, Any]]:
        """Every report, as paragraphs of pieces."""
        return [self._text(document) for document in self.situation.documents]

    def _text(self, document: Document) -> dict[str, Any]:
        paragraphs = self._paragraphs(document)
        byline = ", ".join(filter(None, (document.source, _long_date(document))))
        made: dict[str, Any] = {"title": document.title, "byline": byline, "paragraphs": [pieces for _, pieces in paragraphs]}
        return made | {"id": document.id, "starts": [start for start, _ in paragraphs]} if self.desk else made

    def quote(self, quote: tuple[str, int, int, str]) -> list[list[Any]]:
        """A quote as [words, marked] pairs: what a mention or a shorter piece of evidence names in it is marked."""
        document_id, start, end, _ = quote
        if quote in self.cut:
            return self.cut[quote]
        document = self.documents.get(document_id)
        if document is None:
            return [[quote[3], False]]
        named = self.named.get(document_id, [])
        first, last = (bisect_left(named, at, key=lambda mention: mention.start) for at in (start, end))
        inside = [mention for mention in named[first:last] if mention.kind != "date"]
        cut = annotate.pieces(document, mentions=inside, within=(start, end))
        return self.cut.setdefault(quote, [[piece.text, piece.mention is not None] for piece in cut])

    def _paragraphs(self, document: Document) -> list[tuple[int, list[dict[str, Any]]]]:
        """The pieces of each paragraph, and the character at which it begins."""
        cut = annotate.pieces(document, mentions=self.named.get(document.id, ()), evidence=self.evidence.get(document.id))
        paragraphs: list[tuple[int, list[dict[str, Any]]]] = [(0, [])]
        for piece in cut:
            at = piece.start
            for number, words in enumerate(piece.text.split("\n")):
                if number:
                    at += 1
                    if paragraphs[-1][1]:
                        paragraphs.append((at, []))
                    else:
                        paragraphs[-1] = (at, [])
                if words:
                    paragraphs[-1][1].append(self._piece(piece, words))
                    at += len(words)
        return [paragraph for paragraph in paragraphs if any(piece["t"].strip() for piece in paragraph[1])]

    def _piece(self, piece: annotate.Piece, words: str) -> dict[str, Any]:
        made: dict[str, Any] = {"t": words}
        ids = (
            []
            if piece.mention is None
            else list(self.by_mention.get(f"{piece.mention.document_id}:{piece.mention.start}-{piece.mention.end}", ()))
        )
        ids.extend(feature for claim in piece.claims for feature in self.by_claim.get(claim, ()))
        if piece.mention is not None and piece.mention.kind not in ("actor", "date"):
            made["m"] = piece.mention.use
            made["w"] = {"metonym": "stands for its government: not drawn", "demonym": "a people or state: not drawn"}.get(
                piece.mention.use, "not placed"
            )
        if any(claim in self.by_claim for claim in piece.claims):
            made["c"] = 1
        if ids:
            made["f"] = list(dict.fromkeys(ids))
        if self.desk and piece.mention is not None and piece.mention.kind != "date":
            made["r"] = [piece.mention.start, piece.mention.end]
        if self.desk and piece.claims:
            made["k"] = [self.numbers[claim] for claim in piece.claims if claim in self.numbers]
        return made


def listed(situation: Situation, *, desk: bool = False) -> list[list[str]]:
    """Claims about places without a name or a known position, which are listed and drawn nowhere: what is claimed, and the sentence.

    For the desk the claim's id stands third.
    """
    found = []
    for claim in situation.claims:
        place = next((span.quote for span in claim.evidence if span.role == "place"), "")
        if claim.where is None and place:
            act = symbology.predicate_words(claim.predicate)
            told = f"{claim.actor.name if claim.actor else 'somebody'}: {act} ({claim.status}), {' '.join(place.split())}"
            found.append([told, " ".join(claim.evidence[0].quote.split()), *([claim.id] if desk else [])])
    return found


def told_relations(situation: Situation, texts: Texts) -> list[dict[str, Any]]:
    """Who backs whom, for the list beside the map: relations between parties are never drawn."""
    colours = symbology.colours(situation.actors)
    made = []
    for one in relations(situation.claims):
        spans = dict.fromkeys((claim.evidence[0].document_id, claim.evidence[0].start, claim.evidence[0].end) for claim in one.claims)
        told = {claim.evidence[0].document_id for claim in one.claims}
        best = max(one.claims, key=lambda claim: claim.confidence)
        made.append({
            "first": one.first.name, "second": one.second.name, "bond": " and ".join(one.bonds), "mutual": one.mutual,
            "first_colour": colours.get(one.first.id, ""), "second_colour": colours.get(one.second.id, ""),
            "status_words": symbology.status_words(one.status, best.speaker), "when": best.when.words if one.status == "past" else "",
            "confidence": round(one.confidence, 2), "reason": best.reason,
            "quotes": [texts.quote((*span, "")) for span in spans],
            "sources": [
                [d.title, d.source, d.published.isoformat() if d.published else ""] for d in situation.documents if d.id in told
            ],
            **({"claims": [claim.id for claim in one.claims]} if texts.desk else {}),
        })
    return made


def _long_date(document: Document) -> str:
    return f"{document.published.day} {document.published:%B %Y}" if document.published else ""
