"""Which letters a rule of `geo.phrases` cannot do without, so that it is tried only near them.

A report of five megabytes has a hundred rules to try at each of its letters; most can begin only near a word such as "coast" or a road.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["letters_needed", "stretches"]

LEAST = 3  # a shorter run of letters is everywhere
AROUND = 500  # letters on both sides of what a rule needs in which it is tried; the longest phrase that a rule can read is shorter
_SLOT = re.compile(r"<([A-Z]+)(?::\w+)?>")
_COMMON = frozenset("PACD")  # families of which every report has many
_OPTIONAL = re.compile(r"\?|\*|\{0,")
_QUANTIFIER = re.compile(r"[?*+]\??|\{\d*,?\d*\}")


def letters_needed(pattern: str) -> tuple[str, ...]:
    """Return runs of lower-case letters, one of which stands in every match of a rule's pattern; a family as its letter in brackets.

    Nothing is returned where no such runs are found.

    Examples
    --------
    >>> letters_needed(r"(?:the )?(?:coast(?:line)?|shores?) of (?:the )?<W:sea>")
    ('coast', 'shore')
    >>> letters_needed(r"<P> (?:and )?<RV:road>")
    ('<R>', '<V>')
    """
    found = _of(pattern)
    return tuple(sorted(found)) if found else ()


def stretches(text: str, wanted: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a text, in order and without overlaps, that lie near any of some strings; all of it where none are given."""
    if not wanted:
        yield 0, len(text)
        return
    first = last = -1
    for at in sorted(place for word in wanted for place in _places(text, word)):
        if first >= 0 and at - AROUND <= last:
            last = at + AROUND
            continue
        if first >= 0:
            yield first, min(last, len(text))
        first, last = max(at - AROUND, 0), at + AROUND
    if first >= 0:
        yield first, min(last, len(text))


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + AROUND // 2)  # nearer ones lie within its stretch


def _of(pattern: str) -> set[str]:
    """The best set of one pattern or of each of its alternatives; empty where one of them needs nothing."""
    found: set[str] = set()
    for alternative in _alternatives(pattern):
        best = max(_sets(alternative), key=_worth, default=set())
        if not best:
            return set()
        found |= best
    return found


def _worth(found: set[str]) -> float:
    """Families beside common ones are the rarest; else the longer the shortest run, the rarer."""
    if not found:
        return -1.0
    rare = all(word.startswith("<") for word in found)
    return 20.0 - len(found) if rare else min(len(word) for word in found) - len(found) / 10


def _sets(alternative: str) -> Iterator[set[str]]:
    """Yield sets of which one member stands in every match of a pattern without alternatives of its own."""
    run, at = "", 0
    while at < len(alternative):
        end = _token(alternative, at)
        token, after = alternative[at:end], alternative[end:]
        optional = bool(_OPTIONAL.match(after))
        quantified = _QUANTIFIER.match(after)
        plain = token if len(token) == 1 and (token.isalpha() or token in " '") else token[1] if token in ("\\ ", "\\-", "\\.") else ""
        if plain and not optional:
            run += plain.lower()
        if not plain or quantified:
            if len(run.strip()) >= LEAST:
                yield {run.strip()}
            run = ""
        if not optional and token.startswith("("):
            yield _inside(token)
        elif not optional and (slot := _SLOT.fullmatch(token)) and not set(slot[1]) & _COMMON:
            yield {f"<{family}>" for family in slot[1]}
        at = end + (quantified.end() if quantified else 0)
    if len(run.strip()) >= LEAST:
        yield {run.strip()}


def _inside(group: str) -> set[str]:
    inner = group[1:-1]
    if inner.startswith(("?=", "?!", "?<=", "?<!")):
        return set()
    return _of(re.sub(r"^\?(?::|P<\w+>)", "", inner))


def _alternatives(pattern: str) -> Iterator[str]:
    first = at = 0
    while at < len(pattern):
        if pattern[at] == "|":
            yield pattern[first:at]
            first = at + 1
        at = _token(pattern, at)
    yield pattern[first:]


def _token(pattern: str, at: int) -> int:
    """Return where the token at a position ends: a group, a class, a slot, an escape or one letter."""
    if pattern[at] == "\\":
        return at + 2
    if pattern[at] == "[":
        return pattern.index("]", at + 2) + 1
    if pattern[at] == "<" and (slot := _SLOT.match(pattern, at)):
        return slot.end()
    if pattern[at] != "(":
        return at + 1
    end = at + 1
    while pattern[end] != ")":
        end = _token(pattern, end)
    return end + 1
