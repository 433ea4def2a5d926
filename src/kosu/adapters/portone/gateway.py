"""PortOne as a payment gateway."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

import msgspec

from kosu.adapters.portone.client import PortOneClient, PortOneError
from kosu.adapters.portone.documents import (
    UNREADABLE,
    Cancellation,
    Cancelled,
    ListedPayments,
    payment_id_of,
    payment_of,
    reading_of,
    type_of,
)
from kosu.adapters.portone.page import checkout_page
from kosu.modules.billing.domain.checkouts import page_url, return_url
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Reading
from kosu.modules.billing.domain.standard_webhooks import SigningKeys
from kosu.modules.billing.errors import GatewayUnavailable, MalformedEvent, RefundRefused
from kosu.modules.billing.ports import Change, Checkout, CheckoutPage, CheckoutRequest, RefundRequest
from kosu.modules.billing.views import CheckoutView

PAGE_SIZE = 100
MOST_PAGES = 1_000
# Providers cut off what is longer, or refuse it.
LONGEST_REASON = 100


class PortOneGateway:
    """One channel of one store. Its webhooks are signed and tell no amounts: each makes us ask."""

    name = "portone"

    def __init__(
        self,
        client: PortOneClient,
        keys: SigningKeys,
        *,
        store_id: str,
        channel_key: str,
        api_url: str,
        pg_origins: Sequence[str] = (),
    ) -> None:
        """`api_url` is ours. `pg_origins` are those of the provider behind the channel, for the checkout page."""
        self._client = client
        self._keys = keys
        self._store_id = store_id
        self._channel_key = channel_key
        self._api_url = api_url
        self._pg_origins = pg_origins

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:
        message_id, key_id = self._keys.verify(raw, headers, now=now)
        return Envelope(dedup_key=message_id, event_type=type_of(raw), payment_ref=payment_id_of(raw), key_id=key_id)

    def read(self, document: bytes) -> Reading:
        return reading_of(document, store_id=self._store_id)

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        # Ours to choose, once for all tries of an order. Letters and digits, at most 40: some providers take no more.
        payment_id = f"kosu{request.order_id.hex}"
        body = {
            "storeId": self._store_id,
            "totalAmount": request.amount.amount_minor,
            "currency": request.amount.currency,
        }
        try:
            # From here on the browser can pay no other amount.
            await self._client.pre_register(payment_id, body)
        except PortOneError as refusal:
            if refusal.type != "ALREADY_PAID":
                raise GatewayUnavailable(str(refusal)) from refusal
        return Checkout(gateway_ref=payment_id, url=page_url(self._api_url, self.name, payment_id))

    def checkout_page(self, checkout: CheckoutView) -> CheckoutPage:
        return checkout_page(
            checkout,
            store_id=self._store_id,
            channel_key=self._channel_key,
            return_url=return_url(self._api_url, self.name, checkout.payment_ref),
            pg_origins=self._pg_origins,
        )

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        """Nothing is left to do: PortOne has confirmed when the buyer comes back."""

    async def fetch(self, payment_ref: str) -> bytes | None:
        try:
            document = await self._client.payment(payment_ref, store_id=self._store_id)
        except PortOneError as refusal:
            if refusal.type == "PAYMENT_NOT_FOUND":
                return None
            raise GatewayUnavailable(str(refusal)) from refusal
        try:
            payment = payment_of(document)
        except MalformedEvent as error:
            msg = f"PortOne's answer makes no sense: {error}"
            raise GatewayUnavailable(msg) from error
        if (payment.id, payment.store_id) != (payment_ref, self._store_id):
            msg = "PortOne answered about another payment than it was asked for."
            raise GatewayUnavailable(msg)
        return document

    async def changed_since(self, since: datetime) -> AsyncIterator[Change]:
        wanted = {
            "timestampType": "STATUS_CHANGED_AT",
            "from": since,
            "sortBy": "STATUS_CHANGED_AT",
            "sortOrder": "ASC",
        }
        for number in range(MOST_PAGES):
            page = {"number": number, "size": PAGE_SIZE}
            items = await self._listed({"page": page, "filter": wanted})
            for item in items:
                try:
                    payment = payment_of(item)
                except MalformedEvent:
                    # Of another version or kind than ours are.
                    continue
                if payment.store_id == self._store_id:
                    yield Change(payment.id, bytes(item))
            if len(items) < PAGE_SIZE:
                return
        msg = "PortOne's list of payments does not end."
        raise GatewayUnavailable(msg)

    async def refund(self, request: RefundRequest) -> str:
        # The key is remembered for three hours, and we may try for longer. What we write into the reason stays.
        mark = request.key.hex
        cancellation = await self._refunded_before(request.gateway_ref, mark) or await self._cancel(request, mark)
        if cancellation.status == "FAILED":
            msg = "The refund failed at the provider."
            raise RefundRefused(msg)
        return cancellation.id

    async def _refunded_before(self, payment_ref: str, mark: str) -> Cancellation | None:
        document = await self.fetch(payment_ref)
        if document is None:
            msg = "PortOne does not know this payment."
            raise RefundRefused(msg)
        cancellations = payment_of(document).cancellations
        return next((cancelled for cancelled in cancellations if cancelled.reason.endswith(mark)), None)

    async def _cancel(self, request: RefundRequest, mark: str) -> Cancellation:
        body = {
            "storeId": self._store_id,
            "amount": request.money.amount_minor,
            "reason": f"{request.reason[:LONGEST_REASON]} #{mark}",
        }
        try:
            answer = await self._client.cancel(request.gateway_ref, body, key=str(request.key))
            return msgspec.json.decode(answer, type=Cancelled).cancellation
        except PortOneError as refusal:
            raise RefundRefused(str(refusal)) from refusal
        except UNREADABLE as error:
            msg = f"PortOne's answer makes no sense: {error}"
            raise GatewayUnavailable(msg) from error

    async def _listed(self, wanted: Mapping[str, object]) -> Sequence[msgspec.Raw]:
        try:
            return msgspec.json.decode(await self._client.payments(wanted), type=ListedPayments).items
        except (PortOneError, *UNREADABLE) as error:
            msg = f"PortOne's list of payments cannot be read: {error}"
            raise GatewayUnavailable(msg) from error
