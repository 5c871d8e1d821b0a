"""The drawer in a browser: its small map by click and by keyboard, a spot and an area from the map, what axe finds, and nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from tests.browser.serving import FRAME, paste, serving, settled, the_map, visiting

REPORT = (
    "BEIRUT, 6 March 2020 - Army units took control of Tripoli on Thursday, the ministry said. Turkish troops control a strip 10 km deep "
    "along the border between Syria and Turkey."
)
AXE = """async () => (await axe.run(document.querySelector(".st-key-drawer"), {resultTypes: ['violations']})).violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => one.id + ': ' + one.nodes.map((node) => node.html.slice(0, 160)).join(' | '))"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(Path(tmp_path_factory.mktemp("desk"))) as address:
        yield address


@pytest.fixture
def page(browser: Any, served: str, scheme: str) -> Iterator[Any]:
    """The app with the report on its desk, in light or dark, and the drawer open on Tripoli."""
    with visiting(browser, served, color_scheme=scheme) as opened:
        opened.goto(served)
        frame = the_map(opened)
        paste(opened, REPORT)
        frame.get_by_text("Army units").first.wait_for()
        settled(opened)
        mark(opened, "Tripoli")
        yield opened
        assert opened.abroad == []
        assert opened.faults == []


def mark(page: Any, name: str) -> None:
    page.frame_locator(FRAME).locator(".s-page-text").get_by_text(name, exact=True).first.click()
    page.locator(".st-key-drawer").wait_for()
    settled(page)


def chosen(page: Any) -> str:
    return str(page.locator(".st-key-correct_rival label:has(input:checked)").first.inner_text())


@pytest.mark.parametrize("scheme", ["dark"])
def test_the_drawer_is_used_by_pointer_and_by_keyboard(page: Any) -> None:
    dots = page.locator(".st-key-correct_map .dot")
    assert dots.count() >= 3
    page.locator(".st-key-correct_map .dot[aria-label*=Lebanon]").click()
    settled(page)
    assert "Lebanon" in chosen(page)
    page.locator(".st-key-correct_map .dot[aria-checked=true]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    settled(page)
    assert "Lebanon" not in chosen(page)
    assert serious(page) == []
    page.keyboard.press("Escape")
    page.locator(".st-key-drawer").wait_for(state="detached")
    page.wait_for_function("document.activeElement.shadowRoot?.activeElement?.tagName === 'IFRAME'")  # where the reader was


@pytest.mark.parametrize("scheme", ["light"])
def test_a_spot_and_an_area_come_from_the_map(page: Any) -> None:
    assert serious(page) == []
    page.locator(".st-key-correct_spot button").click()
    page.locator(".st-key-correct_stop").wait_for()
    settled(page)
    assert not page.locator(".st-key-correct_choose").is_visible(), "the drawer leaves the map free"
    at(page, 0.5, 0.5)
    page.locator(".st-key-correct_radius").wait_for()
    settled(page)
    page.locator(".st-key-correct_choose button").click()
    page.locator(".st-key-change_card").wait_for()
    settled(page)
    assert page.locator(".st-key-drawer").count() == 0
    mark(page, "Syria")
    page.get_by_text("claim stands on it").click()
    page.locator(".st-key-correct_claim_0 button").click()
    page.locator(".st-key-correct_reject").wait_for()
    settled(page)
    page.get_by_text("Where it is").click()
    assert serious(page) == []
    page.locator(".st-key-correct_draw button").click()
    page.locator(".st-key-correct_stop").wait_for()
    settled(page)
    for x, y in ((0.4, 0.4), (0.6, 0.4), (0.6, 0.6)):
        at(page, x, y)
    page.keyboard.press("Enter")
    page.get_by_text("It becomes").wait_for()
    settled(page)
    page.locator(".st-key-correct_choose button").click()
    page.locator(".st-key-change_card").get_by_text("claim changed").first.wait_for()


def at(page: Any, x: float, y: float) -> None:
    """Click the map at a share of its width and height."""
    box = page.frame_locator(FRAME).locator(".leaflet-container").bounding_box()
    page.mouse.click(box["x"] + x * box["width"], box["y"] + y * box["height"])
    page.wait_for_timeout(250)


def serious(page: Any) -> list[str]:
    """What axe finds in the drawer that is serious."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    found: list[str] = page.evaluate(f"async () => {{ {axe}; return await ({AXE})(); }}")
    return found
