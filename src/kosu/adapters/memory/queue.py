"""A queue in a list."""

from __future__ import annotations

from collections.abc import Sequence

from kosu.ports.messages import Job
from kosu.ports.queue import Bell, QueueUnavailable


class MemoryQueue:
    """Holds what was rung until `take` is called. `available = False` makes it behave as an unreachable queue."""

    def __init__(self) -> None:
        self.available = True
        self._rung: list[Bell | Job] = []
        self._waiting_once: list[Job] = []

    async def ring(self, bells: Sequence[Bell]) -> None:
        self._check()
        self._rung += bells

    async def enqueue(self, job: Job, *, once: bool = False) -> None:
        self._check()
        if once and job in self._waiting_once:
            return
        self._rung.append(job)
        self._waiting_once += [job] if once else []

    async def ping(self) -> None:
        self._check()

    def take(self) -> list[Bell | Job]:
        """All that was rung since the last call, in order."""
        rung, self._rung, self._waiting_once = self._rung, [], []
        return rung

    def _check(self) -> None:
        if not self.available:
            msg = "the queue is away"
            raise QueueUnavailable(msg)
