"""The desk in a real browser, with no network: read, correct, undo, compare, take away, cancel, side by side, right to left."""

from __future__ import annotations

import csv
import io
import json
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import hostile_report as hostile
from tests.browser.serving import FRAME, inside, paste, serving, settled, the_map, visiting
from tests.test_app import NEXT_DAY, ROOT, TRIPOLI

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def desk_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def served(desk_folder: Path) -> Iterator[str]:
    with serving(desk_folder) as address:
        yield address


@pytest.fixture
def page(browser: Any, served: str) -> Iterator[Any]:
    """A page of the app that asks nobody else for anything and in which no script fails."""
    with visiting(browser, served) as opened:
        yield opened
        assert opened.abroad == []
        assert opened.faults == []


def mark(page: Any, name: str, number: int = 0) -> None:
    """Click a name in the text."""
    page.frame_locator(FRAME).locator(".s-page-text").get_by_text(name, exact=True).nth(number).click()
    page.locator(".st-key-drawer").wait_for()
    settled(page)


def centre(page: Any) -> list[float]:
    found: list[float] = inside(page).evaluate("(() => { const c = Salient.current.map.getCenter(); return [c.lng, c.lat]; })()")
    return found


def choose_lebanon(page: Any, scope: str) -> None:
    mark(page, "Tripoli")
    page.locator(".st-key-correct_rival").get_by_text("Tripoli, Lebanon").click()
    settled(page)
    page.locator(".st-key-correct_scope").get_by_text(scope).first.click()
    settled(page)
    page.locator(".st-key-correct_choose button").click()
    page.locator(".st-key-change_card").wait_for()
    settled(page)


def test_it_opens_with_a_map_and_keeps_it_through_clicks_and_pans(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    assert "Idlib" in frame.locator("body").inner_text()
    settled(page)
    inside(page).evaluate("window.stillHere = true")
    page.evaluate("""(() => {
      window.runs = 0;
      new MutationObserver(() => window.runs++).observe(
        document.querySelector("[data-testid=stApp]"), {attributes: true, attributeFilter: ["data-test-script-state"]});
    })()""")
    frame.locator(".leaflet-control-zoom-in").click()
    page.wait_for_timeout(800)
    assert page.evaluate("window.runs") == 0, "a pan runs nothing on the server"
    page.get_by_role("tab", name="Claims").click()
    settled(page)
    page.get_by_role("tab", name="About").click()
    settled(page)
    assert inside(page).evaluate("window.stillHere") is True


def test_the_frame_cannot_reach_the_app(page: Any, served: str) -> None:
    page.goto(served)
    the_map(page)
    assert inside(page).evaluate("(() => { try { return window.parent.document.title } catch { return 'closed' } })()") == "closed"


def test_a_name_is_corrected_once_and_what_hangs_on_it_moves(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    paste(page, TRIPOLI)
    frame.get_by_text("Army units").first.wait_for()
    settled(page)
    assert 10 < centre(page)[0] < 16, "Libya"
    inside(page).evaluate("window.stillHere = true")
    choose_lebanon(page, "In this report")
    card = page.locator(".st-key-change_card").inner_text()
    assert "moved" in card
    assert "km²" in card
    frame.get_by_text("Lebanon").first.wait_for()
    page.wait_for_timeout(1200)
    assert 34 < centre(page)[0] < 38, "the map went where the mark is now"
    assert inside(page).evaluate("window.stillHere") is True, "in the frame that was there"
    page.locator(".st-key-change_undo button").click()
    settled(page)
    assert page.locator(".st-key-correct_rival").get_by_text("Tripoli, Libya").count() >= 1
    page.locator(".st-key-correct_close button").click()
    settled(page)
    page.locator(".st-key-drawer").wait_for(state="detached", timeout=20_000)
    assert page.get_by_role("tab", name="Corrections (0)").count() == 1


def test_a_correction_for_the_desk_needs_no_second_click(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    paste(page, TRIPOLI)
    frame.get_by_text("Army units").first.wait_for()
    settled(page)
    choose_lebanon(page, "In every report")
    paste(page, NEXT_DAY)
    frame.get_by_text("Gunmen").first.wait_for()
    settled(page)
    page.wait_for_timeout(1000)
    assert 34 < centre(page)[0] < 38
    page.get_by_role("tab", name="Corrections").click()
    settled(page)
    with page.expect_download() as download:
        page.locator(".st-key-decisions_file button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "target: Tripoli" in text
    assert "scope: desk" in text
    page.locator("[class*=st-key-decisions_remove_] button").first.click()
    settled(page)
    assert page.get_by_role("tab", name="Corrections (0)").count() == 1


def test_work_is_there_again_after_the_page_was_closed(browser: Any, page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    paste(page, "KYIV, 6 March 2022 - Russian troops took control of the town of Vasylkiv, Ukrainian officials said.")
    frame.get_by_text("Vasylkiv").first.wait_for()
    settled(page)
    address = page.url
    assert "desk=" in address
    with visiting(browser, served) as again:
        again.goto(address)
        the_map(again).get_by_text("Vasylkiv").first.wait_for()


def test_two_sessions_are_kept_apart(browser: Any, page: Any, served: str) -> None:
    with visiting(browser, served) as other:
        page.goto(served)
        other.goto(served)
        paste(page, "KYIV, 6 March 2022 - Shells fell on the city of Kharkiv.")
        paste(other, "JUBA, 3 May 2014 - Rebels attacked the town of Bentiu.")
        the_map(page).get_by_text("Kharkiv").first.wait_for()
        the_map(other).get_by_text("Bentiu").first.wait_for()
        settled(page)
        assert "Bentiu" not in the_map(page).locator("body").inner_text()
        assert "Kharkiv" not in the_map(other).locator("body").inner_text()
        assert page.url != other.url


def long_report() -> str:
    """A text that takes a while: what the briefings say, many times over, with numbers that make each part another."""
    parts = [path.read_text(encoding="utf-8").split("---", 2)[-1] for path in sorted((ROOT / "seeds").glob("*.md"))]
    return "\n\n".join(f"Part {number}. {part}" for number in range(12) for part in parts)


def test_a_long_reading_tells_how_far_it_is_and_can_be_stopped(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    paste(page, long_report())
    page.locator(".st-key-job [role=progressbar]").wait_for()
    assert "Idlib" in frame.locator("h1").first.inner_text(), "what was there stays meanwhile"
    page.get_by_role("tab", name="Claims").click()
    settled_soon = time.monotonic()
    page.get_by_role("tab", name="Claims", selected=True).wait_for(timeout=5_000)
    assert time.monotonic() - settled_soon < 5, "the page still answers"
    page.locator(".st-key-job_cancel button").click()
    page.locator(".st-key-stopped").wait_for(timeout=10_000)
    assert page.locator(".st-key-job").count() == 0
    page.locator(".st-key-source").get_by_text("A briefing", exact=True).click()
    settled(page)
    assert page.locator(".st-key-stopped").count() == 0


def many_reports() -> bytes:
    """A zip of forty reports of our own."""
    towns = ("Kharkiv", "Kherson", "Mykolaiv", "Sumy", "Chernihiv", "Poltava", "Zhytomyr", "Odesa")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        for number in range(40):
            town, day = towns[number % len(towns)], 1 + number % 28
            text = f"KYIV, {day} March 2022 - Russian troops attacked {town} on Tuesday, report {number} said. " * 20
            folder.writestr(f"report-{number}.txt", text)
    return file.getvalue()


def test_a_zip_of_reports_is_read_beside_the_page(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    page.locator(".st-key-source").get_by_text("Files", exact=True).click()
    page.locator(".st-key-files input[type=file]").set_input_files(
        {"name": "reports.zip", "mimeType": "application/zip", "buffer": many_reports()}
    )
    page.locator(".st-key-job").wait_for(timeout=20_000)
    frame.locator(".s-page-text").get_by_text("Poltava").first.wait_for(timeout=120_000)
    settled(page)
    assert page.locator(".st-key-job").count() == 0


def test_two_days_are_compared_to_the_exact_list(page: Any, served: str, tmp_path: Path) -> None:
    page.goto(served + "/?briefing=kherson-2022")
    the_map(page).get_by_text("Kherson").first.wait_for()
    settled(page)
    page.get_by_role("tab", name="Compare").click()
    page.locator(".st-key-compare_list").wait_for(timeout=60_000)
    settled(page)
    with page.expect_download() as download:
        page.locator("[class*='st-key-compare_file.csv'] button, [class*='st-key-compare_file-csv'] button").first.click()
    rows = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8-sig"))))
    assert rows == compared(tmp_path / "changes.csv"), "the file lists what the library finds"
    assert rows
    shown = " ".join(page.locator(".st-key-compare_list").inner_text().split())
    for row in rows[:5]:
        sentence = " ".join((row["after"] or row["before"]).split())
        assert sentence[:50] in shown, "each change stands there with its sentence"


def compared(path: Path) -> list[dict[str, str]]:
    """The same comparison by the library alone."""
    from geo import comparing, situation
    from geo.changes import changes
    from geo.documents import load
    from geo.export.changes import write_csv
    from geo.gazetteer import open_gazetteer

    drawn = situation.read([load(ROOT / "seeds" / "kherson-2022.md")], gazetteer=open_gazetteer())
    days = comparing.step_days(drawn)
    write_csv(changes(*comparing.of_days(drawn, days[0], days[-1])), path)
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_every_format_is_taken_away_and_opens_again(page: Any, served: str, tmp_path: Path) -> None:
    from geo.export import EXPORTERS
    from geo.project import reopen

    page.goto(served)
    the_map(page)
    settled(page)
    page.get_by_role("tab", name="Take away").click()
    page.locator(".st-key-publish_all").wait_for(timeout=60_000)
    settled(page)
    page.locator(".st-key-publish_all summary").click()
    taken: dict[str, bytes] = {}
    for suffix in EXPORTERS:
        with page.expect_download(timeout=60_000) as download:
            page.locator(f"[class~='st-key-file{suffix.replace('.', '-')}'] button").click()
        taken[suffix] = Path(download.value.path()).read_bytes()
        assert download.value.suggested_filename.endswith(suffix)
    assert taken[".html"].startswith(b"<!DOCTYPE html>")
    assert taken[".png"].startswith(b"\x89PNG")
    assert taken[".pdf"].startswith(b"%PDF")
    assert {"ppt/presentation.xml"} <= set(zipfile.ZipFile(io.BytesIO(taken[".pptx"])).namelist())
    assert json.loads(taken[".geojson"])["features"]
    (tmp_path / "again.gpkg").write_bytes(taken[".gpkg"])
    assert "Idlib" in reopen(tmp_path / "again.gpkg").title


def test_the_page_runs_from_right_to_left_in_arabic(page: Any, served: str) -> None:
    page.goto(served + "/?lang=ar")
    frame = the_map(page)
    settled(page)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    side, map_box = page.locator("[data-testid=stSidebar]").bounding_box(), page.locator(FRAME).bounding_box()
    assert side["x"] > map_box["x"] + map_box["width"] / 2, "the sidebar stands at the right"
    assert frame.locator("html[dir=rtl], body[dir=rtl], .salient[dir=rtl]").count() >= 1
    paragraph = frame.locator(".s-page-text p").filter(has_text="MOSCOW").first
    text, first = paragraph.bounding_box(), paragraph.get_by_text("MOSCOW").first.bounding_box()
    assert first["x"] - text["x"] < 40, "the report keeps its own direction"
    page.get_by_role("tab").nth(1).click()
    settled(page)


def test_a_hostile_report_runs_nothing_and_is_shown_as_written(page: Any, served: str) -> None:
    page.goto(served)
    the_map(page)
    paste(page, hostile.document().text)
    frame = the_map(page)
    frame.get_by_text("window.hacked").first.wait_for(timeout=120_000)
    shown = " ".join(frame.locator("body").inner_text().split())
    for words in ("{{7*7}}", "{% x %}", "<script>window.hacked=1</script>", "`${window.hacked=1}`", "${1}"):
        assert words in shown
    for name in ("Claims", "Not resolved", "Take away", "Library"):
        page.get_by_role("tab", name=name).click()
        settled(page)
    for found in page.frames:
        assert found.evaluate("window.hacked") is None


def test_the_keyboard_alone_corrects_a_name(page: Any, served: str) -> None:
    page.goto(served)
    frame = the_map(page)
    paste(page, TRIPOLI)
    frame.get_by_text("Army units").first.wait_for()
    settled(page)
    frame.locator(".s-page-text").get_by_text("Tripoli", exact=True).first.focus()
    page.keyboard.press("Enter")
    page.locator(".st-key-drawer").wait_for()
    settled(page)
    page.keyboard.press("Escape")
    page.locator(".st-key-drawer").wait_for(state="detached")
