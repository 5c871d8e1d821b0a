"""The comparison of maps: all are measured alike, what could not be measured is not told as a figure, and ours is one of them."""

from __future__ import annotations

import json
import math
import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from scripts import compare_maps, maps_peers, maps_watch
from scripts.compare_maps import Figures, table
from scripts.map_samples import LONE, many_places, many_zones

ROOT = Path(__file__).parents[1]


def test_every_system_of_the_tables_can_make_its_page_and_has_a_title() -> None:
    wanted = {(name, "places") for name in compare_maps.PLACES} | {(name, "zones") for name in compare_maps.ZONES}
    assert wanted == set(maps_peers.MAKERS)
    assert {name for name, _ in wanted} == set(compare_maps.TITLES)


def test_the_table_tells_ratios_to_the_first_row_and_a_dash_for_what_is_unknown() -> None:
    rows = [Figures("salient", "places", 0.4, 0.3, 1.3, 0.5, 30, 12), Figures("lonboard", "places", 3.0, 2.0, 14, 4.0, math.nan, math.nan)]
    told = table(rows, "places").splitlines()
    assert told[2] == "| Salient, packed layer | 0.40 | 0.30 | 1.30 | 0.50 | 1.00 | 30 | 12 |"
    assert told[3] == "| lonboard | 3.00 | 2.00 | 14.0 | 4.00 | 8.00 | – | – |"


@pytest.mark.parametrize(
    ("address", "file"),
    [
        ("https://unpkg.com/leaflet@1.9.4/dist/leaflet.js", "leaflet/dist/leaflet.js"),
        ("https://cdn.jsdelivr.net/npm/@a/b@^1.0.1/dist/c.js", "@a/b/dist/c.js"),
        ("https://cdnjs.cloudflare.com/ajax/libs/leaflet.markercluster/1.1.0/leaflet.markercluster.js",
         "leaflet.markercluster/dist/leaflet.markercluster.js"),
        ("https://example.org/tiles/1/2/3.png", ""),
    ],
)  # fmt: skip
def test_what_a_page_asks_of_a_network_is_looked_for_among_the_packages(address: str, file: str) -> None:
    assert maps_watch._package(address) == file


def test_the_lone_mark_is_far_from_all_others_and_inside_the_window() -> None:
    places, zones = many_places(20_000), many_zones(100, 50)
    near = np.hypot(places.lon[:-1] - LONE[1], places.lat[:-1] - LONE[2])
    assert (places.title.iloc[-1], zones.title.iloc[-1]) == (LONE[0], LONE[0])
    assert near.min() > 1.5
    x, y = compare_maps._spot()
    assert 0 < x < maps_watch.SIZE["width"]
    assert 0 < y < maps_watch.SIZE["height"]


def test_our_page_is_made_by_the_same_command_as_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    many_places(50).to_pickle(tmp_path / "places")
    monkeypatch.setattr(sys, "argv", ["maps_peers", "salient", "places", str(tmp_path / "places"), str(tmp_path / "out.html")])
    runpy.run_path(str(ROOT / "scripts" / "maps_peers.py"), run_name="__main__")
    assert json.loads(capsys.readouterr().out)["build_s"] > 0
    assert "Salient.packed(" in (tmp_path / "out.html").read_text(encoding="utf-8")
