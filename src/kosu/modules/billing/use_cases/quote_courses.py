"""Say what courses would cost together, without ordering them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import CourseId
from kosu.modules.billing.pricing import Pricing
from kosu.modules.billing.views import Quote


@dataclass(frozen=True, slots=True)
class QuoteCourses:
    pricing: Pricing

    async def __call__(self, *, course_ids: Sequence[CourseId], coupon_code: str | None) -> Quote:
        """A quote promises nothing: an order is priced anew.

        Raises:
            CouponInvalid, CourseNotFound, CourseNotForSale, MixedCurrencies
        """
        return Quote.of(await self.pricing.items(course_ids, coupon_code))
