"""What a user has installed, and where: one data set is one file and one manifest; what has no manifest is not there.

A data set is swapped in by renaming its manifest, so that a reader meets the old one or the new one, and a run that is stopped leaves
the old one. `SALIENT_DATA` decides the folder; without it, it is where the platform keeps the data of a user.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import IO

from geo.datafiles import sha256
from geo.errors import DataError, InputError

__all__ = ["Installed", "credits", "data_dir", "find", "installed", "locked", "remove", "swap_in", "verify_installed", "write_json"]

_LOG = logging.getLogger(__name__)
_FORMAT = 1  # of the manifests
_MADE = re.compile(r"(?:geonames|boundaries|roads|naturalearth|own)(?:-\w+)*-[0-9a-f]{12}\.sqlite")


@dataclass(frozen=True, slots=True, kw_only=True)
class Installed:
    """A data set: its name ("geonames:SY"), what it holds ("places", "areas", "roads", "events", "own"), its file, and where it is from."""

    name: str
    holds: str
    file: str
    origin: str
    licence: str
    date: str
    sha256: str
    rows: int
    skipped: int = 0
    note: str = ""


def data_dir() -> Path:
    """Return the folder of what is installed; it need not exist.

    Examples
    --------
    >>> data_dir().is_absolute()
    True
    """
    if chosen := os.environ.get("SALIENT_DATA"):
        return Path(chosen).expanduser().absolute()
    if xdg := os.environ.get("XDG_DATA_HOME"):
        return Path(xdg) / "salient"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/salient").expanduser()
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / "salient" / "data"
    return Path("~/.local/share/salient").expanduser()


def installed(folder: Path | None = None) -> tuple[Installed, ...]:
    """Return what is installed, by name; what cannot be read is left out, and `verify_installed` names it.

    Examples
    --------
    >>> installed(Path("no-such-folder"))
    ()
    """
    folder = data_dir() if folder is None else folder
    try:
        made = folder.stat().st_mtime_ns
    except OSError:
        return ()
    return _read_all(folder, made)


def credits(folder: Path | None = None) -> tuple[tuple[str, str], ...]:
    """Return (origin, licence) of the installed data that a map may show, each once.

    Examples
    --------
    >>> credits(Path("no-such-folder"))
    ()
    """
    return tuple(dict.fromkeys((one.origin, one.licence) for one in installed(folder) if one.holds in ("places", "areas", "roads")))


def find(name: str, folder: Path) -> Installed:
    """Return an installed data set.

    Raises
    ------
    InputError
        It is not installed.
    """
    found = next((one for one in installed(folder) if one.name == name), None)
    if found is None:
        held = ", ".join(one.name for one in installed(folder)) or "nothing"
        raise InputError(f"{name!r} is not installed in {folder}; installed is {held}.")
    return found


def swap_in(made: Path, described: Installed, folder: Path) -> Installed:
    """Put a finished file in the place of the data set of that name, and return its description with its file and its hash.

    The caller holds the lock. Nothing is visible before the manifest is renamed, which is one step.
    """
    before = next((one for one in installed(folder) if one.name == described.name), None)
    digest = sha256(made)
    file = folder / f"{_stem(described.name)}-{digest[:12]}{made.suffix}"
    complete = Installed(**{**asdict(described), "file": file.name, "sha256": digest})
    with made.open("rb") as content:
        os.fsync(content.fileno())
    made.replace(file)
    write_json({"format": _FORMAT, **asdict(complete)}, _manifest(described.name, folder))
    _read_all.cache_clear()
    if before is not None and before.file != file.name:
        _drop(folder / before.file)
    return complete


def remove(name: str, folder: Path) -> Installed:
    """Take a data set out whole; the caller holds the lock.

    Raises
    ------
    InputError
        It is not installed.
    """
    manifest = _manifest(name, folder)
    if not manifest.is_file():
        return find(name, folder)  # says what is installed
    gone = _read(manifest)
    manifest.unlink()
    _read_all.cache_clear()
    for file in folder.glob(f"{_stem(name)}-*"):
        if re.fullmatch(rf"{re.escape(_stem(name))}-[0-9a-f]{{12}}\.\w+", file.name):
            _drop(file)
    return gone or Installed(name=name, holds="", file="", origin="", licence="", date="", sha256="", rows=0)


def verify_installed(folder: Path | None = None) -> tuple[tuple[str, bool, str], ...]:
    """Return (name, is it as installed, a sentence) for each data set.

    Examples
    --------
    >>> verify_installed(Path("no-such-folder"))
    ()
    """
    folder = data_dir() if folder is None else folder
    verdicts = []
    for manifest in sorted(folder.glob("*.manifest.json")):
        one = _read(manifest)
        again = "install it again, or take it out with data remove"
        if one is None:
            name = manifest.name.removesuffix(".manifest.json")
            verdicts.append((name, False, f"The manifest {manifest.name} is damaged; delete it, and install that data set again."))
        elif not (folder / one.file).is_file():
            verdicts.append((one.name, False, f"{one.name} lacks its file; {again}."))
        elif sha256(folder / one.file) != one.sha256:
            verdicts.append((one.name, False, f"{one.name} differs from what was installed; {again}."))
        else:
            verdicts.append((one.name, True, f"{one.name} is as installed."))
    return tuple(verdicts)


def write_json(value: object, file: Path) -> None:
    """Write a small file in one step; the caller holds the lock."""
    part = file.with_name(f".{file.name}.part")
    with part.open("w", encoding="utf-8") as out:
        json.dump(value, out, ensure_ascii=False, indent=1)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)


@contextmanager
def locked(folder: Path) -> Iterator[Path]:
    """Hold the folder for one writer, and yield a fresh folder for what is being made; it is removed at the end, whatever happens.

    Raises
    ------
    InputError
        Another run is writing there.
    DataError
        The folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("a+b")
    except OSError as error:
        raise DataError(f"{folder} cannot be written ({error.strerror}); set SALIENT_DATA or --into to a folder that can.") from error
    with handle:
        _lock(handle, folder)
        _sweep(folder)
        with tempfile.TemporaryDirectory(prefix=".making-", dir=folder, ignore_cleanup_errors=True) as made:
            yield Path(made)


def _lock(handle: IO[bytes], folder: Path) -> None:
    """The system gives the lock back when its holder ends, however it ends."""
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise InputError(f"Another run is installing into {folder}; wait for it to end, then run this again.") from error


def _sweep(folder: Path) -> None:
    """Remove what a run that was killed has left; whoever holds the lock knows that nobody else is at work."""
    for left in folder.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
    held = {one.file for one in installed(folder)}
    for file in folder.glob("*.sqlite"):
        if _MADE.fullmatch(file.name) and file.name not in held:
            _drop(file)


@lru_cache(maxsize=8)
def _read_all(folder: Path, made: int) -> tuple[Installed, ...]:
    """`made` is when the folder last changed: another state is another key."""
    found = (_read(manifest) for manifest in sorted(folder.glob("*.manifest.json")))
    return tuple(one for one in found if one is not None and (folder / one.file).is_file())


def _read(manifest: Path) -> Installed | None:
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
        if content.pop("format") != _FORMAT or Path(content["file"]).name != content["file"]:
            return None
        one = Installed(**content)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        _LOG.warning("The manifest %s cannot be read; data verify says more", manifest.name)
        return None
    whole = all(isinstance(getattr(one, field.name), int if field.type == "int" else str) for field in fields(one))
    return one if whole else None


def _manifest(name: str, folder: Path) -> Path:
    return folder / f"{_stem(name)}.manifest.json"


def _stem(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_]+", "-", name)


def _drop(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError:
        _LOG.debug("A file that is in use stays: %s", file)
