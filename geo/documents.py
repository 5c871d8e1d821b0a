"""What was written, by whom and when: a file, standard input or pasted text becomes a `Document`.

The text of a plain-text report is kept as it stands (only NUL and lone surrogate characters go), so an offset into
`Document.text` is an offset into the decoded file. Markdown loses its front matter; HTML, DOCX and PDF are read to plain text.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from geo.datelines import Head, read_date, read_head
from geo.errors import InputError
from geo.languages import detect
from geo.records import Document, document_id
from geo.repair import blank_markup, repair
from geo.sentences import sentences
from geo.settings import DEFAULTS

__all__ = ["SUFFIXES", "from_text", "load", "load_bytes", "sentences"]

logger = logging.getLogger(__name__)

_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_MAGIC = {
    b"%PDF": ".pdf", b"PK\x03\x04": ".docx", b"\x89PNG": "a picture (PNG)", b"\xff\xd8\xff": "a picture (JPEG)", b"GIF8": "a picture (GIF)",
    b"\x1f\x8b": "a compressed file (gzip)", b"7z\xbc\xaf": "a compressed file (7z)", b"Rar!": "a compressed file (RAR)",
    b"\x7fELF": "a program", b"MZ\x90": "a program", b"SQLite format 3": "a database", b"\xd0\xcf\x11\xe0": "an old Office file",
}
# Share of control characters above which a file is called binary; plain text has next to none, compressed data about 10 %.
_BINARY_SHARE = 0.02
_LONGEST_FIELD = 1000


def load(path: str | Path, *, encoding: str | None = None, max_mb: float | None = None) -> Document:
    """Read one report from a file, or from standard input when the path is ``-``.

    Parameters
    ----------
    path : str or Path
        A .txt, .md, .html, .htm, .docx or .pdf file, or ``-``.
    encoding : str, optional
        The text encoding of a plain-text, Markdown or HTML file. By default UTF-8, or UTF-16 where the file starts with its mark.
    max_mb : float, optional
        Largest size in megabytes (the setting of that name by default).

    Raises
    ------
    InputError
        If the path is missing, a directory, of an unknown suffix, too big, empty, binary, or not in its encoding.

    Examples
    --------
    >>> load("no-such-report.txt")
    Traceback (most recent call last):
    ...
    geo.errors.InputError: There is no file no-such-report.txt; check the path.
    """
    limit = _limit(max_mb)
    if str(path) == "-":
        data = sys.stdin.buffer.read(int(limit * 1_000_000) + 1)
        return load_bytes(data, "-", encoding=encoding, max_mb=limit)
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{file} is a directory; give the reports in it one by one, such as {file}/*.txt.")
    if not file.exists():
        raise InputError(f"There is no file {file}; check the path.")
    _check_suffix(file.name)
    try:
        if file.stat().st_size > limit * 1_000_000:
            raise InputError(_too_big(str(file), limit))
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror or error}); check its permissions.") from error
    return load_bytes(data, str(file), encoding=encoding, max_mb=limit)


def load_bytes(data: bytes, name: str, *, encoding: str | None = None, max_mb: float | None = None) -> Document:
    """Read one report from the bytes of a file of that name (an upload, or standard input as ``-``).

    Raises
    ------
    InputError
        As `load`.

    Examples
    --------
    >>> load_bytes(b"5 March 2020\\nFighting goes on in Idlib.", "note.txt").published
    datetime.date(2020, 3, 5)
    """
    limit = _limit(max_mb)
    shown = "standard input" if name == "-" else name
    suffix = _sniff(data) if name == "-" else _check_suffix(name)
    if len(data) > limit * 1_000_000:
        raise InputError(_too_big(shown, limit))
    if not data.strip():
        raise InputError(f"{shown} is empty; give a report with some text in it.")
    reading = SUFFIXES[suffix](data, shown, encoding)
    if not _UNUSABLE.sub("", reading.text).strip():
        raise InputError(f"{shown} holds no text that can be read; a scan or a picture needs text recognition first.")
    return _document(reading, path="" if name == "-" else name)


def from_text(
    text: str, *, title: str = "", source: str = "", published: dt.date | None = None, path: str = "", language: str = "",
) -> Document:
    """Make a document of a text; title, source and date not given are looked for in its first lines, its language in all of it.

    Raises
    ------
    InputError
        If the text is empty.

    Examples
    --------
    >>> document = from_text("BEIRUT, Lebanon, March 5, 2020 (Reuters) - Turkey struck targets in Idlib.")
    >>> document.source, document.published
    ('Reuters', datetime.date(2020, 3, 5))
    """
    if not _UNUSABLE.sub("", text).strip():
        raise InputError("The text is empty; paste or give a report with some text in it.")
    return _document(_Read(text=text, title=title, source=source, published=published), path=path, language=language)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What a reader found in a file before the head of its text was looked at."""

    text: str
    title: str = ""
    source: str = ""
    published: dt.date | None = None
    markup: bool = False


def _document(found: _Read, *, path: str = "", language: str = "") -> Document:
    text = _UNUSABLE.sub("", found.text)
    head = read_head(text) if not (found.title and found.source and found.published) else Head()
    return Document(
        id=document_id(text), text=text, reading=repair(blank_markup(text) if found.markup else text),
        title=_one_line(found.title or head.title), source=_one_line(found.source or head.source),
        published=found.published or head.published, language=language or detect(text), path=_UNUSABLE.sub("", path),
    )


def _limit(max_mb: float | None) -> float:
    return float(str(DEFAULTS["max_mb"])) if max_mb is None else max_mb


def _one_line(words: str) -> str:
    return " ".join(_UNUSABLE.sub("", words).split())[:_LONGEST_FIELD]


def _check_suffix(name: str) -> str:
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        given = f"the suffix {suffix}" if suffix else "no suffix"
        raise InputError(f"{name} has {given}, which is not a kind of report that can be read; allowed are {', '.join(SUFFIXES)}.")
    return suffix


def _too_big(name: str, limit: float) -> str:
    return f"{name} is larger than {limit:g} MB; split it into its reports; the command line reads more with --max-mb."


def _sniff(data: bytes) -> str:
    start = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic in (b"%PDF", b"PK\x03\x04"):
        if start.startswith(magic):
            return _MAGIC[magic]
    if start[:15].lower().startswith((b"<!doctype html", b"<html")):
        return ".html"
    return ".md" if re.match(rb"---[ \t]*\r?\n", start) else ".txt"


def _decode(data: bytes, name: str, encoding: str | None) -> str:
    for magic, what in _MAGIC.items():
        if data.startswith(magic):
            raise InputError(f"{name} is {what if what.startswith('a') else f'a {what[1:].upper()} file'} and not text; give {_WANTED}.")
    if encoding is None:
        marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
        encoding = next((codec for mark, codec in marks.items() if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except LookupError as error:
        raise InputError(f"{encoding!r} is no encoding that is known here; try utf-8, cp1252 or utf-16.") from error
    except UnicodeError as error:
        if _control_share(data.decode("latin-1")) > _BINARY_SHARE:
            raise InputError(f"{name} is binary and not text; give {_WANTED}.") from error
        raise InputError(
            f"{name} is not {encoding.upper().removesuffix('-SIG')} text; save it as UTF-8, or name its encoding, as in --encoding cp1252."
        ) from error
    if _control_share(text) > _BINARY_SHARE:
        raise InputError(f"{name} is binary, or text in an encoding that is not {encoding.upper()}; give {_WANTED}.")
    return text


_WANTED = "a report as UTF-8 text, Markdown, HTML, DOCX or PDF"


def _control_share(text: str) -> float:
    sample = text[:65_536]
    return sum(character < " " and character not in "\t\n\r\f\x0b\x1b" for character in sample) / max(1, len(sample))


def _plain(data: bytes, name: str, encoding: str | None) -> _Read:
    return _Read(text=_decode(data, name, encoding))


def _markdown(data: bytes, name: str, encoding: str | None) -> _Read:
    from geo.frontmatter import split_front_matter

    text = _decode(data, name, encoding)
    fields, body = split_front_matter(text, name=name)
    heading = re.search(r"^#{1,2}[ \t]+(.+?)[ \t#]*$", body, re.MULTILINE)
    return _Read(
        text=body, title=fields.get("title", "") or (heading.group(1) if heading else ""),
        source=fields.get("publisher") or fields.get("source") or fields.get("sources", ""),
        published=read_date(fields.get("date", "") or fields.get("published", "")), markup=True,
    )


def _html(data: bytes, name: str, encoding: str | None) -> _Read:
    from geo.webpage import page_text

    declared = re.search(rb"<meta[^>]+charset=[\"']?([\w-]{3,20})", data[:4096], re.IGNORECASE)
    if encoding is None and declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        encoding = declared.group(1).decode("ascii")
    page = page_text(_decode(data, name, encoding), name=name)
    return _Read(text=page.text, title=page.title, source=page.source, published=read_date(page.date))


def _docx(data: bytes, name: str, encoding: str | None) -> _Read:
    from geo.office import docx_text

    text, title = docx_text(data, name=name)
    return _Read(text=text, title=title)


def _pdf(data: bytes, name: str, encoding: str | None) -> _Read:
    from geo.office import pdf_text

    text, title = pdf_text(data, name=name)
    return _Read(text=text, title=title)


SUFFIXES: MappingProxyType[str, Callable[[bytes, str, str | None], _Read]] = MappingProxyType({
    ".txt": _plain, ".md": _markdown, ".html": _html, ".htm": _html, ".docx": _docx, ".pdf": _pdf,
})
