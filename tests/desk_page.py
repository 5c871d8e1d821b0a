"""The desk's frame opened in a page of its own, as the app opens it, and whatever it told."""

from __future__ import annotations

import base64
from typing import Any

from geo.deskpage import Feed, shell
from tests.browser.visits import until

__all__ = ["READY", "DeskPage"]

READY = ".s-desk[data-ready]"
HOST = """<!DOCTYPE html><html lang="en"><title>host</title><body style="margin:0"><script>
window.told = [];
window.frame = document.createElement("iframe");
window.frame.setAttribute("sandbox", "allow-scripts allow-popups allow-downloads");
window.frame.title = "Map";
window.frame.style = "width:100vw;height:100vh;border:0;display:block";
window.addEventListener("message", (event) => { if (event.source === window.frame.contentWindow) window.told.push(event.data); });
window.post = (message) => {
  if (message.packed) { message.data = Uint8Array.from(atob(message.packed), (c) => c.charCodeAt(0)); delete message.packed; }
  window.frame.contentWindow.postMessage(message, "*");
};
</script></body></html>"""


class DeskPage:
    """A host page with the frame in it; `told` has the messages of the frame, in order."""

    def __init__(self, browser: Any, *, width: int = 1280, height: int = 800, **more: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **more)
        self.host = self.context.new_page()
        self.complaints: list[str] = []
        self.host.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.host.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.host.on("dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.host.set_content(HOST)
        self.host.evaluate("(page) => { window.frame.srcdoc = page; document.body.append(window.frame); }", shell())
        self.frame = next(frame for frame in self.host.frames if frame.parent_frame is not None)
        until(self.host, "window.told.some((one) => one.salient === 'ready')")
        self.shown, self.ground = 0, ""

    def post(self, **message: Any) -> None:
        """Send the frame a message, as the app does."""
        self.host.evaluate("(message) => window.post(message)", message)

    def show(self, told: Feed) -> Any:
        """Show a situation; wait until it is drawn."""
        if told.ground_key != self.ground:
            self.post(salient="ground", key=told.ground_key, packed=base64.b64encode(told.ground).decode())
            self.ground = told.ground_key
        self.post(salient="show", key=told.data_key, packed=base64.b64encode(told.data).decode())
        self.shown += 1
        until(self.host, f"window.told.filter((one) => one.salient === 'shown').length >= {self.shown}")
        return self.frame

    def clear(self) -> None:
        """Set everything back to how the frame opens, with nothing shown."""
        self.post(salient="mode", mode="")
        self.post(salient="filter", layers=[], claims=None)
        self.post(salient="pick", told=None)
        self.post(salient="look", theme="light")
        self.frame.evaluate("""() => { const desk = Salient.current; desk.layout.set(0); desk.panel.open('text');
            desk.search.field.value = ''; desk.search.close();
            if (desk.features) { desk.map.closePopup(); desk.data = {...desk.data, texts: [{id: 'none'}]}; } }""")
        self.host.evaluate("window.told = []")
        self.shown = 0

    def picks(self) -> list[dict[str, Any]]:
        """What the frame told of picks so far."""
        found: list[dict[str, Any]] = self.host.evaluate("window.told.filter((one) => one.salient === 'told').map((one) => one.told)")
        return found

    def last(self, count: int = 1) -> dict[str, Any]:
        """The last pick, once there are so many."""
        until(self.host, f"window.told.filter((one) => one.salient === 'told').length >= {count}")
        return self.picks()[-1]

    def close(self) -> None:
        """Close the page; it has complained of nothing."""
        self.context.close()
        assert self.complaints == [], self.complaints
