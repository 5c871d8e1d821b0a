"""Which word pieces of the encoder an English report can need; the others leave data/tagger_words.txt and the file of the tagger.

    python -m scripts.cut_vocabulary --pieces vocab.txt -o data/tagger_words.txt

Kept are pieces of Latin letters, figures and signs, and the marks at the ends of a window; single letters and words of other scripts and
the places that the encoder leaves unused are not. A word of which a piece is missing is read as unknown.
"""

from __future__ import annotations

import argparse
import unicodedata
from pathlib import Path

MARKS = frozenset({"[PAD]", "[UNK]", "[CLS]", "[SEP]"})


def main() -> None:
    """Write the pieces that are kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    pieces = read_pieces(options.pieces)
    rows = kept_rows(pieces)
    options.output.write_text("".join(f"{pieces[row]}\n" for row in rows), encoding="utf-8")
    print(f"{len(rows)} of {len(pieces)} pieces kept")


def read_pieces(path: Path) -> list[str]:
    """Return the pieces of a vocabulary file, one per line."""
    with path.open(encoding="utf-8", newline="\n") as file:
        return [line.rstrip("\n") for line in file]


def kept_rows(pieces: list[str]) -> list[int]:
    """Return the numbers of the pieces that are kept, in order."""
    return [row for row, piece in enumerate(pieces) if is_kept(piece)]


def is_kept(piece: str) -> bool:
    """Whether English can need a piece."""
    if piece.startswith("[") and piece.endswith("]") and len(piece) > 2:
        return piece in MARKS
    inside = piece.removeprefix("##")
    if inside != piece and len(inside) == 1 and (unicodedata.category(inside)[0] == "P" or (inside.isascii() and not inside.isalnum())):
        return False  # a sign is a word of its own, never the end of one
    return all(_is_latin(letter) for letter in inside)


def _is_latin(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category.startswith("L"):
        return unicodedata.name(letter, "").startswith(("LATIN", "MODIFIER"))
    return category[0] in "NPS" and not unicodedata.name(letter, "").startswith(("CJK", "IDEOGRAPHIC", "HANGUL", "DEVANAGARI", "ARABIC"))


if __name__ == "__main__":
    main()
