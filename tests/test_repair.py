"""Repair: the same length, twice is once, clean text stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.repair import blank_markup, repair

DAMAGE = st.sampled_from(
    ["&quot;", ",quot;", "&amp;", "&amp;quot;", "&#8217;", "â€™", "Ã©", "Â", "Ð", "had He handled", ". south", ". The", " ", "\n", "’",
     "Idlib", "&", ";", "quot", "amp;"]
)
TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"])), st.lists(DAMAGE, max_size=30).map("".join))
CLEAN = (
    "Mr. al-Assad met approx. 200 officers. He said: “We will hold the M4.” The U.S. said no. They were St. Petersburg troops. Gen. staff\n"
    "AT&T; R&D; 5 p.m. local time; e.g. in Idlib. É, ü, Ł, Москва, إدلب, İdlib, Köln, «Азов», naïve – don't; was He there? IRMÃ”"
)


@given(TEXTS)
def test_repair_keeps_the_length(text: str) -> None:
    assert len(repair(text)) == len(text)


@given(TEXTS)
def test_repairing_twice_is_repairing_once(text: str) -> None:
    assert repair(repair(text)) == repair(text)


@given(TEXTS)
def test_line_breaks_stay_where_they_are(text: str) -> None:
    assert [len(line) for line in repair(text).split("\n")] == [len(line) for line in text.split("\n")]


def test_clean_text_comes_back_unchanged() -> None:
    assert repair(CLEAN) == CLEAN


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd", "Zs"], exclude_characters="".join(map(chr, range(0xC2, 0xF5))))))
def test_words_without_marks_are_never_touched(words: str) -> None:
    assert repair(words) == words


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ('in balance,quot; with Turkey', 'in balance"      with Turkey'),
        ('the relationship,quot;, but', 'the relationship"     , but'),
        ("&quot;We won&quot; he said", '     "We won"      he said'),
        ("Putin&rsquo;s", "Putin’\u2060\u2060\u2060\u2060\u2060\u2060s"),
        ("AT&amp;T", "AT&\u2060\u2060\u2060\u2060T"),
        ("&amp;quot;Yes", '         "Yes'),
        ("Assadâ€™s men", "Assad’\u2060\u2060s men"),
        ("MalÃ© and SÃ£o", "Malé\u2060 and Sã\u2060o"),
        ("Mr. Putin had He handled it", "Mr. Putin had    handled it"),
    ],
)
def test_machine_damage_is_mended(damaged: str, mended: str) -> None:
    assert repair(damaged) == mended


def test_a_stop_inside_a_sentence_is_blanked_where_the_text_has_capitals() -> None:
    story = "It fell. The army left. Then came rain. Nobody knew. All was quiet. "
    assert repair(story + "It runs north. south of Damascus.") == story + "It runs north  south of Damascus."


def test_a_text_without_capitals_keeps_its_stops() -> None:
    text = "they fled. the army came. then it rained. nobody knew."
    assert repair(text) == text


@given(TEXTS)
def test_blanking_markup_keeps_length_and_lines(text: str) -> None:
    assert len(blank_markup(text)) == len(text)
    assert blank_markup(text).count("\n") == text.count("\n")


def test_markup_is_blanked_and_words_stay_in_place() -> None:
    text = "## The **M5** [road](https://example.org/a)\n- falls_back `now`"
    blank = blank_markup(text)
    for word in ("The", "M5", "road", "- falls_back", "now"):
        assert blank.index(word) == text.index(word)
    assert not set("#*[]()`") & set(blank)
