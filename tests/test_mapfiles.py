"""Map files: every format gives the same map; a file that is broken, hostile or no map is refused in one sentence."""

from __future__ import annotations

import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely
from shapely.geometry import mapping

from geo import mapfiles
from geo.__main__ import main
from geo.errors import InputError, SalientError
from geo.kml import read_kml
from geo.mapfiles import read_map

NORTH = shapely.box(36.0, 35.5, 37.0, 36.5)
SOUTH = shapely.box(36.0, 34.5, 37.0, 35.5).difference(shapely.box(36.4, 34.9, 36.6, 35.1))
FRAME = gpd.GeoDataFrame({"holder": ["North", "South"]}, geometry=[NORTH, SOUTH], crs=4326)

KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>War</name><Folder><name>Zones</name>
<Placemark><name>N</name><ExtendedData><Data name="holder"><value>North</value></Data></ExtendedData><Polygon><outerBoundaryIs><LinearRing>
<coordinates>36,35.5,9 37,35.5,9 37,36.5,9 36,36.5,9 36,35.5,9</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>
<Placemark><name>S</name><ExtendedData><SchemaData><SimpleData name="holder">South</SimpleData></SchemaData></ExtendedData>
<MultiGeometry><Polygon><outerBoundaryIs><LinearRing><coordinates>36,34.5 37,34.5 37,35.5 36,35.5 36,34.5</coordinates></LinearRing>
</outerBoundaryIs><innerBoundaryIs><LinearRing><coordinates>36.4,34.9 36.6,34.9 36.6,35.1 36.4,35.1 36.4,34.9</coordinates></LinearRing>
</innerBoundaryIs></Polygon><Point><coordinates>36.5,35</coordinates></Point></MultiGeometry></Placemark></Folder></Document></kml>"""


def geojson(frame: gpd.GeoDataFrame = FRAME, **more: Any) -> str:
    features = [
        {"type": "Feature", "properties": {key: row[key] for key in frame.columns.drop("geometry")}, "geometry": mapping(row.geometry)}
        for _, row in frame.iterrows()
    ]
    return json.dumps({"type": "FeatureCollection", **more, "features": features})


def zipped(target: Path, *files: Path, **texts: str) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in files:
            archive.write(file, file.name)
        for name, text in texts.items():
            archive.writestr(name.replace("__", "."), text)
    return target


def made(kind: str, folder: Path) -> Path:
    """The same map in a format."""
    if kind == "geojson":
        (folder / "map.geojson").write_text(geojson(), encoding="utf-8-sig")
        return folder / "map.geojson"
    if kind == "old geojson":
        crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
        (folder / "map.geojson").write_text(geojson(FRAME.to_crs(3857), crs=crs), encoding="utf-8")
        return folder / "map.geojson"
    if kind == "kml":
        (folder / "map.kml").write_text(KML, encoding="utf-8")
        return folder / "map.kml"
    if kind == "kmz":
        return zipped(folder / "map.kmz", doc__kml=KML, icon__png="no map")
    if kind == "gpkg":
        FRAME.to_crs(32637).to_file(folder / "map.gpkg", layer="areas", driver="GPKG")
        return folder / "map.gpkg"
    FRAME.to_crs(32637).to_file(folder / "map.shp")
    return folder / "map.shp" if kind == "shp" else zipped(folder / "map.zip", *sorted(folder.glob("map.*")))


@pytest.mark.parametrize("kind", ["geojson", "old geojson", "kml", "kmz", "gpkg", "shp", "zipped shp"])
def test_every_format_gives_the_same_map(kind: str, tmp_path: Path) -> None:
    read = read_map(made(kind, tmp_path))
    assert read.frame.crs.to_epsg() == 4326
    assert read.frame["holder"].tolist() == ["North", "South"]
    for shape, wanted in zip(read.frame.geometry, (NORTH, SOUTH), strict=True):
        assert not shape.has_z
        assert shape.symmetric_difference(wanted).area < 1e-3 * wanted.area


@pytest.mark.parametrize(("kind", "word"), [("old geojson", "transformed"), ("kml", "heights"), ("shp", "transformed")])
def test_what_was_done_to_a_map_is_told(kind: str, word: str, tmp_path: Path) -> None:
    assert any(word in note for note in read_map(made(kind, tmp_path)).notes)


def test_a_missing_crs_is_told_where_the_coordinates_are_degrees_and_refused_where_not(tmp_path: Path) -> None:
    FRAME.to_file(tmp_path / "a.shp")
    (tmp_path / "a.prj").unlink()
    assert any("does not say its CRS" in note for note in read_map(tmp_path / "a.shp").notes)
    FRAME.to_crs(3857).to_file(tmp_path / "b.shp")
    (tmp_path / "b.prj").unlink()
    with pytest.raises(InputError, match="does not say its CRS and its coordinates are no degrees"):
        read_map(tmp_path / "b.shp")


def test_open_rings_are_closed_and_rings_of_two_corners_left_out(tmp_path: Path) -> None:
    rings = [[[36, 35], [37, 35], [37, 36], [36, 36]], [[36.1, 35.1], [36.2, 35.2]]]
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": rings}}
    (tmp_path / "map.geojson").write_text(json.dumps(feature), encoding="utf-8")
    assert read_map(tmp_path / "map.geojson").frame.geometry.iloc[0].equals(shapely.box(36, 35, 37, 36))


def test_folders_and_names_of_placemarks_become_columns() -> None:
    marks = read_kml(KML.encode(), source="map.kml")
    assert [(said["name"], said["folder"], said["holder"]) for said, _ in marks] == [("N", "Zones", "North"), ("S", "Zones", "South")]


def test_the_layer_of_a_geopackage_must_be_told_where_several_have_areas(tmp_path: Path) -> None:
    for layer in ("april", "may"):
        FRAME.to_file(tmp_path / "map.gpkg", layer=layer, driver="GPKG")
    with pytest.raises(InputError, match="has the layers april, may; say which"):
        read_map(tmp_path / "map.gpkg")
    with pytest.raises(InputError, match="no layer 'june'"):
        read_map(tmp_path / "map.gpkg", layer="june")
    assert len(read_map(tmp_path / "map.gpkg", layer="may").frame) == 2


LAUGHS = '<!DOCTYPE kml [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
) + "]><kml><Placemark><name>&i;</name></Placemark></kml>"
FETCHES = '<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/hostname">]><kml><name>&x;</name></kml>'
VIRTUAL = '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/hostname</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'

BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "noise": (os.urandom(64).replace(b"P", b"\x01").replace(b"{", b"\x01").replace(b"<", b"\x01"), "is no map that Salient can read"),
    "a report": (b"IDLIB - Rebels hold Saraqib.", "is no map that Salient can read"),
    "cut GeoJSON": (geojson().encode()[:300], "is not GeoJSON that can be read"),
    "deep GeoJSON": (b'{"a":' * 200_000, "is not GeoJSON that can be read"),
    "wrong bytes": (b'{"type": "\xff\xfe"}', "is not GeoJSON that can be read"),
    "TopoJSON": (b'{"type": "Topology", "objects": {}}', "no FeatureCollection of GeoJSON"),
    "JSON of something else": (b'{"type": "FeatureCollection", "features": [1, 2]}', "no FeatureCollection of GeoJSON"),
    "no features": (b'{"type": "FeatureCollection", "features": []}', "holds no shapes"),
    "bad geometry": (
        b'{"type": "Feature", "properties": {"actor": "x"}, "geometry": {"type": "Polygon", "coordinates": [["a"]]}}', "feature 1",
    ),
    "metres called degrees": (geojson(FRAME.to_crs(3857)).encode(), "coordinates beyond 180 and 90"),
    "unknown CRS": (geojson(crs={"type": "name", "properties": {"name": "EPSG:999999"}}).encode(), "EPSG:999999, which is not known"),
    "no CRS at all": (geojson(crs={"type": "name", "properties": {"name": "local grid"}}).encode(), "names the CRS 'local grid'"),
    "billion laughs": (LAUGHS.encode(), "declares a document type or entities"),
    "entity that fetches": (FETCHES.encode(), "declares a document type or entities"),
    "virtual data source": (VIRTUAL.encode(), "is XML but no KML"),
    "cut KML": (KML.encode()[:400], "is not well-formed XML"),
    "deep KML": (b"<kml>" + b"<Folder>" * 5000, "nests elements more than"),
    "KML of words": (b"<kml><Placemark><Point><coordinates>here,there</coordinates></Point></Placemark></kml>", "coordinates 'here,there'"),
    "page": (b"<!doctype html><html><body>map</body></html>", "is not well-formed XML"),
    "half a shapefile": (struct.pack(">i", 9994) + bytes(96), "lacks its part .shx and .dbf"),
    "broken GeoPackage": (b"SQLite format 3\x00" + bytes(600), "cannot be read as a GeoPackage"),
    "broken archive": (b"PK\x03\x04" + bytes(60), "is no map that Salient can read"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_map_is_refused_in_one_sentence(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, words = BROKEN[name]
    file = tmp_path / "base.map"
    file.write_bytes(data)
    with pytest.raises(SalientError, match=words):
        read_map(file)
    report = tmp_path / "report.txt"
    report.write_text("Rebels hold Saraqib.", encoding="utf-8")
    assert main(["map", str(report), "--base", str(file), "-o", str(tmp_path / "map.html")]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert words in said
    assert not (tmp_path / "map.html").exists()


def archive(folder: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(folder / "base.kmz", "w", zipfile.ZIP_DEFLATED) as made_archive:
        for name, data in members.items():
            made_archive.writestr(name, data)
    return folder / "base.kmz"


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"../../doc.kml": KML.encode()}, "points out of the archive"),
        ({"/etc/doc.kml": KML.encode()}, "points out of the archive"),
        ({"doc.kml": b"<kml>" + b" " * 40_000_000 + b"</kml>"}, "unpacks to 200 times its size"),
        ({"readme.txt": b"no map"}, "is an archive without a map in it"),
        ({}, "is an archive without a map in it"),
        ({"a.kml": KML.encode(), "b.kml": KML.encode()}, "holds more than one map"),
        ({"a.kml": KML.encode(), "b.geojson": geojson().encode()}, "holds more than one map"),
        ({"doc.kml": LAUGHS.encode()}, "declares a document type or entities"),
    ],
    ids=lambda value: next(iter(value), "empty") if isinstance(value, dict) else "",
)
def test_a_hostile_archive_is_refused(members: dict[str, bytes], words: str, tmp_path: Path) -> None:
    with pytest.raises(SalientError, match=words):
        read_map(archive(tmp_path, members))
    assert [file.name for file in tmp_path.iterdir()] == ["base.kmz"]


def test_a_map_larger_than_the_limit_is_refused_packed_and_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapfiles, "LARGEST_MB", 0.0005)
    (tmp_path / "map.kml").write_text(KML, encoding="utf-8")
    with pytest.raises(InputError, match=r"is larger than 0\.0005 MB"):
        read_map(tmp_path / "map.kml")
    monkeypatch.setattr(mapfiles, "LARGEST_MB", 0.0009)
    with pytest.raises(InputError, match=r"unpacks to more than 0\.0009 MB"):
        read_map(zipped(tmp_path / "map.kmz", doc__kml=KML))


def test_links_of_a_kml_are_not_followed(tmp_path: Path) -> None:
    link = "<kml><Document><NetworkLink><Link><href>http://example.org/more.kml</href></Link></NetworkLink></Document></kml>"
    (tmp_path / "map.kml").write_text(link, encoding="utf-8")
    with pytest.raises(InputError, match="holds no shapes"):
        read_map(tmp_path / "map.kml")


def test_the_area_of_zones_is_read_with_the_same_care(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "area.geojson").write_text(VIRTUAL, encoding="utf-8")
    (tmp_path / "e.csv").write_text("lat,lon,actor\n35,36,a\n", encoding="utf-8")
    options = ["--area", str(tmp_path / "area.geojson"), "--as-of", "2020-01-01", "-o", str(tmp_path / "z.gpkg")]
    assert main(["zones", str(tmp_path / "e.csv"), *options]) == 2
    assert "is XML but no KML" in capsys.readouterr().err
