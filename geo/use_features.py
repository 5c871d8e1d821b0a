"""What speaks for a place and what for those who act from it: the features of one name, for geo.use.

Each feature is a short text; data/use_weights.csv gives its weight towards "not the place itself", fitted by scripts/fit_use.py.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from dataclasses import dataclass

from geo.name_rules import capitals
from geo.names import fold
from geo.records import Kind
from geo.runs import Scene
from geo.tokens import Token, cues

__all__ = ["Words", "use_features"]

# Words that tell by themselves; all others are told by their list or their form.
CLOSED = frozenset(
    "in at near from into inside outside across around through throughout via toward towards within beyond over off to of "
    "with between along about on onto for by than like both against and or nor the a an this that its his her their our as "
    "after before since until under but while when where who which northern southern eastern western central downtown "
    "nearby is was are were be been has have had will would can could should may might must also not did does do never "
    "still now then".split()
)
LISTS = ("speech_verbs", "object_states", "object_verbs", "relation_nouns", "power_nouns", "head_admin", "head_populated", "locative")
NOUN_ENDINGS = ("ion", "ment", "ness", "ity", "ship", "ism", "ers", "ors", "ies", "ance", "ence", "ants", "ists", "als")


@dataclass(frozen=True, slots=True)
class Words:
    """The words around a name: tokens `first` to `last` (exclusive) of a scene."""

    scene: Scene
    first: int
    last: int

    def before(self, steps: int = 1) -> Token | None:
        """The token so many steps before the name, in its sentence."""
        at = self.first - steps
        found = self.scene.tokens
        return found[at] if at >= 0 and found[at].sentence == found[self.first].sentence else None

    def after(self, steps: int = 1) -> Token | None:
        """The token so many steps after the name, in its sentence."""
        at = self.last + steps - 1
        found = self.scene.tokens
        return found[at] if at < len(found) and found[at].sentence == found[self.first].sentence else None


def use_features(words: Words, kind: Kind, *, acting: float | None = None) -> Iterator[str]:
    """Yield the features of one name; `acting` is the probability that the neural tagger gives to its standing for those who act."""
    before, second, after, following = words.before(), words.before(2), words.after(), words.after(2)
    article = before is not None and before.lower in {"the", "both"}
    lead = _word(second if article else before)
    noun = _word(words.before(3) if article else second)
    tail, then = _word(after), _word(following)
    written = words.scene.tokens[words.first].text
    named = "".join(f" {token.text}" for token in words.scene.tokens[words.first : words.last])
    form: str = "capital" if fold(named) in capitals() else kind if kind in {"country", "populated", "admin", "region"} else "other"
    if written.replace(".", "").isupper() and len(written) <= 5:
        form = "code"
    label = words.scene.label(words.first, words.last)
    yield from ("bias", f"lead:{lead}", f"tail:{tail}", f"form:{form}", f"label:{label}", f"article:{article}")
    yield f"lead:{lead}|tail:{tail}"
    yield f"lead:{lead}|form:{form}"
    yield f"tail:{tail}|form:{form}"
    yield f"tail:{tail}|label:{label}"
    yield f"article:{article}|form:{form}|tail:{tail}"
    if lead in {"of", "with", "between", "to", "for", "by", "on", "against", "and", ","}:
        yield f"noun:{noun}|lead:{lead}"
    if tail in {"'s", "-", "is", "was", "has", "had", "have", "will", "would", ","}:
        yield f"tail:{tail}|then:{then}"
        yield f"tail:{tail}|then:{then}|form:{form}"
    run = words.scene.run_of.get(words.first)
    inside = run is not None and (run.first < words.first or run.last > words.last)
    yield f"inside a longer name:{inside}|label:{label}"
    if acting is not None:
        step = bisect.bisect(_STEPS, acting)
        yield from (f"acting:{step}", f"acting:{step}|form:{form}", f"acting:{step}|lead:{lead}", f"acting:{step}|tail:{tail}")


_STEPS = (0.02, 0.06, 0.15, 0.3, 0.5, 0.7, 0.85, 0.94, 0.98)


def _word(token: Token | None) -> str:
    """A word as its class: itself, if it tells by itself."""
    if token is None:
        return "edge"
    lower = token.lower
    if lower in CLOSED or not token.word:
        return "'s" if lower in {"'s", "’s", "'", "’"} else "dash" if token.text in "–—" else lower
    for name in LISTS:
        if lower in cues(name):
            return name
    if token.capital:
        return "organisation" if token.text in cues("head_org") else "title" if token.text in cues("title") else "capital"
    if token.text[:1].isdigit():
        return "number"
    return "noun" if lower.endswith(NOUN_ENDINGS) else next((ending for ending in ("ing", "ed", "ly") if lower.endswith(ending)), "word")
