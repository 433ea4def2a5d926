"""A payment gateway in memory."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import PaymentFact
from kosu.modules.billing.errors import BadSignature, GatewayUnavailable, MalformedEvent, RefundRefused
from kosu.modules.billing.ports import Checkout, CheckoutRequest, RefundRequest

SIGNATURE = "memory-signature"


class _Event(msgspec.Struct):
    id: str
    payment_ref: str | None
    facts: tuple[PaymentFact, ...]


class MemoryGateway:
    """Its webhooks say the facts themselves.

    `available = False` makes it behave as an unreachable gateway, `refunding = False` as one that refuses refunds.
    """

    name = "memory"

    def __init__(self, key: bytes = b"memory") -> None:
        self.available = True
        self.refunding = True
        self.checkouts: dict[str, CheckoutRequest] = {}
        self.refunds: list[RefundRequest] = []
        self._key = key

    def webhook(self, *facts: PaymentFact, event_id: str, payment_ref: str | None) -> tuple[bytes, Mapping[str, str]]:
        """The body and the headers of a webhook, as the gateway would send them."""
        raw = msgspec.json.encode(_Event(event_id, payment_ref, facts))
        return raw, {SIGNATURE: self.sign(raw)}

    def sign(self, raw: bytes) -> str:
        return hmac.digest(self._key, raw, "sha256").hex()

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:  # noqa: ARG002 - never old
        if headers.get(SIGNATURE) != self.sign(raw):
            msg = "The signature does not fit."
            raise BadSignature(msg)
        try:
            event = msgspec.json.decode(raw, type=_Event)
        except msgspec.MsgspecError:
            return Envelope(dedup_key=headers[SIGNATURE], event_type="", payment_ref=None, key_id="memory")
        return Envelope(dedup_key=event.id, event_type="facts", payment_ref=event.payment_ref, key_id="memory")

    def facts(self, payload: bytes) -> Sequence[PaymentFact]:
        try:
            return msgspec.json.decode(payload, type=_Event).facts
        except msgspec.MsgspecError as error:
            raise MalformedEvent(str(error)) from error

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        if not self.available:
            msg = "the gateway is away"
            raise GatewayUnavailable(msg)
        ref = f"mem_{request.order_id.hex}"
        self.checkouts[ref] = request
        return Checkout(gateway_ref=ref, url=f"memory://checkouts/{ref}")

    async def refund(self, request: RefundRequest) -> str:
        if not self.available:
            msg = "the gateway is away"
            raise GatewayUnavailable(msg)
        if not self.refunding:
            msg = "the gateway refuses"
            raise RefundRefused(msg)
        self.refunds.append(request)
        return f"re_{request.key.hex}"
