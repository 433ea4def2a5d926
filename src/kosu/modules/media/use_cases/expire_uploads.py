"""End the sessions whose time is over, and drop what the store keeps in vain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.media.discard import Discard
from kosu.modules.media.discard_chunks import DiscardChunks
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.modules.media.processing.tidy_scratch import FOLDERS_KEPT
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

BATCH = 100
# So long a failed or cancelled run can be tried again without sending the file anew.
SOURCE_KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ExpireUploads:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    discard: Discard
    discard_chunks: DiscardChunks
    clock: Clock

    async def __call__(self) -> None:
        """One batch of each. Sessions are ended first, so that none can be completed while its parts are dropped.

        Raises:
            StoreUnavailable: the rest is left to the next sweep.
        """
        async with self.transaction() as records:
            for session in await records.uploads.lock_expired(at=self.clock.now(), limit=BATCH):
                await records.uploads.save(session.expired())
        forgotten = self.clock.now() - SOURCE_KEPT
        for session in await self.queries.discardable_uploads(ended_before=forgotten, limit=BATCH):
            await self.discard(session)
        over = self.clock.now() - FOLDERS_KEPT
        for run_id in await self.queries.runs_with_leftover_chunks(ended_before=over, limit=BATCH):
            await self.discard_chunks(run_id)
