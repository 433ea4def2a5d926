"""Ask the gateway how one payment stands."""

from __future__ import annotations

from dataclasses import dataclass

from kosu.ids import PaymentId
from kosu.modules.billing.asking import Asking
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class AskAboutPayment:
    transaction: Transaction[BillingRecords]
    asking: Asking

    async def __call__(self, *, payment_id: PaymentId) -> None:
        """What is new goes into the inbox. Nothing happens where the payment is gone.

        Raises:
            GatewayUnavailable, UnknownGateway, MalformedEvent
        """
        async with self.transaction() as records:
            payment = await records.payments.get(payment_id)
        if payment is not None:
            await self.asking.ask(payment)
