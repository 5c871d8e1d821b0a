/* Elements of the page. Text reaches it as text alone. */
"use strict";

(function (S) {
  S.el = function (name, className, text, parent) {
    var node = document.createElement(name);
    if (className) node.className = className;
    if (text !== undefined && text !== null) { node.textContent = text; node.dir = "auto"; }
    if (parent) parent.appendChild(node);
    return node;
  };

  /* Whether whoever looks wants nothing to move. */
  S.still = function () { return window.matchMedia("(prefers-reduced-motion: reduce)").matches; };

  /* Whether the page stands in another one. */
  S.embedded = function () { return window.parent !== window; };

  /* Says something to those who hear the page. */
  S.say = function (words) { if (S.live) S.live.textContent = words; };

  S.sourceWords = function (source) { return S.list([S.apart(source[0]), S.apart(source[1]), S.date(source[2])]); };
})(Salient);
