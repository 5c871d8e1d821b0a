"""A file from the network: streamed to a part file, resumed where it was cut off, checked against what its server publishes.

Proxies come from the environment (``https_proxy``, ``no_proxy``). A redirect may not leave https. A part file is never read as data:
it is renamed only when it is whole.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import logging
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from geo import __version__
from geo.errors import DataError, InputError

__all__ = ["Progress", "download", "is_url"]

Progress = Callable[[int, int, str], None]

MAX_BYTES = 8 << 30  # the largest file offered (all countries of GeoNames, packed) has 0.4 GB
ATTEMPTS = 4  # how often a download that is cut off, or told to wait, is taken up again before the user is asked to
LONGEST_WAIT_S = 60  # a server that asks for more patience than this is left for later
TIMEOUT_S = 30
QUERY_S = 330  # a query may be worked on for minutes before the first byte comes: Overpass is told to stop after 300 s
REDIRECTS = 5
_CHUNK = 1 << 18
_LOG = logging.getLogger(__name__)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


class _CutOff(Exception):
    """The connection ended before the file did."""


class _Later(Exception):
    """The server asks to come back later."""

    def __init__(self, seconds: float, what: str) -> None:
        super().__init__(what)
        self.seconds = seconds


def is_url(source: str) -> bool:
    """Say whether a source is an address of the web, not a path.

    Examples
    --------
    >>> is_url("https://example.org/SY.zip"), is_url("SY.zip")
    (True, False)
    """
    return source.lower().startswith(("http://", "https://"))


def download(
    url: str, folder: Path, *, sha256: str = "", progress: Progress | None = None, max_bytes: int = MAX_BYTES, data: bytes | None = None,
) -> Path:
    """Return the path of the downloaded file in `folder`; what a former attempt left there is completed, not fetched again.

    Parameters
    ----------
    url
        An http or https address.
    folder
        Where the file and its part lie; made if need be. Whoever calls removes the file when it is used up.
    sha256
        The published SHA-256 in hex digits, where there is one; a checksum in the answer's headers is checked in any case.
    progress
        Called with (kB done, kB in all, words).
    data
        What to POST, such as a query; such an answer is not resumed.

    Raises
    ------
    InputError
        The address is none, or does not exist.
    DataError
        The server refuses or cuts off again and again, or what came is not what was published.
    """
    if not is_url(url):
        raise InputError(f"{url!r} is no address; give one that begins with https:// or http://, or the path of a file.")
    folder.mkdir(parents=True, exist_ok=True)
    part = _Part(folder, url, fresh=data is not None)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _take_up(part, url, data, progress, max_bytes)
            break
        except _CutOff as error:
            if attempt == ATTEMPTS:
                raise DataError(_given_up(part, error)) from error
        except _Later as error:
            if attempt == ATTEMPTS or error.seconds > LONGEST_WAIT_S:
                raise DataError(f"{_host(url)} {error}; wait a while, then run the same command again.") from error
            _LOG.info("%s; waiting %.0f s", error, error.seconds)
            _wait(error.seconds)
    part.check(sha256)
    return part.finish()


def _given_up(part: _Part, error: Exception) -> str:
    if not part.size:
        return f"{part.name} cannot be fetched ({error}); check the connection and the proxy, or give --from with a copy."
    return f"{part.name} was cut off after {part.size >> 10} kB ({error}); run the same command again, and it goes on from there."


class _Part:
    """A file on its way: its bytes so far, and what its server said of it."""

    def __init__(self, folder: Path, url: str, *, fresh: bool) -> None:
        self.name = Path(unquote(urlsplit(url).path)).name or _host(url)
        stem = hashlib.sha256(url.encode()).hexdigest()[:16]
        safe = re.sub(r"[^\w.-]+", "-", self.name)[-60:]
        self.file, self.facts, self.whole = folder / f"{stem}.part", folder / f"{stem}.json", folder / f"{stem}-{safe}"
        self.known: dict[str, str] = {}
        if fresh:
            self.start_over()
        elif self.facts.is_file():
            self.known = _read_facts(self.facts)

    @property
    def size(self) -> int:
        return self.file.stat().st_size if self.file.is_file() else 0

    def start_over(self) -> None:
        for file in (self.file, self.facts, self.whole):
            file.unlink(missing_ok=True)
        self.known = {}

    def headers(self) -> dict[str, str]:
        """What to ask for: the rest of this very version, or whether the whole file is still the newest."""
        tag, modified = self.known.get("etag", ""), self.known.get("modified", "")
        if self.whole.is_file() and (tag or modified):
            return {"If-None-Match": tag} if tag else {"If-Modified-Since": modified}
        if self.size and (tag or modified):
            return {"Range": f"bytes={self.size}-", "If-Range": tag or modified}
        return {}

    def remember(self, headers: Message, total: int) -> None:
        tag = headers.get("ETag", "")
        digest = {key: headers.get(key, "") for key in ("Repr-Digest", "Digest", "Content-MD5") if headers.get(key)}
        exact = "" if tag.startswith("W/") else tag
        self.known = {"etag": exact, "modified": headers.get("Last-Modified", ""), "total": str(total), **digest}
        self.facts.write_text(json.dumps(self.known), encoding="utf-8")

    def check(self, sha256: str) -> None:
        """Compare with the published checksums; a file that differs is deleted."""
        file = self.whole if self.whole.is_file() else self.file
        wanted = [("sha256", sha256.lower())] if sha256 else []
        wanted += _published(self.known)
        for algorithm, expected in wanted:
            found = _digest(file, algorithm)
            if found != expected:
                self.start_over()
                what = f"{self.name} is damaged: its {algorithm} is {found[:16]}…, published is {expected[:16]}…"
                raise DataError(f"{what}; nothing of it is kept, so run the command again.")

    def finish(self) -> Path:
        if self.file.is_file():
            self.file.replace(self.whole)
        return self.whole


def _take_up(part: _Part, url: str, data: bytes | None, progress: Progress | None, max_bytes: int) -> None:
    try:
        answer = _open(url, part.headers(), data)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code == 304 and part.whole.is_file():
            return
        if error.code == 416:
            part.start_over()
            raise _CutOff("the server has another version of it now") from error
        raise _refusal(error, url) from error
    except urllib.error.URLError as error:
        raise _CutOff(f"{_host(url)} cannot be reached: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise _CutOff(_words(error)) from error
    with answer:
        begin, total = _begin(answer, part)
        if total > max_bytes:
            raise DataError(f"{part.name} has {total >> 20} MB; Salient takes files of up to {max_bytes >> 20} MB.")
        if not begin:
            part.start_over()
            part.remember(answer.headers, total)
        _pour(answer, part, total, progress, max_bytes)


def _pour(answer: Any, part: _Part, total: int, progress: Progress | None, max_bytes: int) -> None:
    with part.file.open("ab") as out:
        while True:
            try:
                chunk = answer.read(_CHUNK)
            except (OSError, http.client.HTTPException) as error:
                raise _CutOff(_words(error)) from error
            if not chunk:
                break
            out.write(chunk)
            if out.tell() > max_bytes or (total and out.tell() > total):
                out.close()
                part.start_over()
                raise DataError(f"{part.name} is larger than its server said; nothing of it is kept.")
            if progress:
                progress(out.tell() >> 10, max(total, out.tell()) >> 10, f"kB of {part.name}")
        size = out.tell()
    if total and size < total:
        raise _CutOff(f"{total >> 10} kB were announced")


def _begin(answer: Any, part: _Part) -> tuple[int, int]:
    """Return the byte at which an answer begins and the size of the whole file, 0 where it is not said."""
    length = int(answer.headers.get("Content-Length") or 0)
    if answer.status != 206:
        return 0, length
    found = _RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if not found or int(found[1]) != part.size or int(found[2]) + 1 != int(found[3]):
        part.start_over()
        raise _CutOff("the server sent another stretch than was asked for")
    return int(found[1]), int(found[3])


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = REDIRECTS
    max_repeats = 2

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if new not in (old, "https"):
            raise DataError(f"{_host(req.full_url)} points from {old} to {newurl[:80]!r}; Salient follows to https, or stays with {old}.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _open(url: str, headers: Mapping[str, str], data: bytes | None) -> Any:
    own = {"User-Agent": f"Salient/{__version__}", "Accept-Encoding": "identity"}
    request = urllib.request.Request(url, data=data, headers={**headers, **own})
    return urllib.request.build_opener(_Redirects).open(request, timeout=TIMEOUT_S if data is None else QUERY_S)


def _refusal(error: urllib.error.HTTPError, url: str) -> Exception:
    code = error.code
    if code in (404, 410):
        return InputError(f"There is no file at {url} ({code}); check the name, or give --from with another address or a file.")
    if code in (429, 500, 502, 503, 504):
        asked = error.headers.get("Retry-After", "") if error.headers else ""
        words = "asks for fewer requests (429)" if code == 429 else f"has a fault of its own ({code})"
        return _Later(float(asked) if asked.isdecimal() else 2.0, words)
    if 300 <= code < 400:
        return DataError(f"{_host(url)} redirects in a circle or away from the web ({code}); give --from with the final address.")
    return DataError(f"{_host(url)} refuses {url} ({code} {error.reason}); give --from with another address or a file.")


def _published(known: Mapping[str, str]) -> list[tuple[str, str]]:
    """The checksums in the headers of an answer, as (algorithm, hex digits)."""
    found = []
    for header in ("Repr-Digest", "Digest"):
        for name, value in re.findall(r"(sha-256)=:?([A-Za-z0-9+/=]{44}):?", known.get(header, ""), re.IGNORECASE):
            found.append((name.lower().replace("-", ""), value))
    if md5 := known.get("Content-MD5"):
        found.append(("md5", md5))
    made = []
    for algorithm, value in found:
        try:
            made.append((algorithm, base64.b64decode(value, validate=True).hex()))
        except ValueError:
            _LOG.info("The checksum %r cannot be read", value)
    return made


def _digest(file: Path, algorithm: str) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.new(algorithm, usedforsecurity=False)).hexdigest()


def _read_facts(file: Path) -> dict[str, str]:
    try:
        known = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in known.items()} if isinstance(known, dict) else {}


def _host(url: str) -> str:
    return urlsplit(url).hostname or url


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _wait(seconds: float) -> None:
    time.sleep(seconds)
