"""A situation as Web Annotations: what each name and each claim says of the words that it stands on (W3C, Web Annotation Data Model).

One annotation collection, JSON-LD. A target is a report, named by the hash of its text, with the words selected twice: by themselves with
what stands round them (TextQuoteSelector) and by their place (TextPositionSelector, in Unicode characters, half-open). The collection
describes each report; their whole texts are not in the file, only the words selected.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo import __version__, where
from geo.choices import DEFAULT, Choices
from geo.tables import geometry_json

if TYPE_CHECKING:
    from geo.records import Claim, Document, Mention, Place
    from geo.situation import Situation

__all__ = ["CONTEXT", "write"]

CONTEXT: tuple[str | dict[str, Any], ...] = (
    "http://www.w3.org/ns/anno.jsonld",
    {
        "geojson": "https://purl.org/geojson/vocab#", "schema": "http://schema.org/", "salient": "urn:salient:vocab#",
        "predicate": "salient:predicate", "status": "salient:status", "confidence": "salient:confidence", "actor": "salient:actor",
        "counterpart": "salient:counterpart", "speaker": "salient:speaker", "when": "salient:when", "limits": "salient:limits",
        "reason": "salient:reason", "kind": "salient:kind", "use": "salient:use", "place": "salient:place", "recipe": "salient:recipe",
        "precision": "salient:precision", "role": "salient:role", "reports": "salient:reports", "note": "salient:note",
        "asOf": "salient:asOf", "borderView": "salient:borderView",
        "datePublished": "schema:datePublished", "publisher": "schema:publisher", "geometry": {"@id": "geojson:geometry", "@type": "@json"},
    },
)
"""The terms of the model, and those of ours."""

_ROUND = 32  # characters kept before and after the words, enough to find them again in a text that was changed


def write(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as one AnnotationCollection with its only page."""
    made = list(_annotations(situation))
    collection = "urn:sha256:" + hashlib.sha256("".join(str(one["id"]) for one in made).encode()).hexdigest()
    page = {
        "id": f"{collection}#page", "type": "AnnotationPage", "partOf": {"id": collection, "type": "AnnotationCollection"}, "startIndex": 0,
        "items": made,
    }
    told = {
        "@context": list(CONTEXT), "id": collection, "type": "AnnotationCollection", "label": situation.title or "Reports",
        "creator": _maker(), "total": len(made), "reports": [_report(document) for document in situation.documents],
        "note": "What the reports say, not what is so.", "asOf": situation.as_of.isoformat() if situation.as_of else "",
        "borderView": situation.view, "first": page, "last": page["id"],
    }
    with path.open("w", encoding="utf-8", newline="\n") as file:
        json.dump(told, file, ensure_ascii=False, allow_nan=False)
        file.write("\n")


def _annotations(situation: Situation) -> Iterator[dict[str, Any]]:
    documents = {document.id: document for document in situation.documents}
    chosen = {mention: place for place in situation.places for mention in place.mentions}
    for mention in situation.mentions:
        if mention.document_id in documents:
            yield _of_mention(mention, chosen.get(mention), documents[mention.document_id])
    for claim in situation.claims:
        yield _of_claim(claim, situation, documents)


def _of_mention(mention: Mention, place: Place | None, document: Document) -> dict[str, Any]:
    """A name: which place it means, or that it is a name."""
    bodies: list[dict[str, Any]] = [{
        "type": "TextualBody", "purpose": "tagging", "value": mention.text, "format": "text/plain", "kind": mention.kind,
        "use": mention.use,
    }]
    if place is not None:
        feature = place.feature
        bodies.append({
            "type": "SpecificResource", "purpose": "identifying", "source": f"geo:{feature.lat:.5f},{feature.lon:.5f}",
            "name": feature.name, "place": feature.id, "precision": place.precision, "confidence": round(place.confidence, 3),
            "reason": place.reason,
            "geometry": {"type": "Point", "coordinates": [round(feature.lon, 5), round(feature.lat, 5)]},
        })
    key = ("mention", mention.document_id, mention.start, mention.end, mention.kind, mention.use, mention.name)
    return _annotation(key, bodies, [_target(document, mention.start, mention.end)], "identifying" if place else "tagging")


def _of_claim(claim: Claim, situation: Situation, documents: Mapping[str, Document]) -> dict[str, Any]:
    """A claim: who is said to do what, where and when, on the words of its evidence, the sentence first."""
    words = where.words(claim.where, situation.gazetteer) if claim.where is not None else ""
    value = " ".join(filter(None, (
        claim.actor.name if claim.actor else "someone", claim.predicate.replace("_", " "), claim.target.name if claim.target else "", words,
    )))
    body: dict[str, Any] = {
        "type": "TextualBody", "purpose": "describing", "value": value, "format": "text/plain", "language": "en",
        "predicate": claim.predicate, "status": claim.status, "confidence": round(claim.confidence, 3), "reason": claim.reason,
        "limits": list(claim.limits),
    }
    when = claim.when
    told = {
        "actor": claim.actor.name if claim.actor else "", "counterpart": claim.target.name if claim.target else "",
        "speaker": claim.speaker, "place": words, "recipe": where.text(claim.where) if claim.where is not None else "",
        "when": "/".join(day.isoformat() if day else ".." for day in (when.start, when.end)) if when.start or when.end else "",
    }
    body |= {name: text for name, text in told.items() if text}
    bodies = [body]
    shape = situation.geometry(claim)
    if shape is not None and not shape.is_empty:
        spot = shape.representative_point()
        bodies.append({
            "type": "SpecificResource", "purpose": "linking", "source": f"geo:{spot.y:.5f},{spot.x:.5f}", "name": words,
            "geometry": geometry_json(shape),
        })
    targets = [
        {**_target(documents[span.document_id], span.start, span.end), "role": span.role}
        for span in claim.evidence if span.document_id in documents
    ]
    return _annotation(("claim", claim.id), bodies, targets, "describing", creator=claim.made_by)


def _annotation(
    key: tuple[object, ...], bodies: list[dict[str, Any]], targets: list[dict[str, Any]], motivation: str, *, creator: str = "",
) -> dict[str, Any]:
    name = hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()
    return {
        "id": f"urn:sha256:{name}", "type": "Annotation", "motivation": motivation, "creator": _maker(creator),
        "body": bodies[0] if len(bodies) == 1 else bodies, "target": targets[0] if len(targets) == 1 else targets,
    }


def _target(document: Document, start: int, end: int) -> dict[str, Any]:
    """Some words of a report: the report by the hash of its text, the words by themselves and by their place."""
    quote = {"type": "TextQuoteSelector", "exact": document.text[start:end]}
    quote |= {name: text for name, text in (
        ("prefix", document.text[max(0, start - _ROUND) : start]), ("suffix", document.text[end : end + _ROUND]),
    ) if text}
    return {
        "type": "SpecificResource", "source": _urn(document),
        "selector": [quote, {"type": "TextPositionSelector", "start": start, "end": end}],
    }


def _report(document: Document) -> dict[str, Any]:
    told = {
        "id": _urn(document), "type": "Text", "format": "text/plain", "language": document.language, "name": document.title,
        "publisher": document.source, "datePublished": document.published.isoformat() if document.published else "",
    }
    return {name: value for name, value in told.items() if value}


def _urn(document: Document) -> str:
    return "urn:sha256:" + hashlib.sha256(document.text.encode("utf-8")).hexdigest()


def _maker(creator: str = "") -> dict[str, str]:
    return {"type": "Software", "name": " ".join(filter(None, (f"Salient {__version__}", creator)))}
