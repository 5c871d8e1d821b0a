/* Laws of the packed layer's parts; run in a browser by tests/browser/test_packed_browser.py. */
"use strict";

(function (S, test) {
  function equal(found, wanted, words) {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error((words || "") + " found " + JSON.stringify(found) + ", wanted " + JSON.stringify(wanted));
  }

  function truth(found, words) { if (!found) throw new Error(words); }

  /* Places at given cells, in Z order, as the packer writes them. */
  function places(cells, columns) {
    var codes = cells.map(function (cell) { return S.morton(cell[0], cell[1]); }).sort(function (a, b) { return a - b; });
    var steps = codes.map(function (code, i) { return code - (i ? codes[i - 1] : 0); });
    var box = {told: {count: cells.length, columns: []}, parts: {steps: planes(steps, 7)}};
    Object.keys(columns || {}).forEach(function (name) {
      var words = Array.from(new Set(columns[name]));
      box.told.columns.push([name, words]);
      box.parts["c:" + name] = planes(columns[name].map(function (word) { return words.indexOf(word); }), 1);
    });
    var made = new S.Places(box);
    made.hide({});
    return made;
  }

  function planes(values, count) {
    var out = new Uint8Array(values.length * count);
    values.forEach(function (value, i) { for (var p = 0; p < count; p++) out[p * values.length + i] = Math.floor(value / Math.pow(256, p)) % 256; });
    return out;
  }

  function zones(rings, perZone) {
    var x = [], y = [], lastX = 0, lastY = 0;
    rings.forEach(function (ring) {
      ring.forEach(function (point) {
        x.push(zigzag(point[0] - lastX)); y.push(zigzag(point[1] - lastY));
        lastX = point[0]; lastY = point[1];
      });
    });
    var made = new S.Zones({told: {count: perZone.length, columns: [], styles: [{}], shift: 0}, parts: {
      rings: planes(perZone, 1), points: planes(rings.map(function (ring) { return ring.length; }), 2), style: planes(perZone.map(function () { return 0; }), 1), x: planes(x, 4), y: planes(y, 4)
    }});
    made.hide({});
    return made;
  }

  function zigzag(value) { return value < 0 ? -2 * value - 1 : 2 * value; }

  function square(x, y, side) { return [[x, y], [x + side, y], [x + side, y + side], [x, y + side]]; }

  var seed = 7;
  function chance(below) { seed = (seed * 16807) % 2147483647; return seed % below; }
  function someCells(count, span) { return Array.from({length: count}, function () { return [2e7 + chance(span), 1.3e7 + chance(span)]; }); }

  test("planes give back the numbers that were written", function () {
    equal(Array.from(S.planes(planes([0, 1, 255, 256, 70000, Math.pow(2, 49) + 3], 7), 6)), [0, 1, 255, 256, 70000, Math.pow(2, 49) + 3]);
    equal(Array.from(S.planes(new Uint8Array(0), 0)), []);
  });

  test("a position of the Z order is that of one cell", function () {
    var cells = someCells(500, 1e7), found = places(cells);
    var back = Array.from(found.x).map(function (x, i) { return Math.floor(x) + " " + Math.floor(found.y[i]); }).sort();
    equal(back, cells.map(function (cell) { return cell[0] + " " + cell[1]; }).sort());
  });

  test("the corners of the world lie in the Z order where they should", function () {
    var last = S.WORLD - 1;
    equal([S.morton(0, 0), S.morton(1, 0), S.morton(0, 1), S.morton(last, last)], [0, 1, 2, Math.pow(4, S.BITS) - 1]);
  });

  test("a square of the map holds exactly the places that lie in it", function () {
    var found = places(someCells(800, 1 << 20));
    [4, 8, 10, 14].forEach(function (level) {
      var side = Math.pow(2, S.BITS - level), seen = {};
      for (var i = 0; i < found.count; i++) seen[Math.floor(found.x[i] / side) + "," + Math.floor(found.y[i] / side)] = (seen[Math.floor(found.x[i] / side) + "," + Math.floor(found.y[i] / side)] || 0) + 1;
      Object.keys(seen).forEach(function (key) { var at = key.split(","); equal(found.cell(level, Number(at[0]), Number(at[1])).count, seen[key], "level " + level); });
      var total = Object.keys(seen).reduce(function (sum, key) { return sum + seen[key]; }, 0);
      equal(total, found.count);
    });
  });

  test("what is hidden is not counted", function () {
    var found = places(someCells(100, 1000), {kind: Array.from({length: 100}, function (_, i) { return i % 4 ? "town" : "base"; })});
    found.hide({base: true});
    equal(found.cell(0, 0, 0).count, 75);
    found.hide({});
    equal(found.cell(0, 0, 0).count, 100);
  });

  test("a kind or column may be called as JavaScript's own things are", function () {
    var found = places(someCells(8, 1000), {kind: Array.from({length: 8}, function (_, i) { return ["constructor", "__proto__", "toString", "town"][i % 4]; }), __proto__x: Array(8).fill("a"), constructor: Array(8).fill("b")});
    equal(found.cell(0, 0, 0).count, 8);
    found.hide({toString: true});
    equal(found.cell(0, 0, 0).count, 6);
    truth(found.record(0).constructor === "b", "its column is told");
    truth(S.packedCard(found.record(0)).textContent.indexOf("constructor") >= 0, "and shown");
  });

  test("the shares of a bubble add up to one, most first", function () {
    var found = places(someCells(90, 1000), {colour: Array.from({length: 90}, function (_, i) { return i % 3 ? "#111111" : "#222222"; })});
    var shares = found.shares(found.cell(0, 0, 0));
    equal(shares.map(function (share) { return share[0]; }), ["#111111", "#222222"]);
    truth(Math.abs(shares[0][1] + shares[1][1] - 1) < 1e-9, "shares add up");
  });

  test("a position in degrees is that of its cell", function () {
    var middle = S.degrees(S.WORLD / 2, S.WORLD / 2);
    equal([middle.lat, middle.lng], [0, 0]);
    truth(Math.abs(S.degrees(0, 0).lat - 85.0511) < 1e-3 && S.degrees(0, 0).lng === -180, "north-western corner");
  });

  test("a zone holds what is inside it and not what is in its hole", function () {
    var found = zones([square(1000, 1000, 900), square(1300, 1300, 300), square(3000, 1000, 100)], [2, 1]);
    equal([found.at(1100, 1100), found.at(1400, 1400), found.at(3050, 1050), found.at(2500, 1050)], [0, -1, 1, -1]);
  });

  test("of zones that overlap the one drawn last is found; a hidden one is not", function () {
    var found = zones([square(1000, 1000, 900), square(1200, 1200, 200)], [1, 1]);
    equal(found.at(1250, 1250), 1);
    found.off[1] = 1;
    equal(found.at(1250, 1250), 0);
  });

  test("a thinned outline keeps its first point and strays by no more than the step", function () {
    var ring = Array.from({length: 2000}, function (_, i) { return [Math.round(50000 + 20000 * Math.cos(i / 318.3)), Math.round(50000 + 20000 * Math.sin(i / 318.3))]; });
    var found = zones([ring], [1]);
    [50, 400, 3000].forEach(function (step) {
      var thin = found.thinned(0, step);
      equal([thin[0], thin[1]], [found.x[0], found.y[0]]);
      truth(thin.length < 2 * 2000 * 130 / step, "thinned by " + step + ": " + thin.length);
      for (var i = 0; i < found.x.length; i++) {
        var near = Infinity;
        for (var k = 0; k < thin.length; k += 2) near = Math.min(near, Math.max(Math.abs(thin[k] - found.x[i]), Math.abs(thin[k + 1] - found.y[i])));
        truth(near <= step, "a point strays by " + near);
      }
    });
    equal(found.thinned(0, 0.5).length, 4000, "nothing is left out where all can be seen");
  });

  test("numbers are short in a bubble", function () {
    equal([7, 999, 1000, 1234, 9960, 12345, 999999, 1234567].map(S.short), ["7", "999", "1k", "1.2k", "10k", "12k", "1000k", "1.2M"]);
  });

  test("a card shows every column as text", function () {
    var words = "<img src=x onerror=window.hacked=1>", card = S.packedCard({title: words, kind: words, note: words, id: "7", colour: "#111111", lat: 35.123456, lon: 36});
    equal(card.querySelectorAll("img").length, 0);
    equal(card.querySelector("h3").textContent, words);
    truth(card.textContent.indexOf("35.12346, 36.00000") > 0, "the position is told");
    equal(card.textContent.split(words).length, 4);
  });
})(Salient, window.test);
