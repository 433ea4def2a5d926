"""A run that this worker holds: the one way to write to it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from kosu.modules.media.domain.runs import Run, StepName
from kosu.modules.media.errors import LeaseLost
from kosu.modules.media.jobs import ProcessRun
from kosu.modules.media.ports import MediaRecords
from kosu.modules.media.processing.patience import while_held
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import DatabaseUnavailable, Transaction

log = logging.getLogger(__name__)

# Progress is written once a second at most, and the lease renewed at least six times before it ends.
BEAT_SECONDS = 1.0
RENEWAL = timedelta(seconds=10)

Change = Callable[[Run, datetime], Run]


class HeldRun:
    """Writes are serial, conditional on the fence, and renew the lease.

    A database that is away is waited for as long as the lease is good: hours of encoding are not thrown away for it.
    `beat_seconds` is real time, whatever the clock says.
    """

    def __init__(
        self, run: Run, transaction: Transaction[MediaRecords], clock: Clock, *, beat_seconds: float = BEAT_SECONDS
    ) -> None:
        self.run = run
        self._transaction = transaction
        self._clock = clock
        self._beat_seconds = beat_seconds
        self._lock = asyncio.Lock()
        self._written_at = clock.now()
        self._reported: tuple[StepName, int] | None = None

    def report(self, step: StepName, percent: int) -> None:
        """Note how far a step is, from any thread; the next beat writes it down."""
        self._reported = (step, percent)

    async def write(self, change: Change, *, along: Callable[[MediaRecords, Run], Awaitable[Run]] | None = None) -> Run:
        """Change the run, and what `along` does in the same transaction, which may change the run once more.

        Raises:
            LeaseLost: nothing was written.
        """
        async with self._lock:
            return await while_held(
                lambda: self._write(change, along),
                is_held=lambda: self.run.is_held(self._clock.now()),
                name=f"run {self.run.id}",
                beat_seconds=self._beat_seconds,
            )

    async def keep(self) -> None:
        """Beat until cancelled.

        Raises:
            LeaseLost
        """
        while True:
            await asyncio.sleep(self._beat_seconds)
            await self.beat()

    async def beat(self) -> None:
        """Write down the reported progress if there is any; renew the lease in any case when it is time."""
        reported, self._reported = self._reported, None
        if reported is not None and self.run.step(reported[0]).percent < reported[1]:
            step, percent = reported
            await self.write(lambda run, _: run if run.step(step).is_over else run.progressed(step, percent))
        elif self._clock.now() - self._written_at >= RENEWAL:
            await self.write(lambda run, _: run)

    async def release(self) -> None:
        """Give the run back so that another worker can go on at once. What cannot be written, the lease's end does."""
        try:
            async with self._transaction() as records:
                await records.runs.save(self.run.released(self._clock.now()), fence=self.run.fence)
                await records.outbox.add(ProcessRun(self.run.id))
        except (DatabaseUnavailable, LeaseLost) as error:
            log.warning("run %s: not released: %s", self.run.id, error)

    async def _write(self, change: Change, along: Callable[[MediaRecords, Run], Awaitable[Run]] | None) -> Run:
        at = self._clock.now()
        run = change(self.run, at)
        async with self._transaction() as records:
            if along is not None:
                run = await along(records, run)
            if run.lease_until is not None:
                run = run.renewed(at)
            await records.runs.save(run, fence=self.run.fence)
        self.run, self._written_at, self._reported = run, at, None
        return run
