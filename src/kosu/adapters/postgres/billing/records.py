"""billing's records in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, LiteralString

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.coupons import PostgresCoupons
from kosu.adapters.postgres.billing.inbox import PostgresInbox
from kosu.adapters.postgres.billing.receipts import PostgresReceipts
from kosu.adapters.postgres.billing.rows import (
    OpenPurchaseRow,
    OrderItemRow,
    OrderRequestRow,
    OrderRow,
    PaymentRow,
    RefundRow,
    fact_of,
    item_rows,
    order_of,
    order_row,
    payment_of,
    refund_of,
)
from kosu.adapters.postgres.outbox import PostgresOutbox
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.errors import FactContradicted
from kosu.modules.billing.ports import OrderRequest


class _OrderRepository(SQLAlchemyAsyncRepository[OrderRow]):
    model_type = OrderRow


class _OrderItemRepository(SQLAlchemyAsyncRepository[OrderItemRow]):
    model_type = OrderItemRow


class _OrderRequestRepository(SQLAlchemyAsyncRepository[OrderRequestRow]):
    model_type = OrderRequestRow


# The members of an Order and, in each row, of one of its items; `order_of` reads them.
_ORDER: LiteralString = """
    SELECT o.id, o.number, o.user_id, o.gateway, o.state, o.total_minor, o.currency, o.placed_at, o.expires_at,
           o.cancelled_at, o.coupon_id, o.coupon_code, o.fee_minor,
           i.id, i.course_id, i.instructor_id, i.slug, i.title, i.price_minor, i.tax_minor, i.instructor_minor,
           i.discount_minor
    FROM billing.orders o JOIN billing.order_items i ON i.order_id = o.id
    WHERE o.id = %(id)s ORDER BY i.position
"""
_PAYMENT: LiteralString = """
    SELECT p.id, p.order_id, p.gateway, p.gateway_ref, p.checkout_url, p.amount_minor, p.currency, p.created_at
    FROM billing.payments p
"""
_FACTS: LiteralString = """
    SELECT f.kind, f.object_id, f.capture_id, f.amount_minor, f.currency, f.occurred_at, f.item_ids
    FROM billing.payment_facts f
"""


class PostgresOrders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, order: Order) -> None:
        await _OrderRepository(session=self._session).add(order_row(order))
        await _OrderItemRepository(session=self._session).add_many(item_rows(order))

    async def get(self, order_id: OrderId) -> Order | None:
        return order_of(await self._rows_of(_ORDER, order_id))

    async def lock(self, order_id: OrderId) -> Order | None:
        # Not FOR UPDATE: that would block every insert that refers to the order, such as its payment's.
        return order_of(await self._rows_of(_ORDER + " FOR NO KEY UPDATE OF o", order_id))

    async def _rows_of(self, statement: LiteralString, order_id: OrderId) -> Sequence[tuple[Any, ...]]:
        cursor = await execute(self._session, statement, {"id": order_id})
        return await cursor.fetchall()

    async def lock_overdue(self, *, at: datetime, limit: int) -> Sequence[Order]:
        ids = await self._session.scalars(
            select(OrderRow.id)
            .where(OrderRow.state == OrderState.PENDING, OrderRow.expires_at <= at)
            .order_by(OrderRow.id)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        )
        return [order for order_id in ids.all() if (order := await self.get(OrderId(order_id))) is not None]

    async def save(self, order: Order) -> None:
        await execute(
            self._session,
            "UPDATE billing.orders SET state = %(state)s, cancelled_at = %(cancelled_at)s WHERE id = %(id)s",
            {"id": order.id, "state": order.state, "cancelled_at": order.cancelled_at},
        )


class PostgresOpenPurchases:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def claim(self, order: Order) -> OrderId | None:
        # Sorted: two tabs with the same courses must not wait for each other crosswise.
        course_ids = sorted(order.course_ids)
        await self._session.execute(
            insert(OpenPurchaseRow)
            .values(
                [{"user_id": order.user_id, "course_id": course_id, "order_id": order.id} for course_id in course_ids]
            )
            .on_conflict_do_nothing()
        )
        holder = await self._session.scalar(
            select(OpenPurchaseRow.order_id)
            .where(
                OpenPurchaseRow.user_id == order.user_id,
                OpenPurchaseRow.course_id.in_(course_ids),
                OpenPurchaseRow.order_id != order.id,
            )
            .order_by(OpenPurchaseRow.course_id)
            .limit(1)
        )
        return None if holder is None else OrderId(holder)

    async def release(self, order_id: OrderId) -> None:
        await execute(
            self._session, "DELETE FROM billing.open_purchases WHERE order_id = %(order_id)s", {"order_id": order_id}
        )


class PostgresOrderRequests:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, user_id: UserId, key: str) -> OrderRequest | None:
        row = await _OrderRequestRepository(session=self._session).get_one_or_none(user_id=user_id, key=key)
        if row is None:
            return None
        return OrderRequest(UserId(row.user_id), row.key, row.digest, OrderId(row.order_id), row.requested_at)

    async def add(self, request: OrderRequest) -> bool:
        added = await self._session.execute(
            insert(OrderRequestRow)
            .values(
                user_id=request.user_id,
                key=request.key,
                digest=request.digest,
                order_id=request.order_id,
                requested_at=request.requested_at,
            )
            .on_conflict_do_nothing()
            .returning(OrderRequestRow.key)
        )
        return added.first() is not None


class PostgresPayments:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, payment: Payment) -> None:
        await self._session.execute(
            insert(PaymentRow)
            .values(
                id=payment.id,
                order_id=payment.order_id,
                gateway=payment.gateway,
                gateway_ref=payment.gateway_ref,
                checkout_url=payment.checkout_url,
                amount_minor=payment.amount.amount_minor,
                currency=payment.amount.currency,
                created_at=payment.created_at,
            )
            .on_conflict_do_nothing(constraint="uq_payments_gateway")
        )

    async def of_order(self, order_id: OrderId) -> Payment | None:
        latest = " WHERE p.order_id = %(order_id)s ORDER BY p.id DESC LIMIT 1"
        return await self._one(_PAYMENT + latest, {"order_id": order_id})

    async def with_ref(self, gateway: str, gateway_ref: str) -> Payment | None:
        values = {"gateway": gateway, "ref": gateway_ref}
        named = await self._one(_PAYMENT + " WHERE p.gateway = %(gateway)s AND p.gateway_ref = %(ref)s", values)
        if named is not None:
            return named
        captured = """ JOIN billing.payment_facts f ON f.payment_id = p.id
            WHERE p.gateway = %(gateway)s AND f.kind = 'captured' AND f.object_id = %(ref)s LIMIT 1"""
        return await self._one(_PAYMENT + captured, values)

    async def get(self, payment_id: PaymentId) -> Payment | None:
        return await self._one(_PAYMENT + " WHERE p.id = %(id)s", {"id": payment_id})

    async def of_capture(self, order_id: OrderId, capture_id: str) -> Payment | None:
        captured = """ JOIN billing.payment_facts f ON f.payment_id = p.id
            WHERE p.order_id = %(order_id)s AND f.kind = 'captured' AND f.object_id = %(capture_id)s LIMIT 1"""
        return await self._one(_PAYMENT + captured, {"order_id": order_id, "capture_id": capture_id})

    async def facts(self, order_id: OrderId) -> Sequence[PaymentFact]:
        of_order = " JOIN billing.payments p ON p.id = f.payment_id WHERE p.order_id = %(order_id)s"
        return await self._facts(_FACTS + of_order, {"order_id": order_id})

    async def told(self, payment_id: PaymentId) -> Sequence[PaymentFact]:
        return await self._facts(_FACTS + " WHERE f.payment_id = %(id)s", {"id": payment_id})

    async def add_facts(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        added = 0
        for fact in facts:
            cursor = await execute(
                self._session,
                """INSERT INTO billing.payment_facts (payment_id, kind, object_id, capture_id,
                                                      amount_minor, currency, occurred_at, item_ids)
                   VALUES (%(payment_id)s, %(kind)s, %(object_id)s, %(capture_id)s,
                           %(amount_minor)s, %(currency)s, %(occurred_at)s, %(item_ids)s::uuid[])
                   ON CONFLICT DO NOTHING""",
                {
                    "payment_id": payment_id,
                    "kind": fact.kind,
                    "object_id": fact.object_id,
                    "capture_id": fact.capture_id,
                    "amount_minor": fact.money.amount_minor,
                    "currency": fact.money.currency,
                    "occurred_at": fact.occurred_at,
                    "item_ids": list(fact.item_ids),
                },
            )
            added += cursor.rowcount
        if added < len(facts):
            await self._check_agreement(payment_id, facts)

    async def _check_agreement(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        known = {fact.key: fact for fact in await self.told(payment_id)}
        for fact in facts:
            if not fact.agrees_with(known[fact.key]):
                raise FactContradicted(payment_id, fact.object_id)

    async def _one(self, statement: LiteralString, values: Mapping[str, object]) -> Payment | None:
        cursor = await execute(self._session, statement, values)
        return payment_of(await cursor.fetchone())

    async def _facts(self, statement: LiteralString, values: Mapping[str, object]) -> Sequence[PaymentFact]:
        cursor = await execute(self._session, statement, values)
        return [fact_of(row) for row in await cursor.fetchall()]

    async def lock_unasked(self, *, at: datetime, limit: int) -> Sequence[Payment]:
        cursor = await execute(
            self._session,
            _PAYMENT
            + """ WHERE p.next_ask_at <= %(at)s ORDER BY p.next_ask_at, p.id LIMIT %(limit)s
                  FOR NO KEY UPDATE SKIP LOCKED""",
            {"at": at, "limit": limit},
        )
        return [payment for row in await cursor.fetchall() if (payment := payment_of(row)) is not None]

    async def ask_again(self, payment_id: PaymentId, *, at: datetime | None) -> None:
        await self._session.execute(update(PaymentRow).where(PaymentRow.id == payment_id).values(next_ask_at=at))

    async def note_asked(self, payment_id: PaymentId, *, at: datetime) -> bool:
        noted = await self._session.execute(
            update(PaymentRow)
            .where(PaymentRow.id == payment_id, or_(PaymentRow.asked_at.is_(None), PaymentRow.asked_at < at))
            .values(asked_at=at)
            .returning(PaymentRow.id)
        )
        return noted.first() is not None


class PostgresRefunds:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, refund: Refund) -> bool:
        added = await self._session.execute(
            insert(RefundRow)
            .values(
                id=refund.id,
                order_id=refund.order_id,
                capture_id=refund.capture_id,
                amount_minor=refund.money.amount_minor,
                currency=refund.money.currency,
                item_ids=list(refund.item_ids),
                reason=refund.reason,
                requested_by=refund.requested_by,
                requested_at=refund.requested_at,
                state=refund.state,
                object_id=refund.object_id,
                error_code=refund.error_code,
                request_key=refund.request_key,
                request_digest=refund.request_digest,
            )
            .on_conflict_do_nothing()
            .returning(RefundRow.id)
        )
        return added.first() is not None

    async def get(self, refund_id: RefundId) -> Refund | None:
        row = await self._session.get(RefundRow, refund_id)
        return None if row is None else refund_of(row)

    async def of_order(self, order_id: OrderId) -> Sequence[Refund]:
        return await self._where(RefundRow.order_id == order_id)

    async def requested(self, user_id: UserId, key: str) -> Sequence[Refund]:
        return await self._where(RefundRow.requested_by == user_id, RefundRow.request_key == key)

    async def save(self, refund: Refund) -> None:
        await self._session.execute(
            update(RefundRow)
            .where(RefundRow.id == refund.id)
            .values(state=refund.state, object_id=refund.object_id, error_code=refund.error_code)
        )

    async def _where(self, *conditions: ColumnElement[bool]) -> Sequence[Refund]:
        rows = await self._session.scalars(
            select(RefundRow).where(*conditions).order_by(RefundRow.requested_at, RefundRow.id)
        )
        return [refund_of(row) for row in rows]


class PostgresLedger:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def post(self, transactions: Sequence[LedgerTransaction]) -> None:
        if not transactions:
            return
        entries = [
            (posting.source, position, entry)
            for posting in transactions
            for position, entry in enumerate(posting.entries)
        ]
        await execute(
            self._session,
            """WITH new AS (
                   INSERT INTO billing.ledger_tx (source, order_id, occurred_at)
                   SELECT * FROM unnest(%(tx_sources)s::text[], %(order_ids)s::uuid[], %(times)s::timestamptz[])
                   ON CONFLICT DO NOTHING RETURNING source)
               INSERT INTO billing.ledger_entries (source, position, account, amount_minor, currency)
               SELECT source, position, account, amount_minor, currency
               FROM unnest(%(sources)s::text[], %(positions)s::bigint[], %(accounts)s::text[],
                           %(amounts)s::bigint[], %(currencies)s::text[])
                    AS entry (source, position, account, amount_minor, currency) JOIN new USING (source)""",
            {
                "tx_sources": [posting.source for posting in transactions],
                "order_ids": [posting.order_id for posting in transactions],
                "times": [posting.occurred_at for posting in transactions],
                "sources": [source for source, _, _ in entries],
                "positions": [position for _, position, _ in entries],
                "accounts": [entry.account for _, _, entry in entries],
                "amounts": [entry.money.amount_minor for _, _, entry in entries],
                "currencies": [entry.money.currency for _, _, entry in entries],
            },
        )


class PostgresBillingRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.orders = PostgresOrders(session)
        self.open_purchases = PostgresOpenPurchases(session)
        self.order_requests = PostgresOrderRequests(session)
        self.payments = PostgresPayments(session)
        self.refunds = PostgresRefunds(session)
        self.coupons = PostgresCoupons(session)
        self.ledger = PostgresLedger(session)
        self.inbox = PostgresInbox(session)
        self.receipts = PostgresReceipts(session)
