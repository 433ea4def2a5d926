"""Stop what is going on with an asset: its upload, or its run."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import AssetId, UserId
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.media.access import note_operator, visible_asset
from kosu.modules.media.discard import Discard
from kosu.modules.media.domain.runs import RunState
from kosu.modules.media.errors import NothingToCancel
from kosu.modules.media.ports import MediaQueries, MediaRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CancelAsset:
    transaction: Transaction[MediaRecords]
    queries: MediaQueries
    discard: Discard
    audit: AuditLog
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, asset_id: AssetId, origin: Origin) -> None:
        """Repeatable. A worker that holds the run notices within seconds and stops.

        Raises:
            AssetNotFound
            NothingToCancel
        """
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        at = self.clock.now()
        if snapshot.upload is not None and snapshot.upload.is_open:
            async with self.transaction() as records:
                session = (await records.uploads.lock(snapshot.upload.id)).aborted()
                await records.uploads.save(session)
                await note_operator(
                    self.audit, records, Action.MEDIA_CANCELLED, snapshot.asset, user_id=user_id, at=at, origin=origin
                )
            await self.discard.now_or_later(session)
            return
        async with self.transaction() as records:
            run = await records.runs.lock(snapshot.run.id) if snapshot.run is not None else None
            if run is None:
                msg = "Nothing was processed yet."
                raise NothingToCancel(msg)
            if run.state is not RunState.CANCELLED:
                await records.runs.save(run.cancelled(at), fence=run.fence)
                await note_operator(
                    self.audit, records, Action.MEDIA_CANCELLED, snapshot.asset, user_id=user_id, at=at, origin=origin
                )
