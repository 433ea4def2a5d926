"""Whose address is written down: the peer's, or what our own proxies say of it."""

from __future__ import annotations

import pytest

from entrypoints.api.client_info import TRUSTED_PROXY_HOPS
from tests.support.api import PASSWORD, Api

PEER = "127.0.0.1"


async def address_seen(api: Api, *forwarded: str, hops: int) -> str:
    api.litestar.state[TRUSTED_PROXY_HOPS] = hops
    email, browser = await api.account(), await api.browser()
    headers = [("X-Forwarded-For", value) for value in forwarded]
    answer = await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD}, headers=headers)
    assert answer.status_code == 200
    return str(answer.json()["session"]["ip"])


async def test_without_proxies_of_ours_nobody_is_believed(api: Api) -> None:
    assert await address_seen(api, "192.0.2.7", hops=0) == PEER


@pytest.mark.parametrize(
    ("forwarded", "hops", "seen"),
    [
        (["192.0.2.7"], 1, "192.0.2.7"),
        (["192.0.2.66, 192.0.2.7"], 1, "192.0.2.7"),
        (["192.0.2.66", "192.0.2.7, 198.51.100.1"], 2, "192.0.2.7"),
        (["2001:DB8::1"], 1, "2001:db8::1"),
        (["192.0.2.7"], 2, PEER),
        (["nonsense"], 1, PEER),
        ([], 1, PEER),
    ],
)
async def test_the_outermost_of_our_proxies_is_believed(api: Api, forwarded: list[str], hops: int, seen: str) -> None:
    """What a client writes into the header itself stands before that, and must not count."""
    assert await address_seen(api, *forwarded, hops=hops) == seen
