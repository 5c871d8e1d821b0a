"""One pattern for many names: it finds what the names one by one would."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from geo.demonyms import any_of

NAMES = st.lists(st.text("ab' -.’(", min_size=1, max_size=5), max_size=12)


def one_by_one(names: list[str]) -> re.Pattern[str]:
    ordered = sorted({name for name in names if name}, key=lambda name: (-len(name), name))
    forms = [re.escape(name).replace(r"\ ", r"\s+").replace("'", "['’]") for name in ordered]
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms) or '(?!)'})(?!\w)")


@given(NAMES, st.text("ab' -.’(\n", max_size=30))
def test_shared_beginnings_find_what_the_names_one_by_one_find(names: list[str], text: str) -> None:
    found = [match.span() for match in any_of(names).finditer(text)]
    assert found == [match.span() for match in one_by_one(names).finditer(text)]


@given(st.lists(st.text("abc ", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=20))
def test_every_name_is_found_whole_by_its_own_pattern(names: list[str]) -> None:
    pattern = any_of(names)
    assert all(pattern.fullmatch(name) for name in names)


def test_no_names_match_nothing() -> None:
    assert not any_of([]).search("Idlib")
