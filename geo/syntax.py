"""The grammatical tree of a sentence: which word governs which, who is the subject, what stands over a verb.

Relations are those of Universal Dependencies, tags those of the Penn Treebank, as `geo.parser` gives them. Words are numbered from 0 in
their sentence; offsets count characters of the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from geo.parser import Word

__all__ = ["TIMES", "Tree"]

OBJECT_CONTROL = re.compile(
    r"forc|allow|urg|ask|order|t(?:ell|old)|enabl|help|let|ma(?:k|d)e|caus|le(?:ad|d)|push|pressur|want|press|permit|invit|requir|call|"
    r"expect|s(?:ee|aw)|compel|command|instruct|persuad|warn|accus|prevent|stop|keep|kept|drove|driv|leav|left",
    re.IGNORECASE,
)
"""Verbs whose object does what follows ("forced the army to withdraw"): general knowledge of English."""
REMAINING = re.compile(r"remain|stay|becom|became|get|got|lie|lay|left|leav|kept|keep|see", re.IGNORECASE)
"""Verbs behind which a participle is passive ("remains encircled by")."""
TIMES = frozenset(
    """
    day days week weeks month months year years hour hours minutes morning evening night afternoon noon dawn dusk midnight weekend
    today yesterday tomorrow monday tuesday wednesday thursday friday saturday sunday january february march april may june july
    august september october november december spring summer autumn winter decade decades time times
    """.split()
)
"""Nouns of time, which are no subject and no object: "a month later took Bamiyan"."""
BELIEVING = re.compile(r"believ|think|thought|expect|imagin|see[sn]?$|suppos", re.IGNORECASE)
"""Verbs whose negation is that of what is believed ("does not believe that he will attack")."""
SPEECH_NOUN = re.compile(
    r"statement|claim|report|rumou?r|allegation|assertion|accusation|announcement|suggestion|charge|denial", re.IGNORECASE
)
FUNCTION = ("aux", "advmod", "mark", "cop", "det", "case", "amod", "compound", "cc:preconj")
UPWARD = ("xcomp", "ccomp", "csubj", "obj", "iobj", "nsubj", "nmod", "obl", "compound", "dep", "appos", "acl", "advcl")
STEPS = 12  # a chain of governors is cut here; a damaged tree cannot hold it longer
RELATIVES = frozenset("who which that whom whose where".split())


@dataclass(frozen=True)
class Tree:
    """A parsed sentence."""

    words: tuple[Word, ...]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The words that each word governs, from left to right."""
        found: list[list[int]] = [[] for _ in self.words]
        for index, word in enumerate(self.words):
            if word.head >= 0:
                found[word.head].append(index)
        return tuple(tuple(each) for each in found)

    def within(self, start: int, end: int) -> list[int]:
        """Return the words that overlap a stretch of the document."""
        return [index for index, word in enumerate(self.words) if word.start < end and start < word.end]

    def top(self, start: int, end: int) -> int | None:
        """Return the word of a stretch that governs the others in it; of several, the first that is no preposition or hyphen."""
        inside = set(self.within(start, end))
        tops = [index for index in sorted(inside) if self.words[index].head not in inside and self.words[index].tag[:1].isalpha()]
        plain = [index for index in tops if self.words[index].tag not in ("IN", "TO", "RP", "HYPH", "DT", "MD")]
        return next(iter(plain or tops), None)

    def low(self, index: int) -> str:
        return self.words[index].text.lower()

    def is_relation(self, index: int, *names: str) -> bool:
        """Whether a word stands in one of these relations; "nsubj" covers "nsubj:pass"."""
        relation = self.words[index].relation
        while relation not in names:
            relation, colon, _ = relation.rpartition(":")
            if not colon:
                return False
        return True

    def kin(self, index: int, *names: str) -> list[int]:
        """Return the children of a word in these relations."""
        return [child for child in self.children[index] if self.is_relation(child, *names)]

    def case(self, index: int) -> str:
        """Return the prepositions of a noun, as one string in lower case ("out of")."""
        return " ".join(self.low(child) for child in self.kin(index, "case", "mark"))

    def is_verb(self, index: int) -> bool:
        return self.words[index].tag.startswith("VB")

    def below(self, index: int, *, without: tuple[str, ...] = ()) -> Iterator[int]:
        """Yield a word and all that it governs, but for branches in some relations."""
        yield index
        for child in self.children[index]:
            if not self.is_relation(child, *without):
                yield from self.below(child, without=without)

    def is_passive(self, index: int) -> bool:
        """Whether a verb is passive: "was captured", "a town captured by", "captured in May, the town"."""
        word = self.words[index]
        if not self.is_verb(index) or (word.tag == "VBG" and not self.kin(index, "nsubj:pass", "aux:pass")):
            return False
        if self.kin(index, "aux:pass") or (self.kin(index, "nsubj:pass") and not self.kin(index, "obj")):
            return True
        if self.kin(index, "nsubj", "obj"):
            return False
        if self.is_relation(index, "acl", "advcl", "amod") and not self.is_relation(index, "acl:relcl"):
            return word.tag in ("VBN", "VBD") and not self.kin(index, "aux")
        if self.is_relation(index, "xcomp") and word.tag == "VBN" and REMAINING.match(self.low(word.head)):
            return True
        if self.is_relation(index, "conj") and word.tag in ("VBN", "VBD") and not self.kin(index, "aux"):
            return self.is_passive(word.head)
        return False

    def is_present(self, start: int, end: int) -> bool:
        """Whether the verb of a stretch of the document is in the present or the perfect ("holds", "have dug in")."""
        top = self.top(start, end)
        if top is None:
            return False
        helpers = list(self.kin(top, "aux", "cop"))
        if any(self.low(child) in ("still", "now") for child in self.kin(top, "advmod")) and self.words[top].tag not in ("VBD", "VBN"):
            return True
        return (self.words[top].tag in ("VBZ", "VBP") and not helpers) or any(self.words[child].tag in ("VBZ", "VBP") for child in helpers)

    def is_pluperfect(self, start: int, end: int) -> bool:
        """Whether the verb of a stretch was over before what is told ("had besieged")."""
        top = self.top(start, end)
        return top is not None and any(self.low(child) == "had" for child in self.kin(top, "aux"))

    def subject(self, index: int, steps: int = STEPS) -> int | None:
        """Return the word that is the subject of a verb, its own or one that it shares; of a noun, none."""
        if steps == 0:
            return None
        own = [child for child in self.kin(index, "nsubj") if self.low(child) not in TIMES]
        if own:
            return self._antecedent(own[-1], index)
        word = self.words[index]
        head = word.head
        if head < 0:
            return None
        if self.is_relation(index, "conj"):
            return self.subject(head, steps - 1)
        if self.is_relation(index, "acl:relcl"):
            return None if self.kin(index, "nsubj") else head
        if self.is_relation(index, "acl"):
            return self._subject_of_noun(index, steps) if self._is_infinitive(index) else head
        if self.is_relation(index, "xcomp", "advcl", "ccomp", "parataxis"):
            return self._shared(index, steps)
        return None

    def agent(self, index: int) -> int | None:
        """Return the word behind "by" that does what a passive verb or a noun says; joined participles share it."""
        own = self._own_agent(index)
        if own is not None:
            return own
        first = self.words[index].head
        if self.is_relation(index, "conj") and first >= 0 and self.is_passive(index):
            return self._own_agent(first)
        later = [child for child in self.kin(index, "conj") if self.is_passive(child) and not self.kin(child, "nsubj")]
        return self._own_agent(later[-1]) if later else None

    def _own_agent(self, index: int) -> int | None:
        found = self.kin(index, "obl", "nmod")
        found = [child for child in found if self.low(child) not in TIMES and self.words[child].tag != "CD"]
        return next((child for child in found if self.is_relation(child, "obl:agent") or self.case(child) == "by"), None)

    def governors(self, index: int) -> frozenset[int]:
        """Return the words that say how a verb or noun is meant: its auxiliaries and negations, and what it is the complement of.

        "was unable to capture" gives `was` and `unable` for `capture`; "said that rebels hold" gives `said` for `hold`; a main clause says
        nothing of its relative clauses, nor of clauses of time.
        """
        found: set[int] = set()
        node, shared = index, True
        for _ in range(STEPS):
            if shared:
                found.update(self._function_words(node))
            word = self.words[node]
            if word.head < 0 or self.is_relation(node, "acl:relcl", "parataxis"):
                break
            if self.is_relation(node, "conj"):
                shared = not self.kin(node, "nsubj", "aux") and self._alike(node, word.head)
                node = word.head
                continue
            if not self._climbs(node):
                break
            found.add(word.head)
            shared = not self.is_relation(node, "ccomp", "nmod") or BELIEVING.match(self.low(word.head)) is not None
            node = word.head
        return frozenset(found - {index})

    def _alike(self, index: int, other: int) -> bool:
        """Whether two joined words can share an auxiliary: both infinitives, both participles, both nouns."""
        one, two = self.words[index].tag, self.words[other].tag
        return one == two or {one, two} <= {"VB", "VBP"} or {one, two} <= {"VBD", "VBN"}

    def _function_words(self, index: int) -> set[int]:
        found = set(self.kin(index, *FUNCTION))
        for child in self.kin(index, "obl", "advmod", "nmod"):
            if self.case(child).startswith(("under", "until", "in")):
                found.update(self.below(child))
        found.update(child for child in self.kin(index, "nsubj") if self._is_negative(child))
        for child in list(found):
            found.update(self.kin(child, "fixed", "advmod", "amod"))
        return found

    def _is_negative(self, noun: int) -> bool:
        return self.low(noun) in ("nobody", "none", "neither", "nothing") or any(
            self.low(child) in ("no", "neither") for child in self.kin(noun, "det", "cc:preconj")
        )

    def _climbs(self, index: int) -> bool:
        """Whether what governs a word also says how it is meant."""
        if not self.is_relation(index, *UPWARD):
            return False
        if self.is_relation(index, "acl") and SPEECH_NOUN.match(self.low(self.words[index].head)):
            return True
        if self.is_relation(index, "acl", "advcl"):
            return self._is_infinitive(index) or bool({"from", "of", "into", "without", "about", "against"} & set(self.case(index).split()))
        return not self.is_verb(index) or self.is_relation(index, "xcomp", "ccomp", "csubj", "obj", "nmod", "obl", "dep")

    def _is_infinitive(self, index: int) -> bool:
        return any(self.low(child) == "to" for child in self.kin(index, "mark", "aux"))

    def _subject_of_noun(self, index: int, steps: int) -> int | None:
        """Who would do what an infinitive behind a noun says: "the army's plan to take", "they made an attempt to take"."""
        noun = self.words[index].head
        owner = self.kin(noun, "nmod:poss")
        if owner:
            return owner[0]
        verb = self.words[noun].head
        return self.subject(verb, steps - 1) if verb >= 0 and self.is_verb(verb) else None

    def _shared(self, index: int, steps: int) -> int | None:
        """The subject that a clause without one of its own shares with the clause above it."""
        head = self.words[index].head
        objects = [child for child in self.kin(head, "obj", "iobj") if child < index]
        if self.is_relation(index, "xcomp", "ccomp") and objects and OBJECT_CONTROL.match(self.low(head)):
            return objects[-1]
        if (
            self.is_relation(index, "advcl")
            and objects
            and OBJECT_CONTROL.match(self.low(head))
            and self.case(index) in ("to", "from", "of")
        ):
            return objects[-1]
        if self.is_relation(index, "ccomp", "parataxis") and self.words[index].tag in ("VBD", "VBZ", "VBP"):
            return None
        if self.is_passive(head):
            subject = self.kin(head, "nsubj")
            return self._antecedent(subject[0], head) if subject else self.subject(head, steps - 1)
        return self.subject(head, steps - 1)

    def _antecedent(self, subject: int, verb: int) -> int:
        """The noun that a relative pronoun stands for."""
        if self.low(subject) in RELATIVES and self.words[subject].tag in ("WDT", "WP", "IN", "DT"):
            clause = verb
            for _ in range(STEPS):
                if self.is_relation(clause, "acl"):
                    return self.words[clause].head
                if not self.is_relation(clause, "conj", "xcomp", "ccomp"):
                    break
                clause = self.words[clause].head
        return subject
