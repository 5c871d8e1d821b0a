"""A plate drawn by matplotlib: one artist that hands each item to the renderer as paths, so that PNG and PDF show the same."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import Any, Literal

import matplotlib.image
import numpy as np
from matplotlib.artist import Artist
from matplotlib.backend_bases import GraphicsContextBase, RendererBase
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.path import Path as Trace
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Bbox, Transform, TransformedPath
from numpy.typing import NDArray

from geo import lettering
from geo.export.penwork import PATTERN_OPACITY, PATTERN_STEP, PLAIN, WITHIN, arrow, bands, hatching
from geo.plate.items import Area, Fill, Item, Line, Picture, Plate, Ring, Sign, Stroke, Words

__all__ = ["draw"]

Rgba = tuple[float, float, float, float]

POINTS = 72.0  # to the inch
_SNUG = 1e-6  # inches added to a page, so that its pixels are not rounded down


def draw(plate: Plate, *, letters: bool = False, dpi: float = POINTS, pixels: tuple[int, int] | None = None) -> Figure:
    """Return a matplotlib figure of a plate, as large as its page.

    Parameters
    ----------
    letters
        Write text as text, as a PDF should have it, rather than as outlines, which pictures set to the fraction of a pixel.
    dpi
        Pixels to the inch of a picture of it.
    pixels
        Its width and height to the pixel, where the page does not come out even.
    """
    wide, high = (count / dpi + _SNUG for count in pixels) if pixels else (plate.width / POINTS, plate.height / POINTS)
    figure = Figure(figsize=(wide, high), dpi=dpi, facecolor=plate.paper, frameon=True)
    figure.add_artist(_Sheet(plate, letters=letters))
    return figure


class _Sheet(Artist):
    """All items of a plate."""

    def __init__(self, plate: Plate, *, letters: bool) -> None:
        super().__init__()
        self.plate, self.letters = plate, letters

    def draw(self, renderer: RendererBase) -> None:
        """Draw each item in turn."""
        figure = self.get_figure()
        assert isinstance(figure, Figure)
        scale = figure.dpi / POINTS
        hand = _Hand(renderer, self.plate, Affine2D().scale(scale, -scale).translate(0, self.plate.height * scale), self.letters)
        for item in self.plate.items:
            hand.item(item)
        self.stale = False


class _Hand:
    """What draws on one renderer."""

    def __init__(self, renderer: RendererBase, plate: Plate, page: Affine2D, letters: bool) -> None:
        self.renderer, self.plate, self.page, self.letters = renderer, plate, page, letters
        frame = plate.frame
        self.frame = Bbox(page.transform([(frame.x, frame.y + frame.height), (frame.x + frame.width, frame.y)]))
        self.cut = False  # whether what is drawn now ends at the frame
        self.clips: list[TransformedPath] = []  # kept: Agg knows a clip path by its address, and takes the mask of one that is gone

    def item(self, item: Item, shift: tuple[float, float] = (0.0, 0.0)) -> None:
        """Draw an item, `shift` points from where it says."""
        page = Affine2D().translate(*shift) + self.page
        self.cut = item.role in WITHIN
        if isinstance(item, Area):
            self._area(item, page)
        elif isinstance(item, Line):
            self._line(item, page)
        elif isinstance(item, Sign):
            for shape in item.shapes:
                self.item(shape, (shift[0] + item.x, shift[1] + item.y))
        elif isinstance(item, Words):
            self._words(item, page)
        elif isinstance(item, Picture):
            self._picture(item)

    def _area(self, area: Area, page: Transform) -> None:
        if area.fill is not None:
            for band in bands(area, self.plate.frame):
                self._ink(_trace(band.polygons), page, fill=to_rgba(area.fill.colour, band.opacity(area.fill.opacity)))
            for band in bands(area, self.plate.frame, step=PATTERN_STEP) if area.fill.pattern not in PLAIN else ():
                self._pattern(_trace(band.polygons), area.fill, band.opacity(PATTERN_OPACITY), page)
        if area.stroke is not None and area.stroke.width > 0:
            self._ink(_trace(area.polygons), page, stroke=area.stroke)

    def _pattern(self, trace: Trace, fill: Fill, opacity: float, page: Transform) -> None:
        if not len(trace):
            return
        left, top, right, bottom = trace.get_extents().extents
        found = hatching(fill, (left, top, right, bottom))
        if found is None:
            return
        codes = np.tile(np.array([Trace.MOVETO, Trace.LINETO], np.uint8), len(found.strokes))
        ink = Stroke(colour=fill.colour, width=fill.line, opacity=opacity, dash=found.dash)
        cap: Literal["round", "butt"] = "round" if found.round else "butt"
        self.clips.append(TransformedPath(trace, page))
        self._ink(Trace(found.strokes.reshape(-1, 2), codes), page, stroke=ink, cap=cap, clip=self.clips[-1])

    def _line(self, line: Line, page: Transform) -> None:
        parts = [arrow(path, line.head) for path in line.paths if len(path) > 1]
        heads = [(head,) for _, head in parts if head is not None]
        thin = min((stroke.width for stroke in line.strokes), default=0.0)
        for stroke in line.strokes:
            cap: Literal["round", "butt"] = "butt" if stroke.dash else "round"
            self._ink(_open(path for path, _ in parts), page, stroke=stroke, cap=cap)
            if heads:
                edge = Stroke(colour=stroke.colour, width=stroke.width - thin, opacity=stroke.opacity)
                self._ink(_trace(heads), page, fill=to_rgba(stroke.colour, stroke.opacity), stroke=edge if edge.width else None)

    def _words(self, words: Words, page: Transform) -> None:
        leading = words.leading or 1.25 * words.size
        turn = Affine2D().rotate_deg(words.angle).translate(words.x, words.y) + page
        for number, text in enumerate(words.lines):
            parts = lettering.clusters(text) if words.spacing else (lettering.printable(text),)
            widths = [_width(part, words) for part in parts]
            start = -{"left": 0.0, "middle": 0.5, "right": 1.0}[words.align] * (sum(widths) + words.spacing * (len(parts) - 1))
            places = [start + sum(widths[:index]) + words.spacing * index for index in range(len(parts))]
            if words.halo and words.halo_width > 0:
                halo = Stroke(colour=words.halo, width=2 * words.halo_width)
                for part, x in zip(parts, places, strict=True):
                    self._outline(part, words, (x, number * leading), turn, stroke=halo)
            whole = "".join(parts) if self.letters else ""
            if whole and len(lettering.chain(whole, face=words.face, weight=words.weight, italic=words.italic)) == 1:
                self._letters(whole, words, (start, number * leading), turn)  # one text, whatever the distance of its letters
                continue
            for part, x in zip(parts, places, strict=True):
                (self._letters if self.letters else self._outline)(part, words, (x, number * leading), turn)

    def _outline(self, text: str, words: Words, at: tuple[float, float], turn: Transform, stroke: Stroke | None = None) -> None:
        """Letters as shapes: filled, or only their contour."""
        vertices, codes = lettering.outline(text, face=words.face, weight=words.weight, italic=words.italic)
        if len(vertices):
            place = Affine2D().scale(words.size, -words.size).translate(*at) + turn
            fill = None if stroke else to_rgba(words.colour)
            self._ink(Trace(vertices, codes), place, fill=fill, stroke=stroke, cap="round")

    def _letters(self, text: str, words: Words, at: tuple[float, float], turn: Transform) -> None:
        """Letters as text."""
        if not text.strip():
            return
        context = self._context(to_rgba(words.colour))
        link = self.plate.notes[words.note].link if words.note in self.plate.notes else ""
        if link.startswith(("https://", "http://")):
            context.set_url(link)
        fonts = lettering.properties(text, words.size, face=words.face, weight=words.weight, italic=words.italic)
        x, y = turn.transform(at)
        file: Any = getattr(self.renderer, "file", None)  # of a PDF: the distance of letters is one of its operators
        spread = words.spacing if file is not None and len(lettering.clusters(text)) > 1 else 0.0
        if spread:
            file.output(_Spacing(spread))
        self.renderer.draw_text(context, x, y, text, fonts, -words.angle, ismath=False, mtext=_unkerned() if spread else None)
        if spread:
            file.output(_Spacing(0.0))
        context.restore()

    def _picture(self, picture: Picture) -> None:
        box = picture.box
        corners = self.page.transform([(box.x, box.y + box.height), (box.x + box.width, box.y)])
        image = matplotlib.image.BboxImage(Bbox(corners), interpolation="bilinear", origin="upper", resample=True)
        image.set_figure(Figure(dpi=POINTS))
        image.set_data(picture.pixels)
        image.draw(self.renderer)

    def _ink(
        self, trace: Trace, place: Transform, *, fill: Rgba | None = None, stroke: Stroke | None = None,
        cap: Literal["round", "butt"] = "butt", clip: TransformedPath | None = None,
    ) -> None:
        """Draw a path, filled or stroked or both."""
        if not len(trace):
            return
        context = self._context(to_rgba(stroke.colour, stroke.opacity) if stroke else (0.0, 0.0, 0.0, 0.0))
        context.set_linewidth(stroke.width if stroke else 0.0)
        context.set_capstyle(cap)
        context.set_joinstyle("round")
        if stroke and stroke.dash:
            context.set_dashes(0.0, list(stroke.dash))
        if clip is not None:
            context.set_clip_path(clip)
        self.renderer.draw_path(context, trace, place, fill)
        context.restore()

    def _context(self, colour: Rgba) -> GraphicsContextBase:
        context = self.renderer.new_gc()
        context.set_foreground(colour, isRGBA=True)
        context.set_antialiased(True)
        context.set_snap(False)
        if self.cut:
            context.set_clip_rectangle(self.frame)
        return context


class _Spacing:
    """PDF's operator Tc: how far letters stand apart beyond what their font says, in points."""

    def __init__(self, points: float) -> None:
        self.points = points

    def pdfRepr(self) -> bytes:
        """Return the operator as it stands in the file."""
        return b"%.3f Tc" % self.points


@functools.cache
def _unkerned() -> Text:
    """How spaced letters are set: none nearer to its neighbour than the others, none run together."""
    return Text(fontfeatures=("-kern", "-liga", "-clig"))


def _width(text: str, words: Words) -> float:
    return lettering.width(text, words.size, face=words.face, weight=words.weight, italic=words.italic)


def _trace(polygons: Iterable[tuple[Ring, ...]]) -> Trace:
    """Polygons as one path whose outer rings turn one way and whose holes the other, as renderers that count turns want it."""
    points: list[NDArray[np.float64]] = []
    codes: list[NDArray[np.uint8]] = []
    for rings in polygons:
        for number, ring in enumerate(rings):
            if len(ring) < 3:
                continue
            turned = ring if (_area(ring) > 0) is (number == 0) else ring[::-1]
            points.append(np.vstack([turned, turned[:1]]))
            kinds = np.full(len(turned) + 1, Trace.LINETO, np.uint8)
            kinds[0], kinds[-1] = Trace.MOVETO, Trace.CLOSEPOLY
            codes.append(kinds)
    return _joined(points, codes)


def _open(paths: Iterable[Ring]) -> Trace:
    points = list(paths)
    codes = [np.concatenate([[Trace.MOVETO], np.full(len(path) - 1, Trace.LINETO)]).astype(np.uint8) for path in points]
    return _joined(points, codes)


def _joined(points: Sequence[NDArray[np.float64]], codes: Sequence[NDArray[np.uint8]]) -> Trace:
    if not points:
        return Trace(np.empty((0, 2)), np.empty(0, np.uint8))
    return Trace(np.concatenate(points), np.concatenate(codes))


def _area(ring: Ring) -> float:
    x, y = ring[:, 0], ring[:, 1]
    return float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y)) / 2
