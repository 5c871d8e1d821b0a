"""Which tree of a sentence scores best: every word has one head, one word has none, and no word is above itself.

Most often the best head of each word already makes a tree. Where not, the best one is found by contracting cycles (Chu and Liu 1965,
Edmonds 1967), with one root.
"""

from __future__ import annotations

import numpy as np

__all__ = ["best_heads"]

ROOTS_TRIED = 4  # words that may be the root, best first, where more than one wants to be; more changed no tree of EWT's development part


def best_heads(scores: np.ndarray) -> np.ndarray:
    """Return the head of each word, -1 for the root.

    Parameters
    ----------
    scores
        Shape (n, n + 1): row `i`, column `0` is the score of word `i` as the root, column `j + 1` that of word `j` as its head. Higher
        is better; nothing need be normalised.

    Examples
    --------
    >>> import numpy as np
    >>> best_heads(np.array([[0.0, 0.0, 5.0], [4.0, 6.0, 0.0]])).tolist()
    [1, -1]
    """
    count = len(scores)
    whole = scores.astype(np.float64).copy()
    whole -= whole.max(axis=1, keepdims=True)
    whole[np.arange(count), np.arange(count) + 1] = -np.inf
    heads = whole.argmax(axis=1)
    if (heads == 0).sum() == 1 and not _cycle(heads):
        found: np.ndarray = heads - 1
        return found
    best, best_score = np.full(count, -1), -np.inf
    for root in np.argsort(-whole[:, 0], kind="stable")[:ROOTS_TRIED]:
        tried = whole.copy()
        tried[:, 0] = -np.inf
        tried[root] = -np.inf
        tried[root, 0] = whole[root, 0]
        heads = _arborescence(tried)
        score = float(whole[np.arange(count), heads].sum())
        if score > best_score:
            best, best_score = heads - 1, score
    return best


def _cycle(heads: np.ndarray) -> list[int]:
    """Return the words of one cycle, counted from 0, or none; `heads` count the root as 0 and words from 1."""
    state = [0] * len(heads)  # 0 not seen, 1 on this path, 2 leads to the root
    for start in range(len(heads)):
        path, word = [], start
        while word >= 0 and state[word] == 0:
            state[word] = 1
            path.append(word)
            word = int(heads[word]) - 1
        if word >= 0 and state[word] == 1:
            return path[path.index(word) :]
        for passed in path:
            state[passed] = 2
    return []


def _arborescence(scores: np.ndarray) -> np.ndarray:
    """Return the heads of the best tree under node 0; `scores` as in `best_heads`, any of them minus infinity."""
    heads: np.ndarray = scores.argmax(axis=1)
    cycle = _cycle(heads)
    if not cycle:
        return heads
    count = len(scores)
    inside = np.zeros(count, dtype=bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    in_cycle = np.array(cycle)
    nodes = np.concatenate(([0], outside + 1))  # columns that stay: the root and the words outside; the cycle becomes the last word
    kept = scores[in_cycle, heads[in_cycle]]
    entering = scores[np.ix_(in_cycle, nodes)] - kept[:, None]
    leaving = scores[np.ix_(outside, in_cycle + 1)]
    smaller = np.full((len(outside) + 1, len(nodes) + 1), -np.inf)
    smaller[:-1, :-1] = scores[np.ix_(outside, nodes)]
    if len(outside):
        smaller[:-1, -1] = leaving.max(axis=1)
    smaller[-1, :-1] = entering.max(axis=0)
    chosen = _arborescence(smaller)
    made = heads.copy()
    for number, word in enumerate(outside):
        head = int(chosen[number])
        made[word] = in_cycle[leaving[number].argmax()] + 1 if head == len(nodes) else nodes[head]
    entry = int(chosen[-1])
    broken = in_cycle[entering[:, entry].argmax()]
    made[broken] = nodes[entry]
    return made
