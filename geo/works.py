"""What is on a desk, and how it is written down: the inputs of a situation and the corrections, one line each.

A work is a file of JSON lines. Reports, tables and earlier maps stand beside it, each once, under a name that follows from what it holds.
The lines after the first say what was corrected, in order; the last one may be torn by a crash, and is then left out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import secrets
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from geo.decisions import check
from geo.earlier import EarlierMap
from geo.errors import InputError
from geo.history import History
from geo.own_layers import OwnLayer
from geo.project_records import inputs_from_rows, inputs_to_rows
from geo.records import Decision, Document, document_id
from geo.situation import Reading

__all__ = ["Told", "Work", "append", "between", "keep_inputs", "line", "names", "read", "replace", "restored", "whole"]

_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Work:
    """What is on a desk: the inputs of a situation, and the corrections in order.

    `id` is an unguessable token and names the work; whoever has it, and is the `owner`, can open it. `key` names the source among all.
    """

    id: str
    title: str
    documents: tuple[Document, ...]
    history: History = field(default_factory=History)
    key: str = ""
    owner: str = "local"
    further: tuple[Reading, ...] = ()
    base: EarlierMap | None = None
    own: tuple[OwnLayer, ...] = ()
    view: str = "de_jure"
    as_of: dt.date | None = None
    settings: dict[str, object] = field(default_factory=dict)
    when: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the file of a work tells: its first line, its corrections, and when it was last changed (UTC)."""

    head: dict[str, Any]
    history: History
    when: dt.datetime


def keep_inputs(work: Work, home: Path) -> dict[str, Any]:
    """Write what a work is made from into the folders of its owner, and return the first line of its file.

    Raises
    ------
    InputError
        If a table holds a value that no file can keep.
    """
    inputs = ""
    if work.further or work.base is not None or work.own:
        text = json.dumps(inputs_to_rows(work.further, work.base, work.own), ensure_ascii=False)
        inputs = _digest(text)
        _once(home / "inputs" / f"{inputs}.json", text)
    return {
        "what": "work", "format": _FORMAT, "title": work.title, "key": work.key, "view": work.view, "settings": dict(work.settings),
        "as_of": work.as_of.isoformat() if work.as_of else "", "inputs": inputs, "tables": len(work.further),
        "documents": [_keep_document(document, home) for document in work.documents],
    }


def restored(work_id: str, told: Told, home: Path, *, owner: str) -> Work:
    """Return the work that a file tells of, with its reports.

    Raises
    ------
    InputError
        Something that it names is missing or damaged.
    """
    head = told.head
    try:
        documents = tuple(_document(home / "documents" / f"{name}.json") for name in head["documents"])
        further, base, own = _inputs(home / "inputs" / f"{head['inputs']}.json") if head["inputs"] else ((), None, ())
        return Work(
            id=work_id, owner=owner, title=head["title"], documents=documents, further=further, base=base, own=own, history=told.history,
            key=head["key"], view=head["view"], settings=head["settings"], when=told.when,
            as_of=dt.date.fromisoformat(head["as_of"]) if head["as_of"] else None,
        )
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise _damaged(home / "works" / f"{work_id}.jsonl", error) from error


def read(file: Path) -> Told:
    """Return what the file of a work tells, up to a last line that is torn.

    Raises
    ------
    InputError
        It is damaged, or of another version of Salient.
    """
    try:
        lines = file.read_bytes().split(b"\n")[:-1]  # what follows the last line end is torn
        told = [json.loads(one) for one in lines]
        heads = [one for one in told if one["what"] == "work"]
        head = heads[-1]
        if head["format"] != _FORMAT or not isinstance(head["title"], str):
            raise ValueError("it is of another version of Salient")
        history = History()
        for one in told:
            history = _turned(history, one)
        return Told(head=head, history=history, when=dt.datetime.fromisoformat(told[-1]["when"]))
    except (OSError, KeyError, IndexError, TypeError, AttributeError, ValueError, RecursionError) as error:
        raise _damaged(file, error) from error


def names(file: Path) -> set[str]:
    """Return the reports, tables and maps that any line of a work names; of a damaged one too, as far as it can be read."""
    return set(re.findall(r'"([0-9a-f]{64})"', file.read_text(encoding="utf-8", errors="replace")))


def between(before: History | None, now: History) -> list[str]:
    """Return the lines that lead from one history (None: from nothing) to another.

    Examples
    --------
    >>> between(History(), History())
    []
    """
    if before == now:
        return []
    if before is not None and before.done == now.done:
        if now.steps[:-1] == before.steps and now.steps and now == before.added(*now.steps[-1]):
            return [line({"what": "added", "step": [asdict(one) for one in now.steps[-1]]})]
        for what, turned in (("back", before.back()), ("forward", before.forward())):
            if turned == now:
                return [line({"what": what})]
    return [whole(now)]


def whole(history: History) -> str:
    """Return the line that tells a history whole."""
    done = [asdict(one) for one in history.done]
    steps, undone = ([[asdict(one) for one in step] for step in many] for many in (history.steps, history.undone))
    return line({"what": "history", "done": done, "steps": steps, "undone": undone})


def line(told: dict[str, Any]) -> str:
    """Return a line of a work's file, with the time of now (UTC)."""
    return json.dumps({**told, "when": dt.datetime.now(dt.UTC).isoformat(timespec="seconds")}, ensure_ascii=False) + "\n"


def replace(file: Path, text: str) -> None:
    """Write a file whole or not at all; none but its owner may read it."""
    _own_folder(file.parent)
    making = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    making.touch(mode=0o600, exist_ok=False)
    making.write_bytes(text.encode("utf-8", "surrogatepass"))
    making.replace(file)


def append(file: Path, text: str) -> None:
    """Write to the end of a file, in one piece."""
    with file.open("ab", buffering=0) as out:
        out.write(text.encode("utf-8"))


def _keep_document(document: Document, home: Path) -> str:
    """Write a report if it is not there, and return its name."""
    about = {each.name: getattr(document, each.name) for each in fields(document) if each.name not in ("text", "reading")}
    about["published"] = document.published.isoformat() if document.published else ""
    name = _digest(json.dumps(about, ensure_ascii=False))
    file = home / "documents" / f"{name}.json"
    if not file.is_file():
        repaired = document.reading if document.reading != document.text else None
        _once(file, json.dumps({**about, "text": document.text, "reading": repaired}, ensure_ascii=False))
    return name


def _document(file: Path) -> Document:
    told = json.loads(file.read_text(encoding="utf-8"))
    told["published"] = dt.date.fromisoformat(told["published"]) if told["published"] else None
    told["reading"] = told["text"] if told["reading"] is None else told["reading"]
    document = Document(**told)
    if document.id != document_id(document.text):
        raise ValueError("a report is not the one that was kept")
    return document


def _inputs(file: Path) -> tuple[tuple[Reading, ...], EarlierMap | None, tuple[OwnLayer, ...]]:
    text = file.read_text(encoding="utf-8")
    if _digest(text) != file.stem:
        raise ValueError("a table or map is not the one that was kept")
    return inputs_from_rows(tuple(row) for row in json.loads(text))


def _turned(history: History, told: dict[str, Any]) -> History:
    what = told["what"]
    if what == "added":
        return history.added(*_decisions(told["step"]))
    if what == "history":
        steps, undone = (tuple(_decisions(step) for step in told[name]) for name in ("steps", "undone"))
        return History(done=_decisions(told["done"]), steps=steps, undone=undone)
    return history.back() if what == "back" else history.forward() if what == "forward" else history


def _decisions(rows: list[dict[str, Any]]) -> tuple[Decision, ...]:
    return tuple(check(Decision(**row)) for row in rows)


def _damaged(file: Path, error: Exception) -> InputError:
    what = " ".join(str(error).split())[:80] or type(error).__name__
    return InputError(f"The kept work {file.stem[:6]}... is damaged ({what}) and cannot be opened; remove the file {file.name}.")


def _once(file: Path, text: str) -> None:
    if not file.is_file():
        replace(file, text)


def _own_folder(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for one in (folder, folder.parent):
            one.chmod(0o700)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
