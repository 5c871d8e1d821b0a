/* What the reports say, drawn: areas, lines, places and events with their popups. Text reaches the page as text alone. */
"use strict";

(function (S) {
  S.el = function (name, className, text, parent) {
    var node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined && text !== null) { node.textContent = text; node.dir = "auto"; }
    if (parent) parent.appendChild(node);
    return node;
  };

  /* Areas with a vague edge are masked by a blurred copy of themselves. */
  var Softly = L.SVG.extend({
    _setPath: function (layer, path) {
      L.SVG.prototype._setPath.call(this, layer, path);
      if (layer.softMask) layer.softMask.setAttribute("d", path);
    }
  });

  S.Features = function (map, data) {
    var self = this;
    this.map = map; this.data = data; this.styles = data.style.layers; this.icons = data.style.icons;
    this.all = []; this.byId = {}; this.hidden = {}; this.alone = null; this.listeners = [];
    ["areas", "lines", "points"].forEach(function (name, number) { map.createPane("s-" + name).style.zIndex = 410 + 10 * number; });
    map.createPane("s-signs").style.zIndex = 620;
    this.renderers = {areas: new Softly({pane: "s-areas", padding: 0.4}), lines: L.svg({pane: "s-lines", padding: 0.4}), points: L.svg({pane: "s-points", padding: 0.4})};
    data.layers.forEach(function (layer) { layer.features.forEach(function (feature) { self.add(feature, layer); }); });
    map.on("popupclose", function () { self.select(null); map.getContainer().parentNode.classList.remove("s-open"); });
    map.on("popupopen", function () { map.getContainer().parentNode.classList.add("s-open"); });
    map.on("zoomend", function () { self.fitSmall(); });
  };

  S.Features.prototype = {
    add: function (feature, layer) {
      var style = this.styles[layer.key], shapes = [], self = this;
      feature.layer = layer.key; feature.style = style;
      parts(feature.geometry).forEach(function (part) {
        if (part.type === "Polygon") shapes.push(self.area(feature, part, style));
        if (part.type === "LineString") Array.prototype.push.apply(shapes, self.line(feature, part, style));
        if (part.type === "Point") Array.prototype.push.apply(shapes, self.spot(feature, part.coordinates, style));
      });
      if (feature.icon && !feature.spot && feature.anchor) { shapes.push(this.sign(feature, feature.anchor)); feature.signed = feature.anchor; }
      if (feature.anchor && !feature.icon && feature.km2 > 0 && feature.km2 < 400) shapes.push(this.small(feature, style));
      feature.shapes = shapes;
      shapes.forEach(function (shape) { if (!shape.still) self.listen(shape, feature); });
      this.all.push(feature); this.byId[feature.id] = feature;
      if (!feature.quiet) shapes.forEach(function (shape) { shape.addTo(self.map); if (shape.soften) shape.soften(); });
    },
    area: function (feature, part, style) {
      var colour = feature.colour, shape = L.polygon(part.coordinates.map(turned), {
        renderer: this.renderers.areas, pane: "s-areas", color: colour, weight: style.width, opacity: !style.width || (feature.vague && !style.dash) || (feature.vague && style.grey) || feature.predicate === "phrase" ? 0 : style.grey ? 0.6 : 0.95, dashArray: style.dash || null, lineJoin: "round",
        fillColor: S.fill(style, colour), fillOpacity: S.fillOpacity(style), className: style.grey ? "s-area s-grey" : "s-area", smoothFactor: 0.6
      });
      if (feature.vague) shape.soften = function () { soften(shape, feature.km2 > 4000 ? "s-softer" : "s-soft"); };
      return shape;
    },
    /* A small area keeps a sign of its own where it would be a few pixels wide. */
    small: function (feature, style) {
      var colour = feature.colour;
      feature.spot = feature.anchor;
      feature.smallSign = L.circleMarker([feature.anchor[1], feature.anchor[0]], {renderer: this.renderers.points, pane: "s-points", radius: 8, color: colour, weight: Math.max(style.width, 1.4),
                                                                    dashArray: style.dash ? "3 2.5" : null, fillColor: S.fill(style, colour), fillOpacity: S.fillOpacity(style), className: "s-dot"});
      return feature.smallSign;
    },
    fitSmall: function () {
      var self = this;
      this.all.forEach(function (feature) {
        if (!feature.smallSign || feature.quiet) return;
        var box = self.bounds(feature), wide = self.map.latLngToLayerPoint(box.getNorthEast()).x - self.map.latLngToLayerPoint(box.getSouthWest()).x;
        var on = wide < 24 && self.isShown(feature);
        if (on !== self.map.hasLayer(feature.smallSign)) { if (on) feature.smallSign.addTo(self.map); else self.map.removeLayer(feature.smallSign); }
      });
    },
    line: function (feature, part, style) {
      var points = turned(part.coordinates), front = feature.predicate === "front_line", grey = style.grey, river = grey && feature.predicate === "water";
      var under = L.polyline(points, {renderer: this.renderers.lines, pane: "s-lines", color: "#fffdf8", weight: front ? 6 : grey ? 4.5 : 9, opacity: river ? 0 : 0.9, interactive: false});
      var over = L.polyline(points, {renderer: this.renderers.lines, pane: "s-lines", color: river ? "#6f9db3" : feature.colour, weight: front ? 3 : river ? 2.2 : grey ? 1.8 : 4.5,
                                     dashArray: front || river ? null : S.lineDash(style), lineCap: "butt", opacity: grey ? 0.75 : 1, className: grey ? "s-line s-grey" : "s-line"});
      var hand = L.polyline(points, {renderer: this.renderers.lines, pane: "s-lines", color: "#000", weight: 16, opacity: 0});
      under.still = over.still = true;
      feature.lines = (feature.lines || []).concat([part.coordinates]);
      return [under, over, hand];
    },
    spot: function (feature, position, style) {
      var at = L.latLng(position[1], position[0]), shapes = [];
      feature.spot = position;
      if (feature.ring_km > 0) {
        var ring = L.circle(at, {renderer: this.renderers.points, pane: "s-points", radius: 1000 * feature.ring_km, color: "#3d3933", weight: 1, opacity: 0.65, dashArray: "2 3", fill: false, interactive: false});
        ring.still = true; shapes.push(ring);
      }
      if (feature.icon) { shapes.push(this.sign(feature, position)); return shapes; }
      shapes.push(L.circleMarker(at, {renderer: this.renderers.points, pane: "s-points", radius: 4.6, color: "#fffdf8", weight: 1.6,
                                      fillColor: feature.layer === "places" ? "#1d1b18" : feature.colour, fillOpacity: 1, className: "s-dot"}));
      return shapes;
    },
    sign: function (feature, position) {
      var holder = S.el("span", "s-sign"), marker;
      holder.appendChild(S.iconNode(this.icons[feature.icon] || this.icons.event, feature.layer === "places" ? "#1d1b18" : feature.colour, feature.layer === "past" ? 17 : 24, feature.hollow));
      marker = L.marker([position[1], position[0]], {icon: L.divIcon({className: "s-sign-box", html: holder, iconSize: [24, 24]}), pane: "s-signs", alt: feature.title, title: feature.title, keyboard: true});
      return marker;
    },
    listen: function (shape, feature) {
      var self = this;
      shape.bindTooltip(function () { return self.hint(feature); }, {sticky: true, className: "s-tip", opacity: 1});
      shape.on("click", function (event) { L.DomEvent.stop(event); self.show(feature, {at: event.latlng}); });
    },
    hint: function (feature) {
      var box = S.el("div");
      S.el("strong", "", feature.title, box);
      S.el("span", "", feature.status_words, box);
      return box;
    },
    visible: function () {
      var self = this;
      return this.all.filter(function (feature) { return self.isShown(feature); });
    },
    isShown: function (feature) {
      if (feature.quiet) return false;
      return this.alone ? feature.entry === this.alone : !this.hidden[feature.entry];
    },
    /* Show or hide what one line of the legend stands for; `isolate` leaves it alone on the map. */
    toggle: function (entry, on) { if (on) delete this.hidden[entry]; else this.hidden[entry] = true; this.alone = null; this.refresh(); },
    isolate: function (entry) { this.alone = this.alone === entry ? null : entry; this.refresh(); },
    refresh: function () {
      var self = this;
      this.all.forEach(function (feature) {
        if (feature.quiet) return;
        var on = self.isShown(feature);
        feature.shapes.forEach(function (shape) {
          if (on && !self.map.hasLayer(shape)) { shape.addTo(self.map); if (shape.soften) shape.soften(); }
          if (!on && self.map.hasLayer(shape)) self.map.removeLayer(shape);
        });
      });
      this.fitSmall();
      this.listeners.forEach(function (listener) { listener(); });
    },
    bounds: function (feature) {
      var box = L.latLngBounds([]);
      parts(feature.geometry).forEach(function (part) {
        (part.type === "Point" ? [part.coordinates] : part.type === "LineString" ? part.coordinates : part.coordinates[0]).forEach(function (p) { box.extend([p[1], p[0]]); });
      });
      return box;
    },
    /* Open a feature: its popup, its outline, and its words in the text. */
    show: function (feature, how) {
      var bounds = this.bounds(feature), at = how && how.at ? how.at : feature.spot ? L.latLng(feature.spot[1], feature.spot[0]) : feature.anchor ? L.latLng(feature.anchor[1], feature.anchor[0]) : bounds.getCenter();
      if (how && how.fly) this.map.flyToBounds(bounds.pad(0.4), {maxZoom: feature.spot ? Math.max(this.map.getZoom(), 7) : 9, duration: 0.7});
      this.map.closePopup();
      this.select(feature);
      var size = this.map.getSize(), wide = size.x > 600, legend = this.map.getContainer().parentNode.querySelector(".s-legend[open]");
      var aside = wide && legend && !legend.parentNode.classList.contains("s-legend-left") ? legend.offsetWidth + 18 : wide ? 14 : 8, popup = L.popup({
        maxWidth: Math.min(330, size.x - 40), minWidth: 230, maxHeight: Math.min(360, size.y * 0.62), className: "s-popup",
        autoPan: !(how && how.fly), autoPanPaddingTopLeft: [wide ? 54 : 8, 12], autoPanPaddingBottomRight: [aside, 48]
      });
      popup.setLatLng(at).setContent(S.card(feature, this.data)).openOn(this.map);
      if (how && how.fly) this.map.once("moveend", function () { popup.options.autoPan = true; if (popup.isOpen()) popup.update(); });
      if (this.onshow) this.onshow(feature);
    },
    select: function (feature) {
      var self = this;
      if (this.selected) this.selected.shapes.forEach(function (shape) {
        if (self.selected.quiet) self.map.removeLayer(shape);
        else if (shape.setStyle && !shape.still && shape.options.className) shape.setStyle({weight: shape.usual});
      });
      this.selected = feature;
      if (!feature) { if (this.onshow) this.onshow(null); return; }
      feature.shapes.forEach(function (shape) {
        if (feature.quiet) shape.addTo(self.map);
        else if (shape.setStyle && !shape.still && shape.options.className) { shape.usual = shape.options.weight; shape.setStyle({weight: shape.usual + 1.6}); }
      });
    }
  };

  function parts(geometry) {
    if (geometry.type === "GeometryCollection") return [].concat.apply([], geometry.geometries.map(parts));
    if (geometry.type.indexOf("Multi") !== 0) return [geometry];
    return geometry.coordinates.map(function (coordinates) { return {type: geometry.type.slice(5), coordinates: coordinates}; });
  }

  function turned(points) { return points.map(function (point) { return [point[1], point[0]]; }); }

  var masks = 0;
  function soften(shape, filter) {
    var id = "s-mask" + masks++, mask = S.node("mask", {id: id, maskUnits: "userSpaceOnUse", x: -20000, y: -20000, width: 40000, height: 40000}, S.defs);
    shape.softMask = S.node("path", {fill: "#fff", filter: "url(#" + filter + ")", d: shape._path.getAttribute("d") || ""}, mask);
    shape._path.setAttribute("mask", "url(#" + id + ")");
  }
})(Salient);
