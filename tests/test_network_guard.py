"""The guard under which every test runs: this machine may be talked to, no other."""

from __future__ import annotations

import socket
import urllib.request

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1"])
def test_no_other_machine_can_be_reached(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as connection, pytest.raises(AssertionError, match="tests run without a network"):
        connection.connect((address, 80))


def test_no_name_can_be_looked_up() -> None:
    with pytest.raises(AssertionError, match=r"tried to look up 'example\.org'"):
        urllib.request.urlopen("http://example.org", timeout=1)


def test_this_machine_can_be_reached() -> None:
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
        assert client.getpeername() == server.getsockname()
