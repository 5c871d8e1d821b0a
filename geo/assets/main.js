/* Starts the map: basemap, features, names, furniture, first view. */
"use strict";

(function (S) {
  S.start = function (map, data) {
    S.speak(data.language);
    S.definitions(document.body);
    map.createPane("s-base").style.zIndex = 150;
    map.createPane("s-grid").style.zIndex = 405;
    map.getPane("s-grid").style.pointerEvents = "none";
    map.createPane("s-labels").style.zIndex = 450;
    map.getPane("s-labels").style.pointerEvents = "none";
    var features = new S.Features(map, data);
    if (data.packed) features.points = new S.Points(map, features, data.packed);
    var app = {map: map, features: features, data: data}, home = S.furniture(app), ready, link, messages;
    app.marks = new S.Marks(map, features);
    app.home = function (how) { S.fit(app, how); };
    S.firstView(app);
    link = app.permalink = new S.Permalink(map, features, app.timeline);
    if (data.panel) S.share(home.querySelector(".s-head"), link);
    messages = new S.Messages(app);
    S.wheel(app);
    ready = data.basemap ? S.loadBasemap(data.basemap) : Promise.resolve(null);
    ready.then(function (base) {
      if (base) { app.ground = new S.BaseCanvas(base, data.style.base, {pane: "s-base", preset: data.preset}); app.ground.addTo(map); }
      if (data.preset.graticule === "mgrs") { app.grid = new S.GridCanvas(data.style.base.grid, {pane: "s-grid"}); app.grid.addTo(map); }
      features.labels = new S.LabelCanvas(data.basemap, data.style.base, features, {pane: "s-labels"});
      features.labels.addTo(map);
      features.listeners.push(function () { features.labels.redraw(); });
      home.querySelector(".s-legend").addEventListener("toggle", function () { features.labels.redraw(); }, true);
      link.start();
      home.setAttribute("data-ready", "true");
      messages.ready();
    });
    S.resized(app);
    S.printed(app);
    S.current = app;
  };

  /* The same with the data squeezed (gzip, base64). */
  S.startSqueezed = function (map, packed) {
    S.inflate(packed).then(function (octets) { S.start(map, JSON.parse(new TextDecoder().decode(octets))); });
  };

  /* The page round the map. */
  S.furniture = function (app) {
    var map = app.map, data = app.data, features = app.features, container = map.getContainer(), home = S.el("div", "salient" + (data.panel ? " s-with-panel" : ""));
    container.parentNode.insertBefore(home, container);
    app.box = home;
    if (data.panel) S.skips(home);
    S.heading(app);
    var stage = app.stage = S.el("main", "s-stage", null, home);
    stage.appendChild(container);
    container.id = container.id || "s-map";
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", S.phrase("Map: {title}. Arrow keys move the map; Tab leads to the marks.", {title: data.title}));
    app.legend = stage.appendChild(S.legend(data, features));
    if (data.days.length > 1) app.timeline = new S.Timeline(stage, data.days, features);
    S.footer(app);
    S.live = S.el("p", "s-hidden", "", home);
    S.live.setAttribute("aria-live", "polite");
    if (data.panel) S.panel(home, data, features);
    app.legend.open = stage.clientWidth >= 560 && stage.clientHeight > 400 && (data.legend.length < 5 || stage.clientHeight > 460);
    L.DomEvent.disableClickPropagation(app.legend);
    L.DomEvent.disableScrollPropagation(app.legend);
    map.invalidateSize({animate: false});
    return home;
  };

  S.skips = function (home) {
    var bar = S.el("nav", "s-skips", null, home);
    bar.setAttribute("aria-label", S.phrase("Skip"));
    [[S.phrase("To the map"), function () { return home.querySelector(".leaflet-container"); }], [S.phrase("To the text"), function () { return home.querySelector(".s-page:not([hidden])"); }]].forEach(function (skip) {
      var button = S.el("button", "", skip[0], bar);
      button.type = "button";
      button.addEventListener("click", function () { skip[1]().focus(); });
    });
  };

  S.heading = function (app) {
    var data = app.data, head = S.el("header", "s-head", null, app.box), words = S.el("div", "s-title", null, head), sub;
    S.el("h1", "", data.title, words);
    sub = S.el("p", "s-sub", "", words);
    function write() {
      var day = data.days[app.features.day] || data.as_of;
      sub.textContent = [day ? S.phrase("As of {day}", {day: S.date(day)}) : S.phrase("No date given"), data.bylines.join("; "), data.view_words].filter(Boolean).join("  ·  ");
    }
    write();
    app.features.watch("day", write);
  };

  S.footer = function (app) {
    var stage = app.stage, foot = S.el("p", "s-foot", null, stage);
    S.el("span", "", app.data.boundary_note + " ", foot);
    S.el("span", "", app.data.attribution, foot);
    app.foot = foot;
    app.measure = function () {
      stage.style.setProperty("--foot", foot.offsetHeight + "px");
      stage.style.setProperty("--low", foot.offsetHeight + (app.timeline ? app.timeline.box.offsetHeight : 0) + "px");
      app.box.style.setProperty("--head", app.box.querySelector(".s-head").offsetHeight + "px");
    };
    app.measure();
  };

  /* The map follows the size of its box; a first view taken while it had none is taken again. */
  S.resized = function (app) {
    var map = app.map, seen = shortSide() >= 60;
    function shortSide() { return Math.min(map.getContainer().clientWidth, map.getContainer().clientHeight); }
    function follow() {
      app.measure();
      map.invalidateSize({animate: false, pan: true});
      if (seen || shortSide() < 60) return;
      seen = true;
      app.home({animate: false});
      if (app.permalink.started) app.permalink.apply(S.parseLink(window.location.hash), false);
    }
    new ResizeObserver(follow).observe(app.stage);
    window.addEventListener("resize", follow);
  };

  /* In another page the wheel scrolls that page, until the map was clicked or with Ctrl held. */
  S.wheel = function (app) {
    var map = app.map, container = map.getContainer(), hint = null, waiting = null;
    if (!S.embedded()) return;
    map.scrollWheelZoom.disable();
    map.on("click focus", function () { map.scrollWheelZoom.enable(); });
    container.addEventListener("mouseleave", function () { map.scrollWheelZoom.disable(); });
    app.stage.addEventListener("wheel", function (event) {
      if (event.ctrlKey || event.metaKey) { event.preventDefault(); map.scrollWheelZoom.enable(); return; }
      if (map.scrollWheelZoom.enabled()) return;
      hint = hint || S.el("p", "s-wheel", S.phrase("Click the map, or hold Ctrl, to zoom with the wheel"), app.stage);
      hint.classList.add("s-on");
      clearTimeout(waiting);
      waiting = setTimeout(function () { hint.classList.remove("s-on"); }, 1400);
    }, {capture: true, passive: false});
  };
})(Salient);
