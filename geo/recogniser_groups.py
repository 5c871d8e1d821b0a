"""Armed groups that no table knows, by the form of their names, and the acronyms that a report gives for its parties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from geo import actors
from geo.actors import DESCRIBING, Actors
from geo.demonyms import demonym_pattern
from geo.groups import Group, acronyms, commander, groups_in, is_group, owner_of
from geo.names import fold
from geo.records import Document, Mention

if TYPE_CHECKING:
    from geo.gazetteer import Gazetteer

__all__ = ["group_recogniser"]

_MEN_OF = frozenset("armed army security government authorities troops soldiers forces air navy".split())
_BRACKET = re.compile(r"(?<=\w)(?=\s\((?:the\s+)?[A-Z][\w-]*\))")


def group_recogniser(gazetteer: Gazetteer) -> Callable[[Document], Iterable[Mention]]:
    """Return a recogniser of groups by their form ("Volta Liberation Army") and of acronyms that the report itself explains."""
    known = actors.shipped()

    def recognise(document: Document) -> Iterator[Mention]:
        text = document.reading
        found = _owned([group for group in groups_in(text) if _is_new(group, text, known, gazetteer)])
        parties = [*found, *_parties(text, known)]
        for group in (*found, *acronyms(text, parties)):
            yield Mention(
                document_id=document.id, start=group.start, end=group.end, text=document.text[group.start : group.end], kind="actor",
                recogniser="groups", name=group.name,
            )

    return recognise


def _is_new(group: Group, text: str, known: Actors, gazetteer: Gazetteer) -> bool:
    """Whether a name is that of a group which the table does not list, and neither a place's people nor what people are like."""
    words = text[group.start : group.end]
    actor = known.named(words)
    if " of " in words and words.split()[0].lower() in _MEN_OF:  # "the armed forces of Azerbaijan": a known party or none
        return actor is not None and actor.kind in ("state", "armed_group", "alliance") and not is_group(words)
    if actor is not None and actor.kind not in ("generic", "people"):
        return False
    if leader := commander(group.name):
        return known.named(leader) is None and not _is_place(leader, gazetteer)
    if words.split()[-1].islower():  # "Raia Mutomboki fighters"
        first = words.rsplit(" ", 1)[0]
        opens = re.search(r"(?:^|[.!?\n\"“])\s*$", text[: group.start]) is not None and " " not in first
        plain = all(fold(word) in DESCRIBING or demonym_pattern().fullmatch(word) for word in first.split())
        return not opens and not plain and not _is_place(first, gazetteer) and known.named(first) is None
    return True


def _owned(groups: list[Group]) -> list[Group]:
    """Numbered units with whose they are, where the report says so anywhere."""
    whose = {owner_of(group.name)[1]: group.name for group in groups if owner_of(group.name)[0]}
    return [replace(group, name=whose.get(group.name, group.name)) for group in groups]


def _parties(text: str, known: Actors) -> Iterator[Group]:
    """The parties of the table that are named before a bracket, where a report explains its acronyms."""
    for bracket in _BRACKET.finditer(text):
        words = re.findall(r"[\w'’-]+(?=\s)", text[max(0, bracket.start() - 80) : bracket.start() + 1])[-7:]
        for first, word in enumerate(words):
            name = " ".join(words[first:])
            actor = known.named(name) if word[:1].isupper() and word != "The" else None
            if actor is not None and actor.kind not in ("generic", "people", "person") and text.endswith(name, 0, bracket.start()):
                yield Group(start=bracket.start() - len(name), end=bracket.start(), name=name)
                break


def _is_place(name: str, gazetteer: Gazetteer) -> bool:
    info = gazetteer.known([fold(name)]).get(fold(name))
    return info is not None and bool(info.kinds)
