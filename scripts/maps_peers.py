"""Make one page of many places or zones with one library, and say how long it took; run by scripts/compare_maps.py in a process of its own.

    PYTHON scripts/maps_peers.py SYSTEM places|zones SAMPLE OUT.html

SAMPLE is a pickled frame. Each library is used as its documentation says, with the title in a popup or tooltip and no tiles. The clock runs
from the frame in memory to the page in memory. But for Salient's own, this file needs nothing of Salient: the libraries may live elsewhere.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

__all__ = ["MAKERS", "main"]

LEAFLET = "https://unpkg.com/leaflet@1.9.4/dist/leaflet"
JQUERY = ("jquery", "https://unpkg.com/jquery@3.7.1/dist/jquery.min.js")  # folium writes its popups with it
MAPLIBRE = "https://unpkg.com/maplibre-gl@5.3.0/dist/maplibre-gl"
MIDDLE, ZOOM = (35.0, 38.0), 6
BLANK = {"version": 8, "sources": {}, "layers": []}


def main() -> None:
    """Make the page that the command line names; print the seconds and the version as JSON."""
    system, kind, sample, out = sys.argv[1:]
    import pandas as pd

    frame = pd.read_pickle(sample)
    make, package = MAKERS[system, kind]
    make(frame.tail(20))  # imports and caches, once
    start, worked = time.perf_counter(), time.process_time()
    text = make(frame)
    seconds = {"build_s": time.perf_counter() - start, "cpu_s": time.process_time() - worked}
    Path(out).write_text(text, encoding="utf-8")
    print(json.dumps({**seconds, "version": f"{package} {version(package)}" if package else ""}))


def _leaflet(**options: Any) -> Any:
    """A folium map that loads Leaflet alone, to the advantage of all that use it."""
    import folium

    made = folium.Map(location=MIDDLE, zoom_start=ZOOM, tiles=None, maxZoom=18, **options)
    made.default_js, made.default_css = [("leaflet", f"{LEAFLET}.js")], [("leaflet_css", f"{LEAFLET}.css")]
    return made


def _salient(frame: Any) -> str:
    from geo.packed import PackedLayer

    made = _leaflet()
    PackedLayer(**({"zones": frame} if "geometry" in frame else {"places": frame})).add_to(made)
    return str(made.get_root().render())


def _salient_all(frame: Any) -> str:
    from geo.packed import PackedLayer

    made = _leaflet()
    PackedLayer(places=frame, cluster=False).add_to(made)
    return str(made.get_root().render())


def _marker_cluster(frame: Any) -> str:
    import folium
    from folium.plugins import MarkerCluster

    made = _leaflet()
    made.default_js.append(JQUERY)
    group = MarkerCluster().add_to(made)
    for row in frame.itertuples():
        folium.Marker([row.lat, row.lon], popup=folium.Popup(row.title)).add_to(group)
    return str(made.get_root().render())


def _fast_cluster(frame: Any) -> str:
    from folium.plugins import FastMarkerCluster

    made = _leaflet()
    call = "function (row) { var one = L.marker(new L.LatLng(row[0], row[1])); one.bindPopup(row[2]); return one; }"
    FastMarkerCluster(frame[["lat", "lon", "title", "kind", "source"]].to_numpy().tolist(), callback=call).add_to(made)
    return str(made.get_root().render())


def _circles(frame: Any) -> str:
    import folium

    made = _leaflet(prefer_canvas=True)
    made.default_js.append(JQUERY)
    for row in frame.itertuples():
        folium.CircleMarker([row.lat, row.lon], radius=4, color=row.colour, fill=True, popup=folium.Popup(row.title)).add_to(made)
    return str(made.get_root().render())


def _points(frame: Any) -> Any:
    import geopandas as gpd

    return gpd.GeoDataFrame(frame.drop(columns=["lon", "lat"]), geometry=gpd.points_from_xy(frame.lon, frame.lat), crs="EPSG:4326")


def _geojson(frame: Any) -> str:
    import folium

    made = _leaflet(prefer_canvas=True)
    options: dict[str, Any] = {} if "geometry" in frame else {"marker": folium.CircleMarker(radius=4, fill=True)}
    shapes = frame if "geometry" in frame else _points(frame)
    folium.GeoJson(shapes, popup=folium.GeoJsonPopup(fields=["title"]), **options).add_to(made)
    return str(made.get_root().render())


def _plotly(frame: Any) -> str:
    import plotly.graph_objects as go

    layout = {"style": "white-bg", "center": {"lon": MIDDLE[1], "lat": MIDDLE[0]}, "zoom": ZOOM - 1}
    trace = go.Scattermap(lon=frame.lon, lat=frame.lat, mode="markers", marker={"size": 8, "color": frame.colour}, text=frame.title)
    figure = go.Figure(trace)
    figure.update_layout(map=layout, margin={"l": 0, "r": 0, "t": 0, "b": 0}, width=1280, height=800)
    return str(figure.to_html(include_plotlyjs=True))


def _pydeck(frame: Any) -> str:
    import pydeck as pdk

    view = pdk.ViewState(longitude=MIDDLE[1], latitude=MIDDLE[0], zoom=ZOOM - 1)
    layer = pdk.Layer(
        "ScatterplotLayer", frame, get_position=["lon", "lat"], radius_units="'pixels'", get_radius=4, pickable=True,
        get_fill_color=[192, 69, 59],
    )  # fmt: skip
    deck = pdk.Deck(layers=[layer], initial_view_state=view, map_provider=None, tooltip={"text": "{title}"})
    return str(deck.to_html(as_string=True, offline=True))


def _lonboard(frame: Any) -> str:
    import lonboard

    layer = lonboard.ScatterplotLayer.from_geopandas(_points(frame), radius_units="pixels", get_radius=4, pickable=True)
    made = lonboard.Map(layer, view_state={"longitude": MIDDLE[1], "latitude": MIDDLE[0], "zoom": ZOOM - 1}, show_tooltip=True)
    return str(made.to_html())


def _maplibre(frame: Any) -> str:
    """A page by hand, as MapLibre's own examples have it: there is less of it than any Python package would write."""
    areas = "geometry" in frame
    data = (frame if areas else _points(frame)).to_json()
    paint = {"fill-color": ["get", "colour"], "fill-opacity": 0.4} if areas else {"circle-radius": 4, "circle-color": ["get", "colour"]}
    layer = json.dumps({"id": "marks", "source": "marks", "type": "fill" if areas else "circle", "paint": paint})
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><script src="{MAPLIBRE}.js"></script>
<link rel="stylesheet" href="{MAPLIBRE}.css">
<style>html, body, #map {{ height: 100%; margin: 0; }}</style></head><body><div id="map"></div><script>
var view = {{container: "map", style: {json.dumps(BLANK)}, center: [{MIDDLE[1]}, {MIDDLE[0]}], zoom: {ZOOM - 1}}};
var map = window.__map = new maplibregl.Map(view);
map.on("load", function () {{
  map.addSource("marks", {{type: "geojson", data: {data}}});
  map.addLayer({layer});
  map.on("click", "marks", function (event) {{
    new maplibregl.Popup().setLngLat(event.lngLat).setText(event.features[0].properties.title).addTo(map);
  }});
}});
</script></body></html>"""


MAKERS: dict[tuple[str, str], tuple[Callable[[Any], str], str]] = {
    ("salient", "places"): (_salient, ""),
    ("salient-all", "places"): (_salient_all, ""),
    ("marker-cluster", "places"): (_marker_cluster, "folium"),
    ("fast-marker-cluster", "places"): (_fast_cluster, "folium"),
    ("circle-markers", "places"): (_circles, "folium"),
    ("geojson", "places"): (_geojson, "folium"),
    ("plotly", "places"): (_plotly, "plotly"),
    ("pydeck", "places"): (_pydeck, "pydeck"),
    ("lonboard", "places"): (_lonboard, "lonboard"),
    ("maplibre", "places"): (_maplibre, ""),
    ("salient", "zones"): (_salient, ""),
    ("geojson", "zones"): (_geojson, "folium"),
    ("maplibre", "zones"): (_maplibre, ""),
}
"""System and kind -> how its page is made, and the package whose version is told."""

if __name__ == "__main__":
    main()
