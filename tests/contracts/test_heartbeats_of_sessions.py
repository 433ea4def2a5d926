"""Heartbeats that are kept only while their session is as it was: together, and each for itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from kosu.adapters.failover.progress_buffer import GuardedProgressBuffer
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.progress_buffer import MemoryProgressBuffer
from kosu.adapters.memory.session_state import MemorySessionCache
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.progress_buffer import RedisProgressBuffer
from kosu.adapters.redis.progress_scripts import PREFIX
from kosu.adapters.redis.session_cache import RedisSessionCache
from kosu.breaker import CircuitBreaker
from kosu.ids import LessonId, SessionId, UserId
from kosu.modules.identity import SessionMark
from kosu.modules.identity.ports import Authority, LiveSession, SessionCache, SessionState
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import ProgressBuffer, ProgressBufferUnavailable, Viewing
from kosu.settings import RedisSettings, Secret
from tests.contracts.test_session_cache import a_state
from tests.support.counting import counted
from tests.support.learning import COURSE, LEARNER, LESSON, OTHER_LEARNER, beat

AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stores:
    buffer: ProgressBuffer
    sessions: SessionCache


@pytest.fixture(params=["memory", "redis", "guarded"])
async def stores(request: pytest.FixtureRequest) -> AsyncIterator[Stores]:
    if request.param == "memory":
        sessions = MemorySessionCache()
        yield Stores(MemoryProgressBuffer(MemoryClock(), sessions), sessions)
        return
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    buffer: ProgressBuffer = RedisProgressBuffer(client)
    if request.param == "guarded":
        buffer = GuardedProgressBuffer(buffer, CircuitBreaker(), MemoryClock(), timeout_seconds=5)
    yield Stores(buffer, RedisSessionCache(client))
    await client.aclose()


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = create_redis(RedisSettings(url=Secret(redis_url)))
    yield client
    await client.aclose()


async def opened(buffer: ProgressBuffer, *user_ids: UserId) -> None:
    for user_id in user_ids or (LEARNER,):
        await buffer.open(Viewing(user_id=user_id, lesson_id=LESSON, course_id=COURSE, duration_ms=100))


async def marked(sessions: SessionCache, state: SessionState) -> SessionMark:
    await sessions.fill(state)
    mark = (await sessions.get(state.user_id, state.session_id)).mark
    assert mark is not None
    return mark


async def test_it_is_kept_while_the_session_is_as_it_was(stores: Stores) -> None:
    state = a_state(user_id=LEARNER)
    mark = await marked(stores.sessions, state)
    assert not await stores.buffer.append(LEARNER, LESSON, beat(1, at=AT), session=mark)
    await opened(stores.buffer)
    assert await stores.buffer.append(LEARNER, LESSON, beat(1, at=AT), session=mark)
    # Filled again as it was, e.g. when it had lapsed, it is the same.
    await stores.sessions.fill(state)
    assert await stores.buffer.append(LEARNER, LESSON, beat(2, at=AT), session=mark)
    assert [each.seq for each in (await stores.buffer.pending(LEARNER))[LESSON].beats] == [1, 2]


@pytest.mark.parametrize("change", ["buried", "renewed", "authority", "another"])
async def test_whatever_happened_to_the_session_nothing_is_kept(stores: Stores, change: str) -> None:
    state = a_state(user_id=LEARNER)
    mark = await marked(stores.sessions, state)
    await opened(stores.buffer)
    match change:
        case "buried":
            await stores.sessions.bury(LEARNER, {state.session_id: "revoked_by_user"})
        case "renewed":
            later = LiveSession(state.device_id, state.expires_at + timedelta(days=1))
            await stores.sessions.renew(LEARNER, state.session_id, later)
        case "authority":
            authority = Authority(roles=frozenset(), disabled=True, authz_epoch=state.authority.authz_epoch + 1)
            await stores.sessions.set_authority(LEARNER, authority)
        case "another":
            mark = replace(mark, session_id=SessionId(LESSON))
    assert not await stores.buffer.append(LEARNER, LESSON, beat(1, at=AT), session=mark)
    assert await stores.buffer.pending(LEARNER) == {}


async def test_without_a_session_or_an_authority_there_is_no_mark(stores: Stores) -> None:
    state = a_state()
    await stores.sessions.set_authority(state.user_id, state.authority)
    assert (await stores.sessions.get(state.user_id, state.session_id)).mark is None


async def test_what_is_sent_at_once_goes_together_and_each_is_judged_by_itself(redis: Redis) -> None:
    buffer, sessions = RedisProgressBuffer(redis), RedisSessionCache(redis)
    mark = await marked(sessions, a_state(user_id=LEARNER))
    await opened(buffer)
    await buffer.append(LEARNER, LESSON, beat(0, at=AT))
    with counted() as trips:
        kept = await asyncio.gather(
            buffer.append(LEARNER, LESSON, beat(1, at=AT), session=mark),
            buffer.append(OTHER_LEARNER, LESSON, beat(2, at=AT)),
            buffer.append(LEARNER, LESSON, beat(3, at=AT), session=replace(mark, session=b"")),
            buffer.append(LEARNER, LESSON, beat(4, at=AT)),
        )
    assert list(kept) == [True, False, False, True]
    assert trips.redis == 1
    assert [each.seq for each in (await buffer.pending(LEARNER))[LESSON].beats] == [0, 1, 4]


async def test_one_that_cannot_be_kept_does_not_fail_its_neighbours(redis: Redis) -> None:
    buffer = RedisProgressBuffer(redis)
    await opened(buffer, LEARNER, OTHER_LEARNER)
    await redis.set(f"{PREFIX}:beats:{LEARNER.hex}:{LESSON.hex}", "not a list")
    bad, good = await asyncio.gather(
        buffer.append(LEARNER, LESSON, beat(1, at=AT)),
        buffer.append(OTHER_LEARNER, LESSON, beat(1, at=AT)),
        return_exceptions=True,
    )
    assert isinstance(bad, ProgressBufferUnavailable)
    assert good is True
    assert len(await buffer.pending(OTHER_LEARNER)) == 1


async def test_who_hangs_up_takes_nobody_along(redis: Redis) -> None:
    buffer = RedisProgressBuffer(redis)
    await opened(buffer)
    first, second = (asyncio.create_task(buffer.append(LEARNER, LESSON, beat(number, at=AT))) for number in range(2))
    await asyncio.sleep(0)
    first.cancel()
    with suppress(asyncio.CancelledError):
        await first
    assert await second


async def test_that_the_buffer_is_away_reaches_all_who_wait() -> None:
    client = create_redis(RedisSettings(url=Secret("redis://127.0.0.1:1/0"), timeout_ms=200))
    buffer = RedisProgressBuffer(client)
    answers = await asyncio.gather(
        *(buffer.append(LEARNER, LESSON, beat(number, at=AT)) for number in range(5)), return_exceptions=True
    )
    assert {type(answer) for answer in answers} == {ProgressBufferUnavailable}
    await client.aclose()


async def test_redis_that_does_not_answer_is_not_waited_for_as_long_as_the_client_may() -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        client = create_redis(RedisSettings(url=Secret(f"redis://127.0.0.1:{port}/0"), timeout_ms=3_600_000))
        buffer = RedisProgressBuffer(client, append_seconds=0.01)
        async with asyncio.timeout(30):
            with pytest.raises(ProgressBufferUnavailable):
                await buffer.append(LEARNER, LESSON, beat(1, at=AT))
        await client.aclose()


class _Frozen(MemoryProgressBuffer):
    asked = 0

    async def append(
        self, user_id: UserId, lesson_id: LessonId, beat: Beat, *, session: SessionMark | None = None
    ) -> bool:
        self.asked += 1
        raise ProgressBufferUnavailable


async def test_a_frozen_buffer_is_soon_not_asked_any_more() -> None:
    clock = MemoryClock()
    frozen = _Frozen(clock)
    guarded = GuardedProgressBuffer(frozen, CircuitBreaker(), clock, timeout_seconds=0.01)
    for expected in (3, 4):
        for number in range(20):
            with pytest.raises(ProgressBufferUnavailable):
                await guarded.append(LEARNER, LESSON, beat(number, at=AT))
        assert frozen.asked == expected
        clock.advance(timedelta(seconds=1))
