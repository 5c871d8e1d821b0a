"""Folium maps as pages that load nothing, for the tests of the packed layer."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Any

import folium

from geo.webmap import LEAFLET, LEAFLET_CSS_URL, LEAFLET_JS_URL

POLICY = (
    "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data: blob:; font-src data:; connect-src 'none'; "
    "base-uri 'none'; form-action 'none'"
)


def bare_map(**options: Any) -> folium.Map:
    """A folium map that needs Leaflet and nothing else."""
    made = folium.Map(location=[35.0, 38.0], zoom_start=6, tiles=None, minZoom=2, maxZoom=18, **options)
    made.default_js = [("leaflet", LEAFLET_JS_URL)]
    made.default_css = [("leaflet_css", LEAFLET_CSS_URL)]
    return made


def closed_page(made: folium.Map) -> str:
    """The map as a page with Leaflet inlined, under the policy of the exported page."""
    style = re.sub(r"url\([^)]*\)", "none", (LEAFLET / "leaflet.css").read_text(encoding="utf-8"))
    text = made.get_root().render()
    code = (LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    text = text.replace(f'<script src="{LEAFLET_JS_URL}"></script>', f"<script>{code}</script>")
    text = text.replace(f'<link rel="stylesheet" href="{LEAFLET_CSS_URL}"/>', f"<style>{style}</style>")
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.S)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'" for one in scripts)
    policy = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY.format(hashes)}"><title>Places</title>'
    return text.replace("<head>", f"<head>{policy}", 1)
