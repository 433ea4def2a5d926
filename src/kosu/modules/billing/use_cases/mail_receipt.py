"""Send buyers the receipt of a paid order."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import OrderId
from kosu.modules.billing.events import OrderPaid
from kosu.modules.billing.mails import RECEIPT
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.identity import NotificationKind, Notifications
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class MailReceipt:
    transaction: Transaction[BillingRecords]
    notifications: Notifications

    async def __call__(self, event: OrderPaid) -> None:
        """Reaction to OrderPaid, after the one that issues the receipt: a free order has none.

        Raises:
            MailerUnavailable: the outbox tries again.
        """
        order_id = OrderId(event.order_id)
        async with self.transaction() as records:
            order = await records.orders.get(order_id)
            receipt = await records.receipts.of_order(order_id)
        if order is None or receipt is None:
            return
        await self.notifications.send(
            order.user_id,
            NotificationKind.RECEIPT,
            RECEIPT,
            key=f"receipt:{receipt.number}",
            number=receipt.number,
            order=order.number,
            order_id=order.id,
            total=f"{order.total.units:,} {order.total.currency}",
            titles=", ".join(item.title for item in order.items),
        )
