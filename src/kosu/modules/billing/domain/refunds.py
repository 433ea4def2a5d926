"""Refunds that Kosu asks a gateway for. What became of the money is told by facts alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import NewType
from uuid import UUID, uuid5

from kosu.ids import OrderId, UserId
from kosu.modules.billing.domain.orders import Order, OrderItemId
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.standing import surplus_captures
from kosu.modules.billing.errors import NothingToRefund, RefundTooLarge, UnknownOrderItem
from kosu.money import Money

RefundId = NewType("RefundId", UUID)

SECOND_CAPTURE = "The order was paid more than once."


class RefundState(StrEnum):
    """`sent` means that the gateway took it; `refused` that it never will."""

    REQUESTED = "requested"
    SENT = "sent"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Refund:
    """One request for money to go back. Its id is the idempotency key towards the gateway, at every attempt.

    `object_id` is the gateway's id of the refund, under which facts will speak of it; None until it is sent.
    `requested_by` is None where Kosu itself asks. `request_key` and `request_digest` are those of the operator's call.
    """

    id: RefundId
    order_id: OrderId
    capture_id: str
    money: Money
    item_ids: tuple[OrderItemId, ...]
    reason: str
    requested_by: UserId | None
    requested_at: datetime
    state: RefundState = RefundState.REQUESTED
    object_id: str | None = None
    error_code: str | None = None
    request_key: str | None = None
    request_digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What one capture gives back."""

    capture_id: str
    money: Money
    item_ids: tuple[OrderItemId, ...] = ()


def shares(
    order: Order,
    facts: Collection[PaymentFact],
    refunds: Collection[Refund],
    *,
    item_ids: Collection[OrderItemId],
    amount_minor: int | None,
) -> Sequence[Share]:
    """From which captures how much goes back.

    Without items and amount, all that is left of every capture. Items alone mean their whole price, an amount alone
    that part of the order; either is taken from the one capture of which most is left.

    Raises:
        UnknownOrderItem: an item is not the order's, or is given back already.
        NothingToRefund: no capture has anything left.
        RefundTooLarge: no capture has as much left.
    """
    left = {capture: money for capture, money in _left(facts, refunds).items() if not money.is_free}
    if not left:
        raise NothingToRefund(order.state)
    if not item_ids and amount_minor is None:
        return [Share(capture, money) for capture, money in sorted(left.items())]
    items = [item for item in order.items if item.id in item_ids]
    if len(items) < len(set(item_ids)) or _returned(facts, refunds) & set(item_ids):
        raise UnknownOrderItem(item_ids)
    capture, most = max(left.items(), key=lambda entry: (entry[1].amount_minor, entry[0]))
    ceiling = min(most.amount_minor, sum(item.price.amount_minor for item in items) if items else most.amount_minor)
    wanted = ceiling if amount_minor is None else amount_minor
    if wanted > ceiling or wanted < 1:
        raise RefundTooLarge(Money(ceiling, most.currency))
    return [Share(capture, Money(wanted, most.currency), tuple(item.id for item in items))]


def surplus_refunds(order: Order, facts: Collection[PaymentFact], *, at: datetime) -> Sequence[Refund]:
    """Refunds of the captures that paid for an order once more. The same for the same capture, whenever asked."""
    return [
        Refund(
            id=RefundId(uuid5(order.id, f"surplus/{capture.object_id}")),
            order_id=order.id,
            capture_id=capture.object_id,
            money=capture.money,
            item_ids=(),
            reason=SECOND_CAPTURE,
            requested_by=None,
            requested_at=at,
        )
        for capture in surplus_captures(order, facts)
    ]


def attributed(
    facts: Sequence[PaymentFact], refunds: Collection[Refund]
) -> tuple[Sequence[PaymentFact], Sequence[Refund]]:
    """The facts with the items for which Kosu asked the refunds, since gateways know of no items.

    And those refunds that are thereby known to be sent: a webhook can come before the answer that names the refund. One
    of the same capture and amount is believed to be it.
    """
    by_object = {refund.object_id: refund for refund in refunds if refund.object_id is not None}
    underway = [refund for refund in refunds if refund.state is RefundState.REQUESTED]
    attributed_facts, sent = [], []
    for fact in facts:
        refund = None
        if fact.kind is FactKind.REFUND and not fact.item_ids:
            refund = by_object.get(fact.object_id)
            same = (asked for asked in underway if (asked.capture_id, asked.money) == (fact.capture_id, fact.money))
            if refund is None and (asked := next(same, None)):
                underway.remove(asked)
                refund = replace(asked, state=RefundState.SENT, object_id=fact.object_id)
                sent.append(refund)
        attributed_facts.append(fact if refund is None else replace(fact, item_ids=refund.item_ids))
    return attributed_facts, sent


def _left(facts: Collection[PaymentFact], refunds: Collection[Refund]) -> dict[str, Money]:
    """What can still go back, by capture: neither gone, nor on its way, nor lost in a dispute."""
    unusable = {fact.capture_id for fact in facts if fact.kind in {FactKind.CAPTURE_REVERSED, FactKind.DISPUTE_LOST}}
    gone = [*_gone(facts), *_underway(facts, refunds)]
    return {
        capture.object_id: Money(
            max(0, capture.money.amount_minor - sum(share.money.amount_minor for share in _of(capture, gone))),
            capture.money.currency,
        )
        for capture in facts
        if capture.kind is FactKind.CAPTURED and capture.object_id not in unusable
    }


def _returned(facts: Collection[PaymentFact], refunds: Collection[Refund]) -> set[OrderItemId]:
    return {item_id for share in (*_gone(facts), *_underway(facts, refunds)) for item_id in share.item_ids}


def _gone(facts: Collection[PaymentFact]) -> Sequence[Share]:
    failed = {fact.object_id for fact in facts if fact.kind is FactKind.REFUND_FAILED}
    return [
        Share(fact.capture_id, fact.money, fact.item_ids)
        for fact in facts
        if fact.kind is FactKind.REFUND and fact.object_id not in failed
    ]


def _underway(facts: Collection[PaymentFact], refunds: Collection[Refund]) -> Sequence[Share]:
    """Refunds that are asked for and of which no fact speaks yet."""
    told = {fact.object_id for fact in facts if fact.kind in {FactKind.REFUND, FactKind.REFUND_FAILED}}
    return [
        Share(refund.capture_id, refund.money, refund.item_ids)
        for refund in refunds
        if refund.state is not RefundState.REFUSED and refund.object_id not in told
    ]


def _of(capture: PaymentFact, gone: Sequence[Share]) -> Sequence[Share]:
    return [share for share in gone if share.capture_id == capture.object_id]
