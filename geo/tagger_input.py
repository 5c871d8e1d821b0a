"""What the neural tagger sees of a report: word pieces in windows, and for each word signs of its letters, the gazetteer and the lists.

The encoder reads words without their case, so case, the longest name of the gazetteer that covers a word, the word lists and what the
whole report shows of the word are given beside it as signs: one number of each family in `FAMILIES`. Windows are whole sentences in a
row, so that a word sees what stands around its sentence. The training script builds its input here too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo import datafiles
from geo.demonyms import demonyms
from geo.name_features import Name, Setting, size_of
from geo.names import fold
from geo.tokens import Token, cues, word_list

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["FAMILIES", "LONGEST", "SIGNS", "Window", "bare_window", "pieces_of", "windows"]

LONGEST = 128  # word pieces of a window, its two end marks included
PIECES = 12  # word pieces of one word that are read; longer "words" are no words
_CASES = ("sign", "number", "lower", "title", "initial", "short capitals", "capitals", "dotted", "mixed", "article")
_SIZES = ("country", "water", "region", "base", "road", "0", "500", "5k", "50k", "500k",
          "admin0", "admin500", "admin5k", "admin50k", "admin500k")
_LISTS = ("none", "title", "given", "surname", "never", "month", "head_org", "head_street", "head_admin", "head_populated", "head_water",
          "head_region", "head_base", "locative", "speech_verbs", "object_verbs", "demonym", "common", "rarely common")
_LABELS = ("plain", "person", "organisation", "street", "surname", "people")
_ELSEWHERE = ("no name", "once", "weak", "strong", "person")
FAMILIES: tuple[tuple[str, ...], ...] = (
    tuple(f"{case}|{place}" for case in _CASES for place in ("first", "inside")),
    ("none", *(f"{size}|{place}" for size in _SIZES for place in ("begins", "goes on"))),
    _LISTS,
    _LABELS,
    _ELSEWHERE,
)
SIGNS = sum(len(family) for family in FAMILIES) + 1  # and one for the marks at the ends of a window
_STARTS = tuple(1 + sum(len(family) for family in FAMILIES[:number]) for number in range(len(FAMILIES)))
_NUMBERS = tuple({value: start + place for place, value in enumerate(family)} for start, family in zip(_STARTS, FAMILIES, strict=True))
_UNKNOWN, _BEGIN, _END = 1, 2, 3  # [UNK], [CLS] and [SEP] of the vocabulary
_STRONG = frozenset({"loc", "cue", "comma", "dateline"})


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document as numbers.

    `pieces` has shape (n,), `signs` (n, families); `firsts` are the positions of the first piece of each word, and `words` the numbers
    of those words among the tokens of the document.
    """

    pieces: np.ndarray
    signs: np.ndarray
    firsts: np.ndarray
    words: np.ndarray


def windows(about: Setting) -> tuple[Window, ...]:
    """Return the windows of a document, in order; every word of a sentence that may hold a name stands in one of them.

    A sentence may hold one if the gazetteer knows a name in it, or a word inside it has a capital; a fifth of the news does not.
    """
    found = about.scene.tokens
    named = {found[name.first].sentence for name in about.spans.values()}
    named |= {token.sentence for token in found if token.capital and not token.first}
    read = [position for position, token in enumerate(found) if token.sentence in named]
    signs = _signs(about)
    pieces = [pieces_of(found[position].text) for position in read]
    sentences = [found[position].sentence for position in read]
    return tuple(_window(read[first:last], pieces[first:last], signs) for first, last in _cut(sentences, pieces))


def bare_window(found: Sequence[Token]) -> Window:
    """Return a window of one sentence with what its words alone show: their letters and the word lists, not the gazetteer or the report."""
    signs = np.empty((len(found), len(FAMILIES)), dtype=np.int64)
    for position, token in enumerate(found):
        values = (f"{_case(token)}|{'first' if token.first else 'inside'}", "none", _list(token), "plain", "no name")
        signs[position] = [numbers[value] for numbers, value in zip(_NUMBERS, values, strict=True)]
    return _window(range(len(found)), [pieces_of(token.text) for token in found], signs)


@lru_cache(maxsize=50_000)
def pieces_of(word: str) -> tuple[int, ...]:
    """Return the numbers of the pieces of a word."""
    found = _tokenizer().encode(word[:60], add_special_tokens=False).ids[:PIECES]
    return tuple(found) or (_UNKNOWN,)


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer
    from tokenizers.models import WordPiece
    from tokenizers.normalizers import BertNormalizer
    from tokenizers.pre_tokenizers import BertPreTokenizer

    with datafiles.path("tagger_words.txt").open(encoding="utf-8") as file:
        vocabulary = {line.rstrip("\n"): number for number, line in enumerate(file)}
    made = Tokenizer(WordPiece(vocabulary, unk_token="[UNK]", max_input_chars_per_word=60))
    made.normalizer = BertNormalizer(lowercase=True)
    made.pre_tokenizer = BertPreTokenizer()
    return made


def _cut(sentences: Sequence[int], pieces: Sequence[tuple[int, ...]]) -> Iterator[tuple[int, int]]:
    """Cut words, of which the sentences are given, between sentences; a sentence too long for a window is cut where that is full."""
    room, begin, size, sentence_start = LONGEST - 2, 0, 0, 0
    for position, sentence in enumerate(sentences):
        if position and sentence != sentences[position - 1]:
            sentence_start = position
        if size + len(pieces[position]) > room:
            end = sentence_start if sentence_start > begin else position
            yield begin, end
            begin = end
            size = sum(len(pieces[p]) for p in range(begin, position))
        size += len(pieces[position])
    if begin < len(sentences):
        yield begin, len(sentences)


def _window(words: Sequence[int], pieces: Sequence[tuple[int, ...]], signs: np.ndarray) -> Window:
    counts = np.array([len(found) for found in pieces])
    firsts = 1 + np.concatenate(([0], np.cumsum(counts)[:-1]))
    flat = [_BEGIN, *(piece for found in pieces for piece in found), _END]
    spread = np.zeros((len(flat), len(FAMILIES)), dtype=np.int64)
    spread[1:-1] = np.repeat(signs[list(words)], counts, axis=0)
    return Window(np.array(flat, dtype=np.int64), spread, firsts, np.array(words))


def _signs(about: Setting) -> np.ndarray:
    """The signs of each word, shape (words, families)."""
    found = about.scene.tokens
    covering = _covering(about)
    made = np.empty((len(found), len(FAMILIES)), dtype=np.int64)
    for position, token in enumerate(found):
        name = covering.get(position)
        case, letters = _case(token), "first" if token.first else "inside"
        size = "none" if name is None else f"{size_of(name.info)}|{'begins' if name.first == position else 'goes on'}"
        values = (f"{case}|{letters}", size, _list(token), _label(position, about), _elsewhere(name, about))
        made[position] = [numbers[value] for numbers, value in zip(_NUMBERS, values, strict=True)]
    return made


def _covering(about: Setting) -> dict[int, Name]:
    """The longest name of the gazetteer over each word."""
    made: dict[int, Name] = {}
    for name in sorted(about.spans.values(), key=lambda name: (name.first - name.last, name.first)):
        positions = range(name.first, name.last)
        if not any(position in made for position in positions):
            made.update(dict.fromkeys(positions, name))
    return made


def _case(token: Token) -> str:
    text = token.text
    if not token.word:
        return "number" if text[:1].isdigit() else "sign"
    if "." in text:
        return "dotted"
    if text.islower() or not token.capital:
        return "lower"
    if text.isupper():
        return "initial" if len(text) == 1 else "short capitals" if len(text) <= 3 else "capitals"
    if text in {"Al", "El", "The"}:
        return "article"
    return "title" if text[1:].islower() else "mixed"


@lru_cache(maxsize=20_000)
def _list_of(text: str) -> str:
    lower = text.lower()
    if text[:1].isupper():
        for name in ("title", "month", "head_org", "head_street", "never"):
            if text in cues(name):
                return name
        if fold(text) in demonyms():
            return "demonym"
    for name in ("head_admin", "head_populated", "locative", "speech_verbs", "object_verbs"):
        if lower in cues(name):
            return name
    if text[:1].isupper():
        for name in ("head_water", "head_region", "head_base"):
            if text in cues(name):
                return name
        if text in cues("given") or text in word_list("given"):
            return "given"
        if text in word_list("surname"):
            return "surname"
    count = word_list("common").get(lower, 0)
    return "common" if count >= 10 else "rarely common" if count else "none"


def _list(token: Token) -> str:
    return _list_of(token.text) if token.word else "none"


def _label(position: int, about: Setting) -> str:
    label = about.scene.labels.get(position, "plain")
    text = about.scene.tokens[position].text
    if label == "plain" and text in about.scene.surnames:
        return "surname"
    return "people" if label == "plain" and text in about.people else label


def _elsewhere(name: Name | None, about: Setting) -> str:
    """What the report shows of the same name: that it is a place, or the name of a person."""
    if name is None:
        return "no name"
    if about.persons[name.key]:
        return "person"
    leads = about.leads[name.key]
    if any(leads[lead] for lead in _STRONG):
        return "strong"
    return "weak" if leads.total() > 1 else "once"
