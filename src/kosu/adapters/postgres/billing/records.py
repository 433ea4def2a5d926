"""billing's records in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.inbox import PostgresInbox
from kosu.adapters.postgres.billing.receipts import PostgresReceipts
from kosu.adapters.postgres.billing.rows import (
    LedgerEntryRow,
    LedgerTxRow,
    OpenPurchaseRow,
    OrderItemRow,
    OrderRequestRow,
    OrderRow,
    PaymentFactRow,
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
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.adapters.postgres.unit_of_work import PostgresRecords
from kosu.ids import OrderId, PaymentId, UserId
from kosu.modules.billing.domain.ledger import LedgerTransaction
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.refunds import Refund, RefundId
from kosu.modules.billing.errors import FactContradicted
from kosu.modules.billing.ports import OrderRequest


class _OrderRepository(SQLAlchemyAsyncRepository[OrderRow]):
    model_type = OrderRow


class _OrderItemRepository(SQLAlchemyAsyncRepository[OrderItemRow]):
    model_type = OrderItemRow


class _PaymentRepository(SQLAlchemyAsyncRepository[PaymentRow]):
    model_type = PaymentRow


class _OrderRequestRepository(SQLAlchemyAsyncRepository[OrderRequestRow]):
    model_type = OrderRequestRow


class PostgresOrders:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _OrderRepository(session=session)
        self._items = _OrderItemRepository(session=session)

    async def add(self, order: Order) -> None:
        await self._rows.add(order_row(order))
        await self._items.add_many(item_rows(order))

    async def get(self, order_id: OrderId) -> Order | None:
        return await self._with_items(await self._rows.get_one_or_none(id=order_id))

    async def lock(self, order_id: OrderId) -> Order | None:
        # Not FOR UPDATE: that would block every insert that refers to the order, such as its payment's.
        locked = select(OrderRow).where(OrderRow.id == order_id).with_for_update(key_share=True)
        return await self._with_items(await self._session.scalar(locked))

    async def lock_overdue(self, *, at: datetime, limit: int) -> Sequence[Order]:
        rows = await self._session.scalars(
            select(OrderRow)
            .where(OrderRow.state == OrderState.PENDING, OrderRow.expires_at <= at)
            .order_by(OrderRow.id)
            .limit(limit)
            .with_for_update(key_share=True, skip_locked=True)
        )
        return [order for row in rows.all() if (order := await self._with_items(row)) is not None]

    async def save(self, order: Order) -> None:
        await self._session.execute(
            update(OrderRow).where(OrderRow.id == order.id).values(state=order.state, cancelled_at=order.cancelled_at)
        )

    async def _with_items(self, row: OrderRow | None) -> Order | None:
        if row is None:
            return None
        return order_of(row, await self._items.get_many(OrderItemRow.order_id == row.id, order_by=("position", False)))


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
        await self._session.execute(delete(OpenPurchaseRow).where(OpenPurchaseRow.order_id == order_id))


class PostgresOrderRequests:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        self._rows = _OrderRequestRepository(session=session)

    async def get(self, user_id: UserId, key: str) -> OrderRequest | None:
        row = await self._rows.get_one_or_none(user_id=user_id, key=key)
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
        self._rows = _PaymentRepository(session=session)

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
        latest = select(PaymentRow).where(PaymentRow.order_id == order_id).order_by(PaymentRow.id.desc()).limit(1)
        return payment_of(await self._session.scalar(latest))

    async def with_ref(self, gateway: str, gateway_ref: str) -> Payment | None:
        return payment_of(await self._rows.get_one_or_none(gateway=gateway, gateway_ref=gateway_ref))

    async def of_capture(self, order_id: OrderId, capture_id: str) -> Payment | None:
        return payment_of(
            await self._session.scalar(
                select(PaymentRow)
                .join(PaymentFactRow, PaymentFactRow.payment_id == PaymentRow.id)
                .where(
                    PaymentRow.order_id == order_id,
                    PaymentFactRow.kind == FactKind.CAPTURED,
                    PaymentFactRow.object_id == capture_id,
                )
                .limit(1)
            )
        )

    async def facts(self, order_id: OrderId) -> Sequence[PaymentFact]:
        rows = await self._session.scalars(
            select(PaymentFactRow)
            .join(PaymentRow, PaymentRow.id == PaymentFactRow.payment_id)
            .where(PaymentRow.order_id == order_id)
        )
        return [fact_of(row) for row in rows]

    async def add_facts(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        added = await self._session.execute(
            insert(PaymentFactRow)
            .values(
                [
                    {
                        "payment_id": payment_id,
                        "kind": fact.kind,
                        "object_id": fact.object_id,
                        "capture_id": fact.capture_id,
                        "amount_minor": fact.money.amount_minor,
                        "currency": fact.money.currency,
                        "occurred_at": fact.occurred_at,
                        "item_ids": list(fact.item_ids),
                    }
                    for fact in facts
                ]
            )
            .on_conflict_do_nothing()
            .returning(PaymentFactRow.kind)
        )
        if len(added.all()) < len(facts):
            await self._check_agreement(payment_id, facts)

    async def _check_agreement(self, payment_id: PaymentId, facts: Sequence[PaymentFact]) -> None:
        rows = await self._session.scalars(select(PaymentFactRow).where(PaymentFactRow.payment_id == payment_id))
        known = {fact.key: fact for fact in map(fact_of, rows)}
        for fact in facts:
            if not fact.agrees_with(known[fact.key]):
                raise FactContradicted(payment_id, fact.object_id)


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
        added = await self._session.scalars(
            insert(LedgerTxRow)
            .values(
                [
                    {"source": posting.source, "order_id": posting.order_id, "occurred_at": posting.occurred_at}
                    for posting in transactions
                ]
            )
            .on_conflict_do_nothing()
            .returning(LedgerTxRow.source)
        )
        new = set(added)
        entries = [
            {
                "source": posting.source,
                "position": position,
                "account": entry.account,
                "amount_minor": entry.money.amount_minor,
                "currency": entry.money.currency,
            }
            for posting in transactions
            if posting.source in new
            for position, entry in enumerate(posting.entries)
        ]
        if entries:
            await self._session.execute(insert(LedgerEntryRow).values(entries))


class PostgresBillingRecords(PostgresRecords):
    def __init__(self, session: AsyncSession, outbox: PostgresOutbox) -> None:
        super().__init__(session, outbox)
        self.orders = PostgresOrders(session)
        self.open_purchases = PostgresOpenPurchases(session)
        self.order_requests = PostgresOrderRequests(session)
        self.payments = PostgresPayments(session)
        self.refunds = PostgresRefunds(session)
        self.ledger = PostgresLedger(session)
        self.inbox = PostgresInbox(session)
        self.receipts = PostgresReceipts(session)
