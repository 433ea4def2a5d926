"""Show buyers the receipt of an order."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import OrderId, UserId
from kosu.modules.billing.book_views import ReceiptView
from kosu.modules.billing.domain.receipts import Seller, paid
from kosu.modules.billing.errors import OrderNotFound, ReceiptNotFound
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.billing.use_cases.issue_receipt import IssueReceipt
from kosu.modules.identity import Identity
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ReadReceipt:
    transaction: Transaction[BillingRecords]
    issue: IssueReceipt
    identity: Identity
    seller: Seller

    async def __call__(self, *, user_id: UserId, order_id: OrderId) -> ReceiptView:
        """The receipt with what went back of the money since. Issues it, should the worker not have come to that.

        Raises:
            OrderNotFound: also for another buyer's order.
            ReceiptNotFound: nothing was paid.
        """
        async with self.transaction() as records:
            order = await records.orders.get(order_id)
            if order is None or order.user_id != user_id:
                msg = "There is no such order."
                raise OrderNotFound(msg)
            payment = paid(order, await records.payments.facts(order_id))
            receipt = await records.receipts.of_order(order_id)
        if payment is not None and receipt is None:
            receipt = await self.issue(order_id=order_id)
        if payment is None or receipt is None:
            msg = "Nothing was paid for this order."
            raise ReceiptNotFound(msg)
        contact = await self.identity.contact(user_id)
        return ReceiptView.of(
            receipt,
            order,
            payment,
            self.seller,
            buyer=contact.display_name if contact else "",
            language=contact.locale if contact else None,
        )
