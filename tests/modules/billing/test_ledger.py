"""The ledger: balanced, and a function of the set of facts."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from kosu.ids import UserId
from kosu.modules.billing.domain.ledger import LedgerEntry, LedgerTransaction, transactions
from kosu.modules.billing.domain.orders import Order
from kosu.modules.billing.domain.payments import FactKind, PaymentFact
from kosu.modules.billing.domain.pricing import Terms
from kosu.money import Money
from tests.support.billing import (
    AT,
    INSTRUCTOR,
    PRICE,
    an_order,
    balances,
    captured,
    fact,
    failed,
    failed_refund,
    item,
    refund,
    reversed_capture,
)

PAYABLE = f"instructor_payable:{INSTRUCTOR}"


def held(*facts: PaymentFact, order: Order | None = None) -> dict[str, int]:
    return {account: amount for (account, _), amount in balances(transactions(order or an_order(), facts)).items()}


def test_a_capture_is_shared_between_tax_instructor_and_platform() -> None:
    """49,000 won include 4,455 of tax; of the rest 70 % are the instructor's."""
    assert held(captured()) == {
        "psp_clearing": 49_000,
        "tax_payable": -4_455,
        PAYABLE: -31_181,
        "platform_revenue": -13_364,
    }


def test_a_dollar_course_is_not_multiplied_and_has_no_korean_tax() -> None:
    order = an_order(item(price=Money(1_999, "USD")))
    assert held(captured(Money(1_999, "USD")), order=order) == {
        "psp_clearing": 1_999,
        PAYABLE: -1_399,
        "platform_revenue": -600,
    }


@pytest.mark.parametrize(
    "facts",
    [
        (captured(), refund()),
        (captured(), reversed_capture()),
        (captured(Money(100, "KRW")), refund(Money(100, "KRW"))),
        (captured(), fact(FactKind.DISPUTE_LOST, "dp"), fact(FactKind.DISPUTE_OPEN, "dp")),
    ],
)
def test_money_that_went_back_leaves_nothing_behind(facts: tuple[PaymentFact, ...]) -> None:
    assert held(*facts) == {}
    assert len(transactions(an_order(), facts)) == len(facts)


def test_disputed_money_is_held_until_the_dispute_is_decided() -> None:
    opened, won = fact(FactKind.DISPUTE_OPEN, "dp"), fact(FactKind.DISPUTE_WON, "dp")
    assert held(captured(), opened)["dispute_hold"] == 49_000
    assert held(captured(), opened, won) == held(captured())


def test_a_failed_refund_is_as_if_there_had_been_none() -> None:
    assert held(captured(), refund(), failed_refund()) == held(captured())


def test_a_wrong_amount_is_kept_apart_and_earns_nobody_anything() -> None:
    assert held(captured(Money(100, "KRW"))) == {"psp_clearing": 100, "suspense": -100}
    assert balances(transactions(an_order(), [captured(Money(49_000, "JPY"))])) == {
        ("psp_clearing", "JPY"): 49_000,
        ("suspense", "JPY"): -49_000,
    }


@pytest.mark.parametrize("waiting", [failed(), refund(), failed_refund(), reversed_capture()])
def test_what_waits_for_its_capture_moves_no_money(waiting: PaymentFact) -> None:
    assert transactions(an_order(), [waiting]) == []


def test_a_refund_of_one_item_is_taken_from_its_own_instructor() -> None:
    other = UserId(UUID(int=3))
    first, second = item(item_id=11, course_id=21), item(item_id=12, course_id=22, instructor_id=other)
    order = an_order(first, second)
    facts = (captured(order.total), refund(PRICE, item_ids=(first.id,)))
    after = held(*facts, order=order)
    assert PAYABLE not in after
    assert after[f"instructor_payable:{other}"] == -31_181


def test_partial_refunds_leave_no_more_than_a_unit_each_with_the_platform() -> None:
    third = Money(16_333, "KRW")
    rest = Money(16_334, "KRW")
    facts = (captured(), refund(third), refund(third, object_id="re2"), refund(rest, object_id="re3"))
    after = held(*facts)
    assert "psp_clearing" not in after
    assert all(abs(amount) <= 2 * len(facts) for amount in after.values())


def test_an_unbalanced_transaction_cannot_be_made() -> None:
    entries = (LedgerEntry("psp_clearing", PRICE), LedgerEntry("suspense", Money(-49_000, "JPY")))
    with pytest.raises(ValueError, match="unbalanced"):
        LedgerTransaction("source", an_order().id, AT, entries)


@pytest.mark.parametrize("amount", range(12))
def test_shares_of_small_amounts_never_exceed_the_price(amount: int) -> None:
    line = item(price=Money(amount, "KRW"))
    assert 0 <= line.tax_minor + line.instructor_minor <= amount


def test_terms_are_those_of_korean_law_and_of_the_platform() -> None:
    assert Terms() == Terms(tax_by_currency={"KRW": 1_000}, instructor_share=7_000)


def test_what_the_gateway_keeps_is_the_platform_s_cost_and_is_not_given_back() -> None:
    order = replace(an_order(), fee_minor=1_225)
    assert held(captured(), order=order)["psp_fee"] == 1_225
    assert held(captured(), order=order)["psp_clearing"] == 49_000 - 1_225
    assert held(captured(), refund(), order=order) == {"psp_fee": 1_225, "psp_clearing": -1_225}
    assert held(captured(), reversed_capture(), order=order) == {}
    assert held(captured(Money(100, "KRW")), order=order) == {"psp_clearing": 100, "suspense": -100}


def test_a_fee_is_of_the_total_and_rounded_half_up() -> None:
    terms = Terms(fee_by_gateway={"toss": 330})
    assert terms.fee_minor("toss", PRICE) == 1_617
    assert terms.fee_minor("toss", Money(50, "KRW")) == 2
    assert terms.fee_minor("toss", Money(15, "KRW")) == 0
    assert terms.fee_minor("stripe", PRICE) == 0
