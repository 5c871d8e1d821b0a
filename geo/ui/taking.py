"""Files to take away from the page: made when they are asked for, kept for the next asking, shown in a frame of their own."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from threading import Lock
from typing import Any, TypeVar

import streamlit as st

from geo.ui.words import say

__all__ = ["Kept", "file_name", "framed", "once", "take"]

MOST_BYTES = 120_000_000
"""Of files, pictures and comparisons that stay at hand for all sessions together; what was not asked for longest goes first."""

FRAME_HEIGHT = 620

_Value = TypeVar("_Value")

_CSS = f"""
.page, .page iframe {{ width: 100%; height: {FRAME_HEIGHT}px; display: block; }}
.page iframe {{ border: 1px solid color-mix(in srgb, currentcolor 18%, transparent); border-radius: 6px; box-sizing: border-box; }}"""
# The frame may run its own script and nothing else: it has no origin, so it cannot reach the app.
_JS = """export default function ({ data, parentElement }) {
  let frame = parentElement.querySelector("iframe");
  if (!frame) {
    frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts allow-popups");
    parentElement.querySelector(".page").append(frame);
  }
  frame.title = data.title;
  if (frame.dataset.key === data.key) return;
  frame.dataset.key = data.key;
  const fill = () => { if (frame.clientHeight > 300) frame.srcdoc = data.page; else requestAnimationFrame(fill); };
  fill();
}"""
_FRAME = st.components.v2.component("salient_page", html="<section class='page'></section>", css=_CSS, js=_JS)


class Kept:
    """Values by name, of bounded size in all; safe for several sessions at once.

    Examples
    --------
    >>> kept = Kept(10)
    >>> kept.put("a", b"123456", 6); kept.put("b", b"654321", 6)
    >>> kept.get("a"), kept.get("b")
    (None, b'654321')
    """

    def __init__(self, most: int) -> None:
        self._most, self._size, self._lock = most, 0, Lock()
        self._kept: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()

    def get(self, name: Hashable) -> Any:
        """Return what is kept of that name, or None."""
        with self._lock:
            if name not in self._kept:
                return None
            self._kept.move_to_end(name)
            return self._kept[name][0]

    def put(self, name: Hashable, value: Any, size: int) -> None:
        """Keep a value of some bytes; older ones give way. What is larger than all that may be kept is not kept."""
        with self._lock:
            self._size += size - (self._kept.pop(name)[1] if name in self._kept else 0)
            self._kept[name] = (value, size)
            while self._size > self._most and self._kept:
                self._size -= self._kept.popitem(last=False)[1][1]


def once(name: Hashable, make: Callable[[], _Value], *, size: Callable[[_Value], int] = len) -> _Value:  # type: ignore[assignment]
    """Return a value that is made once for its name and then kept; the name must hold all that the value depends on."""
    kept = _kept()
    found: _Value | None = kept.get(name)
    if found is None:
        found = make()
        kept.put(name, found, size(found))
    return found


def take(label: str, name: tuple[Hashable, ...], make: Callable[[], bytes], *, file: str, key: str, primary: bool = False) -> None:
    """Draw a button that downloads a file, which is made when it is pressed."""
    st.download_button(
        label, data=partial(once, name, make), file_name=file, key=key, on_click="ignore", icon=":material/download:", width="stretch",
        type="primary" if primary else "secondary", mime="application/octet-stream",
    )


def framed(page: str, *, key: str, name: str) -> None:
    """Show a page of ours in a closed frame; it is filled anew only when its `name` changes."""
    _FRAME(key=key, data={"key": name, "page": page, "title": say("Preview of the page")})


def file_name(title: str, suffix: str) -> str:
    """Return the name that a file is downloaded under, of plain letters.

    Examples
    --------
    >>> file_name("Idlib: what <Russia> proposes", ".html")
    'idlib-what-russia-proposes.html'
    """
    return (re.sub(r"[^a-z0-9]+", "-", title.lower())[:60].strip("-") or "map") + suffix


@st.cache_resource(show_spinner=False)
def _kept() -> Kept:
    return Kept(MOST_BYTES)
