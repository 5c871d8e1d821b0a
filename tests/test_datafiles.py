"""Shipped data are whole or said to be damaged; an index is expanded once."""

from __future__ import annotations

import lzma
import os
import sqlite3
import stat
from pathlib import Path

import pytest

from geo import datafiles
from geo.errors import DataError


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An own data folder and an own cache."""
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.setattr(datafiles, "DATA", folder)
    monkeypatch.setenv("SALIENT_CACHE", str(tmp_path / "cache"))
    return folder


def _write_index(folder: Path, name: str, rows: int) -> Path:
    plain = folder.parent / "plain.sqlite"
    plain.unlink(missing_ok=True)
    connection = sqlite3.connect(plain)
    connection.execute("CREATE TABLE t(x TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [(f"row {i}",) for i in range(rows)])
    connection.commit()
    connection.close()
    packed = folder / f"{name}.sqlite.xz"
    packed.write_bytes(lzma.compress(plain.read_bytes()))
    return packed


def test_an_index_is_expanded_once(data: Path) -> None:
    _write_index(data, "places", 10)
    first = datafiles.index("places")
    made = first.stat().st_mtime_ns
    assert datafiles.index("places") == first
    assert first.stat().st_mtime_ns == made
    assert sqlite3.connect(first).execute("SELECT count(*) FROM t").fetchone() == (10,)


def test_a_new_version_replaces_the_old_and_the_cache_stays_bounded(data: Path) -> None:
    seen = []
    for rows in (10, 20, 30, 40):
        _write_index(data, "places", rows)
        seen.append(datafiles.index("places"))
        assert sqlite3.connect(seen[-1]).execute("SELECT count(*) FROM t").fetchone() == (rows,)
    assert len(set(seen)) == 4
    assert len(list(datafiles.cache_dir().glob("*.sqlite"))) == 2


def test_a_half_written_expansion_is_made_again(data: Path) -> None:
    _write_index(data, "places", 1000)
    target = datafiles.index("places")
    target.write_bytes(target.read_bytes()[:-4096])
    assert sqlite3.connect(datafiles.index("places")).execute("SELECT count(*) FROM t").fetchone() == (1000,)


@pytest.mark.parametrize("damage", ["truncated", "flipped", "text", "empty"])
def test_a_damaged_file_is_one_clear_error_and_leaves_nothing(data: Path, damage: str) -> None:
    packed = _write_index(data, "places", 1000)
    content = bytearray(packed.read_bytes())
    if damage == "flipped":
        content[len(content) // 2] ^= 0xFF
    packed.write_bytes({"truncated": bytes(content[:-100]), "flipped": bytes(content), "text": b"hello" * 50, "empty": b""}[damage])
    with pytest.raises(DataError, match=r"places\.sqlite\.xz (is damaged|does not hold)"):
        datafiles.index("places")
    assert list(datafiles.cache_dir().iterdir()) == []


def test_what_is_no_index_is_refused(data: Path) -> None:
    (data / "places.sqlite.xz").write_bytes(lzma.compress(b"not a database"))
    with pytest.raises(DataError, match="does not hold an SQLite index"):
        datafiles.index("places")


def test_a_bomb_is_refused(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(datafiles, "_MAX_BYTES", 1 << 20)
    (data / "places.sqlite.xz").write_bytes(lzma.compress(bytes(8 << 20)))
    with pytest.raises(DataError, match="expands to more than 1 MB"):
        datafiles.index("places")
    assert list(datafiles.cache_dir().iterdir()) == []


def test_a_missing_file_is_a_data_error(data: Path) -> None:
    with pytest.raises(DataError, match=r"places\.sqlite\.xz is missing"):
        datafiles.index("places")


@pytest.mark.parametrize(("variable", "expected"), [("SALIENT_CACHE", "mine"), ("XDG_CACHE_HOME", "mine/salient")])
def test_the_cache_is_where_the_user_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, expected: str) -> None:
    monkeypatch.delenv("SALIENT_CACHE", raising=False)
    monkeypatch.setenv(variable, str(tmp_path / "mine"))
    assert datafiles.cache_dir() == tmp_path / expected
    assert datafiles.cache_dir().is_dir()


def test_where_the_cache_cannot_be_made_a_temporary_folder_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("SALIENT_CACHE", str(tmp_path / "file" / "cache"))
    assert datafiles.cache_dir().is_dir()
    assert tmp_path not in datafiles.cache_dir().parents


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_where_the_cache_cannot_be_written_a_temporary_folder_serves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    monkeypatch.setenv("SALIENT_CACHE", str(tmp_path))
    assert datafiles.cache_dir() != tmp_path


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"id,name\n1,a,b\n", "line 2: more cells than columns"),
        (b"id\n1\n", "lacks the column 'name'"),
        (b"id,name\n\xff\xfe,b\n", "UTF-8 CSV table"),
    ],
)
def test_a_broken_table_names_its_file_and_line(data: Path, text: bytes, message: str) -> None:
    (data / "t.csv").write_bytes(text)
    with pytest.raises(DataError, match=f"t.csv.*{message}"):
        list(datafiles.rows("t.csv", required=("id", "name")))


def test_verify_lists_what_is_missing_and_what_has_changed(data: Path) -> None:
    for name in ("good.csv", "changed.csv"):
        (data / name).write_text(name)
    good, changed = datafiles.sha256(data / "good.csv"), datafiles.sha256(data / "changed.csv")
    (data / "changed.csv").write_text("other")
    lines = [f"good.csv,o,MIT,2026-01-01,{good},s", f"changed.csv,o,MIT,2026-01-01,{changed},s", "gone.csv,o,MIT,2026-01-01,00,s"]
    (data / "sources.csv").write_text("\n".join(["file,origin,licence,date,sha256,script", *lines]) + "\n")
    assert [(name, whole) for name, whole, _ in datafiles.verify()] == [("good.csv", True), ("changed.csv", False), ("gone.csv", False)]
    assert "differs from the published file" in datafiles.verify()[1][2]
    assert "is missing" in datafiles.verify()[2][2]


def test_a_file_without_a_row_is_unlisted(data: Path) -> None:
    (data / "sources.csv").write_text("file,origin,licence,date,sha256,script\n")
    (data / "stray.csv").write_text("x")
    assert datafiles.unlisted() == ("stray.csv",)


def test_every_shipped_file_has_a_row_with_its_hash_and_its_licence() -> None:
    assert datafiles.unlisted() == ()
    assert [message for _, whole, message in datafiles.verify() if not whole] == []
    assert all(source.origin and source.licence and source.date and source.script for source in datafiles.sources())


def test_the_data_stay_under_60_megabytes() -> None:
    assert sum(file.stat().st_size for file in datafiles.DATA.rglob("*") if file.is_file()) < 60e6
