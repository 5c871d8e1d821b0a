"""The words of a DOCX or PDF file: the one home of python-docx and pypdf."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator

import docx
import pypdf
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from pypdf.errors import PyPdfError

from geo.errors import InputError

__all__ = ["docx_text", "pdf_text"]

# A report of 5 MB unpacks to some tens of megabytes; far more is a zip bomb.
_UNPACKED_MB = 200
_PAGES = 500


def docx_text(data: bytes, *, name: str = "The file") -> tuple[str, str]:
    """Return the text of a DOCX file, one line per paragraph or table row, and its title.

    Raises
    ------
    InputError
        If the file is damaged, no DOCX, or unpacks to more than 200 MB.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            unpacked = sum(entry.file_size for entry in package.infolist())
        if unpacked > _UNPACKED_MB * 1_000_000:
            raise InputError(f"{name} unpacks to {unpacked / 1e6:.0f} MB, {_UNPACKED_MB} at most are read; save it without its pictures.")
        document = docx.Document(io.BytesIO(data))
        lines = [line for line in _lines(document) if line.strip()]
    except (zipfile.BadZipFile, PackageNotFoundError, SyntaxError, KeyError, ValueError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is damaged or no DOCX file; open it in a word processor and save it again.") from error
    return "\n".join(lines), (document.core_properties.title or "").strip()


def _lines(document: WordDocument) -> Iterator[str]:
    for item in document.iter_inner_content():
        if isinstance(item, Table):
            for row in item.rows:
                yield " | ".join(dict.fromkeys(cell.text.strip() for cell in row.cells))
        else:
            yield item.text


def pdf_text(data: bytes, *, name: str = "The file") -> tuple[str, str]:
    """Return the text of a PDF file, its printed lines joined to paragraphs, and its title.

    Raises
    ------
    InputError
        If the file is damaged, locked, longer than 500 pages, or holds only pictures.
    """
    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{name} is locked with a password; save it without one.")
        if len(reader.pages) > _PAGES:
            raise InputError(f"{name} has {len(reader.pages)} pages; at most {_PAGES} are read, so cut out the report.")
        pages = [page.extract_text() for page in reader.pages]
        title = str(reader.metadata.title or "") if reader.metadata else ""
    except (PyPdfError, KeyError, IndexError, AttributeError, TypeError, ValueError, RecursionError, OSError, NotImplementedError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{name} is damaged or no PDF file; open it in a reader and print it to a new PDF.") from error
    text = "\n\n".join(_joined(page) for page in pages if page.strip())
    if not text.strip():
        raise InputError(f"{name} holds pictures and no text; run text recognition (OCR) over it first.")
    return text, title.strip()


def _joined(page: str) -> str:
    """Join the printed lines of a page: a line that fills its width and ends no sentence goes on in the next."""
    lines = [" ".join(line.split()) for line in page.splitlines()]
    width = max((len(line) for line in lines), default=0)
    joined: list[str] = []
    runs_on = False
    for line in lines:
        if not line:
            runs_on = False
            continue
        if runs_on and joined[-1].endswith("-") and line[0].islower() and re.search(r"[a-z]-$", joined[-1]):
            joined[-1] = joined[-1][:-1] + line
        elif runs_on:
            joined[-1] += " " + line
        else:
            joined.append(line)
        runs_on = len(line) > 0.7 * width or line[-1] not in ".!?:\"”’)"
    return "\n".join(joined)
