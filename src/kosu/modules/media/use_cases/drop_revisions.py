"""Delete the files of revisions that were replaced a day ago."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

BATCH = 100
# So long a player that was opened before can go on with what it plays.
RETIRED_KEPT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class DropRevisions:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    store: ObjectStore
    clock: Clock

    async def __call__(self) -> None:
        """One batch. Repeatable: a revision is forgotten only when its files are gone.

        Raises:
            StoreUnavailable: the rest is left to the next sweep.
        """
        before = self.clock.now() - RETIRED_KEPT
        for retired in await self.queries.retired_revisions(retired_before=before, limit=BATCH):
            count = await self.store.delete_prefix(retired.prefix)
            async with self.transaction() as records:
                await records.assets.forget_retired(retired)
            log.info("asset %s: revision %d dropped, %d file(s)", retired.asset_id, retired.revision, count)
