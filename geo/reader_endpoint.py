"""How a service that reads claims is asked: one POST to an OpenAI-compatible address, with an end to it whatever the service does.

Plain http is for this machine only; a redirect may not leave the service's own host; the answer is bounded in size and in time, even where
it comes a byte at a time. Proxies are those of the environment, but a service on this machine is asked directly. The key comes from an
environment variable and is shown nowhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import json
import os
import socket
import ssl
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any
from urllib.parse import SplitResult, urlsplit

from geo import __version__
from geo.errors import InputError

__all__ = ["Endpoint", "NoAnswer", "ask", "endpoint"]

MAX_BYTES = 2 << 20  # a part of a report is a few kB, and so is an honest answer about it
POLL_S = 0.1  # how soon a wish to cancel is heard
UNTOLD_WAIT_S = 2.0  # where a service asks for patience and does not say for how long
_PATH = "/chat/completions"
_FAULTS: Mapping[int, str] = {
    401: "does not accept the key", 403: "refuses access", 404: "knows no such address or model", 408: "ran out of time",
    413: "finds the text too long", 429: "asks for fewer requests",
}
_LATER = frozenset({408, 429, 500, 502, 503, 504, 529})
_SIMPLER = frozenset({400, 415, 422, 501})


class NoAnswer(Exception):
    """A service gave no answer; asking `again` may help, after `wait_s` seconds, or asking for something `simpler`."""

    def __init__(self, words: str, *, again: bool = False, wait_s: float = 0.0, simpler: bool = False) -> None:
        super().__init__(words)
        self.again, self.wait_s, self.simpler = again, wait_s, simpler


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address that answers chat completions, and the model to ask there."""

    address: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host and port, which is all of the address that is shown."""
        parts = urlsplit(self.address)
        name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return name + (f":{parts.port}" if parts.port else "")

    @property
    def is_local(self) -> bool:
        """Whether the text stays on this machine."""
        return _is_loopback(urlsplit(self.address).hostname or "")


def endpoint(url: str, model: str, *, key_variable: str = "", insecure: bool = False) -> Endpoint:
    """Return the service at an address.

    Parameters
    ----------
    url
        The base of its API, such as ``http://localhost:11434/v1``; http only on this machine, elsewhere https.
    model
        The name of the model, as the service calls it.
    key_variable
        The name of the environment variable that holds the key; "" for none.
    insecure
        Whether the text may travel to another machine in the clear.

    Raises
    ------
    InputError
        The address or the model is none, the address would send the text in the clear, or the variable is not set.

    Examples
    --------
    >>> endpoint("http://localhost:11434/v1", "small").address
    'http://localhost:11434/v1/chat/completions'
    """
    if not model.strip() or len(model) > 200 or not model.isprintable():
        raise InputError(f"{model[:80]!r} is no name of a model; give --reader-model with the name that the service uses.")
    parts = _checked(url)
    host = parts.hostname or ""
    if parts.scheme == "http" and not _is_loopback(host) and not insecure:
        raise InputError(f"http://{host} would send the report in the clear; give an https address, or insist with --reader-insecure.")
    path = parts.path.rstrip("/")
    if not path.endswith(_PATH):
        path += _PATH
    return Endpoint(address=parts._replace(path=path, fragment="").geturl(), model=model.strip(), key=_key(key_variable))


def ask(service: Endpoint, body: Mapping[str, Any], *, timeout_s: float, tell: Callable[[], None]) -> bytes:
    """Return what a service answers to a body of JSON.

    Parameters
    ----------
    timeout_s
        From the first attempt to connect to the last byte.
    tell
        Called several times a second while waiting; what it raises cancels the question.

    Raises
    ------
    NoAnswer
        The service cannot be reached, refuses, is too slow, says too much, breaks off or points elsewhere.
    """
    exchange = _Exchange()
    data = json.dumps({"model": service.model, **body}).encode()
    threading.Thread(target=exchange.carry, args=(service, data, timeout_s), name="reader", daemon=True).start()
    ends = time.monotonic() + timeout_s
    try:
        while not exchange.over.wait(min(POLL_S, max(0.0, ends - time.monotonic()))):
            tell()
            if time.monotonic() >= ends:
                raise NoAnswer(f"did not answer within {timeout_s:.0f} s")
    finally:
        exchange.hang_up()
    if exchange.error is not None:
        raise exchange.error
    return exchange.answer


class _Exchange:
    """One question and its answer, carried by a thread of its own so that it can be ended from outside."""

    def __init__(self) -> None:
        self.over = threading.Event()
        self.answer = b""
        self.error: NoAnswer | None = None
        self.sockets: list[socket.socket] = []
        self.given_up = False

    def carry(self, service: Endpoint, data: bytes, timeout_s: float) -> None:
        try:
            self.answer = _posted(service, data, timeout_s, self)
        except NoAnswer as error:
            self.error = error
        except urllib.error.HTTPError as error:
            self.error = _refusal(error)
            error.close()
        except TimeoutError:
            self.error = NoAnswer("did not answer in time")
        except urllib.error.URLError as error:
            self.error = _unreached(error.reason)
        except (OSError, http.client.HTTPException, ValueError):
            self.error = NoAnswer("broke off its answer", again=True)
        finally:
            self.over.set()

    def opened(self, line: socket.socket) -> None:
        self.sockets.append(line)
        if self.given_up:
            self.hang_up()

    def hang_up(self) -> None:
        """End whatever the thread still waits for."""
        self.given_up = True
        if not self.over.is_set():
            for line in self.sockets:
                try:
                    socket.socket.shutdown(line, socket.SHUT_RDWR)  # of the bare line, also where it is encrypted
                except OSError:  # it has ended by itself
                    continue


class _Line(http.client.HTTPConnection):
    exchange: _Exchange

    def connect(self) -> None:
        super().connect()
        self.exchange.opened(self.sock)


class _SecretLine(http.client.HTTPSConnection):
    exchange: _Exchange

    def connect(self) -> None:
        super().connect()
        self.exchange.opened(self.sock)


class _Lines(urllib.request.HTTPHandler, urllib.request.HTTPSHandler):
    """Opens connections that the exchange can end."""

    def __init__(self, exchange: _Exchange) -> None:
        urllib.request.HTTPSHandler.__init__(self)
        self._exchange = exchange

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._made(_Line), req)

    def https_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(self._made(_SecretLine), req)

    def _made(self, kind: type[_Line] | type[_SecretLine]) -> Callable[..., Any]:
        def make(host: str, **options: Any) -> Any:
            line = kind(host, **options)
            line.exchange = self._exchange
            return line

        return make


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 3
    max_repeats = 2

    def redirect_request(self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            fp.close()
            raise NoAnswer("points to another address, which is not followed; give that address if you trust it")
        return urllib.request.Request(newurl, data=req.data, headers=dict(req.headers), method="POST")


def _posted(service: Endpoint, data: bytes, timeout_s: float, exchange: _Exchange) -> bytes:
    headers = {
        "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity",
        "User-Agent": f"Salient/{__version__}",
    }
    if service.key:
        headers["Authorization"] = f"Bearer {service.key}"
    proxies = urllib.request.ProxyHandler({} if service.is_local else None)
    opener = urllib.request.build_opener(proxies, _Redirects, _Lines(exchange))
    request = urllib.request.Request(service.address, data=data, headers=headers, method="POST")
    with opener.open(request, timeout=timeout_s) as answer:
        if answer.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise NoAnswer("answered in a packing that was not asked for")
        told = bytes(answer.read(MAX_BYTES + 1))
        if len(told) > MAX_BYTES:
            raise NoAnswer(f"answered with more than {MAX_BYTES >> 20} MB")
        if getattr(answer, "length", None):
            raise NoAnswer("broke off its answer", again=True)
    return told


def _unreached(reason: object) -> NoAnswer:
    if isinstance(reason, TimeoutError):
        return NoAnswer("did not answer in time")
    if isinstance(reason, ssl.SSLCertVerificationError):
        return NoAnswer("shows a certificate that this machine does not trust")
    return NoAnswer("cannot be reached", again=True)


def _refusal(error: urllib.error.HTTPError) -> NoAnswer:
    code = error.code
    words = _FAULTS.get(code) or ("has a fault of its own" if code >= 500 else "does not accept the question")
    waits = _wait(error.headers.get("Retry-After", "") if error.headers else "") if code in _LATER else 0.0
    return NoAnswer(f"{words} ({code})", again=code in _LATER, wait_s=waits, simpler=code in _SIMPLER)


def _wait(asked: str) -> float:
    """Seconds that a service asks for, as a number or as a date."""
    if asked.strip().isdecimal():
        return float(asked)
    try:
        return max(0.0, (parsedate_to_datetime(asked) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # TypeError: a date without a zone
        return UNTOLD_WAIT_S


def _checked(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        usable = False
    if not usable or not url.strip().isprintable() or not url.isascii() or " " in url.strip():
        raise InputError(f"{url[:80]!r} is no address of a service; give one such as http://localhost:11434/v1.")
    if parts.username is not None or parts.password is not None:
        raise InputError("The address holds a user or a password; give it without, and name the variable of a key with --reader-key-env.")
    return parts


def _key(variable: str) -> str:
    if not variable:
        return ""
    key = os.environ.get(variable, "").strip()
    if not key:
        raise InputError(f"The environment has no variable {variable[:80]!r}; set it to the key, or leave --reader-key-env out.")
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError(f"The variable {variable[:80]!r} holds what can be no key: letters that no header takes; set it anew.")
    return key


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
