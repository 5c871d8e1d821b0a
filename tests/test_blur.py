"""Doing no harm: what a blurred situation may not hold, in any file that is written of it."""

from __future__ import annotations

import base64
import datetime as dt
import doctest
import gzip
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from geo import __main__ as command_line
from geo import blur, coarse, points, redaction, situation, where
from geo.blur import blurred
from geo.coarse import Blur, Lift, blur_of
from geo.earlier import EarlierMap
from geo.errors import InputError
from geo.export import EXPORTERS, export
from geo.projections import distance_km
from geo.recipes import Box, Buffer, Named, Point
from geo.records import Document, document_id
from geo.redaction import Cut, Moved, Names, disjoint, redacted

TEXT = (
    "Syrian government forces control Taftanaz, the army said on Thursday. Rebels hold Sarmin and shelled Nayrab from Idlib. "
    "A field hospital at 35.9081 N, 36.7512 E was hit; Sarmin, SARMIN and Aleppo heard it. The army advanced from Taftanaz towards "
    "Sarmin along the M5. Residents of Bzoqurayyah fled to the province of Idlib. Turkish troops stand 7 km east of Aleppo and patrol "
    "the M4."
)
FINE = ("Taftanaz", "Taftanāz", "Sarmin", "SARMIN", "Sarmīn", "Nayrab", "geonames:163799", "geonames:164782", "sy-al-nayrab", "35.9081")
HOW = ("5km", "25km", "district")


@pytest.fixture(scope="module")
def exact(gazetteer: Any) -> Any:
    document = Document(
        id=document_id(TEXT), text=TEXT, reading=TEXT, title="The fight for Sarmin", source="Desk", published=dt.date(2020, 3, 5),
        path="sarmin-report.txt",
    )
    return situation.read([document], gazetteer=gazetteer)


@pytest.fixture(scope="module")
def made(exact: Any) -> dict[str, Any]:
    return {how: blurred(exact, blur_of(how)) for how in HOW}


@pytest.mark.parametrize("module", [blur, coarse, redaction])
def test_the_examples_are_true(module: Any) -> None:
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize("words", ["", "0km", "0.5km", "101km", "5", "5 miles", "-5km", "village", "5kmkm", "nan km"])
def test_a_blur_that_says_nothing_is_refused_with_what_is_allowed(words: str) -> None:
    with pytest.raises(InputError, match=r"give district, or a distance from 1km to 100km such as 5km"):
        blur_of(words)


def test_the_exact_situation_holds_what_the_blurred_must_not(exact: Any) -> None:
    assert {"geonames:163799", "geonames:164782", "geonames:169389"} <= {place.feature.id for place in exact.places}
    assert any(points.is_point(place.feature.id) for place in exact.places)
    assert any(claim.course for claim in exact.claims)


@given(lon=st.floats(-180, 180), lat=st.floats(-89, 89), km=st.sampled_from([1.0, 2.0, 5.0, 10.0, 40.0]))
def test_the_middle_of_a_cell_is_near_and_its_own(gazetteer: Any, lon: float, lat: float, km: float) -> None:
    lift = Lift(Blur(km), gazetteer, {})
    middle = points.point(lift.cell(lon, lat))
    away = distance_km(shapely.Point(lon, lat), shapely.Point(middle.lon, middle.lat))
    assert away <= max(1.1 * points.extent_km(middle.id), 0.8 * km) + 0.02
    assert len({lift.cell(lon, lat), lift.cell(lon, lat)}) == 1
    assert lift.cell(middle.lon, middle.lat) == middle.id
    assert max(len(f"{value:g}".partition(".")[2]) for value in (round(middle.lon, 6), round(middle.lat, 6))) <= (2 if km >= 2 else 3)


def test_places_nearer_than_a_cell_often_meet_and_chance_has_no_part(gazetteer: Any) -> None:
    lift = Lift(Blur(5.0), gazetteer, {})
    cells = {lift.cell(36.60 + step * 0.001, 35.92) for step in range(100)}
    assert 2 <= len(cells) <= 4


def test_a_recipe_of_less_than_a_cell_becomes_its_cell(gazetteer: Any) -> None:
    lift = Lift(Blur(10.0), gazetteer, {})
    for small in (Point(36.6512, 35.9312), Named("geonames:164782"), Box(36.651, 35.931, 36.653, 35.933), Buffer(Point(36.6, 35.9), 1.0)):
        lifted = lift.recipe(small)
        assert all(isinstance(node, Named | Buffer) for node in where.walk(lifted))
        assert not {"36.6512", "36.651", "geonames:164782"} & set(re.findall(r"[\w.:]+", where.text(lifted)))
    large = Named("admin1:SY-ID")
    assert lift.recipe(large) == large
    assert lift.recipe(Named("road:sy-m5")) == Named("road:sy-m5")


def test_a_city_as_wide_as_the_blur_keeps_its_name(gazetteer: Any) -> None:
    aleppo, sarmin = gazetteer.get("geonames:170063"), gazetteer.get("geonames:164782")
    for how, kept in (("5km", True), ("20km", True), ("90km", False)):
        assert Lift(blur_of(how), gazetteer, {}).keeps_name(aleppo) is kept
        assert not Lift(blur_of(how), gazetteer, {}).keeps_name(sarmin)
        assert Lift(blur_of(how), gazetteer, {}).feature_id(aleppo.id) != aleppo.id


LETTERS = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=40)


@given(LETTERS, st.lists(st.tuples(st.integers(0, 39), st.integers(1, 9), LETTERS), max_size=6))
def test_every_character_that_stays_is_found_where_it_went(text: str, drawn: list[tuple[int, int, str]]) -> None:
    cuts = disjoint(Cut(start, min(start + length, len(text)), word) for start, length, word in drawn if start < len(text))
    document = Document(id=document_id(text), text=text, reading=text)
    after, moved = redacted(document, cuts, title="")
    gone = {place for cut in cuts for place in range(cut.start, cut.end)}
    for place, letter in enumerate(text):
        if place not in gone:
            start, end = moved.span(place, place + 1)
            assert after.text[start:end] == letter
    for cut in cuts:
        start, end = moved.span(cut.start, cut.end)
        assert after.text[start:end] == cut.words
    assert after.id == document_id(after.text)
    assert moved.span(0, len(text)) == (0, len(after.text))


def test_a_part_of_a_name_is_moved_to_the_whole_of_what_replaced_it() -> None:
    assert Moved((Cut(3, 10, "[a place]"),)).span(5, 8) == (3, 12)


def test_names_are_replaced_as_whole_words_and_the_longest_first() -> None:
    names = Names({"Nova Kakhovka": "place B", "Nova": "place C", "Al": "place D"})
    told = names.out_of("Nova Kakhovka, Novaya, Nova and Al at 35.9081 N, 36.7512 E.")
    assert told == "[place B], Novaya, [place C] and Al at [coordinates]."


@pytest.mark.parametrize("how", HOW)
def test_nothing_finer_is_left_in_any_record(made: dict[str, Any], how: str) -> None:
    after, lift = made[how], Lift(blur_of(how), made[how].gazetteer, {})
    told = repr((after.documents, after.mentions, after.places, after.phrases, after.claims, after.unresolved, after.title, after.notes))
    assert not [name for name in (*FINE, "sarmin-report") if name in told]
    recipes = [phrase.where for phrase in after.phrases] + [claim.where for claim in after.claims if claim.where]
    recipes += [end for c in after.claims if c.course for end in (c.course.origin, c.course.goal, c.course.along) if end]
    assert all(lift.recipe(recipe) == recipe for recipe in recipes)
    assert all(lift.feature_id(place.feature.id) == place.feature.id and not place.rivals for place in after.places)


@pytest.mark.parametrize("how", HOW)
def test_quotes_are_still_those_of_the_text(made: dict[str, Any], how: str) -> None:
    after = made[how]
    (document,) = after.documents
    assert len(document.text) == len(document.reading)
    for mention in after.mentions:
        assert document.text[mention.start : mention.end] == mention.text
    for span in (span for claim in after.claims for span in claim.evidence):
        assert document.text[span.start : span.end] == span.quote
    for phrase in after.phrases:
        assert document.text[phrase.start : phrase.end] == phrase.text
    assert {mention for place in after.places for mention in place.mentions} <= set(after.mentions)


@pytest.mark.parametrize("how", HOW)
def test_blurring_again_changes_nothing(made: dict[str, Any], how: str) -> None:
    once = made[how]
    twice = blurred(once, blur_of(how))
    for name in ("documents", "mentions", "places", "phrases", "claims", "unresolved", "notes", "title"):
        assert getattr(once, name) == getattr(twice, name), name
    assert once.zones.to_wkb().equals(twice.zones.to_wkb())


@pytest.mark.parametrize("how", HOW)
def test_zones_are_drawn_from_what_is_left(made: dict[str, Any], how: str) -> None:
    after = made[how]
    known = {claim.id for claim in after.claims}
    assert len(after.zones)
    assert all(set(claims) <= known for claims in after.zones["claims"])
    for row in after.zones.itertuples():
        shapes = [after.geometry(claim) for claim in after.claims if claim.id in row.claims]
        assert any(row.geometry.distance(shape) < 1e-6 for shape in shapes if shape is not None)


def test_who_holds_a_village_is_not_painted_as_holding_its_district(made: dict[str, Any], gazetteer: Any) -> None:
    province = gazetteer.shape("admin1:SY-ID")
    assert all(zone.area < 0.3 * province.area for zone in made["district"].zones.geometry)


def test_two_reports_of_one_village_still_meet(exact: Any) -> None:
    lift = Lift(Blur(5.0), exact.gazetteer, {})
    assert len({lift.feature_id("geonames:164782") for _ in range(3)}) == 1
    same = [place for place in blurred(exact, Blur(5.0)).places if len(place.mentions) > 3]
    assert same


def test_a_map_on_an_earlier_map_is_refused(exact: Any) -> None:
    from dataclasses import replace

    with pytest.raises(InputError, match=r"cannot be blurred.*leave out --base"):
        blurred(replace(exact, base=object.__new__(EarlierMap)), Blur(5.0))


def contents(path: Path) -> str:
    """Everything that a file says, packed parts unpacked."""
    suffix = path.suffix
    if suffix in (".pptx", ".kmz"):
        with zipfile.ZipFile(path) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    if suffix == ".pdf":
        reader = PdfReader(path)
        return f"{reader.pages[0].extract_text()} {reader.metadata}"
    if suffix == ".png":
        with Image.open(path) as picture:
            return str(picture.info)
    if suffix == ".gpkg":
        connection = sqlite3.connect(path)
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table' and name not like 'rtree%'")]
        told = "\n".join(str(row) for table in tables for row in connection.execute(f'select * from "{table}"'))
        connection.close()
        return told
    if suffix == ".parquet":
        import geopandas as gpd

        frame = gpd.read_parquet(path)
        return f"{frame.to_csv()} {path.read_bytes().decode('latin-1')}"
    text = path.read_text(encoding="utf-8")
    packed = (base64.b64decode(found) for found in re.findall(r'"([A-Za-z0-9+/]{80,}={0,2})"', text))
    return "\n".join((text, *(gzip.decompress(data).decode("utf-8", "replace") for data in packed if data[:2] == b"\x1f\x8b")))


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_no_file_gives_away_a_place_and_every_file_says_so(exact: Any, made: dict[str, Any], suffix: str, tmp_path: Path) -> None:
    exactly = [(place.feature.lon, place.feature.lat) for place in exact.places if place.feature.name in ("Taftanāz", "Sarmīn")]
    assert len(exactly) == 2
    told = contents(export(made["5km"], tmp_path / f"map{suffix}"))
    assert not [name for name in FINE if name in told]
    for lon, lat in exactly:
        assert not (f"{lon:.3f}" in told and f"{lat:.3f}" in told and re.search(rf"{lon:.3f}\d*\W{{1,4}}{lat:.3f}", told))
    assert re.search(r"[Pp]laces (are )?rounded to 5 km", told.replace("&#32;", " ").replace("\n", " "))


def test_the_command_line_blurs_what_it_writes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "sarmin-report.md"
    report.write_text(TEXT, encoding="utf-8")
    assert command_line.main(["map", str(report), "--blur", "5km", "-o", str(tmp_path / "map.jsonld")]) == 0
    told = (tmp_path / "map.jsonld").read_text(encoding="utf-8")
    assert "[place A]" in told
    assert not [name for name in FINE if name in told]
    assert command_line.main(["map", str(report), "--blur", "village", "-o", str(tmp_path / "no.html")]) == 2
    assert "give district, or a distance" in capsys.readouterr().err
    assert not (tmp_path / "no.html").exists()
