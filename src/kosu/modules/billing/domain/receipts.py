"""Receipts: what a buyer is given for money that came in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kosu.ids import OrderId
from kosu.modules.billing.domain.orders import Order
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.money import Money


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells, as receipts name it. `details` is what the law of its country wants to stand there, or empty."""

    name: str
    details: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """`ordinal` counts the receipts of a year (UTC), from 1, without a gap, and none twice."""

    order_id: OrderId
    year: int
    ordinal: int
    issued_at: datetime

    @property
    def number(self) -> str:
        return f"{self.year}-{self.ordinal:06}"


class ReturnKind(StrEnum):
    """`reversal` is a payment that the bank took back, such as a deposit that turned out to be none."""

    REFUND = "refund"
    CHARGEBACK = "chargeback"
    REVERSAL = "reversal"


@dataclass(frozen=True, slots=True)
class Return:
    kind: ReturnKind
    at: datetime
    money: Money


@dataclass(frozen=True, slots=True)
class Paid:
    """The capture that paid for an order, and what of it went back, oldest first."""

    capture: PaymentFact
    returns: tuple[Return, ...]

    @property
    def is_reversed(self) -> bool:
        return any(part.kind is ReturnKind.REVERSAL for part in self.returns)

    @property
    def remaining(self) -> Money:
        """Never less than nothing: a refund and a lost dispute can both name the same money."""
        gone = sum(part.money.amount_minor for part in self.returns)
        return Money(max(0, self.capture.money.amount_minor - gone), self.capture.money.currency)


def paid(order: Order, facts: Collection[PaymentFact]) -> Paid | None:
    """How an order was paid; None where it costs nothing or where no capture ever was of the right amount.

    Of several captures the one of which most is left, and of these the first: the others are sent back.
    """
    if order.total.is_free:
        return None
    payments = [
        Paid(fact, _returns(fact, facts))
        for fact in sorted(facts, key=lambda fact: (fact.occurred_at, fact.object_id))
        if fact.kind is FactKind.CAPTURED and fact.money == order.total
    ]
    # One that was reversed is no payment at all as long as there is another.
    return max(payments, key=lambda payment: (not payment.is_reversed, payment.remaining.amount_minor), default=None)


def _returns(capture: PaymentFact, facts: Collection[PaymentFact]) -> tuple[Return, ...]:
    failed = {fact.object_id for fact in facts if fact.kind is FactKind.REFUND_FAILED}
    kinds = {
        FactKind.REFUND: ReturnKind.REFUND,
        FactKind.DISPUTE_LOST: ReturnKind.CHARGEBACK,
        FactKind.CAPTURE_REVERSED: ReturnKind.REVERSAL,
    }
    returns = [
        Return(kinds[fact.kind], fact.occurred_at, fact.money)
        for fact in facts
        if fact.kind in kinds
        and fact.capture_id == capture.object_id
        and fact.money.currency == capture.money.currency
        and not (fact.kind is FactKind.REFUND and fact.object_id in failed)
    ]
    return tuple(sorted(returns, key=lambda part: (part.at, part.kind)))
