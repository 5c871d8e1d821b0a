"""Many reports from one source: a file, a folder, a zip, a table of reports, a feed, or an address of the web.

What is no report is left out and told; a source in which there is none is an error. Everything is bounded: a folder of a million files
or a zip that unpacks to a terabyte ends in a sentence, not in a full disk.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit
from xml.etree import ElementTree

from geo import archives
from geo.datelines import read_date
from geo.documents import SUFFIXES, from_text, load, load_bytes
from geo.download import is_url
from geo.errors import DataError, InputError, SalientError
from geo.fetching import Fetched, fetch
from geo.records import Document
from geo.webpage import page_text

__all__ = ["KINDS", "Intake", "intake", "intake_bytes"]

KINDS = (*SUFFIXES, ".zip", ".csv", ".tsv", ".rss", ".atom", ".xml")
"""Suffixes of what can be taken in."""

MOST = 5_000  # reports from one source
MOST_BYTES = 500_000_000  # of all of them
TOLD = 20  # of what is left out, by name

# What tables of reports call their columns, in the order in which they are looked for.
_COLUMNS = {
    "text": ("text", "body", "content", "article", "story", "fulltext", "full_text", "notes", "description"),
    "title": ("title", "headline", "name", "subject"),
    "source": ("source", "publisher", "outlet", "publication", "domain"),
    "published": ("published", "date", "publication_date", "published_at", "pubdate", "event_date", "timestamp"),
    "url": ("url", "link", "address", "permalink"),
}
_SUFFIX_OF = {"text/plain": ".txt", "application/pdf": ".pdf"}
_FEED = re.compile(rb"\A\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """The reports of a source, in its order, and in words what was left out."""

    documents: tuple[Document, ...]
    left_out: tuple[str, ...] = ()


def intake(
    source: str | Path, *, encoding: str | None = None, max_mb: float | None = None, allow_private: bool = False,
    progress: Callable[[int, int, str], None] | None = None,
) -> Intake:
    """Return the reports of a source.

    Parameters
    ----------
    source
        A path, ``-`` for standard input, or an http or https address.
    encoding, max_mb
        Of each report, as `geo.documents.load` takes them.
    allow_private
        Whether an address in one's own network may be asked.
    progress
        Called with (reports done, in all, name); raise from it to cancel.

    Raises
    ------
    InputError
        If the source cannot be read or holds no report.
    """
    name = str(source)
    if is_url(name):
        return _from_web(fetch(name, allow_private=allow_private, max_bytes=int((max_mb or 5.0) * 1e6)), max_mb=max_mb)
    path = Path(source)
    if name == "-" or not (path.is_dir() or path.suffix.lower() in KINDS[len(SUFFIXES) :]):
        return Intake(documents=(load(source, encoding=encoding, max_mb=max_mb),))
    if path.is_dir():
        return _gathered(_of_folder(path, encoding, max_mb), name, progress)
    try:
        return intake_bytes(path.read_bytes(), path.name, encoding=encoding, max_mb=max_mb, progress=progress)
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror}); give a report, a folder, a zip, a table or a feed.") from error


def intake_bytes(
    data: bytes, name: str, *, encoding: str | None = None, max_mb: float | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Intake:
    """Return the reports of an uploaded file; the arguments are those of `intake`.

    Raises
    ------
    InputError
        If it cannot be read or holds no report.
    """
    suffix = PurePosixPath(name.lower()).suffix
    if suffix == ".zip":
        return _gathered(_of_zip(data, name, encoding, max_mb), name, progress)
    if suffix in (".csv", ".tsv"):
        return _gathered(_of_table(data, name, encoding), name, progress)
    if suffix in (".rss", ".atom", ".xml"):
        return _gathered(_of_feed(data, name), name, progress)
    return Intake(documents=(load_bytes(data, name, encoding=encoding, max_mb=max_mb),))


_Found = tuple[str, Callable[[], Document]]


def _gathered(found: Sequence[_Found], name: str, progress: Callable[[int, int, str], None] | None) -> Intake:
    """Read what was found, one after the other; what cannot be read is told and left out."""
    if len(found) > MOST:
        raise InputError(f"{name} holds {len(found):,} reports; at most {MOST:,} are taken at once: split it.")
    documents: dict[str, Document] = {}
    left_out: list[str] = []
    for number, (each, read) in enumerate(found):
        if progress is not None:
            progress(number, len(found), each)
        try:
            document = read()
        except SalientError as error:
            left_out.append(str(error))
        else:
            documents.setdefault(document.id, document)
    if not documents:
        why = f" ({left_out[0]})" if left_out else f"; it should hold files of the kinds {', '.join(SUFFIXES)}"
        raise InputError(f"{name} holds no report that can be read{why}")
    more = [f"{len(left_out) - TOLD} more were left out."] if len(left_out) > TOLD else []
    return Intake(documents=tuple(documents.values()), left_out=(*left_out[:TOLD], *more))


def _of_folder(folder: Path, encoding: str | None, max_mb: float | None) -> list[_Found]:
    files = []
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix.lower() in SUFFIXES and not hidden and path.is_file():
            files.append(path)
        if len(files) > MOST:
            break
    return [(str(path), lambda path=path: load(path, encoding=encoding, max_mb=max_mb)) for path in files]  # type: ignore[misc]


def _of_zip(data: bytes, name: str, encoding: str | None, max_mb: float | None) -> list[_Found]:
    try:
        with archives.opened(io.BytesIO(data), name) as archive:
            held = [info for info in archive.infolist() if PurePosixPath(info.filename.lower()).suffix in SUFFIXES]
            held = [info for info in held if not any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(info.filename).parts)]
            if sum(info.file_size for info in held) > MOST_BYTES:
                raise InputError(f"{name} unpacks to more than {MOST_BYTES // 1_000_000} MB of reports; split it.")
            read = {info.filename: archive.read(info) for info in held[: MOST + 1]}
    except (zipfile.BadZipFile, zlib.error, DataError, EOFError, NotImplementedError) as error:
        raise InputError(f"{name} cannot be unpacked ({error}); pack the reports again.") from error
    return [
        (each, lambda each=each, held=held: load_bytes(held, each, encoding=encoding, max_mb=max_mb))  # type: ignore[misc]
        for each, held in sorted(read.items())
    ]


def _of_table(data: bytes, name: str, encoding: str | None) -> list[_Found]:
    """One report for each row; a date that cannot be read is left empty, not guessed."""
    try:
        text = data.decode(encoding or "utf-8-sig")
    except (UnicodeDecodeError, LookupError) as error:
        raise InputError(f"{name} is not {encoding or 'UTF-8'} text; save it as CSV in UTF-8, or name its encoding.") from error
    csv.field_size_limit(20_000_000)
    comma = "\t" if name.lower().endswith(".tsv") or text.split("\n", 1)[0].count("\t") > text.split("\n", 1)[0].count(",") else ","
    comma = ";" if text.split("\n", 1)[0].count(";") > text.split("\n", 1)[0].count(comma) else comma
    try:
        rows = list(csv.DictReader(io.StringIO(text), delimiter=comma))
    except csv.Error as error:
        raise InputError(f"{name} is no table that can be read ({error}); save it as CSV with one report a row.") from error
    columns = {part: _column(rows[0] if rows else {}, names) for part, names in _COLUMNS.items()}
    if not columns["text"]:
        raise InputError(f"{name} has no column with the text of the reports; call it {' or '.join(_COLUMNS['text'][:3])}.")
    return [(f"{name}, row {number}", lambda row=row: _row_document(row, columns)) for number, row in enumerate(rows, 2)]  # type: ignore[misc]


def _column(row: dict[str, str], names: Sequence[str]) -> str:
    known = {str(column).strip().lower(): str(column) for column in row if column is not None}
    return next((known[name] for name in names if name in known), "")


def _row_document(row: dict[str, str], columns: dict[str, str]) -> Document:
    told = {part: str(row.get(column) or "").strip() for part, column in columns.items() if column}
    return from_text(
        told["text"], title=told.get("title", ""), source=told.get("source", ""), published=_day(told.get("published", "")),
        path=told["url"] if is_url(told.get("url", "")) else "",
    )


def _of_feed(data: bytes, name: str) -> list[_Found]:
    """The items of an RSS or Atom feed."""
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise InputError(f"{name} declares entities, which no feed needs; it is not read.")
    try:
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise InputError(f"{name} is no RSS or Atom feed ({error}); give the address of the feed, or its file.") from error
    items = [node for node in root.iter() if _tag(node) in ("item", "entry")]
    title = next((_said(node) for node in root.iter() if _tag(node) == "title"), "")
    return [(f"{name}, item {number}", lambda item=item: _item_document(item, title)) for number, item in enumerate(items, 1)]  # type: ignore[misc]


def _item_document(item: ElementTree.Element, feed: str) -> Document:
    parts = {_tag(node): node for node in reversed(list(item))}
    body = next((_said(parts[key]) for key in ("encoded", "content", "description", "summary") if key in parts and _said(parts[key])), "")
    if "<" in body:
        body = page_text(f"<html><body><article>{body}</article></body></html>", name="An item of the feed").text
    day = next((_said(parts[key]) for key in ("pubDate", "published", "date", "updated") if key in parts), "")
    link = parts["link"].get("href") or _said(parts["link"]) if "link" in parts else ""
    title = " ".join(_said(parts["title"]).split()) if "title" in parts else ""
    text = body if not title or body.startswith(title) else f"{title}\n\n{body}"
    return from_text(text, title=title, source=feed, published=_day(day), path=link if is_url(link) else "")


def _from_web(found: Fetched, *, max_mb: float | None) -> Intake:
    """What came from the web: a feed, or one page."""
    host = urlsplit(found.url).hostname or ""
    if _FEED.match(found.body[:2000]):
        return _gathered(_of_feed(found.body, found.url), found.url, None)
    name = "page" + _SUFFIX_OF.get(found.kind, ".html")
    read = load_bytes(found.body, name, encoding=found.encoding or None, max_mb=max_mb)
    return Intake(documents=(replace(read, source=read.source or host.removeprefix("www."), path=found.url),))


def _day(words: str) -> dt.date | None:
    """The day that a feed or a table writes."""
    try:
        return dt.date.fromisoformat(words[:10])
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(words).date()
    except (ValueError, TypeError, IndexError):
        return read_date(words) if words else None


def _tag(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _said(node: ElementTree.Element) -> str:
    return "".join(node.itertext()).strip()
