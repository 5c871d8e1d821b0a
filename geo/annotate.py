"""The text as it was written, with its mentions and claims marked.

`pieces` cuts a document where a mention or a claim's evidence begins or ends; `html` writes the pieces as HTML. Report text is hostile:
`escape` is the one place where it becomes HTML, here and in every export.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.records import Document, Mention

if TYPE_CHECKING:
    from geo.situation import Situation

__all__ = ["Piece", "escape", "evidence_by_document", "evidence_of", "html", "pieces"]

# Braces too: a string that passes a template engine on its way to the page must say nothing to it.
_ENTITIES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "'": "&#39;",
        "`": "&#96;",
        "{": "&#123;",
        "}": "&#125;",
        "$": "&#36;",
        "\x00": "\ufffd",
        "\u2028": "&#8232;",
        "\u2029": "&#8233;",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text under one mention (or none) and some claims: `document.text[start:end] == text`."""

    start: int
    end: int
    text: str
    mention: Mention | None = None
    claims: tuple[str, ...] = ()


def escape(text: object) -> str:
    """Return text as HTML that shows it and does nothing else, in an element or in a quoted attribute.

    Examples
    --------
    >>> escape('<b title="x">{{7*7}}</b>')
    '&lt;b title=&quot;x&quot;&gt;&#123;&#123;7*7&#125;&#125;&lt;/b&gt;'
    """
    return str(text).translate(_ENTITIES)


def pieces(
    document: Document,
    *,
    mentions: Iterable[Mention] = (),
    evidence: Mapping[str, Iterable[tuple[int, int]]] | None = None,
    within: tuple[int, int] | None = None,
) -> tuple[Piece, ...]:
    """Cut a document at the ends of its mentions and of its claims' evidence.

    Parameters
    ----------
    document
        Its `text` is cut, unchanged: the pieces joined are the text.
    mentions
        Those of other documents are passed over; they do not overlap.
    evidence
        Half-open spans (start, end) of each claim's id; they may overlap.
    within
        The half-open span that is cut, instead of the whole text; mentions that lie across its ends are passed over.

    Examples
    --------
    >>> document = Document(id="d", text="Fighting in Idlib.", reading="Fighting in Idlib.")
    >>> [piece.text for piece in pieces(document, evidence={"c1": [(0, 17)]})]
    ['Fighting in Idlib', '.']
    """
    first, last = within or (0, len(document.text))
    named = sorted(
        (m for m in mentions if m.document_id == document.id and first <= m.start and m.end <= last), key=lambda mention: mention.start
    )
    spans = [(max(first, start), min(end, last), claim) for claim, found in (evidence or {}).items() for start, end in found]
    spans = [span for span in spans if span[0] < span[1]]
    cuts = sorted({first, last, *(m.start for m in named), *(m.end for m in named), *(s for s, _, _ in spans), *(e for _, e, _ in spans)})
    starts = [mention.start for mention in named]
    made = []
    for (start, end), claims in zip(itertools.pairwise(cuts), _claims_over(cuts, spans), strict=False):
        before = bisect.bisect_right(starts, start) - 1
        mention = named[before] if before >= 0 and named[before].end >= end else None
        made.append(Piece(start=start, end=end, text=document.text[start:end], mention=mention, claims=claims))
    return tuple(made)


def html(situation: Situation, document: Document) -> str:
    """Return a document as HTML: paragraphs, with `<mark>` round claims and `<span>` round mentions.

    Each mark carries `data-claims`, each span `data-mention` ("start-end"), for a page to link to the map.
    """
    body = "".join(_marked(piece) for piece in pieces(document, mentions=situation.mentions, evidence=evidence_of(situation, document)))
    return f'<div class="salient-text" dir="auto">{body}</div>'


def evidence_of(situation: Situation, document: Document) -> dict[str, list[tuple[int, int]]]:
    """Return the sentences of one document that each claim stands on."""
    return evidence_by_document(situation).get(document.id, {})


def evidence_by_document(situation: Situation) -> dict[str, dict[str, list[tuple[int, int]]]]:
    """Return, for each document, the sentences that each claim stands on; one pass over the claims, for situations of many documents."""
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for claim in situation.claims:
        for span in claim.evidence:
            if span.role == "sentence":
                found.setdefault(span.document_id, {}).setdefault(claim.id, []).append((span.start, span.end))
    return found


def _claims_over(cuts: Sequence[int], spans: Sequence[tuple[int, int, str]]) -> Iterator[tuple[str, ...]]:
    """Yield the claims of the spans that are open at each cut, in the order of the spans."""
    opening: dict[int, list[int]] = {}
    closing: dict[int, list[int]] = {}
    for number, (start, end, _) in enumerate(spans):
        opening.setdefault(start, []).append(number)
        closing.setdefault(end, []).append(number)
    over: set[int] = set()
    claims: tuple[str, ...] = ()
    for cut in cuts:
        if cut in closing or cut in opening:
            over.difference_update(closing.get(cut, ()))
            over.update(opening.get(cut, ()))
            claims = tuple(dict.fromkeys(spans[number][2] for number in sorted(over)))
        yield claims


def _marked(piece: Piece) -> str:
    shown = escape(piece.text).replace("\n", "<br>")
    if piece.mention:
        where = f"{piece.mention.start}-{piece.mention.end}"
        shown = (
            f'<span class="mention {escape(piece.mention.use)}" data-mention="{where}" title="{escape(piece.mention.kind)}">{shown}</span>'
        )
    if piece.claims:
        shown = f'<mark data-claims="{escape(" ".join(piece.claims))}">{shown}</mark>'
    return shown
