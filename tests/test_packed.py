"""The packed layer: nothing is lost, nothing is readable as markup, the same input gives the same bytes, and it stays small."""

from __future__ import annotations

import base64
import gzip
import json
import re
import time
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from folium.plugins import FastMarkerCluster
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import packed
from geo.errors import GeometryError, InputError
from geo.packed import PackedLayer, packed_places, packed_zones
from scripts.map_samples import many_places, many_zones
from tests.hostile import HOSTILE
from tests.packed_pages import bare_map, closed_page

DEGREES = st.tuples(st.floats(-180, 180), st.floats(-85, 85))


def unboxed(text: str) -> tuple[dict[str, Any], dict[str, bytes]]:
    octets = gzip.decompress(base64.b64decode(text))
    at = 4 + int.from_bytes(octets[:4], "little")
    told, parts = json.loads(octets[4:at]), {}
    for name, length in told["parts"]:
        parts[name] = octets[at : at + length]
        at += length
    return told, parts


def numbers(plane: bytes, count: int) -> list[int]:
    return [sum(plane[p * count + i] << (8 * p) for p in range(len(plane) // count)) for i in range(count)]


def read_back(made: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of packed places, by another way than the one that packed them."""
    (head, parts), (said, texts) = unboxed(made["head"]), unboxed(made["words"])
    count, code = head["count"], 0
    rows: list[dict[str, Any]] = []
    for step in numbers(parts["steps"], count):
        code += step
        bits = f"{code:050b}"[::-1]
        x, y = (int(bits[side::2][::-1], 2) for side in (0, 1))
        sinh = np.sinh(np.pi * (1 - 2 * (y + 0.5) / 2**25))
        rows.append({"lon": (x + 0.5) / 2**25 * 360 - 180, "lat": float(np.degrees(np.arctan(sinh)))})
    for name, words in head["columns"]:
        for row, number in zip(rows, numbers(parts[f"c:{name}"], count), strict=True):
            row[name] = words[number]
    for name in said["columns"]:
        at = 0
        for row, length in zip(rows, numbers(texts[f"l:{name}"], count), strict=True):
            row[name] = texts[f"t:{name}"][at : at + length].decode("utf-8")
            at += length
    return rows


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(DEGREES, st.text(), st.text(max_size=3)), min_size=1, max_size=30))
def test_every_place_comes_back_to_within_a_metre_with_its_words(given_rows: list[tuple[tuple[float, float], str, str]]) -> None:
    places = {
        "lon": [at[0] for at, _, _ in given_rows], "lat": [at[1] for at, _, _ in given_rows],
        "title": [title for _, title, _ in given_rows], "source": [source for _, _, source in given_rows],
        "number": list(range(len(given_rows))),
    }
    rows = {int(row["number"]): row for row in read_back(packed_places(places))}
    assert len(rows) == len(given_rows)
    for number, (at, title, source) in enumerate(given_rows):
        assert (rows[number]["title"], rows[number]["source"]) == (title, source)
        assert rows[number]["lon"] == pytest.approx(at[0], abs=6e-6)
        assert rows[number]["lat"] == pytest.approx(at[1], abs=6e-6)


def test_near_on_the_map_is_near_in_the_list() -> None:
    rows = read_back(packed_places(many_places(2000)))
    x, y = (np.array([row[side] for row in rows]) for side in ("lon", "lat"))
    far = np.hypot(x - np.roll(x, 1000), y - np.roll(y, 1000))
    assert np.median(np.hypot(np.diff(x), np.diff(y))) < np.median(far) / 10


def test_there_may_be_more_than_255_sources_and_more_than_65535() -> None:
    count = 70_000
    made = packed_places({"lon": np.zeros(count), "lat": np.zeros(count), "source": [f"s{n}" for n in range(count)]})
    told, parts = unboxed(made["head"])
    words = dict(told["columns"])["source"]
    assert [words[number] for number in np.frombuffer(parts["c:source"], np.uint8).reshape(3, count).T @ (1, 256, 65536)] == [
        f"s{n}" for n in range(count)
    ]


def test_no_places_are_no_error() -> None:
    assert unboxed(packed_places({"lon": [], "lat": [], "title": []})["head"])[0]["count"] == 0


def test_outlines_come_back_with_their_holes_and_parts() -> None:
    ring = shapely.box(36, 35, 37, 36) - shapely.box(36.4, 35.4, 36.6, 35.6)
    shapes = [shapely.MultiPolygon([ring, shapely.box(40, 35, 41, 36)]), shapely.box(30, 30, 31, 31)]
    told, parts = unboxed(packed_zones(gpd.GeoDataFrame({"title": ["a", "b"]}, geometry=shapes, crs="EPSG:4326"))["head"])
    assert numbers(parts["rings"], told["count"]) == [3, 1]
    lengths = numbers(parts["points"], 4)
    assert lengths == [4, 4, 4, 4]
    size = 2 ** (25 - told["shift"])
    turned = [value >> 1 ^ -(value & 1) for value in numbers(parts["x"], sum(lengths))]
    x = (np.cumsum(turned) + 0.5) / size * 360 - 180
    assert sorted({round(float(value), 3) for value in x}) == [30.0, 31.0, 36.0, 36.4, 36.6, 37.0, 40.0, 41.0]


def test_a_zone_smaller_than_a_cell_keeps_an_outline() -> None:
    dot = shapely.box(36, 35, 36.000001, 35.000001)
    _, parts = unboxed(packed_zones(gpd.GeoDataFrame({"title": ["a"]}, geometry=[dot], crs="EPSG:4326"))["head"])
    assert numbers(parts["points"], 1)[0] >= 1


def test_the_same_places_give_the_same_page() -> None:
    first, second = (PackedLayer(places=many_places(500), zones=many_zones(4, 50)) for _ in range(2))
    assert first.payload == second.payload
    assert first.get_name() == second.get_name() != PackedLayer(places=many_places(501)).get_name()


def test_a_frame_of_points_and_columns_of_lon_and_lat_are_the_same() -> None:
    table = many_places(300)
    frame = gpd.GeoDataFrame(table.drop(columns=["lon", "lat"]), geometry=gpd.points_from_xy(table.lon, table.lat), crs="EPSG:4326")
    assert packed_places(table) == packed_places(frame) == packed_places(table.to_dict("list"))


@pytest.mark.parametrize("words", HOSTILE)
def test_no_word_of_a_report_stands_on_the_page_in_the_open(words: str) -> None:
    places = {"lon": [36.0], "lat": [35.0], **{name: [words] for name in ("title", "kind", "source", "status", "key", "id", "note", words)}}
    zones = gpd.GeoDataFrame({"title": [words], "source": [words], words: [words]}, geometry=[shapely.box(36, 35, 37, 36)], crs="EPSG:4326")
    rendered = PackedLayer(places=places, zones=zones).add_to(bare_map()).get_root().render()
    harmless = PackedLayer(places={"lon": [36.0], "lat": [35.0]}).add_to(bare_map()).get_root().render()
    data = rendered[rendered.index("Salient.packed(map_") :]
    assert re.match(r'Salient\.packed\(map_\w+, \{[\w",:{}+/= ]*\}\)\.addTo\(map_\w+\);', data)
    assert rendered.count("<script") == harmless.count("<script")
    assert read_back(packed_places(places))[0][words] == words


@pytest.mark.parametrize(
    ("places", "told"),
    [
        (["a"], "given as list"),
        ({"title": ["a"]}, "no positions among title"),
        ({"lon": [181.0], "lat": [0.0]}, "Row 0 is at lon 181"),
        ({"lon": [0.0], "lat": [float("nan")]}, "degrees on the globe"),
        ({"lon": [0.0, 1.0], "lat": [0.0]}, "'lat' has 1 rows and lon has 2"),
        ({"lon": [0.0], "lat": [0.0], "colour": ["red;background:url(x)"]}, "is no colour"),
        (gpd.GeoDataFrame({"title": ["a"]}, geometry=[shapely.Point(0, 0)], crs="EPSG:3857"), "to_crs"),
        (gpd.GeoDataFrame({"title": ["a"]}, geometry=[shapely.box(0, 0, 1, 1)], crs="EPSG:4326"), "is a Polygon"),
    ],
)
def test_places_that_cannot_be_packed_are_refused_in_words(places: Any, told: str) -> None:
    with pytest.raises((InputError, GeometryError), match=told):
        PackedLayer(places=places)


@pytest.mark.parametrize(
    ("columns", "shape", "told"),
    [
        ({"title": ["a"]}, shapely.Point(0, 0), "is a Point"),
        ({"title": ["a"]}, None, "is nothing"),
        ({"pattern": ["tartan"]}, shapely.box(0, 0, 1, 1), "no pattern 'tartan'; choose"),
        ({"layer": ["lunch"]}, shapely.box(0, 0, 1, 1), "no layer 'lunch'"),
        ({"colour": ["blue"]}, shapely.box(0, 0, 1, 1), "'blue' is no colour"),
    ],
)
def test_zones_that_cannot_be_packed_are_refused_in_words(columns: dict[str, Any], shape: Any, told: str) -> None:
    with pytest.raises((InputError, GeometryError), match=told):
        PackedLayer(zones=gpd.GeoDataFrame(columns, geometry=[shape], crs="EPSG:4326"))


def test_a_layer_of_nothing_and_a_name_with_braces_are_refused() -> None:
    with pytest.raises(InputError, match="needs places, zones or both"):
        PackedLayer()
    with pytest.raises(InputError, match="give a name without them"):
        PackedLayer(places={"lon": [0.0], "lat": [0.0]}, name="{{7*7}}")


def test_a_folium_user_gets_it_in_the_layer_control_and_only_one_copy_of_the_script() -> None:
    made = bare_map()
    for name in ("one", "two"):
        PackedLayer(places={"lon": [0.0], "lat": [0.0], "title": [name]}, name=name, show=name == "one").add_to(made)
    folium.LayerControl().add_to(made)
    rendered = made.get_root().render()
    assert rendered.count("S.inflatePacked = function") == 1
    assert re.search(r'"one" *: *packed_layer_\w+', rendered)
    assert len(re.findall(r"Salient\.packed\(map_\w+, .*\)\.addTo\(", rendered)) == 1


def test_twenty_thousand_places_are_small_and_quick_and_far_below_foliums_cluster() -> None:
    table = many_places(20_000)
    start = time.perf_counter()
    text = closed_page(PackedLayer(places=table).add_to(bare_map()))
    ours = time.perf_counter() - start
    assert len(text) < 600_000
    assert ours < 2
    rows = [[row.lat, row.lon, row.title, row.kind, row.colour, row.source] for row in table.itertuples()]
    start = time.perf_counter()
    theirs = FastMarkerCluster(rows).add_to(folium.Map()).get_root().render()
    assert len(theirs) > 3 * len(text)
    assert time.perf_counter() - start > 1.2 * ours


def test_a_hundred_zones_of_a_thousand_points_are_small_and_quick() -> None:
    zones = many_zones(100, 1000)
    start = time.perf_counter()
    made = PackedLayer(zones=zones)
    assert time.perf_counter() - start < 1
    assert len(json.dumps(made.payload)) < 350_000


def test_missing_words_are_empty() -> None:
    row = read_back(packed_places(pd.DataFrame({"lon": [1.0], "lat": [2.0], "title": [None], "kind": [np.nan]})))[0]
    assert (row["title"], row["kind"]) == ("", "")


def test_every_script_named_is_there() -> None:
    assert all((packed._ASSETS / name).is_file() for name in packed.SCRIPTS)
