"""The neural tagger: what it is given, what it gives, and that nothing else decides what it reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geo import tagger
from geo.documents import from_text
from geo.gazetteer import open_gazetteer
from geo.name_candidates import gather, untagged
from geo.name_features import Setting
from geo.recognition import is_toponym, recognise
from geo.tagger_input import FAMILIES, LONGEST, SIGNS, windows

REPORT = (
    "ANKARA – Turkish soldiers left Saraqib on Monday, the Syrian Observatory for Human Rights said. Michael Jordan, an envoy of the "
    "United States, met Mr. Lavrov in Sochi. The US, he said, would stay in the US; Russia's fleet is at Tartus."
)


def setting(text: str) -> Setting:
    return untagged(from_text(text), open_gazetteer())[1]


def tagged(text: str) -> tuple[Setting, tagger.Tags]:
    about = setting(text)
    found = tagger.tags(about)
    assert found is not None
    return about, found


@pytest.fixture
def no_tagger(tmp_path: Path) -> Iterator[None]:
    tagger.use_file(tmp_path / "none.onnx")
    gather.cache_clear()
    yield
    tagger.use_file(None)
    gather.cache_clear()


WORDS = st.text(alphabet=st.sampled_from("aZé'’ .,-\n\t0М世ا\U0001f642\u202e\u2060"), min_size=1, max_size=400).filter(str.strip)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(WORDS)
def test_every_word_beside_a_name_stands_in_one_window_and_windows_are_bounded(text: str) -> None:
    about = setting(text)
    cut = windows(about)
    words = np.concatenate([window.words for window in cut]).tolist() if cut else []
    assert sorted(set(words)) == words
    beside = {token.sentence for token in about.scene.tokens if token.capital and not token.first}
    assert set(words) >= {number for number, token in enumerate(about.scene.tokens) if token.sentence in beside}
    for window in cut:
        assert len(window.pieces) <= LONGEST
        assert window.signs.shape == (len(window.pieces), len(FAMILIES))
        assert window.signs.max() < SIGNS


@pytest.mark.parametrize("text", ["Aleppo", "a" * 5000 + " in Aleppo", "Aleppo " * 700, "☃ ☃ ☃", REPORT])
def test_each_output_is_a_share_for_each_word(text: str) -> None:
    about = setting(text)
    found = tagger.tags(about)
    if found is None:
        assert not any(token.capital for token in about.scene.tokens)
        return
    for part, labels in zip((found.names, found.entities, found.kinds, found.uses), tagger.OUTPUTS.values(), strict=True):
        assert part.shape == (len(about.scene.tokens), len(labels))
        assert np.allclose(part.sum(axis=1), 1, atol=1e-4)


def test_a_reading_does_not_depend_on_what_was_read_before() -> None:
    _, first = tagged(REPORT)
    tagger.use_file(None)  # forgets the windows kept
    tagged("Fighting went on in Khartoum. " * 30)
    _, second = tagged(REPORT)
    assert np.array_equal(first.names, second.names)


def test_the_windows_kept_are_bounded() -> None:
    for number in range(tagger.KEPT + 20):
        tagged(f"Shells fell on Aleppo {number}.")
    assert len(tagger._cache) <= tagger.KEPT


@pytest.mark.parametrize(
    ("words", "entity"), [("Michael Jordan", "PER"), ("Syrian Observatory for Human Rights", "ORG"), ("Turkish", "NORP"), ("Sochi", "LOC")]
)
def test_persons_organisations_peoples_and_places_are_told_apart(words: str, entity: str) -> None:
    about, found = tagged(REPORT)
    start = REPORT.index(words)
    inside = [n for n, token in enumerate(about.scene.tokens) if start <= token.start < start + len(words)]
    assert found.entity(inside[0], inside[-1] + 1) == entity


def test_a_name_that_repeats_is_found_each_time() -> None:
    found = recognise(from_text(REPORT), gazetteer=open_gazetteer())
    assert [mention.text for mention in found if mention.text == "US"] == ["US", "US"]


def test_without_the_tagger_the_rules_find_names(no_tagger: None) -> None:
    found = {mention.text for mention in recognise(from_text(REPORT), gazetteer=open_gazetteer()) if is_toponym(mention)}
    assert {"Saraqib", "Sochi", "Russia", "United States", "Tartus"} <= found
    assert "Jordan" not in found


def test_a_place_that_no_gazetteer_knows_is_kept_for_the_unresolved_tray() -> None:
    text = "Rebels shelled the village of Qarzubba on Monday. Residents of Qarzubba fled to Aleppo, in northern Syria."
    found = recognise(from_text(text), gazetteer=open_gazetteer())
    assert [mention.text for mention in found if mention.text == "Qarzubba"] == ["Qarzubba", "Qarzubba"]
