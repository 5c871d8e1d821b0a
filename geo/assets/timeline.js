/* The days of a situation: a slider under the map, with a button that plays them. A map of an earlier day was drawn by the same rules. */
"use strict";

(function (S) {
  var STEP = 1500;  // milliseconds on each day while playing

  /* The number of the last of some days (ISO, in order) that is not after another; -1 where all are. */
  S.dayNumber = function (days, day) {
    var found = -1;
    days.forEach(function (other, number) { if (other <= day) found = number; });
    return found;
  };

  /* Whether a feature stands on a day: `on` numbers its days; without it, it stands on all. */
  S.standsOn = function (feature, day) { return !feature.on || feature.on.indexOf(day) >= 0; };

  S.Timeline = function (stage, days, features) {
    var self = this, box = S.el("div", "s-time", null, stage);
    this.days = days; this.features = features; this.number = days.length - 1; this.playing = null;
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", S.phrase("Date of the map"));
    this.button = S.el("button", "s-play", "\u25B6", box);
    this.button.type = "button";
    this.slider = S.el("input", "", null, box);
    this.slider.type = "range"; this.slider.min = 0; this.slider.max = days.length - 1; this.slider.step = 1;
    this.slider.setAttribute("aria-label", S.phrase("Date"));
    this.label = S.el("output", "", "", box);
    this.ticks = S.el("span", "s-ticks", null, box);
    this.ticks.setAttribute("aria-hidden", "true");
    days.forEach(function () { S.el("i", "", null, self.ticks); });
    this.button.addEventListener("click", function () { self.play(!self.playing); });
    this.slider.addEventListener("input", function () { self.play(false); self.show(Number(self.slider.value)); });
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    this.box = box;
    this.play(false);
    this.write();
  };

  S.Timeline.prototype = {
    show: function (number) {
      var next = Math.max(0, Math.min(this.days.length - 1, number));
      if (next === this.number) return;
      this.number = next;
      this.write();
      this.features.setDay(next);
    },
    write: function () {
      var words = S.date(this.days[this.number]);
      this.slider.value = this.number;
      this.slider.setAttribute("aria-valuetext", words);
      this.label.textContent = words;
      this.box.classList.toggle("s-earlier", !this.atEnd());
    },
    step: function (by) { this.play(false); this.show(this.number + by); },
    go: function (day) { var number = S.dayNumber(this.days, day); if (number >= 0) this.show(number); return number >= 0; },
    end: function () { this.show(this.days.length - 1); },
    atEnd: function () { return this.number === this.days.length - 1; },
    date: function () { return this.days[this.number]; },
    play: function (on) {
      var self = this;
      clearInterval(this.playing);
      this.playing = null;
      if (on) {
        if (this.atEnd()) this.show(0);
        this.playing = setInterval(function () { if (self.atEnd()) self.play(false); else self.show(self.number + 1); }, STEP);
      }
      this.button.textContent = on ? "\u275A\u275A" : "\u25B6";
      this.button.setAttribute("aria-label", S.phrase(on ? "Stop" : "Play the dates"));
    }
  };
})(Salient);
