"""The page of errors: the figures, the most harmful wrong places in their sentences with a small map each, and what was missed.

The file is one of `geo.sheet`: it has no script, and every string is escaped where it becomes markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from geo import __version__, basemap, mistakes, scoreboard
from geo.documents import from_text
from geo.locator import locator
from geo.markup import Markup, join, tag
from geo.mistakes import Misplaced, Tally
from geo.sentences import sentences
from geo.sheet import html_table, sheet

if TYPE_CHECKING:
    from geo.evaluation import Evaluation
    from geo.gazetteer import Gazetteer
    from geo.gold import GoldText, Named
    from geo.predictions import Why

__all__ = ["Reasons", "page"]

Reasons = Callable[["GoldText"], "dict[tuple[int, int], Why]"]
"""Tells for one text why each of its names was placed where it was, by (start, end)."""

WORST = 20  # wrong places shown
LISTED = 30  # surfaces in each list of names missed, made up or cut differently
ABOUT = 150  # characters shown on each side of a name in its sentence
GLIMPSE = 38  # the same in a list
NEAR_KM = 60.0  # within this a gold place is described by the nearest town


def page(
    found: Evaluation,
    *,
    title: str,
    gazetteer: Gazetteer | None = None,
    reasons: Reasons | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> str:
    """Return the page as text; the same evaluation gives the same page.

    Parameters
    ----------
    found
        What `geo.evaluation.evaluate` returned.
    title
        Of what was evaluated, such as the name of the file.
    gazetteer
        Names the town nearest to a gold place, which has no name of its own.
    reasons
        Why a name was placed where it was and which candidates were not chosen; without it, the reason of the prediction.
    progress
        Called with (errors done, errors in all, what is being done); to cancel, raise in it.
    """
    worst = mistakes.misplaced(found.ledger, limit=WORST)
    cards = []
    for number, mistake in enumerate(worst):
        if progress is not None:
            progress(number, len(worst), "drawing errors")
        cards.append(_card(mistake, gazetteer, reasons))
    body = join([
        tag("h1", "Where the geoparser is wrong"), tag("p", scoreboard.headline(found, title), class_="lead"), _figures(found),
        _wrong(cards), _lists(found), _foot(),
    ])
    return sheet(f"Errors: {title}", body)


def _figures(found: Evaluation) -> Markup:
    shown = list(scoreboard.tables(found))
    general = 2 if found.whole["resolution_strict"] else 1
    more = tag("details", tag("summary", "By kind, country and more; what confidence is worth"), *map(html_table, shown[general:]))
    return join([*map(html_table, shown[:general]), more if shown[general:] else ""])


def _wrong(cards: Sequence[Markup]) -> Markup:
    if not cards:
        none = f"No name was put more than {mistakes.WRONG_KM:g} km from its place."
        return join([tag("h2", "Wrong places"), tag("p", none, class_="note")])
    note = (
        f"Names put more than {mistakes.WRONG_KM:g} km from their place (for an area: beyond its radius), the most harmful first: "
        "confidence × ln(1 + km), added up over the mentions that share the mistake."
    )
    head = f"The {len(cards)} worst places" if len(cards) > 1 else "The one wrong place"
    return join([tag("h2", head), tag("p", note, class_="note"), *cards])


def _card(mistake: Misplaced, gazetteer: Gazetteer | None, reasons: Reasons | None) -> Markup:
    gold, ours = mistake.gold, mistake.ours
    assert gold.lon is not None
    assert gold.lat is not None
    assert ours.lon is not None
    assert ours.lat is not None
    told = reasons(mistake.text).get((ours.start, ours.end)) if reasons else None
    sure = "" if ours.confidence is None else f", confidence {ours.confidence:.2f}"
    rows = [
        ("gold", "gold", f"{_nearby(gold, gazetteer)}{_point(gold)}"),
        ("found", "ours", f"{told.place + ', ' if told else ''}{_point(ours)}{sure}"),
        ("because", None, ours.reason or (told.reason if told else "")),
        ("not chosen", None, "; ".join(told.rivals) if told else ""),
        ("in", None, _source(mistake)),
    ]
    listed = [part for name, kind, value in rows if value for part in (tag("dt", name, class_=kind), tag("dd", value, dir="auto"))]
    head = tag("h3", tag("bdi", gold.surface), tag("span", f"{mistake.km:,.0f} km off", class_="far"))
    context = tag("blockquote", *_sentence(mistake.text, gold, ABOUT), dir="auto")
    return tag("article", tag("div", head, context, tag("dl", *listed)), locator((gold.lon, gold.lat), (ours.lon, ours.lat)))


def _nearby(gold: Named, gazetteer: Gazetteer | None) -> str:
    """The town nearest to a gold place, in words: gold itself tells no name."""
    if gazetteer is None or gold.lon is None or gold.lat is None:
        return ""
    for feature, km in gazetteer.near(gold.lon, gold.lat, radius_km=NEAR_KM, kinds={"populated"}, limit=1):
        away = f"{km:.0f} km from " if km >= 5 else "at "
        return f"{away}{feature.name} ({feature.admin1 or feature.country}), "
    return ""


def _point(name: Named) -> str:
    return f"{name.lat:.3f}, {name.lon:.3f}" + (f" {name.country}" if name.country else "")


def _source(mistake: Misplaced) -> str:
    given = mistake.text.given
    words = [str(mistake.text.id), *(value for key in ("title", "date") if isinstance(value := given.get(key), str) and value)]
    often = f"; {mistake.count} times in {mistake.texts} text{'s'[: mistake.texts > 1]}" if mistake.count > 1 else ""
    return ", ".join(words) + often


def _sentence(text: GoldText, name: Named, about: int) -> Iterator[object]:
    """The sentence of a name, cut to what stands about it, with the name marked."""
    document = from_text(text.text)
    first, last = next(
        ((one.start, one.end) for one in sentences(document) if one.start <= name.start < one.end), (name.start, name.end)
    ) if document.text == text.text else (0, len(text.text))
    start, end = _whole_words(text.text, first, name.start, about), min(max(last, name.end), name.end + about)
    if end < last:
        end = max(text.text.rfind(" ", name.end, end), name.end)
    yield ("…" if start > first else "") + text.text[start : name.start]
    yield tag("mark", text.text[name.start : name.end])
    yield text.text[name.end : end] + ("…" if end < last else "")


def _whole_words(text: str, first: int, before: int, about: int) -> int:
    """Where to begin so that at most `about` characters stand before an offset and no word is cut."""
    if before - first <= about:
        return min(first, before)
    space = text.find(" ", before - about, before)
    return before if space < 0 else space + 1


def _lists(found: Evaluation) -> Markup:
    book = found.ledger
    lists = (
        ("Missed", "gold names that nothing found overlaps", mistakes.missed(book, limit=LISTED)),
        ("Made up", "found where gold has no name", mistakes.made_up(book, limit=LISTED)),
        ("Cut differently", "gold → found", mistakes.cut_differently(book, limit=LISTED)),
    )
    shown = (tag("section", tag("h3", head), tag("p", note, class_="note"), _tallies(tallies)) for head, note, tallies in lists)
    return join([tag("h2", "Names missed, made up and cut differently"), tag("div", *shown, class_="lists")])


def _tallies(tallies: Iterable[Tally]) -> Markup:
    items = [
        tag("li", tag("span", f"{tally.count}×", class_="times"), tag("bdi", tally.surface),
            tag("q", *_sentence(tally.text, tally.name, GLIMPSE), dir="auto"))
        for tally in tallies
    ]
    return tag("ol", *items) if items else tag("p", "None.", class_="note")


def _foot() -> Markup:
    return tag("footer", f"{basemap.ATTRIBUTION}. {basemap.BOUNDARY_NOTE} Made with Salient {__version__}.")
