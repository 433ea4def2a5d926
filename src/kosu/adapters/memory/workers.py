"""Workers by the names of their queues."""

from __future__ import annotations


class MemoryWorkers:
    """`online` are the queues that have some; `available = False` makes it that nobody can tell."""

    def __init__(self, *online: str) -> None:
        self.online = set(online)
        self.available = True

    async def are_online(self, queue: str) -> bool | None:
        return queue in self.online if self.available else None
