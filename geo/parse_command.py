"""What `python -m geo parse --jsonl` does with files, a terminal and Ctrl-C; the answers come from `geo.streaming`."""

from __future__ import annotations

import argparse
import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from geo import corpus
from geo.errors import InputError, WorkerLost
from geo.jsonlines import answered, mend, numbered
from geo.streaming import stream
from geo.terminal import Bar, printable
from geo.workers import cores

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer
    from geo.records import Document

__all__ = ["check", "parse_one", "parse_stream"]

_DONE, _FAULT, _BAD_INPUT, _STOPPED = 0, 1, 2, 130


def check(given: argparse.Namespace) -> None:
    """Refuse options that do not go together, before anything is opened.

    Raises
    ------
    InputError
        An option that needs another one is alone, or a file cannot be read or written.
    """
    for option, wanted, what in (
        (given.gold_spans, given.jsonl, "--gold-spans reads the spans from JSON lines; give --jsonl with it."),
        (given.jobs, given.jsonl, "--jobs is for many texts; give --jsonl with it."),
        (given.resume, given.jsonl and given.out, "--resume goes on with an output file; give --jsonl and -o with it."),
    ):
        if option and not wanted:
            raise InputError(what)
    if given.file != "-" and given.jsonl and not Path(given.file).exists():
        raise InputError(f"There is no file {given.file}; give a file of JSON lines, or - for standard input.")
    if given.file != "-" and given.jsonl and Path(given.file).is_dir():
        raise InputError(f"{given.file} is a directory; give a file of JSON lines in it.")
    if given.out:
        _check_out(Path(given.out), given.file)


def parse_one(document: Document, *, gazetteer: Gazetteer, out: str | None) -> int:
    """Write the toponyms of one report as a line of JSON, and return the exit code."""
    line = json.dumps({"id": document.id, "toponyms": corpus.parse_document(document, gazetteer=gazetteer)}, allow_nan=False)
    with _Output(out, keep=0) as output:
        output.write(line)
    return _DONE


def parse_stream(given: argparse.Namespace, *, gazetteer: Gazetteer, max_mb: float) -> int:
    """Answer the JSON lines of a file or of standard input as they come, tell what cannot be used, and return the exit code.

    2 where a line could not be used, 1 where Salient failed on a text or lost a process, 130 after Ctrl-C; what is done is kept.

    Raises
    ------
    InputError
        The input cannot be read, the output cannot be written, or what is there already answers another input.
    """
    keep = mend(Path(given.out)) if given.resume else 0
    jobs = given.jobs or cores()
    with _source(given.file) as source, _Output(given.out, keep=keep) as output:
        shown = _Told(source, given)
        lines = numbered(source, longest=int(max_mb * 1_000_000))
        try:
            if keep:
                shown.done = answered(Path(given.out), lines, gold_spans=given.gold_spans, report=shown.complain)
            with closing(stream(lines, gazetteer=gazetteer, gold_spans=given.gold_spans, jobs=jobs)) as made:
                for answer in made:
                    if answer.line:
                        output.write(answer.line)
                    shown.take(answer)
        except KeyboardInterrupt:
            return shown.end(f"Stopped after {shown.done} texts", _STOPPED)
        except WorkerLost as error:
            return shown.end(f"{str(error).rstrip('.')}: {shown.done} texts are done", _FAULT)
        return shown.end("", _FAULT if shown.faults else _BAD_INPUT if shown.bad else _DONE)


class _Told:
    """What the person at the terminal is told: how far the run is, which lines cannot be used, how to go on."""

    def __init__(self, source: BinaryIO, given: argparse.Namespace) -> None:
        self.done = self.bad = self.faults = 0
        self._given = given
        self._bar = Bar()
        self._bar.shown = self._bar.shown and (given.out is not None or not sys.stdout.isatty())
        whole = given.file != "-" and Path(given.file).is_file()
        self._source = source if whole else None
        self._size = Path(given.file).stat().st_size if whole else 0

    def take(self, answer: corpus.Answer) -> None:
        """Count an answer, and tell what is wrong with it."""
        self.done += bool(answer.line)
        if answer.complaint:
            self.faults += answer.fault
            self.complain(answer.number, answer.complaint)
        if self._bar.shown:
            read = self._source.tell() if self._source else 0
            total = max(self.done, round(self.done * self._size / read) if read else 0)
            self._bar(self.done, total, "texts" if self._source else "texts, and more to come")

    def complain(self, number: int, what: str) -> None:
        """Tell what is wrong with a line."""
        self.bad += 1
        self._say(f"Line {number}: {what}")

    def end(self, why: str, code: int) -> int:
        """Say how the run ended, if that is worth a sentence, and return the exit code."""
        if why:
            how = "run the same command with --resume to go on" if self._given.out else "with -o OUT, --resume goes on where a run stopped"
            self._say(f"{why}; {how}.")
        elif self.bad > 1:
            self._say(f"{self.bad} lines could not be read; {self.done} texts are done.")
        self._bar.clear()
        return code

    def _say(self, words: str) -> None:
        self._bar.clear()
        sys.stderr.write(printable(" ".join(words.split())) + "\n")
        sys.stderr.flush()


class _Output:
    """Standard output, or a file that is opened when there is something to write; each line is whole before the next begins."""

    def __init__(self, out: str | None, *, keep: int) -> None:
        self._path = Path(out) if out else None
        self._keep = keep
        self._file: BinaryIO | None = None

    def __enter__(self) -> _Output:
        return self

    def __exit__(self, *error: object) -> None:
        if self._file is not None and self._path is not None:
            self._file.close()

    def write(self, line: str) -> None:
        """Write one line, and pass it on at once."""
        if self._path is None:
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            return
        try:
            if self._file is None:
                self._file = self._open(self._path)
            self._file.write(line.encode("ascii") + b"\n")
            self._file.flush()
        except OSError as error:
            what = f"{self._path} cannot be written ({error.strerror or error})"
            raise InputError(f"{what}; make room and go on with --resume, or choose another file.") from error

    def _open(self, path: Path) -> BinaryIO:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("r+b" if self._keep else "wb")
        file.seek(self._keep)
        return file


def _check_out(out: Path, source: str) -> None:
    if out.is_dir():
        raise InputError(f"{out} is a directory; give the name of a file in it, such as {out / 'toponyms.jsonl'}.")
    if source != "-" and out.exists() and Path(source).exists() and out.samefile(source):
        raise InputError(f"{out} is the input itself; give another name for the output.")
    ancestor = next(folder for folder in out.absolute().parents if folder.exists())
    if not ancestor.is_dir() or not os.access(ancestor, os.W_OK):
        raise InputError(f"{out} cannot be written, because {ancestor} is not a folder that can be written to; choose another.")


@contextmanager
def _source(file: str) -> Iterator[BinaryIO]:
    """The bytes of a file or of standard input, unbuffered: a line in a pipe is seen when it is written."""
    if file == "-":
        yield _standard_input()
        return
    try:
        raw = cast("BinaryIO", Path(file).open("rb", buffering=0))  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror or error}); check its permissions.") from error
    with raw:
        yield raw


def _standard_input() -> BinaryIO:
    try:
        return cast("BinaryIO", os.fdopen(sys.stdin.fileno(), "rb", buffering=0, closefd=False))
    except io.UnsupportedOperation:  # no file but a stand-in, such as that of a test
        return sys.stdin.buffer
