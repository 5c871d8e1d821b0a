/* Starts the map: basemap, features, names, furniture, first view. */
"use strict";

(function (S) {
  S.start = function (map, data) {
    S.definitions(document.body);
    map.createPane("s-base").style.zIndex = 150;
    map.createPane("s-labels").style.zIndex = 450;
    map.getPane("s-labels").style.pointerEvents = "none";
    var features = new S.Features(map, data), home = S.furniture(map, data, features, data.panel);
    S.firstView(map, data, features, home);
    var ready = data.basemap ? S.loadBasemap(data.basemap) : Promise.resolve(null);
    ready.then(function (base) {
      if (base) new S.BaseCanvas(base, data.style.base, {pane: "s-base"}).addTo(map);
      features.labels = new S.LabelCanvas(data.basemap, data.style.base, features, {pane: "s-labels"});
      features.labels.addTo(map);
      features.listeners.push(function () { features.labels.redraw(); });
      home.querySelector(".s-legend").addEventListener("toggle", function () { features.labels.redraw(); });
      home.setAttribute("data-ready", "true");
    });
    window.addEventListener("resize", function () { map.invalidateSize({animate: false}); });
    S.current = {map: map, features: features, data: data};
  };

  /* The legend goes to the corner that hides least of what is drawn. */
  S.quietCorner = function (map, features, home) {
    var legend = home.querySelector(".s-legend"), stage = home.querySelector(".s-stage"), size = map.getSize(), best = null;
    var wide = legend.offsetWidth, high = legend.offsetHeight, foot = home.querySelector(".s-foot").offsetHeight;
    if (size.x < 560) return "left";
    [["left", 12, size.y - high - foot - 8], ["right", size.x - wide - 12, size.y - high - foot - 8], ["top", size.x - wide - 12, 52]].forEach(function (corner, number) {
      var hidden = number * 0.5 + S.hidden(map, features, corner[1], corner[2], wide, high);
      if (!best || hidden < best[1]) best = [corner[0], hidden];
    });
    stage.classList.add("s-legend-" + best[0]);
    S.hiddenNow = best[1];
    return best[0];
  };

  /* How much of what is drawn a box would hide: its signs, and its areas and lines (not the grey ones) at points 30 pixels apart. */
  S.hidden = function (map, features, left, top, wide, high) {
    var count = 0, paths = map.getContainer().querySelectorAll("path.s-area:not(.s-grey), path.s-line:not(.s-grey)");
    features.visible().forEach(function (feature) {
      var spot = feature.spot || feature.signed, at = spot && map.latLngToContainerPoint([spot[1], spot[0]]);
      if (at && at.x > left - 60 && at.x < left + wide && at.y > top && at.y < top + high) count += 6;
    });
    for (var x = left; x < left + wide; x += 30) for (var y = top; y < top + high; y += 30) {
      var layerPoint = map.containerPointToLayerPoint([x, y]), point = new DOMPoint(layerPoint.x, layerPoint.y);
      paths.forEach(function (path) { if (path.classList.contains("s-line") ? path.isPointInStroke(point) : path.isPointInFill(point)) count += path.classList.contains("s-line") ? 3 : 1; });
    }
    return count;
  };

  /* The cluster that the reports are about; what lies far away stays one click away. */
  S.firstView = function (map, data, features, home) {
    var main = L.latLngBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]]);
    map.fitBounds(main, {paddingTopLeft: [28, 26], paddingBottomRight: [28, 52], animate: false});
    features.fitSmall();
    var drawn = features.all.filter(function (feature) { return !feature.quiet; });
    var beyond = drawn.filter(function (feature) { return !main.pad(0.35).intersects(features.bounds(feature)); });
    var corner = S.quietCorner(map, features, home), legend = home.querySelector(".s-legend"), side = legend.offsetWidth + 16;
    if (S.hiddenNow > 4 && map.getSize().x < 700) {
      legend.open = false;
    } else if (S.hiddenNow > 4) {
      map.fitBounds(main, {paddingTopLeft: [corner === "left" ? side : 28, 26], paddingBottomRight: [corner === "left" ? 28 : side, 52], animate: false});
      features.fitSmall();
    }
    L.control.scale({position: corner === "left" ? "bottomright" : "bottomleft", imperial: true, maxWidth: 110}).addTo(map);
    if (!beyond.length) return;
    var button = S.el("button", "s-all", "Show all: " + beyond.length + " beyond this view", home.querySelector(".s-stage")), all = false;
    button.type = "button";
    button.addEventListener("click", function () {
      all = !all;
      var box = L.latLngBounds(main.getSouthWest(), main.getNorthEast());
      if (all) drawn.forEach(function (feature) { box.extend(features.bounds(feature)); });
      map.flyToBounds(box, {padding: [30, 30], duration: 0.7});
      button.textContent = all ? "Back to the main area" : "Show all: " + beyond.length + " beyond this view";
    });
  };
})(Salient);
