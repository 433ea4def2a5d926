"""Stripe as a payment gateway."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from kosu.adapters.stripe.amounts import to_stripe
from kosu.adapters.stripe.api import Connection, Parameter, RefusalError, StripeApi
from kosu.adapters.stripe.events import TELLING, envelope_of, payment_ref_of, reading_of
from kosu.adapters.stripe.shapes import (
    Dispute,
    OpenedSession,
    PaymentIntent,
    PaymentSnapshot,
    Refund,
    Session,
)
from kosu.adapters.stripe.signature import StripeSecrets
from kosu.modules.billing.domain.checkouts import return_url
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Reading
from kosu.modules.billing.errors import PaymentRefused, RefundRefused
from kosu.modules.billing.ports import Change, Checkout, CheckoutRequest, RefundRequest
from kosu.modules.billing.views import CheckoutView
from kosu.ports.clock import Clock

# From the order on, not from now, so that a repeated request is the same. Stripe wants at least half an hour from the
# moment it is asked, which may be as late as the order waits for its payment.
CHECKOUT_WINDOW = timedelta(hours=1)

# What Stripe puts the session's id in place of.
_SESSION_ID = "{CHECKOUT_SESSION_ID}"
_EXPANDED = "payment_intent.latest_charge"
_REF = re.compile(r"(cs|pi)_[A-Za-z0-9_]{1,190}")
# Stripe's own limits of texts that are kept and shown.
_LONGEST_NAME = 250
_LONGEST_METADATA = 500
# Under which a refund carries our key of it, and the ids of its items: as many in one value as fit.
_REFUND_ID = "refund_id"
_ITEMS_PER_VALUE = 13


class StripeGateway:
    """Its references are those of Checkout Sessions; a capture is known by its payment intent.

    An event of the other mode, test or live, needs no look at its `livemode`: each mode has references and signing
    secrets of its own, so that play money never meets an order that was opened for real money.
    """

    name = "stripe"

    def __init__(self, api: StripeApi, secrets: StripeSecrets, *, api_url: str, clock: Clock) -> None:
        """`api_url` is where the buyer's browser finds this platform's API."""
        self._api = api
        self._secrets = secrets
        self._api_url = api_url
        self._clock = clock

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:
        return envelope_of(raw, key_id=self._secrets.verify(raw, headers, now=now))

    def read(self, document: bytes) -> Reading:
        return reading_of(document)

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        try:
            amount = to_stripe(request.amount)
        except ValueError as error:
            raise PaymentRefused(str(error)) from error
        order = {"order_id": str(request.order_id), "order_number": request.order_number}
        back = return_url(self._api_url, self.name, _SESSION_ID)
        try:
            async with self._api.connected() as stripe:
                session = await stripe.post(
                    "/v1/checkout/sessions",
                    OpenedSession,
                    idempotency_key=str(request.order_id),
                    mode="payment",
                    client_reference_id=str(request.order_id),
                    line_items=[_line(request, amount)],
                    metadata=order,
                    payment_intent_data={"description": request.order_number, "metadata": order},
                    # Else a buyer abroad may be offered, and charged, another currency than the order's.
                    adaptive_pricing={"enabled": False},
                    success_url=back,
                    cancel_url=back,
                    expires_at=int((request.placed_at + CHECKOUT_WINDOW).timestamp()),
                )
        except RefusalError as error:
            raise PaymentRefused(str(error)) from error
        return Checkout(gateway_ref=session.id, url=session.url)

    def checkout_page(self, checkout: CheckoutView) -> None:  # noqa: ARG002 - it has pages of its own
        return None

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        """Nothing is left to do when the buyer comes back."""

    async def fetch(self, payment_ref: str) -> bytes | None:
        if not _REF.fullmatch(payment_ref):
            return None
        at = int(self._clock.now().timestamp())
        async with self._api.connected() as stripe:
            session = await _session(stripe, payment_ref)
            if session is None:
                return None
            refunds: Sequence[Refund] = ()
            disputes: Sequence[Dispute] = ()
            if session.payment_status == "paid" and isinstance(session.payment_intent, PaymentIntent):
                intent = session.payment_intent.id
                refunds = await stripe.list("/v1/refunds", Refund, payment_intent=intent)
                disputes = await stripe.list("/v1/disputes", Dispute, payment_intent=intent)
        return msgspec.json.encode(
            PaymentSnapshot(at=at, session=session, refunds=tuple(refunds), disputes=tuple(disputes))
        )

    async def changed_since(self, since: datetime) -> AsyncIterator[Change]:
        """Stripe lists the events of the last thirty days."""
        created = {"gte": int(since.timestamp())}
        async with self._api.connected() as stripe:
            async for event in stripe.entries("/v1/events", types=TELLING, created=created):
                document = bytes(event)
                if (payment_ref := payment_ref_of(document)) is not None:
                    yield Change(payment_ref, document)

    async def refund(self, request: RefundRequest) -> str:
        key = str(request.key)
        try:
            async with self._api.connected() as stripe:
                # Stripe may forget an Idempotency-Key after a day, and a refund can be asked for again after that.
                for refund in await stripe.list("/v1/refunds", Refund, payment_intent=request.capture_id):
                    if (refund.metadata or {}).get(_REFUND_ID) == key:
                        return refund.id
                refund = await stripe.post(
                    "/v1/refunds",
                    Refund,
                    idempotency_key=key,
                    payment_intent=request.capture_id,
                    amount=to_stripe(request.money),
                    metadata=_refund_metadata(request),
                )
        except (RefusalError, ValueError) as error:
            raise RefundRefused(str(error)) from error
        return refund.id


def _line(request: CheckoutRequest, amount: int) -> Mapping[str, Parameter]:
    return {
        "quantity": 1,
        "price_data": {
            "currency": request.amount.currency.lower(),
            "unit_amount": amount,
            "product_data": {"name": request.title[:_LONGEST_NAME]},
        },
    }


def _refund_metadata(request: RefundRequest) -> Mapping[str, str]:
    """For our own eyes in Stripe's dashboard, and to find the refund again."""
    items = {
        f"item_ids_{start // _ITEMS_PER_VALUE + 1}": ",".join(
            str(item_id) for item_id in request.item_ids[start : start + _ITEMS_PER_VALUE]
        )
        for start in range(0, len(request.item_ids), _ITEMS_PER_VALUE)
    }
    reason = {"reason": request.reason[:_LONGEST_METADATA]} if request.reason else {}
    return {_REFUND_ID: str(request.key), **reason, **items}


async def _session(stripe: Connection, payment_ref: str) -> Session | None:
    """By its own id, or by that of its payment intent."""
    if payment_ref.startswith("cs_"):
        return await stripe.get(f"/v1/checkout/sessions/{payment_ref}", Session, expand=[_EXPANDED])
    sessions = await stripe.list(
        "/v1/checkout/sessions", Session, payment_intent=payment_ref, expand=[f"data.{_EXPANDED}"]
    )
    return next(iter(sessions), None)
