"""Sentences of treebanks in the words that the parser reads: heads, relations and tags of each.

A treebank cuts some words otherwise. Where one of ours spans several of its words, ours takes what the uppermost of them has; where one
of its words is several of ours ("pro", "-", "Beijing"), the last is its heart and the others hang on that.
"""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.parser_input import sentence_words

HELD_OUT = 10  # every tenth document of GUM is for the test


@dataclass(slots=True)
class Tree:
    """A sentence: its text, words, head of each (-1: root), relation and tag; `part` is train, dev or test, `genre` where it is from."""

    text: str
    words: tuple[tuple[int, int], ...]
    heads: list[int]
    relations: list[str]
    tags: list[str]
    part: str
    genre: str


@dataclass(slots=True)
class _Row:
    start: int
    end: int
    tag: str
    head: int
    relation: str


def trees(folder: Path) -> Iterator[Tree]:
    """Yield the sentences of the treebanks in a folder."""
    for path in sorted(folder.glob("*.conllu.gz")):
        documents: list[str] = []
        part = next((name for name in ("train", "dev", "test") if f"-{name}." in path.name), "")
        for name, text, rows in _sentences(path):
            document = name.rsplit("-", 1)[0]
            if document not in documents:
                documents.append(document)
            genre = f"gum {name.split('_')[1]}" if name.startswith("GUM") else f"ewt {name.split('-')[0]}"
            held = part or ("test" if documents.index(document) % HELD_OUT == HELD_OUT - 1 else "train")
            made = _in_our_words(text, rows)
            if made is not None:
                yield Tree(text, *made, held, genre)


def changed(tree: Tree, rng: random.Random) -> Tree:
    """Return a sentence as another hand would write it, letter for letter: curly quotes, all capitals, no capitals, another dash."""
    text, draw = tree.text, rng.random()
    if draw < 0.55:
        text = re.sub(r"(?<![\w\"'])\"(?=\w)", "“", text)
        text = text.replace('"', "”").replace("'", "’")
    elif draw < 0.65:
        text = text.replace("”", '"').replace("“", '"').replace("’", "'").replace(" - ", " – ")
    elif draw < 0.75:
        text = text.upper()
    elif draw < 0.9:
        text = text.lower()
    else:
        text = text.title()
    if len(text) != len(tree.text) or text == tree.text or sentence_words(text, 0, len(text)) != tree.words:
        return tree
    return Tree(text, tree.words, tree.heads, tree.relations, tree.tags, tree.part, tree.genre)


def _sentences(path: Path) -> Iterator[tuple[str, str, list[_Row]]]:
    name, lines = "", []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            if line.startswith("# sent_id"):
                name = line.split("=")[1].strip()
            elif line[:1].isdigit():
                lines.append(line.rstrip("\n").split("\t"))
            elif not line.strip() and lines:
                yield name, *_laid_out(lines)
                lines = []


def _laid_out(lines: list[list[str]]) -> tuple[str, list[_Row]]:
    """The text of a sentence and its words, each where it stands."""
    text, rows, joined_to, end_of_joined = "", [], 0, 0
    for fields in lines:
        if "." in fields[0]:
            continue
        space = "" if "SpaceAfter=No" in fields[9] else " "
        if "-" in fields[0]:
            joined_to = int(fields[0].split("-")[1])
            begin = len(text)
            text += fields[1] + space
            cursor, end_of_joined = begin, begin + len(fields[1])
            continue
        if int(fields[0]) <= joined_to:
            last = int(fields[0]) == joined_to
            end = end_of_joined if last else min(cursor + len(fields[1]), end_of_joined)
            begin, cursor = cursor, end
        else:
            begin, end = len(text), len(text) + len(fields[1])
            text += fields[1] + space
        rows.append(_Row(begin, end, fields[4], int(fields[6]) - 1, fields[7]))
    return text.rstrip(), rows


Words = tuple[tuple[int, int], ...]


def _in_our_words(text: str, rows: list[_Row]) -> tuple[Words, list[int], list[str], list[str]] | None:
    words = sentence_words(text, 0, len(text))
    if not words or not rows:
        return None
    over = [[w for w, (start, end) in enumerate(words) if start < row.end and row.start < end] for row in rows]
    under = [[r for r, row in enumerate(rows) if start < row.end and row.start < end] for start, end in words]
    if not all(over) or not all(under):
        return None
    depth = [_depth(rows, r) for r in range(len(rows))]
    heart = [_heart(text, words, parts) for parts in over]
    heads, relations, tags = [], [], []
    for w, (start, end) in enumerate(words):
        top = min(under[w], key=lambda r: (depth[r], r))
        row = rows[top]
        if heart[top] != w:
            joint = not text[start:end][0].isalnum()
            heads.append(heart[top])
            relations.append("punct" if joint else "compound")
            tags.append("HYPH" if text[start:end] == "-" else "AFX" if not joint and w == over[top][0] else row.tag)
            continue
        heads.append(-1 if row.head < 0 else heart[row.head])
        relations.append(row.relation)
        tags.append(row.tag)
    whole = [_leads_to_root(heads, w) for w in range(len(words))]
    return (words, heads, relations, tags) if all(whole) and heads.count(-1) == 1 else None


def _heart(text: str, words: Words, parts: list[int]) -> int:
    written = [w for w in parts if text[words[w][0]].isalnum()]
    return (written or parts)[-1]


def _depth(rows: list[_Row], row: int) -> int:
    count = 0
    while row >= 0:
        row, count = rows[row].head, count + 1
    return count


def _leads_to_root(heads: list[int], word: int) -> bool:
    for _ in heads:
        if word < 0:
            return True
        word = heads[word]
    return word < 0
