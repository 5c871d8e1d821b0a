"""The page of errors in claims: the figures, then each claim that was missed, made up or read wrong, in its sentence.

The file is one of `geo.sheet`: it has no script, and every string is escaped where it becomes markup.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from geo import __version__, claims_scoreboard
from geo.claim_agreement import Told
from geo.claims_scoring import ClaimsScore, Outcome
from geo.gold_claims import Extent, GoldClaim, Party
from geo.markup import Markup, join, tag
from geo.records import Actor
from geo.sheet import html_table, sheet

__all__ = ["page"]

_PLAN = "No fact, told as one"
_SECTIONS = {
    _PLAN: "What the report proposes, plans, denies or calls over, and we read as so.",
    "On a nonclaim": "Claims that we draw from words that make none.",
    "Made up": "Claims that gold does not have.",
    "Missed": "Claims of gold that we do not read.",
    "Another status": "Found, with another status.",
    "Another actor": "Found, with another actor, or none.",
    "Another place": "Found, with another place, or none.",
    "Another speaker": "Found, with another speaker.",
    "Another date": "Found, with another date.",
}


def page(found: ClaimsScore, *, title: str) -> str:
    """Return the page as text; the same score gives the same page. `title` is that of what was scored, such as the name of the file."""
    shown = list(claims_scoreboard.tables(found))
    more = tag("details", tag("summary", "By predicate, status, war and kind of text"), *map(html_table, shown[2:]))
    told: dict[str, list[Markup]] = {name: [] for name in _SECTIONS}
    for outcome in found.outcomes:
        for section in _sections(outcome):
            told[section].append(_card(outcome))
    body = join([
        tag("h1", "Where claims are read wrong"), tag("p", claims_scoreboard.headline(found, title), class_="lead"),
        *map(html_table, shown[:2]), more, *(_section(name, cards) for name, cards in told.items()),
        tag("footer", f"Made with Salient {__version__}."),
    ])
    return sheet(f"Errors in claims: {title}", body)


def _sections(outcome: Outcome) -> Iterator[str]:
    """Under which headings an outcome is shown; none where it is right, or optional."""
    if outcome.optional:
        return
    if outcome.nonclaim is not None:
        yield from ["On a nonclaim"] if outcome.found else []
    elif outcome.pair is None:
        yield "Made up" if outcome.found else "Missed"
    else:
        pair = outcome.pair
        plan = bool(outcome.counts().get("asserted_yes"))
        wrong = {
            _PLAN: plan, "Another status": not pair.status and not plan, "Another actor": not pair.actor, "Another place": not pair.place,
            "Another speaker": not pair.speaker, "Another date": pair.dated is False,
        }
        yield from (name for name, is_wrong in wrong.items() if is_wrong)


def _section(name: str, cards: Iterable[Markup]) -> Markup:
    shown = list(cards)
    return join([tag("h2", f"{name} ({len(shown)})"), tag("p", _SECTIONS[name] if shown else "None.", class_="note"), *shown])


def _card(outcome: Outcome) -> Markup:
    report, gold, ours = outcome.report, outcome.gold, outcome.found
    rows = [
        ("gold", "gold", _of_gold(gold) if gold else outcome.nonclaim.why if outcome.nonclaim else "no claim"),
        ("read", "ours", _of_ours(ours) if ours else "nothing"),
        ("because", None, ours.reason if ours else ""),
        ("in", None, ", ".join(filter(None, (report.id, report.document.title, report.war, report.kind)))),
    ]
    listed = [part for name, kind, value in rows if value for part in (tag("dt", name, class_=kind), tag("dd", value, dir="auto"))]
    marked = gold.act if gold else outcome.nonclaim.span if outcome.nonclaim else (ours.act if ours else None)
    sentence = gold.sentence if gold else ours.sentence if ours else (0, 0)
    return tag("article", tag("div", tag("blockquote", *_quote(report.document.text, sentence, marked), dir="auto"), tag("dl", *listed)))


def _quote(text: str, sentence: Extent, marked: Extent | None) -> Iterator[object]:
    """A sentence, with the words that make the claim marked."""
    if marked is None:
        yield text[slice(*sentence)]
        return
    start, end = min(sentence[0], marked[0]), max(sentence[1], marked[1])
    yield text[start : marked[0]]
    yield tag("mark", text[slice(*marked)])
    yield text[marked[1] : end]


def _of_gold(claim: GoldClaim) -> str:
    place = (claim.place.surface or claim.place.name) if claim.place else ""
    when = " to ".join(filter(None, (claim.start, claim.end)))
    predicates = "/".join((claim.predicate, *claim.also))
    return _words(predicates, claim.status, _party(claim.actor), _party(claim.target), place, claim.speaker, when)


def _of_ours(claim: Told) -> str:
    when = " to ".join(day.isoformat() for day in (claim.start, claim.end) if day)
    return _words(claim.predicate, claim.status, _party(claim.actor), _party(claim.target), claim.where, claim.speaker, when)


def _words(predicate: str, status: str, actor: str, target: str, place: str, speaker: str, when: str) -> str:
    """A claim in one line, such as "controls (claimed): Hamas -> -, Gaza; says Hamas"."""
    parties = f"{actor or 'nobody'}{f' → {target}' if target else ''}"
    said = f"; says {speaker}" if speaker else ""
    return f"{predicate} ({status}): {parties}, {place or 'no place'}{said}{f'; {when}' if when else ''}"


def _party(value: Party | Actor | None) -> str:
    return value.name if value else ""
