"""Which queues have workers that live."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable
class Workers(Protocol):
    async def are_online(self, queue: str) -> bool | None:
        """Whether some worker takes the work of a queue; None when nobody can tell.

        A worker that died without a word counts for some seconds more. Never raises for what it asks being away, and
        does not wait for it for long.
        """
        ...

    async def waiting(self, queue: str) -> int:
        """How many jobs of a queue no worker has taken yet.

        Raises:
            QueueUnavailable
        """
        ...
