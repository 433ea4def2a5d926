"""Payments and the facts that gateways tell about them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kosu.ids import OrderId, PaymentId
from kosu.modules.billing.domain.orders import OrderItemId
from kosu.money import Money


@dataclass(frozen=True, slots=True)
class Payment:
    """One checkout of an order at a gateway, which knows it as `gateway_ref`."""

    id: PaymentId
    order_id: OrderId
    gateway: str
    gateway_ref: str
    checkout_url: str
    amount: Money
    created_at: datetime


class FactKind(StrEnum):
    CAPTURED = "captured"
    CAPTURE_REVERSED = "capture_reversed"
    FAILED = "failed"
    REFUND = "refund"
    REFUND_FAILED = "refund_failed"
    DISPUTE_OPEN = "dispute_open"
    DISPUTE_WON = "dispute_won"
    DISPUTE_LOST = "dispute_lost"


@dataclass(frozen=True, slots=True)
class PaymentFact:
    """Something that happened to money at a gateway; true for ever, in whatever order it is heard of.

    `kind` and `object_id`, the gateway's id of the capture, refund or dispute, make a fact one and the same, however
    many events tell it; a reversal and a failed refund carry the id of what they undo. `capture_id` is the capture that
    it is about: a capture's own `object_id`, and empty for a failure. `item_ids` are the items that a refund is for;
    empty means the order as a whole.
    """

    kind: FactKind
    object_id: str
    capture_id: str
    money: Money
    occurred_at: datetime
    item_ids: tuple[OrderItemId, ...] = ()

    @property
    def key(self) -> tuple[FactKind, str]:
        return self.kind, self.object_id

    def agrees_with(self, other: PaymentFact) -> bool:
        """Whether two tellings of one fact say the same. Their times may differ: gateways stamp each event anew."""
        return (self.capture_id, self.money, self.item_ids) == (other.capture_id, other.money, other.item_ids)


def refundable(payment: Payment, facts: Collection[PaymentFact]) -> Money:
    """What is left of a payment's amount after the refunds that did not fail; never less than nothing."""
    failed = {fact.object_id for fact in facts if fact.kind is FactKind.REFUND_FAILED}
    refunded = sum(
        fact.money.amount_minor
        for fact in facts
        if fact.kind is FactKind.REFUND
        and fact.object_id not in failed
        and fact.money.currency == payment.amount.currency
    )
    return Money(max(0, payment.amount.amount_minor - refunded), payment.amount.currency)
