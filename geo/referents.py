"""Whom a common noun means in its report: "the rebels", "government troops", "the group" and "the Front" are a party named before.

A noun is resolved inside one report only, and only where one party fits; the reason in words says that it is inferred.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from geo.actors import Actors
from geo.clauses import Unit
from geo.names import fold
from geo.records import Actor, Document, Sentence

__all__ = ["referent", "with_referents"]

# What each noun can mean, by kind of party: general knowledge of English reports.
_REBELS: Final = frozenset("rebel rebels insurgent insurgents guerrilla guerrillas separatist separatists secessionists opposition".split())
_FIGHTERS: Final = frozenset(
    "militant militants fighter fighters gunman gunmen jihadist jihadists islamists extremists terrorists attackers assailants militia "
    "militias militiamen paramilitary paramilitaries vigilantes men raiders".split()
)
_BODIES: Final = frozenset("group movement organisation organization faction outfit cartel gang network".split())
_STATE: Final = frozenset("army military government regime junta authorities police navy gendarmerie loyalists".split())
_MEN: Final = frozenset("troops soldiers forces units commanders servicemen conscripts fighters".split())
_OFFICIAL: Final = frozenset("government regime security federal state army national loyalist armed police junta".split())
_ALLIANCES: Final = frozenset("coalition alliance bloc".split())
_PEACE: Final = frozenset("peacekeepers peacekeeper mission observers monitors".split())
_LOOSE: Final = _FIGHTERS | _BODIES | _ALLIANCES | _PEACE | _MEN  # one of them only with an article
_NAMES: Final = frozenset(
    "front army movement brigade brigades battalion division council alliance coalition force forces corps legion".split()
)
_OTHERS: Final = frozenset("a an its their his her our my your some many several no".split())  # what they stand before is not named yet
_GROUPS: Final = frozenset({"armed_group", "group"})
_BARE = "noun"
_BARE_NOUN = re.compile(
    rf"\b[Tt]he (?P<noun>{'|'.join(sorted(_BODIES | {name.capitalize() for name in _NAMES}))})\b(?! of\b| [A-Z]|-)"
)
_OWNERS = _GROUPS | {"state", "state_force", "alliance", "person"}
_OWN_MEN = re.compile(
    r"\b(?:its|their|his|her) (?:own )?(?:troops|forces|fighters|soldiers|units|army|air force|navy|commandos|marines|militants|gunmen|"
    r"artillery)\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[\w'’-]+")


def referent(
    words: str, before: Sequence[Actor], *, actors: Actors, countries: Sequence[str] = (), on: dt.date | None = None,
) -> tuple[Actor | None, str]:
    """Return the party that a common noun means, and why in words; None where none, or more than one, fits.

    Parameters
    ----------
    words
        The noun with its article: "the rebels", "government troops", "the Front".
    before
        The parties named before it in the report, the latest last, as often as they are named.
    countries
        ISO 3166-1 alpha-2 codes of the report's countries, the most likely first.
    on
        The day of the report.

    Examples
    --------
    >>> from geo.actors import shipped
    >>> adf = shipped().get("adf")
    >>> referent("the rebels", [adf], actors=shipped(), countries=["CD"])[1]
    '“the rebels” is taken for Allied Democratic Forces, the only such party that the report names before'
    """
    parts = _WORDS.findall(words)
    article = parts[0].lower() if parts and parts[0].lower() in ("the", *_OTHERS) else ""
    parts = parts[1:] if article else parts
    if not parts or article in _OTHERS:
        return None, ""
    noun, described = parts[-1].lower(), [part.lower() for part in parts[:-1]]
    if any(part[:1].isupper() for part in parts[1:]) or (parts[0][:1].isupper() and article):
        return _by_name(parts, before, words)
    if noun in _LOOSE and not article and not (noun in _MEN and set(described) & _OFFICIAL):
        return None, ""
    named = list(dict.fromkeys(before))
    fitting = [actor for actor in named if _fits(actor, noun, described, actors, countries, on)]
    if not fitting and noun in _REBELS:
        fitting = [actor for actor in named if actor.kind in _GROUPS]
    if noun in _BODIES and fitting:
        latest = max(fitting, key=lambda actor: len(before) - 1 - list(reversed(before)).index(actor))
        return latest, _reason(words, latest, "the last" if len(fitting) > 1 else "the only")
    if len(fitting) > 1:
        fitting = [actor for actor in fitting if _is_called(actor, noun, actors)] or fitting
    return (fitting[0], _reason(words, fitting[0], "the only")) if len(fitting) == 1 else (None, "")


def with_referents(
    document: Document, by_sentence: Sequence[tuple[Sentence, tuple[Unit, ...]]], *, actors: Actors, countries: Sequence[str] = (),
) -> tuple[tuple[tuple[Sentence, tuple[Unit, ...]], ...], Mapping[int, str]]:
    """Return the sentences with their common nouns resolved, and the reason for each by where its unit begins.

    What the table of parties says of a noun in a country ("the rebels" of Congo) stays only where the report names no fitting party; it
    is inferred too.
    """
    before: list[Actor] = []
    notes: dict[int, str] = {}
    found = []
    for sentence, units in by_sentence:
        resolved = []
        owned = _owned(document, sentence, units, actors)
        notes |= {unit.start: f"“{document.reading[unit.start : unit.end]}” are those of {unit.actor.name}" for unit in owned if unit.actor}
        for unit in sorted((*units, *owned, *_bare(document, sentence, units)), key=lambda one: one.start):
            if (unit.actor is not None or unit.kind == _BARE) and (words := _common(document, unit)):
                meant, why = referent(words, before, actors=actors, countries=countries, on=document.published)
                if meant is not None:
                    unit = replace(unit, actor=meant, kind="actor")
                elif unit.actor is not None and unit.actor.kind not in ("generic", "people", "state"):
                    why = f"“{words}” is taken for {unit.actor.name}, for whom reports of the country use the word"
                notes |= {unit.start: why} if why else {}
            if unit.actor is not None and unit.actor.kind not in ("generic", "people"):
                before.append(actors.acts_for(unit.actor))
            if unit.actor is not None or unit.kind != _BARE:
                resolved.append(unit)
        found.append((sentence, tuple(resolved)))
    return tuple(found), notes


def _bare(document: Document, sentence: Sentence, units: Sequence[Unit]) -> list[Unit]:
    """Nouns that no recogniser takes for a party by themselves: "the group", "the Front"."""
    taken = {position for unit in units for position in range(unit.start, unit.end)}
    return [
        Unit(start=match.start("noun"), end=match.end("noun"), kind=_BARE)
        for match in _BARE_NOUN.finditer(document.reading, sentence.start, sentence.end) if match.start("noun") not in taken
    ]


def _owned(document: Document, sentence: Sentence, units: Sequence[Unit], actors: Actors) -> list[Unit]:
    """Those who fight for the one party that its sentence names before: "Ukraine said its troops"."""
    found = []
    for match in _OWN_MEN.finditer(document.reading, sentence.start, sentence.end):
        before = [unit.actor for unit in units if unit.actor and unit.end <= match.start() and unit.actor.kind in _OWNERS]
        parties = {party.id: party for party in map(actors.acts_for, before)}
        free = all(match.end() <= unit.start or unit.end <= match.start() for unit in units if unit.actor)
        if free and len(parties) == 1:
            found.append(Unit(start=match.start(), end=match.end(), actor=next(iter(parties.values())), kind="actor"))
    return found


def _common(document: Document, unit: Unit) -> str:
    """The words of a unit with their article where they are a common noun, else ""."""
    words = document.reading[unit.start : unit.end]
    article = re.search(rf"\b(the|{'|'.join(sorted(_OTHERS))})\s+$", document.reading[max(0, unit.start - 7) : unit.start], re.IGNORECASE)
    opens = re.search(r"(?:^|[.!?:]\W*|\n\s*)$", document.reading[max(0, unit.start - 3) : unit.start]) is not None
    plain = words[:1].lower() + words[1:] if opens and not article else words
    single = words.lower() in _NAMES and words[:1].isupper() and article is not None
    if not single and plain != plain.lower():
        return ""
    return f"{article[1].lower()} {words}" if article else plain


def _fits(actor: Actor, noun: str, described: Sequence[str], actors: Actors, countries: Sequence[str], on: dt.date | None) -> bool:
    """Whether a party is of the kind that a noun means."""
    regular = actor in (actors.named("the army", countries=countries, on=on), actors.named("the government", countries=countries, on=on))
    state = next((found for code in countries[:1] if (found := actors.of_place(f"country:{code}", on=on))), None)
    if noun in _STATE or (noun in _MEN and set(described) & _OFFICIAL):
        return actor.kind == "state" and (state is None or actor.id == state.id or actor.country == state.country)
    if noun in _REBELS:
        return actor.kind in _GROUPS and not regular and not (state and actors.same_side(actor, state))
    if noun in _FIGHTERS or noun in _BODIES:
        return actor.kind in _GROUPS and not regular
    if noun in _ALLIANCES:
        return actor.kind == "alliance"
    if noun in _PEACE:
        return actor.kind in ("organisation", "alliance") and not actor.side
    return noun in _MEN and actor.kind in ("state", *_GROUPS)


def _is_called(actor: Actor, noun: str, actors: Actors) -> bool:
    """Whether the names of a party hold the noun ("M23 rebels")."""
    stem = noun.removesuffix("s").removesuffix("men").removesuffix("man")
    return any(stem in fold(name).split()[-1] for name in (actor.name, *actors.aliases().get(actor.id, ())) if fold(name))


def _by_name(parts: Sequence[str], before: Sequence[Actor], words: str) -> tuple[Actor | None, str]:
    """The party whose name holds a part of it that stands alone: "the Front"."""
    if len(parts) > 1 or parts[0].lower() not in _NAMES:
        return None, ""
    holding = [actor for actor in before if parts[0] in actor.name.split()]
    return (holding[-1], _reason(words, holding[-1], "the last")) if holding else (None, "")


def _reason(words: str, actor: Actor, which: str) -> str:
    return f"“{words}” is taken for {actor.name}, {which} such party that the report names before"
