"""What stands in a file that was written, as the program that opens such files reads it."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import geopandas as gpd
from PIL import Image
from pptx import Presentation
from pypdf import PdfReader

__all__ = ["GUARDED", "every_text"]

GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What a cell may not begin with, for a spreadsheet would run it."""

csv.field_size_limit(10_000_000)


def every_text(path: Path) -> tuple[str, ...]:
    """Every text of a file; a CSV's cells without the apostrophe that guards them."""
    return tuple(_READERS[path.suffix](path))


def _json(path: Path) -> Iterator[str]:
    yield from _strings(json.loads(path.read_text(encoding="utf-8")))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _gpkg(path: Path) -> Iterator[str]:
    with closing(sqlite3.connect(path)) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'rtree%'").fetchall()
        for (name,) in names:
            for row in database.execute(f'SELECT * FROM "{name}"'):
                yield from (value for value in row if isinstance(value, str))


def _parquet(path: Path) -> Iterator[str]:
    table = gpd.read_parquet(path)
    yield from map(str, table.drop(columns="geometry").astype(object).to_numpy().ravel())
    yield from _strings(table.attrs)


def _csv(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            yield from (value[1:] if value.startswith("'") and value[1:].startswith(GUARDED) else value for value in row)


def _kml(path: Path) -> Iterator[str]:
    data = path.read_bytes() if path.suffix == ".kml" else zipfile.ZipFile(path).read("doc.kml")
    for element in Xml.fromstring(data).iter():
        yield element.text or ""
        if element.tag.endswith("description"):
            yield unescape(element.text or "")


def _svg(path: Path) -> Iterator[str]:
    for element in Xml.fromstring(path.read_bytes()).iter():
        yield element.text or ""


def _pptx(path: Path) -> Iterator[str]:
    deck = Presentation(str(path))
    for slide in deck.slides:
        yield slide.notes_slide.notes_text_frame.text
        for element in slide.element.iter():
            yield from (str(element.get(name) or "") for name in ("name", "descr") if element.tag.endswith("}cNvPr"))
            if element.tag.endswith("}t"):
                yield element.text or ""


def _png(path: Path) -> Iterator[str]:
    with Image.open(path) as picture:
        picture.load()
        yield from (value for value in picture.info.values() if isinstance(value, str))


def _pdf(path: Path) -> Iterator[str]:
    made = PdfReader(path)
    yield from map(str, (made.metadata or {}).values())
    yield from (page.extract_text() for page in made.pages)


def _html(path: Path) -> Iterator[str]:
    yield path.read_text(encoding="utf-8")


def pdf_text(path: Path) -> str:
    """What pdftotext reads."""
    return subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True).stdout


_READERS = {
    ".json": _json, ".geojson": _json, ".jsonld": _json, ".gpkg": _gpkg, ".parquet": _parquet, ".csv": _csv, ".kml": _kml, ".kmz": _kml,
    ".svg": _svg, ".pptx": _pptx, ".png": _png, ".pdf": _pdf, ".html": _html,
}
