/* Names on the map: one canvas, most important first, none over another. */
"use strict";

(function (S) {
  var SANS = '"Source Sans 3", "Helvetica Neue", "Noto Sans", Arial, sans-serif', SERIF = 'Georgia, "Noto Serif", "Times New Roman", serif';

  var ONE_SPOT = 6, CLOSE = 5, FAR = 56;  // pixels: signs nearer than this stand at one place; a name so near to a sign seems to be its own; the longest line to a name

  S.LabelCanvas = S.Canvas.extend({
    options: {padding: 0.05},
    initialize: function (base, colours, features, options) {
      this.base = base; this.colours = colours; this.features = features;
      S.Canvas.prototype.initialize.call(this, options);
    },
    paint: function (context, view) {
      this.frameNow = this.frame();
      this.taken = []; this.numbered = []; this.lettered = []; this.dropped = []; this.shown = []; this.shownTowns = {}; this.townSpots = []; this.signs = []; this.names = []; this.waiting = [];
      var size = this._map.getSize(), corner = this._map.containerPointToLayerPoint([0, 0]);
      view = L.bounds(corner.add([2, 2]), corner.add([size.x - 2, size.y - 30]));
      context.textBaseline = "middle"; context.lineJoin = "round";
      var self = this, features = this.features.visible().filter(function (feature) { return !feature.packed; });
      this.furniture();
      if (this.features.points) this.features.points.layer.obstacles().forEach(function (box) { self.taken.push(box); self.signs.push([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2, (box[2] - box[0]) / 2]); });
      features.forEach(function (feature) { self.obstacle(feature, view); });
      var claimed = features.filter(function (f) { return f.lines && f.layer !== "reference"; }).map(function (f) { return f.label; });
      features = features.filter(function (f) { return !(f.layer === "reference" && claimed.indexOf(f.label) >= 0); });
      features.forEach(function (feature) { self.shields(context, feature, view); });
      features.sort(function (a, b) { return rank(a) - rank(b) || b.quotes.length - a.quotes.length; });
      features.forEach(function (feature) { self.placeName(context, feature, view); });
      this.waiting.forEach(function (letters) { letters(); });  // over all lines that lead to names
      if (this.features.preset.graticule === "mgrs") this.gridLetters(context, view);
      if (!this.base) return;
      this.baseNames(context, view, ["country"]);
      this.baseNames(context, view, ["ocean", "sea", "lake"]);
      this.towns(context, view, 6);
      this.towns(context, view, 99);
      this.baseNames(context, view, ["admin1"]);
    },
    point: function (lon, lat) {
      var at = S.mercator(lon, lat), frame = this.frameNow;
      return [at[0] * frame.scale - frame.x, at[1] * frame.scale - frame.y];
    },
    free: function (box) {
      return this.taken.every(function (other) { return box[2] < other[0] || box[0] > other[2] || box[3] < other[1] || box[1] > other[3]; });
    },
    inside: function (box, view) { return box[0] >= view.min.x && box[2] <= view.max.x && box[1] >= view.min.y && box[3] <= view.max.y; },
    /* Nothing is lettered under the legend, the buttons or the scale. */
    furniture: function () {
      var self = this, frame = this._map.getContainer().getBoundingClientRect();
      this._map.getContainer().parentNode.querySelectorAll(".s-legend, .s-all, .s-time, .leaflet-control").forEach(function (box) {
        var r = box.getBoundingClientRect(), a = self._map.containerPointToLayerPoint([r.left - frame.left, r.top - frame.top]);
        if (r.width) self.taken.push([a.x - 3, a.y - 3, a.x + r.width + 3, a.y + r.height + 3]);
      });
    },
    obstacle: function (feature, view) {
      var spot = feature.spot || feature.signed;
      if (!spot) return;
      var at = this.point(spot[0], spot[1]), r = feature.symbol ? 16 : feature.icon ? 12 : feature.layer === "places" || feature.dot ? 5 : 9;
      this.taken.push([at[0] - r, at[1] - r, at[0] + r, at[1] + r]);
      this.signs.push([at[0], at[1], r]);
    },
    placeName: function (context, feature, view) {
      var spot = feature.spot || feature.signed;
      if (!spot || !feature.label || this.shown.indexOf(feature.label) >= 0) return;
      var at = this.point(spot[0], spot[1]), gap = feature.symbol ? 19 : feature.layer === "places" && !feature.icon || feature.dot ? 8 : 15;
      if (!this.inside([at[0], at[1], at[0], at[1]], view)) return;
      this.write(context, view, feature.label, at, {font: "600 13px " + SANS, colour: this.colours.ink || "#1d1b18", halo: this.colours.paper || "#fffdf8", width: 3.6, gap: gap, radius: gap - 3, sides: true, must: true});
    },
    /* Write a name where there is room: beside its mark, or, for one that must stand, further off with a line that leads to it. */
    write: function (context, view, text, at, how) {
      var lines = text.split("\n"), wide = 0, high = (how.high || 15) + 14 * (lines.length - 1), spots, self = this, found;
      context.letterSpacing = (how.spacing || 0) + "px";
      lines.forEach(function (line, number) { context.font = fontOf(how, number); wide = Math.max(wide, context.measureText(line).width); });
      spots = how.sides ? S.besides(at, wide, high, how.gap || 0, how.must) : how.nudge ? [0, -18, 18, -36, 36].map(function (down) { return [at[0], at[1] + down]; }).concat([[at[0] + 40, at[1]], [at[0] - 40, at[1]]]) : [at];
      spots = spots.filter(function (spot) { return self.inside(boxOf(spot, wide, high), view) && self.free(boxOf(spot, wide, high)) && self.fits(spot, wide, high, at, how); });
      found = this.best(spots, wide, high, at);
      if (!found) { this.dropped.push(text); return false; }
      this.shown.push(text);
      this.keep(found, wide, high, at, how);
      if (found[2]) lead(context, at, nearestIn(at, found, wide, high), how);
      function letters() {
        lines.forEach(function (line, number) {
          context.letterSpacing = (how.spacing || 0) + "px"; context.font = fontOf(how, number);
          self.letter(context, line, found[0] - (lines.length > 1 ? context.measureText(line).width : wide) / 2, found[1] + (number - (lines.length - 1) / 2) * 14, how);
        });
      }
      if (how.must) this.waiting.push(letters); else letters();
      return true;
    },
    /* Whether a name there says whose it is: tied by a line, or nearer to its own sign than to any other. */
    fits: function (spot, wide, high, at, how) {
      return !how.radius || Boolean(spot[2]) || S.belongs(boxOf(spot, wide, high), [at[0], at[1], how.radius], this.signs);
    },
    /* The first spot with the least amiss: close beside another sign, at the end of a line, with that line through a sign or, worse, a name; a long line through one at most. */
    best: function (spots, wide, high, at) {
      var self = this, others = this.signs.filter(function (sign) { return Math.hypot(sign[0] - at[0], sign[1] - at[1]) > Math.max(sign[2], ONE_SPOT); });
      var costs = spots.map(function (spot) {
        var end = nearestIn(at, spot, wide, high), close = others.filter(function (sign) { return S.gapTo(boxOf(spot, wide, high), sign) < CLOSE; }).length, names, signs;
        if (!spot[2]) return close;
        names = self.lettered.filter(function (box) { return S.crosses(at, end, box); }).length;
        signs = others.filter(function (sign) { return S.crosses(at, end, around(sign)); }).length;
        return spot[2] < FAR ? 1.5 + 2 * close + 3 * names + signs : names > 1 || names && signs ? Infinity : 3.5 + 2 * close + 6 * names + signs;
      }), least = Math.min.apply(null, costs);
      return least < Infinity ? spots[costs.indexOf(least)] : undefined;
    },
    /* Nothing comes over a name or over the line that leads to it. */
    keep: function (spot, wide, high, at, how) {
      var box = boxOf(spot, wide, high), end = nearestIn(at, spot, wide, high), far = Math.hypot(end[0] - at[0], end[1] - at[1]);
      this.taken.push(box); this.lettered.push(box);
      if (how.radius) this.names.push({box: box, own: [at[0], at[1], how.radius], tied: Boolean(spot[2])});
      for (var way = how.radius + 4; spot[2] && way < far; way += 4) {
        var x = at[0] + (end[0] - at[0]) * way / far, y = at[1] + (end[1] - at[1]) * way / far;
        this.taken.push([x - 1.5, y - 1.5, x + 1.5, y + 1.5]);
      }
    },
    letter: function (context, text, x, y, how) {
      context.textAlign = "left";
      context.direction = "ltr";
      context.globalAlpha = 0.92;
      context.strokeStyle = how.halo; context.lineWidth = how.width || 3;
      context.strokeText(text, x, y);
      context.globalAlpha = 1;
      context.fillStyle = how.colour;
      context.fillText(text, x, y);
      context.letterSpacing = "0px";
    },
    baseNames: function (context, view, kinds) {
      var self = this, zoom = this.frameNow.zoom, rows = this.base.labels.filter(function (row) { return kinds.indexOf(row[1]) >= 0 && row[2] <= zoom + 0.35; });
      rows.sort(function (a, b) { return b[3] - a[3]; });
      rows.forEach(function (row) {
        var how = self.manner(row, zoom), spots = row[4].map(function (spot) { return self.point(spot[0], spot[1]); });
        var near = spots.filter(function (at) { return at[0] > view.min.x && at[0] < view.max.x && at[1] > view.min.y && at[1] < view.max.y; });
        if (row[1] === "admin1" && self.townSpots.concat(self.ownNames()).some(function (t) { return t[2] === row[0] && near[0] && Math.hypot(t[0] - near[0][0], t[1] - near[0][1]) < 90; })) return;
        near.reverse().some(function (at) { return self.write(context, view, how.text, at, how); });
      });
    },
    manner: function (row, zoom) {
      var kind = row[1], colour = this.colours;
      if (kind === "country") {
        var size = Math.min(17, Math.max(10.5, 8 + Math.log(row[3] + 1) * 1.1 + (zoom - 4) * 0.7));
        return {text: row[0].toUpperCase(), font: "600 " + size + "px " + SANS, spacing: size * 0.16, high: size + 5, colour: colour.country_label, halo: colour.halo, nudge: true};
      }
      if (kind === "admin1") return {text: row[0], font: "italic 11.5px " + SANS, spacing: 0.4, colour: colour.admin_label, halo: colour.halo, width: 2.4, high: 14};
      var large = kind === "ocean" ? 16 : kind === "lake" ? 11 : 13.5;
      return {text: row[0], font: "italic " + large + "px " + SERIF, spacing: 0.6, colour: colour.sea_label, halo: colour.sea_halo, width: 2.2, nudge: kind !== "lake", high: large + 4};
    },
    towns: function (context, view, upTo) {
      var self = this, zoom = this.frameNow.zoom, own = this.ownNames();
      this.base.towns.forEach(function (town) {
        if (town[3] > zoom + 0.1 || town[3] > upTo || town.done === zoom) return;
        var at = self.point(town[1], town[2]);
        if (at[0] < view.min.x || at[0] > view.max.x || at[1] < view.min.y || at[1] > view.max.y) return;
        if (own.some(function (spot) { return Math.hypot(spot[0] - at[0], spot[1] - at[1]) < 14 || (spot[2] === town[0] && Math.hypot(spot[0] - at[0], spot[1] - at[1]) < 60); })) return;
        if (self.shownTowns[town[0] + town[1]]) return;
        var dot = [at[0] - 3.5, at[1] - 3.5, at[0] + 3.5, at[1] + 3.5];
        if (!self.free(dot) || !S.leaves(self.names, [at[0], at[1], 3])) return;
        var font = (town[4] ? "600 12.5px " : town[3] < 5.5 ? "12.5px " : "11.5px ") + SANS;
        self.taken.push(dot);
        if (self.write(context, view, town[0], at, {font: font, colour: self.colours.town_label, halo: self.colours.halo, width: 2.6, gap: 6, radius: 3, sides: true, high: 13})) {
          self.shownTowns[town[0] + town[1]] = true; self.townSpots.push([at[0], at[1], town[0]]); self.signs.push([at[0], at[1], 3]);
          S.dot(context, at, town[4], self.colours);
        } else { self.taken.splice(self.taken.indexOf(dot), 1); }
      });
    },
    ownNames: function () {
      var self = this;
      return this.features.visible().filter(function (f) { return f.spot && !f.packed; }).map(function (f) { return self.point(f.spot[0], f.spot[1]).concat([f.label]); });
    },
    /* The letters of the squares of 100 km; the first of a row in its zone says the zone too. */
    gridLetters: function (context, view) {
      var self = this, rows = {};
      context.font = "600 10.5px " + SANS;
      S.gridLetters(this._map).forEach(function (one) {
        var text = rows[one.row] ? one.square.slice(-2) : one.square, at = self.point(one.lon, one.lat), box = [at[0], at[1] - 11, at[0] + context.measureText(text).width, at[1]];
        if (!self.inside(box, view) || !self.free(box)) return;
        rows[one.row] = true;
        self.taken.push(box);
        self.letter(context, text, at[0], at[1] - 5, {colour: self.colours.grid, halo: self.colours.halo, width: 2.2});
      });
    },
    riverName: function (context, name, at) {
      context.font = "italic 12.5px " + SERIF;
      this.letter(context, name, at[0] - context.measureText(name).width / 2, at[1], {colour: this.colours.sea_label, halo: this.colours.halo, width: 2.6});
      context.font = "700 11px " + SANS;
    },
    /* A road's number on its line, once or, where the line is long, twice. */
    shields: function (context, feature, view) {
      if (!feature.label || !feature.lines) return;
      var self = this, shown = 0, wide;
      context.font = "700 11px " + SANS; context.letterSpacing = "0px";
      wide = context.measureText(feature.label).width + 10;
      S.along(feature.lines, function (lon, lat) { return self.point(lon, lat); }, view).forEach(function (at) {
        var box = [at[0] - wide / 2 - 2, at[1] - 10, at[0] + wide / 2 + 2, at[1] + 10];
        if (shown > (feature.predicate === "water" ? 0 : 1) || !self.inside(box, view) || !self.free(box)) return;
        if (self.numbered.some(function (other) { return other[2] === feature.label && Math.hypot(other[0] - at[0], other[1] - at[1]) < 190; })) return;
        shown++;
        self.numbered.push([at[0], at[1], feature.label]);
        self.taken.push(box);
        if (feature.predicate === "water") self.riverName(context, feature.label, at);
        else S.shield(context, at, wide, feature.label, feature.colour, self.colours);
      });
    }
  });

  /* Where a name may stand beside a mark, best first: right, left, above, below, the corners; then further off, and how far. */
  S.besides = function (at, wide, high, gap, must) {
    var x = gap + wide / 2, y = gap + high / 2 - 1.5, spots = [[x, 0], [-x, 0], [0, -y], [0, y], [x - 3, -10], [x - 3, 10], [-x + 3, -10], [-x + 3, 10]];
    if (must) [12, 24, 38, FAR].forEach(function (off) {
      [[x + off, -off], [x + off, off], [-x - off, -off], [-x - off, off], [0, -y - off], [0, y + off]].forEach(function (spot) { spots.push(spot.concat(off)); });
    });
    return spots.map(function (spot) { return [at[0] + spot[0], at[1] + spot[1]].concat(spot.slice(2)); });
  };

  function fontOf(how, number) { return number ? how.font.replace(/[\d.]+px/, function (size) { return parseFloat(size) - 1.5 + "px"; }).replace(/^\d+ /, "") : how.font; }

  function boxOf(spot, wide, high) { return [spot[0] - wide / 2 - 2, spot[1] - high / 2, spot[0] + wide / 2 + 2, spot[1] + high / 2]; }

  function around(sign) { return [sign[0] - sign[2], sign[1] - sign[2], sign[0] + sign[2], sign[1] + sign[2]]; }

  /* Where the line from a mark meets its name. */
  function nearestIn(at, spot, wide, high) {
    return [Math.max(spot[0] - wide / 2, Math.min(spot[0] + wide / 2, at[0])), Math.max(spot[1] - high / 2 + 3, Math.min(spot[1] + high / 2 - 3, at[1]))];
  }

  /* How far a box keeps from the edge of a sign [x, y, radius]. */
  S.gapTo = function (box, sign) {
    return Math.max(0, Math.hypot(Math.max(box[0] - sign[0], sign[0] - box[2], 0), Math.max(box[1] - sign[1], sign[1] - box[3], 0)) - sign[2]);
  };

  /* Whether a name's box is no nearer to any sign than to its own. */
  S.belongs = function (box, own, signs) {
    var gap = S.gapTo(box, own);
    return signs.every(function (sign) { return Math.hypot(sign[0] - own[0], sign[1] - own[1]) < ONE_SPOT || S.gapTo(box, sign) >= gap; });
  };

  /* Whether a further sign leaves every name that is written nearest to its own. */
  S.leaves = function (names, sign) {
    return names.every(function (name) { return name.tied || S.belongs(name.box, name.own, [sign]); });
  };

  /* Whether a straight line runs through a box. */
  S.crosses = function (from, to, box) {
    var enters = 0, ends = 1;
    [0, 1].forEach(function (axis) {
      var way = to[axis] - from[axis], a = (box[axis] - from[axis]) / way, b = (box[axis + 2] - from[axis]) / way;
      if (way) { enters = Math.max(enters, Math.min(a, b)); ends = Math.min(ends, Math.max(a, b)); }
      else if (from[axis] < box[axis] || from[axis] > box[axis + 2]) ends = -1;
    });
    return enters <= ends;
  };

  /* The line from a mark to its name, where that stands further off. */
  function lead(context, at, end, how) {
    [[how.halo, 3], [how.colour, 0.9]].forEach(function (stroke) {
      context.beginPath();
      context.moveTo(at[0], at[1]); context.lineTo(end[0], end[1]);
      context.strokeStyle = stroke[0]; context.lineWidth = stroke[1];
      context.stroke();
    });
  }

  /* Which names come first where not all fit: towns that a claim is about, then what is only named, and bases, whose sign speaks for them. */
  function rank(feature) {
    var place = feature.layer === "places" ? 2 : feature.layer === "past" || feature.layer === "reference" ? 3 : feature.layer === "events" ? 1 : 0;
    return place + (feature.icon && ["events", "past"].indexOf(feature.layer) < 0 ? 1.5 : 0);
  }

  S.dot = function (context, at, capital, colours) {
    context.beginPath();
    context.arc(at[0], at[1], capital ? 3 : 2.1, 0, 7);
    context.fillStyle = capital ? colours.paper || "#fffdf8" : colours.town_label;
    context.fill();
    if (capital) { context.strokeStyle = colours.town_label; context.lineWidth = 1.8; context.stroke(); }
  };

  S.shield = function (context, at, wide, text, colour, colours) {
    context.beginPath();
    context.roundRect(at[0] - wide / 2, at[1] - 8, wide, 16, 4);
    context.fillStyle = (colours && colours.paper) || "#fffdf8"; context.fill();
    context.strokeStyle = colour; context.lineWidth = 1.6; context.stroke();
    context.fillStyle = (colours && colours.ink) || "#1d1b18"; context.textAlign = "center";
    context.fillText(text, at[0], at[1] + 0.5);
    context.textAlign = "left";
  };

  /* Points at the middle, then the quarters, of the part of some lines that is in view. */
  S.along = function (lines, project, view) {
    var points = [], total = 0;
    lines.forEach(function (line) {
      var last = null;
      line.forEach(function (position) {
        var at = project(position[0], position[1]);
        var seen = at[0] > view.min.x && at[0] < view.max.x && at[1] > view.min.y && at[1] < view.max.y;
        if (last && seen) { var step = Math.hypot(at[0] - last[0], at[1] - last[1]); points.push([at, last, total, total + step]); total += step; }
        last = at;
      });
    });
    return (total > 420 ? [0.3, 0.72, 0.5, 0.15, 0.85] : [0.5, 0.35, 0.65, 0.2, 0.8]).map(function (share) {
      var want = share * total, found = points.find(function (p) { return p[3] >= want; });
      if (!found) return null;
      var part = (want - found[2]) / Math.max(found[3] - found[2], 1e-9);
      return [found[1][0] + (found[0][0] - found[1][0]) * part, found[1][1] + (found[0][1] - found[1][1]) * part];
    }).filter(Boolean);
  };
})(Salient);
