"""What a request says of the device that sent it: enough for its owner to recognise it."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address
from typing import Any

from litestar.connection import ASGIConnection

from kosu.modules.identity.domain.sessions import Client

_USER_AGENT_CHARACTERS = 512


# Where the application's state holds how many of our own reverse proxies stand in front.
TRUSTED_PROXY_HOPS = "trusted_proxy_hops"


def client_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Client:
    browser, os = _browser_and_os(connection.headers.get("user-agent", "")[:_USER_AGENT_CHARACTERS])
    hops: int = connection.app.state.get(TRUSTED_PROXY_HOPS, 0)
    return Client(ip=address_of(connection, hops=hops), browser=browser, os=os)


def address_of(connection: ASGIConnection[Any, Any, Any, Any], *, hops: int) -> str:
    """The address that the outermost of our own proxies saw; what stands before it anybody may have written.

    Source: MDN, "X-Forwarded-For", selecting an IP address.
    """
    peer = connection.client.host if connection.client else ""
    if hops == 0:
        return peer
    forwarded = ",".join(connection.headers.getall("x-forwarded-for", [])).split(",")
    try:
        return str(ip_address(forwarded[-hops].strip()))
    except (IndexError, ValueError):
        return peer


@lru_cache(maxsize=1024)
def _browser_and_os(user_agent: str) -> tuple[str, str]:
    # Imported at the first log-in: its tables take half a second that a start can do without.
    from ua_parser import parse  # noqa: PLC0415

    parsed = parse(user_agent)
    browser = parsed.user_agent.family if parsed.user_agent else "Unknown browser"
    os = parsed.os.family if parsed.os else "unknown system"
    return browser, os
