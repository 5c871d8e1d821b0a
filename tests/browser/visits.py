"""A page opened in a browser with no network, and whatever it did that it should not have done."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from geo.choices import DEFAULT, Choices
from geo.export import html

__all__ = ["FRAME", "READY", "Visit", "until"]

READY = ".salient[data-ready]"
FRAME = '<!DOCTYPE html><title>host</title><iframe sandbox="allow-scripts" src="map.html" title="map" width="900" height="600"></iframe>'


def until(page: Any, law: str, *, seconds: float = 20.0) -> None:
    """Wait until an expression is true in a page or frame; its policy forbids Playwright's own way, which compiles text there."""
    end = time.monotonic() + seconds
    while not page.evaluate(law):
        assert time.monotonic() < end, f"never true: {law}"
        time.sleep(0.03)


class Visit:
    """A page, and what it should not do."""

    def __init__(self, browser: Any, *, width: int = 1280, height: int = 800, offline: bool = True, **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, offline=offline, **more)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("request", lambda request: self.note(request.url))

    def note(self, address: str) -> None:
        """Complain of a request that leaves the page's folder."""
        if not address.startswith(("file:", "data:", "blob:")):
            self.complaints.append(address)

    def open(self, situation: Any, folder: Path, *, choices: Choices = DEFAULT, hash_: str = "") -> Any:
        """Write a situation's page, open it and wait until it is drawn."""
        self.page.goto(html.write(situation, folder / "map.html", choices).as_uri() + hash_)
        self.page.wait_for_selector(READY, timeout=30_000)
        return self.page

    def frame(self, situation: Any, folder: Path, host: str = FRAME) -> Any:
        """Write a situation's page and open another round it; returns the inner one."""
        html.write(situation, folder / "map.html")
        (folder / "host.html").write_text(host, encoding="utf-8")
        self.page.goto((folder / "host.html").as_uri())
        self.page.frame_locator("iframe").locator(READY).wait_for(timeout=30_000)
        return next(frame for frame in self.page.frames if frame.parent_frame is not None)
