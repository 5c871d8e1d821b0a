"""How long a map of twenty zones may take to be written in each format, and how large its files may be."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
import shapely

from geo.choices import Choices
from geo.export import EXPORTERS, export
from tests import fake_twenty

SECONDS = 5.0
SLACK = 3.0  # times as long on a machine that does other things
MOST = {".pptx": 300_000, ".html": 2_500_000}


@pytest.fixture(scope="module")
def twenty(gazetteer: Any) -> Any:
    """The situation, its basemap and fonts read."""
    return fake_twenty.situation(gazetteer)


def test_it_is_as_large_as_it_says(twenty: Any) -> None:
    assert len(twenty.zones) == fake_twenty.ZONES == 20
    assert (shapely.get_num_coordinates(twenty.zones.geometry.to_numpy()) > 300).all()
    assert len(twenty.places) == 40
    assert len({claim.when.start for claim in twenty.claims}) == 2


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_map_of_twenty_zones_is_written_in_seconds_and_small(suffix: str, twenty: Any, tmp_path: Path) -> None:
    begun = time.process_time()
    path = export(twenty, tmp_path / f"map{suffix}")
    assert time.process_time() - begun < SLACK * SECONDS
    assert path.stat().st_size < MOST.get(suffix, 10_000_000)


def test_a_deck_with_a_slide_for_each_day_is_written_in_seconds(twenty: Any, tmp_path: Path) -> None:
    begun = time.process_time()
    path = export(twenty, tmp_path / "map.pptx", Choices(steps="dates"))
    assert time.process_time() - begun < SLACK * SECONDS
    assert path.stat().st_size < 3 * MOST[".pptx"]
