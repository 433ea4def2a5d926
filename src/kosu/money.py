"""Money as integer minor units of an ISO 4217 currency; never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

# Currencies whose minor unit is the unit itself: 49000 KRW is forty-nine thousand won, not 490.
ZERO_DECIMAL_CURRENCIES = frozenset({"JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "PYG", "RWF"})


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's own minor unit, e.g. `Money(49000, "KRW")` or `Money(1999, "USD")`.

    Raises:
        ValueError: the currency is not three upper-case letters.
    """

    amount_minor: int
    currency: str

    def __post_init__(self) -> None:
        code = self.currency
        if not (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper()):
            msg = f"not an ISO 4217 code: {code!r}"
            raise ValueError(msg)

    def __add__(self, other: Money) -> Money:
        return Money(self.amount_minor + self._same_currency(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.amount_minor - self._same_currency(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)

    def _same_currency(self, other: Money) -> int:
        if other.currency != self.currency:
            msg = f"cannot mix {self.currency} and {other.currency}"
            raise ValueError(msg)
        return other.amount_minor

    @property
    def is_free(self) -> bool:
        return self.amount_minor == 0

    @property
    def units(self) -> Decimal:
        """The amount as people write it, exactly: 19.99 for `Money(1999, "USD")`, 49000 for `Money(49000, "KRW")`."""
        return Decimal(self.amount_minor).scaleb(0 if self.currency in ZERO_DECIMAL_CURRENCIES else -2)
