/* The keyboard on the map: one stop for Tab, arrows from mark to mark, Enter opens, Escape closes and goes back. */
"use strict";

(function (S) {
  var TURN = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

  /* The number of the point that lies nearest in a direction (x right, y down), what lies aside counting double, and what lies more aside
     than ahead only where nothing else does; -1 where nothing does. */
  S.nextInDirection = function (points, from, key) {
    var turn = TURN[key], best = -1, least = Infinity;
    points.forEach(function (point, number) {
      var x = point[0] - points[from][0], y = point[1] - points[from][1], along = x * turn[0] + y * turn[1], aside = Math.abs(x * turn[1]) + Math.abs(y * turn[0]);
      var far = along + 2 * aside + (aside > along ? 1e6 : 0);
      if (number !== from && along > 0 && far < least) { least = far; best = number; }
    });
    return best;
  };

  S.Marks = function (map, features) {
    var self = this, container = map.getContainer(), update = function () { self.update(); };
    this.map = map; this.current = null; this.marks = [];
    this.heard = update;
    map.on("moveend zoomend", update);
    container.addEventListener("keydown", function (event) { self.key(event); }, true);
    container.addEventListener("focusin", function (event) { self.focused(event.target, true); });
    container.addEventListener("focusout", function (event) { self.focused(event.target, false); });
    document.addEventListener("keydown", function (event) { if (event.key === "Escape" && self.features.selected) map.closePopup(); });
    this.use(features);
  };

  S.Marks.prototype = {
    /* Serves other features; who has the focus keeps it where it is still there. */
    use: function (features) {
      var had = this.marks[this.of(document.activeElement)], now = had && features.byId[had.feature.id];
      this.features = features; this.marks = [];
      this.current = features.byId[this.current && this.current.id] || null;
      features.listeners.push(this.heard);
      this.update();
      if (now && this.marks.some(function (mark) { return mark.feature === now; })) this.features.elements(now).pop().focus({preventScroll: true});
    },
    /* Every mark in view can take the focus; one of them takes it from Tab. Who has it keeps it, or it goes to that one. */
    update: function () {
      var self = this, view = this.map.getBounds(), had = this.marks[this.of(document.activeElement)], now;
      this.marks.forEach(function (mark) { mark.element.removeAttribute("tabindex"); });
      this.marks = this.features.ordered().filter(function (feature) { return view.intersects(self.features.bounds(feature)); }).map(function (feature) {
        var element = self.features.elements(feature).pop();
        element.setAttribute("role", "button");
        element.setAttribute("aria-label", feature.title + ", " + feature.status_words);
        return {feature: feature, element: element};
      });
      if (!this.marks.some(function (mark) { return mark.feature === self.current; })) this.current = this.marks.length ? this.marks[0].feature : null;
      this.marks.forEach(function (mark) { mark.element.setAttribute("tabindex", mark.feature === self.current ? "0" : "-1"); });
      if (!had) return;
      now = this.marks.find(function (mark) { return mark.feature === had.feature; }) || this.marks.find(function (mark) { return mark.feature === self.current; });
      if (now && now.element !== document.activeElement) now.element.focus({preventScroll: true});
    },
    of: function (element) { return this.marks.findIndex(function (mark) { return mark.element === element; }); },
    focused: function (element, on) {
      var at = this.of(element);
      if (at >= 0) this.features.light(this.marks[at].feature, on);
    },
    key: function (event) {
      var at = this.of(event.target), self = this, last = this.marks.length - 1, next = -1;
      if (at < 0) return;
      if (event.key === "Enter" || event.key === " ") {
        this.features.show(this.marks[at].feature, {focus: true});
      } else if (TURN[event.key]) {
        next = S.nextInDirection(this.marks.map(function (mark) { var point = self.map.latLngToContainerPoint(self.features.middle(mark.feature)); return [point.x, point.y]; }), at, event.key);
      } else if (event.key === "Home" || event.key === "End") {
        next = event.key === "Home" ? 0 : last;
      } else if (event.key === "PageDown" || event.key === "PageUp") {
        next = event.key === "PageDown" ? Math.min(at + 1, last) : Math.max(at - 1, 0);
      } else { return; }
      event.preventDefault();
      event.stopPropagation();
      if (next >= 0) this.go(next);
    },
    go: function (number) {
      this.current = this.marks[number].feature;
      this.marks.forEach(function (mark, other) { mark.element.setAttribute("tabindex", other === number ? "0" : "-1"); });
      this.marks[number].element.focus({preventScroll: true});
    }
  };
})(Salient);
