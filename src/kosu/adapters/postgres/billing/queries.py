"""billing's reads in PostgreSQL: one statement each, rows straight to views."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

import msgspec

from kosu.adapters.postgres.connections import Pool, connection
from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.coupons import CouponId
from kosu.modules.billing.domain.inbox import WebhookState
from kosu.modules.billing.views import (
    CheckoutView,
    CouponPage,
    CouponView,
    OrderPage,
    OrderSummary,
    OrderView,
    WebhookPage,
    WebhookView,
)
from kosu.paging import BY_ID, Cursor, page_of

V = TypeVar("V", CouponView, OrderSummary, WebhookView)

# The members of an OrderSummary; `o` is the order.
SUMMARY = """
    'id', o.id, 'number', o.number, 'state', o.state, 'placed_at', o.placed_at, 'expires_at', o.expires_at,
    'total', jsonb_build_object('amount_minor', o.total_minor, 'currency', o.currency),
    'items', (SELECT jsonb_agg(jsonb_build_object(
                         'id', i.id, 'course_id', i.course_id, 'slug', i.slug, 'title', i.title,
                         'price', jsonb_build_object(
                             'amount_minor', i.price_minor + i.discount_minor, 'currency', i.currency),
                         'discount', jsonb_build_object('amount_minor', i.discount_minor, 'currency', i.currency))
                     ORDER BY i.position)
              FROM billing.order_items i WHERE i.order_id = o.id)
"""

# What else an order tells of itself: its tax and all that happened to it.
HISTORY = """
    'tax', jsonb_build_object(
        'amount_minor', (SELECT sum(i.tax_minor)::bigint FROM billing.order_items i WHERE i.order_id = o.id),
        'currency', o.currency),
    'timeline', (SELECT jsonb_agg(jsonb_build_object(
            'kind', t.kind, 'at', t.at,
            'amount', CASE WHEN t.amount_minor IS NOT NULL
                THEN jsonb_build_object('amount_minor', t.amount_minor, 'currency', t.currency) END)
            ORDER BY t.at, t.kind)
        FROM (SELECT 'placed' AS kind, o.placed_at AS at, o.total_minor AS amount_minor, o.currency
              UNION ALL SELECT 'cancelled', o.cancelled_at, NULL, NULL WHERE o.cancelled_at IS NOT NULL
              UNION ALL SELECT 'expired', o.expires_at, NULL, NULL WHERE o.state = 'expired'
              UNION ALL SELECT f.kind, f.occurred_at, f.amount_minor, f.currency
                        FROM billing.payment_facts f JOIN billing.payments q ON q.id = f.payment_id
                        WHERE q.order_id = o.id) t)
"""

_ORDERS = f"""
    SELECT jsonb_build_object({SUMMARY}) FROM billing.orders o
    WHERE o.user_id = %(user_id)s AND (%(before)s::uuid IS NULL OR o.id < %(before)s)
    ORDER BY o.id DESC LIMIT %(limit)s
"""  # noqa: S608 - made of literals

_ORDER = f"""
    SELECT jsonb_build_object({SUMMARY},
        'discounts', CASE WHEN o.coupon_code IS NULL THEN '[]'::jsonb
            ELSE jsonb_build_array(jsonb_build_object('label', o.coupon_code, 'amount', jsonb_build_object(
                'amount_minor', (SELECT sum(i.discount_minor)::bigint FROM billing.order_items i
                                 WHERE i.order_id = o.id),
                'currency', o.currency))) END,
        'payment', CASE WHEN p.id IS NOT NULL
            THEN jsonb_build_object('ref', p.gateway_ref, 'gateway', p.gateway) END,
        'checkout_url', CASE WHEN o.state IN ('pending', 'failed') THEN p.checkout_url END,
        {HISTORY})
    FROM billing.orders o
    LEFT JOIN LATERAL (SELECT * FROM billing.payments WHERE order_id = o.id ORDER BY id DESC LIMIT 1) p ON true
    WHERE o.id = %(id)s AND o.user_id = %(user_id)s
"""  # noqa: S608 - made of literals

_CHECKOUT = """
    SELECT jsonb_build_object(
        'payment_ref', p.gateway_ref, 'order_id', o.id, 'order_number', o.number, 'state', o.state,
        'amount', jsonb_build_object('amount_minor', p.amount_minor, 'currency', p.currency),
        'titles', (SELECT jsonb_agg(i.title ORDER BY i.position)
                   FROM billing.order_items i WHERE i.order_id = o.id))
    FROM billing.payments p JOIN billing.orders o ON o.id = p.order_id
    WHERE p.gateway = %(gateway)s AND p.gateway_ref = %(payment_ref)s
"""

_COUPONS = """
    SELECT jsonb_build_object(
        'id', id, 'code', code, 'percent_off', percent_off,
        'amount_off', CASE WHEN amount_off_minor IS NOT NULL
            THEN jsonb_build_object('amount_minor', amount_off_minor, 'currency', currency) END,
        'course_ids', (SELECT coalesce(jsonb_agg(course_id ORDER BY course_id), '[]')
                       FROM unnest(course_ids) AS course_id),
        'starts_at', starts_at, 'ends_at', ends_at, 'max_redemptions', max_redemptions, 'redeemed', redeemed,
        'archived_at', archived_at, 'created_at', created_at)
    FROM billing.coupons
    WHERE (%(id)s::uuid IS NULL OR id = %(id)s) AND (%(before)s::uuid IS NULL OR id < %(before)s)
    ORDER BY id DESC LIMIT %(limit)s
"""

_WEBHOOKS = """
    SELECT jsonb_build_object(
        'id', id, 'gateway', gateway, 'event_type', event_type, 'payment_ref', payment_ref, 'state', state,
        'attempts', attempts, 'received_at', verified_at, 'next_attempt_at', next_attempt_at,
        'error_code', error_code)
    FROM billing.webhook_inbox
    WHERE (%(state)s::text IS NULL OR state = %(state)s) AND (%(before)s::uuid IS NULL OR id < %(before)s)
    ORDER BY id DESC LIMIT %(limit)s
"""


class PostgresBillingQueries:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def order(self, order_id: OrderId, *, user_id: UserId) -> OrderView | None:
        found = await self._documents(_ORDER, {"id": order_id, "user_id": user_id})
        return msgspec.convert(found[0], OrderView) if found else None

    async def orders(self, user_id: UserId, *, before: UUID | None, limit: int) -> OrderPage:
        found = await self._documents(_ORDERS, {"user_id": user_id, "before": before, "limit": limit + 1})
        return OrderPage(*_page(msgspec.convert(found, list[OrderSummary]), limit))

    async def coupon(self, coupon_id: CouponId) -> CouponView | None:
        found = await self._documents(_COUPONS, {"id": coupon_id, "before": None, "limit": 1})
        return msgspec.convert(found[0], CouponView) if found else None

    async def coupons(self, *, before: UUID | None, limit: int) -> CouponPage:
        found = await self._documents(_COUPONS, {"id": None, "before": before, "limit": limit + 1})
        return CouponPage(*_page(msgspec.convert(found, list[CouponView]), limit))

    async def checkout(self, gateway: str, payment_ref: str) -> CheckoutView | None:
        found = await self._documents(_CHECKOUT, {"gateway": gateway, "payment_ref": payment_ref})
        return msgspec.convert(found[0], CheckoutView) if found else None

    async def webhooks(self, *, state: WebhookState | None, before: UUID | None, limit: int) -> WebhookPage:
        found = await self._documents(_WEBHOOKS, {"state": state, "before": before, "limit": limit + 1})
        return WebhookPage(*_page(msgspec.convert(found, list[WebhookView]), limit))

    async def _documents(self, statement: str, values: dict[str, object]) -> list[object]:
        async with connection(self._pool) as conn:
            cursor = await conn.execute(statement, values)
            return [row[0] for row in await cursor.fetchall()]


def _page(found: list[V], limit: int) -> tuple[list[V], str | None]:
    page, following = page_of(found, limit, lambda last: Cursor(BY_ID, last.id))
    return list(page), following and following.encode()
