"""KML and KMZ: in the order of the schema, with what the map shows, nothing in them that runs and nothing fetched."""

from __future__ import annotations

import html
import io
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pyogrio
import pytest
from PIL import Image

from geo import symbology
from geo.export import export
from geo.export.pins import PIXELS, pin
from geo.kml import read_kml
from geo.layers import layers
from tests import fake_situation as fake
from tests import hostile_report as hostile

# The order of the elements inside each other, after the schema of OGC KML 2.2; those that we do not write are left out.
_FEATURE = ["name", "visibility", "open", "description", "LookAt", "TimeSpan", "styleUrl", "Style", "ExtendedData"]
ORDER = {
    "kml": ["Document"],
    "Document": [*_FEATURE, "Folder"],
    "Folder": [*_FEATURE, "Placemark"],
    "Placemark": [*_FEATURE, "Point", "LineString", "Polygon", "MultiGeometry"],
    "LookAt": ["longitude", "latitude", "altitude", "heading", "tilt", "range", "altitudeMode"],
    "TimeSpan": ["begin", "end"],
    "Style": ["IconStyle", "LabelStyle", "LineStyle", "PolyStyle", "BalloonStyle"],
    "IconStyle": ["color", "scale", "Icon", "hotSpot"],
    "Icon": ["href"],
    "LabelStyle": ["color", "scale"],
    "LineStyle": ["color", "width"],
    "PolyStyle": ["color", "fill", "outline"],
    "BalloonStyle": ["text"],
    "ExtendedData": ["Data"],
    "Data": ["value"],
    "Polygon": ["tessellate", "altitudeMode", "outerBoundaryIs", "innerBoundaryIs"],
    "outerBoundaryIs": ["LinearRing"],
    "innerBoundaryIs": ["LinearRing"],
    "LinearRing": ["coordinates"],
    "LineString": ["tessellate", "altitudeMode", "coordinates"],
    "Point": ["altitudeMode", "coordinates"],
    "MultiGeometry": ["Point", "LineString", "Polygon", "MultiGeometry"],
}
ONCE = set(_FEATURE) - {"Style"}


def name(element: Xml.Element) -> str:
    return element.tag.rpartition("}")[2]


def kml(situation: Any, folder: Path) -> Xml.Element:
    return Xml.fromstring(export(situation, folder / "map.kml").read_bytes())


def all_of(root: Xml.Element, wanted: str) -> list[Xml.Element]:
    return [element for element in root.iter() if name(element) == wanted]


def child(element: Xml.Element, wanted: str) -> str:
    return next((one.text or "" for one in element if name(one) == wanted), "")


@pytest.mark.parametrize("made", ["idlib", "control", "hostile"])
def test_elements_stand_in_the_order_of_the_schema(made: str, idlib: Any, tmp_path: Path) -> None:
    situation = {"idlib": idlib, "control": fake.control_map(), "hostile": hostile.situation()}[made]
    root = kml(situation, tmp_path)
    assert root.tag == "{http://www.opengis.net/kml/2.2}kml"
    for element in root.iter():
        inside = [name(one) for one in element]
        if not inside:
            continue
        allowed = ORDER[name(element)]
        assert [allowed.index(one) for one in inside if name(element) != "MultiGeometry"] == sorted(
            allowed.index(one) for one in inside if name(element) != "MultiGeometry"
        )
        assert all(inside.count(one) == 1 for one in inside if one in ONCE)


def test_ids_of_styles_are_unique_and_each_mark_names_one(idlib: Any, tmp_path: Path) -> None:
    root = kml(idlib, tmp_path)
    ids = [style.get("id", "") for style in all_of(root, "Style")]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", one) for one in ids)
    assert {element.text for element in all_of(root, "styleUrl")} == {f"#{one}" for one in ids}


def test_there_is_a_folder_for_each_layer_and_a_mark_for_each_feature(idlib: Any, tmp_path: Path) -> None:
    drawn = layers(idlib)
    folders = all_of(kml(idlib, tmp_path), "Folder")
    assert [child(folder, "name") for folder in folders] == [layer.title for layer in reversed(drawn)]
    assert [len(all_of(folder, "Placemark")) for folder in folders] == [len(layer.frame) for layer in reversed(drawn)]
    quiet = [str(1 - int(row.quiet)) for layer in reversed(drawn) for row in layer.frame.itertuples()]
    assert [child(mark, "visibility") for folder in folders for mark in all_of(folder, "Placemark")] == quiet


def test_colours_are_those_of_the_parties_and_what_is_not_fact_is_fainter(tmp_path: Path) -> None:
    styles = {style.get("id", ""): child(next(one for one in style if name(one) == "PolyStyle"), "color")
              for style in all_of(kml(fake.control_map(), tmp_path), "Style")}
    control = {key: colour for key, colour in styles.items() if key.startswith("control-")}
    faint = {key: colour for key, colour in styles.items() if key.startswith(("claimed-", "contested-", "overlay-"))}
    assert control
    assert faint
    for key, colour in {**control, **faint}.items():
        party = key.split("-")[1].lower()
        assert colour[2:] == party[4:6] + party[2:4] + party[:2]
    assert min(int(colour[:2], 16) for colour in control.values()) > max(int(colour[:2], 16) for colour in faint.values())


def test_a_mark_has_the_days_of_its_claims(idlib: Any, tmp_path: Path) -> None:
    claims = {claim.id: claim for claim in idlib.claims}
    spans = 0
    for mark in all_of(kml(idlib, tmp_path), "Placemark"):
        data = {str(one.get("name")): child(one, "value") for one in all_of(mark, "Data")}
        behind = [claims[one] for one in data.get("claims", "").split() if one in claims]
        starts = [claim.when.start.isoformat() for claim in behind if claim.when.start]
        found = all_of(mark, "TimeSpan")
        assert (child(found[0], "begin") if found else "") == min(starts, default="")
        spans += len(found)
    assert spans > 3


def test_balloons_quote_the_report_and_run_nothing(tmp_path: Path) -> None:
    root = kml(hostile.situation(), tmp_path)
    for element in [*all_of(root, "description"), *all_of(root, "name")]:
        words = element.text or ""
        if name(element) == "description":
            tags = set(re.findall(r"<(/?\w+)", words))
            assert tags <= {tag for one in ("p", "b", "i", "blockquote") for tag in (one, f"/{one}")}
            assert not re.search(r"<\w+\s", words)
            assert "$[" not in words
            assert "]]>" not in words
    balloons = [html.unescape(element.text or "") for element in all_of(root, "description")]
    assert any(hostile.ALL in balloon for balloon in balloons)


def test_a_name_that_xml_cannot_hold_loses_those_characters_alone(idlib: Any, tmp_path: Path) -> None:
    root = kml(replace(idlib, title="a\x0bb\x1b <c> ]]> \U0001f600"), tmp_path)
    assert child(all_of(root, "Document")[0], "name") == "ab <c> ]]> \U0001f600"


def test_what_kml_cannot_show_is_said(idlib: Any, tmp_path: Path) -> None:
    root = kml(idlib, tmp_path)
    assert "KML has no patterns" in child(all_of(root, "Document")[0], "description")
    proposed = next(folder for folder in all_of(root, "Folder") if child(folder, "name") == symbology.layer_style("proposed")["title"])
    areas = [mark for mark in all_of(proposed, "Placemark") if all_of(mark, "Polygon")]
    assert areas
    assert all("KML has no patterns" in child(mark, "description") for mark in areas)


@pytest.mark.parametrize("suffix", [".kml", ".kmz"])
def test_nothing_is_fetched(suffix: str, idlib: Any, tmp_path: Path) -> None:
    path = export(idlib, tmp_path / f"map{suffix}")
    data = path.read_bytes() if suffix == ".kml" else zipfile.ZipFile(path).read("doc.kml")
    root = Xml.fromstring(data)
    hrefs = {element.text or "" for element in all_of(root, "href")}
    inside = set() if suffix == ".kml" else set(zipfile.ZipFile(path).namelist()) - {"doc.kml"}
    assert hrefs == inside
    assert not any("://" in (element.get(key) or "") for element in root.iter() for key in element.keys())  # noqa: SIM118


def test_the_signs_in_a_kmz_are_small_pictures_that_differ(idlib: Any, tmp_path: Path) -> None:
    with zipfile.ZipFile(export(idlib, tmp_path / "map.kmz")) as archive:
        assert archive.namelist()[0] == "doc.kml"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        pictures = {one: archive.read(one) for one in archive.namelist()[1:]}
    assert pictures
    assert len(set(pictures.values())) == len(pictures)
    for data in pictures.values():
        assert len(data) < 10_000
        assert Image.open(io.BytesIO(data)).size == (PIXELS, PIXELS)


def test_a_sign_has_its_colour_and_a_hollow_one_is_hollow() -> None:
    full, hollow = (Image.open(io.BytesIO(pin("event", "#d55e00", hollow=one))).convert("RGBA") for one in (False, True))
    middle = (PIXELS // 2, PIXELS // 2)
    assert full.getpixel(middle)[:3] == (0xD5, 0x5E, 0x00)
    assert min(hollow.getpixel(middle)[:3]) > 240
    assert full.getpixel((0, 0))[3] == 0


def test_ogr_reads_every_layer_with_valid_shapes(idlib: Any, tmp_path: Path) -> None:
    path = export(idlib, tmp_path / "map.kmz")
    drawn = {layer.title: layer.frame for layer in layers(idlib)}
    assert {title for title, _ in pyogrio.list_layers(path)} == set(drawn)
    for title, frame in drawn.items():
        read = pyogrio.read_dataframe(path, layer=title)
        assert list(read["Name"]) == [row.title or row.label or title for row in frame.itertuples()]
        assert read.geometry.is_valid.all()
        assert read.total_bounds == pytest.approx(frame.total_bounds, abs=0.05)


def test_our_own_reader_reads_it_with_its_words(idlib: Any, tmp_path: Path) -> None:
    marks = read_kml(export(idlib, tmp_path / "map.kml").read_bytes(), source="map.kml")
    quotes = {said.get("quote", "") for said, _ in marks}
    assert {claim.evidence[0].quote for claim in idlib.claims if claim.where and claim.predicate == "contests"} <= quotes
    assert all(shape is not None for _, shape in marks)
