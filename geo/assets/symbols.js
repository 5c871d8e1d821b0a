/* Patterns, icons and swatches: colour is a party, pattern is a status (data/symbology.json). */
"use strict";

(function (S) {
  var SVG = "http://www.w3.org/2000/svg", made = {}, counter = 0;

  S.node = function (name, attributes, parent) {
    var node = document.createElementNS(SVG, name);
    Object.keys(attributes || {}).forEach(function (key) { node.setAttribute(key, attributes[key]); });
    if (parent) parent.appendChild(node);
    return node;
  };

  /* Definitions live in one hidden drawing of the page; every map and legend refers to them. */
  S.definitions = function (root) {
    var drawing = S.node("svg", {width: 0, height: 0, "aria-hidden": "true", style: "position:absolute"}, root);
    S.defs = S.node("defs", {}, drawing);
    softFilter("s-soft", 5);
    softFilter("s-softer", 15);
    made = {};
  };

  /* Blurs a mask, then lifts its floor, so that the fill fades out inside the edge and does not stop at half strength on it. */
  function softFilter(id, blur) {
    var filter = S.node("filter", {id: id, x: "-20%", y: "-20%", width: "140%", height: "140%"}, S.defs);
    S.node("feGaussianBlur", {stdDeviation: blur}, filter);
    S.node("feFuncA", {type: "linear", slope: 1.75, intercept: -0.75}, S.node("feComponentTransfer", {}, filter));
  }

  /* The fill of an area: a colour, or a reference to its pattern. */
  S.fill = function (style, colour) {
    if (style.pattern === "solid" || style.pattern === "none" || style.pattern === "inline") return colour;
    var key = style.pattern + colour + style.angle + style.gap + style.line;
    if (!made[key]) made[key] = pattern(style, colour, "s-p" + counter++);
    return "url(#" + made[key] + ")";
  };

  S.fillOpacity = function (style) { return style.pattern === "solid" || style.pattern === "none" || style.pattern === "inline" ? style.fill : 1; };

  function pattern(style, colour, id) {
    var gap = style.gap, high = style.pattern === "dashes" ? 12 : gap;
    var holder = S.node("pattern", {id: id, width: gap, height: high, patternUnits: "userSpaceOnUse", patternTransform: "rotate(" + (style.angle || 0) + ")"}, S.defs);
    S.node("rect", {width: gap, height: high, fill: colour, "fill-opacity": style.fill}, holder);
    function bar(x1, y1, x2, y2) { S.node("line", {x1: x1, y1: y1, x2: x2, y2: y2, stroke: colour, "stroke-width": style.line, "stroke-opacity": 0.85}, holder); }
    if (style.pattern === "hatch") bar(gap / 2, 0, gap / 2, gap);
    if (style.pattern === "cross") { bar(gap / 2, 0, gap / 2, gap); bar(0, gap / 2, gap, gap / 2); }
    if (style.pattern === "dashes") bar(gap / 2, 1, gap / 2, 9);
    if (style.pattern === "dots" || style.pattern === "stipple") S.node("circle", {cx: gap / 2, cy: gap / 2, r: style.line / 1.6, fill: colour, "fill-opacity": 0.8}, holder);
    return id;
  }

  /* A sign; hollow where what it stands for is said and has not come about. */
  S.iconNode = function (path, colour, size, hollow) {
    var drawing = S.node("svg", {viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true"});
    S.node("path", {d: path, fill: colour, stroke: "#fffdf8", "stroke-width": 2.6, "stroke-linejoin": "round", "paint-order": "stroke"}, drawing);
    if (hollow) S.node("path", {d: path, fill: "#fffdf8", stroke: colour, "stroke-width": 1.7, "stroke-linejoin": "round"}, drawing);
    return drawing;
  };

  /* The head of an arrow, as a reference for the end of a line: full, hollow for what has not come about, open for fire. */
  S.arrowHead = function (colour, head) {
    var key = "head" + head + colour;
    if (!made[key]) {
      made[key] = "s-h" + counter++;
      var holder = S.node("marker", {id: made[key], viewBox: "0 0 12 12", refX: head === "hollow" ? 9 : 7, refY: 6, markerWidth: head === "open" ? 13 : 15, markerHeight: head === "open" ? 13 : 15,
                                     markerUnits: "userSpaceOnUse", orient: "auto"}, S.defs);
      S.node("path", {d: head === "open" ? "M2 1.5 9 6 2 10.5" : "M1 1 11 6 1 11 3.4 6z", fill: head === "full" ? colour : head === "hollow" ? "#fffdf8" : "none", stroke: head === "full" ? "#fffdf8" : colour,
                      "stroke-width": head === "full" ? 0.8 : 1.5, "stroke-linejoin": "round", "stroke-linecap": "round"}, holder);
    }
    return "url(#" + made[key] + ")";
  };

  /* A sign of the military preset, with that of what happens in its corner: paths on a grid of 24 as [path, "frame", "solid" or "line", dashed]; the frame has the party's colour. */
  S.unitNode = function (symbol, colour, size, badge, hollow) {
    var drawing = S.node("svg", {viewBox: "-1 -1 26 26", width: size, height: size, "aria-hidden": "true"}), ink = "#1d1b18";
    symbol.forEach(function (path) {
      var frame = path[1] === "frame", line = path[1] === "line";
      if (frame) S.node("path", {d: path[0], fill: "#fffdf8", stroke: "#fffdf8", "stroke-width": 3.4, "stroke-linejoin": "round"}, drawing);
      S.node("path", {d: path[0], fill: frame ? colour : line ? "none" : ink, "fill-opacity": frame ? 0.5 : 1, stroke: frame || line ? ink : "none", "stroke-width": frame ? 1.1 : 1, "stroke-linejoin": "round",
                      "stroke-dasharray": path[2] ? "2.6 1.7" : ""}, drawing);
    });
    if (badge) {
      var corner = S.node("g", {transform: "translate(13.5 13.5) scale(0.46)"}, drawing);
      S.node("path", {d: badge, fill: hollow ? "#fffdf8" : colour, stroke: "#fffdf8", "stroke-width": 5, "stroke-linejoin": "round", "paint-order": "stroke"}, corner);
      S.node("path", {d: badge, fill: hollow ? "#fffdf8" : colour, stroke: ink, "stroke-width": 1.2, "stroke-linejoin": "round"}, corner);
    }
    return drawing;
  };

  S.swatch = function (entry, styles, icons) {
    var style = styles[entry.layer], colour = entry.colour || "#3d3933";
    if (entry.sign === "icon") return S.iconNode(icons[entry.icon] || icons.event, colour, 18, entry.hollow);
    var drawing = S.node("svg", {width: 30, height: 16, "aria-hidden": "true"});
    if (entry.sign === "arrow") {
      S.node("path", {d: "M2 12C9 6 15 6 22 8", fill: "none", stroke: colour, "stroke-width": 2.6, "stroke-dasharray": entry.hollow ? "4 3" : "", "marker-end": S.arrowHead(colour, entry.hollow ? "hollow" : "full")}, drawing);
    } else if (entry.sign === "siege") {
      S.node("circle", {cx: 15, cy: 8, r: 6.6, fill: "none", stroke: colour, "stroke-width": 1.8}, drawing);
      S.node("path", {d: "M15 1.4v3M15 14.6v-3M8.4 8h3M21.6 8h-3", stroke: colour, "stroke-width": 1.8}, drawing);
    } else if (entry.sign === "point" && entry.layer !== "places") {
      S.node("circle", {cx: 15, cy: 8, r: 4.6, fill: entry.hollow ? "#fffdf8" : colour, stroke: entry.hollow ? colour : "#fffdf8", "stroke-width": entry.hollow ? 1.8 : 1}, drawing);
    } else if (entry.sign === "point") {
      S.node("circle", {cx: 15, cy: 8, r: 7, fill: "none", stroke: "#3d3933", "stroke-width": 1, "stroke-dasharray": "2 2"}, drawing);
      S.node("circle", {cx: 15, cy: 8, r: 3.4, fill: "#1d1b18", stroke: "#fffdf8", "stroke-width": 1.2}, drawing);
    } else if (entry.sign === "area") {
      S.node("rect", {x: 1.5, y: 1.5, width: 27, height: 13, rx: 1.5, fill: S.fill(style, colour), "fill-opacity": S.fillOpacity(style), stroke: colour,
                      "stroke-width": style.width, "stroke-dasharray": style.dash}, drawing);
    } else {
      S.node("line", {x1: 1, y1: 8, x2: 29, y2: 8, stroke: "#fffdf8", "stroke-width": 8}, drawing);
      S.node("line", {x1: 1, y1: 8, x2: 29, y2: 8, stroke: colour, "stroke-width": entry.sign === "front" ? 3 : style.grey ? 2 : 4.5,
                      "stroke-dasharray": entry.sign === "front" ? "" : S.lineDash(style)}, drawing);
    }
    return drawing;
  };

  S.lineDash = function (style) { return style.grey ? "5 3" : style.pattern === "dashes" ? "9 5" : style.pattern === "hatch" ? "14 3" : ""; };
})(Salient);
