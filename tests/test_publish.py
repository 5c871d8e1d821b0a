"""What leaves the house: the line under a picture, the card, the first rows of every file, and the page that offers them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from geo import method_card, situation, symbology
from geo.choices import Choices
from geo.documents import from_text
from geo.export import EXPORTERS, export
from geo.previews import LONGEST, MOST_ROWS, first_rows
from tests import hostile_report

PICTURES = (".png", ".svg", ".pdf")
LOOKED_AT = (*PICTURES, ".html", ".pptx")
DATA = tuple(suffix for suffix in EXPORTERS if suffix not in LOOKED_AT)


# --- the line and the card


def test_the_line_under_a_picture_names_what_it_must(idlib: Any) -> None:
    line = method_card.caption(idlib)
    assert "\n" not in line
    for words in (idlib.title.rstrip("."), idlib.documents[0].source, "As of ", "not what is so", "Natural Earth", "GeoNames"):
        assert words in line


@pytest.mark.parametrize("preset", list(symbology.style()["presets"]))
def test_the_line_says_which_kind_of_map_it_is(preset: str, idlib: Any) -> None:
    assert method_card.caption(idlib, Choices(preset=preset)).startswith(symbology.style()["presets"][preset]["title"])


def test_of_many_sources_the_line_names_some_and_counts_the_rest_and_the_card_names_all(gazetteer: Any) -> None:
    reports = [from_text(f"Shells fell on Kharkiv, round {n}.", source=f"Wire {n}", published=dt.date(2022, 3, 1)) for n in range(7)]
    read = situation.read(reports, gazetteer=gazetteer)
    assert "and 3 more" in method_card.caption(read)
    assert "Wire 6" not in method_card.caption(read)
    assert all(f"Wire {n}" in method_card.card_text(read) for n in range(7))
    assert "7 reports, " in method_card.card_text(read)


def test_the_card_counts_what_is_there(idlib: Any) -> None:
    text = method_card.card_text(idlib)
    assert f"{len(idlib.places)} places and {len(idlib.claims)} claims" in text
    assert sum(map(int, re.findall(r"(\d+) [a-z]+", re.search(r"claims \((.*?)\)", text)[1]))) == len(idlib.claims)  # type: ignore[index]
    assert "Nobody has corrected it." in text
    assert method_card.data_version() in text


def test_the_card_says_what_a_person_corrected(idlib: Any) -> None:
    from geo.records import Decision

    corrected = dataclasses.replace(idlib, decisions=(Decision(target="Idlib", action="drop"),))
    assert "1 correction by people counts." in method_card.card_text(corrected)


def test_the_card_of_a_hostile_report_keeps_its_paragraphs() -> None:
    text = method_card.card_text(hostile_report.situation())
    plain = method_card.card(hostile_report.situation())
    assert len(text.split("\n\n")) == len(plain) + 1
    assert "\x00" not in text


# --- the first rows


@pytest.mark.parametrize("suffix", DATA)
def test_the_first_rows_of_a_file_are_those_that_it_holds(suffix: str, idlib: Any, tmp_path: Path) -> None:
    data = export(idlib, tmp_path / f"map{suffix}").read_bytes()
    rows = first_rows(data, suffix)
    assert 0 < len(rows) <= MOST_ROWS
    assert len(first_rows(data, suffix, most=1)) == 1
    cells = [cell for row in rows for cell in row.values()]
    assert all(isinstance(cell, str) and len(cell) <= LONGEST for cell in cells)
    assert any("Idlib" in cell or "claims" in cell or "Moscow" in cell for cell in cells)


def test_the_rows_of_a_geopackage_count_its_tables(idlib: Any, tmp_path: Path) -> None:
    path = export(idlib, tmp_path / "map.gpkg")
    rows = {row["table"]: int(row["rows"]) for row in first_rows(path.read_bytes(), ".gpkg", most=100)}
    with sqlite3.connect(path) as opened:
        assert rows["claims"] == opened.execute("SELECT count(*) FROM claims").fetchone()[0] == len(idlib.claims)
    opened.close()


@pytest.mark.parametrize("suffix", LOOKED_AT)
def test_what_is_looked_at_has_no_rows(suffix: str) -> None:
    assert first_rows(b"whatever", suffix) == []


# --- the page


def publish_page(drawn, key):  # type: ignore[no-untyped-def]
    import streamlit as st

    from geo.ui import publish

    if not st.toggle("elsewhere", key="elsewhere"):
        publish.look_popover()
        st.text(repr(publish.look()))
        publish.show(drawn, key=key)
    else:
        st.text(repr(publish.look()))


@pytest.fixture
def small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures of a few pixels: what the page does with them is tested, not how they are drawn."""
    from geo.ui import publish

    dot = io.BytesIO()
    Image.new("RGB", (4, 4)).save(dot, "PNG")
    monkeypatch.setattr(publish, "_drawn", lambda drawn, choices: (dot.getvalue(), "a map"))


def opened(drawn: Any, key: str = "publish") -> Any:
    from streamlit.testing.v1 import AppTest

    app = AppTest.from_function(publish_page, default_timeout=60, kwargs={"drawn": drawn, "key": key})
    app.run()
    assert not app.exception
    return app


def words(app: Any) -> str:
    return "\n".join(str(element.value) for kind in (app.markdown, app.caption, app.error, app.code, app.info) for element in kind)


def chosen(app: Any) -> str:
    return str(app.text[0].value)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
@pytest.mark.parametrize("suffix", [".svg", ".pptx", ".html", ".gpkg", ".geojson", ".acled.csv"])
def test_every_kind_of_file_is_shown_before_it_is_taken(suffix: str, idlib: Any) -> None:
    app = opened(idlib)
    app.selectbox(key="look_format").select(suffix).run()
    assert not app.exception
    assert not app.error
    shown = {".svg": app.get("image"), ".pptx": app.get("image"), ".html": app.get("bidi_component")}.get(suffix, app.dataframe)
    assert shown


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_the_page_offers_every_format_and_what_goes_with_it(idlib: Any) -> None:
    app = opened(idlib)
    offered = {button.proto.id.rsplit("-", 1)[-1] for button in app.get("download_button")}
    assert {f"file{suffix}" for suffix in EXPORTERS} <= offered
    assert set(app.selectbox(key="look_format").options)
    shown = words(app)
    assert method_card.caption(idlib) in shown
    assert method_card.card_text(idlib) in shown
    assert '<iframe src="' in shown
    assert '"type": "rich"' in shown


@pytest.mark.filterwarnings("default")
def test_the_formats_of_the_page_are_those_that_can_be_written() -> None:
    from geo.ui.publish import FORMAT_WORDS

    assert set(FORMAT_WORDS) == set(EXPORTERS)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_what_is_chosen_in_the_tab_is_chosen_above_the_map_too_and_stays(idlib: Any) -> None:
    app = opened(idlib)
    assert chosen(app) == repr(Choices())
    app.selectbox(key="publish_preset").select("locator").run()
    assert app.selectbox(key="look_preset").value == "locator"
    app.selectbox(key="look_names").select("both").run()
    assert app.selectbox(key="publish_names").value == "both"
    app.selectbox(key="look_size").select("social").run()
    app.toggle(key="elsewhere").set_value(True).run()
    assert chosen(app) == repr(Choices(preset="locator", names="both", size="social"))
    app.toggle(key="elsewhere").set_value(False).run()
    assert chosen(app) == repr(Choices(preset="locator", names="both", size="social"))
    assert app.selectbox(key="look_size").value == "social"


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_a_look_that_does_not_exist_is_the_usual_one(idlib: Any) -> None:
    app = opened(idlib)
    app.toggle(key="elsewhere").set_value(True).run()
    app.session_state["look_preset"], app.session_state["look_size"] = "<script>", ["a4"]
    app.session_state["look_own"] = ["nobody", "russia"]
    app.run()
    assert chosen(app) == repr(Choices(own=("russia",)))


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_rounded_places_are_in_no_file(gazetteer: Any) -> None:
    text = "Shells fell on Sarmada and Saraqib in Idlib province on Monday."
    drawn = situation.read([from_text(text, source="Wire", published=dt.date(2020, 3, 5))], gazetteer=gazetteer)
    app = opened(drawn, key="blurred")
    app.selectbox(key="look_format").select(".csv").run()
    assert "Saraqib" in app.dataframe[0].value.to_csv()
    app.selectbox(key="look_blur").select("district").run()
    assert not app.error
    assert "Saraqib" not in app.dataframe[0].value.to_csv()
    assert "Sarmada" not in words(app)
    assert "rounded in every file" in words(app)


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_a_template_that_is_none_is_said_in_a_sentence(idlib: Any) -> None:
    app = opened(idlib)
    app.selectbox(key="look_format").select(".pptx").run()
    app.file_uploader(key="look_template").set_value([("ours.pptx", b"no slides", "application/octet-stream")]).run()
    assert not app.exception
    assert any("is no PowerPoint presentation" in error.value for error in app.error)
    assert "_template" not in app.session_state or app.session_state["_template"] is None


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("small_pictures")
def test_a_hostile_situation_is_offered_as_written() -> None:
    app = opened(hostile_report.situation(), key="hostile")
    assert not app.error
    outside = "\n".join(str(element.value) for kind in (app.markdown, app.caption) for element in kind)
    assert "<script" not in outside.replace(r"\<script", "")


# --- what is kept, and what a download gives


def test_what_was_not_asked_for_longest_goes_first_and_too_much_is_never_kept() -> None:
    from geo.ui.taking import Kept

    kept = Kept(10)
    for name in "abc":
        kept.put(name, name, 4)
    assert [kept.get(name) for name in "abc"] == [None, "b", "c"]
    kept.get("b")
    kept.put("d", "d", 4)
    assert [kept.get(name) for name in "bcd"] == ["b", None, "d"]
    kept.put("b", "B", 9)
    assert [kept.get(name) for name in "bcd"] == ["B", None, None]
    kept.put("x", "x", 99)
    assert kept.get("x") is None
    kept.put("y", "y", 10)
    assert kept.get("y") == "y"


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("suffix", [".png", ".pptx", ".gpkg", ".geojson", ".kmz"])
def test_a_download_opens_again(suffix: str, idlib: Any) -> None:
    from geo.ui import look

    data = look.file(idlib, suffix, Choices(size="social"))()
    if suffix == ".png":
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.size == (1080, 1080)
    elif suffix == ".pptx":
        from pptx import Presentation

        deck = Presentation(io.BytesIO(data))
        assert len(list(deck.slides)) == 1
        assert deck.slide_width == deck.slide_height
    elif suffix == ".gpkg":
        assert data.startswith(b"SQLite format 3")
    elif suffix == ".geojson":
        assert json.loads(data)["type"] == "FeatureCollection"
    else:
        assert "doc.kml" in zipfile.ZipFile(io.BytesIO(data)).namelist()


@pytest.mark.parametrize("title", ["../../etc/passwd", "خريطة", "<b>x</b>", "a" * 500, ""])
def test_the_name_of_a_file_is_plain_and_short(title: str) -> None:
    from geo.ui.taking import file_name

    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,59}\.gpkg", file_name(title, ".gpkg"))
