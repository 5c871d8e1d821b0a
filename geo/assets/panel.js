/* Round the map: title, legend, the marked text, the map in words, sources; and the card of a feature. */
"use strict";

(function (S) {
  var el = function () { return S.el.apply(null, arguments); };

  /* A feature's card: quote with its words marked, who says so, how sure, and what it does not show. */
  S.card = function (feature, data) {
    var card = el("div", "s-card");
    el("p", "s-status s-" + feature.layer, feature.status_words, card);
    el("h3", "", feature.title, card);
    var facts = [];
    if (feature.actor_name) facts.push(feature.actor_name);
    if (feature.when) facts.push(feature.when);
    if (feature.km2 >= 1) facts.push(S.number(feature.km2) + " km²");
    if (feature.length_km >= 1) facts.push(S.number(feature.length_km) + " km");
    if (facts.length) el("p", "s-facts", facts.join(" · "), card);
    feature.quotes.slice(0, 3).forEach(function (quote) {
      var block = el("blockquote", "", null, card);
      block.dir = "auto";
      quote.forEach(function (piece) { el(piece[1] ? "mark" : "span", "", piece[0], block); });
    });
    if (feature.quotes.length > 3) el("p", "s-small", "and " + (feature.quotes.length - 3) + " more in the text", card);
    feature.sources.forEach(function (source) { el("p", "s-source", S.sourceWords(source), card); });
    var list = el("dl", "", null, card);
    [["Speaker", feature.speaker], ["Confidence", feature.confidence ? Math.round(feature.confidence * 100) + " %" + (feature.reason ? ": " + feature.reason : "") : ""],
     ["Shape", feature.words && feature.words !== feature.title ? feature.words : ""], ["Does not show", feature.limits.join(" ")], ["As of", S.date(data.as_of)]].forEach(function (row) {
      if (row[1]) { el("dt", "", row[0], list); el("dd", "", row[1], list); }
    });
    return card;
  };

  S.number = function (value) { return Math.round(value).toLocaleString("en-GB"); };

  S.sourceWords = function (source) { return [source[0], source[1], S.date(source[2])].filter(Boolean).join(", "); };

  S.date = function (iso) {
    if (!iso) return "";
    var months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"], part = iso.split("-");
    return Number(part[2]) + " " + months[Number(part[1]) - 1] + " " + part[0];
  };

  S.furniture = function (map, data, features, panel) {
    var container = map.getContainer(), home = el("div", "salient" + (panel ? " s-with-panel" : ""));
    container.parentNode.insertBefore(home, container);
    S.heading(home, data);
    var stage = el("div", "s-stage", null, home);
    stage.appendChild(container);
    stage.appendChild(S.legend(data, features)).open = stage.clientWidth >= 560 && (data.legend.length < 5 || stage.clientHeight > 460);
    S.footer(stage, data);
    if (panel) S.panel(home, data, features);
    L.DomEvent.disableClickPropagation(stage.querySelector(".s-legend"));
    L.DomEvent.disableScrollPropagation(stage.querySelector(".s-legend"));
    map.invalidateSize({animate: false});
    return home;
  };

  S.heading = function (home, data) {
    var head = el("header", "s-head", null, home);
    el("h1", "", data.title, head);
    el("p", "s-sub", [data.as_of ? "As of " + S.date(data.as_of) : "No date given", data.bylines.join("; "), data.view_words].filter(Boolean).join("  ·  "), head);
  };

  /* Legend lines of at most so many characters stand two in a row. */
  S.SHORT = 12;

  S.legend = function (data, features) {
    var box = el("details", "s-legend");
    el("summary", "", "What the map shows", box);
    var list = el("ul", "", null, box), group = "";
    data.legend.forEach(function (entry) {
      if (entry.group && entry.group !== group) el("h4", "", entry.group, el("li", "", null, list));
      if (group && !entry.group) el("li", "s-gap", null, list);
      var row = el("li", entry.label.length <= S.SHORT ? "s-half" : "", null, list), check = el("input", "", null, row), button = el("button", "", null, row);
      check.type = "checkbox"; check.checked = true; check.setAttribute("aria-label", "Show: " + entry.label);
      check.addEventListener("change", function () { features.toggle(entry.key, check.checked); });
      group = entry.group;
      button.type = "button"; button.title = "Show this alone";
      button.appendChild(S.swatch(entry, data.style.layers, data.style.icons));
      el("span", "", entry.label, button);
      button.addEventListener("click", function () { features.isolate(entry.key); });
      features.listeners.push(function () { row.classList.toggle("s-off", Boolean(features.alone && features.alone !== entry.key)); button.setAttribute("aria-pressed", String(features.alone === entry.key)); });
    });
    return box;
  };

  S.footer = function (stage, data) {
    var foot = el("p", "s-foot", null, stage);
    el("span", "", data.boundary_note + " ", foot);
    el("span", "", data.attribution, foot);
    function fit() { stage.style.setProperty("--foot", foot.offsetHeight + "px"); }
    fit();
    window.addEventListener("resize", fit);
  };

  S.panel = function (home, data, features) {
    var side = el("aside", "s-panel", null, home), bar = el("div", "s-tabs", null, side), pages = [];
    side.setAttribute("aria-label", "Text and sources");
    bar.setAttribute("role", "tablist");
    function page(name, fill) {
      var id = "s-page-" + pages.length, tab = el("button", "", name, bar), body = el("section", "s-page", null, side);
      tab.type = "button"; tab.setAttribute("role", "tab"); tab.setAttribute("aria-controls", id);
      body.id = id; body.setAttribute("role", "tabpanel"); body.tabIndex = 0;
      fill(body);
      pages.push([tab, body]);
      tab.addEventListener("click", function () { open(body); });
    }
    function open(body) {
      pages.forEach(function (pair) { var on = pair[1] === body; pair[1].hidden = !on; pair[0].setAttribute("aria-selected", String(on)); });
    }
    page("The text", function (body) { S.text(body, data, features, function () { open(body); }); });
    page("The map in words", function (body) { S.words(body, data, features); });
    if (data.relations.length) page("Who backs whom", function (body) { S.relations(body, data); });
    var tray = data.unresolved.length + data.listed.length;
    if (tray) page("Not placed (" + tray + ")", function (body) { S.tray(body, data); });
    page("About", function (body) { S.about(body, data); });
    open(pages[0][1]);
  };

  /* The reports with their mentions and claims marked; either side lights the other. */
  S.text = function (body, data, features, open) {
    var pieces = [];
    data.texts.forEach(function (text) {
      var article = el("article", "", null, body);
      if (data.texts.length > 1 || text.title !== data.title) el("h2", "", text.title, article);
      el("p", "s-byline", text.byline, article);
      text.paragraphs.forEach(function (paragraph) {
        var p = el("p", "", null, article);
        p.dir = "auto";
        paragraph.forEach(function (piece) {
          var span = el("span", "", piece.t, p), shown = (piece.f || []).map(function (id) { return features.byId[id]; }).filter(Boolean);
          span.removeAttribute("dir");
          span.className = [piece.c ? "s-claim" : "", piece.m ? "s-mention s-use-" + piece.m : "", shown.length ? "s-linked" : ""].join(" ").trim();
          if (piece.m && !shown.length) span.title = piece.w || "";
          if (shown.length) link(span, shown, piece, features);
          pieces.push([span, piece]);
        });
      });
    });
    features.onshow = function (feature) {
      var first = null;
      pieces.forEach(function (pair) {
        var lit = Boolean(feature && pair[1].f && pair[1].f.indexOf(feature.id) >= 0);
        pair[0].classList.toggle("s-lit", lit);
        if (lit && !first) first = pair[0];
      });
      if (first && window.innerWidth > 760 && !features.fromText) { open(); first.scrollIntoView({block: "center"}); }
    };
  };

  function link(span, shown, piece, features) {
    if (piece.m) { span.tabIndex = 0; span.setAttribute("role", "button"); }
    function go(event) {
      if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      features.fromText = true;
      features.show(meant(shown), {fly: true});
      features.fromText = false;
    }
    span.addEventListener("click", go);
    span.addEventListener("keydown", go);
    span.title = shown.map(function (feature) { return feature.title; }).join("; ");
  }

  /* A name leads to what its sentence claims of the place, where it does; a place under a claim's sign is not drawn, and leads to the sign. */
  function meant(shown) {
    var first = shown[0], grey = ["places", "reference"];
    var claimed = first.label && grey.indexOf(first.layer) >= 0 && shown.find(function (other) { return !other.quiet && other.label === first.label && grey.indexOf(other.layer) < 0; });
    if (claimed) return claimed;
    return (first.quiet && first.spot && shown.find(function (other) { return !other.quiet && (other.spot || other.signed); })) || first;
  }

  S.words = function (body, data, features) {
    el("h2", "", "The map in words", body);
    var table = el("table", "", null, body), head = el("tr", "", null, el("thead", "", null, table)), rows = el("tbody", "", null, table);
    ["What", "Status", "Size"].forEach(function (name) { el("th", "", name, head).scope = "col"; });
    data.layers.slice().reverse().forEach(function (layer) {
      if (!layer.features.length) return;
      var group = el("th", "s-group", layer.title, el("tr", "", null, rows));
      group.colSpan = 3; group.scope = "colgroup";
      layer.features.forEach(function (feature) {
        var row = el("tr", "", null, rows), cell = el("td", "", null, row), button = el("button", "s-find", feature.title, cell), status = el("td", "", null, row);
        button.type = "button";
        button.addEventListener("click", function () { features.show(feature, {fly: true}); });
        if (feature.sources.length) el("span", "s-ref", " " + feature.sources.map(function (source) { return "[" + number(source) + "]"; }).join(""), cell);
        if (feature.actor_name && feature.status_words.indexOf(feature.actor_name) < 0) el("span", "", feature.actor_name + ": ", status);
        el("span", "", feature.status_words, status);
        el("td", "", feature.km2 >= 1 ? S.number(feature.km2) + " km²" : feature.length_km >= 1 ? S.number(feature.length_km) + " km" : "", row);
      });
    });
    el("p", "s-small", "Numbers in brackets are sources:", body);
    var list = el("ol", "s-small", null, body);
    data.sources.forEach(function (source) { el("li", "", S.sourceWords(source), list); });
    function number(source) { return 1 + data.sources.map(String).indexOf(String(source)); }
  };

  /* Relations between parties: told in words, never drawn on the map. */
  S.relations = function (body, data) {
    el("h2", "", "Who backs whom, as the reports say", body);
    el("p", "s-small", "Relations between parties hold no territory and are not drawn.", body);
    var list = el("ul", "s-relations", null, body);
    data.relations.forEach(function (relation) {
      var said = el("li", "", null, list), who = el("p", "s-pair", null, said), status;
      party(who, relation.first, relation.first_colour);
      el("span", "", " " + relation.bond + (relation.mutual ? " ↔ " : " → "), who);
      party(who, relation.second, relation.second_colour);
      status = el("p", "s-small", relation.status_words + (relation.when ? ", " + relation.when : "") + ", confidence " + Math.round(relation.confidence * 100) + " %", said);
      status.title = relation.reason;
      relation.quotes.slice(0, 3).forEach(function (quote) {
        var block = el("blockquote", "", null, said);
        block.dir = "auto";
        quote.forEach(function (piece) { el(piece[1] ? "mark" : "span", "", piece[0], block); });
      });
      if (relation.quotes.length > 3) el("p", "s-small", "and " + (relation.quotes.length - 3) + " more in the text", said);
      relation.sources.forEach(function (source) { el("p", "s-source", S.sourceWords(source), said); });
    });
    function party(cell, name, colour) {
      var dot = el("span", "s-dot", null, cell);
      if (/^#[0-9A-Fa-f]{6}$/.test(colour)) dot.style.background = colour;
      el("b", "", name, cell);
    }
  };

  S.tray = function (body, data) {
    el("h2", "", "Named in the text, not placed", body);
    el("p", "s-small", "These names could not be tied to one place with enough certainty. They are listed here and drawn nowhere.", body);
    var list = el("ul", "s-tray", null, body);
    data.unresolved.forEach(function (name) { el("li", "", name, list); });
    if (!data.listed.length) return;
    el("h2", "", "Claimed of places without a known position", body);
    var claims = el("ul", "s-tray", null, body);
    data.listed.forEach(function (claim) {
      var item = el("li", "", claim[0], claims);
      el("p", "s-small", "\u201c" + claim[1] + "\u201d", item);
    });
  };

  S.about = function (body, data) {
    el("h2", "", "About this map", body);
    data.about.forEach(function (line) { el("p", "", line, body); });
    el("h2", "", "Sources", body);
    var list = el("ol", "", null, body);
    data.sources.forEach(function (source) { el("li", "", S.sourceWords(source), list); });
    el("p", "s-small", data.boundary_note + " " + data.attribution, body);
  };
})(Salient);
