"""Give money of an order back, as an operator decides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.refunds import Refund, RefundId, shares
from kosu.modules.billing.errors import IdempotencyKeyReused, OrderNotFound
from kosu.modules.billing.idempotency import checked_key
from kosu.modules.billing.jobs import SendRefund
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.billing.views import RefundView
from kosu.modules.identity import Action, AuditLog, Origin
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class RequestRefund:
    transaction: Transaction[BillingRecords]
    audit: AuditLog
    clock: Clock
    ids: IdSource

    async def __call__(
        self,
        *,
        operator_id: UserId,
        order_id: OrderId,
        item_ids: Collection[OrderItemId],
        amount_minor: int | None,
        reason: str,
        idempotency_key: str | None,
        origin: Origin,
    ) -> Sequence[RefundView]:
        """Decide upon refunds, one for each capture that gives something back; a worker asks the gateway for them.

        All that is left, some items, or an amount. The same key and wish get the same refunds.

        Raises:
            OrderNotFound, InvalidIdempotencyKey, IdempotencyKeyReused
            NothingToRefund, RefundTooLarge, UnknownOrderItem
        """
        key = checked_key(idempotency_key)
        wish = f"{order_id} {sorted(item_ids)} {amount_minor} {reason}"
        digest = sha256(wish.encode()).digest()
        at = self.clock.now()
        async with self.transaction() as records:
            order = await records.orders.lock(order_id)
            if order is None:
                msg = "There is no such order."
                raise OrderNotFound(msg)
            if key is not None and (earlier := await records.refunds.requested(operator_id, key)):
                if earlier[0].request_digest != digest:
                    msg = "This Idempotency-Key was used for another request."
                    raise IdempotencyKeyReused(msg)
                return [RefundView.of(refund) for refund in earlier]
            facts = await records.payments.facts(order.id)
            known = await records.refunds.of_order(order.id)
            refunds = [
                Refund(
                    id=RefundId(self.ids.new()),
                    order_id=order.id,
                    capture_id=share.capture_id,
                    money=share.money,
                    item_ids=share.item_ids,
                    reason=reason,
                    requested_by=operator_id,
                    requested_at=at,
                    request_key=key,
                    request_digest=digest,
                )
                for share in shares(order, facts, known, item_ids=item_ids, amount_minor=amount_minor)
            ]
            for refund in refunds:
                await records.refunds.add(refund)
                await records.outbox.add(SendRefund(refund.id))
            await self.audit.record(
                records,
                Action.REFUND_REQUESTED,
                order.user_id,
                at=at,
                origin=origin,
                order_id=str(order.id),
                amounts=[f"{refund.money.amount_minor} {refund.money.currency}" for refund in refunds],
                reason=reason,
            )
        return [RefundView.of(refund) for refund in refunds]
