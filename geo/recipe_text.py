"""How a recipe is written: the text form of data tables and claims, and its JSON form."""

from __future__ import annotations

import ast
import json
from dataclasses import fields

from geo import recipes
from geo.errors import InputError
from geo.recipes import Between, Intersection, Named, Union, Where

__all__ = ["parse", "text", "to_json"]

MAX_TEXT = 20_000  # characters; the longest shipped recipe has well under 1,000
MAX_DEPTH = 20  # nesting; no phrase of a report needs more than 6

_NODES: dict[str, type[Where]] = {
    node.__name__: node for name in recipes.__all__
    if isinstance(node := getattr(recipes, name), type) and issubclass(node, Where) and node is not Where
}


def parse(recipe: str) -> Where:
    """Read a recipe from its text form; only the constructors of this module are understood, nothing is run.

    Raises
    ------
    InputError
        The text is not a recipe.

    Examples
    --------
    >>> parse('Part("country:SY", "north")')
    Part(x=Named(feature='country:SY'), direction='north')
    """
    if len(recipe) > MAX_TEXT:
        raise InputError(f"A recipe of {len(recipe)} characters is too long; at most {MAX_TEXT} are read.")
    try:
        tree = ast.parse(recipe.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise InputError(f"{recipe[:80]!r} is not a recipe; write it as Part(\"country:SY\", \"north\").") from error
    value = _value(tree, recipe, 0)
    if isinstance(value, str):
        return Named(value)
    if not isinstance(value, Where):
        raise InputError(f"{recipe[:80]!r} is not a recipe; write it as Part(\"country:SY\", \"north\").")
    return value


def text(where: Where) -> str:
    """Return the text form of a recipe, the inverse of `parse`.

    Examples
    --------
    >>> text(recipes.Border("country:SY", "country:TR"))
    'Border("country:SY", "country:TR")'
    """
    return f"{type(where).__name__}({', '.join(_written(value) for value in _arguments(where))})"


def to_json(where: Where) -> dict[str, object]:
    """Return a recipe as plain JSON values: ``{"type": ..., field: ...}``, nested.

    Examples
    --------
    >>> to_json(recipes.Part("country:SY", "north"))
    {'type': 'Part', 'x': {'type': 'Named', 'feature': 'country:SY'}, 'direction': 'north'}
    """
    return {"type": type(where).__name__} | {field.name: _json(getattr(where, field.name)) for field in fields(where)}


def _value(node: ast.expr, recipe: str, depth: int) -> object:
    if depth > MAX_DEPTH:
        raise InputError(f"{recipe[:80]!r}... is nested more than {MAX_DEPTH} deep; simplify the recipe.")
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int | float | None) and not isinstance(node.value, bool):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        value = _value(node.operand, recipe, depth + 1)
        if isinstance(value, int | float):
            return -value
    if isinstance(node, ast.Tuple | ast.List):
        return tuple(_value(part, recipe, depth + 1) for part in node.elts)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _NODES:
        positional = [_value(part, recipe, depth + 1) for part in node.args]
        named = {str(keyword.arg): _value(keyword.value, recipe, depth + 1) for keyword in node.keywords}
        try:
            return _NODES[node.func.id](*positional, **named)
        except TypeError as error:
            wanted = ", ".join(field.name for field in fields(_NODES[node.func.id]))
            raise InputError(f"{ast.unparse(node)[:80]} has the wrong fields; {node.func.id} takes {wanted}.") from error
    raise InputError(f"{ast.unparse(node)[:80]!r} is not part of a recipe; allowed are {', '.join(_NODES)}, strings and numbers.")


def _arguments(where: Where) -> list[object]:
    """Return the constructor's arguments, without trailing defaults."""
    if isinstance(where, Between):
        return list(where.ends)
    if isinstance(where, Union | Intersection):
        return list(where.parts)
    values = [(getattr(where, field.name), field.default) for field in fields(where)]
    while values and values[-1][0] == values[-1][1]:
        values.pop()
    return [value for value, _ in values]


def _written(value: object) -> str:
    if isinstance(value, Named):
        return _written(value.feature)
    if isinstance(value, Where):
        return text(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return "(" + "".join(_written(part) + ", " for part in value).rstrip() + ")"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return repr(value)


def _json(value: object) -> object:
    if isinstance(value, Where):
        return to_json(value)
    return [_json(part) for part in value] if isinstance(value, tuple) else value
