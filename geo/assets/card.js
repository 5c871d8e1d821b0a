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
    if (feature.actor_name) facts.push(S.apart(feature.actor_name));
    if (feature.when) facts.push(S.apart(feature.when));
    if (feature.km2 >= 1) facts.push(S.phrase("{size} km²", {size: S.number(feature.km2)}));
    if (feature.length_km >= 1) facts.push(S.phrase("{size} km", {size: S.number(feature.length_km)}));
    if (facts.length) S.el("p", "s-facts", S.list(facts, " · "), card);
    S.quotes(feature.quotes, card);
    feature.sources.forEach(function (source) { S.el("p", "s-source", S.sourceWords(source), card); });
    list = S.el("dl", "", null, card);
    [[S.phrase("Speaker"), feature.speaker], [S.phrase("Confidence"), feature.confidence ? S.list([S.percent(feature.confidence), feature.reason], ": ") : ""],
     [S.phrase("Shape"), feature.words && feature.words !== feature.title ? feature.words : ""], [S.phrase("Does not show"), feature.limits.join(" ")], [S.phrase("As of"), S.date(day)]].forEach(function (row) {
      if (row[1]) { S.el("dt", "", row[0], list); S.el("dd", "", row[1], list); }
    });
    if (data.correct) data.correct(card, feature);
    return card;
  };

  /* The first quotes, with what is named in them marked. */
  S.quotes = function (quotes, parent) {
    quotes.slice(0, 3).forEach(function (quote) {
      var block = S.el("blockquote", "", null, parent);
      block.dir = "auto";
      quote.forEach(function (piece) { S.el(piece[1] ? "mark" : "span", "", piece[0], block).removeAttribute("dir"); });
    });
    if (quotes.length > 3) S.el("p", "s-small", S.phrase("and {count} more in the text", {count: quotes.length - 3}), parent);
  };
})(Salient);
