"""Take a player's heartbeat."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import DeviceId, LessonId, UserId
from kosu.modules.learning.access import LessonAccess
from kosu.modules.learning.domain.intervals import Interval
from kosu.modules.learning.domain.progress import Beat, fold
from kosu.modules.learning.errors import NotAVideo, VideoNotReady
from kosu.modules.learning.ports import LearningRecords, ProgressBuffer, ProgressBufferUnavailable, Viewing
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordProgress:
    transaction: Transaction[LearningRecords]
    buffer: ProgressBuffer
    access: LessonAccess
    clock: Clock

    async def __call__(
        self,
        *,
        user_id: UserId,
        is_operator: bool,
        device_id: DeviceId,
        lesson_id: LessonId,
        position_ms: int,
        watched: Sequence[Interval],
        seq: int,
        media_revision: int,
    ) -> None:
        """Keep the heartbeat in the buffer, in one round trip once a viewing is open.

        Access is decided when a viewing opens, and relied on for VIEWING_TTL. While the buffer is away the records
        take the heartbeat at once; what the buffer had not flushed by then is older by its number, and is ignored
        when it comes back.

        Raises:
            InvalidBeat, LessonNotFound, PurchaseRequired, NotAVideo, VideoNotReady
        """
        beat = Beat(
            device_id=device_id,
            seq=seq,
            at=self.clock.now(),
            position_ms=position_ms,
            watched=tuple(watched),
            media_revision=media_revision,
        )
        try:
            if await self.buffer.append(user_id, lesson_id, beat):
                return
        except ProgressBufferUnavailable as error:
            log.warning("learning: a heartbeat goes to the records: %s", error)
            await self._record(await self._viewing(user_id, lesson_id, is_operator=is_operator), beat)
            return
        viewing = await self._viewing(user_id, lesson_id, is_operator=is_operator)
        if not await self._opened(viewing, beat):
            await self._record(viewing, beat)

    async def _viewing(self, user_id: UserId, lesson_id: LessonId, *, is_operator: bool) -> Viewing:
        lesson = await self.access.open(lesson_id, user_id=user_id, is_operator=is_operator)
        if lesson.kind != "video":
            raise NotAVideo
        if not lesson.duration_ms:
            raise VideoNotReady
        return Viewing(user_id=user_id, lesson_id=lesson_id, course_id=lesson.course_id, duration_ms=lesson.duration_ms)

    async def _opened(self, viewing: Viewing, beat: Beat) -> bool:
        try:
            await self.buffer.open(viewing)
            return await self.buffer.append(viewing.user_id, viewing.lesson_id, beat)
        except ProgressBufferUnavailable as error:
            log.warning("learning: a heartbeat goes to the records: %s", error)
            return False

    async def _record(self, viewing: Viewing, beat: Beat) -> None:
        key = (viewing.user_id, viewing.lesson_id)
        async with self.transaction() as records:
            before = (await records.progress.lock({key: viewing.course_id}))[key]
            await records.progress.save([fold(before, [beat], duration_ms=viewing.duration_ms)])
