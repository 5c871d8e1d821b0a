"""Where the files of a data set come from: their publisher, another address, or a copy that the user has."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from pathlib import Path

from geo.datafiles import sha256
from geo.download import Progress, download, is_url
from geo.errors import DataError, InputError, UnknownPlace
from geo.geonames_dump import Skipped
from geo.holding_units import shipped
from geo.installed import Installed

__all__ = ["Supply"]

_SUMS = "SHA256SUMS"  # beside an offline copy: lines of a hash and a file name


@dataclass(kw_only=True)
class Supply:
    """The files of one run: where they come from, where they are made, and which are to be removed when all is done."""

    name: str
    source: str
    sha256: str
    folder: Path
    making: Path
    progress: Progress | None
    fetched: list[Path] = field(default_factory=list)

    def fetch(self, url: str, *, data: bytes | None = None, sha256: str = "") -> Path:
        """Return a file from the network; it is removed when all is done."""
        file = download(url, self.folder / "downloads", sha256=sha256, progress=self.progress, data=data)
        self.fetched.append(file)
        return file

    def copy(self, name: str) -> Path | None:
        """Return what the user gave instead of the publisher's file: a file, the file of that name in a folder, or an address.

        None where the user gave nothing.
        """
        if not self.source:
            return None
        if is_url(self.source):
            return self.fetch(self.source + name if self.source.endswith("/") else self.source, sha256=self.sha256)
        given = Path(self.source).expanduser()
        if given.is_dir():
            given = given / name
        if not given.is_file():
            raise InputError(f"There is no {given}; give --from with a file, a folder that holds {name}, or an address.")
        _check_sum(given, self.sha256)
        return given

    def get(self, url: str) -> Path:
        """Return the file that an address offers, or the copy of it that the user gave."""
        return self.copy(url.rpartition("/")[2]) or self.fetch(url, sha256=self.sha256)

    def further(self, url: str, name: str) -> Path | None:
        """Return a second file that goes with the first, or None where there is none."""
        try:
            if not self.source or (is_url(self.source) and self.source.endswith("/")):
                return self.fetch(self.source + name if self.source else url)
        except InputError:
            return None
        copy = Path(self.source).expanduser() / name
        if is_url(self.source) or not copy.is_file():
            return None
        _check_sum(copy, "")
        return copy

    def country(self, iso3: str) -> str:
        """Return the ISO 3166-1 alpha-2 code of an alpha-3 code."""
        found = [hit.feature.country for hit in shipped().search(iso3, kinds={"country"}) if iso3 in hit.feature.names[:1]]
        if not re.fullmatch("[A-Z]{3}", iso3) or not found:
            raise InputError(f"{iso3!r} is no ISO 3166-1 alpha-3 code of a country; write {self.name.partition(':')[0]}:SYR, for instance.")
        return found[0]

    def check_country(self, code: str) -> None:
        """Raise an error unless a code is the ISO 3166-1 alpha-2 code of a country."""
        try:
            if not re.fullmatch("[A-Z]{2}", code):
                raise UnknownPlace(code)
            shipped().get(f"country:{code}")
        except UnknownPlace as error:
            raise InputError(f"{code!r} is no ISO 3166-1 alpha-2 code of a country; write geonames:SY, for instance.") from error

    def described(self, holds: str, *, origin: str, licence: str, rows: int, skipped: Skipped | None = None, note: str = "") -> Installed:
        """Return the description of what was made, as of today."""
        today = dt.datetime.now(tz=dt.UTC).date().isoformat()
        left_out = skipped.count if skipped else 0
        words = "; ".join(filter(None, (note, f"left out: {skipped.words()}" if skipped and left_out else "")))
        return Installed(
            name=self.name, holds=holds, file="", origin=origin, licence=licence, date=today, sha256="", rows=rows, skipped=left_out,
            note=words,
        )

    def clean(self) -> None:
        """Remove the downloads that have been used up."""
        for file in self.fetched:
            file.unlink(missing_ok=True)
            file.with_name(f"{file.name.partition('-')[0]}.json").unlink(missing_ok=True)


def _check_sum(file: Path, expected: str) -> None:
    """Compare a copy with the hash that was given, or that stands in a list of hashes beside it."""
    sums = file.parent / _SUMS
    if not expected and sums.is_file():
        lines = (line.split(maxsplit=1) for line in sums.read_text(encoding="utf-8").splitlines())
        expected = next((parts[0] for parts in lines if len(parts) == 2 and parts[1].lstrip("*").strip() == file.name), "")
    if expected and sha256(file) != expected.lower():
        raise DataError(f"{file.name} is damaged: its SHA-256 is not {expected[:16]}…, as published; copy it again.")
