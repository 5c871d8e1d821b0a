"""Pictures of a plate: what PNG, SVG and PDF show, hold and never do."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import matplotlib
import numpy as np
import pytest
from PIL import Image
from pypdf import PdfReader

from geo import symbology
from geo.choices import Choices
from geo.errors import InputError
from geo.export import penwork, picture
from geo.export.drawing import draw
from geo.export.scalable import markup
from geo.plate.compose import compose
from geo.plate.items import Area, Box, Fill, Item, Line, Note, Picture, Plate, Ring, Sign, Stroke, Words
from tests.conftest import ROOT
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile

FRAME = Box(x=10, y=20, width=180, height=90)
SVG = "{http://www.w3.org/2000/svg}"
XLINK = "{http://www.w3.org/1999/xlink}href"


def square(x: float, y: float, side: float) -> Ring:
    return np.array([(x, y), (x + side, y), (x + side, y + side), (x, y + side)], float)


def words(*lines: str, **changes: Any) -> Words:
    return Words(**{"role": "label", "x": 20.0, "y": 60.0, "lines": lines, "size": 10.0} | changes)


def area(**changes: Any) -> Area:
    return Area(**{"role": "zone", "polygons": ((square(40, 30, 60),),), "fill": Fill(colour="#cc0000")} | changes)


def plate(*items: Item, **changes: Any) -> Plate:
    return Plate(**{
        "width": 200.0, "height": 120.0, "dpi": 144, "frame": FRAME, "bounds": (35.0, 34.0, 37.0, 36.0), "paper": "#ffffff", "items": items,
        "title": "Who holds what", "alt": "A map of two zones.", "sources": ("Briefing, 5 March 2020",),
    } | changes)


def opened(path: Path) -> Image.Image:
    with Image.open(path) as file:
        file.load()
        return file


def pixels(drawn: Plate, path: Path) -> np.ndarray[Any, Any]:
    picture.png(drawn, path / "map.png")
    return np.asarray(opened(path / "map.png").convert("RGB")).astype(int)


def pdf_text(drawn: Plate, path: Path) -> str:
    picture.pdf(drawn, path / "map.pdf")
    return PdfReader(path / "map.pdf").pages[0].extract_text()


def svg(drawn: Plate) -> ET.Element:
    return ET.fromstring(markup(drawn))


def svg_text(drawn: Plate) -> list[str]:
    return ["".join(node.itertext()) for node in svg(drawn).iter(f"{SVG}text")]


PATTERNS = ("hatch", "cross", "dots", "stipple", "dashes")
EVERYTHING = plate(
    area(role="sea", fill=Fill(colour="#d0e0e8")),
    area(name="Reported control: A", note="n", layer="control", fill=Fill(colour="#cc0000", opacity=0.5)),
    *(area(name=name, fill=Fill(colour="#0033cc", opacity=0.1, pattern=name)) for name in PATTERNS),
    area(soft=9.0, stroke=Stroke(colour="#000000", width=1.0, dash=(3.0, 2.0))),
    Line(role="arrow", name="An advance", paths=(square(50, 40, 30),), head=8.0,
         strokes=(Stroke(colour="#ffffff", width=4), Stroke(colour="#000000", width=2))),
    Sign(role="place", name="Idlib", note="n", x=60, y=60, size=8, shapes=(area(polygons=((square(-3, -3, 6),),)),)),
    Picture(role="relief", box=FRAME, pixels=np.full((6, 9, 4), 60, np.uint8)),
    words("Idlib (إدلب)", "second line", halo="#ffffff", halo_width=1.2, note="n"),
    words("S Y R I A", spacing=3.0, align="middle", angle=-20.0, face="serif", italic=True, weight=600),
    notes=MappingProxyType({"n": Note(title="T", status="reported", alt="Reported as held by A.", link="https://example.org/a?b=1&c=2")}),
)


def test_the_same_plate_gives_the_same_octets_in_every_run(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from tests.test_picture import EVERYTHING as plate, picture, markup\n"
        "folder = Path(sys.argv[1]); picture.png(plate, folder / 'a.png'); picture.pdf(plate, folder / 'a.pdf')\n"
        "(folder / 'a.svg').write_text(markup(plate), encoding='utf-8')"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", script, str(tmp_path)], env={**os.environ, "PYTHONHASHSEED": "1"}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )
    assert run.returncode == 0, run.stderr
    picture.png(EVERYTHING, tmp_path / "b.png")
    picture.pdf(EVERYTHING, tmp_path / "b.pdf")
    (tmp_path / "b.svg").write_text(markup(EVERYTHING), encoding="utf-8")
    for suffix in ("png", "pdf", "svg"):
        assert (tmp_path / f"a.{suffix}").read_bytes() == (tmp_path / f"b.{suffix}").read_bytes()


@pytest.mark.parametrize("size", ["article", "social", "slide", "a4", "a3"])
def test_a_picture_has_the_pixels_that_its_size_promises(size: str, tmp_path: Path) -> None:
    page = symbology.size(size)
    drawn = plate(width=page["width"], height=page["height"], dpi=page["dpi"])
    wanted = {"article": (1600, 1200), "social": (1080, 1080), "slide": (1920, 1080), "a4": (2339, 1654), "a3": (3307, 2339)}[size]
    picture.png(drawn, tmp_path / "map.png")
    assert opened(tmp_path / "map.png").size == wanted


def test_a_chosen_resolution_counts(tmp_path: Path) -> None:
    picture.png(plate(), tmp_path / "map.png", dpi=300)
    made = opened(tmp_path / "map.png")
    assert made.size == (833, 500)
    assert made.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_a_picture_too_large_to_draw_is_refused_with_what_would_do(tmp_path: Path) -> None:
    huge = plate(width=1190.55, height=841.89)
    with pytest.raises(InputError, match=r"At 1200 pixels .* would have 19842 x 14032 pixels; choose at most --dpi 880"):
        picture.png(huge, tmp_path / "map.png", dpi=1200)
    assert not list(tmp_path.iterdir())


def test_the_files_say_what_they_show_and_whence(tmp_path: Path) -> None:
    picture.png(plate(), tmp_path / "map.png")
    told = opened(tmp_path / "map.png").info
    assert {key: str(told[key]) for key in ("Title", "Description", "Source", "Software")} == {
        "Title": "Who holds what", "Description": "A map of two zones.", "Source": "Briefing, 5 March 2020", "Software": "Salient",
    }
    picture.pdf(plate(), tmp_path / "map.pdf")
    said = PdfReader(tmp_path / "map.pdf").metadata
    assert said is not None
    assert (said.title, said.subject, said.creator) == ("Who holds what", "A map of two zones.", "Salient")
    assert "/CreationDate" not in said
    root = svg(plate())
    assert [root.findtext(f"{SVG}{tag}") for tag in ("title", "desc")] == ["Who holds what", "A map of two zones."]
    assert "Briefing, 5 March 2020" in markup(plate())


@pytest.mark.parametrize("said", HOSTILE)
def test_hostile_words_are_shown_as_written_and_run_nothing(said: str, tmp_path: Path) -> None:
    note = Note(title=said, status=said, alt=said, link="javascript:alert(9)")
    drawn = plate(
        area(name=said, note="n", layer=said), words(said), words(said, spacing=2.0, halo="#ffffff", halo_width=1.0),
        title=said, alt=said, sources=(said,), notes=MappingProxyType({"n": note}),
    )
    root = svg(drawn)
    shown = [node for node in svg_text(drawn) if node]
    assert shown[0] == said
    assert root.find(f".//{SVG}g/{SVG}title").text == said  # type: ignore[union-attr]
    allowed = {"svg", "title", "desc", "metadata", "defs", "style", "rect", "g", "path", "text", "use", "clipPath", "RDF", "Description"}
    assert {node.tag.rpartition("}")[2] for node in root.iter()} <= allowed | {"creator", "source"}
    assert not [key for node in root.iter() for key in node.attrib if key.lower().startswith("on")]
    assert "javascript:alert(9)" not in markup(drawn)
    picture.png(drawn, tmp_path / "map.png")
    visible = "".join(letter for letter in said if letter.isascii() and not letter.isspace())
    told = "".join(pdf_text(drawn, tmp_path).split())
    assert visible in told or "\u202e" in said
    assert b"/JavaScript" not in (tmp_path / "map.pdf").read_bytes()
    assert b"/URI" not in (tmp_path / "map.pdf").read_bytes()


def test_control_characters_leave_the_files_whole(tmp_path: Path) -> None:
    drawn = plate(words("a\x00b\x1b[0m\ud800c"), title="t\x00\x07", alt="\x1f", sources=("\x00",))
    assert svg_text(drawn) == ["ab[0mc"]
    assert "ab[0mc" in pdf_text(drawn, tmp_path)
    picture.png(drawn, tmp_path / "map.png")
    assert {key: value for key, value in opened(tmp_path / "map.png").info.items() if key != "dpi"} == {"Title": "t", "Software": "Salient"}


@pytest.mark.parametrize("name", ["Idlib", "Харків", "Điện Biên Phủ", "Λευκωσία", "Iğdır"])
def test_text_is_text_in_svg_and_pdf(name: str, tmp_path: Path) -> None:
    drawn = plate(words(name, halo="#ffffff", halo_width=1.0))
    assert svg_text(drawn) == [name]
    assert name in pdf_text(drawn, tmp_path)


@pytest.mark.parametrize("name", ["إدلب", "سراقب", "ہنزہ", "کرماشان", "تل אביב"])
def test_text_from_the_right_is_kept_letter_for_letter(name: str, tmp_path: Path) -> None:
    drawn = plate(words(name))
    assert svg_text(drawn) == [name]
    assert svg(drawn).find(f".//{SVG}text").get("direction") == "rtl"  # type: ignore[union-attr]
    assert sorted("".join(pdf_text(drawn, tmp_path).split())) == sorted(name.replace(" ", ""))


def test_spaced_letters_are_found_as_one_word(tmp_path: Path) -> None:
    drawn = plate(words("SYRIA", spacing=0.14 * 12, size=12.0))  # as wide as countries are spaced
    assert svg_text(drawn) == ["SYRIA"]
    assert "SYRIA" in pdf_text(drawn, tmp_path)


@pytest.mark.parametrize(("align", "left", "right"), [("left", 100, 160), ("middle", 60, 140), ("right", 40, 100)])
@pytest.mark.parametrize("name", ["Saraqib", "سراقب", "SYRIA"])
def test_an_alignment_is_the_same_for_every_script(name: str, align: str, left: float, right: float, tmp_path: Path) -> None:
    made = pixels(plate(words(name, x=100.0, size=14.0, align=align, spacing=2.0 if name == "SYRIA" else 0.0)), tmp_path)
    inked = np.flatnonzero((made < 128).all(axis=2).any(axis=0)) / 2
    assert left - 1 <= inked.min()
    assert inked.max() <= right + 1
    if align == "middle":
        assert (inked.min() + inked.max()) / 2 == pytest.approx(100, abs=1.5)


def test_dollars_are_dollars(tmp_path: Path) -> None:
    assert "$x^2$" in pdf_text(plate(words("$x^2$")), tmp_path)


def test_a_halo_lies_under_all_letters(tmp_path: Path) -> None:
    ground = area(polygons=((square(10, 20, 90),),), fill=Fill(colour="#00aa00"))
    made = pixels(plate(ground, words("III", size=30.0, y=80.0, weight=700, halo="#ffffff", halo_width=3.0)), tmp_path)
    row = made[70 * 2, 40:120]
    black, white = (row < 60).all(axis=1), (row > 200).all(axis=1)
    assert black.sum() > 12
    assert white.sum() > 12


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_ends_at_its_area_and_spares_its_holes(pattern: str, tmp_path: Path) -> None:
    fill = Fill(colour="#000000", opacity=0.0, pattern=pattern, gap=5.0, line=2.0)
    made = pixels(plate(area(polygons=((square(40, 30, 60), square(60, 50, 20)),), fill=fill)), tmp_path)
    inked = (made < 128).any(axis=2)
    assert not inked[:, : 40 * 2 - 1].any()
    assert not inked[:, 100 * 2 + 1 :].any()
    assert not inked[50 * 2 + 1 : 70 * 2 - 1, 60 * 2 + 1 : 80 * 2 - 1].any()
    covered = inked[32 * 2 : 48 * 2, 42 * 2 : 98 * 2].mean()
    assert 0.03 < covered < 0.75


@pytest.mark.parametrize("angle", [0.0, 45.0, 90.0, -30.0])
def test_hatching_has_its_angle_and_its_gap(angle: float) -> None:
    found = penwork.hatching(Fill(colour="#000000", pattern="hatch", angle=angle, gap=6.0), (40, 30, 100, 90))
    assert found is not None
    runs = found.strokes[:, 1] - found.strokes[:, 0]
    turned = np.degrees(np.arctan2(runs[:, 0], -runs[:, 1]))
    assert turned == pytest.approx(np.full(len(runs), angle), abs=1e-6)
    across = np.sort(found.strokes[:, 0] @ (np.cos(np.radians(angle)), np.sin(np.radians(angle))))
    assert np.diff(across) == pytest.approx(np.full(len(runs) - 1, 6.0))


def test_neighbouring_areas_share_one_hatching() -> None:
    fill = Fill(colour="#000000", pattern="hatch", angle=30.0, gap=6.0)
    made = [penwork.hatching(fill, box) for box in ((0, 0, 60, 60), (25, 10, 90, 70))]
    across = [
        set(np.round(found.strokes[:, 0] @ (np.cos(np.radians(30)), np.sin(np.radians(30))), 6).tolist()) for found in made if found
    ]
    assert across[0] & across[1]
    assert len({round(value % 6, 5) for value in across[0] | across[1]}) == 1


def test_an_edge_that_is_vague_fades_inwards_step_by_step(tmp_path: Path) -> None:
    made = pixels(plate(area(fill=Fill(colour="#000000", opacity=0.6), soft=10.0)), tmp_path)
    row = made[60 * 2, 40 * 2 : 70 * 2, 0]
    assert (np.diff(row) <= 1).all()
    assert row[0] > 240
    assert row[-1] == pytest.approx(255 * 0.4, abs=6)


def test_an_edge_that_the_frame_cut_does_not_fade(tmp_path: Path) -> None:
    made = pixels(plate(area(polygons=((square(10, 20, 60),),), fill=Fill(colour="#000000", opacity=0.6), soft=10.0)), tmp_path)
    assert made[50 * 2, 10 * 2 + 2, 0] == pytest.approx(255 * 0.4, abs=6)
    assert made[50 * 2, 69 * 2, 0] > 220


def test_what_is_too_narrow_to_fade_in_full_is_still_seen(tmp_path: Path) -> None:
    strip = np.array([(40, 50), (120, 50), (120, 56), (40, 56)], float)
    made = pixels(plate(area(polygons=((strip,),), fill=Fill(colour="#000000", opacity=0.6), soft=20.0)), tmp_path)
    assert made[53 * 2, 80 * 2, 0] < 130


def test_wide_lines_end_at_the_frame_and_those_of_the_legend_where_they_say(tmp_path: Path) -> None:
    run = np.array([(10, 60), (190, 60)], float)
    road = Line(role="road", paths=(run,), strokes=(Stroke(colour="#000000", width=8),))
    assert (pixels(plate(road), tmp_path)[:, : 10 * 2 - 1] > 250).all()
    assert (pixels(plate(replace(road, role="legend")), tmp_path)[:, : 10 * 2 - 1] < 250).any()
    assert 'clip-path="url(#frame)"' in markup(plate(road))


def test_an_arrow_ends_at_its_point() -> None:
    shaft, head = penwork.arrow(np.array([(0, 0), (30, 0), (30, 40)], float), 9.0)
    assert head is not None
    assert head[0].tolist() == [30, 40]
    assert shaft[0].tolist() == [0, 0]
    assert 40 - 9 < shaft[-1][1] < 40
    assert np.ptp(head[:, 0]) < 9


@pytest.mark.parametrize("path", [[(0, 0), (2, 0)], [(0, 0), (0, 0)]])
def test_an_arrow_shorter_than_its_head_has_none(path: list[tuple[float, float]]) -> None:
    assert penwork.arrow(np.array(path, float), 9.0)[1] is None


def test_each_feature_of_an_svg_has_an_id_a_name_and_what_stands_behind_it() -> None:
    root = svg(EVERYTHING)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert len(ids) == len(set(ids))
    zone = next(node for node in root.iter(f"{SVG}g") if node.findtext(f"{SVG}title") == "Reported control: A")
    assert zone.get("data-layer") == "control"
    assert zone.findtext(f"{SVG}desc") == "Reported as held by A."
    assert [node.get(XLINK) for node in zone.iter(f"{SVG}a")] == ["https://example.org/a?b=1&c=2"]
    used = {node.get(XLINK, "")[1:] for node in root.iter(f"{SVG}use")} | set(re.findall(r"url\(#([^)]+)\)", markup(EVERYTHING)))
    assert used <= set(ids)


def test_an_svg_asks_for_nothing_from_anywhere() -> None:
    fetched = [node.get(XLINK, "") for node in svg(EVERYTHING).iter() if not node.tag.endswith("}a")]
    assert all(address.startswith(("#", "data:")) for address in fetched if address)
    assert not re.findall(r"@import|url\((?!#|data:)", markup(EVERYTHING))


def test_an_svg_carries_the_fonts_of_its_letters_and_no_more() -> None:
    faces = re.findall(r"font-family:'([^']+)';font-weight:(\d+)", markup(EVERYTHING))
    assert sorted(faces) == [("Salient Sans", "400"), ("Salient Sans Arabic", "400"), ("Salient Serif", "400")]
    assert len(markup(plate(words("Idlib")))) < 12_000


def test_a_pdf_links_a_name_to_its_source(tmp_path: Path) -> None:
    picture.pdf(EVERYTHING, tmp_path / "map.pdf")
    notes = [note.get_object() for note in PdfReader(tmp_path / "map.pdf").pages[0].get("/Annots", [])]
    assert {note["/A"]["/URI"] for note in notes} == {"https://example.org/a?b=1&c=2"}


def test_a_pdf_draws_its_zones_as_vectors(tmp_path: Path) -> None:
    picture.pdf(plate(area(), words("Idlib", halo="#ffffff", halo_width=1.0)), tmp_path / "map.pdf")
    page = PdfReader(tmp_path / "map.pdf").pages[0]
    assert not page.images
    assert (float(page.mediabox.width), float(page.mediabox.height)) == (200, 120)


def test_drawing_leaves_matplotlib_as_it_was(tmp_path: Path) -> None:
    before = {key: str(value) for key, value in matplotlib.rcParams.copy().items()}
    picture.pdf(EVERYTHING, tmp_path / "map.pdf")
    assert draw(EVERYTHING).get_size_inches() == pytest.approx((200 / 72, 120 / 72))
    assert {key: str(value) for key, value in matplotlib.rcParams.copy().items()} == before


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_briefing_becomes_a_picture(idlib: Any, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"map{suffix}"
    {".png": picture.write_png, ".svg": picture.write_svg, ".pdf": picture.write_pdf}[suffix](idlib, path, Choices(size="slide"))
    assert path.stat().st_size > 30_000
    if suffix == ".png":
        assert opened(path).size == (1920, 1080)
    else:
        text = path.read_text(encoding="utf-8") if suffix == ".svg" else PdfReader(path).pages[0].extract_text()
        assert all(word in text for word in (idlib.title, "Latakia", "Salient"))


@pytest.mark.parametrize("words", [HOSTILE[7], HOSTILE[17]])
def test_a_hostile_report_becomes_pictures_that_show_its_words(words: str, tmp_path: Path) -> None:
    read: Any = hostile(words)
    drawn = compose(read)
    picture.png(drawn, tmp_path / "map.png")
    picture.pdf(drawn, tmp_path / "map.pdf")
    assert min(file.stat().st_size for file in tmp_path.iterdir()) > 10_000
    root = svg(drawn)
    assert "script" not in {node.tag.rpartition("}")[2] for node in root.iter()}
    assert root.findtext(f"{SVG}title") == words
