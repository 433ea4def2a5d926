"""The outbox sweep: rings again for messages whose first ring was lost, whose worker died, or whose retry is due."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kosu.ports.messages import Job

if TYPE_CHECKING:
    # The scheduler imports this module for the job alone, and starts without the container.
    from kosu.container import Container

BATCH = 500


@dataclass(frozen=True, slots=True)
class SweepOutbox(Job):
    """Ring for every message that is due."""


def sweep_outbox(container: Container) -> Callable[[SweepOutbox], Awaitable[None]]:
    log, queue, clock = container.outbox_log(), container.queue(), container.clock()

    async def sweep(_: SweepOutbox) -> None:
        while bells := await log.due(at=clock.now(), limit=BATCH):
            await queue.ring(bells)

    return sweep
