/* The legend: what the map shows, each line to be hidden or left alone; below it what this preset leaves out. */
"use strict";

(function (S) {
  /* Legend lines of at most so many characters stand two in a row. */
  S.SHORT = 12;

  S.legend = function (data, features) {
    var box = S.el("details", "s-legend"), off = data.legend.filter(function (entry) { return entry.off; });
    S.el("summary", "", S.phrase("What the map shows"), box);
    lines(box, data.legend.filter(function (entry) { return !entry.off; }), data, features);
    if (off.length) {
      var more = S.el("details", "s-more", null, box);
      S.el("summary", "", S.phrase("Left out here: {count}", {count: off.length}), more);
      lines(more, off, data, features);
    }
    if (Object.keys(data.symbols).length) units(box, data);
    return box;
  };

  /* What the frames of the military preset hold. */
  function units(box, data) {
    var list = S.el("ul", "s-units", null, box);
    S.el("strong", "", S.phrase("Frames, in a party's colour"), S.el("li", "s-heading", null, list));
    data.units.forEach(function (unit) {
      var row = S.el("li", "", null, list);
      row.appendChild(S.unitNode(data.symbols[unit[0]], "#c9c4b8", 22));
      S.el("span", "", unit[1], row);
    });
  }

  function lines(box, entries, data, features) {
    var list = S.el("ul", "", null, box), group = "", heading = null, under = [], row;
    entries.forEach(function (entry) {
      var fresh = entry.group !== group;
      if (fresh) { heading = null; under = []; }
      if (fresh && entry.group) { heading = S.el("li", "s-heading", null, list); S.el("strong", "", entry.group, heading); }
      row = line(list, entry, data, features, heading, under);
      if (fresh && !entry.group) row.classList.add("s-rule");
      group = entry.group;
    });
  }

  function line(list, entry, data, features, heading, under) {
    var row = S.el("li", entry.label.length <= S.SHORT ? "s-half" : "", null, list), check = S.el("input", "", null, row), button = S.el("button", "", null, row);
    check.type = "checkbox"; check.setAttribute("aria-label", S.phrase("Show: {name}", {name: entry.label}));
    check.addEventListener("change", function () { features.toggle(entry.key, check.checked); });
    button.type = "button"; button.title = S.phrase("Show this alone");
    button.appendChild(S.swatch(entry, data.style.layers, data.style.icons));
    S.el("span", "", entry.label, button);
    button.addEventListener("click", function () { features.isolate(entry.key); });
    under.push(row);
    function update() {
      check.checked = !features.hidden[entry.key];
      row.hidden = !features.present(entry.key);
      if (heading) heading.hidden = under.every(function (other) { return other.hidden; });
      row.classList.toggle("s-off", Boolean(features.alone && features.alone !== entry.key));
      button.setAttribute("aria-pressed", String(features.alone === entry.key));
    }
    features.listeners.push(update);
    update();
    return row;
  }
})(Salient);
