"""The app in other languages: nothing of ours is left in English, and Arabic runs from the right, on paper as on a telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import messages
from geo.messages import LANGUAGES, say
from tests.browser.serving import inside, serving, settled, the_map, visiting

pytestmark = pytest.mark.browser

OTHERS = sorted(LANGUAGES.keys() - {"en"})
TEXTS = """() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  const named = ["aria-label", "title", "placeholder", "alt"];
  // Of reports, of tables, of Streamlit itself.
  const theirs = "article, blockquote, [data-testid=stDataFrame], [aria-haspopup=listbox], [data-testid=stFileUploaderDropzone]";
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    if ((node.closest ? node : node.parentNode).closest(theirs)) continue;
    if (node.nodeType === Node.TEXT_NODE) { if (!/^(SCRIPT|STYLE)$/.test(node.parentNode.nodeName)) found.push(node.textContent); }
    else for (const name of named) if (node.getAttribute(name)) found.push(node.getAttribute(name));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(Path(tmp_path_factory.mktemp("desk"))) as address:
        yield address


def _english(texts: list[str], code: str) -> set[str]:
    """What stands there in English and has a translation: words of the table, with whatever fills their braces."""
    left = set()
    rows = [row for row in messages.rows() if row["where"] not in ("glossary", "form", "sentence") and row["en"] != row[code]]
    whole = {row["en"] for row in rows if "{" not in row["en"]}
    forms = [
        re.compile(".+?".join(re.escape(part) for part in re.split(r"\{\w+\}", form)))
        for row in rows for form in row["en"].split(" | ") if "{" in form and re.search(r"[A-Za-z]{3,}", re.sub(r"\{\w+\}", "", form))
    ]
    for text in (re.sub(r"\s+", " ", text).strip() for text in texts):
        if text in whole or any(form.fullmatch(text) for form in forms):
            left.add(text)
    return left


@pytest.mark.parametrize("code", OTHERS)
def test_nothing_of_ours_is_left_in_english(browser: Any, served: str, code: str) -> None:
    with visiting(browser, served, locale="en-GB") as page:
        page.goto(f"{served}/?lang={code}", timeout=120_000)
        frame = the_map(page)
        settled(page)
        assert page.evaluate("document.documentElement.lang") == code
        assert frame.locator("html").get_attribute("lang") == code
        shown = page.evaluate(TEXTS) + inside(page).evaluate(TEXTS)
        assert _english(shown, code) == set()
        assert any(say("What the map shows", language=code) in text for text in shown)
        assert page.faults == []
        assert page.abroad == []


def test_arabic_runs_from_the_right(browser: Any, served: str) -> None:
    with visiting(browser, served) as page:
        page.goto(f"{served}/?lang=ar", timeout=120_000)
        frame = the_map(page)
        settled(page)
        assert page.evaluate("document.documentElement.dir") == "rtl"
        assert frame.locator("html").get_attribute("dir") == "rtl"
        assert frame.locator(".s-panel").bounding_box()["x"] > frame.locator(".leaflet-container").bounding_box()["x"]
        side = page.get_by_test_id("stSidebar")
        assert side.bounding_box()["x"] > 1000
        side.hover()
        page.get_by_test_id("stSidebarCollapseButton").locator("button").click()
        page.wait_for_timeout(600)
        assert not side.is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.get_by_test_id("stExpandSidebarButton").click()
        page.wait_for_timeout(600)
        assert side.is_visible()


def test_the_browser_is_asked_first_and_the_choice_stays(browser: Any, served: str) -> None:
    with visiting(browser, served, locale="fr-FR") as page:
        page.goto(served, timeout=120_000)
        the_map(page)
        settled(page)
        assert page.evaluate("document.documentElement.lang") == "fr"
        page.goto(f"{served}/?lang=es", timeout=120_000)
        the_map(page)
        settled(page)
        assert page.evaluate("document.documentElement.lang") == "es"
        assert page.get_by_role("button", name=say("Undo", language="es")).first.is_visible()


def test_a_telephone_in_arabic_has_nothing_beside_the_screen(browser: Any, served: str) -> None:
    with visiting(browser, served, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"{served}/?lang=ar", timeout=120_000)
        the_map(page)
        settled(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert not page.get_by_test_id("stSidebar").is_visible()
