"""The progress buffer in Redis: raw heartbeats in lists, written and read by one script call each.

Keys, all under `kosu:progress:`, on one node:
- `viewing:{user}:{lesson}`: that heartbeats are let in, with the course and the duration; lapses by itself.
- `beats:{user}:{lesson}`: a list of what waits, in the order of arrival. An entry repeats the viewing that let it in.
- `lessons:{user}`: the set of the user's lessons that have such a list.
- `dirty`: all such pairs, scored by when they first had something waiting.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis

from kosu.adapters.redis.connections import redis_errors
from kosu.ids import CourseId, DeviceId, LessonId, UserId
from kosu.modules.learning.domain.intervals import Intervals
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import VIEWING_TTL, Pending, ProgressBufferUnavailable, Viewing

log = logging.getLogger(__name__)

PREFIX = "kosu:progress"
DIRTY = f"{PREFIX}:dirty"
# More than a player sends in hours; what is beyond waits for the next turn.
BEATS_AT_ONCE = 5_000

APPEND = """
local viewing = redis.call('GET', KEYS[1])
if not viewing then return 0 end
redis.call('RPUSH', KEYS[2], viewing .. '\\n' .. ARGV[1])
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('ZADD', KEYS[4], 'NX', ARGV[4], ARGV[3])
return 1
"""

PENDING = """
local found = {}
for _, lesson in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    found[#found + 1] = lesson
    found[#found + 1] = redis.call('LRANGE', ARGV[1] .. lesson, 0, -1)
end
return found
"""

# Entries are removed by what they are, not by how many: another flush may have removed them already.
TRIM = """
for i = 3, #ARGV do redis.call('LREM', KEYS[1], 1, ARGV[i]) end
if redis.call('EXISTS', KEYS[1]) == 0 then
    redis.call('SREM', KEYS[2], ARGV[1])
    redis.call('ZREM', KEYS[3], ARGV[2])
end
"""


class _StoredViewing(msgspec.Struct, frozen=True, array_like=True):
    course_id: UUID
    duration_ms: int


class _StoredBeat(msgspec.Struct, frozen=True, array_like=True):
    device_id: UUID
    seq: int
    at: datetime
    position_ms: int
    watched: Intervals
    media_revision: int


class RedisProgressBuffer:
    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._append = redis.register_script(APPEND)
        self._pending = redis.register_script(PENDING)
        self._trim = redis.register_script(TRIM)

    async def open(self, viewing: Viewing) -> None:
        entry = msgspec.json.encode(_StoredViewing(viewing.course_id, viewing.duration_ms))
        with redis_errors(ProgressBufferUnavailable):
            await self._redis.set(_key("viewing", viewing.user_id, viewing.lesson_id), entry, ex=VIEWING_TTL)

    async def append(self, user_id: UserId, lesson_id: LessonId, beat: Beat) -> bool:
        entry = _StoredBeat(beat.device_id, beat.seq, beat.at, beat.position_ms, beat.watched, beat.media_revision)
        with redis_errors(ProgressBufferUnavailable):
            kept = await self._append(
                keys=[
                    _key("viewing", user_id, lesson_id),
                    _key("beats", user_id, lesson_id),
                    _lessons_key(user_id),
                    DIRTY,
                ],
                args=[
                    msgspec.json.encode(entry),
                    lesson_id.hex,
                    _member(user_id, lesson_id),
                    int(beat.at.timestamp() * 1000),
                ],
            )
        return bool(kept)

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        with redis_errors(ProgressBufferUnavailable):
            found = await self._pending(keys=[_lessons_key(user_id)], args=[f"{PREFIX}:beats:{user_id.hex}:"])
        waiting = {
            LessonId(UUID(lesson.decode())): entries for lesson, entries in zip(found[::2], found[1::2], strict=True)
        }
        read = {lesson_id: _read(user_id, lesson_id, entries) for lesson_id, entries in waiting.items()}
        return {lesson_id: pending for lesson_id, pending in read.items() if pending is not None}

    async def oldest(self, limit: int) -> Sequence[Pending]:
        with redis_errors(ProgressBufferUnavailable):
            members = cast("list[bytes]", await self._redis.zrange(DIRTY, 0, limit - 1))
            pairs = [_pair(member) for member in members]
            async with self._redis.pipeline(transaction=False) as pipeline:
                for user_id, lesson_id in pairs:
                    pipeline.lrange(_key("beats", user_id, lesson_id), 0, BEATS_AT_ONCE - 1)
                lists = await pipeline.execute()
        found: list[Pending] = []
        unreadable: list[tuple[UserId, LessonId, Sequence[bytes]]] = []
        for (user_id, lesson_id), entries in zip(pairs, lists, strict=True):
            pending = _read(user_id, lesson_id, entries)
            if pending is not None:
                found.append(pending)
            else:
                unreadable.append((user_id, lesson_id, entries))
        # Left there, they would come first for ever.
        await self._forget(unreadable)
        return found

    async def trim(self, folded: Collection[Pending]) -> None:
        await self._forget([(each.viewing.user_id, each.viewing.lesson_id, each.tokens) for each in folded])

    async def _forget(self, entries: Sequence[tuple[UserId, LessonId, Sequence[bytes]]]) -> None:
        if not entries:
            return
        with redis_errors(ProgressBufferUnavailable):
            async with self._redis.pipeline(transaction=False) as pipeline:
                for user_id, lesson_id, tokens in entries:
                    await self._trim(
                        keys=[_key("beats", user_id, lesson_id), _lessons_key(user_id), DIRTY],
                        args=[lesson_id.hex, _member(user_id, lesson_id), *tokens],
                        client=pipeline,
                    )
                await pipeline.execute()


def _read(user_id: UserId, lesson_id: LessonId, entries: Sequence[bytes]) -> Pending | None:
    """None when no entry can be read. An unreadable one is left out, and trimmed with the others."""
    viewing: _StoredViewing | None = None
    beats: list[Beat] = []
    for entry in entries:
        head, _, body = entry.partition(b"\n")
        try:
            viewing = msgspec.json.decode(head, type=_StoredViewing)
            stored = msgspec.json.decode(body, type=_StoredBeat)
        except msgspec.MsgspecError as error:
            log.warning("learning: an unreadable heartbeat is dropped: %s", error)
            continue
        beats.append(
            Beat(
                device_id=DeviceId(stored.device_id),
                seq=stored.seq,
                at=stored.at,
                position_ms=stored.position_ms,
                watched=stored.watched,
                media_revision=stored.media_revision,
            )
        )
    if viewing is None or not beats:
        return None
    return Pending(
        Viewing(
            user_id=user_id,
            lesson_id=lesson_id,
            course_id=CourseId(viewing.course_id),
            duration_ms=viewing.duration_ms,
        ),
        tuple(beats),
        tuple(entries),
    )


def _key(kind: str, user_id: UserId, lesson_id: LessonId) -> str:
    return f"{PREFIX}:{kind}:{_member(user_id, lesson_id)}"


def _lessons_key(user_id: UserId) -> str:
    return f"{PREFIX}:lessons:{user_id.hex}"


def _member(user_id: UserId, lesson_id: LessonId) -> str:
    return f"{user_id.hex}:{lesson_id.hex}"


def _pair(member: bytes) -> tuple[UserId, LessonId]:
    user, _, lesson = member.decode().partition(":")
    return UserId(UUID(user)), LessonId(UUID(lesson))
