"""The tabs Compare and Take away in a real browser: what is chosen there reaches the map, and what is previewed can do no harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import inside, serving, settled, the_map, visiting

pytestmark = pytest.mark.browser

DEADLINE = 60_000


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One page for all tests of this module, each of which begins by opening its tab; opening the app costs more than any of them."""
    desk: Path = tmp_path_factory.mktemp("desk")
    with serving(desk) as served, visiting(browser, served) as opened:
        opened.goto(f"{served}/?briefing=kherson-2022")
        the_map(opened)
        settled(opened)
        yield opened
        assert not opened.abroad
        assert not opened.faults


def choose(page: Any, key: str, words: str) -> None:
    field = page.locator(f".st-key-{key} input").first
    field.click()
    field.fill(words)
    page.keyboard.press("Enter")
    settled(page)


def test_the_preview_of_a_page_is_closed_in_and_that_of_a_picture_describes_itself(page: Any) -> None:
    page.get_by_role("tab", name="Take away").click()
    picture = page.locator("[data-testid=stImage] img").first
    picture.wait_for(timeout=DEADLINE)
    assert picture.get_attribute("alt", timeout=DEADLINE).startswith("Control map: Ukraine")
    choose(page, "look_format", "Web page")
    shown = page.locator("[class*=st-key-publish_page] iframe")
    shown.wait_for(timeout=DEADLINE)
    assert shown.get_attribute("sandbox") == "allow-scripts allow-popups"
    shown.content_frame.locator(".salient[data-ready]").wait_for(timeout=DEADLINE)
    with page.expect_download(timeout=DEADLINE) as taken:
        page.locator(".st-key-publish_download button").click()
    assert taken.value.suggested_filename == "ukraine-the-right-bank-regained.html"


def test_what_is_chosen_in_the_tab_changes_the_map_and_the_frame_stays(page: Any) -> None:
    frame = inside(page)
    frame.evaluate("window.stillHere = true")
    page.get_by_role("tab", name="Take away").click()
    page.locator(".st-key-publish_download button").wait_for(timeout=DEADLINE)
    settled(page)
    choose(page, "publish_preset", "Locator")
    page.wait_for_function("location.search.includes('look_preset=locator')", timeout=DEADLINE)
    assert inside(page).evaluate("window.stillHere") is True
    choose(page, "publish_view", "Who holds the land")
    page.wait_for_function("document.querySelector('.st-key-view input').value === 'Who holds the land'", timeout=DEADLINE)
    assert inside(page).evaluate("window.stillHere") is True


def test_a_line_of_a_comparison_that_is_chosen_is_read_alone_and_shown_on_the_maps(page: Any) -> None:
    page.get_by_role("tab", name="Compare").click()
    table = page.locator(".st-key-compare_list [data-testid=stDataFrame]").first
    table.wait_for(timeout=DEADLINE)
    maps = page.locator(".st-key-compare_maps [data-testid=stImage] img")
    maps.nth(2).wait_for(timeout=DEADLINE)
    settled(page)
    before, told = maps.first.get_attribute("src"), page.locator(".st-key-compare_list").inner_text()
    table.scroll_into_view_if_needed()
    table.click(position={"x": 18, "y": 38 + 16})
    drawn_anew = "old => { const img = document.querySelector('.st-key-compare_maps img'); return img && !img.src.includes(old); }"
    page.wait_for_function(drawn_anew, arg=before, timeout=DEADLINE)
    settled(page)
    alone = page.locator(".st-key-compare_list").inner_text()
    assert len(alone) < len(told)
    assert "On Thursday Ukrainian forces took Snihurivka" in told
    assert "On Thursday Ukrainian forces took Snihurivka" not in alone
