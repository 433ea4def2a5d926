"""Assets as operators see them, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kosu.adapters.memory.database import MemoryDatabase
from kosu.adapters.memory.media import ASSETS, RUNS, MemoryMediaQueries
from kosu.modules.media.domain.assets import AssetSnapshot, AssetState
from kosu.modules.media.domain.board import URGENCY, RunsUnderWay
from kosu.modules.media.domain.runs import RunState
from kosu.paging import Cursor


class MemoryAssetBoard:
    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database
        self._queries = MemoryMediaQueries(database)

    async def snapshots(
        self, *, state: AssetState | None, after: Cursor | None, at: datetime, limit: int
    ) -> Sequence[AssetSnapshot]:
        def place(snapshot: AssetSnapshot) -> tuple[int, int]:
            return URGENCY[snapshot.state(at)], -snapshot.asset.id.int

        every = [await self._queries.snapshot(asset_id) for asset_id in self._database.table(ASSETS)]
        found = [snapshot for snapshot in every if snapshot is not None]
        if state is not None:
            found = [snapshot for snapshot in found if snapshot.state(at) is state]
        if after is not None:
            found = [snapshot for snapshot in found if place(snapshot) > (after.value, -after.id.int)]
        return sorted(found, key=place)[:limit]

    async def runs_under_way(self, *, at: datetime) -> RunsUnderWay:
        runs = self._database.table(RUNS).values()
        leased = [run.lease_until for run in runs if run.state is RunState.PROCESSING]
        live = sum(until is not None and until > at for until in leased)
        queued = sum(run.state is RunState.QUEUED for run in runs)
        return RunsUnderWay(queued=queued, processing=live, stalled=len(leased) - live)
