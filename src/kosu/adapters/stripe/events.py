"""What Stripe's events and snapshots say.

A fact is read from the object that an event carries, by the same functions that read a snapshot, so that whoever tells
it first, the other tells the same. A capture is the payment intent, under whose id refunds and disputes speak of it.

Source: https://docs.stripe.com/api/events/types
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import TypeAlias, TypeVar

import msgspec

from kosu.adapters.stripe.amounts import from_stripe
from kosu.adapters.stripe.shapes import (
    SNAPSHOT,
    Charge,
    Dispute,
    Event,
    EventData,
    Identified,
    PaymentIntent,
    PaymentSnapshot,
    Reference,
    Refund,
    Session,
)
from kosu.modules.billing.domain.inbox import Envelope
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.readings import Hint, Reading, Snapshot, Told
from kosu.modules.billing.errors import MalformedEvent
from kosu.money import Money

# A payment that takes days and came to nothing: the session is over, and its buyer cannot try again.
_OVER = frozenset({"requires_payment_method", "canceled"})
_MALFORMED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)

T = TypeVar("T")
_Reader: TypeAlias = Callable[[bytes], Iterator[PaymentFact]]


class _Head(msgspec.Struct):
    object: str = "event"
    type: str = ""


class _Type(msgspec.Struct):
    type: Reference


class _Object(msgspec.Struct):
    object: str = ""
    id: Reference | None = None
    payment_intent: Reference | PaymentIntent | None = None


class _About(msgspec.Struct):
    data: EventData[_Object]


def envelope_of(raw: bytes, *, key_id: str) -> Envelope:
    """What a signed body is known by, whatever it is: one that names no event is known by its content."""
    event, kind = _maybe(raw, Identified), _maybe(raw, _Type)
    return Envelope(
        dedup_key=event.id if event else f"sha256:{sha256(raw).hexdigest()}",
        event_type=kind.type if kind else "",
        payment_ref=payment_ref_of(raw),
        key_id=key_id,
    )


def payment_ref_of(raw: bytes) -> str | None:
    """The session that an event is about, else the payment intent."""
    about = _maybe(raw, _About)
    if about is None:
        return None
    subject = about.data.object
    if subject.object in {"checkout.session", "payment_intent"}:
        return subject.id
    return _id_of(subject.payment_intent)


def reading_of(document: bytes) -> Reading:
    """Raises MalformedEvent."""
    try:
        return _reading(document)
    except _MALFORMED as error:
        raise MalformedEvent(str(error)) from error


def _reading(document: bytes) -> Reading:
    head = msgspec.json.decode(document, type=_Head)
    if head.object == SNAPSHOT:
        return Snapshot(tuple(_snapshot_facts(msgspec.json.decode(document, type=PaymentSnapshot))))
    if head.type == "charge.refunded":
        charge, at = _event(document, Charge)
        return _of_refunded_charge(charge, at)
    # Nothing is told by `payment_intent.payment_failed`: a declined card is not the end of a checkout, whose page lets
    # its buyer try another. Were the order to count as failed, it could be ordered, and paid, once more meanwhile.
    reader = _READERS.get(head.type)
    return Told(tuple(reader(document)) if reader else ())


def _snapshot_facts(payment: PaymentSnapshot) -> Iterator[PaymentFact]:
    at, intent = _moment(payment.at), payment.session.payment_intent
    charge = intent.latest_charge if isinstance(intent, PaymentIntent) else None
    yield from _captures(payment.session, _moment(charge.created) if isinstance(charge, Charge) else at)
    if payment.session.status == "complete" and isinstance(intent, PaymentIntent) and intent.status in _OVER:
        yield from _failures(payment.session, at)
    for refund in payment.refunds:
        yield from _refund_facts(refund, at)
    for dispute in payment.disputes:
        yield from _dispute_facts(dispute, at)


def _of_refunded_charge(charge: Charge, at: datetime) -> Reading:
    """Refunds are told under their own ids, so that the events about each of them tell the same once more."""
    if charge.payment_intent is None:
        return Told()
    if charge.refunds is None or charge.refunds.has_more:
        return Hint()
    return Told(tuple(fact for refund in charge.refunds.data for fact in _refund_facts(refund, at)))


def _captures(session: Session, at: datetime) -> Iterator[PaymentFact]:
    if session.mode == "payment" and session.payment_status == "paid":
        capture = _id_of(session.payment_intent)
        if capture is None:
            msg = "a paid session has no payment intent"
            raise MalformedEvent(msg)
        yield PaymentFact(FactKind.CAPTURED, capture, capture, _total(session), at)


def _failures(session: Session, at: datetime) -> Iterator[PaymentFact]:
    if session.mode == "payment" and session.payment_status == "unpaid":
        yield PaymentFact(FactKind.FAILED, session.id, "", _total(session), at)


def _refund_facts(refund: Refund, at: datetime) -> Iterator[PaymentFact]:
    """A refund that is pending says nothing yet: most succeed, and some are taken back even then."""
    if refund.payment_intent is None:
        return
    money = from_stripe(refund.amount, refund.currency)
    if refund.status == "succeeded":
        yield PaymentFact(FactKind.REFUND, refund.id, refund.payment_intent, money, _moment(refund.created))
    elif refund.status in {"failed", "canceled"}:
        yield PaymentFact(FactKind.REFUND_FAILED, refund.id, refund.payment_intent, money, at)


def _dispute_facts(dispute: Dispute, at: datetime) -> Iterator[PaymentFact]:
    """One that is closed was open before, whether or not that was told. An inquiry (`warning_…`) is a dispute too.

    What is neither won nor lost is open: an operator looks at it.
    """
    if dispute.payment_intent is None:
        return
    money, capture = from_stripe(dispute.amount, dispute.currency), dispute.payment_intent
    yield PaymentFact(FactKind.DISPUTE_OPEN, dispute.id, capture, money, _moment(dispute.created))
    if dispute.status in {"won", "warning_closed"}:
        yield PaymentFact(FactKind.DISPUTE_WON, dispute.id, capture, money, at)
    elif dispute.status == "lost":
        yield PaymentFact(FactKind.DISPUTE_LOST, dispute.id, capture, money, at)


def _total(session: Session) -> Money:
    if session.amount_total is None or session.currency is None:
        msg = "a finished session has no amount"
        raise MalformedEvent(msg)
    return from_stripe(session.amount_total, session.currency)


def _event(document: bytes, kind: type[T]) -> tuple[T, datetime]:
    event = msgspec.json.decode(document, type=Event[kind])  # type: ignore[valid-type]
    return event.data.object, _moment(event.created)


def _telling(kind: type[T], facts: Callable[[T, datetime], Iterator[PaymentFact]]) -> _Reader:
    return lambda document: facts(*_event(document, kind))


_READERS: Mapping[str, _Reader] = {
    "checkout.session.completed": _telling(Session, _captures),
    "checkout.session.async_payment_succeeded": _telling(Session, _captures),
    "checkout.session.async_payment_failed": _telling(Session, _failures),
    "refund.created": _telling(Refund, _refund_facts),
    "refund.updated": _telling(Refund, _refund_facts),
    "refund.failed": _telling(Refund, _refund_facts),
    # Its name before 2024-10-28.
    "charge.refund.updated": _telling(Refund, _refund_facts),
    "charge.dispute.created": _telling(Dispute, _dispute_facts),
    "charge.dispute.updated": _telling(Dispute, _dispute_facts),
    "charge.dispute.closed": _telling(Dispute, _dispute_facts),
}
# The types of events that say by themselves what happened; Stripe's lists can be filtered by as many as twenty.
TELLING = tuple(_READERS)


def _id_of(intent: PaymentIntent | str | None) -> str | None:
    return intent.id if isinstance(intent, PaymentIntent) else intent


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC)


def _maybe(raw: bytes, kind: type[T]) -> T | None:
    try:
        return msgspec.json.decode(raw, type=kind)
    except _MALFORMED:
        return None
