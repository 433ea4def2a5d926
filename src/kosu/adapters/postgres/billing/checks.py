"""What `kosu doctor` asks of billing's tables: read-only statements, each of which finds what should not be.

They look at learning's grants too, as only a reader from outside of both modules may.
"""

from __future__ import annotations

from datetime import datetime

from kosu.adapters.postgres.connections import Pool, connection
from kosu.modules.billing.book_views import BillingHealth, Suspects, WebhookBacklog
from kosu.modules.billing.ports.books import GRACE, NAMED

_UNBALANCED = """
    SELECT source FROM billing.ledger_entries GROUP BY source, currency HAVING sum(amount_minor) <> 0
    UNION SELECT source FROM billing.ledger_tx t
          WHERE NOT EXISTS (SELECT FROM billing.ledger_entries e WHERE e.source = t.source)
"""

# The items whose courses are open by right, as `domain.standing.derive` has it: all of a free order; and those of an
# order that a held capture of the right amount pays for, save what was given back of that capture.
_RIGHTFUL = """
    WITH facts AS (
        SELECT p.order_id, f.* FROM billing.payment_facts f JOIN billing.payments p ON p.id = f.payment_id),
    refunds AS (
        SELECT r.* FROM facts r WHERE r.kind = 'refund' AND NOT EXISTS (
            SELECT FROM facts x
            WHERE x.order_id = r.order_id AND x.kind = 'refund_failed' AND x.object_id = r.object_id)),
    held AS (
        SELECT c.order_id, c.object_id FROM facts c JOIN billing.orders o ON o.id = c.order_id
        WHERE c.kind = 'captured' AND c.amount_minor = o.total_minor AND c.currency = o.currency
          AND NOT EXISTS (SELECT FROM facts x WHERE x.order_id = c.order_id AND x.capture_id = c.object_id
                            AND x.kind IN ('capture_reversed', 'dispute_lost'))
          AND o.total_minor > coalesce((
              SELECT sum(r.amount_minor) FROM refunds r
              WHERE r.order_id = c.order_id AND r.capture_id = c.object_id AND r.currency = o.currency), 0)),
    rightful AS (
        SELECT i.id FROM billing.order_items i JOIN billing.orders o ON o.id = i.order_id WHERE o.total_minor = 0
        UNION
        SELECT i.id FROM billing.order_items i JOIN held h ON h.order_id = i.order_id
        WHERE NOT EXISTS (SELECT FROM refunds r WHERE r.order_id = h.order_id AND r.capture_id = h.object_id
                            AND i.id = ANY (r.item_ids))),
    live AS (
        SELECT source_id AS id FROM learning.grants
        WHERE source = 'order_item' AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %(at)s))
"""
_PAID_WITHOUT_ACCESS = f"{_RIGHTFUL} SELECT id FROM rightful EXCEPT SELECT id FROM live"  # noqa: S608
_ACCESS_WITHOUT_PAYMENT = f"{_RIGHTFUL} SELECT id FROM live EXCEPT SELECT id FROM rightful"  # noqa: S608

_STALE_ORDERS = "SELECT id FROM billing.orders WHERE state = 'pending' AND expires_at < %(overdue)s"
_UNSENT_REFUNDS = "SELECT id FROM billing.refunds WHERE state = 'requested' AND requested_at < %(overdue)s"
_OVERDUE_WEBHOOKS = "SELECT id FROM billing.webhook_inbox WHERE next_attempt_at < %(overdue)s"
_DEAD_WEBHOOKS = "SELECT id FROM billing.webhook_inbox WHERE state = 'dead'"


class PostgresBillingChecks:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def examine(self, *, at: datetime) -> BillingHealth:
        return BillingHealth(
            unbalanced=await self._suspects(_UNBALANCED, at),
            paid_without_access=await self._suspects(_PAID_WITHOUT_ACCESS, at),
            access_without_payment=await self._suspects(_ACCESS_WITHOUT_PAYMENT, at),
            stale_orders=await self._suspects(_STALE_ORDERS, at),
            unsent_refunds=await self._suspects(_UNSENT_REFUNDS, at),
            overdue_webhooks=await self._suspects(_OVERDUE_WEBHOOKS, at),
            dead_webhooks=await self._suspects(_DEAD_WEBHOOKS, at),
        )

    async def backlog(self, *, at: datetime) -> WebhookBacklog:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                """SELECT count(*), min(next_attempt_at),
                          (SELECT count(*) FROM billing.webhook_inbox WHERE state = 'dead')
                   FROM billing.webhook_inbox WHERE next_attempt_at <= %(at)s""",
                {"at": at},
            )
            (row,) = await cursor.fetchall()
        return WebhookBacklog(due=row[0], oldest_due_at=row[1], dead=row[2])

    async def _suspects(self, statement: str, at: datetime) -> Suspects:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(
                f"""WITH found (id) AS ({statement})
                    SELECT (SELECT count(*) FROM found),
                           ARRAY(SELECT id::text FROM found ORDER BY id LIMIT %(named)s)""",  # noqa: S608 - literals
                {"at": at, "overdue": at - GRACE, "named": NAMED},
                prepare=False,
            )
            (row,) = await cursor.fetchall()
        return Suspects(*row)
