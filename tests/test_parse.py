"""Many texts: what a line may be, in which order the answers come, in how much memory, and what survives when a run is ended."""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import corpus
from geo import gazetteer as gazetteer_module
from geo.__main__ import main
from geo.corpus import answers
from geo.errors import DataError, InputError, WorkerLost
from geo.jsonlines import Line, answered, mend, numbered
from geo.streaming import AHEAD, LINES, TOGETHER, stream

ROOT = Path(__file__).parents[1]
TOWNS = ("Aleppo", "Kharkiv", "Goma", "Bamako", "Sanaa", "Mosul", "Khartoum", "Yangon", "Tripoli", "Kabul")


def text(number: int) -> str:
    return f"Shells fell on {TOWNS[number % len(TOWNS)]} on day {number}, and people fled to {TOWNS[number // 10 % len(TOWNS)]}."


def line(number: int) -> str:
    return json.dumps({"id": number, "text": text(number)})


def lines(count: int) -> list[Line]:
    return [(number, line(number)) for number in range(1, count + 1)]


@pytest.fixture(scope="module")
def corpus_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hundred and twenty texts, with a blank line and two that cannot be used among them."""
    file = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    held = [line(number) for number in range(1, 121)]
    held[3:3] = ["", "{broken", '{"id": 0}']
    file.write_text("\n".join(held) + "\n", encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def whole(corpus_file: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What one process makes of those, uninterrupted."""
    out = tmp_path_factory.mktemp("whole") / "out.jsonl"
    assert main(["parse", "--jsonl", "--jobs", "1", str(corpus_file), "-o", str(out)]) == 2
    return out.read_bytes()


def started(*arguments: str, **options: Any) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "geo", "parse", "--jsonl", *arguments], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, **options,
    )


def wait_for_lines(out: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while not out.exists() or out.read_bytes().count(b"\n") < count:
        assert time.monotonic() < deadline, f"{out} did not get {count} lines"
        time.sleep(0.002)


# Lines


@given(st.lists(st.binary(max_size=12).map(lambda data: data.replace(b"\n", b"")), max_size=8), st.integers(1, 9))
def test_lines_are_numbered_however_they_arrive(pieces: list[bytes], step: int) -> None:
    class Dripping(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            return super().read(step)

    found = dict(numbered(Dripping(b"\n".join(pieces)), longest=9))
    for number, piece in enumerate(pieces, 1):
        held = piece.removeprefix(b"\xef\xbb\xbf") if number == 1 else piece
        try:
            words = held.decode()
        except UnicodeDecodeError:
            words = None
        if len(piece) > 9 or words is None:
            assert isinstance(found.get(number), InputError)
        else:
            assert found.get(number) == (words if words.strip() else None)


def test_a_line_that_never_ends_is_not_kept() -> None:
    class Endless(io.RawIOBase):
        left = 400

        def read(self, size: int = -1, /) -> bytes:
            self.left -= 1
            return b"x" * 1_000_000 if self.left > 0 else b"\n" + line(1).encode() if self.left == 0 else b""

    before = peak()
    (_, error), (number, last) = numbered(Endless(), longest=2_000_000)
    assert "longer than 2 MB" in str(error)
    assert (number, last) == (2, line(1))
    assert peak() - before < 20


BAD = {
    "no JSON": "Shells fell.",
    "cut off": '{"id": 1, "text": "Shells',
    "nested without end": "[" * 100_000,
    "no object": '["id", "text"]',
    "no id": '{"text": "Shells fell."}',
    "no text": '{"id": 1}',
    "text is no text": '{"id": 1, "text": ["Shells"]}',
    "id is no text": '{"id": {"a": 1}, "text": "Shells fell."}',
    "id is no number": '{"id": NaN, "text": "Shells fell."}',
    "half a character": '{"id": 1, "text": "Shells fell \\ud800 on Idlib."}',
    "NUL": '{"id": 1, "text": "Shells fell \\u0000 on Idlib."}',
    "a number without end": '{"id": ' + "9" * 10_000 + ', "text": ""}',
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_bad_line_is_told_in_a_sentence_and_the_others_are_done(bad: str, gazetteer: Any) -> None:
    made = list(answers([(1, line(1)), (2, bad), (3, line(3))], gazetteer=gazetteer))
    assert [answer.number for answer in made] == [1, 2, 3]
    assert [bool(answer.line) for answer in made] == [True, False, True]
    assert made[1].complaint.endswith(".")
    assert len(made[1].complaint) < 300
    assert not made[1].fault


SPANS = [None, "x", [1], [{"start": 5}], [{"start": 5, "end": 4}], [{"start": 0, "end": 10_000}], [{"start": -1, "end": 2}]]


@pytest.mark.parametrize("spans", SPANS)
def test_spans_that_are_not_in_the_text_are_a_bad_line(spans: Any, gazetteer: Any) -> None:
    given_line = json.dumps({"id": 1, "text": text(1), "toponyms": spans})
    (made,) = answers([(1, given_line)], gazetteer=gazetteer, gold_spans=True)
    assert not made.line
    assert "span" in made.complaint


def test_a_line_that_is_not_utf_8_is_told_and_the_others_are_done(gazetteer: Any) -> None:
    source = io.BytesIO(line(1).encode() + b'\n{"id": 2, "text": "M\xfcnchen"}\n' + line(3).encode())
    made = list(stream(numbered(source, longest=10_000), gazetteer=gazetteer))
    assert [bool(answer.line) for answer in made] == [True, False, True]
    assert "not UTF-8" in made[1].complaint


def test_a_fault_on_one_text_is_told_with_its_id_and_the_others_are_done(gazetteer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    real = corpus.recognise

    def faulty(document: Any, **options: Any) -> Any:
        if "day 2," in document.text:
            raise KeyError("a gap in Salient")
        return real(document, **options)

    monkeypatch.setattr(corpus, "recognise", faulty)
    made = list(stream(lines(3), gazetteer=gazetteer))
    assert [answer.fault for answer in made] == [False, True, False]
    assert "a gap in Salient" in made[1].complaint
    assert json.loads(made[1].line) == {"id": 2, "toponyms": [], "error": "Salient failed on this text (KeyError: 'a gap in Salient')"}
    assert json.loads(made[2].line)["toponyms"]


def test_damaged_data_end_the_run(gazetteer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(document: Any, **options: Any) -> Any:
        raise DataError("A table is damaged.")

    monkeypatch.setattr(corpus, "recognise", damaged)
    with pytest.raises(DataError, match="A table is damaged"):
        list(stream(lines(3), gazetteer=gazetteer))


# Order, neighbours, memory


def test_several_processes_answer_as_one_does_and_in_order(gazetteer: Any) -> None:
    given_lines = lines(120)
    one = list(stream(given_lines, gazetteer=gazetteer))
    two = list(stream(given_lines, gazetteer=gazetteer, jobs=2))
    assert [answer.number for answer in one] == [number for number, _ in given_lines]
    assert two == one
    assert not workers()


def test_the_answer_to_a_text_does_not_depend_on_its_neighbours(gazetteer: Any) -> None:
    together = list(answers(lines(TOGETHER), gazetteer=gazetteer))
    alone = [answer for each in lines(TOGETHER) for answer in answers([each], gazetteer=gazetteer)]
    assert together == alone


def test_a_slow_reader_of_the_answers_holds_the_lines_back(gazetteer: Any) -> None:
    taken = 0

    def endless() -> Iterator[Line]:
        nonlocal taken
        while True:
            taken += 1
            yield taken, line(taken)

    made = stream(endless(), gazetteer=gazetteer)
    for number in range(1, 101):
        assert next(made).number == number
        assert taken - number <= LINES + AHEAD * TOGETHER + 1
    made.close()


def test_four_thousand_lines_need_no_more_memory_than_a_thousand(gazetteer: Any) -> None:
    spanless = ((number, json.dumps({"id": number, "text": text(number), "toponyms": []})) for number in range(1, 4_001))
    made = stream(spanless, gazetteer=gazetteer, gold_spans=True)
    for _ in range(1_000):
        next(made)
    before = resident()
    assert sum(1 for _ in made) == 3_000
    assert resident() - before < 5


def test_what_the_gazetteer_remembers_is_bounded_and_forgetting_changes_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gazetteer_module, "_KEPT_INFOS", 2)
    fresh = gazetteer_module.OfflineGazetteer()
    for _ in range(3):
        assert set(fresh.known(["aleppo", "no such place", "goma"])) == {"aleppo", "goma"}
        assert set(fresh.known(["goma", "kabul"])) == {"goma", "kabul"}
    assert len(fresh._infos) <= 5


def test_a_line_in_a_pipe_is_answered_before_the_next_is_written() -> None:
    with started() as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for number in (1, 2, 3):
            running.stdin.write(line(number).encode() + b"\n")
            running.stdin.flush()
            assert json.loads(running.stdout.readline())["id"] == number
        running.stdin.close()
        assert running.wait(10) == 0


def test_parsing_loads_no_library_that_it_does_not_need() -> None:
    script = (
        "import sys; from geo.__main__ import main; code = main(['parse', '--jsonl', '--jobs', '1']); "
        "loaded = {'pandas', 'geopandas', 'scipy', 'pyogrio', 'folium', 'dateparser', 'geopy'} & set(sys.modules); "
        "sys.exit(f'{code} {loaded}' if code or loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], input=line(1).encode(), cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


# Ends


def test_a_killed_run_goes_on_to_the_same_bytes(corpus_file: Path, whole: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    for jobs, count in (("1", 5), ("2", 50)):
        with started("--jobs", jobs, "--resume", str(corpus_file), "-o", str(out)) as running:
            wait_for_lines(out, count)
            running.kill()
    assert len(out.read_bytes()) < len(whole)
    assert main(["parse", "--jsonl", "--jobs", "1", "--resume", str(corpus_file), "-o", str(out)]) == 2
    assert out.read_bytes() == whole


@settings(max_examples=10)
@given(share=st.floats(0, 1))
def test_an_output_cut_anywhere_is_mended_and_gone_on_with(
    share: float, corpus_file: Path, whole: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    cut = round(share * len(whole))
    out = tmp_path_factory.mktemp("cut") / "out.jsonl"
    out.write_bytes(whole[:cut])
    keep = mend(out)
    assert out.read_bytes() == whole[:keep]
    assert keep == whole[:cut].rfind(b"\n") + 1
    with corpus_file.open("rb") as source:
        rest = numbered(source, longest=100_000)
        done = answered(out, rest)
        assert done == whole[:keep].count(b"\n")
        following = next((json.loads(held)["id"] for _, held in rest if isinstance(held, str) and '"text"' in held), None)
    assert following == (json.loads(whole[keep:].splitlines()[0])["id"] if keep < len(whole) else None)


def test_a_finished_run_has_nothing_to_go_on_with(corpus_file: Path, whole: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(whole)
    assert main(["parse", "--jsonl", "--resume", str(corpus_file), "-o", str(out)]) == 2
    assert out.read_bytes() == whole


@pytest.mark.parametrize(
    ("held", "message"),
    [
        (b'{"id": 1, "toponyms": []}\n{"id": 7, "toponyms": []}\n', "made from another input: its line 2 answers 7"),
        (b"1\n", "is no answer of an earlier run"),
        (b"".join(b'{"id": %d, "toponyms": []}\n' % number for number in range(1, 122)), "more answers than the input has lines"),
    ],
)
def test_the_output_of_another_input_is_refused_and_left(
    held: bytes, message: str, corpus_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.jsonl"
    out.write_bytes(held)
    assert main(["parse", "--jsonl", "--resume", str(corpus_file), "-o", str(out)]) == 2
    assert message in capsys.readouterr().err
    assert out.read_bytes() == held


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to one process")
def test_ctrl_c_keeps_what_is_done_and_says_how_to_go_on(corpus_file: Path, whole: bytes, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    hears = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background ignores it, and so would this
    with started("--jobs", "2", str(corpus_file), "-o", str(out), start_new_session=True, preexec_fn=hears) as running:
        wait_for_lines(out, 20)
        os.killpg(running.pid, signal.SIGINT)
        _, told = running.communicate(timeout=10)
    assert running.returncode == 130
    assert b"Traceback" not in told
    assert b"with --resume to go on" in told
    assert whole.startswith(out.read_bytes())
    assert out.read_bytes().endswith(b"\n")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
def test_a_lost_process_is_told_in_a_sentence_and_what_is_done_is_kept(gazetteer: Any) -> None:
    made = stream(lines(5_000), gazetteer=gazetteer, jobs=2)
    done = [next(made).number]
    while not workers():
        done.append(next(made).number)
    assert workers()[0].pid is not None
    os.kill(workers()[0].pid or 0, signal.SIGKILL)
    with pytest.raises(WorkerLost, match=r"ended by the system \(signal 9\)"):
        done += [answer.number for answer in made]
    assert done == list(range(1, len(done) + 1))
    assert not workers()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--resume", "--jsonl", "{file}"], "give --jsonl and -o with it"),
        (["--jobs", "2", "{file}"], "give --jsonl with it"),
        (["--jsonl", "{file}", "-o", "{file}"], "is the input itself"),
        (["--jsonl", "{file}", "-o", "{dir}"], "is a directory"),
        (["--jsonl", "{dir}"], "is a directory"),
        (["--jsonl", "{file}", "-o", "{file}/out.jsonl"], "is not a folder"),
    ],
)
def test_options_that_do_not_go_together_are_refused(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(line(1), encoding="utf-8")
    assert main(["parse", *(word.format(file=file, dir=tmp_path) for word in arguments)]) == 2
    told = capsys.readouterr().err
    assert message in told
    assert told.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]
    assert file.read_text(encoding="utf-8") == line(1)


def workers() -> list[Any]:
    return [child for child in multiprocessing.active_children() if child.name == "salient-worker"]


def peak() -> float:
    return _status("VmHWM:")


def resident() -> float:
    return _status("VmRSS:")


def _status(field: str) -> float:
    """Megabytes, where the system tells; 0 elsewhere, so that the test asks nothing there."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    return next(int(row.split()[1]) for row in status.read_text(encoding="ascii").splitlines() if row.startswith(field)) / 1024
