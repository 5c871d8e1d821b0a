"""Where the shipped data lie, whether they are whole, and where an index is expanded once.

Indexes ship as ``data/NAME.sqlite.xz``. `index` expands one into the user's cache folder, once and atomically; the name of the
expanded file holds a key of the content, so that a new version never meets an old one.
"""

from __future__ import annotations

import csv
import hashlib
import logging
import lzma
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from geo.errors import DataError

__all__ = ["DATA", "Source", "cache_dir", "complete", "index", "path", "rows", "sha256", "sources", "unlisted", "verify"]

DATA = Path(__file__).resolve().parents[1] / "data"

_LOG = logging.getLogger(__name__)
_CHUNK = 1 << 20
_KEPT_VERSIONS = 2  # expanded versions of one index that stay in the cache: this one, and one that another copy of Salient may use
_MAX_BYTES = 1 << 30  # an index that expands to more is not one of ours (the largest has about 0.1 GB)
_TAIL = 64  # bytes at the end of an .xz file: they hold the checksum and the size of the content


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a file of data/ comes from: a row of data/sources.csv."""

    file: str
    origin: str
    licence: str
    date: str
    sha256: str
    script: str


def path(name: str) -> Path:
    """Return the path of a shipped data file.

    Raises
    ------
    DataError
        The file is not there, or it is a table and no UTF-8 text.

    Examples
    --------
    >>> path("sources.csv").name
    'sources.csv'
    """
    found = DATA / name
    if not found.is_file():
        raise DataError(f"The data file {found} is missing; restore it from the repository, or run its script in scripts/.")
    if found.suffix == ".csv":
        try:
            found.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(f"{name} cannot be read as a UTF-8 CSV table ({error}); restore it from the repository.") from error
    return found


def rows(name: str, *, required: tuple[str, ...] = ()) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield (line number, row) for each row of a CSV table in data/; cells are stripped, absent cells are empty.

    Raises
    ------
    DataError
        The table is missing, not UTF-8, lacks a required column, or a row has more cells than the header.

    Examples
    --------
    >>> line, row = next(rows("sources.csv", required=("file",)))
    >>> line
    2
    """
    file = path(name)
    try:
        with file.open(encoding="utf-8", newline="") as handle:
            reader = csv.DictReader(handle, strict=True)
            missing = [column for column in required if column not in (reader.fieldnames or ())]
            if missing:
                raise DataError(f"{file.name} lacks the column {missing[0]!r}; its header must name {', '.join(required)}.")
            for row in reader:
                if None in row:
                    raise DataError(f"{file.name}, line {reader.line_num}: more cells than columns; quote a cell that holds a comma.")
                yield reader.line_num, {key: (value or "").strip() for key, value in row.items()}
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{file.name} cannot be read as a UTF-8 CSV table ({error}).") from error


def complete() -> bool:
    """Say whether data/ is the published folder, with its list of sources, in which a file that is missing is damage."""
    return (DATA / "sources.csv").is_file()


def cache_dir() -> Path:
    """Return a folder that can be written to, for expanded indexes and caches; it exists.

    `SALIENT_CACHE` decides where it is set, then `XDG_CACHE_HOME`, then the custom of the platform; where none can be written, a
    folder among the temporary files.

    Examples
    --------
    >>> cache_dir().is_dir()
    True
    """
    offers = [_preferred_cache(), Path(tempfile.gettempdir()) / f"salient-{os.getuid() if hasattr(os, 'getuid') else 'cache'}"]
    for folder in offers:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise DataError(f"Neither {offers[0]} nor {offers[1]} can be written; set SALIENT_CACHE to a folder that can.")


def index(name: str) -> Path:
    """Return the path of an expanded SQLite index, expanding ``data/NAME.sqlite.xz`` on first use.

    Raises
    ------
    DataError
        The shipped file is missing or damaged, or there is no room for the expanded one.

    Examples
    --------
    >>> index("boundaries").suffix
    '.sqlite'
    """
    packed = path(f"{name}.sqlite.xz")
    folder = cache_dir()
    target = folder / f"{name}-{_content_key(packed)}.sqlite"
    if not _is_whole(target):
        _expand(packed, target)
        _remove_old_versions(folder, name)
    return target


def sources() -> tuple[Source, ...]:
    """Return the rows of data/sources.csv.

    Examples
    --------
    >>> any(source.file == "gazetteer.sqlite.xz" for source in sources())
    True
    """
    columns = ("file", "origin", "licence", "date", "sha256", "script")
    return tuple(Source(**{column: row[column] for column in columns}) for _, row in rows("sources.csv", required=columns))


def verify() -> tuple[tuple[str, bool, str], ...]:
    """Return (file, is it as published, a sentence) for each row of data/sources.csv.

    Examples
    --------
    >>> name, whole, message = verify()[0]
    """
    return tuple((source.file, *_verdict(source)) for source in sources())


def unlisted() -> tuple[str, ...]:
    """Return the files of data/ that have no row in data/sources.csv.

    Examples
    --------
    >>> "sources.csv" in unlisted()
    False
    """
    listed = {source.file for source in sources()} | {"sources.csv"}
    found = (file.relative_to(DATA).as_posix() for file in DATA.rglob("*") if file.is_file() and not file.name.startswith("."))
    return tuple(sorted(name for name in found if name not in listed))


def sha256(file: Path) -> str:
    """Return the SHA-256 of a file as hex digits.

    Examples
    --------
    >>> len(sha256(path("sources.csv")))
    64
    """
    digest = hashlib.sha256()
    with file.open("rb") as handle:
        while chunk := handle.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _verdict(source: Source) -> tuple[bool, str]:
    file = DATA / source.file
    if not file.is_file():
        return False, f"{source.file} is missing; restore it from the repository, or run {source.script or 'its script'}."
    if sha256(file) != source.sha256:
        return False, f"{source.file} differs from the published file; restore it from the repository, or run scripts/build_sources.py."
    return True, f"{source.file} is as published."


def _preferred_cache() -> Path:
    if chosen := os.environ.get("SALIENT_CACHE"):
        return Path(chosen).expanduser()
    if xdg := os.environ.get("XDG_CACHE_HOME"):
        return Path(xdg) / "salient"
    if sys.platform == "darwin":
        return Path("~/Library/Caches/salient").expanduser()
    if local := os.environ.get("LOCALAPPDATA"):
        return Path(local) / "salient"
    return Path("~/.cache/salient").expanduser()


def _content_key(packed: Path) -> str:
    """Return a key of the content: the checksum that ends the .xz file covers all of it, so the file need not be read."""
    size = packed.stat().st_size
    with packed.open("rb") as handle:
        handle.seek(max(size - _TAIL, 0))
        return hashlib.sha256(size.to_bytes(8, "big") + handle.read()).hexdigest()[:16]


def _is_whole(file: Path) -> bool:
    """Say whether an SQLite file has the length that its header states."""
    try:
        with file.open("rb") as handle:
            header = handle.read(32)
        size = int.from_bytes(header[16:18], "big") * int.from_bytes(header[28:32], "big")
        return header[:15] == b"SQLite format 3" and file.stat().st_size == size
    except FileNotFoundError:
        return False


def _expand(packed: Path, target: Path) -> None:
    _LOG.info("Expanding %s into %s", packed.name, target)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.stem}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as out, lzma.open(packed) as source:
            while chunk := source.read(_CHUNK):
                out.write(chunk)
                if out.tell() > _MAX_BYTES:
                    raise DataError(f"{packed.name} expands to more than {_MAX_BYTES >> 20} MB; restore it from the repository.")
        if not _is_whole(Path(temporary)):
            raise DataError(f"{packed.name} does not hold an SQLite index; restore it from the repository, or run its script in scripts/.")
        Path(temporary).replace(target)
    except (lzma.LZMAError, EOFError) as error:
        raise DataError(f"{packed.name} is damaged ({error}); restore it from the repository, or run its script in scripts/.") from error
    except OSError as error:
        if isinstance(error, DataError):
            raise
        what = f"{packed.name} cannot be expanded into {target.parent} ({error.strerror})"
        raise DataError(f"{what}; free some space, or set SALIENT_CACHE.") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _remove_old_versions(folder: Path, name: str) -> None:
    versions = sorted(folder.glob(f"{name}-*.sqlite"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in versions[_KEPT_VERSIONS:]:
        try:
            file.unlink()
        except OSError:
            _LOG.debug("An old index stays: %s", file)
