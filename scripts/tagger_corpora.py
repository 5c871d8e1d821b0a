"""The corpora that the tagger learns from, as one kind of record: a text with its names, and which of its labels are known.

`Marked.names` are toponyms, those inside other names included; `entities` are persons, organisations, peoples and places as named-entity
corpora have them. What a corpus does not mark is masked, not taken for absent. None of these texts is part of the project.
"""

from __future__ import annotations

import json
import random
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from geo.demonyms import demonyms
from geo.gazetteer import open_gazetteer
from geo.names import fold
from scripts.build_words import tagged

SENTENCES = 12  # of a table of sentences, joined to one document
ENTITIES = {"per": "PER", "PER": "PER", "person": "PER", "org": "ORG", "ORG": "ORG", "corporation": "ORG", "group": "ORG",
            "geo": "LOC", "LOC": "LOC", "location": "LOC", "gpe": "LOC"}
_GLUED = frozenset({",", ".", "'s", "’s", ")", ";", ":", "?", "!", "%", "'", "n't"})


@dataclass(slots=True)
class Name:
    """A toponym: where it stands, and its kind and use where a corpus says so."""

    start: int
    end: int
    kind: str = ""
    use: str = ""


@dataclass(slots=True)
class Marked:
    """A text with what its corpus marks in it."""

    id: str
    source: str
    text: str
    names: list[Name] = field(default_factory=list)
    entities: list[tuple[int, int, str]] = field(default_factory=list)
    names_unknown: list[tuple[int, int]] = field(default_factory=list)
    entities_known: bool = True


def geoparsing(path: Path) -> Iterator[Marked]:
    """Read a corpus of toponyms, one JSON document a line; what is no toponym in it is unknown as an entity."""
    for line in path.open(encoding="utf-8"):
        document = json.loads(line)
        made = Marked(document["id"], document.get("source", "?"), document["text"], entities_known=False)
        for toponym in document["toponyms"]:
            if toponym.get("demonym"):
                made.entities.append((toponym["start"], toponym["end"], "NORP"))
                continue
            use = {"literal": "literal", "associative": "acting"}.get(toponym.get("class", ""), "")
            made.names.append(Name(toponym["start"], toponym["end"], use=use))
        yield made


def sentence_tables(folder: Path) -> Iterator[Marked]:
    """Read the corpora of tagged sentences: GMB, WikiGold, WNUT 2017, Universal NER English (EWT and PUD)."""
    yield from _documents("gmb", list(tagged(folder / "gmb_ner_dataset.csv.zip")))
    yield from _documents("wikigold", list(_columns(folder / "wikigold.conll.txt", " ", -1)))
    for name in ("wnut17_wnut17train.conll", "wnut17_emerging.dev.conll", "wnut17_emerging.test.annotated"):
        yield from _documents("wnut17", list(_columns(folder / name, "\t", 1)))
    for name in ("en_ewt-ud-dev.iob2", "en_ewt-ud-test.iob2", "en_pud-ud-test.iob2"):
        yield from _documents("uner", list(_columns(folder / name, "\t", 2)))


def metonymy(path: Path) -> Iterator[Marked]:
    """Read ReLocaR: one place name a sample, used literally or not; every other word is unknown."""
    for number, sample in enumerate(ElementTree.parse(path).getroot().iter("sample")):
        before, location = sample.text or "", sample.find("loc")
        if location is None or not location.text:
            continue
        text = before + location.text + (location.tail or "")
        start, end = len(before), len(before) + len(location.text)
        made = Marked(f"relocar-{path.stem}-{number}", "relocar", text, entities_known=False)
        made.names = [Name(start, end, use="literal" if location.get("reading") == "lit" else "acting")]
        made.names_unknown = [span for span in ((0, start), (end, len(text))) if span[0] < span[1]]
        yield made


def _columns(path: Path, separator: str, column: int) -> Iterator[tuple[list[str], list[str]]]:
    words: list[str] = []
    tags: list[str] = []
    for line in path.open(encoding="utf-8"):
        parts = [] if line.startswith("# ") else line.rstrip("\n").split(separator)
        if len(parts) < 2:
            if words and not line.startswith("# "):
                yield words, tags
                words, tags = [], []
            continue
        words.append(parts[1] if column == 2 else parts[0])
        tags.append(parts[column].strip())
    if words:
        yield words, tags


def _documents(source: str, sentences: list[tuple[list[str], list[str]]]) -> Iterator[Marked]:
    for begin in range(0, len(sentences), SENTENCES):
        yield _joined(f"{source}-{begin}", source, sentences[begin : begin + SENTENCES])


def _joined(name: str, source: str, sentences: list[tuple[list[str], list[str]]]) -> Marked:
    """Sentences of words and tags as running text with spans."""
    made, text = Marked(name, source, ""), ""
    for words, tags in sentences:
        spans: list[list] = []
        glued = True
        for word, tag in zip(words, tags, strict=True):
            text += "" if glued or word in _GLUED else " "
            glued = word in {"(", "$", "#", "“"}
            kind = tag.partition("-")[2]
            if tag.startswith("I") and spans and spans[-1][2] == kind and spans[-1][1] == len(text.rstrip()):
                spans[-1][1] = len(text) + len(word)
            elif kind:
                spans.append([len(text), len(text) + len(word), kind])
            text += word
        for start, end, kind in spans:
            _file(made, text, start, end, kind)
        text += "\n" if source == "wnut17" else " "
    made.text = text
    return made


def _file(made: Marked, text: str, start: int, end: int, tag: str) -> None:
    if tag == "tim":
        return
    entity = ENTITIES.get(tag, "")
    if fold(text[start:end]) in demonyms() and not text[start:end].isupper():
        entity = "NORP"
    if entity == "LOC":
        start += 4 if text[start:end].lower().startswith("the ") else 0
        made.names.append(Name(start, end))
    elif entity in {"ORG", ""}:
        made.names_unknown.append((start, end))  # a place may be named inside
    made.entities.append((start, end, entity))


def swapped(marked: Marked, rng: random.Random, places: list[str], people: list[str]) -> Marked:
    """Return a copy with other places, persons and organisations: each name is replaced by the same new one all through."""
    persons = [(*span[:2], span) for span in marked.entities if span[2] in {"PER", "NORP"}]
    cuts = sorted([*((name.start, name.end, name) for name in marked.names), *persons], key=lambda cut: cut[:2])
    made = Marked(f"{marked.id}-swapped", marked.source, "", entities_known=marked.entities_known)
    chosen: dict[str, str] = {}
    moved: list[tuple[int, int, int]] = []  # (old start, old end, new start)
    position = 0
    for start, end, what in cuts:
        if start < position:
            continue
        old = marked.text[start:end]
        made.text += marked.text[position:start]
        new = old
        if isinstance(what, Name) and _swappable(old):
            new = chosen.setdefault(old, rng.choice(places))
        elif not isinstance(what, Name) and what[2] == "PER":
            new = chosen.setdefault(old, rng.choice(people) if " " in old else rng.choice(people).split()[-1])
        at = len(made.text)
        made.text += new
        if isinstance(what, Name):
            made.names.append(Name(at, at + len(new), what.kind, what.use))
            if marked.entities_known:
                made.entities.append((at, at + len(new), "LOC"))
        else:
            made.entities.append((at, at + len(new), what[2]))
        moved.append((start, end, at + len(new)))
        position = end
    made.text += marked.text[position:]
    shift = _shift(moved)
    made.names_unknown = [(shift(a), shift(b)) for a, b in marked.names_unknown]
    kept = {(start, end) for start, end, _ in made.entities}
    others = [(shift(a), shift(b), kind) for a, b, kind in marked.entities if kind not in {"PER", "NORP", "LOC"}]
    made.entities += [span for span in others if span[0] < span[1] and span[:2] not in kept]
    return made


def _shift(moved: list[tuple[int, int, int]]):
    def at(position: int) -> int:
        last = (0, 0)
        for _, end, new_end in moved:
            if end > position:
                break
            last = (end, new_end)
        return position - last[0] + last[1]

    return at


def _swappable(name: str) -> bool:
    """Countries, waters and the like keep their names: what is said of them is not said of towns."""
    generic = r"River|Sea|Ocean|Gulf|Lake|Street|Avenue|Road|County|Province|University|Airport|Middle East|Europe|Africa|Asia|United"
    return not re.search(generic, name) and not name.isupper() and not _is_country(name)


@lru_cache(maxsize=10_000)
def _is_country(name: str) -> bool:
    found = open_gazetteer().known({fold(name)})
    return any("country" in info.kinds for info in found.values())
