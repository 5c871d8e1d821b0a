"""Nothing in the field knows one war: the same laws hold on islands, in a long country, a desert, a delta, a strip, over the date line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.control import Field, control_field
from geo.evidence import check_evidence
from geo.held import from_evidence
from geo.projections import area_km2
from geo.raster import cell_that_fits

Truth = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[Any]]


@dataclass(frozen=True)
class Land:
    """An area with what hinders an advance in it, and who in truth holds each point (degrees)."""

    area: BaseGeometry
    truth: Truth
    barriers: tuple[BaseGeometry, ...] = ()
    near_km: float = 30.0


def north_south(lat_of: Callable[[NDArray[np.float64]], NDArray[np.float64]]) -> Truth:
    return lambda lon, lat: np.where(lat > lat_of(lon), "north", "south")


def islands() -> BaseGeometry:
    rng = np.random.default_rng(5)
    spots = shapely.points(rng.uniform(120, 127, 25), rng.uniform(5, 17, 25))
    return shapely.union_all(shapely.buffer(spots, rng.uniform(0.3, 1.1, 25)))


RIVERS = tuple(shapely.LineString([(90, 24.5), (88.3 + branch * 0.55, 21)]) for branch in range(6))
LANDS = {
    "islands": Land(islands(), north_south(lambda lon: 9 + (lon - 120))),
    "long": Land(shapely.LineString([(-71, -18), (-70, -27), (-72, -37), (-74, -47)]).buffer(0.9), north_south(lambda lon: 0 * lon - 33)),
    "desert": Land(shapely.box(5, 15, 17, 27), lambda lon, lat: np.where(np.hypot(lon - 12, lat - 22) < 4, "south", "north"), (), 150.0),
    "delta": Land(shapely.box(88, 21.5, 92, 24.5), lambda lon, lat: np.where(lon + (24.5 - lat) * 0.2 > 89.9, "north", "south"), RIVERS),
    "strip": Land(shapely.LineString([(34.25, 31.25), (34.53, 31.57)]).buffer(0.035), north_south(lambda lon: 31.42 + 0 * lon), (), 3.0),
    "arctic": Land(shapely.box(20, 66, 32, 70), north_south(lambda lon: 68 + 0.5 * np.sin(lon))),
    "date line": Land(
        shapely.union_all([shapely.box(177, -19, 180, -15), shapely.box(-180, -19, -177, -15)]),
        lambda lon, lat: np.where(np.where(lon < 0, lon + 360, lon) + lat > 163, "north", "south"),
    ),
}
REPORTS = 300


def points(area: BaseGeometry, count: int, seed: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    rng = np.random.default_rng(seed)
    parts = shapely.get_parts(area)
    chosen = rng.choice(len(parts), count * 4, p=[part.area / area.area for part in parts])
    bounds = shapely.bounds(parts)[chosen]
    lon, lat = rng.uniform(bounds[:, 0], bounds[:, 2]), rng.uniform(bounds[:, 1], bounds[:, 3])
    inside = shapely.contains_xy(area, lon, lat)
    return lon[inside][:count], lat[inside][:count]


def evidence(name: str, *, wrong: int = 0, seed: int = 1) -> pd.DataFrame:
    land = LANDS[name]
    lon, lat = points(land.area, REPORTS, seed)
    actor = land.truth(lon, lat)
    actor[:wrong] = np.where(actor[:wrong] == "north", "south", "north")
    return check_evidence(pd.DataFrame({"lon": lon, "lat": lat, "actor": actor}))


@cache
def field(name: str, wrong: int = 0) -> Field:
    land = LANDS[name]
    return control_field(evidence(name, wrong=wrong), area=land.area, cell_km=cell_that_fits(land.area, 25.0), barriers=land.barriers)


def right(name: str, wrong: int = 0) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Whether the likeliest actor is the true one at 4,000 places of the land, and its chance."""
    land, found = LANDS[name], field(name, wrong)
    lon, lat = points(land.area, 4000, 2)
    row, column = found.raster.cells(found.raster.project(lon, lat))
    chance = found.chance(near_km=land.near_km)[:, row, column]
    return np.array(found.actors)[chance.argmax(axis=0)] == land.truth(lon, lat), chance.max(axis=0)


@pytest.mark.parametrize("name", LANDS)
def test_a_front_is_found_again_from_scattered_reports(name: str) -> None:
    assert right(name)[0].mean() > 0.95


@pytest.mark.parametrize("name", LANDS)
def test_one_wrong_report_in_ten_does_little_harm(name: str) -> None:
    assert right(name, wrong=REPORTS // 10)[0].mean() > 0.93


@pytest.mark.parametrize("wrong", [0, REPORTS // 10])
@pytest.mark.parametrize("name", LANDS)
def test_places_held_with_nine_in_ten_confidence_are_right_in_97_of_100_anywhere(name: str, wrong: int) -> None:
    correct, chance = right(name, wrong)
    assert (chance >= 0.9).mean() > 0.2
    assert correct[chance >= 0.9].mean() >= 0.97


@pytest.mark.parametrize("name", LANDS)
def test_zones_tile_the_area_anywhere(name: str) -> None:
    land = LANDS[name]
    drawn = from_evidence(evidence(name), area=land.area, cell_km=25.0, barriers=land.barriers, near_km=land.near_km)
    held = drawn.zones[drawn.zones.status == "control"]
    assert shapely.coverage_is_valid(held.geometry.values)
    assert held.km2.sum() == pytest.approx(area_km2(shapely.segmentize(land.area, 0.02)), rel=1e-4)
    assert len(drawn.front_lines) == 1


def test_the_field_knows_no_scale() -> None:
    """The same reports on the same shape a tenth of the size give the same field, for cells are chosen by the area."""
    large = LANDS["arctic"]
    middle = (26.0, 0.2)

    def smaller(xy: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
        return (xy - np.array([26.0, 68.0])) * factor + np.array(middle)

    found = []
    table = evidence("arctic")
    for factor in (1.0, 0.1):
        xy = smaller(table[["lon", "lat"]].to_numpy(), factor)
        area = shapely.transform(large.area, lambda given, factor=factor: smaller(given, factor))
        one = control_field(table.assign(lon=xy[:, 0], lat=xy[:, 1]), area=area, cell_km=cell_that_fits(area, 25.0))
        spots = smaller(np.column_stack(points(large.area, 2000, 3)), factor)
        row, column = one.raster.cells(one.raster.project(spots[:, 0], spots[:, 1]))
        found.append(one.share[0, row, column])
    assert np.abs(found[0] - found[1]).mean() < 0.02
    assert ((found[0] > 0.5) == (found[1] > 0.5)).mean() > 0.985
