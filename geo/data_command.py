"""The command ``data``: what ships, what is installed, and a user's own places."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from geo.errors import InputError
from geo.terminal import Bar, printable

__all__ = ["data"]


def data(given: argparse.Namespace) -> int:
    """``data list|verify|install|remove|add-place|remove-place``."""
    return _ACTIONS[given.action](given)


def _list(given: argparse.Namespace) -> int:
    from geo import datafiles
    from geo.installed import data_dir, installed

    for source in datafiles.sources():
        _say(f"{source.file}\n    {source.origin}; {source.licence}; {source.date}")
    folder = _into(given) or data_dir()
    held = installed(folder)
    _say(f"installed in {folder}:" if held else f"nothing is installed in {folder}")
    for one in held:
        what = "places of your own" if one.holds == "own" else one.holds
        _say(f"{one.name}\n    {one.rows:,} {what}; {one.origin}; {one.licence}; {one.date}")
        if one.note:
            _say(f"    {one.note}")
    return 0


def _verify(given: argparse.Namespace) -> int:
    from geo import datafiles
    from geo.installed import verify_installed

    verdicts = (*datafiles.verify(), *verify_installed(_into(given)))
    for file, whole, _ in verdicts:
        _say(f"{'ok     ' if whole else 'DAMAGED'} {file}")
    damaged = [(file, message) for file, whole, message in verdicts if not whole]
    if damaged:
        others = f"; so with {', '.join(file for file, _ in damaged[1:])}" if len(damaged) > 1 else ""
        raise InputError(damaged[0][1].rstrip(".") + f"{others}.")
    return 0


def _install(given: argparse.Namespace) -> int:
    from geo.install import install

    if given.sha256 and len(given.names) > 1:
        raise InputError("--sha256 is the hash of one file; install one data set at a time with it.")
    for name in given.names:
        bar = Bar()
        try:
            done = install(name, source=given.source, into=_into(given), sha256=given.sha256, progress=bar)
        finally:
            bar.clear()
        left_out = f" (left out, since they cannot be read: {done.skipped:,})" if done.skipped else ""
        _say(f"{done.name}: {done.rows:,} {done.holds}{left_out}; {done.origin}, {done.licence}")
    return 0


def _remove(given: argparse.Namespace) -> int:
    from geo.install import uninstall

    for name in given.names:
        gone = uninstall(name, into=_into(given))
        _say(f"{gone.name}: removed")
    return 0


def _add_place(given: argparse.Namespace) -> int:
    from geo.own_places import add_places, own_place, read_own_table

    if bool(given.csv) == bool(given.name):
        raise InputError("Give either the name of a place with --at LAT,LON, or a table with --csv FILE.")
    if given.csv:
        if given.at or given.alias or given.note or given.kind or given.country:
            raise InputError("With --csv, everything about a place stands in the table; give no other option.")
        places, wrong = read_own_table(given.csv)
        added = add_places(places, into=_into(given), origin=Path(given.csv).name)
        _say(f"{len(added):,} places added")
        if wrong:
            more = f" (and {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
            for what in wrong[1:20]:
                sys.stderr.write(printable(f"{given.csv}, {what}") + "\n")
            raise InputError(f"{Path(given.csv).name}, {wrong[0].rstrip('.')}{more}; the other {len(added):,} rows were added.")
        return 0
    lat, comma, lon = (given.at or "").partition(",")
    if not comma:
        raise InputError("A place needs its position; give --at LAT,LON in degrees, such as --at 35.93,36.63.")
    place = own_place(given.name, lat, lon, kind=given.kind, country=given.country, aliases=given.alias, note=given.note)
    _say(f"{add_places([place], into=_into(given))[0]}: added")
    return 0


def _remove_place(given: argparse.Namespace) -> int:
    from geo.own_places import remove_place

    for name in given.names:
        for gone in remove_place(name, into=_into(given)):
            _say(f"{gone}: removed")
    return 0


_ACTIONS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "list": _list, "verify": _verify, "install": _install, "remove": _remove, "add-place": _add_place, "remove-place": _remove_place,
}


def _into(given: argparse.Namespace) -> Path | None:
    return Path(given.into).expanduser() if given.into else None


def _say(words: str) -> None:
    sys.stdout.write(printable(words) + "\n")
