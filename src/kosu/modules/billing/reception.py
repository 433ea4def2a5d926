"""Stores webhooks durably before they are acknowledged, many by one statement."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence

from kosu.modules.billing.domain.inbox import ReceivedWebhook, WebhookId
from kosu.modules.billing.errors import UnstorableWebhook
from kosu.modules.billing.jobs import DrainInbox
from kosu.modules.billing.ports import WebhookInbox
from kosu.ports.queue import Queue, QueueUnavailable

log = logging.getLogger(__name__)

# While these are under way, what arrives meanwhile gathers: the busier the API is, the more share a commit. A second
# one keeps the database at work while the answers of the first go out.
PUTS_IN_FLIGHT = 2
MOST_TOGETHER = 256
RING_SECONDS = 0.25
# A burst rings once in so long: each ring costs a worker more than the storing of a webhook costs the API.
RING_INTERVAL_SECONDS = 0.05

_Refusals = Mapping[WebhookId, UnstorableWebhook]


class _Batch:
    """Webhooks that are stored together, and the task that stores them."""

    def __init__(self, store: Callable[[_Batch], Awaitable[_Refusals]]) -> None:
        self.webhooks: list[ReceivedWebhook] = []
        self.stored = asyncio.ensure_future(store(self))


class Reception:
    """Webhooks that arrive in one turn of the event loop, or while others are being stored, share insert and commit."""

    def __init__(self, inbox: WebhookInbox, queue: Queue) -> None:
        self._inbox = inbox
        self._queue = queue
        self._puts = asyncio.Semaphore(PUTS_IN_FLIGHT)
        self._open: _Batch | None = None
        self._rung_at = float("-inf")
        self._next_ring: asyncio.Task[None] | None = None

    async def accept(self, webhook: ReceivedWebhook) -> None:
        """Returns once this webhook is committed.

        Raises:
            UnstorableWebhook: this one, whatever became of the others.
            DatabaseUnavailable
        """
        batch = self._open
        if batch is None or len(batch.webhooks) == MOST_TOGETHER:
            batch = self._open = _Batch(self._store)
        batch.webhooks.append(webhook)
        # A sender that hangs up takes only itself out of the batch, never the others.
        refusals = await asyncio.shield(batch.stored)
        if webhook.id in refusals:
            raise refusals[webhook.id]

    async def _store(self, batch: _Batch) -> _Refusals:
        # Runs one turn after the batch was opened, at the earliest.
        refusals: dict[WebhookId, UnstorableWebhook] = {}
        async with self._puts:
            if self._open is batch:
                # From here on the next webhook opens the next batch.
                self._open = None
            new = await self._put(batch.webhooks, refusals)
        if new:
            await self._ring()
        return refusals

    async def _put(self, batch: Sequence[ReceivedWebhook], refusals: dict[WebhookId, UnstorableWebhook]) -> int:
        try:
            return await self._inbox.put(batch)
        except UnstorableWebhook as error:
            if len(batch) == 1:
                refusals[batch[0].id] = error
                return 0
        return sum([await self._put([webhook], refusals) for webhook in batch])

    async def _ring(self) -> None:
        """Ring at once after a quiet moment; in a burst, once at the end of the interval for all of it."""
        if self._next_ring is not None:
            return
        wait_seconds = self._rung_at + RING_INTERVAL_SECONDS - asyncio.get_running_loop().time()
        if wait_seconds > 0:
            self._next_ring = asyncio.create_task(self._ring_after(wait_seconds))
        else:
            await self._enqueue()

    async def _ring_after(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        # Before the ring and not after it: what is committed meanwhile may need the next one.
        self._next_ring = None
        await self._enqueue()

    async def _enqueue(self) -> None:
        self._rung_at = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout(RING_SECONDS):
                await self._queue.enqueue(DrainInbox())
        except (QueueUnavailable, TimeoutError) as error:
            log.warning("webhooks left to the sweep: %s", str(error) or "queue too slow")
