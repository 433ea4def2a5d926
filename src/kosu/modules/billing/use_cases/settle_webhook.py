"""Make one webhook true: in one transaction, exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.modules.billing.asking import ask_about, payment_and_order
from kosu.modules.billing.domain.inbox import ClaimedWebhook, WebhookState
from kosu.modules.billing.domain.readings import Hint, Told, facts_in
from kosu.modules.billing.errors import UnknownGateway
from kosu.modules.billing.ports import BillingRecords, PaymentGateway
from kosu.modules.billing.settlement import Settlement
from kosu.ports.clock import Clock
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class SettleWebhook:
    transaction: Transaction[BillingRecords]
    settlement: Settlement
    gateways: Mapping[str, PaymentGateway]
    clock: Clock

    async def __call__(self, webhook: ClaimedWebhook) -> None:
        """Settle a claimed webhook. Nothing happens where another attempt has taken it over.

        Raises:
            MalformedEvent: it never will make sense.
            GatewayUnavailable: it is only a hint, and the gateway could not be asked.
            FactContradicted: it never will agree with what was told before.
            UnknownPayment: not known, or not known yet.
            UnknownGateway: its secret is no longer set here.
            DatabaseUnavailable
        """
        gateway = self.gateways.get(webhook.gateway)
        if gateway is None:
            msg = f"The gateway {webhook.gateway} is not set up here."
            raise UnknownGateway(msg)
        reading, as_of = gateway.read(webhook.payload), webhook.received_at
        if isinstance(reading, Hint):
            as_of = self.clock.now()
            reading = await ask_about(gateway, webhook.payment_ref)
        at = self.clock.now()
        async with self.transaction() as records:
            if not await records.inbox.lock(webhook.id, attempt=webhook.attempt):
                return
            if not reading.facts and isinstance(reading, Told):
                await records.inbox.finish(webhook.id, state=WebhookState.IGNORED, at=at)
                return
            payment, order = await payment_and_order(
                records, webhook.gateway, webhook.payment_ref, order_of=records.orders.lock
            )
            if isinstance(reading, Told):
                await self.settlement.apply(records, order, payment, reading.facts, at=at)
            elif await records.payments.note_asked(payment.id, at=as_of):
                known = await records.payments.told(payment.id)
                await self.settlement.apply(records, order, payment, facts_in(reading, known, as_of=as_of), at=at)
            await records.inbox.finish(webhook.id, state=WebhookState.PROCESSED, at=at)
