"""Check the words of the interface: which are said in the code and have no row in data/messages.csv, and which rows nobody says.

    python -m scripts.check_messages
    python -m scripts.check_messages --mend     drop the rows of the page and the frame that nobody says, and say who says the others

Each problem is one line that names the file and the line; the exit code is 1 when there is one.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

from geo import datafiles, messages

ROOT = Path(__file__).parents[1]

TABLE = ROOT / "data" / "messages.csv"

__all__ = ["in_javascript", "in_python", "main", "python_files", "said", "script_files"]

_PARSER = Parser(Language(tree_sitter_javascript.language()))

# How the names of module-level constants end whose texts are all words, whoever says them.
_OF_WORDS = ("_WORDS", "_TITLES", "_HELP")


def main(arguments: list[str] | None = None) -> int:
    """Print what is wrong and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m scripts.check_messages", description="Check the words of the interface.")
    parser.add_argument("--mend", action="store_true", help="drop rows that nobody says, and note who says the others")
    if parser.parse_args(arguments).mend:
        _mend()
    rows = {row["en"]: row["where"] for row in messages.rows() if row["where"] != "glossary"}
    wrong = [f"{place}: no row for {words!r}" for kind in said().values() for words, place in kind.items() if words not in rows]
    wrong += [f"data/messages.csv: nobody says {words!r}" for words, where in rows.items() if where in _SPOKEN and not _where(words)]
    sys.stdout.write("".join(f"{line}\n" for line in wrong) or "Every word has its row.\n")
    return 1 if wrong else 0


def _mend() -> None:
    rows = [row for _, row in datafiles.rows(TABLE.name) if row["where"] not in _SPOKEN or _where(row["en"])]
    with TABLE.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows({**row, "where": _where(row["en"]) if row["where"] in _SPOKEN else row["where"]} for row in rows)
    messages.rows.cache_clear()


_SPOKEN = ("page", "frame", "both")


def _where(words: str) -> str:
    """Who says some words; "" where nobody does."""
    kinds = [kind for kind, found in said().items() if words in found]
    return "both" if len(kinds) == 2 else "".join(kinds)


@cache
def said() -> dict[str, dict[str, str]]:
    """Return the words that the page says and those that the frame says, each with where they stand first."""
    found: dict[str, dict[str, str]] = {}
    for kind, files, read in (("page", python_files(), in_python), ("frame", script_files(), in_javascript)):
        found[kind] = {}
        for path in files:
            for line, words in read(path.read_text(encoding="utf-8")):
                if words is not None:
                    found[kind].setdefault(words, f"{path.relative_to(ROOT)}:{line}")
    return found


def python_files() -> list[Path]:
    """Return the modules of the page."""
    return [ROOT / "app.py", *sorted((ROOT / "geo" / "ui").glob("*.py"))]


def script_files() -> list[Path]:
    """Return the scripts of the frame and of the page's own parts."""
    return sorted([*(ROOT / "geo" / "assets").glob("*.js"), *(ROOT / "geo" / "ui").rglob("*.js")])


def in_python(code: str) -> Iterator[tuple[int, str | None]]:
    """Yield (line, words) for what a module says; None for words that are neither literal nor of a constant that holds words."""
    tree = ast.parse(code)
    constants = {name: value for name, value in _constants(tree) if name.isupper()}
    for name, value in constants.items():
        if name.endswith(_OF_WORDS):
            yield from ((text.lineno, text.value) for text in _texts(value))
    loops = {name: over for node in ast.walk(tree) for name, over in _loops(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == "say" and node.args:
            yield from ((node.lineno, words) for words in _said(node.args[0], constants, loops))


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """The constants of a module, and those that it takes from another module of the page."""
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((_name(target), node.value) for target in targets)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geo."):
            other = ROOT.joinpath(*str(node.module).split(".")).with_suffix(".py")
            if other.is_file() and any(alias.name.isupper() for alias in node.names):
                wanted = {alias.name for alias in node.names}
                yield from ((name, value) for name, value in _constants(ast.parse(other.read_text(encoding="utf-8"))) if name in wanted)


def _loops(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """The names that a loop fills, with what it goes through."""
    if isinstance(node, ast.For | ast.comprehension):
        yield from ((_name(part), node.iter) for part in ast.walk(node.target) if isinstance(part, ast.Name))


def _texts(node: ast.expr) -> Iterator[ast.Constant]:
    """The texts of a dict's values, of a tuple, or of tuples in them; the keys of a dict are no words."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str) and node.value:
            yield node
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _texts(value)
    elif isinstance(node, ast.Tuple | ast.List):
        for value in node.elts:
            yield from _texts(value)


def _said(node: ast.expr, constants: dict[str, ast.expr], loops: dict[str, ast.expr]) -> Iterator[str | None]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _said(node.body, constants, loops)
        yield from _said(node.orelse, constants, loops)
    else:
        over = loops.get(_name(node), node)
        meant = [constants[name] for part in ast.walk(over) if (name := _name(part)) in constants]
        yield from (text.value for value in meant for text in _texts(value)) if meant else iter([None])


def _name(node: ast.AST) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def in_javascript(code: str) -> Iterator[tuple[int, str | None]]:
    """Yield (line, words) for what a script says; None for words that are neither literal nor a constant of the script."""
    root = _PARSER.parse(code.encode("utf-8")).root_node
    made = [node for node in _walk(root) if node.type == "variable_declarator"]
    constants = {_text(node.child_by_field_name("name")): node.child_by_field_name("value") for node in made}
    for node in _walk(root):
        if node.type == "call_expression" and _text(node.child_by_field_name("function")) == "S.phrase":
            given = node.child_by_field_name("arguments")
            if given is not None and given.named_children:
                yield from ((node.start_point[0] + 1, words) for words in _spoken(given.named_children[0], constants))


def _spoken(node: Node | None, constants: dict[str, Node | None]) -> Iterator[str | None]:
    if node is not None and node.type == "string":
        yield _literal(node)
    elif node is not None and node.type == "ternary_expression":
        yield from _spoken(node.child_by_field_name("consequence"), constants)
        yield from _spoken(node.child_by_field_name("alternative"), constants)
    elif node is not None and node.type == "identifier" and (meant := constants.get(_text(node))) is not None and meant.type == "string":
        yield _literal(meant)
    else:
        yield None


def _literal(node: Node) -> str:
    """A string's value: JavaScript's and Python's literals agree on what our scripts use."""
    return str(ast.literal_eval(_text(node)))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8") if node is not None and node.text is not None else ""


if __name__ == "__main__":
    sys.exit(main())
