"""Money: exact, and never of two currencies at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import FrozenInstanceError
from operator import add, sub

import pytest

from kosu.money import Money

WON = Money(49_000, "KRW")


def test_amounts_of_one_currency_add_up_and_take_away() -> None:
    assert WON + Money(1_000, "KRW") == Money(50_000, "KRW")
    assert WON - Money(50_000, "KRW") == Money(-1_000, "KRW")
    assert Money(-49_000, "KRW") == -WON


def test_arithmetic_is_exact_where_a_float_would_not_be() -> None:
    assert Money(2**53, "USD") + Money(1, "USD") == Money(9_007_199_254_740_993, "USD")


def test_arithmetic_leaves_its_operands_as_they_were() -> None:
    _ = WON + WON
    assert Money(49_000, "KRW") == WON
    with pytest.raises(FrozenInstanceError):
        WON.amount_minor = 1  # type: ignore[misc]


@pytest.mark.parametrize("operation", [add, sub])
@pytest.mark.parametrize("amount_minor", [0, 1])
def test_currencies_are_not_mixed(operation: Callable[[Money, Money], Money], amount_minor: int) -> None:
    """Not even a zero: nothing of one currency is still a claim about which one it is."""
    with pytest.raises(ValueError, match="KRW and USD"):
        operation(WON, Money(amount_minor, "USD"))


def test_the_same_number_of_another_currency_is_other_money() -> None:
    assert Money(49_000, "USD") != WON


@pytest.mark.parametrize(
    "code", ["", "KR", "KRWX", "krw", "Krw", "K1W", "K W", "KRW ", "원화권", "ＫＲＷ", "ÄÖÜ", "123"]
)
def test_what_is_no_currency_code_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        Money(1, code)


@pytest.mark.parametrize(("amount_minor", "free"), [(0, True), (1, False), (-1, False)])
def test_only_nothing_is_free(amount_minor: int, free: bool) -> None:
    assert Money(amount_minor, "KRW").is_free is free


@pytest.mark.parametrize(
    ("money", "written"),
    [
        (Money(1_999, "USD"), "19.99"),
        (Money(100_000, "USD"), "1,000.00"),
        (Money(49_000, "KRW"), "49,000"),
        (Money(0, "JPY"), "0"),
        (Money(9_007_199_254_740_993, "USD"), "90,071,992,547,409.93"),
    ],
)
def test_an_amount_is_written_in_the_units_of_its_currency(money: Money, written: str) -> None:
    assert f"{money.units:,}" == written
