"""The fonts that ship: whole, under a free licence, small, and able to write the names of the places that reports are about."""

from __future__ import annotations

import hashlib

import pytest
from fontTools.ttLib import TTFont

from geo.lettering import FONTS

FILES = sorted(FONTS.glob("*.ttf"))
WEST = [file for file in FILES if "Arabic" not in file.name and "Hebrew" not in file.name]
# One name or phrase with the letters that a language adds to its alphabet.
WRITTEN = {
    "Ukrainian": "Київ, Ґалаґан, Їжакевич, Єлисаветград",
    "Russian": "Ёлкино, Съезжинская, Жуковский",
    "Serbian": "Ђаковица, Љубљана, Његош, Џамија",
    "Macedonian": "Ѓорче, Ќустендил, Ѕвездан",
    "Tajik": "Ӯзбекистон, Қӯрғонтеппа, Ҳисор, Ҷалолиддин",
    "Kazakh": "Өскемен, Ұлытау, Әбіл, Іле",
    "Turkish": "Iğdır, Şırnak, İdil, Çukurca",
    "Azerbaijani": "Şəki, Ağdərə",
    "Vietnamese": "Điện Biên Phủ, Huế, Quảng Trị",
    "Polish": "Łódź, Wrocław, Gdańsk",
    "Romanian": "Timișoara, Bălți, Râmnicu",
    "Hungarian": "Győr, Hódmezővásárhely",
    "Icelandic": "Þingvellir, Æðey",
    "Maltese": "Ħal Għaxaq, Żebbuġ",
    "transliteration": "Ḥimṣ, Dayr az-Zawr, Ṭarṭūs, ʿAfrīn, Maʾrib",
    "Greek": "Λευκωσία, Αμμόχωστος, Ϊ",
    "signs": "“8–12 km”, 35° 12′ N, €, №, ± ·",
}
EAST = {
    "Arabic": ("Arabic", "إدلب، سراقب، حلب، معرّة النعمان ١٢٣"),
    "Persian": ("Arabic", "پیرانشهر، چابهار، ژاله، گیلان ۱۲۳"),
    "Kurdish": ("Arabic", "ھەولێر، سلێمانی، دهۆک، ڕانیە"),
    "Pashto": ("Arabic", "ګردېز، ټانک، ډیره، ښار، ځدراڼ"),
    "Urdu": ("Arabic", "ہنزہ، گلگت، ڈیرہ، ٹانک، ڑ ے"),
    "Hebrew": ("Hebrew", "תל אביב־יפו, שָׁלוֹם"),
}


def letters(file: object) -> set[int]:
    return set(TTFont(file)["cmap"].getBestCmap())


def test_every_font_is_the_one_whose_hash_is_on_record() -> None:
    on_record = dict(reversed(line.split("  ")) for line in (FONTS / "SHA256SUMS").read_text(encoding="ascii").splitlines())
    assert set(on_record) == {file.name for file in FILES} | {"LICENSE"}
    for name, digest in on_record.items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest, name


def test_the_fonts_are_small_enough_to_ship() -> None:
    assert sum(file.stat().st_size for file in FONTS.iterdir()) < 2_500_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_font_keeps_its_licence_and_has_a_name_of_its_own(file: object) -> None:
    names = TTFont(file)["name"]
    assert "Google" in str(names.getDebugName(0))
    assert "SIL Open Font License, Version 1.1" in str(names.getDebugName(13))
    assert not any("Noto" in str(names.getDebugName(number)) for number in (1, 3, 4, 6, 16))
    assert all(record.toUnicode().startswith("Salient") for record in names.names if record.nameID in (1, 16))


def test_the_licence_and_the_notice_name_the_makers() -> None:
    licence = (FONTS / "LICENSE").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in licence
    assert "Google LLC" in licence
    notice = (FONTS / "NOTICE.md").read_text(encoding="utf-8")
    assert all(word in notice for word in ("Noto Sans SemiCondensed", "Noto Naskh Arabic", "Noto Serif Hebrew", "build_fonts.py"))


@pytest.mark.parametrize("file", WEST, ids=lambda file: file.stem)
def test_every_western_font_writes_every_european_name(file: object) -> None:
    had = letters(file)
    lacking = {language: [letter for letter in text if ord(letter) not in had] for language, text in WRITTEN.items()}
    assert not {language: found for language, found in lacking.items() if found}


@pytest.mark.parametrize("language", EAST)
def test_names_from_the_right_are_written_in_both_faces_and_weights(language: str) -> None:
    script, text = EAST[language]
    west = letters(WEST[0])
    for face in ("Sans", "Serif"):
        for style in ("Regular", "Bold"):
            had = letters(FONTS / f"Salient{face}{script}-{style}.ttf") | west
            assert not [letter for letter in text if ord(letter) not in had], (face, style)
