"""Close orders that waited too long for their payment."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.modules.billing.closing import close_if_overdue
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction

BATCH_SIZE = 100


@dataclass(frozen=True, slots=True)
class ExpireOrders:
    transaction: Transaction[BillingRecords]
    clock: Clock

    async def __call__(self) -> int:
        """Answers how many were closed. Money that arrives nevertheless is honoured."""
        expired = 0
        while True:
            at = self.clock.now()
            async with self.transaction() as records:
                overdue = await records.orders.lock_overdue(at=at, limit=BATCH_SIZE)
                closed = [await close_if_overdue(records, order, at=at) for order in overdue]
            expired += sum(closed)
            if sum(closed) < BATCH_SIZE:
                return expired
