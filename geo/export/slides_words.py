"""Words on slides: escaped here and nowhere else, set as text boxes whose baselines stand where the plate has them."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import quote, urlsplit

from geo.plate.items import Words

__all__ = ["LEADING", "address", "attribute", "body_xml", "box_of", "cut", "language_of", "plain", "text_width"]

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_SPACES = re.compile(r"[\t\n\r]+")
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})

# Fonts that come with every office program, as every slide is opened on another machine; a template's own are +mn-lt and +mj-lt.
FACES = {"sans": "Arial", "serif": "Georgia"}

# Of the em, under the baseline: of Arial and of Georgia, as their tables (hhea) have it. A line of exact spacing ends so far below it.
_DESCENT = {"sans": 0.212, "serif": 0.219}

# Widths of Arial in thousandths of the em, from the space to the tilde, which are those of Helvetica's public metrics.
_WIDTHS = {
    False: (
        "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 "
        "1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 "
        "333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584"
    ),
    True: (
        "278 333 474 556 556 889 722 238 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 333 333 584 584 584 611 "
        "975 722 722 722 722 667 611 778 722 278 556 722 611 833 722 778 667 778 722 667 611 722 667 944 667 667 611 333 278 333 584 556 "
        "333 556 611 556 611 556 333 611 611 278 278 556 278 889 611 611 611 611 389 556 333 611 556 778 556 556 500 389 280 389 584"
    ),
}
_SERIF = 0.98  # Georgia runs a little narrower than Arial on running text
_OTHER = 556  # a letter outside of ASCII

LEADING = 1.2
"""From one baseline to the next in sizes of the letters, where the plate says nothing."""

_BOLD = 600
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)
_MOST_LINK = 2000  # PowerPoint repairs a file with a longer one
_LANGUAGES = (("ARABIC", "ar-SA"), ("HEBREW", "he-IL"), ("CYRILLIC", "uk-UA"), ("GREEK", "el-GR"), ("CJK", "zh-CN"))
_GLOW = 1.6  # a glow fades outwards, so it reaches further than the halo that it stands for; judged by eye at 9 to 14 pt


def plain(text: str) -> str:
    """Return a text on one line, escaped for XML, without the characters that XML cannot hold.

    Examples
    --------
    >>> plain('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return _SPACES.sub(" ", _NOT_XML.sub("\ufffd", text)).translate(_ESCAPES)


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, ended by an ellipsis where some are left out.

    Examples
    --------
    >>> cut("Aleppo", 4)
    'Ale…'
    """
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def attribute(text: str, most: int) -> str:
    """Return a text for an attribute, cut to a length and escaped."""
    return plain(cut(text, most))


def address(link: str) -> str:
    """Return an address as a slide may hold it, or an empty string where it is not one of the web.

    Examples
    --------
    >>> address("https://example.org/a b"), address("javascript:alert(1)"), address("https://")
    ('https://example.org/a%20b', '', '')
    """
    text = link.strip()
    try:
        parts = urlsplit(text)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host) or ".." in host or parts.username is not None:
        return ""
    place = f"{parts.scheme}://{host}{f':{port}' if port else ''}"
    rest = text[text.index("//") + 2 + len(parts.netloc):]
    whole = place + quote(rest, safe="%/?#!$&'()*+,;=:@~-._", errors="replace").replace("#", "\0", 1).replace("#", "%23").replace("\0", "#")
    return whole if len(whole) <= _MOST_LINK else ""


def language_of(text: str) -> str:
    """Return the language tag of a text by the script of its letters; English where they are Latin.

    Examples
    --------
    >>> language_of("Idlib"), language_of("إدلب")
    ('en-GB', 'ar-SA')
    """
    letters = next((character for character in text if character.isalpha() and ord(character) > 0x36F), "")
    script = unicodedata.name(letters, "") if letters else ""
    return next((tag for start, tag in _LANGUAGES if script.startswith(start)), "en-GB")


def text_width(text: str, size: float, *, face: str = "sans", bold: bool = False) -> float:
    """Return about how wide a text runs in the slides' fonts, in the unit of `size`.

    Examples
    --------
    >>> round(text_width("Idlib", 10), 2)
    18.34
    """
    table = _table(bold)
    total = sum(0 if unicodedata.combining(letter) else table.get(letter, _OTHER) for letter in text)
    return total / 1000 * size * (_SERIF if face == "serif" else 1.0)


def box_of(words: Words, width: float) -> tuple[float, float, float, float, float]:
    """Return the box of some words: x, y of its upper left corner, width, height and turn, in points and degrees.

    The box lies as it would unturned about its own centre, as a slide wants it. `width` is that of the widest line.
    """
    leading = _leading(words)
    rise, height = leading - _DESCENT[words.face] * words.size, leading * max(1, len(words.lines))
    left = {"left": 0.0, "middle": -width / 2, "center": -width / 2, "right": -width}[words.align]
    cx, cy = left + width / 2, height / 2 - rise
    turn = math.radians(words.angle)
    x, y = words.x + cx * math.cos(turn) - cy * math.sin(turn), words.y + cx * math.sin(turn) + cy * math.cos(turn)
    return x - width / 2, y - height / 2, width, height, words.angle % 360


def body_xml(words: Words, *, scale: float = 1.0, fit: float = 1.0, theme: bool = False, anchor: str = "t") -> str:
    """Return the p:txBody of some words, for a box without insets that wraps nothing.

    Parameters
    ----------
    scale
        By how much the plate is enlarged on the slide.
    fit
        By how much the letters are narrowed besides, so that a text takes the width that it was measured to have.
    theme
        Whether the fonts of the presentation's theme are taken.
    """
    spacing = f'<a:lnSpc><a:spcPts val="{_bounded(_leading(words) * scale * 100, 100, 158400)}"/></a:lnSpc>'  # exact, so the baseline is
    align = {"left": "l", "middle": "ctr", "center": "ctr", "right": "r"}[words.align]
    inner = f'{spacing}<a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
    paragraph = f'<a:pPr marL="0" indent="0" algn="{align}" rtl="{int(words.rtl)}">{inner}</a:pPr>'
    runs = _runs(words, scale=scale, fit=fit, theme=theme)
    return (
        f'<p:txBody><a:bodyPr wrap="none" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr>'
        f"<a:lstStyle/><a:p>{paragraph}{runs}</a:p></p:txBody>"
    )


def _runs(words: Words, *, scale: float, fit: float, theme: bool) -> str:
    lines: Iterable[tuple[int, str]] = enumerate(words.lines or ("",))
    made = []
    for number, line in lines:
        language = language_of(line)
        manner = _manner(words, language, scale=scale, fit=fit, theme=theme)
        if number:
            made.append(f"<a:br><a:rPr {manner}</a:rPr></a:br>")
        made.append(f"<a:r><a:rPr {manner}</a:rPr><a:t>{plain(line)}</a:t></a:r>")
    return "".join(made)


def _manner(words: Words, language: str, *, scale: float, fit: float, theme: bool) -> str:
    """The inside of a:rPr, its attributes first."""
    size = _bounded(words.size * scale * fit * 100, 100, 400000)
    spacing = f' spc="{round(words.spacing * scale * 100)}"' if words.spacing else ""
    latin = ("+mj-lt" if words.face == "serif" else "+mn-lt") if theme else FACES[words.face]
    script = ("+mj-cs" if words.face == "serif" else "+mn-cs") if theme else "Arial"
    glow = ""
    if words.halo and words.halo_width:
        radius = round(words.halo_width * scale * _GLOW * 12700)
        glow = f'<a:glow rad="{radius}"><a:srgbClr val="{words.halo[1:7]}"/></a:glow>'
    return (
        f'lang="{language}" sz="{size}" b="{int(words.weight >= _BOLD)}" i="{int(words.italic)}" u="none"{spacing} dirty="0">'
        f'<a:solidFill><a:srgbClr val="{words.colour[1:7]}"/></a:solidFill><a:effectLst>{glow}</a:effectLst>'
        f'<a:latin typeface="{latin}"/><a:cs typeface="{script}"/>'
    )


def _leading(words: Words) -> float:
    return words.leading or LEADING * words.size


def _bounded(value: float, least: int, most: int) -> int:
    return min(most, max(least, round(value)))


@functools.cache
def _table(bold: bool) -> dict[str, int]:
    return {chr(32 + number): int(width) for number, width in enumerate(_WIDTHS[bold].split())}
