"""What holds over all forms of output: nothing runs, words stand as written, the same bytes, whole or not at all, sources named."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import io
import os
import re
import resource
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from PIL import Image
from pypdf import PdfReader

from geo import decision_files, symbology
from geo.choices import Choices
from geo.documents import from_text
from geo.errors import InputError
from geo.export import EXPORTERS, export
from geo.plate.compose import compose
from tests import hostile, hostile_fields
from tests.hostile import PRODUCT, visible
from tests.hostile_fields import STRINGS, TITLE
from tests.reading_back import GUARDED, every_text

ROOT = Path(__file__).parents[1]
PLATES = (".png", ".svg", ".pdf", ".pptx")
PRESETS = tuple(symbology.style()["presets"])
SOME = tuple(words for words in STRINGS if len(words) < 200)[::14]  # for what is tried many times
# Formats that hold a string letter for letter, once it was loaded; XML has no way to write some control characters.
LETTER_FOR_LETTER = (".gpkg", ".geojson", ".parquet", ".json", ".csv", ".acled.csv", ".ucdp.csv", ".jsonld")


@pytest.fixture(scope="module", autouse=True)
def composed_once() -> Iterator[None]:
    """PNG, SVG and PDF of one choice show one plate; it is laid out once for the three."""
    kept = functools.lru_cache(maxsize=1)(compose)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.export.picture.compose", kept)
        yield


@pytest.fixture(scope="module")
def spread() -> Any:
    """Every hostile string in every kind of field."""
    return hostile_fields.situation()


@pytest.fixture(scope="module")
def written(spread: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """That situation in every format."""
    folder = tmp_path_factory.mktemp("written")
    return {suffix: export(spread, folder / f"map{suffix}") for suffix in EXPORTERS}


def test_there_are_more_than_two_hundred_hostile_strings_of_every_family() -> None:
    assert len(hostile.EVERY) > 200
    assert all(len(set(family)) == len(family) for family in hostile.FAMILIES.values())


@pytest.mark.parametrize("suffix", LETTER_FOR_LETTER)
def test_data_hold_every_hostile_string_letter_for_letter(suffix: str, written: dict[str, Path]) -> None:
    told = "\n\x1e\n".join(every_text(written[suffix]))
    assert not [words for words in STRINGS if words not in told]


@pytest.mark.parametrize("suffix", [".kml", ".kmz", ".svg", ".pptx"])
def test_xml_holds_every_letter_of_a_hostile_string_that_can_be_seen(suffix: str, written: dict[str, Path]) -> None:
    told = seen("\n\x1e\n".join(every_text(written[suffix])))
    assert not [words for words in STRINGS if seen(words) not in told]


def seen(words: str) -> str:
    return visible(words).replace("\ufffd", "")  # which slides show for what XML cannot hold


@pytest.mark.parametrize("suffix", [suffix for suffix in EXPORTERS if not suffix.endswith("csv")])
def test_a_hostile_title_stands_as_it_was_given(suffix: str, written: dict[str, Path]) -> None:
    told = every_text(written[suffix])
    if suffix == ".html":  # in its own words in the browser (tests/browser/test_every_output_browser.py); here escaped
        assert TITLE not in told[0]
        assert "&lt;script&gt;window.hacked=1&lt;/script&gt; &#36;x^2&#36;" in told[0]
    else:
        assert any(TITLE in words for words in told)


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_no_template_is_worked_out(suffix: str, written: dict[str, Path]) -> None:
    assert PRODUCT not in " ".join(every_text(written[suffix]))


@pytest.mark.parametrize("suffix", [".csv", ".acled.csv", ".ucdp.csv"])
def test_no_cell_runs_and_no_number_is_made_a_text(suffix: str, written: dict[str, Path]) -> None:
    import csv

    with written[suffix].open(encoding="utf-8", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    number = re.compile(r"-?\d+(\.\d+)?")
    assert not [cell for cell in cells if cell.startswith(GUARDED) and not number.fullmatch(cell)]
    assert not [cell for cell in cells if cell.startswith("'") and number.fullmatch(cell[1:])]


@pytest.mark.parametrize("suffix", [".acled.csv", ".ucdp.csv"])
def test_the_west_and_the_south_are_numbers(suffix: str, tmp_path: Path) -> None:
    situation = hostile_fields.situation(SOME)
    there = {name: replace(one, lon=-3.891, lat=-14.9) for name, one in situation.gazetteer.features.items()}
    places = tuple(replace(place, feature=there[place.feature.id]) for place in situation.places)
    moved = replace(situation, gazetteer=hostile_fields.Grid(tuple(there.values())), places=places)
    told = every_text(export(moved, tmp_path / f"map{suffix}"))
    assert {"-3.89100", "-14.90000"} <= set(export_cells(tmp_path / f"map{suffix}")) & set(told)


def export_cells(path: Path) -> list[str]:
    return [cell.strip('"') for line in path.read_text(encoding="utf-8").splitlines() for cell in line.split(",")]


@pytest.mark.parametrize("suffix", [".kml", ".svg"])
def test_xml_has_no_element_no_handler_and_no_address_of_a_report(suffix: str, written: dict[str, Path]) -> None:
    elements = {"script", "foreignObject", "iframe", "animate", "set", "img", "NetworkLink", "IconStyle/Icon"}
    for element in Xml.fromstring(written[suffix].read_bytes()).iter():
        assert element.tag.rpartition("}")[2] not in elements
        for name, value in element.attrib.items():
            assert not name.rpartition("}")[2].lower().startswith("on")
            if name.rpartition("}")[2] == "href":
                assert value.startswith(("#", "data:image/png;base64,"))


def test_every_part_of_a_deck_is_xml_and_leads_nowhere(written: dict[str, Path]) -> None:
    with zipfile.ZipFile(written[".pptx"]) as deck:
        parts = {name: deck.read(name) for name in deck.namelist()}
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            root = Xml.fromstring(data)
            assert not [one for one in root.iter() if one.get("TargetMode") == "External" and "127.0.0.1" not in str(one.get("Target"))]
            assert not [one for one in root.iter() if str(one.get("action", "")).startswith("ppaction://")]
    assert not [name for name in parts if "vba" in name.lower() or "embeddings" in name]


def test_a_style_of_qgis_holds_no_expression_of_a_report(written: dict[str, Path]) -> None:
    for words in every_text(written[".gpkg"]):
        if words.startswith("<!DOCTYPE qgis"):
            root = Xml.fromstring(words)
            assert not [rule for rule in root.iter("rule") if "[%" in rule.get("label", "")]
            assert {one.get("isExpression") for one in root.iter("text-style")} <= {"0"}


@pytest.mark.parametrize(("preset", "suffix"), [
    *((preset, suffix) for preset in PRESETS for suffix in (".svg", ".pptx")), ("military", ".png"), ("dots", ".pdf"), ("dots", ".html"),
    ("military", ".html"),
])
def test_every_preset_takes_hostile_strings(preset: str, suffix: str, tmp_path: Path) -> None:
    path = export(some(), tmp_path / f"map{suffix}", Choices(preset=preset))
    told = " ".join(every_text(path))
    assert PRODUCT not in told
    if suffix == ".png":
        with Image.open(path) as picture:
            assert picture.size == (1600, 1200)
    elif suffix == ".pdf":
        assert len(PdfReader(path).pages) == 1
        assert "$x^2$" in told
    else:
        shown = [words for words in SOME if seen(words) in seen(told)]
        assert len(shown) == len(SOME) or suffix == ".html"


@functools.lru_cache(maxsize=1)
def some() -> Any:
    return hostile_fields.situation(SOME)


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_names_that_are_no_utf_8_break_nothing(suffix: str, tmp_path: Path, gazetteer: Any) -> None:
    from geo import situation as reading

    report = from_text("Rebels said on Monday that they had captured Saraqib.", title="a\0b", source="c\udcff", path="r\udcff.txt")
    decided = decision_files.loads('version: 1\ndecisions:\n- {target: Saraqib, action: reject, note: "a\\ud800b\\0c"}\n')
    read = replace(reading.read([report], gazetteer=gazetteer), decisions=decided)
    assert export(read, tmp_path / f"map{suffix}").stat().st_size > 100


# The same bytes


MADE = """
import hashlib, os, sys
from pathlib import Path
from tests.test_every_output import calm
from geo.export import EXPORTERS, export
for suffix in EXPORTERS:
    print(suffix, hashlib.sha256(export(calm(), Path(sys.argv[1]) / f"map{suffix}").read_bytes()).hexdigest())
"""


def calm() -> Any:
    """A situation made by hand, the same in every process."""
    return some()


def digests(folder: Path) -> dict[str, str]:
    return {suffix: hashlib.sha256(export(calm(), folder / f"map{suffix}").read_bytes()).hexdigest() for suffix in EXPORTERS}


def test_each_format_gives_the_same_bytes_again_and_in_another_process(tmp_path: Path) -> None:
    first = digests(tmp_path)
    assert digests(tmp_path) == first
    elsewhere = {**os.environ, "PYTHONHASHSEED": "4242", "TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONPATH": str(ROOT)}
    (tmp_path / "other").mkdir()
    ran = subprocess.run(
        [sys.executable, "-c", MADE, str(tmp_path / "other")], capture_output=True, text=True, check=True, env=elsewhere, cwd=tmp_path,
    )
    assert dict(line.split() for line in ran.stdout.splitlines()) == first


# Whole or not at all


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_full_disk_leaves_nothing_behind_and_is_said_in_one_sentence(suffix: str, tmp_path: Path) -> None:
    old = tmp_path / f"map{suffix}"
    old.write_bytes(b"the file of yesterday")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (300, hard))
    try:
        with pytest.raises(InputError, match="cannot be written"):
            export(some(), old)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == [old.name]
    assert old.read_bytes() == b"the file of yesterday"


class Broken(Exception):
    """What a test throws."""


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_writer_that_fails_half_way_leaves_nothing_behind(suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The last place cannot be read: by then a writer that writes as it goes has written the others."""
    class Bad(type(some().places[-1].feature)):  # type: ignore[misc]
        def __getattribute__(self, name: str) -> Any:
            if name in ("name", "lon", "lat"):
                raise Broken
            return super().__getattribute__(name)

    last = some().places[-1]
    feature = Bad(**{field: getattr(last.feature, field) for field in type(last.feature).__dataclass_fields__})
    claims = tuple(replace(claim, limits=Unreadable(claim.limits)) for claim in some().claims[-1:])
    broken = replace(some(), places=(*some().places[:-1], replace(last, feature=feature)), claims=(*some().claims[:-1], *claims))
    with pytest.raises(Broken):
        export(broken, tmp_path / f"map{suffix}")
    assert list(tmp_path.iterdir()) == []


class Unreadable(tuple):  # type: ignore[type-arg]
    """Sentences that cannot be read."""

    def __iter__(self) -> Iterator[Any]:
        raise Broken


@pytest.mark.parametrize("name", ["x" * 300 + "{}", "no/such/" + "y" * 300 + "/map{}", "file/map{}", "dir{}"])
@pytest.mark.parametrize("suffix", [".html", ".png", ".gpkg", ".acled.csv"])
def test_a_target_that_cannot_be_written_is_told_in_one_sentence(name: str, suffix: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file", encoding="ascii")
    (tmp_path / f"dir{suffix}").mkdir()
    with pytest.raises(InputError) as told:
        export(some(), tmp_path / name.format(suffix))
    assert str(told.value).count("\n") == 0
    assert not list(tmp_path.glob("**/.salient-*"))


# Sources everywhere


@pytest.fixture(scope="module")
def sourced(idlib: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A briefing on another day than that of its report, in every format, as one text."""
    folder, situation = tmp_path_factory.mktemp("sourced"), replace(idlib, as_of=dt.date(2021, 3, 9))
    told = {suffix: " ".join(every_text(export(situation, folder / f"map{suffix}"))) for suffix in EXPORTERS}
    return {suffix: " ".join(words.split()) for suffix, words in told.items()}


WANTED = {
    "title": ("Idlib: a Thursday in Moscow to stop a war between partners",), "publisher": ("Salient briefing",),
    "date": ("5 March 2020", "2020-03-05"), "day": ("9 March 2021", "2021-03-09"),
    "borders": ("de jure", "de_jure"), "limits": ("not what is so",),
}
# What a format has no room for: a picture's fields hold less than the picture, and UCDP's columns are UCDP's.
WITHOUT = {(".png", "borders"), (".png", "limits"), (".ucdp.csv", "day"), (".ucdp.csv", "borders"), (".ucdp.csv", "limits")}


@pytest.mark.parametrize("part", WANTED)
@pytest.mark.parametrize("suffix", EXPORTERS)
def test_each_format_names_its_sources_its_day_its_borders_and_its_limits(suffix: str, part: str, sourced: dict[str, str]) -> None:
    found = any(words in sourced[suffix] for words in WANTED[part])
    assert found or (suffix, part) in WITHOUT


@pytest.mark.parametrize("preset", PRESETS)
def test_each_plate_says_so_and_each_of_its_marks_leads_to_a_sentence_and_a_source(preset: str, idlib: Any) -> None:
    plate = compose(idlib, Choices(preset=preset))
    words = " ".join(line for item in plate.items for line in getattr(item, "lines", ()))
    for part in ("publisher", "limits", "borders", "date"):
        assert any(one in words.replace("\u00a0", " ") for one in WANTED[part])
    assert plate.notes
    for key, note in plate.notes.items():
        assert note.quotes or key.startswith("reference:")
        assert all(1 <= number <= len(plate.sources) for number in note.sources)
        assert note.sources
    assert {item.note for item in plate.items if item.note} <= set(plate.notes)


@pytest.mark.parametrize("suffix", [".pptx", ".gpkg", ".geojson", ".kml", ".json", ".jsonld", ".csv", ".parquet"])
def test_the_sentences_behind_the_marks_stand_in_the_file(suffix: str, sourced: dict[str, str], idlib: Any) -> None:
    sentences = {" ".join(claim.evidence[0].quote.split()) for claim in idlib.claims if claim.where is not None}
    assert len(sentences) > 5
    assert not [words for words in sentences if words not in sourced[suffix]]


def test_bytes_are_compared_and_not_names(tmp_path: Path) -> None:
    """The law above can fail: another title gives other bytes."""
    one = export(calm(), tmp_path / "a.svg").read_bytes()
    assert one != export(replace(calm(), title="Another"), tmp_path / "a.svg").read_bytes()
    assert io.BytesIO(one).read(5) == b"<?xml"
