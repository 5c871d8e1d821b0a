"""Who reads the claims of a report: the rules that ship, or the rules and a language model that the user names.

A claim reader is any callable with the signature of `geo.claims.read_claims`; one that has notes for the reader of the map gives them
with `notes`. `READERS` names those that there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from geo.claims import read_claims
from geo.reader_endpoint import endpoint
from geo.reader_service import Budget, ServiceReader
from geo.records import Claim, Document, Mention, Phrase, Place

if TYPE_CHECKING:
    from geo.actors import Actors
    from geo.gazetteer import Gazetteer

__all__ = ["READERS", "ClaimReader", "notes_of"]


class ClaimReader(Protocol):
    """Reads the claims of a document, in the order of its sentences."""

    def __call__(
        self, document: Document, *, mentions: Iterable[Mention], places: Iterable[Place], phrases: Iterable[Phrase],
        gazetteer: Gazetteer, actors: Actors,
    ) -> tuple[Claim, ...]:
        """Return the claims."""
        ...


def _rules(**_: object) -> ClaimReader:
    return read_claims


def _service(
    *, url: str, model: str, key_variable: str = "", insecure: bool = False, budget: Budget | None = None,
    tell: Callable[[str], None] | None = None,
) -> ClaimReader:
    return ServiceReader(endpoint(url, model, key_variable=key_variable, insecure=insecure), budget=budget, tell=tell)


READERS: Mapping[str, Callable[..., ClaimReader]] = {"rules": _rules, "service": _service}
"""Name -> factory: "rules" takes nothing; "service" the address, the model, and how far it may go."""


def notes_of(reader: ClaimReader, documents: Iterable[Document]) -> tuple[str, ...]:
    """Return what a reader has to say of its reading of some documents; most have nothing."""
    notes = getattr(reader, "notes", None)
    return tuple(notes(documents)) if notes is not None else ()
