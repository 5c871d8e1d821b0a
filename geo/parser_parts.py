"""What each word is to its head, and that no verb has two subjects or two objects.

The network scores each pair of words alone, so that two neighbours may both be read as the subject. Then the one that loses least by it
takes its next best part, at another head if need be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

__all__ = ["best_parts"]

SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass"})
ONCE = (SUBJECTS, frozenset({"obj"}))  # parts that a head has once; neither is ever there twice in the news of the treebanks
ROUNDS = 6  # clashes settled in one sentence


def best_parts(heads: np.ndarray, arcs: np.ndarray, relations: np.ndarray, names: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Return the head and the name of the relation of each word.

    Parameters
    ----------
    heads
        The best tree: the head of each word, -1 for the root.
    arcs, relations
        Scores of shape (n, n + 1) and (n, n + 1, relations), column 0 for the root, as the network gives them.
    names
        The relations, "root" among them.
    """
    count, root = len(heads), names.index("root")
    open_to = relations.copy()
    open_to[:, 1:, root] = -np.inf
    open_to[:, 0, :root] = open_to[:, 0, root + 1 :] = -np.inf
    chosen = open_to[np.arange(count), heads + 1].argmax(axis=-1)
    heads, scores = heads.copy(), None
    for _ in range(ROUNDS):
        clash = next(_clashes(heads, [names[number] for number in chosen]), None)
        if clash is None:
            break
        if scores is None:
            scores = _shares(arcs)[:, :, None] + _shares(open_to)
        moves = [move for word in clash for move in _moves(word, heads, chosen, scores, names)]
        if not moves:
            break
        _, word, head, part = max(moves)
        heads[word], chosen[word] = head, part
    return heads, [names[number] for number in chosen]


def _clashes(heads: np.ndarray, parts: Sequence[str]) -> Iterator[list[int]]:
    """Yield the words that are the same thing to the same head."""
    for once in ONCE:
        seen: dict[int, list[int]] = {}
        for word, part in enumerate(parts):
            if part in once:
                seen.setdefault(int(heads[word]), []).append(word)
        yield from (words for words in seen.values() if len(words) > 1)


def _moves(
    word: int, heads: np.ndarray, chosen: np.ndarray, scores: np.ndarray, names: Sequence[str]
) -> Iterator[tuple[float, int, int, int]]:
    """Yield the best that a word could be instead: what is gained by it, the word, its head and its relation."""
    now = scores[word, heads[word] + 1, chosen[word]]
    taken = {(int(head), names[part]) for other, (head, part) in enumerate(zip(heads, chosen, strict=True)) if other != word}
    order = np.argsort(-scores[word], axis=None, kind="stable")[:60]
    for place in order:
        head, part = int(place // len(names)) - 1, int(place % len(names))
        if head < 0 or head == word or _is_below(head, word, heads):
            continue
        if any(names[part] in once and any((head, name) in taken for name in once) for once in ONCE):
            continue
        yield float(scores[word, head + 1, part] - now), word, head, part
        return


def _is_below(word: int, above: int, heads: np.ndarray) -> bool:
    while word >= 0:
        if word == above:
            return True
        word = int(heads[word])
    return False


def _shares(scores: np.ndarray) -> np.ndarray:
    """Logarithms of the softmax over the last axis."""
    grown = scores - scores.max(axis=-1, keepdims=True)
    made: np.ndarray = grown - np.log(np.exp(grown).sum(axis=-1, keepdims=True))
    return made
