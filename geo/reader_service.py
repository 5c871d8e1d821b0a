"""A claim reader that asks a language model at an address which the user names, within a budget; off unless it is asked for.

The rules read every report first. The service is asked passage by passage, and only what the report bears out (`geo.reader_proof`) is
added. Whatever goes wrong, the reading of the rules is what is drawn, and a note says what went wrong.
"""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.claims import context_of, read_claims
from geo.fact_dates import ended
from geo.reader_answer import Unusable, answers
from geo.reader_endpoint import Endpoint, NoAnswer, ask
from geo.reader_merging import merged
from geo.reader_proof import Desk, proved
from geo.reader_question import PASSAGE_CHARACTERS, Passage, levels, passages, question
from geo.reader_quotes import Unproved
from geo.records import Claim, Document, Mention, Phrase, Place

if TYPE_CHECKING:
    from geo.actors import Actors
    from geo.gazetteer import Gazetteer

__all__ = ["Budget", "ServiceReader", "Tally"]

ATTEMPTS = 3  # how often one passage is asked about
FAILURES = 2  # passages in a row without an answer after which the service is asked no more
LONGEST_WAIT_S = 20.0  # a service that asks for more patience than this is not waited for
WAIT_STEP_S = 0.1
PROOF_S = 5.0  # a hundred answers are checked in less than a second; a service that makes it long has its last ones dropped
NO_TIME = "there was no time to check it"
LISTED = 6  # reasons named in a note

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a service may be asked in one run: questions, characters, seconds in all and for one question; and how much text at once."""

    calls: int = 60
    characters: int = 300_000
    seconds: float = 300.0
    timeout_s: float = 120.0
    passage_characters: int = PASSAGE_CHARACTERS


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of one report: passages asked about and left to the rules, claims kept, claims dropped by reason, what went wrong."""

    passages: int = 0
    unread: int = 0
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)


class _Spent(Exception):
    """The budget or the patience is used up; the text says which."""


class ServiceReader:
    """A claim reader, called as `geo.claims.read_claims` is; `notes` says afterwards what came of it.

    Parameters
    ----------
    service
        The address and the model.
    budget
        How much may be asked, over all reports.
    tell
        Called several times a second, with words, while the service is waited for; raise from it to cancel.
    """

    def __init__(self, service: Endpoint, *, budget: Budget | None = None, tell: Callable[[str], None] | None = None) -> None:
        self.service = service
        self.budget = budget or Budget()
        self.made_by = f"reader 1: {service.model}"
        self._tell = tell
        self._tallies: dict[str, Tally] = {}
        self._calls = self._characters = self._level = self._failed = 0
        self._spent_s = 0.0
        self._stopped = ""

    def __call__(
        self, document: Document, *, mentions: Iterable[Mention], places: Iterable[Place], phrases: Iterable[Phrase],
        gazetteer: Gazetteer, actors: Actors,
    ) -> tuple[Claim, ...]:
        """Read the claims of a document: those of the rules, and those of the service that the document bears out."""
        mentions, places, phrases = tuple(mentions), tuple(places), tuple(phrases)
        rules = read_claims(document, mentions=mentions, places=places, phrases=phrases, gazetteer=gazetteer, actors=actors)
        tally = self._tallies[document.id] = Tally()
        desk = Desk(
            context=context_of(document, mentions=mentions, places=places, phrases=phrases, actors=actors), made_by=self.made_by
        )
        told: dict[str, Claim] = {}
        for passage in passages(document, desk.context.by_sentence, longest=self.budget.passage_characters):
            told |= {claim.id: claim for claim in self._read(passage, desk, tally)}
        tally.kept = len(told)
        return ended(merged(rules, told.values()), history=desk.context.history) if told else rules

    def notes(self, documents: Iterable[Document]) -> tuple[str, ...]:
        """Return in words where the text of some reports went, what was dropped and what went wrong."""
        tallies = [self._tallies[document.id] for document in documents if document.id in self._tallies]
        asked, unread = sum(tally.passages for tally in tallies), sum(tally.unread for tally in tallies)
        if not asked:
            return ()
        name = f"The reader {self.service.model} at {self.service.host}"
        stayed = "on this machine" if self.service.is_local else "so the text left this machine"
        lines = [f"{name}, {stayed}, read the reports besides the rules; nothing is drawn from it that the text does not bear out."]
        kept, dropped = sum(tally.kept for tally in tallies), sum((tally.dropped for tally in tallies), Counter[str]())
        if dropped.total():
            were = "was" if dropped.total() == 1 else "were"
            lines.append(f"{dropped.total()} of {dropped.total() + kept} answers of the reader {were} dropped: {_listed(dropped)}.")
        if unread:
            faults = sum((tally.faults for tally in tallies), Counter[str]())
            were = "was" if unread == 1 else "were"
            lines.append(f"{unread} of {asked} passages {were} read by the rules alone, because the reader {'; and it '.join(faults)}.")
        return tuple(lines)

    def _read(self, passage: Passage, desk: Desk, tally: Tally) -> list[Claim]:
        """The proved claims of one passage; none where the service gives no usable answer."""
        tally.passages += 1
        try:
            told, left = answers(self._asked(passage, desk.context.document))
        except (NoAnswer, Unusable, _Spent) as error:
            tally.unread += 1
            words = f"gave an answer that {error}" if isinstance(error, Unusable) else str(error)
            tally.faults[words] += 1
            self._count_failure(error)
            return []
        self._failed = 0
        tally.dropped += left
        claims: list[Claim] = []
        begin = time.monotonic()
        for answer in told:
            if time.monotonic() - begin > PROOF_S:
                tally.dropped[NO_TIME] += 1
                continue
            try:
                claims.append(proved(answer, passage, desk))
            except Unproved as error:
                _LOG.info("An answer of the reader was dropped: %s", error)
                tally.dropped[str(error)] += 1
        return claims

    def _count_failure(self, error: Exception) -> None:
        self._failed += 1
        if self._failed >= FAILURES and not self._stopped and not isinstance(error, _Spent):
            self._stopped = f"failed {self._failed} times in a row and was asked no more"

    def _asked(self, passage: Passage, document: Document) -> bytes:
        """The answer about a passage; asked again where that may help, with fewer options where the service knows fewer."""
        messages = question(document, passage)
        attempts = 0
        while True:
            self._take(sum(len(message["content"]) for message in messages))
            attempts += 1
            begin = time.monotonic()
            try:
                left = self.budget.seconds - self._spent_s
                body = {"messages": messages, **levels()[self._level]}
                return ask(self.service, body, timeout_s=min(self.budget.timeout_s, left), tell=self._heard)
            except NoAnswer as error:
                if error.simpler and self._level + 1 < len(levels()):
                    self._level, attempts = self._level + 1, 0
                    continue
                if not error.again or attempts == ATTEMPTS or error.wait_s > LONGEST_WAIT_S:
                    raise
                self._wait(error.wait_s, since=begin)
            finally:
                self._spent_s += time.monotonic() - begin

    def _take(self, characters: int) -> None:
        """Take a question out of the budget."""
        if self._stopped:
            raise _Spent(self._stopped)
        if self._calls >= self.budget.calls:
            raise _Spent(f"may be asked {self.budget.calls} times in one run")
        if self._characters + characters > self.budget.characters:
            raise _Spent(f"may be sent {self.budget.characters} characters in one run")
        if self._spent_s >= self.budget.seconds:
            raise _Spent(f"may be waited for {self.budget.seconds:g} s in one run")
        self._calls += 1
        self._characters += characters

    def _wait(self, seconds: float, *, since: float) -> None:
        """Wait as a service asks, as far as the budget goes."""
        ends = min(time.monotonic() + seconds, since + self.budget.seconds - self._spent_s)
        while (left := ends - time.monotonic()) > 0:
            self._heard()
            time.sleep(min(WAIT_STEP_S, left))

    def _heard(self) -> None:
        if self._tell is not None:
            self._tell(f"asking {self.service.model}")


def _listed(dropped: Counter[str]) -> str:
    common = dropped.most_common(LISTED)
    rest = dropped.total() - sum(count for _, count in common)
    return ", ".join([f"{reason} ({count})" for reason, count in common] + ([f"other reasons ({rest})"] if rest else []))
