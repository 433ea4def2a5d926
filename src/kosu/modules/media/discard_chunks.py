"""Dropping the chunks of a run that nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import RunId
from kosu.modules.media.domain.chunks import chunks_prefix
from kosu.modules.media.ports import MediaRecords
from kosu.ports.object_store import ObjectStore
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class DiscardChunks:
    transaction: Transaction[MediaRecords]
    store: ObjectStore

    async def __call__(self, run_id: RunId) -> None:
        """Repeatable. The files go first: while there are rows, the sweep comes back."""
        await self.store.delete_prefix(chunks_prefix(run_id))
        async with self.transaction() as records:
            await records.chunks.remove(run_id)
