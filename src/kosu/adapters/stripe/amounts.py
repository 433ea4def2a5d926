"""Amounts as Stripe counts them: in the currency's minor unit, as here, but for a few.

Source: https://docs.stripe.com/currencies#special-cases
"""

from __future__ import annotations

from kosu.money import Money

# Without a minor unit by ISO 4217, and with two decimals at Stripe, which then have to be 00.
_WITH_DECIMALS = frozenset({"ISK", "UGX"})
# With two decimals by ISO 4217, and without a minor unit at Stripe.
_WITHOUT_DECIMALS = frozenset({"MGA"})


def to_stripe(money: Money) -> int:
    """Raises ValueError: Stripe has no such fraction of the currency."""
    if money.currency in _WITH_DECIMALS:
        return money.amount_minor * 100
    if money.currency in _WITHOUT_DECIMALS:
        return _hundredth(money.amount_minor, money.currency)
    return money.amount_minor


def from_stripe(amount: int, currency: str) -> Money:
    """`currency` in lower case, as Stripe writes it. Raises ValueError: there is no such fraction of the currency."""
    code = currency.upper()
    if code in _WITH_DECIMALS:
        return Money(_hundredth(amount, code), code)
    if code in _WITHOUT_DECIMALS:
        return Money(amount * 100, code)
    return Money(amount, code)


def _hundredth(amount: int, currency: str) -> int:
    whole, rest = divmod(amount, 100)
    if rest:
        msg = f"{currency} has no fractions"
        raise ValueError(msg)
    return whole
