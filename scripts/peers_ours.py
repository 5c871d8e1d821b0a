"""Salient itself, and the population baseline over the same gazetteer, as systems for `scripts.peers_run`."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from geo.corpus import answers
from geo.documents import from_text
from geo.gazetteer import Gazetteer, open_gazetteer
from geo.recognition import is_toponym, recognise
from scripts.peers_run import Answers, Documents, Found, System


def salient() -> System:
    """What `python -m geo parse --jsonl` does, in this process."""
    gazetteer = open_gazetteer()
    return System(
        parse=lambda documents: _parsed(documents, gazetteer, gold_spans=False),
        given=lambda documents: _parsed(documents, gazetteer, gold_spans=True),
        packages=("onnxruntime", "tokenizers"),
    )


def population() -> System:
    """The names that Salient recognises, each put on the most populous feature of that name; no context."""
    gazetteer = open_gazetteer()
    return System(
        parse=lambda documents: _recognised(documents, gazetteer),
        given=lambda documents: (
            [most_populous(d["text"][t["start"] : t["end"]], t["start"], gazetteer) for t in d["toponyms"]] for d in documents
        ),
    )


def most_populous(name: str, start: int, gazetteer: Gazetteer) -> Found:
    """Return a name at its most populous feature, the first hit among equals; without a point where the gazetteer has none."""
    hits = [hit.feature for hit in gazetteer.search(name, limit=1000) if hit.match != "fuzzy"]
    best = max(hits, key=lambda feature: feature.population, default=None)
    return Found(start, start + len(name), lat=best.lat if best else None, lon=best.lon if best else None)


def _parsed(documents: Documents, gazetteer: Gazetteer, *, gold_spans: bool) -> Answers:
    for number, document in enumerate(documents):
        for answer in answers([(number, json.dumps(document))], gazetteer=gazetteer, gold_spans=gold_spans):
            if answer.complaint:
                raise SystemExit(f"Salient could not read document {document['id']}: {answer.complaint}")
            yield [_found(toponym) for toponym in json.loads(answer.line)["toponyms"]]


def _found(toponym: dict[str, Any]) -> Found:
    return Found(toponym["start"], toponym["end"], lat=toponym["lat"], lon=toponym["lon"], use=toponym["use"])


def _recognised(documents: Documents, gazetteer: Gazetteer) -> Answers:
    for document in documents:
        named = [mention for mention in recognise(from_text(document["text"]), gazetteer=gazetteer) if is_toponym(mention)]
        yield [replace(most_populous(mention.text, mention.start, gazetteer), use=mention.use) for mention in named]
