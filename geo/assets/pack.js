/* Unpacks the basemap's shapes: gzip and base64 round one stream of variable-length integers (geo/basemap.py: pack). */
"use strict";
var Salient = window.Salient || {};

(function (S) {
  S.bytes = function (text) {
    var binary = atob(text), out = new Uint8Array(binary.length);
    for (var i = 0; i < binary.length; i++) out[i] = binary.charCodeAt(i);
    return out;
  };

  S.inflate = function (text) {
    var stream = new Blob([S.bytes(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).arrayBuffer().then(function (buffer) { return new Uint8Array(buffer); });
  };

  /* Mercator position of a point, 0 to 1 both ways. */
  S.mercator = function (lon, lat) {
    var sine = Math.sin(Math.max(-85, Math.min(85, lat)) * Math.PI / 180);
    return [lon / 360 + 0.5, 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)];
  };

  /* Shapes as {kind, rings: [Float64Array of x, y ...], whole: [Int32Array ...], box: [x0, y0, x1, y1]} in Mercator. */
  S.unpack = function (octets, scale) {
    var at = 0, shapes = [];
    function next() {
      var value = 0, shift = 1, octet;
      do { octet = octets[at++]; value += (octet & 127) * shift; shift *= 128; } while (octet > 127);
      return value;
    }
    for (var count = next(); count > 0; count--) {
      var shape = {kind: next(), rings: [], whole: [], box: [9, 9, -9, -9]};
      for (var rings = next(); rings > 0; rings--) shape.rings.push(ring(shape));
      shapes.push(shape);
    }
    function ring(shape) {
      var length = next(), points = new Float64Array(2 * length), whole = new Int32Array(2 * length), x = 0, y = 0;
      for (var i = 0; i < length; i++) {
        var a = next(), b = next();
        x += a & 1 ? -(a + 1) / 2 : a / 2;
        y += b & 1 ? -(b + 1) / 2 : b / 2;
        var point = S.mercator(x / scale, y / scale), box = shape.box;
        points[2 * i] = point[0]; points[2 * i + 1] = point[1];
        whole[2 * i] = x; whole[2 * i + 1] = y;
        if (point[0] < box[0]) box[0] = point[0];
        if (point[1] < box[1]) box[1] = point[1];
        if (point[0] > box[2]) box[2] = point[0];
        if (point[1] > box[3]) box[3] = point[1];
      }
      shape.whole.push(whole);
      return points;
    }
    return shapes;
  };
})(Salient);
