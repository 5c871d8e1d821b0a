"""Who is who: from the words of a report to the party that they mean.

Three tables of facts in ``data/`` say it all: ``actors.csv`` (parties, their names, sides, allies and dates), ``demonyms.csv``
(Turkish -> country:TR) and ``metonyms.csv`` (the Kremlin -> russia). What can be made by rule is not written out: "Russian troops",
"Turkish-backed rebels" and "Hezbollah fighters" are taken apart here.

Notes
-----
A *person*, and an armed force of a state, is an actor of its own ("Putin and Erdogan met"), but acts for a party:
``actors.acts_for(actor)`` is the party that holds ground (its row says ``acts for: russia`` in the column ``note``).

A *generic* actor ("the rebels") is narrowed to the row of a country that lists the same word as an alias, and stays generic where
there is none; ``stands for: state`` in its note narrows it to the state itself ("government forces"). In any other row an alias in
lower case is a common word, which names that actor only in a document of its country.

`side` is a list such as ``syria:government|ukraine:russia``: the war, a colon, the party in that war.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from geo import datafiles
from geo.errors import DataError, UnknownPlace
from geo.groups import commander, is_band, is_group, owner_of
from geo.names import fold
from geo.records import Actor, Feature, Mention

__all__ = ["DESCRIBING", "FORCE_WORDS", "PALETTE", "Actors", "load_actors", "shipped"]

# Colours for actors whose row names none: Paul Tol's "muted" scheme, distinguishable in the common kinds of colour blindness and kept
# apart from the stronger colours that data/actors.csv gives to the parties of a war.
PALETTE: Final = ("#332288", "#88CCEE", "#44AA99", "#117733", "#999933", "#DDCC77", "#CC6677", "#882255", "#AA4499")

# Words that turn the name or the demonym of a party into those who fight or speak for it; read off the development reports.
FORCE_WORDS: Final = frozenset(
    "force forces troop troops army armies military soldier soldiers fighter fighters militant militants rebel rebels insurgent insurgents "
    "gunman gunmen guerrilla guerrillas mercenary mercenaries government governments authority authorities regime official officials "
    "commander commanders air navy warplane warplanes jets aircraft artillery drones tanks garrison garrisons marines paratroopers police "
    "leadership unit units side delegation diplomats armed special ground security defence defense ministry leader leaders president "
    "positions controlled held state administration led backed loyalists supporters men convoy convoys group movement militia militias "
    "militiamen gunners assailants attackers elements commandos contingent contingents formations helicopters gunships pilots general "
    "staff junta terrorists members operatives negotiators envoys servicemen conscripts".split()
)
MOST_WORDS: Final = 14  # longer than any name of the table with its force words; beyond it the words are a sentence
TITLES: Final = re.compile(
    r"(?:(?:mr|mrs|ms|dr|former|president|vice president|prime minister|foreign minister|defence minister|defense minister|chancellor|king|"
    r"gen|general|col|colonel|marshal|leader|sheikh) )+(?=.)"
)
BACKED: Final = re.compile(r"(?:.+? (?:backed|led|supported|aligned|allied|sponsored|trained|armed)|(?:pro|anti) \S+) (?P<rest>.+)")
OF: Final = re.compile(r"(?:\w+ ){0,2}(?:government|army|forces|authorities|leaders?|president|military) of (?P<rest>.+)")
# What stands before a name and leaves it the same: "the Kurdish YPG", "the militant group Hamas".
DESCRIBING: Final = frozenset(
    "kurdish arab sunni shia shiite islamist jihadist militant rebel armed paramilitary terrorist extremist separatist group militia "
    "movement organisation organization local powerful feared notorious main".split()
)


@dataclass(frozen=True, slots=True)
class _Row:
    """One line of actors.csv: the actor, its names, its years and the party that it acts for."""

    actor: Actor
    names: tuple[str, ...]
    local: frozenset[str]
    start: str
    end: str
    acts_for: str
    stands_for: str

    def alive(self, on: dt.date | None) -> bool:
        """Whether the actor existed on that day; an open date is no bound, "1992" means all of that year, no day means any."""
        day = on.isoformat() if on else ""
        return not day or (self.start <= day and (not self.end or day[: len(self.end)] <= self.end))


class Actors:
    """The parties that reports name, loaded once.

    Examples
    --------
    >>> shipped().named("Russian troops").id
    'russia'
    >>> shipped().named("rebels", countries=["SY"]).id
    'syrian-opposition'
    """

    def __init__(
        self, rows: Iterable[Mapping[str, str]], *, demonyms: Iterable[Mapping[str, str]], metonyms: Iterable[Mapping[str, str]]
    ) -> None:
        self._rows = {row.actor.id: row for row in map(_row, rows)}
        self._demonyms = {fold(line["demonym"]): line["feature"] for line in demonyms}
        self._states: dict[str, list[_Row]] = {}
        self._seats: dict[str, list[_Row]] = {}
        self._forms: dict[str, list[str]] = {}
        for row in self._rows.values():
            if row.actor.kind == "state" and row.actor.country:
                self._states.setdefault(f"country:{row.actor.country}", []).append(row)
            for name in row.names:
                self._forms.setdefault(_key(name), []).append(row.actor.id)
        for line in metonyms:
            self._forms.setdefault(_key(line["name"]), []).append(line["actor"])
            if line["place"]:
                self._seats.setdefault(line["place"], []).append(self._rows[line["actor"]])

    def __iter__(self) -> Iterator[Actor]:
        return iter([self.get(actor_id) for actor_id in self._rows])

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, actor_id: str) -> Actor:
        """Return the actor of that id; a person has the side, allies and colour of the party that it acts for.

        Raises
        ------
        UnknownPlace
            A LookupError: actors.csv has no such id.
        """
        if actor_id not in self._rows:
            raise UnknownPlace(f"No actor has the id {actor_id!r}; take one of the ids in data/actors.csv.")
        row = self._rows[actor_id]
        if row.actor.kind != "person" or not row.acts_for:
            return row.actor
        party = self._rows[row.acts_for].actor
        return replace(row.actor, side=party.side, colour=party.colour, allies=party.allies)

    def aliases(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by actor id, the names as reports write them; those that are places or begin with a demonym are left out.

        A name in lower case ("rebels") comes with a capital too, for the beginning of a sentence.
        """
        return self._aliases

    @cached_property
    def _aliases(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for row in self._rows.values():
            names = [name for name in row.names if not self._is_place_name(row, _key(name))]
            found[row.actor.id] = tuple(dict.fromkeys(form for name in names for form in (name, name[:1].upper() + name[1:])))
        return MappingProxyType(found)

    def named(self, text: str, *, countries: Sequence[str] = (), on: dt.date | None = None) -> Actor | None:
        """Return the actor that some words mean in a document, or None.

        Parameters
        ----------
        text
            The words: a name, an alias, a demonym, or one of these with those who fight for it ("Turkish-backed rebels").
        countries
            ISO 3166-1 alpha-2 codes of the document's countries, the most likely first; put the country of the claim's place first.
        on
            The day of the report or of the fact; actors that existed then are preferred.

        Examples
        --------
        >>> shipped().named("the regime", countries=["SY"]).name
        'Syrian government'
        >>> shipped().named("Hezbollah fighters").id
        'hezbollah'
        """
        key = _key(text)
        if not key or key.count(" ") > MOST_WORDS or (text.islower() and len(key) < 3):  # "us", "is": never the acronym
            return None
        found = self._chosen(key, countries, on) or self._of_demonym(key, on)
        bare = key
        while found is None and " " in bare and bare.rsplit(" ", 1)[1] in FORCE_WORDS:
            bare, last = bare.rsplit(" ", 1)
            found = self._narrowed(bare, last, on) or self._chosen(bare, countries, on) or self._of_demonym(bare, on)
        if found is None and (within := OF.fullmatch(key) or BACKED.fullmatch(key)):
            return self.named(within["rest"], countries=countries, on=on)
        first, _, rest = key.partition(" ")
        if found is None and rest and (first in DESCRIBING or first in self._demonyms):
            later = self.named(rest, countries=countries, on=on)
            return later if later and later.kind not in ("generic", "state") else None
        return found

    def of_place(self, feature_id: str, *, on: dt.date | None = None) -> Actor | None:
        """Return the state of a country, a capital or a seat of power: "country:TR" and Ankara -> turkey; None where no row says so."""
        if rows := self._states.get(feature_id):
            return next((row for row in rows if row.alive(on)), rows[0]).actor
        for row in self._seats.get(feature_id, ()):
            today = row.actor.kind == "state" and row.actor.country and not feature_id.startswith("historic:")
            state = self.of_place(f"country:{row.actor.country}", on=on) if today else None
            if row.alive(on) or (state and self._rows[state.id].alive(on)):
                return state or row.actor
        return None

    def of(
        self, mention: Mention, feature: Feature | None = None, *, on: dt.date | None = None, countries: Sequence[str] = ()
    ) -> Actor | None:
        """Return the actor that a mention stands for: by its place where it has one ("Ankara", "Turkish"), else by its words or form."""
        if feature is not None and (actor := self.of_place(feature.id, on=on)):
            return actor
        return self.named(mention.text, countries=countries, on=on) or self.by_form(mention.text)

    def by_form(self, text: str, *, on: dt.date | None = None, surely: bool = False) -> Actor | None:
        """Return a group that no table knows, recognised by how it is called ("Liwa al-Fatah", "the 4th Division"), or None.

        A numbered unit of a known party is that party: "Ukraine's 47th Brigade". `surely` takes any name for a group's, as where the
        report says so ("a militia calling itself the Sons of the Valley").
        """
        name = re.sub(r"^[Tt]he\s+", "", " ".join(text.split()))
        owner, unit = owner_of(name)
        if owner and (party := self.named(owner, on=on) or self.named(owner.rsplit(" ", 1)[-1], on=on)):
            return self.acts_for(party)
        if not name or not (surely or is_group(unit) or is_band(name) or commander(name)):
            return None
        actor = Actor(id="group:" + re.sub(r"\W+", "-", fold(unit)).strip("-"), name=unit, source="recognised by its form")
        return replace(actor, colour=self.colour(actor))

    def acts_for(self, actor: Actor) -> Actor:
        """Return the party for which a person or a state's force acts; any other actor acts for itself."""
        row = self._rows.get(actor.id)
        return self.get(row.acts_for) if row and row.acts_for else actor

    def same_side(self, a: Actor, b: Actor, *, war: str = "") -> bool | None:
        """Return whether two actors fight on one side: True, False, or None where the table cannot tell.

        `war` ("syria", "ukraine") narrows the question; without it, actors that are together in one war and against each other in
        another give None.
        """
        a, b = self.acts_for(a), self.acts_for(b)
        if a.id == b.id:
            return True
        ours, theirs = _sides(a, war), _sides(b, war)
        shared = ours.keys() & theirs.keys()
        together = any(ours[name] & theirs[name] for name in shared)
        against = any(not ours[name] & theirs[name] for name in shared)
        if together != against:
            return together
        return None if together else (b.id in a.allies or a.id in b.allies) or None

    def enemy(self, a: Actor, b: Actor, *, war: str = "") -> bool | None:
        """Return whether two actors fight against each other: the opposite of `same_side`, and None where the table cannot tell."""
        same = self.same_side(a, b, war=war)
        return None if same is None else not same

    def war_of(self, actors: Iterable[Actor]) -> str:
        """Return the war in which most of these actors take part, for `same_side` and `enemy`; "" where none has two of them."""
        wars = Counter(war for actor in actors for war in _sides(self.acts_for(actor), ""))
        return next((war for war, count in wars.most_common(1) if count > 1), "")

    def colour(self, actor: Actor) -> str:
        """Return the actor's colour (#RRGGBB): its own, else one that its id always gives."""
        return actor.colour or PALETTE[hashlib.sha256(actor.id.encode()).digest()[0] % len(PALETTE)]

    def _chosen(self, key: str, countries: Sequence[str], on: dt.date | None) -> Actor | None:
        rows = [self._rows[actor_id] for actor_id in self._forms.get(key, ())]
        generic = next((row for row in rows if row.actor.kind == "generic"), None)
        own = [row for row in rows if row is not generic]
        living = [row for row in own if row.alive(on)]
        for country in countries:
            if local := next((row for row in living if country in row.actor.country.split("|")), None):
                return self.get(local.actor.id)
            if generic and generic.stands_for == "state" and (state := self.of_place(f"country:{country}", on=on)):
                return state
        chosen = generic or next((row for row in (*living, *own) if key not in row.local), None)
        return self.get(chosen.actor.id) if chosen else None

    def _narrowed(self, demonym: str, word: str, on: dt.date | None) -> Actor | None:
        """Return the country's own row for a generic word with its demonym ("Syrian rebels"), if it has one."""
        place = self._demonyms.get(demonym, "")
        actor = self._chosen(word, [place.removeprefix("country:")], on) if place.startswith("country:") else None
        return actor if actor and actor.kind != "generic" else None

    def _of_demonym(self, key: str, on: dt.date | None) -> Actor | None:
        return self.of_place(self._demonyms.get(key, ""), on=on)

    def _is_place_name(self, row: _Row, form: str) -> bool:
        """Whether a form is left to the gazetteer: the name of a state, or words that begin with its demonym ("Syrian army")."""
        words = form.split()
        starts_with_demonym = any(" ".join(words[:count]) in self._demonyms for count in range(1, len(words) + 1))
        return row.actor.kind == "state" and (starts_with_demonym or words[-1] not in FORCE_WORDS)


def load_actors(path: Path | None = None, *, demonyms: Path | None = None, metonyms: Path | None = None) -> Actors:
    """Read the actors of a table, by default the shipped ones.

    Raises
    ------
    DataError
        A table is missing, empty, or has not the columns of the shipped one.
    """
    return Actors(
        _table(path or datafiles.path("actors.csv"), "aliases"),
        demonyms=_table(demonyms or datafiles.path("demonyms.csv"), "demonym"),
        metonyms=_table(metonyms or datafiles.path("metonyms.csv"), "actor"),
    )


@lru_cache(maxsize=1)
def shipped() -> Actors:
    """Return the actors that ship with Salient, read once."""
    return load_actors()


def _table(path: Path, column: str) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
    except OSError as error:
        raise DataError(f"The table {path} cannot be read ({error.strerror}); restore it from the repository.") from error
    if not rows or column not in rows[0]:
        raise DataError(f"The table {path} has no rows or no column {column!r}; restore it from the repository.")
    return rows


def _row(line: Mapping[str, str]) -> _Row:
    names = (line["name"], *filter(None, line["aliases"].split("|")))
    notes = dict(part.split(": ", 1) for part in line["note"].split("; ") if ": " in part)
    actor = Actor(
        id=line["id"], name=line["name"], kind=line["kind"], side=line["side"], country=line["country"], colour=line["colour"],
        allies=tuple(filter(None, line["allies"].split("|"))), source=line["source"],
    )
    local = frozenset(_key(name) for name in names[1:] if name == name.lower())
    return _Row(actor, names, local, line["start"], line["end"], notes.get("acts for", ""), notes.get("stands for", ""))


@lru_cache(maxsize=20_000)
def _key(text: str) -> str:
    """Fold a form: no article, title, possessive or accents."""
    return TITLES.sub("", fold(re.sub(r"['’]s?(?=\s|$)", "", text.strip())), count=1)


def _sides(actor: Actor, war: str) -> dict[str, set[str]]:
    sides: dict[str, set[str]] = {}
    for name, _, party in (side.partition(":") for side in actor.side.split("|") if side):
        if war in ("", name):
            sides.setdefault(name, set()).add(party)
    return sides
