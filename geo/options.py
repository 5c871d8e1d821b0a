"""What the options of the command line stand for: the reports, the day, the gazetteer, an earlier map."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from geo.choices import Choices
from geo.errors import InputError
from geo.settings import DEFAULTS, SETTINGS, Value
from geo.settings import settings as checked
from geo.terminal import printable

if TYPE_CHECKING:
    from geo.earlier import EarlierMap
    from geo.gazetteer import OfflineGazetteer
    from geo.records import Document

__all__ = ["chosen_output", "chosen_settings", "day", "documents", "earlier_map", "gazetteer", "number", "report"]


def chosen_settings(given: argparse.Namespace) -> dict[str, Value]:
    """Every setting, checked, as the options give it."""
    return checked({setting.name: getattr(given, setting.name, None) for setting in SETTINGS})


def chosen_output(given: argparse.Namespace) -> Choices:
    """How the map is to look, as the options give it."""
    from geo import symbology

    symbology.preset(given.preset)
    symbology.size(given.size)
    return Choices(
        preset=given.preset, size=given.size, dpi=given.dpi, names=given.names, basemap=given.basemap, steps=given.steps,
        template=Path(given.template) if given.template else None, own=tuple(given.own),
    )


def number(chosen: dict[str, Value], name: str) -> float:
    """A setting that is a number."""
    return float(str(chosen[name]))


def documents(given: argparse.Namespace, chosen: dict[str, Value]) -> list[Document]:
    """The reports that the options name, in their order."""
    if given.reports.count("-") > 1:
        raise InputError("Standard input (-) can be given only once; name the other reports by their files.")
    return [report(path, given.encoding, chosen["max_mb"]) for path in given.reports]


def report(path: str, encoding: str | None, max_mb: Value) -> Document:
    """One report."""
    from geo.documents import load

    return load(path, encoding=encoding, max_mb=float(str(max_mb if max_mb is not None else DEFAULTS["max_mb"])))


def gazetteer(chosen: dict[str, Value]) -> OfflineGazetteer:
    """The gazetteer, with the border view that is chosen."""
    from geo.gazetteer import open_gazetteer

    return open_gazetteer(view=str(chosen["view"]))


def earlier_map(given: argparse.Namespace, chosen: dict[str, Value], *, keep_names: bool = False) -> EarlierMap | None:
    """The base map that the options name, or None; what was repaired in it is told on standard error."""
    from geo import earlier

    if not given.base:
        if given.actor_column or given.actor_map or given.base_layer or given.base_date or given.base_credit:
            raise InputError("--actor-column, --actor-map and the options --base-... are of a base map; name it with --base.")
        return None
    table = earlier.read_actor_map(given.actor_map) if given.actor_map else None
    base = earlier.read_earlier(
        given.base, actor_column=given.actor_column, actor_map=table, layer=given.base_layer, credit=given.base_credit,
        day=day(given.base_date) if given.base_date else None, gazetteer=None if keep_names else gazetteer(chosen), keep_names=keep_names,
    )
    sys.stderr.writelines(f"{printable(note)}\n" for note in base.notes)
    return base


def day(words: str) -> dt.date:
    """The day that an option names."""
    try:
        return dt.date.fromisoformat(words)
    except ValueError as error:
        raise InputError(f"The date {words!r} cannot be read; write it as 2020-03-05.") from error
