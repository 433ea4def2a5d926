"""Calls that are made at once, made as one: for stores whose cost is the round trip and not what travels in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Batch(Generic[T, R]):
    """What is done together, and the task that does it."""

    def __init__(self, do: Callable[[_Batch[T, R]], Awaitable[Sequence[R]]]) -> None:
        self.items: list[T] = []
        self.done = asyncio.ensure_future(do(self))
        # Looked at, so that a failure after all who waited have gone is not reported as forgotten.
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())


class Coalesced(Generic[T, R]):
    """Lets calls of one turn of the event loop share one of `call`, at most `most_together`.

    `call` answers for each item in order. What it raises reaches every caller; one that is cancelled takes only itself
    out.
    """

    def __init__(self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most_together: int) -> None:
        self._call = call
        self._most_together = most_together
        self._open: _Batch[T, R] | None = None

    async def __call__(self, item: T) -> R:
        batch = self._open
        if batch is None or len(batch.items) == self._most_together:
            batch = self._open = _Batch(self._do)
        place = len(batch.items)
        batch.items.append(item)
        return (await asyncio.shield(batch.done))[place]

    async def _do(self, batch: _Batch[T, R]) -> Sequence[R]:
        # Runs one turn after the batch was opened, at the earliest: from here on the next call opens the next batch.
        if self._open is batch:
            self._open = None
        return await self._call(batch.items)
