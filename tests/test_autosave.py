"""What the desk keeps by itself comes back as it was, quickly, whole after a crash, bounded, and each owner's apart."""

from __future__ import annotations

import datetime as dt
import os
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import autosave as module
from geo import works
from geo.autosave import Autosave, Work, new_id
from geo.documents import from_text
from geo.earlier import read_earlier
from geo.errors import InputError
from geo.gazetteer import open_gazetteer
from geo.history import History
from geo.records import Decision
from geo.situation import read_document

BASE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"actor":"Russia"},'
    '"geometry":{"type":"Polygon","coordinates":[[[36,35],[37,35],[37,36],[36,36],[36,35]]]}}]}'
)
REPORT = from_text("Rebels hold Idlib.\r\n\r\nâ€œTrucesâ€\x9d failed <script>.", title="A <b>", published=dt.date(2020, 3, 5))
OTHER = from_text("Government forces took Saraqib.", source="The Paper")


def decision(number: int) -> Decision:
    return Decision(target=f"Name {number}", action="drop", scope="desk", note="a\nb", by="Ada")


def work(**given: object) -> Work:
    told: dict[str, object] = {"id": new_id(), "title": "Idlib, März", "documents": (REPORT, OTHER), "key": "text x"}
    return Work(**{**told, **given})  # type: ignore[arg-type]


def the_same(one: Work, other: Work) -> bool:
    names = ("id", "owner", "title", "documents", "history", "key", "further", "view", "as_of", "settings")
    return all(getattr(one, name) == getattr(other, name) for name in names)


def test_a_work_comes_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "base.geojson"
    file.write_text(BASE)
    table = read_document(OTHER, gazetteer=open_gazetteer())
    kept = work(
        base=read_earlier(file), further=(table,), view="neutral", as_of=dt.date(2020, 3, 6), settings={"window": 30.0},
        history=History(done=(decision(0),)).added(decision(1), decision(2)).added(decision(3)).back(),
    )
    Autosave(tmp_path).save(kept)
    back = Autosave(tmp_path).restore(kept.id)
    assert the_same(back, kept)
    assert back.base is not None
    assert kept.base is not None
    assert back.base.zones.equals(kept.base.zones)


@given(st.lists(st.sampled_from(["add", "two", "back", "forward", "new"]), max_size=12))
def test_every_way_of_correcting_comes_back(turns: list[str]) -> None:
    folder = Path(os.environ["SALIENT_DESK"]) / new_id()
    autosave, kept = Autosave(folder), work()
    autosave.save(kept)
    for number, turn in enumerate(turns):
        history = {
            "add": kept.history.added(decision(number)), "two": kept.history.added(decision(number), decision(number + 50)),
            "back": kept.history.back(), "forward": kept.history.forward(), "new": History(done=(decision(number),)),
        }[turn]
        kept = replace(kept, history=history)
        autosave.save(kept)
    assert Autosave(folder).restore(kept.id).history == kept.history


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    autosave, kept = Autosave(tmp_path), work()
    autosave.save(kept)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    autosave.save(replace(kept, documents=tuple(replace(one) for one in kept.documents)))
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_a_report_stands_on_the_disk_once(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    for _ in range(3):
        autosave.save(work())
    assert len(list(tmp_path.rglob("documents/*.json"))) == 2


def test_a_correction_is_kept_within_20_ms_beside_a_text_of_5_mb(tmp_path: Path) -> None:
    autosave = Autosave(tmp_path)
    kept = work(documents=(from_text("Rebels hold Idlib. " * 260_000),))
    autosave.save(kept)
    took = []
    for number in range(9):
        kept = replace(kept, history=kept.history.added(decision(number)), documents=tuple(replace(one) for one in kept.documents))
        started = time.perf_counter()
        autosave.save(kept)
        took.append(time.perf_counter() - started)
    assert sorted(took)[4] < 0.02
    assert Autosave(tmp_path).restore(kept.id).history == kept.history


@pytest.mark.parametrize("torn", range(1, 60, 7))
def test_a_last_line_that_was_torn_by_a_crash_is_left_out(tmp_path: Path, torn: int) -> None:
    autosave, kept = Autosave(tmp_path), work()
    autosave.save(kept)
    kept = replace(kept, history=kept.history.added(decision(1)))
    autosave.save(kept)
    autosave.save(replace(kept, history=kept.history.added(decision(2))))
    file = next(tmp_path.rglob("*.jsonl"))
    file.write_bytes(file.read_bytes()[:-torn])
    assert Autosave(tmp_path).restore(kept.id).history == kept.history
    after = replace(kept, history=kept.history.added(decision(3)))
    Autosave(tmp_path).save(after)
    assert Autosave(tmp_path).restore(kept.id).history == after.history


@pytest.mark.parametrize("damage", [b"", b"{}\n", b"\xff\xfe\n", b'{"what":"work"}\n', b"[" * 100_000 + b"\n"])
def test_a_damaged_work_is_left_out_with_a_sentence(tmp_path: Path, damage: bytes) -> None:
    autosave, kept, whole = Autosave(tmp_path), work(), work()
    autosave.save(kept)
    autosave.save(whole)
    file = next(tmp_path.rglob(f"{kept.id}.jsonl"))
    file.write_bytes(damage)
    found, left_out = autosave.saved()
    assert [one.id for one in found] == [whole.id]
    assert len(left_out) == 1
    assert file.name in left_out[0]
    with pytest.raises(InputError, match="is damaged"):
        autosave.restore(kept.id)


def test_a_report_that_was_changed_on_the_disk_is_refused(tmp_path: Path) -> None:
    autosave, kept = Autosave(tmp_path), work(documents=(OTHER,))
    autosave.save(kept)
    file = next(tmp_path.rglob("documents/*.json"))
    file.write_text(file.read_text().replace("took Saraqib", "lost Saraqib"))
    with pytest.raises(InputError, match="a report is not the one that was kept"):
        Autosave(tmp_path).restore(kept.id)


def test_the_latest_work_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    days = iter(range(1, 20))
    monkeypatch.setattr(works, "line", lambda told: _dated(told, next(days)))
    autosave, first, second = Autosave(tmp_path), work(title="first"), work(title="second")
    for one in (first, second, replace(first, history=History().added(decision(1)))):
        autosave.save(one)
    assert [one.title for one in autosave.saved()[0]] == ["first", "second"]
    assert [(one.reports, one.corrections) for one in autosave.saved()[0]] == [(2, 1), (2, 0)]


_line = works.line


def _dated(told: dict[str, object], day: int) -> str:
    today = dt.datetime.now(dt.UTC).date().isoformat()
    return _line(told).replace(today, f"2020-01-{day:02}")


def test_what_is_forgotten_is_gone_with_its_reports(tmp_path: Path) -> None:
    autosave, kept, other = Autosave(tmp_path), work(), work(documents=(OTHER,))
    autosave.save(kept)
    autosave.save(other)
    autosave.forget(kept.id)
    assert [one.id for one in autosave.saved()[0]] == [other.id]
    assert len(list(tmp_path.rglob("documents/*.json"))) == 1
    with pytest.raises(InputError, match="it was removed"):
        autosave.restore(kept.id)


def test_works_are_bounded_in_number_age_and_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WORKS", 3)
    monkeypatch.setattr(module, "FRESH", 0)
    autosave = Autosave(tmp_path)
    made = [work(documents=(from_text(f"Rebels hold Idlib {number}."),)) for number in range(5)]
    for number, one in enumerate(made):
        autosave.save(one)
        os.utime(next(tmp_path.rglob(f"{one.id}.jsonl")), (time.time() - 100 + number,) * 2)
    assert {one.id for one in autosave.saved()[0]} == {one.id for one in made[2:]}
    assert len(list(tmp_path.rglob("documents/*.json"))) == 3
    os.utime(next(tmp_path.rglob(f"{made[4].id}.jsonl")), (0, 0))
    monkeypatch.setattr(module, "MOST_BYTES", 1)
    last = work()
    autosave.save(last)
    assert [one.id for one in autosave.saved()[0]] == [last.id]


def test_each_owner_sees_their_own(tmp_path: Path) -> None:
    autosave, kept = Autosave(tmp_path), work(owner="ada1")
    autosave.save(kept)
    assert autosave.saved("bob2") == ((), ())
    with pytest.raises(InputError, match="no such work"):
        autosave.restore(kept.id, "bob2")


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "a" * 21, "a" * 21 + "/", "x" * 22 + "\n"])
def test_an_address_that_is_none_opens_nothing(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no such work here"):
        Autosave(tmp_path).restore(name)


@pytest.mark.parametrize("owner", ["../x", "", "A", "a" * 65])
def test_an_owner_is_no_path(tmp_path: Path, owner: str) -> None:
    with pytest.raises(InputError, match="is no owner"):
        Autosave(tmp_path).saved(owner)


@pytest.mark.skipif(sys.platform == "win32", reason="has other permissions")
def test_nobody_else_on_the_machine_may_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    Autosave(folder).save(work())
    for path in folder.rglob("*"):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_what_nobody_wants_kept_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SALIENT_DESK", "off")
    monkeypatch.chdir(tmp_path)
    autosave = Autosave()
    autosave.save(work())
    assert autosave.saved() == ((), ())
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"cannot be kept in .* give another folder in SALIENT_DESK"):
        Autosave(tmp_path / "file").save(work())
