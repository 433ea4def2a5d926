"""Make one webhook true: in one transaction, exactly once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kosu.modules.billing.domain.inbox import ClaimedWebhook, WebhookState
from kosu.modules.billing.errors import MalformedEvent, UnknownGateway, UnknownPayment
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
            FactContradicted: it never will agree with what was told before.
            UnknownPayment: not known, or not known yet.
            UnknownGateway: its secret is no longer set here.
            DatabaseUnavailable
        """
        gateway = self.gateways.get(webhook.gateway)
        if gateway is None:
            msg = f"The gateway {webhook.gateway} is not set up here."
            raise UnknownGateway(msg)
        facts = gateway.facts(webhook.payload)
        at = self.clock.now()
        async with self.transaction() as records:
            if not await records.inbox.lock(webhook.id, attempt=webhook.attempt):
                return
            if not facts:
                await records.inbox.finish(webhook.id, state=WebhookState.IGNORED, at=at)
                return
            if webhook.payment_ref is None:
                msg = "The event names no payment."
                raise MalformedEvent(msg)
            payment = await records.payments.with_ref(webhook.gateway, webhook.payment_ref)
            order = None if payment is None else await records.orders.lock(payment.order_id)
            if payment is None or order is None:
                msg = f"The payment {webhook.payment_ref} is not known."
                raise UnknownPayment(msg)
            await self.settlement.apply(records, order, payment, facts, at=at)
            await records.inbox.finish(webhook.id, state=WebhookState.PROCESSED, at=at)
