"""Letters: which fonts set a text, how wide it runs, what can be drawn of it."""

from __future__ import annotations

import doctest
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import lettering
from geo.lettering import clusters, is_rtl, outline, printable, width
from tests.hostile import HOSTILE

NAMES = ("Idlib", "Харків", "إدلب وحلب", "תל אביב", "Điện Biên Phủ", "سراقب (Saraqib)")


def test_the_examples_are_true() -> None:
    assert doctest.testmod(lettering).failed == 0


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("face", ["sans", "serif"])
def test_width_grows_with_the_size(name: str, face: str) -> None:
    assert width(name, 24, face=face) == pytest.approx(2.4 * width(name, 10, face=face))
    assert width(name, 10, face=face) > 10


@pytest.mark.parametrize("name", NAMES)
def test_the_ink_lies_within_the_width(name: str) -> None:
    vertices, codes = outline(name)
    assert len(vertices) == len(codes) > 0
    assert vertices[:, 0].min() > -0.15
    assert vertices[:, 0].max() < width(name, 1) + 0.15


def test_what_is_heavier_is_wider() -> None:
    assert width("Saraqib", 10) < width("Saraqib", 10, weight=600) < width("Saraqib", 10, weight=700)
    assert width("سراقب", 10) < width("سراقب", 10, weight=700)


def test_a_space_at_the_end_counts() -> None:
    assert width("Hama ", 10) > width("Hama", 10)


def test_arabic_is_joined_and_runs_from_the_right() -> None:
    apart = sum(width(letter, 10) for letter in "سراقب")
    assert width("سراقب", 10) < 0.95 * apart
    vertices, _ = outline("اب")  # a tall alef first, then a flat beh with a dot below
    assert vertices[vertices[:, 1].argmax(), 0] > 0.5 * width("اب", 1)
    assert vertices[vertices[:, 1].argmin(), 0] < 0.5 * width("اب", 1)


def test_a_line_of_two_scripts_takes_a_font_for_each() -> None:
    assert [file.stem for file in lettering.chain("Idlib إدلب", weight=600)] == ["SalientSans-SemiBold", "SalientSansArabic-Bold"]
    assert [file.stem for file in lettering.chain("Idlib", face="serif", italic=True)] == ["SalientSerif-Italic"]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_set_without_a_warning(words: str) -> None:
    assert width(words, 10) > 0
    assert len(outline(words)[0]) > 0


@given(st.text(max_size=30))
@settings(max_examples=150)
def test_any_text_can_be_set(text: str) -> None:
    shown = printable(text)
    assert not any(unicodedata.category(letter) in ("Cc", "Cs", "Co", "Cn") for letter in shown)
    assert printable(shown) == shown
    assert width(text, 10) >= 0
    assert "".join(clusters(text)) == shown
    outline(text)


@given(st.text(max_size=40))
def test_sane_text_is_what_every_file_may_hold(text: str) -> None:
    kept = lettering.sane(text)
    kept.encode("utf-8")
    assert lettering.sane(kept) == kept
    assert not {"\x00", "\x1b", "\x7f", "\ufffe", "\uffff"} & set(kept)


def test_a_letter_that_no_font_has_is_a_box() -> None:
    unheard = next(chr(code) for code in range(0x12000, 0x12399) if unicodedata.category(chr(code)) == "Lo")  # cuneiform
    assert printable(f"a{unheard}b") in ("a\u25a1b", f"a{unheard}b")
    assert printable("a\U000F0000b") == "ab"


@pytest.mark.parametrize(("text", "expected"), [
    ("إدلب", True), ("(إدلب) Idlib", True), ("12 תל", True), ("Idlib إدلب", False), ("…", False), ("", False),
])
def test_the_first_letter_with_a_direction_decides(text: str, expected: bool) -> None:
    assert is_rtl(text) is expected


def test_marks_stay_with_their_letters_when_a_name_is_spaced() -> None:
    assert clusters("Ho\u0323ms") == ("H", "o\u0323", "m", "s")


def test_nothing_of_matplotlib_is_changed_but_the_list_of_fonts() -> None:
    script = (
        "import matplotlib; now = lambda: {key: str(value) for key, value in matplotlib.rcParams.copy().items() if key != 'backend'}\n"
        "before = now()\n"
        "from geo import lettering; lettering.width('Idlib إدلب', 10); lettering.outline('Idlib إدلب')\n"
        "assert now() == before\n"
        "import sys; assert 'matplotlib.pyplot' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False).stderr == ""
