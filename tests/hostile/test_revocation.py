"""What ended stays ended: whatever arrives late at the cache, and also where the cache was never told."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest
from dependency_injector.providers import Object
from redis.asyncio import Redis

from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.ids import SessionId, UserId
from kosu.modules.identity.denials import Denials
from kosu.modules.identity.domain.sessions import Client
from kosu.modules.identity.ports import (
    Authority,
    SessionCacheUnavailable,
    SessionState,
    StoredSessions,
    Tombstone,
)
from kosu.modules.identity.session_lookup import SessionLookup
from tests.support.api import PASSWORD, Api, problem, running_api

RACES = 300
CLIENT = Client(ip="192.0.2.1", browser="Firefox", os="Linux")


class SlowStoredSessions:
    """The truth, told a little later: so that the end of the session falls between the read and the fill."""

    def __init__(self, stored: StoredSessions) -> None:
        self._stored = stored

    async def state(self, session_id: SessionId) -> SessionState | None:
        state = await self._stored.state(session_id)
        await asyncio.sleep(random.uniform(0, 0.02))  # noqa: S311 - spreads the races
        return state


class ForgetfulCache(RedisSessionCache):
    """The fault that the tombstone is against: what ended is deleted, and a late fill finds the place empty."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._client = redis

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        await self._client.delete(*(_key(user_id, session_id) for session_id in ended))


class OverwritingCache(RedisSessionCache):
    """The fault that NX is against: a late fill overwrites the tombstone."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._client = redis

    async def fill(self, state: SessionState) -> None:
        await self._client.delete(_key(state.user_id, state.session_id))
        await super().fill(state)


def _key(user_id: UserId, session_id: SessionId) -> str:
    return f"kosu:session:{{{user_id.hex}}}:{session_id.hex}"


async def resurrected(api: Api, cache: RedisSessionCache) -> int:
    """How many of RACES sessions, each looked up for the first time while it is being ended, live on in the cache."""
    identity = api.container.identity
    # A process of its own, to which nothing is broadcast; and the one that ends, over the cache under test.
    stored = api.container.stored_sessions()
    looking = SessionLookup(cache, SlowStoredSessions(stored), Denials())
    email = await api.account()
    async with api.container.identity_transaction()() as records:
        user = await records.users.with_email(email)
    assert user is not None

    async def race() -> bool:
        at = identity.clock().now()
        async with api.container.identity_transaction()() as records:
            place = await identity.admission().admit(
                records, user, device_id=identity.ids().new(), client=CLIENT, at=at
            )
        session = place.session

        async def end() -> None:
            await asyncio.sleep(random.uniform(0, 0.01))  # noqa: S311 - spreads the races
            await identity.end_session()(user_id=user.id, session_id=session.id)
            await cache.bury(user.id, {session.id: "revoked_by_user"})

        await asyncio.gather(looking.find(user.id, session.id, at=at), end())
        after = await SessionLookup(cache, stored, Denials()).find(user.id, session.id, at=at)
        return not isinstance(after, Tombstone)

    return sum([await race() for _ in range(RACES)])


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    async with Redis.from_url(redis_url) as client:
        yield client


async def test_a_fill_that_races_the_end_never_resurrects(api: Api, redis: Redis) -> None:
    assert await resurrected(api, RedisSessionCache(redis)) == 0


@pytest.mark.parametrize("faulty", [ForgetfulCache, OverwritingCache])
async def test_without_the_tombstone_or_nx_the_race_is_lost(
    api: Api, redis: Redis, faulty: type[RedisSessionCache]
) -> None:
    """The race above can see what it is there to see."""
    assert await resurrected(api, faulty(redis)) > 0


class MuteCache(RedisSessionCache):
    """Reads work and writes that end something do not: a replica that lags, a network that is half broken."""

    async def bury(self, user_id: UserId, ended: Mapping[SessionId, str]) -> None:
        msg = "cannot be written to"
        raise SessionCacheUnavailable(msg)

    async def set_authority(self, user_id: UserId, authority: Authority) -> None:
        msg = "cannot be written to"
        raise SessionCacheUnavailable(msg)


@pytest.fixture
async def two(database: str, redis_url: str, tmp_path: Path) -> AsyncIterator[tuple[Api, Api]]:
    """Two api processes over the same stores, neither of which can tell the cache of an end."""
    async with AsyncExitStack() as stack:
        apis = []
        for name in ("one", "two"):
            redis = await stack.enter_async_context(Redis.from_url(redis_url))
            cache = Object(MuteCache(redis))
            started = running_api(tmp_path / name, database_url=database, redis_url=redis_url, session_cache=cache)
            apis.append(await stack.enter_async_context(started))
        yield apis[0], apis[1]


async def signed_in_at(api: Api, email: str) -> httpx.AsyncClient:
    browser = await api.browser()
    await browser.post("/api/v1/auth/login", json={"email": email, "password": PASSWORD})
    assert (await browser.get("/api/v1/me")).status_code == 200
    return browser


async def answer_within_a_second(browser: httpx.AsyncClient, path: str, status: int) -> httpx.Response:
    """The first answer with this status; a session that ended must not be heard of for longer than that."""
    deadline = asyncio.get_running_loop().time() + 1
    answer = await browser.get(path)
    while answer.status_code != status and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.01)
        answer = await browser.get(path)
    return answer


async def test_an_end_reaches_every_process_although_the_cache_was_not_told(two: tuple[Api, Api]) -> None:
    one, other = two
    email = await one.account()
    device, ending = await signed_in_at(other, email), await signed_in_at(one, email)
    await ending.delete("/api/v1/me/sessions")
    told = problem(await answer_within_a_second(device, "/api/v1/me", 401), 401, "session_revoked")
    assert told["reason"] == "revoked_by_user"
    assert (await ending.get("/api/v1/me")).status_code == 200


@pytest.mark.parametrize("rubbish", ["", "not JSON", '{"name": "identity.SessionEnded", "payload": {"user_id": 1}}'])
async def test_rubbish_on_the_channel_deafens_nobody(two: tuple[Api, Api], rubbish: str) -> None:
    """E.g. an event of a later release, whose processes run beside this one's for a while."""
    one, other = two
    email = await one.account()
    device, ending = await signed_in_at(other, email), await signed_in_at(one, email)
    async with one.container.pool().connection() as connection:
        await connection.execute("SELECT pg_notify('kosu_broadcasts', %s)", (rubbish,))
    await ending.delete("/api/v1/me/sessions")
    problem(await answer_within_a_second(device, "/api/v1/me", 401), 401, "session_revoked")


async def test_a_role_taken_reaches_every_process_although_the_cache_was_not_told(two: tuple[Api, Api]) -> None:
    one, other = two
    email, operator = await one.account("instructor"), await signed_in_at(one, await one.account("operator"))
    device = await signed_in_at(other, email)
    assert (await device.get("/api/v1/studio/courses")).status_code == 200
    [account] = (await operator.get("/api/v1/ops/users", params={"q": email})).json()["items"]
    await operator.post(f"/api/v1/ops/users/{account['id']}/roles", json={"roles": []})
    answer = await answer_within_a_second(device, "/api/v1/studio/courses", 403)
    problem(answer, 403, "role_required")


async def test_who_begins_to_listen_learns_what_was_missed(
    two: tuple[Api, Api], database: str, redis_url: str, tmp_path: Path
) -> None:
    """A process that starts, or whose connection was lost, finds a cache that still believes in the session."""
    one, _ = two
    email = await one.account()
    device = await signed_in_at(one, email)
    token = (await device.post("/api/v1/auth/refresh")).json()["access_token"]
    await (await signed_in_at(one, email)).delete("/api/v1/me/sessions")
    async with running_api(tmp_path / "third", database_url=database, redis_url=redis_url) as third:
        late = await third.browser(Authorization=f"Bearer {token}")
        problem(await answer_within_a_second(late, "/api/v1/me", 401), 401, "session_revoked")


class StubbornCache(RedisSessionCache):
    """The fault that the epoch is against: the last writer wins, however old what it writes."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._client = redis

    async def fill(self, state: SessionState) -> None:
        await self._client.delete(f"kosu:authority:{{{state.user_id.hex}}}")
        await super().fill(state)


async def regained(api: Api, cache: RedisSessionCache, redis: Redis) -> int:
    """How often a role that was taken is in force again, because a fill that was read before came after."""
    identity, stored = api.container.identity, api.container.stored_sessions()
    looking = SessionLookup(cache, SlowStoredSessions(stored), Denials())
    device = await api.learner()
    at = identity.clock().now()
    claims = identity.access_tokens().verify(device.cookies["kosu_at"], at=at)

    async def change(*roles: str) -> Authority:
        async with api.container.identity_transaction()() as records:
            user = await records.users.lock(claims.user_id)
            assert user is not None
            user = user.with_roles(frozenset(roles), at)
            await records.users.save(user)
        return Authority(roles=user.roles, disabled=False, authz_epoch=user.authz_epoch)

    async def take() -> None:
        await asyncio.sleep(random.uniform(0, 0.01))  # noqa: S311 - spreads the races
        await cache.set_authority(claims.user_id, await change("learner"))

    count = 0
    for _ in range(RACES // 3):
        await change("learner", "operator")
        await redis.flushall()
        await asyncio.gather(looking.find(claims.user_id, claims.session_id, at=at), take())
        after = await SessionLookup(cache, stored, Denials()).find(claims.user_id, claims.session_id, at=at)
        assert isinstance(after, SessionState)
        count += "operator" in after.authority.roles
    return count


async def test_a_role_that_was_taken_never_comes_back(api: Api, redis: Redis) -> None:
    assert await regained(api, RedisSessionCache(redis), redis) == 0


async def test_without_the_epoch_it_would(api: Api, redis: Redis) -> None:
    """The race above can see what it is there to see."""
    assert await regained(api, StubbornCache(redis), redis) > 0
