"""The progress buffer in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import msgspec

from kosu.adapters.memory.session_state import MemorySessionCache
from kosu.ids import LessonId, UserId
from kosu.modules.identity import SessionMark
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import VIEWING_TTL, Pending, ProgressBufferUnavailable, Viewing
from kosu.ports.clock import Clock

Key = tuple[UserId, LessonId]


class MemoryProgressBuffer:
    """`available = False` makes it behave as a buffer that cannot be reached. `sessions` is what marks are of."""

    def __init__(self, clock: Clock, sessions: MemorySessionCache | None = None) -> None:
        self.available = True
        self._clock = clock
        self._sessions = sessions or MemorySessionCache()
        self._viewings: dict[Key, tuple[Viewing, datetime]] = {}
        # In the order in which each pair first had something waiting.
        self._waiting: dict[Key, list[tuple[Viewing, Beat]]] = {}

    async def open(self, viewing: Viewing) -> None:
        self._check()
        self._viewings[viewing.user_id, viewing.lesson_id] = (viewing, self._clock.now() + VIEWING_TTL)

    async def append(
        self, user_id: UserId, lesson_id: LessonId, beat: Beat, *, session: SessionMark | None = None
    ) -> bool:
        self._check()
        if session is not None and not await self._sessions.holds(session):
            return False
        viewing, until = self._viewings.get((user_id, lesson_id), (None, None))
        if viewing is None or until is None or until <= self._clock.now():
            return False
        self._waiting.setdefault((user_id, lesson_id), []).append((viewing, beat))
        return True

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        self._check()
        return {key[1]: _pending(entries) for key, entries in self._waiting.items() if key[0] == user_id}

    async def oldest(self, limit: int) -> Sequence[Pending]:
        self._check()
        return [_pending(entries) for entries in list(self._waiting.values())[:limit]]

    async def trim(self, folded: Collection[Pending]) -> None:
        self._check()
        for pending in folded:
            key = (pending.viewing.user_id, pending.viewing.lesson_id)
            left = [entry for entry in self._waiting.pop(key, []) if _token(entry[1]) not in pending.tokens]
            if left:
                self._waiting[key] = left

    def _check(self) -> None:
        if not self.available:
            msg = "the progress buffer is away"
            raise ProgressBufferUnavailable(msg)


def _pending(entries: Sequence[tuple[Viewing, Beat]]) -> Pending:
    beats = tuple(beat for _, beat in entries)
    return Pending(entries[-1][0], beats, tuple(_token(beat) for beat in beats))


def _token(beat: Beat) -> bytes:
    return msgspec.json.encode(beat)
