"""Let the sandbox gateway send the webhooks of what was chosen on its checkout page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.domain.payments import refundable
from kosu.modules.billing.domain.sandbox import SANDBOX, SandboxAction
from kosu.modules.billing.errors import PaymentNotFound, UnknownGateway
from kosu.modules.billing.ports import BillingRecords, SandboxDelivery
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class SendSandboxEvents:
    transaction: Transaction[BillingRecords]
    delivery: SandboxDelivery | None

    async def __call__(self, *, payment_ref: str, action: str, at: datetime) -> None:
        """Repeatable: the same choice at the same moment is the same events.

        Raises:
            UnknownGateway: the sandbox is off.
            PaymentNotFound
            GatewayUnavailable: not all were acknowledged.
        """
        if self.delivery is None:
            msg = "The sandbox is off."
            raise UnknownGateway(msg)
        async with self.transaction() as records:
            payment = await records.payments.with_ref(SANDBOX, payment_ref)
            if payment is None:
                msg = "There is no such payment."
                raise PaymentNotFound(msg)
            facts = await records.payments.facts(payment.order_id)
        await self.delivery.deliver(SandboxAction(action), payment, left=refundable(payment, facts), at=at)
