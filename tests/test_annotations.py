"""Web Annotations: valid by the rules of the model, each on words that are found again in the report."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.export import export
from tests import hostile_report as hostile

# Of the Web Annotation Vocabulary.
MOTIVATIONS = {
    "assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting", "identifying", "linking",
    "moderating", "questioning", "replying", "tagging",
}
AGENTS = {"Person", "Organization", "Software"}
IRI = re.compile(r"[a-z][a-z0-9+.-]*:\S+")


def written(situation: Any, folder: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(export(situation, folder / "map.jsonld").read_text(encoding="utf-8"))
    return made


def listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def items(situation: Any, folder: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = written(situation, folder)["first"]["items"]
    return found


def situations(idlib: Any) -> tuple[Any, Any]:
    return idlib, hostile.situation()


def test_the_collection_is_one_of_the_model(idlib: Any, tmp_path: Path) -> None:
    made = written(idlib, tmp_path)
    assert made["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert made["type"] == "AnnotationCollection"
    page = made["first"]
    assert (page["type"], page["partOf"]["id"], page["id"], page["startIndex"]) == ("AnnotationPage", made["id"], made["last"], 0)
    assert made["total"] == len(page["items"]) == len(idlib.mentions) + len(idlib.claims)
    assert [report["id"] for report in made["reports"]] == [
        "urn:sha256:" + hashlib.sha256(one.text.encode()).hexdigest() for one in idlib.documents
    ]


def test_each_annotation_keeps_the_rules_of_the_model(idlib: Any, tmp_path: Path) -> None:
    for situation in situations(idlib):
        found = items(situation, tmp_path)
        assert len({one["id"] for one in found}) == len(found)
        for one in found:
            assert one["type"] == "Annotation"
            assert IRI.fullmatch(one["id"])
            assert one["motivation"] in MOTIVATIONS
            assert one["creator"]["type"] in AGENTS
            assert one["creator"]["name"]
            assert listed(one["target"])
            for body in listed(one["body"]):
                assert body["purpose"] in MOTIVATIONS
                assert (body["type"] == "TextualBody" and isinstance(body["value"], str)) or (
                    body["type"] == "SpecificResource" and IRI.fullmatch(body["source"])
                )


def test_every_term_is_of_the_model_or_explained_in_the_context(idlib: Any, tmp_path: Path) -> None:
    made = written(idlib, tmp_path)
    ours = made["@context"][1]
    model = {
        "id", "type", "motivation", "creator", "name", "body", "target", "purpose", "value", "format", "language", "source", "selector",
        "exact", "prefix", "suffix", "start", "end",
    }
    for one in made["first"]["items"]:
        for part in (one, *listed(one["body"]), *listed(one["target"]), *(s for t in listed(one["target"]) for s in t["selector"])):
            assert set(part) <= model | set(ours)


def test_both_selectors_find_the_words_in_the_report(idlib: Any, tmp_path: Path) -> None:
    for situation in situations(idlib):
        texts = {"urn:sha256:" + hashlib.sha256(one.text.encode()).hexdigest(): one.text for one in situation.documents}
        for one in items(situation, tmp_path):
            for target in listed(one["target"]):
                text = texts[target["source"]]
                quote, place = target["selector"]
                assert (quote["type"], place["type"]) == ("TextQuoteSelector", "TextPositionSelector")
                assert 0 <= place["start"] < place["end"] <= len(text)
                assert text[place["start"] : place["end"]] == quote["exact"]
                assert len(quote.get("prefix", "")) <= 32 >= len(quote.get("suffix", ""))
                around = quote.get("prefix", "") + quote["exact"] + quote.get("suffix", "")
                assert text.startswith(around, place["start"] - len(quote.get("prefix", "")))


def test_a_claim_says_who_what_where_and_how_sure(idlib: Any, tmp_path: Path) -> None:
    found = items(idlib, tmp_path)[len(idlib.mentions) :]
    for claim, one in zip(idlib.claims, found, strict=True):
        body = listed(one["body"])[0]
        assert (body["predicate"], body["status"], body["limits"]) == (claim.predicate, claim.status, list(claim.limits))
        assert body["confidence"] == round(claim.confidence, 3)
        assert body.get("actor", "") == (claim.actor.name if claim.actor else "")
        assert [target["role"] for target in listed(one["target"])] == [span.role for span in claim.evidence]
        shape = idlib.geometry(claim)
        placed = listed(one["body"])[1:]
        assert bool(placed) == (shape is not None)
        if placed:
            assert shapely.from_geojson(json.dumps(placed[0]["geometry"])).is_valid
            lat, lon = map(float, placed[0]["source"].removeprefix("geo:").split(","))
            assert shapely.Point(lon, lat).distance(shape) < 0.01


def test_a_name_is_identified_with_its_place(idlib: Any, tmp_path: Path) -> None:
    chosen = {mention: place for place in idlib.places for mention in place.mentions}
    for mention, one in zip(idlib.mentions, items(idlib, tmp_path), strict=False):
        bodies = listed(one["body"])
        assert bodies[0]["value"] == mention.text
        assert [body.get("place") for body in bodies[1:]] == ([chosen[mention].feature.id] if mention in chosen else [])


def test_the_text_itself_is_not_in_the_file(idlib: Any, tmp_path: Path) -> None:
    made = export(idlib, tmp_path / "map.jsonld").read_text(encoding="utf-8")
    assert json.dumps(idlib.documents[0].text, ensure_ascii=False)[1:-1] not in made


@pytest.mark.parametrize("words", hostile.STRINGS)
def test_hostile_words_stand_as_they_are_in_json(words: str, tmp_path: Path) -> None:
    situation = hostile.situation()
    claim = replace(situation.claims[0], speaker=words)
    found = items(replace(situation, claims=(claim,)), tmp_path)
    assert listed(found[-1]["body"])[0]["speaker"] == words
