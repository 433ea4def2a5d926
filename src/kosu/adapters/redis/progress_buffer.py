"""The progress buffer in Redis: raw heartbeats in lists, written and read by scripts.

Keys, all under `kosu:progress:`, on one node:
- `viewing:{user}:{lesson}`: that heartbeats are let in, with the course and the duration; lapses by itself.
- `beats:{user}:{lesson}`: a list of what waits, in the order of arrival. An entry repeats the viewing that let it in.
- `lessons:{user}`: the set of the user's lessons that have such a list.
- `dirty`: all such pairs, scored by when they first had something waiting.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from redis.asyncio import Redis
from redis.commands.core import AsyncScript

from kosu.adapters.redis.connections import redis_errors
from kosu.adapters.redis.progress_scripts import APPEND, OLDEST, PENDING, PREFIX, TRIM
from kosu.adapters.redis.session_cache import authority_key, session_key
from kosu.coalesced import Coalesced
from kosu.ids import CourseId, DeviceId, LessonId, UserId
from kosu.modules.identity import SessionMark
from kosu.modules.learning.domain.intervals import Intervals
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import VIEWING_TTL, Pending, ProgressBufferUnavailable, Viewing

log = logging.getLogger(__name__)

# More than arrive in one turn of the event loop.
MOST_TOGETHER = 256
# A second one keeps Redis at work while the answers of the first go out.
WRITES_AT_ONCE = 2
# Nobody's player waits for longer than twice that: for those before, and for its own.
APPEND_SECONDS = 0.25
# More than all players of a batch send between two flushes; what is beyond waits for the next batch.
ENTRIES_AT_ONCE = 5_000


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


_decode_entry = msgspec.json.Decoder(tuple[_StoredViewing, _StoredBeat]).decode
_decode_pair = msgspec.json.Decoder(tuple[UUID, UUID]).decode
# Keys are made of hexadecimal ids.
_pack = msgspec.msgpack.Encoder(uuid_format="hex").encode


@dataclass(frozen=True, slots=True)
class _Append:
    user_id: UserId
    lesson_id: LessonId
    beat: Beat
    session: SessionMark | None

    def item(self) -> Sequence[object]:
        beat, mark = self.beat, self.session
        stored = _StoredBeat(beat.device_id, beat.seq, beat.at, beat.position_ms, beat.watched, beat.media_revision)
        entry, score = msgspec.json.encode(stored).decode(), int(beat.at.timestamp() * 1000)
        keys = () if mark is None else (session_key(mark.user_id, mark.session_id), authority_key(mark.user_id))
        return self.user_id, self.lesson_id, entry, score, *keys

    def marked(self) -> tuple[bytes, bytes]:
        return (b"", b"") if self.session is None else (self.session.session, self.session.authority)


class RedisProgressBuffer:
    """Heartbeats of one turn of the event loop go to Redis together, and are given up together after `append_seconds`.

    A timer for each of them would cost more than all else that is done for it.
    """

    def __init__(self, redis: Redis, *, append_seconds: float = APPEND_SECONDS) -> None:
        self._redis = redis
        self._append_seconds = append_seconds
        self._append = redis.register_script(APPEND)
        self._pending = redis.register_script(PENDING)
        self._oldest = redis.register_script(OLDEST)
        self._trim = redis.register_script(TRIM)
        self._appended = Coalesced(self._append_all, most_together=MOST_TOGETHER, at_once=WRITES_AT_ONCE)

    async def open(self, viewing: Viewing) -> None:
        entry = msgspec.json.encode(_StoredViewing(viewing.course_id, viewing.duration_ms))
        key = f"{PREFIX}:viewing:{viewing.user_id.hex}:{viewing.lesson_id.hex}"
        with redis_errors(ProgressBufferUnavailable):
            await self._redis.set(key, entry, ex=VIEWING_TTL)

    async def append(
        self, user_id: UserId, lesson_id: LessonId, beat: Beat, *, session: SessionMark | None = None
    ) -> bool:
        kept = await self._appended(_Append(user_id, lesson_id, beat, session))
        if isinstance(kept, bytes):
            raise ProgressBufferUnavailable(kept.decode(errors="replace"))
        return kept == 1

    async def _append_all(self, appends: Sequence[_Append]) -> Sequence[int | bytes]:
        items, marked = [each.item() for each in appends], [value for each in appends for value in each.marked()]
        with redis_errors(ProgressBufferUnavailable):
            async with asyncio.timeout(self._append_seconds):
                return cast("Sequence[int | bytes]", await self._run(self._append, items, marked))

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        found = await self._run(self._pending, [user_id])
        waiting = {
            LessonId(UUID(lesson.decode())): entries for lesson, entries in zip(found[::2], found[1::2], strict=True)
        }
        read = {lesson_id: _read(user_id, lesson_id, entries) for lesson_id, entries in waiting.items()}
        return {lesson_id: pending for lesson_id, pending in read.items() if pending is not None}

    async def oldest(self, limit: int) -> Sequence[Pending]:
        answer = await self._run(self._oldest, [limit, ENTRIES_AT_ONCE])
        found: list[Pending] = []
        unreadable: list[tuple[UserId, LessonId, Sequence[bytes]]] = []
        for member, entries in zip(answer[::2], answer[1::2], strict=True):
            user_id, lesson_id = _pair(member)
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
        items = [(user_id, lesson_id, [len(token) for token in tokens]) for user_id, lesson_id, tokens in entries]
        await self._run(self._trim, items, [b"".join([token for _, _, tokens in entries for token in tokens])])

    async def _run(self, script: AsyncScript, items: Sequence[object], values: Sequence[bytes] = ()) -> Any:
        with redis_errors(ProgressBufferUnavailable):
            return await script(args=[_pack(items), *values])


def _read(user_id: UserId, lesson_id: LessonId, entries: Sequence[bytes]) -> Pending | None:
    """None when no entry can be read. An unreadable one is left out, and trimmed with the others."""
    viewing: _StoredViewing | None = None
    beats: list[Beat] = []
    for entry in entries:
        try:
            viewing, stored = _decode_entry(b"[" + entry.replace(b"\n", b",", 1) + b"]")
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


def _pair(member: bytes) -> tuple[UserId, LessonId]:
    user_id, lesson_id = _decode_pair(b'["' + member.replace(b":", b'","') + b'"]')
    return UserId(user_id), LessonId(lesson_id)
