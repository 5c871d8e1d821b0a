"""Which situation a GeoPackage that Salient wrote holds: the same reports, readings, corrections and areas, opened again.

The layers of such a file are for eyes and for other programs; what is opened again stands in its table `project`, a row a record
(`geo.project_records`), with a digest over all of them.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from shapely import Point

from geo import __version__, datafiles
from geo.errors import GeometryError, InputError, UnknownPlace
from geo.gazetteer import open_gazetteer
from geo.project_records import Row, features, from_rows, to_rows
from geo.recipe_text import text
from geo.records import document_id

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer import Gazetteer
    from geo.records import Feature
    from geo.situation import Situation

__all__ = ["COLUMNS", "FORMAT", "TABLE", "Summary", "is_project", "kept", "reopen", "summary"]

TABLE = "project"
"""The table of a GeoPackage that holds the situation."""

COLUMNS = (("part", "TEXT"), ("number", "INTEGER"), ("value", "TEXT"))
"""Of that table."""

FORMAT = 1
"""Of the records; a change that older versions cannot read raises it."""

LARGEST_MB = 500  # of a file; twenty reports with their areas take about 5
MOST_BYTES = 200_000_000  # of all records together
LONGEST = 50_000_000  # bytes of one record: a report has at most 20 MB
_LONGEST_WORDS = 300  # of a title that is listed
_STEPS, _MOST_STEPS = 1_000_000, 2_000  # of SQLite: a file that makes it work longer than reading takes is refused
_COLOUR = re.compile("(?:#[0-9a-fA-F]{6})?")
_SPOTS = ("populated", "base", "other")  # kinds of places whose shape is their point: no other may be lent, or a province would be a dot
_SHAPE_DATA = (
    "gazetteer.sqlite.xz", "boundaries.sqlite.xz", "water.sqlite.xz", "roads.csv", "regions.csv", "bases.csv", "seas.csv", "rivers.csv",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a GeoPackage of Salient says it holds: its title, the day and the borders that it shows, how many reports and corrections."""

    title: str
    as_of: str
    view: str
    reports: int
    corrections: int


def kept(situation: Situation) -> tuple[Row, ...]:
    """Return the rows of the table `project` for a situation: first what the file is, then its records.

    Raises
    ------
    InputError
        If the situation holds a value that no file can keep.
    """
    rows = to_rows(situation)
    about = {"format": FORMAT, "made_with": f"Salient {__version__}", "sha256": _digest(rows), "view": situation.view, "data": _data()}
    return (("about", 0, json.dumps(about, ensure_ascii=False)), *rows)


def is_project(path: str | Path) -> bool:
    """Say whether a path names a GeoPackage that holds a situation of Salient.

    Examples
    --------
    >>> is_project("report.txt")
    False
    """
    file = Path(path)
    if file.suffix.lower() != ".gpkg" or not file.is_file():
        return False
    try:
        with _opened(file) as database:
            return _has_table(database)
    except (InputError, sqlite3.Error):
        return False


def summary(path: str | Path) -> Summary:
    """Return what a GeoPackage of Salient holds, without opening it whole; whether it is whole, `reopen` tells.

    Raises
    ------
    InputError
        The file is missing, no GeoPackage of Salient, or damaged.
    """
    file = Path(path)
    if not file.is_file():
        raise InputError(f"There is no file {file}; give a GeoPackage that Salient wrote.")
    try:
        with _opened(file) as database:
            if not _has_table(database):
                raise InputError(f"{file} is a GeoPackage, but none that Salient wrote.")
            numbers = dict(database.execute(f"SELECT part, count(*) FROM {TABLE} GROUP BY part").fetchall())
            row = database.execute(f"SELECT value FROM {TABLE} WHERE part = 'head'").fetchone()
        head = json.loads(row[0])
        words = {name: "" if head[name] is None else str(head[name])[:_LONGEST_WORDS] for name in ("title", "as_of", "view")}
    except (sqlite3.Error, OSError, TypeError, KeyError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{file} is damaged and cannot be opened as a project; map the reports again.") from error
    return Summary(**words, reports=numbers.get("document", 0), corrections=numbers.get("decision", 0))


def reopen(path: str | Path, *, gazetteer: Gazetteer | None = None) -> Situation:
    """Open the situation that a GeoPackage of Salient holds.

    Parameters
    ----------
    path
        What `geo.export` wrote with the suffix .gpkg.
    gazetteer
        Where shapes are looked up; by default the shipped one, with the view of borders that the situation has.

    Raises
    ------
    InputError
        The file is missing, no GeoPackage of Salient, damaged, of a newer version, or names areas that this gazetteer lacks.
    """
    file = Path(path)
    about, rows = _read(file)
    view = str(about.get("view", ""))
    places = gazetteer if gazetteer is not None else open_gazetteer(view=view)
    if places.view != view:
        raise InputError(f"{file} shows the borders of the view {view[:20]!r}, not {places.view!r}; open the gazetteer with that view.")
    try:
        situation = from_rows(rows, gazetteer=places)
        situation = _with_its_own_places(situation, features(rows), file)
    except InputError as error:
        raise InputError(f"{file} is damaged and cannot be opened as a project: {error}; map the reports again.") from error
    _check_whole(situation, file)
    _check_places(situation, file)
    changed = [name for name, digest in _data().items() if about.get("data", {}).get(name, digest) != digest]
    if changed:
        told = f"Shapes are drawn with other data than when {file.name} was written ({', '.join(changed)})."
        situation = replace(situation, notes=(*situation.notes, told))
    return situation


def _read(file: Path) -> tuple[Mapping[str, Any], tuple[Row, ...]]:
    """What a file says of itself, and its records, whole."""
    if not file.is_file():
        raise InputError(f"There is no file {file}; give a GeoPackage that Salient wrote.")
    try:
        with _opened(file) as database:
            if not _has_table(database):
                raise InputError(f"{file} is a GeoPackage, but none that Salient wrote; as the map of others it can be given with --base.")
            rows = tuple(_rows(database, file))
    except sqlite3.Error as error:
        raise InputError(f"{file} is damaged and cannot be opened as a project ({str(error)[:80]}); map the reports again.") from error
    about = _about(rows, file)
    if about["format"] > FORMAT:
        maker = str(about.get("made_with", "a newer version"))[:40]
        raise InputError(f"{file} was written by {maker}, which is newer than this version ({__version__}); update Salient.")
    if _digest(rows[1:]) != about.get("sha256"):
        raise InputError(f"{file} is damaged, or its table {TABLE} was changed by hand; map the reports again.")
    return about, rows[1:]


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    """A GeoPackage, to be read only, with nothing of it run: no view, no trigger, no function of its schema."""
    if file.stat().st_size > LARGEST_MB * 1_000_000:
        raise InputError(f"{file} is larger than {LARGEST_MB} MB, which no project of Salient is.")
    with file.open("rb") as stream:
        if not stream.read(16) == b"SQLite format 3\x00":
            raise InputError(f"{file} is no GeoPackage; give one that Salient wrote.")
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        database.execute("PRAGMA trusted_schema = OFF")
        database.execute("PRAGMA cell_size_check = ON")
        steps = iter(range(_MOST_STEPS))
        database.set_progress_handler(lambda: next(steps, None) is None, _STEPS)
        yield database


def _has_table(database: sqlite3.Connection) -> bool:
    """Whether the file has our table, and it is a plain one and as we make it: no view and no column that is worked out."""
    wanted = f"CREATE TABLE {TABLE} (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, "
    wanted += ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS) + ")"
    found = database.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (TABLE,)).fetchall()
    return found == [("table", wanted)]


def _rows(database: sqlite3.Connection, file: Path) -> Iterator[Row]:
    size = 0
    for part, number, value in database.execute(f"SELECT part, number, value FROM {TABLE} ORDER BY fid"):
        if not (isinstance(part, str) and isinstance(number, int) and isinstance(value, str)):
            raise InputError(f"{file} is damaged: a record of its table {TABLE} is no text; map the reports again.")
        size += len(value)
        if size > MOST_BYTES:
            raise InputError(f"{file} holds more than {MOST_BYTES // 1_000_000} MB of records, which no project of Salient does.")
        yield part, number, value


def _about(rows: tuple[Row, ...], file: Path) -> dict[str, Any]:
    try:
        about = json.loads(rows[0][2]) if rows and rows[0][0] == "about" else None
    except (ValueError, RecursionError):
        about = None
    if not isinstance(about, dict) or type(about.get("format")) is not int or not isinstance(about.get("data", {}), dict):
        raise InputError(f"{file} is damaged: its table {TABLE} does not say what it is; map the reports again.")
    return about


def _check_whole(situation: Situation, file: Path) -> None:
    """Refuse reports whose id is not that of their text, and colours that are none: both go on into pages."""
    colours = [actor.colour for actor in situation.actors]
    colours += [str(colour) for colour in situation.zones["colour"]] if "colour" in situation.zones else []
    if any(not _COLOUR.fullmatch(colour) for colour in colours) or any(one.id != document_id(one.text) for one in situation.documents):
        raise InputError(f"{file} is damaged: a colour or the id of a report is not as Salient writes it; map the reports again.")


def _with_its_own_places(situation: Situation, known: Iterable[Feature], file: Path) -> Situation:
    """The situation with the places that only the file knows, or knows by another name: places of its writer's own, or blurred ones."""
    lent, missing = {}, []
    for feature in known:
        here = _found(feature.id, situation.gazetteer)
        if here is None and (feature.kind in _SPOTS or feature.recipe):
            missing.append(feature.name)
        if (here is None and (feature.kind in _SPOTS or feature.recipe)) or (here is not None and here != feature):
            lent[feature.id] = feature
    if not lent:
        return situation
    told = (f"Not in the gazetteer here, and shown as {file.name} has them: {', '.join(missing)}.",) if missing else ()
    return replace(situation, gazetteer=cast("Gazetteer", _Lending(situation.gazetteer, lent)), notes=(*situation.notes, *told))


def _found(name: str, gazetteer: Gazetteer) -> Feature | None:
    try:
        return gazetteer.get(name)
    except UnknownPlace:
        return None


class _Lending:
    """A gazetteer that knows some features more; all else is asked of the other."""

    def __init__(self, gazetteer: Gazetteer, lent: Mapping[str, Feature]) -> None:
        self._gazetteer, self._lent = gazetteer, lent

    def __getattr__(self, name: str) -> Any:
        return getattr(self._gazetteer, name)

    def get(self, feature_id: str) -> Feature:
        """Return the feature of an id."""
        return self._lent.get(feature_id) or self._gazetteer.get(feature_id)

    def shape(self, feature: Feature | str) -> BaseGeometry:
        """Return the shape of a feature; that of one that only the file knows is its point."""
        name = feature if isinstance(feature, str) else feature.id
        known = self._lent.get(name)
        if known is None or _found(name, self._gazetteer) is not None:
            return self._gazetteer.shape(feature)
        if known.recipe:
            raise GeometryError(f"{known.name} ({known.id}) is described by a recipe; geo.where.geometry makes its shape.")
        return Point(known.lon, known.lat)


def _check_places(situation: Situation, file: Path) -> None:
    """Refuse a situation whose shapes cannot be drawn here: a place that the writer had added, or data that were installed."""
    lost = ""
    try:
        for place in situation.places:
            lost = f"{place.feature.name[:60]} ({place.feature.id[:60]})"
            situation.gazetteer.get(place.feature.id)
        for recipe in (*(claim.where for claim in situation.claims), *(phrase.where for phrase in situation.phrases)):
            lost = text(recipe)[:120] if recipe else ""
            situation.geometry(recipe)
    except UnknownPlace as error:
        raise InputError(
            f"{file} names {lost}, which is not known here; install or add what the machine that wrote it had (python -m geo data list), "
            "or map the reports again."
        ) from error


def _data() -> dict[str, str]:
    """The data that shapes are drawn with, and the digest of each."""
    return {source.file: source.sha256 for source in datafiles.sources() if source.file in _SHAPE_DATA}


def _digest(rows: Iterable[Row]) -> str:
    digest = hashlib.sha256()
    for part, number, value in rows:
        digest.update(f"{part}\x00{number}\x00{len(value)}\x00{value}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
