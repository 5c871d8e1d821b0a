"""What is true of some texts, and what a geoparser made of them: toponyms in JSON lines, read and checked.

Gold has one document a line (UTF-8; a file that ends in ``.gz`` is unpacked)::

    {"id": "a1", "text": "Troops left Idlib.", "source": "own"?, "date": "2020-03-05"?, "title"?, "language"?,
     "toponyms": [{"start": 12, "end": 17, "surface": "Idlib"?, "lat": 35.93?, "lon": 36.63?, "country": "SY"?, "geonameid"?: 169577,
                   "kind"?: "populated", "class"?: "literal" or "associative", "demonym"?: true, "radius_km"?: 200}]}

`start` and `end` are half-open and count characters; `lat` and `lon` are degrees (EPSG:4326), null or absent where the annotators
could not place the name. `class` says whether the place itself is meant or those who act from it (Gritta et al. 2020); `demonym` marks
"Turkish"; `radius_km` is the size of an area (`--area`). Predictions have the same form without text: ``{"id", "toponyms": [{"start",
"end", "lat", "lon", "country"?, "use"?, "confidence"?, "reason"?}]}``, which is what ``python -m geo parse --jsonl`` writes.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from geo.errors import InputError

__all__ = ["GoldText", "Named", "Predicted", "named", "objects", "read_gold", "read_lines", "read_predictions"]

# How the kinds of published corpora are called here; a kind that is not listed counts as "other".
_KINDS: Mapping[str, str] = MappingProxyType({
    **dict.fromkeys(("populated", "city", "town", "village", "p"), "populated"),
    **dict.fromkeys(("country", "pcl", "pcli", "pcld", "pcls", "pclix", "pclf"), "country"),
    **dict.fromkeys(("admin", "admin1", "admin2", "district", "province", "a"), "admin"),
    **dict.fromkeys(("region", "macro", "continent", "l"), "region"),
    **dict.fromkeys(("water", "sea", "river", "lake", "h"), "water"),
    **dict.fromkeys(("base", "airbase", "airport", "facility"), "base"),
    **dict.fromkeys(("road", "street", "r"), "road"),
    "border": "border",
})
_CLASSES = {"literal": "literal", "associative": "associative", "metonym": "associative", "demonym": "associative"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A name in a text, as annotated or as predicted; `lat` and `lon` are both numbers (degrees) or both None.

    `use` is "literal", "associative" or "" (not told). `modifier` is GeoWebNews' own mark of a name that only qualifies another
    ("Paris fashion"). `confidence` is None where it is not told.
    """

    start: int
    end: int
    surface: str = ""
    lat: float | None = None
    lon: float | None = None
    country: str = ""
    geonameid: int | None = None
    kind: str = ""
    use: str = ""
    demonym: bool = False
    modifier: bool = False
    radius_km: float = 0.0
    confidence: float | None = None
    reason: str = ""

    @property
    def located(self) -> bool:
        """Whether it has coordinates."""
        return self.lat is not None and self.lon is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldText:
    """A text with the names that are in it; `given` is the line as it was read."""

    id: str | int
    text: str
    names: tuple[Named, ...]
    source: str = "?"
    language: str = ""
    given: Mapping[str, Any]


Predicted = Mapping[str | int, tuple[Named, ...]]
"""What a geoparser found, by the id of the text."""


def read_gold(*paths: str | Path) -> tuple[GoldText, ...]:
    """Read annotated texts from one file or more, as one corpus; no two texts have the same id.

    Raises
    ------
    InputError
        There is no such file, it holds no text, or a line is not as the module describes; the message names the line.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "gold.jsonl"
    ...     _ = file.write_text('{"id": 1, "text": "In Rome.", "toponyms": [{"start": 3, "end": 7, "lat": 41.9, "lon": 12.5}]}')
    ...     read_gold(file)[0].names[0].surface
    'Rome'
    """
    made: dict[str | int, GoldText] = {}
    for where, given in (line for path in paths for line in objects(path)):
        if not isinstance(given.get("text"), str):
            raise InputError(f"{where}: the document has no \"text\"; give the text in which the names stand.")
        _once(where, given, made)
        names = tuple(named(where, name, given["text"]) for name in _names(where, given))
        source, language = given.get("source"), given.get("language")
        made[given["id"]] = GoldText(
            id=given["id"], text=given["text"], names=names, given=given,
            source=source if isinstance(source, str) and source else "?", language=language if isinstance(language, str) else "",
        )
    if not made:
        files = ", ".join(str(path) for path in paths)
        raise InputError(f'{files} holds no document; give one JSON object a line with "id", "text" and "toponyms".')
    return tuple(made.values())


def read_predictions(path: str | Path, gold: Iterable[GoldText]) -> dict[str | int, tuple[Named, ...]]:
    """Read what a geoparser found in the texts of `gold`; documents that are not among them are kept and count for nothing.

    Raises
    ------
    InputError
        There is no such file, or a line is not as the module describes; the message names the line.
    """
    texts = {text.id: text.text for text in gold}
    made: dict[str | int, tuple[Named, ...]] = {}
    for where, given in objects(path):
        _once(where, given, made)
        made[given["id"]] = tuple(named(where, name, texts.get(given["id"])) for name in _names(where, given))
    return made


def read_lines(path: str | Path) -> Iterator[tuple[int, str]]:
    """Yield the lines of a UTF-8 file that are not blank, with their numbers from 1; ``.gz`` is unpacked.

    Raises
    ------
    InputError
        The file is missing, cannot be opened, or is not UTF-8 (or not gzip where it says so).
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"There is no file {file}; give a file of JSON lines.")
    try:
        with gzip.open(file, "rt", encoding="utf-8-sig") if file.suffix == ".gz" else file.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield number, line
    except UnicodeDecodeError as error:
        raise InputError(f"{file} is not UTF-8 text; save it as UTF-8.") from error
    except (OSError, EOFError) as error:
        raise InputError(f"{file} cannot be read ({error}); give a file of JSON lines.") from error


def named(where: str, given: object, text: str | None) -> Named:
    """Return one toponym of a line, checked against the text that it stands in (None: unknown).

    Raises
    ------
    InputError
        It is not as the module describes; the message begins with `where`.
    """
    if not isinstance(given, dict):
        raise InputError(f"{where}: the toponym {_short(given)} is not an object; give {{\"start\", \"end\", \"lat\", \"lon\"}}.")
    start, end = _span(where, given, text)
    surface = text[start:end] if text is not None else ""
    written = given.get("surface")
    if text is not None and isinstance(written, str) and written != surface:
        raise InputError(f"{where}: the text has {_short(surface)} at {start}-{end}, not {_short(written)}; count characters, not bytes.")
    lat, lon = _degrees(where, given, "lat", 90.0), _degrees(where, given, "lon", 180.0)
    if (lat is None) != (lon is None):
        raise InputError(f"{where}: the name at {start}-{end} has only one of lat and lon; give both or neither.")
    confidence = _number(where, given, "confidence")
    return Named(
        start=start, end=end, surface=surface or (written if isinstance(written, str) else ""), lat=lat, lon=lon,
        country=_word(given, "country"), geonameid=_geonameid(where, given), kind=_kind(given), use=_use(where, given),
        demonym=bool(given.get("demonym")) or given.get("use") == "demonym", modifier=given.get("type") == "Non_Literal_Modifier",
        radius_km=_number(where, given, "radius_km") or 0.0, confidence=confidence, reason=_word(given, "reason"),
    )


def objects(path: str | Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield where each line of a file of JSON lines stands, in words for messages, and the object on it, which has an id.

    Raises
    ------
    InputError
        There is no such file, or a line is no object with an id.
    """
    for number, line in read_lines(path):
        where = f"{Path(path).name}, line {number}"
        try:
            given = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise InputError(f"{where}: this is not JSON ({error}); give one object a line.") from error
        if not isinstance(given, dict) or isinstance(given.get("id"), bool) or not isinstance(given.get("id"), str | int):
            raise InputError(f"{where}: the document has no \"id\"; give each a text or a whole number of its own.")
        yield where, given


def _once(where: str, given: Mapping[str, Any], made: Mapping[str | int, object]) -> None:
    if given["id"] in made:
        raise InputError(f"{where}: the id {_short(given['id'])} stands on an earlier line too; give each document an id of its own.")


def _names(where: str, given: Mapping[str, Any]) -> list[object]:
    names = given.get("toponyms")
    if not isinstance(names, list):
        raise InputError(f"{where}: the document has no list \"toponyms\"; give an empty one where nothing is named.")
    return names


def _span(where: str, given: Mapping[str, Any], text: str | None) -> tuple[int, int]:
    start, end = given.get("start"), given.get("end")
    whole = all(isinstance(offset, int) and not isinstance(offset, bool) for offset in (start, end))
    if not whole or not 0 <= start < end <= (math.inf if text is None else len(text)):  # type: ignore[operator]
        shown, limit = f"{_short(start)}-{_short(end)}", "" if text is None else f" of {len(text)} characters"
        raise InputError(f"{where}: the span {shown} does not lie in the text{limit}; give 0 <= start < end <= length.")
    return start, end  # type: ignore[return-value]


def _degrees(where: str, given: Mapping[str, Any], name: str, most: float) -> float | None:
    value = _number(where, given, name)
    if value is not None and abs(value) > most:
        raise InputError(f"{where}: {name} is {value:g}; it must lie between -{most:g} and {most:g} degrees.")
    return value


def _number(where: str, given: Mapping[str, Any], name: str) -> float | None:
    value = given.get(name)
    if value is None:
        return None
    signed = name in ("lat", "lon")
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or (value < 0 and not signed):
        raise InputError(f"{where}: {name} is {_short(value)}; give a number{'' if signed else ' of 0 or more'}, or null.")
    return float(value)


def _geonameid(where: str, given: Mapping[str, Any]) -> int | None:
    value = given.get("geonameid")
    if not value:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).removeprefix("-").isdecimal():
        raise InputError(f"{where}: geonameid is {_short(value)}; give the whole number of GeoNames, or null.")
    return int(value) if int(value) > 0 else None


def _use(where: str, given: Mapping[str, Any]) -> str:
    value = given.get("class") or given.get("use")
    if not value:
        return ""
    if not isinstance(value, str) or value not in _CLASSES:
        raise InputError(f"{where}: class is {_short(value)}; it must be literal or associative.")
    return _CLASSES[value]


def _kind(given: Mapping[str, Any]) -> str:
    """The kind told, in our words; GeoNames' feature code and class stand in for one that is not told."""
    told = [_word(given, name).lower() for name in ("level", "kind", "fcode", "fclass", "type")]
    known = next((_KINDS[word] for word in told if word in _KINDS), "")
    return known or ("other" if any(told[1:4]) else "")


def _word(given: Mapping[str, Any], name: str) -> str:
    value = given.get(name)
    return value if isinstance(value, str) else ""


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else shown[:57] + "..."
