"""A small web server on this machine that behaves as badly as a test asks: cut-offs, wrong sizes, redirects, refusals."""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

__all__ = ["Offer", "Server", "serving"]


@dataclass
class Offer:
    """What the server gives for a path; `cut_after` ends the connection after so many bytes, once for each number in the list."""

    body: bytes = b""
    tag: str = '"v1"'
    ranges: bool = True
    cut_after: list[int] = field(default_factory=list)
    announced: int | None = None
    statuses: list[int] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    location: str = ""
    digest: str = ""


@dataclass
class Server:
    """Its address, its offers by path, and what was asked of it: (path, Range header)."""

    address: str
    offers: dict[str, Offer] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"{self.address}/{path}"


class _Handler(BaseHTTPRequestHandler):
    server_version = "Loopback"
    protocol_version = "HTTP/1.1"
    state: Server

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer()

    def _answer(self) -> None:
        self.close_connection = True
        self.state.asked.append((self.path, self.headers.get("Range", "")))
        offer = self.state.offers.get(self.path.lstrip("/"))
        if offer is None:
            self._head(404, {"Content-Length": "0"})
        elif offer.location:
            self._head(302, {"Location": offer.location, "Content-Length": "0"})
        elif offer.statuses and (status := offer.statuses.pop(0)) != 200:
            self._head(status, {**offer.headers, "Content-Length": "0"})
        elif offer.tag and self.headers.get("If-None-Match") == offer.tag:
            self._head(304, {"Content-Length": "0"})
        else:
            self._body(offer)

    def _body(self, offer: Offer) -> None:
        begin, wanted = 0, self.headers.get("Range", "")
        if offer.ranges and wanted and self.headers.get("If-Range", offer.tag) == offer.tag:
            begin = int(wanted.removeprefix("bytes=").rstrip("-"))
        rest = offer.body[begin:]
        headers = {"Content-Length": str(len(rest) if offer.announced is None else offer.announced), "ETag": offer.tag, **offer.headers}
        if offer.digest:
            headers["Repr-Digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(offer.digest.encode()).digest()).decode()}:"
        if begin:
            headers["Content-Range"] = f"bytes {begin}-{len(offer.body) - 1}/{len(offer.body)}"
        self._head(206 if begin else 200, headers)
        with suppress(BrokenPipeError, ConnectionResetError):  # whoever asked has gone
            self.wfile.write(rest[: offer.cut_after.pop(0)] if offer.cut_after else rest)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free port of the loopback address."""
    state = Server(address="")
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("_Own", (_Handler,), {"state": state}))
    server.daemon_threads = True
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
