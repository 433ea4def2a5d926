"""Coupons: what they take off, who may use them, and what becomes of one in the life of its order."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from msgspec import UNSET, UnsetType

from kosu.adapters.memory.billing.records import LEDGER
from kosu.ids import CourseId, UserId
from kosu.modules.billing.domain.coupons import (
    AmountOff,
    Coupon,
    CouponId,
    CouponRefusal,
    PercentOff,
    Reduction,
    normal_code,
)
from kosu.modules.billing.errors import CouponCodeTaken, CouponInvalid, CouponNotFound, UnusableCoupon
from kosu.modules.billing.views import CouponView, Quote
from kosu.modules.identity import Origin
from kosu.money import Money
from tests.support.billing import AT, PRICE, BillingWorld, balances, captured, failed, memory_world

STRANGER = UserId(UUID(int=9))
OPERATOR = Origin(actor_id=UserId(UUID(int=99)))
TENTH = PercentOff(10)
COURSES = [CourseId(UUID(int=number)) for number in range(1, 9)]


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


async def a_coupon(
    world: BillingWorld,
    reduction: Reduction = TENTH,
    *,
    code: str = "WINTER",
    course_ids: Collection[CourseId] = (),
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    max_redemptions: int | None = None,
) -> CouponView:
    view: CouponView = await world.billing.create_coupon()(
        code=code,
        reduction=reduction,
        course_ids=course_ids,
        starts_at=starts_at,
        ends_at=ends_at,
        max_redemptions=max_redemptions,
        origin=OPERATOR,
    )
    return view


async def redeemed(world: BillingWorld, coupon: CouponView) -> int:
    view = await world.queries.coupon(coupon.id)
    assert view is not None
    return view.redeemed


async def refusal(world: BillingWorld, *course_ids: CourseId, user_id: UserId = STRANGER) -> str:
    with pytest.raises(CouponInvalid) as raised:
        await world.order(*course_ids, user_id=user_id, coupon_code="WINTER")
    return raised.value.reason


def coupon(reduction: Reduction, *course_ids: CourseId) -> Coupon:
    return Coupon(
        id=CouponId(UUID(int=1)),
        code="C",
        reduction=reduction,
        course_ids=frozenset(course_ids),
        starts_at=AT,
        ends_at=None,
        max_redemptions=None,
        created_at=AT,
    )


@pytest.mark.parametrize(
    ("percent", "price", "off"), [(10, 49_000, 4_900), (33, 100, 33), (50, 1, 1), (49, 1, 0), (100, 7, 7), (1, 50, 1)]
)
def test_a_percentage_is_rounded_half_up(percent: int, price: int, off: int) -> None:
    assert coupon(PercentOff(percent)).taken_off([(COURSES[0], Money(price, "KRW"))]) == [off]


@example([0, 1, 1], 1)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8), st.integers(1, 10**10))
def test_an_amount_is_shared_out_exactly_and_never_makes_a_price_negative(prices: list[int], amount: int) -> None:
    lines = [(course_id, Money(price, "KRW")) for course_id, price in zip(COURSES, prices, strict=False)]
    off = coupon(AmountOff(Money(amount, "KRW"))).taken_off(lines)
    assert not isinstance(off, CouponRefusal)
    assert sum(off) == min(amount, sum(prices))
    assert all(0 <= part <= price for part, price in zip(off, prices, strict=True))


def test_an_amount_is_shared_out_in_proportion() -> None:
    lines = [(COURSES[0], Money(30_000, "KRW")), (COURSES[1], Money(10_000, "KRW"))]
    assert coupon(AmountOff(Money(4_000, "KRW"))).taken_off(lines) == [3_000, 1_000]
    assert coupon(AmountOff(Money(3, "KRW"))).taken_off(lines) == [3, 0]


def test_a_coupon_for_some_courses_leaves_the_others_alone() -> None:
    lines = [(COURSES[0], PRICE), (COURSES[1], PRICE)]
    assert coupon(PercentOff(50), COURSES[1]).taken_off(lines) == [0, 24_500]
    assert coupon(AmountOff(Money(90_000, "KRW")), COURSES[1]).taken_off(lines) == [0, 49_000]
    assert coupon(PercentOff(50), COURSES[2]).taken_off(lines) == CouponRefusal.NOT_FOR_THESE_COURSES
    assert coupon(AmountOff(Money(100, "USD"))).taken_off(lines) == CouponRefusal.OTHER_CURRENCY


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("winter-26", "WINTER-26"),
        ("  Winter_26 ", "WINTER_26"),
        ("ab", None),
        ("x" * 33, None),
        ("겨울할인", None),
        ("a b c", None),
        ("-ab", None),
        ("abc\n", "ABC"),
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed: str, kept: str | None) -> None:
    assert normal_code(typed) == kept


async def test_a_quote_shows_what_comes_off(world: BillingWorld) -> None:
    await a_coupon(world)
    quote: Quote = await world.billing.quote_courses()(course_ids=[world.course()], coupon_code="winter")
    assert (quote.lines[0].price, quote.lines[0].discount) == (PRICE, Money(4_900, "KRW"))
    assert [(discount.label, discount.amount.amount_minor) for discount in quote.discounts] == [("WINTER", 4_900)]
    assert (quote.total, quote.tax) == (Money(44_100, "KRW"), Money(4_009, "KRW"))


async def test_a_quote_holds_no_coupon(world: BillingWorld) -> None:
    used = await a_coupon(world, max_redemptions=1)
    for _ in range(3):
        await world.billing.quote_courses()(course_ids=[world.course()], coupon_code="winter")
    assert await redeemed(world, used) == 0


async def test_an_order_is_for_the_reduced_price_and_so_are_its_books(world: BillingWorld) -> None:
    await a_coupon(world)
    order = await world.order(coupon_code="winter")
    assert order.total == Money(44_100, "KRW")
    assert await world.settle(order, captured(Money(44_100, "KRW"))) == "paid"
    view = await world.view(order)
    assert (view.items[0].price, view.items[0].discount) == (PRICE, Money(4_900, "KRW"))
    assert [discount.amount.amount_minor for discount in view.discounts] == [4_900]
    held = balances(world.database.table(LEDGER).values())
    assert held["psp_clearing", "KRW"] == 44_100
    assert sum(held.values()) == 0


async def test_a_coupon_that_takes_all_off_pays_the_order_at_once(world: BillingWorld) -> None:
    used = await a_coupon(world, PercentOff(100))
    order = await world.order(coupon_code="winter")
    assert (order.state, order.payment) == ("paid", None)
    assert await world.open_courses(order)
    assert await redeemed(world, used) == 1


async def test_a_coupon_is_held_from_the_order_on(world: BillingWorld) -> None:
    used = await a_coupon(world, max_redemptions=1)
    order = await world.order(coupon_code="winter")
    assert await redeemed(world, used) == 1
    assert await refusal(world) == "used_up"
    await world.settle(order, captured(Money(44_100, "KRW")))
    assert await redeemed(world, used) == 1


async def test_an_order_that_is_called_off_lets_go_of_its_coupon(world: BillingWorld) -> None:
    used = await a_coupon(world, max_redemptions=1)
    order = await world.order(coupon_code="winter")
    for _ in range(2):
        await world.billing.cancel_order()(user_id=await buyer_of(world, order.id), order_id=order.id)
    assert await redeemed(world, used) == 0
    await world.order(coupon_code="winter")


async def test_an_order_whose_time_is_over_lets_go_of_its_coupon(world: BillingWorld) -> None:
    used = await a_coupon(world, max_redemptions=1)
    await world.order(coupon_code="winter")
    world.clock.advance(minutes=31)
    await world.billing.expire_orders()()
    assert await redeemed(world, used) == 0


async def test_a_payment_that_fails_lets_go_and_one_that_comes_after_all_takes_it_back(world: BillingWorld) -> None:
    """Even beyond the limit: the buyer was promised the price."""
    used = await a_coupon(world, max_redemptions=1)
    order = await world.order(coupon_code="winter")
    assert await world.settle(order, failed()) == "failed"
    assert await redeemed(world, used) == 0
    await world.order(user_id=STRANGER, coupon_code="winter")
    assert await world.settle(order, captured(Money(44_100, "KRW"))) == "paid"
    assert await redeemed(world, used) == 2
    await world.settle(order, captured(Money(44_100, "KRW")))
    assert await redeemed(world, used) == 2


async def buyer_of(world: BillingWorld, order_id: object) -> UserId:
    async with world.transaction() as records:
        order = await records.orders.get(order_id)  # type: ignore[arg-type]
    assert order is not None
    return order.user_id


async def test_a_buyer_uses_a_coupon_once(world: BillingWorld) -> None:
    await a_coupon(world)
    await world.order(user_id=STRANGER, coupon_code="winter")
    assert await refusal(world, world.course(), user_id=STRANGER) == "used_before"


async def test_a_refused_coupon_leaves_no_order_behind(world: BillingWorld) -> None:
    await a_coupon(world)
    course = world.course()
    await world.order(user_id=STRANGER, coupon_code="winter")
    assert await refusal(world, course, user_id=STRANGER) == "used_before"
    assert len((await world.queries.orders(STRANGER, before=None, limit=9)).items) == 1
    await world.order(course, user_id=STRANGER)


async def test_the_same_request_holds_the_coupon_once(world: BillingWorld) -> None:
    used = await a_coupon(world)
    course = world.course()
    orders = [await world.order(course, coupon_code="winter", key="k") for _ in range(3)]
    assert orders == [orders[0]] * 3
    assert await redeemed(world, used) == 1


async def test_why_a_coupon_does_not_hold_is_told(world: BillingWorld) -> None:
    now = world.clock.now()
    assert await refusal(world) == "unknown"
    made = await a_coupon(world, starts_at=now + timedelta(hours=1), ends_at=now + timedelta(hours=2))
    assert await refusal(world) == "not_started"
    world.clock.advance(hours=2)
    assert await refusal(world) == "ended"
    world.clock.advance(hours=-1)
    await world.order(coupon_code="winter")
    await world.billing.archive_coupon()(coupon_id=made.id, origin=OPERATOR)
    assert await refusal(world) == "ended"


async def test_a_coupon_s_end_and_limit_are_changed_and_nothing_else(world: BillingWorld) -> None:
    made = await a_coupon(world, max_redemptions=1)

    async def change(
        *, ends_at: datetime | UnsetType | None = UNSET, max_redemptions: int | UnsetType | None = UNSET
    ) -> CouponView:
        view: CouponView = await world.billing.change_coupon()(
            coupon_id=made.id, ends_at=ends_at, max_redemptions=max_redemptions, origin=OPERATOR
        )
        assert await world.queries.coupon(made.id) == view
        return view

    later = world.clock.now() + timedelta(days=1)
    assert (await change(ends_at=later)).max_redemptions == 1
    changed = await change(max_redemptions=None)
    assert (changed.ends_at, changed.max_redemptions, changed.percent_off) == (later, None, 10)
    with pytest.raises(UnusableCoupon):
        await change(ends_at=world.clock.now())


@pytest.mark.parametrize(
    "reduction", [PercentOff(0), PercentOff(101), AmountOff(Money(0, "KRW")), AmountOff(Money(-1, "KRW"))]
)
async def test_a_coupon_that_takes_nothing_off_is_none(world: BillingWorld, reduction: Reduction) -> None:
    with pytest.raises(UnusableCoupon):
        await a_coupon(world, reduction)


async def test_a_code_is_taken_for_ever(world: BillingWorld) -> None:
    made = await a_coupon(world)
    await world.billing.archive_coupon()(coupon_id=made.id, origin=OPERATOR)
    with pytest.raises(CouponCodeTaken):
        await a_coupon(world, code="winter")
    with pytest.raises(UnusableCoupon):
        await a_coupon(world, code="겨울")


async def test_a_coupon_of_nobody_is_not_found(world: BillingWorld) -> None:
    nobody = CouponId(UUID(int=404))
    with pytest.raises(CouponNotFound):
        await world.billing.archive_coupon()(coupon_id=nobody, origin=OPERATOR)
    assert await world.queries.coupon(nobody) is None
