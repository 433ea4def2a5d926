"""Turns courses into priced items, for quotes and orders alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kosu.ids import CourseId
from kosu.modules.billing.domain.coupons import Coupon, CouponRefusal, normal_code
from kosu.modules.billing.domain.orders import OrderCoupon, OrderItem, OrderItemId
from kosu.modules.billing.domain.pricing import Terms, priced_item
from kosu.modules.billing.errors import CouponInvalid, CourseNotForSale, CourseNotFound, MixedCurrencies
from kosu.modules.billing.ports import BillingRecords
from kosu.modules.catalog import Catalog, CourseOffer
from kosu.money import Money
from kosu.ports.clock import Clock
from kosu.ports.id_source import IdSource
from kosu.ports.unit_of_work import Transaction


@dataclass(frozen=True, slots=True)
class Priced:
    items: tuple[OrderItem, ...]
    coupon: OrderCoupon | None

    @property
    def total(self) -> Money:
        return Money(sum(item.price.amount_minor for item in self.items), self.items[0].price.currency)


@dataclass(frozen=True, slots=True)
class Pricing:
    catalog: Catalog
    transaction: Transaction[BillingRecords]
    clock: Clock
    ids: IdSource
    terms: Terms

    async def price(self, course_ids: Sequence[CourseId], coupon_code: str | None) -> Priced:
        """One item for each course, in the order given, at the prices of this moment; a course named twice is one.

        Whether the coupon still holds for this buyer is found out when it is reserved.

        Raises:
            CouponInvalid, CourseNotFound, CourseNotForSale, MixedCurrencies
        """
        wanted = list(dict.fromkeys(course_ids))
        offers = await self._offers(wanted)
        coupon = None if coupon_code is None else await self._coupon(coupon_code)
        discounts = _discounts(coupon, [(course_id, offers[course_id].price) for course_id in wanted])
        items = tuple(
            priced_item(
                item_id=OrderItemId(self.ids.new()),
                course_id=course_id,
                instructor_id=offers[course_id].instructor_id,
                slug=offers[course_id].slug,
                title=offers[course_id].title,
                full_price=offers[course_id].price,
                discount_minor=discount,
                terms=self.terms,
            )
            for course_id, discount in zip(wanted, discounts, strict=True)
        )
        return Priced(items, None if coupon is None else OrderCoupon(coupon.id, coupon.code))

    async def _offers(self, course_ids: Sequence[CourseId]) -> Mapping[CourseId, CourseOffer]:
        offers = await self.catalog.offers(course_ids)
        for course_id in course_ids:
            if course_id not in offers:
                raise CourseNotFound(course_id)
            if not offers[course_id].purchasable:
                raise CourseNotForSale(course_id)
        if len({offers[course_id].price.currency for course_id in course_ids}) > 1:
            msg = "Courses of different currencies cannot share an order."
            raise MixedCurrencies(msg)
        return offers

    async def _coupon(self, text: str) -> Coupon:
        code = normal_code(text)
        async with self.transaction() as records:
            coupon = None if code is None else await records.coupons.with_code(code)
        if coupon is None:
            raise CouponInvalid(CouponRefusal.UNKNOWN)
        if refusal := coupon.refusal(at=self.clock.now()):
            raise CouponInvalid(refusal)
        return coupon


def _discounts(coupon: Coupon | None, prices: Sequence[tuple[CourseId, Money]]) -> Sequence[int]:
    if coupon is None:
        return [0] * len(prices)
    discounts = coupon.taken_off(prices)
    if isinstance(discounts, CouponRefusal):
        raise CouponInvalid(discounts)
    return discounts
