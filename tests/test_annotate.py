"""The text with its marks: nothing lost, nothing run."""

import html as standard
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import annotate
from geo.records import Mention
from tests.fake_situation import document, idlib
from tests.hostile import HOSTILE

TEXT = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), min_size=1, max_size=60)


@given(st.data())
def test_the_pieces_joined_are_the_text(data: st.DataObject) -> None:
    text = data.draw(TEXT)
    spans = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(sorted), max_size=5))
    cut = annotate.pieces(document(text), evidence={f"c{n}": [(a, b)] for n, (a, b) in enumerate(spans)})
    assert "".join(piece.text for piece in cut) == text
    assert all(text[piece.start : piece.end] == piece.text for piece in cut)


@given(TEXT)
def test_escaped_text_reads_back_as_it_was_and_holds_no_markup(text: str) -> None:
    safe = annotate.escape(text)
    assert standard.unescape(safe).replace("\u2028", "").replace("\u2029", "") == text.replace("\u2028", "").replace("\u2029", "")
    assert not re.search(r"[<>\"'`{}$]", safe)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_and_do_nothing(words: str) -> None:
    report = document(f"Before {words} after.")
    start = report.text.index(words)
    named = Mention(document_id=report.id, start=start, end=start + len(words), text=words, kind="other")
    from dataclasses import replace

    shown = annotate.html(replace(idlib(), documents=(report,), mentions=(named,), claims=()), report)
    assert set(re.findall(r"<\s*/?\s*(\w+)", shown)) <= {"div", "span", "mark", "br"}
    assert "{{" not in shown
    assert "{%" not in shown
    assert standard.unescape(re.sub(r"<[^>]*>", "", shown)) == report.text


def test_a_mention_inside_a_claim_is_marked_as_both() -> None:
    situation = idlib()
    shown = annotate.html(situation, situation.documents[0])
    assert re.search(
        r'<mark data-claims="c-city"><span class="mention literal" data-mention="\d+-\d+" title="populated">Idlib</span></mark>', shown
    )


def test_mentions_of_other_documents_are_passed_over() -> None:
    other = document("Elsewhere.")
    assert [piece.text for piece in annotate.pieces(other, mentions=idlib().mentions)] == ["Elsewhere."]
