"""Which commands and options the command line has. Loads nothing heavy, so that help comes at once."""

from __future__ import annotations

import argparse
import re
import sys
from typing import NoReturn

from geo import __version__
from geo.settings import SETTINGS
from geo.terminal import printable

__all__ = ["parser"]

_TOP = """examples:
  python -m geo map report.txt -o map.html            a map that opens in any browser, offline
  python -m geo map monday.md tuesday.pdf -o war.gpkg one situation from several reports, for QGIS
  python -m geo read report.txt --json                everything that was read, as JSON
  python -m geo geocode Tripoli --near Beirut         which Tripoli?
  cat report.txt | python -m geo map - -o map.html    from standard input

exit codes: 0 done, 1 a fault of Salient, 2 something given cannot be used"""

_MAP = """examples:
  python -m geo map report.txt -o map.html
  python -m geo map a.txt b.docx -o situation.gpkg --view neutral --as-of 2020-03-05
  python -m geo map situation.gpkg -o map.pptx        what was kept in a .gpkg, without reading anything anew

The suffix decides the format: .html a page, .gpkg for QGIS, .geojson, .json, .csv for a spreadsheet."""

_READ = """examples:
  python -m geo read report.txt
  python -m geo read reports/*.txt --json > readings.jsonl

With --json, one line per report in the order given: mentions, places, claims, zones, phrases and what was not resolved."""

_PARSE = """examples:
  python -m geo parse report.txt
  python -m geo parse --jsonl corpus.jsonl > toponyms.jsonl
  python -m geo parse --jsonl corpus.jsonl -o toponyms.jsonl --resume     go on where a run was stopped
  tail -f wire.jsonl | python -m geo parse --jsonl                        each line is answered as it comes
  python -m geo parse --jsonl --gold-spans < spans.jsonl

With --jsonl, each line in is {"id", "text", "date"?, "title"?}, each line out {"id", "toponyms": [...]}, in the order of the input;
--gold-spans resolves the spans {"start", "end"} listed under "toponyms" of each line in, and looks for no others. A line that cannot be
used is reported with its number on standard error, and the others are done.

exit codes: 0 every line done; 2 some lines could not be used, the others are done; 1 Salient failed on a text, the others are done, or a
process was lost, what is done is kept; 130 stopped with Ctrl-C, what is done is kept"""

_GEOCODE = """examples:
  python -m geo geocode Idlib
  python -m geo geocode "San José" --country CR --limit 3
  python -m geo geocode Tripoli Sidon --near Beirut --json"""

_ZONES = """example:
  python -m geo zones evidence.csv --area area.geojson --as-of 2022-11-20 -o zones.gpkg

EVIDENCE.csv has the columns name, lat, lon, actor, status (control or contested), date, confidence. The file written has the layers
zones (actor, status, confidence, km2), front_lines, uncertain and settlements
(with --numbers also the table numbers)."""

_DIFF = """examples:
  python -m geo diff monday.gpkg tuesday.gpkg -o changes.html          what map wrote of two days
  python -m geo diff reports/*.md --from 2020-02-01 --to 2020-03-05 -o changes.html -o changes.csv
  python -m geo diff reports/*.md --by source                          what two publishers say differently
  python -m geo diff theirs-april.kml theirs-may.kml --actor-column holder -o changes.gpkg

BEFORE and AFTER are each a report, a folder of reports, a map that Salient wrote (.gpkg, .geojson), or the map of any publisher (GeoJSON,
KML, KMZ, GeoPackage, shapefile). Without -o the changes are told in words. The suffix decides the format: .html, .gpkg, .csv, .json."""

_DATA = """examples:
  python -m geo data list                                    what ships and what is installed, where it is from, its licence
  python -m geo data verify                                  whether every file is as published, or as installed
  python -m geo data install geonames:SY boundaries:SYR/ADM2 more places, more areas
  python -m geo data install geonames:SY --from SY.zip       from a copy, without a network
  python -m geo data remove geonames:SY
  python -m geo data add-place "Camp Nine" --at 35.93,36.63 --kind base --alias "Camp 9" --note "our reporter, May 2024"
  python -m geo data add-place --csv places.csv              columns name, lat, lon, and kind, country, aliases (by |), note
  python -m geo data remove-place "Camp Nine"

NAME is geonames:SY (any ISO code of two letters, or allCountries), boundaries:SYR/ADM2 (ADM1 to ADM5), roads:SYR,
naturalearth:10m_roads, or events (your own file of ACLED or the UCDP GED, with --from). What is installed lies in the folder that
SALIENT_DATA names, or where this system keeps a user's data."""


_EVALUATE = """examples:
  python -m geo evaluate gold.jsonl
  python -m geo evaluate gold.jsonl --html errors.html --json figures.json
  python -m geo evaluate news.jsonl blogs.jsonl --pred found.jsonl --neutral demonym,nocoord
  python -m geo evaluate war.jsonl --neutral associative --area --literal
  python -m geo evaluate --claims tests/gold/claims/dev_a.jsonl tests/gold/claims/dev_b.jsonl --html errors.html

Each line of GOLD is {"id", "text", "toponyms": [{"start", "end", "lat", "lon", "country"?, "kind"?, "class"?, "demonym"?,
"radius_km"?}]}; start and end count characters, lat and lon are null where the place is not known, class is literal or associative.
--pred takes what parse --jsonl writes, from any geoparser. With --claims, GOLD is what
reports claim, as geo/gold_claims.py describes it."""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with the options in one sentence."""

    def error(self, message: str) -> NoReturn:
        print(printable(f"{message[:1].upper()}{message[1:].rstrip('.')}; see {self.prog} --help."), file=sys.stderr)  # noqa: T201
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line; the command is in `run`, the name of a function of `geo.commands`.

    Examples
    --------
    >>> parser().parse_args(["geocode", "Idlib"]).names
    ['Idlib']
    """
    top = _new("python -m geo", "Salient turns reports into sourced conflict maps, offline.", _TOP)
    top.add_argument("--version", action="version", version=f"Salient {__version__}")
    top.add_argument("--debug", action="store_true", default=False, help=argparse.SUPPRESS)
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=_Parser)
    _map(commands)
    _read(commands)
    _parse(commands)
    _geocode(commands)
    _zones(commands)
    _diff(commands)
    _data(commands)
    _evaluate(commands)
    _settings(commands)
    return top


_Commands = argparse._SubParsersAction


def _new(name: str, description: str, examples: str) -> _Parser:
    return _Parser(
        prog=name, description=description, epilog=examples, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )


def _command(commands: _Commands[_Parser], name: str, description: str, examples: str) -> _Parser:
    made = commands.add_parser(
        name, help=description[:1].lower() + description[1:].rstrip("."), description=description, epilog=examples,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )
    made.set_defaults(run=name)
    made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show what happens inside, and tracebacks")
    return made


_REPORT = "a .txt, .md, .html, .docx or .pdf file, a folder, a .zip, a .csv of reports, a feed, an address, or - for standard input"


def _reports(command: _Parser) -> None:
    command.add_argument("reports", nargs="+", metavar="REPORT", help=_REPORT)
    command.add_argument("--encoding", metavar="NAME", help="encoding of plain-text reports (default: UTF-8)")
    command.add_argument("--decisions", action="append", default=[], metavar="FILE.yaml", help="a desk's corrections; may be given again")
    _options(command)


def _options(command: _Parser, *names: str) -> None:
    for setting in SETTINGS:
        if not names or setting.name in names:
            default = "" if setting.default is None else f" (default: {setting.default})"
            words = f"{setting.help}; {setting.allowed()}{default}"
            command.add_argument(setting.option, dest=setting.name, metavar=setting.unit.upper() or "VALUE", help=words)


def _map(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "map", "Read reports and write a map or a data file.", _MAP)
    _reports(command)
    command.add_argument("-o", "--out", required=True, action="append", metavar="OUT", help=_FORMATS)
    _output(command)
    _base(command)
    _reader(command)


_FORMATS = "file to write: a page (.html), picture (.png, .svg, .pdf), slides (.pptx) or data (.gpkg, .kml, .csv ...); may be given again"


def _output(command: _Parser) -> None:
    """The options for the look of what is written."""
    group = command.add_argument_group("how the map looks")
    group.add_argument("--preset", default="control", metavar="NAME", help="locator, control (default), dots, humanitarian or military")
    group.add_argument("--size", default="article", metavar="NAME", help="of pictures: article, social, slide, a4 or a3 (default: article)")
    group.add_argument("--dpi", type=int, default=0, metavar="N", help="pixels to the inch of a .png (default: as fits the size)")
    group.add_argument("--names", default="en", metavar="WHICH", help="names in English (en), as the place writes them (local), or both")
    group.add_argument("--language", default="en", metavar="CODE", help="of what a web page says of its own: en, fr, es or ar")
    group.add_argument("--basemap", default="offline", metavar="NAME", help="offline, none, or tiles of xyzservices for a .html")
    group.add_argument("--embed", action="store_true", help=".html: print the frame to paste, and write oEmbed beside the page")
    group.add_argument("--embed-url", default="", metavar="URL", help="the address that the page will have, for --embed")
    group.add_argument("--steps", default="", metavar="WHAT", help=".pptx: one slide more for each of the layers or dates")
    group.add_argument("--template", default="", metavar="DECK.pptx", help=".pptx: take the layout of this presentation")
    group.add_argument("--blur", default="", metavar="HOW", help="no place finer than this: district, or km such as 5km; in every file")
    group.add_argument("--own", action="append", default=[], metavar="ACTOR", help="--preset military: a party on whose side you stand")


def _base(command: _Parser) -> None:
    """The options for an earlier map, which the reports bring up to date."""
    group = command.add_argument_group("an earlier map, which the reports bring up to date")
    group.add_argument("--base", metavar="FILE", help="GeoJSON, KML, KMZ, GeoPackage or shapefile (zipped): areas and who held them")
    group.add_argument("--actor-column", default="", metavar="NAME", help="its column that says who held an area (else: actor, or alike)")
    group.add_argument("--actor-map", metavar="CSV", help="columns value, actor: what the file writes, and whom it means (contested, none)")
    group.add_argument("--base-layer", default="", metavar="NAME", help="its layer, in a GeoPackage of several")
    group.add_argument("--base-date", metavar="DATE", help="the day that it shows; older reports do not change it")
    group.add_argument("--base-credit", default="", metavar="WORDS", help="who published it, under which licence; shown on the map")


def _reader(command: _Parser) -> None:
    """The options for a language model that reads claims besides the rules."""
    group = command.add_argument_group(
        "a language model that reads claims besides the rules",
        "Off unless you name its address. The text of the reports is sent there: unless the address is on this machine, it leaves the "
        "machine. Nothing that the model says is drawn unless the report bears it out.",
    )
    group.add_argument("--reader-url", default="", metavar="URL", help="an OpenAI-compatible service, such as http://localhost:11434/v1")
    group.add_argument("--reader-model", default="", metavar="NAME", help="the model to ask there")
    group.add_argument("--reader-key-env", default="", metavar="NAME", help="the environment variable that holds the key, if it wants one")
    group.add_argument("--reader-seconds", type=_count, metavar="N", help="how long it is waited for, in all (default: 300)")
    group.add_argument("--reader-insecure", action="store_true", help="send the text to another machine over http, in the clear")


def _read(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "read", "Say what reports say: places, claims, areas.", _READ)
    _reports(command)
    _reader(command)
    command.add_argument("--json", action="store_true", help="print JSON lines instead of words")


def _parse(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "parse", "Find and resolve the place names of texts.", _PARSE)
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a report, or JSON lines with --jsonl; - is standard input")
    command.add_argument("--jsonl", action="store_true", help="many texts: JSON lines in, JSON lines out")
    command.add_argument("--gold-spans", action="store_true", help="resolve the spans that each line gives, with --jsonl")
    command.add_argument("--jobs", type=_count, metavar="N", help="processes, with --jsonl (default: the processors here, at most 8)")
    command.add_argument("--resume", action="store_true", help="keep what OUT holds of an earlier run and go on, with --jsonl and -o")
    command.add_argument("-o", "--out", metavar="OUT", help="file to write (default: standard output)")
    _options(command, "view", "max_mb")


def _geocode(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "geocode", "Look up places by name in the offline gazetteer.", _GEOCODE)
    command.add_argument("names", nargs="+", metavar="NAME", help="a name in any of its spellings")
    command.add_argument("--country", metavar="CC", help="two-letter code of the country, such as SY")
    command.add_argument("--near", metavar="PLACE", help="put places near this one first")
    command.add_argument("--limit", type=_count, default=5, metavar="N", help="how many to list for each name (default: 5)")
    command.add_argument("--json", action="store_true", help="print JSON lines instead of a table")
    _options(command, "view")


def _zones(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "zones", "Draw who controls what from a table of evidence points.", _ZONES)
    command.add_argument("evidence", metavar="EVIDENCE.csv", help="the points")
    command.add_argument("--area", required=True, metavar="AREA.geojson", help="the area to divide")
    _base(command)
    command.add_argument("--as-of", required=True, metavar="DATE", help="the day to draw, such as 2022-11-20")
    command.add_argument("-o", "--out", required=True, metavar="OUT.gpkg", help="the GeoPackage to write")
    command.add_argument("--numbers", metavar="OUT.csv", help="also write km2, roads, settlements and population by actor and district")
    _options(command, "cell_km", "near_km", "window")


def _diff(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "diff", "Say what changed between two days, or what two sources say differently.", _DIFF)
    command.add_argument("sides", nargs="+", metavar="FILE", help="BEFORE and AFTER; or all reports, with --from and --to or --by source")
    command.add_argument("-o", "--out", action="append", metavar="OUT", help="file to write: .html, .gpkg, .csv, .json; may be given again")
    command.add_argument("--from", dest="first", metavar="DATE", help="compare what the reports say as of this day")
    command.add_argument("--to", dest="last", metavar="DATE", help="with what they say as of this one")
    command.add_argument("--by", choices=("source",), help="compare what the publishers of the reports say")
    command.add_argument("--source", action="append", metavar="NAME", help="a publisher to compare, where the reports have more than two")
    command.add_argument("--area", metavar="AREA.geojson", help="compare only inside this area")
    group = command.add_argument_group("maps of other publishers (give an option twice where the two sides differ)")
    group.add_argument("--actor-column", action="append", metavar="NAME", help="the column that says who holds an area")
    group.add_argument("--base-credit", action="append", metavar="WORDS", help="who published the map, under which licence")
    group.add_argument("--actor-map", metavar="CSV", help="columns value, actor: what such maps write, and whom it means")
    group.add_argument("--base-layer", default="", metavar="NAME", help="layer of a GeoPackage of several")
    command.add_argument("--encoding", metavar="NAME", help="encoding of plain-text reports (default: UTF-8)")
    _options(command)


def _data(commands: _Commands[_Parser]) -> None:
    data = _command(commands, "data", "List, verify, install or remove data, and add places of your own.", _DATA)
    actions = data.add_subparsers(title="actions", metavar="ACTION", required=True, parser_class=_Parser, dest="action")
    _action(actions, "list", "What ships with Salient and what is installed.")
    _action(actions, "verify", "Whether every file is as published, or as installed.")
    command = _action(actions, "install", "Fetch, check and install data sets.")
    command.add_argument("names", nargs="+", metavar="NAME", help="such as geonames:SY; see data --help")
    command.add_argument("--from", dest="source", default="", metavar="PATH_OR_URL", help="a copy: a file, a folder, or an address")
    command.add_argument("--sha256", default="", metavar="HEX", help="the published SHA-256 of the file, to check it against")
    command = _action(actions, "remove", "Take installed data sets out whole.")
    command.add_argument("names", nargs="+", metavar="NAME", help="as data list names it")
    command = _action(actions, "add-place", "Add a place of your own, or a table of them.")
    command.add_argument("name", nargs="?", default="", metavar="NAME", help="the name as reports write it")
    command.add_argument("--at", metavar="LAT,LON", help="where it is, in degrees, such as 35.93,36.63")
    command._negative_number_matcher = re.compile(r"-\d")  # so that "--at -1.68,29.22" is a position, not an option
    command.add_argument("--kind", default="", help="populated (default), base, other, admin, region or water")
    command.add_argument("--country", default="", metavar="CC", help="two-letter code (default: by position)")
    command.add_argument("--alias", action="append", default=[], metavar="NAME", help="another name; may be given again")
    command.add_argument("--note", default="", metavar="WORDS", help="what a reader should know; shown with the place")
    command.add_argument("--csv", metavar="FILE", help="a table with the columns name, lat, lon, and kind, country, aliases, note")
    command = _action(actions, "remove-place", "Take out places of your own.")
    command.add_argument("names", nargs="+", metavar="NAME", help="a name, or an id such as own:camp-nine")


def _action(actions: _Commands[_Parser], name: str, description: str) -> _Parser:
    """One action of the command data."""
    made = actions.add_parser(name, help=description[:1].lower() + description[1:].rstrip("."), description=description, allow_abbrev=False)
    made.add_argument("--into", default="", metavar="DIR", help="the folder of what is installed (default: SALIENT_DATA, or as usual here)")
    made.add_argument("--debug", action="store_true", default=argparse.SUPPRESS, help="show what happens inside, and tracebacks")
    return made


def _evaluate(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "evaluate", "Measure the geoparser, or the reading of claims, on annotated texts.", _EVALUATE)
    command.add_argument("gold", nargs="+", metavar="GOLD.jsonl", help="annotated texts, JSON lines (.gz too)")
    command.add_argument("--claims", action="store_true", help="GOLD gives the claims of its texts: score who does what where, not places")
    command.add_argument("--corpora", metavar="FOLDER", help="with --claims: where the texts stand that GOLD names and does not give")
    command.add_argument("--pred", metavar="PRED.jsonl", help="score these toponyms instead of parsing the texts")
    command.add_argument("--neutral", default="", metavar="WORDS", help="keep out, by commas: demonym, nocoord, associative, m3, big")
    command.add_argument("--area", action="store_true", help="anywhere within the radius_km of a gold name is right")
    command.add_argument("--literal", action="store_true", help="keep only the names found that mean the place itself")
    command.add_argument("--gold-spans", action="store_true", help="resolve the names of gold instead of looking for names")
    command.add_argument("--ci", type=_resamples, default=1000, metavar="N", help="resamples for intervals (default: 1000; 0: none)")
    command.add_argument("--html", metavar="OUT.html", help="write the figures and the worst errors as a page, each on a small map")
    command.add_argument("--json", metavar="OUT.json", help="write all figures as JSON")


def _settings(commands: _Commands[_Parser]) -> None:
    _command(commands, "settings", "List every setting with its default.", "example:\n  python -m geo settings")


def _resamples(words: str) -> int:
    if not words.isdigit() or int(words) > 100_000:
        raise argparse.ArgumentTypeError(f"{words!r} is not a number from 0 to 100000")
    return int(words)


def _count(words: str) -> int:
    if not words.isdigit() or not 1 <= int(words) <= 1000:
        raise argparse.ArgumentTypeError(f"{words!r} is not a number from 1 to 1000")
    return int(words)
