"""Calls that are made at once, made as one: for stores whose cost is the round trip and not what travels in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")
R = TypeVar("R")


class _Batch(Generic[T, R]):
    """What is done together, the task that does it, and who waits for it."""

    def __init__(self, do: Callable[[_Batch[T, R]], Awaitable[Sequence[R]]]) -> None:
        self.items: list[T] = []
        # Each its own: to shield one future that all wait for costs twice as much.
        self.answers: list[asyncio.Future[R]] = []
        self._done = asyncio.ensure_future(do(self))
        self._done.add_done_callback(self._settle)

    def _settle(self, done: asyncio.Future[Sequence[R]]) -> None:
        """Tell all who still wait what became of it."""
        if done.cancelled():
            for answer in self.answers:
                answer.cancel()
            return
        error = done.exception()
        for place, answer in enumerate(self.answers):
            # Who has gone waits for nothing.
            if answer.done():
                continue
            if error is None:
                answer.set_result(done.result()[place])
            else:
                answer.set_exception(error)


class Coalesced(Generic[T, R]):
    """Lets calls of one turn of the event loop share one of `call`, at most `most_together`.

    `call` answers for each item in order. What it raises reaches every caller; one that is cancelled takes only itself
    out. While `at_once` calls are under way, further ones gather, so that the busier it is, the more they share.
    """

    def __init__(
        self, call: Callable[[Sequence[T]], Awaitable[Sequence[R]]], *, most_together: int, at_once: int
    ) -> None:
        self._call = call
        self._most_together = most_together
        self._under_way = asyncio.Semaphore(at_once)
        self._open: _Batch[T, R] | None = None

    async def __call__(self, item: T) -> R:
        batch = self._open
        if batch is None or len(batch.items) == self._most_together:
            batch = self._open = _Batch(self._do)
        answer: asyncio.Future[R] = asyncio.get_running_loop().create_future()
        batch.items.append(item)
        batch.answers.append(answer)
        return await answer

    async def _do(self, batch: _Batch[T, R]) -> Sequence[R]:
        # Runs one turn after the batch was opened, at the earliest.
        async with self._under_way:
            if self._open is batch:
                # From here on the next call opens the next batch.
                self._open = None
            answers = await self._call(batch.items)
        if len(answers) != len(batch.items):
            # Else some would wait for ever.
            msg = f"{len(batch.items)} were asked for, {len(answers)} answered"
            raise ValueError(msg)
        return answers
