"""A payment gateway in memory."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

import msgspec

from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import Payment, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Reading, Snapshot, Told
from kosu.modules.billing.errors import (
    BadSignature,
    GatewayUnavailable,
    MalformedEvent,
    PaymentRefused,
    RefundRefused,
)
from kosu.modules.billing.ports import Change, Checkout, CheckoutPage, CheckoutRequest, RefundRequest
from kosu.modules.billing.views import CheckoutView

SIGNATURE = "memory-signature"
_MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class _Event(msgspec.Struct, tag="event"):
    id: str
    payment_ref: str | None
    facts: tuple[PaymentFact, ...] | None


class _Document(msgspec.Struct, tag="document"):
    facts: tuple[PaymentFact, ...]
    reverts: bool


class MemoryGateway:
    """Its webhooks say the facts themselves; one that is not `signing` gives hints, and says the facts when asked.

    `available = False` makes it behave as an unreachable gateway, `refunding = False` as one that refuses refunds and
    `confirming = False` as one that refuses payments. `stand` sets what it answers when asked.
    """

    name = "memory"

    def __init__(self, key: bytes = b"memory", *, signing: bool = True) -> None:
        self.available = True
        self.refunding = True
        self.confirming = True
        self.checkouts: dict[str, CheckoutRequest] = {}
        self.confirmations: list[tuple[str, Mapping[str, str]]] = []
        self.fetched: list[str] = []
        self.refunds: list[RefundRequest] = []
        self._documents: dict[str, bytes] = {}
        self._key = key
        self._signing = signing

    def webhook(self, *facts: PaymentFact, event_id: str, payment_ref: str | None) -> tuple[bytes, Mapping[str, str]]:
        """The body and the headers of a webhook, as the gateway would send them."""
        raw = msgspec.json.encode(_Event(event_id, payment_ref, facts if self._signing else None))
        return raw, {SIGNATURE: self.sign(raw)} if self._signing else {}

    def stand(self, payment_ref: str, *facts: PaymentFact, reverts: bool = False) -> bytes:
        """Let these be all that happened to a payment; answers the document that says so."""
        self._documents[payment_ref] = msgspec.json.encode(_Document(facts, reverts))
        return self._documents[payment_ref]

    def sign(self, raw: bytes) -> str:
        return hmac.digest(self._key, raw, "sha256").hex()

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:  # noqa: ARG002 - never old
        if self._signing and headers.get(SIGNATURE) != self.sign(raw):
            msg = "The signature does not fit."
            raise BadSignature(msg)
        key_id = "memory" if self._signing else ""
        try:
            event = msgspec.json.decode(raw, type=_Event)
        except _MALFORMED:
            return Envelope(self.sign(raw), "", None, key_id, is_hint=not self._signing)
        return Envelope(event.id, "facts", event.payment_ref, key_id, is_hint=not self._signing)

    def read(self, document: bytes) -> Reading:
        try:
            said = msgspec.json.decode(document, type=_Event | _Document)
        except _MALFORMED as error:
            raise MalformedEvent(str(error)) from error
        if isinstance(said, _Document):
            return Snapshot(said.facts, said.reverts)
        return Hint() if said.facts is None else Told(said.facts)

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        self._reach()
        ref = f"mem_{request.order_id.hex}"
        self.checkouts[ref] = request
        return Checkout(gateway_ref=ref, url=f"memory://checkouts/{ref}")

    def checkout_page(self, checkout: CheckoutView) -> CheckoutPage:
        return CheckoutPage(f"pay {checkout.payment_ref}", "default-src 'none'")

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        self._reach()
        if not self.confirming:
            msg = "the gateway refuses"
            raise PaymentRefused(msg)
        self.confirmations.append((payment.gateway_ref, answers))

    async def fetch(self, payment_ref: str) -> bytes | None:
        self._reach()
        self.fetched.append(payment_ref)
        return self._documents.get(payment_ref)

    async def changed_since(self, since: datetime) -> AsyncIterator[Change]:  # noqa: ARG002 - it forgets no time
        self._reach()
        for payment_ref, document in self._documents.items():
            yield Change(payment_ref, document)

    async def refund(self, request: RefundRequest) -> str:
        self._reach()
        if not self.refunding:
            msg = "the gateway refuses"
            raise RefundRefused(msg)
        self.refunds.append(request)
        return f"re_{request.key.hex}"

    def _reach(self) -> None:
        if not self.available:
            msg = "the gateway is away"
            raise GatewayUnavailable(msg)
