/* The left pane of the desk: the texts, and beside them the map in words, who backs whom, what is not placed. It stays; its pages are
   filled when they are looked at. */
"use strict";

(function (S) {
  var PAGES = [["text", null], ["words", S.words], ["relations", S.relations], ["tray", S.tray], ["about", S.about]];

  function titles(tray) {
    return {
      text: S.phrase("The text"), words: S.phrase("The map in words"), relations: S.phrase("Who backs whom"),
      tray: S.phrase("Not placed ({count})", {count: tray}), about: S.phrase("About")
    };
  }

  S.DeskPanel = function (home, tell) {
    var self = this, side = this.side = S.el("aside", "s-panel", null, home);
    this.bar = S.el("div", "s-tabs", null, side);
    this.pages = Object.create(null); this.now = "text"; this.filled = Object.create(null);
    side.id = "s-panel";
    this.bar.setAttribute("role", "tablist");
    this.reports = new S.Reports(side, this);
    PAGES.forEach(function (page) { self.pages[page[0]] = self.page(page[0]); });
    this.text = new S.DeskText(this.pages.text.body, tell, function () { self.open("text"); });
    this.missed = new S.Missed(home, this.text, tell);
    this.bar.addEventListener("keydown", function (event) { self.key(event); });
  };

  S.DeskPanel.prototype = {
    page: function (name) {
      var self = this, tab = S.el("button", "", "", this.bar), body = S.el("section", "s-page s-page-" + name, null, this.side);
      tab.type = "button"; tab.id = "s-tab-" + name; body.id = "s-page-" + name;
      tab.setAttribute("role", "tab"); tab.setAttribute("aria-controls", body.id);
      body.setAttribute("role", "tabpanel"); body.setAttribute("aria-labelledby", tab.id); body.tabIndex = 0;
      tab.addEventListener("click", function () { self.open(name); });
      return {tab: tab, body: body};
    },
    show: function (data, features) {
      var self = this, body = this.pages[this.now].body, scrolled = body.scrollTop, anchor = this.text.anchor(), tray = data.unresolved.length + data.listed.length;
      this.data = data; this.features = features; this.filled = Object.create(null);
      this.side.setAttribute("aria-label", S.phrase("Text and sources"));
      this.bar.setAttribute("aria-label", S.phrase("Text and sources"));
      PAGES.forEach(function (page) {
        var made = self.pages[page[0]];
        made.tab.textContent = titles(tray)[page[0]];
        made.tab.hidden = (page[0] === "tray" && !tray) || (page[0] === "relations" && !data.relations.length);
        if (page[0] !== "text") made.body.replaceChildren();
      });
      this.text.show(data, features);
      this.reports.show(data.texts);
      this.open(this.pages[this.now].tab.hidden ? "text" : this.now);
      body.scrollTop = scrolled;
      this.text.hold(anchor, 3);
    },
    open: function (name) {
      var self = this, page = PAGES.find(function (one) { return one[0] === name; });
      this.now = name;
      PAGES.forEach(function (one) {
        var on = one[0] === name, made = self.pages[one[0]];
        made.body.hidden = !on;
        made.tab.setAttribute("aria-selected", String(on)); made.tab.tabIndex = on ? 0 : -1;
      });
      if (!this.data) return;
      this.reports.box.hidden = name !== "text" || this.data.texts.length < 2;
      if (page[1] && !this.filled[name]) { this.filled[name] = true; page[1](this.pages[name].body, this.data, this.features); }
    },
    key: function (event) {
      var open = PAGES.map(function (one) { return one[0]; }).filter(function (name) { return !this.pages[name].tab.hidden; }, this), at = open.indexOf(this.now), last = open.length - 1;
      var back = S.fromRight() ? "ArrowRight" : "ArrowLeft", on = S.fromRight() ? "ArrowLeft" : "ArrowRight", next;
      if (event.key === on) next = at === last ? 0 : at + 1;
      else if (event.key === back) next = at ? at - 1 : last;
      else if (event.key === "Home") next = 0;
      else if (event.key === "End") next = last;
      else return;
      event.preventDefault();
      this.open(open[next]);
      this.pages[this.now].tab.focus();
    }
  };

  /* The way to one report among several; it names the one that is in view. */
  S.Reports = function (side, panel) {
    var self = this, waiting = null;
    this.panel = panel;
    this.box = S.el("div", "s-reports", null, side);
    this.choice = S.el("select", "", null, this.box);
    this.count = S.el("span", "", "", this.box);
    this.choice.addEventListener("change", function () {
      var article = panel.text.articles[self.choice.value];
      if (article) article.node.scrollIntoView({block: "start"});
    });
    side.addEventListener("scroll", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { self.follow(); }, 120);
    }, {capture: true, passive: true});
  };

  S.Reports.prototype = {
    show: function (texts) {
      var choice = this.choice, kept = choice.value;
      this.box.hidden = texts.length < 2;
      choice.replaceChildren();
      choice.setAttribute("aria-label", S.phrase("Report"));
      texts.forEach(function (text) { S.el("option", "", text.title || text.byline || text.id, choice).value = text.id; });
      if (this.panel.text.articles[kept]) choice.value = kept;
      this.count.textContent = S.phrase("{count} report | {count} reports", {count: texts.length});
    },
    follow: function () {
      var body = this.panel.text.body, top = body.scrollTop + 40, articles = this.panel.text.articles, found = "";
      if (this.box.hidden) return;
      Object.keys(articles).forEach(function (id) { if (articles[id].node.offsetTop - body.offsetTop <= top && (!found || articles[id].node.offsetTop > articles[found].node.offsetTop)) found = id; });
      if (found) this.choice.value = found;
    }
  };

  /* Offers to add the words that a reader selected in a report as a place that was missed. */
  S.Missed = function (home, text, tell) {
    var self = this, waiting = null;
    this.text = text; this.home = home;
    this.button = S.el("button", "s-missed", "", home);
    this.button.type = "button"; this.button.hidden = true;
    this.button.addEventListener("click", function () {
      var found = self.found;
      self.hide();
      if (found) tell({kind: "missed", document: found.document, start: found.start, end: found.end, text: found.text});
      window.getSelection().removeAllRanges();
    });
    document.addEventListener("selectionchange", function () {
      clearTimeout(waiting);
      waiting = setTimeout(function () { self.update(); }, 180);
    });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape") self.hide(); });
    text.body.addEventListener("scroll", function () { self.hide(); }, {passive: true});
  };

  S.Missed.prototype = {
    update: function () {
      var found = this.text.selected(), box, home;
      if (!found) { if (document.activeElement !== this.button) this.hide(); return; }
      this.found = found;
      this.button.textContent = S.phrase("Add as a place");
      this.button.title = found.text;
      box = found.range.getBoundingClientRect();
      home = this.home.getBoundingClientRect();
      this.button.hidden = false;
      this.button.style.left = Math.max(4, Math.min(home.width - this.button.offsetWidth - 4, box.left - home.left)) + "px";
      this.button.style.top = Math.min(home.height - this.button.offsetHeight - 4, box.bottom - home.top + 5) + "px";
    },
    hide: function () { this.button.hidden = true; this.found = null; }
  };
})(Salient);
