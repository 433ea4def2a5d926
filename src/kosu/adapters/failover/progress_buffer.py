"""A progress buffer that is given up on quickly, so that a frozen one costs heartbeats next to nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from kosu.adapters.failover.guard import Guarded
from kosu.breaker import CircuitBreaker
from kosu.ids import LessonId, UserId
from kosu.modules.identity import SessionMark
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import Pending, ProgressBuffer, ProgressBufferUnavailable, Viewing
from kosu.ports.clock import Clock


class GuardedProgressBuffer(Guarded):
    """Guards what learners wait for. Appending bounds itself; a flush takes its time, for nobody waits for it."""

    store = "progress buffer"
    unavailable = ProgressBufferUnavailable

    def __init__(
        self, buffer: ProgressBuffer, breaker: CircuitBreaker, clock: Clock, *, timeout_seconds: float = 0.25
    ) -> None:
        super().__init__(breaker, clock, timeout_seconds=timeout_seconds)
        self._buffer = buffer

    async def open(self, viewing: Viewing) -> None:
        await self._guarded(lambda: self._buffer.open(viewing))

    async def append(
        self, user_id: UserId, lesson_id: LessonId, beat: Beat, *, session: SessionMark | None = None
    ) -> bool:
        return await self._unless_broken(lambda: self._buffer.append(user_id, lesson_id, beat, session=session))

    async def pending(self, user_id: UserId) -> Mapping[LessonId, Pending]:
        return await self._guarded(lambda: self._buffer.pending(user_id))

    async def oldest(self, limit: int) -> Sequence[Pending]:
        return await self._buffer.oldest(limit)

    async def trim(self, folded: Collection[Pending]) -> None:
        await self._buffer.trim(folded)
