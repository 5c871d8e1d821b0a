/* What the map shows first, and where its legend stands. */
"use strict";

(function (S) {
  var LONGEST = 2.5;  // steps of zoom, between the nearest and the farthest view of a flight

  /* The legend goes to the corner that hides least of what is drawn; where each hides something, the map makes room beside it, and
     where even that does not serve, the legend is folded. */
  S.placeLegend = function (app) {
    var map = app.map, size = map.getSize(), legend = app.legend, wide = legend.offsetWidth, high = legend.offsetHeight, low = lowOf(app), best = null;
    if (S.small()) { if (S.hidden(app, 8, size.y - high - low - 8, wide, high) > 4) legend.open = false; return "left"; }
    var corners = {left: [12, size.y - high - low - 8], right: [size.x - wide - 12, size.y - high - low - 8], top: [size.x - wide - 12, 52]};
    function judge(corner, aside) {
      var hidden = S.hidden(app, corners[corner][0], corners[corner][1], wide, high) + (aside ? 4.5 : 0) + Object.keys(corners).indexOf(corner) * 0.5;
      if (!best || hidden < best.hidden) best = {corner: corner, aside: aside, hidden: hidden};
    }
    Object.keys(corners).forEach(function (corner) { judge(corner, null); });
    if (best.hidden > 5 && size.x >= 700) Object.keys(corners).forEach(function (corner) {
      app.aside = corner === "left" ? {left: wide + 16} : {right: wide + 16};
      S.fit(app);
      judge(corner, app.aside);
    });
    app.aside = best.aside;
    S.fit(app);
    app.stage.classList.add("s-legend-" + best.corner);
    if (best.hidden > 16) { legend.open = false; app.aside = null; S.fit(app); }
    return best.corner;
  };

  /* Whether the page is laid out for a telephone or a small frame (salient.css). */
  S.small = function () { return window.matchMedia("(max-width: 760px)").matches; };

  function lowOf(app) { return parseFloat(app.stage.style.getPropertyValue("--low")) || 26; }

  /* How much of what is drawn a box would hide: its signs, and its areas and lines (not the grey ones) at points 30 pixels apart. */
  S.hidden = function (app, left, top, wide, high) {
    var map = app.map, count = 0, about = S.mainBounds(app.data).pad(0.35), paths = map.getContainer().querySelectorAll("path.s-area:not(.s-grey), path.s-line:not(.s-grey)");
    app.features.visible().forEach(function (feature) {
      var spot = feature.spot || feature.signed, at = spot && about.contains([spot[1], spot[0]]) && map.latLngToContainerPoint([spot[1], spot[0]]);
      if (at && at.x > left - 60 && at.x < left + wide && at.y > top && at.y < top + high) count += 6;
    });
    for (var x = left; x < left + wide; x += 30) for (var y = top; y < top + high; y += 30) {
      var layerPoint = map.containerPointToLayerPoint([x, y]), point = new DOMPoint(layerPoint.x, layerPoint.y);
      paths.forEach(function (path) { if (path.classList.contains("s-line") ? path.isPointInStroke(point) : path.isPointInFill(point)) count += path.classList.contains("s-line") ? 3 : 1; });
    }
    return count;
  };

  S.mainBounds = function (data) { return L.latLngBounds([[data.bounds[1], data.bounds[0]], [data.bounds[3], data.bounds[2]]]); };

  /* The main area with the marks about it that a legend beside it could hide. */
  S.roundMain = function (app) {
    var main = S.mainBounds(app.data), about = main.pad(0.35), box = L.latLngBounds(main.getSouthWest(), main.getNorthEast());
    app.features.visible().forEach(function (feature) {
      var spot = feature.spot || feature.signed;
      if (spot && feature.layer !== "reference" && about.contains([spot[1], spot[0]])) box.extend([spot[1], spot[0]]);
    });
    return box;
  };

  /* The view with which the page opens; beside the legend where that would hide too much. */
  S.fit = function (app, how) {
    var aside = app.aside || {};
    app.map.fitBounds(app.aside ? S.roundMain(app) : S.mainBounds(app.data), Object.assign({paddingTopLeft: [aside.left || 28, 26], paddingBottomRight: [aside.right || 28, lowOf(app) + 26], animate: false}, how));
    app.features.fitSmall();
  };

  /* The cluster that the reports are about; what lies far away stays one click away. */
  S.firstView = function (app) {
    var map = app.map, corner;
    S.fit(app);
    corner = S.placeLegend(app);
    L.control.scale({position: corner === "left" ? "bottomright" : "bottomleft", imperial: true, maxWidth: 110}).addTo(map);
    S.offerBeyond(app);
    app.first = viewOf({centre: map.getCenter(), zoom: map.getZoom()});
  };

  S.offerBeyond = function (app) {
    var main = S.mainBounds(app.data), drawn = app.features.visible(), beyond = drawn.filter(function (feature) { return !main.pad(0.35).intersects(app.features.bounds(feature)); });
    if (beyond.length) S.beyond(app, drawn, beyond);
  };

  S.beyond = function (app, drawn, beyond) {
    var words = S.phrase("Show all: {count} beyond this view", {count: beyond.length}), button = S.el("button", "s-all", words, app.stage), all = false;
    button.type = "button";
    button.addEventListener("click", function () {
      var main = S.mainBounds(app.data), box = L.latLngBounds(main.getSouthWest(), main.getNorthEast());
      all = !all;
      if (all) drawn.forEach(function (feature) { box.extend(app.features.bounds(feature)); });
      S.goTo(app.map, box, {padding: [30, 30]});
      button.textContent = all ? S.phrase("Back to the main area") : words;
    });
  };

  /* Has the map go to a box: in a flight where it is near, else at once. In a long flight the areas are drawn many times too large, which
     takes a computer without a graphics card up to twenty seconds. Says whether the map is on its way. */
  S.goTo = function (map, box, how) {
    var there = Math.min(how.maxZoom || Infinity, map.getBoundsZoom(box)), between = map.getBoundsZoom(map.getBounds().extend(box));
    var flies = !S.still() && Math.max(there, map.getZoom()) - between <= LONGEST;
    if (flies) map.flyToBounds(box, Object.assign({duration: 0.7}, how)); else map.fitBounds(box, Object.assign({animate: false}, how));
    return flies;
  };

  /* On paper: the map as wide as the page with its legend below it, drawn at the printer's fineness. */
  S.printed = function (app) {
    var kept = null;
    /* Nothing may begin above the paper: what does is not printed. */
    function padding(none) {
      var renderers = app.features.renderers;
      [renderers.areas, renderers.lines, renderers.points, app.ground, app.grid, app.features.labels].filter(Boolean).forEach(function (renderer) {
        if (none) { renderer.usual = renderer.options.padding; renderer.options.padding = 0; } else renderer.options.padding = renderer.usual;
      });
    }
    window.addEventListener("beforeprint", function () {
      if (kept) return;
      padding(true);
      kept = {open: app.legend.open, centre: app.map.getCenter(), zoom: app.map.getZoom(), bounds: app.map.getBounds()};
      app.map.closePopup();
      app.legend.open = true;
      app.box.classList.add("s-print");
      S.ratio = 2;  // Chromium shifts a canvas of 3 on its way to paper
      app.map.invalidateSize({animate: false});
      if (app.first && app.first === viewOf(kept)) app.map.fitBounds(S.roundMain(app), {padding: [24, 24], animate: false});
      else app.map.fitBounds(kept.bounds.pad(-0.12), {animate: false});
      redraw(app);
    });
    window.addEventListener("afterprint", function () {
      if (!kept) return;
      padding(false);
      app.box.classList.remove("s-print");
      S.ratio = 0;
      app.legend.open = kept.open;
      app.map.invalidateSize({animate: false});
      app.map.setView(kept.centre, kept.zoom, {animate: false});
      redraw(app);
      kept = null;
    });
  };

  function viewOf(kept) { return [kept.centre.lat.toFixed(1), kept.centre.lng.toFixed(1), kept.zoom.toFixed(2)].join(); }

  function redraw(app) {
    if (app.ground) app.ground.redraw();
    if (app.grid) app.grid.redraw();
    if (app.features.labels) app.features.labels.redraw();
  }
})(Salient);
