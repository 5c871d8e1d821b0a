"""Dates of facts resolve against the day of publication."""

import csv
import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.records import When
from geo.times import DATE_PATTERN, dates_in, read_dates, resolve_date

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


# ---------------------------------------------------------------- the dates of sentences

GOLD = Path(__file__).parent / "gold" / "dates.csv"
KNOWN_MISSES = {"The second division crossed in March order."}


def gold() -> list[dict[str, str]]:
    with GOLD.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def spans(days: str) -> list[tuple[dt.date | None, dt.date | None]]:
    def day(text: str) -> dt.date | None:
        return None if text == "-" else dt.date.fromisoformat(text)

    return [(day(first), day(last)) for first, _, last in (one.partition("/") for one in days.split("; ") if one)]


@pytest.mark.parametrize("case", gold(), ids=lambda case: case["text"][:60])
def test_a_sentence_tells_its_dates(case: dict[str, str]) -> None:
    if case["text"] in KNOWN_MISSES:
        pytest.xfail("the noun is written as the month is")
    found = read_dates(case["text"], published=dt.date.fromisoformat(case["published"]), ahead=bool(case["ahead"]))
    assert [(one.when.start, one.when.end) for one in found] == spans(case["days"])


@pytest.mark.parametrize("case", gold()[::5], ids=lambda case: case["text"][:60])
def test_the_words_of_a_date_stand_in_the_text(case: dict[str, str]) -> None:
    for one in read_dates(case["text"], published=THURSDAY):
        assert case["text"][one.start : one.end].strip() == one.when.words
        assert one.when.start is None or one.when.end is None or one.when.start <= one.when.end


def test_words_that_point_back_count_from_the_date_before_even_in_the_sentence_before() -> None:
    anchor = When(start=dt.date(1995, 7, 11), end=dt.date(1995, 7, 11), precision="day", words="11 July 1995")
    (one,) = read_dates("The following day the men were taken away.", published=THURSDAY, anchor=anchor)
    assert one.when.start == dt.date(1995, 7, 12)
    assert read_dates("The following day the men were taken away.", published=THURSDAY) == ()


@pytest.mark.parametrize("words", ["3/4/2020", "3.4.2020", "03/04/20"])
def test_figures_are_day_and_month_as_in_europe(words: str) -> None:
    (one,) = read_dates(f"On {words} it fell.", published=None)
    assert one.when.start == dt.date(2020, 4, 3)


def test_figures_that_are_a_date_only_in_the_other_order_are_read_so() -> None:
    (one,) = read_dates("On 3/24/2020 it fell.", published=None)
    assert one.when.start == dt.date(2020, 3, 24)


@given(st.text(alphabet="0123456789 -/.–abdefghijlmnoprstuvwyJMSW'’,", max_size=60))
def test_no_text_breaks_the_reading_of_dates(text: str) -> None:
    for one in read_dates(text, published=THURSDAY):
        assert 0 <= one.start < one.end <= len(text)


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2090, 1, 1)), st.integers(1, 400))
def test_two_written_days_joined_are_one_span(day: dt.date, length: int) -> None:
    end = day + dt.timedelta(days=length)
    (one,) = read_dates(f"Between {day.day} {day:%B %Y} and {end.day} {end:%B %Y} it was shelled.", published=None)
    assert (one.when.start, one.when.end) == (day, end)
