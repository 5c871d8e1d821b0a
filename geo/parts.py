"""The parts of a sentence that are read for themselves: what stands between semicolons, and behind a label ("Ramadi district: ...").

A part has its own grammar; what it claims is still quoted with the whole sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.clauses import Unit
from geo.records import Document, Sentence
from geo.where import Where

__all__ = ["Part", "parts_of"]

LABEL_WORDS = 5  # a label before a colon is this short; longer words before a colon are the sentence itself
BREAK = re.compile(r";\s+(?=\S)")
LABEL = re.compile(rf"(?:[•\-–*]\s*)?(?:[^\s:;,.]+\s+){{0,{LABEL_WORDS - 1}}}[^\s:;,.]+(?:\s*\([^)]{{2,30}}\))?:\s+(?=[A-Za-z“\"])")
DATELINE = re.compile(r"[A-Z][A-Z'’ ,/.-]{2,40}(?:\([^)]{2,30}\)\s*)?\s[-–—]\s+(?=\S)")
BULLET = re.compile(r"[•*\-–]\s+")
MIN_WORDS = 3  # fewer words between semicolons are an item of a list


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of a sentence with its own grammar, and the names in it; `label` is the place that stands before it with a colon."""

    sentence: Sentence
    start: int
    end: int
    units: tuple[Unit, ...]
    label: Where | None = None

    @property
    def extent(self) -> Sentence:
        """The part as a sentence of its own, for what reads sentences."""
        return replace(self.sentence, start=self.start, end=self.end)


def parts_of(document: Document, sentence: Sentence, units: Sequence[Unit]) -> tuple[Part, ...]:
    """Return the parts of a sentence, from left to right; together they cover it but for labels and bullets."""
    text = document.reading[sentence.start : sentence.end]
    lead, label = _lead(text, sentence, units)
    made = []
    for start, end in _stretches(text, lead):
        first, last = sentence.start + start, sentence.start + end
        inside = tuple(unit for unit in units if first <= unit.start and unit.end <= last)
        made.append(Part(sentence=sentence, start=first, end=last, units=inside, label=label))
    return tuple(made)


def _lead(text: str, sentence: Sentence, units: Sequence[Unit]) -> tuple[int, Where | None]:
    """Where the sentence itself begins behind its bullet, dateline and label, and the place that the label names."""
    begin = 0
    for pattern in (BULLET, DATELINE):
        if found := pattern.match(text, begin):
            begin = found.end()
    found = LABEL.match(text, begin)
    if found is None or not any(sentence.start + begin <= unit.start < sentence.start + found.end() for unit in units):
        return begin, None
    placed = [unit.where for unit in units if unit.where is not None and unit.end <= sentence.start + found.end()]
    return found.end(), placed[-1] if placed else None


def _stretches(text: str, begin: int) -> Iterator[tuple[int, int]]:
    start = begin
    for found in BREAK.finditer(text, begin):
        if _is_open(text[start : found.start()]) or len(text[start : found.start()].split()) < MIN_WORDS:
            continue
        yield start, found.start()
        start = found.end()
    yield start, len(text)


def _is_open(text: str) -> bool:
    """Whether a bracket is still open."""
    return text.count("(") > text.count(")")
