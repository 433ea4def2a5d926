"""Receipts in memory."""

from __future__ import annotations

from datetime import datetime

from kosu.adapters.memory.database import Table
from kosu.ids import OrderId
from kosu.modules.billing.domain.receipts import Receipt

RECEIPTS = "billing.receipts"


class MemoryReceipts:
    def __init__(self, receipts: Table) -> None:
        self._receipts = receipts

    async def of_order(self, order_id: OrderId) -> Receipt | None:
        return self._receipts.get(order_id)

    async def issue(self, order_id: OrderId, *, at: datetime) -> Receipt:
        ordinal = 1 + sum(receipt.year == at.year for receipt in self._receipts.values())
        receipt = self._receipts[order_id] = Receipt(order_id, at.year, ordinal, at)
        return receipt
