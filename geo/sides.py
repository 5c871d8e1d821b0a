"""Which two sides are compared: two files or folders, one corpus on two days, or its sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from geo.documents import load
from geo.errors import InputError, NothingToMap
from geo.holdings import MAP_SUFFIXES, Holdings, of_file, of_situation
from geo.situation import Progress, Reading, gather, read_document

if TYPE_CHECKING:
    from geo.gazetteer import OfflineGazetteer
    from geo.records import Document

__all__ = ["REPORT_SUFFIXES", "is_map", "of_days", "of_path", "of_sources", "read_all", "reports_of"]

REPORT_SUFFIXES = (".txt", ".md", ".html", ".htm", ".docx", ".pdf")
"""Of the files of a folder that are read as reports."""


def is_map(path: str | Path) -> bool:
    """Say whether a path names a map file and no report.

    Examples
    --------
    >>> is_map("monday.kmz"), is_map("monday.md")
    (True, False)
    """
    return Path(path).suffix.lower() in MAP_SUFFIXES


def reports_of(paths: Iterable[str], *, encoding: str | None = None, max_mb: float = 5.0) -> list[Document]:
    """Return the reports of files and of folders (their reports by name), each text once.

    Raises
    ------
    InputError
        A file cannot be used, is a map, or a folder holds no report.
    """
    files: list[Path | str] = []
    for path in paths:
        if is_map(path):
            raise InputError(f"{path} is a map and no report; compare two maps as: diff BEFORE AFTER.")
        folder = Path(path)
        found = sorted(file for file in folder.iterdir() if file.suffix.lower() in REPORT_SUFFIXES) if folder.is_dir() else [path]
        if not found:
            raise InputError(f"The folder {path} holds no report ({', '.join(REPORT_SUFFIXES)}); give files or another folder.")
        files += found
    loaded = [load(file, encoding=encoding, max_mb=max_mb) for file in files]
    return list({document.id: document for document in loaded}.values())


def read_all(
    documents: Sequence[Document], *, gazetteer: OfflineGazetteer, settings: Mapping[str, object], progress: Progress | None = None,
) -> list[Reading]:
    """Read reports once, for as many days or sources as are compared."""
    readings = []
    for number, document in enumerate(documents):
        if progress is not None:
            progress(number, len(documents), "reading")
        readings.append(read_document(document, gazetteer=gazetteer, settings=settings))
    return readings


def of_path(
    path: str, *, gazetteer: OfflineGazetteer, settings: Mapping[str, object], encoding: str | None = None, actor_column: str = "",
    actor_map: Mapping[str, str] | None = None, layer: str = "", credit: str = "",
) -> Holdings:
    """Return one side of a comparison: a map file, a report, or a folder of reports."""
    if is_map(path):
        return of_file(path, gazetteer=gazetteer, actor_column=actor_column, actor_map=actor_map, layer=layer, credit=credit)
    documents = reports_of([path], encoding=encoding, max_mb=float(str(settings.get("max_mb") or 5.0)))
    readings = read_all(documents, gazetteer=gazetteer, settings=settings)
    title = documents[0].title if len(documents) == 1 else f"{len(documents)} reports in {Path(path).name}"
    return of_situation(gather(readings, gazetteer=gazetteer, settings=settings), title=title or Path(path).name)


def of_days(
    readings: Sequence[Reading], first: dt.date, last: dt.date, *, gazetteer: OfflineGazetteer, settings: Mapping[str, object],
) -> tuple[Holdings, Holdings]:
    """Return what reports say of two days, each as far as they had come by then.

    Raises
    ------
    InputError
        The days are in the wrong order.
    NothingToMap
        No report is of one of the days or before.
    """
    if first >= last:
        raise InputError(f"--from {first} is not before --to {last}; give the earlier day first.")
    sides = []
    for day in (first, last):
        try:
            situation = gather(readings, gazetteer=gazetteer, as_of=day, settings=settings)
        except NothingToMap as error:
            raise NothingToMap(f"No report names a place as of {day}; give reports of that day or before, or another day.") from error
        sides.append(replace(of_situation(situation, title=f"as of {day}"), notes=()))  # that other days are left out goes without saying
    return sides[0], sides[1]


def of_sources(
    readings: Sequence[Reading], wanted: Sequence[str], *, gazetteer: OfflineGazetteer, settings: Mapping[str, object],
    as_of: dt.date | None = None,
) -> tuple[Holdings, Holdings]:
    """Return what two publishers of one corpus say, both as of the same day.

    `wanted` are their names; it may be empty where the reports are of two publishers.

    Raises
    ------
    InputError
        The reports are not of two publishers, or not of those wanted.
    """
    by: dict[str, list[Reading]] = {}
    for reading in readings:
        by.setdefault(reading.document.source, []).append(reading)
    names = [name for name in by if name]
    chosen = list(wanted) or names
    if len(chosen) != 2 or any(name not in by for name in chosen):
        listed = "; ".join(names) or "none that is named"
        raise InputError(f"The reports are of {len(names)} publishers ({listed}); name the two to compare with --source, twice.")
    day = as_of or max((r.document.published for r in readings if r.document.published), default=None)
    first, last = (
        of_situation(gather(by[name], gazetteer=gazetteer, as_of=day, settings=settings, allow_empty=True), title=name) for name in chosen
    )
    return first, last
