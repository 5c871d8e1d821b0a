"""The pictures of a slide, such as its relief: small enough that a deck goes into a mail."""

from __future__ import annotations

import functools
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["encoded"]

_MOST_OCTETS = 110_000  # of one picture, so that a map of twenty zones stays under 300 kB
_WIDEST = 1600  # pixels; a slide is shown at 1920
_COLOURS = 256  # of a palette
_STEPS = (1, 2, 4, 8)  # to which opacities are rounded until the palette holds all colours
_SMALLER = 0.8


def encoded(pixels: NDArray[np.uint8]) -> bytes:
    """Return a picture (rows, columns, RGBA) as JPEG if it is opaque, else as a PNG with a palette, in at most about 110 kB."""
    return _encoded(pixels.tobytes(), (int(pixels.shape[0]), int(pixels.shape[1])))


@functools.lru_cache(maxsize=4)
def _encoded(octets: bytes, shape: tuple[int, int]) -> bytes:
    """The same relief lies under every step of a deck."""
    image = Image.fromarray(np.frombuffer(octets, np.uint8).reshape(*shape, 4))
    factor = min(1.0, _WIDEST / image.width)
    while True:
        size = max(1, round(image.width * factor)), max(1, round(image.height * factor))
        data = _octets(image if size == image.size else image.resize(size, Image.Resampling.BILINEAR))
        if len(data) <= _MOST_OCTETS or min(size) < 64:
            return data
        factor *= _SMALLER


def _octets(image: Image.Image) -> bytes:
    data = io.BytesIO()
    if image.getchannel("A").getextrema()[0] == 255:
        image.convert("RGB").save(data, "JPEG", quality=72, optimize=True)
        return data.getvalue()
    pixels = np.asarray(image)
    for step in _STEPS:
        rounded = pixels.copy()
        rounded[..., 3] = np.rint(pixels[..., 3] / step).clip(0, 255 // step) * step
        rounded[rounded[..., 3] == 0] = 0
        colours, places = np.unique(rounded.reshape(-1, 4).view(np.uint32).ravel(), return_inverse=True)
        if len(colours) <= _COLOURS:
            return _with_palette(colours.view(np.uint8).reshape(-1, 4), places.reshape(pixels.shape[:2]).astype(np.uint8))
    image.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(data, "PNG", optimize=True)
    return data.getvalue()


def _with_palette(colours: NDArray[np.uint8], places: NDArray[np.uint8]) -> bytes:
    """A PNG of numbered colours, each with its opacity."""
    data = io.BytesIO()
    image = Image.fromarray(places)
    image.putpalette(colours[:, :3].tobytes(), "RGB")
    image.save(data, "PNG", optimize=True, transparency=colours[:, 3].tobytes())
    return data.getvalue()
