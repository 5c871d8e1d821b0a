/* The reports on the desk: kept in place when what is said of them changes, and answering for every name and sentence in them. */
"use strict";

(function (S) {
  var MANY = 100;  // paragraphs above which those out of view are not laid out
  var LONGEST = 300;  // characters that may be picked at once

  /* How many characters (Unicode code points) some words have: what the desk counts in, where a script counts in pairs. */
  S.points = function (words) {
    var count = 0;
    for (var at = 0; at < words.length; at++) if ((words.charCodeAt(at) & 0xfc00) !== 0xdc00 || !at || (words.charCodeAt(at - 1) & 0xfc00) !== 0xd800) count++;
    return count;
  };

  /* Fills the body; `tell` hears what is picked, `open` brings the text to the front. */
  S.DeskText = function (body, tell, open) {
    var self = this;
    this.body = body; this.tell = tell; this.open = open;
    this.articles = Object.create(null); this.links = new WeakMap(); this.paragraphs = new WeakMap();
    this.spans = new Map(); this.byClaim = new Map(); this.lit = null; this.under = []; this.picked = [];
    body.addEventListener("click", function (event) { self.go(event); });
    body.addEventListener("keydown", function (event) { if (event.key === "Enter" || event.key === " ") self.go(event); });
    [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]].forEach(function (pair) {
      body.addEventListener(pair[0], function (event) { self.point(event.target, pair[1]); });
    });
  };

  S.DeskText.prototype = {
    /* Shows the texts; an article, and a paragraph, of which nothing changed stays the element that it was. */
    show: function (data, features) {
      var self = this, known = this.articles, before = null;
      this.data = data; this.features = features;
      this.articles = Object.create(null);
      this.body.classList.toggle("s-many", data.texts.reduce(function (sum, text) { return sum + text.starts.length; }, 0) > MANY);
      data.texts.forEach(function (text) {
        var heading = data.texts.length > 1 || text.title !== data.title, article = known[text.id] || {node: S.el("article", ""), paragraphs: [], links: []};
        self.write(article, text, heading);
        self.articles[text.id] = article;
        var next = before ? before.nextSibling : self.body.firstChild;
        if (next !== article.node) self.body.insertBefore(article.node, next);
        before = article.node;
      });
      while (before ? before.nextSibling : this.body.firstChild) (before ? before.nextSibling : this.body.firstChild).remove();
      this.index();
      this.watch(features);
    },
    write: function (article, text, heading) {
      var self = this, was = article.paragraphs;
      article.head = article.head || S.el("h2", "", "", article.node);
      article.byline = article.byline || S.el("p", "s-byline", "", article.node);
      article.head.textContent = text.title; article.head.hidden = !heading;
      article.byline.textContent = text.byline; article.byline.hidden = !text.byline;
      article.paragraphs = text.paragraphs.map(function (pieces, number) {
        var told = likeness(pieces), old = was[number], made = old && old.told === told ? retold(old, pieces) : self.written(pieces, told, text.id);
        self.paragraphs.set(made.node, {start: text.starts[number], document: text.id});
        if (made !== old && old) old.node.replaceWith(made.node);
        else if (made !== old) article.node.appendChild(made.node);
        return made;
      });
      was.slice(text.paragraphs.length).forEach(function (old) { old.node.remove(); });
      article.links = article.paragraphs.flatMap(function (one) { return one.links; });
    },
    written: function (pieces, told, name) {
      var p = S.el("p", "s-para"), links = [], before = "", self = this;
      p.dir = "auto";
      pieces.forEach(function (piece) {
        var span = document.createElement("span"), sentence = (piece.k || []).join();
        span.textContent = piece.t;
        p.appendChild(span);
        if (!leads(piece)) return;
        span.className = className(piece);
        if (piece.r || (piece.k && sentence !== before)) { span.tabIndex = 0; span.setAttribute("role", "button"); }
        before = sentence;
        var link = {span: span, piece: piece, document: name};
        self.links.set(span, link);
        links.push(link);
      });
      return {node: p, told: told, links: links};
    },
    index: function () {
      var self = this;
      this.spans.clear(); this.byClaim.clear(); this.lit = null; this.under = [];
      this.body.querySelectorAll(".s-lit, .s-near").forEach(function (span) { span.classList.remove("s-lit", "s-near"); });
      Object.keys(this.articles).forEach(function (id) {
        self.articles[id].links.forEach(function (link) {
          (link.piece.f || []).forEach(function (feature) { add(self.spans, feature, link); });
          (link.piece.k || []).forEach(function (number) { add(self.byClaim, number, link); });
        });
      });
    },
    watch: function (features) {
      var self = this;
      features.watch("light", function (feature, on) { self.mark(feature, "s-near", on); });
      features.watch("select", function (feature) {
        if (self.lit) self.mark(self.lit, "s-lit", false);
        self.lit = feature;
        if (feature) self.mark(feature, "s-lit", true);
      });
      features.watch("show", function (feature, how) {
        var first = (self.spans.get(feature.id) || [])[0];
        if (first && !how.stay) { self.open(); first.span.scrollIntoView({block: "center"}); }
      });
    },
    mark: function (feature, name, on) { (this.spans.get(feature.id) || []).forEach(function (link) { link.span.classList.toggle(name, on); }); },
    /* The features to which some words lead. */
    shown: function (link) {
      var byId = this.features.byId;
      return (link.piece.f || []).map(function (id) { return byId[id]; }).filter(Boolean);
    },
    go: function (event) {
      var link = this.links.get(event.target), keyed = event.type === "keydown", shown;
      if (!link || (!keyed && String(window.getSelection()))) return;
      event.preventDefault();
      shown = this.shown(link);
      if (shown.length && link.piece.r) this.features.spotlight(S.meant(shown, this.features));
      else if (shown.length) this.features.show(S.meant(shown, this.features), {fly: true, stay: true, focus: keyed});
      if (link.piece.r) this.tell({kind: "mention", document: link.document, start: link.piece.r[0], end: link.piece.r[1], text: this.name(link)});
      else if (link.piece.k && link.piece.k.length && !shown.length) this.tell({kind: "claim", id: this.data.claims[link.piece.k[0]][0]});
    },
    /* The whole of a name, which stands in several pieces where a claim's evidence begins or ends in it. */
    name: function (link) {
      var start = link.piece.r[0], same = this.articles[link.document].links.filter(function (other) { return other.piece.r && other.piece.r[0] === start; });
      return same.map(function (other) { return other.piece.t; }).join("").slice(0, LONGEST);
    },
    point: function (target, on) {
      var link = this.links.get(target), features = this.features, self = this;
      this.under.forEach(function (feature) { features.glow(feature, false); });
      this.under = [];
      if (!link) return;
      if (on && this.shown(link).length) this.under = S.under(this.shown(link), link.piece, features);
      this.under.forEach(function (feature) { features.glow(feature, true); });
      target.classList.toggle("s-near", on);
      if (on) target.title = self.hint(link);
    },
    hint: function (link) {
      var titles = this.shown(link).map(function (feature) { return feature.title; });
      return Array.from(new Set(titles)).join("; ") || link.piece.w || "";
    },
    /* Brings a name into view and marks it as the one that is being corrected; null unmarks it. */
    pick: function (document, start, end, scroll) {
      var found = this.at(document, start, end);
      this.picked.forEach(function (link) { link.span.classList.remove("s-picked"); });
      found.forEach(function (link) { link.span.classList.add("s-picked"); });
      this.picked = found;
      if (scroll && found.length) { this.open(); found[0].span.scrollIntoView({block: "nearest"}); }
    },
    /* The names that stand in some words of a report. */
    at: function (document, start, end) {
      var article = document && this.articles[document];
      return article ? article.links.filter(function (link) { return link.piece.r && link.piece.r[0] < end && start < link.piece.r[1]; }) : [];
    },
    /* The mark of the name that stands there. */
    target: function (where) {
      var link = where && this.at(where.document, where.start, where.end)[0], shown = link ? this.shown(link) : [];
      return shown.length ? S.meant(shown, this.features) : null;
    },
    /* The first paragraph in view, and how far below the top of the view it begins. */
    anchor: function () {
      var top = this.body.getBoundingClientRect().top, found = null, self = this;
      if (!this.body.clientHeight) return null;
      Object.keys(this.articles).some(function (id) {
        var node = self.articles[id].node;
        if (node.getBoundingClientRect().bottom <= top) return false;
        Array.from(node.querySelectorAll(".s-para")).some(function (p, number) {
          var box = p.getBoundingClientRect();
          if (box.bottom <= top) return false;
          found = {document: id, number: number, top: box.top - top};
          return true;
        });
        return found !== null;
      });
      return found;
    },
    /* Has it stand there again, whatever the height of what stands before it; in a long text that is but guessed, until it was drawn. */
    hold: function (anchor, left) {
      var article = anchor && this.articles[anchor.document], p = article && article.node.querySelectorAll(".s-para")[anchor.number];
      if (p) this.body.scrollTop += p.getBoundingClientRect().top - this.body.getBoundingClientRect().top - anchor.top;
      if (p && this.body.classList.contains("s-many") && left) requestAnimationFrame(this.hold.bind(this, anchor, left - 1));
    },
    /* Dims the sentences of which every claim is hidden. */
    dim: function (hidden) {
      if (!hidden.size) {
        this.body.querySelectorAll(".s-dim").forEach(function (span) { span.classList.remove("s-dim"); });
        return;
      }
      this.byClaim.forEach(function (links) {
        links.forEach(function (link) {
          link.span.classList.toggle("s-dim", link.piece.k.every(function (number) { return hidden.has(number); }));
        });
      });
    },
    /* The words that are selected in a report, as {document, start, end, text, range}; null where there are none. */
    selected: function () {
      var selection = window.getSelection(), range = selection && selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
      var node = range && this.paragraph(range.startContainer), at = node && this.paragraphs.get(node);
      if (!at) return null;
      var before = document.createRange(), inside = document.createRange(), words, lead;
      before.setStart(node, 0); before.setEnd(range.startContainer, range.startOffset);
      inside.setStart(range.startContainer, range.startOffset);
      if (node.contains(range.endContainer)) inside.setEnd(range.endContainer, range.endOffset); else inside.setEnd(node, node.childNodes.length);
      words = inside.toString();
      lead = words.length - words.trimStart().length;
      if (!words.trim() || words.length > LONGEST) return null;
      var start = at.start + S.points(before.toString()) + S.points(words.slice(0, lead));
      return {document: at.document, start: start, end: start + S.points(words.trim()), text: words.trim(), range: inside};
    },
    paragraph: function (node) {
      var element = node.nodeType === 1 ? node : node.parentElement, p = element && element.closest(".s-para");
      return p && this.body.contains(p) ? p : null;
    }
  };

  function leads(piece) { return Boolean(piece.r || piece.f || piece.k); }

  /* What a paragraph looks like: two that differ in the numbers of their claims alone, which follow those of the reports before, look alike. */
  function likeness(pieces) {
    var numbers = [];
    return JSON.stringify(pieces, function (key, value) {
      if (key !== "k" || !Array.isArray(value)) return value;
      return value.map(function (number) { return numbers.indexOf(number) < 0 ? numbers.push(number) - 1 : numbers.indexOf(number); });
    });
  }

  /* The same paragraph with the numbers that its claims have now. */
  function retold(paragraph, pieces) {
    pieces.filter(leads).forEach(function (piece, number) { paragraph.links[number].piece = piece; });
    return paragraph;
  }

  function add(map, key, value) { if (map.has(key)) map.get(key).push(value); else map.set(key, [value]); }

  function className(piece) {
    var linked = piece.f && piece.f.length;
    return [piece.c || piece.k ? "s-claim" : "", piece.m ? "s-mention s-use-" + piece.m : piece.r ? "s-party" : "", linked ? "s-linked" : ""].join(" ").trim();
  }
})(Salient);
