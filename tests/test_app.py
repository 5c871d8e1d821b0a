"""The app, run without a browser: what it shows, what it does not do twice, how it takes bad input."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import hostile_report as hostile

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.filterwarnings("default")


@pytest.fixture
def app() -> Iterator[Any]:
    """The app in its first state; the working directory is the repository, as when it is served."""
    from streamlit.testing.v1 import AppTest

    before = Path.cwd()
    os.chdir(ROOT)
    yield AppTest.from_file(str(ROOT / "app.py"), default_timeout=180)
    os.chdir(before)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of reports of each reading that was done."""
    from geo import situation

    done: list[int] = []
    real = situation.read

    def counted(documents: Any, **options: Any) -> Any:
        documents = tuple(documents)
        done.append(len(documents))
        return real(documents, **options)

    monkeypatch.setattr(situation, "read", counted)
    return done


def map_page(app: Any) -> str:
    """The page that was given to the map's frame."""
    import json

    found = list(app.get("bidi_component"))
    assert len(found) == 1
    proto = found[0].proto
    data = json.loads(proto.json) if proto.WhichOneof("data") == "json" else json.loads(proto.mixed.json)
    return str(data["page"])


def words(app: Any) -> str:
    """Everything that is shown outside the map."""
    shown = [element.value for kind in (app.markdown, app.caption, app.error, app.info, app.title) for element in kind]
    return "\n".join([*map(str, shown), *(frame.value.to_csv() for frame in app.dataframe)])


def test_it_opens_with_a_mapped_briefing(app: Any) -> None:
    app.run()
    assert not app.exception
    assert not app.error
    page = map_page(app)
    assert page.startswith("<!DOCTYPE html>")
    assert "Idlib" in page
    assert "Content-Security-Policy" in page
    labels = [tab.label for tab in app.tabs]
    assert [label.split(" (")[0] for label in labels] == ["Places", "Claims", "Not resolved", "Take away", "About"]
    assert "Idlib" in words(app)


def test_a_second_run_reads_nothing_again(app: Any, readings: list[int]) -> None:
    app.run()
    before = len(readings)
    page = map_page(app)
    app.run()
    assert len(readings) == before
    assert map_page(app) == page


def test_another_briefing_and_another_view_are_read(app: Any) -> None:
    app.run()
    first = map_page(app)
    other = next(name for name in app.selectbox(key="briefing").options if "idlib" not in name.lower())
    app.selectbox(key="briefing").select(other).run()
    assert not app.exception
    assert map_page(app) != first


def paste(app: Any, text: str) -> Any:
    app.run()
    app.radio(key="source").set_value("Pasted text").run()
    app.text_area(key="text").set_value(text)
    app.button[0].click()
    return app.run()


def test_a_pasted_report_is_mapped(app: Any) -> None:
    paste(app, "KYIV, 6 March 2022 – Shells fell on the city of Kharkiv.")
    assert not app.exception
    assert "Kharkiv" in map_page(app)
    assert "Kharkiv" in words(app)


def test_uploaded_reports_make_one_map(app: Any) -> None:
    app.run()
    app.radio(key="source").set_value("Uploaded files").run()
    files = [("a.txt", b"Shells fell on Kharkiv.", "text/plain"), ("b.md", b"---\ntitle: B\n---\nKyiv was quiet.", "text/markdown")]
    app.file_uploader(key="files").set_value(files).run()
    assert not app.exception
    assert "Kharkiv" in words(app)
    assert "Kyiv" in words(app)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "is empty"), ("a.txt", bytes(range(256)) * 9, "is binary"), ("a.docx", b"no", "is damaged"),
        ("![x](http%3A evil).txt", "é".encode("cp1252"), "is not UTF"), ("a.txt", b"It was quiet.", "names no place"),
    ],
)
def test_a_bad_upload_is_one_sentence(name: str, data: bytes, message: str, app: Any) -> None:
    app.run()
    app.radio(key="source").set_value("Uploaded files").run()
    app.file_uploader(key="files").set_value([(name, data, "text/plain")]).run()
    assert not app.exception
    assert len(app.error) == 1
    shown = app.error[0].value
    assert message in shown.replace("\\", "")
    assert "![" not in shown


def test_hostile_text_reaches_the_page_only_escaped(app: Any) -> None:
    document = hostile.document()
    paste(app, document.text)
    assert not app.exception
    page = map_page(app)
    assert "<script>window.hacked" not in page
    assert "<img src=x" not in page
    for element in [*app.markdown, *app.caption, *app.error]:
        assert "window.hacked" not in element.value
