"""How a user adds depth: fetch, check, build beside, swap in.

Whatever goes wrong before the swap leaves what was installed before. A download that was cut off stays in the folder `downloads` and is
completed by the next run.
"""

from __future__ import annotations

from pathlib import Path

from geo.download import Progress
from geo.errors import DataError, InputError
from geo.installed import Installed, data_dir, locked, remove, swap_in
from geo.linking import link
from geo.offers import NAMES, OFFERS
from geo.supply import Supply

__all__ = ["install", "uninstall"]


def install(name: str, *, source: str = "", into: Path | None = None, sha256: str = "", progress: Progress | None = None) -> Installed:
    """Install or replace a data set and return its description.

    Parameters
    ----------
    name
        A name of `geo.offers.NAMES`, such as "geonames:SY".
    source
        Where it is taken from instead of its publisher: an address, a file, or a folder that holds the publisher's files.
    into
        The folder of what is installed; `geo.installed.data_dir` unless given.
    sha256
        The published SHA-256 of the file, if there is one.
    progress
        Called with (done, in all, words).

    Raises
    ------
    InputError
        The name is unknown, the source does not exist, or another run is installing.
    DataError
        What came is damaged, is something else, or cannot be written.

    Examples
    --------
    >>> install("geonames:SY", source="SY.zip")  # doctest: +SKIP
    """
    family, _, what = name.partition(":")
    steps = OFFERS.get(family)
    if steps is None:
        raise InputError(f"{name!r} is no data set; choose among {NAMES}.")
    folder = (data_dir() if into is None else into).absolute()
    with locked(folder) as making:
        supply = Supply(name=name, source=source, sha256=sha256, folder=folder, making=making, progress=progress)
        try:
            made, described = steps(supply, what)
        except DataError:
            supply.clean()  # what cannot be used is fetched anew the next time
            raise
        done = swap_in(made, described, folder)
        link(folder)
        supply.clean()
    return done


def uninstall(name: str, *, into: Path | None = None) -> Installed:
    """Take a data set out whole and return what it was.

    Raises
    ------
    InputError
        It is not installed.
    """
    folder = (data_dir() if into is None else into).absolute()
    if not folder.is_dir():
        raise InputError(f"{name!r} is not installed: there is no folder {folder}.")
    with locked(folder):
        gone = remove(name, folder)
        link(folder)
    return gone
