"""What must be read again after a correction: only the documents that it can touch, and of those only what follows from it.

What each document says is kept with the corrections that were counted when it was read. A correction of a name touches the documents in
its scope that hold its words; one of a claim touches none, for it is made on the claims as they were read. Names are recognised once for
a document, whatever is corrected: that is nine tenths of a reading.
"""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING

from geo import decisions as corrections
from geo import parser, recognition
from geo.distances import chosen
from geo.earlier import EarlierMap
from geo.names import fold
from geo.progress import Within, hearing
from geo.records import Decision, Document, Mention
from geo.situation import Progress, Reading, Situation, gather, read_document

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["MOST_CHARACTERS", "Kept", "Said", "missing", "read_said", "reread"]

# Characters of text whose readings are kept; a reading takes 10 to 20 times its text in memory, and each correction of a document
# keeps one more. Set so that a 5 MB text and 200 reports fit beside one another in less than 300 MB.
MOST_CHARACTERS = 12_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Said:
    """What one document says with some corrections of names and none of claims.

    `recognised` is what it names before any correction and `trees` the grammar of its sentences: with both, it is read again in a tenth
    of the time. It can be sent from one process to another.
    """

    reading: Reading
    recognised: tuple[Mention, ...]
    trees: parser.Trees


@dataclass(slots=True, eq=False)
class _Document:
    """A document's readings, by the corrections of names that touch it."""

    recognised: tuple[Mention, ...]
    names: frozenset[str]
    trees: parser.Trees
    readings: dict[tuple[Decision, ...], Reading] = field(default_factory=dict)


_Name = tuple[int, Document, tuple[tuple[str, float], ...]]


class Kept:
    """What documents say, kept for as many sessions as share it; the longest unused give way.

    It is safe to use from several threads, and holds values only: what one session reads, another that has the same document finds.

    Parameters
    ----------
    most
        Characters of text whose readings are kept.
    """

    def __init__(self, most: int = MOST_CHARACTERS) -> None:
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[_Name, _Document] = OrderedDict()
        self._gazetteers: dict[int, Gazetteer] = {}
        self._weight = 0

    def put(
        self, said: Said, *, gazetteer: Gazetteer, decisions: Iterable[Decision] = (), settings: Mapping[str, object] | None = None
    ) -> None:
        """Keep what a document says, read with `read_said` and these arguments, here or in another process."""
        document = said.reading.document
        name = self._name(document, gazetteer, settings)
        with self._lock:
            held = self._held.pop(name, None)
            if held is None:
                names = frozenset(fold(mention.text) for mention in said.recognised)
                held = _Document(said.recognised, names, said.trees)
                self._weight += len(document.text)
            touching = corrections.touching(document, held.names, decisions)
            if touching not in held.readings:
                self._weight += len(document.text)
            held.readings[touching] = said.reading
            self._held[name] = held
            while self._weight > self._most and len(self._held) > 1:
                old, gone = self._held.popitem(last=False)
                self._weight -= len(old[1].text) * (1 + len(gone.readings))

    def find(
        self, document: Document, *, gazetteer: Gazetteer, decisions: Iterable[Decision] = (), settings: Mapping[str, object] | None = None
    ) -> Reading | None:
        """Return what a document says with these corrections of names and none of claims, or None where that is not kept."""
        name = self._name(document, gazetteer, settings)
        with self._lock:
            held = self._held.get(name)
            if held is None:
                return None
            self._held.move_to_end(name)
            return held.readings.get(corrections.touching(document, held.names, decisions))

    def earlier(self, document: Document, *, gazetteer: Gazetteer, settings: Mapping[str, object] | None = None) -> Said | None:
        """Return a document as it was read with whatever corrections, for what no correction changes."""
        with self._lock:
            held = self._held.get(self._name(document, gazetteer, settings))
            if held is None:
                return None
            return Said(reading=next(iter(held.readings.values())), recognised=held.recognised, trees=held.trees)

    @property
    def characters(self) -> int:
        """What is kept weighs so many characters of text."""
        return self._weight

    def _name(self, document: Document, gazetteer: Gazetteer, settings: Mapping[str, object] | None) -> _Name:
        self._gazetteers[id(gazetteer)] = gazetteer  # held, so that no other gets its number
        return id(gazetteer), document, tuple(sorted(chosen(settings or {}).items()))


def read_said(
    document: Document,
    *,
    gazetteer: Gazetteer,
    decisions: Iterable[Decision] = (),
    settings: Mapping[str, object] | None = None,
    earlier: Said | None = None,
    progress: Within | None = None,
) -> Said:
    """Read one document with the corrections of its names, and leave those of its claims to `reread`.

    Parameters
    ----------
    earlier
        The same document as it was read with other corrections, by the same gazetteer.
    progress
        Told (share of the document that is done, what is being done); raise from it to cancel.
    """
    with hearing(progress):
        recognised = earlier.recognised if earlier else recognition.recognise(document, gazetteer=gazetteer)
    if earlier:
        parser.keep(earlier.trees)
    names = tuple(one for one in decisions if not corrections.is_of_claim(one))
    reading = read_document(
        document, gazetteer=gazetteer, decisions=names, settings=settings, recognised=recognised, progress=progress
    )
    return Said(reading=reading, recognised=recognised, trees=earlier.trees if earlier else parser.kept(document))


def missing(
    documents: Iterable[Document],
    *,
    kept: Kept,
    gazetteer: Gazetteer,
    decisions: Iterable[Decision] = (),
    settings: Mapping[str, object] | None = None,
) -> tuple[Document, ...]:
    """Return the documents that `reread` with the same arguments would have to read."""
    decisions = tuple(decisions)
    return tuple(
        document
        for document in _distinct(documents)
        if kept.find(document, gazetteer=gazetteer, decisions=decisions, settings=settings) is None
    )


def reread(
    documents: Iterable[Document],
    *,
    kept: Kept,
    gazetteer: Gazetteer,
    as_of: dt.date | None = None,
    decisions: Iterable[Decision] = (),
    settings: Mapping[str, object] | None = None,
    base: EarlierMap | None = None,
    further: Iterable[Reading] = (),
    progress: Progress | None = None,
    allow_empty: bool = False,
) -> Situation:
    """Return the situation that `geo.situation.read` gives for the same arguments, reading only what is not kept.

    Raises
    ------
    NothingToMap
        As `geo.situation.read`.
    """
    distinct, decisions = _distinct(documents), tuple(decisions)
    readings = []
    for number, document in enumerate(distinct):
        if progress is not None:
            progress(number, len(distinct), "reading")
        readings.append(_reading(document, kept, gazetteer, decisions, settings))
    if progress is not None:
        progress(len(distinct), len(distinct), "drawing")
    return gather(
        (*readings, *further), gazetteer=gazetteer, as_of=as_of, decisions=decisions, settings=settings, allow_empty=allow_empty, base=base
    )


def _reading(
    document: Document, kept: Kept, gazetteer: Gazetteer, decisions: tuple[Decision, ...], settings: Mapping[str, object] | None
) -> Reading:
    reading = kept.find(document, gazetteer=gazetteer, decisions=decisions, settings=settings)
    if reading is None:
        earlier = kept.earlier(document, gazetteer=gazetteer, settings=settings)
        said = read_said(document, gazetteer=gazetteer, decisions=decisions, settings=settings, earlier=earlier)
        kept.put(said, gazetteer=gazetteer, decisions=decisions, settings=settings)
        reading = said.reading
    return reading


def _distinct(documents: Iterable[Document]) -> tuple[Document, ...]:
    """The same text twice counts once, as in `geo.situation.read`."""
    return tuple({document.id: document for document in documents}.values())
