"""How a comparison is drawn: its changes as layers of the page that maps are shown on, and the situation that stands behind them.

Colour is whoever holds the ground on the later side: filled where it changed, dotted where nothing was said of it before. What nobody is
said to hold any more is grey; what is fought over is crossed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from shapely.geometry.base import BaseGeometry

from geo import actors as who
from geo import symbology
from geo.changes import Changes
from geo.claim_changes import state_words
from geo.holdings import Holdings
from geo.layers import COLUMNS, Layer, LegendEntry, legend_key, rows_of
from geo.records import Actor
from geo.situation import Situation

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["behind", "layers_of", "title_of"]

_LAYERS = {
    "changed hands": "control", "gained": "control", "newly reported": "influence", "no longer contested": "control",
    "newly contested": "contested", "lost": "past", "no longer reported": "past", "changed actor": "events", "changed status": "events",
    "new": "events", "gone": "past",
}
_TITLES = {
    "control": "Gained or changed hands", "influence": "Newly reported", "contested": "Newly contested",
    "past": "Lost or no longer reported", "events": "Said anew",
}
_POINTS = "what is said of a place"
_LARGE_KM2 = 20_000.0  # what is said anew of more than this (a province, a country) is listed and not drawn
_LIMIT = "It shows what the reports say differently; not when, or whether, the ground changed."


def title_of(found: Changes) -> str:
    """Return the title of a comparison: what changed from one day to another, or what two sources say differently."""
    before, after = found.before, found.after
    if found.of_sources:
        return f"What {before.title} and {after.title} say differently"
    if before.day and after.day:
        return f"What changed from {before.day.isoformat()} to {after.day.isoformat()}"
    return f"What changed from {before.title} to {after.title}"


def layers_of(found: Changes) -> tuple[Layer, ...]:
    """Return the changes as layers, in drawing order; only those that hold something."""
    colours = symbology.colours(_actors(found))
    rows = [*_area_rows(found, colours), *_claim_rows(found, colours)]
    drawn = ((key, [row for row in rows if row["layer"] == key]) for key in symbology.LAYER_KEYS)
    return tuple(_layer(key, mine) for key, mine in drawn if mine)


def behind(found: Changes, *, gazetteer: Gazetteer) -> Situation:
    """Return the situation behind a comparison: the reports, claims and mentions of both sides, each once, and the notes."""
    sides = (found.before, found.after)
    read = [side.situation for side in sides if side.situation is not None]
    documents = {document.id: document for side in sides for document in side.documents}
    return Situation(
        documents=tuple(documents.values()), title=title_of(found), notes=(*map(_side_words, ("Before", "After"), sides), *found.notes),
        mentions=tuple(dict.fromkeys(mention for one in read for mention in one.mentions)),
        claims=tuple({claim.id: claim for one in read for claim in one.claims}.values()),
        unresolved=tuple(dict.fromkeys(mention for one in read for mention in one.unresolved)),
        places=(), phrases=(), zones=found.after.zones, front_lines=None, actors=_actors(found), as_of=found.after.day,
        view=found.after.view or found.before.view or gazetteer.view, gazetteer=gazetteer,
    )


def _side_words(which: str, side: Holdings) -> str:
    day = f"as of {side.day.isoformat()}" if side.day and side.day.isoformat() not in side.title else ""
    return f"{which}: {', '.join(filter(None, (side.title, side.publisher, day)))}."


def _actors(found: Changes) -> tuple[Actor, ...]:
    """Return the actors of the changes, as the table of actors or the reports know them."""
    told = {one.id: one for side in (found.before, found.after) if side.situation is not None for one in side.situation.actors}
    rows = [*found.areas.itertuples(), *found.claims.itertuples()]
    names = {row.from_actor: row.from_name for row in rows} | {row.to_actor: row.to_name for row in rows}
    known = {actor.id: actor for actor in who.shipped() if actor.id in names}
    return tuple({name: told.get(name) or known.get(name) or Actor(id=name, name=words) for name, words in names.items() if name}.values())


def _area_rows(found: Changes, colours: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    for row in found.areas.itertuples():
        towns = f"; {row.settlements} settlement{'s' if row.settlements > 1 else ''}" if row.settlements else ""
        roads = f"; {row.road_km:,.0f} km of roads" if row.road_km >= 1 else ""
        largest = f": {', '.join(row.largest)}" if row.largest else ""
        yield _row(
            found, row, colours, id=row.id, title=f"{_who(row, found)}{largest}", km2=float(row.km2), geometry=row.geometry,
            words=f"{row.km2:,.1f} km2{roads}{towns}", vague=row.change in ("newly reported", "no longer reported"),
        )


def _claim_rows(found: Changes, colours: Mapping[str, str]) -> Iterable[dict[str, Any]]:
    """What is said differently of places that no changed area shows."""
    for number, row in enumerate(found.claims.itertuples()):
        shape: BaseGeometry | None = row.geometry
        if shape is None or shape.is_empty:
            continue
        point = shape if shape.geom_type == "Point" else shape.representative_point()
        was, now = state_words(row.from_name, row.from_status, row.from_predicate), state_words(row.to_name, row.to_status, row.predicate)
        states = " -> ".join(filter(None, (was, now)))
        yield _row(
            found, row, colours, id=f"said:{number}", title=f"{row.place}: {states}", geometry=point, words=row.place, icon="event",
            label=row.place if row.recipe.startswith("Named(") else "", recipe=row.recipe,
        )


def _row(found: Changes, row: Any, colours: Mapping[str, str], **values: Any) -> dict[str, Any]:
    style = symbology.style()
    layer = _LAYERS[row.change]
    grey = str(style["neutral"])
    actor, name = (row.to_actor, row.to_name) if row.to_actor else (row.from_actor, row.from_name)
    sources = dict.fromkeys(("", source, day) for _, source, day in (*row.before_quotes, *row.after_quotes) if source or day)
    blank: dict[str, Any] = dict.fromkeys(COLUMNS, "")
    blank.update(
        layer=layer, actor=actor, status="reported",
        actor_name=f"{name}, {found.words(row.change)}" if name and layer != "contested" else found.words(row.change),
        colour=grey if layer == "past" else colours.get(actor.split("|")[0], grey),
        status_words=found.words(row.change), predicate=row.change,
        quotes=_quotes(row.before_quotes, "before") + _quotes(row.after_quotes, "now"), sources=tuple(sources), confidence=0.0,
        limits=(_LIMIT,), claims=tuple(dict.fromkeys((*row.before_claims, *row.after_claims))), mentions=(), decisions=(), km2=0.0,
        length_km=0.0, ring_km=0.0, precision=0, vague=False, quiet=False, as_of=str(found.after.day or ""),
    )
    return blank | values


def _quotes(quotes: Sequence[tuple[str, str, str]], side: str) -> tuple[tuple[str, int, int, str], ...]:
    return tuple(("", 0, 0, f"{quote} ({', '.join(filter(None, (side, source, day)))})") for quote, source, day in quotes)


def _who(row: Any, found: Changes) -> str:
    if row.change == "changed hands":
        return f"{row.from_name} or {row.to_name}" if found.of_sources else f"From {row.from_name} to {row.to_name}"
    words = found.words(row.change)
    if row.change == "newly contested" and row.from_name:
        return f"{words[:1].upper()}{words[1:]}, {'else' if found.of_sources else 'before'}: {row.from_name}"
    return f"{words[:1].upper()}{words[1:]}: {row.to_name or row.from_name}"


def _layer(key: str, rows: list[dict[str, Any]]) -> Layer:
    drawn = rows_of(rows, COLUMNS)
    kind = "point" if key == "events" else "polygon"
    lines = {legend_key(row, key): row for row in drawn}
    legend = tuple(
        LegendEntry(
            key=line, label=_POINTS if row.icon else row.actor_name, sign="icon" if row.icon else "area", layer=key, colour=row.colour,
            icon=row.icon,
        )
        for line, row in lines.items()
    )
    return Layer(key=key, title=_TITLES[key], rows=drawn, columns=COLUMNS, kind=kind, legend=legend, style=dict(symbology.layer_style(key)))
