"""What may be taken out of a zip archive: named members only, streamed, within limits that a bomb breaks."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from geo.errors import DataError

__all__ = ["extract", "is_zip", "member", "members", "opened"]

MAX_BYTES = 16 << 30  # unpacked; all countries of GeoNames have 1.6 GB, the alternate names 0.7 GB
MAX_RATIO = 200  # unpacked to packed; tables of places have 4 to 6, long runs of one byte 1,000
RATIO_FROM = 1 << 20  # a member below this size may be as regular as it likes
MAX_MEMBERS = 10_000
_CHUNK = 1 << 18


def is_zip(file: Path) -> bool:
    """Say whether a file is a zip archive.

    Examples
    --------
    >>> is_zip(Path(__file__))
    False
    """
    return zipfile.is_zipfile(file)


def members(file: Path) -> tuple[str, ...]:
    """Return the names of the members of an archive, after checking all of them.

    Raises
    ------
    DataError
        The file is no archive, a member points out of it, or unpacks to more than it should.
    """
    with opened(file, file.name) as archive:
        return tuple(info.filename for info in archive.infolist() if not info.is_dir())


@contextmanager
def member(file: Path, name: str) -> Iterator[IO[bytes]]:
    """Open one member for reading; its checksum is checked when its end is reached.

    Raises
    ------
    DataError
        As `members`, or there is no member of that name, or it is damaged.
    """
    with opened(file, file.name) as archive:
        try:
            info = archive.getinfo(name)
        except KeyError as error:
            held = ", ".join(archive.namelist()[:5])
            raise DataError(f"{file.name} holds no {name} (but {held}); give the archive as its publisher offers it.") from error
        try:
            with archive.open(info) as stream:
                yield io.BufferedReader(_Counted(stream, info.file_size, f"{name} in {file.name}"), _CHUNK)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise DataError(f"{name} in {file.name} is damaged ({error}); fetch the archive again.") from error


def extract(file: Path, name: str, target: Path) -> Path:
    """Write one member to a path that the caller chooses; the name in the archive never decides where."""
    with member(file, name) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            out.write(chunk)
    return target


class _Counted(io.RawIOBase):
    """A stream that ends in an error where it grows beyond what the archive's directory says."""

    def __init__(self, stream: IO[bytes], size: int, name: str) -> None:
        self._stream, self._left, self._name = stream, size, name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        chunk = self._stream.read(len(buffer))
        self._left -= len(chunk)
        if self._left < 0:
            raise DataError(f"{self._name} unpacks to more than its archive says; it is not used.")
        buffer[: len(chunk)] = chunk
        return len(chunk)


@contextmanager
def opened(file: Path | IO[bytes], name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive, a file or its bytes, after checking all its members.

    Raises
    ------
    DataError
        As `members`.
    """
    try:
        archive = zipfile.ZipFile(file)
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise DataError(f"{name} is no zip archive that can be read ({error}); fetch it again.") from error
    with archive:
        infos = archive.infolist()
        if len(infos) > MAX_MEMBERS:
            raise DataError(f"{name} holds {len(infos)} members; Salient opens archives of up to {MAX_MEMBERS}.")
        for info in infos:
            _check(info, name)
        if sum(info.file_size for info in infos) > MAX_BYTES:
            raise DataError(f"{name} unpacks to more than {MAX_BYTES >> 20} MB; it is not used.")
        yield archive


def _check(info: zipfile.ZipInfo, name: str) -> None:
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or (path.parts and ":" in path.parts[0]):
        raise DataError(f"{name} holds {info.filename[:60]!r}, which points out of the archive; it is not used.")
    if info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise DataError(f"{info.filename[:60]} in {name} unpacks to {MAX_RATIO} times its size or more; it is not used.")
    if info.flag_bits & 0x1:
        raise DataError(f"{info.filename[:60]} in {name} is encrypted; give it without a password.")
