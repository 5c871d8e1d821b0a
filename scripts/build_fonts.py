"""Cut the letters that maps need out of Noto (two Debian packages) into geo/assets/fonts, under names of their own, with hashes.

    apt-get download fonts-noto-core fonts-noto-extra
    python scripts/build_fonts.py fonts-noto-core_*.deb fonts-noto-extra_*.deb

The same packages give the same octets. Needs fonttools and dpkg-deb.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import subprocess
import tarfile
from pathlib import Path
from typing import Any

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parents[1] / "geo" / "assets" / "fonts"

# Latin with all of Europe, Turkish, Azerbaijani and Vietnamese, modifier letters of transliterations, Greek, Cyrillic, signs.
WEST = (
    (0x20, 0x7E), (0xA0, 0x24F), (0x259, 0x259), (0x2B0, 0x2FF), (0x300, 0x345), (0x370, 0x3FF), (0x400, 0x52F), (0x1E00, 0x1EFF),
    (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x215F), (0x2190, 0x2199), (0x2202, 0x22A5),
    (0x25A0, 0x25FF), (0xFB00, 0xFB06), (0xFEFF, 0xFEFF), (0xFFFD, 0xFFFD),
)
ARABIC = ((0x20, 0x20), (0x600, 0x6FF), (0x750, 0x77F), (0x8A0, 0x8B4), (0x200B, 0x200F), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))
HEBREW = ((0x20, 0x20), (0x590, 0x5FF), (0x200B, 0x200F), (0xFB1D, 0xFB4F))

# Ours: (theirs, the letters kept). Semi-condensed, because a town's name has little room on a map.
FONTS = {
    ("Salient Sans", "Regular"): ("NotoSans-SemiCondensed", WEST),
    ("Salient Sans", "Italic"): ("NotoSans-SemiCondensedItalic", WEST),
    ("Salient Sans", "SemiBold"): ("NotoSans-SemiCondensedSemiBold", WEST),
    ("Salient Sans", "Bold"): ("NotoSans-SemiCondensedBold", WEST),
    ("Salient Serif", "Regular"): ("NotoSerif-SemiCondensed", WEST),
    ("Salient Serif", "Italic"): ("NotoSerif-SemiCondensedItalic", WEST),
    ("Salient Serif", "SemiBold"): ("NotoSerif-SemiCondensedSemiBold", WEST),
    ("Salient Sans Arabic", "Regular"): ("NotoSansArabic-Regular", ARABIC),
    ("Salient Sans Arabic", "Bold"): ("NotoSansArabic-Bold", ARABIC),
    ("Salient Serif Arabic", "Regular"): ("NotoNaskhArabic-Regular", ARABIC),
    ("Salient Serif Arabic", "Bold"): ("NotoNaskhArabic-Bold", ARABIC),
    ("Salient Sans Hebrew", "Regular"): ("NotoSansHebrew-Regular", HEBREW),
    ("Salient Sans Hebrew", "Bold"): ("NotoSansHebrew-Bold", HEBREW),
    ("Salient Serif Hebrew", "Regular"): ("NotoSerifHebrew-Regular", HEBREW),
    ("Salient Serif Hebrew", "Bold"): ("NotoSerifHebrew-Bold", HEBREW),
}
KEPT_NAMES = (0, 5, 7, 8, 9, 11, 13, 14)  # copyright, version, trademark, makers and the licence stay as they are


def main() -> None:
    """Write the fonts and their hashes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, nargs=2)
    theirs = _unpacked(parser.parse_args().packages)
    FOLDER.mkdir(parents=True, exist_ok=True)
    sums = {}
    for (family, style), (name, letters) in FONTS.items():
        target = FOLDER / f"{family.replace(' ', '')}-{style}.ttf"
        target.write_bytes(_cut(theirs[f"{name}.ttf"], letters, family, style))
        sums[target.name] = hashlib.sha256(target.read_bytes()).hexdigest()
    licence = FOLDER / "LICENSE"
    sums["LICENSE"] = hashlib.sha256(licence.read_bytes()).hexdigest()
    (FOLDER / "SHA256SUMS").write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items())), encoding="ascii")


def _unpacked(packages: list[Path]) -> dict[str, bytes]:
    """The fonts of Debian packages by their file names."""
    wanted = {f"{name}.ttf" for name, _ in FONTS.values()}
    found: dict[str, bytes] = {}
    for package in packages:
        unpacked = subprocess.run(["dpkg-deb", "--fsys-tarfile", str(package)], capture_output=True, check=True).stdout
        with tarfile.open(fileobj=io.BytesIO(unpacked)) as archive:
            for member in archive:
                file = archive.extractfile(member) if Path(member.name).name in wanted else None
                if file is not None:
                    found[Path(member.name).name] = file.read()
    if lacking := wanted - set(found):
        raise SystemExit(f"The packages hold no {', '.join(sorted(lacking))}.")
    return found


def _cut(data: bytes, letters: tuple[tuple[int, int], ...], family: str, style: str) -> bytes:
    """A font with only some letters, without instructions for coarse screens, under a name of our own."""
    options = subset.Options(hinting=False, notdef_outline=True, recalc_timestamp=False, name_IDs=list(KEPT_NAMES), drop_tables=["DSIG"])
    font = TTFont(io.BytesIO(data), recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for low, high in letters for code in range(low, high + 1)])
    cutter.subset(font)
    _rename(font, family, style)
    written = io.BytesIO()
    font.save(written, reorderTables=None)
    return written.getvalue()


def _rename(font: Any, family: str, style: str) -> None:
    """Give a font our name, and the weight that its name says, so that it is never taken for the whole font it was cut from."""
    names = font["name"]
    short = f"{family.replace(' ', '')}-{style}"
    linked = style if style in ("Regular", "Bold", "Italic") else "Regular"
    base = family if linked == style else f"{family} {style}"
    said = {1: base, 2: linked, 3: f"Salient;{short}", 4: f"{family} {style}", 6: short, 16: family, 17: style}
    for number, text in said.items():
        names.setName(text, number, 3, 1, 0x409)
    font["OS/2"].usWeightClass = {"SemiBold": 600, "Bold": 700}.get(style, 400)
    font["OS/2"].usWidthClass = 5


if __name__ == "__main__":
    main()
