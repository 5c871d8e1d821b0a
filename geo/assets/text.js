/* The reports with their mentions and claims marked; either side lights the other. */
"use strict";

(function (S) {
  /* The reports beside the map. Hovering over words, or going to them with the keyboard, lights their marks; a mark lights its words,
     and brings them into view when it is opened. */
  S.text = function (body, data, features, open) {
    var words = new Map(), lit = [];
    data.texts.forEach(function (text) {
      var article = S.el("article", "", null, body);
      if (data.texts.length > 1 || text.title !== data.title) S.el("h2", "", text.title, article);
      S.el("p", "s-byline", text.byline, article);
      text.paragraphs.forEach(function (paragraph) {
        var p = S.el("p", "", null, article), before = "";
        p.dir = "auto";
        paragraph.forEach(function (piece) {
          var shown = (piece.f || []).map(function (id) { return features.byId[id]; }).filter(Boolean), key = shown.map(function (feature) { return feature.id; }).join(" ");
          var span = marked(p, piece, shown);
          if (shown.length) link(span, shown, piece, features, piece.m || key !== before);
          if (!piece.m) before = key;
          shown.forEach(function (feature) { if (!words.has(feature)) words.set(feature, []); words.get(feature).push(span); });
        });
      });
    });
    function each(feature, className, on) { (words.get(feature) || []).forEach(function (span) { span.classList.toggle(className, on); }); }
    features.watch("light", function (feature, on) { each(feature, "s-near", on); });
    features.watch("select", function (feature) {
      lit.forEach(function (other) { each(other, "s-lit", false); });
      lit = feature ? [feature] : [];
      if (feature) each(feature, "s-lit", true);
    });
    features.watch("show", function (feature, how) {
      var first = (words.get(feature) || [])[0];
      if (first && window.innerWidth > 760 && !how.stay) { open(); first.scrollIntoView({block: "center"}); }
    });
  };

  function marked(parent, piece, shown) {
    var span = S.el("span", "", piece.t, parent);
    span.removeAttribute("dir");
    span.className = [piece.c ? "s-claim" : "", piece.m ? "s-mention s-use-" + piece.m : "", shown.length ? "s-linked" : ""].join(" ").trim();
    if (piece.m && !shown.length) span.title = piece.w || "";
    return span;
  }

  /* Words that lead to marks; the first piece of a sentence and every name in it take the focus. */
  function link(span, shown, piece, features, focus) {
    var under = [];
    if (focus) { span.tabIndex = 0; span.setAttribute("role", "button"); }
    function go(event) {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      features.show(S.meant(shown, features), {fly: true, stay: true, focus: event.type === "keydown"});
    }
    function light(on) {
      under.forEach(function (feature) { features.glow(feature, false); });
      under = on ? S.under(shown, piece, features) : [];
      under.forEach(function (feature) { features.glow(feature, true); });
      span.classList.toggle("s-near", on);
    }
    span.addEventListener("click", go);
    span.addEventListener("keydown", go);
    [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]].forEach(function (pair) { span.addEventListener(pair[0], function () { light(pair[1]); }); });
    span.title = Array.from(new Set(shown.map(function (feature) { return feature.title; }))).join("; ");
  }

  /* What lights up with some words: of a name its own mark, of a sentence all that it claims. */
  S.under = function (shown, piece, features) {
    var grey = ["places", "reference"], drawn = shown.filter(function (feature) { return features.isShown(feature); });
    if (piece.m) return [S.meant(shown, features)];
    var claims = drawn.filter(function (feature) { return grey.indexOf(feature.layer) < 0; });
    return claims.length ? claims : drawn;
  };

  /* A name leads to what its sentence claims of the place, where it does; a place under a claim's sign is not drawn, and leads to the sign.
     What stands on the day of the map comes before what does not. */
  S.meant = function (shown, features) {
    var today = shown.filter(function (feature) { return S.standsOn(feature, features.day); }), these = today.length ? today : shown;
    var first = these[0], grey = ["places", "reference"];
    var claimed = first.label && grey.indexOf(first.layer) >= 0 && these.find(function (other) { return !other.quiet && other.label === first.label && grey.indexOf(other.layer) < 0; });
    if (claimed) return claimed;
    return (first.quiet && first.spot && these.find(function (other) { return !other.quiet && (other.spot || other.signed); })) || first;
  };

  /* Every feature as a row: what and where, who, with which status, how sure, after which source. */
  S.words = function (body, data, features) {
    S.el("h2", "", S.phrase("The map in words"), body);
    var table = S.el("table", "", null, body), head = S.el("tr", "", null, S.el("thead", "", null, table)), groups = [];
    S.el("caption", "s-hidden", S.phrase("Everything that the map shows, with its status and source"), table);
    [S.phrase("What and where"), S.phrase("Who"), S.phrase("Status"), S.phrase("Sure"), S.phrase("Source")].forEach(function (name) { S.el("th", "", name, head).scope = "col"; });
    data.layers.slice().reverse().forEach(function (layer) {
      if (layer.features.length) groups.push(group(table, layer, data, features));
    });
    S.el("p", "s-small", S.phrase("Numbers are sources:"), body);
    var list = S.el("ol", "s-small", null, body);
    data.sources.forEach(function (source) { S.el("li", "", S.sourceWords(source), list); });
    features.watch("day", function () { groups.forEach(function (update) { update(); }); });
  };

  function group(table, layer, data, features) {
    var rows = S.el("tbody", "", null, table), heading = S.el("th", "s-group", layer.title, S.el("tr", "", null, rows)), made;
    heading.colSpan = 5; heading.scope = "colgroup";
    made = layer.features.map(function (feature) { return [feature, rowOf(rows, feature, data, features)]; });
    function update() {
      made.forEach(function (pair) { pair[1].hidden = !S.standsOn(pair[0], features.day); });
      rows.hidden = made.every(function (pair) { return pair[1].hidden; });
    }
    update();
    return update;
  }

  function rowOf(rows, feature, data, features) {
    var row = S.el("tr", "", null, rows), cell = S.el("td", "", null, row), button = S.el("button", "s-find", feature.title, cell), status = S.el("td", "", null, row), size, who;
    button.type = "button";
    button.addEventListener("click", function (event) { features.show(feature, {fly: true, stay: true, focus: event.detail === 0}); });
    [["mouseenter", true], ["mouseleave", false], ["focus", true], ["blur", false]].forEach(function (pair) { button.addEventListener(pair[0], function () { features.glow(feature, pair[1]); }); });
    size = feature.km2 >= 1 ? S.phrase("{size} km²", {size: S.number(feature.km2)}) : feature.length_km >= 1 ? S.phrase("{size} km", {size: S.number(feature.length_km)}) : "";
    S.el("span", "s-size", [feature.when, size].filter(Boolean).join(", "), cell);
    who = S.el("td", "", feature.actor_name, null);
    row.insertBefore(who, status);
    S.el("span", "", feature.status_words, status);
    S.el("td", "", feature.confidence ? S.percent(feature.confidence) : "", row);
    S.el("td", "", feature.sources.map(function (source) { return 1 + data.sources.map(String).indexOf(String(source)); }).join(", "), row);
    return row;
  }
})(Salient);
