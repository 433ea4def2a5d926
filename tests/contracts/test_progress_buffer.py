"""The progress buffer, in memory and in Redis, and what it guarantees together with the records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from redis.asyncio import Redis
from uuid_utils.compat import uuid7

from entrypoints.embedded.temporary import temporary_redis
from kosu.adapters.memory.clock import MemoryClock
from kosu.adapters.memory.progress_buffer import MemoryProgressBuffer
from kosu.adapters.redis.connections import create_redis
from kosu.adapters.redis.progress_buffer import RedisProgressBuffer
from kosu.adapters.redis.progress_scripts import DIRTY, PREFIX
from kosu.ids import LessonId, UserId
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import (
    VIEWING_TTL,
    Pending,
    ProgressBuffer,
    ProgressBufferUnavailable,
    Viewing,
)
from kosu.modules.learning.use_cases.flush_progress import FlushProgress
from kosu.settings import RedisSettings, Secret
from tests.contracts.test_learning_records import queries, transaction
from tests.support.databases import InPostgres
from tests.support.learning import COURSE, LEARNER, LESSON, OTHER_LEARNER, PHONE, beat

AT = datetime(2026, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)
OTHER_LESSON = LessonId(UUID(int=0xE2))


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = create_redis(RedisSettings(url=Secret(redis_url)))
    yield client
    await client.aclose()


@pytest.fixture(params=["memory", "redis"])
async def buffer(request: pytest.FixtureRequest) -> AsyncIterator[ProgressBuffer]:
    """Each buffer in turn, empty."""
    if request.param == "memory":
        yield MemoryProgressBuffer(MemoryClock())
        return
    client = create_redis(RedisSettings(url=Secret(request.getfixturevalue("redis_url"))))
    yield RedisProgressBuffer(client)
    await client.aclose()


def viewing(user_id: UserId = LEARNER, lesson_id: LessonId = LESSON, *, duration_ms: int = 100) -> Viewing:
    return Viewing(user_id=user_id, lesson_id=lesson_id, course_id=COURSE, duration_ms=duration_ms)


async def appended(
    buffer: ProgressBuffer, *beats: Beat, user_id: UserId = LEARNER, lesson_id: LessonId = LESSON
) -> None:
    await buffer.open(viewing(user_id, lesson_id))
    for each in beats:
        assert await buffer.append(user_id, lesson_id, each)


async def test_without_an_open_viewing_nothing_is_kept(buffer: ProgressBuffer) -> None:
    await buffer.open(viewing(lesson_id=OTHER_LESSON))
    await buffer.open(viewing(OTHER_LEARNER))
    assert not await buffer.append(LEARNER, LESSON, beat(1, (0, 10), at=AT))
    assert await buffer.pending(LEARNER) == {}
    assert await buffer.oldest(10) == []


async def test_beats_come_back_as_they_are_in_the_order_of_arrival(buffer: ProgressBuffer) -> None:
    beats = (
        beat(2, (0, 10), (20, 30), at=AT),
        beat(2**53 - 1, at=AT + timedelta(microseconds=1), position_ms=2**31 - 1, device_id=PHONE, media_revision=7),
        beat(1, (5, 6), at=AT),
        beat(1, (5, 6), at=AT),
    )
    await appended(buffer, *beats)
    pending = (await buffer.pending(LEARNER))[LESSON]
    assert (pending.viewing, pending.beats) == (viewing(), beats)
    assert await buffer.oldest(10) == [pending]


async def test_a_learner_sees_what_waits_of_their_own(buffer: ProgressBuffer) -> None:
    await appended(buffer, beat(1, (0, 10), at=AT))
    await appended(buffer, beat(1, (0, 20), at=AT), lesson_id=OTHER_LESSON)
    await appended(buffer, beat(1, (0, 30), at=AT), user_id=OTHER_LEARNER)
    mine = await buffer.pending(LEARNER)
    assert {lesson_id: pending.beats[0].watched for lesson_id, pending in mine.items()} == {
        LESSON: ((0, 10),),
        OTHER_LESSON: ((0, 20),),
    }


async def test_what_waits_longest_comes_first_however_much_comes_after(buffer: ProgressBuffer) -> None:
    await appended(buffer, beat(1, at=AT + timedelta(seconds=1)))
    await appended(buffer, beat(1, at=AT + timedelta(seconds=2)), lesson_id=OTHER_LESSON)
    await appended(buffer, beat(2, at=AT + timedelta(seconds=3)))
    assert [pending.viewing.lesson_id for pending in await buffer.oldest(1)] == [LESSON]
    assert [pending.viewing.lesson_id for pending in await buffer.oldest(9)] == [LESSON, OTHER_LESSON]


async def test_trimming_forgets_what_was_read_and_keeps_what_came_meanwhile(buffer: ProgressBuffer) -> None:
    await appended(buffer, beat(1, (0, 10), at=AT), beat(2, (10, 20), at=AT))
    read = await buffer.oldest(10)
    await appended(buffer, beat(3, (20, 30), at=AT))
    # Twice, as two flushes at once would.
    for _ in range(2):
        await buffer.trim(read)
        (left,) = await buffer.oldest(10)
        assert [each.seq for each in left.beats] == [3]
    await buffer.trim([left])
    assert await buffer.oldest(10) == []
    assert await buffer.pending(LEARNER) == {}
    await buffer.trim([left])


async def test_the_newest_viewing_says_how_long_the_video_is(buffer: ProgressBuffer) -> None:
    await appended(buffer, beat(1, at=AT))
    await buffer.open(viewing(duration_ms=500))
    assert await buffer.append(LEARNER, LESSON, beat(2, at=AT))
    (pending,) = await buffer.oldest(10)
    assert pending.viewing.duration_ms == 500


async def test_a_viewing_lapses_and_what_it_let_in_stays(redis: Redis) -> None:
    buffer = RedisProgressBuffer(redis)
    await appended(buffer, beat(1, at=AT))
    (key,) = await redis.keys(f"{PREFIX}:viewing:*")
    assert 0 < await redis.pttl(key) <= VIEWING_TTL / timedelta(milliseconds=1)
    await redis.delete(key)
    assert not await buffer.append(LEARNER, LESSON, beat(2, at=AT))
    assert [pending.beats[0].seq for pending in await buffer.oldest(10)] == [1]
    assert await redis.pttl(f"{PREFIX}:beats:{LEARNER.hex}:{LESSON.hex}") == -1


async def test_an_emptied_buffer_leaves_no_key_behind(redis: Redis) -> None:
    buffer = RedisProgressBuffer(redis)
    await appended(buffer, beat(1, at=AT), beat(1, at=AT))
    await buffer.trim(await buffer.oldest(10))
    assert await redis.keys("*") == [f"{PREFIX}:viewing:{LEARNER.hex}:{LESSON.hex}".encode()]


async def test_what_cannot_be_read_is_dropped_and_does_not_hold_up_the_others(redis: Redis) -> None:
    buffer = RedisProgressBuffer(redis)
    broken = f"{OTHER_LEARNER.hex}:{LESSON.hex}"
    await redis.rpush(f"{PREFIX}:beats:{broken}", "not a beat")
    await redis.zadd(DIRTY, {broken: 0})
    await appended(buffer, beat(1, at=AT))
    await redis.rpush(f"{PREFIX}:beats:{LEARNER.hex}:{LESSON.hex}", "[1]\n{}")
    (pending,) = await buffer.oldest(10)
    assert [each.seq for each in pending.beats] == [1]
    await buffer.trim([pending])
    assert await redis.exists(DIRTY) == 0


async def test_a_buffer_that_is_away_says_so() -> None:
    with temporary_redis() as (server, _):
        url = server.url()
    client = create_redis(RedisSettings(url=Secret(url)))
    buffer = RedisProgressBuffer(client)
    for call in (
        buffer.open(viewing()),
        buffer.append(LEARNER, LESSON, beat(1, at=AT)),
        buffer.pending(LEARNER),
        buffer.oldest(1),
        buffer.trim([Pending(viewing(), (beat(1, at=AT),), (b"x",))]),
    ):
        with pytest.raises(ProgressBufferUnavailable):
            await call
    await client.aclose()


async def test_flushes_at_once_while_players_play_lose_nothing(redis: Redis, postgres: InPostgres) -> None:
    buffer = RedisProgressBuffer(redis)
    flush = FlushProgress(transaction(postgres), buffer)
    lessons = [LessonId(uuid7()) for _ in range(4)]
    for lesson_id in lessons:
        await buffer.open(viewing(lesson_id=lesson_id, duration_ms=1_000))

    async def play(lesson_id: LessonId) -> None:
        for number in range(50):
            each = beat(number, (number * 10, number * 10 + 10), at=AT + timedelta(milliseconds=number * 5))
            assert await buffer.append(LEARNER, lesson_id, each)

    async def keep_flushing(playing: asyncio.Event) -> None:
        while not playing.is_set():
            await flush()

    over = asyncio.Event()
    flushing = [asyncio.create_task(keep_flushing(over)) for _ in range(2)]
    await asyncio.gather(*map(play, lessons))
    over.set()
    await asyncio.gather(*flushing)
    await flush()
    found = await queries(postgres).progress(LEARNER, lessons)
    assert [found[lesson_id].watched for lesson_id in lessons] == [((0, 500),)] * 4
    assert await redis.exists(DIRTY) == 0


async def test_a_flush_killed_after_its_commit_counts_nothing_twice(redis: Redis, postgres: InPostgres) -> None:
    class Killed(RedisProgressBuffer):
        async def trim(self, folded: object) -> None:
            raise asyncio.CancelledError

    buffer = RedisProgressBuffer(redis)
    await appended(buffer, beat(1, (0, 10), at=AT), beat(2, (10, 20), at=AT + SECOND, position_ms=99))
    with suppress(asyncio.CancelledError):
        await FlushProgress(transaction(postgres), Killed(redis))()
    committed = await queries(postgres).progress(LEARNER, [LESSON])
    assert committed[LESSON].watched == ((0, 20),)
    assert await FlushProgress(transaction(postgres), buffer)() == 1
    assert await queries(postgres).progress(LEARNER, [LESSON]) == committed
    assert await buffer.oldest(10) == []


async def test_ten_thousand_waiting_lessons_are_folded_by_one_flush(redis: Redis, postgres: InPostgres) -> None:
    buffer = RedisProgressBuffer(redis)
    lessons = [LessonId(uuid7()) for _ in range(10_000)]
    async with redis.pipeline(transaction=False) as pipeline:
        for lesson_id in lessons:
            pipeline.rpush(
                f"{PREFIX}:beats:{LEARNER.hex}:{lesson_id.hex}",
                f'["{COURSE}",100]\n["{PHONE}",1,"2026-01-01T00:00:00Z",50,[[0,50]],1]',
            )
            pipeline.zadd(DIRTY, {f"{LEARNER.hex}:{lesson_id.hex}": 0})
        await pipeline.execute()
    assert await FlushProgress(transaction(postgres), buffer)() == 10_000
    found = await queries(postgres).progress(LEARNER, lessons)
    assert {progress.watched for progress in found.values()} == {((0, 50),)}
    assert len(found) == 10_000
