"""Try a failed or cancelled run again, from the step where it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.media.access import note_operator, visible_asset
from kosu.modules.media.errors import NotRetryable
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RetryAsset:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, asset_id: AssetId, origin: Origin) -> None:
        """Harmless while a run is under way.

        Raises:
            AssetNotFound
            NotRetryable
        """
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        at = self.clock.now()
        async with self.transaction() as records:
            run = await records.runs.lock(snapshot.run.id) if snapshot.run is not None else None
            if run is None:
                msg = "Nothing was processed yet."
                raise NotRetryable(msg)
            if run.is_active:
                return
            await records.runs.save(run.retried(at), fence=run.fence)
            await records.outbox.add(ProcessRun(run.id))
            await note_operator(
                self.audit, records, Action.MEDIA_RETRIED, snapshot.asset, user_id=user_id, at=at, origin=origin
            )
