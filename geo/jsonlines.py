"""The lines of a stream, one at a time and in bounded memory, and which of them an output of an earlier run has answered already."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from geo.corpus import readable
from geo.errors import InputError

__all__ = ["Line", "Source", "answered", "mend", "numbered"]

Line = tuple[int, str | InputError]
"""The number of a line, counted from 1, and what it holds, or why it cannot be used."""

_CHUNK = 1 << 16
_MARK = b"\xef\xbb\xbf"  # the byte order mark that some editors put before UTF-8


class Source(Protocol):
    """Anything bytes can be read from; `read` may give fewer than asked for, and none at the end."""

    def read(self, size: int = -1, /) -> bytes | None:
        """Return the next bytes."""
        ...


def numbered(source: Source, *, longest: int) -> Iterator[Line]:
    """Yield the lines of a source that are not blank, as soon as each is whole; one of more than `longest` bytes is not kept.

    Examples
    --------
    >>> import io
    >>> list(numbered(io.BytesIO("Idlib\\n\\nСуми".encode()), longest=100))
    [(1, 'Idlib'), (3, 'Суми')]
    """
    for number, data in enumerate(_split(source, longest), 1):
        if data is None:
            megabytes = f"{longest / 1e6:g} MB"
            yield number, InputError(f"The line is longer than {megabytes}; split its text, or allow more with --max-mb.")
            continue
        line = _decoded(data.removeprefix(_MARK) if number == 1 else data)
        if isinstance(line, InputError) or line.strip():
            yield number, line


def mend(out: Path) -> int:
    """Cut a line that was not written to its end off a file, and return how many bytes are whole; 0 for a file that is not there.

    Examples
    --------
    >>> mend(Path("no-such-answers.jsonl"))
    0
    """
    if not out.exists():
        return 0
    with out.open("r+b") as file:
        end = file.seek(0, 2)
        while end:
            start = max(0, end - _CHUNK)
            file.seek(start)
            cut = file.read(end - start).rfind(b"\n")
            if cut >= 0:
                end = start + cut + 1
                break
            end = start
        file.truncate(end)
    return end


def answered(out: Path, lines: Iterator[Line], *, gold_spans: bool = False, report: Callable[[int, str], None] | None = None) -> int:
    """Take from `lines` those that the answers in `out` answer, and return how many these are; `lines` goes on after the last.

    Lines that cannot be used, which have no answer, are passed over and told to `report`.

    Raises
    ------
    InputError
        A line of `out` is no answer, or it does not answer the line of the input that stands in its place.
    """
    done = 0
    with out.open("rb") as file:
        for done, data in enumerate(file, 1):
            key = _key(data, out, done)
            number, other = _next_readable(lines, gold_spans, report)
            if not number:
                raise InputError(f"{out} holds more answers than the input has lines; give the input that it was made from, or another -o.")
            if other != key:
                what = f"its line {done} answers {key!r:.80}, and line {number} of this one is {other!r:.80}"
                raise InputError(f"{out} was made from another input: {what}; give that input, or another -o.")
    return done


def _split(source: Source, longest: int) -> Iterator[bytes | None]:
    """Yield each line without its end, or None for one that is too long, which is read over."""
    held: list[bytes] = []
    size = 0
    while chunk := source.read(_CHUNK):
        first, *others = chunk.split(b"\n")
        for piece, ended in [(first, bool(others)), *((other, True) for other in others[:-1]), *((other, False) for other in others[-1:])]:
            size += len(piece)
            if size <= longest:
                held.append(piece)
            else:
                held.clear()
            if ended:
                yield b"".join(held) if size <= longest else None
                held, size = [], 0
    if size:
        yield b"".join(held) if size <= longest else None


def _decoded(data: bytes) -> str | InputError:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return InputError(f"The line is not UTF-8 text ({error.reason} at byte {error.start + 1}); save it as UTF-8.")


def _key(data: bytes, out: Path, number: int) -> object:
    try:
        return json.loads(data)["id"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InputError(f"Line {number} of {out} is no answer of an earlier run; give the file of that run, or another -o.") from error


def _next_readable(lines: Iterator[Line], gold_spans: bool, report: Callable[[int, str], None] | None) -> tuple[int, object]:
    """The number and id of the next line that can be used; (0, None) at the end."""
    for number, line in lines:
        try:
            if isinstance(line, InputError):
                raise line
            return number, readable(line, gold_spans=gold_spans)["id"]
        except InputError as error:
            if report is not None:
                report(number, str(error))
    return 0, None
