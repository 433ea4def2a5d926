"""What operators look at: the assets of all owners, those first that are stuck. Looking is audited too."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.modules.identity import Action, AuditLog, Origin
from kosu.modules.media.board_views import OpsAssetPage, ops_asset_view
from kosu.modules.media.domain.assets import AssetState
from kosu.modules.media.domain.board import BY_URGENCY, URGENCY
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import AssetBoard, MediaRecords
from kosu.paging import Cursor, page_of
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction
from kosu.ports.workers import Workers


@dataclass(frozen=True, slots=True)
class FindAssets:
    transaction: Transaction[MediaRecords]
    board: AssetBoard
    workers: Workers
    audit: AuditLog
    clock: Clock

    async def __call__(
        self, *, state: AssetState | None, cursor: str | None, limit: int, origin: Origin
    ) -> OpsAssetPage:
        """Assets in one state, or in any.

        Raises:
            InvalidCursor
        """
        after = None if cursor is None else Cursor.decode(cursor, sort=BY_URGENCY)
        at = self.clock.now()
        async with self.transaction() as records:
            await self.audit.record(records, Action.MEDIA_VIEWED, None, at=at, origin=origin, state=state or "")
        found = await self.board.snapshots(state=state, after=after, at=at, limit=limit + 1)
        items, following = page_of(
            found, limit, lambda snapshot: Cursor(BY_URGENCY, snapshot.asset.id, URGENCY[snapshot.state(at)])
        )
        is_online = await self.workers.are_online(ProcessRun.queue)
        return OpsAssetPage(
            items=[ops_asset_view(snapshot, at, worker_online=is_online) for snapshot in items],
            next_cursor=following.encode() if following else None,
            worker_online=is_online,
        )
