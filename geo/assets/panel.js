/* Beside the map: the marked text, the map in words, who backs whom, what is not placed, sources. */
"use strict";

(function (S) {
  var el = S.el;

  S.panel = function (home, data, features) {
    var side = el("aside", "s-panel", null, home), bar = el("div", "s-tabs", null, side), pages = [];
    side.setAttribute("aria-label", S.phrase("Text and sources"));
    side.id = "s-panel";
    bar.setAttribute("role", "tablist");
    bar.setAttribute("aria-label", S.phrase("Text and sources"));
    function page(name, className, fill) {
      var id = "s-page-" + pages.length, tab = el("button", "", name, bar), body = el("section", "s-page " + className, null, side);
      tab.type = "button"; tab.id = id + "-tab"; tab.setAttribute("role", "tab"); tab.setAttribute("aria-controls", id);
      body.id = id; body.setAttribute("role", "tabpanel"); body.setAttribute("aria-labelledby", tab.id); body.tabIndex = 0;
      fill(body);
      pages.push([tab, body]);
      tab.addEventListener("click", function () { open(body); });
    }
    function open(body) {
      pages.forEach(function (pair) {
        var on = pair[1] === body;
        pair[1].hidden = !on; pair[0].setAttribute("aria-selected", String(on)); pair[0].tabIndex = on ? 0 : -1;
      });
    }
    /* One of the tabs takes the focus from Tab; arrows go from one to the next. */
    bar.addEventListener("keydown", function (event) {
      var at = pages.findIndex(function (pair) { return pair[0] === event.target; }), last = pages.length - 1;
      var next = {ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at ? at - 1 : last, Home: 0, End: last}[event.key];
      if (at < 0 || next === undefined) return;
      event.preventDefault();
      open(pages[next][1]);
      pages[next][0].focus();
    });
    page(S.phrase("The text"), "s-page-text", function (body) { S.text(body, data, features, function () { open(body); }); });
    page(S.phrase("The map in words"), "s-page-words", function (body) { S.words(body, data, features); });
    if (data.relations.length) page(S.phrase("Who backs whom"), "", function (body) { S.relations(body, data); });
    var tray = data.unresolved.length + data.listed.length;
    if (tray) page(S.phrase("Not placed ({count})", {count: tray}), "", function (body) { S.tray(body, data); });
    page(S.phrase("About"), "", function (body) { S.about(body, data); });
    open(pages[0][1]);
  };

  /* Relations between parties: told in words, never drawn on the map. */
  S.relations = function (body, data) {
    el("h2", "", S.phrase("Who backs whom, as the reports say"), body);
    el("p", "s-small", S.phrase("Relations between parties hold no territory and are not drawn."), body);
    var list = el("ul", "s-relations", null, body);
    data.relations.forEach(function (relation) {
      var said = el("li", "", null, list), who = el("p", "s-pair", null, said), status;
      party(who, relation.first, relation.first_colour);
      el("span", "", " " + relation.bond + (relation.mutual ? " ↔ " : " → "), who);
      party(who, relation.second, relation.second_colour);
      status = el("p", "s-small", relation.status_words + (relation.when ? ", " + relation.when : "") + ", " + S.phrase("confidence {share}", {share: S.percent(relation.confidence)}), said);
      status.title = relation.reason;
      S.quotes(relation.quotes, said);
      relation.sources.forEach(function (source) { el("p", "s-source", S.sourceWords(source), said); });
      if (data.correct) data.correct(said, relation);
    });
    function party(cell, name, colour) {
      var dot = el("span", "s-dot", null, cell);
      if (/^#[0-9A-Fa-f]{6}$/.test(colour)) dot.style.background = colour;
      el("b", "", name, cell);
    }
  };

  S.tray = function (body, data) {
    el("h2", "", S.phrase("Named in the text, not placed"), body);
    el("p", "s-small", S.phrase("These names could not be tied to one place with enough certainty. They are listed here and drawn nowhere."), body);
    var list = el("ul", "s-tray", null, body);
    data.unresolved.forEach(function (name) { el("li", "", name, list); });
    if (!data.listed.length) return;
    el("h2", "", S.phrase("Claimed of places without a known position"), body);
    var claims = el("ul", "s-tray", null, body);
    data.listed.forEach(function (claim) {
      var item = el("li", "", claim[0], claims);
      el("p", "s-small", "\u201c" + claim[1] + "\u201d", item);
      if (data.correct) data.correct(item, {claims: [claim[2]]});
    });
  };

  S.about = function (body, data) {
    el("h2", "", S.phrase("About this map"), body);
    data.about.forEach(function (line) { el("p", "", line, body); });
    el("h2", "", S.phrase("Sources"), body);
    var list = el("ol", "", null, body);
    data.sources.forEach(function (source) { el("li", "", S.sourceWords(source), list); });
    el("p", "s-small", data.boundary_note + " " + data.attribution, body);
  };
})(Salient);
