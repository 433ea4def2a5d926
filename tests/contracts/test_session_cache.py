"""The session cache: what ended stays ended, whatever arrives late."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kosu.adapters.failover.session_cache import GuardedSessionCache
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.session_state import MemorySessionCache
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.adapters.system import SystemIds
from kosu.breaker import CircuitBreaker
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.ports import (
    Authority,
    Cached,
    LiveSession,
    NoSuchSession,
    SessionCache,
    SessionCacheUnavailable,
    SessionState,
    Tombstone,
)
from kosu.settings import RedisSettings, Secret

ids = SystemIds()


@pytest.fixture(params=["memory", "redis", "guarded"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[SessionCache]:
    if request.param == "memory":
        yield MemorySessionCache()
        return
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    redis_cache = RedisSessionCache(client)
    guarded = GuardedSessionCache(redis_cache, CircuitBreaker(), MemoryClock(), timeout_seconds=5)
    yield guarded if request.param == "guarded" else redis_cache
    await client.aclose()


def a_state(**changes: Any) -> SessionState:
    state = SessionState(
        user_id=UserId(ids.new()),
        session_id=SessionId(ids.new()),
        device_id=DeviceId(ids.new()),
        expires_at=datetime(2026, 2, 1, 12, 30, 15, 250_000, tzinfo=UTC),
        authority=Authority(roles=frozenset({"learner", "instructor"}), disabled=False, authz_epoch=2),
    )
    return replace(state, **changes)


def live(state: SessionState) -> LiveSession:
    return LiveSession(state.device_id, state.expires_at)


async def test_a_state_comes_back_as_it_was_filled(cache: SessionCache) -> None:
    state = a_state()
    assert await cache.get(state.user_id, state.session_id) == Cached(None, None)
    await cache.fill(state)
    assert await cache.get(state.user_id, state.session_id) == Cached(live(state), state.authority)
    assert await cache.get(state.user_id, SessionId(ids.new())) == Cached(None, state.authority)


async def test_a_buried_session_is_marked_with_the_reason(cache: SessionCache) -> None:
    state, other = a_state(), SessionId(ids.new())
    await cache.fill(state)
    await cache.bury(state.user_id, {state.session_id: "revoked_by_user", other: "logged_out"})
    assert (await cache.get(state.user_id, state.session_id)).session == Tombstone("revoked_by_user")
    assert (await cache.get(state.user_id, other)).session == Tombstone("logged_out")


async def test_nothing_that_comes_late_resurrects(cache: SessionCache) -> None:
    state = a_state()
    await cache.bury(state.user_id, {state.session_id: "revoked_by_user"})
    await cache.fill(state)
    await cache.renew(state.user_id, state.session_id, live(state))
    await cache.fill_unknown(state.user_id, state.session_id)
    assert (await cache.get(state.user_id, state.session_id)).session == Tombstone("revoked_by_user")


async def test_a_late_fill_does_not_take_back_a_renewal(cache: SessionCache) -> None:
    state = a_state()
    renewed = LiveSession(state.device_id, state.expires_at + timedelta(days=1))
    await cache.fill(state)
    await cache.renew(state.user_id, state.session_id, renewed)
    await cache.fill(state)
    assert (await cache.get(state.user_id, state.session_id)).session == renewed


async def test_what_is_unknown_is_remembered_until_it_is_known(cache: SessionCache) -> None:
    state = a_state()
    await cache.fill_unknown(state.user_id, state.session_id)
    assert (await cache.get(state.user_id, state.session_id)).session == NoSuchSession()
    await cache.renew(state.user_id, state.session_id, live(state))
    assert (await cache.get(state.user_id, state.session_id)).session == live(state)


async def test_of_two_authorities_the_newer_one_stays(cache: SessionCache) -> None:
    """A fill that was read before a change of roles arrives after it."""
    state = a_state()
    newer = Authority(roles=frozenset({"learner"}), disabled=True, authz_epoch=10)
    await cache.set_authority(state.user_id, newer)
    await cache.fill(state)
    await cache.set_authority(state.user_id, state.authority)
    assert await cache.get(state.user_id, state.session_id) == Cached(live(state), newer)
    newest = replace(newer, disabled=False, authz_epoch=11)
    await cache.fill(replace(state, authority=newest))
    assert (await cache.get(state.user_id, state.session_id)).authority == newest


async def test_redis_away_is_said_as_such() -> None:
    client = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0"), timeout_ms=200))
    cache, state = RedisSessionCache(client), a_state()
    for call in (
        cache.get(state.user_id, state.session_id),
        cache.fill(state),
        cache.fill_unknown(state.user_id, state.session_id),
        cache.renew(state.user_id, state.session_id, live(state)),
        cache.bury(state.user_id, {state.session_id: "x"}),
        cache.set_authority(state.user_id, state.authority),
    ):
        with pytest.raises(SessionCacheUnavailable):
            await call
    await client.aclose()


async def test_states_and_tombstones_fade(redis_url: str) -> None:
    """A live state for about a minute; a tombstone for longer than any access token lives."""
    client = create_redis(RedisSettings(url=Secret(redis_url)))
    cache, state, buried = RedisSessionCache(client), a_state(), a_state()
    await cache.fill(state)
    await cache.bury(buried.user_id, {buried.session_id: "x"})
    lives = [await client.ttl(key) for key in await client.keys("*")]
    await client.aclose()
    assert all(54 <= seconds <= 66 for seconds in sorted(lives)[:2])
    assert max(lives) > 600


class _Slow(MemorySessionCache):
    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def get(self, user_id: UserId, session_id: SessionId) -> Cached:
        self.asked += 1
        await asyncio.sleep(60)
        return await super().get(user_id, session_id)


async def test_a_frozen_cache_is_soon_not_asked_any_more() -> None:
    """Each request that waits for it would wait in vain; only now and then one has to find out."""
    frozen, clock, state = _Slow(), MemoryClock(), a_state()
    guarded = GuardedSessionCache(frozen, CircuitBreaker(), clock, timeout_seconds=0.01)
    for _ in range(20):
        with pytest.raises(SessionCacheUnavailable):
            await guarded.get(state.user_id, state.session_id)
    assert frozen.asked == 3
    clock.advance(timedelta(seconds=1))
    for _ in range(20):
        with pytest.raises(SessionCacheUnavailable):
            await guarded.get(state.user_id, state.session_id)
    assert frozen.asked == 4
