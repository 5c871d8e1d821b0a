/* Laws of the page's parts; run in a browser by tests/test_javascript.py. */
"use strict";

(function (S, test) {
  function equal(found, wanted) {
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(wanted))) throw new Error("found " + JSON.stringify(found) + ", wanted " + JSON.stringify(wanted));
  }

  /* The same with the names of its parts in one order. */
  function sorted(value) {
    if (Array.isArray(value)) return value.map(sorted);
    if (typeof value !== "object" || value === null) return value;
    return Object.keys(value).sort().filter(function (key) { return value[key] !== undefined; }).map(function (key) { return [key, sorted(value[key])]; });
  }

  function near(found, wanted, by) { if (Math.abs(found - wanted) > by) throw new Error("found " + found + ", wanted " + wanted); }

  /* Numbers that look random and are the same each time. */
  function seeded() {
    var state = 12345;
    return function (most) { state = (state * 1103515245 + 12345) % 2147483648; return Math.floor(state / 65536) % most; };
  }

  /* As geo/basemap.py packs shapes: varints of zigzag steps. */
  function packed(shapes) {
    var out = [];
    function varint(value) { while (value > 127) { out.push(128 + value % 128); value = Math.floor(value / 128); } out.push(value); }
    varint(shapes.length);
    shapes.forEach(function (shape) {
      varint(shape[0]); varint(shape[1].length);
      shape[1].forEach(function (ring) {
        var last = [0, 0];
        varint(ring.length);
        ring.forEach(function (point) {
          [0, 1].forEach(function (axis) { var step = point[axis] - last[axis]; varint(step < 0 ? -2 * step - 1 : 2 * step); });
          last = point;
        });
      });
    });
    return new Uint8Array(out);
  }

  test("what was packed is unpacked", function () {
    var random = seeded(), shapes = [];
    for (var i = 0; i < 40; i++) {
      var ring = [];
      for (var j = 0; j < 1 + random(30); j++) ring.push([random(360000) - 180000, random(160000) - 80000]);
      shapes.push([random(5), [ring, ring.slice().reverse()]]);
    }
    equal(S.unpack(packed(shapes), 1000).map(function (shape) {
      return [shape.kind, shape.whole.map(function (ring) { var points = []; for (var i = 0; i < ring.length; i += 2) points.push([ring[i], ring[i + 1]]); return points; })];
    }), shapes);
  });

  test("a shape lies in its box", function () {
    S.unpack(packed([[1, [[[36630, 35930], [36640, 35900], [36000, 36000]]]]]), 1000).forEach(function (shape) {
      for (var i = 0; i < shape.rings[0].length; i += 2) {
        var x = shape.rings[0][i], y = shape.rings[0][i + 1];
        if (x < shape.box[0] || x > shape.box[2] || y < shape.box[1] || y > shape.box[3]) throw new Error("out of its box");
      }
    });
  });

  test("Mercator is that of Leaflet", function () {
    [[0, 0], [36.6, 35.9], [-120.5, -60.25], [179.9, 84]].forEach(function (place) {
      var ours = S.mercator(place[0], place[1]), theirs = L.CRS.EPSG3857.latLngToPoint(L.latLng(place[1], place[0]), 0);
      near(ours[0] * 256, theirs.x, 1e-6); near(ours[1] * 256, theirs.y, 1e-6);
    });
  });

  test("Mercator ends at 85 degrees", function () { equal(S.mercator(10, 89.9), S.mercator(10, 85)); });

  test("a link reads back", function () {
    [{}, {lat: 35.5, lon: -36.25, zoom: 7.25}, {date: "2020-02-05"}, {off: ["control-0", "events-12"], on: ["past-1"], alone: "claimed-0"}, {pick: "zone:3"},
     {lat: -1, lon: 179.9999, zoom: 0, date: "1968-04-09", off: ["places-0"], pick: "a&b=c #%/\u202e\u0625\u062f\u0644\u0628 {{7*7}}"}].forEach(function (state) {
      equal(S.parseLink(S.formatLink(state)), state);
    });
  });

  test("a link holds nothing that ends it", function () {
    var link = S.formatLink({pick: "\"'><script>&date=2020-01-01#"});
    if (/["'<>\s]/.test(link.replace(/'/g, ""))) throw new Error(link);
    equal(S.parseLink(link), {pick: "\"'><script>&date=2020-01-01#"});
  });

  test("of a link only what is well formed is read", function () {
    ["#map=1/2", "#map=a/b/c", "#map=99/1/1", "#map=1/91/0", "#map=1e5/0/0", "#map=1/NaN/0", "#map=Infinity/0/0", "#date=yesterday", "#date=2020-1-1", "#off=<img>", "#alone=__proto__",
     "#pick=%E0%A4%A", "#pick=", "#=x", "#&&&", "#constructor=1", "#__proto__=1", "javascript:alert(1)", "#" + "x=1&".repeat(9000)].forEach(function (hash) {
      var state = S.parseLink(hash);
      delete state.off;
      equal(state, {});
      if (Object.getPrototypeOf(state) !== Object.prototype) throw new Error("its kind was changed");
    });
    equal(S.parseLink("#off=control-0,<img>,x y,places-1").off, ["control-0", "places-1"]);
  });

  test("a longer list than any legend has is cut", function () {
    var keys = [];
    for (var i = 0; i < 600; i++) keys.push("a-" + i);
    if (S.parseLink("#off=" + keys.join(",")).off.length > 400) throw new Error("not cut");
  });

  test("a day is the last one that is not after the date asked for", function () {
    var days = ["2020-02-05", "2020-02-27", "2020-03-05"];
    equal(["2020-02-04", "2020-02-05", "2020-02-26", "2020-03-05", "2021-01-01"].map(function (day) { return S.dayNumber(days, day); }), [-1, 0, 0, 2, 2]);
  });

  test("a feature without days stands on all of them", function () {
    equal([0, 1, 2].map(function (day) { return S.standsOn({}, day); }), [true, true, true]);
    equal([0, 1, 2].map(function (day) { return S.standsOn({on: [0, 2]}, day); }), [true, false, true]);
  });

  test("a well formed message is read", function () {
    equal(S.readMessage({salient: "view", lat: 35, lon: 36, zoom: 7}), {kind: "view", lat: 35, lon: 36, zoom: 7});
    equal(S.readMessage({salient: "view", bounds: [35, 34, 38, 37]}), {kind: "view", bounds: [35, 34, 38, 37]});
    equal(S.readMessage({salient: "view", home: true}), {kind: "view", home: true});
    equal(S.readMessage({salient: "select", id: "zone:1"}), {kind: "select", id: "zone:1"});
    equal(S.readMessage({salient: "select", id: null}), {kind: "select", id: null});
    equal(S.readMessage({salient: "layers", show: ["control", "events-1"]}), {kind: "layers", show: ["control", "events-1"]});
    equal(S.readMessage({salient: "layers", show: "all"}), {kind: "layers", show: "all"});
    equal(S.readMessage({salient: "date", date: "2020-03-05"}), {kind: "date", date: "2020-03-05"});
    equal(S.readMessage({salient: "step", by: -1}), {kind: "step", by: -1});
  });

  test("any other message is not", function () {
    [null, undefined, 1, "view", [], ["view"], {}, {salient: "eval", code: "alert(1)"}, {salient: "constructor"}, {salient: "__proto__"}, {salient: {}}, {salient: ["view"]}, {salient: "view"},
     {salient: "view", lat: "35", lon: 36}, {salient: "view", lat: NaN, lon: 1}, {salient: "view", lat: 91, lon: 1}, {salient: "view", lat: 1, lon: 1, zoom: 1e9}, {salient: "view", bounds: [1, 2, 3]},
     {salient: "view", bounds: [3, 2, 1, 4]}, {salient: "view", bounds: [1, 2, 3, "4"]}, {salient: "select"}, {salient: "select", id: 5}, {salient: "select", id: ""}, {salient: "select", id: "x".repeat(400)},
     {salient: "layers", show: [5]}, {salient: "layers", show: ["<img>"]}, {salient: "layers", show: "some"}, {salient: "date", date: "now"}, {salient: "date", date: 20200305},
     {salient: "step", by: 2}, {salient: "step", by: 1, through: "walls"}, Object.create({salient: "select", id: "zone:1"})].forEach(function (told, number) {
      if (S.readMessage(told) !== null) throw new Error("message " + number + " was read");
    });
  });

  test("an arrow leads to the nearest mark on its side", function () {
    var points = [[0, 0], [10, 1], [30, 0], [0, 40], [-5, -5]];
    equal(["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].map(function (key) { return S.nextInDirection(points, 0, key); }), [1, 4, 4, 3]);
    equal(S.nextInDirection([[0, 0]], 0, "ArrowUp"), -1);
  });

  test("an arrow never leads back to where it came from by the same arrow", function () {
    var random = seeded(), points = [];
    for (var i = 0; i < 60; i++) points.push([random(1000), random(1000)]);
    ["ArrowRight", "ArrowLeft", "ArrowUp", "ArrowDown"].forEach(function (key) {
      points.forEach(function (point, number) {
        var next = S.nextInDirection(points, number, key);
        if (next >= 0 && S.nextInDirection(points, next, key) === number) throw new Error("back and forth by " + key);
      });
    });
  });

  test("a name beside its mark covers no part of it", function () {
    [8, 15, 19].forEach(function (gap) {
      S.besides([100, 100], 60, 15, gap, true).forEach(function (spot) {
        var across = Math.abs(spot[0] - 100) - 30, down = Math.abs(spot[1] - 100) - 7.5;
        if (across < 1 && down < 1) throw new Error(spot.join());
      });
    });
  });

  test("a name stands beside its mark before it stands further off with a line", function () {
    var spots = S.besides([0, 0], 60, 15, 8, true), led = spots.map(function (spot) { return Boolean(spot[2]); });
    if (led.indexOf(true) < 8 || led.slice(led.indexOf(true)).indexOf(false) >= 0) throw new Error(led.join());
    equal(S.besides([0, 0], 60, 15, 8, false).length, 8);
  });

  test("what is only said to come is hollow and dashed, fire is open, a siege has no head", function () {
    equal(S.courseStyle({course: "arrow", hollow: true}).head, "hollow");
    equal(S.courseStyle({course: "arrow", hollow: true}).dash, "5 4");
    equal(S.courseStyle({course: "arrow", status: "reported"}).dash, null);
    equal(S.courseStyle({course: "fire", status: "reported"}).head, "open");
    equal(S.courseStyle({course: "siege", status: "reported"}).head, "");
    if (!(S.courseStyle({course: "fire"}).weight < S.courseStyle({course: "arrow"}).weight)) throw new Error("fire is as thick as men");
  });

  test("a shortened line keeps off its end by so much, or is not drawn", function () {
    var line = [[0, 0], [30, 0], [30, 40]];
    equal(S.shortened(line, 13, 12), [[0, 0], [30, 0], [30, 27]]);
    equal(S.shortened(line, 50, 12), [[0, 0], [20, 0]]);
    equal(S.shortened(line, 60, 12), []);
  });

  test("the grid's projection is that of geo.grid, and reads back", function () {
    [[44.4, 33.3, 38, "38SMB"], [36.9118, 36.2378, 37, "37SCA"], [5.3, 60.4, 32, "32VKN"], [15.6, 78.2, 33, "33XWG"], [-70.7, -33.4, 19, "19HCD"], [106.7, 16.65, 48, "48QXD"]].forEach(function (place) {
      var at = S.utm(place[0], place[1], place[2]), back = S.utmPlace(at[0], at[1], place[2]);
      near(back[0], place[0], 1e-7); near(back[1], place[1], 1e-7);
      equal(S.gridSquare(place[0], place[1]), place[3]);
    });
    [[36.911763, 36.237781, 37, 312.346157, 4012.344383], [44.4, 33.3, 38, 444.140545, 3684.706356], [-70.7, -33.4, 19, 341.904329, -3696.923732]].forEach(function (place) {
      var at = S.utm(place[0], place[1], place[2]);
      near(at[0], place[3], 1e-5); near(at[1], place[4], 1e-5);
    });
  });

  test("the grid runs on past the date line", function () {
    var at = S.utm(181, -17, 61), same = S.utm(-179, -17, 1);
    near(at[0], same[0], 1e-6); near(at[1], same[1], 1e-6);
    equal(S.gridSquare(181, -17), S.gridSquare(-179, -17));
  });

  test("a grid is as fine as the scale bears", function () {
    equal([S.gridSide(40, 0.01), S.gridSide(20, 3), S.gridSide(8, 1.2), S.gridSide(0.8, 0.12), S.gridSide(0.08, 0.012)], [0, 0, 100, 10, 1]);
  });

  test("a siege's ring is never smaller than it can be seen, and keeps its middle and its form", function () {
    var ring = [[[10, 10], [14, 10], [14, 12], [10, 12], [10, 10]], [[12, 10], [12, 10.5]]];
    equal(S.swollen(ring, 12), [[[0, 5], [24, 5], [24, 17], [0, 17], [0, 5]], [[12, 5], [12, 8]]]);
    if (S.swollen(ring, 2) !== ring) throw new Error("one that is large enough was changed");
    equal(S.swollen([[[3, 3], [3, 3]]], 12), [[[3, 3], [3, 3]]]);
  });

  test("a name that no line ties is nearer to its own sign than to any other", function () {
    var own = [0, 0, 5], name = [8, -7, 60, 7];
    equal(S.gapTo(name, own), 3);
    equal(S.belongs(name, own, [own, [66, 0, 2]]), true);
    equal(S.belongs(name, own, [own, [66, 0, 4]]), false);
    equal(S.belongs(name, own, [[1, 1, 12]]), true);
    equal([S.leaves([{box: name, own: own}], [30, 10, 3]), S.leaves([{box: name, own: own, tied: true}], [30, 10, 3])], [false, true]);
  });

  test("a line crosses the boxes that it runs through", function () {
    var box = [10, 10, 20, 20];
    equal([[[0, 0], [30, 30]], [[15, 0], [15, 12]], [[0, 15], [9, 15]], [[0, 30], [8, 0]], [[12, 12], [13, 13]], [[0, 25], [30, 25]]].map(function (line) { return S.crosses(line[0], line[1], box); }),
          [true, true, false, false, true, false]);
  });

  function features() {
    var map = L.map(document.createElement("div")).setView([35, 36], 6), style = {grey: false, pattern: "solid", fill: 0.5, width: 1, dash: ""};
    var point = {type: "Point", coordinates: [36, 35]}, bare = {quotes: [], sources: [], limits: [], geometry: point, title: "t", status_words: "s", colour: "#123456"};
    function feature(more) { return Object.assign({}, bare, more); }
    return new S.Features(map, {
      days: ["2020-01-01", "2020-02-01"], preset: {zones: "fill"}, style: {layers: {events: style, places: style}, icons: {}}, symbols: {},
      legend: [{key: "events-0", layer: "events", label: "a", off: false}, {key: "places-0", layer: "places", label: "b", off: true}],
      layers: [{key: "places", features: [feature({id: "p", entry: "places-0"})]}, {key: "events", features: [feature({id: "e", entry: "events-0", on: [1]}), feature({id: "__proto__", entry: "events-0"})]}]
    });
  }

  function shown(all) { return all.visible().map(function (feature) { return feature.id; }); }

  test("what a preset leaves out is off until it is asked for", function () {
    var all = features();
    equal(shown(all), ["e", "__proto__"]);
    all.toggle("places-0", true);
    equal(shown(all), ["p", "e", "__proto__"]);
  });

  test("the choice of layers reads back", function () {
    var all = features(), choice;
    all.toggle("places-0", true); all.toggle("events-0", false);
    choice = all.choice();
    equal(choice, {off: ["events-0"], on: ["places-0"], alone: null});
    all.choose({});
    equal(all.choice(), {off: [], on: [], alone: null});
    all.choose(choice);
    equal(all.choice(), choice);
  });

  test("a line that is left alone hides the others, and twice is not at all", function () {
    var all = features();
    all.isolate("places-0");
    equal(shown(all), ["p"]);
    all.isolate("places-0");
    equal(shown(all), ["e", "__proto__"]);
  });

  test("an unknown line of the legend hides nothing", function () {
    var all = features();
    all.choose({off: ["nosuch-1"], alone: "nosuch-1"});
    equal(shown(all), ["e", "__proto__"]);
  });

  test("on an earlier day only what had begun is shown, and the legend says so", function () {
    var all = features();
    all.setDay(0);
    equal(shown(all), ["__proto__"]);
    equal([all.present("events-0"), all.present("nosuch-0")], [true, false]);
  });

  test("a hostile id leads to its feature and to nothing else", function () {
    var all = features();
    equal(all.byId["__proto__"].id, "__proto__");
    equal(all.byId["constructor"], undefined);
  });

  test("a date is written out", function () { equal([S.date("2020-03-05"), S.date("")], ["5 March 2020", ""]); });
})(Salient, test);
