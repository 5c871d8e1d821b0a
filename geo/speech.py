"""Who says what an act says, by the tree of the sentence: the subject of the verb of saying over it, or the source it is ascribed to."""

from __future__ import annotations

import re

from geo.syntax import Tree

__all__ = ["said_by"]

SAYING = re.compile(
    r"(?:said|says?|saying|told|tells?|claim(?:ed|s|ing)?|announc(?:ed?|es|ing)|stat(?:ed|es|ing)|report(?:ed|s|ing)?|declar(?:ed?|es|ing)|"
    r"add(?:ed|s|ing)|confirm(?:ed|s|ing)?|acknowledg(?:ed?|es|ing)|admit(?:ted|s|ting)?|conced(?:ed?|es|ing)|assert(?:ed|s|ing)?|"
    r"believ(?:ed?|es|ing)|assess(?:ed|es|ing)?|estimat(?:ed?|es|ing)|warn(?:ed|s|ing)?|argu(?:ed?|es|ing)|wrote|writes?|writing|"
    r"maintain(?:ed|s|ing)|boast(?:ed|s|ing)|not(?:ed|es|ing)|predict(?:ed|s|ing)?|insist(?:ed|s|ing)?|alleg(?:ed|es|ing)|"
    r"reiterat(?:ed|es)|accus(?:ed|es|ing)|tweeted|posted|broadcast|explain(?:ed|s)|recall(?:ed|s)|describ(?:ed|es)|suggest(?:ed|s)|"
    r"indicat(?:ed|es)|conclud(?:ed|es)|judg(?:ed|es)|show(?:ed|s)?)",
    re.IGNORECASE,
)
TOLD = re.compile(r"report|claim|announc|confirm|alleg|acknowledg|admit", re.IGNORECASE)
"""Verbs whose object is what is said ("Iran reported an attack on")."""
STEPS = 12


def said_by(tree: Tree, start: int, end: int) -> tuple[int, int, str] | None:
    """Return where the words for the speaker of an act begin and end in the document, with the verb of saying, or None.

    Parameters
    ----------
    tree
        The sentence.
    start, end
        The words of the act, as offsets into the document.
    """
    node = tree.top(start, end)
    for _ in range(STEPS):
        if node is None:
            return None
        source = next((child for child in tree.kin(node, "obl", "nmod", "advcl") if tree.case(child).startswith("accord")), None)
        if source is None:
            source = next((child for child in tree.children[node] if tree.low(child) == "according"), None)
            source = next(iter(tree.kin(source, "obl", "nmod", "pobj")), None) if source is not None else None
        if source is not None:
            return *_span(tree, source), ""
        beside = [
            child
            for child in tree.kin(node, "parataxis", "ccomp", "advcl")
            if _says(tree, child) and not start <= tree.words[child].start < end
        ]
        for child in beside:
            speaker = tree.subject(child) if tree.kin(child, "nsubj") else None
            if speaker is not None and not _complements_itself(tree, child):
                return *_span(tree, speaker), tree.low(child)
        head = tree.words[node].head
        if head < 0:
            return None
        if tree.is_relation(node, "ccomp", "parataxis", "xcomp", "obj", "advcl", "acl", "dep", "conj") and _says(tree, head):
            speaker = tree.subject(head) if not tree.is_passive(head) else tree.agent(head)
            follows = tree.is_relation(node, "ccomp", "parataxis", "xcomp", "dep") or (
                tree.is_relation(node, "obj") and TOLD.match(tree.low(head)) is not None
            )
            if speaker is not None and (follows or tree.low(head).startswith(("accus", "blam"))):
                return *_span(tree, speaker), tree.low(head)
        node = head if not tree.is_relation(node, "acl:relcl") else None
    return None


def _says(tree: Tree, word: int) -> bool:
    return tree.is_verb(word) and SAYING.fullmatch(tree.low(word)) is not None


def _complements_itself(tree: Tree, word: int) -> bool:
    """Whether a verb of saying beside the act says something else ("the army took X; officials said that Y")."""
    return bool(tree.kin(word, "ccomp"))


def _span(tree: Tree, noun: int) -> tuple[int, int]:
    inside = [tree.words[word] for word in tree.below(noun, without=("acl", "case", "punct"))]
    return min(word.start for word in inside), max(word.end for word in inside)
