/* What the reader does with a packed layer: pointer, popups, keyboard, the list for screen readers. Text reaches the page as text alone. */
"use strict";

(function (S) {
  var WORLD = S.WORLD, BITS = S.BITS, NEAR = 9, LISTED = 60, node = S.packedNode;
  var FACTS = ["kind", "status", "source"], SILENT = ["title", "colour", "key", "icon", "id", "kind", "status", "source", "lon", "lat", "index", "zone"];

  S.PackedLayer.include({
    /* Hide what has these keys (of a legend): places and zones alike. */
    setHidden: function (hidden) {
      this.hiddenKeys = hidden || {};
      if (this.places) this.places.hide(this.hiddenKeys);
      if (this.zones) this.zones.hide(this.hiddenKeys);
      return this.redraw();
    },

    /* What stands at a layer pixel: {dot, here: [all within a hair]} or {bubble}, or null. */
    placeAt: function (point, reach) {
      if (!this.places || !this.frame) return null;
      var places = this.places, frame = this.frame, level = this._level(), side = Math.pow(2, BITS - level) * frame.scale, last = Math.pow(2, level) - 1;
      var mx = Math.floor((point.x + frame.x) / side), my = Math.floor((point.y + frame.y) / side), best = null, least = reach * reach, near = [];
      for (var cx = Math.max(0, mx - 1); cx <= Math.min(last, mx + 1); cx++) for (var cy = Math.max(0, my - 1); cy <= Math.min(last, my + 1); cy++) {
        var cell = places.cell(level, cx, cy);
        if (!cell.count) continue;
        if (this._crowded(cell)) {
          var bubble = this._round(cell);
          if (!best && Math.hypot(bubble.x - point.x, bubble.y - point.y) <= bubble.r + 1) best = {bubble: bubble};
          continue;
        }
        for (var i = cell.from; i < cell.to; i++) {
          if (places.off[i]) continue;
          var dx = places.x[i] * frame.scale - frame.x - point.x, dy = places.y[i] * frame.scale - frame.y - point.y, far = dx * dx + dy * dy;
          if (far <= reach * reach) near.push([far, i]);
          if (far <= least) { least = far; best = {dot: i}; }
        }
      }
      if (best && best.dot !== undefined) {
        var middle = best.dot, hair = 2 / frame.scale;
        best.here = near.filter(function (one) { return Math.abs(places.x[one[1]] - places.x[middle]) <= hair && Math.abs(places.y[one[1]] - places.y[middle]) <= hair; }).map(function (one) { return one[1]; });
      }
      return best;
    },

    zoneAt: function (point) { return this.zones && this.frame ? this.zones.at((point.x + this.frame.x) / this.frame.scale, (point.y + this.frame.y) / this.frame.scale) : -1; },

    /* Places are asked before whatever lies under them; marks that are elements of their own, popups and controls come first. */
    _clicked: function (event) {
      var map = this._map, drag = map.dragging;
      if (event.target.closest && event.target.closest(".leaflet-popup, .leaflet-control, .leaflet-marker-pane, .leaflet-marker-icon, button, a, .s-packed-keys")) return;
      if (drag && drag.moved && drag.moved()) return;
      var found = this.placeAt(map.mouseEventToLayerPoint(event), event.pointerType === "touch" ? 16 : NEAR);
      if (!found) return;
      event.stopPropagation();
      this.open(found);
    },

    _zoneClicked: function (event) {
      var z = this.zoneAt(event.layerPoint);
      if (z >= 0) this.open({zone: z, at: event.latlng});
    },

    _moved: function (event) {
      var self = this;
      this._pointer = event;
      if (this._asked) return;
      this._asked = window.requestAnimationFrame(function () { self._asked = 0; if (self._map) self._hover(self._pointer); });
    },

    _hover: function (event) {
      var map = this._map, place = event && !map._animatingZoom ? this.placeAt(event.layerPoint, NEAR) : null, zone = event && !place ? this.zoneAt(event.layerPoint) : -1;
      var inside = event && event.originalEvent.target.closest && event.originalEvent.target.closest(".leaflet-popup, .leaflet-control, .leaflet-marker-icon");
      if (inside || (!place && zone < 0)) { map.removeLayer(this._tip); map.getContainer().style.cursor = ""; map.getContainer().classList.remove("s-over-packed"); return; }
      map.getContainer().style.cursor = "pointer";
      map.getContainer().classList.toggle("s-over-packed", Boolean(place));
      var at = place ? this._spot(place) : event.layerPoint;
      this._tip.setContent(this._hint(place || {zone: zone})).setLatLng(map.layerPointToLatLng([at.x, at.y]));
      if (!map.hasLayer(this._tip)) this._tip.addTo(map);
    },

    _hint: function (item) {
      var box = node("div");
      if (item.bubble) { node("strong", "", S.phrase("{count} places", {count: item.bubble.cell.count}), box); node("span", "", S.phrase("click to come nearer"), box); return box; }
      var told = this.record(item);
      if (this.hooks.hint) return this.hooks.hint(told);
      node("strong", "", told.title || this.name, box);
      node("span", "", item.here && item.here.length > 1 ? S.phrase("{count} here", {count: item.here.length}) : told.kind || told.status || "", box);
      return box;
    },

    /* All that is known of a place or a zone. */
    record: function (item) {
      var zone = item.zone >= 0, made = zone ? this.zones.record(item.zone) : this.places.record(item.dot);
      if (zone) made.zone = true;
      else { var at = this.places.position(item.dot); made.lon = at.lng; made.lat = at.lat; }
      return made;
    },

    /* Open what was found: a place, a zone, one of several at a spot, or the places of a bubble. */
    open: function (item) {
      var self = this;
      if (!this.withTexts) return;
      if (item.bubble) { this._nearer(item.bubble.cell); return; }
      this.withTexts.then(function () {
        if (!self._map) return;
        if (item.here && item.here.length > 1) { self._choice(item.here, self.places.position(item.dot)); return; }
        var told = self.record(item), at = item.at || self._middle(item);
        self._choose(item, told);
        if (self.hooks.open) self.hooks.open(told, at);
        else self._popup(self.hooks.card ? self.hooks.card(told) : S.packedCard(told), at);
      });
    },

    /* Open the place or zone of an id; false where there is none. */
    openId: function (id) {
      var dot = this.places ? this.places.find(id) : -1, zone = dot < 0 && this.zones ? this.zones.find(id) : -1;
      if (dot >= 0) this.open({dot: dot}); else if (zone >= 0) this.open({zone: zone});
      return dot >= 0 || zone >= 0;
    },

    /* Mark the place or zone of an id, or none; nothing is opened. */
    select: function (id) {
      var dot = id === null || !this.places ? -1 : this.places.find(id), zone = id === null || dot >= 0 || !this.zones ? -1 : this.zones.find(id);
      this.chosen = dot >= 0 ? {dot: dot} : zone >= 0 ? {zone: zone} : null;
      this.redraw();
    },

    _choose: function (item, told) {
      this.chosen = item;
      this.redraw();
      if (this.hooks.onselect) this.hooks.onselect(told ? told.id === undefined ? told.index : told.id : null, told);
    },

    _middle: function (item) {
      if (item.dot >= 0) return this.places.position(item.dot);
      var b = this.zones.boxes, z = 4 * item.zone;
      return S.degrees((b[z] + b[z + 2]) / 2, (b[z + 1] + b[z + 3]) / 2);
    },

    _popup: function (content, at) {
      var size = this._map.getSize(), self = this;
      this._opened = L.popup({maxWidth: Math.min(330, size.x - 40), minWidth: Math.min(210, size.x - 60), maxHeight: Math.min(360, size.y * 0.62), className: "s-popup"})
        .setLatLng(at).setContent(content).openOn(this._map);
      if (this._focused) { var box = this._opened.getElement(); box.tabIndex = -1; this._back = true; box.focus({preventScroll: true}); L.DomEvent.on(box, "keydown", function (event) { if (event.key === "Escape") { self._map.closePopup(); L.DomEvent.stop(event); } }); }
    },

    _closed: function (event) {
      if (event.popup !== this._opened) return;
      this._opened = null;
      if (this._back) { this._back = false; this._keys.focus({preventScroll: true}); }
      this._choose(null, null);
    },

    /* Several places at one spot: their titles, to choose from. */
    _choice: function (dots, at) {
      var box = node("div", "s-card"), self = this;
      node("h3", "", S.phrase("{count} places here", {count: dots.length}), box);
      var list = node("ul", "s-packed-list", null, box);
      dots.slice(0, LISTED).forEach(function (dot) {
        var told = self.places.record(dot), button = node("button", "s-find", told.title || told.kind || self.name, node("li", "", null, list));
        button.type = "button";
        button.addEventListener("click", function () { self.open({dot: dot}); });
      });
      if (dots.length > LISTED) node("p", "", S.phrase("and {count} more", {count: dots.length - LISTED}), box);
      this._popup(box, at);
    },

    _nearer: function (cell) {
      var places = this.places, map = this._map, west = WORLD, north = WORLD, east = 0, south = 0, dots = [], self = this;
      for (var i = cell.from; i < cell.to; i++) {
        if (places.off[i]) continue;
        dots.push(i);
        west = Math.min(west, places.x[i]); east = Math.max(east, places.x[i]); north = Math.min(north, places.y[i]); south = Math.max(south, places.y[i]);
      }
      var most = Math.min(map.getMaxZoom(), 18), apart = Math.max(east - west, south - north) * 256 * Math.pow(2, most) / WORLD;
      if (map.getZoom() >= most || apart < 24) { this.withTexts.then(function () { self._choice(dots, S.degrees((west + east) / 2, (north + south) / 2)); }); return; }
      map.fitBounds(L.latLngBounds(S.degrees(west, south), S.degrees(east, north)), {padding: [50, 50], maxZoom: Math.min(most, map.getZoom() + 4), animate: !window.matchMedia("(prefers-reduced-motion: reduce)").matches});
    }
  });

  /* What a popup says of a place or zone: every column, as text. */
  S.packedCard = function (told) {
    var box = node("div", "s-card");
    node("h3", "", told.title || told.kind || S.phrase("Unnamed"), box);
    var facts = node("dl", "", null, box);
    facts.style.cssText = "display:grid;grid-template-columns:max-content 1fr;gap:2px 10px;margin:6px 0 0";
    function fact(name, words) { if (words) { node("dt", "", name, facts); node("dd", "", words, facts).style.margin = "0"; } }
    FACTS.forEach(function (name) { fact(name, told[name]); });
    Object.keys(told).forEach(function (name) { if (SILENT.indexOf(name) < 0) fact(name, told[name]); });
    if (told.lat !== undefined) fact("position", told.lat.toFixed(5) + ", " + told.lon.toFixed(5));
    return box;
  };

  /* ---- Keyboard, screen readers ---- */

  S.PackedLayer.include({
    /* One stop of the Tab key: a list, out of sight, of what is in view. */
    _keyboard: function (map) {
      var self = this, keys = this._keys = node("div", "s-packed-keys");
      keys.style.cssText = "position:absolute;width:1px;height:1px;margin:-1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap";
      keys.tabIndex = 0; keys.id = "s-packed-" + L.Util.stamp(this);
      keys.setAttribute("role", "listbox");
      keys.setAttribute("aria-label", this.name);
      map.getContainer().insertBefore(keys, map.getContainer().firstChild);
      keys.addEventListener("focus", function () { self._focused = true; if (!self.current) self._step(0, 0); else self.redraw(); });
      keys.addEventListener("blur", function () { self._focused = false; self.redraw(); });
      keys.addEventListener("keydown", function (event) { self._pressed(event); });
    },

    _pressed: function (event) {
      var step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
      if (step) this._step(step[0], step[1]);
      else if ((event.key === "Enter" || event.key === " ") && this.current) this.open(this.current);
      else if (event.key === "+" || event.key === "=") this._map.zoomIn();
      else if (event.key === "-") this._map.zoomOut();
      else if (event.key === "Escape") this._map.closePopup();
      else return;
      event.preventDefault(); event.stopPropagation();
    },

    /* Go to the nearest mark in a direction: what lies aside counts double. With no direction, to the one nearest to the middle. */
    _step: function (dx, dy) {
      var map = this._map, middle = map.containerPointToLayerPoint(map.getSize().divideBy(2)), from = (this.current && this._spot(this.current)) || middle, best = null, least = Infinity;
      if (!this.places || !this.frame) return;
      this._marks(function (x, y, item) {
        var ahead = (x - from.x) * dx + (y - from.y) * dy, aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx), far = dx || dy ? ahead + 2 * aside : Math.hypot(x - from.x, y - from.y);
        if ((dx || dy) && (ahead < 1 || aside > 3 * ahead)) return;
        if (far < least) { least = far; best = [x, y, item]; }
      });
      if (!best) { if (dx || dy) map.panBy([dx * 120, dy * 120]); return; }
      this.current = this._item(best[2]);
      map.panInside(map.layerPointToLatLng([best[0], best[1]]), {padding: [40, 40]});
      this.redraw();
      this._list();
    },

    /* Every mark drawn: its place on the canvas, and the number of its dot, or its bubble. */
    _marks: function (each) {
      var places = this.places, frame = this.frame;
      this.drawn.dots.forEach(function (i) { each(places.x[i] * frame.scale - frame.x, places.y[i] * frame.scale - frame.y, i); });
      this.drawn.bubbles.forEach(function (bubble) { each(bubble.x, bubble.y, bubble); });
    },

    _item: function (mark) { return typeof mark === "number" ? {dot: mark} : {bubble: mark}; },

    /* The list in words: what is nearest to the middle of the view, at most LISTED of it. */
    _list: function () {
      if (!this._map || !this.places || !this.places.texts || !this.frame) return;
      var map = this._map, size = map.getSize(), start = map.containerPointToLayerPoint([0, 0]), view = L.bounds(start, start.add(size)), middle = view.getCenter(), found = [], total = 0, self = this;
      this._marks(function (x, y, mark) {
        if (x < view.min.x || x > view.max.x || y < view.min.y || y > view.max.y) return;
        total += typeof mark === "number" ? 1 : mark.cell.count;
        found.push([Math.hypot(x - middle.x, y - middle.y), mark]);
      });
      found = found.length > 4000 ? found.filter(function (one) { return one[0] < 150; }) : found;
      found.sort(function (a, b) { return a[0] - b[0]; });
      this._keys.setAttribute("aria-label", S.phrase("{name}: {count} in view. Arrow keys go from one to the next, Enter opens it.", {name: this.name, count: total}));
      this._keys.replaceChildren();
      this._keys.removeAttribute("aria-activedescendant");
      var shown = found.slice(0, LISTED).map(function (one) { return self._item(one[1]); });
      if (this.current) shown.unshift(this.current);
      shown.forEach(function (item, number) {
        var option = node("div", "", self._said(item), self._keys);
        option.setAttribute("role", "option");
        option.id = self._keys.id + "-" + number;
        option.setAttribute("aria-selected", String(Boolean(self.current) && !number));
      });
      if (this.current) this._keys.setAttribute("aria-activedescendant", this._keys.id + "-0");
    },

    _said: function (item) {
      if (item.bubble) return S.phrase("{count} places close together; Enter comes nearer", {count: item.bubble.cell.count});
      var told = this.record(item);
      return [told.title, told.kind, told.status, told.source].filter(Boolean).join(", ") || this.name;
    }
  });

  /* A packed layer for a map; the caller adds it. `hooks` may have open(record, at), card(record), hint(record), onselect(id, record). */
  S.packed = function (map, payload, hooks) { return new S.PackedLayer(payload, hooks, map); };
})(Salient);
