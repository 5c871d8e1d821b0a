"""What our scripts must hold to: strict, no text turned into markup or code, no name that leaks, none unused.

A script is read by tree-sitter; each rule gives sentences with the line where it is broken.
"""

from __future__ import annotations

from collections.abc import Iterator

import tree_sitter_javascript
from tree_sitter import Language, Node, Parser

__all__ = ["complaints"]

_PARSER = Parser(Language(tree_sitter_javascript.language()))

# Properties through which text becomes markup, code or a load.
MARKUP = {
    "innerHTML", "outerHTML", "insertAdjacentHTML", "createContextualFragment", "srcdoc", "parseFromString", "setHTMLUnsafe",
    "eval", "execScript", "importScripts", "constructor", "__proto__", "src", "href", "action",
}
READ_ONLY = {"href"}  # may be read (of the page's own address), never assigned
CODE = {"eval", "Function", "importScripts", "XMLHttpRequest", "WebSocket", "EventSource", "fetch", "Worker", "SharedWorker"}
LATER = {"setTimeout", "setInterval"}  # their first argument must be a function
SHOWN = {"bindTooltip", "bindPopup", "setContent", "setTooltipContent", "setPopupContent"}  # of Leaflet, which makes markup of strings
WORDS = {"string", "template_string", "binary_expression"}
KNOWN = set(
    "window document navigator L Salient Math Object Array Number String Boolean Date JSON Promise Map WeakMap Set Symbol Error RangeError "
    "URIError TypeError Int32Array Uint8Array Uint16Array Uint32Array Float64Array Float32Array Uint8ClampedArray DataView Blob Response "
    "DecompressionStream TextDecoder ImageData DOMPoint OffscreenCanvas ResizeObserver createImageBitmap atob getComputedStyle "
    "Path2D DOMMatrix requestAnimationFrame cancelAnimationFrame performance setTimeout clearTimeout setInterval clearInterval "
    "encodeURIComponent decodeURIComponent parseInt parseFloat isNaN isFinite undefined NaN Infinity arguments console".split()
)
FUNCTIONS = {"function_declaration", "function_expression", "arrow_function", "method_definition", "generator_function"}


def complaints(code: str) -> tuple[str, ...]:
    """Return what is wrong with a script, a sentence each; nothing where all is well."""
    root = _PARSER.parse(code.encode("utf-8")).root_node
    if root.has_error:
        return tuple(_at(node, "cannot be read") for node in _walk(root) if node.is_error or node.is_missing) or ("cannot be read",)
    return (*_strict(root), *(said for node in _walk(root) for said in _unsafe(node)), *_names(root, set(), top=True))


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _walk(child)


def _text(node: Node | None) -> str:
    return node.text.decode("utf-8") if node is not None and node.text is not None else ""


def _at(node: Node, words: str) -> str:
    return f"line {node.start_point[0] + 1}: {words}"


def _strict(root: Node) -> Iterator[str]:
    first = next((child for child in root.children if child.type != "comment"), root)
    if _text(first).strip("\"';") != "use strict":
        yield _at(first, "does not begin with 'use strict'")


def _unsafe(node: Node) -> Iterator[str]:
    """What a node does that no script of ours may do."""
    if node.type == "member_expression" and (name := _text(node.child_by_field_name("property"))) in MARKUP:
        parent = node.parent
        assigned = parent is not None and parent.type.endswith("assignment_expression") and parent.child_by_field_name("left") == node
        if name not in READ_ONLY or assigned:
            yield _at(node, f"uses {name}")
    if node.type == "member_expression" and _text(node) in ("document.write", "document.writeln"):
        yield _at(node, f"uses {_text(node)}")
    if node.type == "subscript_expression" and _text(node.child_by_field_name("index")).strip("\"'`") in MARKUP:
        yield _at(node, "reaches for markup by a name in brackets")
    if node.type == "identifier" and _text(node) in CODE and (node.parent is None or node.parent.type != "member_expression"):
        yield _at(node, f"uses {_text(node)}")
    if node.type == "call_expression":
        yield from _unsafe_call(node)
    value = node.child_by_field_name("value")
    if node.type == "pair" and _text(node.child_by_field_name("key")) == "html" and value is not None and value.type in WORDS:
        yield _at(node, "gives text where Leaflet makes markup of it")
    if node.type in ("with_statement", "debugger_statement"):
        yield _at(node, f"has a {node.type}")
    if node.type == "binary_expression" and _text(node.child_by_field_name("operator")) in ("==", "!="):
        yield _at(node, "compares by == or !=")


def _unsafe_call(node: Node) -> Iterator[str]:
    function, given = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    name = _text(function).rpartition(".")[2]
    first = next((child for child in given.named_children if child.type != "comment"), None) if given is not None else None
    if name in LATER and first is not None and first.type in WORDS:
        yield _at(node, f"{name} is given text to run")
    if name in SHOWN and first is not None and first.type in WORDS:
        yield _at(node, f"{name} is given text, of which Leaflet makes markup")
    if name == "setAttribute" and first is not None and _text(first).strip("\"'").lower().startswith(("on", "srcdoc", "href", "src")):
        yield _at(node, f"sets the attribute {_text(first)}")


def _names(scope: Node, outer: set[str], *, top: bool = False) -> Iterator[str]:
    """Names that a function uses without declaring them, or declares without using them; then those of the functions in it."""
    declared = dict(_declared(scope))
    seen = outer | set(declared)
    used: set[str] = set()
    for node in _own(scope):
        if node.type in ("identifier", "shorthand_property_identifier") and not _declares(node):
            used.add(_text(node))
            if _text(node) not in seen | KNOWN:
                yield _at(node, f"uses {_text(node)}, which is declared nowhere")
    for inner in (node for node in _own(scope) if node.type in FUNCTIONS):
        for node in _walk(inner):
            if node.type in ("identifier", "shorthand_property_identifier") and not _declares(node):
                used.add(_text(node))
        yield from _names(inner, seen)
    for name, node in declared.items():
        if top and name != "Salient":
            yield _at(node, f"declares {name} for the whole page")
        if name not in used and not top and (node.parent is None or node.parent.type != "formal_parameters"):
            yield _at(node, f"declares {name} and does not use it")


def _own(scope: Node) -> Iterator[Node]:
    """The nodes of a function but not those inside other functions in it."""
    for child in scope.children:
        yield child
        if child.type not in FUNCTIONS:
            yield from _own(child)


def _declared(scope: Node) -> Iterator[tuple[str, Node]]:
    name = scope.child_by_field_name("name")
    if scope.type == "function_expression" and name is not None:
        yield _text(name), scope
    given = scope.child_by_field_name("parameters") or scope.child_by_field_name("parameter")
    if given is not None:
        for node in [given] if given.type == "identifier" else _walk(given):
            if node.type == "identifier":
                yield _text(node), node
    for node in _own(scope):
        if node.type == "variable_declarator":
            for part in _walk(node.child_by_field_name("name") or node):
                if part.type in ("identifier", "shorthand_property_identifier_pattern"):
                    yield _text(part), part
        if node.type == "function_declaration":
            yield _text(node.child_by_field_name("name")), node
        if node.type == "catch_clause" and (caught := node.child_by_field_name("parameter")) is not None:
            yield _text(caught), caught


def _declares(node: Node) -> bool:
    """Whether an identifier stands where a name is declared and not used."""
    parent = node.parent
    if parent is None or parent.type in ("formal_parameters", "catch_clause"):
        return True
    if parent.type in ("variable_declarator", "function_declaration", "function_expression"):
        return parent.child_by_field_name("name") == node
    return parent.type == "arrow_function" and parent.child_by_field_name("parameter") == node
