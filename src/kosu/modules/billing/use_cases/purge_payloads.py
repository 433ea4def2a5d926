"""Forget the bodies of webhooks that nobody needs any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from kosu.modules.billing.ports import WebhookInbox
from kosu.ports.clock import Clock

# Longer than any dispute about a payment is new: until then an operator may want to replay one.
PAYLOADS_KEPT = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class PurgePayloads:
    inbox: WebhookInbox
    clock: Clock
    batch_size: int = 1_000

    async def __call__(self) -> int:
        """Answers how many bodies went. Hashes stay, and with them the proof of what was received."""
        before = self.clock.now() - PAYLOADS_KEPT
        purged = 0
        while True:
            batch = await self.inbox.purge_payloads(received_before=before, limit=self.batch_size)
            purged += batch
            if batch < self.batch_size:
                return purged
