"""Asking a gateway how a payment stands. What nobody told goes the way of all webhooks: into the inbox."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from kosu.ids import OrderId
from kosu.modules.billing.domain.inbox import Envelope, ReceivedWebhook, WebhookId
from kosu.modules.billing.domain.orders import Order
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Hint, Snapshot, Told, findings
from kosu.modules.billing.errors import MalformedEvent, UnknownGateway, UnknownPayment
from kosu.modules.billing.ports import BillingRecords, PaymentGateway
from kosu.modules.billing.reception import Reception
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction

# What takes the place of an event's type and of a signing key where Kosu itself has asked.
ASKED = "asked"

NAMELESS = "The event names no payment."


@dataclass(frozen=True, slots=True)
class Asking:
    transaction: Transaction[BillingRecords]
    gateways: Mapping[str, PaymentGateway]
    reception: Reception
    clock: Clock
    ids: IdSource

    async def ask(self, payment: Payment) -> bool:
        """Fetch the gateway's document of a payment; answers whether it told anything new.

        Raises:
            GatewayUnavailable
            UnknownGateway: its secret is no longer set here.
            MalformedEvent: the gateway's answer makes no sense.
        """
        at = self.clock.now()
        document = await self.gateway(payment).fetch(payment.gateway_ref)
        return document is not None and await self.note(payment, document, as_of=at)

    async def note(self, payment: Payment, document: bytes, *, as_of: datetime) -> bool:
        """Put a document into the inbox if it tells anything new. Raises MalformedEvent."""
        reading = self.gateway(payment).read(document)
        async with self.transaction() as records:
            known = await records.payments.told(payment.id)
        if isinstance(reading, Hint) or not findings(reading, known, as_of=as_of):
            return False
        await self.reception.accept(
            ReceivedWebhook(
                id=WebhookId(self.ids.new()),
                gateway=payment.gateway,
                envelope=Envelope(
                    dedup_key=f"{ASKED}:{payment.gateway_ref}:{as_of.isoformat()}",
                    event_type=ASKED,
                    payment_ref=payment.gateway_ref,
                    key_id=ASKED,
                ),
                payload=document,
                received_at=as_of,
            )
        )
        return True

    def gateway(self, payment: Payment) -> PaymentGateway:
        """Raises UnknownGateway."""
        if payment.gateway not in self.gateways:
            msg = f"The gateway {payment.gateway} is not set up here."
            raise UnknownGateway(msg)
        return self.gateways[payment.gateway]


async def ask_about(gateway: PaymentGateway, payment_ref: str | None) -> Told | Snapshot:
    """What the gateway itself says where a webhook only hints.

    Raises:
        GatewayUnavailable
        UnknownPayment: the gateway has no such payment, or not yet.
        MalformedEvent: the hint names no payment, or the gateway's answer makes no sense.
    """
    if payment_ref is None:
        raise MalformedEvent(NAMELESS)
    document = await gateway.fetch(payment_ref)
    if document is None:
        msg = f"{gateway.name} does not know the payment {payment_ref}."
        raise UnknownPayment(msg)
    reading = gateway.read(document)
    if isinstance(reading, Hint):
        msg = f"{gateway.name} answered with a document that says nothing."
        raise MalformedEvent(msg)
    return reading


async def payment_and_order(
    records: BillingRecords,
    gateway: str,
    payment_ref: str | None,
    *,
    order_of: Callable[[OrderId], Awaitable[Order | None]],
) -> tuple[Payment, Order]:
    """What a webhook is about; `order_of` reads the order, or locks it.

    Raises:
        MalformedEvent: the webhook names no payment.
        UnknownPayment: not known, or not known yet.
    """
    if payment_ref is None:
        raise MalformedEvent(NAMELESS)
    payment = await records.payments.with_ref(gateway, payment_ref)
    order = None if payment is None else await order_of(payment.order_id)
    if payment is None or order is None:
        msg = f"The payment {payment_ref} is not known."
        raise UnknownPayment(msg)
    return payment, order
