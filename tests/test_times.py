"""Dates of facts resolve against the day of publication."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.times import DATE_PATTERN, dates_in, resolve_date

THURSDAY = dt.date(2020, 3, 5)


@pytest.mark.parametrize(
    ("words", "start", "end"),
    [
        ("Thursday", THURSDAY, THURSDAY),
        ("on Monday", dt.date(2020, 3, 2), dt.date(2020, 3, 2)),
        ("Wednesday", dt.date(2020, 3, 4), dt.date(2020, 3, 4)),
        ("September 2018", dt.date(2018, 9, 1), dt.date(2018, 9, 30)),
        ("November 2015", dt.date(2015, 11, 1), dt.date(2015, 11, 30)),
        ("in 2016", dt.date(2016, 1, 1), dt.date(2016, 12, 31)),
        ("five years ago", dt.date(2015, 1, 1), dt.date(2015, 12, 31)),
        ("last month", dt.date(2020, 2, 1), dt.date(2020, 2, 29)),
        ("this month", dt.date(2020, 3, 1), dt.date(2020, 3, 31)),
        ("last year", dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
        ("yesterday", dt.date(2020, 3, 4), dt.date(2020, 3, 4)),
        ("3 December 2019", dt.date(2019, 12, 3), dt.date(2019, 12, 3)),
        ("Dec. 3, 2019", dt.date(2019, 12, 3), dt.date(2019, 12, 3)),
        ("2020-02-27", dt.date(2020, 2, 27), dt.date(2020, 2, 27)),
        ("27 February", dt.date(2020, 2, 27), dt.date(2020, 2, 27)),
        ("in December", dt.date(2019, 12, 1), dt.date(2019, 12, 31)),
        ("two weeks ago", dt.date(2020, 2, 17), dt.date(2020, 2, 23)),
        ("the winter of 2016", dt.date(2016, 12, 1), dt.date(2017, 2, 28)),
    ],
)
def test_words_mean_the_days_that_a_reader_takes_them_for(words: str, start: dt.date, end: dt.date) -> None:
    when = resolve_date(words, published=THURSDAY)
    assert when is not None
    assert (when.start, when.end, when.words) == (start, end, words)


def test_a_sentence_that_looks_ahead_means_the_coming_weekday() -> None:
    when = resolve_date("on Monday", published=THURSDAY, ahead=True)
    assert when is not None
    assert when.start == dt.date(2020, 3, 9)


def test_without_a_date_of_publication_relative_words_mean_nothing() -> None:
    assert resolve_date("last month", published=None) is None
    assert resolve_date("May 1945", published=None) is not None


@pytest.mark.parametrize("words", ["31 February 2020", "banana", "2020-13-45"])
def test_words_that_are_no_date_give_none(words: str) -> None:
    assert resolve_date(words, published=THURSDAY) is None


@given(st.dates(min_value=dt.date(1850, 1, 1), max_value=dt.date(2099, 12, 31)))
def test_a_written_day_is_found_in_a_sentence_and_read_back(day: dt.date) -> None:
    found = DATE_PATTERN.search(f"They met on {day.day} {day:%B %Y} at dawn.")
    assert found is not None
    when = resolve_date(found.group(), published=None)
    assert when is not None
    assert when.start == when.end == day


WORDS = "early mid- in during of the on last past 5 2020 12th March MARCH mar may Monday day weeks ago two spring between % ſunday".split()


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(["", " ", "-", "\n"])), max_size=9))
def test_looking_only_near_the_signs_of_a_date_finds_every_date(parts: list[tuple[str, str]]) -> None:
    text = "".join(word + gap for word, gap in parts)
    assert [match.span() for match in dates_in(text)] == [match.span() for match in DATE_PATTERN.finditer(text)]
