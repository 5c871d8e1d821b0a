"""The words for the people and things of a place: Turkish, Syrians, Chechen."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

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
    """Return one pattern for whole words of a list, the longest first; blanks and apostrophes as they come."""
    ordered = sorted(set(names), key=lambda name: (-len(name), name))
    forms = (re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in ordered)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms) or '(?!)'})(?!\w)")
