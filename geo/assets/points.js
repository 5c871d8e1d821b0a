/* Points too many to be elements of the page: one canvas draws them (packed.js), and the features behind them answer. */
"use strict";

(function (S) {
  S.Points = function (map, features, packed) {
    var self = this;
    this.features = features;
    this.lit = null;
    this.layer = S.packed(map, packed, {
      open: function (record, at) { features.show(features.byId[record.id], {at: at}); },
      hint: function (record) { return features.hint(features.byId[record.id]); }
    }).addTo(map);
    this.groups = Array.from(new Set(features.all.map(function (feature) { return feature.packed; }).filter(Boolean)));
    features.watch("select", function (feature) { self.selected = feature && feature.packed ? feature.id : null; self.layer.select(self.selected); });
    this.layer.once("drawn", function () { if (features.labels) features.labels.redraw(); });
    this.update();
  };

  S.Points.prototype = {
    /* What is hidden: the groups of which the legend or the day leaves nothing to show. */
    update: function () {
      var hidden = Object.create(null), shown = new Set(), features = this.features;
      features.all.forEach(function (feature) { if (feature.packed && features.isShown(feature)) shown.add(feature.packed); });
      this.groups.forEach(function (group) { if (!shown.has(group)) hidden[group] = true; });
      this.layer.setHidden(hidden);
    },
    remove: function () { this.layer.remove(); },
    light: function (feature, on) { this.layer.select(on ? feature.id : this.selected || null); }
  };
})(Salient);
