"""Say what courses would cost together, without ordering them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kosu.ids import CourseId
from kosu.modules.billing.ports import PaymentGateway
from kosu.modules.billing.pricing import Pricing
from kosu.modules.billing.views import Quote


@dataclass(frozen=True, slots=True)
class QuoteCourses:
    pricing: Pricing
    gateways: Mapping[str, PaymentGateway]

    async def __call__(self, *, course_ids: Sequence[CourseId], coupon_code: str | None) -> Quote:
        """A quote promises nothing: an order is priced anew.

        Raises:
            CouponInvalid, CourseNotFound, CourseNotForSale, MixedCurrencies
        """
        priced = await self.pricing.price(course_ids, coupon_code)
        return Quote.of(priced.items, priced.coupon, gateways=self.gateways)
