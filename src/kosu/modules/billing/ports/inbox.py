"""The inbox of webhooks, outside of the transactions that settle them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from kosu.modules.billing.domain.inbox import ClaimedWebhook, ReceivedWebhook, WebhookId


@runtime_checkable
class WebhookInbox(Protocol):
    """The hot side of the inbox. Each method is one statement and its own transaction, durable when it returns."""

    async def put(self, webhooks: Sequence[ReceivedWebhook]) -> int:
        """Store all webhooks, or none when it raises. A webhook that is known already, also within the batch, is one.

        Answers how many were new.

        Raises:
            UnstorableWebhook: at least one can never be stored.
            DatabaseUnavailable
        """
        ...

    async def claim(self, *, at: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedWebhook]:
        """Take webhooks whose time has come and count the attempt, longest due first.

        No two callers get the same one; it is due again when its lease ends.
        """
        ...

    async def fail(self, webhook_id: WebhookId, *, attempt: int, error_code: str, retry_at: datetime | None) -> None:
        """Record why an attempt failed; `retry_at=None` makes it dead. Ignored when `attempt` no longer holds it."""
        ...

    async def purge_payloads(self, *, received_before: datetime, limit: int) -> int:
        """Forget bodies of webhooks that are processed, ignored or dead, the oldest first; their hashes stay.

        Answers how many were forgotten, `limit` at most.
        """
        ...
