"""The page's data in a language of the interface: what Salient says in them, never what a report says or how a place is called."""

from __future__ import annotations

import re
from typing import Any

from geo import messages
from geo.retold import retold

__all__ = ["spoken"]

# Of each feature, relation and list, the fields that hold words of ours; titles of places and what the reports say are not among them.
_OF_FEATURE = ("status_words", "reason")
_OF_RELATION = ("bond", "status_words", "reason")
_OF_PAGE = ("view_words", "boundary_note", "attribution")


def spoken(data: dict[str, Any], language: str) -> dict[str, Any]:
    """Return the data of a page in a language; the same object for English. The data themselves stay as they are.

    Parameters
    ----------
    data
        As `geo.payload.payload` makes them; keys that are missing are left out.
    language
        A code of `geo.messages.LANGUAGES`.

    Examples
    --------
    >>> spoken({"layers": [], "legend": [{"label": "front line, inferred", "group": ""}]}, "es")["legend"][0]["label"]
    'línea del frente, inferida'
    """
    if language == messages.DEFAULT or language not in messages.LANGUAGES:
        return data
    made = {**data, **{key: retold(data[key], language) for key in _OF_PAGE if key in data}}
    made["layers"] = [
        {**layer, "title": retold(layer["title"], language), "features": [_feature(one, language) for one in layer["features"]]}
        for layer in data.get("layers", ())
    ]
    made["legend"] = [_line(one, language) for one in data.get("legend", ())]
    made["relations"] = [_with(one, _OF_RELATION, language) for one in data.get("relations", ())]
    made["units"] = [[key, retold(words, language)] for key, words in data.get("units", ())]
    made["listed"] = [[retold(words, language), *rest] for words, *rest in data.get("listed", ())]
    made["about"] = [retold(line, language) for line in data.get("about", ())]
    made["texts"] = [_text(one, language) for one in data.get("texts", ())]
    if "preset" in data:
        made["preset"] = _with(data["preset"], ("title",), language)
    return made


def _with(one: dict[str, Any], fields: tuple[str, ...], language: str) -> dict[str, Any]:
    return {**one, **{field: retold(one[field], language) for field in fields if one.get(field)}}


def _line(one: dict[str, Any], language: str) -> dict[str, Any]:
    return {**one, "label": _label(one["label"], language), "group": retold(one["group"], language)}


def _label(label: str, language: str) -> str:
    """A line of the legend: a heading, a party and what is said of it, each where it stands."""
    whole = retold(label, language)
    head, colon, rest = label.partition(": ")
    if whole != label:
        return whole
    if colon and retold(head, language) != head:
        halves = {"head": _piece(head, language), "rest": messages.Said(_pieces(rest, language))}
        return messages.filled(messages.known("{head}: {rest}", language), language, halves)
    return _pieces(label, language)


def _pieces(words: str, language: str) -> str:
    pieces = words.split(", ")
    cell = f"{messages.known(',', language)} ".join(f"{{piece{number}}}" for number in range(len(pieces)))
    return messages.filled(cell, language, {f"piece{number}": _piece(piece, language) for number, piece in enumerate(pieces)})


def _piece(words: str, language: str) -> str:
    """Words of ours, said; or a name, which is set apart where it runs the other way."""
    said = retold(words, language)
    return messages.Said(said) if said != words else words


def _feature(one: dict[str, Any], language: str) -> dict[str, Any]:
    made = {**_with(one, _OF_FEATURE, language), "limits": [retold(limit, language) for limit in one.get("limits", ())]}
    return made if one.get("status") == "mentioned" and one.get("predicate") != "phrase" else {**made, **_areas(one, language)}


def _areas(one: dict[str, Any], language: str) -> dict[str, str]:
    """What is said of an area, or the area in words; of a place that is named, both are its name."""
    return {field: retold(one[field], language, named=True) for field in ("title", "words") if one.get(field)}


def _text(one: dict[str, Any], language: str) -> dict[str, Any]:
    """A report: only why a name is not drawn is ours."""
    paragraphs = [[_with(piece, ("w",), language) if "w" in piece else piece for piece in paragraph] for paragraph in one["paragraphs"]]
    return {**one, "byline": _dated(one["byline"], language), "paragraphs": paragraphs}


_DATE = re.compile(r"(?:(.*), )?(\d{1,2}) ([A-Z][a-z]+) (\d{4})", re.DOTALL)


def _dated(byline: str, language: str) -> str:
    """A byline with its date, if it ends in one, as the language writes it."""
    found = _DATE.fullmatch(byline)
    if found is None:
        return byline
    day, month = int(found[2]), messages.known(found[3], language)
    date = messages.Said(messages.say("{day} {month} {year}", language=language, day=day, month=messages.Said(month), year=found[4]))
    comma = messages.known(",", language)
    return messages.filled(f"{{source}}{comma} {{date}}", language, {"source": found[1], "date": date}) if found[1] else date
