"""The files are what the format asks for: PowerPoint offers to repair any other."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from pptx import Presentation

from geo.export.slides import presentation
from geo.export.slides_steps import Step, by_layer
from tests.hostile import HOSTILE
from tests.slide_plates import plate

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

# The order of children after ECMA-376, part 1, annex A (pml-slide.xsd, dml-main.xsd, dml-shapeGeometry.xsd), of the elements that we write.
FILLS = "noFill solidFill gradFill blipFill pattFill grpFill"
ORDER = {
    "presentation": "sldMasterIdLst notesMasterIdLst handoutMasterIdLst sldIdLst sldSz notesSz smartTags embeddedFontLst custShowLst "
    "photoAlbum custDataLst kinsoku defaultTextStyle modifyVerifier extLst",
    "sld": "cSld clrMapOvr transition timing extLst",
    "notes": "cSld clrMapOvr extLst",
    "cSld": "bg spTree custDataLst controls extLst",
    "bg": "bgPr bgRef",
    "bgPr": f"{FILLS} effectLst effectDag extLst",
    "spTree": "nvGrpSpPr grpSpPr (sp|grpSp|graphicFrame|cxnSp|pic|contentPart)* extLst",
    "grpSp": "nvGrpSpPr grpSpPr (sp|grpSp|graphicFrame|cxnSp|pic|contentPart)* extLst",
    "nvGrpSpPr": "cNvPr cNvGrpSpPr nvPr",
    "grpSpPr": f"xfrm {FILLS} effectLst effectDag scene3d extLst",
    "xfrm": "off ext chOff chExt",
    "sp": "nvSpPr spPr style txBody extLst",
    "nvSpPr": "cNvPr cNvSpPr nvPr",
    "cNvPr": "hlinkClick hlinkHover extLst",
    "cNvSpPr": "spLocks extLst",
    "nvPr": "ph audioCd wavAudioFile audioFile videoFile quickTimeFile custDataLst extLst",
    "pic": "nvPicPr blipFill spPr style extLst",
    "nvPicPr": "cNvPr cNvPicPr nvPr",
    "cNvPicPr": "picLocks extLst",
    "blipFill": "blip srcRect tile stretch",
    "spPr": f"xfrm custGeom prstGeom {FILLS} ln effectLst effectDag scene3d sp3d extLst",
    "custGeom": "avLst gdLst ahLst cxnLst rect pathLst",
    "pathLst": "path*",
    "path": "(moveTo|lnTo|arcTo|quadBezTo|cubicBezTo|close)*",
    "moveTo": "pt", "lnTo": "pt", "pt": "", "close": "",
    "prstGeom": "avLst",
    "ln": "noFill solidFill gradFill pattFill prstDash custDash round bevel miter headEnd tailEnd extLst",
    "custDash": "ds*",
    "pattFill": "fgClr bgClr",
    "fgClr": "srgbClr", "bgClr": "srgbClr", "solidFill": "srgbClr schemeClr", "srgbClr": "alpha", "glow": "srgbClr", "alpha": "",
    "effectLst": "blur fillOverlay glow innerShdw outerShdw prstShdw reflection softEdge",
    "txBody": "bodyPr lstStyle p*",
    "bodyPr": "prstTxWarp noAutofit normAutofit spAutoFit scene3d sp3d flatTx extLst",
    "p": "pPr (r|br|fld)* endParaRPr",
    "pPr": "lnSpc spcBef spcAft buClrTx buClr buSzTx buSzPct buSzPts buFontTx buFont buNone buAutoNum buChar buBlip tabLst defRPr extLst",
    "lnSpc": "spcPct spcPts", "spcBef": "spcPct spcPts",
    "r": "rPr t", "br": "rPr",
    "rPr": f"ln {FILLS} effectLst effectDag highlight uLnTx uLn uFillTx uFill latin ea cs sym hlinkClick hlinkMouseOver rtl extLst",
}
# Values that an attribute may have; whole numbers stay inside 32 bits.
VALUES = {
    "prst": r"rect|(wd|dash)(Up|Dn)Diag|openDmnd|dotDmnd|pct5|vert|horz|dashVert|dashHorz|lgGrid", "algn": "l|ctr|r", "anchor": "t|ctr|b",
    "wrap": "none|square", "cap": "flat|rnd|sq", "lang": r"[a-z]{2}-[A-Z]{2}", "b": "0|1", "i": "0|1", "rtl": "0|1", "type": r"\w+",
}


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """Decks that hold everything that we write: one slide, and a step for each layer."""
    return {"one": presentation([Step(plate=plate())]), "steps": presentation(by_layer(plate()))}


@pytest.fixture(params=["one", "steps"])
def parts(request: pytest.FixtureRequest, files: dict[str, bytes]) -> dict[str, bytes]:
    return parts_of(files[request.param])


def local(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def slides(parts: dict[str, bytes]) -> list[ElementTree.Element]:
    names = [name for name in parts if re.fullmatch(r"ppt/(slides/slide|notesSlides/notesSlide)\d+\.xml", name)]
    return [ElementTree.fromstring(parts[name]) for name in names]


def in_order(element: ElementTree.Element, order: str) -> bool:
    """Whether the children of an element stand in an order: words once at most, `x*` and `(x|y)*` any number of times."""
    pattern = "".join(
        f"(?:(?:{word.strip('()*')}) )*" if word.endswith("*") else f"(?:{word} )?" for word in order.split()
    )
    return re.fullmatch(pattern, "".join(f"{local(child)} " for child in element)) is not None


def test_children_stand_in_the_order_of_the_standard(parts: dict[str, bytes]) -> None:
    roots = [*slides(parts), ElementTree.fromstring(parts["ppt/presentation.xml"])]
    for root in roots:
        for element in root.iter():
            name = local(element)
            if name in ORDER and not (name == "ext" or element.tag.startswith("{http://schemas.microsoft")):
                assert in_order(element, ORDER[name]), f"{name}: {[local(child) for child in element]}"


def test_the_check_of_order_sees_disorder() -> None:
    element = ElementTree.fromstring("<spPr><ln/><solidFill/></spPr>")
    assert not in_order(element, ORDER["spPr"])
    assert not in_order(ElementTree.fromstring("<ln><what/></ln>"), ORDER["ln"])


def test_every_element_that_we_write_is_in_the_table(parts: dict[str, bytes]) -> None:
    leaves = {
        "off", "ext", "chOff", "chExt", "avLst", "gdLst", "ahLst", "cxnLst", "rect", "cNvGrpSpPr", "ph", "spLocks", "picLocks",
        "hlinkClick", "extLst", "decorative", "blip", "stretch", "fillRect", "noFill", "ds", "round", "tailEnd", "softEdge", "lstStyle",
        "noAutofit", "normAutofit", "spcPts", "buNone", "t", "latin", "cs", "clrMapOvr", "masterClrMapping",
    }
    written = {local(element) for root in slides(parts) for element in root.iter()}
    assert written <= ORDER.keys() | leaves


def test_every_part_is_sound_xml_with_a_content_type(parts: dict[str, bytes]) -> None:
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    overrides = {one.attrib["PartName"].lstrip("/") for one in types if "PartName" in one.attrib}
    defaults = {one.attrib["Extension"] for one in types if "Extension" in one.attrib}
    assert overrides <= parts.keys()
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
        assert name == "[Content_Types].xml" or name in overrides or name.rpartition(".")[2] in defaults, name


def test_every_relation_leads_to_a_part_or_to_the_web(parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if name.endswith(".rels")]:
        folder = Path(name).parent.parent
        for relation in ElementTree.fromstring(parts[name]):
            target = relation.attrib["Target"]
            if relation.attrib.get("TargetMode") == "External":
                assert target.startswith(("https://", "http://"))
                continue
            path = target.lstrip("/") if target.startswith("/") else str((Path("/") / folder / target).resolve()).lstrip("/")
            assert path in parts, f"{name} -> {target}"


def test_every_id_that_is_used_is_a_relation(parts: dict[str, bytes]) -> None:
    for name in [name for name in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]:
        known = {one.attrib["Id"] for one in ElementTree.fromstring(parts[name.replace("slides/", "slides/_rels/") + ".rels"])}
        used = {value for one in ElementTree.fromstring(parts[name]).iter() for key, value in one.attrib.items() if key.startswith(R)}
        assert used
        assert used <= known


def test_every_slide_has_its_notes_and_the_deck_their_master(parts: dict[str, bytes]) -> None:
    count = len([name for name in parts if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)])
    assert len([name for name in parts if re.fullmatch(r"ppt/notesSlides/notesSlide\d+\.xml", name)]) == count
    assert ElementTree.fromstring(parts["ppt/presentation.xml"]).find(f"{P}notesMasterIdLst/{P}notesMasterId") is not None


def test_shapes_have_numbers_of_their_own(parts: dict[str, bytes]) -> None:
    for root in slides(parts):
        ids = [int(one.attrib["id"]) for one in root.iter(f"{P}cNvPr")]
        assert len(ids) == len(set(ids))
        assert min(ids) >= 1


def test_numbers_are_whole_and_inside_their_bounds(parts: dict[str, bytes]) -> None:
    whole = {"x", "y", "cx", "cy", "w", "h", "sz", "val", "rad", "rot", "d", "sp", "spc", "marL", "indent"}
    for root in slides(parts):
        for element in root.iter():
            for key, value in element.attrib.items():
                if key in whole and local(element) not in ("srgbClr", "tailEnd", "decorative", "ph"):
                    assert -(2**31) < int(value) < 2**31, (local(element), key, value)
        for extent in root.iter(f"{A}ext"):
            assert "uri" in extent.attrib or (int(extent.attrib["cx"]) >= 0 and int(extent.attrib["cy"]) >= 0)
        assert all(100 <= int(one.attrib["sz"]) <= 400000 for one in root.iter(f"{A}rPr") if "sz" in one.attrib)
        assert all(0 <= int(one.attrib["w"]) <= 20116800 for one in root.iter(f"{A}ln") if "w" in one.attrib)
        assert all(0 <= int(one.attrib["val"]) <= 100000 for one in root.iter(f"{A}alpha"))
        assert all(re.fullmatch("[0-9a-fA-F]{6}", one.attrib["val"]) for one in root.iter(f"{A}srgbClr"))


def test_words_of_the_format_are_its_own(parts: dict[str, bytes]) -> None:
    for root in slides(parts):
        for element in (element for element in root.iter() if local(element) != "rect"):
            for key, value in element.attrib.items():
                assert key not in VALUES or re.fullmatch(VALUES[key], value), (local(element), key, value)


def test_a_path_begins_where_it_moves_to_and_stays_in_its_box(parts: dict[str, bytes]) -> None:
    found = [path for root in slides(parts) for path in root.iter(f"{A}path")]
    assert found
    for path in found:
        wide, high = int(path.attrib["w"]), int(path.attrib["h"])
        assert wide > 0
        assert high > 0
        assert local(path[0]) == "moveTo"
        assert all(0 <= int(point.attrib["x"]) <= wide and 0 <= int(point.attrib["y"]) <= high for point in path.iter(f"{A}pt"))


def test_a_slide_has_one_title_and_it_says_something(parts: dict[str, bytes]) -> None:
    said = []
    for root in (root for root in slides(parts) if local(root) == "sld"):
        titles = [shape for shape in root.iter(f"{P}sp") if shape.find(f".//{P}ph[@type='title']") is not None]
        assert len(titles) == 1
        said.append("".join(text.text or "" for text in titles[0].iter(f"{A}t")))
    assert all(said)
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("words", [*HOSTILE, "nul\x00bell\x07tab\tline\nreturn\r", "\ud800\ufffe\uffff", "long " * 400])
def test_hostile_words_leave_a_sound_file(words: str) -> None:
    parts = parts_of(presentation([Step(plate=plate(words, link=words, title=words))]))
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
    for root in slides(parts):
        for element in root.iter(f"{P}cNvPr"):
            assert len(element.attrib["name"]) <= 120
            assert len(element.attrib.get("descr", "")) <= 1500
    for name in [name for name in parts if name.endswith(".rels")]:
        assert b"External" not in parts[name]


def test_python_pptx_reads_what_we_write(files: dict[str, bytes]) -> None:
    deck: Any = Presentation(io.BytesIO(files["steps"]))
    assert len(deck.slides) == 7
    assert all(slide.has_notes_slide and slide.shapes.title.has_text_frame for slide in deck.slides)
