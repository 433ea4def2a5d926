"""Choose on the sandbox gateway's checkout page what shall happen to a payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.modules.billing.domain.sandbox import SANDBOX, SANDBOX_ACTIONS
from kosu.modules.billing.errors import PaymentNotFound, UnknownGateway, UnknownSandboxAction
from kosu.modules.billing.jobs import DeliverSandboxEvents
from kosu.modules.billing.ports import BillingRecords, PaymentGateway
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class ActInSandbox:
    transaction: Transaction[BillingRecords]
    gateways: Mapping[str, PaymentGateway]
    clock: Clock

    async def __call__(self, *, payment_ref: str, action: str) -> None:
        """Only asks: a worker lets the gateway send its webhooks.

        Raises:
            UnknownGateway: the sandbox is off.
            UnknownSandboxAction, PaymentNotFound
        """
        if SANDBOX not in self.gateways:
            msg = "The sandbox is off."
            raise UnknownGateway(msg)
        if action not in SANDBOX_ACTIONS:
            raise UnknownSandboxAction(SANDBOX_ACTIONS)
        async with self.transaction() as records:
            if await records.payments.with_ref(SANDBOX, payment_ref) is None:
                msg = "There is no such payment."
                raise PaymentNotFound(msg)
            await records.outbox.add(DeliverSandboxEvents(payment_ref, action, self.clock.now()))
