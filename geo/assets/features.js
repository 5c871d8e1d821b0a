/* What the reports say, drawn: areas, lines, places, movements and events with their popups. */
"use strict";

(function (S) {
  /* Areas with a vague edge are masked by a blurred copy of themselves. */
  var Softly = L.SVG.extend({
    _setPath: function (layer, path) {
      L.SVG.prototype._setPath.call(this, layer, path);
      if (layer.softMask) layer.softMask.setAttribute("d", path);
    }
  });

  S.Features = function (map, data) {
    var self = this;
    this.map = map; this.data = data; this.styles = data.style.layers; this.icons = data.style.icons; this.preset = data.preset;
    this.all = []; this.byId = Object.create(null); this.hidden = Object.create(null); this.alone = null; this.listeners = []; this.watchers = {};
    this.day = Math.max(0, data.days.length - 1);
    data.legend.forEach(function (entry) { if (entry.off) self.hidden[entry.key] = true; });
    this.renderers = map.salient || panes(map);
    data.layers.forEach(function (layer) { layer.features.forEach(function (feature) { self.add(feature, layer); }); });
    this.heard = {
      popupclose: function () { self.select(null); map.getContainer().parentNode.classList.remove("s-open"); },
      popupopen: function () { map.getContainer().parentNode.classList.add("s-open"); },
      zoomend: function () { self.fitSmall(); }
    };
    map.on(this.heard);
  };

  /* Where a map draws areas, lines, points and signs; once for a map, whatever is drawn on it. */
  function panes(map) {
    ["areas", "lines", "points"].forEach(function (name, number) { map.createPane("s-" + name).style.zIndex = 410 + 10 * number; });
    map.createPane("s-signs").style.zIndex = 620;
    map.salient = {areas: new Softly({pane: "s-areas", padding: 0.4}), lines: L.svg({pane: "s-lines", padding: 0.4}), points: L.svg({pane: "s-points", padding: 0.4})};
    return map.salient;
  }

  S.Features.prototype = {
    add: function (feature, layer) {
      var style = this.styles[layer.key], shapes = [], self = this;
      feature.layer = layer.key; feature.style = style;
      feature.number = this.all.length;
      if (feature.packed) feature.spot = feature.geometry.coordinates;
      else if (feature.course) shapes = this.course(feature);
      else parts(feature.geometry).forEach(function (part) {
        if (part.type === "Polygon") shapes.push(self.area(feature, part, style));
        if (part.type === "LineString") Array.prototype.push.apply(shapes, self.line(feature, part, style));
        if (part.type === "Point") Array.prototype.push.apply(shapes, self.spot(feature, part.coordinates));
      });
      if (feature.icon && !feature.spot && feature.anchor) { shapes.push(this.sign(feature, feature.anchor)); feature.signed = feature.anchor; }
      if (feature.anchor && !feature.icon && feature.km2 > 0 && feature.km2 < 400) shapes.push(this.small(feature, style));
      feature.shapes = shapes;
      shapes.forEach(function (shape) { if (!shape.still) self.listen(shape, feature); });
      this.all.push(feature); this.byId[feature.id] = feature;
      if (this.isShown(feature)) shapes.forEach(function (shape) { self.put(shape); });
    },
    put: function (shape) { shape.addTo(this.map); if (shape.soften) shape.soften(); },
    area: function (feature, part, style) {
      var colour = feature.colour, bare = this.preset.zones !== "fill" && !style.grey;
      var unseen = !style.width || (feature.vague && (!style.dash || style.grey)) || feature.predicate === "phrase";
      var shape = L.polygon(part.coordinates.map(turned), {
        renderer: this.renderers.areas, pane: "s-areas", color: colour, weight: bare ? 1 : style.width, opacity: bare ? 0.55 : unseen ? 0 : style.grey ? 0.6 : 0.95,
        dashArray: style.dash || null, lineJoin: "round", fillColor: bare ? colour : S.fill(style, colour), fillOpacity: bare ? 0.03 : S.fillOpacity(style),
        className: style.grey ? "s-area s-grey" : "s-area", smoothFactor: 0.6
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
        if (feature.moves && self.isShown(feature)) self.trim(feature);
        if (feature.ring && self.isShown(feature)) self.swell(feature);
        if (feature.quiet || !feature.smallSign) return;
        var box = self.bounds(feature), wide = self.map.latLngToLayerPoint(box.getNorthEast()).x - self.map.latLngToLayerPoint(box.getSouthWest()).x, shown = self.isShown(feature);
        self.set(feature.smallSign, wide < 24 && shown);
      });
    },
    set: function (shape, on) {
      if (on === this.map.hasLayer(shape)) return;
      if (on) this.put(shape); else this.map.removeLayer(shape);
    },
    polyline: function (points, options) {
      return L.polyline(points, Object.assign({renderer: this.renderers.lines, pane: "s-lines", lineCap: "butt"}, options));
    },
    line: function (feature, part, style) {
      var points = turned(part.coordinates), front = feature.predicate === "front_line", grey = style.grey, river = grey && feature.predicate === "water";
      var under = this.polyline(points, {color: "#fffdf8", weight: front ? 6 : grey ? 4.5 : 9, opacity: river ? 0 : 0.9, lineCap: "round", interactive: false});
      var over = this.polyline(points, {color: river ? "#6f9db3" : feature.colour, weight: front ? 3 : river ? 2.2 : grey ? 1.8 : 4.5,
                                        dashArray: front || river ? null : S.lineDash(style), opacity: grey ? 0.75 : 1, className: grey ? "s-line s-grey" : "s-line"});
      var hand = this.polyline(points, {color: "#000", weight: 16, opacity: 0, className: "s-hand"});
      under.still = over.still = true;
      feature.lines = (feature.lines || []).concat([part.coordinates]);
      return [under, over, hand];
    },
    /* An arrow for a movement or for fire, a toothed ring for a siege: as the text says it, from where to where. */
    course: function (feature) {
      var self = this, how = S.courseStyle(feature), lines = parts(feature.geometry).map(function (part) { return turned(part.coordinates); });
      var under = this.polyline(lines, {color: "#fffdf8", weight: how.weight + 3, opacity: 0.85, lineCap: "round", interactive: false, noClip: true});
      var over = this.polyline(lines, {color: feature.colour, weight: how.weight, dashArray: how.dash, opacity: how.opacity, interactive: false, noClip: true, smoothFactor: 0.5, className: "s-line s-course"});
      var hand = this.polyline(lines, {color: "#000", weight: 16, opacity: 0, className: "s-hand"});
      under.still = over.still = true;
      if (how.head) over.on("add", function () { over.getElement().setAttribute("marker-end", S.arrowHead(feature.colour, how.head)); });
      if (how.head) { feature.moves = lines[0]; feature.trimmed = [under, over]; over.on("add", function () { self.trim(feature); }); }
      if (feature.course === "siege") { feature.ring = lines; feature.trimmed = [under, over, hand]; over.on("add", function () { self.swell(feature); }); }
      return [under, over, hand];
    },
    /* The ring of a siege is never so small on the screen that it cannot be seen round its sign. */
    swell: function (feature) {
      var map = this.map, at = feature.ring.map(function (line) { return line.map(function (place) { var spot = map.latLngToLayerPoint(place); return [spot.x, spot.y]; }); });
      var lines = S.swollen(at, S.RING), placed = lines === at ? feature.ring : lines.map(function (line) { return line.map(function (spot) { return map.layerPointToLatLng(spot); }); });
      feature.trimmed.forEach(function (shape) { shape.setLatLngs(placed); });
    },
    /* An arrow ends beside the sign at its goal, whatever the zoom. */
    trim: function (feature) {
      var map = this.map, points = S.shortened(feature.moves.map(function (place) { var at = map.latLngToLayerPoint(place); return [at.x, at.y]; }), S.CLEAR, S.LEAST);
      feature.trimmed.forEach(function (shape) { shape.setLatLngs(points.map(function (point) { return map.layerPointToLatLng(point); })); });
    },
    spot: function (feature, position) {
      var at = L.latLng(position[1], position[0]), shapes = [];
      feature.spot = position;
      if (feature.ring_km > 0) {
        var ring = L.circle(at, {renderer: this.renderers.points, pane: "s-points", radius: 1000 * feature.ring_km, color: "#3d3933", weight: 1, opacity: 0.65, dashArray: "2 3", fill: false, interactive: false});
        ring.still = true; shapes.push(ring);
      }
      if (feature.icon) { shapes.push(this.sign(feature, position)); return shapes; }
      if (feature.dot) { shapes.push(this.settlement(feature, at)); return shapes; }
      shapes.push(L.circleMarker(at, {renderer: this.renderers.points, pane: "s-points", radius: 4.6, color: "#fffdf8", weight: 1.6,
                                      fillColor: feature.layer === "places" ? "#1d1b18" : feature.colour, fillOpacity: 1, className: "s-dot"}));
      return shapes;
    },
    /* A settlement as large as its people are many, hollow where it is not sure who holds it. */
    settlement: function (feature, at) {
      return L.circleMarker(at, {renderer: this.renderers.points, pane: "s-points", radius: Math.max(2.6, feature.dot), color: feature.unsure ? feature.colour : "#fffdf8",
                                 weight: feature.unsure ? 1.8 : 1, fillColor: feature.unsure ? "#fffdf8" : feature.colour, fillOpacity: 1, className: "s-dot"});
    },
    sign: function (feature, position) {
      var holder = S.el("span", "s-sign"), colour = feature.layer === "places" ? "#1d1b18" : feature.colour, large = feature.symbol ? 34 : 24;
      holder.appendChild(feature.symbol ? S.unitNode(this.data.symbols[feature.symbol], colour, 34, this.icons[feature.symbol_badge], feature.hollow) : S.iconNode(this.icons[feature.icon] || this.icons.event, colour, feature.layer === "past" ? 17 : 24, feature.hollow));
      return L.marker([position[1], position[0]], {icon: L.divIcon({className: "s-sign-box", html: holder, iconSize: [large, large]}), pane: "s-signs", keyboard: false});
    },
    listen: function (shape, feature) {
      var self = this;
      shape.bindTooltip(function () { return self.hint(feature); }, {sticky: true, className: "s-tip", opacity: 1});
      shape.on("click", function (event) { L.DomEvent.stop(event); self.show(feature, {at: event.latlng}); });
      shape.on("mouseover", function () { self.light(feature, true); });
      shape.on("mouseout", function () { self.light(feature, false); });
    },
    hint: function (feature) {
      var box = S.el("div");
      S.el("strong", "", feature.title, box);
      S.el("span", "", feature.status_words, box);
      return box;
    },
    /* The elements that stand for a feature: what is focused and what glows. */
    elements: function (feature) {
      var self = this;
      return feature.shapes.filter(function (shape) { return !shape.still && self.map.hasLayer(shape) && shape.getElement && shape.getElement(); })
        .map(function (shape) { return shape.getElement(); });
    },
    glow: function (feature, on) {
      if (feature.packed) this.points.light(feature, on);
      this.elements(feature).forEach(function (element) { element.classList.toggle("s-glow", on); });
    },
    /* Light a feature and, through whoever watches, its words. */
    light: function (feature, on) { this.glow(feature, on); this.tell("light", feature, on); },
    watch: function (what, listener) { (this.watchers[what] = this.watchers[what] || []).push(listener); },
    tell: function (what, feature, more) { (this.watchers[what] || []).forEach(function (listener) { listener(feature, more); }); },
    visible: function () {
      var self = this;
      return this.all.filter(function (feature) { return self.isShown(feature); });
    },
    /* What is shown, in the order in which the map is told in words. */
    ordered: function () {
      var self = this, order = this.data.layers.map(function (layer) { return layer.key; });
      return this.visible().filter(function (feature) { return self.elements(feature).length; })
        .sort(function (a, b) { return order.indexOf(b.layer) - order.indexOf(a.layer) || a.number - b.number; });
    },
    isShown: function (feature) {
      if (feature.quiet || feature.filtered || !S.standsOn(feature, this.day)) return false;
      return this.alone ? feature.entry === this.alone : !this.hidden[feature.entry];
    },
    /* Whether anything of a line of the legend stands on the day. */
    present: function (entry) {
      var self = this;
      return this.all.some(function (feature) { return feature.entry === entry && !feature.quiet && S.standsOn(feature, self.day); });
    },
    /* Show or hide what one line of the legend stands for; `isolate` leaves it alone on the map. */
    toggle: function (entry, on) { if (on) delete this.hidden[entry]; else this.hidden[entry] = true; this.alone = null; this.refresh(); },
    isolate: function (entry) { this.alone = this.alone === entry ? null : entry; this.refresh(); },
    /* What differs from how the page opens, and the same back. */
    choice: function () {
      var self = this, entries = this.data.legend;
      return {
        off: entries.filter(function (entry) { return !entry.off && self.hidden[entry.key]; }).map(function (entry) { return entry.key; }),
        on: entries.filter(function (entry) { return entry.off && !self.hidden[entry.key]; }).map(function (entry) { return entry.key; }),
        alone: this.alone
      };
    },
    choose: function (state) {
      var self = this;
      this.hidden = Object.create(null);
      this.data.legend.forEach(function (entry) {
        if ((entry.off && (state.on || []).indexOf(entry.key) < 0) || (state.off || []).indexOf(entry.key) >= 0) self.hidden[entry.key] = true;
      });
      this.alone = state.alone && this.data.legend.some(function (entry) { return entry.key === state.alone; }) ? state.alone : null;
      this.refresh();
    },
    setDay: function (day) {
      this.day = day;
      if (this.selected && !S.standsOn(this.selected, day)) this.map.closePopup();
      this.refresh();
      this.tell("day", day);
    },
    refresh: function () {
      var self = this;
      this.all.forEach(function (feature) {
        if (feature.quiet) return;
        var on = self.isShown(feature);
        feature.shapes.forEach(function (shape) { self.set(shape, on); });
      });
      this.fitSmall();
      if (this.points) this.points.update();
      this.listeners.forEach(function (listener) { listener(); });
    },
    bounds: function (feature) {
      if (feature.box) return feature.box;
      var box = L.latLngBounds([]);
      parts(feature.geometry).forEach(function (part) {
        (part.type === "Point" ? [part.coordinates] : part.type === "LineString" ? part.coordinates : part.coordinates[0]).forEach(function (p) { box.extend([p[1], p[0]]); });
      });
      feature.box = box;
      return box;
    },
    middle: function (feature) {
      var at = feature.spot || feature.anchor;
      return at ? L.latLng(at[1], at[0]) : this.bounds(feature).getCenter();
    },
    /* Open a feature: its popup, its outline, and its words in the text. */
    show: function (feature, how) {
      var asked = how || {}, at = asked.at || this.middle(feature), size = this.map.getSize(), wide = size.x > 600, self = this;
      var flying = Boolean(asked.fly) && this.fly(this.bounds(feature).pad(0.4), feature.spot ? Math.max(this.map.getZoom(), 7) : 9);
      this.map.closePopup();
      this.select(feature);
      var legend = this.map.getContainer().parentNode.querySelector(".s-legend[open]"), aside = wide && legend && !legend.parentNode.classList.contains("s-legend-left") ? legend.offsetWidth + 18 : wide ? 14 : 8;
      var popup = L.popup({
        maxWidth: Math.min(330, size.x - 40), minWidth: Math.min(230, size.x - 60), maxHeight: Math.max(120, Math.min(360, size.y * 0.62)), className: "s-popup",
        autoPan: !flying && !asked.still, autoPanPaddingTopLeft: [wide ? 54 : 8, 12], autoPanPaddingBottomRight: [aside, 48]
      });
      var card = S.card(feature, this.data, this.data.days[this.day] || this.data.as_of);
      popup.setLatLng(at).setContent(card).openOn(this.map);
      this.popup = popup;
      if (flying) this.map.once("moveend", function () { popup.options.autoPan = true; if (popup.isOpen()) popup.update(); });
      S.say([feature.title, feature.actor_name, feature.status_words, feature.sources.map(S.sourceWords).join("; ")].filter(Boolean).join(". "));
      if (asked.focus) { this.opener = document.activeElement; card.focus({preventScroll: true}); } else self.opener = null;
      this.tell("show", feature, asked);
    },
    /* Go to a feature and have it and its words stand out, without its card. */
    spotlight: function (feature) {
      this.map.closePopup();
      this.fly(this.bounds(feature).pad(0.4), feature.spot ? Math.max(this.map.getZoom(), 7) : 9);
      this.select(feature);
    },
    /* Take over a card that is open, for a feature that stands in the place of another. */
    take: function (feature, popup) {
      this.popup = popup;
      if (popup && popup.isOpen()) popup.setContent(S.card(feature, this.data, this.data.days[this.day] || this.data.as_of));
      this.select(feature);
    },
    /* Go to a box; says whether the map is on its way there. */
    fly: function (bounds, zoom) {
      return S.goTo(this.map, bounds, {maxZoom: zoom});
    },
    select: function (feature) {
      var self = this;
      if (this.selected) this.selected.shapes.forEach(function (shape) {
        if (self.selected.quiet) self.map.removeLayer(shape);
        else if (shape.setStyle && !shape.still && shape.options.className && shape.usual !== undefined) shape.setStyle({weight: shape.usual});
      });
      this.selected = feature;
      if (feature) feature.shapes.forEach(function (shape) {
        if (feature.quiet) shape.addTo(self.map);
        else if (shape.setStyle && !shape.still && shape.options.className) { shape.usual = shape.options.weight; shape.setStyle({weight: shape.usual + 1.6}); }
      });
      if (!feature && this.opener && document.contains(this.opener)) this.opener.focus({preventScroll: true});
      if (!feature) this.opener = null;
      this.tell("select", feature);
    },
    /* Take everything off the map; an open card stays for whoever takes its place. */
    remove: function () {
      var self = this;
      this.map.off(this.heard);
      this.all.forEach(function (feature) {
        feature.shapes.forEach(function (shape) {
          self.map.removeLayer(shape);
          if (shape.softMask) shape.softMask.parentNode.remove();
        });
      });
      if (this.points) this.points.remove();
      if (this.labels) this.labels.remove();
      this.listeners = []; this.watchers = {};
    }
  };

  S.CLEAR = 13; S.LEAST = 12;  // pixels that an arrow keeps from the middle of a sign, and below which it is not drawn

  S.RING = 12;  // pixels: the least radius of a siege's ring

  /* Lines about the middle of their box, as large as makes them reach `least` from it; the same lines where they do. */
  S.swollen = function (lines, least) {
    var all = [].concat.apply([], lines), ends = [0, 1].map(function (axis) { var values = all.map(function (spot) { return spot[axis]; }); return [Math.min.apply(null, values), Math.max.apply(null, values)]; });
    var middle = ends.map(function (of) { return (of[0] + of[1]) / 2; }), radius = Math.max(ends[0][1] - ends[0][0], ends[1][1] - ends[1][0]) / 2;
    if (radius >= least || !radius) return lines;
    return lines.map(function (line) { return line.map(function (spot) { return [0, 1].map(function (axis) { return middle[axis] + (spot[axis] - middle[axis]) * least / radius; }); }); });
  };

  /* A line without its last pixels; nothing where too little is left. */
  S.shortened = function (points, off, least) {
    var left = -off, cut = [], at = 0, step;
    for (var i = 1; i < points.length; i++) left += Math.hypot(points[i][0] - points[i - 1][0], points[i][1] - points[i - 1][1]);
    if (left < least) return [];
    cut.push(points[0]);
    for (var j = 1; j < points.length && at < left; j++) {
      step = Math.hypot(points[j][0] - points[j - 1][0], points[j][1] - points[j - 1][1]);
      if (at + step > left) { cut.push([points[j - 1][0] + (points[j][0] - points[j - 1][0]) * (left - at) / step, points[j - 1][1] + (points[j][1] - points[j - 1][1]) * (left - at) / step]); break; }
      cut.push(points[j]);
      at += step;
    }
    return cut;
  };

  /* How a movement is stroked: what is only said to come is hollow and short-dashed, a claim long-dashed, fire thinner than men. */
  S.courseStyle = function (feature) {
    var siege = feature.course === "siege", thin = feature.course === "fire", stub = feature.course === "stub";
    return {
      weight: siege ? 2 : thin ? 1.8 : stub ? 2.4 : 3.2, opacity: stub ? 0.75 : 1,
      dash: feature.hollow || feature.status === "agreed" ? "5 4" : feature.status === "claimed" ? "12 4" : null,
      head: siege ? "" : thin ? "open" : feature.hollow || feature.status === "agreed" ? "hollow" : "full"
    };
  };

  function parts(geometry) {
    if (geometry.type === "GeometryCollection") return [].concat.apply([], geometry.geometries.map(parts));
    if (geometry.type.indexOf("Multi") !== 0) return [geometry];
    return geometry.coordinates.map(function (coordinates) { return {type: geometry.type.slice(5), coordinates: coordinates}; });
  }

  function turned(points) { return points.map(function (point) { return [point[1], point[0]]; }); }

  var masks = 0;
  function soften(shape, filter) {
    var id = "s-mask" + masks++, mask;
    if (shape.softMask) shape.softMask.parentNode.remove();
    mask = S.node("mask", {id: id, maskUnits: "userSpaceOnUse", x: -20000, y: -20000, width: 40000, height: 40000}, S.defs);
    shape.softMask = S.node("path", {fill: "#fff", filter: "url(#" + filter + ")", d: shape._path.getAttribute("d") || ""}, mask);
    shape._path.setAttribute("mask", "url(#" + id + ")");
  }
})(Salient);
