/* A feature's card: quote with its words marked, who says so, how sure, and what it does not show. */
"use strict";

(function (S) {
  S.card = function (feature, data, day) {
    var card = S.el("div", "s-card"), facts = [], list;
    card.tabIndex = -1;
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-label", feature.title);
    S.el("p", "s-status s-" + feature.layer, feature.status_words, card);
    S.el("h2", "", feature.title, card);
    if (feature.actor_name) facts.push(feature.actor_name);
    if (feature.when) facts.push(feature.when);
    if (feature.km2 >= 1) facts.push(S.number(feature.km2) + " km²");
    if (feature.length_km >= 1) facts.push(S.number(feature.length_km) + " km");
    if (facts.length) S.el("p", "s-facts", facts.join(" · "), card);
    S.quotes(feature.quotes, card);
    feature.sources.forEach(function (source) { S.el("p", "s-source", S.sourceWords(source), card); });
    list = S.el("dl", "", null, card);
    [["Speaker", feature.speaker], ["Confidence", feature.confidence ? S.percent(feature.confidence) + (feature.reason ? ": " + feature.reason : "") : ""],
     ["Shape", feature.words && feature.words !== feature.title ? feature.words : ""], ["Does not show", feature.limits.join(" ")], ["As of", S.date(day)]].forEach(function (row) {
      if (row[1]) { S.el("dt", "", row[0], list); S.el("dd", "", row[1], list); }
    });
    return card;
  };

  /* The first quotes, with what is named in them marked. */
  S.quotes = function (quotes, parent) {
    quotes.slice(0, 3).forEach(function (quote) {
      var block = S.el("blockquote", "", null, parent);
      block.dir = "auto";
      quote.forEach(function (piece) { S.el(piece[1] ? "mark" : "span", "", piece[0], block).removeAttribute("dir"); });
    });
    if (quotes.length > 3) S.el("p", "s-small", "and " + (quotes.length - 3) + " more in the text", parent);
  };
})(Salient);
