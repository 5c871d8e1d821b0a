"""How a page of ours stands in somebody else's: the frame to paste, and the oEmbed answer that goes beside the page.

The frame may run the page's own script and nothing else: it has no origin, so it reaches nothing of the page round it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote, urlsplit

from geo.annotate import escape
from geo.errors import InputError
from geo.export import replacing, suffix_of

__all__ = ["HEIGHT", "WIDTH", "checked", "embed", "oembed", "oembed_path", "page_of", "snippet"]

WIDTH, HEIGHT = 960, 600
"""Of the frame, in pixels, unless the page round it says otherwise: map and text side by side need 760."""


def page_of(targets: Sequence[Path], address: str = "") -> Path:
    """Return the page among the files to write, for which a frame is asked.

    Raises
    ------
    InputError
        If none or several of them are pages, or the address that it will have is none.
    """
    pages = [target for target in targets if suffix_of(target) == ".html"]
    if len(pages) != 1:
        raise InputError(f"--embed is for one page, and {len(pages)} are written; give one -o that ends in .html.")
    if address:
        checked(address)
    return pages[0]


def embed(page: Path, *, title: str, address: str = "") -> str:
    """Write the oEmbed answer of a page beside it, and return the frame to paste.

    Parameters
    ----------
    page
        The page, already written.
    title
        Of the map.
    address
        That the page will have; by default its file name, for a page round it in the same folder.

    Raises
    ------
    InputError
        If the answer cannot be written there, or the address is none.
    """
    told = oembed(address or quote(page.name), title=title)
    replacing(oembed_path(page), lambda file: _write(file, told))
    return snippet(address or quote(page.name), title=title)


def snippet(address: str, *, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the frame that shows a page, as one line of HTML.

    Parameters
    ----------
    address
        Of the page: https://, http://, or a file name relative to the page round it.
    title
        Of the map; a screen reader says it before it enters the frame.

    Raises
    ------
    InputError
        If the address is no such address.

    Examples
    --------
    >>> snippet("map.html", title='The "M5"')[:60]
    '<iframe src="map.html" title="The &quot;M5&quot;" width="960'
    """
    return (
        f'<iframe src="{escape(checked(address))}" title="{escape(_one_line(title))}" width="{int(width)}" height="{int(height)}" '
        'sandbox="allow-scripts" loading="lazy" style="border:0;max-width:100%"></iframe>'
    )


def oembed(address: str, *, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """Return the answer of oEmbed 1.0 (type "rich") for a page, as JSON; the same page gives the same text.

    Raises
    ------
    InputError
        If the address is no address of a page.
    """
    told = {
        "version": "1.0", "type": "rich", "provider_name": "Salient", "title": title, "width": int(width), "height": int(height),
        "html": snippet(address, title=title, width=width, height=height),
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def oembed_path(page: Path) -> Path:
    """Return where the oEmbed answer of a page lies: beside it.

    Examples
    --------
    >>> oembed_path(Path("out/map.html")).name
    'map.oembed.json'
    """
    return page.with_name(f"{page.stem}.oembed.json")


def checked(address: str) -> str:
    """Return an address to which a frame may lead.

    Raises
    ------
    InputError
        If it is empty, has a line break in it, or is of another kind than http, https or a relative path.
    """
    try:
        scheme = urlsplit(address).scheme
    except ValueError as error:
        raise InputError(f"The address {address!r} cannot be read; write it as https://example.org/map.html.") from error
    if not address.strip() or any(ord(character) < 33 for character in address) or scheme not in ("", "http", "https"):
        raise InputError(f"The address {address!r} is none of a page; write it as https://example.org/map.html.")
    return address


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8", newline="\n")


def _one_line(words: str) -> str:
    return " ".join(words.split())
