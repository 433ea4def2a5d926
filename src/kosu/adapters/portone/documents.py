"""What PortOne's webhooks and payments mean.

Amounts are in the currency's minor unit. Disputes are left alone: PortOne tells that one is resolved, not who won.

Source: https://developers.portone.io/opi/ko/integration/webhook/readme-v2 and /api/rest-v2/payment
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec

from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Reading, Snapshot, Told
from kosu.modules.billing.errors import MalformedEvent
from kosu.money import Money

# \Z and not $, which would let a line feed follow.
Reference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
Minor = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
Timestamp = Annotated[datetime, msgspec.Meta(tz=True)]

# All that decoding raises for a body that is no such document; the last for one that is nested without end.
UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

# The types after which a payment may hold other money than before. They say how much in no case.
MOVES_MONEY = frozenset(
    {"Transaction.Paid", "Transaction.Failed", "Transaction.PartialCancelled", "Transaction.Cancelled"}
)
_PAID = frozenset({"PAID", "PARTIAL_CANCELLED", "CANCELLED"})
_CANCELLATIONS = {"SUCCEEDED": FactKind.REFUND, "FAILED": FactKind.REFUND_FAILED}


class _Subject(msgspec.Struct, rename="camel"):
    store_id: str
    payment_id: Reference


class _Webhook(msgspec.Struct):
    data: _Subject


class _Type(msgspec.Struct):
    type: str | None = None


class Cancellation(msgspec.Struct, rename="camel"):
    """`cancelled_at` is missing until it is done, and with some providers even then."""

    status: str
    id: Reference
    total_amount: Minor
    requested_at: Timestamp
    cancelled_at: Timestamp | None = None
    reason: str = ""


class Cancelled(msgspec.Struct):
    """The answer to a cancellation."""

    cancellation: Cancellation


class _Amount(msgspec.Struct):
    total: Minor


class PortOnePayment(msgspec.Struct, rename="camel"):
    """`transaction_id` is that of the latest try to pay; only one can succeed. `paid_at` stays after a cancellation."""

    status: str
    id: Reference
    transaction_id: Reference
    store_id: str
    amount: _Amount
    currency: Currency
    status_changed_at: Timestamp
    paid_at: Timestamp | None = None
    failed_at: Timestamp | None = None
    cancellations: tuple[Cancellation, ...] = ()


class ListedPayments(msgspec.Struct):
    """One page of a list; each item is the document of a payment."""

    items: tuple[msgspec.Raw, ...]


def type_of(webhook: bytes) -> str:
    """A webhook's type, or nothing if it has none that can be kept."""
    try:
        name = msgspec.json.decode(webhook, type=_Type).type or ""
    except UNREADABLE:
        return ""
    return name if name.isprintable() and len(name) <= 200 else ""


def payment_id_of(webhook: bytes) -> str | None:
    try:
        return msgspec.json.decode(webhook, type=_Webhook).data.payment_id
    except UNREADABLE:
        return None


def payment_of(document: bytes) -> PortOnePayment:
    """Raises MalformedEvent."""
    try:
        return msgspec.json.decode(document, type=PortOnePayment)
    except UNREADABLE as error:
        raise MalformedEvent(str(error)) from error


def reading_of(document: bytes, *, store_id: str) -> Reading:
    """What a webhook or a payment says. One of another store says nothing to us.

    Raises:
        MalformedEvent
    """
    try:
        webhook_type = msgspec.json.decode(document, type=_Type).type
        if webhook_type is not None:
            if webhook_type not in MOVES_MONEY:
                return Told()
            about = msgspec.json.decode(document, type=_Webhook).data
            return Hint() if about.store_id == store_id else Told()
    except UNREADABLE as error:
        raise MalformedEvent(str(error)) from error
    payment = payment_of(document)
    return Snapshot(_facts(payment)) if payment.store_id == store_id else Told()


def _facts(payment: PortOnePayment) -> tuple[PaymentFact, ...]:
    total = Money(payment.amount.total, payment.currency)
    if payment.status == "FAILED":
        failed_at = payment.failed_at or payment.status_changed_at
        return (PaymentFact(FactKind.FAILED, payment.transaction_id, "", total, failed_at),)
    if payment.status == "PAID" and payment.paid_at is None:
        msg = "The payment is paid and has no time of it."
        raise MalformedEvent(msg)
    # A virtual account that was given up before anybody paid into it is cancelled as well.
    if payment.status not in _PAID or payment.paid_at is None:
        return ()
    capture_id = payment.transaction_id
    return (
        PaymentFact(FactKind.CAPTURED, capture_id, capture_id, total, payment.paid_at),
        *(
            PaymentFact(
                kind=_CANCELLATIONS[cancellation.status],
                object_id=cancellation.id,
                capture_id=capture_id,
                money=Money(cancellation.total_amount, payment.currency),
                occurred_at=cancellation.cancelled_at or cancellation.requested_at,
            )
            for cancellation in payment.cancellations
            if cancellation.status in _CANCELLATIONS
        ),
    )
