/* The view in the page's address: where, when, what is picked and which lines of the legend are shown. Whatever the address holds is
   read as numbers, a day and known keys; the rest of it is left alone. */
"use strict";

(function (S) {
  var KEY = /^[a-z]{1,20}-\d{1,4}$/, DAY = /^\d{4}-\d{2}-\d{2}$/, MOST = 400;

  /* {lat, lon, zoom, date, off: [], on: [], alone, pick} as the part of an address after the hash; what is missing is left out. */
  S.formatLink = function (state) {
    var parts = [];
    if (state.lat !== undefined) parts.push("map=" + [rounded(state.zoom, 2), rounded(state.lat, 4), rounded(state.lon, 4)].join("/"));
    if (state.date) parts.push("date=" + state.date);
    if (state.off && state.off.length) parts.push("off=" + state.off.join(","));
    if (state.on && state.on.length) parts.push("on=" + state.on.join(","));
    if (state.alone) parts.push("alone=" + state.alone);
    if (state.pick) parts.push("pick=" + encodeURIComponent(state.pick));
    return parts.length ? "#" + parts.join("&") : "";
  };

  /* The same back; only what is well formed. */
  S.parseLink = function (hash) {
    var state = {};
    String(hash || "").replace(/^#/, "").slice(0, 8000).split("&").forEach(function (part) {
      var cut = part.indexOf("="), name = part.slice(0, cut), value = part.slice(cut + 1);
      if (cut < 1) return;
      if (name === "map") place(state, value);
      if (name === "date" && DAY.test(value)) state.date = value;
      if (name === "off" || name === "on") state[name] = value.split(",").slice(0, MOST).filter(function (key) { return KEY.test(key); });
      if (name === "alone" && KEY.test(value)) state.alone = value;
      if (name === "pick") pick(state, value);
    });
    return state;
  };

  function rounded(value, digits) { return Number(Number(value).toFixed(digits)); }

  function place(state, value) {
    var numbers = value.split("/").map(function (part) { return /^-?\d{1,4}(\.\d{1,12})?$/.test(part) ? Number(part) : NaN; });
    if (numbers.length !== 3 || numbers.some(isNaN)) return;
    if (numbers[0] < 0 || numbers[0] > 22 || Math.abs(numbers[1]) > 90 || Math.abs(numbers[2]) > 540) return;
    state.zoom = numbers[0]; state.lat = numbers[1]; state.lon = numbers[2];
  }

  function pick(state, value) {
    try {
      var id = decodeURIComponent(value);
      if (id && id.length <= 300) state.pick = id;
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
  }

  /* Keeps the address in step with the map, and the map with the address. Where a page may not write its address (a sandboxed frame,
     a srcdoc), the link is made all the same for whoever asks for it. */
  S.Permalink = function (map, features, timeline) {
    var self = this, waiting = null;
    this.map = map; this.features = features; this.timeline = timeline;
    this.later = function () { clearTimeout(waiting); waiting = setTimeout(function () { self.write(); }, 250); };
    this.follow = function () { if (window.location.hash !== self.written) self.apply(S.parseLink(window.location.hash), true); };
    window.addEventListener("hashchange", this.follow);
  };

  S.Permalink.prototype = {
    start: function () {
      this.apply(S.parseLink(window.location.hash), false);
      this.started = true;
      this.map.on("moveend", this.later);
      this.use(this.features, this.timeline);
    },
    /* Follows other features and days. */
    use: function (features, timeline) {
      this.features = features; this.timeline = timeline;
      features.listeners.push(this.later);
      features.watch("select", this.later);
    },
    state: function () {
      var centre = this.map.getCenter(), features = this.features, state = features.choice();
      state.lat = centre.lat; state.lon = centre.lng; state.zoom = this.map.getZoom();
      if (this.timeline && !this.timeline.atEnd()) state.date = this.timeline.date();
      if (features.selected) state.pick = features.selected.id;
      return state;
    },
    link: function () { return S.formatLink(this.state()); },
    write: function () {
      this.written = this.link();
      try {
        window.history.replaceState(null, "", this.written);
      } catch (error) {
        if (error.name !== "SecurityError") throw error;
      }
    },
    apply: function (state, follow) {
      if (state.date && this.timeline) this.timeline.go(state.date);
      else if (follow && this.timeline) this.timeline.end();
      if (follow || state.off || state.on || state.alone) this.features.choose(state);
      if (state.lat !== undefined) this.map.setView([state.lat, state.lon], state.zoom, {animate: false});
      var feature = state.pick && this.features.byId[state.pick];
      if (feature) this.features.show(feature, {fly: state.lat === undefined, stay: true, still: state.lat !== undefined});
      else if (follow) this.map.closePopup();
    }
  };

  /* Copies the address of this view; where the browser forbids that, shows it to be copied by hand. */
  S.share = function (head, permalink) {
    if (!/^(https?|file):$/.test(window.location.protocol)) return null;
    var holder = S.el("div", "s-share", null, head), button = S.el("button", "", S.phrase("Copy link"), holder), waiting = null;
    button.type = "button";
    button.title = S.phrase("Copy a link to this view: place, date, layers and what is open");
    function tell(words) {
      clearTimeout(waiting);
      button.textContent = words;
      waiting = setTimeout(function () { button.textContent = S.phrase("Copy link"); }, 2500);
    }
    function byHand(address) {
      var field = holder.querySelector("input") || S.el("input", "", null, holder);
      field.readOnly = true; field.value = address;
      field.setAttribute("aria-label", S.phrase("Link to this view"));
      field.focus(); field.select();
    }
    button.addEventListener("click", function () {
      var address = window.location.href.replace(/#.*$/, "") + permalink.link();
      if (!navigator.clipboard) { byHand(address); return; }
      navigator.clipboard.writeText(address).then(function () { tell(S.phrase("Link copied")); S.say(S.phrase("Link copied")); }, function () { byHand(address); });
    });
    return button;
  };
})(Salient);
