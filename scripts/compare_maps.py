"""Measure the packed layer beside other libraries that put many marks on a map: one script, one run, one browser, no tiles.

    python -m venv PEERS && PEERS/bin/python -m pip install -r requirements-peers-maps.txt
    npm install --prefix LIBS leaflet@1.9.4 leaflet.markercluster@1.5.3 jquery@3.7.1 maplibre-gl@5.3.0 requirejs@2.3.4 anywidget@0.11 \\
        @jupyter-widgets/html-manager@1.0 parquet-wasm@0.7.1 @geoarrow/geoarrow-js@0.3.0
    python -m scripts.compare_maps --peers-python PEERS/bin/python --libraries LIBS/node_modules -o docs/scale.md

Each page is made in a process of its own, one after the other, then opened in a fresh window of one headless Chromium. Salient is
measured before all others and again after them, so that a machine that grows busy shows.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.map_samples import LONE, many_places, many_zones
from scripts.maps_watch import SIZE, started, watch

__all__ = ["Figures", "main", "page", "table"]

ROOT = Path(__file__).parents[1]
OURS = ("salient", "salient-all")
TITLES = {
    "salient": "Salient, packed layer", "salient-all": "Salient, each place drawn by itself", "marker-cluster": "folium MarkerCluster",
    "fast-marker-cluster": "folium FastMarkerCluster", "circle-markers": "folium CircleMarker, canvas", "geojson": "folium GeoJson, canvas",
    "plotly": "plotly Scattermap", "pydeck": "pydeck", "lonboard": "lonboard", "maplibre": "MapLibre GL JS 5.3.0",
}  # fmt: skip
PLACES = (
    "salient", "salient-all", "fast-marker-cluster", "geojson", "plotly", "pydeck", "lonboard", "maplibre", "marker-cluster",
    "circle-markers",
)  # fmt: skip
ZONES = ("salient", "geojson", "maplibre")  # pydeck has not answered with a million vertices after four minutes
PINS = {"marker-cluster": 12, "fast-marker-cluster": 12}
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"), "1")
PATIENCE_S = 1200


MILLION = """## A million places

The same path holds a million places (`--places 1000000 --only salient salient-all`, 2026-11-23, machine shared): 10.3 MB, 6 s to
build, 1.2 to 1.5 s to interactive, 32 to 41 ms a zoom and 12 to 16 ms a pan; with each place drawn by itself 2.4 s, 122 ms and 75 ms.
Tiles lose to it: GDAL writes 100,000 of these places as PMTiles (zoom 0 to 10) in 215 s and 11.8 MB, with marks left out of
the tiles that grow too large, and a page reads them only from a server that answers range requests, so not from one file.
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one system: seconds, megabytes with all that is loaded, milliseconds; NaN where nothing could be measured."""

    system: str
    kind: str
    build_s: float = math.nan
    cpu_s: float = math.nan
    mb: float = math.nan
    interactive_s: float = math.nan
    zoom_ms: float = math.nan
    pan_ms: float = math.nan
    version: str = ""
    again: bool = False


def main(argv: list[str] | None = None) -> None:
    """Measure every system and write the page."""
    options = _arguments().parse_args(argv)
    places = [name for name in PLACES if not options.only or name in options.only]
    zones = [name for name in ZONES if not options.only or name in options.only]
    with tempfile.TemporaryDirectory() as scratch, started(options.chromium) as browser:
        folder = Path(scratch)
        many_places(options.places).to_pickle(folder / "places")
        many_zones(options.zones, options.vertices).to_pickle(folder / "zones")
        runs = [("places", name, False) for name in places] + [("zones", name, False) for name in zones]
        runs += [(kind, "salient", True) for kind in ("places", "zones")]
        rows = [_measured(browser, folder, options, kind, name, again) for kind, name, again in runs]
    text = page(rows, options, day=dt.datetime.now(tz=dt.UTC).date(), load=os.getloadavg()[2])
    if options.output:
        options.output.write_text(text, encoding="utf-8")
    print(text)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers-python", type=Path, default=Path(sys.executable), help="a Python that has requirements-peers-maps.txt")
    parser.add_argument("--libraries", type=Path, required=True, help="a node_modules folder with what the pages load from a network")
    parser.add_argument("--chromium", default=shutil.which("chromium") or "", help="the browser")
    parser.add_argument("--places", type=int, default=100_000)
    parser.add_argument("--zones", type=int, default=1_000)
    parser.add_argument("--vertices", type=int, default=1_000, help="of each zone")
    parser.add_argument("--only", nargs="*", default=[], choices=sorted(TITLES), help="measure these systems alone")
    parser.add_argument("-o", "--output", type=Path, help="where the page goes")
    return parser


def _measured(browser: Any, folder: Path, options: argparse.Namespace, kind: str, name: str, again: bool) -> Figures:
    python = sys.executable if name in OURS else str(options.peers_python)
    out = folder / f"{name}-{kind}.html"
    blank = Figures(name, kind, again=again)
    command = [python, str(ROOT / "scripts" / "maps_peers.py"), name, kind, str(folder / kind), str(out)]
    around = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT) if name in OURS else ""}
    made = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, env=around)
    if made.returncode:
        print(f"{name}: {made.stderr[-400:]}", file=sys.stderr)
        return blank
    told = json.loads(made.stdout.splitlines()[-1])
    text = out.read_text(encoding="utf-8")
    if "integrity=" in text[:4000] and name == "lonboard":  # the copy of require.js at hand is the one that is not minified
        out.write_text(text.replace("integrity=", "data-was=", 1), encoding="utf-8")
    seen = watch(browser, out, options.libraries, lone=_spot(), lift=PINS.get(name, 0))
    out.unlink()
    figures = replace(blank, build_s=told["build_s"], cpu_s=told["cpu_s"], version=told["version"], **seen)
    print(figures, file=sys.stderr)
    return figures


def _spot() -> tuple[float, float]:
    """Where the lone mark stands in the window."""

    def up(lat: float) -> float:
        return math.degrees(math.asinh(math.tan(math.radians(lat))))

    scale = 256 * 2**6 / 360
    return SIZE["width"] / 2 + (LONE[1] - 38) * scale, SIZE["height"] / 2 - (up(LONE[2]) - up(35)) * scale


def table(rows: list[Figures], kind: str) -> str:
    """Return the figures of one kind of mark as a table, with how many times longer than the first row each takes to answer."""
    ours = next(row for row in rows if row.kind == kind)
    lines = [f"| {kind} | build s | of it at work | MB | interactive s | times ours | zoom ms | pan ms |", "|---" + "|---:" * 7 + "|"]
    for row in (row for row in rows if row.kind == kind):
        title = TITLES[row.system] + (", again at the end" if row.again else "")
        spent = [_number(value) for value in (row.build_s, row.cpu_s, row.mb, row.interactive_s, row.interactive_s / ours.interactive_s)]
        lines.append(f"| {title} | {' | '.join([*spent, _number(row.zoom_ms, 0), _number(row.pan_ms, 0)])} |")
    return "\n".join(lines)


def _number(value: float, digits: int | None = None) -> str:
    if math.isnan(value):
        return "–"
    return f"{value:.{(0 if value >= 100 else 1 if value >= 10 else 2) if digits is None else digits}f}"


def page(rows: list[Figures], options: argparse.Namespace, *, day: dt.date, load: float) -> str:
    """Return docs/scale.md: what was measured, how, and the tables."""
    versions = ", ".join(dict.fromkeys(row.version for row in rows if row.version))
    return f"""# How much a map can hold

Made by `scripts/compare_maps.py` on {day.isoformat()}: one run, one script, one after the other, headless Chromium without a
graphics card, a window of 1280 by 800, no tiles. {versions}; Leaflet 1.9.4.
The load of the machine was {load:.1f} on {os.cpu_count()} processors (above {os.cpu_count()} it was shared with other work, and all
figures are too long: the ratios count, and how far the two rows of Salient lie apart).

- **build**: from the frame in memory to the page in memory; *at work* is the processor's time of it, which does not grow with the load.
- **MB**: the page and everything that it loads to work.
- **interactive**: from the start of loading to the first frame in which a click (or the pointer, where a library answers that) on
  a lone mark has brought up its words, with all marks drawn; it is clicked every 60 ms.
- **zoom**, **pan**: from the library's own call to the drawn map read back from its canvas; median of eight zooms by a level, four pans.
- **times ours**: of the time to interactive.

## {options.places:,} places

{table(rows, "places")}

## {options.zones:,} zones of {options.vertices:,} points

{table(rows, "zones")}

{MILLION}"""


if __name__ == "__main__":
    main()
