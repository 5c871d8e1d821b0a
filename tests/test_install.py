"""What is installed is found, verified and taken out again; whatever goes wrong leaves what was there before."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import shapely.ops
from hypothesis import given
from hypothesis import strategies as st

from geo import download, events, gazetteer, geoboundaries, geonames_dump, offers, road_lines, situation
from geo.__main__ import main
from geo.centrelines import centreline
from geo.documents import from_text
from geo.errors import DataError, InputError
from geo.gazetteer import open_gazetteer
from geo.index_writing import kept_names
from geo.install import install, uninstall
from geo.installed import installed, locked, verify_installed
from geo.names import fold
from geo.recipes import RoadSection
from geo.where import geometry
from tests.loopback import Offer, Server, serving

ZARQAN, WADI, AIRPORT, PLACE_OF_NOTHING = 900_001, 900_002, 900_003, 900_004
SPELLINGS = "Tel Zarqan,تل زرقان,Телль-Заркан,תל זרקאן,Zarkan Tepesi,Tell Zarqane,TZQ,tlzrqn"
# geonameid, name, other names, lat, lon, class, code, population; the 19 columns are filled up by `dump`.
ROWS: list[tuple[int, str, str, float, float, str, str, int]] = [
    (ZARQAN, "Tall Zarqan", SPELLINGS, 35.70, 36.60, "P", "PPL", 900),
    (169389, "Idlib", "Idlip Merkez", 35.9306, 36.6339, "P", "PPLA", 128840),
    (163843, "Syrian Arab Republic", "Syrie Neuve", 35.0, 38.0, "A", "PCLI", 16906283),
    (169387, "Idlib Governorate", "Vilayet Idlibi", 35.8, 36.6, "A", "ADM1", 1464000),
    (WADI, "Wadi Zarqan", "", 35.71, 36.61, "H", "WAD", 0),
    (AIRPORT, "Aleppo International Airport", "", 36.1807, 37.2244, "S", "AIRP", 0),
    (PLACE_OF_NOTHING, "Hotel Zarqan", "", 35.7, 36.6, "S", "HTL", 0),
]
ALTERNATES = [
    (1, ZARQAN, "ar", "زرقان الجديدة", "", "", "", ""),
    (2, ZARQAN, "en", "Fort Zarkan", "", "", "", "1"),
    (3, ZARQAN, "link", "https://example.org/zarqan", "", "", "", ""),
    (4, ZARQAN, "iata", "TZQ", "", "", "", ""),
    (5, 169389, "fr", "Idleb-la-Verte", "1", "", "", ""),
]


def dump(rows: list[Any] = ROWS, *, country: str = "SY", broken: str = "") -> bytes:
    """A table in the format of GeoNames."""
    end = ("", 400, "Asia/Damascus", "2024-01-01")
    lines = [
        "\t".join(map(str, (key, name, name, others, lat, lon, kind, code, country, "", "12", "", "", "", people, *end)))
        for key, name, others, lat, lon, kind, code, people in rows
    ]
    return ("\n".join(lines) + "\n" + broken).encode()


def packed(name: str, content: bytes) -> bytes:
    """An archive with one table, as GeoNames offers it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("readme.txt", "About this file")
        archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own folder for what is installed."""
    monkeypatch.setenv("SALIENT_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(gazetteer, "_open", lru_cache(maxsize=2)(gazetteer._open.__wrapped__))  # those of other tests stay open
    return tmp_path / "data"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A publisher on this machine, with the addresses of all publishers."""
    monkeypatch.delenv("http_proxy", raising=False)
    monkeypatch.setattr(download, "_wait", lambda seconds: None)
    with serving() as made:
        monkeypatch.setattr(offers, "_GEONAMES", f"{made.address}/dump/")
        monkeypatch.setattr(geoboundaries, "release_url", lambda iso3, level: f"{made.address}/api/{iso3}/{level}/")
        monkeypatch.setattr(road_lines, "OVERPASS", f"{made.address}/overpass")
        yield made


@pytest.fixture
def syria(tmp_path: Path) -> Path:
    """A copy of the file of a country."""
    file = tmp_path / "SY.zip"
    file.write_bytes(packed("SY.txt", dump(broken="a\tbroken\trow\n900009\tX\tX\t\tabc\t36\tP\tPPL\tSY\n")))
    return file


def ids(name: str, **options: Any) -> list[str]:
    return [hit.feature.id for hit in open_gazetteer().search(name, **options)]


def answers() -> list[Any]:
    """What the gazetteer says to a number of questions."""
    opened = open_gazetteer()
    names = ("Tall Zarqan", "Idlib", "Syria", "Idlip Merkez", "M5", "Aleppo International Airport", "Zarqan", "Ma'arrat an Nu'man", "حلب")
    near = opened.near(36.6, 35.7, radius_km=10)
    known = opened.known([fold(name) for name in names])
    return [[opened.search(name) for name in names], near, known, opened.shape("road:sy-m5"), opened.children("admin1:SY-ID")]


def test_a_country_comes_from_its_publisher_with_its_names(folder: Path, server: Server) -> None:
    lines = "\n".join("\t".join(map(str, row)) for row in ALTERNATES) + "\n"
    server.offers["dump/SY.zip"] = Offer(packed("SY.txt", dump()), cut_after=[400])
    server.offers["dump/alternatenames/SY.zip"] = Offer(packed("SY.txt", lines.encode()))
    done = install("geonames:SY")
    assert (done.rows, done.skipped, done.licence, done.origin) == (6, 0, "CC BY 4.0", "GeoNames")
    for name in ("Tall Zarqan", "Tell Zarqan", "تل زرقان", "Телль-Заркан", "תל זרקאן", "Zarkan Tepesi", "زرقان الجديدة", "Fort Zarkan"):
        assert f"geonames:{ZARQAN}" in ids(name), name
    assert ids("Idleb-la-Verte") == ["geonames:169389"]
    zarqan = open_gazetteer().get(f"geonames:{ZARQAN}")
    assert (zarqan.country, zarqan.admin1, zarqan.kind, zarqan.source, zarqan.population) == ("SY", "SY-ID", "populated", "GeoNames", 900)
    assert "https://example.org/zarqan" not in zarqan.names
    assert list((folder / "downloads").iterdir()) == []
    assert verify_installed() == (("geonames:SY", True, "geonames:SY is as installed."),)


def test_what_ships_is_not_there_twice(folder: Path, syria: Path) -> None:
    install("geonames:SY", source=str(syria))
    assert ids("Idlip Merkez") == ["geonames:169389"]
    assert ids("Vilayet Idlibi") == ["admin1:SY-ID"]
    assert ids("Syrie Neuve") == ["country:SY"]
    assert ids("Aleppo International Airport") == ["airport:OSAP"]
    assert len(ids("Idlib")) == len(set(ids("Idlib")))
    assert ids("Hotel Zarqan") == []
    near = [feature.id for feature, _ in open_gazetteer().near(36.63, 35.93, radius_km=3)]
    assert len(near) == len(set(near))
    assert open_gazetteer().known(["idlib"])["idlib"].count == answers_without(folder, "idlib")


def answers_without(folder: Path, name: str) -> int:
    uninstall("geonames:SY")
    return open_gazetteer().known([name])[name].count


def test_removal_restores_the_very_same_answers(folder: Path, syria: Path) -> None:
    before = answers()
    install("geonames:SY", source=str(syria))
    assert answers() != before
    uninstall("geonames:SY")
    assert answers() == before
    assert installed() == ()
    assert [file.name for file in folder.iterdir()] == [".lock"]


def test_rows_that_cannot_be_read_are_left_out_and_counted(folder: Path, syria: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "install", "geonames:SY", "--from", str(syria)]) == 0
    assert "geonames:SY: 6 places (left out, since they cannot be read: 2)" in capsys.readouterr().out
    assert main(["data", "list"]) == 0
    listed = capsys.readouterr().out
    assert "6 places; GeoNames; CC BY 4.0" in listed
    assert "line 8: 3 columns, not 19; line 9: 9 columns, not 19" in listed


def test_another_folder_is_used_when_it_is_named(folder: Path, syria: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = tmp_path / "shared"
    assert main(["data", "install", "geonames:SY", "--from", str(syria), "--into", str(other)]) == 0
    assert installed() == ()
    assert f"geonames:{ZARQAN}" not in ids("Tall Zarqan")
    monkeypatch.setenv("SALIENT_DATA", str(other))
    assert ids("Tall Zarqan") == [f"geonames:{ZARQAN}"]
    assert main(["data", "remove", "geonames:SY", "--into", str(other)]) == 0
    assert installed(other) == ()


def test_a_report_that_names_an_installed_village_means_it(folder: Path, syria: Path) -> None:
    install("geonames:SY", source=str(syria))
    text = "IDLIB, Syria – Shells fell on the village of Tall Zarqan near Idlib. Government forces captured Tell Zarqane, activists said."
    read = situation.read([from_text(text)], gazetteer=open_gazetteer())
    found = {mention.text: place.feature.id for place in read.places for mention in place.mentions}
    assert found["Tall Zarqan"] == found["Tell Zarqane"] == f"geonames:{ZARQAN}"


@pytest.mark.parametrize("where", ["file", "folder", "plain", "address", "folder address"])
def test_a_copy_serves_as_well(where: str, folder: Path, syria: Path, server: Server, tmp_path: Path) -> None:
    (tmp_path / "SY.txt").write_bytes(dump())
    server.offers |= {"mirror/SY.zip": Offer(syria.read_bytes())}
    given = {
        "file": str(syria), "folder": str(tmp_path), "plain": str(tmp_path / "SY.txt"), "address": server.url("mirror/SY.zip"),
        "folder address": server.url("mirror/"),
    }
    assert install("geonames:SY", source=given[where]).rows == 6


def test_a_copy_is_compared_with_the_hashes_beside_it(folder: Path, syria: Path, tmp_path: Path) -> None:
    sums = tmp_path / "SHA256SUMS"
    sums.write_text(f"{hashlib.sha256(syria.read_bytes()).hexdigest()} *SY.zip\n")
    assert install("geonames:SY", source=str(tmp_path)).rows == 6
    sums.write_text(f"{'0' * 64}  SY.zip\n")
    with pytest.raises(DataError, match=r"SY\.zip is damaged: its SHA-256 is not 0000"):
        install("geonames:SY", source=str(tmp_path))
    assert [one.rows for one in installed()] == [6]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"just a text\nof two lines\n", "is no file of GeoNames .line 1: 1 columns"),
        (b"", "is no file of GeoNames .it is empty"),
        (dump(country="LB"), "holds no place of SY"),
    ],
)
def test_another_file_is_refused_and_the_old_one_stays(content: bytes, message: str, folder: Path, syria: Path, tmp_path: Path) -> None:
    install("geonames:SY", source=str(syria))
    before = sorted(file.name for file in folder.iterdir())
    other = tmp_path / "other.txt"
    other.write_bytes(content)
    with pytest.raises(DataError, match=message):
        install("geonames:SY", source=str(other))
    assert sorted(file.name for file in folder.iterdir()) == before
    assert verify_installed()[0][1]


def test_what_came_damaged_is_fetched_anew(folder: Path, server: Server) -> None:
    server.offers["dump/SY.zip"] = Offer(b"no archive, and no table")
    with pytest.raises(DataError, match="no file of GeoNames"):
        install("geonames:SY")
    assert list((folder / "downloads").iterdir()) == []
    server.offers["dump/SY.zip"] = Offer(packed("SY.txt", dump()))
    assert install("geonames:SY").rows == 6


def test_a_stop_half_way_leaves_what_was_there(folder: Path, syria: Path, tmp_path: Path) -> None:
    install("geonames:SY", source=str(syria))
    before = answers()

    def stop(done: int, total: int, words: str) -> None:
        raise KeyboardInterrupt

    (tmp_path / "SY.txt").write_bytes(dump([(1, "Elsewhere", "", 35.0, 38.0, "P", "PPL", 0)]))
    with pytest.raises(KeyboardInterrupt):
        install("geonames:SY", source=str(tmp_path / "SY.txt"), progress=stop)
    assert answers() == before
    assert sorted(file.suffix for file in folder.iterdir()) == ["", ".json", ".sqlite"]
    with locked(folder):
        pass


def test_what_a_killed_run_left_is_swept_away(folder: Path, syria: Path) -> None:
    done = install("geonames:SY", source=str(syria))
    (folder / ".making-abc").mkdir()
    (folder / ".making-abc" / "index.sqlite").write_bytes(b"half")
    (folder / "geonames-SY-0123456789ab.sqlite").write_bytes(b"without a manifest")
    (folder / "mine.sqlite").write_bytes(b"not ours")
    with locked(folder):
        pass
    assert sorted(file.name for file in folder.iterdir()) == sorted([".lock", done.file, "geonames-SY.manifest.json", "mine.sqlite"])


def test_a_hill_beside_the_village_of_its_name_is_not_a_second_place(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "SY.txt").write_bytes(dump([
        (ZARQAN, "Tall Zarqan", "", 35.70, 36.60, "P", "PPL", 0), (900_005, "Tall Zarqan", "", 35.71, 36.62, "T", "HLL", 0),
        (900_006, "Tall Zarqan", "", 36.9, 38.2, "T", "HLL", 0), (900_007, "Gao", "", 36.9, 38.2, "H", "STM", 0),
    ]))
    install("geonames:SY", source=str(tmp_path / "SY.txt"))
    assert ids("Tall Zarqan") == [f"geonames:{ZARQAN}", "geonames:900006"]
    assert ids("Gao").index("geonames:900007") > ids("Gao").index("geonames:2457163")


@given(line=st.lists(st.text(max_size=8), min_size=0, max_size=21).map("\t".join) | st.text(max_size=60))
def test_no_row_stops_the_reading(line: str) -> None:
    skipped = geonames_dump.Skipped()
    whole = dump()[: dump().index(b"\n")]
    rows = list(geonames_dump._rows([line.encode("utf-8", "surrogatepass"), whole], skipped, ""))
    assert rows[-1][0] == ZARQAN
    assert len(rows) + skipped.count <= 2


def test_two_at_once_do_not_meet(folder: Path, syria: Path) -> None:
    with locked(folder), pytest.raises(InputError, match=r"Another run is installing into .* wait for it to end"):
        install("geonames:SY", source=str(syria))
    assert installed() == ()


def test_a_second_install_replaces_the_first(folder: Path, syria: Path, tmp_path: Path) -> None:
    install("geonames:SY", source=str(syria))
    (tmp_path / "SY.txt").write_bytes(dump([*ROWS, (900_010, "Tall Nawwar", "", 35.6, 36.5, "P", "PPL", 0)]))
    assert install("geonames:SY", source=str(tmp_path / "SY.txt")).rows == 7
    assert ids("Tall Nawwar") == ["geonames:900010"]
    assert len(list(folder.glob("*.sqlite"))) == 1


def test_damage_is_found_and_can_be_taken_out(folder: Path, syria: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = install("geonames:SY", source=str(syria))
    (folder / done.file).write_bytes(b"SQLite format 3\0 but not really")
    assert main(["data", "verify"]) == 2
    assert "DAMAGED geonames:SY" in capsys.readouterr().out
    with pytest.raises(DataError, match="take it out with data remove geonames:SY"):
        open_gazetteer()
    assert main(["data", "remove", "geonames:SY"]) == 0
    assert ids("Idlib")


def test_a_broken_manifest_does_not_stop_the_rest(folder: Path, syria: Path) -> None:
    install("geonames:SY", source=str(syria))
    (folder / "geonames-SY.manifest.json").write_text('{"format": 1, "file": "../x"}')
    assert f"geonames:{ZARQAN}" not in ids("Tall Zarqan")
    assert [whole for _, whole, _ in verify_installed()] == [False]
    install("geonames:SY", source=str(syria))
    assert ids("Tall Zarqan") == [f"geonames:{ZARQAN}"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["install", "geonames:Syria"], "no ISO 3166-1 alpha-2 code"),
        (["install", "geonames:ZZ"], "no ISO 3166-1 alpha-2 code"),
        (["install", "boundaries:SYR"], "write boundaries:SYR/ADM2"),
        (["install", "boundaries:SYR/ADM0"], "ADM1 to ADM5"),
        (["install", "roads:SY"], "no ISO 3166-1 alpha-3 code"),
        (["install", "naturalearth:50m_roads"], "naturalearth:10m_roads"),
        (["install", "events"], "Events are your own file"),
        (["install", "maps"], "choose among geonames:SY"),
        (["install", "geonames:SY", "--from", "nowhere.zip"], "There is no nowhere.zip"),
        (["remove", "geonames:SY"], "is not installed"),
        (["remove-place", "Idlib"], "no place of your own named"),
    ],
)
def test_bad_input_is_one_sentence(arguments: list[str], words: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", *arguments]) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1
    assert installed() == ()


def _square(lon: float, lat: float, half: float = 0.15) -> dict[str, Any]:
    return dict(shapely.geometry.mapping(shapely.box(lon - half, lat - half, lon + half, lat + half)))


def _areas(*areas: tuple[str, float, float, str], group: str = "SYR") -> bytes:
    features = [
        {
            "type": "Feature", "geometry": _square(lon, lat),
            "properties": {"shapeName": name, "shapeISO": iso, "shapeID": f"70-{number}B", "shapeGroup": group, "shapeType": "ADM2"},
        }
        for number, (name, lon, lat, iso) in enumerate(areas)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_areas_give_their_shape_to_the_unit_of_their_name_and_keep_their_licence(folder: Path, server: Server) -> None:
    unit = next(unit for unit in open_gazetteer().children("admin1:YE-AB") if unit.code == "ADM2")
    before = open_gazetteer().search(unit.name, kinds={"admin"})
    terms = {"boundaryLicense": "CC BY-IGO", "boundarySource": "OCHA", "boundaryYearRepresented": "2019"}
    areas = _areas((unit.name, unit.lon, unit.lat, ""), ("Mudiriyat Zarqan", 48.0, 15.2, ""), group="YEM")
    server.offers["api/YEM/ADM2/"] = Offer(json.dumps({"gjDownloadURL": server.url("adm2.geojson"), **terms}).encode())
    server.offers["adm2.geojson"] = Offer(areas)
    done = install("boundaries:YEM/ADM2")
    assert (done.rows, done.licence, done.origin) == (2, "CC BY-IGO", "geoBoundaries, OCHA 2019")
    assert open_gazetteer().shape(unit.id).geom_type == "Polygon"
    assert open_gazetteer().search(unit.name, kinds={"admin"}) == before
    own = open_gazetteer().search("Mudiriyat Zarqan")[0].feature
    assert (own.country, own.code) == ("YE", "ADM2")
    assert open_gazetteer().shape(own).area == pytest.approx(0.09, rel=0.05)
    uninstall("boundaries:YEM/ADM2")
    assert open_gazetteer().shape(unit.id).geom_type == "Point"


def test_borders_between_states_stay_as_they_ship(folder: Path, tmp_path: Path) -> None:
    country, unit = open_gazetteer().shape("country:SY"), open_gazetteer().shape("admin1:SY-ID")
    file = tmp_path / "geoBoundaries-SYR-ADM1-all.zip"
    file.write_bytes(packed("geoBoundaries-SYR-ADM1.geojson", _areas(("Idleb", 36.6, 35.8, "SY-ID"))))
    install("boundaries:SYR/ADM1", source=str(file))
    assert open_gazetteer().shape("admin1:SY-ID").bounds == pytest.approx((36.45, 35.65, 36.75, 35.95))
    assert unit.bounds != pytest.approx((36.45, 35.65, 36.75, 35.95))
    assert open_gazetteer().shape("country:SY").equals(country)
    assert [feature.id for feature in open_gazetteer().containing(36.63, 35.93)] == ["country:SY", "admin1:SY-ID"]


def test_gaps_and_overlaps_between_neighbours_are_closed(tmp_path: Path) -> None:
    boxes = {"West": (36, 35, 37, 36), "East": (37.005, 35, 38, 36), "North": (36, 36, 38, 37), "South": (36, 34, 38, 35.01)}
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shapely.box(*edges)), "properties": {"shapeName": name}}
        for name, edges in boxes.items()
    ]
    file = tmp_path / "a.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    shapes = [area.shape for area in geoboundaries.read_areas(file)]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).area == pytest.approx(6.0)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{}", "is no GeoJSON file of areas"),
        (b'{"features": []}', "holds no area"),
        (b"<html>", "is no GeoJSON file of areas"),
        (_areas(("X", 360.0, 35.0, "")), "off the globe"),
        (_areas(("X", 36.0, 35.0, "")).replace(b"SYR", b"LBN"), "holds LBN, not SYR"),
        (_areas(("X", 36.0, 35.0, ""))[:-1] + b', "crs": {"properties": {"name": "EPSG:3857"}}}', "is in EPSG:3857"),
    ],
)
def test_a_file_that_is_no_file_of_areas_is_refused(content: bytes, message: str, tmp_path: Path) -> None:
    file = tmp_path / "a.geojson"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        geoboundaries.read_areas(file, expected="SYR")


def _ways(*ways: tuple[str, list[tuple[float, float]]]) -> bytes:
    elements = [
        {"type": "way", "tags": {"ref": ref, "name:en": "Old Road"}, "geometry": [{"lon": x, "lat": y} for x, y in line]}
        for ref, line in ways
    ]
    return json.dumps({"version": 0.6, "elements": elements}).encode()


def test_real_lines_take_the_place_of_a_schematic_road(folder: Path, server: Server) -> None:
    schematic = open_gazetteer().shape("road:sy-m5")
    near, far = [(36.8, 35.0), (36.75, 35.4), (36.8, 35.8)], [(2.0, 48.0), (2.1, 48.1)]
    server.offers["overpass"] = Offer(_ways(("M5;E 99", near[:2]), ("M5", near[1:]), ("M5", far)))
    done = install("roads:SYR")
    assert (done.rows, done.licence) == (2, "ODbL 1.0")
    assert open_gazetteer().shape("road:sy-m5").equals(shapely.LineString(near))
    assert ids("M5", country="SY") == ["road:sy-m5"]
    assert ids("E99 highway") == ["road:sy-e99"]
    uninstall("roads:SYR")
    assert open_gazetteer().shape("road:sy-m5").equals(schematic)


def _carriageways(lon: float, south: float, north: float, *, pieces: int = 40, gap: float = 0.001) -> list[shapely.LineString]:
    """Two carriageways beside each other, cut into pieces with small gaps, and a slip road."""
    step = (north - south) / pieces
    lines = []
    for off in (0.0, 0.0006):
        for n in range(pieces):
            first, last = (lon + off + 0.01 * (n % 2), south + n * step + gap), (lon + off + 0.01 * ((n + 1) % 2), south + (n + 1) * step)
            lines.append(shapely.LineString([first, last]))
    return [*lines, shapely.LineString([(lon, south + step), (lon + 0.004, south + step + 0.004)])]


def test_two_carriageways_in_many_pieces_are_one_road() -> None:
    drawn = centreline(_carriageways(36.8, 35.0, 35.8))
    assert drawn.geom_type == "LineString"
    assert drawn.bounds == pytest.approx((36.8, 35.0, 36.81, 35.8), abs=0.01)
    assert drawn.length == pytest.approx(40 * np.hypot(0.02, 0.01), rel=0.1)


def test_a_road_with_a_real_gap_has_two_parts_and_a_ring_stays_whole() -> None:
    drawn = centreline([*_carriageways(36.8, 35.0, 35.4), *_carriageways(36.8, 35.9, 36.2)])
    assert len(shapely.get_parts(drawn)) == 2
    ring = shapely.Point(36.8, 35.5).buffer(0.3).exterior
    whole = centreline([shapely.ops.substring(ring, n / 10, (n + 1) / 10, normalized=True) for n in range(10)])
    assert whole.length == pytest.approx(ring.length, rel=0.02)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=12))
def test_every_road_has_a_line_that_keeps_to_its_pieces(ends: list[tuple[int, int, int, int]]) -> None:
    lines = [shapely.LineString([(a / 100, b / 100), (c / 100, d / 100)]) for a, b, c, d in ends if (a, b) != (c, d)]
    if lines:
        drawn = centreline(lines)
        assert not drawn.is_empty
        near = shapely.union_all(lines).buffer(0.02)
        assert shapely.covers(near, shapely.points(shapely.get_coordinates(drawn))).all()


def test_a_section_of_an_installed_road_runs_between_its_towns(folder: Path, tmp_path: Path) -> None:
    lon = open_gazetteer().get("geonames:164816").lon
    file = tmp_path / "roads.json"
    file.write_bytes(_ways(*(("M5", [(x, y) for x, y in line.coords]) for line in _carriageways(lon, 34.6, 36.2))))
    install("roads:SYR", source=str(file))
    recipe = RoadSection(road="road:sy-m5", from_="geonames:167611", to="geonames:164816")
    part = geometry(recipe, gazetteer=open_gazetteer())
    assert (part.bounds[1], part.bounds[3]) == pytest.approx((35.64, 35.86), abs=0.03)


def test_roads_come_from_a_shapefile_too(folder: Path, tmp_path: Path) -> None:
    lines = [shapely.LineString([(36.0, 35.0), (36.5, 35.5)]), shapely.LineString([(2.0, 48.0), (2.1, 48.1)])]
    frame = gpd.GeoDataFrame({"name": ["777", None], "sov_a3": ["SYR", "FR1"], "label": [None, "A71"]}, geometry=lines, crs="EPSG:4326")
    frame.to_file(tmp_path / "ne_10m_roads.shp")
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as archive:
        for file in sorted(tmp_path.glob("ne_10m_roads.*")):
            archive.write(file, file.name)
    assert install("naturalearth:10m_roads", source=str(tmp_path / "roads.zip")).rows == 2
    assert open_gazetteer().shape("road:sy-777").length == pytest.approx(0.7071, abs=1e-3)
    assert "road:fr-a71" in ids("A71", country="FR")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{}", "is no answer of Overpass"),
        (b'{"elements": [], "remark": "runtime error: Query timed out"}', "Overpass gave up"),
        (_ways(("M5", [(2.0, 48.0), (2.1, 48.1)])), "No numbered road of SYR"),
        (b"PK not json", "cannot be read as lines"),
    ],
)
def test_a_file_that_holds_no_roads_is_refused(content: bytes, message: str, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "roads.json"
    file.write_bytes(content)
    with pytest.raises(DataError, match=message):
        install("roads:SYR", source=str(file))
    assert installed() == ()


ACLED = (
    "event_id_cnty,event_date,sub_event_type,actor1,actor2,country,location,latitude,longitude,geo_precision,source,notes,fatalities\n"
    'SYR1,05 March 2020,Armed clash,"Forces, of A",B,Syria,Saraqib,35.86,36.80,1,X,"a ""b""",4\n'
    "SYR2,2020-03-06,,A,,Syria,Nowhere,95,36.80,1,X,,\n"
)
GED = (
    "id,type_of_violence,side_a,side_b,where_coordinates,where_prec,where_description,country,latitude,longitude,date_start,date_end,best\n"
    "1,1,Government,IS,Saraqib town,1,,Syria,35.86,36.80,2020-03-05 00:00:00.000,2020-03-07 00:00:00.000,\n"
)


def test_events_are_kept_and_read_as_typed_rows(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "acled.csv"
    file.write_text(ACLED, encoding="utf-8-sig")
    done = install("events", source=str(file))
    assert (done.rows, done.skipped, done.origin, done.holds) == (1, 1, "ACLED", "events")
    assert "not to be passed on" in done.licence
    found = list(events.read_events(folder / done.file))
    assert [(e.id, e.start.isoformat(), e.actor, e.target, e.deaths, e.place, e.note) for e in found] == [
        ("SYR1", "2020-03-05", "Forces, of A", "B", 4, "Saraqib", 'a "b"'),
    ]
    uninstall("events")
    assert installed() == ()


def test_the_table_of_ucdp_has_its_own_columns(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(GED, encoding="utf-8")
    (event,) = events.read_events(file)
    assert (event.publisher, event.kind, event.deaths, event.end.isoformat()) == ("UCDP GED", "state-based conflict", None, "2020-03-07")


@pytest.mark.parametrize(
    ("content", "message"), [("a,b\n1,2\n", "no table of events"), (ACLED.replace("05 March", "40 March"), "2 of its 2 rows")]
)
def test_a_table_that_is_none_of_events_is_refused(content: str, message: str, folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "acled.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        install("events", source=str(file))
    assert installed() == ()


def test_every_kept_feature_code_has_a_kind_that_is_known() -> None:
    assert set(geonames_dump.feature_kinds().values()) == {"country", "admin", "populated", "region", "base", "water", "other"}


@pytest.mark.parametrize("noise", ["TZQ", "N33", "tlzrqn", "https://example.org", "a|b", "x" * 61, "", "123", "ʿayn"])
def test_a_name_that_nobody_writes_is_not_kept(noise: str) -> None:
    assert kept_names("Idlib", ["Edlib", noise]) == ("Edlib",)


def test_a_map_credits_what_is_installed(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "roads.json"
    file.write_bytes(_ways(("M5", [(36.8, 35.0), (36.75, 35.4)])))
    install("roads:SYR", source=str(file))
    report = tmp_path / "report.txt"
    report.write_text("Shells fell on Saraqib.", encoding="utf-8")
    assert main(["map", str(report), "-o", str(tmp_path / "map.html")]) == 0
    assert "OpenStreetMap contributors (ODbL 1.0)" in (tmp_path / "map.html").read_text(encoding="utf-8")
