"""Stores webhooks durably before they are acknowledged, many by one statement."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence

from kosu.modules.billing.domain.inbox import ReceivedWebhook, WebhookId
from kosu.modules.billing.errors import UnstorableWebhook
from kosu.modules.billing.jobs import DrainInbox
from kosu.modules.billing.ports import WebhookInbox
from kosu.ports.queue import Queue, QueueUnavailable

log = logging.getLogger(__name__)

RING_SECONDS = 0.25
# A burst rings once in so long: each ring costs a worker more than the storing of a webhook costs the API.
RING_INTERVAL_SECONDS = 0.05

_Refusals = Mapping[WebhookId, UnstorableWebhook]


class Reception:
    """Webhooks that arrive in one turn of the event loop share one insert, one commit and one ring of the queue."""

    def __init__(self, inbox: WebhookInbox, queue: Queue) -> None:
        self._inbox = inbox
        self._queue = queue
        self._batch: list[ReceivedWebhook] = []
        self._storing: asyncio.Task[_Refusals] | None = None
        self._rung_at = float("-inf")
        self._next_ring: asyncio.Task[None] | None = None

    async def accept(self, webhook: ReceivedWebhook) -> None:
        """Returns once this webhook is committed.

        Raises:
            UnstorableWebhook: this one, whatever became of the others.
            DatabaseUnavailable
        """
        self._batch.append(webhook)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        # A sender that hangs up takes only itself out of the batch, never the others.
        refusals = await asyncio.shield(self._storing)
        if webhook.id in refusals:
            raise refusals[webhook.id]

    async def _store(self) -> _Refusals:
        # Runs one turn after it was created; from here on the next webhook opens the next batch.
        batch, self._batch, self._storing = self._batch, [], None
        refusals: dict[WebhookId, UnstorableWebhook] = {}
        new = await self._put(batch, refusals)
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
