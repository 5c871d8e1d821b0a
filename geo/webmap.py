"""Layers to a `folium.Map`; the only module that imports folium.

Folium compiles what passes through it as Jinja templates, so that a place called ``{{ ... }}`` would run as code on the server. No report
text goes through it here: one element of ours writes the data raw, as JSON in which no character can end the script or open a template,
and JavaScript of ours builds the page from it by `textContent`.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import folium
import xyzservices.providers  # type: ignore[import-untyped]
from branca.element import Figure, MacroElement

from geo import annotate, messages, packed
from geo import layers as drawing
from geo.choices import DEFAULT, Choices
from geo.errors import InputError
from geo.payload import payload, script_json
from geo.payload_language import spoken

if TYPE_CHECKING:
    from geo.layers import Layer
    from geo.situation import Situation

__all__ = ["ASSETS", "LEAFLET", "LEAFLET_CSS_URL", "LEAFLET_JS_URL", "SCRIPTS", "tile_host", "web_map"]

ASSETS = Path(__file__).parent / "assets"
LEAFLET = ASSETS / "leaflet"
LEAFLET_JS_URL = "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.js"
LEAFLET_CSS_URL = "https://cdn.jsdelivr.net/npm/leaflet@1.9.4/dist/leaflet.css"

SCRIPTS = (
    "pack.js", "elements.js", *packed.SCRIPTS, "basemap.js", "symbols.js", "grid.js", "labels.js", "card.js", "features.js", "points.js",
    "marks.js", "legend.js", "text.js", "panel.js", "timeline.js", "permalink.js", "messages.js", "view.js", "main.js",
)
"""Our scripts, in the order in which the page runs them."""


def web_map(
    situation: Situation, *, layers: Iterable[Layer] | None = None, basemap: str = "", height: str = "100%", panel: bool = False,
    choices: Choices = DEFAULT,
) -> folium.Map:
    """Return an interactive map of a situation, to which a Folium user can add layers.

    Parameters
    ----------
    situation
        What some reports say.
    layers
        What to draw; by default `geo.layers.layers(situation)`, and that of earlier days, through which the page steps.
    basemap
        "offline" for the shipped vector basemap, "none", or the name of tiles in xyzservices ("OpenStreetMap.Mapnik"), which a viewer's
        browser then fetches from their server; by default that of `choices`.
    height
        Of the map, as CSS or a share ("100%").
    panel
        Whether the marked text and the map in words stand beside the map, as in the exported page.
    choices
        The preset, the language of names and the basemap.

    Raises
    ------
    InputError
        If `basemap` names no known tiles.
    """
    drawn = drawing.layers(situation) if layers is None else tuple(layers)
    basemap = basemap or choices.basemap
    tiles = None if basemap in ("offline", "none") else _tiles(basemap)
    data = payload(
        situation, drawn, choices=choices, basemap=basemap == "offline", panel=panel, steps=layers is None,
        credit=tiles.credit if tiles is not None else "",
    )
    if choices.language != messages.DEFAULT:
        data = {**spoken(data, choices.language), "language": messages.table(choices.language)}
    west, south, east, north = data["bounds"]
    made = folium.Map(
        location=[(south + north) / 2, (west + east) / 2],
        zoom_start=6,
        tiles=None,
        height=height,
        control_scale=False,
        attributionControl=False,
        zoomSnap=0.25,
        zoomDelta=1,
        minZoom=2,
        maxZoom=12 if tiles is None else 18,
        maxBoundsViscosity=1.0,
    )
    made.default_js = [("leaflet", LEAFLET_JS_URL)]
    made.default_css = [("leaflet_css", LEAFLET_CSS_URL)]
    script = script_json(data)
    _name(made, hashlib.sha256(script.encode("utf-8")).hexdigest()[:12])
    if tiles is not None:
        credit = _plain(tiles.credit)
        folium.TileLayer(tiles=tiles.address, attr=credit, max_zoom=18, max_native_zoom=tiles.finest, control=False).add_to(made)
    made.add_child(_Salient(made.get_name(), script), name="salient")
    return made


# Characters of data above which they are written squeezed: a report's page has some 500,000, most of them the basemap's, squeezed already.
SQUEEZED_ABOVE = 2_000_000


class _Salient(MacroElement):
    """Puts our style, script and data on the page, raw; the parent's render, which compiles its text as a template, is never called."""

    def __init__(self, map_name: str, data: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Salient"
        self.map_name, self.data = map_name, data

    def render(self, **kwargs: Any) -> None:  # type: ignore[override]
        figure = cast("Figure", self.get_root())
        figure.header.add_child(packed.Raw(f"<style>\n{_read('salient.css')}</style>"), name="salient_style")
        code = "\n".join(_read(name) for name in SCRIPTS)
        figure.script.add_child(packed.Raw(f"\n{code}\nSalient.{_start(self.map_name, self.data)};\n"), name="salient_script")


def _start(map_name: str, data: str) -> str:
    """The call that starts the page; much data goes squeezed, which a browser undoes faster than it reads a longer file."""
    if len(data) <= SQUEEZED_ABOVE:
        return f"start({map_name}, {data})"
    return f'startSqueezed({map_name}, "{packed.squeezed(data.encode("utf-8"))}")'


@functools.cache
def _read(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def _name(made: folium.Map, digest: str) -> None:
    """Give a map ids that follow from what it shows, so that the same input gives the same page."""
    made._id, made._parent = digest, None  # type: ignore[assignment]
    figure = Figure()
    figure._id = digest
    figure.add_child(made)


def tile_host(basemap: str) -> str:
    """Return the one server ("https://...") from which a page with these tiles fetches, or "" where it fetches nothing.

    Raises
    ------
    InputError
        If `basemap` names no known tiles.
    """
    if basemap in ("", "offline", "none"):
        return ""
    parts = urlsplit(_tiles(basemap).address)
    return f"{parts.scheme}://{parts.netloc}"


@dataclass(frozen=True, slots=True)
class _Tiles:
    """Where tiles are fetched, whose they are, and the finest zoom that they have."""

    address: str
    credit: str
    finest: int


def _tiles(name: str) -> _Tiles:
    try:
        found = xyzservices.providers.query_name(name)
    except ValueError as error:
        raise InputError(
            f'There are no tiles called {name!r}; use "offline", "none" or a name of xyzservices such as "OpenStreetMap.Mapnik".'
        ) from error
    try:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            address = found.build_url()
    except ValueError as error:
        raise InputError(f"The tiles {name!r} need a key of their publisher, which Salient does not take; choose others.") from error
    for warning in told:
        _log.warning("%s", warning.message)
    if not _ADDRESS.fullmatch(address):
        raise InputError(f"The tiles {name!r} are not fetched from one https server; choose others.")
    return _Tiles(address, found.attribution.replace("(C)", "©"), int(found.get("max_zoom") or 18))


_ADDRESS = re.compile(r"https://[a-z0-9.-]+(?::\d+)?/[^\s\"'<>]*\{z\}[^\s\"'<>]*")

_log = logging.getLogger(__name__)


def _plain(words: str) -> str:
    return annotate.escape(words)
