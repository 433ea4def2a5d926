"""What an item costs, and to whom the money goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kosu.ids import CourseId, UserId
from kosu.modules.billing.domain.orders import OrderItem, OrderItemId
from kosu.money import Money

_WHOLE = 10_000


@dataclass(frozen=True, slots=True)
class Terms:
    """Rates in basis points (1000 = 10 %). Shown prices include tax.

    `fee_by_gateway` is what each gateway keeps of a capture, by its contract; the platform bears it.
    Source: Korean VAT Act, article 30 (10 %). A currency without a rate is sold without tax.
    """

    tax_by_currency: Mapping[str, int] = field(default_factory=lambda: {"KRW": 1_000})
    instructor_share: int = 7_000
    fee_by_gateway: Mapping[str, int] = field(default_factory=dict)

    def fee_minor(self, gateway: str, total: Money) -> int:
        """Rounded half up."""
        return (2 * total.amount_minor * self.fee_by_gateway.get(gateway, 0) + _WHOLE) // (2 * _WHOLE)


def priced_item(
    *,
    item_id: OrderItemId,
    course_id: CourseId,
    instructor_id: UserId,
    slug: str,
    title: str,
    full_price: Money,
    terms: Terms,
    discount_minor: int = 0,
) -> OrderItem:
    """An item with its tax, rounded half up, and the instructor's share of the rest, rounded down.

    A discount is borne by all who earn of the price.
    """
    price = full_price - Money(discount_minor, full_price.currency)
    rate = terms.tax_by_currency.get(price.currency, 0)
    divisor = _WHOLE + rate
    tax = (2 * price.amount_minor * rate + divisor) // (2 * divisor)
    return OrderItem(
        id=item_id,
        course_id=course_id,
        instructor_id=instructor_id,
        slug=slug,
        title=title,
        price=price,
        tax_minor=tax,
        instructor_minor=(price.amount_minor - tax) * terms.instructor_share // _WHOLE,
        discount_minor=discount_minor,
    )
