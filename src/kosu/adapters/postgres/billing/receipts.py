"""Receipts in PostgreSQL."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from kosu.adapters.postgres.billing.rows import ReceiptCounterRow, ReceiptRow
from kosu.ids import OrderId
from kosu.modules.billing.domain.receipts import Receipt


class PostgresReceipts:
    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_order(self, order_id: OrderId) -> Receipt | None:
        row = await self._session.get(ReceiptRow, order_id)
        return None if row is None else Receipt(OrderId(row.order_id), row.year, row.ordinal, row.issued_at)

    async def issue(self, order_id: OrderId, *, at: datetime) -> Receipt:
        # Not a sequence: that would leave a gap for every transaction that is rolled back.
        counted = insert(ReceiptCounterRow).values(year=at.year, last=1)
        ordinal = await self._session.scalar(
            counted.on_conflict_do_update(
                index_elements=[ReceiptCounterRow.year], set_={"last": ReceiptCounterRow.last + 1}
            ).returning(ReceiptCounterRow.last)
        )
        receipt = Receipt(order_id, at.year, int(ordinal or 0), at)
        await self._session.execute(
            insert(ReceiptRow).values(
                order_id=receipt.order_id, year=receipt.year, ordinal=receipt.ordinal, issued_at=receipt.issued_at
            )
        )
        return receipt
