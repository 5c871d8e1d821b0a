"""How fast the desk answers: medians over twenty corrections and twenty filters of a situation of fifty reports.

    python -m scripts.time_desk [--reports 50] [--times 20] [--browser]

The reports are made of the paragraphs of the briefings in seeds/, some of one briefing in each, no two alike. A correction takes a name
out of every report ("not a place", for the whole desk): the dearest there is, for it reads again all reports that hold the name; in the
browser it is taken out of one report too, as most corrections are. The engine's part is told by itself, by the clock and by the
processor, because a busy machine makes the clock wrong; `--browser` drives the app in Chromium and measures from the click to the frame
that shows the change.
"""

from __future__ import annotations

import argparse
import datetime as dt
import io
import random
import re
import statistics
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geo.deskpage import feed
from geo.documents import from_text, load
from geo.filters import Seen
from geo.gazetteer import open_gazetteer
from geo.moves import moves
from geo.records import Decision, Document
from geo.rereading import Kept, missing, reread
from geo.situation import Situation

ROOT = Path(__file__).parents[1]
ASKED = {"filter": 0.3, "correction": 1.5}  # seconds
PARAGRAPHS = 4  # of each report: some 1,800 characters

_HEARD = """() => {
  if (window.heard) return;
  window.heard = {};
  const now = () => performance.timeOrigin + performance.now();
  addEventListener('message', (event) => {
    const what = event.data && event.data.salient;
    if (what) requestAnimationFrame(() => setTimeout(() => { window.heard[what] = now(); }, 0));
  });
}"""
_WORDS = (
    "army", "said", "forces", "troops", "town", "held", "Russian", "road", "airport", "fighters", "north", "attacked", "government",
    "river", "withdrew", "control", "border", "city", "French", "bridge",
)
_PRESSED = """() => {
  const now = () => performance.timeOrigin + performance.now();
  for (const kind of ['click', 'keydown']) addEventListener(kind, () => { window.pressed = now(); }, true);
}"""


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=50)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--browser", action="store_true", help="drive the app in Chromium too")
    given = parser.parse_args()
    documents = reports(given.reports)
    print(f"{len(documents)} reports of {sum(len(one.text) for one in documents):,} characters in all; medians of {given.times}\n")
    print("| what | seconds | of the processor | slowest | asked |\n|---|---|---|---|---|", flush=True)
    names = engine(documents, given.times)
    if given.browser:
        in_browser(documents, names, given.times)


def reports(number: int) -> tuple[Document, ...]:
    """Return so many different reports: some paragraphs of a briefing each, on days of their own."""
    chance = random.Random(6)
    found: dict[str, Document] = {}
    briefings = [load(path) for path in sorted((ROOT / "seeds").glob("*.md"))]
    while len(found) < number:
        briefing = briefings[len(found) % len(briefings)]
        paragraphs = [one for one in briefing.text.split("\n\n") if len(one) > 80]
        chosen = sorted(chance.sample(range(len(paragraphs)), min(PARAGRAPHS, len(paragraphs))))
        text = "\n\n".join(paragraphs[at] for at in chosen)
        day = (briefing.published or dt.date(2020, 1, 1)) - dt.timedelta(days=len(found) % 12)
        one = from_text(text, title=f"Report {len(found) + 1}", source=f"Paper {len(found) % 7}", published=day)
        found[one.id] = one
    return tuple(found.values())


def engine(documents: tuple[Document, ...], times: int) -> list[str]:
    """Measure what the page asks of the engine, and return the names that were corrected, the most frequent first."""
    gazetteer, kept = open_gazetteer(), Kept()
    begun = time.perf_counter()
    plain = reread(documents, kept=kept, gazetteer=gazetteer)
    feed(plain, steps=False)
    print(f"| reading {len(documents)} reports and drawing them | {time.perf_counter() - begun:.1f} | | | |", flush=True)
    said = Counter(mention.text for place in plain.places for mention in place.mentions)
    names = [name for name, _ in said.most_common(times)]
    made = [Decision(target=name, action="drop", scope="desk") for name in names]
    touched = [len(missing(documents, kept=kept, gazetteer=gazetteer, decisions=[one])) for one in made]
    drawn: list[Situation] = []
    again = [_timed(lambda one=one: drawn.append(reread(documents, kept=kept, gazetteer=gazetteer, decisions=[one]))) for one in made]  # type: ignore[misc]
    told = [_timed(lambda one=one: feed(one, steps=False)) for one in drawn]  # type: ignore[misc]
    moved = [_timed(lambda one=one: moves(plain, one)) for one in drawn]  # type: ignore[misc]
    _row(f"correction: reading again ({statistics.median(touched):.0f} reports, at most {max(touched)})", again)
    _row("correction: layers and what the frame is told", told)
    _row("correction: the card", moved)
    whole = [tuple(map(sum, zip(*three, strict=True))) for three in zip(again, told, moved, strict=True)]
    _row("correction: all of it", whole, asked="correction")  # type: ignore[arg-type]
    _row("correction undone", [_timed(lambda: reread(documents, kept=kept, gazetteer=gazetteer)) for _ in made])
    days = [_timed(lambda one=one: feed(one, steps=True)) for one in drawn[:5]]  # type: ignore[misc]
    _row("the maps of earlier days, when the page asks for them", days)
    seen = [Seen(least=0.02 * number, words="the") for number in range(times)]
    _row("filter: the claims that stay", [_timed(lambda one=one: one.claims(plain)) for one in seen], asked="filter")  # type: ignore[misc]
    return names


def in_browser(documents: tuple[Document, ...], names: list[str], times: int) -> None:
    """Measure the same from the click to the frame that shows it, in the running app."""
    with _app() as page:
        _give(page, documents)
        frame = _frame(page)
        frame.evaluate(_HEARD)
        page.evaluate(_PRESSED)
        page.locator(".st-key-filter button").first.click()
        page.locator(".st-key-find input").wait_for()
        filters = [_filter(page, frame, word) for word in _WORDS[:times]]
        _row("filter, in the browser", [(one, 0.0) for one in filters], asked="filter")
        page.locator(".st-key-filter_all button").click()
        _still(page)
        page.locator(".st-key-filter button").first.click()
        undone = []
        for scope in ("In this report", "In every report"):
            corrections = []
            for name in names:
                if (seconds := _correct(page, frame, name, scope)) is not None:
                    corrections.append(seconds)
                    undone.append(_undo(page, frame))
            what = f"correction {scope.lower()}, in the browser ({len(corrections)} names)"
            _row(what, [(one, 0.0) for one in corrections], asked="correction")
        _row("correction undone, in the browser", [(one, 0.0) for one in undone])


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that some work takes, by the clock and of the processor."""
    clock, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - clock, time.process_time() - processor


def _row(what: str, found: list[tuple[float, float]], *, asked: str = "") -> None:
    seconds, processor = ([one[side] for one in found] for side in (0, 1))
    of = f"{statistics.median(processor):.3f}" if any(processor) else ""
    limit = f"< {ASKED[asked]:g}" if asked else ""
    print(f"| {what} | {statistics.median(seconds):.3f} | {of} | {max(seconds):.3f} | {limit} |", flush=True)


# ---------------------------------------------------------------- in the browser


@contextmanager
def _app() -> Iterator[Any]:
    """A page of the app, served from a folder of its own, with the briefing mapped."""
    from playwright.sync_api import sync_playwright

    from tests.browser.serving import serving, the_map, visiting
    from tests.conftest import QUIET, chromium

    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(QUIET))
        with visiting(browser, address) as page:
            page.goto(address)
            the_map(page)
            yield page
        browser.close()


def _frame(page: Any) -> Any:
    return next(one for one in page.frames if one.parent_frame is page.main_frame)


def _give(page: Any, documents: tuple[Document, ...]) -> None:
    """Upload the reports as one zip, and wait until they are mapped."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as folder:
        for number, one in enumerate(documents):
            head = f"---\ntitle: {one.title}\npublisher: {one.source}\ndate: {one.published}\n---\n\n"
            folder.writestr(f"report-{number}.md", head + one.text)
    page.locator(".st-key-source").get_by_text("Files", exact=True).click()
    page.locator(".st-key-files input[type=file]").set_input_files(
        {"name": "reports.zip", "mimeType": "application/zip", "buffer": file.getvalue()}
    )
    heading = page.frame_locator("[class*=st-key-frame_map] iframe").get_by_role("heading", name=f"{len(documents)} reports")
    heading.first.wait_for(timeout=600_000)
    _still(page)


def _still(page: Any) -> None:
    page.wait_for_timeout(400)
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for(timeout=120_000)
    page.wait_for_timeout(400)


def _answered(page: Any, frame: Any, what: str) -> float:
    """The seconds from the last click or key to the frame that shows what it was told after it."""
    pressed = page.evaluate("window.pressed")
    frame.wait_for_function("([what, since]) => (window.heard[what] || 0) > since", arg=[what, pressed], timeout=20_000)
    found = (frame.evaluate("(what) => window.heard[what]", what) - pressed) / 1000
    _still(page)
    return float(found)


def _filter(page: Any, frame: Any, word: str) -> float:
    """Leave in the sentences with a word alone."""
    field = page.locator(".st-key-find input")
    field.fill(word)
    field.press("Enter")
    return _answered(page, frame, "filter")


def _correct(page: Any, frame: Any, name: str, scope: str) -> float | None:
    """Take a name out of one report or of all; None where the text has no such name to click."""
    mark = frame.locator(".s-page-text .s-mention, .s-page-text span[role=button]").filter(has_text=re.compile(f"^{re.escape(name)}$"))
    if mark.count() == 0:
        return None
    mark.first.click()
    page.locator(".st-key-correct_drop button").wait_for()
    page.locator(".st-key-correct_scope").get_by_text(scope).first.click()
    _still(page)
    page.locator(".st-key-correct_drop button").click()
    return _answered(page, frame, "show")


def _undo(page: Any, frame: Any) -> float:
    page.locator(".st-key-change_undo button").click()
    found = _answered(page, frame, "show")
    close = page.locator(".st-key-correct_close button")
    if close.count():
        close.click()
        _still(page)
    return found


if __name__ == "__main__":
    main()
