"""The field of control: what reports make of the ground between them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.ageing import half_life_days
from geo.control import Field, control_field
from geo.errors import InputError
from geo.evidence import check_evidence, weight
from geo.raster import conductance, laplacian, raster
from geo.solver import Solver

AREA = shapely.box(30.0, 45.0, 33.0, 47.0)
RIVER = shapely.LineString([(31.5, 44.0), (31.5, 48.0)])
DAY = dt.date(2022, 11, 20)


def table(*rows: tuple[float, float, str], **more: Any) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["lon", "lat", "actor"])
    return check_evidence(frame.assign(**more))


def at(field: Field, lon: float, lat: float) -> dict[str, float]:
    """The share of each actor at a place."""
    row, column = field.raster.cells(field.raster.project(np.array([lon]), np.array([lat])))
    return {name: float(field.share[number, row[0], column[0]]) for number, name in enumerate(field.actors)}


def field(evidence: pd.DataFrame, **more: Any) -> Field:
    return control_field(evidence, area=more.pop("area", AREA), **{"cell_km": 8.0} | more)


def test_a_single_actor_holds_everything_in_reach() -> None:
    found = field(table((30.5, 45.5, "A"), (32.0, 46.5, "A")))
    assert np.allclose(found.share[0][found.raster.inside], 1.0)


def test_shares_are_chances_that_sum_to_one() -> None:
    found = field(table((30.5, 45.5, "A"), (32.0, 46.5, "B"), (32.5, 45.5, "C")))
    assert found.share.min() >= 0
    assert np.allclose(found.share.sum(axis=0), 1.0)
    assert np.allclose(found.probability.sum(axis=0), 1.0)


def test_the_ground_at_a_report_is_its_actors() -> None:
    found = field(table((30.5, 45.5, "A"), (32.5, 46.5, "B")))
    assert at(found, 30.5, 45.5)["A"] > 0.8
    assert at(found, 32.5, 46.5)["B"] > 0.8


@given(st.permutations(range(6)))
@settings(max_examples=10)
def test_the_order_of_the_reports_does_not_matter(order: list[int]) -> None:
    reports = [(30.4, 45.4, "A"), (30.9, 46.2, "A"), (31.4, 45.7, "B"), (32.2, 46.6, "B"), (32.6, 45.3, "A"), (31.9, 46.1, "B")]
    first, other = field(table(*reports)), field(table(*(reports[number] for number in order)))
    assert np.array_equal(first.share, other.share)


def test_a_river_holds_back_influence() -> None:
    evidence = table((30.4, 46.0, "A"), (31.4, 46.0, "B"))
    beyond = at(field(evidence, barriers=[RIVER]), 32.5, 46.0), at(field(evidence), 32.5, 46.0)
    near = at(field(evidence, barriers=[RIVER]), 31.2, 46.0), at(field(evidence), 31.2, 46.0)
    assert near[0]["B"] == pytest.approx(near[1]["B"], abs=0.06)
    one_side = table((31.2, 46.0, "A"), (31.8, 46.0, "B"))
    assert at(field(one_side, barriers=[RIVER]), 31.45, 46.0)["A"] > at(field(one_side), 31.45, 46.0)["A"] + 0.1
    assert beyond[0]["B"] > 0.5


@pytest.mark.parametrize(("turn", "cut"), [(0, "east"), (1, "north")])
def test_a_barrier_parts_exactly_the_cells_on_either_side(turn: int, cut: str) -> None:
    on = raster(AREA, cell_km=10)
    line = RIVER if turn == 0 else shapely.LineString([(29.0, 46.0), (34.0, 46.0)])
    east, north = conductance(on, [line], across=0.25)
    crossed, along = (east, north) if cut == "east" else (north, east)
    both = (on.inside[:, :-1] & on.inside[:, 1:]) if cut == "east" else (on.inside[:-1] & on.inside[1:])
    per_line = (crossed == 0.25).sum(axis=1 - turn)
    inhabited = both.sum(axis=1 - turn) > 0
    assert set(per_line[inhabited].tolist()) <= {0, 1}
    assert (per_line[inhabited] == 1).mean() > 0.9
    assert not (along == 0.25).sum() > 2


def test_older_evidence_weighs_less() -> None:
    rows = [(31.0, 46.0, "A"), (32.0, 46.0, "B")]
    fresh = field(table(*rows, date=["2022-11-20", "2022-11-20"]), as_of=DAY)
    stale = field(table(*rows, date=["2014-11-20", "2022-11-20"]), as_of=DAY)
    assert at(stale, 31.5, 46.0)["A"] < at(fresh, 31.5, 46.0)["A"] - 0.02


def test_a_report_later_than_the_map_does_not_count() -> None:
    evidence = table((31.0, 46.0, "A"), (32.0, 46.0, "B"), date=["2022-11-20", "2022-11-21"])
    assert field(evidence, as_of=DAY).actors == ("A",)


def test_a_doubtful_report_reaches_less_far_than_a_verified_one() -> None:
    rows = [(31.0, 46.0, "A"), (32.0, 46.0, "B")]
    weak, strong = (at(field(table(*rows, confidence=[sure, 0.9])), 31.4, 46.0)["A"] for sure in (0.3, 0.99))
    assert weak < strong


def test_one_wrong_label_among_many_right_ones_is_not_believed() -> None:
    lons, lats = np.meshgrid(np.linspace(30.2, 32.8, 8), np.linspace(45.2, 46.8, 6))
    rows = [(lon, lat, "A" if lon < 31.5 else "B") for lon, lat in zip(lons.ravel(), lats.ravel(), strict=True)]
    wrong = min(range(len(rows)), key=lambda number: abs(rows[number][0] - 32.4) + abs(rows[number][1] - 46.1))
    rows[wrong] = (*rows[wrong][:2], "A")
    found = field(table(*rows))
    doubted = found.reports.rows[np.argmin(found.trust)]
    assert doubted == wrong
    assert found.trust.min() < 0.3
    assert np.delete(found.trust, np.argmin(found.trust)).min() > 0.5
    assert at(found, *rows[wrong][:2])["B"] > 0.5


def test_two_reports_that_disagree_are_both_believed() -> None:
    found = field(table((31.0, 46.0, "A"), (32.0, 46.0, "B")))
    assert found.trust.tolist() == [1.0, 1.0]


def test_a_contested_report_counts_for_both() -> None:
    evidence = table((30.5, 46.0, "A"), (32.5, 46.0, "B"), (31.5, 46.0, ""), status=["control", "control", "contested"])
    assert at(field(evidence), 31.5, 46.0) == {"A": pytest.approx(0.5, abs=0.05), "B": pytest.approx(0.5, abs=0.05)}


def test_an_island_without_reports_follows_the_nearest_shore() -> None:
    area = AREA.union(shapely.box(33.4, 45.8, 33.7, 46.1))
    found = field(table((30.5, 46.0, "A"), (32.8, 46.0, "B")), area=area)
    assert at(found, 33.5, 46.0)["B"] > 0.5


def test_reports_outside_the_area_are_left_out_and_said_so(caplog: pytest.LogCaptureFixture) -> None:
    found = field(table((31.0, 46.0, "A"), (50.0, 46.0, "B"), (31.5, -46.0, "C")))
    assert found.actors == ("A",)
    assert "2 of 3 reports lie outside the area" in caplog.text


def test_no_report_inside_the_area_is_an_error() -> None:
    with pytest.raises(InputError, match="No report within the area says who holds a place"):
        field(table((50.0, 46.0, "B")))


def test_cells_too_small_for_the_area_are_an_error_that_names_a_size_that_fits() -> None:
    with pytest.raises(InputError, match=r"choose at least [\d.]+ km"):
        field(table((31.0, 46.0, "A")), area=shapely.box(-20, -35, 50, 35), cell_km=1.0)


def test_an_area_across_the_antimeridian_is_one_area() -> None:
    area = shapely.union_all([shapely.box(178.5, -18, 180, -16), shapely.box(-180, -18, -178.5, -16)])
    found = field(table((179.0, -17.0, "A"), (-179.0, -17.0, "B")), area=area)
    assert at(found, 179.9, -17.0)["A"] > 0.5 > at(found, -179.2, -17.0)["A"]


@pytest.mark.parametrize(("km", "days"), [(0.0, 120.0), (4.9, 120.0), (5.1, 365.0), (19.0, 365.0), (21.0, 1825.0)])
def test_half_lives_grow_with_the_distance_to_the_front(km: float, days: float) -> None:
    assert half_life_days(np.array([km]))[0] == days
    assert half_life_days(np.array([km]), ceasefire=True)[0] == 5 * days


def test_weight_rises_with_confidence_and_stays_in_bounds() -> None:
    weights = weight(np.linspace(0, 1, 101))
    assert (np.diff(weights) >= 0).all()
    assert (weights.min(), weights.max()) == (0.1, 4.0)
    assert weight(np.array([0.9]))[0] == pytest.approx(1.0)


@pytest.mark.parametrize("direct", [10**9, 1000])
def test_a_solver_solves_its_system_directly_or_over_coarser_grids(direct: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.solver.DIRECT_CELLS", direct)
    monkeypatch.setattr("geo.solver.COARSEST_CELLS", 100)
    on = raster(AREA, cell_km=2.0)
    _, links = laplacian(on.inside, *conductance(on, [RIVER], across=0.1))
    weights = np.zeros(links.shape[0])
    weights[::37] = 5.0
    right = np.random.default_rng(1).normal(size=(links.shape[0], 3))
    rows, columns = np.nonzero(on.inside)
    solved = Solver(links, weights, rows=rows, columns=columns).solve(right)
    assert np.abs(links @ solved + weights[:, None] * solved - right).max() < 1e-4
