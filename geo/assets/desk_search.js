/* Finds places, parties, marks and words of the texts; arrows choose, Enter goes there, Escape closes. */
"use strict";

(function (S) {
  var MOST_MARKS = 8, MOST_WORDS = 30, AROUND = 38, LEAST = 2;

  /* Letters without accents and case; what has one letter for two keeps its length, so that places in it are places in the text. */
  S.folded = function (words) {
    return Array.from(words).map(function (letter) { var plain = letter.normalize("NFD").replace(/[\u0300-\u036f\u0610-\u061a\u064b-\u065f]/g, "").toLowerCase(); return plain.length === letter.length ? plain : letter.toLowerCase().length === letter.length ? letter.toLowerCase() : letter; }).join("");
  };

  S.Search = function (head, desk) {
    var self = this;
    this.desk = desk; this.hits = []; this.at = -1;
    this.box = S.el("div", "s-search", null, head);
    this.field = S.el("input", "", null, this.box);
    this.field.type = "search"; this.field.autocomplete = "off"; this.field.spellcheck = false; this.field.dir = "auto";
    this.field.setAttribute("role", "combobox"); this.field.setAttribute("aria-controls", "s-hits"); this.field.setAttribute("aria-autocomplete", "list");
    this.list = S.el("ul", "s-hits", null, this.box);
    this.list.id = "s-hits"; this.list.hidden = true;
    this.list.setAttribute("role", "listbox");
    this.field.addEventListener("input", function () { self.update(); });
    this.field.addEventListener("focus", function () { self.update(); });
    this.field.addEventListener("keydown", function (event) { self.key(event); });
    this.box.addEventListener("focusout", function (event) { if (!self.box.contains(event.relatedTarget)) self.close(); });
    this.list.addEventListener("mousedown", function (event) { event.preventDefault(); });
    this.list.addEventListener("click", function (event) { var row = event.target.closest("[role=option]"); if (row) self.go(Number(row.dataset.at)); });
    this.close();
  };

  S.Search.prototype = {
    show: function () {
      var words = S.phrase("Search places, parties, words");
      this.field.placeholder = words; this.field.setAttribute("aria-label", words); this.list.setAttribute("aria-label", S.phrase("Found"));
      this.index = null;
      if (!this.list.hidden) this.update();
    },
    close: function () {
      this.list.hidden = true; this.at = -1;
      this.field.setAttribute("aria-expanded", "false"); this.field.removeAttribute("aria-activedescendant");
    },
    /* What can be found, folded once for a situation. */
    indexed: function () {
      var features = this.desk.features, parties = new Map();
      if (this.index) return this.index;
      var marks = features.all.map(function (feature) { return {feature: feature, folded: S.folded([feature.title, feature.label].join(" "))}; });
      features.all.forEach(function (feature) {
        if (!feature.actor_name) return;
        if (!parties.has(feature.actor_name)) parties.set(feature.actor_name, []);
        parties.get(feature.actor_name).push(feature);
      });
      this.index = {marks: marks, parties: Array.from(parties, function (pair) { return {name: pair[0], folded: S.folded(pair[0]), features: pair[1]}; }), paragraphs: null};
      return this.index;
    },
    /* The paragraphs of the texts as they stand on the page. */
    paragraphs: function () {
      var index = this.indexed(), articles = this.desk.panel.text.articles;
      if (!index.paragraphs) index.paragraphs = Object.keys(articles).flatMap(function (id) {
        return Array.from(articles[id].node.querySelectorAll(".s-para")).map(function (p) { return {node: p, words: p.textContent, folded: S.folded(p.textContent)}; });
      });
      return index.paragraphs;
    },
    find: function (words) {
      var wanted = S.folded(words.trim()), index = this.indexed(), hits = [], seen = Object.create(null), more = 0;
      if (wanted.length < LEAST) return hits;
      index.parties.forEach(function (party) {
        if (party.folded.indexOf(wanted) >= 0 && party.features.some(function (one) { return !one.quiet; })) hits.push({kind: "party", words: party.name, note: S.phrase("{count} mark | {count} marks", {count: party.features.filter(function (one) { return !one.quiet; }).length}), features: party.features});
      });
      index.marks.filter(function (mark) { return mark.folded.indexOf(wanted) >= 0; })
        .sort(function (a, b) { return (a.folded.indexOf(wanted) > 0) - (b.folded.indexOf(wanted) > 0); })
        .forEach(function (mark) {
          var key = mark.feature.title + mark.feature.status_words;
          if (seen[key] || more >= MOST_MARKS) return;
          seen[key] = true; more++;
          hits.push({kind: "mark", words: mark.feature.title, note: mark.feature.status_words, feature: mark.feature});
        });
      this.paragraphs().some(function (paragraph) {
        for (var at = paragraph.folded.indexOf(wanted); at >= 0; at = paragraph.folded.indexOf(wanted, at + wanted.length)) {
          hits.push({kind: "words", paragraph: paragraph.node, start: at, end: at + wanted.length, before: lead(paragraph.words, at), words: paragraph.words.slice(at, at + wanted.length), after: rest(paragraph.words, at + wanted.length)});
          if (hits.length >= MOST_WORDS) return true;
        }
        return false;
      });
      return hits;
    },
    update: function () {
      var self = this, words = this.field.value;
      this.hits = this.find(words);
      this.list.replaceChildren();
      this.hits.forEach(function (hit, number) {
        var row = S.el("li", "s-hit s-hit-" + hit.kind, null, self.list);
        row.id = "s-hit-" + number; row.dataset.at = String(number);
        row.setAttribute("role", "option");
        if (hit.kind === "words") { row.dir = "auto"; piece(row, "span", hit.before); piece(row, "mark", hit.words); piece(row, "span", hit.after); }
        else { S.el("b", "", hit.words, row); S.el("span", "s-note", hit.note, row); }
      });
      if (words.trim().length >= LEAST && !this.hits.length) S.el("li", "s-none", S.phrase("Nothing found"), this.list);
      this.list.hidden = !this.list.childNodes.length;
      this.field.setAttribute("aria-expanded", String(!this.list.hidden));
      this.choose(this.hits.length ? 0 : -1);
    },
    choose: function (at) {
      var self = this;
      this.at = at;
      this.list.querySelectorAll("[role=option]").forEach(function (row, number) {
        row.setAttribute("aria-selected", String(number === at));
        if (number === at) { self.field.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({block: "nearest"}); }
      });
    },
    key: function (event) {
      var last = this.hits.length - 1;
      if (event.key === "ArrowDown") { if (this.list.hidden) this.update(); else this.choose(this.at >= last ? 0 : this.at + 1); }
      else if (event.key === "ArrowUp") this.choose(this.at <= 0 ? last : this.at - 1);
      else if (event.key === "Enter" && this.at >= 0) this.go(this.at);
      else if (event.key === "Escape") { if (this.list.hidden) this.field.value = ""; this.close(); }
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    go: function (number) {
      var hit = this.hits[number], desk = this.desk, box;
      if (!hit) return;
      this.close();
      if (hit.kind === "words") { desk.layout.show("text"); desk.panel.open("text"); select(hit); return; }
      desk.layout.show("map");
      if (hit.kind === "mark") { desk.features.show(hit.feature, {fly: true}); return; }
      box = L.latLngBounds([]);
      hit.features.forEach(function (feature) { if (!feature.quiet) box.extend(desk.features.bounds(feature)); });
      desk.features.fly(box.pad(0.15), 9);
      hit.features.forEach(function (feature) { desk.features.glow(feature, true); });
      setTimeout(function () { hit.features.forEach(function (feature) { desk.features.glow(feature, false); }); }, 2500);
    }
  };

  function piece(row, name, words) { var made = document.createElement(name); made.textContent = words; row.appendChild(made); }

  /* Words beside what was found, cut between two of them. */
  function lead(words, at) {
    var from = Math.max(0, at - AROUND), gap = from ? words.indexOf(" ", from) : -1;
    return from ? "\u2026" + words.slice(gap >= 0 && gap < at ? gap : from, at) : words.slice(0, at);
  }

  function rest(words, at) {
    var to = Math.min(words.length, at + AROUND), gap = to < words.length ? words.lastIndexOf(" ", to) : -1;
    return to < words.length ? words.slice(at, gap > at ? gap : to) + " \u2026" : words.slice(at);
  }

  /* Selects some letters of a paragraph and brings them into view. */
  function select(hit) {
    var range = document.createRange(), walk = document.createTreeWalker(hit.paragraph, 4), at = 0, node, selection = window.getSelection();
    while ((node = walk.nextNode())) {
      var end = at + node.data.length;
      if (hit.start >= at && hit.start < end) range.setStart(node, hit.start - at);
      if (hit.end > at && hit.end <= end) { range.setEnd(node, hit.end - at); break; }
      at = end;
    }
    selection.removeAllRanges();
    selection.addRange(range);
    hit.paragraph.scrollIntoView({block: "center"});
  }
})(Salient);
