"""The neural tagger: for each word, how likely it names a place, a person, an organisation or a people, and what a place name stands for.

A six-layer encoder, 8-bit, run with onnxruntime on the processor (data/tagger_states.onnx.gz is its lowest part, data/tagger.onnx.gz the
layers above; data/tagger.md is the card). Windows are read one by one, never in a batch: the 8-bit scales of a batch depend on what else
is in it, and a reading must not. Where the package or a file is missing, `tags` is None, and names are weighed without it.
"""

from __future__ import annotations

import gzip
import logging
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo import datafiles
from geo.gazetteer import NameInfo
from geo.name_features import Name
from geo.names import fold
from geo.progress import tell
from geo.records import Kind
from geo.tagger_input import Window, windows

if TYPE_CHECKING:
    from geo.name_features import Setting

__all__ = ["ENTITIES", "KINDS", "OUTPUTS", "STATES", "Tags", "is_ready", "open_network", "proposed", "states", "tags", "use_file", "warm"]

ENTITIES = ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-NORP", "I-NORP", "B-LOC", "I-LOC")
KINDS: tuple[Kind, ...] = ("populated", "admin", "country", "road", "base", "water", "region", "other")
OUTPUTS = {"names": ("O", "B", "I"), "entities": ENTITIES, "kinds": KINDS, "uses": ("literal", "acting")}
STATES = "states"  # the word pieces and their signs as vectors: what the layers of the tagger, and those of the parser, begin from
PROPOSED = 0.15  # probability that a name begins at a word from which its weight is worked out; low, since the weight decides
LONGEST_NAME = 8  # words of a name
KEPT = 512  # windows whose outputs are kept; about 100 words and 10 kB each
_NOTHING = NameInfo(count=0, population=0, kinds=frozenset(), countries=frozenset())
_PACKED = b"\x1f\x8b"  # what a gzip file begins with; the seven-bit weights lose a quarter of their bytes
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Tags:
    """Probabilities for each word of a document: `names` (words, 3), `entities` (words, 9), `kinds` (words, 8), `uses` (words, 2)."""

    names: np.ndarray
    entities: np.ndarray
    kinds: np.ndarray
    uses: np.ndarray

    def span(self, first: int, last: int) -> float:
        """Return the probability that the words `first` to `last` (exclusive) are exactly one name of a place."""
        goes_on = float(self.names[last, 2]) if last < len(self.names) else 0.0
        inside = float(np.prod(self.names[first + 1 : last, 2]))
        return float(self.names[first, 1]) * inside * (1 - goes_on)

    def entity(self, first: int, last: int) -> str:
        """Return what the words name most: PER, ORG, NORP, LOC or O."""
        total = self.entities[first:last].sum(axis=0)
        shares = {"O": total[0], "PER": total[1:3].sum(), "ORG": total[3:5].sum(), "NORP": total[5:7].sum(), "LOC": total[7:9].sum()}
        return max(shares, key=lambda label: float(shares[label]))

    def kind(self, first: int, last: int) -> Kind:
        """Return the kind of place that the words name, if they name one."""
        return KINDS[int(self.kinds[first:last].sum(axis=0).argmax())]


def proposed(about: Setting, found: Tags, *, text: str) -> tuple[Name, ...]:
    """Return names that the tagger reads and the gazetteer does not know, as the words that it marks in a row."""
    tokens, made, position = about.scene.tokens, [], 0
    while position < len(tokens):
        begin, position = position, position + 1
        if found.names[begin, 1] < PROPOSED or not tokens[begin].capital:
            continue
        while position < len(tokens) and tokens[position].sentence == tokens[begin].sentence and _goes_on(found, position):
            position += 1
        if (begin, position) not in about.spans and position - begin <= LONGEST_NAME:
            key = fold(text[tokens[begin].start : tokens[position - 1].end])
            made.append(Name(begin, position, key, _NOTHING))
    return tuple(name for name in made if name.key)


def _goes_on(found: Tags, position: int) -> bool:
    begins, goes_on = found.names[position, 1:]
    return bool(goes_on > max(0.4, begins))


def is_ready() -> bool:
    """Say whether the tagger can be used here."""
    return _session() is not None


def warm() -> None:
    """Load the tagger before it is needed."""
    _session()


def tags(about: Setting) -> Tags | None:
    """Return the tags of the words of a document, or None where there is no tagger."""
    session = _session()
    if session is None:
        return None
    cut = windows(about)
    if not cut:
        return None
    joined = [np.zeros((len(about.scene.tokens), len(labels)), dtype=np.float32) for labels in OUTPUTS.values()]
    for whole in joined:
        whole[:, 0] = 1  # a sentence without a capital is not read: nothing is named there
    for number, window in enumerate(cut):
        tell("names", number / len(cut))
        for whole, part in zip(joined, _read(session, window), strict=True):
            whole[window.words] = part
    return Tags(*joined)


def states(window: Window) -> np.ndarray | None:
    """Return what the layers of the tagger begin from, shape (1, pieces, hidden), for the parser; None where the file is missing."""
    file = datafiles.DATA / "tagger_states.onnx.gz"
    session = open_network(file) if file.is_file() else None
    if session is None:
        return None
    found: np.ndarray = session.run([STATES], {"pieces": window.pieces[None], "signs": window.signs[None]})[0]
    return found


_cache: OrderedDict[bytes, tuple[np.ndarray, ...]] = OrderedDict()


def _read(session: Any, window: Window) -> tuple[np.ndarray, ...]:
    key = window.pieces.tobytes() + window.signs.tobytes()
    found = _cache.pop(key, None)
    if found is None:
        found = tuple(_shares(part[0, window.firsts]) for part in session.run(list(OUTPUTS), _given(session, window)))
    _cache[key] = found
    while len(_cache) > KEPT:
        _cache.popitem(last=False)
    return found


def _given(session: Any, window: Window) -> dict[str, Any]:
    """What a network is given: the shipped one the states; one fresh from scripts/export_tagger.py is whole, and given the pieces."""
    if session.get_inputs()[0].name == STATES:
        return {STATES: states(window)}
    return {"pieces": window.pieces[None], "signs": window.signs[None]}


def _shares(logits: np.ndarray) -> np.ndarray:
    """Softmax over the last axis."""
    grown = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: np.ndarray = grown / grown.sum(axis=-1, keepdims=True)
    return shares


def use_file(file: Path | None) -> None:
    """Read with another file than the shipped one from now on, or with the shipped one again: for training and comparison."""
    global _file
    _file = file
    _cache.clear()


_file: Path | None = None


def _session() -> Any:
    file, lowest = _file or datafiles.DATA / "tagger.onnx.gz", datafiles.DATA / "tagger_states.onnx.gz"
    return open_network(file) if file.is_file() and lowest.is_file() else None


@lru_cache(maxsize=8)
def open_network(file: Path) -> Any:
    """Open an ONNX network, packed with gzip or not, for one processor core; None where onnxruntime is not installed."""
    try:
        import onnxruntime  # type: ignore[import-untyped]
    except ImportError:
        _LOG.warning("onnxruntime is not installed: names are found by the gazetteer alone; run pip install -r requirements.txt.")
        return None
    network = file.read_bytes()
    if network.startswith(_PACKED):
        network = gzip.decompress(network)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
