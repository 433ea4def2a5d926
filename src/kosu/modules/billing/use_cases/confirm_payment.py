"""Finish a payment whose buyer came back from the checkout, and ask how it stands."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from kosu.modules.billing.asking import Asking
from kosu.modules.billing.errors import PaymentRefused
from kosu.modules.billing.ports import BillingRecords
from kosu.ports.unit_of_work import Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ConfirmPayment:
    transaction: Transaction[BillingRecords]
    asking: Asking

    async def __call__(self, *, gateway: str, payment_ref: str, answers: Mapping[str, str]) -> None:
        """Repeatable: confirming twice is confirming once. A refusal is no error: the gateway is asked all the same.

        Raises:
            GatewayUnavailable: to be tried again.
            UnknownGateway: its secret is no longer set here.
            MalformedEvent: the gateway's answer makes no sense.
        """
        async with self.transaction() as records:
            payment = await records.payments.with_ref(gateway, payment_ref)
        if payment is None:
            return
        try:
            await self.asking.gateway(payment).confirm(payment, answers)
        except PaymentRefused as error:
            log.warning("payment %s: not confirmed: %s", payment.id, error)
        await self.asking.ask(payment)
