"""Laws of binding: which name the words put inside or near another, whatever the names are."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.binding import bindings
from geo.records import Mention


def bound(marked: str) -> dict[str, dict[str, bool]]:
    """Read a text whose names stand in brackets: child -> {parent: near}."""
    names, text = [], ""
    for part in re.split(r"(\[[^\]]+\])", marked):
        if part.startswith("["):
            names.append((len(text), part[1:-1]))
            text += part[1:-1]
        else:
            text += part
    mentions = [Mention(document_id="d", start=start, end=start + len(name), text=name, kind="other") for start, name in names]
    found = bindings(text, mentions)
    return {mentions[child].text: {mentions[b.parent].text: b.near for b in made} for child, made in found.items()}


@pytest.mark.parametrize(
    "text",
    [
        "He flew to [X], [Y].",
        "Fighting in [X] in [Y].",
        "Fighting in [X] in northern [Y].",
        "Troops left [X] ([Y]).",
        "A blast in [Y]'s [X] killed three.",
        "A blast in [Y]’s eastern [X] province killed three.",
        "They took the [Y] town of [X].",
        "They hold [X], in [Y].",
        "They hold the [X] district of [Y].",
        "[X] is a village in [Y].",
        "[X] is a small, unincorporated community on the Red Road in central [Y].",
        "[X] (/eks/) is the county seat of [Y].",
        "They shelled [X], a town in the province of [Y].",
        "They shelled [X], the old capital of [Y].",
        "In [Y]'s rebel-held second city, [X], people fled.",
    ],
)
def test_the_words_put_one_name_inside_another(text: str) -> None:
    assert bound(text)["X"].get("Y") is False


@pytest.mark.parametrize(
    "text",
    ["Shells fell on [X] near [Y].", "They camp outside [X], 12 km north of [Y].", "[X], about 45km (28 miles) south of [Y], fell."],
)
def test_the_words_put_one_name_near_another(text: str) -> None:
    assert bound(text)["X"].get("Y") is True


@pytest.mark.parametrize(
    "text",
    ["Talks in [X] failed. [Y] was blamed.", "[X] fell on Monday while its people fled to [Y].", "Fighters went from [X] to [Y].",
     "[X] said that [Y] was lost.", "[Y]-backed rebels hold [X]."],
)
def test_other_words_bind_nothing(text: str) -> None:
    assert "Y" not in bound(text).get("X", {})


def test_a_chain_reaches_its_last_parent() -> None:
    assert set(bound("[X] is a village in [Y], [Z], [W].")["X"]) == {"Y", "Z", "W"}


@pytest.mark.parametrize("text", ["They hold [A], [B] and [C], in [Y].", "They hold the [Y] towns of [A], [B] and [C]."])
def test_the_names_of_a_list_share_their_parent(text: str) -> None:
    found = bound(text)
    assert all("Y" in found[name] for name in "ABC")


@given(st.lists(st.sampled_from(["[A]", "[B]", "[C]", " in ", ", ", " (", "'s ", " and ", " near ", ". ", " is a town in "]), max_size=14))
def test_no_name_is_bound_to_itself_and_weights_are_shares(parts: list[str]) -> None:
    text, mentions = "", []
    for part in parts:
        name = part.strip("[]")
        if part.startswith("["):
            mentions.append(Mention(document_id="d", start=len(text), end=len(text) + len(name), text=name, kind="other"))
        text += name
    for child, found in bindings(text, mentions).items():
        assert all(made.parent != child and 0 < made.weight <= 1 for made in found)
        assert len({made.parent for made in found}) == len(found)
