"""Which commands and options the command line has. Loads nothing heavy, so that help comes at once."""

from __future__ import annotations

import argparse
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

The suffix decides the format: .html a page, .gpkg for QGIS, .geojson, .json, .csv for a spreadsheet."""

_READ = """examples:
  python -m geo read report.txt
  python -m geo read reports/*.txt --json > readings.jsonl

With --json, one line per report in the order given: mentions, places, claims, zones, phrases and what was not resolved."""

_PARSE = """examples:
  python -m geo parse report.txt
  python -m geo parse --jsonl corpus.jsonl > toponyms.jsonl
  python -m geo parse --jsonl --gold-spans < spans.jsonl

With --jsonl, each line in is {"id", "text", "date"?, "title"?}, each line out {"id", "toponyms": [...]}; --gold-spans resolves the
spans {"start", "end"} listed under "toponyms" of each line in, and looks for no others."""

_GEOCODE = """examples:
  python -m geo geocode Idlib
  python -m geo geocode "San José" --country CR --limit 3
  python -m geo geocode Tripoli Sidon --near Beirut --json"""

_ZONES = """example:
  python -m geo zones evidence.csv --area area.geojson --as-of 2022-11-20 -o zones.gpkg

EVIDENCE.csv has the columns name, lat, lon, actor, status (control or contested), date, confidence. The file written has the layers
zones (actor, status, confidence, km2), front_lines and uncertain."""

_DATA = """examples:
  python -m geo data list     what ships with Salient, where it is from, its licence
  python -m geo data verify   whether every file is as published"""


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
    _data(commands)
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


def _reports(command: _Parser) -> None:
    command.add_argument("reports", nargs="+", metavar="REPORT", help="a .txt, .md, .html, .docx or .pdf file, or - for standard input")
    command.add_argument("--encoding", metavar="NAME", help="encoding of plain-text reports (default: UTF-8)")
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
    command.add_argument("-o", "--out", required=True, metavar="OUT", help="file to write: .html, .gpkg, .geojson, .json or .csv")


def _read(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "read", "Say what reports say: places, claims, areas.", _READ)
    _reports(command)
    command.add_argument("--json", action="store_true", help="print JSON lines instead of words")


def _parse(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "parse", "Find and resolve the place names of texts.", _PARSE)
    command.add_argument("file", nargs="?", default="-", metavar="FILE", help="a report, or JSON lines with --jsonl; - is standard input")
    command.add_argument("--jsonl", action="store_true", help="many texts: JSON lines in, JSON lines out")
    command.add_argument("--gold-spans", action="store_true", help="resolve the spans that each line gives, with --jsonl")
    _options(command, "view")


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
    command.add_argument("--base", metavar="BASE.geojson", help="known zones of an earlier day (property actor)")
    command.add_argument("--as-of", required=True, metavar="DATE", help="the day to draw, such as 2022-11-20")
    command.add_argument("-o", "--out", required=True, metavar="OUT.gpkg", help="the GeoPackage to write")
    _options(command, "cell_km", "near_km")


def _data(commands: _Commands[_Parser]) -> None:
    command = _command(commands, "data", "List or verify the data that ship with Salient.", _DATA)
    command.add_argument("action", choices=("list", "verify"), help="what to do")


def _settings(commands: _Commands[_Parser]) -> None:
    _command(commands, "settings", "List every setting with its default.", "example:\n  python -m geo settings")


def _count(words: str) -> int:
    if not words.isdigit() or not 1 <= int(words) <= 1000:
        raise argparse.ArgumentTypeError(f"{words!r} is not a number from 1 to 1000")
    return int(words)
