"""Take a run through its seven steps, from wherever it stopped."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from kosu.errors import Unavailable
from kosu.ids import RunId
from kosu.modules.media.domain.runs import WORKER_DIED, StepName, failure_of
from kosu.modules.media.errors import ScratchFull, Verdict
from kosu.modules.media.ports import MediaRecords, Scratch
from kosu.modules.media.processing.held_run import BEAT_SECONDS, HeldRun
from kosu.modules.media.processing.keeping import while_kept
from kosu.modules.media.processing.steps import Steps
from kosu.modules.media.processing.tidy_scratch import TidyScratch
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)

DONE, POSTPONED, REFUSED = "done", "postponed", "refused"
StepTold = Callable[[StepName, str, timedelta], None]
"""Hears of each step that was tried: how it ended, and how long it took."""


def untold(_: StepName, __: str, ___: timedelta) -> None:
    """Where nobody counts."""


RESERVE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class ProcessRun:
    transaction: Transaction[MediaRecords]
    scratch: Scratch
    steps: Steps
    tidy_scratch: TidyScratch
    clock: Clock
    beat_seconds: float = BEAT_SECONDS
    told: StepTold = untold

    async def __call__(self, *, run_id: RunId) -> None:
        """Do all that can be done now. A repeat is harmless: the lease admits one worker, and done steps are skipped.

        A step that fails on our side gives the run back, to be asked for later; one that fails by the source ends it.
        When cancelled (the worker shuts down) the run is given back at once.
        """
        async with self.transaction() as records:
            run = await records.runs.claim(run_id, at=self.clock.now())
        if run is None:
            log.info("run %s: held by another worker, or over", run_id)
            return
        held = HeldRun(run, self.transaction, self.clock, beat_seconds=self.beat_seconds)
        try:
            await while_kept(held.keep, lambda: self._work(held), name=f"run {held.run.id}")
        except asyncio.CancelledError:
            await asyncio.shield(held.release())
            raise

    async def _work(self, held: HeldRun) -> None:
        await self.tidy_scratch()
        folder = await self._prepare(held)
        if folder is None:
            return
        while (name := held.run.next_step) is not None:
            if not await self._step(held, name, folder):
                return

    async def _prepare(self, held: HeldRun) -> Path | None:
        """The folder to work in, with what is finished and still needed; None when there is no place to work now."""
        run_id, fence = held.run.id, held.run.fence
        try:
            folder = await self.scratch.open(run_id, fence)
            while lost := [
                step for step in held.run.inputs_on_disk() if not await self.scratch.adopt(run_id, fence, step)
            ]:
                await held.write(lambda run, _: run.reopened(lost))
            if await self._has_room(held):
                return folder
        except OSError as error:
            log.warning("run %s: no scratch space: %s", run_id, error)
        else:
            log.warning("run %s: waiting for disk space", run_id)
        await held.write(lambda run, at: run.waiting_for_disk(at))
        return None

    async def _has_room(self, held: HeldRun) -> bool:
        """Room for the source and 1.2 times its size in outputs, asked before the first byte is fetched."""
        if held.run.next_step is not StepName.DOWNLOAD:
            return True
        return await self.scratch.free_bytes() >= held.run.source_bytes * 22 // 10 + RESERVE_BYTES

    async def _step(self, held: HeldRun, name: StepName, folder: Path) -> bool:
        """Whether the run goes on."""
        began_at = self.clock.now()
        outcome = await self._attempt(held, name, folder)
        if outcome is not None:
            self.told(name, outcome, self.clock.now() - began_at)
        return outcome == DONE

    async def _attempt(self, held: HeldRun, name: StepName, folder: Path) -> str | None:
        """DONE, POSTPONED or REFUSED; None where nothing was tried any more."""
        step = held.run.step(name)
        if held.run.is_exhausted(name):
            # Every attempt was counted when it began; that the last one left no word means that its worker died.
            await held.write(lambda run, at: run.given_up(name, step.error or WORKER_DIED, at))
            return None
        await held.write(lambda run, at: run.begun(name, at))
        try:
            await self.steps.perform(name, held, folder)
        except Verdict as verdict:
            failure = failure_of(verdict)
            log.info("run %s: %s refused the source: %s: %s", held.run.id, name, verdict.code, verdict)
            await held.write(lambda run, at: run.given_up(name, failure, at))
            return REFUSED
        except (Unavailable, OSError) as error:
            failure = failure_of(error if isinstance(error, Unavailable) else ScratchFull(str(error)))
            log.warning("run %s: %s, attempt %d: %s", held.run.id, name, held.run.step(name).attempt, error)
            await held.write(lambda run, at: run.postponed(name, failure, at))
            return POSTPONED
        log.info("run %s: %s done", held.run.id, name)
        return DONE
