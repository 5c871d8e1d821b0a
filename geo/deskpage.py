"""The two panes of the desk, text and map, as one page that is opened once and then fed.

`shell` is the page without any data; `feed` is what it is told of a situation. The page shows each feed in place of the last, so that a
correction, another look or another language moves neither the view nor the text (see geo/assets/desk.js).
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo import layers as drawing
from geo import messages, playback, webmap
from geo.choices import DEFAULT, Choices
from geo.desk_ground import further_boxes, with_more
from geo.export.html import leaflet, policy
from geo.payload import payload
from geo.payload_language import spoken
from geo.payload_names import Names

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["SCRIPTS", "STEPS_AT_ONCE", "Feed", "feed", "shell"]

SCRIPTS = (
    "desk_text.js", "desk_panel.js", "desk_draw.js", "desk_search.js", "desk_layout.js", "desk_head.js", "desk_talk.js", "desk.js",
)
"""The scripts of the desk, run after those of every page (`geo.webmap.SCRIPTS`)."""

STEPS_AT_ONCE = 40
"""Up to so many claims the maps of earlier days go along at once; above, they are made when the reader moves the date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What the page is told of a situation: `data`, and the `ground` under it, each as JSON in UTF-8 with the key that names it."""

    data: bytes
    data_key: str
    ground: bytes
    ground_key: str


@functools.cache
def shell() -> str:
    """Return the page without data: one string, the same each time, that fetches nothing and may run nothing but its own scripts.

    Examples
    --------
    >>> "connect-src 'none'" in shell()
    True
    """
    ours = "\n".join(_read(name) for name in (*webmap.SCRIPTS, *SCRIPTS))
    scripts = [f"\n{leaflet('leaflet.js')}\n", f"\n{ours}\nSalient.desk(document.body);\n"]
    styles = [leaflet("leaflet.css"), _read("salient.css"), _read("desk.css")]
    return "\n".join([
        "<!DOCTYPE html>", '<html lang="en">', "<head>", '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(scripts)}">', "<title>Salient</title>",
        '<meta name="viewport" content="width=device-width, initial-scale=1">', '<meta name="referrer" content="no-referrer">',
        *(f"<style>\n{style}</style>" for style in styles), "</head>", "<body>",
        *(f"<script>{script}</script>" for script in scripts), "</body>", "</html>",
    ])


def _read(name: str) -> str:
    return (webmap.ASSETS / name).read_text(encoding="utf-8")


def feed(situation: Situation, choices: Choices = DEFAULT, *, steps: bool = True, language: str = messages.DEFAULT) -> Feed:
    """Return what the page is told of a situation.

    Parameters
    ----------
    situation
        What some reports say.
    choices
        The preset, the language of names and whether the basemap lies under the map.
    steps
        Whether the maps of earlier days go along; without them the page names the days and asks for the rest when it needs it.
    language
        Of the interface.
    """
    data = payload(
        situation, drawing.layers(situation), choices=choices, basemap=choices.basemap != "none", panel=True, steps=steps, desk=True
    )
    ground = data.pop("basemap")
    if ground is not None:
        named = len(ground["towns"])
        ground = with_more(ground, further_boxes(_spots(data), data["bounds"]))
        ground["towns"][named:] = Names(situation, choices).on_basemap({"towns": ground["towns"][named:]})["towns"]
    if not steps:
        data["days"] = [day.isoformat() for day in playback.days_of(situation)]
    data |= {"lazy": not steps and len(data["days"]) > 1, "claims": _claims(situation)}
    data["language"] = messages.table(language)
    return _packed(spoken(data, language), ground)


def _packed(data: dict[str, Any], ground: Any) -> Feed:
    under = _bytes(ground)
    data["ground"] = _digest(under)
    told = _bytes(data)
    return Feed(data=told, data_key=_digest(told), ground=under, ground_key=data["ground"])


def _spots(data: dict[str, Any]) -> Iterator[tuple[float, float]]:
    """Where the marks lie that the map may go to: points, and the middle of what is an area."""
    for layer in data["layers"]:
        for feature in layer["features"]:
            spot = feature["geometry"].get("coordinates") if feature["geometry"]["type"] == "Point" else feature["anchor"]
            if spot and not feature["quiet"]:
                yield spot[0], spot[1]


def _claims(situation: Situation) -> list[list[str]]:
    """Each claim's id, in the order in which the pieces of the texts number them, and the words that the search finds it by."""
    return [[claim.id, claim.actor.name if claim.actor else ""] for claim in situation.claims]


def _bytes(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]
