"""Quotes and orders."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from kosu.adapters.memory.billing.records import LEDGER
from kosu.adapters.memory.outbox import OutboxRow
from kosu.ids import CourseId, UserId
from kosu.modules.billing.domain.pricing import Terms
from kosu.modules.billing.errors import (
    AlreadyEnrolled,
    CouponInvalid,
    CourseNotForSale,
    CourseNotFound,
    GatewayNotOffered,
    GatewayUnavailable,
    IdempotencyKeyReused,
    InvalidIdempotencyKey,
    MixedCurrencies,
    OpenOrderExists,
    OrderNotCancellable,
    OrderNotFound,
)
from kosu.modules.billing.views import PlacedOrder
from kosu.money import Money
from tests.support.billing import BUYER, PRICE, BillingWorld, balances, captured, failed, memory_world

FREE = Money(0, "KRW")


@pytest.fixture
def world() -> BillingWorld:
    return memory_world()


def told(world: BillingWorld) -> list[str]:
    rows: list[OutboxRow] = list(world.database.table("messaging.outbox").values())
    return [row.name for row in rows]


async def cancel(world: BillingWorld, order: PlacedOrder, user_id: UserId = BUYER) -> None:
    await world.billing.cancel_order()(user_id=user_id, order_id=order.id)


async def test_a_quote_adds_up_and_names_the_tax_within(world: BillingWorld) -> None:
    courses = [world.course(), world.course(Money(11_000, "KRW"))]
    quote = await world.billing.quote_courses()(course_ids=courses, coupon_code=None)
    assert quote.total == Money(60_000, "KRW")
    assert quote.tax == Money(5_455, "KRW")
    assert [line.course_id for line in quote.lines] == courses


async def test_a_quote_says_where_it_can_be_paid(world: BillingWorld) -> None:
    quote = await world.billing.quote_courses()(course_ids=[world.course()], coupon_code=None)
    assert quote.gateways == list(world.gateways) != []


async def test_an_order_waits_for_its_payment_at_the_gateway(world: BillingWorld) -> None:
    order = await world.order(world.course(), world.course(Money(1_000, "KRW")))
    assert order.state == "pending"
    assert order.total == Money(50_000, "KRW")
    assert order.payment is not None
    request = world.gateway.checkouts[order.payment.ref]
    assert (request.order_id, request.amount) == (order.id, order.total)
    assert order.checkout_url is not None
    assert [entry.kind for entry in (await world.view(order)).timeline] == ["placed"]


async def test_a_price_that_changes_later_does_not_change_the_order(world: BillingWorld) -> None:
    course = world.course()
    order = await world.order(course)
    world.reprice(course, Money(99_000, "KRW"))
    assert await world.settle(order, captured(PRICE)) == "paid"


async def test_a_course_named_twice_is_bought_once(world: BillingWorld) -> None:
    course = world.course()
    assert (await world.order(course, course)).total == PRICE


async def test_a_free_order_is_paid_at_once(world: BillingWorld) -> None:
    order = await world.order(world.course(FREE))
    assert (order.state, order.payment, order.checkout_url, order.expires_at) == ("paid", None, None, None)
    assert await world.open_courses(order)
    assert told(world) == ["billing.OrderPaid"]


async def test_a_free_order_does_not_stay_open(world: BillingWorld) -> None:
    free, paid = world.course(FREE), world.course()
    order = await world.order(free)
    async with world.transaction() as records:
        await world.grants.revoke(records, source="order_item", source_id=order.items[0].id, at=world.clock.now())
    assert (await world.order(free, paid)).state == "pending"


async def test_what_cannot_be_bought_is_refused(world: BillingWorld) -> None:
    with pytest.raises(CourseNotFound):
        await world.order(CourseId(UUID(int=404)))
    with pytest.raises(CourseNotForSale):
        await world.order(world.course(state="archived"))
    with pytest.raises(MixedCurrencies):
        await world.order(world.course(), world.course(Money(1_000, "USD")))
    with pytest.raises(CouponInvalid):
        await world.order(coupon_code="WINTER")
    with pytest.raises(GatewayNotOffered):
        await world.order(gateway="stripe")


async def test_a_course_that_one_has_is_not_bought_again(world: BillingWorld) -> None:
    course = world.course()
    await world.settle(await world.order(course), captured())
    with pytest.raises(AlreadyEnrolled) as refused:
        await world.order(course)
    assert refused.value.course_ids == [course]


async def test_the_same_key_and_body_get_the_same_answer(world: BillingWorld) -> None:
    course = world.course()
    first = await world.order(course, key="k1")
    await world.settle(first, captured())
    assert await world.order(course, key="k1") == first


async def test_the_same_key_with_another_body_is_refused(world: BillingWorld) -> None:
    await world.order(key="k1")
    with pytest.raises(IdempotencyKeyReused):
        await world.order(key="k1")


async def test_keys_of_different_buyers_do_not_meet(world: BillingWorld) -> None:
    course = world.course()
    first = await world.order(course, key="k1")
    second = await world.order(course, key="k1", user_id=UserId(UUID(int=9)))
    assert first.id != second.id


@pytest.mark.parametrize("key", ["", "x" * 256, "a\nb"])
async def test_a_key_that_is_none_is_refused(world: BillingWorld, key: str) -> None:
    with pytest.raises(InvalidIdempotencyKey):
        await world.order(key=key)


async def test_two_tabs_make_one_order(world: BillingWorld) -> None:
    course = world.course()
    first = await world.order(course)
    with pytest.raises(OpenOrderExists) as refused:
        await world.order(world.course(), course)
    assert refused.value.order_id == first.id


async def test_the_same_request_at_once_makes_one_order(world: BillingWorld) -> None:
    course = world.course()
    answers = await asyncio.gather(*(world.order(course, key="k1") for _ in range(5)))
    assert len({answer.id for answer in answers}) == 1


async def test_an_order_whose_gateway_was_away_goes_on_with_the_same_key(world: BillingWorld) -> None:
    course = world.course()
    world.gateway.available = False
    with pytest.raises(GatewayUnavailable):
        await world.order(course, key="k1")
    world.gateway.available = True
    order = await world.order(course, key="k1")
    assert order.payment is not None
    assert await world.settle(order, captured()) == "paid"


async def test_no_checkout_is_opened_for_an_order_that_was_cancelled_before_it_had_one(world: BillingWorld) -> None:
    course = world.course()
    world.gateway.available = False
    with pytest.raises(GatewayUnavailable):
        await world.order(course, key="k1")
    (order,) = (await world.queries.orders(BUYER, before=None, limit=9)).items
    await world.billing.cancel_order()(user_id=BUYER, order_id=order.id)
    world.gateway.available = True
    assert (await world.order(course, key="k1")).payment is None
    assert world.gateway.checkouts == {}


async def test_a_cancelled_order_makes_room_for_a_new_one(world: BillingWorld) -> None:
    course = world.course()
    order = await world.order(course)
    await cancel(world, order)
    await cancel(world, order)
    view = await world.view(order)
    assert (view.state, view.checkout_url) == ("cancelled", None)
    assert [entry.kind for entry in view.timeline] == ["cancelled", "placed"]
    await world.order(course)


async def test_only_the_buyer_cancels_and_only_what_is_not_paid(world: BillingWorld) -> None:
    order = await world.order()
    with pytest.raises(OrderNotFound):
        await cancel(world, order, UserId(UUID(int=9)))
    await world.settle(order, captured())
    with pytest.raises(OrderNotCancellable):
        await cancel(world, order)


async def test_an_order_expires_and_makes_room_for_a_new_one(world: BillingWorld) -> None:
    course = world.course()
    order = await world.order(course)
    world.clock.advance(minutes=30)
    assert await world.billing.expire_orders()() == 1
    assert await world.billing.expire_orders()() == 0
    assert (await world.view(order)).state == "expired"
    await world.order(course)


async def test_an_overdue_order_is_not_in_the_way_before_the_sweep_comes(world: BillingWorld) -> None:
    courses = [world.course(), world.course()]
    overdue = [await world.order(course) for course in courses]
    world.clock.advance(minutes=30)
    await world.order(*courses)
    assert [(await world.view(order)).state for order in overdue] == ["expired", "expired"]


async def test_a_failed_payment_makes_room_for_a_new_order_and_may_still_succeed(world: BillingWorld) -> None:
    course = world.course()
    order = await world.order(course)
    assert await world.settle(order, failed()) == "failed"
    await world.order(course)
    assert await world.settle(order, captured()) == "paid"


async def test_the_gateway_s_fee_is_that_of_the_moment_of_ordering() -> None:
    world = memory_world(terms=Terms(fee_by_gateway={"memory": 250}))
    order = await world.order()
    await world.settle(order, captured())
    held = balances(world.database.table(LEDGER).values())
    assert held["psp_fee", "KRW"] == 1_225
    assert sum(held.values()) == 0
