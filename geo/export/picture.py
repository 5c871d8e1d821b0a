"""Pictures of a situation: PNG at any resolution, PDF and SVG with real text and vectors. No browser is needed.

All three show the plate that `geo.plate.compose` lays out; this module only writes it, with its title, its description and its sources in
the file's own fields. No date of writing goes in, so that the same situation gives the same octets.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from geo.choices import DEFAULT, Choices
from geo.errors import InputError
from geo.export.drawing import POINTS, draw
from geo.export.scalable import markup
from geo.lettering import sane
from geo.plate.compose import compose

if TYPE_CHECKING:
    from geo.plate.items import Plate
    from geo.situation import Situation

__all__ = ["pdf", "png", "write_pdf", "write_png", "write_svg"]

MOST_PIXELS = 150_000_000  # about 600 MB while it is drawn; an A3 page at 600 pixels to the inch has 70 million
_PICTURE_DPI = 144.0  # of relief within a PDF


def write_png(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a picture of a situation, at the resolution chosen or that of the page's size.

    Raises
    ------
    InputError
        If the picture would have more pixels than can be drawn.
    """
    png(compose(situation, choices), path, dpi=choices.dpi)


def write_svg(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as SVG, whose text can be searched and edited and whose features have names."""
    path.write_text(markup(compose(situation, choices)), encoding="utf-8", newline="\n")


def write_pdf(situation: Situation, path: Path, choices: Choices = DEFAULT) -> None:
    """Write a situation as PDF of one page, with vectors, text that can be searched, and the fonts within."""
    pdf(compose(situation, choices), path)


def png(plate: Plate, path: Path, *, dpi: int = 0) -> None:
    """Write a picture of a plate, at `dpi` pixels to the inch or, with 0, its own.

    Raises
    ------
    InputError
        If the picture would have more than `MOST_PIXELS`.
    """
    resolution = dpi or plate.dpi
    wide, high = (round(length * resolution / POINTS) for length in (plate.width, plate.height))
    if wide * high > MOST_PIXELS:
        most = int(resolution * (MOST_PIXELS / (wide * high)) ** 0.5)
        raise InputError(
            f"At {resolution} pixels to the inch the picture would have {wide} x {high} pixels; choose at most --dpi {most} for this size."
        )
    canvas: Any = FigureCanvasAgg(draw(plate, dpi=resolution, pixels=(wide, high)))
    canvas.draw()
    said = PngInfo()
    for key, text in _fields(plate).items():
        said.add_itxt(key, text, lang="en")
    picture = Image.fromarray(np.asarray(canvas.buffer_rgba())[:, :, :3])
    picture.save(path, "PNG", dpi=(resolution, resolution), pnginfo=said)


def pdf(plate: Plate, path: Path) -> None:
    """Write a plate as a PDF of one page."""
    fields = _fields(plate)
    said = {
        "Title": fields.get("Title"), "Subject": fields.get("Description"), "Keywords": fields.get("Source"), "Creator": "Salient",
        "Producer": f"Salient, matplotlib {matplotlib.__version__}", "CreationDate": None,
    }
    with matplotlib.rc_context({"pdf.fonttype": 42, "pdf.compression": 6, "pdf.use14corefonts": False, "text.usetex": False}):
        canvas: Any = FigureCanvasPdf(draw(plate, letters=True, dpi=_PICTURE_DPI))
        canvas.print_pdf(str(path), metadata=said)


def _fields(plate: Plate) -> dict[str, str]:
    """What the file says about itself."""
    told = {"Title": plate.title, "Description": plate.alt, "Source": "; ".join(plate.sources), "Software": "Salient"}
    return {key: shown for key, text in told.items() if (shown := sane(text))}
