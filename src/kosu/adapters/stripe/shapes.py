"""Stripe's objects, as far as they are read: what else they hold, above all about people, is left where it is.

Source: https://docs.stripe.com/api
"""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

import msgspec

# \Z and not $, which would let a line feed follow.
Reference = Annotated[str, msgspec.Meta(pattern=r"^[!-~]{1,200}\Z")]
Amount = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
Currency = Annotated[str, msgspec.Meta(pattern=r"^[a-z]{3}\Z")]
# Seconds since 1970, up to the last that `datetime` knows.
Moment = Annotated[int, msgspec.Meta(ge=0, le=253_402_300_799)]

# What tells a snapshot that was put together here from an event of Stripe's.
SNAPSHOT = "kosu.payment"

T = TypeVar("T")


class Refund(msgspec.Struct, frozen=True, kw_only=True):
    id: Reference
    amount: Amount
    currency: Currency
    created: Moment
    status: str | None
    payment_intent: Reference | None = None
    metadata: dict[str, str] | None = None


class RefundList(msgspec.Struct, frozen=True, kw_only=True):
    data: tuple[Refund, ...]
    has_more: bool = False


class Charge(msgspec.Struct, frozen=True, kw_only=True):
    """`refunds` is there in API versions before 2022-11-15 only."""

    id: Reference
    created: Moment
    payment_intent: Reference | None = None
    refunds: RefundList | None = None


class Dispute(msgspec.Struct, frozen=True, kw_only=True):
    id: Reference
    amount: Amount
    currency: Currency
    created: Moment
    status: str
    payment_intent: Reference | None = None


class PaymentIntent(msgspec.Struct, frozen=True, kw_only=True):
    id: Reference
    created: Moment
    status: str
    latest_charge: Charge | Reference | None = None


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """`payment_intent` is its id in events, and the whole object where it was asked for."""

    id: Reference
    payment_status: str
    mode: str = "payment"
    status: str | None = None
    amount_total: Amount | None = None
    currency: Currency | None = None
    payment_intent: PaymentIntent | Reference | None = None


class OpenedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its creation is answered."""

    id: Reference
    url: str


class EventData(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    object: T


class Event(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    created: Moment
    data: EventData[T]


class PaymentSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """How a payment stood `at` some moment: its session, and what became of its money since."""

    object: str = SNAPSHOT
    at: Moment
    session: Session
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a list, its entries as they came."""

    data: tuple[msgspec.Raw, ...]
    has_more: bool


class Identified(msgspec.Struct, frozen=True):
    id: Reference


class Error(msgspec.Struct, frozen=True, kw_only=True):
    type: str = ""
    code: str | None = None


class Failure(msgspec.Struct, frozen=True):
    error: Error
