"""billing's payments and refunds in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.mapping import fact_of, payment_of, refund_of
from kosu.adapters.postgres.billing.rows import (
    PaymentRow,
    RefundRow,
)
from kosu.adapters.postgres.plain import execute
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.payments import Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.errors import FactContradicted

_PAYMENT: LiteralString = """
    SELECT p.id, p.order_id, p.gateway, p.gateway_ref, p.checkout_url, p.amount_minor, p.currency, p.created_at
    FROM billing.payments p
"""
_FACTS: LiteralString = """
    SELECT f.kind, f.object_id, f.capture_id, f.amount_minor, f.currency, f.occurred_at, f.item_ids
    FROM billing.payment_facts f
"""


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
