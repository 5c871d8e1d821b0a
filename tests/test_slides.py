"""Slides: what a plate says is there as native shapes, in order, with its sources, and runs nothing."""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pptx import Presentation
from pptx.oxml import parse_xml
from pptx.util import Pt

from geo.choices import Choices
from geo.errors import InputError
from geo.export import slides
from geo.export.slides_pictures import encoded
from geo.export.slides_steps import Step, by_layer, steps
from geo.export.slides_template import opened, stand_of
from geo.export.slides_words import address
from geo.plate.items import Area, Fill, Line, Plate, Sign, Stroke, Words
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile
from tests.slide_plates import PATTERNS, circle, plate, rectangle, vertices

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
EMU = 12700


def deck(*plates: Plate, **options: Any) -> Any:
    """The presentation of some plates, read again."""
    return Presentation(io.BytesIO(slides.presentation([Step(plate=one) for one in plates], **options)))


def shapes(found: Any) -> Iterator[Any]:
    """Every shape of a slide or group, groups before what is in them."""
    for shape in found.shapes:
        yield shape
        if hasattr(shape, "shapes"):
            yield from shapes(shape)


def named(slide: Any, start: str) -> Any:
    return next(shape for shape in shapes(slide) if shape.name.startswith(start))


def alt(shape: Any) -> str:
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr", ""))


@pytest.fixture(scope="module")
def slide() -> Any:
    """The slide of the plate that has everything."""
    return deck(plate()).slides[0]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_feature_is_one_freeform_with_name_alt_text_and_link(slide: Any, pattern: str) -> None:
    found = [shape for shape in shapes(slide) if shape.name == f"Zone of {pattern}: Idlib"]
    assert len(found) == 1
    number = PATTERNS.index(pattern)
    assert found[0]._element.spPr.find(f"{A}custGeom") is not None
    assert alt(found[0]) == f"Zone {number}: Idlib"
    assert found[0].click_action.hyperlink.address == "https://example.org/a?b=1&c=2"
    assert found[0]._element.xpath(".//a:hlinkClick")[0].get("tooltip") == f"Idlib {number}: reported"


def test_a_freeform_stands_where_the_plate_has_it(slide: Any) -> None:
    zone = named(slide, "Zone of solid")  # a circle of 60 about (220, 150), with an outlier that ends at 309
    assert (zone.left / EMU, zone.top / EMU) == pytest.approx((160, 90), abs=0.02)
    assert (zone.width / EMU, zone.height / EMU) == pytest.approx((149, 120), abs=0.02)


def test_holes_run_against_their_outer_ring(slide: Any) -> None:
    path = named(slide, "Zone of solid")._element.xpath(".//a:path")[0]
    areas = [signed(part) for part in re.split("moveTo", serialised(path))[1:] if (part)]
    outer, hole, outlier = [area for area in areas if area]
    assert outer * hole < 0
    assert outer * outlier > 0


def serialised(path: Any) -> str:
    """The commands of a path as words and numbers."""
    return " ".join(f"{one.tag.rpartition('}')[2]} " + " ".join(f"{p.get('x')},{p.get('y')}" for p in one) for one in path)


def signed(part: str) -> float:
    points = np.array([[float(number) for number in pair.split(",")] for pair in re.findall(r"-?\d+,-?\d+", part)])
    following = np.roll(points, -1, axis=0)
    return float((points[:, 0] * following[:, 1] - following[:, 0] * points[:, 1]).sum())


@pytest.mark.parametrize("turned", [False, True])
def test_holes_are_holes_whichever_way_the_rings_came(turned: bool) -> None:
    rings = (circle(300, 300, 50), circle(300, 300, 20))
    polygon = tuple(ring[::-1] if turned else ring for ring in rings)
    zone = Area(role="zone", name="Z", polygons=(polygon,), fill=Fill(colour="#ff0000"))
    path = named(deck(replace(plate(), items=(zone,))).slides[0], "Z")._element.xpath(".//a:path")[0]
    outer, hole = [area for part in re.split("moveTo", serialised(path))[1:] if (area := signed(part))]
    assert outer > 0 > hole


@pytest.mark.parametrize(
    ("pattern", "preset"),
    [("hatch", "wdUpDiag"), ("cross", "openDmnd"), ("dots", "dotDmnd"), ("dashes", "dashDnDiag"), ("stipple", "pct5")],
)
def test_a_pattern_is_a_preset_on_clear_ground(slide: Any, pattern: str, preset: str) -> None:
    fill = named(slide, f"Zone of {pattern}")._element.spPr.find(f"{A}pattFill")
    assert fill.get("prst") == preset
    assert [one.get("val") for one in fill.iter(f"{A}alpha")] == ["0"]


def test_patterns_differ_from_each_other(slide: Any) -> None:
    presets = [named(slide, f"Zone of {one}")._element.spPr.find(f"{A}pattFill") for one in PATTERNS[1:]]
    assert len({fill.get("prst") for fill in presets}) == len(PATTERNS) - 1


def test_a_plain_fill_is_as_clear_as_the_plate_has_it(slide: Any) -> None:
    fill = named(slide, "Zone of solid")._element.spPr.find(f"{A}solidFill")
    assert [one.get("val") for one in fill.iter(f"{A}alpha")] == ["40000"]


def test_a_vague_edge_fades_and_no_other_shape_has_an_effect(slide: Any) -> None:
    soft = [shape.name for shape in shapes(slide) if shape._element.xpath(".//p:spPr//a:softEdge") and not hasattr(shape, "shapes")]
    assert soft == ["Zone of solid: Idlib"]
    plain = [one for one in slide._element.iter("{*}spPr") if one.find(f"{A}effectLst") is None]
    assert plain == []


def test_what_comes_to_nothing_is_left_out() -> None:
    point = np.array([[300.0, 300], [300, 300], [300.0001, 300]])
    nothing = (
        Area(role="zone", name="Gone", polygons=()), Area(role="zone", name="Gone", polygons=((point,),)),
        Line(role="road", name="Gone", paths=(), strokes=(Stroke(colour="#000000", width=1),)),
        Line(role="road", name="Gone", paths=(point,), strokes=()),
        Sign(role="event", name="Gone", x=1, y=1, size=1, shapes=()), Words(role="label", name="Empty", x=1, y=1, lines=(), size=9),
    )
    names = [shape.name for shape in shapes(deck(replace(plate(), items=nothing)).slides[0])]
    assert names == ["Title", "Empty"]


def test_a_casing_and_its_line_are_one_group(slide: Any) -> None:
    road = named(slide, "M5")
    assert [(one.name, one.line.width.pt) for one in road.shapes] == [("Casing", 3.4), ("Line", 2.0)]


def test_an_arrow_ends_in_a_head(slide: Any) -> None:
    assert named(slide, "Advance")._element.xpath(".//a:ln/a:tailEnd")[0].get("type") == "triangle"


def test_dashes_come_in_pairs(slide: Any) -> None:
    dashes = named(slide, "Zone of dashes")._element.xpath(".//a:custDash/a:ds")
    assert [(round(int(one.get("d")) * 1.4e-5), round(int(one.get("sp")) * 1.4e-5)) for one in dashes] == [(7, 5), (2, 7), (5, 2)]


def test_a_symbol_is_a_group_with_the_alt_text_of_its_mark(slide: Any) -> None:
    symbol = named(slide, "Attack")
    assert len(symbol.shapes) == 2
    assert alt(symbol) == "Zone 1: Idlib"
    assert {alt(part) for part in symbol.shapes} == {""}
    assert {part.click_action.hyperlink.address for part in symbol.shapes} == {"https://example.org/a?b=1&c=2"}


def test_the_picture_lies_behind_and_what_is_drawn_later_lies_above(slide: Any) -> None:
    names = [shape.name for shape in shapes(slide)]
    assert names.index("Relief") < names.index("Zone of solid: Idlib") < names.index("M5") < names.index("Legend")


def test_furniture_is_grouped_and_named(slide: Any) -> None:
    top = {shape.name: shape for shape in slide.shapes}
    assert {"Ground", "Legend", "Title", "Subtitle", "Frame"} <= top.keys() | {"Subtitle"}
    assert len(top["Legend"].shapes) == 1 + 2 * len(PATTERNS)
    assert alt(top["Ground"]) == "A map of Idlib."


def test_a_mark_is_in_no_group_of_the_ground() -> None:
    shown = plate()
    items = tuple(replace(item, note="n0", name="The Drina") if item.role == "river" else item for item in shown.items)
    top = {shape.name: shape for shape in deck(replace(shown, items=items)).slides[0].shapes}
    assert alt(top["The Drina"]) == "Zone 0: Idlib"


def test_what_says_nothing_of_the_report_is_decoration_and_all_else_has_words(slide: Any) -> None:
    for shape in slide.shapes:
        element = shape._element.xpath("./p:nvSpPr/p:cNvPr | ./p:grpSpPr/../p:nvGrpSpPr/p:cNvPr | ./p:nvPicPr/p:cNvPr")[0]
        decorative = any(one.tag.endswith("}decorative") for one in element.iter())
        assert decorative != bool(alt(shape)) or (shape.has_text_frame and shape.text_frame.text), shape.name


def test_the_title_is_the_slides_title_is_read_first_and_stands_where_the_plate_has_it(slide: Any) -> None:
    assert slide.shapes.title.text_frame.text == "Who is said to hold what"
    assert slide.shapes[0].name == "Title"
    assert slide.shapes.title.left == Pt(24)


def test_a_title_on_the_map_keeps_its_place_in_the_order() -> None:
    shown = plate()
    items = tuple(replace(item, y=200.0) if isinstance(item, Words) and item.role == "title" else item for item in shown.items)
    names = [shape.name for shape in deck(replace(shown, items=items)).slides[0].shapes]
    assert names.index("Title") > names.index("Ground")


def test_a_band_under_the_title_stays_under_it() -> None:
    shown = plate()
    band = Area(role="title", name="Band", polygons=((rectangle(0, 0, 960, 60),),), fill=Fill(colour="#334455"))
    at = next(number for number, item in enumerate(shown.items) if item.role == "title")
    names = [shape.name for shape in deck(replace(shown, items=(*shown.items[:at], band, *shown.items[at:]))).slides[0].shapes]
    assert names.index("Title") == names.index("Band") + 1


def test_a_plate_without_a_title_has_one_to_be_read() -> None:
    shown = plate()
    bare = replace(shown, items=tuple(item for item in shown.items if item.role != "title"))
    title = deck(bare).slides[0].shapes.title
    assert title.text_frame.text == shown.title
    assert title.top + title.height < 0


def test_labels_are_text_boxes_that_wrap_nothing_and_keep_their_lines(slide: Any) -> None:
    labels = [shape for shape in shapes(slide) if shape.has_text_frame and shape.text_frame.text == "Idlib\vsecond line"]
    assert len(labels) == len(PATTERNS)
    for label in labels:
        assert label.text_frame.word_wrap is False
        run = label.text_frame.paragraphs[0].runs[0]
        assert (run.font.name, run.font.bold) == ("Arial", True)


def test_a_baseline_stands_where_the_plate_has_it(slide: Any) -> None:
    label = next(shape for shape in shapes(slide) if shape.has_text_frame and shape.text_frame.text == "Idlib\vsecond line")
    leading, size = 13, label.text_frame.paragraphs[0].runs[0].font.size.pt
    assert label.top / EMU + leading - 0.212 * size == pytest.approx(154, abs=0.05)  # of exact spacing a descent is under the line
    assert (label.left + label.width / 2) / EMU == pytest.approx(220, abs=0.02)


def test_arabic_runs_from_the_right_in_its_own_language(slide: Any) -> None:
    label = next(shape for shape in shapes(slide) if shape.has_text_frame and shape.text_frame.text == "سراقب")
    paragraph = label.text_frame.paragraphs[0]._p
    assert paragraph.find(f"{A}pPr").get("rtl") == "1"
    assert paragraph.find(f"{A}r/{A}rPr").get("lang") == "ar-SA"
    assert paragraph.find(f"{A}r/{A}rPr/{A}cs").get("typeface") == "Arial"


def test_turned_words_are_turned_about_their_anchor(slide: Any) -> None:
    label = next(shape for shape in shapes(slide) if shape.has_text_frame and shape.text_frame.text == "Mediterranean Sea")
    assert label.rotation == pytest.approx(290)
    middle = ((label.left + label.width / 2) / EMU, (label.top + label.height / 2) / EMU)
    assert middle == pytest.approx((80, 300), abs=8)


def test_notes_tell_the_map_its_marks_and_the_numbered_sources(slide: Any) -> None:
    told = slide.notes_slide.notes_text_frame.text.split("\n")
    assert told[0] == "A map of Idlib."
    assert "2. Idlib 1: reported. “They hold Idlib.” [1] Confidence 0.60. Its edge is vague." in told
    assert told[-3:] == ["Sources:", "[1] Idlib, 5 March 2020", "[2] Another report"]


def test_the_file_says_what_it_is() -> None:
    told = deck(plate(), keywords=["Russia", "Turkey"]).core_properties
    assert (told.title, told.subject, told.keywords) == ("Who is said to hold what", "A map of Idlib.", "Russia, Turkey")


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stand_as_written_in_shapes_names_alt_texts_and_notes(words: str) -> None:
    shown = deck(plate(words, title=words)).slides[0]
    assert shown.shapes.title.text_frame.text == words
    assert alt(named(shown, "Zone of solid")) == f"Zone 0: {words}"
    assert named(shown, "Attack").name == f"Attack: {words}"
    assert f"“They hold {words}.”" in shown.notes_slide.notes_text_frame.text
    assert any(shape.has_text_frame and shape.text_frame.text == f"{words}\vsecond line" for shape in shapes(shown))


@pytest.mark.parametrize("words", HOSTILE[6::12])
def test_a_hostile_report_becomes_a_sound_deck(words: str, tmp_path: Path) -> None:
    slides.write(hostile(words), tmp_path / "map.pptx", Choices(preset="locator", basemap="none"))
    shown = Presentation(str(tmp_path / "map.pptx")).slides[0]
    assert words in shown.notes_slide.notes_text_frame.text
    with zipfile.ZipFile(tmp_path / "map.pptx") as package:
        assert not any(b"External" in package.read(name) for name in package.namelist() if name.endswith(".rels"))


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("https://example.org/a b?c=<d>", "https://example.org/a%20b?c=%3Cd%3E"), ("http://example.org:8080", "http://example.org:8080"),
        ("https://example.org/#a#b", "https://example.org/#a%23b"), ("https://example.org/سراقب", "https://example.org/%D8%B3%D8%B1%D8%A7%D9%82%D8%A8"),
        ("javascript:alert(1)", ""), ("file:///etc/passwd", ""), ("ftp://example.org", ""), ("https://", ""), ("https://a b/", ""),
        ("https://user:secret@example.org/", ""), ("https://[bad", ""), ("https://example.org:99999999/", ""), ("//example.org", ""),
        ("https://example.org/" + "a" * 3000, ""), ("\\\\server\\share", ""), ("", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(link: str, target: str) -> None:
    assert address(link) == target


def test_one_situation_gives_the_same_bytes() -> None:
    made = [slides.presentation(by_layer(plate())) for _ in range(2)]
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as package:
        assert {entry.date_time[0] for entry in package.infolist()} == {1980}


def test_a_hundred_thousand_points_take_less_than_a_second_and_grow_in_step() -> None:
    small, large = vertices(10, 1000), vertices(100, 1000)
    times = []
    for shown in (small, large):
        start = time.process_time()
        data = slides.presentation([Step(plate=shown)])
        times.append(time.process_time() - start)
    assert times[1] < 2  # 0.5 s where measured; twice a second for a slower machine
    assert times[1] < 40 * max(times[0], 0.02)
    assert len(data) < 2_000_000


def test_a_map_of_twenty_zones_is_small() -> None:
    zones = vertices(20, 1000)
    noise = np.random.default_rng(3).integers(0, 90, (600, 900)).astype(np.uint8)
    relief = replace(plate().items[2], pixels=np.dstack([np.zeros((600, 900, 3), np.uint8), noise]))
    assert len(slides.presentation([Step(plate=replace(zones, items=(relief, *zones.items)))])) < 300_000


def test_a_picture_of_few_colours_is_kept_to_the_shade_and_an_opaque_one_is_a_photograph() -> None:
    shade = np.zeros((40, 60, 4), np.uint8)
    shade[..., :3], shade[..., 3] = (84, 74, 60), np.arange(40)[:, None]
    shade[0] = 0
    assert (np.asarray(Image.open(io.BytesIO(encoded(shade))).convert("RGBA")) == shade).all()
    shade[..., 3] = 255
    assert encoded(shade)[:2] == b"\xff\xd8"


# Steps


def test_layers_come_one_by_one_and_the_last_slide_is_the_whole_map() -> None:
    made = by_layer(plate())
    counts = [sum(item.layer != "" for item in step.plate.items) for step in made]
    assert counts[0] == 0
    assert counts == sorted(set(counts))
    assert {item.name for item in made[-1].plate.items} == {item.name for item in plate().items}
    assert [step.plate.title for step in made][-1] == "Who is said to hold what (7 of 7)"
    assert "This slide adds: Reported control." in [step.words for step in made]


def test_the_notes_of_a_step_hold_only_what_it_shows() -> None:
    made = by_layer(plate())
    assert [len(step.plate.notes) for step in made] == list(range(len(PATTERNS) + 1))


def test_a_plate_of_one_layer_is_one_slide() -> None:
    assert len(by_layer(vertices(2, 10))) == 1


def test_days_come_one_by_one_in_one_frame(idlib: Any) -> None:
    day = dt.date(2020, 2, 27)
    earlier = replace(idlib.claims[0], when=replace(idlib.claims[0].when, start=day, end=day, precision="day"))
    made = steps(replace(idlib, claims=(earlier, *idlib.claims[1:])), Choices(steps="dates", size="slide", basemap="none"))
    assert made[-1].plate.title.endswith(" (5 March 2020)")
    assert len({step.plate.bounds for step in made}) == 1
    assert len({step.plate.frame for step in made}) == 1
    assert any("say of 27 February 2020" in step.words for step in made)


def test_one_day_is_one_slide_that_says_so(idlib: Any) -> None:
    alone = replace(idlib, claims=tuple(claim for claim in idlib.claims if claim.when.start is None))
    made = steps(alone, Choices(steps="dates", basemap="none"))
    assert [step.words for step in made] == ["The reports tell of one day only, so there is one slide."]


# Templates


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's deck of two slides, 4:3."""
    path = tmp_path_factory.mktemp("template") / "ours.pptx"
    made: Any = Presentation()
    for number, words in ((0, "Our briefing"), (1, "Second slide")):
        made.slides.add_slide(made.slide_layouts[number]).shapes.title.text = words
    made.save(str(path))
    return path


def test_a_template_keeps_its_slides_its_size_its_fonts_and_its_file(template: Path) -> None:
    before = template.read_bytes()
    own = opened(template)
    shown = deck(plate(), deck=own, stand=stand_of(own))
    assert [slide.shapes.title.text for slide in shown.slides] == ["Our briefing", "Second slide", "Who is said to hold what"]
    assert (shown.slide_width, shown.slide_height) == (9144000, 6858000)
    fonts = {one.get("typeface") for one in shown.slides[2]._element.iter(f"{A}latin")}
    assert fonts == {"+mn-lt", "+mj-lt"}
    assert template.read_bytes() == before


def test_the_map_fits_into_the_room_of_the_layout(template: Path) -> None:
    own = opened(template)
    stand = stand_of(own)
    slide = deck(plate(), deck=own, stand=stand).slides[2]
    assert slide.slide_layout.name == "Title and Content"
    left, top = stand.area.x * EMU, stand.area.y * EMU
    for shape in slide.shapes:
        if shape != slide.shapes.title and not shape.has_text_frame:
            assert shape.left >= left - 20
            assert shape.top >= top - 20
            assert shape.left + shape.width <= left + stand.area.width * EMU + 20
            assert shape.top + shape.height <= top + stand.area.height * EMU + 20


def test_a_template_of_the_office_program_becomes_a_presentation(template: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(template) as read, zipfile.ZipFile(tmp_path / "ours.potx", "w") as written:
        for name in read.namelist():
            written.writestr(name, read.read(name).replace(b"presentationml.presentation.main+xml", b"presentationml.template.main+xml"))
    own = opened(tmp_path / "ours.potx")
    data = slides.presentation([Step(plate=plate())], deck=own, stand=stand_of(own))
    assert len(Presentation(io.BytesIO(data)).slides) == 3
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert b"template.main" not in package.read("[Content_Types].xml")


def test_where_a_deck_has_sections_the_map_joins_the_last(tmp_path: Path) -> None:
    made: Any = Presentation()
    made.slides.add_slide(made.slide_layouts[0]).shapes.title.text = "One"
    named = 'name="News" id="{6F2A9C1E-0000-4000-8000-000000000001}"'
    listed = f'<p14:section {named}><p14:sldIdLst><p14:sldId id="256"/></p14:sldIdLst></p14:section>'
    spaces = f'xmlns:p="{P}" xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"'
    inside = f'<p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}"><p14:sectionLst>{listed}</p14:sectionLst></p:ext>'
    made.part._element.append(parse_xml(f"<p:extLst {spaces}>{inside}</p:extLst>"))
    made.save(str(tmp_path / "ours.pptx"))
    own = opened(tmp_path / "ours.pptx")
    shown = deck(plate(), deck=own, stand=stand_of(own))
    assert [one.get("id") for one in shown.part._element.findall(".//{*}section/{*}sldIdLst/{*}sldId")] == ["256", "257"]


def test_a_layout_named_map_is_taken_before_any_other(tmp_path: Path) -> None:
    made: Any = Presentation()
    made.slide_layouts[5]._element.cSld.set("name", "Map")
    made.save(str(tmp_path / "ours.pptx"))
    stand = stand_of(opened(tmp_path / "ours.pptx"))
    assert stand.layout.name == "Map"
    assert stand.title == "title"
    assert stand.area.y * EMU >= stand.layout.placeholders[0].top + stand.layout.placeholders[0].height - 1


def test_a_template_of_blank_layouts_has_the_plates_own_title(tmp_path: Path) -> None:
    made: Any = Presentation()
    for layout in [layout for layout in made.slide_layouts if layout.name != "Blank"]:
        made.slide_layouts.remove(layout)
    made.save(str(tmp_path / "ours.pptx"))
    own = opened(tmp_path / "ours.pptx")
    assert deck(plate(), deck=own, stand=stand_of(own)).slides[0].shapes.title.text_frame.text == "Who is said to hold what"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("text.pptx", b"no zip at all", "is no PowerPoint presentation"), ("missing.pptx", None, "There is no template missing.pptx"),
        ("other.pptx", "word", "is no PowerPoint presentation"), ("macros.pptm", "macros", "holds macros"),
    ],
)
def test_what_is_no_presentation_is_refused_in_a_sentence(tmp_path: Path, name: str, content: bytes | str | None, words: str) -> None:
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content:
        with zipfile.ZipFile(path, "w") as package:
            package.writestr("[Content_Types].xml", "<Types/>" if content == "word" else "<Types>macroEnabled</Types>")
            package.writestr("word/document.xml", "<document/>")
    with pytest.raises(InputError, match=words):
        opened(path)


def test_a_broken_template_writes_nothing(tmp_path: Path, idlib: Any) -> None:
    (tmp_path / "bad.pptx").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match=r"bad\.pptx is no PowerPoint presentation"):
        slides.write(idlib, tmp_path / "map.pptx", Choices(template=tmp_path / "bad.pptx"))
    assert not (tmp_path / "map.pptx").exists()


def test_a_report_becomes_a_wide_slide_within_its_limits(tmp_path: Path, idlib: Any) -> None:
    start = time.process_time()
    slides.write(idlib, tmp_path / "map.pptx")
    assert time.process_time() - start < 5
    assert (tmp_path / "map.pptx").stat().st_size < 300_000
    shown: Any = Presentation(str(tmp_path / "map.pptx"))
    assert shown.slide_width / shown.slide_height == pytest.approx(16 / 9, rel=1e-3)
    assert any("Idlib" in shape.name for shape in shapes(shown.slides[0]))


@pytest.mark.skipif(shutil.which("soffice") is None or shutil.which("pdftoppm") is None, reason="no LibreOffice on this machine")
def test_libreoffice_draws_what_the_plate_has(tmp_path: Path) -> None:
    rings = (rectangle(100, 100, 200, 200), rectangle(150, 150, 100, 100))
    zone = Area(role="zone", name="Z", polygons=(rings,), fill=Fill(colour="#ff0000"))
    (tmp_path / "map.pptx").write_bytes(slides.presentation([Step(plate=replace(plate(), items=(zone,)))]))
    office = ["soffice", f"-env:UserInstallation={(tmp_path / 'office').as_uri()}", "--headless", "--convert-to", "pdf", "--outdir"]
    alone = {**os.environ, "HOME": str(tmp_path)}
    subprocess.run([*office, str(tmp_path), str(tmp_path / "map.pptx")], check=True, capture_output=True, env=alone)
    subprocess.run(["pdftoppm", "-r", "72", "-png", str(tmp_path / "map.pdf"), str(tmp_path / "map")], check=True, capture_output=True)
    drawn = np.asarray(Image.open(next(tmp_path.glob("map*.png"))).convert("RGB")).astype(int)
    assert drawn.shape[:2] == pytest.approx((540, 960), abs=1)
    red, white = (255, 0, 0), (255, 255, 255)
    for (x, y), colour in {(120, 120): red, (290, 290): red, (200, 200): white, (90, 90): white}.items():
        assert abs(drawn[y, x] - colour).max() < 8, (x, y)
