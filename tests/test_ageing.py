"""How reports and maps grow old: with the distance to the front, the pace of the war, and ceasefires."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import zones
from geo.ageing import CEASEFIRE, Ceasefire, aged_km, calm_days, front_km, half_life_days, pace, reach
from geo.control import control_field
from geo.evidence import check_evidence
from geo.held import faded
from geo.override import Overridden, override
from geo.projections import local
from geo.raster import raster
from geo.records import Claim, Feature, Span, When
from geo.reported import reports
from geo.truces import ceasefires, freezes
from geo.typology import cues
from geo.where import Named

AREA = shapely.box(30.0, 45.0, 33.0, 47.0)
WEST, EAST = shapely.box(30.0, 45.0, 31.5, 47.0), shapely.box(31.5, 45.0, 33.0, 47.0)
DAY = dt.date(2022, 11, 20)


def table(*rows: tuple[float, float, str, str], **more: Any) -> pd.DataFrame:
    return check_evidence(pd.DataFrame(rows, columns=["lon", "lat", "actor", "date"]).assign(**more))


def base(*days: dt.date | None) -> gpd.GeoDataFrame:
    frame = gpd.GeoDataFrame({"actor": ["A", "B"]}, geometry=[WEST, EAST], crs=4326)
    return frame.assign(date=pd.Series(list(days) * (2 // len(days)), dtype=object)) if days else frame


def changed(*rows: tuple[float, float, str, str], age: int | None = 0, calm: tuple[Ceasefire, ...] = (), **more: Any) -> Overridden:
    on = raster(AREA, cell_km=4.0)
    day = None if age is None else DAY - dt.timedelta(days=age)
    return override(base(day), reports(table(*rows, **more), on=on, as_of=DAY), on=on, as_of=DAY, ceasefires=calm)


def sure(found: Overridden, lon: float, lat: float = 46.0) -> float:
    row, column = found.on.cells(found.on.project(np.array([lon]), np.array([lat])))
    return float(found.sure[row[0], column[0]])


FAR = ((30.2, 45.2, "A", "2022-11-20"), (32.8, 46.8, "B", "2022-11-20"))


# ---- half-lives


@given(st.floats(0, 500), st.floats(0.2, 4))
def test_a_quicker_war_ages_reports_in_proportion(km: float, quick: float) -> None:
    front = np.array([km])
    assert half_life_days(front, pace=quick)[0] == pytest.approx(half_life_days(front)[0] / quick)


@given(st.lists(st.floats(0, 500), min_size=2, max_size=20))
def test_half_lives_never_fall_with_the_distance_to_the_front(km: list[float]) -> None:
    assert (np.diff(half_life_days(np.sort(km))) >= 0).all()


def test_places_that_change_hands_often_quicken_the_war_and_those_that_do_not_slow_it() -> None:
    between = np.full(60, 40.0)
    quick, slow = pace(between, np.ones(60, bool), np.zeros(60)), pace(between, np.zeros(60, bool), np.zeros(60))
    assert slow < 0.4 < 1 < 3 < quick


def test_quiet_far_behind_the_front_says_nothing_of_the_pace() -> None:
    assert pace(np.full(60, 40.0), np.zeros(60, bool), np.full(60, 100.0)) == 1.0


@pytest.mark.parametrize("half_life", [60.0, 120.0, 360.0])
def test_the_pace_of_a_made_up_war_is_found_again(half_life: float) -> None:
    rng = np.random.default_rng(1)
    between = rng.uniform(5, 60, 3000)
    flips = rng.random(3000) > 0.5 ** (between / half_life)
    assert pace(between, flips, np.zeros(3000)) == pytest.approx(120 / half_life, rel=0.3)


@given(st.lists(st.floats(0, 300), min_size=2, max_size=20), st.floats(1, 200))
def test_evidence_carries_less_the_further_away_and_never_nothing(km: list[float], near: float) -> None:
    parts = reach(np.sort(km), near_km=near)
    assert (np.diff(parts) <= 1e-12).all()
    assert (parts > 0).all()
    assert parts.max() <= 1
    assert reach(np.array([near]), near_km=near)[0] >= 0.9 - 1e-9


def test_an_old_report_reaches_less_far_than_a_new_one() -> None:
    at, shape = np.array([5]), (11, 11)
    new, old = (aged_km(at, at, np.array([age]), shape=shape, cell_m=1000.0) for age in (0.0, 3.0))
    assert np.allclose(old - new, 30.0)


def test_the_front_is_where_the_holder_changes() -> None:
    holder = np.zeros((5, 10), dtype=np.intp)
    holder[:, 6:] = 1
    assert front_km(holder, cell_m=2000.0)[2].tolist() == [12.0, 10.0, 8.0, 6.0, 4.0, 2.0, 0.0, 2.0, 4.0, 6.0]
    assert np.isinf(front_km(holder * 0, cell_m=2000.0)).all()


# ---- succession on one place


def test_the_later_report_on_a_place_stands() -> None:
    rows = ((31.0, 46.0, "A", "2022-09-01"), (31.0, 46.0, "B", "2022-11-01"), (30.2, 45.2, "A", "2022-11-01"))
    found = reports(table(*rows), on=raster(AREA, cell_km=8.0), as_of=DAY)
    assert sorted(found.rows.tolist()) == [1, 2]
    assert found.turns[:, 2:].tolist() == [[61.0, 1.0]]


@pytest.mark.parametrize(("confidence", "left"), [(0.3, 2), (0.9, 1)])
def test_a_doubtful_report_does_not_put_an_earlier_one_aside(confidence: float, left: int) -> None:
    rows = ((31.0, 46.0, "A", "2022-09-01"), (31.0, 46.0, "B", "2022-11-01"))
    found = reports(table(*rows, confidence=[0.9, confidence]), on=raster(AREA, cell_km=8.0), as_of=DAY)
    assert len(found.rows) == left


def test_reports_beyond_the_window_are_left_out() -> None:
    evidence = table((31.0, 46.0, "A", "2022-10-01"), (32.0, 46.0, "B", "2022-11-15"), (32.5, 46.0, "B", ""))
    found = control_field(evidence, area=AREA, as_of=DAY, cell_km=8.0, window_days=30)
    assert sorted(found.reports.rows.tolist()) == [1, 2]
    assert control_field(evidence, area=AREA, as_of=DAY, cell_km=8.0).actors == ("A", "B")


def test_any_day_gives_the_map_of_that_day() -> None:
    told = (("A", "2022-03-01"), ("B", "2022-06-01"), ("A", "2022-09-01"))
    rows = (*((31.0, 46.0, *one) for one in told), (32.9, 46.9, "B", "2022-01-01"))
    holders = {}
    for day in ("2022-04-01", "2022-07-01", "2022-10-01"):
        drawn = zones.from_evidence(table(*rows), area=AREA, as_of=dt.date.fromisoformat(day), barriers=(), cell_km=8.0)
        held = drawn.zones[drawn.zones.contains(shapely.Point(31.0, 46.0))]
        holders[day] = held.actor.tolist()
    assert holders == {"2022-04-01": ["A"], "2022-07-01": ["B"], "2022-10-01": ["A"]}


# ---- ceasefires


def test_under_a_ceasefire_time_runs_at_a_fifth() -> None:
    plane = local(AREA)
    xy = shapely.get_coordinates(plane.to(shapely.multipoints([(31.0, 46.0), (32.5, 46.0)])))
    calm = Ceasefire(ground=WEST, start=dt.date(2022, 10, 1), end=dt.date(2022, 11, 1))
    assert calm_days(xy, np.array([100.0, 100.0]), [calm], as_of=DAY, plane=plane).tolist() == [31.0, 0.0]
    assert calm_days(xy, np.array([30.0, 30.0]), [calm], as_of=DAY, plane=plane).tolist() == [11.0, 0.0]
    forever = calm_days(xy, np.array([100.0, 100.0]), [replace(calm, start=None, end=None)], as_of=DAY, plane=plane)
    assert forever.tolist() == [100.0, 0.0]
    assert CEASEFIRE == 5.0


def test_a_ceasefire_keeps_the_weight_of_old_reports() -> None:
    evidence = table((31.4, 46.0, "A", "2021-11-20"), (31.5, 46.0, "B", "2022-11-20"))
    truce = (Ceasefire(ground=AREA, start=dt.date(2021, 11, 20)),)
    shares = []
    for calm in ((), truce):
        found = control_field(evidence, area=AREA, as_of=DAY, cell_km=2.0, ceasefires=calm)
        row, column = found.raster.cells(found.raster.project(np.array([31.4]), np.array([46.0])))
        shares.append(found.chance(near_km=30)[0, row[0], column[0]])
    assert shares[1] > shares[0] + 0.015


def claim(number: int, predicate: Any, day: str, limits: tuple[str, ...] = ("a limit",), status: Any = "reported") -> Claim:
    text = f"Sentence {number}."
    when = dt.date.fromisoformat(day)
    return Claim(
        id=f"c{number}", predicate=predicate, actor=None, target=None, where=Named("admin1:SY-ID"), speaker="", status=status,
        when=When(start=when, end=when), evidence=(Span(document_id="d", start=0, end=len(text), quote=text),), confidence=0.8, reason="",
        limits=limits, made_by="test",
    )


class Province:
    """A gazetteer whose one area stands for all."""

    view = "de_facto"

    def get(self, feature_id: str) -> Any:
        return Feature(id=feature_id, name="Idlib", kind="admin", lon=31.5, lat=46.0)

    def shape(self, feature: Any) -> Any:
        return AREA


FREEZE = next(cue.note for cue in cues() if cue.family == "freeze")


def test_a_ceasefire_claim_counts_until_fighting_is_told_of_on_its_ground() -> None:
    told = [claim(1, "agrees", "2020-03-05", ("x", FREEZE)), claim(2, "attacks", "2020-02-01"), claim(3, "attacks", "2020-07-01")]
    found = ceasefires(told, gazetteer=Province())  # type: ignore[arg-type]
    assert [(one.start, one.end) for one in found] == [(dt.date(2020, 3, 5), dt.date(2020, 7, 1))]
    assert found[0].ground.equals(AREA)


@pytest.mark.parametrize("other", [claim(1, "agrees", "2020-03-05"), claim(2, "contests", "2020-03-05", (FREEZE,))])
def test_other_agreements_and_fights_freeze_nothing(other: Claim) -> None:
    assert not freezes(other)


@pytest.mark.parametrize("status", ["denied", "proposed", "past", "conditional"])
def test_a_ceasefire_that_is_not_told_as_a_fact_freezes_nothing(status: str) -> None:
    assert ceasefires([claim(1, "agrees", "2020-03-05", (FREEZE,), status)], gazetteer=Province()) == ()  # type: ignore[arg-type]


# ---- an earlier map


def test_an_earlier_map_ages_near_its_front_first() -> None:
    fresh, old = changed(*FAR, age=0), changed(*FAR, age=150)
    assert sure(fresh, 31.45) == pytest.approx(0.98, abs=0.01)
    assert sure(old, 31.45) < 0.75 < sure(old, 31.35) < 0.9 < sure(old, 30.6)


def test_an_earlier_map_of_no_known_day_does_not_age() -> None:
    assert sure(changed(*FAR, age=None), 31.45) == pytest.approx(0.98, abs=0.01)


def test_a_ceasefire_keeps_an_earlier_map_young() -> None:
    truce = Ceasefire(ground=AREA, start=dt.date(2022, 1, 1))
    assert sure(changed(*FAR, age=150, calm=(truce,)), 31.45) > sure(changed(*FAR, age=150), 31.45) + 0.1


def test_an_old_map_says_where_it_is_old() -> None:
    days = {age: DAY - dt.timedelta(days=age) for age in (0, 200)}
    drawn = {age: zones.from_evidence(table(*FAR), area=AREA, base=base(day), as_of=DAY, barriers=()) for age, day in days.items()}
    assert drawn[0].uncertain.empty
    assert "the earlier map is old here" in drawn[200].uncertain.words.iloc[0]
    assert drawn[200].uncertain.union_all().contains(shapely.Point(31.5, 46.0))
    assert (drawn[200].zones.confidence < drawn[0].zones.confidence).all()


def test_a_report_older_than_the_map_does_not_change_it() -> None:
    row = (31.4, 46.0, "B")
    assert not changed((*row, "2022-06-01"), *FAR, age=30).flipped.any()
    assert changed((*row, "2022-11-10"), *FAR, age=30).flipped.sum() == 1


def test_a_weak_report_changes_an_old_map_but_not_a_fresh_one() -> None:
    weak = {"confidence": [0.35, 0.9, 0.9]}
    row = (31.4, 46.0, "B", "2022-11-20")
    assert not changed(row, *FAR, age=0, **weak).flipped.any()
    assert changed(row, *FAR, age=600, **weak).flipped.sum() == 1


def test_an_agreeing_report_makes_old_ground_sure_again() -> None:
    assert sure(changed((31.45, 46.0, "A", "2022-11-20"), *FAR, age=300), 31.45) > sure(changed(*FAR, age=300), 31.45) + 0.2


def test_an_earlier_map_that_nobody_contradicts_fades_along_its_front_only() -> None:
    old, sure = faded(base(DAY - dt.timedelta(days=150)), area=AREA, as_of=DAY)
    fresh, surer = faded(base(DAY), area=AREA, as_of=DAY)
    assert fresh.is_empty
    assert old.contains(shapely.Point(31.5, 46.0))
    assert not old.intersects(shapely.box(30.0, 45.0, 31.2, 47.0))
    assert all(sure[actor] < surer[actor] for actor in ("A", "B"))
