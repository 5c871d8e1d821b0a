"""The packed layer in a real browser: it draws, answers pointer and keys, prints, runs nothing, and stays quick."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from geo.packed import SCRIPTS, PackedLayer
from geo.webmap import ASSETS, LEAFLET
from scripts.map_samples import many_places, many_zones
from tests.hostile import HOSTILE
from tests.packed_pages import bare_map, closed_page

pytestmark = pytest.mark.browser

JS = Path(__file__).parents[1] / "js"
LAYER = "const layer = window[Object.keys(window).find(name => name.startsWith('packed_layer'))], map = layer && layer._map;"
SETTLED = "const settled = () => new Promise(done => requestAnimationFrame(() => setTimeout(done, 60)));"
INK = """(() => { const c = layer._container, all = layer._context.getImageData(0, 0, c.width, c.height).data; let n = 0;
    for (let i = 3; i < all.length; i += 4) if (all[i]) n++; return n; })()"""


def run(page: Any, body: str) -> Any:
    """Run some statements that know the layer and its map."""
    return page.evaluate(f"async () => {{ {LAYER} {SETTLED} {body} }}")


def opened(browser: Any, text: str, **context: Any) -> Any:
    """A page without a network, its faults and requests noted; ready when the layer is drawn and its words are there."""
    page = browser.new_context(offline=True, viewport={"width": 1000, "height": 700}, **context).new_page()
    page.faults = []
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("console", lambda told: page.faults.append(told.text) if told.type == "error" else None)
    page.on("request", lambda request: page.faults.append(request.url) if request.url.startswith("http") else None)
    page.set_content(text, wait_until="load")
    run(page, "await layer.ready; await layer.withTexts; await settled();")
    return page


def points(rows: list[tuple[float, float, str, str]]) -> dict[str, list[Any]]:
    return {"lon": [r[0] for r in rows], "lat": [r[1] for r in rows], "title": [r[2] for r in rows], "kind": [r[3] for r in rows]}


FEW = points([(38.0, 35.0, "Middle", "town"), (39.0, 35.0, "East", "base"), (38.0, 36.0, "North", "town"), (36.0, 33.5, "Far", "base")])


@pytest.fixture(scope="module")
def many(browser: Any) -> Iterator[Any]:
    page = opened(browser, closed_page(PackedLayer(places=many_places(20_000), name="Places").add_to(bare_map())))
    yield page
    page.context.close()


@pytest.fixture
def few(browser: Any) -> Iterator[Any]:
    zone = gpd.GeoDataFrame({"title": ["Zone"], "layer": ["claimed"]}, geometry=[shapely.box(39.5, 33.5, 41, 35.5)], crs="EPSG:4326")
    page = opened(browser, closed_page(PackedLayer(places=FEW, zones=zone, name="Places").add_to(bare_map())))
    yield page
    page.context.close()


def test_the_laws_of_its_parts_hold(browser: Any) -> None:
    page = browser.new_context(offline=True).new_page()
    page.set_content("<!DOCTYPE html><title>laws</title>")
    page.add_script_tag(content=(LEAFLET / "leaflet.js").read_text(encoding="utf-8"))
    for name in SCRIPTS:
        page.add_script_tag(content=(ASSETS / name).read_text(encoding="utf-8"))
    page.evaluate("""() => { window.told = [];
        window.test = (name, law) => { try { law(); told.push([name, '']); } catch (e) { told.push([name, e.message]); } }; }""")
    page.add_script_tag(content=(JS / "packed.test.js").read_text(encoding="utf-8"))
    told = page.evaluate("window.told")
    page.context.close()
    assert len(told) >= 12
    assert [(name, fault) for name, fault in told if fault] == []


def test_it_draws_every_place_and_asks_nobody(many: Any) -> None:
    shown = run(many, "return layer.drawn.dots.length + layer.drawn.bubbles.reduce((sum, one) => sum + one.cell.count, 0)")
    assert shown == 20_000
    assert run(many, f"return {INK}") > 2000
    assert many.faults == []


def test_it_is_drawn_and_answers_soon(browser: Any) -> None:
    text = closed_page(PackedLayer(places=many_places(20_000), zones=many_zones(100, 1000), name="Places").add_to(bare_map()))
    page = opened(browser, text)
    drawn = run(page, "return performance.now()")
    zoom = run(page, """map.setZoom(8, {animate: false}); await settled();
        const start = performance.now(); map.setZoom(7, {animate: false});
        layer._context.getImageData(0, 0, 1, 1); return performance.now() - start;""")
    page.context.close()
    assert drawn < 8000  # a tenth of it on a machine that is free
    assert zoom < 1000


def test_bubbles_stay_when_the_map_is_panned_and_none_overlap(many: Any) -> None:
    told = run(many, """map.setView([35, 38], 7, {animate: false}); await settled();
        const before = new Map(layer.drawn.bubbles.map(one => [one.cell.cx + ' ' + one.cell.cy, one.cell.count]));
        map.panBy([233, -117], {animate: false}); await settled();
        const both = layer.drawn.bubbles.filter(one => before.has(one.cell.cx + ' ' + one.cell.cy));
        const all = layer.drawn.bubbles, near = (a, b) => Math.hypot(a.x - b.x, a.y - b.y) < a.r + b.r - 0.01;
        const close = all.filter((a, i) => all.some((b, k) => k > i && near(a, b)));
        return [both.length, both.filter(one => one.cell.count !== before.get(one.cell.cx + ' ' + one.cell.cy)).length, close.length];""")
    assert told[0] > 20
    assert told[1:] == [0, 0]


def test_a_click_on_a_bubble_comes_nearer(many: Any) -> None:
    at = run(many, """map.setView([35, 38], 7, {animate: false}); await settled();
        const inside = p => p.x > 300 && p.x < 700 && p.y > 200 && p.y < 500;
        const one = layer.drawn.bubbles.find(b => inside(map.layerPointToContainerPoint([b.x, b.y])));
        const p = map.layerPointToContainerPoint([one.x, one.y]); return [p.x, p.y];""")
    many.mouse.click(*at)
    many.wait_for_timeout(900)
    assert run(many, "return map.getZoom()") > 7


def test_a_click_on_a_place_opens_its_words_and_says_so(few: Any) -> None:
    few.mouse.click(500, 350)
    few.wait_for_selector(".leaflet-popup h3")
    assert few.inner_text(".leaflet-popup h3") == "Middle"
    assert "35.00000, 38.00000" in few.inner_text(".leaflet-popup")
    assert few.faults == []


def test_a_click_on_a_zone_opens_it_and_one_beside_does_not(few: Any) -> None:
    at = run(few, """const p = map.latLngToContainerPoint([34.5, 40.2]), q = map.latLngToContainerPoint([36.5, 40.2]);
        return [p.x, p.y, q.x, q.y];""")
    few.mouse.click(at[2], at[3])
    few.wait_for_timeout(200)
    assert few.locator(".leaflet-popup").count() == 0
    few.mouse.click(at[0], at[1])
    few.wait_for_selector(".leaflet-popup h3")
    assert few.inner_text(".leaflet-popup h3") == "Zone"


def test_a_place_lies_over_whatever_folium_draws_below(browser: Any) -> None:
    made = bare_map()
    PackedLayer(places=FEW).add_to(made)
    text = closed_page(made)
    page = opened(browser, text)
    run(page, "L.rectangle([[33, 36], [37, 40]]).bindPopup('below').addTo(map); await settled();")
    page.mouse.click(500, 350)
    page.wait_for_selector(".leaflet-popup")
    assert page.inner_text(".leaflet-popup h3") == "Middle"
    page.context.close()


def test_the_pointer_over_a_place_names_it(few: Any) -> None:
    few.mouse.move(300, 300)
    few.mouse.move(500, 350)
    few.wait_for_selector(".s-packed-tip")
    assert "Middle" in few.inner_text(".s-packed-tip")
    few.mouse.move(300, 600)
    few.wait_for_timeout(500)
    assert few.locator(".s-packed-tip").count() == 0


def test_the_keyboard_goes_from_place_to_place_and_opens_one(few: Any) -> None:
    few.locator(".s-packed-keys").focus()
    told = []
    for key in ("ArrowRight", "ArrowLeft", "ArrowUp"):
        told.append(run(few, "return document.getElementById(layer._keys.getAttribute('aria-activedescendant')).textContent"))
        few.keyboard.press(key)
        few.wait_for_timeout(120)
    told.append(run(few, "return document.getElementById(layer._keys.getAttribute('aria-activedescendant')).textContent"))
    assert [one.split(",")[0] for one in told] == ["Middle", "East", "Middle", "North"]
    centre = run(few, "return map.getCenter().lat")
    assert centre == pytest.approx(35.0, abs=0.05), "an arrow key that finds a place does not pan the map"
    few.keyboard.press("Enter")
    few.wait_for_selector(".leaflet-popup h3")
    assert few.inner_text(".leaflet-popup h3") == "North"
    few.keyboard.press("Escape")
    few.wait_for_timeout(300)
    assert few.evaluate("document.activeElement.className") == "s-packed-keys"
    assert few.locator(".leaflet-popup").count() == 0


def test_the_list_in_words_tells_what_is_in_view_and_is_bounded(many: Any) -> None:
    told = run(many, """map.setView([35, 38], 10, {animate: false}); await settled(); await new Promise(done => setTimeout(done, 250));
        const size = map.getSize(), at = b => map.layerPointToContainerPoint(b);
        const inside = b => at(b).x >= 0 && at(b).y >= 0 && at(b).x <= size.x && at(b).y <= size.y;
        let total = 0; layer._marks((x, y, mark) => { if (inside([x, y])) total += typeof mark === 'number' ? 1 : mark.cell.count; });
        return [layer._keys.getAttribute('aria-label'), layer._keys.querySelectorAll('[role=option]').length, total];""")
    assert told[0].startswith(f"Places: {told[2]} in view")
    assert 0 < told[1] <= 61


def test_hidden_keys_are_neither_drawn_nor_found(few: Any) -> None:
    assert run(few, "layer.setHidden({base: true}); await settled(); return layer.drawn.dots.length;") == 2
    found = run(few, "const at = map.latLngToLayerPoint([35, 39]); return layer.placeAt(at, 9);")
    assert found is None
    assert run(few, "layer.setHidden({}); await settled(); return layer.drawn.dots.length;") == 4


def test_names_can_keep_off_every_mark(many: Any) -> None:
    told = run(many, """map.setView([35, 38], 7, {animate: false}); await settled(); const boxes = layer.obstacles();
        let bare = 0, count = 0;
        layer._marks((x, y) => { count++; if (!boxes.some(b => b[0] < x && x < b[2] && b[1] < y && y < b[3])) bare++; });
        return [count > 50, bare, boxes.length === count];""")
    assert told == [True, 0, True]


def test_it_is_drawn_again_finely_for_print(few: Any) -> None:
    wide = run(few, "return layer._container.width / layer._bounds.getSize().x")
    printed = run(few, "window.dispatchEvent(new Event('beforeprint')); return layer._container.width / layer._bounds.getSize().x")
    after = run(few, "window.dispatchEvent(new Event('afterprint')); return layer._container.width / layer._bounds.getSize().x")
    assert (round(wide), round(printed), round(after)) == (1, 3, 1)


def test_several_places_at_one_spot_are_offered_by_name(browser: Any) -> None:
    same = points([(38.0, 35.0, f"Same {number}", "town") for number in range(3)])
    page = opened(browser, closed_page(PackedLayer(places=same).add_to(bare_map())))
    page.mouse.click(500, 350)
    page.wait_for_selector(".s-packed-list")
    assert page.inner_text(".leaflet-popup h3") == "3 places here"
    page.get_by_role("button", name="Same 1").click()
    page.get_by_role("heading", name="Same 1").wait_for()
    page.context.close()


def test_a_crowd_at_one_spot_is_listed_and_not_zoomed_for_ever(browser: Any) -> None:
    same = points([(38.0, 35.0, f"Same {number}", "town") for number in range(80)])
    page = opened(browser, closed_page(PackedLayer(places=same).add_to(bare_map())))
    page.mouse.click(500, 350)
    page.wait_for_selector(".s-packed-list")
    assert page.locator(".s-packed-list li").count() == 60
    assert "and 20 more" in page.inner_text(".leaflet-popup")
    page.context.close()


def test_hostile_words_run_nothing_and_are_shown_as_written(browser: Any) -> None:
    bad = [*HOSTILE, "<script>window.hacked=1</script>", "<img src=x onerror=window.hacked=1>"]
    places = {"lon": [38.0] * len(bad), "lat": [35.0] * len(bad), **dict.fromkeys(("title", "kind", "source", "status", "id", "note"), bad)}
    zones = gpd.GeoDataFrame({"title": bad, "note": bad}, geometry=[shapely.box(40, 35, 41, 36)] * len(bad), crs="EPSG:4326")
    page = opened(browser, closed_page(PackedLayer(places=places, zones=zones).add_to(bare_map())))
    told = run(page, f"""const wanted = {json.dumps(bad)}, seen = [];
        for (let i = 0; i < layer.places.count; i++) {{
          const card = Salient.packedCard(layer.places.record(i)); document.body.append(card);
          seen.push(card.querySelector('h3').textContent, ...[...card.querySelectorAll('dd')].slice(0, 4).map(d => d.textContent));
        }}
        layer._list(); layer._hint({{dot: 0}});
        const made = document.querySelectorAll('.s-card img, .s-card script, .s-card svg').length;
        return [wanted.filter(word => seen.filter(one => one === word).length !== 5), window.hacked, made];""")
    assert told == [[], None, 0]
    assert page.faults == []
    page.context.close()


def test_a_browser_that_cannot_unpack_is_told_so_in_a_sentence(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "old.html"
    file.write_text(closed_page(PackedLayer(places=FEW).add_to(bare_map())), encoding="utf-8")
    page = browser.new_context(offline=True).new_page()
    page.add_init_script("delete window.DecompressionStream;")
    page.goto(file.as_uri())
    page.wait_for_selector("[role=alert]")
    assert "this browser cannot unpack them" in page.inner_text("[role=alert]")
    page.context.close()


def test_it_can_be_taken_off_the_map_and_put_back(few: Any) -> None:
    told = run(few, """const lists = () => document.querySelectorAll('.s-packed-keys').length;
        layer.remove(); await settled(); const gone = lists(); window.dispatchEvent(new Event('beforeprint'));
        layer.addTo(map); await settled(); return [gone, layer.drawn.dots.length, lists()];""")
    assert told == [0, 4, 1]
    assert few.faults == []
