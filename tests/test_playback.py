"""The days of a situation: a map of each, drawn by the same rules."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from geo import playback, situation, window
from geo.documents import from_text

MONDAY, FRIDAY = dt.date(2020, 3, 2), dt.date(2020, 3, 6)


def taken(gazetteer: Any) -> Any:
    """A town that changes hands between two reports."""
    first = from_text("Rebels control Saraqib. On 1 March 2020 rebels captured Maarat al-Numan.", published=MONDAY)
    second = from_text("The Syrian army captured Saraqib on 5 March 2020.", published=FRIDAY)
    return situation.read([first, second], gazetteer=gazetteer)


def holders(told: Any) -> dict[str, set[str]]:
    held = told.zones[told.zones["layer"] == "control"]
    return {words: set(rows["actor_name"]) for words, rows in held.groupby("words")}


def test_the_last_day_is_the_map_and_the_days_are_in_order(gazetteer: Any) -> None:
    told = taken(gazetteer)
    days = playback.days_of(told)
    assert days == tuple(sorted(days))
    assert days[-1] == told.as_of == FRIDAY
    assert playback.on_the_day(told, FRIDAY) is told


def test_what_was_overtaken_stands_as_it_was_before_and_is_past_after(gazetteer: Any) -> None:
    told = taken(gazetteer)
    assert any(claim.reason.endswith(window.OVERTAKEN) for claim in told.claims)
    before = playback.on_the_day(told, MONDAY)
    assert {claim.status for claim in before.claims if claim.predicate == "controls"} == {"reported"}
    assert not any(claim.reason.endswith(window.OVERTAKEN) for claim in before.claims)
    assert any("Saraqib" in words and not names & {"Syrian government"} for words, names in holders(before).items())
    assert any("Saraqib" in words and names == {"Syrian government"} for words, names in holders(told).items())


def test_the_word_of_the_publisher_itself_is_reported_again_on_the_day_before(gazetteer: Any) -> None:
    reports = [
        from_text(text, source="Wire One", published=day)
        for text, day in (("Rebels hold Ariha.", MONDAY), ("The Syrian army captured Ariha.", FRIDAY))
    ]
    told = situation.read(reports, gazetteer=gazetteer)
    read = situation.read(reports, gazetteer=gazetteer, as_of=MONDAY)
    assert holders(playback.on_the_day(told, MONDAY)) == holders(read) != {}


def test_nothing_of_a_later_day_is_told_on_an_earlier_one(idlib: Any) -> None:
    began = playback.began(idlib)
    for day in playback.days_of(idlib):
        assert all((began[claim.id] or day) <= day for claim in playback.on_the_day(idlib, day).claims)


def test_of_many_days_those_with_most_news_are_kept_and_the_last(idlib: Any) -> None:
    event = next(claim for claim in idlib.claims if claim.where is not None)
    first = dt.date(2020, 1, 1)
    when = dataclasses.replace(event.when, precision="day", end=None)
    news = [
        dataclasses.replace(event, id=f"n{n}-{m}", status="reported", when=dataclasses.replace(when, start=first + dt.timedelta(n)))
        for n in range(60) for m in range(2 if n % 4 == 0 else 1)
    ]
    days = playback.days_of(dataclasses.replace(idlib, claims=tuple(news)))
    assert len(days) == playback.MOST
    assert days[-1] == idlib.as_of
    assert all((day - first).days % 4 == 0 for day in days[:-1])


def test_a_year_is_no_day_to_step_to(gazetteer: Any) -> None:
    told = situation.read(
        [from_text("In 2014 Russia seized Crimea. Ukraine holds Kherson.", published=dt.date(2022, 11, 12))], gazetteer=gazetteer,
    )
    assert playback.days_of(told) == ()
