"""The webhook inbox in memory, from both sides: storing and claiming, and settling in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from kosu.adapters.memory.database import MemoryDatabase, Table
from kosu.modules.billing.domain.inbox import ClaimedWebhook, ReceivedWebhook, StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.errors import UnstorableWebhook

INBOX = "billing.webhook_inbox"


@dataclass(frozen=True, slots=True)
class InboxRow:
    webhook: ReceivedWebhook
    state: WebhookState
    next_attempt_at: datetime | None
    attempts: int = 0
    lease_until: datetime | None = None
    error_code: str | None = None
    finished_at: datetime | None = None
    # Of a body that was purged; the webhook's own is empty then.
    purged_sha256: bytes | None = None


class MemoryInbox:
    def __init__(self, inbox: Table) -> None:
        self._inbox = inbox

    async def lock(self, webhook_id: WebhookId, *, attempt: int) -> bool:
        return _is_held(self._inbox.get(webhook_id), attempt)

    async def finish(self, webhook_id: WebhookId, *, state: WebhookState, at: datetime) -> None:
        self._inbox[webhook_id] = replace(
            self._inbox[webhook_id],
            state=state,
            finished_at=at,
            next_attempt_at=None,
            lease_until=None,
            error_code=None,
        )

    async def lock_stored(self, webhook_id: WebhookId) -> StoredWebhook | None:
        row: InboxRow | None = self._inbox.get(webhook_id)
        if row is None:
            return None
        webhook, envelope = row.webhook, row.webhook.envelope
        return StoredWebhook(
            id=webhook.id,
            gateway=webhook.gateway,
            dedup_key=envelope.dedup_key,
            event_type=envelope.event_type,
            payment_ref=envelope.payment_ref,
            key_id=envelope.key_id,
            payload=None if row.purged_sha256 else webhook.payload,
            payload_sha256=row.purged_sha256 or sha256(webhook.payload).digest(),
            state=row.state,
            attempts=row.attempts,
            received_at=webhook.received_at,
            next_attempt_at=row.next_attempt_at,
            lease_until=row.lease_until,
            finished_at=row.finished_at,
            error_code=row.error_code,
        )

    async def requeue(self, webhook_id: WebhookId, *, at: datetime) -> None:
        row: InboxRow = self._inbox[webhook_id]
        self._inbox[webhook_id] = InboxRow(row.webhook, WebhookState.RECEIVED, at, purged_sha256=row.purged_sha256)


class MemoryWebhookInbox:
    """Its statements take turns with transactions, as everything does that writes to a MemoryDatabase."""

    def __init__(self, database: MemoryDatabase) -> None:
        self._database = database

    async def put(self, webhooks: Sequence[ReceivedWebhook]) -> int:
        async with self._database.lock:
            inbox = self._rows()
            for webhook in webhooks:
                envelope = webhook.envelope
                if "\0" in f"{envelope.dedup_key}{envelope.event_type}{envelope.payment_ref}{envelope.key_id}":
                    msg = "a text holds a NUL"
                    raise UnstorableWebhook(msg)
            known = {(row.webhook.gateway, row.webhook.envelope.dedup_key) for row in inbox.values()}
            before = len(inbox)
            for webhook in webhooks:
                key = (webhook.gateway, webhook.envelope.dedup_key)
                if key not in known:
                    known.add(key)
                    inbox[webhook.id] = InboxRow(webhook, WebhookState.RECEIVED, webhook.due_at or webhook.received_at)
            return len(inbox) - before

    async def claim(self, *, at: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedWebhook]:
        async with self._database.lock:
            inbox = self._rows()
            due = sorted(
                (row.next_attempt_at, row.webhook.id)
                for row in inbox.values()
                if row.next_attempt_at is not None and row.next_attempt_at <= at
            )[:limit]
            claimed = []
            for _, webhook_id in due:
                row = inbox[webhook_id]
                row = inbox[webhook_id] = replace(
                    row,
                    state=WebhookState.PROCESSING,
                    attempts=row.attempts + 1,
                    next_attempt_at=at + lease,
                    lease_until=at + lease,
                )
                claimed.append(
                    ClaimedWebhook(
                        id=row.webhook.id,
                        gateway=row.webhook.gateway,
                        payment_ref=row.webhook.envelope.payment_ref,
                        payload=row.webhook.payload,
                        received_at=row.webhook.received_at,
                        attempt=row.attempts,
                    )
                )
            return claimed

    async def fail(self, webhook_id: WebhookId, *, attempt: int, error_code: str, retry_at: datetime | None) -> None:
        async with self._database.lock:
            inbox = self._rows()
            if _is_held(inbox.get(webhook_id), attempt):
                inbox[webhook_id] = replace(
                    inbox[webhook_id],
                    state=WebhookState.DEAD if retry_at is None else WebhookState.FAILED,
                    next_attempt_at=retry_at,
                    lease_until=None,
                    error_code=error_code,
                )

    async def purge_payloads(self, *, received_before: datetime, limit: int) -> int:
        async with self._database.lock:
            inbox = self._rows()
            old: list[InboxRow] = [
                row
                for row in inbox.values()
                if row.state in {WebhookState.PROCESSED, WebhookState.IGNORED, WebhookState.DEAD}
                and row.purged_sha256 is None
                and row.webhook.received_at < received_before
            ]
            purged = sorted(old, key=lambda row: row.webhook.received_at)[:limit]
            for row in purged:
                inbox[row.webhook.id] = replace(
                    row,
                    webhook=replace(row.webhook, payload=b""),
                    purged_sha256=sha256(row.webhook.payload).digest(),
                )
            return len(purged)

    def _rows(self) -> Table:
        self._database.table(INBOX)  # raises while the database is away
        return self._database.tables.setdefault(INBOX, {})


def _is_held(row: InboxRow | None, attempt: int) -> bool:
    return row is not None and row.state is WebhookState.PROCESSING and row.attempts == attempt
