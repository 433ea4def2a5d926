"""What Toss's webhooks and payments mean.

Nobody signs the webhooks, so that nothing of one is looked at but which order it names. A body is either a webhook or a
payment, never both: what may come from anybody must not be read as what Toss has answered.

Amounts are numbers in the currency's unit, 49000 for won and 19.99 for dollars.

Source: https://docs.tosspayments.com/reference#payment-객체 and https://docs.tosspayments.com/en/webhooks
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated

import msgspec

from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Snapshot
from kosu.modules.billing.errors import MalformedEvent
from kosu.money import Money

# \Z and not $, which would let a line feed follow.
OrderRef = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{6,64}\Z")]
# What a capture's id is made of, and the path of a refund: without the sign between the key and the time.
PaymentKey = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,200}\Z")]
Reference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
EventType = Annotated[str, msgspec.Meta(pattern=r"^[A-Z_]{1,60}\Z")]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
Timestamp = Annotated[datetime, msgspec.Meta(tz=True)]

# All that decoding raises for a body that is no such document; the last for one that is nested without end.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# The only webhook without a type.
DEPOSIT_CALLBACK = "DEPOSIT_CALLBACK"
_PAID = frozenset({"DONE", "CANCELED", "PARTIAL_CANCELED"})
_FAILED = frozenset({"ABORTED", "EXPIRED"})
_CANCELS = {"DONE": FactKind.REFUND, "ABORTED": FactKind.REFUND_FAILED}
_MOST_DIGITS = 15
_ABSENT = msgspec.Raw()


class _Subject(msgspec.Struct, rename="camel"):
    order_id: OrderRef


class _Webhook(msgspec.Struct, rename="camel"):
    """`payment_key` is none of a webhook's members, whatever its value: a payment has it, at the same place."""

    event_type: EventType | None = None
    data: _Subject | None = None
    order_id: OrderRef | None = None
    payment_key: msgspec.Raw = _ABSENT


@dataclass(frozen=True, slots=True)
class HintedOrder:
    event_type: str
    order_id: str


class TossCancel(msgspec.Struct, rename="camel"):
    """`cancel_status` is only missing in answers of old versions of the API."""

    transaction_key: Reference
    cancel_amount: Decimal
    canceled_at: Timestamp
    cancel_status: str = "DONE"
    cancel_reason: str = ""


class TossPayment(msgspec.Struct, rename="camel"):
    """`approved_at` is when the money came, and stays after a cancellation."""

    payment_key: PaymentKey
    order_id: OrderRef
    status: str
    total_amount: Decimal
    currency: Currency
    requested_at: Timestamp
    approved_at: Timestamp | None = None
    last_transaction_key: str | None = None
    cancels: tuple[TossCancel, ...] | None = None


class TossTransaction(msgspec.Struct, rename="camel"):
    transaction_key: str
    order_id: str


def hinted_order(body: bytes) -> HintedOrder | None:
    """Which order a webhook is about; None where the body is not one of Toss's webhooks about an order."""
    try:
        webhook = msgspec.json.decode(body, type=_Webhook)
    except UNREADABLE:
        return None
    order_id = webhook.data.order_id if webhook.data is not None else webhook.order_id
    if webhook.payment_key != _ABSENT or order_id is None:
        return None
    return HintedOrder(webhook.event_type or DEPOSIT_CALLBACK, order_id)


def payment_of(document: bytes) -> TossPayment:
    """Raises MalformedEvent."""
    try:
        return msgspec.json.decode(document, type=TossPayment)
    except UNREADABLE as error:
        raise MalformedEvent(str(error)) from error


def transactions_of(document: bytes) -> Sequence[TossTransaction]:
    """Raises MalformedEvent."""
    try:
        return msgspec.json.decode(document, type=list[TossTransaction])
    except UNREADABLE as error:
        raise MalformedEvent(str(error)) from error


def reading_of(document: bytes) -> Hint | Snapshot:
    """Raises MalformedEvent."""
    if hinted_order(document) is not None:
        return Hint()
    payment = payment_of(document)
    # Toss may revert DONE to WAITING_FOR_DEPOSIT: the bank took the deposit back, and nothing of that has an id. A try
    # that failed says nothing about the one before it.
    return Snapshot(_facts(payment), reverts=payment.status in {"WAITING_FOR_DEPOSIT", *_PAID})


def capture_id(payment: TossPayment, paid_at: datetime) -> str:
    """One for each time that money came: a deposit that was taken back may be made once more, under the same key."""
    return f"{payment.payment_key}@{paid_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def payment_key_in(capture: str) -> str:
    return capture.partition("@")[0]


def number(money: Money) -> msgspec.Raw:
    """An amount as Toss writes it, without any loss on the way."""
    return msgspec.Raw(str(money.units).encode())


def _money(units: Decimal, currency: str) -> Money:
    one = Money(1, currency).units
    # Compared before anything is computed: the exponent could be anything.
    if not units.is_finite() or units < 0 or units.adjusted() > _MOST_DIGITS or units % one:
        msg = f"{units} is no amount in {currency}."
        raise MalformedEvent(msg)
    return Money(int(units / one), currency)


def _facts(payment: TossPayment) -> tuple[PaymentFact, ...]:
    total = _money(payment.total_amount, payment.currency)
    if payment.status in _FAILED:
        return (PaymentFact(FactKind.FAILED, payment.payment_key, "", total, payment.requested_at),)
    if payment.status == "DONE" and payment.approved_at is None:
        msg = "The payment is done and was never approved."
        raise MalformedEvent(msg)
    # A virtual account that was given up before anybody paid into it is cancelled as well.
    if payment.status not in _PAID or payment.approved_at is None:
        return ()
    capture = capture_id(payment, payment.approved_at)
    return (
        PaymentFact(FactKind.CAPTURED, capture, capture, total, payment.approved_at),
        *(
            PaymentFact(
                kind=_CANCELS[cancel.cancel_status],
                object_id=cancel.transaction_key,
                capture_id=capture,
                money=_money(cancel.cancel_amount, payment.currency),
                occurred_at=cancel.canceled_at,
            )
            for cancel in payment.cancels or ()
            if cancel.cancel_status in _CANCELS
        ),
    )
