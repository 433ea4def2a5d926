"""The sandbox's own events: what its webhooks say, and which ones each action of its checkout page brings about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Annotated, TypeVar
from uuid import UUID

import msgspec

from kosu.modules.billing.domain.orders import OrderItemId
from kosu.modules.billing.domain.payments import FactKind, Payment, PaymentFact
from kosu.modules.billing.domain.sandbox import SandboxAction
from kosu.modules.billing.errors import MalformedEvent
from kosu.modules.billing.ports import RefundRequest
from kosu.money import Money

T = TypeVar("T")

_KINDS = {
    "payment.captured": FactKind.CAPTURED,
    "payment.reverted": FactKind.CAPTURE_REVERSED,
    "payment.failed": FactKind.FAILED,
    "refund.succeeded": FactKind.REFUND,
    "refund.failed": FactKind.REFUND_FAILED,
    "dispute.opened": FactKind.DISPUTE_OPEN,
    "dispute.won": FactKind.DISPUTE_WON,
    "dispute.lost": FactKind.DISPUTE_LOST,
}
_TYPES = {kind: name for name, kind in _KINDS.items()}

DUPLICATES = 5
# How long before the payment it was declined, so that the two can be told in the wrong order.
A_MOMENT = timedelta(seconds=2)
# What decoding a body may raise, whatever it holds; the last for one that is nested without end.
_MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_REFUNDS = frozenset({SandboxAction.REFUND, SandboxAction.REFUND_PARTIALLY})

# \Z and not $, which would let a line feed follow.
Reference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
MaybeReference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{0,200}\Z")]
Minor = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}\Z")]
Timestamp = Annotated[datetime, msgspec.Meta(tz=True)]


class SandboxObject(msgspec.Struct, frozen=True, kw_only=True):
    """`item_ids` are the order's items that a refund is for; empty means all of them."""

    payment_ref: Reference
    object_id: Reference
    capture_id: MaybeReference = ""
    amount_minor: Minor
    currency: Currency
    item_ids: tuple[UUID, ...] = ()


class SandboxEvent(msgspec.Struct, frozen=True):
    type: str
    timestamp: Timestamp
    data: SandboxObject


class _Type(msgspec.Struct):
    type: str


class _PaymentRef(msgspec.Struct):
    payment_ref: Reference


class _About(msgspec.Struct):
    data: _PaymentRef


class _Summary(_Type):
    data: _PaymentRef


@dataclass(frozen=True, slots=True)
class SandboxMessage:
    """A webhook to send. The same message is sent again under the same id."""

    id: str
    body: bytes


def summary_of(payload: bytes) -> tuple[str, str | None]:
    """The event's type, or nothing if it has none that can be kept; and the payment that it is about, if any."""
    summary = _read(payload, _Summary)
    # One of the two may make sense where the other does not.
    named, about = (summary, summary) if summary else (_read(payload, _Type), _read(payload, _About))
    name = named.type if named and named.type.isprintable() and len(named.type) <= 200 else ""
    return name, about.data.payment_ref if about else None


def _read(payload: bytes, shape: type[T]) -> T | None:
    try:
        return msgspec.json.decode(payload, type=shape)
    except _MALFORMED:
        return None


def facts_of(payload: bytes) -> Sequence[PaymentFact]:
    """What a body says; nothing if its type is not one of ours.

    Raises:
        MalformedEvent
    """
    try:
        kind = _KINDS.get(msgspec.json.decode(payload, type=_Type).type)
        if kind is None:
            return ()
        event = msgspec.json.decode(payload, type=SandboxEvent)
    except _MALFORMED as error:
        raise MalformedEvent(str(error)) from error
    return (
        PaymentFact(
            kind=kind,
            object_id=event.data.object_id,
            capture_id=event.data.object_id if kind is FactKind.CAPTURED else event.data.capture_id,
            money=Money(event.data.amount_minor, event.data.currency),
            occurred_at=event.timestamp,
            item_ids=tuple(OrderItemId(item_id) for item_id in event.data.item_ids),
        ),
    )


def messages_for(action: SandboxAction, payment: Payment, *, left: Money, at: datetime) -> Sequence[SandboxMessage]:
    """The webhooks of an action, in the order of sending; `left` is what can still be refunded of the payment.

    Their ids and objects depend on the payment alone, a partial refund's also on `at`: there may be several.
    """
    ref, price, capture = payment.gateway_ref, payment.amount, _capture_id(payment)
    told = partial(_message, payment, at=at)
    paid = told(FactKind.CAPTURED, capture, price)
    declined = _message(payment, FactKind.FAILED, f"fail_{ref}", price, at=at - A_MOMENT)
    disputed = told(FactKind.DISPUTE_OPEN, f"dp_{ref}", price)
    half = Money(min((price.amount_minor + 1) // 2, left.amount_minor), price.currency)
    short = Money(price.amount_minor // 100, price.currency)
    foreign = Money(price.amount_minor, "USD" if price.currency != "USD" else "EUR")
    messages = {
        SandboxAction.PAY: [paid],
        SandboxAction.FAIL: [declined],
        SandboxAction.DUPLICATE: [paid] * DUPLICATES,
        SandboxAction.REORDER: [paid, declined],
        SandboxAction.DELAY: [paid],
        SandboxAction.REFUND_PARTIALLY: [told(FactKind.REFUND, f"re_{ref}_{at.timestamp():.6f}", half)],
        SandboxAction.REFUND: [told(FactKind.REFUND, f"re_{ref}", left)],
        SandboxAction.DISPUTE: [disputed],
        SandboxAction.WIN_DISPUTE: [disputed, told(FactKind.DISPUTE_WON, f"dp_{ref}", price)],
        SandboxAction.LOSE_DISPUTE: [disputed, told(FactKind.DISPUTE_LOST, f"dp_{ref}", price)],
        SandboxAction.WRONG_AMOUNT: [told(FactKind.CAPTURED, f"{capture}_short", short)],
        SandboxAction.WRONG_CURRENCY: [told(FactKind.CAPTURED, f"{capture}_foreign", foreign)],
        SandboxAction.REVERT_DEPOSIT: [told(FactKind.CAPTURE_REVERSED, capture, price)],
    }
    # As at any gateway: what has gone back already cannot be sent back again.
    return [] if action in _REFUNDS and left.is_free else messages[action]


def refunded(request: RefundRequest, object_id: str, *, at: datetime) -> SandboxMessage:
    """The webhook of a refund that was asked for through the API."""
    event = SandboxEvent(
        type=_TYPES[FactKind.REFUND],
        timestamp=at,
        data=SandboxObject(
            payment_ref=request.gateway_ref,
            object_id=object_id,
            capture_id=request.capture_id,
            amount_minor=request.money.amount_minor,
            currency=request.money.currency,
            item_ids=request.item_ids,
        ),
    )
    return SandboxMessage(id=f"msg_{FactKind.REFUND}_{object_id}", body=msgspec.json.encode(event))


def _capture_id(payment: Payment) -> str:
    return f"cap_{payment.gateway_ref}"


def _message(payment: Payment, kind: FactKind, object_id: str, amount: Money, *, at: datetime) -> SandboxMessage:
    event = SandboxEvent(
        type=_TYPES[kind],
        timestamp=at,
        data=SandboxObject(
            payment_ref=payment.gateway_ref,
            object_id=object_id,
            capture_id="" if kind is FactKind.FAILED else _capture_id(payment),
            amount_minor=amount.amount_minor,
            currency=amount.currency,
        ),
    )
    return SandboxMessage(id=f"msg_{kind}_{object_id}", body=msgspec.json.encode(event))
