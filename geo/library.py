"""Which situations a person keeps under a name: GeoPackages in one folder, to be opened, merged, renamed and put away.

Any GeoPackage that Salient wrote can be put into the folder by hand; what is there is told without opening it whole, and what is no such
file is told in a sentence. What is removed goes to a folder of its own.
"""

from __future__ import annotations

import datetime as dt
import re
import time
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from geo import decision_files, project
from geo.autosave import desk_dir
from geo.errors import InputError
from geo.event_import import events_of
from geo.export import export, replacing
from geo.history import History
from geo.installed import data_dir
from geo.own_layers import MOST_LAYERS
from geo.works import Work

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.situation import Situation

__all__ = ["LONGEST_NAME", "Kept", "Library", "as_work", "file_name", "library_dir", "merged"]

LONGEST_NAME = 80  # characters
MOST_LISTED = 500  # files of the folder; more are not looked at
MOST_REMOVED = 20  # kept in the folder of what was removed
_REMOVED = "removed"
_NO_NAME = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*\u202a-\u202e\u2066-\u2069]+')
_RESERVED = re.compile(r"(?i)(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A file of the library: its name (without suffix), what it says it holds, its size in bytes, when it was written (UTC).

    `refused` says in a sentence why it cannot be opened; what it holds is then not known.
    """

    name: str
    file: Path
    size: int
    when: dt.datetime
    title: str = ""
    as_of: str = ""
    view: str = ""
    reports: int = 0
    corrections: int = 0
    refused: str = ""


def library_dir(owner: str = "local") -> Path:
    """Return the folder of an owner's library; it need not exist."""
    return (desk_dir() or data_dir() / "desk") / owner / "library"


def file_name(name: str) -> str:
    """Return a name as every file system can hold it.

    Raises
    ------
    InputError
        If nothing is left of it.

    Examples
    --------
    >>> file_name(" Idlib: March/2020 ")
    'Idlib March 2020'
    """
    words = " ".join(_NO_NAME.sub(" ", unicodedata.normalize("NFC", name)).split()).strip(". ")
    while len(words.encode("utf-8")) > 200 or len(words) > LONGEST_NAME:
        words = words[:-1].strip(". ")
    if not words or _RESERVED.fullmatch(words):
        raise InputError(f"{name[:40]!r} is no name for a file; give one of letters, digits and spaces.")
    return words


class Library:
    """The situations in one folder.

    Parameters
    ----------
    folder
        Where; it is made when something is first kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def files(self) -> tuple[Kept, ...]:
        """Return what there is, the latest first."""
        paths = [path for path in self.folder.glob("*.gpkg") if path.is_file() and not path.name.startswith(".")][:MOST_LISTED]
        return tuple(sorted((_kept(path) for path in paths), key=lambda one: (one.when, one.name), reverse=True))

    def keep(self, situation: Situation, name: str, *, replace: bool = False) -> Path:
        """Keep a situation under a name, whole or not at all, and return its file.

        Raises
        ------
        InputError
            The name cannot be used or is taken, or the folder cannot be written.
        """
        target = self._file(file_name(name))
        if not replace:
            self._check_free(target)
        self._make()
        return export(situation, target)

    def file(self, name: str) -> Path:
        """Return the file of that name, of those that are there: a name is never taken for a path.

        Raises
        ------
        InputError
            There is none.
        """
        found = next((path for path in self.folder.glob("*.gpkg") if path.stem == name), None)
        if found is None:
            raise InputError(f"The library holds nothing called {name[:80]!r}; it may have been renamed or removed.")
        return found

    def open(self, name: str, *, gazetteer: Gazetteer | None = None) -> Situation:
        """Return the situation of that name; `gazetteer` as for `geo.project.reopen`.

        Raises
        ------
        InputError
            There is none, or it is damaged.
        """
        return project.reopen(self.file(name), gazetteer=gazetteer)

    def take(self, data: bytes, name: str) -> Path:
        """Put a file that another desk wrote into the library, if it is whole, and return it.

        Raises
        ------
        InputError
            It is no GeoPackage of Salient, is damaged, or its name is taken.
        """
        target = self._file(file_name(Path(name.replace("\\", "/")).stem))
        self._check_free(target)
        self._make()

        def write(draft: Path) -> None:
            draft.write_bytes(data)
            project.reopen(draft)

        replacing(target, write)
        return target

    def rename(self, name: str, new: str) -> Path:
        """Give a situation another name and return its file.

        Raises
        ------
        InputError
            There is none of that name, or the new one cannot be used or is taken.
        """
        before, target = self.file(name), self._file(file_name(new))
        if before == target:
            return target
        if target.name.casefold() != before.name.casefold():
            self._check_free(target)
        return _moved(before, target)

    def remove(self, name: str) -> Path:
        """Move a situation to the folder of what was removed, and return its file there; the oldest of those go for good.

        Raises
        ------
        InputError
            There is none of that name.
        """
        file, bin = self.file(name), self.folder / _REMOVED
        bin.mkdir(exist_ok=True, mode=0o700)
        gone = _moved(file, bin / f"{time.strftime('%Y%m%dT%H%M%S', time.gmtime())}-{time.time_ns() % 1_000_000_000:09} {file.name}")
        for old in sorted(bin.glob("*.gpkg"), reverse=True)[MOST_REMOVED:]:
            old.unlink(missing_ok=True)
        return gone

    def _make(self) -> None:
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.folder.mkdir(exist_ok=True, mode=0o700)
        except OSError as error:
            raise InputError(f"The library {self.folder} cannot be written ({error.strerror}); set SALIENT_DESK to another.") from error

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}.gpkg"

    def _check_free(self, target: Path) -> None:
        if any(path.name.casefold() == target.name.casefold() for path in self.folder.glob("*.gpkg")):
            raise InputError(f"The library holds something called {target.stem!r} already; give another name.")


def as_work(situation: Situation, *, key: str = "") -> Work:
    """Return what a situation was made from: its reports, its tables of events, its earlier map, and its corrections."""
    tables = events_of(situation)
    read = {one.document.id for one in tables}
    return Work(
        id="", title=situation.title, key=key, documents=tuple(one for one in situation.documents if one.id not in read),
        further=tables, base=situation.base, own=situation.own, view=situation.view, as_of=situation.as_of,
        settings=dict(situation.settings),
        history=History(done=situation.decisions),
    )


def merged(situations: Iterable[Situation], *, key: str = "") -> Work:
    """Return what makes one situation of several: the reports of all, each once, and the corrections of all.

    Of two corrections of the same thing the later situation's counts. Borders and settings are those of the first; the day is the latest
    of the reports.

    Raises
    ------
    InputError
        There are none, or they bring different earlier maps up to date.
    """
    works = [as_work(one) for one in situations]
    if not works:
        raise InputError("Nothing was chosen; choose two situations or more.")
    bases = [work.base for work in works if work.base is not None]
    if any(base.source != bases[0].source for base in bases):
        names = " and ".join(dict.fromkeys(repr(base.title) for base in bases))
        raise InputError(f"These situations bring different earlier maps up to date ({names}); merge those of one map.")
    documents = {one.id: one for work in works for one in work.documents}
    tables = {one.document.id: one for work in works for one in work.further if one.document.id not in documents}
    own = {one.name: one for work in works for one in work.own}
    titles = list(dict.fromkeys(work.title for work in works))
    return Work(
        id="", title=" + ".join(titles), key=key, documents=tuple(documents.values()), further=tuple(tables.values()),
        base=bases[0] if bases else None, own=tuple(own.values())[:MOST_LAYERS], view=works[0].view, settings=works[0].settings,
        history=History(done=decision_files.merged(*(work.history.decisions for work in works))),
    )


def _kept(file: Path) -> Kept:
    try:
        about = file.stat()
        when = dt.datetime.fromtimestamp(about.st_mtime, dt.UTC)
    except OSError:  # removed just now
        return Kept(name=file.stem, file=file, size=0, when=dt.datetime.fromtimestamp(0, dt.UTC), refused=f"{file.name} is gone.")
    try:
        told = project.summary(file)
    except InputError as error:
        return Kept(name=file.stem, file=file, size=about.st_size, when=when, refused=str(error).replace(f"{file.parent}/", ""))
    return Kept(
        name=file.stem, file=file, size=about.st_size, when=when, title=told.title, as_of=told.as_of, view=told.view, reports=told.reports,
        corrections=told.corrections,
    )


def _moved(file: Path, target: Path) -> Path:
    try:
        return file.rename(target)
    except OSError as error:
        raise InputError(f"{file.name} cannot be moved to {target.name} ({error.strerror}); see who may write there.") from error
