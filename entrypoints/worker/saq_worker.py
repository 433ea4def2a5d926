"""SAQ workers that stop at once when idle, and let running jobs finish within a grace period when not."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, ClassVar

from redis.exceptions import RedisError
from saq import Worker

log = logging.getLogger(__name__)

# For a cancelled job to let go of what it holds; what hangs beyond that is left to the leases.
CANCELLATION_SECONDS = 5
# How often jobs are looked for whose worker died. SAQ's own minute is long for a cron that cannot ring meanwhile.
SWEEP_SECONDS = 20

Action = Callable[[int], Awaitable[object]]


class GracefulWorker(Worker[Any]):
    """SAQ 0.26 waits its whole grace period even when idle: its upkeep sleeps, and its free slots block in Redis."""

    # Several workers share a process, so that signals are for `run_workers` to handle.
    SIGNALS: ClassVar[list[signal.Signals]] = []  # type: ignore[misc]  # SAQ declares it without ClassVar

    async def upkeep(self) -> list[asyncio.Task[None]]:
        """The upkeep of the base class, with naps that end when the worker stops, and without its `abort`.

        That cancels running jobs that a sweep took for lost. SAQ's sweep does so with every job that it meets between
        its dequeuing and its start; and a job that lives after all does no harm, since leases keep its work apart.
        """
        timers = self.timers
        every: list[tuple[Action, int, int]] = [
            (self.schedule, timers["schedule"], timers["schedule"]),
            (self.queue.sweep, SWEEP_SECONDS, SWEEP_SECONDS),
            (self.worker_info, timers["worker_info"], timers["worker_info"] + 1),
        ]
        return [asyncio.create_task(self._keep_up(action, seconds, argument)) for action, seconds, argument in every]

    async def stop(self) -> None:
        """Free slots are cancelled at once; slots that run a job get the grace period, and then give it back."""
        self.event.set()
        grace_seconds = self._shutdown_grace_period_s or 0
        with suppress(TimeoutError):
            async with asyncio.timeout(grace_seconds):
                while running := [context["task"] for context in self.job_task_contexts.values()]:
                    await asyncio.wait(running)
                    await asyncio.sleep(0.05)  # SAQ writes the result down after the task has ended
        # Cancelled here and not by the base class, which would warn of every free slot.
        tasks = list(self.tasks)
        self.tasks.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CANCELLATION_SECONDS)
        await super().stop()

    async def _keep_up(self, action: Action, seconds: int, argument: int) -> None:
        while not self.event.is_set():
            try:
                await action(argument)
            except (RedisError, OSError) as error:
                log.warning("upkeep of %s: %s", self.queue.name, error)
            except (Exception, asyncio.CancelledError):
                if self.event.is_set():
                    return
                log.exception("upkeep failed")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.event.wait(), seconds)


async def run_workers(workers: Sequence[Worker[Any]], *, on_ready: Callable[[], None]) -> None:
    """Run workers until SIGTERM or SIGINT, or until one of them fails."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signum, stop.set)
    tasks = [asyncio.create_task(worker.start()) for worker in workers]
    stopper = asyncio.create_task(stop.wait())
    on_ready()
    log.info("working on %s", ", ".join(worker.queue.name for worker in workers))
    await asyncio.wait([stopper, *tasks], return_when=asyncio.FIRST_COMPLETED)
    stopper.cancel()
    for worker in workers:
        worker.event.set()
    await asyncio.gather(*tasks)
