"""Who cannot see, point or wait can use the page too; and every preset is one file that asks nobody."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from geo import symbology
from geo.choices import Choices
from geo.export import html
from tests.browser.visits import READY, Visit, until
from tests.fake_situation import control_map
from tests.hostile import HOSTILE
from tests.hostile_situation import hostile

pytestmark = pytest.mark.browser

AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter(found => found.impact === 'serious' || found.impact === 'critical')
    .map(found => found.id + ': ' + found.nodes.slice(0, 3).map(node => node.html.slice(0, 120)).join(' | '))"""
SCALED = """<!DOCTYPE html><title>slides</title><style>body { margin: 0; background: #222; }
.slides { position: absolute; left: 0; top: 0; width: 960px; height: 700px; transform: scale(0.62); transform-origin: 0 0; }
section { display: none; } section.present { display: block; } iframe { width: 960px; height: 600px; border: 0; }</style>
<script>var told = []; addEventListener('message', e => told.push(e.data));</script>
<div class="slides"><section class="present"></section>
<section><iframe sandbox="allow-scripts" src="map.html" title="map"></iframe></section></div>"""


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:
    made = Visit(browser)
    yield made
    made.context.close()


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_axe_finds_nothing_serious_on_the_map_its_tabs_or_an_open_card(
    browser: Any, idlib: Any, tmp_path: Path, width: int, height: int
) -> None:
    visit = Visit(browser, width=width, height=height)
    page = visit.open(idlib, tmp_path)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    assert page.evaluate(AXE) == []
    for tab in page.locator("[role=tab]").all():
        tab.click()
        assert page.evaluate(AXE) == []
    page.evaluate("Salient.current.timeline.show(0)")
    page.evaluate("document.querySelector('.s-legend').open = true")
    page.evaluate("Salient.current.features.show(Salient.current.features.ordered()[0])")
    expect(page.locator(".leaflet-popup")).to_have_css("opacity", "1")  # a card fades in
    assert page.evaluate(AXE) == []
    visit.context.close()


def test_axe_finds_what_is_seeded(visit: Visit, tmp_path: Path) -> None:
    page = visit.open(control_map(), tmp_path)
    page.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    page.evaluate("document.querySelector('.s-legend button').append(document.createElement('select'))")
    assert page.evaluate(AXE) != []


def test_the_keyboard_goes_from_mark_to_mark_opens_and_comes_back(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    page = visit.open(idlib, tmp_path)
    assert page.locator(".leaflet-container [role=button][tabindex='0']:not(a)").count() == 1
    page.locator(".leaflet-container [role=button][tabindex='0']:not(a)").focus()
    first = page.evaluate("document.activeElement.getAttribute('aria-label')")
    page.keyboard.press("PageDown")
    second = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert second != first
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.getAttribute('role')") == "dialog"
    assert second.startswith(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert page.inner_text("[aria-live]").startswith(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == second
    assert page.evaluate("Salient.current.features.selected") is None
    reached = set()
    page.keyboard.press("Home")
    for _ in range(60):
        reached.add(page.evaluate("document.activeElement.getAttribute('aria-label')"))
        page.keyboard.press("PageDown")
    assert set(page.evaluate("Salient.current.marks.marks.map(m => m.element.getAttribute('aria-label'))")) <= reached
    assert visit.complaints == []


def test_tabs_are_one_stop_and_turn_by_arrows(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    page = visit.open(idlib, tmp_path)
    assert page.locator("[role=tab][tabindex='0']").count() == 1
    page.locator("[role=tab][tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "The map in words"
    assert page.locator(".s-page-words").is_visible()
    page.keyboard.press("End")
    assert page.evaluate("document.activeElement.textContent") == "About"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "The text"


def test_the_first_stops_skip_to_map_and_text(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    page = visit.open(idlib, tmp_path)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the map"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.classList.contains('leaflet-container')")


def test_the_table_tells_who_what_where_status_confidence_and_source(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    page = visit.open(idlib, tmp_path)
    page.click("text=The map in words")
    assert page.locator(".s-page-words th[scope=col]").all_inner_texts() == ["What and where", "Who", "Status", "Sure", "Source"]
    row = page.locator(".s-page-words tr", has=page.locator("text=Withdrawal from the M5")).first.locator("td").all_inner_texts()
    assert row[1:] == ["Turkey", "proposed by Russia", "85 %", "1"] or (row[1] and "%" in row[3] and row[4] == "1"), row
    page.evaluate("Salient.current.timeline.show(0)")
    rows = page.evaluate("[...document.querySelectorAll('.s-page-words tr:not([hidden]) .s-find')].filter(b => b.offsetParent).length")
    assert rows == page.evaluate("Salient.current.features.all.filter(f => Salient.standsOn(f, 0)).length")


def test_on_paper_the_map_and_its_legend_take_one_page_and_the_words_follow(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    from pypdf import PdfReader

    page = visit.open(idlib, tmp_path)
    before = page.evaluate("[Salient.current.map.getZoom(), Salient.current.map.getSize().x]")
    page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    until(page, "!document.querySelector('.s-print')")
    assert page.evaluate("[Salient.current.map.getZoom(), Salient.current.map.getSize().x]") == before
    told = [" ".join(unicodedata.normalize("NFKC", sheet.extract_text()).split()) for sheet in PdfReader(tmp_path / "map.pdf").pages]
    assert [round(float(side)) for side in PdfReader(tmp_path / "map.pdf").pages[0].mediabox[2:]] in ([595, 842], [594, 842], [595, 841])
    assert "Presence or influence" in told[0]
    assert "The map in words" not in told[0]
    assert told[1].startswith("The map in words")
    assert any("Sources" in sheet for sheet in told[1:])


@pytest.mark.parametrize("preset", list(symbology.style()["presets"]))
@pytest.mark.parametrize("names", ["en", "both"])
def test_every_preset_draws_and_asks_nobody(visit: Visit, idlib: Any, tmp_path: Path, preset: str, names: str) -> None:
    if names == "both" and preset != "control":
        names = "local"
    page = visit.open(idlib, tmp_path, choices=Choices(preset=preset, names=names))
    layers = set(symbology.preset(preset)["layers"])
    assert set(page.evaluate("Salient.current.features.visible().map(f => f.layer)")) <= layers
    assert page.locator(".s-more").count() == (preset in ("locator", "dots"))  # which leave out layers that are there
    assert visit.complaints == []
    shown = page.evaluate("Salient.current.features.labels.shown")
    assert ("Idlib" in shown) is (names == "en")
    if preset == "locator":
        page.evaluate("document.querySelector('.s-legend').open = document.querySelector('.s-more').open = true")
        page.check(".s-more input >> nth=0")
        assert set(page.evaluate("Salient.current.features.visible().map(f => f.layer)")) - layers
    assert page.locator(".s-sign svg path").count() >= 1


@pytest.mark.parametrize("preset", ["locator", "military"])
def test_hostile_words_run_nothing_in_a_preset(visit: Visit, tmp_path: Path, preset: str) -> None:
    for words in HOSTILE[::5]:
        page = visit.open(hostile(words), tmp_path, choices=Choices(preset=preset))
        assert page.evaluate("document.querySelector('.s-head h1').textContent") == words
        assert page.evaluate("document.querySelectorAll('img, iframe, object, embed').length") == 0
        assert visit.complaints == [], words


def test_online_tiles_come_from_one_server_and_the_page_is_else_the_same(browser: Any, tmp_path: Path) -> None:
    visit = Visit(browser, offline=False)
    asked: list[str] = []

    def ask(route: Any) -> None:
        if route.request.url.startswith("http"):
            asked.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    visit.context.route("**/*", ask)
    page = visit.open(control_map(), tmp_path, choices=Choices(basemap="OpenStreetMap.Mapnik"))
    until(page, "document.querySelectorAll('.leaflet-tile-pane img').length > 0")
    until(page, "document.querySelectorAll('.leaflet-tile-pane img').length > 3")
    page.wait_for_timeout(500)
    assert asked
    assert all(address.startswith("https://tile.openstreetmap.org/") for address in asked)
    assert "© OpenStreetMap contributors" in page.inner_text(".s-foot")
    page.evaluate("fetch('https://example.org/').catch(() => 0) && 0")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))")
    page.wait_for_timeout(200)
    assert not any("example.org" in address for address in asked)
    offline = html.page(control_map())
    online = (tmp_path / "map.html").read_text(encoding="utf-8")
    own = ("referrer", "Security-Policy", "map_", "maxZoom")
    lines = {line for line in offline.splitlines() if len(line) < 400 and not any(words in line for words in own)}
    assert lines - set(online.splitlines()) == set()
    visit.context.close()


def test_in_a_scaled_slide_the_pointer_hits_the_right_mark(visit: Visit, idlib: Any, tmp_path: Path) -> None:
    """As reveal.js has it: the slides are scaled by CSS, and a slide is not displayed until its turn comes."""
    html.write(idlib, tmp_path / "map.html")
    (tmp_path / "host.html").write_text(SCALED, encoding="utf-8")
    page = visit.page
    page.goto((tmp_path / "host.html").as_uri())
    page.frame_locator("iframe").locator(READY).wait_for(state="attached")
    page.evaluate("document.querySelectorAll('section').forEach(s => s.classList.toggle('present'))")
    inner = next(frame for frame in page.frames if frame.parent_frame is not None)
    until(inner, "Salient.current.map.getZoom() < 10")  # the first view is taken once there is room for one
    page.wait_for_timeout(400)
    inner.evaluate("void Salient.current.map.setView([35.8, 36.6], 8, {animate: false})")
    name, x, y = inner.evaluate("""(() => { const a = Salient.current, f = a.features.ordered().find(f => f.icon && f.spot);
        a.map.setView([f.spot[1], f.spot[0]], 9, {animate: false});
        const box = a.features.elements(f).pop().getBoundingClientRect();
        return [f.title, box.x + box.width / 2, box.y + box.height / 2]; })()""")
    left, top = page.evaluate("(() => { const box = document.querySelector('iframe').getBoundingClientRect(); return [box.x, box.y]; })()")
    page.mouse.click(left + x * 0.62, top + y * 0.62)
    until(page, "told.some(message => message.salient === 'selected')")
    assert page.evaluate("told.filter(message => message.salient === 'selected').pop().title") == name
    assert visit.complaints == []


def test_ten_thousand_marks_open_soon_and_answer(visit: Visit, tmp_path: Path) -> None:
    many = with_many(10_000)
    page = visit.open(many, tmp_path)
    assert (tmp_path / "map.html").stat().st_size < 6_000_000
    assert page.evaluate("document.querySelectorAll('.s-sign-box').length") < 300
    page.evaluate("Salient.current.features.show(Salient.current.features.all.find(f => f.packed))")
    assert page.locator(".s-card").is_visible()
    spent = page.evaluate("""(() => { const start = performance.now(); Salient.current.map.setZoom(9, {animate: false});
        return performance.now() - start; })()""")
    assert spent < 3000  # a tenth of it on a machine that is free
    assert visit.complaints == []


def with_many(count: int) -> Any:
    """The made-up situation with so many places more."""
    known = control_map()
    first = next(place for place in known.places if place.feature.kind == "populated")
    spots = ((f"geonames:9{n:07d}", f"Place {n}", 34 + (n % 100) * 0.05, 33 + (n // 100) * 0.04) for n in range(count))
    features = (dataclasses.replace(first.feature, id=name, name=title, lon=lon, lat=lat) for name, title, lon, lat in spots)
    return dataclasses.replace(
        known, places=(*known.places, *(dataclasses.replace(first, id=f"p{n}", feature=feature) for n, feature in enumerate(features)))
    )
