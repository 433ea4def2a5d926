"""Turns courses into priced items, for quotes and orders alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kosu.ids import CourseId
from kosu.modules.billing.domain.orders import OrderItem, OrderItemId
from kosu.modules.billing.domain.pricing import Terms, priced_item
from kosu.modules.billing.errors import CouponInvalid, CourseNotForSale, CourseNotFound, MixedCurrencies
from kosu.modules.catalog import Catalog
from kosu.ports.id_source import IdSource


@dataclass(frozen=True, slots=True)
class Pricing:
    catalog: Catalog
    ids: IdSource
    terms: Terms

    async def items(self, course_ids: Sequence[CourseId], coupon_code: str | None) -> tuple[OrderItem, ...]:
        """One item for each course, in the order given, at the prices of this moment; a course named twice is one.

        Raises:
            CouponInvalid, CourseNotFound, CourseNotForSale, MixedCurrencies
        """
        if coupon_code is not None:
            msg = "This coupon is not valid."
            raise CouponInvalid(msg)
        wanted = list(dict.fromkeys(course_ids))
        offers = await self.catalog.offers(wanted)
        items = []
        for course_id in wanted:
            offer = offers.get(course_id)
            if offer is None:
                raise CourseNotFound(course_id)
            if not offer.purchasable:
                raise CourseNotForSale(course_id)
            items.append(
                priced_item(
                    item_id=OrderItemId(self.ids.new()),
                    course_id=course_id,
                    instructor_id=offer.instructor_id,
                    slug=offer.slug,
                    title=offer.title,
                    price=offer.price,
                    terms=self.terms,
                )
            )
        if len({item.price.currency for item in items}) > 1:
            msg = "Courses of different currencies cannot share an order."
            raise MixedCurrencies(msg)
        return tuple(items)
