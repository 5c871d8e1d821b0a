/* The military grid: lines of MGRS squares as fine as the zoom bears, and the letters of those of 100 km; as geo/plate/graticule.py draws it. */
"use strict";

(function (S) {
  var SIDES = [1, 10, 100], LEAST = 59, MOST_DEGREES = 30, STEPS = 16;  // kilometres, pixels, of a view, pieces of a line
  var BANDS = "CDEFGHJKLMNPQRSTUVWX", ROWS = "ABCDEFGHJKLMNPQRSTUV", COLUMNS = ["STUVWXYZ", "ABCDEFGH", "JKLMNPQR"];
  var SPECIAL = {V: [[0, 3, 31], [3, 12, 32]], X: [[0, 9, 31], [9, 21, 33], [21, 33, 35], [33, 42, 37]]};  // Norway and Svalbard

  /* The transverse Mercator projection of WGS 84 after Krueger (1912), Konforme Abbildung des Erdellipsoids in der Ebene, to the third power of n. */
  var f = 1 / 298.257223563, n = f / (2 - f), RADIUS = 0.9996 * 6378.137 / (1 + n) * (1 + n * n / 4 + n * n * n * n / 64), E = 2 * Math.sqrt(n) / (1 + n);
  var ALPHA = [n / 2 - 2 * n * n / 3 + 5 * n * n * n / 16, 13 * n * n / 48 - 3 * n * n * n / 5, 61 * n * n * n / 240];
  var BETA = [n / 2 - 2 * n * n / 3 + 37 * n * n * n / 96, n * n / 48 + n * n * n / 15, 17 * n * n * n / 480];
  var DELTA = [2 * n - 2 * n * n / 3 - 2 * n * n * n, 7 * n * n / 3 - 8 * n * n * n / 5, 56 * n * n * n / 15];

  function sum(terms, of) { return terms.reduce(function (total, term, number) { return total + term * of(2 * number + 2); }, 0); }

  function middle(zone) { return 6 * zone - 183; }

  /* Easting and northing from the equator, in kilometres, of a place in a zone; zones run on past 60 as longitudes do past 180. */
  S.utm = function (lon, lat, zone) {
    var sine = Math.sin(lat * Math.PI / 180), across = (lon - middle(zone)) * Math.PI / 180, t = Math.sinh(Math.atanh(sine) - E * Math.atanh(E * sine));
    var x = Math.atan2(t, Math.cos(across)), y = Math.atanh(Math.sin(across) / Math.hypot(1, t));
    return [500 + RADIUS * (y + sum(ALPHA, function (k) { return Math.cos(k * x) * Math.sinh(k * y); })),
            RADIUS * (x + sum(ALPHA, function (k) { return Math.sin(k * x) * Math.cosh(k * y); }))];
  };

  /* The place, lon and lat, of an easting and a northing in a zone. */
  S.utmPlace = function (easting, northing, zone) {
    var x = northing / RADIUS, y = (easting - 500) / RADIUS;
    var u = x - sum(BETA, function (k) { return Math.sin(k * x) * Math.cosh(k * y); }), v = y - sum(BETA, function (k) { return Math.cos(k * x) * Math.sinh(k * y); });
    var lat = Math.asin(Math.sin(u) / Math.cosh(v));
    lat += sum(DELTA, function (k) { return Math.sin(k * lat); });
    return [middle(zone) + Math.atan2(Math.sinh(v), Math.cos(u)) * 180 / Math.PI, lat * 180 / Math.PI];
  };

  /* The square of 100 km in which a place lies, such as "37SBV". */
  S.gridSquare = function (lon, lat) {
    var turned = ((lon + 180) % 360 + 360) % 360 - 180, band = BANDS[Math.min(19, Math.floor((lat + 80) / 8))], zone = Math.floor((turned + 180) / 6) + 1, at;
    (SPECIAL[band] || []).forEach(function (of) { if (turned >= of[0] && turned < of[1]) zone = of[2]; });
    at = S.utm(turned, lat, zone);
    return zone + band + COLUMNS[zone % 3][Math.floor(at[0] / 100) - 1] + ROWS[((Math.floor(at[1] / 100) + (zone % 2 ? 0 : 5)) % 20 + 20) % 20];
  };

  /* The side in kilometres of the squares that are drawn; 0 where the view is too wide for any. */
  S.gridSide = function (degrees, kmPerPixel) {
    return degrees > MOST_DEGREES ? 0 : SIDES.find(function (side) { return side / kmPerPixel >= LEAST; }) || 0;
  };

  /* What of the grid a view shows: its side, and for each zone its window in degrees and what that spans in kilometres; `more` is the share of the view on each side that goes along. */
  function seen(map, more) {
    var box = map.getBounds().pad(more), west = box.getWest(), east = box.getEast(), south = Math.max(-80, box.getSouth()), north = Math.min(84, box.getNorth()), zones = [];
    var perPixel = 40075 * Math.cos(map.getCenter().lat * Math.PI / 180) / (256 * Math.pow(2, map.getZoom())), side = S.gridSide((east - west) / (1 + 2 * more), perPixel);
    for (var zone = Math.floor((west + 180) / 6) + 1; side && south < north && 6 * zone - 186 < east; zone++) zones.push(span(zone, Math.max(west, 6 * zone - 186), south, Math.min(east, 6 * zone - 180), north));
    return {side: side, zones: zones, inset: 4 * perPixel};
  }

  function span(zone, west, south, east, north) {
    var spots = [], lats = [south, (south + north) / 2, north, Math.min(Math.max(0, south), north)];
    [west, (west + east) / 2, east].forEach(function (lon) { lats.forEach(function (lat) { spots.push(S.utm(lon, lat, zone)); }); });
    function most(axis, of) { return of.apply(null, spots.map(function (spot) { return spot[axis]; })); }
    return {zone: zone, west: west, south: south, east: east, north: north, left: most(0, Math.min), low: most(1, Math.min), right: most(0, Math.max), high: most(1, Math.max)};
  }

  function multiples(from, to, step) {
    var found = [];
    for (var at = Math.ceil(from / step) * step; at <= to; at += step) found.push(at);
    return found;
  }

  S.GridCanvas = S.Canvas.extend({
    options: {padding: 0.2},
    initialize: function (colour, options) { this.colour = colour; S.Canvas.prototype.initialize.call(this, options); },
    paint: function (context, view) {
      var self = this, grid = seen(this._map, this.options.padding), frame = this.frame();
      this.put = function (lon, lat) { var at = S.mercator(lon, lat); return [at[0] * frame.scale - frame.x, at[1] * frame.scale - frame.y]; };
      context.strokeStyle = this.colour; context.globalAlpha = 0.55;
      grid.zones.forEach(function (of) {
        var left = self.put(of.west, 0)[0], right = self.put(of.east, 0)[0];
        context.save();
        context.beginPath(); context.rect(left, view.min.y, right - left, view.max.y - view.min.y); context.clip();
        [[grid.side, 0.6], [100, 1.1]].slice(grid.side < 100 ? 0 : 1).forEach(function (how) { self.lines(context, of, how[0], how[1]); });
        if (of.west > grid.zones[0].west) { context.beginPath(); context.moveTo(left, view.min.y); context.lineTo(left, view.max.y); context.stroke(); }
        context.restore();
      });
    },
    lines: function (context, of, step, weight) {
      var self = this;
      context.beginPath(); context.lineWidth = weight;
      multiples(of.left, of.right, step).forEach(function (easting) { self.line(context, [easting, of.low], [easting, of.high], of.zone); });
      multiples(of.low, of.high, step).forEach(function (northing) { self.line(context, [of.left, northing], [of.right, northing], of.zone); });
      context.stroke();
    },
    line: function (context, from, to, zone) {
      for (var i = 0; i <= STEPS; i++) {
        var place = S.utmPlace(from[0] + (to[0] - from[0]) * i / STEPS, from[1] + (to[1] - from[1]) * i / STEPS, zone), at = this.put(place[0], place[1]);
        if (i) context.lineTo(at[0], at[1]); else context.moveTo(at[0], at[1]);
      }
    }
  });

  /* The squares of 100 km whose lower left corner a map shows: where their letters stand, and which; `row` tells those of one row of a zone. */
  S.gridLetters = function (map) {
    var grid = seen(map, 0), found = [];
    grid.zones.forEach(function (of) {
      multiples(of.low, of.high, 100).forEach(function (northing) {
        multiples(of.left - 100, of.right, 100).forEach(function (easting) {
          var place = S.utmPlace(easting + grid.inset, northing + grid.inset, of.zone);
          if (place[0] > of.west && place[0] < of.east && place[1] > of.south && place[1] < of.north) found.push({lon: place[0], lat: place[1], square: S.gridSquare(place[0], place[1]), row: of.zone + "/" + northing});
        });
      });
    });
    return found;
  };
})(Salient);
