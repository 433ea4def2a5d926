"""Ask again for the runs that nobody holds: dead workers, lost messages, retries whose time has come."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

BATCH = 100


@dataclass(frozen=True, slots=True)
class ReconcileRuns:
    transaction: Transaction[MediaRecords]
    clock: Clock

    async def __call__(self) -> None:
        """A message too many is harmless: the lease admits one worker."""
        at = self.clock.now()
        async with self.transaction() as records:
            runs = await records.runs.lock_due(at=at, limit=BATCH)
            for run in runs:
                await records.runs.save(run.queued(at), fence=run.fence)
                await records.outbox.add(ProcessRun(run.id))
        if runs:
            log.info("media: asked again for %d run(s)", len(runs))
