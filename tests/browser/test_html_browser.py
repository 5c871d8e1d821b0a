"""The exported page in a real browser with no network: it draws, it links, it runs nothing that a report says."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo import situation as reading
from geo.documents import from_text
from tests.browser.visits import Visit
from tests.fake_situation import control_map, idlib
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile

pytestmark = pytest.mark.browser

PIXEL = """(() => {
    const c = document.querySelector("canvas");
    return [...c.getContext("2d").getImageData(c.width / 2, c.height / 2, 1, 1).data];
})()"""
PARAGRAPHS = "[...document.querySelectorAll('.s-page article p:not(.s-byline)')].map(p => p.textContent).join('')"


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    made = Visit(browser)
    yield made
    made.context.close()


@pytest.mark.parametrize(("situation", "areas"), [(idlib, 4), (control_map, 6)])
def test_it_draws_areas_and_names_with_no_request_and_no_complaint(visit: Visit, tmp_path: Path, situation: Any, areas: int) -> None:
    page = visit.open(situation(), tmp_path)
    assert page.locator("path.s-area").count() >= areas
    assert visit.complaints == []
    shown = page.evaluate("Salient.current.features.labels.shown")
    assert "Idlib" in shown
    assert "SYRIA" in shown
    pixel = page.evaluate(PIXEL)
    assert min(pixel[:3]) > 120
    assert pixel[3] == 255


def test_no_countrys_name_drops_silently(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    page.click(".s-legend summary")
    page.wait_for_timeout(200)
    shown = set(page.evaluate("Salient.current.features.labels.shown"))
    assert {"SYRIA", "TURKEY", "IRAQ"} <= shown
    assert not {name for name in page.evaluate("Salient.current.features.labels.dropped") if name.isupper() and len(name) > 3} - shown


def test_names_do_not_overlap(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    boxes = page.evaluate("Salient.current.features.labels.lettered")
    assert len(boxes) > 15
    for number, a in enumerate(boxes):
        for b in boxes[number + 1 :]:
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1], (a, b)


def test_a_click_on_a_mention_opens_its_place_and_a_click_on_the_map_lights_the_sentence(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    page.click("text=Hmeimim >> nth=0")
    page.wait_for_selector(".s-card")
    assert "Hmeimim" in page.inner_text(".s-card h2")
    page.evaluate("Salient.current.features.show(Salient.current.features.byId['zone-1'])")
    lit = "".join(page.locator(".s-lit").all_inner_texts())
    assert lit.startswith("Russia has in the past floated the idea")
    card = page.locator(".s-card").last.inner_text()
    for words in ("proposed by russia", "russia", "85 %", "changes nobody's hold", "5 march 2020", "salient test desk"):
        assert words in card.lower()


def test_a_name_leads_to_what_its_sentence_claims_of_the_place(visit: Visit, tmp_path: Path, gazetteer: Any) -> None:
    report = from_text("Rebels said on Monday that they had captured Saraqib. Rain fell in Aleppo.", published=dt.date(2020, 3, 5))
    page = visit.open(reading.read([report], gazetteer=gazetteer), tmp_path)
    page.click(".s-mention:text('Saraqib')")
    assert "claimed by" in page.inner_text(".s-card .s-status").lower()
    page.click(".s-mention:text('Aleppo')")
    page.locator(".s-card h2", has_text="Aleppo").wait_for()
    assert "mentioned" in page.locator(".s-card .s-status").last.inner_text().lower()


def test_a_legend_that_would_hide_a_small_map_starts_folded(browser: Any, tmp_path: Path) -> None:
    visit = Visit(browser, width=1000, height=480)
    page = visit.open(idlib(), tmp_path)
    assert page.locator(".s-legend").evaluate("box => box.open") is False
    page.click(".s-legend summary")
    frame, stage = page.locator(".s-legend").bounding_box(), page.locator(".s-stage").bounding_box()
    assert frame["y"] >= stage["y"]
    assert frame["height"] < 0.75 * stage["height"]
    visit.context.close()


def test_the_keyboard_reaches_text_and_signs(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    mention = page.locator(".s-mention[role=button]").first
    mention.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".s-card")
    page.keyboard.press("Escape")
    sign = page.locator(".s-sign-box[tabindex='0']").first
    sign.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".s-card")


def test_the_legend_isolates_and_hides(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(control_map(), tmp_path)
    before = page.locator("path.s-area").count()
    page.click(".s-legend button >> nth=0")
    assert page.locator("path.s-area").count() == 1
    page.click(".s-legend button >> nth=0")
    assert page.locator("path.s-area").count() == before
    page.uncheck(".s-legend input >> nth=0")
    assert page.locator("path.s-area").count() == before - 1


def test_far_places_are_one_click_away(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    assert page.inner_text(".s-all") == "Show all: 2 beyond this view"
    page.click(".s-all")
    page.wait_for_timeout(1200)
    assert page.evaluate("Salient.current.map.getBounds().contains([55.75, 37.61])")


def test_the_map_in_words_lists_every_feature(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(idlib(), tmp_path)
    page.click("text=The map in words")
    titles = page.locator(".s-find").all_inner_texts()
    assert len(titles) == page.evaluate("Salient.current.features.all.length")
    assert "Withdrawal from the M5 from Damascus to Aleppo" in titles


def test_it_works_in_a_sandboxed_frame(visit: Visit, tmp_path: Path) -> None:
    visit.frame(control_map(), tmp_path)
    assert visit.complaints == []


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_wider_than_the_screen(browser: Any, tmp_path: Path, width: int) -> None:
    visit = Visit(browser, width=width, height=844)
    page = visit.open(idlib(), tmp_path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".s-legend").evaluate("box => box.open") is (width > 760)
    visit.context.close()


def test_hostile_words_run_nothing_and_are_shown_as_written(visit: Visit, tmp_path: Path) -> None:
    for words in HOSTILE:
        page = visit.open(hostile(words), tmp_path)
        assert page.evaluate("document.querySelector('.s-head h1').textContent") == words
        for name in page.evaluate("Object.keys(Salient.current.features.byId)"):
            page.evaluate("name => Salient.current.features.show(Salient.current.features.byId[name])", name)
            card = page.locator(".s-card").last.text_content()
            assert words in card
        assert words in page.evaluate("document.querySelector('.s-legend').textContent")
        assert words in page.evaluate("document.querySelector('.s-tray').textContent")
        assert page.evaluate(PARAGRAPHS) == f"{words} held the base, said {words}."
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed').length") == 0
        assert visit.complaints == [], words
