"""Whose desk it is: one person's on this computer, one's own behind a sign-in, and nobody's on an open network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

AUTH = {
    "auth": {
        "redirect_uri": "https://maps.example.org/oauth2callback", "cookie_secret": "x" * 40, "client_id": "salient",
        "client_secret": "secret", "server_metadata_url": "https://id.example.org/.well-known/openid-configuration",
    }
}


def page() -> None:
    import streamlit as st

    from geo.ui import identity

    st.session_state["who"] = identity.owner()
    identity.account()
    st.text("The desk")


def run(*, user: dict[str, Any] | None = None, secrets: dict[str, Any] | None = None, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    from streamlit import user_info

    app = AppTest.from_function(page)
    for name, value in (secrets or {}).items():
        app.secrets[name] = value
    if user is not None:
        monkeypatch.setattr(user_info, "_get_user_info", lambda: user)
    return app.run()


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    import streamlit as st

    kept = st.get_option("server.address")
    real = st.get_option

    def at(where: str | None) -> None:
        monkeypatch.setattr(st, "get_option", lambda name: where if name == "server.address" else real(name))

    yield at
    assert st.get_option is not None
    assert kept == "127.0.0.1"


def shown(app: AppTest) -> bool:
    return any(one.value == "The desk" for one in app.text)


def test_on_this_computer_nobody_signs_in(monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(monkeypatch=monkeypatch)
    assert app.session_state["who"] == "local"
    assert not app.button
    assert shown(app)


@pytest.mark.parametrize("where", [None, "", "0.0.0.0", "192.168.1.4", "::", "maps.example.org"])
def test_on_an_open_network_nothing_is_shown_without_signing_in(address: Any, where: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    address(where)
    app = run(monkeypatch=monkeypatch)
    assert "nobody has to sign in" in app.error[0].value
    assert not shown(app)
    monkeypatch.setenv("SALIENT_OPEN", "1")
    assert shown(run(monkeypatch=monkeypatch))


@pytest.mark.parametrize("headers", [
    {"X-Forwarded-For": "203.0.113.7"}, {"Host": "maps.example.org"}, {"Host": "maps.example.org:8501"}, {"Host": "127.0.0.1.example.org"},
    {"Via": "1.1 proxy"},
])
def test_behind_a_proxy_it_is_no_longer_this_computer(headers: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setattr(type(st.context), "headers", headers)
    app = run(monkeypatch=monkeypatch)
    assert "nobody has to sign in" in app.error[0].value
    assert not shown(app)


@pytest.mark.parametrize("host", ["localhost", "localhost:8501", "127.0.0.1:8501", "[::1]:8501", "[::1]"])
def test_any_name_of_this_computer_is_this_computer(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import streamlit as st

    monkeypatch.setattr(type(st.context), "headers", {"Host": host})
    assert shown(run(monkeypatch=monkeypatch))


@pytest.mark.parametrize("where", ["127.0.0.1", "127.8.8.8", "localhost", "::1"])
def test_a_loopback_address_is_this_computer(address: Any, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address(where)
    assert shown(run(monkeypatch=monkeypatch))


def test_whoever_has_to_sign_in_sees_nothing_before(monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(user={"is_logged_in": False}, secrets=AUTH, monkeypatch=monkeypatch)
    assert [one.key for one in app.button] == ["sign_in"]
    assert not shown(app)


def test_each_service_that_is_set_up_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    named = {"auth": {"redirect_uri": "x", "cookie_secret": "y", "google": {"client_id": "a"}, "ours": {"client_id": "b"}}}
    app = run(user={"is_logged_in": False}, secrets=named, monkeypatch=monkeypatch)
    assert [one.key for one in app.button] == ["sign_in_google", "sign_in_ours"]


def test_owners_are_told_apart_by_issuer_and_subject(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [("https://a", "1"), ("https://a", "2"), ("https://b", "1"), ("https://a\x1f1", "")]
    names = []
    for issuer, subject in people[:3]:
        app = run(user={"is_logged_in": True, "iss": issuer, "sub": subject, "email": "ada@example.org"}, monkeypatch=monkeypatch)
        names.append(app.session_state["who"])
        assert [one.key for one in app.button] == ["sign_out"]
    assert len({*names, "local"}) == 4
    assert all(name.isalnum() and name.lower() == name for name in names)
    app = run(user={"is_logged_in": True, "iss": people[3][0], "sub": ""}, monkeypatch=monkeypatch)
    assert "does not say who you are" in app.error[0].value
    assert not shown(app)


def test_a_name_is_shown_as_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    app = run(user={"is_logged_in": True, "iss": "i", "sub": "s", "name": "![x](https://evil.example/a.png)"}, monkeypatch=monkeypatch)
    assert "![x]" not in app.caption[0].value
    assert "\\!\\[x\\]" in app.caption[0].value


ROOT = Path(__file__).parents[1]
