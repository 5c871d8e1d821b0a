"""The presentation itself: an empty one of ours, the slides put into one, and its octets, the same at every run."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable, Iterable
from typing import Any

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml

from geo import symbology
from geo.export.slides_words import address, language_of, plain

__all__ = ["add_slide", "blank", "embedder", "fill", "linker", "octets", "tell"]

_EMU = 12700
_STILL = dt.datetime(2000, 1, 1)  # noqa: DTZ001  (no clock: two runs give the same octets; the format wants no time zone here)
_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
_NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)
_SECTIONS = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_PROPERTIES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Properties '
    'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"><Application>Salient</Application></Properties>'
)


def blank(*, width: float, height: float, title: str, subject: str, keywords: Iterable[str]) -> Any:
    """Return an empty presentation of a size in points, with one layout, the fonts of the slides and the colours of the style sheet."""
    deck = Presentation()
    package = deck.part.package
    for relation in [rid for rid, rel in package._rels.items() if rel.reltype == RT.THUMBNAIL]:
        package.drop_rel(relation)
    for relation in [rid for rid, rel in deck.part.rels.items() if rel.reltype == RT.PRINTER_SETTINGS]:
        deck.part.rels.pop(relation)
    for layout in [layout for layout in deck.slide_layouts if layout.name != "Title Only"]:
        deck.slide_layouts.remove(layout)
    _resize(deck, round(width * _EMU), round(height * _EMU))
    theme = deck.slide_master.part.part_related_by(RT.THEME)
    theme.blob = _themed(theme.blob.decode("utf-8")).encode("utf-8")
    package.part_related_by(RT.EXTENDED_PROPERTIES).blob = _PROPERTIES.encode("utf-8")
    told = deck.core_properties
    told.title, told.subject, told.keywords = (_property(text) for text in (title, subject, ", ".join(keywords)))
    told.author, told.last_modified_by, told.language, told.revision = "Salient", "Salient", "en-GB", 1
    told.created = told.modified = _STILL
    return deck


def add_slide(deck: Any, layout: Any = None, *, paper: str = "") -> Any:
    """Add a slide without any shape, on paper of a colour (#rrggbb) or on that of its layout, and return it."""
    slide = deck.slides.add_slide(layout or deck.slide_layouts[0])
    for section in deck.part._element.findall(".//{*}sectionLst/{*}section/{*}sldIdLst")[-1:]:  # where a deck has sections, in its last
        section.append(parse_xml(f'<p14:sldId xmlns:p14="{_SECTIONS}" id="{slide.slide_id}"/>'))
    for shape in list(slide.shapes):
        shape._element.getparent().remove(shape._element)
    if paper:
        back = f'<a:solidFill><a:srgbClr val="{paper[1:7]}"/></a:solidFill><a:effectLst/>'
        slide._element.cSld.insert(0, parse_xml(f"<p:bg {_NAMESPACES}><p:bgPr>{back}</p:bgPr></p:bg>"))
    return slide


def fill(slide: Any, shapes: Iterable[str]) -> None:
    """Put shapes, each as its XML, on a slide, in their order."""
    tree = parse_xml(f"<p:spTree {_NAMESPACES}>{''.join(shapes)}</p:spTree>".encode())
    slide.shapes._spTree.extend(list(tree))


def linker(slide: Any) -> Callable[[str], str]:
    """Return what gives the relationship id of an address, or an empty string where it is not one of the web."""

    def link(text: str) -> str:
        target = address(text)
        return str(slide.part.relate_to(target, RT.HYPERLINK, is_external=True)) if target else ""

    return link


def embedder(slide: Any) -> Callable[[bytes], str]:
    """Return what gives the relationship id of a picture's octets, each picture being in the file once."""
    return lambda octets: str(slide.part.get_or_add_image_part(io.BytesIO(octets))[1])


def tell(slide: Any, paragraphs: Iterable[str]) -> None:
    """Put paragraphs into the speaker's notes of a slide."""
    made = "".join(f'<a:p><a:r><a:rPr lang="{language_of(text)}" dirty="0"/><a:t>{plain(text)}</a:t></a:r></a:p>' for text in paragraphs)
    page = slide.notes_slide
    inside = f"<a:bodyPr/><a:lstStyle/>{made or '<a:p/>'}"
    holder = page.notes_placeholder
    if holder is not None:
        body = parse_xml(f"<p:txBody {_NAMESPACES}>{inside}</p:txBody>".encode())
        old = holder._element.txBody
        old.getparent().replace(old, body)
    else:  # a template whose notes have no room for text
        named = '<p:cNvPr id="99" name="Notes"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="body" idx="1"/></p:nvPr>'
        shape = f"<p:sp {_NAMESPACES}><p:nvSpPr>{named}</p:nvSpPr><p:spPr/><p:txBody>{inside}</p:txBody></p:sp>"
        page.shapes._spTree.append(parse_xml(shape.encode()))


def octets(deck: Any) -> bytes:
    """Return the file's octets: no clock in them, so that the same deck gives the same."""
    _know_notes(deck)
    draft, final = io.BytesIO(), io.BytesIO()
    deck.save(draft)
    with zipfile.ZipFile(draft) as read, zipfile.ZipFile(final, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as written:
        for entry in read.infolist():
            still = zipfile.ZipInfo(entry.filename, date_time=_ZIP_DAY)
            still.compress_type, still.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            written.writestr(still, read.read(entry))
    return final.getvalue()


def _resize(deck: Any, width: int, height: int) -> None:
    """Give the slides a size and stretch what stands on the master and its layouts to it."""
    across, down = width / deck.slide_width, height / deck.slide_height
    for page in (deck.slide_master, *deck.slide_layouts):
        for shape in page.shapes:
            if shape._element.spPr.find(".//{*}xfrm") is not None:
                shape.left, shape.width = round(shape.left * across), round(shape.width * across)
                shape.top, shape.height = round(shape.top * down), round(shape.height * down)
    deck.slide_width, deck.slide_height = width, height
    size = deck.part._element.find("{*}sldSz")
    size.attrib.pop("type", None)


def _themed(theme: str) -> str:
    """A theme with the fonts of the slides and, as accents, the palette of the style sheet."""
    for level in ("major", "minor"):
        theme = re.sub(rf'(<a:{level}Font><a:latin typeface=")[^"]*', r"\1Arial", theme)
    for number, colour in enumerate(symbology.style()["palette"][:6], 1):
        theme = re.sub(rf'(<a:accent{number}><a:srgbClr val=")\w+', rf"\g<1>{colour[1:].upper()}", theme)
    return theme


def _know_notes(deck: Any) -> None:
    """Name the master of the notes in the list that the format has for it, which python-pptx leaves out."""
    root = deck.part._element
    rid = next((rid for rid, rel in deck.part.rels.items() if rel.reltype == RT.NOTES_MASTER), "")
    if rid and root.find("{*}notesMasterIdLst") is None:
        known = parse_xml(f'<p:notesMasterIdLst {_NAMESPACES}><p:notesMasterId r:id="{rid}"/></p:notesMasterIdLst>')
        root.find("{*}sldMasterIdLst").addnext(known)


def _property(text: str) -> str:
    """A core property: at most 255 characters, as python-pptx and the format want it."""
    return re.sub("[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", text)[:255]
