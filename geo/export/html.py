"""One self-contained HTML page: nothing is fetched, nothing but our own scripts may run."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from geo import annotate, messages, webmap
from geo.choices import DEFAULT, Choices
from geo.errors import DataError, InputError

if TYPE_CHECKING:
    from geo.layers import Layer
    from geo.situation import Situation

__all__ = ["leaflet", "page", "policy", "write"]

_LOADS = {
    f'<script src="{webmap.LEAFLET_JS_URL}"></script>': ("leaflet.js", "<script>\n{}</script>"),
    f'<link rel="stylesheet" href="{webmap.LEAFLET_CSS_URL}"/>': ("leaflet.css", "<style>\n{}</style>"),
}
"""Every address that the rendered map loads from, and what stands in its place."""

_VIEWPORT = re.compile(r'<meta name="viewport" content="width=device-width,\s+initial-scale=1\.0, maximum-scale=1\.0, user-scalable=no" />')

_POLICY = (
    "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data: blob:{}; font-src data:; "
    "connect-src 'none'; base-uri 'none'; form-action 'none'"
)


def write(situation: Situation, path: Path | str, choices: Choices = DEFAULT) -> Path:
    """Write a situation as one HTML file that opens with no network; the file appears whole or not at all.

    Raises
    ------
    InputError
        If `path` is a directory or its folder is missing.
    """
    target = Path(path)
    if target.is_dir() or not target.parent.is_dir():
        raise InputError(f"The page cannot be written to {str(target)!r}; give a file name in a folder that exists.")
    text = page(situation, choices=choices)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
    finally:
        Path(temporary).unlink(missing_ok=True)
    return target


def page(situation: Situation, *, layers: Iterable[Layer] | None = None, choices: Choices = DEFAULT) -> str:
    """Return the page as text; the same situation gives the same bytes. It shows `layers`, by default those of the situation.

    Raises
    ------
    DataError
        If the rendered map would load anything from an address that is not known here.
    """
    rendered = webmap.web_map(situation, layers=layers, panel=True, choices=choices).get_root().render()
    for load, (name, wrapped) in _LOADS.items():
        if rendered.count(load) != 1:
            raise DataError(
                f"The rendered map should load {name} once, but does so {rendered.count(load)} times; use folium 0.20."
            )
        rendered = rendered.replace(load, wrapped.format(leaflet(name)))
    return _closed(rendered, title=situation.title, tiles=webmap.tile_host(choices.basemap), language=choices.language)


def leaflet(name: str) -> str:
    """Return a vendored file, checked: "leaflet.js" or "leaflet.css", without the pictures that its style names, which would be requests.

    Raises
    ------
    DataError
        If the file is not the one whose hash is on record.
    """
    data = (webmap.LEAFLET / name).read_bytes()
    if f"{hashlib.sha256(data).hexdigest()}  {name}" not in (webmap.LEAFLET / "SHA256SUMS").read_text(encoding="ascii"):
        raise DataError(f"The vendored file leaflet/{name} is not the one whose hash is on record; restore it from the repository.")
    return re.sub(r"url\([^)]*\)", "none", data.decode("utf-8")) if name.endswith(".css") else data.decode("utf-8")


def _closed(rendered: str, *, title: str, tiles: str, language: str) -> str:
    """Add the title and a policy that allows exactly the scripts that are there; refuse anything that would be fetched but tiles."""
    found = _Loads()
    found.feed(rendered)
    found.close()
    if found.addresses:
        raise DataError(f"The page would fetch {found.addresses[0]!r}; only what is inlined may be used.")
    head = (
        f'<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="{policy(found.scripts, tiles=tiles)}">\n'
        f"<title>{annotate.escape(title)}</title>\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="referrer" content="{"origin" if tiles else "no-referrer"}">'
    )
    tongue = f'lang="{language}"' + (' dir="rtl"' if language in messages.RTL else "")
    opened = rendered.replace("<html>\n<head>", f"<html {tongue}>\n<head>\n{head}", 1)
    if opened == rendered:
        raise DataError("The rendered map has no head to carry its security policy; this version of folium is not supported.")
    return _VIEWPORT.sub("", opened, count=1)


def policy(scripts: Iterable[str], *, tiles: str = "") -> str:
    """Return the content security policy of a page that may run these scripts and no other, and fetch from nobody but a server of tiles."""
    hashes = {f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'" for text in scripts}
    return _POLICY.format(" ".join(sorted(hashes)), tiles and f" {tiles}")


class _Loads(HTMLParser):
    """The inline scripts of a page, and every address that it would load from."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.scripts: list[str] = []
        self.addresses: list[str] = []
        self._open = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a script, and anything that loads."""
        named = dict(attrs)
        self.addresses.extend(
            value for key, value in named.items() if value and key in ("src", "srcset", "data", "poster", "background", "action")
        )
        if tag in ("link", "base", "iframe", "object", "embed") and named.get("href"):
            self.addresses.append(str(named["href"]))
        if tag == "script":
            self._open = True
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        """End a script."""
        if tag == "script":
            self._open = False

    def handle_data(self, data: str) -> None:
        """Gather a script's text."""
        if self._open:
            self.scripts[-1] += data
