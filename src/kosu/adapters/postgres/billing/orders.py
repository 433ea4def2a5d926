"""billing's orders in PostgreSQL."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, LiteralString

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.mapping import item_rows, order_of, order_row
from kosu.adapters.postgres.billing.rows import (
    OpenPurchaseRow,
    OrderItemRow,
    OrderRequestRow,
    OrderRow,
)
from kosu.adapters.postgres.plain import execute
from kosu.adapters.postgres.rows import SQLAlchemyAsyncRepository
from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.orders import Order, OrderState
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
