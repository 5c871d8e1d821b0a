"""The library: what is kept is opened as it was, names are no paths, strangers' files are told, and merging is reading all again."""

from __future__ import annotations

import sqlite3
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from geo import library as module
from geo import situation
from geo.documents import from_text
from geo.errors import InputError
from geo.gazetteer import open_gazetteer
from geo.library import Library, as_work, file_name, library_dir, merged
from geo.records import Decision
from geo.situation import Situation
from geo.works import Work

FIRST = from_text("Rebels hold Saraqib. Government forces shelled Ariha.", title="First <i>")
SECOND = from_text("Turkish forces withdrew from Saraqib. Clashes went on near Tripoli.", title="Second")
THERE = Decision(target="Tripoli", action="drop", scope="desk")


def read(work: Work) -> Situation:
    return situation.read(
        work.documents, gazetteer=open_gazetteer(view=work.view), as_of=work.as_of, decisions=work.history.decisions,
        settings=work.settings, base=work.base, further=work.further,
    )


@pytest.fixture(scope="module")
def drawn() -> Situation:
    return situation.read([FIRST, SECOND], gazetteer=open_gazetteer(), decisions=[THERE], settings={"near_km": 20.0})


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path / "library")


def told(one: Situation) -> tuple[Any, ...]:
    return one.documents, one.claims, one.places, one.decisions, one.as_of, one.view, one.zones.to_wkt().to_csv()


def test_what_is_kept_is_opened_as_it_was(library: Library, drawn: Situation) -> None:
    library.keep(drawn, "Saraqib: both/reports")
    assert told(library.open("Saraqib both reports")) == told(drawn)


def test_what_is_kept_can_be_read_again_to_the_same(library: Library, drawn: Situation) -> None:
    library.keep(drawn, "one")
    assert told(read(as_work(library.open("one")))) == told(drawn)


def test_the_list_tells_what_a_file_holds_without_opening_it(library: Library, drawn: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    library.keep(drawn, "one")
    monkeypatch.setattr("geo.project.reopen", None)
    (found,) = library.files()
    assert (found.name, found.title, found.reports, found.corrections, found.refused) == ("one", "2 reports", 2, 1, "")
    assert found.size == found.file.stat().st_size


def test_a_hundred_kept_situations_are_listed_at_once(library: Library, drawn: Situation) -> None:
    first = library.keep(drawn, "0")
    for number in range(1, 100):
        (library.folder / f"{number}.gpkg").write_bytes(first.read_bytes())
    started = time.perf_counter()
    assert len(library.files()) == 100
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("kind", ["text", "database", "torn", "empty"])
def test_a_file_that_is_none_of_ours_is_listed_with_the_reason(library: Library, drawn: Situation, kind: str) -> None:
    whole = library.keep(drawn, "one")
    data = whole.read_bytes()
    other = library.folder / "other.gpkg"
    if kind == "database":
        with sqlite3.connect(other) as database:
            database.execute("CREATE TABLE project (a)")
        database.close()
    else:
        other.write_bytes({"text": b"no database", "torn": data[: len(data) // 8], "empty": b""}[kind])
    refused = {one.name: one.refused for one in library.files()}
    assert refused["one"] == ""
    assert "other.gpkg" in refused["other"]
    with pytest.raises(InputError, match=r"other\.gpkg"):
        library.open("other")


def test_a_name_is_kept_once(library: Library, drawn: Situation) -> None:
    library.keep(drawn, "One")
    with pytest.raises(InputError, match="holds something called 'one' already"):
        library.keep(drawn, "one")
    library.keep(drawn, "One", replace=True)
    library.keep(drawn, "Two")
    with pytest.raises(InputError, match="already"):
        library.rename("Two", "ONE")
    library.rename("Two", "three")
    assert {one.name for one in library.files()} == {"One", "three"}


def test_what_is_removed_can_be_fetched_back_by_hand(library: Library, drawn: Situation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_REMOVED", 2)
    for number in range(3):
        library.keep(drawn, f"{number}")
        gone = library.remove(f"{number}")
        assert gone.is_file()
    assert library.files() == ()
    assert [path.name.split(" ")[1] for path in sorted(gone.parent.iterdir())] == ["1.gpkg", "2.gpkg"]


@pytest.mark.parametrize("name", ["../secret", "a/../../secret", "nothing", ""])
def test_a_name_is_never_a_path(library: Library, drawn: Situation, name: str) -> None:
    library.keep(drawn, "one")
    (library.folder.parent / "secret.gpkg").write_bytes(b"")
    for act in (library.open, library.remove, lambda given: library.rename(given, "new")):
        with pytest.raises(InputError, match="holds nothing called"):
            act(name)


@pytest.mark.parametrize(("name", "safe"), [
    ("a/b\\c:d", "a b c d"), ("..hidden. ", "hidden"), ("x\x00\u202ey", "x y"), ("é" * 300, "é" * 80), ("Идлиб", "Идлиб"),
])
def test_any_name_becomes_one_that_every_system_holds(name: str, safe: str) -> None:
    assert file_name(name) == safe


@pytest.mark.parametrize("name", ["", "...", "///", "NUL", "com1.txt"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="is no name for a file"):
        file_name(name)


def test_merging_is_reading_the_reports_of_all_with_the_corrections_of_all(drawn: Situation) -> None:
    gazetteer = open_gazetteer()
    one = situation.read([FIRST], gazetteer=gazetteer, settings={"near_km": 20.0})
    two = situation.read([FIRST, SECOND], gazetteer=gazetteer, decisions=[THERE])
    assert told(read(merged([one, two]))) == told(drawn)


def test_different_earlier_maps_are_not_merged(drawn: Situation, tmp_path: Path) -> None:
    from geo.earlier import read_earlier

    file = tmp_path / "base.geojson"
    file.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"actor":"Russia"},'
        '"geometry":{"type":"Polygon","coordinates":[[[36,35],[37,35],[37,36],[36,36],[36,35]]]}}]}'
    )
    base = read_earlier(file)
    with pytest.raises(InputError, match="different earlier maps"):
        merged([replace(drawn, base=base), replace(drawn, base=replace(base, title="other"))])
    assert merged([drawn, replace(drawn, base=base)]).base is base
    with pytest.raises(InputError, match="Nothing was chosen"):
        merged([])


def test_each_owner_has_a_library_apart(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SALIENT_DESK", str(tmp_path))
    assert library_dir("ada") == tmp_path / "ada" / "library"
    monkeypatch.setenv("SALIENT_DESK", "off")
    monkeypatch.setenv("SALIENT_DATA", str(tmp_path))
    assert library_dir() == tmp_path / "desk" / "local" / "library"


def test_a_file_of_another_desk_is_taken_whole_or_not_at_all(library: Library, drawn: Situation, tmp_path: Path) -> None:
    other = Library(tmp_path / "other")
    data = other.keep(drawn, "theirs").read_bytes()
    library.take(data, "C:\\files\\from them.gpkg")
    assert told(library.open("from them")) == told(drawn)
    with pytest.raises(InputError, match="already"):
        library.take(data, "from them.gpkg")
    for number, broken in enumerate((data[: len(data) // 2], b"", b"text")):
        with pytest.raises(InputError, match=r"broken \d\.gpkg"):
            library.take(broken, f"broken {number}.gpkg")
    assert [path.name for path in library.folder.iterdir()] == ["from them.gpkg"]


@pytest.mark.skipif(sys.platform == "win32", reason="has other permissions")
def test_nobody_else_on_the_machine_may_look_into_it(drawn: Situation, tmp_path: Path) -> None:
    library = Library(tmp_path / "desk" / "ada" / "library")
    library.keep(drawn, "one")
    assert not any(stat.S_IMODE(folder.stat().st_mode) & 0o077 for folder in (library.folder, library.folder.parent))
