"""The webhook inbox in PostgreSQL: storing and claiming by raw statements, settling inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import psycopg
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.mapping import stored_webhook_of
from kosu.adapters.postgres.billing.rows import WebhookInboxRow
from kosu.adapters.postgres.connections import Pool, connection
from kosu.adapters.postgres.plain import execute
from kosu.modules.billing.domain.inbox import ClaimedWebhook, ReceivedWebhook, StoredWebhook, WebhookId, WebhookState
from kosu.modules.billing.errors import UnstorableWebhook


class PostgresWebhookInbox:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, webhooks: Sequence[ReceivedWebhook]) -> int:
        # Sorted: two processes that store the same events must not wait for each other crosswise.
        batch = sorted(webhooks, key=lambda webhook: (webhook.gateway, webhook.envelope.dedup_key))
        # What is text goes as one JSON document: an array for each column costs the driver a call for each element.
        texts = msgspec.json.encode(
            [
                {
                    "id": webhook.id,
                    "gateway": webhook.gateway,
                    "dedup_key": webhook.envelope.dedup_key,
                    "event_type": webhook.envelope.event_type,
                    "payment_ref": webhook.envelope.payment_ref,
                    "key_id": webhook.envelope.key_id,
                    "verified_at": webhook.received_at,
                    "due_at": webhook.due_at or webhook.received_at,
                }
                for webhook in batch
            ]
        )
        try:
            async with connection(self._pool) as conn:
                cursor = await conn.execute(
                    """INSERT INTO billing.webhook_inbox (id, gateway, dedup_key, event_type, payment_ref, key_id,
                                                          payload, payload_sha256, verified_at, state, next_attempt_at)
                       SELECT id, gateway, dedup_key, event_type, payment_ref, key_id,
                              payload, sha256(payload), verified_at, 'received', due_at
                       FROM ROWS FROM (
                            json_to_recordset(%s) AS (id uuid, gateway text, dedup_key text, event_type text,
                                                      payment_ref text, key_id text, verified_at timestamptz,
                                                      due_at timestamptz),
                            unnest(%b::bytea[])
                       ) AS new (id, gateway, dedup_key, event_type, payment_ref, key_id, verified_at, due_at, payload)
                       ON CONFLICT (gateway, dedup_key) DO NOTHING""",
                    (texts.decode(), [webhook.payload for webhook in batch]),
                )
        except psycopg.DataError as error:
            raise UnstorableWebhook(str(error)) from error
        return cursor.rowcount

    async def claim(self, *, at: datetime, lease: timedelta, limit: int) -> Sequence[ClaimedWebhook]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """UPDATE billing.webhook_inbox
                   SET state = 'processing', attempts = attempts + 1,
                       next_attempt_at = %(until)s, lease_until = %(until)s
                   WHERE id IN (SELECT id FROM billing.webhook_inbox WHERE next_attempt_at <= %(at)s
                                ORDER BY next_attempt_at, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
                   RETURNING id, gateway, payment_ref, payload, verified_at, attempts""",
                {"at": at, "until": at + lease, "limit": limit},
            )
            rows = await cursor.fetchall()
        return [ClaimedWebhook(*row) for row in rows]

    async def fail(self, webhook_id: WebhookId, *, attempt: int, error_code: str, retry_at: datetime | None) -> None:
        async with connection(self._pool) as conn:
            await conn.execute(
                """UPDATE billing.webhook_inbox
                   SET state = %(state)s, next_attempt_at = %(retry_at)s, lease_until = NULL,
                       error_code = %(error_code)s
                   WHERE id = %(id)s AND state = 'processing' AND attempts = %(attempt)s""",
                {
                    "id": webhook_id,
                    "attempt": attempt,
                    "state": WebhookState.DEAD if retry_at is None else WebhookState.FAILED,
                    "retry_at": retry_at,
                    "error_code": error_code,
                },
            )

    async def purge_payloads(self, *, received_before: datetime, limit: int) -> int:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """UPDATE billing.webhook_inbox SET payload = NULL
                   WHERE id IN (SELECT id FROM billing.webhook_inbox
                                WHERE state IN ('processed', 'ignored', 'dead') AND payload IS NOT NULL
                                  AND verified_at < %(received_before)s
                                ORDER BY verified_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)""",
                {"received_before": received_before, "limit": limit},
            )
        return cursor.rowcount


class PostgresInbox:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, webhook_id: WebhookId, *, attempt: int) -> bool:
        held = await execute(
            self._session,
            """SELECT FROM billing.webhook_inbox
               WHERE id = %(id)s AND state = 'processing' AND attempts = %(attempt)s FOR UPDATE""",
            {"id": webhook_id, "attempt": attempt},
        )
        return await held.fetchone() is not None

    async def finish(self, webhook_id: WebhookId, *, state: WebhookState, at: datetime) -> None:
        await execute(
            self._session,
            """UPDATE billing.webhook_inbox
               SET state = %(state)s, finished_at = %(at)s,
                   next_attempt_at = NULL, lease_until = NULL, error_code = NULL
               WHERE id = %(id)s""",
            {"id": webhook_id, "state": state, "at": at},
        )

    async def lock_stored(self, webhook_id: WebhookId) -> StoredWebhook | None:
        row = await self._session.scalar(
            select(WebhookInboxRow)
            .where(WebhookInboxRow.id == webhook_id)
            .with_for_update()
            # Plain statements of this transaction may have changed it since it was last read.
            .execution_options(populate_existing=True)
        )
        return None if row is None else stored_webhook_of(row)

    async def requeue(self, webhook_id: WebhookId, *, at: datetime) -> None:
        await self._session.execute(
            update(WebhookInboxRow)
            .where(WebhookInboxRow.id == webhook_id)
            .values(
                state=WebhookState.RECEIVED,
                attempts=0,
                next_attempt_at=at,
                lease_until=None,
                finished_at=None,
                error_code=None,
            )
        )
