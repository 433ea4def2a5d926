"""Help with a long video that another worker holds."""

from __future__ import annotations

import asyncio
import logging
import shutil
from dataclasses import dataclass
from pathlib import Path

from kosu.ids import RunId
from kosu.modules.media.domain.runs import Run
from kosu.modules.media.ports import MediaRecords, Scratch
from kosu.modules.media.processing.chunk_worker import ChunkWorker
from kosu.modules.media.processing.tidy_scratch import TidyScratch
from kosu.modules.media.use_cases.process_run import RESERVE_BYTES
from kosu.ports.clock import Clock
from kosu.ports.object_store import ObjectNotFound, ObjectStore, StoreUnavailable
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

# For a last chunk the source is not worth its transfer: whoever holds the run has it already.
LEAST_CHUNKS = 2


@dataclass(frozen=True, slots=True)
class EncodeChunks:
    transaction: Transaction[MediaRecords]
    store: ObjectStore
    scratch: Scratch
    worker: ChunkWorker
    tidy_scratch: TidyScratch
    clock: Clock

    async def __call__(self, *, run_id: RunId) -> None:
        """Encode chunks until none is left, or one of them fails here. Nobody relies on it.

        When cancelled (the worker shuts down) the chunk is given back at once.
        """
        at = self.clock.now()
        async with self.transaction() as records:
            run = await records.runs.lock(run_id)
            chunks = await records.chunks.of(run_id)
        free = [chunk for chunk in chunks if chunk.is_claimable(at)]
        if run is None or not run.is_active or len(free) < LEAST_CHUNKS:
            return
        await self.tidy_scratch()
        try:
            if await self._has_room(run):
                async with self.scratch.borrow(run_id) as folder:
                    await self._help(run, folder)
            else:
                log.warning("run %s: no room to help", run_id)
        except OSError as error:
            log.warning("run %s: no scratch space to help: %s", run_id, error)

    async def _help(self, run: Run, folder: Path) -> None:
        source = folder / "source"

        async def fetched() -> Path:
            if not source.exists():
                await self._download(run, source)
            return source

        while (held := await self.worker.claim(run.id)) is not None:
            outputs = folder / "chunk"
            if not await self.worker.encode(held, run.inspected, source=fetched, folder=outputs):
                return
            await asyncio.to_thread(shutil.rmtree, outputs)

    async def _download(self, run: Run, target: Path) -> None:
        """Raises StoreUnavailable when the source is not there as it was uploaded: here that is no verdict."""
        partial = target.with_suffix(".part")
        try:
            stored = await self.store.download(run.source_key, partial)
        except ObjectNotFound as error:
            raise StoreUnavailable(str(error)) from error
        if stored.size_bytes != run.source_bytes:
            msg = f"{stored.size_bytes} bytes in the store, {run.source_bytes} were uploaded"
            raise StoreUnavailable(msg)
        await asyncio.to_thread(partial.replace, target)

    async def _has_room(self, run: Run) -> bool:
        """Room for the source, and for one chunk at a time."""
        return await self.scratch.free_bytes() >= run.source_bytes * 12 // 10 + RESERVE_BYTES
