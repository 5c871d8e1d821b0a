"""Whose desk it is: one person's on this computer, or that of whoever signed in.

Signing in (OpenID Connect) is set up in secrets.toml, see docs/serving.md. Without it the app serves this computer alone: on an address
that others can reach it shows nothing, unless `SALIENT_OPEN=1` says that whoever reaches it may see all work.
"""

from __future__ import annotations

import hashlib
import ipaddress
import os
from urllib.parse import urlsplit

import streamlit as st
from streamlit import net_util

from geo.ui.words import plain, say

__all__ = ["account", "is_alone", "owner"]

LOCAL = "local"
OPEN = "SALIENT_OPEN"
_PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
_NO_PROVIDERS = frozenset({"redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url", "client_kwargs"})


def owner() -> str:
    """Return a name for whoever uses this session, of small letters and digits: "local" unless signing in is set up.

    Whoever has to sign in first is asked to, and nothing more of the page is drawn.
    """
    _ask_nobody()
    user = st.user.to_dict()
    if "is_logged_in" not in user:
        if not is_alone() and os.environ.get(OPEN) != "1":
            st.error(say(
                "This app is reached from other computers and nobody has to sign in. Set up signing in, or let it serve this computer "
                "alone; docs/serving.md says how."
            ))
            st.stop()
        return LOCAL
    if not user["is_logged_in"]:
        _ask()
        st.stop()
    if not (user.get("iss") and user.get("sub")):
        st.error(say("The service that you signed in with does not say who you are; ask whoever runs this app."))
        account()
        st.stop()
    return hashlib.sha256(f"{user['iss']}\x1f{user['sub']}".encode()).hexdigest()[:32]


def account() -> None:
    """Say who is signed in, with a way out; nothing where nobody has to sign in."""
    user = st.user.to_dict()
    if user.get("is_logged_in"):
        name = str(user.get("email") or user.get("name") or "")[:80]
        st.caption(plain(say("Signed in as {name}", name=name) if name else say("Signed in")))
        st.button(say("Sign out"), key="sign_out", on_click=st.logout, icon=":material/logout:")


def is_alone() -> bool:
    """Say whether whoever asks sits at this computer, so that a path names a folder of theirs.

    The app listens to this computer alone, the request was not passed on by a proxy, and nobody has to sign in.
    """
    headers = st.context.headers
    passed_on = any(name in headers for name in _PASSED_ON) or not _is_here(headers.get("Host", "localhost"))
    return _is_here(str(st.get_option("server.address") or "")) and not passed_on and "is_logged_in" not in st.user.to_dict()


def _ask_nobody() -> None:
    """Keep Streamlit from asking others for the address of this computer, as it does when a page of a foreign origin knocks."""
    if net_util._external_ip is None:
        net_util._external_ip = "127.0.0.1"


def _is_here(address: str) -> bool:
    """Whether a name or address, with or without a port, is that of the loopback."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        name = urlsplit(f"//{address}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _ask() -> None:
    """Ask whoever came to sign in, with each of the services that are set up."""
    st.title("Salient")
    st.caption(say("From reports to a sourced map."))
    auth = st.secrets.get("auth", {})
    named = [name for name in auth if name not in _NO_PROVIDERS and hasattr(auth[name], "keys")]
    if not named or "client_id" in auth:
        st.button(say("Sign in"), key="sign_in", on_click=st.login, type="primary")
    for name in named:
        st.button(plain(say("Sign in with {name}", name=name.capitalize())), key=f"sign_in_{name}", on_click=st.login, args=(name,))
