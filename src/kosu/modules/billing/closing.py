"""Closing an order whose time to pay is over: by the sweep, or by whoever meets it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.standing import derive
from kosu.modules.billing.ports import BillingRecords


async def close_if_overdue(records: BillingRecords, order: Order, *, at: datetime) -> bool:
    """Expire a locked order if it still waits and its time is over; answers whether it did."""
    if order.state is not OrderState.PENDING:
        return False
    standing = derive(order, await records.payments.facts(order.id), at=at)
    if standing.state is not OrderState.EXPIRED:
        return False
    await records.orders.save(replace(order, state=standing.state))
    await records.open_purchases.release(order.id)
    return True
