"""What a run of capitalised words names: a person, an organisation, a street, or perhaps a place.

The first reading of a report, before any gazetteer: titles, given names and words such as "University" decide. A word that
ends the name of a person anywhere in the report is a surname in all of it ("Mr. Jordan").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from geo.records import Document
from geo.tokens import ARTICLES, Run, Token, cues, runs, tokens, word_list

__all__ = ["LANDMARKS", "Scene", "scene"]

# Small words that no name of a person goes on after.
ENDS = frozenset({"of", "the", "and", "upon"})
# Words that no name of a person ends in: the Ben Hai River.
LANDMARKS = frozenset(
    "River Sea Ocean Gulf Strait Canal Reservoir Delta Valley Mountains Peninsula Islands Airport Airfield Airbase Dam Crossing".split()
)
Label = Literal["person", "organisation", "street", "plain"]


@dataclass(frozen=True, slots=True)
class Scene:
    """The tokens of a document with what each belongs to: its run, the label of that part, and the surnames of the document."""

    tokens: tuple[Token, ...]
    runs: tuple[Run, ...]
    run_of: dict[int, Run]
    labels: dict[int, Label]
    surnames: frozenset[str]

    def label(self, first: int, last: int) -> Label:
        """Return the label of most weight among the tokens `first` to `last` (exclusive)."""
        found = {self.labels.get(position, "plain") for position in range(first, last)}
        order: tuple[Label, ...] = ("person", "organisation", "street")
        return next((label for label in order if label in found), "plain")


@lru_cache(maxsize=16)
def scene(document: Document) -> Scene:
    """Read the runs of a document.

    Examples
    --------
    >>> from geo.documents import from_text
    >>> read = scene(from_text("Michael Jordan spoke at Damascus University. Jordan left."))
    >>> sorted(read.surnames)
    ['Jordan']
    """
    found = tokens(document)
    all_runs = runs(found, document.reading)
    labels: dict[int, Label] = {}
    surnames: set[str] = set()
    for run in all_runs:
        _label(found, run, labels, surnames)
    run_of = {position: run for run in all_runs for position in range(run.first, run.last)}
    return Scene(found, all_runs, run_of, labels, frozenset(surnames))


def _label(found: Sequence[Token], run: Run, labels: dict[int, Label], surnames: set[str]) -> None:
    positions = range(run.first, run.last)
    person = None if found[run.last - 1].text in LANDMARKS else _person_from(found, run)
    ends = [p for p in positions if found[p].text in cues("head_org") or found[p].text.rstrip("s") in cues("head_org")]
    ends = [p for p in ends if not (person is not None and p >= person)]
    streets = [p for p in positions if p > run.first and found[p].text in cues("head_street") and not found[p].first]
    end = next((p for p in positions if person is not None and p > person and found[p].lower in ENDS), run.last)
    for position in positions:
        if person is not None and person <= position < end:
            labels[position] = "person"
        elif ends and (len(positions) > 1 or found[position].text in cues("head_org")):
            labels[position] = "organisation"
        elif streets and position <= streets[-1]:
            labels[position] = "street"
    if person is not None:
        names = [found[p].text for p in range(person, end) if found[p].capital and len(found[p].text) > 2]
        if len(names) > 1 or person > run.first or _titled(found, run.first):
            surnames.update(names[-1:])


def _person_from(found: Sequence[Token], run: Run) -> int | None:
    """Where the name of a person begins in the run: after a title, at a given name, or at initials."""
    titles = cues("title")
    last = max((p for p in range(run.first, run.last) if found[p].text in titles and not _of_follows(found, p)), default=None)
    if last is not None:
        begin = last + 1
        while begin < run.last and not found[begin].capital:
            begin += 1
        return begin if begin < run.last else None
    if _titled(found, run.first):
        return run.first
    for position in range(run.first, run.last - 1):
        token, following = found[position], found[position + 1]
        if token.text in ARTICLES or not token.capital:
            continue
        if not (following.capital or following.text in {"-", "."} or following.lower in {"al", "bin", "de", "el", "van", "von", "der"}):
            continue
        if following.text == "-" and not (position + 2 < run.last and (found[position + 2].capital or found[position + 2].lower == "al")):
            continue
        if _given(token.text) or (following.text == "." and len(token.text) == 1):
            return position
        if following.text in word_list("surname") and following.text not in cues("given") and run.last - run.first == 2 and not token.first:
            return position
        if len(following.text) == 1 and following.capital and position + 2 < run.last:
            return position
        break
    return None


def _given(word: str) -> bool:
    return word in cues("given") or word in word_list("given")


def _titled(found: Sequence[Token], first: int) -> bool:
    """Whether a title stands right before, with or without its full stop."""
    if first and found[first - 1].text == ".":
        first -= 1
    if not first:
        return False
    word = found[first - 1].text
    return word in cues("title") and (word[:1].isupper())


def _of_follows(found: Sequence[Token], position: int) -> bool:
    """Secretary of State, Governor of Texas: what follows is no name of a person."""
    return position + 1 < len(found) and found[position + 1].lower in {"of", "for", "to"}
