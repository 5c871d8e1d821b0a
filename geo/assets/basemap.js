/* The offline basemap: one canvas under the map, drawn again after each move. */
"use strict";

(function (S) {
  var COUNTRY = 0, ADMIN = 1, ADMIN_FINE = 2, DISPUTED = 3;

  S.loadBasemap = function (packed) {
    function shapes(name, scale) {
      return S.inflate(packed[name]).then(function (octets) { return S.unpack(octets, scale); });
    }
    var names = ["land", "lakes", "lines", "rivers"], jobs = names.map(function (name) { return shapes(name, packed.scale); });
    jobs.push(relief(packed.relief), packed.world ? shapes("world", packed.coarseScale) : null, packed.world ? shapes("worldLines", packed.coarseScale) : null);
    jobs.push(Promise.all((packed.more || []).map(S.loadBasemap)));
    return Promise.all(jobs).then(function (found) {
      return {land: found[0], lakes: found[1], lines: found[2], rivers: found[3], relief: found[4], world: found[5], worldLines: found[6], more: found[7],
              box: packed.box, scale: packed.scale, corner: [S.mercator(packed.box[0], packed.box[3]), S.mercator(packed.box[2], packed.box[1])]};
    });
  };

  function relief(packed) {
    if (!packed) return null;
    return createImageBitmap(new Blob([S.bytes(packed.picture)], {type: "image/webp"})).catch(function () { return null; });
  }

  /* A canvas that covers the view and some more, and follows Leaflet's zoom animation. */
  S.Canvas = L.Renderer.extend({
    options: {padding: 0.2},
    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._container.setAttribute("aria-hidden", "true");
      this._context = this._container.getContext("2d");
    },
    _destroyContainer: function () { this._container.remove(); delete this._container; delete this._context; },
    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var size = this._bounds.getSize(), ratio = S.ratio || Math.min(window.devicePixelRatio || 1, 2), canvas = this._container;
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = ratio * size.x; canvas.height = ratio * size.y;
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      this._context.setTransform(ratio, 0, 0, ratio, -ratio * this._bounds.min.x, -ratio * this._bounds.min.y);
      this.paint(this._context, this._bounds);
    },
    redraw: function () { if (this._map) this._update(); },
    /* World pixels of Mercator positions: x * scale - origin. */
    frame: function () {
      var origin = this._map.getPixelOrigin();
      return {scale: 256 * Math.pow(2, this._map.getZoom()), x: origin.x, y: origin.y, zoom: this._map.getZoom()};
    },
    paint: function () {}
  });

  S.BaseCanvas = S.Canvas.extend({
    initialize: function (data, colours, options) { this.data = data; this.colours = colours; this.preset = options.preset || {}; S.Canvas.prototype.initialize.call(this, options); },
    paint: function (context, view) {
      var data = this.data, colour = this.colours, frame = this.frame(), zoom = frame.zoom, self = this;
      var pen = new Pen(context, view, frame);
      context.fillStyle = colour.sea;
      context.fillRect(view.min.x, view.min.y, view.max.x - view.min.x, view.max.y - view.min.y);
      context.lineJoin = "round";
      pen.fill(data.world, colour.land);
      pen.stroke(data.world, colour.coast, 0.7);
      pen.stroke(data.worldLines, colour.country_line, 0.8, zoom < 3 ? 0.6 : 0.9);
      data.more.concat([data]).forEach(function (one) { self.detail(context, pen, one, colour, zoom); });
    },
    /* What a box holds beyond the coarse world. */
    detail: function (context, pen, data, colour, zoom) {
      var a = pen.at(data.corner[0]), b = pen.at(data.corner[1]);
      context.fillStyle = colour.sea;
      context.fillRect(a[0], a[1], b[0] - a[0], b[1] - a[1]);
      pen.fill(data.land, colour.land);
      this._shade(context, pen, data, a, b, zoom);
      pen.fill(data.lakes, colour.lake);
      var edges = edgesOf(data.box, data.scale);
      pen.stroke(data.land, colour.coast, zoom < 5 ? 0.7 : 1, 1, null, edges);
      pen.stroke(data.lakes, colour.river, 0.7, 1, null, edges);
      pen.stroke(data.rivers.filter(function (r) { return r.kind <= zoom + 1.2; }), colour.river, zoom < 6 ? 0.7 : 1.1);
      if (zoom >= 5) pen.stroke(of(data.lines, ADMIN), colour.admin_line, zoom < 7 ? 0.7 : 0.9, 1, [4, 2.5]);
      if (zoom >= (this.preset.admin > 1 ? 6 : 7.5)) pen.stroke(of(data.lines, ADMIN_FINE), colour.admin_line, 0.7, 0.9, [3, 3]);
      pen.stroke(of(data.lines, COUNTRY), colour.border || "#fffdf7", zoom < 5 ? 2 : 3.2, 0.55);
      pen.stroke(of(data.lines, COUNTRY), colour.country_line, zoom < 5 ? 0.9 : 1.35);
      pen.stroke(of(data.lines, DISPUTED), colour.disputed_line, zoom < 5 ? 0.9 : 1.3, 1, [5, 4]);
    },
    _shade: function (context, pen, data, a, b, zoom) {
      var most = this.preset.relief === undefined ? 0.5 : this.preset.relief, strength = most * Math.max(0, Math.min(1, 1 - (zoom - 6) / 5));
      if (!data.relief || !strength) return;  // close up a sample of it is a block of fifty pixels
      context.save();
      pen.trace(data.land);
      context.clip();
      context.globalCompositeOperation = "hard-light";
      context.globalAlpha = strength;
      context.imageSmoothingQuality = "high";
      context.drawImage(data.relief, a[0], a[1], b[0] - a[0], b[1] - a[1]);
      context.restore();
    }
  });

  function of(shapes, kind) { return shapes.filter(function (shape) { return shape.kind === kind; }); }

  /* The frame at which detail was cut: no coast is stroked along it. */
  function edgesOf(box, scale) {
    var pad = Math.round(0.02 * scale), w = Math.round(box[0] * scale), s = Math.round(box[1] * scale);
    var e = Math.round(box[2] * scale), n = Math.round(box[3] * scale);
    return {x: [w, w - pad, e, e + pad], y: [s, s - pad, n, n + pad]};
  }

  function Pen(context, view, frame) { this.context = context; this.view = view; this.frame = frame; }

  Pen.prototype.at = function (point) { return [point[0] * this.frame.scale - this.frame.x, point[1] * this.frame.scale - this.frame.y]; };

  Pen.prototype.seen = function (shape) {
    var a = this.at([shape.box[0], shape.box[1]]), b = this.at([shape.box[2], shape.box[3]]), view = this.view;
    return b[0] >= view.min.x && a[0] <= view.max.x && b[1] >= view.min.y && a[1] <= view.max.y && (b[0] - a[0] > 0.4 || b[1] - a[1] > 0.4);
  };

  Pen.prototype.trace = function (shapes, edges) {
    var context = this.context, frame = this.frame, self = this;
    context.beginPath();
    shapes.forEach(function (shape) {
      if (!self.seen(shape)) return;
      shape.rings.forEach(function (ring, number) {
        var whole = shape.whole[number], up = true;
        for (var i = 0; i < ring.length; i += 2) {
          var x = ring[i] * frame.scale - frame.x, y = ring[i + 1] * frame.scale - frame.y;
          if (edges && i && onEdge(whole, i, edges)) up = true;
          if (up) context.moveTo(x, y); else context.lineTo(x, y);
          up = false;
        }
      });
    });
  };

  function onEdge(whole, i, edges) {
    return (whole[i] === whole[i - 2] && edges.x.indexOf(whole[i]) >= 0) || (whole[i + 1] === whole[i - 1] && edges.y.indexOf(whole[i + 1]) >= 0);
  }

  Pen.prototype.fill = function (shapes, colour) {
    this.trace(shapes);
    this.context.fillStyle = colour;
    this.context.fill("evenodd");
  };

  Pen.prototype.stroke = function (shapes, colour, width, alpha, dash, edges) {
    var context = this.context;
    this.trace(shapes, edges);
    context.save();
    context.strokeStyle = colour; context.lineWidth = width; context.globalAlpha = alpha || 1;
    if (dash) context.setLineDash(dash);
    context.stroke();
    context.restore();
  };
})(Salient);
