"""Where an asset stands: which step is running, how far, and why it failed."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import AssetId, UserId
from kosu.modules.media.access import visible_asset
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import MediaQueries
from kosu.modules.media.views import AssetView, asset_view
from kosu.ports.clock import Clock
from kosu.ports.workers import Workers


@dataclass(frozen=True, slots=True)
class DescribeAsset:
    queries: MediaQueries
    workers: Workers
    clock: Clock

    async def __call__(self, *, user_id: UserId, is_operator: bool, asset_id: AssetId) -> AssetView:
        """Raises AssetNotFound."""
        snapshot = await visible_asset(self.queries, asset_id, user_id=user_id, is_operator=is_operator)
        at = self.clock.now()
        # Asked only where it matters: a view of this is polled.
        is_online = await self.workers.are_online(ProcessRun.queue) if snapshot.waits(at) else None
        return asset_view(snapshot, at, worker_online=is_online)
