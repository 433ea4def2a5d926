"""What goes with a change of an order's state: the guard against second orders, and the coupon."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kosu.modules.billing.domain.coupons import redemption_state
from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.standing import derive
from kosu.modules.billing.ports import BillingRecords


async def change_state(records: BillingRecords, order: Order) -> None:
    """Save a locked order in its new state."""
    await records.orders.save(order)
    if not order.state.is_open:
        await records.open_purchases.release(order.id)
    if order.coupon is not None:
        await records.coupons.move(order.id, redemption_state(order.state))


async def close_if_overdue(records: BillingRecords, order: Order, *, at: datetime) -> bool:
    """Expire a locked order if it still waits and its time is over; answers whether it did.

    By the sweep, or by whoever meets it first.
    """
    if order.state is not OrderState.PENDING:
        return False
    standing = derive(order, await records.payments.facts(order.id), at=at)
    if standing.state is not OrderState.EXPIRED:
        return False
    await change_state(records, replace(order, state=standing.state))
    return True
