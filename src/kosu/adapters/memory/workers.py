"""Workers by the names of their queues."""

from __future__ import annotations

from kosu.ports.queue import QueueUnavailable


class MemoryWorkers:
    """`online` are the queues that have some, `jobs` how many wait; `available = False`: nobody can tell."""

    def __init__(self, *online: str) -> None:
        self.online = set(online)
        self.available = True
        self.jobs: dict[str, int] = {}

    async def are_online(self, queue: str) -> bool | None:
        return queue in self.online if self.available else None

    async def waiting(self, queue: str) -> int:
        if not self.available:
            msg = "the queue is away"
            raise QueueUnavailable(msg)
        return self.jobs.get(queue, 0)
