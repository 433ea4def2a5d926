"""Stream leases: so many devices at once, however many ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kosu.adapters.memory.stream_leases import MemoryStreamLeases
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.stream_leases import RedisStreamLeases
from kosu.adapters.system import SystemIds
from kosu.ids import DeviceId, LessonId, UserId
from kosu.modules.identity.domain.streams import LEASE, StreamId, StreamLease
from kosu.modules.identity.ports import StreamLeases, StreamLeasesUnavailable
from kosu.settings import RedisSettings, Secret

# The time of the day matters to Redis: keys expire by its own clock.
AT = datetime.now(UTC)
ids = SystemIds()
USER = UserId(ids.new())


@pytest.fixture(params=["memory", "redis"])
async def leases(request: pytest.FixtureRequest) -> AsyncIterator[StreamLeases]:
    if request.param == "memory":
        yield MemoryStreamLeases()
        return
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    yield RedisStreamLeases(client)
    await client.aclose()


def a_lease(at: datetime = AT) -> StreamLease:
    return StreamLease(StreamId(ids.new()), DeviceId(ids.new()), LessonId(ids.new()), expires_at=at + LEASE)


async def claim(
    leases: StreamLeases, lease: StreamLease, *, take_over: bool = False, at: datetime = AT
) -> Sequence[StreamLease]:
    return await leases.claim(USER, lease, limit=2, take_over=take_over, at=at)


async def two(leases: StreamLeases) -> tuple[StreamLease, StreamLease]:
    first, second = a_lease(), a_lease(AT + timedelta(seconds=1))
    assert await claim(leases, first) == await claim(leases, second) == []
    return first, second


async def test_one_more_than_the_limit_is_told_who_plays(leases: StreamLeases) -> None:
    first, second = await two(leases)
    assert list(await claim(leases, a_lease())) == [first, second]


async def test_of_a_hundred_at_once_two_play(leases: StreamLeases) -> None:
    answers = await asyncio.gather(*(claim(leases, a_lease()) for _ in range(100)))
    assert sum(not others for others in answers) == 2


async def test_accounts_are_counted_apart(leases: StreamLeases) -> None:
    await two(leases)
    lease = a_lease()
    assert await leases.claim(UserId(ids.new()), lease, limit=2, take_over=False, at=AT) == []


async def test_a_device_that_falls_silent_makes_room(leases: StreamLeases) -> None:
    first, second = await two(leases)
    assert await leases.renew(USER, second.device_id, second.id, expires_at=AT + 2 * LEASE, at=AT)
    assert await claim(leases, a_lease(AT + LEASE), at=AT + LEASE) == []
    assert not await leases.renew(USER, first.device_id, first.id, expires_at=AT + 2 * LEASE, at=AT + LEASE)
    assert replace(second, expires_at=AT + 2 * LEASE) in await claim(leases, a_lease(), at=AT + LEASE)


async def test_a_lapsed_stream_cannot_be_renewed(leases: StreamLeases) -> None:
    """Its place may have been given away already; whether it was must not decide."""
    first, _ = await two(leases)
    assert not await leases.renew(USER, first.device_id, first.id, expires_at=AT + 2 * LEASE, at=AT + LEASE)


async def test_a_renewal_leaves_the_other_devices_alone(leases: StreamLeases) -> None:
    """All leases of an account share one key, which a renewal writes to."""
    first, second = await two(leases)
    assert await leases.renew(USER, first.device_id, first.id, expires_at=AT + LEASE, at=AT)
    assert await leases.renew(USER, second.device_id, second.id, expires_at=AT + LEASE, at=AT)


async def test_a_device_replaces_its_own_stream(leases: StreamLeases) -> None:
    """A second tab, or a page that was loaded again."""
    first, _ = await two(leases)
    again = replace(a_lease(), device_id=first.device_id)
    assert await claim(leases, again) == []
    assert not await leases.renew(USER, first.device_id, first.id, expires_at=AT + LEASE, at=AT)
    assert await leases.renew(USER, again.device_id, again.id, expires_at=AT + LEASE, at=AT)


async def test_taking_over_ends_the_one_that_would_lapse_first(leases: StreamLeases) -> None:
    first, second = await two(leases)
    assert await claim(leases, a_lease(), take_over=True) == []
    assert not await leases.renew(USER, first.device_id, first.id, expires_at=AT + LEASE, at=AT)
    assert await leases.renew(USER, second.device_id, second.id, expires_at=AT + LEASE, at=AT)


async def test_a_lowered_limit_is_kept_by_taking_over(leases: StreamLeases) -> None:
    first, second = await two(leases)
    only = a_lease()
    assert await leases.claim(USER, only, limit=1, take_over=True, at=AT) == []
    for lost in (first, second):
        assert not await leases.renew(USER, lost.device_id, lost.id, expires_at=AT + LEASE, at=AT)


async def test_a_released_stream_makes_room_once(leases: StreamLeases) -> None:
    first, _ = await two(leases)
    await leases.release(USER, first.device_id, first.id)
    await leases.release(USER, first.device_id, first.id)
    assert await claim(leases, a_lease()) == []
    assert await claim(leases, a_lease()) != []


async def test_the_end_of_a_device_ends_its_stream(leases: StreamLeases) -> None:
    first, second = await two(leases)
    await leases.end(USER, [first.device_id, DeviceId(ids.new())])
    await leases.end(USER, [])
    assert not await leases.renew(USER, first.device_id, first.id, expires_at=AT + LEASE, at=AT)
    assert await leases.renew(USER, second.device_id, second.id, expires_at=AT + LEASE, at=AT)


async def test_a_stream_is_kept_and_released_by_its_own_device_only(leases: StreamLeases) -> None:
    """With a copied id any number of devices could play."""
    first, second = await two(leases)
    assert not await leases.renew(USER, second.device_id, first.id, expires_at=AT + LEASE, at=AT)
    assert not await leases.renew(USER, DeviceId(ids.new()), first.id, expires_at=AT + LEASE, at=AT)
    await leases.release(USER, second.device_id, first.id)
    assert await leases.renew(USER, first.device_id, first.id, expires_at=AT + LEASE, at=AT)


async def test_a_silent_account_leaves_nothing_behind(redis_url: str) -> None:
    client = create_redis(RedisSettings(url=Secret(redis_url)))
    leases = RedisStreamLeases(client)
    first, second = await two(leases)
    (key,) = await client.keys("*")
    assert 44_000 < await client.pttl(key) <= 46_000
    await leases.renew(USER, first.device_id, first.id, expires_at=AT + 2 * LEASE, at=AT)
    await leases.renew(USER, second.device_id, second.id, expires_at=AT + LEASE, at=AT)
    assert 88_000 < await client.pttl(key) <= 90_000
    await client.aclose()


async def test_redis_away_is_said_as_such() -> None:
    client = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0"), timeout_ms=200))
    leases, lease = RedisStreamLeases(client), a_lease()
    for call in (
        leases.claim(USER, lease, limit=2, take_over=False, at=AT),
        leases.renew(USER, lease.device_id, lease.id, expires_at=AT, at=AT),
        leases.release(USER, lease.device_id, lease.id),
        leases.end(USER, [lease.device_id]),
    ):
        with pytest.raises(StreamLeasesUnavailable):
            await call
    await client.aclose()
