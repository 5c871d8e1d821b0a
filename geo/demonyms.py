"""The words for the people and things of a place: Turkish, Syrians, Chechen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter

from geo import datafiles
from geo.names import fold

__all__ = ["any_of", "demonym_pattern", "demonyms"]


@lru_cache(maxsize=1)
def demonyms() -> Mapping[str, str]:
    """Return the table of demonyms: folded word -> feature id.

    Examples
    --------
    >>> demonyms()["turkish"]
    'country:TR'
    """
    return {fold(row["demonym"]): row["feature"] for _, row in datafiles.rows("demonyms.csv", required=("demonym", "feature"))}


@lru_cache(maxsize=1)
def demonym_pattern() -> re.Pattern[str]:
    """Return one pattern for all demonyms, in title case and in capitals.

    Examples
    --------
    >>> demonym_pattern().findall("Turkish and RUSSIAN troops; a turkish bath")
    ['Turkish', 'RUSSIAN']
    """
    names = {row["demonym"] for _, row in datafiles.rows("demonyms.csv", required=("demonym", "feature"))}
    return any_of({form for name in names for form in (name, name.upper()) if name[:1].isupper() and len(name) > 2})


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """Return one pattern for whole words of a list, the longest first; blanks and apostrophes as they come.

    The names share their beginnings in the pattern (a trie), so that a text is read in about the same time for ten names and for
    ten thousand.

    Examples
    --------
    >>> any_of(["Islamic State", "Islamic State in Iraq", "Fatah"]).findall("the Islamic  State in Iran, Fatah, Fatahland")
    ['Islamic  State', 'Fatah']
    """
    known = set(names) - {""}
    pieces = {name: tuple(_PIECES.get(character, re.escape(character)) for character in name) for name in known}
    if any("’" in name for name in known):  # a curly apostrophe is matched by two pieces, so that beginnings do not tell names apart
        forms = "|".join("".join(pieces[name]) for name in sorted(known, key=lambda name: (-len(name), name)))
    else:
        forms = _shared(sorted(pieces.values()), 0) if pieces else ""
    return re.compile(rf"(?<![\w-])(?:{forms or '(?!)'})(?!\w)")


_PIECES = {" ": r"\s+", "'": "['’]"}


def _shared(names: Sequence[tuple[str, ...]], depth: int) -> str:
    """A pattern for sorted names that share their first `depth` pieces: what they go on with, the longer before the shorter."""
    if len(names) == 1:
        return "".join(names[0][depth:])
    ends = len(names[0]) == depth
    branches: list[str] = [piece + _shared(tuple(group), depth + 1) for piece, group in groupby(names[ends:], key=itemgetter(depth))]
    if len(branches) == 1 and not ends:
        return branches[0]
    return f"(?:{'|'.join(branches)}){'?' * ends}"
