"""A chunk that this worker holds: the one way to write to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from kosu.modules.media.domain.chunks import Chunk
from kosu.modules.media.errors import LeaseLost
from kosu.modules.media.ports import MediaRecords
from kosu.modules.media.processing.patience import while_held
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import DatabaseUnavailable, Transaction

log = logging.getLogger(__name__)


class HeldChunk:
    """As `HeldRun` for runs: writes are serial, and conditional on the fence and on a run that goes on."""

    def __init__(
        self, chunk: Chunk, transaction: Transaction[MediaRecords], clock: Clock, *, beat_seconds: float
    ) -> None:
        self.chunk = chunk
        self._transaction = transaction
        self._clock = clock
        self._beat_seconds = beat_seconds
        self._lock = asyncio.Lock()
        self._frames = 0

    @property
    def name(self) -> str:
        return f"run {self.chunk.run_id}, chunk {self.chunk.index}"

    def report(self, frames: int) -> None:
        """Note how many frames are encoded; the next beat writes it down."""
        self._frames = frames

    async def write(self, change: Callable[[Chunk, datetime], Chunk]) -> None:
        """Raises LeaseLost when nothing was written."""
        async with self._lock:
            await while_held(
                lambda: self._write(change),
                is_held=lambda: self.chunk.is_held(self._clock.now()),
                name=self.name,
                beat_seconds=self._beat_seconds,
            )

    async def keep(self) -> None:
        """Renew the lease and write down the progress, beat by beat, until cancelled.

        Raises:
            LeaseLost
        """
        while True:
            await asyncio.sleep(self._beat_seconds)
            await self.write(lambda chunk, at: chunk.renewed(self._frames, at))

    async def release(self) -> None:
        """Give the chunk back, so that another worker can begin at once. If that fails, the lease's end does it."""
        try:
            await self._write(lambda chunk, _: chunk.released())
        except (DatabaseUnavailable, LeaseLost) as error:
            log.info("%s: not released: %s", self.name, error)

    async def _write(self, change: Callable[[Chunk, datetime], Chunk]) -> None:
        chunk = change(self.chunk, self._clock.now())
        async with self._transaction() as records:
            await records.chunks.save(chunk, fence=self.chunk.fence)
        self.chunk = chunk
