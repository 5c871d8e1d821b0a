"""A page from the web, fetched with care: the one address that a user names, and nothing that it could lead to by stealth.

Only http and https; the host's addresses are looked up once, must all be public, and the connection goes to one of those that were
checked, so that a name which points elsewhere a moment later gains nothing. Redirects are followed a few times, each checked the same
way, and never from https to http. Size and time are limited as a whole. No cookies, no proxies, no scripts.
"""

from __future__ import annotations

import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from geo import __version__
from geo.errors import InputError

__all__ = ["Fetched", "fetch"]

MAX_BYTES = 5_000_000  # a long news page has 0.5 MB, a report in PDF 2 MB
SECONDS = 20.0  # for everything, all redirects included
REDIRECTS = 5
READ = ("text/html", "application/xhtml+xml", "text/plain", "application/pdf", "application/rss+xml", "application/atom+xml", "text/xml",
        "application/xml")
_CHUNK = 1 << 16
_ADVICE = "save the page and give the file instead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What came: the final address, the bytes, the kind of content (lower case) and the encoding that the server names, if any."""

    url: str
    body: bytes
    kind: str
    encoding: str = ""


def fetch(url: str, *, allow_private: bool = False, max_bytes: int = MAX_BYTES, seconds: float = SECONDS) -> Fetched:
    """Return the page at an address.

    Parameters
    ----------
    url
        An http or https address.
    allow_private
        Whether hosts of one's own machine or network may be asked (an archive in the newsroom); a server for others leaves it off.
    max_bytes, seconds
        Limits for all of it.

    Raises
    ------
    InputError
        If the address is none of the web, leads to a private network, answers with an error, with something that holds no text, too
        much or too slowly.
    """
    deadline = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        answer = _ask(url, allow_private=allow_private, max_bytes=max_bytes, deadline=deadline)
        if isinstance(answer, Fetched):
            return answer
        if url.lower().startswith("https:") and not answer.lower().startswith("https:"):
            raise InputError(f"{_shown(url)} leads from https to an unprotected address; {_ADVICE}.")
        url = answer
    raise InputError(f"{_shown(url)} is at the end of more than {REDIRECTS} redirects; give the address of the page itself.")


class _Connection(http.client.HTTPConnection):
    """A connection to one checked address, under the name of its host."""

    def __init__(self, host: str, port: int, address: str, *, timeout: float, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=timeout)
        self._address, self._context = address, context

    def connect(self) -> None:
        self.sock = socket.create_connection((self._address, self.port), self.timeout)
        if self._context is not None:
            self.sock = self._context.wrap_socket(self.sock, server_hostname=self.host)


def _ask(url: str, *, allow_private: bool, max_bytes: int, deadline: float) -> Fetched | str:
    """The page, or the address that it has moved to."""
    host, port, secure, path = _parts(url)
    address = _address(host, port, url, allow_private=allow_private)
    context = ssl.create_default_context() if secure else None
    connection = _Connection(host, port, address, timeout=_left(deadline, url), context=context)
    watch = threading.Timer(_left(deadline, url), _cut, [connection])  # a server that sends a byte now and then never times out by itself
    watch.daemon = True
    watch.start()
    try:
        connection.request("GET", path, headers={
            "User-Agent": f"Salient/{__version__}", "Accept": ", ".join(READ), "Accept-Encoding": "identity", "Connection": "close",
        })
        answer = connection.getresponse()
        if answer.status in (301, 302, 303, 307, 308) and answer.headers["Location"]:
            return urljoin(url, str(answer.headers["Location"]).strip())
        if answer.status != 200:
            raise InputError(f"{_shown(url)} answers {answer.status} ({answer.reason}); check the address, or {_ADVICE}.")
        kind = answer.headers.get_content_type()
        if kind not in READ:
            raise InputError(f"{_shown(url)} is {kind[:60]}, which holds no report; give the address of a page, a text, a PDF or a feed.")
        body = _body(answer, url, max_bytes=max_bytes, deadline=deadline)
        return Fetched(url=url, body=body, kind=kind, encoding=answer.headers.get_content_charset() or "")
    except (OSError, http.client.HTTPException) as error:
        late = isinstance(error, TimeoutError) or time.monotonic() >= deadline
        words = "takes too long" if late else f"cannot be reached ({_why(error)})"
        raise InputError(f"{_shown(url)} {words}; check the address and the connection, or {_ADVICE}.") from error
    finally:
        watch.cancel()
        connection.close()


def _cut(connection: http.client.HTTPConnection) -> None:
    with suppress(OSError):
        connection.sock.shutdown(socket.SHUT_RDWR)


def _body(answer: http.client.HTTPResponse, url: str, *, max_bytes: int, deadline: float) -> bytes:
    body = bytearray()
    while chunk := answer.read1(_CHUNK):
        body += chunk
        if len(body) > max_bytes:
            raise InputError(f"{_shown(url)} has more than {max_bytes / 1e6:g} MB; {_ADVICE}.")
        _left(deadline, url)
    return bytes(body)


def _parts(url: str) -> tuple[str, int, bool, str]:
    """Host, port, whether encrypted, and what is asked for."""
    advice = "give one such as https://example.org/report"
    try:
        found = urlsplit(url.strip())
        host, port = found.hostname, found.port
        name = host.encode("idna").decode("ascii") if host and not host.replace(".", "").isdigit() and ":" not in host else host
    except ValueError as error:
        raise InputError(f"{_shown(url)} is no address of the web; {advice}.") from error
    if found.scheme.lower() not in ("http", "https") or not name:
        raise InputError(f"{_shown(url)} is no address of the web; {advice}.")
    if found.username or found.password:
        raise InputError(f"{_shown(url)} holds a name or a password, which would be sent along; give the address without it.")
    path = quote(found.path or "/", safe="/%:=&;,+$@!*'()~") + (f"?{quote(found.query, safe='/%:=&;,+$@!*()~?[]')}" if found.query else "")
    secure = found.scheme.lower() == "https"
    return name, port or (443 if secure else 80), secure, path


def _address(host: str, port: int, url: str, *, allow_private: bool) -> str:
    """An address of a host, all of whose addresses are public."""
    try:
        found = [str(entry[4][0]) for entry in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise InputError(f"{_shown(url)} cannot be reached (no such host); check the address and the connection, or {_ADVICE}.") from error
    if not allow_private and not all(_is_public(address) for address in found):
        raise InputError(f"{_shown(url)} leads into a private network, which is not asked; {_ADVICE}.")
    return found[0]


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return _is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def _left(deadline: float, url: str) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise InputError(f"{_shown(url)} takes too long; check the address and the connection, or {_ADVICE}.")
    return left


def _shown(url: str) -> str:
    """An address in a message: without what a message should not repeat."""
    short = "".join(character for character in url.strip() if character.isprintable())
    return re.sub(r"^([a-z]+://)?[^/]*@", r"\1", short, flags=re.IGNORECASE)[:200]


def _why(error: Exception) -> str:
    if isinstance(error, ssl.SSLError):
        return "its certificate is not trusted"
    return str(getattr(error, "strerror", "") or type(error).__name__)
