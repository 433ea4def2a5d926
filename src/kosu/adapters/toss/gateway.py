"""Toss Payments as a payment gateway."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from hashlib import sha256
from uuid import uuid5

from kosu.adapters.toss.client import TossClient, TossError
from kosu.adapters.toss.documents import (
    TossCancel,
    TossPayment,
    hinted_order,
    number,
    payment_key_in,
    payment_of,
    reading_of,
    transactions_of,
)
from kosu.adapters.toss.page import checkout_page
from kosu.modules.billing.domain.checkouts import page_url, return_url
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import Payment
from kosu.modules.billing.domain.readings import Reading
from kosu.modules.billing.errors import (
    BadSignature,
    GatewayUnavailable,
    MalformedEvent,
    PaymentRefused,
    RefundRefused,
)
from kosu.modules.billing.ports import Change, Checkout, CheckoutPage, CheckoutRequest, RefundRequest
from kosu.modules.billing.views import CheckoutView
from kosu.ports.clock import Clock

# Toss's times of day, where it writes none of a zone.
KST = timezone(timedelta(hours=9))
LIST_SIZE = 100
# cancelReason has 200 characters at most.
LONGEST_REASON = 150

_OURS = re.compile(r"kosu[0-9a-f]{32}")
_PAYMENT_KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
_AMOUNT = re.compile(r"[0-9]{1,15}(\.[0-9]{1,2})?")


class TossGateway:
    """Its webhooks are not signed: each is a hint, and the payment's order is asked about over the API.

    A payment is done when we confirm it, which has to be within ten minutes of the buyer's coming back.
    """

    name = "toss"

    def __init__(self, client: TossClient, *, client_key: str, api_url: str, clock: Clock) -> None:
        """`api_url` is ours."""
        self._client = client
        self._client_key = client_key
        self._api_url = api_url
        self._clock = clock

    def verify(self, raw: bytes, headers: Mapping[str, str], *, now: datetime) -> Envelope:  # noqa: ARG002 - unsigned
        hinted = hinted_order(raw)
        if hinted is None:
            msg = "Nobody signed this, and it names no order."
            raise BadSignature(msg)
        return Envelope(
            dedup_key=sha256(raw).hexdigest(),
            event_type=hinted.event_type,
            payment_ref=hinted.order_id,
            key_id="",
            is_hint=True,
        )

    def read(self, document: bytes) -> Reading:
        return reading_of(document)

    async def create_checkout(self, request: CheckoutRequest) -> Checkout:
        # Nothing is told to Toss before the buyer pays; the amount is held against ours when it is confirmed.
        ref = f"kosu{request.order_id.hex}"
        return Checkout(gateway_ref=ref, url=page_url(self._api_url, self.name, ref))

    def checkout_page(self, checkout: CheckoutView) -> CheckoutPage:
        return checkout_page(
            checkout,
            client_key=self._client_key,
            return_url=return_url(self._api_url, self.name, checkout.payment_ref),
        )

    async def confirm(self, payment: Payment, answers: Mapping[str, str]) -> None:
        payment_key = answers.get("paymentKey")
        if payment_key is None:
            # The buyer gave up, or was declined: there is nothing to confirm.
            return
        if not (_PAYMENT_KEY.fullmatch(payment_key) and _is_ours(payment, answers)):
            msg = "The browser came back with another order or amount than it was sent with."
            raise PaymentRefused(msg)
        body = {"paymentKey": payment_key, "orderId": payment.gateway_ref, "amount": number(payment.amount)}
        try:
            # One key for each try of the buyer: the answer to a try that failed is remembered as well.
            await self._client.confirm(body, key=str(uuid5(payment.id, payment_key)))
        except TossError as error:
            if error.code != "ALREADY_PROCESSED_PAYMENT":
                raise PaymentRefused(str(error)) from error

    async def fetch(self, payment_ref: str) -> bytes | None:
        try:
            document = await self._client.payment_of_order(payment_ref)
        except TossError as error:
            if error.code == "NOT_FOUND_PAYMENT":
                return None
            raise GatewayUnavailable(str(error)) from error
        if _checked(document).order_id != payment_ref:
            msg = "Toss answered about another order than it was asked for."
            raise GatewayUnavailable(msg)
        return document

    async def changed_since(self, since: datetime) -> AsyncIterator[Change]:
        params = {
            "startDate": _in_korea(since),
            "endDate": _in_korea(self._clock.now()),
            "limit": str(LIST_SIZE),
        }
        seen = set[str]()
        while True:
            try:
                transactions = transactions_of(await self._client.transactions(params))
            except (TossError, MalformedEvent) as error:
                msg = f"Toss's list of transactions cannot be read: {error}"
                raise GatewayUnavailable(msg) from error
            for transaction in transactions:
                order_id = transaction.order_id
                # A list has no documents, and those of other shops' orders need not be fetched.
                if order_id not in seen and _OURS.fullmatch(order_id):
                    seen.add(order_id)
                    if document := await self.fetch(order_id):
                        yield Change(order_id, document)
            following = transactions[-1].transaction_key if transactions else None
            if len(transactions) < LIST_SIZE or following == params.get("startingAfter"):
                return
            params["startingAfter"] = str(following)

    async def refund(self, request: RefundRequest) -> str:
        mark = request.key.hex
        body = {
            "cancelReason": f"{request.reason[:LONGEST_REASON]} #{mark}",
            "cancelAmount": number(request.money),
        }
        try:
            document = await self._client.cancel(payment_key_in(request.capture_id), body, key=str(request.key))
        except TossError as error:
            raise RefundRefused(str(error)) from error
        cancel = _cancel_in(_checked(document), mark)
        if cancel.cancel_status == "ABORTED":
            msg = "The refund failed at the bank."
            raise RefundRefused(msg)
        return cancel.transaction_key


def _is_ours(payment: Payment, answers: Mapping[str, str]) -> bool:
    amount = answers.get("amount", "")
    return (
        answers.get("orderId") == payment.gateway_ref
        and _AMOUNT.fullmatch(amount) is not None
        and Decimal(amount) == payment.amount.units
    )


def _cancel_in(payment: TossPayment, mark: str) -> TossCancel:
    """Ours among all that went back: by the mark in its reason, or else the one that this answer is about."""
    cancels = payment.cancels or ()
    for cancel in cancels:
        if cancel.cancel_reason.endswith(mark):
            return cancel
    for cancel in cancels:
        if cancel.transaction_key == payment.last_transaction_key:
            return cancel
    msg = "Toss answered a refund with a payment of which nothing went back."
    raise GatewayUnavailable(msg)


def _checked(document: bytes) -> TossPayment:
    try:
        return payment_of(document)
    except MalformedEvent as error:
        msg = f"Toss's answer makes no sense: {error}"
        raise GatewayUnavailable(msg) from error


def _in_korea(at: datetime) -> str:
    return f"{at.astimezone(KST):%Y-%m-%dT%H:%M:%S}"
