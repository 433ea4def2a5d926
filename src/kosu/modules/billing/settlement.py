"""Applies what is known about an order's payments: state, ledger, access and events, in one open transaction."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from kosu.modules.billing.closing import change_state
from kosu.modules.billing.domain.consequences import consequences
from kosu.modules.billing.domain.orders import Order, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.refunds import attributed
from kosu.modules.billing.domain.standing import Standing
from kosu.modules.billing.events import OrderPaid, OrderRefunded
from kosu.modules.billing.jobs import SendRefund
from kosu.modules.billing.ports import BillingRecords, EnrolmentGrants

# The kind of source under which learning keeps the grants of an order.
ORDER_ITEM = "order_item"


@dataclass(frozen=True, slots=True)
class Settlement:
    grants: EnrolmentGrants

    async def apply(
        self, records: BillingRecords, order: Order, payment: Payment, facts: Sequence[PaymentFact], *, at: datetime
    ) -> None:
        """Add facts to a locked order and bring all that follows from them up to date. Repeated facts change nothing.

        Raises:
            FactContradicted
        """
        facts = await self._attributed(records, order, facts)
        follows = consequences(order, await records.payments.facts(order.id), facts, at=at)
        if facts:
            await records.payments.add_facts(payment.id, facts)
        await records.ledger.post(follows.postings)
        if follows.after.state is not order.state:
            await change_state(records, replace(order, state=follows.after.state))
        for refund in follows.refunds:
            if await records.refunds.add(refund):
                await records.outbox.add(SendRefund(refund.id))
        await self._grant(records, order, follows.opened, at=at)
        await self._revoke(records, follows.closed, at=at)
        await _announce(records, order, follows.before, follows.after)

    async def open_free(self, records: BillingRecords, order: Order, *, at: datetime) -> None:
        """Open the courses of a new order that costs nothing, and close the order with that."""
        await change_state(records, order)
        await self._grant(records, order, [item.id for item in order.items], at=at)
        await records.outbox.add(OrderPaid(order.id, order.user_id, order.course_ids))

    async def _attributed(
        self, records: BillingRecords, order: Order, facts: Sequence[PaymentFact]
    ) -> Sequence[PaymentFact]:
        if all(fact.kind is not FactKind.REFUND for fact in facts):
            return facts
        told, sent = attributed(facts, await records.refunds.of_order(order.id))
        for refund in sent:
            await records.refunds.save(refund)
        return told

    async def _grant(
        self, records: BillingRecords, order: Order, item_ids: Collection[OrderItemId], *, at: datetime
    ) -> None:
        for item in order.items:
            if item.id in item_ids:
                await self.grants.grant(
                    records,
                    user_id=order.user_id,
                    course_id=item.course_id,
                    source=ORDER_ITEM,
                    source_id=item.id,
                    at=at,
                )

    async def _revoke(self, records: BillingRecords, item_ids: Collection[OrderItemId], *, at: datetime) -> None:
        for item_id in sorted(item_ids):
            await self.grants.revoke(records, source=ORDER_ITEM, source_id=item_id, at=at)


async def _announce(records: BillingRecords, order: Order, before: Standing, after: Standing) -> None:
    if after.granted and not before.granted:
        await records.outbox.add(OrderPaid(order.id, order.user_id, order.course_ids))
    if after.state is OrderState.REFUNDED and before.state is not OrderState.REFUNDED:
        await records.outbox.add(OrderRefunded(order.id, order.user_id, order.course_ids))
