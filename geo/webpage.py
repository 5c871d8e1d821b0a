"""The story of a web page, without its menus: the one home of trafilatura. Reads a string; fetches nothing."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from html.parser import HTMLParser

import trafilatura

from geo.errors import InputError

__all__ = ["Page", "page_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The text of a page and what it says about itself; the date is ISO or empty."""

    text: str
    title: str = ""
    source: str = ""
    date: str = ""


def page_text(markup: str, *, name: str = "The page") -> Page:
    """Return the story of a page in HTML.

    Raises
    ------
    InputError
        If the page holds no text.

    Examples
    --------
    >>> page_text("<html><head><title>Talks</title></head><body><p>The leaders met in Moscow.</p></body></html>").text
    'The leaders met in Moscow.'
    """
    logging.getLogger("trafilatura").setLevel(logging.ERROR)
    found = trafilatura.bare_extraction(markup, with_metadata=True, include_comments=False, include_tables=True, favor_recall=True)
    fields = {} if found is None else found if isinstance(found, dict) else found.as_dict()
    text = fields.get("text") or _all_text(markup)
    if not text.strip():
        raise InputError(f"{name} is a page without text; save the page of the story itself.")
    return Page(text=text, title=fields.get("title") or "", source=fields.get("sitename") or "", date=fields.get("date") or "")


class _Words(HTMLParser):
    """The words of a page, block by block, for one whose story cannot be told from its frame."""

    _HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "svg"})
    _BLOCKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "table", "ul", "ol"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in self._HIDDEN
        if tag in self._BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in self._HIDDEN))
        if tag in self._BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data.replace("\n", " "))


def _all_text(markup: str) -> str:
    words = _Words()
    words.feed(markup)
    lines = (" ".join(line.split()) for line in "".join(words.pieces).split("\n"))
    return "\n".join(line for line in lines if line)
