/* The two panes and the line between them, which is dragged or moved with the arrow keys; on a narrow screen one pane at a time. */
"use strict";

(function (S) {
  var LEAST = 240, STEP = 24, NARROW = "(max-width: 719px)";

  /* `resized` is called when the map's pane has another size. */
  S.Layout = function (home, resized) {
    var self = this, narrow = window.matchMedia(NARROW);
    this.home = home; this.resized = resized;
    this.line = S.el("div", "s-split", null, home);
    this.line.tabIndex = 0;
    this.line.setAttribute("role", "separator"); this.line.setAttribute("aria-orientation", "vertical"); this.line.setAttribute("aria-controls", "s-panel");
    this.line.addEventListener("pointerdown", function (event) { self.grab(event); });
    this.line.addEventListener("keydown", function (event) { self.key(event); });
    this.line.addEventListener("dblclick", function () { self.set(0); });
    this.choice = S.el("nav", "s-panes", null, home);
    this.buttons = ["text", "map"].map(function (name) {
      var made = S.el("button", "", "", self.choice);
      made.type = "button";
      made.addEventListener("click", function () { self.show(name); });
      return made;
    });
    narrow.addEventListener("change", function () { self.show(self.pane); });
    this.show("map");
  };

  S.Layout.prototype = {
    write: function () {
      this.line.setAttribute("aria-label", S.phrase("Width of the text"));
      this.line.title = S.phrase("Drag to make the text wider or narrower; a double click sets it back");
      this.choice.setAttribute("aria-label", S.phrase("Text or map"));
      this.buttons[0].textContent = S.phrase("Text");
      this.buttons[1].textContent = S.phrase("Map");
    },
    narrow: function () { return window.matchMedia(NARROW).matches; },
    show: function (name) {
      this.pane = name;
      this.home.classList.toggle("s-pane-text", name === "text");
      this.home.classList.toggle("s-pane-map", name === "map");
      this.buttons.forEach(function (button, number) { button.setAttribute("aria-pressed", String((number === 1) === (name === "map"))); });
      this.resized();
    },
    wide: function () { return this.home.querySelector(".s-panel").offsetWidth; },
    /* The width of the text in pixels; 0 for that with which it opens. */
    set: function (width) {
      var most = Math.max(LEAST, this.home.clientWidth - LEAST - 20);
      if (width) this.home.style.setProperty("--text", Math.round(Math.max(LEAST, Math.min(most, width))) + "px");
      else this.home.style.removeProperty("--text");
      this.line.setAttribute("aria-valuenow", String(Math.round(100 * this.wide() / Math.max(1, this.home.clientWidth))));
      this.resized();
    },
    grab: function (event) {
      var self = this, from = event.clientX, wide = this.wide(), turn = S.fromRight() ? -1 : 1;
      function move(moved) { self.set(wide + turn * (moved.clientX - from)); }
      function end() { self.line.removeEventListener("pointermove", move); self.line.removeEventListener("pointerup", end); self.line.removeEventListener("pointercancel", end); self.line.classList.remove("s-on"); }
      event.preventDefault();
      this.line.focus({preventScroll: true});
      this.line.setPointerCapture(event.pointerId);
      this.line.classList.add("s-on");
      this.line.addEventListener("pointermove", move); this.line.addEventListener("pointerup", end); this.line.addEventListener("pointercancel", end);
    },
    key: function (event) {
      var turn = {ArrowLeft: -1, ArrowRight: 1}[event.key];
      if (event.key === "Home") this.set(LEAST);
      else if (event.key === "End") this.set(this.home.clientWidth / 2);
      else if (turn) this.set(this.wide() + (S.fromRight() ? -turn : turn) * STEP);
      else return;
      event.preventDefault();
    }
  };
})(Salient);
