"""The corrections of a desk as a file: YAML that people read, compare and keep, and that the next article and the command line use.

One decision is one entry; fields that say nothing are left out, and the order of the fields is fixed, so that two files differ where the
decisions do.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from geo.decisions import check
from geo.errors import InputError, UnknownPlace
from geo.names import usable
from geo.records import Decision

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["dumps", "load", "loads", "merged", "placeable"]

VERSION = 1
MOST = 100_000  # decisions in one file; a desk that makes fifty a day fills it in five years
MAX_BYTES = 20 << 20

_HEAD = "# Corrections to readings of Salient. Use: python -m geo map REPORT --decisions THIS_FILE -o OUT\n"
_ORDER = ("target", "action", "value", "scope", "document", "start", "note", "by", "made")
_BLANK = {field.name: field.default for field in fields(Decision)}


def dumps(decisions: Iterable[Decision]) -> str:
    """Return decisions as the text of a file.

    Examples
    --------
    >>> print(dumps([Decision(target="Tripoli", action="place", value="geonames:170063", scope="desk")]).partition("decisions:")[2])
    <BLANKLINE>
    - target: Tripoli
      action: place
      value: geonames:170063
      scope: desk
    <BLANKLINE>
    """
    rows = [{name: getattr(one, name) for name in _ORDER if getattr(one, name) != _BLANK[name]} for one in decisions]
    body = yaml.safe_dump({"version": VERSION, "decisions": rows}, allow_unicode=True, sort_keys=False, width=10_000)
    return _HEAD + body


def loads(text: str, *, name: str = "The file of decisions") -> tuple[Decision, ...]:
    """Return the decisions that the text of a file holds, checked.

    Raises
    ------
    InputError
        If it is no YAML, holds no list of decisions, or holds one that cannot be applied.
    """
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" (line {line + 1})" if isinstance(line, int) else ""
        raise InputError(f"{name} is not YAML{where}; it should begin with 'version: {VERSION}' and a list under 'decisions:'.") from error
    if read is None:
        return ()
    rows = read.get("decisions") if isinstance(read, dict) else None
    if rows is None and isinstance(read, dict) and "version" in read:
        return ()
    if not isinstance(rows, list) or len(rows) > MOST:
        raise InputError(f"{name} holds no list under 'decisions:' (of at most {MOST}); write one entry for each, as geo.decisions has it.")
    if read.get("version", VERSION) != VERSION:
        raise InputError(f"{name} is of version {str(read['version'])[:20]}; this Salient reads version {VERSION}: update it.")
    return tuple(_decision(row, number, name) for number, row in enumerate(rows, 1))


def load(path: str | Path) -> tuple[Decision, ...]:
    """Return the decisions of a file.

    Raises
    ------
    InputError
        If it cannot be read, or as `loads`.
    """
    file = Path(path)
    try:
        if file.stat().st_size > MAX_BYTES:
            raise InputError(f"{file} has more than {MAX_BYTES >> 20} MB; a file of decisions is smaller.")
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}); give a file of decisions such as decisions.yaml.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text; give a file of decisions such as decisions.yaml.") from error
    return loads(text, name=str(file))


def merged(*lists: Iterable[Decision]) -> tuple[Decision, ...]:
    """Return the decisions of several lists in their order; of two on the same target, the later one alone counts."""
    last: dict[tuple[str, ...], Decision] = {}
    for one in (decision for many in lists for decision in many):
        key = (one.target, one.action, one.scope, one.document, str(one.start))
        last.pop(key, None)
        last[key] = one
    return tuple(last.values())


def placeable(decisions: Iterable[Decision], gazetteer: Gazetteer) -> tuple[tuple[Decision, ...], tuple[Decision, ...]]:
    """Return the decisions that can be applied with a gazetteer, and those that name a place it does not hold.

    A file may come from a desk on which more places are installed.
    """
    known: list[Decision] = []
    others: list[Decision] = []
    for one in decisions:
        try:
            if one.action in ("place", "add") and one.value:
                gazetteer.get(one.value)
        except UnknownPlace:
            others.append(one)
        else:
            known.append(one)
    return tuple(known), tuple(others)


def _decision(row: Any, number: int, name: str) -> Decision:
    if not isinstance(row, dict) or not {"target", "action"} <= row.keys():
        raise InputError(f"Decision {number} of {name} needs the fields target and action.")
    unknown = [str(key) for key in row if key not in _ORDER]
    if unknown:
        raise InputError(f"Decision {number} of {name} has the field {unknown[0][:40]!r}; the fields are {', '.join(_ORDER)}.")
    start = row.get("start", _BLANK["start"])
    if not isinstance(start, int) or isinstance(start, bool):
        raise InputError(f"Decision {number} of {name} has the start {str(start)[:40]!r}; it is a whole number of characters.")
    words = {key: usable(str(value)) for key, value in row.items() if key != "start" and value is not None}
    try:
        return check(Decision(**{**words, "start": start}))  # type: ignore[arg-type]
    except InputError as error:
        raise InputError(f"Decision {number} of {name} cannot be used: {error}") from error
