/* What a page round this one (a slide, an article) may ask of the map, by postMessage, and what it is told. Each message is an object
   with `salient`, one of the words below; anything else is ignored, and nothing in it is ever run. See docs/slides-in-html.md. */
"use strict";

(function (S) {
  var KEY = /^[a-z]{1,20}(-\d{1,4})?$/, DAY = /^\d{4}-\d{2}-\d{2}$/, READ = {view: view, select: select, layers: layers, date: date, step: step};

  /* A well-formed message, reduced to what it may hold; else null. */
  S.readMessage = function (told) {
    if (typeof told !== "object" || told === null || Array.isArray(told)) return null;
    var kind = own(told, "salient");
    return typeof kind === "string" && Object.prototype.hasOwnProperty.call(READ, kind) ? READ[kind](told) : null;
  };

  function own(told, name) { return Object.prototype.hasOwnProperty.call(told, name) ? told[name] : undefined; }

  function number(value, least, most) { return typeof value === "number" && isFinite(value) && value >= least && value <= most; }

  function view(told) {
    var bounds = own(told, "bounds"), zoom = own(told, "zoom");
    if (own(told, "home") === true) return {kind: "view", home: true};
    if (Array.isArray(bounds)) {
      var right = bounds.length === 4 && bounds.every(function (edge, at) { return number(edge, at % 2 ? -90 : -540, at % 2 ? 90 : 540); });
      return right && bounds[0] < bounds[2] && bounds[1] < bounds[3] ? {kind: "view", bounds: bounds.slice()} : null;
    }
    if (!number(own(told, "lat"), -90, 90) || !number(own(told, "lon"), -540, 540)) return null;
    if (zoom !== undefined && !number(zoom, 0, 22)) return null;
    return {kind: "view", lat: told.lat, lon: told.lon, zoom: zoom};
  }

  function select(told) {
    var id = own(told, "id");
    if (id === null) return {kind: "select", id: null};
    return typeof id === "string" && id && id.length <= 300 ? {kind: "select", id: id} : null;
  }

  function layers(told) {
    var show = own(told, "show");
    if (show === "all" || show === "default") return {kind: "layers", show: show};
    if (!Array.isArray(show) || show.length > 400) return null;
    return show.every(function (key) { return typeof key === "string" && KEY.test(key); }) ? {kind: "layers", show: show.slice()} : null;
  }

  function date(told) { var day = own(told, "date"); return typeof day === "string" && DAY.test(day) ? {kind: "date", date: day} : null; }

  function step(told) {
    var by = own(told, "by"), through = own(told, "through");
    if (by !== 1 && by !== -1) return null;
    if (through !== undefined && through !== "dates" && through !== "marks") return null;
    return {kind: "step", by: by, through: through};
  }

  /* Listens to the window round this one, and to no other. */
  S.Messages = function (app) {
    var self = this;
    this.app = app;
    this.listen = function (event) {
      if (event.source !== window.parent) return;
      var told = S.readMessage(event.data);
      if (told) self[told.kind](told);
    };
    window.addEventListener("message", this.listen);
    app.features.watch("select", function (feature) { self.tell({salient: "selected", id: feature ? feature.id : null, title: feature ? feature.title : "", layer: feature ? feature.layer : ""}); });
  };

  S.Messages.prototype = {
    tell: function (told) { if (window.parent !== window) window.parent.postMessage(told, "*"); },
    ready: function () {
      var data = this.app.data;
      this.tell({salient: "ready", title: data.title, dates: data.days.slice(), marks: this.app.features.ordered().length,
                 layers: data.legend.map(function (entry) { return {key: entry.key, layer: entry.layer, label: entry.label}; })});
    },
    view: function (told) {
      var map = this.app.map, how = {animate: !S.still()};
      if (told.home) this.app.home(how);
      else if (told.bounds) map.fitBounds([[told.bounds[1], told.bounds[0]], [told.bounds[3], told.bounds[2]]], how);
      else map.setView([told.lat, told.lon], told.zoom === undefined ? map.getZoom() : told.zoom, how);
    },
    select: function (told) {
      var feature = told.id !== null && this.app.features.byId[told.id];
      if (told.id === null) this.app.map.closePopup();
      else if (feature) this.app.features.show(feature, {fly: true});
    },
    layers: function (told) {
      var entries = this.app.data.legend, off = [], on = [];
      entries.forEach(function (entry) {
        var shown = told.show === "default" ? !entry.off : told.show === "all" || told.show.indexOf(entry.key) >= 0 || told.show.indexOf(entry.layer) >= 0;
        if (!shown && !entry.off) off.push(entry.key);
        if (shown && entry.off) on.push(entry.key);
      });
      this.app.features.choose({off: off, on: on});
    },
    date: function (told) { if (this.app.timeline) this.app.timeline.go(told.date); },
    step: function (told) {
      var timeline = this.app.timeline, features = this.app.features;
      if (told.through !== "marks" && timeline) { timeline.step(told.by); return; }
      if (told.through === "dates") return;
      var marks = features.ordered(), at = marks.indexOf(features.selected);
      var next = at < 0 ? (told.by > 0 ? 0 : marks.length - 1) : at + told.by;
      if (marks[next]) features.show(marks[next], {fly: true});
    }
  };
})(Salient);
