"""What is counted together."""

from __future__ import annotations

from uuid import UUID

import pytest

from kosu.errors import TooManyRequests
from kosu.ids import DeviceId, UserId
from kosu.modules.identity.errors import InvalidCredentials
from kosu.modules.identity.throttling import log_in_buckets, mail_buckets, network_of
from tests.support.identity import IdentityWorld


@pytest.mark.parametrize(
    ("ip", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("not an address", "unknown"),
    ],
)
def test_a_subscriber_is_one_address_or_one_network(ip: str, network: str) -> None:
    """Whoever has a /64 has 18 quintillion addresses, and must not have as many tries."""
    assert network_of(ip) == network


def test_a_known_device_has_a_bucket_of_its_own_and_no_other() -> None:
    known = (UserId(UUID(int=1)), DeviceId(UUID(int=2)))
    own = log_in_buckets(address="ada@kosu.test", ip="192.0.2.1", known_device=known)
    anybodys = log_in_buckets(address="ada@kosu.test", ip="192.0.2.1", known_device=None)
    assert {bucket.key for bucket in own}.isdisjoint(bucket.key for bucket in anybodys)


def test_keys_show_nobodys_address() -> None:
    """They are seen by whoever operates Redis."""
    buckets = [
        *log_in_buckets(address="ada@kosu.test", ip="192.0.2.1", known_device=None),
        *mail_buckets(kind="reset", address="ada@kosu.test", ip="192.0.2.1"),
    ]
    assert not any("ada" in bucket.key for bucket in buckets)


async def test_the_next_try_comes_with_time() -> None:
    world = IdentityWorld()
    await world.register()

    async def guess() -> None:
        await world.log_in(password="not the password")

    for _ in range(10):
        with pytest.raises(InvalidCredentials):
            await guess()
    with pytest.raises(TooManyRequests) as refused:
        await guess()
    assert refused.value.retry_after_seconds == 30
    world.later(seconds=30)
    with pytest.raises(InvalidCredentials):
        await guess()
