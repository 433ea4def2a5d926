"""Fold what waits in the progress buffer into the records."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from kosu.modules.learning.domain.progress import fold
from kosu.modules.learning.ports import LearningRecords, Pending, ProgressBuffer
from kosu.ports.unit_of_work import Transaction

BATCH = 500
# While the database is at work on one, this process prepares the others.
BATCHES_AT_ONCE = 4
MAX_ROUNDS = 25


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
        for _ in range(MAX_ROUNDS):
            pending = await self.buffer.oldest(BATCH * BATCHES_AT_ONCE)
            if not pending:
                break
            batches = (pending[first : first + BATCH] for first in range(0, len(pending), BATCH))
            failures = await asyncio.gather(*(self._fold_and_trim(batch) for batch in batches), return_exceptions=True)
            # Raised when none is under way any more.
            for failure in filter(None, failures):
                raise failure
            folded += len(pending)
        return folded

    async def _fold_and_trim(self, pending: Sequence[Pending]) -> None:
        await self._fold(pending)
        await self.buffer.trim(pending)

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
