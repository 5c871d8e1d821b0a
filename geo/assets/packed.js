/* Unpacks places and zones (geo/packed.py packs them); packed_canvas.js draws them, packed_reader.js answers the reader.
   Positions are cells of the Mercator square, WORLD on a side, in Z order: a square of the map is a run of the list. */
"use strict";
var Salient = window.Salient || {};

(function (S) {
  var BITS = 25, WORLD = Math.pow(2, BITS), LOW = Math.pow(2, 26), NEUTRAL = "#6d6a64";

  S.packedNode = function (name, className, text, parent) {
    var made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined && text !== null) { made.textContent = text; made.dir = "auto"; }
    if (parent) parent.appendChild(made);
    return made;
  };

  S.inflatePacked = function (text) {
    var octets;
    if (Uint8Array.fromBase64) octets = Uint8Array.fromBase64(text);
    else {
      var binary = atob(text);
      octets = new Uint8Array(binary.length);
      for (var i = 0; i < binary.length; i++) octets[i] = binary.charCodeAt(i);
    }
    var stream = new Blob([octets]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
  };

  /* A value and its named blocks of bytes. */
  S.unbox = function (text) {
    return S.inflatePacked(text).then(function (octets) {
      var at = 4 + new DataView(octets.buffer).getUint32(0, true), told = JSON.parse(new TextDecoder().decode(octets.subarray(4, at))), parts = {};
      told.parts.forEach(function (part) { parts[part[0]] = octets.subarray(at, at + part[1]); at += part[1]; });
      return {told: told, parts: parts};
    });
  };

  /* Numbers that were written byte by byte, the lowest bytes of all first. */
  S.planes = function (bytes, count, Kind) {
    var out = new (Kind || Float64Array)(count), factor = 1;
    for (var from = 0; from < bytes.length; from += count, factor *= 256) for (var i = 0; i < count; i++) out[i] += bytes[from + i] * factor;
    return out;
  };

  function spread(v) {
    v = (v | (v << 8)) & 0x00ff00ff; v = (v | (v << 4)) & 0x0f0f0f0f; v = (v | (v << 2)) & 0x33333333;
    return (v | (v << 1)) & 0x55555555;
  }

  function gather(v) {
    v &= 0x55555555; v = (v | (v >>> 1)) & 0x33333333; v = (v | (v >>> 2)) & 0x0f0f0f0f; v = (v | (v >>> 4)) & 0x00ff00ff;
    return (v | (v >>> 8)) & 0xffff;
  }

  /* Where a cell stands in Z order. */
  S.morton = function (x, y) { return (spread(x >>> 13) + 2 * spread(y >>> 13)) * LOW + spread(x & 8191) + 2 * spread(y & 8191); };

  function Columns(box) {
    var self = this;
    this.count = box.told.count; this.codes = Object.create(null); this.words = Object.create(null);  /* a column may have any name */
    box.told.columns.forEach(function (column) { self.words[column[0]] = column[1]; self.codes[column[0]] = S.planes(box.parts["c:" + column[0]], self.count, column[1].length > 65535 ? Uint32Array : Uint16Array); });
    this.colours = this.words.colour || [];
  }

  Columns.prototype = {
    colour: function (i) { return (this.codes.colour && this.colours[this.codes.colour[i]]) || NEUTRAL; },
    /* Texts lie in one block each; a word is cut out when it is wanted. */
    setTexts: function (box) {
      var self = this, coder = new TextDecoder();
      this.texts = Object.create(null);
      box.told.columns.forEach(function (name) {
        var lengths = S.planes(box.parts["l:" + name], self.count, Uint32Array), from = new Uint32Array(self.count + 1), block = box.parts["t:" + name];
        for (var i = 0; i < self.count; i++) from[i + 1] = from[i] + lengths[i];
        self.texts[name] = function (i) { return coder.decode(block.subarray(from[i], from[i + 1])); };
      });
    },
    record: function (i) {
      var made = Object.assign(Object.create(null), {index: i}), self = this;
      Object.keys(this.codes).forEach(function (name) { made[name] = self.words[name][self.codes[name][i]]; });
      Object.keys(this.texts || {}).forEach(function (name) { made[name] = self.texts[name](i); });
      return made;
    },
    find: function (id) {
      if (!this.texts || !this.texts.id) return -1;
      if (!this.ids) { this.ids = new Map(); for (var i = 0; i < this.count; i++) this.ids.set(this.texts.id(i), i); }
      return this.ids.has(id) ? this.ids.get(id) : -1;
    },
    /* One octet a row: whether the reader has hidden its key, or its kind where there are no keys. */
    hide: function (hidden) {
      var name = this.codes.key ? "key" : "kind", codes = this.codes[name], off = this.off = new Uint8Array(this.count);
      if (!codes) return;
      var flags = this.words[name].map(function (word) { return Object.prototype.hasOwnProperty.call(hidden, word) && hidden[word] ? 1 : 0; });
      if (flags.indexOf(1) >= 0) for (var i = 0; i < this.count; i++) off[i] = flags[codes[i]];
    }
  };

  S.Places = function (box) {
    Columns.call(this, box);
    var n = this.count, at = S.planes(box.parts.steps, n), x = this.x = new Float64Array(n), y = this.y = new Float64Array(n), code = 0;
    for (var i = 0; i < n; i++) {
      at[i] = code += at[i];
      var high = Math.floor(code / LOW), low = code - high * LOW;
      x[i] = gather(high) * 8192 + gather(low) + 0.5; y[i] = gather(high >>> 1) * 8192 + gather(low >>> 1) + 0.5;
    }
    this.at = at; this.cells = new Map();
  };

  S.Places.prototype = Object.assign(Object.create(Columns.prototype), {
    /* The first place at or after a position of the Z order. */
    first: function (code) {
      var low = 0, high = this.count;
      while (low < high) { var middle = (low + high) >> 1; if (this.at[middle] < code) low = middle + 1; else high = middle; }
      return low;
    },
    /* A square of the map, 2^level of them on a side: its run of places, how many are shown, and where their middle is. */
    cell: function (level, cx, cy) {
      var key = (cx * 33554432 + cy) * 32 + level, found = level <= 20 ? this.cells.get(key) : null;
      if (found) return found;
      var side = Math.pow(2, BITS - level), start = S.morton(cx * side, cy * side), from = this.first(start), to = this.first(start + side * side);
      found = {from: from, to: to, count: 0, x: 0, y: 0, cx: cx, cy: cy, level: level};
      for (var i = from; i < to; i++) if (!this.off || !this.off[i]) { found.count++; found.x += this.x[i]; found.y += this.y[i]; }
      found.x /= found.count || 1; found.y /= found.count || 1;
      if (this.cells.size > 20000) this.cells.clear();
      this.cells.set(key, found);
      return found;
    },
    /* How many of a square have which colour, most first. */
    shares: function (cell) {
      if (cell.shares) return cell.shares;
      var counts = {};
      for (var i = cell.from; i < cell.to; i++) if (!this.off || !this.off[i]) { var colour = this.colour(i); counts[colour] = (counts[colour] || 0) + 1; }
      cell.shares = Object.keys(counts).sort(function (a, b) { return counts[b] - counts[a]; }).map(function (colour) { return [colour, counts[colour] / cell.count]; });
      return cell.shares;
    },
    position: function (i) { return S.degrees(this.x[i], this.y[i]); },
    hide: function (hidden) { Columns.prototype.hide.call(this, hidden); this.cells.clear(); }
  });

  S.WORLD = WORLD; S.BITS = BITS;

  S.degrees = function (x, y) { return L.latLng(Math.atan(Math.sinh(Math.PI * (1 - 2 * y / WORLD))) * 180 / Math.PI, x / WORLD * 360 - 180); };

  S.Zones = function (box) {
    Columns.call(this, box);
    var rings = S.planes(box.parts.rings, this.count, Uint32Array), total = rings.reduce(function (a, b) { return a + b; }, 0);
    var points = S.planes(box.parts.points, total, Uint32Array), size = points.reduce(function (a, b) { return a + b; }, 0), factor = Math.pow(2, box.told.shift);
    this.styles = box.told.styles; this.style = S.planes(box.parts.style, this.count, Uint8Array);
    this.x = outline(box.parts.x, size, factor); this.y = outline(box.parts.y, size, factor);
    this.rings = sums(rings); this.points = sums(points);
    this.boxes = new Float64Array(4 * this.count);
    for (var z = 0; z < this.count; z++) {
      var west = WORLD, north = WORLD, east = 0, south = 0;
      for (var i = this.points[this.rings[z]], end = this.points[this.rings[z + 1]]; i < end; i++) {
        if (this.x[i] < west) west = this.x[i];
        if (this.x[i] > east) east = this.x[i];
        if (this.y[i] < north) north = this.y[i];
        if (this.y[i] > south) south = this.y[i];
      }
      this.boxes.set([west, north, east, south], 4 * z);
    }
  };

  /* Differences with their sign in the lowest bit, added up. */
  function outline(bytes, size, factor) {
    var out = S.planes(bytes, size, Int32Array), sum = 0;
    for (var i = 0; i < size; i++) { sum += (out[i] >>> 1) ^ -(out[i] & 1); out[i] = (sum + 0.5) * factor; }
    return out;
  }

  function sums(lengths) {
    var out = new Uint32Array(lengths.length + 1);
    for (var i = 0; i < lengths.length; i++) out[i + 1] = out[i] + lengths[i];
    return out;
  }

  S.Zones.prototype = Object.assign(Object.create(Columns.prototype), {
    /* The zone drawn last that holds a point, or -1; in a hole is outside. */
    at: function (x, y) {
      for (var z = this.count - 1; z >= 0; z--) {
        var b = 4 * z;
        if (x < this.boxes[b] || x > this.boxes[b + 2] || y < this.boxes[b + 1] || y > this.boxes[b + 3] || (this.off && this.off[z])) continue;
        if (this.holds(z, x, y)) return z;
      }
      return -1;
    },
    holds: function (z, x, y) {
      var inside = false;
      for (var r = this.rings[z]; r < this.rings[z + 1]; r++) {
        for (var i = this.points[r], j = this.points[r + 1] - 1; i < this.points[r + 1]; j = i++) {
          if ((this.y[i] > y) !== (this.y[j] > y) && x < (this.x[j] - this.x[i]) * (y - this.y[i]) / (this.y[j] - this.y[i]) + this.x[i]) inside = !inside;
        }
      }
      return inside;
    },
    /* A ring without the points that lie nearer than `step` to the last one kept, as x, y ... */
    thinned: function (r, step) {
      var from = this.points[r], to = this.points[r + 1], out = [], lastX = Infinity, lastY = Infinity;
      for (var i = from; i < to; i++) {
        var dx = this.x[i] - lastX, dy = this.y[i] - lastY;
        if (dx > step || dx < -step || dy > step || dy < -step || dx !== dx) { lastX = this.x[i]; lastY = this.y[i]; out.push(lastX, lastY); }
      }
      return out;
    }
  });
})(Salient);
