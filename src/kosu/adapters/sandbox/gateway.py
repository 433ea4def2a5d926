"""The sandbox as a payment gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from kosu.adapters.sandbox.delivery import HttpSandboxDelivery
from kosu.adapters.sandbox.events import facts_of, summary_of
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Told
from kosu.modules.billing.domain.sandbox import SANDBOX
from kosu.modules.billing.domain.standard_webhooks import SigningKeys
from kosu.modules.billing.ports import Change, Checkout, CheckoutRequest, RefundRequest
from kosu.modules.billing.views import CheckoutView


class SandboxGateway:
    """Its checkout page is one of this platform's own; it keeps nothing, since the platform knows every payment."""

    name = SANDBOX

    def __init__(self, keys: SigningKeys, *, api_url: str, delivery: HttpSandboxDelivery) -> None:
        self._keys = keys
        self._api_url = api_url
        self._delivery = delivery

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:
        message_id, key_id = self._keys.verify(raw, headers, now=now)
        event_type, payment_ref = summary_of(raw)
        return Envelope(dedup_key=message_id, event_type=event_type, payment_ref=payment_ref, key_id=key_id)

    def read(self, document: bytes) -> Told:
        return Told(tuple(facts_of(document)))

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        # Made from the order's id alone, so that the same request opens the same checkout.
        ref = f"sbx_{request.order_id.hex}"
        return Checkout(gateway_ref=ref, url=f"{self._api_url}/api/v1/sandbox/checkouts/{ref}")

    def checkout_page(self, checkout: CheckoutView) -> None:  # noqa: ARG002 - it has pages of its own
        return None

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        """Nothing is left to do when the buyer comes back."""

    async def fetch(self, payment_ref: str) -> None:  # noqa: ARG002 - it remembers none
        return None

    async def changed_since(self, since: datetime) -> AsyncIterator[Change]:  # noqa: ARG002 - it remembers none
        nothing: tuple[Change, ...] = ()
        for change in nothing:
            yield change

    async def refund(self, request: RefundRequest) -> str:
        # The money is back at once, and as with any gateway a webhook tells it.
        object_id = f"re_{request.key.hex}"
        await self._delivery.send_refund(request, object_id)
        return object_id
