"""What each command of the command line does: one function each, given the parsed options, returning the exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from geo.data_command import data
from geo.diff_command import diff
from geo.errors import InputError, NothingToMap
from geo.evaluate_command import evaluate
from geo.languages import limit
from geo.options import as_kept, chosen_blur, chosen_output, projects
from geo.options import chosen_settings as _settings
from geo.options import day as _day
from geo.options import decisions as _decisions
from geo.options import documents as _documents
from geo.options import earlier_map as _earlier
from geo.options import events as _events
from geo.options import gazetteer as _gazetteer
from geo.options import number as _number
from geo.options import report as _load
from geo.reader_options import chosen_reader, tell_notes
from geo.settings import SETTINGS, Value
from geo.terminal import Bar, printable

if TYPE_CHECKING:
    from geo.earlier import EarlierMap
    from geo.gazetteer import Gazetteer
    from geo.readers import ClaimReader
    from geo.records import Claim, Decision, Document, Feature
    from geo.situation import Reading, Situation

__all__ = ["data", "diff", "evaluate", "geocode", "map", "parse", "read", "settings", "zones"]

# With --near, this many bearers of the name are ordered by their distance.
_NEAREST_OF = 200


def map(given: argparse.Namespace) -> int:
    """``map REPORT... -o OUT``: all reports as one situation, in one file or several."""
    from geo.embed import embed, page_of
    from geo.export import check_target, export

    choices, blur, targets = chosen_output(given), chosen_blur(given), [check_target(out) for out in given.out]
    framed = page_of(targets, given.embed_url) if given.embed or given.embed_url else None
    kept = projects(given)
    before = list(kept.values())
    chosen = _settings(given, before[0].settings if len(before) == 1 else {})
    documents = _documents(given, chosen, kept)
    base = _earlier(given, chosen) or next((one.base for one in before if one.base), None)
    decided = (*(decision for one in before for decision in one.decisions), *_decisions(given))
    with _bar() as bar:
        reader = chosen_reader(given, tell=bar.say)
        situation = blur(as_kept(given, kept) or _situation(
            documents, chosen, bar, base=base, reader=reader, decisions=decided, further=_events(given, chosen)
        ))
        for target in targets:
            bar(len(documents), len(documents), f"writing {target}")
            export(situation, target, choices)
    if framed:
        sys.stdout.write(printable(embed(framed, title=situation.title, address=given.embed_url)) + "\n")
    tell_notes(reader, documents)
    places, claims = len(situation.places), len(situation.claims)
    if sys.stderr.isatty():
        written = ", ".join(str(target) for target in targets)
        sys.stderr.write(f"{written}: {places} places and {claims} claims from {len(documents)} report{'s'[: len(documents) > 1]}.\n")
    return 0


def read(given: argparse.Namespace) -> int:
    """``read REPORT... [--json]``: one line of JSON, or a page of words, per report."""
    from geo.tables import situation_json

    chosen = _settings(given)
    documents = _documents(given, chosen)
    empty, corrected = [], _decisions(given)
    with _bar() as bar:
        reader = chosen_reader(given, tell=bar.say)
        for number, document in enumerate(documents):
            name = document.path or "-"
            bar(number, len(documents), f"reading {name}")
            situation = _situation([document], chosen, None, allow_empty=True, reader=reader, decisions=corrected)
            bar.clear()
            if given.json:
                _print_json(situation_json(situation, name))
            else:
                sys.stdout.write(printable(_in_words(situation)))
            if not situation.places:
                empty.append(name)
    tell_notes(reader, documents)
    if empty:
        names = ", ".join("standard input" if name == "-" else name for name in empty)
        raise NothingToMap(f"No place that the gazetteer knows is named in {names}; give a report that names places.")
    return 0


def parse(given: argparse.Namespace) -> int:
    """``parse [--jsonl] [--gold-spans] [--jobs N] [--resume] [-o OUT] FILE|-``: the toponyms of texts."""
    from geo import parse_command

    parse_command.check(given)
    chosen = _settings(given)
    if given.jsonl:
        return parse_command.parse_stream(given, gazetteer=_gazetteer(chosen), max_mb=_number(chosen, "max_mb"))
    document = _load(given.file, None, chosen["max_mb"])
    return parse_command.parse_one(document, gazetteer=_gazetteer(chosen), out=given.out)


def geocode(given: argparse.Namespace) -> int:
    """``geocode NAME...``: the features that bear a name, the likeliest first."""
    gazetteer = _gazetteer(_settings(given))
    if given.country and (len(given.country) != 2 or not given.country.isalpha()):
        raise InputError(f"--country is {given.country!r}; give a two-letter code such as SY.")
    near = _nearest(given.near, gazetteer) if given.near else None
    if any(not name.strip() for name in given.names):
        raise InputError("A name given to geocode is empty; give a name such as Idlib.")
    unknown = []
    for name in given.names:
        found = _found(name, given, gazetteer, near)
        if not found:
            unknown.append(name)
        for feature, match, away in found:
            row = _feature_row(name, feature, match, away)
            if given.json:
                _print_json(row)
            else:
                sys.stdout.write(_feature_words(row))
    if unknown:
        limits = f" in {given.country.upper()}" if given.country else ""
        raise NothingToMap(f"The gazetteer knows no place named {' or '.join(unknown)}{limits}; try another spelling.")
    return 0


def zones(given: argparse.Namespace) -> int:
    """``zones EVIDENCE.csv --area AREA.geojson -o OUT.gpkg``: evidence points to zones of control."""
    from geo import zones as stage
    from geo.export import check_target, replacing

    target = check_target(given.out, allowed=(".gpkg",))
    tally = check_target(given.numbers, allowed=(".csv",)) if given.numbers else None
    chosen = _settings(given)
    as_of = _day(given.as_of)
    evidence = stage.read_evidence(given.evidence)
    area = stage.read_area(given.area)
    base = _earlier(given, chosen, keep_names=True)
    cell_km, near_km = _number(chosen, "cell_km"), _number(chosen, "near_km")
    held = base.frame() if base else None
    window = _number(chosen, "window") if chosen["window"] else None
    drawn = stage.from_evidence(
        evidence, area=area, base=held, as_of=as_of, cell_km=cell_km, near_km=near_km, window_days=window, gazetteer=_gazetteer(chosen),
        numbers=tally is not None,
    )
    replacing(target, lambda file: stage.write(drawn, file))
    if tally is not None and drawn.numbers is not None:
        table = drawn.numbers
        replacing(tally, lambda file: table.to_csv(file, index=False))
    return 0


def settings(given: argparse.Namespace) -> int:
    """``settings``: every setting, its default, what is allowed and what it does."""
    for setting in SETTINGS:
        default = "unset" if setting.default is None else f"{setting.default} {setting.unit}".strip()
        sys.stdout.write(f"{setting.option:<10} {default:<10} {setting.help}; {setting.allowed()}\n")
    return 0








def _situation(
    documents: list[Document], chosen: dict[str, Value], bar: Bar | None, *, reader: ClaimReader, allow_empty: bool = False,
    base: EarlierMap | None = None, decisions: tuple[Decision, ...] = (), further: tuple[Reading, ...] = (),
) -> Situation:
    from geo import situation

    return situation.read(
        documents, gazetteer=_gazetteer(chosen), decisions=decisions, as_of=_day(str(chosen["as_of"])) if chosen["as_of"] else None,
        settings=chosen, progress=bar, allow_empty=allow_empty, base=base, reader=reader, further=further,
    )



@contextmanager
def _bar() -> Iterator[Bar]:
    bar = Bar()
    try:
        yield bar
    finally:
        bar.clear()


def _print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, allow_nan=False) + "\n")
    sys.stdout.flush()


def _in_words(situation: Situation) -> str:
    """A situation as a page of words: what a reader of the report would want to check."""
    document = situation.documents[0]
    date = document.published.isoformat() if document.published else "undated"
    lines = [f"{situation.title} ({', '.join(part for part in (document.source, date) if part)})", ""]
    lines += [*filter(None, [limit(document.language)]), f"{len(situation.places)} places"]
    for place in situation.places:
        lines.append(f"  {place.feature.name} ({place.feature.kind}, {place.feature.country or '-'}): {place.reason}")
    lines += ["", f"{len(situation.claims)} claims"]
    lines += [f"  {_claim_words(claim, situation)}" for claim in situation.claims]
    if situation.unresolved:
        lines += ["", "not resolved: " + ", ".join(dict.fromkeys(mention.text for mention in situation.unresolved))]
    if situation.notes:
        lines += ["", *situation.notes]
    return "\n".join(lines) + "\n\n"


def _claim_words(claim: Claim, situation: Situation) -> str:
    who = claim.actor.name if claim.actor else "someone"
    whom = f" {claim.target.name}" if claim.target else ""
    said = f" (says {claim.speaker})" if claim.speaker else ""
    quote = " ".join(claim.evidence[0].quote.split())
    act = claim.predicate.replace("_", " ")
    unplaced = next((f", “{' '.join(span.quote.split())}” (not placed)" for span in claim.evidence if span.role == "place"), "")
    where = _where_words(claim.where, situation) if claim.where is not None else unplaced
    return f"[{claim.status}] {who} {act}{whom}{where}{said}: “{quote}”"


def _where_words(where: Any, situation: Situation) -> str:
    from geo.where import words

    return "" if where is None else f", {words(where, situation.gazetteer)}"


def _nearest(name: str, gazetteer: Gazetteer) -> Feature:
    hits = gazetteer.search(name, limit=1)
    if not hits:
        raise InputError(f"The gazetteer knows no place named {name} to look near; try another spelling.")
    return hits[0].feature


def _found(name: str, given: argparse.Namespace, gazetteer: Gazetteer, near: Feature | None) -> list[tuple[Feature, str, float | None]]:
    from shapely import Point

    from geo.projections import distance_km

    country = given.country.upper() if given.country else None
    wanted = max(given.limit, _NEAREST_OF) if near else given.limit
    hits = gazetteer.search(name, country=country, limit=wanted)
    if not hits and (country or near):
        hits = gazetteer.search(name, country=country or (near.country if near else ""), fuzzy=True, limit=wanted)
    if near is None:
        return [(hit.feature, hit.match, None) for hit in hits[: given.limit]]
    here = Point(near.lon, near.lat)
    rows = [(hit.feature, str(hit.match), distance_km(here, Point(hit.feature.lon, hit.feature.lat))) for hit in hits]
    return [*sorted(rows, key=lambda row: row[2])[: given.limit]]


def _feature_row(name: str, feature: Feature, match: str, away: float | None) -> dict[str, Any]:
    row = {
        "query": name, "id": feature.id, "name": feature.name, "kind": feature.kind, "country": feature.country, "admin1": feature.admin1,
        "lat": round(feature.lat, 5), "lon": round(feature.lon, 5), "population": feature.population, "match": match,
    }
    return row if away is None else row | {"km": round(away, 1)}


def _feature_words(row: dict[str, Any]) -> str:
    away = f"  {row['km']:g} km away" if "km" in row else ""
    people = f"  {row['population']:,} people" if row["population"] else ""
    where = f"{row['lat']:9.4f} {row['lon']:10.4f}"
    return f"{row['name']:<28} {row['country'] or '--':<3} {row['kind']:<10} {where}  {row['id']}{people}{away}\n"
