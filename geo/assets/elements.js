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

  S.number = function (value) { return Math.round(value).toLocaleString("en-GB"); };

  S.sourceWords = function (source) { return [source[0], source[1], S.date(source[2])].filter(Boolean).join(", "); };

  S.date = function (iso) {
    if (!iso) return "";
    var months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"], part = iso.split("-");
    return Number(part[2]) + " " + months[Number(part[1]) - 1] + " " + part[0];
  };

  S.percent = function (share) { return Math.round(share * 100) + " %"; };
})(Salient);
