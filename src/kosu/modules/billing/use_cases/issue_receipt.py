"""Give an order that is paid for its receipt."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import OrderId
from kosu.modules.billing.domain.receipts import Receipt, paid
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class IssueReceipt:
    """In a transaction of its own: inside the settlement's, all settlements would wait for the next number."""

    transaction: Transaction[BillingRecords]
    clock: Clock

    async def __call__(self, *, order_id: OrderId) -> Receipt | None:
        """The receipt of the order, which it gets once. None where nothing was paid: a free order, or an unpaid one."""
        async with self.transaction() as records:
            # Locked, so that two who ask for one order do not both take a number.
            order = await records.orders.lock(order_id)
            if order is None:
                return None
            receipt = await records.receipts.of_order(order_id)
            if receipt is not None:
                return receipt
            payment = paid(order, await records.payments.facts(order_id))
            if payment is None or payment.is_reversed:
                return None
            return await records.receipts.issue(order_id, at=self.clock.now())
