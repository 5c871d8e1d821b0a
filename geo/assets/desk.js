/* The desk: text and map in one page that is opened once. Each situation that it is shown takes the place of the last, in one step, and
   leaves the view, the open card, the text's place and the reader's choices as they are. */
"use strict";

(function (S) {
  var OPTIONS = {zoomSnap: 0.25, zoomDelta: 1, minZoom: 2, maxZoom: 12, maxBoundsViscosity: 1, attributionControl: false};
  var TIGHT = 760;  // pixels of the map's width up to which an open card has no room beside the legend
  var NAMES = /^(mention|missed)$/;
  var MOVED = 1000;  // metres: a mark that moved less is where it was
  var ROOM = 480;  // and up to which the legend is folded
  var MOST_CLAIMS = 6;  // of a card that has a button of their own

  S.desk = function (root) { S.current = new S.Desk(root); };

  S.Desk = function (root) {
    var self = this, home = this.box = S.el("div", "salient s-desk", null, root);
    this.talk = new S.DeskTalk(this);
    this.tell = function (told) { self.talk.tell({salient: "told", told: told}); };
    this.asked = null; this.grounds = Object.create(null); this.order = 0; this.chosen = {layers: [], claims: null}; this.hash = ""; this.theme = "light";
    this.head = new S.DeskHead(home, this);
    this.panel = new S.DeskPanel(home, this.tell);
    this.stage = S.el("main", "s-stage", null, home);
    S.live = S.el("p", "s-hidden", "", home);
    S.live.setAttribute("aria-live", "polite");
    this.makeMap();
    this.layout = new S.Layout(home, function () { self.resize(); });
    this.search = new S.Search(this.head.middle, this);
    this.draw = new S.Draw(this.map, this.stage, function (told) { if (told) self.tell(told); else self.talk.tell({salient: "left"}); });
    new ResizeObserver(function () { self.resize(); }).observe(this.stage);
    S.printed(this);
    this.talk.tell({salient: "ready"});
  };

  S.Desk.prototype = {
    makeMap: function () {
      var container = S.el("div", "folium-map", null, this.stage), map;
      container.id = "s-map";
      container.setAttribute("role", "region");
      map = this.map = L.map(container, OPTIONS).setView([30, 20], 3);
      S.definitions(document.body);
      map.createPane("s-base").style.zIndex = 150;
      map.createPane("s-grid").style.zIndex = 405;
      map.getPane("s-grid").style.pointerEvents = "none";
      map.createPane("s-labels").style.zIndex = 450;
      map.getPane("s-labels").style.pointerEvents = "none";
    },
    home: function (how) { S.fit(this, how); },

    /* What the app asks; see desk_talk.js. */
    takeGround: function (told) {
      this.grounds = Object.create(null);
      var packed = JSON.parse(new TextDecoder().decode(told.data));
      this.grounds[told.key] = packed ? S.loadBasemap(packed).then(function (shapes) { return {shapes: shapes, packed: packed}; }) : Promise.resolve(null);
      if (this.waiting) this.takeShow(this.waiting);
    },
    takeShow: function (told) {
      var self = this, data = told.read || (told.read = JSON.parse(new TextDecoder().decode(told.data))), ground = this.grounds[data.ground], number;
      this.waiting = ground ? null : told;
      if (!ground) return;
      number = ++this.order;
      ground.then(function (base) {
        if (number !== self.order) return;
        self.swap(data, base, told.key);
        self.talk.tell({salient: "shown", key: told.key, marks: self.features.ordered().length});
      });
    },
    takeFilter: function (told) {
      this.chosen = told;
      if (!this.features) return;
      S.sift(this);
      this.features.refresh();
      this.after();
    },
    takeMode: function (told) { if (told.mode) { this.layout.show("map"); this.draw.start(told.mode); } else this.draw.stop(); },
    takePick: function (told) {
      var one = told.told, feature;
      this.picked = one;
      if (one) this.about = NAMES.test(one.kind) ? one : null;
      if (!this.features) return;
      if (!one && this.features.selected && !document.querySelector(".s-card")) this.features.select(null);
      if (!one || NAMES.test(one.kind)) this.panel.text.pick(one && one.document, one && one.start, one && one.end, true);
      feature = one && one.id && this.features.all.find(function (other) { return other.id === one.id || (other.claims || []).indexOf(one.id) >= 0; });
      if (feature && feature !== this.features.selected) this.features.show(feature, {fly: true});
    },
    takeLook: function (told) {
      if (told.theme === this.theme) return;
      this.theme = told.theme;
      document.documentElement.dataset.theme = told.theme;
      if (this.features) this.paint(this.base);
    },
    takeLink: function (told) {
      this.hash = told.hash;
      if (this.permalink && this.permalink.started) this.permalink.apply(S.parseLink(told.hash), true);
    },
    /* Makes room where something of the app stands over the end of the page. */
    takeCover: function (told) {
      this.box.style.paddingInlineEnd = told.width ? told.width + "px" : "";
      this.resize();
    },
    takeCopied: function (told) { this.head.copied(told); },

    /* Puts a situation in the place of the last one. Nothing in here waits: what is drawn changes from one picture to the next. */
    swap: function (data, base, key) {
      var self = this, kept = this.features ? this.keep() : null, old = this.features, same = kept && alike(this.data, data);
      S.speak(data.language);
      document.documentElement.lang = S.spoken();
      document.documentElement.dir = S.fromRight() ? "rtl" : "ltr";
      this.data = data; this.key = key;
      data.correct = function (card, feature) { S.correctable(card, feature, self.tell); };
      this.map.getContainer().setAttribute("aria-label", S.phrase("Map: {title}. Arrow keys move the map; Tab leads to the marks.", {title: data.title}));
      if (old) { if (!same) this.map.closePopup(); old.remove(); }
      S.sift(this);
      var features = this.features = new S.Features(this.map, data);
      if (data.packed) features.points = new S.Points(this.map, features, data.packed);
      if (this.marks) this.marks.use(features); else this.marks = new S.Marks(this.map, features);
      this.furnish(same ? kept : null);
      this.panel.show(data, features);
      this.head.show(data, features);
      this.skip(); this.layout.write(); this.search.show(); this.draw.write();
      this.paint(base);
      if (!same) this.begin(Boolean(kept));
      this.follow();
      if (same) this.restore(kept);
      this.after();
      if (this.picked && NAMES.test(this.picked.kind)) this.panel.text.pick(this.picked.document, this.picked.start, this.picked.end, false);
      if (same) this.refocus(kept);
      this.box.setAttribute("data-ready", "true");
    },
    /* Ways past the text and the map for those who go by Tab. */
    skip: function () {
      var bar = this.box.querySelector(".s-skips");
      if (bar) bar.remove();
      S.skips(this.box);
      this.box.insertBefore(this.box.lastChild, this.box.firstChild);
    },
    /* What the reader chose, to be taken up again. */
    keep: function () {
      var features = this.features, choice = features.choice(), lines = this.data.legend;
      function named(keys) { return keys.map(function (key) { return lineWords(lines.find(function (line) { return line.key === key; })); }); }
      return {
        off: named(choice.off), on: named(choice.on), alone: choice.alone ? named([choice.alone])[0] : null, open: this.legend.open || this.folded, more: this.legend.querySelector(".s-more[open]") !== null, scrolled: this.legend.scrollTop,
        seen: this.inView(), target: spotOf(features, this.panel.text.target(this.about)),
        date: this.timeline && !this.timeline.atEnd() ? this.timeline.date() : this.wanted || "", selected: features.selected ? features.selected.id : null, popup: features.popup
      };
    },
    restore: function (kept) {
      var features = this.features, lines = this.data.legend, feature = kept.selected && features.byId[kept.selected];
      function keys(named) { return lines.filter(function (line) { return named.indexOf(lineWords(line)) >= 0; }).map(function (line) { return line.key; }); }
      if (kept.off.length || kept.on.length || kept.alone) features.choose({off: keys(kept.off), on: keys(kept.on), alone: kept.alone && keys([kept.alone])[0]});
      if (kept.date && this.timeline && !this.data.lazy) { this.wanted = ""; this.timeline.go(kept.date); }
      if (feature && !feature.filtered) features.take(feature, kept.popup);
      else if (kept.selected) this.map.closePopup();
    },
    /* How many marks lie in the view. */
    inView: function () {
      var view = this.map.getBounds(), features = this.features;
      return features.ordered().filter(function (feature) { return view.intersects(features.bounds(feature)); }).length;
    },
    /* Where a correction moved the mark that it was about out of the view, the map goes there; where it leaves nothing in the view, to the first view. */
    refocus: function (kept) {
      var features = this.features, target = this.panel.text.target(this.about), spot = spotOf(features, target);
      if (spot && kept.target && spot.distanceTo(kept.target) > MOVED && !this.map.getBounds().pad(-0.05).contains(spot)) features.fly(features.bounds(target).pad(0.4), Math.max(7, this.map.getZoom()));
      else if (kept.seen && !this.inView()) this.home({animate: !S.still()});
    },
    /* Legend, dates and credits round the map. */
    furnish: function (kept) {
      var data = this.data, legend = S.legend(data, this.features), more, self = this;
      legend.open = kept ? kept.open : this.stage.clientWidth >= 560 && this.stage.clientHeight > 400 && (data.legend.length < 5 || this.stage.clientHeight > 460);
      if (this.legend) this.legend.replaceWith(legend); else this.stage.appendChild(legend);
      this.legend = legend;
      more = legend.querySelector(".s-more");
      if (kept && more) more.open = kept.more;
      if (kept) legend.scrollTop = kept.scrolled;
      L.DomEvent.disableClickPropagation(legend); L.DomEvent.disableScrollPropagation(legend);
      legend.addEventListener("toggle", function () { if (self.features.labels) self.features.labels.redraw(); }, true);
      if (this.timeline) { this.timeline.play(false); this.timeline.box.remove(); this.timeline = null; }
      if (data.days.length > 1) this.timeline = new S.Timeline(this.stage, data.days, this.features);
      if (this.timeline && data.lazy) this.ask();
      this.foot = this.foot || S.el("p", "s-foot", null, this.stage);
      this.foot.replaceChildren();
      S.el("span", "", data.boundary_note + " ", this.foot);
      S.el("span", "", data.attribution, this.foot);
      this.fold();
      this.measure();
      this.map.invalidateSize({animate: false, pan: false});
    },
    /* The maps of earlier days are asked for when the reader first moves the date. */
    ask: function () {
      var self = this, timeline = this.timeline, asked = false;
      timeline.show = function (number) {
        self.wanted = timeline.days[Math.max(0, Math.min(timeline.days.length - 1, number))];
        timeline.label.textContent = S.date(self.wanted);
        timeline.box.classList.add("s-busy");
        timeline.play(false);
        if (!asked) self.talk.tell({salient: "days"});
        asked = true;
      };
    },
    measure: function () {
      if (!this.foot) return;
      this.stage.style.setProperty("--foot", this.foot.offsetHeight + "px");
      this.stage.style.setProperty("--low", this.foot.offsetHeight + (this.timeline ? this.timeline.box.offsetHeight : 0) + "px");
    },
    /* The ground, the grid and the names. */
    paint: function (base) {
      var data = this.data, map = this.map, colours = S.groundColours(data.style.base, this.theme), fresh = [this.ground, this.grid, this.features.labels].filter(Boolean);
      this.base = base; this.ground = this.grid = null;
      if (base) this.ground = new S.BaseCanvas(base.shapes, colours, {pane: "s-base", preset: data.preset}).addTo(map);
      if (data.preset.graticule === "mgrs") this.grid = new S.GridCanvas(colours.grid, {pane: "s-grid"}).addTo(map);
      this.features.labels = new S.LabelCanvas(base && base.packed, colours, this.features, {pane: "s-labels"}).addTo(map);
      fresh.forEach(function (layer) { layer.remove(); });
    },
    /* The first view of other reports. */
    begin: function (again) {
      var map = this.map, stage = this.stage, corner;
      if (this.button) this.button.remove();
      ["left", "right", "top"].forEach(function (name) { stage.classList.remove("s-legend-" + name); });
      this.aside = null;
      this.seen = Math.min(stage.clientWidth, stage.clientHeight) >= 60;
      S.fit(this);
      corner = S.placeLegend(this);
      if (this.scale) this.scale.remove();
      this.scale = L.control.scale({position: corner === "left" ? "bottomright" : "bottomleft", imperial: true, maxWidth: 110}).addTo(map);
      this.first = [map.getCenter().lat.toFixed(1), map.getCenter().lng.toFixed(1), map.getZoom().toFixed(2)].join();
      if (again) this.hash = "";
    },
    /* The address follows the view, and what is written in it is taken up once. */
    follow: function () {
      var self = this, link = this.permalink;
      this.features.listeners.push(function () { self.features.labels.redraw(); });
      if (link) { link.use(this.features, this.timeline); return; }
      link = this.permalink = new S.Permalink(this.map, this.features, this.timeline);
      link.write = function () {
        var hash = link.link();
        if (hash !== link.written) self.talk.tell({salient: "link", hash: hash});
        link.written = hash;
      };
      link.apply(S.parseLink(this.hash), false);
      link.started = true;
      this.map.on("moveend", link.later);
      link.use(this.features, this.timeline);
    },
    /* What follows from which marks are shown. */
    after: function () {
      var features = this.features, marks = features.all.filter(function (feature) { return !feature.quiet; }), off = marks.filter(function (feature) { return feature.filtered; }).length;
      this.panel.text.dim(this.hiddenClaims);
      if (features.selected && features.selected.filtered) this.map.closePopup();
      this.count = this.count || S.el("p", "s-count", "", this.stage);
      this.count.hidden = !off;
      this.count.textContent = off ? S.phrase("{shown} of {all} marks shown", {shown: marks.length - off, all: marks.length}) : "";
      if (off) S.say(this.count.textContent);
      if (this.button) this.button.remove();
      S.offerBeyond(this);
      this.button = this.stage.querySelector(".s-all");
    },
    /* The legend is folded while the map has no room for it. */
    fold: function () {
      var small = this.stage.clientWidth < ROOM;
      if (!this.legend || !this.stage.clientWidth) return;
      if (small && this.legend.open) { this.legend.open = false; this.folded = true; }
      else if (!small && this.folded) { this.legend.open = true; this.folded = false; }
    },
    resize: function () {
      this.stage.classList.toggle("s-tight", this.stage.clientWidth < TIGHT);
      this.fold();
      if (!this.map || !this.features) return;
      this.measure();
      this.map.invalidateSize({animate: false, pan: true});
      if (this.seen || Math.min(this.stage.clientWidth, this.stage.clientHeight) < 60) return;
      this.begin(false);
      if (this.hash) this.permalink.apply(S.parseLink(this.hash), false);
    }
  };

  /* The buttons of a card with which a reader corrects what stands on it. */
  S.correctable = function (card, feature, tell) {
    var bar = S.el("p", "s-correct", null, null), place = feature.layer === "places" || feature.layer === "reference";
    function button(words, told) {
      var made = S.el("button", "", words, bar);
      made.type = "button";
      made.addEventListener("click", function () { tell(told); });
    }
    (feature.claims || []).slice(0, MOST_CLAIMS).forEach(function (id, number) {
      button(feature.claims.length > 1 ? S.phrase("Correct claim {number}", {number: String(number + 1)}) : S.phrase("Correct"), {kind: "claim", id: id});
    });
    if (place && feature.id.indexOf("phrase-") !== 0) button(S.phrase("Correct"), {kind: "place", id: feature.id.replace(/@\d+$/, "")});
    if (bar.childNodes.length) card.insertBefore(bar, feature.layer ? card.querySelector("blockquote, .s-source, dl") : null);
  };

  /* Marks what the reader's filter hides: a feature all of whose claims are hidden or whose layer is; a place that no shown sentence names. */
  S.sift = function (desk) {
    var data = desk.data, layers = desk.chosen.layers, shown = desk.chosen.claims && new Set(desk.chosen.claims), named = shown && namedIn(data, shown);
    desk.hiddenClaims = new Set();
    if (shown) data.claims.forEach(function (claim, number) { if (!shown.has(claim[0])) desk.hiddenClaims.add(number); });
    data.layers.forEach(function (layer) {
      var off = layers.length > 0 && layers.indexOf(layer.key) < 0;
      layer.features.forEach(function (feature) {
        var told = (feature.claims || []).length ? feature.claims.some(function (id) { return !shown || shown.has(id); }) : !shown || named.has(feature.id);
        feature.filtered = off || !told;
      });
    });
  };

  /* The features that some words of a shown claim's sentence name. */
  function namedIn(data, shown) {
    var found = new Set();
    data.texts.forEach(function (text) {
      text.paragraphs.forEach(function (pieces) {
        pieces.forEach(function (piece) {
          if (piece.f && piece.k && piece.k.some(function (number) { return shown.has(data.claims[number][0]); })) piece.f.forEach(function (id) { found.add(id); });
        });
      });
    });
    return found;
  }

  function spotOf(features, feature) { return feature ? features.middle(feature) : null; }

  function lineWords(line) { return [line.layer, line.group, line.label, line.sign].join("|"); }

  /* Whether two situations tell of the same reports, or some of them. */
  function alike(one, other) {
    var ids = new Set(one.texts.map(function (text) { return text.id; }));
    return other.texts.some(function (text) { return ids.has(text.id); }) || (!one.texts.length && !other.texts.length && one.title === other.title);
  }
})(Salient);
