"""Acknowledge a webhook: verified and durably stored, not yet settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kosu.modules.billing.domain.inbox import Envelope, ReceivedWebhook, WebhookId, coalesced
from kosu.modules.billing.domain.readings import Hint
from kosu.modules.billing.errors import (
    BadSignature,
    MalformedEvent,
    PayloadTooLarge,
    PaymentNotFound,
    UnknownGateway,
)
from kosu.modules.billing.ports import BillingRecords, PaymentGateway
from kosu.modules.billing.reception import Reception
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.throttle import Bucket, Rate, Throttle, take_or_refuse
from kosu.ports.unit_of_work import Transaction

# For all hints of a gateway together: what is lost by it is found when the payment is asked about anyway.
HINTS = Rate(burst=200, every=timedelta(milliseconds=20))
MAX_PAYLOAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ReceiveWebhook:
    gateways: Mapping[str, PaymentGateway]
    reception: Reception
    transaction: Transaction[BillingRecords]
    throttle: Throttle
    clock: Clock
    ids: IdSource

    async def __call__(self, *, gateway: str, raw: bytes, headers: Mapping[str, str]) -> None:
        """Returns once the webhook is committed; a webhook that is known already is one that is committed.

        A hint, which nobody signed, has to be about a payment that is known, and many of them are one. Its body has to
        say no more than that: whoever settles it would believe the rest.

        Names of headers are lower case. The queue may be away: the sweep finds what is stored.

        Raises:
            UnknownGateway, PayloadTooLarge, BadSignature: stored nowhere.
            PaymentNotFound, TooManyRequests: a hint, stored nowhere.
            UnstorableWebhook
            DatabaseUnavailable: not acknowledged; the gateway will send it again.
        """
        receiver = self.gateways.get(gateway)
        if receiver is None:
            msg = "There is no such gateway here."
            raise UnknownGateway(msg)
        if len(raw) > MAX_PAYLOAD_BYTES:
            msg = f"A webhook has at most {MAX_PAYLOAD_BYTES} bytes."
            raise PayloadTooLarge(msg)
        at = self.clock.now()
        envelope = receiver.verify(raw, headers, now=at)
        due_at = None
        if envelope.is_hint:
            if not _only_hints(receiver, raw):
                msg = "Nobody signed what this webhook says."
                raise BadSignature(msg)
            await self._admit(receiver.name, envelope, at=at)
            envelope, due_at = coalesced(envelope, at=at)
        await self.reception.accept(
            ReceivedWebhook(
                id=WebhookId(self.ids.new()),
                gateway=receiver.name,
                envelope=envelope,
                payload=raw,
                received_at=at,
                due_at=due_at,
            )
        )

    async def _admit(self, gateway: str, hint: Envelope, *, at: datetime) -> None:
        bucket = Bucket(f"webhook-hint:{gateway}", HINTS)
        await take_or_refuse(self.throttle, [bucket], at=at, told="Too many unsigned webhooks; wait a moment.")
        async with self.transaction() as records:
            if hint.payment_ref is None or await records.payments.with_ref(gateway, hint.payment_ref) is None:
                msg = "There is no such payment."
                raise PaymentNotFound(msg)


def _only_hints(gateway: PaymentGateway, raw: bytes) -> bool:
    try:
        return isinstance(gateway.read(raw), Hint)
    except MalformedEvent:
        return False
