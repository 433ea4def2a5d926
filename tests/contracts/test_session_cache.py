"""The session cache: what ended stays ended, whatever arrives late."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from kosu.adapters.memory.identity import MemorySessionCache
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.adapters.system import SystemIds
from kosu.ids import DeviceId, SessionId, UserId
from kosu.modules.identity.ports import SessionCache, SessionCacheUnavailable, SessionState, Tombstone
from kosu.settings import RedisSettings, Secret

ids = SystemIds()


@pytest.fixture(params=["memory", "redis"])
async def cache(request: pytest.FixtureRequest) -> AsyncIterator[SessionCache]:
    if request.param == "memory":
        yield MemorySessionCache()
        return
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    yield RedisSessionCache(client)
    await client.aclose()


def a_state() -> SessionState:
    return SessionState(
        user_id=UserId(ids.new()),
        session_id=SessionId(ids.new()),
        device_id=DeviceId(ids.new()),
        expires_at=datetime(2026, 2, 1, 12, 30, 15, 250_000, tzinfo=UTC),
        roles=frozenset({"learner", "instructor"}),
    )


async def test_a_state_comes_back_as_it_was_filled(cache: SessionCache) -> None:
    state = a_state()
    assert await cache.get(state.user_id, state.session_id) is None
    await cache.fill(state)
    assert await cache.get(state.user_id, state.session_id) == state
    assert await cache.get(state.user_id, SessionId(ids.new())) is None


async def test_a_buried_session_is_marked_with_the_reason(cache: SessionCache) -> None:
    state, other = a_state(), SessionId(ids.new())
    await cache.fill(state)
    await cache.bury(state.user_id, {state.session_id: "revoked_by_user", other: "logged_out"})
    assert await cache.get(state.user_id, state.session_id) == Tombstone("revoked_by_user")
    assert await cache.get(state.user_id, other) == Tombstone("logged_out")


async def test_a_late_fill_does_not_resurrect(cache: SessionCache) -> None:
    state = a_state()
    await cache.bury(state.user_id, {state.session_id: "revoked_by_user"})
    await cache.fill(state)
    assert await cache.get(state.user_id, state.session_id) == Tombstone("revoked_by_user")


async def test_redis_away_is_said_as_such() -> None:
    client = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0"), timeout_ms=200))
    cache, state = RedisSessionCache(client), a_state()
    for call in (
        cache.get(state.user_id, state.session_id),
        cache.fill(state),
        cache.bury(state.user_id, {state.session_id: "x"}),
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
    assert 50 <= min(lives) <= 66
    assert max(lives) > 600
