"""What a browser shows of each format that one can open: nothing of a report runs, nothing is asked for, and words stand as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from geo.export import export
from tests import hostile_fields
from tests.browser.visits import READY
from tests.hostile import CANARY, PRODUCT, visible
from tests.hostile_fields import STRINGS, TITLE

pytestmark = pytest.mark.browser

# The cards of claims and areas.
CARDS = """() => {
    const made = Salient.current.features, told = [];
    for (const id of Object.keys(made.byId).filter(name => /^[cz][0-9]+$/.test(name))) {
        made.show(made.byId[id]);
        const cards = document.querySelectorAll(".s-card");
        told.push(cards[cards.length - 1].textContent);
    }
    return told;
}"""


@pytest.fixture(scope="module")
def spread() -> Any:
    """Every hostile string in every kind of field."""
    return hostile_fields.situation()


class Watch:
    """A page without a network, and what it did that it should not have done."""

    def __init__(self, browser: Any) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
        self.page = self.context.new_page()
        self.did: list[str] = []
        self.page.on("dialog", lambda dialog: (self.did.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.did.append(str(error)))
        self.page.on("console", lambda said: self.did.append(said.text) if said.type in ("error", "warning") else None)
        self.page.on("request", lambda asked: None if asked.url.startswith(("file:", "data:", "blob:")) else self.did.append(asked.url))
        self.page.on("popup", lambda _: self.did.append("a window was opened"))

    def quiet(self) -> None:
        """Nothing ran and nothing was asked for."""
        self.page.wait_for_timeout(200)
        assert self.page.evaluate(f"window.{CANARY}") is None
        assert self.did == []


@pytest.fixture
def watch(browser: Any) -> Any:
    made = Watch(browser)
    yield made
    made.context.close()


def seen(words: str) -> str:
    return visible(words).replace("\ufffd", "")


def test_a_page_of_hostile_strings_shows_them_all_and_runs_none(watch: Watch, spread: Any, tmp_path: Path) -> None:
    page = watch.page
    page.goto(export(spread, tmp_path / "map.html").as_uri())
    page.wait_for_selector(READY, timeout=60_000)
    assert page.evaluate("document.querySelector('.s-head h1').textContent") == TITLE
    assert page.title() == TITLE
    told = seen("\n".join(page.evaluate(CARDS)))
    assert not [words for words in STRINGS if seen(words) not in told]
    whole = page.evaluate("document.querySelector('.salient').textContent")
    assert not [words for words in STRINGS if seen(words) not in seen(whole)]
    assert PRODUCT not in whole
    assert page.evaluate("document.querySelectorAll('.salient :is(img, iframe, object, embed, base, meta, form, link)').length") == 0
    watch.quiet()


def test_a_picture_of_hostile_strings_runs_none(watch: Watch, spread: Any, tmp_path: Path) -> None:
    page = watch.page
    page.goto(export(spread, tmp_path / "map.svg").as_uri())
    assert page.evaluate("document.documentElement.localName") == "svg"
    page.evaluate("document.querySelectorAll('*').forEach(one => ['click', 'mouseover'].forEach(e => one.dispatchEvent(new Event(e))))")
    told = seen(page.evaluate("document.documentElement.textContent"))
    assert not [words for words in STRINGS if seen(words) not in told]
    watch.quiet()


def test_the_balloons_of_a_kml_file_show_hostile_strings_and_run_none(watch: Watch, spread: Any, tmp_path: Path) -> None:
    """As a program shows them that takes names and descriptions for HTML and fills in what a balloon's style asks for."""
    root = Xml.fromstring(export(spread, tmp_path / "map.kml").read_bytes())
    space = {"k": "http://www.opengis.net/kml/2.2"}
    balloons = [balloon(mark, root, space) for mark in root.iterfind(".//k:Placemark", space)]
    assert len(balloons) > len(STRINGS)
    document = root.findtext("k:Document/k:description", "", space)
    watch.page.set_content("<!DOCTYPE html><body>" + document + "".join(f"<article>{words}</article>" for words in balloons))
    told = seen(watch.page.evaluate("document.body.textContent"))
    assert not [words for words in STRINGS if seen(words) not in told]
    assert watch.page.evaluate("document.querySelectorAll('body *:not(article, h3, p, b, i, blockquote)').length") == 0
    watch.quiet()


def balloon(mark: Xml.Element, root: Xml.Element, space: dict[str, str]) -> str:
    """The text of a mark's balloon, its entities filled in once."""
    style = root.find(f".//k:Style[@id='{mark.findtext('k:styleUrl', '', space)[1:]}']/k:BalloonStyle/k:text", space)
    assert style is not None
    told = {one.get("name", ""): one.findtext("k:value", "", space) for one in mark.iterfind("k:ExtendedData/k:Data", space)}
    told |= {name: mark.findtext(f"k:{name}", "", space) for name in ("name", "description")}
    return re.sub(r"\$\[(\w+)\]", lambda found: told.get(found[1], ""), style.text or "")
