"""What the desk keeps by itself: the work of each session, on disk after every reading and every correction, to be opened again.

A crash of the app loses nothing that was done. The folder is `SALIENT_DESK`, else ``desk`` beside what is installed; `SALIENT_DESK=off`
keeps nothing on disk. What is kept is bounded: so many works, so old, so large.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from geo import works
from geo.errors import InputError
from geo.history import History
from geo.installed import data_dir
from geo.works import Work

__all__ = ["Autosave", "Saved", "Work", "desk_dir", "new_id"]

_ID = re.compile(r"[A-Za-z0-9_-]{22}")
_OWNER = re.compile(r"[a-z0-9]{1,64}")

# By judgement: what a person may still look for, and what a laptop can spare.
MOST_WORKS = 40  # of one owner
MOST_DAYS = 90
MOST_BYTES = 500_000_000  # of one owner, all together
LONGEST_FILE = 1_000_000  # bytes of corrections, after which a file is written anew without what was undone
REMEMBERED = 32  # works of which it is remembered how they stand on the disk; the others are written anew when they change
FRESH = 3_600  # seconds in which a report that no work names is left alone: its work may just be on its way to the disk


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A work that can be opened again: its id, title, number of reports and corrections, and when it was last changed (UTC)."""

    id: str
    title: str
    reports: int
    corrections: int
    when: dt.datetime


def new_id() -> str:
    """Return a name for a new work that nobody can guess.

    Examples
    --------
    >>> len(new_id())
    22
    """
    return secrets.token_urlsafe(16)


def desk_dir() -> Path | None:
    """Return the folder in which works are kept, None where nothing is to be kept; it need not exist."""
    chosen = os.environ.get("SALIENT_DESK", "")
    if chosen.lower() == "off":
        return None
    return Path(chosen).expanduser().absolute() if chosen else data_dir() / "desk"


class Autosave:
    """The works of all owners in one folder; safe to use from several threads.

    Parameters
    ----------
    folder
        Where; by default `desk_dir`, and nothing is kept where that is None.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder if folder is not None else desk_dir()
        self._lock = Lock()
        self._last: OrderedDict[tuple[str, str], _Last] = OrderedDict()

    @property
    def folder(self) -> Path | None:
        """Where works are kept."""
        return self._folder

    def save(self, work: Work) -> None:
        """Keep a work as it is now; nothing is written where it is kept like that already.

        Raises
        ------
        InputError
            It cannot be written.
        """
        if self._folder is None:
            return
        file = self._file(work.id, work.owner)
        try:
            with self._lock:
                self._save(work, file)
        except OSError as error:
            raise InputError(
                f"The work cannot be kept in {file.parent} ({error.strerror}); make room, or give another folder in SALIENT_DESK."
            ) from error

    def saved(self, owner: str = "local") -> tuple[tuple[Saved, ...], tuple[str, ...]]:
        """Return the works of an owner, the latest first, and a sentence for each that is damaged and left out."""
        if self._folder is None:
            return (), ()
        found, left_out = [], []
        for file in sorted(self._home(owner).glob("works/*.jsonl")):
            try:
                told = works.read(file)
            except InputError as error:
                left_out.append(str(error))
                continue
            found.append(Saved(
                id=file.stem, title=told.head["title"], reports=len(told.head["documents"]) + told.head["tables"],
                corrections=len(told.history.decisions), when=told.when,
            ))
        return tuple(sorted(found, key=lambda one: one.when, reverse=True)), tuple(left_out)

    def restore(self, work_id: str, owner: str = "local") -> Work:
        """Return a work as it was when it was last kept.

        Raises
        ------
        InputError
            There is no such work of that owner, or it is damaged.
        """
        file = self._file(work_id, owner)
        if self._folder is None or not file.is_file():
            raise InputError("There is no such work here; it was removed, or the address is not whole.")
        return works.restored(work_id, works.read(file), self._home(owner), owner=owner)

    def forget(self, work_id: str, owner: str = "local") -> None:
        """Remove a work, and the reports that no other work of its owner has."""
        file = self._file(work_id, owner)
        with self._lock:
            self._last.pop((owner, work_id), None)
            file.unlink(missing_ok=True)
            _collect(self._home(owner), 0)

    def _home(self, owner: str) -> Path:
        if not _OWNER.fullmatch(owner):
            raise InputError(f"{owner[:40]!r} is no owner; it has up to 64 small letters and digits.")
        return (self._folder or Path()) / owner

    def _file(self, work_id: str, owner: str) -> Path:
        if not _ID.fullmatch(work_id):
            raise InputError("There is no such work here; the address is not whole.")
        return self._home(owner) / "works" / f"{work_id}.jsonl"

    def _save(self, work: Work, file: Path) -> None:
        name = (work.owner, work.id)
        last = self._last.get(name)
        there = file.stat().st_size if file.is_file() else -1
        if last is not None and last.size != there:  # another program wrote, or it was removed
            last = None
        head = last.head if last is not None and last.same_inputs(work) else works.keep_inputs(work, self._home(work.owner))
        lines = [] if last is not None and last.head == head else [works.line(head)]
        lines += works.between(last.history if last is not None else None, work.history)
        if not lines:
            return
        if there < 0 or last is None or there > LONGEST_FILE:
            works.replace(file, works.line(head) + works.whole(work.history))
        else:
            works.append(file, "".join(lines))
        if there < 0:
            _prune(self._home(work.owner), but=file)
        self._last[name] = _Last(head=head, work=work, history=work.history, size=file.stat().st_size)
        self._last.move_to_end(name)
        while len(self._last) > REMEMBERED:
            self._last.popitem(last=False)


@dataclass(slots=True, kw_only=True)
class _Last:
    """What was last written of a work."""

    head: dict[str, Any]
    work: Work
    history: History
    size: int

    def same_inputs(self, work: Work) -> bool:
        names = ("documents", "further", "own", "view", "as_of", "settings", "title", "key")
        return self.work.base is work.base and all(getattr(self.work, name) == getattr(work, name) for name in names)


def _prune(home: Path, but: Path) -> None:
    """Remove works that are too old or too many, the oldest first, and then what none of the others names."""
    held = sorted((file for file in home.glob("works/*.jsonl") if file != but), key=lambda file: file.stat().st_mtime, reverse=True)
    oldest = time.time() - MOST_DAYS * 86_400
    kept = [file for file in held[: MOST_WORKS - 1] if file.stat().st_mtime >= oldest]
    for file in set(held) - set(kept):
        file.unlink(missing_ok=True)
    _collect(home, FRESH)
    while kept and sum(file.stat().st_size for file in _all(home)) > MOST_BYTES:
        kept.pop().unlink(missing_ok=True)
        _collect(home, 0)


def _collect(home: Path, fresh: float) -> None:
    named = {f"{name}.json" for file in home.glob("works/*.jsonl") for name in works.names(file)}
    for file in (*home.glob("documents/*.json"), *home.glob("inputs/*.json")):
        if file.name not in named and time.time() - file.stat().st_mtime >= fresh:
            file.unlink(missing_ok=True)


def _all(home: Path) -> Iterator[Path]:
    return (file for folder in ("works", "documents", "inputs") for file in (home / folder).glob("*.json*"))


