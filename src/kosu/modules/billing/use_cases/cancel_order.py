"""Call off an order that is not paid yet."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import OrderId, UserId
from kosu.modules.billing.closing import change_state, close_if_overdue
from kosu.modules.billing.errors import OrderNotFound
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class CancelOrder:
    transaction: Transaction[BillingRecords]
    clock: Clock

    async def __call__(self, *, user_id: UserId, order_id: OrderId) -> None:
        """Its courses can be ordered anew. Money that arrives nevertheless is honoured. Cancelling twice is once.

        Raises:
            OrderNotFound: also for another buyer's order.
            OrderNotCancellable
        """
        at = self.clock.now()
        async with self.transaction() as records:
            order = await records.orders.lock(order_id)
            if order is None or order.user_id != user_id:
                msg = "There is no such order."
                raise OrderNotFound(msg)
            if await close_if_overdue(records, order, at=at):
                return
            await change_state(records, order.cancelled(at=at))
