"""Make the picture of the README: a page that ``python -m geo map`` wrote, as a browser shows it with no network.

    python -m scripts.picture out/idlib.html docs/idlib.jpg
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

SIZE = {"width": 1280, "height": 760}
QUALITY = 84  # of the JPEG: keeps it under 300 kB and its letters clean


def main(source: Path, target: Path) -> None:
    """Write the picture of a page."""
    chromium = next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(viewport=SIZE, offline=True)
        page = context.new_page()
        page.goto(source.resolve().as_uri())
        page.locator(".salient[data-ready=true]").wait_for()
        page.wait_for_timeout(800)
        shot = page.screenshot()
        browser.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(shot)).convert("RGB").save(target, quality=QUALITY, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
