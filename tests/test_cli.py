"""The command line: what it takes, what it prints, how it ends."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pyogrio
import pytest

from geo.__main__ import main

ROOT = Path(__file__).parents[1]
BRIEFING = str(ROOT / "seeds" / "idlib-2020.md")
COMMANDS = ("map", "read", "parse", "geocode", "zones", "diff", "data", "evaluate", "settings")


def run(*arguments: str, given: str | bytes = b"") -> subprocess.CompletedProcess[bytes]:
    data = given.encode() if isinstance(given, str) else given
    return subprocess.run([sys.executable, "-m", "geo", *arguments], input=data, cwd=ROOT, capture_output=True, check=False)


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_has_examples_and_comes_at_once(command: str) -> None:
    best = 9.0
    for _ in range(3):
        start = time.perf_counter()
        done = run(*command.split(), "--help")
        best = min(best, time.perf_counter() - start)
        assert done.returncode == 0
        assert b"example" in done.stdout
    assert best < 0.4


def test_map_writes_the_page_and_says_nothing_on_standard_output(tmp_path: Path) -> None:
    done = run("map", BRIEFING, "-o", str(tmp_path / "out" / "map.html"))
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    page = (tmp_path / "out" / "map.html").read_text(encoding="utf-8")
    assert page.lstrip().lower().startswith("<!doctype html")
    assert len(page) < 2_000_000
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["map.html"]


@pytest.mark.parametrize("suffix", [".gpkg", ".geojson", ".json", ".csv"])
def test_the_suffix_decides_the_format(suffix: str, tmp_path: Path) -> None:
    assert main(["map", BRIEFING, "-o", str(tmp_path / f"map{suffix}")]) == 0
    assert (tmp_path / f"map{suffix}").stat().st_size > 500


def test_several_reports_make_one_situation(tmp_path: Path) -> None:
    second = tmp_path / "second.txt"
    second.write_text("KYIV, 6 March 2020 – Nothing happened in Kharkiv.", encoding="utf-8")
    assert main(["map", BRIEFING, str(second), "-o", str(tmp_path / "map.json")]) == 0
    made = json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))
    assert len(made["documents"]) == 2
    assert made["as_of"] == "2020-03-06"


def test_read_prints_one_line_of_json_for_each_report_in_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    second = tmp_path / "second.txt"
    second.write_text("Shells fell on Kharkiv.\u2028They fell on Kyiv.", encoding="utf-8")
    assert main(["read", str(second), BRIEFING, "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["file"] for line in lines] == [str(second), BRIEFING]


def test_read_in_words_quotes_its_claims(capsys: pytest.CaptureFixture[str], idlib: Any) -> None:
    assert main(["read", BRIEFING]) == 0
    printed = capsys.readouterr().out
    for claim in idlib.claims:
        assert " ".join(claim.evidence[0].quote.split()) in printed


def test_a_report_on_standard_input_is_read() -> None:
    done = run("read", "-", "--json", given="MOSCOW, 5 March 2020 – Shells fell on Idlib – إدلب.")
    assert done.returncode == 0
    reading = json.loads(done.stdout)
    assert reading["file"] == "-"
    assert reading["documents"][0]["published"] == "2020-03-05"


def test_parse_reads_json_lines_and_answers_each(tmp_path: Path) -> None:
    lines = '{"id": "a", "text": "He fled from Aleppo to Ankara."}\n\n{"id": 2, "text": "Nothing."}\n'
    done = run("parse", "--jsonl", given=lines)
    assert done.returncode == 0
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] == "a"
    assert [toponym["surface"] for toponym in first["toponyms"]] == ["Aleppo", "Ankara"]
    fields = {"start", "end", "surface", "lat", "lon", "country", "geonameid", "kind", "use", "confidence", "reason"}
    assert set(first["toponyms"][0]) == fields
    assert second == {"id": 2, "toponyms": []}
    file = tmp_path / "lines.jsonl"
    file.write_text(lines, encoding="utf-8")
    assert run("parse", "--jsonl", str(file)).stdout == done.stdout


def test_parse_resolves_the_spans_it_is_given() -> None:
    line = json.dumps({"id": "a", "text": "He fled from Aleppo to Ankara.", "toponyms": [{"start": 23, "end": 29}]})
    done = run("parse", "--jsonl", "--gold-spans", "-", given=line)
    assert [toponym["surface"] for toponym in json.loads(done.stdout)["toponyms"]] == ["Ankara"]


def test_geocode_honours_country_near_and_limit(capsys: pytest.CaptureFixture[str]) -> None:
    def found(*arguments: str) -> list[dict[str, Any]]:
        assert main(["geocode", *arguments, "--json"]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert found("Tripoli", "--limit", "1", "--country", "lb")[0]["country"] == "LB"
    assert found("Tripoli", "--limit", "1", "--near", "Beirut")[0]["country"] == "LB"
    assert len(found("Tripoli", "--limit", "2")) == 2
    assert [row["query"] for row in found("Idlib", "Moscow", "--limit", "1")] == ["Idlib", "Moscow"]


def test_zones_writes_its_layers(tmp_path: Path) -> None:
    evidence, area, out = tmp_path / "evidence.csv", tmp_path / "area.geojson", tmp_path / "out.gpkg"
    evidence.write_text(
        "name,lat,lon,actor,status,date,confidence\nA,35.2,36.2,red,control,2020-03-01,0.9\nB,35.8,36.8,blue,control,2020-03-02,0.9\n",
        encoding="utf-8",
    )
    ring = [[36, 35], [37, 35], [37, 36], [36, 36], [36, 35]]
    area.write_text(json.dumps({"type": "Polygon", "coordinates": [ring]}), encoding="utf-8")
    assert main(["zones", str(evidence), "--area", str(area), "--as-of", "2020-03-05", "-o", str(out)]) == 0
    assert {"zones", "front_lines", "uncertain"} <= {name for name, _ in pyogrio.list_layers(out)}
    zones = pyogrio.read_dataframe(out, layer="zones")
    assert {"actor", "status", "confidence", "km2"} <= set(zones.columns)
    assert {"red", "blue"} <= set(zones["actor"])


def test_data_can_be_listed_and_verified(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "list"]) == 0
    assert "CC BY 4.0" in capsys.readouterr().out
    assert main(["data", "verify"]) == 0
    assert "DAMAGED" not in capsys.readouterr().out


def test_who_stops_reading_early_sees_no_traceback() -> None:
    done = subprocess.run(
        f'"{sys.executable}" -m geo data list | head -n 1', shell=True, cwd=ROOT, capture_output=True, check=False
    )
    assert done.stderr == b""


def test_ctrl_c_ends_with_130_and_one_word(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def stop(given: Any) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("geo.commands.data", stop)
    assert main(["data", "list"]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


def test_a_fault_is_one_sentence_and_its_traceback_is_shown_on_request(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(given: Any) -> int:
        raise RuntimeError("boom\nbang")

    monkeypatch.setattr("geo.commands.data", fail)
    assert main(["data", "list"]) == 1
    assert capsys.readouterr().err.count("\n") == 1
    assert main(["data", "list", "--debug"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_bar_is_drawn_on_a_terminal_only() -> None:
    import io

    from geo.terminal import Bar

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    seen, silent = Terminal(), io.StringIO()
    Bar(seen)(1, 2, "reading")
    Bar(silent)(1, 2, "reading")
    assert "1/2 reading" in seen.getvalue()
    assert silent.getvalue() == ""


def test_codes_that_steer_a_terminal_are_written_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    report = tmp_path / "report.txt"
    words = "Shells fell on Idlib, \x1b[31msaid\x07 Turkey. Rebels hold Saraqib \x1b]0;x\x07." + " It rained." * 20
    report.write_text(words, encoding="utf-8")
    assert main(["read", str(report)]) == 0
    assert main(["map", "no\x1b[2Jfile.txt", "-o", "a.html"]) == 2
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "no\\x1b[2Jfile.txt" in err
