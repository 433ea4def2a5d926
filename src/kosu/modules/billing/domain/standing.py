"""How an order stands: a function of the order and the set of facts, never of the order in which facts arrived."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from kosu.modules.billing.domain.orders import Order, OrderItemId, OrderState
from kosu.modules.billing.domain.payments import FactKind, PaymentFact


@dataclass(frozen=True, slots=True)
class Standing:
    """`granted` are the items whose courses are open to the buyer."""

    state: OrderState
    granted: frozenset[OrderItemId]


@dataclass(frozen=True, slots=True)
class _CaptureStanding:
    """One capture in the light of what happened to it since. `suspicious` sends the order to an operator."""

    state: OrderState
    suspicious: bool
    granted: frozenset[OrderItemId] = frozenset()

    @property
    def is_held(self) -> bool:
        """Whether the money is still here, or still fought for."""
        return self.state in {OrderState.PAID, OrderState.PARTIALLY_REFUNDED, OrderState.DISPUTED}


def derive(order: Order, facts: Collection[PaymentFact], *, at: datetime) -> Standing:
    """State and access of an order.

    Precedence: review > charged back > refunded > disputed > partially refunded > paid, within one capture; a capture
    that is held outranks others that went back. A late failure cannot outrank a capture, a refund waits for its
    capture, and a capture of the right amount is honoured even after the order expired or was cancelled. Access stays
    during a dispute, and during a review as long as one capture of the right amount is held.
    """
    if order.total.is_free:
        return Standing(OrderState.PAID, frozenset(item.id for item in order.items))
    captures = [_capture_standing(order, capture, facts) for capture in _live_captures(facts)]
    held = [capture for capture in captures if capture.is_held]
    granted = frozenset[OrderItemId]().union(*(capture.granted for capture in held))
    # Two captures held at once are more money than was asked for: somebody has to send one back.
    if len(held) > 1 or any(capture.suspicious for capture in captures):
        return Standing(OrderState.REVIEW, granted)
    if held:
        return Standing(held[0].state, granted)
    if captures:
        states = {capture.state for capture in captures}
        return Standing(
            OrderState.CHARGED_BACK if OrderState.CHARGED_BACK in states else OrderState.REFUNDED, frozenset()
        )
    return Standing(_unpaid_state(order, facts, at), frozenset())


def surplus_captures(order: Order, facts: Collection[PaymentFact]) -> Sequence[PaymentFact]:
    """Captures that paid for an order which an earlier one had paid for, untouched since.

    Where anything else is odd about the order, an operator decides: then there are none.
    """
    live = sorted(_live_captures(facts), key=lambda capture: (capture.occurred_at, capture.object_id))
    standings = [(capture, _capture_standing(order, capture, facts)) for capture in live]
    if any(standing.suspicious for _, standing in standings):
        return []
    held = [(capture, standing) for capture, standing in standings if standing.is_held]
    if any(standing.state is not OrderState.PAID for _, standing in held):
        return []
    return [capture for capture, _ in held[1:]]


def _live_captures(facts: Collection[PaymentFact]) -> Sequence[PaymentFact]:
    reversed_ids = {fact.object_id for fact in facts if fact.kind is FactKind.CAPTURE_REVERSED}
    return [fact for fact in facts if fact.kind is FactKind.CAPTURED and fact.object_id not in reversed_ids]


def _capture_standing(order: Order, capture: PaymentFact, facts: Collection[PaymentFact]) -> _CaptureStanding:
    if capture.money != order.total:
        return _CaptureStanding(OrderState.REVIEW, suspicious=True)
    about = [fact for fact in facts if fact.capture_id == capture.object_id]
    failed_refunds = {fact.object_id for fact in about if fact.kind is FactKind.REFUND_FAILED}
    refunds = [fact for fact in about if fact.kind is FactKind.REFUND and fact.object_id not in failed_refunds]
    refunded = sum(fact.money.amount_minor for fact in refunds if fact.money.currency == order.total.currency)
    lost = {fact.object_id for fact in about if fact.kind is FactKind.DISPUTE_LOST}
    won = {fact.object_id for fact in about if fact.kind is FactKind.DISPUTE_WON}
    disputed = {fact.object_id for fact in about if fact.kind is FactKind.DISPUTE_OPEN} - won
    suspicious = refunded > order.total.amount_minor or any(
        fact.money.currency != order.total.currency for fact in refunds
    )
    if lost:
        return _CaptureStanding(OrderState.CHARGED_BACK, suspicious)
    if refunded >= order.total.amount_minor:
        return _CaptureStanding(OrderState.REFUNDED, suspicious)
    returned_items = {item_id for fact in refunds for item_id in fact.item_ids}
    granted = frozenset(item.id for item in order.items if item.id not in returned_items)
    if disputed:
        return _CaptureStanding(OrderState.DISPUTED, suspicious, granted)
    if refunds:
        return _CaptureStanding(OrderState.PARTIALLY_REFUNDED, suspicious, granted)
    return _CaptureStanding(OrderState.PAID, suspicious, granted)


def _unpaid_state(order: Order, facts: Collection[PaymentFact], at: datetime) -> OrderState:
    if order.cancelled_at is not None:
        return OrderState.CANCELLED
    if any(fact.kind is FactKind.FAILED for fact in facts):
        return OrderState.FAILED
    if order.expires_at is not None and at >= order.expires_at:
        return OrderState.EXPIRED
    return OrderState.PENDING
