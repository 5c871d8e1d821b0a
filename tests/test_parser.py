"""The parser: its trees are trees, its offsets are the document's, nothing but the sentence decides, and the treebanks agree."""

from __future__ import annotations

import itertools
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from geo import datafiles, parser, tagger
from geo.documents import from_text
from geo.parser import Word, parse
from geo.parser_input import LONGEST, sentence_window, sentence_words
from geo.parser_parts import ONCE, best_parts
from geo.parser_trees import best_heads
from geo.records import Sentence
from geo.sentences import sentences
from scripts.parser_treebank import trees

# Of unseen news of the treebanks: heads, heads with relations (without subtypes), tags; the shipped parser's own, rounded down.
FLOORS = (0.92, 0.895, 0.96)
BENCH = Path(__file__).parents[2] / "shared" / "bench" / "ud"
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def tree(text: str) -> tuple[Word, ...]:
    report = from_text(text)
    found = parse(report, sentences(report)[0])
    assert found is not None
    return found


def is_tree(heads: list[int]) -> bool:
    def leads_up(word: int) -> bool:
        for _ in heads:
            word = heads[word] if word >= 0 else word
        return word < 0

    return heads.count(-1) == 1 and all(-1 <= head < len(heads) for head in heads) and all(map(leads_up, range(len(heads))))


# Words: what a word of a sentence is.


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Gen. Haftar's rebel-held U.S. base didn't fall.", "Gen. Haftar 's rebel - held U.S. base did n't fall ."),
        ("They can’t, or cannot, say “yes”...", "They ca n’t , or can not , say “ yes ” ..."),
        ("the soldiers' T-72s (No. 5) left St. John at 10:30 a.m.", "the soldiers ' T - 72s ( No. 5 ) left St. John at 10:30 a.m."),
        ("Ma'arrat al-Nu'man fell on 10/12/2015, 40% of it.", "Ma'arrat al - Nu'man fell on 10/12/2015 , 40 % of it ."),
        ("He'd seen 1,200 men; it's over -- we'll see.", "He 'd seen 1,200 men ; it 's over -- we 'll see ."),
        ("He met J. Biden Jr.", "He met J. Biden Jr ."),
        ("See www.example.org/a-b or a.b@c.org!", "See www.example.org/a-b or a.b@c.org !"),
    ],
)
def test_words_are_those_of_the_treebanks(text: str, words: str) -> None:
    assert [text[start:end] for start, end in sentence_words(text, 0, len(text))] == words.split(" ")


LETTERS = st.text(alphabet=st.sampled_from("aZé'’ .,-\n\t09М世ا\U0001f642\u202e\u2060\u0301_“\"…/@n't"), min_size=1, max_size=200)


@CALM
@given(LETTERS)
def test_words_leave_out_nothing_but_blanks_and_stand_in_order(text: str) -> None:
    words = sentence_words(text, 0, len(text))
    ends = [0, *itertools.chain.from_iterable(words), len(text)]
    if len(words) or not text.strip():
        assert ends == sorted(ends)
        assert all(start < end for start, end in words)
        gaps = "".join(text[end:start] for end, start in itertools.pairwise([0, *itertools.chain.from_iterable(words), len(text)]))
        left = [text[ends[i] : ends[i + 1]] for i in range(0, len(ends), 2)]
        assert not "".join(left).strip(" \n\t\u0301\u2060\u202e"), gaps


# Trees: the best one, always one.


@CALM
@given(st.integers(1, 40).flatmap(lambda n: arrays(np.float32, (n, n + 1), elements=st.floats(-50, 50, width=32))))
def test_any_scores_make_one_tree(scores: np.ndarray) -> None:
    assert is_tree(best_heads(scores).tolist())


@CALM
@given(st.integers(1, 4).flatmap(lambda n: arrays(np.float64, (n, n + 1), elements=st.integers(-20, 20).map(float))))
def test_no_other_tree_scores_better(scores: np.ndarray) -> None:
    count = len(scores)
    others = (heads for heads in itertools.product(range(-1, count), repeat=count) if is_tree(list(heads)))
    best = max(sum(scores[word, head + 1] for word, head in enumerate(heads)) for heads in others)
    assert sum(scores[word, head + 1] for word, head in enumerate(best_heads(scores))) == pytest.approx(best)


NAMES = ("root", "nsubj", "nsubj:pass", "obj", "obl", "punct")


def doubles(heads: list[int], parts: list[str]) -> int:
    kinds = [next((kind for kind in ONCE if part in kind), None) for part in parts]
    seen = [(head, kind) for head, kind in zip(heads, kinds, strict=True) if kind is not None]
    return len(seen) - len(set(seen))


@CALM
@given(st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_two_subjects_of_one_verb_are_parted_and_a_tree_stays_a_tree(count: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    arcs, relations = draw.normal(size=(count, count + 1)) * 4, draw.normal(size=(count, count + 1, len(NAMES)))
    heads, parts = best_parts(best_heads(arcs), arcs, relations, NAMES)
    assert is_tree(heads.tolist())
    assert [part == "root" for part in parts] == [head < 0 for head in heads]
    assert doubles(heads.tolist(), parts) == 0


def test_of_two_subjects_the_one_that_loses_least_yields() -> None:
    heads = np.array([2, 2, -1])
    arcs = np.array([[0, -9, 2, 5], [0, 0, -9, 6], [9, 0, 0, -9]], dtype=np.float64)
    relations = np.zeros((3, 4, len(NAMES)))
    relations[:2, :, 1] = 8
    relations[0, 2, 5] = 12  # the first word may as well hang on the second
    found, parts = best_parts(heads, arcs, relations, NAMES)
    assert found.tolist() == [1, 2, -1]
    assert parts == ["punct", "nsubj", "root"]


# The parser.


@CALM
@given(LETTERS.filter(str.strip))
def test_every_sentence_has_a_tree_in_the_documents_own_offsets(text: str) -> None:
    report = from_text("Before. " + text)
    for sentence in sentences(report):
        found = parse(report, sentence)
        if found is None:
            continue
        assert is_tree([word.head for word in found])
        assert all(sentence.start <= word.start < word.end <= sentence.end for word in found)
        assert all(report.text[word.start : word.end] == word.text for word in found)
        assert [word.head < 0 for word in found] == [word.relation == "root" for word in found]


def test_a_sentence_too_long_has_no_tree() -> None:
    report = from_text("Aleppo, " * (LONGEST // 2) + "and Idlib.")
    assert parse(report, sentences(report)[0]) is None


def test_a_sentence_of_long_words_has_a_tree_or_none() -> None:
    report = from_text("Qwrtzpsdfghjkl " * (LONGEST - 1) + "fell.")
    found = parse(report, sentences(report)[0])
    assert found is None or is_tree([word.head for word in found])


def test_a_sentence_without_a_capital_is_parsed_too() -> None:
    found = tree("rebels seized the town.")
    assert [(word.text, word.relation) for word in found] == [
        ("rebels", "nsubj"), ("seized", "root"), ("the", "det"), ("town", "obj"), (".", "punct")
    ]


def test_a_tree_does_not_depend_on_what_stands_around_or_was_read_before() -> None:
    text = "The army said rebels had left Sirte."
    first = tree(text)
    parser._kept.clear()
    report = from_text("Clashes went on in Khartoum. " + text + " Nothing else was known.")
    second = parse(report, sentences(report)[1])
    assert second is not None
    assert [(w.text, w.head, w.relation, w.tag) for w in first] == [(w.text, w.head, w.relation, w.tag) for w in second]


@pytest.mark.parametrize(
    "dateline", ["BEIRUT (Reuters) - ", "MISRATA, Libya, March 5 (AP) — ", "KYIV – ", "(AFP) — "]
)
def test_a_dateline_does_not_change_the_tree_of_the_story(dateline: str) -> None:
    story = "Rebels have left the port, a spokesman said."
    plain, whole = tree(story), tree(dateline + story)
    shift = len(whole) - len(plain)
    moved = [(word.text, word.head + shift if word.head >= 0 else -1, word.relation) for word in plain]
    assert moved == [(word.text, word.head, word.relation) for word in whole[shift:]]
    assert whole[0].head == next(number for number, word in enumerate(whole) if word.head < 0)


@pytest.mark.parametrize("text", ["NATO – the alliance of the West – said so.", "Rebels - all of them - left.", "ISIS-led units left."])
def test_a_name_before_a_dash_is_no_dateline(text: str) -> None:
    assert all(word.relation != "dep" for word in tree(text))


def test_the_trees_kept_are_bounded() -> None:
    for number in range(parser.KEPT + 5):
        parser._kept[f"x {number}"] = ()
    tree("Rebels left.")
    assert len(parser._kept) <= parser.KEPT


def test_without_the_file_there_is_no_tree(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    report = from_text("Rebels left.")
    monkeypatch.setattr(datafiles, "DATA", tmp_path)
    assert not parser.is_ready()
    assert parse(report, sentences(report)[0]) is None


def test_a_sentence_takes_about_as_long_as_a_window_of_the_tagger_at_most() -> None:
    text = "Government troops backed by Russian warplanes recaptured three villages south of Idlib on Monday, a war monitor said."
    words = sentence_words(text, 0, len(text))
    window = sentence_window(text, words)
    assert window is not None
    tree(text)

    def fastest(run: object) -> float:
        took = []
        for _ in range(7):
            begun = time.perf_counter()
            run()  # type: ignore[operator]
            took.append(time.perf_counter() - begun)
        return min(took)

    session = tagger._session()
    whole = fastest(lambda: session.run(list(tagger.OUTPUTS), tagger._given(session, window)))
    assert fastest(lambda: parser._read(text)) < 3 * whole + 0.002


@pytest.mark.bench
@pytest.mark.skipif(not BENCH.is_dir(), reason="the treebanks are not here")
def test_the_treebanks_agree_with_the_trees() -> None:
    news = [tree for tree in trees(BENCH) if tree.part == "test" and tree.genre in ("ewt weblog", "ewt newsgroup", "gum news")][::2]
    right = np.zeros(3)
    for gold in news:
        report = from_text(gold.text)
        found = parse(report, Sentence(document_id=report.id, start=0, end=len(report.text), paragraph=0))
        assert found is not None
        assert report.text == gold.text
        heads = np.array([word.head for word in found]) == gold.heads
        named = [word.relation.split(":")[0] == name.split(":")[0] for word, name in zip(found, gold.relations, strict=True)]
        right += [heads.sum(), (heads & named).sum(), sum(word.tag == tag for word, tag in zip(found, gold.tags, strict=True))]
    shares = right / sum(len(gold.words) for gold in news)
    assert (shares >= FLOORS).all(), f"heads {shares[0]:.4f}, with relations {shares[1]:.4f}, tags {shares[2]:.4f}"
