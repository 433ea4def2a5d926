"""Take a player's heartbeat in the round trip in which its session is checked: what nearly all heartbeats need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import DeviceId, LessonId
from kosu.modules.identity import SessionMark
from kosu.modules.learning.domain.intervals import Interval
from kosu.modules.learning.domain.progress import Beat
from kosu.modules.learning.ports import ProgressBuffer, ProgressBufferUnavailable
from kosu.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class KeepHeartbeat:
    buffer: ProgressBuffer
    clock: Clock

    async def __call__(
        self,
        *,
        session: SessionMark,
        device_id: DeviceId,
        lesson_id: LessonId,
        position_ms: int,
        watched: Sequence[Interval],
        seq: int,
        media_revision: int,
    ) -> bool:
        """Whether it was kept. If not, the session may be over, no viewing open or the buffer away: whoever asks
        authenticates the request, and lets RecordProgress decide.

        Raises:
            InvalidBeat
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
            return await self.buffer.append(session.user_id, lesson_id, beat, session=session)
        except ProgressBufferUnavailable:
            # RecordProgress says it aloud.
            return False
