/* Draws what packed.js unpacks: zones with their patterns, places one by one or as bubbles, on one canvas that follows the map. */
"use strict";

(function (S) {
  var BITS = S.BITS, WORLD = S.WORLD, CELL = 6;  /* bubbles stand in squares of 2^6 pixels */
  var MOST = 24e6;  /* pixels of a canvas for print */
  var CROWD = 8;  /* so many places in a square are still drawn one by one */
  var NEAR = 9, INK = "#1d1b18", PAPER = "#fffdf8", node = S.packedNode;
  var WITHOUT = "This map holds its places packed, and this browser cannot unpack them. A browser of 2023 or newer shows them.";

  S.short = function (count) {
    if (count < 1000) return String(count);
    if (count < 1e6) return (count < 1e4 ? (count / 1e3).toFixed(1).replace(".0", "") : Math.round(count / 1e3)) + "k";
    return (count / 1e6).toFixed(1).replace(".0", "") + "M";
  };

  S.PackedLayer = L.Renderer.extend({
    options: {padding: 0.1, pane: "s-packed"},

    initialize: function (payload, hooks) {
      L.Renderer.prototype.initialize.call(this, {});
      this.hooks = hooks || {}; this.name = payload.name || S.phrase("Places"); this.cluster = payload.cluster !== false;
      this.hiddenKeys = {}; this.drawn = {dots: [], bubbles: []}; this.current = null; this.chosen = null;
      this._sprites = {}; this._fills = {}; this._paths = new Map();
      this.ready = this._load(payload);
    },

    _load: function (payload) {
      var self = this;
      if (typeof DecompressionStream === "undefined") { this.fault = S.phrase(WITHOUT); return Promise.resolve(this); }
      function open(part, Kind) { return part ? S.unbox(part.head).then(function (box) { return new Kind(box); }) : null; }
      return Promise.all([open(payload.places, S.Places), open(payload.zones, S.Zones)]).then(function (found) {
        self.places = found[0]; self.zones = found[1];
        self.setHidden(self.hiddenKeys);
        self.fire("drawn");
        self.withTexts = new Promise(function (done) { window.setTimeout(done, 0); }).then(function () {
          return Promise.all([payload.places, payload.zones].map(function (part, number) {
            return part ? S.unbox(part.words).then(function (box) { found[number].setTexts(box); }) : null;
          }));
        }).then(function () { self._list(); return self; });
        return self;
      }).catch(function (error) { self.fault = S.phrase("The places of this map could not be unpacked ({error}).", {error: error.message}); self._complain(); return self; });
    },

    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },

    _destroyContainer: function () { this._container.remove(); delete this._container; delete this._context; },

    onAdd: function (map) {
      var pane = map.getPane(this.options.pane) || map.createPane(this.options.pane), self = this;
      if (!pane.style.zIndex) pane.style.zIndex = 460;
      pane.style.pointerEvents = "none";
      this._last = "";
      this._tip = L.tooltip({className: "s-tip s-packed-tip", direction: "top", offset: [0, -8], opacity: 1});
      this._listen = {
        click: function (event) { self._clicked(event); }, leave: function () { self._hover(null); },
        before: function () { self._ratio = 3; self._update(); }, after: function () { self._ratio = 0; self._update(); }
      };
      map.getContainer().addEventListener("click", this._listen.click, true);
      map.getContainer().addEventListener("mouseleave", this._listen.leave);
      window.addEventListener("beforeprint", this._listen.before);
      window.addEventListener("afterprint", this._listen.after);
      map.on({mousemove: this._moved, click: this._zoneClicked, popupclose: this._closed}, this);
      this._keyboard(map);
      L.Renderer.prototype.onAdd.call(this);
      this._complain();
    },

    onRemove: function (map) {
      map.getContainer().removeEventListener("click", this._listen.click, true);
      map.getContainer().removeEventListener("mouseleave", this._listen.leave);
      window.removeEventListener("beforeprint", this._listen.before);
      window.removeEventListener("afterprint", this._listen.after);
      map.off({mousemove: this._moved, click: this._zoneClicked, popupclose: this._closed}, this);
      map.removeLayer(this._tip);
      this._keys.remove();
      L.Renderer.prototype.onRemove.call(this);
    },

    /* What went wrong, said on the map where the places would be. */
    _complain: function () {
      if (this.fault && this._map) node("p", "s-packed-fault", this.fault, this._map.getContainer()).setAttribute("role", "alert");
    },

    redraw: function () { this._last = ""; if (this._map) this._update(); return this; },

    _update: function () {
      var map = this._map;
      if (map._animatingZoom && this._bounds && !this._ratio) return;
      L.Renderer.prototype._update.call(this);
      var min = this._bounds.min, size = this._bounds.getSize(), origin = map.getPixelOrigin();
      var ratio = this._ratio ? Math.max(1, Math.min(this._ratio, Math.sqrt(MOST / (size.x * size.y || 1)))) : Math.min(window.devicePixelRatio || 1, 2);
      var state = [map.getZoom(), min.x, min.y, origin.x, origin.y, size.x, size.y, ratio].join(" "), canvas = this._container;
      if (state === this._last) return;
      this._last = state;
      L.DomUtil.setPosition(canvas, min);
      if (canvas.width !== Math.ceil(ratio * size.x) || canvas.height !== Math.ceil(ratio * size.y)) {
        canvas.width = Math.ceil(ratio * size.x); canvas.height = Math.ceil(ratio * size.y);
        canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      } else {
        this._context.setTransform(1, 0, 0, 1, 0, 0);
        this._context.clearRect(0, 0, canvas.width, canvas.height);
      }
      this._context.setTransform(ratio, 0, 0, ratio, -ratio * min.x, -ratio * min.y);
      /* A cell c of the square lies at layer pixel c * scale - origin. */
      this.frame = {scale: 256 * Math.pow(2, map.getZoom()) / WORLD, x: origin.x, y: origin.y, ratio: ratio, zoom: map.getZoom()};
      this._paint(this._context, this._bounds);
      window.clearTimeout(this._soon);
      this._soon = window.setTimeout(this._list.bind(this), 120);
      this.fire("drawn");
    },

    _paint: function (context, view) {
      this._styleOf = {};
      if (this.zones) this._paintZones(context, view);
      if (!this.places) return;
      this.drawn = this._arrange(view);
      this._stamp(context, view);
      this.drawn.bubbles.forEach(this._bubble.bind(this, context));
      this._ring(context, this.chosen, 3);
      if (this._focused) this._ring(context, this.current, 2);
    },

    /* What is drawn in a view: places one by one, and bubbles. A bubble belongs to a square of the map, so panning does not change it. */
    _arrange: function (view) {
      var frame = this.frame, level = this._level(), side = Math.pow(2, BITS - level), last = Math.pow(2, level) - 1, dots = [], bubbles = [], places = this.places;
      function index(pixel, origin) { return Math.max(0, Math.min(last, Math.floor((pixel + origin) / frame.scale / side))); }
      var x0 = index(view.min.x - NEAR, frame.x), x1 = index(view.max.x + NEAR, frame.x), y0 = index(view.min.y - NEAR, frame.y), y1 = index(view.max.y + NEAR, frame.y);
      for (var cx = x0; cx <= x1; cx++) for (var cy = y0; cy <= y1; cy++) {
        var cell = places.cell(level, cx, cy);
        if (!cell.count) continue;
        if (this._crowded(cell)) bubbles.push(this._round(cell));
        else for (var i = cell.from; i < cell.to; i++) if (!places.off[i]) dots.push(i);
      }
      return {dots: dots, bubbles: bubbles};
    },

    /* The boxes of what is drawn (west, north, east, south in layer pixels), for names to keep off; none where there are more than a thousand. */
    obstacles: function () {
      var frame = this.frame, places = this.places, dots = this.drawn.dots;
      if (!frame || !places) return [];
      function box(x, y, r) { return [x - r, y - r, x + r, y + r]; }
      var boxes = this.drawn.bubbles.map(function (bubble) { return box(bubble.x, bubble.y, bubble.r + 1); });
      return dots.length > 1000 ? boxes : boxes.concat(dots.map(function (i) { return box(places.x[i] * frame.scale - frame.x, places.y[i] * frame.scale - frame.y, places.codes.icon ? 11 : 6); }));
    },

    _level: function () { return Math.max(0, Math.min(BITS, Math.round(this._map.getZoom()) + 8 - CELL)); },

    _crowded: function (cell) { return this.cluster && cell.count > CROWD; },

    /* A bubble: in the middle of its places, and inside its square, so that no two overlap. */
    _round: function (cell) {
      var frame = this.frame, side = Math.pow(2, BITS - cell.level) * frame.scale, r = Math.min(side / 2 - 1, 8.5 + 4 * Math.log10(cell.count));
      function inside(middle, at, origin) { return Math.max(at * side - origin + r, Math.min((at + 1) * side - origin - r, middle * frame.scale - origin)); }
      return {cell: cell, x: inside(cell.x, cell.cx, frame.x), y: inside(cell.y, cell.cy, frame.y), r: r};
    },

    _bubble: function (context, bubble) {
      var turn = -Math.PI / 2, r = bubble.r;
      context.beginPath();
      context.arc(bubble.x, bubble.y, r, 0, 2 * Math.PI);
      context.fillStyle = PAPER; context.globalAlpha = 0.94;
      context.fill();
      context.globalAlpha = 1; context.lineWidth = 3.2;
      this.places.shares(bubble.cell).forEach(function (share) {
        context.beginPath();
        context.arc(bubble.x, bubble.y, r - 1.6, turn, turn += share[1] * 2 * Math.PI);
        context.strokeStyle = share[0];
        context.stroke();
      });
      context.fillStyle = INK; context.textAlign = "center"; context.textBaseline = "middle";
      context.font = "600 " + (r < 15 ? 10.5 : 12) + "px 'Source Sans 3', 'Helvetica Neue', 'Noto Sans', Arial, sans-serif";
      context.fillText(S.short(bubble.cell.count), bubble.x, bubble.y + 0.5);
    },

    /* Places are stamped pixel by pixel: the quickest way to many. */
    _stamp: function (context, view) {
      var dots = this.drawn.dots, frame = this.frame, ratio = frame.ratio, places = this.places, count = dots.length;
      if (!count) return;
      var plain = count > 1500 || !places.codes.icon, radius = count > 30000 ? 2.2 : count > 6000 ? 3 : 4.2, margin = Math.ceil(14 * ratio);
      var wide = this._container.width + 2 * margin, high = this._container.height + 2 * margin, image = this._image;
      if (!image || image.width !== wide || image.height !== high) {
        this._board = document.createElement("canvas"); this._board.width = wide; this._board.height = high;
        image = this._image = new ImageData(wide, high); this._taken = new Uint8Array(wide * high);
      }
      var pixels = new Uint32Array(image.data.buffer), taken = this._taken, left = margin - ratio * view.min.x, top = margin - ratio * view.min.y;
      pixels.fill(0); taken.fill(0);
      for (var n = 0; n < count; n++) {
        var i = dots[n], px = Math.round((places.x[i] * frame.scale - frame.x) * ratio + left), py = Math.round((places.y[i] * frame.scale - frame.y) * ratio + top);
        if (px < margin - 6 || py < margin - 6 || px > wide - margin + 6 || py > high - margin + 6) continue;
        var at = py * wide + px;
        if (taken[at]) continue;
        taken[at] = 1;
        var sprite = this._sprite(i, plain, radius, ratio, wide), k;
        for (k = 0; k < sprite.firm.length; k++) pixels[at + sprite.firm[k]] = sprite.ink[k];
        for (k = 0; k < sprite.soft.length; k++) if (!pixels[at + sprite.soft[k]]) pixels[at + sprite.soft[k]] = sprite.wash[k];
      }
      this._board.getContext("2d").putImageData(image, 0, 0);
      context.drawImage(this._board, margin, margin, wide - 2 * margin, high - 2 * margin, view.min.x, view.min.y, (wide - 2 * margin) / ratio, (high - 2 * margin) / ratio);
    },

    /* The pixels of a sign, as steps from its middle: firm ones cover what is there, soft ones only what is empty. */
    _sprite: function (i, plain, radius, ratio, wide) {
      var codes = this.places.codes, words = this.places.words, hollow = codes.hollow ? codes.hollow[i] : 0;
      var mark = ((codes.colour ? codes.colour[i] : 0) * 65536 + (plain ? 0 : 1 + codes.icon[i])) * 64 + hollow, state = plain + " " + radius + " " + ratio + " " + wide;
      if (this._spriteState !== state) { this._spriteState = state; this._sprites = new Map(); }
      var found = this._sprites.get(mark);
      if (!found) {
        found = cut(drawSign(this.places.colour(i), plain ? "" : words.icon[codes.icon[i]], Boolean(codes.hollow && words.hollow[hollow]), radius, ratio), wide);
        this._sprites.set(mark, found);
      }
      return found;
    },

    _ring: function (context, item, width) {
      var at = item && this._spot(item);
      if (!at) return;
      [[PAPER, width + 2.5], [INK, width]].forEach(function (stroke) {
        context.beginPath();
        context.arc(at.x, at.y, at.r + 3.5, 0, 2 * Math.PI);
        context.strokeStyle = stroke[0]; context.lineWidth = stroke[1];
        context.stroke();
      });
    },

    /* Where a place or bubble stands on the canvas now. */
    _spot: function (item) {
      if (item.bubble) return this._round(item.bubble.cell.level === this._level() ? item.bubble.cell : this._holding(item.bubble.cell.from));
      return item.dot >= 0 ? {x: this.places.x[item.dot] * this.frame.scale - this.frame.x, y: this.places.y[item.dot] * this.frame.scale - this.frame.y, r: 4.2} : null;
    },

    _holding: function (i) { var side = Math.pow(2, BITS - this._level()); return this.places.cell(this._level(), Math.floor(this.places.x[i] / side), Math.floor(this.places.y[i] / side)); },

    _paintZones: function (context, view) {
      var zones = this.zones, frame = this.frame, s = frame.scale;
      if (this._pathZoom !== frame.zoom) { this._pathZoom = frame.zoom; this._paths.clear(); }
      context.lineJoin = "bevel";  /* round joins take three times as long */
      for (var z = 0; z < zones.count; z++) {
        var b = 4 * z, west = zones.boxes[b] * s - frame.x, north = zones.boxes[b + 1] * s - frame.y, east = zones.boxes[b + 2] * s - frame.x, south = zones.boxes[b + 3] * s - frame.y;
        if ((zones.off && zones.off[z]) || east < view.min.x || west > view.max.x || south < view.min.y || north > view.max.y) continue;
        var style = zones.styles[zones.style[z]], colour = zones.colour(z);
        if (east - west < 1.5 && south - north < 1.5) { context.fillStyle = colour; context.fillRect(west, north, 1.5, 1.5); continue; }
        var huge = Math.max(east - west, south - north) > 6000;
        context.save();
        if (!huge) context.translate(west, north);
        var path = huge ? this._clipped(z, view) : this._path(z);
        context.fillStyle = this._fill(style, colour, frame.ratio);
        context.globalAlpha = flat(style) ? style.fill : 1;
        context.fill(path, "evenodd");
        context.globalAlpha = style.grey ? 0.6 : 0.95;
        if (this.chosen && this.chosen.zone === z) { context.lineWidth = (style.width || 1) + 1.8; context.globalAlpha = 1; } else context.lineWidth = style.width;
        context.strokeStyle = colour;
        context.setLineDash(style.dash ? style.dash.split(" ").map(Number) : []);
        if (context.lineWidth && style.width) context.stroke(path);
        context.restore();
      }
    },

    /* A zone's outline for this zoom, from its north-western corner, thinned to what can be seen. */
    _path: function (z) {
      var found = this._paths.get(z), zones = this.zones, s = this.frame.scale, west = zones.boxes[4 * z], north = zones.boxes[4 * z + 1];
      if (found) return found;
      found = new Path2D();
      for (var r = zones.rings[z]; r < zones.rings[z + 1]; r++) {
        var points = zones.thinned(r, 1 / s);
        if (points.length < 6) continue;
        for (var i = 0; i < points.length; i += 2) {
          if (i) found.lineTo((points[i] - west) * s, (points[i + 1] - north) * s); else found.moveTo((points[i] - west) * s, (points[i + 1] - north) * s);
        }
        found.closePath();
      }
      this._paths.set(z, found);
      return found;
    },

    /* A zone much larger than the view, cut to it: a canvas is slow with what is far outside. */
    _clipped: function (z, view) {
      var path = new Path2D(), zones = this.zones, frame = this.frame, box = L.bounds(view.min.subtract([60, 60]), view.max.add([60, 60]));
      for (var r = zones.rings[z]; r < zones.rings[z + 1]; r++) {
        var points = zones.thinned(r, 0.7 / frame.scale), ring = [];
        for (var i = 0; i < points.length; i += 2) ring.push(L.point(points[i] * frame.scale - frame.x, points[i + 1] * frame.scale - frame.y));
        L.PolyUtil.clipPolygon(ring, box, false).forEach(function (point, number) { if (number) path.lineTo(point.x, point.y); else path.moveTo(point.x, point.y); });
        path.closePath();
      }
      return path;
    },

    _fill: function (style, colour, ratio) {
      if (flat(style)) return colour;
      var key = style.pattern + colour + style.angle + style.gap + style.line + ratio;
      if (!this._fills[key]) this._fills[key] = pattern(this._context, style, colour, ratio);
      return this._fills[key];
    }
  });

  function flat(style) { return style.pattern === "solid" || style.pattern === "none" || style.pattern === "inline"; }

  /* The tile of a pattern; the same marks as symbols.js draws in SVG. */
  function pattern(context, style, colour, ratio) {
    var gap = style.gap, high = style.pattern === "dashes" ? 12 : gap, tile = document.createElement("canvas"), pen = tile.getContext("2d");
    tile.width = Math.round(gap * ratio); tile.height = Math.round(high * ratio);
    pen.scale(ratio, ratio);
    pen.fillStyle = pen.strokeStyle = colour; pen.lineWidth = style.line;
    pen.globalAlpha = style.fill; pen.fillRect(0, 0, gap, high);
    pen.globalAlpha = 0.85;
    pen.beginPath();
    if (style.pattern === "hatch" || style.pattern === "cross") { pen.moveTo(gap / 2, 0); pen.lineTo(gap / 2, gap); }
    if (style.pattern === "cross") { pen.moveTo(0, gap / 2); pen.lineTo(gap, gap / 2); }
    if (style.pattern === "dashes") { pen.moveTo(gap / 2, 1); pen.lineTo(gap / 2, 9); }
    pen.stroke();
    if (style.pattern === "dots" || style.pattern === "stipple") { pen.beginPath(); pen.arc(gap / 2, gap / 2, style.line / 1.6, 0, 2 * Math.PI); pen.fill(); }
    var made = context.createPattern(tile, "repeat");
    made.setTransform(new DOMMatrix().rotate(style.angle || 0).scale(1 / ratio));
    return made;
  }

  /* A sign on a canvas of its own: a dot with a paper rim, or an icon. */
  function drawSign(colour, icon, hollow, radius, ratio) {
    var half = icon ? 12 : Math.ceil(radius + 2), canvas = document.createElement("canvas"), pen = canvas.getContext("2d", {willReadFrequently: true});
    canvas.width = canvas.height = 2 * Math.ceil(half * ratio) + 1;
    pen.translate(canvas.width / 2, canvas.height / 2);
    pen.scale(ratio, ratio);
    pen.lineJoin = "round";
    if (icon) {
      var path = new Path2D(icon);
      pen.scale(0.84, 0.84); pen.translate(-12, -12);
      pen.strokeStyle = PAPER; pen.lineWidth = 2.6; pen.stroke(path);
      pen.fillStyle = hollow ? PAPER : colour; pen.fill(path);
      if (hollow) { pen.strokeStyle = colour; pen.lineWidth = 1.7; pen.stroke(path); }
    } else {
      pen.beginPath(); pen.arc(0, 0, radius + 1.3, 0, 2 * Math.PI); pen.fillStyle = PAPER; if (radius > 2.5) pen.fill();
      pen.beginPath(); pen.arc(0, 0, hollow ? radius - 0.8 : radius, 0, 2 * Math.PI);
      if (hollow) { pen.strokeStyle = colour; pen.lineWidth = 1.6; pen.stroke(); } else { pen.fillStyle = colour; pen.fill(); }
    }
    return pen.getImageData(0, 0, canvas.width, canvas.height);
  }

  function cut(image, wide) {
    var pixels = new Uint32Array(image.data.buffer), half = (image.width - 1) / 2, found = {firm: [], ink: [], soft: [], wash: []};
    for (var i = 0; i < pixels.length; i++) {
      var alpha = image.data[4 * i + 3], step = (Math.floor(i / image.width) - half) * wide + i % image.width - half;
      if (alpha > 150) { found.firm.push(step); found.ink.push(pixels[i]); } else if (alpha) { found.soft.push(step); found.wash.push(pixels[i]); }
    }
    return found;
  }
})(Salient);
