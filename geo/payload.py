"""What the page's script needs to know: layers, texts and basemap as one value that JSON can carry.

`script_json` writes it so that no character can end the script that holds it or open a template.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from geo import basemap as ground
from geo import layers as drawing
from geo import playback, symbology
from geo.choices import DEFAULT, Choices
from geo.installed import credits
from geo.languages import limit
from geo.payload_features import Drawn, Look, drawn_features, legend_of
from geo.payload_points import pack_points
from geo.payload_texts import Texts, listed, told_relations
from geo.plate.dots import dotted
from geo.views import first_view

if TYPE_CHECKING:
    import datetime as dt

    from geo.layers import Layer
    from geo.records import Document
    from geo.situation import Situation

__all__ = ["payload", "script_json"]

_VIEW_WORDS = {"de_facto": "borders: de facto view", "de_jure": "borders: de jure view", "neutral": "borders: neutral view"}

_OF_PRESET = ("title", "zones", "signs", "relief", "admin", "graticule")


def payload(
    situation: Situation, drawn: Sequence[Layer], *, choices: Choices = DEFAULT, basemap: bool = True, panel: bool = True, credit: str = "",
    steps: bool = False, desk: bool = False,
) -> dict[str, Any]:
    """Return what the page's script needs, as a value that JSON can carry.

    Parameters
    ----------
    situation, drawn
        What some reports say, and the layers made from it.
    choices
        The preset and the language of names.
    basemap
        Whether the offline vector basemap goes along.
    panel
        Whether the marked text and the map in words stand beside the map.
    credit
        Whose tiles lie under the map, if any.
    steps
        Whether the layers of earlier days go along, through which the page then steps.
    desk
        Whether each piece of a text says where it stands and which claims it tells, and each feature on which claims it stands, for the
        desk, where a reader corrects them.
    """
    bounds, look, texts = first_view(drawn), Look(situation, choices, desk=desk), Texts(situation, desk=desk)
    dots, timeless = look.preset["zones"] == "dots", not set(look.preset["layers"]) - _TIMELESS
    dates = playback.days_of(situation, most=MOST_OF_DOTS if dots else playback.MOST) if steps and not timeless else ()
    redrawn = len(situation.claims) <= MOST_REDRAWN
    days = _days(situation, drawn, dates if redrawn else (), bounds, dots=dots)
    legend, entries = legend_of(days, look=look)
    features = drawn_features(days, entries=entries, texts=texts, look=look, since={} if redrawn else _since(situation, dates))
    return {
        "title": situation.title,
        "as_of": situation.as_of.isoformat() if situation.as_of else "",
        "days": [day.isoformat() for day in dates],
        "view": situation.view,
        "view_words": _VIEW_WORDS.get(situation.view, f"borders: {situation.view}"),
        "bylines": list(dict.fromkeys(filter(None, map(_byline, situation.documents)))),
        "bounds": [round(edge, 3) for edge in bounds],
        "panel": panel,
        "preset": {"name": choices.preset, **{key: look.preset[key] for key in _OF_PRESET}},
        "style": {"layers": symbology.style()["layers"], "icons": symbology.style()["icons"], "base": look.preset["base"]},
        "symbols": look.symbols,
        "units": look.units(),
        "layers": features,
        "legend": legend,
        "packed": pack_points(features, icons=symbology.style()["icons"]),
        "texts": texts.all() if panel else [],
        "relations": told_relations(situation, texts) if panel else [],
        "unresolved": list(dict.fromkeys(mention.text for mention in situation.unresolved)),
        "listed": listed(situation, desk=desk) if panel else [],
        "sources": [*_base(situation), *([d.title, d.source, d.published.isoformat() if d.published else ""] for d in situation.documents)],
        "boundary_note": ground.BOUNDARY_NOTE + f" Map {_VIEW_WORDS.get(situation.view, situation.view)}.",
        "attribution": f"{f'Tiles: {credit}' if credit else ground.ATTRIBUTION}{_further()}{_base_credit(situation)}. Drawn with Leaflet.",
        "about": _about(situation, days=len(dates), redrawn=redrawn),
        "basemap": look.names.on_basemap(ground.cut(bounds, view=situation.view)) if basemap else None,
    }


MOST_OF_DOTS = 6
"""Days through which settlement dots step at most: whose each settlement is takes a third of a second a day to find."""

MOST_REDRAWN = 300
"""Above so many claims the areas of earlier days are not drawn anew: the page then hides what began later, and says so."""


def _since(situation: Situation, dates: Sequence[dt.date]) -> dict[str, range]:
    """The numbers of the days on which each claim that began after the first of them stands."""
    days = playback.began(situation)
    found = {name: bisect_left(dates, day) for name, day in days.items() if day is not None}
    return {name: range(first, len(dates)) for name, first in found.items() if first > 0}


_TIMELESS = {"reference", "places"}


def _days(
    situation: Situation, drawn: Sequence[Layer], dates: Sequence[dt.date], bounds: tuple[float, float, float, float], *, dots: bool
) -> list[Drawn]:
    """The layers of each day, the last one that of the map; as settlement dots where the preset has those."""
    earlier = [playback.on_the_day(situation, day) for day in dates[:-1]]
    days = [*((then, drawing.layers(then)) for then in earlier), (situation, tuple(drawn))]
    return [dotted(layers, then, bounds) for then, layers in days] if dots else [layers for _, layers in days]


def _further() -> str:
    """Whose data a user has installed, besides what ships."""
    return "".join(f"; {origin} ({licence})" for origin, licence in credits() if origin not in ground.ATTRIBUTION)


def _base(situation: Situation) -> list[list[str]]:
    """The base map that the reports brought up to date, as a source: title, publisher, date."""
    base = getattr(situation, "base", None)
    return [list(base.source)] if base else []


def _base_credit(situation: Situation) -> str:
    return "".join(f"; base map: {', '.join(filter(None, source))}" for source in _base(situation))


def script_json(value: object) -> str:
    """Return JSON that is safe inside a script element and inside a Jinja template.

    Examples
    --------
    >>> script_json({"a": "</script>{{7*7}}"})
    '{"a":"\\\\u003c/script\\\\u003e\\\\u007b\\\\u007b7*7}}"}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    # A brace before a brace, "%" or "#" stands only inside a string: no JSON structure has it.
    for second in "%#":
        text = text.replace("{" + second, "\\u007b" + second)
    return text.replace("{{", "\\u007b\\u007b")


def _byline(document: Document) -> str:
    return document.source or ""


def _about(situation: Situation, *, days: int, redrawn: bool) -> list[str]:
    count = len(situation.documents)
    return [
        *dict.fromkeys(filter(None, (limit(document.language) for document in situation.documents))),
        f"Salient drew this map from {'one report' if count == 1 else f'{count} reports' if count else 'other maps'}. "
        "It shows what the text says, not what is so: every mark leads to the words that it stands on.",
        "Colour says which party, pattern says which status: solid is reported, hatched is claimed, crossed is contested, broken hatching "
        "is proposed. A faded edge means that the text gives no exact line. A dashed ring shows how precisely a place is known.",
        "A capital that stands for its government, and a people's name, are read as actors and are not drawn.",
        *([_OF_DAYS if redrawn else _OF_EVENTS] if days > 1 else []),
        *getattr(situation, "notes", ()),
    ]


_OF_DAYS = (
    "The dates under the map step through the days on which something began. A map of an earlier day shows what these reports date to "
    "that day or before; what they tell without a date stands on the day of the report."
)
_OF_EVENTS = (
    "The dates under the map step through the days on which something began, and hide what began later. Areas of control are those of "
    "the last day, whatever day is chosen."
)
