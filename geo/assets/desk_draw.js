/* A spot or an area shown on the map by hand: with the mouse or a finger, or with the keyboard, which moves a cross. */
"use strict";

(function (S) {
  var STEP = 12, FINE = 2, EDGE = 40, MOST = 2000, TURN = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

  function help(mode) {
    if (mode === "spot") return S.phrase("Click the map where the place is. Arrow keys move the cross, Enter sets it, Escape leaves.");
    return S.phrase("Click the corners of the area; a double click or Enter ends it. Backspace takes the last corner back, Escape leaves.");
  }

  S.Draw = function (map, stage, tell) {
    this.map = map; this.stage = stage; this.tell = tell; this.mode = "";
    this.clicked = this.clicked.bind(this); this.ended = this.ended.bind(this);
    this.key = this.key.bind(this); this.follow = this.follow.bind(this);
  };

  S.Draw.prototype = {
    start: function (mode) {
      if (mode === this.mode) { this.write(); return; }
      this.stop();
      if (mode !== "spot" && mode !== "draw") return;
      this.mode = mode; this.corners = []; this.moved = false; this.by = "";
      this.map.closePopup();
      this.stage.classList.add("s-drawing");
      this.box = S.el("div", "s-draw", null, this.stage);
      this.help = S.el("p", "", "", this.box);
      this.done = mode === "draw" ? this.button(S.phrase("Done"), this.ended) : null;
      this.button(S.phrase("Leave"), this.leave.bind(this));
      this.cross = S.el("button", "s-cross", null, this.stage);
      this.cross.type = "button";
      var size = this.map.getSize();
      this.at = L.point(Math.round(size.x / 2), Math.round(size.y / 2));
      this.map.doubleClickZoom.disable();
      this.map.on("click", this.clicked).on("dblclick", this.ended).on("mousemove", this.follow);
      this.stage.addEventListener("keydown", this.key, true);
      this.write();
      this.place();
      this.cross.focus({preventScroll: true});
      S.say(this.help.textContent);
    },
    button: function (words, act) {
      var made = S.el("button", "", words, this.box);
      made.type = "button";
      made.addEventListener("click", act);
      return made;
    },
    write: function () {
      if (!this.mode) return;
      this.help.textContent = help(this.mode);
      this.cross.setAttribute("aria-label", this.help.textContent);
      if (this.done) this.done.disabled = this.corners.length < 3;
    },
    stop: function () {
      if (!this.mode) return;
      this.mode = "";
      this.map.off("click", this.clicked).off("dblclick", this.ended).off("mousemove", this.follow);
      this.map.doubleClickZoom.enable();
      this.stage.removeEventListener("keydown", this.key, true);
      this.stage.classList.remove("s-drawing");
      this.box.remove(); this.cross.remove();
      if (this.shape) { this.shape.remove(); this.shape = null; }
    },
    leave: function () { this.stop(); this.tell(null); },
    clicked: function (event) {
      if (this.mode === "spot") { this.spot(event.latlng); return; }
      var last = this.corners[this.corners.length - 1];
      if (last && this.map.latLngToContainerPoint(last).distanceTo(event.containerPoint) < 3) return;  // the second click of a double one
      this.by = "hand";
      this.add(event.latlng);
    },
    spot: function (at) {
      var place = at.wrap();
      this.stop();
      this.tell({kind: "spot", lat: rounded(place.lat), lon: rounded(place.lng)});
    },
    add: function (at) {
      if (this.corners.length >= MOST) return;
      this.corners.push(at);
      this.moved = false;
      this.draw();
      this.write();
      S.say(S.phrase("{count} corner | {count} corners", {count: this.corners.length}));
    },
    ended: function () {
      var ring = this.corners && this.corners.map(function (at) { return [rounded(at.lng), rounded(at.lat)]; });
      if (this.mode !== "draw" || ring.length < 3) return;
      this.stop();
      this.tell({kind: "ring", ring: ring});
    },
    back: function () { this.corners.pop(); this.draw(); this.write(); },
    follow: function (event) { if (this.mode === "draw" && this.by === "hand") this.draw(event.latlng); },
    draw: function (next) {
      var corners = next && this.corners.length ? this.corners.concat([next]) : this.corners;
      if (!this.shape) {
        this.shape = L.featureGroup().addTo(this.map);
        this.line = L.polygon([], {color: "#9a3412", weight: 2, dashArray: "5 4", fillOpacity: 0.12, interactive: false, pane: "s-points"}).addTo(this.shape);
        this.knots = L.layerGroup().addTo(this.shape);
      }
      this.line.setLatLngs(corners);
      this.knots.clearLayers();
      this.corners.forEach(function (at) { L.circleMarker(at, {radius: 4, color: "#9a3412", weight: 2, fillColor: "#fffdf8", fillOpacity: 1, interactive: false, pane: "s-points"}).addTo(this.knots); }, this);
    },
    place: function () { this.cross.style.left = this.at.x + "px"; this.cross.style.top = this.at.y + "px"; },
    key: function (event) {
      var turn = TURN[event.key];
      if (this.box.contains(event.target) && (event.key === "Enter" || event.key === " ")) return;
      if (turn) this.move(turn, event.shiftKey ? FINE : STEP);
      else if (event.key === "Enter" || event.key === " ") this.set(event.key);
      else if (event.key === "Backspace" && this.mode === "draw") this.back();
      else if (event.key === "Escape") this.leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    /* The cross keeps off the edge: there the map moves under it. */
    move: function (turn, step) {
      var size = this.map.getSize(), to = this.at.add([turn[0] * step, turn[1] * step]);
      var inside = L.point(Math.max(EDGE, Math.min(size.x - EDGE, to.x)), Math.max(EDGE, Math.min(size.y - EDGE, to.y)));
      if (!to.equals(inside)) this.map.panBy(to.subtract(inside), {animate: false});
      this.at = inside; this.moved = true; this.by = "keys";
      this.cross.classList.add("s-on");
      this.place();
      if (this.mode === "draw") this.draw(this.map.containerPointToLatLng(this.at));
    },
    /* A corner where the cross was moved to; Enter where it was not moved ends the area. */
    set: function (key) {
      if (this.mode === "draw" && key === "Enter" && !this.moved) { this.ended(); return; }
      var at = this.map.containerPointToLatLng(this.at);
      if (this.mode === "spot") this.spot(at); else this.add(at);
    }
  };

  function rounded(degrees) { return Math.round(degrees * 1e5) / 1e5; }
})(Salient);
