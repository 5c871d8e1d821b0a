"""The grammar of an English sentence: for each word the one that it depends on, as what, and its part of speech.

A dependency parser (data/parser.onnx.gz; data/parser.md is its card) that shares the word pieces of the tagger, run with onnxruntime on
the processor. Relations are those of Universal Dependencies ("nsubj", "nsubj:pass", "obl:agent"), tags those of the Penn Treebank.
A sentence is read alone, so that its tree depends on nothing else. Where the package or a file is missing, there are no trees.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo import datafiles, tagger
from geo.datelines import dateline_length
from geo.parser_input import sentence_window, sentence_words
from geo.parser_parts import best_parts
from geo.parser_trees import best_heads
from geo.records import Document, Sentence
from geo.sentences import sentences

__all__ = ["Trees", "Word", "is_ready", "keep", "kept", "parse"]

KEPT = 8_000  # sentences whose trees are kept: some 1 MB of text, in about 30 MB; a text is read again after a correction
_Shape = tuple[tuple[int, int, int, str, str], ...]  # of each word: start and end in the sentence, head, relation, tag
_kept: OrderedDict[str, _Shape] = OrderedDict()

Trees = Mapping[str, _Shape]
"""The trees of some sentences, by their text; values that can be kept, sent to another process and given back to `keep`."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a sentence, `text` at `start` to `end` of the document's reading text.

    `head` is the number in the sentence of the word that it depends on, -1 for the root; `relation` is how (Universal Dependencies), `tag`
    its part of speech (Penn Treebank).
    """

    start: int
    end: int
    text: str
    head: int
    relation: str
    tag: str


def is_ready() -> bool:
    """Say whether sentences can be parsed here."""
    if datafiles.DATA not in _ready and _network() is not None and (datafiles.DATA / "tagger_states.onnx.gz").is_file():
        _ready.add(datafiles.DATA)
    return datafiles.DATA in _ready


_ready: set[Path] = set()  # folders where both files were found, so that the disk is not asked for each sentence


def parse(document: Document, sentence: Sentence) -> tuple[Word, ...] | None:
    """Return the words of a sentence as a tree, or None where there is no parser or the sentence is too long for one.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> from geo.sentences import sentences
    >>> report = from_text("The town was captured by rebels.")
    >>> words = parse(report, sentences(report)[0])
    >>> [(word.text, word.relation, words[word.head].text) for word in words if word.head >= 0][1:5]
    [('town', 'nsubj:pass', 'captured'), ('was', 'aux:pass', 'captured'), ('by', 'case', 'rebels'), ('rebels', 'obl:agent', 'captured')]
    """
    if not is_ready():
        return None
    text = document.reading[sentence.start : sentence.end]
    shape = _kept.pop(text, None)
    if shape is None:
        shape = _read(text)
    _kept[text] = shape
    while len(_kept) > KEPT:
        _kept.popitem(last=False)
    if not shape:
        return None
    base, written = sentence.start, document.text
    return tuple(
        Word(base + start, base + end, written[base + start : base + end], head, relation, tag) for start, end, head, relation, tag in shape
    )


def kept(document: Document) -> Trees:
    """Return the trees of a document's sentences that are still known, so that it need not be parsed when it is read again."""
    texts = (document.reading[sentence.start : sentence.end] for sentence in sentences(document))
    return {text: shape for text in texts if (shape := _kept.get(text)) is not None}


def keep(trees: Trees) -> None:
    """Know trees again that `kept` returned, here or in another process."""
    _kept.update(trees)
    while len(_kept) > max(KEPT, len(trees)):
        _kept.popitem(last=False)


def _read(text: str) -> _Shape:
    """The tree of a text that is one sentence; nothing for one without words or too long. A dateline hangs on the story as a whole."""
    words = sentence_words(text, 0, len(text))
    length = dateline_length(text)
    place = sum(1 for start, _ in words if start < length)
    story = _tree(text, words[place:])
    if not place or not story:
        return story
    root = place + next(number for number, word in enumerate(story) if word[2] < 0)
    line = tuple(
        (start, end, 0 if number else root, ("flat" if text[start].isalnum() else "punct") if number else "dep", _tag_of(text[start]))
        for number, (start, end) in enumerate(words[:place])
    )
    return line + tuple((start, end, head + place if head >= 0 else -1, name, tag) for start, end, head, name, tag in story)


def _tag_of(letter: str) -> str:
    return "NNP" if letter.isalpha() else "CD" if letter.isdigit() else "," if letter == "," else ":"


def _tree(text: str, words: tuple[tuple[int, int], ...]) -> _Shape:
    window = sentence_window(text, words) if words else None
    inner = tagger.states(window) if window is not None else None
    if window is None or inner is None:
        return ()
    network = _network()
    relation_names, tag_names = _names()
    arcs, relations, tags = (part[0] for part in network.run(None, {"states": inner, "firsts": window.firsts[None]}))
    heads, parts = best_parts(best_heads(arcs), arcs, relations, relation_names)
    return tuple(
        (start, end, int(head), part, tag_names[int(tag)])
        for (start, end), head, part, tag in zip(words, heads, parts, tags.argmax(axis=-1), strict=True)
    )


def _network() -> Any:
    file = datafiles.DATA / "parser.onnx.gz"
    return tagger.open_network(file) if file.is_file() else None


@lru_cache(maxsize=1)
def _names() -> tuple[list[str], list[str]]:
    """The names of the relations and of the tags, in the order of the network's outputs."""
    told = _network().get_modelmeta().custom_metadata_map
    return json.loads(told["relation_names"]), json.loads(told["tag_names"])
