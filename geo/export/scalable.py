"""A plate as an SVG: every feature a group with a name, text as text, and the letters it needs of our fonts within.

Browsers read the fonts in the file; drawing programs that do not take the next of the family's list, and a line keeps its length.
"""

from __future__ import annotations

import base64
import functools
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from fontTools import subset
from fontTools.ttLib import TTFont
from PIL import Image

from geo import lettering
from geo.export.penwork import PATTERN_OPACITY, PATTERN_STEP, PLAIN, WITHIN, Band, arrow, bands, hatching
from geo.plate.items import Area, Fill, Item, Line, Picture, Plate, Ring, Sign, Stroke, Words

__all__ = ["markup"]

_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'width="{w}pt" height="{h}pt" viewBox="0 0 {w} {h}" role="img" aria-labelledby="map-title map-desc" xml:space="preserve">\n'
)
_METADATA = (
    '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "<rdf:Description rdf:about=\"\"><dc:title>{title}</dc:title><dc:creator>Salient</dc:creator>{sources}</rdf:Description></rdf:RDF>"
    "</metadata>\n"
)
# Where our fonts are not read: what is like them, then what every machine has.
_ELSEWHERE = {"sans": "'Noto Sans','Segoe UI',Helvetica,Arial,sans-serif", "serif": "'Noto Serif',Georgia,'Times New Roman',serif"}
_WEIGHTS = {"Regular": 400, "Italic": 400, "SemiBold": 600, "Bold": 700}
_ANCHORS = {"left": "start", "middle": "middle", "right": "end"}
_SHARES = {"left": 0.0, "middle": 0.5, "right": 1.0}


def markup(plate: Plate) -> str:
    """Return a plate as SVG, the same for the same plate."""
    writer = _Writer(plate)
    body = "".join(writer.items(plate.items))
    size = {"w": _number(plate.width), "h": _number(plate.height)}
    sources = "".join(f"<dc:source>{_text(source)}</dc:source>" for source in plate.sources)
    return "".join((
        _OPEN.format(**size),
        f'<title id="map-title">{_text(plate.title)}</title>\n<desc id="map-desc">{_text(plate.alt)}</desc>\n',
        _METADATA.format(title=_text(plate.title), sources=sources),
        f"<defs>\n<style>{writer.faces()}</style>\n{''.join(writer.definitions.values())}</defs>\n",
        f'<rect width="{size["w"]}" height="{size["h"]}" fill="{plate.paper}"/>\n',
        body,
        "</svg>\n",
    ))


class _Writer:
    """What is gathered while the items of one plate are written."""

    def __init__(self, plate: Plate) -> None:
        self.plate = plate
        self.definitions: dict[object, str] = {}
        self.letters: dict[Path, set[str]] = {}
        self.counts: dict[str, int] = {}
        frame = plate.frame
        clip = f'<rect x="{_number(frame.x)}" y="{_number(frame.y)}" width="{_number(frame.width)}" height="{_number(frame.height)}"/>'
        self.definitions["frame"] = f'<clipPath id="frame">{clip}</clipPath>\n'

    def items(self, items: Iterable[Item]) -> Iterator[str]:
        """Each item as a group with an id, its name and what stands behind it."""
        for item in items:
            number = self._counted(item.role)
            note = self.plate.notes.get(item.note)
            said = f"<title>{_text(item.name)}</title>" if item.name else ""
            said += f"<desc>{_text(note.alt)}</desc>" if note and item.name else ""
            layer = f' data-layer={_quoted(item.layer)}' if item.layer else ""
            inner = "".join(self.item(item))
            if note and note.link.startswith(("https://", "http://")):
                inner = f'<a xlink:href={_quoted(note.link)} target="_blank" rel="noopener">{inner}</a>'
            cut = ' clip-path="url(#frame)"' if item.role in WITHIN else ""
            yield f'<g id="{_word(item.role)}-{number}"{layer}{cut}>{said}{inner}</g>\n'

    def item(self, item: Item) -> Iterator[str]:
        """The elements of an item."""
        if isinstance(item, Area):
            yield from self._area(item)
        elif isinstance(item, Line):
            yield from self._line(item)
        elif isinstance(item, Sign):
            inner = "".join(part for shape in item.shapes for part in self.item(shape))
            yield f'<g transform="translate({_number(item.x)} {_number(item.y)})">{inner}</g>'
        elif isinstance(item, Words):
            yield from self._words(item)
        elif isinstance(item, Picture):
            yield _image(item)

    def faces(self) -> str:
        """The fonts that the text needs, cut to its letters."""
        return "".join(
            f"@font-face{{font-family:'{_family(file)}';font-weight:{_weight(file)};"
            f"font-style:{'italic' if 'Italic' in file.stem else 'normal'};"
            f"src:url(data:font/woff;base64,{_cut(file, ''.join(sorted(letters)))}) format('woff')}}\n"
            for file, letters in sorted(self.letters.items())
        )

    def _area(self, area: Area) -> Iterator[str]:
        edge = _pen(area.stroke) if area.stroke else ""
        fill, frame = area.fill, self.plate.frame
        patterned = fill is not None and fill.pattern not in PLAIN
        painted = bands(area, frame) if fill is not None else ()
        apart = bool(edge) and (patterned or len(painted) != 1)  # the outline lies over all paint
        for band in painted:
            assert fill is not None
            tint = f'fill="{fill.colour}"{_faint("fill-opacity", band.opacity(fill.opacity))}'
            yield f'<path fill-rule="evenodd" d="{_shape(band.polygons)}" {tint}{"" if apart else edge}/>'
        for band in bands(area, frame, step=PATTERN_STEP) if patterned else ():
            assert fill is not None
            yield self._pattern(fill, band)
        if apart:
            yield f'<path d="{_shape(area.polygons)}" fill="none"{edge}/>'

    def _pattern(self, fill: Fill, band: Band) -> str:
        """The strokes of a pattern, cut to the polygons of a band; empty for none."""
        points = np.concatenate([ring for rings in band.polygons for ring in rings])
        (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
        found = hatching(fill, (left, top, right, bottom))
        if found is None or not len(found.strokes):
            return ""
        name = f"k{self._counted('k')}"
        clip = f'<path clip-rule="evenodd" d="{_shape(band.polygons)}"/>'
        self.definitions[name] = f'<clipPath id="{name}">{clip}</clipPath>\n'
        ink = Stroke(colour=fill.colour, width=fill.line, opacity=band.opacity(PATTERN_OPACITY), dash=found.dash)
        path = "".join(map(_run, found.strokes))
        return f'<path clip-path="url(#{name})" d="{path}" fill="none"{_pen(ink, "round" if found.round else "butt")}/>'

    def _counted(self, kind: str) -> int:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        return self.counts[kind]

    def _line(self, line: Line) -> Iterator[str]:
        parts = [arrow(path, line.head) for path in line.paths if len(path) > 1]
        heads = [(head,) for _, head in parts if head is not None]
        shaft = "".join(_run(path) for path, _ in parts)
        thin = min((stroke.width for stroke in line.strokes), default=0.0)
        for stroke in line.strokes:
            yield f'<path d="{shaft}" fill="none"{_pen(stroke, cap="butt" if stroke.dash else "round")}/>'
            if heads:
                edge = Stroke(colour=stroke.colour, width=stroke.width - thin, opacity=stroke.opacity)
                faint = _faint("fill-opacity", stroke.opacity)
                yield f'<path d="{_shape(heads)}" fill="{stroke.colour}"{faint}{_pen(edge) if edge.width > 0 else ""}/>'

    def _words(self, words: Words) -> Iterator[str]:
        leading = words.leading or 1.25 * words.size
        turn = f' transform="rotate({_number(words.angle)} {_number(words.x)} {_number(words.y)})"' if words.angle else ""
        for number, line in enumerate(words.lines):
            if not line.strip():
                continue
            name = f"t{self._counted('t')}"
            if words.halo and words.halo_width > 0:
                pen = f'stroke="{words.halo}" stroke-width="{_number(2 * words.halo_width)}" stroke-linejoin="round" fill="{words.halo}"'
                yield f'<use xlink:href="#{name}" aria-hidden="true" {pen}/>'
            yield f'<text id="{name}"{self._setting(words, line)} y="{_number(words.y + number * leading)}"{turn}>{_text(line)}</text>'

    def _setting(self, words: Words, line: str) -> str:
        """The attributes that set a line; its letters are noted for the fonts."""
        shown = lettering.printable(line)
        files = lettering.chain(shown, face=words.face, weight=words.weight, italic=words.italic)
        own = [file for file in files if file.parent == lettering.FONTS]
        for file in own:
            self.letters.setdefault(file, set()).update(shown)
        rtl, spread = lettering.is_rtl(line), bool(words.spacing) and len(lettering.clusters(line)) > 1
        at = words.x + (words.spacing * _SHARES[words.align] if spread else 0.0)
        align = {"left": "right", "right": "left"}.get(words.align, words.align) if rtl else words.align
        families = ",".join(dict.fromkeys([*(f"'{_family(file)}'" for file in own), _ELSEWHERE[words.face]]))
        length = lettering.width(line, words.size, face=words.face, weight=words.weight, italic=words.italic)
        return "".join((
            f' x="{_number(at)}" font-family="{families}" font-size="{_number(words.size)}" fill="{words.colour}"',
            f' font-weight="{words.weight}"' if words.weight != 400 else "",
            ' font-style="italic"' if words.italic else "",
            f' text-anchor="{_ANCHORS[align]}"' if align != "left" else "",
            ' direction="rtl"' if rtl else "",
            f' letter-spacing="{_number(words.spacing)}"' if spread else "" if rtl else f' textLength="{_number(length)}"',
        ))


def _shape(polygons: Iterable[tuple[Ring, ...]]) -> str:
    return "".join(f"{_run(ring)}Z" for rings in polygons for ring in rings if len(ring) > 2)


def _run(points: Ring) -> str:
    """Points as a path, to the hundredth of a point."""
    return "M" + " ".join(map(_number, points.ravel().tolist()))


def _pen(stroke: Stroke, cap: str = "butt") -> str:
    dash = f' stroke-dasharray="{" ".join(map(_number, stroke.dash))}"' if stroke.dash else ""
    ends = f' stroke-linecap="{cap}"' if cap != "butt" else ""
    faint = _faint("stroke-opacity", stroke.opacity)
    return f' stroke="{stroke.colour}" stroke-width="{_number(stroke.width)}" stroke-linejoin="round"{ends}{dash}{faint}'


def _image(picture: Picture) -> str:
    written = io.BytesIO()
    Image.fromarray(picture.pixels).save(written, "PNG", optimize=True)
    box = picture.box
    place = f'x="{_number(box.x)}" y="{_number(box.y)}" width="{_number(box.width)}" height="{_number(box.height)}"'
    data = base64.b64encode(written.getvalue()).decode("ascii")
    return f'<image {place} preserveAspectRatio="none" xlink:href="data:image/png;base64,{data}"/>'


@functools.lru_cache(maxsize=64)
def _cut(file: Path, letters: str) -> str:
    """A font with these letters only and what joins them, as base64 of a WOFF."""
    options = subset.Options(hinting=False, notdef_outline=True, recalc_timestamp=False, name_IDs=[1, 2, 4, 6, 13, 14])
    font = TTFont(file, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters + " ")
    cutter.subset(font)
    font.flavor = "woff"
    written = io.BytesIO()
    font.save(written)
    return base64.b64encode(written.getvalue()).decode("ascii")


def _family(file: Path) -> str:
    """`SalientSansArabic-Bold.ttf` -> `Salient Sans Arabic`."""
    return "".join(f" {letter}" if letter.isupper() else letter for letter in file.stem.partition("-")[0]).strip()


def _weight(file: Path) -> int:
    return _WEIGHTS[file.stem.partition("-")[2]]


def _faint(name: str, opacity: float) -> str:
    return f' {name}="{_number(opacity)}"' if opacity < 0.9995 else ""


def _number(value: float) -> str:
    """A number to the thousandth below one and the hundredth above, without idle zeros."""
    told = f"{value:.{3 if -1 < value < 1 else 2}f}".rstrip("0").rstrip(".")
    return "0" if told == "-0" else told


def _word(role: str) -> str:
    return "".join(letter for letter in role if letter.isascii() and letter.isalnum()) or "item"


def _text(text: str) -> str:
    """Text as XML takes it: what XML forbids is left out, the rest escaped."""
    return escape(lettering.sane(text))


def _quoted(text: str) -> str:
    return quoteattr(lettering.sane(text))
