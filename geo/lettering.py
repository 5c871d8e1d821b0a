"""Letters: which fonts set a text, how wide it runs, and its outlines, shaped by HarfBuzz through matplotlib.

The fonts under geo/assets/fonts hold Latin, Greek, Cyrillic, Arabic and Hebrew. Other scripts take what matplotlib ships (DejaVu) and
what is installed under a name that says the script, such as "Noto Sans Devanagari"; a letter that no font has is drawn as an empty box.
"""

from __future__ import annotations

import functools
import unicodedata
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib import font_manager
from matplotlib.font_manager import FontEntry, FontProperties, fontManager
from matplotlib.ft2font import FT2Font, LoadFlags
from matplotlib.textpath import text_to_path
from numpy.typing import NDArray

__all__ = ["FONTS", "Outline", "chain", "clusters", "face_file", "is_rtl", "outline", "printable", "properties", "sane", "width"]

FONTS = Path(__file__).parent / "assets" / "fonts"

Outline = tuple[NDArray[np.float64], NDArray[np.uint8]]
"""Vertices (n, 2) in ems, x right and y up from the start of the baseline, and matplotlib's path codes (n,)."""

_UNIT = 100.0  # points at which a text is laid out; unhinted letters scale
_FACES = {"sans": "SalientSans", "serif": "SalientSerif"}
_BOX = "\u25a1"
# What the name of an installed font says where it sets letters whose own name does not begin with their script's.
_EAST = ("CJK", "Fallback", "Hiragino", "Yu Gothic", "YaHei", "SimSun", "WenQuanYi", "Unifont")
_INSTALLED = {"CJK": _EAST, "HIRAGANA": _EAST, "KATAKANA": _EAST, "HANGUL": ("CJK KR", "Malgun", "SD Gothic", "Nanum", *_EAST)}
_SIGNS = ("Symbols2", "Symbols", "Symbola", "Unifont")  # a sign of no script is looked for here
_TURNING = "\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"  # joiners and marks of direction
_JOINED = frozenset("ARABIC SYRIAC MANDAIC MONGOLIAN NKO DEVANAGARI BENGALI".split())  # scripts that no spacing may pull apart


def face_file(face: str = "sans", weight: int = 400, italic: bool = False) -> Path:
    """Return the font file of a face ("sans" or "serif") for Latin, Greek and Cyrillic, in the nearest weight that there is.

    Examples
    --------
    >>> face_file("sans", 600).name, face_file("serif", 700).name, face_file("serif", italic=True).name
    ('SalientSans-SemiBold.ttf', 'SalientSerif-SemiBold.ttf', 'SalientSerif-Italic.ttf')
    """
    styles = ("Italic",) if italic else ("Bold", "SemiBold") if weight >= 700 else ("SemiBold",) if weight >= 600 else ("Regular",)
    return next(file for style in styles if (file := FONTS / f"{_FACES[face]}-{style}.ttf").is_file())


def width(text: str, size: float, *, face: str = "sans", weight: int = 400, italic: bool = False) -> float:
    """Return how far a line of text runs, in points, at a size in points.

    Examples
    --------
    >>> width("", 10)
    0.0
    >>> width("سراقب", 10) < width("س ر ا ق ب", 10)
    True
    """
    return _unit_width(text, face, weight, italic) * size / _UNIT


@functools.lru_cache(maxsize=1 << 15)
def _unit_width(text: str, face: str, weight: int, italic: bool) -> float:
    shown = printable(text)
    if not shown:
        return 0.0
    font = font_manager.get_font([str(file) for file in chain(shown, face=face, weight=weight, italic=italic)])
    font.set_size(_UNIT, 72)
    font.set_text(shown, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64


def outline(text: str, *, face: str = "sans", weight: int = 400, italic: bool = False) -> Outline:
    """Return the outlines of the letters of a line of text, in ems; empty where nothing is to be seen."""
    return _outline(text, face, weight, italic)


@functools.lru_cache(maxsize=2048)
def _outline(text: str, face: str, weight: int, italic: bool) -> Outline:
    shown = printable(text)
    if not shown:
        return np.empty((0, 2)), np.empty(0, np.uint8)
    vertices, codes = text_to_path.get_text_path(properties(shown, _UNIT, face=face, weight=weight, italic=italic), shown)
    return np.asarray(vertices, float).reshape(-1, 2) / _UNIT, np.asarray(codes, np.uint8)


@functools.lru_cache(maxsize=1 << 14)
def printable(text: str) -> str:
    """Return a line of text as it can be drawn: without control characters, and a box for each letter that no font here has.

    Marks of direction and joiners stay, as the shaping needs them; line and paragraph separators become spaces.

    Examples
    --------
    >>> printable("a\\x00b\\u2028c"), printable("\\U0001F9FF") in ("\\u25a1", "\\U0001F9FF")
    ('ab c', True)
    """
    spaced = "".join(" " if letter in "\t\n\r\u2028\u2029\x0b\x0c\x85" else letter for letter in text)
    shown: list[str] = []
    before = ""  # where the letter was found that a mark would stand on
    for letter in spaced:
        found, kind = _file_of(letter), unicodedata.category(letter)[0]
        if kind == "M" and found != before:
            continue  # a mark on a letter of another font would be set in neither
        if kind != "C" or letter in _TURNING:
            shown.append(letter if found else _BOX if kind not in "ZM" else "")
            before = before if letter in _TURNING else found
    return "".join(shown)


def sane(text: str) -> str:
    """Return text without what no file may hold: control characters but line breaks and tabs, halves of characters, non-characters.

    Examples
    --------
    >>> sane("a\\x00b\\ud800 c\\ufffe")
    'ab c'
    """
    return "".join(
        letter for letter in text
        if letter in "\t\n\r" or (unicodedata.category(letter) not in ("Cc", "Cs") and ord(letter) & 0xFFFE != 0xFFFE)
    )


def chain(text: str, *, face: str = "sans", weight: int = 400, italic: bool = False) -> tuple[Path, ...]:
    """Return the font files that set a text, that of Latin first, each where a letter of the text needs it."""
    kinds = dict.fromkeys(family for letter in dict.fromkeys(text) if (family := _file_of(letter)))
    found = [face_file(face, weight, italic), *(_styled(kind, face, weight) for kind in kinds if kind != "west")]
    return tuple(dict.fromkeys(found))


def properties(text: str, size: float, *, face: str = "sans", weight: int = 400, italic: bool = False) -> FontProperties:
    """Return the fonts of a text at a size in points as matplotlib asks for them; they are made known to it by name, once."""
    files = chain(text, face=face, weight=weight, italic=italic)
    for file in files:
        _register(file)
    return FontProperties(family=[_name(file) for file in files], size=size)


def is_rtl(text: str) -> bool:
    """Tell whether a line runs from the right: whether its first letter with a direction does (rules P2 and P3 of Unicode's UAX 9).

    Examples
    --------
    >>> is_rtl("إدلب (Idlib)"), is_rtl("12 km"), is_rtl("Idlib إدلب")
    (True, False, False)
    """
    return next((kind != "L" for letter in text if (kind := unicodedata.bidirectional(letter)) in ("L", "R", "AL")), False)


def clusters(text: str) -> tuple[str, ...]:
    """Return the letters of a line that spacing may set apart, each with its marks; one whole for scripts that join or turn.

    Examples
    --------
    >>> clusters("SYRIA"), len(clusters("سوريا"))
    (('S', 'Y', 'R', 'I', 'A'), 1)
    """
    shown = printable(text)
    if any(unicodedata.bidirectional(letter) in ("R", "AL", "RLO", "RLE", "RLI") or _script(letter) in _JOINED for letter in shown):
        return (shown,) if shown else ()
    found: list[str] = []
    for letter in shown:
        if found and (unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Me", "Cf")):
            found[-1] += letter
        else:
            found.append(letter)
    return tuple(found)


@functools.lru_cache(maxsize=1 << 14)
def _file_of(letter: str) -> str:
    """Where a letter is found: "west", "Arabic", "Hebrew", "DejaVuSans", the path of an installed font, or "" for nowhere."""
    code = ord(letter)
    for kind in ("west", "Arabic", "Hebrew", "DejaVuSans"):
        if code in _letters(_styled(kind, "sans", 400)):
            return kind
    words = _INSTALLED.get(_script(letter), (_script(letter).title(),)) if unicodedata.category(letter)[0] in "LMN" else _SIGNS
    return next((str(file) for file in _named(words) if code in _letters(file)), "")


def _script(letter: str) -> str:
    """The first word of a letter's name, which says its script."""
    return unicodedata.name(letter, "?").partition(" ")[0]


@functools.cache
def _named(words: tuple[str, ...]) -> tuple[Path, ...]:
    """Installed fonts that have one of the words in their name, in the order of the words; upright and regular ones, scalable."""
    upright = [entry for entry in fontManager.ttflist if entry.style == "normal" and entry.weight in (400, "normal")]
    usable = sorted((entry.name, entry.fname) for entry in upright)
    found = dict.fromkeys(fname for word in words if len(word) > 2 for name, fname in usable if word in name and "Mono" not in name)
    return tuple(Path(fname) for fname in found if Path(fname).is_file())


@functools.cache
def _styled(kind: str, face: str, weight: int) -> Path:
    """The file of a kind of letters in a face and weight."""
    bold = "Bold" if weight >= 600 else "Regular"
    if kind == "west":
        return face_file(face, weight)
    if kind in ("Arabic", "Hebrew"):
        return FONTS / f"{_FACES[face]}{kind}-{bold}.ttf"
    if kind == "DejaVuSans":
        return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"DejaVuSans{'-Bold' if weight >= 600 else ''}.ttf"
    return Path(kind)


@functools.lru_cache(maxsize=64)
def _letters(file: Path) -> frozenset[int]:
    """The code points that a font has."""
    return frozenset(FT2Font(str(file)).get_charmap())


def _name(file: Path) -> str:
    return f"salient {file.stem}"


@functools.cache
def _register(file: Path) -> None:
    """Make a font known to matplotlib under a name that no other font has."""
    fontManager.ttflist.append(FontEntry(fname=str(file), name=_name(file), style="normal", variant="normal", weight=400, stretch="normal"))
