"""The page's address, its dates, and text and map that light each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from geo.export import html
from tests.browser.visits import FRAME, READY, Visit, until
from tests.hostile import HOSTILE

pytestmark = pytest.mark.browser

STATE = "(() => { const a = Salient.current, c = a.map.getCenter(); return [c.lat, c.lng, a.map.getZoom()]; })()"
CLAIM = "Salient.current.features.all.find(f => f.layer === 'contested' && !f.quiet)"


@pytest.fixture(scope="module")
def written(idlib: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return html.write(idlib, tmp_path_factory.mktemp("links") / "map.html")


@pytest.fixture(scope="module")
def visit(browser: Any) -> Iterator[Visit]:
    made = Visit(browser)
    yield made
    made.context.close()


@pytest.fixture
def page(visit: Visit, written: Path) -> Iterator[Any]:
    """The page as it opens."""
    visit.page.goto("about:blank")
    visit.page.goto(written.as_uri())
    visit.page.wait_for_selector(READY)
    yield visit.page
    assert visit.complaints == []


def opened(visit: Visit, written: Path, hash_: str) -> Any:
    visit.page.goto("about:blank")
    visit.page.goto(written.as_uri() + hash_)
    visit.page.wait_for_selector(READY)
    return visit.page


def link(page: Any) -> str:
    return str(page.evaluate("Salient.current.permalink.link()"))


def test_a_link_brings_back_place_date_layers_and_what_was_open(page: Any, visit: Visit, written: Path) -> None:
    page.evaluate("void Salient.current.map.setView([35.51, 36.52], 8, {animate: false})")
    page.focus(".s-time input")
    page.keyboard.press("ArrowLeft")
    page.uncheck(".s-legend input >> nth=0")
    page.evaluate("Salient.current.features.show(Salient.current.features.visible()[0])")
    page.wait_for_timeout(500)
    before = [page.evaluate(STATE), page.inner_text(".s-time output"), page.inner_text(".s-card h2"), page.evaluate("location.hash")]
    assert before[1] == "5 February 2020"
    again = opened(visit, written, link(page))
    assert again.is_checked(".s-legend input >> nth=0") is False
    after = [again.evaluate(STATE), again.inner_text(".s-time output"), again.inner_text(".s-card h2"), link(again)]
    assert after[0] == pytest.approx(before[0], abs=1e-3)
    assert after[1:3] == before[1:3]


def test_the_address_follows_the_map_and_the_map_the_address(page: Any) -> None:
    page.evaluate("void Salient.current.map.setView([34.5, 37.5], 9, {animate: false})")
    page.wait_for_timeout(400)
    assert page.evaluate("location.hash") == "#map=9/34.5/37.5"
    page.evaluate("location.hash = '#map=7.5/36/36.25&date=2020-02-05'")
    until(page, "Salient.current.timeline.date() === '2020-02-05'")
    assert page.evaluate(STATE) == pytest.approx([36, 36.25, 7.5], abs=1e-3)
    page.evaluate("location.hash = '#map=7.5/36/36.25'")
    until(page, "Salient.current.timeline.atEnd()")


@pytest.mark.parametrize("hash_", ["#map=nonsense&off=nosuch-1&date=1900-01-01", "#pick=__proto__&alone=constructor", "#%%%"])
def test_a_damaged_link_opens_the_page_as_it_is(visit: Visit, written: Path, hash_: str) -> None:
    page = opened(visit, written, hash_)
    assert page.evaluate("Salient.current.timeline.atEnd() && !Salient.current.features.selected && !Salient.current.features.alone")
    assert visit.complaints == []


def test_hostile_words_in_a_link_run_nothing(page: Any, visit: Visit, written: Path) -> None:
    for words in HOSTILE:
        for name in ("pick", "date", "off", "alone", "map"):
            hash_ = visit.page.evaluate("([name, words]) => '#' + name + '=' + encodeURIComponent(words)", [name, words])
            visit.page.evaluate("hash => { location.hash = hash; }", hash_)
        assert visit.page.evaluate("document.querySelectorAll('img, iframe, object').length") == 0
    assert visit.complaints == []


def test_the_link_is_copied_or_shown(page: Any) -> None:
    page.evaluate("""Object.defineProperty(navigator, 'clipboard',
        {value: {writeText: text => { window.copied = text; return Promise.resolve(); }}, configurable: true}) && 0""")
    page.click(".s-share button")
    until(page, "window.copied")
    assert page.evaluate("window.copied").startswith(page.url.split("#")[0] + "#map=")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined, configurable: true}) && 0")
    page.click(".s-share button")
    assert "#map=" in page.input_value(".s-share input")


def test_in_a_srcdoc_there_is_no_address_to_write_and_no_error(visit: Visit, written: Path, tmp_path: Path) -> None:
    host = tmp_path / "host.html"
    host.write_text("<!DOCTYPE html><title>x</title><iframe sandbox='allow-scripts' width=800 height=500></iframe>", encoding="utf-8")
    visit.page.goto(host.as_uri())
    visit.page.evaluate("text => { document.querySelector('iframe').srcdoc = text; }", written.read_text(encoding="utf-8"))
    inner = visit.page.frame_locator("iframe")
    inner.locator(READY).wait_for()
    inner.locator(".leaflet-control-zoom-in").click()
    visit.page.wait_for_timeout(700)
    assert inner.locator(".s-share").count() == 0
    assert visit.complaints == []


def test_hovering_over_a_sentence_lights_its_marks_and_a_mark_its_sentence(page: Any) -> None:
    sentence = page.locator(".s-claim.s-linked").first
    sentence.hover()
    assert page.locator(".s-glow").count() >= 1
    page.mouse.move(5, 5)
    assert page.locator(".s-glow").count() == 0
    page.evaluate(f"Salient.current.features.light({CLAIM}, true)")
    assert page.locator(".s-near").count() >= 1
    assert page.evaluate("document.querySelector('.s-page-text').scrollTop") == 0
    page.evaluate(f"Salient.current.features.light({CLAIM}, false)")
    assert page.locator(".s-near").count() == 0


def test_the_keyboards_focus_lights_as_the_pointer_does(page: Any) -> None:
    page.locator(".s-claim[tabindex='0']").first.focus()
    assert page.locator(".s-glow").count() >= 1
    page.locator(".leaflet-marker-pane ~ * .s-sign-box[tabindex='0'], .leaflet-container [role=button][tabindex='0']").first.focus()
    assert page.locator(".s-glow").count() >= 1
    assert page.locator(".s-near").count() >= 1


def test_a_click_on_a_mark_brings_its_words_into_view(page: Any) -> None:
    page.click("text=About")
    page.evaluate(f"Salient.current.features.show({CLAIM})")
    assert page.locator(".s-lit").first.is_visible()
    page.evaluate("void Salient.current.map.closePopup()")
    assert page.locator(".s-lit").count() == 0


def test_arrow_keys_step_through_the_days(page: Any) -> None:
    late = set(page.evaluate("Salient.current.features.visible().map(f => f.id)"))
    page.focus(".s-time input")
    page.keyboard.press("ArrowLeft")
    early = set(page.evaluate("Salient.current.features.visible().map(f => f.id)"))
    assert page.locator(".s-time input").get_attribute("aria-valuetext") == "5 February 2020"
    assert "As of 5 February 2020" in page.inner_text(".s-sub")
    assert early < late | early
    assert len(early) < len(late)
    page.keyboard.press("ArrowRight")
    assert set(page.evaluate("Salient.current.features.visible().map(f => f.id)")) == late


def test_the_legend_names_only_what_stands_on_the_day(page: Any) -> None:
    page.evaluate("Salient.current.timeline.show(0)")
    for key in page.evaluate("Salient.current.data.legend.filter(e => !e.off).map(e => e.key)"):
        present = page.evaluate("key => Salient.current.features.present(key)", key)
        shown = page.evaluate("""key => { const at = Salient.current.data.legend.filter(e => !e.off).findIndex(e => e.key === key);
            return !document.querySelectorAll('.s-legend > ul > li:has(input)')[at].hidden; }""", key)
        assert shown is present, key


def test_playing_ends_on_the_last_day(page: Any) -> None:
    page.evaluate("window.setInterval = (go) => { window.tick = go; return 7; }")
    page.click(".s-play")
    assert page.evaluate("Salient.current.timeline.number") == 0
    assert page.get_attribute(".s-play", "aria-label") == "Stop"
    for _ in range(5):
        page.evaluate("window.tick()")
    assert page.evaluate("Salient.current.timeline.atEnd()")
    assert page.get_attribute(".s-play", "aria-label") == "Play the dates"


def test_with_reduced_motion_nothing_flies(browser: Any, written: Path) -> None:
    visit = Visit(browser, reduced_motion="reduce")
    page = opened(visit, written, "")
    page.click("text=The map in words")
    page.click(".s-find >> nth=0")
    assert page.evaluate("!Salient.current.map._flyToFrame && !Salient.current.map._animatingZoom")
    assert page.locator(".s-card").is_visible()
    visit.context.close()


def ask(page: Any, message: Any) -> None:
    page.evaluate("message => document.querySelector('iframe').contentWindow.postMessage(message, '*')", message)
    page.wait_for_timeout(60)


@pytest.fixture(scope="module")
def hosted(browser: Any, idlib: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Visit, Any]]:
    """A page with the map in a frame, as a slide has it, which hears what the map tells."""
    listening = "<script>var told = []; addEventListener('message', e => told.push(e.data));</script>" + FRAME
    visit = Visit(browser)
    inner = visit.frame(idlib, tmp_path_factory.mktemp("hosted"), host=f"<!DOCTYPE html>{listening}")
    yield visit, inner
    assert visit.complaints == []
    visit.context.close()


def test_a_framed_map_says_that_it_is_ready_and_what_it_holds(hosted: tuple[Visit, Any]) -> None:
    ready = next(told for told in hosted[0].page.evaluate("told") if told["salient"] == "ready")
    assert ready["dates"] == ["2020-02-05", "2020-03-05"]
    assert {"key", "layer", "label"} == set(ready["layers"][0])
    assert ready["marks"] > 5


def test_messages_move_pick_filter_and_step(hosted: tuple[Visit, Any]) -> None:
    page, inner = hosted[0].page, hosted[1]
    ask(page, {"salient": "view", "lat": 35.5, "lon": 36.5, "zoom": 8})
    until(inner, "Math.abs(Salient.current.map.getZoom() - 8) < 0.01")
    ask(page, {"salient": "step", "by": -1})
    assert inner.evaluate("Salient.current.timeline.date()") == "2020-02-05"
    ask(page, {"salient": "date", "date": "2020-03-05"})
    assert inner.evaluate("Salient.current.timeline.atEnd()")
    ask(page, {"salient": "layers", "show": ["contested"]})
    assert set(inner.evaluate("Salient.current.features.visible().map(f => f.layer)")) == {"contested"}
    ask(page, {"salient": "layers", "show": "default"})
    name = inner.evaluate("Salient.current.features.ordered()[0].id")
    ask(page, {"salient": "select", "id": name})
    assert page.evaluate("told[told.length - 1]")["id"] == name
    ask(page, {"salient": "step", "by": 1, "through": "marks"})
    assert page.evaluate("told[told.length - 1]")["id"] == inner.evaluate("Salient.current.features.ordered()[1].id")
    ask(page, {"salient": "select", "id": None})
    assert page.evaluate("told[told.length - 1]")["id"] is None


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_messages_do_nothing(hosted: tuple[Visit, Any], words: str) -> None:
    page, inner = hosted[0].page, hosted[1]
    inner.evaluate("void Salient.current.map.closePopup().stop().setView([35.5, 36.5], 7, {animate: false})")
    before = inner.evaluate(STATE)
    own = json.loads('{"__proto__": {"salient": "view", "lat": 1, "lon": 1}}')
    asked = [words, {"salient": words}, {"salient": "select", "id": words}, {"salient": "layers", "show": [words]},
             {"salient": "date", "date": words}, {"salient": "view", "lat": words, "lon": words}, own]
    page.evaluate("asked => asked.forEach(one => document.querySelector('iframe').contentWindow.postMessage(one, '*'))", asked)
    assert inner.evaluate(STATE) == before
    assert inner.evaluate("Salient.current.features.selected") is None
    assert hosted[0].complaints == []


def test_a_message_of_another_window_is_not_heard(hosted: tuple[Visit, Any]) -> None:
    page, inner = hosted[0].page, hosted[1]
    before = inner.evaluate(STATE)
    page.evaluate("""() => { const other = document.createElement('iframe'); document.body.append(other);
        other.contentWindow.eval("parent.frames[0].postMessage({salient: 'view', lat: 1, lon: 1, zoom: 3}, '*')"); other.remove(); }""")
    page.wait_for_timeout(100)
    assert inner.evaluate(STATE) == before


def test_in_a_frame_the_wheel_scrolls_the_page_until_the_map_is_clicked_or_ctrl_is_held(hosted: tuple[Visit, Any]) -> None:
    page, inner = hosted[0].page, hosted[1]
    ask(page, {"salient": "view", "lat": 35.5, "lon": 36.5, "zoom": 7})
    until(inner, "Math.abs(Salient.current.map.getZoom() - 7) < 0.01")
    page.mouse.move(300, 300)
    page.mouse.wheel(0, -200)
    page.wait_for_timeout(400)
    assert inner.evaluate("Salient.current.map.getZoom()") == 7
    assert inner.evaluate("document.querySelector('.s-wheel').classList.contains('s-on')")
    page.keyboard.down("Control")
    page.mouse.wheel(0, -200)
    page.keyboard.up("Control")
    until(inner, "Salient.current.map.getZoom() > 7.2")


def test_a_framed_map_takes_no_focus_and_follows_its_size(hosted: tuple[Visit, Any]) -> None:
    page, inner = hosted[0].page, hosted[1]
    page.evaluate("document.activeElement.blur()")
    page.evaluate("document.querySelector('iframe').style.width = '620px'")
    until(inner, "Salient.current.map.getSize().x === document.querySelector('.s-stage').clientWidth")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert inner.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
