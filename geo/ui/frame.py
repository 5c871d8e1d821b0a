"""Text and map side by side, in one frame that stays on the page: it is filled once and then told what changed.

The frame may run its own scripts and nothing else: it has no origin, so that it reaches neither the app nor a server. What is large (the
page itself, the basemap, a situation) goes to the browser as parts of their own, which Streamlit sends once; what is small (filter, mode,
pick, theme) goes with the frame. A click in it comes back as a trigger, whose content `geo.ui.told` checks.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import TYPE_CHECKING, Any

import streamlit as st

from geo.deskpage import STEPS_AT_ONCE, Feed, feed, shell
from geo.ui import state
from geo.ui.told import Told, read_told
from geo.ui.words import language, say

if TYPE_CHECKING:
    from geo.choices import Choices
    from geo.filters import Seen
    from geo.situation import Situation

__all__ = ["show"]

FEEDS_KEPT = 12
"""Situations, each with its look and language, of which what the frame is told is kept for all sessions."""

_AROUND = "8.4rem"  # of the window, what the line of controls above the frame and the tabs below it take

_IN_DRAWER = ("mention", "missed", "claim", "place")

_PART_JS = """export default function ({ data }) {
  const hub = (window.salientDesk ||= { parts: {}, listeners: new Set() });
  const cut = data.indexOf(10), second = data.indexOf(10, cut + 1), words = new TextDecoder();
  const name = words.decode(data.subarray(0, cut)), key = words.decode(data.subarray(cut + 1, second));
  if (hub.parts[name]?.key === key) return;
  hub.parts[name] = { key, data: data.slice(second + 1) };
  hub.listeners.forEach((listener) => listener(name));
}"""

_FRAME_CSS = f"""
.frame, .frame iframe {{ width: 100%; height: clamp(520px, calc(100dvh - {_AROUND}), 1200px); display: block; }}
.frame iframe {{ border: 1px solid color-mix(in srgb, currentcolor 18%, transparent); border-radius: 6px; box-sizing: border-box; }}"""

_FRAME_JS = """const desks = new WeakMap();

function start(root, hub) {
  const desk = { sent: {}, ready: false, data: null, set: null };
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", "allow-scripts allow-popups allow-downloads");
  const post = (message) => frame.contentWindow.postMessage(message, "*");
  const changed = (name, value, message) => {
    const told = JSON.stringify(value);
    if (desk.sent[name] === told) return;
    desk.sent[name] = told;
    post(message);
  };
  const part = (name, key) => (hub.parts[name]?.key === key ? hub.parts[name].data : null);
  const bring = (under, fed) => {
    const ground = part("ground", under), told = part("feed", fed);
    if (!ground || !told) return;
    changed("ground", under, { salient: "ground", key: under, data: ground });
    changed("feed", fed, { salient: "show", key: fed, data: told });
  };
  // What comes last is what is to be shown. Streamlit brings the rest to this frame up to half a second later; only a filter is waited
  // for, whose claims may be others now.
  desk.arrived = (name) => {
    const { ground, feed } = hub.parts;
    if (name === "feed" && ground && desk.ready && !desk.data.filter.claims) bring(ground.key, feed.key);
    else desk.update();
  };
  desk.update = () => {
    const data = desk.data;
    frame.title = data.title;
    if (!frame.isConnected) {
      const page = part("shell", data.shell);
      if (!page) return;
      frame.srcdoc = new TextDecoder().decode(page);
      root.append(frame);
    }
    if (!desk.ready) return;
    changed("look", data.theme, { salient: "look", theme: data.theme });
    changed("filter", data.filter, { salient: "filter", ...data.filter });
    bring(data.ground, data.feed);
    desk.sized();
    changed("pick", data.pick, { salient: "pick", told: data.pick });
    changed("mode", data.mode, { salient: "mode", mode: data.mode });
  };
  // How much of the end of the frame the drawer covers.
  const cover = () => {
    const drawer = document.querySelector(".st-key-drawer"), box = frame.getBoundingClientRect();
    const over = drawer && getComputedStyle(drawer).visibility !== "hidden" ? drawer.getBoundingClientRect() : null;
    const end = !over ? 0 : getComputedStyle(frame).direction === "rtl" ? over.right - box.left : box.right - over.left;
    const covered = end > 0 && end < box.width / 2 ? Math.round(end) : 0;
    changed("cover", covered, { salient: "cover", width: covered });
  };
  const address = (hash) => window.location.href.replace(/#.*$/, "") + hash;
  const clean = (hash) => (typeof hash === "string" && hash.length < 8000 && /^(#[\\w=&/.,%:@+~!'()*-]*)?$/.test(hash) ? hash : "");
  desk.hear = (event) => {
    if (event.source !== frame.contentWindow) return;
    const told = event.data;
    if (typeof told !== "object" || told === null) return;
    if (told.salient === "ready") {
      desk.ready = true;
      desk.sent = {};
      if (window.location.hash) post({ salient: "link", hash: window.location.hash.slice(0, 8000) });
      desk.update();
    } else if (told.salient === "told") {
      if (told.told?.kind === "spot" || told.told?.kind === "ring") desk.sent.mode = '""';
      desk.set("told", told.told);
    } else if (told.salient === "left") {
      desk.sent.mode = '""';
      desk.set("left", true);
    } else if (told.salient === "days") {
      desk.set("days", desk.data.key);
    } else if (told.salient === "link") {
      window.history.replaceState(window.history.state, "", address(clean(told.hash)));
    } else if (told.salient === "copy") {
      const copied = address(clean(told.hash));
      const fail = () => post({ salient: "copied", done: false, address: copied });
      if (!navigator.clipboard) fail();
      else navigator.clipboard.writeText(copied).then(() => post({ salient: "copied", done: true, address: copied }), fail);
    }
  };
  // Streamlit takes the drawer away when it gets to it: the room is measured again until then, and after what there is to be shown.
  let waits = [];
  desk.sized = () => {
    waits.forEach(clearTimeout);
    waits = [120, 400, 1200, 4000].map((wait) => setTimeout(() => { if (desk.ready) cover(); }, wait));
  };
  desk.moved = () => { if (desk.ready) post({ salient: "link", hash: window.location.hash.slice(0, 8000) }); };
  window.addEventListener("message", desk.hear);
  window.addEventListener("hashchange", desk.moved);
  window.addEventListener("resize", desk.sized);
  window.addEventListener("salient-drawer", desk.sized);
  const sizes = new ResizeObserver(desk.sized);
  sizes.observe(frame);
  hub.listeners.add(desk.arrived);
  desk.end = () => {
    window.removeEventListener("message", desk.hear);
    window.removeEventListener("hashchange", desk.moved);
    window.removeEventListener("resize", desk.sized);
    window.removeEventListener("salient-drawer", desk.sized);
    sizes.disconnect();
    hub.listeners.delete(desk.arrived);
    frame.remove();
  };
  return desk;
}

export default function ({ data, parentElement, setTriggerValue }) {
  const hub = (window.salientDesk ||= { parts: {}, listeners: new Set() });
  const root = parentElement.querySelector(".frame");
  let desk = desks.get(root);
  if (!desk) desks.set(root, (desk = start(root, hub)));
  desk.data = data;
  desk.set = setTriggerValue;
  desk.update();
  return () => setTimeout(() => { if (!root.isConnected) { desk.end(); desks.delete(root); } }, 0);
}"""

_HIDDEN = "<style>.st-key-frame_parts { display: none; }</style>"

_part = st.components.v2.component("salient_part", js=_PART_JS)
_frame = st.components.v2.component("salient_frame", html="<section class='frame'></section>", css=_FRAME_CSS, js=_FRAME_JS)


def show(
    drawn: Situation, *, key: str, choices: Choices, seen: Seen, mode: str = "", select: Told | None = None, theme: str | None = "light",
) -> Told | None:
    """Show a situation and return what the reader picked since the last run, if anything.

    Parameters
    ----------
    drawn, key
        What is shown; the key changes whenever it does.
    choices
        The preset, the language of names and the basemap.
    seen
        What the reader wants to see of it.
    mode
        "spot" or "draw" while a spot or an area is asked for.
    select
        What is being corrected, to be marked in the text or opened on the map.
    theme
        "light" or "dark".
    """
    told = _told()
    if told is not None:
        mode, select = "", told if told.kind in _IN_DRAWER else select
    steps = len(drawn.claims) <= STEPS_AT_ONCE or st.session_state.get("_days_of") == key
    fed = _fed(drawn, key, choices, steps=steps)
    page = _shell()
    claims = [claim.id for claim in seen.claims(drawn)] if _sifts(seen) else None
    data = {
        "key": key, "shell": page[0], "feed": fed.data_key, "ground": fed.ground_key, "mode": mode, "pick": _picked(select),
        "filter": {"layers": list(seen.layers), "claims": claims}, "theme": "dark" if theme == "dark" else "light",
        "title": say("Reports and map"),
    }
    found = _frame(key="frame_map", data=data, on_told_change=_hear, on_left_change=_left, on_days_change=_nothing)
    # Not round the frame: Streamlit mounts a container anew where another number of things stand before it.
    with st.container(key="frame_parts"):
        st.html(_HIDDEN)
        _part(key="frame_shell", data=page[1])
        _part(key="frame_ground", data=_named("ground", fed.ground_key, fed.ground))
        _part(key="frame_feed", data=_named("feed", fed.data_key, fed.data))
    if found.days == key and not steps:
        st.session_state["_days_of"] = key
        st.rerun()
    return told


def _hear() -> None:
    """Keep what the frame told for this run, which shows it before the frame is drawn again."""
    st.session_state["_told"] = st.session_state["frame_map"]["told"]


def _told() -> Told | None:
    return read_told(st.session_state.pop("_told", None))


def _sifts(seen: Seen) -> bool:
    """Whether a choice leaves out claims, and not only layers."""
    return bool(seen.parties or seen.statuses or seen.since or seen.until or seen.least or seen.words)


def _picked(select: Told | None) -> dict[str, Any] | None:
    if select is None or select.kind not in _IN_DRAWER:
        return None
    return {"kind": select.kind, "document": select.document, "start": select.start, "end": select.end, "id": select.id}


def _named(name: str, key: str, data: bytes) -> bytes:
    return f"{name}\n{key}\n".encode() + data


def _shell() -> tuple[str, bytes]:
    page = shell().encode()
    key = str(len(page))
    return key, _named("shell", key, page)


def _fed(drawn: Situation, key: str, choices: Choices, *, steps: bool) -> Feed:
    """What the frame is told of a situation, made once for a key, a look and a language."""
    kept, lock = _feeds()
    name = (key, repr(choices), language(), steps)
    with lock:
        if name in kept:
            kept.move_to_end(name)
            return kept[name]
    made = feed(drawn, choices, steps=steps, language=language())
    with lock:
        kept[name] = made
        while len(kept) > FEEDS_KEPT:
            kept.popitem(last=False)
    return made


@st.cache_resource(show_spinner=False)
def _feeds() -> tuple[OrderedDict[tuple[str, str, str, bool], Feed], Lock]:
    return OrderedDict(), Lock()


def _nothing() -> None:
    """Hear a trigger; its value is read where the frame is shown."""


def _left() -> None:
    """Take up that the reader left the map without showing a spot or an area."""
    state.ask_map("")
