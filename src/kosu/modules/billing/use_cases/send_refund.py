"""Ask the gateway for a refund."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from kosu.modules.billing.domain.refunds import Refund, RefundId, RefundState
from kosu.modules.billing.errors import RefundRefused, UnknownGateway
from kosu.modules.billing.jobs import AskAboutPayment
from kosu.modules.billing.ports import BillingRecords, PaymentGateway, RefundRequest
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class SendRefund:
    transaction: Transaction[BillingRecords]
    gateways: Mapping[str, PaymentGateway]

    async def __call__(self, *, refund_id: RefundId) -> None:
        """Repeatable: every attempt carries the same key. The money counts as gone when a fact says so, not before.

        Raises:
            GatewayUnavailable: to be tried again.
            UnknownGateway: its secret is no longer set here.
        """
        async with self.transaction() as records:
            refund = await records.refunds.get(refund_id)
            if refund is None or refund.state is not RefundState.REQUESTED:
                return
            payment = await records.payments.of_capture(refund.order_id, refund.capture_id)
        if payment is None or payment.gateway not in self.gateways:
            msg = "The gateway of this payment is not set up here."
            raise UnknownGateway(msg)
        request = RefundRequest(
            key=refund.id,
            gateway_ref=payment.gateway_ref,
            capture_id=refund.capture_id,
            money=refund.money,
            item_ids=refund.item_ids,
            reason=refund.reason,
        )
        sent = await _sent(self.gateways[payment.gateway], refund, request)
        async with self.transaction() as records:
            await records.refunds.save(sent)
            if sent.state is RefundState.SENT:
                # Some gateways answer before they tell, and one that forgets to tell is found out this way.
                await records.outbox.add(AskAboutPayment(payment.id))


async def _sent(gateway: PaymentGateway, refund: Refund, request: RefundRequest) -> Refund:
    try:
        object_id = await gateway.refund(request)
    except RefundRefused as error:
        return replace(refund, state=RefundState.REFUSED, error_code=error.code)
    return replace(refund, state=RefundState.SENT, object_id=object_id)
