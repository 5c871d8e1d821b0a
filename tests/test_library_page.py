"""The library on the page: keep, open, merge, compare, rename, remove; what goes wrong is one sentence and nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

HOSTILE = "Saraqib ![x](https://evil.example/a.png) <b>"


def page() -> None:
    import streamlit as st

    from geo import situation
    from geo.documents import from_text
    from geo.gazetteer import open_gazetteer
    from geo.ui import library
    from geo.ui.state import desk

    drawn = None
    if text := st.session_state.get("text"):
        title = st.session_state.get("title", "One")
        drawn = situation.read([from_text(text, title=title)], gazetteer=open_gazetteer())
    library.library(drawn)
    st.session_state["on_desk"] = desk().reports


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SALIENT_DESK", str(tmp_path))
    return tmp_path / "local" / "library"


def opened(text: str = "", title: str = "One") -> AppTest:
    app = AppTest.from_function(page, default_timeout=60)
    app.session_state["text"], app.session_state["title"] = text, title
    return app.run()


def keep(app: AppTest, name: str = "", *, replace: bool = False) -> AppTest:
    if name:
        app.text_input(key="library_name").set_value(name)
    if replace:
        app.checkbox(key="library_replace").check()
    next(one for one in app.button if one.label == "Keep").click()
    return app.run()


def ticked(app: AppTest, *names: str) -> AppTest:
    for name in names:
        app.checkbox(key=f"library_pick_{name}").check()
    return app.run()


def enabled(app: AppTest) -> set[str]:
    return {str(one.key) for one in app.button if str(one.key).startswith("library_") and not one.disabled}


def test_an_empty_library_says_so_and_names_its_folder(shelf: Path) -> None:
    app = opened()
    assert any("Nothing is kept" in one.value for one in app.caption)
    assert app.code[0].value == str(shelf)


def test_what_is_kept_is_offered_under_its_title_and_opened_to_the_same(shelf: Path) -> None:
    app = keep(opened("Rebels hold Saraqib.", title="Saraqib: one/day"))
    assert not app.error
    assert [path.name for path in shelf.iterdir()] == ["Saraqib one day.gpkg"]
    ticked(app, "Saraqib one day").button(key="library_open").click().run()
    reports: Any = app.session_state["on_desk"]
    assert [one.text for one in reports.documents] == ["Rebels hold Saraqib."]
    assert app.session_state["source"] == "kept"


def test_what_can_be_done_follows_from_what_is_ticked(shelf: Path) -> None:
    for number in range(3):
        app = keep(opened(f"Rebels hold Saraqib {number}."), f"n{number}")
    assert enabled(app) == set()
    assert enabled(ticked(app, "n0")) == {"library_open", "library_rename", "library_remove"}
    assert enabled(ticked(app, "n1")) == {"library_merge", "library_compare", "library_remove"}
    assert enabled(ticked(app, "n2")) == {"library_merge", "library_remove"}


def test_merging_puts_the_reports_of_all_on_the_desk(shelf: Path) -> None:
    keep(opened("Rebels hold Saraqib."), "a")
    app = keep(opened("Government forces hold Aleppo."), "b")
    ticked(app, "a", "b").button(key="library_merge").click().run()
    reports: Any = app.session_state["on_desk"]
    assert {one.text for one in reports.documents} == {"Rebels hold Saraqib.", "Government forces hold Aleppo."}


def test_a_name_that_is_taken_is_told_and_replaced_only_when_asked(shelf: Path) -> None:
    app = keep(opened("Rebels hold Saraqib."), "a")
    before = (shelf / "a.gpkg").read_bytes()
    app = keep(opened("Government forces hold Aleppo."), "a")
    assert "holds something called" in app.error[0].value
    assert (shelf / "a.gpkg").read_bytes() == before
    app = keep(app, "a", replace=True)
    assert not app.error
    assert (shelf / "a.gpkg").read_bytes() != before


def test_what_is_renamed_bears_the_new_name(shelf: Path) -> None:
    app = ticked(keep(opened("Rebels hold Saraqib."), "a"), "a")
    app.text_input(key="library_new_a").set_value("b")
    app.run().button(key="library_rename").click().run()
    assert not app.error
    assert [path.name for path in shelf.iterdir()] == ["b.gpkg"]


def test_what_is_removed_leaves_the_list_and_goes_to_its_folder(shelf: Path) -> None:
    app = keep(opened("Rebels hold Saraqib."), "a")
    app = ticked(app, "a").button(key="library_remove").click().run()
    assert any("Nothing is kept" in one.value for one in app.caption)
    assert len(list((shelf / "removed").iterdir())) == 1


def test_a_file_that_cannot_be_opened_is_listed_with_the_reason(shelf: Path) -> None:
    shelf.mkdir(parents=True)
    (shelf / "bad.gpkg").write_bytes(b"nothing")
    app = opened()
    assert app.checkbox(key="library_pick_bad").disabled
    assert any("is no GeoPackage" in one.value for one in app.caption)


def test_hostile_names_are_shown_as_they_are_written(shelf: Path) -> None:
    app = keep(opened("Rebels hold Saraqib.", title=HOSTILE))
    shown = [*(one.value for one in app.caption), *(one.label for one in app.checkbox), *(one.value for one in app.toast)]
    assert not any("![x]" in words or "<b>" in words.replace("\\<b\\>", "") for words in shown)
