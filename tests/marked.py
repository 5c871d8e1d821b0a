"""Sentences with their names marked by hand, so that the claim reader is tested apart from the recogniser.

``<rebels>`` marks an actor, ``[Saraqib SY]`` a literal place of a country, ``{Moscow RU}`` a metonym, ``(Turkish TR)`` a demonym.
"""

from __future__ import annotations

import datetime as dt
import re

from geo.actors import shipped
from geo.claims import read_claims
from geo.documents import from_text
from geo.records import Claim, Feature, Kind, Mention, Phrase, Place, Use

MARK = re.compile(
    r"<(?P<actor>[^<>]+)>|\[(?P<literal>[^\]]+) (?P<lc>[A-Z]{2})\]|\{(?P<metonym>[^}]+) (?P<mc>[A-Z]{2})\}|"
    r"\((?P<demonym>[A-Z]\w+) (?P<dc>[A-Z]{2})\)"
)
COUNTRIES = frozenset("Syria Turkey Russia Ukraine Iraq Mali Bosnia Vietnam Iran Israel Sudan Ethiopia Libya Yemen".split())


def claims_in(marked: str, *, published: dt.date | None = dt.date(2020, 3, 5), phrases: tuple[Phrase, ...] = ()) -> tuple[Claim, ...]:
    """Read the claims of a marked text."""
    text, spans, last = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        last = match.end()
        which = next(key for key in ("actor", "literal", "metonym", "demonym") if match.group(key))
        spans.append((len(text), match.group(which), which, match.group("lc") or match.group("mc") or match.group("dc") or ""))
        text += match.group(which)
    text += marked[last:]
    document = from_text(text, title="t", source="The Paper", published=published)
    mentions, places = [], []
    for start, words, which, country in spans:
        kind: Kind = "actor" if which == "actor" else "country" if which == "demonym" or words in COUNTRIES else "populated"
        use: Use = which if which in ("metonym", "demonym") else "literal"  # type: ignore[assignment]
        mention = Mention(document_id=document.id, start=start, end=start + len(words), text=words, kind=kind, use=use)
        mentions.append(mention)
        if which != "actor":
            feature_id = f"country:{country}" if kind == "country" or which == "metonym" else f"test:{words}"
            feature = Feature(id=feature_id, name=words, kind=kind, lon=0.0, lat=0.0, country=country)
            places.append(Place(id=feature_id, feature=feature, mentions=(mention,), reason="", confidence=1.0, precision=1))
    return read_claims(document, mentions=mentions, places=places, phrases=phrases, gazetteer=None, actors=shipped())  # type: ignore[arg-type]
