"""The fields between the two lines of dashes at the top of a Markdown report."""

from __future__ import annotations

import datetime as dt
import re

import yaml

from geo.errors import InputError

__all__ = ["split_front_matter"]

_FRONT = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<fields>.*?)^(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)(?:[ \t]*\r?\n)*", re.DOTALL | re.MULTILINE)
_LONGEST = 20_000


def split_front_matter(text: str, *, name: str = "The report") -> tuple[dict[str, str], str]:
    """Return the fields of the front matter as words, keys in small letters, and the text after it.

    Raises
    ------
    InputError
        If there is front matter that is not YAML with ``key: value`` lines.

    Examples
    --------
    >>> split_front_matter("---\\ntitle: Idlib\\ndate: 2020-03-05\\n---\\nMOSCOW – Talks.")
    ({'title': 'Idlib', 'date': '2020-03-05'}, 'MOSCOW – Talks.')
    """
    match = _FRONT.match(text)
    if not match:
        return {}, text
    advice = "write lines such as 'title: Talks in Moscow' between two lines of ---"
    if len(match["fields"]) > _LONGEST:
        raise InputError(f"The front matter of {name} is longer than {_LONGEST} characters; {advice}.")
    try:
        fields = yaml.safe_load(match["fields"])
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = f" (line {line + 2})" if isinstance(line, int) else ""
        raise InputError(f"The front matter of {name} is not YAML{where}; {advice}.") from error
    if fields is None:
        return {}, text[match.end() :]
    if not isinstance(fields, dict):
        raise InputError(f"The front matter of {name} holds no fields; {advice}.")
    return {str(key).lower(): _words(value) for key, value in fields.items() if _words(value)}, text[match.end() :]


def _words(value: object) -> str:
    if isinstance(value, list):
        return "; ".join(word for word in (_scalar(item) for item in value[:50]) if word)
    return _scalar(value)


def _scalar(value: object) -> str:
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""
