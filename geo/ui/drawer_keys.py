"""What the drawer does by keyboard: it takes the focus when something else is opened, and Escape closes it and gives the focus back."""

from __future__ import annotations

import streamlit as st

__all__ = ["drawer_keys"]

# The component has nothing to show; it finds the drawer round itself and the buttons that Streamlit made. It tells the window when the
# drawer comes, changes or goes ("salient-drawer"), so that the map makes room.
JS = """let before = null;
const back = () => {
  if (document.querySelector(".st-key-drawer") || document.activeElement !== document.body) return;
  (before?.shadowRoot?.querySelector("iframe") ?? before)?.focus({ preventScroll: true });
};
export default function ({ data, parentElement }) {
  const drawer = document.querySelector(".st-key-drawer");
  if (!drawer) return;
  drawer.setAttribute("role", "region");
  drawer.setAttribute("aria-label", data.label);
  if (drawer.dataset.open !== data.open) {
    drawer.dataset.open = data.open;
    if (!drawer.contains(document.activeElement)) before = document.activeElement;
    drawer.querySelector(".st-key-correct_close button")?.focus({ preventScroll: true });
  }
  if (drawer.dataset.drawn !== data.drawn) drawer.scrollTop = 0;
  drawer.dataset.drawn = data.drawn;
  const close = (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || !drawer.contains(document.activeElement)) return;
    if (document.querySelector("[data-baseweb=popover], [role=dialog]")) return;
    drawer.querySelector(".st-key-correct_close button")?.click();
  };
  document.addEventListener("keydown", close);
  const tell = () => window.dispatchEvent(new Event("salient-drawer"));
  tell();
  return () => { document.removeEventListener("keydown", close); setTimeout(() => { tell(); back(); }, 60); };
}"""
KEYS = st.components.v2.component("salient_drawer_keys", html="<i hidden></i>", js=JS)


def drawer_keys(*, label: str, opened: str, drawn: str) -> None:
    """Give the drawer a name, the focus when `opened` changes, and its top when that or `drawn` does."""
    KEYS(key="drawer_keys", data={"label": label, "open": opened, "drawn": f"{opened} {drawn}"})
