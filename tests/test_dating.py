"""Which date of a report belongs to an act: own sentences about several wars."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.dating import date_of, heading_dates
from geo.documents import from_text
from geo.times import dates_of


def dated(text: str, *, act: str, place: str = "", published: str = "2023-11-04", ahead: bool = False) -> str:
    """The day of an act in the sentence that holds it, as "first/last"."""
    document = from_text(text, published=dt.date.fromisoformat(published))
    at = text.index(act)
    first = max(text.rfind(". ", 0, at) + 2, text.rfind("\n", 0, at) + 1) if ". " in text[:at] or "\n" in text[:at] else 0
    ends = [end for end in (text.find(". ", at), text.find("\n", at)) if end >= 0]
    spot = (text.index(place), text.index(place) + len(place)) if place else None
    when = date_of(document, sentence=(first, min(ends, default=len(text))), act=(at, at + len(act)), place=spot, ahead=ahead)
    return f"{when.start or '-'}/{when.end or '-'}"


TWO = "They took Nyala on 26 October and Zalingei five days later."
SINCE = "The army, whose troops have held Sirte since January and the base at Jufra since 2017, stays."
LIST = "Militants seized Kandi, Banikoara and Segbana on 30 October."
STORY = "The front broke on 31 March 1937. On the same morning Durango was struck. In July the army attacked Brunete."
DIARY = "Thursday 2 November\nShells hit Sake.\n\nFriday 3 November\nRebels took Rutshuru."


@pytest.mark.parametrize(
    ("text", "act", "place", "days"),
    [
        (TWO, "took", "Nyala", "2023-10-26/2023-10-26"), (TWO, "took", "Zalingei", "2023-10-31/2023-10-31"),
        (SINCE, "held", "Sirte", "2023-01-01/-"), (SINCE, "held", "Jufra", "2017-01-01/-"),
        (LIST, "seized", "Kandi", "2023-10-30/2023-10-30"), (LIST, "seized", "Segbana", "2023-10-30/2023-10-30"),
        ("Rebels took Sake, after the army had left on Monday.", "took", "Sake", "2023-11-04/-"),
        ("On Monday, after the army had left, rebels took Sake.", "took", "Sake", "2023-10-30/2023-10-30"),
        ("Rebels hold Sake.", "hold", "Sake", "2023-11-04/-"),
        ("The town was theirs until 12 October; the army holds it.", "theirs", "", "-/2023-10-12"),
    ],
)
def test_an_act_has_the_date_that_stands_beside_it_in_its_clause(text: str, act: str, place: str, days: str) -> None:
    assert dated(text, act=act, place=place) == days


@pytest.mark.parametrize(("act", "days"), [("struck", "1937-03-31/1937-03-31"), ("attacked", "1937-07-01/1937-07-31")])
def test_a_text_about_a_time_that_is_over_keeps_to_its_year(act: str, days: str) -> None:
    assert dated(STORY, act=act, published="1998-03-01") == days


def test_a_report_of_today_that_names_an_old_year_stays_in_its_own() -> None:
    text = "The town fell in 2014. On 3 March rebels shelled it again. On Monday they left."
    assert dated(text, act="shelled", published="2022-03-12") == "2022-03-03/2022-03-03"


@pytest.mark.parametrize(("act", "days"), [("hit", "2023-11-02/2023-11-02"), ("took", "2023-11-03/2023-11-03")])
def test_what_stands_under_a_line_that_is_a_date_is_of_that_date(act: str, days: str) -> None:
    assert dated(DIARY, act=act) == days


def test_one_dated_line_is_no_diary() -> None:
    assert heading_dates(from_text("Friday 3 November\nRebels took Rutshuru.", published=dt.date(2023, 11, 4))) == ()


def test_a_plan_is_dated_ahead() -> None:
    assert dated("They will leave Sake on Monday.", act="leave", place="Sake", ahead=True) == "2023-11-06/2023-11-06"


def test_a_text_without_a_date_has_no_dates() -> None:
    document = from_text("Rebels took Sake on Monday.")
    assert dates_of(document) == ()
    assert date_of(document, sentence=(0, 27), act=(7, 11)).precision == "unknown"
