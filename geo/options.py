"""What the options of the command line stand for: the reports, the day, the gazetteer, an earlier map."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo.choices import Choices
from geo.errors import InputError
from geo.settings import DEFAULTS, SETTINGS, Value
from geo.settings import settings as checked
from geo.terminal import printable

if TYPE_CHECKING:
    from geo.earlier import EarlierMap
    from geo.gazetteer import OfflineGazetteer
    from geo.records import Decision, Document
    from geo.situation import Reading, Situation

__all__ = [
    "as_kept", "chosen_blur", "chosen_output", "chosen_settings", "day", "decisions", "documents", "earlier_map", "events", "gazetteer",
    "is_events", "number", "projects", "report", "reports",
]


def chosen_settings(given: argparse.Namespace, before: Mapping[str, object] = MappingProxyType({})) -> dict[str, Value]:
    """Every setting, checked, as the options give it, else as it was `before`."""
    told = {setting.name: getattr(given, setting.name, None) for setting in SETTINGS}
    return checked({name: before.get(name) if value is None else value for name, value in told.items()})


def projects(given: argparse.Namespace) -> dict[str, Situation]:
    """The situations of the GeoPackages among the reports, by their paths."""
    named = [path for path in given.reports if path.lower().endswith(".gpkg")]
    if not named:
        return {}
    from geo.project import reopen

    return {path: reopen(path) for path in named}


def as_kept(given: argparse.Namespace, kept: Mapping[str, Situation]) -> Situation | None:
    """The one situation that was given, where no setting, correction, base map or reader asks for its reports to be read anew."""
    anew = [given.base, given.decisions, given.reader_url, *(getattr(given, one.name, None) for one in SETTINGS if one.name != "max_mb")]
    return next(iter(kept.values())) if len(given.reports) == len(kept) == 1 and not any(anew) else None


def chosen_output(given: argparse.Namespace) -> Choices:
    """How the map is to look, as the options give it."""
    from geo import actors, symbology

    symbology.preset(given.preset)
    symbology.size(given.size)
    for name in given.own:
        actors.shipped().get(name)
    return Choices(
        preset=given.preset, size=given.size, dpi=given.dpi, names=given.names, basemap=given.basemap, steps=given.steps,
        template=Path(given.template) if given.template else None, own=tuple(given.own), language=given.language,
    )


def chosen_blur(given: argparse.Namespace) -> Callable[[Situation], Situation]:
    """What makes the places of a situation as coarse as the options ask, checked before anything is read."""
    if not given.blur:
        return lambda situation: situation
    from geo.blur import blurred
    from geo.coarse import blur_of

    blur = blur_of(given.blur)
    return lambda situation: blurred(situation, blur)


def number(chosen: dict[str, Value], name: str) -> float:
    """A setting that is a number."""
    return float(str(chosen[name]))


def documents(
    given: argparse.Namespace, chosen: dict[str, Value], kept: Mapping[str, Situation] = MappingProxyType({}),
) -> list[Document]:
    """The reports that the options name, in their order; what a folder, zip, table or feed holds besides is told on standard error."""
    if given.reports.count("-") > 1:
        raise InputError("Standard input (-) can be given only once; name the other reports by their files.")
    read = [path for path in given.reports if not is_events(path)]
    told = (kept[path].documents if path in kept else reports(path, given.encoding, chosen["max_mb"]) for path in read)
    return [document for one in told for document in one]


def events(given: argparse.Namespace, chosen: dict[str, Value]) -> tuple[Reading, ...]:
    """The tables of events among the reports, read; what is left out of them is told on standard error."""
    found = []
    for path in filter(is_events, given.reports):
        from geo import event_import

        reading, left_out = event_import.events(path, gazetteer=gazetteer(chosen))
        sys.stderr.writelines(f"Left out: {printable(words)}\n" for words in left_out)
        found.append(reading)
    return tuple(found)


def is_events(path: str) -> bool:
    """Whether a report is a table of events in the columns of ACLED or UCDP."""
    if not path.lower().endswith(".csv"):
        return False
    from geo.event_import import is_events as asked

    return asked(path)


def reports(path: str, encoding: str | None, max_mb: Value) -> tuple[Document, ...]:
    """The reports of one source."""
    from geo.intake import intake

    found = intake(path, encoding=encoding, max_mb=float(str(max_mb if max_mb is not None else DEFAULTS["max_mb"])))
    sys.stderr.writelines(f"Left out: {printable(words)}\n" for words in found.left_out)
    return found.documents


def decisions(given: argparse.Namespace) -> tuple[Decision, ...]:
    """The corrections of the files that the options name; of two on one target the later counts."""
    if not given.decisions:
        return ()
    from geo.decision_files import load, merged

    return merged(*(load(path) for path in given.decisions))


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
