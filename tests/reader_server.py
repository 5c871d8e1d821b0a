"""A service on this machine that answers chat completions as a test wants it to: well, falsely, slowly, by halves or not at all."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Service", "claims", "completion", "serving"]

Reply = Callable[["_Handler"], None]


@dataclass
class Service:
    """Its address, what it does next (the last of `replies` again and again), and what was asked: (headers, body)."""

    address: str = ""
    replies: list[Reply] = field(default_factory=list)
    asked: list[tuple[Mapping[str, str], dict[str, Any]]] = field(default_factory=list)
    hang: threading.Event = field(default_factory=threading.Event)

    def says(self, *bodies: bytes | str, status: int = 200, headers: Mapping[str, str] | None = None) -> None:
        """Answer with these bodies, one after the other."""
        for body in bodies:
            raw = body.encode() if isinstance(body, str) else body
            self.replies.append(lambda handler, raw=raw: handler.answer(raw, status=status, headers=headers or {}))

    def stalls(self) -> None:
        """Never answer."""
        self.replies.append(lambda handler: handler.state.hang.wait(20) and None)

    def drips(self, body: bytes, *, every_s: float = 0.05) -> None:
        """Send one byte at a time."""

        def drip(handler: _Handler) -> None:
            handler.head(200, {"Content-Length": str(len(body))})
            for byte in body:
                if handler.state.hang.wait(every_s):
                    return
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()

        self.replies.append(drip)

    def breaks_off(self, body: bytes) -> None:
        """Announce a body and send half of it."""

        def half(handler: _Handler) -> None:
            handler.head(200, {"Content-Length": str(len(body))})
            handler.wfile.write(body[: len(body) // 2])

        self.replies.append(half)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    state: Service

    def do_POST(self) -> None:
        self.close_connection = True
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        self.state.asked.append((dict(self.headers), body))
        reply = self.state.replies.pop(0) if len(self.state.replies) > 1 else self.state.replies[0]
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has gone
            reply(self)

    def do_GET(self) -> None:
        self.close_connection = True
        self.state.asked.append((dict(self.headers), {"method": "GET"}))
        self.answer(b"<html>", status=200, headers={})

    def answer(self, raw: bytes, *, status: int, headers: Mapping[str, str]) -> None:
        self.head(status, {"Content-Length": str(len(raw)), **headers})
        self.wfile.write(raw)

    def head(self, status: int, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Service]:
    """Serve on a free port of the loopback address."""
    state = Service()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Own", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        state.hang.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: Any) -> bytes:
    """A chat completion with this content."""
    return json.dumps({"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}).encode()


def claims(*told: Mapping[str, Any]) -> bytes:
    """A chat completion with these claims."""
    return completion(json.dumps({"claims": list(told)}))
