"""The HTML file around a page of figures: it opens with no network, has no script, and its policy allows only its own style, by hash.

Every string is escaped where it becomes markup (`geo.markup`, which escapes through `geo.annotate.escape`).
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

from geo.markup import Markup, join, tag
from geo.scoreboard import Table

__all__ = ["html_table", "sheet"]

_STYLE = Path(__file__).parent / "assets" / "evaluation.css"
_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def sheet(title: str, body: Markup) -> str:
    """Return a whole page as text."""
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode()
    head = join([
        tag("meta", charset="utf-8"), Markup(f'<meta http-equiv="Content-Security-Policy" content="{_POLICY.format(digest)}">'),
        tag("title", title), tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="referrer", content="no-referrer"), tag("style", Markup(style)),
    ])
    return "<!DOCTYPE html>\n" + tag("html", tag("head", head), tag("body", body), lang="en") + "\n"


def html_table(table: Table) -> Markup:
    """Return a table of words as markup."""
    head = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in table.head)))
    rows = (tag("tr", tag("th", row[0], scope="row"), *(tag("td", cell) for cell in row[1:])) for row in table.rows)
    caption = tag("caption", table.above) if table.above else ""
    below = (tag("p", line, class_="below") for line in table.below)
    return tag("div", tag("table", caption, head, tag("tbody", *rows)), *below, class_="scroll")
