"""What the options --reader-... of the command line stand for: a claim reader, or none."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.terminal import printable

if TYPE_CHECKING:
    from geo.readers import ClaimReader
    from geo.records import Document

__all__ = ["chosen_reader", "tell_notes"]


def chosen_reader(given: argparse.Namespace, *, tell: Callable[[str], None] | None = None) -> ClaimReader:
    """Return the reader that the options name, by default the rules; `tell` hears what it does.

    Raises
    ------
    InputError
        An option is of a reader that no --reader-url names, or the reader cannot be asked.
    """
    from geo.reader_service import Budget
    from geo.readers import READERS

    others = (given.reader_model, given.reader_key_env, given.reader_insecure, given.reader_seconds)
    if not given.reader_url:
        if any(others):
            raise InputError("The options --reader-... are of a reader that the rules are joined by; name its address with --reader-url.")
        return READERS["rules"]()
    if not given.reader_model:
        raise InputError("--reader-url needs --reader-model with the name of a model that the service has.")
    budget = Budget(seconds=float(given.reader_seconds)) if given.reader_seconds else Budget()
    return READERS["service"](
        url=given.reader_url, model=given.reader_model, key_variable=given.reader_key_env, insecure=given.reader_insecure, budget=budget,
        tell=tell,
    )


def tell_notes(reader: ClaimReader, documents: Sequence[Document]) -> None:
    """Say on standard error what came of a reader: what was dropped and what went wrong."""
    from geo.readers import notes_of

    sys.stderr.writelines(f"{printable(note)}\n" for note in notes_of(reader, documents))
