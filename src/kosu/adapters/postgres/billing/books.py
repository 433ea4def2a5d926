"""Reads of billing's books in PostgreSQL: one statement each, rows straight to views.

Planned anew each time: with or without a filter, and for a busy account or a quiet one, another plan is the right one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec

from kosu.adapters.postgres.billing.queries import HISTORY, SUMMARY
from kosu.adapters.postgres.connections import Pool, connection
from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import (
    Balance,
    BalanceList,
    Earnings,
    LedgerPage,
    LedgerTransactionView,
    OpsOrder,
    OpsOrderPage,
    OpsOrderSummary,
)
from kosu.modules.billing.domain.ledger import instructor_payable
from kosu.modules.billing.domain.orders import OrderState
from kosu.modules.billing.ports.books import BY_POSTING
from kosu.paging import BY_ID, Cursor, page_of

# The members of a LedgerTransactionView; `t` is the transaction.
_POSTING = """
    'source', t.source, 'order_id', t.order_id, 'occurred_at', t.occurred_at, 'posted_at', t.posted_at,
    'entries', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'account', e.account,
                           'amount', jsonb_build_object('amount_minor', e.amount_minor, 'currency', e.currency))
                       ORDER BY e.position), '[]')
                FROM billing.ledger_entries e WHERE e.source = t.source)
"""

_LEDGER = f"""
    SELECT jsonb_build_object({_POSTING}), t.seq FROM billing.ledger_tx t
    WHERE {{conditions}} ORDER BY t.seq DESC LIMIT %(limit)s
"""  # noqa: S608 - made of literals
_LEDGER_FILTERS = {
    "order_id": "t.order_id = %(order_id)s",
    "account": "EXISTS (SELECT FROM billing.ledger_entries a WHERE a.source = t.source AND a.account = %(account)s)",
    "before": "t.seq < %(before)s",
}

_BALANCES = """
    SELECT account, jsonb_build_object('amount_minor', sum(amount_minor)::bigint, 'currency', currency)
    FROM billing.ledger_entries WHERE {conditions} GROUP BY account, currency ORDER BY account, currency
"""

_ORDERS = f"""
    SELECT jsonb_build_object({SUMMARY}, 'user_id', o.user_id) FROM billing.orders o
    WHERE {{conditions}} ORDER BY o.id DESC LIMIT %(limit)s
"""  # noqa: S608 - made of literals
_ORDERS_FILTERS = {
    "state": "o.state = %(state)s",
    "user_id": "o.user_id = %(user_id)s",
    # Not an OR: that would have to look at every order.
    "text": """o.id IN (SELECT id FROM billing.orders WHERE number LIKE %(beginning)s
                        UNION ALL SELECT order_id FROM billing.payments WHERE gateway_ref = %(text)s)""",
    "before": "o.id < %(before)s",
}

_ORDER = f"""
    SELECT jsonb_build_object({SUMMARY}, {HISTORY}, 'user_id', o.user_id, 'cancelled_at', o.cancelled_at,
        'receipt_number', (SELECT r.year || '-' || lpad(r.ordinal::text, greatest(6, length(r.ordinal::text)), '0')
                           FROM billing.receipts r WHERE r.order_id = o.id),
        'payments', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', p.id, 'gateway', p.gateway, 'ref', p.gateway_ref, 'created_at', p.created_at,
                'amount', jsonb_build_object('amount_minor', p.amount_minor, 'currency', p.currency))
                ORDER BY p.id), '[]')
            FROM billing.payments p WHERE p.order_id = o.id),
        'facts', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'kind', f.kind, 'object_id', f.object_id, 'capture_id', f.capture_id, 'payment_id', f.payment_id,
                'amount', jsonb_build_object('amount_minor', f.amount_minor, 'currency', f.currency),
                'occurred_at', f.occurred_at, 'items', to_jsonb(f.item_ids))
                ORDER BY f.occurred_at, f.kind, f.object_id), '[]')
            FROM billing.payment_facts f JOIN billing.payments q ON q.id = f.payment_id WHERE q.order_id = o.id),
        'refunds', (SELECT coalesce(jsonb_agg(jsonb_build_object(
                'id', d.id, 'order_id', d.order_id, 'items', to_jsonb(d.item_ids), 'reason', d.reason,
                'amount', jsonb_build_object('amount_minor', d.amount_minor, 'currency', d.currency),
                'state', d.state, 'requested_at', d.requested_at, 'error_code', d.error_code)
                ORDER BY d.requested_at, d.id), '[]')
            FROM billing.refunds d WHERE d.order_id = o.id),
        'ledger', (SELECT coalesce(jsonb_agg(jsonb_build_object({_POSTING}) ORDER BY t.seq), '[]')
            FROM billing.ledger_tx t WHERE t.order_id = o.id))
    FROM billing.orders o WHERE o.id = %(id)s
"""  # noqa: S608 - made of literals

# Credits of the account are what it earned; a reversal undoes a capture and a failed refund a refund.
_SUMS = """
    'earned', jsonb_build_object('currency', m.currency, 'amount_minor',
        coalesce(sum(m.minor) FILTER (WHERE m.is_capture), 0)::bigint),
    'refunded', jsonb_build_object('currency', m.currency, 'amount_minor',
        coalesce(-sum(m.minor) FILTER (WHERE NOT m.is_capture), 0)::bigint)
"""
_EARNINGS = f"""
    WITH mine AS (
        SELECT t.order_id, e.currency, -e.amount_minor AS minor,
               to_char(t.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month,
               split_part(t.source, '/', 2) IN ('captured', 'capture_reversed') AS is_capture
        FROM billing.ledger_entries e JOIN billing.ledger_tx t ON t.source = e.source
        WHERE e.account = %(account)s),
    sold AS (
        SELECT i.order_id, array_agg(i.course_id ORDER BY i.course_id) AS course_ids
        FROM billing.order_items i
        WHERE i.instructor_id = %(instructor_id)s AND i.order_id IN (SELECT order_id FROM mine)
        GROUP BY i.order_id)
    SELECT jsonb_build_object(
        'balances', (SELECT coalesce(jsonb_agg(b.line ORDER BY b.currency), '[]') FROM (
            SELECT m.currency, jsonb_build_object({_SUMS},
                'balance', jsonb_build_object('currency', m.currency, 'amount_minor', sum(m.minor)::bigint)) AS line
            FROM mine m GROUP BY m.currency) b),
        'months', (SELECT coalesce(jsonb_agg(b.line ORDER BY b.month DESC, b.currency), '[]') FROM (
            SELECT m.currency, m.month, jsonb_build_object({_SUMS}, 'month', m.month) AS line
            FROM mine m GROUP BY m.currency, m.month) b),
        'courses', (SELECT coalesce(jsonb_agg(b.line ORDER BY b.minor DESC, b.currency, b.course_ids), '[]') FROM (
            SELECT m.currency, s.course_ids, sum(m.minor) FILTER (WHERE m.is_capture) AS minor,
                jsonb_build_object({_SUMS}, 'order_count', count(DISTINCT m.order_id),
                    'courses', (SELECT jsonb_agg(jsonb_build_object('id', c.id, 'title', (
                                           SELECT i.title FROM billing.order_items i
                                           WHERE i.course_id = c.id AND i.order_id = max(m.order_id::text)::uuid))
                                       ORDER BY c.id)
                                FROM unnest(s.course_ids) AS c (id))) AS line
            FROM mine m JOIN sold s ON s.order_id = m.order_id GROUP BY m.currency, s.course_ids) b))
"""  # noqa: S608 - made of literals


class PostgresBooks:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def ledger(
        self, *, order_id: OrderId | None, account: str | None, before: int | None, limit: int
    ) -> LedgerPage:
        values: dict[str, object] = {"order_id": order_id, "account": account, "before": before, "limit": limit + 1}
        rows = await self._rows(_LEDGER.format(conditions=_conditions(_LEDGER_FILTERS, values)), values)
        page, following = page_of(rows, limit, lambda last: Cursor(BY_POSTING, UUID(last[0]["order_id"]), last[1]))
        items = msgspec.convert([document for document, _ in page], list[LedgerTransactionView])
        return LedgerPage(items, following and following.encode())

    async def balances(self, *, account: str | None) -> BalanceList:
        values: dict[str, object] = {"account": account}
        conditions = _conditions({"account": "account = %(account)s"}, values)
        rows = await self._rows(_BALANCES.format(conditions=conditions), values)
        return BalanceList([msgspec.convert({"account": name, "amount": amount}, Balance) for name, amount in rows])

    async def orders(
        self, *, state: OrderState | None, user_id: UserId | None, text: str | None, before: UUID | None, limit: int
    ) -> OpsOrderPage:
        values: dict[str, object] = {"state": state, "user_id": user_id, "text": text, "before": before}
        values |= {"beginning": None if text is None else _beginning(text), "limit": limit + 1}
        rows = await self._rows(_ORDERS.format(conditions=_conditions(_ORDERS_FILTERS, values)), values)
        found = msgspec.convert([document for (document,) in rows], list[OpsOrderSummary])
        page, following = page_of(found, limit, lambda last: Cursor(BY_ID, last.id))
        return OpsOrderPage(list(page), following and following.encode())

    async def order(self, order_id: OrderId) -> OpsOrder | None:
        rows = await self._rows(_ORDER, {"id": order_id})
        return msgspec.convert(rows[0][0], OpsOrder) if rows else None

    async def earnings(self, instructor_id: UserId) -> Earnings:
        rows = await self._rows(
            _EARNINGS, {"account": instructor_payable(instructor_id), "instructor_id": instructor_id}
        )
        return msgspec.convert(rows[0][0], Earnings)

    async def _rows(self, statement: str, values: Mapping[str, object]) -> Sequence[tuple[Any, ...]]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(statement, values, prepare=False)
            return await cursor.fetchall()


def _conditions(filters: Mapping[str, str], values: Mapping[str, object]) -> str:
    """Those conditions for which there is a value."""
    return " AND ".join(condition for name, condition in filters.items() if values[name] is not None) or "true"


def _beginning(text: str) -> str:
    """A pattern of what begins with a text that has no wildcards; numbers of orders are upper case."""
    escaped = text.upper().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{escaped}%"
