"""The offline basemap: packing loses nothing, a cut holds what its region needs, and it stays small."""

import base64
import gzip
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo import basemap
from geo.errors import DataError, InputError

LEVANT = (35.6, 33.0, 42.4, 37.2)
POINTS = st.lists(st.tuples(st.integers(-180_000, 180_000), st.integers(-90_000, 90_000)), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(0, 300), st.lists(POINTS, max_size=3)), max_size=6))
def test_unpack_undoes_pack(shapes: list[tuple[int, list[list[tuple[int, int]]]]]) -> None:
    packed = basemap.pack((kind, tuple(np.array(ring, dtype=np.int64) for ring in rings)) for kind, rings in shapes)
    assert [(kind, [[tuple(point) for point in ring.tolist()] for ring in rings]) for kind, rings in basemap.unpack(packed)] == shapes


@given(west=st.floats(-180, 179), across=st.floats(0, 360), south=st.floats(-84, 83), up=st.floats(0, 168))
def test_the_region_holds_the_bounds_or_is_as_large_as_detail_gets(west: float, across: float, south: float, up: float) -> None:
    east, north = min(west + across, 180.0), min(south + up, 84.0)
    box = basemap.region((west, south, east, north))
    assert -180 <= box[0] < box[2] <= 180
    assert -84 <= box[1] < box[3] <= 84
    if east - west < 20 and north - south < 12:
        assert box[0] <= west + 0.06
        assert box[1] <= south + 0.06
        assert box[2] >= east - 0.06
        assert box[3] >= north - 0.06


def test_bounds_that_are_no_box_are_refused() -> None:
    with pytest.raises(InputError, match="no box in degrees"):
        basemap.region((40, 33, 36, 37))


@pytest.fixture(scope="module")
def levant() -> dict[str, object]:
    return basemap.cut(LEVANT)


def shapes(cut: dict[str, object], name: str) -> tuple[basemap.Shape, ...]:
    return basemap.unpack(gzip.decompress(base64.b64decode(str(cut[name]))))


def test_a_cut_is_small_and_the_same_each_time(levant: dict[str, object]) -> None:
    written = json.dumps(levant)
    assert len(written) < 900_000
    assert written == json.dumps(basemap.cut(LEVANT))


def test_land_is_where_it_should_be(levant: dict[str, object]) -> None:
    land = shapely.union_all([shapely.make_valid(shapely.Polygon(rings[0] / basemap.SCALE)) for _, rings in shapes(levant, "land")])
    assert land.contains(shapely.Point(36.63, 35.93))  # Idlib
    assert not land.contains(shapely.Point(34.5, 35.2))  # the sea off Latakia


@pytest.mark.parametrize(
    ("bounds", "expected"),
    [
        (LEVANT, {"Syria", "Turkey", "Lebanon", "Iraq", "Jordan", "Mediterranean Sea"}),
        ((30, 45, 40, 50), {"Ukraine", "Russia", "Black Sea", "Sea of Azov"}),
        ((29, -2, 31, 0), {"DR Congo", "Rwanda", "Uganda"}),
        ((12, 10, 16, 14), {"Nigeria", "Chad", "Niger", "Cameroon"}),
    ],
)
def test_no_countrys_name_is_missing_from_its_region(bounds: tuple[float, float, float, float], expected: set[str]) -> None:
    assert expected <= {str(label[0]) for label in basemap.cut(bounds)["labels"]}


def test_a_country_cut_by_the_frame_has_a_second_place_for_its_name_inside_it(levant: dict[str, object]) -> None:
    turkey = next(label for label in levant["labels"] if label[0] == "Turkey")  # type: ignore[union-attr]
    box = levant["box"]
    assert any(box[0] <= lon <= box[2] and box[1] <= lat <= box[3] for lon, lat in turkey[4][1:])  # type: ignore[index]


def test_towns_come_most_important_first(levant: dict[str, object]) -> None:
    towns = levant["towns"]
    names = [town[0] for town in towns]  # type: ignore[union-attr]
    assert names.index("Damascus") < names.index("Homs") < names.index("Saraqib")
    assert {"Aleppo", "Idlib", "Hama", "Latakia"} <= set(names)
    assert next(town for town in towns if town[0] == "Damascus")[4] == 1  # type: ignore[union-attr]


def test_disputed_lines_are_kept_apart() -> None:
    kinds = {kind for kind, _ in shapes(basemap.cut((32, 44, 36, 47)), "lines")}  # Crimea
    assert 3 in kinds


def test_some_names_are_shown_in_one_view_only() -> None:
    def names(view: str) -> set[str]:
        return {str(label[0]) for label in basemap.cut((32, 34, 34, 36), view=view)["labels"]}

    assert "Northern Cyprus" in names("de_facto")
    assert "Northern Cyprus" not in names("de_jure")


def test_a_region_of_the_whole_world_still_fits() -> None:
    assert len(json.dumps(basemap.cut((-180, -60, 180, 80)))) < 1_800_000


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"is missing; run scripts/build_basemap\.py"):
        basemap.cut(LEVANT, file=tmp_path / "nosuch.zip")


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "basemap.zip"
    damaged.write_bytes(basemap.FILE.read_bytes()[:5000])
    with pytest.raises(DataError, match="is damaged"):
        basemap.cut(LEVANT, file=damaged)


def test_the_file_is_small_and_a_plain_zip() -> None:
    assert basemap.FILE.stat().st_size < 8_000_000
    with zipfile.ZipFile(basemap.FILE) as archive:
        assert archive.testzip() is None
