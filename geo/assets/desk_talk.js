/* What the app round the desk may ask of it, by postMessage, and what it is told. Only the window round this one is heard, and only what
   is well formed. */
"use strict";

(function (S) {
  var MOST = 300, READ = {ground: ground, show: show, filter: filter, mode: mode, pick: pick, look: look, link: link, copied: copied, cover: cover};

  /* A well-formed message, reduced to what it may hold; else null. */
  S.readDesk = function (told) {
    var kind = typeof told === "object" && told !== null && own(told, "salient") ? told.salient : "";
    return typeof kind === "string" && own(READ, kind) ? READ[kind](told) : null;
  };

  S.DeskTalk = function (desk) {
    window.addEventListener("message", function (event) {
      if (event.source !== window.parent || window.parent === window) return;
      var told = S.readDesk(event.data);
      if (told) desk["take" + told.kind[0].toUpperCase() + told.kind.slice(1)](told);
    });
  };

  S.DeskTalk.prototype = {
    tell: function (told) { if (window.parent !== window) window.parent.postMessage(told, "*"); }
  };

  function own(told, name) { return Object.prototype.hasOwnProperty.call(told, name); }

  function words(value, most) { return typeof value === "string" && value.length <= (most || MOST); }

  function strings(value) { return Array.isArray(value) && value.every(function (one) { return words(one); }); }

  function octets(value) { return value instanceof Uint8Array; }

  function ground(told) { return words(told.key) && octets(told.data) ? {kind: "ground", key: told.key, data: told.data} : null; }

  function show(told) { return words(told.key) && octets(told.data) ? {kind: "show", key: told.key, data: told.data} : null; }

  /* `claims` are the ids of those that are shown, null for all; `layers` the keys of those that are, empty for all. */
  function filter(told) {
    if (!strings(told.layers) || !(told.claims === null || strings(told.claims))) return null;
    return {kind: "filter", layers: told.layers.slice(), claims: told.claims && told.claims.slice()};
  }

  function mode(told) { return ["", "spot", "draw"].indexOf(told.mode) >= 0 ? {kind: "mode", mode: told.mode} : null; }

  function pick(told) {
    if (told.told === null) return {kind: "pick", told: null};
    var one = told.told;
    if (typeof one !== "object" || !words(one.kind) || !words(one.document || "") || !words(one.id || "")) return null;
    return {kind: "pick", told: {kind: one.kind, document: one.document || "", start: Number(one.start), end: Number(one.end), id: one.id || ""}};
  }

  function look(told) { return told.theme === "light" || told.theme === "dark" ? {kind: "look", theme: told.theme} : null; }

  function cover(told) { return typeof told.width === "number" && told.width >= 0 && told.width < 5000 ? {kind: "cover", width: told.width} : null; }

  function link(told) { return words(told.hash, 8000) ? {kind: "link", hash: told.hash} : null; }

  function copied(told) { return typeof told.done === "boolean" && words(told.address || "", 20000) ? {kind: "copied", done: told.done, address: told.address || ""} : null; }
})(Salient);
