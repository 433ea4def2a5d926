"""Fold what waits in the progress buffer into the records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.modules.learning.domain.progress import fold
from kosu.modules.learning.ports import LearningRecords, Pending, ProgressBuffer
from kosu.ports.unit_of_work import Transaction

BATCH = 500
MAX_BATCHES = 100


@dataclass(frozen=True, slots=True)
class FlushProgress:
    transaction: Transaction[LearningRecords]
    buffer: ProgressBuffer

    async def __call__(self) -> int:
        """The work of the job FlushProgress; returns how many pairs of learner and lesson were folded.

        Idempotent: heartbeats are trimmed only after the commit that holds them, and folding them again changes
        nothing. Two flushes at a time are harmless too.

        Raises:
            ProgressBufferUnavailable, DatabaseUnavailable: the next flush goes on where this one stopped.
        """
        folded = 0
        for _ in range(MAX_BATCHES):
            pending = await self.buffer.oldest(BATCH)
            if not pending:
                break
            await self._fold(pending)
            await self.buffer.trim(pending)
            folded += len(pending)
        return folded

    async def _fold(self, pending: Sequence[Pending]) -> None:
        async with self.transaction() as records:
            before = await records.progress.lock(
                {(each.viewing.user_id, each.viewing.lesson_id): each.viewing.course_id for each in pending}
            )
            await records.progress.save(
                [
                    fold(
                        before[each.viewing.user_id, each.viewing.lesson_id],
                        each.beats,
                        duration_ms=each.viewing.duration_ms,
                    )
                    for each in pending
                ]
            )
