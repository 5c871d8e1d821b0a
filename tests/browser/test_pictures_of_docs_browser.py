"""The tutorial, walked: every step of docs/tutorial.md is done in a browser, and its pictures are taken on the way.

With SALIENT_PICTURES=FOLDER the pictures are written there (`SALIENT_PICTURES=docs` renews those of the docs); else they are only checked.
The steps build on one another, as they do for a reader: they are run together and in order.
"""

from __future__ import annotations

import io
import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from geo import decision_files
from geo.__main__ import main
from geo.export import suffix_of
from tests.browser.serving import ROOT, inside, serving, settled, the_map, visiting

pytestmark = pytest.mark.browser

TUTORIAL = ROOT / "docs" / "tutorial.md"
WIDTH, HEIGHT = 1280, 800
LARGEST = 250_000  # bytes of a picture
QUALITIES = (88, 80, 70, 60)
LEAST_COLOURS = 200  # of a picture that shows something; a blank page has a few dozen
TAKEN: set[str] = set()


@pytest.fixture(scope="module")
def page(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The app, opened once for the whole walk."""
    with (
        serving(tmp_path_factory.mktemp("desk")) as served,
        visiting(browser, served, viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-GB") as opened,
    ):
        opened.goto(served)
        the_map(opened)
        settled(opened)
        yield opened


def picture(page: Any, name: str) -> None:
    """Take a picture of the window: it shows something, is small, and is written where that was asked for."""
    page.wait_for_timeout(700)
    shown = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
    assert shown.size == (WIDTH, HEIGHT)
    colours = np.unique(np.asarray(shown).reshape(-1, 3) // 8, axis=0)
    assert len(colours) > LEAST_COLOURS, f"{name} shows nothing"
    assert f"({name}.jpg)" in TUTORIAL.read_text(encoding="utf-8").replace("\n", " ")
    for quality in QUALITIES:
        made = io.BytesIO()
        shown.save(made, "JPEG", quality=quality, optimize=True, progressive=True, subsampling=0)
        if made.tell() < LARGEST:
            break
    assert made.tell() < LARGEST
    TAKEN.add(name)
    if folder := os.environ.get("SALIENT_PICTURES"):
        Path(folder, f"{name}.jpg").write_bytes(made.getvalue())


def tab(page: Any, name: str) -> Any:
    """Open a tab below the map and bring it to the top of the window."""
    title = page.get_by_role("tab", name=re.compile(f"^{name}"))
    title.click()
    settled(page)
    title.evaluate("element => element.scrollIntoView({block: 'start'})")
    return page.locator("[role=tabpanel]:visible")


def to_the_top(page: Any) -> None:
    page.locator("[data-testid=stMain]").evaluate("element => element.scrollTo(0, 0)")


def chosen(page: Any, key: str, option: str) -> None:
    """Choose an option of a select box."""
    page.locator(f".st-key-{key} button[aria-haspopup=listbox]").click()
    page.get_by_role("option", name=option).click()
    settled(page)


def words(page: Any, selector: str) -> str:
    return " ".join(page.locator(selector).inner_text().split())


def test_1_open_the_desk(page: Any) -> None:
    assert "Idlib: a Thursday in Moscow" in the_map(page).locator("h1").inner_text()
    picture(page, "desk")
    assert page.abroad == []


def test_2_read_the_map(page: Any) -> None:
    frame = the_map(page)
    legend = " ".join(frame.locator(".s-legend").inner_text().split())
    assert "What the map shows" in legend
    assert "Proposed, not in force" in legend
    assert "Turkey, to withdraw, road" in legend
    assert "reported control" not in legend, "the briefing says of nobody that they hold anything"
    area = frame.get_by_role("button", name="Idlib province, demanded by Russia")
    area.focus()
    area.press("Enter")
    card = frame.locator(".s-card")
    assert "Russia has insisted that the Syrian army should clear Idlib" in card.inner_text()
    assert frame.locator(".s-para .s-lit").count() > 0, "the sentence lights up in the text"
    page.keyboard.press("Escape")
    card.wait_for(state="detached")
    frame.get_by_role("tab", name="The map in words").click()
    assert "M5" in frame.locator(".s-page-words").inner_text()
    frame.get_by_role("tab", name="The text").click()
    frame.locator(".s-legend summary").click()
    assert frame.locator(".s-legend[open]").count() == 0


def test_3_ask_why_a_name_means_what_it_means(page: Any) -> None:
    paragraph = the_map(page).locator(".s-para", has_text="the battle for control of Idlib grew fiercer")
    paragraph.locator("[role=button]:text-is('Idlib')").first.click()
    page.locator(".st-key-drawer").wait_for()
    settled(page)
    drawer = words(page, ".st-key-drawer")
    for shown in ("Read as Idlib", "What is meant?", "as read now", "city with", "Where does this count?"):
        assert shown in drawer, drawer
    page.locator(".st-key-correct_rival label", has_text="2. Idlib").click()
    settled(page)
    to_the_top(page)
    picture(page, "tutorial-mention")


def test_4_correct_one_place(page: Any) -> None:
    scope = page.locator(".st-key-correct_scope")
    for shown in ("Only here", "In this report", "In every report, and in those read later"):
        assert scope.get_by_text(shown, exact=True).count() == 1
    scope.get_by_text("Only here", exact=True).click()
    settled(page)
    page.locator(".st-key-correct_choose button").click()
    page.locator(".st-key-change_card").wait_for()
    page.locator(".st-key-drawer").wait_for(state="detached")
    settled(page)


def test_5_see_what_moved_take_it_back_make_it_again(page: Any) -> None:
    told = words(page, ".st-key-change_card")
    assert re.search(r"1 mark moved; 1 claim changed; 1 area lost 5,6\d\d km²", told), told
    to_the_top(page)
    picture(page, "tutorial-change")
    page.locator(".st-key-change_card details summary").click()
    page.locator(".st-key-change_card").get_by_text("claim changed: battle for control of").wait_for()
    page.locator(".st-key-change_undo button").click()
    page.get_by_role("tab", name="Corrections (0)").wait_for()
    settled(page)
    assert "area gained 5,6" in words(page, ".st-key-change_card")
    page.locator(".st-key-change_redo button").click()
    page.get_by_role("tab", name="Corrections (1)").wait_for()
    settled(page)
    page.locator(".st-key-change_keep button").click()
    page.locator(".st-key-change_card").wait_for(state="detached")
    page.locator(".st-key-correct_close button").click()
    page.locator(".st-key-drawer").wait_for(state="detached")
    settled(page)


def test_6_show_less(page: Any) -> None:
    inside(page).evaluate("window.stillHere = true")
    page.locator(".st-key-filter button").first.click()
    page.locator(".st-key-parties input").click()
    page.get_by_role("option", name="Turkey").click()
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert "Filter (1)" in words(page, ".st-key-filter")
    frame = the_map(page)
    frame.get_by_role("button", name="Withdrawal from the M5").wait_for()
    frame.get_by_role("button", name="Idlib province, demanded by Russia").wait_for(state="hidden")
    assert inside(page).evaluate("window.stillHere") is True, "the map was drawn anew"
    page.locator(".st-key-filter button").first.click()
    page.locator(".st-key-filter_all button").click()
    settled(page)
    page.keyboard.press("Escape")
    frame.get_by_role("button", name="Idlib province, demanded by Russia").wait_for(state="visible")


def test_7_compare_two_days(page: Any) -> None:
    panel = tab(page, "Compare")
    panel.get_by_text("What changed from 5 February 2020 to 5 March 2020").wait_for(timeout=90_000)
    panel.locator(".st-key-compare_maps img").nth(2).wait_for(timeout=90_000)
    settled(page)
    told = panel.inner_text()
    assert "Two days" in told
    assert "“What matters most to Russia is the safety of its air base at Hmeimim" in told
    page.get_by_role("tab", name="Compare").evaluate("element => element.scrollIntoView({block: 'start'})")
    picture(page, "tutorial-compare")


def test_8_make_a_slide(page: Any, tmp_path: Path) -> None:
    panel = tab(page, "Take away")
    chosen(page, "look_format", "Slides for PowerPoint, editable")
    panel.locator("img").first.wait_for(timeout=90_000)
    settled(page)
    page.get_by_role("tab", name="Take away").evaluate("element => element.scrollIntoView({block: 'start'})")
    picture(page, "tutorial-slide")
    with page.expect_download(timeout=90_000) as taken:
        panel.locator(".st-key-publish_download button").click()
    taken.value.save_as(tmp_path / "map.pptx")
    from pptx import Presentation

    slide = Presentation(str(tmp_path / "map.pptx")).slides[0]
    assert len(slide.shapes) > 20
    assert "Idlib" in slide.notes_slide.notes_text_frame.text


def test_9_keep_it(page: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    panel = tab(page, "Library")
    panel.get_by_label("Keep this situation as").fill("Idlib, first week of March")
    panel.get_by_role("button", name="Keep").click()
    panel.get_by_text("Idlib, first week of March").first.wait_for()
    settled(page)
    assert re.search(r"[?&]desk=[\w-]{16,}", page.url)
    tab(page, "Corrections")
    with page.expect_download() as taken:
        page.locator(".st-key-decisions_file button").click()
    folder = tmp_path_factory.getbasetemp() / "tutorial"
    folder.mkdir(exist_ok=True)
    taken.value.save_as(folder / "decisions.yaml")
    assert taken.value.suggested_filename == "decisions.yaml"
    (made,) = decision_files.load(folder / "decisions.yaml")
    (shown,) = decision_files.loads(fence("yaml"))
    for field in ("target", "action", "value", "scope", "document", "start"):
        assert getattr(made, field) == getattr(shown, field)


def test_10_the_same_on_the_command_line(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.getbasetemp() / "tutorial"
    monkeypatch.chdir(folder)
    commands = [shlex.split(line.strip())[3:] for line in step(10).splitlines() if line.startswith("    python -m geo ")]
    assert [command[0] for command in commands] == ["map", "diff"]
    for command in commands:
        assert main([str(ROOT / word) if word.startswith("seeds/") else word for word in command]) == 0
    assert "Hmeimim" in capsys.readouterr().out
    written = [name for name in commands[0] if suffix_of(name) and not name.startswith("seeds/")]
    assert [(folder / name).stat().st_size > 10_000 for name in written] == [True, True]
    assert "chosen by a reader" in (folder / "idlib.html").read_text(encoding="utf-8")


def test_every_step_of_the_tutorial_was_walked_and_every_picture_taken() -> None:
    text = TUTORIAL.read_text(encoding="utf-8")
    steps = [re.sub(r"\W+", "_", title.lower()).strip("_") for title in re.findall(r"^## (\d+\. .+)$", text, re.MULTILINE)]
    walked = [name.removeprefix("test_") for name in globals() if re.match(r"test_\d", name)]
    assert walked == steps
    if TAKEN:  # where the walk was made
        assert set(re.findall(r"\]\(([\w-]+)\.jpg\)", text)) == TAKEN


def step(number: int) -> str:
    """Return the text of a step."""
    return re.split(r"^## ", TUTORIAL.read_text(encoding="utf-8"), flags=re.MULTILINE)[number]


def fence(language: str) -> str:
    """Return the only block of a language in the tutorial."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return str(found)
