"""State and access of an order follow from its facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kosu.modules.billing.domain.orders import Order, OrderState
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.standing import derive
from kosu.money import Money
from tests.support.billing import (
    AT,
    PRICE,
    an_order,
    captured,
    fact,
    failed,
    failed_refund,
    item,
    refund,
    reversed_capture,
)

HALF = Money(24_500, "KRW")
OPENED = fact(FactKind.DISPUTE_OPEN, "dp")
WON = fact(FactKind.DISPUTE_WON, "dp")
LOST = fact(FactKind.DISPUTE_LOST, "dp")


def state(*facts: PaymentFact, order: Order | None = None, later: timedelta = timedelta()) -> OrderState:
    return derive(order or an_order(), facts, at=AT + later).state


def is_open(*facts: PaymentFact) -> bool:
    return bool(derive(an_order(), facts, at=AT).granted)


@pytest.mark.parametrize(
    ("facts", "expected", "opened"),
    [
        ((), "pending", False),
        ((failed(),), "failed", False),
        ((captured(),), "paid", True),
        ((captured(), failed()), "paid", True),
        ((refund(),), "pending", False),
        ((captured(), refund()), "refunded", False),
        ((captured(), refund(HALF)), "partially_refunded", True),
        ((captured(), refund(HALF), refund(HALF, object_id="re2")), "refunded", False),
        ((captured(), refund(), failed_refund()), "paid", True),
        ((captured(), OPENED), "disputed", True),
        ((captured(), OPENED, WON), "paid", True),
        ((captured(), OPENED, LOST), "charged_back", False),
        ((captured(), LOST), "charged_back", False),
        ((captured(), refund(HALF), OPENED), "disputed", True),
        ((captured(), refund(), OPENED), "refunded", False),
        ((captured(), refund(), OPENED, LOST), "charged_back", False),
        ((captured(), reversed_capture()), "pending", False),
        ((captured(), reversed_capture(), captured(object_id="cap2")), "paid", True),
        ((captured(), refund(), captured(object_id="cap2")), "paid", True),
        ((captured(), refund(), captured(object_id="cap2"), refund(object_id="re2", of="cap2")), "refunded", False),
    ],
)
def test_state_and_access_follow_the_precedence(facts: tuple[PaymentFact, ...], expected: str, opened: bool) -> None:
    assert state(*facts) == expected
    assert is_open(*facts) is opened


@pytest.mark.parametrize("money", [Money(490, "KRW"), Money(49_001, "KRW"), Money(49_000, "JPY"), Money(0, "KRW")])
def test_another_amount_or_currency_is_for_review_and_opens_nothing(money: Money) -> None:
    assert state(captured(money)) == "review"
    assert not is_open(captured(money))


def test_review_outranks_everything_else() -> None:
    assert state(captured(Money(100, "KRW")), captured(object_id="cap2"), OPENED, refund()) == "review"


def test_a_second_capture_is_for_review_and_keeps_access() -> None:
    """Twice the money came in: somebody has to send it back, and the buyer has paid all the same."""
    twice = (captured(), captured(object_id="cap2"))
    assert state(*twice) == "review"
    assert is_open(*twice)
    assert state(*twice, refund(of="cap2")) == "paid"


@pytest.mark.parametrize("extra", [Money(1, "KRW"), Money(1, "USD")])
def test_more_refunded_than_captured_is_for_review(extra: Money) -> None:
    facts = (captured(), refund(), refund(extra, object_id="re2"))
    assert state(*facts) == "review"
    assert not is_open(*facts)


def test_an_order_expires_by_its_time() -> None:
    assert state(later=timedelta(minutes=29, seconds=59)) == "pending"
    assert state(later=timedelta(minutes=30)) == "expired"
    assert state(failed(), later=timedelta(minutes=30)) == "failed"


def test_a_capture_after_expiry_or_cancellation_is_honoured() -> None:
    assert state(captured(), later=timedelta(days=1)) == "paid"
    assert state(captured(), order=an_order().cancelled(at=AT)) == "paid"
    assert state(order=an_order().cancelled(at=AT)) == "cancelled"


def test_a_refund_of_one_item_leaves_the_other_open() -> None:
    first, second = item(item_id=11, course_id=21), item(item_id=12, course_id=22)
    order = an_order(first, second)
    standing = derive(order, [captured(order.total), refund(PRICE, item_ids=(first.id,))], at=AT)
    assert standing.state == "partially_refunded"
    assert standing.granted == {second.id}


def test_a_free_order_is_paid_without_any_fact() -> None:
    order = an_order(item(price=Money(0, "KRW")))
    assert order.state == "paid"
    assert derive(order, [], at=AT + timedelta(days=365)).granted == {order.items[0].id}
