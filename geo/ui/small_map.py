"""The small map of the drawer: where the places lie that a name may mean. A dot is chosen by a click or by the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from geo.records import Feature
from geo.rivals_map import picture
from geo.ui.words import say

__all__ = ["small_map"]

CSS = """
svg { display: block; direction: ltr; width: 100%; height: auto; border-radius: 6px; border: 1px solid var(--line);
  background: var(--sea); }
:host, .map { --sea: light-dark(#dfe7ea, #1b2226); --land: light-dark(#fbfaf4, #2b2d31); --line: light-dark(#c9c4b4, #484a4f);
  --ink: light-dark(#1f1d1a, #ebe8e1); --mark: light-dark(#9a3412, #e8a27c); --on: light-dark(#fefdf8, #16171a); }
.land { fill: var(--land); stroke: var(--line); stroke-width: .6; }
.lines { fill: none; stroke: var(--line); stroke-width: 1; }
.other { fill: light-dark(#6f6a5f, #a09c93); }
.label { fill: light-dark(#6f6a5f, #a09c93); font: 9px/1 system-ui, sans-serif; dominant-baseline: central; pointer-events: none; }
.label.country { letter-spacing: .06em; font-size: 9.5px; }
.label.place { fill: var(--ink); }
.lead { stroke: var(--ink); stroke-width: 1; }
.dot { cursor: pointer; outline: none; }
.dot circle { fill: var(--on); stroke: var(--mark); stroke-width: 1.6; }
.dot text { fill: var(--mark); font: 600 11px/1 system-ui, sans-serif; text-anchor: middle; dominant-baseline: central; }
.dot[aria-checked=true] circle { fill: var(--mark); }
.dot[aria-checked=true] text { fill: var(--on); }
.dot:hover circle, .dot:focus-visible circle { stroke-width: 3; }
.dot:focus-visible circle { stroke: var(--ink); }
"""
JS = """const SVG = "http://www.w3.org/2000/svg";
const make = (name, attributes) => {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const titled = (element, words) => { const title = make("title", {}); title.textContent = words; element.append(title); return element; };
export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".map");
  const focused = root.getRootNode().activeElement?.dataset.number;
  const svg = make("svg", { viewBox: `0 0 ${data.width} ${data.height}`, role: "radiogroup", "aria-label": data.label });
  svg.append(make("path", { class: "land", d: data.land }), make("path", { class: "lines", d: data.lines }));
  for (const [x, y, name] of data.others) svg.append(titled(make("circle", { class: "other", cx: x, cy: y, r: 2.6 }), name));
  for (const [x, y, words, kind] of data.labels) {
    const label = make("text", { class: `label ${kind}`, x, y, "aria-hidden": true });
    label.textContent = words;
    svg.append(label);
    if (kind === "town") svg.append(make("circle", { class: "other", cx: x - 4, cy: y, r: 1.3 }));
  }
  const choose = (number) => setTriggerValue("picked", number);
  const dots = data.dots.map(([x, y, trueX, trueY], number) => {
    if (Math.hypot(x - trueX, y - trueY) > 3) svg.append(make("line", { class: "lead", x1: x, y1: y, x2: trueX, y2: trueY }));
    const on = number === data.chosen;
    const dot = make("g", { class: "dot", role: "radio", "aria-checked": on, "aria-label": data.names[number],
      tabindex: on || (data.chosen < 0 && !number) ? 0 : -1 });
    dot.dataset.number = number;
    dot.append(make("circle", { cx: x, cy: y, r: 9.5 }));
    const words = make("text", { x, y });
    words.textContent = number + 1;
    dot.append(words);
    dot.addEventListener("click", () => choose(number));
    dot.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (step) dots[(number + step + dots.length) % dots.length].focus();
      else if (event.key !== "Enter" && event.key !== " ") return;
      else choose(number);
      event.preventDefault();
    });
    return titled(dot, data.names[number]);
  });
  for (const dot of dots) if (dot.getAttribute("aria-checked") !== "true") svg.append(dot);
  svg.append(...dots.filter((dot) => dot.getAttribute("aria-checked") === "true"));
  root.replaceChildren(svg);
  if (focused !== undefined) dots[Number(focused)]?.focus();
}"""
MAP = st.components.v2.component("salient_small_map", html="<div class='map'></div>", css=CSS, js=JS)


def small_map(
    features: Sequence[Feature], names: Sequence[str], *, others: Sequence[Feature], chosen: int, key: str, on_pick: Callable[[int], None]
) -> None:
    """Show features as numbered dots and the other places of the text as small ones; `on_pick` is told the number of a dot picked."""
    drawn: dict[str, Any] = {**picture(features, others), "names": list(names), "chosen": chosen, "label": say("Where the places lie")}

    def picked() -> None:
        number = getattr(st.session_state.get(key), "picked", None)
        if type(number) is int and 0 <= number < len(features):
            on_pick(number)

    MAP(key=key, data=drawn, on_picked_change=picked)
