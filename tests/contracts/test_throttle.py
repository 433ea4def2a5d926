"""Rate limits: a burst, then one at a time, and never more however many ask at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from kosu.adapters.failover.throttle import FailoverThrottle
from kosu.adapters.memory.throttle import SWEEP_AT, MemoryThrottle
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.throttle import RedisThrottle
from kosu.breaker import CircuitBreaker
from kosu.ports.throttle import Bucket, Rate, Throttle, ThrottleUnavailable
from kosu.settings import RedisSettings, Secret

# The time of the day matters to Redis: keys expire by its own clock.
AT = datetime.now(UTC)
SECOND = timedelta(seconds=1)
RATE = Rate(burst=10, every=3 * SECOND)
ACCOUNT, ADDRESS = Bucket("account:a", RATE), Bucket("address:b", Rate(burst=2, every=5 * SECOND))


@pytest.fixture(params=["memory", "redis", "failover", "failed over"])
async def throttle(request: pytest.FixtureRequest) -> AsyncIterator[Throttle]:
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    away = MemoryThrottle()
    away.available = False
    match request.param:
        case "memory":
            yield MemoryThrottle()
        case "redis":
            yield RedisThrottle(client)
        case "failover":
            yield FailoverThrottle(RedisThrottle(client), away, CircuitBreaker(), timeout_seconds=5)
        case "failed over":
            yield FailoverThrottle(away, MemoryThrottle(), CircuitBreaker())
    await client.aclose()


class SilentThrottle:
    """Frozen: it never answers, and counts who waits."""

    def __init__(self) -> None:
        self.asked = 0

    async def take(self, buckets: Sequence[Bucket], *, at: datetime) -> timedelta | None:
        await self._wait()
        return None

    async def give_back(self, buckets: Sequence[Bucket], *, at: datetime) -> None:
        await self._wait()

    async def _wait(self) -> None:
        self.asked += 1
        await asyncio.Event().wait()


async def taken(throttle: Throttle, buckets: list[Bucket], *, at: datetime = AT, tries: int = 50) -> int:
    return [await throttle.take(buckets, at=at) for _ in range(tries)].count(None)


async def test_a_burst_and_then_one_at_a_time(throttle: Throttle) -> None:
    assert await taken(throttle, [ACCOUNT]) == 10
    assert await taken(throttle, [ACCOUNT], at=AT + 2 * SECOND) == 0
    assert await taken(throttle, [ACCOUNT], at=AT + 3 * SECOND) == 1
    assert await taken(throttle, [ACCOUNT], at=AT + 9 * SECOND) == 2
    assert await taken(throttle, [ACCOUNT], at=AT + timedelta(hours=1)) == 10


async def test_it_says_how_long_to_wait(throttle: Throttle) -> None:
    assert await taken(throttle, [ACCOUNT]) == 10
    assert await throttle.take([ACCOUNT], at=AT) == 3 * SECOND
    assert await throttle.take([ACCOUNT], at=AT + timedelta(seconds=1.5)) == timedelta(seconds=1.5)


async def test_of_two_waits_it_says_the_longer(throttle: Throttle) -> None:
    """Whoever comes back after the shorter one would be refused again."""
    assert await taken(throttle, [ACCOUNT]) == 10
    assert await taken(throttle, [ADDRESS]) == 2
    assert await throttle.take([ACCOUNT, ADDRESS], at=AT) == 5 * SECOND
    assert await throttle.take([ADDRESS, ACCOUNT], at=AT) == 5 * SECOND


async def test_all_buckets_or_none(throttle: Throttle) -> None:
    """A refused try must not use up the other bucket's."""
    assert await taken(throttle, [ACCOUNT, ADDRESS]) == 2
    assert await throttle.take([ADDRESS, ACCOUNT], at=AT) == 5 * SECOND
    assert await taken(throttle, [ACCOUNT]) == 8


async def test_buckets_are_counted_apart(throttle: Throttle) -> None:
    assert await taken(throttle, [ACCOUNT]) == 10
    assert await taken(throttle, [Bucket("account:c", RATE)]) == 10


async def test_what_is_given_back_can_be_taken_again(throttle: Throttle) -> None:
    """A right password costs nothing, however often it is used."""
    for _ in range(50):
        assert await throttle.take([ACCOUNT, ADDRESS], at=AT) is None
        await throttle.give_back([ACCOUNT, ADDRESS], at=AT)


async def test_a_bucket_gets_no_fuller_than_full(throttle: Throttle) -> None:
    for _ in range(5):
        await throttle.give_back([ACCOUNT], at=AT)
    assert await taken(throttle, [ACCOUNT]) == 10


async def test_a_clock_that_goes_back_gives_nothing(throttle: Throttle) -> None:
    assert await taken(throttle, [ACCOUNT]) == 10
    assert await taken(throttle, [ACCOUNT], at=AT - 60 * SECOND) == 0


async def test_of_two_hundred_at_once_ten_get_through(throttle: Throttle) -> None:
    waits = await asyncio.gather(*(throttle.take([ACCOUNT], at=AT) for _ in range(200)))
    assert waits.count(None) == 10


async def test_full_buckets_leave_nothing_behind(redis_url: str) -> None:
    """An attacker with many addresses must not fill Redis for good."""
    client = create_redis(RedisSettings(url=Secret(redis_url)))
    throttle = RedisThrottle(client)
    await throttle.take([ACCOUNT], at=AT)
    (key,) = await client.keys("*")
    assert 2_000 < await client.pttl(key) <= 3_000
    await throttle.give_back([ACCOUNT], at=AT)
    assert await client.keys("*") == []
    await client.aclose()


async def test_memory_forgets_full_buckets() -> None:
    throttle = MemoryThrottle()
    for number in range(SWEEP_AT):
        await throttle.take([Bucket(f"address:{number}", RATE)], at=AT)
    await throttle.take([ACCOUNT], at=AT + 10 * SECOND)
    assert len(throttle._full_at) == 1
    await throttle.give_back([ACCOUNT], at=AT + 10 * SECOND)
    assert not throttle._full_at


async def test_memory_looks_for_full_buckets_seldom() -> None:
    """While many attack at once and nothing can be forgotten, a try must not cost a walk over all of them."""
    throttle, walks = MemoryThrottle(), 0
    for number in range(2 * SWEEP_AT):
        kept = throttle._full_at
        await throttle.take([Bucket(f"address:{number}", RATE)], at=AT)
        walks += throttle._full_at is not kept
    assert walks <= 2
    assert len(throttle._full_at) == 2 * SWEEP_AT


async def test_redis_away_is_said_as_such() -> None:
    client = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0"), timeout_ms=200))
    throttle = RedisThrottle(client)
    for call in (throttle.take([ACCOUNT], at=AT), throttle.give_back([ACCOUNT], at=AT)):
        with pytest.raises(ThrottleUnavailable):
            await call
    await client.aclose()


async def test_the_second_counts_while_the_first_is_away() -> None:
    """During an outage attacks are still slowed, and the first is asked again when it is back."""
    first, breaker = MemoryThrottle(), CircuitBreaker()
    throttle = FailoverThrottle(first, MemoryThrottle(), breaker)
    assert await taken(throttle, [ACCOUNT], tries=4) == 4
    first.available = False
    assert await taken(throttle, [ACCOUNT]) == 10
    first.available = True
    assert await taken(throttle, [ACCOUNT], at=AT + SECOND) == 6


async def test_a_frozen_first_is_given_up_on() -> None:
    """Who signs in waits a moment for a store that hangs, and after three of them nobody does."""
    first = SilentThrottle()
    throttle = FailoverThrottle(first, MemoryThrottle(), CircuitBreaker(failures=3), timeout_seconds=0.01)
    async with asyncio.timeout(2):
        assert await taken(throttle, [ACCOUNT], tries=12) == 10
        assert first.asked == 3
        assert await taken(throttle, [ACCOUNT], at=AT + 2 * SECOND, tries=3) == 0
    assert first.asked == 4
