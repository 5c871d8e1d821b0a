"""Files to take away: one writer per suffix, each loaded only when it is used.

A writer is called with a situation, a path and what the user chose. `export` has it write beside the target and moves the file there when
it is whole, so that a run that fails leaves nothing half-written.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from geo.choices import DEFAULT, Choices
from geo.errors import InputError

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["EXPORTERS", "Writer", "check_target", "export", "replacing", "suffix_of"]

Writer = Callable[["Situation", Path, Choices], None]
"""Writes a situation to a path as a user chose."""


def _lazy(module: str, function: str) -> Writer:
    def write(situation: Situation, path: Path, choices: Choices) -> None:
        getattr(import_module(module), function)(situation, path, choices)

    write.__name__ = function
    return write


EXPORTERS: Mapping[str, Writer] = MappingProxyType({
    ".html": _lazy("geo.export.html", "write"),
    ".png": _lazy("geo.export.picture", "write_png"),
    ".svg": _lazy("geo.export.picture", "write_svg"),
    ".pdf": _lazy("geo.export.picture", "write_pdf"),
    ".pptx": _lazy("geo.export.slides", "write"),
    ".gpkg": _lazy("geo.export.project", "write"),
    ".geojson": _lazy("geo.export.vector", "write_geojson"),
    ".kml": _lazy("geo.export.placemarks", "write_kml"),
    ".kmz": _lazy("geo.export.placemarks", "write_kmz"),
    ".parquet": _lazy("geo.export.vector", "write_parquet"),
    ".json": _lazy("geo.export.vector", "write_json"),
    ".csv": _lazy("geo.export.vector", "write_csv"),
    ".acled.csv": _lazy("geo.export.event_tables", "write_acled"),
    ".ucdp.csv": _lazy("geo.export.event_tables", "write_ucdp"),
    ".jsonld": _lazy("geo.export.annotations", "write"),
})
"""The writer of each suffix; of two that a name ends in, the longer one counts."""


def suffix_of(path: str | Path, allowed: Iterable[str] = EXPORTERS) -> str:
    """Return the longest of the allowed suffixes that a file's name ends in, or an empty string.

    Examples
    --------
    >>> suffix_of("events.ACLED.csv"), suffix_of("map.html"), suffix_of("map.doc")
    ('.acled.csv', '.html', '')
    """
    name = Path(path).name.lower()
    return max((suffix for suffix in allowed if name.endswith(suffix) and name != suffix), key=len, default="")


def check_target(path: str | Path, *, allowed: tuple[str, ...] = tuple(EXPORTERS)) -> Path:
    """Return the path of an output file if something can be written there.

    Raises
    ------
    InputError
        If the suffix is not one of those allowed, the path is a directory, or its folder is a file.

    Examples
    --------
    >>> check_target("map.html").name
    'map.html'
    """
    target = Path(path)
    try:
        folder = target.is_dir()
    except OSError as error:
        raise InputError(f"{target.name[:60]} cannot be written ({error.strerror}); choose another name.") from error
    if folder:
        raise InputError(f"{target} is a directory; give the name of a file in it, such as {target / 'map'}{allowed[0]}.")
    if not suffix_of(target, allowed):
        raise InputError(f"{target.name} cannot be written: its suffix must be one of {', '.join(allowed)}.")
    ancestor = next(folder for folder in target.absolute().parents if folder.exists())
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise InputError(f"{target} cannot be written, because {ancestor} is not a folder that can be written to; choose another.")
    return target


def export(situation: Situation, path: str | Path, choices: Choices = DEFAULT) -> Path:
    """Write a situation to a file in the format of its suffix, as a user chose, whole or not at all.

    Raises
    ------
    InputError
        If the suffix is unknown or the file cannot be written.
    """
    target = check_target(path)
    replacing(target, lambda file: EXPORTERS[suffix_of(target)](situation, file, choices))
    return target


def replacing(target: Path, write: Callable[[Path], None]) -> None:
    """Have a file written under another name beside its target, then moved there in one step.

    Raises
    ------
    InputError
        If the folder cannot be written to, the name is none that it can hold, or the disk is full.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".salient-") as folder:
            draft = Path(folder) / target.name
            write(draft)
            draft.replace(target)
    except OSError as error:
        raise InputError(f"{target} cannot be written ({error.strerror or error}); choose another name or folder.") from error
