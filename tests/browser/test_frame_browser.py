"""The desk's frame in a browser: it changes in place, tells what is picked, hides what is filtered, runs nothing of a report."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

import pytest

from geo import situation
from geo.choices import Choices
from geo.deskpage import Feed, feed
from geo.documents import from_text
from geo.filters import Seen
from geo.payload_points import pack_points
from geo.records import Decision
from tests import hostile_report as hostile
from tests.browser.visits import until
from tests.desk_page import DeskPage

pytestmark = pytest.mark.browser

STATE = """(() => { const desk = Salient.current, at = desk.map.getCenter(); return {
  view: [at.lat.toFixed(2), at.lng.toFixed(2), desk.map.getZoom()].join(), tab: desk.panel.now, open: desk.legend.open,
  hidden: Object.keys(desk.features.hidden).sort(),
  stands: Math.round(document.querySelectorAll('.s-para')[4].getBoundingClientRect().top),
  picked: desk.features.selected && desk.features.selected.id, card: Boolean(document.querySelector('.s-card')),
  page: window.mark, marks: desk.features.ordered().length }; })()"""

OPEN = "() => { const features = Salient.current.features; features.show(features.all.find((one) => WHICH)); }"


@pytest.fixture(scope="module")
def told(idlib: Any) -> Feed:
    return feed(idlib)


@pytest.fixture(scope="module")
def opened(browser: Any) -> Iterator[DeskPage]:
    """The frame, opened once."""
    page = DeskPage(browser)
    yield page
    page.close()


@pytest.fixture
def desk(opened: DeskPage, told: Feed) -> DeskPage:
    """The frame with the first briefing, as it is shown first."""
    opened.clear()
    opened.show(told)
    return opened


def again(told: Feed, number: int = 1) -> Feed:
    """The same once more, as if it were another situation."""
    return replace(told, data_key=f"again-{number}")


def test_another_situation_takes_the_place_of_the_last_and_moves_nothing(desk: DeskPage, idlib: Any) -> None:
    frame = desk.frame
    frame.evaluate("""() => { window.mark = 'same page'; const desk = Salient.current;
        desk.map.setView([35.402, 36.903], 8.25, {animate: false}); desk.panel.pages.text.body.scrollTop = 321;
        desk.legend.querySelectorAll('input')[1].click();
        desk.features.show(desk.features.ordered().pop(), {still: true, stay: true}); }""")
    before = frame.evaluate(STATE)
    paragraph = frame.evaluate_handle("document.querySelectorAll('.s-para')[3]")
    changed = feed(replace(idlib, title="Another title"), Choices(preset="control"))
    desk.show(changed)
    assert frame.evaluate(STATE) == before
    assert before["page"] == "same page"
    assert before["picked"]
    assert before["card"]
    assert before["hidden"]
    assert frame.locator("h1").inner_text() == "Another title"
    assert paragraph.evaluate("node => node.isConnected") is True


def test_a_text_of_which_nothing_changed_stays_the_element_that_it_was(desk: DeskPage, told: Feed) -> None:
    desk.frame.evaluate("window.kept = [...document.querySelectorAll('article, .s-para')]")
    desk.show(again(told))
    assert desk.frame.evaluate("window.kept.length > 5 && window.kept.every((node) => node.isConnected)") is True
    changed = json.loads(told.data)
    changed["texts"][0]["paragraphs"][3][0]["t"] += " indeed"
    del changed["texts"][0]["paragraphs"][-1], changed["texts"][0]["starts"][-1]
    desk.show(replace(told, data=json.dumps(changed).encode(), data_key="changed"))
    gone = desk.frame.evaluate("window.kept.map((node, number) => node.isConnected ? -1 : number).filter((number) => number >= 0)")
    assert gone == [4, len(json.loads(told.data)["texts"][0]["paragraphs"])], "the article is the first of those kept"


def test_a_text_whose_claims_only_got_other_numbers_stays_and_means_the_same(desk: DeskPage, told: Feed) -> None:
    dimmed = "[...document.querySelectorAll('.s-dim')].map((span) => span.textContent)"
    shown = {"salient": "filter", "layers": [], "claims": [json.loads(told.data)["claims"][0][0]]}
    desk.post(**shown)
    until(desk.frame, "document.querySelector('.s-dim') !== null")
    before = desk.frame.evaluate(dimmed)
    desk.frame.evaluate("window.kept = [...document.querySelectorAll('.s-para')]")
    changed = json.loads(told.data)
    changed["claims"].insert(0, ["one-before", ""])
    for piece in (piece for text in changed["texts"] for pieces in text["paragraphs"] for piece in pieces if "k" in piece):
        piece["k"] = [number + 1 for number in piece["k"]]
    desk.show(replace(told, data=json.dumps(changed).encode(), data_key="numbered"))
    assert desk.frame.evaluate("window.kept.every((node) => node.isConnected)") is True
    assert desk.frame.evaluate(dimmed) == before


@pytest.mark.parametrize(("zoom", "flies"), [(3, False), (7, True)])
def test_the_map_flies_where_it_is_near_and_is_at_once_where_it_is_far(desk: DeskPage, zoom: int, flies: bool) -> None:
    went = desk.frame.evaluate(f"""() => {{ const map = Salient.current.map;
        map.setView([36, 36.5], {zoom}, {{animate: false}});
        const flies = Salient.goTo(map, L.latLngBounds([[35.9, 36.6], [36.1, 36.8]]), {{maxZoom: 8}});
        return [flies, map.getZoom()]; }}""")
    assert went[0] is flies
    assert flies or went[1] > 7
    until(desk.frame, "Salient.current.map.getZoom() > 7")


def test_other_reports_are_shown_from_their_own_first_view(desk: DeskPage, gazetteer: Any) -> None:
    report = from_text("Shelling hit Kherson on 3 May 2023. Russian forces hold Nova Kakhovka.", title="South")
    desk.show(feed(situation.read([report], gazetteer=gazetteer)))
    at = desk.frame.evaluate("Salient.current.map.getCenter()")
    assert 45 < at["lat"] < 48
    assert 31 < at["lng"] < 35
    assert desk.frame.evaluate("document.querySelectorAll('article').length") == 1


def test_nothing_is_left_behind_by_fifty_situations(desk: DeskPage, told: Feed) -> None:
    session = desk.context.new_cdp_session(desk.host)
    def counts() -> tuple[int, int]:
        desk.frame.evaluate("window.told = 0")
        session.send("HeapProfiler.collectGarbage")
        found = session.send("Memory.getDOMCounters")
        return found["nodes"], found["jsEventListeners"]
    for number in range(4):
        desk.show(again(told, number))
    before = counts()
    elements = desk.frame.evaluate("document.querySelectorAll('*').length")
    for number in range(50):
        desk.show(again(told, 100 + number))
    assert desk.frame.evaluate("document.querySelectorAll('*').length") == elements
    nodes, listeners = counts()
    assert listeners <= before[1] * 1.02
    assert nodes <= before[0] * 1.05


@pytest.mark.parametrize(("words", "nth"), [("Moscow", 0), ("Erdogan", 0), ("Russian", 0)])
def test_a_click_on_a_name_tells_where_it_stands(desk: DeskPage, idlib: Any, words: str, nth: int) -> None:
    desk.frame.locator(".s-para span[role=button]", has_text=words).nth(nth).click()
    picked = desk.last()
    text = idlib.documents[0].text
    assert picked["kind"] == "mention"
    assert picked["document"] == idlib.documents[0].id
    assert text[picked["start"] : picked["end"]] == picked["text"]
    assert words.lower() in picked["text"].lower()
    assert any((m.start, m.end) == (picked["start"], picked["end"]) for m in idlib.mentions)


def test_offsets_count_characters_and_not_the_pairs_of_a_script(browser: Any, gazetteer: Any) -> None:
    text = "\U0001f6a8\U0001f6a8 Alert.\n\n\U0001f525 Fires burn in Aleppo and \U0001f6a8 in Homs, near Zzyzzstan."
    read = situation.read([from_text(text)], gazetteer=gazetteer)
    document = read.documents[0]
    desk = DeskPage(browser)
    frame = desk.show(feed(read))
    frame.locator(".s-mention", has_text="Homs").click()
    picked = desk.last()
    assert document.text[picked["start"] : picked["end"]] == "Homs"
    frame.evaluate("""() => { const p = [...document.querySelectorAll('.s-para')].pop(), walk = document.createTreeWalker(p, 4);
        let node; while ((node = walk.nextNode())) { const at = node.data.indexOf('Zzyzzstan'); if (at >= 0) {
          const range = document.createRange(); range.setStart(node, at); range.setEnd(node, at + 9);
          getSelection().removeAllRanges(); getSelection().addRange(range); } } }""")
    frame.locator(".s-missed").click()
    picked = desk.last(2)
    assert picked["kind"] == "missed"
    assert picked["text"] == "Zzyzzstan" == document.text[picked["start"] : picked["end"]]
    desk.close()


def test_a_card_leads_to_the_correction_of_its_claim_and_of_its_place(desk: DeskPage, idlib: Any) -> None:
    desk.frame.evaluate(OPEN.replace("WHICH", "one.claims.length && one.layer === 'events'"))
    desk.frame.locator(".s-correct button").first.click()
    assert desk.last()["kind"] == "claim"
    assert desk.last()["id"] in {claim.id for claim in idlib.claims}
    desk.frame.evaluate(OPEN.replace("WHICH", "one.layer === 'places'"))
    desk.frame.locator(".s-correct button").first.click()
    assert desk.last(2)["kind"] == "place"
    assert desk.last(2)["id"] in {place.id for place in idlib.places}


def test_what_is_filtered_is_hidden_on_the_map_and_dimmed_in_the_text(desk: DeskPage, idlib: Any) -> None:
    seen = Seen(statuses=("proposed",))
    claims = [claim.id for claim in seen.claims(idlib)]
    assert 0 < len(claims) < len(idlib.claims)
    all_marks = desk.frame.evaluate("Salient.current.features.ordered().length")
    desk.post(salient="filter", layers=[], claims=claims)
    until(desk.frame, "document.querySelector('.s-count') && !document.querySelector('.s-count').hidden")
    shown = desk.frame.evaluate("Salient.current.features.ordered().map((one) => one.claims)")
    assert 0 < len(shown) < all_marks
    assert all(not ids or set(ids) & set(claims) for ids in shown)
    assert desk.frame.locator(".s-dim").count() > 0
    assert "marks shown" in desk.frame.locator(".s-count").inner_text()
    desk.post(salient="filter", layers=[], claims=None)
    until(desk.frame, f"Salient.current.features.ordered().length === {all_marks}")
    assert desk.frame.locator(".s-dim").count() == 0
    assert desk.frame.locator(".s-count").is_hidden()


def test_a_filter_lasts_when_the_situation_changes(desk: DeskPage, told: Feed) -> None:
    desk.post(salient="filter", layers=["places"], claims=None)
    until(desk.frame, "Salient.current.features.ordered().every((one) => one.layer === 'places')")
    desk.show(again(told))
    assert desk.frame.evaluate("Salient.current.features.ordered().every((one) => one.layer === 'places')") is True


def test_the_search_finds_places_parties_and_words_and_goes_there(desk: DeskPage) -> None:
    field = desk.frame.locator(".s-search input")
    field.fill("hmeim")
    assert desk.frame.locator(".s-hit-mark").first.inner_text().startswith("Hmeimim")
    field.press("Enter")
    until(desk.frame, "document.querySelector('.s-card') !== null")
    field.fill("türkey")
    until(desk.frame, "document.querySelectorAll('.s-hit').length > 0")
    field.fill("ceasefire")
    hits = desk.frame.locator(".s-hit-words")
    assert hits.count() > 0
    field.press("ArrowDown")
    field.press("ArrowUp")
    field.press("Enter")
    assert desk.frame.evaluate("String(getSelection())").lower() == "ceasefire"
    field.fill("qqqq")
    assert desk.frame.locator(".s-none").count() == 1
    field.press("Escape")
    assert desk.frame.locator(".s-hits").is_hidden()


def test_a_spot_is_shown_by_a_click_and_by_the_keyboard(desk: DeskPage) -> None:
    desk.post(salient="mode", mode="spot")
    stage = desk.frame.locator(".s-stage").bounding_box()
    desk.frame.locator(".s-cross").wait_for()
    desk.host.mouse.click(stage["x"] + 200, stage["y"] + 240)
    clicked = desk.last()
    assert clicked["kind"] == "spot"
    assert -90 <= clicked["lat"] <= 90
    assert desk.frame.locator(".s-draw").count() == 0
    desk.post(salient="mode", mode="spot")
    desk.frame.locator(".s-cross").wait_for()
    middle = desk.frame.evaluate("Salient.current.map.getCenter()")
    for key in ("ArrowRight", "ArrowRight", "ArrowUp", "Enter"):
        desk.host.keyboard.press(key)
    keyed = desk.last(2)
    assert keyed["kind"] == "spot"
    assert keyed["lon"] > middle["lng"]
    assert keyed["lat"] > middle["lat"]


def test_an_area_is_drawn_with_the_mouse(desk: DeskPage) -> None:
    desk.post(salient="mode", mode="draw")
    desk.frame.locator(".s-cross").wait_for()
    stage = desk.frame.locator(".s-stage").bounding_box()
    for x, y in ((150, 200), (320, 200), (320, 330), (200, 380)):
        desk.host.mouse.click(stage["x"] + x, stage["y"] + y)
    desk.host.keyboard.press("Backspace")
    desk.host.mouse.dblclick(stage["x"] + 180, stage["y"] + 340)
    ring = desk.last()
    assert ring["kind"] == "ring"
    assert len(ring["ring"]) == 4
    assert desk.frame.locator(".s-draw").count() == 0
    assert desk.frame.locator("path[stroke-dasharray='5 4'][fill-opacity='0.12']").count() == 0


def test_an_area_is_drawn_with_the_keyboard_and_escape_leaves(desk: DeskPage) -> None:
    desk.post(salient="mode", mode="draw")
    desk.frame.locator(".s-cross").wait_for()
    for keys in (("ArrowLeft",) * 4, ("ArrowRight",) * 8, ("ArrowDown",) * 6):
        for key in (*keys, "Enter"):
            desk.host.keyboard.press(key)
    desk.host.keyboard.press("Enter")
    ring = desk.last()
    assert ring["kind"] == "ring"
    assert len(ring["ring"]) == 3
    desk.post(salient="mode", mode="draw")
    desk.frame.locator(".s-cross").wait_for()
    desk.host.keyboard.press("Escape")
    until(desk.host, "window.told.some((one) => one.salient === 'left')")
    assert len(desk.picks()) == 1


def test_a_pick_of_the_app_is_marked_in_the_text(desk: DeskPage, idlib: Any) -> None:
    mention = next(one for one in reversed(idlib.mentions) if one.kind not in ("actor", "date"))
    desk.post(salient="pick", told={"kind": "mention", "document": mention.document_id, "start": mention.start, "end": mention.end})
    marked = desk.frame.locator(".s-picked")
    marked.first.wait_for()
    assert marked.first.inner_text() in mention.text
    box = marked.first.bounding_box()
    assert 0 < box["y"] < 800
    desk.post(salient="pick", told=None)
    until(desk.frame, "document.querySelectorAll('.s-picked').length === 0")


def test_earlier_days_are_asked_for_once_and_then_shown(desk: DeskPage, idlib: Any) -> None:
    desk.show(feed(idlib, steps=False))
    slider = desk.frame.locator(".s-time input")
    slider.focus()
    desk.host.keyboard.press("Home")
    desk.host.keyboard.press("Home")
    until(desk.host, "window.told.some((one) => one.salient === 'days')")
    assert desk.host.evaluate("window.told.filter((one) => one.salient === 'days').length") == 1
    desk.show(feed(idlib))
    assert desk.frame.evaluate("Salient.current.timeline.number") == 0


def test_the_view_goes_to_the_address_and_comes_back_from_it(desk: DeskPage, browser: Any, told: Feed) -> None:
    desk.frame.evaluate("Salient.current.map.setView([35.1, 36.2], 8, {animate: false})")
    until(desk.host, "window.told.some((one) => one.salient === 'link' && one.hash.includes('8/35.1/36.2'))")
    other = DeskPage(browser)
    other.post(salient="link", hash="#map=8/35.1/36.2")
    other.show(told)
    assert other.frame.evaluate("Salient.current.map.getZoom()") == 8
    other.close()


def test_a_hostile_report_runs_nothing_and_is_shown_as_written(browser: Any) -> None:
    desk = DeskPage(browser)
    frame = desk.show(feed(hostile.situation()))
    for name in ("words", "relations", "tray", "about"):
        frame.evaluate("(name) => Salient.current.panel.open(name)", name)
    frame.locator(".s-search input").fill("script")
    frame.evaluate("Salient.current.features.show(Salient.current.features.ordered()[0])")
    shown = frame.evaluate("document.body.textContent")
    for words in hostile.STRINGS:
        assert "".join(words.split()) in "".join(shown.split())
    assert frame.evaluate("window.hacked") is None
    assert desk.host.evaluate("window.hacked") is None
    desk.close()


@pytest.mark.parametrize("message", [
    None, 7, "show", {"salient": "__proto__"}, {"salient": "show"}, {"salient": "show", "key": "a", "data": "text"}, {"salient": "filter"},
    {"salient": "filter", "layers": [1], "claims": None}, {"salient": "mode", "mode": "fly"}, {"salient": "look", "theme": "<b>"},
    {"salient": "pick", "told": 5}, {"salient": "link", "hash": 9}, {"salient": "copied"},
])
def test_a_message_that_is_not_well_formed_changes_nothing(desk: DeskPage, message: Any) -> None:
    before = desk.frame.evaluate(STATE)
    desk.host.evaluate("(message) => window.frame.contentWindow.postMessage(message, '*')", message)
    desk.frame.evaluate("new Promise((done) => setTimeout(done, 30))")
    assert desk.frame.evaluate(STATE) == before


def test_the_line_between_the_panes_moves_by_hand_and_by_keyboard(desk: DeskPage) -> None:
    line, panel = desk.frame.locator(".s-split"), desk.frame.locator(".s-panel")
    wide = panel.bounding_box()["width"]
    line.focus()
    desk.host.keyboard.press("ArrowRight")
    assert panel.bounding_box()["width"] == pytest.approx(wide + 24, abs=2)
    box = line.bounding_box()
    desk.host.mouse.move(box["x"] + 3, box["y"] + 100)
    desk.host.mouse.down()
    desk.host.mouse.move(box["x"] - 97, box["y"] + 100)
    desk.host.mouse.up()
    assert panel.bounding_box()["width"] == pytest.approx(wide - 76, abs=3)
    size = desk.frame.evaluate("[Salient.current.map.getSize().x, document.querySelector('.s-stage').clientWidth]")
    assert size[0] == size[1]


def test_on_a_narrow_screen_one_pane_is_shown_at_a_time(browser: Any, told: Feed) -> None:
    desk = DeskPage(browser, width=390, height=780)
    frame = desk.show(told)
    assert frame.evaluate("getComputedStyle(document.querySelector('.s-panel')).visibility") == "hidden"
    frame.locator(".s-panes button").first.click()
    assert frame.evaluate("getComputedStyle(document.querySelector('.s-panel')).visibility") == "visible"
    assert frame.evaluate("document.documentElement.scrollWidth") <= 390
    desk.close()


def test_a_text_that_is_written_anew_stands_where_it_stood(browser: Any, gazetteer: Any) -> None:
    lines = (f"{number}. Shelling hit Aleppo. A convoy drove to Tripoli. " + "More words. " * (5 * number % 60) for number in range(40))
    text = "\n\n".join(lines)
    report = from_text(text, title="Long")
    desk = DeskPage(browser)
    frame = desk.show(feed(situation.read([report], gazetteer=gazetteer)))
    frame.evaluate("document.querySelectorAll('.s-para')[25].scrollIntoView({block: 'center'})")
    before = frame.evaluate("document.querySelectorAll('.s-para')[25].getBoundingClientRect().top")
    moved = Decision(target="Tripoli", action="place", value="geonames:266826", scope="document", document=report.id)
    desk.show(feed(situation.read([report], gazetteer=gazetteer, decisions=[moved])))
    assert frame.evaluate("document.querySelectorAll('.s-para')[25].getBoundingClientRect().top") == pytest.approx(before, abs=2)
    desk.close()


def test_the_map_goes_after_a_mark_that_a_correction_moved_out_of_view(browser: Any, gazetteer: Any) -> None:
    report = from_text("Gunmen held Tripoli on 3 May 2023, and shells fell there.", title="Tripoli")
    at = report.text.index("Tripoli")
    desk = DeskPage(browser, reduced_motion="reduce")
    frame = desk.show(feed(situation.read([report], gazetteer=gazetteer)))
    before = frame.evaluate("Salient.current.map.getCenter()")
    frame.locator(".s-mention", has_text="Tripoli").click()
    desk.post(salient="pick", told={"kind": "mention", "document": report.id, "start": at, "end": at + 7})
    other = "geonames:266826" if before["lng"] < 25 else "geonames:2210247"
    moved = Decision(target="Tripoli", action="place", value=other, scope="document", document=report.id)
    desk.post(salient="pick", told=None)
    desk.show(feed(situation.read([report], gazetteer=gazetteer, decisions=[moved])))
    after = frame.evaluate("Salient.current.map.getCenter()")
    assert abs(after["lng"] - before["lng"]) > 10
    assert frame.evaluate("Salient.current.inView()") > 0
    desk.close()


def test_the_map_makes_room_for_what_stands_over_it(desk: DeskPage) -> None:
    wide = desk.frame.locator(".s-stage").bounding_box()["width"]
    centre = desk.frame.evaluate("Salient.current.map.getCenter()")
    desk.post(salient="cover", width=400)
    until(desk.frame, f"document.querySelector('.s-stage').clientWidth < {wide - 200}")
    assert desk.frame.evaluate("Salient.current.map.getSize().x") == desk.frame.evaluate("document.querySelector('.s-stage').clientWidth")
    now = desk.frame.evaluate("Salient.current.map.getCenter()")
    assert now["lng"] == pytest.approx(centre["lng"], abs=0.05)
    desk.post(salient="cover", width=0)
    until(desk.frame, f"document.querySelector('.s-stage').clientWidth >= {wide - 1}")


AXE = """async () => (await axe.run(document, {resultTypes: ['violations']})).violations
    .filter((one) => ['serious', 'critical'].includes(one.impact))
    .map((one) => one.id + ': ' + one.nodes.slice(0, 4).map((node) => node.html.slice(0, 120)).join(' | '))"""
STATES = {
    "text": "0", "words": "Salient.current.panel.open('words')", "relations": "Salient.current.panel.open('relations')",
    "card": OPEN.replace("WHICH", "one.layer === 'events'").replace("() =>", "(() =>") + ")()",
    "search": "(() => { const field = document.querySelector('.s-search input'); field.value = 'Idlib'; field.focus(); })()",
    "filter": "Salient.current.takeFilter({layers: [], claims: []})", "draw": "Salient.current.takeMode({mode: 'draw'})",
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_in_any_state(desk: DeskPage, theme: str) -> None:
    desk.frame.evaluate((files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8"))
    desk.post(salient="look", theme=theme)
    found = {}
    for name, act in STATES.items():
        desk.frame.evaluate(act)
        desk.frame.evaluate("new Promise((done) => setTimeout(done, 250))")
        until(desk.frame, "document.getAnimations().every((one) => one.playState !== 'running')")  # a card that fades in is pale
        if complaints := desk.frame.evaluate(AXE):
            found[name] = complaints
    assert found == {}


def test_a_filter_hides_single_points_where_they_are_too_many_to_be_elements(desk: DeskPage, told: Feed) -> None:
    data = json.loads(told.data)
    layer = next(one for one in data["layers"] if one["key"] == "events")
    model = next(one for one in layer["features"] if one["geometry"]["type"] == "Point" and not one["quiet"])
    ids = [claim[0] for claim in data["claims"][:2]]
    layer["features"] += [
        {**model, "id": f"p{number}", "claims": [ids[number % 2]], "geometry": {"type": "Point", "coordinates": [36 + number / 200, 36.2]}}
        for number in range(320)
    ]
    data["packed"] = pack_points(data["layers"], icons=data["style"]["icons"])
    desk.show(replace(told, data=json.dumps(data).encode(), data_key="many"))
    shown = "((layer) => layer.places ? layer.places.off.filter((one) => !one).length : -1)(Salient.current.features.points.layer)"
    until(desk.frame, f"{shown} >= 320")
    desk.post(salient="filter", layers=[], claims=ids[:1])
    until(desk.frame, f"{shown} < 200")
    assert desk.frame.evaluate(shown) >= 160
