"""A sheet of one report in every preset and form, to be looked at: page, picture and slide side by side.

    python -m scripts.contact_sheet seeds/idlib-2020.md -o out/sheets

Pages are photographed by the system's Chromium, slides by LibreOffice and pdftoppm; a form whose program is missing is left out and
said so. Needs requirements-dev.txt.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright

from geo import situation, symbology
from geo.choices import Choices
from geo.documents import load
from geo.export import export
from geo.gazetteer import open_gazetteer
from geo.situation import Situation

WIDTH, HEIGHT = 960, 540  # pixels of each picture on the sheet
PAGE = {"width": 1280, "height": 720}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    """Draw the sheet of each report named on the command line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("reports", nargs="+", type=Path)
    asked.add_argument("-o", "--out", type=Path, default=Path("out/sheets"))
    asked.add_argument("--preset", action="append", help="only this preset (may be given again)")
    given = asked.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    for report in given.reports:
        read = situation.read([load(report)], gazetteer=open_gazetteer())
        target = given.out / f"{report.stem}.jpg"
        sheet(read, given.preset or list(symbology.style()["presets"])).save(target, quality=88)
        sys.stdout.write(f"{target}\n")
    return 0


def sheet(read: Situation, presets: list[str]) -> Image.Image:
    """Return one picture: a row for each preset; page, picture and slide from left to right."""
    forms = (page, picture, slide)
    made = Image.new("RGB", (WIDTH * len(forms), (HEIGHT + 24) * len(presets)), "#ffffff")
    pen = ImageDraw.Draw(made)
    for row, preset in enumerate(presets):
        for column, form in enumerate(forms):
            x, y = column * WIDTH, row * (HEIGHT + 24)
            pen.text((x + 8, y + 6), f"{preset}: {form.__name__}", fill="#000000")
            with tempfile.TemporaryDirectory() as folder:
                shot = form(read, Choices(preset=preset, size="slide"), Path(folder))
            if shot is not None:
                shot.thumbnail((WIDTH, HEIGHT))
                made.paste(shot, (x, y + 24))
    return made


def page(read: Situation, choices: Choices, folder: Path) -> Image.Image | None:
    """Return the exported page as a browser shows it, with no network."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return None
    file = export(read, folder / "map.html", choices)
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        tab = opened.new_page(viewport=PAGE)
        tab.context.set_offline(True)
        tab.goto(file.as_uri())
        tab.wait_for_selector("[data-ready=true]")
        tab.wait_for_timeout(500)
        tab.screenshot(path=folder / "page.png")
        opened.close()
    return Image.open(folder / "page.png").convert("RGB")


def picture(read: Situation, choices: Choices, folder: Path) -> Image.Image | None:
    """Return the PNG."""
    return Image.open(export(read, folder / "map.png", choices)).convert("RGB")


def slide(read: Situation, choices: Choices, folder: Path) -> Image.Image | None:
    """Return the first slide as LibreOffice draws it."""
    office, painter = shutil.which("soffice"), shutil.which("pdftoppm")
    if office is None or painter is None:
        return None
    file = export(read, folder / "map.pptx", choices)
    own = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run([office, own, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)], check=True, capture_output=True)
    subprocess.run([painter, "-r", "110", "-png", "-singlefile", str(folder / "map.pdf"), str(folder / "slide")], check=True)
    return Image.open(folder / "slide.png").convert("RGB")


if __name__ == "__main__":
    sys.exit(main())
