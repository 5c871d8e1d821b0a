/* The line over the two panes: what the map shows, the search, the link to this view. And the colours of the ground by day and by night. */
"use strict";

(function (S) {
  var NIGHT = {
    sea: "#10161b", land: "#23262a", coast: "#46545d", lake: "#161e24", river: "#32424c", country_line: "#7d766c", admin_line: "#4c4a47", disputed_line: "#a3716a",
    country_label: "#a8a196", admin_label: "#7f7a71", sea_label: "#5f7b8b", town_label: "#c2bcb2", halo: "#1b1d20", sea_halo: "#10161b", grid: "#52616a",
    ink: "#f3efe6", paper: "#17191c", border: "#0f1113"
  };

  /* The colours of the ground; at night a dark one, whatever the preset. */
  S.groundColours = function (base, theme) { return theme === "dark" ? Object.assign({}, base, NIGHT) : base; };

  S.DeskHead = function (home, desk) {
    var self = this, head = S.el("header", "s-head", null, home), words = S.el("div", "s-title", null, head);
    this.desk = desk;
    this.title = S.el("h1", "", "", words);
    this.sub = S.el("p", "s-sub", "", words);
    this.middle = S.el("div", "s-middle", null, head);
    this.share = S.el("div", "s-share", null, head);
    this.copy = S.el("button", "", "", this.share);
    this.copy.type = "button";
    this.copy.addEventListener("click", function () { desk.talk.tell({salient: "copy", hash: desk.permalink ? desk.permalink.link() : ""}); });
    this.waiting = null;
    this.write = function () { self.sub.textContent = self.line(); };
  };

  S.DeskHead.prototype = {
    show: function (data, features) {
      this.title.textContent = data.title;
      this.copy.textContent = S.phrase("Copy link");
      this.copy.title = S.phrase("Copy a link to this view: place, date, layers and what is open");
      this.write();
      features.watch("day", this.write);
    },
    line: function () {
      var data = this.desk.data, day = data.days[this.desk.features.day] || data.as_of;
      return [day ? S.phrase("As of {day}", {day: S.date(day)}) : S.phrase("No date given"), data.bylines.join("; "), data.view_words].filter(Boolean).join("  \u00b7  ");
    },
    copied: function (told) {
      var self = this, field = this.share.querySelector("input");
      if (!told.done) {
        field = field || S.el("input", "", null, this.share);
        field.readOnly = true; field.value = told.address;
        field.setAttribute("aria-label", S.phrase("Link to this view"));
        field.focus(); field.select();
        return;
      }
      if (field) field.remove();
      this.copy.textContent = S.phrase("Link copied");
      S.say(S.phrase("Link copied"));
      clearTimeout(this.waiting);
      this.waiting = setTimeout(function () { self.copy.textContent = S.phrase("Copy link"); }, 2500);
    }
  };
})(Salient);
