"""Bad input: one sentence on standard error, exit code 2, nothing half-written."""

from __future__ import annotations

import io
import json
import shutil
import sys
from pathlib import Path

import pytest

from geo.__main__ import main
from tests import hostile_report as hostile

REPORTS: dict[str, tuple[str, bytes, str]] = {
    "empty": ("empty.txt", b"", "empty.txt is empty"),
    "blank": ("blank.txt", b" \n\t\n", "blank.txt is empty"),
    "binary": ("binary.txt", bytes(range(256)) * 64, "binary.txt is binary"),
    "picture": ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(64), "is a picture (PNG)"),
    "20 MB": ("huge.txt", b"Idlib. " * 3_000_000, "huge.txt is larger than 5 MB"),
    "wrong encoding": ("cyrillic.txt", "Сраки и Идлиб".encode("cp1251"), "is not UTF-8 text"),
    "wrong encoding, Latin": ("latin.txt", "Malé et Besançon".encode("latin-1"), "is not UTF-8 text"),
    "unknown suffix": ("report.xyz", b"Idlib", "has the suffix .xyz"),
    "no place": ("nothing.txt", b"It was quiet, and nobody said a word.", "names no place"),
    "broken DOCX": ("broken.docx", b"PK\x03\x04 no", "is damaged or no DOCX file"),
    "broken PDF": ("broken.pdf", b"%PDF-1.7 no", "is damaged or no PDF file"),
    "page without text": ("page.html", b"<html><body></body></html>", "is a page without text"),
    "broken front matter": ("front.md", b"---\ntitle: [a\n---\nIdlib", "is not YAML"),
}


def sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """What was said: one line on standard error and nothing on standard output."""
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert err.rstrip().endswith(".")
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("suffix", [".html", ".gpkg", ".geojson", ".json", ".csv"])
@pytest.mark.parametrize("case", REPORTS)
def test_a_bad_report_writes_nothing(case: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, data, message = REPORTS[case]
    (tmp_path / name).write_bytes(data)
    assert main(["map", str(tmp_path / name), "-o", str(tmp_path / "out" / f"map{suffix}")]) == 2
    assert message in sentence(capsys)
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("case", [case for case in REPORTS if case != "no place"])
def test_a_bad_report_among_good_ones_stops_before_the_first_line(case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, data, message = REPORTS[case]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text("Shells fell on Idlib.", encoding="utf-8")
    assert main(["read", str(tmp_path / "good.txt"), str(tmp_path / name), "--json"]) == 2
    assert message in sentence(capsys)


def test_read_answers_for_a_report_without_places_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "nothing.txt").write_text("It was quiet, and nobody said a word.", encoding="utf-8")
    assert main(["read", str(tmp_path / "nothing.txt"), "--json"]) == 2
    out, err = capsys.readouterr()
    assert json.loads(out)["places"] == []
    assert err.count("\n") == 1
    assert "nothing.txt" in err


def test_empty_standard_input(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    assert main(["map", "-", "-o", str(tmp_path / "map.html")]) == 2
    assert "standard input is empty" in sentence(capsys)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["map", "{dir}/none", "-o", "{dir}/map.html"], "There is no file"),
        (["map", "{dir}/none.txt", "-o", "{dir}/map.html"], "There is no file"),
        (["map", "{good}", "-o", "{dir}/map.xyz"], "its suffix must be one of .html, .png, .svg"),
        (["map", "{good}", "-o", "{dir}"], "is a directory"),
        (["map", "{good}", "-o", "{good}/map.html"], "is not a folder"),
        (["map", "{good}", "-o", "{dir}/map.html", "--view", "martian"], "view cannot be 'martian'"),
        (["map", "{good}", "-o", "{dir}/map.html", "--as-of", "yesterday"], "as_of is 'yesterday'"),
        (["map", "{good}", "-o", "{dir}/map.html", "--encoding", "klingon"], "is no encoding that is known"),
        (["map", "-", "-", "-o", "{dir}/map.html"], "can be given only once"),
        (["read", "http://127.0.0.1:1/", "--json"], "leads into a private network"),
        (["parse", "{dir}/none.jsonl", "--jsonl"], "There is no file"),
        (["parse", "{good}", "--gold-spans"], "give --jsonl with it"),
        (["parse", "{good}", "--jsonl"], "Line 1"),
        (["geocode", "Zzyzzqqv"], "knows no place named Zzyzzqqv"),
        (["geocode", "Idlib", "--near", "Zzyzzqqv"], "to look near"),
        (["geocode", "Idlib", "--country", "Syria"], "two-letter code"),
        (["zones", "{dir}/none.csv", "--area", "{good}", "--as-of", "2020-01-01", "-o", "{dir}/z.gpkg"], "none.csv"),
        (["zones", "{good}", "--area", "{good}", "--as-of", "2020-01-01", "-o", "{dir}/z.html"], "its suffix must be one of .gpkg"),
        (["zones", "{good}", "--area", "{good}", "--as-of", "soon", "-o", "{dir}/z.gpkg"], "as_of is 'soon'"),
        (["zones", "{good}", "--area", "{good}", "--as-of", "2020-01-01", "-o", "{dir}/z.gpkg"], "good.txt"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.txt"
    good.write_text("Shells fell on Idlib.", encoding="utf-8")
    assert main([word.format(dir=tmp_path, good=good) for word in arguments]) == 2
    assert message in sentence(capsys)
    assert list(tmp_path.iterdir()) == [good]


@pytest.mark.parametrize("line", ["", "fly", "map", "map a.txt", "geocode Idlib --limit 0", "data eat", "read a.txt --xml"])
def test_wrong_options_are_one_sentence_too(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(line.split())
    assert ended.value.code == 2
    assert "--help" in sentence(capsys)


def test_a_damaged_gazetteer_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from geo import datafiles, gazetteer

    copy = tmp_path / "data"
    shutil.copytree(datafiles.DATA, copy)
    whole = (copy / "gazetteer.sqlite.xz").read_bytes()
    (copy / "gazetteer.sqlite.xz").write_bytes(whole[: len(whole) // 2])
    monkeypatch.setattr(datafiles, "DATA", copy)
    monkeypatch.setenv("SALIENT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(gazetteer, "_open", gazetteer._open.__wrapped__)  # not the one that is open already
    report = tmp_path / "report.txt"
    report.write_text("Shells fell on Idlib.", encoding="utf-8")
    assert main(["map", str(report), "-o", str(tmp_path / "map.html")]) == 2
    assert "gazetteer.sqlite.xz is damaged" in sentence(capsys)
    assert main(["data", "verify"]) == 2
    assert "gazetteer.sqlite.xz" in capsys.readouterr().err
    assert not (tmp_path / "map.html").exists()


@pytest.mark.parametrize("suffix", [".html", ".gpkg", ".geojson", ".json", ".csv"])
@pytest.mark.parametrize("words", hostile.STRINGS, ids=range(len(hostile.STRINGS)))
def test_a_hostile_report_crashes_no_output(words: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.md"
    report.write_text(
        f"---\ntitle: {json.dumps(words)}\npublisher: {json.dumps(words)}\ndate: 2020-03-05\n---\n"
        f"MOSCOW – {words} Rebels hold Idlib, {words} said. “{words}” A convoy left {words} for Aleppo {words}.\n",
        encoding="utf-8",
    )
    assert main(["map", str(report), "-o", str(tmp_path / f"map{suffix}")]) == 0
    assert capsys.readouterr().err == ""
