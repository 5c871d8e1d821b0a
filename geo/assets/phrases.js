/* The words of the page in the language that it speaks: English is the key, and what is said where no table holds it. A cell holds one
   form, or several for the kinds of numbers that its language tells apart (see geo/messages.py, which this follows). */
"use strict";

var Salient = window.Salient || {};

(function (S) {
  /* Whether the first letter of a text runs from the right; a browser takes the direction of the whole from it. */
  var FIRST_FROM_RIGHT = /^[^A-Za-z\u00C0-\u024F\u0370-\u058F]*[\u200F\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/;
  var APART = /\u2068[^\u2069]*\u2069/g;
  var GAP = " | ", AGAINST = /[A-Za-z\u00C0-\u024F\u0370-\u058F0-9]/, FROM_RIGHT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/, TURNS = /[\u202A-\u202E\u2066-\u2069]/g;
  var tongue = {code: "en", rtl: false, words: {}}, FORM = {en: one, fr: noneOrOne, es: one, ar: arabic};

  /* Takes up a language: {code, rtl, words: {English: its own}}, as `table` of geo/messages.py gives it. */
  S.speak = function (language) {
    tongue = language && language.words ? language : {code: "en", rtl: false, words: {}};
  };

  /* The language that is spoken, and whether it runs from right to left. */
  S.spoken = function () { return tongue.code; };
  S.fromRight = function () { return Boolean(tongue.rtl); };

  /* Words in the language spoken, with what stands in braces filled; the first whole number picks the form. A name keeps its direction. */
  S.phrase = function (english, values) {
    var given = values || {}, names = Object.keys(given), count = names.map(function (name) { return given[name]; }).find(Number.isInteger);
    var forms = cell(english).split(GAP), form = forms[Math.min((FORM[tongue.code] || one)(count === undefined ? 1 : count), forms.length - 1)];
    if (!names.length) return form;
    form = form.replace(/\{(\w+)\}/g, function (whole, name) { return own(given, name) ? shown(given[name]) : whole; });
    return tongue.rtl && FROM_RIGHT.test(form.replace(APART, "")) && !FIRST_FROM_RIGHT.test(form) ? "\u200F" + form : form;
  };

  /* A number as the language writes it, to the whole or to some digits. */
  S.number = function (value, digits) {
    var sample = cell("1,234.5"), parts = Math.abs(Number(value)).toFixed(digits || 0).split("."), whole = "";
    for (var at = 0; at < parts[0].length; at += 1) whole += ((parts[0].length - at) % 3 || !at ? "" : sample.slice(1, -5)) + parts[0][at];
    return (value < 0 && Number(parts.join(".")) ? "-" : "") + whole + (parts[1] ? sample.slice(-2, -1) + parts[1] : "");
  };

  /* A name or some words of a report among ours: set apart where ours run from the right. */
  S.apart = function (words) { return words && tongue.rtl ? shown(String(words)) : words || ""; };

  /* Some pieces in a row, with a comma or another gap between them, those that are empty left out. */
  S.list = function (pieces, gap) {
    var row = pieces.filter(Boolean).join(gap || cell(",") + " ");
    return tongue.rtl && !FIRST_FROM_RIGHT.test(row) ? "\u200F" + row : row;
  };

  /* A share (0 to 1) in hundredths. */
  S.percent = function (share) { return S.phrase("{share} %", {share: String(Math.round(share * 100))}); };

  /* A day (ISO) in words. */
  S.date = function (iso) {
    if (!iso) return "";
    var months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"], part = iso.split("-");
    return S.phrase("{day} {month} {year}", {day: Number(part[2]), month: cell(months[Number(part[1]) - 1]), year: part[0]});
  };

  function own(table, name) { return Object.prototype.hasOwnProperty.call(table, name); }

  function cell(english) { return own(tongue.words, english) ? tongue.words[english] : english; }

  function shown(value) {
    if (typeof value === "number") return S.number(value, Number.isInteger(value) ? 0 : 1);
    var words = String(value).replace(TURNS, "");
    return (tongue.rtl ? AGAINST : FROM_RIGHT).test(words) ? "\u2068" + words + "\u2069" : words;
  }

  function one(count) { return Math.abs(count) === 1 ? 0 : 1; }

  function noneOrOne(count) { return Math.abs(count) < 2 ? 0 : 1; }

  function arabic(count) {
    var rest = Math.abs(count) % 100;
    if (Math.abs(count) === 1 || Math.abs(count) === 2) return Math.abs(count) - 1;
    return rest >= 3 && rest <= 10 ? 2 : rest >= 11 ? 3 : 4;
  }
})(Salient);
