"""Open a page of marks in headless Chromium and measure how soon it answers a click, and what a zoom and a pan take."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

__all__ = ["Browser", "started", "watch"]

SIZE = {"width": 1280, "height": 800}
FLAGS = (
    "--no-sandbox --disable-background-networking --no-first-run --disable-component-update --disable-sync --enable-unsafe-swiftshader"
).split()
PATIENCE_S = 240.0
BETWEEN_CLICKS_S = 0.06

Browser = Any

# Runs before the page: notes the first frame in which the words of the lone mark stand in an open popup or tooltip.
_WITNESS = """
(() => {
  const spots = '.leaflet-popup, .maplibregl-popup, .deck-tooltip, .lonboard-tooltip, .hoverlayer, [class*="tooltip"]';
  window.__answered = 0;
  const look = () => {
    const said = one => one.textContent.includes('Lone') && getComputedStyle(one).display !== 'none';
    if ([...document.querySelectorAll(spots)].some(said)) window.__answered = performance.now(); else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""

# Moves the map by the library's own call, then waits until it says that it has drawn, two frames more, and reads every canvas back.
_MOVE = """
async ([zoom, east]) => {
  const frame = () => new Promise(done => requestAnimationFrame(done));
  const leaflet = window.L && L.Map && Object.values(window).find(one => one instanceof L.Map);
  const plot = document.querySelector('.js-plotly-plot'), inside = plot && plot._fullLayout.map && plot._fullLayout.map._subplot.map;
  const deck = typeof deckInstance !== 'undefined' ? deckInstance : null, gl = window.__map || inside;
  const start = performance.now();
  if (leaflet && zoom) leaflet.setZoom(leaflet.getZoom() + zoom, {animate: false});
  else if (leaflet) leaflet.panBy([east, 0], {animate: false});
  else if (gl) {
    const drawn = new Promise(done => gl.once('idle', done));
    if (zoom) gl.jumpTo({zoom: gl.getZoom() + zoom}); else gl.panBy([east, 0], {animate: false, duration: 0});
    await drawn;
  } else if (deck) {
    const now = window.__view || {longitude: 38, latitude: 35, zoom: 5}, across = east * 360 / 512 / 2 ** now.zoom;
    const next = window.__view = {...now, zoom: now.zoom + zoom, longitude: now.longitude + across};
    await new Promise(done => deck.setProps({initialViewState: next, onAfterRender: done}));
  } else return -1;
  await frame(); await frame();
  document.querySelectorAll('canvas').forEach(canvas => {
    if (!canvas.width || !canvas.isConnected) return;
    const webgl = deck || gl ? canvas.getContext('webgl2') || canvas.getContext('webgl') : null;
    if (webgl) webgl.readPixels(0, 0, 1, 1, webgl.RGBA, webgl.UNSIGNED_BYTE, new Uint8Array(4));
    else { const flat = canvas.getContext('2d'); if (flat) flat.getImageData(0, 0, 1, 1); }
  });
  return performance.now() - start;
}
"""


@contextmanager
def started(program: str) -> Iterator[Browser]:
    """A headless Chromium whose WebGL is drawn by the processor, as on a machine without a graphics card."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        running.close()


def watch(browser: Browser, page_file: Path, libraries: Path, *, lone: tuple[float, float], lift: int = 0) -> dict[str, float]:
    """Return `mb` (the page and what it loads), `interactive_s`, `zoom_ms` and `pan_ms` (medians; NaN where they cannot be measured).

    Parameters
    ----------
    page_file
        The page, as its library wrote it.
    libraries
        A node_modules folder: what the page asks of a network is answered from it, and refused where it is not there.
    lone
        Where, in pixels of the window, the mark stands that is clicked until it answers.
    lift
        How many pixels above its position a mark can be hit: pins stand on it.
    """
    page = browser.new_context(viewport=SIZE).new_page()
    loaded = [page_file.stat().st_size]
    page.route(re.compile("^https?://"), lambda route: _answer(route, libraries, loaded))
    page.add_init_script(_WITNESS)
    page.goto(page_file.as_uri(), wait_until="commit", timeout=1000 * PATIENCE_S)
    page.set_default_timeout(1000 * PATIENCE_S)
    answered = _click_until_answered(page, lone[0], lone[1] - lift)
    steps = {name: _median(page, moves) for name, moves in (("zoom_ms", (1, 1, 1, -1, -1, -1, 1, -1)), ("pan_ms", (150, -150, 150, -150)))}
    page.context.close()
    return {"mb": sum(loaded) / 1e6, "interactive_s": answered / 1000, **steps}


def _click_until_answered(page: Any, x: float, y: float) -> float:
    """Milliseconds from the start of the page to the frame in which the mark's words are shown."""
    end, side = time.monotonic() + PATIENCE_S, 0
    while time.monotonic() < end:
        side = 1 - side
        page.mouse.move(x + side, y)
        page.mouse.click(x + side, y)
        if found := page.evaluate("window.__answered || 0"):
            return float(found)
        time.sleep(BETWEEN_CLICKS_S)
    return float("nan")


def _median(page: Any, moves: tuple[int, ...]) -> float:
    taken = []
    for move in moves:
        found = page.evaluate(_MOVE, [move, 0] if abs(move) == 1 else [0, move])
        taken.append(float(found))
        time.sleep(0.15)
    return statistics.median(taken) if min(taken) >= 0 else float("nan")


def _answer(route: Any, libraries: Path, loaded: list[int]) -> None:
    """Give what a page asks for from a folder of packages, with the version that is there."""
    address = re.sub(r"[?#].*", "", route.request.url).replace("%5E", "^")
    name = _package(address)
    file = libraries / name if name else None
    if file is not None and not file.is_file():
        file = file.with_name(f"{file.name}.js")
    if file is None or not file.is_file():
        route.abort()
        return
    loaded.append(file.stat().st_size)
    kind = {".wasm": "application/wasm", ".css": "text/css", ".js": "text/javascript"}.get(file.suffix, "application/octet-stream")
    route.fulfill(path=str(file), content_type=kind, headers={"access-control-allow-origin": "*"})


def _package(address: str) -> str:
    """The file of a package that an address of a public host stands for.

    Examples
    --------
    >>> _package("https://unpkg.com/leaflet@1.9.4/dist/leaflet.js")
    'leaflet/dist/leaflet.js'
    >>> _package("https://cdnjs.cloudflare.com/ajax/libs/leaflet.markercluster/1.1.0/leaflet.markercluster.js")
    'leaflet.markercluster/dist/leaflet.markercluster.js'
    """
    if "require.js" in address:
        return "requirejs/require.js"
    if "leaflet.markercluster" in address:
        return f"leaflet.markercluster/dist/{address.rpartition('/')[2]}"
    found = re.search(r"/(?:npm/)?(@[^/]+/[^/@]+|[^/@]+)@[^/]+/(.*)$", address)
    return f"{found[1]}/{found[2]}" if found else ""
